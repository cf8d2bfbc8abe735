//! `POST /calls/{call}/panel/slots`: calls a bidder to present at a time, moves it or calls it off; the bidder is told. It never puts two bidders into one time.

use hiec_kernel::clock::{from_london, london_field, on_page};
use hiec_kernel::{BidId, Problem};
use hiec_store::{AuditEvent, Unit};
use hiec_web::components::{Button, Input as TextInput, Textarea};
use hiec_web::{Answer, Errors, Input, Loaded};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::actions::{item_of, meeting_of};
use super::item::{Typed, page};
use super::notes::{back, read_bid, refused};
use super::states::Slot;
use super::store::{self, Item, PanelDesk};
use crate::bids::store as bids;
use crate::calls::store::Call;
use crate::partnerships::joining::tell_leads;

/// A time on the agenda. Empty fields call the presentation off.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct Form {
    #[serde(default)]
    bid: String,
    /// `2009-11-11 10:30`, in London's time.
    #[serde(default)]
    at: String,
    #[serde(default)]
    minutes: String,
    /// Who presents, one per line.
    #[serde(default)]
    presenters: String,
}

/// A bidder was called to present, or called off.
#[derive(Serialize)]
struct CalledToPresent {
    meeting: Uuid,
    bid: BidId,
    slot: Option<Slot>,
}

impl AuditEvent for CalledToPresent {
    const KIND: &'static str = "panel.called_to_present";
}

pub(super) fn form(desk: &Loaded<PanelDesk>, item: &Item, typed: Option<&Form>, errors: &Errors) -> Markup {
    let slot = item.item.slot.as_ref();
    let shown = typed.cloned().unwrap_or_else(|| slot.map(Form::of).unwrap_or_default());
    let error = |field: &str| errors.of(field).unwrap_or_default().to_owned();
    html! {
        h2 { @if slot.is_some() { "Move the presentation, or call it off" } @else { "Call the bidder to present" } }
        form method="post" action={ (desk.call.path()) "/panel/slots" } novalidate {
            input type="hidden" name="bid" value=(item.item.bid);
            (TextInput::new("at", "When").hint("For example 2009-11-11 10:30, in London’s time. Leave everything empty to call it off.").width(20)
                .value(shown.at).error_message(error("at")))
            (TextInput::new("minutes", "How many minutes").number().width(4)
                .value(shown.minutes).error_message(error("minutes")))
            (Textarea::new("presenters", "Who presents, one per line").id("slot-presenters").rows(3_u16)
                .value(shown.presenters).error_message(error("slot-presenters")))
            (Button::new("Put it on the agenda").secondary())
        }
    }
}

impl Form {
    fn of(slot: &Slot) -> Self {
        Self {
            bid: String::new(),
            at: london_field(slot.at),
            minutes: slot.minutes.to_string(),
            presenters: slot.presenters.join("\n"),
        }
    }
}

pub async fn post(desk: Loaded<PanelDesk>, Input(form): Input<Form>) -> Answer {
    let bid = read_bid(&form.bid)?;
    let mut errors = Errors::none();
    let slot = read(&form, &mut errors);
    let typed = Typed { slot: Some(form), ..Typed::default() };
    if !errors.is_empty() {
        return Ok(page(&desk, bid, &typed, &errors).await?.with_errors(&errors).into());
    }
    let word =
        if slot.is_some() { "The bidder is called to present and told." } else { "The presentation is called off." };
    let mut unit = desk.begin().await?;
    if let Err(problem) = schedule(&mut unit, &desk.call, bid, slot).await {
        drop(unit);
        return refused(&desk, bid, &typed, "at", problem).await;
    }
    unit.commit().await?;
    back(&desk, bid, word)
}

/// The slot as typed; nothing where everything is empty, or something is wrong.
fn read(form: &Form, errors: &mut Errors) -> Option<Slot> {
    let presenters: Vec<String> =
        form.presenters.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect();
    if form.at.trim().is_empty() && form.minutes.trim().is_empty() && presenters.is_empty() {
        return None;
    }
    let at = errors.take("at", from_london(&form.at.trim().replace('T', " ")));
    let minutes = form.minutes.trim().parse().map_err(|_| "Enter how many minutes the presentation takes, as a number");
    let minutes = errors.take("minutes", minutes);
    if presenters.is_empty() {
        errors.add("slot-presenters", "Enter who presents, one per line");
    }
    let slot = Slot { at: at?, minutes: minutes?, presenters };
    errors.is_empty().then_some(slot)
}

/// Puts a presentation on the agenda of the meeting, or takes it off; the bid's leads are told.
pub(crate) async fn schedule(unit: &mut Unit, call: &Call, bid: BidId, slot: Option<Slot>) -> Result<(), Problem> {
    let meeting = meeting_of(unit, call).await?;
    let mut item = item_of(unit, &meeting, bid).await?;
    let all = store::items(unit, meeting.id).await?;
    let others: Vec<&Slot> =
        all.iter().filter(|other| other.item.bid != bid).filter_map(|other| other.item.slot.as_ref()).collect();
    item.item = item.item.schedule(&meeting.state, slot.clone(), meeting.planned_for, &others)?;
    store::save_item(unit, &item).await?;
    let about = bids::by_id(unit, bid, unit.now()).await?.ok_or_else(Problem::not_found)?;
    let body = match &slot {
        Some(slot) => format!(
            "The award panel of \"{}\" calls you to present \"{}\" on {}, for {} minutes. Where: {}.\nWho presents: {}.\n",
            call.title,
            about.title,
            on_page(slot.at),
            slot.minutes,
            meeting.place,
            slot.presenters.join(", ")
        ),
        None => format!("The presentation of \"{}\" to the award panel is called off.\n", about.title),
    };
    tell_leads(unit, &about, format!("Presentation to the award panel: {}", about.title), body).await?;
    unit.audit(call.stream(), format!("bid:{bid}"), &CalledToPresent { meeting: meeting.id, bid, slot })?;
    Ok(())
}
