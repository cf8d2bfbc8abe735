//! The rotation grid with 2,000 placements: loaded in a fixed number of statements, and drawn in time.

use std::time::{Duration, Instant};

use hiec_kernel::Role;
use hiec_kernel::people::Actor;
use hiec_store::{Reads, values};
use uuid::Uuid;

use crate::clusters::{self, day, organisation, somebody};
use crate::ground::EDUCATION;

const TRAINEES: u128 = 500;
/// Turns of three months each.
const TURNS: u32 = 4;

async fn filled(stand: &hiec_teststand::Stand) {
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
            values![post, cluster, format!("P-{nth:04}"), organisation(1 + nth % 3).id.0, day("2010-08-04")],
        )
        .await
        .unwrap();
        unit.execute(
            "INSERT INTO education_post_capacity (post_id, from_day, wte) VALUES ($1, $2, 100)",
            values![post, day("2010-08-04")],
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

#[tokio::test]
async fn two_thousand_placements_are_drawn_in_time() {
    hiec_testkit::for_each_database(|url| async move {
        let (stand, cluster) = clusters::stand(&url, "2010-09-01 10:00").await;
        filled(&stand).await;
        let many = stand.database().count("SELECT COUNT(*) AS n FROM education_placement", values![]).await.unwrap();
        assert_eq!(many, 2_000);
        let (mut lead, _) = somebody(&stand, &cluster, "Edith Educatson", Role::EducationLead, 1).await;
        for rows in ["", "?by=posts"] {
            let address = format!("{EDUCATION}/grid{rows}");
            lead.get(&address).await.expect_text("2000 placements");
            let mut times: Vec<Duration> = Vec::new();
            for _ in 0..5 {
                let begun = Instant::now();
                let status = lead.send(http::Method::GET, &address, &[], vec![]).await;
                times.push(begun.elapsed());
                assert_eq!(status, 200);
            }
            times.sort();
            // The target is 50 ms for the optimised program (see the README); this build is not, and the machine may be busy.
            println!("the grid by {}: {:?} at the median", if rows.is_empty() { "trainee" } else { "post" }, times[2]);
            assert!(times[2] < Duration::from_secs(2), "{:?}", times[2]);
        }
    })
    .await;
}
