//! The keys badges are signed with: their public halves are stored, their secret ones worked out from the installation's setting each time. It never writes a secret anywhere.

use std::sync::Arc;

use hiec_credentials::{IssuingKey, KeyDocument, PublicKey, PublishedKey, did_web, seed_from};
use hiec_kernel::{Problem, ProblemKind, Timestamp};
use hiec_store::database::StoreError;
use hiec_store::{AuditEvent, FromQueryResult, Reads, Stream, Unit, values};
use hiec_web::{AppState, Site};
use serde::Serialize;
use uuid::Uuid;

use super::resigning;

/// The secret all signing keys of this installation come from. It is kept in the settings, never in the database, so that no backup of
/// the database holds it; whoever has it can sign in the installation's name.
#[derive(Clone)]
pub struct SigningSecret(Arc<str>);

impl SigningSecret {
    /// The fewest characters taken.
    pub const SHORTEST: usize = 32;

    /// Nothing where it is too short to be one.
    pub fn new(secret: &str) -> Option<Self> {
        (secret.trim().chars().count() >= Self::SHORTEST).then(|| Self(secret.trim().into()))
    }

    /// What other secrets in the database are sealed under: of the same setting, and good for nothing else. The label is longer than an
    /// id, so no signing key is ever the same.
    pub(crate) fn sealing_key(&self) -> [u8; 32] {
        seed_from(self.0.as_bytes(), b"sealing of secrets in the database")
    }
}

impl std::fmt::Debug for SigningSecret {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("SigningSecret")
    }
}

/// A key as it is stored.
#[derive(Clone, Debug, Serialize, FromQueryResult)]
pub(crate) struct KeyRow {
    pub id: Uuid,
    pub issuer: String,
    pub name: String,
    pub public_key: String,
    pub created_at: Timestamp,
    pub retired_at: Option<Timestamp>,
    pub revoked_at: Option<Timestamp>,
}

/// A key was made.
#[derive(Serialize)]
struct KeyMade<'a> {
    name: &'a str,
    public_key: &'a str,
}

impl AuditEvent for KeyMade<'_> {
    const KIND: &'static str = "issuing_key.made";
}

/// The key before is no longer signed with, or was disowned.
#[derive(Serialize)]
struct KeyRetired<'a> {
    name: &'a str,
    is_disowned: bool,
}

impl AuditEvent for KeyRetired<'_> {
    const KIND: &'static str = "issuing_key.retired";
}

fn stream() -> Stream {
    Stream::named("education:keys")
}

/// All keys, the newest first.
pub(crate) async fn all(reads: &impl Reads) -> Result<Vec<KeyRow>, StoreError> {
    let sql = "SELECT id, issuer, name, public_key, created_at, retired_at, revoked_at FROM education_issuing_key ORDER BY created_at DESC, id DESC";
    reads.all(sql, values![]).await
}

/// Whose name badges are signed in now: `did:web` where people come by https; else a key is its own name.
fn issuer(site: &Site) -> Option<String> {
    if site.base.scheme() != "https" {
        return None;
    }
    site.base.host_str().map(|host| did_web(host, site.base.port()))
}

pub(crate) fn is_ready(state: &AppState) -> bool {
    state.optional::<SigningSecret>().is_some()
}

fn secret(state: &AppState) -> Result<&SigningSecret, Problem> {
    state.optional::<SigningSecret>().ok_or_else(|| {
        Problem::new(
            ProblemKind::Unavailable,
            "This installation cannot sign badges yet",
            "Ask the operator to set credential_secret (at least 32 random characters). Nothing was changed.",
        )
    })
}

fn derived(secret: &SigningSecret, row: &KeyRow) -> Result<IssuingKey, Problem> {
    let seed = seed_from(secret.0.as_bytes(), row.id.as_bytes());
    let key = match row.name.strip_prefix(&format!("{}#", row.issuer)) {
        Some(name) => IssuingKey::for_issuer(&seed, &row.issuer, name, row.created_at),
        None => return Err(Problem::internal("a signing key without its issuer's name")),
    };
    if key.public().to_multikey() == row.public_key {
        return Ok(key);
    }
    Err(Problem::conflict(
        "The secret badges are signed with is another than when the key was made",
        "Ask the operator to set credential_secret as it was, or an administrator to make a new key under Signing keys.",
    ))
}

/// The key of an issuer that signs its lists now. For a `did:key` that was left, its own key; nothing where that was disowned.
pub(crate) async fn of_issuer(
    state: &AppState,
    reads: &impl Reads,
    issuer: &str,
) -> Result<Option<IssuingKey>, Problem> {
    let secret = secret(state)?;
    let rows = all(reads).await?;
    let mut of_issuer = rows.iter().filter(|row| row.issuer == issuer && row.revoked_at.is_none());
    of_issuer.next().map(|row| derived(secret, row)).transpose()
}

/// The key to sign badges with, made where there is none yet or the installation moved to another address.
pub(crate) async fn active(state: &AppState, unit: &mut Unit) -> Result<(Uuid, IssuingKey), Problem> {
    let secret = secret(state)?;
    let wanted = issuer(state.site());
    let rows = all(unit).await?;
    let fits = |row: &&KeyRow| match &wanted {
        Some(issuer) => row.issuer == *issuer,
        None => row.issuer.starts_with("did:key:"),
    };
    let signing = rows.iter().filter(fits).find(|row| row.retired_at.is_none() && row.revoked_at.is_none());
    match signing {
        Some(row) => Ok((row.id, derived(secret, row)?)),
        None => {
            let row = make(state, unit).await?;
            Ok((row.id, derived(secret, &row)?))
        }
    }
}

async fn make(state: &AppState, unit: &mut Unit) -> Result<KeyRow, Problem> {
    let secret = secret(state)?;
    let (id, now) = (unit.new_id(), unit.now());
    let seed = seed_from(secret.0.as_bytes(), id.as_bytes());
    let key = match issuer(state.site()) {
        Some(issuer) => IssuingKey::for_issuer(&seed, &issuer, &format!("key-{}", all(unit).await?.len() + 1), now),
        None => IssuingKey::for_itself(&seed, now),
    };
    let row = KeyRow {
        id,
        issuer: key.issuer.clone(),
        name: key.id.clone(),
        public_key: key.public().to_multikey(),
        created_at: now,
        retired_at: None,
        revoked_at: None,
    };
    unit.execute(
        "INSERT INTO education_issuing_key (id, issuer, name, public_key, created_at) VALUES ($1, $2, $3, $4, $5)",
        values![row.id, row.issuer.as_str(), row.name.as_str(), row.public_key.as_str(), row.created_at],
    )
    .await?;
    unit.audit(stream(), format!("issuing_key:{}", row.id), &KeyMade { name: &row.name, public_key: &row.public_key })?;
    Ok(row)
}

/// A new key takes over. The one before stays published: good for what it signed, or disowned where somebody else may have it.
pub(crate) async fn rotate(state: &AppState, unit: &mut Unit, is_disowned: bool) -> Result<KeyRow, Problem> {
    secret(state)?;
    let now = unit.now();
    for row in all(unit).await?.into_iter().filter(|row| row.retired_at.is_none() && row.revoked_at.is_none()) {
        let column = if is_disowned { "revoked_at" } else { "retired_at" };
        unit.execute(&format!("UPDATE education_issuing_key SET {column} = $2 WHERE id = $1"), values![row.id, now])
            .await?;
        unit.audit(stream(), format!("issuing_key:{}", row.id), &KeyRetired { name: &row.name, is_disowned })?;
        if is_disowned {
            resigning::plan(unit, row.id).await?;
        }
    }
    // Lists that were signed with the key before are signed anew.
    unit.execute("UPDATE education_status_list SET changes = changes + 1, changed_at = $1", values![now]).await?;
    make(state, unit).await
}

/// What is published of every issuer this installation has been.
pub(crate) async fn documents(reads: &impl Reads) -> Result<Vec<KeyDocument>, Problem> {
    let mut documents: Vec<KeyDocument> = Vec::new();
    for row in all(reads).await? {
        let key = PublishedKey {
            key: PublicKey::from_multikey(&row.public_key).map_err(Problem::internal)?,
            id: row.name,
            expires: row.retired_at,
            revoked: row.revoked_at,
        };
        match documents.iter_mut().find(|document| document.issuer == row.issuer) {
            Some(document) => document.keys.push(key),
            None => documents.push(KeyDocument { issuer: row.issuer, keys: vec![key] }),
        }
    }
    Ok(documents)
}
