//! A sign-in service of an organisation (OpenID Connect), standing in for a real one without a socket: people are approved by the test, and it can also say what no honest service says.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hiec_accounts::oidc::{OidcSettings, SignInService, Transport, TransportError};
use hiec_kernel::Clock;
use hiec_kernel::clock::FixedClock;
use http::{Request, Response};
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use url::Url;

pub const ISSUER: &str = "https://login.example";
const SECRET: &str = "a secret between the two";

/// Somebody the service knows.
#[derive(Clone, Debug)]
pub struct Known {
    pub subject: &'static str,
    pub email: &'static str,
    pub is_verified: bool,
}

/// The service.
#[derive(Clone)]
pub struct Provider {
    said: Arc<Mutex<Said>>,
    clock: FixedClock,
}

/// How it behaves, and what it gave out.
pub struct Said {
    pub is_reachable: bool,
    /// Whether the address stands in the ID token; otherwise it must be asked for.
    pub states_address: bool,
    pub audience: String,
    /// What to write over the nonce with.
    pub nonce: Option<String>,
    /// The key it signs with, and those it publishes.
    pub key: u8,
    pub published: Vec<u8>,
    pub seconds_valid: i64,
    codes: BTreeMap<String, Given>,
    access: BTreeMap<String, Known>,
    discoveries: usize,
}

struct Given {
    known: Known,
    nonce: String,
    challenge: String,
}

impl Provider {
    pub fn new(clock: FixedClock) -> Self {
        let said = Said {
            is_reachable: true,
            states_address: true,
            audience: "hiec".into(),
            nonce: None,
            key: 5,
            published: vec![5],
            seconds_valid: 600,
            codes: BTreeMap::new(),
            access: BTreeMap::new(),
            discoveries: 0,
        };
        Self { said: Arc::new(Mutex::new(said)), clock }
    }

    /// As the product reaches it.
    pub fn service(&self) -> SignInService {
        let settings = OidcSettings {
            issuer: ISSUER.into(),
            client_id: "hiec".into(),
            client_secret: SECRET.into(),
            name: "Illustrative Mail".into(),
        };
        let provider = self.clone();
        let transport = Transport::of(move |request| {
            let answer = provider.answer(request);
            Box::pin(async move { answer })
        });
        SignInService::over(settings, &"http://hiec.example/".parse().expect("an address"), transport)
            .expect("settings")
    }

    /// Changes how it behaves.
    pub fn set(&self, change: impl FnOnce(&mut Said)) {
        change(&mut self.said.lock().expect("not poisoned"));
    }

    pub fn discoveries(&self) -> usize {
        self.said.lock().expect("not poisoned").discoveries
    }

    /// The person signs in at the address the product sent them to; answers where the service sends them back.
    pub fn approve(&self, address: &Url, known: &Known) -> String {
        let asked: BTreeMap<String, String> = address.query_pairs().into_owned().collect();
        assert!(address.as_str().starts_with("https://login.example/authorization?"), "{address}");
        assert_eq!(asked["redirect_uri"], "http://hiec.example/sign-in/oidc/return");
        assert_eq!((asked["response_type"].as_str(), asked["code_challenge_method"].as_str()), ("code", "S256"));
        let code = format!("code-{}", hex(&Sha256::digest(address.as_str())));
        let (nonce, challenge) = (asked["nonce"].clone(), asked["code_challenge"].clone());
        self.set(|said| {
            said.codes.insert(code.clone(), Given { known: known.clone(), nonce, challenge });
        });
        format!("/sign-in/oidc/return?state={}&code={code}&iss=https%3A%2F%2Flogin.example", asked["state"])
    }

    fn answer(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, TransportError> {
        let mut said = self.said.lock().expect("not poisoned");
        if !said.is_reachable {
            return Err(TransportError("connection refused".into()));
        }
        let (status, body) = match request.uri().path() {
            "/.well-known/openid-configuration" => {
                said.discoveries += 1;
                (200, description())
            }
            "/keys" => (200, json!({ "keys": said.published.iter().map(|key| public(*key)).collect::<Vec<_>>() })),
            "/token" => self.token(&mut said, &request),
            "/userinfo" => {
                let token = header(&request, "authorization").trim_start_matches("Bearer ").to_owned();
                match said.access.get(&token) {
                    Some(known) => (200, claims_of(known)),
                    None => (401, json!({})),
                }
            }
            path => panic!("the service was asked for {path}"),
        };
        let response = Response::builder().status(status).header("content-type", "application/json");
        Ok(response.body(body.to_string().into_bytes()).expect("a response"))
    }

    /// A code is good once, for whoever sent the person, and only with the verifier of its challenge.
    fn token(&self, said: &mut Said, request: &Request<Vec<u8>>) -> (u16, Value) {
        let refused =
            |code: &str| (400, json!({ "error": code, "error_description": "ada.example@example.org did it" }));
        if header(request, "authorization")
            != format!("Basic {}", STANDARD.encode(format!("hiec:{}", SECRET.replace(' ', "+"))))
        {
            return refused("invalid_client");
        }
        let form: BTreeMap<String, String> = url::form_urlencoded::parse(request.body()).into_owned().collect();
        let Some(given) = said.codes.remove(&form["code"]) else {
            return refused("invalid_grant");
        };
        if URL_SAFE_NO_PAD.encode(Sha256::digest(&form["code_verifier"])) != given.challenge {
            return refused("invalid_grant");
        }
        let access = format!("access-{}", form["code"]);
        said.access.insert(access.clone(), given.known.clone());
        let now = self.clock.now().timestamp();
        let mut claims = json!({
            "iss": ISSUER, "sub": given.known.subject, "aud": said.audience, "iat": now, "exp": now + said.seconds_valid,
            "nonce": said.nonce.clone().unwrap_or(given.nonce),
        });
        if said.states_address {
            claims["email"] = given.known.email.into();
            claims["email_verified"] = given.known.is_verified.into();
        }
        let token = signed(said.key, &claims);
        (200, json!({ "access_token": access, "token_type": "Bearer", "expires_in": 600, "id_token": token }))
    }
}

fn description() -> Value {
    json!({
        "issuer": ISSUER,
        "authorization_endpoint": "https://login.example/authorization",
        "token_endpoint": "https://login.example/token",
        "userinfo_endpoint": "https://login.example/userinfo",
        "jwks_uri": "https://login.example/keys",
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
    })
}

fn claims_of(known: &Known) -> Value {
    json!({ "sub": known.subject, "email": known.email, "email_verified": known.is_verified })
}

fn secret(key: u8) -> SigningKey {
    SigningKey::from_slice(&[key; 32]).expect("a key")
}

fn public(key: u8) -> Value {
    let point = secret(key).verifying_key().to_sec1_point(false);
    let part = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    json!({
        "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": format!("key-{key}"),
        "x": part(point.x().expect("a point").as_slice()), "y": part(point.y().expect("a point").as_slice()),
    })
}

/// A JSON Web Token signed with ES256 (RFC 7515, RFC 7518).
fn signed(key: u8, claims: &Value) -> String {
    let head = json!({ "alg": "ES256", "kid": format!("key-{key}") });
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(&head), part(claims));
    let signature: Signature = secret(key).sign(signed.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()))
}

fn header<'r>(request: &'r Request<Vec<u8>>, name: &str) -> &'r str {
    request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
