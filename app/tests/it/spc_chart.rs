//! `hiec spc chart` as a person runs it: files, words and exit codes. The table is illustrative.

use std::process::{Command, Output};

/// Three years of months at two sites, the last month of one far below.
fn table(last: &str) -> String {
    let mut text = "site,month,seen,all\n".to_owned();
    for month in 0..36 {
        let date = format!("{}-{:02}", 2016 + month / 12, month % 12 + 1);
        let seen = if month == 35 { last.to_owned() } else { (900 + month * 7 % 5 * 4).to_string() };
        text += &format!("North,{date},{seen},1000\nSouth,{date},{},1000\n", 950 - month * 3 % 7);
    }
    text
}

fn chart(folder: &std::path::Path, table: &str, flags: &[&str]) -> Output {
    let input = folder.join("table.csv");
    std::fs::write(&input, table).expect("a table is written");
    Command::new(env!("CARGO_BIN_EXE_hiec"))
        .args(["spc", "chart"])
        .arg(&input)
        .args(["--numerator", "seen", "--denominator", "all", "--target", "95%", "--improve", "up", "--out"])
        .arg(folder.join("out"))
        .args(flags)
        .env_remove("HIEC_PDF")
        .output()
        .expect("the command runs")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_table_becomes_charts_and_a_page() {
    let folder = tempfile::tempdir().expect("a folder");
    let output = chart(folder.path(), &table("400"), &[]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(said(&output).contains("guessed: one series for each “site” (--by)"), "{}", said(&output));
    for file in ["index.html", "points.csv", "summary.csv", "charts/north.svg", "charts/south.html"] {
        assert!(folder.path().join("out").join(file).is_file(), "{file} is missing");
    }
    let index = std::fs::read_to_string(folder.path().join("out/index.html")).expect("the page of icons");
    assert!(
        index.find("North").expect("a row of North") < index.find("South").expect("a row of South"),
        "the concern does not come first"
    );
    let again = chart(folder.path(), &table("400"), &[]);
    assert_eq!(again.status.code(), Some(1));
    assert!(said(&again).contains("--replace"), "{}", said(&again));
}

#[test]
fn a_row_that_cannot_be_read_is_said_and_counted_and_strictness_writes_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let strict = chart(folder.path(), &table("many"), &["--strict"]);
    assert_eq!(strict.status.code(), Some(2));
    assert!(!folder.path().join("out").exists());
    let output = chart(folder.path(), &table("many"), &["--json"]);
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    assert!(said(&output).contains("left out: line 72, column seen: “many” is not a number"), "{}", said(&output));
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!((&json["rows_used"], &json["rows_left_out"][0]["line"]), (&71.into(), &72.into()));
    let problems = std::fs::read_to_string(folder.path().join("out/problems.csv")).expect("the list of problems");
    assert_eq!(problems.lines().count(), 2);
}

#[test]
fn pictures_without_their_program_are_refused_before_anything_is_written() {
    let folder = tempfile::tempdir().expect("a folder");
    // The test's own program may stand beside one that draws, so name one that is not there.
    let input = folder.path().join("table.csv");
    std::fs::write(&input, table("400")).expect("a table is written");
    let output = Command::new(env!("CARGO_BIN_EXE_hiec"))
        .args(["spc", "chart", "--value", "seen", "--png", "--out"])
        .args([folder.path().join("out"), input])
        .env("HIEC_PDF", folder.path().join("absent"))
        .output()
        .expect("the command runs");
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("hiec-pdf"), "{}", said(&output));
    assert!(!folder.path().join("out").exists());
}
