//! The awards as 360Giving grants, one typed record each, and their CSV; what CSV holds is what JSON holds, in both directions.

use hiec_files::table::{Cell, Limits, ReadError, Record, RowError, Table, read_csv};
use hiec_kernel::{Money, clock};
use serde_json::{Map, Value, json};

use super::identifiers::escaped;
use super::round::{PublicAward, PublicRound, with_note};

/// Pairs of a JSON path and the heading the standard gives it in spreadsheets, in the order of the file.
const COLUMNS: [(&str, &str); 27] = [
    ("id", "Identifier"),
    ("title", "Title"),
    ("description", "Description"),
    ("currency", "Currency"),
    ("amountAppliedFor", "Amount Applied For"),
    ("amountAwarded", "Amount Awarded"),
    ("awardDate", "Award Date"),
    ("plannedDates/0/startDate", "Planned Dates:Start Date"),
    ("plannedDates/0/endDate", "Planned Dates:End Date"),
    ("plannedDates/0/duration", "Planned Dates:Duration (months)"),
    ("recipientOrganization/0/id", "Recipient Org:Identifier"),
    ("recipientOrganization/0/name", "Recipient Org:Name"),
    ("recipientOrganization/0/postalCode", "Recipient Org:Postal Code"),
    ("fundingOrganization/0/id", "Funding Org:Identifier"),
    ("fundingOrganization/0/name", "Funding Org:Name"),
    ("grantProgramme/0/code", "Grant Programme:Code"),
    ("grantProgramme/0/title", "Grant Programme:Title"),
    ("beneficiaryLocation/0/name", "Beneficiary Location:Name"),
    ("beneficiaryLocation/0/countryCode", "Beneficiary Location:Country Code"),
    ("beneficiaryLocation/0/geoCode", "Beneficiary Location:Geographic Code"),
    ("beneficiaryLocation/0/geoCodeType", "Beneficiary Location:Geographic Code Type"),
    ("fromOpenCall", "From An Open Call?"),
    ("locationScope", "Location Scope"),
    ("classifications/0/vocabulary", "Classifications:Vocabulary"),
    ("classifications/0/code", "Classifications:Code"),
    ("dateModified", "Last Modified"),
    ("dataSource", "Data Source"),
];

/// Subnational region, in the standard's list of location scopes.
const REGIONAL: &str = "GLS040";

/// One grant: a text for each column, with nothing where the grant has none. A field is never there and empty.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Grant {
    fields: [Option<String>; COLUMNS.len()],
}

/// Why a CSV of grants was not read.
#[derive(Debug, thiserror::Error)]
pub enum GrantsCsvError {
    #[error(transparent)]
    Table(#[from] ReadError),
    #[error("{} of the lines are no grants. First: {}", .0.len(), .0.first().map(ToString::to_string).unwrap_or_default())]
    Rows(Vec<RowError>),
}

/// The round's awards as grants, in the round's order.
pub fn grants(round: &PublicRound) -> Vec<Grant> {
    round.awards.iter().map(|award| grant(round, award)).collect()
}

fn grant(round: &PublicRound, award: &PublicAward) -> Grant {
    let prefix = round.publisher.three_sixty_prefix.as_str();
    let region = round.region(&award.region);
    let geo_code = region.and_then(|region| region.geo_code.as_ref());
    let (starts, ends, months) = planned(award);
    let is_illustrative = award.illustrative.is_some();
    let subject = format!("{}: {}", round.programme, award.work_programme.join("; "));
    let fields = [
        Some(format!("{prefix}-{}-{}", escaped(&round.call.reference), escaped(&award.reference))),
        Some(award.title.clone()),
        Some(with_note(&subject, award.illustrative.as_deref())),
        Some("GBP".to_owned()),
        award.applied_for.map(Money::plain),
        Some(award.amount.plain()),
        Some(clock::london_date(award.announced).to_string()),
        starts,
        ends,
        months,
        Some(award.principal_partner.identifier.spelled(prefix)),
        Some(award.principal_partner.name.clone()),
        award.principal_partner.postcode.clone(),
        Some(round.funder.identifier.spelled(prefix)),
        Some(round.funder.name.clone()),
        Some(round.call.reference.clone()),
        Some(round.programme.clone()),
        region.map(|region| region.name.clone()),
        Some("GB".to_owned()),
        geo_code.map(|geo| geo.code.clone()),
        geo_code.map(|geo| geo.kind.clone()),
        Some("Yes".to_owned()),
        Some(REGIONAL.to_owned()),
        is_illustrative.then(|| "HIEC data status".to_owned()),
        is_illustrative.then(|| "illustrative".to_owned()),
        Some(clock::iso(round.modified)),
        Some(round.publisher.address.below("open-data/")),
    ];
    Grant { fields: fields.map(present) }
}

/// Start, end and whole months, where the dates are known and in order.
fn planned(award: &PublicAward) -> (Option<String>, Option<String>, Option<String>) {
    use chrono::{Datelike, Days};
    let (Some(starts), Some(ends)) = (award.starts, award.ends) else {
        return (award.starts.map(|day| day.to_string()), award.ends.map(|day| day.to_string()), None);
    };
    if ends < starts {
        return (None, None, None);
    }
    // The last day counts: 1 April 2010 to 31 March 2012 is 24 months.
    let after = ends.checked_add_days(Days::new(1)).unwrap_or(ends);
    let whole = |day: chrono::NaiveDate| i64::from(day.year()) * 12 + i64::from(day.month0());
    let months = whole(after) - whole(starts) - i64::from(after.day() < starts.day());
    (Some(starts.to_string()), Some(ends.to_string()), Some(months.to_string()))
}

/// CSV cannot tell an empty text from none, nor white space at an end from a slip, so neither is published. Neither is a character
/// that text files do not hold.
fn present(field: Option<String>) -> Option<String> {
    let kept: String = field?.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
    let trimmed = kept.trim();
    (!trimmed.is_empty()).then(|| trimmed.to_owned())
}

impl Grant {
    /// The grant as a JSON object. What the standard requires and the facts lack says so rather than being absent.
    pub fn to_json(&self) -> Value {
        let mut grant = Map::new();
        for ((path, _), field) in COLUMNS.iter().zip(&self.fields) {
            let value = match (field, *path) {
                (Some(text), "amountAppliedFor" | "amountAwarded" | "plannedDates/0/duration") => number(text),
                (Some(text), _) => json!(text),
                (None, "title" | "description" | "recipientOrganization/0/name" | "fundingOrganization/0/name") => {
                    json!("Not named")
                }
                (None, _) => continue,
            };
            match path.split_once("/0/") {
                None => {
                    grant.insert((*path).to_owned(), value);
                }
                Some((list, field)) => put_in_list(&mut grant, list, field, value),
            }
        }
        Value::Object(grant)
    }
}

fn put_in_list(grant: &mut Map<String, Value>, list: &str, field: &str, value: Value) {
    let items = grant.entry(list).or_insert_with(|| json!([{}]));
    if let Some(first) = items.get_mut(0).and_then(Value::as_object_mut) {
        first.insert(field.to_owned(), value);
    }
}

/// Whole pounds as an integer, pence as a decimal: both to the penny.
fn number(text: &str) -> Value {
    serde_json::from_str::<serde_json::Number>(text).map_or(Value::Null, Value::Number)
}

/// The grants as the standard's spreadsheet.
pub fn grants_to_csv(grants: &[Grant]) -> String {
    let columns = COLUMNS.iter().map(|(path, heading)| hiec_files::Column::new(*heading, *path)).collect();
    let mut table = Table::new("360giving", columns);
    for grant in grants {
        table.push(COLUMNS.iter().zip(&grant.fields).map(|((path, _), field)| {
            match (*path, field) {
                (_, None) => Cell::Empty,
                // An amount may begin with a minus, and is no text.
                ("amountAppliedFor" | "amountAwarded", Some(amount)) => {
                    Money::parse(amount).map_or(Cell::Empty, Cell::Money)
                }
                (_, Some(text)) => Cell::from(text.as_str()),
            }
        }));
    }
    table.to_csv()
}

/// The way back: the same grants, or the lines that are none.
pub fn grants_from_csv(csv: &str) -> Result<Vec<Grant>, GrantsCsvError> {
    let limits = Limits { cell_characters: 100_000, ..Limits::default() };
    let sheet = read_csv(csv.as_bytes(), &limits)?.with_heading()?;
    let headings = COLUMNS.map(|(_, heading)| heading);
    sheet.expect_columns(&["Identifier", "Amount Awarded"], &headings)?;
    let mut found = Vec::new();
    let mut errors = Vec::new();
    for record in sheet.records() {
        match from_record(&record) {
            Ok(grant) => found.push(grant),
            Err(error) => errors.push(error),
        }
    }
    if errors.is_empty() { Ok(found) } else { Err(GrantsCsvError::Rows(errors)) }
}

fn from_record(record: &Record<'_>) -> Result<Grant, RowError> {
    record.require("Identifier")?;
    for heading in ["Amount Awarded", "Amount Applied For"] {
        if let Some(amount) = record.get(heading) {
            Money::parse(amount).map_err(|error| record.error(heading, error.to_string()))?;
        }
    }
    record.require("Amount Awarded")?;
    let fields = COLUMNS.map(|(_, heading)| record.get(heading).map(str::to_owned));
    Ok(Grant { fields })
}
