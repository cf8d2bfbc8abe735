//! `/clusters/{cluster}/people/{post}`: somebody in a post: terms, induction, who takes over, and the end of it.

use hiec_kernel::clock::{day_on_page, london_date, on_page};
use hiec_kernel::{Money, Problem, ProblemKind};
use hiec_web::components::{
    Button, CheckboxItem, Checkboxes, Details, Input as TextInput, SummaryList, SummaryRow, Textarea, WarningCallout,
};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::Deserialize;

use super::actions;
use super::rules::{Step, days_in_words};
use super::store::{Post, PostHeld};
use crate::clusters::pieces::{day, day_field, head, illustrative, paragraphs, room, summary};

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct InductionForm {
    /// `purpose`, `employer`, `split`, `facilitation`, `partners`, `measures`.
    #[serde(default)]
    step: Vec<String>,
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct SuccessionForm {
    /// Who takes over.
    #[serde(default)]
    successor: String,
    /// What is handed over, and where it lies.
    #[serde(default)]
    handover: String,
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct EndForm {
    #[serde(default)]
    on: String,
    #[serde(default)]
    reason: String,
}

pub async fn get(held: Loaded<PostHeld>) -> Answer {
    Ok(page(&held, &as_typed(&held.post), &EndForm::default(), &Errors::none())?.into())
}

fn as_typed(post: &Post) -> SuccessionForm {
    SuccessionForm { successor: post.successor.clone(), handover: post.handover.clone() }
}

fn page(
    held: &Loaded<PostHeld>,
    succession: &SuccessionForm,
    ending: &EndForm,
    errors: &Errors,
) -> Result<Page, Problem> {
    let PostHeld { cluster, post } = &held.thing;
    let today = london_date(held.now());
    let sees_cost = held.may("post.cost.read");
    let mut rows = vec![
        SummaryRow::new("Post", post.kind.label()),
        SummaryRow::new("Basis", post.basis.label()),
        SummaryRow::new("Employer", post.employer.as_str()),
        SummaryRow::new("Pathway", post.pathway.as_str()),
        SummaryRow::new("Term", format!("{} to {}", day_on_page(post.since), day_on_page(post.until))),
        SummaryRow::new("Time", days_in_words(post.half_days)),
    ];
    if sees_cost {
        rows.push(SummaryRow::new("Cost over the whole term", post.cost.to_string()));
    }
    if let Some(on) = post.ended_on {
        let reason = post.ended_reason.as_deref().unwrap_or_default();
        rows.push(SummaryRow::new("Ended", format!("{}: {reason}", day_on_page(on))));
    }
    let content = html! {
        (summary(errors))
        (head(cluster, &post.person_name))
        @if post.is_illustrative { p { (illustrative(true)) } }
        @if post.lacks_successor(today) {
            (WarningCallout::new("Nobody takes over yet", html! {
                p { "This post ends on " (day_on_page(post.last_day())) ". Say who takes over and what is handed over, or what the cluster knows is lost with it." }
            }))
        }
        (SummaryList::new(rows))
        (induction(held))
        (succession_part(held, succession, errors))
        @if post.ended_on.is_none() && held.may("post.end") { (ending_part(held, ending, errors)) }
    };
    let shown = if sees_cost { post.clone() } else { Post { cost: Money::ZERO, ..post.clone() } };
    let page = room(Page::new(post.person_name.clone(), content), cluster);
    page.under(format!("{}/people", cluster.path()), "People").data(&shown)
}

fn induction(held: &Loaded<PostHeld>) -> Markup {
    let post = &held.post;
    let to_do: Vec<Step> = post.to_do().collect();
    html! {
        h2 { "Induction" }
        @if !post.induction.is_empty() {
            ul {
                @for step in Step::ALL {
                    @if let Some(at) = post.induction.get(step.key()) { li { (step.label()) " (done, " (on_page(*at)) ")" } }
                }
            }
        }
        @if to_do.is_empty() { p { "Every step is done." } }
        @else if held.may("post.induct") {
            form method="post" action={ (held.path()) "/induction" } {
                (Checkboxes::new("step", "Steps still to do")
                    .items(to_do.iter().map(|step| CheckboxItem::new(step.key(), step.label()))))
                (Button::new("These are done").secondary())
            }
        } @else {
            p { "Still to do:" }
            ul { @for step in &to_do { li { (step.label()) } } }
        }
    }
}

fn succession_part(held: &Loaded<PostHeld>, typed: &SuccessionForm, errors: &Errors) -> Markup {
    let post = &held.post;
    html! {
        h2 { "Who takes over" }
        @if held.may("post.succeed") {
            form method="post" action={ (held.path()) "/succession" } novalidate {
                (TextInput::new("successor", "Who takes over").hint("A person, a post or an organisation").value(typed.successor.as_str()).error_message(errors.of("successor")))
                (Textarea::new("handover", "What is handed over").hint("Contacts, documents, promises made, and where they lie").rows(4_u16)
                    .value(typed.handover.as_str()).error_message(errors.of("handover")))
                (Button::new("Save").secondary())
            }
        } @else if post.successor.is_empty() { p { "Nobody is named yet." } }
        @else { p { (post.successor) } (paragraphs(&post.handover)) }
    }
}

fn ending_part(held: &Loaded<PostHeld>, typed: &EndForm, errors: &Errors) -> Markup {
    let has_errors = errors.of("on").or(errors.of("reason")).is_some();
    let form = html! {
        form method="post" action={ (held.path()) "/ending" } novalidate {
            (day_field("on", "Last day in post", &typed.on, errors))
            (Textarea::new("reason", "Reason").rows(2_u16).value(typed.reason.as_str()).error_message(errors.of("reason")))
            (Button::new("End the post").warning())
        }
    };
    html! { (Details::new("End this post", form).open(has_errors)) }
}

pub async fn induct(held: Loaded<PostHeld>, Input(form): Input<InductionForm>) -> Answer {
    let by = held.person()?.id;
    let steps: Vec<Step> =
        Step::ALL.iter().copied().filter(|step| form.step.iter().any(|key| key == step.key())).collect();
    if steps.is_empty() {
        return Err(
            Problem::invalid("No step was chosen", "Go back, tick the steps that are done, and send again.").into()
        );
    }
    let mut unit = held.begin().await?;
    actions::induct(&mut unit, &held.cluster, &held.post, &steps, by).await?;
    unit.commit().await?;
    Ok(Done::to(held.path()).saying("The induction is further on.").into())
}

pub async fn succeed(held: Loaded<PostHeld>, Input(typed): Input<SuccessionForm>) -> Answer {
    let mut errors = Errors::none();
    let successor = errors.text("successor", "who takes over", &typed.successor, 200);
    let handover = errors.text("handover", "what is handed over", &typed.handover, 5_000);
    let (Some(successor), Some(handover)) = (successor, handover) else {
        return Ok(page(&held, &typed, &EndForm::default(), &errors)?.with_errors(&errors).into());
    };
    let mut unit = held.begin().await?;
    actions::say_succession(&mut unit, &held.cluster, &held.post, &successor, &handover).await?;
    unit.commit().await?;
    Ok(Done::to(held.path()).saying("Who takes over is on the record.").into())
}

pub async fn end(held: Loaded<PostHeld>, Input(typed): Input<EndForm>) -> Answer {
    let mut errors = Errors::none();
    let on = day(&mut errors, "on", "the last day in post", &typed.on);
    let reason = errors.text("reason", "why the post ends", &typed.reason, 1_000);
    let succession = as_typed(&held.post);
    let (Some(on), Some(reason)) = (on, reason) else {
        return Ok(page(&held, &succession, &typed, &errors)?.with_errors(&errors).into());
    };
    let mut unit = held.begin().await?;
    match actions::end(&mut unit, &held.cluster, &held.post, on, &reason).await {
        Ok(()) => unit.commit().await?,
        Err(problem) if problem.kind == ProblemKind::Conflict => {
            drop(unit);
            errors.add("on", format!("{}. {}", problem.title, problem.next));
            return Ok(page(&held, &succession, &typed, &errors)?.with_errors(&errors).into());
        }
        Err(problem) => return Err(problem.into()),
    }
    Ok(Done::to(format!("{}/people", held.cluster.path())).saying("The post has ended; it stays on the record.").into())
}
