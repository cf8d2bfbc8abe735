//! `/appointments/{appointment}`: one role somebody holds or held, and its ending with a reason; nobody ends their own.

use hiec_access::grants::{self, Tenure};
use hiec_access::people;
use hiec_access::places::{AllPlaces, Place};
use hiec_access::policy::Target;
use hiec_kernel::Problem;
use hiec_kernel::clock::{iso, on_page};
use hiec_kernel::people::Person;
use hiec_store::Mail;
use hiec_web::components::{Button, SummaryList, SummaryRow, Textarea};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Loading, Page, Resource};
use maud::html;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::role_words;
use crate::names::Names;
use crate::pieces::error_summary;

/// A role as somebody holds or held it.
pub struct Appointment {
    tenure: Tenure,
    person: Person,
    place: Place,
}

impl Resource for Appointment {
    const KIND: &'static str = "appointment";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let Some(id) = loading.id("appointment") else {
            return Ok(None);
        };
        let Some((holder, tenure)) = grants::by_id(&loading.database, id).await? else {
            return Ok(None);
        };
        let Some(person) = people::by_id(&loading.database, holder).await? else {
            return Ok(None);
        };
        let named = loading.state.service::<AllPlaces>()?.named(&loading.database, tenure.scope).await?;
        // A place that is no longer there still has its roles to be ended.
        let place = named.unwrap_or_else(|| Place::new(tenure.scope, format!("a former {}", tenure.scope.kind())));
        let is_own = loading.subject.person.as_ref().is_some_and(|asking| asking.id == person.id);
        let target = place.appointment(tenure.role, is_own);
        Ok(Some((Self { tenure, person, place }, target)))
    }
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct Form {
    /// Why; it is kept for good.
    #[serde(default)]
    reason: String,
}

pub async fn get(appointment: Loaded<Appointment>) -> Answer {
    Ok(page(&appointment, "", &Errors::none()).await?.into())
}

pub async fn end(appointment: Loaded<Appointment>, Input(form): Input<Form>) -> Answer {
    let mut errors = Errors::none();
    let Some(reason) = errors.text("reason", "why the role ends", &form.reason, 1000) else {
        return Ok(page(&appointment, &form.reason, &errors).await?.with_errors(&errors).into());
    };
    let (tenure, person) = (&appointment.tenure, &appointment.person);
    let words = role_words(tenure.role, tenure.scope, &appointment.place.label);
    let mut unit = appointment.begin().await?;
    let is_held = grants::of_person(&unit, person.id)
        .await?
        .iter()
        .any(|held| held.role == tenure.role && held.scope == tenure.scope);
    if !is_held {
        return Err(Problem::conflict("This role has ended already", "There is nothing left to end.").into());
    }
    grants::end(&mut unit, person.id, tenure.role, tenure.scope, tenure.within, &reason).await?;
    unit.mail(Mail {
        to: person.email.clone(),
        person: Some(person.id),
        subject: "A role of yours has ended".into(),
        body: format!(
            "{} ended your role: {words}.\n\nThe reason given: {reason}\n\n\
             If you think this is a mistake, answer to whoever ended it.\n",
            appointment.person()?.name,
        ),
        about: None,
    })
    .await?;
    unit.commit().await?;
    let word = format!("{} is no longer: {words}.", person.name);
    Ok(Done::to(back(&appointment)).saying(word).into())
}

/// Administrators come from the person's page, a programme office from its list.
fn back(appointment: &Loaded<Appointment>) -> String {
    let person = Target::new("person", appointment.person.id.0).scope(hiec_kernel::Scope::Installation);
    if appointment.may_with("person.view", &person) {
        format!("/people/{}", appointment.person.id)
    } else {
        "/people/invitations".to_owned()
    }
}

async fn page(appointment: &Loaded<Appointment>, reason: &str, errors: &Errors) -> Result<Page, Problem> {
    let (tenure, person) = (&appointment.tenure, &appointment.person);
    let actors = [tenure.given_by.as_str(), tenure.ended_by.as_deref().unwrap_or_default()];
    let names = Names::of(&appointment.database(), &actors).await?;
    let words = role_words(tenure.role, tenure.scope, &appointment.place.label);
    let mut rows = vec![
        SummaryRow::new("Person", person.name.as_str()),
        SummaryRow::new("Role", tenure.role.label()),
        SummaryRow::new("Where", appointment.place.label.as_str()),
        SummaryRow::new("Since", on_page(tenure.given_at)),
        SummaryRow::new("Given by", names.get(&tenure.given_by)),
    ];
    if let Some(at) = tenure.ended_at {
        let by = tenure.ended_by.as_deref().map_or("somebody", |actor| names.get(actor));
        rows.push(SummaryRow::new("Ended", format!("{} by {by}", on_page(at))));
        rows.push(SummaryRow::new("Reason", tenure.ended_reason.as_deref().unwrap_or("None was given")));
    }
    let view = html! {
        (error_summary(errors))
        h1 { span.nhsuk-caption-xl { (person.name) } (words) }
        (SummaryList::new(rows))
        @if tenure.ended_at.is_none() {
            @if appointment.may("appointment.end") {
                h2 { "End this role" }
                p { "It stops at once. What was done in it stays as it is, in their name." }
                form method="post" action={ "/appointments/" (tenure.id) "/ending" } novalidate {
                    (Textarea::new("reason", "Why the role ends").rows(3).value(reason)
                        .hint("They read it in a letter, and it is kept for good. Do not name anybody else in it")
                        .error_message(errors.of("reason")))
                    (Button::new("End the role").warning())
                }
            } @else {
                p { "You cannot end this role: nobody ends their own, and an administrator ends those you may not give." }
            }
        }
        p { a href=(back(appointment)) { "Back" } }
    };
    let data = json!({
        "appointment": tenure.id, "person": person.id, "name": person.name, "role": tenure.role.key(),
        "scope_kind": tenure.scope.kind(), "place": appointment.place.label, "given_at": iso(tenure.given_at),
        "given_by": names.get(&tenure.given_by), "ended_at": tenure.ended_at.map(iso),
        "ended_reason": tenure.ended_reason, "errors": errors,
    });
    Page::new(words, view).data(&data)
}
