//! `/calls/{call}/reviews`: how far assessment is, with what stands out; the office asks for another edition or takes a review away here, and never writes one.

use axum::extract::Query;
use hiec_kernel::clock::{from_london, on_page};
use hiec_kernel::{BidId, Problem};
use hiec_web::components::own::Paging;
use hiec_web::components::{Button, Cell, Column, Input as TextInput, Table, Tag, TagColour, Textarea};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page, WantsData};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::actions;
use super::mine::{in_words, tag};
use super::scores;
use super::signals::{HasteRule, Outlier, OutlierRule, outliers};
use super::store::{self, AssignedReview, Progress, StoredReview};
use crate::calls::registration::summary;
use crate::calls::store::Call;
use crate::interests::store as interests;

/// Which review is being acted on, and which part of the list is looked at.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Chosen {
    review: Option<Uuid>,
    page: Option<usize>,
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct ReopenForm {
    #[serde(default)]
    reason: String,
    /// A later end, as a local time (`2009-11-05T17:00`); empty keeps the call's.
    #[serde(default)]
    until: String,
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct RemoveForm {
    #[serde(default)]
    reason: String,
}

#[derive(Serialize)]
struct Shown {
    bid: BidId,
    title: String,
    region: String,
    wanted: u32,
    submitted: usize,
    reviews: Vec<ShownReview>,
    outliers: Vec<Outlier>,
}

#[derive(Serialize)]
struct ShownReview {
    id: Uuid,
    assessor: String,
    state: &'static str,
    is_live: bool,
    /// Minutes from acceptance to submission, where that is too few to have read the bid.
    hasty_minutes: Option<i64>,
    /// Conflicts that came up after assigning.
    is_conflicted: bool,
}

pub async fn get(call: Loaded<Call>, Query(chosen): Query<Chosen>, wants: WantsData) -> Answer {
    Ok(page(&call, &chosen, wants.0).await?.into())
}

async fn page(call: &Loaded<Call>, chosen: &Chosen, is_whole: bool) -> Result<Page, Problem> {
    let database = call.database();
    let hidden =
        interests::hidden_from(&database, call.id, call.subject.person.as_ref().map(|person| person.id)).await?;
    let progress = store::progress(&database, call.id, &hidden).await?;
    let paging = if is_whole { Paging::whole(progress.bids) } else { Paging::of(chosen.page, progress.bids) };
    let bids = store::reviewed_bids(&database, call.id, &hidden, paging.range()).await?;
    let reviews = store::of_bids(&database, &bids).await?;
    let standing = interests::standing_pairs(&database, call.id).await?;
    let mut shown: Vec<Shown> = Vec::new();
    for of_bid in reviews.chunk_by(|one, other| one.bid == other.bid) {
        let Some(first) = of_bid.first() else {
            continue;
        };
        let given = scores::of_reviews(of_bid, &[]).given;
        shown.push(Shown {
            bid: first.bid,
            title: first.bid_title.clone(),
            region: first.region.clone(),
            wanted: call.design().award.reviews_per_bid,
            submitted: of_bid.iter().filter(|one| one.review.is_submitted()).count(),
            reviews: of_bid
                .iter()
                .map(|one| ShownReview {
                    id: one.id,
                    assessor: one.assessor_name.clone(),
                    state: in_words(&one.review),
                    is_live: one.is_live(),
                    hasty_minutes: one
                        .submitted_at
                        .filter(|_| one.review.is_submitted())
                        .and_then(|at| HasteRule::default().minutes_if_hasty(one.accepted_at, at)),
                    is_conflicted: one.is_live() && standing.contains(&(one.bid, one.assessor)),
                })
                .collect(),
            outliers: outliers(OutlierRule::default(), &given).map_err(Problem::internal)?,
        });
    }
    let chosen = match chosen.review {
        Some(id) => store::by_id(&database, id).await?.filter(|one| one.call == call.id && !hidden.contains(&one.bid)),
        None => None,
    };
    let content = view(call, &shown, &reviews, chosen.as_ref(), progress, paging);
    let page = Page::new("Reviews", content);
    let page = if is_whole { page.data(&shown)? } else { page };
    Ok(page.under("/calls", "Calls").under(call.path(), call.title.clone()).wide())
}

fn view(
    call: &Loaded<Call>,
    shown: &[Shown],
    reviews: &[StoredReview],
    chosen: Option<&StoredReview>,
    progress: Progress,
    paging: Paging,
) -> Markup {
    let name = |id: &str| {
        reviews
            .iter()
            .find(|one| one.assessor.to_string() == id)
            .map_or(id, |one| one.assessor_name.as_str())
            .to_owned()
    };
    let may_change = call.may("call.assignment.make");
    let criterion = |key: &str| call.design().criterion(key).map_or(key.to_owned(), |one| one.name.clone());
    let rows = shown.iter().map(|line| {
        vec![
            Cell::link(line.title.as_str(), format!("/bids/{}/moderation", line.bid)),
            Cell::new(line.region.as_str()),
            Cell::new(format!("{} of {}", line.submitted, line.wanted)),
            Cell::new(html! {
                @for one in &line.reviews {
                    p {
                        (one.assessor) " " (tag(one.state))
                        @if one.is_conflicted { " " (Tag::new("conflict stands").colour(TagColour::Red)) }
                        @if let Some(minutes) = one.hasty_minutes { " " (Tag::new(format!("{minutes} minutes")).colour(TagColour::Orange)) }
                        @if one.is_live && may_change {
                            " " a href={ (call.path()) "/reviews?review=" (one.id) "#change" } { "Change" span.nhsuk-u-visually-hidden { " the review by " (one.assessor) " of " (line.title) } }
                        }
                    }
                }
            }),
            Cell::new(html! {
                @for outlier in &line.outliers {
                    p { (Tag::new("outlier").colour(TagColour::Orange)) " " (criterion(&outlier.part.criterion)) ": " (name(&outlier.assessor)) " gave " (outlier.value) ", the others’ median is " (outlier.median_of_others) }
                }
            }),
        ]
    });
    html! {
        h1 { span.nhsuk-caption-xl { (call.title) } "Reviews" }
        p { (progress.submitted) " of " (progress.live) " reviews are submitted." }
        p.app-source { (OutlierRule::default().statement()) " " (HasteRule::default().statement()) }
        @if let Some(one) = chosen { (change(one)) }
        @if shown.is_empty() {
            p { "Nothing is assigned yet. " a href={ (call.path()) "/assignment" } { "Assign bids to assessors" } "." }
        } @else {
            (Table::new("Reviews by bid; a bid leads to its moderation")
                .head([Column::new("Bid"), Column::new("Region"), Column::new("Submitted"), Column::new("Reviews"), Column::new("What stands out")])
                .first_cell_is_header(true)
                .rows(rows))
            (paging.links(&format!("{}/reviews", call.path())))
        }
    }
}

fn change(one: &StoredReview) -> Markup {
    html! {
        section #change {
            h2 { "The review by " (one.assessor_name) " of " (one.bid_title) }
            p { (tag(in_words(&one.review))) @if let Some(at) = one.submitted_at { " " (on_page(at)) } }
            @if one.review.is_submitted() {
                p { a href=(one.path()) { "Read it" } }
                form method="post" action={ (one.path()) "/reopening" } novalidate {
                    (Textarea::new("reason", "Ask for another edition: why").id("reopen-reason").hint("The assessor reads this. What was submitted stays."))
                    (TextInput::new("until", "Until (optional)").kind("datetime-local").hint("Only when the end of assessment is near or over."))
                    (Button::new("Open it again").secondary())
                }
            }
            form method="post" action={ (one.path()) "/removal" } novalidate {
                (Textarea::new("reason", "Take it away: why").id("remove-reason").hint("What was submitted stays on the record and no longer counts."))
                (Button::new("Take the review away").warning())
            }
        }
    }
}

pub async fn reopen(review: Loaded<AssignedReview>, Input(form): Input<ReopenForm>) -> Answer {
    let mut errors = Errors::none();
    let reason = errors.text("reopen-reason", "the reason", &form.reason, 5_000);
    let until = match form.until.trim() {
        "" => None,
        typed => match from_london(typed) {
            Ok(at) if at > review.now() => Some(at),
            Ok(_) => {
                errors.add("until", "Enter a time that is still to come");
                None
            }
            Err(_) => {
                errors.add("until", "Enter the time as date and time, such as 2009-11-05T17:00");
                None
            }
        },
    };
    let (true, Some(reason)) = (errors.is_empty(), reason) else {
        return Ok(once_more(&review, &errors, &form.reason, "reopening").with_errors(&errors).into());
    };
    let mut unit = review.begin().await?;
    actions::reopen_review(&mut unit, review.stored.id, &reason, until).await?;
    unit.commit().await?;
    Ok(Done::to(format!("{}/reviews", review.bid.call.path()))
        .saying("The review is open again. The assessor was told why.")
        .into())
}

pub async fn remove(review: Loaded<AssignedReview>, Input(form): Input<RemoveForm>) -> Answer {
    let mut errors = Errors::none();
    let Some(reason) = errors.text("remove-reason", "the reason", &form.reason, 5_000) else {
        return Ok(once_more(&review, &errors, &form.reason, "removal").with_errors(&errors).into());
    };
    let mut unit = review.begin().await?;
    actions::remove_review(&mut unit, review.stored.id, &reason).await?;
    unit.commit().await?;
    Ok(Done::to(format!("{}/reviews", review.bid.call.path()))
        .saying("Taken away. The reason is on the record.")
        .into())
}

/// The small form alone, with its errors and what was typed.
fn once_more(review: &Loaded<AssignedReview>, errors: &Errors, reason: &str, door: &str) -> Page {
    let id = if door == "reopening" { "reopen-reason" } else { "remove-reason" };
    let content = html! {
        (summary(errors))
        h1 { span.nhsuk-caption-xl { (review.stored.bid_title) } "The review by " (review.stored.assessor_name) }
        form method="post" action={ (review.stored.path()) "/" (door) } novalidate {
            (Textarea::new("reason", "Reason").id(id).value(reason).error_message(errors.of(id).unwrap_or_default()))
            @if door == "reopening" {
                (TextInput::new("until", "Until (optional)").kind("datetime-local").error_message(errors.of("until").unwrap_or_default()))
            }
            (Button::new(if door == "reopening" { "Open it again" } else { "Take the review away" }))
        }
    };
    let call = &review.bid.call;
    Page::new("A review", content)
        .under("/calls", "Calls")
        .under(call.path(), call.title.clone())
        .under(format!("{}/reviews", call.path()), "Reviews")
}
