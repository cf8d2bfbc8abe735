//! The form of a placement: what is asked when one is planned or changed, and how it is read.

use hiec_access::{grants, people};
use hiec_kernel::{OrganisationId, PersonId, Problem, Role, Scope};
use hiec_store::Database;
use hiec_web::Errors;
use hiec_web::components::{Checkboxes, Select, SelectItem};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::actions::NewPlacement;
use super::rules::Refusal;
use super::scene::Scene;
use super::store::{PlacementKind, PlacementState};
use crate::ground;
use crate::trainees::new::share;
use crate::words::Wte;

#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct Form {
    /// The number of a trainee.
    pub trainee: String,
    /// `in_post`, `parental_leave`, …
    pub kind: String,
    /// The number of a post; empty while out of programme.
    pub post: String,
    /// As `2010-08-04`.
    pub starts_on: String,
    pub ends_on: String,
    /// `1`, `0.6`.
    pub wte: String,
    /// The id of a supervisor at the host; empty where none is named.
    pub supervisor: String,
    /// `yes` where time out of programme was approved to count.
    pub counted: String,
    /// `planned` or `approved`.
    pub state: String,
    /// Why a placement is changed.
    pub reason: String,
}

/// A supervisor and where.
#[derive(Clone, Debug)]
pub(super) struct Supervisor {
    pub id: PersonId,
    pub host: OrganisationId,
    pub words: String,
}

/// Those who supervise at a host of the cluster's posts, by name.
pub(super) async fn supervisors(database: &Database, scene: &Scene) -> Result<Vec<Supervisor>, Problem> {
    let mut found = Vec::new();
    for (person, tenure) in grants::holding(database, &[Role::Supervisor, Role::HostEducator], 1_000).await? {
        let Scope::Organisation(host) = tenure.scope else { continue };
        let host = OrganisationId(host);
        let Some(name) = scene.hosts.get(&host) else { continue };
        if let Some(person) = people::by_id(database, person).await? {
            found.push(Supervisor { id: person.id, host, words: format!("{}, {name}", person.name) });
        }
    }
    found.sort_by(|one, other| one.words.cmp(&other.words));
    found.dedup_by(|one, other| one.words == other.words);
    Ok(found)
}

/// The fields; without the trainee where one is changed.
pub(super) fn fields(scene: &Scene, supervisors: &[Supervisor], form: &Form, is_new: bool, errors: &Errors) -> Markup {
    let trainees = scene.trainees.iter().map(|one| (one.number.clone(), format!("{}, {}", one.name, one.number)));
    let kinds = PlacementKind::ALL.iter().map(|one| (one.key().to_owned(), one.label().to_owned()));
    let posts = std::iter::once(SelectItem::new("", "None: out of programme")).chain(scene.posts.iter().map(|post| {
        SelectItem::new(post.number.clone(), format!("{}: {}, {}", post.number, post.specialty, scene.host_name(post)))
    }));
    let who = std::iter::once(SelectItem::new("", "Not named yet"))
        .chain(supervisors.iter().map(|one| SelectItem::new(one.id.to_string(), one.words.clone())));
    let states =
        [PlacementState::Planned, PlacementState::Approved].map(|one| (one.key().to_owned(), one.label().to_owned()));
    html! {
        @if is_new { (ground::choice("trainee", "Trainee", trainees, &form.trainee, errors)) }
        (ground::choice("kind", "What they do", kinds, &form.kind, errors))
        (Select::new("post", "Post").items(posts.collect::<Vec<_>>()).value(form.post.as_str()).error_message(errors.of("post").unwrap_or_default()))
        (ground::day_field("starts_on", "First day", &form.starts_on, errors))
        (ground::day_field("ends_on", "Last day", &form.ends_on, errors))
        (ground::line_field("wte", "Share of whole-time", &form.wte, errors).hint("1 is whole-time; two people at 0.5 may share a post").width(4_u8))
        (Select::new("supervisor", "Supervisor").items(who.collect::<Vec<_>>()).value(form.supervisor.as_str()).error_message(errors.of("supervisor").unwrap_or_default()))
        (Checkboxes::single("counted", "yes", "This time out of programme was approved to count towards the end").values(Some(form.counted.clone())))
        (ground::choice("state", "Standing", states, &form.state, errors))
        @if !is_new { (ground::lines_field("reason", "Why it is changed", &form.reason, errors)) }
    }
}

/// A placement as it was typed, named things found; nothing where something is missing.
pub(super) fn read(
    errors: &mut Errors,
    form: &Form,
    scene: &Scene,
    supervisors: &[Supervisor],
) -> Option<NewPlacement> {
    let trainee = scene.trainees.iter().find(|one| one.number == form.trainee);
    let trainee = ground::one_of(errors, "trainee", "a trainee", trainee);
    let kind = ground::one_of(errors, "kind", "what they do", PlacementKind::from_key(&form.kind));
    let named = scene.posts.iter().find(|post| post.number == form.post.trim());
    let post = match form.post.trim() {
        "" => Some(None),
        _ => ground::one_of(errors, "post", "a post that is there", named.map(|post| Some(post.id))),
    };
    let starts_on = ground::day(errors, "starts_on", "the first day", &form.starts_on);
    let ends_on = ground::day(errors, "ends_on", "the last day", &form.ends_on);
    let wte = share(errors, "wte", &form.wte, Wte::FULL);
    let supervisor = match form.supervisor.trim() {
        "" => Some(None),
        id => ground::one_of(
            errors,
            "supervisor",
            "a supervisor of this cluster's hosts",
            supervisors.iter().find(|one| one.id.to_string() == id).map(|one| Some(one.id)),
        ),
    };
    if let (Some(Some(id)), Some(post)) = (supervisor, named)
        && !supervisors.iter().any(|one| one.id == id && one.host == post.host)
    {
        errors.add("supervisor", format!("Choose a supervisor at {}, where the post is", scene.host_name(post)));
    }
    let state = PlacementState::from_key(&form.state).filter(|state| *state != PlacementState::Cancelled);
    let state = ground::one_of(errors, "state", "planned or approved", state);
    Some(NewPlacement {
        trainee: trainee?.id,
        post: post?,
        kind: kind?,
        starts_on: starts_on?,
        ends_on: ends_on?,
        wte: wte?,
        supervisor: supervisor?,
        is_counted: form.counted == "yes",
        state: state?,
        source: "entry".to_owned(),
        is_illustrative: false,
    })
}

/// Puts what the rules refuse beside the fields.
pub(super) fn note(errors: &mut Errors, refusals: &[Refusal]) {
    for refusal in refusals {
        errors.add(refusal.field, refusal.to_string());
    }
}
