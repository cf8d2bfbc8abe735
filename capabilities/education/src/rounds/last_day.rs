//! Moving the last day to rank: later, with the reason, while rankings are not closed. Nobody's time to answer is ever cut short by it.

use hiec_kernel::Problem;
use hiec_kernel::clock::{day_on_page, london_date};
use hiec_web::components::{Button, Details};
use hiec_web::{Answer, Done, Errors, Input, Loaded};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::Deserialize;

use super::access::RoundHere;
use super::states::RoundState;
use super::store::Round;
use super::{actions, page};
use crate::ground::{self, LINES};

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Form {
    /// As `2011-06-30`.
    last_day: String,
    why_later: String,
}

fn can_move(round: &Round) -> bool {
    matches!(round.state, RoundState::Draft | RoundState::AskingHosts | RoundState::Ranking)
}

pub(super) fn entry(here: &Loaded<RoundHere>, errors: &Errors) -> Markup {
    if !can_move(&here.round) {
        return html! {};
    }
    let inner = html! {
        form method="post" action={ (here.path()) "/last-day" } novalidate {
            (ground::day_field("last_day", "Last day to rank", "", errors).hint(format!("Later than {}", day_on_page(here.round.ranks_by))))
            (ground::lines_field("why_later", "Why there is more time", "", errors))
            (Button::new("Give more time").secondary())
        }
    };
    html! { (Details::new("Give more time to rank", inner).open(["last_day", "why_later"].iter().any(|field| errors.of(field).is_some()))) }
}

pub async fn post(here: Loaded<RoundHere>, Input(form): Input<Form>) -> Answer {
    let round = &here.round;
    if !can_move(round) {
        return Err(Problem::conflict(
            "Rankings are closed, so their last day stays",
            "Open ranking again first; then there can be more time.",
        )
        .into());
    }
    let mut errors = Errors::none();
    let day = ground::day(&mut errors, "last_day", "the last day to rank", &form.last_day);
    if day.is_some_and(|day| day <= round.ranks_by || day < london_date(here.now())) {
        let before = day_on_page(round.ranks_by);
        errors.add(
            "last_day",
            format!("Enter a day that has not passed and is later than {before}: time is only ever added"),
        );
    }
    if day.is_some_and(|day| day >= round.starts_on) {
        errors.add("last_day", "Enter a last day to rank that lies before the placements begin");
    }
    let reason = errors.text("why_later", "why there is more time", &form.why_later, LINES);
    let (Some(day), Some(reason), true) = (day, reason, errors.is_empty()) else {
        return Ok(page::show(&here, &errors).await?.invalid().with_errors(&errors).into());
    };
    let mut unit = here.begin().await?;
    actions::give_more_time(&mut unit, &here.cluster, round, day, &reason).await?;
    unit.commit().await?;
    Ok(Done::to(here.path()).saying(format!("Rankings are taken until the end of {}.", day_on_page(day))).into())
}
