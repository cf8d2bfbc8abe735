//! What a learning tool does by itself: a token for what it signed, scores that complete a part, members by number, material that is picked; and the key launches are signed with.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hiec_contracts::ClusterSeen;
use hiec_kernel::Role;
use hiec_kernel::people::{Actor, Person};
use hiec_store::{FromQueryResult, Reads, values};
use hiec_testkit::{Browser, for_each_database};
use hiec_teststand::Stand;
use http::Method;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use rsa::pkcs8::DecodePrivateKey as _;
use rsa::traits::PublicKeyParts as _;
use serde_json::{Value, json};

use crate::clusters::{somebody, stand, stand_with};

const COURSE: &str = "/clusters/necles/education/courses/airway-skills";
const TOOLS: &str = "/clusters/necles/education/learning-tools";
const AGS: &str = "https://purl.imsglobal.org/spec/lti-ags/scope";
const MEMBERS: &str = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly";
const SCORE: &str = "application/vnd.ims.lis.v1.score+json";
const LINE: &str = "application/vnd.ims.lis.v2.lineitem+json";

/// A tool's own pair of keys.
struct Keys {
    private: Vec<u8>,
    public: Value,
}

impl Keys {
    /// One of the two that are kept for tests.
    fn kept(kept: &str, kid: &str) -> Self {
        let private = STANDARD.decode(kept.split_whitespace().collect::<String>()).unwrap();
        let key = rsa::RsaPrivateKey::from_pkcs8_der(&private).unwrap();
        let figures = |bytes: Vec<u8>| URL_SAFE_NO_PAD.encode(bytes);
        let public = json!({"keys": [{"kty": "RSA", "kid": kid, "alg": "RS256", "use": "sig",
            "n": figures(key.n().to_bytes_be()), "e": figures(key.e().to_bytes_be())}]});
        Self { private, public }
    }

    fn sign(&self, claims: &Value) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let said = format!("{}.{}", part(&json!({"alg": "RS256", "kid": "tool"})), part(claims));
        let key = RsaKeyPair::from_pkcs8(&self.private).unwrap();
        let mut signature = vec![0; key.public().modulus_len()];
        key.sign(&RSA_PKCS1_SHA256, &ring::rand::SystemRandom::new(), said.as_bytes(), &mut signature).unwrap();
        format!("{said}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

/// A token with another signature of the same length.
fn forged(token: &str) -> String {
    let (said, signature) = token.rsplit_once('.').unwrap();
    format!("{said}.{}", signature.chars().rev().collect::<String>())
}

/// A tool with keys and material in a course, and its cluster's planner.
struct Scene {
    stand: Stand,
    cluster: ClusterSeen,
    lena: Browser,
    lead: Person,
    keys: Keys,
    tool: String,
    client: String,
    part: String,
    course: String,
}

/// Our own key as an earlier version stored it, in the clear: the first launch seals it.
async fn keep_our_key(stand: &Stand) {
    let unit = stand.state.begin(Actor::System("test".into())).await.unwrap();
    let id = unit.new_id();
    let ours = Keys::kept(include_str!("../data/rsa-2.b64"), &id.to_string());
    let sql = "INSERT INTO education_lti_key (id, private_key, public_jwk, made_at) VALUES ($1, $2, $3, $4)";
    unit.execute(sql, values![id, ours.private, ours.public["keys"][0].clone(), unit.now()]).await.unwrap();
    unit.commit().await.unwrap();
}

async fn scene(url: &str) -> Scene {
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

fn pairs(address: &str) -> BTreeMap<String, String> {
    url::Url::parse(address).unwrap().query_pairs().into_owned().collect()
}

fn asked(hint: &str, client: &str) -> Vec<(&'static str, String)> {
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

fn form(pairs: &[(&str, String)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// The claims of the token a page carries to the tool.
fn claims(html: &str) -> Value {
    let token = html.split("name=\"id_token\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap()).unwrap()
}

impl Scene {
    fn seconds(&self) -> i64 {
        self.stand.state.now().timestamp()
    }

    /// Opens the part; answers what the tool is told.
    async fn launch(&self, browser: &mut Browser) -> Value {
        let (_, begun) = browser.post_json(&format!("{COURSE}/parts/{}/launch", self.part), &json!({})).await;
        let hint = pairs(begun["login"].as_str().unwrap())["login_hint"].clone();
        browser.get(&format!("/lti/authorize?{}", form(&asked(&hint, &self.client)))).await.expect_status(200);
        claims(&browser.html())
    }

    fn assertion(&self, word: &str) -> Value {
        json!({"iss": self.client, "sub": self.client, "aud": "http://hiec.example/lti/token",
            "iat": self.seconds(), "exp": self.seconds() + 60, "jti": word})
    }

    async fn ask_token(&self, assertion: &str, scope: &str) -> (u16, Value) {
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

    async fn token(&self, scope: &str) -> String {
        let word = hiec_access::sessions::secret();
        let (status, answer) = self.ask_token(&self.keys.sign(&self.assertion(&word)), scope).await;
        assert_eq!(status, 200, "{answer}");
        answer["access_token"].as_str().unwrap().to_owned()
    }

    async fn serve(&self, token: &str, method: Method, path: &str, kind: &str, body: &Value) -> (u16, Value) {
        let bearer = format!("Bearer {token}");
        let headers = [("authorization", bearer.as_str()), ("content-type", kind)];
        let bytes = if body.is_null() { vec![] } else { body.to_string().into_bytes() };
        let mut browser = self.stand.browser();
        let path = path.trim_start_matches("http://hiec.example");
        let status = browser.send(method, path, &headers, bytes).await;
        (status.as_u16(), serde_json::from_slice(browser.bytes()).unwrap_or(Value::Null))
    }

    fn lines(&self) -> String {
        format!("/lti/courses/{}/line-items", self.course)
    }
}

async fn trainee(scene: &Scene, name: &str) -> (Browser, Person) {
    somebody(&scene.stand, &scene.cluster, name, Role::Trainee, 0).await
}

#[tokio::test]
async fn a_score_completes_the_part_and_is_shown_to_the_learner_alone() {
    for_each_database(|url| async move {
        let scene = scene(&url).await;
        let (mut tess, person) = trainee(&scene, "Tess Trainee").await;
        let (_, stranger) = trainee(&scene, "Otto Other").await;
        let told = scene.launch(&mut tess).await;
        let endpoint = &told["https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"];
        let line = endpoint["lineitem"].as_str().unwrap().to_owned();
        assert_eq!(line, format!("http://hiec.example{}/{}", scene.lines(), scene.part));
        assert!(told.get("name").is_none(), "{told}");
        let token = scene.token(&format!("{AGS}/score {AGS}/result.readonly")).await;
        let score = |given: f64, activity: &str, grading: &str, at: &str| {
            json!({"userId": person.id.to_string(), "scoreGiven": given, "scoreMaximum": 10, "comment": "Well read",
                "timestamp": at, "activityProgress": activity, "gradingProgress": grading})
        };
        let send = async |body: Value| scene.serve(&token, Method::POST, &format!("{line}/scores"), SCORE, &body).await;
        assert_eq!(send(score(2.0, "InProgress", "Pending", "2010-10-04T09:00:00.100Z")).await.0, 204);
        tess.get(COURSE).await.expect_text("0 of 1 parts").expect_text("The tool says: Under way, not marked yet");
        assert_eq!(send(score(8.0, "Completed", "FullyGraded", "2010-10-04T09:00:00.200Z")).await.0, 204);
        tess.get(COURSE)
            .await
            .expect_text("1 of 1 parts: 30 minutes")
            .expect_text("Completed, score 80 of 100")
            .expect_text("Well read");
        // What is late by the tool's clock does not overtake; the same moment again does.
        let (status, why) = send(score(1.0, "Started", "NotReady", "2010-10-04T09:00:00.150Z")).await;
        assert_eq!((status, why["error"].as_str()), (409, Some("conflict")));
        assert_eq!(send(score(9.0, "Completed", "FullyGraded", "2010-10-04T09:00:00.200Z")).await.0, 204);
        let (status, results) = scene.serve(&token, Method::GET, &format!("{line}/results"), "", &Value::Null).await;
        assert_eq!((status, results.as_array().unwrap().len()), (200, 1));
        assert_eq!((&results[0]["resultScore"], &results[0]["userId"]), (&json!(90.0), &json!(person.id.to_string())));
        let (_, none) = scene.serve(&token, Method::GET, &format!("{line}/results?user_id=x"), "", &Value::Null).await;
        assert_eq!(none, json!([]));
        // A later score may take the completion back, as a void does.
        assert_eq!(send(score(0.0, "Started", "NotReady", "2010-10-04T09:30:00Z")).await.0, 204);
        tess.get(COURSE).await.expect_text("0 of 1 parts");
        let mut nobody = score(1.0, "Completed", "FullyGraded", "2010-10-04T10:00:00Z");
        nobody["userId"] = json!(stranger.id.to_string());
        let (status, why) = send(nobody).await;
        assert_eq!(status, 400, "who never opened it is no number the tool may score");
        assert!(why["error_description"].as_str().unwrap().contains("nobody in this course"), "{why}");
        let mut otto = scene.stand.browser_of(stranger.id).await;
        otto.get(COURSE).await.expect_no_text("Well read");
        let database = scene.stand.database();
        assert_eq!(database.count("SELECT COUNT(*) AS n FROM education_lti_score", values![]).await.unwrap(), 4);
        let unit = scene.stand.state.begin(Actor::System("test".into())).await.unwrap();
        assert!(
            unit.execute("UPDATE education_lti_score SET given = '10'", values![]).await.is_err(),
            "scores stay as they came"
        );
    })
    .await;
}

#[tokio::test]
async fn tokens_are_for_what_the_tool_signed_once_and_open_its_own_courses_alone() {
    for_each_database(|url| async move {
        let mut scene = scene(&url).await;
        let all = format!("{AGS}/lineitem {AGS}/score openid");
        let good = scene.assertion("one");
        let (status, answer) = scene.ask_token(&scene.keys.sign(&good), &all).await;
        assert_eq!((status, &answer["expires_in"], &answer["token_type"]), (200, &json!(3600), &json!("Bearer")));
        assert_eq!(answer["scope"], format!("{AGS}/lineitem {AGS}/score"), "unknown scopes are left out");
        let (status, again) = scene.ask_token(&scene.keys.sign(&good), &all).await;
        assert_eq!((status, again["error"].as_str()), (401, Some("invalid_client")), "an assertion is good once");
        let (status, none) = scene.ask_token(&scene.keys.sign(&scene.assertion("two")), "openid").await;
        assert_eq!((status, none["error"].as_str()), (400, Some("invalid_scope")));
        for (name, value) in [
            ("iss", json!("another")),
            ("sub", json!("hiec-unknown")),
            ("aud", json!("https://other.example/token")),
            ("exp", json!(scene.seconds() - 3600)),
            ("iat", json!(scene.seconds() + 3600)),
            ("jti", Value::Null),
        ] {
            let mut bad = scene.assertion("three");
            bad[name] = value;
            let (status, why) = scene.ask_token(&scene.keys.sign(&bad), &all).await;
            assert_eq!((status, why["error"].as_str()), (401, Some("invalid_client")), "{bad}");
        }
        let forged = forged(&scene.keys.sign(&scene.assertion("four")));
        assert_eq!(scene.ask_token(&forged, &all).await.0, 401, "nobody's signature");
        assert_eq!(scene.ask_token("rubbish", &all).await.0, 401);

        let token = answer["access_token"].as_str().unwrap().to_owned();
        let lines = scene.lines();
        let get = async |token: &str, path: &str| scene.serve(token, Method::GET, path, "", &Value::Null).await;
        let (status, listed) = get(&token, &lines).await;
        assert_eq!((status, listed[0]["resourceLinkId"].as_str()), (200, Some(scene.part.as_str())));
        assert_eq!(get("door_guessed", &lines).await.0, 401);
        assert_eq!(get("hiec_guessed", &lines).await.0, 401, "a person's token is no tool's");
        assert_eq!(get(&token, &format!("/lti/courses/{}/members", scene.course)).await.0, 403, "another scope");
        assert_eq!(get(&token, &format!("/lti/courses/{}/line-items", uuid::Uuid::nil())).await.0, 404);
        assert_eq!(get(&token, &format!("{lines}/{}", uuid::Uuid::nil())).await.0, 404);
        // A tool's token signs nobody in.
        let mut browser = scene.stand.browser();
        let bearer = format!("Bearer {token}");
        let status = browser.send(Method::GET, TOOLS, &[("authorization", &bearer)], vec![]).await;
        assert_eq!(status, 401);

        // Lines of its own: made, found, changed, removed; a part's own line stays.
        let line = json!({"label": "Quiz", "scoreMaximum": 12.5, "tag": "quiz", "resourceId": "r", "resourceLinkId": scene.part});
        let (status, made) = scene.serve(&token, Method::POST, &lines, LINE, &line).await;
        assert_eq!((status, &made["scoreMaximum"]), (201, &json!(12.5)), "{made}");
        for bad in [json!([]), json!({"label": "x"}), json!({"label": "x", "scoreMaximum": -1}), json!({"label": "x", "scoreMaximum": 1, "resourceLinkId": "x"})] {
            assert_eq!(scene.serve(&token, Method::POST, &lines, LINE, &bad).await.0, 400, "{bad}");
        }
        assert_eq!(get(&token, &format!("{lines}?tag=quiz")).await.1.as_array().unwrap().len(), 1);
        assert_eq!(get(&token, &format!("{lines}?limit=1")).await.1.as_array().unwrap().len(), 1);
        let own = made["id"].as_str().unwrap().to_owned();
        let changed = json!({"label": "Quiz 2", "scoreMaximum": 20});
        let (status, now) = scene.serve(&token, Method::PUT, &own, LINE, &changed).await;
        assert_eq!((status, now["label"].as_str(), now.get("tag")), (200, Some("Quiz 2"), None));
        // With two lines for the part no launch names one of them.
        let (mut tess, _) = trainee(&scene, "Tess Trainee").await;
        let told = scene.launch(&mut tess).await;
        assert!(told["https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"].get("lineitem").is_none());
        assert_eq!(scene.serve(&token, Method::DELETE, &own, "", &Value::Null).await.0, 204);
        assert_eq!(get(&token, &own).await.0, 404);
        assert_eq!(scene.serve(&token, Method::DELETE, &format!("{lines}/{}", scene.part), "", &Value::Null).await.0, 403);
        // After an hour, or when the tool is ended, it is over.
        scene.stand.clock.set(hiec_kernel::clock::from_london("2010-10-04 11:01").unwrap());
        assert_eq!(get(&token, &lines).await.0, 401);
        let token = scene.token(&all).await;
        scene.lena.post(&format!("{TOOLS}/{}/retirement", scene.tool), &[]).await.expect_status(200);
        assert_eq!(scene.serve(&token, Method::GET, &scene.lines(), "", &Value::Null).await.0, 401);
    })
    .await;
}

#[tokio::test]
async fn members_are_numbers_until_the_cluster_agreed_to_names() {
    for_each_database(|url| async move {
        let scene = scene(&url).await;
        let (mut tess, person) = trainee(&scene, "Tess Trainee").await;
        trainee(&scene, "Otto Other").await;
        scene.launch(&mut tess).await;
        let mut lena = scene.stand.browser_of(scene.lead.id).await;
        scene.launch(&mut lena).await;
        let members = format!("/lti/courses/{}/members", scene.course);
        let token = scene.token(MEMBERS).await;
        let get = async |path: &str| scene.serve(&token, Method::GET, path, "", &Value::Null).await;
        let (status, seen) = get(&members).await;
        assert_eq!(
            (status, seen["members"].as_array().unwrap().len()),
            (200, 2),
            "who opened nothing is not told of: {seen}"
        );
        assert!(!seen.to_string().contains("Tess") && !seen.to_string().contains('@'), "{seen}");
        let (_, learners) = get(&format!("{members}?role=Learner")).await;
        assert_eq!(learners["members"][0]["user_id"], person.id.to_string());
        let instructor = "http%3A%2F%2Fpurl.imsglobal.org%2Fvocab%2Flis%2Fv2%2Fmembership%23Instructor";
        let (_, instructors) = get(&format!("{members}?role={instructor}&rlid={}", scene.part)).await;
        assert_eq!(instructors["members"].as_array().unwrap().len(), 1);
        assert!(instructors["members"][0]["message"].is_array());
        assert_eq!(get(&format!("{members}?rlid=x")).await.0, 404);
        assert_eq!(get(&format!("{members}?limit=1")).await.1["members"].as_array().unwrap().len(), 1);
        lena.get(TOOLS).await;
        lena.tick("It is told the names of those who learn")
            .submit("Save what Made-up material may do")
            .await
            .expect_status(200);
        let (_, seen) = get(&members).await;
        assert!(seen.to_string().contains("Tess Trainee") && !seen.to_string().contains('@'), "{seen}");
        assert_eq!(scene.launch(&mut tess).await["name"], "Tess Trainee");
        let (_, begun) = tess.post_json(&format!("{COURSE}/parts/{}/launch", scene.part), &json!({})).await;
        assert!(begun["login"].is_string());
        tess.post(&format!("{COURSE}/parts/{}/launch", scene.part), &[])
            .await
            .expect_text("told your name and a number");
    })
    .await;
}

#[tokio::test]
async fn a_foreign_form_asks_for_a_launch_as_nobody_and_only_there() {
    for_each_database(|url| async move {
        let scene = scene(&url).await;
        let (mut tess, _) = trainee(&scene, "Tess Trainee").await;
        let (_, begun) = tess.post_json(&format!("{COURSE}/parts/{}/launch", scene.part), &json!({})).await;
        let hint = pairs(begun["login"].as_str().unwrap())["login_hint"].clone();
        let foreign = [
            ("content-type", "application/x-www-form-urlencoded"),
            ("origin", "https://tool.example"),
            ("sec-fetch-site", "cross-site"),
        ];
        let body = form(&asked(&hint, &scene.client)).into_bytes();
        let status = tess.send(Method::POST, "/lti/authorize", &foreign, body.clone()).await;
        assert_eq!(status, 303);
        let to = tess.headers()["location"].to_str().unwrap().to_owned();
        assert!(
            to.starts_with("/lti/authorize?") && !tess.html().contains("id_token"),
            "nothing is told to nobody: {to}"
        );
        assert!(!tess.headers().contains_key("set-cookie"));
        // The address may be followed by whoever began it, once.
        let (mut other, _) = trainee(&scene, "Otto Other").await;
        other.get(&to).await.expect_status(422);
        assert_eq!(scene.stand.browser().get_json(&to).await.0, 401);
        tess.get(&to).await.expect_status(200);
        assert!(tess.html().contains("value=\"s &amp; 1\""), "the state comes back as it was");
        let status = tess.send(Method::POST, "/lti/authorize", &foreign, b"scope=profile".to_vec()).await;
        assert_eq!(status, 422);
        // No other address, method or spelling is open.
        for (method, path) in [
            (Method::POST, format!("{COURSE}/parts/{}/launch", scene.part)),
            (Method::POST, TOOLS.to_owned()),
            (Method::POST, "/lti/token".to_owned()),
            (Method::POST, "/lti/authorize/".to_owned()),
            (Method::POST, "/LTI/authorize".to_owned()),
            (Method::PUT, "/lti/authorize".to_owned()),
            (Method::POST, "/xapi/statements".to_owned()),
        ] {
            let status = tess.send(method, &path, &foreign, body.clone()).await;
            assert_eq!(status, 403, "{path}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_picked_in_a_tool_becomes_parts_when_whoever_picked_says_so() {
    for_each_database(|url| async move {
        let mut scene = scene(&url).await;
        let mut lena = scene.stand.browser_of(scene.lead.id).await;
        lena.get(COURSE).await.expect_text("Pick material in Made-up material");
        let (_, begun) = lena.post_json(&format!("{COURSE}/choices"), &json!({"tool": scene.tool})).await;
        let login = pairs(begun["login"].as_str().unwrap());
        assert_eq!(login["target_link_uri"], "https://tool.example/pick");
        let (mut tess, _) = trainee(&scene, "Tess Trainee").await;
        let address = format!("/lti/authorize?{}", form(&asked(&login["login_hint"], &scene.client)));
        tess.get(&address).await.expect_status(422);
        lena.get(&address).await.expect_status(200);
        let told = claims(&lena.html());
        let settings = told["https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings"].clone();
        assert_eq!(told["https://purl.imsglobal.org/spec/lti/claim/message_type"], "LtiDeepLinkingRequest");
        assert_eq!(settings["deep_link_return_url"], "http://hiec.example/lti/choices");
        let answer = |items: Value| {
            let of_lti = |name: &str| format!("https://purl.imsglobal.org/spec/lti/claim/{name}");
            let of_picking = |name: &str| format!("https://purl.imsglobal.org/spec/lti-dl/claim/{name}");
            let mut claims = json!({"iss": scene.client, "aud": ["http://hiec.example"], "nonce": "n-2",
                "iat": scene.seconds(), "exp": scene.seconds() + 60});
            for (name, value) in [
                (of_lti("message_type"), json!("LtiDeepLinkingResponse")),
                (of_lti("version"), json!("1.3.0")),
                (of_lti("deployment_id"), json!("1")),
                (of_picking("data"), settings["data"].clone()),
                (of_picking("content_items"), items),
                (of_picking("msg"), json!("Two chapters")),
            ] {
                claims[name.as_str()] = value;
            }
            claims
        };
        let item = |title: &str, chapter: &str| {
            json!({"type": "ltiResourceLink", "title": title, "url": format!("https://tool.example/{chapter}"),
                "custom": {"chapter": chapter}, "lineItem": {"scoreMaximum": 20, "label": "Points", "tag": chapter}})
        };
        let good = answer(json!([item("Chapter one", "1"), item("Chapter two", "2")]));
        let foreign = [("content-type", "application/x-www-form-urlencoded"), ("origin", "https://tool.example")];
        let bring = async |token: String| {
            let mut browser = scene.stand.browser();
            let body = form(&[("JWT", token)]).into_bytes();
            let status = browser.send(Method::POST, "/lti/choices", &foreign, body).await;
            let to = browser.headers().get("location").map(|to| to.to_str().unwrap().to_owned());
            (status.as_u16(), to)
        };
        for (name, value) in [
            ("aud", json!("https://other.example")),
            ("exp", json!(scene.seconds() - 3600)),
            ("nonce", Value::Null),
            ("iss", json!("another")),
            ("https://purl.imsglobal.org/spec/lti/claim/message_type", json!("LtiResourceLinkRequest")),
            ("https://purl.imsglobal.org/spec/lti/claim/deployment_id", json!("2")),
            ("https://purl.imsglobal.org/spec/lti-dl/claim/data", json!("guessed")),
            ("https://purl.imsglobal.org/spec/lti-dl/claim/content_items", json!([{"type": "html", "html": "<b>"}])),
        ] {
            let mut bad = good.clone();
            bad[name] = value;
            assert_eq!(bring(scene.keys.sign(&bad)).await.0, 422, "{name}");
        }
        assert_eq!(bring(forged(&scene.keys.sign(&good))).await.0, 422, "nobody's signature");
        assert_eq!(bring("rubbish".to_owned()).await.0, 422);
        let (status, to) = bring(scene.keys.sign(&good)).await;
        assert_eq!(status, 303);
        assert_eq!(bring(scene.keys.sign(&good)).await.0, 422, "the word is good once");
        let to = to.unwrap();
        let (_, seen) = lena.get_json(COURSE).await;
        assert_eq!(seen["parts"].as_array().unwrap().len(), 1, "nothing is in the course by the tool's answer alone");
        assert_eq!(scene.stand.browser().get_json(&to).await.0, 401);
        let (mut other, _) = somebody(&scene.stand, &scene.cluster, "Lea Leadson", Role::EducationLead, 0).await;
        other.get(&to).await.expect_status(404);
        lena.get(&to).await.expect_text("Two chapters").expect_text("Chapter two");
        lena.submit("Add to the course").await.expect_status(422).expect_text("Enter how many minutes");
        let typed = [
            ("wanted-0", "yes"),
            ("wanted-0", "eligible"),
            ("title-0", "Chapter one"),
            ("minutes-0", "15"),
            ("title-1", "Chapter two"),
        ];
        lena.post(&to, &typed).await.expect_status(200).expect_text("What you picked is part of the course");
        lena.post(&to, &typed).await.expect_status(409);
        lena.get(&to).await.expect_text("This was added to the course");
        let (_, seen) = lena.get_json(COURSE).await;
        let parts = seen["parts"].as_array().unwrap();
        assert_eq!(
            (parts.len(), parts[1]["title"].as_str(), parts[1]["is_eligible"].as_bool()),
            (2, Some("Chapter one"), Some(true))
        );
        // It is opened with what the tool wanted to be told again, and scored on the line it asked for.
        scene.part = parts[1]["id"].as_str().unwrap().to_owned();
        let told = scene.launch(&mut tess).await;
        assert_eq!(told["https://purl.imsglobal.org/spec/lti/claim/custom"], json!({"chapter": "1"}));
        assert_eq!(told["https://purl.imsglobal.org/spec/lti/claim/target_link_uri"], "https://tool.example/1");
        let token = scene.token(&format!("{AGS}/lineitem.readonly")).await;
        let (_, lines) = scene.serve(&token, Method::GET, &format!("{}?tag=1", scene.lines()), "", &Value::Null).await;
        assert_eq!((&lines[0]["scoreMaximum"], &lines[0]["label"]), (&json!(20), &json!("Points")), "{lines}");
        let (status, _) =
            scene.serve(&token, Method::POST, &scene.lines(), LINE, &json!({"label": "x", "scoreMaximum": 1})).await;
        assert_eq!(status, 403, "reading is not writing");
    })
    .await;
}

#[derive(FromQueryResult)]
struct KeyRow {
    private_key: Vec<u8>,
}

#[tokio::test]
async fn the_key_of_launches_is_sealed_and_a_plain_one_is_sealed_by_the_way() {
    for_each_database(|url| async move {
        let scene = scene(&url).await;
        let (mut tess, _) = trainee(&scene, "Tess Trainee").await;
        scene.launch(&mut tess).await;
        let stored = async |stand: &Stand| -> Vec<Vec<u8>> {
            let sql = "SELECT private_key FROM education_lti_key ORDER BY made_at, id";
            let rows: Vec<KeyRow> = stand.database().all(sql, values![]).await.unwrap();
            rows.into_iter().map(|row| row.private_key).collect()
        };
        let sealed = stored(&scene.stand).await;
        assert!(sealed.len() == 1 && RsaKeyPair::from_pkcs8(&sealed[0]).is_err(), "no key lies in the clear");
        // One that lay in the clear, as installations before had it.
        let unit = scene.stand.state.begin(Actor::System("test".into())).await.unwrap();
        let plain = &scene.keys;
        unit.execute(
            "UPDATE education_lti_key SET private_key = $1, public_jwk = $2",
            values![plain.private.clone(), plain.public["keys"][0].clone()],
        )
        .await
        .unwrap();
        unit.commit().await.unwrap();
        for _ in 0..2 {
            let (_, begun) = tess.post_json(&format!("{COURSE}/parts/{}/launch", scene.part), &json!({})).await;
            let hint = pairs(begun["login"].as_str().unwrap())["login_hint"].clone();
            tess.get(&format!("/lti/authorize?{}", form(&asked(&hint, &scene.client)))).await.expect_status(200);
            let token =
                tess.html().split("name=\"id_token\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
            let (said, signature) = token.rsplit_once('.').unwrap();
            let figures = |name: &str| URL_SAFE_NO_PAD.decode(plain.public["keys"][0][name].as_str().unwrap()).unwrap();
            let key = ring::signature::RsaPublicKeyComponents { n: figures("n"), e: figures("e") };
            let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
            key.verify(&ring::signature::RSA_PKCS1_2048_8192_SHA256, said.as_bytes(), &signature).unwrap();
            let now = stored(&scene.stand).await;
            assert!(now.len() == 1 && now[0] != plain.private && RsaKeyPair::from_pkcs8(&now[0]).is_err());
        }
    })
    .await;
}

#[tokio::test]
async fn without_the_secret_nothing_is_signed_and_nothing_is_made() {
    for_each_database(|url| async move {
        let (stand, cluster) = stand_with(&url, "2010-10-04 10:00", None).await;
        let (mut lena, _) = somebody(&stand, &cluster, "Lena Leadson", Role::EducationLead, 0).await;
        lena.post("/clusters/necles/education/courses/new", &[("name", "Airway skills"), ("about", "x")]).await;
        let tool = [
            ("name", "T"),
            ("login_url", "https://tool.example/login"),
            ("redirect_urls", "https://tool.example/launch"),
        ];
        lena.post(TOOLS, &tool).await.expect_status(200);
        let (_, seen) = lena.get_json(TOOLS).await;
        let (tool, client) =
            (seen["tools"][0]["id"].as_str().unwrap(), seen["tools"][0]["client_id"].as_str().unwrap());
        let part = [
            ("kind", "material"),
            ("title", "R"),
            ("minutes", "3"),
            ("tool", tool),
            ("target_url", "https://tool.example/r"),
        ];
        lena.post(&format!("{COURSE}/parts"), &part).await.expect_status(200);
        let (_, seen) = lena.get_json(COURSE).await;
        let part = seen["parts"][0]["id"].as_str().unwrap();
        let (_, begun) = lena.post_json(&format!("{COURSE}/parts/{part}/launch"), &json!({})).await;
        let hint = pairs(begun["login"].as_str().unwrap())["login_hint"].clone();
        let address = format!("/lti/authorize?{}", form(&asked(&hint, client)));
        lena.get(&address).await.expect_status(503).expect_text("credential_secret");
        assert_eq!(stand.database().count("SELECT COUNT(*) AS n FROM education_lti_key", values![]).await.unwrap(), 0);
    })
    .await;
}
