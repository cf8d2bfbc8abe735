//! How an innovation spread and is to spread: counts by month, the curve where the counts carry one, and how the plan stands. It judges by the adoption engine alone.

use chrono::{Datelike, Months, NaiveDate};
use hiec_adoption::curves::{Advice, Forecast, Outlook, Target, advised, forecast, outlook};
use hiec_adoption::sites::{self, Tally, tallies};
use hiec_adoption::stages::History;
use hiec_charts::{SpreadChart, SpreadForecast};
use serde::{Deserialize, Serialize};

/// How confident a forecast's band is.
const CONFIDENCE: f64 = 0.95;
/// Months a forecast looks ahead where no plan asks for more, and at most.
const AHEAD: u32 = 12;
const FURTHEST: u32 = 120;

/// So many sites by a day.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct Planned {
    pub by: NaiveDate,
    pub sites: u32,
}

/// A planned number and how it stands.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct PlannedStands {
    pub by: NaiveDate,
    pub sites: u32,
    pub words: &'static str,
}

/// What is known of the spread.
#[derive(Clone, Debug)]
pub struct Spread {
    /// One a month, the last up to today.
    pub months: Vec<Tally>,
    pub eligible: u32,
    pub forecasts: Vec<(NaiveDate, Forecast)>,
    pub plan: Vec<PlannedStands>,
    /// What is said under the curve: that it is a curve with its doubts, or why there is none.
    pub words: String,
}

/// The last day of a day's month.
fn month_end(day: NaiveDate) -> NaiveDate {
    let first = day.with_day(1).unwrap_or(day);
    first.checked_add_months(Months::new(1)).and_then(|next| next.pred_opt()).unwrap_or(day)
}

fn month_number(day: NaiveDate) -> i64 {
    i64::from(day.year()) * 12 + i64::from(day.month0())
}

impl Spread {
    /// What these histories say up to `today`; months are counted from the one the innovation began in.
    pub fn of(histories: &[History], eligible: u32, plan: &[Planned], began_on: NaiveDate, today: NaiveDate) -> Self {
        let first_step = histories.iter().filter_map(|history| history.steps().next()).map(|step| step.on).min();
        let began = first_step.map_or(began_on, |first| first.min(began_on)).min(today);
        let mut ends: Vec<NaiveDate> = Vec::new();
        let mut end = month_end(began);
        while end < today {
            ends.push(end);
            let Some(next) = end.checked_add_days(chrono::Days::new(1)) else { break };
            end = month_end(next);
        }
        ends.push(today);
        let months = tallies(histories, &ends);
        let period = |day: NaiveDate| u32::try_from(month_number(day) - month_number(began) + 1).unwrap_or(0);
        // A month under way would look like one in which few adopted.
        let whole = if month_end(today) == today { months.len() } else { months.len() - 1 };
        let counts = match sites::spread(months.get(..whole).unwrap_or_default(), Some(eligible)) {
            Ok(counts) => counts,
            Err(reason) => {
                return Self {
                    months,
                    eligible,
                    forecasts: vec![],
                    plan: unknown(plan),
                    words: large(&reason.to_string()),
                };
            }
        };
        let (curve, words) = match advised(&counts) {
            Advice::Curve { bass, doubts } => {
                let doubts: Vec<String> =
                    doubts.iter().map(|doubt| format!(" {}.", large(&doubt.to_string()))).collect();
                let words = format!(
                    "The Bass curve fits the counts and is drawn on, with the band that holds the number in 95 of 100 such forecasts.{}",
                    doubts.concat()
                );
                (Some(bass), words)
            }
            Advice::StepsOnly { because } => {
                let because: Vec<String> = because.iter().map(ToString::to_string).collect();
                (
                    None,
                    format!(
                        "Shown as steps, without a curve or a forecast, because the counts do not carry one: {}.",
                        because.join("; ")
                    ),
                )
            }
        };
        let now = period(today);
        let adopted = months.last().map_or(0, |last| last.ever_adopted);
        let furthest = plan.iter().map(|one| period(one.by)).max().unwrap_or(0).max(now + AHEAD).min(now + FURTHEST);
        let ahead = curve.and_then(|curve| forecast(&counts, &curve, furthest, CONFIDENCE).ok()).unwrap_or_default();
        let targets: Vec<Target> = plan.iter().map(|one| Target { by: period(one.by), sites: one.sites }).collect();
        let stands = outlook(&counts, &ahead, &targets);
        let plan = plan
            .iter()
            .zip(stands)
            .map(|(one, stands)| {
                // A month is over only when its last day is: until then a number not reached is not missed.
                let words = match stands {
                    _ if adopted >= one.sites && one.by >= today => outlook_words(Outlook::Met),
                    Outlook::Missed if one.by >= today => outlook_words(Outlook::Unknown),
                    stands => outlook_words(stands),
                };
                PlannedStands { by: one.by, sites: one.sites, words }
            })
            .collect();
        let day_of = |t: u32| began.checked_add_months(Months::new(t.saturating_sub(1))).map_or(today, month_end);
        let forecasts = ahead.into_iter().map(|one| (day_of(one.t), one)).collect();
        Self { months, eligible, forecasts, plan, words }
    }

    /// Sites that ever adopted it, and that use it now.
    pub fn now(&self) -> (u32, u32) {
        self.months.last().map_or((0, 0), |last| (last.ever_adopted, last.in_use()))
    }

    /// In a sentence.
    pub fn sentence(&self) -> String {
        let (ever, in_use) = self.now();
        let kept = if ever == in_use {
            String::new()
        } else {
            format!(" {in_use} {} it now.", if in_use == 1 { "uses" } else { "use" })
        };
        format!(
            "{ever} of {} eligible {} adopted it.{kept}",
            self.eligible,
            if self.eligible == 1 { "site has" } else { "sites have" }
        )
    }

    /// The picture.
    pub fn chart(&self, name: &str, source: String) -> SpreadChart {
        let steps = |of: fn(&Tally) -> u32| self.months.iter().map(|month| (month.end, f64::from(of(month)))).collect();
        SpreadChart {
            id: "spread".into(),
            title: format!("Sites that adopted: {name}"),
            subtitle: format!("Of {} eligible sites, by month", self.eligible),
            reading: format!("{} {}", self.sentence(), self.words),
            unit: "sites".into(),
            adopted: steps(|month| month.ever_adopted),
            in_use: steps(Tally::in_use),
            plan: self.plan.iter().map(|one| (one.by, f64::from(one.sites))).collect(),
            forecast: self
                .forecasts
                .iter()
                .map(|(day, one)| SpreadForecast { day: *day, expected: one.expected, low: one.low, high: one.high })
                .collect(),
            eligible: f64::from(self.eligible),
            source,
        }
    }
}

fn unknown(plan: &[Planned]) -> Vec<PlannedStands> {
    let words = outlook_words(Outlook::Unknown);
    plan.iter().map(|one| PlannedStands { by: one.by, sites: one.sites, words }).collect()
}

fn outlook_words(outlook: Outlook) -> &'static str {
    match outlook {
        Outlook::Met => "Reached",
        Outlook::Missed => "Missed",
        Outlook::OnCourse => "On course: the whole forecast lies there or above",
        Outlook::OffCourse => "Off course: the whole forecast lies below",
        Outlook::Open => "Open: it lies within the forecast",
        Outlook::Unknown => "To come: the counts carry no forecast",
    }
}

fn large(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use hiec_adoption::stages::{Stage, Step};

    use super::*;

    fn day(year: i32, month: u32, nth: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, nth).unwrap()
    }

    fn adopted(on: NaiveDate) -> History {
        History::begin(Step { stage: Stage::Adopted, on, evidence: "A visit".into() }).unwrap()
    }

    #[test]
    fn twelve_sites_are_steps_and_it_says_so() {
        let histories: Vec<History> = (1..=8).map(|month| adopted(day(2010, month, 10))).collect();
        let plan = [Planned { by: day(2010, 9, 30), sites: 8 }, Planned { by: day(2011, 6, 30), sites: 12 }];
        let spread = Spread::of(&histories, 12, &plan, day(2010, 1, 1), day(2010, 12, 15));
        assert_eq!(spread.now(), (8, 8));
        assert_eq!(spread.months.len(), 12);
        assert!(spread.forecasts.is_empty());
        assert!(spread.words.contains("12 sites: step curve only"), "{}", spread.words);
        let words: Vec<&str> = spread.plan.iter().map(|one| one.words).collect();
        assert_eq!(words, ["Reached", "To come: the counts carry no forecast"]);
    }

    #[test]
    fn a_curve_that_has_passed_its_peak_is_drawn_on_and_judges_the_plan() {
        // New sites a month of a Bass curve with p = 0.02, q = 0.4 over 300 sites.
        let share = |t: f64| {
            let e = (-0.42 * t).exp();
            (1.0 - e) / (1.0 + 20.0 * e)
        };
        let mut histories = Vec::new();
        for month in 0..18_u32 {
            let new = (300.0 * (share(f64::from(month) + 1.0) - share(f64::from(month)))).round();
            let on = day(2010, 1, 10).checked_add_months(Months::new(month)).unwrap();
            (0..).map(f64::from).take_while(|at| *at < new).for_each(|_| histories.push(adopted(on)));
        }
        let (now, later) = (day(2011, 6, 30), day(2011, 12, 31));
        let plan = [Planned { by: later, sites: 295 }, Planned { by: later, sites: 350 }];
        let spread = Spread::of(&histories, 400, &plan, day(2010, 1, 1), now);
        assert!(!spread.forecasts.is_empty(), "{}", spread.words);
        assert_eq!(spread.forecasts.first().unwrap().0, day(2011, 7, 31));
        assert!(spread.plan[1].words.starts_with("Off course"), "{:?}", spread.plan);
    }

    #[test]
    fn a_number_not_reached_is_not_missed_before_its_day() {
        let spread =
            Spread::of(&[], 6, &[Planned { by: day(2010, 3, 31), sites: 6 }], day(2010, 1, 1), day(2010, 3, 15));
        assert_eq!(spread.plan[0].words, "To come: the counts carry no forecast");
        assert_eq!(spread.sentence(), "0 of 6 eligible sites have adopted it.");
    }
}
