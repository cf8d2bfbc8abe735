//! `/clusters/{cluster}/education/programmes/{programme}`: a programme, its curriculum by year, and what was proposed to its owner.

use std::collections::BTreeMap;

use hiec_kernel::Problem;
use hiec_kernel::clock::{day_on_page, london_date};
use hiec_web::components::{
    Button, Cell, Column, Details, Select, SelectItem, SummaryList, SummaryRow, Table, Tag, TagColour,
};
use hiec_web::{Answer, Errors, Loaded, Page};
use maud::{Markup, html};
use serde_json::json;

use super::curriculum::{self, Outcome, Proposed};
use super::outcomes::OutcomeForm;
use super::states::Proposal;
use crate::access::ProgrammeHere;
use crate::ground::{self, made_up};
use crate::home;
use crate::pathways::store as pathways;

impl ProgrammeHere {
    pub fn path(&self) -> String {
        self.programme.path(&self.cluster)
    }

    pub fn owner_name(&self) -> &str {
        self.owner.as_ref().map_or("Nobody yet", |owner| owner.name.as_str())
    }
}

/// A page below a programme.
pub(super) fn below(page: Page, here: &ProgrammeHere) -> Page {
    home::under(page, &here.cluster)
        .under(format!("{}/education/programmes", here.cluster.path()), "Programmes")
        .under(here.path(), here.programme.name.clone())
}

pub(super) fn tag(state: &Proposal) -> Tag {
    Tag::new(state.label()).colour(match state {
        Proposal::Proposed => TagColour::Blue,
        Proposal::Questioned { .. } => TagColour::Yellow,
        Proposal::Accepted { .. } => TagColour::Green,
        Proposal::Refused { .. } => TagColour::Red,
        Proposal::Withdrawn { .. } => TagColour::Grey,
    })
}

pub async fn get(here: Loaded<ProgrammeHere>) -> Answer {
    Ok(page(&here, &OutcomeForm::default(), &Errors::none()).await?.into())
}

pub(super) async fn page(here: &Loaded<ProgrammeHere>, form: &OutcomeForm, errors: &Errors) -> Result<Page, Problem> {
    let database = here.database();
    let programme = &here.programme;
    let outcomes = curriculum::of_programme(&database, programme.id).await?;
    let proposals = curriculum::proposals(&database, programme.id).await?;
    let steps = pathways::of_cluster(&database, here.cluster.id).await?;
    let learnt = pathways::learnt(&database, here.cluster.id).await?;
    let places = |outcome: &Outcome| -> String {
        let names: Vec<&str> = learnt
            .iter()
            .filter(|at| at.outcome_id == outcome.id)
            .filter_map(|at| steps.one(at.step_id))
            .map(|step| step.name.as_str())
            .collect();
        if names.is_empty() { "At no step yet".to_owned() } else { names.join(", ") }
    };
    let mut years: BTreeMap<i64, Vec<&Outcome>> = BTreeMap::new();
    for outcome in &outcomes {
        years.entry(outcome.year).or_default().push(outcome);
    }
    let (may_write, may_propose) = (here.may("curriculum.write"), here.may("curriculum.propose"));
    let is_over = programme.ends_on.is_some_and(|last| last < london_date(here.now()));
    let view = html! {
        (ground::mistakes(errors))
        h1 { span.nhsuk-caption-xl { (here.cluster.short_name) } (programme.name) (made_up(programme.is_illustrative)) }
        (SummaryList::new([
            SummaryRow::new("Profession", programme.profession.label()),
            SummaryRow::new("Level", programme.level.label()),
            SummaryRow::new("Specialty", programme.specialty.as_str()),
            SummaryRow::new("Owner of the curriculum", here.owner_name()),
            SummaryRow::new("Length", format!("{} whole-time months", programme.months)),
            SummaryRow::new("Since", day_on_page(programme.starts_on)),
            SummaryRow::new("Until", programme.ends_on.map_or_else(|| "It goes on".to_owned(), day_on_page)),
        ]))
        @if is_over { p { "It has ended." } }
        @if here.may("curriculum.plan") { p { a href={ (here.path()) "/change" } { "Change its name, length, last day or owner" } } }
        h2 { "Curriculum" }
        @match &here.owner {
            Some(owner) => p { "The curriculum is set by " (owner.name) ". The cluster can propose a change to it, and cannot make one." },
            None => p { "Nobody owns this curriculum yet, so the cluster lays it out." },
        }
        @if outcomes.is_empty() { p { "No outcome is written yet." } }
        @for (year, outcomes) in &years {
            (Table::new(format!("Year {year}"))
                .head([Column::new("Code"), Column::new("What is to be learnt"), Column::new("Learnt at")])
                .rows(outcomes.iter().map(|outcome| vec![
                    Cell::new(outcome.code.as_str()),
                    Cell::new(html! { (outcome.name) (made_up(outcome.is_illustrative)) }),
                    Cell::new(places(outcome)),
                ])))
        }
        @if here.may("curriculum.map") && !outcomes.is_empty() {
            p { a href={ (here.path()) "/places" } { "Say at which pathway steps outcomes are learnt" } }
        }
        @if may_write { (writing(here, &outcomes, form, errors)) }
        h2 { "Proposed changes" }
        @if proposals.is_empty() { p { "None." } } @else { (proposed(here, &proposals)) }
        @if may_propose && here.owner.is_some() {
            p { (Button::link("Propose a change", format!("{}/proposals/new", here.path())).secondary()) }
        }
        p { a href={ (here.cluster.path()) "/education/map?programme=" (programme.key) } { "This programme on the pathway map" } }
    };
    let data = json!({ "programme": programme, "owner": here.owner, "outcomes": outcomes, "proposals": proposals });
    Ok(home::under(Page::new(programme.name.clone(), view).data(&data)?, &here.cluster)
        .under(format!("{}/education/programmes", here.cluster.path()), "Programmes"))
}

fn proposed(here: &ProgrammeHere, proposals: &[Proposed]) -> Markup {
    let rows = proposals.iter().map(|one| {
        vec![
            Cell::new(html! {
                a.nhsuk-link href={ (here.path()) "/proposals/" (one.number) } { "No. " (one.number) ": " (one.change.words()) }
                (made_up(one.is_illustrative))
            }),
            Cell::new(html! { (tag(&one.state)) }),
            Cell::new(hiec_kernel::clock::on_page(one.proposed_at)),
        ]
    });
    html! {
        (Table::new("Changes proposed to the owner")
            .head([Column::new("Change"), Column::new("Standing"), Column::new("Proposed")])
            .rows(rows))
    }
}

/// The owner's own pen.
fn writing(here: &ProgrammeHere, outcomes: &[Outcome], form: &OutcomeForm, errors: &Errors) -> Markup {
    let choose = std::iter::once(SelectItem::new("", "A new outcome"))
        .chain(outcomes.iter().map(|one| SelectItem::new(one.code.clone(), format!("{} {}", one.code, one.name))));
    let fields = html! {
        form method="post" action={ (here.path()) "/outcomes" } novalidate {
            (Select::new("outcome", "Outcome").items(choose.collect::<Vec<_>>()).value(form.outcome.as_str()))
            (ground::line_field("code", "Code of a new outcome", &form.code, errors).width(10_u8))
            (ground::lines_field("name", "What is to be learnt", &form.name, errors))
            (ground::line_field("year", "Year of the programme", &form.year, errors).width(2_u8))
            (Button::new("Save the outcome"))
        }
        @if !outcomes.is_empty() {
            form method="post" action={ (here.path()) "/outcomes" } novalidate {
                input type="hidden" name="act" value="remove";
                (Select::new("remove", "Take out an outcome").items(outcomes.iter().map(|one| SelectItem::new(one.code.clone(), format!("{} {}", one.code, one.name))).collect::<Vec<_>>()))
                (Button::new("Take it out").secondary().confirm("Take this outcome out of the curriculum, with its places on the pathway map?"))
            }
        }
    };
    html! { (Details::new("Write the curriculum", fields).open(!errors.is_empty())) }
}
