//! Inviting organisations and people of the team by letter with a one-time link; the link is stored as a hash, and only its holder can use it, once.

use chrono::Duration;
use hiec_access::{people, sessions};
use hiec_kernel::organisations::Organisation;
use hiec_kernel::people::Person;
use hiec_kernel::{BidId, OrganisationId, Problem, Role, Timestamp};
use hiec_store::{AuditEvent, FromQueryResult, Mail, Reads, Unit, values};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::commitments::{self, PartnerState};
use super::forming::split_problem;
use super::joining::open;
use super::seating::in_words;
use super::store::{self, Part};
use crate::bids::store::Bid;

/// How long an invitation's link can be used.
pub(crate) const LINK_DAYS: i64 = 21;

/// An organisation was invited, or invited again.
#[derive(Serialize)]
struct PartnerInvited {
    partner: Uuid,
    organisation: OrganisationId,
    part: Part,
}

impl AuditEvent for PartnerInvited {
    const KIND: &'static str = "partner.invited";
}

#[derive(Serialize)]
struct TeamInvited {
    bid: BidId,
    role: Role,
}

impl AuditEvent for TeamInvited {
    const KIND: &'static str = "bid.team_invited";
}

/// An invitation that was sent; the token stands in the letter and nowhere else.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    pub partner: Uuid,
}

/// What a one-time link is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "for", rename_all = "snake_case")]
pub(crate) enum Purpose {
    Partner { bid: BidId, partner: Uuid },
    Team { bid: BidId, role: Role },
}

/// Invites an organisation, or invites it again; the letter goes to `email`. `base` is this installation's address, for the link.
///
/// Refused for an organisation that commissions education, one that is a partner already, and after the deadline.
pub(crate) async fn invite(
    unit: &mut Unit,
    bid: &Bid,
    by: &Person,
    organisation: &Organisation,
    part: Part,
    email: &str,
    base: &str,
) -> Result<Sent, Problem> {
    let bid = open(unit, bid).await?;
    let refused = |refusal| split_problem(bid.call.design(), &refusal);
    let known =
        store::of_bid(unit, bid.id).await?.into_iter().find(|partner| partner.organisation.id == organisation.id);
    let email = people::address(email);
    let partner = match known {
        None => {
            let invited = commitments::invite(organisation, by.id, unit.now()).map_err(refused)?;
            let state = PartnerState::Invited(invited);
            store::insert(unit, bid.id, organisation.id, part, &state, Some(&email), None).await?
        }
        Some(mut partner) => {
            partner.state = match partner.state {
                PartnerState::Declined(left) | PartnerState::Withdrawn(left) => {
                    let invited = left.invite_again(organisation, by.id, unit.now()).map_err(refused)?;
                    PartnerState::Invited(invited)
                }
                // A second letter for the same invitation.
                PartnerState::Invited(invited) => PartnerState::Invited(invited),
                PartnerState::Accepted(_) | PartnerState::Signed(_) => {
                    return Err(Problem::conflict(
                        format!("{} is in the partnership already", organisation.name),
                        "Look at the list of partners.",
                    ));
                }
            };
            partner.part = part;
            partner.invited_email = Some(email.clone());
            partner.signatory = None;
            store::save(unit, &partner).await?;
            partner.id
        }
    };
    let purpose = Purpose::Partner { bid: bid.id, partner };
    let token = link(unit, &email, &purpose).await?;
    unit.audit(bid.call.stream(), bid.subject(), &PartnerInvited { partner, organisation: organisation.id, part })?;
    let body = format!(
        "{} invites {} to join the partnership \"{}\" ({}).\n\n\
         To read what it is about and to accept or decline, open this link. It can be used once, until {}:\n\n\
         {base}/invitations/{token}\n\n\
         You do not need an account. If you were not expecting this, you can ignore it: nothing happens without you.\n",
        by.name,
        organisation.name,
        bid.title,
        bid.call.title,
        hiec_kernel::clock::date_on_page(unit.now() + Duration::days(LINK_DAYS)),
    );
    send(unit, &bid, &email, format!("Invitation to join {}", bid.title), body).await?;
    Ok(Sent { partner })
}

/// Invites somebody to a seat in the bid's team; answers the link's token.
pub(crate) async fn invite_to_team(
    unit: &mut Unit,
    bid: &Bid,
    by: &Person,
    email: &str,
    role: Role,
    base: &str,
) -> Result<String, Problem> {
    let bid = open(unit, bid).await?;
    let email = people::address(email);
    let token = link(unit, &email, &Purpose::Team { bid: bid.id, role }).await?;
    unit.audit(bid.call.stream(), bid.subject(), &TeamInvited { bid: bid.id, role })?;
    let body = format!(
        "{} asks you to join the team of the bid \"{}\" ({}). Whoever joins as {} {}.\n\nOpen this link to begin. It can be used once, until {}:\n\n\
         {base}/invitations/{token}\n",
        by.name,
        bid.title,
        bid.call.title,
        role.label().to_lowercase(),
        in_words(role),
        hiec_kernel::clock::date_on_page(unit.now() + Duration::days(LINK_DAYS)),
    );
    send(unit, &bid, &email, format!("Join the team of {}", bid.title), body).await?;
    Ok(token)
}

async fn send(unit: &Unit, bid: &Bid, email: &str, subject: String, body: String) -> Result<(), Problem> {
    let person = people::by_email(unit, email).await?;
    unit.mail(Mail {
        to: email.to_owned(),
        person: person.map(|person| person.id),
        subject,
        body,
        about: Some(bid.subject()),
    })
    .await?;
    Ok(())
}

async fn link(unit: &Unit, email: &str, purpose: &Purpose) -> Result<String, Problem> {
    let token = sessions::secret();
    unit.execute(
        "INSERT INTO base_link (token_hash, purpose, email, payload, created_at, ends_at) VALUES ($1, $2, $3, $4, $5, $6)",
        values![
            sessions::hashed(&token),
            PURPOSE,
            email,
            serde_json::to_value(purpose).map_err(Problem::internal)?,
            unit.now(),
            unit.now() + Duration::days(LINK_DAYS)
        ],
    )
    .await?;
    Ok(token)
}

const PURPOSE: &str = "bid invitation";

/// A link as stored.
#[derive(Clone, Debug)]
pub(crate) struct Link {
    pub email: String,
    pub purpose: Purpose,
    pub is_used: bool,
    pub ends_at: Timestamp,
}

/// The invitation behind a token, if there is one.
pub(crate) async fn by_token(reads: &impl Reads, token: &str) -> Result<Option<Link>, Problem> {
    #[derive(FromQueryResult)]
    struct Row {
        email: String,
        payload: serde_json::Value,
        used_at: Option<Timestamp>,
        ends_at: Timestamp,
    }
    let row: Option<Row> = reads
        .one(
            "SELECT email, payload, used_at, ends_at FROM base_link WHERE token_hash = $1 AND purpose = $2",
            values![sessions::hashed(token), PURPOSE],
        )
        .await?;
    row.map(|row| {
        Ok(Link {
            email: row.email,
            purpose: serde_json::from_value(row.payload).map_err(Problem::internal)?,
            is_used: row.used_at.is_some(),
            ends_at: row.ends_at,
        })
    })
    .transpose()
}

/// Uses a link up. Refused when it was used, or is over.
pub(crate) async fn use_up(unit: &Unit, token: &str) -> Result<(), Problem> {
    let used = unit
        .execute(
            "UPDATE base_link SET used_at = $2 WHERE token_hash = $1 AND used_at IS NULL AND ends_at > $2",
            values![sessions::hashed(token), unit.now()],
        )
        .await?;
    if used == 0 {
        return Err(Problem::conflict(
            "This link was used already or is too old",
            "Sign in to go on, or ask the lead of the bid to invite you again.",
        ));
    }
    Ok(())
}
