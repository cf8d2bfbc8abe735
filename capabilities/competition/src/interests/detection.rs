//! Gathers what is known of people and bids, for the rules that find conflicts; it judges nothing itself.

use std::collections::{BTreeMap, BTreeSet};

use hiec_access::{grants, people};
use hiec_kernel::{BidId, CallId, OrganisationId, PersonId, Problem, Role, Scope};
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, organisations, values};
use uuid::Uuid;

use super::declarations::{Interest, InterestKind};
use super::rules::{BidFacts, CandidateCheck, NamedPerson, PersonFacts, check_candidate};
use super::store;
use crate::calls::store::Call;
use crate::pqq::store::regions_of;

#[derive(FromQueryResult)]
struct BidRow {
    id: Uuid,
    region_code: String,
    other_regions: serde_json::Value,
    lead_organisation_id: Uuid,
}

#[derive(FromQueryResult)]
struct PartnerRow {
    bid_id: Uuid,
    organisation_id: Uuid,
}

#[derive(FromQueryResult)]
struct NamedRow {
    bid_id: Uuid,
    person_id: Uuid,
    employer_id: Option<Uuid>,
}

/// What is known of every bid of the call: partners, regions, everybody named.
pub(crate) async fn bid_facts(reads: &impl Reads, call: CallId) -> Result<Vec<BidFacts>, StoreError> {
    let bids: Vec<BidRow> = reads
        .all(
            "SELECT id, region_code, other_regions, lead_organisation_id FROM competition_bid WHERE call_id = $1 ORDER BY id",
            values![call.0],
        )
        .await?;
    let partners: Vec<PartnerRow> = reads
        .all(
            "SELECT p.bid_id, p.organisation_id FROM competition_partner p JOIN competition_bid b ON b.id = p.bid_id \
             WHERE b.call_id = $1 AND p.state_name NOT IN ('Declined', 'Withdrawn') ORDER BY p.bid_id, p.organisation_id",
            values![call.0],
        )
        .await?;
    let named: Vec<NamedRow> = reads
        .all(
            "SELECT b.id AS bid_id, g.person_id, p.employer_id FROM base_grant g \
             JOIN competition_bid b ON b.id = g.scope_id JOIN base_person p ON p.id = g.person_id \
             WHERE g.scope_kind = 'bid' AND b.call_id = $1 AND g.ended_at IS NULL \
             GROUP BY b.id, g.person_id, p.employer_id ORDER BY b.id, g.person_id",
            values![call.0],
        )
        .await?;
    let mut facts = Vec::with_capacity(bids.len());
    for bid in bids {
        let others: Vec<String> = serde_json::from_value(bid.other_regions)?;
        let members: BTreeSet<OrganisationId> = partners
            .iter()
            .filter(|partner| partner.bid_id == bid.id)
            .map(|partner| OrganisationId(partner.organisation_id))
            .chain([OrganisationId(bid.lead_organisation_id)])
            .collect();
        facts.push(BidFacts {
            bid: BidId(bid.id),
            partners: members.into_iter().collect(),
            regions: regions_of(&bid.region_code, &others).into_iter().collect(),
            named: named
                .iter()
                .filter(|person| person.bid_id == bid.id)
                .map(|person| NamedPerson {
                    person: PersonId(person.person_id),
                    employer: person.employer_id.map(OrganisationId),
                })
                .collect(),
        });
    }
    Ok(facts)
}

/// What is known of one person: account, roles, and the latest declaration (an expired one still counts against them).
pub(crate) async fn person_facts(reads: &impl Reads, call: &Call, person: PersonId) -> Result<PersonFacts, StoreError> {
    let account = people::by_id(reads, person).await?;
    let declared = store::latest_declaration(reads, person).await?;
    let interests: Vec<Interest> =
        declared.as_ref().map(|declared| declared.declaration.interests.clone()).unwrap_or_default();
    let employer = account.and_then(|account| account.employer);
    let employers: BTreeSet<OrganisationId> = employer
        .into_iter()
        .chain(
            interests
                .iter()
                .filter(|interest| interest.kind == InterestKind::Employer)
                .map(|interest| interest.organisation),
        )
        .collect();
    let mut employer_regions = BTreeSet::new();
    for id in employers {
        let region = organisations::by_id(reads, id).await?.and_then(|organisation| organisation.region);
        employer_regions.extend(region);
    }
    let acts_for_regions = grants::of_person(reads, person)
        .await?
        .iter()
        .filter(|held| held.role == Role::RegionOfficer)
        .filter_map(|held| call.regions.iter().find(|region| held.scope == Scope::Region(region.id)))
        .map(|region| region.code.clone())
        .collect();
    Ok(PersonFacts {
        person,
        employer,
        employer_regions: employer_regions.into_iter().collect(),
        acts_for_regions,
        interests,
        previous_associates: declared.map(|declared| declared.associates).unwrap_or_default(),
    })
}

/// Everybody who judges in this call: assessors, steering group, panel.
pub(crate) async fn judges(reads: &impl Reads, call: CallId) -> Result<BTreeSet<PersonId>, StoreError> {
    Ok(grants::in_scope(reads, Scope::Call(call.0))
        .await?
        .into_iter()
        .filter(|(_, role)| {
            matches!(role, Role::Assessor | Role::SteeringMember | Role::PanelMember | Role::PanelChair)
        })
        .map(|(person, _)| person)
        .collect())
}

/// What inviting this person would mean, before they are asked.
pub(crate) async fn candidate(reads: &impl Reads, call: &Call, person: PersonId) -> Result<CandidateCheck, Problem> {
    let facts = person_facts(reads, call, person).await?;
    Ok(check_candidate(&facts, &bid_facts(reads, call.id).await?))
}

/// Titles of the call's bids by id, for pages that speak of conflicts.
pub(crate) async fn titles(reads: &impl Reads, call: CallId) -> Result<BTreeMap<BidId, String>, StoreError> {
    #[derive(FromQueryResult)]
    struct Named {
        id: Uuid,
        title: String,
    }
    let rows: Vec<Named> = reads
        .all("SELECT id, title FROM competition_bid WHERE call_id = $1 ORDER BY title, id", values![call.0])
        .await?;
    Ok(rows.into_iter().map(|row| (BidId(row.id), row.title)).collect())
}
