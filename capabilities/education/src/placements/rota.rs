//! What a grid shows of placements, in few columns and no more statements than rows of another kind: thousands of them are read for one page.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;
use hiec_contracts::ClusterSeen;
use hiec_kernel::{OrganisationId, Problem};
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, organisations, values};
use sea_orm::{DbErr, QueryResult};
use uuid::Uuid;

use super::store::PlacementKind;
use crate::access::Sight;
use crate::posts::store::{CapacityStep, Room};
use crate::programmes::store::{self as programmes, Programme};
use crate::words::Wte;

/// A placement as a bar.
#[derive(Clone, Debug)]
pub(super) struct Turn {
    pub id: Uuid,
    pub trainee: Uuid,
    /// Nothing while out of it.
    pub post: Option<Uuid>,
    pub kind: PlacementKind,
    pub starts_on: NaiveDate,
    /// The last day, counted.
    pub ends_on: NaiveDate,
    pub wte: Wte,
    pub is_illustrative: bool,
}

/// Read by place in [`TURNS`]: finding columns by name takes a third of the time.
impl FromQueryResult for Turn {
    fn from_query_result(row: &QueryResult, _: &str) -> Result<Self, DbErr> {
        let kind: String = row.try_get_by_index(3)?;
        Ok(Self {
            id: row.try_get_by_index(0)?,
            trainee: row.try_get_by_index(1)?,
            post: row.try_get_by_index(2)?,
            kind: PlacementKind::from_key(&kind).unwrap_or(PlacementKind::InPost),
            starts_on: row.try_get_by_index(4)?,
            ends_on: row.try_get_by_index(5)?,
            wte: Wte(row.try_get_by_index(6)?),
            is_illustrative: row.try_get_by_index(7)?,
        })
    }
}

const TURNS: &str = "SELECT id, trainee_id, post_id, kind, starts_on, ends_on, wte, is_illustrative FROM education_placement \
     WHERE cluster_id = $1 AND starts_on <= $3 AND ends_on >= $2 AND state <> 'cancelled' ORDER BY starts_on, ends_on, id";

/// Whose row it is.
#[derive(Clone, Debug)]
pub(super) struct Learner {
    pub id: Uuid,
    pub programme: Uuid,
    pub number: String,
    pub name: String,
    pub starts_on: NaiveDate,
}

impl FromQueryResult for Learner {
    fn from_query_result(row: &QueryResult, _: &str) -> Result<Self, DbErr> {
        Ok(Self {
            id: row.try_get_by_index(0)?,
            programme: row.try_get_by_index(1)?,
            number: row.try_get_by_index(2)?,
            name: row.try_get_by_index(3)?,
            starts_on: row.try_get_by_index(4)?,
        })
    }
}

const LEARNERS: &str = "SELECT id, programme_id, number, name, starts_on FROM education_trainee WHERE cluster_id = $1 \
                        ORDER BY number, id";

/// A post.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub id: Uuid,
    pub number: String,
    pub host: OrganisationId,
    pub starts_on: NaiveDate,
    pub ends_on: Option<NaiveDate>,
    /// Of posts that are rows; else nothing is read of it.
    pub capacity: Vec<CapacityStep>,
    pub programmes: Vec<Uuid>,
}

impl Place {
    pub fn room(&self) -> Room<'_> {
        Room { starts_on: self.starts_on, ends_on: self.ends_on, capacity: &self.capacity }
    }
}

impl FromQueryResult for Place {
    fn from_query_result(row: &QueryResult, _: &str) -> Result<Self, DbErr> {
        Ok(Self {
            id: row.try_get_by_index(0)?,
            number: row.try_get_by_index(1)?,
            host: OrganisationId(row.try_get_by_index(2)?),
            starts_on: row.try_get_by_index(3)?,
            ends_on: row.try_get_by_index(4)?,
            capacity: Vec::new(),
            programmes: Vec::new(),
        })
    }
}

const PLACES: &str =
    "SELECT id, number, host_id, starts_on, ends_on FROM education_post WHERE cluster_id = $1 ORDER BY number, id";

/// Everything a grid shows.
#[derive(Clone, Debug, Default)]
pub(super) struct Rota {
    /// By number.
    pub learners: Vec<Learner>,
    pub programmes: BTreeMap<Uuid, Programme>,
    /// By number.
    pub places: Vec<Place>,
    /// Of posts that are rows.
    pub hosts: BTreeMap<OrganisationId, String>,
    /// By first day; cancelled ones left out.
    pub turns: Vec<Turn>,
    place_of: HashMap<Uuid, usize>,
    learner_of: HashMap<Uuid, usize>,
}

impl Rota {
    pub fn place(&self, id: Option<Uuid>) -> Option<&Place> {
        self.places.get(*self.place_of.get(&id?)?)
    }

    pub fn learner(&self, id: Uuid) -> Option<&Learner> {
        self.learners.get(*self.learner_of.get(&id)?)
    }

    pub fn host_name(&self, place: &Place) -> &str {
        self.hosts.get(&place.host).map_or("A former host", String::as_str)
    }

    /// Leaves out whom the reader may not see, and their placements.
    fn seen(mut self, sight: &Sight) -> Self {
        if sight.is_everybody() {
            return self;
        }
        let hosts: HashMap<Uuid, OrganisationId> = self.places.iter().map(|place| (place.id, place.host)).collect();
        let is_at_theirs =
            |one: &Turn| one.post.and_then(|post| hosts.get(&post)).is_some_and(|host| sight.sees(*host));
        let owned = |programme: &&Programme| programme.curriculum_owner.is_some_and(|owner| sight.sees(owner));
        let owned: BTreeSet<Uuid> = self.programmes.values().filter(owned).map(|programme| programme.id).collect();
        let learns_theirs: BTreeSet<Uuid> =
            self.learners.iter().filter(|one| owned.contains(&one.programme)).map(|one| one.id).collect();
        self.turns.retain(|one| is_at_theirs(one) || learns_theirs.contains(&one.trainee));
        let seen: BTreeSet<Uuid> = self.turns.iter().map(|one| one.trainee).chain(learns_theirs).collect();
        self.learners.retain(|one| seen.contains(&one.id));
        self
    }
}

/// Four statements; where posts are the rows three more.
pub(super) async fn load(
    reads: &impl Reads,
    cluster: &ClusterSeen,
    (from, to): (NaiveDate, NaiveDate),
    sight: &Sight,
    is_by_post: bool,
) -> Result<Rota, Problem> {
    let id = cluster.id.0;
    let mut places: Vec<Place> = reads.all(PLACES, values![id]).await?;
    let mut hosts = BTreeMap::new();
    if is_by_post {
        fill(reads, id, &mut places).await?;
        let ids: BTreeSet<OrganisationId> = places.iter().map(|place| place.host).collect();
        let ids: Vec<OrganisationId> = ids.into_iter().collect();
        hosts.extend(organisations::by_ids(reads, &ids).await?.into_iter().map(|one| (one.id, one.name)));
    }
    let rota = Rota {
        learners: reads.all(LEARNERS, values![id]).await?,
        programmes: programmes::of_cluster(reads, cluster.id).await?.into_iter().map(|one| (one.id, one)).collect(),
        turns: reads.all(TURNS, values![id, from, to]).await?,
        places,
        hosts,
        ..Rota::default()
    };
    let mut rota = rota.seen(sight);
    rota.place_of = rota.places.iter().enumerate().map(|(at, place)| (place.id, at)).collect();
    rota.learner_of = rota.learners.iter().enumerate().map(|(at, one)| (one.id, at)).collect();
    Ok(rota)
}

/// What posts hold, and whom they train.
async fn fill(reads: &impl Reads, cluster: Uuid, places: &mut [Place]) -> Result<(), StoreError> {
    #[derive(FromQueryResult)]
    struct StepRow {
        post_id: Uuid,
        from_day: NaiveDate,
        wte: i64,
    }
    #[derive(FromQueryResult)]
    struct ForRow {
        post_id: Uuid,
        programme_id: Uuid,
    }
    let at: HashMap<Uuid, usize> = places.iter().enumerate().map(|(at, place)| (place.id, at)).collect();
    let sql = "SELECT x.post_id, x.from_day, x.wte FROM education_post_capacity x JOIN education_post p ON p.id = x.post_id \
               WHERE p.cluster_id = $1 ORDER BY x.post_id, x.from_day";
    for row in reads.all::<StepRow>(sql, values![cluster]).await? {
        if let Some(place) = at.get(&row.post_id).and_then(|at| places.get_mut(*at)) {
            place.capacity.push(CapacityStep { from: row.from_day, wte: Wte(row.wte) });
        }
    }
    let sql = "SELECT x.post_id, x.programme_id FROM education_post_programme x JOIN education_post p ON p.id = x.post_id \
               WHERE p.cluster_id = $1 ORDER BY x.post_id, x.programme_id";
    for row in reads.all::<ForRow>(sql, values![cluster]).await? {
        if let Some(place) = at.get(&row.post_id).and_then(|at| places.get_mut(*at)) {
            place.programmes.push(row.programme_id);
        }
    }
    Ok(())
}
