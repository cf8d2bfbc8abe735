//! `/clusters/{cluster}/education/rounds/new`: begin a round for a programme; and a second round for what a first one left.

use hiec_kernel::clock::london_date;
use hiec_web::components::{Button, Input as TextInput};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::html;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::access::{RoundHere, Rounds};
use super::actions::{self, NewRound};
use super::store;
use crate::ground::{self, LINE};
use crate::home;
use crate::programmes::store::{self as programmes, Programme};

#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct Form {
    name: String,
    /// The key of a programme.
    programme: String,
    /// The first day of the placements, as `2011-08-03`.
    starts_on: String,
    /// Their last day.
    ends_on: String,
    /// The last day on which rankings are taken.
    ranks_by: String,
    /// Positions ahead at a host whose setting a trainee's record lacks; 0 for none.
    breadth: String,
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct SecondForm {
    /// The last day on which rankings are taken, as `2011-06-30`.
    ranks_by: String,
}

pub async fn get(door: Loaded<Rounds>) -> Answer {
    Ok(page(&door, &Form::default(), &Errors::none()).await?.into())
}

async fn page(door: &Loaded<Rounds>, form: &Form, errors: &Errors) -> Result<Page, hiec_kernel::Problem> {
    let programmes = programmes::of_cluster(&door.database(), door.cluster.id).await?;
    let options: Vec<(String, String)> = programmes.into_iter().map(|one| (one.key, one.name)).collect();
    let view = html! {
        (ground::mistakes(errors))
        h1 { span.nhsuk-caption-xl { (door.cluster.short_name) } "Begin a placement round" }
        p { "Everybody who is in the programme on the first day takes part. The order in which they stand is drawn now, once, from a number that is kept, so that anybody can draw it again." }
        form method="post" novalidate {
            (ground::line_field("name", "Name of the round", &form.name, errors))
            (ground::choice("programme", "Programme", options, &form.programme, errors))
            (ground::day_field("starts_on", "First day of the placements", &form.starts_on, errors))
            (ground::day_field("ends_on", "Last day of the placements", &form.ends_on, errors))
            (ground::day_field("ranks_by", "Last day to rank", &form.ranks_by, errors))
            (TextInput::new("breadth", "Breadth: positions ahead")
                .hint("Where a host offers a setting a trainee's record lacks, past and planned, they stand so many positions further ahead there. 0 for none.")
                .inputmode("numeric")
                .width(4_u8)
                .value(form.breadth.as_str())
                .error_message(errors.of("breadth").unwrap_or_default()))
            (Button::new("Begin the round"))
        }
    };
    let page = Page::new("Begin a placement round", view).data(form)?;
    Ok(home::under(page, &door.cluster).under(door.path(), "Placement rounds"))
}

pub async fn post(door: Loaded<Rounds>, Input(form): Input<Form>) -> Answer {
    let mut errors = Errors::none();
    let programmes = programmes::of_cluster(&door.database(), door.cluster.id).await?;
    let name = errors.text("name", "a name of the round", &form.name, LINE);
    let programme = programmes.into_iter().find(|one| one.key == form.programme);
    let programme: Option<Programme> = ground::one_of(&mut errors, "programme", "a programme", programme);
    let starts_on = ground::day(&mut errors, "starts_on", "the first day of the placements", &form.starts_on);
    let ends_on = ground::day(&mut errors, "ends_on", "the last day of the placements", &form.ends_on);
    let ranks_by = ground::day(&mut errors, "ranks_by", "the last day to rank", &form.ranks_by);
    if let (Some(starts), Some(ends)) = (starts_on, ends_on)
        && ends < starts
    {
        errors.add("ends_on", "Enter a last day that is not before the first");
    }
    if let (Some(starts), Some(by)) = (starts_on, ranks_by)
        && by >= starts
    {
        errors.add("ranks_by", "Enter a last day to rank that lies before the placements begin");
    }
    let breadth = match form.breadth.trim() {
        "" => Some(0),
        typed => typed.parse::<i64>().ok().filter(|breadth| (0..=10_000).contains(breadth)),
    };
    if breadth.is_none() {
        errors.add("breadth", "Enter a whole number of positions, such as 5, or 0 for none");
    }
    let today = london_date(door.now());
    if starts_on.is_some_and(|first| first <= today) {
        errors.add("starts_on", "Enter a first day of the placements that lies ahead");
    }
    if ranks_by.is_some_and(|by| by < today) {
        errors.add("ranks_by", "Enter a last day to rank that has not passed");
    }
    if let Some(name) = &name {
        let is_taken = |one: &store::Round| one.name.eq_ignore_ascii_case(name);
        if store::of_cluster(&door.database(), door.cluster.id).await?.iter().any(is_taken) {
            errors
                .add("name", "There is a round of this name. Give the new one another, so that they can be told apart");
        }
    }
    let said = (name, programme, starts_on, ends_on, ranks_by, breadth);
    let (Some(name), Some(programme), Some(starts_on), Some(ends_on), Some(ranks_by), Some(breadth)) = said else {
        return Ok(page(&door, &form, &errors).await?.invalid().with_errors(&errors).into());
    };
    if !errors.is_empty() {
        return Ok(page(&door, &form, &errors).await?.invalid().with_errors(&errors).into());
    }
    let new = NewRound { name, starts_on, ends_on, ranks_by, breadth, is_illustrative: false };
    let mut unit = door.begin().await?;
    let round = actions::begin(&mut unit, &door.cluster, &programme, None, new).await?;
    unit.commit().await?;
    Ok(Done::made(round.path(&door.cluster)).saying("The round was begun, and the order of trainees drawn.").into())
}

/// A second round under the same settings, for those without a place and the places left.
pub async fn second(here: Loaded<RoundHere>, Input(form): Input<SecondForm>) -> Answer {
    let mut errors = Errors::none();
    let by = ground::day(&mut errors, "ranks_by", "the last day to rank", &form.ranks_by);
    if by.is_some_and(|by| by >= here.round.starts_on) {
        errors.add("ranks_by", "Enter a last day to rank that lies before the placements begin");
    }
    if by.is_some_and(|by| by < london_date(here.now())) {
        errors.add("ranks_by", "Enter a last day to rank that has not passed");
    }
    if here.round.starts_on <= london_date(here.now()) {
        errors.add("ranks_by", "The placements of this round have begun: begin another round with later days");
    }
    let Some(ranks_by) = by.filter(|_| errors.is_empty() && here.round.state.is_published()) else {
        if here.round.state.is_being_made() {
            return Err(hiec_kernel::Problem::conflict(
                "A second round follows a published one",
                "Publish this round first: then it shows what is left.",
            )
            .into());
        }
        return Ok(super::page::show(&here, &errors).await?.invalid().with_errors(&errors).into());
    };
    let first = &here.round;
    let new = NewRound {
        name: format!("{}: second round", first.name),
        starts_on: first.starts_on,
        ends_on: first.ends_on,
        ranks_by,
        breadth: first.breadth,
        is_illustrative: first.is_illustrative,
    };
    let mut unit = here.begin().await?;
    let round = actions::begin(&mut unit, &here.cluster, &here.programme, Some(first), new).await?;
    unit.commit().await?;
    Ok(Done::made(round.path(&here.cluster)).saying("The second round was begun for what is left.").into())
}
