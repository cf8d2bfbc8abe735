//! `…/education/courses/{course}`: the parts of a blended course with their sessions, and what the reader has done of them; its planner adds parts.

use hiec_kernel::Problem;
use hiec_kernel::clock::on_page;
use hiec_web::components::{Button, Cell, CheckboxItem, Checkboxes, Column, Details, Table, Tag, TagColour};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

use super::actions::{self, NewPart};
use super::doors::CourseHere;
use super::progress;
use super::rules::{PartKind, hours};
use super::store::{self, Course, Part, Session};
use crate::elearning::{self, Score, Tool};
use crate::ground::{self, LINE, made_up};

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Form {
    /// `session`, `material` or `reported`.
    kind: String,
    title: String,
    minutes: String,
    /// `yes` where its hours count for the tariff.
    is_eligible: String,
    /// The id of a learning tool, for material.
    tool: String,
    target_url: String,
    /// The id of the activity that is reported.
    activity: String,
}

#[derive(Serialize)]
struct Shown<'a> {
    course: &'a Course,
    parts: &'a [Part],
    sessions: &'a [Session],
    done: &'a BTreeSet<Uuid>,
    /// What tools scored the reader, by part.
    scores: &'a BTreeMap<Uuid, (Score, String)>,
}

pub async fn get(door: Loaded<CourseHere>) -> Answer {
    Ok(page(&door, &Form::default(), &Errors::none()).await?.into())
}

async fn page(door: &Loaded<CourseHere>, form: &Form, errors: &Errors) -> Result<Page, Problem> {
    let (cluster, course, now) = (&door.cluster, &door.course, door.now());
    let sessions: Vec<Session> = store::sessions(&door.database(), cluster.id)
        .await?
        .into_iter()
        .filter(|session| door.parts.iter().any(|part| part.id == session.part))
        .collect();
    let may_learn = door.may("course.learn");
    let done = match door.subject.person.as_ref().filter(|_| may_learn) {
        Some(person) => {
            let site = door.app.site().base.as_str();
            progress::done(&door.database(), cluster, &door.parts, person, site).await?
        }
        None => BTreeSet::new(),
    };
    let scores = match door.subject.person.as_ref().filter(|_| may_learn) {
        Some(person) => elearning::of_learner(&door.database(), course.id, person.id).await?,
        None => BTreeMap::new(),
    };
    let (minutes, eligible) = progress::minutes(&door.parts, &done);
    let all: i64 = door.parts.iter().map(|part| part.minutes).sum();
    let may_run = door.may("course.run");
    let tools = if may_run { elearning::usable(&door.database(), cluster.id).await? } else { Vec::new() };
    let view = html! {
        (ground::mistakes(errors))
        h1 { span.nhsuk-caption-xl { (cluster.short_name) ": course" } (course.name) (made_up(course.is_illustrative)) }
        p.nhsuk-lede-text { (course.about) }
        @if may_learn {
            p {
                "You have done " (done.len()) " of " (door.parts.len()) " parts: " (hours(minutes)) " of " (hours(all)) ", of which "
                (hours(eligible)) " count for the tariff."
                @if !door.parts.is_empty() && done.len() == door.parts.len() { " " (Tag::new("Completed").colour(TagColour::Green)) }
            }
        }
        @if door.parts.is_empty() { p { "It has no part yet." } }
        @for part in &door.parts {
            h2 { (part.position) ". " (part.title) @if done.contains(&part.id) { " " (Tag::new("Done").colour(TagColour::Green)) } }
            p { (part.kind.label()) ", " (hours(part.minutes)) @if part.is_eligible { ", counts for the tariff" } "." }
            @match part.kind {
                PartKind::Session => (session_table(&sessions, part, cluster, now)),
                PartKind::Material => @if may_learn {
                    @if let Some(score) = scores.get(&part.id) { (score_view(score)) }
                    // A window of its own: in a frame the tool's cookies are blocked.
                    form method="post" action={ (door.path()) "/parts/" (part.id) "/launch" } target="_blank" {
                        (Button::new(format!("Open {} in a new window", part.title)).secondary())
                    }
                },
                PartKind::Reported => p { "It counts as done when its system reports so." },
            }
        }
        @if may_run {
            p { (Button::link("Open a session", format!("{}/sessions/new", door.path())).secondary()) }
            (part_form(&door.path(), form, errors, &tools))
            @for tool in tools.iter().filter(|tool| tool.lets_pick()) {
                form method="post" action={ (door.path()) "/choices" } {
                    input type="hidden" name="tool" value=(tool.id);
                    (Button::new(format!("Pick material in {}", tool.name)).secondary())
                }
            }
        }
    };
    let shown = Shown { course, parts: &door.parts, sessions: &sessions, done: &done, scores: &scores };
    Ok(ground::under(Page::new(course.name.clone(), view).data(&shown)?, cluster)
        .under(crate::access::path(cluster), "Education")
        .under(format!("{}/education/courses", cluster.path()), "Courses"))
}

/// What a tool scored last: how far the reader is, and the figure once it counts.
fn score_view((score, maximum): &(Score, String)) -> Markup {
    let progress = match score.activity.as_str() {
        "Initialized" => "Opened",
        "Started" => "Begun",
        "InProgress" => "Under way",
        "Submitted" => "Handed in",
        _ => "Completed",
    };
    let figure = maximum.parse().ok().and_then(|maximum: f64| score.result(maximum));
    html! {
        p {
            "The tool says: " (progress)
            @if let Some(figure) = figure { ", score " (in_short(figure)) " of " (maximum) }
            @else if score.grading.starts_with("Pending") { ", not marked yet" }
            "."
        }
        @if !score.comment.is_empty() { p { "Its comment: " (score.comment) } }
    }
}

/// At most two places after the point, and none where it is whole.
fn in_short(figure: f64) -> String {
    let text = format!("{figure:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn session_table(
    sessions: &[Session],
    part: &Part,
    cluster: &hiec_contracts::ClusterSeen,
    now: hiec_kernel::Timestamp,
) -> Markup {
    let of_part: Vec<&Session> = sessions.iter().filter(|session| session.part == part.id).collect();
    let (next, past): (Vec<&Session>, Vec<&Session>) = of_part.into_iter().partition(|session| session.ends_at > now);
    let table = |caption: String, sessions: &[&Session]| {
        Table::new(caption).head([Column::new("When"), Column::new("Where"), Column::numeric("Places")]).rows(
            sessions.iter().map(|session| {
                vec![
                    Cell::new(html! {
                        a.nhsuk-link href=(session.path(cluster)) { (on_page(session.starts_at)) }
                        @if session.called_off.is_some() { " " (Tag::new("Called off").colour(TagColour::Red)) }
                        (made_up(session.is_illustrative))
                    }),
                    Cell::new(session.place.as_str()),
                    Cell::numeric(session.capacity),
                ]
            }),
        )
    };
    html! {
        @if next.is_empty() { p { "No session is planned." } } @else { (table(format!("Sessions of {}", part.title), &next)) }
        @if !past.is_empty() { (Details::new(format!("Past sessions of {}", part.title), html! { (table(format!("Past sessions of {}", part.title), &past)) })) }
    }
}

fn part_form(path: &str, form: &Form, errors: &Errors, tools: &[Tool]) -> Markup {
    let kinds = PartKind::ALL.iter().map(|kind| (kind.key().to_owned(), kind.label().to_owned()));
    let tools = tools.iter().map(|tool| (tool.id.to_string(), tool.name.clone()));
    let inner = html! {
        form method="post" action={ (path) "/parts" } novalidate {
            (ground::choice("kind", "What it is", kinds, &form.kind, errors))
            (ground::line_field("title", "Title", &form.title, errors))
            (ground::line_field("minutes", "Minutes", &form.minutes, errors).inputmode("numeric").width(5_u8))
            (Checkboxes::new("is_eligible", "Tariff")
                .items([CheckboxItem::new("yes", "Its hours count for the tariff").checked(Some(form.is_eligible == "yes"))]))
            (ground::choice("tool", "For material: the learning tool", tools, &form.tool, errors))
            (ground::line_field("target_url", "For material: its address at the tool", &form.target_url, errors).kind("url"))
            (ground::line_field("activity", "For material and reports: the id of the activity", &form.activity, errors)
                .hint("As statements name it, such as https://example.org/hand-hygiene"))
            (Button::new("Add the part"))
        }
    };
    html! { (Details::new("Add a part", inner).open(!errors.is_empty())) }
}

pub async fn part(door: Loaded<CourseHere>, Input(form): Input<Form>) -> Answer {
    let mut errors = Errors::none();
    let kind = ground::one_of(&mut errors, "kind", "what it is", PartKind::from_key(&form.kind));
    let title = errors.text("title", "a title", &form.title, LINE);
    let minutes = form.minutes.trim().parse::<i64>().ok().filter(|minutes| (1..=10_000).contains(minutes));
    if minutes.is_none() {
        errors.add("minutes", "Enter how many minutes it takes, as a whole number");
    }
    let activity = ground::optional(&mut errors, "activity", "the activity", &form.activity, 2 * LINE);
    if activity.as_deref().is_some_and(|activity| !activity.is_empty() && !activity.contains(':')) {
        errors.add(
            "activity",
            "Enter the id as statements name it: an address with a scheme, such as https://example.org/hand-hygiene",
        );
    }
    let (mut tool, mut target_url) = (None, String::new());
    if kind == Some(PartKind::Material) {
        let tools = elearning::usable(&door.database(), door.cluster.id).await?;
        let chosen = tools.into_iter().find(|tool| tool.id.to_string() == form.tool);
        tool = ground::one_of(&mut errors, "tool", "a learning tool", chosen).map(|tool| tool.id);
        target_url = form.target_url.trim().to_owned();
        if !elearning::is_web_address(&target_url) {
            errors.add("target_url", "Enter the whole address at the tool, such as https://tool.example.org/start");
        }
    }
    if kind == Some(PartKind::Reported) && activity.as_deref() == Some("") {
        errors.add("activity", "Enter the id of the activity that is reported");
    }
    let (Some(kind), Some(title), Some(minutes), Some(activity), true) =
        (kind, title, minutes, activity, errors.is_empty())
    else {
        return Ok(page(&door, &form, &errors).await?.with_errors(&errors).into());
    };
    let new = NewPart { kind, title, minutes, is_eligible: form.is_eligible == "yes", tool, target_url, activity };
    let mut unit = door.begin().await?;
    actions::add_part(&mut unit, &door.cluster, &door.course, new).await?;
    unit.commit().await?;
    Ok(Done::made(door.path()).saying("The part is added.").into())
}
