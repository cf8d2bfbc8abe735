//! What routes of placement rounds are about, loaded with what the policies need to know of it; a ranking is loaded for its trainee alone.

use hiec_access::policy::Target;
use hiec_contracts::ClusterSeen;
use hiec_kernel::organisations::Organisation;
use hiec_kernel::{OrganisationId, Problem, Scope};
use hiec_store::organisations;
use hiec_web::{Loading, Resource};
use uuid::Uuid;

use super::store::{self, Entrant, Round};
use crate::access::{kind_of, whole};
use crate::ground;
use crate::programmes::store::{self as programmes, Programme};

/// The rounds of a cluster.
#[derive(Clone, Debug)]
pub(crate) struct Rounds {
    pub cluster: ClusterSeen,
}

impl Rounds {
    pub fn path(&self) -> String {
        format!("{}/education/rounds", self.cluster.path())
    }
}

impl Resource for Rounds {
    const KIND: &'static str = "round";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let Some(cluster) = ground::cluster_of(loading).await? else { return Ok(None) };
        let target = whole(loading, &cluster, kind_of(loading.action)).await?;
        Ok(Some((Self { cluster }, target)))
    }
}

/// A round with its programme.
#[derive(Clone, Debug)]
pub(crate) struct RoundHere {
    pub cluster: ClusterSeen,
    pub round: Round,
    pub programme: Programme,
}

impl RoundHere {
    pub fn path(&self) -> String {
        self.round.path(&self.cluster)
    }

    async fn of(loading: &Loading<'_>) -> Result<Option<Self>, Problem> {
        let (Some(cluster), Some(key)) = (ground::cluster_of(loading).await?, loading.text("round")) else {
            return Ok(None);
        };
        let Some(round) = store::by_key(&loading.database, cluster.id, key).await? else { return Ok(None) };
        let Some(programme) = programmes::by_id(&loading.database, round.programme).await? else { return Ok(None) };
        Ok(Some(Self { cluster, round, programme }))
    }
}

impl Resource for RoundHere {
    const KIND: &'static str = "round";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let Some(here) = Self::of(loading).await? else { return Ok(None) };
        let target = whole(loading, &here.cluster, kind_of(loading.action)).await?;
        let id = here.round.id;
        Ok(Some((here, Target { id, ..target })))
    }
}

/// A host in a round; its educators answer for it and for no other.
#[derive(Clone, Debug)]
pub(crate) struct AppetiteHere {
    pub here: RoundHere,
    pub host: Organisation,
    /// What its posts have room for: whole-time people, and the most people.
    pub room: (i64, i64),
}

impl AppetiteHere {
    pub fn path(&self) -> String {
        format!("{}/hosts/{}/appetite", self.here.path(), self.host.id)
    }
}

/// Something of one host in a round, as the policies see it.
pub(super) fn appetite_target(cluster: &ClusterSeen, host: OrganisationId) -> Target {
    Target::new("appetite", host.0).scopes(cluster.scopes()).scope(Scope::Organisation(host.0)).within(cluster.id.0)
}

impl Resource for AppetiteHere {
    const KIND: &'static str = "appetite";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let (Some(here), Some(host)) = (RoundHere::of(loading).await?, loading.id("host")) else { return Ok(None) };
        let hosts = super::question::hosts(&loading.database, &here.round, &here.programme).await?;
        let Some(host) = hosts.into_iter().find(|one| one.organisation == OrganisationId(host)) else {
            return Ok(None);
        };
        let room = (host.holds, host.most);
        let Some(host) = organisations::by_id(&loading.database, host.organisation).await? else { return Ok(None) };
        let target = appetite_target(&here.cluster, host.id);
        Ok(Some((Self { here, host, room }, target)))
    }
}

/// A round as the reader takes part in it themselves.
#[derive(Clone, Debug)]
pub(crate) struct OwnEntry {
    pub here: RoundHere,
    pub entrant: Option<Entrant>,
}

impl OwnEntry {
    /// Whose ranking it is; the policies let nobody else come so far.
    pub fn entrant(&self) -> Result<&Entrant, Problem> {
        self.entrant.as_ref().ok_or_else(Problem::not_found)
    }
}

impl Resource for OwnEntry {
    const KIND: &'static str = "ranking";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let Some(here) = RoundHere::of(loading).await? else { return Ok(None) };
        let person = loading.subject.person.as_ref().map(|person| person.id.0);
        let entrants = store::entrants(&loading.database, here.round.id).await?;
        let entrant = entrants.into_iter().find(|one| person.is_some() && one.person_id == person);
        let target = own_target(&here, "ranking", entrant.is_some());
        Ok(Some((Self { here, entrant }, target)))
    }
}

/// Something of the reader's own in a round.
pub(super) fn own_target(here: &RoundHere, kind: &'static str, is_own: bool) -> Target {
    Target::new(kind, here.round.id).scopes(here.cluster.scopes()).within(here.cluster.id.0).fact("is_own", is_own)
}

/// Appeals against a round. Who published it has an interest in how they are decided.
#[derive(Clone, Debug)]
pub(crate) struct Appeals {
    pub own: OwnEntry,
}

impl Resource for Appeals {
    const KIND: &'static str = "appeal";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let Some((own, target)) = OwnEntry::load(loading).await? else { return Ok(None) };
        let seal = store::seal(&loading.database, own.here.round.id).await?;
        let person = loading.subject.person.as_ref().map(|person| person.id);
        let published = seal.is_some_and(|seal| seal.is_by(person));
        let decides = loading.action == "appeal.decide";
        let target = Target { kind: "appeal", ..target }.fact("has_interest", decides && published);
        Ok(Some((Self { own }, target)))
    }
}

/// Typical targets for the permission table.
pub(crate) fn samples() -> Vec<Target> {
    let id = Uuid::nil();
    let scopes = [Scope::Cluster(id), Scope::Region(id), Scope::Programme(id), Scope::Organisation(id)];
    let of_cluster = |kind: &'static str| Target::new(kind, id).scopes(scopes).within(id);
    vec![
        of_cluster("round"),
        of_cluster("placement_ledger"),
        of_cluster("appetite"),
        of_cluster("ranking").fact("is_own", true),
        of_cluster("appeal").fact("is_own", true),
    ]
}
