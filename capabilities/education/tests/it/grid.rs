//! The rotation grid with 2,000 placements: loaded in a fixed number of statements, and drawn in time.

use std::time::{Duration, Instant};

use hiec_kernel::Role;
use hiec_store::{Reads, values};

use crate::clusters::{self, somebody};
use crate::ground::EDUCATION;
use crate::many::filled;

#[tokio::test]
async fn two_thousand_placements_are_drawn_in_time() {
    hiec_testkit::for_each_database(|url| async move {
        let (stand, cluster) = clusters::stand(&url, "2010-09-01 10:00").await;
        filled(&stand, 3).await;
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
