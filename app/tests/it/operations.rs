//! What every installation does, whatever it is used for: sign-in, permissions, rubbish at every door. It never looks at one capability's pages.

use chrono::Duration;
use hiec_competition::Stage;
use hiec_kernel::clock::{Clock, FixedClock, from_london};
use hiec_testkit::for_each_database;

use crate::product::Product;

fn clock() -> FixedClock {
    FixedClock::at(from_london("2009-06-15 10:00").expect("a time"))
}

#[tokio::test]
async fn the_product_starts_on_an_empty_database() {
    for_each_database(|url| async move {
        let product = Product::start(&url, clock()).await;
        let mut browser = product.browser();
        browser.get("/").await.expect_status(200);
        browser.get("/no-such-page").await.expect_status(404);
        browser.get("/account").await.expect_status(200);
        assert!(
            browser.address().starts_with("/sign-in?next="),
            "{}",
            browser.address()
        );
    })
    .await;
}

#[tokio::test]
async fn one_of_the_cast_is_signed_in_until_idle_too_long() {
    for_each_database(|url| async move {
        let product = Product::at(&url, Stage::Dialogue).await;
        let mut browser = product.browser_as("office").await;
        browser
            .get("/account")
            .await
            .expect_status(200)
            .expect_text("Olive Office");
        product.clock.set(product.clock.now() + Duration::hours(3));
        browser.get("/account").await;
        assert!(
            browser.address().starts_with("/sign-in"),
            "{}",
            browser.address()
        );
    })
    .await;
}
