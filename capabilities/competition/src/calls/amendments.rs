//! A call's life on paper: drafted, published with a fingerprint, amended by number; what was published is never changed in place.

use hiec_kernel::{Fingerprint, PersonId, Timestamp};
use serde::{Deserialize, Serialize};

use super::design::{CallDesign, Milestone, MilestoneKey};
use super::differences::{Difference, differences};
use super::problems::{DesignProblem, blocking, design_problems};
use crate::diagrams::{Diagram, Move};

/// A deadline brought forward must leave bidders at least this long, unless the amendment says it means it.
pub const SHORT_NOTICE_DAYS: i64 = 10;

/// A call and everything that was ever published of it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum CallState {
    Draft(Draft),
    Published(Published),
    Amended(Amended),
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Draft {
    pub design: CallDesign,
}

/// What everyone is told, frozen.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Published {
    pub design: CallDesign,
    pub fingerprint: Fingerprint,
    pub by: PersonId,
    pub at: Timestamp,
}

/// What was published first, and every amendment since, oldest first.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Amended {
    pub published: Published,
    pub amendments: Vec<Amendment>,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Amendment {
    /// 1 for the first.
    pub number: u32,
    pub reason: String,
    pub differences: Vec<Difference>,
    pub design: CallDesign,
    pub fingerprint: Fingerprint,
    pub by: PersonId,
    pub at: Timestamp,
}

/// A change somebody wants to make to a published call.
#[derive(Clone, Debug)]
pub struct Proposal {
    pub design: CallDesign,
    pub reason: String,
    /// Ticked when a deadline may be brought forward to less than [`SHORT_NOTICE_DAYS`] from now.
    pub accepts_short_notice: bool,
}

/// Why a call was not published or amended.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum CallRefusal {
    #[error("{}", .0.message)]
    Design(DesignProblem),
    #[error(
        "Give the reason for the amendment: it is sent to everyone registered, with the difference"
    )]
    NoReason,
    #[error("Nothing would change. Change the call first, or leave it as it is")]
    NoDifference,
    #[error(
        "The deadline of “{milestone}” has passed and cannot be moved any more: some kept to it. Start a new call instead"
    )]
    DeadlinePassed { milestone: String },
    #[error("“{milestone}” would close in the past. Choose a time still to come")]
    ClosesInThePast { milestone: String },
    #[error(
        "“{milestone}” would close sooner than before, in less than {SHORT_NOTICE_DAYS} days. Choose a later time, or tick that you mean it"
    )]
    ShortNotice { milestone: String },
    #[error("The call’s key names it in receipts and addresses and stays as published")]
    KeyChanged,
    #[error("The design could not be written down for its fingerprint. Tell the operator")]
    NotFingerprinted,
}

pub const DIAGRAM: Diagram = Diagram {
    machine: "Call",
    start: "Draft",
    moves: &[
        Move("Draft", "publish", "Published"),
        Move("Published", "amend", "Amended"),
        Move("Amended", "amend", "Amended"),
    ],
};

impl Draft {
    /// Freezes the design, unless something blocks.
    pub fn publish(self, by: PersonId, now: Timestamp) -> Result<Published, Vec<CallRefusal>> {
        let mut refusals = design_refusals(&self.design);
        for milestone in deadlines(&self.design) {
            if milestone.closes.is_some_and(|at| at <= now) {
                refusals.push(CallRefusal::ClosesInThePast {
                    milestone: milestone.name.clone(),
                });
            }
        }
        if !refusals.is_empty() {
            return Err(refusals);
        }
        Ok(Published {
            fingerprint: fingerprint(&self.design)?,
            design: self.design,
            by,
            at: now,
        })
    }
}

impl Published {
    pub fn amend(
        self,
        proposal: Proposal,
        by: PersonId,
        now: Timestamp,
    ) -> Result<Amended, Vec<CallRefusal>> {
        let first = amendment(&self.design, 1, proposal, by, now)?;
        Ok(Amended {
            published: self,
            amendments: vec![first],
        })
    }
}

impl Amended {
    pub fn amend(
        mut self,
        proposal: Proposal,
        by: PersonId,
        now: Timestamp,
    ) -> Result<Self, Vec<CallRefusal>> {
        let number = u32::try_from(self.amendments.len())
            .unwrap_or(u32::MAX)
            .saturating_add(1);
        let next = amendment(self.design(), number, proposal, by, now)?;
        self.amendments.push(next);
        Ok(self)
    }

    /// The design in force.
    pub fn design(&self) -> &CallDesign {
        self.amendments
            .last()
            .map_or(&self.published.design, |amendment| &amendment.design)
    }
}

impl CallState {
    pub fn name(&self) -> &'static str {
        match self {
            Self::Draft(_) => "Draft",
            Self::Published(_) => "Published",
            Self::Amended(_) => "Amended",
        }
    }

    /// The design in force, or as drafted.
    pub fn design(&self) -> &CallDesign {
        match self {
            Self::Draft(draft) => &draft.design,
            Self::Published(published) => &published.design,
            Self::Amended(amended) => amended.design(),
        }
    }

    /// Of the design in force; a draft has none.
    pub fn fingerprint(&self) -> Option<&Fingerprint> {
        match self {
            Self::Draft(_) => None,
            Self::Published(published) => Some(&published.fingerprint),
            Self::Amended(amended) => amended
                .amendments
                .last()
                .map(|amendment| &amendment.fingerprint)
                .or(Some(&amended.published.fingerprint)),
        }
    }

    /// Every amendment, oldest first.
    pub fn amendments(&self) -> &[Amendment] {
        match self {
            Self::Draft(_) | Self::Published(_) => &[],
            Self::Amended(amended) => &amended.amendments,
        }
    }
}

/// Works out one amendment, or every reason against it.
fn amendment(
    old: &CallDesign,
    number: u32,
    proposal: Proposal,
    by: PersonId,
    now: Timestamp,
) -> Result<Amendment, Vec<CallRefusal>> {
    let mut refusals = refusals(old, &proposal, now);
    let found = differences(old, &proposal.design);
    if found.is_empty() {
        refusals.push(CallRefusal::NoDifference);
    }
    if !refusals.is_empty() {
        return Err(refusals);
    }
    Ok(Amendment {
        number,
        reason: proposal.reason.trim().to_owned(),
        differences: found,
        fingerprint: fingerprint(&proposal.design)?,
        design: proposal.design,
        by,
        at: now,
    })
}

/// Everything against a proposal but that it changes nothing; for the page that shows the difference before it is sent.
pub fn refusals(old: &CallDesign, proposal: &Proposal, now: Timestamp) -> Vec<CallRefusal> {
    let mut refusals = design_refusals(&proposal.design);
    if proposal.reason.trim().is_empty() {
        refusals.push(CallRefusal::NoReason);
    }
    if old.key != proposal.design.key {
        refusals.push(CallRefusal::KeyChanged);
    }
    for key in MilestoneKey::ALL
        .iter()
        .copied()
        .filter(|key| key.is_deadline())
    {
        let closing = |design: &CallDesign| design.milestone(key).and_then(|m| m.closes);
        let (before, after) = (closing(old), closing(&proposal.design));
        if before == after {
            continue;
        }
        let milestone = proposal
            .design
            .milestone(key)
            .or_else(|| old.milestone(key))
            .map_or_else(|| key.label().to_owned(), |m| m.name.clone());
        if before.is_some_and(|at| at <= now) {
            refusals.push(CallRefusal::DeadlinePassed { milestone });
        } else if after.is_some_and(|at| at <= now) {
            refusals.push(CallRefusal::ClosesInThePast { milestone });
        } else if !proposal.accepts_short_notice && is_short_notice(before, after, now) {
            refusals.push(CallRefusal::ShortNotice { milestone });
        }
    }
    refusals
}

fn is_short_notice(before: Option<Timestamp>, after: Option<Timestamp>, now: Timestamp) -> bool {
    let is_sooner = match (before, after) {
        (Some(before), Some(after)) => after < before,
        (None, Some(_)) => true,
        (_, None) => false,
    };
    is_sooner && after.is_some_and(|at| at - now < chrono::Duration::days(SHORT_NOTICE_DAYS))
}

fn deadlines(design: &CallDesign) -> impl Iterator<Item = &Milestone> {
    design
        .milestones
        .iter()
        .filter(|milestone| milestone.key.is_deadline())
}

fn design_refusals(design: &CallDesign) -> Vec<CallRefusal> {
    blocking(&design_problems(design))
        .into_iter()
        .map(CallRefusal::Design)
        .collect()
}

fn fingerprint(design: &CallDesign) -> Result<Fingerprint, Vec<CallRefusal>> {
    design
        .fingerprint()
        .map_err(|_| vec![CallRefusal::NotFingerprinted])
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use hiec_kernel::clock::from_london;
    use uuid::Uuid;

    use super::*;
    use crate::calls::facts::call_2009;

    fn at(typed: &str) -> Timestamp {
        from_london(typed).unwrap()
    }

    fn officer() -> PersonId {
        PersonId(Uuid::from_u128(7))
    }

    fn draft() -> Draft {
        Draft {
            design: call_2009().unwrap().clone(),
        }
    }

    fn published() -> Published {
        draft().publish(officer(), at("2009-05-07 09:00")).unwrap()
    }

    fn proposal(change: impl FnOnce(&mut CallDesign)) -> Proposal {
        let mut design = call_2009().unwrap().clone();
        change(&mut design);
        Proposal {
            design,
            reason: "Regions asked for it".into(),
            accepts_short_notice: false,
        }
    }

    fn close(design: &mut CallDesign, key: MilestoneKey, typed: &str) {
        let milestone = design.milestones.iter_mut().find(|m| m.key == key).unwrap();
        milestone.closes = Some(at(typed));
    }

    #[test]
    fn every_move_of_the_diagram_happens() {
        let first = proposal(|d| d.summary.push_str(" More."));
        let second = proposal(|d| d.summary.push_str(" Still more."));
        let now = at("2009-06-01 09:00");
        let mut walked = BTreeSet::new();
        let states = [
            CallState::Draft(draft()),
            CallState::Published(published()),
            CallState::Amended(published().amend(first.clone(), officer(), now).unwrap()),
            CallState::Amended(
                published()
                    .amend(first, officer(), now)
                    .unwrap()
                    .amend(second, officer(), now)
                    .unwrap(),
            ),
        ];
        for (pair, act) in states.windows(2).zip(["publish", "amend", "amend"]) {
            walked.insert(Move(pair[0].name(), act, pair[1].name()));
        }
        assert_eq!(walked, DIAGRAM.moves.iter().copied().collect());
        let numbers: Vec<u32> = states[3].amendments().iter().map(|a| a.number).collect();
        assert_eq!(numbers, [1, 2]);
        let prints: BTreeSet<_> = states.iter().filter_map(CallState::fingerprint).collect();
        assert_eq!(prints.len(), 3, "each version has a fingerprint of its own");
    }

    #[test]
    fn an_amendment_shows_what_changes_and_why() {
        let amended = published()
            .amend(
                proposal(|d| close(d, MilestoneKey::Bidding, "2009-10-30 17:00")),
                officer(),
                at("2009-10-01 09:00"),
            )
            .unwrap();
        let amendment = &amended.amendments[0];
        assert_eq!(amendment.reason, "Regions asked for it");
        assert_eq!(amendment.differences.len(), 1);
        let line = &amendment.differences[0];
        assert_eq!(line.before.as_deref(), Some("19 October 2009 at 5:00pm"));
        assert_eq!(line.after.as_deref(), Some("30 October 2009 at 5:00pm"));
        assert_eq!(
            amendment.fingerprint,
            amendment.design.fingerprint().unwrap()
        );
        assert_ne!(amendment.fingerprint, amended.published.fingerprint);
    }

    #[test]
    fn what_is_not_fair_is_refused_with_the_reason() {
        let now = at("2009-10-12 09:00");
        let attempt = |proposal: Proposal| published().amend(proposal, officer(), now).unwrap_err();
        assert_eq!(attempt(proposal(|_| ())), [CallRefusal::NoDifference]);
        let without_reason = Proposal {
            reason: " \n".into(),
            ..proposal(|d| d.summary.push('!'))
        };
        assert_eq!(attempt(without_reason), [CallRefusal::NoReason]);
        assert!(matches!(
            attempt(proposal(|d| close(
                d,
                MilestoneKey::Dialogue,
                "2009-10-16 17:00"
            )))[..],
            [CallRefusal::DeadlinePassed { .. }]
        ));
        assert!(matches!(
            attempt(proposal(|d| close(
                d,
                MilestoneKey::Bidding,
                "2009-10-11 17:00"
            )))[..],
            [CallRefusal::ClosesInThePast { .. }]
        ));
        assert!(matches!(
            attempt(proposal(|d| d.award.budget = hiec_kernel::Money::ZERO))[..],
            [CallRefusal::Design(_)]
        ));
        assert_eq!(
            attempt(proposal(|d| d.key = "other".into())),
            [CallRefusal::KeyChanged]
        );
    }

    #[test]
    fn short_notice_must_be_meant() {
        let now = at("2009-10-12 09:00");
        let sooner = proposal(|d| close(d, MilestoneKey::Bidding, "2009-10-16 17:00"));
        assert!(matches!(
            published()
                .amend(sooner.clone(), officer(), now)
                .unwrap_err()[..],
            [CallRefusal::ShortNotice { .. }]
        ));
        let meant = Proposal {
            accepts_short_notice: true,
            ..sooner
        };
        assert!(published().amend(meant, officer(), now).is_ok());
        let later = proposal(|d| close(d, MilestoneKey::Bidding, "2009-10-20 17:00"));
        assert!(
            published().amend(later, officer(), now).is_ok(),
            "later is no hardship"
        );
    }

    #[test]
    fn a_call_whose_deadline_is_over_is_not_published() {
        let refusals = draft()
            .publish(officer(), at("2009-10-20 09:00"))
            .unwrap_err();
        assert!(
            refusals
                .iter()
                .any(|r| matches!(r, CallRefusal::ClosesInThePast { .. }))
        );
    }
}
