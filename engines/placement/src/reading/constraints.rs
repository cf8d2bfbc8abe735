//! Reads what else holds for a hospital-residents instance: priority, breadth, travel, reserved, given before, least fill, links, groups; it must never drop one it does not understand.

use super::informed::links;
use super::{Names, Problems, each_once, places};
use crate::json::Value;
use crate::names::shown;
use crate::question::{Breadth, Priority, Question, Reserve};
use crate::random::order_from_seed;
use crate::travel::{Place, straight_line_km};

const KNOWN: [&str; 5] = ["travel", "reserved", "preallocated", "minimum_fill", "linked"];

/// One order for all, by position from 1: listed, or drawn from a seed.
pub(super) fn priority(value: &Value<'_>, applicants: &Names<'_>, problems: &mut Problems) -> Option<Vec<u32>> {
    let priority = value.field("priority")?;
    let many = applicants.list.len();
    match (priority.field("order"), priority.field("seed")) {
        (Some(order), None) => {
            let mut position = vec![0_u32; many];
            for (place, item) in (1_u32..).zip(order.list().unwrap_or_default()) {
                let at = || format!("\"priority\", \"order\": entry {place}");
                let Some(applicant) = applicants.find(item, at, problems) else { continue };
                if position[applicant as usize] > 0 {
                    problems.add(format!("\"priority\" names {} twice", shown(applicants.list[applicant as usize])));
                }
                position[applicant as usize] = place;
            }
            for (name, _) in applicants.list.iter().zip(&position).filter(|(_, position)| **position == 0) {
                problems.add(format!("\"priority\" does not name {}; everybody stands in the order", shown(name)));
            }
            Some(position)
        }
        (None, Some(Value::Number(seed))) if seed.parse::<u64>().is_ok() => {
            Some(order_from_seed(seed.parse().unwrap_or_default(), many))
        }
        _ => {
            problems.add(
                "\"priority\" should be {\"order\": [\"R1\", \"R2\"]} with everybody once, or {\"seed\": 7}".to_owned(),
            );
            Some((1..=many as u32).collect())
        }
    }
}

pub(super) fn read(
    value: &Value<'_>,
    applicants: &Names<'_>,
    hosts: &Names<'_>,
    question: &mut Question,
    problems: &mut Problems,
) {
    question.groups = groups(value, applicants, problems);
    if let Some(breadth) = value.field("breadth") {
        question.breadth = self::breadth(breadth, applicants, hosts, problems);
        if let Priority::ByHost(_) = question.priority {
            problems.add(
                "\"breadth\" weighs in one order for all; give \"priority\" instead of the hospitals' preferences"
                    .to_owned(),
            );
        }
    }
    let Some(constraints) = value.field("constraints") else { return };
    let Some(fields) = constraints.object() else {
        problems.add(format!("\"constraints\" is {}: it should be an object", constraints.shown()));
        return;
    };
    each_once(constraints, || "\"constraints\"".to_owned(), problems);
    for (name, _) in fields.iter().filter(|(name, _)| !KNOWN.contains(&name.as_ref())) {
        problems.add(format!(
            "\"constraints\" has \"{}\", which is not known; there are {}",
            shown(name),
            KNOWN.join(", ")
        ));
    }
    if let Some(travel) = constraints.field("travel") {
        question.too_far = self::travel(travel, applicants, hosts, question, problems);
    }
    question.reserves = reserves(constraints.field("reserved"), applicants, hosts, question, problems);
    question.given = given(constraints, applicants, hosts, question, problems);
    question.links = links(constraints.field("linked"), applicants, problems);
    question.minimum = vec![0; hosts.list.len()];
    if let Some(minimum) = constraints.field("minimum_fill") {
        for (name, least) in object(minimum, "minimum_fill", problems) {
            match hosts.position(name) {
                Some(host) => {
                    question.minimum[host as usize] =
                        places(Some(least), "minimum_fill", &format!("hospital {}", shown(name)), problems);
                }
                None => problems.add(format!("\"minimum_fill\": {} is no hospital of this instance", shown(name))),
            }
        }
    }
}

/// A word by applicant.
pub(super) fn groups(value: &Value<'_>, applicants: &Names<'_>, problems: &mut Problems) -> Vec<String> {
    let Some(groups) = value.field("groups") else { return Vec::new() };
    let mut words = vec![String::new(); applicants.list.len()];
    for (name, word) in object(groups, "groups", problems) {
        match (applicants.position(name), word.text()) {
            (Some(applicant), Some(word)) => words[applicant as usize] = word.to_owned(),
            (None, _) => problems.add(format!("\"groups\": {} is no {} of this instance", shown(name), applicants.one)),
            (_, None) => problems.add(format!(
                "\"groups\": the group of {} is {}; it should be a text",
                shown(name),
                word.shown()
            )),
        }
    }
    words
}

fn object<'v, 'a>(
    value: &'v Value<'a>,
    field: &str,
    problems: &mut Problems,
) -> &'v [(std::borrow::Cow<'a, str>, Value<'a>)] {
    each_once(value, || format!("\"{field}\""), problems);
    value.object().unwrap_or_else(|| {
        problems.add(format!("\"{field}\" is {}: it should be an object by name", value.shown()));
        &[]
    })
}

/// A list of pairs of names.
pub(super) fn name_pairs(
    value: Option<&Value<'_>>,
    field: &str,
    sides: [&Names<'_>; 2],
    problems: &mut Problems,
) -> Vec<[u32; 2]> {
    let Some(value) = value else { return Vec::new() };
    let Some(items) = value.list() else {
        problems.add(format!("\"{field}\" is {}: it should be a list of pairs", value.shown()));
        return Vec::new();
    };
    let mut pairs = Vec::with_capacity(items.len());
    for (place, item) in (1..).zip(items) {
        let Some([one, other]) = item.list() else {
            problems
                .add(format!("\"{field}\": entry {place} is {}; it should be a pair, [\"…\", \"…\"]", item.shown()));
            continue;
        };
        let at = || format!("\"{field}\": entry {place}");
        let found = (sides[0].find(one, at, problems), sides[1].find(other, at, problems));
        if let (Some(one), Some(other)) = found {
            pairs.push([one, other]);
        }
    }
    pairs
}

fn breadth(value: &Value<'_>, applicants: &Names<'_>, hosts: &Names<'_>, problems: &mut Problems) -> Breadth {
    let weight = places(value.field("weight"), "weight", "\"breadth\"", problems);
    let settings = value.field("settings").map_or(&[][..], |settings| object(settings, "settings", problems));
    let mut setting_of = vec![""; hosts.list.len()];
    for (name, setting) in settings {
        match (hosts.position(name), setting.text()) {
            (Some(host), Some(setting)) => setting_of[host as usize] = setting,
            (None, _) => {
                problems.add(format!("\"breadth\", \"settings\": {} is no hospital of this instance", shown(name)))
            }
            (_, None) => {
                problems.add(format!("\"breadth\", \"settings\": the setting of {} should be a text", shown(name)))
            }
        }
    }
    let mut lacking = Vec::new();
    for (name, list) in value.field("lacking").map_or(&[][..], |lacking| object(lacking, "lacking", problems)) {
        let Some(applicant) = applicants.position(name) else {
            problems.add(format!("\"breadth\", \"lacking\": {} is no resident of this instance", shown(name)));
            continue;
        };
        let wanted: Vec<&str> = list.list().unwrap_or_default().iter().filter_map(Value::text).collect();
        if list.list().is_none_or(|items| items.len() != wanted.len()) {
            problems.add(format!("\"breadth\", \"lacking\": {} should have a list of settings", shown(name)));
        }
        for (host, setting) in (0_u32..).zip(&setting_of) {
            if !setting.is_empty() && wanted.contains(setting) {
                lacking.push((applicant, host));
            }
        }
    }
    Breadth { weight, lacking }
}

fn travel(
    value: &Value<'_>,
    applicants: &Names<'_>,
    hosts: &Names<'_>,
    question: &Question,
    problems: &mut Problems,
) -> Vec<(u32, u32)> {
    let homes = located(value.field("residents"), applicants, problems);
    let sites = located(value.field("hospitals"), hosts, problems);
    let common = value.field("limit_km").map(|limit| kilometres(limit, "\"limit_km\"", problems));
    let mut limits = vec![common.flatten(); applicants.list.len()];
    for (name, limit) in value.field("limits_km").map_or(&[][..], |limits| object(limits, "limits_km", problems)) {
        match applicants.position(name) {
            Some(applicant) => {
                limits[applicant as usize] = kilometres(limit, &format!("the limit of {}", shown(name)), problems);
            }
            None => problems.add(format!("\"limits_km\": {} is no resident of this instance", shown(name))),
        }
    }
    let mut too_far = Vec::new();
    for (applicant, limit) in (0_u32..).zip(&limits) {
        let Some(limit) = limit else { continue };
        let name = shown(applicants.list[applicant as usize]);
        let Some(home) = homes[applicant as usize] else {
            problems.add(format!("resident {name} has a travel limit but no place in \"travel\", \"residents\""));
            continue;
        };
        for host in question.choices.of(applicant) {
            match sites[*host as usize] {
                Some(site) if straight_line_km(home, site) > *limit => too_far.push((applicant, *host)),
                Some(_) => {}
                None => problems.add(format!(
                    "hospital {} has no place in \"travel\", \"hospitals\", but {name} has a travel limit and lists it",
                    shown(hosts.list[*host as usize])
                )),
            }
        }
    }
    too_far.sort_unstable();
    too_far
}

fn kilometres(value: &Value<'_>, place: &str, problems: &mut Problems) -> Option<f64> {
    let limit = match value {
        Value::Number(digits) => digits.parse::<f64>().ok().filter(|limit| (0.0..=20_100.0).contains(limit)),
        _ => None,
    };
    if limit.is_none() {
        problems.add(format!("{place} is {}: it should be kilometres, such as 40", value.shown()));
    }
    limit
}

fn located(value: Option<&Value<'_>>, names: &Names<'_>, problems: &mut Problems) -> Vec<Option<Place>> {
    let mut places = vec![None; names.list.len()];
    for (name, place) in value.map_or(&[][..], |value| object(value, "travel", problems)) {
        let Some(position) = names.position(name) else {
            problems.add(format!("\"travel\": {} is no {} of this instance", shown(name), names.one));
            continue;
        };
        let degree = |value: &Value<'_>| match value {
            Value::Number(digits) => digits.parse::<f64>().ok(),
            _ => None,
        };
        let found = match place.list() {
            Some([north, east]) => degree(north).zip(degree(east)).and_then(|(north, east)| Place::new(north, east)),
            _ => None,
        };
        if found.is_none() {
            problems.add(format!(
                "\"travel\": the place of {} should be [latitude, longitude] in degrees, such as [51.5, -0.12]",
                shown(name)
            ));
        }
        places[position as usize] = found;
    }
    places
}

fn reserves(
    value: Option<&Value<'_>>,
    applicants: &Names<'_>,
    hosts: &Names<'_>,
    question: &Question,
    problems: &mut Problems,
) -> Vec<Reserve> {
    let Some(value) = value else { return Vec::new() };
    let Some(items) = value.list() else {
        problems.add(format!("\"reserved\" is {}: it should be a list, [{{\"hospital\": \"H1\", \"places\": 1, \"for\": [\"R1\"], \"released\": true}}]", value.shown()));
        return Vec::new();
    };
    let mut reserves: Vec<Reserve> = Vec::new();
    for (place, item) in (1..).zip(items) {
        let at = || format!("\"reserved\": entry {place}");
        each_once(item, at, problems);
        let Some(host) =
            item.field("hospital").and_then(|name| hosts.find(name, || format!("{}: \"hospital\"", at()), problems))
        else {
            problems.add(format!("{} names no hospital in \"hospital\"", at()));
            continue;
        };
        let kept = places(item.field("places"), "places", &at(), problems);
        let mut reader = super::ListReader::new(applicants.list.len());
        let members = match item.field("for") {
            Some(list) => reader.read(at, list, applicants, problems),
            None => {
                problems.add(format!("{} has no \"for\": a list of residents the places are kept for", at()));
                Vec::new()
            }
        };
        let is_released = match item.field("released") {
            None | Some(Value::Bool(true)) => true,
            Some(Value::Bool(false)) => false,
            Some(other) => {
                problems.add(format!("{}: \"released\" is {}; it should be true or false", at(), other.shown()));
                true
            }
        };
        let label = match item.field("label") {
            None => String::new(),
            Some(Value::Text(label)) => label.to_string(),
            Some(other) => {
                problems.add(format!("{}: \"label\" is {}; it should be a text", at(), other.shown()));
                String::new()
            }
        };
        reserves.push(Reserve { host, places: kept, members, is_released, label });
    }
    for (host, capacity) in (0_u32..).zip(&question.capacity) {
        let kept: u64 = reserves.iter().filter(|one| one.host == host).map(|one| u64::from(one.places)).sum();
        if kept > u64::from(*capacity) {
            let name = shown(hosts.list[host as usize]);
            problems.add(format!("hospital {name}: {kept} places are reserved, but it has {capacity}"));
        }
    }
    reserves
}

fn given(
    constraints: &Value<'_>,
    applicants: &Names<'_>,
    hosts: &Names<'_>,
    question: &Question,
    problems: &mut Problems,
) -> Vec<(u32, u32)> {
    let mut given: Vec<(u32, u32)> = Vec::new();
    let mut promised = vec![0_u32; hosts.list.len()];
    for [applicant, host] in
        name_pairs(constraints.field("preallocated"), "preallocated", [applicants, hosts], problems)
    {
        let (who, whom) = (shown(applicants.list[applicant as usize]), shown(hosts.list[host as usize]));
        if given.iter().any(|(earlier, _)| *earlier == applicant) {
            problems.add(format!("\"preallocated\" names {who} twice"));
        } else if !question.choices.of(applicant).contains(&host) {
            problems.add(format!("\"preallocated\": {who} did not list {whom}; let them list it first"));
        } else {
            promised[host as usize] += 1;
            given.push((applicant, host));
            if promised[host as usize] == question.capacity[host as usize] + 1 {
                problems.add(format!(
                    "hospital {whom}: more are pre-allocated than its {} places",
                    question.capacity[host as usize]
                ));
            }
        }
    }
    given
}
