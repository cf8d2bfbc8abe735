//! Versions of an agreement and their signatures as stored: only ever added to.

use hiec_kernel::{ClusterId, Fingerprint, OrganisationId, PersonId, Timestamp};
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, Unit, values};
use serde::Serialize;
use uuid::Uuid;

use super::rules::Clauses;

/// A version as it was put to the partners.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Agreement {
    pub id: Uuid,
    pub number: i64,
    pub clauses: Clauses,
    /// Why there is a new version.
    pub reason: String,
    pub fingerprint: String,
    pub put_at: Timestamp,
    pub signatures: Vec<Signature>,
}

impl Agreement {
    pub fn is_signed_by(&self, organisation: OrganisationId) -> bool {
        self.signatures.iter().any(|one| one.organisation == organisation)
    }
}

/// A partner's signature under one version.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Signature {
    pub organisation: OrganisationId,
    pub organisation_name: String,
    pub signed_by: PersonId,
    pub signed_by_name: String,
    pub post: String,
    pub signed_at: Timestamp,
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    number: i64,
    clauses: serde_json::Value,
    reason: String,
    fingerprint: String,
    put_at: Timestamp,
}

#[derive(FromQueryResult)]
struct SignatureRow {
    agreement_id: Uuid,
    organisation_id: Uuid,
    organisation_name: String,
    signed_by: Uuid,
    signed_by_name: String,
    post: String,
    signed_at: Timestamp,
}

/// All versions with their signatures, the newest first.
pub(crate) async fn versions(reads: &impl Reads, cluster: ClusterId) -> Result<Vec<Agreement>, StoreError> {
    let rows: Vec<Row> = reads
        .all(
            "SELECT id, number, clauses, reason, fingerprint, put_at FROM cluster_agreement \
             WHERE cluster_id = $1 ORDER BY number DESC",
            values![cluster.0],
        )
        .await?;
    let signatures: Vec<SignatureRow> = reads
        .all(
            "SELECT s.agreement_id, s.organisation_id, o.name AS organisation_name, s.signed_by, p.name AS signed_by_name, \
             s.post, s.signed_at FROM cluster_signature s JOIN cluster_agreement a ON a.id = s.agreement_id \
             JOIN base_organisation o ON o.id = s.organisation_id JOIN base_person p ON p.id = s.signed_by \
             WHERE a.cluster_id = $1 ORDER BY o.name, s.signed_at, s.organisation_id",
            values![cluster.0],
        )
        .await?;
    let mut all = Vec::with_capacity(rows.len());
    for row in rows {
        all.push(Agreement {
            signatures: signatures
                .iter()
                .filter(|one| one.agreement_id == row.id)
                .map(|one| Signature {
                    organisation: OrganisationId(one.organisation_id),
                    organisation_name: one.organisation_name.clone(),
                    signed_by: PersonId(one.signed_by),
                    signed_by_name: one.signed_by_name.clone(),
                    post: one.post.clone(),
                    signed_at: one.signed_at,
                })
                .collect(),
            id: row.id,
            number: row.number,
            clauses: serde_json::from_value(row.clauses)?,
            reason: row.reason,
            fingerprint: row.fingerprint,
            put_at: row.put_at,
        });
    }
    Ok(all)
}

/// The version that stands.
pub(crate) async fn latest(reads: &impl Reads, cluster: ClusterId) -> Result<Option<Agreement>, StoreError> {
    Ok(versions(reads, cluster).await?.into_iter().next())
}

/// Which versions an organisation signed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, FromQueryResult)]
pub struct Signed {
    pub number: i64,
    pub signed_at: Timestamp,
}

/// The versions an organisation signed, the newest first.
pub(crate) async fn of_organisation(
    reads: &impl Reads,
    cluster: ClusterId,
    organisation: OrganisationId,
) -> Result<Vec<Signed>, StoreError> {
    reads
        .all(
            "SELECT a.number, s.signed_at FROM cluster_signature s JOIN cluster_agreement a ON a.id = s.agreement_id \
             WHERE a.cluster_id = $1 AND s.organisation_id = $2 ORDER BY a.number DESC",
            values![cluster.0, organisation.0],
        )
        .await
}

/// Puts a version; answers its number.
pub(crate) async fn put(
    unit: &Unit,
    cluster: ClusterId,
    clauses: &Clauses,
    reason: &str,
    by: PersonId,
) -> Result<i64, StoreError> {
    let before = unit
        .count("SELECT COALESCE(MAX(number), 0) AS n FROM cluster_agreement WHERE cluster_id = $1", values![cluster.0])
        .await?;
    unit.execute(
        "INSERT INTO cluster_agreement (id, cluster_id, number, clauses, reason, fingerprint, put_at, put_by) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        values![
            unit.new_id(),
            cluster.0,
            before + 1,
            serde_json::to_value(clauses)?,
            reason,
            Fingerprint::of(clauses)?.as_str(),
            unit.now(),
            by.0
        ],
    )
    .await?;
    Ok(before + 1)
}

pub(crate) async fn sign(
    unit: &Unit,
    agreement: &Agreement,
    organisation: OrganisationId,
    by: PersonId,
    post: &str,
) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO cluster_signature (agreement_id, organisation_id, signed_by, post, signed_at, fingerprint) \
         VALUES ($1, $2, $3, $4, $5, $6)",
        values![agreement.id, organisation.0, by.0, post, unit.now(), agreement.fingerprint.clone()],
    )
    .await?;
    Ok(())
}
