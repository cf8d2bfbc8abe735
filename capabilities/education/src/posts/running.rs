//! Running a post: how much it holds from a day on, and who pays.

use hiec_kernel::clock::day_on_page;
use hiec_web::components::{Button, Details};
use hiec_web::{Answer, Done, Errors, Input, Loaded};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::actions;
use super::new::MOST;
use super::page;
use super::store::{CapacityStep, Funding, FundingKind};
use crate::access::PostHere;
use crate::ground::{self, LINE, LINES};
use crate::placements::rules;
use crate::placements::store as placements;
use crate::words::Wte;

#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct CapacityForm {
    /// As `2011-08-03`.
    from: String,
    /// Share of whole-time; 0 closes the post.
    wte: String,
    reason: String,
}

#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct FundingForm {
    /// `tariff`, `host`, …
    kind: String,
    body: String,
    funded_from: String,
    /// Empty where no end is known.
    funded_to: String,
}

pub(super) fn forms(here: &PostHere, capacity: &CapacityForm, funding: &FundingForm, errors: &Errors) -> Markup {
    let kinds = FundingKind::ALL.iter().map(|one| (one.key().to_owned(), one.label().to_owned()));
    let of = |fields: &[&str]| fields.iter().any(|field| errors.of(field).is_some());
    let room = html! {
        form method="post" action={ (here.path()) "/capacity" } novalidate {
            (ground::day_field("from", "From", &capacity.from, errors))
            (ground::line_field("wte", "It holds", &capacity.wte, errors).hint("Share of whole-time; 0 closes the post").width(4_u8))
            (ground::lines_field("reason", "Why", &capacity.reason, errors))
            (Button::new("Change the room"))
        }
    };
    let money = html! {
        form method="post" action={ (here.path()) "/funding" } novalidate {
            (ground::choice("kind", "Funding", kinds, &funding.kind, errors))
            (ground::line_field("body", "Who pays", &funding.body, errors))
            (ground::day_field("funded_from", "First day of the funding", &funding.funded_from, errors))
            (ground::day_field("funded_to", "Last day of the funding (optional)", &funding.funded_to, errors))
            (Button::new("Add the funding"))
        }
    };
    html! {
        (Details::new("Change how much it holds", room).open(of(&["from", "wte", "reason"])))
        (Details::new("Say who pays", money).open(of(&["kind", "body", "funded_from", "funded_to"])))
    }
}

pub async fn capacity(here: Loaded<PostHere>, Input(form): Input<CapacityForm>) -> Answer {
    let mut errors = Errors::none();
    let from = ground::day(&mut errors, "from", "the day", &form.from);
    let wte = Wte::read(&form.wte).filter(|wte| *wte <= MOST);
    if wte.is_none() {
        errors.add("wte", format!("Enter the share of whole-time it holds, from 0 to {MOST}"));
    }
    let reason = errors.text("reason", "why", &form.reason, LINES);
    if let (Some(from), Some(wte), Some(reason)) = (from, wte, reason) {
        if from < here.post.starts_on {
            errors.add(
                "from",
                format!("The post begins on {}. Enter a day on or after that", day_on_page(here.post.starts_on)),
            );
        } else {
            let step = CapacityStep { from, wte };
            let mut unit = here.begin().await?;
            let there = placements::of_post(&unit, here.post.id).await?;
            let mut changed = here.post.clone();
            changed.capacity.retain(|one| one.from != from);
            changed.capacity.push(step);
            changed.capacity.sort_by_key(|one| one.from);
            match rules::too_many(&changed, &there, from) {
                Some((day, filled, holds)) => errors.add(
                    "wte",
                    format!(
                        "On {} the post would hold {holds} of whole-time, and {filled} is placed in it. Move or cancel placements first",
                        day_on_page(day)
                    ),
                ),
                None => {
                    actions::change_capacity(&mut unit, &here.post, step, reason).await?;
                    unit.commit().await?;
                    return Ok(Done::to(here.path()).saying("The room was changed.").into());
                }
            }
        }
    }
    Ok(page::page(&here, &form, &FundingForm::default(), &errors).await?.with_errors(&errors).into())
}

pub async fn funding(here: Loaded<PostHere>, Input(form): Input<FundingForm>) -> Answer {
    let mut errors = Errors::none();
    let kind = ground::one_of(&mut errors, "kind", "the kind of funding", FundingKind::from_key(&form.kind));
    let body = errors.text("body", "who pays", &form.body, LINE);
    let from = ground::day(&mut errors, "funded_from", "the first day", &form.funded_from);
    let to = match form.funded_to.trim() {
        "" => None,
        typed => ground::day(&mut errors, "funded_to", "the last day", typed),
    };
    if from.zip(to).is_some_and(|(from, to)| to < from) {
        errors.add("funded_to", "Enter a last day on or after the first");
    }
    if from.is_some_and(|from| from < here.post.starts_on) {
        let words = format!("The post begins on {}: enter a first day from then on", day_on_page(here.post.starts_on));
        errors.add("funded_from", words);
    }
    let meets = |one: &&Funding| {
        Some(one.kind) == kind
            && from.is_some_and(|from| one.to.is_none_or(|last| from <= last))
            && to.is_none_or(|to| one.from <= to)
    };
    if let Some(same) = here.post.funding.iter().find(meets) {
        let until = same.to.map_or_else(|| "on".to_owned(), |last| format!("to {}", day_on_page(last)));
        let words = format!(
            "{} by {} stands from {} {until} already: choose days it leaves free, or another kind",
            same.kind.label(),
            same.body,
            day_on_page(same.from)
        );
        errors.add("funded_from", words);
    }
    let (true, Some(kind), Some(body), Some(from)) = (errors.is_empty(), kind, body, from) else {
        return Ok(page::page(&here, &CapacityForm::default(), &form, &errors).await?.with_errors(&errors).into());
    };
    let mut unit = here.begin().await?;
    let funding = Funding { id: unit.new_id(), kind, body, from, to, is_illustrative: false };
    actions::fund(&mut unit, &here.post, &funding).await?;
    unit.commit().await?;
    Ok(Done::to(here.path()).saying("The funding was added.").into())
}
