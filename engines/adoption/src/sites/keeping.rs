//! How many sites still do what they adopted, by how long ago they adopted it; it must never count a site as lost that was not asked since.
//!
//! Kaplan and Meier, *Nonparametric estimation from incomplete observations*, JASA 1958: sites still in use when last seen
//! count until then. Intervals by Greenwood's variance on the scale ln(-ln), which keeps them between nought and one.

use alloc::vec::Vec;

use chrono::NaiveDate;
use hiec_distributions::normal;

use crate::stages::History;

/// The share of sites that keep it for longer than so many days.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Kept {
    /// Days since adoption at which at least one site stopped.
    pub days: i64,
    /// Sites that had it for that long.
    pub at_risk: usize,
    /// Sites that stopped then.
    pub stopped: usize,
    pub share: f64,
    /// None where all or none are left.
    pub range: Option<(f64, f64)>,
}

/// One row for every length of use at which a site stopped; each site counts by its first adoption.
///
/// `last_seen` is the day up to which the histories are known.
pub fn keeping(histories: &[History], last_seen: NaiveDate, confidence: f64) -> Vec<Kept> {
    let mut uses: Vec<(i64, bool)> = histories
        .iter()
        .filter_map(|history| history.uses().into_iter().next())
        .filter(|(start, _)| *start <= last_seen)
        .map(|(start, end)| match end.filter(|end| *end <= last_seen) {
            Some(end) => (end.signed_duration_since(start).num_days(), true),
            None => (last_seen.signed_duration_since(start).num_days(), false),
        })
        .collect();
    uses.sort_unstable();
    let z = normal::quantile(0.5 + confidence / 2.0);
    let (mut share, mut variance) = (1.0, 0.0);
    let mut kept: Vec<Kept> = Vec::new();
    for (at, &(days, _)) in uses.iter().enumerate() {
        if at > 0 && uses[at - 1].0 == days {
            continue;
        }
        let at_risk = uses.len() - at;
        let stopped = uses[at..].iter().take_while(|(other, _)| *other == days).filter(|(_, ended)| *ended).count();
        if stopped == 0 {
            continue;
        }
        let (n, d) = (at_risk as f64, stopped as f64);
        share *= 1.0 - d / n;
        variance += d / (n * (n - d));
        let range = (share > 0.0 && variance.is_finite()).then(|| {
            let wide = z * libm::sqrt(variance) / libm::log(share).abs();
            (libm::pow(share, libm::exp(wide)), libm::pow(share, libm::exp(-wide)))
        });
        kept.push(Kept { days, at_risk, stopped, share, range });
    }
    kept
}

#[cfg(test)]
mod tests {
    use alloc::borrow::ToOwned;

    use super::*;
    use crate::stages::{Rules, Stage, Step};

    fn history(adopted: i64, abandoned: Option<i64>) -> History {
        let day = |days: i64| NaiveDate::from_ymd_opt(2010, 1, 1).unwrap() + chrono::Duration::days(days);
        let step = |stage, on| Step { stage, on, evidence: "seen".to_owned() };
        let history = History::begin(step(Stage::Adopted, day(adopted))).unwrap();
        match abandoned {
            None => history,
            Some(days) => history.step(step(Stage::Abandoned, day(days)), Rules::default()).unwrap(),
        }
    }

    #[test]
    fn a_small_table_by_hand() {
        // Days of use: 10 stopped, 20 still, 30 stopped, 30 stopped, 50 still.
        let histories =
            [history(0, Some(10)), history(30, None), history(10, Some(40)), history(0, Some(30)), history(0, None)];
        let last_seen = NaiveDate::from_ymd_opt(2010, 2, 20).unwrap();
        let kept = keeping(&histories, last_seen, 0.95);
        assert_eq!(kept.iter().map(|k| (k.days, k.at_risk, k.stopped)).collect::<Vec<_>>(), [(10, 5, 1), (30, 3, 2)]);
        assert!((kept[0].share - 0.8).abs() < 1e-12);
        assert!((kept[1].share - 0.8 / 3.0).abs() < 1e-12);
        // Greenwood: 1/20; on ln(-ln): 1.96 · 0.2236 / 0.2231 = 1.964; 0.8^e^1.964 = 0.2038, 0.8^e^-1.964 = 0.9692.
        let (low, high) = kept[0].range.unwrap();
        assert!((low - 0.2038).abs() < 1e-3 && (high - 0.9692).abs() < 1e-3, "{low} {high}");
    }

    #[test]
    fn what_is_not_seen_yet_is_not_lost() {
        let day = NaiveDate::from_ymd_opt(2010, 1, 20).unwrap();
        assert_eq!(keeping(&[history(0, Some(30)), history(5, None)], day, 0.95), []);
        assert_eq!(keeping(&[history(100, None)], day, 0.95), []);
        let lost = keeping(&[history(0, Some(3))], day, 0.95);
        assert_eq!((lost[0].share, lost[0].range), (0.0, None));
    }
}
