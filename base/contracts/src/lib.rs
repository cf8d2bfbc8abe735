//! Where capabilities meet: read-only ports one offers and another asks, and events one sends and another hears. It holds no rule and no table.
//!
//! The program puts each port into its services at start ([`ClustersPort`], [`AwardsPort`], [`WorkPort`]); a capability asks
//! for it there and never names the other crate. An event is a job of a kind named here, put into the unit that made the change.

pub mod awards;
pub mod clusters;
pub mod demonstration;
pub mod work;

pub use awards::{Award, Awards, AwardsPort, Statement};
pub use clusters::{Breach, ClusterSeen, Clusters, ClustersPort, MoneyStanding, PartnerSeen, RiskSeen, Standing};
pub use work::{Figure, PathwaySeen, ProjectSeen, Work, WorkPort};
