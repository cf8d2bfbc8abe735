//! Reminders of returns: when a quarter is over, before its return is due, and when it is late; a job keeps watch, and none goes out twice.

use chrono::Duration;
use hiec_contracts::{ClusterSeen, ClustersPort};
use hiec_kernel::calendar::WorkingCalendar;
use hiec_kernel::clock::{day_on_page, london_date, start_of_day};
use hiec_kernel::people::Actor;
use hiec_kernel::{ClusterId, Problem, Timestamp};
use hiec_store::{FromQueryResult, Reads, Unit, values};
use hiec_web::AppState;
use hiec_web::capability::{JobHandler, JobWork};
use serde::{Deserialize, Serialize};

use super::letters::{Side, tell};
use super::quarter::Quarter;
use super::rules::{Reminder, Timing, next_look, owed};
use super::store;
use crate::kpis::store as kpis;

/// The job that keeps watch over a cluster's returns.
pub(crate) const JOB: JobHandler = JobHandler { kind: KIND, run: look };

const KIND: &str = "delivery.returns";

/// A planned look. One that was done already, or planned anew, does nothing.
#[derive(Serialize, Deserialize)]
struct Look {
    cluster: ClusterId,
    at: Timestamp,
}

/// Begins to keep watch, where nobody does.
pub(crate) async fn begin(unit: &Unit, cluster: &ClusterSeen) -> Result<(), Problem> {
    let at = unit.now();
    let begun = unit
        .execute(
            "INSERT INTO delivery_return_watch (cluster_id, next_at) VALUES ($1, $2) ON CONFLICT (cluster_id) DO NOTHING",
            values![cluster.id.0, at],
        )
        .await?;
    if begun > 0 {
        unit.job(KIND, &Look { cluster: cluster.id, at }, at).await?;
    }
    Ok(())
}

fn look(state: AppState, payload: serde_json::Value) -> JobWork {
    Box::pin(async move {
        let planned: Look = serde_json::from_value(payload).map_err(Problem::internal)?;
        let port = state.service::<ClustersPort>()?;
        let Some(cluster) = port.0.by_id(&state.database(), planned.cluster).await? else {
            return Ok(());
        };
        let unit = state.begin(Actor::System("watching the returns".into())).await?;
        if planned_at(&unit, cluster.id).await? != Some(planned.at) {
            return Ok(());
        }
        let reminded = remind(&unit, &cluster).await?;
        plan_next(&unit, &cluster).await?;
        unit.commit().await?;
        tracing::info!(cluster = cluster.key, reminded, "looked at the returns");
        Ok(())
    })
}

async fn planned_at(unit: &Unit, cluster: ClusterId) -> Result<Option<Timestamp>, Problem> {
    #[derive(FromQueryResult)]
    struct Row {
        next_at: Timestamp,
    }
    let sql = format!("SELECT next_at FROM delivery_return_watch WHERE cluster_id = $1{}", unit.dialect().for_update());
    Ok(unit.one::<Row>(&sql, values![cluster.0]).await?.map(|row| row.next_at))
}

/// Plans the next look, on the morning of the next day that matters; none when no further return is owed.
async fn plan_next(unit: &Unit, cluster: &ClusterSeen) -> Result<(), Problem> {
    let owed = owed_by(unit, cluster).await?;
    let next = next_look(&owed, london_date(unit.now()), &WorkingCalendar::default())
        .and_then(|day| start_of_day(day).ok())
        .map(|midnight| midnight + Duration::hours(7));
    match next {
        Some(at) => {
            unit.execute(
                "UPDATE delivery_return_watch SET next_at = $2 WHERE cluster_id = $1",
                values![cluster.id.0, at],
            )
            .await?;
            unit.job(KIND, &Look { cluster: cluster.id, at }, at).await?;
        }
        None => {
            unit.execute("DELETE FROM delivery_return_watch WHERE cluster_id = $1", values![cluster.id.0]).await?;
        }
    }
    Ok(())
}

/// The quarters a cluster owes returns for.
pub(crate) async fn owed_by(reads: &impl Reads, cluster: &ClusterSeen) -> Result<Vec<Quarter>, Problem> {
    let agreed = kpis::of_cluster(reads, cluster.id).await?;
    let force: Vec<_> = agreed.iter().filter(|kpi| kpi.is_agreed()).map(|kpi| kpi.force).collect();
    Ok(owed(&force, cluster.ends_on))
}

/// Sends what is due at the unit's moment; answers how many returns somebody was reminded of.
async fn remind(unit: &Unit, cluster: &ClusterSeen) -> Result<usize, Problem> {
    let (today, calendar) = (london_date(unit.now()), WorkingCalendar::default());
    let begun = store::of_cluster(unit, cluster.id).await?;
    let mut reminded = 0;
    for quarter in owed_by(unit, cluster).await? {
        let is_signed = begun.iter().any(|one| one.quarter == quarter && one.state.signature().is_some());
        if is_signed {
            continue;
        }
        let sent = sent(unit, cluster.id, quarter).await?;
        let Some(reminder) = Reminder::due(quarter, today, &sent, &calendar) else {
            continue;
        };
        write(unit, cluster, quarter, reminder).await?;
        unit.execute(
            "INSERT INTO delivery_return_reminder (cluster_id, quarter, kind, sent_at) VALUES ($1, $2, $3, $4)",
            values![cluster.id.0, quarter.to_string(), reminder.key(), unit.now()],
        )
        .await?;
        reminded += 1;
    }
    Ok(reminded)
}

async fn sent(unit: &Unit, cluster: ClusterId, quarter: Quarter) -> Result<Vec<Reminder>, Problem> {
    #[derive(FromQueryResult)]
    struct Row {
        kind: String,
    }
    let rows: Vec<Row> = unit
        .all(
            "SELECT kind FROM delivery_return_reminder WHERE cluster_id = $1 AND quarter = $2 ORDER BY kind",
            values![cluster.0, quarter.to_string()],
        )
        .await?;
    Ok(rows.iter().filter_map(|row| Reminder::from_key(&row.kind)).collect())
}

async fn write(unit: &Unit, cluster: &ClusterSeen, quarter: Quarter, reminder: Reminder) -> Result<(), Problem> {
    let calendar = WorkingCalendar::default();
    let due = day_on_page(quarter.due(&calendar));
    let timing = Timing::of(quarter, None, london_date(unit.now()), &calendar).words();
    let place = format!("{}/returns/{quarter}", cluster.path());
    let name = &cluster.short_name;
    let (subject, first) = match reminder {
        Reminder::Open => (
            format!("The return of {name} for {} can be written", quarter.label()),
            format!(
                "{} is over. Its return is due on {due}. The figures have filled themselves; what they mean is yours to say.",
                quarter.full()
            ),
        ),
        Reminder::Soon => (
            format!("A week left for the return of {name}"),
            format!("The return for {} is due on {due} and not signed yet.", quarter.full()),
        ),
        Reminder::Late | Reminder::StillLate => (
            format!("Late: the return of {name} for {}", quarter.label()),
            format!(
                "The return for {} was due on {due} and is not signed. {timing}. The region sees that it is late.",
                quarter.full()
            ),
        ),
    };
    let body = format!("{first}\n\nYou find it under {place}. The chair signs it there.\n");
    tell(unit, cluster, Side::Cluster, &subject, &body).await?;
    if matches!(reminder, Reminder::Late | Reminder::StillLate) {
        let body = format!(
            "The return of {} for {} was due on {due} and is not signed. {timing}. Its chair and its managing director have a letter too.\n\nAll its returns are under {}/returns.\n",
            cluster.name,
            quarter.full(),
            cluster.path()
        );
        tell(unit, cluster, Side::Region, &subject, &body).await?;
    }
    Ok(())
}
