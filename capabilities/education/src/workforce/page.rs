//! `…/workforce/{model}`: a model with its versions and runs, what-ifs, and two runs to compare.

use hiec_kernel::Problem;
use hiec_kernel::clock::date_on_page;
use hiec_web::components::own::{Downloads, EmptyState};
use hiec_web::components::{Button, Cell, Column, Select, SelectItem, Table};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page, Reply};
use hiec_workforce::{Change, MILLION, Place};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::actions;
use super::store::{self, ModelHere, Run, Version};
use crate::{ground, home};

/// A run; all fields empty for the model as it is.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct Form {
    /// How many posts move, or are added where `from` is empty.
    posts: String,
    /// A stage or specialty.
    from: String,
    to: String,
    /// From which year on.
    year: String,
}

pub async fn get(door: Loaded<ModelHere>) -> Answer {
    Ok(page(&door, &Form::default(), &Errors::none()).await?.into())
}

async fn page(door: &Loaded<ModelHere>, form: &Form, errors: &Errors) -> Result<Page, Problem> {
    let database = door.database();
    let versions = store::versions(&database, door.model.id).await?;
    let runs = store::runs(&database, door.model.id).await?;
    let path = door.path();
    let model = versions.first().and_then(|version| actions::understood(&version.model).ok());
    let view = html! {
        (ground::mistakes(errors))
        h1 { span.nhsuk-caption-xl { (door.cluster.short_name) } (door.model.name) (ground::made_up(door.model.is_illustrative)) }
        @if let Some(model) = &model { (ways(model)) }
        @if door.may("workforce.run") && let Some(model) = &model {
            h2 { "Run it" }
            form method="post" action={ (path) "/runs" } { (Button::new("Run it as it is")) }
            h2 { "What if" }
            form method="post" action={ (path) "/runs" } novalidate { (what_if(model, form, errors)) (Button::new("Run it with this change").secondary()) }
        }
        h2 { "Runs" }
        @if runs.is_empty() {
            (EmptyState::new("It has not been run yet."))
        } @else {
            (run_table(door, &runs))
            @if runs.len() > 1 { (comparing(&path, &runs)) }
        }
        h2 { "Versions of its inputs" }
        @if door.may("workforce.write") { (Button::link("Change the inputs", format!("{path}/versions/new"))) }
        (version_table(&versions))
        (Downloads::new([("The latest inputs as JSON", format!("{path}/model.json"))]))
    };
    let data = json!({
        "model": door.model, "versions": versions,
        "runs": runs.iter().map(|run| json!({
            "number": run.number, "version": run.version, "inputs_sha256": run.inputs_sha256, "engine": run.engine,
            "what_if": run.what_if(), "sentence": run.sentence(),
        })).collect::<Vec<_>>(),
    });
    Ok(under(Page::new(door.model.name.clone(), view).data(&data)?, door).wide())
}

pub(super) fn under(page: Page, here: &ModelHere) -> Page {
    home::under(page, &here.cluster).under(format!("{}/workforce", crate::access::path(&here.cluster)), "Workforce")
}

/// The way into each specialty, and when a change made in the first year shows.
fn ways(model: &hiec_workforce::Model) -> Markup {
    let rows = model.specialties.iter().map(|specialty| {
        let way = model.way_into(specialty);
        let stages: Vec<String> = way.iter().map(|stage| format!("{} {}", stage.name, stage.years)).collect();
        let years: u32 = way.iter().map(|stage| stage.years).sum();
        let shows = model.change_shows_in(specialty, model.first_year);
        vec![
            Cell::new(specialty.name.as_str()),
            Cell::new(stages.join(" + ")),
            Cell::numeric(years),
            Cell::new(shows.map_or_else(|| "Never: nothing trains for it".to_owned(), |year| year.to_string())),
        ]
    });
    html! {
        (Table::new("How long it takes")
            .head([
                Column::new("Specialty"),
                Column::new("Stages, in years full time"),
                Column::numeric("Years in all"),
                Column::new(format!("A change of its posts in {} first shows in", model.first_year)),
            ])
            .first_cell_is_header(true)
            .responsive(true)
            .rows(rows))
    }
}

fn what_if(model: &hiec_workforce::Model, form: &Form, errors: &Errors) -> Markup {
    let places: Vec<String> = model.stages.iter().map(|stage| stage.name.clone()).collect();
    let choice = |name: &'static str, label: &'static str, empty: &'static str, chosen: &str| {
        let items = std::iter::once(SelectItem::new("", empty))
            .chain(places.iter().map(|place| SelectItem::new(place.clone(), place.clone())));
        Select::new(name, label)
            .items(items.collect::<Vec<_>>())
            .value(chosen)
            .error_message(errors.of(name).unwrap_or_default())
    };
    html! {
        (ground::line_field("posts", "How many posts", &form.posts, errors).inputmode("numeric").width(5_u8))
        (choice("from", "Taken from", "Nowhere: they are new", &form.from))
        (choice("to", "Given to", "Choose", &form.to))
        (ground::line_field("year", "From the year", if form.year.is_empty() { model.first_year.to_string() } else { form.year.clone() }.as_str(), errors).inputmode("numeric").width(4_u8))
    }
}

/// What a run says, in the list of them.
fn short(run: &Run) -> String {
    match (run.in_short(), run.what_if().is_empty()) {
        (sentences, _) if !sentences.is_empty() => sentences.join(" "),
        (_, true) => "Nowhere is less than what is asked for in the last year.".to_owned(),
        (_, false) => "The change does not show in these years.".to_owned(),
    }
}

fn run_table(door: &Loaded<ModelHere>, runs: &[Run]) -> Markup {
    html! {
        (Table::new("Runs")
            .head([Column::new("Run"), Column::new("What if"), Column::new("What it says"), Column::numeric("Version"), Column::new("Run on"), Column::new("Hash of its inputs")])
            .first_cell_is_header(true)
            .responsive(true)
            .rows(runs.iter().map(|run| vec![
                Cell::link(format!("Run {}", run.number), format!("{}/runs/{}", door.path(), run.number)),
                Cell::new(Some(run.what_if()).filter(|words| !words.is_empty()).unwrap_or_else(|| "As it is".to_owned())),
                Cell::new(short(run)),
                Cell::numeric(run.version),
                Cell::new(date_on_page(run.ran_at)),
                Cell::new(html! { code { (run.inputs_sha256.get(..12).unwrap_or_default()) } }),
            ])))
    }
}

fn comparing(path: &str, runs: &[Run]) -> Markup {
    let items = || runs.iter().map(|run| SelectItem::new(run.number.to_string(), format!("Run {}", run.number)));
    let last = runs.first().map(|run| run.number.to_string()).unwrap_or_default();
    let before = runs.get(1).map(|run| run.number.to_string()).unwrap_or_default();
    html! {
        form method="get" action={ (path) "/comparison" } {
            (Select::new("one", "Compare").items(items().collect::<Vec<_>>()).value(before))
            (Select::new("other", "With").items(items().collect::<Vec<_>>()).value(last))
            (Button::new("Compare").secondary().small(true))
        }
    }
}

fn version_table(versions: &[Version]) -> Markup {
    html! {
        (Table::new("Versions")
            .head([Column::numeric("Version"), Column::new("Where the inputs come from"), Column::new("Kept on")])
            .rows(versions.iter().map(|version| vec![
                Cell::numeric(version.number),
                Cell::new(version.why.as_str()),
                Cell::new(date_on_page(version.made_at)),
            ])))
    }
}

pub async fn json(door: Loaded<ModelHere>) -> Answer {
    let latest = store::versions(&door.database(), door.model.id).await?.into_iter().next();
    let text = latest.map(|version| version.model).unwrap_or_default();
    Ok(Reply::download(&format!("{}.json", door.model.key), "application/json", text.into_bytes()))
}

pub async fn run(door: Loaded<ModelHere>, Input(form): Input<Form>) -> Answer {
    let mut errors = Errors::none();
    let latest = store::versions(&door.database(), door.model.id).await?.into_iter().next();
    let version = latest.ok_or_else(Problem::not_found)?;
    let Some(changes) = changes(&mut errors, &form) else {
        return Ok(page(&door, &form, &errors).await?.with_errors(&errors).into());
    };
    // The years take a moment: other people's pages do not wait for it.
    let ran = tokio::task::spawn_blocking(move || actions::run(&version, &changes)).await.map_err(Problem::internal)?;
    let answered = match ran {
        Ok(answered) => answered,
        Err(problems) => {
            for problem in problems {
                let problem = problem.trim_start_matches("what_if 1: ");
                let mut letters = problem.chars();
                let words: String = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
                errors.add(field_of(problem), words);
            }
            return Ok(page(&door, &form, &errors).await?.with_errors(&errors).into());
        }
    };
    let mut unit = door.begin().await?;
    let run = actions::keep(&mut unit, &door.cluster, &door.model, answered).await?;
    unit.commit().await?;
    Ok(Done::made(format!("{}/runs/{}", door.path(), run.number)).into())
}

/// Which field a refusal of the engine is about.
fn field_of(problem: &str) -> &'static str {
    match problem {
        year if year.starts_with("the year must be") => "year",
        same if same.starts_with("the posts would stay where they are") => "to",
        _ => "posts",
    }
}

/// The change a form asks for; none where all of it is empty.
fn changes(errors: &mut Errors, form: &Form) -> Option<Vec<Change>> {
    if [&form.posts, &form.from, &form.to].iter().all(|field| field.trim().is_empty()) {
        return Some(Vec::new());
    }
    let most = 100_000;
    let posts = form.posts.trim().parse::<i64>().ok().filter(|posts| *posts != 0 && (-most..=most).contains(posts));
    let posts = ground::one_of(errors, "posts", "how many posts: a whole number", posts);
    let year = form.year.trim().parse::<i32>().ok();
    let year = ground::one_of(errors, "year", "the year it begins in, such as 2026", year);
    if form.to.trim().is_empty() {
        errors.add("to", "Choose where the posts go");
        return None;
    }
    let (posts, to) = (posts? * MILLION, Place(form.to.trim().to_owned()));
    let year = year?;
    Some(vec![match form.from.trim() {
        "" => Change::Add { posts, to, year },
        from => Change::Move { posts, from: Place(from.to_owned()), to, year },
    }])
}
