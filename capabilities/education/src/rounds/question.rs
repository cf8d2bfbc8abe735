//! A round as the engine's question: hosts that take part, who stands where in the drawn order, and what is settled before any rule runs. It solves nothing.

use std::collections::{BTreeMap, BTreeSet};

use hiec_kernel::organisations::Setting;
use hiec_kernel::{OrganisationId, Problem};
use hiec_placement::{Breadth, Lists, Place, Priority, Question, Reserve, straight_line_km};
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, values};
use uuid::Uuid;

use super::groups::{Attribute, Group};
use super::store::{self, Constraint, ConstraintKind, Entrant, Round};
use crate::breadth::coverage;
use crate::placements::rules;
use crate::placements::store::{self as placements, Placement};
use crate::posts::store::{self as posts, Post};
use crate::programmes::store::{self as programmes, Programme};
use crate::trainees::store::{self as trainees, Trainee};
use crate::words::Wte;

/// An organisation with posts for the round's programme.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct HostSeen {
    pub organisation: OrganisationId,
    /// Where it is, where one of its posts says so.
    pub place: Option<Place>,
    pub settings: BTreeSet<Setting>,
    /// Whole-time people its posts have room for on every day of the round, beside who is there already.
    pub holds: i64,
    /// The most people it has room for, were they all to work as little as the one who works least of those who take part.
    pub most: i64,
    /// Whose posts these are, as grades are written.
    grades: BTreeSet<String>,
}

impl HostSeen {
    /// Whether one of its posts is for somebody of this grade.
    pub fn fits(&self, grade: &str) -> bool {
        self.grades.contains(&grade.to_lowercase())
    }
}

/// Whether a post trains for a programme.
pub(super) fn trains(post: &Post, programme: &Programme) -> bool {
    match post.programmes.is_empty() {
        true => post.profession == programme.profession && post.specialty == programme.specialty,
        false => post.programmes.contains(&programme.id),
    }
}

/// The hosts of the programme's posts, by id.
pub(crate) async fn hosts(
    reads: &impl Reads,
    round: &Round,
    programme: &Programme,
) -> Result<Vec<HostSeen>, StoreError> {
    let mut seen: BTreeMap<OrganisationId, HostSeen> = BTreeMap::new();
    let own = format!("round:{}", round.key);
    let mut there: BTreeMap<Uuid, Vec<Placement>> = BTreeMap::new();
    for one in placements::between(reads, round.cluster, round.starts_on, round.ends_on).await? {
        if let Some(post) = one.post.filter(|_| one.source != own) {
            there.entry(post).or_default().push(one);
        }
    }
    let least = least_share(reads, round.id).await?;
    let nobody = Vec::new();
    for post in posts::of_cluster(reads, round.cluster).await?.iter().filter(|post| trains(post, programme)) {
        if post.capacity_on(round.starts_on) < Wte::FULL {
            continue;
        }
        let others = there.get(&post.id).unwrap_or(&nobody);
        let free = rules::free(post.room(), &rules::held(others.iter()), round.starts_on, round.ends_on);
        let room = free.iter().map(|stretch| stretch.wte.0).min().unwrap_or(0);
        let host = seen.entry(post.host).or_insert_with(|| HostSeen {
            organisation: post.host,
            place: None,
            settings: BTreeSet::new(),
            holds: 0,
            most: 0,
            grades: BTreeSet::new(),
        });
        let degrees = |millionths: i64| millionths as f64 / 1e6;
        let place = post.place.and_then(|place| Place::new(degrees(place.latitude), degrees(place.longitude)));
        host.place = host.place.or(place);
        host.settings.insert(post.setting);
        host.holds += room / Wte::FULL.0;
        host.most += room / least;
        host.grades.insert(post.grade.to_lowercase());
    }
    Ok(seen.into_values().collect())
}

/// The least share of whole-time anybody who takes part works, in hundredths.
async fn least_share(reads: &impl Reads, round: Uuid) -> Result<i64, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        wte: Option<i64>,
    }
    let sql = "SELECT MIN(t.wte) AS wte FROM education_round_entrant e JOIN education_trainee t ON t.id = e.trainee_id WHERE e.round_id = $1";
    let row: Option<Row> = reads.one(sql, values![round]).await?;
    Ok(row.and_then(|row| row.wte).unwrap_or(Wte::FULL.0).clamp(1, Wte::FULL.0))
}

/// Hosts that meet a travel limit and lie nowhere on the map: those a limited trainee ranked or lives near.
pub(crate) async fn nowhere(
    reads: &impl Reads,
    round: &Round,
    programme: &Programme,
) -> Result<Vec<OrganisationId>, StoreError> {
    let hosts = hosts(reads, round, programme).await?;
    let choices = store::choices(reads, round.id).await?;
    let mut met: BTreeSet<OrganisationId> = BTreeSet::new();
    for one in store::entrants(reads, round.id).await?.iter().filter(|one| one.limit_km.is_some()) {
        met.extend(one.near_id.map(OrganisationId));
        met.extend(choices.get(&one.trainee_id).into_iter().flatten());
    }
    Ok(hosts
        .iter()
        .filter(|host| host.place.is_none() && met.contains(&host.organisation))
        .map(|host| host.organisation)
        .collect())
}

/// What the engine is asked, and whom its positions mean.
pub(crate) struct Asked {
    pub question: Question,
    pub entrants: Vec<Entrant>,
    pub hosts: Vec<HostSeen>,
    /// What each entrant is by each attribute, in words; empty where it is not known.
    pub attributes: Vec<(Attribute, Vec<String>)>,
}

/// Everything a round asks, as stored now.
pub(crate) async fn asked(
    reads: &impl Reads,
    round: &Round,
    programme: &Programme,
    names: &BTreeMap<OrganisationId, String>,
) -> Result<Asked, Problem> {
    let appetites = store::appetites(reads, round.id).await?;
    let mut hosts = hosts(reads, round, programme).await?;
    hosts.retain(|host| appetites.contains_key(&host.organisation));
    let entrants = store::entrants(reads, round.id).await?;
    let constraints = store::constraints(reads, round.id).await?;
    let mut choices = store::choices(reads, round.id).await?;
    let host_at: BTreeMap<OrganisationId, u32> = (0..).zip(&hosts).map(|(at, host)| (host.organisation, at)).collect();
    let trainee_at: BTreeMap<Uuid, u32> = (0..).zip(&entrants).map(|(at, one)| (one.trainee_id, at)).collect();
    let pair = |one: &Constraint| Some((*trainee_at.get(&one.trainee)?, *host_at.get(&one.host?)?));
    let of_kind = |kind: ConstraintKind| constraints.iter().filter(move |one| one.kind == kind);
    let given: Vec<(u32, u32)> = of_kind(ConstraintKind::Given).filter_map(pair).collect();
    // A place given before the run stands in the list whether they ranked it or not.
    for one in of_kind(ConstraintKind::Given) {
        if let Some(host) = one.host {
            let list = choices.entry(one.trainee).or_default();
            if !list.contains(&host) {
                list.insert(0, host);
            }
        }
    }
    let mut lists = Lists::default();
    for entrant in &entrants {
        let list = choices.get(&entrant.trainee_id).map_or(&[][..], Vec::as_slice);
        lists.push(list.iter().filter_map(|host| host_at.get(host).copied()));
    }
    let mut reserves: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for (trainee, host) in of_kind(ConstraintKind::Reserved).filter_map(pair) {
        reserves.entry(host).or_default().push(trainee);
    }
    let known = Known::load(reads, round).await?;
    let for_groups: Vec<Reserve> = store::reserves(reads, round.id)
        .await?
        .into_iter()
        .filter_map(|reserve| {
            let is_meant = |one: &Entrant| {
                known.group(reserve.attribute, one.trainee_id).is_some_and(|group| group.key == reserve.value)
            };
            let members = (0_u32..).zip(&entrants).filter(|(_, one)| is_meant(one)).map(|(at, _)| at).collect();
            Some(Reserve {
                host: *host_at.get(&reserve.host)?,
                places: u32::try_from(reserve.places).unwrap_or(0),
                members,
                is_released: reserve.is_released,
                label: reserve.label,
            })
        })
        .collect();
    let capacity =
        |host: &HostSeen| appetites.get(&host.organisation).map_or(0, |one| u32::try_from(one.places).unwrap_or(0));
    let least =
        |host: &HostSeen| appetites.get(&host.organisation).map_or(0, |one| u32::try_from(one.least).unwrap_or(0));
    let question = Question {
        applicants: entrants.iter().map(|one| one.number.clone()).collect(),
        hosts: hosts
            .iter()
            .map(|host| names.get(&host.organisation).cloned().unwrap_or_else(|| host.organisation.to_string()))
            .collect(),
        capacity: hosts.iter().map(capacity).collect(),
        too_far: too_far(&entrants, &hosts, &lists),
        unfit: known.unfit(&entrants, &hosts, &lists),
        choices: lists,
        priority: Priority::Order(entrants.iter().map(|one| u32::try_from(one.position).unwrap_or(0)).collect()),
        breadth: breadth(reads, round, &entrants, &hosts).await?,
        reserves: reserves
            .into_iter()
            .map(|(host, members)| {
                let label = String::new();
                Reserve { host, places: members.len() as u32, members, is_released: true, label }
            })
            .chain(for_groups)
            .collect(),
        given,
        minimum: hosts.iter().map(least).collect(),
        links: of_kind(ConstraintKind::Linked)
            .filter_map(|one| Some([*trainee_at.get(&one.trainee)?, *trainee_at.get(&one.other?)?]))
            .collect(),
        couples: Vec::new(),
        groups: Vec::new(),
    };
    let attributes = Attribute::ALL
        .iter()
        .map(|attribute| {
            let words = entrants.iter().map(|one| known.group(*attribute, one.trainee_id).map(|group| group.words));
            (*attribute, words.map(Option::unwrap_or_default).collect())
        })
        .collect();
    Ok(Asked { question, entrants, hosts, attributes })
}

/// Pairs further apart than the trainee can travel, as the crow flies from the host they live near.
fn too_far(entrants: &[Entrant], hosts: &[HostSeen], lists: &Lists) -> Vec<(u32, u32)> {
    let place_of = |id: Uuid| hosts.iter().find(|host| host.organisation.0 == id).and_then(|host| host.place);
    let mut pairs = Vec::new();
    for (trainee, entrant) in (0_u32..).zip(entrants) {
        let Some((home, limit)) = entrant.near_id.and_then(place_of).zip(entrant.limit_km) else { continue };
        pairs.extend(lists.of(trainee).iter().copied().filter_map(|host| {
            let place = hosts.get(host as usize)?.place?;
            (straight_line_km(home, place) > limit as f64).then_some((trainee, host))
        }));
    }
    pairs.sort_unstable();
    pairs
}

/// Who lacks what: pairs in which the host offers a setting that neither the past nor the plans of the trainee hold.
async fn breadth(
    reads: &impl Reads,
    round: &Round,
    entrants: &[Entrant],
    hosts: &[HostSeen],
) -> Result<Breadth, StoreError> {
    let weight = u32::try_from(round.breadth).unwrap_or(0);
    if weight == 0 {
        return Ok(Breadth::default());
    }
    let missing = coverage::all_missing_settings(reads, round.cluster).await?;
    let none = BTreeSet::new();
    let mut lacking = Vec::new();
    for (trainee, entrant) in (0_u32..).zip(entrants) {
        let missing = missing.get(&entrant.trainee_id).unwrap_or(&none);
        for (at, _) in (0_u32..).zip(hosts).filter(|(_, host)| !host.settings.is_disjoint(missing)) {
            lacking.push((trainee, at));
        }
    }
    Ok(Breadth { weight, lacking })
}

/// What is known of the trainees of a cluster, to tell groups by.
pub(crate) struct Known {
    trainees: BTreeMap<Uuid, Trainee>,
    programmes: BTreeMap<Uuid, Programme>,
}

impl Known {
    pub async fn load(reads: &impl Reads, round: &Round) -> Result<Self, StoreError> {
        Ok(Self {
            trainees: trainees::of_cluster(reads, round.cluster).await?.into_iter().map(|one| (one.id, one)).collect(),
            programmes: programmes::of_cluster(reads, round.cluster)
                .await?
                .into_iter()
                .map(|one| (one.id, one))
                .collect(),
        })
    }

    /// Choices of hosts with no post for the trainee's grade.
    fn unfit(&self, entrants: &[Entrant], hosts: &[HostSeen], lists: &Lists) -> Vec<(u32, u32)> {
        let mut pairs = Vec::new();
        for (trainee, entrant) in (0_u32..).zip(entrants) {
            let Some(grade) = self.trainees.get(&entrant.trainee_id).map(|one| one.grade.as_str()) else { continue };
            let is_unfit = |host: &u32| hosts.get(*host as usize).is_some_and(|host| !host.fits(grade));
            pairs.extend(lists.of(trainee).iter().copied().filter(is_unfit).map(|host| (trainee, host)));
        }
        pairs.sort_unstable();
        pairs
    }

    /// What a trainee is by an attribute.
    pub fn group(&self, attribute: Attribute, trainee: Uuid) -> Option<Group> {
        attribute.of(self.trainees.get(&trainee)?, &self.programmes)
    }
}
