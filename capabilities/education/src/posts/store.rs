//! Posts as stored, with their capacity over time, programmes and funding; one reaches a handler only through its extractor, which authorises.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use hiec_contracts::ClusterSeen;
use hiec_kernel::organisations::Setting;
use hiec_kernel::{ClusterId, OrganisationId, closed_list};
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, Unit, values};
use serde::Serialize;
use uuid::Uuid;

use crate::words::{Place, Profession, Wte};

closed_list! {
    /// Who pays for a post.
    FundingKind {
        Tariff = "tariff", "Funded by tariff";
        NonTariff = "non_tariff", "Funded outside the tariff";
        Host = "host", "Paid by the host";
        Academic = "academic", "Academic funding";
        Supernumerary = "supernumerary", "Supernumerary";
    }
}

/// How much a post holds from a day on, until the next step.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct CapacityStep {
    pub from: NaiveDate,
    pub wte: Wte,
}

/// Money for a post over some days.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct Funding {
    pub id: Uuid,
    pub kind: FundingKind,
    /// Who pays.
    pub body: String,
    pub from: NaiveDate,
    /// The last day, where one is known.
    pub to: Option<NaiveDate>,
    pub is_illustrative: bool,
}

/// A funded training job at a host.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct Post {
    pub id: Uuid,
    #[serde(skip)]
    pub cluster: ClusterId,
    pub number: String,
    /// In the register; it need not be a partner of the cluster.
    pub host: OrganisationId,
    pub site: String,
    pub place: Option<Place>,
    pub profession: Profession,
    pub specialty: String,
    pub grade: String,
    pub setting: Setting,
    pub starts_on: NaiveDate,
    /// The last day, where one is known.
    pub ends_on: Option<NaiveDate>,
    /// By day; before the first step it holds nobody.
    pub capacity: Vec<CapacityStep>,
    /// The programmes it trains for; none, any of its profession and specialty.
    pub programmes: Vec<Uuid>,
    /// By first day.
    pub funding: Vec<Funding>,
    /// The post in whose place this one goes on.
    #[serde(skip)]
    pub follows: Option<Uuid>,
    pub is_illustrative: bool,
}

impl Post {
    pub fn path(&self, cluster: &ClusterSeen) -> String {
        format!("{}/education/posts/{}", cluster.path(), self.number)
    }

    pub fn room(&self) -> Room<'_> {
        Room { starts_on: self.starts_on, ends_on: self.ends_on, capacity: &self.capacity }
    }

    /// How much it holds on a day.
    pub fn capacity_on(&self, day: NaiveDate) -> Wte {
        self.room().on(day)
    }
}

/// What a post holds over time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Room<'a> {
    pub starts_on: NaiveDate,
    /// The last day, where one is known.
    pub ends_on: Option<NaiveDate>,
    pub capacity: &'a [CapacityStep],
}

impl Room<'_> {
    pub fn on(self, day: NaiveDate) -> Wte {
        if day < self.starts_on || self.ends_on.is_some_and(|last| last < day) {
            return Wte::NONE;
        }
        let steps = self.capacity.iter().take_while(|step| step.from <= day);
        steps.last().map_or(Wte::NONE, |step| step.wte)
    }
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    cluster_id: Uuid,
    number: String,
    host_id: Uuid,
    site: String,
    latitude: Option<i64>,
    longitude: Option<i64>,
    profession: String,
    specialty: String,
    grade: String,
    setting: String,
    starts_on: NaiveDate,
    ends_on: Option<NaiveDate>,
    follows_id: Option<Uuid>,
    is_illustrative: bool,
}

impl From<Row> for Post {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            cluster: ClusterId(row.cluster_id),
            number: row.number,
            host: OrganisationId(row.host_id),
            site: row.site,
            place: row.latitude.zip(row.longitude).map(|(latitude, longitude)| Place { latitude, longitude }),
            profession: Profession::from_key(&row.profession).unwrap_or(Profession::Medical),
            specialty: row.specialty,
            grade: row.grade,
            setting: Setting::from_key(&row.setting).unwrap_or(Setting::Secondary),
            starts_on: row.starts_on,
            ends_on: row.ends_on,
            capacity: Vec::new(),
            programmes: Vec::new(),
            funding: Vec::new(),
            follows: row.follows_id,
            is_illustrative: row.is_illustrative,
        }
    }
}

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

#[derive(FromQueryResult)]
struct FundingRow {
    id: Uuid,
    post_id: Uuid,
    kind: String,
    body: String,
    from_day: NaiveDate,
    to_day: Option<NaiveDate>,
    is_illustrative: bool,
}

const COLUMNS: &str = "p.id, p.cluster_id, p.number, p.host_id, p.site, p.latitude, p.longitude, p.profession, p.specialty, \
                       p.grade, p.setting, p.starts_on, p.ends_on, p.follows_id, p.is_illustrative";

/// Which posts are meant: the words of a condition on `p`, and its one value.
#[derive(Clone, Copy)]
enum Which<'a> {
    OfCluster(ClusterId),
    OfHost(ClusterId, OrganisationId),
    Numbered(ClusterId, &'a str),
    One(Uuid),
    Following(Uuid),
}

impl Which<'_> {
    fn condition(self) -> &'static str {
        match self {
            Self::OfCluster(_) => "p.cluster_id = $1",
            Self::OfHost(..) => "p.cluster_id = $1 AND p.host_id = $2",
            Self::Numbered(..) => "p.cluster_id = $1 AND p.number = $2",
            Self::One(_) => "p.id = $1",
            Self::Following(_) => "p.follows_id = $1",
        }
    }

    fn values(self) -> Vec<hiec_store::Value> {
        match self {
            Self::OfCluster(cluster) => values![cluster.0],
            Self::OfHost(cluster, host) => values![cluster.0, host.0],
            Self::Numbered(cluster, number) => values![cluster.0, number],
            Self::One(id) | Self::Following(id) => values![id],
        }
    }
}

/// Four statements, however many posts there are.
async fn load(reads: &impl Reads, which: Which<'_>) -> Result<Vec<Post>, StoreError> {
    let condition = which.condition();
    let sql = format!("SELECT {COLUMNS} FROM education_post p WHERE {condition} ORDER BY p.number, p.id");
    let mut posts: Vec<Post> = reads.all::<Row>(&sql, which.values()).await?.into_iter().map(Post::from).collect();
    let places: BTreeMap<Uuid, usize> = posts.iter().enumerate().map(|(place, post)| (post.id, place)).collect();
    let joined = |columns: &str, table: &str, order: &str| {
        format!(
            "SELECT {columns} FROM {table} x JOIN education_post p ON p.id = x.post_id WHERE {condition} ORDER BY {order}"
        )
    };
    let sql = joined("x.post_id, x.from_day, x.wte", "education_post_capacity", "x.post_id, x.from_day");
    for row in reads.all::<StepRow>(&sql, which.values()).await? {
        if let Some(post) = places.get(&row.post_id).and_then(|place| posts.get_mut(*place)) {
            post.capacity.push(CapacityStep { from: row.from_day, wte: Wte(row.wte) });
        }
    }
    let sql = joined("x.post_id, x.programme_id", "education_post_programme", "x.post_id, x.programme_id");
    for row in reads.all::<ForRow>(&sql, which.values()).await? {
        if let Some(post) = places.get(&row.post_id).and_then(|place| posts.get_mut(*place)) {
            post.programmes.push(row.programme_id);
        }
    }
    let sql = joined(
        "x.id, x.post_id, x.kind, x.body, x.from_day, x.to_day, x.is_illustrative",
        "education_post_funding",
        "x.post_id, x.from_day, x.id",
    );
    for row in reads.all::<FundingRow>(&sql, which.values()).await? {
        if let Some(post) = places.get(&row.post_id).and_then(|place| posts.get_mut(*place)) {
            post.funding.push(Funding {
                id: row.id,
                kind: FundingKind::from_key(&row.kind).unwrap_or(FundingKind::Host),
                body: row.body,
                from: row.from_day,
                to: row.to_day,
                is_illustrative: row.is_illustrative,
            });
        }
    }
    Ok(posts)
}

/// A cluster's posts by number.
pub(crate) async fn of_cluster(reads: &impl Reads, cluster: ClusterId) -> Result<Vec<Post>, StoreError> {
    load(reads, Which::OfCluster(cluster)).await
}

/// Those at one host, by number.
pub(crate) async fn of_host(
    reads: &impl Reads,
    cluster: ClusterId,
    host: OrganisationId,
) -> Result<Vec<Post>, StoreError> {
    load(reads, Which::OfHost(cluster, host)).await
}

pub(crate) async fn by_number(
    reads: &impl Reads,
    cluster: ClusterId,
    number: &str,
) -> Result<Option<Post>, StoreError> {
    Ok(load(reads, Which::Numbered(cluster, number)).await?.pop())
}

pub(crate) async fn by_id(reads: &impl Reads, id: Uuid) -> Result<Option<Post>, StoreError> {
    Ok(load(reads, Which::One(id)).await?.pop())
}

/// The post that goes on in the place of another.
pub(crate) async fn following(reads: &impl Reads, id: Uuid) -> Result<Option<Post>, StoreError> {
    Ok(load(reads, Which::Following(id)).await?.pop())
}

/// The organisations that host trainees of a cluster, without order.
pub(crate) async fn hosts(reads: &impl Reads, cluster: ClusterId) -> Result<Vec<OrganisationId>, StoreError> {
    #[derive(FromQueryResult)]
    struct Host {
        host_id: Uuid,
    }
    let sql = "SELECT DISTINCT host_id FROM education_post WHERE cluster_id = $1 ORDER BY host_id";
    let rows: Vec<Host> = reads.all(sql, values![cluster.0]).await?;
    Ok(rows.into_iter().map(|row| OrganisationId(row.host_id)).collect())
}

/// How much of each of a cluster's posts is filled on a day: sums, and nobody's name.
pub(crate) async fn filled_on(
    reads: &impl Reads,
    cluster: ClusterId,
    day: NaiveDate,
) -> Result<BTreeMap<Uuid, Wte>, StoreError> {
    #[derive(FromQueryResult)]
    struct Sum {
        post_id: Uuid,
        wte: i64,
    }
    let sql = "SELECT post_id, CAST(SUM(wte) AS bigint) AS wte FROM education_placement WHERE cluster_id = $1 AND post_id IS NOT NULL \
               AND starts_on <= $2 AND ends_on >= $2 AND state <> 'cancelled' GROUP BY post_id ORDER BY post_id";
    let rows: Vec<Sum> = reads.all(sql, values![cluster.0, day]).await?;
    Ok(rows.into_iter().map(|row| (row.post_id, Wte(row.wte))).collect())
}

pub(crate) async fn insert(unit: &Unit, post: &Post) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO education_post (id, cluster_id, number, host_id, site, latitude, longitude, profession, specialty, grade, \
         setting, starts_on, ends_on, follows_id, is_illustrative) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        values![
            post.id,
            post.cluster.0,
            post.number.clone(),
            post.host.0,
            post.site.clone(),
            post.place.map(|place| place.latitude),
            post.place.map(|place| place.longitude),
            post.profession.key(),
            post.specialty.clone(),
            post.grade.clone(),
            post.setting.key(),
            post.starts_on,
            post.ends_on,
            post.follows,
            post.is_illustrative
        ],
    )
    .await?;
    for step in &post.capacity {
        set_capacity(unit, post.id, *step).await?;
    }
    add_programmes(unit, post).await?;
    for funding in &post.funding {
        add_funding(unit, post.id, funding).await?;
    }
    Ok(())
}

async fn add_programmes(unit: &Unit, post: &Post) -> Result<(), StoreError> {
    for programme in &post.programmes {
        unit.execute(
            "INSERT INTO education_post_programme (post_id, programme_id) VALUES ($1, $2)",
            values![post.id, *programme],
        )
        .await?;
    }
    Ok(())
}

/// The programmes a post trains for, in place of those it did.
pub(crate) async fn set_programmes(unit: &Unit, post: &Post) -> Result<(), StoreError> {
    unit.execute("DELETE FROM education_post_programme WHERE post_id = $1", values![post.id]).await?;
    add_programmes(unit, post).await
}

/// Stores what may change of a post itself; room, programmes and money have ways of their own.
pub(crate) async fn save(unit: &Unit, post: &Post) -> Result<(), StoreError> {
    unit.execute(
        "UPDATE education_post SET site = $2, specialty = $3, grade = $4, setting = $5, ends_on = $6, latitude = $7, longitude = $8, \
         host_id = $9 WHERE id = $1",
        values![
            post.id,
            post.site.clone(),
            post.specialty.clone(),
            post.grade.clone(),
            post.setting.key(),
            post.ends_on,
            post.place.map(|place| place.latitude),
            post.place.map(|place| place.longitude),
            post.host.0
        ],
    )
    .await?;
    Ok(())
}

/// From a day on a post holds so much, until the next step.
pub(crate) async fn set_capacity(unit: &Unit, post: Uuid, step: CapacityStep) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO education_post_capacity (post_id, from_day, wte) VALUES ($1, $2, $3) \
         ON CONFLICT (post_id, from_day) DO UPDATE SET wte = $3",
        values![post, step.from, step.wte.0],
    )
    .await?;
    Ok(())
}

/// Money that ends with a day.
pub(crate) async fn end_funding(unit: &Unit, funding: Uuid, last: NaiveDate) -> Result<(), StoreError> {
    unit.execute("UPDATE education_post_funding SET to_day = $2 WHERE id = $1", values![funding, last]).await?;
    Ok(())
}

/// Money that goes to another post.
pub(crate) async fn move_funding(unit: &Unit, funding: Uuid, post: Uuid) -> Result<(), StoreError> {
    unit.execute("UPDATE education_post_funding SET post_id = $2 WHERE id = $1", values![funding, post]).await?;
    Ok(())
}

pub(crate) async fn add_funding(unit: &Unit, post: Uuid, funding: &Funding) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO education_post_funding (id, post_id, kind, body, from_day, to_day, is_illustrative) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        values![
            funding.id,
            post,
            funding.kind.key(),
            funding.body.clone(),
            funding.from,
            funding.to,
            funding.is_illustrative
        ],
    )
    .await?;
    Ok(())
}
