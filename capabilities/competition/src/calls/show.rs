//! `/calls/{call}`: the call as everyone reads it: dates with their sources, rules, questions, amendments and its fingerprint.

use hiec_access::policy::Target;
use hiec_kernel::clock::on_page;
use hiec_web::components::{Button, Cell, Column, SummaryList, SummaryRow, Table};
use hiec_web::{Answer, Loaded, Page};
use maud::{Markup, html};
use serde::Serialize;

use super::amendments::{Amendment, CallState};
use super::design::{CallDesign, Milestone};
use super::stages::{self, DEADLINE_RULE, Stage};
use super::store::Call;

#[derive(Serialize)]
struct Shown<'a> {
    key: &'a str,
    stage: Stage,
    fingerprint: Option<String>,
    design: &'a CallDesign,
    amendments: &'a [Amendment],
}

pub async fn get(call: Loaded<Call>) -> Answer {
    let shown = Shown {
        key: &call.key,
        stage: call.stage(),
        fingerprint: call.state.fingerprint().map(ToString::to_string),
        design: call.design(),
        amendments: call.state.amendments(),
    };
    Ok(Page::new(call.title.clone(), view(&call)).data(&shown)?.under("/calls", "Calls").into())
}

fn view(call: &Loaded<Call>) -> Markup {
    let design = call.design();
    html! {
        h1 {
            span.nhsuk-caption-xl { (design.programme) }
            (call.title)
        }
        p.nhsuk-lede-text { (design.summary) }
        (stage_line(call.stage()))
        (doors(call))
        h2 { "Dates" }
        (dates(&design.milestones))
        p.app-source { (DEADLINE_RULE) }
        h2 { "Principles" }
        (principles(design))
        h2 { "How bids are scored" }
        (criteria(design))
        h2 { "Money and award" }
        (award(design))
        h2 { "Who may bid" }
        (eligibility(design))
        h2 { "The questions" }
        (questions(design))
        h2 { "Versions" }
        (versions(&call.state))
    }
}

/// Where the round stands, as an ordered list with the present step named.
pub(crate) fn stage_line(now: Stage) -> Markup {
    html! {
        ol.app-stages aria-label="Stages of the round" {
            @for stage in Stage::ALL.iter().filter(|stage| **stage != Stage::Draft) {
                @let class = if *stage < now { "app-stages__stage app-stages__stage--done" } else if *stage == now { "app-stages__stage app-stages__stage--now" } else { "app-stages__stage" };
                li class=(class) aria-current=[(*stage == now).then_some("step")] {
                    (stage.label())
                    @if *stage < now { span.nhsuk-u-visually-hidden { " (done)" } }
                }
            }
        }
    }
}

/// Rooms of the round that are things of their own: kind, the action that opens the door, its name, the end of its address.
const ROOMS: [(&str, &str, &str, &str); 3] = [
    ("ranking", "ranking.view", "Ranking", "ranking"),
    ("meeting", "meeting.view", "Award panel", "panel"),
    ("award", "award.view", "Letters and awards", "awards"),
];

/// What this person can do from here.
fn doors(call: &Loaded<Call>) -> Markup {
    let path = call.path();
    let is_open = stages::is_bidding_open(call.design(), &call.acts, call.now())
        || stages::is_pqq_open(call.design(), &call.acts, call.now());
    html! {
        div.nhsuk-button-group {
            @if call.stage() == Stage::Draft && call.may("call.edit") { (Button::link("Edit the call", format!("{path}/design"))) }
            @if call.may("call.bid") && is_open && call.subject.is_signed_in() {
                (Button::link("Form a partnership and bid", format!("{path}/bids/new")))
            }
            (Button::link("Questions and answers", format!("{path}/questions")).secondary())
            @if call.may("call.amend") && call.stage() != Stage::Draft { (Button::link("Amend the call", format!("{path}/amendments/new")).secondary()) }
            @if call.may("call.pqq.list") { (Button::link("Questionnaires and shortlist", format!("{path}/pqqs")).secondary()) }
            @if call.may("call.assessors.view") { (Button::link("Assessors and reviews", format!("{path}/assessors")).secondary()) }
            @if call.may("call.join.view") { (Button::link("Your part as an assessor", format!("{path}/assessor-invitation")).secondary()) }
            @if call.may("call.opening.view") && call.stage() >= Stage::Bidding { (Button::link("Opening of the bids", format!("{path}/opening")).secondary()) }
            @if call.stage() >= Stage::Assessment {
                @for (kind, action, name, end) in ROOMS {
                    @let target = Target::new(kind, call.id.0).scopes(call.scopes()).within(call.id.0);
                    @if call.may_with(action, &target) { (Button::link(name, format!("{path}/{end}")).secondary()) }
                }
            }
            @if call.stage() == Stage::Announced { (Button::link("What was awarded", format!("/announcements/{}", call.key)).secondary()) }
            @if call.may("call.export") { (Button::link("Record of the round", format!("{path}/record")).secondary()) }
        }
    }
}

fn dates(milestones: &[Milestone]) -> Markup {
    let rows = milestones.iter().map(|milestone| {
        let when = match (milestone.opens, milestone.closes) {
            (Some(opens), Some(closes)) => format!("{} to {}", on_page(opens), on_page(closes)),
            (None, Some(closes)) => format!("until {}", on_page(closes)),
            (Some(opens), None) => on_page(opens),
            (None, None) => String::new(),
        };
        vec![Cell::new(milestone.name.as_str()), Cell::new(when), Cell::new(said(milestone))]
    });
    html! {
        (Table::new("Dates of the round and what the sources say of them")
            .head([Column::new("Step"), Column::new("When"), Column::new("Sources")])
            .first_cell_is_header(true)
            .responsive(true)
            .rows(rows))
    }
}

fn said(milestone: &Milestone) -> Markup {
    html! {
        @for fact in &milestone.published {
            p.app-source { (fact.value) " (" (fact.source) @if let Some(note) = &fact.note { "; " (note) } ")" }
        }
        @if let Some(note) = &milestone.note { p.app-source { (note) } }
    }
}

fn principles(design: &CallDesign) -> Markup {
    let rows = design.principles.iter().map(|principle| {
        SummaryRow::new(
            principle.name.as_str(),
            html! { p { (principle.test) } p.app-source { (principle.citation.source) ", " (principle.citation.section) } },
        )
    });
    html! { (SummaryList::new(rows)) }
}

fn criteria(design: &CallDesign) -> Markup {
    html! {
        (Table::new("Award criteria")
            .head([Column::new("Criterion"), Column::numeric("Weight"), Column::numeric("Most points"), Column::new("Source")])
            .first_cell_is_header(true)
            .responsive(true)
            .rows(design.criteria.iter().map(|criterion| vec![
                Cell::new(html! { (criterion.name) }),
                Cell::numeric(format!("{}%", criterion.weight)),
                Cell::numeric(criterion.max_score),
                Cell::new(html! { (criterion.source.source) @if let Some(note) = &criterion.source.note { ". " (note) } }),
            ])))
        @for criterion in &design.criteria {
            details.nhsuk-details {
                summary.nhsuk-details__summary { span.nhsuk-details__summary-text { "What each score means: " (criterion.name) } }
                div.nhsuk-details__text {
                    p { (criterion.description) }
                    ul { @for descriptor in &criterion.descriptors { li { strong { (descriptor.score) } " " (descriptor.meaning) } } }
                }
            }
        }
    }
}

fn award(design: &CallDesign) -> Markup {
    let rules = &design.award;
    let rows = vec![
        SummaryRow::new(
            "Budget",
            html! {
                p { (rules.budget) }
                @for fact in &rules.budget_sources {
                    p.app-source { (fact.value) " (" (fact.source) @if let Some(note) = &fact.note { "; " (note) } ")" }
                }
            },
        ),
        SummaryRow::new("Lowest total that can be funded", format!("{}%", rules.floor_total)),
        SummaryRow::new("What the ranking aims at", rules.ranking_aim_in_words.as_str()),
        SummaryRow::new("Reviews of each bid", rules.reviews_per_bid.to_string()),
        SummaryRow::new("Totals", "Weighted, in per cent, rounded half up to two decimals"),
        SummaryRow::new("Panel members needed for each decision", rules.quorum.to_string()),
        SummaryRow::new(
            "Standstill before the award",
            html! {
                p { (rules.standstill.working_days) " working days" }
                p.app-source { (rules.standstill.source.source) @if let Some(note) = &rules.standstill.source.note { ". " (note) } }
            },
        ),
    ];
    html! { (SummaryList::new(rows)) }
}

fn eligibility(design: &CallDesign) -> Markup {
    let rules = &design.eligibility;
    let names = |items: Vec<&'static str>| items.join(", ");
    html! {
        (SummaryList::new([
            SummaryRow::new("Settings of care that must be there", names(rules.required_settings.iter().map(|s| s.label()).collect())),
            SummaryRow::new("Sectors that must be there", names(rules.required_sectors.iter().map(|s| s.label()).collect())),
            SummaryRow::new("No member may be a body that", names(rules.excluded_functions.iter().map(|f| f.label()).collect())),
            SummaryRow::new("Fewest partners", rules.min_partners.to_string()),
            SummaryRow::new("Legal forms", html! { ul { @for form in &rules.legal_forms { li { (form.name) } } } }),
        ]))
    }
}

fn questions(design: &CallDesign) -> Markup {
    html! {
        @for (title, set) in [("Pre-qualification questionnaire", &design.pqq_questions), ("Bid", &design.bid_questions)] {
            details.nhsuk-details {
                summary.nhsuk-details__summary { span.nhsuk-details__summary-text { (title) } }
                div.nhsuk-details__text {
                    @for section in &set.sections {
                        h3.nhsuk-heading-s { (section.title) }
                        ol { @for question in &section.questions { li { (question.label) @if question.required { " (must be answered)" } } } }
                    }
                }
            }
        }
    }
}

fn versions(state: &CallState) -> Markup {
    let Some(fingerprint) = state.fingerprint() else {
        return html! { p { "In preparation: nobody outside the programme office sees this yet." } };
    };
    html! {
        p { "The call in force has the fingerprint " span.app-fingerprint { (fingerprint) } "." }
        @if state.amendments().is_empty() { p { "It has not been amended." } }
        @for amendment in state.amendments() {
            h3.nhsuk-heading-s { "Amendment " (amendment.number) ", " (on_page(amendment.at)) }
            p { (amendment.reason) }
            ul { @for difference in &amendment.differences { li { (difference.in_words()) } } }
        }
    }
}
