//! Outcomes of a curriculum: written by whoever owns it, and placed on the pathway map by whoever plans.

use std::collections::{BTreeMap, BTreeSet};

use hiec_kernel::{Problem, ProblemKind};
use hiec_web::components::{Button, CheckboxItem, Checkboxes, Details};
use hiec_web::{Answer, Done, Errors, Fields, Input, Loaded, Page};
use maud::html;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::changing;
use super::curriculum::{self, Change};
use super::page;
use crate::access::ProgrammeHere;
use crate::ground::{LINE, LINES};
use crate::pathways::actions as map;
use crate::pathways::{steps as steps_of_pathways, store as pathways};

#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct OutcomeForm {
    /// `remove` to take one out; else it is written.
    pub act: String,
    /// The code of the outcome that is reworded; empty for a new one.
    pub outcome: String,
    /// The code of the outcome that is taken out.
    pub remove: String,
    pub code: String,
    pub name: String,
    pub year: String,
}

/// A change as it was typed. Shared with proposals, which say the same and change nothing.
pub(super) fn read(errors: &mut Errors, form: &OutcomeForm, years: i64) -> Option<Change> {
    if form.act == "remove" {
        let code = errors.text("remove", "the code of an outcome", &form.remove, LINE)?;
        return Some(Change::Remove { code });
    }
    let is_new = form.outcome.trim().is_empty();
    let code = match is_new {
        true => errors.text("code", "a code for the new outcome", &form.code, 20),
        false => Some(form.outcome.trim().to_owned()),
    };
    let name = errors.text("name", "what is to be learnt", &form.name, LINES);
    let year = form.year.trim().parse::<i64>().ok().filter(|year| (1..=years).contains(year));
    if year.is_none() {
        errors.add("year", format!("Enter the year of the programme, from 1 to {years}"));
    }
    let (code, name, year) = (code?, name?, year?);
    Some(if is_new { Change::Add { code, name, year } } else { Change::Reword { code, name, year } })
}

/// Years of a programme, begun ones counted.
pub(super) fn years(here: &ProgrammeHere) -> i64 {
    (here.programme.months + 11) / 12
}

pub async fn write(here: Loaded<ProgrammeHere>, Input(form): Input<OutcomeForm>) -> Answer {
    let mut errors = Errors::none();
    if let Some(change) = read(&mut errors, &form, years(&here)) {
        let mut unit = here.begin().await?;
        match changing::write(&mut unit, here.cluster.id, &here.programme, &change, None, false).await {
            Ok(()) => {
                unit.commit().await?;
                return Ok(Done::to(here.path()).saying("The curriculum was changed.").into());
            }
            Err(problem) if problem.kind == ProblemKind::Conflict => {
                let field = if matches!(change, Change::Add { .. }) { "code" } else { "outcome" };
                errors.add(field, format!("{}. {}", problem.title, problem.next));
            }
            Err(problem) => return Err(problem.into()),
        }
    }
    Ok(page::page(&here, &form, &errors).await?.with_errors(&errors).into())
}

pub async fn places(here: Loaded<ProgrammeHere>) -> Answer {
    let database = here.database();
    let outcomes = curriculum::of_programme(&database, here.programme.id).await?;
    let steps = pathways::of_cluster(&database, here.cluster.id).await?;
    let learnt = pathways::learnt(&database, here.cluster.id).await?;
    let names = steps_of_pathways::names(&here, here.cluster.id).await?;
    let view = html! {
        h1 { span.nhsuk-caption-xl { (here.programme.name) } "Where outcomes are learnt" }
        @if steps.all.is_empty() {
            p { "No step of a pathway is named yet. " a href={ (here.cluster.path()) "/education/steps" } { "Name the steps first" } "." }
        } @else {
            p { "An outcome is learnt at the steps that are ticked. Which hosts teach it there is said on each host's own page." }
            form method="post" novalidate {
                @for outcome in &outcomes {
                    @let boxes: Vec<CheckboxItem> = steps.all.iter().map(|step| {
                        let at = pathways::Learnt { outcome_id: outcome.id, step_id: step.id };
                        let pathway = names.get(&step.pathway).unwrap_or(&step.pathway);
                        CheckboxItem::new(step.id.to_string(), format!("{pathway}: {}", step.name)).checked(Some(learnt.contains(&at)))
                    }).collect();
                    @let many = learnt.iter().filter(|at| at.outcome_id == outcome.id).count();
                    (Details::new(
                        format!("{} {} ({many} {})", outcome.code, outcome.name, if many == 1 { "step" } else { "steps" }),
                        html! { (Checkboxes::new(outcome.id.to_string(), format!("Where {} is learnt", outcome.code)).small(true).items(boxes)) },
                    ))
                }
                (Button::new("Save"))
            }
        }
    };
    let data = json!({ "outcomes": outcomes, "steps": steps, "learnt": learnt });
    Ok(page::below(Page::new("Where outcomes are learnt", view).data(&data)?, &here).into())
}

/// The whole page is sent: an outcome without a ticked step is learnt at none.
pub async fn place(here: Loaded<ProgrammeHere>, fields: Fields) -> Answer {
    let database = here.database();
    let outcomes = curriculum::of_programme(&database, here.programme.id).await?;
    let steps = pathways::of_cluster(&database, here.cluster.id).await?;
    let known: BTreeSet<Uuid> = steps.all.iter().map(|step| step.id).collect();
    let mut wanted: BTreeMap<Uuid, BTreeSet<Uuid>> = BTreeMap::new();
    for outcome in &outcomes {
        let ticked = fields.all(&outcome.id.to_string()).map(str::to_owned).collect::<Vec<_>>();
        let ticked: Option<BTreeSet<Uuid>> =
            ticked.iter().map(|one| one.parse().ok().filter(|id| known.contains(id))).collect();
        let Some(ticked) = ticked else {
            return Err(Problem::invalid(
                "One of the ticked steps is not there any more",
                "Open the page again and tick the steps that are there.",
            )
            .into());
        };
        wanted.insert(outcome.id, ticked);
    }
    let mut unit = here.begin().await?;
    let learnt = pathways::learnt(&unit, here.cluster.id).await?;
    for (outcome, steps) in &wanted {
        let now: BTreeSet<Uuid> = learnt.iter().filter(|at| at.outcome_id == *outcome).map(|at| at.step_id).collect();
        if now != *steps {
            map::place(&mut unit, here.cluster.id, *outcome, steps).await?;
        }
    }
    unit.commit().await?;
    Ok(Done::to(here.path()).saying("Saved where outcomes are learnt.").into())
}
