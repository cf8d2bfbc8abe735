//! xAPI statements as they come in: read, checked by the specification, and told in one reason why not. Pure; it stores nothing.
//!
//! The rules are those of xAPI 1.0.3, part 2 (statements); 2.0 (IEEE 9274.1.1) keeps them.

mod agent;
mod attachment;
mod context;
mod fields;
mod mention;
mod outcome;
mod thing;

use hiec_kernel::fingerprint::{Fingerprint, canonical_json};
use serde_json::{Map, Value};
use uuid::Uuid;

use fields::{iri, known, language_map, no_nulls, object, timestamp, uuid};
use outcome::outcome;
use thing::thing;

pub(crate) use agent::{account_key, agent_key, mbox_key, person};
pub(crate) use attachment::Attachment;
pub(crate) use mention::Mention;

const VOIDED: &str = "http://adlnet.gov/expapi/verbs/voided";
const DONE: [&str; 3] = [
    "http://adlnet.gov/expapi/verbs/completed",
    "http://adlnet.gov/expapi/verbs/passed",
    "http://adlnet.gov/expapi/verbs/mastered",
];
const FAILED: &str = "http://adlnet.gov/expapi/verbs/failed";

/// A statement that may be stored.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Checked {
    /// As the sender chose it.
    pub id: Option<Uuid>,
    pub verb: String,
    /// The id of the activity; empty where the object is none.
    pub activity: String,
    /// Who learnt, in one spelling.
    pub agent: String,
    /// Whether it says that the activity is done.
    pub is_completion: bool,
    /// The statement it takes back.
    pub voids: Option<Uuid>,
    /// Of what it says, whatever the order of its fields; without what a receiver may change.
    pub digest: String,
    /// What is attached, also to a statement within.
    pub attachments: Vec<Attachment>,
    /// The registration it belongs to; empty where it names none.
    pub registration: String,
    /// Whom and what it names besides.
    pub mentions: Vec<Mention>,
    pub statement: Value,
}

type Checking<T> = Result<T, String>;

/// Whether a version header names a version that is understood.
pub(crate) fn is_version(header: Option<&str>) -> bool {
    header.is_some_and(|version| {
        version == "1.0" || version.starts_with("1.0.") || version == "2.0" || version == "2.0.0"
    })
}

/// Reads one statement.
pub(crate) fn check(statement: &Value) -> Checking<Checked> {
    let Value::Object(fields) = statement else {
        return Err("A statement is a JSON object".to_owned());
    };
    no_nulls(statement, "statement")?;
    known(
        fields,
        "statement",
        &[
            "id",
            "actor",
            "verb",
            "object",
            "result",
            "context",
            "timestamp",
            "stored",
            "authority",
            "version",
            "attachments",
        ],
    )?;
    let id = fields.get("id").map(|id| uuid(id, "id")).transpose()?;
    let agent = agent::agent(fields.get("actor").ok_or("It has no actor")?, "actor")?;
    let verb = self::verb(fields.get("verb").ok_or("It has no verb")?, "verb")?;
    let (activity, refers) = thing(fields.get("object").ok_or("It has no object")?, "object")?;
    let voids = match (verb.as_str(), refers) {
        (VOIDED, Some(target)) => Some(target),
        (VOIDED, None) => return Err("A statement that voids has a StatementRef as its object".to_owned()),
        _ => None,
    };
    if voids.is_some() && voids == id {
        return Err("A statement cannot void itself".to_owned());
    }
    let completes = fields.get("result").map(|result| outcome(result, "result")).transpose()?.flatten();
    if let Some(context) = fields.get("context") {
        self::context::context(context, "context", activity.is_empty())?;
    }
    for name in ["timestamp", "stored"] {
        if let Some(moment) = fields.get(name) {
            timestamp(moment, name)?;
        }
    }
    if let Some(version) = fields.get("version") {
        let version = version.as_str().unwrap_or_default();
        if !is_version(Some(version)) {
            return Err(format!("version '{version}' is not understood: send 1.0.x"));
        }
    }
    if let Some(authority) = fields.get("authority") {
        self::agent::authority(authority)?;
    }
    let within = fields.get("object").and_then(|object| object.get("attachments"));
    let mut attachments = Vec::new();
    for described in fields.get("attachments").into_iter().chain(within) {
        attachments.extend(attachment::attachments(described)?);
    }
    let is_done = completes.unwrap_or_else(|| DONE.contains(&verb.as_str()));
    let is_completion = is_done && verb != FAILED && !activity.is_empty();
    let digest = digest(fields);
    let registration = fields.get("context").and_then(|context| context.get("registration")).and_then(Value::as_str);
    let registration = registration.unwrap_or_default().to_lowercase();
    let mentions = mention::mentions(fields);
    Ok(Checked {
        id,
        verb,
        activity,
        agent,
        is_completion,
        voids,
        digest,
        attachments,
        registration,
        mentions,
        statement: statement.clone(),
    })
}

/// The id of a verb.
fn verb(value: &Value, place: &str) -> Checking<String> {
    let fields = object(value, place)?;
    known(fields, place, &["id", "display"])?;
    if let Some(display) = fields.get("display") {
        language_map(display, &format!("{place}.display"))?;
    }
    iri(fields.get("id").ok_or_else(|| format!("{place} has no id"))?, &format!("{place}.id"))
}

/// The same for what says the same: fields in one order, without what a receiver sets.
fn digest(fields: &Map<String, Value>) -> String {
    let mut plain = fields.clone();
    for set_by_receiver in ["id", "stored", "timestamp", "authority", "version"] {
        plain.remove(set_by_receiver);
    }
    Fingerprint::of_bytes(canonical_json(&Value::Object(plain)).as_bytes()).to_string()
}

/// The id of an activity in an address.
pub(crate) fn activity_id(text: &str) -> Checking<String> {
    iri(&Value::from(text), "activityId")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn good() -> Value {
        json!({
            "id": "12345678-1234-5678-1234-567812345678",
            "actor": {"mbox": "mailto:Tess@Example.org"},
            "verb": {"id": "http://adlnet.gov/expapi/verbs/completed", "display": {"en-GB": "completed"}},
            "object": {"id": "https://example.org/hand-hygiene"},
            "result": {"score": {"scaled": 0.9}, "duration": "PT1H30M"},
            "timestamp": "2010-10-04T09:30:00Z"
        })
    }

    fn with(pointer: &str, value: Value) -> Value {
        let mut statement = good();
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        statement.pointer_mut(parent).unwrap().as_object_mut().unwrap().insert(name.to_owned(), value);
        statement
    }

    #[test]
    fn a_good_one_is_read() {
        let checked = check(&good()).unwrap();
        assert_eq!(checked.agent, "mbox:tess@example.org");
        assert_eq!(checked.activity, "https://example.org/hand-hygiene");
        assert!(checked.is_completion && checked.voids.is_none() && checked.id.is_some());
        let mut again = good();
        again["timestamp"] = json!("2010-10-05T09:30:00Z");
        assert_eq!(check(&again).unwrap().digest, checked.digest, "a receiver may set the moment");
        assert_ne!(check(&with("/result/success", json!(true))).unwrap().digest, checked.digest);
    }

    #[test]
    fn bad_ones_say_why() {
        for (statement, says) in [
            (json!([]), "JSON object"),
            (with("/colour", json!("red")), "no field 'colour'"),
            (with("/id", json!("x")), "id is no UUID"),
            (with("/actor", json!({})), "does not say who"),
            (with("/actor", json!({"mbox": "a@b.c"})), "no address"),
            (with("/actor/openid", json!("https://a.example")), "in two ways"),
            (with("/verb/id", json!("completed")), "no IRI"),
            (with("/object/id", json!("no spaces allowed")), "no IRI"),
            (with("/object", json!({"objectType": "Thing", "id": "https://a.example"})), "none of Activity"),
            (with("/result/score/scaled", json!(1.1)), "outside -1 to 1"),
            (with("/result/completion", json!("yes")), "neither true nor false"),
            (with("/result/duration", json!("90 minutes")), "no ISO 8601 duration"),
            (with("/timestamp", json!("yesterday")), "no moment"),
            (with("/result", Value::Null), "is null"),
            (with("/version", json!("0.9")), "not understood"),
            (with("/verb/id", json!(VOIDED)), "StatementRef"),
            (with("/context", json!({"registration": 5})), "registration is no UUID"),
        ] {
            let why = check(&statement).unwrap_err();
            assert!(why.contains(says), "{statement}: {why}");
        }
    }

    #[test]
    fn what_completes_and_what_voids() {
        assert!(!check(&with("/result/completion", json!(false))).unwrap().is_completion);
        assert!(!check(&with("/verb", json!({"id": FAILED}))).unwrap().is_completion);
        let mut attended = with("/verb", json!({"id": "http://adlnet.gov/expapi/verbs/attended"}));
        assert!(!check(&attended).unwrap().is_completion);
        attended["result"]["completion"] = json!(true);
        assert!(check(&attended).unwrap().is_completion);
        let target = "87654321-1234-5678-1234-567812345678";
        let mut void = with("/verb", json!({"id": VOIDED}));
        void["object"] = json!({"objectType": "StatementRef", "id": target});
        assert_eq!(check(&void).unwrap().voids, Uuid::parse_str(target).ok());
        void["id"] = json!(target);
        assert!(check(&void).unwrap_err().contains("void itself"));
    }

    #[test]
    fn versions() {
        for (version, is_good) in [("1.0.3", true), ("1.0", true), ("2.0.0", true), ("0.95", false), ("1.1", false)] {
            assert_eq!(is_version(Some(version)), is_good, "{version}");
        }
        assert!(!is_version(None));
    }

    #[test]
    fn rules_of_the_conformance_tests() {
        let activity = |definition: Value| with("/object/definition", definition);
        let account = json!({"homePage": "https://example.org", "name": "7"});
        let group = json!({"objectType": "Group", "member": [{"mbox": "mailto:a@example.org"}]});
        for good in [
            activity(
                json!({"type": "https://example.org/t", "name": {"en": "x"}, "extensions": {"https://example.org/e": null}}),
            ),
            activity(json!({"interactionType": "choice", "correctResponsesPattern": ["a"], "choices": [{"id": "a"}]})),
            with(
                "/context",
                json!({"team": group, "language": "en-GB", "contextActivities": {"parent": {"id": "https://example.org/p"}}}),
            ),
            with(
                "/context",
                json!({"statement": {"objectType": "StatementRef", "id": "12345678-1234-5678-1234-567812345679"}}),
            ),
            with(
                "/authority",
                json!({"objectType": "Group", "member": [{"account": account}, {"mbox": "mailto:a@example.org"}]}),
            ),
            with("/actor", group.clone()),
            with(
                "/object",
                json!({"objectType": "SubStatement", "actor": {"mbox": "mailto:a@example.org"},
                "verb": {"id": "https://example.org/v"}, "object": {"id": "https://example.org/o"}}),
            ),
        ] {
            assert!(check(&good).is_ok(), "{good}: {:?}", check(&good));
        }
        for (bad, says) in [
            (activity(json!({"colour": "red"})), "no field 'colour'"),
            (activity(json!({"type": "no iri"})), "no IRI"),
            (activity(json!({"interactionType": "guess"})), "none of true-false"),
            (activity(json!({"choices": []})), "no interactionType"),
            (activity(json!({"interactionType": "choice", "choices": [{"id": "a"}, {"id": "a"}]})), "twice"),
            (activity(json!({"interactionType": "choice", "correctResponsesPattern": "a"})), "no list of texts"),
            (activity(json!({"extensions": {"x": 1}})), "no IRI"),
            (with("/result/extensions", json!({"x": 1})), "no IRI"),
            (with("/result/response", json!(5)), "no text"),
            (with("/context", json!({"team": {"mbox": "mailto:a@example.org"}})), "no Group"),
            (with("/context", json!({"language": "en_GB"})), "no language"),
            (with("/context", json!({"statement": {"id": "12345678-1234-5678-1234-567812345679"}})), "no StatementRef"),
            (
                with(
                    "/context",
                    json!({"contextActivities": {"parent": {"objectType": "Agent", "id": "https://a.b"}}}),
                ),
                "else than activities",
            ),
            (with("/context", json!({"contextActivities": {"aunt": []}})), "no field 'aunt'"),
            (with("/authority", group.clone()), "other than two"),
            (with("/actor", json!({"objectType": "Group", "member": [group]})), "members are Agents"),
            (with("/actor", json!({"objectType": "Group"})), "does not say who"),
            (
                with(
                    "/object",
                    json!({"objectType": "SubStatement", "id": "12345678-1234-5678-1234-567812345679",
                "actor": {"mbox": "mailto:a@example.org"}, "verb": {"id": "https://example.org/v"}, "object": {"id": "https://example.org/o"}}),
                ),
                "no field 'id'",
            ),
            (
                with(
                    "/object",
                    json!({"objectType": "SubStatement", "actor": {"mbox": "mailto:a@example.org"},
                "verb": {"id": "https://example.org/v"}, "object": {"objectType": "SubStatement"}}),
                ),
                "none of Activity",
            ),
            (with("/object/id", json!(format!("https://example.org/{}", "x".repeat(1_000)))), "longer than"),
        ] {
            let why = check(&bad).unwrap_err();
            assert!(why.contains(says), "{bad}: {why}");
        }
    }

    #[test]
    fn attachments_say_what_they_are() {
        let sum = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        let one = json!({"usageType": "https://example.org/certificate", "display": {"en": "Certificate"},
            "contentType": "text/plain", "length": 0, "sha2": sum.to_uppercase()});
        let checked = check(&with("/attachments", json!([one]))).unwrap();
        assert_eq!((checked.attachments[0].sha2.as_str(), checked.attachments[0].has_address), (sum, false));
        for (name, value, says) in [
            ("usageType", json!("x"), "no IRI"),
            ("usageType", json!("http://adlnet.gov/expapi/attachments/signature"), "Signed statements"),
            ("display", json!("x"), "no JSON object"),
            ("contentType", json!("plain"), "no media type"),
            ("length", json!(1.5), "no whole number"),
            ("sha2", json!("abc"), "no SHA-256"),
            ("fileUrl", json!("x"), "no IRI"),
            ("colour", json!("red"), "no field"),
        ] {
            let mut bad = one.clone();
            bad[name] = value;
            let why = check(&with("/attachments", json!([bad]))).unwrap_err();
            assert!(why.contains(says), "{bad}: {why}");
        }
        assert!(check(&with("/attachments", json!({}))).unwrap_err().contains("no list"));
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i32>().prop_map(Value::from),
            ".{0,6}".prop_map(Value::from)
        ];
        leaf.prop_recursive(3, 16, 4, |inner| {
            let names = prop_oneof![
                Just("id".to_owned()),
                Just("objectType".to_owned()),
                Just("mbox".to_owned()),
                "[a-z]{1,4}"
            ];
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
                proptest::collection::btree_map(names, inner, 0..4)
                    .prop_map(|fields| Value::Object(fields.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn any_rubbish_is_read_or_refused(rubbish in any_json(), place in 0_usize..7) {
            let names = ["actor", "verb", "object", "result", "context", "id", "timestamp"];
            let mut statement = good();
            statement[names[place]] = rubbish;
            let first = check(&statement);
            prop_assert_eq!(first, check(&statement));
        }
    }
}
