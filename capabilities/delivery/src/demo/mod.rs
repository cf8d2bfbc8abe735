//! The demonstration's work: projects and measures of clusters, real where published; what is made up is marked illustrative.

mod made_up;
mod measuring;
mod returning;
mod working;

use hiec_contracts::demonstration::Period;
use hiec_kernel::Problem;
use hiec_kernel::clock::FixedClock;
use hiec_web::AppState;

/// Lives what happens between the period before and this one. `clock` is the clock of `state`.
pub async fn live_until(state: &AppState, clock: &FixedClock, period: Period) -> Result<(), Problem> {
    working::live_until(state, clock, period).await?;
    measuring::live_until(state, clock, period).await?;
    working::conclude_until(state, clock, period).await?;
    returning::live_until(state, clock, period).await
}
