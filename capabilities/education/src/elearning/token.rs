//! The signed token of an LTI 1.3 launch: what it says of the learner and the material, and its RS256 signature. Pure; keys are passed in.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::Duration;
use hiec_kernel::Timestamp;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use serde_json::{Value, json};

/// How long a token holds: the browser brings it to the tool at once.
const HOLDS: Duration = Duration::minutes(5);

/// The scopes of the services a tool may ask a token for: Assignment and Grade Services 2.0, Names and Role Provisioning Services 2.0.
pub(crate) mod scopes {
    pub(crate) const LINE_ITEMS: &str = "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem";
    pub(crate) const LINE_ITEMS_READ: &str = "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly";
    pub(crate) const RESULTS: &str = "https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly";
    pub(crate) const SCORES: &str = "https://purl.imsglobal.org/spec/lti-ags/scope/score";
    pub(crate) const MEMBERS: &str = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly";
    /// Those of grades, as a launch names them.
    pub(crate) const GRADES: [&str; 4] = [LINE_ITEMS, LINE_ITEMS_READ, RESULTS, SCORES];
    pub(crate) const ALL: [&str; 5] = [LINE_ITEMS, LINE_ITEMS_READ, RESULTS, SCORES, MEMBERS];
}

/// What a launch says. No address of the learner, and no name but where the cluster's agreement with the tool lets it know them.
#[derive(Clone, Debug)]
pub(crate) struct Launch {
    pub issuer: String,
    pub client_id: String,
    pub deployment_id: String,
    /// The learner's number.
    pub learner: String,
    pub name: Option<String>,
    pub nonce: String,
    pub target: String,
    /// Id and title of the course.
    pub course: (String, String),
    /// Whether the person runs the course rather than learning in it.
    pub is_instructor: bool,
    pub back_to: String,
    pub message: Message,
    /// For tools that can sign for themselves.
    pub services: Option<Services>,
}

/// What the tool is opened for.
#[derive(Clone, Debug)]
pub(crate) enum Message {
    /// A part of the course, with what the tool wants to be told of it again.
    Link { id: String, title: String, custom: Option<Value> },
    /// To have material picked: where the answer goes, and the word that must come back with it.
    Choice { return_to: String, word: String },
}

/// Where the tool finds what it may read and write of the course.
#[derive(Clone, Debug)]
pub(crate) struct Services {
    pub line_items: String,
    /// The part's line, where it has exactly one.
    pub line_item: Option<String>,
    pub members: String,
}

fn claim(name: &str) -> String {
    format!("https://purl.imsglobal.org/spec/lti/claim/{name}")
}

impl Launch {
    /// The claims of LTI 1.3 core, section 5.3, of OpenID Connect, of Deep Linking 2.0, section 4.4, and of the services.
    pub fn claims(&self, now: Timestamp) -> Value {
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
            ("version", json!("1.3.0")),
            ("deployment_id", json!(self.deployment_id)),
            ("target_link_uri", json!(self.target)),
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
            fields.extend(self.of_message());
            fields.extend(self.services.iter().flat_map(Services::claims));
            fields.extend(self.name.iter().map(|name| ("name".to_owned(), json!(name))));
        }
        claims
    }

    fn of_message(&self) -> Vec<(String, Value)> {
        match &self.message {
            Message::Link { id, title, custom } => {
                let mut claims = vec![
                    (claim("message_type"), json!("LtiResourceLinkRequest")),
                    (claim("resource_link"), json!({"id": id, "title": title})),
                ];
                claims.extend(custom.iter().map(|custom| (claim("custom"), custom.clone())));
                claims
            }
            Message::Choice { return_to, word } => vec![
                (claim("message_type"), json!("LtiDeepLinkingRequest")),
                (
                    "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings".to_owned(),
                    json!({
                        "deep_link_return_url": return_to,
                        "accept_types": ["ltiResourceLink"],
                        "accept_presentation_document_targets": ["window"],
                        "accept_multiple": true,
                        "accept_lineitem": true,
                        "auto_create": false,
                        "data": word,
                    }),
                ),
            ],
        }
    }
}

impl Services {
    fn claims(&self) -> [(String, Value); 2] {
        let mut endpoint = json!({"scope": scopes::GRADES, "lineitems": self.line_items});
        if let (Value::Object(fields), Some(line_item)) = (&mut endpoint, &self.line_item) {
            fields.insert("lineitem".to_owned(), json!(line_item));
        }
        [
            ("https://purl.imsglobal.org/spec/lti-ags/claim/endpoint".to_owned(), endpoint),
            (
                "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice".to_owned(),
                json!({"context_memberships_url": self.members, "service_versions": ["2.0"]}),
            ),
        ]
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
    let key = rsa::RsaPrivateKey::new(&mut rand_for_rsa::rngs::OsRng, 2_048).ok()?;
    let private = key.to_pkcs8_der().ok()?.as_bytes().to_vec();
    Some((private, public_jwk(&key, kid)))
}

fn public_jwk(key: &rsa::RsaPrivateKey, kid: &str) -> Value {
    use rsa::traits::PublicKeyParts as _;
    let number = |figures: Vec<u8>| URL_SAFE_NO_PAD.encode(figures);
    json!({
        "kty": "RSA", "use": "sig", "alg": "RS256", "kid": kid,
        "n": number(key.n().to_bytes_be()), "e": number(key.e().to_bytes_be()),
    })
}

/// One of two pairs of keys that are kept for tests, for making one takes an unoptimised build ten seconds.
#[cfg(test)]
pub(crate) fn kept_key(nth: usize, kid: &str) -> (Vec<u8>, Value) {
    use base64::engine::general_purpose::STANDARD;
    use rsa::pkcs8::DecodePrivateKey as _;
    let kept = [include_str!("../../tests/data/rsa-1.b64"), include_str!("../../tests/data/rsa-2.b64")][nth];
    let private = STANDARD.decode(kept.split_whitespace().collect::<String>()).unwrap();
    let public = public_jwk(&rsa::RsaPrivateKey::from_pkcs8_der(&private).unwrap(), kid);
    (private, public)
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
            name: None,
            target: "https://tool.example/start".into(),
            course: ("course".into(), "Induction".into()),
            is_instructor: false,
            back_to: "https://hiec.example/back".into(),
            message: Message::Link { id: "part".into(), title: "Hand hygiene".into(), custom: None },
            services: None,
        }
    }

    #[test]
    fn each_message_says_what_it_is_for_and_nothing_of_the_other() {
        let link = launch().claims(Timestamp::UNIX_EPOCH);
        assert!(link.get("https://purl.imsglobal.org/spec/lti-ags/claim/endpoint").is_none());
        assert_eq!(link[claim("resource_link")]["title"], "Hand hygiene");
        let message = Message::Choice { return_to: "https://hiec.example/lti/choices".into(), word: "w".into() };
        let services = Some(Services { line_items: "l".into(), line_item: None, members: "m".into() });
        let choice = Launch { message, services, name: Some("Tess".into()), ..launch() }.claims(Timestamp::UNIX_EPOCH);
        assert_eq!(choice[claim("message_type")], "LtiDeepLinkingRequest");
        assert!(choice.get(claim("resource_link")).is_none() && choice["name"] == "Tess");
        let endpoint = &choice["https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"];
        assert!(endpoint.get("lineitem").is_none() && endpoint["scope"].as_array().unwrap().len() == 4);
    }

    #[test]
    fn a_token_is_verified_by_the_published_key_alone() {
        let (private, public) = kept_key(0, "k1");
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
