//! All files of a round's open data with an index that says licence, fields and fingerprints; it makes bytes and serves nothing.

use hiec_files::table::{Cell, Table, WorkbookError, workbook};
use hiec_kernel::{Fingerprint, clock};
use serde_json::{Value, json};

use super::grants::{grants, grants_to_csv};
use super::identifiers::escaped;
use super::ocds::ocds;
use super::round::PublicRound;
use super::tables::tables;
use super::three_sixty_giving::three_sixty_giving;
use super::{LICENCE, LICENCE_NAME};

/// One file to offer for download.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OpenDataFile {
    /// Below `/open-data/`: `awards.csv`.
    pub path: String,
    /// The `Content-Type` to serve it with.
    pub media_type: &'static str,
    /// One sentence for the page.
    pub about: String,
    pub content: Vec<u8>,
}

/// A file could not be made; for the log.
#[derive(Debug, thiserror::Error)]
pub enum OpenDataError {
    #[error(transparent)]
    Workbook(#[from] WorkbookError),
    #[error("JSON could not be written: {0}")]
    Json(#[from] serde_json::Error),
}

/// Every file; the index `datapackage.json` (a Frictionless Data Package) comes last and covers the others. The 360Giving files are
/// absent before the first award. The same round gives the same bytes.
pub fn bundle(round: &PublicRound) -> Result<Vec<OpenDataFile>, OpenDataError> {
    let mut files = Vec::new();
    let mut resources = Vec::new();
    if let Some(package) = three_sixty_giving(round) {
        let json = OpenDataFile {
            path: "360giving.json".into(),
            media_type: "application/json",
            about: "Awards in the 360Giving Data Standard 1.4.".into(),
            content: serde_json::to_vec_pretty(&package)?,
        };
        let csv = OpenDataFile {
            path: "360giving.csv".into(),
            media_type: "text/csv; charset=utf-8",
            about: "The same grants as the standard's spreadsheet.".into(),
            content: grants_to_csv(&grants(round)).into_bytes(),
        };
        resources.extend([resource(&json, None), resource(&csv, None)]);
        files.extend([json, csv]);
    }
    let releases = OpenDataFile {
        path: "ocds.json".into(),
        media_type: "application/json",
        about: "The round in the Open Contracting Data Standard 1.1, a release per event.".into(),
        content: serde_json::to_vec_pretty(&ocds(round))?,
    };
    resources.push(resource(&releases, None));
    files.push(releases);

    let tables = tables(round);
    for table in &tables {
        let file = OpenDataFile {
            path: format!("{}.csv", table.name()),
            media_type: "text/csv; charset=utf-8",
            about: format!("Table of {}.", table.name().replace('-', " ")),
            content: table.to_csv().into_bytes(),
        };
        resources.push(resource(&file, Some(table)));
        files.push(file);
    }
    let book = OpenDataFile {
        path: "round.xlsx".into(),
        media_type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        about: "Every table as a sheet of one workbook.".into(),
        content: workbook(&tables.iter().collect::<Vec<_>>(), round.modified)?,
    };
    resources.push(resource(&book, None));
    files.push(book);

    files.push(OpenDataFile {
        path: "datapackage.json".into(),
        media_type: "application/json",
        about: "Index: licence, meaning of every column, size and SHA-256 of every file.".into(),
        content: serde_json::to_vec_pretty(&index(round, &resources))?,
    });
    Ok(files)
}

fn index(round: &PublicRound, resources: &[Value]) -> Value {
    json!({
        "profile": "data-package",
        "name": escaped(&round.call.reference).to_lowercase(),
        "title": round.call.title,
        "description": "Everything public of this round. Values marked illustrative were made up for demonstration. In CSV a text that a spreadsheet would run as a formula has an apostrophe in front.",
        "homepage": round.publisher.address.below("open-data/"),
        "created": clock::iso(round.modified),
        "licenses": [{ "name": "OGL-UK-3.0", "title": LICENCE_NAME, "path": LICENCE }],
        "contributors": [{ "title": round.publisher.name, "role": "publisher" }],
        "resources": resources,
    })
}

fn resource(file: &OpenDataFile, table: Option<&Table>) -> Value {
    let (name, format) = file.path.rsplit_once('.').unwrap_or((&file.path, ""));
    let media_type = file.media_type.split(';').next().unwrap_or_default();
    let mut resource = json!({
        "name": format!("{name}-{format}"),
        "path": file.path,
        "description": file.about,
        "format": format,
        "mediatype": media_type,
        "bytes": file.content.len(),
        "hash": format!("sha256:{}", Fingerprint::of_bytes(&file.content)),
    });
    if let (Some(table), Some(fields)) = (table, resource.as_object_mut()) {
        fields.insert("profile".into(), json!("tabular-data-resource"));
        fields.insert("encoding".into(), json!("utf-8"));
        fields.insert("schema".into(), json!({ "fields": columns(table) }));
    }
    resource
}

fn columns(table: &Table) -> Vec<Value> {
    let described = table.columns().iter().enumerate().map(|(place, column)| {
        let kind = table.rows().iter().filter_map(|row| row.get(place)).find_map(kind).unwrap_or("string");
        // One column of statistics.csv holds counts, pounds and scores.
        let is_one_kind =
            table.rows().iter().filter_map(|row| row.get(place)).filter_map(self::kind).all(|other| other == kind);
        let kind = if is_one_kind { kind } else { "number" };
        json!({ "name": column.key, "description": column.about, "type": kind })
    });
    described.collect()
}

/// The type's name in Frictionless Table Schema.
fn kind(cell: &Cell) -> Option<&'static str> {
    match cell {
        Cell::Empty => None,
        Cell::Text(_) => Some("string"),
        Cell::Integer(_) => Some("integer"),
        Cell::Decimal { .. } | Cell::Money(_) => Some("number"),
        Cell::YesNo(_) => Some("boolean"),
        Cell::Day(_) => Some("date"),
        Cell::Moment(_) => Some("datetime"),
    }
}
