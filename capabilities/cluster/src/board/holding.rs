//! What is noted once a meeting has begun: who came, minutes per item, decisions with their evidence, actions, and the signature of the chair.

use axum::extract::Path;
use hiec_contracts::Figure;
use hiec_kernel::clock::day_on_page;
use hiec_kernel::{PersonId, Problem};
use hiec_web::components::{Button, CheckboxItem, Checkboxes, InsetText, Select, SelectItem, Textarea};
use hiec_web::{Answer, Done, Errors, Fields, Input, Loaded};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::Deserialize;
use uuid::Uuid;

use super::BoardDesk;
use super::meeting::{self, LONGEST, Named, NothingForm, find, page};
use super::meeting_actions;
use super::record_actions;
use super::records;
use super::rules::{self, DecisionRecord};
use super::store::{self, Item, Meeting, Member};
use crate::desk::{choice, colleague_items, colleagues, day, day_field, line_field, person_of, words_if_any};

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct AttendanceForm {
    /// Ids of those who came.
    #[serde(default)]
    present: Vec<String>,
    /// Ids of those who sent apologies.
    #[serde(default)]
    apologies: Vec<String>,
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct MinutesForm {
    #[serde(default)]
    item: String,
    #[serde(default)]
    minutes: String,
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct DecisionForm {
    #[serde(default)]
    item: String,
    #[serde(default)]
    title: String,
    /// One to a line.
    #[serde(default)]
    options: String,
    /// As it stands in the list of options.
    #[serde(default)]
    chosen: String,
    #[serde(default)]
    reason: String,
    /// Places, from 0, of the papers' figures it rests on.
    #[serde(default)]
    evidence: Vec<String>,
    #[serde(default)]
    dissent: String,
    #[serde(default)]
    review_on: String,
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct ActionForm {
    #[serde(default)]
    what: String,
    #[serde(default)]
    owner: String,
    #[serde(default)]
    due_on: String,
}

/// What was typed and sent back.
#[derive(Default)]
pub(super) struct Typed {
    attendance: AttendanceForm,
    minutes: MinutesForm,
    decision: DecisionForm,
    action: ActionForm,
}

fn back(records: Typed) -> meeting::Typed {
    meeting::Typed { records, ..meeting::Typed::default() }
}

pub(super) fn attendance_form(path: &str, members: &[Member], typed: &Typed, errors: &Errors) -> Markup {
    let boxes = |chosen: &[String]| -> Vec<CheckboxItem> {
        members
            .iter()
            .map(|one| {
                let id = one.person.to_string();
                let words = format!("{} ({})", one.name, one.capacity.label().to_lowercase());
                CheckboxItem::new(id.clone(), words).checked(Some(chosen.contains(&id)))
            })
            .collect()
    };
    html! {
        h2 { "Note that it took place" }
        form method="post" action={ (path) "/holding" } novalidate {
            (Checkboxes::new("present", "Who came").items(boxes(&typed.attendance.present)).error_message(errors.of("present").unwrap_or_default()))
            (Checkboxes::new("apologies", "Who sent apologies").items(boxes(&typed.attendance.apologies)))
            (Button::new("Note it"))
        }
    }
}

pub(super) async fn record_forms(
    desk: &Loaded<BoardDesk>,
    meeting: &Meeting,
    items: &[Item],
    typed: &Typed,
    errors: &Errors,
) -> Result<Markup, Problem> {
    let database = desk.database();
    let people = colleagues(&database, &desk.cluster).await?;
    let decisions = records::decisions(&database, desk.cluster.id).await?;
    let deeds = records::deeds(&database, desk.cluster.id).await?;
    let path = meeting.path(&desk.cluster);
    let figures: &[Figure] = meeting.papers.as_ref().map_or(&[], |papers| &papers.figures);
    let without: Vec<&str> =
        items.iter().filter(|item| item.minutes.is_empty()).map(|item| item.title.as_str()).collect();
    let is_quorate = meeting.state.held().is_some_and(|held| held.is_quorate);
    Ok(html! {
        h2 { "Minutes" }
        form method="post" action={ (path) "/minutes" } novalidate {
            (choice("item", "Item", item_items(items), &typed.minutes.item, errors))
            (Textarea::new("minutes", "What was said").rows(5_u16).value(typed.minutes.minutes.as_str()).error_message(errors.of("minutes").unwrap_or_default()))
            (Button::new("Save the minutes").secondary())
        }
        h2 { "Decisions" }
        ul {
            @for one in decisions.iter().filter(|one| one.meeting == meeting.id) {
                li { a href={ (desk.cluster.path()) "/board/decisions/" (one.number) } { "Decision " (one.number) } ": " (one.record.title) }
            }
        }
        @if is_quorate { (decision_form(&path, items, figures, &typed.decision, errors)) }
        @else { (InsetText::new("There was no quorum, so nothing could be decided.")) }
        h2 { "Actions" }
        ul {
            @for one in deeds.iter().filter(|one| one.meeting_id == meeting.id) {
                li { (one.number) ". " (one.what) " (" (one.owner) ", due " (day_on_page(one.due_on)) ")" }
            }
        }
        form method="post" action={ (path) "/actions" } novalidate {
            (line_field("what", "What is to be done", &typed.action.what, errors))
            (choice("owner", "Who does it", colleague_items(&people), &typed.action.owner, errors))
            (day_field("due_on", "By when", &typed.action.due_on, errors))
            (Button::new("Give it to them").secondary())
        }
        @if desk.may("board.sign") {
            h2 { "Sign the minutes" }
            @if without.is_empty() {
                form method="post" action={ (path) "/signature" } { (Button::new("Sign the minutes").confirm("Sign? Nothing in them changes after that.")) }
            } @else {
                p { "Minutes are still to be written for: " (without.join(", ")) "." }
            }
        }
    })
}

fn item_items(items: &[Item]) -> Vec<(String, String)> {
    items.iter().map(|item| (item.id.to_string(), format!("{}. {}", item.place, item.title))).collect()
}

fn decision_form(path: &str, items: &[Item], figures: &[Figure], typed: &DecisionForm, errors: &Errors) -> Markup {
    let evidence = figures.iter().enumerate().map(|(nth, figure)| {
        let words = format!("{}: {} ({})", figure.what, figure.value, figure.period);
        CheckboxItem::new(nth.to_string(), words).checked(Some(typed.evidence.contains(&nth.to_string())))
    });
    let choices = std::iter::once(SelectItem::new("", "Choose one"))
        .chain(item_items(items).into_iter().map(|(id, label)| SelectItem::new(id, label)));
    html! {
        form method="post" action={ (path) "/decisions" } novalidate {
            (Select::new("item", "Item").id("decision-item").items(choices).value(typed.item.as_str()).error_message(errors.of("decision-item").unwrap_or_default()))
            (line_field("title", "What was decided about", &typed.title, errors))
            (Textarea::new("options", "Options, one to a line").hint("Doing nothing among them, where that was one").rows(4_u16).value(typed.options.as_str()).error_message(errors.of("options").unwrap_or_default()))
            (line_field("chosen", "The option that was chosen", &typed.chosen, errors))
            (Textarea::new("reason", "Why").rows(3_u16).value(typed.reason.as_str()).error_message(errors.of("reason").unwrap_or_default()))
            @if !figures.is_empty() { (Checkboxes::new("evidence", "Figures it rests on, as they stood in the papers").items(evidence)) }
            (Textarea::new("dissent", "Who was against, and why (optional)").rows(2_u16).value(typed.dissent.as_str()).error_message(errors.of("dissent").unwrap_or_default()))
            (day_field("review_on", "Look at it again on", &typed.review_on, errors))
            (Button::new("Record the decision").secondary())
        }
    }
}

pub async fn hold(desk: Loaded<BoardDesk>, Path((_, id)): Named, fields: Fields) -> Answer {
    let meeting = find(&desk, id).await?;
    let all = |name: &str| fields.all(name).map(str::to_owned).collect::<Vec<String>>();
    let form = AttendanceForm { present: all("present"), apologies: all("apologies") };
    let members = store::members(&desk.database(), meeting.body.id).await?;
    let chosen = |ids: &[String]| -> Vec<PersonId> {
        let mut people: Vec<PersonId> =
            members.iter().map(|one| one.person).filter(|id| ids.contains(&id.to_string())).collect();
        people.dedup();
        people
    };
    let (present, apologies) = (chosen(&form.present), chosen(&form.apologies));
    if present.is_empty() {
        let mut errors = Errors::none();
        errors.add("present", "Note who was there: nobody is yet");
        let typed = back(Typed { attendance: form, ..Typed::default() });
        return Ok(page(&desk, &meeting, &typed, &errors).await?.with_errors(&errors).into());
    }
    let mut unit = desk.begin().await?;
    meeting_actions::hold(&mut unit, &desk.cluster, &meeting, present, apologies).await?;
    unit.commit().await?;
    Ok(Done::to(meeting.path(&desk.cluster)).saying("The meeting was noted as held.").into())
}

pub async fn minute(desk: Loaded<BoardDesk>, Path((_, id)): Named, Input(form): Input<MinutesForm>) -> Answer {
    let meeting = find(&desk, id).await?;
    let items = store::items(&desk.database(), meeting.id).await?;
    let mut errors = Errors::none();
    let item = items.iter().map(|item| item.id).find(|id| id.to_string() == form.item.trim());
    if item.is_none() {
        errors.add("item", "Choose the item");
    }
    let words = errors.text("minutes", "what was said", &form.minutes, LONGEST);
    let (Some(item), Some(words)) = (item, words) else {
        let typed = back(Typed { minutes: form, ..Typed::default() });
        return Ok(page(&desk, &meeting, &typed, &errors).await?.with_errors(&errors).into());
    };
    let mut unit = desk.begin().await?;
    meeting_actions::minute(&mut unit, &desk.cluster, &meeting, item, &words).await?;
    unit.commit().await?;
    Ok(Done::to(meeting.path(&desk.cluster)).saying("The minutes were saved.").into())
}

fn decision_of(fields: &Fields) -> DecisionForm {
    let one = |name: &str| fields.get(name).unwrap_or_default().to_owned();
    DecisionForm {
        item: one("item"),
        title: one("title"),
        options: one("options"),
        chosen: one("chosen"),
        reason: one("reason"),
        evidence: fields.all("evidence").map(str::to_owned).collect(),
        dissent: one("dissent"),
        review_on: one("review_on"),
    }
}

pub async fn decide(desk: Loaded<BoardDesk>, Path((_, id)): Named, fields: Fields) -> Answer {
    let meeting = find(&desk, id).await?;
    let form = decision_of(&fields);
    let items = store::items(&desk.database(), meeting.id).await?;
    let mut errors = Errors::none();
    let item: Option<Uuid> = items.iter().map(|item| item.id).find(|id| id.to_string() == form.item.trim());
    if item.is_none() {
        errors.add("decision-item", "Choose the item it was decided under");
    }
    let title = errors.text("title", "what was decided about", &form.title, 200);
    let options = errors.take("options", rules::options(&form.options));
    let chosen = options.as_deref().and_then(|options| errors.take("chosen", rules::chosen(options, &form.chosen)));
    let reason = errors.text("reason", "why", &form.reason, 3000);
    let dissent = words_if_any(&mut errors, "dissent", "who was against", &form.dissent, 1000);
    let decided = hiec_kernel::clock::london_date(meeting.starts_at);
    let review_on = day(&mut errors, "review_on", "the day to look at it again", &form.review_on)
        .and_then(|day| errors.take("review_on", rules::review_on(day, decided)));
    let (Some(item), Some(title), Some(options), Some(chosen), Some(reason), Some(review_on), true) =
        (item, title, options, chosen, reason, review_on, errors.is_empty())
    else {
        let typed = back(Typed { decision: form, ..Typed::default() });
        return Ok(page(&desk, &meeting, &typed, &errors).await?.with_errors(&errors).into());
    };
    let figures: &[Figure] = meeting.papers.as_ref().map_or(&[], |papers| &papers.figures);
    let evidence = figures
        .iter()
        .enumerate()
        .filter(|(nth, _)| form.evidence.contains(&nth.to_string()))
        .map(|(_, figure)| figure.bare())
        .collect();
    let papers = meeting.state.papers().map(|out| out.papers.clone());
    let record = DecisionRecord { title, options, chosen, reason, evidence, papers, dissent };
    let mut unit = desk.begin().await?;
    let number = record_actions::decide(&mut unit, &desk.cluster, &meeting, Some(item), &record, review_on).await?;
    unit.commit().await?;
    let word = format!("It is decision {number}.");
    Ok(Done::made(meeting.path(&desk.cluster)).saying(word).into())
}

pub async fn give(desk: Loaded<BoardDesk>, Path((_, id)): Named, Input(form): Input<ActionForm>) -> Answer {
    let meeting = find(&desk, id).await?;
    let people = colleagues(&desk.database(), &desk.cluster).await?;
    let mut errors = Errors::none();
    let what = errors.text("what", "what is to be done", &form.what, 500);
    let owner = person_of(&mut errors, "owner", "who does it", &form.owner, &people);
    let due_on = day(&mut errors, "due_on", "by when", &form.due_on);
    let (Some(what), Some(owner), Some(due_on)) = (what, owner, due_on) else {
        let typed = back(Typed { action: form, ..Typed::default() });
        return Ok(page(&desk, &meeting, &typed, &errors).await?.with_errors(&errors).into());
    };
    let mut unit = desk.begin().await?;
    record_actions::give(desk.app.site(), &mut unit, &desk.cluster, &meeting, &what, owner, due_on).await?;
    unit.commit().await?;
    Ok(Done::made(meeting.path(&desk.cluster)).saying("They have been told.").into())
}

pub async fn sign(desk: Loaded<BoardDesk>, Path((_, id)): Named, Input(_): Input<NothingForm>) -> Answer {
    let meeting = find(&desk, id).await?;
    let mut unit = desk.begin().await?;
    meeting_actions::sign(desk.app.site(), &mut unit, &desk.cluster, &meeting).await?;
    unit.commit().await?;
    let path = format!("{}/minutes", meeting.path(&desk.cluster));
    Ok(Done::to(path).saying("The minutes are signed.").into())
}
