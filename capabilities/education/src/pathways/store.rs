//! Steps, what is learnt at them and who teaches it, as stored.

use std::collections::{BTreeMap, BTreeSet};

use hiec_kernel::{ClusterId, OrganisationId};
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, Unit, values};
use serde::Serialize;
use uuid::Uuid;

use super::rules;

/// A step of a clinical pathway.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, FromQueryResult)]
pub(crate) struct Step {
    pub id: Uuid,
    /// The key of the pathway.
    pub pathway: String,
    pub name: String,
    pub is_illustrative: bool,
}

/// The steps of a cluster's pathways, each pathway's in the order they follow one another.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Steps {
    pub all: Vec<Step>,
    /// For each step, those it comes after.
    pub after: BTreeMap<Uuid, BTreeSet<Uuid>>,
}

impl Steps {
    pub fn of<'a>(&'a self, pathway: &'a str) -> impl Iterator<Item = &'a Step> + 'a {
        self.all.iter().filter(move |step| step.pathway == pathway)
    }

    pub fn one(&self, id: Uuid) -> Option<&Step> {
        self.all.iter().find(|step| step.id == id)
    }
}

const COLUMNS: &str = "s.id, s.pathway, s.name, s.is_illustrative";

pub(crate) async fn of_cluster(reads: &impl Reads, cluster: ClusterId) -> Result<Steps, StoreError> {
    #[derive(FromQueryResult)]
    struct After {
        step_id: Uuid,
        after_id: Uuid,
    }
    // Ids sort by age: a pathway's steps stand as they were added, where their order leaves a choice.
    let sql = format!("SELECT {COLUMNS} FROM education_step s WHERE s.cluster_id = $1 ORDER BY s.pathway, s.id");
    let stored: Vec<Step> = reads.all(&sql, values![cluster.0]).await?;
    let pairs: Vec<After> = reads
        .all(
            "SELECT o.step_id, o.after_id FROM education_step_order o JOIN education_step s ON s.id = o.step_id \
             WHERE s.cluster_id = $1 ORDER BY o.step_id, o.after_id",
            values![cluster.0],
        )
        .await?;
    let mut after: BTreeMap<Uuid, BTreeSet<Uuid>> = BTreeMap::new();
    for pair in pairs {
        after.entry(pair.step_id).or_default().insert(pair.after_id);
    }
    let ids: Vec<Uuid> = stored.iter().map(|step| step.id).collect();
    let mut by_id: BTreeMap<Uuid, Step> = stored.into_iter().map(|step| (step.id, step)).collect();
    let mut all: Vec<Step> = rules::in_order(&ids, &after).into_iter().filter_map(|id| by_id.remove(&id)).collect();
    all.sort_by(|one, other| one.pathway.cmp(&other.pathway));
    Ok(Steps { all, after })
}

/// The steps at which outcomes of a programme are learnt.
pub(crate) async fn of_programme(reads: &impl Reads, programme: Uuid) -> Result<Vec<Step>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM education_step s WHERE s.id IN (SELECT x.step_id FROM education_outcome_step x \
         JOIN education_outcome o ON o.id = x.outcome_id WHERE o.programme_id = $1) ORDER BY s.pathway, s.id"
    );
    reads.all(&sql, values![programme]).await
}

pub(crate) async fn insert(unit: &Unit, cluster: ClusterId, step: &Step) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO education_step (id, cluster_id, pathway, name, is_illustrative) VALUES ($1, $2, $3, $4, $5)",
        values![step.id, cluster.0, step.pathway.clone(), step.name.clone(), step.is_illustrative],
    )
    .await?;
    Ok(())
}

pub(crate) async fn comes_after(unit: &Unit, step: Uuid, before: Uuid) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO education_step_order (step_id, after_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        values![step, before],
    )
    .await?;
    Ok(())
}

/// An outcome is learnt at a step.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, FromQueryResult)]
pub(crate) struct Learnt {
    pub outcome_id: Uuid,
    pub step_id: Uuid,
}

/// Where the outcomes of a cluster's programmes are learnt.
pub(crate) async fn learnt(reads: &impl Reads, cluster: ClusterId) -> Result<BTreeSet<Learnt>, StoreError> {
    let rows: Vec<Learnt> = reads
        .all(
            "SELECT x.outcome_id, x.step_id FROM education_outcome_step x JOIN education_step s ON s.id = x.step_id \
             WHERE s.cluster_id = $1 ORDER BY x.outcome_id, x.step_id",
            values![cluster.0],
        )
        .await?;
    Ok(rows.into_iter().collect())
}

/// Says at which steps an outcome is learnt, and no others; what is taught there of others goes.
pub(crate) async fn set_learnt(unit: &Unit, outcome: Uuid, steps: &BTreeSet<Uuid>) -> Result<(), StoreError> {
    #[derive(FromQueryResult)]
    struct At {
        step_id: Uuid,
    }
    let sql = "SELECT step_id FROM education_outcome_step WHERE outcome_id = $1 ORDER BY step_id";
    let there: BTreeSet<Uuid> =
        unit.all::<At>(sql, values![outcome]).await?.into_iter().map(|row| row.step_id).collect();
    for gone in there.difference(steps) {
        unit.execute("DELETE FROM education_teaching WHERE outcome_id = $1 AND step_id = $2", values![outcome, *gone])
            .await?;
        let sql = "DELETE FROM education_outcome_step WHERE outcome_id = $1 AND step_id = $2";
        unit.execute(sql, values![outcome, *gone]).await?;
    }
    for new in steps.difference(&there) {
        let sql = "INSERT INTO education_outcome_step (outcome_id, step_id) VALUES ($1, $2)";
        unit.execute(sql, values![outcome, *new]).await?;
    }
    Ok(())
}

/// Who teaches an outcome at a step.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct Teaching {
    pub at: Learnt,
    pub host: OrganisationId,
    pub name: String,
    pub is_illustrative: bool,
}

#[derive(FromQueryResult)]
struct TeachingRow {
    outcome_id: Uuid,
    step_id: Uuid,
    host_id: Uuid,
    name: String,
    is_illustrative: bool,
}

/// All teaching of a cluster, by host.
pub(crate) async fn teaching(reads: &impl Reads, cluster: ClusterId) -> Result<Vec<Teaching>, StoreError> {
    let rows: Vec<TeachingRow> = reads
        .all(
            "SELECT t.outcome_id, t.step_id, t.host_id, o.name, t.is_illustrative FROM education_teaching t \
             JOIN education_step s ON s.id = t.step_id JOIN base_organisation o ON o.id = t.host_id \
             WHERE s.cluster_id = $1 ORDER BY o.name, t.host_id, t.outcome_id, t.step_id",
            values![cluster.0],
        )
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| Teaching {
            at: Learnt { outcome_id: row.outcome_id, step_id: row.step_id },
            host: OrganisationId(row.host_id),
            name: row.name,
            is_illustrative: row.is_illustrative,
        })
        .collect())
}

/// The names of the hosts that teach outcomes of a programme, by step.
pub(crate) async fn teaching_hosts(
    reads: &impl Reads,
    cluster: ClusterId,
    programme: Uuid,
) -> Result<BTreeMap<Uuid, Vec<String>>, StoreError> {
    #[derive(FromQueryResult)]
    struct Host {
        step_id: Uuid,
        name: String,
    }
    let rows: Vec<Host> = reads
        .all(
            "SELECT DISTINCT t.step_id, o.name FROM education_teaching t JOIN education_outcome c ON c.id = t.outcome_id \
             JOIN education_step s ON s.id = t.step_id JOIN base_organisation o ON o.id = t.host_id \
             WHERE s.cluster_id = $1 AND c.programme_id = $2 ORDER BY t.step_id, o.name",
            values![cluster.0, programme],
        )
        .await?;
    let mut hosts: BTreeMap<Uuid, Vec<String>> = BTreeMap::new();
    for row in rows {
        hosts.entry(row.step_id).or_default().push(row.name);
    }
    Ok(hosts)
}

/// Says what a host teaches of some places of the map, and no more of these.
pub(crate) async fn set_teaching(
    unit: &Unit,
    host: OrganisationId,
    among: &[Learnt],
    teaches: &BTreeSet<Learnt>,
    is_illustrative: bool,
) -> Result<(), StoreError> {
    for at in among {
        match teaches.contains(at) {
            true => {
                unit.execute(
                    "INSERT INTO education_teaching (outcome_id, step_id, host_id, is_illustrative) VALUES ($1, $2, $3, $4) \
                     ON CONFLICT DO NOTHING",
                    values![at.outcome_id, at.step_id, host.0, is_illustrative],
                )
                .await?;
            }
            false => {
                unit.execute(
                    "DELETE FROM education_teaching WHERE outcome_id = $1 AND step_id = $2 AND host_id = $3",
                    values![at.outcome_id, at.step_id, host.0],
                )
                .await?;
            }
        }
    }
    Ok(())
}
