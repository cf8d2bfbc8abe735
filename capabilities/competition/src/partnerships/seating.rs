//! Seats in a bid's team: who leads, writes or reads it, given and ended by its lead; a bid never loses its last lead, and nobody who judges the round gets a seat.

use hiec_access::grants;
use hiec_kernel::people::Person;
use hiec_kernel::{PersonId, Problem, Role, Scope};
use hiec_store::Unit;

use super::joining::{letter, team};
use crate::bids::store::{self as bids, Bid};
use crate::refusal::Reason;

/// The seats a lead gives; who signs for a partner has that role by accepting for it.
pub(crate) const SEATS: &[Role] = &[Role::BidLead, Role::BidEditor, Role::BidReader];

/// What a seat lets its holder do, for the page and the letter.
pub(crate) fn in_words(role: Role) -> &'static str {
    match role {
        Role::BidLead => "leads: writes everything, invites, submits and withdraws",
        Role::BidEditor => "writes every section",
        Role::BidReader => "reads everything and comments, writes nothing",
        Role::PartnerSignatory => "signs for a partner and writes what is marked for partners",
        _ => "",
    }
}

/// Gives somebody a seat in place of the one they have.
pub(crate) async fn seat(unit: &mut Unit, bid: &Bid, person: &Person, role: Role) -> Result<(), Problem> {
    let bid = &bids::hold(unit, bid.id).await?;
    if !SEATS.contains(&role) {
        return Err(Problem::invalid("This is no seat of a team", "Choose lead, editor or reader."));
    }
    judges_nothing(unit, bid, person.id).await?;
    let held: Vec<Role> = seats_of(unit, bid, person.id).await?;
    if held == [role] {
        return Ok(());
    }
    // The last lead who becomes an editor would leave the bid without one.
    if held.contains(&Role::BidLead) && role != Role::BidLead {
        another_lead(unit, bid, person.id).await?;
    }
    grants::give(unit, person.id, role, Scope::Bid(bid.id.0), Some(bid.call.id.0)).await?;
    for old in held.into_iter().filter(|old| *old != role) {
        let reason = format!("the lead gave another seat: {}", role.label().to_lowercase());
        grants::end(unit, person.id, old, Scope::Bid(bid.id.0), Some(bid.call.id.0), &reason).await?;
    }
    let body = format!(
        "Your part in the bid \"{}\" is now: {}. Whoever has it {}.\n\n{}\n",
        bid.title,
        role.label(),
        in_words(role),
        bid.path()
    );
    unit.mail(letter(bid, person, format!("Your part in {}", bid.title), body)).await?;
    Ok(())
}

/// Ends somebody's seat, with a reason they are told. What they wrote stays.
pub(crate) async fn end(unit: &mut Unit, bid: &Bid, person: &Person, reason: &str) -> Result<(), Problem> {
    let bid = &bids::hold(unit, bid.id).await?;
    let reason = Reason::parse(reason)?;
    let held = seats_of(unit, bid, person.id).await?;
    if held.is_empty() {
        return Err(Problem::conflict(
            format!("{} has no seat in the team", person.name),
            "Who signs for a partner leaves with the partner: see the list of partners.",
        ));
    }
    if held.contains(&Role::BidLead) {
        another_lead(unit, bid, person.id).await?;
    }
    for role in held {
        grants::end(unit, person.id, role, Scope::Bid(bid.id.0), Some(bid.call.id.0), reason.as_str()).await?;
    }
    let body = format!("You no longer have a part in the bid \"{}\".\nReason: {reason}\n", bid.title);
    unit.mail(letter(bid, person, format!("Your part in {} ended", bid.title), body)).await?;
    Ok(())
}

async fn seats_of(unit: &Unit, bid: &Bid, person: PersonId) -> Result<Vec<Role>, Problem> {
    let held = grants::of_person(unit, person).await?;
    Ok(held
        .into_iter()
        .filter(|one| one.scope == Scope::Bid(bid.id.0) && SEATS.contains(&one.role))
        .map(|one| one.role)
        .collect())
}

async fn another_lead(unit: &Unit, bid: &Bid, person: PersonId) -> Result<(), Problem> {
    let others =
        team(unit, bid).await?.into_iter().filter(|(one, role)| *role == Role::BidLead && one.id != person).count();
    if others == 0 {
        return Err(Problem::conflict(
            "A bid has at least one lead",
            "Give somebody else the lead first; then this one can end.",
        ));
    }
    Ok(())
}

/// Nobody bids in a round they judge or run.
async fn judges_nothing(unit: &Unit, bid: &Bid, person: PersonId) -> Result<(), Problem> {
    let here = [Scope::Call(bid.call.id.0), Scope::Programme(bid.call.programme_id)];
    let judges = grants::of_person(unit, person)
        .await?
        .into_iter()
        .find(|held| held.role.is_judge() && (here.contains(&held.scope) || held.within == Some(bid.call.id.0)));
    match judges {
        Some(held) => Err(Problem::conflict(
            format!("This person has a part in judging or running this round ({})", held.role.label()),
            "Nobody writes for a bid of a round they judge. Choose somebody else.",
        )),
        None => Ok(()),
    }
}
