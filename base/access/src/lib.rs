//! Who is here and what may they do: people, roles, sign-in, and the policy engine; it knows no page and no capability's tables.

pub mod closures;
pub mod grants;
pub mod identities;
pub mod invitations;
pub mod limits;
pub mod links;
pub mod passkeys;
pub mod passwords;
pub mod people;
pub mod places;
pub mod policy;
pub mod sessions;
pub mod subject;
pub mod tokens;

pub use policy::{Decision, Engine, PolicyError, Target};
pub use subject::Subject;
