//! Conflicts of interest: detected from what is known of a person and of the bids, by a policy kept as data. It never dismisses one, and hides nothing by itself.

use std::collections::BTreeSet;

use hiec_kernel::{BidId, OrganisationId, PersonId};
use serde::{Deserialize, Serialize};

use super::declarations::{Interest, InterestKind};

/// A way in which a person's interest touches a bid.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConflictKind {
    NamedInBid,
    NamedInRivalBid,
    WritesWithCoApplicant,
    EmployedByPartner,
    ColleagueOfNamedPerson,
    PostAtPartner,
    SharesInPartner,
    FamilyAtPartner,
    ActsForRegion,
    GrantWithPartner,
    PreviouslyWithPartner,
    PreviouslyWithNamedPerson,
    EmployerInRegion,
    DeclaredForBid,
}

/// How much a conflict weighs. Either kind keeps the person from the bid while it stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hardness {
    /// Dismissed by somebody else, with a reason, when it is too remote to matter or the fact is wrong.
    Soft,
    /// Dismissed by somebody else only because the fact behind it is wrong.
    Hard,
}

/// Where a conflict comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// The person said so, of this bid.
    Declared,
    /// Found by comparing facts, declared interests among them.
    Detected,
}

/// One line of the policy, shown to everyone in the product.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PolicyLine {
    pub kind: ConflictKind,
    pub hardness: Hardness,
    /// Said of the person: "is named in the bid".
    pub says: &'static str,
}

/// Which interests conflict, and how hard: the whole policy.
pub const POLICY: &[PolicyLine] = &[
    line(ConflictKind::NamedInBid, Hardness::Hard, "is named in the bid"),
    line(ConflictKind::NamedInRivalBid, Hardness::Hard, "is named in another bid of the same call"),
    line(
        ConflictKind::WritesWithCoApplicant,
        Hardness::Hard,
        "is named in another bid together with somebody named in this one",
    ),
    line(ConflictKind::EmployedByPartner, Hardness::Hard, "is employed by a partner"),
    line(ConflictKind::ColleagueOfNamedPerson, Hardness::Hard, "has the same employer as somebody named in the bid"),
    line(ConflictKind::PostAtPartner, Hardness::Hard, "holds another post at a partner"),
    line(ConflictKind::SharesInPartner, Hardness::Hard, "has a financial interest in a partner"),
    line(ConflictKind::FamilyAtPartner, Hardness::Hard, "has family or a close friend at a partner"),
    line(
        ConflictKind::ActsForRegion,
        Hardness::Hard,
        "acts for the region that commissions education where the bid would work",
    ),
    line(ConflictKind::GrantWithPartner, Hardness::Soft, "holds a grant with or from a partner"),
    line(ConflictKind::PreviouslyWithPartner, Hardness::Soft, "worked at a partner in the last three years"),
    line(
        ConflictKind::PreviouslyWithNamedPerson,
        Hardness::Soft,
        "worked with somebody named in the bid in the last three years",
    ),
    line(ConflictKind::EmployerInRegion, Hardness::Soft, "has an employer in the bid’s region"),
    line(ConflictKind::DeclaredForBid, Hardness::Hard, "declared an interest in this bid"),
];

const fn line(kind: ConflictKind, hardness: Hardness, says: &'static str) -> PolicyLine {
    PolicyLine { kind, hardness, says }
}

/// What is known of somebody who may assess or sit on the panel.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PersonFacts {
    pub person: PersonId,
    /// From the account; employers declared as interests count as well.
    pub employer: Option<OrganisationId>,
    /// Regions (by code) their employers lie in.
    pub employer_regions: Vec<String>,
    /// Regions (by code) they act for as a commissioner of education, its chief executive among them.
    pub acts_for_regions: Vec<String>,
    /// From the declaration that holds.
    pub interests: Vec<Interest>,
    /// People they worked with in the last three years, as declared.
    pub previous_associates: Vec<PersonId>,
}

/// What is known of a bid that can make a conflict.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BidFacts {
    pub bid: BidId,
    pub partners: Vec<OrganisationId>,
    /// Codes of all regions it would work in.
    pub regions: Vec<String>,
    /// Leads, editors, signatories and everybody the bid names, with their employers where known.
    pub named: Vec<NamedPerson>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NamedPerson {
    pub person: PersonId,
    pub employer: Option<OrganisationId>,
}

impl BidFacts {
    fn names(&self, person: PersonId) -> bool {
        self.named.iter().any(|named| named.person == person)
    }
}

/// A person's conflict with a bid.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Conflict {
    pub bid: BidId,
    pub person: PersonId,
    pub kind: ConflictKind,
    pub hardness: Hardness,
    pub why: String,
    pub origin: Origin,
}

impl ConflictKind {
    pub fn policy(self) -> PolicyLine {
        // The table has every kind (tested); should one ever be left out, it is hard.
        POLICY.iter().copied().find(|line| line.kind == self).unwrap_or(line(self, Hardness::Hard, "has an interest"))
    }

    fn at(self, bid: BidId, person: PersonId, origin: Origin) -> Conflict {
        let policy = self.policy();
        Conflict { bid, person, kind: self, hardness: policy.hardness, why: policy.says.to_owned(), origin }
    }
}

/// What the person says of one bid themselves; always hard, whatever the reason.
pub fn declared(person: PersonId, bid: BidId, why: &str) -> Conflict {
    let why = why.trim();
    let mut conflict = ConflictKind::DeclaredForBid.at(bid, person, Origin::Declared);
    if !why.is_empty() {
        conflict.why = format!("{}: {why}", conflict.why);
    }
    conflict
}

/// Every conflict of one person with any bid of a call, each kind at most once per bid, by bid and then in the policy's
/// order. All bids of the call are needed: who is named in one is in conflict with its rivals.
pub fn detect(person: &PersonFacts, bids: &[BidFacts]) -> Vec<Conflict> {
    let employers: BTreeSet<OrganisationId> =
        person.employer.into_iter().chain(declared_at(person, InterestKind::Employer)).collect();
    let own: Vec<&BidFacts> = bids.iter().filter(|bid| bid.names(person.person)).collect();
    let mut ordered: Vec<&BidFacts> = bids.iter().collect();
    ordered.sort_by_key(|bid| bid.bid);
    let mut conflicts = Vec::new();
    for bid in ordered {
        for policy in POLICY {
            if holds(policy.kind, person, bid, &employers, &own) {
                conflicts.push(policy.kind.at(bid.bid, person.person, Origin::Detected));
            }
        }
    }
    conflicts
}

fn holds(
    kind: ConflictKind,
    person: &PersonFacts,
    bid: &BidFacts,
    employers: &BTreeSet<OrganisationId>,
    own: &[&BidFacts],
) -> bool {
    let at_partner = |kind| declared_at(person, kind).any(|organisation| bid.partners.contains(&organisation));
    match kind {
        ConflictKind::NamedInBid => bid.names(person.person),
        ConflictKind::NamedInRivalBid => !bid.names(person.person) && own.iter().any(|other| other.bid != bid.bid),
        ConflictKind::WritesWithCoApplicant => own.iter().any(|other| {
            other.bid != bid.bid && other.named.iter().any(|co| co.person != person.person && bid.names(co.person))
        }),
        ConflictKind::EmployedByPartner => bid.partners.iter().any(|partner| employers.contains(partner)),
        ConflictKind::ColleagueOfNamedPerson => bid.named.iter().any(|named| {
            named.person != person.person && named.employer.is_some_and(|employer| employers.contains(&employer))
        }),
        ConflictKind::PostAtPartner => at_partner(InterestKind::OtherPost),
        ConflictKind::SharesInPartner => at_partner(InterestKind::Shareholding),
        ConflictKind::FamilyAtPartner => at_partner(InterestKind::Family),
        ConflictKind::GrantWithPartner => at_partner(InterestKind::Grant),
        ConflictKind::PreviouslyWithPartner => at_partner(InterestKind::PreviousAssociation),
        ConflictKind::PreviouslyWithNamedPerson => {
            person.previous_associates.iter().any(|associate| bid.names(*associate))
        }
        ConflictKind::ActsForRegion => overlap(&person.acts_for_regions, &bid.regions),
        ConflictKind::EmployerInRegion => overlap(&person.employer_regions, &bid.regions),
        // Said by the person, never found.
        ConflictKind::DeclaredForBid => false,
    }
}

fn declared_at(person: &PersonFacts, kind: InterestKind) -> impl Iterator<Item = OrganisationId> + '_ {
    person.interests.iter().filter(move |interest| interest.kind == kind).map(|interest| interest.organisation)
}

fn overlap(one: &[String], other: &[String]) -> bool {
    one.iter().any(|code| other.contains(code))
}

/// What inviting somebody to the pool would mean, told before they are asked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CandidateCheck {
    /// Bids they could assess at once.
    pub free: Vec<BidId>,
    /// Bids with soft conflicts only: after a dismissal with reason.
    pub after_dismissal: Vec<BidId>,
    pub barred: Vec<BidId>,
    pub conflicts: Vec<Conflict>,
}

impl CandidateCheck {
    /// One sentence for the office.
    pub fn summary(&self) -> String {
        let all = self.free.len() + self.after_dismissal.len() + self.barred.len();
        format!(
            "Free to assess {} of {all} bids; {} more if soft conflicts are dismissed; barred from {}.",
            self.free.len(),
            self.after_dismissal.len(),
            self.barred.len()
        )
    }
}

/// Checks a candidate against all bids of the call before an invitation is sent.
pub fn check_candidate(person: &PersonFacts, bids: &[BidFacts]) -> CandidateCheck {
    let conflicts = detect(person, bids);
    let mut check =
        CandidateCheck { free: Vec::new(), after_dismissal: Vec::new(), barred: Vec::new(), conflicts: Vec::new() };
    for bid in bids {
        let hardest =
            conflicts.iter().filter(|conflict| conflict.bid == bid.bid).map(|conflict| conflict.hardness).max();
        match hardest {
            None => check.free.push(bid.bid),
            Some(Hardness::Soft) => check.after_dismissal.push(bid.bid),
            Some(Hardness::Hard) => check.barred.push(bid.bid),
        }
    }
    check.conflicts = conflicts;
    check
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn organisation(number: u128) -> OrganisationId {
        OrganisationId(Uuid::from_u128(number))
    }

    fn person(number: u128) -> PersonId {
        PersonId(Uuid::from_u128(number))
    }

    fn bid(number: u128, partners: &[u128], regions: &[&str], named: &[(u128, u128)]) -> BidFacts {
        BidFacts {
            bid: BidId(Uuid::from_u128(number)),
            partners: partners.iter().copied().map(organisation).collect(),
            regions: regions.iter().map(|code| (*code).to_owned()).collect(),
            named: named
                .iter()
                .map(|(who, employer)| NamedPerson { person: person(*who), employer: Some(organisation(*employer)) })
                .collect(),
        }
    }

    fn nobody(number: u128) -> PersonFacts {
        PersonFacts {
            person: person(number),
            employer: None,
            employer_regions: Vec::new(),
            acts_for_regions: Vec::new(),
            interests: Vec::new(),
            previous_associates: Vec::new(),
        }
    }

    fn kinds(person: &PersonFacts, bids: &[BidFacts]) -> Vec<(u128, ConflictKind)> {
        detect(person, bids).iter().map(|conflict| (conflict.bid.0.as_u128(), conflict.kind)).collect()
    }

    #[test]
    fn the_policy_has_each_kind_once() {
        let kinds: BTreeSet<ConflictKind> = POLICY.iter().map(|line| line.kind).collect();
        assert_eq!(kinds.len(), POLICY.len());
        // `holds` matches without a wildcard, so a new kind needs a line there; this counts the lines here.
        assert_eq!(POLICY.len(), 14);
    }

    #[test]
    fn employer_and_declared_employer_count_alike() {
        let bids = [bid(1, &[10], &[], &[]), bid(2, &[11], &[], &[(5, 12)])];
        let mut assessor = nobody(1);
        assert!(detect(&assessor, &bids).is_empty());
        assessor.employer = Some(organisation(10));
        assert_eq!(kinds(&assessor, &bids), [(1, ConflictKind::EmployedByPartner)]);
        assessor.interests.push(Interest {
            kind: InterestKind::Employer,
            organisation: organisation(12),
            note: String::new(),
        });
        assert_eq!(
            kinds(&assessor, &bids),
            [(1, ConflictKind::EmployedByPartner), (2, ConflictKind::ColleagueOfNamedPerson)]
        );
    }

    #[test]
    fn declared_interests_touch_partners() {
        for (kind, expected) in [
            (InterestKind::OtherPost, ConflictKind::PostAtPartner),
            (InterestKind::Shareholding, ConflictKind::SharesInPartner),
            (InterestKind::Family, ConflictKind::FamilyAtPartner),
            (InterestKind::Grant, ConflictKind::GrantWithPartner),
            (InterestKind::PreviousAssociation, ConflictKind::PreviouslyWithPartner),
        ] {
            let mut assessor = nobody(1);
            assessor.interests.push(Interest { kind, organisation: organisation(10), note: String::new() });
            let bids = [bid(1, &[10], &[], &[]), bid(2, &[11], &[], &[])];
            assert_eq!(kinds(&assessor, &bids), [(1, expected)]);
        }
    }

    #[test]
    fn a_bid_across_two_regions_touches_both_commissioners() {
        let bids = [bid(1, &[], &["LON", "EOE"], &[]), bid(2, &[], &["NW"], &[])];
        for region in ["LON", "EOE"] {
            let chief = PersonFacts {
                acts_for_regions: vec![region.into()],
                employer_regions: vec![region.into()],
                ..nobody(1)
            };
            assert_eq!(kinds(&chief, &bids), [(1, ConflictKind::ActsForRegion), (1, ConflictKind::EmployerInRegion)]);
            let check = check_candidate(&chief, &bids);
            assert_eq!(check.barred.len(), 1);
            assert_eq!(
                check.summary(),
                "Free to assess 1 of 2 bids; 0 more if soft conflicts are dismissed; barred from 1."
            );
        }
    }

    #[test]
    fn who_bids_does_not_assess_rivals() {
        let bids = [bid(1, &[], &[], &[(1, 20), (2, 21)]), bid(2, &[], &[], &[(2, 21)]), bid(3, &[], &[], &[(3, 22)])];
        assert_eq!(
            kinds(&nobody(1), &bids),
            [
                (1, ConflictKind::NamedInBid),
                (2, ConflictKind::NamedInRivalBid),
                (2, ConflictKind::WritesWithCoApplicant),
                (3, ConflictKind::NamedInRivalBid),
            ]
        );
        assert!(kinds(&nobody(7), &bids).is_empty());
    }

    #[test]
    fn what_is_declared_of_a_bid_is_hard() {
        let conflict = declared(person(1), BidId(Uuid::from_u128(1)), " my neighbour leads it ");
        assert_eq!(conflict.hardness, Hardness::Hard);
        assert_eq!(conflict.origin, Origin::Declared);
        assert_eq!(conflict.why, "declared an interest in this bid: my neighbour leads it");
    }
}
