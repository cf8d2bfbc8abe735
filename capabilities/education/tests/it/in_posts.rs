//! Trainees in posts that are there already, for tests of what is reckoned from them.

use chrono::NaiveDate;
use hiec_contracts::ClusterSeen;
use hiec_kernel::people::Actor;
use hiec_store::values;
use hiec_teststand::Stand;
use uuid::Uuid;

use crate::clusters::{day, organisation};

/// Somebody in a post of a hospital (counted from 1).
pub(crate) struct InPost {
    pub nth: u128,
    pub name: &'static str,
    pub hospital: u128,
    pub profession: &'static str,
    pub level: &'static str,
    pub specialty: &'static str,
    pub grade: &'static str,
    pub from: &'static str,
    pub to: &'static str,
    /// Hundredths.
    pub wte: i64,
    /// tariff, host, …
    pub funding: &'static str,
}

impl Default for InPost {
    fn default() -> Self {
        Self {
            nth: 1,
            name: "Ada Traineley",
            hospital: 1,
            profession: "midwifery",
            level: "undergraduate",
            specialty: "Midwifery",
            grade: "Year 1",
            from: "2010-09-01",
            to: "2010-12-28",
            wte: 80,
            funding: "tariff",
        }
    }
}

/// Puts everybody where they are, each in a programme and a post of their own.
pub(crate) async fn put(stand: &Stand, cluster: &ClusterSeen, people: &[InPost]) {
    let unit = stand.state.begin(Actor::System("test".into())).await.unwrap();
    for one in people {
        let id = |kind: u128| Uuid::from_u128(kind * 1_000_000 + one.nth);
        let (programme, trainee, post, placement) = (id(1), id(2), id(3), id(4));
        let key = format!("programme-{}", one.nth);
        let starts: NaiveDate = day("2009-08-01");
        let ends: NaiveDate = day("2013-07-31");
        unit.execute(
            "INSERT INTO education_programme (id, cluster_id, key, name, profession, level, specialty, months, starts_on, is_illustrative) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, 36, $8, $9)",
            values![programme, cluster.id.0, key.as_str(), one.specialty, one.profession, one.level, one.specialty, starts, true],
        )
        .await
        .unwrap();
        unit.execute(
            "INSERT INTO education_trainee (id, cluster_id, programme_id, number, name, grade, wte, starts_on, ends_on, is_illustrative) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            values![trainee, cluster.id.0, programme, format!("T{:03}", one.nth), one.name, one.grade, one.wte, starts, ends, true],
        )
        .await
        .unwrap();
        unit.execute(
            "INSERT INTO education_post (id, cluster_id, number, host_id, site, profession, specialty, grade, setting, starts_on, is_illustrative) \
             VALUES ($1, $2, $3, $4, 'Main site', $5, $6, $7, 'secondary', $8, $9)",
            values![post, cluster.id.0, format!("P{:03}", one.nth), organisation(one.hospital).id.0, one.profession, one.specialty, one.grade, starts, true],
        )
        .await
        .unwrap();
        unit.execute(
            "INSERT INTO education_post_funding (id, post_id, kind, body, from_day, is_illustrative) VALUES ($1, $2, $3, 'NHS Region', $4, $5)",
            values![id(5), post, one.funding, starts, true],
        )
        .await
        .unwrap();
        unit.execute(
            "INSERT INTO education_placement (id, cluster_id, trainee_id, post_id, kind, starts_on, ends_on, wte, is_counted, state, source, reason, is_illustrative, version) \
             VALUES ($1, $2, $3, $4, 'in_post', $5, $6, $7, $8, 'approved', 'entry', '', $8, 1)",
            values![placement, cluster.id.0, trainee, post, day(one.from), day(one.to), one.wte, true],
        )
        .await
        .unwrap();
    }
    unit.commit().await.unwrap();
}
