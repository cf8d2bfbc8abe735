//! What tools sign: key sets as they are given to us, and tokens verified by them (RS256 alone). Pure; it fetches no key and knows no tool.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::Duration;
use hiec_kernel::Timestamp;
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use serde_json::{Map, Value, json};

/// The longest token that is read.
const LONGEST: usize = 64 * 1024;
/// The most keys in a set.
const MOST_KEYS: usize = 20;
/// How far a tool's clock may stand from ours.
const SKEW: Duration = Duration::minutes(1);
/// The longest a token may hold.
const LONGEST_HOLD: Duration = Duration::days(1);

/// A key set as somebody pasted it: a JSON web key set, or one key. Answers what is kept of it: the public parts of its RSA keys.
pub(crate) fn key_set(text: &str) -> Result<Value, String> {
    let value: Value = serde_json::from_str(text)
        .map_err(|error| format!("The keys are no JSON: see line {}, column {}", error.line(), error.column()))?;
    let given = match value.get("keys").and_then(Value::as_array) {
        Some(keys) => keys.clone(),
        None => vec![value],
    };
    if given.len() > MOST_KEYS {
        return Err(format!("Enter at most {MOST_KEYS} keys"));
    }
    let mut kept = Vec::new();
    for key in &given {
        if ["d", "p", "q", "dp", "dq", "qi", "k"].iter().any(|secret| key.get(secret).is_some()) {
            return Err(
                "This is a private key: paste the public one, and make a new pair, for this one was shown".to_owned()
            );
        }
        let is_ours = key.get("kty").and_then(Value::as_str) == Some("RSA")
            && key.get("use").is_none_or(|purpose| purpose == "sig")
            && key.get("alg").is_none_or(|alg| alg == "RS256");
        if !is_ours {
            continue;
        }
        let part = |name: &str| key.get(name).and_then(Value::as_str).unwrap_or_default();
        let figures = |name: &str| {
            URL_SAFE_NO_PAD.decode(part(name).trim_end_matches('=')).ok().filter(|figures| !figures.is_empty())
        };
        let (Some(n), Some(_)) = (figures("n"), figures("e")) else {
            return Err("An RSA key of the set has no readable n and e".to_owned());
        };
        if !(256..=1_024).contains(&n.len()) {
            return Err("An RSA key of the set has fewer than 2,048 bits, or more than 8,192".to_owned());
        }
        kept.push(json!({"kty": "RSA", "kid": part("kid"), "n": part("n").trim_end_matches('='), "e": part("e").trim_end_matches('=')}));
    }
    if kept.is_empty() {
        return Err("There is no RSA key for signatures (RS256) in it: paste the tool's JSON web key set, which begins with {\"keys\": [".to_owned());
    }
    Ok(json!({ "keys": kept }))
}

/// What a token says before anybody verified it: good for finding whose keys to verify it with, and for nothing else.
pub(crate) fn unverified(token: &str) -> Option<Value> {
    if token.len() > LONGEST {
        return None;
    }
    let mut parts = token.split('.');
    let (_, body, _, None) = (parts.next()?, parts.next()?, parts.next()?, parts.next()) else {
        return None;
    };
    decoded(body)
}

fn decoded(part: &str) -> Option<Value> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok().filter(Value::is_object)
}

/// The claims of a token that one of the set's keys signed.
pub(crate) fn verified(token: &str, key_set: &Value) -> Result<Map<String, Value>, &'static str> {
    let Some(Value::Object(claims)) = unverified(token) else {
        return Err("it is no JSON web token");
    };
    let (said, signature) = token.rsplit_once('.').ok_or("it is no JSON web token")?;
    let head = said.split('.').next().and_then(decoded).ok_or("its header cannot be read")?;
    if head.get("alg").and_then(Value::as_str) != Some("RS256") {
        return Err("it is not signed by RS256");
    }
    let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| "its signature cannot be read")?;
    let kid = head.get("kid").and_then(Value::as_str);
    let keys = key_set.get("keys").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let mut named = keys.iter().filter(|key| match kid {
        Some(kid) => key.get("kid").and_then(Value::as_str).is_some_and(|own| own == kid || own.is_empty()),
        None => true,
    });
    let is_good = named.any(|key| {
        let figures =
            |name: &str| key.get(name).and_then(Value::as_str).and_then(|text| URL_SAFE_NO_PAD.decode(text).ok());
        let (Some(n), Some(e)) = (figures("n"), figures("e")) else {
            return false;
        };
        let key = RsaPublicKeyComponents { n, e };
        key.verify(&RSA_PKCS1_2048_8192_SHA256, said.as_bytes(), &signature).is_ok()
    });
    if is_good { Ok(claims) } else { Err("none of the tool's keys made its signature") }
}

/// Whether a verified token is meant for us and holds now.
pub(crate) fn holds(claims: &Map<String, Value>, audiences: &[&str], now: Timestamp) -> Result<(), &'static str> {
    let is_ours = |value: &Value| value.as_str().is_some_and(|one| audiences.contains(&one.trim_end_matches('/')));
    let is_meant = match claims.get("aud") {
        Some(Value::Array(all)) => all.iter().any(is_ours),
        Some(one) => is_ours(one),
        None => false,
    };
    if !is_meant {
        return Err("its aud is not this platform");
    }
    let moment = |name: &str| claims.get(name).and_then(Value::as_f64).map(|seconds| seconds as i64);
    let (Some(made), Some(ends)) = (moment("iat"), moment("exp")) else {
        return Err("it has no iat or no exp");
    };
    let (made, ends, now) = (made, ends, now.timestamp());
    if made > now + SKEW.num_seconds() {
        return Err("it was made in the future: the tool's clock is ahead");
    }
    if ends < now - SKEW.num_seconds() {
        return Err("it is over: the tool's clock is behind, or it was sent too late");
    }
    if ends > now + LONGEST_HOLD.num_seconds() {
        return Err("it holds for longer than a day");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::token::{kept_key, signed};
    use super::*;

    fn now() -> Timestamp {
        Timestamp::from_timestamp(1_300_000_000, 0).unwrap()
    }

    #[test]
    fn only_the_keys_of_the_set_make_a_token_good() {
        let (private, public) = kept_key(0, "k1");
        let (other, _) = kept_key(1, "k1");
        let set = key_set(&json!({ "keys": [public] }).to_string()).unwrap();
        let claims = json!({"iss": "tool", "aud": ["https://hiec.example/lti/token"]});
        let token = signed(&claims, &private, "k1").unwrap();
        assert_eq!(verified(&token, &set).unwrap()["iss"], "tool");
        assert!(verified(&signed(&claims, &other, "k1").unwrap(), &set).is_err(), "another's key of the same name");
        assert!(verified(&signed(&claims, &private, "k2").unwrap(), &set).is_err(), "a key of another name");
        let (head, rest) = token.split_once('.').unwrap();
        let none = URL_SAFE_NO_PAD.encode(json!({"alg": "none"}).to_string());
        assert_eq!(verified(&format!("{none}.{rest}"), &set), Err("it is not signed by RS256"));
        let hmac = URL_SAFE_NO_PAD.encode(json!({"alg": "HS256", "kid": "k1"}).to_string());
        assert_eq!(verified(&format!("{hmac}.{rest}"), &set), Err("it is not signed by RS256"));
        let changed = URL_SAFE_NO_PAD.encode(json!({"iss": "another"}).to_string());
        let signature = rest.split_once('.').unwrap().1;
        assert!(verified(&format!("{head}.{changed}.{signature}"), &set).is_err());
    }

    #[test]
    fn a_token_is_for_us_and_for_now() {
        let claims = |value: Value| value.as_object().unwrap().clone();
        let second = now().timestamp();
        let good = json!({"aud": "https://hiec.example/", "iat": second, "exp": second + 60});
        let ours = ["https://hiec.example"];
        assert_eq!(holds(&claims(good.clone()), &ours, now()), Ok(()));
        for (name, value) in [
            ("aud", json!("https://other.example")),
            ("aud", json!(5)),
            ("iat", json!(second + 120)),
            ("exp", json!(second - 120)),
            ("exp", json!(second + 100_000)),
            ("exp", json!("soon")),
        ] {
            let mut bad = claims(good.clone());
            bad.insert(name.to_owned(), value);
            assert!(holds(&bad, &ours, now()).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn key_sets_are_public_and_long_enough() {
        let (_, public) = kept_key(0, "k");
        assert_eq!(key_set(&public.to_string()).unwrap()["keys"].as_array().unwrap().len(), 1, "one key alone");
        let mut secret = public.clone();
        secret["d"] = json!("AQAB");
        for (text, says) in [
            ("{", "no JSON"),
            ("{\"keys\": []}", "no RSA key"),
            ("{\"keys\": [{\"kty\": \"EC\"}]}", "no RSA key"),
            ("{\"keys\": [{\"kty\": \"RSA\", \"n\": \"AQAB\", \"e\": \"AQAB\"}]}", "fewer than 2,048"),
            ("{\"keys\": [{\"kty\": \"RSA\", \"n\": \"\", \"e\": \"AQAB\"}]}", "no readable n"),
            (&secret.to_string(), "private key"),
        ] {
            let why = key_set(text).unwrap_err();
            assert!(why.contains(says), "{text}: {why}");
        }
    }

    proptest! {
        #[test]
        fn rubbish_is_refused(token in ".{0,80}") {
            let none = json!({ "keys": [] });
            prop_assert!(verified(&token, &none).is_err());
            prop_assert!(key_set(&token).is_err());
        }
    }
}
