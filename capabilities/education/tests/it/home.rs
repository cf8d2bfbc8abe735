//! The home of a cluster's education: everybody sees what is public of it, and only those who may find the way to people.

use hiec_kernel::Role;

use crate::clusters::{self, somebody};

#[tokio::test]
async fn the_public_sees_rooms_without_people_in_them() {
    hiec_testkit::for_each_database(|url| async move {
        let (stand, cluster) = clusters::stand(&url, "2010-09-01 10:00").await;
        let mut public = stand.browser();
        public.get("/clusters/necles/education").await.expect_text("This cluster has no programme yet");
        public.expect_no_text("Who learns here");
        let (mut lead, _) = somebody(&stand, &cluster, "Edith Educatson", Role::EducationLead, 1).await;
        lead.get("/clusters/necles/education").await.expect_text("Who learns here");
        lead.get("/education").await.expect_text("No cluster has a programme yet");
    })
    .await;
}
