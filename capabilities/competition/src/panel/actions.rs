//! What happens in the panel room: plan, open, recuse, present, decide, defer, close. Nobody with an interest stays for an item, and nothing is decided without a quorum.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use hiec_access::{grants, people};
use hiec_kernel::people::Person;
use hiec_kernel::{BidId, PersonId, Problem, Role, Scope};
use hiec_store::{AuditEvent, Mail, Reads, Unit};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::decisions::{Decision, DecisionFacts, Proposal, check_budget, decide};
use super::minutes::{ItemFacts, MeetingFacts, Minutes, minutes};
use super::rules::{ItemBid, Member, QuorumRule, Recusal, Seat, quorum, recusals};
use super::states::{ItemState, MeetingState, Presentation};
use super::store::{self, Item, Meeting, NewMeeting};
use crate::calls::stages::Stage;
use crate::calls::store::Call;
use crate::ranking::actions::current;
use crate::ranking::store::{self as rankings, BidLine, StoredRanking};
use crate::refusal::Refusal;

/// A step of a meeting, with the people and bids it is about.
#[derive(Serialize)]
struct MeetingStep {
    meeting: Uuid,
    step: &'static str,
    people: Vec<PersonId>,
    bids: usize,
}

impl AuditEvent for MeetingStep {
    const KIND: &'static str = "panel.meeting";
}

/// Somebody left for an item at their own wish.
#[derive(Serialize)]
struct Recused {
    meeting: Uuid,
    bid: BidId,
    person: PersonId,
}

impl AuditEvent for Recused {
    const KIND: &'static str = "panel.recused";
}

/// A presentation was noted.
#[derive(Serialize)]
struct Presented {
    meeting: Uuid,
    bid: BidId,
}

impl AuditEvent for Presented {
    const KIND: &'static str = "panel.presented";
}

/// The panel decided on a bid.
#[derive(Serialize, Deserialize)]
pub(crate) struct Decided {
    pub meeting: Uuid,
    pub rank: Option<u32>,
    #[serde(flatten)]
    pub decision: Decision,
}

impl AuditEvent for Decided {
    const KIND: &'static str = "panel.decided";

    fn reason(&self) -> Option<&str> {
        Some(self.decision.reason.as_str())
    }
}

/// An item was put off or taken up again.
#[derive(Serialize, Deserialize)]
pub(crate) struct PutOff {
    pub meeting: Uuid,
    pub bid: BidId,
    /// `deferred` or `reopened`.
    pub step: String,
    pub reason: String,
}

impl AuditEvent for PutOff {
    const KIND: &'static str = "panel.item";

    fn reason(&self) -> Option<&str> {
        Some(&self.reason)
    }
}

/// The minutes were signed. The fingerprint is of the minutes as stored.
#[derive(Serialize)]
struct MinutesSigned {
    meeting: Uuid,
    signed_by: PersonId,
    minutes: String,
}

impl AuditEvent for MinutesSigned {
    const KIND: &'static str = "panel.minutes_signed";
}

/// Plans a meeting. The agenda is the final ranking, without what earlier meetings decided. A member who acts for a region
/// sits as its chief, whatever was asked for, so that the rule of recusal finds them.
pub(crate) async fn plan_meeting(unit: &mut Unit, call: &Call, mut new: NewMeeting) -> Result<Uuid, Problem> {
    let call = current(unit, call).await?;
    let stored = final_ranking(unit, &call).await?;
    if call.stage() != Stage::Panel {
        return Err(Problem::conflict(
            "The panel’s time is over: the bidders have been told",
            "Nothing more is decided in this round.",
        ));
    }
    if let Some(before) = store::latest(unit, call.id).await?
        && !matches!(before.state, MeetingState::Closed { .. })
    {
        return Err(Problem::conflict(
            "A meeting of this panel is planned or open already",
            "Close it first; what it leaves undecided goes to the next one.",
        ));
    }
    for member in &mut new.members {
        if let Some(region) = region_of(unit, &call, member.person).await? {
            member.seat = Seat::RegionChief { region };
        }
    }
    check_members(&new.members)?;
    let decided = store::decisions(unit, call.id).await?;
    let agenda: Vec<BidId> =
        stored.ranking.bids.iter().map(|line| line.bid).filter(|bid| !decided.contains_key(bid)).collect();
    if agenda.is_empty() {
        return Err(Problem::conflict("Every ranked bid has been decided", "There is nothing left for a meeting."));
    }
    let id = store::insert(unit, call.id, &new, &agenda).await?;
    step(unit, &call, id, "planned", people_of(&new.members), agenda.len())?;
    for member in &new.members {
        let Some(person) = people::by_id(unit, member.person).await? else {
            continue;
        };
        unit.mail(Mail {
            to: person.email,
            person: Some(person.id),
            subject: format!("{}: {}", new.title, call.title),
            body: format!(
                "You are asked to the award panel of \"{}\" on {}, {}. The agenda: {}/panel\n",
                call.title,
                hiec_kernel::clock::on_page(new.planned_for),
                new.place,
                call.path()
            ),
            about: Some(format!("call:{}", call.id)),
        })
        .await?;
    }
    Ok(id)
}

fn check_members(members: &[Member]) -> Result<(), Problem> {
    let persons: BTreeSet<PersonId> = members.iter().map(|one| one.person).collect();
    let chairs = members.iter().filter(|one| one.seat == Seat::Chair).count();
    let deputies = members.iter().filter(|one| one.seat == Seat::Deputy).count();
    if persons.len() != members.len() {
        return Err(Problem::invalid("Somebody is named twice", "Give each member one seat."));
    }
    if chairs != 1 || deputies > 1 {
        return Err(Problem::invalid(
            "A panel has one independent chair and at most one deputy",
            "Choose one chair who acts for no region, and a deputy for items the chair must leave.",
        ));
    }
    Ok(())
}

async fn region_of(reads: &impl Reads, call: &Call, person: PersonId) -> Result<Option<String>, Problem> {
    let held = grants::of_person(reads, person).await?;
    Ok(call
        .regions
        .iter()
        .find(|region| {
            held.iter().any(|held| held.role == Role::RegionOfficer && held.scope == Scope::Region(region.id))
        })
        .map(|region| region.code.clone()))
}

fn people_of(members: &[Member]) -> Vec<PersonId> {
    members.iter().map(|one| one.person).collect()
}

fn step(
    unit: &mut Unit,
    call: &Call,
    meeting: Uuid,
    step: &'static str,
    people: Vec<PersonId>,
    bids: usize,
) -> Result<(), Problem> {
    let event = MeetingStep { meeting, step, people, bids };
    unit.audit(call.stream(), format!("meeting:{meeting}"), &event)?;
    Ok(())
}

/// The ranking the panel decides on.
pub(crate) async fn final_ranking(reads: &impl Reads, call: &Call) -> Result<Arc<StoredRanking>, Problem> {
    let stored = rankings::latest(reads, call.id).await?;
    match stored {
        Some(stored) if call.acts.ranking_final.is_some() => Ok(stored),
        _ => Err(Problem::conflict(
            "The ranking is not final yet",
            "The panel meets when the regions have had their word and the ranking is final.",
        )),
    }
}

pub(crate) async fn meeting_of(reads: &impl Reads, call: &Call) -> Result<Meeting, Problem> {
    store::latest(reads, call.id).await?.ok_or_else(Problem::not_found)
}

pub(super) async fn item_of(reads: &impl Reads, meeting: &Meeting, bid: BidId) -> Result<Item, Problem> {
    store::items(reads, meeting.id).await?.into_iter().find(|item| item.item.bid == bid).ok_or_else(Problem::not_found)
}

pub(crate) async fn open_meeting(
    unit: &mut Unit,
    call: &Call,
    by: &Person,
    present: BTreeSet<PersonId>,
) -> Result<(), Problem> {
    let meeting = meeting_of(unit, call).await?;
    let people: Vec<PersonId> = present.iter().copied().collect();
    let state = meeting.state.clone().open(by.id, &meeting.members, present, unit.now())?;
    store::save(unit, &meeting, &state, None).await?;
    step(unit, call, meeting.id, "opened", people, 0)
}

/// Notes that a member leaves for an item. Those with an interest and the bid's regions leave without asking.
pub(crate) async fn recuse(unit: &mut Unit, call: &Call, bid: BidId, person: PersonId) -> Result<(), Problem> {
    let meeting = meeting_of(unit, call).await?;
    if !meeting.members.iter().any(|one| one.person == person) {
        return Err(Problem::not_found());
    }
    let mut item = item_of(unit, &meeting, bid).await?;
    if !item.item.is_open() || matches!(meeting.state, MeetingState::Closed { .. }) {
        return Err(Problem::conflict(
            "This item is no longer open",
            "Ask the chair to take it up again if you should have left.",
        ));
    }
    if item.own_wish.contains(&person) {
        return Ok(());
    }
    item.own_wish.push(person);
    store::save_item(unit, &item).await?;
    let event = Recused { meeting: meeting.id, bid, person };
    unit.audit(call.stream(), format!("bid:{bid}"), &event)?;
    Ok(())
}

/// Everybody who leaves for an item, and why.
pub(crate) async fn recusals_of(
    reads: &impl Reads,
    meeting: &Meeting,
    bid: &BidLine,
    own_wish: &[PersonId],
) -> Result<Vec<Recusal>, Problem> {
    let about = ItemBid { bid: bid.id, regions: bid.regions(), conflicted: rankings::conflicted(reads, bid.id).await? };
    Ok(recusals(&meeting.members, &about, own_wish))
}

/// Notes what a bidder presented; the item is called first where it waits.
pub(crate) async fn note_presentation(
    unit: &mut Unit,
    call: &Call,
    bid: BidId,
    presenters: Vec<String>,
    notes: &str,
) -> Result<(), Problem> {
    let meeting = meeting_of(unit, call).await?;
    let mut item = item_of(unit, &meeting, bid).await?;
    item.item = called(item.item, &meeting.state)?
        .present(&meeting.state, Presentation { at: unit.now(), presenters, notes: notes.trim().to_owned() })?;
    store::save_item(unit, &item).await?;
    let event = Presented { meeting: meeting.id, bid };
    unit.audit(call.stream(), format!("bid:{bid}"), &event)?;
    Ok(())
}

fn called(item: super::states::AgendaItem, meeting: &MeetingState) -> Result<super::states::AgendaItem, Refusal> {
    match item.state {
        ItemState::InHand | ItemState::Decided | ItemState::SetAside { .. } => Ok(item),
        ItemState::Waiting | ItemState::Deferred { .. } => item.call(meeting),
    }
}

/// Decides an item: recusals and quorum are worked out now, departures from the rank are computed and need their reason.
/// `by` records it and must not be among those who left.
pub(crate) async fn decide_item(
    unit: &mut Unit,
    call: &Call,
    by: &Person,
    proposal: Proposal,
    discussion: &str,
) -> Result<(), Problem> {
    let call = current(unit, call).await?;
    let stored = final_ranking(unit, &call).await?;
    let meeting = meeting_of(unit, &call).await?;
    let MeetingState::Open { present, .. } = &meeting.state else {
        return Err(Problem::conflict("The meeting is not open", "Items are decided while the meeting is open."));
    };
    let bid = proposal.bid;
    let line = bid_line(unit, &call, bid).await?;
    let mut item = item_of(unit, &meeting, bid).await?;
    let left = recusals_of(unit, &meeting, &line, &item.own_wish).await?;
    if left.iter().any(|one| one.person == by.id) {
        return Err(Problem::forbidden("You are recused from this item", "Leave it to the chair or the deputy."));
    }
    let rule = quorum_rule(&call);
    let able = quorum(rule, &meeting.members, present, &left).map_err(in_one)?;
    if able.presiding != by.id {
        return Err(Problem::forbidden(
            "Somebody else presides over this item",
            "The decision is put on the record by the chair or, where the chair has left, the deputy.",
        ));
    }
    let mut others = store::verdicts(&store::decisions(unit, call.id).await?);
    others.remove(&bid);
    let recused: Vec<PersonId> = left.iter().map(|one| one.person).collect();
    let facts = DecisionFacts {
        ranking: &stored.ranking,
        budget: call.design().award.budget,
        others: &others,
        quorum: &able,
        recused: &recused,
    };
    let decision = decide(proposal, &facts).map_err(in_one)?;
    let event = Decided { meeting: meeting.id, rank: stored.ranking.rank(bid), decision: decision.clone() };
    item.item = called(item.item, &meeting.state)?.decide(&meeting.state, decision)?;
    if !discussion.trim().is_empty() {
        item.discussion = discussion.trim().to_owned();
    }
    store::save_item(unit, &item).await?;
    unit.audit(call.stream(), format!("bid:{bid}"), &event)?;
    Ok(())
}

/// How many must be left to decide an item of this call.
pub(crate) fn quorum_rule(call: &Call) -> QuorumRule {
    QuorumRule { voting: usize::try_from(call.design().award.quorum).unwrap_or(usize::MAX) }
}

async fn bid_line(reads: &impl Reads, call: &Call, bid: BidId) -> Result<BidLine, Problem> {
    rankings::opened_bids(reads, call.id).await?.into_iter().find(|line| line.id == bid).ok_or_else(Problem::not_found)
}

/// Everything that stands in the way as one problem.
pub(crate) fn in_one(refusals: Vec<Refusal>) -> Problem {
    let titles: Vec<String> = refusals.iter().map(|one| one.title.clone()).collect();
    let next: Vec<String> = refusals.into_iter().map(|one| one.next).collect();
    Problem::conflict(titles.join(". "), next.join(" "))
}

/// Puts an item off to a later meeting.
pub(crate) async fn defer_item(unit: &mut Unit, call: &Call, bid: BidId, reason: &str) -> Result<(), Problem> {
    let meeting = meeting_of(unit, call).await?;
    let mut item = item_of(unit, &meeting, bid).await?;
    item.item = called(item.item, &meeting.state)?.defer(&meeting.state, reason)?;
    store::save_item(unit, &item).await?;
    put_off(unit, call, &meeting, bid, "deferred", reason)
}

/// Takes a decided item up again; its decision stays on the record.
pub(crate) async fn reopen_item(unit: &mut Unit, call: &Call, bid: BidId, reason: &str) -> Result<(), Problem> {
    let meeting = meeting_of(unit, call).await?;
    let mut item = item_of(unit, &meeting, bid).await?;
    item.item = item.item.reopen(&meeting.state, reason)?;
    store::save_item(unit, &item).await?;
    put_off(unit, call, &meeting, bid, "reopened", reason)
}

/// Takes the force of the decisions on these bids, after an upheld complaint; answers how many held.
pub(crate) async fn set_decisions_aside(
    unit: &Unit,
    call: &Call,
    bids: &[BidId],
    reason: &str,
) -> Result<usize, Problem> {
    let mut count = 0;
    for mut item in store::items_of_call(unit, call.id).await? {
        if bids.contains(&item.item.bid) && item.item.holds().is_some() {
            item.item = item.item.set_aside(&item.meeting_state, reason)?;
            store::save_item(unit, &item).await?;
            count += 1;
        }
    }
    Ok(count)
}

fn put_off(
    unit: &mut Unit,
    call: &Call,
    meeting: &Meeting,
    bid: BidId,
    step: &'static str,
    reason: &str,
) -> Result<(), Problem> {
    let event = PutOff { meeting: meeting.id, bid, step: step.to_owned(), reason: reason.to_owned() };
    unit.audit(call.stream(), format!("bid:{bid}"), &event)?;
    Ok(())
}

/// Closes the meeting: whoever presides signs the minutes as they are now.
pub(crate) async fn close_meeting(unit: &mut Unit, call: &Call, by: &Person) -> Result<(), Problem> {
    let meeting = meeting_of(unit, call).await?;
    let written = written_minutes(unit, call, &meeting).await?;
    let print = written.fingerprint().map_err(Problem::internal)?;
    let items: Vec<_> = store::items(unit, meeting.id).await?.into_iter().map(|item| item.item).collect();
    let state = meeting.state.clone().close(by.id, &meeting.members, &items, print.clone(), unit.now())?;
    store::save(unit, &meeting, &state, Some(&written)).await?;
    let event = MinutesSigned { meeting: meeting.id, signed_by: by.id, minutes: print.to_string() };
    unit.audit(call.stream(), format!("meeting:{}", meeting.id), &event)?;
    Ok(())
}

/// The minutes: as signed, or as they stand while the meeting is open.
pub(crate) async fn written_minutes(reads: &impl Reads, call: &Call, meeting: &Meeting) -> Result<Minutes, Problem> {
    if let Some(signed) = &meeting.minutes {
        return Ok(signed.clone());
    }
    let MeetingState::Open { since, present } = &meeting.state else {
        return Err(Problem::not_found());
    };
    let stored = final_ranking(reads, call).await?;
    let lines: BTreeMap<BidId, BidLine> =
        rankings::opened_bids(reads, call.id).await?.into_iter().map(|line| (line.id, line)).collect();
    let mut names = BTreeMap::new();
    for member in &meeting.members {
        if let Some(person) = people::by_id(reads, member.person).await? {
            names.insert(member.person, person.name);
        }
    }
    let mut facts = Vec::new();
    for item in store::items(reads, meeting.id).await? {
        let Some(line) = lines.get(&item.item.bid) else {
            continue;
        };
        let ranked = stored.ranking.of(line.id);
        facts.push(ItemFacts {
            title: format!("{} ({})", line.title, line.lead),
            rank: ranked.and_then(|line| line.rank()),
            total: ranked.and_then(|line| line.total.as_ref()).map(|total| total.percent.to_string()),
            recusals: recusals_of(reads, meeting, line, &item.own_wish).await?,
            discussion: item.discussion,
            item: item.item,
        });
    }
    let meeting_facts = MeetingFacts {
        title: meeting.title.clone(),
        place: meeting.place.clone(),
        opened: *since,
        members: meeting.members.clone(),
        present: present.iter().copied().collect(),
        names,
    };
    let decided = store::verdicts(&store::decisions(reads, call.id).await?);
    let budget = check_budget(call.design().award.budget, &decided);
    Ok(minutes(&meeting_facts, &facts, budget))
}
