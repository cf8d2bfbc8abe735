//! The pool of assessors as a table, as an office keeps it: read line by line with every fault named, and the empty one to fill in; it knows no account and no register.

use hiec_access::people;
use hiec_files::table::{self, Cell, Limits, ReadError, Record, RowError, Table};

use super::pool::{MOST_SUBJECTS, subjects};

/// The columns, and what belongs there.
const COLUMNS: [(&str, &str); 5] = [
    ("email", "E-mail address: needed. Who has an account is known by it"),
    ("name", "Name: needed for people without an account"),
    (
        "employer",
        "ODS code or exact name of where they work, as it stands in the register of organisations; may be empty",
    ),
    (
        "expertise",
        "Subjects with semicolons between them: stroke; workforce planning. May be empty: they say it when they join",
    ),
    ("max_load", "The most bids they have time for; empty means as many as the call allows"),
];

/// The most assessors one list may have.
pub const MOST_LINES: usize = 2_000;

/// The longest subject, in characters.
pub const LONGEST_SUBJECT: usize = 100;

/// A line as it was written; what is empty was not said.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    pub line: u64,
    /// In the spelling accounts are kept under.
    pub email: String,
    pub name: Option<String>,
    pub employer: Option<String>,
    pub expertise: Option<Vec<String>>,
    pub max_load: Option<u32>,
}

/// What a list says.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Listed {
    pub lines: Vec<Line>,
    /// The lines that cannot be taken as they are.
    pub errors: Vec<RowError>,
}

/// Reads a CSV file or a workbook. `most_load` is the highest load the call allows.
pub fn read(name: &str, bytes: &[u8], most_load: u32) -> Result<Listed, ReadError> {
    let limits = Limits { rows: MOST_LINES + 1, ..Limits::default() };
    let sheet = table::read(name, bytes, &limits)?;
    sheet.expect_columns(&["email"], &COLUMNS.map(|(key, _)| key))?;
    let mut listed = Listed::default();
    for record in sheet.records() {
        match line(record, most_load) {
            Ok(line) => listed.lines.push(line),
            Err(errors) => listed.errors.extend(errors),
        }
    }
    Ok(listed)
}

fn line(record: Record<'_>, most_load: u32) -> Result<Line, Vec<RowError>> {
    let mut errors = Vec::new();
    let mut kept = |result: Result<Option<String>, RowError>| {
        result.unwrap_or_else(|error| {
            errors.push(error);
            None
        })
    };
    let email = kept(record.require("email").map(people::address).and_then(|address| {
        if people::has_shape(&address) {
            return Ok(Some(address));
        }
        Err(record.error("email", "This is no e-mail address. Write it in the shape name@example.org."))
    }));
    let name = kept(plain(record, "name"));
    let employer = kept(plain(record, "employer"));
    let expertise = record.get("expertise").map(subjects);
    if let Some(subjects) = &expertise {
        if subjects.len() > MOST_SUBJECTS {
            let message = format!("These are {} subjects. Keep at most {MOST_SUBJECTS}.", subjects.len());
            errors.push(record.error("expertise", message));
        }
        if subjects.iter().any(|one| one.chars().count() > LONGEST_SUBJECT || one.contains(char::is_control)) {
            let message =
                format!("Shorten each subject to at most {LONGEST_SUBJECT} characters, without hidden signs.");
            errors.push(record.error("expertise", message));
        }
    }
    let max_load = record.get("max_load").map(|typed| typed.parse::<u32>());
    if max_load.as_ref().is_some_and(|load| !load.as_ref().is_ok_and(|load| (1..=most_load).contains(load))) {
        errors.push(record.error("max_load", format!("Write a whole number between 1 and {most_load}.")));
    }
    match email {
        Some(email) if errors.is_empty() => {
            Ok(Line { line: record.line(), email, name, employer, expertise, max_load: max_load.and_then(Result::ok) })
        }
        _ => Err(errors),
    }
}

/// A cell of one line, spaces made single.
fn plain(record: Record<'_>, column: &str) -> Result<Option<String>, RowError> {
    let Some(text) = record.get(column) else {
        return Ok(None);
    };
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() > 200 {
        return Err(record.error(column, "Shorten this to at most 200 characters."));
    }
    if text.contains(char::is_control) {
        return Err(record.error(column, "Remove the hidden signs: type it again, or paste it as plain text."));
    }
    Ok(Some(text))
}

/// The empty table, to fill in.
pub fn template() -> Table {
    Table::with_columns("assessors", COLUMNS)
}

/// What each column of the template takes.
pub fn about() -> Table {
    let mut about = Table::with_columns("about", [("column", "The column"), ("what", "What belongs there")]);
    for (column, what) in COLUMNS {
        about.push([Cell::from(column), Cell::from(what)]);
    }
    about
}

#[cfg(test)]
mod tests {
    use hiec_files::table::workbook;
    use hiec_kernel::clock::from_london;
    use proptest::prelude::*;

    use super::*;

    fn csv(text: &str) -> Listed {
        read("pool.csv", text.as_bytes(), 6).unwrap()
    }

    #[test]
    fn a_line_is_read_and_what_is_empty_was_not_said() {
        let listed = csv(
            "email,name,employer,expertise,max_load\n Ada@Example.org ,Ada  Example,RXX,\"stroke; Workforce planning;stroke\",4\nb@example.org,,,,\n",
        );
        assert_eq!(listed.errors, []);
        let full = &listed.lines[0];
        assert_eq!((full.line, full.email.as_str(), full.name.as_deref()), (2, "ada@example.org", Some("Ada Example")));
        assert_eq!(full.expertise.as_deref().unwrap_or_default(), ["stroke", "Workforce planning"]);
        assert_eq!((full.employer.as_deref(), full.max_load), (Some("RXX"), Some(4)));
        let bare = &listed.lines[1];
        assert_eq!((&bare.name, &bare.employer, &bare.expertise, bare.max_load), (&None, &None, &None, None));
    }

    #[test]
    fn every_fault_is_named_where_it_stands() {
        let long = "x".repeat(101);
        let listed = csv(&format!(
            "email,expertise,max_load\nnobody,,\n,,\na@example.org,,7\nb@example.org,,two\nc@example.org,{long},0\n"
        ));
        let said: Vec<String> = listed.errors.iter().map(ToString::to_string).collect();
        assert_eq!(
            said,
            [
                "Line 2, email: This is no e-mail address. Write it in the shape name@example.org.",
                "Line 4, max_load: Write a whole number between 1 and 6.",
                "Line 5, max_load: Write a whole number between 1 and 6.",
                "Line 6, expertise: Shorten each subject to at most 100 characters, without hidden signs.",
                "Line 6, max_load: Write a whole number between 1 and 6.",
            ]
        );
        assert_eq!(listed.lines, []);
        let unknown = read("pool.csv", b"email,salary\n", 6).unwrap_err().to_string();
        assert!(unknown.contains("“salary”"), "{unknown}");
        assert!(read("pool.csv", b"name\nAda\n", 6).unwrap_err().to_string().contains("lacks email"));
    }

    #[test]
    fn the_template_is_a_list_of_nobody_in_both_formats() {
        let bytes = workbook(&[&template(), &about()], from_london("2009-06-15 10:00").unwrap()).unwrap();
        assert_eq!(read("template.xlsx", &bytes, 6).unwrap(), Listed::default());
        assert_eq!(read("template.csv", template().to_csv_for_excel().as_bytes(), 6).unwrap(), Listed::default());
    }

    proptest! {
        #[test]
        fn whatever_is_sent_is_read_or_refused_in_words(text in "(email,name,max_load\n)?[ -~\n\"\u{e9}\u{0}]{0,200}") {
            match read("pool.csv", text.as_bytes(), 6) {
                Ok(listed) => for error in listed.errors {
                    prop_assert!(error.line > 1 && !error.message.is_empty());
                },
                Err(error) => prop_assert!(!error.to_string().is_empty()),
            }
        }
    }
}
