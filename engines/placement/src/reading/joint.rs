//! Reads an instance with couples; it must never let one person decide twice.

use super::{ListReader, Names, Problems, each_once, members};
use crate::json::Value;
use crate::market::NONE;
use crate::names::shown;
use crate::question::{JointList, Lists, Priority, Question};
use crate::reading::residents::{HOSPITALS, hospital_side};

pub(super) fn read(value: &Value<'_>, problems: &mut Problems, notes: &mut Vec<String>) -> Question {
    let singles = members(value, "singles", "an object of each single's list, {\"S1\": [\"H1\", \"H2\"]}", problems);
    let hospitals = members(value, "hospitals", HOSPITALS, problems);
    let mut applicants = Names::new("resident");
    let mut hosts = Names::new("hospital");
    let singles: Vec<_> = singles.iter().filter(|(name, _)| applicants.add(name, problems).is_some()).collect();
    let hospitals: Vec<_> = hospitals.iter().filter(|(name, _)| hosts.add(name, problems).is_some()).collect();
    let mut reader = ListReader::new(hosts.list.len());
    let mut choices = Lists::default();
    for (name, list) in &singles {
        choices.push(reader.read(|| format!("single {}", shown(name)), list, &hosts, problems));
    }
    let mut couples = Vec::new();
    for (position, couple) in (1..).zip(couple_list(value, problems)) {
        let named = couple.field("id").and_then(Value::text);
        let owner = named.map_or(format!("couple {position}"), |id| format!("couple {}", shown(id)));
        each_once(couple, || owner.clone(), problems);
        let Some(members) = couple_members(couple, &owner, &mut applicants, problems) else { continue };
        let pairs = pairs(couple, &owner, &hosts, problems);
        for side in 0..2 {
            let mut wanted: Vec<u32> = Vec::new();
            for host in pairs.iter().map(|pair| pair[side]).filter(|host| *host != NONE) {
                if !wanted.contains(&host) {
                    wanted.push(host);
                }
            }
            choices.push(wanted);
        }
        couples.push(JointList { members, pairs });
    }
    let (capacity, lists) = hospital_side(&hospitals, &applicants, false, problems);
    for field in ["constraints", "priority", "breadth"] {
        if value.field(field).is_some() {
            notes.push(format!("note: \"{field}\" is not for instances with couples and was left aside"));
        }
    }
    Question {
        applicants: applicants.owned(),
        hosts: hosts.owned(),
        capacity,
        choices,
        priority: Priority::ByHost(lists),
        couples,
        ..Question::default()
    }
}

const COUPLES: &str = "a list of couples, [{\"id\": \"C1\", \"members\": [\"C1a\", \"C1b\"], \"preferences\": [[\"H1\", \"H2\"], [\"H1\", null]]}]";

fn couple_list<'v, 'a>(value: &'v Value<'a>, problems: &mut Problems) -> &'v [Value<'a>] {
    match value.field("couples") {
        None => {
            problems.add(format!("\"couples\" is missing: {COUPLES}"));
            &[]
        }
        Some(found) => found.list().unwrap_or_else(|| {
            problems.add(format!("\"couples\" is {}: it should be {COUPLES}", found.shown()));
            &[]
        }),
    }
}

/// Two members who are nobody else yet.
fn couple_members<'v>(
    couple: &'v Value<'_>,
    owner: &str,
    applicants: &mut Names<'v>,
    problems: &mut Problems,
) -> Option<[u32; 2]> {
    let names = couple.field("members").and_then(Value::list).unwrap_or_default();
    let [Value::Text(one), Value::Text(other)] = names else {
        problems.add(format!("{owner}: \"members\" should be two names, [\"C1a\", \"C1b\"]"));
        return None;
    };
    if one == other {
        problems.add(format!("{owner}: both members are {}", shown(one)));
        return None;
    }
    let is_free = [one, other].map(|name| {
        let is_taken = applicants.position(name).is_some();
        if is_taken {
            problems.add(format!(
                "{owner}: {} is already a single or a member of another couple; everybody decides once",
                shown(name)
            ));
        }
        !is_taken
    });
    if is_free != [true, true] {
        return None;
    }
    Some([applicants.add(one, problems)?, applicants.add(other, problems)?])
}

fn pairs(couple: &Value<'_>, owner: &str, hosts: &Names<'_>, problems: &mut Problems) -> Vec<[u32; 2]> {
    let Some(items) = couple.field("preferences").and_then(Value::list) else {
        problems.add(format!("{owner}: \"preferences\" should be a list of pairs, [[\"H1\", \"H2\"], [\"H1\", null]]"));
        return Vec::new();
    };
    let mut pairs: Vec<[u32; 2]> = Vec::with_capacity(items.len());
    let mut seen = std::collections::HashSet::new();
    for (place, item) in (1..).zip(items) {
        let Some([one, other]) = item.list() else {
            problems.add(format!(
                "{owner}: choice {place} is {}; it should be a pair such as [\"H1\", null]",
                item.shown()
            ));
            continue;
        };
        let mut find = |value: &Value<'_>| {
            if value.is_null() {
                Some(NONE)
            } else {
                hosts.find(value, || format!("{owner}: choice {place}"), problems)
            }
        };
        let (Some(one), Some(other)) = (find(one), find(other)) else { continue };
        if !seen.insert([one, other]) {
            problems.add(format!("{owner}: choice {place} stands in the list twice; list each pair once"));
            continue;
        }
        pairs.push([one, other]);
    }
    pairs
}
