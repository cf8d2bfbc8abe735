//! Its answers to good and bad requests, and the doors it shuts.

use std::io::Write;
use std::process::{Child, Command, Output, Stdio};

fn start() -> Child {
    Command::new(env!("CARGO_BIN_EXE_hiec-pdf"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn answer(request: &str) -> Output {
    let mut child = start();
    child.stdin.take().unwrap().write_all(request.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn report(blocks: &str) -> String {
    format!(
        r#"{{"template":"report","lang":"en-GB","data":{{"title":"T","date":"2009-12-01","author":"A","eyebrow":null,
        "subtitle":null,"running":"R","marks":[],"letter":null,"fingerprint":null,"blocks":[{blocks}]}}}}"#
    )
}

fn has(pdf: &[u8], needle: &str) -> bool {
    pdf.windows(needle.len()).any(|window| window == needle.as_bytes())
}

#[test]
fn a_report_is_drawn_to_both_standards() {
    let output = answer(&report(r#"{"kind":"paragraph","text":"Hello"}"#));
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert!(output.stdout.starts_with(b"%PDF-"));
    assert!(has(&output.stdout, "<pdfuaid:part>1</pdfuaid:part>"));
    assert!(has(&output.stdout, "<pdfaid:part>2</pdfaid:part>"));
    assert!(has(&output.stdout, "2009-12-01"));
}

const SVG: &str = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 90 30' font-family='Arial'>\
    <rect width='90' height='30' fill='#eee'/><text x='5' y='20' fill='#111'>Words &amp; 12</text></svg>";

#[test]
fn a_chart_stands_in_a_report_with_words_for_who_does_not_see_it() {
    let chart = format!(r#"{{"kind":"chart","svg":"{SVG}","alt":"Twelve words","caption":"By month"}}"#);
    let output = answer(&report(&chart));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert!(has(&output.stdout, "<pdfuaid:part>1</pdfuaid:part>"));
}

#[test]
fn a_picture_is_drawn_as_png() {
    let output = answer(&format!(r#"{{"picture":{{"svg":"{SVG}","width":180}}}}"#));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert!(output.stdout.starts_with(b"\x89PNG"));
}

#[test]
fn contents_come_with_eight_headings_and_gaps_in_levels_are_closed() {
    let heading = |level: usize| format!(r#"{{"kind":"heading","level":{level},"text":"Part {level}"}}"#);
    let blocks: Vec<String> = [3, 1, 3, 2, 1, 3, 3, 1, 2].map(heading).into();
    let output = answer(&report(&blocks.join(",")));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert!(has(&output.stdout, "<pdfuaid:part>1</pdfuaid:part>"));
}

#[test]
fn joined_scripts_are_drawn_with_or_without_the_claim() {
    for text in ["العربية", "ქართული", "हिन्दी", "中文", "עברית"] {
        let output = answer(&report(&format!(r#"{{"kind":"paragraph","text":"{text}"}}"#)));
        assert_eq!(output.status.code(), Some(0), "{text}: {}", String::from_utf8_lossy(&output.stderr));
        let claims = has(&output.stdout, "<pdfuaid:part>1</pdfuaid:part>");
        assert_eq!(claims, output.stderr.is_empty(), "{text}: a lost claim must be told, and only that");
    }
}

#[test]
fn a_wrong_request_is_told_in_words() {
    for (request, code, words) in [
        (String::new(), 2, "was not understood"),
        ("[]".into(), 2, "was not understood"),
        (report("").replace("report", "poster"), 2, "poster"),
        (report("").replace("en-GB", "../../etc"), 2, "language"),
        (report("").replace("2009-12-01", "2009-02-31"), 2, "not a day of the calendar"),
        (report(r#"{"kind":"dance"}"#), 1, "no block of the kind “dance”"),
        (r#"{"picture":{"svg":"x"}}"#.into(), 2, "request for a picture was not understood"),
        (report(r#"{"kind":"paragraph"}"#), 1, "does not fit its template"),
        (report(&"[".repeat(5000)), 2, "was not understood"),
    ] {
        let output = answer(&request);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "{said}");
        assert!(said.contains(words), "{said}");
        assert!(output.stdout.is_empty());
    }
}

/// Once the program waits for its request it cannot open another file or socket.
#[cfg(target_os = "linux")]
#[test]
fn no_further_file_can_be_opened() {
    let mut child = start();
    let limits = format!("/proc/{}/limits", child.id());
    let shut = (0..500).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(10));
        let limits = std::fs::read_to_string(&limits).unwrap();
        limits.lines().any(|line| line.starts_with("Max open files") && line.split_whitespace().nth(3) == Some("3"))
    });
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(shut, "files could still be opened after five seconds");
}
