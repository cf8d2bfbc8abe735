//! Measures as a cluster's people use them: defined by two, entered by sites, seen as each site chose.

use hiec_kernel::Role;
use hiec_testkit::for_each_database;

use crate::clusters::{somebody, stand};

#[tokio::test]
async fn a_cluster_without_measures_says_what_to_do_next() {
    for_each_database(|url| async move {
        let (stand, cluster) = stand(&url, 7, "2010-10-15 10:00").await;
        let (mut facilitator, _) = somebody(&stand, &cluster, "Fay Facilitson", Role::Facilitator).await;
        facilitator.get("/clusters/necles/measures").await.expect_status(200).expect_text("No measure is defined yet");
        stand.browser().get("/clusters/necles/measures").await.expect_text("sign in");
    })
    .await;
}
