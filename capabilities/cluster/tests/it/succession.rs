//! Succession: what has no owner, funding, licence or record is shown from the first month, to everyone, on the home too.

use hiec_kernel::Role;
use hiec_testkit::for_each_database;

use crate::house::{PATH, house};

#[tokio::test]
async fn what_is_not_settled_is_shown_until_it_is() {
    for_each_database(|url| async move {
        let house = house(&url).await;
        let mut facilitator = house.browser("Fay Facilitson", Role::Facilitator).await;
        let mut public = house.stand.browser();
        facilitator.get(&format!("{PATH}/succession")).await.expect_text("Nothing is listed yet");
        facilitator.submit("Add it").await;
        facilitator.expect_status(422).expect_text("Choose what it is").expect_text("Enter its name");
        facilitator.fill("What is it?", "product").fill("Name", "Scorecards");
        facilitator.submit("Add it").await;
        facilitator.expect_status(200).expect_text("1 of 1 things are not settled").expect_text("No licence");
        public.get(PATH).await.expect_text("1 thing has no owner, funding, licence or record after the last day");

        facilitator.click("Scorecards").await;
        facilitator.expect_text("It lacks an owner, funding, a licence, a record");
        facilitator
            .fill("Owner after the last day", "Example Surgery")
            .fill("Funding", "A grant")
            .fill("Licence", "Open")
            .fill("Record", "The library");
        facilitator.submit("Save").await;
        facilitator.expect_status(200).expect_text("Everything here is settled");
        public.get(PATH).await.expect_no_text("after the last day.");
        let csv = public.get(&format!("{PATH}/succession.csv")).await.text();
        assert!(csv.contains("Scorecards") && csv.contains("The library"), "{csv}");

        // Two write at once: the second is told, and what the first wrote stands.
        let (_, data) = public.get_json(&format!("{PATH}/succession")).await;
        let id = data["planned"][0]["id"].as_str().unwrap();
        let old = [("kind", "product"), ("name", "Scorecards"), ("version", "1")];
        facilitator.post(&format!("{PATH}/succession/{id}"), &old).await.expect_status(409);
        let (_, data) = public.get_json(&format!("{PATH}/succession")).await;
        assert_eq!(data["planned"][0]["owner"], "Example Surgery");
        // The board and the public read it, and change nothing.
        let mut board = house.browser("Bruno Boardley", Role::BoardMember).await;
        board.post(&format!("{PATH}/succession"), &old).await.expect_status(403);
        board.get(&format!("{PATH}/succession/{id}")).await.expect_status(404);
        assert_eq!(house.trail().await.matches("legacy.written").count(), 2);
    })
    .await;
}
