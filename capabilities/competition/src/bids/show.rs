//! `/bids/{bid}`: where a bid stands. The partnership sees its tasks; others see what was submitted, once it is opened.

use hiec_forms::{Progress, ProgressState, Visibilities, progress};
use hiec_kernel::Problem;
use hiec_kernel::clock::on_page;
use hiec_web::components::{Button, SummaryList, SummaryRow, Table, TagColour};
use hiec_web::{Answer, Loaded, Page};
use maud::{Markup, html};

use super::completeness::{Standing, standing};
use super::list::colour;
use super::papers::{Paper, pqq_state};
use super::pieces::{count, illustrative, principle_summary, tag};
use super::sealed::{self, Sealed};
use super::store::Bid;
use super::writers::Reach;
use crate::award;
use crate::calls::design::MilestoneKey;
use crate::partnerships::partners::state_tag;
use crate::partnerships::principles::Finding;
use crate::pqq::rules::PqqState;

pub async fn get(bid: Loaded<Bid>) -> Answer {
    if bid.may("bid.draft.view") { for_partnership(&bid).await } else { for_officials(&bid).await }
}

async fn for_partnership(bid: &Loaded<Bid>) -> Answer {
    let reads = bid.database();
    let pqq = standing(&reads, bid, Paper::Pqq).await?;
    let written = standing(&reads, bid, Paper::Bid).await?;
    let findings = written.findings(bid);
    let receipts = sealed::of_bid(&reads, bid.id).await?;
    let letter = if bid.may("bid.letter.view") {
        award::store::letters_of(&reads, bid.id).await?.into_iter().next()
    } else {
        None
    };
    let data = serde_json::json!({
        "id": bid.id, "title": bid.title, "call": bid.call.key, "stage": bid.call.stage(),
        "state": bid.state.name(), "pqq_state": pqq_state(bid)?.name(),
        "legal_form": bid.legal_form, "region": bid.region_code, "other_regions": bid.other_regions,
        "sections": task_data(bid, &written), "pqq_sections": task_data(bid, &pqq),
        "missing": written.lacking().iter().map(|s| serde_json::json!({"what": s.what(), "mend": s.mend()})).collect::<Vec<_>>(),
        "principles": findings, "receipts": receipts.iter().map(|r| &r.receipt).collect::<Vec<_>>(),
        "late_entry": bid.state.late_entry(), "is_illustrative": bid.is_illustrative,
        "letter_sent_at": letter.as_ref().map(|letter| letter.sent_at),
    });
    let content = html! {
        (heading(bid, lead_name(&written)))
        @if let Some(letter) = &letter {
            div.nhsuk-inset-text {
                p { "The outcome was sent on " (on_page(letter.sent_at)) ": " a href={ (bid.path()) "/letter" } { "read the outcome letter" } ", and complain there if you must." }
            }
        }
        @if bid.call.design().milestone(MilestoneKey::Pqq).is_some() {
            h2 { "Pre-qualification questionnaire" }
            p { (pqq_words(&pqq_state(bid)?)) " " (Paper::Pqq.countdown(bid, bid.now())) "." }
            (tasks(bid, &pqq))
            @if bid.may("bid.submit") && Paper::Pqq.is_open(bid, bid.now()) {
                (Button::link("Check and submit the questionnaire", format!("{}/submission?paper=pqq", bid.path())).secondary())
            }
        }
        h2 { "The bid" }
        p { (Paper::Bid.countdown(bid, bid.now())) "." }
        (tasks(bid, &written))
        @if Paper::Bid.is_open(bid, bid.now()) { (missing(bid, &written)) }
        h2 { "Partners" }
        (partners(bid, &written))
        h2 { "Principles" }
        (principle_summary(bid, &findings))
        (receipt_list(bid, &receipts))
        p { a href={ (bid.path()) "/team" } { "Who writes this bid" } }
    };
    Ok(Page::new(bid.title.clone(), content).under("/bids", "My bids").data(&data)?.into())
}

fn heading(bid: &Bid, lead: Option<String>) -> Markup {
    let regions: Vec<&str> = bid
        .call
        .regions
        .iter()
        .filter(|region| region.code == bid.region_code || bid.other_regions.contains(&region.code))
        .map(|region| region.name.as_str())
        .collect();
    let form = bid
        .legal_form
        .as_deref()
        .and_then(|key| bid.call.design().legal_form(key))
        .map_or("Not decided yet", |form| form.name.as_str());
    html! {
        h1 { (bid.title) (illustrative(bid.is_illustrative)) }
        (SummaryList::new([
            SummaryRow::new("Call", html! { a href=(bid.call.path()) { (bid.call.title) } }),
            SummaryRow::new("Stage of the round", bid.call.stage().label()),
            SummaryRow::new("State of the bid", html! { (tag(bid.state.label(), colour(&bid.state))) }),
            SummaryRow::new("Region", regions.join(", ")),
            SummaryRow::new("Lead", lead.unwrap_or_default()),
            SummaryRow::new("Legal form", form),
        ]))
        (late(bid))
    }
}

/// That a bid came late is shown for ever, to everybody who sees it.
pub(super) fn late(bid: &Bid) -> Markup {
    html! {
        @if let Some(late) = bid.state.late_entry() {
            div.nhsuk-inset-text {
                p { strong { "Admitted late" } " on " (on_page(late.admitted_at)) " by two officers of the programme office. Proposed on " (on_page(late.proposed_at)) "." }
                p { "Reason: " (late.reason) }
            }
        }
    }
}

fn lead_name(standing: &Standing) -> Option<String> {
    standing
        .partners
        .iter()
        .find(|partner| partner.part == crate::partnerships::store::Part::Lead)
        .map(|partner| partner.organisation.name.clone())
}

fn pqq_words(state: &PqqState) -> &'static str {
    match state {
        PqqState::Writing(_) => "Being written.",
        PqqState::Submitted(_) => "Submitted. You can submit it again until the deadline.",
        PqqState::NotSubmitted(_) => "Not submitted by the deadline.",
        PqqState::Judging(_) | PqqState::Proposed(_) => "Submitted and being judged.",
        PqqState::Final(_) if state.may_bid() => "You are on the shortlist.",
        PqqState::Final(_) => "You are not on the shortlist.",
    }
}

fn parts(bid: &Bid, standing: &Standing) -> Vec<(String, String, Progress)> {
    let set = standing.paper.questions(bid.call.design());
    let visibilities = Visibilities::of(set, &standing.answers);
    set.sections
        .iter()
        .map(|section| {
            let progress = progress(section, &standing.answers, &visibilities);
            (section.key.clone(), section.title.clone(), progress)
        })
        .collect()
}

fn task_data(bid: &Bid, standing: &Standing) -> Vec<serde_json::Value> {
    parts(bid, standing)
        .into_iter()
        .map(|(key, title, progress)| serde_json::json!({"section": key, "title": title, "progress": progress}))
        .collect()
}

fn tasks(bid: &Loaded<Bid>, standing: &Standing) -> Markup {
    let reach = Reach::of(bid.may("bid.edit"), bid.may("bid.write"));
    let set = standing.paper.questions(bid.call.design());
    let is_theirs =
        |key: &str| reach == Reach::Marked && set.section(key).is_some_and(|section| reach.reaches(section));
    html! {
        ul.nhsuk-task-list {
            @for (key, title, progress) in parts(bid, standing) {
                @let (label, colour) = progress_words(&progress);
                li.nhsuk-task-list__item.nhsuk-task-list__item--with-link {
                    div.nhsuk-task-list__name-and-hint {
                        a.nhsuk-link.nhsuk-task-list__link href=(standing.paper.section_path(bid, &key)) aria-describedby={ (standing.paper.key()) "-" (key) "-status" } { (title) }
                        @if is_theirs(&key) { div.nhsuk-task-list__hint { "Partners write in this section" } }
                    }
                    div.nhsuk-task-list__status id={ (standing.paper.key()) "-" (key) "-status" } { (tag(&label, colour)) }
                }
            }
        }
    }
}

fn progress_words(progress: &Progress) -> (String, TagColour) {
    match progress.state() {
        ProgressState::Completed => ("Complete".into(), TagColour::Green),
        ProgressState::NothingToDo => ("Nothing to do".into(), TagColour::Green),
        ProgressState::NotStarted => ("Not started".into(), TagColour::Grey),
        ProgressState::InProgress => (format!("{} of {} answered", progress.answered, progress.total), TagColour::Blue),
    }
}

fn missing(bid: &Loaded<Bid>, standing: &Standing) -> Markup {
    let lacking = standing.lacking();
    html! {
        h2 { "Before it can be submitted" }
        @if lacking.is_empty() { p { "Nothing is missing. It counts only once it is submitted." } }
        @else {
            p { (count(lacking.len(), "thing")) " to do." }
            ul.nhsuk-list.nhsuk-list--bullet { @for one in lacking.iter().take(8) { li { (one.what()) } } }
            @if lacking.len() > 8 { p { a href={ (bid.path()) "/submission" } { "See the whole list" } } }
        }
        @if bid.may("bid.submit") { (Button::link("Check and submit the bid", format!("{}/submission", bid.path()))) }
    }
}

fn partners(bid: &Bid, standing: &Standing) -> Markup {
    let table = Table::new("Partners and their sign-off").head(["Organisation", "Part", "State", "Sign-off"]).rows(
        standing.partners.iter().zip(&standing.sign_offs).map(|(partner, sign_off)| {
            [
                html! { (partner.organisation.name) (illustrative(partner.organisation.is_illustrative)) },
                html! { (partner.part.label()) },
                html! { (state_tag(&partner.state)) },
                html! { (sign_off.sign_off.in_words()) },
            ]
        }),
    );
    html! {
        (table)
        p { a href={ (bid.path()) "/partners" } { "Invite partners, write commitments, sign" } }
    }
}

fn receipt_list(bid: &Bid, receipts: &[Sealed]) -> Markup {
    html! {
        @if !receipts.is_empty() {
            h2 { "Receipts" }
            ul.nhsuk-list { @for one in receipts {
                li { a href={ (bid.path()) "/receipts/" (one.receipt.number) } { (one.receipt.number) } ": " (one.paper.label()) ", " (on_page(one.submitted_at)) }
            } }
        }
    }
}

/// What assessors, regions, panel and office read: the submission as it was sealed.
async fn for_officials(bid: &Loaded<Bid>) -> Answer {
    let reads = bid.database();
    let submission = sealed::latest(&reads, bid.id, Paper::Bid).await?.ok_or_else(Problem::not_found)?;
    let content = &submission.content;
    let findings: Vec<Finding> = content.findings(bid.call.design());
    let lead = bid.lead(&reads).await?.map(|lead| lead.name);
    let data = serde_json::json!({
        "id": bid.id, "title": content.title, "call": bid.call.key, "state": bid.state.name(),
        "content": content, "receipt": submission.receipt, "principles": findings,
        "late_entry": bid.state.late_entry(), "is_illustrative": bid.is_illustrative,
    });
    let partners = Table::new("Partners").head(["Organisation", "Part", "Cash", "In kind"]).rows(
        content.partners.iter().map(|partner| {
            let commitment = partner.commitment.clone().unwrap_or_default();
            [
                html! { (partner.organisation.name) (illustrative(partner.organisation.is_illustrative)) },
                html! { (partner.part.label()) },
                html! { (super::pieces::amount(commitment.cash)) },
                html! { (super::pieces::amount(commitment.in_kind)) " " (commitment.in_kind_description) },
            ]
        }),
    );
    let page = html! {
        (heading(bid, lead))
        p { "As submitted on " (on_page(submission.submitted_at)) ", receipt " (submission.receipt.number) "." }
        (sealed::view(&bid.call.design().bid_questions, content))
        @if !content.files.is_empty() {
            h2 { "Files" }
            ul.nhsuk-list { @for (id, file) in &content.files { li { a href={ (bid.path()) "/files/" (id) } { (file.name) } } } }
        }
        h2 { "Partners" }
        (partners)
        h2 { "Principles" }
        (principle_summary(bid, &findings))
    };
    Ok(Page::new(content.title.clone(), page)
        .under("/calls", "Calls")
        .under(bid.call.path(), bid.call.title.clone())
        .data(&data)?
        .into())
}
