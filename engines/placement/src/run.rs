//! Runs a question under a rule: links, least fill, and the rule itself; it must never change a list or an order.

use crate::couples::{self, CouplesAnswer};
use crate::deferred::{applicants_propose, hosts_propose};
use crate::informed::{Broken, WhyBroken, allocate};
use crate::least_cost::least_cost;
use crate::market::{Market, NONE};
use crate::question::{Priority, Question};

/// How places are given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// Deferred acceptance, applicants proposing: stable, best for applicants, safe to answer truthfully.
    Deferred,
    /// Deferred acceptance, hosts proposing: stable, best for hosts.
    DeferredByHosts,
    /// The foundation programme's two passes over one order.
    Informed,
    /// The most placed at the least sum of choice numbers.
    LeastCost,
}

impl Rule {
    /// What the rule is called where a program reads it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Deferred => "da",
            Self::DeferredByHosts => "da-hosts",
            Self::Informed => "pia",
            Self::LeastCost => "least-cost",
        }
    }

    /// The rule of a code.
    pub fn of_code(code: &str) -> Option<Self> {
        [Self::Deferred, Self::DeferredByHosts, Self::Informed, Self::LeastCost]
            .into_iter()
            .find(|rule| rule.code() == code)
    }

    /// What the rule is called.
    pub fn words(self) -> &'static str {
        match self {
            Self::Deferred => "deferred acceptance, applicants proposing",
            Self::DeferredByHosts => "deferred acceptance, hosts proposing",
            Self::Informed => "preference-informed allocation",
            Self::LeastCost => "least cost",
        }
    }
}

/// A question run under a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Which rule.
    pub rule: Rule,
    /// What was solved at last.
    pub market: Market,
    /// The choice each applicant holds, or [`NONE`].
    pub held: Vec<u32>,
    /// Hosts closed because too few would have gone there, in that order.
    pub closed: Vec<u32>,
    /// Links that did not hold.
    pub broken: Vec<Broken>,
    /// Links that held.
    pub together: Vec<[u32; 2]>,
}

/// Why a rule cannot be run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CannotRun {
    /// Preference-informed allocation needs one order of all applicants.
    NoOrder,
    /// The question has couples with lists of pairs; they have a command of their own.
    HasCouples,
    /// The flow could not prove its own answer: a defect to be reported.
    Unproven,
}

impl std::fmt::Display for CannotRun {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::NoOrder => {
                "preference-informed allocation needs one order of all applicants, but each hospital has its own list here; give \"priority\" instead of the hospitals' preferences, or use --rule da"
            }
            Self::HasCouples => "these applicants have lists of pairs of hospitals, which only solve --rule couples answers",
            Self::Unproven => "the least cost could not be proven; please report this with the instance",
        })
    }
}

impl Question {
    /// Runs the question. Hosts that fewer than their minimum would go to are closed, one at a time, the one furthest
    /// below first (the later in the list among equals), and the rule is run again until every open host has enough.
    ///
    /// # Errors
    /// [`CannotRun`] where the rule does not fit the question.
    pub fn run(&self, rule: Rule) -> Result<Run, CannotRun> {
        self.run_watched(rule, &mut |_| {})
    }

    /// The same, telling after every round of closing how many hosts are closed.
    ///
    /// # Errors
    /// As [`Question::run`].
    pub fn run_watched(&self, rule: Rule, watch: &mut dyn FnMut(usize)) -> Result<Run, CannotRun> {
        if !self.couples.is_empty() {
            return Err(CannotRun::HasCouples);
        }
        let (mut together, mut broken) = self.whole_links(rule);
        let mut closed = Vec::new();
        loop {
            watch(closed.len());
            let run = self.run_once(rule, &closed, &mut together, &mut broken)?;
            match self.furthest_below(&run, &closed) {
                Some(host) => closed.push(host),
                None => return Ok(Run { closed, ..run }),
            }
        }
    }

    /// Links that can be tried, and those broken before the run.
    fn whole_links(&self, rule: Rule) -> (Vec<[u32; 2]>, Vec<Broken>) {
        let mut whole = Vec::new();
        let mut broken = Vec::new();
        for link in &self.links {
            let is_given = self.given.iter().any(|(applicant, _)| link.contains(applicant));
            let why = if is_given {
                Some(WhyBroken::GivenBefore)
            } else if self.choices.of(link[0]) != self.choices.of(link[1]) {
                Some(WhyBroken::ListsDiffer)
            } else if matches!(rule, Rule::LeastCost | Rule::DeferredByHosts) {
                Some(WhyBroken::NotStable)
            } else {
                None
            };
            match why {
                Some(why) => broken.push(Broken { link: *link, why }),
                None => whole.push(*link),
            }
        }
        (whole, broken)
    }

    fn run_once(
        &self,
        rule: Rule,
        closed: &[u32],
        together: &mut Vec<[u32; 2]>,
        broken: &mut Vec<Broken>,
    ) -> Result<Run, CannotRun> {
        let mut no_two_places = Vec::new();
        let (market, held) = match rule {
            Rule::Deferred => self.deferred(closed, together, broken),
            Rule::DeferredByHosts => {
                let market = self.prepare(closed, &[]);
                let held = hosts_propose(&market);
                (market, held)
            }
            Rule::Informed => {
                let Priority::Order(order) = &self.priority else { return Err(CannotRun::NoOrder) };
                let market = self.prepare(closed, &[]);
                let (held, now_broken) = allocate(&market, order, together);
                no_two_places = now_broken;
                (market, held)
            }
            Rule::LeastCost => {
                let market = self.prepare(closed, &[]);
                let held = least_cost(&market).ok_or(CannotRun::Unproven)?;
                (market, held)
            }
        };
        let is_whole = |link: &&[u32; 2]| {
            let mut sorted = **link;
            sorted.sort_unstable();
            no_two_places.iter().all(|broken| broken.link != sorted)
        };
        let together = together.iter().filter(is_whole).copied().collect();
        let broken = broken.iter().copied().chain(no_two_places.iter().copied()).collect();
        Ok(Run { rule, market, held, closed: closed.to_vec(), broken, together })
    }

    /// Linked applicants go to one host in a stable matching; a link for which there is none is broken, the last first.
    fn deferred(&self, closed: &[u32], together: &mut Vec<[u32; 2]>, broken: &mut Vec<Broken>) -> (Market, Vec<u32>) {
        loop {
            let market = self.prepare(closed, together);
            if market.couples.is_empty() {
                let held = applicants_propose(&market);
                return (market, held);
            }
            let held = match couples::solve(&market) {
                // The least sum of choice numbers, nobody being left out more than needed.
                CouplesAnswer::All(all) => all.into_iter().min_by_key(|held| sum_of_places(&market, held)),
                CouplesAnswer::Found(held) => Some(held),
                CouplesAnswer::GaveUp => None,
            };
            let unhelped = match &held {
                None => together.len().checked_sub(1),
                Some(held) => together.iter().position(|link| link.iter().all(|member| held[*member as usize] == NONE)),
            };
            match (unhelped, held) {
                (Some(position), _) if position < together.len() => {
                    let link = together.remove(position);
                    broken.push(Broken { link, why: WhyBroken::NotStable });
                }
                (_, Some(held)) => return (market, held),
                (_, None) => {
                    let held = applicants_propose(&market);
                    return (market, held);
                }
            }
        }
    }

    fn furthest_below(&self, run: &Run, closed: &[u32]) -> Option<u32> {
        let mut filled = vec![0_u32; self.hosts.len()];
        for choice in run.held.iter().filter(|choice| **choice != NONE) {
            filled[run.market.parts[run.market.choice(*choice).part as usize].host as usize] += 1;
        }
        // A place given before the run is a promise: such a host stays open.
        let is_promised = |host: u32| self.given.iter().any(|(_, given)| *given == host);
        let below = (0_u32..).zip(&filled).zip(&self.minimum).filter(|((host, filled), minimum)| {
            **filled > 0 && filled < minimum && !closed.contains(host) && !is_promised(*host)
        });
        below.max_by_key(|((host, filled), minimum)| (**minimum - **filled, *host)).map(|((host, _), _)| host)
    }
}

fn sum_of_places(market: &Market, held: &[u32]) -> u64 {
    let place = |choice: &u32| if *choice == NONE { 1_000_000 } else { u64::from(market.choice(*choice).place) };
    held.iter().map(place).sum()
}

impl Run {
    /// The host an applicant goes to.
    pub fn host_of(&self, applicant: u32) -> Option<u32> {
        let choice = self.held[applicant as usize];
        (choice != NONE).then(|| self.market.parts[self.market.choice(choice).part as usize].host)
    }
}
