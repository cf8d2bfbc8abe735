//! Invitations to a role: what the link of a letter holds, and the letter itself; the account and the role begin when it is answered, and not before.

use hiec_kernel::clock::date_on_page;
use hiec_kernel::{PersonId, Problem, Role, Scope};
use hiec_store::{AuditEvent, Mail, Unit, mail};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::links::{self, Purpose};
use crate::{grants, people};

/// Somebody was invited. Name and address stay out of the trail.
#[derive(Serialize)]
struct PersonInvited {
    role: Role,
    scope: Scope,
}

impl AuditEvent for PersonInvited {
    const KIND: &'static str = "person.invited";
}

/// An invitation was withdrawn.
#[derive(Serialize)]
struct InvitationWithdrawn {
    role: Role,
    scope: Scope,
}

impl AuditEvent for InvitationWithdrawn {
    const KIND: &'static str = "person.invitation_withdrawn";
}

/// What an invitation holds besides the address it went to.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Invited {
    /// As the inviting person knows it; the invited one may write it otherwise.
    pub name: String,
    pub role: Role,
    pub scope: Scope,
    pub within: Option<Uuid>,
    pub by: PersonId,
    /// What comes with the role, where more than the role is taken up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follows: Option<Follows>,
}

/// More than a role: a job of the inviting capability gives the role and whatever comes with it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Follows {
    /// What the inviter must still be allowed in the place: `cluster.appoint`.
    pub action: String,
    /// The kind of the job, which is told [`SaidYes`].
    pub job: String,
    pub payload: serde_json::Value,
}

/// What a job is told when somebody said yes.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SaidYes {
    pub person: PersonId,
    pub by: PersonId,
    pub payload: serde_json::Value,
}

/// The words of a letter.
pub struct Words<'a> {
    pub inviter: &'a str,
    /// To what: `Panel chair, Round of 2009`.
    pub what: &'a str,
    /// The installation's name.
    pub installation: &'a str,
    /// The whole address of a path of the installation.
    pub link: &'a (dyn Fn(&str) -> String + Sync),
}

/// Sends the letter. Those sent before for the same role there, to the same address, no longer work.
pub async fn send(unit: &mut Unit, invited: &Invited, email: &str, words: &Words<'_>) -> Result<(), Problem> {
    let known = people::by_email(unit, email).await?.map(|person| person.id);
    for before in links::open_to(unit, Purpose::Invitation, email, unit.now()).await? {
        let same = |one: &Invited| one.role == invited.role && one.scope == invited.scope;
        if serde_json::from_value::<Invited>(before.payload).is_ok_and(|one| same(&one)) {
            links::void_one(unit, Purpose::Invitation, before.id).await?;
        }
    }
    let payload = serde_json::to_value(invited).map_err(Problem::internal)?;
    let secret = links::make(unit, Purpose::Invitation, known, email, payload).await?;
    unit.mail(Mail {
        to: email.to_owned(),
        person: known,
        subject: format!("Invitation: {}", words.what),
        body: format!(
            "{} invites you to {} as: {}.\n\n\
             Open this link to say yes or no. It can be used once, until {}:\n\n{}\n\n\
             If you were not expecting this, you can ignore it: nothing happens without you.\n",
            words.inviter,
            words.installation,
            words.what,
            date_on_page(unit.now() + Purpose::Invitation.lasts()),
            (words.link)(&format!("/welcome/{secret}")),
        ),
        about: Some(mail::A_SECRET.into()),
    })
    .await?;
    let event = PersonInvited { role: invited.role, scope: invited.scope };
    unit.audit(grants::stream(invited.scope, invited.within), "invitations", &event)?;
    Ok(())
}

/// Withdraws an open invitation by its id: its link leads nowhere from now on. False when it is no longer open.
pub async fn withdraw(unit: &mut Unit, id: Uuid, invited: &Invited) -> Result<bool, Problem> {
    if !links::void_one(unit, Purpose::Invitation, id).await? {
        return Ok(false);
    }
    let event = InvitationWithdrawn { role: invited.role, scope: invited.scope };
    unit.audit(grants::stream(invited.scope, invited.within), "invitations", &event)?;
    Ok(true)
}
