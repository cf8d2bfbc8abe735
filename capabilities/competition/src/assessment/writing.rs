//! `/reviews/{review}`: accept or decline, then score each criterion by its published descriptors with the bid beside it; what was typed is kept whatever happens.

use hiec_forms::Answers;
use hiec_kernel::clock::on_page;
use hiec_kernel::{Problem, ProblemKind};
use hiec_web::components::{
    Button, Cell, Column, Input as TextInput, RadioItem, Radios, Table, Tag, TagColour, Textarea,
};
use hiec_web::{Answer, Done, Errors, Fields, Input, Loaded, Page};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::actions::{self, rules_of};
use super::mine::{in_words, tag};
use super::rules::{ScoreField, ScoreRule, TypedScore, check_submission, may_see_other_scores};
use super::states::{DeclineCause, Edition, ReviewState};
use super::store::{self, AssignedReview};
use crate::bids::papers::Paper;
use crate::bids::sealed::{self, Sealed};
use crate::calls::design::{Criterion, ScoreStep};
use crate::calls::registration::summary;
use crate::interests::actions::readiness;
use crate::interests::store as interests;
use crate::ranking::totals::Part;

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct DeclineForm {
    /// `conflict`, `not_my_area` or `too_many`.
    #[serde(default)]
    cause: String,
    #[serde(default)]
    note: String,
}

/// What the review form takes, for the API's description: one pair of fields for each criterion of the call.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct ScoresForm {
    /// The version the form was made from; leave out to write over whatever is there.
    #[serde(default, rename = "version")]
    _version: String,
    /// `score-CRITERION`: the score; `why-CRITERION`: the justification.
    #[serde(flatten)]
    _scores: std::collections::BTreeMap<String, String>,
}

#[derive(Serialize)]
struct Shown<'a> {
    review: uuid::Uuid,
    bid: hiec_kernel::BidId,
    title: &'a str,
    #[serde(flatten)]
    state: &'a super::states::Review,
    draft: &'a [TypedScore],
    version: i64,
    criteria: &'a [Criterion],
    answers: Option<&'a Answers>,
    others: Option<Vec<Other>>,
}

/// Another assessor's submitted scores, unnamed.
#[derive(Serialize)]
struct Other {
    letter: String,
    edition: Edition,
}

pub async fn get(review: Loaded<AssignedReview>) -> Answer {
    let typed = review.stored.draft.clone();
    Ok(page(&review, &typed, &DeclineForm::default(), &Errors::none()).await?.into())
}

async fn page(
    review: &Loaded<AssignedReview>,
    typed: &[TypedScore],
    declining: &DeclineForm,
    errors: &Errors,
) -> Result<Page, Problem> {
    let stored = &review.stored;
    let call = &review.bid.call;
    let is_mine = review.subject.person.as_ref().map(|person| person.id) == Some(stored.assessor);
    let reads = !is_mine || !matches!(stored.review.state, ReviewState::Assigned);
    let sealed = if reads { sealed::latest(&review.database(), stored.bid, Paper::Bid).await? } else { None };
    let others = others(review, is_mine).await?;
    let missing = match readiness(&review.database(), call, stored.assessor).await? {
        Ok(()) => vec![],
        Err(missing) => missing,
    };
    let lead = review.bid.lead(&review.database()).await?;
    let content = html! {
        (summary(errors))
        h1 { span.nhsuk-caption-xl { (stored.bid_title) } "Review" }
        p {
            (tag(in_words(&stored.review)))
            @if review.bid.is_illustrative { " " (Tag::new("illustrative").colour(TagColour::Grey)) }
            @if let Some(closes) = stored.closes(call) { " " (crate::calls::stages::Deadline(closes).countdown(review.now())) "." }
        }
        p { "Lead: " (lead.map(|lead| lead.name).unwrap_or_default()) ". Region: " (stored.region) "." }
        @if !is_mine { p { "Assessor: " (stored.assessor_name) "." } }
        @match &stored.review.state {
            ReviewState::Assigned if is_mine => {
                @for one in &missing { div.nhsuk-inset-text { p { strong { (one.title) "." } " " (one.next) } p { a href="/interests" { "Declare interests" } " · " a href={ (call.path()) "/assessor-invitation" } { "Your part as an assessor" } } } }
                form method="post" action={ (stored.path()) "/acceptance" } { (Button::new("Accept: I will review this bid")) }
            }
            ReviewState::Reopened { reason } => { div.nhsuk-inset-text { p { strong { "The programme office opened this review again: " } (reason) } } }
            _ => {}
        }
        @if is_mine && review.may("review.write") && matches!(stored.review.state, ReviewState::Accepted | ReviewState::Draft | ReviewState::Reopened { .. }) {
            (two_columns(form(review, typed, errors), answers(review, sealed.as_ref())))
        } @else if reads {
            (two_columns(editions(review), answers(review, sealed.as_ref())))
        }
        @if let Some(others) = &others { (others_view(review, others)) }
        @if is_mine && matches!(stored.review.state, ReviewState::Assigned | ReviewState::Accepted | ReviewState::Draft) {
            (decline_form(review, declining, errors))
        }
    };
    let criteria = call.design().criteria.as_slice();
    let shown = Shown {
        review: stored.id,
        bid: stored.bid,
        title: &stored.bid_title,
        state: &stored.review,
        draft: if is_mine { typed } else { &[] },
        version: stored.version,
        criteria,
        answers: sealed.as_ref().map(|sealed| &sealed.content.answers),
        others,
    };
    let page = Page::new("Review", content).data(&shown)?.wide();
    Ok(if is_mine {
        page.under("/reviews", "Your reviews")
    } else {
        page.under("/calls", "Calls")
            .under(call.path(), call.title.clone())
            .under(format!("{}/reviews", call.path()), "Reviews")
    })
}

/// The others' scores for an assessor who has submitted, with letters instead of names.
async fn others(review: &Loaded<AssignedReview>, is_mine: bool) -> Result<Option<Vec<Other>>, Problem> {
    let stored = &review.stored;
    let conflicted = interests::stands(&review.database(), stored.bid, stored.assessor).await?;
    if !is_mine || !may_see_other_scores(Some(&stored.review), conflicted) {
        return Ok(None);
    }
    Ok(Some(
        store::of_bid(&review.database(), stored.bid)
            .await?
            .into_iter()
            .filter(|other| other.id != stored.id)
            .filter_map(|other| other.review.counts().cloned())
            .zip('A'..='Z')
            .map(|(edition, letter)| Other { letter: letter.to_string(), edition })
            .collect(),
    ))
}

fn two_columns(left: Markup, right: Markup) -> Markup {
    html! {
        div.nhsuk-grid-row {
            div.nhsuk-grid-column-one-half { (left) }
            div.nhsuk-grid-column-one-half { (right) }
        }
    }
}

fn answers(review: &Loaded<AssignedReview>, sealed: Option<&Sealed>) -> Markup {
    html! {
        h2 { "The bid" }
        @match sealed {
            Some(sealed) => {
                p.app-source { "Received " (on_page(sealed.receipt.received_at)) ", receipt " (sealed.receipt.number) }
                (sealed::view(&review.bid.call.design().bid_questions, &sealed.content))
            }
            None => { p { "There is no submission to show." } }
        }
    }
}

fn form(review: &Loaded<AssignedReview>, typed: &[TypedScore], errors: &Errors) -> Markup {
    let stored = &review.stored;
    let design = review.bid.call.design();
    let rules = rules_of(&review.bid.call);
    html! {
        form method="post" action={ (stored.path()) "/submission" } novalidate data-autosave={ (stored.path()) "/draft" } {
            input type="hidden" name="version" value=(stored.version);
            @for rule in &rules {
                @if let Some(criterion) = design.criterion(&rule.part.criterion) {
                    (criterion_fields(criterion, rule, design.award.score_step, typed, errors))
                }
            }
            div.nhsuk-button-group {
                (Button::new("Submit the review").confirm("Submit the review? You can change it only when the programme office opens it again."))
                button.nhsuk-button.nhsuk-button--secondary type="submit" formaction={ (stored.path()) "/draft" } { "Save for later" }
            }
            @if let Some(at) = stored.draft_at { p.app-source { "Last saved " (on_page(at)) } }
        }
    }
}

fn criterion_fields(
    criterion: &Criterion,
    rule: &ScoreRule,
    step: ScoreStep,
    typed: &[TypedScore],
    errors: &Errors,
) -> Markup {
    let line = typed.iter().find(|line| line.part == rule.part);
    let (value, why) = line.map_or(("", ""), |line| (line.value.trim(), line.justification.as_str()));
    let (score_id, why_id) = (format!("score-{}", criterion.key), format!("why-{}", criterion.key));
    html! {
        h2 { (criterion.name) " " span.nhsuk-u-secondary-text-colour { (criterion.weight) "%" } }
        p { (criterion.description) }
        @match step {
            ScoreStep::Whole => {
                (Radios::new(score_id.as_str(), "Score")
                    .items(criterion.descriptors.iter().map(|one| RadioItem::new(one.score.to_string(), html! { strong { (one.score) } " " (one.meaning) })))
                    .small(true)
                    .value(value)
                    .error_message(errors.of(&score_id).unwrap_or_default()))
            }
            ScoreStep::Half => {
                ul { @for one in &criterion.descriptors { li { strong { (one.score) } " " (one.meaning) } } }
                (TextInput::new(score_id.as_str(), "Score").width(4)
                    .hint(format!("From 0 to {}, halves allowed.", criterion.max_score))
                    .value(value)
                    .error_message(errors.of(&score_id).unwrap_or_default()))
            }
        }
        (Textarea::new(why_id.as_str(), "Justification")
            .hint(format!("At least {} words, by what the bid says. The bidder may read it in the feedback.", rule.words))
            .rows(6)
            .value(why)
            .error_message(errors.of(&why_id).unwrap_or_default()))
    }
}

/// What was submitted, every edition, newest first.
fn editions(review: &Loaded<AssignedReview>) -> Markup {
    let stored = &review.stored;
    html! {
        @if stored.review.editions.is_empty() { p { "Nothing is submitted yet." } }
        @for edition in stored.review.editions.iter().rev() {
            h2 { "Scores, edition " (edition.number) }
            p.app-source { "Submitted " (on_page(edition.at)) }
            @for score in &edition.scores {
                h3.nhsuk-heading-s {
                    (review.bid.call.design().criterion(&score.part.criterion).map_or(score.part.criterion.as_str(), |one| one.name.as_str()))
                    ": " (score.value)
                }
                p { (score.justification) }
            }
        }
    }
}

fn others_view(review: &Loaded<AssignedReview>, others: &[Other]) -> Markup {
    let design = review.bid.call.design();
    let head = std::iter::once(Column::new("Criterion"))
        .chain(others.iter().map(|other| Column::new(format!("Assessor {}", other.letter))));
    html! {
        h2 { "What the others submitted" }
        @if others.is_empty() {
            p { "Nobody else has submitted yet." }
        } @else {
            (Table::new("Scores of the other assessors")
                .head(head)
                .first_cell_is_header(true)
                .rows(design.criteria.iter().map(|criterion| {
                    std::iter::once(Cell::new(criterion.name.as_str()))
                        .chain(others.iter().map(|other| {
                            let score = other.edition.scores.iter().find(|score| score.part.criterion == criterion.key);
                            Cell::new(html! { @if let Some(score) = score { strong { (score.value) } " " (score.justification) } })
                        }))
                        .collect::<Vec<_>>()
                })))
        }
    }
}

fn decline_form(review: &Loaded<AssignedReview>, typed: &DeclineForm, errors: &Errors) -> Markup {
    html! {
        h2 { "Decline this review" }
        form method="post" action={ (review.stored.path()) "/refusal" } novalidate {
            (Radios::new("cause", "Why")
                .items(DeclineCause::ALL.iter().map(|cause| RadioItem::new(cause.key(), cause.label())))
                .value(typed.cause.as_str())
                .error_message(errors.of("cause").unwrap_or_default()))
            (Textarea::new("note", "A few words on it")
                .hint("A conflict of interest is put on the record and stands at once.")
                .value(typed.note.as_str())
                .error_message(errors.of("note").unwrap_or_default()))
            (Button::new("Decline").secondary())
        }
    }
}

pub async fn accept(review: Loaded<AssignedReview>) -> Answer {
    let person = review.person()?.clone();
    let mut unit = review.begin().await?;
    actions::accept_review(&mut unit, review.stored.id, &person).await?;
    unit.commit().await?;
    Ok(Done::to(review.stored.path()).saying("Accepted. The bid stands beside the form.").into())
}

pub async fn decline(review: Loaded<AssignedReview>, Input(form): Input<DeclineForm>) -> Answer {
    let mut errors = Errors::none();
    let cause = DeclineCause::from_key(&form.cause);
    if cause.is_none() {
        errors.add("cause", "Choose why you decline");
    }
    let note = errors.text("note", "a few words", &form.note, 2_000);
    let (Some(cause), Some(note)) = (cause, note) else {
        let typed = review.stored.draft.clone();
        return Ok(page(&review, &typed, &form, &errors).await?.with_errors(&errors).into());
    };
    let person = review.person()?.clone();
    let mut unit = review.begin().await?;
    actions::decline_review(&mut unit, review.stored.id, &person, cause, &note).await?;
    unit.commit().await?;
    Ok(Done::to("/reviews").saying("Declined. The programme office finds somebody else.").into())
}

pub async fn draft(review: Loaded<AssignedReview>, fields: Fields) -> Answer {
    let typed = read(&review, &fields);
    let person = review.person()?.clone();
    if let Some(too_long) = too_long(&typed) {
        return refused(&review, typed, too_long).await;
    }
    let mut unit = review.begin().await?;
    match actions::save_draft(&mut unit, review.stored.id, &person, typed.clone(), seen(&fields)).await {
        Ok(()) => unit.commit().await?,
        Err(problem) if problem.kind == ProblemKind::Conflict => {
            drop(unit);
            return refused(&review, typed, problem.title).await;
        }
        Err(problem) => return Err(problem.into()),
    }
    Ok(Done::to(review.stored.path()).saying("Saved.").into())
}

pub async fn submit(review: Loaded<AssignedReview>, fields: Fields) -> Answer {
    let typed = read(&review, &fields);
    let person = review.person()?.clone();
    if let Some(too_long) = too_long(&typed) {
        return refused(&review, typed, too_long).await;
    }
    // First kept, then judged: what stands in the way of submitting never loses a word.
    let mut unit = review.begin().await?;
    match actions::save_draft(&mut unit, review.stored.id, &person, typed.clone(), seen(&fields)).await {
        Ok(()) => unit.commit().await?,
        Err(problem) if problem.kind == ProblemKind::Conflict => {
            drop(unit);
            return refused(&review, typed, problem.title).await;
        }
        Err(problem) => return Err(problem.into()),
    }
    if let Err(faults) = check_submission(&rules_of(&review.bid.call), &typed) {
        let mut errors = Errors::none();
        for fault in faults {
            let field = match fault.field {
                ScoreField::Value => "score",
                ScoreField::Justification => "why",
            };
            errors.add(format!("{field}-{}", fault.part.criterion), fault.message);
        }
        return Ok(again(&review, &typed, &errors).await?.with_errors(&errors).into());
    }
    let mut unit = review.begin().await?;
    match actions::submit_review(&mut unit, review.stored.id, &person, typed.clone()).await {
        Ok(()) => unit.commit().await?,
        Err(problem) if problem.kind == ProblemKind::Conflict => {
            drop(unit);
            return refused(&review, typed, problem.title).await;
        }
        Err(problem) => return Err(problem.into()),
    }
    Ok(Done::to(review.stored.path()).saying("Submitted. Thank you.").into())
}

/// The page with what was typed and why it was not taken.
async fn refused(review: &Loaded<AssignedReview>, typed: Vec<TypedScore>, why: String) -> Answer {
    let mut errors = Errors::none();
    let first =
        rules_of(&review.bid.call).first().map(|rule| format!("score-{}", rule.part.criterion)).unwrap_or_default();
    errors.add(first, why);
    Ok(again(review, &typed, &errors).await?.conflict(&errors).into())
}

/// The review read anew (its version has moved), with what was typed.
async fn again(review: &Loaded<AssignedReview>, typed: &[TypedScore], errors: &Errors) -> Result<Page, Problem> {
    let stored = store::by_id(&review.database(), review.stored.id).await?.ok_or_else(Problem::not_found)?;
    let fresh = Loaded {
        thing: AssignedReview { stored, bid: review.bid.clone() },
        subject: review.subject.clone(),
        target: review.target.clone(),
        app: review.app.clone(),
    };
    page(&fresh, typed, &DeclineForm::default(), errors).await
}

fn read(review: &Loaded<AssignedReview>, fields: &Fields) -> Vec<TypedScore> {
    rules_of(&review.bid.call)
        .iter()
        .map(|rule| {
            let key = &rule.part.criterion;
            let field = |name: &str| fields.get(&format!("{name}-{key}")).unwrap_or_default().replace("\r\n", "\n");
            TypedScore { part: Part::whole(key), value: field("score"), justification: field("why") }
        })
        .collect()
}

/// More than is kept even as a draft.
fn too_long(typed: &[TypedScore]) -> Option<String> {
    typed
        .iter()
        .any(|line| line.value.chars().count() > 20 || line.justification.chars().count() > 50_000)
        .then(|| "A score or a justification is longer than can be kept; shorten it".to_owned())
}

fn seen(fields: &Fields) -> Option<i64> {
    fields.get("version")?.trim().parse().ok()
}
