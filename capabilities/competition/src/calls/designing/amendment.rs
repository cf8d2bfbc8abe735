//! `/calls/{call}/amendments/new`: the proposal against what is in force, with the reason; made an amendment it gets a number and everyone registered is told.

use hiec_kernel::people::Person;
use hiec_kernel::{Fingerprint, PersonId, Problem};
use hiec_store::{AuditEvent, Mail, Unit};
use hiec_web::components::{Button, CheckboxItem, Checkboxes, Textarea, WarningCallout};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::html;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::store as designs;
use crate::bids::reminders;
use crate::calls::amendments::{CallState, Proposal, refusals};
use crate::calls::design::CallDesign;
use crate::calls::differences::differences;
use crate::calls::registration::{self, summary};
use crate::calls::settled::changed_parts;
use crate::calls::store::{self, Call};

/// A published call was amended.
#[derive(Serialize, Deserialize)]
pub(crate) struct CallAmended {
    pub number: u32,
    pub fingerprint: Fingerprint,
    pub reason: String,
}

impl AuditEvent for CallAmended {
    const KIND: &'static str = "call.amended";

    fn reason(&self) -> Option<&str> {
        Some(&self.reason)
    }
}

/// A proposal was given up: what is in force stays.
#[derive(Serialize)]
struct ProposalGivenUp {}

impl AuditEvent for ProposalGivenUp {
    const KIND: &'static str = "call.proposal_given_up";
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct Form {
    #[serde(default)]
    reason: String,
    /// `yes` when a deadline may come at short notice.
    #[serde(default)]
    short_notice: String,
}

pub async fn get(call: Loaded<Call>) -> Answer {
    let design = designs::working(&call.database(), &call).await?;
    Ok(page(&call, &design, &Form::default(), &Errors::none())?.into())
}

pub async fn post(call: Loaded<Call>, Input(form): Input<Form>) -> Answer {
    let design = designs::working(&call.database(), &call).await?;
    let mut errors = Errors::none();
    if errors.text("reason", "the reason for the amendment", &form.reason, 5000).is_none() {
        return Ok(page(&call, &design, &form, &errors)?.with_errors(&errors).into());
    }
    let proposal = Proposal {
        design: design.clone(),
        reason: form.reason.clone(),
        accepts_short_notice: form.short_notice == "yes",
    };
    for refusal in refusals(call.design(), &proposal, call.now()) {
        errors.add("reason", refusal.to_string());
    }
    if !errors.is_empty() {
        return Ok(page(&call, &design, &form, &errors)?.with_errors(&errors).into());
    }
    let person = call.person()?.clone();
    let mut unit = call.begin().await?;
    let number = amend(&mut unit, &call, proposal, &person).await?;
    unit.commit().await?;
    Ok(Done::to(call.path())
        .saying(format!("Amendment {number} counts from now on. Everyone registered was told."))
        .into())
}

/// Gives the proposal up, so that the next one begins with what is in force.
pub async fn withdraw(call: Loaded<Call>) -> Answer {
    let mut unit = call.begin().await?;
    designs::clear(&unit, &call).await?;
    unit.audit(call.stream(), format!("call:{}", call.id), &ProposalGivenUp {})?;
    unit.commit().await?;
    Ok(Done::to(format!("{}/design", call.path()))
        .saying("The proposal is given up: the design is as in force.")
        .into())
}

/// Makes a proposal count; answers the amendment's number.
pub(crate) async fn amend(unit: &mut Unit, call: &Call, proposal: Proposal, by: &Person) -> Result<u32, Problem> {
    let reason = proposal.reason.trim().to_owned();
    let now = unit.now();
    let amended = match call.state.as_ref().clone() {
        CallState::Draft(_) => {
            return Err(Problem::conflict("This call is not published yet", "Change its design directly."));
        }
        CallState::Published(published) => published.amend(proposal, by.id, now),
        CallState::Amended(amended) => amended.amend(proposal, by.id, now),
    }
    .map_err(|reasons| {
        let list: Vec<String> = reasons.iter().map(ToString::to_string).collect();
        Problem::conflict("This amendment cannot be made", list.join(" "))
    })?;
    let state = CallState::Amended(amended);
    store::save(unit, call, &state).await?;
    designs::clear(unit, call).await?;
    let Some(latest) = state.amendments().last() else {
        return Err(Problem::internal("an amended call without an amendment"));
    };
    let (number, fingerprint) = (latest.number, latest.fingerprint.clone());
    let lines: Vec<String> = latest.differences.iter().map(|one| format!("- {}", one.in_words())).collect();
    let body = format!(
        "The call \"{}\" was amended (amendment {number}).\n\nReason:\n{reason}\n\nWhat changed:\n{}\n\nThe call: {}\n",
        call.title,
        lines.join("\n"),
        call.path()
    );
    unit.audit(call.stream(), format!("call:{}", call.id), &CallAmended { number, fingerprint, reason })?;
    for listener in registration::listeners(unit, call.id).await? {
        unit.mail(Mail {
            to: listener.email,
            person: Some(PersonId(listener.id)),
            subject: format!("Amendment {number}: {}", call.title),
            body: body.clone(),
            about: Some(format!("call:{}", call.id)),
        })
        .await?;
    }
    // A deadline may have moved: the watch over the old ones would look too late.
    if let Some(amended) = store::by_id(unit, call.id, now).await? {
        reminders::watch(unit, &amended).await?;
    }
    Ok(number)
}

fn page(call: &Loaded<Call>, design: &CallDesign, form: &Form, errors: &Errors) -> Result<Page, Problem> {
    let changes = differences(call.design(), design);
    let settled = changed_parts(call.design(), design, call.now());
    let view = html! {
        (summary(errors))
        h1 { span.nhsuk-caption-xl { (call.title) } "Amend the call" }
        @if changes.is_empty() {
            p { "The proposal is the same as what is in force. " a href={ (call.path()) "/design" } { "Change the design" } " first." }
        } @else {
            h2 { "What would change" }
            ul.app-diff {
                @for change in &changes {
                    li {
                        strong { (change.place) } ": "
                        @if let Some(before) = &change.before { del { (before) } " " }
                        @if let Some(after) = &change.after { ins { (after) } }
                    }
                }
            }
            @if !settled.is_empty() {
                (WarningCallout::new("This cannot be made an amendment", html! {
                    p { "Bidders wrote to these, and their deadline is over:" }
                    ul { @for part in &settled { li { (part.in_words()) } } }
                    p { "Take the changes out of the design, or give the proposal up. Dates to come, guidance, sources and the summary may still change." }
                }))
            }
            form method="post" novalidate {
                (Textarea::new("reason", "Why")
                    .hint("Everyone registered reads this")
                    .value(form.reason.as_str())
                    .error_message(errors.of("reason").unwrap_or_default()))
                (Checkboxes::new("short_notice", html! { span.nhsuk-u-visually-hidden { "Short notice" } })
                    .items([CheckboxItem::new("yes", "A deadline comes at short notice, and that is meant").checked(form.short_notice == "yes")]))
                (Button::new("Make it an amendment"))
            }
            form method="post" action={ (call.path()) "/proposal-withdrawal" } {
                (Button::new("Give the proposal up").secondary())
            }
        }
    };
    Ok(Page::new("Amend the call", view)
        .data(&changes)?
        .under("/calls", "Calls")
        .under(call.path(), call.title.clone()))
}
