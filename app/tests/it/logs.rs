//! What the operator's log holds after people came in, failed and were refused: routes and statuses, and of the people and what they typed nothing, whatever the log's level.

use std::io;
use std::sync::{Arc, Mutex};

use hiec::{logging, worker};
use hiec_access::{passwords, people};
use hiec_competition::Stage;
use hiec_kernel::Scope;
use hiec_kernel::people::Actor;
use hiec_store::mail;
use hiec_testkit::for_each_database;
use serde_json::{Value, json};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

use crate::product::{Product, link_in};

/// A log kept in memory.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().expect("not poisoned").clone()).expect("UTF-8")
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("not poisoned").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'w> MakeWriter<'w> for Log {
    type Writer = Self;

    fn make_writer(&'w self) -> Self {
        self.clone()
    }
}

const PASSWORD: &str = "Quillon ferrule gudgeon";
const TYPED: &str = "Wimbrel saltern";

/// Somebody signs in, rightly and wrongly, resets a password, makes a token and uses it, asks, writes and submits too early;
/// a letter does not leave and a job fails. Answers everything that must not stand in a log.
async fn live(product: &Product) -> Vec<String> {
    let lead = product.person("lead").await;
    let hash = passwords::hash(PASSWORD.into()).await.expect("a hash");
    let unit = product.state.begin(Actor::Person(lead.id)).await.expect("a unit");
    people::set_password(&unit, lead.id, hash).await.expect("a password");
    unit.commit().await.expect("stored");

    let mut browser = product.browser();
    browser.come_from("203.0.113.77");
    let wrong = [("email", lead.email.as_str()), ("password", "Wrong ferrule gudgeon")];
    browser.post("/sign-in", &wrong).await.expect_status(422);
    browser.post("/sign-in", &[("email", "stranger@wimbrel.example"), ("password", PASSWORD)]).await.expect_status(422);
    browser
        .post("/sign-in", &[("email", &lead.email), ("password", PASSWORD), ("next", "/account?wimbrel=1")])
        .await
        .expect_status(200);
    let session = browser.cookie("hiec_session").expect("signed in").to_owned();

    browser.post("/password-reset", &[("email", &lead.email)]).await.expect_status(200);
    let link = link_in(&product.letter_to(&lead.email).await);
    let secret = link.rsplit('/').next().expect("a secret").to_owned();
    let mut elsewhere = product.browser();
    elsewhere.get(&link).await.expect_status(200);
    elsewhere.post(&link, &[("password", "short")]).await.expect_status(422);
    elsewhere.post(&link, &[("password", "Quillon ferrule gudgeon again")]).await.expect_status(200);
    elsewhere.post(&link, &[("password", PASSWORD)]).await.expect_status(409);
    let again = elsewhere.cookie("hiec_session").expect("signed in").to_owned();

    elsewhere.post("/account/tokens", &[("name", TYPED), ("scopes", "read")]).await.expect_status(200);
    let text = elsewhere.text();
    let token = text.split_whitespace().find(|word| word.starts_with("hiec_")).expect("a token").to_owned();
    let mut program = product.browser();
    program.use_bearer(&token);
    assert_eq!(program.get_json("/account").await.0.as_u16(), 200);
    program.use_bearer("hiec_forged-wimbrel");
    assert_eq!(program.get_json("/account").await.0.as_u16(), 401);

    let held = hiec_access::grants::of_person(&product.state.database(), lead.id).await.expect("roles");
    let bid = held.into_iter().find_map(|held| match held.scope {
        Scope::Bid(bid) => Some(bid),
        _ => None,
    });
    let bid = bid.expect("a bid");
    let section = format!("/bids/{bid}/sections/cluster");
    assert_eq!(elsewhere.post_json(&section, &json!({ "vision": TYPED })).await.0.as_u16(), 200);
    // Too late for the questionnaire; and words that no submission takes.
    let refused =
        elsewhere.post_json(&format!("/bids/{bid}/submission"), &json!({ "paper": "pqq", "note": TYPED })).await;
    assert!(refused.0.is_client_error(), "{}", refused.1);
    elsewhere.post(&format!("/bids/{bid}/submission"), &[("paper", TYPED)]).await;
    elsewhere.get(&format!("/people?find={}", TYPED.replace(' ', "+"))).await.expect_status(404);

    let unit = product.state.begin(Actor::System("test".into())).await.expect("a unit");
    for letter in mail::take(&unit, 1_000).await.expect("letters") {
        mail::mark_failed(&unit, &letter, "550 no such mailbox").await.expect("noted");
    }
    unit.job("nobody.knows", &json!({ "typed": TYPED }), unit.now()).await.expect("a job");
    unit.commit().await.expect("stored");
    let handlers = worker::handlers(&hiec::program::capabilities());
    while worker::round(&product.state, &handlers, None).await.expect("a round") {}

    let mut personal = vec![session, again, secret, token, "203.0.113.77".to_owned(), "forged".to_owned()];
    personal.extend([lead.email, lead.name].map(|text| text.to_lowercase()));
    personal.extend(["wimbrel", "saltern", "quillon", "ferrule", "leadwell", "demo.example"].map(str::to_owned));
    personal
}

#[tokio::test]
async fn the_log_holds_routes_and_statuses_and_nobody() {
    for_each_database(|url| async move {
        let product = Product::at(&url, Stage::Bidding).await;
        let log = Log::default();
        let logging = tracing::subscriber::set_default(logging::json(EnvFilter::new("trace"), log.clone()));
        let personal = live(&product).await;
        drop(logging);
        let text = log.text();
        let lines: Vec<Value> =
            text.lines().map(|line| serde_json::from_str(line).expect("one JSON object a line")).collect();
        let answered = |route: &str, status: u64| {
            lines
                .iter()
                .any(|line| line["message"] == "answered" && line["span"]["route"] == route && line["status"] == status)
        };
        assert!(answered("/sign-in", 422) && answered("/password-reset/{secret}", 409), "{text}");
        assert!(answered("/bids/{bid}/submission", 422) || answered("/bids/{bid}/submission", 409), "{text}");
        assert!(lines.iter().any(|line| line["message"] == "a job failed and will be tried again"), "{text}");
        let lower = text.to_lowercase();
        for word in personal {
            let at = lower.find(&word.to_lowercase());
            let around = at.map(|at| lower[..at].lines().count().saturating_sub(1)).and_then(|n| text.lines().nth(n));
            assert!(at.is_none(), "“{word}” stands in the log: {}", around.unwrap_or_default());
        }
    })
    .await;
}
