//! The pack of a whole round, as the operator exports it and a stranger checks it; and rows changed behind the trail's back. It knows no page.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use hiec::commands::{self, Outcome};
use hiec_competition::Stage;
use hiec_competition::pack::contents::Manifest;
use hiec_files::FileStore;
use hiec_kernel::Fingerprint;
use hiec_kernel::people::Actor;
use hiec_store::{Database, FromQueryResult, Reads, values};
use hiec_testkit::for_each_database;
use serde_json::{Value, json};

use crate::product::Product;

const CALL: &str = "hiec-2009";

fn is_success(outcome: Outcome) -> bool {
    format!("{:?}", outcome.expect("it runs")) == format!("{:?}", ExitCode::SUCCESS)
}

/// One row's value of a JSON column, changed as if by somebody with the database's password.
#[derive(FromQueryResult)]
struct Row {
    value: Value,
}

async fn forge(product: &Product, select: &str, update: &str, change: impl Fn(&mut Value)) {
    let database: Database = product.state.database();
    let mut row: Row = database.one(select, values![]).await.expect("a row is read").expect("there is one");
    change(&mut row.value);
    let unit = product.state.begin(Actor::System("forger".into())).await.expect("a unit begins");
    assert_eq!(unit.execute(update, values![row.value]).await.expect("the row lets itself be changed"), 1, "{update}");
    unit.commit().await.expect("the forgery is stored");
}

async fn found(product: &Product) -> Vec<String> {
    commands::audit::record_differences(&product.state.database())
        .await
        .expect("the rounds are read")
        .into_iter()
        .map(|(_, difference)| difference.to_string())
        .collect()
}

#[tokio::test]
async fn a_whole_round_is_recomputed_from_its_pack_and_each_forgery_is_named() {
    for_each_database(|url| async move {
        let product = Product::at(&url, Stage::Announced).await;
        let database = product.state.database();
        let files = product.state.service::<FileStore>().expect("a file store").clone();
        let folder = tempfile::tempdir().expect("a folder");
        let pack = folder.path().join("pack");
        assert!(is_success(commands::export::round(&database, CALL, &pack, Some(&files)).await));
        assert!(is_success(commands::export::verify(&pack, &[])));
        assert_eq!(found(&product).await, Vec::<String>::new());
        in_the_pack(&pack);
        in_the_database(&product).await;
        let again = folder.path().join("again");
        assert!(!is_success(commands::export::round(&database, CALL, &again, Some(&files)).await));
        assert!(!is_success(commands::export::verify(&again, &[])));
    })
    .await;
}

/// Files changed one at a time, the manifest made anew so that only what is inside can tell.
fn in_the_pack(pack: &Path) {
    let document = document(&pack.join("files"));
    let document = document.strip_prefix(pack).expect("inside the pack").display().to_string();
    for (name, from, to) in [
        ("scores.jsonl", "\"value\":\"3\"", "\"value\":\"4\""),
        ("design.jsonl", "\"weight\":25", "\"weight\":26"),
        ("ranking.jsonl", "\"rank\":1", "\"rank\":2"),
        ("decisions.jsonl", "\"verdict\":\"fund\"", "\"verdict\":\"reserve\""),
        ("submissions.jsonl", "Illustrative answer", "Illustrative reply"),
        (document.as_str(), "Illustrative document", "Illustrative forgery"),
        ("awards.csv", "amount", "amounts"),
    ] {
        let file = pack.join(name);
        let manifest = pack.join("manifest.json");
        let (sound, listed) = (std::fs::read(&file).expect("a file"), std::fs::read(&manifest).expect("the manifest"));
        let text = String::from_utf8(sound.clone()).expect("text");
        let forged = text.replacen(from, to, 1);
        assert_ne!(text, forged, "{name} holds no {from}");
        std::fs::write(&file, &forged).expect("changed");
        assert!(!is_success(commands::export::verify(pack, &[])), "{name}, the manifest as it was");
        std::fs::write(&manifest, relisted(&listed, name, forged.as_bytes())).expect("changed");
        assert!(!is_success(commands::export::verify(pack, &[])), "{name}, the manifest made anew");
        std::fs::write(&file, sound).expect("as it was");
        std::fs::write(&manifest, listed).expect("as it was");
    }
    assert!(is_success(commands::export::verify(pack, &[])), "as it was");
}

fn relisted(manifest: &[u8], name: &str, content: &[u8]) -> Vec<u8> {
    let mut manifest: Manifest = serde_json::from_slice(manifest).expect("a manifest");
    for file in manifest.files.iter_mut().filter(|file| file.name == name) {
        file.sha256 = Fingerprint::of_bytes(content);
    }
    serde_json::to_vec(&manifest).expect("JSON")
}

/// Some document of the pack.
fn document(folder: &Path) -> PathBuf {
    let first = std::fs::read_dir(folder).expect("a folder").next().expect("not empty").expect("an entry").path();
    if first.is_dir() { document(&first) } else { first }
}

async fn in_the_database(product: &Product) {
    let review = "SELECT state AS value FROM competition_review WHERE state_name = 'submitted' ORDER BY id LIMIT 1";
    let write_review = "UPDATE competition_review SET state = $1 WHERE id = \
        (SELECT id FROM competition_review WHERE state_name = 'submitted' ORDER BY id LIMIT 1)";
    let mut named = BTreeMap::new();
    forge(product, review, write_review, |state| {
        let value = &mut state["editions"][0]["scores"][0]["value"];
        *value = json!(if *value == "1" { "2" } else { "1" });
    })
    .await;
    named.insert("a score", "scores.jsonl");
    let decided = "state_name = 'Decided' ORDER BY meeting_id, place LIMIT 1";
    let item = format!("SELECT item AS value FROM competition_agenda_item WHERE {decided}");
    let write_item = format!(
        "UPDATE competition_agenda_item SET item = $1 WHERE bid_id = (SELECT bid_id FROM competition_agenda_item WHERE {decided})"
    );
    forge(product, &item, &write_item, |item| item["decisions"][0]["reason"] = json!("because we say so")).await;
    named.insert("a decision", "decisions.jsonl");
    let unit = product.state.begin(Actor::System("forger".into())).await.expect("a unit begins");
    unit.execute("UPDATE competition_award SET amount = amount + 100", values![]).await.expect("awards change");
    unit.execute(
        "UPDATE competition_bid SET title = 'Another title' WHERE title LIKE 'Illustrative Coast%'",
        values![],
    )
    .await
    .expect("a title changes");
    unit.commit().await.expect("the forgery is stored");
    named.insert("an award", "awards.jsonl");
    named.insert("a title", "bids.jsonl");
    let found = found(product).await;
    for (what, file) in named {
        assert!(found.iter().any(|one| one.starts_with(file)), "{what}: {found:?}");
    }
}
