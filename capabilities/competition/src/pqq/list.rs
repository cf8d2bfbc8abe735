//! `/calls/{call}/pqqs`: every questionnaire and where it stands; a region sees its own, and nobody one they have an interest in.

use std::collections::BTreeSet;

use axum::extract::Query;
use hiec_kernel::BidId;
use hiec_web::components::own::Paging;
use hiec_web::components::{Button, Cell, Column, Table, Tag, TagColour};
use hiec_web::{Answer, Done, Loaded, Page, WantsData};
use maud::{Markup, html};
use serde::{Deserialize, Serialize};

use super::actions;
use super::rules::{Outcome, PqqState};
use super::store::{self, Line};
use crate::calls::design::{CallDesign, MilestoneKey};
use crate::calls::stages::{closing, pqq_deadline};
use crate::calls::store::Call;
use crate::interests::store as interests;

#[derive(Serialize)]
struct Shown {
    bid: BidId,
    title: String,
    lead: String,
    regions: Vec<String>,
    state: &'static str,
    outcome: Option<Outcome>,
    /// Tests decided, of all.
    decided: usize,
    tests: usize,
    challenges_open: usize,
    is_illustrative: bool,
    #[serde(skip)]
    is_readable: bool,
}

/// Which part of the list is looked at.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub struct Look {
    page: Option<usize>,
}

pub async fn get(call: Loaded<Call>, Query(look): Query<Look>, WantsData(is_whole): WantsData) -> Answer {
    let hidden =
        interests::hidden_from(&call.database(), call.id, call.subject.person.as_ref().map(|person| person.id)).await?;
    let own_regions = (!call.may("call.pqq.all.list")).then(|| store::acts_for(&call.subject, &call));
    let after = pqq_deadline(call.design()).is_some_and(|deadline| !deadline.admits(call.now()));
    let visible: Vec<BidId> = store::places(&call.database(), call.id)
        .await?
        .into_iter()
        .filter(|place| !hidden.contains(&place.bid))
        .filter(|place| own_regions.as_ref().is_none_or(|own| place.regions.iter().any(|region| own.contains(region))))
        .map(|place| place.bid)
        .collect();
    let paging = if is_whole { Paging::whole(visible.len()) } else { Paging::of(look.page, visible.len()) };
    let part: BTreeSet<BidId> = paging.part(&visible).iter().copied().collect();
    let lines: Vec<Shown> = store::of_bids(&call.database(), call.id, &part)
        .await?
        .into_iter()
        .map(|line| shown(line, call.design(), after))
        .collect();
    let content = view(&call, &lines, after, hidden.len(), paging);
    let page = Page::new("Questionnaires and shortlist", content);
    let page = if is_whole { page.data(&lines)? } else { page };
    Ok(page.under("/calls", "Calls").under(call.path(), call.title.clone()).wide().into())
}

fn shown(line: Line, design: &CallDesign, after_deadline: bool) -> Shown {
    let tests = &design.pqq_tests;
    let judged = match &line.state {
        PqqState::Judging(judging) => Some(judging),
        PqqState::Proposed(proposed) => Some(&proposed.judged),
        PqqState::Final(outcome) => Some(&outcome.proposed.judged),
        _ => None,
    };
    let words = match &line.state {
        PqqState::Proposed(proposed) => proposed.words.as_slice(),
        PqqState::Final(outcome) => outcome.proposed.words.as_slice(),
        _ => &[],
    };
    Shown {
        decided: judged.map_or(0, |judged| tests.iter().filter(|test| judged.decision(&test.key).is_some()).count()),
        tests: tests.len(),
        outcome: match &line.state {
            PqqState::Proposed(proposed) => Some(proposed.outcome_now()),
            PqqState::Final(outcome) => Some(outcome.outcome),
            _ => None,
        },
        challenges_open: words
            .iter()
            .filter(|word| word.challenge.as_ref().is_some_and(|one| one.answer.is_none()))
            .count(),
        is_readable: match &line.state {
            PqqState::Writing(_) | PqqState::NotSubmitted(_) => false,
            PqqState::Submitted(_) => after_deadline,
            _ => true,
        },
        state: in_words(&line.state),
        regions: store::regions_of(&line.region, &line.other_regions).into_iter().collect(),
        bid: line.bid,
        title: line.title,
        lead: line.lead,
        is_illustrative: line.is_illustrative,
    }
}

pub(super) fn in_words(state: &PqqState) -> &'static str {
    match state {
        PqqState::Writing(_) => "Being written",
        PqqState::Submitted(_) => "Submitted",
        PqqState::NotSubmitted(_) => "Not submitted",
        PqqState::Judging(_) => "Being judged",
        PqqState::Proposed(_) => "Before the regions",
        PqqState::Final(_) => "Final",
    }
}

pub(super) fn outcome_tag(outcome: Outcome) -> Tag {
    Tag::new(outcome.label()).colour(match outcome {
        Outcome::Shortlisted => TagColour::Green,
        Outcome::NotShortlisted => TagColour::Red,
    })
}

fn view(call: &Loaded<Call>, lines: &[Shown], after: bool, hidden: usize, paging: Paging) -> Markup {
    let rows = lines.iter().map(|line| {
        let title = if line.is_readable {
            html! { a href={ "/bids/" (line.bid) "/pqq-judgement" } { (line.title) } }
        } else {
            html! { (line.title) }
        };
        vec![
            Cell::new(
                html! { (title) @if line.is_illustrative { " " (Tag::new("illustrative").colour(TagColour::Grey)) } },
            ),
            Cell::new(line.lead.as_str()),
            Cell::new(line.regions.join(", ")),
            Cell::new(line.state),
            Cell::new(format!("{} of {}", line.decided, line.tests)),
            Cell::new(html! {
                @match line.outcome { Some(outcome) => (outcome_tag(outcome)), None => "Open" }
                @if line.challenges_open > 0 { " " (Tag::new("challenge to answer").colour(TagColour::Orange)) }
            }),
        ]
    });
    html! {
        h1 { span.nhsuk-caption-xl { (call.title) } "Questionnaires and shortlist" }
        p {
            @match pqq_deadline(call.design()) {
                Some(deadline) => { "Questionnaires: " (deadline.countdown(call.now())) ". They are read together, after the deadline." }
                None => "This call has no questionnaire: every registered partnership may bid."
            }
        }
        @if let Some(deadline) = closing(call.design(), MilestoneKey::ShortlistChallenge) {
            p { "Regions confirm or challenge: " (deadline.countdown(call.now())) "." }
        }
        @if hidden > 0 { p { "Not shown: " (hidden) " in which you have an interest." } }
        @if lines.is_empty() {
            p { "There is no questionnaire here yet. They appear when partnerships form." }
        } @else {
            (Table::new("Questionnaires by region")
                .head([Column::new("Partnership"), Column::new("Lead"), Column::new("Regions"), Column::new("State"),
                       Column::new("Tests decided"), Column::new("Outcome")])
                .first_cell_is_header(true)
                .rows(rows))
            (paging.links(&format!("{}/pqqs", call.path())))
        }
        @if after && call.acts.shortlist_final.is_none() {
            @if call.may("call.shortlist.propose") {
                h2 { "Propose the shortlist" }
                p { "When every test of every questionnaire is decided. The regions are told by e-mail and confirm or challenge each outcome." }
                form method="post" action={ (call.path()) "/shortlist-proposal" } { (Button::new("Propose the shortlist").secondary()) }
            }
            @if call.may("call.shortlist.finalise") {
                h2 { "Make the shortlist final" }
                p { "When every region has spoken or its time is over, and every challenge is answered. Each bidder is told the outcome with reasons by e-mail. This cannot be undone." }
                form method="post" action={ (call.path()) "/shortlist" } {
                    (Button::new("Make the shortlist final").confirm("Make the shortlist final and tell every bidder?"))
                }
            }
        }
        @if let Some(at) = call.acts.shortlist_final { p { "The shortlist became final on " (hiec_kernel::clock::on_page(at)) "." } }
    }
}

pub async fn propose(call: Loaded<Call>) -> Answer {
    let mut unit = call.begin().await?;
    actions::propose_shortlist(&mut unit, &call).await?;
    unit.commit().await?;
    Ok(Done::to(format!("{}/pqqs", call.path())).saying("The shortlist is before the regions.").into())
}

pub async fn finalise(call: Loaded<Call>) -> Answer {
    let mut unit = call.begin().await?;
    actions::finalise_shortlist(&mut unit, &call).await?;
    unit.commit().await?;
    Ok(Done::to(format!("{}/pqqs", call.path()))
        .saying("The shortlist is final. Every bidder has been told with reasons.")
        .into())
}
