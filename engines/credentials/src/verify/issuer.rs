//! Whose key a signature must be; it must never take a key for the issuer's on the signature's own word.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::Options;
use crate::{KeyDocument, PublicKey, PublishedKey, dates, quoted};

pub struct IssuerKey {
    pub key: PublicKey,
    pub words: String,
}

/// The key of the issuer that a proof or a token names. `name` is the name it gives, `own` the key it carries along,
/// `created` when it says it was made.
pub fn issuer_key(
    issuer: &str,
    name: Option<&str>,
    own: Option<&Value>,
    created: Option<DateTime<Utc>>,
    options: &Options<'_>,
) -> Result<IssuerKey, String> {
    let own = own
        .map(PublicKey::from_jwk)
        .transpose()
        .map_err(|problem| format!("The token carries a key along, but {problem}."))?;
    let document;
    let known = options.key_documents.iter().find(|document| document.issuer == issuer);
    let document = if issuer.starts_with("did:key:") {
        document = KeyDocument::of_did_key(issuer)
            .map_err(|problem| format!("The issuer's did:key cannot be read: {problem}."))?;
        // What is known of it besides, such as that it was disowned, counts for the same key alone.
        let is_same = |known: &&KeyDocument| known.keys.iter().all(|key| key.key == document.keys[0].key);
        known.filter(is_same).filter(|known| !known.keys.is_empty()).unwrap_or(&document)
    } else if let Some(known) = known {
        known
    } else {
        return known_key(issuer, name, own, options);
    };
    let published = match (name, own) {
        (Some(name), own) => {
            let name = if name.starts_with('#') { format!("{issuer}{name}") } else { name.to_owned() };
            let published = document.key(&name).ok_or_else(|| not_theirs(issuer, &name))?;
            if own.is_some_and(|own| own != published.key) {
                return Err("The token carries another key along than the one it names.".to_owned());
            }
            published
        }
        (None, Some(own)) => {
            document.keys.iter().find(|key| key.key == own).ok_or_else(|| not_theirs(issuer, &own.to_multikey()))?
        }
        (None, None) => match &*document.keys {
            [only] => only,
            _ => return Err("It does not say which of the issuer's keys signed it.".to_owned()),
        },
    };
    still_good(published, created, options.at)?;
    let words = if issuer.starts_with("did:key:") {
        "The key is the issuer's: its name is the key itself.".to_owned()
    } else {
        format!("The key {} is among those {} publishes.", quoted(&published.id), quoted(issuer))
    };
    Ok(IssuerKey { key: published.key, words })
}

/// An issuer whose document was not brought along, but perhaps its key.
fn known_key(
    issuer: &str,
    name: Option<&str>,
    own: Option<PublicKey>,
    options: &Options<'_>,
) -> Result<IssuerKey, String> {
    let belongs = |name: &str| name.starts_with('#') || name.split('#').next() == Some(issuer);
    if let Some(name) = name.filter(|name| !belongs(name)) {
        return Err(not_theirs(issuer, name));
    }
    let fits = |key: &&PublicKey| own.is_none_or(|own| own == **key);
    match options.known_keys.iter().find(fits) {
        Some(key) => Ok(IssuerKey { key: *key, words: "The key is the one given as the issuer's.".to_owned() }),
        None => {
            let place = where_published(issuer);
            Err(format!(
                "The issuer {} is known by what it publishes of its keys{place}. Give that document to have the signature checked.",
                quoted(issuer)
            ))
        }
    }
}

fn where_published(issuer: &str) -> String {
    match issuer.strip_prefix("did:web:") {
        Some(rest) if !rest.contains(':') => format!(" at https://{}/.well-known/did.json", rest.replace("%3A", ":")),
        Some(rest) => format!(" at https://{}/did.json", rest.replace(':', "/").replace("%3A", ":")),
        None => String::new(),
    }
}

fn not_theirs(issuer: &str, name: &str) -> String {
    format!(
        "It is signed with the key {}, which is not one of the issuer's ({}): somebody else signed it.",
        quoted(name),
        quoted(issuer)
    )
}

fn still_good(key: &PublishedKey, created: Option<DateTime<Utc>>, at: DateTime<Utc>) -> Result<(), String> {
    if key.revoked.is_some_and(|revoked| at >= revoked) {
        return Err(
            "The issuer has disowned the key it was signed with; nothing signed with it counts any more.".to_owned()
        );
    }
    let Some(expires) = key.expires else { return Ok(()) };
    let until = dates::in_words(expires);
    match created {
        Some(created) if created <= expires => Ok(()),
        Some(_) => Err(format!("It was signed after {until}, when the issuer stopped using that key.")),
        None => Err(format!(
            "The issuer stopped using that key on {until}, and the signature does not say when it was made."
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_of_a_did_web_is_said() {
        assert_eq!(where_published("did:web:a.example%3A8443"), " at https://a.example:8443/.well-known/did.json");
        assert_eq!(where_published("did:web:a.example:b:c"), " at https://a.example/b/c/did.json");
    }
}
