//! Reads the lists' layouts: the 27 columns without a heading as the service publishes them, and tables with a heading; every fault is named by line and column.

use chrono::NaiveDate;

use super::{Hints, OdsKind, OdsOrganisation, region_guess, setting, title_case};
use crate::import::{Parsed, Placed};
use crate::table::{Limits, ReadError, Record, Row, RowError, Rows, Sheet, read_rows};

/// Columns of `etr.csv` and its sisters (ODS, "Data file specification"): code, name, NHS England region, care board, five address
/// lines, postcode, open and close date …, government office region.
const WIDTH: usize = 27;

const NEEDED: &[&str] = &["ods_code", "name"];
const KNOWN: &[&str] = &[
    "kind",
    "settings",
    "region",
    "town",
    "postcode",
    "open_date",
    "close_date",
    "nhs_region",
    "icb_stp",
    "icb_stp_name",
    "pcn_code",
    "pcn_name",
    "ccg_code",
    "ccg_name",
];

/// Reads a list, CSV or workbook. Without a heading it must have the 27 columns of the published files.
pub fn read(name: &str, bytes: &[u8], limits: &Limits) -> Result<Parsed<OdsOrganisation>, ReadError> {
    let rows = read_rows(name, bytes, limits)?;
    let first = rows.rows.first().ok_or(ReadError::Empty)?;
    let has_heading = first.cells.iter().any(|cell| cell.trim().eq_ignore_ascii_case("ods_code"));
    if has_heading {
        return with_heading(&rows.with_heading()?);
    }
    if first.cells.len() != WIDTH {
        let what = format!(
            "is missing. Give a heading with at least ods_code and name, or the {WIDTH} columns of the published lists; this file has {}.",
            first.cells.len()
        );
        return Err(ReadError::Heading { line: first.line, what });
    }
    Ok(without_heading(rows))
}

fn without_heading(rows: Rows) -> Parsed<OdsOrganisation> {
    gathered(rows.rows.iter().map(|row| (row.line, from_columns(row))))
}

fn with_heading(sheet: &Sheet) -> Result<Parsed<OdsOrganisation>, ReadError> {
    sheet.expect_columns(NEEDED, KNOWN)?;
    Ok(gathered(sheet.records().map(|record| (record.line(), from_record(&record)))))
}

fn gathered(outcomes: impl Iterator<Item = (u64, Result<OdsOrganisation, Vec<RowError>>)>) -> Parsed<OdsOrganisation> {
    let mut parsed = Parsed { rows: Vec::new(), errors: Vec::new() };
    for (line, outcome) in outcomes {
        match outcome {
            Ok(record) => parsed.rows.push(Placed { line, record }),
            Err(mut errors) => parsed.errors.append(&mut errors),
        }
    }
    parsed
}

fn from_columns(row: &Row) -> Result<OdsOrganisation, Vec<RowError>> {
    if row.cells.len() != WIDTH {
        let message = format!("There are {} columns here; the published lists have {WIDTH}.", row.cells.len());
        return Err(vec![RowError::new(row.line, None, message)]);
    }
    let cell =
        |place: usize| row.cells.get(place.saturating_sub(1)).map(|cell| cell.trim()).filter(|cell| !cell.is_empty());
    Given {
        line: row.line,
        code: cell(1),
        name: cell(2),
        // The fourth address line is the town; the fifth a county.
        town: cell(8),
        postcode: cell(10),
        opened: cell(11),
        closed: cell(12),
        hints: Hints { government_office: cell(24), nhs_region: cell(3), care_board: cell(4), postcode: None },
        stated: Stated::default(),
    }
    .checked()
}

fn from_record(record: &Record<'_>) -> Result<OdsOrganisation, Vec<RowError>> {
    Given {
        line: record.line(),
        code: record.get("ods_code"),
        name: record.get("name"),
        town: record.get("town"),
        postcode: record.get("postcode"),
        opened: record.get("open_date"),
        closed: record.get("close_date"),
        hints: Hints {
            government_office: None,
            nhs_region: record.get("nhs_region"),
            care_board: record.get("icb_stp"),
            postcode: None,
        },
        stated: Stated {
            kind: record.get("kind"),
            // An own list states its settings even where there are none.
            settings: record.has("settings").then(|| record.get("settings").unwrap_or_default()),
            region: record.has("region").then(|| record.get("region").unwrap_or_default()),
        },
    }
    .checked()
}

/// What our own list states and the published ones leave to guess.
#[derive(Default)]
struct Stated<'a> {
    kind: Option<&'a str>,
    settings: Option<&'a str>,
    region: Option<&'a str>,
}

/// A line's cells, found but not yet believed.
struct Given<'a> {
    line: u64,
    code: Option<&'a str>,
    name: Option<&'a str>,
    town: Option<&'a str>,
    postcode: Option<&'a str>,
    opened: Option<&'a str>,
    closed: Option<&'a str>,
    hints: Hints<'a>,
    stated: Stated<'a>,
}

impl Given<'_> {
    /// The record, or everything that is wrong with the line.
    fn checked(self) -> Result<OdsOrganisation, Vec<RowError>> {
        let mut found = Findings { line: self.line, errors: Vec::new() };
        let code = found.take("ods_code", code(self.code));
        let name = found.take("name", name(self.name));
        let postcode = found.take("postcode", postcode(self.postcode)).flatten();
        let opened = found.take("open_date", date(self.opened)).flatten();
        let closed = found.take("close_date", date(self.closed)).flatten();
        found.take("close_date", in_order(opened, closed));
        let kind = match self.stated.kind {
            Some(stated) => found.take("kind", kind(stated)),
            None => code.as_deref().map(OdsKind::from_code),
        };
        let region = match self.stated.region {
            Some(stated) => found.take("region", region(stated)).flatten(),
            None => {
                let hints = Hints { postcode: postcode.as_deref(), ..self.hints };
                region_guess(hints).map(str::to_owned)
            }
        };
        let settings = self.stated.settings.and_then(|stated| found.take("settings", setting::from_keys(stated)));
        match (code, name, kind) {
            (Some(ods_code), Some(name), Some(kind)) if found.errors.is_empty() => Ok(OdsOrganisation {
                settings: settings.unwrap_or_else(|| setting::guess(&ods_code, kind, &name)),
                town: self.town.map(title_case),
                ods_code,
                name,
                kind,
                region,
                postcode,
                opened,
                closed,
            }),
            _ => Err(found.errors),
        }
    }
}

/// What is wrong with one line, gathered so that a person mends it in one go.
struct Findings {
    line: u64,
    errors: Vec<RowError>,
}

impl Findings {
    fn take<T>(&mut self, column: &str, outcome: Result<T, String>) -> Option<T> {
        match outcome {
            Ok(value) => Some(value),
            Err(message) => {
                self.errors.push(RowError::new(self.line, Some(column), message));
                None
            }
        }
    }
}

fn code(given: Option<&str>) -> Result<String, String> {
    let code = given.ok_or("The ODS code is missing. Fill it in.")?.to_uppercase();
    let is_code = (3..=12).contains(&code.len()) && code.chars().all(|c| c.is_ascii_alphanumeric());
    is_code.then_some(code).ok_or_else(|| {
        format!(
            "“{}” is no ODS code. Codes have 3 to 12 letters and figures, such as R1H or D81047.",
            given.unwrap_or_default()
        )
    })
}

fn name(given: Option<&str>) -> Result<String, String> {
    let name = given.ok_or("The name is missing. Fill it in.")?;
    if name.chars().any(char::is_control) {
        return Err("The name has a line break or another character that cannot be shown. Type it again.".to_owned());
    }
    if name.chars().count() > 200 {
        return Err("The name is longer than 200 characters. Shorten it.".to_owned());
    }
    Ok(title_case(name))
}

/// `E1 2ES`; a missing space is put in.
fn postcode(given: Option<&str>) -> Result<Option<String>, String> {
    let Some(given) = given else { return Ok(None) };
    let letters: Vec<char> = given.to_uppercase().chars().filter(|c| !c.is_whitespace()).collect();
    let split = letters.len().saturating_sub(3);
    let (outward, inward) = letters.split_at(split);
    let is_inward = matches!(inward, [figure, first, second] if figure.is_ascii_digit() && first.is_ascii_uppercase() && second.is_ascii_uppercase());
    let is_outward = (2..=4).contains(&outward.len())
        && outward.first().is_some_and(char::is_ascii_uppercase)
        && outward.iter().any(char::is_ascii_digit)
        && outward.iter().all(char::is_ascii_alphanumeric);
    if is_inward && is_outward {
        let text = |letters: &[char]| letters.iter().collect::<String>();
        Ok(Some(format!("{} {}", text(outward), text(inward))))
    } else {
        Err(format!("“{given}” is no postcode. Write it like E1 2ES, or leave it empty."))
    }
}

/// `20120401` as the published lists write it, or `2012-04-01`.
fn date(given: Option<&str>) -> Result<Option<NaiveDate>, String> {
    let Some(given) = given else { return Ok(None) };
    let is_length = matches!(given.len(), 8 | 10);
    ["%Y%m%d", "%Y-%m-%d"]
        .iter()
        .find_map(|format| NaiveDate::parse_from_str(given, format).ok())
        .filter(|_| is_length)
        .map(Some)
        .ok_or_else(|| format!("“{given}” is no date. Write it as YYYYMMDD or YYYY-MM-DD."))
}

fn in_order(opened: Option<NaiveDate>, closed: Option<NaiveDate>) -> Result<(), String> {
    match (opened, closed) {
        (Some(opened), Some(closed)) if closed < opened => {
            Err(format!("It closes on {closed}, before it opens on {opened}. Correct one of the two."))
        }
        _ => Ok(()),
    }
}

fn kind(given: &str) -> Result<OdsKind, String> {
    OdsKind::ALL
        .into_iter()
        .find(|kind| kind.key() == given)
        .ok_or_else(|| format!("“{given}” is no kind. Use trust, gp_practice or other."))
}

/// Region codes belong to the installation; here only their shape is looked at.
fn region(given: &str) -> Result<Option<String>, String> {
    let is_code = given.len() <= 20 && given.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    match given {
        "" => Ok(None),
        code if is_code => Ok(Some(code.to_owned())),
        other => Err(format!("“{other}” is no region code. Use a code such as LON.")),
    }
}
