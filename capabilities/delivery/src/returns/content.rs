//! What a quarter's return says, whole: the form in which it is signed, stored, published and drawn. It is plain data and asks nobody.

use chrono::NaiveDate;
use hiec_charts::{Centre, ControlChart, Kind, Point, Unit, When};
use hiec_contracts::MoneyStanding;
use hiec_kernel::{Money, closed_list};
use hiec_spc::xmr::{Assurance, Direction, Variation};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::quarter::Quarter;
use crate::kpis::rules::{Better, Rag};

/// A return's figures and words.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Content {
    pub cluster_key: String,
    pub cluster: String,
    pub cluster_short: String,
    pub quarter: Quarter,
    pub from: NaiveDate,
    pub to: NaiveDate,
    /// Some of its figures were made up.
    pub is_illustrative: bool,
    /// The quarter in the director's words.
    pub summary: String,
    pub kpis: Vec<KpiLine>,
    pub money: MoneyLines,
    pub projects: Vec<ProjectLine>,
    pub risks: Vec<RiskLine>,
    pub breaches: Vec<BreachLine>,
}

/// One indicator of the contract.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct KpiLine {
    pub kpi: Uuid,
    pub name: String,
    pub measure: String,
    pub unit: String,
    pub better: Better,
    pub baseline: Option<f64>,
    pub target: f64,
    pub weight: i64,
    /// Over the quarter; nothing where there is no figure.
    pub value: Option<f64>,
    /// As people read them: `48%`. Empty where there is none.
    pub shown: String,
    pub baseline_shown: String,
    pub target_shown: String,
    /// What the value covers: `July to September 2010`.
    pub period: String,
    pub rag: Rag,
    /// The icon's key; nothing where there are too few points.
    pub variation: Option<String>,
    pub assurance: Option<String>,
    /// What the chart says of the last point, in words.
    pub trend: String,
    /// The chart in a sentence.
    pub reading: String,
    pub points: Vec<ChartPoint>,
    /// What the director or facilitator says to it.
    pub narrative: String,
    /// The page every number of this line is followed back from.
    pub path: String,
}

/// A point of an indicator's chart, with its lines.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ChartPoint {
    pub day: NaiveDate,
    pub value: Option<f64>,
    pub part: usize,
    pub centre: Option<f64>,
    pub lower: Option<f64>,
    pub upper: Option<f64>,
    pub kind: PointKind,
    pub why: String,
}

closed_list! {
    /// What a point says, as stored.
    PointKind {
        Common = "common", "Common cause";
        ImprovementHigh = "improvement_high", "Improvement, high";
        ImprovementLow = "improvement_low", "Improvement, low";
        ConcernHigh = "concern_high", "Concern, high";
        ConcernLow = "concern_low", "Concern, low";
        NeutralHigh = "neutral_high", "Special cause, high";
        NeutralLow = "neutral_low", "Special cause, low";
        Excluded = "excluded", "Left out";
    }
}

impl From<Kind> for PointKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Common => Self::Common,
            Kind::ImprovementHigh => Self::ImprovementHigh,
            Kind::ImprovementLow => Self::ImprovementLow,
            Kind::ConcernHigh => Self::ConcernHigh,
            Kind::ConcernLow => Self::ConcernLow,
            Kind::NeutralHigh => Self::NeutralHigh,
            Kind::NeutralLow => Self::NeutralLow,
            Kind::Excluded => Self::Excluded,
        }
    }
}

impl From<PointKind> for Kind {
    fn from(kind: PointKind) -> Self {
        match kind {
            PointKind::Common => Self::Common,
            PointKind::ImprovementHigh => Self::ImprovementHigh,
            PointKind::ImprovementLow => Self::ImprovementLow,
            PointKind::ConcernHigh => Self::ConcernHigh,
            PointKind::ConcernLow => Self::ConcernLow,
            PointKind::NeutralHigh => Self::NeutralHigh,
            PointKind::NeutralLow => Self::NeutralLow,
            PointKind::Excluded => Self::Excluded,
        }
    }
}

/// Money over the quarter and over the whole term; nothing where it may not be published.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct MoneyLines {
    pub quarter: Option<Sums>,
    pub term: Option<Sums>,
    pub path: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Sums {
    pub budget: Money,
    pub actual: Money,
    pub forecast: Money,
    pub committed: Money,
}

impl Sums {
    /// What tables call them, in their order.
    pub fn named(self) -> [(&'static str, Money); 4] {
        [
            ("Budget", self.budget),
            ("Actual", self.actual),
            ("Forecast", self.forecast),
            ("Committed by partners", self.committed),
        ]
    }
}

impl From<MoneyStanding> for Sums {
    fn from(money: MoneyStanding) -> Self {
        Self { budget: money.budget, actual: money.actual, forecast: money.forecast, committed: money.committed }
    }
}

/// A project with what it promised by when.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ProjectLine {
    pub name: String,
    pub pathway: String,
    pub status: String,
    pub reason: String,
    /// Those that lie in the quarter, or were due before and are not met.
    pub milestones: Vec<MilestoneLine>,
    pub path: String,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct MilestoneLine {
    pub name: String,
    pub due: NaiveDate,
    /// `Met on 4 August 2010`, `Due`, `12 days late`.
    pub stands: String,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RiskLine {
    pub title: String,
    pub before: u8,
    pub after: u8,
    pub owner: String,
    pub path: String,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct BreachLine {
    pub principle: String,
    pub why: String,
}

impl KpiLine {
    /// Takes every number away and says so.
    pub fn withhold(&mut self) {
        self.value = None;
        self.baseline = None;
        self.shown = String::new();
        self.baseline_shown = String::new();
        self.rag = Rag::NoFigure;
        self.variation = None;
        self.assurance = None;
        self.points = Vec::new();
        self.trend = "Not published: the figure leads back to no evidence".into();
        self.reading = String::new();
        self.narrative = String::new();
    }

    pub fn unit(&self) -> Unit {
        unit(&self.unit)
    }

    pub fn direction(&self) -> Direction {
        match self.better {
            Better::Higher => Direction::Increase,
            Better::Lower => Direction::Decrease,
        }
    }

    pub fn variation(&self) -> Option<Variation> {
        const ALL: [Variation; 7] = [
            Variation::CommonCause,
            Variation::ImprovementHigh,
            Variation::ImprovementLow,
            Variation::ConcernHigh,
            Variation::ConcernLow,
            Variation::NeutralHigh,
            Variation::NeutralLow,
        ];
        let key = self.variation.as_deref()?;
        ALL.into_iter().find(|one| one.key() == key)
    }

    pub fn assurance(&self) -> Option<Assurance> {
        let key = self.assurance.as_deref()?;
        [Assurance::Pass, Assurance::Fail, Assurance::Inconsistent].into_iter().find(|one| one.key() == key)
    }

    /// The chart as it stood, drawn from what was stored and from nothing else. Nothing where there is no point.
    pub fn chart(&self) -> Option<ControlChart> {
        self.points.iter().any(|point| point.value.is_some()).then(|| ControlChart {
            id: format!("kpi-{}", self.kpi.simple()),
            title: self.name.clone(),
            subtitle: format!("{}, {} {}", self.measure, self.better.label(), self.target_shown),
            reading: self.trend.clone(),
            summary: self.reading.clone(),
            unit: self.unit(),
            points: self.points.iter().map(ChartPoint::drawn).collect(),
            centre: Centre::Mean,
            target: Some(self.target),
            direction: self.direction(),
            events: Vec::new(),
            variation: self.variation(),
            assurance: self.assurance(),
            source: String::new(),
        })
    }
}

impl ChartPoint {
    pub fn of(point: &Point) -> Option<Self> {
        let When::Day(day) = point.when else {
            return None;
        };
        Some(Self {
            day,
            value: point.value,
            part: point.part,
            centre: point.centre,
            lower: point.lower,
            upper: point.upper,
            kind: point.kind.into(),
            why: point.why.clone(),
        })
    }

    fn drawn(&self) -> Point {
        Point {
            when: When::Day(self.day),
            value: self.value,
            part: self.part,
            centre: self.centre,
            lower: self.lower,
            upper: self.upper,
            kind: self.kind.into(),
            why: self.why.clone(),
        }
    }
}

impl MoneyLines {
    pub fn withhold(&mut self) {
        self.quarter = None;
        self.term = None;
    }
}

/// The unit as stored: `percent`, `share`, `pounds`, `plain`, or the name of what is counted.
pub fn unit(stored: &str) -> Unit {
    match stored {
        "percent" => Unit::Percent,
        "share" => Unit::Share,
        "pounds" => Unit::Pounds,
        "plain" | "" => Unit::Plain,
        name => Unit::Of(name.to_owned()),
    }
}

/// How a unit is stored.
pub fn stored_unit(unit: &Unit) -> String {
    match unit {
        Unit::Percent => "percent".into(),
        Unit::Share => "share".into(),
        Unit::Pounds => "pounds".into(),
        Unit::Plain => "plain".into(),
        Unit::Of(name) => name.clone(),
    }
}

/// A figure with its unit, with decimals a reader can use: none for large numbers, one for per cent and small ones.
pub fn figure(unit: &Unit, value: f64) -> String {
    let scaled = if *unit == Unit::Share { value * 100.0 } else { value };
    let is_whole = (scaled - scaled.round()).abs() < 1e-9;
    let decimals = match unit {
        _ if is_whole => 0,
        Unit::Pounds => 2,
        _ if scaled.abs() >= 1000.0 => 0,
        _ => 1,
    };
    unit.words(value, decimals)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A return in which one indicator of three met its target.
    pub(crate) fn sample() -> Content {
        let kpi = |nth: u128, name: &str, value: f64, rag: Rag, weight: i64| KpiLine {
            kpi: Uuid::from_u128(nth),
            name: name.into(),
            measure: format!("{name}, all sites"),
            unit: "percent".into(),
            better: Better::Higher,
            baseline: Some(40.0),
            target: 60.0,
            weight,
            value: Some(value),
            shown: figure(&Unit::Percent, value),
            baseline_shown: "40%".into(),
            target_shown: "60%".into(),
            period: "July to September 2010".into(),
            rag,
            variation: Some("common_cause".into()),
            assurance: Some("inconsistent".into()),
            trend: "The last point shows common cause variation.".into(),
            reading: "Twelve points.".into(),
            points: (1..=12)
                .map(|month| ChartPoint {
                    day: NaiveDate::from_ymd_opt(2010, month, 1).unwrap(),
                    value: Some(value + f64::from(month % 3)),
                    part: 0,
                    centre: Some(value + 1.0),
                    lower: Some(value - 9.5),
                    upper: Some(value + 9.5),
                    kind: PointKind::Common,
                    why: String::new(),
                })
                .collect(),
            narrative: format!("Words to {name}."),
            path: format!("/clusters/necles/measures/{nth}"),
        };
        let quarter = Quarter::parse("2010-Q2").unwrap();
        Content {
            cluster_key: "necles".into(),
            cluster: "North East London, North Central London and Essex HIEC".into(),
            cluster_short: "NECLES".into(),
            quarter,
            from: quarter.first_day(),
            to: quarter.last_day(),
            is_illustrative: true,
            summary: "The quarter in words.".into(),
            kpis: vec![
                kpi(1, "On NIV within three hours", 48.3, Rag::Red, 40),
                kpi(2, "Country of birth recorded", 66.5, Rag::Green, 40),
                kpi(3, "Reviewed every day", 52.75, Rag::Amber, 20),
            ],
            money: MoneyLines {
                quarter: Some(Sums {
                    budget: Money::pounds(275_000),
                    actual: Money::pounds(131_250),
                    forecast: Money::pounds(270_000),
                    committed: Money::pounds(40_000),
                }),
                term: Some(Sums { budget: Money::pounds(1_100_000), ..Sums::default() }),
                path: "/clusters/necles/money".into(),
            },
            projects: vec![ProjectLine {
                name: "Lung Improvement Pilots".into(),
                pathway: "COPD".into(),
                status: "On track".into(),
                reason: "All seven sites sent figures.".into(),
                milestones: vec![MilestoneLine {
                    name: "First shared report".into(),
                    due: NaiveDate::from_ymd_opt(2010, 9, 1).unwrap(),
                    stands: "Met on 30 August 2010".into(),
                }],
                path: "/clusters/necles/projects/1".into(),
            }],
            risks: vec![RiskLine {
                title: "A facilitator leaves".into(),
                before: 16,
                after: 8,
                owner: "Managing director".into(),
                path: "/clusters/necles/board".into(),
            }],
            breaches: vec![],
        }
    }

    #[test]
    fn content_comes_back_from_json_as_it_was() {
        let json = serde_json::to_string(&sample()).unwrap();
        assert_eq!(serde_json::from_str::<Content>(&json).unwrap(), sample());
        let mut other = sample();
        other.kpis[0].value = Some(48.4);
        let print = |content: &Content| hiec_kernel::Fingerprint::of(content).unwrap();
        assert_ne!(print(&sample()), print(&other));
    }

    #[test]
    fn a_chart_is_drawn_from_what_was_stored() {
        let chart = sample().kpis[0].chart().unwrap();
        assert_eq!((chart.points.len(), chart.target, chart.unit.clone()), (12, Some(60.0), Unit::Percent));
        assert_eq!(chart.variation, Some(Variation::CommonCause));
        let stored: Vec<ChartPoint> = chart.points.iter().filter_map(ChartPoint::of).collect();
        assert_eq!(stored, sample().kpis[0].points);
        let mut empty = sample();
        empty.kpis[0].points.clear();
        assert!(empty.kpis[0].chart().is_none());
    }

    #[test]
    fn every_kind_of_point_and_unit_comes_back() {
        for kind in PointKind::ALL {
            assert_eq!(PointKind::from(Kind::from(*kind)), *kind);
        }
        for one in [Unit::Plain, Unit::Percent, Unit::Share, Unit::Pounds, Unit::Of("minutes".into())] {
            assert_eq!(unit(&stored_unit(&one)), one);
        }
        assert_eq!(figure(&Unit::Percent, 48.34), "48.3%");
        assert_eq!(figure(&Unit::Share, 0.5), "50%");
        assert_eq!(figure(&Unit::Of("minutes".into()), 101.0), "101 minutes");
    }
}
