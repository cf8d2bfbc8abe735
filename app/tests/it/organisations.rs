//! The register in the browser: read by everybody signed in, kept by administrators, a list imported whole or not at all. It never opens a socket.

use hiec_accounts::organisations::importing;
use hiec_kernel::clock::{FixedClock, from_london};
use hiec_kernel::people::Actor;
use hiec_store::organisations;
use hiec_testkit::{Browser, for_each_database};

use crate::product::Product;

fn clock() -> FixedClock {
    FixedClock::at(from_london("2009-06-15 10:00").expect("a time"))
}

const LIST: &str = "ods_code,name,region,postcode,settings\n\
    RXX,Illustrative North Trust,,E1 1AA,secondary\n\
    RYY,Illustrative South Trust,,E1 2AA,community\n";

async fn preview<'a>(browser: &'a mut Browser, name: &str, content: &[u8]) -> &'a mut Browser {
    browser.get("/organisations/imports/new").await.attach("The list", name, "text/csv", content);
    browser.submit("Upload and preview").await
}

#[tokio::test]
async fn a_list_is_previewed_and_taken_whole() {
    for_each_database(|url| async move {
        let product = Product::start(&url, clock()).await;
        let admin = product.administrator().await;
        let mut browser = product.browser_of(admin.id).await;
        preview(&mut browser, "list.csv", LIST.as_bytes()).await.expect_status(200);
        browser.expect_text("2 organisations new").expect_text("Illustrative North Trust");
        let database = product.state.database();
        assert!(
            organisations::by_ods_code(&database, "RXX").await.expect("a look").is_none(),
            "before it is confirmed"
        );
        let waits = browser.address().to_owned();
        browser.submit("Import all of it").await.expect_status(200).expect_text("Imported: 2 new, 0 changed");
        browser.expect_text("Illustrative South Trust");
        assert!(organisations::by_ods_code(&database, "RXX").await.expect("a look").is_some());
        browser.get(&waits).await.expect_status(404);

        let renamed = LIST.replace("South Trust", "Southern Trust");
        preview(&mut browser, "list.csv", renamed.as_bytes()).await.expect_text("1 organisation changed");
        browser.expect_text("Illustrative South Trust").expect_text("Illustrative Southern Trust");
        let (_, shown) = {
            let waits = browser.address().to_owned();
            browser.get_json(&waits).await
        };
        assert_eq!((&shown["changed"][0]["line"], &shown["unchanged"]), (&3.into(), &1.into()));
    })
    .await;
}

#[tokio::test]
async fn one_wrong_line_stops_all_and_what_is_no_list_is_refused_in_words() {
    for_each_database(|url| async move {
        let product = Product::start(&url, clock()).await;
        let admin = product.administrator().await;
        let mut browser = product.browser_of(admin.id).await;
        let bad = format!("{LIST}RZZ,,,,\nRXX,Twice,,,\n");
        preview(&mut browser, "list.csv", bad.as_bytes()).await.expect_status(200).expect_text("2 faults to correct");
        browser.expect_text("Line 4").expect_text("stands on line 2 already");
        let address = browser.address().to_owned();
        let (_, shown) = browser.get_json(&address).await;
        let seen = shown["seen"].as_str().expect("a fingerprint").to_owned();
        browser.post(&address, &[("seen", &seen)]).await.expect_status(422).expect_text("nothing was imported");
        assert_eq!(browser.get_json("/organisations").await.1["total"], 0);
        for (name, content) in [
            ("list.csv", b"".as_slice()),
            ("list.csv", b"name\nNo code\n"),
            ("list.csv", b"\xff\xfeo\0d\0s\0"),
            ("list.pdf", b"%PDF-1.4 nothing"),
            ("list.xlsx", b"PK\x03\x04rubbish"),
        ] {
            preview(&mut browser, name, content).await.expect_status(422);
            assert_eq!(browser.errors().len(), 1, "{name}: {:?}", browser.errors());
        }
        browser.post("/organisations/imports", &[]).await.expect_status(422).expect_text("This address takes a file");
    })
    .await;
}

#[tokio::test]
async fn a_preview_gone_stale_is_not_carried_out_and_is_nobody_elses() {
    for_each_database(|url| async move {
        let product = Product::start(&url, clock()).await;
        let admin = product.administrator().await;
        let mut browser = product.browser_of(admin.id).await;
        preview(&mut browser, "list.csv", LIST.as_bytes()).await.expect_status(200);
        let waits = browser.address().to_owned();
        let other = product
            .add_person(
                "Other Administrator",
                &[(hiec_kernel::Role::Administrator, hiec_kernel::Scope::Installation, None)],
            )
            .await;
        product.browser_of(other.id).await.get(&waits).await.expect_status(404);

        // The command line was quicker: the same code, over the same register.
        let mut unit = product.state.begin(Actor::Operator("import organisations".into())).await.expect("a unit");
        let quick = importing::preview(&unit, "list.csv", LIST.as_bytes()).await.expect("a preview");
        importing::carry_out(&mut unit, quick, None).await.expect("imported");
        unit.commit().await.expect("stored");
        browser.submit("Import all of it").await.expect_status(409).expect_text("changed since the preview");
        assert_eq!(browser.get_json("/organisations").await.1["total"], 2);
    })
    .await;
}

#[tokio::test]
async fn the_register_is_searched_and_each_change_says_why() {
    for_each_database(|url| async move {
        let product = Product::start(&url, clock()).await;
        let admin = product.administrator().await;
        let reader = product.add_person("Rea Reader", &[]).await;
        let mut browser = product.browser_of(admin.id).await;
        browser
            .get("/organisations")
            .await
            .click("Add one")
            .await
            .submit("Add the organisation")
            .await
            .expect_status(422);
        assert_eq!(browser.errors(), ["Enter the name", "Choose the sector", "Enter why"]);
        browser.fill("Name", "Illustrative University").tick("Higher education").tick("Provides education");
        browser
            .fill("ODS code", "x1y2")
            .fill("Why", "Asked by the programme office")
            .submit("Add the organisation")
            .await;
        browser.expect_status(200).expect_text("Illustrative University is in the register").expect_text("X1Y2");
        let page = browser.address().to_owned();

        browser.click("Change").await.tick("Commissions education").fill("Why", "");
        browser.submit("Save the change").await.expect_status(422);
        assert_eq!(browser.errors(), ["Enter why"]);
        browser.fill("Why", "Its own web site says so").submit("Save the change").await.expect_status(200);
        browser
            .expect_text("It commissions education")
            .expect_text("Its own web site says so")
            .expect_text("Ada Administrator");
        browser.expect_text("functions: “provides_education” became “provides_education, commissions_education”");

        browser
            .post("/organisations", &[("name", "Another"), ("sector", "nhs"), ("ods_code", "X1Y2"), ("reason", "x")])
            .await;
        browser.expect_status(422);
        assert_eq!(browser.errors(), ["Another organisation in the register has this code"]);

        let mut reading = product.browser_of(reader.id).await;
        for (query, found) in [
            ("find=universi", 1),
            ("find=X1y2", 1),
            ("function=commissions_education", 1),
            ("function=regulates", 0),
            ("sector=nhs", 0),
            ("find=%25", 0),
        ] {
            assert_eq!(reading.get_json(&format!("/organisations?{query}")).await.1["total"], found, "{query}");
        }
        reading.get(&page).await.expect_status(200).expect_no_text("Ada Administrator");
        reading.get(&format!("{page}/edit")).await.expect_status(403);
        reading.post(&page, &[("name", "Mine")]).await.expect_status(403);
        reading.get("/organisations/imports/new").await.expect_status(403);
        let mut public = product.browser();
        public.get("/organisations").await;
        assert!(public.address().starts_with("/sign-in"));
    })
    .await;
}
