//! What a model says: stages of training, specialties with those in post, demand. It must never hold a rule.
//!
//! People and shares stand in millionths ([`crate::MILLION`]); years are calendar or academic years, by the one they begin in.

use crate::amount::{MILLION, Uncertain};
use crate::what_if::Change;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Model {
    pub name: String,
    pub first_year: i32,
    /// How many years are shown, the first with them.
    pub years: usize,
    pub seed: u64,
    /// How often the doubtful inputs are drawn; none gives no bands.
    pub draws: u32,
    /// The share of draws a band covers.
    pub band: i64,
    pub stages: Vec<Stage>,
    pub specialties: Vec<Specialty>,
    pub what_if: Vec<Change>,
}

/// A stage of training, such as foundation or higher training.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    pub name: String,
    /// How long it takes full time.
    pub years: u32,
    /// The stage whose finishers start here; without one, starters come from outside.
    pub from: Option<String>,
    /// Posts for starters in each year; the last number goes on.
    pub posts: Vec<i64>,
    /// The share of posts that can be filled.
    pub fill: Uncertain,
    /// The share that leaves in each year of training.
    pub attrition: Uncertain,
    /// Mean whole-time equivalent: at 0.8 three years take 3.75.
    pub wte: Uncertain,
    /// Those in training before the first year's starters come, by the year of training they are in during the first year.
    pub in_training: Vec<i64>,
    /// Those who have just finished as the first year begins; unset, as many as the next stages have posts.
    pub just_finished: Option<i64>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Specialty {
    pub name: String,
    pub profession: String,
    /// Stages whose finishers join it.
    pub trained_by: Vec<String>,
    /// The age at which they do.
    pub joins_at: u32,
    pub in_post: Vec<AgeBand>,
    /// The share of those reaching an age who retire as they do; each step holds until the next.
    pub retirement: Vec<AgeStep>,
    /// The share that leaves in a year for another reason.
    pub leaving: Vec<AgeStep>,
    /// How many join from elsewhere each year, and at what age.
    pub joiners: Uncertain,
    pub joiners_age: u32,
    /// Whole-time equivalent per head.
    pub participation: Vec<AgeStep>,
    /// Scenarios; the first is the one meant where only one is shown.
    pub demand: Vec<Demand>,
}

/// People of these ages, both ends with them, spread evenly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgeBand {
    pub from: u32,
    pub to: u32,
    pub people: i64,
}

/// From this age on, until the next step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgeStep {
    pub age: u32,
    pub rate: Uncertain,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Demand {
    pub name: String,
    pub level: DemandLevel,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DemandLevel {
    /// So many whole-time equivalents in the first year, growing by a share each year.
    Growing { fte: Uncertain, growth: Uncertain },
    /// So many in each year; the last number goes on.
    ByYear(Vec<Uncertain>),
}

impl Model {
    pub fn stage(&self, name: &str) -> Option<usize> {
        self.stages.iter().position(|stage| stage.name == name)
    }

    pub fn specialty(&self, name: &str) -> Option<&Specialty> {
        self.specialties.iter().find(|specialty| specialty.name == name)
    }

    /// The stages on the way into a specialty, from the first day of training on; of several ways, the first named.
    pub fn way_into(&self, specialty: &Specialty) -> Vec<&Stage> {
        let mut way = Vec::new();
        let mut at = specialty.trained_by.first().and_then(|name| self.stage(name));
        while let Some(stage) = at.and_then(|place| self.stages.get(place)) {
            way.insert(0, stage);
            if way.len() > self.stages.len() {
                return Vec::new();
            }
            at = stage.from.as_ref().and_then(|name| self.stage(name));
        }
        way
    }

    /// The first year in which a change made to a specialty's own training posts in this year can be seen among those in post;
    /// with several stages, the shortest.
    pub fn change_shows_in(&self, specialty: &Specialty, year: i32) -> Option<i32> {
        let stages = specialty.trained_by.iter().filter_map(|name| self.stages.get(self.stage(name)?));
        let takes = stages.map(|stage| i64::from(stage.years) * MILLION / stage.wte.central.max(1));
        i32::try_from(takes.min()?).ok().and_then(|takes| year.checked_add(takes))
    }
}
