//! Letters about indicators and returns: to the two who answer for a cluster, or to its region. It decides nothing and words no rule.

use std::collections::BTreeSet;

use hiec_access::{grants, people};
use hiec_contracts::ClusterSeen;
use hiec_kernel::people::Person;
use hiec_kernel::{PersonId, Problem, Role, Scope};
use hiec_store::Unit;
use hiec_store::mail::Mail;

/// Who is written to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Side {
    /// Chair and managing director.
    Cluster,
    /// Whoever acts for the cluster's region.
    Region,
}

/// Writes the same to everybody of one side. Nobody is written to twice, whatever roles they hold.
pub(crate) async fn tell(
    unit: &Unit,
    cluster: &ClusterSeen,
    side: Side,
    subject: &str,
    body: &str,
) -> Result<(), Problem> {
    for person in people_of(unit, cluster, side).await? {
        unit.mail(Mail {
            to: person.email,
            person: Some(person.id),
            subject: subject.to_owned(),
            body: body.to_owned(),
            about: Some(format!("cluster:{}", cluster.id)),
        })
        .await?;
    }
    Ok(())
}

async fn people_of(unit: &Unit, cluster: &ClusterSeen, side: Side) -> Result<Vec<Person>, Problem> {
    let (scope, wanted): (Option<Scope>, &[Role]) = match side {
        Side::Cluster => (Some(Scope::Cluster(cluster.id.0)), &[Role::ClusterChair, Role::ClusterDirector]),
        Side::Region => (cluster.region.map(Scope::Region), &[Role::RegionOfficer]),
    };
    let Some(scope) = scope else {
        return Ok(Vec::new());
    };
    let held = grants::in_scope(unit, scope).await?;
    let ids: BTreeSet<PersonId> =
        held.into_iter().filter(|(_, role)| wanted.contains(role)).map(|(person, _)| person).collect();
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        found.extend(people::open_by_id(unit, id).await?);
    }
    Ok(found)
}
