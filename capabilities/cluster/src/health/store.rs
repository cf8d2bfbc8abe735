//! What partners said of each other, as stored, quarter by quarter; who told it stands beside it.

use chrono::NaiveDate;
use hiec_kernel::{ClusterId, OrganisationId};
use hiec_store::{FromQueryResult, Reads, StoreError, Unit, values};
use uuid::Uuid;

use super::rules::{Told, View};
use crate::money::quarters::Quarter;

#[derive(FromQueryResult)]
struct Row {
    quarter: NaiveDate,
    from_id: Uuid,
    about_id: Uuid,
    tie: Option<i64>,
    answers: serde_json::Value,
}

impl Row {
    fn told(self) -> Result<(Quarter, Told), StoreError> {
        let view = View {
            tie: self.tie.and_then(|tie| u8::try_from(tie).ok()),
            answers: serde_json::from_value(self.answers)?,
        };
        let told = Told { from: OrganisationId(self.from_id), about: OrganisationId(self.about_id), view };
        Ok((Quarter::of(self.quarter), told))
    }
}

/// Everything ever said in a cluster, by quarter.
pub(crate) async fn told(reads: &impl Reads, cluster: ClusterId) -> Result<Vec<(Quarter, Told)>, StoreError> {
    let sql = "SELECT quarter, from_id, about_id, tie, answers FROM cluster_partner_view WHERE cluster_id = $1 \
               ORDER BY quarter, from_id, about_id";
    reads.all::<Row>(sql, values![cluster.0]).await?.into_iter().map(Row::told).collect()
}

/// The days on which those who had not spoken of a quarter were written to.
pub(crate) async fn asked_on(
    reads: &impl Reads,
    cluster: ClusterId,
    quarter: Quarter,
) -> Result<Vec<NaiveDate>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        asked_on: NaiveDate,
    }
    let sql = "SELECT asked_on FROM cluster_health_asked WHERE cluster_id = $1 AND quarter = $2 ORDER BY asked_on";
    let rows: Vec<Row> = reads.all(sql, values![cluster.0, quarter.first_day()]).await?;
    Ok(rows.into_iter().map(|row| row.asked_on).collect())
}

pub(crate) async fn note_asked(
    unit: &Unit,
    cluster: ClusterId,
    quarter: Quarter,
    day: NaiveDate,
) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO cluster_health_asked (cluster_id, quarter, asked_on) VALUES ($1, $2, $3) \
         ON CONFLICT (cluster_id, quarter, asked_on) DO NOTHING",
        values![cluster.0, quarter.first_day(), day],
    )
    .await?;
    Ok(())
}

/// Keeps what one partner says of another in a quarter; what it said before stands in the trail.
pub(crate) async fn tell(
    unit: &Unit,
    cluster: ClusterId,
    quarter: Quarter,
    told: &Told,
    word_of: &str,
) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO cluster_partner_view (id, cluster_id, quarter, from_id, about_id, tie, answers, word_of, told_by, told_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
         ON CONFLICT (cluster_id, quarter, from_id, about_id) DO UPDATE SET tie = $6, answers = $7, word_of = $8, \
         told_by = $9, told_at = $10",
        values![
            unit.new_id(),
            cluster.0,
            quarter.first_day(),
            told.from.0,
            told.about.0,
            told.view.tie.map(i64::from),
            serde_json::to_value(&told.view.answers)?,
            word_of,
            unit.actor().person().map(|person| person.0),
            unit.now()
        ],
    )
    .await?;
    Ok(())
}
