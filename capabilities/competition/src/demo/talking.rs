//! Dialogue of the demonstration: who registered, what was asked and answered, one note of a region, one amendment.

use hiec_kernel::Problem;

use super::Play;
use super::bidders::{lead_slug, organisation, somebody};
use crate::calls::registration;
use crate::dialogue::rules::DialogueNote;
use crate::dialogue::{actions, store};

pub(super) async fn register_and_ask(play: &Play) -> Result<(), Problem> {
    play.at("2009-05-18 10:00")?;
    for (nth, bidder) in play.bidders.iter().enumerate() {
        let body = organisation(play, &bidder.lead).await?;
        let person =
            somebody(play, &lead_slug(bidder, nth), &format!("Bidder {} Example", nth + 1), Some(&body)).await?;
        let call = play.call().await?;
        let mut unit = play.database.begin(hiec_kernel::people::Actor::Person(person.id), &play.clock).await?;
        registration::register(&mut unit, &call, &person, &body).await?;
        unit.commit().await?;
    }
    ask(play, "lead", "2009-05-28 11:00", "May a cluster lie in two regions?").await?;
    ask(
        play,
        "bidder-1",
        "2009-06-02 15:30",
        "Does a letter of intent from an industry partner count as a commitment?",
    )
    .await?;
    answer_first(play, "2009-06-05 10:00", "Yes. Name the region it lies in first, and talk to both.", None).await?;
    note(play).await
}

/// More questions after the demonstration's first stage.
pub(super) async fn later_questions(play: &Play) -> Result<(), Problem> {
    answer_first(
        play,
        "2009-06-19 10:00",
        "No. A partner counts once it has accepted, and its commitment once it is signed.",
        None,
    )
    .await?;
    ask(play, "bidder-3", "2009-07-01 09:00", "Our lead changes its name in August. Is that a new bidder?").await?;
    let reason = "It would tell the others who bids, and helps nobody else";
    answer_first(play, "2009-07-03 16:00", "No: tell us the new name in the questionnaire.", Some(reason)).await
}

async fn ask(play: &Play, slug: &str, at: &str, text: &str) -> Result<(), Problem> {
    play.at(at)?;
    let call = play.call().await?;
    let (mut unit, person) = play.by(slug).await?;
    let body = registration::of_person(&unit, call.id, person.id.0)
        .await?
        .ok_or_else(|| Problem::internal(format!("{slug} is not registered")))?;
    actions::ask(&mut unit, &call, &person, body.id, text).await?;
    unit.commit().await?;
    Ok(())
}

/// Answers the oldest question still waiting.
async fn answer_first(play: &Play, at: &str, text: &str, confidence: Option<&str>) -> Result<(), Problem> {
    play.at(at)?;
    let call = play.call().await?;
    let waiting = store::questions(&play.database, call.id)
        .await?
        .into_iter()
        .find(|question| matches!(question.state, crate::dialogue::rules::QuestionState::Asked(_)));
    let Some(question) = waiting else {
        return Ok(());
    };
    let public_text = question.state.asked().text.clone();
    let (mut unit, officer) = play.by("office").await?;
    actions::answer(&mut unit, &call, &question, &officer, &public_text, text, confidence).await?;
    unit.commit().await?;
    Ok(())
}

async fn note(play: &Play) -> Result<(), Problem> {
    play.at("2009-06-09 14:00")?;
    let call = play.call().await?;
    let (mut unit, officer) = play.by("region-lon").await?;
    let note = DialogueNote {
        region: "LON".into(),
        by: officer.id,
        at: unit.now(),
        present: "Illustrative: the region and two forming partnerships".into(),
        text: "Illustrative note: both asked how placements count towards the principle of settings.".into(),
        led_to: None,
    };
    actions::note(&mut unit, &call, note).await?;
    unit.commit().await?;
    Ok(())
}
