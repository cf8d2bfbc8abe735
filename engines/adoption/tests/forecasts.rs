//! Forecasts of made-up spreads whose future is known; it must never look at it before the forecast is made.
#![expect(clippy::unwrap_used, reason = "every step here is a step of a test")]

use hiec_adoption::curves::{Advice, Period, Spread, advised, forecast};
use proptest::prelude::*;

/// SplitMix64, as numbers between nought and one.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// New adopters by period: each of 130 sites that has not yet does so with Bass's chance.
fn adopters(chance: &mut Chance, periods: u32) -> Vec<u32> {
    let mut have = 0_u32;
    (0..periods)
        .map(|_| {
            let hazard = 0.015 + 0.35 * f64::from(have) / 130.0;
            let new = (0..130 - have).filter(|_| chance.next() < hazard).count();
            have += u32::try_from(new).unwrap();
            u32::try_from(new).unwrap()
        })
        .collect()
}

#[test]
fn bands_hold_about_as_often_as_they_say() {
    let mut chance = Chance(2010);
    let (mut held, mut made) = (0, 0);
    for _ in 0..150 {
        let truth = adopters(&mut chance, 20);
        let period = |(t, &new): (u32, &u32)| Period { t, new: Some(new), cumulative: None };
        let known = Spread::new((1..).zip(&truth[..14]).map(period).collect(), Some(150)).unwrap();
        let Advice::Curve { bass, .. } = advised(&known) else { continue };
        let last = forecast(&known, &bass, 20, 0.9).unwrap()[5];
        let sites = f64::from(truth.iter().sum::<u32>());
        made += 1;
        held += i32::from(last.low <= sites && sites <= last.high);
    }
    assert!(made >= 75, "{made} of 150 forecasts made");
    // Counts vary more where they are large, which the fit takes for even: the band is a little wide.
    let share = f64::from(held) / f64::from(made);
    assert!((0.85..=1.0).contains(&share), "{held} of {made}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn no_counts_panic(
        rows in proptest::collection::vec((0_u32..40, proptest::option::of(0_u32..200), proptest::option::of(any::<u32>())), 0..20),
        eligible in proptest::option::of(any::<u32>()),
    ) {
        let periods = rows.into_iter().map(|(t, new, cumulative)| Period { t, new, cumulative }).collect();
        if let Ok(spread) = Spread::new(periods, eligible)
            && let Advice::Curve { bass, .. } = advised(&spread)
            && let Ok(forecasts) = forecast(&spread, &bass, 60, 0.95)
        {
            prop_assert!(forecasts.iter().all(|f| f.low.is_finite() && f.expected.is_finite()));
        }
    }
}
