//! Signing in by the organisation's service: who comes in, who is linked, who is told why not; and what a service or a browser must not do. It never opens a socket.

use chrono::Duration;
use hiec_access::limits::{Allowance, Allowances};
use hiec_access::{identities, people};
use hiec_kernel::clock::{FixedClock, from_london};
use hiec_store::Stream;
use hiec_testkit::{Browser, for_each_database};
use http::Method;
use serde_json::json;
use url::Url;

use crate::product::{Product, link_in, uncounted};
use crate::provider::{ISSUER, Known, Provider};

fn clock() -> FixedClock {
    FixedClock::at(from_london("2009-06-15 10:00").expect("a time"))
}

const ADA: Known = Known { subject: "7f3c", email: "Ada.Example@example.org", is_verified: true };

async fn started(url: &str) -> (Product, Provider) {
    let clock = clock();
    let provider = Provider::new(clock.clone());
    (Product::signing_in_by(url, clock, provider.service(), uncounted()).await, provider)
}

/// Sends the form and answers where the page leads on to.
async fn begin(browser: &mut Browser, path: &str, body: &str) -> Url {
    let headers = [("content-type", "application/x-www-form-urlencoded"), ("accept", "text/html")];
    let status = browser.send(Method::POST, path, &headers, body.as_bytes().to_vec()).await;
    assert_eq!(status.as_u16(), 200, "{}", browser.html());
    let refresh = browser.headers().get("refresh").expect("it leads on").to_str().expect("text").to_owned();
    let address = refresh.strip_prefix("0; url=").expect("at once").to_owned();
    assert!(browser.html().contains(&address.replace('&', "&amp;")), "and by a link too");
    address.parse().expect("an address")
}

/// There and back.
async fn sign_in<'b>(browser: &'b mut Browser, provider: &Provider, known: &Known) -> &'b mut Browser {
    let address = begin(browser, "/sign-in/oidc", "next=/account").await;
    browser.get(&provider.approve(&address, known)).await
}

async fn link<'b>(browser: &'b mut Browser, provider: &Provider, known: &Known) -> &'b mut Browser {
    let address = begin(browser, "/account/identity", "").await;
    assert!(address.query().expect("a query").contains("prompt=login"), "asks anew who is there");
    browser.get(&provider.approve(&address, known)).await
}

#[tokio::test]
async fn a_verified_address_links_once_and_then_the_subject_counts_alone() {
    for_each_database(|url| async move {
        let (product, provider) = started(&url).await;
        let ada = product.add_person("Ada Example", &[]).await;
        let mut browser = product.browser();
        browser.get("/sign-in").await.expect_text("Sign in with Illustrative Mail");
        sign_in(&mut browser, &provider, &ADA).await.expect_status(200).expect_text("Ada Example");
        assert_eq!(browser.address(), "/account");
        assert_eq!(product.letter_to(&ada.email).await.subject, "Signing in with Illustrative Mail was added");
        let (_, ways) = browser.get_json("/account/sign-in").await;
        assert_eq!(ways["linked"]["service"], "Illustrative Mail");
        assert_eq!(ways["sessions"][0]["method"], "oidc");
        assert!(ways["linked"]["used_at"].is_string());

        // The address has changed hands at the service: the subject counts.
        let renamed = Known { email: "somebody.else@example.org", is_verified: false, ..ADA };
        let mut other = product.browser();
        sign_in(&mut other, &provider, &renamed).await.expect_text("Ada Example");
        let successor = Known { subject: "9d21", ..ADA };
        let mut stranger = product.browser();
        sign_in(&mut stranger, &provider, &successor).await.expect_status(409);
        stranger.expect_text("linked to another sign-in");
        assert!(stranger.cookie("hiec_session").is_none());
        let trail = product.trail(&Stream::installation()).await;
        assert!(trail.contains("person.identity_linked") && trail.contains("verified address"));
        assert!(!trail.contains("7f3c") && !trail.contains("example.org"), "an identity in the trail");
        assert_eq!(product.letters_to(&ada.email).await, 1, "told once");
    })
    .await;
}

#[tokio::test]
async fn whoever_is_not_vouched_for_or_not_invited_stays_outside() {
    for_each_database(|url| async move {
        let (product, provider) = started(&url).await;
        let ada = product.add_person("Ada Example", &[]).await;
        let refusals = [
            (Known { is_verified: false, ..ADA }, 403, "Illustrative Mail does not vouch for your e-mail address"),
            (Known { email: "nobody@example.org", ..ADA }, 403, "Nobody with your e-mail address has an account"),
        ];
        for states_address in [true, false] {
            provider.set(|said| said.states_address = states_address);
            for (known, status, words) in &refusals {
                let mut browser = product.browser();
                sign_in(&mut browser, &provider, known).await.expect_status(*status).expect_text(words);
                assert!(browser.cookie("hiec_session").is_none());
            }
        }
        let found = people::by_email(&product.state.database(), "nobody@example.org").await.expect("a look");
        assert!(found.is_none(), "somebody was made from nothing");
        sign_in(&mut product.browser(), &provider, &ADA).await.expect_text("Ada Example");

        let admin = product.administrator().await;
        let mut admin = product.browser_of(admin.id).await;
        admin.post(&format!("/people/{}/closing", ada.id), &[("reason", "Left")]).await.expect_status(200);
        for known in [ADA, Known { subject: "new", ..ADA }] {
            let mut browser = product.browser();
            sign_in(&mut browser, &provider, &known)
                .await
                .expect_status(403)
                .expect_text("Your account here is closed");
            assert!(browser.cookie("hiec_session").is_none());
        }
    })
    .await;
}

#[tokio::test]
async fn an_invitation_is_answered_without_its_letter() {
    for_each_database(|url| async move {
        let (product, provider) = started(&url).await;
        let admin = product.administrator().await;
        let mut office = product.browser_of(admin.id).await;
        let invite = |email: &'static str| {
            [("role", "auditor"), ("place", "installation"), ("name", "Nora Newcomer"), ("email", email)]
        };
        office.post("/people/invitations", &invite("nora@new.example")).await.expect_status(200);
        let letter = link_in(&product.letter_to("nora@new.example").await);
        product.browser().get(&letter).await.expect_text("Or answer with Illustrative Mail");
        let nora = Known { subject: "nora-1", email: "nora@new.example", is_verified: true };
        let mut browser = product.browser();
        sign_in(&mut browser, &provider, &nora).await.expect_status(200).expect_text("Auditor");
        browser.expect_text("Ada Administrator").expect_text("nora@new.example");
        assert!(browser.cookie("hiec_session").is_none(), "nobody is in before they say yes");
        assert_eq!(browser.value_of("Your name").as_deref(), Some("Nora Newcomer"));
        browser.fill("Your name", " ").submit("Say yes").await.expect_status(422);
        assert_eq!(browser.errors(), ["Enter your name"]);
        browser.fill("Your name", "Nora N. Newcomer").submit("Say yes").await.expect_text("Your role has begun");
        browser.get("/account").await.expect_text("Nora N. Newcomer").expect_text("Auditor");
        sign_in(&mut product.browser(), &provider, &nora).await.expect_text("Nora N. Newcomer");
        product.browser().get("/sign-in/oidc/invitation").await.expect_status(409);

        // Said no, and withdrawn meanwhile.
        office.post("/people/invitations", &invite("no@new.example")).await.expect_status(200);
        let no = Known { subject: "no-1", email: "no@new.example", is_verified: true };
        let mut browser = product.browser();
        sign_in(&mut browser, &provider, &no).await.submit("Say no").await.expect_text("You said no");
        sign_in(&mut browser, &provider, &no).await.expect_status(403).expect_text("Nobody with your e-mail address");
        office.post("/people/invitations", &invite("late@new.example")).await.expect_status(200);
        let late = Known { subject: "late-1", email: "late@new.example", is_verified: true };
        let mut browser = product.browser();
        sign_in(&mut browser, &provider, &late).await.fill("Your name", "Late Comer");
        product.clock.advance(Duration::minutes(10));
        browser.submit("Say yes").await.expect_status(409).expect_text("took longer than ten minutes");
        let trail = product.trail(&Stream::installation()).await;
        assert!(trail.contains("person.invitation_accepted") && trail.contains("person.invitation_declined"));
        assert!(!trail.contains("nora"), "an identity or an address in the trail");
    })
    .await;
}

#[tokio::test]
async fn ones_account_is_linked_and_unlinked_by_oneself() {
    for_each_database(|url| async move {
        let (product, provider) = started(&url).await;
        let ada = product.add_person("Ada Example", &[]).await;
        let grace = product.add_person("Grace Example", &[]).await;
        let unknown = Known { subject: "work-1", email: "a.e@hospital.example", is_verified: false };
        let mut browser = product.browser_of(ada.id).await;
        browser.get("/account/sign-in").await.expect_text("Your account is not linked to it");
        link(&mut browser, &provider, &unknown).await.expect_text("Linked: from now on");
        link(&mut browser, &provider, &unknown).await.expect_text("It is linked already");
        let second = Known { subject: "work-2", ..unknown.clone() };
        link(&mut browser, &provider, &second).await.expect_status(409).expect_text("another sign-in");
        let mut hers = product.browser_of(grace.id).await;
        link(&mut hers, &provider, &unknown).await.expect_status(409).expect_text("belongs to another account");
        sign_in(&mut product.browser(), &provider, &unknown).await.expect_text("Ada Example");

        // Begun by one person, come back as another; and from another site's page.
        let address = begin(&mut browser, "/account/identity", "").await;
        let back = provider.approve(&address, &second);
        let way = browser.cookie("hiec_way").expect("on the way").to_owned();
        hers.set_cookie("hiec_way", &way);
        hers.get(&back).await.expect_status(409).expect_text("not begun in this browser");
        let foreign = [("origin", "https://evil.example"), ("content-type", "application/x-www-form-urlencoded")];
        let status = browser.send(Method::POST, "/account/identity", &foreign, vec![]).await;
        assert_eq!(status.as_u16(), 403);

        // Later, so that the letters have an order.
        product.clock.advance(chrono::Duration::minutes(1));
        browser.get("/account/sign-in").await.submit("Remove the link to Illustrative Mail").await;
        browser.expect_text("The link is removed");
        assert_eq!(product.letter_to(&ada.email).await.subject, "Signing in with Illustrative Mail was removed");
        browser.post("/account/identity/removal", &[]).await.expect_status(409);
        let database = product.state.database();
        assert!(identities::person(&database, ISSUER, "work-1").await.expect("a look").is_none());
        assert!(product.trail(&Stream::installation()).await.contains("person.identity_unlinked"));
    })
    .await;
}

#[tokio::test]
async fn what_a_service_or_a_browser_must_not_do_opens_nothing() {
    for_each_database(|url| async move {
        let (product, provider) = started(&url).await;
        product.add_person("Ada Example", &[]).await;
        let mut browser = product.browser();

        // Another browser's way, a way nobody began, the same answer twice, too late, given up.
        let address = begin(&mut browser, "/sign-in/oidc", "").await;
        let back = provider.approve(&address, &ADA);
        product.browser().get(&back).await.expect_status(409).expect_text("not begun in this browser");
        browser.get("/sign-in/oidc/return?state=x&code=y").await.expect_status(409);
        browser.get("/sign-in/oidc/return").await.expect_status(409);
        let way = browser.cookie("hiec_way").expect("on the way").to_owned();
        assert!(!address.as_str().contains(&way), "the secret left the browser");
        browser.get(&back).await.expect_status(200);
        let mut again = product.browser();
        again.set_cookie("hiec_way", &way);
        again.get(&back).await.expect_status(409);
        let mut browser = product.browser();
        let address = begin(&mut browser, "/sign-in/oidc", "").await;
        let back = provider.approve(&address, &ADA);
        product.clock.advance(Duration::minutes(10));
        browser.get(&back).await.expect_status(409).expect_text("took longer than ten minutes");
        let address = begin(&mut browser, "/sign-in/oidc", "next=/interests").await;
        let state = address.query_pairs().find(|(name, _)| name == "state").expect("a state").1.into_owned();
        browser.get(&format!("/sign-in/oidc/return?state={state}&error=access_denied")).await;
        browser.expect_status(200).expect_text("it was stopped at Illustrative Mail");
        assert_eq!(browser.address(), "/sign-in?next=%2Finterests");
        let address = begin(&mut browser, "/sign-in/oidc", "next=https://evil.example/").await;
        browser
            .get(&provider.approve(&address, &ADA).replace("login.example", "evil.example"))
            .await
            .expect_status(503);

        // The token is for somebody else, another time, another way, or by another hand.
        type Lie = fn(&mut crate::provider::Said);
        let lies: [(&str, Lie); 4] = [
            ("for another program", |said| said.audience = "another".into()),
            ("for another way", |said| said.nonce = Some("another".into())),
            ("too old", |said| said.seconds_valid = -1),
            ("by another hand", |said| said.key = 6),
        ];
        for (what, lie) in lies {
            let provider = Provider::new(product.clock.clone());
            let liar = Product::signing_in_by(&url, product.clock.clone(), provider.service(), uncounted()).await;
            provider.set(lie);
            let mut browser = liar.browser();
            sign_in(&mut browser, &provider, &ADA).await.expect_status(503);
            browser.expect_text("cannot be trusted, so nobody was signed in");
            assert!(browser.cookie("hiec_session").is_none(), "{what}");
        }
        // New keys are asked for when an unknown one signs.
        provider.set(|said| (said.key, said.published) = (9, vec![5, 9]));
        let before = provider.discoveries();
        sign_in(&mut product.browser(), &provider, &ADA).await.expect_text("Ada Example");
        assert_eq!(provider.discoveries(), before + 1);

        product.clock.advance(Duration::hours(2));
        provider.set(|said| said.is_reachable = false);
        let (status, answer) = product.browser().post_json("/sign-in/oidc", &json!({})).await;
        assert_eq!((status.as_u16(), &answer["title"]), (503, &"Illustrative Mail does not answer".into()));
    })
    .await;
}

#[tokio::test]
async fn without_a_service_there_is_no_door_and_with_one_it_is_counted() {
    for_each_database(|url| async move {
        let clock = clock();
        let product = Product::start(&url, clock.clone()).await;
        let ada = product.add_person("Ada Example", &[]).await;
        assert!(!product.browser().get("/sign-in").await.html().contains("oidc"));
        product.browser().post("/sign-in/oidc", &[]).await.expect_status(404);
        product.browser().get("/sign-in/oidc/return?state=x&code=y").await.expect_status(404);
        product.browser_of(ada.id).await.post("/account/identity", &[]).await.expect_status(404);

        let provider = Provider::new(clock.clone());
        let strict = Allowances { sign_in: Allowance::new(2, Duration::minutes(10)), ..uncounted() };
        let product = Product::signing_in_by(&url, clock, provider.service(), strict).await;
        let mut knocker = product.browser();
        knocker.come_from("203.0.113.7");
        for _ in 0..2 {
            begin(&mut knocker, "/sign-in/oidc", "").await;
        }
        knocker.post("/sign-in/oidc", &[]).await.expect_status(429);
        knocker.get("/sign-in/oidc/return?state=x&code=y").await.expect_status(429);
    })
    .await;
}
