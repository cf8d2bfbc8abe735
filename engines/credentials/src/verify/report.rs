//! What a verification found, check by check; it must never call a badge accepted while a check failed.

use serde::Serialize;
use serde_json::Value;

/// Everything that was looked at, in order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    pub accepted: bool,
    pub sentence: String,
    pub format: Format,
    pub badge: Summary,
    pub checks: Vec<Check>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    VcJwt,
    DataIntegrity,
}

/// What the badge says of itself, believed or not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    pub id: Option<String>,
    pub achievement: Option<String>,
    pub description: Option<String>,
    pub criteria: Option<String>,
    pub issuer: Option<String>,
    pub issuer_name: Option<String>,
    pub recipient: Option<String>,
    pub valid_from: Option<String>,
    pub valid_until: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    pub topic: Topic,
    pub outcome: Outcome,
    pub sentence: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    Contexts,
    Type,
    Required,
    Dates,
    /// Whether the JSON is just what was signed.
    Members,
    Key,
    Signature,
    Status,
}

impl Topic {
    /// Its name on a page.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Contexts => "Contexts",
            Self::Type => "Kind of credential",
            Self::Required => "What a badge must say",
            Self::Dates => "Dates",
            Self::Members => "What the signature covers",
            Self::Key => "The issuer's key",
            Self::Signature => "Signature",
            Self::Status => "Revocation",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Passed,
    Failed,
    /// Nothing could be said: it was not reached, or what it needs was not brought along.
    NotChecked,
}

impl Report {
    pub(super) fn new(format: Format, badge: Summary) -> Self {
        Self { accepted: false, sentence: String::new(), format, badge, checks: Vec::new() }
    }

    /// Writes down how a check went; whether it passed.
    pub(super) fn note(&mut self, topic: Topic, result: Result<String, String>) -> bool {
        let is_passed = result.is_ok();
        let outcome = if is_passed { Outcome::Passed } else { Outcome::Failed };
        let (Ok(sentence) | Err(sentence)) = result;
        self.checks.push(Check { topic, outcome, sentence });
        is_passed
    }

    pub(super) fn skip(&mut self, topic: Topic, why: &str) {
        self.checks.push(Check { topic, outcome: Outcome::NotChecked, sentence: why.to_owned() });
    }

    pub(super) fn is_sound(&self) -> bool {
        self.checks.iter().all(|check| check.outcome != Outcome::Failed)
    }

    pub(super) fn conclude(&mut self) {
        let failed: Vec<&Check> = self.checks.iter().filter(|check| check.outcome == Outcome::Failed).collect();
        let is_signed =
            self.checks.iter().any(|check| check.topic == Topic::Signature && check.outcome == Outcome::Passed);
        self.accepted = failed.is_empty() && is_signed;
        let unchecked =
            self.checks.iter().find(|check| check.topic == Topic::Status && check.outcome == Outcome::NotChecked);
        self.sentence = match (failed.first(), unchecked) {
            (Some(first), _) => format!("Refused. {}", first.sentence),
            (None, _) if !self.accepted => "Refused. Its signature could not be checked.".to_owned(),
            (None, Some(status)) => format!("Accepted, but: {}", status.sentence),
            (None, None) => "Accepted: the badge is genuine and good at that moment.".to_owned(),
        };
    }
}

/// What the badge says, cut short where it is long.
pub fn summary(credential: &Value) -> Summary {
    let text = |value: Option<&Value>| {
        let value = value?;
        let text = value.as_str().or_else(|| value.get("@value")?.as_str())?;
        let clean = text.chars().filter(|letter| !letter.is_control() || *letter == '\n');
        Some(clean.take(2_000).collect::<String>()).filter(|text| !text.is_empty())
    };
    let issuer = credential.get("issuer");
    let subject = credential.get("credentialSubject");
    let achievement = subject.and_then(|subject| subject.get("achievement"));
    let member = |name: &str| achievement.and_then(|achievement| achievement.get(name));
    let criteria = member("criteria");
    Summary {
        id: text(credential.get("id")),
        achievement: text(member("name")).or_else(|| text(credential.get("name"))),
        description: text(member("description")),
        criteria: text(criteria.and_then(|criteria| criteria.get("narrative")))
            .or_else(|| text(criteria.and_then(|criteria| criteria.get("id")))),
        issuer: text(issuer).or_else(|| text(issuer.and_then(|issuer| issuer.get("id")))),
        issuer_name: text(issuer.and_then(|issuer| issuer.get("name"))),
        recipient: subject.and_then(recipient).or_else(|| text(subject.and_then(|subject| subject.get("id")))),
        valid_from: text(credential.get("validFrom")),
        valid_until: text(credential.get("validUntil")),
    }
}

/// The holder's name, where the badge gives it in the clear.
fn recipient(subject: &Value) -> Option<String> {
    let identifiers = match subject.get("identifier")? {
        Value::Array(several) => several.as_slice(),
        one => std::slice::from_ref(one),
    };
    let is_name = |identifier: &&Value| {
        identifier.get("identityType").and_then(Value::as_str) == Some("name")
            && identifier.get("hashed").and_then(Value::as_bool) == Some(false)
    };
    let name = identifiers.iter().find(is_name)?.get("identityHash")?.as_str()?;
    Some(name.chars().take(200).collect())
}
