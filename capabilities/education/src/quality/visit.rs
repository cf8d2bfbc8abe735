//! `…/quality/visits/{visit}`: a visit of the region, planned, reported with its findings, and what it asks of the host.

use hiec_kernel::Problem;
use hiec_kernel::clock::{date_on_page, day_on_page, london_date};
use hiec_web::components::{Button, Details, SummaryList, SummaryRow, Tag, TagColour};
use hiec_web::{Answer, Done, Errors, Fields, Input, Loaded, Page};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::actions::{self, NewRequirement, NewVisit};
use super::assessment::under;
use super::doors::{QualityHost, QualityVisit};
use super::review_store::{self, Finding, Required};
use super::standing::{self, FindingKind, RequirementKind, VisitKind};
use super::store;
use crate::ground::{self, LINE, LINES, made_up};

/// Findings a report takes at once.
const FINDINGS: usize = 6;

#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct PlanForm {
    /// `urgent_risk`, `programme`, `learner_educator` or `senior_leader`.
    kind: String,
    /// As `2011-03-31`.
    on: String,
    led_by: String,
    reason: String,
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct RequirementForm {
    /// `immediate`, `mandatory` or `recommended`.
    kind: String,
    words: String,
    owner: String,
    /// As `2011-03-31`; not for an immediate one.
    due: String,
}

#[derive(Serialize)]
struct Shown<'a> {
    visit: &'a review_store::Visit,
    host: &'a store::Host,
    findings: &'a [Finding],
    requirements: &'a [Required],
}

pub async fn new(door: Loaded<QualityHost>) -> Answer {
    Ok(plan_page(&door, &PlanForm::default(), &Errors::none())?.into())
}

fn plan_page(door: &Loaded<QualityHost>, form: &PlanForm, errors: &Errors) -> Result<Page, Problem> {
    let kinds = VisitKind::ALL.iter().map(|kind| (kind.key().to_owned(), kind.label().to_owned()));
    let view = html! {
        (ground::mistakes(errors))
        h1 { span.nhsuk-caption-xl { (door.host.name) } "Plan a visit" }
        form method="post" novalidate {
            (ground::choice("kind", "Kind of visit", kinds, &form.kind, errors))
            (ground::day_field("on", "Day", &form.on, errors))
            (ground::line_field("led_by", "Who leads it", &form.led_by, errors))
            (ground::lines_field("reason", "Why", &form.reason, errors))
            (Button::new("Plan the visit"))
        }
    };
    Ok(under(Page::new("Plan a visit", view).data(form)?, door))
}

pub async fn plan(door: Loaded<QualityHost>, Input(form): Input<PlanForm>) -> Answer {
    let mut errors = Errors::none();
    let kind = ground::one_of(&mut errors, "kind", "a kind of visit", VisitKind::from_key(&form.kind));
    let on = ground::day(&mut errors, "on", "the day", &form.on);
    let led_by = errors.text("led_by", "who leads it", &form.led_by, LINE);
    let reason = errors.text("reason", "why", &form.reason, LINES);
    let (Some(kind), Some(on), Some(led_by), Some(reason)) = (kind, on, led_by, reason) else {
        return Ok(plan_page(&door, &form, &errors)?.with_errors(&errors).into());
    };
    let new = NewVisit { host: door.host.id, kind, on, reason, led_by, is_illustrative: false };
    let mut unit = door.begin().await?;
    let visit = actions::plan_visit(&mut unit, &door.cluster, new).await?;
    unit.commit().await?;
    Ok(Done::made(visit.path(&door.cluster)).saying("The visit is planned.").into())
}

/// What was typed into the two forms of a visit.
#[derive(Clone, Debug, Default)]
struct Typed {
    report: Fields,
    requirement: RequirementForm,
    is_requirement: bool,
    errors: Errors,
}

pub async fn get(door: Loaded<QualityVisit>) -> Answer {
    Ok(page(&door, &Typed::default()).await?.into())
}

async fn page(door: &Loaded<QualityVisit>, typed: &Typed) -> Result<Page, Problem> {
    let (cluster, visit, today) = (&door.cluster, &door.visit, london_date(door.now()));
    let findings = review_store::findings(&door.database(), visit.id).await?;
    let requirements: Vec<Required> = review_store::requirements(&door.database(), cluster.id)
        .await?
        .into_iter()
        .filter(|one| one.visit == Some(visit.id))
        .collect();
    let domains: Vec<String> = store::frameworks(&door.database(), cluster.id)
        .await?
        .first()
        .map(|framework| framework.content.domains.iter().map(|domain| domain.title.clone()).collect())
        .unwrap_or_default();
    let may = door.may("quality_visit.report");
    let host_path = door.host.path(cluster);
    let view = html! {
        (ground::mistakes(&typed.errors))
        h1 { span.nhsuk-caption-xl { (door.host.name) } (visit.kind.label()) (made_up(visit.is_illustrative)) }
        (SummaryList::new([
            SummaryRow::new("Day", day_on_page(visit.on)),
            SummaryRow::new("Led by", visit.led_by.as_str()),
            SummaryRow::new("Why", visit.reason.as_str()),
            SummaryRow::new("Report", visit.reported_at.map_or_else(|| "Not reported yet".to_owned(), |at| format!("Reported {}", date_on_page(at)))),
        ]))
        @if let Some(summary) = &visit.summary {
            h2 { "What was found" }
            p { (summary) }
            @if !findings.is_empty() {
                ul.nhsuk-list {
                    @for finding in &findings {
                        @let colour = if finding.kind == FindingKind::Good { TagColour::Green } else { TagColour::Orange };
                        li { (Tag::new(finding.kind.label()).colour(colour)) " " (finding.words) " (" (finding.domain) ")" }
                    }
                }
            }
        } @else if may && visit.on <= today { (report_form(visit, cluster, &domains, typed)) }
        h2 { "What the host is asked for" }
        @if requirements.is_empty() { p { "Nothing yet." } }
        ul.nhsuk-list.nhsuk-list--bullet {
            @for required in &requirements {
                li {
                    (required.kind.label()) ", due " (day_on_page(required.due_on)) ": " (required.words) " "
                    (Tag::new(required.standing.words(today)))
                }
            }
        }
        p { a.nhsuk-link href=(host_path) { "How the host answers" } }
        @if may { (requirement_form(visit, cluster, typed)) }
    };
    let shown = Shown { visit, host: &door.host, findings: &findings, requirements: &requirements };
    Ok(super::doors::within(Page::new(visit.kind.label(), view).data(&shown)?, cluster)
        .under(super::doors::path(cluster), "Quality")
        .under(host_path.clone(), door.host.name.clone()))
}

fn report_form(
    visit: &review_store::Visit,
    cluster: &hiec_contracts::ClusterSeen,
    domains: &[String],
    typed: &Typed,
) -> Markup {
    let none = Errors::none();
    let errors = if typed.is_requirement { &none } else { &typed.errors };
    let value = |name: &str| typed.report.get(name).unwrap_or_default().to_owned();
    let kinds: Vec<(String, String)> =
        FindingKind::ALL.iter().map(|kind| (kind.key().to_owned(), kind.label().to_owned())).collect();
    let domains: Vec<(String, String)> = domains.iter().map(|domain| (domain.clone(), domain.clone())).collect();
    let summary = value("summary");
    html! {
        h2 { "Report the visit" }
        p { "A report is not changed afterwards. Leave out the findings you do not need." }
        form method="post" action={ (visit.path(cluster)) "/report" } novalidate {
            (ground::lines_field("summary", "What was found in all", &summary, errors).rows(5_u16))
            @for nth in 1..=FINDINGS {
                @let field = |what: &str| format!("finding-{nth}-{what}");
                @let name = format!("Finding {nth}");
                (Details::new(name.clone(), html! {
                    (ground::choice(&field("kind"), &format!("{name}: kind"), kinds.clone(), &value(&field("kind")), errors))
                    (ground::choice(&field("domain"), &format!("{name}: domain"), domains.clone(), &value(&field("domain")), errors))
                    (ground::lines_field(&field("words"), &format!("{name}: what was found"), &value(&field("words")), errors))
                }).open(nth == 1 || !value(&field("words")).is_empty()))
            }
            (Button::new("Report the visit"))
        }
    }
}

fn requirement_form(visit: &review_store::Visit, cluster: &hiec_contracts::ClusterSeen, typed: &Typed) -> Markup {
    let none = Errors::none();
    let errors = if typed.is_requirement { &typed.errors } else { &none };
    let form = &typed.requirement;
    let kinds = RequirementKind::ALL
        .iter()
        .filter(|kind| **kind != RequirementKind::Own)
        .map(|kind| (kind.key().to_owned(), kind.label().to_owned()));
    let inner = html! {
        form method="post" action={ (visit.path(cluster)) "/requirements" } novalidate {
            (ground::choice("kind", "How binding it is", kinds, &form.kind, errors)
                .hint("An immediate mandatory requirement is due in five working days"))
            (ground::lines_field("words", "What is asked for", &form.words, errors))
            (ground::line_field("owner", "Who answers for it at the host", &form.owner, errors))
            (ground::day_field("due", "By when, unless it is immediate", &form.due, errors))
            (Button::new("Ask for it"))
        }
    };
    html! { (Details::new("Ask the host for something", inner).open(typed.is_requirement)) }
}

pub async fn report(door: Loaded<QualityVisit>, fields: Fields) -> Answer {
    let mut errors = Errors::none();
    let value = |name: &str| fields.get(name).unwrap_or_default();
    let summary = errors.text("summary", "what was found in all", value("summary"), 4 * LINES);
    let mut findings = Vec::new();
    for nth in 1..=FINDINGS {
        let field = |what: &str| format!("finding-{nth}-{what}");
        if value(&field("words")).trim().is_empty() {
            continue;
        }
        let kind = FindingKind::from_key(value(&field("kind")));
        let kind = ground::one_of(&mut errors, &field("kind"), &format!("the kind of finding {nth}"), kind);
        let domain =
            errors.text(&field("domain"), &format!("the domain of finding {nth}"), value(&field("domain")), LINE);
        let words = errors.text(&field("words"), &format!("finding {nth}"), value(&field("words")), LINES);
        if let (Some(kind), Some(domain), Some(words)) = (kind, domain, words) {
            findings.push(Finding { kind, domain, words });
        }
    }
    let (Some(summary), true) = (summary, errors.is_empty()) else {
        let typed = Typed { report: fields, errors: errors.clone(), ..Typed::default() };
        return Ok(page(&door, &typed).await?.with_errors(&errors).into());
    };
    let mut unit = door.begin().await?;
    actions::report_visit(&mut unit, &door.cluster, &door.visit, (&summary, &findings)).await?;
    unit.commit().await?;
    Ok(Done::to(door.visit.path(&door.cluster)).saying("The visit is reported.").into())
}

pub async fn requirement(door: Loaded<QualityVisit>, Input(form): Input<RequirementForm>) -> Answer {
    let mut errors = Errors::none();
    let kind = RequirementKind::from_key(&form.kind).filter(|kind| *kind != RequirementKind::Own);
    let kind = ground::one_of(&mut errors, "kind", "how binding it is", kind);
    let words = errors.text("words", "what is asked for", &form.words, LINES);
    let owner = errors.text("owner", "who answers for it", &form.owner, LINE);
    let today = london_date(door.now());
    let due = match kind {
        Some(RequirementKind::Immediate) if !form.due.trim().is_empty() => {
            errors.add(
                "due",
                "Leave the day empty: an immediate requirement is due in five working days, whatever is asked",
            );
            None
        }
        Some(RequirementKind::Immediate) => standing::due(RequirementKind::Immediate, today, None).ok(),
        Some(kind) => ground::day(&mut errors, "due", "by when", &form.due)
            .and_then(|asked| errors.take("due", standing::due(kind, today, Some(asked)))),
        None => None,
    };
    let (Some(kind), Some(words), Some(owner), Some(due_on)) = (kind, words, owner, due) else {
        let typed = Typed { requirement: form, is_requirement: true, errors: errors.clone(), ..Typed::default() };
        return Ok(page(&door, &typed).await?.with_errors(&errors).into());
    };
    let new = NewRequirement {
        host: door.visit.host,
        visit: Some(door.visit.id),
        kind,
        words,
        owner,
        due_on,
        is_illustrative: false,
    };
    let mut unit = door.begin().await?;
    actions::require(&mut unit, &door.cluster, new).await?;
    unit.commit().await?;
    let word = format!("It is due by {}, and the host has a letter.", day_on_page(due_on));
    Ok(Done::made(door.visit.path(&door.cluster)).saying(word).into())
}
