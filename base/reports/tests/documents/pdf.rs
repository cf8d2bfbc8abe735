//! The PDF of every kind of document, drawn by the real `hiec-pdf`.
//!
//! Needs the program, named by `HIEC_PDF` (see README.md). Without it these tests pass with a notice,
//! unless `HIEC_REQUIRE_PDF=1`: then its absence is a failure. The same holds for `pdftotext`.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use hiec_reports::*;

use crate::samples;

fn required() -> bool {
    std::env::var("HIEC_REQUIRE_PDF").is_ok_and(|value| value == "1")
}

fn reports() -> Option<Reports> {
    let reports = Reports::new(Some(std::env::var("HIEC_PDF").map(PathBuf::from).unwrap_or_default()));
    if reports.is_available() {
        return Some(reports);
    }
    assert!(!required(), "HIEC_REQUIRE_PDF=1, but HIEC_PDF names no hiec-pdf program");
    eprintln!("skipped: HIEC_PDF names no hiec-pdf program");
    None
}

/// The PDF with its text and structure readable: streams that are not compressed are looked at as bytes.
fn has(pdf: &[u8], needle: &str) -> bool {
    pdf.windows(needle.len()).any(|window| window == needle.as_bytes())
}

fn poppler(program: &str, arguments: &[&str], pdf: &[u8]) -> Option<String> {
    let spawned = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut child) = spawned else {
        assert!(!required(), "HIEC_REQUIRE_PDF=1, but {program} (Debian: poppler-utils) is not here");
        eprintln!("skipped: {program} is not here");
        return None;
    };
    let mut stdin = child.stdin.take().unwrap();
    let pdf = pdf.to_vec();
    let writer = std::thread::spawn(move || stdin.write_all(&pdf));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    assert!(output.status.success(), "{program} failed");
    Some(String::from_utf8(output.stdout).unwrap())
}

fn text_of(pdf: &[u8]) -> Option<String> {
    poppler("pdftotext", &["-layout", "-", "-"], pdf)
}

/// White space does not count: lines break where they must.
fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Every word a block shows.
fn words_of(block: &Block) -> Vec<String> {
    match block {
        Block::Heading { text, .. } | Block::Paragraph { text } => vec![text.clone()],
        Block::List { items } => items.clone(),
        Block::Facts { rows } => rows.iter().flat_map(|fact| [fact.name.clone(), fact.value.clone()]).collect(),
        Block::Table(table) => {
            let headings = table.columns().iter().map(|column| column.heading.clone());
            let cells = table.rows().iter().flatten().cloned();
            [table.caption().to_owned()].into_iter().chain(headings).chain(cells).collect()
        }
        Block::Note { label, text } => vec![label.clone(), text.clone()],
        Block::Lines { lines } => lines.clone(),
        // The alternative text is no text of the page; `a_chart_is_read_out_and_seen` looks for it.
        Block::Chart { caption, .. } => vec![caption.clone()],
        Block::Tiles { tiles } => {
            tiles.iter().flat_map(|tile| [tile.figure.clone(), tile.label.clone(), tile.note.clone()]).collect()
        }
        Block::Board(board) => {
            let headings = board.columns().iter().map(|column| column.heading.clone());
            let cells = board.rows().iter().flatten().filter_map(|cell| match cell {
                BoardCell::Words { text } => Some(text.clone()),
                BoardCell::Picture { .. } => None,
            });
            [board.caption().to_owned()].into_iter().chain(headings).chain(cells).collect()
        }
        Block::NewPage => vec![],
    }
}

async fn holds_to_the_standards(document: &impl Document) {
    let Some(reports) = reports() else { return };
    let pdf = reports.pdf(document).await.unwrap();
    assert!(pdf.starts_with(b"%PDF-1.7"));
    for sign in
        ["<pdfuaid:part>1</pdfuaid:part>", "<pdfaid:part>2</pdfaid:part>", "<pdfaid:conformance>A</pdfaid:conformance>"]
    {
        assert!(has(&pdf, sign), "{sign} is missing");
    }
    assert_eq!(pdf, reports.pdf(document).await.unwrap(), "the same document gave other bytes");

    let sheet = document.sheet();
    let Some(info) = poppler("pdfinfo", &["-"], &pdf) else {
        return;
    };
    assert!(info.contains("Tagged:          yes"), "{info}");
    assert!(info.contains("(A4)"), "{info}");
    assert!(info.contains(&format!("Title:           {}", sheet.title)), "{info}");

    let structure = poppler("pdfinfo", &["-struct-text", "-"], &pdf).map(|text| squeezed(&text)).unwrap();
    let Some(text) = text_of(&pdf) else { return };
    assert!(text.contains("Page 1 of "), "{text}");
    for mark in &sheet.marks {
        assert!(text.contains(&mark.label.to_uppercase()), "the stamp is missing: {text}");
        assert!(structure.contains(&squeezed(mark.text)), "a screen reader does not hear {:?}", mark.label);
    }
    // What is tagged is what a screen reader reads: every word of every block must be there.
    let quoted = structure.replace('"', "");
    for words in sheet.blocks.iter().flat_map(words_of) {
        let words = squeezed(&words).replace('"', "");
        assert!(quoted.contains(&words), "{words} is not among the tagged text:\n{structure}");
    }
    if let Some(fingerprint) = &sheet.fingerprint {
        assert!(structure.contains(fingerprint.as_str()) && text.contains(fingerprint.as_str()));
    }
}

#[tokio::test]
async fn minutes() {
    holds_to_the_standards(&samples::minutes()).await;
}

#[tokio::test]
async fn letter() {
    holds_to_the_standards(&samples::letter()).await;
}

#[tokio::test]
async fn receipt() {
    holds_to_the_standards(&samples::receipt()).await;
}

#[tokio::test]
async fn report() {
    holds_to_the_standards(&samples::report()).await;
}

#[tokio::test]
async fn a_bare_letter_without_headings_marks_or_scores_holds_too() {
    let letter = Letter {
        scores: None,
        body: vec![],
        sender_lines: vec![],
        addressee: vec![],
        reference: None,
        illustrative: false,
        fingerprint: None,
        ..samples::letter()
    };
    holds_to_the_standards(&letter).await;
}

#[tokio::test]
async fn headings_tables_and_their_headers_are_tagged() {
    let Some(reports) = reports() else { return };
    let pdf = reports.pdf(&samples::minutes()).await.unwrap();
    let Some(structure) = poppler("pdfinfo", &["-struct", "-"], &pdf) else {
        return;
    };
    for tag in ["H1", "H2", "P", "Table", "Caption", "TR", "TH", "TD"] {
        let is_tag = |line: &str| line.split_whitespace().next().map(|word| word.trim_end_matches(':')) == Some(tag);
        assert!(structure.lines().any(is_tag), "no {tag} in\n{structure}");
    }
}

const SVG: &str = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 400 200' font-family='Arial'>\
    <title>Falls &lt;illustrative&gt;</title><text x='20' y='100' font-size='20'>Seen in the chart</text></svg>";

#[tokio::test]
async fn a_chart_is_read_out_and_seen() {
    let Some(reports) = reports() else { return };
    let mut report = samples::report();
    report.body.push(Block::chart(SVG, "Twelve falls in June", "Falls by month"));
    holds_to_the_standards(&report).await;
    let pdf = reports.pdf(&report).await.unwrap();
    assert!(has(&pdf, "/S/Figure") && has(&pdf, "/Alt(Twelve falls in June)"), "no figure with its words");
    let Some(text) = text_of(&pdf) else { return };
    assert!(text.contains("Seen in the chart"), "the words of the chart are no text: {text}");
}

#[tokio::test]
async fn tiles_and_a_board_of_pictures_are_read_out_and_seen() {
    let Some(reports) = reports() else { return };
    let mut report = samples::report();
    report
        .body
        .insert(0, Block::Tiles { tiles: vec![Tile::new("3 of 4", "met", "one more"), Tile::new("£2", "spent", "")] });
    report.body.push(Block::NewPage);
    let row = |name: &str, alt: &str| [BoardCell::words(name), BoardCell::picture(SVG, alt), BoardCell::words("48%")];
    report.body.push(
        Board::of(
            "What each measure says",
            [Column::words("Measure"), Column::picture("Variation"), Column::figure("Value")],
            [row("Falls", "Common cause"), row("Ulcers", "Improvement")],
        )
        .into(),
    );
    holds_to_the_standards(&report).await;
    let pdf = reports.pdf(&report).await.unwrap();
    for alt in ["Common cause", "Improvement"] {
        assert!(has(&pdf, &format!("/Alt({alt})")), "the picture does not say {alt}");
    }
    let Some(info) = poppler("pdfinfo", &["-"], &pdf) else { return };
    assert!(info.contains("Pages:           2"), "{info}");
}

#[tokio::test]
async fn a_picture_is_a_png() {
    let Some(reports) = reports() else { return };
    let png = reports.png(SVG, 800).await.unwrap();
    // Width and height stand behind the signature and the length and name of the first part.
    assert_eq!(
        (&png[..4], &png[16..20], &png[20..24]),
        (&b"\x89PNG"[..], &800_u32.to_be_bytes()[..], &400_u32.to_be_bytes()[..])
    );
    assert_eq!(png, reports.png(SVG, 800).await.unwrap());
    let refused = reports.png("rubbish", 800).await.unwrap_err();
    assert!(refused.to_string().contains("not an SVG"), "{refused}");
}

#[tokio::test]
async fn markup_in_a_name_prints_as_it_was_typed() {
    let Some(reports) = reports() else { return };
    let name = r##"#strong[Ada] *Example* _x_ $y$ `z` @ref <a> // #panic("no") \ = - + 100% ~ --"##;
    let mut letter = samples::letter();
    letter.salutation = name.into();
    letter.subject = format!("Subject {name}");
    letter.sender = name.into();
    letter.addressee = vec![name.into()];
    let pdf = reports.pdf(&letter).await.unwrap();
    let Some(text) = poppler("pdfinfo", &["-struct-text", "-"], &pdf) else {
        return;
    };
    let text = text.replace('"', "");
    let name = name.replace('"', "");
    assert_eq!(squeezed(&text).matches(&squeezed(&name)).count(), 4, "{text}");
}

#[tokio::test]
async fn any_rubbish_is_drawn_and_still_accessible() {
    let Some(reports) = reports() else { return };
    // A stretch of every script, with controls, surrogate neighbours, private use and emoji among them.
    let rubbish: String = (0..=0x2_FFFFu32).step_by(37).chain(0..0x300).filter_map(char::from_u32).collect();
    let mut report = samples::report();
    report.title = "Fish 🐟 and \u{202E}\u{0} tricks".into();
    report.body.extend([
        Block::paragraph(rubbish),
        Block::paragraph(""),
        Block::list(Vec::<String>::new()),
        Block::facts([]),
        Block::lines([""]),
        Block::heading(Level::Three, ""),
        Block::note("", ""),
        Table::of("", [Column::words("")], []).into(),
        Table::of("Wide", [Column::words("A"), Column::words("B")], [["x".repeat(3000), "y ".repeat(3000)]]).into(),
    ]);
    let pdf = reports.pdf(&report).await.unwrap();
    let Some(text) = text_of(&pdf) else { return };
    assert!(text.contains("Fish [U+1F41F] and tricks"), "{text}");
    assert!(has(&pdf, "<pdfuaid:part>1</pdfuaid:part>"), "the claim to PDF/UA-1 was lost");
    // Points from the left edge; A4 is 595 wide and the margins are 24 mm.
    let Some(places) = poppler("pdftotext", &["-bbox", "-", "-"], &pdf) else {
        return;
    };
    let right_edges = places.split("xMax=\"").skip(1).map(|rest| rest.split('"').next().unwrap().parse().unwrap());
    let rightmost = right_edges.fold(0.0_f64, f64::max);
    assert!((500.0..=528.0).contains(&rightmost), "text runs to {rightmost} points");
}

#[tokio::test]
async fn a_long_record_is_drawn_within_the_limits() {
    let Some(reports) = reports() else { return };
    let mut minutes = samples::minutes();
    minutes.items = minutes.items.iter().cycle().take(150).cloned().collect();
    let pdf = reports.pdf(&minutes).await.unwrap();
    let Some(text) = text_of(&pdf) else { return };
    assert!(text.contains("150. Bid 12: Coastal Example Cluster"));
}
