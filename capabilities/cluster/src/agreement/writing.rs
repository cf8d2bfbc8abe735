//! `/clusters/{cluster}/agreement/new`: writing the agreement or a new version of it, under its headings; what was typed stays where something is missing.

use std::collections::BTreeMap;

use hiec_kernel::clock::day_on_page;
use hiec_kernel::{Problem, ProblemKind};
use hiec_web::components::{Button, Input as TextInput, Textarea};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::actions::put;
use super::rules::{CLAUSES, Clause, Clauses};
use super::store;
use crate::clusters::pieces::{head, room, summary};
use crate::clusters::store::Cluster;
use crate::constitution::store as constitutions;

/// The longest text of a clause, in characters.
const LONGEST: usize = 10_000;

/// The texts by key of their clause, and the reason.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Form {
    /// Why there is a new version.
    #[serde(default)]
    reason: String,
    /// `goals`, `duration`, `benefits_patients`, `benefits_nhs`, `benefits_industry`, `method`, `cost`, `governance`, `success`,
    /// `evaluation`; where wanted also `host`, `records`, `property`, `exit`, `dispute`.
    #[serde(flatten)]
    clauses: BTreeMap<String, String>,
}

pub async fn get(cluster: Loaded<Cluster>) -> Answer {
    let reads = cluster.database();
    let mut typed = Form::default();
    match store::latest(&reads, cluster.id).await? {
        Some(latest) => typed.clauses = latest.clauses.0,
        None => {
            let constitution = constitutions::of(&reads, cluster.id).await?;
            let said = |key: &str| {
                constitution
                    .statements
                    .iter()
                    .find(|one| one.key == key)
                    .map(|one| one.text.clone())
                    .unwrap_or_default()
            };
            typed.clauses = BTreeMap::from([
                ("goals".to_owned(), cluster.facts.work_programme.join("\n")),
                (
                    "duration".to_owned(),
                    format!("{} to {}", day_on_page(cluster.starts_on), day_on_page(cluster.ends_on)),
                ),
                ("method".to_owned(), cluster.facts.approach.join("\n")),
                ("governance".to_owned(), said("governance")),
                ("success".to_owned(), said("quality_measures")),
            ]);
        }
    }
    Ok(page(&cluster, &typed, &Errors::none()).await?.into())
}

async fn page(cluster: &Loaded<Cluster>, typed: &Form, errors: &Errors) -> Result<Page, Problem> {
    let is_first = store::latest(&cluster.database(), cluster.id).await?.is_none();
    let content = html! {
        (summary(errors))
        (head(cluster, if is_first { "Write the agreement" } else { "Write a new version of the agreement" }))
        p { "It is put to the partners as soon as you send it. Each signs it anew; earlier versions and their signatures are kept." }
        form method="post" action={ (cluster.path()) "/agreement" } novalidate data-unsaved {
            @for (place, clause) in CLAUSES.iter().enumerate() { (field(place, clause, typed, errors)) }
            (TextInput::new("reason", "Why this version").hint("Partners read it first").value(typed.reason.as_str()).error_message(errors.of("reason")))
            (Button::new("Put it to the partners").confirm("Put this version to the partners? It cannot be changed, only followed by another."))
        }
    };
    let page = room(Page::new("Write the agreement", content), cluster);
    page.under(format!("{}/agreement", cluster.path()), "Agreement").data(typed)
}

fn field(place: usize, clause: &Clause, typed: &Form, errors: &Errors) -> Markup {
    let is_new =
        place.checked_sub(1).and_then(|before| CLAUSES.get(before)).is_none_or(|one| one.heading != clause.heading);
    html! {
        @if is_new { h2 { (clause.heading) } }
        (Textarea::new(clause.key, clause.label).hint(clause.hint).rows(4_u16)
            .value(typed.clauses.get(clause.key).map(String::as_str).unwrap_or_default())
            .error_message(errors.of(clause.key)))
    }
}

pub async fn post(cluster: Loaded<Cluster>, Input(typed): Input<Form>) -> Answer {
    let person = cluster.person()?.clone();
    let mut errors = Errors::none();
    let clauses = read(&typed, &mut errors);
    let reason = errors.text("reason", "why there is this version", &typed.reason, 1_000);
    let Some(reason) = reason.filter(|_| errors.is_empty()) else {
        return Ok(page(&cluster, &typed, &errors).await?.with_errors(&errors).into());
    };
    let mut unit = cluster.begin().await?;
    match put(&mut unit, cluster.app.site(), &cluster, person.id, &clauses, &reason).await {
        Ok(number) => {
            unit.commit().await?;
            Ok(Done::made(format!("{}/agreement", cluster.path()))
                .saying(format!("Version {number} is put to the partners. Everyone got a letter."))
                .into())
        }
        Err(problem) if problem.kind == ProblemKind::Conflict => {
            drop(unit);
            errors.add("reason", format!("{}. {}", problem.title, problem.next));
            Ok(page(&cluster, &typed, &errors).await?.with_errors(&errors).into())
        }
        Err(problem) => Err(problem.into()),
    }
}

/// Reads what was typed; each clause that is missing or too long is noted by its key.
fn read(typed: &Form, errors: &mut Errors) -> Clauses {
    let mut clauses = Clauses::default();
    for clause in CLAUSES {
        let text = typed.clauses.get(clause.key).map(String::as_str).unwrap_or_default();
        if text.trim().is_empty() && !clause.is_required {
            continue;
        }
        let what = format!("the text on “{}”", clause.label);
        if let Some(text) = errors.text(clause.key, &what, text, LONGEST) {
            clauses.0.insert(clause.key.to_owned(), text);
        }
    }
    clauses
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_heading_must_be_written_and_further_terms_need_not() {
        let mut errors = Errors::none();
        let typed =
            Form { clauses: BTreeMap::from([("goals".to_owned(), " Better care ".to_owned())]), ..Form::default() };
        let clauses = read(&typed, &mut errors);
        assert_eq!(clauses.of("goals"), "Better care");
        assert_eq!(errors.0.len(), 9);
        assert!(errors.of("dispute").is_none());
        assert_eq!(errors.of("cost"), Some("Enter the text on “Cost”"));
    }
}
