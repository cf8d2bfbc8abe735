//! A run: the central walk, the draws around it, the what-ifs beside it; it must never show a band that was not drawn.

use crate::amount::MILLION;
use crate::draw::Draw;
use crate::flow::{Flow, walk};
use crate::model::Model;

/// Changes whenever a run of the same model would give another answer.
pub const VERSION: &str = "hiec-workforce 1";

/// What a run says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub base: Projection,
    pub changed: Option<Projection>,
    /// By specialty: what the what-ifs change.
    pub differences: Vec<Difference>,
    pub conservation: Conservation,
    /// What a reader should know about the inputs.
    pub notes: Vec<String>,
}

/// The central walk, with bands by specialty and year where inputs are in doubt and drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Projection {
    pub flow: Flow,
    pub bands: Option<Vec<Vec<Bands>>>,
}

/// Where so many of the draws lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Band {
    pub low: i64,
    pub median: i64,
    pub high: i64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bands {
    pub headcount: Band,
    pub fte: Band,
    /// By scenario.
    pub gaps: Vec<Band>,
}

/// What the what-ifs change in a specialty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The first year in which those in post are others, if it is one of the model's.
    pub shows_in: Option<i32>,
    /// Years from the first change until then.
    pub lag: Option<i32>,
    /// By year: whole-time equivalents more, or fewer.
    pub fte: Vec<i64>,
    pub headcount: Vec<i64>,
    /// Where the draws put the whole-time equivalents; both models are drawn with the same chances.
    pub fte_band: Option<Vec<Band>>,
}

/// The check that nobody was lost or invented, over every year of every walk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conservation {
    pub years_checked: u64,
    /// In millionths of a person.
    pub largest_difference: i64,
}

impl Conservation {
    pub fn holds(&self) -> bool {
        self.largest_difference == 0
    }

    fn check(&mut self, flow: &Flow) {
        self.years_checked += u64::try_from(flow.years.len().saturating_sub(1)).unwrap_or(0);
        self.largest_difference = self.largest_difference.max(flow.unaccounted());
    }
}

impl Model {
    /// Runs the model.
    ///
    /// # Errors
    /// Everything that is wrong with it, in words.
    pub fn run(&self) -> Result<Answer, Vec<String>> {
        let problems = self.problems();
        if !problems.is_empty() {
            return Err(problems);
        }
        let changed = if self.what_if.is_empty() { None } else { Some(self.changed()?) };
        let mut conservation = Conservation { years_checked: 0, largest_difference: 0 };
        let mut base = Drawn::new(self);
        let mut other = changed.as_ref().map(Drawn::new);
        let mut apart = Samples::new(self);
        let is_drawn = self.draws > 0 && self.is_in_doubt();
        for number in 0..=if is_drawn { self.draws } else { 0 } {
            let draw = if number == 0 { Draw::central() } else { Draw::numbered(self.seed, number) };
            let flow = walk(self, draw);
            conservation.check(&flow);
            if let Some((other, changed)) = other.as_mut().zip(changed.as_ref()) {
                let changed = walk(changed, draw);
                conservation.check(&changed);
                if number > 0 {
                    apart.add_difference(&flow, &changed);
                }
                other.take(number, changed);
            }
            base.take(number, flow);
        }
        let (base, changed) = (base.projection(self.band), other.map(|other| other.projection(self.band)));
        let differences = match &changed {
            Some(changed) => self.differences(&base, changed, is_drawn.then_some(apart)),
            None => Vec::new(),
        };
        Ok(Answer { base, changed, differences, conservation, notes: self.notes() })
    }

    /// Whether any input has a low and a high.
    pub fn is_in_doubt(&self) -> bool {
        use crate::model::DemandLevel;
        let stages = self.stages.iter().flat_map(|stage| [&stage.fill, &stage.attrition, &stage.wte]);
        let specialties = self.specialties.iter().flat_map(|specialty| {
            let steps = [&specialty.retirement, &specialty.leaving, &specialty.participation];
            let demand = specialty.demand.iter().flat_map(|demand| match &demand.level {
                DemandLevel::Growing { fte, growth } => vec![fte, growth],
                DemandLevel::ByYear(levels) => levels.iter().collect(),
            });
            steps.into_iter().flatten().map(|step| &step.rate).chain([&specialty.joiners]).chain(demand)
        });
        stages.chain(specialties).any(|number| !number.is_certain())
    }

    fn differences(&self, base: &Projection, changed: &Projection, apart: Option<Samples>) -> Vec<Difference> {
        let first = self.what_if.iter().map(crate::Change::year).min();
        let mut bands = apart.map(|apart| apart.bands(self.band));
        let of = |specialty: usize| {
            let pairs = base.flow.years.iter().zip(&changed.flow.years);
            let pairs = pairs.map(|(base, changed)| (&base.specialties[specialty], &changed.specialties[specialty]));
            let shown = base.flow.years.iter().zip(pairs.clone()).find(|(_, (base, changed))| base != changed);
            let shows_in = shown.map(|(year, _)| year.year);
            Difference {
                shows_in,
                lag: shows_in.zip(first).map(|(year, first)| year - first),
                fte: pairs.clone().map(|(base, changed)| changed.fte - base.fte).collect(),
                headcount: pairs.map(|(base, changed)| changed.headcount - base.headcount).collect(),
                fte_band: bands.as_mut().map(|bands| std::mem::take(&mut bands[specialty])),
            }
        };
        (0..self.specialties.len()).map(of).collect()
    }

    fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        for stage in &self.stages {
            let there = stage.in_training.first().copied().unwrap_or(0);
            if there > 0 && stage.posts_in(0) > 0 && stage.wte.central == MILLION {
                notes.push(format!(
                    "Stage {}: {} people are counted in year 1 before {} starters come in {}. If they are the same people, put 0 first in in_training.",
                    stage.name,
                    there / MILLION,
                    stage.posts_in(0) / MILLION,
                    self.first_year
                ));
            }
        }
        if self.draws > 0 && !self.is_in_doubt() {
            notes.push("No input has a low and a high, so there is nothing to draw and there are no bands.".to_owned());
        }
        notes
    }
}

/// The central walk and what the draws gave.
struct Drawn<'a> {
    model: &'a Model,
    flow: Option<Flow>,
    headcount: Samples,
    fte: Samples,
    gaps: Vec<Samples>,
}

impl<'a> Drawn<'a> {
    fn new(model: &'a Model) -> Self {
        let scenarios = model.specialties.iter().map(|each| each.demand.len()).max().unwrap_or(0);
        let gaps = (0..scenarios).map(|_| Samples::new(model)).collect();
        Self { model, flow: None, headcount: Samples::new(model), fte: Samples::new(model), gaps }
    }

    fn take(&mut self, number: u32, flow: Flow) {
        if number == 0 {
            self.flow = Some(flow);
            return;
        }
        self.headcount.add(&flow, |each| Some(each.headcount));
        self.fte.add(&flow, |each| Some(each.fte));
        for (scenario, samples) in self.gaps.iter_mut().enumerate() {
            samples.add(&flow, |each| each.gaps().nth(scenario));
        }
    }

    fn projection(self, band: i64) -> Projection {
        let flow = self.flow.unwrap_or(Flow { years: Vec::new() });
        if self.headcount.is_empty() {
            return Projection { flow, bands: None };
        }
        let (headcount, fte) = (self.headcount.bands(band), self.fte.bands(band));
        let gaps: Vec<Vec<Vec<Band>>> = self.gaps.into_iter().map(|samples| samples.bands(band)).collect();
        let of = |specialty: usize, year: usize| Bands {
            headcount: headcount[specialty][year],
            fte: fte[specialty][year],
            gaps: gaps.iter().filter_map(|gaps| gaps[specialty].get(year).copied()).collect(),
        };
        let years = self.model.years;
        let bands = (0..headcount.len()).map(|specialty| (0..years).map(|year| of(specialty, year)).collect());
        Projection { flow, bands: Some(bands.collect()) }
    }
}

/// What the draws gave, by specialty and year.
struct Samples(Vec<Vec<Vec<i64>>>);

impl Samples {
    fn new(model: &Model) -> Self {
        Self(vec![vec![Vec::new(); model.years]; model.specialties.len()])
    }

    fn is_empty(&self) -> bool {
        self.0.iter().flatten().all(Vec::is_empty)
    }

    fn add(&mut self, flow: &Flow, number: impl Fn(&crate::SpecialtyYear) -> Option<i64>) {
        for (at, year) in flow.years.iter().enumerate() {
            for (samples, specialty) in self.0.iter_mut().zip(&year.specialties) {
                samples[at].extend(number(specialty));
            }
        }
    }

    fn add_difference(&mut self, base: &Flow, changed: &Flow) {
        for (at, (base, changed)) in base.years.iter().zip(&changed.years).enumerate() {
            for (samples, (base, changed)) in self.0.iter_mut().zip(base.specialties.iter().zip(&changed.specialties)) {
                samples[at].push(changed.fte - base.fte);
            }
        }
    }

    /// Bands by nearest rank; nothing where nothing was drawn.
    fn bands(self, band: i64) -> Vec<Vec<Band>> {
        let banded = |mut samples: Vec<i64>| {
            samples.sort_unstable();
            let last = i64::try_from(samples.len()).unwrap_or(0) - 1;
            let at = |share: i64| {
                let rank = (last.max(0) * share + MILLION / 2) / MILLION;
                usize::try_from(rank).ok().and_then(|rank| samples.get(rank)).copied()
            };
            let tail = (MILLION - band) / 2;
            Some(Band { low: at(tail)?, median: at(MILLION / 2)?, high: at(MILLION - tail)? })
        };
        self.0.into_iter().map(|years| years.into_iter().filter_map(banded).collect()).collect()
    }
}
