//! A learning tool as the tests play it: its keys, what it signs and asks, and a course that uses it.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hiec_contracts::ClusterSeen;
use hiec_kernel::Role;
use hiec_kernel::people::{Actor, Person};
use hiec_store::values;
use hiec_testkit::Browser;
use hiec_teststand::Stand;
use http::Method;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use rsa::pkcs8::DecodePrivateKey as _;
use rsa::traits::PublicKeyParts as _;
use serde_json::{Value, json};

use crate::clusters::{somebody, stand};

pub(crate) const COURSE: &str = "/clusters/necles/education/courses/airway-skills";
pub(crate) const TOOLS: &str = "/clusters/necles/education/learning-tools";
pub(crate) const AGS: &str = "https://purl.imsglobal.org/spec/lti-ags/scope";
pub(crate) const MEMBERS: &str = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly";
pub(crate) const SCORE: &str = "application/vnd.ims.lis.v1.score+json";
pub(crate) const LINE: &str = "application/vnd.ims.lis.v2.lineitem+json";

/// A tool's own pair of keys.
pub(crate) struct Keys {
    pub(crate) private: Vec<u8>,
    pub(crate) public: Value,
}

impl Keys {
    /// One of the two that are kept for tests.
    pub(crate) fn kept(kept: &str, kid: &str) -> Self {
        let private = STANDARD.decode(kept.split_whitespace().collect::<String>()).unwrap();
        let key = rsa::RsaPrivateKey::from_pkcs8_der(&private).unwrap();
        let figures = |bytes: Vec<u8>| URL_SAFE_NO_PAD.encode(bytes);
        let public = json!({"keys": [{"kty": "RSA", "kid": kid, "alg": "RS256", "use": "sig",
            "n": figures(key.n().to_bytes_be()), "e": figures(key.e().to_bytes_be())}]});
        Self { private, public }
    }

    pub(crate) fn sign(&self, claims: &Value) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let said = format!("{}.{}", part(&json!({"alg": "RS256", "kid": "tool"})), part(claims));
        let key = RsaKeyPair::from_pkcs8(&self.private).unwrap();
        let mut signature = vec![0; key.public().modulus_len()];
        key.sign(&RSA_PKCS1_SHA256, &ring::rand::SystemRandom::new(), said.as_bytes(), &mut signature).unwrap();
        format!("{said}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

/// A token with another signature of the same length.
pub(crate) fn forged(token: &str) -> String {
    let (said, signature) = token.rsplit_once('.').unwrap();
    format!("{said}.{}", signature.chars().rev().collect::<String>())
}

/// A tool with keys and material in a course, and its cluster's planner.
pub(crate) struct Scene {
    pub(crate) stand: Stand,
    pub(crate) cluster: ClusterSeen,
    pub(crate) lena: Browser,
    pub(crate) lead: Person,
    pub(crate) keys: Keys,
    pub(crate) tool: String,
    pub(crate) client: String,
    pub(crate) part: String,
    pub(crate) course: String,
}

/// Our own key as an earlier version stored it, in the clear: the first launch seals it.
pub(crate) async fn keep_our_key(stand: &Stand) {
    let unit = stand.state.begin(Actor::System("test".into())).await.unwrap();
    let id = unit.new_id();
    let ours = Keys::kept(include_str!("../data/rsa-2.b64"), &id.to_string());
    let sql = "INSERT INTO education_lti_key (id, private_key, public_jwk, made_at) VALUES ($1, $2, $3, $4)";
    unit.execute(sql, values![id, ours.private, ours.public["keys"][0].clone(), unit.now()]).await.unwrap();
    unit.commit().await.unwrap();
}

pub(crate) async fn scene(url: &str) -> Scene {
    let (stand, cluster) = stand(url, "2010-10-04 10:00").await;
    keep_our_key(&stand).await;
    let (mut lena, lead) = somebody(&stand, &cluster, "Lena Leadson", Role::EducationLead, 0).await;
    lena.post("/clusters/necles/education/courses/new", &[("name", "Airway skills"), ("about", "Simulation for all")])
        .await
        .expect_status(200);
    let tool = [
        ("name", "Made-up material"),
        ("login_url", "https://tool.example/login"),
        ("redirect_urls", "https://tool.example/launch"),
    ];
    lena.post(TOOLS, &tool).await.expect_status(200);
    let (_, seen) = lena.get_json(TOOLS).await;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let (tool, client) = (text(&seen["tools"][0]["id"]), text(&seen["tools"][0]["client_id"]));
    let part = [
        ("kind", "material"),
        ("title", "Reading"),
        ("minutes", "30"),
        ("tool", tool.as_str()),
        ("target_url", "https://tool.example/reading"),
    ];
    lena.post(&format!("{COURSE}/parts"), &part).await.expect_status(200);
    let keys = Keys::kept(include_str!("../data/rsa-1.b64"), "tool");
    lena.get(TOOLS).await;
    lena.fill("Its public keys (JSON web key set)", "{\"keys\": []}");
    lena.submit("Save what Made-up material may do").await.expect_status(422).expect_text("There is no RSA key");
    lena.fill("Its public keys (JSON web key set)", &keys.public.to_string());
    lena.fill("Where it lets material be picked (Deep Linking)", "https://tool.example/pick");
    lena.submit("Save what Made-up material may do").await.expect_status(200).expect_text("A number");
    let (_, seen) = lena.get_json(COURSE).await;
    let (part, course) = (text(&seen["parts"][0]["id"]), text(&seen["course"]["id"]));
    Scene { stand, cluster, lena, lead, keys, tool, client, part, course }
}

pub(crate) fn pairs(address: &str) -> BTreeMap<String, String> {
    url::Url::parse(address).unwrap().query_pairs().into_owned().collect()
}

pub(crate) fn asked(hint: &str, client: &str) -> Vec<(&'static str, String)> {
    vec![
        ("scope", "openid".to_owned()),
        ("response_type", "id_token".to_owned()),
        ("response_mode", "form_post".to_owned()),
        ("prompt", "none".to_owned()),
        ("client_id", client.to_owned()),
        ("redirect_uri", "https://tool.example/launch".to_owned()),
        ("login_hint", hint.to_owned()),
        ("nonce", "n-1".to_owned()),
        ("state", "s & 1".to_owned()),
    ]
}

pub(crate) fn form(pairs: &[(&str, String)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// The claims of the token a page carries to the tool.
pub(crate) fn claims(html: &str) -> Value {
    let token = html.split("name=\"id_token\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap()).unwrap()
}

impl Scene {
    pub(crate) fn seconds(&self) -> i64 {
        self.stand.state.now().timestamp()
    }

    /// Opens the part; answers what the tool is told.
    pub(crate) async fn launch(&self, browser: &mut Browser) -> Value {
        let (_, begun) = browser.post_json(&format!("{COURSE}/parts/{}/launch", self.part), &json!({})).await;
        let hint = pairs(begun["login"].as_str().unwrap())["login_hint"].clone();
        browser.get(&format!("/lti/authorize?{}", form(&asked(&hint, &self.client)))).await.expect_status(200);
        claims(&browser.html())
    }

    pub(crate) fn assertion(&self, word: &str) -> Value {
        json!({"iss": self.client, "sub": self.client, "aud": "http://hiec.example/lti/token",
            "iat": self.seconds(), "exp": self.seconds() + 60, "jti": word})
    }

    pub(crate) async fn ask_token(&self, assertion: &str, scope: &str) -> (u16, Value) {
        let body = form(&[
            ("grant_type", "client_credentials".to_owned()),
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer".to_owned()),
            ("client_assertion", assertion.to_owned()),
            ("scope", scope.to_owned()),
        ]);
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        let mut browser = self.stand.browser();
        let status = browser.send(Method::POST, "/lti/token", &headers, body.into_bytes()).await;
        (status.as_u16(), serde_json::from_slice(browser.bytes()).unwrap())
    }

    pub(crate) async fn token(&self, scope: &str) -> String {
        let word = hiec_access::sessions::secret();
        let (status, answer) = self.ask_token(&self.keys.sign(&self.assertion(&word)), scope).await;
        assert_eq!(status, 200, "{answer}");
        answer["access_token"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn serve(
        &self,
        token: &str,
        method: Method,
        path: &str,
        kind: &str,
        body: &Value,
    ) -> (u16, Value) {
        let bearer = format!("Bearer {token}");
        let headers = [("authorization", bearer.as_str()), ("content-type", kind)];
        let bytes = if body.is_null() { vec![] } else { body.to_string().into_bytes() };
        let mut browser = self.stand.browser();
        let path = path.trim_start_matches("http://hiec.example");
        let status = browser.send(method, path, &headers, bytes).await;
        (status.as_u16(), serde_json::from_slice(browser.bytes()).unwrap_or(Value::Null))
    }

    pub(crate) fn lines(&self) -> String {
        format!("/lti/courses/{}/line-items", self.course)
    }
}

pub(crate) async fn trainee(scene: &Scene, name: &str) -> (Browser, Person) {
    somebody(&scene.stand, &scene.cluster, name, Role::Trainee, 0).await
}
