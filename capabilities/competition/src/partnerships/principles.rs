//! The principle check of a forming partnership: what a bid says, judged by the rules of its call; it advises and never scores. The rules themselves are `hiec-principles`, which a cluster is held to for its whole life.

use hiec_forms::{Answer, Answers, Kind, Question, Visibilities, display};
pub use hiec_principles::{Finding, Partner, Presence, Refusal, Rules, Snapshot, Verdict, may_join};

use crate::calls::design::{CallDesign, PrincipleRule};

/// What a call holds partnerships to.
pub fn rules(design: &CallDesign) -> Rules {
    Rules {
        principles: design.principles.clone(),
        required_settings: design.eligibility.required_settings.clone(),
        required_sectors: design.eligibility.required_sectors.clone(),
        legal_forms: design.eligibility.legal_forms.clone(),
    }
}

/// One finding for each principle of the call, in the call's order.
pub fn check(design: &CallDesign, snapshot: &Snapshot) -> Vec<Finding> {
    hiec_principles::check(&rules(design), snapshot)
}

/// The snapshot of a partnership whose bid has these answers; answers to questions that are not asked do not count.
pub fn snapshot_of(design: &CallDesign, partners: Vec<Partner>, answers: &Answers) -> Snapshot {
    let set = &design.bid_questions;
    let visibilities = Visibilities::of(set, answers);
    let asked = |key: &str| answers.get(key).filter(|_| visibilities.is_visible(key));
    let mut snapshot = Snapshot { partners, ..Snapshot::default() };
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
