//! `/clusters/{cluster}/measures`: every measure at every site as icons, with how many special causes chance alone would show.

use std::collections::BTreeMap;

use axum::extract::Query;
use hiec_charts::Alarms;
use hiec_contracts::PartnerSeen;
use hiec_kernel::Problem;
use hiec_spc::xmr::Variation;
use hiec_web::components::own::{Downloads, EmptyState, Paging};
use hiec_web::components::{Align, Button, Cell, Column, InsetText, Table, Tag, TagColour};
use hiec_web::page::WantsData;
use hiec_web::{Answer, Loaded, Page};
use maud::{Markup, html};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::access::{Measures, today};
use super::judging::{assurance_of, variation_of};
use super::pieces::{drawings, icons, illustrative, sheet};
use super::rules::Definition;
use super::series::{self, Judgement, Tally};
use super::sight::{Sight, Viewer, figures};
use super::store::{self, Measure};

#[derive(Clone, Debug, Default, Deserialize)]
pub struct Wanted {
    page: Option<usize>,
}

/// A measure with what its sites' charts say.
#[derive(Serialize)]
struct Line<'a> {
    key: &'a str,
    title: &'a str,
    is_in_force: bool,
    sites: usize,
    improvement: usize,
    concern: usize,
    high_or_low: usize,
    common_cause: usize,
    too_short: usize,
    target_met: usize,
    target_missed: usize,
    path: String,
}

/// A cell of the table.
#[derive(Serialize)]
pub(crate) struct Square {
    pub measure: String,
    /// Nothing where it is hidden, or there was no case.
    pub value: Option<f64>,
    pub is_hidden: bool,
    pub period: Option<String>,
    pub variation: Option<String>,
    pub assurance: Option<String>,
    pub why: String,
}

#[derive(Serialize)]
struct Row {
    site: Uuid,
    name: String,
    squares: Vec<Square>,
}

#[derive(Serialize)]
struct Shown<'a> {
    measures: &'a [Line<'a>],
    alarms: Alarms,
    sites: Vec<Row>,
}

pub async fn get(measures: Loaded<Measures>, Query(wanted): Query<Wanted>, wants: WantsData) -> Answer {
    let database = measures.database();
    let tallies = series::tallies(&database, measures.cluster.id).await?;
    let lines: Vec<Line<'_>> = measures.all.iter().map(|measure| line(&measures, measure, &tallies)).collect();
    let seen: Vec<Uuid> = measures.all.iter().map(|measure| measure.id).collect();
    let alarms = alarms(&tallies, &seen);
    let today = today(&measures);
    let sites: Vec<&PartnerSeen> = measures.cluster.partners_on(today).collect();
    let (reporting, paging) = shown_sites(&measures, &sites, wanted.page, wants.0).await?;
    let ids: Vec<_> = paging.part(&reporting).iter().map(|site| site.organisation.id).collect();
    let judgements = series::judgements_of_sites(&database, &ids).await?;
    let sharing = store::sharing_of_cluster(&database, measures.cluster.id).await?;
    let in_force: Vec<&Measure> = measures.all.iter().filter(|measure| measure.is_in_force()).collect();
    let rows: Vec<Row> = paging
        .part(&reporting)
        .iter()
        .map(|site| {
            let squares = in_force.iter().map(|measure| {
                let id = site.organisation.id;
                let level = sharing.get(&(measure.id, id)).copied().unwrap_or(measure.definition.sharing);
                let sight = measures.viewer.sight(id, level, measure.definition.is_public);
                square(measure, sight, judgements.get(&(id, measure.id)))
            });
            Row { site: site.organisation.id.0, name: site.organisation.name.clone(), squares: squares.collect() }
        })
        .collect();
    let view = view(&measures, &lines, alarms, &in_force, &rows, paging);
    let page = Page::new(format!("Measures of {}", measures.cluster.short_name), view)
        .under("/clusters", "Clusters")
        .under(measures.cluster.path(), measures.cluster.short_name.clone())
        .wide();
    if !wants.0 {
        return Ok(page.into());
    }
    Ok(page.data(&Shown { measures: &lines, alarms, sites: rows })?.into())
}

/// The sites that have figures, and which of them this page shows.
async fn shown_sites<'a>(
    measures: &Loaded<Measures>,
    sites: &[&'a PartnerSeen],
    page: Option<usize>,
    is_whole: bool,
) -> Result<(Vec<&'a PartnerSeen>, Paging), Problem> {
    let with_figures = series::sites_with_figures(&measures.database(), measures.cluster.id).await?;
    let reporting: Vec<&PartnerSeen> =
        sites.iter().copied().filter(|site| with_figures.contains(&site.organisation.id)).collect();
    let paging = if is_whole { Paging::whole(reporting.len()) } else { Paging::of(page, reporting.len()) };
    Ok((reporting, paging))
}

fn line<'a>(measures: &Measures, measure: &'a Measure, tallies: &[Tally]) -> Line<'a> {
    let mut line = Line {
        key: &measure.key,
        title: &measure.title,
        is_in_force: measure.is_in_force(),
        sites: 0,
        improvement: 0,
        concern: 0,
        high_or_low: 0,
        common_cause: 0,
        too_short: 0,
        target_met: 0,
        target_missed: 0,
        path: measure.path(&measures.cluster.path()),
    };
    for tally in tallies.iter().filter(|tally| tally.measure_id == measure.id) {
        let n = usize::try_from(tally.n).unwrap_or(0);
        line.sites += n;
        *match tally.variation.as_deref().and_then(variation_of) {
            Some(Variation::CommonCause) => &mut line.common_cause,
            Some(Variation::ImprovementHigh | Variation::ImprovementLow) => &mut line.improvement,
            Some(Variation::ConcernHigh | Variation::ConcernLow) => &mut line.concern,
            Some(Variation::NeutralHigh | Variation::NeutralLow) => &mut line.high_or_low,
            None => &mut line.too_short,
        } += n;
        match tally.assurance.as_deref() {
            Some("pass") => line.target_met += n,
            Some("fail") => line.target_missed += n,
            _ => {}
        }
    }
    line
}

fn alarms(tallies: &[Tally], seen: &[Uuid]) -> Alarms {
    tallies.iter().filter(|tally| seen.contains(&tally.measure_id)).fold(Alarms::default(), |alarms, tally| {
        let Some(icon) = tally.variation.as_deref() else { return alarms };
        let (series, points) = (usize::try_from(tally.n).unwrap_or(0), usize::try_from(tally.points).unwrap_or(0));
        alarms.and(series, points, icon != Variation::CommonCause.key())
    })
}

/// What a viewer sees of one series: the figure only where the site and the rule for small numbers let it show.
pub(crate) fn square(measure: &Measure, sight: Sight, judgement: Option<&Judgement>) -> Square {
    let definition = &measure.definition;
    let mut square = Square {
        measure: measure.key.clone(),
        value: None,
        is_hidden: false,
        period: None,
        variation: None,
        assurance: None,
        why: String::new(),
    };
    let Some(judgement) = judgement.filter(|_| sight.shows_name()) else { return square };
    square.variation.clone_from(&judgement.variation);
    square.assurance.clone_from(&judgement.assurance);
    if sight == Sight::Full {
        square.why.clone_from(&judgement.why);
    }
    if let Some(last) = judgement.last {
        square.period = Some(definition.period.name(last.period));
        let seen = figures(sight, definition, last.numerator, last.denominator);
        square.is_hidden = seen.is_none();
        square.value = seen.and_then(|seen| seen.value);
    }
    square
}

fn view(
    measures: &Loaded<Measures>,
    lines: &[Line<'_>],
    alarms: Alarms,
    in_force: &[&Measure],
    rows: &[Row],
    paging: Paging,
) -> Markup {
    let path = measures.path();
    let sheet = sheet();
    html! {
        (drawings(&sheet))
        h1 { span.nhsuk-caption-xl { (measures.cluster.name) } "Measures" (illustrative(measures.cluster.is_illustrative)) }
        @if measures.may("measure.propose") || measures.may("measure.import") {
            div.nhsuk-button-group {
                @if measures.may("measure.import") { (Button::link("Import figures", format!("{}/figures/new", measures.cluster.path()))) }
                @if measures.may("measure.propose") { (Button::link("Propose a measure", format!("{path}/new")).secondary()) }
            }
        }
        (own_sites(measures, &measures.viewer))
        @if lines.is_empty() {
            (EmptyState::new("No measure is defined yet. A facilitator or the managing director proposes one; somebody else puts it in force."))
        } @else {
            (summary_table(lines))
            p { (alarms.words()) }
            @if rows.is_empty() {
                (EmptyState::new("No site has sent figures yet. Site leads enter them, or they are imported."))
            } @else {
                h2 { "Site by site" }
                p { "The last figure of each site, what its chart says of it, and whether its process will meet the target. Each leads to the chart." }
                (icon_table(measures, &sheet, in_force, rows))
                (paging.links(&path))
            }
            (Downloads::new([
                ("Icons of all sites as CSV".to_owned(), format!("{path}/files/icons.csv")),
                ("Icons of all sites as XLSX".to_owned(), format!("{path}/files/icons.xlsx")),
                ("All figures as CSV".to_owned(), format!("{path}/files/figures.csv")),
                ("All figures as XLSX".to_owned(), format!("{path}/files/figures.xlsx")),
                ("All figures as DHIS2 JSON".to_owned(), format!("{}/data-value-sets", measures.cluster.path())),
                ("Who is late".to_owned(), format!("{}/figures/late", measures.cluster.path())),
            ]))
        }
        (InsetText::new("A special cause is no verdict on a site. It says that something other than chance is at work, and is worth a question."))
    }
}

fn own_sites(measures: &Measures, viewer: &Viewer) -> Markup {
    html! {
        @for site in &viewer.sites {
            @if let Some(partner) = measures.cluster.partner(*site) {
                p { a href={ (measures.cluster.path()) "/sites/" (site) "/measures" } { "The measures of your site, " (partner.organisation.name) } }
            }
        }
    }
}

fn summary_table(lines: &[Line<'_>]) -> Table {
    let rows = lines.iter().map(|line| {
        let name = html! {
            a href=(line.path) { (line.title) }
            @if !line.is_in_force { " " (Tag::new("Proposed").colour(TagColour::Yellow)) }
        };
        vec![
            Cell::new(name),
            Cell::numeric(line.sites),
            Cell::numeric(line.improvement),
            Cell::numeric(line.concern),
            Cell::numeric(line.high_or_low),
            Cell::numeric(line.common_cause),
            Cell::numeric(line.too_short),
            Cell::numeric(line.target_met),
            Cell::numeric(line.target_missed),
        ]
    });
    Table::new("What the charts of each measure say, by number of sites")
        .head([
            Column::new("Measure"),
            Column::numeric("Sites"),
            Column::numeric("Improvement"),
            Column::numeric("Concern"),
            Column::numeric("High or low"),
            Column::numeric("No change"),
            Column::numeric("Too short"),
            Column::numeric("Target will be met"),
            Column::numeric("Target will be missed"),
        ])
        .rows(rows)
        .first_cell_is_header(true)
}

fn icon_table(measures: &Measures, sheet: &hiec_charts::IconSheet, in_force: &[&Measure], rows: &[Row]) -> Markup {
    let base = measures.cluster.path();
    let heads = std::iter::once(Column::new("Site"))
        .chain(in_force.iter().map(|measure| Column::new(measure.title.as_str()).align(Align::Left)));
    let cells = rows.iter().map(|row| {
        let first = Cell::link(row.name.as_str(), format!("{base}/sites/{}/measures", row.site));
        let squares = row.squares.iter().zip(in_force).map(|(square, measure)| {
            let href = format!("{}/sites/{}", measure.path(&base), row.site);
            Cell::new(square_view(sheet, square, &measure.definition, &href))
        });
        std::iter::once(first).chain(squares).collect::<Vec<_>>()
    });
    html! {
        (Table::new("Sites and measures").head(heads.collect::<Vec<_>>()).rows(cells).first_cell_is_header(true).responsive(false).scroll(true).compact(true).id("icons"))
    }
}

/// A figure with its icons, leading to its chart.
pub(crate) fn square_view(
    sheet: &hiec_charts::IconSheet,
    square: &Square,
    definition: &Definition,
    href: &str,
) -> Markup {
    let variation = square.variation.as_deref().and_then(variation_of);
    let assurance = square.assurance.as_deref().and_then(assurance_of);
    html! {
        @match (&square.period, square.value) {
            (None, _) => { span.nhsuk-u-visually-hidden { "Not shown" } "–" },
            (Some(period), value) => {
                a href=(href) title=(period) {
                    span.app-icons {
                        span.app-icons__value { @match value { Some(value) => (definition.words(value)), None => { @if square.is_hidden { "hidden" } @else { "no case" } } } }
                        (icons(sheet, variation, assurance, definition.aim.direction(), 30.0))
                    }
                }
                @if variation.is_none() { br; span.nhsuk-u-secondary-text-colour { "too short" } }
            },
        }
    }
}

/// The whole table as a file: a row for each site and measure that shows its name.
pub(crate) async fn icons_table(measures: &Loaded<Measures>) -> Result<hiec_files::Table, Problem> {
    let mut table = hiec_files::Table::with_columns(
        "icons",
        [
            ("site", "Name of the site"),
            ("ods_code", "Its code in the NHS register, where it has one"),
            ("measure", "Short name of the measure"),
            ("title", "Title of the measure"),
            ("period", "Period of the last figure"),
            ("value", "The last figure; empty where it is hidden as a small number"),
            ("variation", "What the chart says of the last figure"),
            ("assurance", "Whether the process will meet the target"),
        ],
    );
    let database = measures.database();
    let sites: Vec<&PartnerSeen> = measures.cluster.partners_on(today(measures)).collect();
    let (reporting, _) = shown_sites(measures, &sites, None, true).await?;
    let ids: Vec<_> = reporting.iter().map(|site| site.organisation.id).collect();
    let judgements: BTreeMap<_, Judgement> = series::judgements_of_sites(&database, &ids).await?;
    let sharing = store::sharing_of_cluster(&database, measures.cluster.id).await?;
    for site in reporting {
        for measure in measures.all.iter().filter(|measure| measure.is_in_force()) {
            let id = site.organisation.id;
            let level = sharing.get(&(measure.id, id)).copied().unwrap_or(measure.definition.sharing);
            let sight = measures.viewer.sight(id, level, measure.definition.is_public);
            let square = square(measure, sight, judgements.get(&(id, measure.id)));
            if square.period.is_none() {
                continue;
            }
            table.push([
                site.organisation.name.as_str().into(),
                site.organisation.ods_code.clone().into(),
                measure.key.as_str().into(),
                measure.title.as_str().into(),
                square.period.into(),
                square.value.map(|value| measure.definition.words(value)).into(),
                square.variation.into(),
                square.assurance.into(),
            ]);
        }
    }
    Ok(table)
}
