//! Letters of a round: what somebody is asked, and that a result is there. None says how anybody ranked or where anybody goes.

use std::collections::BTreeSet;

use hiec_access::{grants, people};
use hiec_contracts::ClusterSeen;
use hiec_kernel::{OrganisationId, PersonId, Problem, Role, Scope};
use hiec_store::{Mail, Unit};
use uuid::Uuid;

use super::store::{self, AppealChange, Round};

/// Asks the educators of these hosts what they take.
pub(super) async fn ask_hosts(
    unit: &Unit,
    cluster: &ClusterSeen,
    round: &Round,
    hosts: &[OrganisationId],
) -> Result<(), Problem> {
    for host in hosts {
        for educator in educators(unit, *host).await? {
            let body = format!(
                "Say how many trainees your organisation takes in \"{}\", and why not more:\n{}/hosts/{host}/appetite\n",
                round.name,
                round.path(cluster)
            );
            send(unit, round, educator, &format!("{}: what do you take?", round.name), &body).await?;
        }
    }
    Ok(())
}

/// Asks everybody who takes part to rank hosts.
pub(super) async fn ask_trainees(unit: &Unit, cluster: &ClusterSeen, round: &Round) -> Result<(), Problem> {
    let body = format!(
        "Rank the hosts of \"{}\" by the end of {}. Nobody but you sees your ranking:\n{}/ranking\n",
        round.name,
        hiec_kernel::clock::day_on_page(round.ranks_by),
        round.path(cluster)
    );
    to_entrants(unit, round, &format!("{}: rank hosts", round.name), &body).await
}

/// Tells everybody who took part that their result is there.
pub(super) async fn tell_results(unit: &Unit, cluster: &ClusterSeen, round: &Round) -> Result<(), Problem> {
    let body = format!(
        "\"{}\" is published. Your result, the reasons for it and how to appeal:\n{}/result\n",
        round.name,
        round.path(cluster)
    );
    to_entrants(unit, round, &format!("{}: your result", round.name), &body).await
}

/// Tells a trainee how their appeal was decided.
pub(super) async fn tell_decision(
    unit: &Unit,
    cluster: &ClusterSeen,
    round: &Round,
    trainee: Uuid,
) -> Result<(), Problem> {
    let entrants = store::entrants(unit, round.id).await?;
    let person = entrants.into_iter().find(|one| one.trainee_id == trainee).and_then(|one| one.person_id);
    if let Some(person) = person {
        let body = format!("Your appeal is decided. What was decided and why:\n{}/result\n", round.path(cluster));
        send(unit, round, PersonId(person), &format!("{}: your appeal", round.name), &body).await?;
    }
    Ok(())
}

/// Tells a trainee what their upheld appeal changed, and the hosts concerned that who comes to them changed.
pub(super) async fn tell_placing(
    unit: &Unit,
    cluster: &ClusterSeen,
    round: &Round,
    before: Option<Uuid>,
    change: &AppealChange,
) -> Result<(), Problem> {
    let entrants = store::entrants(unit, round.id).await?;
    let person = entrants.into_iter().find(|one| one.trainee_id == change.trainee_id).and_then(|one| one.person_id);
    if let Some(person) = person {
        let words = match change.is_moved {
            true => "Your appeal was upheld, and your placement was changed for that reason. Where you go now:",
            false => "Your appeal was upheld, and it was put down that nothing changes about where you go. Why:",
        };
        let body = format!("{words}\n{}/result\n", round.path(cluster));
        send(unit, round, PersonId(person), &format!("{}: what your appeal changes", round.name), &body).await?;
    }
    if !change.is_moved {
        return Ok(());
    }
    let hosts: BTreeSet<Uuid> = [before, change.host_id].into_iter().flatten().collect();
    for host in hosts.into_iter().map(OrganisationId).filter(|_| before != change.host_id) {
        for educator in educators(unit, host).await? {
            let body = format!(
                "An appeal against \"{}\" was upheld, and who comes to your organisation changed because of it:\n{}\n",
                round.name,
                crate::access::host_path(cluster, host)
            );
            send(unit, round, educator, &format!("{}: changed on appeal", round.name), &body).await?;
        }
    }
    Ok(())
}

async fn educators(unit: &Unit, host: OrganisationId) -> Result<BTreeSet<PersonId>, Problem> {
    let held = grants::in_scope(unit, Scope::Organisation(host.0)).await?;
    Ok(held.into_iter().filter(|(_, role)| *role == Role::HostEducator).map(|(person, _)| person).collect())
}

async fn to_entrants(unit: &Unit, round: &Round, subject: &str, body: &str) -> Result<(), Problem> {
    for person in store::entrants(unit, round.id).await?.into_iter().filter_map(|one| one.person_id) {
        send(unit, round, PersonId(person), subject, body).await?;
    }
    Ok(())
}

async fn send(unit: &Unit, round: &Round, person: PersonId, subject: &str, body: &str) -> Result<(), Problem> {
    let Some(person) = people::open_by_id(unit, person).await? else { return Ok(()) };
    unit.mail(Mail {
        to: person.email.clone(),
        person: Some(person.id),
        subject: subject.to_owned(),
        body: format!("Dear {},\n\n{body}", person.name),
        about: Some(format!("round:{}", round.id)),
    })
    .await?;
    Ok(())
}
