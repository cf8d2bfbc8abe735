//! `…/files/{name}`: charts as SVG, PNG and PDF, figures as CSV and workbook. What a viewer does not see on the page is in no file either.

use axum::extract::Path;
use hiec_charts::{Look, Size, Theme};
use hiec_files::Table;
use hiec_files::table::workbook;
use hiec_kernel::Problem;
use hiec_reports::{Block, Level, Report, Reports};
use hiec_web::{Answer, Loaded, Reply};

use super::access::{AtAllSites, AtOneSite, Measures, today};
use super::chart::{Gathered, gather};
use super::packed::Observation;
use super::rules::Definition;
use super::showing::{Seat, seats, seen};
use super::{across, list, series};

/// Pixels across a picture.
const PIXELS: u32 = 1_600;

pub async fn of_series(at: Loaded<AtOneSite>, Path((_, _, _, name)): Path<(String, String, String, String)>) -> Answer {
    let gathered = gather(&at).await?;
    let stem = format!("{}-{}", at.measure.key, plain(at.name()));
    let svg = || gathered.judged.chart.svg(Size::Wide, Look::alone());
    match name.as_str() {
        "chart.svg" => Ok(Reply::download(&format!("{stem}.svg"), "image/svg+xml", svg().into_bytes())),
        "chart.png" => {
            let light = Look { theme: Theme::Light, has_style: false, has_head: true };
            let svg = gathered.judged.chart.svg(Size::Wide, light);
            let png = reports(&at).png(&svg, PIXELS).await?;
            Ok(Reply::download(&format!("{stem}.png"), "image/png", png))
        }
        "chart.pdf" => {
            let pdf = reports(&at).pdf(&report(&at, &gathered)).await?;
            Ok(Reply::download(&format!("{stem}.pdf"), "application/pdf", pdf))
        }
        "figures.csv" => {
            let table = series_table(&at, &gathered);
            Ok(Reply::download(&format!("{stem}.csv"), CSV, table.to_csv().into_bytes()))
        }
        "figures.xlsx" => {
            let table = series_table(&at, &gathered);
            let book = workbook(&[&table], at.now()).map_err(Problem::internal)?;
            Ok(Reply::download(&format!("{stem}.xlsx"), XLSX, book))
        }
        _ => Err(Problem::not_found().into()),
    }
}

const CSV: &str = "text/csv; charset=utf-8";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

fn reports<R>(loaded: &Loaded<R>) -> Reports {
    loaded.app.optional::<Reports>().cloned().unwrap_or_else(|| Reports::new(None))
}

/// Letters, figures and hyphens of a name.
fn plain(name: &str) -> String {
    let words: Vec<String> = name
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    words.join("-").chars().take(60).collect()
}

fn report(at: &Loaded<AtOneSite>, gathered: &Gathered) -> Report {
    let judged = &gathered.judged;
    let definition = &at.measure.definition;
    let look = Look { theme: Theme::Print, has_style: false, has_head: false };
    let figures = judged.chart.figures();
    let columns = figures
        .columns
        .iter()
        .map(|column| match column.is_number {
            true => hiec_reports::Column::figure(column.heading),
            false => hiec_reports::Column::words(column.heading),
        })
        .collect();
    let mut body = vec![
        Block::paragraph(judged.words.clone()),
        Block::paragraph(judged.chart.reading.clone()),
        Block::chart(judged.chart.svg(Size::Paper, look), judged.chart.summary.clone(), judged.chart.subtitle.clone()),
    ];
    if let Some(found) = &judged.found {
        body.push(Block::heading(Level::One, "How mean and limits came about"));
        body.extend(found.groups.iter().map(|group| Block::paragraph(found.working(group))));
    }
    body.push(Block::heading(Level::One, "Figures"));
    body.extend(hiec_reports::Table::try_new("Figures of the chart", columns, figures.rows).ok().map(Block::Table));
    body.push(Block::heading(Level::One, "Definition"));
    body.push(Block::list(definition.lines().lines()));
    Report {
        eyebrow: Some(at.cluster.name.clone()),
        title: at.measure.title.clone(),
        subtitle: Some(at.name().to_owned()),
        author: at.cluster.name.clone(),
        dated: today(at),
        body,
        illustrative: at.measure.is_illustrative,
        fingerprint: None,
    }
}

fn series_table(at: &AtOneSite, gathered: &Gathered) -> Table {
    let mut table = Table::with_columns(
        "figures",
        [
            ("measure", "Short name of the measure"),
            ("site", "Name of the site"),
            ("period", "First day of the period"),
            ("numerator", "What was counted"),
            ("denominator", "Out of how many; empty for a count"),
            ("value", "The value"),
            ("mean", "Middle line of the chart"),
            ("lower_limit", "Lower limit"),
            ("upper_limit", "Upper limit"),
            ("says", "What the chart says of the point"),
            ("why", "By which rule"),
        ],
    );
    let number = |value: Option<f64>| value.map(|value| value.to_string());
    for point in &gathered.judged.chart.points {
        let hiec_charts::When::Day(day) = point.when else { continue };
        let figure = gathered.series.points.iter().find(|figure| figure.period == day);
        table.push([
            at.measure.key.as_str().into(),
            at.name().into(),
            day.into(),
            number(figure.map(|figure| figure.numerator)).into(),
            number(figure.and_then(|figure| figure.denominator)).into(),
            number(point.value).into(),
            number(point.centre).into(),
            number(point.lower).into(),
            number(point.upper).into(),
            if point.value.is_some() { point.kind.words().into() } else { "no value shown".into() },
            point.why.as_str().into(),
        ]);
    }
    table
}

pub async fn of_measure(at: Loaded<AtAllSites>, Path((_, _, name)): Path<(String, String, String)>) -> Answer {
    if let "funnel.csv" | "funnel.xlsx" = name.as_str() {
        let table = across::funnel_table(&at, &seats(&at.database(), &at).await?);
        let stem = format!("{}-funnel", at.measure.key);
        return match name.as_str() {
            "funnel.csv" => Ok(Reply::csv(&stem, &table)),
            _ => Ok(Reply::xlsx(&stem, &[&table], at.now())?),
        };
    }
    let mut table = figures_table();
    fill(&at, &mut table).await?;
    sent(&at, &at.measure.key.clone(), &name, &table)
}

pub async fn of_cluster(measures: Loaded<Measures>, Path((_, name)): Path<(String, String)>) -> Answer {
    match name.as_str() {
        "icons.csv" => {
            let table = list::icons_table(&measures).await?;
            Ok(Reply::download("icons.csv", CSV, table.to_csv().into_bytes()))
        }
        "icons.xlsx" => Ok(Reply::xlsx("icons", &[&list::icons_table(&measures).await?], measures.now())?),
        "figures.csv" | "figures.xlsx" => {
            let mut table = figures_table();
            for at in each(&measures) {
                fill_from(&measures.database(), &at, &mut table).await?;
            }
            sent(&measures, &measures.cluster.key.clone(), &name, &table)
        }
        _ => Err(Problem::not_found().into()),
    }
}

fn sent<R>(loaded: &Loaded<R>, stem: &str, name: &str, table: &Table) -> Answer {
    match name {
        "figures.csv" => Ok(Reply::download(&format!("{stem}.csv"), CSV, table.to_csv().into_bytes())),
        "figures.xlsx" => {
            let book = workbook(&[table], loaded.now()).map_err(Problem::internal)?;
            Ok(Reply::download(&format!("{stem}.xlsx"), XLSX, book))
        }
        _ => Err(Problem::not_found().into()),
    }
}

/// Each measure of a cluster that is in force, for its viewer.
pub(crate) fn each(measures: &Measures) -> Vec<AtAllSites> {
    let in_force = measures.all.iter().filter(|measure| measure.is_in_force());
    in_force
        .map(|measure| AtAllSites {
            cluster: measures.cluster.clone(),
            measure: measure.clone(),
            viewer: measures.viewer.clone(),
        })
        .collect()
}

fn figures_table() -> Table {
    Table::with_columns(
        "figures",
        [
            ("measure", "Short name of the measure"),
            (
                "site",
                "Code of the site in the NHS register, else its name; a code of ours where it shares without its name",
            ),
            ("site_name", "Name of the site; empty where it shares without it"),
            ("period", "The period, as it may be imported again"),
            ("numerator", "What was counted; empty where it is hidden as a small number"),
            ("denominator", "Out of how many"),
            ("value", "The value"),
        ],
    )
}

async fn fill(at: &Loaded<AtAllSites>, table: &mut Table) -> Result<(), Problem> {
    fill_from(&at.database(), at, table).await
}

async fn fill_from(database: &hiec_store::Database, at: &AtAllSites, table: &mut Table) -> Result<(), Problem> {
    for (seat, observations) in seen_by_site(database, at).await? {
        let partner = at.cluster.partner(seat.site).filter(|_| seat.sight.shows_name());
        let code =
            partner.and_then(|partner| partner.organisation.ods_code.clone()).unwrap_or_else(|| seat.called.clone());
        for one in observations {
            table.push([
                at.measure.key.as_str().into(),
                code.as_str().into(),
                partner.map(|partner| partner.organisation.name.clone()).into(),
                at.definition().period.code(one.0).into(),
                one.1.map(|seen| seen.0.to_string()).into(),
                one.1.and_then(|seen| seen.1).map(|figure| figure.to_string()).into(),
                one.1.and_then(|seen| at.definition().value(seen.0, seen.1)).map(|value| value.to_string()).into(),
            ]);
        }
    }
    Ok(())
}

/// A figure as seen: its period, and numerator and denominator unless they are hidden.
pub(crate) type SeenFigure = (chrono::NaiveDate, Option<(f64, Option<f64>)>);

/// The figures of every site that shows figures at all, in order of site and period, as the viewer sees them.
pub(crate) async fn seen_by_site(
    database: &hiec_store::Database,
    at: &AtAllSites,
) -> Result<Vec<(Seat, Vec<SeenFigure>)>, Problem> {
    let stored = series::of_measure(database, at.measure.id).await?;
    let seats = seats(database, at).await?.into_iter().filter(|seat| seat.sight.shows_figures());
    Ok(seats
        .map(|seat| {
            let observations = stored.iter().find(|one| one.site == seat.site).map(|one| one.observations.as_slice());
            let figures = as_seen(&seat, at.definition(), observations.unwrap_or_default());
            (seat, figures)
        })
        .collect())
}

fn as_seen(seat: &Seat, definition: &Definition, observations: &[Observation]) -> Vec<SeenFigure> {
    let shown = seen(seat.sight, definition, observations, None);
    let mut figures: Vec<SeenFigure> = shown
        .points
        .iter()
        .map(|point| (point.period, Some((point.numerator, point.denominator))))
        .chain(shown.hidden.iter().map(|period| (*period, None)))
        .collect();
    figures.sort_by_key(|figure| figure.0);
    figures
}
