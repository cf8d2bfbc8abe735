//! `/clusters/{cluster}/measures/{measure}`: one measure across sites: all together, the funnel, a small chart of each, who changed and when.

use axum::extract::Query;
use hiec_charts::{FunnelLimits, FunnelPlot, FunnelSite, Kind, Unit};
use hiec_kernel::{OrganisationId, Problem};
use hiec_spc::xmr::{Direction, Variation};
use hiec_web::components::own::{Downloads, EmptyState, Paging};
use hiec_web::components::{Button, Cell, Column, Details, InsetText, Table, Tag, TagColour};
use hiec_web::page::WantsData;
use hiec_web::{Answer, Loaded, Page};
use maud::{Markup, html};
use serde::{Deserialize, Serialize};

use super::access::{AtAllSites, today};
use super::judging::{Judged, judge, variation_of};
use super::pieces::{self, drawings, icons, illustrative, sheet};
use super::reading::{Series, Site};
use super::rules::Definition;
use super::series::{self, Stored};
use super::showing::{Seat, Standings, band, recent, seats, seen, standings, total_seen};
use super::sight::{Sight, total_is_safe};
use super::{events, rebasing};

#[derive(Clone, Debug, Default, Deserialize)]
pub struct Wanted {
    page: Option<usize>,
}

/// Sites whose change is told on one page.
const MOST_CHANGES: usize = 30;

/// A site whose chart shows a special cause.
#[derive(Serialize)]
struct Change {
    called: String,
    path: Option<String>,
    says: String,
    why: String,
    /// What the engine proposes, as far as it does.
    proposals: Vec<String>,
}

#[derive(Serialize)]
struct SiteShown<'a> {
    called: &'a str,
    site: Option<OrganisationId>,
    band: Option<&'static str>,
    variation: Option<&'a str>,
    value: Option<f64>,
    points: Vec<super::reading::Point>,
}

#[derive(Serialize)]
struct Shown<'a> {
    key: &'a str,
    title: &'a str,
    definition: &'a Definition,
    in_force: bool,
    /// Nothing where it would give one site away.
    total: Option<&'a Series>,
    says: Option<&'a str>,
    sites: Vec<SiteShown<'a>>,
    changes: &'a [Change],
}

pub async fn get(at: Loaded<AtAllSites>, Query(wanted): Query<Wanted>, wants: WantsData) -> Answer {
    let database = at.database();
    let definition = at.definition();
    let seats = seats(&database, &at).await?;
    let total = total(&at, &seats).await?;
    let standings = standings(definition, &seats);
    let paging = Paging::of(wanted.page, seats.len());
    let on_page = paging.part(&seats);
    let drawn = draw(&at, on_page).await?;
    let changes = changes(&at, &seats).await?;
    let judged = total.as_ref().map(|series| judge(series, definition));
    let view = view(&at, judged.as_ref(), &seats, standings.as_ref(), &drawn, &changes, paging);
    let page = Page::new(at.measure.title.clone(), view)
        .under("/clusters", "Clusters")
        .under(at.cluster.path(), at.cluster.short_name.clone())
        .under(format!("{}/measures", at.cluster.path()), "Measures")
        .wide();
    if !wants.0 {
        return Ok(page.into());
    }
    let sites = on_page
        .iter()
        .zip(&drawn)
        .zip(paging.range())
        .map(|((seat, drawn), place)| SiteShown {
            called: &seat.called,
            site: seat.sight.shows_name().then_some(seat.site),
            band: standings.as_ref().and_then(|all| all.sites.get(place)?.as_ref()).map(band),
            variation: seat.judgement.variation.as_deref(),
            value: drawn.series.points.last().map(|point| point.value),
            points: drawn.series.points.clone(),
        })
        .collect();
    let shown = Shown {
        key: &at.measure.key,
        title: &at.measure.title,
        definition,
        in_force: at.measure.is_in_force(),
        total: total.as_ref(),
        says: judged.as_ref().map(|judged| judged.words.as_str()),
        sites,
        changes: &changes,
    };
    Ok(page.data(&shown)?.into())
}

/// The figures of all sites together, as far as they may be shown.
async fn total(at: &Loaded<AtAllSites>, seats: &[Seat]) -> Result<Option<Series>, Problem> {
    let database = at.database();
    if !at.viewer.is_team && !total_is_safe(seats.iter().map(|seat| seat.sight)) {
        return Ok(None);
    }
    let mut series = total_seen(&database, &at.measure, &at.viewer).await?;
    series.rebases = rebasing::accepted(&database, at.measure.id, None).await?;
    series.events = events::of(&database, at.measure.cluster, at.measure.id, None).await?;
    Ok(Some(series))
}

/// A site's series, as seen and drawn.
struct Drawn {
    series: Series,
    judged: Judged,
}

/// The series of some sites, as seen, in the order of the seats.
async fn series_of(at: &Loaded<AtAllSites>, seats: &[&Seat]) -> Result<Vec<Series>, Problem> {
    let database = at.database();
    let ids: Vec<OrganisationId> = seats.iter().map(|seat| seat.site).collect();
    let stored: Vec<Stored> = series::of_sites(&database, at.measure.id, &ids).await?;
    let rebases = rebasing::of_measure(&database, at.measure.id).await?;
    Ok(seats
        .iter()
        .map(|seat| {
            let observations = stored.iter().find(|one| one.site == seat.site).map(|one| one.observations.as_slice());
            let site = Site { id: seat.site, name: seat.called.clone() };
            let mut series = seen(seat.sight, at.definition(), observations.unwrap_or_default(), Some(site));
            series.rebases = rebases.get(&seat.site).cloned().unwrap_or_default();
            series
        })
        .collect())
}

async fn draw(at: &Loaded<AtAllSites>, seats: &[Seat]) -> Result<Vec<Drawn>, Problem> {
    let series = series_of(at, &seats.iter().collect::<Vec<_>>()).await?.into_iter();
    Ok(series.map(|series| Drawn { judged: judge(&series, at.definition()), series }).collect())
}

/// Concerns first, then what is high or low, then improvements.
fn attention(seat: &Seat) -> Option<u8> {
    match seat.judgement.variation.as_deref().and_then(variation_of)? {
        Variation::ConcernHigh | Variation::ConcernLow => Some(0),
        Variation::NeutralHigh | Variation::NeutralLow => Some(1),
        Variation::ImprovementHigh | Variation::ImprovementLow => Some(2),
        Variation::CommonCause => None,
    }
}

async fn changes(at: &Loaded<AtAllSites>, seats: &[Seat]) -> Result<Vec<Change>, Problem> {
    let mut changed: Vec<(u8, &Seat)> = seats
        .iter()
        .filter(|seat| matches!(seat.sight, Sight::Full | Sight::Named))
        .filter_map(|seat| Some((attention(seat)?, seat)))
        .collect();
    changed.sort_by_key(|(attention, _)| *attention);
    changed.truncate(MOST_CHANGES);
    let seats: Vec<&Seat> = changed.into_iter().map(|(_, seat)| seat).collect();
    let series = series_of(at, &seats).await?;
    let sites: Vec<OrganisationId> = seats.iter().map(|seat| seat.site).collect();
    let mut reasons = series::reasons(&at.database(), at.measure.id, &sites).await?;
    let changes = seats.into_iter().zip(series).map(|(seat, series)| {
        let found = rebasing::look(&series, at.definition(), &[]);
        let icon = seat.judgement.variation.as_deref().and_then(variation_of);
        Change {
            called: seat.called.clone(),
            path: Some(format!("{}/sites/{}", at.path(), seat.site)),
            says: icon.map(hiec_charts::variation_words).unwrap_or_default().to_owned(),
            // What was kept is of every figure; others read what the chart says of those they see.
            why: match seat.sight {
                Sight::Full => reasons.remove(&seat.site).unwrap_or_default(),
                _ => judge(&series, at.definition()).chart.reading,
            },
            proposals: found.proposals.into_iter().map(|proposal| proposal.words).collect(),
        }
    });
    Ok(changes.collect())
}

fn view(
    at: &Loaded<AtAllSites>,
    total: Option<&Judged>,
    seats: &[Seat],
    standings: Option<&Standings>,
    drawn: &[Drawn],
    changes: &[Change],
    paging: Paging,
) -> Markup {
    let definition = at.definition();
    let sheet = sheet();
    html! {
        (drawings(&sheet))
        h1 { span.nhsuk-caption-xl { (at.cluster.short_name) } (at.measure.title) (illustrative(at.measure.is_illustrative)) }
        p { (definition.numerator) @if !definition.denominator.is_empty() { ", out of: " (definition.denominator) } "." }
        p { a href={ (at.path()) "/definition" } { "Definition and its versions" } }
        @if !at.measure.is_in_force() {
            p { (Tag::new("Proposed").colour(TagColour::Yellow)) " No figures can be sent until somebody puts the definition in force." }
        } @else if seats.is_empty() {
            (EmptyState::new("No site has sent figures yet. Site leads enter them, or they are imported."))
        } @else {
            h2 { "All sites together" }
            @match total {
                Some(judged) => {
                    p { (icons(&sheet, judged.variation, judged.assurance, definition.aim.direction(), 48.0)) " " (judged.words) }
                    p { (judged.chart.reading) }
                    (pieces::chart(&judged.chart))
                    (Details::new("The figures", html! { (pieces::figures(&judged.chart)) }))
                    p { a href={ (at.path()) "/sites/all" } { "The whole chart, with its workings" } }
                },
                None => (InsetText::new("The total is not shown: one site shares only where it lies, and its figures could be worked out from the total and the others.")),
            }
            @if let Some(standings) = standings { (funnel(at, seats, standings, paging)) }
            h2 { "Each site" }
            ul.app-multiples {
                @for (seat, drawn) in paging.part(seats).iter().zip(drawn) {
                    (multiple(at, seat, drawn, &sheet, definition.aim.direction()))
                }
            }
            (paging.links(&at.path()))
            h2 { "Who changed, and when" }
            (changes_view(changes))
        }
        @if !definition.sharing_terms.is_empty() { h2 { "What the sites agreed on sharing" } p { (definition.sharing_terms) } }
        @if at.may("measure.note") {
            (Details::new("Note an event on these charts", super::noting::form(&format!("{}/events", at.path()), &super::noting::EventForm::default(), &hiec_web::Errors::none())))
        }
        (Downloads::new([("Figures as CSV".to_owned(), format!("{}/files/figures.csv", at.path())), ("Figures as a workbook".to_owned(), format!("{}/files/figures.xlsx", at.path()))]))
        @if at.may("measure.import") { (Button::link("Import figures", format!("{}/figures/new", at.cluster.path())).secondary()) }
        p.app-source { "Source: " (definition.source) " As of " (hiec_kernel::clock::day_on_page(today(at))) "." }
    }
}

fn multiple(
    at: &AtAllSites,
    seat: &Seat,
    drawn: &Drawn,
    sheet: &hiec_charts::IconSheet,
    direction: Direction,
) -> Markup {
    let definition = at.definition();
    html! {
        li.app-multiples__one {
            p {
                @if seat.sight.shows_name() { a href={ (at.path()) "/sites/" (seat.site) } { (seat.called) } }
                @else { strong { (seat.called) } }
            }
            @if seat.sight.shows_figures() {
                p {
                    @match drawn.judged.last {
                        Some(last) => { (definition.words(last.value)) " in " (definition.period.name(last.period)) },
                        None => "No figure that can be shown",
                    }
                    " " (icons(sheet, drawn.judged.variation, drawn.judged.assurance, direction, 28.0))
                }
                (pieces::sparkline(&drawn.judged.chart))
                @if drawn.judged.is_short && !drawn.series.points.is_empty() { p.nhsuk-u-secondary-text-colour { "Run chart: too short for limits" } }
            } @else {
                p { "Shares only where it lies; see the table of the funnel." }
            }
        }
    }
}

/// The funnel as a viewer sees it: a site that shares only its band is in the table and not in the picture.
fn funnel(at: &AtAllSites, seats: &[Seat], standings: &Standings, paging: Paging) -> Markup {
    let definition = at.definition();
    let judged: Vec<_> =
        seats.iter().zip(&standings.sites).filter_map(|(seat, standing)| Some((seat, standing.as_ref()?))).collect();
    let kind = |value: f64, lower: f64, upper: f64| match (definition.aim.direction(), value < lower, value > upper) {
        (Direction::Increase, true, _) => Kind::ConcernLow,
        (Direction::Increase, _, true) => Kind::ImprovementHigh,
        (Direction::Decrease, true, _) => Kind::ImprovementLow,
        (Direction::Decrease, _, true) => Kind::ConcernHigh,
        (Direction::Neutral, true, _) => Kind::NeutralLow,
        (Direction::Neutral, _, true) => Kind::NeutralHigh,
        _ => Kind::Common,
    };
    let mut limits: Vec<FunnelLimits> = Vec::new();
    let mut sites: Vec<FunnelSite> = Vec::new();
    for (seat, standing) in &judged {
        let Some(year) = recent(&seat.judgement, standings.period) else { continue };
        let Some(shown) = super::sight::figures(seat.sight, definition, year.numerator, year.denominator) else {
            continue;
        };
        let (Some(size), Some(value)) = (shown.denominator, shown.value) else { continue };
        let (inner, outer) = (standing.adjusted.p95, standing.adjusted.p998);
        limits.push(FunnelLimits {
            size,
            inner: (inner.lower * 100.0, inner.upper * 100.0),
            outer: (outer.lower * 100.0, outer.upper * 100.0),
        });
        let kind = kind(standing.value, outer.lower, outer.upper);
        sites.push(FunnelSite { name: seat.called.clone(), size, value, kind });
    }
    limits.sort_by(|one, other| one.size.total_cmp(&other.size));
    let outside = judged.iter().filter(|(_, standing)| band(standing) != "within what chance explains").count();
    let period = format!("the year to {}", definition.period.name(standings.period));
    let reading = format!(
        "{} of {} sites lie outside the outer limits in {period}. The limits allow for chance and for how much these sites differ anyway.",
        outside,
        judged.len()
    );
    let plot = FunnelPlot {
        id: "funnel".into(),
        title: format!("{}, {period}", definition.title),
        reading: reading.clone(),
        unit: Unit::Percent,
        size_name: definition.denominator.clone(),
        sites,
        limits,
        average: standings.average * 100.0,
        names: ("95%".into(), "99.8%".into()),
        source: String::new(),
        subtitle: String::new(),
    };
    let on_page = seats.iter().zip(&standings.sites).skip(paging.range().start).take(paging.range().len());
    let rows = on_page.filter_map(|(seat, standing)| Some((seat, standing.as_ref()?))).map(|(seat, standing)| {
        let shown = recent(&seat.judgement, standings.period)
            .and_then(|year| super::sight::figures(seat.sight, definition, year.numerator, year.denominator));
        let value =
            shown.and_then(|shown| shown.value).map_or_else(|| "not shown".to_owned(), |value| definition.words(value));
        let size =
            shown.and_then(|shown| shown.denominator).map_or_else(|| "not shown".to_owned(), |size| format!("{size}"));
        vec![Cell::new(seat.called.as_str()), Cell::numeric(size), Cell::numeric(value), Cell::new(band(standing))]
    });
    let table = Table::new(format!("Sites in {period}"))
        .head([Column::new("Site"), Column::numeric("Cases"), Column::numeric("Value"), Column::new("Where it lies")])
        .rows(rows)
        .first_cell_is_header(true);
    html! {
        h2 { "Sites beside each other" }
        p { (reading) }
        @if plot.sites.len() > 1 { (pieces::funnel(&plot)) }
        @if paging.range().len() < seats.len() {
            (Details::new("The sites of this page in a table", html! { (table) }))
            p { a href={ (at.path()) "/files/funnel.csv" } { "Where each of the " (judged.len()) " sites lies, as CSV" } }
        } @else {
            (Details::new("Every site in a table", html! { (table) }))
        }
    }
}

/// Where every site lies, as the viewer sees it; empty where no funnel can be told.
pub(crate) fn funnel_table(at: &AtAllSites, seats: &[Seat]) -> hiec_files::Table {
    let definition = at.definition();
    let mut table = hiec_files::Table::with_columns(
        "funnel",
        [
            ("site", "Name of the site, or its code where it shares without its name"),
            ("until", "First day of the last period of the year that is counted"),
            ("cases", "Cases in that year; empty where they are hidden"),
            ("value", "The value of that year; empty where it is hidden"),
            ("lies", "Where it lies against what chance and the usual differences explain"),
        ],
    );
    let Some(standings) = standings(definition, seats) else { return table };
    for (seat, standing) in seats.iter().zip(&standings.sites) {
        let Some(standing) = standing else { continue };
        let shown = recent(&seat.judgement, standings.period)
            .and_then(|year| super::sight::figures(seat.sight, definition, year.numerator, year.denominator));
        table.push([
            seat.called.as_str().into(),
            standings.period.into(),
            shown.and_then(|shown| shown.denominator).map(|cases| cases.to_string()).into(),
            shown.and_then(|shown| shown.value).map(|value| value.to_string()).into(),
            band(standing).into(),
        ]);
    }
    table
}

fn changes_view(changes: &[Change]) -> Markup {
    let rows = changes.iter().map(|change| {
        let why = html! {
            (change.why)
            @for proposal in &change.proposals { p { (proposal) } }
        };
        let name = match &change.path {
            Some(path) => Cell::link(change.called.as_str(), path.as_str()),
            None => Cell::new(change.called.as_str()),
        };
        vec![name, Cell::new(change.says.as_str()), Cell::new(why)]
    });
    html! {
        @if changes.is_empty() {
            p { "No chart of a site you see by name shows a special cause at its last point." }
        } @else {
            (Table::new("Sites whose chart shows a special cause, concerns first")
                .head([Column::new("Site"), Column::new("What its chart says"), Column::new("Why, and since when")])
                .rows(rows)
                .first_cell_is_header(true))
        }
    }
}
