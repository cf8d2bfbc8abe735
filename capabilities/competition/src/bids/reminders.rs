//! Reminders before a deadline: everyone in an unfinished bid hears in good time what is missing; none goes out twice.

use chrono::Duration;
use hiec_kernel::people::Actor;
use hiec_kernel::{CallId, Problem};
use hiec_store::{FromQueryResult, Reads, Unit, values};
use hiec_web::AppState;
use hiec_web::capability::{JobHandler, JobWork};
use serde::{Deserialize, Serialize};

use super::completeness::{Standing, standing};
use super::openings::close_unsubmitted;
use super::papers::{Paper, pqq_state};
use super::states::{BidState, reminder_due};
use super::store::{self, Bid};
use crate::calls::stages::Deadline;
use crate::calls::store::{self as calls, Call};
use crate::partnerships::joining::{everyone, letter};
use crate::pqq::rules::PqqState;

/// The job that keeps watch over a call's deadlines.
pub(crate) const JOB: JobHandler = JobHandler { kind: KIND, run: keep_watch };

const KIND: &str = "competition.deadlines";

#[derive(Serialize, Deserialize)]
struct Watch {
    call: CallId,
}

/// Asks for the next look at a call: in a day, or when a deadline that comes sooner has settled. Nothing is asked for after the last.
pub(crate) async fn watch(unit: &Unit, call: &Call) -> Result<(), Problem> {
    let now = unit.now();
    let ahead = [Paper::Pqq, Paper::Bid]
        .into_iter()
        .filter_map(|paper| paper.deadline(call.design()))
        .map(Deadline::settles)
        .filter(|settles| now < *settles);
    if let Some(next) = ahead.min() {
        let at = next.min(now + Duration::days(1));
        unit.job(KIND, &Watch { call: call.id }, at).await?;
    }
    Ok(())
}

/// Reminds, closes what the deadline found unsubmitted, and asks for the next look, all in one unit.
fn keep_watch(state: AppState, payload: serde_json::Value) -> JobWork {
    Box::pin(async move {
        let watch_over: Watch = serde_json::from_value(payload).map_err(Problem::internal)?;
        let mut unit = state.begin(Actor::System("watching the deadlines".into())).await?;
        let Some(call) = calls::by_id(&unit, watch_over.call, unit.now()).await? else {
            return Ok(());
        };
        let reminded = send_due(&mut unit, &call).await?;
        let closed = close_unsubmitted(&mut unit, &call).await?;
        watch(&unit, &call).await?;
        unit.commit().await?;
        tracing::info!(call = call.key, reminded, closed, "looked at the deadlines");
        Ok(())
    })
}

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
                && (bid.call.design().milestone(crate::calls::design::MilestoneKey::Pqq).is_none() || pqq.may_bid())
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

async fn remind(unit: &Unit, bid: &Bid, standing: &Standing, deadline: Deadline) -> Result<(), Problem> {
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
        let subject = format!("{} left for {}: {}", left(deadline, unit), paper.in_words(), bid.title);
        unit.mail(letter(bid, &person, subject, body.clone())).await?;
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
