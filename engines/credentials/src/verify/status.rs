//! Whether a badge was revoked or suspended since, by the list its issuer publishes; it must never believe a list of somebody else's.

use serde_json::Value;

use super::{Options, Report, Secured, Topic, signature};
use crate::{Purpose, StatusList, form, jwt, quoted, required};

const ENTRY: &str = "BitstringStatusListEntry";

pub fn judge(credential: &Value, options: &Options<'_>, report: &mut Report) {
    let entries = match credential.get("credentialStatus") {
        None | Some(Value::Null) => {
            report.note(Topic::Status, Ok("Its issuer made it so that it cannot be revoked.".to_owned()));
            return;
        }
        Some(Value::Array(entries)) => entries.as_slice(),
        Some(one) => std::slice::from_ref(one),
    };
    let mut said = Vec::new();
    for entry in entries {
        match look_up(entry, credential, options) {
            Ok(Looked::NotSet(purpose)) => said.push(purpose),
            Ok(Looked::Nowhere(why)) => {
                report.skip(Topic::Status, &why);
                return;
            }
            Err(problem) => {
                report.note(Topic::Status, Err(problem));
                return;
            }
        }
    }
    let words = match said.is_empty() {
        true => "Its issuer made it so that it cannot be revoked.",
        false => "By the issuer's list, it is neither revoked nor suspended.",
    };
    report.note(Topic::Status, Ok(words.to_owned()));
}

enum Looked {
    NotSet(Purpose),
    /// Nothing to look it up in.
    Nowhere(String),
}

fn look_up(entry: &Value, credential: &Value, options: &Options<'_>) -> Result<Looked, String> {
    let kind =
        entry.get("type").and_then(Value::as_str).ok_or("Its entry in a status list does not say what it is.")?;
    if kind != ENTRY {
        return Ok(Looked::Nowhere(format!("It can be revoked by {}, which is not read here.", quoted(kind))));
    }
    let member = |name: &str| {
        entry.get(name).and_then(Value::as_str).ok_or_else(|| format!("Its entry in a status list has no {name}."))
    };
    let purpose = match member("statusPurpose")? {
        "revocation" => Purpose::Revocation,
        "suspension" => Purpose::Suspension,
        other => {
            return Ok(Looked::Nowhere(format!("Its status list is for {}, which is not read here.", quoted(other))));
        }
    };
    let index: usize =
        member("statusListIndex")?.parse().map_err(|_| "Its place in the status list is no number.".to_owned())?;
    let address = member("statusListCredential")?;
    let mut seen = None;
    for file in options.status_lists {
        match read(file, address, credential, options) {
            Ok(Some(list)) => {
                seen = Some(list);
                break;
            }
            Ok(None) => {}
            Err(problem) => return Err(format!("The status list {} cannot be believed: {problem}", quoted(address))),
        }
    }
    let Some(list) = seen else {
        return Ok(Looked::Nowhere(format!(
            "whether it was revoked since was not looked up. Its issuer's list stands at {}; give it along.",
            quoted(address)
        )));
    };
    if list.purpose != purpose {
        return Err("The status list at that address is for another purpose than the badge says.".to_owned());
    }
    match (list.is_set(index), purpose) {
        (None, _) => Err(format!("The status list has no entry numbered {index}.")),
        (Some(true), Purpose::Revocation) => Err("Its issuer has revoked it.".to_owned()),
        (Some(true), Purpose::Suspension) => Err("Its issuer has suspended it for now.".to_owned()),
        (Some(false), purpose) => Ok(Looked::NotSet(purpose)),
    }
}

/// The list, where this file is the one at the address.
fn read(file: &[u8], address: &str, badge: &Value, options: &Options<'_>) -> Result<Option<StatusList>, String> {
    let text = std::str::from_utf8(file).map_err(|_| "it is not text.".to_owned())?.trim();
    let secured = Secured::read(text).map_err(|problem| format!("{problem}."))?;
    let list = secured.credential();
    let id = list.get("id").and_then(Value::as_str);
    let subject = list.get("credentialSubject").and_then(|subject| subject.get("id")).and_then(Value::as_str);
    let is_asked_for = id == Some(address) || subject == Some(address) || subject == Some(&format!("{address}#list"));
    if !is_asked_for {
        return Ok(None);
    }
    if jwt::issuer(list) != jwt::issuer(badge) {
        return Err("another issuer made it.".to_owned());
    }
    form::contexts(list)?;
    required::check_list_type(list).map_err(|problem| format!("{problem}."))?;
    required::check_window(list, options.at).map_err(|problem| problem.replacen("It ", "it ", 1))?;
    signature(&secured, options, true).map_err(|(_, problem)| problem)?;
    StatusList::read(list).map(Some).map_err(|problem| format!("{problem}."))
}
