//! Recusals and quorum: who must leave for an item, and whether enough are left to decide it. It never lets a person with an interest stay.

use std::collections::BTreeSet;

use hiec_kernel::{BidId, PersonId};
use serde::{Deserialize, Serialize};

use crate::refusal::Refusal;

/// A seat on the panel.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "seat", rename_all = "snake_case")]
pub enum Seat {
    /// The independent chair.
    Chair,
    /// Takes the chair for items from which the chair is recused, or in the chair's absence.
    Deputy,
    /// An independent expert or a department leader.
    Member,
    /// The chief executive of a region, by its code.
    RegionChief { region: String },
    /// Listens; neither speaks for a decision nor votes.
    Observer,
}

impl Seat {
    pub fn votes(&self) -> bool {
        !matches!(self, Self::Observer)
    }
}

/// A member of the panel.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Member {
    pub person: PersonId,
    #[serde(flatten)]
    pub seat: Seat,
}

/// Why somebody leaves for an item.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecusalCause {
    /// A conflict with the bid stands.
    Interest,
    /// Heads the region the bid would work in, which also helped it in dialogue.
    OwnRegion,
    /// Said so at the meeting.
    OwnWish,
}

impl RecusalCause {
    pub fn label(self) -> &'static str {
        match self {
            Self::Interest => "has an interest in the bid",
            Self::OwnRegion => "heads the region of the bid",
            Self::OwnWish => "asked to be recused",
        }
    }
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Recusal {
    pub person: PersonId,
    pub cause: RecusalCause,
}

/// The bid an item is about, as far as recusals look.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ItemBid {
    pub bid: BidId,
    /// All its regions, by code: a bid across two recuses both chief executives.
    pub regions: Vec<String>,
    /// People with a standing conflict with it.
    pub conflicted: BTreeSet<PersonId>,
}

/// Everybody who must leave for this item, each once, in the order of the members. Observers leave as well. Those who ask
/// to leave come last.
pub fn recusals(members: &[Member], item: &ItemBid, own_wish: &[PersonId]) -> Vec<Recusal> {
    let mut recusals: Vec<Recusal> = members
        .iter()
        .filter_map(|member| {
            let cause = if item.conflicted.contains(&member.person) {
                RecusalCause::Interest
            } else if matches!(&member.seat, Seat::RegionChief { region } if item.regions.contains(region)) {
                RecusalCause::OwnRegion
            } else {
                return None;
            };
            Some(Recusal { person: member.person, cause })
        })
        .collect();
    for member in members {
        if own_wish.contains(&member.person) && !recusals.iter().any(|one| one.person == member.person) {
            recusals.push(Recusal { person: member.person, cause: RecusalCause::OwnWish });
        }
    }
    recusals
}

/// How many must be left to decide.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct QuorumRule {
    /// Voting members present after recusals, whoever presides among them.
    pub voting: usize,
}

impl QuorumRule {
    pub fn statement(self) -> String {
        format!(
            "An item is decided by at least {} voting members, after those with an interest and the chief executives of the bid’s regions have left, with the independent chair or, if the chair is away or recused, the deputy presiding.",
            self.voting
        )
    }
}

/// Who decides an item.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Quorum {
    pub presiding: PersonId,
    /// The deputy presides.
    pub is_deputy: bool,
    /// In the order of the members.
    pub voting: Vec<PersonId>,
}

/// Checks the quorum of an item after its recusals; says everything that is short.
pub fn quorum(
    rule: QuorumRule,
    members: &[Member],
    present: &BTreeSet<PersonId>,
    recusals: &[Recusal],
) -> Result<Quorum, Vec<Refusal>> {
    let stays =
        |member: &&Member| present.contains(&member.person) && !recusals.iter().any(|one| one.person == member.person);
    let voting: Vec<PersonId> =
        members.iter().filter(stays).filter(|member| member.seat.votes()).map(|member| member.person).collect();
    let seated =
        |seat: &Seat| members.iter().filter(stays).find(|member| member.seat == *seat).map(|member| member.person);
    let presiding =
        seated(&Seat::Chair).map(|chair| (chair, false)).or_else(|| seated(&Seat::Deputy).map(|deputy| (deputy, true)));
    let mut short = Vec::new();
    if voting.len() < rule.voting {
        short.push(Refusal::new(
            format!("Only {} of the {} voting members needed are left for this item", voting.len(), rule.voting),
            "Defer the item to a meeting with more members, or ask the office to appoint some without an interest.",
        ));
    }
    match presiding {
        Some((presiding, is_deputy)) if short.is_empty() => Ok(Quorum { presiding, is_deputy, voting }),
        Some(_) => Err(short),
        None => {
            short.push(Refusal::new(
                "Neither the chair nor the deputy may preside over this item",
                "Defer the item, or ask the office to appoint a deputy without an interest.",
            ));
            Err(short)
        }
    }
}

/// What the office sees before the meeting: the items that will have no quorum if everybody comes.
pub fn items_without_quorum(rule: QuorumRule, members: &[Member], items: &[ItemBid]) -> Vec<(BidId, Vec<Refusal>)> {
    let everybody: BTreeSet<PersonId> = members.iter().map(|member| member.person).collect();
    items
        .iter()
        .filter_map(|item| {
            let left = recusals(members, item, &[]);
            quorum(rule, members, &everybody, &left).err().map(|short| (item.bid, short))
        })
        .collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    pub(crate) fn person(number: u128) -> PersonId {
        PersonId(Uuid::from_u128(number))
    }

    /// Chair 1, deputy 2, members 3 and 4, chief executives 5 (London) and 6 (East of England), observer 7.
    pub(crate) fn members() -> Vec<Member> {
        let chief = |region: &str| Seat::RegionChief { region: region.into() };
        [Seat::Chair, Seat::Deputy, Seat::Member, Seat::Member, chief("LON"), chief("EOE"), Seat::Observer]
            .into_iter()
            .zip(1..)
            .map(|(seat, number)| Member { person: person(number), seat })
            .collect()
    }

    fn item(regions: &[&str], conflicted: &[u128]) -> ItemBid {
        ItemBid {
            bid: BidId(Uuid::from_u128(1)),
            regions: regions.iter().map(|code| (*code).to_owned()).collect(),
            conflicted: conflicted.iter().copied().map(person).collect(),
        }
    }

    fn everybody() -> BTreeSet<PersonId> {
        (1..=7).map(person).collect()
    }

    #[test]
    fn a_bid_across_two_regions_recuses_both_chief_executives() {
        let left = recusals(&members(), &item(&["LON", "EOE"], &[3]), &[person(4), person(5)]);
        let causes: Vec<(PersonId, RecusalCause)> = left.iter().map(|one| (one.person, one.cause)).collect();
        assert_eq!(
            causes,
            [
                (person(3), RecusalCause::Interest),
                (person(5), RecusalCause::OwnRegion),
                (person(6), RecusalCause::OwnRegion),
                (person(4), RecusalCause::OwnWish),
            ]
        );
    }

    #[test]
    fn the_deputy_takes_over_from_a_recused_or_absent_chair() {
        let rule = QuorumRule { voting: 3 };
        let chaired = quorum(rule, &members(), &everybody(), &[]).unwrap();
        assert_eq!((chaired.presiding, chaired.is_deputy, chaired.voting.len()), (person(1), false, 6));
        let left = recusals(&members(), &item(&["LON"], &[1]), &[]);
        let deputised = quorum(rule, &members(), &everybody(), &left).unwrap();
        assert_eq!((deputised.presiding, deputised.is_deputy, deputised.voting.len()), (person(2), true, 4));
        let absent: BTreeSet<PersonId> = (2..=7).map(person).collect();
        assert!(quorum(rule, &members(), &absent, &[]).unwrap().is_deputy);
        let both = recusals(&members(), &item(&[], &[1, 2]), &[]);
        let short = quorum(rule, &members(), &everybody(), &both).unwrap_err();
        assert_eq!(short[0].title, "Neither the chair nor the deputy may preside over this item");
    }

    #[test]
    fn quorum_is_counted_after_recusals_and_without_observers() {
        let left = recusals(&members(), &item(&["LON", "EOE"], &[3]), &[]);
        assert!(quorum(QuorumRule { voting: 3 }, &members(), &everybody(), &left).is_ok());
        let short = quorum(QuorumRule { voting: 4 }, &members(), &everybody(), &left).unwrap_err();
        assert_eq!(short[0].title, "Only 3 of the 4 voting members needed are left for this item");
        assert_eq!(quorum(QuorumRule { voting: 1 }, &members(), &BTreeSet::new(), &[]).unwrap_err().len(), 2);
        let items = [item(&["NW"], &[]), item(&["LON", "EOE"], &[3])];
        assert_eq!(items_without_quorum(QuorumRule { voting: 4 }, &members(), &items).len(), 1);
    }

    proptest! {
        /// Nobody with an interest, of a bid's region, absent or without a vote decides an item.
        #[test]
        fn only_the_free_and_present_decide(conflicted in prop::collection::btree_set(1_u128..8, 0..5), present in prop::collection::btree_set(1_u128..8, 0..8), london in any::<bool>()) {
            let conflicted: Vec<u128> = conflicted.into_iter().collect();
            let item = item(if london { &["LON"] } else { &[] }, &conflicted);
            let present: BTreeSet<PersonId> = present.into_iter().map(person).collect();
            let left = recusals(&members(), &item, &[]);
            if let Ok(quorum) = quorum(QuorumRule { voting: 2 }, &members(), &present, &left) {
                prop_assert!(quorum.voting.len() >= 2 && quorum.voting.contains(&quorum.presiding));
                prop_assert!(quorum.presiding == person(1) || quorum.presiding == person(2));
                for voter in &quorum.voting {
                    prop_assert!(present.contains(voter) && !item.conflicted.contains(voter) && *voter != person(7));
                    prop_assert!(!(london && *voter == person(5)));
                }
            }
        }
    }
}
