//! Material that is picked in a tool, as stored: begun by a planner, brought back by their browser, answered by the tool, taken into the course. Each step once.

use chrono::Duration;
use hiec_access::sessions::{hashed, secret};
use hiec_kernel::{PersonId, Timestamp};
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, Unit, values};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::store::ON_ITS_WAY;

/// How long somebody may pick.
const PICKING: Duration = Duration::hours(2);

/// The most items one answer may hold.
const MOST: usize = 20;
/// The longest title, and the longest text of another field.
const LONGEST: usize = 200;
const LONGEST_TEXT: usize = 2_000;

/// Something picked, as it may become a part.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(crate) struct Item {
    pub title: String,
    pub text: String,
    /// Its address at the tool; empty where the tool's own is meant.
    pub url: String,
    /// What the tool wants to be told again at every launch.
    pub custom: Option<Value>,
    pub label: String,
    pub resource_id: String,
    pub tag: String,
    /// What is the most it is scored with: a decimal.
    pub maximum: String,
}

/// The items of a tool's answer (Deep Linking 2.0, section 3), or why not.
pub(crate) fn items(claim: Option<&Value>) -> Result<Vec<Item>, String> {
    let items = match claim {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Array(items)) => items,
        Some(_) => return Err("its content_items are no list".to_owned()),
    };
    if items.len() > MOST {
        return Err(format!("it holds {} items: at most {MOST} are taken at once", items.len()));
    }
    items.iter().map(item).collect()
}

fn item(value: &Value) -> Result<Item, String> {
    let text = |fields: &Map<String, Value>, name: &str, most: usize| match fields.get(name) {
        None | Some(Value::Null) => Ok(String::new()),
        Some(Value::String(text)) if text.chars().count() <= most && !text.contains('\0') => Ok(text.trim().to_owned()),
        Some(_) => Err(format!("{name} of an item is no text of at most {most} characters")),
    };
    let fields = value.as_object().ok_or("an item is no object")?;
    match fields.get("type").and_then(Value::as_str) {
        Some("ltiResourceLink") => {}
        other => {
            return Err(format!("an item is '{}': only ltiResourceLink is taken", other.unwrap_or("without a type")));
        }
    }
    let url = text(fields, "url", LONGEST_TEXT)?;
    if !url.is_empty() && !super::is_web_address(&url) {
        return Err("the url of an item is no whole address on the web".to_owned());
    }
    let empty = Map::new();
    let line = match fields.get("lineItem") {
        None | Some(Value::Null) => &empty,
        Some(line) => line.as_object().ok_or("the lineItem of an item is no object")?,
    };
    let maximum = match line.get("scoreMaximum") {
        None | Some(Value::Null) => "100".to_owned(),
        Some(Value::Number(number)) if number.as_f64().is_some_and(|number| number > 0.0 && number < 1e12) => {
            number.to_string()
        }
        Some(_) => return Err("the scoreMaximum of an item is no number above nought".to_owned()),
    };
    let custom = match fields.get("custom") {
        None | Some(Value::Null) => None,
        Some(Value::Object(custom))
            if custom.values().all(Value::is_string) && Value::Object(custom.clone()).to_string().len() <= 10_000 =>
        {
            if custom
                .iter()
                .any(|(name, value)| name.contains('\0') || value.as_str().is_some_and(|text| text.contains('\0')))
            {
                return Err("custom of an item holds a sign that no text may hold (NUL)".to_owned());
            }
            Some(Value::Object(custom.clone()))
        }
        Some(_) => return Err("custom of an item is no object of texts".to_owned()),
    };
    Ok(Item {
        title: text(fields, "title", LONGEST)?,
        text: text(fields, "text", LONGEST_TEXT)?,
        url,
        custom,
        label: text(line, "label", LONGEST)?,
        resource_id: text(line, "resourceId", LONGEST)?,
        tag: text(line, "tag", LONGEST)?,
        maximum,
    })
}

#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct Choice {
    pub id: Uuid,
    pub course_id: Uuid,
    pub tool_id: Uuid,
    pub person_id: Uuid,
    pub answered_at: Option<Timestamp>,
    pub items: Option<Value>,
    pub message: String,
    pub taken_at: Option<Timestamp>,
}

impl Choice {
    pub fn items(&self) -> Vec<Item> {
        self.items.clone().and_then(|items| serde_json::from_value(items).ok()).unwrap_or_default()
    }
}

const CHOICE: &str =
    "SELECT id, course_id, tool_id, person_id, answered_at, items, message, taken_at FROM education_lti_choice";

/// Begins to pick; answers the hint the tool must bring back.
pub(crate) async fn begin(unit: &Unit, course: Uuid, tool: Uuid, person: PersonId) -> Result<String, StoreError> {
    let hint = secret();
    // Those never answered are of no use to anybody.
    let sql = "DELETE FROM education_lti_choice WHERE made_at < $1 AND taken_at IS NULL";
    unit.execute(sql, values![unit.now() - Duration::days(1)]).await?;
    unit.execute(
        "INSERT INTO education_lti_choice (id, hint_hash, course_id, tool_id, person_id, made_at, message) VALUES ($1, $2, $3, $4, $5, $6, '')",
        values![unit.new_id(), hashed(&hint), course, tool, person.0, unit.now()],
    )
    .await?;
    Ok(hint)
}

/// The choice of a hint, while it may still come back.
pub(crate) async fn begun(reads: &impl Reads, hint: &str, now: Timestamp) -> Result<Option<Choice>, StoreError> {
    let sql = format!("{CHOICE} WHERE hint_hash = $1 AND used_at IS NULL AND made_at > $2");
    reads.one(&sql, values![hashed(hint), now - ON_ITS_WAY]).await
}

/// Uses a hint up; answers the word the tool must bring back, or nothing where another request did.
pub(crate) async fn open(unit: &Unit, choice: Uuid) -> Result<Option<String>, StoreError> {
    let word = secret();
    let sql = "UPDATE education_lti_choice SET used_at = $2, word_hash = $3 WHERE id = $1 AND used_at IS NULL";
    Ok((unit.execute(sql, values![choice, unit.now(), hashed(&word)]).await? > 0).then_some(word))
}

/// The choice of a word, while it may be answered.
pub(crate) async fn opened(reads: &impl Reads, word: &str, now: Timestamp) -> Result<Option<Choice>, StoreError> {
    let sql = format!("{CHOICE} WHERE word_hash = $1 AND answered_at IS NULL AND used_at > $2");
    reads.one(&sql, values![hashed(word), now - PICKING]).await
}

/// Keeps a tool's answer; false where one came before.
pub(crate) async fn answer(unit: &Unit, choice: Uuid, items: &[Item], message: &str) -> Result<bool, StoreError> {
    let sql = "UPDATE education_lti_choice SET answered_at = $2, items = $3, message = $4 WHERE id = $1 AND answered_at IS NULL";
    Ok(unit.execute(sql, values![choice, unit.now(), serde_json::to_value(items)?, message]).await? > 0)
}

pub(crate) async fn choice(reads: &impl Reads, id: Uuid) -> Result<Option<Choice>, StoreError> {
    reads.one(&format!("{CHOICE} WHERE id = $1"), values![id]).await
}

/// Takes what was picked; false where it was taken before.
pub(crate) async fn take(unit: &Unit, choice: Uuid) -> Result<bool, StoreError> {
    let sql = "UPDATE education_lti_choice SET taken_at = $2 WHERE id = $1 AND taken_at IS NULL";
    Ok(unit.execute(sql, values![choice, unit.now()]).await? > 0)
}

/// What a tool wants to be told of a part again.
pub(crate) async fn custom(reads: &impl Reads, part: Uuid) -> Result<Option<Value>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        custom: Value,
    }
    let row: Option<Row> = reads.one("SELECT custom FROM education_lti_link WHERE part_id = $1", values![part]).await?;
    Ok(row.map(|row| row.custom))
}

pub(crate) async fn add_custom(unit: &Unit, part: Uuid, custom: &Value) -> Result<(), StoreError> {
    let sql = "INSERT INTO education_lti_link (part_id, custom) VALUES ($1, $2)";
    unit.execute(sql, values![part, custom.clone()]).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn items_are_links_of_the_tool_and_nothing_else() {
        let good = json!({"type": "ltiResourceLink", "title": " Hand hygiene ", "url": "https://tool.example/7",
            "custom": {"chapter": "7"}, "lineItem": {"scoreMaximum": 12.5, "tag": "t"}, "unknown": [1]});
        let read = items(Some(&json!([good]))).unwrap();
        assert_eq!(
            (read[0].title.as_str(), read[0].maximum.as_str(), read[0].tag.as_str()),
            ("Hand hygiene", "12.5", "t")
        );
        assert_eq!(read[0].custom, Some(json!({"chapter": "7"})));
        assert_eq!(items(None).unwrap(), vec![], "nothing was picked");
        for (name, value, says) in [
            ("type", json!("file"), "only ltiResourceLink"),
            ("url", json!("javascript:alert(1)"), "no whole address"),
            ("title", json!("x".repeat(201)), "at most 200"),
            ("custom", json!({"a": 1}), "no object of texts"),
            ("custom", json!({"a": "\u{0}"}), "NUL"),
            ("lineItem", json!([]), "no object"),
            ("lineItem", json!({"scoreMaximum": 0}), "above nought"),
        ] {
            let mut bad = good.clone();
            bad[name] = value;
            let why = items(Some(&json!([bad]))).unwrap_err();
            assert!(why.contains(says), "{bad}: {why}");
        }
        assert!(items(Some(&json!({}))).unwrap_err().contains("no list"));
        assert!(items(Some(&json!(vec![good; 21]))).unwrap_err().contains("at most 20"));
    }
}
