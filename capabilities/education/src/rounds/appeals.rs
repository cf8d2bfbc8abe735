//! `/clusters/{cluster}/education/rounds/{round}/appeals`: appeals against a round, made by trainees and decided by somebody else than who published it.

use hiec_access::policy::Target;
use hiec_kernel::Problem;
use hiec_kernel::clock::on_page;
use hiec_web::components::{Button, Cell, Column, Details, RadioItem, Radios, Table};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::Deserialize;
use uuid::Uuid;

use super::access::Appeals;
use super::store::{self, Appeal, AppealState};
use super::{actions, appeal_place, result};
use crate::ground::{self, LINES};
use crate::home;

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Form {
    /// What is wrong.
    pub(super) reason: String,
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct DecisionForm {
    /// `upheld` or `dismissed`.
    decision: String,
    reason: String,
}

pub async fn list(door: Loaded<Appeals>) -> Answer {
    Ok(page(&door, None, &DecisionForm::default(), &Errors::none()).await?.into())
}

async fn page(
    door: &Loaded<Appeals>,
    sent: Option<Uuid>,
    form: &DecisionForm,
    errors: &Errors,
) -> Result<Page, Problem> {
    let here = &door.own.here;
    let reads = door.database();
    let appeals = store::appeals(&reads, here.round.id).await?;
    let changes = store::changes(&reads, here.round.id).await?;
    let person = door.subject.person.as_ref().map(|person| person.id);
    let published = store::seal(&reads, here.round.id).await?.is_some_and(|seal| seal.is_by(person));
    let target: Target = door.target.clone().fact("has_interest", published);
    let may_decide = door.may_with("appeal.decide", &target);
    let view = html! {
        (ground::mistakes(errors))
        h1 { span.nhsuk-caption-xl { (here.round.name) } "Appeals" }
        @if appeals.is_empty() { p { "Nobody has appealed." } } @else {
            (Table::new("Appeals")
                .head([Column::new("Trainee"), Column::new("Made"), Column::new("What is wrong"), Column::new("Stands"), Column::new("Why")])
                .first_cell_is_header(true)
                .rows(appeals.iter().map(|one| vec![
                    Cell::new(format!("{} {}", one.number, one.name)),
                    Cell::new(on_page(one.made_at)),
                    Cell::new(one.reason.as_str()),
                    Cell::new(html! {
                        (one.state.label())
                        @if one.is_unplaced { ": it is not said yet what changes" }
                        @if let Some(change) = changes.iter().find(|change| change.appeal_id == one.id) {
                            @if change.is_moved { ": the placement was changed" } @else { ": nothing changes about where they go. " (change.reason) }
                            @if !change.exception.is_empty() { ", by an exception: " (change.exception) }
                        }
                    }),
                    Cell::new(one.decision.as_str()),
                ])))
        }
        @if published { p { "You published this round, so somebody else decides: another education lead, or the director of the cluster." } }
        @if may_decide {
            @for one in appeals.iter().filter(|one| one.is_unplaced) {
                p { (Button::link(format!("Say what changes for {}", one.number), appeal_place::path(&here.path(), one.id))) }
            }
            @for one in appeals.iter().filter(|one| one.state == AppealState::Open) {
                @let is_sent = sent == Some(one.id);
                (decision_form(&here.path(), one, is_sent, if is_sent { form.clone() } else { DecisionForm::default() }, if is_sent { errors.clone() } else { Errors::none() }))
            }
        }
    };
    let page = Page::new("Appeals", view).data(&appeals)?;
    Ok(home::under(page, &here.cluster).under(here.path(), here.round.name.clone()))
}

fn decision_form(path: &str, appeal: &Appeal, is_open: bool, form: DecisionForm, errors: Errors) -> Markup {
    let id = |field: &str| if is_open { field.to_owned() } else { format!("{field}-{}", appeal.id) };
    let inner = html! {
        form method="post" action={ (path) "/appeals/" (appeal.id) "/decision" } novalidate {
            (Radios::new("decision", format!("Decision on the appeal of {}", appeal.number))
                .id_prefix(id("decision"))
                .items([RadioItem::new("upheld", "Upheld"), RadioItem::new("dismissed", "Dismissed")])
                .value(form.decision.as_str())
                .error_message(errors.of("decision").unwrap_or_default()))
            (ground::lines_field("reason", "Why", &form.reason, &errors).id(id("reason")))
            (Button::new(format!("Decide the appeal of {}", appeal.number)))
        }
    };
    html! { (Details::new(format!("Decide the appeal of {}", appeal.number), inner).open(is_open)) }
}

pub async fn make(door: Loaded<Appeals>, Input(form): Input<Form>) -> Answer {
    let own = &door.own;
    let mut errors = Errors::none();
    let Some(reason) = errors.text("reason", "what is wrong", &form.reason, LINES) else {
        return Ok(result::page(&door, own, &form, &errors).await?.invalid().with_errors(&errors).into());
    };
    let mut unit = door.begin().await?;
    actions::appeal(&mut unit, &own.here.round, own.entrant()?.trainee_id, &reason).await?;
    unit.commit().await?;
    Ok(Done::made(format!("{}/result", own.here.path()))
        .saying("Your appeal is there. You get a letter when it is decided.")
        .into())
}

/// One appeal, for deciding it.
pub struct AppealHere {
    pub(super) door: Appeals,
    pub(super) appeal: Uuid,
}

impl hiec_web::Resource for AppealHere {
    const KIND: &'static str = "appeal";

    async fn load(loading: &hiec_web::Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let Some((door, target)) = Appeals::load(loading).await? else { return Ok(None) };
        let Some(id) = loading.id("appeal") else { return Ok(None) };
        let is_there = store::appeals(&loading.database, door.own.here.round.id).await?.iter().any(|one| one.id == id);
        Ok(is_there.then_some((Self { door, appeal: id }, target)))
    }
}

pub async fn decide(one: Loaded<AppealHere>, Input(form): Input<DecisionForm>) -> Answer {
    let mut errors = Errors::none();
    let state = AppealState::from_key(&form.decision).filter(|state| *state != AppealState::Open);
    let state = ground::one_of(&mut errors, "decision", "upheld or dismissed", state);
    let reason = errors.text("reason", "why", &form.reason, LINES);
    let (Some(state), Some(reason)) = (state, reason) else {
        let door = Loaded {
            thing: one.thing.door.clone(),
            subject: one.subject.clone(),
            target: one.target.clone(),
            app: one.app.clone(),
        };
        let page = page(&door, Some(one.appeal), &form, &errors).await?;
        return Ok(page.invalid().with_errors(&errors).into());
    };
    let here = &one.door.own.here;
    let mut unit = one.begin().await?;
    actions::decide(&mut unit, &here.cluster, &here.round, one.appeal, (state, &reason)).await?;
    unit.commit().await?;
    // An upheld one moves nobody by itself: the next step is to say what changes.
    let (next, word) = match state {
        AppealState::Upheld => (
            appeal_place::path(&here.path(), one.appeal),
            "The appeal is upheld, and the trainee gets a letter. Say now what changes.",
        ),
        _ => (format!("{}/appeals", here.path()), "The appeal is decided, and the trainee gets a letter."),
    };
    Ok(Done::to(next).saying(word).into())
}
