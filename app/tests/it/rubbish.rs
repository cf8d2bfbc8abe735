//! Rubbish at every door: addresses, bodies and fields that no page expects, ids of other things, the same again; every answer is in words and no fault is ours. It never opens a socket.

use std::collections::{BTreeMap, BTreeSet};

use hiec::{openapi, program};
use hiec_competition::Stage;
use hiec_store::{FromQueryResult, Reads, values};
use hiec_testkit::{Browser, for_each_database};
use http::{Method, StatusCode};
use serde_json::{Map, Value, json};

use crate::product::Product;

const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";
const NIL: &str = "00000000-0000-0000-0000-000000000000";

const JUDGES: [&str; 7] = ["office", "chair", "assessor", "region-lon", "admin", "lead", "panel"];

/// Things a path may hold that no page expects.
const RUBBISH: [&str; 5] = ["x", NIL, "%00", "-1", "%F0%9F%90%8D%27%22%3Cscript%3E"];

fn filled(path: &str, rubbish: &str) -> String {
    openapi::path_parameters(path).fold(path.to_owned(), |address, name| {
        address.replace(&format!("{{{name}}}"), rubbish).replace(&format!("{{*{name}}}"), rubbish)
    })
}

fn routes() -> Vec<(Method, &'static str, &'static str)> {
    program::capabilities()
        .into_iter()
        .flat_map(|capability| capability.routes)
        .map(|route| (route.method.clone(), route.path, route.action))
        .collect()
}

/// Every page with rubbish in its address, as a stranger and as somebody with an account and no role: nothing breaks, nothing opens.
#[tokio::test]
async fn rubbish_addresses_break_nothing_and_open_nothing() {
    for_each_database(|url| async move {
        let product = Product::at(&url, Stage::Dialogue).await;
        let nobody = product.add_person("Nobody Example", &[]).await;
        let mut faults = Vec::new();
        for mut browser in [product.browser(), product.browser_of(nobody.id).await] {
            for (method, path, action) in routes() {
                if method != Method::GET {
                    continue;
                }
                for rubbish in RUBBISH {
                    let address = filled(path, rubbish);
                    let status = browser.send(Method::GET, &address, &[("accept", "text/html")], vec![]).await;
                    let has_id = address != path;
                    let opened = status.is_success() && has_id && !action.starts_with("public.");
                    if status.is_server_error() || opened {
                        faults.push(format!("GET {address}: {status}"));
                    }
                }
            }
        }
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    })
    .await;
}

/// While bids are written: what bidders and those who judge questionnaires can send.
#[tokio::test]
async fn rubbish_sent_about_bids_is_refused_in_words() {
    let people = ["lead", "editor", "partner", "steering", "office", "region-lon"];
    rubbish_at(Stage::Bidding, &people, |path| path.starts_with("/bids") || path.starts_with("/invitations")).await;
}

/// While the panel sits: what is sent about the round.
#[tokio::test]
async fn rubbish_sent_about_a_round_is_refused_in_words() {
    rubbish_at(Stage::Panel, &JUDGES, |path| path.starts_with("/calls")).await;
}

/// At the same time: everything else.
#[tokio::test]
async fn rubbish_sent_elsewhere_is_refused_in_words() {
    rubbish_at(Stage::Panel, &JUDGES, |path| !path.starts_with("/bids") && !path.starts_with("/calls")).await;
}

/// Sends rubbish to every chosen door, by somebody who may go through it, about things that are there.
async fn rubbish_at(stage: Stage, people: &[&str], is_chosen: fn(&str) -> bool) {
    for_each_database(|url| async move {
        let product = Product::at(&url, stage).await;
        let ids = ids(&product).await;
        let fields = fields();
        let mut faults = Vec::new();
        let mut reached = BTreeSet::new();
        for (_, path, _) in routes().into_iter().filter(|(method, path, _)| method == Method::POST && is_chosen(path)) {
            let address = about_real_things(path, &ids);
            let (slug, has_entered) = whoever_enters(&product, people, &address).await;
            reached.extend(has_entered.then_some(path));
            let mut door = Door::open(&product, slug, path).await;
            // A door that lets nobody in refuses before it reads: a few bodies tell as much as all.
            let few = if has_entered { usize::MAX } else { 3 };
            for (kind, body) in bodies().into_iter().take(few) {
                door.send(&address, kind, body, &mut faults).await;
            }
            if !has_entered {
                continue;
            }
            for (kind, body) in filled_bodies(fields.get(path).map(Vec::as_slice).unwrap_or_default()) {
                door.send(&address, kind, body.clone(), &mut faults).await;
                // The same again.
                door.send(&address, kind, body, &mut faults).await;
            }
            // Ids of other things, and of nothing.
            for wrong in ids.values().map(String::as_str).chain(RUBBISH) {
                door.send(&filled(path, wrong), FORM, b"reason=because+it+is+so".to_vec(), &mut faults).await;
            }
        }
        assert!(faults.is_empty(), "{}", faults.join("\n"));
        assert!(reached.len() >= 20, "the doors were not entered, so nothing was tried: {reached:?}");
    })
    .await;
}

/// Somebody at a door, signed in anew where a door signs them out.
struct Door<'a> {
    product: &'a Product,
    slug: &'a str,
    path: &'a str,
    browser: Browser,
}

impl<'a> Door<'a> {
    async fn open(product: &'a Product, slug: &'a str, path: &'a str) -> Self {
        Self { product, slug, path, browser: product.browser_as(slug).await }
    }

    async fn send(&mut self, address: &str, kind: &str, body: Vec<u8>, faults: &mut Vec<String>) {
        if self.path.contains("sign") || self.path.contains("session") || self.path.contains("password") {
            self.browser = self.product.browser_as(self.slug).await;
        }
        let shown = String::from_utf8_lossy(&body).chars().take(60).collect::<String>();
        let headers = [("content-type", kind), ("accept", JSON)];
        let status = self.browser.send(Method::POST, address, &headers, body).await;
        if status.is_server_error() || !is_in_words(status, self.browser.bytes()) {
            let answer = self.browser.text().chars().take(200).collect::<String>();
            faults.push(format!("POST {address} as {}, {kind} {shown}: {status} {answer}", self.slug));
        }
    }
}

/// A refusal says what happened and what to do next, or what is to be corrected.
fn is_in_words(status: StatusCode, body: &[u8]) -> bool {
    if !status.is_client_error() {
        return true;
    }
    let Ok(said) = serde_json::from_slice::<Value>(body) else {
        return false;
    };
    let words = |field: &str| said[field].as_str().is_some_and(|text| !text.trim().is_empty());
    // `error` alone is how formats of others say it: xAPI's, OAuth's.
    (words("title") && words("detail"))
        || words("error")
        || said["missing"].as_array().is_some_and(|missing| !missing.is_empty())
}

/// The first of these people whom the door lets in, and whether it does.
async fn whoever_enters<'a>(product: &Product, people: &[&'a str], address: &str) -> (&'a str, bool) {
    for slug in people {
        let mut browser = product.browser_as(slug).await;
        // Not even a form: nothing is changed by it.
        let headers = [("content-type", "text/plain"), ("accept", JSON)];
        let status = browser.send(Method::POST, address, &headers, b"hello".to_vec()).await;
        if !matches!(status.as_u16(), 401 | 403 | 404) {
            return (slug, true);
        }
    }
    (people.first().copied().unwrap_or_default(), false)
}

/// Real ids by the name that paths give them.
async fn ids(product: &Product) -> BTreeMap<&'static str, String> {
    #[derive(FromQueryResult)]
    struct Row {
        id: uuid::Uuid,
    }
    let database = product.state.database();
    let somebody = product.add_person("Sam Somebody", &[]).await;
    let lead = product.person("lead").await;
    let assessor = product.person("assessor").await;
    let mut ids = BTreeMap::from([
        ("call", "hiec-2009".to_owned()),
        ("section", "cluster".to_owned()),
        ("part", "criteria".to_owned()),
        ("entry", "0".to_owned()),
        ("number", "1".to_owned()),
        ("person", somebody.id.to_string()),
    ]);
    let bid = "SELECT scope_id AS id FROM base_grant WHERE role = 'bid_lead' AND person_id = $1 ORDER BY id LIMIT 1";
    for (name, sql, of) in [
        ("bid", bid, lead.id),
        (
            "partner",
            "SELECT p.id FROM competition_partner p JOIN base_grant g ON g.scope_id = p.bid_id WHERE g.person_id = $1 ORDER BY p.id LIMIT 1",
            lead.id,
        ),
        ("review", "SELECT id FROM competition_review WHERE assessor_id = $1 ORDER BY id LIMIT 1", assessor.id),
        ("question", "SELECT id FROM competition_question WHERE asker_id <> $1 ORDER BY id LIMIT 1", somebody.id),
        ("conflict", "SELECT id FROM competition_conflict WHERE person_id <> $1 ORDER BY id LIMIT 1", somebody.id),
        ("assignment", "SELECT id FROM competition_assignment WHERE made_by <> $1 ORDER BY id LIMIT 1", somebody.id),
        ("organisation", "SELECT id FROM base_organisation WHERE id <> $1 ORDER BY id LIMIT 1", somebody.id),
        ("file", "SELECT id FROM base_file WHERE id <> $1 ORDER BY id LIMIT 1", somebody.id),
        (
            "appointment",
            "SELECT id FROM base_grant WHERE role = 'panel_member' AND person_id <> $1 ORDER BY id LIMIT 1",
            somebody.id,
        ),
    ] {
        let row: Option<Row> = database.one(sql, values![of.0]).await.expect(name);
        ids.extend(row.map(|row| (name, row.id.to_string())));
    }
    ids
}

fn about_real_things(path: &str, ids: &BTreeMap<&str, String>) -> String {
    let address = openapi::path_parameters(path).fold(path.to_owned(), |address, name| {
        let id = ids.get(name).map_or(NIL, String::as_str);
        address.replace(&format!("{{{name}}}"), id)
    });
    // The questionnaire has sections of its own.
    if path.contains("/pqq/") { address.replace("/cluster", "/applicant") } else { address }
}

/// The fields of each door, as the OpenAPI document names them.
fn fields() -> BTreeMap<String, Vec<String>> {
    let document = openapi::document(&program::capabilities());
    let mut fields = BTreeMap::new();
    for (path, methods) in document["paths"].as_object().into_iter().flatten() {
        let schema = &methods["post"]["requestBody"]["content"][JSON]["schema"];
        let named = schema["$ref"].as_str().and_then(|place| document.pointer(place.trim_start_matches('#')));
        let properties = named.unwrap_or(schema)["properties"].as_object();
        fields.insert(path.clone(), properties.into_iter().flatten().map(|(name, _)| name.clone()).collect());
    }
    fields
}

/// Bodies that are no form of ours, whatever the door.
fn bodies() -> Vec<(&'static str, Vec<u8>)> {
    let utf16: Vec<u8> = "\u{feff}title=x".encode_utf16().flat_map(u16::to_le_bytes).collect();
    vec![
        (FORM, vec![]),
        (FORM, b"%ff%fe=%00&=&&&a[]=1".to_vec()),
        (FORM, b"title=%C0%80&reason=%ED%A0%80&name=%".to_vec()),
        (FORM, vec![0xff; 64]),
        (FORM, utf16),
        (FORM, b"title=a\0b".to_vec()),
        (FORM, format!("title={}", "x".repeat(1 << 20)).into_bytes()),
        (FORM, format!("reason={}", "x".repeat(3 << 20)).into_bytes()),
        (FORM, b"a=1&".repeat(5_000)),
        ("application/x-www-form-urlencoded; charset=utf-16", b"title=x".to_vec()),
        (JSON, vec![]),
        (JSON, b"{".to_vec()),
        (JSON, b"null".to_vec()),
        (JSON, b"[1,2]".to_vec()),
        (JSON, b"\"reason\"".to_vec()),
        (JSON, b"[".repeat(100_000)),
        (JSON, br#"{"title":{"a":[null,-1,1e400]}}"#.to_vec()),
        (JSON, br#"{"title":"a","title":"b"}"#.to_vec()),
        (JSON, br#"{"title":"\ud800","reason":"\u0000"}"#.to_vec()),
        (JSON, b"{\"title\":\"\xe9\"}".to_vec()),
        (JSON, b"\xef\xbb\xbf{}".to_vec()),
        ("text/plain", b"hello".to_vec()),
        ("application/xml", b"<reason/>".to_vec()),
        ("%%%", b"reason=x".to_vec()),
        ("multipart/form-data", b"--x--".to_vec()),
        ("multipart/form-data; boundary=x", b"--x\r\nrubbish".to_vec()),
        ("multipart/form-data; boundary=x", part("file", "x.pdf", b"not a pdf")),
        ("multipart/form-data; boundary=x", part("question", "", b"\0\xff")),
    ]
}

fn part(name: &str, file: &str, content: &[u8]) -> Vec<u8> {
    let head = format!("--x\r\ncontent-disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\n\r\n");
    [head.as_bytes(), content, b"\r\n--x--\r\n"].concat()
}

/// Every field the door takes, with values of no kind it knows: unknown words, numbers out of reach, ids of nothing, the wrong type.
fn filled_bodies(fields: &[String]) -> Vec<(&'static str, Vec<u8>)> {
    let mut bodies = Vec::new();
    let long = "long ".repeat(4_000);
    for text in
        ["rubbish", "-1", "99999999999999999999", "1e9", NIL, "\u{202e}\u{1f40d}'\"<script>--;", " ", long.as_str()]
    {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        for field in fields {
            form.append_pair(field, text);
        }
        bodies.push((FORM, form.finish().into_bytes()));
    }
    for value in [json!(7), Value::Null, json!([]), json!({}), json!(true), json!(["x", "y"])] {
        let object: Map<String, Value> = fields.iter().map(|field| (field.clone(), value.clone())).collect();
        bodies.push((JSON, Value::Object(object).to_string().into_bytes()));
    }
    bodies
}
