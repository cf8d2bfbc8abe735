//! What happened and may explain a chart: changes in care, campaigns, cycles of improvement. An event explains nothing by itself; it is shown where it fell.

use chrono::NaiveDate;
use hiec_kernel::{ClusterId, OrganisationId};
use hiec_store::{AuditEvent, FromQueryResult, Reads, StoreError, Stream, Unit, values};
use serde::Serialize;
use uuid::Uuid;

/// Something that happened on a day.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Event {
    pub cluster: ClusterId,
    /// Nothing for every site.
    pub site: Option<OrganisationId>,
    /// Nothing for every measure.
    pub measure: Option<Uuid>,
    pub on: NaiveDate,
    /// A few words.
    pub label: String,
    /// Where it is told at length: a path of this site.
    pub link: Option<String>,
}

impl Event {
    pub(crate) fn is_for(&self, site: OrganisationId) -> bool {
        self.site.is_none_or(|own| own == site)
    }

    pub(crate) fn on_chart(&self) -> (NaiveDate, String) {
        (self.on, self.label.clone())
    }
}

/// An event was put on the charts.
#[derive(Serialize)]
struct EventAdded<'a> {
    #[serde(flatten)]
    event: &'a Event,
}

impl AuditEvent for EventAdded<'_> {
    const KIND: &'static str = "chart_event.added";
}

/// Puts an event on the charts it is of.
pub async fn add(unit: &mut Unit, event: &Event) -> Result<(), StoreError> {
    let id = unit.new_id();
    unit.execute(
        "INSERT INTO delivery_event (id, cluster_id, site_id, measure_id, happened_on, label, link, added_by, added_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        values![
            id,
            event.cluster.0,
            event.site.map(|site| site.0),
            event.measure,
            event.on,
            event.label.as_str(),
            event.link.clone(),
            unit.actor().key(),
            unit.now()
        ],
    )
    .await?;
    unit.audit(stream(event.cluster), format!("chart_event:{id}"), &EventAdded { event })
}

/// The trail of a cluster's work.
pub(crate) fn stream(cluster: ClusterId) -> Stream {
    Stream::named(format!("delivery:{cluster}"))
}

#[derive(FromQueryResult)]
struct Row {
    cluster_id: Uuid,
    site_id: Option<Uuid>,
    measure_id: Option<Uuid>,
    happened_on: NaiveDate,
    label: String,
    link: Option<String>,
}

/// The events of a measure at all of its sites, in order of time.
pub async fn of_measure(reads: &impl Reads, cluster: ClusterId, measure: Uuid) -> Result<Vec<Event>, StoreError> {
    let rows: Vec<Row> = reads
        .all(
            "SELECT cluster_id, site_id, measure_id, happened_on, label, link FROM delivery_event \
             WHERE cluster_id = $1 AND (measure_id IS NULL OR measure_id = $2) ORDER BY happened_on, id",
            values![cluster.0, measure],
        )
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| Event {
            cluster: ClusterId(row.cluster_id),
            site: row.site_id.map(OrganisationId),
            measure: row.measure_id,
            on: row.happened_on,
            label: row.label,
            link: row.link,
        })
        .collect())
}

/// What stands on the chart of a measure at a site; without a site, on the chart of all sites together.
pub(crate) async fn of(
    reads: &impl Reads,
    cluster: ClusterId,
    measure: Uuid,
    site: Option<OrganisationId>,
) -> Result<Vec<(NaiveDate, String)>, StoreError> {
    let events = of_measure(reads, cluster, measure).await?;
    let is_shown = |event: &&Event| match (event.site, site) {
        (None, _) => true,
        (Some(own), Some(site)) => own == site,
        (Some(_), None) => false,
    };
    Ok(events.iter().filter(is_shown).map(Event::on_chart).collect())
}
