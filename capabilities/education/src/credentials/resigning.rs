//! The job that signs anew what a disowned key signed: each badge keeps its id and its page, its former text is kept beside, its holder gets a letter. Revoked badges stay as they are.

use hiec_access::people;
use hiec_contracts::ClustersPort;
use hiec_credentials::{IssuingKey, sign_data_integrity, sign_jwt};
use hiec_kernel::people::Actor;
use hiec_kernel::{ClusterId, PersonId, Problem};
use hiec_store::database::StoreError;
use hiec_store::mail::Mail;
use hiec_store::{FromQueryResult, Reads, Unit, audit_event, values};
use hiec_web::AppState;
use hiec_web::capability::{JobHandler, JobWork};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::store::{self, Badge};
use super::{keys, lists};
use crate::ground;

pub(crate) const JOB: JobHandler = JobHandler { kind: KIND, run: sign_some };

const KIND: &str = "education.badges_signed_anew";

/// How many badges one job signs: the next follows it, so that nothing waits long and progress shows.
const AT_ONCE: i64 = 100;

#[derive(Serialize, Deserialize)]
struct Disowned {
    key: Uuid,
}

/// A badge was signed anew, for the key that had signed it was disowned.
#[derive(Serialize)]
struct SignedAnew {
    badge: Uuid,
    former_key: Uuid,
    key: String,
}
audit_event!(SignedAnew, "badge.signed_anew");

/// Plans the work for a key that was just disowned.
pub(crate) async fn plan(unit: &Unit, key: Uuid) -> Result<(), StoreError> {
    unit.job(KIND, &Disowned { key }, unit.now()).await
}

/// How far the work is for a key: how many badges were signed anew, and how many still wait.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct Progress {
    pub done: i64,
    pub waiting: i64,
}

pub(crate) async fn progress(reads: &impl Reads, key: Uuid) -> Result<Progress, StoreError> {
    let done = "SELECT COUNT(*) AS n FROM education_credential_former WHERE key_id = $1";
    let waiting = "SELECT COUNT(*) AS n FROM education_credential WHERE key_id = $1 AND standing <> 'revoked'";
    Ok(Progress { done: reads.count(done, values![key]).await?, waiting: reads.count(waiting, values![key]).await? })
}

#[derive(FromQueryResult)]
struct Owner {
    person_id: Uuid,
    skill: String,
}

fn sign_some(state: AppState, payload: Value) -> JobWork {
    Box::pin(async move {
        let Disowned { key: disowned } = serde_json::from_value(payload).map_err(Problem::internal)?;
        let mut unit = state.begin(Actor::System("signing badges anew".into())).await?;
        let waiting = store::signed_by(&unit, disowned, AT_ONCE).await?;
        if waiting.is_empty() {
            return Ok(());
        }
        let (key_id, key) = keys::active(&state, &mut unit).await?;
        // Without another key there is nothing to sign with: what is disowned never signs again.
        if key_id == disowned {
            return Err(Problem::internal("the key that signs is the disowned one"));
        }
        for badge in &waiting {
            sign_anew(&state, &mut unit, badge, (key_id, &key)).await?;
        }
        plan(&unit, disowned).await?;
        Ok(unit.commit().await?)
    })
}

async fn sign_anew(
    state: &AppState,
    unit: &mut Unit,
    former: &Badge,
    (key_id, key): (Uuid, &IssuingKey),
) -> Result<(), Problem> {
    let mut document: Value = serde_json::from_str(&former.signed).map_err(Problem::internal)?;
    let Value::Object(members) = &mut document else {
        return Err(Problem::internal("a stored badge is no JSON object"));
    };
    members.remove("proof");
    let mut badge = former.clone();
    let before = members.get("issuer").and_then(|issuer| issuer.get("id")).and_then(Value::as_str);
    if before != Some(&key.issuer) {
        // A key without a name behind it is an issuer of its own, and so are its lists.
        let (list, index) = lists::place(state, unit, &key.issuer).await?;
        (badge.list_id, badge.list_index) = (list.id, index);
        members.insert("credentialStatus".to_owned(), lists::written(&list, index)?);
        if let Some(issuer) = members.get_mut("issuer").and_then(Value::as_object_mut) {
            issuer.insert("id".to_owned(), key.issuer.clone().into());
        }
    }
    let now = unit.now();
    badge.key_id = key_id;
    badge.token = sign_jwt(&document, key, now).map_err(Problem::internal)?;
    badge.signed = sign_data_integrity(&document, key, now).map_err(Problem::internal)?.to_string();
    store::replace_badge(unit, former, &badge).await?;
    lists::touch(unit, badge.list_id).await?;
    let event = SignedAnew { badge: badge.id, former_key: former.key_id, key: key.id.clone() };
    unit.audit(ground::stream(ClusterId(badge.cluster_id)), format!("skill_claim:{}", badge.claim_id), &event)?;
    tell(state, unit, &badge).await
}

async fn tell(state: &AppState, unit: &Unit, badge: &Badge) -> Result<(), Problem> {
    let sql = "SELECT c.person_id, s.name AS skill FROM education_skill_claim c JOIN education_skill s ON s.id = c.skill_id WHERE c.id = $1";
    let Some(owner): Option<Owner> = unit.one(sql, values![badge.claim_id]).await? else {
        return Ok(());
    };
    let port = state.service::<ClustersPort>()?;
    let cluster = port.0.by_id(&state.database(), ClusterId(badge.cluster_id)).await?;
    let whose = cluster.map_or_else(|| "your cluster".to_owned(), |cluster| cluster.short_name);
    if let Some(person) = people::open_by_id(unit, PersonId(owner.person_id)).await? {
        let body = format!(
            "Your badge for {} was signed anew.\n\nThe key {whose} had signed it with may have come into other hands, so nothing it signed \
             counts any more. Your badge has the same page as before; take the new file from there, and put it in place of the old one \
             wherever you keep or show it: {}\n",
            owner.skill,
            badge.path()
        );
        let subject = format!("Your badge was signed anew: {}", owner.skill);
        let about = Some(format!("cluster:{}", badge.cluster_id));
        unit.mail(Mail { to: person.email, person: Some(person.id), subject, body, about }).await?;
    }
    Ok(())
}
