//! `/clusters/{cluster}/impact/new` and `…/{plan}/draft`: a plan is written, and changed while it is a draft.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use hiec_contracts::ClusterSeen;
use hiec_kernel::Problem;
use hiec_web::components::{Button, RadioItem, Radios};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::html;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::actions;
use super::plan::{Design, Draft};
use super::store::{PlanHere, Plans};
use crate::ground::{self, LINE, LINES};
use crate::measures::reading::{MeasureLine, measures_of};

#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct Form {
    title: String,
    what: String,
    outcome: String,
    /// The key of the measure the figures come from; empty where they are given with the result.
    measure: String,
    /// `series`, `differences`, `staggered` or `control`.
    design: String,
    /// One site a line; where they begin at different times with the first period after, as `Hospital 01 | 2010-12-01`.
    treated: String,
    /// One site a line.
    comparators: String,
    /// As `2010-12-01`.
    start: String,
    /// As `2010-12-01`; empty is the month of the start.
    first_period: String,
}

impl Form {
    fn of(draft: &Draft, measures: &[MeasureLine]) -> Self {
        let measure = measures.iter().find(|measure| Some(measure.id) == draft.measure);
        Self {
            measure: measure.map(|measure| measure.key.clone()).unwrap_or_default(),
            title: draft.title.clone(),
            what: draft.what.clone(),
            outcome: draft.outcome.clone(),
            design: draft.design.key().into(),
            treated: draft
                .treated
                .iter()
                .map(|unit| match draft.starts.get(unit) {
                    Some(start) => format!("{unit} | {start}"),
                    None => unit.clone(),
                })
                .collect::<Vec<_>>()
                .join("\n"),
            comparators: draft.comparators.join("\n"),
            start: draft.start.to_string(),
            first_period: draft.first_period.to_string(),
        }
    }

    fn read(&self, measures: &[MeasureLine], errors: &mut Errors) -> Option<Draft> {
        let title = errors.text("title", "a title", &self.title, LINE);
        let what = errors.text("what", "what is to be done", &self.what, LINES);
        let outcome = errors.text("outcome", "what is measured", &self.outcome, LINE);
        let design = ground::one_of(errors, "design", "how it is to be found out", Design::from_key(&self.design));
        let treated = errors.text("treated", "at least one site", &self.treated, LINES * 5);
        let comparators = ground::optional(errors, "comparators", "the comparators", &self.comparators, LINES * 5);
        let start = ground::day(errors, "start", "the day it begins", &self.start);
        let first_period = match self.first_period.trim() {
            "" => start.and_then(|start| chrono::Datelike::with_day(&start, 1)),
            typed => ground::day(errors, "first_period", "the first period after", typed),
        };
        let measure = measures.iter().find(|measure| measure.key == self.measure).map(|measure| measure.id);
        if measure.is_none() && !self.measure.is_empty() {
            errors.add("measure", "Choose a measure of this cluster");
        }
        let (treated, starts) = match (design, treated) {
            (Some(Design::Staggered), Some(text)) => with_starts(&text, errors),
            (_, treated) => (treated, BTreeMap::new()),
        };
        // Of several starts the first: what the plan is frozen before.
        let first_period = starts.values().min().copied().or(first_period);
        let names =
            |text: String| text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
        let draft = Draft {
            title: title?,
            what: what?,
            outcome: outcome?,
            measure,
            design: design?,
            treated: names(treated?),
            comparators: names(comparators?),
            start: start?,
            first_period: first_period?,
            starts,
        };
        errors.is_empty().then_some(draft)
    }
}

/// The sites of a staggered plan, and the first period that counts as after at each.
fn with_starts(text: &str, errors: &mut Errors) -> (Option<String>, BTreeMap<String, NaiveDate>) {
    let mut names = Vec::new();
    let mut starts = BTreeMap::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let told = line.rsplit_once('|').and_then(|(name, day)| Some((name.trim(), day.trim().parse().ok()?)));
        match told.filter(|(name, _)| !name.is_empty()) {
            Some((name, day)) => {
                names.push(name.to_owned());
                starts.insert(name.to_owned(), day);
            }
            None => errors.add(
                "treated",
                format!("Write after each site the first day of its first period after, such as “Hospital 01 | 2010-12-01”. This line lacks it: {line}"),
            ),
        }
    }
    (Some(names.join("\n")).filter(|names| !names.is_empty()), starts)
}

pub async fn get(door: Loaded<Plans>) -> Answer {
    let measures = measures_of(&door.database(), door.cluster.id).await?;
    Ok(page(&door.cluster, "Write an impact plan", &measures, &Form::default(), &Errors::none())?.into())
}

fn page(
    cluster: &ClusterSeen,
    title: &str,
    measures: &[MeasureLine],
    form: &Form,
    errors: &Errors,
) -> Result<Page, Problem> {
    let options = measures.iter().map(|measure| (measure.key.clone(), measure.title.clone()));
    let designs = Design::ALL.iter().map(|one| RadioItem::new(one.key(), one.label()));
    let view = html! {
        (ground::mistakes(errors))
        h1 { span.nhsuk-caption-xl { (cluster.short_name) } (title) }
        p { "Write it before the start. Once frozen it does not change any more: a result that was fitted to the answer tells nothing." }
        form method="post" novalidate {
            (ground::line_field("title", "Title", &form.title, errors))
            (ground::lines_field("what", "What is to be done, and to whom", &form.what, errors))
            (ground::line_field("outcome", "What is measured, as within a sentence", &form.outcome, errors)
                .hint("For instance: the share on ventilation within three hours"))
            (ground::choice("measure", "Measure the figures come from (optional)", options, &form.measure, errors)
                .hint("Without one the figures are given with the result. Its sites go by their names, all of them by: All sites together"))
            (Radios::new("design", "How it is to be found out")
                .items(designs.collect::<Vec<_>>())
                .value(form.design.as_str())
                .error_message(errors.of("design").unwrap_or_default()))
            (ground::lines_field("treated", "Sites where it is done", &form.treated, errors)
                .hint("One a line, as the figures name them. Of one series only one: the whole. Where sites begin at different times, each with its first period after: Hospital 01 | 2010-12-01"))
            (ground::lines_field("comparators", "Sites to compare with", &form.comparators, errors)
                .hint("One a line. None for one series"))
            (ground::day_field("start", "The day it begins", &form.start, errors))
            (ground::day_field("first_period", "First day of the first period that counts as after (optional)", &form.first_period, errors)
                .hint("The month of the start where nothing is said"))
            (Button::new("Save the draft"))
        }
    };
    Ok(ground::under(Page::new(title, view).data(form)?, cluster)
        .under(format!("{}/impact", cluster.path()), "What would have happened anyway"))
}

pub async fn post(door: Loaded<Plans>, Input(form): Input<Form>) -> Answer {
    let measures = measures_of(&door.database(), door.cluster.id).await?;
    let mut errors = Errors::none();
    let Some(draft) = form.read(&measures, &mut errors) else {
        return Ok(page(&door.cluster, "Write an impact plan", &measures, &form, &errors)?.with_errors(&errors).into());
    };
    let mut unit = door.begin().await?;
    let plan = actions::write(&mut unit, door.cluster.id, draft, false).await?;
    unit.commit().await?;
    Ok(Done::made(plan.path(&door.cluster)).saying("The draft is saved. Freeze it before the start.").into())
}

pub async fn edit(here: Loaded<PlanHere>) -> Answer {
    let measures = measures_of(&here.database(), here.cluster.id).await?;
    let form = Form::of(&here.plan.draft, &measures);
    Ok(page(&here.cluster, "Change the draft", &measures, &form, &Errors::none())?.into())
}

pub async fn save(here: Loaded<PlanHere>, Input(form): Input<Form>) -> Answer {
    let measures = measures_of(&here.database(), here.cluster.id).await?;
    let mut errors = Errors::none();
    let Some(draft) = form.read(&measures, &mut errors) else {
        return Ok(page(&here.cluster, "Change the draft", &measures, &form, &errors)?.with_errors(&errors).into());
    };
    let mut unit = here.begin().await?;
    actions::change(&mut unit, &here.plan, &draft).await?;
    unit.commit().await?;
    Ok(Done::to(here.path()).saying("The draft is saved.").into())
}
