//! Coming in: by password, by a letter's link, by invitation; what is used, over or not theirs opens nothing, and nobody learns who has an account. It never opens a socket.

use chrono::Duration;
use hiec::worker;
use hiec_access::{passwords, people};
use hiec_competition::Stage;
use hiec_kernel::clock::{Clock, FixedClock, from_london};
use hiec_kernel::people::{Actor, Person};
use hiec_kernel::{Role, Scope};
use hiec_store::Stream;
use hiec_store::{Reads, mail, values};
use hiec_testkit::for_each_database;

use crate::product::{Product, link_in};

const PASSWORD: &str = "correct horse battery";
const ANOTHER: &str = "staple wagon lantern";

fn clock() -> FixedClock {
    FixedClock::at(from_london("2009-06-15 10:00").expect("a time"))
}

/// Somebody with a password.
async fn with_password(product: &Product, name: &str) -> Person {
    let person = product.add_person(name, &[]).await;
    let hash = passwords::hash(PASSWORD.into()).await.expect("a hash");
    let unit = product.state.begin(Actor::Person(person.id)).await.expect("a unit");
    people::set_password(&unit, person.id, hash).await.expect("a password");
    unit.commit().await.expect("stored");
    person
}

async fn signs_in(product: &Product, address: &str, password: &str) -> bool {
    let mut browser = product.browser();
    browser.get("/sign-in?next=/account").await;
    browser.fill("E-mail address", address).fill("Password", password).submit("Sign in").await;
    browser.address() == "/account"
}

#[tokio::test]
async fn a_password_opens_and_the_wrong_one_says_no_more_than_that() {
    for_each_database(|url| async move {
        let product = Product::start(&url, clock()).await;
        let ada = with_password(&product, "Ada Example").await;
        assert!(signs_in(&product, "ADA.Example@example.org", PASSWORD).await);
        let mut texts = Vec::new();
        for address in [ada.email.as_str(), "nobody@example.org"] {
            let mut browser = product.browser();
            browser.get("/sign-in").await.fill("E-mail address", address).fill("Password", "wrong wrong wrong");
            browser.submit("Sign in").await.expect_status(422);
            assert_eq!(browser.value_of("E-mail address").as_deref(), Some(address), "what was typed stays");
            texts.push(browser.text());
        }
        assert_eq!(texts[0], texts[1], "known and unknown are answered alike");
    })
    .await;
}

#[tokio::test]
async fn a_letter_sets_a_password_once_and_signs_everybody_else_out() {
    for_each_database(|url| async move {
        let product = Product::start(&url, clock()).await;
        let ada = with_password(&product, "Ada Example").await;
        let mut elsewhere = product.browser_of(ada.id).await;
        elsewhere.get("/account").await.expect_text("Ada Example");

        let mut browser = product.browser();
        browser.get("/sign-in").await.click("Forgotten your password, or none yet?").await;
        browser.fill("E-mail address", "Ada.Example@Example.org ").submit("Send the link").await.expect_status(200);
        browser.expect_text("If there is an account for the address you gave");
        let letter = product.letter_to(&ada.email).await;
        let link = link_in(&letter);
        let secret = link.rsplit('/').next().expect("a secret");
        let stored = "SELECT COUNT(*) AS n FROM base_link WHERE token_hash = $1";
        assert_eq!(
            product.state.database().count(stored, values![secret]).await.expect("a count"),
            0,
            "stored as it is"
        );

        browser.get(&link).await.fill("New password", "short").submit("Set the password and sign in").await;
        browser.expect_status(422).expect_text("at least 12 characters");
        browser.fill("New password", ANOTHER).submit("Set the password and sign in").await.expect_status(200);
        browser.expect_text("Your password is set and you are signed in");
        assert_eq!(browser.address(), "/account");
        elsewhere.get("/account").await;
        assert!(elsewhere.address().starts_with("/sign-in"), "still signed in elsewhere");
        assert!(signs_in(&product, &ada.email, ANOTHER).await);
        assert!(!signs_in(&product, &ada.email, PASSWORD).await, "the old password opens");

        let mut late = product.browser();
        late.get(&link).await.expect_status(200).expect_text("This link no longer works");
        late.post(&link, &[("password", PASSWORD)]).await.expect_status(409);
        assert!(!product.trail(&Stream::installation()).await.contains("example.org"), "an address in the trail");
    })
    .await;
}

#[tokio::test]
async fn links_are_over_after_an_hour_or_by_a_newer_one() {
    for_each_database(|url| async move {
        let product = Product::start(&url, clock()).await;
        let ada = with_password(&product, "Ada Example").await;
        let mut browser = product.browser();
        let mut links = Vec::new();
        for _ in 0..2 {
            browser.post("/password-reset", &[("email", &ada.email)]).await;
            links.push(link_in(&product.letter_to(&ada.email).await));
            product.clock.advance(Duration::minutes(1));
        }
        browser.get(&links[0]).await.expect_text("This link no longer works");
        browser.post(&links[0], &[("password", ANOTHER)]).await.expect_status(409);
        product.clock.advance(Duration::minutes(58));
        browser.get(&links[1]).await.expect_text("Choose a new password");
        product.clock.advance(Duration::minutes(1));
        browser.get(&links[1]).await.expect_text("This link no longer works");
        browser.post(&links[1], &[("password", ANOTHER)]).await.expect_status(409);
        assert!(signs_in(&product, &ada.email, PASSWORD).await, "the password stays as it was");
        browser.get("/password-reset/nothing").await.expect_status(404);
    })
    .await;
}

#[tokio::test]
async fn unknown_closed_and_too_many_are_answered_alike() {
    for_each_database(|url| async move {
        let product = Product::start(&url, clock()).await;
        let ada = with_password(&product, "Ada Example").await;
        let mut answers = Vec::new();
        for address in [ada.email.as_str(), "nobody@example.org"] {
            let mut browser = product.browser();
            browser.post("/password-reset", &[("email", address)]).await.expect_status(200);
            answers.push((browser.address().to_owned(), browser.text(), browser.cookie("hiec_session").is_some()));
        }
        assert_eq!(answers[0], answers[1]);
        assert_eq!(product.letters_to("nobody@example.org").await, 0);
        for _ in 0..5 {
            product.browser().post("/password-reset", &[("email", &ada.email)]).await.expect_status(200);
        }
        assert_eq!(product.letters_to(&ada.email).await, 3, "three letters an hour");
        product.clock.advance(Duration::minutes(61));
        product.browser().post("/password-reset", &[("email", &ada.email)]).await;
        assert_eq!(product.letters_to(&ada.email).await, 4);

        let mut browser = product.browser();
        browser.post("/password-reset", &[("email", "ada")]).await.expect_status(422);
        assert_eq!(browser.errors(), ["Enter an e-mail address in the shape name@example.org"]);
        assert_eq!(browser.value_of("E-mail address").as_deref(), Some("ada"));
    })
    .await;
}

#[tokio::test]
async fn a_letter_that_left_keeps_no_secret() {
    for_each_database(|url| async move {
        let product = Product::start(&url, clock()).await;
        let ada = with_password(&product, "Ada Example").await;
        product.browser().post("/password-reset", &[("email", &ada.email)]).await;
        let letter = product.letter_to(&ada.email).await;
        let unit = product.state.begin(Actor::System("post".into())).await.expect("a unit");
        mail::mark_sent(&unit, letter.id).await.expect("marked");
        unit.commit().await.expect("stored");
        let kept = product.letter_to(&ada.email).await;
        assert!(!kept.body.contains("password-reset"), "{}", kept.body);
    })
    .await;
}

/// The chosen call of the demonstration, as the forms name it.
async fn call(product: &Product) -> String {
    let (_, offered) = product.browser_as("admin").await.get_json("/people/invitations/new?role=panel_member").await;
    offered["choice"]["places"][0]["place"].as_str().expect("a call").to_owned()
}

#[tokio::test]
async fn an_office_invites_and_the_role_begins_when_the_letter_is_answered() {
    for_each_database(|url| async move {
        let product = Product::at(&url, Stage::Dialogue).await;
        let mut office = product.browser_as("office").await;
        office.get("/people/invitations/new").await.expect_status(200);
        office.tick("Panel member").submit("Continue").await;
        office.submit("Send the invitation").await.expect_status(422);
        assert_eq!(
            office.errors(),
            ["Enter the person's name", "Enter the person's e-mail address"],
            "the one call is chosen already"
        );
        office.fill("Name of the person", "Nora Newcomer").fill("E-mail address of the person", "Nora@new.example");
        office.submit("Send the invitation").await.expect_status(200);
        office.expect_text("A letter to nora@new.example is on its way").expect_text("Nora Newcomer");
        let link = link_in(&product.letter_to("nora@new.example").await);
        assert!(people::by_email(&product.state.database(), "nora@new.example").await.expect("a look").is_none());

        let mut nora = product.browser();
        nora.get(&link).await.expect_text("Olive Office").expect_text("Panel member");
        assert_eq!(nora.value_of("Your name").as_deref(), Some("Nora Newcomer"));
        nora.fill("Your name", "").submit("Say yes").await.expect_status(422);
        nora.fill("Your name", "Nora N. Newcomer").fill("Choose a password", PASSWORD).submit("Say yes").await;
        nora.expect_status(200).expect_text("Your role has begun");
        nora.get("/account").await.expect_text("Nora N. Newcomer").expect_text("Panel member");
        assert!(signs_in(&product, "nora@new.example", PASSWORD).await);
        product.browser().get(&link).await.expect_text("This invitation is over");
        product.browser().post(&link, &[("answer", "accept")]).await.expect_status(409);

        let mut admin = product.browser_as("admin").await;
        admin.get("/people?find=newcomer").await.click("Nora N. Newcomer").await;
        admin.expect_text("Olive Office").expect_text("Panel member");
        let trail = product.trail(&Stream::installation()).await;
        assert!(!trail.contains("Newcomer") && !trail.contains("new.example"), "a name or an address in the trail");
    })
    .await;
}

#[tokio::test]
async fn invitations_end_by_no_by_withdrawal_by_time_and_with_their_sender() {
    for_each_database(|url| async move {
        let product = Product::at(&url, Stage::Dialogue).await;
        let place = call(&product).await;
        let mut office = product.browser_as("office").await;
        let invite = |address: &'static str| {
            [("role", "panel_member"), ("place", place.as_str()), ("name", "Nora Newcomer"), ("email", address)]
        };

        office.post("/people/invitations", &invite("no@new.example")).await.expect_status(200);
        let link = link_in(&product.letter_to("no@new.example").await);
        product.browser().get(&link).await.submit("Say no").await.expect_text("You said no");
        product.browser().post(&link, &[("answer", "accept"), ("name", "N")]).await.expect_status(409);

        office.post("/people/invitations", &invite("taken-back@new.example")).await;
        let link = link_in(&product.letter_to("taken-back@new.example").await);
        office.get("/people/invitations").await.submit("Withdraw the invitation to Nora Newcomer").await;
        office.expect_text("its link leads nowhere");
        product.browser().get(&link).await.expect_text("This invitation is over");

        office.post("/people/invitations", &invite("twice@new.example")).await;
        let first = link_in(&product.letter_to("twice@new.example").await);
        product.clock.advance(Duration::minutes(1));
        office.post("/people/invitations", &invite("twice@new.example")).await;
        product.browser().get(&first).await.expect_text("This invitation is over");
        let second = link_in(&product.letter_to("twice@new.example").await);
        product.browser().get(&second).await.expect_text("Olive Office");

        // Whoever invited is no longer in office: neither is who they invited.
        let olive = product.person("office").await;
        let mut admin = product.browser_as("admin").await;
        admin.get(&format!("/people/{}", olive.id)).await.fill("Why the account is closed", "Left the office");
        admin.submit("Close the account").await.expect_status(200);
        let mut nora = product.browser();
        nora.get(&second).await.fill("Your name", "Nora").fill("Choose a password", PASSWORD).submit("Say yes").await;
        nora.expect_status(409).expect_text("This invitation no longer stands");

        let mut other = product.browser_as("office-two").await;
        other.post("/people/invitations", &invite("late@new.example")).await.expect_status(200);
        let link = link_in(&product.letter_to("late@new.example").await);
        product.clock.set(product.clock.now() + Duration::days(14));
        product.browser().get(&link).await.expect_text("This invitation is over");
    })
    .await;
}

#[tokio::test]
async fn nobody_invites_to_more_than_they_may_give() {
    for_each_database(|url| async move {
        let product = Product::at(&url, Stage::Dialogue).await;
        let place = call(&product).await;
        let mut office = product.browser_as("office").await;
        let (_, offered) = office.get_json("/people/invitations/new").await;
        assert_eq!(
            offered["choice"]["roles"],
            serde_json::json!(["steering_member", "panel_member", "panel_chair", "auditor"])
        );
        let form = |role: &'static str, place: &str, email: &str| {
            serde_json::json!({ "role": role, "place": place, "name": "Nora", "email": email })
        };
        let address = "/people/invitations";
        for (role, place) in [("administrator", "installation"), ("programme_officer", &place), ("auditor", "installation")] {
            let (status, answer) = office.post_json(address, &form(role, place, "nora@new.example")).await;
            assert_eq!((status.as_u16(), &answer["errors"][0]["field"]), (422, &"place".into()), "{role}: {answer}");
        }
        let (status, answer) = office.post_json(address, &form("auditor", &place, "office@demo.example")).await;
        assert_eq!(status.as_u16(), 422, "to oneself: {answer}");
        for slug in ["lead", "region-lon", "panel", "chair", "auditor"] {
            let mut other = product.browser_as(slug).await;
            let (status, _) = other.post_json(address, &form("panel_member", &place, "nora@new.example")).await;
            assert_eq!(status.as_u16(), 404, "{slug}");
        }
        let mut admin = product.browser_as("admin").await;
        let region = product.state.service::<hiec_access::places::AllPlaces>().expect("places");
        let region = region.find(&product.state.database(), &["region"], "london", 1).await.expect("a region");
        let region = format!("region:{}", region[0].scope.id());
        let bid = Scope::Bid(uuid::Uuid::from_u128(5));
        let bidder = product.add_person("Bea Bidder", &[(Role::BidEditor, bid, Some(uuid::Uuid::from_u128(6)))]).await;
        let (status, answer) = admin.post_json(address, &form("region_officer", &region, &bidder.email)).await;
        assert_eq!(status.as_u16(), 422);
        assert!(answer["errors"][0]["message"].as_str().expect("words").contains("commissioner of education"), "{answer}");
        assert_eq!(product.letters_to("nora@new.example").await, 0);
    })
    .await;
}

#[tokio::test]
async fn somebody_known_takes_a_role_up_by_the_letter() {
    for_each_database(|url| async move {
        let product = Product::at(&url, Stage::Dialogue).await;
        let place = call(&product).await;
        let known = product.add_person("Kay Known", &[]).await;
        let mut office = product.browser_as("office").await;
        let form = [("role", "steering_member"), ("place", &place), ("name", "K. Known"), ("email", &known.email)];
        office.post("/people/invitations", &form).await.expect_status(200);
        let mut kay = product.browser();
        kay.get(&link_in(&product.letter_to(&known.email).await))
            .await
            .expect_text("The address has an account: Kay Known");
        kay.submit("Say yes").await.expect_status(200);
        kay.get("/account").await.expect_text("Kay Known").expect_text("Steering group member");
        let held = hiec_access::grants::of_person(&product.state.database(), known.id).await.expect("roles");
        assert_eq!(held.len(), 1);
        assert!(matches!(held[0].scope, Scope::Call(_)) && held[0].role == Role::SteeringMember);
        // Nothing is left for the worker that cannot be done.
        let handlers = worker::handlers(&hiec::program::capabilities());
        while worker::round(&product.state, &handlers, None).await.expect("a round") {}
    })
    .await;
}

#[tokio::test]
async fn ones_own_sessions_are_listed_and_ended() {
    for_each_database(|url| async move {
        let product = Product::start(&url, clock()).await;
        let ada = with_password(&product, "Ada Example").await;
        let other = product.add_person("Other Example", &[]).await;
        let mut here = product.browser_of(ada.id).await;
        let mut there = product.browser();
        there.come_from("203.0.113.9");
        there
            .get("/sign-in")
            .await
            .fill("E-mail address", &ada.email)
            .fill("Password", PASSWORD)
            .submit("Sign in")
            .await;
        let (_, listed) = here.get_json("/account/sign-in").await;
        let sessions = listed["sessions"].as_array().expect("sessions").clone();
        assert_eq!(sessions.len(), 2);
        let theirs = sessions.iter().find(|one| one["is_this"] == false).expect("the other");
        assert_eq!((&theirs["address"], &theirs["method"]), (&"203.0.113.9".into(), &"password".into()));
        let ending = format!("/account/sessions/{}/ending", theirs["session"].as_str().expect("an id"));
        product.browser_of(other.id).await.post(&ending, &[]).await.expect_status(409);
        there.get("/account").await.expect_text("Ada Example");
        here.post(&ending, &[]).await.expect_text("That browser is signed out");
        there.get("/account").await;
        assert!(there.address().starts_with("/sign-in"));

        let mut third = product.browser_of(ada.id).await;
        here.get("/account/sign-in").await.submit("Sign out of all other browsers").await;
        third.get("/account").await;
        assert!(third.address().starts_with("/sign-in"));
        here.get("/account/sign-in").await.expect_text("This one");
        here.fill("Present password", "not this one").fill("New password", ANOTHER).submit("Change the password").await;
        here.expect_status(422).expect_text("This is not your present password");
        here.fill("Present password", PASSWORD).fill("New password", ANOTHER).submit("Change the password").await;
        here.expect_status(200).expect_text("Your password is set");
    })
    .await;
}
