//! `/bids/{bid}/shortlist-response`: the outcome before the regions, their word, the group's answer; a region changes no mark.

use hiec_kernel::clock::on_page;
use hiec_kernel::{Problem, ProblemKind};
use hiec_web::components::{Button, RadioItem, Radios, Select, SelectItem, Tag, TagColour, Textarea};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::actions;
use super::list::outcome_tag;
use super::rules::PqqState;
use super::shortlist::{Notice, Proposed, RegionalWord};
use super::store::{self, Questionnaire};
use crate::calls::design::MilestoneKey;
use crate::calls::registration::summary;
use crate::calls::stages::closing;

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct ResponseForm {
    /// Code of the region spoken for.
    #[serde(default)]
    region: String,
    /// `confirm` or `challenge`.
    #[serde(default)]
    word: String,
    #[serde(default)]
    grounds: String,
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct AnswerForm {
    /// Code of the region that challenged.
    #[serde(default)]
    region: String,
    /// `yes`: the outcome changes; `no`: it stays.
    #[serde(default)]
    upheld: String,
    #[serde(default)]
    reason: String,
}

#[derive(Serialize)]
struct Shown<'a> {
    outcome: Option<super::rules::Outcome>,
    is_final: bool,
    words: &'a [RegionalWord],
    notice: Option<Notice>,
}

pub async fn get(pqq: Loaded<Questionnaire>) -> Answer {
    Ok(page(&pqq, &ResponseForm::default(), &AnswerForm::default(), &Errors::none())?.into())
}

fn page(
    pqq: &Loaded<Questionnaire>,
    response: &ResponseForm,
    answer: &AnswerForm,
    errors: &Errors,
) -> Result<Page, Problem> {
    let design = pqq.bid.call.design();
    let (proposed, outcome, notice) = match &pqq.state {
        PqqState::Proposed(proposed) => (Some(proposed), Some(proposed.outcome_now()), None),
        PqqState::Final(last) => (Some(&last.proposed), Some(last.outcome), Some(last.notice(&design.pqq_tests))),
        _ => (None, None, None),
    };
    let shown = Shown {
        outcome,
        is_final: notice.is_some(),
        words: proposed.map_or(&[], |proposed| proposed.words.as_slice()),
        notice,
    };
    let content = html! {
        (summary(errors))
        h1 { span.nhsuk-caption-xl { (pqq.bid.title) } "Confirm or challenge" }
        @match proposed {
            None => { p { "The shortlist is not proposed yet. Regions have their word once it is." } }
            Some(proposed) => (matter(pqq, proposed, shown.is_final, response, answer, errors)),
        }
    };
    Ok(Page::new("Confirm or challenge", content)
        .data(&shown)?
        .under("/calls", "Calls")
        .under(pqq.bid.call.path(), pqq.bid.call.title.clone())
        .under(format!("{}/pqqs", pqq.bid.call.path()), "Questionnaires"))
}

fn matter(
    pqq: &Loaded<Questionnaire>,
    proposed: &Proposed,
    is_final: bool,
    response: &ResponseForm,
    answer: &AnswerForm,
    errors: &Errors,
) -> Markup {
    let design = pqq.bid.call.design();
    html! {
        h2 { "The outcome" }
        p {
            (outcome_tag(proposed.outcome_now()))
            @if proposed.outcome_now() != proposed.outcome { " Proposed as " (proposed.outcome.label().to_lowercase()) ", changed on a challenge." }
            @if is_final { " This is final." }
        }
        @for test in &design.pqq_tests {
            @if let Some(decision) = proposed.judged.decision(&test.key) {
                h3.nhsuk-heading-s { (test.name) ": " (decision.mark.label()) }
                p { (decision.reason) }
            }
        }
        h2 { "The regions" }
        @if proposed.words.is_empty() { p { "No region has spoken yet." } }
        @for word in &proposed.words { (said(word)) }
        @if !is_final {
            @if let Some(deadline) = closing(design, MilestoneKey::ShortlistChallenge) { p { (deadline.countdown(pqq.now())) "." } }
            (respond_form(pqq, proposed, response, errors))
            @for word in proposed.words.iter().filter(|word| word.challenge.as_ref().is_some_and(|one| one.answer.is_none())) {
                @if pqq.may("pqq.answer") { (answer_form(word, answer, errors)) }
            }
        }
    }
}

fn said(word: &RegionalWord) -> Markup {
    html! {
        div.nhsuk-inset-text {
            @match &word.challenge {
                None => { p { (Tag::new("Confirmed").colour(TagColour::Green)) " " (word.region) ", " (on_page(word.at)) } }
                Some(challenge) => {
                    p { (Tag::new("Challenged").colour(TagColour::Orange)) " " (word.region) ", " (on_page(word.at)) }
                    p { (challenge.grounds) }
                    @match &challenge.answer {
                        Some(answer) => {
                            p { strong { "The group’s answer, " (on_page(answer.at)) ": " (if answer.upheld { "upheld" } else { "not upheld" }) } }
                            p { (answer.reason) }
                        }
                        None => { p { "Not answered yet." } }
                    }
                }
            }
        }
    }
}

fn respond_form(pqq: &Loaded<Questionnaire>, proposed: &Proposed, typed: &ResponseForm, errors: &Errors) -> Markup {
    let silent: Vec<String> = store::acts_for(&pqq.subject, &pqq.bid.call)
        .into_iter()
        .filter(|code| pqq.regions().contains(code))
        .filter(|code| !proposed.words.iter().any(|word| word.region == *code))
        .collect();
    html! {
        @if pqq.may("pqq.respond") && !silent.is_empty() {
            h2 { "Your region’s word" }
            form method="post" action="shortlist-response" novalidate {
                @match silent.as_slice() {
                    [only] => { input type="hidden" name="region" value=(only); }
                    several => {
                        (Select::new("region", "Region")
                            .items(several.iter().map(|code| SelectItem::new(code.as_str(), code.as_str())))
                            .value(typed.region.as_str()))
                    }
                }
                (Radios::new("word", "Does your region confirm the outcome?")
                    .items([RadioItem::new("confirm", "We confirm it"), RadioItem::new("challenge", "We challenge it, with grounds")])
                    .value(typed.word.as_str())
                    .error_message(errors.of("word").unwrap_or_default()))
                (Textarea::new("grounds", "Grounds of the challenge")
                    .hint("The bidder is told the grounds and the group’s answer. A region speaks once.")
                    .value(typed.grounds.as_str())
                    .error_message(errors.of("grounds").unwrap_or_default()))
                (Button::new("Send"))
            }
        }
    }
}

fn answer_form(word: &RegionalWord, typed: &AnswerForm, errors: &Errors) -> Markup {
    let typed = (typed.region == word.region).then_some(typed);
    let id = |field: &str| format!("{field}-{}", word.region);
    html! {
        h2 { "Answer the challenge by " (word.region) }
        form method="post" action="challenge-answer" novalidate {
            input type="hidden" name="region" value=(word.region);
            (Radios::new("upheld", "What does the group say?")
                .id_prefix(id("upheld"))
                .items([RadioItem::new("yes", "Upheld: the outcome changes"), RadioItem::new("no", "Not upheld: the outcome stays")])
                .value(typed.map(|form| form.upheld.clone()).unwrap_or_default())
                .error_message(errors.of(&id("upheld")).unwrap_or_default()))
            (Textarea::new("reason", "Reason")
                .id(id("reason"))
                .value(typed.map(|form| form.reason.clone()).unwrap_or_default())
                .error_message(errors.of(&id("reason")).unwrap_or_default()))
            (Button::new("Answer"))
        }
    }
}

pub async fn respond(pqq: Loaded<Questionnaire>, Input(form): Input<ResponseForm>) -> Answer {
    let mut errors = Errors::none();
    let challenge = match form.word.as_str() {
        "confirm" => None,
        "challenge" => errors.text("grounds", "the grounds", &form.grounds, 5_000),
        _ => {
            errors.add("word", "Choose whether your region confirms or challenges");
            None
        }
    };
    if !errors.is_empty() {
        return Ok(page(&pqq, &form, &AnswerForm::default(), &errors)?.with_errors(&errors).into());
    }
    // An officer speaks for their own region only: the policy has looked at the bid's regions, this at which of them.
    if !store::acts_for(&pqq.subject, &pqq.bid.call).contains(&form.region) {
        return Err(
            Problem::forbidden("You do not act for this region", "Go back and speak for your own region.").into()
        );
    }
    let person = pqq.person()?.clone();
    let mut unit = pqq.begin().await?;
    match actions::respond(&mut unit, pqq.bid.id, &person, &form.region, challenge.as_deref()).await {
        Ok(()) => unit.commit().await?,
        Err(problem) if problem.kind == ProblemKind::Conflict => {
            drop(unit);
            errors.add("word", problem.title);
            return Ok(page(&pqq, &form, &AnswerForm::default(), &errors)?.conflict(&errors).into());
        }
        Err(problem) => return Err(problem.into()),
    }
    Ok(Done::to(format!("{}/shortlist-response", pqq.bid.path())).saying("Your region’s word is on the record.").into())
}

pub async fn answer(pqq: Loaded<Questionnaire>, Input(form): Input<AnswerForm>) -> Answer {
    let id = |field: &str| format!("{field}-{}", form.region);
    let mut errors = Errors::none();
    let upheld = match form.upheld.as_str() {
        "yes" => Some(true),
        "no" => Some(false),
        _ => {
            errors.add(id("upheld"), "Choose whether the challenge is upheld");
            None
        }
    };
    let reason = errors.text(&id("reason"), "the reason", &form.reason, 5_000);
    let (Some(upheld), Some(reason)) = (upheld, reason) else {
        return Ok(page(&pqq, &ResponseForm::default(), &form, &errors)?.with_errors(&errors).into());
    };
    let person = pqq.person()?.clone();
    let mut unit = pqq.begin().await?;
    match actions::answer_challenge(&mut unit, pqq.bid.id, &person, &form.region, upheld, &reason).await {
        Ok(()) => unit.commit().await?,
        Err(problem) if problem.kind == ProblemKind::Conflict => {
            drop(unit);
            errors.add(id("reason"), problem.title);
            return Ok(page(&pqq, &ResponseForm::default(), &form, &errors)?.conflict(&errors).into());
        }
        Err(problem) => return Err(problem.into()),
    }
    Ok(Done::to(format!("{}/shortlist-response", pqq.bid.path())).saying("The answer is on the record.").into())
}
