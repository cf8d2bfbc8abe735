//! The published lists of NHS organisations, read as people upload them: real lines give the right records, bad lines are named, rubbish never panics.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::collections::BTreeMap;

use hiec_files::import::{ImportPlan, Importable, Parsed};
use hiec_files::ods::{OdsKind, OdsOrganisation, read, to_table};
use hiec_files::table::{Limits, ReadError, workbook};
use hiec_kernel::organisations::Setting;
use proptest::prelude::*;

const ETR: &[u8] = include_bytes!("data/ods_etr_cut.csv");
const TRUSTS: &[u8] = include_bytes!("data/ods_trusts_cut.csv");
const PRACTICES: &[u8] = include_bytes!("data/ods_gp_cut.csv");

fn parsed(bytes: &[u8]) -> Parsed<OdsOrganisation> {
    read("list.csv", bytes, &Limits::default()).unwrap()
}

fn by_code(bytes: &[u8]) -> BTreeMap<String, OdsOrganisation> {
    let parsed = parsed(bytes);
    assert_eq!(parsed.errors, []);
    parsed.rows.into_iter().map(|row| (row.record.key(), row.record)).collect()
}

#[test]
fn the_list_without_a_heading_gives_trusts() {
    let found = by_code(ETR);
    assert_eq!(found.len(), 28);
    let barts = &found["R1H"];
    assert_eq!(barts.name, "Barts Health NHS Trust");
    assert_eq!((barts.kind, barts.settings.as_slice()), (OdsKind::Trust, [Setting::Secondary].as_slice()));
    assert_eq!(
        (barts.region.as_deref(), barts.postcode.as_deref(), barts.town.as_deref()),
        (Some("LON"), Some("E1 2ES"), Some("London"))
    );
    assert_eq!(barts.opened.unwrap().to_string(), "2012-04-01");
    assert_eq!(barts.closed, None);
    assert_eq!(found["RRP"].name, "Barnet, Enfield and Haringey Mental Health NHS Trust");
    assert_eq!(found["RRP"].settings, [Setting::MentalHealth]);
    let brompton = &found["RT3"];
    assert_eq!(brompton.closed.unwrap().to_string(), "2021-01-31");
    assert!(brompton.is_open_on("2021-01-31".parse().unwrap()));
    assert!(!brompton.is_open_on("2021-02-01".parse().unwrap()));
    assert!(!brompton.is_open_on("1998-03-31".parse().unwrap()));
}

#[test]
fn regions_of_2009_are_guessed() {
    let found = by_code(ETR);
    let region = |code: &str| found[code].region.as_deref();
    let expected = [
        ("R1H", Some("LON")),
        ("R1L", Some("EoE")),
        ("RHM", Some("SC")),
        ("RD8", Some("SC")),
        ("RWX", Some("SC")),
        ("RDU", Some("SEC")),
        ("RXH", Some("SEC")),
        ("RD3", Some("SW")),
        ("R0A", Some("NW")),
        ("RTD", Some("NE")),
        ("RQF", None),
    ];
    for (code, wanted) in expected {
        assert_eq!(region(code), wanted, "{code}");
    }
}

#[test]
fn the_lists_with_a_heading_give_trusts_and_practices() {
    let trusts = by_code(TRUSTS);
    assert_eq!(trusts.len(), 12);
    assert_eq!(trusts["RF4"].name, "Barking, Havering and Redbridge University Hospitals NHS Trust");
    let practices = by_code(PRACTICES);
    assert_eq!(practices.len(), 20);
    let ashwell = &practices["D81047"];
    assert_eq!(ashwell.name, "Ashwell Surgery");
    assert_eq!((ashwell.kind, ashwell.settings.as_slice()), (OdsKind::GpPractice, [Setting::Primary].as_slice()));
    assert_eq!(ashwell.region.as_deref(), Some("EoE"));
    assert!(practices.values().all(|practice| practice.region.is_some()));
    // The same trust in both lists is the same record.
    assert_eq!(trusts["R1H"], by_code(ETR)["R1H"]);
}

#[test]
fn what_we_write_we_read_back_the_same() {
    for list in [ETR, TRUSTS, PRACTICES] {
        let records: Vec<_> = by_code(list).into_values().collect();
        let table = to_table(&records);
        assert_eq!(by_code(table.to_csv().as_bytes()).into_values().collect::<Vec<_>>(), records);
        let book = workbook(&[&table], hiec_kernel::clock::from_london("2009-05-07 09:00").unwrap()).unwrap();
        let back = read("organisations.xlsx", &book, &Limits::default()).unwrap();
        assert_eq!(back.rows.into_iter().map(|row| row.record).collect::<Vec<_>>(), records);
    }
}

#[test]
fn a_second_import_changes_nothing_and_an_edit_is_shown() {
    let stored = by_code(TRUSTS);
    let again = ImportPlan::new(parsed(TRUSTS), &stored);
    assert_eq!((again.new.len(), again.changed.len(), again.unchanged.len()), (0, 0, 12));
    let edited = String::from_utf8(TRUSTS.to_vec()).unwrap().replace("E1 2ES", "E1 1BB");
    let plan = ImportPlan::new(parsed(edited.as_bytes()), &stored);
    assert_eq!(plan.changed.len(), 1);
    let change = &plan.changed[0].fields[0];
    assert_eq!((change.field, change.before.as_str(), change.after.as_str()), ("postcode", "E1 2ES", "E1 1BB"));
}

#[test]
fn every_fault_of_a_line_is_named() {
    let bad = "ods_code,name,postcode,open_date,close_date\r\nR!,,nowhere,2012-02-30,\r\nR1H,Barts,E12ES,20120401,20110101\r\nRAL,Royal Free,NW3 2QG,19910401,\r\n";
    let parsed = parsed(bad.as_bytes());
    let said: Vec<String> = parsed.errors.iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            "Line 2, ods_code: “R!” is no ODS code. Codes have 3 to 12 letters and figures, such as R1H or D81047.",
            "Line 2, name: The name is missing. Fill it in.",
            "Line 2, postcode: “nowhere” is no postcode. Write it like E1 2ES, or leave it empty.",
            "Line 2, open_date: “2012-02-30” is no date. Write it as YYYYMMDD or YYYY-MM-DD.",
            "Line 3, close_date: It closes on 2011-01-01, before it opens on 2012-04-01. Correct one of the two.",
        ]
    );
    assert_eq!(parsed.rows.len(), 1);
    assert!(ImportPlan::new(parsed, &BTreeMap::new()).accept().is_err());
}

#[test]
fn other_tables_are_refused_with_what_is_needed() {
    let refused = |text: &str| read("list.csv", text.as_bytes(), &Limits::default()).unwrap_err();
    assert!(refused("code,title\nR1H,Barts").to_string().contains("at least ods_code and name"));
    assert!(matches!(refused("ods_code,title\nR1H,Barts"), ReadError::Heading { .. }));
    let mut short = String::from_utf8(ETR.to_vec()).unwrap();
    short.push_str("\"R99\",\"SHORT\"\n");
    assert_eq!(
        parsed(short.as_bytes()).errors[0].to_string(),
        "Line 29: There are 2 columns here; the published lists have 27."
    );
}

proptest! {
    #[test]
    fn rubbish_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _outcome = read("list.csv", &bytes, &Limits::default());
    }

    #[test]
    fn damaged_lists_never_panic_and_good_lines_survive(at in 0usize..28, place in 0usize..12, cell in "[^\"\\x00-\\x1f]{0,20}") {
        let mut lines: Vec<Vec<String>> = String::from_utf8(ETR.to_vec()).unwrap().lines().map(|line| {
            line.strip_prefix('"').unwrap().strip_suffix('"').unwrap().split("\",\"").map(str::to_owned).collect()
        }).collect();
        lines[at][place] = cell;
        let text: String = lines.iter().map(|cells| format!("\"{}\"\n", cells.join("\",\""))).collect();
        let parsed = parsed(text.as_bytes());
        prop_assert!(parsed.rows.len() >= 27);
        prop_assert!(parsed.errors.iter().all(|error| error.line == at as u64 + 1));
    }
}
