//! `/clusters/{cluster}/education/rounds/{round}/runs/{run}`: how far a dry run is, and then the rules side by side, as a picture and as tables. Nobody's ranking can be read from it.

use hiec_access::policy::Target;
use hiec_files::table::{Cell as FileCell, Table as FileTable};
use hiec_kernel::Problem;
use hiec_kernel::clock::on_page;
use hiec_web::components::own::{Bar, BarChart, Downloads};
use hiec_web::components::{Cell, Column, InsetText, Table};
use hiec_web::{Answer, Done, Loaded, Loading, Page, Resource};
use maud::{Markup, html};
use serde_json::json;

use super::access::RoundHere;
use super::actions;
use super::groups::FEWEST;
use super::running::{GroupFigures, RuleFigures};
use super::store::{self, DryRun};
use crate::ground;
use crate::home;

/// One dry run of a round.
pub struct RunHere {
    here: RoundHere,
    run: DryRun,
}

impl RunHere {
    fn figures(&self) -> Result<Vec<RuleFigures>, Problem> {
        serde_json::from_value(self.run.figures.clone()).map_err(Problem::internal)
    }

    fn path(&self) -> String {
        format!("{}/runs/{}", self.here.path(), self.run.id)
    }
}

impl Resource for RunHere {
    const KIND: &'static str = "round";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let Some((here, target)) = RoundHere::load(loading).await? else { return Ok(None) };
        let Some(id) = loading.id("run") else { return Ok(None) };
        let found = store::runs(&loading.database, here.round.id).await?.into_iter().find(|run| run.id == id);
        Ok(found.map(|run| (Self { here, run }, target)))
    }
}

pub async fn begin(here: Loaded<RoundHere>) -> Answer {
    let mut unit = here.begin().await?;
    let run = actions::ask_run(&mut unit, &here.round, &here.programme).await?;
    unit.commit().await?;
    Ok(Done::made(format!("{}/runs/{run}", here.path())).saying("The rules are being tried out.").into())
}

pub async fn get(run: Loaded<RunHere>) -> Answer {
    let figures = run.figures()?;
    let view = html! {
        h1 { span.nhsuk-caption-xl { (run.here.round.name) } "The rules side by side" }
        p { "Asked " (on_page(run.run.asked_at)) ". Nothing is placed by a dry run." }
        @if run.run.finished_at.is_none() { (progress(&run.run, &run.path())) } @else { (compared(&figures, &run.path())) }
    };
    let data = json!({
        "step": run.run.step,
        "done": run.run.done,
        "total": run.run.total,
        "is_finished": run.run.finished_at.is_some(),
        "rules": figures,
    });
    let page = Page::new("The rules side by side", view).data(&data)?;
    Ok(home::under(page, &run.here.cluster).under(run.here.path(), run.here.round.name.clone()).into())
}

fn progress(run: &DryRun, path: &str) -> Markup {
    html! {
        h2 { "How far it is" }
        p {
            label for="progress" { (run.step) ": " (run.done) " of " (run.total) " parts done" }
            br;
            progress id="progress" max=(run.total) value=(run.done) { (run.done) " of " (run.total) }
        }
        p { a.nhsuk-link href=(path) { "See how far it is now" } }
    }
}

/// `73%`
fn share(part: u32, of: u32) -> f64 {
    if of == 0 { 0.0 } else { f64::from(part) * 100.0 / f64::from(of) }
}

fn compared(figures: &[RuleFigures], path: &str) -> Markup {
    let bars = figures.iter().map(|rule| {
        let first = share(rule.all.first, rule.all.trainees);
        Bar::new(rule.name.clone(), first, format!("{first:.0}%"))
    });
    html! {
        (BarChart {
            id: "first-choices".into(),
            title: "First choices".into(),
            description: "The share of trainees who get their first choice, by rule.".into(),
            heads: ("Rule".into(), "Get their first choice".into()),
            bars: bars.collect(),
        })
        (Table::new("The rules on the same answers")
            .head([
                Column::new("Rule"), Column::new("Safe to answer truthfully"), Column::numeric("Placed"), Column::numeric("First choice"),
                Column::numeric("Mean choice"), Column::numeric("Blocking pairs"), Column::numeric("Places left"), Column::numeric("Hosts closed"), Column::numeric("Links broken"),
            ])
            .first_cell_is_header(true)
            .rows(figures.iter().map(|rule| vec![
                Cell::new(rule.name.as_str()),
                Cell::new(if rule.is_safe { "Yes" } else { "No" }),
                Cell::numeric(format!("{} of {}", rule.all.placed, rule.all.trainees)),
                Cell::numeric(rule.all.first),
                Cell::numeric(mean(rule.all.mean_choice)),
                Cell::numeric(rule.blocking),
                Cell::numeric(rule.unfilled),
                Cell::numeric(rule.closed),
                Cell::numeric(rule.broken_links),
            ])))
        (InsetText::new("A blocking pair is a trainee and a host who would both rather have each other than what the rule gives them. Under deferred acceptance there is none, and nobody gains by answering otherwise than truthfully, unless hosts have a fewest number or trainees are linked."))
        (by_attribute(figures))
        (Downloads::new([("The rules as CSV".to_owned(), format!("{path}/rules.csv"))]))
    }
}

fn mean(mean: Option<f64>) -> String {
    mean.map_or("none".to_owned(), |mean| format!("{mean:.2}"))
}

/// Who fares how, by each attribute. Where all are the same there is nothing to compare.
fn by_attribute(figures: &[RuleFigures]) -> Markup {
    let Some(first) = figures.first() else { return html! {} };
    html! {
        @for by in first.by_attribute() {
            @let name = by.label().to_lowercase();
            h2 { "By " (name) }
            @match (&by.groups[..], by.hidden) {
                ([], 0) => p { "Nothing is known of it." },
                ([], _) => p { "Groups of fewer than " (FEWEST) " are not shown, nor one from which they could be worked out." },
                ([(only, _)], 0) => p { "All are of one: " (only) "." },
                (_, hidden) => {
                    (Table::new(format!("The rules by {name}"))
                        .head([Column::new("Rule"), Column::new("Trainees"), Column::numeric("Placed"), Column::numeric("First choice"), Column::numeric("Mean choice")])
                        .rows(figures.iter().flat_map(|rule| rows_of(rule, &by.attribute)).collect::<Vec<_>>()))
                    @if hidden > 0 { p { "Groups of fewer than " (FEWEST) " are not shown, nor one from which they could be worked out." } }
                }
            }
        }
    }
}

fn rows_of(rule: &RuleFigures, attribute: &str) -> Vec<Vec<Cell>> {
    let found = rule.by_attribute().into_iter().find(|one| one.attribute == attribute);
    let row = |(group, share): &(String, GroupFigures)| {
        vec![
            Cell::new(rule.name.as_str()),
            Cell::new(group.as_str()),
            Cell::numeric(format!("{} of {}", share.placed, share.trainees)),
            Cell::numeric(share.first),
            Cell::numeric(mean(share.mean_choice)),
        ]
    };
    found.iter().flat_map(|by| by.groups.iter().map(row)).collect()
}

pub async fn csv(run: Loaded<RunHere>) -> Answer {
    let mut table = FileTable::with_columns(
        "placement-rules",
        [
            ("rule", "The rule"),
            ("attribute", "By what trainees are told apart: all, pattern, profession, programme or start_year"),
            ("group", "All trainees, or which of them; groups of fewer than five are left out"),
            ("trainees", "How many they are"),
            ("placed", "How many get a place"),
            ("first_choice", "How many get their first choice"),
            ("mean_choice", "The mean number of the choice they get"),
            ("blocking_pairs", "Pairs that would both rather have each other"),
            ("places_left", "Places nobody takes"),
        ],
    );
    for rule in run.figures()? {
        let all = [("all".to_owned(), "all".to_owned(), rule.all)];
        let groups = rule.by_attribute().into_iter().flat_map(|by| {
            let attribute = by.attribute;
            by.groups.into_iter().map(move |(group, share)| (attribute.clone(), group, share))
        });
        for (attribute, group, share) in all.into_iter().chain(groups) {
            let whole = attribute == "all";
            table.push([
                FileCell::from(rule.rule.as_str()),
                FileCell::from(attribute),
                FileCell::from(group),
                FileCell::from(i64::from(share.trainees)),
                FileCell::from(i64::from(share.placed)),
                FileCell::from(i64::from(share.first)),
                FileCell::from(share.mean_choice.map(|mean| format!("{mean:.4}")).unwrap_or_default()),
                FileCell::from(whole.then(|| i64::try_from(rule.blocking).unwrap_or(i64::MAX))),
                FileCell::from(whole.then(|| i64::from(rule.unfilled))),
            ]);
        }
    }
    Ok(ground::csv(&run.here.cluster, &table))
}
