//! `/clusters/{cluster}/measures/new` and `…/versions/new`: a definition is proposed, for a new measure or as a new version. It puts nothing in force.

use chrono::NaiveDate;
use hiec_kernel::{Problem, ProblemKind};
use hiec_web::components::{Button, CheckboxItem, Checkboxes, DateInput, InsetText, RadioItem, Radios, Textarea};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::access::{AtAllSites, Measures};
use super::defining;
use super::periods::PeriodKind;
use super::pieces::summary;
use super::rules::{Aim, ChartKind, Definition, MeasureKind, SmallNumbers};
use super::sight::Level;

/// A definition as typed.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct DefinitionForm {
    /// Letters, figures and hyphens; only for a new measure.
    key: String,
    title: String,
    numerator: String,
    denominator: String,
    /// `proportion`, `rate`, `average` or `count`.
    kind: String,
    /// For a rate: events for so many.
    per: String,
    unit: String,
    /// `up`, `down` or `neither`.
    aim: String,
    /// `xmr` or `run`.
    chart: String,
    target: String,
    /// `week`, `month`, `quarter` or `year`.
    period: String,
    owner: String,
    source: String,
    /// `hospital` or `none`.
    small_numbers: String,
    sharing_terms: String,
    /// `named`, `coded` or `band`.
    sharing: String,
    /// `yes` where everybody sees what peers see.
    is_public: String,
    #[serde(rename = "review-day")]
    review_day: String,
    #[serde(rename = "review-month")]
    review_month: String,
    #[serde(rename = "review-year")]
    review_year: String,
    due_days: String,
    /// For an audit that ends; empty where it goes on.
    last_period: String,
    /// Why it is needed, or what changes and why.
    why: String,
}

impl DefinitionForm {
    fn of(definition: &Definition) -> Self {
        use chrono::Datelike;
        Self {
            key: String::new(),
            title: definition.title.clone(),
            numerator: definition.numerator.clone(),
            denominator: definition.denominator.clone(),
            kind: definition.kind.key().into(),
            per: definition.per.to_string(),
            unit: definition.unit.clone(),
            aim: definition.aim.key().into(),
            chart: definition.chart.key().into(),
            target: definition.target.map(|target| target.to_string()).unwrap_or_default(),
            period: definition.period.key().into(),
            owner: definition.owner.clone(),
            source: definition.source.clone(),
            small_numbers: definition.small_numbers.key().into(),
            sharing_terms: definition.sharing_terms.clone(),
            sharing: definition.sharing.key().into(),
            is_public: if definition.is_public { "yes".into() } else { String::new() },
            review_day: definition.review_on.day().to_string(),
            review_month: definition.review_on.month().to_string(),
            review_year: definition.review_on.year().to_string(),
            due_days: definition.due_days.to_string(),
            last_period: definition.last_period.map(|last| definition.period.code(last)).unwrap_or_default(),
            why: String::new(),
        }
    }

    /// The definition, or what is wrong with it, by field.
    fn read(&self, errors: &mut Errors) -> Option<Definition> {
        let title = errors.text("title", "the title", &self.title, 120);
        let numerator = errors.text("numerator", "what is counted", &self.numerator, 500);
        let kind = choose(errors, "kind", MeasureKind::from_key(&self.kind), "Choose how a value is made");
        let denominator = match kind {
            Some(MeasureKind::Count) => Some(String::new()),
            _ => errors.text("denominator", "out of what it is counted", &self.denominator, 500),
        };
        let per = match kind {
            Some(MeasureKind::Rate) => match self.per.trim().replace(',', "").parse::<u32>() {
                Ok(per) if (1..=1_000_000).contains(&per) => Some(per),
                _ => {
                    errors.add("per", "Enter for how many the rate is, such as 1000");
                    None
                }
            },
            _ => Some(1),
        };
        let aim = choose(errors, "aim", Aim::from_key(&self.aim), "Choose which way is better");
        let chart = choose(errors, "chart", ChartKind::from_key(&self.chart), "Choose a chart");
        let chart = match (chart, kind) {
            (Some(chart), Some(kind)) if !chart.fits(kind) => {
                let which = kind.label();
                errors
                    .add("chart", format!("This chart is not drawn of values of this kind ({which}). Choose another"));
                None
            }
            (chart, _) => chart,
        };
        let period = choose(errors, "period", PeriodKind::from_key(&self.period), "Choose how often it is counted");
        let target = match self.target.trim().trim_end_matches('%').replace(',', "") {
            none if none.is_empty() => Some(None),
            figure => match figure.trim().parse::<f64>().ok().filter(|target| target.is_finite() && target.abs() < 1e9)
            {
                Some(target) => Some(Some(target)),
                None => {
                    errors.add("target", "Enter the target as a number, such as 95, or leave it empty");
                    None
                }
            },
        };
        let owner = errors.text("owner", "who answers for the definition", &self.owner, 200);
        let source = errors.text("source", "where the figures come from", &self.source, 500);
        let small_numbers = choose(
            errors,
            "small_numbers",
            SmallNumbers::from_key(&self.small_numbers),
            "Choose a rule for small numbers",
        );
        let sharing_terms = errors.text("sharing_terms", "what sites agree on sharing", &self.sharing_terms, 2_000);
        let sharing = choose(errors, "sharing", Level::from_key(&self.sharing), "Choose what peers see");
        let review_on = self.review_on(errors);
        let due_days = match self.due_days.trim().parse::<u32>() {
            Ok(days) if days <= 366 => Some(days),
            _ => {
                errors.add("due_days", "Enter after how many days figures are due, from 0 to 366");
                None
            }
        };
        let last_period = match (self.last_period.trim(), period) {
            ("", _) | (_, None) => Some(None),
            (typed, Some(period)) => {
                let last = period.read(typed);
                if last.is_none() {
                    errors.add(
                        "last_period",
                        format!("Write the last period such as {}, or leave it empty", period.example()),
                    );
                }
                last.map(Some)
            }
        };
        Some(Definition {
            title: title?,
            numerator: numerator?,
            denominator: denominator?,
            kind: kind?,
            per: per?,
            unit: self.unit.trim().chars().take(40).collect(),
            aim: aim?,
            chart: chart?,
            target: target?,
            period: period?,
            owner: owner?,
            source: source?,
            small_numbers: small_numbers?,
            sharing_terms: sharing_terms?,
            sharing: sharing?,
            is_public: self.is_public == "yes",
            review_on: review_on?,
            due_days: due_days?,
            last_period: last_period?,
        })
    }

    fn review_on(&self, errors: &mut Errors) -> Option<NaiveDate> {
        let number = |typed: &str| typed.trim().parse::<u32>().ok();
        let day = number(&self.review_year)
            .zip(number(&self.review_month))
            .zip(number(&self.review_day))
            .and_then(|((year, month), day)| NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day))
            .filter(|day| (1990..=2100).contains(&chrono::Datelike::year(day)));
        if day.is_none() {
            errors.add("review", "Enter the date of the next review, such as 31 3 2011");
        }
        day
    }
}

fn choose<T>(errors: &mut Errors, field: &str, chosen: Option<T>, words: &str) -> Option<T> {
    if chosen.is_none() {
        errors.add(field, words);
    }
    chosen
}

pub async fn new(measures: Loaded<Measures>) -> Answer {
    let form = DefinitionForm {
        chart: "xmr".into(),
        small_numbers: "hospital".into(),
        sharing: "coded".into(),
        due_days: "30".into(),
        ..DefinitionForm::default()
    };
    Ok(new_page(&measures, &form, &Errors::none())?.into())
}

fn new_page(measures: &Loaded<Measures>, form: &DefinitionForm, errors: &Errors) -> Result<Page, Problem> {
    let view = html! {
        (summary(errors))
        h1 { "Propose a measure" }
        (InsetText::new("Somebody else reads it and puts it in force. From then on sites can send figures."))
        form method="post" action=(measures.path()) novalidate {
            (hiec_web::components::Input::new("key", "Short name").hint("Names it in addresses and files, such as niv-three-hours").value(form.key.as_str()).width(Some(20)).error_message(errors.of("key")))
            (fields(form, errors))
            (Textarea::new("why", "Why it is needed").value(form.why.as_str()).rows(Some(3)).error_message(errors.of("why")))
            (Button::new("Propose it"))
        }
    };
    let page = Page::new("Propose a measure", view).data(&json!({ "form": form, "errors": errors }))?;
    Ok(page
        .under("/clusters", "Clusters")
        .under(measures.cluster.path(), measures.cluster.short_name.clone())
        .under(measures.path(), "Measures"))
}

pub async fn create(measures: Loaded<Measures>, Input(form): Input<DefinitionForm>) -> Answer {
    let mut errors = Errors::none();
    let key = key(&mut errors, &form.key);
    let definition = form.read(&mut errors);
    let why = errors.text("why", "why it is needed", &form.why, 2_000);
    let (Some(key), Some(definition), Some(why)) = (key, definition, why) else {
        return Ok(new_page(&measures, &form, &errors)?.with_errors(&errors).into());
    };
    let mut unit = measures.begin().await?;
    let illustrative = measures.cluster.is_illustrative;
    match defining::propose_new(&mut unit, &measures.cluster, &key, definition, &why, illustrative).await {
        Ok(measure) => {
            unit.commit().await?;
            let path = format!("{}/definition", measure.path(&measures.cluster.path()));
            Ok(Done::made(path).saying("The measure is proposed. Somebody else puts it in force.").into())
        }
        Err(problem) if problem.kind == ProblemKind::Conflict => {
            errors.add("key", problem.title);
            Ok(new_page(&measures, &form, &errors)?.with_errors(&errors).into())
        }
        Err(problem) => Err(problem.into()),
    }
}

/// Words an address under `…/measures/` has for other things.
const TAKEN: &[&str] = &["new", "files"];

fn key(errors: &mut Errors, typed: &str) -> Option<String> {
    let key = typed.trim().to_lowercase();
    let is_one = key.len() >= 2
        && key.len() <= 60
        && key.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        && !key.starts_with('-')
        && !key.ends_with('-')
        && !TAKEN.contains(&key.as_str());
    if !is_one {
        errors.add("key", "Enter a short name of 2 to 60 letters, figures and hyphens, such as niv-three-hours");
        return None;
    }
    Some(key)
}

pub async fn new_version(at: Loaded<AtAllSites>) -> Answer {
    Ok(version_page(&at, &DefinitionForm::of(at.definition()), &Errors::none())?.into())
}

fn version_page(at: &Loaded<AtAllSites>, form: &DefinitionForm, errors: &Errors) -> Result<Page, Problem> {
    let view = html! {
        (summary(errors))
        h1 { span.nhsuk-caption-xl { (at.measure.title) } "Propose a new version" }
        form method="post" action={ (at.path()) "/versions" } novalidate {
            (fields(form, errors))
            (Textarea::new("why", "What changes, and why").value(form.why.as_str()).rows(Some(3)).error_message(errors.of("why")))
            (Button::new("Propose this version"))
        }
    };
    let page = Page::new("Propose a new version", view).data(&json!({ "form": form, "errors": errors }))?;
    Ok(page
        .under("/clusters", "Clusters")
        .under(at.cluster.path(), at.cluster.short_name.clone())
        .under(format!("{}/measures", at.cluster.path()), "Measures")
        .under(at.path(), at.measure.title.clone()))
}

pub async fn propose_version(at: Loaded<AtAllSites>, Input(form): Input<DefinitionForm>) -> Answer {
    let mut errors = Errors::none();
    let definition = form.read(&mut errors);
    let why = errors.text("why", "what changes, and why", &form.why, 2_000);
    let (Some(definition), Some(why)) = (definition, why) else {
        return Ok(version_page(&at, &form, &errors)?.with_errors(&errors).into());
    };
    let mut unit = at.begin().await?;
    match defining::propose_version(&mut unit, &at.measure, definition, &why).await {
        Ok(number) => {
            unit.commit().await?;
            let word = format!("Version {number} is proposed. Somebody else puts it in force.");
            Ok(Done::made(format!("{}/definition", at.path())).saying(word).into())
        }
        Err(problem) if problem.kind == ProblemKind::Conflict => {
            errors.add("why", format!("{}. {}", problem.title, problem.next));
            Ok(version_page(&at, &form, &errors)?.with_errors(&errors).into())
        }
        Err(problem) => Err(problem.into()),
    }
}

fn radios(name: &str, legend: &str, items: Vec<(&'static str, &'static str)>, chosen: &str, errors: &Errors) -> Radios {
    Radios::new(name, legend.to_owned())
        .items(items.into_iter().map(|(key, label)| RadioItem::new(key, label)))
        .value(chosen)
        .error_message(errors.of(name))
}

fn fields(form: &DefinitionForm, errors: &Errors) -> Markup {
    use hiec_web::components::Input as Text;
    let text = |name: &str, label: &str, hint: &str, value: &str| {
        Text::new(name, label.to_owned()).hint(hint).value(value).error_message(errors.of(name))
    };
    html! {
        (text("title", "Title", "As people say it: On NIV within three hours", &form.title))
        (radios("kind", "How a value is made", MeasureKind::ALL.iter().map(|one| (one.key(), one.label())).collect(), &form.kind, errors))
        (Textarea::new("numerator", "Numerator: what is counted").hint("Who or what counts, who does not, and by when").value(form.numerator.as_str()).rows(Some(3)).error_message(errors.of("numerator")))
        (Textarea::new("denominator", "Denominator: out of what").hint("Leave empty for a count").value(form.denominator.as_str()).rows(Some(3)).error_message(errors.of("denominator")))
        (text("per", "For a rate: for so many", "Such as 1000; leave empty otherwise", &form.per).width(Some(10)))
        (text("unit", "Counted in", "Such as minutes; leave empty for per cent and plain numbers", &form.unit).width(Some(20)))
        (radios("aim", "Which way is better", Aim::ALL.iter().map(|one| (one.key(), one.label())).collect(), &form.aim, errors))
        (text("target", "Target", "As values are written: 95 for 95%. Leave empty where there is none", &form.target).width(Some(10)))
        (radios("period", "Counted by", PeriodKind::ALL.iter().map(|one| (one.key(), one.label())).collect(), &form.period, errors))
        (text("due_days", "Figures are due", "Days after the end of the period", &form.due_days).width(Some(5)))
        (text("last_period", "Last period", "For an audit that ends, such as 2011-03; leave empty where it goes on", &form.last_period).width(Some(10)))
        (radios("chart", "Chart", ChartKind::ALL.iter().map(|one| (one.key(), one.label())).collect(), &form.chart, errors))
        (text("owner", "Owner", "Who answers for the definition: a role or a group", &form.owner))
        (text("source", "Source", "Where the figures come from, with their licence where they have one", &form.source))
        (radios("small_numbers", "Small numbers", SmallNumbers::ALL.iter().map(|one| (one.key(), one.label())).collect(), &form.small_numbers, errors))
        (Textarea::new("sharing_terms", "Sharing: what the sites agreed").value(form.sharing_terms.as_str()).rows(Some(3)).error_message(errors.of("sharing_terms")))
        (radios("sharing", "What peers see of a site that has not chosen", Level::ALL.iter().map(|one| (one.key(), one.label())).collect(), &form.sharing, errors))
        (Checkboxes::new("is_public", "Public").items([CheckboxItem::new("yes", "Everybody sees what peers see, without signing in")]).values(if form.is_public == "yes" { vec!["yes".to_owned()] } else { vec![] }))
        (DateInput::new("review", "Next review").typed(form.review_day.as_str(), form.review_month.as_str(), form.review_year.as_str()).error_message(errors.of("review")))
    }
}
