//! Credentials as compact JSON Web Tokens (VC-JWT, EdDSA); it must never let a token say how it is to be checked.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use crate::{IssuingKey, PublicKey, Unusable, dates, quoted, read_json, required};

/// Signs a credential as a token: its members are the payload's, with the registered claims beside them.
///
/// # Errors
/// A document that is signed already, or has no issuer or beginning.
pub fn sign_jwt(document: &Value, key: &IssuingKey, issued: DateTime<Utc>) -> Result<String, Unusable> {
    let Value::Object(members) = document else { return Err(Unusable::new("a credential is one JSON object")) };
    if members.contains_key("proof") {
        return Err(Unusable::new("the credential is signed already"));
    }
    let mut payload = members.clone();
    let issuer = issuer(document).ok_or_else(|| Unusable::new("the credential has no issuer"))?;
    let from = moment(document, "validFrom").ok_or_else(|| Unusable::new("the credential has no validFrom"))?;
    payload.insert("iss".to_owned(), json!(issuer));
    payload.insert("nbf".to_owned(), json!(from.timestamp()));
    payload.insert("iat".to_owned(), json!(issued.timestamp()));
    if let Some(id) = document.get("id").and_then(Value::as_str) {
        payload.insert("jti".to_owned(), json!(id));
    }
    if let Some(subject) = subject(document) {
        payload.insert("sub".to_owned(), json!(subject));
    }
    if let Some(until) = moment(document, "validUntil") {
        payload.insert("exp".to_owned(), json!(until.timestamp()));
    }
    let header = json!({ "alg": "EdDSA", "typ": "JWT", "kid": key.id });
    let text = |value: &Value| serde_json::to_vec(value).map_err(|error| Unusable(error.to_string()));
    let mut token = URL_SAFE_NO_PAD.encode(text(&header)?);
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(text(&Value::Object(payload))?, &mut token);
    let signature = key.sign(token.as_bytes());
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(signature, &mut token);
    Ok(token)
}

/// A token taken apart, nothing in it believed yet.
pub struct Token<'a> {
    pub header: Value,
    /// The credential: the payload, registered claims included.
    pub payload: Value,
    signed: &'a str,
    signature: Vec<u8>,
}

/// The claims beside a credential's own members.
const CLAIMS: [&str; 7] = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti"];

impl<'a> Token<'a> {
    /// # Errors
    /// Text that is no compact token of JSON.
    pub fn read(text: &'a str) -> Result<Self, Unusable> {
        let not_one = || {
            Unusable::new(
                "this is neither JSON, nor a signed token (three parts with full stops between them), nor an image with a badge in it",
            )
        };
        let (signed, signature) = text.rsplit_once('.').ok_or_else(not_one)?;
        let (header, payload) = signed.split_once('.').ok_or_else(not_one)?;
        let part = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| not_one());
        let (header, payload, signature) = (part(header)?, part(payload)?, part(signature)?);
        Ok(Self { header: read_json(&header)?, payload: read_json(&payload)?, signed, signature })
    }

    /// The credential without the claims.
    pub fn credential(&self) -> Value {
        let mut members = self.payload.as_object().cloned().unwrap_or_else(Map::new);
        for claim in CLAIMS {
            members.remove(claim);
        }
        Value::Object(members)
    }

    pub fn key_name(&self) -> Option<&str> {
        self.header.get("kid").and_then(Value::as_str)
    }

    pub fn own_key(&self) -> Option<&Value> {
        self.header.get("jwk")
    }

    pub fn issued(&self) -> Option<DateTime<Utc>> {
        seconds(self.payload.get("iat")?)
    }

    /// Whether header and claims are such as a badge has, and agree with the credential.
    pub fn check_claims(&self, at: DateTime<Utc>) -> Result<(), String> {
        if self.header.get("crit").is_some() {
            return Err("The token demands an extension (crit) that is not known here.".to_owned());
        }
        if let Some(kind) = self.header.get("typ") {
            let known = ["JWT", "vc+jwt", "vc+ld+jwt", "vc-ld+jwt"];
            if !kind.as_str().is_some_and(|kind| known.iter().any(|known| known.eq_ignore_ascii_case(kind))) {
                return Err(format!("The token is of the kind {}, not a credential.", quoted(&kind.to_string())));
            }
        }
        let agrees = |claim: &str, member: Option<&str>| match (self.payload.get(claim), member) {
            (None, None) => Ok(()),
            (None, Some(_)) => Err(format!("The token lacks the claim {claim}, which Open Badges 3.0 requires.")),
            (Some(value), member) if value.as_str().is_some() && value.as_str() == member => Ok(()),
            (Some(_), _) => Err(format!("The token's claim {claim} does not agree with the credential in it.")),
        };
        // A status list is W3C's, which leaves the claims out where the credential says the same.
        let is_list = required::check_list_type(&self.payload).is_ok() && required::check_type(&self.payload).is_err();
        let claims = [
            ("iss", issuer(&self.payload)),
            ("jti", self.payload.get("id").and_then(Value::as_str)),
            ("sub", subject(&self.payload)),
        ];
        for (claim, member) in claims {
            if !is_list || self.payload.get(claim).is_some() {
                agrees(claim, member)?;
            }
        }
        if !is_list && self.payload.get("iss").is_none() {
            return Err("The token lacks the claim iss, which Open Badges 3.0 requires.".to_owned());
        }
        if let Some(nbf) = self.payload.get("nbf") {
            let nbf = seconds(nbf).ok_or("The token's claim nbf is no moment.")?;
            if at < nbf {
                return Err(format!("The token is good only from {}.", dates::in_words(nbf)));
            }
        } else if !is_list {
            return Err("The token lacks the claim nbf, which Open Badges 3.0 requires.".to_owned());
        }
        if let Some(exp) = self.payload.get("exp") {
            let exp = seconds(exp).ok_or("The token's claim exp is no moment.")?;
            if at > exp {
                return Err(format!("The token was good only until {}.", dates::in_words(exp)));
            }
        }
        Ok(())
    }

    /// Whether the token is this key's.
    pub fn check_signature(&self, key: PublicKey) -> Result<(), String> {
        match self.header.get("alg").and_then(Value::as_str) {
            Some("EdDSA" | "Ed25519") => {}
            other => {
                return Err(format!(
                    "It is signed by {}; EdDSA with Ed25519 is read here.",
                    quoted(other.unwrap_or("no stated method"))
                ));
            }
        }
        if key.has_signed(self.signed.as_bytes(), &self.signature) {
            Ok(())
        } else {
            Err("The signature does not fit: something in the credential was changed after it was signed.".to_owned())
        }
    }
}

pub fn issuer(document: &Value) -> Option<&str> {
    match document.get("issuer") {
        Some(Value::String(id)) => Some(id),
        Some(Value::Object(profile)) => profile.get("id").and_then(Value::as_str),
        _ => None,
    }
}

fn subject(document: &Value) -> Option<&str> {
    document.get("credentialSubject").and_then(|subject| subject.get("id")).and_then(Value::as_str)
}

fn moment(document: &Value, name: &str) -> Option<DateTime<Utc>> {
    document.get(name).and_then(Value::as_str).and_then(dates::read)
}

fn seconds(value: &Value) -> Option<DateTime<Utc>> {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a number of seconds out of range saturates, and is then no moment"
    )]
    let seconds = value.as_i64().or_else(|| value.as_f64().map(|seconds| seconds as i64))?;
    DateTime::from_timestamp(seconds, 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Purpose, StatusList};

    /// The token of a document with some of its claims left out, signed all the same.
    fn without(document: &Value, left_out: &[&str]) -> String {
        let now = DateTime::from_timestamp(1_767_225_600, 0).unwrap();
        let key = IssuingKey::for_itself(&[7; 32], now);
        let token = sign_jwt(document, &key, now).unwrap();
        let parts: Vec<&str> = token.split('.').collect();
        let mut claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(parts[1]).unwrap()).unwrap();
        for name in left_out {
            claims.as_object_mut().unwrap().remove(*name);
        }
        let said = format!("{}.{}", parts[0], URL_SAFE_NO_PAD.encode(claims.to_string()));
        format!("{said}.{}", URL_SAFE_NO_PAD.encode(key.sign(said.as_bytes())))
    }

    #[test]
    fn a_status_list_needs_no_claims_and_a_badge_does() {
        let now = DateTime::from_timestamp(1_767_225_700, 0).unwrap();
        let issuer = IssuingKey::for_itself(&[7; 32], now).issuer;
        let list =
            StatusList::new(Purpose::Revocation, 0).document("https://example.org/list", &issuer, now, None).unwrap();
        let judged = |token: String, at| Token::read(&token).unwrap().check_claims(at);
        assert_eq!(judged(without(&list, &["iss", "nbf", "jti", "sub"]), now), Ok(()));
        let mut claims = list.clone();
        claims["issuer"] = json!("did:web:other.example");
        assert!(judged(without(&claims, &[]), now).is_ok(), "claims that agree");
        let mut badge = list.clone();
        badge["type"] = json!(["VerifiableCredential", "OpenBadgeCredential", "BitstringStatusListCredential"]);
        for claim in ["iss", "nbf", "jti"] {
            let why = judged(without(&badge, &[claim]), now).unwrap_err();
            assert!(why.contains(&format!("lacks the claim {claim}")), "{why}");
        }
        let early = DateTime::from_timestamp(1_700_000_000, 0).unwrap();
        assert!(judged(without(&list, &["iss"]), early).unwrap_err().contains("good only from"));
    }
}
