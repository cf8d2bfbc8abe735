//! The nouns every capability shares: ids, money, time, people, organisations, roles, problems. It knows no SQL driver and no web framework.

pub mod audit;
pub mod audit_file;
pub mod calendar;
pub mod clock;
pub mod closed_list;
pub mod fingerprint;
pub mod ids;
pub mod money;
pub mod organisations;
pub mod people;
pub mod problem;
pub mod roles;

pub use clock::{Clock, FixedClock, ShiftedClock, SystemClock, Timestamp};
pub use fingerprint::Fingerprint;
pub use ids::{BidId, CallId, ClusterId, OrganisationId, PersonId};
pub use money::Money;
pub use problem::{Problem, ProblemKind};
pub use roles::{Role, Scope};
