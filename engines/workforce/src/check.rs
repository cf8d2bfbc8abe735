//! What is wrong with a model, all of it at once; it must never let a number through that could overflow.

use std::collections::HashSet;

use crate::ages::{OLDEST, YOUNGEST};
use crate::amount::{MILLION, Uncertain};
use crate::model::{AgeStep, DemandLevel, Model, Specialty, Stage};

/// The most years that are shown.
pub const LONGEST: usize = 60;
/// The most draws.
pub const MOST_DRAWS: u32 = 10_000;
/// The most people a model may hold and take in over all its years: more is a slip of the keyboard.
pub const MOST_PEOPLE: i64 = 9_000_000;
/// How much a run may compute: draws × years × what moves in a year. About a minute of one core.
const MOST_WORK: u128 = 2_000_000_000;

impl Model {
    /// Everything that is wrong with the model, in words; nothing where it can be run.
    pub fn problems(&self) -> Vec<String> {
        let mut found = Problems(Vec::new());
        found.name("the model", &self.name);
        found.within("years", self.years, 1, LONGEST);
        found.within("first_year", self.first_year, 1900, 2200);
        if self.draws > MOST_DRAWS {
            found.say(format!("draws: at most {MOST_DRAWS}, not {}", self.draws));
        }
        if !(MILLION / 2..MILLION).contains(&self.band) {
            found.say("band: the share of draws a band covers, from 0.5 to below 1".to_owned());
        }
        if self.specialties.is_empty() {
            found.say("specialties: name at least one".to_owned());
        }
        found.apart("stages", self.stages.iter().map(|stage| stage.name.as_str()));
        found.apart("specialties", self.specialties.iter().map(|each| each.name.as_str()));
        for stage in &self.stages {
            found.stage(self, stage);
        }
        for specialty in &self.specialties {
            found.specialty(self, specialty);
        }
        found.chains(self);
        if found.0.is_empty() {
            found.size(self);
        }
        if found.0.is_empty()
            && let Err(problems) = self.changed()
        {
            found.0.extend(problems);
        }
        found.0
    }
}

struct Problems(Vec<String>);

impl Problems {
    fn say(&mut self, problem: String) {
        self.0.push(problem);
    }

    fn name(&mut self, place: &str, name: &str) {
        if name.trim().is_empty() {
            self.say(format!("{place}: give it a name"));
        }
    }

    fn within<N: PartialOrd + std::fmt::Display>(&mut self, place: &str, number: N, least: N, most: N) {
        if number < least || number > most {
            self.say(format!("{place}: from {least} to {most}, not {number}"));
        }
    }

    fn apart<'a>(&mut self, place: &str, names: impl Iterator<Item = &'a str>) {
        let mut seen = HashSet::new();
        for name in names {
            if !seen.insert(name) {
                self.say(format!("{place}: two are called {name}; call them apart"));
            }
        }
    }

    fn between(&mut self, place: &str, number: &Uncertain, least: i64, most: i64, words: &str) {
        if number.low > number.central || number.central > number.high {
            self.say(format!("{place}: low, central and high must be in order"));
        } else if number.low < least || number.high > most {
            self.say(format!("{place}: {words}"));
        }
    }

    fn share(&mut self, place: &str, number: &Uncertain) {
        self.between(place, number, 0, MILLION, "it must be a share from 0 to 1: write 0.2 for 20%");
    }

    fn people(&mut self, place: &str, people: i64) {
        if !(0..=MOST_PEOPLE * MILLION).contains(&people) {
            self.say(format!("{place}: from 0 to {MOST_PEOPLE} people"));
        }
    }

    fn stage(&mut self, model: &Model, stage: &Stage) {
        let place = |what: &str| format!("stage {}, {what}", stage.name);
        self.name("a stage", &stage.name);
        self.within(&place("years"), stage.years, 1, 20);
        self.share(&place("attrition"), &stage.attrition);
        self.share(&place("fill"), &stage.fill);
        self.between(&place("wte"), &stage.wte, MILLION / 10, MILLION, "a share of full time from 0.1 to 1");
        if stage.posts.len() > model.years {
            self.say(format!("{}: {} years, but the model has {}", place("posts"), stage.posts.len(), model.years));
        }
        for posts in &stage.posts {
            self.people(&place("posts"), *posts);
        }
        for people in stage.in_training.iter().chain(&stage.just_finished) {
            self.people(&place("in_training"), *people);
        }
        if stage.in_training.len() > usize::try_from(stage.years).unwrap_or(0) {
            let listed = stage.in_training.len();
            self.say(format!(
                "{}: {listed} years of training, but the stage has {}",
                place("in_training"),
                stage.years
            ));
        }
        if let Some(from) = stage.from.as_ref().filter(|from| model.stage(from).is_none()) {
            self.say(format!("{}: there is no stage {from}", place("from")));
        }
    }

    fn specialty(&mut self, model: &Model, specialty: &Specialty) {
        let place = |what: &str| format!("specialty {}, {what}", specialty.name);
        self.name("a specialty", &specialty.name);
        for stage in &specialty.trained_by {
            if model.stage(stage).is_none() {
                self.say(format!("{}: there is no stage {stage}", place("trained_by")));
            }
            let others = model.specialties.iter().filter(|each| each.trained_by.contains(stage));
            if let Some(other) = others.filter(|other| other.name < specialty.name).min_by_key(|other| &other.name) {
                let words = "a stage trains for one; split it in two";
                self.say(format!("{}: {stage} trains for {} already; {words}", place("trained_by"), other.name));
            }
        }
        self.age(&place("joins_at"), specialty.joins_at);
        self.age(&place("joiners, age"), specialty.joiners_age);
        for band in &specialty.in_post {
            self.age(&place("in_post"), band.from);
            self.age(&place("in_post"), band.to);
            self.people(&place("in_post"), band.people);
            if band.from > band.to {
                self.say(format!(
                    "{}: ages from {} to {} are in the wrong order",
                    place("in_post"),
                    band.from,
                    band.to
                ));
            }
        }
        self.steps(&place("retirement"), &specialty.retirement);
        self.steps(&place("leaving"), &specialty.leaving);
        self.steps(&place("participation"), &specialty.participation);
        if specialty.participation.is_empty() {
            self.say(format!("{}: say how much of full time a head works, such as 0.85", place("participation")));
        }
        let most = MOST_PEOPLE * MILLION;
        self.between(&place("joiners"), &specialty.joiners, 0, most, "people a year, not fewer than nought");
        for demand in &specialty.demand {
            let name = format!("demand {}", demand.name);
            let words = "whole-time equivalents, not fewer than nought";
            match &demand.level {
                DemandLevel::Growing { fte, growth } => {
                    self.between(&place(&name), fte, 0, most, words);
                    let fifth = MILLION / 5;
                    self.between(&place(&name), growth, -fifth, fifth, "growth is from -0.2 to 0.2 a year");
                }
                DemandLevel::ByYear(levels) => {
                    if levels.is_empty() || levels.len() > model.years {
                        self.say(format!("{}: give from 1 to {} years", place(&name), model.years));
                    }
                    for level in levels {
                        self.between(&place(&name), level, 0, most, words);
                    }
                }
            }
        }
        self.apart(&place("demand"), specialty.demand.iter().map(|demand| demand.name.as_str()));
        self.last_age(specialty);
    }

    /// Somebody who reaches the oldest age has retired: the model must say when that is, or they would vanish unsaid.
    fn last_age(&mut self, specialty: &Specialty) {
        let ends = specialty.retirement.last().is_some_and(|step| step.rate.low == MILLION);
        if !ends {
            self.say(format!(
                "specialty {}, retirement: say by what age everybody has retired, such as {{\"age\": 75, \"rate\": 1}} at the end",
                specialty.name
            ));
        } else if let Some(last) = specialty.retirement.last() {
            let oldest = specialty.in_post.iter().map(|band| band.to).max().unwrap_or(0);
            if oldest >= last.age {
                let (name, age) = (&specialty.name, last.age);
                self.say(format!(
                    "specialty {name}, in_post: people of {oldest}, though everybody has retired by {age}"
                ));
            }
        }
    }

    fn age(&mut self, place: &str, age: u32) {
        self.within(place, age, YOUNGEST, OLDEST - 1);
    }

    fn steps(&mut self, place: &str, steps: &[AgeStep]) {
        for step in steps {
            // A rate for all ages begins at nought.
            if step.age != 0 {
                self.within(&format!("{place}, age"), step.age, YOUNGEST, OLDEST);
            }
            self.share(place, &step.rate);
        }
        if steps.windows(2).any(|pair| matches!(pair, [one, next] if one.age >= next.age)) {
            self.say(format!("{place}: put the ages in order, each once"));
        }
    }

    fn chains(&mut self, model: &Model) {
        for stage in &model.stages {
            let mut at = stage.from.as_deref();
            let mut steps = 0;
            while let Some(from) = at {
                if from == stage.name {
                    self.say(format!(
                        "stage {}, from: it would start from its own finishers; stages may not go in a circle",
                        stage.name
                    ));
                    break;
                }
                steps += 1;
                if steps > model.stages.len() {
                    break;
                }
                at = model.stage(from).and_then(|place| model.stages[place].from.as_deref());
            }
        }
    }

    fn size(&mut self, model: &Model) {
        let years = i128::try_from(model.years).unwrap_or(i128::MAX);
        let mut people = 0_i128;
        let mut moving = 0_u128;
        for stage in &model.stages {
            let posts: i128 = (0..model.years).map(|year| i128::from(stage.posts_in(year))).sum();
            let there: i128 = stage.in_training.iter().map(|people| i128::from(*people)).sum();
            people += posts + there + i128::from(stage.just_finished.unwrap_or(0));
            moving += 4 + u128::from(stage.years) * u128::try_from(MILLION / stage.wte.low.max(1)).unwrap_or(10);
        }
        for specialty in &model.specialties {
            people += specialty.in_post.iter().map(|band| i128::from(band.people)).sum::<i128>();
            people += i128::from(specialty.joiners.high) * years;
            moving += 150;
        }
        if people > i128::from(MOST_PEOPLE) * i128::from(MILLION) {
            self.say(format!("the model holds and takes in more than {MOST_PEOPLE} people over its years"));
        }
        let changed = if model.what_if.is_empty() { 1 } else { 2 };
        let work = moving * u128::try_from(model.years).unwrap_or(1) * u128::from(model.draws + 1) * changed;
        if work > MOST_WORK {
            let draws = u128::from(model.draws + 1) * MOST_WORK / work;
            self.say(format!("draws: {} of a model of this size would take too long; at most {draws}", model.draws));
        }
    }
}
