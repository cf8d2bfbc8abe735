//! `/clusters/{cluster}/education/rounds/{round}/appeals/{appeal}/place`: after an appeal was upheld, who decides says what changes: another host and post with room, one by a stated exception, or nothing.

use hiec_kernel::Problem;
use hiec_kernel::clock::day_on_page;
use hiec_web::components::{Button, Cell, Column, Details, RadioItem, Radios, SummaryList, SummaryRow, Table};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::actions::{self, Placing};
use super::appeals::AppealHere;
use super::store::{self, Appeal, AppealState, Outcome};
use super::upheld::{self, Offer, Room};
use crate::ground::{self, LINES};
use crate::home;
use crate::placements::store::Placement;
use crate::posts::store as posts;
use crate::trainees::store as trainees;

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Form {
    /// The number of a post, or `nothing`.
    post: String,
    /// Why a post without room is given.
    exception: String,
    /// Why nothing changes: for `nothing`.
    why_nothing: String,
}

const NOTHING: &str = "nothing";

struct Seen {
    appeal: Appeal,
    outcome: Outcome,
    placement: Placement,
    /// Whether it is planned already.
    is_planned: bool,
    /// Where it is now, in words.
    now: String,
    offers: Vec<Offer>,
}

async fn seen(one: &Loaded<AppealHere>) -> Result<Seen, Problem> {
    let (reads, here) = (one.database(), &one.door.own.here);
    let appeals = store::appeals(&reads, here.round.id).await?;
    let appeal = appeals.into_iter().find(|it| it.id == one.appeal).ok_or_else(Problem::not_found)?;
    if appeal.state != AppealState::Upheld {
        return Err(Problem::conflict(
            "This appeal was not upheld",
            "Decide it first; only an upheld one changes where somebody goes.",
        ));
    }
    let outcomes = store::outcomes(&reads, here.round.id).await?;
    let outcome = outcomes.into_iter().find(|it| it.trainee_id == appeal.trainee).ok_or_else(Problem::not_found)?;
    let trainee = trainees::by_id(&reads, appeal.trainee).await?.ok_or_else(Problem::not_found)?;
    let (placement, is_planned) = upheld::placement_now(&reads, &here.round, &trainee, &outcome).await?;
    let now = match placement.post {
        Some(id) => match posts::by_id(&reads, id).await? {
            Some(post) => {
                let names = crate::placements::scene::host_names(&reads, std::slice::from_ref(&post)).await?;
                format!("{}: {}", names.get(&post.host).map_or("A former host", String::as_str), post.number)
            }
            None => "In a post that is no longer there".to_owned(),
        },
        None => "No placement by this round".to_owned(),
    };
    let offers = upheld::offers(&reads, &here.round, &here.programme, &placement).await?;
    Ok(Seen { appeal, outcome, placement, is_planned, now, offers })
}

pub async fn get(one: Loaded<AppealHere>) -> Answer {
    let seen = seen(&one).await?;
    Ok(page(&one, &seen, &Form::default(), &Errors::none())?.into())
}

fn page(one: &Loaded<AppealHere>, seen: &Seen, form: &Form, errors: &Errors) -> Result<Page, Problem> {
    let here = &one.door.own.here;
    let appeal = &seen.appeal;
    let view = html! {
        (ground::mistakes(errors))
        h1 { span.nhsuk-caption-xl { (here.round.name) } "What changes for " (appeal.number) }
        (SummaryList::new([
            SummaryRow::new("Trainee", format!("{}, {}", appeal.name, appeal.number)),
            SummaryRow::new("What was wrong", appeal.reason.as_str()),
            SummaryRow::new("Upheld because", appeal.decision.as_str()),
            SummaryRow::new("Goes now", seen.now.as_str()),
            SummaryRow::new("Days", format!("{} to {}, {} of whole-time", day_on_page(seen.placement.starts_on), day_on_page(seen.placement.ends_on), seen.placement.wte)),
        ]))
        @if appeal.is_unplaced { (entry(seen, form, errors)) } @else {
            p { "It is said already what changes" @if seen.outcome.is_changed { ", and where they go was changed" } ". The appeals show how." }
        }
    };
    let offers: Vec<_> = seen
        .offers
        .iter()
        .map(|one| json!({ "post": one.post.number, "host": one.host_name, "has_room": one.room == Room::There, "why": one.why_not() }))
        .collect();
    let data = json!({ "appeal": appeal, "now": seen.now, "is_planned": seen.is_planned, "offers": offers });
    let page = Page::new("What an upheld appeal changes", view).data(&data)?;
    Ok(home::under(page, &here.cluster)
        .under(here.path(), here.round.name.clone())
        .under(format!("{}/appeals", here.path()), "Appeals"))
}

fn entry(seen: &Seen, form: &Form, errors: &Errors) -> Markup {
    let mut items: Vec<RadioItem> = seen
        .offers
        .iter()
        .filter(|one| !matches!(one.room, Room::No(_)))
        .map(|one| RadioItem::new(one.post.number.clone(), one.words()).hint(one.why_not()))
        .collect();
    items.push(
        RadioItem::new(NOTHING, "Nothing changes about where they go")
            .hint("What was wrong is put right in another way, or had no effect"),
    );
    let others: Vec<&Offer> = seen.offers.iter().filter(|one| matches!(one.room, Room::No(_))).collect();
    let not_possible = html! {
        (Table::new("Posts of the programme that cannot take them")
            .head([Column::new("Post"), Column::new("Why")])
            .rows(others.iter().map(|one| vec![Cell::new(one.words()), Cell::new(one.why_not())])))
    };
    html! {
        p { "The placement is changed with the reason “Appeal upheld” and what you wrote. The trainee and the hosts concerned get a letter; the public certificate says that one outcome was changed on appeal, and not whose." }
        form method="post" novalidate {
            (Radios::new("post", "Where they go instead").items(items).value(form.post.as_str()).error_message(errors.of("post").unwrap_or_default()))
            (ground::lines_field("exception", "Why an exception is made", &form.exception, errors).hint("Only for a post or host without room: the post then holds so much more on these days"))
            (ground::lines_field("why_nothing", "Why nothing changes", &form.why_nothing, errors).hint("Only where nothing changes"))
            (Button::new("Put it down"))
        }
        @if !others.is_empty() { (Details::new(format!("Posts that cannot take them: {}", others.len()), not_possible)) }
    }
}

pub async fn post(one: Loaded<AppealHere>, Input(form): Input<Form>) -> Answer {
    let seen = seen(&one).await?;
    let here = &one.door.own.here;
    let mut errors = Errors::none();
    let offer = seen.offers.iter().find(|it| it.post.number == form.post && !matches!(it.room, Room::No(_)));
    let placing = if form.post == NOTHING {
        errors.text("why_nothing", "why nothing changes", &form.why_nothing, LINES).map(Placing::Nothing)
    } else if let Some(offer) =
        ground::one_of(&mut errors, "post", "where they go instead, or that nothing changes", offer)
    {
        match offer.room {
            Room::There => Some(Placing::In { offer: Box::new(offer.clone()), exception: String::new() }),
            _ => errors
                .text("exception", "why an exception is made", &form.exception, LINES)
                .map(|exception| Placing::In { offer: Box::new(offer.clone()), exception }),
        }
    } else {
        None
    };
    let Some(placing) = placing else {
        return Ok(page(&one, &seen, &form, &errors)?.invalid().with_errors(&errors).into());
    };
    let mut unit = one.begin().await?;
    let is_moved = matches!(placing, Placing::In { .. });
    actions::place_upheld(&mut unit, here, &seen.appeal, (seen.placement, seen.is_planned), placing).await?;
    unit.commit().await?;
    let word = match is_moved {
        true => "The placement is changed, and the trainee and the hosts get a letter.",
        false => "It is put down that nothing changes, and the trainee gets a letter.",
    };
    Ok(Done::to(format!("{}/appeals", here.path())).saying(word).into())
}

/// Where an upheld appeal is given its place.
pub(super) fn path(round: &str, appeal: Uuid) -> String {
    format!("{round}/appeals/{appeal}/place")
}
