//! `/clusters/{cluster}/education/rounds/{round}/hosts/{host}/appetite`: how many trainees a host takes, and why not more. No host sees how it was ranked.

use hiec_kernel::Problem;
use hiec_web::components::{Button, Input as TextInput};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::html;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::access::AppetiteHere;
use super::actions;
use super::store::{self, Appetite};
use crate::ground::{self, LINES};
use crate::home;

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Form {
    /// How many trainees it takes.
    places: String,
    /// Fewer than so many and it takes nobody; empty for any.
    least: String,
    /// Why not more.
    reason: String,
}

pub async fn get(host: Loaded<AppetiteHere>) -> Answer {
    let stated = store::appetites(&host.database(), host.here.round.id).await?.remove(&host.host.id);
    let form = stated.map_or_else(Form::default, |one| Form {
        places: one.places.to_string(),
        least: if one.least == 0 { String::new() } else { one.least.to_string() },
        reason: one.reason,
    });
    Ok(page(&host, &form, &Errors::none())?.into())
}

fn page(host: &Loaded<AppetiteHere>, form: &Form, errors: &Errors) -> Result<Page, Problem> {
    let whole = |name: &'static str, label: &'static str, hint: &str, value: &str| {
        TextInput::new(name, label)
            .hint(hint.to_owned())
            .inputmode("numeric")
            .width(4_u8)
            .value(value)
            .error_message(errors.of(name).unwrap_or_default())
    };
    let may_state = host.may("appetite.state");
    let view = html! {
        (ground::mistakes(errors))
        h1 { span.nhsuk-caption-xl { (host.here.round.name) } (host.host.name) ": what it takes" }
        @if may_state {
            form method="post" novalidate {
                (whole("places", "Trainees you take", &format!("{}; 0 if you take none", room(host.room)), &form.places))
                (whole("least", "Fewest worth opening for", "If fewer would come, you take nobody and they go elsewhere. Leave empty if any number will do.", &form.least))
                (ground::lines_field("reason", "Why not more", &form.reason, errors))
                (Button::new("Say so"))
            }
        } @else {
            p { "Takes: " @if form.places.is_empty() { "not said yet" } @else { (form.places) } ". " (form.reason) }
        }
    };
    let data = json!({ "host": host.host.id, "places": form.places, "least": form.least, "reason": form.reason });
    let page = Page::new(format!("{}: what it takes", host.host.name), view).data(&data)?;
    Ok(home::under(page, &host.here.cluster).under(host.here.path(), host.here.round.name.clone()))
}

/// What the posts have room for: people who share posts are more than whole-time ones.
fn room((whole_time, most): (i64, i64)) -> String {
    match whole_time == most {
        true => format!("Your posts have room for {most} in these days"),
        false => format!(
            "Your posts have room for {whole_time} who work whole-time in these days, up to {most} where people share posts"
        ),
    }
}

pub async fn post(host: Loaded<AppetiteHere>, Input(form): Input<Form>) -> Answer {
    let mut errors = Errors::none();
    let whole = |typed: &str| typed.trim().parse::<i64>().ok().filter(|number| (0..=10_000).contains(number));
    let places = whole(&form.places);
    if places.is_none() {
        errors.add("places", "Enter how many trainees you take as a whole number, 0 if none");
    }
    let least = if form.least.trim().is_empty() { Some(0) } else { whole(&form.least) };
    if least.is_none() || least > places.or(least) {
        errors.add("least", "Enter a whole number that is not more than you take, or leave it empty");
    }
    let reason = ground::optional(&mut errors, "reason", "why not more", &form.reason, LINES);
    let (holds, most) = host.room;
    if places.is_some_and(|places| places > most) {
        errors.add("places", format!("{}. Enter no more than that, or have a post hold more first", room(host.room)));
    }
    if places.is_some_and(|places| places < holds) && reason.as_deref() == Some("") {
        errors.add("reason", format!("{}. Enter why you take fewer", room(host.room)));
    }
    let (Some(places), Some(least), Some(reason), true) = (places, least, reason, errors.is_empty()) else {
        return Ok(page(&host, &form, &errors)?.invalid().with_errors(&errors).into());
    };
    let mut unit = host.begin().await?;
    let appetite = Appetite { host: host.host.id, places, least, reason, answered_at: unit.now() };
    actions::state_appetite(&mut unit, &host.here.round, &appetite).await?;
    unit.commit().await?;
    Ok(Done::to(host.path()).saying(format!("{} takes {places}.", host.host.name)).into())
}
