//! The key launches are signed with: made when first needed, kept sealed under the installation's setting, published by its public half alone.

use hiec_kernel::people::Actor;
use hiec_kernel::{Problem, ProblemKind};
use hiec_store::audit_event;
use hiec_web::AppState;
use serde::Serialize;
use uuid::Uuid;

use super::sealed::{self, Closed};
use super::store::{self, Key};
use super::token;
use crate::credentials::SigningSecret;

/// A private key, open for one signature.
pub(crate) struct SigningKey {
    pub id: Uuid,
    pub private_key: Vec<u8>,
}

#[derive(Serialize)]
struct KeyMade {
    key: Uuid,
}
audit_event!(KeyMade, "learning_tool.key_made");

#[derive(Serialize)]
struct KeySealed {
    key: Uuid,
}
audit_event!(KeySealed, "learning_tool.key_sealed");

fn stream() -> hiec_store::Stream {
    hiec_store::Stream::named("education:keys")
}

/// The key that signs now. Keys that were stored in the clear are sealed by the way; where the setting is another than when the key was
/// sealed, a new key takes over and is published beside it: tools read the keys when they meet one they do not know.
pub(crate) async fn key(state: &AppState) -> Result<SigningKey, Problem> {
    let stored = store::keys(&state.database()).await?;
    let secret = state.optional::<SigningSecret>();
    if let Some(secret) = secret
        && stored.iter().any(|key| !sealed::is_sealed(&key.private_key))
    {
        seal_all(state, secret, &stored).await?;
    }
    match (stored.into_iter().next(), secret) {
        (Some(key), Some(secret)) => match sealed::open(&secret.sealing_key(), key.id.as_bytes(), &key.private_key) {
            Ok(private_key) => Ok(SigningKey { id: key.id, private_key }),
            // As it was read, before it was sealed just now.
            Err(Closed::Plain) => Ok(SigningKey { id: key.id, private_key: key.private_key }),
            Err(Closed::OtherKey) => {
                tracing::warn!(key = %key.id, "the setting credential_secret is another than when this LTI key was sealed: a new key takes over");
                make(state, secret, Some(key.id)).await
            }
        },
        (None, Some(secret)) => make(state, secret, None).await,
        (Some(key), None) if !sealed::is_sealed(&key.private_key) => {
            tracing::warn!(key = %key.id, "the LTI key lies in the database in the clear: set credential_secret, and it is sealed");
            Ok(SigningKey { id: key.id, private_key: key.private_key })
        }
        (_, None) => Err(Problem::new(
            ProblemKind::Unavailable,
            "This installation cannot sign launches yet",
            "Ask the operator to set credential_secret (at least 32 random characters). Nothing was changed.",
        )),
    }
}

async fn make(state: &AppState, secret: &SigningSecret, before: Option<Uuid>) -> Result<SigningKey, Problem> {
    let actor = || Actor::System("LTI key".into());
    let id = state.begin(actor()).await?.new_id();
    let made = tokio::task::spawn_blocking(move || token::new_key(&id.to_string())).await.map_err(Problem::internal)?;
    let unmade = || Problem::internal("no key could be made");
    let (private_key, public_jwk) = made.ok_or_else(unmade)?;
    let sealed = sealed::seal(&secret.sealing_key(), id.as_bytes(), &private_key).ok_or_else(unmade)?;
    let mut unit = state.begin(actor()).await?;
    // Whoever was first meanwhile keeps the word.
    if let Some(first) = store::keys(&unit).await?.into_iter().next().filter(|key| Some(key.id) != before) {
        let open = sealed::open(&secret.sealing_key(), first.id.as_bytes(), &first.private_key);
        return open.map(|private_key| SigningKey { id: first.id, private_key }).map_err(|_| unmade());
    }
    store::add_key(&unit, &Key { id, private_key: sealed, public_jwk }).await?;
    unit.audit(stream(), format!("lti_key:{id}"), &KeyMade { key: id })?;
    unit.commit().await?;
    Ok(SigningKey { id, private_key })
}

async fn seal_all(state: &AppState, secret: &SigningSecret, stored: &[Key]) -> Result<(), Problem> {
    let mut unit = state.begin(Actor::System("LTI key".into())).await?;
    for key in stored.iter().filter(|key| !sealed::is_sealed(&key.private_key)) {
        let sealed = sealed::seal(&secret.sealing_key(), key.id.as_bytes(), &key.private_key)
            .ok_or_else(|| Problem::internal("a key could not be sealed"))?;
        if store::seal_key(&unit, key, &sealed).await? {
            unit.audit(stream(), format!("lti_key:{}", key.id), &KeySealed { key: key.id })?;
        }
    }
    Ok(unit.commit().await?)
}
