//! `/bids`: the bids a person has a part in; nobody else's.

use hiec_access::policy::Target;
use hiec_kernel::Problem;
use hiec_web::components::{Table, TagColour};
use hiec_web::{Answer, Loaded, Loading, Page, Resource};
use maud::html;
use serde::Serialize;
use uuid::Uuid;

use super::papers::Paper;
use super::pieces::{illustrative, tag};
use super::states::BidState;
use super::store::{self, Bid};

/// The person who looks for their own bids.
pub struct Bidder;

impl Resource for Bidder {
    const KIND: &'static str = "bidder";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let person = loading.subject.person.as_ref().map(|person| person.id.0);
        let target = Target::new("bidder", person.unwrap_or_else(Uuid::nil)).fact("is_own", person.is_some());
        Ok(Some((Self, target)))
    }
}

#[derive(Serialize)]
struct Line {
    id: Uuid,
    title: String,
    call: String,
    state: &'static str,
    countdown: String,
    is_illustrative: bool,
}

pub async fn get(bidder: Loaded<Bidder>) -> Answer {
    let person = bidder.person()?;
    let bids = store::of_person(&bidder.database(), person.id.0, bidder.now()).await?;
    let lines: Vec<Line> = bids.iter().map(line).collect();
    let table =
        Table::new("Bids you have a part in").head(["Bid", "Call", "State", "Deadline"]).rows(bids.iter().map(|bid| {
            [
                html! { a href=(bid.path()) { (bid.title) } (illustrative(bid.is_illustrative)) },
                html! { (bid.call.title) },
                html! { (tag(bid.state.label(), colour(&bid.state))) },
                html! { (Paper::Bid.countdown(bid, bid.call.now)) },
            ]
        }));
    let content = html! {
        h1 { "My bids" }
        @if bids.is_empty() {
            p { "You have no part in a bid yet. " a href="/calls" { "Look at the calls" } " to form a partnership, or open the link of an invitation you were sent." }
        } @else { (table) }
    };
    Ok(Page::new("My bids", content).data(&lines)?.into())
}

fn line(bid: &Bid) -> Line {
    Line {
        id: bid.id.0,
        title: bid.title.clone(),
        call: bid.call.key.clone(),
        state: bid.state.name(),
        countdown: Paper::Bid.countdown(bid, bid.call.now),
        is_illustrative: bid.is_illustrative,
    }
}

/// The colour of a bid's state.
pub(super) fn colour(state: &BidState) -> TagColour {
    match state {
        BidState::Draft(_) => TagColour::Blue,
        BidState::Submitted(_) | BidState::Opened(_) => TagColour::Green,
        BidState::LateProposed(_) => TagColour::Yellow,
        BidState::Withdrawn(_) => TagColour::Grey,
        BidState::NotSubmitted(_) => TagColour::Red,
    }
}
