//! The subject of a decision: the person (or nobody) with the roles they hold; it decides nothing.

use std::collections::BTreeSet;

use hiec_kernel::people::{Actor, Person};
use hiec_kernel::{Problem, Role, Scope};
use uuid::Uuid;

/// A role held in a scope, and the call that scope lies within, where it lies within one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Held {
    pub role: Role,
    pub scope: Scope,
    pub within: Option<Uuid>,
}

/// Who asks.
#[derive(Clone, Debug, Default)]
pub struct Subject {
    pub person: Option<Person>,
    pub held: Vec<Held>,
    /// For programs: what their token was limited to. `None` for a signed-in person, who is limited by roles alone.
    pub token_scopes: Option<BTreeSet<String>>,
}

impl Subject {
    /// Somebody not signed in.
    pub fn anonymous() -> Self {
        Self::default()
    }

    pub fn is_signed_in(&self) -> bool {
        self.person.is_some()
    }

    /// The actor for a unit of work; nobody acts unsigned.
    pub fn actor(&self) -> Result<Actor, Problem> {
        self.person.as_ref().map(|person| Actor::Person(person.id)).ok_or_else(Problem::sign_in)
    }

    /// Whether the person holds the role anywhere.
    pub fn holds(&self, role: Role) -> bool {
        self.held.iter().any(|held| held.role == role)
    }

    /// Whether the person holds the role in exactly this scope.
    pub fn holds_in(&self, role: Role, scope: Scope) -> bool {
        self.held.iter().any(|held| held.role == role && held.scope == scope)
    }

    /// The scopes' ids in which the role is held.
    pub fn scopes_of(&self, role: Role) -> impl Iterator<Item = Scope> + '_ {
        self.held.iter().filter(move |held| held.role == role).map(|held| held.scope)
    }
}
