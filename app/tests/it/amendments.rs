//! A call in force changes by amendments alone, and no longer where bidders wrote to it. It never opens a socket.

use hiec_competition::Stage;
use hiec_testkit::for_each_database;
use serde_json::json;

use crate::product::Product;

const CALL: &str = "/calls/hiec-2009";
const WHY: &str = "Illustrative reason: the group asked for it.";

#[tokio::test]
async fn after_the_deadline_the_rules_stand_and_the_rest_may_change() {
    for_each_database(|url| async move {
        let product = Product::at(&url, Stage::Assessment).await;
        let mut office = product.browser_as("office").await;
        let before = office.get_json(CALL).await.1;
        office.get(&format!("{CALL}/design")).await.click("Money and award rules").await;
        office.fill("Lowest total that can be funded, in per cent", "41").submit("Save").await.expect_status(200);
        let amend = format!("{CALL}/amendments/new");
        office.get(&amend).await.expect_status(200).expect_text("This cannot be made an amendment");
        office.expect_text("the award rules").fill("Why", WHY).submit("Make it an amendment").await.expect_status(422);
        let errors = office.errors();
        assert_eq!(errors.len(), 1, "{errors:?}");
        assert!(
            errors[0].starts_with("The award rules cannot change any more") && errors[0].contains("19 October 2009")
        );
        assert_eq!(office.value_of("Why").as_deref(), Some(WHY), "what was typed stays");
        let (status, problem) = office.post_json(&amend, &json!({ "reason": WHY })).await;
        assert_eq!(status, 422, "{problem}");
        assert_eq!(office.get_json(CALL).await.1["fingerprint"], before["fingerprint"]);

        office.get(&amend).await.submit("Give the proposal up").await.expect_status(200).expect_text("given up");
        office.get(&amend).await.expect_text("the same as what is in force");
        office.get(&format!("{CALL}/design")).await.click("Title, summary, funder").await;
        office
            .fill("Summary", "Illustrative: read the notes for bidders first.")
            .submit("Save")
            .await
            .expect_status(200);
        office.get(&amend).await.expect_no_text("This cannot be made an amendment");
        office
            .fill("Why", WHY)
            .submit("Make it an amendment")
            .await
            .expect_status(200)
            .expect_text("counts from now on");
        assert_ne!(office.get_json(CALL).await.1["fingerprint"], before["fingerprint"]);

        let mut lead = product.browser_as("lead").await;
        lead.post(&format!("{CALL}/proposal-withdrawal"), &[]).await.expect_status(403);
    })
    .await;
}
