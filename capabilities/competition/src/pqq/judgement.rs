//! `/bids/{bid}/pqq-judgement`: the answers, each member's judgement of each test, the group's decision; nobody reads another member's judgement of a test before writing their own.

use std::collections::BTreeMap;

use hiec_access::people;
use hiec_access::policy::Target;
use hiec_kernel::clock::on_page;
use hiec_kernel::{PersonId, Problem, ProblemKind};
use hiec_web::components::{Button, RadioItem, Radios, Tag, TagColour, Textarea};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::actions;
use super::list::{in_words, outcome_tag};
use super::rules::{Judging, LEAST_JUDGES, Mark, PqqState};
use super::store::Questionnaire;
use crate::bids::papers::Paper;
use crate::bids::sealed;
use crate::calls::design::PqqTest;
use crate::calls::registration::summary;

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct Form {
    /// Key of the test.
    #[serde(default)]
    test: String,
    /// `pass` or `fail`.
    #[serde(default)]
    mark: String,
    #[serde(default)]
    reason: String,
}

/// Which of the page's two kinds of form was sent.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Judgement,
    Decision,
}

impl Kind {
    fn key(self) -> &'static str {
        match self {
            Self::Judgement => "judgement",
            Self::Decision => "decision",
        }
    }
}

#[derive(Serialize)]
struct Shown<'a> {
    state: &'a PqqState,
    answers: Option<&'a hiec_forms::Answers>,
}

pub async fn get(pqq: Loaded<Questionnaire>) -> Answer {
    Ok(page(&pqq, None, &Errors::none()).await?.into())
}

async fn page(pqq: &Loaded<Questionnaire>, typed: Option<(Kind, &Form)>, errors: &Errors) -> Result<Page, Problem> {
    let design = pqq.bid.call.design();
    let sealed = sealed::latest(&pqq.database(), pqq.bid.id, Paper::Pqq).await?;
    let judging = match &pqq.state {
        PqqState::Judging(judging) => Some(judging),
        PqqState::Proposed(proposed) => Some(&proposed.judged),
        PqqState::Final(outcome) => Some(&outcome.proposed.judged),
        _ => None,
    };
    let names = names(pqq, judging).await?;
    let is_open = matches!(pqq.state, PqqState::Submitted(_) | PqqState::Judging(_));
    let content = html! {
        (summary(errors))
        h1 { span.nhsuk-caption-xl { (pqq.bid.title) } "Questionnaire and judgement" }
        p {
            (in_words(&pqq.state)) ". "
            @match &pqq.state {
                PqqState::Proposed(proposed) => (outcome_tag(proposed.outcome_now())),
                PqqState::Final(outcome) => (outcome_tag(outcome.outcome)),
                _ => "",
            }
            @if pqq.bid.is_illustrative { " " (Tag::new("illustrative").colour(TagColour::Grey)) }
        }
        @if matches!(pqq.state, PqqState::Proposed(_) | PqqState::Final(_)) {
            p { a href={ (pqq.bid.path()) "/shortlist-response" } { "What the regions say to this outcome" } }
        }
        @if pqq.may_with("interest.declare", &Target { kind: "interest", ..pqq.target.clone() }) {
            p { a href={ (pqq.bid.path()) "/interest" } { "Declare an interest in this partnership" } }
        }
        @for test in &design.pqq_tests {
            (one_test(pqq, test, judging, &names, is_open, typed, errors))
        }
        @match &sealed {
            Some(sealed) => {
                h2 { "What was submitted" }
                p.app-source { "Received " (on_page(sealed.receipt.received_at)) ", receipt " (sealed.receipt.number) }
                (sealed::view(&design.pqq_questions, &sealed.content))
            }
            None => { p { "No questionnaire was submitted." } }
        }
    };
    let shown = Shown {
        // Single members' words only for those who may read them.
        state: if pqq.may("pqq.judgements.view") { &pqq.state } else { &PqqState::Writing(super::rules::Writing {}) },
        answers: sealed.as_ref().map(|sealed| &sealed.content.answers),
    };
    Ok(Page::new("Questionnaire and judgement", content)
        .data(&shown)?
        .under("/calls", "Calls")
        .under(pqq.bid.call.path(), pqq.bid.call.title.clone())
        .under(format!("{}/pqqs", pqq.bid.call.path()), "Questionnaires"))
}

async fn names(pqq: &Loaded<Questionnaire>, judging: Option<&Judging>) -> Result<BTreeMap<PersonId, String>, Problem> {
    let mut names = BTreeMap::new();
    for judgement in judging.iter().flat_map(|judging| &judging.judgements) {
        if !names.contains_key(&judgement.member)
            && let Some(person) = people::by_id(&pqq.database(), judgement.member).await?
        {
            names.insert(judgement.member, person.name);
        }
    }
    Ok(names)
}

fn one_test(
    pqq: &Loaded<Questionnaire>,
    test: &PqqTest,
    judging: Option<&Judging>,
    names: &BTreeMap<PersonId, String>,
    is_open: bool,
    typed: Option<(Kind, &Form)>,
    errors: &Errors,
) -> Markup {
    let me = pqq.subject.person.as_ref().map(|person| person.id);
    let standing = judging.map(|judging| judging.standing(&test.key)).unwrap_or_default();
    let decision = judging.and_then(|judging| judging.decision(&test.key));
    let own = me.and_then(|me| standing.get(&me).copied());
    // A member writes their own first; everybody else who may read them reads them at once.
    let reads_all = pqq.may("pqq.judgements.view") && (own.is_some() || decision.is_some() || !pqq.may("pqq.judge"));
    html! {
        h2 { (test.name) }
        p { (test.test) }
        p.app-source { (test.source.value) " (" (test.source.source) ")" @if let Some(note) = &test.source.note { ". " (note) } }
        @if reads_all {
            @if standing.is_empty() { p { "No member has judged this test yet." } }
            @for (member, judgement) in &standing {
                div.nhsuk-inset-text {
                    p { (mark_tag(judgement.mark)) " " (names.get(member).map_or("A member", String::as_str)) ", " (on_page(judgement.at)) }
                    p { (judgement.reason) }
                }
            }
        } @else if pqq.may("pqq.judge") {
            p { (standing.len()) " of at least " (LEAST_JUDGES) " judgements. You read the others’ once you have written yours." }
        }
        @if let Some(decision) = decision {
            h3 { "The group’s decision" }
            p { (mark_tag(decision.mark)) " " (on_page(decision.at)) }
            p { (decision.reason) }
            @if judging.is_some_and(|judging| judging.departs_from_majority(&test.key)) {
                p { (Tag::new("differs from the majority of judgements").colour(TagColour::Orange)) }
            }
        } @else if is_open {
            @if pqq.may("pqq.judge") {
                (form(Kind::Judgement, test, typed, errors,
                    if own.is_some() { "Judge this test again" } else { "Your judgement" },
                    "Your reason stays on the record. A later judgement counts instead of an earlier one, which stays.", "Save my judgement"))
            }
            @if pqq.may("pqq.decide") && standing.len() >= LEAST_JUDGES {
                (form(Kind::Decision, test, typed, errors, "The group’s decision",
                    "The bidder is told this reason. It may differ from the majority; the judgements stay beside it.", "Write down the decision"))
            }
        }
    }
}

fn mark_tag(mark: Mark) -> Tag {
    Tag::new(mark.label()).colour(match mark {
        Mark::Pass => TagColour::Green,
        Mark::Fail => TagColour::Red,
    })
}

fn form(
    kind: Kind,
    test: &PqqTest,
    typed: Option<(Kind, &Form)>,
    errors: &Errors,
    legend: &str,
    hint: &str,
    button: &str,
) -> Markup {
    let typed = typed.filter(|(sent, form)| *sent == kind && form.test == test.key).map(|(_, form)| form);
    let id = |field: &str| format!("{}-{field}-{}", kind.key(), test.key);
    html! {
        form method="post" action={ "pqq-" (kind.key()) } novalidate {
            input type="hidden" name="test" value=(test.key);
            (Radios::new("mark", legend)
                .id_prefix(id("mark"))
                .inline(true)
                .items([RadioItem::new("pass", "Pass"), RadioItem::new("fail", "Fail")])
                .value(typed.map(|form| form.mark.clone()).unwrap_or_default())
                .error_message(errors.of(&id("mark")).unwrap_or_default()))
            (Textarea::new("reason", "Reason")
                .id(id("reason"))
                .hint(hint)
                .value(typed.map(|form| form.reason.clone()).unwrap_or_default())
                .error_message(errors.of(&id("reason")).unwrap_or_default()))
            (Button::new(button).secondary())
        }
    }
}

pub async fn judge(pqq: Loaded<Questionnaire>, Input(form): Input<Form>) -> Answer {
    change(pqq, form, Kind::Judgement).await
}

pub async fn decide(pqq: Loaded<Questionnaire>, Input(form): Input<Form>) -> Answer {
    change(pqq, form, Kind::Decision).await
}

async fn change(pqq: Loaded<Questionnaire>, form: Form, kind: Kind) -> Answer {
    let id = |field: &str| format!("{}-{field}-{}", kind.key(), form.test);
    let mut errors = Errors::none();
    let mark = match form.mark.as_str() {
        "pass" => Some(Mark::Pass),
        "fail" => Some(Mark::Fail),
        _ => {
            errors.add(id("mark"), "Choose pass or fail");
            None
        }
    };
    let reason = errors.text(&id("reason"), "the reason", &form.reason, 5_000);
    let (Some(mark), Some(reason)) = (mark, reason) else {
        return Ok(page(&pqq, Some((kind, &form)), &errors).await?.with_errors(&errors).into());
    };
    let person = pqq.person()?.clone();
    let mut unit = pqq.begin().await?;
    let done = match kind {
        Kind::Judgement => actions::judge(&mut unit, pqq.bid.id, &person, &form.test, mark, &reason).await,
        Kind::Decision => actions::decide(&mut unit, pqq.bid.id, &person, &form.test, mark, &reason).await,
    };
    match done {
        Ok(()) => unit.commit().await?,
        Err(problem) if problem.kind == ProblemKind::Conflict => {
            drop(unit);
            errors.add(id("reason"), problem.title);
            return Ok(page(&pqq, Some((kind, &form)), &errors).await?.conflict(&errors).into());
        }
        Err(problem) => return Err(problem.into()),
    }
    Ok(Done::to(format!("{}/pqq-judgement", pqq.bid.path()))
        .saying(match kind {
            Kind::Judgement => "Your judgement is on the record.",
            Kind::Decision => "The group’s decision is on the record.",
        })
        .into())
}
