//! Figures made up for the demonstration, exact to the published totals where there are any. Nothing in them is random, and none is of a real place.

use chrono::{Months, NaiveDate};
use hiec_contracts::demonstration::{HOSPITALS, PRACTICES};

/// A figure of a site, counted from nought.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Figure {
    pub site: u32,
    pub period: NaiveDate,
    pub numerator: f64,
    pub denominator: Option<f64>,
}

/// The hospitals of the audit.
const AUDITED: u32 = 7;

/// Patients of the audit by month from April 2010: 138 in all, as published.
const PATIENTS: [u32; 12] = [9, 14, 11, 12, 13, 10, 15, 12, 8, 13, 11, 10];
/// Of them on ventilation within three hours: 66 in all, 48%.
const WITHIN: [u32; 12] = [4, 7, 5, 6, 7, 4, 8, 5, 4, 7, 5, 4];
/// How far the month's minutes lie from its patients times the published average: nought in all.
const REVIEW_MORE: [i64; 12] = [60, -140, 90, -30, 110, -80, -150, 40, 70, -60, 120, -30];
const MASK_MORE: [i64; 12] = [-30, 70, -45, 15, -55, 40, 75, -20, -35, 30, -60, 15];

fn month(year: i32, month: u32, after: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, 1).unwrap_or_default() + Months::new(after)
}

/// The patients of the audit, one by one: month, place in the month, hospital.
fn patients() -> impl Iterator<Item = (usize, u32, u32)> {
    let mut number = 0_u32;
    PATIENTS.into_iter().enumerate().flat_map(move |(at, patients)| {
        let first = number;
        number += patients;
        (0..patients).map(move |place| (at, place, ((first + place) * 5 + (first + place) / AUDITED) % AUDITED))
    })
}

/// Sums per month and hospital of something each patient has; months without a patient are months with no case.
fn by_hospital(of_patient: impl Fn(usize, u32) -> u32) -> Vec<Figure> {
    let mut sums = vec![[(0_u32, 0_u32); 7]; PATIENTS.len()];
    for (at, place, hospital) in patients() {
        let slot = sums.get_mut(at).and_then(|month| month.get_mut(usize::try_from(hospital).unwrap_or(0)));
        if let Some((numerator, cases)) = slot {
            *numerator += of_patient(at, place);
            *cases += 1;
        }
    }
    (0_u32..)
        .zip(sums)
        .flat_map(|(at, hospitals)| {
            (0_u32..).zip(hospitals).map(move |(site, (numerator, cases))| Figure {
                site,
                period: month(2010, 4, at),
                numerator: f64::from(numerator),
                denominator: Some(f64::from(cases)),
            })
        })
        .collect()
}

/// A share of a month's total for one of its patients: all of them together make the total.
fn share(total: u32, place: u32, patients: u32) -> u32 {
    total * (place + 1) / patients - total * place / patients
}

pub(super) fn niv_within_three_hours() -> Vec<Figure> {
    by_hospital(|at, place| share(at_month(&WITHIN, at), place, at_month(&PATIENTS, at)))
}

fn at_month(months: &[u32; 12], at: usize) -> u32 {
    months.get(at).copied().unwrap_or(1)
}

/// 101 minutes a patient on average, as published.
pub(super) fn niv_medical_review() -> Vec<Figure> {
    minutes(101, &REVIEW_MORE)
}

/// 49 minutes a patient on average, as published.
pub(super) fn niv_decision_to_mask() -> Vec<Figure> {
    minutes(49, &MASK_MORE)
}

fn minutes(average: u32, more: &[i64; 12]) -> Vec<Figure> {
    by_hospital(|at, place| {
        let patients = at_month(&PATIENTS, at);
        let total = i64::from(average * patients) + more.get(at).copied().unwrap_or(0);
        share(u32::try_from(total).unwrap_or(0), place, patients)
    })
}

/// A number between −1 and 1 that looks like chance and is always the same.
fn jitter(site: u32, at: u32, salt: u32) -> f64 {
    let mut mixed = site.wrapping_mul(0x9E37_79B9) ^ at.wrapping_mul(0x85EB_CA6B) ^ salt.wrapping_mul(0xC2B2_AE35);
    mixed ^= mixed >> 15;
    mixed = mixed.wrapping_mul(0x2C1B_3C6D);
    mixed ^= mixed >> 12;
    f64::from(mixed % 2_001) / 1_000.0 - 1.0
}

/// Caesarean sections and births from April 2009: six hospitals from the start, all from February 2011. One of them looks at each
/// case every day from November 2010, and comes down by a tenth. At first hospital 5 leaves out births of one month.
pub(super) fn caesareans(reviewing: usize, with_mistake: bool) -> Vec<Figure> {
    let hospitals = u32::try_from(HOSPITALS).unwrap_or(0);
    let reviewing = u32::try_from(reviewing).unwrap_or(1) - 1;
    let mut figures = Vec::new();
    for site in 0..hospitals {
        let first = if site < 6 { 0 } else { 22 };
        for at in first..32 {
            // Hospital 6 stops sending in April 2011, and is late.
            if site == 5 && at >= 24 {
                continue;
            }
            let births = (320.0 + 25.0 * f64::from(site % 5) + 18.0 * jitter(site, at, 1)).round();
            let usual = 0.245 + 0.008 * f64::from(site % 4);
            let rate = if site == reviewing && at >= 19 { usual * 0.9 } else { usual };
            let sections = (births * (rate + 0.009 * jitter(site, at, 2))).round();
            let births = if with_mistake && site == 4 && at == 16 { births - 61.0 } else { births };
            figures.push(Figure { site, period: month(2009, 4, at), numerator: sections, denominator: Some(births) });
        }
    }
    figures
}

/// New patients of practices from October 2010, and of how many the country of birth is recorded: more after the first workshop.
pub(super) fn country_of_birth() -> Vec<Figure> {
    let practices = u32::try_from(PRACTICES).unwrap_or(0);
    let mut figures = Vec::new();
    for site in 0..practices {
        for at in 0..14 {
            let patients = (70.0 + f64::from(site % 9) * 9.0 + 12.0 * jitter(site, at, 3)).round();
            let start = 0.18 + 0.01 * f64::from(site % 12);
            let gain = 0.03 * f64::from(at.saturating_sub(2)).min(12.0) * (0.4 + 0.1 * f64::from(site % 7));
            let share = (start + gain + 0.04 * jitter(site, at, 4)).clamp(0.0, 0.97);
            let recorded = (patients * share).round();
            figures.push(Figure {
                site,
                period: month(2010, 10, at),
                numerator: recorded,
                denominator: Some(patients),
            });
        }
    }
    figures
}

#[cfg(test)]
mod tests {
    use super::*;

    fn total(figures: &[Figure]) -> (f64, f64) {
        figures.iter().fold((0.0, 0.0), |(numerator, denominator), one| {
            (numerator + one.numerator, denominator + one.denominator.unwrap_or(0.0))
        })
    }

    #[test]
    fn the_audit_has_the_published_totals() {
        assert_eq!(total(&niv_within_three_hours()), (66.0, 138.0));
        assert_eq!((100.0_f64 * 66.0 / 138.0).round(), 48.0);
        let (minutes, patients) = total(&niv_medical_review());
        assert_eq!((minutes / patients, patients), (101.0, 138.0));
        let (minutes, patients) = total(&niv_decision_to_mask());
        assert_eq!((minutes / patients, patients), (49.0, 138.0));
        for month in niv_within_three_hours() {
            assert!(month.numerator <= month.denominator.unwrap());
            assert!(month.site < AUDITED);
        }
    }

    #[test]
    fn the_reviewing_hospital_comes_down_by_a_tenth() {
        let figures = caesareans(3, false);
        let rate = |from: NaiveDate, until: NaiveDate| {
            let own: Vec<Figure> = figures
                .iter()
                .filter(|one| one.site == 2 && one.period >= from && one.period < until)
                .copied()
                .collect();
            let (sections, births) = total(&own);
            sections / births
        };
        let change = rate(month(2010, 11, 0), month(2012, 1, 0)) / rate(month(2009, 4, 0), month(2010, 11, 0));
        assert!((change - 0.9).abs() < 0.02, "{change}");
        let sites = |period| figures.iter().filter(|one| one.period == period).count();
        assert_eq!((sites(month(2011, 1, 0)), sites(month(2011, 3, 0))), (6, 12));
    }

    #[test]
    fn every_practice_has_figures() {
        let figures = country_of_birth();
        assert_eq!(figures.iter().map(|one| one.site).collect::<std::collections::BTreeSet<_>>().len(), PRACTICES);
        assert!(figures.iter().all(|one| one.numerator <= one.denominator.unwrap()));
    }
}
