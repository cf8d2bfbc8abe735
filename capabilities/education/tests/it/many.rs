//! Two thousand placements of five hundred trainees in posts that a tariff pays for, for what has to be quick with many.

use hiec_kernel::people::Actor;
use hiec_store::values;
use hiec_teststand::Stand;
use uuid::Uuid;

use crate::clusters::{day, organisation};

const TRAINEES: u128 = 500;
/// Turns of three months each.
const TURNS: u32 = 4;

/// Fills a stand whose register has these many hospitals, counted from 1.
pub(crate) async fn filled(stand: &Stand, hospitals: u128) {
    let unit = stand.state.begin(Actor::System("test".into())).await.unwrap();
    let cluster = Uuid::from_u128(7);
    let programme = Uuid::from_u128(30);
    unit.execute(
        "INSERT INTO education_programme (id, cluster_id, key, name, profession, level, specialty, months, starts_on, is_illustrative) \
         VALUES ($1, $2, 'cardiology', 'Cardiology', 'medical', 'postgraduate', 'Cardiology', 24, $3, TRUE)",
        values![programme, cluster, day("2010-08-04")],
    )
    .await
    .unwrap();
    for nth in 0..TRAINEES {
        let (trainee, post) = (Uuid::from_u128(10_000 + nth), Uuid::from_u128(20_000 + nth));
        unit.execute(
            "INSERT INTO education_trainee (id, cluster_id, programme_id, number, name, grade, wte, starts_on, ends_on, is_illustrative) \
             VALUES ($1, $2, $3, $4, $5, 'ST3', 100, $6, $7, TRUE)",
            values![
                trainee,
                cluster,
                programme,
                format!("T-{nth:04}"),
                format!("Learner {nth:04}"),
                day("2010-08-04"),
                day("2012-08-03")
            ],
        )
        .await
        .unwrap();
        unit.execute(
            "INSERT INTO education_post (id, cluster_id, number, host_id, site, profession, specialty, grade, setting, starts_on, \
             is_illustrative) VALUES ($1, $2, $3, $4, 'Site', 'medical', 'Cardiology', 'ST3', 'secondary', $5, TRUE)",
            values![post, cluster, format!("P-{nth:04}"), organisation(1 + nth % hospitals).id.0, day("2010-08-04")],
        )
        .await
        .unwrap();
        unit.execute(
            "INSERT INTO education_post_capacity (post_id, from_day, wte) VALUES ($1, $2, 100)",
            values![post, day("2010-08-04")],
        )
        .await
        .unwrap();
        unit.execute(
            "INSERT INTO education_post_funding (id, post_id, kind, body, from_day, is_illustrative) VALUES ($1, $2, 'tariff', 'NHS Region', $3, TRUE)",
            values![Uuid::from_u128(30_000 + nth), post, day("2010-08-04")],
        )
        .await
        .unwrap();
    }
    for nth in 0..TRAINEES {
        let trainee = Uuid::from_u128(10_000 + nth);
        for turn in 0..TURNS {
            let starts_on = day("2010-08-04") + chrono::Months::new(3 * turn);
            let post = Uuid::from_u128(20_000 + (nth + u128::from(turn)) % TRAINEES);
            unit.execute(
                "INSERT INTO education_placement (id, cluster_id, trainee_id, post_id, kind, starts_on, ends_on, wte, is_counted, state, \
                 source, reason, is_illustrative, version) \
                 VALUES ($1, $2, $3, $4, 'in_post', $5, $6, 100, FALSE, 'approved', 'entry', '', TRUE, 1)",
                values![
                    Uuid::from_u128(100_000 + nth * 10 + u128::from(turn)),
                    cluster,
                    trainee,
                    post,
                    starts_on,
                    starts_on + chrono::Months::new(3) - chrono::Days::new(1)
                ],
            )
            .await
            .unwrap();
        }
    }
    unit.commit().await.unwrap();
}
