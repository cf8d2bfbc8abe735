//! Measures, series and sites as routes name them, loaded with what the policies need to know; what somebody may not see is not found.

use hiec_access::policy::Target;
use hiec_contracts::{ClusterSeen, ClustersPort};
use hiec_kernel::clock::london_date;
use hiec_kernel::{OrganisationId, Problem, Role, Scope};
use hiec_web::{Loading, Resource};

use super::reading::Site;
use super::rules::Definition;
use super::sight::{Level, Sight, Viewer};
use super::store::{self, Measure};

/// A cluster's measures, for the pages that show several.
#[derive(Clone, Debug)]
pub struct Measures {
    pub(crate) cluster: ClusterSeen,
    /// By title; those the viewer sees anything of.
    pub(crate) all: Vec<Measure>,
    pub(crate) viewer: Viewer,
}

/// One measure at all its sites.
#[derive(Clone, Debug)]
pub struct AtAllSites {
    pub(crate) cluster: ClusterSeen,
    pub(crate) measure: Measure,
    pub(crate) viewer: Viewer,
}

/// One measure at one site, or of all sites together.
#[derive(Clone, Debug)]
pub struct AtOneSite {
    pub(crate) cluster: ClusterSeen,
    pub(crate) measure: Measure,
    /// Nothing for all sites together.
    pub(crate) site: Option<Site>,
    pub(crate) viewer: Viewer,
    pub(crate) sight: Sight,
    /// What peers see of it.
    pub(crate) level: Level,
}

/// One site with all its measures.
#[derive(Clone, Debug)]
pub struct SiteDesk {
    pub(crate) cluster: ClusterSeen,
    pub(crate) site: Site,
    pub(crate) all: Vec<Measure>,
    pub(crate) viewer: Viewer,
}

impl Measures {
    pub(crate) fn path(&self) -> String {
        format!("{}/measures", self.cluster.path())
    }
}

impl AtAllSites {
    pub(crate) fn path(&self) -> String {
        self.measure.path(&self.cluster.path())
    }

    pub(crate) fn definition(&self) -> &Definition {
        &self.measure.definition
    }
}

impl AtOneSite {
    pub(crate) fn measure_path(&self) -> String {
        self.measure.path(&self.cluster.path())
    }

    pub(crate) fn path(&self) -> String {
        format!("{}/sites/{}", self.measure_path(), site_word(self.site.as_ref()))
    }

    pub(crate) fn name(&self) -> &str {
        self.site.as_ref().map_or("All sites together", |site| site.name.as_str())
    }
}

impl SiteDesk {
    pub(crate) fn path(&self) -> String {
        format!("{}/sites/{}", self.cluster.path(), self.site.id)
    }
}

/// A site in an address; all of them together are `all`.
pub(crate) fn site_word(site: Option<&Site>) -> String {
    site.map_or_else(|| "all".to_owned(), |site| site.id.to_string())
}

async fn cluster_of(loading: &Loading<'_>) -> Result<Option<ClusterSeen>, Problem> {
    let Some(key) = loading.text("cluster") else { return Ok(None) };
    Ok(loading.state.service::<ClustersPort>()?.0.by_key(&loading.database, key).await?)
}

/// What the policies need to know of something of a cluster: whoever answers for a site of it counts.
fn target(kind: &'static str, id: uuid::Uuid, cluster: &ClusterSeen, led: &[OrganisationId]) -> Target {
    Target::new(kind, id)
        .scopes(cluster.scopes())
        .scopes(led.iter().map(|site| Scope::Organisation(site.0)))
        .within(cluster.id.0)
}

/// The sites of the cluster that somebody answers for.
fn led(loading: &Loading<'_>, cluster: &ClusterSeen) -> Vec<OrganisationId> {
    loading
        .subject
        .scopes_of(Role::SiteLead)
        .filter_map(|scope| match scope {
            Scope::Organisation(id) => Some(OrganisationId(id)),
            _ => None,
        })
        .filter(|id| cluster.partner(*id).is_some())
        .collect()
}

/// Who looks, by what the policies let them see.
fn viewer(loading: &Loading<'_>, cluster: &ClusterSeen, led: &[OrganisationId]) -> Viewer {
    let target = target("measure", cluster.id.0, cluster, led);
    let may = |action: &str| loading.state.engine().decide(loading.subject, action, &target).allowed;
    Viewer {
        is_team: may("measure.everything.view"),
        is_peer: may("measure.shared.view"),
        sites: led.iter().copied().collect(),
    }
}

impl Resource for Measures {
    const KIND: &'static str = "measure";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let Some(cluster) = cluster_of(loading).await? else { return Ok(None) };
        let led = led(loading, &cluster);
        let viewer = viewer(loading, &cluster, &led);
        let all: Vec<Measure> = store::of_cluster(&loading.database, cluster.id)
            .await?
            .into_iter()
            .filter(|measure| viewer.sees(measure.definition.is_public && measure.is_in_force()))
            .collect();
        let target = target("measure", cluster.id.0, &cluster, &led).fact("is_public", !all.is_empty());
        Ok(Some((Self { cluster, all, viewer }, target)))
    }
}

async fn measure_of(loading: &Loading<'_>, cluster: &ClusterSeen) -> Result<Option<Measure>, Problem> {
    let Some(key) = loading.text("measure") else { return Ok(None) };
    Ok(store::by_key(&loading.database, cluster.id, key).await?)
}

impl Resource for AtAllSites {
    const KIND: &'static str = "measure";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let Some(cluster) = cluster_of(loading).await? else { return Ok(None) };
        let Some(measure) = measure_of(loading, &cluster).await? else { return Ok(None) };
        let led = led(loading, &cluster);
        let viewer = viewer(loading, &cluster, &led);
        let target = target("measure", measure.id, &cluster, &led)
            .fact("is_public", measure.definition.is_public && measure.is_in_force());
        Ok(Some((Self { cluster, measure, viewer }, target)))
    }
}

impl Resource for AtOneSite {
    const KIND: &'static str = "series";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let Some(cluster) = cluster_of(loading).await? else { return Ok(None) };
        let Some(measure) = measure_of(loading, &cluster).await?.filter(Measure::is_in_force) else { return Ok(None) };
        let site = match loading.text("site") {
            Some("all") => None,
            _ => {
                let site = loading.id("site").map(OrganisationId).and_then(|id| cluster.partner(id));
                let Some(site) = site else { return Ok(None) };
                Some(Site { id: site.organisation.id, name: site.organisation.name.clone() })
            }
        };
        let led = led(loading, &cluster);
        let viewer = viewer(loading, &cluster, &led);
        let is_public = measure.definition.is_public;
        let sharing = store::sharing(&loading.database, measure.id).await?;
        let level_of = |id: OrganisationId| sharing.get(&id).copied().unwrap_or(measure.definition.sharing);
        let (sight, level) = match &site {
            Some(site) => (viewer.sight(site.id, level_of(site.id), is_public), level_of(site.id)),
            None => (viewer.sight_of_all(is_public), Level::Named),
        };
        // Only who answers for this very site counts as its lead.
        let own: Vec<OrganisationId> = match &site {
            Some(site) => led.iter().copied().filter(|id| *id == site.id).collect(),
            None => Vec::new(),
        };
        let target = target("series", measure.id, &cluster, &own).fact("is_open", sight.shows_name());
        Ok(Some((Self { cluster, measure, site, viewer, sight, level }, target)))
    }
}

impl Resource for SiteDesk {
    const KIND: &'static str = "series";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let Some(cluster) = cluster_of(loading).await? else { return Ok(None) };
        let partner = loading.id("site").map(OrganisationId).and_then(|id| cluster.partner(id));
        let Some(partner) = partner else { return Ok(None) };
        let site = Site { id: partner.organisation.id, name: partner.organisation.name.clone() };
        let led = led(loading, &cluster);
        let viewer = viewer(loading, &cluster, &led);
        let own: Vec<OrganisationId> = led.iter().copied().filter(|id| *id == site.id).collect();
        let all: Vec<Measure> = store::of_cluster(&loading.database, cluster.id)
            .await?
            .into_iter()
            .filter(|measure| measure.is_in_force() && viewer.sees(measure.definition.is_public))
            .collect();
        let chosen = store::sharing_of_site(&loading.database, site.id).await?;
        let is_open = all.iter().any(|measure| {
            let level = chosen.get(&measure.id).copied().unwrap_or(measure.definition.sharing);
            viewer.sight(site.id, level, measure.definition.is_public).shows_name()
        });
        let target = target("series", site.id.0, &cluster, &own).fact("is_open", is_open);
        Ok(Some((Self { cluster, site, all, viewer }, target)))
    }
}

/// Today in England.
pub(crate) fn today<R>(loaded: &hiec_web::Loaded<R>) -> chrono::NaiveDate {
    london_date(loaded.now())
}
