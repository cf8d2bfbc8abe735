//! Judges a badge of any issuer, check by check; it must never accept one whose signature is not its issuer's own.

mod issuer;
mod report;
mod status;

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::data_integrity::Flaw;
use crate::images::{self, Kind};
use crate::jwt::{self, Token};
use crate::{KeyDocument, LARGEST_FILE, PublicKey, Unusable, data_integrity, dates, form, read_json, required};
use issuer::issuer_key;
pub use report::{Check, Format, Outcome, Report, Summary, Topic};

/// What the verifier brings along: the moment, and the documents of others. Nothing is fetched.
#[derive(Clone, Debug)]
pub struct Options<'a> {
    /// The moment at which the badge must be good.
    pub at: DateTime<Utc>,
    /// What issuers publish of their keys (`did:web`, `https`); a `did:key` needs none.
    pub key_documents: &'a [KeyDocument],
    /// Keys known to be the issuer's from elsewhere.
    pub known_keys: &'a [PublicKey],
    /// Status list credentials, as they were fetched.
    pub status_lists: &'a [Vec<u8>],
}

impl Options<'_> {
    /// At this moment, with nothing brought along.
    #[must_use]
    pub const fn at(at: DateTime<Utc>) -> Self {
        Self { at, key_documents: &[], known_keys: &[], status_lists: &[] }
    }
}

/// Judges a badge: JSON with a proof, a token, or a PNG or SVG image with either in it.
///
/// # Errors
/// What cannot be read as a badge at all. Whatever can be is answered with a report.
pub fn verify(file: &[u8], options: &Options<'_>) -> Result<Report, Unusable> {
    if file.len() > LARGEST_FILE {
        return Err(Unusable(format!("the file is {} bytes; at most {LARGEST_FILE} are read", file.len())));
    }
    let text = match images::kind(file) {
        Kind::Png | Kind::Svg => images::unbake(file)?,
        Kind::Text => {
            let text = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
            std::str::from_utf8(text)
                .map_err(|_| Unusable::new("the file is neither an image (PNG, SVG) nor text"))?
                .trim()
                .to_owned()
        }
    };
    let secured = Secured::read(&text)?;
    let mut report = Report::new(secured.format(), report::summary(secured.credential()));
    judge(&secured, options, &mut report);
    report.conclude();
    Ok(report)
}

/// A credential with what signs it.
enum Secured<'a> {
    Document(Value),
    Token { token: Box<Token<'a>>, credential: Value },
}

impl<'a> Secured<'a> {
    fn read(text: &'a str) -> Result<Self, Unusable> {
        if text.is_empty() {
            return Err(Unusable::new("there is nothing in it"));
        }
        if text.starts_with(['{', '[']) {
            return read_json(text.as_bytes()).map(Self::Document);
        }
        let token = Token::read(text)?;
        Ok(Self::Token { credential: token.credential(), token: Box::new(token) })
    }

    const fn format(&self) -> Format {
        match self {
            Self::Document(_) => Format::DataIntegrity,
            Self::Token { .. } => Format::VcJwt,
        }
    }

    const fn credential(&self) -> &Value {
        match self {
            Self::Document(document) => document,
            Self::Token { credential, .. } => credential,
        }
    }
}

fn judge(secured: &Secured<'_>, options: &Options<'_>, report: &mut Report) {
    let credential = secured.credential();
    let contexts = form::contexts(credential).and_then(|addresses| {
        if form::speaks_open_badges(&addresses) {
            Ok("All its contexts are known here.".to_owned())
        } else {
            Err("It does not use the context of Open Badges 3.0; it may be another kind of credential.".to_owned())
        }
    });
    let has_contexts = report.note(Topic::Contexts, contexts);
    report.note(Topic::Type, required::check_type(credential).map(|()| "It says it is an Open Badge.".to_owned()));
    let members = required::check_members(credential);
    report.note(Topic::Required, members.map(|()| "Everything a badge must say is there.".to_owned()));
    report.note(Topic::Dates, required::check_window(credential, options.at));
    let has_form = judge_signature(secured, options, has_contexts, report);
    if has_form && report.is_sound() {
        status::judge(credential, options, report);
    } else {
        report.skip(Topic::Status, "Not looked at, because the badge failed before.");
    }
}

/// Form, key and signature; whether the JSON is what was signed.
fn judge_signature(secured: &Secured<'_>, options: &Options<'_>, has_contexts: bool, report: &mut Report) -> bool {
    match signature(secured, options, has_contexts) {
        Ok(found) => {
            report.note(Topic::Members, Ok(found.members));
            report.note(Topic::Key, Ok(found.key));
            report
                .note(Topic::Signature, Ok("The signature is the issuer's, and nothing was changed since.".to_owned()));
            true
        }
        Err((Topic::Members, problem)) => {
            report.note(Topic::Members, Err(problem));
            report.skip(Topic::Key, "Not looked at.");
            report.skip(Topic::Signature, "Not looked at, because it would not cover what is read.");
            false
        }
        Err((Topic::Key, problem)) => {
            report.note(Topic::Key, Err(problem));
            report.skip(Topic::Signature, "Not looked at, because it is not known to be the issuer's key.");
            false
        }
        Err((topic, problem)) => {
            report.note(topic, Err(problem));
            false
        }
    }
}

struct Found {
    members: String,
    key: String,
}

fn signature(secured: &Secured<'_>, options: &Options<'_>, has_contexts: bool) -> Result<Found, (Topic, String)> {
    let issuer = jwt::issuer(secured.credential());
    let issuer = issuer.ok_or((Topic::Key, "It does not say who issued it, so no key can be theirs.".to_owned()))?;
    match secured {
        Secured::Document(document) => {
            let proof = data_integrity::proof(document).map_err(|problem| (Topic::Signature, problem))?;
            if !has_contexts {
                return Err((Topic::Signature, "Not looked at, because its contexts are not known.".to_owned()));
            }
            let mut unsigned = document.clone();
            if let Some(members) = unsigned.as_object_mut() {
                members.remove("proof");
            }
            form::check(&unsigned).map_err(|problem| (Topic::Members, problem))?;
            let name = proof.get("verificationMethod").and_then(Value::as_str);
            let name = name.ok_or((Topic::Key, "The proof does not name its key (verificationMethod).".to_owned()))?;
            let stated = |moment| data_integrity::moment(proof, moment).map_err(|problem| (Topic::Signature, problem));
            let (created, expires) = (stated("created")?, stated("expires")?);
            let key =
                issuer_key(issuer, Some(name), None, created, options).map_err(|problem| (Topic::Key, problem))?;
            data_integrity::check(document, proof, key.key).map_err(|flaw| match flaw {
                Flaw::Form(problem) => (Topic::Members, problem),
                Flaw::Signature(problem) => (Topic::Signature, problem),
            })?;
            if let Some(expires) = expires.filter(|expires| options.at > *expires) {
                return Err((
                    Topic::Signature,
                    format!("The signature was good only until {}.", dates::in_words(expires)),
                ));
            }
            Ok(Found { members: "Every member is covered by the signature.".to_owned(), key: key.words })
        }
        Secured::Token { token, .. } => {
            let key = issuer_key(issuer, token.key_name(), token.own_key(), token.issued(), options)
                .map_err(|problem| (Topic::Key, problem))?;
            token.check_signature(key.key).map_err(|problem| (Topic::Signature, problem))?;
            token.check_claims(options.at).map_err(|problem| (Topic::Signature, problem))?;
            Ok(Found { members: "The signature covers the whole text.".to_owned(), key: key.words })
        }
    }
}
