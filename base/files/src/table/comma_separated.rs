//! CSV as RFC 4180 has it, written so that no spreadsheet takes a text for a formula, and read back to the same text.

use super::{Cell, Table};

pub(super) fn written(table: &Table) -> String {
    let heading: Vec<String> = table.columns().iter().map(|column| guarded(&column.key)).collect();
    let rows = table.rows().iter().map(|row| row.iter().map(spelled).collect::<Vec<String>>());
    let mut out = String::new();
    for record in std::iter::once(heading).chain(rows) {
        let fields: Vec<String> = record.iter().map(|field| quoted(field)).collect();
        // A record of one empty field would be an empty line, which readers skip.
        let line = if fields == [String::new()] { "\"\"".to_owned() } else { fields.join(",") };
        out.push_str(&line);
        out.push_str("\r\n");
    }
    out
}

/// Only texts are guarded: a negative number is a number.
fn spelled(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => guarded(text),
        other => other.plain(),
    }
}

fn quoted(field: &str) -> String {
    let needs_quotes = field.contains([',', '"', '\r', '\n', ';', '\t'])
        || field.starts_with(char::is_whitespace)
        || field.ends_with(char::is_whitespace);
    if needs_quotes { format!("\"{}\"", field.replace('"', "\"\"")) } else { field.to_owned() }
}

/// Puts an apostrophe before a text that a spreadsheet would run as a formula: one that begins with `=`, `+`, `-`, `@`, a tab, a line
/// break or their full-width twins, whether or not apostrophes come first (the list is OWASP's, "CSV Injection"). [`unguarded`] takes
/// exactly that apostrophe away again, so nothing is lost.
pub fn guarded(text: &str) -> String {
    if would_run(text) { format!("'{text}") } else { text.to_owned() }
}

/// The text as it was before [`guarded`].
pub fn unguarded(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if would_run(rest) => rest,
        _ => text,
    }
}

fn would_run(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{Limits, read};
    use super::*;

    #[test]
    fn formulas_are_guarded_and_numbers_are_not() {
        let mut table = Table::with_columns("t", [("who", ""), ("change", "")]);
        table.push([Cell::from("=HYPERLINK(\"http://bad.example\",\"a\")"), Cell::from(-5)]);
        table.push([Cell::from("-cmd|' /C calc'!A0"), Cell::Decimal { units: -150, places: 2 }]);
        table.push([Cell::from("it's fine"), Cell::from("+44 20 7946 0000")]);
        assert_eq!(
            table.to_csv(),
            "who,change\r\n\"'=HYPERLINK(\"\"http://bad.example\"\",\"\"a\"\")\",-5\r\n'-cmd|' /C calc'!A0,-1.50\r\nit's fine,'+44 20 7946 0000\r\n"
        );
    }

    proptest! {
        #[test]
        fn any_table_of_text_comes_back_the_same(
            rows in proptest::collection::vec(proptest::collection::vec("['=+@a,;\"\r\n\t £é-]{0,8}|[^\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f]{0,12}", 2..=2), 1..12)
        ) {
            let mut table = Table::with_columns("t", [("first", ""), ("second", "")]);
            for row in &rows {
                table.push(row.iter().map(|cell| Cell::from(cell.as_str())));
            }
            for csv in [table.to_csv(), table.to_csv_for_excel()] {
                let sheet = read("t.csv", csv.as_bytes(), &Limits::default()).unwrap();
                let back: Vec<Vec<String>> = sheet.rows().iter().map(|row| row.cells.clone()).collect();
                // A line with nothing but white space holds no record.
                let kept: Vec<Vec<String>> = rows.iter().filter(|row| row.iter().any(|cell| !cell.trim().is_empty())).cloned().collect();
                prop_assert_eq!(back, kept);
            }
        }

        #[test]
        fn guarding_is_undone(text in "['=+@x-]{0,6}") {
            let written = guarded(&text);
            prop_assert_eq!(unguarded(&written), text.as_str());
            prop_assert!(!written.starts_with(['=', '+', '-', '@']));
        }
    }
}
