//! `/clusters/{cluster}/education/quality/funding`: the rule by which quality weighs on money: written, simulated on the present hosts, published, and only then used.

use axum::extract::Path;
use hiec_access::people;
use hiec_access::policy::Target;
use hiec_files::table::{Cell as FileCell, Table as FileTable};
use hiec_kernel::clock::{date_on_page, day_on_page, london_date};
use hiec_kernel::{Money, PersonId, Problem};
use hiec_web::components::own::{Bar, BarChart, Downloads};
use hiec_web::components::{Button, Cell, CheckboxItem, Checkboxes, Column, Details, Table, Tag, TagColour};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

use super::actions;
use super::doors::Quality;
use super::funding::{Outcome, Rule, Verdict, percent, typed_percent};
use super::money_store::{self, StoredRule, Whole};
use super::standing::Escalation;
use crate::access;
use crate::ground::{self, LINES, made_up};

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Form {
    /// Percent: `75`.
    premium_from: String,
    /// Percent added to the tariff: `2`.
    premium: String,
    /// Percent: `40`.
    hold_below: String,
    /// `minor`, `significant`, `major` or `suspended`.
    hold_from: String,
    /// `yes` where an open immediate requirement holds.
    immediate_holds: String,
    reason: String,
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Publication {
    /// The first day on which it is used, as `2011-04-01`.
    from: String,
}

#[derive(Serialize)]
struct Shown<'a> {
    in_use: Option<&'a StoredRule>,
    outcomes: &'a [Outcome],
    rules: &'a [StoredRule],
}

async fn outcomes(door: &Loaded<Quality>, rule: Option<&StoredRule>) -> Result<Vec<Outcome>, Problem> {
    let Some(rule) = rule else {
        return Ok(Vec::new());
    };
    let whole = Whole::load(&door.database(), &door.cluster, london_date(door.now())).await?;
    Ok(whole.standings().iter().map(|host| rule.rule.outcome(host)).collect())
}

pub async fn get(door: Loaded<Quality>) -> Answer {
    Ok(page(&door, &Form::default(), &Errors::none(), None).await?.into())
}

async fn page(door: &Loaded<Quality>, form: &Form, errors: &Errors, publishing: Option<Uuid>) -> Result<Page, Problem> {
    let cluster = &door.cluster;
    let rules = money_store::rules(&door.database(), cluster.id).await?;
    let in_use = money_store::in_use(&rules, london_date(door.now()));
    let outcomes = outcomes(door, in_use).await?;
    let may = door.may("quality.fund");
    let base = format!("{}/funding", door.path());
    let mut publishers = BTreeMap::new();
    for id in rules.iter().filter_map(|rule| rule.published_by) {
        if let Some(person) = people::by_id(&door.database(), PersonId(id)).await? {
            publishers.insert(id, person.name);
        }
    }
    let view = html! {
        (ground::mistakes(errors))
        h1 { span.nhsuk-caption-xl { (cluster.short_name) ": quality" } "Money weighed by quality" }
        @match in_use {
            None => p { "No rule is in use: quality changes nothing about money. A rule is simulated on the present hosts and published before it is used." },
            Some(rule) => {
                p.nhsuk-lede-text { (rule.rule.words()) }
                p { (standing_words(rule, &publishers)) (made_up(rule.is_illustrative)) }
                (result("used", "What the rule says of each host", &outcomes))
                p {
                    "What it adds in pounds stands on the "
                    @if door.may_with("tariff.view", &Target { kind: "tariff", ..door.target.clone() }) { a.nhsuk-link href={ (access::path(cluster)) "/tariff" } { "statements of the tariff" } } @else { "statements of the tariff" }
                    ", by host and days."
                }
                (Downloads::new([("What the rule says as CSV".to_owned(), format!("{}/funding.csv", door.path()))]))
            }
        }
        h2 { "Rules" }
        @if rules.is_empty() { p { "None was written yet." } }
        @for rule in &rules { (one(&base, rule, in_use.is_some_and(|used| used.id == rule.id), may, &publishers, (errors, publishing))) }
        @if may { (rule_form(&base, form, if publishing.is_some() { None } else { Some(errors) })) }
    };
    let shown = Shown { in_use, outcomes: &outcomes, rules: &rules };
    Ok(super::doors::within(Page::new("Money weighed by quality", view).data(&shown)?, cluster)
        .under(door.path(), "Quality"))
}

fn standing_words(rule: &StoredRule, publishers: &BTreeMap<Uuid, String>) -> String {
    match (rule.published_at, rule.from_day) {
        (Some(at), Some(from)) => {
            let by = rule.published_by.and_then(|id| publishers.get(&id)).map_or("", String::as_str);
            let by = if by.is_empty() { String::new() } else { format!(" by {by}") };
            format!(
                "Version {}, published on {}{by}, holds from {}.",
                rule.version,
                date_on_page(at),
                day_on_page(from)
            )
        }
        _ => match rule.simulated_at {
            Some(at) => format!("Version {}, simulated on {}, not published.", rule.version, date_on_page(at)),
            None => format!("Version {}, written on {}, not simulated yet.", rule.version, date_on_page(rule.made_at)),
        },
    }
}

/// How many hosts get what as a picture, and every host with its reason as a table.
fn result(id: &str, title: &str, outcomes: &[Outcome]) -> Markup {
    let bars = Verdict::ALL.iter().map(|verdict| {
        let count = u32::try_from(outcomes.iter().filter(|one| one.result == *verdict).count()).unwrap_or(u32::MAX);
        Bar::new(verdict.label(), f64::from(count), count.to_string())
    });
    let chart = BarChart {
        id: format!("money-{id}"),
        title: format!("{title}: how many"),
        description: "How many hosts have a premium, no change or a hold".into(),
        heads: ("Result".into(), "Hosts".into()),
        bars: bars.collect(),
    };
    // What a rule in force comes to stands on the tariff's statements, day by day.
    let has_money = outcomes.iter().any(|one| one.base.is_some());
    let mut head = vec![Column::new("Host"), Column::new("Result"), Column::numeric("Added")];
    if has_money {
        head.extend([Column::numeric("By tariff this year"), Column::numeric("Would add")]);
    }
    head.push(Column::new("Because it"));
    html! {
        (chart)
        (Table::new(title)
            .head(head)
            .first_cell_is_header(true)
            .responsive(true)
            .rows(outcomes.iter().map(|one| {
                let mut cells = vec![
                    Cell::new(one.name.as_str()),
                    Cell::new(verdict(one.result)),
                    Cell::numeric(percent(one.premium)),
                ];
                if has_money {
                    cells.extend([one.base, one.amount].map(|amount| Cell::numeric(pounds(amount))));
                }
                cells.push(Cell::new(one.reason.as_str()));
                cells
            })))
        @if has_money {
            p { "On what follows trainees by tariff in the financial year of the simulation, in all " strong { (outcomes.iter().filter_map(|one| one.amount).sum::<Money>()) } "." }
        }
    }
}

fn pounds(amount: Option<Money>) -> String {
    amount.map_or_else(|| "Not loaded".to_owned(), |amount| amount.to_string())
}

fn verdict(verdict: Verdict) -> Markup {
    let colour = match verdict {
        Verdict::Premium => TagColour::Green,
        Verdict::Nothing => TagColour::Grey,
        Verdict::Hold => TagColour::Red,
    };
    html! { (Tag::new(verdict.label()).colour(colour)) }
}

fn one(
    base: &str,
    rule: &StoredRule,
    is_used: bool,
    may: bool,
    publishers: &BTreeMap<Uuid, String>,
    (errors, publishing): (&Errors, Option<Uuid>),
) -> Markup {
    let none = Errors::none();
    let errors = if publishing == Some(rule.id) { errors } else { &none };
    let id = if publishing == Some(rule.id) { "from".to_owned() } else { format!("from-{}", rule.version) };
    html! {
        h3 { "Version " (rule.version) @if is_used { " " (Tag::new("In use").colour(TagColour::Green)) } (made_up(rule.is_illustrative)) }
        p { (rule.rule.words()) }
        p { (standing_words(rule, publishers)) " " (rule.reason) }
        @if let Some(simulation) = &rule.simulation {
            (Details::new(format!("What version {} would do: the simulation", rule.version), result(&format!("v{}", rule.version), &format!("Simulation of version {}", rule.version), simulation)))
        }
        @if may && rule.published_at.is_none() {
            form method="post" action={ (base) "/" (rule.id) "/simulation" } {
                (Button::new(format!("Simulate version {} on the present hosts", rule.version)).secondary())
            }
            @if rule.simulated_at.is_some() {
                form method="post" action={ (base) "/" (rule.id) "/publication" } novalidate {
                    (ground::day_field("from", &format!("First day on which version {} is used", rule.version), "", errors).id(id))
                    (Button::new(format!("Publish version {}", rule.version)).confirm("It is not changed afterwards. Publish it?"))
                }
            }
        }
    }
}

fn rule_form(base: &str, form: &Form, errors: Option<&Errors>) -> Markup {
    let none = Errors::none();
    let errors = errors.unwrap_or(&none);
    let levels = Escalation::ALL
        .iter()
        .filter(|level| **level != Escalation::Usual)
        .map(|level| (level.key().to_owned(), level.label().to_owned()));
    let figure = |name: &str, label: &str, value: &str| {
        ground::line_field(name, label, value, errors).inputmode("decimal").width(5_u8).suffix("%")
    };
    let inner = html! {
        form method="post" action=(base) novalidate {
            (figure("premium_from", "Premium from a score of", &form.premium_from))
            (figure("premium", "Premium on the tariff", &form.premium))
            (figure("hold_below", "Hold below a score of", &form.hold_below))
            (ground::choice("hold_from", "Hold from escalation", levels, &form.hold_from, errors))
            (Checkboxes::new("immediate_holds", "Immediate requirements")
                .items([CheckboxItem::new("yes", "An open immediate requirement holds it too").checked(Some(form.immediate_holds == "yes"))]))
            (ground::lines_field("reason", "Why this rule", &form.reason, errors))
            (Button::new("Write the rule"))
        }
    };
    html! { (Details::new("Write another rule", inner).open(!errors.is_empty())) }
}

pub async fn post(door: Loaded<Quality>, Input(form): Input<Form>) -> Answer {
    let mut errors = Errors::none();
    let mut figure = |field: &'static str, what: &str, typed: &str| {
        let read = typed_percent(typed);
        if read.is_none() {
            errors.add(field, format!("Enter {what} as a percentage, such as 75 or 2.5"));
        }
        read
    };
    let premium_from = figure("premium_from", "the score of the premium", &form.premium_from);
    let premium = figure("premium", "the premium", &form.premium);
    let hold_below = figure("hold_below", "the score below which it is held", &form.hold_below);
    let hold_from = ground::one_of(&mut errors, "hold_from", "a level", Escalation::from_key(&form.hold_from));
    let reason = errors.text("reason", "why this rule", &form.reason, LINES);
    let rule = match (premium_from, premium, hold_below, hold_from) {
        (Some(premium_from), Some(premium), Some(hold_below), Some(hold_from)) => {
            let immediate_holds = form.immediate_holds == "yes";
            Some(Rule { premium_from, premium, hold_below, hold_from, immediate_holds })
        }
        _ => None,
    };
    for (field, fault) in rule.iter().flat_map(Rule::faults) {
        errors.add(field, fault);
    }
    let (Some(rule), Some(reason), true) = (rule, reason, errors.is_empty()) else {
        return Ok(page(&door, &form, &errors, None).await?.with_errors(&errors).into());
    };
    let mut unit = door.begin().await?;
    actions::write_rule(&mut unit, &door.cluster, (&rule, &reason), false).await?;
    unit.commit().await?;
    Ok(Done::made(format!("{}/funding", door.path()))
        .saying("The rule is written. Simulate it before it is published.")
        .into())
}

fn rule_in(parts: &BTreeMap<String, String>) -> Result<Uuid, Problem> {
    parts.get("rule").and_then(|id| id.parse().ok()).ok_or_else(Problem::not_found)
}

pub async fn simulation(door: Loaded<Quality>, Path(parts): Path<BTreeMap<String, String>>) -> Answer {
    let id = rule_in(&parts)?;
    let mut unit = door.begin().await?;
    let outcomes = actions::simulate_rule(&mut unit, &door.cluster, id).await?;
    unit.commit().await?;
    let word = format!("Simulated on {} hosts: open the simulation below to see it.", outcomes.len());
    Ok(Done::to(format!("{}/funding", door.path())).saying(word).into())
}

pub async fn publication(
    door: Loaded<Quality>,
    Path(parts): Path<BTreeMap<String, String>>,
    Input(form): Input<Publication>,
) -> Answer {
    let id = rule_in(&parts)?;
    let mut errors = Errors::none();
    let from = ground::day(&mut errors, "from", "the first day on which it is used", &form.from);
    if from.is_some_and(|from| from < london_date(door.now())) {
        errors.add("from", "Enter today or a later day: a rule is never used on days before it was published");
    }
    let (Some(from), true) = (from, errors.is_empty()) else {
        return Ok(page(&door, &Form::default(), &errors, Some(id)).await?.with_errors(&errors).into());
    };
    let mut unit = door.begin().await?;
    actions::publish_rule(&mut unit, &door.cluster, id, from).await?;
    unit.commit().await?;
    let word = format!("The rule is published and holds from {}.", day_on_page(from));
    Ok(Done::to(format!("{}/funding", door.path())).saying(word).into())
}

pub async fn csv(door: Loaded<Quality>) -> Answer {
    let rules = money_store::rules(&door.database(), door.cluster.id).await?;
    let in_use = money_store::in_use(&rules, london_date(door.now()));
    let mut table = FileTable::with_columns(
        "quality-funding",
        [
            ("host", "Name of the host"),
            ("host_id", "The host's id"),
            ("score", "Score of its last finished self-assessment"),
            ("result", "premium, nothing or hold"),
            ("added", "Added to the tariff"),
            ("reason", "Why"),
            ("rule_version", "Version of the rule in use"),
        ],
    );
    for one in outcomes(&door, in_use).await? {
        table.push([
            FileCell::from(one.name),
            FileCell::from(one.host.to_string()),
            FileCell::from(one.score.map(percent)),
            FileCell::from(one.result.key()),
            FileCell::from(percent(one.premium)),
            FileCell::from(one.reason),
            FileCell::from(in_use.map(|rule| rule.version)),
        ]);
    }
    Ok(ground::csv(&door.cluster, &table))
}
