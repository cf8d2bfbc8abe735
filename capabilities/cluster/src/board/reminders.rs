//! Reminders before a meeting: everybody who sits in its body hears of it a week and a day before, with what they still have to do; none goes out twice.

use chrono::Duration;
use hiec_kernel::Problem;
use hiec_kernel::clock::{day_on_page, london_date, on_page};
use hiec_kernel::people::Actor;
use hiec_store::{Reads, Unit, values};
use hiec_web::AppState;
use hiec_web::capability::{JobHandler, JobWork};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::meeting_actions::mail;
use super::records;
use super::store::{self, Meeting};
use crate::clusters::store as clusters;

/// Days before the meeting.
const DAYS: [i64; 2] = [7, 1];

const KIND: &str = "cluster.meeting_reminder";

/// Sends one reminder of one meeting.
pub(crate) const JOB: JobHandler = JobHandler { kind: KIND, run: remind };

#[derive(Serialize, Deserialize)]
struct Reminder {
    meeting: Uuid,
    days: i64,
}

/// Asks for the reminders that still lie ahead.
pub(crate) async fn ask(unit: &Unit, meeting: &Meeting) -> Result<(), Problem> {
    for days in DAYS {
        let at = meeting.starts_at - Duration::days(days);
        if at > unit.now() {
            unit.job(KIND, &Reminder { meeting: meeting.id, days }, at).await?;
        }
    }
    Ok(())
}

fn remind(state: AppState, payload: serde_json::Value) -> JobWork {
    Box::pin(async move {
        let reminder: Reminder = serde_json::from_value(payload).map_err(Problem::internal)?;
        let unit = state.begin(Actor::System("reminding of meetings".into())).await?;
        send(&state, &unit, &reminder).await?;
        Ok(unit.commit().await?)
    })
}

async fn send(state: &AppState, unit: &Unit, reminder: &Reminder) -> Result<(), Problem> {
    let Some(cluster) = store::cluster_of(unit, reminder.meeting).await? else {
        return Ok(());
    };
    let Some(cluster) = clusters::by_id(unit, cluster).await? else {
        return Ok(());
    };
    let Some(meeting) = store::meeting(unit, cluster.id, reminder.meeting).await? else {
        return Ok(());
    };
    // Cancelled since, or so late that it has begun.
    if !meeting.state.is_ahead() || unit.now() >= meeting.starts_at {
        return Ok(());
    }
    let sent = "SELECT COUNT(*) AS n FROM cluster_meeting_reminder WHERE meeting_id = $1 AND days = $2";
    if unit.count(sent, values![meeting.id, reminder.days]).await? > 0 {
        return Ok(());
    }
    let deeds = records::deeds(unit, cluster.id).await?;
    let today = london_date(unit.now());
    for member in store::sitting(unit, meeting.body.id, london_date(meeting.starts_at)).await? {
        let path = meeting.path(&cluster);
        let mut body = format!(
            "{}\n{}\nPlace: {}\n\nPapers: {}\n",
            meeting.title(),
            on_page(meeting.starts_at),
            meeting.place,
            state.site().link(&format!("{path}/papers"))
        );
        let own: Vec<String> = deeds
            .iter()
            .filter(|deed| deed.done_at.is_none() && deed.owner_id == member.person.0)
            .map(|deed| {
                let late = if deed.is_overdue(today) { ", overdue" } else { "" };
                format!("- {} (due {}{late})", deed.what, day_on_page(deed.due_on))
            })
            .collect();
        if !own.is_empty() {
            body.push_str(&format!("\nYou still have to do:\n{}\n", own.join("\n")));
        }
        let when = if reminder.days == 1 { "Tomorrow".to_owned() } else { format!("In {} days", reminder.days) };
        let subject = format!("{when}: {}, {}", meeting.title(), cluster.short_name);
        mail(unit, &cluster, &member, subject, body).await?;
    }
    unit.execute(
        "INSERT INTO cluster_meeting_reminder (meeting_id, days, sent_at) VALUES ($1, $2, $3)",
        values![meeting.id, reminder.days, unit.now()],
    )
    .await?;
    Ok(())
}
