//! Reads a preference-informed allocation; it must never let two applicants stand at one rank.

use std::collections::HashMap;

use super::constraints::{groups, name_pairs};
use super::{ListReader, Names, Problems, each_once, members, places};
use crate::json::Value;
use crate::names::shown;
use crate::question::{Lists, Priority, Question};

pub(super) fn read(value: &Value<'_>, problems: &mut Problems) -> Question {
    let school_fields =
        members(value, "schools", "an object of each school's places, {\"F1\": {\"places\": 3}}", problems);
    let applicant_fields = members(
        value,
        "applicants",
        "an object of each applicant, {\"A1\": {\"rank\": 1, \"preferences\": [\"F1\", \"F2\"]}}",
        problems,
    );
    let mut schools = Names::new("school");
    let mut applicants = Names::new("applicant");
    let school_fields: Vec<_> =
        school_fields.iter().filter(|(name, _)| schools.add(name, problems).is_some()).collect();
    let applicant_fields: Vec<_> =
        applicant_fields.iter().filter(|(name, _)| applicants.add(name, problems).is_some()).collect();
    let capacity: Vec<u32> = school_fields
        .iter()
        .map(|(name, school)| {
            let owner = format!("school {}", shown(name));
            each_once(school, || owner.clone(), problems);
            places(school.field("places"), "places", &owner, problems)
        })
        .collect();
    let mut reader = ListReader::new(schools.list.len());
    let mut choices = Lists::default();
    let mut order = Vec::with_capacity(applicant_fields.len());
    let mut at_rank: HashMap<u32, &str> = HashMap::new();
    for (name, applicant) in &applicant_fields {
        let owner = || format!("applicant {}", shown(name));
        each_once(applicant, owner, problems);
        let rank = rank(applicant, &owner(), problems);
        if let Some(rank) = rank
            && let Some(other) = at_rank.insert(rank, name)
        {
            problems.add(format!(
                "applicants {} and {} both have rank {rank}; every rank once",
                shown(other),
                shown(name)
            ));
        }
        order.push(rank.unwrap_or_default());
        match applicant.field("preferences") {
            Some(list) => {
                let list = reader.read(owner, list, &schools, problems);
                if list.is_empty() {
                    problems.add(format!("{} lists no school", owner()));
                }
                choices.push(list);
            }
            None => {
                problems.add(format!("{} has no \"preferences\": a list of schools, best first", owner()));
                choices.push([]);
            }
        }
    }
    let links = links(value.field("links"), &applicants, problems);
    let given = preallocated(value, &applicants, &choices, problems);
    let mut promised = vec![0_u32; capacity.len()];
    given.iter().for_each(|(_, school)| promised[*school as usize] += 1);
    for ((school, promised), capacity) in schools.list.iter().zip(&promised).zip(&capacity) {
        if promised > capacity {
            problems.add(format!(
                "school {}: {promised} applicants are pre-allocated, but it has {capacity} places",
                shown(school)
            ));
        }
    }
    Question {
        groups: groups(value, &applicants, problems),
        applicants: applicants.owned(),
        hosts: schools.owned(),
        capacity,
        choices,
        priority: Priority::Order(order),
        links,
        given,
        ..Question::default()
    }
}

fn rank(applicant: &Value<'_>, owner: &str, problems: &mut Problems) -> Option<u32> {
    let rank = applicant.field("rank").and_then(Value::whole).filter(|rank| (1..u32::MAX).contains(rank));
    if rank.is_none() {
        let found = applicant.field("rank").map_or("missing".to_owned(), Value::shown);
        problems
            .add(format!("{owner}: \"rank\" is {found}: it should be a whole number from 1, different for everyone"));
    }
    rank
}

/// Pairs of applicants, nobody in two.
pub(super) fn links(value: Option<&Value<'_>>, applicants: &Names<'_>, problems: &mut Problems) -> Vec<[u32; 2]> {
    let pairs = name_pairs(value, "links", [applicants, applicants], problems);
    let mut linked = std::collections::HashSet::new();
    for [one, other] in &pairs {
        let name = |applicant: &u32| shown(applicants.list[*applicant as usize]);
        if one == other {
            problems.add(format!("\"links\": {} is linked with themselves", name(one)));
            continue;
        }
        for member in [one, other] {
            if !linked.insert(*member) {
                problems.add(format!("\"links\": {} is in two links; one partner each", name(member)));
            }
        }
    }
    pairs
}

/// Pre-allocated applicants take their first preference.
fn preallocated(
    value: &Value<'_>,
    applicants: &Names<'_>,
    choices: &Lists,
    problems: &mut Problems,
) -> Vec<(u32, u32)> {
    let Some(listed) = value.field("preallocated") else { return Vec::new() };
    let Some(items) = listed.list() else {
        problems.add(format!("\"preallocated\" is {}: it should be a list of applicants", listed.shown()));
        return Vec::new();
    };
    let mut given: Vec<(u32, u32)> = Vec::new();
    for (place, item) in (1..).zip(items) {
        let Some(applicant) = applicants.find(item, || format!("\"preallocated\": entry {place}"), problems) else {
            continue;
        };
        if given.iter().any(|(earlier, _)| *earlier == applicant) {
            problems.add(format!("\"preallocated\" names {} twice", shown(applicants.list[applicant as usize])));
        } else if let Some(first) = choices.of(applicant).first() {
            given.push((applicant, *first));
        }
    }
    given
}
