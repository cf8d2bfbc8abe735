//! Reads a hospital-residents instance; it must never take a pair for acceptable that only one side listed.

use super::constraints;
use super::{ListReader, Names, Problems, each_once, members, places};
use crate::json::Value;
use crate::names::shown;
use crate::question::{Lists, Priority, Question};

pub(super) fn read(value: &Value<'_>, problems: &mut Problems) -> Question {
    let residents =
        members(value, "residents", "an object of each resident's list, {\"R1\": [\"H1\", \"H2\"]}", problems);
    let hospitals = members(value, "hospitals", HOSPITALS, problems);
    let mut applicants = Names::new("resident");
    let mut hosts = Names::new("hospital");
    // Of names that stand twice the first is kept; the problem is noted.
    let residents: Vec<_> = residents.iter().filter(|(name, _)| applicants.add(name, problems).is_some()).collect();
    let hospitals: Vec<_> = hospitals.iter().filter(|(name, _)| hosts.add(name, problems).is_some()).collect();
    let mut reader = ListReader::new(hosts.list.len());
    let mut choices = Lists::default();
    for (name, list) in &residents {
        choices.push(reader.read(|| format!("resident {}", shown(name)), list, &hosts, problems));
    }
    let order = constraints::priority(value, &applicants, problems);
    let (capacity, lists) = hospital_side(&hospitals, &applicants, order.is_some(), problems);
    let priority = match order {
        Some(order) => Priority::Order(order),
        None => Priority::ByHost(lists),
    };
    let mut question = Question {
        applicants: applicants.owned(),
        hosts: hosts.owned(),
        capacity,
        choices,
        priority,
        ..Question::default()
    };
    constraints::read(value, &applicants, &hosts, &mut question, problems);
    question
}

pub(super) const HOSPITALS: &str =
    "an object of each hospital, {\"H1\": {\"capacity\": 2, \"preferences\": [\"R1\", \"R2\"]}}";

/// Capacities and lists of hospitals; where one order holds for all, lists are refused.
pub(super) fn hospital_side(
    hospitals: &[&(std::borrow::Cow<'_, str>, Value<'_>)],
    applicants: &Names<'_>,
    has_order: bool,
    problems: &mut Problems,
) -> (Vec<u32>, Lists) {
    let mut capacity = Vec::with_capacity(hospitals.len());
    let mut lists = Lists::default();
    let mut reader = ListReader::new(applicants.list.len());
    for (name, hospital) in hospitals {
        let owner = || format!("hospital {}", shown(name));
        if hospital.object().is_none() {
            problems.add(format!(
                "{} is {}: it should be {{\"capacity\": 2, \"preferences\": […]}}",
                owner(),
                hospital.shown()
            ));
            capacity.push(0);
            lists.push([]);
            continue;
        }
        each_once(hospital, owner, problems);
        capacity.push(places(hospital.field("capacity"), "capacity", &owner(), problems));
        match (hospital.field("preferences"), has_order) {
            (Some(list), false) => lists.push(reader.read(owner, list, applicants, problems)),
            (None, true) => lists.push([]),
            (Some(_), true) => {
                problems.add(format!(
                    "{} has \"preferences\", but \"priority\" gives one order for all; keep one of them",
                    owner()
                ));
                lists.push([]);
            }
            (None, false) => {
                problems.add(format!(
                    "{} has no \"preferences\": a list of residents, best first, or one \"priority\" for all",
                    owner()
                ));
                lists.push([]);
            }
        }
    }
    (capacity, lists)
}
