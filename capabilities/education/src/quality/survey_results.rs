//! A survey's results: every host and theme with its flag, suppressed where fewer than three answered; nothing is added up over hosts that are hidden.

use hiec_files::table::{Cell as FileCell, Table as FileTable};
use hiec_kernel::Problem;
use hiec_kernel::clock::{day_on_page, london_date};
use hiec_web::components::own::{Bar, BarChart, Downloads, EmptyState};
use hiec_web::components::{Cell, Column, Details, Table, Tag, TagColour};
use hiec_web::{Answer, Loaded, Page};
use maud::{Markup, html};
use serde::Serialize;

use super::doors::{self, SurveyHere};
use super::flags::{Flag, Line, flags};
use super::store::{self, Host};
use super::survey_new::under_for;
use super::{survey_questions, survey_store};
use crate::ground::{self, made_up};

#[derive(Serialize)]
struct Shown<'a> {
    survey: &'a survey_store::Survey,
    lines: &'a [Line],
}

/// What the flags are made of, said on every page of results.
const HOW: &str = "Red: the mean lies in the bottom quarter of the scores of its kind of host, and its 95% interval does not overlap that of \
their mean; pink: it does overlap. Green and light green: the same in the top quarter. White: between. Grey: fewer than three answers, and \
nothing is told. Quartiles are those of all respondents at hosts of the same kind that are shown, between two scores in proportion \
(a spreadsheet's QUARTILE.INC); an interval is mean ± 1.96 × standard deviation ÷ √n; intervals that touch overlap. The rule is that of the \
General Medical Council's national training survey.";

/// Lines by host id. Only of a survey that is closed: results that grow would tell what the last answer was.
async fn lines(door: &Loaded<SurveyHere>) -> Result<(Vec<Line>, Vec<Host>), Problem> {
    if !door.survey.is_closed(london_date(door.now())) {
        return Err(Problem::conflict(
            "This survey has no results yet",
            format!("They show after its last day, {}.", day_on_page(door.survey.closes_on)),
        ));
    }
    let hosts = store::hosts(&door.database(), &door.cluster, london_date(door.now())).await?;
    let answers = survey_store::answers(&door.database(), door.survey.id).await?;
    let scores: Vec<_> = answers
        .iter()
        .flat_map(|one| {
            let kind = hosts.iter().find(|host| host.id == one.host).map_or("Former hosts", |host| host.kind.as_str());
            survey_questions::scores(&door.survey.questions, &one.answers, &one.host.to_string(), kind)
        })
        .collect();
    Ok((flags(&scores), hosts))
}

fn name<'a>(hosts: &'a [Host], line: &Line) -> &'a str {
    hosts.iter().find(|host| host.id.to_string() == line.host).map_or("A former host", |host| host.name.as_str())
}

pub(super) async fn page(door: &Loaded<SurveyHere>) -> Answer {
    let (cluster, survey) = (&door.cluster, &door.survey);
    let (lines, hosts) = lines(door).await?;
    let mut kinds: Vec<&str> = lines.iter().map(|line| line.kind.as_str()).collect();
    kinds.dedup();
    let view = html! {
        h1 { span.nhsuk-caption-xl { (cluster.short_name) ": trainee survey" } (survey.title) (made_up(survey.is_illustrative)) }
        p { "Closed on " (day_on_page(survey.closes_on)) ". Scores go from 0 to 100; a higher one is better." }
        (Details::new("How the flags are found", html! { p { (HOW) } }))
        @if lines.is_empty() { (EmptyState::new("Nobody answered.")) }
        @for (nth, kind) in (1_usize..).zip(&kinds) {
            @let of_kind: Vec<&Line> = lines.iter().filter(|line| line.kind == **kind).collect();
            h2 { (kind) }
            (picture(nth, kind, &of_kind))
            (grid(&of_kind, &hosts, kind))
            (benchmarks(&of_kind, kind))
        }
        @if !lines.is_empty() && door.may("trainee_survey.export") {
            (Downloads::new([
                ("Results as CSV".to_owned(), format!("{}/results.csv", door.path())),
                ("Results as a workbook".to_owned(), format!("{}/results.xlsx", door.path())),
            ]))
        }
    };
    let page = Page::new(survey.title.clone(), view).wide().data(&Shown { survey, lines: &lines })?;
    Ok(under_for(page, door, cluster).under(format!("{}/surveys", doors::path(cluster)), "Trainee surveys").into())
}

/// How many flags of each colour hosts of a kind have.
fn picture(nth: usize, kind: &str, lines: &[&Line]) -> Markup {
    let bars = Flag::ALL.iter().map(|flag| {
        let count = u32::try_from(lines.iter().filter(|line| line.flag == *flag).count()).unwrap_or(u32::MAX);
        Bar::new(flag.label(), f64::from(count), count.to_string())
    });
    let chart = BarChart {
        id: format!("flags-{nth}"),
        title: format!("Flags, {}", kind.to_lowercase()),
        description: format!("How many results of {} have each flag", kind.to_lowercase()),
        heads: ("Flag".into(), "Results".into()),
        bars: bars.collect(),
    };
    html! { (chart) }
}

/// Hosts down, themes across.
fn grid(lines: &[&Line], hosts: &[Host], kind: &str) -> Markup {
    let mut themes: Vec<&str> = Vec::new();
    let mut rows: Vec<&str> = Vec::new();
    for line in lines {
        if !themes.contains(&line.indicator.as_str()) {
            themes.push(&line.indicator);
        }
        if !rows.contains(&line.host.as_str()) {
            rows.push(&line.host);
        }
    }
    let at = |host: &str, theme: &str| lines.iter().find(|line| line.host == host && line.indicator == theme);
    let head = std::iter::once(Column::new("Host")).chain(themes.iter().map(|theme| Column::new(*theme)));
    html! {
        (Table::new(format!("Results, {}", kind.to_lowercase()))
            .head(head.collect::<Vec<_>>())
            .first_cell_is_header(true)
            .rows(rows.iter().map(|host| {
                let first = at(host, themes.first().copied().unwrap_or_default()).map_or("", |line| name(hosts, line));
                std::iter::once(Cell::new(first))
                    .chain(themes.iter().map(|theme| Cell::new(cell(at(host, theme).copied()))))
                    .collect::<Vec<_>>()
            })))
    }
}

fn cell(line: Option<&Line>) -> Markup {
    let Some(line) = line else {
        return html! { "No answer" };
    };
    let colour = match line.flag {
        Flag::Red => TagColour::Red,
        Flag::Pink => TagColour::Pink,
        Flag::White => TagColour::White,
        Flag::LightGreen => TagColour::AquaGreen,
        Flag::Green => TagColour::Green,
        Flag::Grey => TagColour::Grey,
    };
    let word = line.flag.label().split(':').next().unwrap_or_default();
    html! {
        @match &line.estimate {
            Some(estimate) => { (format!("{:.1}", estimate.mean)) " " (Tag::new(word).colour(colour)) br; span.nhsuk-body-s { "n = " (estimate.n) } }
            None => { (Tag::new("Fewer than 3").colour(colour)) }
        }
    }
}

fn benchmarks(lines: &[&Line], kind: &str) -> Markup {
    let mut shown: Vec<(&str, super::flags::Benchmark)> = Vec::new();
    for line in lines {
        if let Some(benchmark) = line.benchmark
            && !shown.iter().any(|(theme, _)| *theme == line.indicator)
        {
            shown.push((&line.indicator, benchmark));
        }
    }
    html! {
        @if !shown.is_empty() {
            (Table::new(format!("What they are measured by, {}", kind.to_lowercase()))
                .head([Column::new("Theme"), Column::numeric("Mean"), Column::new("95% interval"), Column::numeric("25th"), Column::numeric("75th"), Column::numeric("Answers")])
                .first_cell_is_header(true)
                .rows(shown.iter().map(|(theme, one)| vec![
                    Cell::new(*theme),
                    Cell::numeric(format!("{:.1}", one.estimate.mean)),
                    Cell::new(format!("{:.1} to {:.1}", one.estimate.lower, one.estimate.upper)),
                    Cell::numeric(format!("{:.1}", one.q1)),
                    Cell::numeric(format!("{:.1}", one.q3)),
                    Cell::numeric(one.estimate.n),
                ])))
        }
    }
}

pub async fn csv(door: Loaded<SurveyHere>) -> Answer {
    let (lines, hosts) = lines(&door).await?;
    Ok(ground::csv(&door.cluster, &table(&door.survey.key, &lines, &hosts)))
}

pub async fn xlsx(door: Loaded<SurveyHere>) -> Answer {
    let (lines, hosts) = lines(&door).await?;
    Ok(ground::xlsx(&door.cluster, &table(&door.survey.key, &lines, &hosts), door.now())?)
}

fn table(key: &str, lines: &[Line], hosts: &[Host]) -> FileTable {
    let mut table = FileTable::with_columns(
        &format!("survey-{key}"),
        [
            ("kind", "Kind of host"),
            ("indicator", "Theme"),
            ("host", "Name of the host"),
            ("host_id", "The host's id"),
            ("n", "Answers; empty where fewer than three"),
            ("mean", "From 0 to 100"),
            ("lower", "Lower 95% limit"),
            ("upper", "Upper 95% limit"),
            ("benchmark_mean", "Mean of all answers at hosts of this kind that are shown"),
            ("benchmark_lower", "Its lower 95% limit"),
            ("benchmark_upper", "Its upper 95% limit"),
            ("q1", "25th percentile of those answers"),
            ("q3", "75th percentile of those answers"),
            ("flag", "red, pink, white, light_green, green or grey"),
        ],
    );
    let figure = |figure: f64| FileCell::from(format!("{figure:.4}"));
    for line in lines {
        let mut row = vec![
            FileCell::from(line.kind.as_str()),
            FileCell::from(line.indicator.as_str()),
            FileCell::from(name(hosts, line)),
            FileCell::from(line.host.as_str()),
        ];
        match (line.estimate, line.benchmark) {
            (Some(one), Some(all)) => {
                row.push(FileCell::count(one.n));
                let figures = [
                    one.mean,
                    one.lower,
                    one.upper,
                    all.estimate.mean,
                    all.estimate.lower,
                    all.estimate.upper,
                    all.q1,
                    all.q3,
                ];
                row.extend(figures.map(figure));
            }
            _ => row.extend(std::iter::repeat_n(FileCell::Empty, 9)),
        }
        row.push(FileCell::from(line.flag.key()));
        table.push(row);
    }
    table
}
