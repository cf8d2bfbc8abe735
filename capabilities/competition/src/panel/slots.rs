//! `POST /calls/{call}/panel/slots`: calls a bidder to present at a time, moves it or calls it off; the bidder is told. It never puts two bidders into one time.

use std::str::FromStr;

use hiec_kernel::clock::{from_london, london_field, on_page};
use hiec_kernel::{BidId, Problem};
use hiec_store::{AuditEvent, Unit};
use hiec_web::components::{Button, Input as TextInput, Textarea};
use hiec_web::{Answer, Done, Input, Loaded};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::actions::{item_of, meeting_of};
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

pub(super) fn form(desk: &Loaded<PanelDesk>, item: &Item) -> Markup {
    let slot = item.item.slot.as_ref();
    html! {
        h2 { "Call the bidder to present" }
        form method="post" action={ (desk.call.path()) "/panel/slots" } novalidate {
            input type="hidden" name="bid" value=(item.item.bid);
            (TextInput::new("at", "When").hint("For example 2009-11-11 10:30, in London’s time. Leave everything empty to call it off.")
                .value(slot.map(|slot| london_field(slot.at)).unwrap_or_default()))
            (TextInput::new("minutes", "How many minutes").number().width(4)
                .value(slot.map(|slot| slot.minutes.to_string()).unwrap_or_default()))
            (Textarea::new("presenters", "Who presents, one per line").id("slot-presenters").rows(3_u16)
                .value(slot.map(|slot| slot.presenters.join("\n")).unwrap_or_default()))
            (Button::new("Put it on the agenda").secondary())
        }
    }
}

pub async fn post(desk: Loaded<PanelDesk>, Input(form): Input<Form>) -> Answer {
    let bid = BidId::from_str(form.bid.trim()).map_err(|_| Problem::not_found())?;
    let slot = read(&form)?;
    let word =
        if slot.is_some() { "The bidder is called to present and told." } else { "The presentation is called off." };
    let mut unit = desk.begin().await?;
    schedule(&mut unit, &desk.call, bid, slot).await?;
    unit.commit().await?;
    Ok(Done::to(format!("{}/panel/items/{bid}", desk.call.path())).saying(word).into())
}

fn read(form: &Form) -> Result<Option<Slot>, Problem> {
    let presenters: Vec<String> =
        form.presenters.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect();
    if form.at.trim().is_empty() && form.minutes.trim().is_empty() && presenters.is_empty() {
        return Ok(None);
    }
    let again = "Go back: what you typed is still in the form.";
    let at = from_london(&form.at.trim().replace('T', " "))
        .map_err(|error| Problem::invalid(format!("When the bidder presents cannot be read: {error}"), again))?;
    let minutes = form
        .minutes
        .trim()
        .parse()
        .map_err(|_| Problem::invalid("Enter how many minutes the presentation takes, as a number", again))?;
    if presenters.is_empty() {
        return Err(Problem::invalid("It is not said who presents", "Enter the presenters, one per line."));
    }
    Ok(Some(Slot { at, minutes, presenters }))
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
