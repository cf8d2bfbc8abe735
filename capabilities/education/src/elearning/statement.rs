//! xAPI statements as they come in: read, checked by the specification, and told in one reason why not. Pure; it stores nothing.
//!
//! The rules are those of xAPI 1.0.3, part 2 (statements), as far as a receiver of completions needs them; 2.0 (IEEE 9274.1.1) keeps them.

use chrono::DateTime;
use hiec_kernel::fingerprint::{Fingerprint, canonical_json};
use serde_json::{Map, Value};
use uuid::Uuid;

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
    let agent = agent(fields.get("actor").ok_or("It has no actor")?, "actor")?;
    let verb_fields = object(fields.get("verb").ok_or("It has no verb")?, "verb")?;
    known(verb_fields, "verb", &["id", "display"])?;
    let verb = iri(verb_fields.get("id").ok_or("verb has no id")?, "verb.id")?;
    if let Some(display) = verb_fields.get("display") {
        language_map(display, "verb.display")?;
    }
    let (activity, refers) = object_of(fields.get("object").ok_or("It has no object")?, "object")?;
    let voids = match (verb.as_str(), refers) {
        (VOIDED, Some(target)) => Some(target),
        (VOIDED, None) => return Err("A statement that voids has a StatementRef as its object".to_owned()),
        _ => None,
    };
    if voids.is_some() && voids == id {
        return Err("A statement cannot void itself".to_owned());
    }
    let completes = fields.get("result").map(result).transpose()?.flatten();
    if let Some(context) = fields.get("context") {
        context_of(context, activity.is_empty())?;
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
        self::agent(authority, "authority")?;
    }
    if fields.contains_key("attachments") {
        return Err("Attachments are not taken: send the statement without them".to_owned());
    }
    let is_done = completes.unwrap_or_else(|| DONE.contains(&verb.as_str()));
    let is_completion = is_done && verb != FAILED && !activity.is_empty();
    let digest = digest(fields);
    Ok(Checked { id, verb, activity, agent, is_completion, voids, digest, statement: statement.clone() })
}

/// The same for what says the same: fields in one order, without what a receiver sets.
fn digest(fields: &Map<String, Value>) -> String {
    let mut plain = fields.clone();
    for set_by_receiver in ["id", "stored", "timestamp", "authority", "version"] {
        plain.remove(set_by_receiver);
    }
    Fingerprint::of_bytes(canonical_json(&Value::Object(plain)).as_bytes()).to_string()
}

fn object<'a>(value: &'a Value, place: &str) -> Checking<&'a Map<String, Value>> {
    value.as_object().ok_or_else(|| format!("{place} is no JSON object"))
}

fn known(fields: &Map<String, Value>, place: &str, names: &[&str]) -> Checking<()> {
    match fields.keys().find(|name| !names.contains(&name.as_str())) {
        Some(name) => Err(format!("{place} has no field '{name}'")),
        None => Ok(()),
    }
}

/// Null stands nowhere but in extensions.
fn no_nulls(value: &Value, place: &str) -> Checking<()> {
    match value {
        Value::Null => Err(format!("{place} is null: leave it out instead")),
        Value::Object(fields) => fields
            .iter()
            .filter(|(name, _)| *name != "extensions")
            .try_for_each(|(name, inner)| no_nulls(inner, &format!("{place}.{name}"))),
        Value::Array(items) => items.iter().try_for_each(|inner| no_nulls(inner, place)),
        _ => Ok(()),
    }
}

fn uuid(value: &Value, place: &str) -> Checking<Uuid> {
    let text = value.as_str().unwrap_or_default();
    let read = (text.len() == 36).then(|| Uuid::parse_str(text).ok()).flatten();
    read.ok_or_else(|| format!("{place} is no UUID"))
}

fn iri(value: &Value, place: &str) -> Checking<String> {
    let text = value.as_str().unwrap_or_default();
    let scheme = text.split_once(':').map_or("", |(scheme, _)| scheme);
    let has_scheme = scheme.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && scheme.chars().all(|letter| letter.is_ascii_alphanumeric() || "+-.".contains(letter));
    let is_plain =
        !text.chars().any(|letter| letter.is_whitespace() || letter.is_control() || "<>\"{}|\\^`".contains(letter));
    if has_scheme && is_plain && text.len() > scheme.len() + 1 && text.len() <= 2_000 {
        return Ok(text.to_owned());
    }
    Err(format!("{place} is no IRI with a scheme, such as https://example.org/course"))
}

fn language_map(value: &Value, place: &str) -> Checking<()> {
    let is_tag = |tag: &String| {
        !tag.is_empty()
            && tag
                .split('-')
                .all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
    };
    match object(value, place)?.iter().find(|(tag, words)| !is_tag(tag) || !words.is_string()) {
        Some((tag, _)) => Err(format!("{place} has no words for the language '{tag}'")),
        None => Ok(()),
    }
}

fn timestamp(value: &Value, place: &str) -> Checking<()> {
    let text = value.as_str().unwrap_or_default();
    match DateTime::parse_from_rfc3339(text) {
        Ok(_) if !text.ends_with("-00:00") => Ok(()),
        _ => Err(format!("{place} is no moment such as 2010-10-04T09:30:00Z")),
    }
}

/// An agent or an identified group, in one spelling; exactly one field says who it is.
fn agent(value: &Value, place: &str) -> Checking<String> {
    let fields = object(value, place)?;
    let kind = fields.get("objectType").map_or("Agent", |kind| kind.as_str().unwrap_or_default());
    if !matches!(kind, "Agent" | "Group") {
        return Err(format!("{place}.objectType is neither Agent nor Group"));
    }
    known(fields, place, &["objectType", "name", "mbox", "mbox_sha1sum", "openid", "account", "member"])?;
    if fields.get("name").is_some_and(|name| !name.is_string()) {
        return Err(format!("{place}.name is no text"));
    }
    if let Some(members) = fields.get("member") {
        let members = members
            .as_array()
            .filter(|_| kind == "Group")
            .ok_or_else(|| format!("{place}.member is no list of a Group"))?;
        members.iter().try_for_each(|member| agent(member, &format!("{place}.member")).map(|_| ()))?;
    }
    let mut found = Vec::new();
    if let Some(mbox) = fields.get("mbox") {
        let mbox = mbox.as_str().unwrap_or_default();
        let address = mbox
            .strip_prefix("mailto:")
            .filter(|address| address.contains('@') && !address.contains(char::is_whitespace));
        let address = address.ok_or_else(|| format!("{place}.mbox is no address such as mailto:a@example.org"))?;
        found.push(format!("mbox:{}", address.to_lowercase()));
    }
    if let Some(sum) = fields.get("mbox_sha1sum") {
        let sum = sum.as_str().unwrap_or_default();
        if sum.len() != 40 || !sum.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(format!("{place}.mbox_sha1sum is no SHA-1 sum"));
        }
        found.push(format!("mbox_sha1sum:{}", sum.to_lowercase()));
    }
    if let Some(openid) = fields.get("openid") {
        found.push(format!("openid:{}", iri(openid, &format!("{place}.openid"))?));
    }
    if let Some(account) = fields.get("account") {
        let account_place = format!("{place}.account");
        let account = object(account, &account_place)?;
        known(account, &account_place, &["homePage", "name"])?;
        let home = account.get("homePage").ok_or_else(|| format!("{account_place} has no homePage"))?;
        let home = iri(home, &format!("{account_place}.homePage"))?;
        let name = account.get("name").and_then(Value::as_str).filter(|name| !name.is_empty());
        let name = name.ok_or_else(|| format!("{account_place} has no name"))?;
        found.push(account_key(&home, name));
    }
    match (found.pop(), found.is_empty()) {
        (Some(one), true) => Ok(one),
        (None, _) if kind == "Group" && fields.contains_key("member") => Ok("group".to_owned()),
        (None, _) => Err(format!("{place} does not say who it is: give one of mbox, mbox_sha1sum, openid or account")),
        (Some(_), false) => {
            Err(format!("{place} says in two ways who it is: give one of mbox, mbox_sha1sum, openid or account"))
        }
    }
}

/// How an account on a site is spelled.
pub(crate) fn account_key(home: &str, name: &str) -> String {
    format!("account:{} {name}", home.trim_end_matches('/'))
}

/// How a mail address is spelled.
pub(crate) fn mbox_key(address: &str) -> String {
    format!("mbox:{}", address.to_lowercase())
}

/// The agent of a filter.
pub(crate) fn agent_key(value: &Value) -> Checking<String> {
    agent(value, "agent")
}

/// The id of the activity, or the statement it refers to.
fn object_of(value: &Value, place: &str) -> Checking<(String, Option<Uuid>)> {
    let fields = object(value, place)?;
    match fields.get("objectType").map_or(Some("Activity"), Value::as_str) {
        Some("Activity") => {
            known(fields, place, &["objectType", "id", "definition"])?;
            let id = fields.get("id").ok_or_else(|| format!("{place} has no id"))?;
            if let Some(definition) = fields.get("definition") {
                let definition = object(definition, &format!("{place}.definition"))?;
                for name in ["name", "description"] {
                    if let Some(words) = definition.get(name) {
                        language_map(words, &format!("{place}.definition.{name}"))?;
                    }
                }
            }
            Ok((iri(id, &format!("{place}.id"))?, None))
        }
        Some("Agent" | "Group") => agent(value, place).map(|_| (String::new(), None)),
        Some("StatementRef") => {
            known(fields, place, &["objectType", "id"])?;
            let id = fields.get("id").ok_or_else(|| format!("{place} has no id"))?;
            Ok((String::new(), Some(uuid(id, &format!("{place}.id"))?)))
        }
        Some("SubStatement") if place == "object" => {
            known(fields, place, &["objectType", "actor", "verb", "object", "result", "context", "timestamp"])?;
            agent(fields.get("actor").ok_or("object has no actor")?, "object.actor")?;
            let verb = object(fields.get("verb").ok_or("object has no verb")?, "object.verb")?;
            iri(verb.get("id").ok_or("object.verb has no id")?, "object.verb.id")?;
            object_of(fields.get("object").ok_or("object has no object")?, "object.object")?;
            Ok((String::new(), None))
        }
        _ => Err(format!("{place}.objectType is none of Activity, Agent, Group, StatementRef and SubStatement")),
    }
}

/// Whether the result says that it was completed, where it says.
fn result(value: &Value) -> Checking<Option<bool>> {
    let fields = object(value, "result")?;
    known(fields, "result", &["score", "success", "completion", "response", "duration", "extensions"])?;
    for name in ["success", "completion"] {
        if fields.get(name).is_some_and(|flag| !flag.is_boolean()) {
            return Err(format!("result.{name} is neither true nor false"));
        }
    }
    if let Some(score) = fields.get("score") {
        let score = object(score, "result.score")?;
        known(score, "result.score", &["scaled", "raw", "min", "max"])?;
        let figure = |name: &str| match score.get(name) {
            Some(figure) => figure.as_f64().map(Some).ok_or_else(|| format!("result.score.{name} is no number")),
            None => Ok(None),
        };
        let (scaled, raw, min, max) = (figure("scaled")?, figure("raw")?, figure("min")?, figure("max")?);
        if scaled.is_some_and(|scaled| !(-1.0..=1.0).contains(&scaled)) {
            return Err("result.score.scaled lies outside -1 to 1".to_owned());
        }
        if min.zip(max).is_some_and(|(min, max)| min >= max) {
            return Err("result.score.min is not below result.score.max".to_owned());
        }
        if raw.is_some_and(|raw| min.is_some_and(|min| raw < min) || max.is_some_and(|max| raw > max)) {
            return Err("result.score.raw lies outside its min and max".to_owned());
        }
    }
    if fields.get("duration").is_some_and(|duration| !duration.as_str().is_some_and(is_duration)) {
        return Err("result.duration is no ISO 8601 duration such as PT1H30M".to_owned());
    }
    Ok(fields.get("completion").and_then(Value::as_bool))
}

/// `P3D`, `PT1H30M`, `PT4.5S`, `P2W`.
fn is_duration(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('P') else {
        return false;
    };
    let (days, time) = rest.split_once('T').map_or((rest, None), |(days, time)| (days, Some(time)));
    let parts = |text: &str, units: &str| {
        let (mut figures, mut last) = (String::new(), 0);
        for letter in text.chars() {
            if letter.is_ascii_digit() || letter == '.' {
                figures.push(letter);
                continue;
            }
            let place = units.find(letter).map(|place| place + 1);
            match place {
                Some(place) if place > last && figures.parse::<f64>().is_ok() => last = place,
                _ => return false,
            }
            figures.clear();
        }
        figures.is_empty()
    };
    let has_time = time.is_none_or(|time| !time.is_empty() && parts(time, "HMS"));
    (!days.is_empty() || time.is_some()) && has_time && (parts(days, "YMD") || (time.is_none() && parts(days, "W")))
}

fn context_of(value: &Value, is_without_activity: bool) -> Checking<()> {
    let fields = object(value, "context")?;
    known(
        fields,
        "context",
        &[
            "registration",
            "instructor",
            "team",
            "contextActivities",
            "revision",
            "platform",
            "language",
            "statement",
            "extensions",
        ],
    )?;
    if let Some(registration) = fields.get("registration") {
        uuid(registration, "context.registration")?;
    }
    for name in ["instructor", "team"] {
        if let Some(who) = fields.get(name) {
            agent(who, &format!("context.{name}"))?;
        }
    }
    if let Some(name) =
        ["revision", "platform"].into_iter().find(|name| fields.contains_key(*name) && is_without_activity)
    {
        return Err(format!("context.{name} is for statements about an activity"));
    }
    if let Some(activities) = fields.get("contextActivities") {
        let activities = object(activities, "context.contextActivities")?;
        known(activities, "context.contextActivities", &["parent", "grouping", "category", "other"])?;
    }
    Ok(())
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
            (with("/attachments", json!([])), "Attachments"),
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
    fn durations_and_versions() {
        for good in ["P3D", "PT1H30M", "PT4.5S", "P2W", "P1Y2M3DT4H"] {
            assert!(is_duration(good), "{good}");
        }
        for bad in ["", "P", "PT", "1H", "PTH", "PT1M1H", "P1D2", "PT1X", "P1WT1H"] {
            assert!(!is_duration(bad), "{bad}");
        }
        assert!(
            is_version(Some("1.0.3")) && is_version(Some("2.0.0")) && !is_version(Some("0.95")) && !is_version(None)
        );
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
