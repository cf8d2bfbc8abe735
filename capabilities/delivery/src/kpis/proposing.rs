//! `/clusters/{cluster}/kpis/new`: the cluster proposes an indicator for its contract; the region agrees it elsewhere.

use hiec_contracts::ClusterSeen;
use hiec_kernel::Problem;
use hiec_web::components::own::EmptyState;
use hiec_web::components::{Button, ErrorSummary, Input as TextInput, Select, SelectItem};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::Deserialize;
use uuid::Uuid;

use super::actions::{self, Proposal};
use super::rules::InForce;
use super::store::{KpisOf, decimal};
use crate::returns::quarter::Quarter;
use crate::returns::sources::{self, MeasureSeen};

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct Form {
    /// What the contract calls it.
    #[serde(default)]
    name: String,
    /// Id of the measure.
    #[serde(default)]
    measure: String,
    /// Where it stands now; may be empty.
    #[serde(default)]
    baseline: String,
    #[serde(default)]
    target: String,
    /// Of 100.
    #[serde(default)]
    weight: String,
    /// First quarter in force: `2010-Q1` is April to June 2010.
    #[serde(default)]
    from: String,
    /// Last quarter in force.
    #[serde(default)]
    to: String,
}

pub async fn get(door: Loaded<KpisOf>) -> Answer {
    Ok(page(&door, &Form::default(), &Errors::none()).await?.into())
}

async fn page(door: &Loaded<KpisOf>, typed: &Form, errors: &Errors) -> Result<Page, Problem> {
    let measures = sources::measures(&door.database(), &door.cluster).await?;
    let path = door.cluster.path();
    let view = html! {
        @if !errors.is_empty() {
            (ErrorSummary::new(errors.0.iter().map(|error| (error.field.clone(), error.message.clone()))))
        }
        h1 { span.nhsuk-caption-xl { (door.cluster.short_name) } "Propose an indicator" }
        @if judged(&measures).next().is_none() {
            (EmptyState::new("An indicator is read from a measure that has a better direction, and this cluster has none yet.")
                .action("Define a measure first", format!("{path}/measures")))
        } @else {
            p { "The region agrees it or declines it with a reason. It cannot be changed afterwards: to change it, propose one that begins later." }
            (form(&door.cluster, &measures, typed, errors))
        }
    };
    Ok(Page::new("Propose an indicator", view)
        .under("/clusters", "Clusters")
        .under(path.clone(), door.cluster.short_name.clone())
        .under(format!("{path}/kpis"), "Indicators"))
}

/// Those a contract can aim at: without a better direction no target is met or missed.
fn judged(measures: &[MeasureSeen]) -> impl Iterator<Item = &MeasureSeen> {
    measures.iter().filter(|one| one.better.is_some())
}

fn form(cluster: &ClusterSeen, measures: &[MeasureSeen], typed: &Form, errors: &Errors) -> Markup {
    let quarters = Quarter::between(cluster.starts_on, cluster.ends_on);
    let choices = |what: &str| {
        std::iter::once(SelectItem::new("", format!("Choose the {what} quarter")))
            .chain(quarters.iter().map(|one| SelectItem::new(one.to_string(), one.full())))
            .collect::<Vec<_>>()
    };
    html! {
        form method="post" action={ (cluster.path()) "/kpis" } novalidate data-unsaved {
            (TextInput::new("name", "Name of the indicator")
                .hint("As the contract calls it, for example “Patients on NIV within three hours”")
                .value(typed.name.as_str())
                .error_message(errors.of("name")))
            (Select::new("measure", "Measure")
                .hint("Its figures are read from here. Measures without a better direction are not in the list.")
                .items(std::iter::once(SelectItem::new("", "Choose a measure"))
                    .chain(judged(measures).map(|one| SelectItem::new(one.id.to_string(), one.title.as_str()))))
                .value(typed.measure.as_str())
                .error_message(errors.of("measure")))
            (TextInput::new("baseline", "Baseline")
                .hint("Where it stood before, in the measure’s unit. Leave empty if it was never measured.")
                .inputmode("decimal").width(5)
                .value(typed.baseline.as_str())
                .error_message(errors.of("baseline")))
            (TextInput::new("target", "Target")
                .hint("In the measure’s unit")
                .inputmode("decimal").width(5)
                .value(typed.target.as_str())
                .error_message(errors.of("target")))
            (TextInput::new("weight", "Weight")
                .hint("A whole number from 1 to 100; the weights of all indicators in force should add up to 100")
                .number()
                .value(typed.weight.as_str())
                .error_message(errors.of("weight")))
            (Select::new("from", "In force from").items(choices("first")).value(typed.from.as_str()).error_message(errors.of("from")))
            (Select::new("to", "In force to").items(choices("last")).value(typed.to.as_str()).error_message(errors.of("to")))
            (Button::new("Propose to the region"))
        }
    }
}

pub async fn post(door: Loaded<KpisOf>, Input(form): Input<Form>) -> Answer {
    let measures = sources::measures(&door.database(), &door.cluster).await?;
    let mut errors = Errors::none();
    let Some(proposal) = read(&form, &measures, &mut errors) else {
        return Ok(page(&door, &form, &errors).await?.with_errors(&errors).into());
    };
    let by = door.person()?.id;
    let mut unit = door.begin().await?;
    actions::propose(&mut unit, &door.cluster, by, proposal).await?;
    unit.commit().await?;
    Ok(Done::made(format!("{}/kpis", door.cluster.path()))
        .saying("The indicator is proposed. The region has a letter.")
        .into())
}

fn read(form: &Form, measures: &[MeasureSeen], errors: &mut Errors) -> Option<Proposal> {
    let name = errors.text("name", "a name", &form.name, 200);
    let chosen = form.measure.trim().parse::<Uuid>().ok();
    let measure = judged(measures).find(|one| Some(one.id) == chosen);
    if measure.is_none() {
        errors.add("measure", "Choose a measure from the list");
    }
    let baseline = Some(form.baseline.trim()).filter(|typed| !typed.is_empty());
    if baseline.is_some_and(|typed| decimal(typed).is_none()) {
        errors.add("baseline", "Enter the baseline as a number, for example 48 or 48.5, or leave it empty");
    }
    let target = decimal(&form.target);
    if target.is_none() {
        errors.add("target", "Enter the target as a number, for example 60 or 60.5");
    }
    let weight = form.weight.trim().parse::<i64>().ok().filter(|weight| (1..=100).contains(weight));
    if weight.is_none() {
        errors.add("weight", "Enter a weight as a whole number from 1 to 100");
    }
    let (from, to) = (Quarter::parse(form.from.trim()), Quarter::parse(form.to.trim()));
    if from.is_none() {
        errors.add("from", "Choose the first quarter in which it is in force");
    }
    match (from, to) {
        (_, None) => errors.add("to", "Choose the last quarter in which it is in force"),
        (Some(from), Some(to)) if to < from => errors.add("to", "Choose a last quarter that is not before the first"),
        _ => {}
    }
    if !errors.is_empty() {
        return None;
    }
    let measure = measure?;
    Some(Proposal {
        name: name?,
        measure: measure.id,
        better: measure.better?,
        baseline: baseline.map(plain),
        target: target.map(|_| plain(&form.target))?,
        weight: weight?,
        force: InForce { from: from?.first_day(), to: to?.last_day() },
    })
}

/// A number as it is kept: what was typed, without its ornaments.
fn plain(typed: &str) -> String {
    typed.trim().trim_end_matches('%').replace(',', "").trim().to_owned()
}
