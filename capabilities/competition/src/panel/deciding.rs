//! `POST /calls/{call}/panel/decisions`: the panel's decision on an item with its reason, as the chair or the deputy puts it on the record.

use std::collections::BTreeMap;

use hiec_kernel::{Money, PersonId, ProblemKind};
use hiec_web::components::{Button, Input as TextInput, RadioItem, Radios, Textarea};
use hiec_web::{Answer, Done, Errors, Input, Loaded};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::Deserialize;

use super::decisions::{DEPARTURE_WORDS, Proposal, Verdict};
use super::item::{Shown, Typed, page};
use super::notes::read_bid;
use super::page::money;
use super::store::PanelDesk;
use super::{actions, hands};

/// A decision as the chair or deputy puts it on the record.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct Form {
    #[serde(default)]
    bid: String,
    /// `fund`, `reserve` or `not`.
    #[serde(default)]
    verdict: String,
    /// In pounds; empty unless funded.
    #[serde(default)]
    amount: String,
    #[serde(default)]
    reason: String,
    /// What was said, for the minutes.
    #[serde(default)]
    discussion: String,
    /// A show of hands, where one was taken: for each member in the room `ID:for`, `ID:against` or `ID:abstained`.
    #[serde(default)]
    votes: Vec<String>,
}

pub(super) fn form(
    desk: &Loaded<PanelDesk>,
    shown: &Shown,
    names: &BTreeMap<PersonId, String>,
    form: &Form,
    errors: &Errors,
) -> Markup {
    let verdicts = Verdict::ALL.iter().map(|verdict| RadioItem::new(verdict.key(), verdict.label()));
    html! {
        h2 { "Decide" }
        (money(&shown.budget))
        form method="post" action={ (desk.call.path()) "/panel/decisions" } novalidate {
            input type="hidden" name="bid" value=(shown.bid);
            (Radios::new("verdict", "The panel’s decision").items(verdicts).value(form.verdict.as_str())
                .error_message(errors.of("verdict").unwrap_or_default()))
            (TextInput::new("amount", "Amount, in pounds").hint("Only for a funded bid").value(form.amount.as_str())
                .error_message(errors.of("amount").unwrap_or_default()))
            (Textarea::new("reason", "Reason")
                .hint(format!("Bidders read it. A decision that departs from the rank or the budget needs at least {DEPARTURE_WORDS} words, and its reason is published."))
                .value(form.reason.as_str())
                .error_message(errors.of("reason").unwrap_or_default()))
            (Textarea::new("discussion", "What was said, for the minutes").value(form.discussion.as_str()))
            (hands::fields(shown, names, &form.votes, errors))
            (Button::new("Put the decision on the record"))
        }
    }
}

pub async fn decide(desk: Loaded<PanelDesk>, Input(form): Input<Form>) -> Answer {
    let bid = read_bid(&form.bid)?;
    let mut errors = Errors::none();
    let verdict = Verdict::from_key(&form.verdict);
    if verdict.is_none() {
        errors.add("verdict", "Choose the decision");
    }
    let amount = if form.amount.trim().is_empty() {
        Some(Money::ZERO)
    } else {
        errors.take("amount", Money::parse(&form.amount))
    };
    let reason = errors.text("reason", "the reason", &form.reason, 10_000);
    let votes = errors.take("votes", hands::read(&form.votes));
    let typed = Typed { decision: form, ..Typed::default() };
    let (Some(verdict), Some(amount), Some(reason), Some(votes)) = (verdict, amount, reason, votes) else {
        return Ok(page(&desk, bid, &typed, &errors).await?.with_errors(&errors).into());
    };
    let person = desk.person()?.clone();
    let proposal = Proposal { bid, verdict, amount, reason, votes };
    let mut unit = desk.begin().await?;
    match actions::decide_item(&mut unit, &desk.call, &person, proposal, &typed.decision.discussion).await {
        Ok(()) => unit.commit().await?,
        // What was typed stays on the page beside what stands in the way.
        Err(problem) if problem.kind == ProblemKind::Conflict => {
            drop(unit);
            errors.add("reason", problem.to_string());
            return Ok(page(&desk, bid, &typed, &errors).await?.with_errors(&errors).into());
        }
        Err(problem) => return Err(problem.into()),
    }
    Ok(Done::to(format!("{}/panel", desk.call.path())).saying("The decision is on the record.").into())
}
