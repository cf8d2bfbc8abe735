//! What trainees of a round have in common, by stated attributes: places are kept and rules compared by it. Pure; it never tells of a group too small to hide in.

use std::collections::BTreeMap;

use chrono::Datelike;
use hiec_kernel::closed_list;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::running::GroupFigures;
use crate::programmes::store::Programme;
use crate::trainees::store::Trainee;
use crate::words::Wte;

closed_list! {
    /// By what trainees are told apart.
    Attribute {
        Pattern = "pattern", "Working pattern";
        Profession = "profession", "Profession";
        Programme = "programme", "Programme";
        StartYear = "start_year", "Year they began";
    }
}

/// What somebody is by one attribute: a key that stays, and words.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
pub(crate) struct Group {
    pub key: String,
    pub words: String,
}

/// The key of those who work less than full time.
pub(crate) const PART_TIME: &str = "part_time";

impl Attribute {
    /// Nothing where it is not known of them.
    pub fn of(self, trainee: &Trainee, programmes: &BTreeMap<Uuid, Programme>) -> Option<Group> {
        let group = |key: &str, words: &str| Group { key: key.to_owned(), words: words.to_owned() };
        let programme = programmes.get(&trainee.programme);
        match self {
            Self::Pattern if trainee.wte < Wte::FULL => Some(group(PART_TIME, "Less than full time")),
            Self::Pattern => Some(group("full_time", "Full time")),
            Self::Profession => programme.map(|one| group(one.profession.key(), one.profession.label())),
            Self::Programme => programme.map(|one| group(&one.key, &one.name)),
            Self::StartYear => {
                let year = trainee.starts_on.year().to_string();
                Some(Group { words: format!("Began in {year}"), key: year })
            }
        }
    }
}

/// Figures of groups with fewer are not shown.
pub(crate) const FEWEST: u32 = 5;

/// How groups by one attribute fared under a rule, without those too small to show.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(crate) struct ByAttribute {
    /// The attribute's key.
    pub attribute: String,
    pub groups: Vec<(String, GroupFigures)>,
    /// How many groups are not shown.
    pub hidden: usize,
}

impl ByAttribute {
    /// Leaves out what is too small. Where those left out are together fewer than that, they could be found by taking what is shown from the
    /// whole: then the smallest of the others is left out too.
    pub fn of(attribute: Attribute, all: Vec<(String, GroupFigures)>) -> Self {
        let (mut shown, mut hidden): (Vec<_>, Vec<_>) = all.into_iter().partition(|(_, one)| one.trainees >= FEWEST);
        loop {
            let left_out: u32 = hidden.iter().map(|(_, one)| one.trainees).sum();
            let smallest = (0..shown.len()).min_by_key(|at| shown[*at].1.trainees);
            match smallest {
                Some(at) if left_out > 0 && left_out < FEWEST => hidden.push(shown.remove(at)),
                _ => break,
            }
        }
        Self { attribute: attribute.key().to_owned(), groups: shown, hidden: hidden.len() }
    }

    pub fn label(&self) -> &'static str {
        Attribute::from_key(&self.attribute).map_or("Group", Attribute::label)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn figures(trainees: u32) -> GroupFigures {
        GroupFigures { trainees, placed: trainees / 2, first: trainees / 3, mean_choice: None }
    }

    fn shown(sizes: &[u32]) -> Vec<u32> {
        let all = sizes.iter().enumerate().map(|(nth, size)| (format!("G{nth}"), figures(*size))).collect();
        ByAttribute::of(Attribute::StartYear, all).groups.iter().map(|(_, one)| one.trainees).collect()
    }

    #[test]
    fn groups_under_five_are_hidden_and_cannot_be_worked_out() {
        assert_eq!(shown(&[20, 5]), [20, 5]);
        // Four hidden alone would be the whole less the twenty: the next smallest goes too.
        assert_eq!(shown(&[20, 7, 4]), [20]);
        assert_eq!(shown(&[20, 4]), Vec::<u32>::new());
        assert_eq!(shown(&[20, 3, 2]), [20]);
        assert_eq!(shown(&[]), Vec::<u32>::new());
    }

    proptest! {
        #[test]
        fn what_is_hidden_is_nobody_or_at_least_five(sizes in prop::collection::vec(1_u32..12, 0..8)) {
            let whole: u32 = sizes.iter().sum();
            let left_out = whole - shown(&sizes).iter().sum::<u32>();
            prop_assert!(left_out == 0 || left_out >= FEWEST || shown(&sizes).is_empty());
            prop_assert!(shown(&sizes).iter().all(|size| *size >= FEWEST));
        }
    }
}
