//! What happens to a review: accepted, declined, written, submitted, reopened, taken away. One unit each; only its assessor writes it.

use hiec_kernel::people::Person;
use hiec_kernel::{BidId, Fingerprint, PersonId, Problem, Timestamp};
use hiec_store::{AuditEvent, Reads, Unit, values};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::rules::{ScoreRule, TypedScore, check_submission, score_rules};
use super::states::{DeclineCause, Edition, Review};
use super::store::{self, StoredReview};
use crate::bids::store::{self as bids, Bid};
use crate::calls::store::Call;
use crate::interests::{actions as interests, store as conflicts};
use crate::pqq::actions::mail;
use crate::ranking::design::{criteria_of, step_of};
use crate::ranking::exact::Exact;
use crate::ranking::totals::Part;

/// A review moved.
#[derive(Serialize, Deserialize)]
pub(crate) struct ReviewMoved {
    pub review: Uuid,
    pub bid: BidId,
    pub assessor: PersonId,
    /// [`Review::key`].
    pub to: String,
    /// What was submitted, where something was.
    pub submitted: Option<RecordedEdition>,
    pub reason: Option<String>,
}

/// An edition as the audit trail keeps it: the scores themselves, and a fingerprint that binds the justifications too.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(crate) struct RecordedEdition {
    pub edition: u32,
    pub scores: Vec<RecordedScore>,
    /// Of the scores with their justifications, in the order of the review.
    pub fingerprint: Fingerprint,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct RecordedScore {
    #[serde(flatten)]
    pub part: Part,
    pub value: Exact,
}

impl RecordedEdition {
    pub(crate) fn of(edition: &Edition) -> Result<Self, serde_json::Error> {
        Ok(Self {
            edition: edition.number,
            scores: edition
                .scores
                .iter()
                .map(|score| RecordedScore { part: score.part.clone(), value: score.value })
                .collect(),
            fingerprint: Fingerprint::of(&edition.scores)?,
        })
    }
}

impl AuditEvent for ReviewMoved {
    const KIND: &'static str = "review.moved";

    fn reason(&self) -> Option<&str> {
        self.reason.as_deref()
    }
}

/// How the call's criteria are scored.
pub(crate) fn rules_of(call: &Call) -> Vec<ScoreRule> {
    let design = call.design();
    score_rules(&criteria_of(&design.criteria), step_of(design.award.score_step))
}

pub(crate) async fn accept_review(unit: &mut Unit, review: Uuid, by: &Person) -> Result<(), Problem> {
    let (mut stored, bid) = own(unit, review, by).await?;
    if let Err(missing) = interests::readiness(unit, &bid.call, by.id).await? {
        let titles: Vec<String> = missing.iter().map(ToString::to_string).collect();
        return Err(Problem::conflict(titles.join(" "), "Then accept the review."));
    }
    stored.review = stored.review.accept()?;
    stored.accepted_at = Some(unit.now());
    keep(unit, &bid.call, &stored, None).await
}

/// Gives the review back. Declined for a conflict, the conflict is declared as well and stands at once.
pub(crate) async fn decline_review(
    unit: &mut Unit,
    review: Uuid,
    by: &Person,
    cause: DeclineCause,
    note: &str,
) -> Result<(), Problem> {
    let (mut stored, bid) = mine(unit, review, by).await?;
    stored.review = stored.review.decline(cause, note)?;
    keep(unit, &bid.call, &stored, Some(format!("{}. {note}", cause.label()))).await?;
    if cause == DeclineCause::Conflict {
        interests::declare_conflict(unit, &bid, by, note).await?;
    }
    Ok(())
}

/// Keeps what was typed, readable or not, complete or not. `seen` is the version the form was made from.
pub(crate) async fn save_draft(
    unit: &mut Unit,
    review: Uuid,
    by: &Person,
    typed: Vec<TypedScore>,
    seen: Option<i64>,
) -> Result<(), Problem> {
    let (mut stored, _) = own(unit, review, by).await?;
    stored.review = stored.review.write()?;
    stored.version = seen.unwrap_or(stored.version);
    stored.draft = typed;
    stored.draft_at = Some(unit.now());
    store::save(unit, &stored).await
}

/// Submits the review: every criterion scored on its scale and justified, before assessment closes by the server's clock.
pub(crate) async fn submit_review(
    unit: &mut Unit,
    review: Uuid,
    by: &Person,
    typed: Vec<TypedScore>,
) -> Result<(), Problem> {
    let (mut stored, bid) = own(unit, review, by).await?;
    let ready = check_submission(&rules_of(&bid.call), &typed).map_err(|faults| {
        let messages: Vec<String> = faults.into_iter().map(|fault| fault.message).collect();
        Problem::invalid(messages.join("; "), "What you typed is kept. Complete the review and submit it again.")
    })?;
    let closes = stored.closes(&bid.call);
    stored.review = stored.review.write()?.submit(ready, unit.now(), closes)?;
    stored.draft = typed;
    stored.draft_at = Some(unit.now());
    stored.submitted_at = Some(unit.now());
    keep(unit, &bid.call, &stored, None).await
}

/// The office asks for another edition, with a reason; `closes` gives more time where the call's has passed.
pub(crate) async fn reopen_review(
    unit: &mut Unit,
    review: Uuid,
    reason: &str,
    closes: Option<Timestamp>,
) -> Result<(), Problem> {
    let (mut stored, bid) = find(unit, review).await?;
    let moderated =
        unit.count("SELECT COUNT(*) AS n FROM competition_moderation WHERE bid_id = $1", values![stored.bid.0]).await?;
    if moderated > 0 {
        return Err(Problem::conflict(
            "Scores of this bid are moderated already",
            "Settle another score in moderation, with the reason; the originals stay as they are.",
        ));
    }
    stored.review = stored.review.reopen(reason)?;
    if closes.is_some() {
        stored.closes_at = closes;
    }
    keep(unit, &bid.call, &stored, Some(reason.trim().to_owned())).await?;
    let body =
        format!("Your review of \"{}\" is open again:\n{}\n\n{}\n", stored.bid_title, reason.trim(), stored.path());
    mail(unit, &bid.call, stored.assessor, "A review is open again", body).await
}

/// The office takes a review away, with a reason; what was submitted stays on the record and no longer counts.
pub(crate) async fn remove_review(unit: &mut Unit, review: Uuid, reason: &str) -> Result<(), Problem> {
    let (mut stored, bid) = find(unit, review).await?;
    stored.review = stored.review.remove(reason)?;
    keep(unit, &bid.call, &stored, Some(reason.trim().to_owned())).await?;
    let body =
        format!("The programme office took the review of \"{}\" off your list:\n{}\n", stored.bid_title, reason.trim());
    mail(unit, &bid.call, stored.assessor, "A review was taken off your list", body).await
}

/// A live review of this person, who has no conflict with the bid.
async fn own(unit: &Unit, review: Uuid, by: &Person) -> Result<(StoredReview, Bid), Problem> {
    let (stored, bid) = mine(unit, review, by).await?;
    if conflicts::stands(unit, stored.bid, by.id).await? {
        return Err(Problem::conflict(
            "A conflict of interest with this bid stands against you",
            "Decline the review. If the conflict is an error, tell the programme office, who can dismiss it with a reason.",
        ));
    }
    Ok((stored, bid))
}

async fn mine(unit: &Unit, review: Uuid, by: &Person) -> Result<(StoredReview, Bid), Problem> {
    let (stored, bid) = find(unit, review).await?;
    if stored.assessor != by.id {
        return Err(Problem::not_found());
    }
    Ok((stored, bid))
}

async fn find(unit: &Unit, review: Uuid) -> Result<(StoredReview, Bid), Problem> {
    let stored = store::by_id(unit, review).await?.ok_or_else(Problem::not_found)?;
    let bid = bids::by_id(unit, stored.bid, unit.now()).await?.ok_or_else(Problem::not_found)?;
    Ok((stored, bid))
}

async fn keep(unit: &mut Unit, call: &Call, stored: &StoredReview, reason: Option<String>) -> Result<(), Problem> {
    store::save(unit, stored).await?;
    let submitted = Review::counts(&stored.review).map(RecordedEdition::of).transpose().map_err(Problem::internal)?;
    let event = ReviewMoved {
        review: stored.id,
        bid: stored.bid,
        assessor: stored.assessor,
        to: stored.review.key().to_owned(),
        submitted,
        reason,
    };
    unit.audit(call.stream(), stored.subject(), &event)?;
    Ok(())
}
