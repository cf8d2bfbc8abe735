//! Partnerships, questionnaires and bids of the demonstration, made by the same actions as on the pages.

use hiec_kernel::people::Person;
use hiec_kernel::{BidId, Money, Problem, Role};
use hiec_store::{FromQueryResult, Reads, values};
use uuid::Uuid;

use super::bidders::{Bidder, Fate, lead_slug, organisation, somebody};
use super::{Play, documents, writing};
use crate::bids::papers::Paper;
use crate::bids::store::{self as bids, Bid, NewBid};
use crate::bids::{answers, openings, submitting};
use crate::calls::facts;
use crate::partnerships::commitments::Commitment;
use crate::partnerships::store::Part;
use crate::partnerships::{forming, joining, seating};

/// Forms all partnerships and lets their partners accept and sign; the partners are made up.
pub(super) async fn partnerships(play: &Play) -> Result<(), Problem> {
    for (nth, bidder) in play.bidders.iter().enumerate() {
        let lead_organisation = organisation(play, &bidder.lead).await?;
        let name = format!("Bidder {} Example", nth + 1);
        let lead = somebody(play, &lead_slug(bidder, nth), &name, Some(&lead_organisation)).await?;
        let call = play.call().await?;
        let mut unit = play.database.begin(hiec_kernel::people::Actor::Person(lead.id), &play.clock).await?;
        let new = NewBid {
            title: bidder.title.clone(),
            region_code: bidder.region.clone(),
            other_regions: bidder.other_regions.clone(),
            lead_organisation_id: lead_organisation.id,
            legal_form: call.design().eligibility.legal_forms.get(nth % 3 + 2).map(|form| form.key.clone()),
            is_illustrative: bidder.is_invented,
        };
        let id = forming::form_partnership(&mut unit, &call, &lead, new).await?;
        unit.commit().await?;
        if lead_slug(bidder, nth) == "lead" {
            team(play, id, &lead).await?;
        }
        partners(play, id, bidder, &lead).await?;
    }
    Ok(())
}

/// The editor and the reader of the cast get their seats from the lead.
async fn team(play: &Play, id: BidId, lead: &Person) -> Result<(), Problem> {
    for (slug, role) in [("editor", Role::BidEditor), ("reader", Role::BidReader)] {
        let person = play.person(slug).await?;
        let bid = bid(play, id).await?;
        let mut unit = play.database.begin(hiec_kernel::people::Actor::Person(lead.id), &play.clock).await?;
        seating::seat(&mut unit, &bid, &person, role).await?;
        unit.commit().await?;
    }
    Ok(())
}

async fn partners(play: &Play, id: BidId, bidder: &Bidder, lead: &Person) -> Result<(), Problem> {
    let round = facts::round_2009().map_err(Problem::internal)?;
    let place = round.region(&bidder.region).map_or("", |fact| fact.name.trim_start_matches("NHS "));
    let kinds = [
        "Acute Hospitals NHS Trust",
        "Specialist Hospital NHS Foundation Trust",
        "Primary Care Alliance",
        "University",
        "Devices Ltd",
    ];
    for (nth, kind) in kinds.iter().enumerate() {
        let name = format!("Illustrative {kind} ({place})");
        if name == bidder.lead {
            continue;
        }
        let body = organisation(play, &name).await?;
        let (slug, known_as) = if nth == 0 && bidder.region == "LON" {
            ("partner".to_owned(), "Petra Partnerly".to_owned())
        } else {
            (format!("signs-{}-{nth}", bidder.region.to_lowercase()), format!("Signatory {} Example", nth + 1))
        };
        let signatory = somebody(play, &slug, &known_as, Some(&body)).await?;
        let bid = bid(play, id).await?;
        let mut unit = play.database.begin(hiec_kernel::people::Actor::Person(lead.id), &play.clock).await?;
        let sent = joining::invite(&mut unit, &bid, lead, &body, Part::Founding, &signatory.email, "").await?;
        unit.commit().await?;
        let mut unit = play.database.begin(hiec_kernel::people::Actor::Person(signatory.id), &play.clock).await?;
        joining::accept(&mut unit, &bid, sent.partner, &signatory).await?;
        unit.commit().await?;
    }
    Ok(())
}

/// Writes and submits every questionnaire.
pub(super) async fn questionnaires(play: &Play) -> Result<(), Problem> {
    for (nth, bidder) in play.bidders.iter().enumerate() {
        let (bid, lead) = own(play, bidder, nth).await?;
        let mut unit = play.database.begin(hiec_kernel::people::Actor::Person(lead.id), &play.clock).await?;
        let set = &bid.call.design().pqq_questions;
        let mut typed = writing::answers(set, bidder, nth);
        typed.extend(documents::attach(&unit, &play.files, &bid, &lead, set).await?);
        answers::save_answers(&mut unit, &bid, &lead, Paper::Pqq, typed).await?;
        submitting::submit_pqq(&mut unit, &bid, &lead).await.map_err(|lacking| not_taken(bidder, &lacking))?;
        unit.commit().await?;
    }
    Ok(())
}

/// Writes every bid that is still in the round; partners sign what they read.
pub(super) async fn write_bids(play: &Play) -> Result<(), Problem> {
    for (nth, bidder) in play.bidders.iter().enumerate() {
        if bidder.fate == Fate::FailsQuestionnaire {
            continue;
        }
        let (bid, lead) = own(play, bidder, nth).await?;
        let mut unit = play.database.begin(hiec_kernel::people::Actor::Person(lead.id), &play.clock).await?;
        let set = &bid.call.design().bid_questions;
        let mut typed = writing::answers(set, bidder, nth);
        typed.extend(documents::attach(&unit, &play.files, &bid, &lead, set).await?);
        answers::save_answers(&mut unit, &bid, &lead, Paper::Bid, typed).await?;
        unit.commit().await?;
        signatures(play, &bid, bidder, &lead).await?;
    }
    Ok(())
}

async fn signatures(play: &Play, bid: &Bid, bidder: &Bidder, lead: &Person) -> Result<(), Problem> {
    let partners = crate::partnerships::store::of_bid(&play.database, bid.id).await?;
    for (nth, partner) in partners.iter().enumerate() {
        if bidder.fate == Fate::MissesDeadline && nth + 1 == partners.len() {
            continue;
        }
        // Whoever works there signs; for the lead organisation, the bid's lead.
        let signatory = if partner.part == Part::Lead {
            lead.clone()
        } else {
            match employee(play, partner.organisation.id.0).await? {
                Some(person) => person,
                None => continue,
            }
        };
        let commitment = Commitment {
            cash: Money::pounds(20_000),
            in_kind: Money::pounds(35_000),
            in_kind_description: "Illustrative: rooms, staff time and data".into(),
            lead_name: signatory.name.clone(),
            lead_post: "Illustrative director of improvement".into(),
        };
        let mut unit = play.database.begin(hiec_kernel::people::Actor::Person(signatory.id), &play.clock).await?;
        joining::sign(&mut unit, bid, partner.id, &signatory, commitment).await?;
        unit.commit().await?;
    }
    Ok(())
}

/// Submits all bids but the one that misses a signature.
pub(super) async fn submit_bids(play: &Play) -> Result<(), Problem> {
    for (nth, bidder) in play.bidders.iter().enumerate() {
        if bidder.fate != Fate::Bids {
            continue;
        }
        let (bid, lead) = own(play, bidder, nth).await?;
        let mut unit = play.database.begin(hiec_kernel::people::Actor::Person(lead.id), &play.clock).await?;
        submitting::submit_bid(&mut unit, &bid, &lead).await.map_err(|lacking| not_taken(bidder, &lacking))?;
        unit.commit().await?;
    }
    Ok(())
}

/// Two officers open together, the morning after the deadline.
pub(super) async fn open_bids(play: &Play) -> Result<(), Problem> {
    play.at("2009-10-20 09:00")?;
    let call = play.call().await?;
    let (mut unit, first) = play.by("office").await?;
    openings::first_key(&mut unit, &call, &first).await?;
    unit.commit().await?;
    play.at("2009-10-20 09:02")?;
    let (mut unit, second) = play.by("office-two").await?;
    openings::second_key(&mut unit, &call, &second).await?;
    unit.commit().await?;
    Ok(())
}

fn not_taken(bidder: &Bidder, lacking: &submitting::NotTaken) -> Problem {
    Problem::internal(format!("the demonstration's bid {} was not taken: {lacking:?}", bidder.title))
}

/// A bidder's bid and its lead.
pub(super) async fn own(play: &Play, bidder: &Bidder, nth: usize) -> Result<(Bid, Person), Problem> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
    }
    let row: Option<Row> = play
        .database
        .one("SELECT id FROM competition_bid WHERE title = $1 ORDER BY id", values![bidder.title.clone()])
        .await?;
    let row = row.ok_or_else(|| Problem::internal(format!("{} has no bid", bidder.title)))?;
    Ok((bid(play, BidId(row.id)).await?, play.person(&lead_slug(bidder, nth)).await?))
}

async fn bid(play: &Play, id: BidId) -> Result<Bid, Problem> {
    bids::by_id(&play.database, id, play.now())
        .await?
        .ok_or_else(|| Problem::internal("a bid of the demonstration is missing"))
}

async fn employee(play: &Play, organisation: Uuid) -> Result<Option<Person>, Problem> {
    #[derive(FromQueryResult)]
    struct Row {
        email: String,
    }
    let row: Option<Row> = play
        .database
        .one(
            "SELECT email FROM base_person WHERE employer_id = $1 ORDER BY created_at, id LIMIT 1",
            values![organisation],
        )
        .await?;
    match row {
        Some(row) => Ok(hiec_access::people::by_email(&play.database, &row.email).await?),
        None => Ok(None),
    }
}
