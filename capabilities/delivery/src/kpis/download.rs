//! `/clusters/{cluster}/kpis.csv`: the agreed indicators of a contract as a table; proposals are not in it.

use std::collections::BTreeMap;

use hiec_files::table::{Cell, Table};
use hiec_kernel::Problem;
use hiec_web::{Answer, Loaded, Reply};

use super::store::{self, KpisOf};
use crate::returns::sources;

pub async fn csv(door: Loaded<KpisOf>) -> Answer {
    Ok(Reply::csv(&format!("{}-indicators", door.cluster.key), &listed(&door).await?))
}

pub async fn xlsx(door: Loaded<KpisOf>) -> Answer {
    Ok(Reply::xlsx(&format!("{}-indicators", door.cluster.key), &[&listed(&door).await?], door.now())?)
}

/// The list to take away.
async fn listed(door: &Loaded<KpisOf>) -> Result<Table, Problem> {
    let database = door.database();
    let measures: BTreeMap<_, _> =
        sources::measures(&database, &door.cluster).await?.into_iter().map(|one| (one.id, one)).collect();
    let mut table = Table::with_columns(
        "indicators",
        [
            ("indicator", "What the contract calls it"),
            ("measure", "The measure it is read from"),
            ("better", "Which way is better"),
            ("baseline", "Where it stood before; empty where none was agreed"),
            ("target", "What is to be reached"),
            ("weight", "Its share of 100"),
            ("from", "The first day it is in force"),
            ("to", "The last day"),
            ("evidence", "The page of the measure"),
        ],
    );
    for kpi in store::of_cluster(&database, door.cluster.id).await?.into_iter().filter(store::Kpi::is_agreed) {
        let measure = measures.get(&kpi.measure);
        table.push([
            Cell::from(kpi.name),
            Cell::from(measure.map(|one| one.title.clone())),
            Cell::from(kpi.better.key()),
            Cell::from(kpi.baseline),
            Cell::from(kpi.target),
            Cell::from(kpi.weight),
            Cell::from(kpi.force.from),
            Cell::from(kpi.force.to),
            Cell::from(measure.map(|one| door.app.site().link(&one.path))),
        ]);
    }
    Ok(table)
}
