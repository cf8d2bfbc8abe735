//! Agents and groups: who a statement is about or by, brought into one spelling.

use serde_json::{Map, Value};

use super::Checking;
use super::fields::{LONGEST_NAME, iri, known, object};

/// An agent or a group, in one spelling; exactly one field says who it is, or for a group its members do.
pub(super) fn agent(value: &Value, place: &str) -> Checking<String> {
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
        for member in members {
            if member.get("objectType").is_some_and(|kind| kind != "Agent") {
                return Err(format!("{place}.member holds a Group: a group's members are Agents"));
            }
            agent(member, &format!("{place}.member"))?;
        }
    }
    let mut found = Vec::new();
    if let Some(mbox) = fields.get("mbox") {
        let mbox = mbox.as_str().unwrap_or_default();
        let address = mbox.strip_prefix("mailto:").filter(|address| {
            address.contains('@') && !address.contains(char::is_whitespace) && address.len() < LONGEST_NAME
        });
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
        let key = account_key(&home, name);
        if key.len() > LONGEST_NAME {
            return Err(format!("{account_place} is longer than {LONGEST_NAME} bytes"));
        }
        found.push(key);
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

/// An identified agent or group in the spellings of `/xapi/agents`: each field a list of what is known.
pub(crate) fn person(value: &Value) -> Checking<Value> {
    agent(value, "agent")?;
    let mut person = Map::from_iter([("objectType".to_owned(), Value::from("Person"))]);
    for name in ["name", "mbox", "mbox_sha1sum", "openid", "account"] {
        if let Some(known) = value.get(name) {
            person.insert(name.to_owned(), Value::from(vec![known.clone()]));
        }
    }
    Ok(Value::Object(person))
}

/// Who vouches for a statement: an agent, or the two that OAuth makes of one.
pub(super) fn authority(value: &Value) -> Checking<()> {
    agent(value, "authority")?;
    let members = value.get("member").and_then(Value::as_array).map(Vec::len);
    match value.get("objectType").and_then(Value::as_str) {
        Some("Group") if members != Some(2) => Err("authority is a Group of other than two members".to_owned()),
        _ => Ok(()),
    }
}
