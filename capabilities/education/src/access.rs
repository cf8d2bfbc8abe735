//! What routes of education are about, loaded with what the policies need to know of it; what somebody may not see is not found.

use std::collections::BTreeSet;

use hiec_access::policy::Target;
use hiec_contracts::ClusterSeen;
use hiec_kernel::organisations::Organisation;
use hiec_kernel::{ClusterId, OrganisationId, Problem, Scope};
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, organisations, values};
use hiec_web::{Loaded, Loading, Resource};
use uuid::Uuid;

use crate::ground;
use crate::placements::store::{self as placements, Placement};
use crate::posts::store::{self as posts, Post};
use crate::programmes::store::{self as programmes, Programme};
use crate::trainees::store::{self as trainees, Trainee};

/// The kind of thing a route's action is about: `placement` of `placement.list`.
pub(crate) fn kind_of(action: &'static str) -> &'static str {
    action.split('.').next().unwrap_or(action)
}

/// A cluster's education as a whole, for its lists and what is begun there. Whoever has a role at a host of its posts or at the owner of
/// one of its curricula counts too; which of the list they see is asked of each thing.
#[derive(Clone, Debug)]
pub(crate) struct Education {
    pub cluster: ClusterSeen,
}

impl Education {
    pub fn path(&self) -> String {
        path(&self.cluster)
    }
}

/// `/clusters/necles/education`
pub(crate) fn path(cluster: &ClusterSeen) -> String {
    format!("{}/education", cluster.path())
}

/// `/clusters/{cluster}/education…`, for whatever kind of thing the route's action names.
impl Resource for Education {
    const KIND: &'static str = "education";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let Some(cluster) = ground::cluster_of(loading).await? else {
            return Ok(None);
        };
        let target = whole(loading, &cluster, kind_of(loading.action)).await?;
        Ok(Some((Self { cluster }, target)))
    }
}

/// Something of all of a cluster's education as the policies see it (see [`Education`]).
pub(crate) async fn whole(loading: &Loading<'_>, cluster: &ClusterSeen, kind: &'static str) -> Result<Target, Problem> {
    let theirs: Vec<Uuid> = loading
        .subject
        .held
        .iter()
        .filter_map(|held| match held.scope {
            Scope::Organisation(id) => Some(id),
            _ => None,
        })
        .collect();
    let taking_part = match theirs.is_empty() {
        true => Vec::new(),
        false => bodies(&loading.database, cluster.id).await?,
    };
    let scopes = theirs.into_iter().filter(|id| taking_part.contains(id)).map(Scope::Organisation);
    Ok(ground::target(cluster, kind, cluster.id.0, loading.now).scopes(scopes.collect::<Vec<_>>()))
}

/// The hosts of a cluster's posts and the owners of its curricula.
async fn bodies(reads: &impl Reads, cluster: ClusterId) -> Result<Vec<Uuid>, StoreError> {
    #[derive(FromQueryResult)]
    struct Body {
        id: Uuid,
    }
    let sql = "SELECT host_id AS id FROM education_post WHERE cluster_id = $1 UNION \
               SELECT curriculum_owner_id AS id FROM education_programme \
               WHERE cluster_id = $1 AND curriculum_owner_id IS NOT NULL ORDER BY 1";
    let rows: Vec<Body> = reads.all(sql, values![cluster.0]).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Something of a cluster and of these organisations alone: partners elsewhere do not count.
fn narrow(cluster: &ClusterSeen, kind: &'static str, id: Uuid, bodies: &[OrganisationId]) -> Target {
    Target::new(kind, id)
        .scopes(cluster.scopes())
        .scopes(bodies.iter().map(|body| Scope::Organisation(body.0)))
        .within(cluster.id.0)
}

/// A programme. Its curriculum is its owner's; where nobody owns it, `is_open` says so.
#[derive(Clone, Debug)]
pub(crate) struct ProgrammeHere {
    pub cluster: ClusterSeen,
    pub programme: Programme,
    pub owner: Option<Organisation>,
}

/// `/clusters/{cluster}/education/programmes/{programme}…`
impl Resource for ProgrammeHere {
    const KIND: &'static str = "curriculum";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let (Some(cluster), Some(key)) = (ground::cluster_of(loading).await?, loading.text("programme")) else {
            return Ok(None);
        };
        let Some(programme) = programmes::by_key(&loading.database, cluster.id, key).await? else {
            return Ok(None);
        };
        let owner = match programme.curriculum_owner {
            Some(owner) => organisations::by_id(&loading.database, owner).await?,
            None => None,
        };
        // Who proposes may come from any host; who decides comes from the owner alone, which the policies see by their role there.
        let target = whole(loading, &cluster, kind_of(loading.action)).await?;
        let is_theirs = programme
            .curriculum_owner
            .is_some_and(|owner| loading.subject.held.iter().any(|held| held.scope == Scope::Organisation(owner.0)));
        let target = Target { id: programme.id, ..target }
            .fact("is_open", programme.curriculum_owner.is_none())
            .fact("is_own", is_theirs);
        Ok(Some((Self { cluster, programme, owner }, target)))
    }
}

/// A post with its host.
#[derive(Clone, Debug)]
pub(crate) struct PostHere {
    pub cluster: ClusterSeen,
    pub post: Post,
    pub host: Option<Organisation>,
}

impl PostHere {
    pub fn host_name(&self) -> &str {
        self.host.as_ref().map_or("A former host", |host| host.name.as_str())
    }
}

/// `/clusters/{cluster}/education/posts/{post}…`
impl Resource for PostHere {
    const KIND: &'static str = "training_post";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let (Some(cluster), Some(number)) = (ground::cluster_of(loading).await?, loading.text("post")) else {
            return Ok(None);
        };
        let Some(post) = posts::by_number(&loading.database, cluster.id, number).await? else {
            return Ok(None);
        };
        let host = organisations::by_id(&loading.database, post.host).await?;
        let target = narrow(&cluster, kind_of(loading.action), post.id, &[post.host]);
        Ok(Some((Self { cluster, post, host }, target)))
    }
}

/// An organisation that hosts trainees of a cluster, or might: it need not be a partner.
#[derive(Clone, Debug)]
pub(crate) struct HostHere {
    pub cluster: ClusterSeen,
    pub host: Organisation,
}

impl HostHere {
    pub fn path(&self) -> String {
        host_path(&self.cluster, self.host.id)
    }
}

pub(crate) fn host_path(cluster: &ClusterSeen, host: OrganisationId) -> String {
    format!("{}/hosts/{host}", path(cluster))
}

/// `/clusters/{cluster}/education/hosts/{host}…`: hosts of its posts, and its present partners.
impl Resource for HostHere {
    const KIND: &'static str = "host";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let (Some(cluster), Some(id)) = (ground::cluster_of(loading).await?, loading.id("host")) else {
            return Ok(None);
        };
        let id = OrganisationId(id);
        let Some(host) = organisations::by_id(&loading.database, id).await? else {
            return Ok(None);
        };
        let takes_part =
            cluster.partner(id).is_some() || posts::hosts(&loading.database, cluster.id).await?.contains(&id);
        if !takes_part {
            return Ok(None);
        }
        let target = narrow(&cluster, kind_of(loading.action), id.0, &[id]);
        Ok(Some((Self { cluster, host }, target)))
    }
}

/// A trainee with their programme. `is_own` where it is the reader's own record.
#[derive(Clone, Debug)]
pub(crate) struct TraineeHere {
    pub cluster: ClusterSeen,
    pub trainee: Trainee,
    pub programme: Programme,
}

/// `/clusters/{cluster}/education/trainees/{trainee}…`: the hosts they are or were at count, and the owner of their curriculum.
impl Resource for TraineeHere {
    const KIND: &'static str = "trainee";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let (Some(cluster), Some(number)) = (ground::cluster_of(loading).await?, loading.text("trainee")) else {
            return Ok(None);
        };
        let Some(trainee) = trainees::by_number(&loading.database, cluster.id, number).await? else {
            return Ok(None);
        };
        let Some(programme) = programmes::by_id(&loading.database, trainee.programme).await? else {
            return Ok(None);
        };
        let target = of_trainee(loading, &cluster, kind_of(loading.action), &trainee, &programme).await?;
        Ok(Some((Self { cluster, trainee, programme }, target)))
    }
}

/// Something of one trainee as the policies see it.
pub(crate) async fn of_trainee(
    loading: &Loading<'_>,
    cluster: &ClusterSeen,
    kind: &'static str,
    trainee: &Trainee,
    programme: &Programme,
) -> Result<Target, Problem> {
    let mut bodies = hosts_of(&loading.database, trainee.id).await?;
    bodies.extend(programme.curriculum_owner);
    let person = loading.subject.person.as_ref().map(|person| person.id);
    let is_own = person.is_some() && trainee.person == person;
    Ok(narrow(cluster, kind, trainee.id, &bodies).fact("is_own", is_own))
}

/// The hosts a trainee is, was or will be at.
pub(crate) async fn hosts_of(reads: &impl Reads, trainee: Uuid) -> Result<Vec<OrganisationId>, StoreError> {
    #[derive(FromQueryResult)]
    struct Host {
        host_id: Uuid,
    }
    let sql = "SELECT DISTINCT p.host_id FROM education_placement x JOIN education_post p ON p.id = x.post_id \
               WHERE x.trainee_id = $1 AND x.state <> 'cancelled' ORDER BY p.host_id";
    let rows: Vec<Host> = reads.all(sql, values![trainee]).await?;
    Ok(rows.into_iter().map(|row| OrganisationId(row.host_id)).collect())
}

/// A placement with whom it places, and in which post.
#[derive(Clone, Debug)]
pub(crate) struct PlacementHere {
    pub cluster: ClusterSeen,
    pub placement: Placement,
    pub trainee: Trainee,
    pub programme: Programme,
    pub post: Option<Post>,
    pub host: Option<Organisation>,
}

impl PlacementHere {
    pub fn path(&self) -> String {
        format!("{}/placements/{}", path(&self.cluster), self.placement.id)
    }
}

/// `/clusters/{cluster}/education/placements/{placement}…`: its own host counts, no other.
impl Resource for PlacementHere {
    const KIND: &'static str = "placement";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let (Some(cluster), Some(id)) = (ground::cluster_of(loading).await?, loading.id("placement")) else {
            return Ok(None);
        };
        let reads = &loading.database;
        let Some(placement) = placements::by_id(reads, id).await?.filter(|one| one.cluster == cluster.id) else {
            return Ok(None);
        };
        let Some(trainee) = trainees::by_id(reads, placement.trainee).await? else { return Ok(None) };
        let Some(programme) = programmes::by_id(reads, trainee.programme).await? else { return Ok(None) };
        let post = match placement.post {
            Some(post) => posts::by_id(reads, post).await?,
            None => None,
        };
        let host = match &post {
            Some(post) => organisations::by_id(reads, post.host).await?,
            None => None,
        };
        let mut bodies: Vec<OrganisationId> = host.iter().map(|host| host.id).collect();
        bodies.extend(programme.curriculum_owner);
        let person = loading.subject.person.as_ref().map(|person| person.id);
        let is_own = person.is_some() && trainee.person == person;
        let target = narrow(&cluster, kind_of(loading.action), placement.id, &bodies).fact("is_own", is_own);
        Ok(Some((Self { cluster, placement, trainee, programme, post, host }, target)))
    }
}

/// Whose trainees a reader sees in lists.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Sight {
    Everybody,
    /// Those who are at one of these hosts or learn by a curriculum one of these bodies owns.
    Of(BTreeSet<OrganisationId>),
}

impl Sight {
    pub fn is_everybody(&self) -> bool {
        *self == Self::Everybody
    }

    /// Whether this body's trainees are seen.
    pub fn sees(&self, body: OrganisationId) -> bool {
        match self {
            Self::Everybody => true,
            Self::Of(bodies) => bodies.contains(&body),
        }
    }
}

/// What the policies let a reader see of all placements of a cluster: asked of the whole, and else of each body they have a role at.
pub(crate) fn sight<R>(door: &Loaded<R>, cluster: &ClusterSeen) -> Sight {
    sight_by(door, cluster, "placement", ["placement.read", "placement.view"])
}

/// The bodies of a cluster for which a reader may do this to things of this kind: asked of the whole, and else of each they have a role at.
pub(crate) fn sight_of<R>(door: &Loaded<R>, cluster: &ClusterSeen, kind: &'static str, action: &str) -> Sight {
    sight_by(door, cluster, kind, [action, action])
}

fn sight_by<R>(door: &Loaded<R>, cluster: &ClusterSeen, kind: &'static str, [of_all, of_one]: [&str; 2]) -> Sight {
    let whole = Target::new(kind, cluster.id.0).scopes(cluster.scopes()).within(cluster.id.0);
    if door.may_with(of_all, &whole) {
        return Sight::Everybody;
    }
    let bodies = door.subject.held.iter().filter_map(|held| match held.scope {
        Scope::Organisation(id) => Some(id),
        _ => None,
    });
    let may = |id: &Uuid| {
        let target = Target::new(kind, cluster.id.0).scope(Scope::Organisation(*id)).within(cluster.id.0);
        door.may_with(of_one, &target)
    };
    Sight::Of(bodies.filter(may).map(OrganisationId).collect())
}

/// Typical targets for the permission table: of a cluster with its region and programme, and one organisation that takes part.
pub(crate) fn samples() -> Vec<Target> {
    let id = Uuid::nil();
    let scopes = [Scope::Cluster(id), Scope::Region(id), Scope::Programme(id), Scope::Organisation(id)];
    let of_cluster = |kind: &'static str| Target::new(kind, id).scopes(scopes).within(id);
    vec![
        of_cluster("education"),
        of_cluster("curriculum").fact("is_own", true),
        of_cluster("training_post"),
        of_cluster("host"),
        of_cluster("trainee").fact("is_own", true),
        of_cluster("placement").fact("is_own", true),
        of_cluster("calendar").fact("is_own", true),
    ]
}
