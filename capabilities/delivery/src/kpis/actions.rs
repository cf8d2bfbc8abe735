//! What is done with indicators: proposed by the cluster, agreed or declined by the region. Each act is one unit with its entry and its letters.

use hiec_contracts::ClusterSeen;
use hiec_kernel::clock::day_on_page;
use hiec_kernel::{PersonId, Problem};
use hiec_store::{AuditEvent, Unit};
use serde::Serialize;
use uuid::Uuid;

use super::rules::{Act, Better, InForce, KpiState, NotNow};
use super::store::{self, Kpi, stream};
use crate::returns::letters::{self, Side};
use crate::returns::reminders;

/// What a cluster proposes. Numbers are decimals as typed, and were checked.
#[derive(Clone, Debug)]
pub struct Proposal {
    pub name: String,
    pub measure: Uuid,
    pub better: Better,
    pub baseline: Option<String>,
    pub target: String,
    pub weight: i64,
    pub force: InForce,
}

#[derive(Serialize)]
struct KpiProposed<'a> {
    name: &'a str,
    measure: Uuid,
    baseline: Option<&'a str>,
    target: &'a str,
    weight: i64,
    from: chrono::NaiveDate,
    to: chrono::NaiveDate,
}

impl AuditEvent for KpiProposed<'_> {
    const KIND: &'static str = "kpi.proposed";
}

#[derive(Serialize)]
struct KpiAgreed<'a> {
    name: &'a str,
    /// Indicators on the same measure that end the day before.
    ends: Vec<Uuid>,
}

impl AuditEvent for KpiAgreed<'_> {
    const KIND: &'static str = "kpi.agreed";
}

#[derive(Serialize)]
struct KpiDeclined<'a> {
    name: &'a str,
    #[serde(skip)]
    why: &'a str,
}

impl AuditEvent for KpiDeclined<'_> {
    const KIND: &'static str = "kpi.declined";

    fn reason(&self) -> Option<&str> {
        Some(self.why)
    }
}

/// The cluster proposes.
pub async fn propose(
    unit: &mut Unit,
    cluster: &ClusterSeen,
    by: PersonId,
    proposal: Proposal,
) -> Result<Uuid, Problem> {
    let kpi = Kpi {
        id: unit.new_id(),
        cluster: cluster.id,
        name: proposal.name,
        measure: proposal.measure,
        better: proposal.better,
        baseline: proposal.baseline,
        target: proposal.target,
        weight: proposal.weight,
        force: proposal.force,
        state: KpiState::Proposed { proposed: Act { by, at: unit.now() } },
        version: 1,
    };
    store::insert(unit, &kpi).await?;
    let event = KpiProposed {
        name: &kpi.name,
        measure: kpi.measure,
        baseline: kpi.baseline.as_deref(),
        target: &kpi.target,
        weight: kpi.weight,
        from: kpi.force.from,
        to: kpi.force.to,
    };
    unit.audit(stream(cluster.id), kpi.subject(), &event)?;
    let body = format!(
        "{} proposes an indicator for its contract: {}, {} {}, weight {}, in force from {} to {}.\n\nAgree or decline it under {}/kpis.\n",
        cluster.short_name,
        kpi.name,
        kpi.better.label(),
        kpi.target,
        kpi.weight,
        day_on_page(kpi.force.from),
        day_on_page(kpi.force.to),
        cluster.path()
    );
    letters::tell(unit, cluster, Side::Region, &format!("{} proposes an indicator", cluster.short_name), &body).await?;
    Ok(kpi.id)
}

/// The region agrees. An earlier indicator on the same measure ends the day before; from now on returns are owed.
pub async fn agree(unit: &mut Unit, cluster: &ClusterSeen, id: Uuid, by: PersonId) -> Result<(), Problem> {
    let mut kpi = held(unit, cluster, id).await?;
    let act = Act { by, at: unit.now() };
    kpi.state = kpi.state.agree(act)?;
    let mut ends = Vec::new();
    for mut other in store::of_cluster(unit, cluster.id).await? {
        let is_meant = other.id != kpi.id && other.is_agreed() && other.measure == kpi.measure;
        if !is_meant || !other.force.touches(kpi.force.from, kpi.force.to) {
            continue;
        }
        let Some(rest) = other.force.until(kpi.force) else {
            return Err(NotNow::new(
                format!("“{}” on the same measure is in force from {}", other.name, day_on_page(other.force.from)),
                "An indicator takes another’s place from a later day on. Ask the cluster to propose one that begins later.",
            )
            .into());
        };
        other.force = rest;
        store::save(unit, &other).await?;
        ends.push(other.id);
    }
    store::save(unit, &kpi).await?;
    unit.audit(stream(cluster.id), kpi.subject(), &KpiAgreed { name: &kpi.name, ends })?;
    reminders::begin(unit, cluster).await?;
    let body = format!(
        "The region has agreed the indicator {}. Every quarter’s return reports on it from {} on.\n\nThe contract’s indicators are under {}/kpis.\n",
        kpi.name,
        day_on_page(kpi.force.from),
        cluster.path()
    );
    letters::tell(unit, cluster, Side::Cluster, &format!("Agreed: {}", kpi.name), &body).await
}

/// The region declines, and says why.
pub async fn decline(
    unit: &mut Unit,
    cluster: &ClusterSeen,
    id: Uuid,
    by: PersonId,
    reason: &str,
) -> Result<(), Problem> {
    let mut kpi = held(unit, cluster, id).await?;
    let act = Act { by, at: unit.now() };
    kpi.state = kpi.state.decline(act, reason.to_owned())?;
    store::save(unit, &kpi).await?;
    unit.audit(stream(cluster.id), kpi.subject(), &KpiDeclined { name: &kpi.name, why: reason })?;
    let body = format!(
        "The region has declined the indicator {}:\n\n{reason}\n\nPropose another under {}/kpis.\n",
        kpi.name,
        cluster.path()
    );
    letters::tell(unit, cluster, Side::Cluster, &format!("Declined: {}", kpi.name), &body).await
}

async fn held(unit: &Unit, cluster: &ClusterSeen, id: Uuid) -> Result<Kpi, Problem> {
    store::by_id(unit, id).await?.filter(|kpi| kpi.cluster == cluster.id).ok_or_else(Problem::not_found)
}
