//! Which clusters somebody sees side by side: each is asked of the policies by itself, so that a region sees its own and the programme office all of its programme.

use hiec_access::policy::Target;
use hiec_contracts::{ClusterSeen, ClustersPort};
use hiec_kernel::{Problem, Scope};
use hiec_web::{Loading, Resource};
use uuid::Uuid;

/// `/clusters/overview`: the clusters this person may see there, by name, without their partners.
#[derive(Clone, Debug)]
pub struct Overview {
    pub clusters: Vec<ClusterSeen>,
}

impl Resource for Overview {
    const KIND: &'static str = "overview";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let all = loading.state.service::<ClustersPort>()?.0.all(&loading.database).await?;
        let engine = loading.state.engine();
        let of =
            |cluster: &ClusterSeen| Target::new(Self::KIND, cluster.id.0).scopes(cluster.scopes()).within(cluster.id.0);
        let clusters: Vec<ClusterSeen> = all
            .into_iter()
            .filter(|cluster| engine.decide(loading.subject, loading.action, &of(cluster)).allowed)
            .collect();
        // The page is theirs who watch over a region or a programme, also while no cluster is there yet.
        let watched = loading.subject.held.iter().map(|held| held.scope);
        let scopes = watched.filter(|scope| matches!(scope, Scope::Region(_) | Scope::Programme(_)));
        let target =
            Target::new(Self::KIND, Uuid::nil()).scopes(clusters.iter().flat_map(ClusterSeen::scopes)).scopes(scopes);
        Ok(Some((Self { clusters }, target)))
    }
}
