//! `/bids/{bid}/team`: who leads, writes and reads the bid; the lead invites others by letter, gives other seats and ends them.

use std::str::FromStr;

use hiec_access::people;
use hiec_kernel::people::Person;
use hiec_kernel::{PersonId, Problem, ProblemKind, Role};
use hiec_web::components::{Button, Input as TextInput, RadioItem, Radios, Select, SelectItem, Table};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::partners::address;
use super::seating::{self, SEATS, in_words};
use super::{inviting, joining};
use crate::bids::pieces::{error_summary, illustrative};
use crate::bids::store::Bid;

/// Somebody to invite.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Form {
    #[serde(default)]
    pub email: String,
    /// `bid_lead`, `bid_editor` or `bid_reader`; an editor where it is empty.
    #[serde(default)]
    pub role: String,
}

/// Another seat for somebody of the team.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct SeatForm {
    /// Id of the person.
    #[serde(default)]
    pub person: String,
    /// `bid_lead`, `bid_editor` or `bid_reader`.
    #[serde(default)]
    pub role: String,
}

/// The end of a seat.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct EndForm {
    /// Id of the person.
    #[serde(default)]
    pub person: String,
    #[serde(default)]
    pub reason: String,
}

/// Everything a failed attempt leaves in its fields.
#[derive(Default)]
struct AsTyped {
    invite: Form,
    seat: SeatForm,
    end: EndForm,
}

pub async fn get(bid: Loaded<Bid>) -> Answer {
    page(&bid, &AsTyped::default(), &Errors::none()).await
}

pub async fn post(bid: Loaded<Bid>, Input(form): Input<Form>) -> Answer {
    let by = bid.person()?.clone();
    let mut errors = Errors::none();
    let email = errors.take("email", address(&form.email));
    let role = match form.role.trim() {
        "" => Some(Role::BidEditor),
        typed => errors.take("role", read_seat(typed)),
    };
    let (Some(email), Some(role)) = (email, role) else {
        return page(&bid, &AsTyped { invite: form, ..AsTyped::default() }, &errors).await;
    };
    let base = bid.app.site().link("/");
    let mut unit = bid.begin().await?;
    inviting::invite_to_team(&mut unit, &bid, &by, &email, role, base.trim_end_matches('/')).await?;
    unit.commit().await?;
    Ok(Done::to(format!("{}/team", bid.path())).saying(format!("The letter went to {email}.")).into())
}

pub async fn give(bid: Loaded<Bid>, Input(form): Input<SeatForm>) -> Answer {
    let mut errors = Errors::none();
    let person = errors.take("person", member(&bid, &form.person).await?);
    let role = errors.take("seat", read_seat(&form.role));
    let (Some(person), Some(role)) = (person, role) else {
        return page(&bid, &AsTyped { seat: form, ..AsTyped::default() }, &errors).await;
    };
    let mut unit = bid.begin().await?;
    match seating::seat(&mut unit, &bid, &person, role).await {
        Ok(()) => unit.commit().await?,
        Err(problem) if problem.kind == ProblemKind::Conflict => {
            drop(unit);
            errors.add("person", problem.to_string());
            return page(&bid, &AsTyped { seat: form, ..AsTyped::default() }, &errors).await;
        }
        Err(problem) => return Err(problem.into()),
    }
    Ok(Done::to(format!("{}/team", bid.path()))
        .saying(format!("{} is now: {}.", person.name, role.label().to_lowercase()))
        .into())
}

pub async fn end(bid: Loaded<Bid>, Input(form): Input<EndForm>) -> Answer {
    let mut errors = Errors::none();
    let person = errors.take("leaves", member(&bid, &form.person).await?);
    let reason = errors.text("reason", "the reason", &form.reason, 1_000);
    let (Some(person), Some(reason)) = (person, reason) else {
        return page(&bid, &AsTyped { end: form, ..AsTyped::default() }, &errors).await;
    };
    let mut unit = bid.begin().await?;
    match seating::end(&mut unit, &bid, &person, &reason).await {
        Ok(()) => unit.commit().await?,
        Err(problem) if problem.kind == ProblemKind::Conflict => {
            drop(unit);
            errors.add("reason", problem.to_string());
            return page(&bid, &AsTyped { end: form, ..AsTyped::default() }, &errors).await;
        }
        Err(problem) => return Err(problem.into()),
    }
    Ok(Done::to(format!("{}/team", bid.path())).saying(format!("{} has no part any more.", person.name)).into())
}

fn read_seat(typed: &str) -> Result<Role, &'static str> {
    Role::from_key(typed.trim()).filter(|role| SEATS.contains(role)).ok_or("Choose lead, editor or reader")
}

/// Somebody who has a part in this bid already.
async fn member(bid: &Loaded<Bid>, id: &str) -> Result<Result<Person, &'static str>, Problem> {
    let Ok(id) = PersonId::from_str(id.trim()) else {
        return Ok(Err("Choose somebody of the team"));
    };
    let is_here = joining::team(&bid.database(), bid).await?.iter().any(|(person, _)| person.id == id);
    let found = if is_here { people::by_id(&bid.database(), id).await? } else { None };
    Ok(found.ok_or("Choose somebody of the team"))
}

async fn page(bid: &Loaded<Bid>, typed: &AsTyped, errors: &Errors) -> Answer {
    let team = joining::team(&bid.database(), bid).await?;
    let data: Vec<_> = team
        .iter()
        .map(|(person, role)| serde_json::json!({ "person": person.id, "name": person.name, "role": role }))
        .collect();
    let table = Table::new("People in this bid").head(["Name", "Part", "What that is"]).responsive(true).rows(
        team.iter().map(|(person, role)| {
            [
                html! { (person.name) (illustrative(person.is_illustrative)) },
                html! { (role.label()) },
                html! { (in_words(*role)) },
            ]
        }),
    );
    let content = html! {
        (error_summary(errors))
        h1 { span.nhsuk-caption-xl { (bid.title) } "Team" }
        (table)
        @if bid.may("bid.team") {
            (invite_form(bid, &typed.invite, errors))
            (seat_form(bid, &team, &typed.seat, errors))
            (end_form(bid, &team, &typed.end, errors))
        }
    };
    let page = Page::new("Team", content).under("/bids", "My bids").under(bid.path(), bid.title.clone()).data(&data)?;
    Ok(if errors.is_empty() { page.into() } else { page.with_errors(errors).into() })
}

fn seats() -> impl Iterator<Item = RadioItem> {
    SEATS.iter().map(|role| RadioItem::new(role.key(), role.label()).hint(in_words(*role)))
}

fn invite_form(bid: &Bid, form: &Form, errors: &Errors) -> Markup {
    let value = if form.role.is_empty() { Role::BidEditor.key() } else { form.role.as_str() };
    html! {
        h2 { "Ask somebody to join" }
        form method="post" action={ (bid.path()) "/team" } novalidate {
            (TextInput::new("email", "E-mail address").kind("email").autocomplete("off").spellcheck(false)
                .hint("They get a link that can be used once.").value(form.email.as_str()).error_message(errors.of("email")))
            (Radios::new("role", "As").items(seats()).value(value).error_message(errors.of("role")))
            (Button::new("Send the invitation"))
        }
    }
}

/// Everybody once, for a list to choose from.
fn people_of(team: &[(Person, Role)], wanted: impl Fn(Role) -> bool) -> Vec<SelectItem> {
    let mut items = vec![SelectItem::new("", "Choose somebody")];
    for (person, role) in team.iter().filter(|(_, role)| wanted(*role)) {
        let id = person.id.to_string();
        if items.iter().all(|item| item.value.as_deref() != Some(id.as_str())) {
            items.push(SelectItem::new(id, format!("{} ({})", person.name, role.label().to_lowercase())));
        }
    }
    items
}

fn seat_form(bid: &Bid, team: &[(Person, Role)], form: &SeatForm, errors: &Errors) -> Markup {
    html! {
        h2 { "Give somebody another part" }
        form method="post" action={ (bid.path()) "/team/seats" } novalidate {
            (Select::new("person", "Who").items(people_of(team, |_| true)).value(form.person.as_str()).error_message(errors.of("person")))
            (Radios::new("role", "Is from now on").id_prefix("seat").items(seats()).value(form.role.as_str()).error_message(errors.of("seat")))
            (Button::new("Give this part").secondary())
        }
    }
}

fn end_form(bid: &Bid, team: &[(Person, Role)], form: &EndForm, errors: &Errors) -> Markup {
    html! {
        h2 { "End somebody’s part" }
        p { "What they wrote stays. Who signs for a partner leaves with the partner." }
        form method="post" action={ (bid.path()) "/team/endings" } novalidate {
            (Select::new("person", "Who").id("leaves").items(people_of(team, |role| SEATS.contains(&role))).value(form.person.as_str()).error_message(errors.of("leaves")))
            (TextInput::new("reason", "Why").hint("They are told.").value(form.reason.as_str()).error_message(errors.of("reason")))
            (Button::new("End this part").warning())
        }
    }
}
