//! The doors to the quality of a cluster's education: whoever comes through is authorised for the whole, one host, one visit or one survey.

use hiec_access::policy::Target;
use hiec_contracts::ClusterSeen;
use hiec_kernel::clock::london_date;
use hiec_kernel::{OrganisationId, Problem, Role, Scope};
use hiec_web::{Loading, Page, Resource};
use uuid::Uuid;

use super::review_store::{self, Visit};
use super::store::{self, Host};
use super::survey_store::{self, Survey};
use crate::access;
use crate::ground;

/// `/clusters/{cluster}/education/quality…`
#[derive(Clone, Debug)]
pub(crate) struct Quality {
    pub cluster: ClusterSeen,
}

impl Quality {
    pub fn path(&self) -> String {
        path(&self.cluster)
    }
}

/// `/clusters/necles/education/quality`
pub(crate) fn path(cluster: &ClusterSeen) -> String {
    format!("{}/education/quality", cluster.path())
}

/// Puts the way back to the cluster's education above a page.
pub(super) fn within(page: Page, cluster: &ClusterSeen) -> Page {
    ground::under(page, cluster).under(access::path(cluster), "Education")
}

/// The cluster's target, in which people of its hosts and of the owners of its curricula count too.
async fn target(loading: &Loading<'_>, cluster: &ClusterSeen, kind: &'static str, id: Uuid) -> Result<Target, Problem> {
    let beyond = store::beyond_partners(&loading.database, cluster.id).await?;
    Ok(ground::target(cluster, kind, id, loading.now).scopes(beyond.into_iter().map(Scope::Organisation)))
}

impl Resource for Quality {
    const KIND: &'static str = "quality";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let Some(cluster) = ground::cluster_of(loading).await? else {
            return Ok(None);
        };
        let target = target(loading, &cluster, "quality", cluster.id.0).await?;
        Ok(Some((Self { cluster }, target)))
    }
}

/// `…/quality/hosts/{host}…`
#[derive(Clone, Debug)]
pub(crate) struct QualityHost {
    pub cluster: ClusterSeen,
    pub host: Host,
}

impl QualityHost {
    pub fn path(&self) -> String {
        self.host.path(&self.cluster)
    }
}

/// A host as the policies see it: who educates there speaks for it.
pub(crate) fn host_target(whole: &Target, host: OrganisationId, subject: &hiec_access::Subject) -> Target {
    let mut target = Target::new("quality_host", host.0).scopes(whole.scopes.clone());
    target.within = whole.within;
    target.fact("is_own", subject.holds_in(Role::HostEducator, Scope::Organisation(host.0)))
}

impl Resource for QualityHost {
    const KIND: &'static str = "quality_host";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let (Some(cluster), Some(id)) = (ground::cluster_of(loading).await?, loading.id("host")) else {
            return Ok(None);
        };
        let hosts = store::hosts(&loading.database, &cluster, london_date(loading.now)).await?;
        let Some(host) = hosts.into_iter().find(|host| host.id.0 == id) else {
            return Ok(None);
        };
        let whole = target(loading, &cluster, "quality", cluster.id.0).await?;
        let target = host_target(&whole, host.id, loading.subject);
        Ok(Some((Self { cluster, host }, target)))
    }
}

/// `…/quality/visits/{visit}…`
#[derive(Clone, Debug)]
pub(crate) struct QualityVisit {
    pub cluster: ClusterSeen,
    pub visit: Visit,
    pub host: Host,
}

impl Resource for QualityVisit {
    const KIND: &'static str = "quality_visit";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let (Some(cluster), Some(id)) = (ground::cluster_of(loading).await?, loading.id("visit")) else {
            return Ok(None);
        };
        let visits = review_store::visits(&loading.database, cluster.id).await?;
        let Some(visit) = visits.into_iter().find(|visit| visit.id == id) else {
            return Ok(None);
        };
        let hosts = store::hosts(&loading.database, &cluster, london_date(loading.now)).await?;
        let former = || Host {
            id: visit.host,
            name: ground::site_name(&cluster, visit.host),
            kind: String::new(),
            is_illustrative: visit.is_illustrative,
        };
        let host = hosts.into_iter().find(|host| host.id == visit.host).unwrap_or_else(former);
        let target = target(loading, &cluster, "quality_visit", visit.id).await?;
        Ok(Some((Self { cluster, visit, host }, target)))
    }
}

/// `…/quality/surveys`
#[derive(Clone, Debug)]
pub(crate) struct Surveys {
    pub cluster: ClusterSeen,
}

impl Resource for Surveys {
    const KIND: &'static str = "trainee_survey";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let Some(cluster) = ground::cluster_of(loading).await? else {
            return Ok(None);
        };
        let target = target(loading, &cluster, "trainee_survey", cluster.id.0).await?;
        Ok(Some((Self { cluster }, target)))
    }
}

/// `…/quality/surveys/{survey}…`
#[derive(Clone, Debug)]
pub(crate) struct SurveyHere {
    pub cluster: ClusterSeen,
    pub survey: Survey,
}

impl SurveyHere {
    pub fn path(&self) -> String {
        self.survey.path(&self.cluster)
    }
}

impl Resource for SurveyHere {
    const KIND: &'static str = "trainee_survey";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let (Some(cluster), Some(key)) = (ground::cluster_of(loading).await?, loading.text("survey")) else {
            return Ok(None);
        };
        let surveys = survey_store::of_cluster(&loading.database, cluster.id).await?;
        let Some(survey) = surveys.into_iter().find(|survey| survey.key == key) else {
            return Ok(None);
        };
        let target = target(loading, &cluster, "trainee_survey", survey.id).await?;
        Ok(Some((Self { cluster, survey }, target)))
    }
}

/// Typical targets for the permission table: of a cluster with its region and programme, and one host.
pub(crate) fn samples() -> Vec<Target> {
    let id = Uuid::nil();
    let scopes = [Scope::Cluster(id), Scope::Region(id), Scope::Programme(id), Scope::Organisation(id)];
    let of_cluster = |kind: &'static str| Target::new(kind, id).scopes(scopes).within(id);
    vec![
        of_cluster("quality"),
        of_cluster("quality_host").fact("is_own", true),
        of_cluster("quality_visit"),
        of_cluster("trainee_survey"),
    ]
}
