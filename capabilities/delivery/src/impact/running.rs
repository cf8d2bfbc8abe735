//! What a plan's page sends: the freezing, an amendment, figures for a result, lines of worth. Each answers with the page again where something is wrong.

use hiec_kernel::clock::london_date;
use hiec_web::{Answer, Done, Errors, Input, Loaded};
use schemars::JsonSchema;
use serde::Deserialize;

use super::actions;
use super::figures::{self, read_figures};
use super::page::{self, Typed};
use super::store::PlanHere;
use super::worth::{self, Lines};
use crate::ground::{self, LINES};

/// The longest table of figures that is pasted.
const MOST_FIGURES: usize = 500_000;

async fn again(here: &Loaded<PlanHere>, typed: Typed) -> Answer {
    Ok(page::page(here, &typed).await?.with_errors(&typed.errors).into())
}

pub async fn freeze(here: Loaded<PlanHere>) -> Answer {
    let mut unit = here.begin().await?;
    actions::freeze(&mut unit, &here.plan).await?;
    unit.commit().await?;
    Ok(Done::to(here.path()).saying("The plan is frozen and public: it does not change any more.").into())
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct AmendmentForm {
    pub words: String,
    pub reason: String,
}

pub async fn amend(here: Loaded<PlanHere>, Input(form): Input<AmendmentForm>) -> Answer {
    let mut errors = Errors::none();
    let words = errors.text("words", "what is added", &form.words, LINES);
    let reason = errors.text("reason", "why", &form.reason, LINES);
    let (Some(words), Some(reason)) = (words, reason) else {
        return again(&here, Typed { amendment: form, errors, ..Typed::default() }).await;
    };
    let mut unit = here.begin().await?;
    actions::amend(&mut unit, &here.plan, &words, &reason).await?;
    unit.commit().await?;
    Ok(Done::made(here.path()).saying("The amendment stands beside the plan.").into())
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ResultForm {
    /// A table with the columns unit, period and value; not asked for where the plan names a measure.
    pub figures: String,
}

pub async fn result(here: Loaded<PlanHere>, Input(form): Input<ResultForm>) -> Answer {
    let mut errors = Errors::none();
    let says = here.plan.says();
    let figures = match says.measure {
        Some(measure) => Some(actions::measured(&here.database(), says, measure, london_date(here.now())).await?),
        None => errors.text("figures", "the figures", &form.figures, MOST_FIGURES).and_then(|text| {
            read_figures(&text).map_err(|wrong| wrong.into_iter().for_each(|one| errors.add("figures", one))).ok()
        }),
    };
    if let (Some(figures), Some(frozen)) = (&figures, &here.plan.frozen)
        && let Err(reason) = figures::find(&frozen.plan, figures)
    {
        errors.add("figures", reason);
    }
    let (Some(figures), true) = (figures, errors.is_empty()) else {
        return again(&here, Typed { result: form, errors, ..Typed::default() }).await;
    };
    let mut unit = here.begin().await?;
    actions::find(&mut unit, &here.plan, &figures, false).await?;
    unit.commit().await?;
    Ok(Done::made(here.path()).saying("The result was found and held against the plan.").into())
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct WorthForm {
    /// One line each: name | pounds | public or other | why.
    costs: String,
    /// One line each: name | how many a year | pounds each | % anyway | % due to others | years | why.
    benefits: String,
    /// One line each: name | pounds a quarter | quarters sooner | why.
    sooner: String,
}

pub async fn worth(here: Loaded<PlanHere>, Input(form): Input<WorthForm>) -> Answer {
    let mut errors = Errors::none();
    let lines = Lines {
        costs: errors.text("costs", "what was put in", &form.costs, LINES).unwrap_or_else(|| form.costs.clone()),
        benefits: ground::optional(&mut errors, "benefits", "what came of it", &form.benefits, LINES)
            .unwrap_or_default(),
        sooner: ground::optional(&mut errors, "sooner", "what came sooner", &form.sooner, LINES).unwrap_or_default(),
    };
    if errors.is_empty()
        && let Err(wrong) = worth::worked(&here.plan.says().title, &lines, london_date(here.now()))
    {
        for one in wrong {
            let field = match one.split(',').next() {
                Some("Benefits") => "benefits",
                Some("Sooner") => "sooner",
                _ => "costs",
            };
            errors.add(field, one);
        }
    }
    if !errors.is_empty() {
        return again(&here, Typed { worth: Some(lines), errors, ..Typed::default() }).await;
    }
    let mut unit = here.begin().await?;
    actions::say_worth(&mut unit, &here.plan, &lines, false).await?;
    unit.commit().await?;
    Ok(Done::made(here.path()).saying("It was worked out, with its range.").into())
}
