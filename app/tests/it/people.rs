//! People and their roles, for administrators: found, appointed, ended, closed, opened again; each with who and why, and nothing of it for anybody else. It never opens a socket.

use hiec_access::places::AllPlaces;
use hiec_competition::Stage;
use hiec_kernel::clock::{FixedClock, from_london};
use hiec_kernel::{Role, Scope};
use hiec_store::Stream;
use hiec_testkit::for_each_database;
use uuid::Uuid;

use crate::product::Product;

fn clock() -> FixedClock {
    FixedClock::at(from_london("2009-06-15 10:00").expect("a time"))
}

async fn place(product: &Product, kind: &str, words: &str) -> String {
    let places = product.state.service::<AllPlaces>().expect("places");
    let found = places.find(&product.state.database(), &[kind], words, 5).await.expect("places");
    assert_eq!(found.len(), 1, "{kind} {words}: {found:?}");
    format!("{kind}:{}", found[0].scope.id())
}

#[tokio::test]
async fn many_people_are_found_a_page_at_a_time() {
    for_each_database(|url| async move {
        let product = Product::start(&url, clock()).await;
        let admin = product.administrator().await;
        for number in 0..120 {
            product.add_person(&format!("Person {number:03} Example"), &[]).await;
        }
        product.add_person("Percy 50% Under_score", &[(Role::Auditor, Scope::Installation, None)]).await;
        let mut browser = product.browser_of(admin.id).await;
        browser
            .get("/people")
            .await
            .expect_status(200)
            .expect_text("122 accounts, page 1 of 3")
            .expect_text("Person 047");
        browser.expect_no_text("Person 048");
        browser.get("/people?page=3").await.expect_text("Person 119");
        browser.get("/people?page=900").await.expect_status(200).expect_text("Nobody here fits");
        browser.get("/people").await.fill("Name or address", "PERSON.07").submit("Filter").await;
        browser.expect_text("10 accounts found").expect_text("Person 070 Example").expect_no_text("Person 080");
        for (words, found) in [("50%", 1), ("%", 1), ("_", 1), ("\\", 0), ("'; DROP TABLE", 0)] {
            let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("find", words).finish();
            let (_, listed) = browser.get_json(&format!("/people?{query}")).await;
            assert_eq!(listed["total"], found, "{words}");
        }
        let (_, listed) = browser.get_json("/people?role=auditor").await;
        assert_eq!((&listed["total"], &listed["people"][0]["roles"]), (&1.into(), &serde_json::json!(["auditor"])));
    })
    .await;
}

#[tokio::test]
async fn only_administrators_look_after_people() {
    for_each_database(|url| async move {
        let product = Product::at(&url, Stage::Dialogue).await;
        let lead = product.person("lead").await;
        for slug in ["office", "lead", "region-lon", "auditor", "chair"] {
            let mut other = product.browser_as(slug).await;
            other.get("/people").await.expect_status(404);
            other.get(&format!("/people/{}", lead.id)).await.expect_status(404);
            other.post(&format!("/people/{}/closing", lead.id), &[("reason", "x")]).await.expect_status(404);
            other.post(&format!("/people/{}/roles", lead.id), &[("role", "auditor")]).await.expect_status(404);
        }
        let mut public = product.browser();
        public.get("/people").await;
        assert!(public.address().starts_with("/sign-in"));
    })
    .await;
}

#[tokio::test]
async fn a_role_is_given_seen_and_ended_with_a_reason() {
    for_each_database(|url| async move {
        let product = Product::at(&url, Stage::Dialogue).await;
        let person = product.add_person("Rosa Example", &[]).await;
        let path = format!("/people/{}", person.id);
        let mut admin = product.browser_as("admin").await;
        admin.get(&path).await.click("Give a role").await.tick("Region").submit("Continue").await;
        admin.submit("Give the role").await.expect_status(422);
        assert_eq!(admin.errors(), ["Choose where the role is held"]);
        admin.tick("NHS South West").submit("Give the role").await.expect_status(200);
        admin.expect_text("Rosa Example is now: Region, NHS South West.").expect_text("Adam Adminson");
        assert!(product.letter_to(&person.email).await.body.contains("Region, NHS South West"));

        // It counts: a region sees what regions see.
        let mut rosa = product.browser_of(person.id).await;
        rosa.get("/calls/hiec-2009/pqqs").await.expect_status(200);

        admin.click("End Region, NHS South West").await.submit("End the role").await.expect_status(422);
        assert_eq!(admin.errors(), ["Enter why the role ends"]);
        admin.fill("Why the role ends", "Moved to another region").submit("End the role").await.expect_status(200);
        admin.expect_text("Moved to another region").expect_text("Roles held before");
        rosa.get("/calls/hiec-2009/pqqs").await.expect_status(403);
        let (_, shown) = admin.get_json(&path).await;
        assert_eq!(shown["roles"][0]["ended_reason"], "Moved to another region");
        let ending = format!("/appointments/{}/ending", shown["roles"][0]["appointment"].as_str().expect("an id"));
        admin.post(&ending, &[("reason", "again")]).await.expect_status(409);
        assert!(product.trail(&Stream::installation()).await.contains("Moved to another region"));
    })
    .await;
}

#[tokio::test]
async fn the_split_is_refused_in_words_and_nothing_typed_is_lost() {
    for_each_database(|url| async move {
        let product = Product::at(&url, Stage::Bidding).await;
        let mut admin = product.browser_as("admin").await;
        let lead = product.person("lead").await;
        let london = place(&product, "region", "london").await;
        admin.post(&format!("/people/{}/roles", lead.id), &[("role", "region_officer"), ("place", &london)]).await;
        admin
            .expect_status(422)
            .expect_text("act for a commissioner of education and for a provider in the same matter");
        assert_eq!(admin.value_of("Where?").as_deref(), Some(london.as_str()), "the choice stays");

        let rita = product.person("region-lon").await;
        let bid = place(&product, "bid", "North East London").await;
        admin.post(&format!("/people/{}/roles", rita.id), &[("role", "bid_editor"), ("place", &bid)]).await;
        admin.expect_status(422).expect_text("Nobody may do both");
        let free = product.add_person("Free Example", &[]).await;
        admin.post(&format!("/people/{}/roles", free.id), &[("role", "bid_editor"), ("place", &bid)]).await;
        admin.expect_status(200).expect_text("Bid editor");
        admin.post(&format!("/people/{}/roles", free.id), &[("role", "bid_editor"), ("place", &bid)]).await;
        admin.expect_status(422).expect_text("holds this role there already");
    })
    .await;
}

#[tokio::test]
async fn nobody_appoints_or_closes_themselves_and_wrong_places_are_refused() {
    for_each_database(|url| async move {
        let product = Product::at(&url, Stage::Dialogue).await;
        let mut admin = product.browser_as("admin").await;
        let adam = product.person("admin").await;
        let call = place(&product, "call", "").await;
        let own = format!("/people/{}", adam.id);
        admin.post(&format!("{own}/roles"), &[("role", "panel_chair"), ("place", &call)]).await.expect_status(422);
        admin.expect_text("Nobody gives themselves a role");
        admin.post(&format!("{own}/closing"), &[("reason", "tired")]).await.expect_status(403);
        let (_, shown) = admin.get_json(&own).await;
        let mine = shown["roles"][0]["appointment"].as_str().expect("an id").to_owned();
        admin.post(&format!("/appointments/{mine}/ending"), &[("reason", "tired")]).await.expect_status(403);

        let lead = product.person("lead").await;
        let roles = format!("/people/{}/roles", lead.id);
        let nowhere = format!("call:{}", Uuid::nil());
        for (role, place) in [
            ("panel_chair", "installation"),
            ("region_officer", call.as_str()),
            ("panel_chair", nowhere.as_str()),
            ("assessor", call.as_str()),
            ("king", call.as_str()),
            ("panel_chair", "call:x"),
            ("panel_chair", ""),
        ] {
            admin.post(&roles, &[("role", role), ("place", place)]).await.expect_status(422);
        }
    })
    .await;
}

#[tokio::test]
async fn an_office_ends_what_it_may_give_and_nothing_else() {
    for_each_database(|url| async move {
        let product = Product::at(&url, Stage::Dialogue).await;
        let mut office = product.browser_as("office").await;
        office.get("/people/invitations").await.expect_text("Carol Chairworth").expect_no_text("Rita Regionley");
        office.click("End Carol Chairworth: Panel chair, 2009 national competition").await.expect_status(200);
        office.fill("Why the role ends", "Illness").submit("End the role").await.expect_status(200);
        assert_eq!(office.address(), "/people/invitations");
        let mut admin = product.browser_as("admin").await;
        for slug in ["region-lon", "office-two", "admin"] {
            let (_, shown) = admin.get_json(&format!("/people/{}", product.person(slug).await.id)).await;
            let id = shown["roles"][0]["appointment"].as_str().expect("an id").to_owned();
            office.post(&format!("/appointments/{id}/ending"), &[("reason", "x")]).await.expect_status(404);
        }
    })
    .await;
}

#[tokio::test]
async fn a_closed_account_comes_in_by_nothing_and_is_opened_again() {
    for_each_database(|url| async move {
        let product = Product::at(&url, Stage::Dialogue).await;
        let lead = product.person("lead").await;
        let mut theirs = product.browser_as("lead").await;
        theirs
            .get("/account/tokens")
            .await
            .fill("What the token is for", "a program")
            .tick("Read")
            .submit("Make a token")
            .await;
        let token =
            theirs.text().split_whitespace().find(|word| word.starts_with("hiec_")).expect("a token").to_owned();
        let mut program = product.browser();
        program.use_bearer(&token);
        assert_eq!(program.get_json("/account").await.0.as_u16(), 200);
        product.browser().post("/password-reset", &[("email", &lead.email)]).await;
        let link = crate::product::link_in(&product.letter_to(&lead.email).await);

        let mut admin = product.browser_as("admin").await;
        let path = format!("/people/{}", lead.id);
        admin.get(&path).await.submit("Close the account").await.expect_status(422);
        assert_eq!(admin.errors(), ["Enter why the account is closed"]);
        admin.fill("Why the account is closed", "Left the university").submit("Close the account").await;
        admin.expect_status(200).expect_text("Account closed").expect_text("Left the university");
        theirs.get("/account").await;
        assert!(theirs.address().starts_with("/sign-in"), "still in");
        assert_eq!(program.get_json("/account").await.0.as_u16(), 401, "the token still opens");
        product.browser().post(&link, &[("password", "correct horse battery")]).await.expect_status(409);
        let before = product.letters_to(&lead.email).await;
        product.browser().post("/password-reset", &[("email", &lead.email)]).await.expect_status(200);
        assert_eq!(product.letters_to(&lead.email).await, before, "no letter to a closed account");
        admin.post(&format!("{path}/closing"), &[("reason", "again")]).await.expect_status(409);
        admin.get("/people?accounts=closed").await.expect_text("Lena Leadwell");
        admin
            .post(&format!("{path}/roles"), &[("role", "auditor"), ("place", "installation")])
            .await
            .expect_status(409);

        admin
            .get(&path)
            .await
            .fill("Why the account is opened again", "Came back")
            .submit("Open the account again")
            .await;
        admin.expect_status(200).expect_text("Opened again").expect_text("Came back");
        assert_eq!(program.get_json("/account").await.0.as_u16(), 200);

        let mut again = product.browser_of(lead.id).await;
        admin.get(&path).await.submit("Sign them out everywhere").await.expect_text("Nowhere");
        again.get("/account").await;
        assert!(again.address().starts_with("/sign-in"));
    })
    .await;
}
