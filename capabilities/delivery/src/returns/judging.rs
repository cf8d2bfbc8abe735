//! `POST …/receipt`, `…/queries`, `…/answers`, `…/acceptance`, `…/rejection`: the region reads and judges, the cluster answers; none of them touches a figure.

use hiec_kernel::Problem;
use hiec_web::{Answer, Done, Errors, Input, Loaded};
use schemars::JsonSchema;
use serde::Deserialize;
use uuid::Uuid;

use super::actions;
use super::drawing_up::{self, line_name};
use super::page::{Typed, page};
use super::store::Return;

/// The longest question, answer or reason.
const LONGEST: usize = 3_000;

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct Question {
    /// `summary`, `money`, `projects`, `risks`, or the id of an indicator.
    #[serde(default)]
    line: String,
    #[serde(default)]
    question: String,
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct Answering {
    /// The id of the question.
    #[serde(default)]
    query: String,
    #[serde(default)]
    answer: String,
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct Rejection {
    /// Why it is sent back.
    #[serde(default)]
    reason: String,
}

pub async fn receipt(door: Loaded<Return>) -> Answer {
    let by = door.person()?.id;
    let mut unit = door.begin().await?;
    actions::receive(&mut unit, &door.cluster, door.quarter, by).await?;
    unit.commit().await?;
    Ok(Done::to(door.path()).saying("Received. The cluster has a letter.").into())
}

pub async fn query(door: Loaded<Return>, Input(form): Input<Question>) -> Answer {
    let shown = drawing_up::shown(&door.app, &door.thing, false).await?;
    let mut errors = Errors::none();
    let name = line_name(&shown.content, form.line.trim());
    if name.is_none() {
        errors.add("line", "Choose the line you ask about");
    }
    let question = errors.text("question", "your question", &form.question, LONGEST);
    let (Some(name), Some(question)) = (name, question) else {
        let typed = Typed { line: form.line, question: form.question, ..Typed::default() };
        return Ok(page(&door, &typed, &errors).await?.with_errors(&errors).into());
    };
    let by = door.person()?.id;
    let mut unit = door.begin().await?;
    actions::query(&mut unit, &door.cluster, door.quarter, (form.line.trim(), &name), &question, by).await?;
    unit.commit().await?;
    Ok(Done::to(door.path()).saying(format!("Asked about: {name}. The cluster has a letter.")).into())
}

pub async fn answer(door: Loaded<Return>, Input(form): Input<Answering>) -> Answer {
    let id: Uuid = form.query.trim().parse().map_err(|_| {
        Problem::invalid("The question you answer cannot be found", "Reload the page and answer it there.")
    })?;
    let mut errors = Errors::none();
    let field = format!("answer-{}", id.simple());
    let Some(answer) = errors.text(&field, "your answer", &form.answer, LONGEST) else {
        let typed = Typed { answer: (id.to_string(), form.answer), ..Typed::default() };
        return Ok(page(&door, &typed, &errors).await?.with_errors(&errors).into());
    };
    let by = door.person()?.id;
    let mut unit = door.begin().await?;
    actions::answer(&mut unit, &door.cluster, door.quarter, id, &answer, by).await?;
    unit.commit().await?;
    Ok(Done::to(door.path()).saying("Answered. The region has a letter.").into())
}

pub async fn acceptance(door: Loaded<Return>) -> Answer {
    let by = door.person()?.id;
    let mut unit = door.begin().await?;
    actions::accept(&mut unit, &door.cluster, door.quarter, by).await?;
    unit.commit().await?;
    Ok(Done::to(door.path()).saying("Accepted and published.").into())
}

pub async fn rejection(door: Loaded<Return>, Input(form): Input<Rejection>) -> Answer {
    let mut errors = Errors::none();
    let Some(reason) = errors.text("reason", "the reasons", &form.reason, LONGEST) else {
        let typed = Typed { reason: form.reason, ..Typed::default() };
        return Ok(page(&door, &typed, &errors).await?.with_errors(&errors).into());
    };
    let by = door.person()?.id;
    let mut unit = door.begin().await?;
    actions::send_back(&mut unit, &door.cluster, door.quarter, &reason, by).await?;
    unit.commit().await?;
    Ok(Done::to(door.path()).saying("Sent back. The cluster has a letter with the reasons.").into())
}
