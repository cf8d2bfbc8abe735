//! Whole tables through the whole crate: what is guessed, drawn, written and reported. The tables are illustrative.
#![expect(clippy::unwrap_used, reason = "every step here is a step of a test")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use hiec_chartbook::{Book, Extras, Order, target};
use hiec_spc::xmr::Direction;

const FALLS: &[u8] = include_bytes!("tables/falls-illustrative.csv");

fn falls() -> Order {
    Order {
        numerator: Some("falls".into()),
        denominator: Some("bed_days".into()),
        per: Some(1000.0),
        improve: Some(Direction::Decrease),
        target: Some(target("6").unwrap()),
        title: Some("Falls".into()),
        source: Some("Illustrative".into()),
        ..Order::default()
    }
}

fn files(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for (prefix, at) in [("", folder.to_path_buf()), ("charts/", folder.join("charts"))] {
        for entry in fs::read_dir(at).unwrap().map(Result::unwrap).filter(|entry| entry.path().is_file()) {
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            found.insert(name, fs::read_to_string(entry.path()).unwrap());
        }
    }
    found
}

#[test]
fn a_table_becomes_a_book() {
    let book = Book::read(FALLS, &falls()).unwrap();
    assert_eq!(book.guesses, ["dates from the column “month” (--date)", "one series for each “ward_code” (--by)"]);
    assert_eq!(book.faults.len(), 1);
    assert_eq!(book.faults[0].to_string(), "line 45, column falls: “many” is not a number");
    let folder = tempfile::tempdir().unwrap();
    let mut done = 0;
    let written = book.write(folder.path(), false, Extras::default(), &mut |count| done = count).unwrap();
    assert_eq!(done, 3);
    let files = files(folder.path());
    assert_eq!(written.files, files.len());
    insta::assert_snapshot!("files", files.keys().cloned().collect::<Vec<_>>().join("\n"));
    insta::assert_snapshot!("summary", files["summary.csv"]);
    insta::assert_snapshot!("problems", files["problems.csv"]);
    insta::assert_snapshot!("points", files["points.csv"].lines().take(26).collect::<Vec<_>>().join("\n"));
    for (name, text) in files.iter().filter(|(name, _)| name.ends_with(".svg")) {
        roxmltree::Document::parse(text).unwrap_or_else(|why| panic!("{name}: {why}"));
    }
    // What somebody typed into a name is never markup.
    assert!(files.iter().filter(|(name, _)| !name.ends_with(".csv")).all(|(_, text)| !text.contains("<short")));
}

#[test]
fn every_row_of_the_table_is_in_a_chart_or_among_the_faults() {
    let book = Book::read(FALLS, &falls()).unwrap();
    let rows = FALLS.iter().filter(|byte| **byte == b'\n').count() - 1;
    assert_eq!(book.rows + book.faults.len(), rows);
    // One month has no row at all, and one row cannot be read: both are shown as gaps, as is the suppressed one.
    let ward = book.series.iter().find(|one| one.key == ["W2"]).unwrap();
    assert_eq!((ward.verdict.points, ward.verdict.gaps), (27, 3));
}

#[test]
fn the_order_is_concerns_first_and_a_short_series_has_no_limits() {
    let book = Book::read(FALLS, &falls()).unwrap();
    let last = book.series.last().unwrap();
    assert!(last.is_short() && last.verdict.lower_limit.is_none() && last.verdict.variation.is_none());
    assert_eq!(
        last.verdict.explanation,
        "8 points: fewer than 12, too few for limits and rules. The line is the median."
    );
    let table = "site,date,value\n".to_owned()
        + &(0..24)
            .flat_map(|month| {
                let date = format!("{}-{:02}-01", 2019 + month / 12, month % 12 + 1);
                let noise = [0.0, 2.0, 1.0, 3.0][month % 4];
                let fallen = if month > 16 { -9.0 } else { 0.0 };
                [("Steady", 0.0), ("Fallen", fallen), ("Risen", -fallen)]
                    .map(|(site, step)| format!("{site},{date},{}\n", 50.0 + noise + step))
            })
            .collect::<String>();
    let order = Order { improve: Some(Direction::Increase), ..Order::default() };
    let book = Book::read(table.as_bytes(), &order).unwrap();
    let names: Vec<&str> = book.series.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["Fallen", "Steady", "Risen"]);
    assert_eq!((book.alarms.series, book.alarms.shown), (3, 2));
}

#[test]
fn the_pages_are_whole_and_point_to_what_is_there() {
    let folder = tempfile::tempdir().unwrap();
    Book::read(FALLS, &falls()).unwrap().write(folder.path(), false, Extras::default(), &mut |_| ()).unwrap();
    let files = files(folder.path());
    let pages: Vec<&String> = files.keys().filter(|name| name.ends_with(".html")).collect();
    assert_eq!(pages.len(), 4);
    for name in pages {
        let text = &files[name];
        let here = Path::new(name).parent().unwrap();
        for link in text.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            if let Some(id) = link.strip_prefix('#') {
                assert!(text.contains(&format!("id=\"{id}\"")), "{name}: nothing has the id {id}");
                continue;
            }
            let aim = here.join(link).to_string_lossy().replace("charts/../", "");
            assert!(files.contains_key(&aim), "{name} points to {aim}, which is not there");
        }
        assert!(
            !text.contains("<script") && !text.contains("http://")
                || text.matches("http://").count() == text.matches("http://www.w3.org/").count()
        );
        let ids: Vec<&str> = text.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        let mut once = ids.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(ids.len(), once.len(), "{name} has an id twice");
    }
}

#[test]
fn a_folder_with_something_in_it_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("thesis.txt"), "years of work").unwrap();
    let book = Book::read(FALLS, &falls()).unwrap();
    let refusal = book.write(folder.path(), false, Extras::default(), &mut |_| ()).unwrap_err();
    assert!(refusal.to_string().contains("is not empty"), "{refusal}");
    assert!(!folder.path().join("charts").exists());
    book.write(folder.path(), true, Extras::default(), &mut |_| ()).unwrap();
    assert_eq!(fs::read_to_string(folder.path().join("thesis.txt")).unwrap(), "years of work");
}

#[test]
fn the_answer_for_programs_is_json() {
    let json: serde_json::Value = serde_json::from_str(&Book::read(FALLS, &falls()).unwrap().json().unwrap()).unwrap();
    assert_eq!(json["rows_left_out"][0]["line"], 45);
    assert_eq!(json["false_alarms"]["series"], 2);
    let series = json["series"].as_array().unwrap();
    assert_eq!(series.len(), 3);
    let ward = series.iter().find(|one| one["key"]["ward_code"] == "W1").unwrap();
    assert_eq!(ward["variation"], "improvement_low");
    assert_eq!(ward["points"].as_array().unwrap().len(), 30);
}

#[test]
fn targets_and_units_that_do_not_go_together_are_refused_or_told() {
    let table = |value: &str| format!("date,value\n2019-01-01,{value}\n2019-02-01,{value}\n");
    let read = |value: &str, aim: &str| {
        Book::read(table(value).as_bytes(), &Order { target: Some(target(aim).unwrap()), ..Order::default() })
    };
    assert_eq!(
        read("12", "95%").unwrap_err().to_string(),
        "the target is 95%, but the values are not per cent: write the target without the sign"
    );
    assert!((read("0.9", "95%").unwrap().series[0].verdict.target.unwrap() - 0.95).abs() < 1e-12);
    assert!(read("90%", "0.95").unwrap().notes.iter().any(|note| note.contains("write --target 95%")));
    assert!(read("90%", "95").unwrap().notes.iter().all(|note| !note.contains("--target")));
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(200))]

    #[test]
    fn no_table_is_an_accident(text in "((date|value|site|2019-0[1-9]-01|[0-9]{1,3}|\"|\\PC)[,;\t\n]?){0,60}") {
        if let Ok(book) = Book::read(text.as_bytes(), &Order::default()) {
            let _ = book.json();
        }
    }
}
