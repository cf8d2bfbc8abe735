//! Putting a version of the agreement to the partners, and signing it for one of them. A new version needs new signatures; nobody signs what they were not shown.

use hiec_access::people;
use hiec_kernel::people::Person;
use hiec_kernel::{OrganisationId, PersonId, Problem};
use hiec_store::{AuditEvent, Unit};
use hiec_web::Site;
use serde::Serialize;

use super::rules::Clauses;
use super::store;
use crate::clusters::circle;
use crate::clusters::store::Cluster;
use crate::partners::store::{self as partners, Membership};

/// A version was put to the partners.
#[derive(Serialize)]
struct AgreementPut<'a> {
    number: i64,
    reason: &'a str,
}

impl AuditEvent for AgreementPut<'_> {
    const KIND: &'static str = "agreement.put";

    fn reason(&self) -> Option<&str> {
        Some(self.reason)
    }
}

/// A partner signed a version.
#[derive(Serialize)]
struct AgreementSigned<'a> {
    number: i64,
    organisation: OrganisationId,
    post: &'a str,
    fingerprint: &'a str,
}

impl AuditEvent for AgreementSigned<'_> {
    const KIND: &'static str = "agreement.signed";
}

/// Puts a version to the partners, and writes to everyone that it waits for signatures. One that changes nothing is refused.
pub(crate) async fn put(
    unit: &mut Unit,
    site: &Site,
    cluster: &Cluster,
    by: PersonId,
    clauses: &Clauses,
    reason: &str,
) -> Result<i64, Problem> {
    if store::latest(unit, cluster.id).await?.is_some_and(|before| before.clauses == *clauses) {
        return Err(Problem::conflict(
            "Nothing is different from the version that stands",
            "Change the text first; signatures under the version that stands stay as they are.",
        ));
    }
    let number = store::put(unit, cluster.id, clauses, reason, by).await?;
    unit.audit(cluster.stream(), format!("cluster:{}", cluster.id), &AgreementPut { number, reason })?;
    let body = format!(
        "Version {number} of the agreement of {} is put to its partners.\nWhy: {reason}\n\n\
         Each partner signs it anew. Read it, see what changed, and sign for your organisation:\n{}\n",
        cluster.short_name,
        site.link(&format!("{}/agreement", cluster.path()))
    );
    let to = circle::everyone(unit, cluster).await?;
    circle::write(unit, cluster, &to, &format!("{}: an agreement to sign", cluster.short_name), &body).await?;
    Ok(number)
}

/// Signs a version for a partner. Refused when a newer one stands, or it is signed already.
pub(crate) async fn sign(
    unit: &mut Unit,
    cluster: &Cluster,
    membership: &Membership,
    by: &Person,
    number: i64,
    post: &str,
) -> Result<(), Problem> {
    let agreement = store::latest(unit, cluster.id).await?.ok_or_else(Problem::not_found)?;
    if agreement.number != number {
        return Err(Problem::conflict(
            format!("Version {} of the agreement stands now, and you read version {number}", agreement.number),
            "Read the version that stands, then sign it.",
        ));
    }
    let now = partners::one(unit, cluster.id, membership.id).await?.ok_or_else(Problem::not_found)?;
    if !now.role.signs() {
        return Err(Problem::conflict(
            "An associate is not bound by the agreement",
            "Ask the managing director to make your organisation a member, then sign.",
        ));
    }
    if agreement.is_signed_by(now.organisation.id) {
        return Err(Problem::conflict(
            format!("{} has signed this version already", now.organisation.name),
            "There is nothing more to do.",
        ));
    }
    if people::open_by_id(unit, by.id).await?.is_none() {
        return Err(Problem::sign_in());
    }
    store::sign(unit, &agreement, now.organisation.id, by.id, post).await?;
    let event =
        AgreementSigned { number, organisation: now.organisation.id, post, fingerprint: &agreement.fingerprint };
    unit.audit(cluster.stream(), format!("organisation:{}", now.organisation.id), &event)?;
    Ok(())
}
