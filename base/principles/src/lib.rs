//! The principles a partnership is held to, while it bids and for its whole life as a cluster: rules, and a check that says met, not met or unclear, why, and what would mend it. It advises and never scores, and knows no page and no table.
//!
//! Only partners who said yes count as present. What an invited partner would add makes a verdict *unclear*, not *met*: nothing may
//! rest on a partner who has not answered. A principle with several parts is met when all are shown, not met when one that
//! decides is missing, and unclear in between.

mod check;
mod rules;
mod verdicts;
mod written;

pub use check::{Finding, Partner, Presence, Refusal, Snapshot, Verdict, check, may_join};
pub use rules::{Citation, LegalForm, LegalStanding, Principle, PrincipleRule, Rules};
pub use written::says_something;
