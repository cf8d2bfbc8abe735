//! What an issuer publishes of its keys, a DID document or one like it; it must never call a key the issuer's that the document does not.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use crate::{PublicKey, Unusable, dates, quoted};

/// An issuer and the keys it signs credentials with, past ones too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyDocument {
    pub issuer: String,
    pub keys: Vec<PublishedKey>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishedKey {
    /// Its whole name: `did:web:hiec.example#key-1`.
    pub id: String,
    pub key: PublicKey,
    /// When the issuer stopped signing with it: what was signed before stays good.
    pub expires: Option<DateTime<Utc>>,
    /// When the issuer disowned it, because somebody else may have it: nothing signed with it is good any more.
    pub revoked: Option<DateTime<Utc>>,
}

impl KeyDocument {
    /// The document a `did:key` is by itself.
    ///
    /// # Errors
    /// A `did:key` of no Ed25519 key.
    pub fn of_did_key(did: &str) -> Result<Self, Unusable> {
        let text = did.strip_prefix("did:key:").ok_or_else(|| Unusable(format!("{} is no did:key", quoted(did))))?;
        let key = PublicKey::from_multikey(text)?;
        let id = format!("{did}#{text}");
        Ok(Self { issuer: did.to_owned(), keys: vec![PublishedKey { id, key, expires: None, revoked: None }] })
    }

    /// Reads a DID document or a controlled identifier document: those of its Ed25519 keys that may assert.
    ///
    /// # Errors
    /// A document without an `id` or without a key that may sign credentials, or with one that contradicts it.
    pub fn read(document: &Value) -> Result<Self, Unusable> {
        let issuer = document.get("id").and_then(Value::as_str);
        let issuer =
            issuer.ok_or_else(|| Unusable::new("the key document has no id: it must say whose keys it holds"))?;
        let methods = list(document.get("verificationMethod"));
        let mut keys = Vec::new();
        let mut first_problem = None;
        for assertion in list(document.get("assertionMethod")) {
            let method = match assertion {
                Value::String(name) => {
                    let name = whole_name(issuer, name);
                    methods.iter().copied().find(|method| method_name(issuer, method).as_deref() == Some(&name))
                }
                other => Some(other),
            };
            match method.map(|method| published_key(issuer, method)) {
                Some(Ok(key)) => keys.push(key),
                Some(Err(problem)) => first_problem = first_problem.or(Some(problem)),
                None => {}
            }
        }
        if keys.is_empty() {
            return Err(first_problem.unwrap_or_else(|| {
                Unusable::new("the key document names no key under assertionMethod, so none that may sign credentials")
            }));
        }
        Ok(Self { issuer: issuer.to_owned(), keys })
    }

    #[must_use]
    pub fn key(&self, id: &str) -> Option<&PublishedKey> {
        self.keys.iter().find(|key| key.id == id)
    }

    /// The document to publish: for `did:web`, at `/.well-known/did.json`.
    #[must_use]
    pub fn write(&self) -> Value {
        let methods: Vec<Value> = self.keys.iter().map(|key| method(&self.issuer, key)).collect();
        let names: Vec<&str> = self.keys.iter().map(|key| key.id.as_str()).collect();
        json!({
            "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
            "id": self.issuer,
            "verificationMethod": methods,
            "assertionMethod": names,
        })
    }
}

/// The `did:web` of an installation at this address; its document is served at `/.well-known/did.json` there.
#[must_use]
pub fn did_web(host: &str, port: Option<u16>) -> String {
    match port {
        Some(port) => format!("did:web:{host}%3A{port}"),
        None => format!("did:web:{host}"),
    }
}

fn method(issuer: &str, key: &PublishedKey) -> Value {
    let mut method = Map::new();
    method.insert("id".to_owned(), json!(key.id));
    method.insert("type".to_owned(), json!("Multikey"));
    method.insert("controller".to_owned(), json!(issuer));
    method.insert("publicKeyMultibase".to_owned(), json!(key.key.to_multikey()));
    for (name, moment) in [("expires", key.expires), ("revoked", key.revoked)] {
        if let Some(moment) = moment {
            method.insert(name.to_owned(), json!(dates::write(moment)));
        }
    }
    Value::Object(method)
}

fn published_key(issuer: &str, method: &Value) -> Result<PublishedKey, Unusable> {
    let id = method_name(issuer, method).ok_or_else(|| Unusable::new("a key in the key document has no id"))?;
    if method.get("controller").is_some_and(|controller| controller.as_str() != Some(issuer)) {
        return Err(Unusable(format!("the key {} in the key document is controlled by somebody else", quoted(&id))));
    }
    let key = match (method.get("publicKeyMultibase").and_then(Value::as_str), method.get("publicKeyJwk")) {
        (Some(text), _) => PublicKey::from_multikey(text)?,
        (None, Some(jwk)) => PublicKey::from_jwk(jwk)?,
        (None, None) => {
            return Err(Unusable(format!(
                "the key {} in the key document has neither publicKeyMultibase nor publicKeyJwk",
                quoted(&id)
            )));
        }
    };
    let moment = |name: &str| match method.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => match value.as_str().and_then(dates::read) {
            Some(moment) => Ok(Some(moment)),
            None => Err(Unusable(format!("{name} of the key {} is no moment with a time zone", quoted(&id)))),
        },
    };
    Ok(PublishedKey { expires: moment("expires")?, revoked: moment("revoked")?, id, key })
}

fn method_name(issuer: &str, method: &Value) -> Option<String> {
    method.get("id").and_then(Value::as_str).map(|name| whole_name(issuer, name))
}

fn whole_name(issuer: &str, name: &str) -> String {
    if name.starts_with('#') { format!("{issuer}{name}") } else { name.to_owned() }
}

fn list(value: Option<&Value>) -> Vec<&Value> {
    match value {
        Some(Value::Array(items)) => items.iter().collect(),
        Some(Value::Null) | None => Vec::new(),
        Some(one) => vec![one],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "z6MkehRgf7yJbgaGfYsdoAsKdBPE3dj2CYhowQdcjqSJgvVd";

    #[test]
    fn a_document_is_read_as_it_was_written() {
        let document = KeyDocument {
            issuer: did_web("hiec.example", Some(8443)),
            keys: vec![PublishedKey {
                id: "did:web:hiec.example%3A8443#key-1".to_owned(),
                key: PublicKey::from_multikey(KEY).unwrap(),
                expires: Some(DateTime::UNIX_EPOCH),
                revoked: None,
            }],
        };
        assert_eq!(KeyDocument::read(&document.write()), Ok(document));
    }

    #[test]
    fn only_keys_that_may_assert_and_belong_to_the_issuer_are_taken() {
        let document = |assertion: Value, method: Value| json!({"id": "did:web:hiec.example", "verificationMethod": [method], "assertionMethod": assertion});
        let method =
            json!({"id": "#a", "type": "Multikey", "controller": "did:web:hiec.example", "publicKeyMultibase": KEY});
        assert_eq!(
            KeyDocument::read(&document(json!(["#a"]), method.clone())).unwrap().keys[0].id,
            "did:web:hiec.example#a"
        );
        assert!(KeyDocument::read(&document(json!([]), method.clone())).is_err(), "for other uses only");
        assert!(KeyDocument::read(&document(json!(["#b"]), method.clone())).is_err(), "another name");
        let mut foreign = method.clone();
        foreign["controller"] = json!("did:web:other.example");
        assert!(KeyDocument::read(&document(json!(["#a"]), foreign)).is_err(), "somebody else's");
        let mut undated = method;
        undated["expires"] = json!("soon");
        assert!(KeyDocument::read(&document(json!(["#a"]), undated)).is_err(), "no moment");
        for not_one in [json!(null), json!([]), json!({"id": 7}), json!({"id": "did:web:hiec.example"})] {
            assert!(KeyDocument::read(&not_one).is_err());
        }
    }
}
