//! The signed token of an LTI 1.3 launch: what it says of the learner and the material, and its RS256 signature. Pure; keys are passed in.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::Duration;
use hiec_kernel::Timestamp;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use serde_json::{Value, json};

/// How long a token holds: the browser brings it to the tool at once.
const HOLDS: Duration = Duration::minutes(5);

/// What a launch says. No name and no address: the tool knows a learner by a number alone.
#[derive(Clone, Debug)]
pub(crate) struct Launch {
    pub issuer: String,
    pub client_id: String,
    pub deployment_id: String,
    /// The learner's number.
    pub learner: String,
    pub nonce: String,
    pub target: String,
    /// Id and title of the part that is opened.
    pub link: (String, String),
    /// Id and title of the course.
    pub course: (String, String),
    /// Whether the person runs the course rather than learning in it.
    pub is_instructor: bool,
    pub back_to: String,
}

impl Launch {
    /// The claims of LTI 1.3 core, section 5.3, and of OpenID Connect.
    pub fn claims(&self, now: Timestamp) -> Value {
        let claim = |name: &str| format!("https://purl.imsglobal.org/spec/lti/claim/{name}");
        let role = if self.is_instructor { "Instructor" } else { "Learner" };
        let mut claims = json!({
            "iss": self.issuer,
            "sub": self.learner,
            "aud": [self.client_id],
            "azp": self.client_id,
            "iat": now.timestamp(),
            "exp": (now + HOLDS).timestamp(),
            "nonce": self.nonce,
        });
        let of_lti = [
            ("message_type", json!("LtiResourceLinkRequest")),
            ("version", json!("1.3.0")),
            ("deployment_id", json!(self.deployment_id)),
            ("target_link_uri", json!(self.target)),
            ("resource_link", json!({"id": self.link.0, "title": self.link.1})),
            (
                "context",
                json!({
                    "id": self.course.0,
                    "title": self.course.1,
                    "type": ["http://purl.imsglobal.org/vocab/lis/v2/course#CourseOffering"],
                }),
            ),
            ("roles", json!([format!("http://purl.imsglobal.org/vocab/lis/v2/membership#{role}")])),
            ("launch_presentation", json!({"document_target": "window", "return_url": self.back_to})),
            ("tool_platform", json!({"guid": self.issuer, "name": "hiec", "product_family_code": "hiec"})),
        ];
        if let Value::Object(fields) = &mut claims {
            fields.extend(of_lti.into_iter().map(|(name, value)| (claim(name), value)));
        }
        claims
    }
}

/// Signs claims with RS256. Answers nothing where the key is none.
pub(crate) fn signed(claims: &Value, private_key: &[u8], kid: &str) -> Option<String> {
    let key = RsaKeyPair::from_pkcs8(private_key).ok()?;
    let head = json!({"alg": "RS256", "typ": "JWT", "kid": kid});
    let said = format!("{}.{}", URL_SAFE_NO_PAD.encode(head.to_string()), URL_SAFE_NO_PAD.encode(claims.to_string()));
    let mut signature = vec![0; key.public().modulus_len()];
    key.sign(&RSA_PKCS1_SHA256, &ring::rand::SystemRandom::new(), said.as_bytes(), &mut signature).ok()?;
    Some(format!("{said}.{}", URL_SAFE_NO_PAD.encode(signature)))
}

/// A pair of keys of 2048 bits: the private one as PKCS #8, the public one as a JSON web key with its number.
pub(crate) fn new_key(kid: &str) -> Option<(Vec<u8>, Value)> {
    use rsa::pkcs8::EncodePrivateKey as _;
    use rsa::traits::PublicKeyParts as _;
    let key = rsa::RsaPrivateKey::new(&mut rand_for_rsa::rngs::OsRng, 2_048).ok()?;
    let private = key.to_pkcs8_der().ok()?.as_bytes().to_vec();
    let number = |figures: Vec<u8>| URL_SAFE_NO_PAD.encode(figures);
    let public = json!({
        "kty": "RSA", "use": "sig", "alg": "RS256", "kid": kid,
        "n": number(key.n().to_bytes_be()), "e": number(key.e().to_bytes_be()),
    });
    Some((private, public))
}

#[cfg(test)]
mod tests {
    use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};

    use super::*;

    fn launch() -> Launch {
        Launch {
            issuer: "https://hiec.example".into(),
            client_id: "tool-1".into(),
            deployment_id: "1".into(),
            learner: "17".into(),
            nonce: "n".into(),
            target: "https://tool.example/start".into(),
            link: ("part".into(), "Hand hygiene".into()),
            course: ("course".into(), "Induction".into()),
            is_instructor: false,
            back_to: "https://hiec.example/back".into(),
        }
    }

    #[test]
    fn a_token_is_verified_by_the_published_key_alone() {
        let (private, public) = new_key("k1").unwrap();
        let token = signed(&launch().claims(Timestamp::UNIX_EPOCH), &private, "k1").unwrap();
        let parts: Vec<&str> = token.split('.').collect();
        let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap();
        let (n, e) = (bytes(public["n"].as_str().unwrap()), bytes(public["e"].as_str().unwrap()));
        let key = RsaPublicKeyComponents { n: &n, e: &e };
        let said = format!("{}.{}", parts[0], parts[1]);
        key.verify(&RSA_PKCS1_2048_8192_SHA256, said.as_bytes(), &bytes(parts[2])).unwrap();
        let other = format!("{}x", said);
        assert!(key.verify(&RSA_PKCS1_2048_8192_SHA256, other.as_bytes(), &bytes(parts[2])).is_err());
        let claims: Value = serde_json::from_slice(&bytes(parts[1])).unwrap();
        assert_eq!(claims["exp"], 300);
        assert_eq!(claims["https://purl.imsglobal.org/spec/lti/claim/version"], "1.3.0");
        assert!(claims.get("name").is_none() && claims.get("email").is_none(), "a tool is told no name");
    }

    #[test]
    fn what_is_no_key_signs_nothing() {
        assert_eq!(signed(&json!({}), b"no key", "k"), None);
    }
}
