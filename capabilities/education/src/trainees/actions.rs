//! What people do with trainees: enrol one, change their share or membership. One audit entry each.

use chrono::NaiveDate;
use hiec_kernel::{ClusterId, PersonId, Problem};
use hiec_store::{AuditEvent, Unit};
use serde::Serialize;
use uuid::Uuid;

use super::store::{self, Trainee};
use crate::ground;
use crate::words::Wte;

/// Somebody joined a programme. Their name stands in their record alone, which can be ended; the chain keeps their number.
#[derive(Serialize)]
struct TraineeEnrolled<'a> {
    number: &'a str,
    programme: Uuid,
    grade: &'a str,
    wte: Wte,
    starts_on: NaiveDate,
    ends_on: NaiveDate,
}

impl AuditEvent for TraineeEnrolled<'_> {
    const KIND: &'static str = "education.trainee.enrolled";
}

/// What is said of somebody who joins a programme.
#[derive(Clone, Debug)]
pub(crate) struct NewTrainee {
    pub programme: Uuid,
    pub person: Option<PersonId>,
    pub number: String,
    pub name: String,
    pub grade: String,
    pub wte: Wte,
    pub starts_on: NaiveDate,
    pub ends_on: NaiveDate,
    pub is_illustrative: bool,
}

pub(crate) async fn enrol(unit: &mut Unit, cluster: ClusterId, new: NewTrainee) -> Result<Trainee, Problem> {
    if ground::is_taken(unit, "education_trainee", cluster, &new.number).await? {
        return Err(Problem::conflict(
            format!("There is a trainee {} already", new.number),
            "Give the new one another number.",
        ));
    }
    let trainee = Trainee {
        id: unit.new_id(),
        cluster,
        programme: new.programme,
        person: new.person,
        number: new.number,
        name: new.name,
        grade: new.grade,
        wte: new.wte,
        starts_on: new.starts_on,
        ends_on: new.ends_on,
        is_illustrative: new.is_illustrative,
    };
    store::insert(unit, &trainee).await?;
    let event = TraineeEnrolled {
        number: &trainee.number,
        programme: trainee.programme,
        grade: &trainee.grade,
        wte: trainee.wte,
        starts_on: trainee.starts_on,
        ends_on: trainee.ends_on,
    };
    unit.audit(ground::stream(cluster), format!("trainee:{}", trainee.id), &event)?;
    Ok(trainee)
}

/// A trainee's share, grade or membership was changed. A changed name stands in their record alone.
#[derive(Serialize)]
struct TraineeChanged<'a> {
    number: &'a str,
    grade: &'a str,
    wte: Wte,
    starts_on: NaiveDate,
    ends_on: NaiveDate,
    reason: String,
}

impl AuditEvent for TraineeChanged<'_> {
    const KIND: &'static str = "education.trainee.changed";

    fn reason(&self) -> Option<&str> {
        Some(&self.reason)
    }
}

pub(crate) async fn change(unit: &mut Unit, trainee: &Trainee, reason: String) -> Result<(), Problem> {
    store::save(unit, trainee).await?;
    let event = TraineeChanged {
        number: &trainee.number,
        grade: &trainee.grade,
        wte: trainee.wte,
        starts_on: trainee.starts_on,
        ends_on: trainee.ends_on,
        reason,
    };
    unit.audit(ground::stream(trainee.cluster), format!("trainee:{}", trainee.id), &event)?;
    Ok(())
}
