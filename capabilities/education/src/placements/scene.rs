//! All that a page of several placements shows, loaded in a fixed number of statements, and no more of it than the reader may see.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use hiec_contracts::ClusterSeen;
use hiec_kernel::{OrganisationId, Problem};
use hiec_store::database::StoreError;
use hiec_store::{Reads, organisations};
use uuid::Uuid;

use super::store::{self, Placement};
use crate::access::Sight;
use crate::posts::store::{self as posts, Post};
use crate::programmes::store::{self as programmes, Programme};
use crate::trainees::store::{self as trainees, Trainee};

/// A cluster's placements with everything they name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scene {
    /// By number.
    pub trainees: Vec<Trainee>,
    pub programmes: BTreeMap<Uuid, Programme>,
    /// By number.
    pub posts: Vec<Post>,
    pub hosts: BTreeMap<OrganisationId, String>,
    /// By first day; cancelled ones left out.
    pub placements: Vec<Placement>,
    post_places: BTreeMap<Uuid, usize>,
    trainee_places: BTreeMap<Uuid, usize>,
}

impl Scene {
    pub fn post(&self, id: Option<Uuid>) -> Option<&Post> {
        self.posts.get(*self.post_places.get(&id?)?)
    }

    pub fn trainee(&self, id: Uuid) -> Option<&Trainee> {
        self.trainees.get(*self.trainee_places.get(&id)?)
    }

    pub fn host_name(&self, post: &Post) -> &str {
        self.hosts.get(&post.host).map_or("A former host", String::as_str)
    }

    /// Placements by trainee, each by first day.
    pub fn by_trainee(&self) -> BTreeMap<Uuid, Vec<&Placement>> {
        let mut by: BTreeMap<Uuid, Vec<&Placement>> = BTreeMap::new();
        for placement in &self.placements {
            by.entry(placement.trainee).or_default().push(placement);
        }
        by
    }

    fn indexed(mut self) -> Self {
        self.post_places = self.posts.iter().enumerate().map(|(place, post)| (post.id, place)).collect();
        self.trainee_places = self.trainees.iter().enumerate().map(|(place, one)| (one.id, place)).collect();
        self
    }

    /// Leaves out whom the reader may not see, and their placements.
    fn seen(mut self, sight: &Sight) -> Self {
        if sight.is_everybody() {
            return self;
        }
        let hosts: BTreeMap<Uuid, OrganisationId> = self.posts.iter().map(|post| (post.id, post.host)).collect();
        let is_at_theirs =
            |one: &Placement| one.post.and_then(|post| hosts.get(&post)).is_some_and(|host| sight.sees(*host));
        let owned: BTreeSet<Uuid> = self
            .programmes
            .values()
            .filter(|programme| programme.curriculum_owner.is_some_and(|owner| sight.sees(owner)))
            .map(|programme| programme.id)
            .collect();
        let learns_theirs: BTreeSet<Uuid> =
            self.trainees.iter().filter(|one| owned.contains(&one.programme)).map(|one| one.id).collect();
        self.placements.retain(|one| is_at_theirs(one) || learns_theirs.contains(&one.trainee));
        let seen: BTreeSet<Uuid> = self.placements.iter().map(|one| one.trainee).chain(learns_theirs).collect();
        self.trainees.retain(|one| seen.contains(&one.id));
        self
    }
}

/// Which placements are wanted.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Days {
    All,
    /// Those that hold on some day between these two.
    Between(NaiveDate, NaiveDate),
}

/// Eight statements, however many placements there are.
pub(crate) async fn load(
    reads: &impl Reads,
    cluster: &ClusterSeen,
    days: Days,
    sight: &Sight,
) -> Result<Scene, Problem> {
    let posts = posts::of_cluster(reads, cluster.id).await?;
    let placements = match days {
        Days::All => {
            let mut all = store::of_cluster(reads, cluster.id).await?;
            all.retain(|one| !one.is_cancelled());
            all
        }
        Days::Between(from, to) => store::between(reads, cluster.id, from, to).await?,
    };
    let scene = Scene {
        trainees: trainees::of_cluster(reads, cluster.id).await?,
        programmes: programmes::of_cluster(reads, cluster.id).await?.into_iter().map(|one| (one.id, one)).collect(),
        hosts: host_names(reads, &posts).await?,
        posts,
        placements,
        ..Scene::default()
    };
    Ok(scene.seen(sight).indexed())
}

/// The names of the hosts of these posts.
pub(crate) async fn host_names(
    reads: &impl Reads,
    posts: &[Post],
) -> Result<BTreeMap<OrganisationId, String>, StoreError> {
    let ids: BTreeSet<OrganisationId> = posts.iter().map(|post| post.host).collect();
    let ids: Vec<OrganisationId> = ids.into_iter().collect();
    Ok(organisations::by_ids(reads, &ids).await?.into_iter().map(|one| (one.id, one.name)).collect())
}
