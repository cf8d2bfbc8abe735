//! Documents of xAPI as stored: one row a document, named by all it belongs to.

use hiec_access::sessions::hashed;
use hiec_kernel::Timestamp;
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, Unit, Value, values};
use uuid::Uuid;

/// Which of the three resources a document is of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    State,
    ActivityProfile,
    AgentProfile,
}

impl Kind {
    fn key(self) -> &'static str {
        match self {
            Self::State => "state",
            Self::ActivityProfile => "activity_profile",
            Self::AgentProfile => "agent_profile",
        }
    }
}

/// All documents of an activity, of somebody, or of somebody in an activity. What does not belong to the kind is empty.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Shelf {
    pub provider: Uuid,
    pub kind: Kind,
    pub activity: String,
    pub agent: String,
    /// Nothing where any is meant.
    pub registration: Option<String>,
}

impl Shelf {
    /// Where one of them is. Each part is told apart by its length, so that no two places have one name.
    fn place(&self, name: &str) -> String {
        let parts = [
            self.provider.to_string(),
            self.kind.key().to_owned(),
            self.activity.clone(),
            self.agent.clone(),
            self.registration.clone().unwrap_or_default(),
            name.to_owned(),
        ];
        hashed(&parts.map(|part| format!("{}:{part}", part.len())).concat())
    }

    fn condition(&self) -> (String, Vec<Value>) {
        let mut bound: Vec<Value> = values![self.provider, self.kind.key(), self.activity.clone(), self.agent.clone()];
        let mut sql = "provider_id = $1 AND kind = $2 AND activity = $3 AND agent = $4".to_owned();
        if let Some(registration) = &self.registration {
            bound.extend(values![registration.clone()]);
            sql.push_str(" AND registration = $5");
        }
        (sql, bound)
    }
}

#[derive(Clone, PartialEq, Eq, Debug, FromQueryResult)]
pub(crate) struct Document {
    pub content_type: String,
    pub content: Vec<u8>,
    pub tag: String,
    pub updated_at: Timestamp,
}

pub(crate) async fn document(reads: &impl Reads, shelf: &Shelf, name: &str) -> Result<Option<Document>, StoreError> {
    let sql = "SELECT content_type, content, tag, updated_at FROM education_xapi_document WHERE place_hash = $1";
    reads.one(sql, values![shelf.place(name)]).await
}

/// The same, held against others who change it until the unit ends.
pub(crate) async fn held(unit: &Unit, shelf: &Shelf, name: &str) -> Result<Option<Document>, StoreError> {
    let lock = unit.dialect().for_update();
    let sql = format!(
        "SELECT content_type, content, tag, updated_at FROM education_xapi_document WHERE place_hash = $1{lock}"
    );
    unit.one(&sql, values![shelf.place(name)]).await
}

/// The names of those changed after a moment, in their order.
pub(crate) async fn names(
    reads: &impl Reads,
    shelf: &Shelf,
    since: Option<Timestamp>,
) -> Result<Vec<String>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        name: String,
    }
    let (mut condition, mut bound) = shelf.condition();
    if let Some(since) = since {
        bound.extend(values![since]);
        condition.push_str(&format!(" AND updated_at > ${}", bound.len()));
    }
    let sql = format!("SELECT DISTINCT name FROM education_xapi_document WHERE {condition} ORDER BY name");
    Ok(reads.all::<Row>(&sql, bound).await?.into_iter().map(|row| row.name).collect())
}

/// Puts a document in its place; false where another came there first.
pub(crate) async fn put(
    unit: &Unit,
    shelf: &Shelf,
    name: &str,
    document: &Document,
    before: Option<&str>,
) -> Result<bool, StoreError> {
    let changed = match before {
        Some(before) => {
            unit.execute(
                "UPDATE education_xapi_document SET content_type = $2, content = $3, tag = $4, updated_at = $5 \
                 WHERE place_hash = $1 AND tag = $6",
                values![
                    shelf.place(name),
                    document.content_type.as_str(),
                    document.content.clone(),
                    document.tag.as_str(),
                    document.updated_at,
                    before
                ],
            )
            .await?
        }
        None => {
            unit.execute(
                "INSERT INTO education_xapi_document (place_hash, provider_id, kind, activity, agent, registration, name, content_type, \
                 content, tag, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (place_hash) DO NOTHING",
                values![
                    shelf.place(name),
                    shelf.provider,
                    shelf.kind.key(),
                    shelf.activity.as_str(),
                    shelf.agent.as_str(),
                    shelf.registration.clone().unwrap_or_default(),
                    name,
                    document.content_type.as_str(),
                    document.content.clone(),
                    document.tag.as_str(),
                    document.updated_at
                ],
            )
            .await?
        }
    };
    Ok(changed > 0)
}

pub(crate) async fn remove(unit: &Unit, shelf: &Shelf, name: &str) -> Result<(), StoreError> {
    unit.execute("DELETE FROM education_xapi_document WHERE place_hash = $1", values![shelf.place(name)]).await?;
    Ok(())
}

/// Removes all on a shelf.
pub(crate) async fn clear(unit: &Unit, shelf: &Shelf) -> Result<(), StoreError> {
    let (condition, bound) = shelf.condition();
    unit.execute(&format!("DELETE FROM education_xapi_document WHERE {condition}"), bound).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_places_have_one_name() {
        let shelf = |activity: &str, agent: &str| Shelf {
            provider: Uuid::nil(),
            kind: Kind::State,
            activity: activity.into(),
            agent: agent.into(),
            registration: None,
        };
        assert_ne!(shelf("ab", "c").place("d"), shelf("a", "bc").place("d"));
        assert_ne!(shelf("a", "b").place("cd"), shelf("a", "bc").place("d"));
        let other = Shelf { kind: Kind::AgentProfile, ..shelf("a", "b") };
        assert_ne!(shelf("a", "b").place("c"), other.place("c"));
    }
}
