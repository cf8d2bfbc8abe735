//! New limits: what the engine proposes, and what a person decided with a reason. No chart gets new limits by itself.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use hiec_kernel::{OrganisationId, Timestamp};
use hiec_spc::limits::{Kind, Series as Rows};
use hiec_spc::shifts::{Options, Study};
use hiec_store::{AuditEvent, FromQueryResult, Reads, StoreError, Unit, values};
use serde::Serialize;
use uuid::Uuid;

use super::events::stream;
use super::reading::Series;
use super::rules::Definition;
use super::store::Measure;

/// A place where new limits might begin.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct Proposal {
    pub starts_on: NaiveDate,
    /// What a person needs to decide, in sentences.
    pub words: String,
}

/// What the engine found in a series since the last accepted rebase.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub(crate) struct Found {
    pub proposals: Vec<Proposal>,
    /// A shift too young for new limits, in a sentence.
    pub waiting: Option<String>,
}

/// Looks for lasting shifts in what follows the last new limits. A proposal decided on before is not made again.
pub(crate) fn look(series: &Series, definition: &Definition, decided: &[Decided]) -> Found {
    let since = series.rebases.iter().map(|(day, _)| *day).max().unwrap_or(NaiveDate::MIN);
    let rows: Vec<_> = series.points.iter().filter(|point| point.period >= since).collect();
    let Ok(values) = Rows::of_values(rows.iter().map(|point| Some(point.value))) else { return Found::default() };
    let Ok(study) = Study::of(Kind::Individuals, &values, Options::default()) else { return Found::default() };
    let name = |row: usize| rows.get(row).map_or_else(String::new, |point| definition.period.name(point.period));
    let number = |value: f64| definition.words((value * 10.0).round() / 10.0);
    let proposals = study
        .proposals
        .iter()
        .filter_map(|proposal| {
            let starts_on = rows.get(proposal.row)?.period;
            Some(Proposal { starts_on, words: proposal.sentence(name, number) })
        })
        .filter(|proposal| !decided.iter().any(|decision| decision.starts_on == proposal.starts_on))
        .collect();
    Found { proposals, waiting: study.waiting.map(|waiting| waiting.sentence(name)) }
}

/// What a person decided about new limits.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct Decided {
    pub starts_on: NaiveDate,
    pub is_accepted: bool,
    /// What was proposed, as it was said then; empty where a person asked for new limits unasked.
    pub proposal: String,
    pub reason: String,
    pub decided_by: String,
    pub decided_at: Timestamp,
}

/// New limits were accepted or refused.
#[derive(Serialize)]
struct RebaseDecided<'a> {
    measure: Uuid,
    site: Option<OrganisationId>,
    starts_on: NaiveDate,
    is_accepted: bool,
    proposal: &'a str,
    reason: &'a str,
}

impl AuditEvent for RebaseDecided<'_> {
    const KIND: &'static str = "rebase.decided";

    fn reason(&self) -> Option<&str> {
        Some(self.reason)
    }
}

/// Stores a decision on new limits, whether taken or refused. A later decision on the same day stands over an earlier one.
pub(crate) async fn decide(
    unit: &mut Unit,
    measure: &Measure,
    site: Option<OrganisationId>,
    proposal: &Proposal,
    is_accepted: bool,
    reason: &str,
) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO delivery_rebase (id, measure_id, site_id, starts_on, is_accepted, proposal, reason, decided_by, decided_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        values![
            unit.new_id(),
            measure.id,
            site.map(|site| site.0),
            proposal.starts_on,
            is_accepted,
            proposal.words.as_str(),
            reason,
            unit.actor().key(),
            unit.now()
        ],
    )
    .await?;
    let event = RebaseDecided {
        measure: measure.id,
        site,
        starts_on: proposal.starts_on,
        is_accepted,
        proposal: &proposal.words,
        reason,
    };
    unit.audit(stream(measure.cluster), format!("measure:{}", measure.id), &event)
}

#[derive(FromQueryResult)]
struct Row {
    site_id: Option<Uuid>,
    starts_on: NaiveDate,
    is_accepted: bool,
    proposal: String,
    reason: String,
    decided_by: String,
    decided_at: Timestamp,
}

async fn rows(reads: &impl Reads, measure: Uuid) -> Result<Vec<Row>, StoreError> {
    reads
        .all(
            "SELECT site_id, starts_on, is_accepted, proposal, reason, decided_by, decided_at FROM delivery_rebase \
             WHERE measure_id = $1 ORDER BY starts_on, decided_at, id",
            values![measure],
        )
        .await
}

/// Every decision on one series, by day and moment.
pub(crate) async fn decisions(
    reads: &impl Reads,
    measure: Uuid,
    site: Option<OrganisationId>,
) -> Result<Vec<Decided>, StoreError> {
    Ok(rows(reads, measure)
        .await?
        .into_iter()
        .filter(|row| row.site_id == site.map(|site| site.0))
        .map(|row| Decided {
            starts_on: row.starts_on,
            is_accepted: row.is_accepted,
            proposal: row.proposal,
            reason: row.reason,
            decided_by: row.decided_by,
            decided_at: row.decided_at,
        })
        .collect())
}

/// The new limits that stand on one series, with their reasons.
pub(crate) async fn accepted(
    reads: &impl Reads,
    measure: Uuid,
    site: Option<OrganisationId>,
) -> Result<Vec<(NaiveDate, String)>, StoreError> {
    Ok(standing(rows(reads, measure).await?.into_iter().filter(|row| row.site_id == site.map(|site| site.0))))
}

/// The new limits that stand on the series of a measure, by site.
pub(crate) async fn of_measure(
    reads: &impl Reads,
    measure: Uuid,
) -> Result<BTreeMap<OrganisationId, Vec<(NaiveDate, String)>>, StoreError> {
    let mut by_site: BTreeMap<OrganisationId, Vec<Row>> = BTreeMap::new();
    for row in rows(reads, measure).await? {
        if let Some(site) = row.site_id {
            by_site.entry(OrganisationId(site)).or_default().push(row);
        }
    }
    Ok(by_site.into_iter().map(|(site, rows)| (site, standing(rows))).collect())
}

/// Of the decisions on each day the last one.
fn standing(rows: impl IntoIterator<Item = Row>) -> Vec<(NaiveDate, String)> {
    let last: BTreeMap<NaiveDate, Row> = rows.into_iter().map(|row| (row.starts_on, row)).collect();
    last.into_values().filter(|row| row.is_accepted).map(|row| (row.starts_on, row.reason)).collect()
}
