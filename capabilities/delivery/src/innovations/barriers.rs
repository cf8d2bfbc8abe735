//! What hinders a site, in the seven domains of NASSS (Greenhalgh and others, J Med Internet Res 2017), each simple, complicated or complex. It knows no web and no SQL.

use std::collections::BTreeMap;

use hiec_kernel::{OrganisationId, Timestamp, closed_list};
use serde::Serialize;

closed_list! {
    /// Where things may hinder the spread of an innovation.
    Domain {
        Condition = "condition", "The condition and the people who have it";
        Technology = "technology", "The technology or method";
        Value = "value", "Its worth to those who make and buy it";
        Adopters = "adopters", "Staff, patients and carers who are to use it";
        Organisation = "organisation", "The organisation: capacity, leaders, work to be done";
        Wider = "wider", "Money, rules and professions around it";
        Time = "time", "How it can be kept and adapted over time";
    }
}

closed_list! {
    /// How hard it is.
    Level {
        Simple = "simple", "Simple";
        Complicated = "complicated", "Complicated";
        Complex = "complex", "Complex";
    }
}

/// What a site said of one domain.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct BarrierSaid {
    pub site: OrganisationId,
    pub domain: Domain,
    pub level: Level,
    pub note: String,
    pub at: Timestamp,
    pub is_illustrative: bool,
}

/// The newest of each site and domain; `said` is in the order of saying.
pub fn newest(said: &[BarrierSaid]) -> BTreeMap<(OrganisationId, Domain), &BarrierSaid> {
    said.iter().map(|one| ((one.site, one.domain), one)).collect()
}

/// How many sites call a domain simple, complicated, complex, in the order of the domains; those nobody spoke of are left out.
pub fn tally(said: &[BarrierSaid]) -> Vec<(Domain, [usize; 3])> {
    let newest = newest(said);
    Domain::ALL
        .iter()
        .map(|domain| {
            let of = |level: Level| newest.iter().filter(|((_, of), one)| of == domain && one.level == level).count();
            (*domain, [of(Level::Simple), of(Level::Complicated), of(Level::Complex)])
        })
        .filter(|(_, counts)| counts.iter().any(|count| *count > 0))
        .collect()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn the_newest_word_of_each_site_counts() {
        let said = |site: u128, level| BarrierSaid {
            site: OrganisationId(Uuid::from_u128(site)),
            domain: Domain::Organisation,
            level,
            note: String::new(),
            at: Timestamp::default(),
            is_illustrative: false,
        };
        let all = [said(1, Level::Complex), said(2, Level::Complex), said(1, Level::Simple)];
        assert_eq!(tally(&all), [(Domain::Organisation, [1, 0, 1])]);
    }
}
