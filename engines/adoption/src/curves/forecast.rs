//! How many sites will have taken it up, with a band, and whether a plan will be met; it must never forecast from a curve the counts do not carry.

use alloc::vec::Vec;
use core::fmt;

use hiec_distributions::student_t;

use super::{Bass, Spread};

/// How many periods are forecast at most.
const FURTHEST: u32 = 10_000;

/// The number of sites by one period to come.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Forecast {
    pub t: u32,
    pub expected: f64,
    /// The band that holds the number in so many of 100 such forecasts: what is unsure of the curve, and chance from period
    /// to period. Never below what is, nor above the sites that can.
    pub low: f64,
    pub high: f64,
}

/// Why there is no forecast.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoForecast {
    /// How many have taken it up by the last period is not known.
    NoLast,
    /// The curve has no errors to make a band from.
    NoError,
}

impl fmt::Display for NoForecast {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoLast => "how many sites have taken it up by the last period is not known",
            Self::NoError => "how sure the curve is cannot be told, so neither can how sure a forecast is",
        })
    }
}

/// A number of sites planned by a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target {
    pub by: u32,
    pub sites: u32,
}

/// How a target stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outlook {
    /// The period is over, or the number is reached already.
    Met,
    /// The period is over, and it was not reached.
    Missed,
    /// The whole band lies at the target or above.
    OnCourse,
    /// The whole band lies below.
    OffCourse,
    /// The target lies within the band.
    Open,
    /// Nothing is known of that period.
    Unknown,
}

/// The periods after the last known one, up to and with `until`, 10,000 at most.
///
/// What is forecast is the growth of the curve from the last period, added to what is. The band is by the delta method on
/// p, q and ceiling, and the residual variance of every period to come.
///
/// # Errors
/// No last count, or a curve without errors.
pub fn forecast(spread: &Spread, curve: &Bass, until: u32, confidence: f64) -> Result<Vec<Forecast>, NoForecast> {
    let last = spread.periods().last().ok_or(NoForecast::NoLast)?;
    let sites = f64::from(last.cumulative.ok_or(NoForecast::NoLast)?);
    let covariance = curve.covariance.as_ref().ok_or(NoForecast::NoError)?;
    if curve.freedom == 0 {
        return Err(NoForecast::NoError);
    }
    let most = spread.eligible().map_or(f64::INFINITY, f64::from);
    let wide = student_t::quantile(0.5 + confidence / 2.0, curve.freedom as f64);
    let ceiling = curve.ceiling.value;
    let [now, now_by_p, now_by_q] = curve.share_with_slopes(f64::from(last.t));
    let periods = last.t.saturating_add(1)..=until.min(last.t.saturating_add(FURTHEST));
    Ok(periods
        .map(|t| {
            let [then, then_by_p, then_by_q] = curve.share_with_slopes(f64::from(t));
            let slopes = [ceiling * (then_by_p - now_by_p), ceiling * (then_by_q - now_by_q), then - now];
            let chance = curve.rss / curve.freedom as f64 * f64::from(t - last.t);
            let half = wide * libm::sqrt(covariance.quadratic(&slopes).max(0.0) + chance);
            let expected = (sites + ceiling * (then - now)).min(most);
            Forecast { t, expected, low: (expected - half).max(sites), high: (expected + half).min(most) }
        })
        .collect())
}

/// How each target stands, from what is and what is forecast.
pub fn outlook(spread: &Spread, forecasts: &[Forecast], targets: &[Target]) -> Vec<Outlook> {
    let now = spread.periods().last().map_or(0, |period| period.t);
    let one = |target: &Target| {
        let sites = f64::from(target.sites);
        let known = spread.periods().iter().rev().find(|period| period.t <= target.by);
        match known.and_then(|period| period.cumulative) {
            Some(known) if known >= target.sites => Outlook::Met,
            Some(_) if target.by <= now => Outlook::Missed,
            _ => match forecasts.iter().find(|forecast| forecast.t == target.by) {
                Some(forecast) if forecast.low >= sites => Outlook::OnCourse,
                Some(forecast) if forecast.high < sites => Outlook::OffCourse,
                Some(_) => Outlook::Open,
                None => Outlook::Unknown,
            },
        }
    };
    targets.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::curves::{Period, bass};

    fn spread(new: &[u32], eligible: u32) -> Spread {
        let period = |(t, &new): (u32, &u32)| Period { t, new: Some(new), cumulative: None };
        Spread::new((1..).zip(new).map(period).collect(), Some(eligible)).unwrap()
    }

    #[test]
    fn a_plan_is_held_against_what_is_and_what_will_be() {
        let spread = spread(&[2, 3, 5, 7, 10, 12, 14, 14, 12, 9, 7, 5], 120);
        let forecasts = forecast(&spread, &bass(&spread).unwrap(), 20, 0.9).unwrap();
        assert_eq!((forecasts[0].t, forecasts.len()), (13, 8));
        assert!(forecasts.windows(2).all(|pair| pair[0].expected <= pair[1].expected));
        assert!(
            forecasts.iter().all(|f| f.low <= f.expected && f.expected <= f.high && f.low >= 100.0 && f.high <= 120.0)
        );
        let target = |by, sites| Target { by, sites };
        let targets = [
            target(6, 39),
            target(6, 40),
            target(14, 101),
            target(14, 119),
            target(16, 107),
            target(16, 90),
            target(30, 118),
        ];
        assert_eq!(
            outlook(&spread, &forecasts, &targets),
            [
                Outlook::Met,
                Outlook::Missed,
                Outlook::OnCourse,
                Outlook::OffCourse,
                Outlook::Open,
                Outlook::Met,
                Outlook::Unknown
            ]
        );
    }

    #[test]
    fn slopes_of_the_share_are_those_of_the_curve() {
        let spread = spread(&[2, 3, 5, 7, 10, 12, 14, 14, 12, 9, 7, 5], 120);
        let curve = bass(&spread).unwrap();
        let moved = |dp: f64, dq: f64| {
            let mut curve = curve.clone();
            (curve.p.value, curve.q.value) = (curve.p.value + dp, curve.q.value + dq);
            curve.share(9.0)
        };
        let [share, by_p, by_q] = curve.share_with_slopes(9.0);
        assert!((share - curve.share(9.0)).abs() < 1e-15);
        assert!((by_p - (moved(1e-7, 0.0) - moved(-1e-7, 0.0)) / 2e-7).abs() < 1e-6);
        assert!((by_q - (moved(0.0, 1e-7) - moved(0.0, -1e-7)) / 2e-7).abs() < 1e-6);
    }

    #[test]
    fn the_peak_s_error_is_that_of_the_curve() {
        let curve = bass(&spread(&[2, 3, 5, 7, 10, 12, 14, 14, 12, 9, 7, 5], 120)).unwrap();
        let moved = |dp: f64, dq: f64| {
            let mut curve = curve.clone();
            (curve.p.value, curve.q.value) = (curve.p.value + dp, curve.q.value + dq);
            curve.peak_time()
        };
        let slopes =
            [(moved(1e-7, 0.0) - moved(-1e-7, 0.0)) / 2e-7, (moved(0.0, 1e-7) - moved(0.0, -1e-7)) / 2e-7, 0.0];
        let error = libm::sqrt(curve.covariance.as_ref().unwrap().quadratic(&slopes));
        assert!((curve.peak_error().unwrap() / error - 1.0).abs() < 1e-5);
    }
}
