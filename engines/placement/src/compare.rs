//! The same question under every rule it fits, side by side; it must never rank the rules.

use crate::couples::count_blocks;
use crate::market::NONE;
use crate::question::{Priority, Question};
use crate::run::{CannotRun, Rule, Run};

/// What one rule comes to.
#[derive(Debug, Clone, PartialEq)]
pub struct Figures {
    /// Which rule.
    pub rule: Rule,
    /// Everybody.
    pub all: Share,
    /// By the word given with each applicant, in the order of the words.
    pub groups: Vec<(String, Share)>,
    /// How many hold their first choice, second, and so on.
    pub by_choice: Vec<u32>,
    /// Choices that applicant and host would both rather have: an invitation to arrange it past the rule.
    pub blocking: usize,
    /// Places nobody took, at hosts that are open.
    pub unfilled: u32,
    /// Hosts closed for want of applicants.
    pub closed: u32,
    /// Links that did not hold.
    pub broken_links: u32,
    /// Whether an applicant can never gain by answering otherwise than truthfully.
    pub is_safe: bool,
}

/// How a group of applicants fared.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Share {
    /// How many there are.
    pub applicants: u32,
    /// How many have a place.
    pub placed: u32,
    /// How many have the first choice of their list.
    pub first: u32,
    /// The sum of the choice numbers of those who have a place.
    pub choice_numbers: u64,
}

impl Share {
    /// The mean choice number of those with a place.
    pub fn mean_choice(&self) -> Option<f64> {
        (self.placed > 0).then(|| self.choice_numbers as f64 / f64::from(self.placed))
    }

    /// The share of all that have their first choice.
    pub fn first_share(&self) -> Option<f64> {
        (self.applicants > 0).then(|| f64::from(self.first) / f64::from(self.applicants))
    }

    fn add(&mut self, place: Option<u32>) {
        self.applicants += 1;
        if let Some(place) = place {
            self.placed += 1;
            self.first += u32::from(place == 0);
            self.choice_numbers += u64::from(place) + 1;
        }
    }
}

impl Question {
    /// Runs the question under every rule that fits it.
    ///
    /// # Errors
    /// [`CannotRun`] where none fits, or where a flow could not be proven.
    pub fn compare(&self) -> Result<Vec<(Run, Figures)>, CannotRun> {
        let mut rules = vec![Rule::Deferred, Rule::DeferredByHosts, Rule::LeastCost];
        // With one order for all and nothing weighing in, both sides' proposals come to the same.
        if let Priority::Order(_) = self.priority {
            rules[1] = Rule::Informed;
        }
        rules
            .into_iter()
            .map(|rule| {
                let run = self.run(rule)?;
                let figures = self.figures(&run);
                Ok((run, figures))
            })
            .collect()
    }

    /// What a run comes to.
    pub fn figures(&self, run: &Run) -> Figures {
        let market = &run.market;
        let mut all = Share::default();
        let mut by_choice = Vec::new();
        for choice in &run.held {
            let place = (*choice != NONE).then(|| market.choice(*choice).place);
            all.add(place);
            if let Some(place) = place {
                let place = place as usize;
                if by_choice.len() <= place {
                    by_choice.resize(place + 1, 0);
                }
                by_choice[place] += 1;
            }
        }
        let holdings = market.holdings(&run.held);
        let spare = holdings.iter().zip(&market.parts).filter(|(_, part)| !run.closed.contains(&part.host));
        let unfilled = spare.map(|(holding, part)| part.capacity.saturating_sub(holding.filled)).sum();
        Figures {
            rule: run.rule,
            all,
            groups: run.by_group(&self.groups),
            by_choice,
            blocking: count_blocks(market, &run.held),
            unfilled,
            closed: run.closed.len() as u32,
            broken_links: run.broken.len() as u32,
            // Closing hosts and keeping links look at the answers, and that can be played.
            is_safe: run.rule == Rule::Deferred
                && self.links.is_empty()
                && self.minimum.iter().all(|least| *least == 0),
        }
    }
}

impl Run {
    /// How groups fared, by a word given with each applicant, in the order of the words; an applicant without a word is in none.
    pub fn by_group(&self, words: &[String]) -> Vec<(String, Share)> {
        let mut groups: std::collections::BTreeMap<&str, Share> = std::collections::BTreeMap::new();
        for (word, choice) in words.iter().zip(&self.held).filter(|(word, _)| !word.is_empty()) {
            let place = (*choice != NONE).then(|| self.market.choice(*choice).place);
            groups.entry(word).or_default().add(place);
        }
        groups.into_iter().map(|(group, share)| (group.to_owned(), share)).collect()
    }
}
