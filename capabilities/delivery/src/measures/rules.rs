//! What a measure is, and whether a figure can be one of it; it knows no web and no SQL.

use std::ops::RangeInclusive;

use chrono::NaiveDate;
use hiec_charts::Unit;
use hiec_compare::suppression::Rule;
use hiec_kernel::closed_list;
use hiec_spc::limits::Kind;
use hiec_spc::xmr::{self, Direction};
use serde::{Deserialize, Serialize};

use super::packed::Observation;
use super::periods::PeriodKind;
use super::sight::Level;

closed_list! {
    /// How a value is made of what is counted.
    MeasureKind {
        Proportion = "proportion", "Part of a whole, in per cent";
        Rate = "rate", "Events for so many";
        Average = "average", "Average: a total over cases";
        Count = "count", "Count";
    }
}

closed_list! {
    /// Which way is better.
    Aim {
        Up = "up", "Higher is better";
        Down = "down", "Lower is better";
        Neither = "neither", "Neither";
    }
}

impl Aim {
    pub fn direction(self) -> Direction {
        match self {
            Self::Up => Direction::Increase,
            Self::Down => Direction::Decrease,
            Self::Neither => Direction::Neutral,
        }
    }
}

closed_list! {
    /// How a series is drawn.
    ChartKind {
        Control = "xmr", "XmR chart, with limits and rules: fits most measures";
        Run = "run", "Run chart, the median alone";
        P = "p", "P chart: a part of a whole, limits by how many cases there are";
        PPrime = "pp", "P′ chart: as P, for many cases (hundreds and more) that vary for other reasons too";
        U = "u", "U chart: events for so many, limits by how many there are";
        UPrime = "up", "U′ chart: as U, for large numbers that vary for other reasons too";
        C = "c", "C chart: counts of rare events, the same chance each period";
        IPrime = "ip", "I′ chart: averages, limits by how many cases there are";
    }
}

impl ChartKind {
    /// As the engine names it, where limits come from what is counted.
    pub fn of_counts(self) -> Option<Kind> {
        match self {
            Self::Control | Self::Run => None,
            Self::P => Some(Kind::Proportions),
            Self::PPrime => Some(Kind::ProportionsPrime),
            Self::U => Some(Kind::Rates),
            Self::UPrime => Some(Kind::RatesPrime),
            Self::C => Some(Kind::Counts),
            Self::IPrime => Some(Kind::IndividualsPrime),
        }
    }

    /// Whether it can be drawn of values of this kind.
    pub fn fits(self, kind: MeasureKind) -> bool {
        match self {
            Self::Control | Self::Run => true,
            Self::P | Self::PPrime => kind == MeasureKind::Proportion,
            Self::U | Self::UPrime => kind == MeasureKind::Rate,
            Self::C => kind == MeasureKind::Count,
            Self::IPrime => kind == MeasureKind::Average,
        }
    }

    /// Whether it has limits, once there are enough values.
    pub fn has_limits(self) -> bool {
        self != Self::Run
    }
}

closed_list! {
    /// Which counts are too small to be shown to others.
    SmallNumbers {
        Hospital = "hospital", "Counts from 1 to 7 are hidden, all others rounded to the nearest 5 (as hospital statistics are)";
        Unsuppressed = "none", "None: the figures are about nobody, or published elsewhere already";
    }
}

impl SmallNumbers {
    pub fn rule(self) -> Rule {
        match self {
            Self::Hospital => Rule::HOSPITAL,
            Self::Unsuppressed => Rule { hide_below: 0, hide_rows_below: 0, round_to: 0, values_left: None },
        }
    }
}

/// A measure's definition.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Definition {
    pub title: String,
    /// What is counted, in words.
    pub numerator: String,
    /// Out of what; empty for a count.
    pub denominator: String,
    pub kind: MeasureKind,
    /// A rate is for so many.
    pub per: u32,
    /// What values are counted in, such as minutes; may be empty, and is for per cent.
    pub unit: String,
    pub aim: Aim,
    pub chart: ChartKind,
    /// As the values are written: 95 for 95%.
    pub target: Option<f64>,
    pub period: PeriodKind,
    /// Who answers for the definition.
    pub owner: String,
    /// Where the figures come from, with licence and mark.
    pub source: String,
    pub small_numbers: SmallNumbers,
    /// What sites agreed on sharing, in words.
    pub sharing_terms: String,
    /// What peers see of a site that has not chosen.
    pub sharing: Level,
    /// Whether everybody sees what peers see.
    pub is_public: bool,
    pub review_on: NaiveDate,
    /// Days after a period's end by which its figures are due.
    pub due_days: u32,
    /// The last period that is counted, for an audit that ends.
    #[serde(default)]
    pub last_period: Option<NaiveDate>,
}

/// The largest figure taken.
pub const LARGEST: f64 = 1e12;

impl Definition {
    /// The value of a figure; nothing where there is no case to speak of.
    pub fn value(&self, numerator: f64, denominator: Option<f64>) -> Option<f64> {
        let over = |factor: f64| denominator.filter(|cases| *cases > 0.0).map(|cases| factor * numerator / cases);
        match self.kind {
            MeasureKind::Proportion => over(100.0),
            MeasureKind::Rate => over(f64::from(self.per)),
            MeasureKind::Average => over(1.0),
            MeasureKind::Count => Some(numerator),
        }
    }

    pub fn value_of(&self, one: &Observation) -> Option<f64> {
        self.value(one.numerator, one.denominator)
    }

    pub fn has_denominator(&self) -> bool {
        self.kind != MeasureKind::Count
    }

    /// How values are written.
    pub fn unit(&self) -> Unit {
        match (self.kind, self.unit.as_str()) {
            (MeasureKind::Proportion, _) => Unit::Percent,
            (_, "£") => Unit::Pounds,
            (_, "") => Unit::Plain,
            (_, unit) => Unit::Of(unit.to_owned()),
        }
    }

    /// `48%`, `101 minutes`.
    pub fn words(&self, value: f64) -> String {
        let decimals = match value.abs() {
            size if size >= 100.0 || size.fract() == 0.0 => 0,
            _ => 1,
        };
        self.unit().words(value, decimals)
    }

    /// How the engine is to judge a series of it.
    pub fn options(&self, rebases: Vec<NaiveDate>) -> xmr::Options {
        xmr::Options {
            direction: self.aim.direction(),
            target: self.target,
            rebases,
            unit: match self.kind {
                MeasureKind::Proportion => xmr::Unit::Percent,
                _ => xmr::Unit::Plain,
            },
            ..xmr::Options::default()
        }
    }

    /// The definition line by line, as versions are compared.
    pub fn lines(&self) -> String {
        let target = self.target.map_or_else(|| "none".to_owned(), |target| self.words(target));
        let lines = [
            ("Title", self.title.as_str()),
            ("Numerator", &self.numerator),
            ("Denominator", if self.denominator.is_empty() { "none" } else { &self.denominator }),
            ("Kind", self.kind.label()),
            (
                "For so many",
                &if self.kind == MeasureKind::Rate { self.per.to_string() } else { "does not apply".into() },
            ),
            ("Counted in", if self.unit.is_empty() { "just numbers" } else { &self.unit }),
            ("Direction", self.aim.label()),
            ("Chart", self.chart.label()),
            ("Target", &target),
            ("Period", self.period.how_often()),
            ("Owner", &self.owner),
            ("Source", &self.source),
            ("Small numbers", self.small_numbers.label()),
            ("Sharing terms", &self.sharing_terms),
            ("Peers see, unless a site chooses otherwise", self.sharing.label()),
            ("Public", if self.is_public { "yes" } else { "no" }),
            ("Review on", &self.review_on.to_string()),
            (
                "Last period",
                &self.last_period.map_or_else(|| "none: it goes on".to_owned(), |last| self.period.name(last)),
            ),
            ("Figures due", &format!("{} days after the period", self.due_days)),
        ];
        lines.iter().map(|(name, words)| format!("{name}: {words}\n")).collect()
    }

    /// What is wrong with a figure, if anything: in words, with what to do.
    pub fn faults(
        &self,
        period: NaiveDate,
        numerator: f64,
        denominator: Option<f64>,
        today: NaiveDate,
    ) -> Option<(Part, String)> {
        let name = |part: Part| match part {
            Part::Denominator => "denominator",
            Part::Numerator if self.kind == MeasureKind::Count => "count",
            Part::Numerator => "numerator",
            Part::Period => "period",
        };
        if self.period.next(period) > today {
            let when = self.period.name(period);
            return Some((
                Part::Period,
                format!("{when} has not ended yet. Enter it once it is over, or correct the period."),
            ));
        }
        for (part, figure) in [(Part::Numerator, Some(numerator)), (Part::Denominator, denominator)] {
            let Some(figure) = figure else { continue };
            if !figure.is_finite() || figure.abs() > LARGEST {
                return Some((
                    part,
                    format!("The {} is no figure we can take. Enter a number up to 1,000,000,000,000.", name(part)),
                ));
            }
            if figure < 0.0 {
                return Some((part, format!("The {} is {figure}, and cannot be below 0. Correct it.", name(part))));
            }
            let is_counted = match part {
                Part::Numerator => matches!(self.kind, MeasureKind::Proportion | MeasureKind::Count),
                _ => self.kind == MeasureKind::Proportion,
            };
            if is_counted && figure.fract() != 0.0 {
                return Some((
                    part,
                    format!("The {} is {figure}, and must be a whole number. Correct it.", name(part)),
                ));
            }
        }
        match (self.has_denominator(), denominator) {
            (true, None) => {
                Some((Part::Denominator, format!("The denominator is missing ({}). Enter it.", self.denominator)))
            }
            (false, Some(_)) => {
                Some((Part::Denominator, "This measure is a count and has no denominator. Leave it empty.".into()))
            }
            (true, Some(whole)) if self.kind == MeasureKind::Proportion && numerator > whole => Some((
                Part::Numerator,
                format!("The numerator ({numerator}) is more than the denominator ({whole}). Check which is which."),
            )),
            (true, Some(cases)) if cases == 0.0 && numerator > 0.0 => Some((
                Part::Denominator,
                format!("There is a numerator ({numerator}) without any cases. Correct the denominator."),
            )),
            _ => None,
        }
    }
}

/// Which part of a figure something is said of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Part {
    Period,
    Numerator,
    Denominator,
}

/// Fewer figures than this have no limits to hold a new one against.
pub const ENOUGH_FOR_A_JUMP: usize = 12;

/// Between which values a new one is expected, by the limits of those before it: outside, it is kept only once somebody confirms it.
/// Nothing where those before are too few or do not vary.
pub fn usual(earlier: &[f64]) -> Option<RangeInclusive<f64>> {
    if earlier.len() < ENOUGH_FOR_A_JUMP {
        return None;
    }
    let first = NaiveDate::default();
    let rows: Vec<xmr::Observation> =
        first.iter_days().zip(earlier).map(|(day, value)| xmr::Observation::new(day, *value)).collect();
    let chart = xmr::Chart::draw(&rows, &xmr::Options::default()).ok()?;
    let limits = chart.groups.last()?.spread.limits()?;
    Some(limits.lower..=limits.upper)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn proportion() -> Definition {
        Definition {
            title: "On NIV within three hours".into(),
            numerator: "Patients on non-invasive ventilation within three hours of arrival".into(),
            denominator: "Patients treated with non-invasive ventilation".into(),
            kind: MeasureKind::Proportion,
            per: 1,
            unit: String::new(),
            aim: Aim::Up,
            chart: ChartKind::Control,
            target: Some(80.0),
            period: PeriodKind::Month,
            owner: "The COPD pathway".into(),
            source: "Audit forms".into(),
            small_numbers: SmallNumbers::Hospital,
            sharing_terms: "Seven sites see each other's figures".into(),
            sharing: Level::Named,
            is_public: false,
            review_on: day("2011-03-31"),
            due_days: 30,
            last_period: None,
        }
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_figure_is_held_against_its_definition() {
        let measure = proportion();
        let today = day("2010-07-01");
        let fault = |period: &str, numerator: f64, denominator: Option<f64>| {
            measure.faults(day(period), numerator, denominator, today).map(|(part, _)| part)
        };
        assert_eq!(fault("2010-06-01", 66.0, Some(138.0)), None);
        assert_eq!(fault("2010-06-01", 0.0, Some(0.0)), None, "a month without patients");
        assert_eq!(fault("2010-07-01", 1.0, Some(2.0)), Some(Part::Period));
        assert_eq!(fault("2010-06-01", 139.0, Some(138.0)), Some(Part::Numerator));
        assert_eq!(fault("2010-06-01", -1.0, Some(138.0)), Some(Part::Numerator));
        assert_eq!(fault("2010-06-01", 1.5, Some(138.0)), Some(Part::Numerator));
        assert_eq!(fault("2010-06-01", f64::NAN, Some(138.0)), Some(Part::Numerator));
        assert_eq!(fault("2010-06-01", 1.0, None), Some(Part::Denominator));
        let minutes = Definition { kind: MeasureKind::Average, ..measure };
        assert_eq!(
            minutes.faults(day("2010-06-01"), 3.0, Some(0.0), today).map(|(part, _)| part),
            Some(Part::Denominator)
        );
        assert_eq!(minutes.faults(day("2010-06-01"), 13_938.5, Some(138.0), today), None);
        assert_eq!(minutes.value(13_938.0, Some(138.0)), Some(101.0));
    }

    #[test]
    fn a_value_outside_the_limits_of_the_others_is_a_jump() {
        let earlier: Vec<f64> = (0..24).map(|at| 50.0 + f64::from(at % 5)).collect();
        let usual_here = usual(&earlier).unwrap();
        assert!(usual_here.contains(&54.0));
        assert!(!usual_here.contains(&500.0));
        assert_eq!(usual(&earlier[..11]), None, "too few to hold it against");
        assert_eq!(usual(&[50.0; 24]), None, "where nothing varies there are no limits");
    }
}
