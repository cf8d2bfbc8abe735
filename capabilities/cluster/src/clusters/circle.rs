//! Everybody of a cluster: those with a role in it, the site leads of its partners, and its region; for letters, never for deciding who may do what.

use std::collections::BTreeMap;

use hiec_access::{grants, people};
use hiec_kernel::clock::london_date;
use hiec_kernel::people::Person;
use hiec_kernel::{OrganisationId, PersonId, Problem, Role, Scope};
use hiec_store::{Mail, Reads, Unit};

use super::store::{self, Cluster};

/// Everybody of the cluster and the officers of its region, once each, by name.
pub(crate) async fn everyone(unit: &Unit, cluster: &Cluster) -> Result<Vec<Person>, Problem> {
    let mut ids: Vec<PersonId> =
        grants::in_scope(unit, Scope::Cluster(cluster.id.0)).await?.into_iter().map(|(person, _)| person).collect();
    if let Some(region) = cluster.region {
        ids.extend(grants::in_scope(unit, Scope::Region(region)).await?.into_iter().map(|(person, _)| person));
    }
    let today = london_date(unit.now());
    for partner in store::partners(unit, cluster.id).await?.iter().filter(|one| one.is_partner_on(today)) {
        ids.extend(site_leads(unit, partner.organisation.id).await?);
    }
    named(unit, ids).await
}

/// Who leads a site.
pub(crate) async fn site_leads(reads: &impl Reads, organisation: OrganisationId) -> Result<Vec<PersonId>, Problem> {
    let held = grants::in_scope(reads, Scope::Organisation(organisation.0)).await?;
    Ok(held.into_iter().filter(|(_, role)| *role == Role::SiteLead).map(|(person, _)| person).collect())
}

/// The people behind these ids, once each, by name.
pub(crate) async fn named(reads: &impl Reads, ids: Vec<PersonId>) -> Result<Vec<Person>, Problem> {
    let mut found: BTreeMap<PersonId, Person> = BTreeMap::new();
    for id in ids {
        if !found.contains_key(&id)
            && let Some(person) = people::open_by_id(reads, id).await?
        {
            found.insert(id, person);
        }
    }
    let mut all: Vec<Person> = found.into_values().collect();
    all.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
    Ok(all)
}

/// Writes the same letter to each of them.
pub(crate) async fn write(
    unit: &Unit,
    cluster: &Cluster,
    to: &[Person],
    subject: &str,
    body: &str,
) -> Result<(), Problem> {
    for person in to {
        let letter = Mail {
            to: person.email.clone(),
            person: Some(person.id),
            subject: subject.to_owned(),
            body: body.to_owned(),
            about: Some(format!("cluster:{}", cluster.id)),
        };
        unit.mail(letter).await?;
    }
    Ok(())
}
