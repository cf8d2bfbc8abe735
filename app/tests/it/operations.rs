//! What every installation does, whatever it is used for: sign-in, permissions, health, figures, a trail that shows tampering. It never looks at one capability's pages.

use chrono::Duration;
use hiec::{commands, program};
use hiec_competition::Stage;
use hiec_kernel::audit_file::AuditFile;
use hiec_kernel::clock::{Clock, FixedClock, from_london};
use hiec_store::{Reads, values};
use hiec_testkit::for_each_database;

use crate::product::{METRICS_TOKEN, Product};

fn clock() -> FixedClock {
    FixedClock::at(from_london("2009-06-15 10:00").expect("a time"))
}

#[tokio::test]
async fn the_product_starts_on_an_empty_database() {
    for_each_database(|url| async move {
        let product = Product::start(&url, clock()).await;
        let mut browser = product.browser();
        browser.get("/").await.expect_status(200);
        browser.get("/no-such-page").await.expect_status(404).expect_text("This page is not here");
        browser.get("/account").await.expect_status(200);
        assert!(browser.address().starts_with("/sign-in?next="), "{}", browser.address());
    })
    .await;
}

#[tokio::test]
async fn one_of_the_cast_is_signed_in_until_idle_too_long() {
    for_each_database(|url| async move {
        let product = Product::at(&url, Stage::Dialogue).await;
        let mut browser = product.browser_as("office").await;
        browser.get("/account").await.expect_status(200).expect_text("Olive Office");
        product.clock.set(product.clock.now() + Duration::hours(3));
        browser.get("/account").await;
        assert!(browser.address().starts_with("/sign-in"), "{}", browser.address());
    })
    .await;
}

#[tokio::test]
async fn operators_see_health_and_figures_and_programs_the_description() {
    for_each_database(|url| async move {
        let product = Product::start(&url, clock()).await;
        let mut program = product.browser();
        let (status, health) = program.get_json("/health").await;
        assert_eq!((status.as_u16(), health["status"].as_str()), (200, Some("ok")));
        let (status, document) = program.get_json("/openapi.json").await;
        assert_eq!((status.as_u16(), document["openapi"].as_str()), (200, Some("3.1.0")));
        let (status, _) = program.get_json("/metrics").await;
        assert_eq!(status.as_u16(), 401, "without the token");
        program.use_bearer(METRICS_TOKEN);
        program.get("/metrics").await.expect_status(200);
        let figures = program.html();
        assert!(
            figures.contains(r#"hiec_http_requests_total{method="GET",route="/health",status="200"} 1"#),
            "{figures}"
        );
        assert!(figures.contains("\nhiec_mail_waiting 0\n"), "{figures}");
    })
    .await;
}

/// Reviewed in every change: who may use which route. `INSTA_UPDATE=always` writes it anew.
#[test]
fn permissions() {
    let engine = program::engine().expect("the policies can be read");
    let table = hiec_web::capability::permission_table(&program::capabilities(), &engine);
    insta::with_settings!({ prepend_module_to_snapshot => false, snapshot_path => "..", omit_expression => true }, {
        insta::assert_snapshot!("permissions", table);
    });
}

/// Tampering behind the program's back is found, on both databases, and in the exported file alone.
#[tokio::test]
async fn a_changed_entry_is_found() {
    for_each_database(|url| async move {
        let product = Product::at(&url, Stage::Dialogue).await;
        let database = product.state.database();
        let broken = |results: &[Result<_, Vec<hiec_kernel::audit::ChainFault>>]| {
            results.iter().filter(|result| result.is_err()).count()
        };
        let sound = commands::audit::check(&database).await.expect("the trail is read");
        assert!(sound.len() >= 2, "the installation's stream and the call's");
        assert_eq!(broken(&sound), 0);

        let mut file = Vec::new();
        commands::audit::export(&database, None, &mut file).await.expect("an export");
        let AuditFile { records, heads, unread } = AuditFile::read(&file);
        assert!(unread.is_empty(), "{unread:?}");
        assert!(hiec_kernel::audit::verify_streams(records.clone(), &heads).is_ok());
        let text = String::from_utf8(file).expect("UTF-8");
        let forged = text.replacen("operator:", "operator;", 1).replacen("system:", "system;", 1);
        assert_ne!(text, forged);
        let AuditFile { records, heads, .. } = AuditFile::read(forged.as_bytes());
        assert!(hiec_kernel::audit::verify_streams(records, &heads).is_err());

        let unit =
            product.state.begin(hiec_kernel::people::Actor::System("forger".into())).await.expect("a unit begins");
        let refused = unit.execute("UPDATE base_audit SET actor = 'system:nobody' WHERE seq = 1", values![]).await;
        assert!(refused.is_err(), "the table lets itself be changed");
        drop(unit);
        let unit =
            product.state.begin(hiec_kernel::people::Actor::System("forger".into())).await.expect("a unit begins");
        unit.execute("UPDATE base_audit_head SET seq = seq + 1 WHERE stream = 'installation'", values![])
            .await
            .expect("heads move");
        unit.commit().await.expect("the forgery is stored");
        let found = commands::audit::check(&database).await.expect("the trail is read");
        assert_eq!(broken(&found), 1);
    })
    .await;
}

/// Everything goes from one database to another and back out the same; from SQLite to PostgreSQL where there is one.
#[tokio::test]
async fn a_database_is_copied_whole() {
    let databases = hiec_testkit::databases().await;
    let (first, last) = (databases.first().expect("SQLite"), databases.last().expect("a database"));
    let folder = tempfile::tempdir().expect("a folder");
    let fresh = format!("sqlite://{}", folder.path().join("copy.db").display());
    let target = if first.url == last.url { fresh.clone() } else { last.url.clone() };
    let product = Product::at(&first.url, Stage::Dialogue).await;
    commands::copy::copy(&first.url, &target).await.expect("a copy");
    if target != fresh {
        commands::copy::copy(&target, &fresh).await.expect("a copy back");
    }
    let copied = hiec_store::Database::connect(&fresh).await.expect("the copy opens");
    for (table, condition) in [("competition_call", "TRUE"), ("base_grant", "TRUE"), ("base_audit", "TRUE")] {
        let before =
            hiec_store::copy::rows_as_json(&product.state.database(), table, condition, values![]).await.expect("rows");
        let after = hiec_store::copy::rows_as_json(&copied, table, condition, values![]).await.expect("rows");
        assert!(!before.is_empty());
        assert_eq!(before, after, "{table}");
    }
    assert!(commands::copy::copy(&first.url, &fresh).await.is_err(), "into a database that is not empty");
}

/// A pack verifies where nothing was touched, and says so where something was.
#[tokio::test]
async fn a_round_is_exported_and_checked() {
    for_each_database(|url| async move {
        let product = Product::at(&url, Stage::Dialogue).await;
        let folder = tempfile::tempdir().expect("a folder");
        let pack = folder.path().join("pack");
        let code = |outcome: commands::Outcome| format!("{:?}", outcome.expect("it runs"));
        commands::export::round(&product.state.database(), "hiec-2009", &pack, None).await.expect("an export");
        let success = format!("{:?}", std::process::ExitCode::SUCCESS);
        assert_eq!(code(commands::export::verify(&pack, &[])), success);
        let file = pack.join("tables/call.jsonl");
        let text = std::fs::read_to_string(&file).expect("the call");
        assert!(text.contains("hiec-2009"));
        std::fs::write(&file, text.replace("hiec-2009", "hiec-2010")).expect("changed");
        assert_ne!(code(commands::export::verify(&pack, &[])), success);
    })
    .await;
}

/// A backup opens as a whole database, and is refused once damaged.
#[tokio::test]
async fn a_backup_comes_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    let url = |name: &str| format!("sqlite://{}", at(name).display());
    let product = Product::at(&url("live.db"), Stage::Dialogue).await;
    commands::backup::backup(&url("live.db"), &at("monday.db")).await.expect("a backup");
    commands::backup::restore(&url("again.db"), &at("monday.db"), false).await.expect("restored");
    let count = "SELECT COUNT(*) AS n FROM base_audit";
    let again = hiec_store::Database::connect(&url("again.db")).await.expect("it opens");
    assert_eq!(
        again.count(count, values![]).await.expect("a count"),
        product.state.database().count(count, values![]).await.expect("a count")
    );
    assert!(commands::backup::restore(&url("again.db"), &at("monday.db"), false).await.is_err());
    let mut bytes = std::fs::read(at("monday.db")).expect("the backup");
    let middle = bytes.len() / 2;
    bytes.truncate(middle);
    std::fs::write(at("damaged.db"), bytes).expect("damaged");
    assert!(commands::backup::restore(&url("third.db"), &at("damaged.db"), false).await.is_err());
    assert!(!at("third.db").exists());
}
