//! The minutes of a panel meeting as data: what happened, item by item, ready to be signed and printed. They never say more of a recused member than that they left and why.

use std::collections::BTreeMap;

use hiec_kernel::clock::on_page;
use hiec_kernel::{Fingerprint, PersonId, Timestamp};
use serde::{Deserialize, Serialize};

use super::decisions::{BudgetCheck, Decision};
use super::rules::{Member, Recusal, Seat};
use super::states::{AgendaItem, ItemState};

/// What the minutes say at the head.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MeetingFacts {
    pub title: String,
    pub place: String,
    pub opened: Timestamp,
    pub members: Vec<Member>,
    pub present: Vec<PersonId>,
    /// Names as they are to be printed.
    pub names: BTreeMap<PersonId, String>,
}

/// An item with what is known of it at the meeting.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ItemFacts {
    pub item: AgendaItem,
    /// The bid's reference and title.
    pub title: String,
    pub rank: Option<u32>,
    pub total: Option<String>,
    pub recusals: Vec<Recusal>,
    pub discussion: String,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Minutes {
    pub title: String,
    pub place: String,
    /// As printed: `20 November 2009 at 10:00am`.
    pub held: String,
    pub present: Vec<String>,
    pub apologies: Vec<String>,
    pub items: Vec<MinutedItem>,
    pub budget: BudgetCheck,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct MinutedItem {
    pub number: usize,
    pub title: String,
    /// `Rank 9, 67.69%`, or that it is not ranked.
    pub standing: String,
    /// `Ada Example left: has an interest in the bid`.
    pub recusals: Vec<String>,
    pub presentations: Vec<String>,
    pub discussion: String,
    /// Every decision taken, the first ones too.
    pub decisions: Vec<MinutedDecision>,
    /// Why it was deferred or taken up again.
    pub notes: Vec<String>,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct MinutedDecision {
    /// `Fund, £500,000`.
    pub decision: String,
    pub reason: String,
    /// `This decision funds rank 9 above rank 7.`
    pub departures: Vec<String>,
    /// `Ada Example presided; 5 voting members took part.`
    pub quorum: String,
    pub votes: Option<String>,
    /// False for one that a later decision stands beside.
    pub holds: bool,
}

impl Minutes {
    /// What the chair signs: changes with every word.
    pub fn fingerprint(&self) -> Result<Fingerprint, serde_json::Error> {
        Fingerprint::of(self)
    }
}

/// Writes the minutes.
pub fn minutes(meeting: &MeetingFacts, items: &[ItemFacts], budget: BudgetCheck) -> Minutes {
    let seated = |is_present: bool| -> Vec<String> {
        meeting
            .members
            .iter()
            .filter(|member| meeting.present.contains(&member.person) == is_present)
            .map(|member| format!("{} ({})", name(&meeting.names, member.person), seat(&member.seat)))
            .collect()
    };
    Minutes {
        title: meeting.title.clone(),
        place: meeting.place.clone(),
        held: on_page(meeting.opened),
        present: seated(true),
        apologies: seated(false),
        items: items.iter().zip(1..).map(|(item, number)| minuted(number, item, &meeting.names)).collect(),
        budget,
    }
}

fn minuted(number: usize, facts: &ItemFacts, names: &BTreeMap<PersonId, String>) -> MinutedItem {
    let mut notes: Vec<String> = facts.item.reopened.iter().map(|reason| format!("Taken up again: {reason}")).collect();
    if let ItemState::Deferred { reason } = &facts.item.state {
        notes.push(format!("Deferred: {reason}"));
    }
    let last = facts.item.decisions.len();
    MinutedItem {
        number,
        title: facts.title.clone(),
        standing: match (facts.rank, &facts.total) {
            (Some(rank), Some(total)) => format!("Rank {rank}, {total}%"),
            (None, Some(total)) => format!("Not ranked, {total}%"),
            (_, None) => "Not ranked".into(),
        },
        recusals: facts
            .recusals
            .iter()
            .map(|recusal| format!("{} left: {}", name(names, recusal.person), recusal.cause.label()))
            .collect(),
        presentations: facts
            .item
            .presentations
            .iter()
            .map(|shown| format!("{} presented on {}. {}", shown.presenters.join(", "), on_page(shown.at), shown.notes))
            .collect(),
        discussion: facts.discussion.clone(),
        decisions: facts
            .item
            .decisions
            .iter()
            .zip(1..)
            .map(|(decision, count)| {
                let holds = count == last && facts.item.holds().is_some();
                minuted_decision(decision, holds, names)
            })
            .collect(),
        notes,
    }
}

fn minuted_decision(decision: &Decision, holds: bool, names: &BTreeMap<PersonId, String>) -> MinutedDecision {
    let verdict = decision.verdict.label();
    let amount = decision.amount;
    MinutedDecision {
        decision: if amount.0 == 0 { verdict.into() } else { format!("{verdict}, {amount}") },
        reason: decision.reason.to_string(),
        departures: decision.departures.iter().map(|departure| format!("This decision {departure}.")).collect(),
        quorum: format!(
            "{} presided{}; {} voting members took part.",
            name(names, decision.quorum.presiding),
            if decision.quorum.is_deputy { " as deputy" } else { "" },
            decision.quorum.voting.len()
        ),
        votes: decision.votes.as_ref().map(|votes| {
            let recused = match decision.recused.len() {
                0 => String::new(),
                count => format!(", {count} recused"),
            };
            let named = |people: &[PersonId]| people.iter().map(|one| name(names, *one)).collect::<Vec<_>>().join(", ");
            let mut said = format!("{}{recused}.", votes.statement());
            for (what, people) in
                [("For", &votes.in_favour), ("Against", &votes.against), ("Abstained", &votes.abstained)]
            {
                if !people.is_empty() {
                    said.push_str(&format!(" {what}: {}.", named(people)));
                }
            }
            said
        }),
        holds,
    }
}

fn name(names: &BTreeMap<PersonId, String>, person: PersonId) -> &str {
    names.get(&person).map_or("A member", String::as_str)
}

fn seat(seat: &Seat) -> String {
    match seat {
        Seat::Chair => "independent chair".into(),
        Seat::Deputy => "deputy chair".into(),
        Seat::Member => "member".into(),
        Seat::RegionChief { region } => format!("chief executive, {region}"),
        Seat::Observer => "observer".into(),
    }
}

#[cfg(test)]
mod tests {
    use hiec_kernel::clock::from_london;
    use hiec_kernel::{BidId, Money};
    use uuid::Uuid;

    use super::*;
    use crate::panel::decisions::{Verdict, Votes};
    use crate::panel::rules::tests::{members, person};
    use crate::panel::rules::{Quorum, RecusalCause};
    use crate::panel::states::MeetingState;
    use crate::refusal::Reason;

    #[test]
    fn everything_decided_and_everybody_who_left_is_in_the_minutes() {
        let opened = from_london("2009-11-20T10:00").unwrap();
        let meeting = MeetingState::Planned.open(person(1), &members(), (1..=5).map(person).collect(), opened).unwrap();
        let bid = BidId(Uuid::from_u128(1));
        let decision = |verdict, amount| Decision {
            bid,
            verdict,
            amount: Money(amount),
            reason: Reason::parse("the only bid of its region").unwrap(),
            departures: vec!["funds rank 9 above rank 7".into()],
            quorum: Quorum { presiding: person(2), is_deputy: true, voting: vec![person(2), person(3), person(4)] },
            recused: vec![person(1)],
            votes: Some(Votes {
                in_favour: vec![person(2), person(3)],
                against: vec![person(4)],
                abstained: Vec::new(),
            }),
        };
        let item = AgendaItem::new(bid)
            .call(&meeting)
            .and_then(|item| item.decide(&meeting, decision(Verdict::Reserve, 0)))
            .and_then(|item| item.reopen(&meeting, "a figure came in"))
            .and_then(|item| item.decide(&meeting, decision(Verdict::Fund, 50_000_000)))
            .unwrap();
        let facts = MeetingFacts {
            title: "Award panel".into(),
            place: "London".into(),
            opened,
            members: members(),
            present: (1..=5).map(person).collect(),
            names: [(person(1), "Ada Example".to_owned()), (person(2), "Bo Example".to_owned())].into(),
        };
        let budget = BudgetCheck { budget: Money(1), granted: Money(1), left: Money(0) };
        let written = minutes(
            &facts,
            &[ItemFacts {
                item,
                title: "Bid 12".into(),
                rank: Some(9),
                total: Some("67.69".into()),
                recusals: vec![Recusal { person: person(1), cause: RecusalCause::Interest }],
                discussion: "Governance was discussed.".into(),
            }],
            budget,
        );
        assert_eq!(written.held, "20 November 2009 at 10:00am");
        assert_eq!(written.present[0], "Ada Example (independent chair)");
        assert_eq!(written.apologies.len(), 2);
        let item = &written.items[0];
        assert_eq!(item.standing, "Rank 9, 67.69%");
        assert_eq!(item.recusals, ["Ada Example left: has an interest in the bid"]);
        assert_eq!(item.notes, ["Taken up again: a figure came in"]);
        assert_eq!(item.decisions[1].decision, "Fund, £500,000");
        assert_eq!((item.decisions[0].holds, item.decisions[1].holds), (false, true));
        assert_eq!(item.decisions[1].quorum, "Bo Example presided as deputy; 3 voting members took part.");
        assert_eq!(
            item.decisions[1].votes.as_deref(),
            Some("2 for, 1 against, 0 abstained, 1 recused. For: Bo Example, A member. Against: A member.")
        );
        let mut altered = written.clone();
        altered.items[0].discussion.push('.');
        assert_ne!(altered.fingerprint().unwrap(), written.fingerprint().unwrap());
    }
}
