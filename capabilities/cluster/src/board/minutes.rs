//! The minutes of a meeting as data: who came, who stood aside, what was said, decided and given to do. Signed, they never change.

use hiec_kernel::clock::{day_on_page, london_date, on_page};
use hiec_kernel::{Fingerprint, PersonId, Problem};
use hiec_reports::{Block, Column, Level, Report, Table};
use hiec_store::Reads;
use serde::{Deserialize, Serialize};

use super::records;
use super::states::MeetingState;
use super::store::{self, Meeting};
use crate::clusters::store::Cluster;
use crate::desk::names;

/// What was written of a meeting.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct Minutes {
    pub title: String,
    /// As printed: `1 March 2011 at 2:00pm`.
    pub held: String,
    pub place: String,
    pub present: Vec<String>,
    pub apologies: Vec<String>,
    pub is_quorate: bool,
    pub items: Vec<MinutedItem>,
    pub actions: Vec<MinutedAction>,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct MinutedItem {
    pub place: i64,
    pub title: String,
    /// `Ada Example stood aside: works for an organisation it touches`
    pub aside: Vec<String>,
    pub minutes: String,
    pub decisions: Vec<MinutedDecision>,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct MinutedDecision {
    pub number: i64,
    pub title: String,
    pub chosen: String,
    pub reason: String,
    pub dissent: String,
    pub review_on: String,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct MinutedAction {
    pub number: i64,
    pub what: String,
    pub owner: String,
    pub due_on: String,
}

impl Minutes {
    pub fn fingerprint(&self) -> Result<Fingerprint, Problem> {
        Fingerprint::of(self).map_err(Problem::internal)
    }
}

/// The minutes as signed, or as they stand; not there before the meeting was held.
pub(crate) async fn written(reads: &impl Reads, cluster: &Cluster, meeting: &Meeting) -> Result<Minutes, Problem> {
    if let Some(signed) = &meeting.minutes {
        return Ok(signed.clone());
    }
    let held = meeting.state.held().ok_or_else(Problem::not_found)?;
    let mut wanted: Vec<PersonId> = held.present.iter().chain(&held.apologies).copied().collect();
    wanted.extend(held.aside.iter().map(|one| one.person));
    let names = names(reads, wanted).await?;
    let name = |person: &PersonId| names.get(person).cloned().unwrap_or_default();
    let members = store::members(reads, meeting.body.id).await?;
    let day = london_date(meeting.starts_at);
    let with_capacity = |person: &PersonId| match members.iter().find(|one| one.person == *person && one.sits_on(day)) {
        Some(member) => format!("{} ({})", name(person), member.capacity.label().to_lowercase()),
        None => name(person),
    };
    let decisions = records::decisions(reads, cluster.id).await?;
    let deeds = records::deeds(reads, cluster.id).await?;
    let items = store::items(reads, meeting.id).await?;
    let first = items.first().map(|item| item.id);
    let items = items
        .into_iter()
        .map(|item| {
            let mut taken: Vec<MinutedDecision> = decisions
                .iter()
                // One that names no item stands with the first.
                .filter(|one| one.meeting == meeting.id && one.item.or(first) == Some(item.id))
                .map(|one| MinutedDecision {
                    number: one.number,
                    title: one.record.title.clone(),
                    chosen: one.record.chosen.clone(),
                    reason: one.record.reason.clone(),
                    dissent: one.record.dissent.clone(),
                    review_on: day_on_page(one.review_on),
                })
                .collect();
            taken.sort_by_key(|one| one.number);
            MinutedItem {
                place: item.place,
                aside: held
                    .aside
                    .iter()
                    .filter(|one| one.item == item.id)
                    .map(|one| format!("{} stood aside: {}", name(&one.person), one.because))
                    .collect(),
                title: item.title,
                minutes: item.minutes,
                decisions: taken,
            }
        })
        .collect();
    let mut actions: Vec<MinutedAction> = deeds
        .into_iter()
        .filter(|deed| deed.meeting_id == meeting.id)
        .map(|deed| MinutedAction {
            number: deed.number,
            what: deed.what,
            owner: deed.owner,
            due_on: day_on_page(deed.due_on),
        })
        .collect();
    actions.sort_by_key(|one| one.number);
    Ok(Minutes {
        title: meeting.title(),
        held: on_page(meeting.starts_at),
        place: meeting.place.clone(),
        present: held.present.iter().map(with_capacity).collect(),
        apologies: held.apologies.iter().map(with_capacity).collect(),
        is_quorate: held.is_quorate,
        items,
        actions,
    })
}

/// The minutes as a document for page, text and PDF.
pub(crate) fn report(
    cluster: &Cluster,
    meeting: &Meeting,
    minutes: &Minutes,
    signer: Option<&str>,
    is_demo: bool,
) -> Report {
    let mut body = vec![Block::facts([
        ("Held", Some(minutes.held.clone())),
        ("Place", Some(minutes.place.clone())),
        ("Present", Some(minutes.present.join("; "))),
        ("Apologies", Some(if minutes.apologies.is_empty() { "None".into() } else { minutes.apologies.join("; ") })),
        (
            "Quorum",
            Some(if minutes.is_quorate { "Reached".into() } else { "Not reached: nothing could be decided".into() }),
        ),
    ])];
    for item in &minutes.items {
        body.push(Block::heading(Level::One, format!("{}. {}", item.place, item.title)));
        if !item.aside.is_empty() {
            body.push(Block::note("Interests", item.aside.join(". ")));
        }
        if !item.minutes.is_empty() {
            body.push(Block::paragraph(item.minutes.clone()));
        }
        for decision in &item.decisions {
            body.push(Block::note(
                format!("Decision {}", decision.number),
                format!("{}: {}. {}", decision.title, decision.chosen, decision.reason),
            ));
            let dissent = (!decision.dissent.is_empty()).then(|| decision.dissent.clone());
            body.push(Block::facts([
                ("Dissent", dissent),
                ("To be looked at again on", Some(decision.review_on.clone())),
            ]));
        }
    }
    if !minutes.actions.is_empty() {
        body.push(Block::heading(Level::One, "Actions"));
        let rows = minutes
            .actions
            .iter()
            .map(|one| [one.number.to_string(), one.what.clone(), one.owner.clone(), one.due_on.clone()]);
        let columns = [Column::figure("No."), Column::wide("What", 3), Column::words("Owner"), Column::words("Due")];
        body.push(Table::of("Actions", columns, rows).into());
    }
    let print = match &meeting.state {
        MeetingState::Signed(signed) => {
            let by = signer.unwrap_or("the chair");
            body.push(Block::heading(Level::One, "Approval"));
            body.push(Block::paragraph(format!("Signed as a true record by {by}, {}.", on_page(signed.signed_at))));
            Some(signed.minutes.clone())
        }
        _ => {
            body.insert(0, Block::note("Draft", "The chair has not signed these minutes."));
            None
        }
    };
    Report {
        eyebrow: Some(format!("Minutes · {}", cluster.short_name)),
        title: minutes.title.clone(),
        subtitle: None,
        author: cluster.name.clone(),
        dated: london_date(meeting.starts_at),
        body,
        illustrative: is_demo,
        fingerprint: print,
    }
}
