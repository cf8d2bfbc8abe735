//! What a partner promises and signs: states and rules; a signature is never carried over to a promise or a budget its signer did not see.
//!
//! What a signature covers: the partner's own commitment, the bid's budget, and the text of the bid, each by fingerprint.
//! A changed commitment or budget must be signed again, for it changes what the partner owes. A changed text need not: a bid is
//! polished until its last hour, and chasing every signatory for a comma would make partners sign unread. It is shown, to the
//! partner and to the lead, as signed for an earlier version, and the partner may sign again at any time before the deadline.

use std::collections::BTreeMap;

use hiec_forms::{Answers, Kind, QuestionSet, Visibilities};
use hiec_kernel::clock::on_page;
use hiec_kernel::organisations::Organisation;
use hiec_kernel::{Fingerprint, Money, PersonId, Timestamp};
use serde::{Deserialize, Serialize};

use super::principles::{Refusal, may_join};
use crate::diagrams::{Diagram, Move};

/// What one partner puts in.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Commitment {
    /// Over the whole term of the cluster.
    pub cash: Money,
    /// What goods, time and space are worth.
    pub in_kind: Money,
    /// What is given in kind, in words; needed when it has a value.
    pub in_kind_description: String,
    /// Who answers for the partner's part: a name.
    pub lead_name: String,
    /// What that person is there: "Medical director".
    pub lead_post: String,
}

/// The versions a signature was given for.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SignedVersion {
    pub commitment: Fingerprint,
    /// Of the bid's money answers.
    pub budget: Fingerprint,
    /// Of all other parts of the bid.
    pub text: Fingerprint,
}

impl SignedVersion {
    /// What a partner would sign now. The budget is every answer of money and every table with a column of money; the text is
    /// all the rest. Answers to questions that are not asked count for neither.
    pub fn of(commitment: &Commitment, set: &QuestionSet, answers: &Answers) -> Result<Self, serde_json::Error> {
        let visibilities = Visibilities::of(set, answers);
        let (mut budget, mut text) = (BTreeMap::new(), BTreeMap::new());
        for (_, question) in set.questions() {
            if let Some(answer) = answers.get(&question.key)
                && visibilities.is_visible(&question.key)
            {
                let part = if is_about_money(&question.kind) { &mut budget } else { &mut text };
                part.insert(question.key.as_str(), answer);
            }
        }
        Ok(Self {
            commitment: Fingerprint::of(commitment)?,
            budget: Fingerprint::of(&budget)?,
            text: Fingerprint::of(&text)?,
        })
    }
}

fn is_about_money(kind: &Kind) -> bool {
    match kind {
        Kind::Money { .. } => true,
        Kind::Table { columns, .. } => columns.iter().any(|column| is_about_money(&column.kind)),
        _ => false,
    }
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Signature {
    pub by: PersonId,
    pub at: Timestamp,
    pub version: SignedVersion,
}

/// Where a partner stands.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum PartnerState {
    Invited(Invited),
    Accepted(Accepted),
    Signed(Signed),
    Declined(Left),
    Withdrawn(Left),
}

/// Asked by the lead, not yet answered.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Invited {
    pub by: PersonId,
    pub at: Timestamp,
}

/// In the partnership, writing its commitment.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Accepted {
    pub by: PersonId,
    pub at: Timestamp,
}

/// In the partnership and signed; earlier signatures stay beside the last.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Signed {
    pub accepted: Accepted,
    pub signature: Signature,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<Signature>,
}

/// Not in the partnership any more, or never.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Left {
    pub by: PersonId,
    pub at: Timestamp,
    pub reason: String,
}

/// Why a commitment cannot be signed.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum CommitmentProblem {
    #[error("Enter cash of £0 or more")]
    NegativeCash,
    #[error("Enter a value in kind of £0 or more")]
    NegativeInKind,
    #[error("Say what is given in kind: staff time, space, equipment. A value alone cannot be checked")]
    InKindNotDescribed,
    #[error("Name the person who answers for your part of the cluster")]
    NoLead,
    #[error("Say what post that person holds")]
    NoLeadPost,
    #[error("Give a reason: the partnership and the record need to know why")]
    NoReason,
}

pub const DIAGRAM: Diagram = Diagram {
    machine: "Partner",
    start: "Invited",
    moves: &[
        Move("Invited", "accept", "Accepted"),
        Move("Invited", "decline", "Declined"),
        Move("Invited", "take back", "Withdrawn"),
        Move("Accepted", "sign", "Signed"),
        Move("Accepted", "withdraw", "Withdrawn"),
        Move("Signed", "sign again", "Signed"),
        Move("Signed", "withdraw", "Withdrawn"),
        Move("Declined", "invite again", "Invited"),
        Move("Withdrawn", "invite again", "Invited"),
    ],
};

/// Invites an organisation; refused when it may not be a partner at all.
pub fn invite(organisation: &Organisation, by: PersonId, now: Timestamp) -> Result<Invited, Refusal> {
    may_join(organisation)?;
    Ok(Invited { by, at: now })
}

impl Invited {
    /// Judged again here, because an organisation's functions may have been put right since it was invited.
    pub fn accept(self, organisation: &Organisation, by: PersonId, now: Timestamp) -> Result<Accepted, Refusal> {
        may_join(organisation)?;
        Ok(Accepted { by, at: now })
    }

    /// Declining needs no reason; one is kept where given.
    pub fn decline(self, by: PersonId, now: Timestamp, reason: impl Into<String>) -> Left {
        Left { by, at: now, reason: reason.into() }
    }

    /// The lead takes the invitation back, so that a silent organisation does not hold the bid.
    pub fn take_back(self, by: PersonId, now: Timestamp, reason: &str) -> Result<Left, Vec<CommitmentProblem>> {
        leave(by, now, reason)
    }
}

impl Accepted {
    pub fn sign(
        self,
        commitment: &Commitment,
        version: SignedVersion,
        by: PersonId,
        now: Timestamp,
    ) -> Result<Signed, Vec<CommitmentProblem>> {
        none_of(commitment_problems(commitment))?;
        Ok(Signed { accepted: self, signature: Signature { by, at: now, version }, earlier: Vec::new() })
    }

    pub fn withdraw(self, by: PersonId, now: Timestamp, reason: &str) -> Result<Left, Vec<CommitmentProblem>> {
        leave(by, now, reason)
    }
}

impl Signed {
    /// Signs what stands now; the signature before stays on the record.
    pub fn sign_again(
        mut self,
        commitment: &Commitment,
        version: SignedVersion,
        by: PersonId,
        now: Timestamp,
    ) -> Result<Self, Vec<CommitmentProblem>> {
        none_of(commitment_problems(commitment))?;
        let signature = Signature { by, at: now, version };
        self.earlier.push(std::mem::replace(&mut self.signature, signature));
        Ok(self)
    }

    pub fn withdraw(self, by: PersonId, now: Timestamp, reason: &str) -> Result<Left, Vec<CommitmentProblem>> {
        leave(by, now, reason)
    }
}

impl Left {
    pub fn invite_again(self, organisation: &Organisation, by: PersonId, now: Timestamp) -> Result<Invited, Refusal> {
        invite(organisation, by, now)
    }
}

fn leave(by: PersonId, now: Timestamp, reason: &str) -> Result<Left, Vec<CommitmentProblem>> {
    if reason.trim().is_empty() {
        return Err(vec![CommitmentProblem::NoReason]);
    }
    Ok(Left { by, at: now, reason: reason.trim().to_owned() })
}

/// What keeps a commitment from being signed; a commitment of nothing but a named lead is a commitment.
pub fn commitment_problems(commitment: &Commitment) -> Vec<CommitmentProblem> {
    let mut problems = Vec::new();
    if commitment.cash < Money::ZERO {
        problems.push(CommitmentProblem::NegativeCash);
    }
    if commitment.in_kind < Money::ZERO {
        problems.push(CommitmentProblem::NegativeInKind);
    }
    if commitment.in_kind > Money::ZERO && commitment.in_kind_description.trim().is_empty() {
        problems.push(CommitmentProblem::InKindNotDescribed);
    }
    if commitment.lead_name.trim().is_empty() {
        problems.push(CommitmentProblem::NoLead);
    }
    if commitment.lead_post.trim().is_empty() {
        problems.push(CommitmentProblem::NoLeadPost);
    }
    problems
}

fn none_of<T>(problems: Vec<T>) -> Result<(), Vec<T>> {
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

impl PartnerState {
    pub fn name(&self) -> &'static str {
        match self {
            Self::Invited(_) => "Invited",
            Self::Accepted(_) => "Accepted",
            Self::Signed(_) => "Signed",
            Self::Declined(_) => "Declined",
            Self::Withdrawn(_) => "Withdrawn",
        }
    }

    /// Whether it counts as a member: it said yes and has not left.
    pub fn is_member(&self) -> bool {
        matches!(self, Self::Accepted(_) | Self::Signed(_))
    }

    /// Whether it is asked and may still say yes.
    pub fn is_pending(&self) -> bool {
        matches!(self, Self::Invited(_))
    }

    /// How this partner's sign-off stands against the bid as it is now. Partners who declined or withdrew have none to give.
    pub fn sign_off(&self, current: &SignedVersion) -> SignOff {
        match self {
            Self::Invited(_) => SignOff::NotAnswered,
            Self::Accepted(_) => SignOff::NotSigned,
            Self::Signed(signed) => standing(&signed.signature, current),
            Self::Declined(_) | Self::Withdrawn(_) => SignOff::NotNeeded,
        }
    }
}

/// How a partner's sign-off stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum SignOff {
    /// For exactly what the bid says now.
    Stands,
    /// For an earlier text; the commitment and the budget are as signed, so it counts.
    StandsForEarlierText {
        signed_at: Timestamp,
    },
    /// The commitment or the budget changed since.
    SignAgain {
        signed_at: Timestamp,
        commitment_changed: bool,
        budget_changed: bool,
    },
    NotSigned,
    /// Invited and silent: it must accept and sign, or be taken off, before the bid can go.
    NotAnswered,
    /// Declined or withdrawn.
    NotNeeded,
}

impl SignOff {
    pub fn allows_submission(&self) -> bool {
        matches!(self, Self::Stands | Self::StandsForEarlierText { .. } | Self::NotNeeded)
    }

    /// As pages and reminders say it, after the partner's name: "has signed".
    pub fn in_words(&self) -> String {
        match self {
            Self::Stands => "has signed".into(),
            Self::StandsForEarlierText { signed_at } => format!(
                "signed an earlier version on {}; its commitment and the budget are unchanged, so the signature counts",
                on_page(*signed_at)
            ),
            Self::SignAgain { signed_at, commitment_changed, budget_changed } => {
                let what = match (commitment_changed, budget_changed) {
                    (true, true) => "its commitment and the budget have",
                    (true, false) => "its commitment has",
                    _ => "the budget has",
                };
                format!("signed on {}, but {what} changed since: it must sign again", on_page(*signed_at))
            }
            Self::NotSigned => "has accepted but not signed".into(),
            Self::NotAnswered => "has not answered the invitation".into(),
            Self::NotNeeded => "is not in the partnership".into(),
        }
    }
}

fn standing(signature: &Signature, current: &SignedVersion) -> SignOff {
    let signed_at = signature.at;
    let commitment_changed = signature.version.commitment != current.commitment;
    let budget_changed = signature.version.budget != current.budget;
    if commitment_changed || budget_changed {
        SignOff::SignAgain { signed_at, commitment_changed, budget_changed }
    } else if signature.version.text != current.text {
        SignOff::StandsForEarlierText { signed_at }
    } else {
        SignOff::Stands
    }
}

#[cfg(test)]
mod tests;
