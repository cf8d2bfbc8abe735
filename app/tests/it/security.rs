//! What keeps others out: headers, cookies, where a change may be sent from, how often something may be tried. It never opens a socket.

use chrono::Duration;
use hiec_access::limits::{Allowance, Allowances};
use hiec_access::sessions;
use hiec_kernel::clock::{FixedClock, from_london};
use hiec_kernel::people::Actor;
use hiec_testkit::{Browser, for_each_database};
use http::Method;

use crate::product::Product;

fn clock() -> FixedClock {
    FixedClock::at(from_london("2009-06-15 10:00").expect("a time"))
}

fn header(browser: &Browser, name: &str) -> String {
    browser.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}

#[tokio::test]
async fn every_answer_carries_the_headers_that_protect_it() {
    for_each_database(|url| async move {
        let product = Product::start(&url, clock()).await;
        let mut browser = product.browser();
        for path in ["/", "/sign-in", "/no-such-page", "/health", "/openapi.json", "/password-reset"] {
            browser.get(path).await;
            let policy = header(&browser, "content-security-policy");
            assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self'"), "{path}: {policy}");
            assert!(!policy.contains("unsafe") && policy.contains("frame-ancestors 'none'"), "{path}");
            assert_eq!(header(&browser, "x-content-type-options"), "nosniff", "{path}");
            assert_eq!(header(&browser, "referrer-policy"), "same-origin", "{path}");
            assert_eq!(header(&browser, "cross-origin-opener-policy"), "same-origin", "{path}");
            assert_eq!(header(&browser, "cache-control"), "no-store", "{path}");
            assert_eq!(header(&browser, "strict-transport-security"), "", "{path}: promised without TLS");
        }
    })
    .await;
}

#[tokio::test]
async fn a_change_from_another_site_is_refused_whatever_it_is() {
    for_each_database(|url| async move {
        let product = Product::start(&url, clock()).await;
        let ada = product.add_person("Ada Example", &[]).await;
        let mut browser = product.browser_of(ada.id).await;
        let form = ("content-type", "application/x-www-form-urlencoded");
        let json = ("content-type", "application/json");
        let multipart = ("content-type", "multipart/form-data; boundary=x");
        let foreign = [
            ("origin", "https://evil.example"),
            ("origin", "null"),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
            ("referer", "https://evil.example/x"),
        ];
        for sign in foreign {
            for (kind, body) in
                [(form, "name=x&scopes=read"), (json, r#"{"name":"x","scopes":["read"]}"#), (multipart, "--x--")]
            {
                for method in [Method::POST, Method::PUT, Method::DELETE, Method::PATCH] {
                    let status = browser.send(method.clone(), "/account/tokens", &[sign, kind], body.into()).await;
                    assert_eq!(status.as_u16(), 403, "{method} {sign:?} {kind:?}");
                }
            }
        }
        let (_, listed) = browser.get_json("/account/tokens").await;
        assert_eq!(listed["tokens"], serde_json::json!([]), "a token was made");
        let ours = [("origin", "http://hiec.example"), form, ("accept", "text/html")];
        let status = browser.send(Method::POST, "/account/tokens", &ours, b"name=x&scopes=read".to_vec()).await;
        assert_eq!(status.as_u16(), 200);
        // Not even with a token: no page of another site acts for a program.
        let token =
            browser.text().split_whitespace().find(|word| word.starts_with("hiec_")).expect("a token").to_owned();
        let mut program = product.browser();
        program.use_bearer(&token);
        let status = program
            .send(Method::POST, "/account/tokens", &[("origin", "https://evil.example"), json], b"{}".to_vec())
            .await;
        assert_eq!(status.as_u16(), 403);
    })
    .await;
}

#[tokio::test]
async fn cookies_are_out_of_reach_of_scripts_and_of_other_hosts() {
    for_each_database(|url| async move {
        let product = Product::start(&url, clock()).await;
        let ada = product.add_person("Ada Example", &[]).await;
        let mut browser = product.browser_of(ada.id).await;
        let form = [("content-type", "application/x-www-form-urlencoded"), ("accept", "text/html")];
        browser.send(Method::POST, "/sign-out", &form, vec![]).await;
        let cookies: Vec<_> =
            browser.headers().get_all("set-cookie").iter().filter_map(|one| one.to_str().ok()).collect();
        assert_eq!(cookies.len(), 2, "{cookies:?}");
        for cookie in cookies {
            assert!(
                cookie.contains("; HttpOnly") && cookie.contains("; SameSite=Lax") && cookie.contains("; Path=/"),
                "{cookie}"
            );
        }

        let secure = Product::secure(&url, clock()).await;
        let unit = secure.state.begin(Actor::Person(ada.id)).await.expect("a unit");
        let token = sessions::start(&unit, ada.id, "test").await.expect("a session");
        unit.commit().await.expect("stored");
        let mut browser = secure.browser();
        browser.set_cookie("hiec_session", &token);
        browser.get("/account").await;
        assert!(browser.address().starts_with("/sign-in"), "over TLS only the cookie tied to this host counts");
        browser.set_cookie("__Host-hiec", &token);
        browser.get("/account").await.expect_text("Ada Example");
        assert!(header(&browser, "strict-transport-security").starts_with("max-age=31536000"));
        browser.send(Method::POST, "/sign-out", &form, vec![]).await;
        for cookie in browser.headers().get_all("set-cookie").iter().filter_map(|one| one.to_str().ok()) {
            assert!(
                cookie.starts_with("__Host-") && cookie.contains("; Secure") && !cookie.contains("Domain"),
                "{cookie}"
            );
        }
    })
    .await;
}

fn strict() -> Allowances {
    let of = |most| Allowance::new(most, Duration::minutes(10));
    Allowances {
        sign_in: of(3),
        wrong_password: of(2),
        letter: of(2),
        invitation: of(2),
        wrong_token: of(2),
        write: of(6),
    }
}

/// The status, and after how many seconds one may come again.
async fn tried(browser: &mut Browser, path: &str, fields: &[(&str, &str)]) -> (u16, String) {
    browser.post(path, fields).await;
    (browser.status().as_u16(), header(browser, "retry-after"))
}

#[tokio::test]
async fn whoever_tries_too_often_waits_and_nobody_else() {
    for_each_database(|url| async move {
        let product =
            Product::allowing(&url, clock(), Allowances { write: Allowance::new(0, Duration::minutes(1)), ..strict() })
                .await;
        let mut knocker = product.browser();
        knocker.come_from("203.0.113.7");
        for number in 0..3 {
            let address = format!("nobody-{number}@example.org");
            let (status, _) = tried(&mut knocker, "/sign-in", &[("email", &address), ("password", "x")]).await;
            assert_eq!(status, 422);
        }
        let form = [("email", "nobody@example.org"), ("password", "x")];
        assert_eq!(tried(&mut knocker, "/sign-in", &form).await, (429, "201".to_owned()));
        knocker.expect_text("Too many attempts to sign in came from where you are").expect_text("Wait 4 minutes");
        let (status, problem) =
            knocker.post_json("/sign-in", &serde_json::json!({"email": "a@b.c", "password": "x"})).await;
        assert_eq!((status.as_u16(), problem["kind"].as_str()), (429, Some("too_many")));
        assert_eq!(header(&knocker, "retry-after"), "201");

        let mut neighbour = product.browser();
        neighbour.come_from("203.0.113.8");
        assert_eq!(tried(&mut neighbour, "/sign-in", &form).await.0, 422);
        assert_eq!(tried(&mut neighbour, "/sign-in", &form).await.0, 422);
        assert_eq!(tried(&mut neighbour, "/sign-in", &form).await.0, 429, "by the address typed, from everywhere");
        product.clock.advance(Duration::seconds(201));
        assert_eq!(tried(&mut knocker, "/sign-in", &[("email", "other@example.org"), ("password", "x")]).await.0, 422);

        for expected in [200, 200, 429] {
            assert_eq!(tried(&mut knocker, "/password-reset", &[("email", "a@example.org")]).await.0, expected);
        }
        // What a stranger writes into a header changes nothing.
        let forged = [("x-forwarded-for", "198.51.100.1"), ("content-type", "application/x-www-form-urlencoded")];
        let status = knocker.send(Method::POST, "/password-reset", &forged, b"email=a@example.org".to_vec()).await;
        assert_eq!(status.as_u16(), 429);
    })
    .await;
}

#[tokio::test]
async fn wrong_tokens_and_floods_of_changes_are_stopped() {
    for_each_database(|url| async move {
        let product = Product::allowing(&url, clock(), strict()).await;
        let ada = product.add_person("Ada Example", &[]).await;
        let mut program = product.browser();
        program.come_from("2001:db8:1:2::1");
        program.use_bearer("hiec_wrong");
        for expected in [401, 401, 429] {
            assert_eq!(program.get_json("/account").await.0.as_u16(), expected);
        }
        program.come_from("2001:db8:1:2:ffff::9");
        assert_eq!(program.get_json("/account").await.0.as_u16(), 429, "the same network");
        program.come_from("2001:db8:1:3::1");
        assert_eq!(program.get_json("/account").await.0.as_u16(), 401);

        // Signed in, changes are counted by person: whoever shares the address goes on.
        let mut ada_here = product.browser_of(ada.id).await;
        let grace = product.add_person("Grace Example", &[]).await;
        let mut grace_here = product.browser_of(grace.id).await;
        for browser in [&mut ada_here, &mut grace_here] {
            browser.come_from("192.0.2.1");
        }
        for _ in 0..6 {
            ada_here.post("/account/tokens", &[]).await.expect_status(422);
        }
        ada_here.post("/account/tokens", &[]).await.expect_status(429).expect_text("Too many changes");
        ada_here.get("/account").await.expect_status(200);
        grace_here.post("/account/tokens", &[]).await.expect_status(422);
        product.clock.advance(Duration::minutes(2));
        ada_here.post("/account/tokens", &[]).await.expect_status(422);
    })
    .await;
}
