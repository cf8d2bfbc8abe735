//! What systems report by xAPI: filters that stay put while pages are turned, attachments, documents that nobody overwrites unseen, each provider's own.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hiec_kernel::Role;
use hiec_store::{Reads, values};
use hiec_testkit::{Browser, for_each_database};
use hiec_teststand::Stand;
use http::Method;
use serde_json::{Value, json};

use crate::clusters::{somebody, stand};

const TOOLS: &str = "/clusters/necles/education/learning-tools";
const ALL: &str = "/xapi/statements";

/// A provider's requests.
struct Reporting {
    browser: Browser,
    basic: String,
}

impl Reporting {
    /// Sends with further headers; answers the status.
    async fn send(&mut self, method: Method, path: &str, more: &[(&str, &str)], body: &[u8]) -> u16 {
        let mut headers = vec![("authorization", self.basic.as_str()), ("x-experience-api-version", "1.0.3")];
        headers.extend_from_slice(more);
        let status = self.browser.send(method, path, &headers, body.to_vec()).await;
        status.as_u16()
    }

    async fn json(&mut self, method: Method, path: &str, body: &Value) -> (u16, Value) {
        let bytes = body.to_string().into_bytes();
        let status = self.send(method, path, &[("content-type", "application/json")], &bytes).await;
        (status, self.answer())
    }

    async fn get(&mut self, path: &str) -> (u16, Value) {
        let status = self.send(Method::GET, path, &[], b"").await;
        (status, self.answer())
    }

    fn answer(&self) -> Value {
        serde_json::from_slice(self.browser.bytes()).unwrap_or(Value::Null)
    }

    fn header(&self, name: &str) -> String {
        self.browser.headers().get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
    }
}

async fn scene(url: &str) -> (Stand, Reporting, Reporting) {
    let (stand, cluster) = stand(url, "2010-10-04 10:00").await;
    let (mut lena, _) = somebody(&stand, &cluster, "Lena Leadson", Role::EducationLead, 0).await;
    let mut made = Vec::new();
    for name in ["Made-up system", "Another system"] {
        let (_, one) = lena.post_json(&format!("{TOOLS}/providers"), &json!({"provider_name": name})).await;
        let plain = format!("{}:{}", one["key"].as_str().unwrap(), one["secret"].as_str().unwrap());
        made.push(Reporting { browser: stand.browser(), basic: format!("Basic {}", STANDARD.encode(plain)) });
    }
    let two = made.pop().unwrap();
    let one = made.pop().unwrap();
    (stand, one, two)
}

fn query(path: &str, pairs: &[(&str, &str)]) -> String {
    format!("{path}?{}", url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish())
}

fn statement(nth: u128) -> Value {
    json!({
        "id": uuid::Uuid::from_u128(nth).to_string(),
        "actor": {"name": "Tess", "mbox": "mailto:tess@example.org"},
        "verb": {"id": "http://adlnet.gov/expapi/verbs/completed", "display": {"en-GB": "completed", "cy": "gorffen"}},
        "object": {"id": "https://tool.example/hygiene", "definition": {"name": {"en-GB": "Hand hygiene"}}},
    })
}

#[tokio::test]
async fn filters_find_what_is_related_and_pages_stay_put() {
    for_each_database(|url| async move {
        let (stand, mut one, _) = scene(&url).await;
        let registration = "11111111-2222-4333-8444-555555555555";
        let mut related = statement(2);
        related["actor"] = json!({"mbox": "mailto:otto@example.org"});
        related["context"] = json!({
            "registration": registration,
            "instructor": {"mbox": "mailto:tess@example.org"},
            "contextActivities": {"parent": {"id": "https://tool.example/course"}},
        });
        let mut about = statement(3);
        about["object"] = json!({"objectType": "Agent", "mbox": "mailto:ada@example.org"});
        assert_eq!(one.json(Method::POST, ALL, &json!([statement(1), related, about])).await.0, 200);
        let tess = "{\"mbox\":\"mailto:tess@example.org\"}";
        let ada = "{\"mbox\":\"mailto:ada@example.org\"}";
        let found = async |one: &mut Reporting, pairs: &[(&str, &str)]| {
            let (status, answer) = one.get(&query(ALL, pairs)).await;
            assert_eq!(status, 200, "{answer}");
            answer["statements"].as_array().unwrap().len()
        };
        assert_eq!(found(&mut one, &[("agent", tess)]).await, 2, "statements 1 and 3");
        assert_eq!(found(&mut one, &[("agent", tess), ("related_agents", "true")]).await, 3);
        assert_eq!(found(&mut one, &[("agent", ada)]).await, 1, "somebody the statement is about");
        assert_eq!(found(&mut one, &[("activity", "https://tool.example/course")]).await, 0);
        let parent = [("activity", "https://tool.example/course"), ("related_activities", "true")];
        assert_eq!(found(&mut one, &parent).await, 1);
        assert_eq!(found(&mut one, &[("registration", registration)]).await, 1);
        assert_eq!(found(&mut one, &[("verb", "https://example.org/other")]).await, 0);
        assert_eq!(found(&mut one, &[("since", "2010-10-04T10:00:00Z")]).await, 0);
        assert_eq!(found(&mut one, &[("until", "2010-10-04T10:00:00+01:00")]).await, 3);
        // What comes while pages are turned moves none of them.
        let (_, first) = one.get(&query(ALL, &[("limit", "2")])).await;
        stand.clock.set(hiec_kernel::clock::from_london("2010-10-04 10:05").unwrap());
        one.json(Method::POST, ALL, &statement(4)).await;
        let (_, rest) = one.get(first["more"].as_str().unwrap()).await;
        let ids = |page: &Value| -> Vec<String> {
            page["statements"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
        };
        let mut seen = [ids(&first), ids(&rest)].concat();
        seen.sort();
        assert_eq!(seen, (1..=3).map(|nth| uuid::Uuid::from_u128(nth).to_string()).collect::<Vec<_>>());
        assert_eq!(rest["more"], "");

        let (_, ids) = one.get(&query(ALL, &[("format", "ids"), ("limit", "1")])).await;
        assert!(
            ids["statements"][0]["actor"].get("name").is_none()
                && ids["statements"][0]["verb"].get("display").is_none()
        );
        let path = query(ALL, &[("format", "canonical"), ("statementId", &uuid::Uuid::from_u128(1).to_string())]);
        assert_eq!(one.send(Method::GET, &path, &[("accept-language", "cy")], b"").await, 200);
        assert_eq!(one.answer()["verb"]["display"], json!({"cy": "gorffen"}));
        for bad in [
            query(ALL, &[("statementId", &uuid::Uuid::from_u128(1).to_string()), ("verb", "https://a.b")]),
            query(ALL, &[("format", "rubbish")]),
            query(ALL, &[("registration", "x")]),
            query(ALL, &[("verb", "x")]),
        ] {
            assert_eq!(one.get(&bad).await.0, 400, "{bad}");
        }
        // About itself, people and activities.
        let mut anybody = stand.browser();
        assert_eq!(anybody.get_json("/xapi/about").await.1, json!({"version": ["1.0.3"]}));
        let (_, person) = one.get(&query("/xapi/agents", &[("agent", tess)])).await;
        assert_eq!(person, json!({"objectType": "Person", "mbox": ["mailto:tess@example.org"]}));
        assert_eq!(one.get("/xapi/agents").await.0, 400);
        let (_, activity) =
            one.get(&query("/xapi/activities", &[("activityId", "https://tool.example/hygiene")])).await;
        assert_eq!(activity["definition"]["name"]["en-GB"], "Hand hygiene");
        assert_eq!(one.get(&query("/xapi/activities", &[("activityId", "x")])).await.0, 400);
    })
    .await;
}

#[tokio::test]
async fn attachments_come_with_their_statement_and_go_back_as_they_came() {
    for_each_database(|url| async move {
        let (stand, mut one, mut two) = scene(&url).await;
        let content = "Certificate of attendance\r\n--not-a-boundary\r\n";
        let sum: String = ring::digest::digest(&ring::digest::SHA256, content.as_bytes())
            .as_ref()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let mut with = statement(1);
        with["attachments"] = json!([{"usageType": "https://example.org/certificate", "display": {"en": "Certificate"},
            "contentType": "text/plain", "length": content.len(), "sha2": sum}]);
        let parts = |statement: &Value, content: &str, hash: &str| {
            format!(
                "--abc\r\nContent-Type: application/json\r\n\r\n{statement}\r\n--abc\r\nContent-Type: text/plain\r\n\
                 Content-Transfer-Encoding: binary\r\nX-Experience-API-Hash: {hash}\r\n\r\n{content}\r\n--abc--\r\n"
            )
        };
        let mixed = [("content-type", "multipart/mixed; boundary=abc")];
        let (status, why) = one.json(Method::POST, ALL, &with).await;
        assert_eq!(status, 400, "it did not come along");
        assert!(why["error"].as_str().unwrap().contains("did not come along"), "{why}");
        for body in [
            parts(&with, "Another content of this length\r\nwith its own le", &sum),
            parts(&statement(1), content, &sum),
            parts(&with, content, &"0".repeat(64)),
            parts(&with, content, &sum).replace("binary", "base64"),
            parts(&with, content, &sum).replace("--abc--", ""),
            "rubbish".to_owned(),
        ] {
            assert_eq!(one.send(Method::POST, ALL, &mixed, body.as_bytes()).await, 400, "{body}");
        }
        let page = "<!DOCTYPE html><script>alert(1)</script>";
        assert_eq!(one.send(Method::POST, ALL, &[("content-type", "text/html")], page.as_bytes()).await, 400);
        assert_eq!(
            stand.database().count("SELECT COUNT(*) AS n FROM education_xapi_statement", values![]).await.unwrap(),
            0
        );
        let body = parts(&with, content, &sum);
        assert_eq!(one.send(Method::POST, ALL, &mixed, body.as_bytes()).await, 200, "{}", one.answer());
        let mut again = with.clone();
        again["id"] = json!(uuid::Uuid::from_u128(2).to_string());
        assert_eq!(one.send(Method::POST, ALL, &mixed, parts(&again, content, &sum).as_bytes()).await, 200);
        let kept = stand.database().count("SELECT COUNT(*) AS n FROM base_file", values![]).await.unwrap();
        assert_eq!(kept, 1, "one content is kept once");
        assert_eq!(one.send(Method::GET, &query(ALL, &[("attachments", "true")]), &[], b"").await, 200);
        assert!(one.header("content-type").starts_with("multipart/mixed; boundary="));
        let given = String::from_utf8(one.browser.bytes().to_vec()).unwrap();
        assert_eq!(given.matches(content).count(), 1, "{given}");
        assert!(given.contains(&format!("X-Experience-API-Hash: {sum}")) && given.contains("\"more\":\"\""), "{given}");
        let (_, plain) = one.get(ALL).await;
        assert_eq!(plain["statements"].as_array().unwrap().len(), 2);
        // Another provider finds none of it.
        two.send(Method::GET, &query(ALL, &[("attachments", "true")]), &[], b"").await;
        assert!(!String::from_utf8(two.browser.bytes().to_vec()).unwrap().contains("Certificate"));
        // One that lies elsewhere needs no content; a kind nobody may keep here is refused.
        let mut elsewhere = statement(3);
        elsewhere["attachments"] = with["attachments"].clone();
        elsewhere["attachments"][0]["fileUrl"] = json!("https://tool.example/certificate.txt");
        assert_eq!(one.json(Method::POST, ALL, &elsewhere).await.0, 200);
    })
    .await;
}

#[tokio::test]
async fn documents_are_kept_merged_and_not_overwritten_unseen() {
    for_each_database(|url| async move {
        let (_stand, mut one, mut two) = scene(&url).await;
        let agent = "{\"account\":{\"homePage\":\"http://hiec.example\",\"name\":\"7\"}}";
        let of = |path: &str, more: &[(&str, &str)]| {
            let mut pairs = vec![("activityId", "https://tool.example/hygiene"), ("agent", agent)];
            if path.ends_with("activities/profile") {
                pairs.pop();
            }
            if path.ends_with("agents/profile") {
                pairs.remove(0);
            }
            pairs.extend_from_slice(more);
            query(path, &pairs)
        };
        let state = of("/xapi/activities/state", &[("stateId", "bookmark")]);
        assert_eq!(one.get(&state).await.0, 404);
        let text = [("content-type", "text/plain")];
        assert_eq!(one.send(Method::PUT, &state, &text, b"page 3").await, 204);
        assert_eq!(one.send(Method::PUT, &state, &text, b"page 4").await, 204, "where somebody stands is put blindly");
        assert_eq!(one.send(Method::GET, &state, &[], b"").await, 200);
        assert_eq!((one.browser.bytes(), one.header("content-type").as_str()), (b"page 4".as_slice(), "text/plain"));
        assert_eq!(
            (one.header("content-disposition"), one.header("x-experience-api-version")),
            ("attachment".into(), "1.0.3".into())
        );
        let tag = one.header("etag");
        assert!(tag.len() == 42 && tag.starts_with('"'), "{tag}");
        assert_eq!(one.send(Method::PUT, &state, &[("if-match", "\"other\"")], b"page 5").await, 412);
        assert_eq!(one.send(Method::PUT, &state, &[("if-none-match", "*")], b"page 5").await, 412);
        assert_eq!(one.send(Method::PUT, &state, &[("if-match", &tag)], b"page 5").await, 204);
        assert_eq!(
            one.send(Method::POST, &state, &[("content-type", "application/json")], b"{}").await,
            400,
            "a text is no object"
        );
        assert_eq!(two.get(&state).await.0, 404, "another provider's");
        // Fields are put together; only the outermost.
        let json_state = of("/xapi/activities/state", &[("stateId", "suspend")]);
        let json = [("content-type", "application/json; charset=utf-8")];
        assert_eq!(one.send(Method::POST, &json_state, &json, b"{\"a\":{\"x\":1},\"b\":2}").await, 204);
        assert_eq!(one.send(Method::POST, &json_state, &json, b"{\"a\":{\"y\":1},\"c\":3}").await, 204);
        assert_eq!(one.get(&json_state).await.1, json!({"a": {"y": 1}, "b": 2, "c": 3}));
        assert_eq!(one.send(Method::POST, &json_state, &json, b"[1]").await, 400);
        assert_eq!(one.send(Method::POST, &json_state, &json, b"{").await, 400);
        // A registration has its own.
        let registration = "11111111-2222-4333-8444-555555555555";
        let other = of("/xapi/activities/state", &[("stateId", "bookmark"), ("registration", registration)]);
        assert_eq!(one.get(&other).await.0, 404);
        one.send(Method::PUT, &other, &text, b"elsewhere").await;
        let list = of("/xapi/activities/state", &[]);
        assert_eq!(one.get(&list).await.1, json!(["bookmark", "suspend"]));
        assert_eq!(one.get(&of("/xapi/activities/state", &[("since", "2010-10-04T09:00:00Z")])).await.1, json!([]));
        let of_registration = of("/xapi/activities/state", &[("registration", registration)]);
        assert_eq!(one.send(Method::DELETE, &of_registration, &[], b"").await, 204);
        assert_eq!(one.get(&other).await.0, 404);
        assert_eq!(one.get(&state).await.0, 200);
        assert_eq!(one.send(Method::DELETE, &state, &[], b"").await, 204);
        assert_eq!(one.send(Method::DELETE, &list, &[], b"").await, 204);
        assert_eq!(one.get(&list).await.1, json!([]));
        // Profiles are shared, so nobody replaces what they have not seen.
        for path in ["/xapi/activities/profile", "/xapi/agents/profile"] {
            let profile = of(path, &[("profileId", "p")]);
            assert_eq!(one.send(Method::PUT, &profile, &json, b"{\"a\":1}").await, 204);
            assert_eq!(one.send(Method::PUT, &profile, &json, b"{\"a\":2}").await, 409);
            assert!(one.answer()["error"].as_str().unwrap().contains("If-Match"));
            assert_eq!(one.get(&profile).await.1, json!({"a": 1}));
            let tag = one.header("etag");
            assert_eq!(one.send(Method::PUT, &profile, &[json[0], ("if-match", &tag)], b"{\"a\":2}").await, 204);
            assert_eq!(one.send(Method::PUT, &profile, &[json[0], ("if-match", &tag)], b"{\"a\":3}").await, 412);
            assert_eq!(one.send(Method::DELETE, &profile, &[("if-match", &tag)], b"").await, 412);
            assert_eq!(one.send(Method::POST, &profile, &json, b"{\"b\":1}").await, 204);
            assert_eq!(one.get(&profile).await.1, json!({"a": 2, "b": 1}));
            assert_eq!(one.get(&of(path, &[])).await.1, json!(["p"]));
            assert_eq!(one.send(Method::DELETE, &of(path, &[]), &[], b"").await, 400, "one by one");
            assert_eq!(one.send(Method::DELETE, &profile, &[], b"").await, 204);
            assert_eq!(one.get(&profile).await.0, 404);
        }
        for bad in [
            "/xapi/activities/state?stateId=x".to_owned(),
            query("/xapi/activities/state", &[("activityId", "x"), ("agent", agent), ("stateId", "x")]),
            query("/xapi/activities/state", &[("activityId", "https://a.b"), ("agent", "x"), ("stateId", "x")]),
            of("/xapi/activities/state", &[("stateId", "x"), ("registration", "x")]),
            of("/xapi/activities/state", &[("profileId", "x")]),
            of("/xapi/activities/state", &[("colour", "red")]),
            of("/xapi/activities/profile", &[("agent", agent), ("profileId", "x")]),
            of("/xapi/agents/profile", &[("profileId", "")]),
        ] {
            assert_eq!(one.get(&bad).await.0, 400, "{bad}");
        }
    })
    .await;
}
