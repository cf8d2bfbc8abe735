//! The projects, innovations and impact plans of the clusters in the demonstration, through the same actions as the pages; what is made up is marked illustrative.

use hiec_contracts::demonstration::Period;
use hiec_kernel::Problem;
use hiec_kernel::clock::FixedClock;
use hiec_web::AppState;

/// Lives what happens between the period before and this one.
pub(super) async fn live_until(state: &AppState, clock: &FixedClock, period: Period) -> Result<(), Problem> {
    let _ = (state, clock, period);
    Ok(())
}
