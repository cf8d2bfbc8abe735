//! `/clusters/{cluster}/measures/{measure}/sites/{site}`: the chart of one series with every flag explained, its figures with their evidence, and new limits that a person decides on.

use hiec_kernel::Problem;
use hiec_kernel::clock::on_page;
use hiec_web::components::own::{Downloads, EmptyState};
use hiec_web::components::{Button, Cell, Column, Details, InsetText, RadioItem, Radios, Table, Textarea};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::access::AtOneSite;
use super::judging::{Judged, judge};
use super::people::who;
use super::pieces::{self, drawings, icons, illustrative, sheet, summary};
use super::reading::Series;
use super::rebasing::{self, Decided, Found, Proposal};
use super::showing::{of_one, shows_total};
use super::{entering, series, share};

/// A decision on new limits.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct RebaseForm {
    /// The period new limits would begin with, as the proposal names it.
    starts_on: String,
    /// `accept` or `refuse`.
    decision: String,
    reason: String,
}

#[derive(Serialize)]
struct Shown<'a> {
    measure: &'a str,
    title: &'a str,
    series: &'a Series,
    says: &'a str,
    reading: &'a str,
    /// The rules and their version.
    rules: Option<String>,
    variation: Option<&'static str>,
    assurance: Option<&'static str>,
    is_short: bool,
    points: Vec<PointShown>,
    new_limits: &'a Found,
    decided: &'a [Decided],
    errors: &'a Errors,
}

#[derive(Serialize)]
struct PointShown {
    period: Option<chrono::NaiveDate>,
    value: Option<f64>,
    mean: Option<f64>,
    lower_limit: Option<f64>,
    upper_limit: Option<f64>,
    says: &'static str,
    why: String,
}

/// What the page needs, gathered once.
pub(crate) struct Gathered {
    pub series: Series,
    pub judged: Judged,
}

/// The series as its viewer sees it; not found where even the total would give a site away.
pub(crate) async fn gather(at: &Loaded<AtOneSite>) -> Result<Gathered, Problem> {
    let database = at.database();
    if at.site.is_none() && !shows_total(&database, &at.measure, &at.viewer).await? {
        return Err(Problem::forbidden(
            "The total is not shown",
            "One site shares only where it lies, and its figures could be worked out from the total and the others.",
        ));
    }
    let series = of_one(&database, at).await?;
    let judged = judge(&series, &at.measure.definition);
    Ok(Gathered { series, judged })
}

pub async fn get(at: Loaded<AtOneSite>) -> Answer {
    Ok(page(&at, &RebaseForm::default(), &Errors::none()).await?.into())
}

async fn page(at: &Loaded<AtOneSite>, form: &RebaseForm, errors: &Errors) -> Result<Page, Problem> {
    let gathered = gather(at).await?;
    let database = at.database();
    let definition = &at.measure.definition;
    let decided = rebasing::decisions(&database, at.measure.id, at.site.as_ref().map(|site| site.id)).await?;
    let found = rebasing::look(&gathered.series, definition, &decided);
    let mut deciders = Vec::with_capacity(decided.len());
    for decision in &decided {
        // Names are for those who belong to the cluster.
        let name = if at.viewer.is_team || at.viewer.is_peer {
            who(&database, &decision.decided_by).await?
        } else {
            "the cluster".into()
        };
        deciders.push(name);
    }
    let view = view(at, &gathered, &found, &decided, &deciders, form, errors);
    let judged = &gathered.judged;
    let shown = Shown {
        measure: &at.measure.key,
        title: &at.measure.title,
        series: &gathered.series,
        says: &judged.words,
        reading: &judged.chart.reading,
        rules: judged.found.as_ref().map(|found| found.rule_set().to_string()),
        variation: judged.variation.map(hiec_spc::xmr::Variation::key),
        assurance: judged.assurance.map(hiec_spc::xmr::Assurance::icon),
        is_short: judged.is_short,
        points: points(judged),
        new_limits: &found,
        decided: &decided,
        errors,
    };
    Ok(Page::new(format!("{}: {}", at.measure.title, at.name()), view)
        .data(&shown)?
        .under("/clusters", "Clusters")
        .under(at.cluster.path(), at.cluster.short_name.clone())
        .under(format!("{}/measures", at.cluster.path()), "Measures")
        .under(at.measure_path(), at.measure.title.clone())
        .wide())
}

fn points(judged: &Judged) -> Vec<PointShown> {
    judged
        .chart
        .points
        .iter()
        .map(|point| PointShown {
            period: match point.when {
                hiec_charts::When::Day(day) => Some(day),
                hiec_charts::When::Row(_) => None,
            },
            value: point.value,
            mean: point.centre,
            lower_limit: point.lower,
            upper_limit: point.upper,
            says: point.kind.words(),
            why: point.why.clone(),
        })
        .collect()
}

fn view(
    at: &Loaded<AtOneSite>,
    gathered: &Gathered,
    found: &Found,
    decided: &[Decided],
    deciders: &[String],
    form: &RebaseForm,
    errors: &Errors,
) -> Markup {
    let definition = &at.measure.definition;
    let judged = &gathered.judged;
    let sheet = sheet();
    let path = at.path();
    html! {
        (summary(errors))
        (drawings(&sheet))
        h1 { span.nhsuk-caption-xl { (at.measure.title) } (at.name()) (illustrative(at.measure.is_illustrative)) }
        @if gathered.series.points.is_empty() && gathered.series.hidden.is_empty() {
            (EmptyState::new("There are no figures yet. The site's lead enters them, or they are imported."))
        } @else {
            p { (icons(&sheet, judged.variation, judged.assurance, definition.aim.direction(), 56.0)) }
            p { strong { (judged.words) } }
            p { (judged.chart.reading) }
            @if judged.is_short { (InsetText::new("This is a run chart: with fewer than 12 values no limits are drawn and no rule is judged, for chance would look like change.")) }
            (pieces::chart(&judged.chart))
            (Downloads::new([
                ("Chart as SVG".to_owned(), format!("{path}/files/chart.svg")),
                ("Chart as PNG".to_owned(), format!("{path}/files/chart.png")),
                ("Chart and figures as PDF".to_owned(), format!("{path}/files/chart.pdf")),
                ("Figures as CSV".to_owned(), format!("{path}/files/figures.csv")),
            ]))
            (flags(judged, definition))
            @if let Some(chart) = &judged.found {
                (Details::new("How mean and limits came about", html! {
                    @for group in &chart.groups { p { (chart.working(group)) } }
                    p { "Judged by the rules " (chart.rule_set()) "." }
                }))
            }
            @if !judged.workings.is_empty() {
                (Details::new("How middle line and limits came about", html! {
                    @for line in &judged.workings { p { (line) } }
                    p { "A point is flagged outside the limits, and where more points in a row lie on one side of the middle line than chance makes likely (Anhøj)." }
                }))
            }
            (Details::new("The figures, and where they come from", html! { (evidence(at, gathered)) }))
        }
        @if at.site.is_some() && at.may("series.enter") { (Button::link("Enter figures", format!("{}/sites/{}/entry", at.cluster.path(), super::access::site_word(at.site.as_ref()))).secondary()) }
        (new_limits(at, found, decided, deciders, form, errors))
        @if at.site.is_some() && at.may("series.share") { (share::form(&format!("{path}/sharing"), at.level, &Errors::none())) }
        p.app-source { "Source: " (definition.source) }
    }
}

/// Every point that a rule flags, with the rule in words.
fn flags(judged: &Judged, definition: &super::rules::Definition) -> Markup {
    let rows: Vec<Vec<Cell>> = judged
        .chart
        .points
        .iter()
        .filter(|point| !point.why.is_empty())
        .map(|point| {
            vec![
                Cell::new(judged.chart.period(point.when)),
                Cell::numeric(
                    point.value.map(|value| definition.words((value * 10.0).round() / 10.0)).unwrap_or_default(),
                ),
                Cell::new(point.kind.words()),
                Cell::new(point.why.as_str()),
            ]
        })
        .collect();
    html! {
        h2 { "What is flagged, and why" }
        @if rows.is_empty() {
            p { "No point is flagged: what varies here is what always varies. Asking why one month is higher than the last would be asking chance." }
        } @else {
            (Table::new("Flagged points")
                .head([Column::new("Period"), Column::numeric("Value"), Column::new("What it says"), Column::new("By which rule")])
                .rows(rows)
                .first_cell_is_header(true))
        }
    }
}

fn evidence(at: &AtOneSite, gathered: &Gathered) -> Markup {
    let definition = &at.measure.definition;
    let is_total = at.site.is_none();
    let rows = gathered.series.points.iter().rev().map(|point| {
        let name = definition.period.name(point.period);
        let first = match is_total {
            true => Cell::new(name),
            false => Cell::link(name, format!("{}/observations/{}", at.path(), definition.period.code(point.period))),
        };
        vec![
            first,
            Cell::numeric(point.numerator),
            Cell::numeric(point.denominator.map(|figure| figure.to_string()).unwrap_or_default()),
            Cell::numeric(definition.words((point.value * 10.0).round() / 10.0)),
        ]
    });
    html! {
        (Table::new("Figures, the newest first")
            .head([Column::new("Period"), Column::numeric("Numerator"), Column::numeric("Denominator"), Column::numeric("Value")])
            .rows(rows)
            .first_cell_is_header(true)
            .compact(true))
        @if !gathered.series.hidden.is_empty() {
            p { @if at.site.is_none() { "Hidden, for being small numbers or because one site alone hides its figure then: " } @else { "Hidden, for being small numbers: " } (gathered.series.hidden.iter().map(|day| definition.period.name(*day)).collect::<Vec<_>>().join(", ")) "." }
        }
    }
}

fn new_limits(
    at: &Loaded<AtOneSite>,
    found: &Found,
    decided: &[Decided],
    deciders: &[String],
    form: &RebaseForm,
    errors: &Errors,
) -> Markup {
    let definition = &at.measure.definition;
    let may = at.may("series.rebase");
    let rows = decided.iter().zip(deciders).map(|(one, by)| {
        vec![
            Cell::new(definition.period.name(one.starts_on)),
            Cell::new(if one.is_accepted { "New limits" } else { "Refused" }),
            Cell::new(one.reason.as_str()),
            Cell::new(format!("{by}, {}", on_page(one.decided_at))),
        ]
    });
    html! {
        @if !found.proposals.is_empty() || !decided.is_empty() || found.waiting.is_some() || may {
            h2 id="new-limits" { "New limits" }
            p { "Limits are computed anew only where somebody knows why the level moved. What is proposed below is found by a rule; it decides nothing." }
        }
        @if let Some(waiting) = &found.waiting { p { (waiting) } }
        @for proposal in &found.proposals {
            (InsetText::new(proposal.words.as_str()))
            @if may { (decision(at, proposal, form, errors)) }
        }
        @if may && found.proposals.is_empty() { p { "Nothing is proposed." } }
        @if !decided.is_empty() {
            (Table::new("What was decided on new limits")
                .head([Column::new("From"), Column::new("Decision"), Column::new("Why"), Column::new("By whom")])
                .rows(rows)
                .first_cell_is_header(true))
        }
    }
}

fn decision(at: &AtOneSite, proposal: &Proposal, form: &RebaseForm, errors: &Errors) -> Markup {
    let code = at.measure.definition.period.code(proposal.starts_on);
    let typed = if form.starts_on == code { form.clone() } else { RebaseForm::default() };
    let is_here = form.starts_on == code;
    let error = |field: &str| errors.of(field).filter(|_| is_here).unwrap_or_default().to_owned();
    html! {
        form method="post" action={ (at.path()) "/rebases" } novalidate {
            input type="hidden" name="starts_on" value=(code);
            (Radios::new("decision", format!("New limits from {}", at.measure.definition.period.name(proposal.starts_on)))
                .id_prefix(format!("decision-{code}"))
                .items([RadioItem::new("accept", "Accept: the cause is known and the new level stays"), RadioItem::new("refuse", "Refuse: keep the limits as they are")])
                .value(typed.decision)
                .error_message(error("decision")))
            (Textarea::new("reason", "Reason").id(format!("reason-{code}")).hint("What changed here, and how you know. Kept for good").value(typed.reason).rows(Some(3)).error_message(error("reason")))
            (Button::new("Decide"))
        }
    }
}

pub async fn decide(at: Loaded<AtOneSite>, Input(form): Input<RebaseForm>) -> Answer {
    let mut errors = Errors::none();
    let definition = &at.measure.definition;
    let gathered = gather(&at).await?;
    let site = at.site.as_ref().map(|site| site.id);
    let starts_on = definition.period.read(&form.starts_on);
    let is_accepted = match form.decision.as_str() {
        "accept" => Some(true),
        "refuse" => Some(false),
        _ => {
            errors.add("decision", "Choose what you decide");
            None
        }
    };
    let reason = errors.text("reason", "the reason", &form.reason, 2_000);
    let mut unit = at.begin().await?;
    let decided = rebasing::decisions(&unit, at.measure.id, site).await?;
    let found = rebasing::look(&gathered.series, definition, &decided);
    let proposal = found.proposals.into_iter().find(|proposal| Some(proposal.starts_on) == starts_on);
    let (Some(is_accepted), Some(reason)) = (is_accepted, reason) else {
        drop(unit);
        return Ok(page(&at, &form, &errors).await?.with_errors(&errors).into());
    };
    let Some(proposal) = proposal else {
        return Err(Problem::conflict(
            "These new limits are not proposed any more",
            "Somebody decided on them, or the figures changed. Look at the chart again.",
        )
        .into());
    };
    rebasing::decide(&mut unit, &at.measure, site, &proposal, is_accepted, &reason).await?;
    if let Some(site) = site {
        let stored = series::of_sites(&unit, at.measure.id, &[site]).await?;
        entering::judge_these(&unit, &at.measure, &stored).await?;
    }
    unit.commit().await?;
    let word = if is_accepted {
        "The new limits stand, with your reason."
    } else {
        "The limits stay as they are, with your reason."
    };
    Ok(Done::to(at.path()).saying(word).into())
}
