//! The places roles are held in, as people know them: every capability names its own (a call, a bid); nothing here knows their tables.

use std::sync::Arc;

use async_trait::async_trait;
use hiec_kernel::{Role, Scope};
use hiec_store::Database;
use hiec_store::database::StoreError;
use uuid::Uuid;

use crate::policy::Target;

/// A place a role can be held in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Place {
    pub scope: Scope,
    /// As people know it: `NHS London`, `Round of 2009`.
    pub label: String,
    /// The call it lies within, where it lies within one.
    pub within: Option<Uuid>,
    /// The larger places it lies in: whoever appoints there appoints here.
    pub around: Vec<Scope>,
}

impl Place {
    /// A place that lies in no other.
    pub fn new(scope: Scope, label: impl Into<String>) -> Self {
        Self { scope, label: label.into(), within: None, around: Vec::new() }
    }

    /// The place itself, as the policies see it.
    pub fn itself(&self) -> Target {
        let target =
            Target::new(self.scope.kind(), self.scope.id()).scope(self.scope).scopes(self.around.iter().copied());
        match self.within {
            Some(within) => target.within(within),
            None => target,
        }
    }

    /// Giving this role here, as the policies see it. `is_own`: to oneself.
    pub fn appointment(&self, role: Role, is_own: bool) -> Target {
        Target::new("appointment", self.scope.id())
            .scope(self.scope)
            .scopes(self.around.iter().copied())
            .fact("is_own", is_own)
            .fact("is_office_appointment", role.is_office_appointment())
    }
}

/// Names places of some kinds.
#[async_trait]
pub trait Places: Send + Sync {
    /// The places of a kind (`call`) whose name holds the words, in order, at most `limit`.
    async fn find(&self, database: &Database, kind: &str, words: &str, limit: i64) -> Result<Vec<Place>, StoreError>;

    /// The place of a scope; nothing when it is none of these kinds, or is not there.
    async fn named(&self, database: &Database, scope: Scope) -> Result<Option<Place>, StoreError>;
}

/// All places of an installation.
#[derive(Clone, Default)]
pub struct AllPlaces(pub Vec<Arc<dyn Places>>);

impl std::fmt::Debug for AllPlaces {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("AllPlaces").field(&self.0.len()).finish()
    }
}

impl AllPlaces {
    /// The places of these kinds whose name holds the words: kinds in the order given, at most `limit` in all.
    pub async fn find(
        &self,
        database: &Database,
        kinds: &[&str],
        words: &str,
        limit: i64,
    ) -> Result<Vec<Place>, StoreError> {
        let mut found = Vec::new();
        for kind in kinds {
            for places in &self.0 {
                let room = limit - i64::try_from(found.len()).unwrap_or(limit);
                if room > 0 {
                    found.extend(places.find(database, kind, words, room).await?);
                }
            }
        }
        Ok(found)
    }

    /// The place of a scope, where any capability knows it.
    pub async fn named(&self, database: &Database, scope: Scope) -> Result<Option<Place>, StoreError> {
        for places in &self.0 {
            if let Some(place) = places.named(database, scope).await? {
                return Ok(Some(place));
            }
        }
        Ok(None)
    }
}
