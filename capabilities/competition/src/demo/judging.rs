//! Shortlist and assessment of the demonstration: judgements, regions' words, reviews; every mark and reason is made up.

use std::collections::BTreeMap;

use hiec_kernel::Problem;
use hiec_kernel::people::{Actor, Person};

use super::Play;
use super::bidders::{Bidder, Fate};
use super::bidding::own;
use crate::assessment::rules::TypedScore;
use crate::assessment::{actions as reviews, assigning, pool, store as review_store};
use crate::interests::actions as interests;
use crate::pqq::actions as pqq;
use crate::pqq::rules::Mark;
use crate::ranking::totals::Part;

/// Two members judge every test, the group decides, the outcome goes before the regions.
pub(super) async fn judge_questionnaires(play: &Play) -> Result<(), Problem> {
    play.at("2009-09-07 10:00")?;
    let members = [play.person("steering").await?, play.person("steering-two").await?];
    for (nth, bidder) in play.bidders.iter().enumerate() {
        let (bid, _) = own(play, bidder, nth).await?;
        for (place, test) in bid.call.design().pqq_tests.iter().enumerate() {
            let fails = bidder.fate == Fate::FailsQuestionnaire && place == 0;
            let (mark, reason) = if fails {
                (Mark::Fail, "Illustrative: the accounts show a deficit in both years and no plan to mend it")
            } else {
                (Mark::Pass, "Illustrative: the answers and the accounts show that the partnership can carry this")
            };
            for member in &members {
                let mut unit = play.database.begin(Actor::Person(member.id), &play.clock).await?;
                pqq::judge(&mut unit, bid.id, member, &test.key, mark, reason).await?;
                unit.commit().await?;
            }
            let mut unit = play.database.begin(Actor::Person(members[0].id), &play.clock).await?;
            pqq::decide(&mut unit, bid.id, &members[0], &test.key, mark, reason).await?;
            unit.commit().await?;
        }
    }
    play.at("2009-09-09 09:30")?;
    let call = play.call().await?;
    let mut unit = play.database.begin(Actor::Person(members[0].id), &play.clock).await?;
    pqq::propose_shortlist(&mut unit, &call).await?;
    unit.commit().await?;
    Ok(())
}

/// Regions confirm; one challenges and is answered on the record; the shortlist is final.
pub(super) async fn settle_shortlist(play: &Play) -> Result<(), Problem> {
    play.at("2009-09-16 11:00")?;
    for (nth, bidder) in play.bidders.iter().enumerate() {
        let (bid, _) = own(play, bidder, nth).await?;
        for region in bidder.region_codes() {
            let officer = play.person(&format!("region-{}", region.to_lowercase())).await?;
            let challenge = (bidder.fate == Fate::FailsQuestionnaire && region == "NE").then_some(
                "Illustrative: the deficit was agreed with the region and is covered by a letter of support",
            );
            let mut unit = play.database.begin(Actor::Person(officer.id), &play.clock).await?;
            pqq::respond(&mut unit, bid.id, &officer, &region, challenge).await?;
            unit.commit().await?;
            if challenge.is_some() {
                let (mut unit, member) = play.by("steering").await?;
                let reason = "Illustrative: the letter came after the deadline, and the same was asked of every bidder";
                pqq::answer_challenge(&mut unit, bid.id, &member, &region, false, reason).await?;
                unit.commit().await?;
            }
        }
    }
    play.at("2009-09-18 16:30")?;
    let call = play.call().await?;
    let (mut unit, _) = play.by("steering").await?;
    pqq::finalise_shortlist(&mut unit, &call).await?;
    unit.commit().await?;
    Ok(())
}

/// Assessors join with their subjects, declare their interests and undertake to keep what they read.
pub(super) async fn gather_assessors(play: &Play) -> Result<(), Problem> {
    play.at("2009-10-01 10:00")?;
    let call = play.call().await?;
    let subjects: Vec<String> = call.design().criteria.iter().map(|criterion| criterion.key.clone()).collect();
    for (nth, slug) in play.assessors.iter().enumerate() {
        let person = play.person(slug).await?;
        let (mut unit, _) = play.by("office").await?;
        pool::invite_assessor(&mut unit, &call, person.id).await?;
        unit.commit().await?;
        let mut unit = play.database.begin(Actor::Person(person.id), &play.clock).await?;
        let expertise = vec![subjects[nth % subjects.len()].clone(), subjects[(nth + 1) % subjects.len()].clone()];
        pool::join_pool(&mut unit, &call, &person, expertise, play.load).await?;
        interests::declare(&mut unit, &person, vec![], vec![]).await?;
        interests::undertake(&mut unit, &call, &person).await?;
        unit.commit().await?;
    }
    Ok(())
}

/// The office gives the bids out, and assessors take them on; some have written already.
pub(super) async fn assign(play: &Play) -> Result<(), Problem> {
    play.at("2009-10-20 11:00")?;
    let call = play.call().await?;
    let (mut unit, _) = play.by("office").await?;
    assigning::assign(&mut unit, &call, None).await?;
    unit.commit().await?;
    play.at("2009-10-21 09:00")?;
    for slug in &play.assessors {
        let person = play.person(slug).await?;
        for review in review_store::of_assessor(&play.database, person.id).await? {
            let mut unit = play.database.begin(Actor::Person(person.id), &play.clock).await?;
            reviews::accept_review(&mut unit, review.id, &person).await?;
            unit.commit().await?;
        }
    }
    Ok(())
}

/// Writes and submits the reviews of the assessors whose places are named: not of all at once, so that both states show.
pub(super) async fn review(play: &Play, local: &str, writes: fn(usize) -> bool) -> Result<(), Problem> {
    play.at(local)?;
    let bidders: BTreeMap<&str, &Bidder> = play.bidders.iter().map(|bidder| (bidder.title.as_str(), bidder)).collect();
    for (nth, slug) in play.assessors.iter().enumerate().filter(|(nth, _)| writes(*nth)) {
        let person = play.person(slug).await?;
        for review in review_store::of_assessor(&play.database, person.id).await? {
            let Some(bidder) = bidders.get(review.bid_title.as_str()) else {
                continue;
            };
            submit(play, &person, review.id, bidder, nth).await?;
        }
    }
    Ok(())
}

async fn submit(play: &Play, person: &Person, review: uuid::Uuid, bidder: &Bidder, nth: usize) -> Result<(), Problem> {
    let call = play.call().await?;
    let typed: Vec<TypedScore> = call
        .design()
        .criteria
        .iter()
        .enumerate()
        .map(|(place, criterion)| TypedScore {
            part: Part::whole(&criterion.key),
            value: score(bidder, nth, place, criterion.max_score).to_string(),
            justification: format!(
                "Illustrative reason: on {} the bid of {} says what changes, for whom and by when, and names who answers \
                 for it; the measures could be closer to the patient.",
                criterion.name.to_lowercase(),
                bidder.title
            ),
        })
        .collect();
    let mut unit = play.database.begin(Actor::Person(person.id), &play.clock).await?;
    reviews::submit_review(&mut unit, review, person, typed).await?;
    unit.commit().await?;
    Ok(())
}

/// A made-up score near the bid's made-up strength; assessors differ by a point here and there.
fn score(bidder: &Bidder, assessor: usize, place: usize, max: u32) -> u32 {
    let base = (bidder.strength * max + 50) / 100;
    let turn = (assessor * 7 + place * 5 + bidder.title.len()) % 6;
    let moved = match turn {
        0 => base.saturating_sub(1),
        5 => base + 1,
        _ => base,
    };
    // The bids that were not to win stay below those that were, whatever an assessor makes of them; a crowd's are anywhere.
    match (bidder.is_invented, bidder.title.starts_with("Illustrative Cluster")) {
        (true, true) => moved.min(max),
        (true, false) => moved.clamp(1, 3),
        (false, _) => moved.clamp(3, max),
    }
}
