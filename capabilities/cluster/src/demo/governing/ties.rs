//! What the partners of NECLES say of each other, quarter by quarter: made up, with some who never answer, so that unknown shows as unknown.

use hiec_access::grants;
use hiec_contracts::demonstration::Period;
use hiec_kernel::people::Actor;
use hiec_kernel::{OrganisationId, Problem, Role, Scope};

use super::Stage;
use crate::health::rules::{Question, Told, View};
use crate::health::telling::{asked_in, tell};
use crate::money::quarters::Quarter;

pub(super) async fn live_until(stage: &Stage<'_>, period: Period) -> Result<(), Problem> {
    let told: &[(&str, &str, u32)] = match period {
        Period::FirstYear => &[("2010-04-01", "2010-07-05", 1), ("2010-07-01", "2010-10-06", 2)],
        Period::AnnualMeeting => &[("2010-10-01", "2011-01-12", 3)],
        Period::SecondYear => &[("2011-01-01", "2011-04-08", 4), ("2011-04-01", "2011-07-07", 5)],
        Period::Closing => &[("2011-07-01", "2011-10-07", 6)],
        Period::Founding | Period::Emergency => &[],
    };
    for (quarter, on, round) in told {
        speak(stage, Quarter::of(super::day(quarter)?), on, *round).await?;
    }
    Ok(())
}

/// Each partner's site lead says its view; the director writes down what the lead organisation told.
async fn speak(stage: &Stage<'_>, quarter: Quarter, on: &str, round: u32) -> Result<(), Problem> {
    let all = stage.partners().await?;
    let partners: Vec<OrganisationId> =
        asked_in(&all, quarter, super::day(on)?).into_iter().map(|one| one.organisation.id).collect();
    stage.at(&format!("{on} 11:00"))?;
    for (place, speaker) in partners.iter().enumerate() {
        // Every fifth answers late or not at all, and not always the same one.
        if (number(place) + round) % 5 == 4 {
            continue;
        }
        let leads = grants::in_scope(&stage.state.database(), Scope::Organisation(speaker.0)).await?;
        let lead = leads.into_iter().find(|(_, role)| *role == Role::SiteLead).map(|(person, _)| person);
        let (actor, word_of) = match (lead, stage.person("director").await?) {
            (Some(lead), _) => (Actor::Person(lead), ""),
            (None, Some(director)) => (Actor::Person(director.id), "The dean’s office, by telephone (illustrative)"),
            (None, None) => continue,
        };
        let views = partners
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != place)
            .filter_map(|(other, about)| {
                let view = view(number(place), number(other), round, *about == stage.cluster.lead)?;
                Some(Told { from: *speaker, about: *about, view })
            })
            .collect();
        let mut unit = stage.state.begin(actor).await?;
        tell(&mut unit, &stage.cluster, quarter, views, word_of).await?;
        unit.commit().await?;
    }
    Ok(())
}

/// A made-up view: the lead is known to all from the start, the others come to know each other round by round.
fn view(from: u32, about: u32, round: u32, is_lead: bool) -> Option<View> {
    let mixed = from * 7 + about * 11 + (from * about) % 5;
    // Partners far apart do not know of each other, and say nothing.
    if mixed.is_multiple_of(6) && round < 4 {
        return None;
    }
    let is_near = from.abs_diff(about) <= 2;
    // Far ones meet later, at the workshops of a pathway they share.
    let meets = round >= 4 && (from + about).is_multiple_of(5);
    let tie = match (is_lead, is_near || meets) {
        (true, _) => 3 + (mixed + round) % 3,
        (false, true) => 2 + mixed % 2 + round / 3,
        (false, false) => mixed % 2,
    };
    let tie = u8::try_from(tie.min(5)).ok()?;
    let score = |shift: u32| u8::try_from((2 + (mixed + shift) % 3 + round / 3).min(5)).ok();
    let mut answers = std::collections::BTreeMap::new();
    if tie >= 2 {
        for (question, shift) in Question::ALL.iter().zip(0_u32..) {
            if let Some(score) = score(shift) {
                answers.insert(*question, score);
            }
        }
    }
    Some(View { tie: Some(tie), answers })
}

fn number(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(0)
}
