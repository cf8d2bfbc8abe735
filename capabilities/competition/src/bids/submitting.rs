//! Submitting, replacing and withdrawing: what is taken is sealed with a receipt, what is not says everything that is lacking; the server's clock alone decides.

use hiec_kernel::people::Person;
use hiec_kernel::{BidId, Fingerprint, Problem};
use hiec_store::database::StoreError;
use hiec_store::{AuditEvent, Reads, Unit, values};
use serde::{Deserialize, Serialize};

use super::completeness::{Standing, standing};
use super::papers::{Paper, pqq_state};
use super::receipts::{Receipt, receipt_number};
use super::sealed;
use super::shortfalls::Shortfall;
use super::states::{BidState, Entry};
use super::store::{self, Bid};
use crate::calls::design::MilestoneKey;
use crate::calls::stages::{Deadline, is_pqq_open};
use crate::calls::store::Call;
use crate::partnerships::joining::{everyone, letter};
use crate::pqq::rules::{PqqState, Submitted as PqqSubmitted};

/// A paper was submitted; the figures are the receipt's.
#[derive(Serialize, Deserialize)]
pub(crate) struct PaperSubmitted {
    pub bid: BidId,
    pub paper: Paper,
    pub receipt: String,
    pub overall: Fingerprint,
    pub replaces: Option<String>,
}

impl AuditEvent for PaperSubmitted {
    const KIND: &'static str = "bid.submitted";
}

/// A bid was taken back before the deadline.
#[derive(Serialize)]
struct BidWithdrawn {
    bid: BidId,
    receipt: String,
    reason: String,
}

impl AuditEvent for BidWithdrawn {
    const KIND: &'static str = "bid.withdrawn";

    fn reason(&self) -> Option<&str> {
        Some(&self.reason)
    }
}

/// Why a submission was not taken.
#[derive(Clone, Debug)]
pub(crate) enum NotTaken {
    /// Everything that is lacking, the clock first.
    Lacking(Vec<Shortfall>),
    Problem(Problem),
}

impl From<Problem> for NotTaken {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl From<StoreError> for NotTaken {
    fn from(error: StoreError) -> Self {
        Self::Problem(error.into())
    }
}

impl From<NotTaken> for Problem {
    fn from(refused: NotTaken) -> Self {
        match refused {
            NotTaken::Problem(problem) => problem,
            NotTaken::Lacking(shortfalls) => {
                let all: Vec<String> = shortfalls.iter().map(|one| format!("{} {}", one.what(), one.mend())).collect();
                Problem::conflict("This is not submitted", all.join(" "))
            }
        }
    }
}

/// Submits the bid, or submits it again in the place of what is sealed. Receipts go to everyone in the bid.
pub(crate) async fn submit_bid(unit: &mut Unit, bid: &Bid, by: &Person) -> Result<Receipt, NotTaken> {
    let (bid, deadline) = held(unit, bid, Paper::Bid).await?;
    not_before_it_opens(&bid, unit)?;
    let standing = standing(unit, &bid, Paper::Bid).await?;
    let entry = entry(unit, &bid, by, deadline, &standing).await?;
    let now = unit.now();
    let refused = |lacking| NotTaken::Lacking(lacking);
    let (submitted, replaces) = match bid.state.clone() {
        BidState::Draft(draft) => (draft.submit(entry, now).map_err(refused)?, None),
        BidState::Submitted(submitted) if submitted.late.is_none() => {
            let before = submitted.submission.receipt.number.clone();
            (submitted.replace(entry, now).map_err(refused)?, Some(before))
        }
        BidState::Withdrawn(withdrawn) => {
            let draft = withdrawn
                .resume(deadline, now)
                .map_err(|refusal| Problem::conflict(refusal.to_string(), "Write to the programme office."))?;
            (draft.submit(entry, now).map_err(refused)?, None)
        }
        BidState::NotSubmitted(_) | BidState::LateProposed(_) => {
            return Err(NotTaken::Lacking(vec![Shortfall::Late { deadline }]));
        }
        BidState::Submitted(_) | BidState::Opened(_) => {
            return Err(Problem::conflict(
                "This bid is in and can no longer be replaced",
                "Nothing was changed. If it must change, write to the programme office.",
            )
            .into());
        }
    };
    let receipt = submitted.submission.receipt.clone();
    store::save_state(unit, &bid, &BidState::Submitted(submitted)).await?;
    taken(unit, &bid, by, &standing, &receipt, replaces).await?;
    Ok(receipt)
}

/// Submits the questionnaire, or submits it again; partners sign the bid, not the questionnaire.
pub(crate) async fn submit_pqq(unit: &mut Unit, bid: &Bid, by: &Person) -> Result<Receipt, NotTaken> {
    let (bid, deadline) = held(unit, bid, Paper::Pqq).await?;
    let opens = bid.call.design().milestone(MilestoneKey::Pqq).and_then(|milestone| milestone.opens);
    if deadline.admits(unit.now()) && !is_pqq_open(bid.call.design(), &bid.call.acts, unit.now()) {
        return Err(not_open_yet("Questionnaires are", opens).into());
    }
    let standing = standing(unit, &bid, Paper::Pqq).await?;
    let number = next_number(unit, &bid.call).await?;
    let receipt = Receipt::issue(number, bid.call.key.clone(), bid.id, unit.now(), standing.parts(&bid)?);
    let lacking = standing.shortfalls.clone();
    let refused = |lacking| NotTaken::Lacking(lacking);
    let mut replaces = None;
    let submitted: PqqSubmitted = match pqq_state(&bid)? {
        PqqState::Writing(writing) => writing.submit(by.id, receipt.clone(), lacking, deadline).map_err(refused)?,
        PqqState::Submitted(submitted) => {
            replaces = Some(submitted.receipt.number.clone());
            submitted.replace(by.id, receipt.clone(), lacking, deadline).map_err(refused)?
        }
        PqqState::NotSubmitted(_) | PqqState::Judging(_) | PqqState::Proposed(_) | PqqState::Final(_) => {
            return Err(NotTaken::Lacking(vec![Shortfall::Late { deadline }]));
        }
    };
    store::save_pqq_state(unit, &bid, &PqqState::Submitted(submitted)).await?;
    taken(unit, &bid, by, &standing, &receipt, replaces).await?;
    Ok(receipt)
}

/// Takes the bid back before the deadline, with a reason; what was sealed stays on the record.
pub(crate) async fn withdraw_bid(unit: &mut Unit, bid: &Bid, by: &Person, reason: &str) -> Result<(), Problem> {
    let (bid, deadline) = held(unit, bid, Paper::Bid).await?;
    let reason = crate::refusal::Reason::parse(reason)?;
    let BidState::Submitted(submitted) = bid.state.clone() else {
        return Err(Problem::conflict("There is no submitted bid to withdraw", "Look where the bid stands now."));
    };
    let receipt = submitted.submission.receipt.number.clone();
    let withdrawn = submitted
        .withdraw(by.id, deadline, unit.now())
        .map_err(|refusal| Problem::conflict(refusal.to_string(), "Write to the programme office."))?;
    store::save_state(unit, &bid, &BidState::Withdrawn(withdrawn)).await?;
    unit.audit(
        bid.call.stream(),
        bid.subject(),
        &BidWithdrawn { bid: bid.id, receipt: receipt.clone(), reason: reason.to_string() },
    )?;
    for person in everyone(unit, &bid).await? {
        let body = format!(
            "The bid \"{}\" (receipt {receipt}) was withdrawn.\nReason: {reason}\n\n\
             It can be submitted again until the deadline. {}\n",
            bid.title,
            deadline.countdown(unit.now())
        );
        unit.mail(letter(&bid, &person, format!("Withdrawn: {}", bid.title), body)).await?;
    }
    Ok(())
}

/// Holds the call, then the bid: submissions of a call go one after another, so that receipt numbers have no gap and no twin.
async fn held(unit: &Unit, bid: &Bid, paper: Paper) -> Result<(Bid, Deadline), Problem> {
    let sql = format!("SELECT version AS n FROM competition_call WHERE id = $1{}", unit.dialect().for_update());
    unit.count(&sql, values![bid.call.id.0]).await?;
    let bid = store::hold(unit, bid.id).await?;
    let deadline = paper
        .deadline(bid.call.design())
        .ok_or_else(|| Problem::conflict("The call sets no deadline for this", "Ask the programme office."))?;
    Ok((bid, deadline))
}

fn not_before_it_opens(bid: &Bid, unit: &Unit) -> Result<(), Problem> {
    let opens = bid.call.design().milestone(MilestoneKey::Bidding).and_then(|milestone| milestone.opens);
    if opens.is_some_and(|opens| unit.now() < opens) {
        return Err(not_open_yet("Bids are", opens));
    }
    Ok(())
}

fn not_open_yet(what: &str, opens: Option<hiec_kernel::Timestamp>) -> Problem {
    let when = opens.map(|opens| format!(" before {}", hiec_kernel::clock::on_page(opens))).unwrap_or_default();
    Problem::conflict(format!("{what} not taken yet{when}"), "Everything you wrote is kept. Come back when it is open.")
}

/// The number of the call's next submission; the call's row is held.
pub(crate) async fn next_number(reads: &impl Reads, call: &Call) -> Result<String, StoreError> {
    let before =
        reads.count("SELECT COUNT(*) AS n FROM competition_submission WHERE call_id = $1", values![call.id.0]).await?;
    Ok(receipt_number(&call.key, u64::try_from(before).unwrap_or(0) + 1))
}

/// What the rules judge a submission of the bid by.
pub(crate) async fn entry<'a>(
    unit: &Unit,
    bid: &Bid,
    by: &Person,
    deadline: Deadline,
    standing: &'a Standing,
) -> Result<Entry<'a>, Problem> {
    Ok(Entry {
        by: by.id,
        deadline,
        sign_offs: &standing.sign_offs,
        shortfalls: standing.shortfalls.clone(),
        receipt_number: next_number(unit, &bid.call).await?,
        call: bid.call.key.clone(),
        bid: bid.id,
        parts: standing.parts(bid)?,
    })
}

/// Seals, records and tells everyone in the bid.
pub(crate) async fn taken(
    unit: &mut Unit,
    bid: &Bid,
    by: &Person,
    standing: &Standing,
    receipt: &Receipt,
    replaces: Option<String>,
) -> Result<(), Problem> {
    let paper = standing.paper;
    sealed::seal(unit, bid, paper, by.id, receipt, &standing.content(bid)).await?;
    unit.audit(
        bid.call.stream(),
        bid.subject(),
        &PaperSubmitted {
            bid: bid.id,
            paper,
            receipt: receipt.number.clone(),
            overall: receipt.overall.clone(),
            replaces: replaces.clone(),
        },
    )?;
    let instead = replaces.map(|number| format!("It takes the place of receipt {number}.\n")).unwrap_or_default();
    for person in everyone(unit, bid).await? {
        let body = format!(
            "{} of \"{}\" is in. {instead}\n{}\n\nThe figures are SHA-256: anybody who has the parts can check that they are what we received.\n",
            paper.label(),
            bid.title,
            receipt.in_lines()
        );
        let subject = format!("Receipt {}: {}", receipt.number, bid.title);
        unit.mail(letter(bid, &person, subject, body)).await?;
    }
    Ok(())
}
