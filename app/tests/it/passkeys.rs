//! Passkeys, with a device of our own: added, used, named, removed; and what a device must not do. It never opens a socket.

use chrono::Duration;
use hiec_kernel::clock::{FixedClock, from_london};
use hiec_kernel::people::Person;
use hiec_store::Stream;
use hiec_testkit::{Browser, for_each_database};
use serde_json::{Value, json};

use crate::authenticator::Authenticator;
use crate::product::{Product, link_in};

const ORIGIN: &str = "http://hiec.example";

fn clock() -> FixedClock {
    FixedClock::at(from_london("2009-06-15 10:00").expect("a time"))
}

async fn post(browser: &mut Browser, path: &str, body: Value) -> (u16, Value) {
    let (status, answer) = browser.post_json(path, &body).await;
    (status.as_u16(), answer)
}

/// Adds the device's passkey to the account of whoever is signed in.
async fn add(browser: &mut Browser, device: &mut Authenticator, name: &str) -> (u16, Value) {
    let (status, begun) = post(browser, "/account/passkeys/challenge", json!({})).await;
    assert_eq!(status, 200, "{begun}");
    let credential = device.create(&begun["options"]);
    let form = json!({ "ceremony": begun["ceremony"], "name": name, "credential": credential });
    post(browser, "/account/passkeys", form).await
}

/// Signs a browser in by the device.
async fn sign_in(browser: &mut Browser, device: &mut Authenticator) -> (u16, Value) {
    let (status, begun) = post(browser, "/sign-in/passkey/challenge", json!({})).await;
    assert_eq!(status, 200, "{begun}");
    let form =
        json!({ "ceremony": begun["ceremony"], "credential": device.get(&begun["options"]), "next": "/account" });
    post(browser, "/sign-in/passkey", form).await
}

/// Somebody with a passkey on a device.
async fn with_passkey(product: &Product) -> (Person, Authenticator) {
    let ada = product.add_person("Ada Example", &[]).await;
    let mut device = Authenticator::new(7, ORIGIN);
    let (status, answer) = add(&mut product.browser_of(ada.id).await, &mut device, "My telephone").await;
    assert_eq!(status, 201, "{answer}");
    (ada, device)
}

#[tokio::test]
async fn a_passkey_is_added_signs_in_is_named_and_removed() {
    for_each_database(|url| async move {
        let product = Product::start(&url, clock()).await;
        let (ada, mut device) = with_passkey(&product).await;
        assert!(product.letter_to(&ada.email).await.subject.contains("A passkey was added"));
        let mut browser = product.browser();
        browser.come_from("203.0.113.5");
        let (status, answer) = sign_in(&mut browser, &mut device).await;
        assert_eq!((status, &answer["location"]), (200, &"/account".into()), "{answer}");
        browser.get("/account").await.expect_text("Ada Example");
        let (_, ways) = browser.get_json("/account/sign-in").await;
        let here = ways["sessions"].as_array().expect("sessions").iter().find(|one| one["is_this"] == true);
        assert_eq!(here.expect("this one")["method"], "passkey");
        assert_eq!(ways["passkeys"][0]["name"], "My telephone");
        assert!(ways["passkeys"][0]["used_at"].is_string());
        // Again, and again: the counter goes on from where it was.
        for _ in 0..2 {
            assert_eq!(sign_in(&mut product.browser(), &mut device).await.0, 200);
        }
        browser.get("/account/sign-in").await.fill("Name", "Old telephone").submit("Rename My telephone").await;
        browser.expect_text("Old telephone").submit("Remove Old telephone").await.expect_text("The passkey is removed");
        assert_eq!(sign_in(&mut product.browser(), &mut device).await.0, 422);
        let trail = product.trail(&Stream::installation()).await;
        assert!(trail.contains("person.passkey_added") && trail.contains("person.passkey_removed"));
        assert!(!trail.contains("telephone"), "a name in the trail");
    })
    .await;
}

#[tokio::test]
async fn what_a_device_must_not_do_opens_nothing() {
    for_each_database(|url| async move {
        let product = Product::start(&url, clock()).await;
        let (ada, mut device) = with_passkey(&product).await;
        let mut browser = product.browser();

        device.asks_its_holder = false;
        assert_eq!(sign_in(&mut browser, &mut device).await.0, 422, "without asking its holder");
        device.asks_its_holder = true;
        device.origin = "https://hiec.example.evil.example".into();
        assert_eq!(sign_in(&mut browser, &mut device).await.0, 422, "for a page that is not ours");
        device.origin = ORIGIN.into();
        let user = std::mem::replace(&mut device.user, vec![9; 16]);
        assert_eq!(sign_in(&mut browser, &mut device).await.0, 422, "for somebody else");
        device.user = user;
        let mut stranger = Authenticator::new(8, ORIGIN);
        stranger.user.clone_from(&device.user);
        assert_eq!(sign_in(&mut browser, &mut stranger).await.0, 422, "a device nobody added");

        // The same answer twice, too late, and for a challenge nobody gave.
        let (_, begun) = post(&mut browser, "/sign-in/passkey/challenge", json!({})).await;
        let form = json!({ "ceremony": begun["ceremony"], "credential": device.get(&begun["options"]) });
        assert_eq!(post(&mut product.browser(), "/sign-in/passkey", form.clone()).await.0, 200);
        assert_eq!(post(&mut browser, "/sign-in/passkey", form.clone()).await.0, 409, "twice");
        let (_, begun) = post(&mut browser, "/sign-in/passkey/challenge", json!({})).await;
        let late = json!({ "ceremony": begun["ceremony"], "credential": device.get(&begun["options"]) });
        product.clock.advance(Duration::minutes(5));
        assert_eq!(post(&mut browser, "/sign-in/passkey", late).await.0, 409, "too late");
        let (_, begun) = post(&mut browser, "/sign-in/passkey/challenge", json!({})).await;
        let swapped = json!({ "ceremony": begun["ceremony"], "credential": form["credential"] });
        assert_eq!(post(&mut browser, "/sign-in/passkey", swapped).await.0, 422, "the answer to another challenge");
        for rubbish in [
            json!({}),
            json!({"ceremony": 1}),
            json!({"ceremony": "x", "credential": []}),
            json!({"credential": {"id": "x"}}),
        ] {
            assert_eq!(post(&mut browser, "/sign-in/passkey", rubbish.clone()).await.0, 422, "{rubbish}");
        }
        assert!(browser.cookie("hiec_session").is_none(), "somebody came in");

        // A copy: its counter is behind the one last seen.
        device.counter = 1;
        let (status, answer) = sign_in(&mut browser, &mut device).await;
        assert_eq!(status, 403, "{answer}");
        assert!(product.trail(&Stream::installation()).await.contains("person.passkey_refused"));

        let admin = product.administrator().await;
        let mut admin = product.browser_of(admin.id).await;
        admin.post(&format!("/people/{}/closing", ada.id), &[("reason", "Left")]).await.expect_status(200);
        device.counter = 100;
        assert_eq!(sign_in(&mut browser, &mut device).await.0, 422, "into a closed account");
    })
    .await;
}

#[tokio::test]
async fn a_passkey_is_added_by_its_owner_once_and_asks_its_holder() {
    for_each_database(|url| async move {
        let product = Product::start(&url, clock()).await;
        let (ada, mut device) = with_passkey(&product).await;
        let mut browser = product.browser_of(ada.id).await;
        let (_, begun) = post(&mut browser, "/account/passkeys/challenge", json!({})).await;
        let selection = &begun["options"]["publicKey"]["authenticatorSelection"];
        assert_eq!(
            (&selection["residentKey"], &selection["userVerification"]),
            (&"required".into(), &"required".into())
        );
        assert_eq!(begun["options"]["publicKey"]["excludeCredentials"].as_array().map(Vec::len), Some(1));

        assert_eq!(
            add(&mut browser, &mut device, "Twice").await.0,
            422,
            "the library refuses one it was told to leave out"
        );
        let mut other = Authenticator::new(9, ORIGIN);
        assert_eq!(add(&mut browser, &mut other, " ").await.0, 422, "without a name");
        other.asks_its_holder = false;
        assert_eq!(add(&mut browser, &mut other, "Key").await.0, 422, "without asking its holder");
        other.asks_its_holder = true;

        // A challenge is the one's who asked for it.
        let (_, begun) = post(&mut browser, "/account/passkeys/challenge", json!({})).await;
        let grace = product.add_person("Grace Example", &[]).await;
        let mut hers = product.browser_of(grace.id).await;
        let form =
            json!({ "ceremony": begun["ceremony"], "name": "Key", "credential": other.create(&begun["options"]) });
        assert_eq!(post(&mut hers, "/account/passkeys", form).await.0, 409);
        // And a passkey is one person's.
        let (status, _) = add(&mut hers, &mut device, "Key").await;
        assert_eq!(status, 409);
        assert_eq!(post(&mut product.browser(), "/account/passkeys/challenge", json!({})).await.0, 401);
        let (_, ways) = browser.get_json("/account/sign-in").await;
        let id = ways["passkeys"][0]["passkey"].as_str().expect("an id").to_owned();
        hers.post(&format!("/account/passkeys/{id}/removal"), &[]).await.expect_status(409);
        hers.post(&format!("/account/passkeys/{id}/name"), &[("name", "Mine")]).await.expect_status(409);
    })
    .await;
}

#[tokio::test]
async fn whoever_is_invited_may_come_by_a_passkey_alone() {
    for_each_database(|url| async move {
        let product = Product::start(&url, clock()).await;
        let admin = product.administrator().await;
        let form =
            [("role", "auditor"), ("place", "installation"), ("name", "Nora New"), ("email", "nora@new.example")];
        product.browser_of(admin.id).await.post("/people/invitations", &form).await.expect_status(200);
        let link = link_in(&product.letter_to("nora@new.example").await);
        let mut nora = product.browser();
        nora.get(&link).await.tick("With a passkey").submit("Say yes").await.expect_text("Now add your passkey");
        assert_eq!(nora.address(), "/account/sign-in");
        let mut device = Authenticator::new(3, ORIGIN);
        assert_eq!(add(&mut nora, &mut device, "Key").await.0, 201);
        assert_eq!(sign_in(&mut product.browser(), &mut device).await.0, 200);
    })
    .await;
}
