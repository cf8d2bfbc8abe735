//! Reminders before a deadline: everyone in an unfinished bid hears in good time what is missing; none goes out twice.

use hiec_kernel::Problem;
use hiec_store::{FromQueryResult, Reads, Unit, values};

use super::completeness::{Standing, standing};
use super::papers::{Paper, pqq_state};
use super::states::{BidState, reminder_due};
use super::store::{self, Bid};
use crate::calls::stages::Deadline;
use crate::calls::store::Call;
use crate::partnerships::joining::{everyone, letter};
use crate::pqq::rules::PqqState;

/// Sends the reminders of a call that are due at the unit's moment, for questionnaire and bid; safe to run at any time and often.
/// Answers how many bids were reminded.
pub(crate) async fn send_due(unit: &mut Unit, call: &Call) -> Result<usize, Problem> {
    let mut reminded = 0;
    for bid in store::of_call(unit, call).await? {
        for paper in [Paper::Pqq, Paper::Bid] {
            let Some(deadline) = paper.deadline(call.design()) else {
                continue;
            };
            if !is_waited_for(&bid, paper)? {
                continue;
            }
            let last = last_sent(unit, &bid, paper).await?;
            let Some(days) = reminder_due(deadline, last, unit.now()) else {
                continue;
            };
            let standing = standing(unit, &bid, paper).await?;
            remind(unit, &bid, &standing, deadline).await?;
            unit.execute(
                "INSERT INTO competition_reminder (bid_id, form, days, sent_at) VALUES ($1, $2, $3, $4)",
                values![bid.id.0, paper.key(), days, unit.now()],
            )
            .await?;
            reminded += 1;
        }
    }
    Ok(reminded)
}

/// Whether something is still to be submitted. A partnership not shortlisted is not asked for a bid.
fn is_waited_for(bid: &Bid, paper: Paper) -> Result<bool, Problem> {
    let pqq = pqq_state(bid)?;
    Ok(match paper {
        Paper::Pqq => matches!(pqq, PqqState::Writing(_)),
        Paper::Bid => {
            matches!(bid.state, BidState::Draft(_))
                && (bid
                    .call
                    .design()
                    .milestone(crate::calls::design::MilestoneKey::Pqq)
                    .is_none()
                    || pqq.may_bid())
        }
    })
}

async fn last_sent(unit: &Unit, bid: &Bid, paper: Paper) -> Result<Option<i64>, Problem> {
    #[derive(FromQueryResult)]
    struct Sent {
        days: i64,
    }
    let sent: Option<Sent> = unit
        .one(
            "SELECT days FROM competition_reminder WHERE bid_id = $1 AND form = $2 ORDER BY days LIMIT 1",
            values![bid.id.0, paper.key()],
        )
        .await?;
    Ok(sent.map(|sent| sent.days))
}

async fn remind(
    unit: &Unit,
    bid: &Bid,
    standing: &Standing,
    deadline: Deadline,
) -> Result<(), Problem> {
    let paper = standing.paper;
    let mut body = format!("{}: {}.\n\n", paper.label(), deadline.countdown(unit.now()));
    let lacking = standing.lacking();
    if lacking.is_empty() {
        body.push_str("Nothing is missing. Submit it: it counts only once it is submitted.\n");
    } else {
        body.push_str("Before it can be submitted:\n");
        for one in &lacking {
            body.push_str(&format!("- {} {}\n", one.what(), one.mend()));
        }
    }
    body.push_str(&format!("\nYou find it under {}.\n", bid.path()));
    for person in everyone(unit, bid).await? {
        let subject = format!(
            "{} left for {}: {}",
            left(deadline, unit),
            paper.in_words(),
            bid.title
        );
        unit.mail(letter(bid, &person, subject, body.clone()))
            .await?;
    }
    Ok(())
}

fn left(deadline: Deadline, unit: &Unit) -> String {
    let days = (deadline.0 - unit.now()).num_days();
    match days {
        0 => "Less than a day".into(),
        1 => "1 day".into(),
        days => format!("{days} days"),
    }
}
