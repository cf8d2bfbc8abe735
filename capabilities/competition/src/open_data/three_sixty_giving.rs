//! A 360Giving 1.4 package of the round's awards, exactly as the schema has it; a round without an award has none, since the standard knows no empty package.

use hiec_kernel::clock;
use serde_json::{Value, json};

use super::LICENCE;
use super::grants::{Grant, grants};
use super::identifiers::escaped;
use super::round::PublicRound;

/// The package, or nothing before the first award: the standard asks for at least one grant.
pub fn three_sixty_giving(round: &PublicRound) -> Option<Value> {
    package(round, &grants(round))
}

/// The package around these grants, for instance ones read back from CSV.
pub fn package(round: &PublicRound, grants: &[Grant]) -> Option<Value> {
    if grants.is_empty() {
        return None;
    }
    let publisher = &round.publisher;
    let grants: Vec<Value> = grants.iter().map(Grant::to_json).collect();
    Some(json!({
        "version": "1.4",
        "title": format!("{}: awards", round.call.title),
        "description": format!("Awards of the call {} of {}. Values marked illustrative were made up for demonstration.", round.call.title, round.programme),
        "identifier": format!("{}-{}", publisher.three_sixty_prefix, escaped(&round.call.reference)),
        "issued": clock::london_date(round.awards.iter().map(|award| award.announced).min().unwrap_or(round.modified)).to_string(),
        "modified": clock::iso(round.modified),
        "publisher": { "name": publisher.name, "website": publisher.address.as_str() },
        "license": LICENCE,
        "accessURL": publisher.address.below("open-data/"),
        "downloadURL": publisher.address.below("open-data/360giving.json"),
        "grants": grants,
    }))
}
