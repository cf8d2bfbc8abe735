//! The order of pathway steps, which never runs in a circle, and what the map of teaching shows: gaps and doubles. Pure.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

/// The circle that a new "this comes after that" would close: the steps in order, the first again at the end. Nothing where it closes none.
///
/// `after` holds, for each step, those it comes after already.
pub(crate) fn circle<T: Copy + Ord>(after: &BTreeMap<T, BTreeSet<T>>, step: T, comes_after: T) -> Option<Vec<T>> {
    if step == comes_after {
        return Some(vec![step, step]);
    }
    // A way from the earlier step back to the later one, by what comes before.
    let mut came_from: BTreeMap<T, T> = BTreeMap::new();
    let mut open = vec![comes_after];
    while let Some(here) = open.pop() {
        for before in after.get(&here).into_iter().flatten().copied() {
            if before == comes_after || came_from.contains_key(&before) {
                continue;
            }
            came_from.insert(before, here);
            if before == step {
                // Told forwards: the step, those after it, and it again after the last of them.
                let mut way = vec![step];
                let mut at = step;
                while let Some(next) = came_from.get(&at) {
                    way.push(*next);
                    at = *next;
                }
                way.push(step);
                return Some(way);
            }
            open.push(before);
        }
    }
    None
}

/// The steps, each after all it comes after; where the order leaves a choice, as they were given.
pub(crate) fn in_order<T: Copy + Ord>(steps: &[T], after: &BTreeMap<T, BTreeSet<T>>) -> Vec<T> {
    let mut ordered: Vec<T> = Vec::with_capacity(steps.len());
    let mut left: Vec<T> = steps.to_vec();
    while !left.is_empty() {
        let is_open = |step: &T| {
            after.get(step).is_none_or(|before| before.iter().all(|one| ordered.contains(one) || !left.contains(one)))
        };
        // A circle cannot be stored; should one be there all the same, its first step goes first.
        let place = left.iter().position(is_open).unwrap_or(0);
        ordered.push(left.remove(place));
    }
    ordered
}

/// How a place of the map stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Standing {
    /// It is to be learnt here, and nobody can teach it.
    Gap,
    Taught,
    /// More hosts than asked for can teach it.
    Double,
}

impl Standing {
    pub fn label(self) -> &'static str {
        match self {
            Self::Gap => "Nobody teaches it",
            Self::Taught => "Taught",
            Self::Double => "More than enough",
        }
    }
}

/// With so many hosts, where more than `most` are doubles.
pub(crate) fn standing(hosts: usize, most: usize) -> Standing {
    match hosts {
        0 => Standing::Gap,
        many if many > most => Standing::Double,
        _ => Standing::Taught,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_circle_is_named_in_its_order() {
        // 2 comes after 1, 3 after 2.
        let after = BTreeMap::from([(2, BTreeSet::from([1])), (3, BTreeSet::from([2]))]);
        assert_eq!(circle(&after, 1, 3), Some(vec![1, 2, 3, 1]));
        assert_eq!(circle(&after, 3, 1), None);
        assert_eq!(circle(&after, 2, 2), Some(vec![2, 2]));
    }

    #[test]
    fn steps_follow_those_before_them() {
        let after = BTreeMap::from([(1, BTreeSet::from([3])), (2, BTreeSet::from([1]))]);
        assert_eq!(in_order(&[1, 2, 3, 4], &after), [3, 1, 2, 4]);
    }

    #[test]
    fn gaps_and_doubles() {
        assert_eq!(standing(0, 3), Standing::Gap);
        assert_eq!(standing(3, 3), Standing::Taught);
        assert_eq!(standing(4, 3), Standing::Double);
    }

    proptest! {
        /// Whatever is added in whatever order, what is refused would have closed a circle, and what is taken leaves an order.
        #[test]
        fn no_order_ever_runs_in_a_circle(pairs in prop::collection::vec((0_u8..8, 0_u8..8), 0..40)) {
            let mut after: BTreeMap<u8, BTreeSet<u8>> = BTreeMap::new();
            for (step, before) in pairs {
                match circle(&after, step, before) {
                    None => { after.entry(step).or_default().insert(before); }
                    Some(way) => {
                        prop_assert_eq!(way.first(), way.last());
                        // Each step of the circle comes after the one before it, the new pair among them.
                        for two in way.windows(2) {
                            let holds = after.get(&two[1]).is_some_and(|before| before.contains(&two[0]));
                            prop_assert!(holds || (two[1] == step && two[0] == before), "{:?} {:?}", way, after);
                        }
                    }
                }
            }
            let steps: Vec<u8> = (0..8).collect();
            let ordered = in_order(&steps, &after);
            for (step, before) in after.iter().flat_map(|(step, all)| all.iter().map(move |before| (step, before))) {
                let place = |one: &u8| ordered.iter().position(|other| other == one);
                prop_assert!(place(before) < place(step));
            }
        }
    }
}
