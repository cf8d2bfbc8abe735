//! Letters about requirements: when one is set, before it is due and when it is late; a job sends them, and none goes out twice.

use std::collections::BTreeSet;

use chrono::{Duration, NaiveDate};
use hiec_access::{grants, people};
use hiec_contracts::{ClusterSeen, ClustersPort};
use hiec_kernel::clock::{day_on_page, london_date, start_of_day};
use hiec_kernel::people::Actor;
use hiec_kernel::{ClusterId, OrganisationId, PersonId, Problem, Role, Scope};
use hiec_store::{Mail, Unit, organisations, values};
use hiec_web::AppState;
use hiec_web::capability::{JobHandler, JobWork};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::review_store::{self, Required};
use super::standing::{self, Reminder, RequirementKind};

/// The job that reminds of one requirement.
pub(crate) const JOB: JobHandler = JobHandler { kind: KIND, run: remind };

const KIND: &str = "education.requirement";

/// A planned reminder. One of a day that was moved meanwhile does nothing.
#[derive(Serialize, Deserialize)]
struct Planned {
    cluster: ClusterId,
    requirement: Uuid,
    reminder: Reminder,
    due: NaiveDate,
}

/// Plans both reminders of something due, for seven in the morning of their days.
pub(crate) async fn plan(unit: &Unit, cluster: ClusterId, requirement: Uuid, due: NaiveDate) -> Result<(), Problem> {
    for (reminder, day) in standing::reminders(due) {
        let at = start_of_day(day).map_err(Problem::internal)? + Duration::hours(7);
        if at > unit.now() {
            unit.job(KIND, &Planned { cluster, requirement, reminder, due }, at).await?;
        }
    }
    Ok(())
}

fn remind(state: AppState, payload: serde_json::Value) -> JobWork {
    Box::pin(async move {
        let planned: Planned = serde_json::from_value(payload).map_err(Problem::internal)?;
        let port = state.service::<ClustersPort>()?;
        let Some(cluster) = port.0.by_id(&state.database(), planned.cluster).await? else {
            return Ok(());
        };
        let unit = state.begin(Actor::System("reminding of requirements".into())).await?;
        let all = review_store::requirements(&unit, cluster.id).await?;
        let Some(required) = all.into_iter().find(|one| one.id == planned.requirement) else {
            return Ok(());
        };
        if required.standing.due() != Some(planned.due) {
            return Ok(());
        }
        let first = unit
            .execute(
                "INSERT INTO education_requirement_reminder (requirement_id, kind, due_on, sent_at) \
                 VALUES ($1, $2, $3, $4) ON CONFLICT (requirement_id, kind, due_on) DO NOTHING",
                values![required.id, planned.reminder.key(), planned.due, unit.now()],
            )
            .await?;
        if first == 0 {
            return Ok(());
        }
        write(&unit, &cluster, &required, planned.reminder).await?;
        unit.commit().await?;
        Ok(())
    })
}

async fn write(unit: &Unit, cluster: &ClusterSeen, required: &Required, reminder: Reminder) -> Result<(), Problem> {
    let due = required.standing.due().map(day_on_page).unwrap_or_default();
    let host = named(unit, required.host).await?;
    let place = place(cluster, required.host);
    let (subject, first) = match reminder {
        Reminder::Soon => {
            (format!("Due on {due}: an answer to a requirement"), format!("{host} is to answer by {due}:"))
        }
        Reminder::Late => (
            format!("Late: {host} has not answered a requirement"),
            format!("{host} was to answer by {due}, on {} it had not:", day_on_page(london_date(unit.now()))),
        ),
    };
    let body = format!("{first}\n\n{}\n\nOwner: {}. It is answered under {place}.\n", required.words, required.owner);
    tell(unit, cluster, &recipients(unit, cluster, required, reminder == Reminder::Late).await?, &subject, &body).await
}

/// Tells a host what it is asked for.
pub(crate) async fn tell_set(unit: &Unit, cluster: &ClusterSeen, required: &Required) -> Result<(), Problem> {
    let due = day_on_page(required.due_on);
    let subject = format!("{}: answer by {due}", required.kind.label());
    let working = if required.kind == RequirementKind::Immediate { ", five working days from now" } else { "" };
    let body = format!(
        "{} is asked for:\n\n{}\n\nOwner: {}. The answer is due by {due}{working}. It is given under {}.\n",
        named(unit, required.host).await?,
        required.words,
        required.owner,
        place(cluster, required.host)
    );
    tell(unit, cluster, &recipients(unit, cluster, required, false).await?, &subject, &body).await
}

async fn named(unit: &Unit, host: OrganisationId) -> Result<String, Problem> {
    let found = organisations::by_ids(unit, &[host]).await?;
    Ok(found.into_iter().next().map_or_else(|| "A host".to_owned(), |one| one.name))
}

fn place(cluster: &ClusterSeen, host: OrganisationId) -> String {
    format!("{}/education/quality/hosts/{host}", cluster.path())
}

/// The host's educators; whoever set it too, where it is late: the region, or the education lead for the cluster's own.
async fn recipients(
    unit: &Unit,
    cluster: &ClusterSeen,
    required: &Required,
    is_late: bool,
) -> Result<BTreeSet<PersonId>, Problem> {
    let mut wanted = vec![(Scope::Organisation(required.host.0), Role::HostEducator)];
    if is_late {
        match (required.kind, cluster.region) {
            (RequirementKind::Own, _) => wanted.push((Scope::Cluster(cluster.id.0), Role::EducationLead)),
            (_, Some(region)) => wanted.push((Scope::Region(region), Role::RegionOfficer)),
            (_, None) => {}
        }
    }
    let mut found = BTreeSet::new();
    for (scope, role) in wanted {
        let held = grants::in_scope(unit, scope).await?;
        found.extend(held.into_iter().filter(|(_, one)| *one == role).map(|(person, _)| person));
    }
    Ok(found)
}

async fn tell(
    unit: &Unit,
    cluster: &ClusterSeen,
    to: &BTreeSet<PersonId>,
    subject: &str,
    body: &str,
) -> Result<(), Problem> {
    for id in to {
        let Some(person) = people::open_by_id(unit, *id).await? else {
            continue;
        };
        unit.mail(Mail {
            to: person.email,
            person: Some(person.id),
            subject: subject.to_owned(),
            body: body.to_owned(),
            about: Some(format!("cluster:{}", cluster.id)),
        })
        .await?;
    }
    Ok(())
}
