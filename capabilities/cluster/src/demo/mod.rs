//! The demonstration's clusters: NECLES as published, the other sixteen as announced, and emergency departments with real figures; what is made up is marked illustrative.

mod emergency;
mod founding;
mod governing;
mod necles;
mod years;

use hiec_contracts::demonstration::{Actor, Period};
use hiec_kernel::Problem;
use hiec_kernel::clock::FixedClock;
use hiec_web::AppState;

const fn actor(slug: &'static str, name: &'static str, part: &'static str) -> Actor {
    Actor { slug, name, part }
}

/// The made-up people of the clusters, in the order of the list.
pub const CAST: &[Actor] = &[
    actor("cluster-chair", "Clara Chairwell", "Chairs NECLES"),
    actor("director", "Dora Directson", "Managing director of NECLES"),
    actor("facilitator", "Fay Facilitson", "Facilitator of NECLES: COPD"),
    actor("facilitator-two", "Finn Facilman", "Facilitator of NECLES: maternity"),
    actor("board", "Bruno Boardley", "Board of NECLES"),
    actor("patient", "Patsy Patientson", "Patient member of NECLES"),
    actor("site-hospital", "Sita Siteley", "Site lead: a hospital of NECLES"),
    actor("site-practice", "Silas Surgeryman", "Site lead: a general practice of NECLES"),
    actor("ed-director", "Edda Emergley", "Runs the emergency departments' cluster"),
];

/// Lives what happens between the period before and this one. `clock` is the clock of `state`.
pub async fn live_until(state: &AppState, clock: &FixedClock, period: Period) -> Result<(), Problem> {
    founding::live_until(state, clock, period).await?;
    governing::live_until(state, clock, period).await
}
