//! What is noted of an item besides its decision: what a bidder presented, who leaves, that it is put off or taken up again; it decides nothing.

use std::collections::BTreeMap;
use std::str::FromStr;

use hiec_kernel::{BidId, PersonId, Problem, ProblemKind};
use hiec_web::components::{Button, Select, SelectItem, Textarea};
use hiec_web::{Answer, Done, Errors, Input, Loaded};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::Deserialize;

use super::actions;
use super::item::{Typed, name, page};
use super::states::ItemState;
use super::store::{Item, Meeting, PanelDesk};

/// A word about one item: a recusal, a deferral, a reopening, a presentation.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct NoteForm {
    #[serde(default)]
    bid: String,
    /// Who leaves; empty for oneself.
    #[serde(default)]
    person: String,
    #[serde(default)]
    reason: String,
    /// Who presented, one per line.
    #[serde(default)]
    presenters: String,
    #[serde(default)]
    notes: String,
}

pub(super) fn later_form(desk: &Loaded<PanelDesk>, item: &Item, typed: &NoteForm, errors: &Errors) -> Markup {
    let (heading, door, button) = if item.item.is_open() {
        ("Put off", "deferrals", "Put the item off")
    } else {
        ("Take up again", "reopenings", "Take the item up again")
    };
    html! {
        @if item.item.is_open() || matches!(item.item.state, ItemState::Decided) {
            h2 { (heading) }
            form method="post" action={ (desk.call.path()) "/panel/" (door) } novalidate {
                input type="hidden" name="bid" value=(item.item.bid);
                (Textarea::new("reason", "Why").id("later-reason").rows(2_u16).value(typed.reason.as_str())
                    .error_message(errors.of("later-reason").unwrap_or_default()))
                (Button::new(button).secondary())
            }
        }
    }
}

pub(super) fn presentation_form(desk: &Loaded<PanelDesk>, item: &Item, typed: &NoteForm, errors: &Errors) -> Markup {
    let called = item.item.slot.as_ref().map(|slot| slot.presenters.join("\n")).unwrap_or_default();
    let presenters =
        if typed.notes.is_empty() && typed.presenters.is_empty() { called } else { typed.presenters.clone() };
    html! {
        h2 { "Note a presentation" }
        form method="post" action={ (desk.call.path()) "/panel/presentations" } novalidate {
            input type="hidden" name="bid" value=(item.item.bid);
            (Textarea::new("presenters", "Who presented, one per line").rows(3_u16).value(presenters)
                .error_message(errors.of("presenters").unwrap_or_default()))
            (Textarea::new("notes", "What was presented and asked").value(typed.notes.as_str()))
            (Button::new("Note it").secondary())
        }
    }
}

pub(super) fn recusal_form(
    desk: &Loaded<PanelDesk>,
    meeting: &Meeting,
    item: &Item,
    names: &BTreeMap<PersonId, String>,
) -> Markup {
    let members =
        meeting.members.iter().map(|member| SelectItem::new(member.person.to_string(), name(names, member.person)));
    let may_note = desk.may("meeting.note");
    html! {
        h2 { "Leave for this item" }
        form method="post" action={ (desk.call.path()) "/panel/recusals" } novalidate {
            input type="hidden" name="bid" value=(item.item.bid);
            @if may_note {
                (Select::new("person", "Who leaves").items(members))
                (Button::new("Note that they leave").secondary())
            } @else {
                p { "You take no part in it, and see nothing of it from then on." }
                (Button::new("Leave for this item").secondary())
            }
        }
    }
}

pub(super) fn read_bid(text: &str) -> Result<BidId, Problem> {
    BidId::from_str(text.trim()).map_err(|_| Problem::not_found())
}

pub(super) fn back(desk: &Loaded<PanelDesk>, bid: BidId, word: &str) -> Answer {
    Ok(Done::to(format!("{}/panel/items/{bid}", desk.call.path())).saying(word).into())
}

/// The item's page with what was typed, where the state of things or a missing word stands in the way.
pub(super) async fn refused(
    desk: &Loaded<PanelDesk>,
    bid: BidId,
    typed: &Typed,
    field: &str,
    problem: Problem,
) -> Answer {
    if problem.kind != ProblemKind::Conflict && problem.kind != ProblemKind::Invalid {
        return Err(problem.into());
    }
    let mut errors = Errors::none();
    errors.add(field, problem.to_string());
    let page = page(desk, bid, typed, &errors).await?;
    Ok(if problem.kind == ProblemKind::Conflict { page.conflict(&errors) } else { page.with_errors(&errors) }.into())
}

pub async fn recuse(desk: Loaded<PanelDesk>, Input(form): Input<NoteForm>) -> Answer {
    let bid = read_bid(&form.bid)?;
    let own = desk.person()?.id;
    let person = match PersonId::from_str(form.person.trim()) {
        Ok(person) if person == own || desk.may("meeting.note") => person,
        _ => own,
    };
    let mut unit = desk.begin().await?;
    actions::recuse(&mut unit, &desk.call, bid, person).await?;
    unit.commit().await?;
    back(&desk, bid, "It is noted who leaves for this item.")
}

pub async fn present(desk: Loaded<PanelDesk>, Input(form): Input<NoteForm>) -> Answer {
    let bid = read_bid(&form.bid)?;
    let presenters: Vec<String> =
        form.presenters.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect();
    let typed = Typed { note: form, ..Typed::default() };
    if presenters.is_empty() {
        let problem = Problem::invalid("It is not said who presented", "Enter the presenters, one per line.");
        return refused(&desk, bid, &typed, "presenters", problem).await;
    }
    let mut unit = desk.begin().await?;
    if let Err(problem) = actions::note_presentation(&mut unit, &desk.call, bid, presenters, &typed.note.notes).await {
        drop(unit);
        return refused(&desk, bid, &typed, "presenters", problem).await;
    }
    unit.commit().await?;
    back(&desk, bid, "The presentation is noted.")
}

pub async fn defer(desk: Loaded<PanelDesk>, Input(form): Input<NoteForm>) -> Answer {
    let bid = read_bid(&form.bid)?;
    let typed = Typed { note: form, ..Typed::default() };
    let mut unit = desk.begin().await?;
    if let Err(problem) = actions::defer_item(&mut unit, &desk.call, bid, &typed.note.reason).await {
        drop(unit);
        return refused(&desk, bid, &typed, "later-reason", problem).await;
    }
    unit.commit().await?;
    back(&desk, bid, "The item is put off.")
}

pub async fn reopen(desk: Loaded<PanelDesk>, Input(form): Input<NoteForm>) -> Answer {
    let bid = read_bid(&form.bid)?;
    let typed = Typed { note: form, ..Typed::default() };
    let mut unit = desk.begin().await?;
    if let Err(problem) = actions::reopen_item(&mut unit, &desk.call, bid, &typed.note.reason).await {
        drop(unit);
        return refused(&desk, bid, &typed, "later-reason", problem).await;
    }
    unit.commit().await?;
    back(&desk, bid, "The item is taken up again; its earlier decision stays on the record.")
}
