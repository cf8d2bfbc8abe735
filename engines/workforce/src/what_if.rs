//! What-ifs: posts moved, added or taken away from a year on; it must never move a post that is not there.

use crate::amount::MILLION;
use crate::model::Model;

/// A change of training posts, in millionths, from a year on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    Move {
        posts: i64,
        from: Place,
        to: Place,
        year: i32,
    },
    /// Fewer where the number is negative.
    Add {
        posts: i64,
        to: Place,
        year: i32,
    },
}

/// A stage, or a specialty whose only training stage is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place(pub String);

impl Place {
    fn stage(&self, model: &Model) -> Result<usize, String> {
        if let Some(place) = model.stage(&self.0) {
            return Ok(place);
        }
        match model.specialty(&self.0).map(|specialty| specialty.trained_by.as_slice()) {
            Some([only]) => model.stage(only).ok_or_else(|| format!("there is no stage {only}")),
            Some([]) => Err(format!("nothing trains for {}: name a stage", self.0)),
            Some(several) => {
                Err(format!("{} is trained for in {} stages ({}): name one", self.0, several.len(), several.join(", ")))
            }
            None => {
                let known: Vec<&str> = model.stages.iter().map(|stage| stage.name.as_str()).collect();
                Err(format!("there is no stage or specialty {}; the stages are {}", self.0, known.join(", ")))
            }
        }
    }
}

impl Change {
    pub fn year(&self) -> i32 {
        match self {
            Self::Move { year, .. } | Self::Add { year, .. } => *year,
        }
    }
}

impl Model {
    /// This model with its what-ifs made, and none left.
    pub(crate) fn changed(&self) -> Result<Self, Vec<String>> {
        let mut changed = self.clone();
        let mut problems = Vec::new();
        for (place, change) in self.what_if.iter().enumerate() {
            if let Err(problem) = changed.make(change) {
                problems.push(format!("what_if {}: {problem}", place + 1));
            }
        }
        changed.what_if.clear();
        if problems.is_empty() { Ok(changed) } else { Err(problems) }
    }

    fn make(&mut self, change: &Change) -> Result<(), String> {
        let first = usize::try_from(i64::from(change.year()) - i64::from(self.first_year))
            .ok()
            .filter(|first| *first < self.years)
            .ok_or_else(|| {
                let last = i64::from(self.first_year) + i64::try_from(self.years).unwrap_or(0) - 1;
                format!("the year must be one of the model's, {} to {last}; {} is not", self.first_year, change.year())
            })?;
        match change {
            Change::Move { posts, from, to, .. } => {
                if *posts <= 0 {
                    return Err("say how many posts are moved, more than nought".to_owned());
                }
                let (from, to) = (from.stage(self)?, to.stage(self)?);
                if from == to {
                    return Err("the posts would stay where they are: from and to are the same stage".to_owned());
                }
                self.add(from, -posts, first)?;
                self.add(to, *posts, first)
            }
            Change::Add { posts, to, .. } => {
                let to = to.stage(self)?;
                self.add(to, *posts, first)
            }
        }
    }

    fn add(&mut self, stage: usize, posts: i64, first: usize) -> Result<(), String> {
        let (years, first_year) = (self.years, self.first_year);
        let Some(stage) = self.stages.get_mut(stage) else { return Ok(()) };
        let last = stage.posts.last().copied().unwrap_or(0);
        stage.posts.resize(years.max(stage.posts.len()), last);
        for (place, there) in stage.posts.iter_mut().enumerate().skip(first) {
            if *there + posts < 0 {
                return Err(format!(
                    "{} has {} posts in {}, so {} cannot be taken from it",
                    stage.name,
                    *there / MILLION,
                    i64::from(first_year) + i64::try_from(place).unwrap_or(0),
                    -posts / MILLION,
                ));
            }
            *there += posts;
        }
        Ok(())
    }
}
