//! A model's inputs at one draw of its doubts; it must never draw one input twice.

use crate::ages::{ByAge, stepped};
use crate::amount::{MILLION, Uncertain, part};
use crate::draw::Draw;
use crate::model::{AgeStep, Demand, DemandLevel, Specialty, Stage};

/// What moves a stage.
#[derive(Debug, Clone)]
pub struct StageSetting {
    pub attrition: i64,
    pub wte: i64,
    fill: i64,
}

/// What moves a specialty.
#[derive(Debug, Clone)]
pub struct SpecialtySetting {
    pub leaving: ByAge,
    pub retiring: ByAge,
    pub participation: ByAge,
    pub joiners: i64,
    /// By scenario and year.
    pub demand: Vec<Vec<i64>>,
}

fn drawn(number: &Uncertain, draw: Draw, name: &[&str]) -> i64 {
    match draw.point(name) {
        Some(point) if !number.is_certain() => number.at(point),
        _ => number.central,
    }
}

impl StageSetting {
    pub fn of(stage: &Stage, draw: Draw) -> Self {
        let at = |number, what| drawn(number, draw, &["stage", &stage.name, what]);
        Self { attrition: at(&stage.attrition, "attrition"), wte: at(&stage.wte, "wte"), fill: at(&stage.fill, "fill") }
    }

    /// How many posts can be filled in a year, the first being 0.
    pub fn wanted(&self, stage: &Stage, year: usize) -> i64 {
        part(stage.posts_in(year), self.fill)
    }
}

impl Stage {
    /// Posts for starters in a year, the first being 0.
    pub fn posts_in(&self, year: usize) -> i64 {
        self.posts.get(year).or(self.posts.last()).copied().unwrap_or(0)
    }
}

impl SpecialtySetting {
    pub fn of(specialty: &Specialty, years: usize, draw: Draw) -> Self {
        // The steps of one list are in doubt together: where people retire late, they do so at every age.
        let by_age = |steps: &[AgeStep], what| {
            stepped(steps.iter().map(|step| (step.age, drawn(&step.rate, draw, &["specialty", &specialty.name, what]))))
        };
        Self {
            leaving: by_age(&specialty.leaving, "leaving"),
            retiring: by_age(&specialty.retirement, "retirement"),
            participation: by_age(&specialty.participation, "participation"),
            joiners: drawn(&specialty.joiners, draw, &["specialty", &specialty.name, "joiners"]),
            demand: specialty.demand.iter().map(|demand| needed(demand, specialty, years, draw)).collect(),
        }
    }
}

fn needed(demand: &Demand, specialty: &Specialty, years: usize, draw: Draw) -> Vec<i64> {
    let name = |what| ["specialty", specialty.name.as_str(), "demand", demand.name.as_str(), what];
    match &demand.level {
        DemandLevel::Growing { fte, growth } => {
            let growth = MILLION + drawn(growth, draw, &name("growth"));
            let first = drawn(fte, draw, &name("fte"));
            std::iter::successors(Some(first), |fte| {
                i64::try_from(i128::from(*fte) * i128::from(growth) / i128::from(MILLION)).ok()
            })
            .take(years)
            .collect()
        }
        DemandLevel::ByYear(levels) => {
            let last = levels.last();
            let level = |year| levels.get(year).or(last).map_or(0, |level| drawn(level, draw, &name("fte")));
            (0..years).map(level).collect()
        }
    }
}
