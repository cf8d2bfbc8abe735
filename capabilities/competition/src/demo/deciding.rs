//! Ranking, panel, letters, awards and announcement of the demonstration; the awards are those of the press release, the reasons are made up.

use std::collections::{BTreeMap, BTreeSet};

use hiec_kernel::people::Actor;
use hiec_kernel::{BidId, Money, Problem};

use super::Play;
use super::bidders::{Bidder, Fate};
use super::bidding::own;
use super::cast::CAST;
use crate::announcement::actions as announcement;
use crate::award::complaints::ComplaintOutcome;
use crate::award::{actions as award, complaining};
use crate::panel::actions as panel;
use crate::panel::decisions::{Proposal, Verdict};
use crate::panel::rules::{Member, Seat};
use crate::panel::store::NewMeeting;
use crate::ranking::actions as ranking;

/// The ranking is computed, confirmed by the regions and made final.
pub(super) async fn rank(play: &Play) -> Result<(), Problem> {
    play.at("2009-11-03 15:00")?;
    compute(play).await?;
    let call = play.call().await?;
    play.at("2009-11-05 10:00")?;
    for region in call.regions.iter() {
        let officer = play.person(&format!("region-{}", region.code.to_lowercase())).await?;
        let mut unit = play.database.begin(Actor::Person(officer.id), &play.clock).await?;
        ranking::respond_to_ranking(&mut unit, &call, &officer, &region.code, ranking::Word::Confirm).await?;
        unit.commit().await?;
    }
    play.at("2009-11-09 14:00")?;
    let call = play.call().await?;
    let (mut unit, member) = play.by("steering").await?;
    ranking::finalise_ranking(&mut unit, &call, &member).await?;
    unit.commit().await?;
    Ok(())
}

/// The ranking is computed and laid before the regions.
pub(super) async fn compute(play: &Play) -> Result<(), Problem> {
    let call = play.call().await?;
    let (mut unit, member) = play.by("steering").await?;
    ranking::compute_ranking(&mut unit, &call, &member).await?;
    unit.commit().await?;
    Ok(())
}

/// The meeting is planned and open when the demonstration stands at the panel.
pub(super) async fn convene(play: &Play) -> Result<(), Problem> {
    play.at("2009-11-09 16:00")?;
    let call = play.call().await?;
    let mut members = Vec::new();
    for member in CAST.iter().filter(|member| member.slug == "chair" || member.slug.starts_with("panel")) {
        let person = play.person(member.slug).await?;
        let seat = match member.slug {
            "chair" => Seat::Chair,
            "panel" => Seat::Deputy,
            _ => Seat::Member,
        };
        members.push(Member { person: person.id, seat });
    }
    let present: BTreeSet<_> = members.iter().map(|member| member.person).collect();
    let (mut unit, _) = play.by("office").await?;
    let meeting = NewMeeting {
        title: "National award panel".into(),
        place: "London (illustrative)".into(),
        planned_for: play.moment("2009-11-11 10:00")?,
        members,
    };
    panel::plan_meeting(&mut unit, &call, meeting).await?;
    unit.commit().await?;
    play.at("2009-11-11 10:05")?;
    let call = play.call().await?;
    let (mut unit, chair) = play.by("chair").await?;
    panel::open_meeting(&mut unit, &call, &chair, present).await?;
    unit.commit().await?;
    Ok(())
}

/// Every bid is decided in the order of the ranking, and the chair signs.
pub(super) async fn decide(play: &Play) -> Result<(), Problem> {
    play.at("2009-11-11 11:00")?;
    let mut by_bid: BTreeMap<BidId, &Bidder> = BTreeMap::new();
    for (nth, bidder) in play.bidders.iter().enumerate() {
        if bidder.fate == Fate::Bids {
            let (bid, _) = own(play, bidder, nth).await?;
            by_bid.insert(bid.id, bidder);
        }
    }
    let call = play.call().await?;
    let stored = panel::final_ranking(&play.database, &call).await?;
    for line in &stored.ranking.bids {
        let Some(bidder) = by_bid.get(&line.bid) else {
            continue;
        };
        let (mut unit, chair) = play.by("chair").await?;
        panel::decide_item(&mut unit, &call, &chair, proposal(line.bid, bidder), "").await?;
        unit.commit().await?;
    }
    play.at("2009-11-12 16:30")?;
    let (mut unit, chair) = play.by("chair").await?;
    panel::close_meeting(&mut unit, &call, &chair).await?;
    unit.commit().await?;
    Ok(())
}

fn proposal(bid: BidId, bidder: &Bidder) -> Proposal {
    let (verdict, amount, reason) = if bidder.is_invented {
        (
            Verdict::Not,
            Money::ZERO,
            "Illustrative reason: the bid has good partners, but it does not show how its effect would be measured, and the \
             separation of commissioning from providing is not in place by the date the call asks for.",
        )
    } else {
        (
            Verdict::Fund,
            bidder.asks,
            "Illustrative reason: a clear vision close to the region's own, partners of every setting and sector who have \
             signed, and a plan that can be held to account. Funding it goes beyond the sum first announced, which the \
             department has agreed, so that the clusters reach as many regions as the standard allows.",
        )
    };
    Proposal { bid, verdict, amount, reason: reason.into(), votes: None }
}

/// Letters go out and the standstill begins; one bidder complains.
pub(super) async fn tell(play: &Play) -> Result<(), Problem> {
    play.at("2009-11-13 10:00")?;
    let call = play.call().await?;
    let better: BTreeMap<String, String> = call
        .design()
        .criteria
        .iter()
        .map(|criterion| {
            let words = format!(
                "Illustrative: stronger bids were more exact on {}, with dates, names and measures.",
                criterion.name.to_lowercase()
            );
            (criterion.key.clone(), words)
        })
        .collect();
    let (mut unit, officer) = play.by("office").await?;
    award::send_letters(&mut unit, &call, &officer, &better).await?;
    unit.commit().await?;
    Ok(())
}

/// A complaint is answered, the standstill ends, the awards are made and announced.
pub(super) async fn award_and_announce(play: &Play) -> Result<(), Problem> {
    play.at("2009-11-18 09:00")?;
    let losing = play.bidders.iter().enumerate().find(|(_, bidder)| bidder.is_invented && bidder.fate == Fate::Bids);
    if let Some((nth, bidder)) = losing {
        let (bid, lead) = own(play, bidder, nth).await?;
        let call = play.call().await?;
        let mut unit = play.database.begin(Actor::Person(lead.id), &play.clock).await?;
        let text = "Illustrative complaint: we believe that our plan for the separation was read as coming later than it says.";
        let complaint = complaining::complain(&mut unit, &call, bid.id, &lead, text).await?;
        unit.commit().await?;
        play.at("2009-11-24 12:00")?;
        let (mut unit, officer) = play.by("office-two").await?;
        let answer = "Illustrative answer: we read the plan again. It names April 2011; the call asks for April 2010. The decision stands.";
        complaining::answer_complaint(&mut unit, &call, complaint, &officer, ComplaintOutcome::NotUpheld, answer, None)
            .await?;
        unit.commit().await?;
    }
    play.at("2009-11-30 10:00")?;
    let call = play.call().await?;
    let (mut unit, _) = play.by("office").await?;
    award::award_all(&mut unit, &call).await?;
    unit.commit().await?;
    play.at("2009-12-01 11:00")?;
    let reasons = [(
        "SEC".to_owned(),
        "Illustrative reason, for the sources give none: the panel funded neither of the region's bids, which left open how \
         commissioning education would be kept apart from providing it."
            .to_owned(),
    )]
    .into();
    let call = play.call().await?;
    let (mut unit, officer) = play.by("office").await?;
    announcement::announce(&mut unit, &call, &officer, &reasons).await?;
    unit.commit().await?;
    Ok(())
}
