//! Budget, commitments, actuals, forecasts and tranches as stored. Amounts are pence; nothing here is decided.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use hiec_kernel::{ClusterId, Fingerprint, Money, OrganisationId};
use hiec_store::{FromQueryResult, Reads, StoreError, Unit, values};
use serde::Serialize;
use uuid::Uuid;

use super::importing::Booked;
use super::quarters::Quarter;
use super::rules::{Books, BudgetLine, CommitmentKind, Committed, Span, Spent};
use crate::clusters::store::Cluster;
use crate::desk::ProjectNamed;

#[derive(FromQueryResult)]
struct LineRow {
    year: i64,
    pathway: String,
    amount: i64,
    source: String,
}

/// The lines of the budget, by year and pathway.
pub(crate) async fn budget(reads: &impl Reads, cluster: ClusterId) -> Result<Vec<BudgetLine>, StoreError> {
    let sql =
        "SELECT year, pathway, amount, source FROM cluster_budget_line WHERE cluster_id = $1 ORDER BY year, pathway";
    let rows: Vec<LineRow> = reads.all(sql, values![cluster.0]).await?;
    Ok(rows
        .into_iter()
        .map(|row| BudgetLine { year: row.year, pathway: row.pathway, amount: Money(row.amount), source: row.source })
        .collect())
}

/// Sets a line of the budget; the one that stood before stands in the trail.
pub(crate) async fn set_budget(unit: &Unit, cluster: ClusterId, line: &BudgetLine) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO cluster_budget_line (id, cluster_id, year, pathway, amount, source, set_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) \
         ON CONFLICT (cluster_id, year, pathway) DO UPDATE SET amount = $5, source = $6, set_at = $7",
        values![
            unit.new_id(),
            cluster.0,
            line.year,
            line.pathway.clone(),
            line.amount.0,
            line.source.clone(),
            unit.now()
        ],
    )
    .await?;
    Ok(())
}

/// What a partner committed, and what of it has come.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Commitment {
    pub id: Uuid,
    pub organisation: OrganisationId,
    pub partner: String,
    pub kind: CommitmentKind,
    pub what: String,
    pub amount: Money,
    pub received: Money,
    pub from: NaiveDate,
    pub until: NaiveDate,
    pub project: Option<ProjectNamed>,
}

#[derive(FromQueryResult)]
struct CommitmentRow {
    id: Uuid,
    organisation_id: Uuid,
    partner: String,
    kind: String,
    what: String,
    amount: i64,
    received: i64,
    from_day: NaiveDate,
    until_day: NaiveDate,
    project_id: Option<Uuid>,
    project_name: Option<String>,
}

/// The commitments, by partner and first day.
pub(crate) async fn commitments(reads: &impl Reads, cluster: ClusterId) -> Result<Vec<Commitment>, StoreError> {
    let sql = "SELECT c.id, c.organisation_id, o.name AS partner, c.kind, c.what, c.amount, \
               CAST(COALESCE((SELECT SUM(r.amount) FROM cluster_commitment_receipt r WHERE r.commitment_id = c.id), 0) AS bigint) AS received, \
               c.from_day, c.until_day, c.project_id, c.project_name \
               FROM cluster_commitment c JOIN base_organisation o ON o.id = c.organisation_id \
               WHERE c.cluster_id = $1 ORDER BY o.name, c.from_day, c.id";
    let rows: Vec<CommitmentRow> = reads.all(sql, values![cluster.0]).await?;
    Ok(rows
        .into_iter()
        .map(|row| Commitment {
            id: row.id,
            organisation: OrganisationId(row.organisation_id),
            partner: row.partner,
            kind: CommitmentKind::from_key(&row.kind).unwrap_or(CommitmentKind::Cash),
            what: row.what,
            amount: Money(row.amount),
            received: Money(row.received),
            from: row.from_day,
            until: row.until_day,
            project: project(row.project_id, row.project_name),
        })
        .collect())
}

pub(crate) fn project(id: Option<Uuid>, name: Option<String>) -> Option<ProjectNamed> {
    Some(ProjectNamed { id: id?, name: name.unwrap_or_default() })
}

/// A commitment that is not stored yet.
#[derive(Clone, Debug)]
pub(crate) struct NewCommitment {
    pub organisation: OrganisationId,
    pub kind: CommitmentKind,
    pub what: String,
    pub amount: Money,
    pub from: NaiveDate,
    pub until: NaiveDate,
    pub project: Option<ProjectNamed>,
}

pub(crate) async fn insert_commitment(
    unit: &Unit,
    cluster: ClusterId,
    new: &NewCommitment,
) -> Result<Uuid, StoreError> {
    let id = unit.new_id();
    unit.execute(
        "INSERT INTO cluster_commitment (id, cluster_id, organisation_id, kind, what, amount, from_day, until_day, \
         project_id, project_name, promised_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        values![
            id,
            cluster.0,
            new.organisation.0,
            new.kind.key(),
            new.what.clone(),
            new.amount.0,
            new.from,
            new.until,
            new.project.as_ref().map(|project| project.id),
            new.project.as_ref().map(|project| project.name.clone()),
            unit.now()
        ],
    )
    .await?;
    Ok(id)
}

pub(crate) async fn insert_receipt(
    unit: &Unit,
    commitment: Uuid,
    amount: Money,
    on: NaiveDate,
    note: &str,
) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO cluster_commitment_receipt (id, commitment_id, amount, on_day, note, noted_at) \
         VALUES ($1, $2, $3, $4, $5, $6)",
        values![unit.new_id(), commitment, amount.0, on, note, unit.now()],
    )
    .await?;
    Ok(())
}

#[derive(FromQueryResult)]
struct BookedRow {
    reference: String,
    on_day: NaiveDate,
    pathway: String,
    what: String,
    amount: i64,
    project_id: Option<Uuid>,
    project_name: Option<String>,
}

impl From<BookedRow> for Booked {
    fn from(row: BookedRow) -> Self {
        Self {
            reference: row.reference,
            on: row.on_day,
            pathway: row.pathway,
            what: row.what,
            amount: Money(row.amount),
            project: project(row.project_id, row.project_name),
        }
    }
}

/// Everything booked, by day and reference.
pub(crate) async fn actuals(reads: &impl Reads, cluster: ClusterId) -> Result<Vec<Booked>, StoreError> {
    let sql = "SELECT reference, on_day, pathway, what, amount, project_id, project_name FROM cluster_actual \
               WHERE cluster_id = $1 ORDER BY on_day, reference";
    let rows: Vec<BookedRow> = reads.all(sql, values![cluster.0]).await?;
    Ok(rows.into_iter().map(Booked::from).collect())
}

/// Keeps what was booked; a reference that is there already is corrected.
pub(crate) async fn keep_actual(
    unit: &Unit,
    cluster: ClusterId,
    booked: &Booked,
    file: &Fingerprint,
) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO cluster_actual (id, cluster_id, reference, on_day, pathway, what, amount, project_id, project_name, \
         file_sha256, imported_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
         ON CONFLICT (cluster_id, reference) DO UPDATE SET on_day = excluded.on_day, pathway = excluded.pathway, \
         what = excluded.what, amount = excluded.amount, project_id = excluded.project_id, \
         project_name = excluded.project_name, file_sha256 = excluded.file_sha256, imported_at = excluded.imported_at",
        values![
            unit.new_id(),
            cluster.0,
            booked.reference.clone(),
            booked.on,
            booked.pathway.clone(),
            booked.what.clone(),
            booked.amount.0,
            booked.project.as_ref().map(|project| project.id),
            booked.project.as_ref().map(|project| project.name.clone()),
            file.as_str(),
            unit.now()
        ],
    )
    .await?;
    Ok(())
}

/// What a quarter is expected to cost, and why.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Forecast {
    pub quarter: Quarter,
    pub amount: Money,
    pub reason: String,
}

#[derive(FromQueryResult)]
struct ForecastRow {
    quarter: NaiveDate,
    amount: i64,
    reason: String,
}

pub(crate) async fn forecasts(reads: &impl Reads, cluster: ClusterId) -> Result<Vec<Forecast>, StoreError> {
    let sql = "SELECT quarter, amount, reason FROM cluster_forecast WHERE cluster_id = $1 ORDER BY quarter";
    let rows: Vec<ForecastRow> = reads.all(sql, values![cluster.0]).await?;
    Ok(rows
        .into_iter()
        .map(|row| Forecast { quarter: Quarter::of(row.quarter), amount: Money(row.amount), reason: row.reason })
        .collect())
}

pub(crate) async fn set_forecast(unit: &Unit, cluster: ClusterId, forecast: &Forecast) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO cluster_forecast (id, cluster_id, quarter, amount, reason, set_at) VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (cluster_id, quarter) DO UPDATE SET amount = $4, reason = $5, set_at = $6",
        values![
            unit.new_id(),
            cluster.0,
            forecast.quarter.first_day(),
            forecast.amount.0,
            forecast.reason.clone(),
            unit.now()
        ],
    )
    .await?;
    Ok(())
}

/// A part of the award, and what it hangs on.
#[derive(Clone, Debug, Serialize, FromQueryResult)]
pub(crate) struct Tranche {
    pub id: Uuid,
    pub number: i64,
    /// Pence.
    pub amount: i64,
    pub due_on: NaiveDate,
    pub hangs_on: String,
    pub paid_on: Option<NaiveDate>,
    /// Pence.
    pub paid_amount: Option<i64>,
}

pub(crate) async fn tranches(reads: &impl Reads, cluster: ClusterId) -> Result<Vec<Tranche>, StoreError> {
    let sql = "SELECT id, number, amount, due_on, hangs_on, paid_on, paid_amount FROM cluster_tranche \
               WHERE cluster_id = $1 ORDER BY number";
    reads.all(sql, values![cluster.0]).await
}

pub(crate) async fn insert_tranche(
    unit: &Unit,
    cluster: ClusterId,
    number: i64,
    amount: Money,
    due_on: NaiveDate,
    hangs_on: &str,
) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO cluster_tranche (id, cluster_id, number, amount, due_on, hangs_on) VALUES ($1, $2, $3, $4, $5, $6)",
        values![unit.new_id(), cluster.0, number, amount.0, due_on, hangs_on],
    )
    .await?;
    Ok(())
}

/// Notes that a tranche was paid; answers whether it had not been.
pub(crate) async fn pay_tranche(unit: &Unit, tranche: Uuid, amount: Money, on: NaiveDate) -> Result<bool, StoreError> {
    let sql = "UPDATE cluster_tranche SET paid_on = $2, paid_amount = $3 WHERE id = $1 AND paid_on IS NULL";
    Ok(unit.execute(sql, values![tranche, on, amount.0]).await? == 1)
}

/// The books of a cluster, whole.
pub(crate) async fn books(reads: &impl Reads, cluster: &Cluster) -> Result<Books, StoreError> {
    let spent = actuals(reads, cluster.id).await?;
    let committed = commitments(reads, cluster.id).await?;
    Ok(Books {
        term: Span::new(cluster.starts_on, cluster.ends_on),
        budget: budget(reads, cluster.id).await?,
        spent: spent.into_iter().map(|one| Spent { on: one.on, pathway: one.pathway, amount: one.amount }).collect(),
        expected: forecasts(reads, cluster.id).await?.into_iter().map(|one| (one.quarter, one.amount)).collect(),
        committed: committed
            .into_iter()
            .map(|one| Committed { days: Span::new(one.from, one.until), amount: one.amount })
            .collect(),
    })
}

/// What came together for one project, by where it came from.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub(crate) struct CoFunding {
    pub project: String,
    /// Spent by the cluster.
    pub cluster: Money,
    pub cash: Money,
    pub in_kind: Money,
    pub matched: Money,
    /// Won from funders outside.
    pub won: Money,
}

impl CoFunding {
    pub fn total(&self) -> Money {
        [self.cluster, self.cash, self.in_kind, self.matched, self.won].into_iter().sum()
    }
}

/// What each project stands on, by its name.
pub(crate) fn co_funding(
    actuals: &[Booked],
    commitments: &[Commitment],
    won: &[(ProjectNamed, Money)],
) -> Vec<CoFunding> {
    let of = |project: &Option<ProjectNamed>| project.as_ref().map(|one| (one.id, one.name.clone()));
    let mut projects: BTreeMap<Uuid, CoFunding> = BTreeMap::new();
    let named: BTreeSet<(Uuid, String)> = actuals
        .iter()
        .filter_map(|one| of(&one.project))
        .chain(commitments.iter().filter_map(|one| of(&one.project)))
        .chain(won.iter().map(|(project, _)| (project.id, project.name.clone())))
        .collect();
    for (id, name) in named {
        projects.entry(id).or_insert_with(|| CoFunding { project: name, ..CoFunding::default() });
    }
    for one in actuals {
        if let Some(line) = one.project.as_ref().and_then(|project| projects.get_mut(&project.id)) {
            line.cluster = line.cluster + one.amount;
        }
    }
    for one in commitments {
        if let Some(line) = one.project.as_ref().and_then(|project| projects.get_mut(&project.id)) {
            let sum = match one.kind {
                CommitmentKind::Cash => &mut line.cash,
                CommitmentKind::InKind => &mut line.in_kind,
                CommitmentKind::Matched => &mut line.matched,
            };
            *sum = *sum + one.amount;
        }
    }
    for (project, amount) in won {
        if let Some(line) = projects.get_mut(&project.id) {
            line.won = line.won + *amount;
        }
    }
    let mut lines: Vec<CoFunding> = projects.into_values().collect();
    lines.sort_by(|one, other| one.project.cmp(&other.project));
    lines
}
