//! Claims, evidence, assessments and badges as stored; each reaches a handler only through its extractor, which authorises.

use hiec_access::policy::Target;
use hiec_contracts::{ClusterSeen, ClustersPort};
use hiec_kernel::{ClusterId, PersonId, Problem, Timestamp};
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, Unit, values};
use hiec_web::{Loading, Resource};
use serde::Serialize;
use uuid::Uuid;

use super::skills::{self, Skill};
use super::states::Standing;
use crate::ground;

/// Somebody's way to a skill.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Claim {
    pub id: Uuid,
    #[serde(skip)]
    pub cluster: ClusterId,
    pub skill: Uuid,
    pub person: PersonId,
    /// The claimant's name.
    pub name: String,
    pub profession: String,
    pub standing: Standing,
    pub begun_at: Timestamp,
    pub version: i64,
    pub is_illustrative: bool,
}

impl Claim {
    pub fn path(&self, cluster: &ClusterSeen) -> String {
        format!("{}/{}", claims_path(cluster), self.id)
    }
}

pub(crate) fn claims_path(cluster: &ClusterSeen) -> String {
    format!("{}/education/skill-claims", cluster.path())
}

/// The door to a cluster's claims.
pub(crate) struct Claims {
    pub cluster: ClusterSeen,
}

/// `/clusters/{cluster}/education/skill-claims`
impl Resource for Claims {
    const KIND: &'static str = "skill_claim";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let Some(cluster) = ground::cluster_of(loading).await? else { return Ok(None) };
        let target = ground::target(&cluster, "skill_claim", cluster.id.0, loading.now);
        Ok(Some((Self { cluster }, target)))
    }
}

/// A claim with its cluster and skill.
pub(crate) struct ClaimHere {
    pub cluster: ClusterSeen,
    pub skill: Skill,
    pub claim: Claim,
}

impl ClaimHere {
    pub fn path(&self) -> String {
        self.claim.path(&self.cluster)
    }
}

/// `/clusters/{cluster}/education/skill-claims/{claim}…`
impl Resource for ClaimHere {
    const KIND: &'static str = "skill_claim";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let (Some(cluster), Some(id)) = (ground::cluster_of(loading).await?, loading.id("claim")) else {
            return Ok(None);
        };
        let Some(claim) = claim(&loading.database, id).await?.filter(|claim| claim.cluster == cluster.id) else {
            return Ok(None);
        };
        let Some(skill) = skill_of(&loading.database, &claim).await? else { return Ok(None) };
        let reader = loading.subject.person.as_ref().map(|person| person.id);
        let is_named = match reader {
            Some(reader) => skills::is_named(&loading.database, skill.id, reader).await?,
            None => false,
        };
        let target = ground::target(&cluster, "skill_claim", claim.id, loading.now)
            .fact("is_own", reader == Some(claim.person))
            .fact("is_named", is_named);
        Ok(Some((Self { cluster, skill, claim }, target)))
    }
}

pub(crate) async fn skill_of(reads: &impl Reads, claim: &Claim) -> Result<Option<Skill>, StoreError> {
    Ok(skills::of_cluster(reads, claim.cluster).await?.into_iter().find(|skill| skill.id == claim.skill))
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    cluster_id: Uuid,
    skill_id: Uuid,
    person_id: Uuid,
    name: String,
    profession: String,
    standing: serde_json::Value,
    begun_at: Timestamp,
    version: i64,
    is_illustrative: bool,
}

impl Row {
    fn claim(self) -> Result<Claim, StoreError> {
        Ok(Claim {
            standing: serde_json::from_value(self.standing)?,
            id: self.id,
            cluster: ClusterId(self.cluster_id),
            skill: self.skill_id,
            person: PersonId(self.person_id),
            name: self.name,
            profession: self.profession,
            begun_at: self.begun_at,
            version: self.version,
            is_illustrative: self.is_illustrative,
        })
    }
}

const CLAIM: &str = "SELECT c.id, c.cluster_id, c.skill_id, c.person_id, p.name, c.profession, c.standing, c.begun_at, c.version, \
     c.is_illustrative FROM education_skill_claim c JOIN base_person p ON p.id = c.person_id";

pub(crate) async fn claim(reads: &impl Reads, id: Uuid) -> Result<Option<Claim>, StoreError> {
    let row: Option<Row> = reads.one(&format!("{CLAIM} WHERE c.id = $1"), values![id]).await?;
    row.map(Row::claim).transpose()
}

/// A cluster's claims, the newest first. `of` keeps to one person's own and to those of skills they may assess.
pub(crate) async fn claims(
    reads: &impl Reads,
    cluster: ClusterId,
    of: Option<PersonId>,
) -> Result<Vec<Claim>, StoreError> {
    let rows: Vec<Row> = match of {
        None => {
            let sql = format!("{CLAIM} WHERE c.cluster_id = $1 ORDER BY c.begun_at DESC, c.id");
            reads.all(&sql, values![cluster.0]).await?
        }
        Some(person) => {
            let sql = format!(
                "{CLAIM} WHERE c.cluster_id = $1 AND (c.person_id = $2 OR c.skill_id IN \
                 (SELECT skill_id FROM education_skill_assessor WHERE person_id = $2 AND ended_at IS NULL)) \
                 ORDER BY c.begun_at DESC, c.id"
            );
            reads.all(&sql, values![cluster.0, person.0]).await?
        }
    };
    rows.into_iter().map(Row::claim).collect()
}

pub(crate) async fn insert_claim(unit: &Unit, claim: &Claim) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO education_skill_claim (id, cluster_id, skill_id, person_id, profession, standing, state, begun_at, version, is_illustrative) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        values![
            claim.id,
            claim.cluster.0,
            claim.skill,
            claim.person.0,
            claim.profession.as_str(),
            serde_json::to_value(&claim.standing)?,
            claim.standing.key(),
            claim.begun_at,
            claim.version,
            claim.is_illustrative
        ],
    )
    .await?;
    Ok(())
}

/// Writes how a claim stands now; false where somebody else changed it since it was read.
pub(crate) async fn update_standing(unit: &Unit, claim: &Claim, standing: &Standing) -> Result<bool, StoreError> {
    let changed = unit
        .execute(
            "UPDATE education_skill_claim SET standing = $3, state = $4, version = version + 1 WHERE id = $1 AND version = $2",
            values![claim.id, claim.version, serde_json::to_value(standing)?, standing.key()],
        )
        .await?;
    Ok(changed == 1)
}

#[derive(Clone, Debug, Serialize, FromQueryResult)]
pub(crate) struct Evidence {
    pub id: Uuid,
    /// `text`, `link` or `file`.
    pub kind: String,
    pub words: String,
    pub address: String,
    pub file_id: Option<Uuid>,
    pub given_at: Timestamp,
}

pub(crate) async fn evidence(reads: &impl Reads, claim: Uuid) -> Result<Vec<Evidence>, StoreError> {
    let sql = "SELECT id, kind, words, address, file_id, given_at FROM education_skill_evidence WHERE claim_id = $1 ORDER BY given_at, id";
    reads.all(sql, values![claim]).await
}

pub(crate) async fn insert_evidence(unit: &Unit, claim: Uuid, one: &Evidence) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO education_skill_evidence (id, claim_id, kind, words, address, file_id, given_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        values![one.id, claim, one.kind.as_str(), one.words.as_str(), one.address.as_str(), one.file_id, one.given_at],
    )
    .await?;
    Ok(())
}

#[derive(Clone, Debug, Serialize, FromQueryResult)]
pub(crate) struct Assessment {
    pub assessor_id: Uuid,
    pub name: String,
    pub is_met: bool,
    pub words: String,
    pub said_at: Timestamp,
}

pub(crate) async fn assessments(reads: &impl Reads, claim: Uuid) -> Result<Vec<Assessment>, StoreError> {
    let sql = "SELECT a.assessor_id, p.name, a.is_met, a.words, a.said_at FROM education_skill_assessment a \
               JOIN base_person p ON p.id = a.assessor_id WHERE a.claim_id = $1 ORDER BY a.said_at, a.id";
    reads.all(sql, values![claim]).await
}

pub(crate) async fn insert_assessment(
    unit: &Unit,
    claim: Uuid,
    by: PersonId,
    is_met: bool,
    words: &str,
) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO education_skill_assessment (id, claim_id, assessor_id, is_met, words, said_at) VALUES ($1, $2, $3, $4, $5, $6)",
        values![unit.new_id(), claim, by.0, is_met, words, unit.now()],
    )
    .await?;
    Ok(())
}

/// What was awarded, as it was signed.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct Badge {
    pub id: Uuid,
    pub claim_id: Uuid,
    pub cluster_id: Uuid,
    pub key_id: Uuid,
    pub list_id: Uuid,
    pub list_index: i64,
    pub token: String,
    pub signed: String,
    pub valid_from: Timestamp,
    pub valid_until: Option<Timestamp>,
    /// `good`, `suspended` or `revoked`.
    pub standing: String,
    pub is_published: bool,
    pub is_illustrative: bool,
}

impl Badge {
    pub fn path(&self) -> String {
        format!("/credentials/{}", self.id)
    }
}

const BADGE: &str = "SELECT id, claim_id, cluster_id, key_id, list_id, list_index, token, signed, valid_from, valid_until, standing, \
     is_published, is_illustrative FROM education_credential";

pub(crate) async fn badge_of(reads: &impl Reads, claim: Uuid) -> Result<Option<Badge>, StoreError> {
    reads.one(&format!("{BADGE} WHERE claim_id = $1"), values![claim]).await
}

/// A cluster's badges in the order of their award.
pub(crate) async fn badges(reads: &impl Reads, cluster: ClusterId) -> Result<Vec<Badge>, StoreError> {
    reads.all(&format!("{BADGE} WHERE cluster_id = $1 ORDER BY valid_from, id"), values![cluster.0]).await
}

/// The first badges that a key signed and nobody revoked, at most so many.
pub(crate) async fn signed_by(unit: &Unit, key: Uuid, most: i64) -> Result<Vec<Badge>, StoreError> {
    let lock = unit.dialect().for_update();
    let sql = format!("{BADGE} WHERE key_id = $1 AND standing <> 'revoked' ORDER BY valid_from, id LIMIT $2{lock}");
    unit.all(&sql, values![key, most]).await
}

/// Puts a badge that was signed anew in the place of its former self, which is kept beside it.
pub(crate) async fn replace_badge(unit: &Unit, former: &Badge, badge: &Badge) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO education_credential_former (id, credential_id, key_id, list_id, list_index, token, signed, replaced_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        values![
            unit.new_id(),
            former.id,
            former.key_id,
            former.list_id,
            former.list_index,
            former.token.as_str(),
            former.signed.as_str(),
            unit.now()
        ],
    )
    .await?;
    unit.execute(
        "UPDATE education_credential SET key_id = $2, list_id = $3, list_index = $4, token = $5, signed = $6 WHERE id = $1",
        values![badge.id, badge.key_id, badge.list_id, badge.list_index, badge.token.as_str(), badge.signed.as_str()],
    )
    .await?;
    Ok(())
}

pub(crate) async fn insert_badge(unit: &Unit, badge: &Badge) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO education_credential (id, claim_id, cluster_id, key_id, list_id, list_index, token, signed, valid_from, valid_until, \
         standing, is_published, is_illustrative) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        values![
            badge.id,
            badge.claim_id,
            badge.cluster_id,
            badge.key_id,
            badge.list_id,
            badge.list_index,
            badge.token.as_str(),
            badge.signed.as_str(),
            badge.valid_from,
            badge.valid_until,
            badge.standing.as_str(),
            badge.is_published,
            badge.is_illustrative
        ],
    )
    .await?;
    Ok(())
}

pub(crate) async fn set_published(unit: &Unit, badge: Uuid, is_published: bool) -> Result<(), StoreError> {
    unit.execute("UPDATE education_credential SET is_published = $2 WHERE id = $1", values![badge, is_published])
        .await?;
    Ok(())
}

pub(crate) async fn set_badge_standing(
    unit: &Unit,
    badge: Uuid,
    standing: &str,
    reason: &str,
) -> Result<(), StoreError> {
    unit.execute("UPDATE education_credential SET standing = $2 WHERE id = $1", values![badge, standing]).await?;
    unit.execute(
        "INSERT INTO education_credential_change (id, credential_id, standing, reason, said_at) VALUES ($1, $2, $3, $4, $5)",
        values![unit.new_id(), badge, standing, reason, unit.now()],
    )
    .await?;
    Ok(())
}

/// A badge with everything it rests on.
pub(crate) struct BadgeHere {
    pub cluster: ClusterSeen,
    pub skill: Skill,
    pub claim: Claim,
    pub badge: Badge,
}

/// `/credentials/{credential}…`
impl Resource for BadgeHere {
    const KIND: &'static str = "badge";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let Some(id) = loading.id("credential") else { return Ok(None) };
        let reads = &loading.database;
        let badge: Option<Badge> = reads.one(&format!("{BADGE} WHERE id = $1"), values![id]).await?;
        let Some(badge) = badge else { return Ok(None) };
        let port = loading.state.service::<ClustersPort>()?;
        let cluster = port.0.by_id(reads, ClusterId(badge.cluster_id)).await?;
        let (Some(cluster), Some(claim)) = (cluster, claim(reads, badge.claim_id).await?) else { return Ok(None) };
        let Some(skill) = skill_of(reads, &claim).await? else { return Ok(None) };
        let reader = loading.subject.person.as_ref().map(|person| person.id);
        let target = ground::target(&cluster, "badge", badge.id, loading.now)
            .fact("is_own", reader == Some(claim.person))
            .fact("is_public", badge.is_published);
        Ok(Some((Self { cluster, skill, claim, badge }, target)))
    }
}
