//! The principle check: for each principle of a call, whether a forming partnership meets it, why, and what would mend it; it advises and never scores.
//!
//! Only partners who said yes count as present. What an invited partner would add makes a verdict *unclear*, not *met*: a bid may
//! not rest on a partner who has not answered. A principle with several parts is met when all are shown, not met when one that
//! decides is missing, and unclear in between.

mod verdicts;

use std::collections::BTreeMap;

use hiec_forms::{Answer, Answers, Kind, Question, Visibilities, display};
use hiec_kernel::organisations::Organisation;
use serde::{Deserialize, Serialize};

use super::written::says_something;
use crate::calls::design::{CallDesign, Citation, PrincipleRule};

/// The partnership as it stands, with what the bid says so far.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Snapshot {
    pub partners: Vec<Partner>,
    /// Key of one of the call's legal forms, once chosen.
    pub legal_form: Option<String>,
    /// Whether the region wants legally binding contracts with the cluster.
    pub region_wants_binding_contracts: bool,
    /// Answers in words by question key; a table as its cells, one line per row; several choices one per line.
    pub answers: BTreeMap<String, String>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Partner {
    pub organisation: Organisation,
    pub presence: Presence,
}

/// Whether a partner counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Presence {
    /// Accepted or signed.
    Member,
    /// Invited, not answered.
    Invited,
    /// Declined or withdrawn.
    Gone,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Met,
    NotMet,
    Unclear,
}

/// What the check says about one principle.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Finding {
    pub principle: String,
    pub name: String,
    pub verdict: Verdict,
    /// Met by a plan rather than by what is there already.
    pub by_plan: bool,
    /// Whole sentences.
    pub why: String,
    /// What would mend it; empty when nothing needs mending.
    pub mend: Vec<String>,
    pub citation: Citation,
}

/// Why an organisation may not be a partner.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error(
    "{organisation} cannot be a partner: it commissions education, and a cluster that provides education has no member that commissions it. {next}"
)]
pub struct Refusal {
    pub organisation: String,
    pub next: String,
}

impl Verdict {
    pub fn label(self) -> &'static str {
        match self {
            Self::Met => "Met",
            Self::NotMet => "Not met",
            Self::Unclear => "Unclear",
        }
    }
}

/// The commissioner/provider split, judged by what an organisation does and never by its name.
/// Source: prospectus of 7 May 2009, principles, "support the commissioner/provider split".
pub fn may_join(organisation: &Organisation) -> Result<(), Refusal> {
    if !organisation.commissions_education() {
        return Ok(());
    }
    Err(Refusal {
        organisation: organisation.name.clone(),
        next: "Work with it as your commissioner instead; if its functions are recorded wrongly, ask the programme office to put them right.".into(),
    })
}

/// One finding for each principle of the call, in the call's order.
pub fn check(design: &CallDesign, snapshot: &Snapshot) -> Vec<Finding> {
    design.principles.iter().map(|principle| verdicts::of(design, principle, snapshot)).collect()
}

impl Snapshot {
    /// The snapshot of a partnership whose bid has these answers; answers to questions that are not asked do not count.
    pub fn of(design: &CallDesign, partners: Vec<Partner>, answers: &Answers) -> Self {
        let set = &design.bid_questions;
        let visibilities = Visibilities::of(set, answers);
        let asked = |key: &str| answers.get(key).filter(|_| visibilities.is_visible(key));
        let mut snapshot = Self { partners, ..Self::default() };
        for (_, question) in set.questions() {
            if let Some(answer) = asked(&question.key) {
                snapshot.answers.insert(question.key.clone(), in_lines(question, answer));
            }
        }
        for principle in &design.principles {
            if let PrincipleRule::Accountability { legal_form, binding_contracts, .. } = &principle.rule {
                if let Some(Answer::Choice(form)) = asked(legal_form) {
                    snapshot.legal_form = Some(form.clone());
                }
                let wants = binding_contracts.as_deref().and_then(asked);
                snapshot.region_wants_binding_contracts = wants == Some(&Answer::Choice("yes".into()));
            }
        }
        snapshot
    }

    fn members(&self) -> impl Iterator<Item = &Organisation> {
        self.partners.iter().filter(|partner| partner.presence == Presence::Member).map(|partner| &partner.organisation)
    }

    fn here_or_invited(&self) -> impl Iterator<Item = &Organisation> {
        self.partners.iter().filter(|partner| partner.presence != Presence::Gone).map(|partner| &partner.organisation)
    }

    fn says(&self, question: &str) -> bool {
        self.answers.get(question).is_some_and(|text| says_something(text))
    }

    fn lines(&self, question: &str) -> Vec<&str> {
        let mut lines = Vec::new();
        let text = self.answers.get(question).map(String::as_str).unwrap_or_default();
        for line in text.lines().map(str::trim).filter(|line| says_something(line)) {
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
        lines
    }

    fn joined(&self, questions: &[String]) -> String {
        questions
            .iter()
            .filter_map(|question| self.answers.get(question))
            .filter(|text| says_something(text))
            .cloned()
            .collect::<Vec<_>>()
            .join("\n")
    }
}

/// Several choices stand one to a line, so that they can be counted; the rest as a page shows it.
fn in_lines(question: &Question, answer: &Answer) -> String {
    match (&question.kind, answer) {
        (Kind::Choice { options, .. }, Answer::Choices(chosen)) => options
            .iter()
            .filter(|option| chosen.contains(&option.key))
            .map(|option| option.label.as_str())
            .collect::<Vec<_>>()
            .join("\n"),
        _ => display(question, answer),
    }
}

#[cfg(test)]
pub(crate) mod tests;
