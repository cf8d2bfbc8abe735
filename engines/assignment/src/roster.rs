//! The bids or the assessors of a question, each known by its position; it must never give one name two positions.

use std::collections::{HashMap, HashSet};

use crate::draft::{Draft, MaxLoad, PerBid};
use crate::names::{Id, natural_order};
use crate::problems::Findings;

/// The most bids, and the most assessors, one question may name.
const MOST_NAMES: usize = 100_000;

/// The bids or the assessors, each known by its position.
pub(crate) struct Roster<'a> {
    pub noun: &'static str,
    pub names: Vec<Id<'a>>,
    positions: HashMap<String, u32>,
}

impl<'a> Roster<'a> {
    /// The bids in the order of the list, or of their first appearance.
    pub(crate) fn of_bids(draft: &Draft<'a>, findings: &mut Findings) -> Self {
        let limits: &[(Id<'a>, u32)] = if let PerBid::Each(list) = &draft.per_bid { list } else { &[] };
        let appearances = draft.pairs.iter().map(|pair| &pair.bid);
        Self::collect("bid", "bids", draft.bids.as_deref(), appearances, (limits, "per_bid"), findings)
    }

    /// The assessors in natural order.
    pub(crate) fn of_assessors(draft: &Draft<'a>, findings: &mut Findings) -> Self {
        let limits: &[(Id<'a>, u32)] = if let MaxLoad::Each(list) = &draft.max_load { list } else { &[] };
        let appearances = draft.pairs.iter().map(|pair| &pair.assessor);
        let mut found = Self::collect(
            "assessor",
            "assessors",
            draft.assessors.as_deref(),
            appearances,
            (limits, "max_load"),
            findings,
        );
        found.names.sort_by(|left, right| natural_order(left.as_str(), right.as_str()));
        found.positions =
            found.names.iter().zip(0..).map(|(name, position)| (name.as_str().to_owned(), position)).collect();
        found
    }

    fn collect<'d>(
        noun: &'static str,
        list_name: &str,
        list: Option<&'d [Id<'a>]>,
        appearances: impl Iterator<Item = &'d Id<'a>>,
        (limits, limits_name): (&'d [(Id<'a>, u32)], &str),
        findings: &mut Findings,
    ) -> Self
    where
        'a: 'd,
    {
        let mut found = Self { noun, names: Vec::new(), positions: HashMap::new() };
        for name in list.unwrap_or_default() {
            if !found.insert(name) {
                findings.add(format!("\"{list_name}\" names {noun} {name} twice. Keep one of them."));
            }
        }
        let is_closed = list.is_some();
        let mut strangers = HashSet::new();
        let limit_names = limits.iter().map(|(name, _)| (name, limits_name));
        for (name, place) in appearances.map(|name| (name, "pairs")).chain(limit_names) {
            if !is_closed {
                found.insert(name);
            } else if found.find(name).is_none() && strangers.insert(name.as_str()) {
                findings.add(format!("\"{place}\" names {noun} {name}, which is not in \"{list_name}\". Add it there, or correct the name."));
            }
        }
        if found.names.iter().any(|name| name.as_str().is_empty()) {
            findings.add(format!("One {noun} has an empty name. Give every {noun} a name."));
        }
        if found.names.len() > MOST_NAMES {
            findings
                .add(format!("There are {} {list_name}; this program takes at most {MOST_NAMES}.", found.names.len()));
        }
        found
    }

    /// Whether the name was new.
    fn insert(&mut self, name: &Id<'a>) -> bool {
        if self.positions.contains_key(name.as_str()) {
            return false;
        }
        // Beyond the limit on names the question is refused, so the position need only be distinct.
        let position = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        self.positions.insert(name.as_str().to_owned(), position);
        self.names.push(name.clone());
        true
    }

    pub(crate) fn find(&self, name: &Id<'_>) -> Option<u32> {
        self.positions.get(name.as_str()).copied()
    }

    /// The numbers of all, or a problem for each one without a number.
    pub(crate) fn complete(&self, numbers: &[Option<u32>], field: &str, findings: &mut Findings) -> Vec<u32> {
        for (name, number) in self.names.iter().zip(numbers) {
            if number.is_none() {
                findings.add(format!("\"{field}\" has no number for {} {name}. Add it.", self.noun));
            }
        }
        numbers.iter().map(|number| number.unwrap_or_default()).collect()
    }

    pub(crate) fn owned(self) -> Vec<Id<'static>> {
        self.names.into_iter().map(Id::into_owned).collect()
    }
}
