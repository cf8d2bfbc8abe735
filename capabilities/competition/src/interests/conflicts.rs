//! `/calls/{call}/interests`: every conflict of a call by bid and person, and what became of it; nobody decides on their own here.

use axum::extract::{Path, Query};
use hiec_kernel::clock::on_page;
use hiec_kernel::{Problem, ProblemKind};
use hiec_web::components::{Button, Cell, Column, RadioItem, Radios, Table, Tag, TagColour, Textarea};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::actions::{self, ConflictDecision};
use super::rules::{Hardness, Origin};
use super::states::{ConflictCase, ConflictState, DismissalGround};
use super::store::{self, StoredConflict};
use crate::calls::registration::summary;
use crate::calls::store::Call;

/// Which conflict is being decided on.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Chosen {
    conflict: Option<Uuid>,
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct DecisionForm {
    /// `dismiss_wrong`, `dismiss_remote`, `restore`, `confirm` or `refuse`.
    #[serde(default)]
    decision: String,
    #[serde(default)]
    reason: String,
}

#[derive(Serialize)]
struct Shown<'a> {
    id: Uuid,
    bid: &'a str,
    person: &'a str,
    #[serde(flatten)]
    case: &'a ConflictCase,
    stands: bool,
}

pub async fn get(call: Loaded<Call>, Query(chosen): Query<Chosen>) -> Answer {
    Ok(page(&call, chosen.conflict, &DecisionForm::default(), &Errors::none()).await?.into())
}

async fn page(
    call: &Loaded<Call>,
    chosen: Option<Uuid>,
    typed: &DecisionForm,
    errors: &Errors,
) -> Result<Page, Problem> {
    let conflicts = store::of_call(&call.database(), call.id).await?;
    let shown: Vec<Shown<'_>> = conflicts
        .iter()
        .map(|one| Shown {
            id: one.id,
            bid: &one.bid_title,
            person: &one.person_name,
            case: &one.case,
            stands: one.case.stands(),
        })
        .collect();
    let chosen = conflicts.iter().find(|one| Some(one.id) == chosen);
    let content = html! {
        (summary(errors))
        h1 { span.nhsuk-caption-xl { (call.title) } "Conflicts of interest" }
        p { "Found by comparing employers, partners, regions and people named in bids with what judges declared, or said by the judges themselves. A conflict that stands keeps the person from the bid." }
        @if let Some(one) = chosen { (decision(call, one, typed, errors)) }
        @if call.may("call.interests.search") {
            form method="post" action={ (call.path()) "/conflict-search" } { (Button::new("Look for conflicts now").secondary()) }
        }
        (table(call, &conflicts))
    };
    Ok(Page::new("Conflicts of interest", content)
        .data(&shown)?
        .under("/calls", "Calls")
        .under(call.path(), call.title.clone())
        .wide())
}

fn table(call: &Loaded<Call>, conflicts: &[StoredConflict]) -> Markup {
    let decides = call.may("call.interests.decide");
    let rows = conflicts.iter().map(|one| {
        let case = &one.case;
        vec![
            Cell::new(one.bid_title.as_str()),
            Cell::new(one.person_name.as_str()),
            Cell::new(case.conflict.why.as_str()),
            Cell::new(match case.conflict.hardness {
                Hardness::Hard => "Hard",
                Hardness::Soft => "Soft",
            }),
            Cell::new(match case.conflict.origin {
                Origin::Declared => "Declared",
                Origin::Detected => "Detected",
            }),
            Cell::new(html! {
                (state_tag(case)) " " (on_page(one.found_at))
                @if let Some(reason) = reason(case) { p { (reason) } }
                @if decides && !matches!(case.state, ConflictState::Withdrawn { .. }) && !(case.conflict.origin == Origin::Declared && matches!(case.state, ConflictState::Standing)) {
                    p { a href={ (call.path()) "/interests?conflict=" (one.id) } { "Decide" span.nhsuk-u-visually-hidden { " on " (one.person_name) ", " (one.bid_title) } } }
                }
            }),
        ]
    });
    html! {
        @if conflicts.is_empty() {
            p { "No conflict is known. Look for conflicts once assessors have declared their interests." }
        } @else {
            (Table::new("Conflicts by bid and person")
                .head([Column::new("Bid"), Column::new("Person"), Column::new("Why: the person"), Column::new("Kind"), Column::new("From"), Column::new("State")])
                .rows(rows))
        }
    }
}

fn state_tag(case: &ConflictCase) -> Tag {
    match case.state {
        ConflictState::Standing => Tag::new("Stands").colour(TagColour::Red),
        ConflictState::Dismissed { .. } => Tag::new("Dismissed").colour(TagColour::Grey),
        ConflictState::WithdrawalAsked { .. } => Tag::new("Stands, taking back asked").colour(TagColour::Orange),
        ConflictState::Withdrawn { .. } => Tag::new("Taken back").colour(TagColour::Grey),
    }
}

fn reason(case: &ConflictCase) -> Option<&str> {
    match &case.state {
        ConflictState::Standing => None,
        ConflictState::Dismissed { reason, .. }
        | ConflictState::WithdrawalAsked { reason }
        | ConflictState::Withdrawn { reason, .. } => Some(reason.as_str()),
    }
}

fn decision(call: &Loaded<Call>, one: &StoredConflict, typed: &DecisionForm, errors: &Errors) -> Markup {
    let items = match one.case.state {
        ConflictState::Standing => {
            let mut items = vec![RadioItem::new("dismiss_wrong", "Dismiss: the fact behind it is wrong")];
            if one.case.conflict.hardness == Hardness::Soft {
                items.push(RadioItem::new("dismiss_remote", "Dismiss: too remote to sway anybody"));
            }
            items
        }
        ConflictState::Dismissed { .. } => vec![RadioItem::new("restore", "It stands after all")],
        ConflictState::WithdrawalAsked { .. } => vec![
            RadioItem::new("confirm", "Confirm: it no longer holds"),
            RadioItem::new("refuse", "Refuse: it still stands"),
        ],
        ConflictState::Withdrawn { .. } => vec![],
    };
    html! {
        @if !items.is_empty() {
            h2 { "Decide on a conflict" }
            p { (one.person_name) " " (one.case.conflict.why) ": " (one.bid_title) "." }
            form method="post" action={ (call.path()) "/conflicts/" (one.id) "/decision" } novalidate {
                (Radios::new("decision", "Your decision")
                    .items(items)
                    .value(typed.decision.as_str())
                    .error_message(errors.of("decision").unwrap_or_default()))
                (Textarea::new("reason", "Reason")
                    .hint("Kept for good beside the conflict.")
                    .value(typed.reason.as_str())
                    .error_message(errors.of("reason").unwrap_or_default()))
                (Button::new("Decide"))
            }
        }
    }
}

pub async fn search(call: Loaded<Call>) -> Answer {
    let mut unit = call.begin().await?;
    let new = actions::detect_conflicts(&mut unit, &call).await?;
    unit.commit().await?;
    Ok(Done::to(format!("{}/interests", call.path()))
        .saying(match new {
            0 => "No new conflict was found.".to_owned(),
            1 => "1 new conflict was found.".to_owned(),
            several => format!("{several} new conflicts were found."),
        })
        .into())
}

pub async fn decide(
    call: Loaded<Call>,
    Path((_, id)): Path<(String, Uuid)>,
    Input(form): Input<DecisionForm>,
) -> Answer {
    let mut errors = Errors::none();
    let decision = match form.decision.as_str() {
        "dismiss_wrong" => Some(ConflictDecision::Dismiss(DismissalGround::FactIsWrong)),
        "dismiss_remote" => Some(ConflictDecision::Dismiss(DismissalGround::TooRemote)),
        "restore" => Some(ConflictDecision::Restore),
        "confirm" => Some(ConflictDecision::ConfirmWithdrawal),
        "refuse" => Some(ConflictDecision::RefuseWithdrawal),
        _ => {
            errors.add("decision", "Choose what you decide");
            None
        }
    };
    let reason = errors.text("reason", "the reason", &form.reason, 5_000);
    let (Some(decision), Some(reason)) = (decision, reason) else {
        return Ok(page(&call, Some(id), &form, &errors).await?.with_errors(&errors).into());
    };
    let person = call.person()?.clone();
    let mut unit = call.begin().await?;
    match actions::decide_conflict(&mut unit, &call, id, &person, decision, &reason).await {
        Ok(()) => unit.commit().await?,
        Err(problem) if problem.kind == ProblemKind::Conflict => {
            drop(unit);
            errors.add("reason", problem.title);
            return Ok(page(&call, Some(id), &form, &errors).await?.conflict(&errors).into());
        }
        Err(problem) => return Err(problem.into()),
    }
    Ok(Done::to(format!("{}/interests", call.path())).saying("Your decision is on the record.").into())
}
