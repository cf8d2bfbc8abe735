//! Joining a partnership: accepting, declining, signing, leaving; what a partner signed is never changed for it.

use hiec_access::{grants, people};
use hiec_kernel::people::Person;
use hiec_kernel::{OrganisationId, PersonId, Problem, Role, Scope};
use hiec_store::{AuditEvent, Mail, Reads, Unit};
use serde::Serialize;
use uuid::Uuid;

use super::commitments::{Commitment, CommitmentProblem, PartnerState, SignedVersion};
use super::forming::split_problem;
pub(crate) use super::inviting::invite;
use super::store::{self, Part, Partner};
use crate::bids::answers;
use crate::bids::papers::Paper;
use crate::bids::store::{self as bids, Bid};

#[derive(Serialize)]
struct PartnerAccepted {
    partner: Uuid,
    organisation: OrganisationId,
    signatory: PersonId,
}

impl AuditEvent for PartnerAccepted {
    const KIND: &'static str = "partner.accepted";
}

#[derive(Serialize)]
struct PartnerLeft {
    partner: Uuid,
    organisation: OrganisationId,
    /// `declined`, `taken back`, `withdrawn`.
    how: &'static str,
    reason: String,
}

impl AuditEvent for PartnerLeft {
    const KIND: &'static str = "partner.left";

    fn reason(&self) -> Option<&str> {
        (!self.reason.is_empty()).then_some(self.reason.as_str())
    }
}

#[derive(Serialize)]
struct CommitmentSigned {
    partner: Uuid,
    organisation: OrganisationId,
    version: SignedVersion,
}

impl AuditEvent for CommitmentSigned {
    const KIND: &'static str = "commitment.signed";
}

/// The organisation accepts; the person signs for it from now on.
pub(crate) async fn accept(unit: &mut Unit, bid: &Bid, partner: Uuid, by: &Person) -> Result<(), Problem> {
    let bid = open(unit, bid).await?;
    let mut partner = of(unit, &bid, partner).await?;
    let PartnerState::Invited(invited) = partner.state else {
        return Err(Problem::conflict(
            format!("{} has answered already", partner.organisation.name),
            "Nothing was changed. Sign in to see the partnership.",
        ));
    };
    let accepted = invited
        .accept(&partner.organisation, by.id, unit.now())
        .map_err(|refusal| split_problem(bid.call.design(), &refusal))?;
    partner.state = PartnerState::Accepted(accepted);
    partner.signatory = Some(by.id);
    store::save(unit, &partner).await?;
    grants::give(unit, by.id, Role::PartnerSignatory, Scope::Bid(bid.id.0), Some(bid.call.id.0)).await?;
    unit.audit(
        bid.call.stream(),
        bid.subject(),
        &PartnerAccepted { partner: partner.id, organisation: partner.organisation.id, signatory: by.id },
    )?;
    tell_leads(
        unit,
        &bid,
        format!("{} has joined {}", partner.organisation.name, bid.title),
        format!(
            "{} has accepted your invitation. It can now write and sign its commitment.\n",
            partner.organisation.name
        ),
    )
    .await
}

/// The organisation says no; a reason is kept where given.
pub(crate) async fn decline(
    unit: &mut Unit,
    bid: &Bid,
    partner: Uuid,
    by: &Person,
    reason: &str,
) -> Result<(), Problem> {
    let bid = bids::hold(unit, bid.id).await?;
    let mut partner = of(unit, &bid, partner).await?;
    let PartnerState::Invited(invited) = partner.state else {
        return Err(Problem::conflict(
            format!("{} has answered already", partner.organisation.name),
            "Nothing was changed. Ask the lead of the bid.",
        ));
    };
    partner.state = PartnerState::Declined(invited.decline(by.id, unit.now(), reason.trim()));
    store::save(unit, &partner).await?;
    left(unit, &bid, &partner, "declined", reason.trim()).await
}

/// Takes an invitation back, or takes a partner out, with a reason. The lead organisation stays.
pub(crate) async fn withdraw_partner(
    unit: &mut Unit,
    bid: &Bid,
    partner: Uuid,
    by: &Person,
    reason: &str,
) -> Result<(), Problem> {
    let bid = open(unit, bid).await?;
    let mut partner = of(unit, &bid, partner).await?;
    if partner.part == Part::Lead {
        return Err(Problem::conflict(
            "The lead organisation cannot leave its own partnership",
            "Withdraw the bid, and form a partnership with another lead.",
        ));
    }
    let (gone, how) = match partner.state {
        PartnerState::Invited(invited) => (invited.take_back(by.id, unit.now(), reason), "taken back"),
        PartnerState::Accepted(accepted) => (accepted.withdraw(by.id, unit.now(), reason), "withdrawn"),
        PartnerState::Signed(signed) => (signed.withdraw(by.id, unit.now(), reason), "withdrawn"),
        PartnerState::Declined(_) | PartnerState::Withdrawn(_) => {
            return Err(Problem::conflict(
                format!("{} is not in the partnership", partner.organisation.name),
                "Nothing was changed.",
            ));
        }
    };
    partner.state = PartnerState::Withdrawn(gone.map_err(|problems| in_words(&problems))?);
    store::save(unit, &partner).await?;
    if let Some(signatory) = partner.signatory {
        end_signing(unit, &bid, &partner, signatory, reason).await?;
    }
    left(unit, &bid, &partner, how, reason.trim()).await
}

/// The signatory's role ends with the partner, unless they sign for another partner of the bid.
async fn end_signing(
    unit: &mut Unit,
    bid: &Bid,
    partner: &Partner,
    signatory: PersonId,
    reason: &str,
) -> Result<(), Problem> {
    let signs_elsewhere = store::of_bid(unit, bid.id)
        .await?
        .iter()
        .any(|other| other.id != partner.id && other.signatory == Some(signatory) && other.state.is_member());
    if !signs_elsewhere {
        grants::end(unit, signatory, Role::PartnerSignatory, Scope::Bid(bid.id.0), Some(bid.call.id.0), reason).await?;
    }
    Ok(())
}

async fn left(unit: &mut Unit, bid: &Bid, partner: &Partner, how: &'static str, reason: &str) -> Result<(), Problem> {
    unit.audit(
        bid.call.stream(),
        bid.subject(),
        &PartnerLeft { partner: partner.id, organisation: partner.organisation.id, how, reason: reason.to_owned() },
    )?;
    let reason = if reason.is_empty() { "No reason was given.".to_owned() } else { format!("Reason: {reason}") };
    tell_leads(
        unit,
        bid,
        format!("{}: invitation or membership {how}", partner.organisation.name),
        format!("{} is not in the partnership \"{}\" ({how}). {reason}\n", partner.organisation.name, bid.title),
    )
    .await
}

/// Signs a partner's commitment for the bid as it stands now. A submission needs every partner's.
pub(crate) async fn sign(
    unit: &mut Unit,
    bid: &Bid,
    partner: Uuid,
    by: &Person,
    commitment: Commitment,
) -> Result<(), Problem> {
    let bid = open(unit, bid).await?;
    let mut partner = of(unit, &bid, partner).await?;
    let given = answers::of(unit, bid.id, Paper::Bid).await?;
    partner.commitment = Some(commitment.clone());
    let version = partner.version(&bid.call.design().bid_questions, &given).map_err(Problem::internal)?;
    let (person, now) = (by.id, unit.now());
    let signed = match partner.state {
        PartnerState::Accepted(accepted) => accepted.sign(&commitment, version.clone(), person, now),
        PartnerState::Signed(signed) => signed.sign_again(&commitment, version.clone(), person, now),
        PartnerState::Invited(_) | PartnerState::Declined(_) | PartnerState::Withdrawn(_) => {
            return Err(Problem::conflict(
                format!("{} is not in the partnership", partner.organisation.name),
                "Only a partner that accepted can sign.",
            ));
        }
    };
    partner.state = PartnerState::Signed(signed.map_err(|problems| in_words(&problems))?);
    store::save(unit, &partner).await?;
    unit.audit(
        bid.call.stream(),
        bid.subject(),
        &CommitmentSigned { partner: partner.id, organisation: partner.organisation.id, version },
    )?;
    Ok(())
}

/// Holds the bid while its partners change; refused once its time is over.
pub(super) async fn open(unit: &Unit, bid: &Bid) -> Result<Bid, Problem> {
    let bid = bids::hold(unit, bid.id).await?;
    if Paper::Bid.is_open(&bid, unit.now()) {
        return Ok(bid);
    }
    Err(Problem::conflict(
        format!("The partnership can no longer change. {}", Paper::Bid.countdown(&bid, unit.now())),
        "What stood at the deadline stands. If something beyond your control held you up, write to the programme office.",
    ))
}

async fn of(unit: &Unit, bid: &Bid, partner: Uuid) -> Result<Partner, Problem> {
    store::by_id(unit, bid.id, partner).await?.ok_or_else(Problem::not_found)
}

fn in_words(problems: &[CommitmentProblem]) -> Problem {
    let all: Vec<String> = problems.iter().map(|one| format!("{one}.")).collect();
    Problem::invalid("This is not complete yet", all.join(" "))
}

/// Tells everyone who leads the bid.
pub(crate) async fn tell_leads(unit: &Unit, bid: &Bid, subject: String, body: String) -> Result<(), Problem> {
    for (person, role) in team(unit, bid).await? {
        if role == Role::BidLead {
            unit.mail(letter(bid, &person, subject.clone(), body.clone())).await?;
        }
    }
    Ok(())
}

/// A letter about a bid to one of its people.
pub(crate) fn letter(bid: &Bid, to: &Person, subject: String, body: String) -> Mail {
    Mail { to: to.email.clone(), person: Some(to.id), subject, body, about: Some(bid.subject()) }
}

/// Everybody with a part in the bid, one entry for each role held.
pub(crate) async fn team(reads: &impl Reads, bid: &Bid) -> Result<Vec<(Person, Role)>, Problem> {
    let mut team = Vec::new();
    for (id, role) in grants::in_scope(reads, Scope::Bid(bid.id.0)).await? {
        if let Some(person) = people::by_id(reads, id).await? {
            team.push((person, role));
        }
    }
    Ok(team)
}

/// Everybody in the bid once, in order of name.
pub(crate) async fn everyone(reads: &impl Reads, bid: &Bid) -> Result<Vec<Person>, Problem> {
    let mut all: Vec<Person> = Vec::new();
    for (person, _) in team(reads, bid).await? {
        if all.iter().all(|known| known.id != person.id) {
            all.push(person);
        }
    }
    all.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
    Ok(all)
}
