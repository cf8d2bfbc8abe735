//! The same analysis where nothing happened: how often does a gap as large come by chance? It must never rank a fit it could not make.
//!
//! Abadie, Diamond and Hainmueller 2010 (3.4): as many units as were treated are taken for treated in turn, the root mean
//! squared gap after the start is set against the one before, and the real one's place among these ratios is its p value.

use alloc::vec::Vec;

use super::control::mean;
use super::{Control, NoControl, Study};
use crate::chance::subsets;
use crate::interval::Interval;

/// Who is taken for treated, and who then serves as donor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pool {
    /// Donors are taken for treated, the other donors serve. The usual test.
    Donors,
    /// Any unit is, all others serve, the treated too. If nothing happened every way is alike, so that p is exact; if
    /// something did, the treated among the donors blunt the test.
    Everyone,
}

/// The test of one control.
#[derive(Debug, Clone, PartialEq)]
pub struct Placebo {
    /// The real root mean squared gap from the start on, over the one before.
    pub ratio: f64,
    /// The share of ways with a ratio at least as large, the real one among them.
    pub p: f64,
    /// How many ways, the real one among them.
    pub ways: usize,
    /// Whether these are all there are.
    pub all: bool,
    /// The ratios of the other ways.
    pub others: Vec<f64>,
    /// Their root mean squared gaps before the start.
    pub others_before: Vec<f64>,
}

/// Why there is no interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoInterval {
    /// So few ways reject nothing at this confidence.
    FewWays,
    /// No constant effect explains gaps that vary so much from time to time.
    NotConstant,
}

impl Study {
    /// The placebo test, over all ways or `most` of them drawn by the seed. None where it has no time after the start, or
    /// nobody else to take for treated.
    ///
    /// # Errors
    /// Numbers too large to compute with.
    pub fn placebo(&self, control: &Control, pool: Pool, most: usize, seed: u64) -> Result<Option<Placebo>, NoControl> {
        let Some(ratio) = ratio(control) else { return Ok(None) };
        let k = self.treated_units.len();
        let mut units: Vec<&[f64]> = self.outcomes.iter().map(Vec::as_slice).collect();
        if pool == Pool::Everyone {
            units.splice(0..0, self.treated_units.iter().map(Vec::as_slice));
        }
        if units.len() <= k {
            return Ok(None);
        }
        let ways = subsets(units.len(), k, most, seed);
        let real: Vec<usize> = (0..k).collect();
        let (mut others, mut others_before) = (Vec::new(), Vec::new());
        for set in ways.sets.iter().filter(|set| pool == Pool::Donors || **set != real) {
            let inside: Vec<&[f64]> = set.iter().map(|&unit| units[unit]).collect();
            let outside: Vec<&[f64]> =
                (0..units.len()).filter(|unit| !set.contains(unit)).map(|unit| units[unit]).collect();
            let other = Control::of(&mean(&inside), &outside, self.before)?;
            others_before.push(other.error_before);
            others.extend(self::ratio(&other));
        }
        // Equal but for rounding is at least as large.
        let as_large = others.iter().filter(|other| **other >= ratio * (1.0 - 1e-9)).count();
        let count = others.len() + 1;
        Ok(Some(Placebo {
            ratio,
            p: (as_large + 1) as f64 / count as f64,
            ways: count,
            all: ways.all,
            others,
            others_before,
        }))
    }
}

impl Placebo {
    /// The constant effects the test does not reject: Firpo and Possebom, *Synthetic control method: inference, sensitivity
    /// analysis and confidence sets*, Journal of Causal Inference 2018. For a test over [`Pool::Donors`], whose other ratios
    /// do not depend on the effect.
    ///
    /// # Errors
    /// Too few ways, or gaps no constant effect explains.
    pub fn interval(&self, control: &Control, confidence: f64) -> Result<Interval, NoInterval> {
        let (Some(estimate), Some(after)) = (control.effect, control.error_after) else {
            return Err(NoInterval::FewWays);
        };
        let allowed = ((1.0 - confidence) * self.ways as f64 * (1.0 + 1e-12)) as usize;
        let mut others = self.others.clone();
        others.sort_by(|a, b| b.total_cmp(a));
        let reach =
            allowed.checked_sub(1).and_then(|at| others.get(at)).ok_or(NoInterval::FewWays)? * control.error_before;
        // With an effect c taken away the mean squared gap is its spread plus (estimate - c)².
        let spread = after * after - estimate * estimate;
        let wide = libm::sqrt(reach * reach - spread);
        let interval = Interval { estimate, low: estimate - wide, high: estimate + wide, confidence };
        if interval.low.is_finite() && interval.high.is_finite() { Ok(interval) } else { Err(NoInterval::NotConstant) }
    }

    /// The middle of the other ways' gaps before the start: what a fit is like here. None without others.
    pub fn usual_error_before(&self) -> Option<f64> {
        let mut errors = self.others_before.clone();
        errors.sort_by(f64::total_cmp);
        errors.get(errors.len() / 2).copied()
    }
}

/// The gap after over the gap before; a fit without any gap before makes it as large as can be.
fn ratio(control: &Control) -> Option<f64> {
    let after = control.error_after?;
    Some(match control.error_before > 0.0 {
        true => after / control.error_before,
        false if after > 0.0 => f64::INFINITY,
        false => 0.0,
    })
}

#[cfg(test)]
mod tests {
    use alloc::format;
    use alloc::string::String;

    use super::*;
    use crate::chance::Seeded;
    use crate::panel::{Observation, Panel};

    fn noise(chance: &mut Seeded) -> f64 {
        (0..12).map(|_| chance.below(1 << 30) as f64 / f64::from(1 << 30)).sum::<f64>() - 6.0
    }

    /// Units that follow two hidden tides each in its own measure, the first `treated` with an effect from time 12 of 20.
    fn study(chance: &mut Seeded, units: usize, treated: usize, effect: f64) -> Study {
        let names: Vec<String> = (0..units).map(|unit| format!("u{unit}")).collect();
        let tides: Vec<[f64; 2]> = (0..20).map(|_| [2.0 * noise(chance), noise(chance)]).collect();
        let measures: Vec<[f64; 2]> = (0..units).map(|_| [noise(chance).abs(), noise(chance).abs()]).collect();
        let mut rows = Vec::new();
        for (at, unit) in names.iter().enumerate() {
            for (t, tide) in tides.iter().enumerate() {
                let level = measures[at][0] * tide[0] + measures[at][1] * tide[1];
                let y = level + 0.5 * noise(chance) + if at < treated && t >= 12 { effect } else { 0.0 };
                rows.push(Observation { unit, t: t as f64, y: Some(y), treated: at < treated, after: t >= 12 });
            }
        }
        Study::of(&Panel::new(&rows).unwrap()).unwrap()
    }

    #[test]
    fn a_large_effect_ranks_first_and_lies_in_its_interval() {
        let study = study(&mut Seeded::new(3), 25, 1, 8.0);
        let control = study.control().unwrap();
        let placebo = study.placebo(&control, Pool::Donors, 1000, 0).unwrap().unwrap();
        assert_eq!((placebo.p, placebo.ways, placebo.all), (1.0 / 25.0, 25, true));
        let interval = placebo.interval(&control, 0.95).unwrap();
        assert!(interval.low < 8.0 && interval.high > 8.0 && !interval.holds_nought(), "{interval:?}");
        assert_eq!(placebo.interval(&control, 0.99), Err(NoInterval::FewWays), "25 ways reject at 4% at best");
    }

    #[test]
    fn without_an_effect_p_is_spread_evenly() {
        let mut chance = Seeded::new(17);
        for (pool, treated) in [(Pool::Everyone, 1), (Pool::Donors, 1), (Pool::Everyone, 2)] {
            let runs = 300;
            let mut counts = [0_u32; 5];
            for _ in 0..runs {
                let study = study(&mut chance, 10, treated, 0.0);
                let placebo = study.placebo(&study.control().unwrap(), pool, 60, 1).unwrap().unwrap();
                counts[((placebo.p - 1e-9) * 5.0) as usize] += 1;
            }
            // Sixty each, give or take three standard deviations of seven.
            assert!(counts.iter().all(|count| (39..=81).contains(count)), "{pool:?} {treated}: {counts:?}");
        }
    }

    #[test]
    fn the_interval_is_what_the_test_does_not_reject() {
        let study = study(&mut Seeded::new(8), 21, 1, 3.0);
        let control = study.control().unwrap();
        let interval =
            study.placebo(&control, Pool::Donors, 1000, 0).unwrap().unwrap().interval(&control, 0.9).unwrap();
        let p_of = |effect: f64| {
            let mut without = study.clone();
            let late = without.before;
            without.treated.iter_mut().skip(late).for_each(|y| *y -= effect);
            let control = without.control().unwrap();
            without.placebo(&control, Pool::Donors, 1000, 0).unwrap().unwrap().p
        };
        for (edge, inward) in [(interval.low, 1e-4), (interval.high, -1e-4)] {
            assert!(
                p_of(edge + inward) > 0.1 && p_of(edge - inward) <= 0.1,
                "{} {}",
                p_of(edge + inward),
                p_of(edge - inward)
            );
        }
    }

    #[test]
    fn without_others_or_without_after_there_is_no_test() {
        let mut study = study(&mut Seeded::new(1), 3, 1, 1.0);
        study.outcomes.truncate(1);
        study.donors.truncate(1);
        let control = study.control().unwrap();
        assert_eq!(study.placebo(&control, Pool::Donors, 10, 0), Ok(None));
        let without = study.leave_one_out(&control);
        assert_eq!((without.len(), without[0].effect), (1, None));
    }

    #[test]
    fn leaving_a_donor_out_changes_the_effect_by_what_it_carried() {
        let study = study(&mut Seeded::new(3), 12, 1, 8.0);
        let control = study.control().unwrap();
        let without = study.leave_one_out(&control);
        assert_eq!(without.len(), control.weights.iter().filter(|weight| **weight > 0.0).count());
        assert!(
            without.iter().all(|without| without.effect.is_some_and(|effect| (effect - 8.0).abs() < 3.0)),
            "{without:?}"
        );
    }
}
