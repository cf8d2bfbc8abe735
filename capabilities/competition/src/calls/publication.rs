//! `POST /calls/{call}/publication`: freezes the design with its fingerprint and tells everyone registered; from then on only amendments change it.

use hiec_kernel::people::Person;
use hiec_kernel::{Fingerprint, Problem};
use hiec_store::{AuditEvent, Mail, Unit};
use hiec_web::{Answer, Done, Loaded};
use serde::{Deserialize, Serialize};

use super::amendments::{CallRefusal, CallState};
use super::registration;
use super::store::{self, Call};

/// A call was published; the fingerprint is of its design's canonical JSON.
#[derive(Serialize, Deserialize)]
pub(crate) struct CallPublished {
    pub call: String,
    pub fingerprint: Fingerprint,
}

impl AuditEvent for CallPublished {
    const KIND: &'static str = "call.published";
}

pub async fn post(call: Loaded<Call>) -> Answer {
    let person = call.person()?.clone();
    let mut unit = call.begin().await?;
    publish(&mut unit, &call, &person).await?;
    unit.commit().await?;
    Ok(Done::to(call.path()).saying("The call is published. Everyone can read it now.").into())
}

/// Publishes a call in preparation. Refused with every blocking problem of the design.
pub(crate) async fn publish(unit: &mut Unit, call: &Call, by: &Person) -> Result<(), Problem> {
    let CallState::Draft(draft) = call.state.as_ref().clone() else {
        return Err(Problem::conflict(
            "This call is published already",
            "To change it, write an amendment: it gets a number and everyone registered is told.",
        ));
    };
    let published = draft.publish(by.id, unit.now()).map_err(|reasons| refused(&reasons))?;
    let fingerprint = published.fingerprint.clone();
    let state = CallState::Published(published);
    store::save(unit, call, &state).await?;
    unit.audit(call.stream(), format!("call:{}", call.id), &CallPublished { call: call.key.clone(), fingerprint })?;
    for person in registration::listeners(unit, call.id).await? {
        unit.mail(Mail {
            to: person.email,
            person: Some(hiec_kernel::PersonId(person.id)),
            subject: format!("Published: {}", call.title),
            body: format!("The call \"{}\" is published. You find it under {}.\n", call.title, call.path()),
            about: Some(format!("call:{}", call.id)),
        })
        .await?;
    }
    Ok(())
}

fn refused(reasons: &[CallRefusal]) -> Problem {
    let list: Vec<String> = reasons.iter().map(ToString::to_string).collect();
    Problem::conflict(
        "The call cannot be published yet",
        format!("Mend this first. {}.", list.join(". ").trim_end_matches('.')),
    )
}
