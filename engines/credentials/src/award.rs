//! What an issuer awards, as an `OpenBadgeCredential`; it must never leave out what the standard requires.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::contexts::{CREDENTIALS, EXTENSIONS, OPEN_BADGES};
use crate::{Purpose, Unusable, dates};

/// The schema 1EdTech publishes for this type, named in each badge as the standard advises.
const SCHEMA: &str = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json";

/// One achievement awarded to one person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Award {
    /// The credential's own address or `urn:uuid:…`.
    pub id: String,
    pub issuer: Issuer,
    pub achievement: Achievement,
    pub recipient: Recipient,
    pub valid_from: DateTime<Utc>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub status: Vec<StatusEntry>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Issuer {
    /// `did:key:…`, `did:web:…` or an `https` address whose keys are published.
    pub id: String,
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Achievement {
    pub id: String,
    pub name: String,
    pub description: String,
    pub criteria: Criteria,
    /// One of the standard's kinds, such as `Competency` or `Certificate`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Where this skill stands in frameworks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alignments: Vec<Alignment>,
}

/// What had to be done: in words, at an address, or both.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Criteria {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub narrative: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Alignment {
    pub name: String,
    pub url: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub framework: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

/// Who it was awarded to: at least one of these. The name stands in the badge only if given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipient {
    /// An address of theirs, such as a `did:`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Their e-mail address, of which only a salted hash goes into the badge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// What the hash is salted with: random, one for each badge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub salt: Option<String>,
    /// Their name, in the clear, where they wish it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub narrative: Option<String>,
}

/// Where it can be looked up whether the badge still stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatusEntry {
    pub list: String,
    pub index: usize,
    pub purpose: Purpose,
}

/// The kinds of achievement Open Badges 3.0 names; another is written with `ext:` before it.
const KINDS: [&str; 31] = [
    "Achievement",
    "ApprenticeshipCertificate",
    "Assessment",
    "Assignment",
    "AssociateDegree",
    "Award",
    "Badge",
    "BachelorDegree",
    "Certificate",
    "CertificateOfCompletion",
    "Certification",
    "CommunityService",
    "Competency",
    "Course",
    "CoCurricular",
    "Degree",
    "Diploma",
    "DoctoralDegree",
    "Fieldwork",
    "GeneralEducationDevelopment",
    "JourneymanCertificate",
    "LearningProgram",
    "License",
    "Membership",
    "ProfessionalDoctorate",
    "QualityAssuranceCredential",
    "MasterCertificate",
    "MasterDegree",
    "MicroCredential",
    "ResearchDoctorate",
    "SecondarySchoolDiploma",
];

fn is_kind(text: &str) -> bool {
    let is_plain =
        |rest: &str| !rest.is_empty() && rest.chars().all(|c| c.is_ascii_alphanumeric() || "|.-_".contains(c));
    KINDS.contains(&text) || text.strip_prefix("ext:").is_some_and(is_plain)
}

/// Whether somebody can open it in a browser.
fn is_on_the_web(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    is_address(text) && rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '['))
}

fn is_mail_address(text: &str) -> bool {
    let is_clean = text.chars().all(|c| !c.is_whitespace() && !c.is_control());
    is_clean && text.split_once('@').is_some_and(|(who, host)| !who.is_empty() && host.len() > 1 && !host.contains('@'))
}

impl Award {
    /// The credential, unsigned.
    ///
    /// # Errors
    /// Everything that is missing or cannot be, a sentence each.
    pub fn document(&self) -> Result<Value, Vec<Unusable>> {
        let problems = self.problems();
        if !problems.is_empty() {
            return Err(problems);
        }
        let mut credential = json!({
            "@context": [CREDENTIALS, OPEN_BADGES, EXTENSIONS],
            "id": self.id,
            "type": ["VerifiableCredential", "OpenBadgeCredential"],
            "name": self.achievement.name,
            "issuer": self.issuer.document(),
            "validFrom": dates::write(self.valid_from),
            "credentialSubject": self.subject(),
            "credentialSchema": [{ "id": SCHEMA, "type": "1EdTechJsonSchemaValidator2019" }],
        });
        if let Some(until) = self.valid_until {
            credential["validUntil"] = json!(dates::write(until));
        }
        if !self.evidence.is_empty() {
            credential["evidence"] = self.evidence.iter().map(Evidence::document).collect();
        }
        match &*self.status {
            [] => {}
            [one] => credential["credentialStatus"] = one.document(),
            several => credential["credentialStatus"] = several.iter().map(StatusEntry::document).collect(),
        }
        Ok(credential)
    }

    fn problems(&self) -> Vec<Unusable> {
        let mut problems = Vec::new();
        let mut wrong = |is_wrong: bool, words: String| {
            if is_wrong {
                problems.push(Unusable(words));
            }
        };
        for (what, text) in [
            ("the credential's id", &self.id),
            ("the issuer's id", &self.issuer.id),
            ("the achievement's id", &self.achievement.id),
        ] {
            wrong(!is_address(text), format!("{what} must be a whole address, such as urn:uuid:… or https://…"));
        }
        for (what, text) in [
            ("the issuer's name", &self.issuer.name),
            ("the achievement's name", &self.achievement.name),
            ("the achievement's description", &self.achievement.description),
        ] {
            wrong(text.trim().is_empty(), format!("{what} is missing"));
        }
        let criteria = &self.achievement.criteria;
        wrong(
            criteria.narrative.as_deref().is_none_or(|text| text.trim().is_empty()) && criteria.url.is_none(),
            "the achievement's criteria are missing: say in words, or at an address, what had to be done".to_owned(),
        );
        for (what, address) in [("issuer.url", &self.issuer.url), ("achievement.criteria.url", &criteria.url)] {
            wrong(
                address.as_deref().is_some_and(|address| !is_on_the_web(address)),
                format!("{what} must be a whole web address, such as https://example.org/spirometry"),
            );
        }
        wrong(
            self.recipient.id.as_deref().is_some_and(|address| !is_address(address)),
            "recipient.id must be a whole address, such as did:key:…".to_owned(),
        );
        wrong(
            self.recipient.email.as_deref().is_some_and(|email| !is_mail_address(email)),
            "recipient.email must be an e-mail address, such as tess@example.org".to_owned(),
        );
        wrong(
            self.achievement.kind.as_deref().is_some_and(|kind| !is_kind(kind)),
            "achievement.kind must be one of the standard's kinds, such as Competency or Certificate, or another with ext: before it".to_owned(),
        );
        wrong(
            self.recipient.id.is_none() && self.recipient.email.is_none(),
            "the recipient needs an id or an e-mail address (of which only a hash goes into the badge)".to_owned(),
        );
        wrong(
            self.recipient.email.is_some() && self.recipient.salt.as_deref().is_none_or(|salt| salt.len() < 8),
            "the recipient's e-mail address needs a salt of at least eight random characters, or anybody could guess it from the hash".to_owned(),
        );
        wrong(
            self.valid_until.is_some_and(|until| until <= self.valid_from),
            "the badge would end before it begins".to_owned(),
        );
        for evidence in &self.evidence {
            wrong(
                evidence.url.is_none() && evidence.narrative.is_none(),
                "a piece of evidence needs a url or a narrative".to_owned(),
            );
            wrong(
                evidence.url.as_deref().is_some_and(|url| !is_on_the_web(url)),
                "evidence.url must be a whole web address, such as https://example.org/log-book".to_owned(),
            );
        }
        for alignment in &self.achievement.alignments {
            wrong(
                !is_on_the_web(&alignment.url),
                "achievement.alignments.url must be a whole web address, such as https://example.org/framework"
                    .to_owned(),
            );
        }
        for status in &self.status {
            wrong(
                !is_on_the_web(&status.list),
                "status.list must be a whole web address, such as https://example.org/status/1".to_owned(),
            );
        }
        problems
    }

    fn subject(&self) -> Value {
        let mut subject = json!({ "type": ["AchievementSubject"], "achievement": self.achievement.document() });
        if let Some(id) = &self.recipient.id {
            subject["id"] = json!(id);
        }
        let mut identifiers = Vec::new();
        if let (Some(email), Some(salt)) = (&self.recipient.email, &self.recipient.salt) {
            identifiers.push(json!({
                "type": "IdentityObject", "hashed": true, "identityHash": identity_hash(email, salt),
                "identityType": "emailAddress", "salt": salt,
            }));
        }
        if let Some(name) = &self.recipient.name {
            identifiers.push(
                json!({ "type": "IdentityObject", "hashed": false, "identityHash": name, "identityType": "name" }),
            );
        }
        if !identifiers.is_empty() {
            subject["identifier"] = Value::Array(identifiers);
        }
        subject
    }
}

/// The hash by which a badge names its holder: of the address in small letters, then the salt.
#[must_use]
pub fn identity_hash(email: &str, salt: &str) -> String {
    let mut hasher = Sha256::new();
    hasher.update(email.trim().to_lowercase());
    hasher.update(salt);
    let digest = hasher.finalize();
    digest.iter().fold("sha256$".to_owned(), |text, byte| text + &format!("{byte:02x}"))
}

/// An absolute address by its looks: a scheme, a colon, and no spaces or brackets.
pub fn is_address(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let is_scheme = scheme.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && scheme.chars().all(|letter| letter.is_ascii_alphanumeric() || "+-.".contains(letter));
    let is_clean = |letter: char| !letter.is_whitespace() && !letter.is_control() && !"<>\"{}|\\^`".contains(letter);
    is_scheme && !rest.is_empty() && rest.chars().all(is_clean)
}

impl Issuer {
    fn document(&self) -> Value {
        let mut profile = json!({ "id": self.id, "type": ["Profile"], "name": self.name });
        if let Some(url) = &self.url {
            profile["url"] = json!(url);
        }
        profile
    }
}

impl Achievement {
    fn document(&self) -> Value {
        let mut criteria = Map::new();
        let parts = [("id", &self.criteria.url), ("narrative", &self.criteria.narrative)];
        for (name, value) in parts {
            criteria.extend(value.as_ref().map(|value| (name.to_owned(), json!(value))));
        }
        let mut achievement = json!({
            "id": self.id, "type": ["Achievement"], "name": self.name, "description": self.description, "criteria": criteria,
        });
        if let Some(kind) = &self.kind {
            achievement["achievementType"] = json!(kind);
        }
        if !self.alignments.is_empty() {
            achievement["alignment"] = self.alignments.iter().map(Alignment::document).collect();
        }
        achievement
    }
}

impl Alignment {
    fn document(&self) -> Value {
        let mut alignment = json!({ "type": ["Alignment"], "targetName": self.name, "targetUrl": self.url });
        for (name, value) in [("targetFramework", &self.framework), ("targetCode", &self.code)] {
            if let Some(value) = value {
                alignment[name] = json!(value);
            }
        }
        alignment
    }
}

impl Evidence {
    fn document(&self) -> Value {
        let mut evidence = json!({ "type": ["Evidence"] });
        for (name, value) in [("id", &self.url), ("name", &self.name), ("narrative", &self.narrative)] {
            if let Some(value) = value {
                evidence[name] = json!(value);
            }
        }
        evidence
    }
}

impl StatusEntry {
    /// As it stands in a credential.
    #[must_use]
    pub fn document(&self) -> Value {
        json!({
            "id": format!("{}#{}", self.list, self.index), "type": "BitstringStatusListEntry", "statusPurpose": self.purpose,
            "statusListIndex": self.index.to_string(), "statusListCredential": self.list,
        })
    }
}

#[cfg(test)]
mod kinds {
    use super::*;

    #[test]
    fn kinds_addresses_and_mail_are_those_others_take() {
        assert!(is_kind("Competency") && is_kind("ext:Ward-round") && !is_kind("Nonsense") && !is_kind("ext:"));
        assert!(is_on_the_web("https://example.org/a") && !is_on_the_web("javascript:x") && !is_on_the_web("https://"));
        assert!(!is_on_the_web("did:web:example.org"));
        assert!(is_mail_address("tess@example.org"));
        for bad in ["", "nope", "@example.org", "a@", "a b@example.org", "a@b@c"] {
            assert!(!is_mail_address(bad), "{bad}");
        }
    }
}
