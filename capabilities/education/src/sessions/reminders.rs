//! Jobs of a session: kept places are released on their day, and those who have a place are reminded; done twice, they change nothing.

use chrono::Duration;
use hiec_contracts::ClustersPort;
use hiec_kernel::clock::{london_date, on_page, start_of_day};
use hiec_kernel::people::Actor;
use hiec_kernel::{ClusterId, Problem};
use hiec_store::Unit;
use hiec_web::AppState;
use hiec_web::capability::{JobHandler, JobWork};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::actions;
use super::bookings;
use super::rules::REMINDED_BEFORE;
use super::store::{self, Session};

/// The job that releases kept places and reminds.
pub(crate) const JOB: JobHandler = JobHandler { kind: KIND, run: look };

const KIND: &str = "education.session";

#[derive(Serialize, Deserialize)]
struct Look {
    cluster: ClusterId,
    session: Uuid,
}

/// Plans both looks: on the day of the release, and some days before the session.
pub(crate) async fn plan(unit: &Unit, cluster: ClusterId, session: &Session) -> Result<(), Problem> {
    let look = Look { cluster, session: session.id };
    let release = actions::release_moment(session)?;
    let day = london_date(session.starts_at) - Duration::days(REMINDED_BEFORE);
    let reminder = start_of_day(day).map_err(Problem::internal)? + Duration::hours(7);
    for at in [release, reminder].into_iter().filter(|at| *at > unit.now()) {
        unit.job(KIND, &look, at).await?;
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
        let mut unit = state.begin(Actor::System("looking after sessions".into())).await?;
        let Some(session) = store::session(&unit, planned.session).await? else {
            return Ok(());
        };
        actions::settle(&mut unit, &cluster, session.id).await?;
        let is_soon = london_date(session.starts_at) - Duration::days(REMINDED_BEFORE) <= london_date(unit.now());
        if is_soon && session.times().may_be_booked(unit.now()) {
            let title = actions::title(&unit, &cluster, &session).await?;
            for booking in bookings::of_session(&unit, session.id).await?.iter().filter(|one| one.booked_at.is_some()) {
                if !bookings::note_reminded(&unit, session.id, booking.person_id).await? {
                    continue;
                }
                let body = format!(
                    "{title} is on {} at {}.\n\nIf you cannot come, cancel your place under {}: somebody else waits for it.\n",
                    on_page(session.starts_at),
                    session.place,
                    session.path(&cluster)
                );
                actions::write(&unit, &cluster, booking.person_id, &format!("Soon: {title}"), body).await?;
            }
        }
        unit.commit().await?;
        Ok(())
    })
}
