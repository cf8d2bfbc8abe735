//! Actors of the trail in words: people by their name, the program and its operator as such.

use std::collections::BTreeMap;

use hiec_access::people;
use hiec_kernel::{PersonId, Problem};
use hiec_store::Reads;

/// Names for the actors a page shows.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names(BTreeMap<String, String>);

impl Names {
    /// Looks the people among these actors (`person:…`) up.
    pub(crate) async fn of(reads: &impl Reads, actors: &[&str]) -> Result<Self, Problem> {
        let mut names = BTreeMap::new();
        for actor in actors {
            if names.contains_key(*actor) {
                continue;
            }
            names.insert((*actor).to_owned(), name(reads, actor).await?);
        }
        Ok(Self(names))
    }

    pub(crate) fn get(&self, actor: &str) -> &str {
        self.0.get(actor).map_or("somebody", String::as_str)
    }
}

async fn name(reads: &impl Reads, actor: &str) -> Result<String, Problem> {
    Ok(match actor.split_once(':') {
        Some(("person", id)) => match id.parse::<PersonId>() {
            Ok(id) => people::by_id(reads, id).await?.map_or_else(|| "somebody".to_owned(), |person| person.name),
            Err(_) => "somebody".to_owned(),
        },
        Some(("operator", what)) => format!("the operator ({what})"),
        Some(("system", what)) => format!("the program ({what})"),
        _ => "somebody".to_owned(),
    })
}
