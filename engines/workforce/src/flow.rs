//! One walk through the years at one draw; it must never move anybody without counting both ends.

use crate::ages::{self, ByAge};
use crate::draw::Draw;
use crate::model::Model;
use crate::setting::{SpecialtySetting, StageSetting};
use crate::stage::Training;

/// A walk: every year as it stands once its starters have come, and what its course took and brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flow {
    pub years: Vec<Year>,
}

/// A year. Headcounts are taken once its starters, and those who have just finished their training, are in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Year {
    pub year: i32,
    pub stages: Vec<StageYear>,
    pub specialties: Vec<SpecialtyYear>,
    /// Everybody in training or in post.
    pub everybody: i64,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StageYear {
    pub posts: i64,
    pub starters: i64,
    /// Of the starters, those from outside the model.
    pub from_outside: i64,
    pub in_training: i64,
    /// Of those who finished the year before: who found no post and trained for no specialty, and so left.
    pub without_post: i64,
    /// Left training in the course of the year.
    pub lost: i64,
    /// Finish as the year ends.
    pub finishing: i64,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SpecialtyYear {
    /// Joined from training as the year began.
    pub completions: i64,
    pub headcount: i64,
    pub fte: i64,
    /// By scenario.
    pub demand: Vec<i64>,
    /// In the course of the year, or as it ends.
    pub leaving: i64,
    pub retiring: i64,
    pub joiners: i64,
}

impl SpecialtyYear {
    /// Who is there when the year is over; with those who finish their training then, the next year's headcount.
    pub fn at_year_end(&self) -> i64 {
        self.headcount + self.joiners - self.leaving - self.retiring
    }

    /// What is missing from each scenario's demand; less than nought where there is more than that.
    pub fn gaps(&self) -> impl Iterator<Item = i64> {
        self.demand.iter().map(|demand| demand - self.fte)
    }
}

/// Where everybody is.
struct Walk<'a> {
    model: &'a Model,
    stages: Vec<(StageSetting, Training)>,
    specialties: Vec<(SpecialtySetting, ByAge)>,
    /// Who has just finished, by stage.
    finished: Vec<i64>,
    /// Which stages start from each stage's finishers.
    next: Vec<Vec<usize>>,
    /// The specialty each stage trains for.
    trains: Vec<Option<usize>>,
}

/// Walks a model that has been checked through its years.
pub(crate) fn walk(model: &Model, draw: Draw) -> Flow {
    let mut walk = Walk::begin(model, draw);
    let years = (0..model.years).map(|year| {
        let mut now = walk.open(year);
        walk.close(&mut now);
        now
    });
    Flow { years: years.collect() }
}

impl<'a> Walk<'a> {
    fn begin(model: &'a Model, draw: Draw) -> Self {
        let place = |name: &str| model.stage(name);
        let mut next = vec![Vec::new(); model.stages.len()];
        for (at, stage) in model.stages.iter().enumerate() {
            if let Some(list) = stage.from.as_deref().and_then(place).and_then(|from| next.get_mut(from)) {
                list.push(at);
            }
        }
        let stages: Vec<(StageSetting, Training)> = model
            .stages
            .iter()
            .map(|stage| {
                let setting = StageSetting::of(stage, draw);
                let training = Training::new(stage.years, setting.wte, &stage.in_training);
                (setting, training)
            })
            .collect();
        let finished: Vec<i64> = model
            .stages
            .iter()
            .zip(&next)
            .map(|(stage, next)| {
                let asked = next.iter().map(|at| stages[*at].0.wanted(&model.stages[*at], 0)).sum();
                stage.just_finished.unwrap_or(asked)
            })
            .collect();
        let trains = model
            .stages
            .iter()
            .map(|stage| model.specialties.iter().position(|specialty| specialty.trained_by.contains(&stage.name)));
        let specialties = model
            .specialties
            .iter()
            .map(|specialty| (SpecialtySetting::of(specialty, model.years, draw), ages::spread(&specialty.in_post)));
        Self { model, finished, trains: trains.collect(), specialties: specialties.collect(), stages, next }
    }

    /// The year begins: finishers go on, starters come.
    fn open(&mut self, year: usize) -> Year {
        let mut stages = vec![StageYear::default(); self.stages.len()];
        let mut specialties = vec![SpecialtyYear::default(); self.specialties.len()];
        for (at, stage) in self.model.stages.iter().enumerate() {
            stages[at].posts = stage.posts_in(year);
            if stage.from.is_none() {
                stages[at].starters = self.wanted(at, year);
                stages[at].from_outside = stages[at].starters;
            }
        }
        for from in 0..self.stages.len() {
            let wanted: Vec<i64> = self.next[from].iter().map(|at| self.wanted(*at, year)).collect();
            let available = std::mem::take(&mut self.finished[from]);
            let placed = share_out(available, &wanted);
            for (at, people) in self.next[from].iter().zip(&placed) {
                stages[*at].starters = *people;
            }
            let over = available - placed.iter().sum::<i64>();
            match self.trains[from] {
                Some(to) => {
                    specialties[to].completions += over;
                    let joins_at = self.model.specialties[to].joins_at;
                    self.specialties[to].1[ages::place(joins_at)] += over;
                }
                None => stages[from].without_post = over,
            }
        }
        for (now, (_, training)) in stages.iter_mut().zip(&mut self.stages) {
            training.start(now.starters);
            now.in_training = training.people();
        }
        for (now, (setting, people)) in specialties.iter_mut().zip(&self.specialties) {
            now.headcount = people.iter().sum();
            now.fte = ages::fte(people, &setting.participation);
            now.demand = setting.demand.iter().map(|level| level.get(year).copied().unwrap_or(0)).collect();
        }
        let everybody = stages.iter().map(|stage| stage.in_training).sum::<i64>()
            + specialties.iter().map(|specialty| specialty.headcount).sum::<i64>();
        let number = self.model.first_year.saturating_add(i32::try_from(year).unwrap_or(i32::MAX));
        Year { year: number, stages, specialties, everybody }
    }

    fn wanted(&self, at: usize, year: usize) -> i64 {
        self.stages[at].0.wanted(&self.model.stages[at], year)
    }

    /// The year ends: some leave, some finish, everybody in post grows older, others join.
    fn close(&mut self, now: &mut Year) {
        for (at, (setting, training)) in self.stages.iter_mut().enumerate() {
            let passed = training.pass(setting.attrition);
            now.stages[at].lost = passed.lost;
            now.stages[at].finishing = passed.finished;
            self.finished[at] = passed.finished;
        }
        for (at, (setting, people)) in self.specialties.iter_mut().enumerate() {
            let left = ages::pass(people, &setting.leaving, &setting.retiring);
            people[ages::place(self.model.specialties[at].joiners_age)] += setting.joiners;
            now.specialties[at].leaving = left.leaving;
            now.specialties[at].retiring = left.retiring;
            now.specialties[at].joiners = setting.joiners;
        }
    }
}

/// Gives each as many as it wants while there are enough, else in proportion; the few millionths that do not divide go to
/// the first ones, so that nobody is lost.
fn share_out(available: i64, wanted: &[i64]) -> Vec<i64> {
    let all: i64 = wanted.iter().sum();
    if all <= available {
        return wanted.to_vec();
    }
    let in_proportion =
        |want: &i64| i64::try_from(i128::from(available) * i128::from(*want) / i128::from(all.max(1))).unwrap_or(*want);
    let mut placed: Vec<i64> = wanted.iter().map(in_proportion).collect();
    let mut over = available - placed.iter().sum::<i64>();
    for (people, want) in placed.iter_mut().zip(wanted) {
        let more = over.min(want - *people).min(1);
        *people += more;
        over -= more;
    }
    placed
}

impl Flow {
    /// How far any year's headcount is from what the flows make of the year before: nought, or the engine is wrong.
    pub fn unaccounted(&self) -> i64 {
        let years = self.years.windows(2).map(|pair| match pair {
            [before, after] => {
                let came = before.specialties.iter().map(|each| each.joiners).sum::<i64>()
                    + after.stages.iter().map(|each| each.from_outside).sum::<i64>();
                let went = before.stages.iter().map(|each| each.lost).sum::<i64>()
                    + before.specialties.iter().map(|each| each.leaving + each.retiring).sum::<i64>()
                    + after.stages.iter().map(|each| each.without_post).sum::<i64>();
                (before.everybody + came - went - after.everybody).abs()
            }
            _ => 0,
        });
        years.max().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_few_are_shared_in_proportion_and_nobody_is_lost() {
        assert_eq!(share_out(10, &[4, 4]), [4, 4]);
        assert_eq!(share_out(10, &[10, 10, 10]), [4, 3, 3]);
        assert_eq!(share_out(0, &[10, 0]), [0, 0]);
        assert_eq!(share_out(7, &[]), [0_i64; 0]);
    }
}
