//! The ground the pages of education stand on: their cluster, found through its port. It never reads a cluster's tables.

use chrono::NaiveDate;
use hiec_access::policy::Target;
use hiec_contracts::{ClusterSeen, ClustersPort};
use hiec_files::table::Table;
use hiec_kernel::clock::london_date;
use hiec_kernel::{ClusterId, OrganisationId, Problem, Scope, Timestamp};
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, Stream, values};
pub(crate) use hiec_web::filling::{
    LINE, LINES, changed_meanwhile, choice, day, day_field, key_of, line_field, lines_field, made_up, mistakes, one_of,
    optional,
};
use hiec_web::{Loading, Page, Reply};
use uuid::Uuid;

/// The cluster an address names.
pub(crate) async fn cluster_of(loading: &Loading<'_>) -> Result<Option<ClusterSeen>, Problem> {
    let Some(key) = loading.text("cluster") else {
        return Ok(None);
    };
    let port = loading.state.service::<ClustersPort>()?;
    Ok(port.0.by_key(&loading.database, key).await?)
}

/// Something of a cluster as the policies see it: roles of the cluster, its region, its programme and its present partners count.
pub(crate) fn target(cluster: &ClusterSeen, kind: &'static str, id: Uuid, now: Timestamp) -> Target {
    let sites = cluster.partners_on(london_date(now)).map(|partner| Scope::Organisation(partner.organisation.id.0));
    Target::new(kind, id).scopes(cluster.scopes()).scopes(sites.collect::<Vec<_>>()).within(cluster.id.0)
}

/// Whether a post or trainee of a table has this number, in capitals or not: read out, nobody could tell the two apart.
pub(crate) async fn is_taken(
    reads: &impl Reads,
    table: &'static str,
    cluster: ClusterId,
    number: &str,
) -> Result<bool, StoreError> {
    #[derive(FromQueryResult)]
    struct Found {
        #[expect(dead_code, reason = "that there is one is all that is asked")]
        number: String,
    }
    let sql = format!("SELECT number FROM {table} WHERE cluster_id = $1 AND lower(number) = lower($2) LIMIT 1");
    Ok(reads.one::<Found>(&sql, values![cluster.0, number]).await?.is_some())
}

/// Where changes of a cluster's education are kept for good.
pub(crate) fn stream(cluster: ClusterId) -> Stream {
    Stream::named(format!("education:{cluster}"))
}

/// Puts the way back to the cluster above a page.
pub(crate) fn under(page: Page, cluster: &ClusterSeen) -> Page {
    page.under("/clusters", "Clusters").under(cluster.path(), cluster.short_name.clone())
}

/// The present partners as choices.
pub(crate) fn sites(cluster: &ClusterSeen, today: NaiveDate) -> Vec<(String, String)> {
    cluster
        .partners_on(today)
        .map(|partner| (partner.organisation.id.to_string(), partner.organisation.name.clone()))
        .collect()
}

/// The name of a partner, present or former.
pub(crate) fn site_name(cluster: &ClusterSeen, site: OrganisationId) -> String {
    cluster.partner(site).map_or_else(|| "A former partner".to_owned(), |partner| partner.organisation.name.clone())
}

/// A table to take away as CSV.
pub(crate) fn csv(cluster: &ClusterSeen, table: &Table) -> Reply {
    Reply::csv(&format!("{}-{}", cluster.key, table.name()), table)
}

/// A table to take away as a workbook.
pub(crate) fn xlsx(cluster: &ClusterSeen, table: &Table, now: Timestamp) -> Result<Reply, Problem> {
    Reply::xlsx(&format!("{}-{}", cluster.key, table.name()), &[table], now)
}
