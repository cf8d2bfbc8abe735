//! Who did something, in words, from the name the audit trail has for them.

use hiec_access::people;
use hiec_kernel::PersonId;
use hiec_store::{Reads, StoreError};

/// `Fay Facilitson` for `person:…`; programs and systems by their own name.
pub(crate) async fn who(reads: &impl Reads, actor: &str) -> Result<String, StoreError> {
    let person = match actor.strip_prefix("person:").and_then(|id| id.parse::<PersonId>().ok()) {
        Some(id) => people::by_id(reads, id).await?,
        None => None,
    };
    Ok(person.map_or_else(|| actor.to_owned(), |person| person.name))
}
