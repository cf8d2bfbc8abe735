//! An order of sites only where their intervals allow one; it must never put apart what the numbers cannot tell apart.

use alloc::vec::Vec;
use core::fmt;

use crate::Interval;

/// Which end is the good one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Better {
    Higher,
    Lower,
}

/// The ranks a site may have; 1 is best.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ranks {
    pub best: usize,
    pub worst: usize,
}

/// Where every site may stand.
///
/// A site's ranks run from one more than the sites surely better to as many less than all as are surely worse; surely means
/// that the intervals do not touch: M. Klein, T. Wright and J. Wieczorek, *A joint confidence region for an overall ranking
/// of populations*, JRSS C 69 (2020) 589–606. With intervals that hold together at 95% (`Confidence::for_each_of`), all
/// these ranks hold together at 95%.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranking {
    ranks: Vec<Option<Ranks>>,
    together: Vec<usize>,
}

impl Ranking {
    /// Ranks sites by their intervals; a site without one, or whose limits are no numbers, has no rank.
    pub fn of(intervals: &[Option<Interval>], better: Better) -> Self {
        let usable: Vec<(usize, Interval)> = intervals
            .iter()
            .enumerate()
            .filter_map(|(site, interval)| {
                interval.filter(|found| found.lower <= found.upper).map(|found| (site, found))
            })
            .collect();
        let mut lowers: Vec<f64> = usable.iter().map(|(_, interval)| interval.lower).collect();
        let mut uppers: Vec<f64> = usable.iter().map(|(_, interval)| interval.upper).collect();
        lowers.sort_by(f64::total_cmp);
        uppers.sort_by(f64::total_cmp);
        let mut ranks = alloc::vec![None; intervals.len()];
        for &(site, interval) in &usable {
            let above = usable.len() - lowers.partition_point(|&lower| lower <= interval.upper);
            let below = uppers.partition_point(|&upper| upper < interval.lower);
            let (surely_better, surely_worse) = match better {
                Better::Higher => (above, below),
                Better::Lower => (below, above),
            };
            if let Some(rank) = ranks.get_mut(site) {
                *rank = Some(Ranks { best: surely_better + 1, worst: usable.len() - surely_worse });
            }
        }
        Self { ranks, together: together(&usable, &lowers) }
    }

    /// The ranks of each site, in the order given; none where it has no interval.
    pub fn ranks(&self) -> &[Option<Ranks>] {
        &self.ranks
    }

    /// The largest set of sites no two of which can be told apart, in the order given.
    pub fn cannot_be_told_apart(&self) -> &[usize] {
        &self.together
    }

    /// How many sites have a rank.
    pub fn ranked(&self) -> usize {
        self.ranks.iter().flatten().count()
    }
}

/// Intervals that all share a point touch one another; some lower limit is such a point of the largest such set.
fn together(usable: &[(usize, Interval)], lowers: &[f64]) -> Vec<usize> {
    let mut uppers: Vec<f64> = usable.iter().map(|(_, interval)| interval.upper).collect();
    uppers.sort_by(f64::total_cmp);
    let holding =
        |point: f64| lowers.partition_point(|&lower| lower <= point) - uppers.partition_point(|&upper| upper < point);
    // Of equal sets the one further down, so that the answer does not depend on chance.
    let mut most = (0, f64::NAN);
    for &point in lowers {
        let count = holding(point);
        if count > most.0 {
            most = (count, point);
        }
    }
    usable.iter().filter(|(_, interval)| interval.holds(most.1)).map(|&(site, _)| site).collect()
}

impl fmt::Display for Ranking {
    /// One sentence for people.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (together, ranked) = (self.together.len(), self.ranked());
        match (together, ranked) {
            (_, 0) => f.write_str("No site has an interval, so there is nothing to rank."),
            (_, 1) => f.write_str("One site alone has no rank."),
            (1, _) => write!(f, "All {ranked} sites can be told apart."),
            (_, _) if together == ranked => write!(f, "These {ranked} sites cannot be told apart."),
            _ => write!(f, "{together} of these {ranked} sites cannot be told apart."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sites(pairs: &[(f64, f64)]) -> Vec<Option<Interval>> {
        pairs.iter().map(|&(lower, upper)| Some(Interval { lower, upper })).collect()
    }

    #[test]
    fn apart_means_ranked_and_touching_means_not() {
        let ranking =
            Ranking::of(&sites(&[(0.1, 0.2), (0.3, 0.5), (0.4, 0.6), (0.5, 0.7), (0.9, 1.0)]), Better::Higher);
        let ranks: Vec<(usize, usize)> =
            ranking.ranks().iter().flatten().map(|ranks| (ranks.best, ranks.worst)).collect();
        assert_eq!(ranks, [(5, 5), (2, 4), (2, 4), (2, 4), (1, 1)]);
        assert_eq!(ranking.cannot_be_told_apart(), [1, 2, 3]);
        assert_eq!(ranking.to_string(), "3 of these 5 sites cannot be told apart.");
        let lower = Ranking::of(&sites(&[(0.1, 0.2), (0.3, 0.5)]), Better::Lower);
        assert_eq!(lower.ranks()[0], Some(Ranks { best: 1, worst: 1 }));
        assert_eq!(lower.to_string(), "All 2 sites can be told apart.");
    }

    #[test]
    fn fourteen_alike_are_said_to_be() {
        let ranking = Ranking::of(&sites(&[(0.4, 0.6); 14]), Better::Higher);
        assert_eq!(ranking.to_string(), "These 14 sites cannot be told apart.");
        assert_eq!(ranking.ranks()[3], Some(Ranks { best: 1, worst: 14 }));
    }

    #[test]
    fn a_site_without_an_interval_has_no_rank() {
        let mut given = sites(&[(0.1, 0.2), (f64::NAN, 0.3), (0.3, 0.2)]);
        given.push(None);
        let ranking = Ranking::of(&given, Better::Higher);
        assert_eq!(ranking.ranks(), [Some(Ranks { best: 1, worst: 1 }), None, None, None]);
        assert_eq!(ranking.to_string(), "One site alone has no rank.");
        assert_eq!(
            Ranking::of(&[], Better::Higher).to_string(),
            "No site has an interval, so there is nothing to rank."
        );
    }

    proptest::proptest! {
        #[test]
        fn ranks_are_what_counting_pairs_gives(pairs in proptest::collection::vec((0.0..1.0_f64, 0.0..0.3_f64), 0..25)) {
            let given: Vec<(f64, f64)> = pairs.into_iter().map(|(lower, width)| (lower, lower + width)).collect();
            let ranking = Ranking::of(&sites(&given), Better::Higher);
            for (at, site) in given.iter().enumerate() {
                let better = given.iter().filter(|other| other.0 > site.1).count();
                let worse = given.iter().filter(|other| other.1 < site.0).count();
                proptest::prop_assert_eq!(ranking.ranks()[at], Some(Ranks { best: better + 1, worst: given.len() - worse }));
            }
            let together = ranking.cannot_be_told_apart();
            for &a in together {
                for &b in together {
                    proptest::prop_assert!(given[a].0 <= given[b].1);
                }
            }
        }
    }
}
