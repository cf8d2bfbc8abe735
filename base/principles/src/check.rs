//! The check itself: a partnership as it stands, and what it says of each principle; it never looks beyond what it is given.

use std::collections::BTreeMap;

use hiec_kernel::organisations::Organisation;
use serde::{Deserialize, Serialize};

use crate::rules::{Citation, Rules};
use crate::verdicts;
use crate::written::says_something;

/// The partnership as it stands, with what it says so far.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Snapshot {
    pub partners: Vec<Partner>,
    /// Key of one of the legal forms, once chosen.
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

/// One finding for each principle, in the order of the rules.
pub fn check(rules: &Rules, snapshot: &Snapshot) -> Vec<Finding> {
    rules.principles.iter().map(|principle| verdicts::of(rules, principle, snapshot)).collect()
}

impl Snapshot {
    pub(crate) fn members(&self) -> impl Iterator<Item = &Organisation> {
        self.partners.iter().filter(|partner| partner.presence == Presence::Member).map(|partner| &partner.organisation)
    }

    pub(crate) fn here_or_invited(&self) -> impl Iterator<Item = &Organisation> {
        self.partners.iter().filter(|partner| partner.presence != Presence::Gone).map(|partner| &partner.organisation)
    }

    pub(crate) fn says(&self, question: &str) -> bool {
        self.answers.get(question).is_some_and(|text| says_something(text))
    }

    pub(crate) fn lines(&self, question: &str) -> Vec<&str> {
        let mut lines = Vec::new();
        let text = self.answers.get(question).map(String::as_str).unwrap_or_default();
        for line in text.lines().map(str::trim).filter(|line| says_something(line)) {
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
        lines
    }

    pub(crate) fn joined(&self, questions: &[String]) -> String {
        questions
            .iter()
            .filter_map(|question| self.answers.get(question))
            .filter(|text| says_something(text))
            .cloned()
            .collect::<Vec<_>>()
            .join("\n")
    }
}
