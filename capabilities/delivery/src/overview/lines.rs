//! What each cluster shows in one line, and what they cost and reached in all. Sums are of the figures shown; nobody is ranked.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use hiec_contracts::{ClusterSeen, ClustersPort};
use hiec_kernel::clock::london_date;
use hiec_kernel::{ClusterId, Problem};
use hiec_store::{Database, organisations};
use hiec_web::AppState;
use serde::Serialize;
use uuid::Uuid;

use crate::kpis::rules::InForce;
use crate::kpis::store as kpis;
use crate::returns::content::Sums;
use crate::returns::list::{self, Line as ReturnLine};
use crate::returns::rules::{Timing, owed, weight_met};
use crate::returns::sources::{self, Signals};
use crate::returns::store as returns;

/// One cluster.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Line {
    pub key: String,
    pub name: String,
    pub region: String,
    pub is_illustrative: bool,
    pub ends_on: NaiveDate,
    /// The newest return of a quarter that is over; the first one while none is.
    pub newest: Option<ReturnLine>,
    /// Returns that are late or missing.
    pub behind: usize,
    pub accepted: usize,
    /// Signed and not accepted yet: what the region has before it.
    pub waiting: usize,
    /// Weight of targets met in the newest signed return, of how much.
    pub reached: Option<(i64, i64)>,
    /// Over the whole term.
    pub money: Sums,
    pub signals: Signals,
    pub breaches: Vec<String>,
    /// Organisations that belong to it today.
    pub partners: usize,
}

/// All of them together.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Total {
    pub clusters: usize,
    pub with_contract: usize,
    pub money: Sums,
    pub behind: usize,
    pub waiting: usize,
    pub accepted: usize,
    pub signals: Signals,
    pub breaches: usize,
    /// Organisations that belong to at least one: none is counted twice.
    pub partners: usize,
}

pub(super) async fn gather(app: &AppState, clusters: &[ClusterSeen]) -> Result<(Vec<Line>, Total), Problem> {
    let database = app.database();
    let port = app.service::<ClustersPort>()?;
    let today = london_date(app.now());
    let regions: BTreeMap<Uuid, String> =
        organisations::regions(&database).await?.into_iter().map(|region| (region.id, region.name)).collect();
    let mut force: BTreeMap<ClusterId, Vec<InForce>> = BTreeMap::new();
    for kpi in kpis::all_agreed(&database).await? {
        force.entry(kpi.cluster).or_default().push(kpi.force);
    }
    let begun = returns::all(&database).await?;
    let mut lines = Vec::with_capacity(clusters.len());
    let mut total = Total { clusters: clusters.len(), ..Total::default() };
    let mut everybody = BTreeSet::new();
    for cluster in clusters {
        let in_force = force.get(&cluster.id).map_or(&[][..], Vec::as_slice);
        let own: Vec<_> = begun.iter().filter(|one| one.cluster == cluster.id).cloned().collect();
        let quarters = list::lines(cluster, &owed(in_force, cluster.ends_on), &own, today);
        let standing = port.0.standing(&database, cluster.id, cluster.starts_on, today).await?;
        let whole = port.0.by_id(&database, cluster.id).await?;
        let partners: BTreeSet<_> = whole
            .iter()
            .flat_map(|cluster| cluster.partners_on(today).map(|partner| partner.organisation.id))
            .collect();
        let breaches = standing.breaches.iter().map(|breach| format!("{}: {}", breach.principle, breach.why));
        let line = Line {
            key: cluster.key.clone(),
            name: cluster.short_name.clone(),
            region: cluster.region.and_then(|id| regions.get(&id).cloned()).unwrap_or_default(),
            is_illustrative: cluster.is_illustrative,
            ends_on: cluster.ends_on,
            newest: newest(&quarters),
            behind: quarters.iter().filter(|one| one.timing.is_behind()).count(),
            accepted: quarters.iter().filter(|one| one.state == "accepted").count(),
            waiting: quarters.iter().filter(|one| matches!(one.state, "signed" | "received" | "queried")).count(),
            reached: reached(&database, &own).await?,
            money: standing.term.into(),
            signals: sources::signals(&database, cluster.id).await?,
            breaches: breaches.collect(),
            partners: partners.len(),
        };
        total.add(&line, !in_force.is_empty());
        everybody.extend(partners);
        lines.push(line);
    }
    total.partners = everybody.len();
    Ok((lines, total))
}

fn newest(quarters: &[ReturnLine]) -> Option<ReturnLine> {
    let over = quarters.iter().rev().find(|one| one.timing != Timing::Running);
    over.or(quarters.first()).cloned()
}

async fn reached(database: &Database, own: &[returns::StoredReturn]) -> Result<Option<(i64, i64)>, Problem> {
    let Some(last) = own.iter().rev().find(|one| one.state.signature().is_some()) else {
        return Ok(None);
    };
    let signings = returns::signings(database, last.id).await?;
    Ok(signings.last().map(|signed| weight_met(&signed.content.kpis)))
}

impl Total {
    fn add(&mut self, line: &Line, has_contract: bool) {
        self.with_contract += usize::from(has_contract);
        self.money = Sums {
            budget: self.money.budget + line.money.budget,
            actual: self.money.actual + line.money.actual,
            forecast: self.money.forecast + line.money.forecast,
            committed: self.money.committed + line.money.committed,
        };
        self.behind += line.behind;
        self.waiting += line.waiting;
        self.accepted += line.accepted;
        self.signals.series += line.signals.series;
        self.signals.improvement += line.signals.improvement;
        self.signals.concern += line.signals.concern;
        self.breaches += line.breaches.len();
    }
}
