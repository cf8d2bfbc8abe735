//! Certificates to take away: the ledger of a published round, and a trainee's own. The ledger shows no choice, so no host learns how it was ranked.

use hiec_kernel::Problem;
use hiec_placement::personal_of;
use hiec_web::{Answer, Loaded, Reply};

use super::access::{OwnEntry, RoundHere};
use super::store;

pub async fn ledger(here: Loaded<RoundHere>) -> Answer {
    let seal = store::seal(&here.database(), here.round.id).await?.ok_or_else(Problem::not_found)?;
    let name = format!("{}-{}-ledger.json", here.cluster.key, here.round.key);
    Ok(Reply::download(&name, "application/json", seal.ledger.into_bytes()))
}

/// The ledger with the reader's own record opened; nothing before the round is published.
pub(super) async fn text(own: &Loaded<OwnEntry>) -> Result<String, Problem> {
    let reads = own.database();
    let round = own.here.round.id;
    let seal = store::seal(&reads, round).await?.ok_or_else(Problem::not_found)?;
    let mine = store::certificate(&reads, round, own.entrant()?.trainee_id).await?.ok_or_else(Problem::not_found)?;
    personal_of(&seal.ledger, &mine).ok_or_else(|| Problem::internal("a ledger that is none"))
}

pub async fn own(own: Loaded<OwnEntry>) -> Answer {
    let text = text(&own).await?;
    let name = format!("{}-{}-certificate.json", own.here.cluster.key, own.here.round.key);
    Ok(Reply::download(&name, "application/json", text.into_bytes()))
}
