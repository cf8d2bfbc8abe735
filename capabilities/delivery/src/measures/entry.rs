//! `/clusters/{cluster}/sites/{site}/entry`: the figures of one site are entered for a period. What is unusual is asked about, what is impossible is refused, what changes keeps what it was.

use axum::extract::Query;
use chrono::NaiveDate;
use hiec_kernel::Problem;
use hiec_web::components::own::{EmptyState, Filter};
use hiec_web::components::{Button, Checkboxes, Details, Fieldset, Input as Text, InsetText, Legend, Size, Textarea};
use hiec_web::fields::Fields;
use hiec_web::{Answer, Done, Errors, Loaded, Page};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::access::{SiteDesk, today};
use super::entering::{self, Batch, Coming, Incoming, Jump, NotTaken, Plan};
use super::packed::Observation;
use super::periods::PeriodKind;
use super::pieces::summary;
use super::series;
use super::store::{self, Measure};

/// Which period is entered: any day of it.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Wanted {
    #[serde(default)]
    period: String,
}

/// The figures of a site for one period.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct EntryForm {
    /// A day of the period.
    period: String,
    /// By the measures' short names; what is left out stays as it is.
    figures: std::collections::BTreeMap<String, FigureForm>,
    /// Why figures change that were entered before.
    reason: String,
    /// `yes` where unusual figures were looked at and hold.
    confirmed: String,
}

/// One figure.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct FigureForm {
    numerator: String,
    denominator: String,
}

/// What is typed, or what is stored, for one measure.
struct Line<'a> {
    measure: &'a Measure,
    period: NaiveDate,
    numerator: String,
    denominator: String,
    /// Whether the site has sent figures of this measure before.
    is_reported: bool,
}

impl Line<'_> {
    fn field(&self, part: &str) -> String {
        format!("figures-{}-{part}", self.measure.key)
    }
}

pub async fn get(desk: Loaded<SiteDesk>, Query(wanted): Query<Wanted>) -> Answer {
    let day = chosen_day(&wanted.period, today(&desk));
    let lines = stored_lines(&desk, day).await?;
    Ok(page(&desk, day, &lines, &Typed::default(), &[], &Errors::none())?.into())
}

/// The day asked for, else one of the last whole month.
fn chosen_day(typed: &str, today: NaiveDate) -> NaiveDate {
    let month = PeriodKind::Month;
    typed
        .parse::<NaiveDate>()
        .ok()
        .or_else(|| month.read(typed))
        .filter(|day| *day <= today)
        .unwrap_or_else(|| month.last_complete(today))
}

/// The period of a measure a day stands for: the one it lies in, or the last whole one while that has not ended.
fn period_at(measure: &Measure, day: NaiveDate, today: NaiveDate) -> NaiveDate {
    let kind = measure.definition.period;
    let period = kind.start(day);
    if kind.next(period) > today { kind.last_complete(today) } else { period }
}

async fn stored_lines<'a>(desk: &'a Loaded<SiteDesk>, day: NaiveDate) -> Result<Vec<Line<'a>>, Problem> {
    let database = desk.database();
    let today = today(desk);
    let mut lines = Vec::with_capacity(desk.all.len());
    for measure in &desk.all {
        let period = period_at(measure, day, today);
        let stored = series::one(&database, measure.id, desk.site.id).await?;
        let is_reported = stored.as_ref().is_some_and(|stored| !stored.observations.is_empty());
        let figure: Option<Observation> =
            stored.and_then(|stored| stored.observations.into_iter().find(|one| one.period == period));
        lines.push(Line {
            measure,
            period,
            numerator: figure.map(|one| one.numerator.to_string()).unwrap_or_default(),
            denominator: figure.and_then(|one| one.denominator).map(|figure| figure.to_string()).unwrap_or_default(),
            is_reported,
        });
    }
    Ok(lines)
}

#[derive(Default)]
struct Typed {
    reason: String,
}

fn page(
    desk: &Loaded<SiteDesk>,
    day: NaiveDate,
    lines: &[Line<'_>],
    typed: &Typed,
    jumps: &[Jump],
    errors: &Errors,
) -> Result<Page, Problem> {
    let path = format!("{}/entry", desk.path());
    let view = html! {
        (summary(errors))
        h1 { span.nhsuk-caption-xl { (desk.site.name) } "Enter figures" }
        @if lines.is_empty() {
            (EmptyState::new("No measure is in force. A facilitator proposes one, somebody else puts it in force; then figures can be entered.").action("Measures", format!("{}/measures", desk.cluster.path())))
        } @else {
            (Filter::new(path.as_str()).field(Text::new("period", "A day of the period").kind("date").value(day.to_string()).width(Some(10))))
            form method="post" action=(path) novalidate {
                input type="hidden" name="period" value=(day);
                @for line in lines.iter().filter(|line| line.is_reported) { (field(line, errors)) }
                @if lines.iter().any(|line| !line.is_reported) {
                    @let others = html! { @for line in lines.iter().filter(|line| !line.is_reported) { (field(line, errors)) } };
                    @if lines.iter().any(|line| line.is_reported) {
                        (Details::new("Measures this site has not reported yet", others))
                    } @else { (others) }
                }
                (Textarea::new("reason", "Why figures change").hint("Only where a figure was entered before; what it was is kept beside it").value(typed.reason.as_str()).rows(Some(2)).error_message(errors.of("reason")))
                @if !jumps.is_empty() {
                    (InsetText::new(html! {
                        p { "These are unusual for this site. Look at them again:" }
                        ul { @for jump in jumps { li { (words(lines, jump)) } } }
                    }))
                    (Checkboxes::single("confirmed", "yes", "I have looked at them, and they hold").error_message(errors.of("confirmed")))
                }
                (Button::new("Save the figures"))
            }
        }
    };
    let data = json!({
        "site": desk.site,
        "figures": lines.iter().map(|line| json!({
            "measure": line.measure.key, "period": line.period, "numerator": line.numerator, "denominator": line.denominator,
        })).collect::<Vec<_>>(),
        "unusual": jumps,
        "errors": errors,
    });
    Ok(Page::new(format!("Enter figures: {}", desk.site.name), view)
        .data(&data)?
        .under("/clusters", "Clusters")
        .under(desk.cluster.path(), desk.cluster.short_name.clone())
        .under(format!("{}/measures", desk.cluster.path()), "Measures")
        .under(format!("{}/measures", desk.path()), desk.site.name.clone()))
}

fn words(lines: &[Line<'_>], jump: &Jump) -> String {
    let title = lines.get(line_place(jump.line)).map_or("", |line| line.measure.title.as_str());
    format!("{title}: {}", jump.words)
}

fn line_place(line: u32) -> usize {
    usize::try_from(line).unwrap_or(usize::MAX).saturating_sub(1)
}

fn field(line: &Line<'_>, errors: &Errors) -> Markup {
    let definition = &line.measure.definition;
    let (numerator, denominator) = (line.field("numerator"), line.field("denominator"));
    let legend = format!("{}, {}", line.measure.title, definition.period.name(line.period));
    let input = |name: &str, label: &str, value: &str| {
        Text::new(name, label.to_owned()).number().value(value).width(Some(10)).error_message(errors.of(name))
    };
    html! {
        (Fieldset::new(Legend::from(legend).size(Size::S), html! {
            (input(&numerator, &definition.numerator, &line.numerator))
            @if definition.has_denominator() { (input(&denominator, &definition.denominator, &line.denominator)) }
        }))
    }
}

pub async fn post(desk: Loaded<SiteDesk>, fields: Fields) -> Answer {
    let today = today(&desk);
    let day = chosen_day(fields.get("period").unwrap_or_default(), today);
    let typed = Typed { reason: fields.get("reason").unwrap_or_default().to_owned() };
    let mut errors = Errors::none();
    let reported: std::collections::BTreeSet<uuid::Uuid> =
        series::judgements_of_sites(&desk.database(), &[desk.site.id])
            .await?
            .into_keys()
            .map(|(_, measure)| measure)
            .collect();
    let lines: Vec<Line<'_>> = desk
        .all
        .iter()
        .map(|measure| {
            let typed = |part: &str| {
                fields.get(&format!("figures-{}-{part}", measure.key)).unwrap_or_default().trim().to_owned()
            };
            let period = period_at(measure, day, today);
            let (numerator, denominator) = (typed("numerator"), typed("denominator"));
            let is_reported = reported.contains(&measure.id) || !numerator.is_empty() || !denominator.is_empty();
            Line { measure, period, numerator, denominator, is_reported }
        })
        .collect();
    let batch = batch(&desk, &lines, &mut errors);
    if !errors.is_empty() {
        return Ok(page(&desk, day, &lines, &typed, &[], &errors)?.with_errors(&errors).into());
    }
    if batch.values.is_empty() {
        errors.add(
            lines.first().map_or_else(|| "reason".to_owned(), |line| line.field("numerator")),
            "Enter at least one figure",
        );
        return Ok(page(&desk, day, &lines, &typed, &[], &errors)?.with_errors(&errors).into());
    }
    let mut unit = desk.begin().await?;
    let entry = store::next_entry(&unit, desk.cluster.id).await?;
    let plan = entering::plan(&unit, batch, today).await?;
    let coming = Coming {
        kind: "form",
        source: String::new(),
        sha256: None,
        reason: typed.reason.clone(),
        is_confirmed: fields.get("confirmed") == Some("yes"),
    };
    if let Err(refusal) = plan.check(&coming) {
        drop(unit);
        let jumps = told(&plan, &refusal, &lines, &mut errors);
        return Ok(page(&desk, day, &lines, &typed, &jumps, &errors)?.with_errors(&errors).into());
    }
    let entered = entering::carry_out(&mut unit, desk.cluster.id, entry, plan, coming).await?;
    unit.commit().await?;
    let word = match (entered.added, entered.changed) {
        (0, 0) => "Nothing changed: the figures are as they were.".to_owned(),
        (added, 0) => format!("Saved: {}.", super::pieces::count(added, "new figure", "new figures")),
        (added, changed) => format!(
            "Saved: {}, {}.",
            super::pieces::count(added, "new figure", "new figures"),
            super::pieces::count(changed, "changed figure", "changed figures")
        ),
    };
    Ok(Done::to(format!("{}/measures", desk.path())).saying(word).into())
}

/// What was typed, as figures; what cannot be read is an error of its field. An empty line stays as it is.
fn batch(desk: &SiteDesk, lines: &[Line<'_>], errors: &mut Errors) -> Batch {
    let mut values = Vec::new();
    for (place, line) in (0_u32..).zip(lines) {
        if line.numerator.is_empty() && line.denominator.is_empty() {
            continue;
        }
        let numerator = number(&line.numerator);
        if numerator.is_none() {
            errors.add(line.field("numerator"), format!("{}: enter a number", line.measure.title));
        }
        let denominator = match line.denominator.as_str() {
            "" => Some(None),
            typed => number(typed).map(Some),
        };
        if denominator.is_none() {
            errors.add(line.field("denominator"), format!("{}: enter the denominator as a number", line.measure.title));
        }
        if let Some((numerator, denominator)) = numerator.zip(denominator) {
            let incoming = Incoming {
                measure: place,
                site: 0,
                period: line.period,
                numerator,
                denominator,
                is_removed: false,
                line: place + 1,
            };
            values.push(incoming);
        }
    }
    Batch { measures: lines.iter().map(|line| line.measure.clone()).collect(), sites: vec![desk.site.id], values }
}

/// A number as people type it: `1,234.5`.
pub(crate) fn number(typed: &str) -> Option<f64> {
    let plain = typed.trim().replace([',', ' '], "");
    plain.parse::<f64>().ok().filter(|number| number.is_finite() && plain.bytes().any(|byte| byte.is_ascii_digit()))
}

/// Puts what keeps the figures from being taken beside the fields; answers what is to be confirmed.
fn told(plan: &Plan, refusal: &NotTaken, lines: &[Line<'_>], errors: &mut Errors) -> Vec<Jump> {
    match refusal {
        NotTaken::Faults(_) => {
            for fault in &plan.faults {
                let Some(line) = lines.get(line_place(u32::try_from(fault.line).unwrap_or(0))) else { continue };
                let part = fault.column.as_deref().filter(|column| *column == "denominator").unwrap_or("numerator");
                errors.add(line.field(part), format!("{}: {}", line.measure.title, fault.message));
            }
            Vec::new()
        }
        NotTaken::Unconfirmed(_) => {
            errors.add("confirmed", "Look at the unusual figures, and say that they hold");
            plan.jumps.clone()
        }
        NotTaken::NoReason(_) => {
            errors.add("reason", "Say why figures change that were entered before");
            plan.jumps.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_type_them() {
        assert_eq!(number(" 1,234.5 "), Some(1234.5));
        assert_eq!(number("-3"), Some(-3.0));
        for not_one in ["", "x", "12x", "NaN", "inf", "1e999", "--3"] {
            assert_eq!(number(not_one), None, "{not_one}");
        }
    }
}
