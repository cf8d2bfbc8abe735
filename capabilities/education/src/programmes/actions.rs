//! What people do with programmes: begin one. One audit entry each.

use chrono::NaiveDate;
use hiec_kernel::{ClusterId, OrganisationId, Problem};
use hiec_store::{AuditEvent, Unit};
use serde::Serialize;
use uuid::Uuid;

use super::store::{self, Programme};
use crate::ground;
use crate::words::{Level, Profession};

/// A programme began.
#[derive(Serialize)]
struct ProgrammeStarted {
    name: String,
    profession: Profession,
    curriculum_owner: Option<OrganisationId>,
    months: i64,
}

impl AuditEvent for ProgrammeStarted {
    const KIND: &'static str = "education.programme.started";
}

/// What is said of a programme that begins.
#[derive(Clone, Debug)]
pub(crate) struct NewProgramme {
    pub name: String,
    pub profession: Profession,
    pub level: Level,
    pub specialty: String,
    pub curriculum_owner: Option<OrganisationId>,
    pub months: i64,
    pub starts_on: NaiveDate,
    pub ends_on: Option<NaiveDate>,
    pub is_illustrative: bool,
}

pub(crate) async fn start(unit: &mut Unit, cluster: ClusterId, new: NewProgramme) -> Result<Programme, Problem> {
    let taken: Vec<String> = store::of_cluster(unit, cluster).await?.into_iter().map(|one| one.key).collect();
    let programme = Programme {
        id: unit.new_id(),
        cluster,
        key: ground::key_of(&new.name, &taken),
        name: new.name,
        profession: new.profession,
        level: new.level,
        specialty: new.specialty,
        curriculum_owner: new.curriculum_owner,
        months: new.months,
        starts_on: new.starts_on,
        ends_on: new.ends_on,
        is_illustrative: new.is_illustrative,
    };
    store::insert(unit, &programme).await?;
    let event = ProgrammeStarted {
        name: programme.name.clone(),
        profession: programme.profession,
        curriculum_owner: programme.curriculum_owner,
        months: programme.months,
    };
    unit.audit(ground::stream(cluster), subject(programme.id), &event)?;
    Ok(programme)
}

/// What entries about a programme are found by.
pub(crate) fn subject(programme: Uuid) -> String {
    format!("programme:{programme}")
}
