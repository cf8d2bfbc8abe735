//! `/invitations/{token}`: answering a letter's one-time link, signed in or not; the link is the proof of the address, and is used up by the answer.

use axum::response::IntoResponse;
use hiec_access::policy::Target;
use hiec_access::{people, sessions};
use hiec_kernel::people::{Actor, Person};
use hiec_kernel::{BidId, PersonId, Problem, Role};
use hiec_web::components::{Input as TextInput, SummaryList, SummaryRow, Textarea};
use hiec_web::who::session_cookie;
use hiec_web::{Answer, Done, Errors, Input, Loaded, Loading, Page, Reply, Resource};
use http::HeaderValue;
use http::header::SET_COOKIE;
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::inviting::{self, Link, Purpose};
use super::joining;
use super::seating::{self, in_words};
use super::store::{self, Partner};
use crate::bids::pieces::error_summary;
use crate::bids::store::{self as bids, Bid};

/// The invitation behind the link of the address.
pub struct Invitation {
    token: String,
    link: Link,
    bid: Bid,
    partner: Option<Partner>,
    /// Whether the address has an account.
    known: Option<Person>,
}

impl Invitation {
    /// The seat a member of the team is invited to.
    fn seat(&self) -> Role {
        match self.link.purpose {
            Purpose::Team { role, .. } => role,
            Purpose::Partner { .. } => Role::PartnerSignatory,
        }
    }
}

impl Resource for Invitation {
    const KIND: &'static str = "invitation";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let Some(token) = loading.text("token") else {
            return Ok(None);
        };
        let Some(link) = inviting::by_token(&loading.database, token).await? else {
            return Ok(None);
        };
        let (bid, partner) = match link.purpose {
            Purpose::Partner { bid, partner } => (bid, Some(partner)),
            Purpose::Team { bid, .. } => (bid, None),
        };
        let Some(bid) = bids::by_id(&loading.database, BidId(bid.0), loading.now).await? else {
            return Ok(None);
        };
        let partner = match partner {
            Some(partner) => store::by_id(&loading.database, bid.id, partner).await?,
            None => None,
        };
        let known = people::by_email(&loading.database, &link.email).await?;
        let invitation = Self { token: token.to_owned(), link, bid, partner, known };
        Ok(Some((invitation, Target::new("invitation", Uuid::nil()))))
    }
}

#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Form {
    /// `accept` or `decline`.
    #[serde(default)]
    pub answer: String,
    /// The person's name, where the address has no account yet.
    #[serde(default)]
    pub name: String,
    /// Why it declines, where it wants to say.
    #[serde(default)]
    pub reason: String,
}

pub async fn get(this: Loaded<Invitation>) -> Answer {
    page(&this, &Form::default(), &Errors::none())
}

pub async fn post(this: Loaded<Invitation>, Input(form): Input<Form>) -> Answer {
    let mut errors = Errors::none();
    if !matches!(form.answer.as_str(), "accept" | "decline") {
        errors.add("answer", "Accept or decline");
    }
    let name = match &this.known {
        Some(person) => Some(person.name.clone()),
        None => errors.text("name", "your name", &form.name, 200),
    };
    let (Some(name), true) = (name, errors.is_empty()) else {
        return page(&this, &form, &errors);
    };
    if this.link.is_used || this.now() >= this.link.ends_at {
        return Err(over().into());
    }
    let person = person(&this, name).await?;
    let mut unit = this.app.begin(Actor::Person(person.id)).await?;
    inviting::use_up(&unit, &this.token).await?;
    let to = match (&this.partner, form.answer == "accept") {
        (Some(partner), true) => {
            joining::accept(&mut unit, &this.bid, partner.id, &person).await?;
            format!("{}/signature", partner.path())
        }
        (Some(partner), false) => {
            joining::decline(&mut unit, &this.bid, partner.id, &person, &form.reason).await?;
            "/calls".to_owned()
        }
        (None, true) => {
            seating::seat(&mut unit, &this.bid, &person, this.seat()).await?;
            this.bid.path()
        }
        (None, false) => "/calls".to_owned(),
    };
    // The letter reached this person, which is what a session by link asks for; declining needs none.
    let cookie = if form.answer == "accept" {
        let token = sessions::start(&unit, person.id, "link").await?;
        HeaderValue::from_str(&session_cookie(&this.app, &token)).ok()
    } else {
        None
    };
    unit.commit().await?;
    let mut response = Reply::from(Done::to(to)).into_response();
    if let Some(cookie) = cookie {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(response.into())
}

fn over() -> Problem {
    Problem::conflict(
        "This link was used already or is too old",
        "Sign in to go on, or ask the lead of the bid to invite you again.",
    )
}

/// The person of the invited address: found, or made with the name they gave.
async fn person(this: &Loaded<Invitation>, name: String) -> Result<Person, Problem> {
    if let Some(person) = &this.known {
        return Ok(person.clone());
    }
    let mut unit = this.app.begin(Actor::System("answering an invitation".into())).await?;
    let person = Person {
        id: PersonId(unit.new_id()),
        name,
        email: this.link.email.clone(),
        employer: this.partner.as_ref().map(|partner| partner.organisation.id),
        is_illustrative: this.bid.is_illustrative,
    };
    people::add(&mut unit, &person, None).await.map_err(|error| {
        if error.is_duplicate() {
            Problem::conflict("This address has an account already", "Open the link again.")
        } else {
            error.into()
        }
    })?;
    unit.commit().await?;
    Ok(person)
}

fn page(this: &Loaded<Invitation>, form: &Form, errors: &Errors) -> Answer {
    let organisation = this.partner.as_ref().map(|p| p.organisation.name.clone());
    let is_over = this.link.is_used || this.now() >= this.link.ends_at;
    let data = serde_json::json!({
        "bid": this.bid.title, "call": this.bid.call.title, "organisation": organisation,
        "is_over": is_over, "needs_name": this.known.is_none(), "errors": errors,
    });
    let content = if is_over {
        html! { h1 { "This invitation is over" } p { "The link was used already or is too old. Sign in to go on, or ask the lead of the bid to invite you again." } p { a href="/sign-in" { "Sign in" } } }
    } else {
        view(this, organisation.as_deref(), form, errors)
    };
    let page = Page::new("Invitation", content).data(&data)?;
    Ok(if errors.is_empty() { page.into() } else { page.with_errors(errors).into() })
}

fn view(this: &Loaded<Invitation>, organisation: Option<&str>, form: &Form, errors: &Errors) -> Markup {
    let mut rows = vec![
        SummaryRow::new("Partnership", this.bid.title.as_str()),
        SummaryRow::new("Call", html! { a href=(this.bid.call.path()) { (this.bid.call.title) } }),
    ];
    if let (Some(name), Some(partner)) = (organisation, &this.partner) {
        rows.push(SummaryRow::new("Organisation", name));
        rows.push(SummaryRow::new("As", partner.part.label()));
    }
    html! {
        (error_summary(errors))
        h1 { @match organisation { Some(name) => { "Invitation to " (name) } None => "Invitation to the team of a bid" } }
        (SummaryList::new(rows))
        @match organisation {
            Some(name) => p { "If you accept, you answer for " (name) ": you read the bid, write what " (name) " commits, and sign it. You can leave again until the deadline." },
            None => p { "You are asked to join as " (this.seat().label().to_lowercase()) ". Whoever does " (in_words(this.seat())) "." },
        }
        form method="post" action={ "/invitations/" (this.token) } {
            @if this.known.is_none() {
                (TextInput::new("name", "Your name").autocomplete("name").hint(format!("An account is made for {}.", this.link.email)).value(form.name.as_str()).error_message(errors.of("name")))
            } @else { p { "This invitation is for " (this.link.email) "." } }
            @if organisation.is_some() {
                (Textarea::new("reason", "If you decline, a reason (if you like)").rows(2).value(form.reason.as_str()))
            }
            div.nhsuk-button-group {
                button.nhsuk-button #answer type="submit" name="answer" value="accept" { "Accept" }
                " "
                button.nhsuk-button.nhsuk-button--secondary type="submit" name="answer" value="decline" { "Decline" }
            }
        }
    }
}
