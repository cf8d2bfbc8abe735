//! People and actors: who does a thing. Nothing reaches the database without one.

use serde::{Deserialize, Serialize};

use crate::ids::{OrganisationId, PersonId};

/// A person with an account.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Person {
    pub id: PersonId,
    pub name: String,
    pub email: String,
    /// Where they work, as they declared it.
    pub employer: Option<OrganisationId>,
    pub is_illustrative: bool,
}

/// Who makes a change.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// A signed-in person.
    Person(PersonId),
    /// The program itself, in a job named here ("closing the round").
    System(String),
    /// Somebody at the command line of the server, named by the command ("user add").
    Operator(String),
}

impl Actor {
    /// One spelling for the audit trail: `person:…`, `system:…`, `operator:…`.
    pub fn key(&self) -> String {
        match self {
            Self::Person(id) => format!("person:{id}"),
            Self::System(what) => format!("system:{what}"),
            Self::Operator(what) => format!("operator:{what}"),
        }
    }

    pub fn person(&self) -> Option<PersonId> {
        match self {
            Self::Person(id) => Some(*id),
            Self::System(_) | Self::Operator(_) => None,
        }
    }
}
