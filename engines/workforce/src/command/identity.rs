//! What makes two runs the same: a hash over every input and the engine's version; it must never depend on how the text was laid out.

use sha2::{Digest, Sha256};

use crate::amount::Uncertain;
use crate::model::{AgeStep, DemandLevel, Model};
use crate::run::VERSION;
use crate::what_if::Change;

/// SHA-256, in hex, over the model as it was understood and the engine's version. The same model, however it is spaced and in
/// whatever order its fields stand, has the same hash; reasons (`why`) are part of it.
pub fn sha256(model: &Model) -> String {
    let mut hash = Hashed(Sha256::new());
    hash.text(VERSION).text(&model.name);
    hash.number(model.first_year).count(model.years);
    hash.0.update(model.seed.to_be_bytes());
    hash.number(model.draws).number(model.band);
    hash.count(model.stages.len());
    for stage in &model.stages {
        hash.text(&stage.name).number(stage.years).text(stage.from.as_deref().unwrap_or_default());
        hash.numbers(&stage.posts).uncertain(&stage.fill).uncertain(&stage.attrition).uncertain(&stage.wte);
        hash.numbers(&stage.in_training).number(stage.just_finished.unwrap_or(-1));
    }
    hash.count(model.specialties.len());
    for specialty in &model.specialties {
        hash.text(&specialty.name).text(&specialty.profession).count(specialty.trained_by.len());
        for stage in &specialty.trained_by {
            hash.text(stage);
        }
        hash.number(specialty.joins_at).count(specialty.in_post.len());
        for band in &specialty.in_post {
            hash.number(band.from).number(band.to).number(band.people);
        }
        hash.steps(&specialty.retirement).steps(&specialty.leaving).steps(&specialty.participation);
        hash.uncertain(&specialty.joiners).number(specialty.joiners_age).count(specialty.demand.len());
        for demand in &specialty.demand {
            hash.text(&demand.name);
            match &demand.level {
                DemandLevel::Growing { fte, growth } => hash.text("growing").uncertain(fte).uncertain(growth),
                DemandLevel::ByYear(levels) => {
                    hash.text("by_year").count(levels.len());
                    levels.iter().fold(&mut hash, Hashed::uncertain)
                }
            };
        }
    }
    hash.count(model.what_if.len());
    for change in &model.what_if {
        match change {
            Change::Move { posts, from, to, year } => {
                hash.text("move").number(*posts).text(&from.0).text(&to.0).number(*year)
            }
            Change::Add { posts, to, year } => hash.text("add").number(*posts).text(&to.0).number(*year),
        };
    }
    hex::encode(hash.0.finalize())
}

/// Texts go in with their length before them, numbers as eight bytes, so that no two models run together.
struct Hashed(Sha256);

impl Hashed {
    fn text(&mut self, text: &str) -> &mut Self {
        self.count(text.len());
        self.0.update(text.as_bytes());
        self
    }

    fn number(&mut self, number: impl Into<i64>) -> &mut Self {
        self.0.update(number.into().to_be_bytes());
        self
    }

    fn count(&mut self, count: usize) -> &mut Self {
        self.number(i64::try_from(count).unwrap_or(i64::MAX))
    }

    fn numbers(&mut self, numbers: &[i64]) -> &mut Self {
        self.count(numbers.len());
        numbers.iter().fold(self, |hash, number| hash.number(*number))
    }

    fn uncertain(&mut self, number: &Uncertain) -> &mut Self {
        self.number(number.low)
            .number(number.central)
            .number(number.high)
            .text(number.why.as_deref().unwrap_or_default())
    }

    fn steps(&mut self, steps: &[AgeStep]) -> &mut Self {
        self.count(steps.len());
        steps.iter().fold(self, |hash, step| hash.number(step.age).uncertain(&step.rate))
    }
}
