//! `/reviews`: the bids somebody is asked to review, and where each stands; nobody else's.

use hiec_kernel::clock::on_page;
use hiec_kernel::{BidId, Timestamp};
use hiec_web::accounts::OwnAccount;
use hiec_web::components::{Cell, Column, Table, Tag, TagColour};
use hiec_web::{Answer, Loaded, Page};
use maud::html;
use serde::Serialize;
use uuid::Uuid;

use super::states::{Review, ReviewState};
use super::store;
use crate::calls::store as calls;
use crate::interests::store as interests;

#[derive(Serialize)]
struct Shown {
    id: Uuid,
    bid: BidId,
    title: String,
    region: String,
    state: &'static str,
    closes: Option<Timestamp>,
}

pub async fn get(account: Loaded<OwnAccount>) -> Answer {
    let person = account.person()?.id;
    let database = account.database();
    let mut shown = Vec::new();
    let mut known_calls = std::collections::BTreeMap::new();
    for stored in store::of_assessor(&database, person).await? {
        if !stored.is_live() {
            continue;
        }
        if let std::collections::btree_map::Entry::Vacant(place) = known_calls.entry(stored.call) {
            let call = calls::by_id(&database, stored.call, account.now()).await?;
            let hidden = interests::hidden_from(&database, stored.call, Some(person)).await?;
            place.insert((call, hidden));
        }
        let Some((Some(call), hidden)) = known_calls.get(&stored.call) else {
            continue;
        };
        if hidden.contains(&stored.bid) {
            continue;
        }
        shown.push(Shown {
            id: stored.id,
            bid: stored.bid,
            state: in_words(&stored.review),
            closes: stored.closes(call),
            title: stored.bid_title,
            region: stored.region,
        });
    }
    let rows = shown.iter().map(|line| {
        vec![
            Cell::link(line.title.as_str(), format!("/reviews/{}", line.id)),
            Cell::new(line.region.as_str()),
            Cell::new(html! { (tag(line.state)) }),
            Cell::new(line.closes.map(on_page).unwrap_or_default()),
        ]
    });
    let content = html! {
        h1 { "Your reviews" }
        p { "You score each bid alone. You see what the others wrote once your own review is submitted." }
        p { a href="/interests" { "Your declaration of interests" } }
        @if shown.is_empty() {
            p { "You have no bid to review. You get a letter when there is one." }
        } @else {
            (Table::new("Bids to review")
                .head([Column::new("Bid"), Column::new("Region"), Column::new("State"), Column::new("Until")])
                .first_cell_is_header(true)
                .rows(rows))
        }
    };
    Ok(Page::new("Your reviews", content).data(&shown)?.into())
}

pub(super) fn in_words(review: &Review) -> &'static str {
    match review.state {
        ReviewState::Assigned => "To accept or decline",
        ReviewState::Accepted => "To write",
        ReviewState::Draft => "Being written",
        ReviewState::Submitted => "Submitted",
        ReviewState::Reopened { .. } => "Open again",
        ReviewState::Declined { .. } => "Declined",
        ReviewState::Removed { .. } => "Taken away",
    }
}

pub(super) fn tag(words: &'static str) -> Tag {
    Tag::new(words).colour(match words {
        "Submitted" => TagColour::Green,
        "Declined" | "Taken away" => TagColour::Grey,
        "Open again" => TagColour::Orange,
        _ => TagColour::Blue,
    })
}
