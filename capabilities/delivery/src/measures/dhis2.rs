//! Figures in the forms of DHIS2's data value sets, in and out. A measure's parts are data elements called `KEY.numerator` and `KEY.denominator`, a count's is its key; sites go by their code.

use axum::extract::Query;
use axum::response::IntoResponse;
use bytes::Bytes;
use hiec_kernel::{Fingerprint, Problem};
use hiec_web::{Answer, Loaded, Reply};
use http::StatusCode;
use http::header::CONTENT_TYPE;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use super::access::{Measures, today};
use super::entering::{self, Coming, Plan};
use super::entry::number;
use super::files::{each, seen_by_site};
use super::incoming::{Halves, Names, Read, Taken};
use super::store;

/// A data value set as DHIS2 sends it; fields nobody here knows are passed over.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct DataValueSet {
    /// The period of values that name none.
    #[serde(skip_serializing_if = "Option::is_none")]
    period: Option<String>,
    /// The site of values that name none.
    #[serde(skip_serializing_if = "Option::is_none")]
    org_unit: Option<String>,
    data_values: Vec<DataValue>,
}

/// One value.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct DataValue {
    data_element: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    period: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    org_unit: Option<String>,
    /// As text; a number is taken too.
    #[schemars(with = "String")]
    value: serde_json::Value,
    #[serde(skip_serializing_if = "is_false")]
    deleted: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_false(holds: &bool) -> bool {
    !holds
}

/// Reads a data value set.
pub(crate) fn read_json(bytes: &[u8], names: Names) -> Result<Read, Problem> {
    let set: DataValueSet = serde_json::from_slice(bytes).map_err(|error| {
        Problem::invalid(
            format!("The JSON cannot be read at line {}, column {}", error.line(), error.column()),
            "Send an object with a list of dataValues.",
        )
    })?;
    let rows = set.data_values.iter().map(|one| {
        let value = match &one.value {
            serde_json::Value::String(text) => text.clone(),
            serde_json::Value::Null => String::new(),
            other => other.to_string(),
        };
        Row {
            data_element: one.data_element.as_str().into(),
            period: one.period.as_deref().or(set.period.as_deref()).unwrap_or_default().into(),
            org_unit: one.org_unit.as_deref().or(set.org_unit.as_deref()).unwrap_or_default().into(),
            value,
            is_deleted: one.deleted,
        }
    });
    Ok(joined(rows, names, false))
}

/// Reads DHIS2's table: columns by their place, the first line a heading.
fn read_csv(bytes: &[u8], names: Names, first_row_is_header: bool) -> Result<Read, Problem> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut lines = csv::ReaderBuilder::new().flexible(true).has_headers(first_row_is_header).from_reader(bytes);
    let mut rows = Vec::new();
    for record in lines.records() {
        let record = record.map_err(|error| {
            Problem::invalid(
                format!("Line {} cannot be read", error.position().map_or(1, csv::Position::line)),
                "Check quotation marks and that the file is in UTF-8, and send it again.",
            )
        })?;
        let cell = |place: usize| record.get(place).unwrap_or_default().trim().to_owned();
        rows.push(Row { data_element: cell(0), period: cell(1), org_unit: cell(2), value: cell(5), is_deleted: false });
    }
    Ok(joined(rows.into_iter(), names, first_row_is_header))
}

struct Row {
    data_element: String,
    period: String,
    org_unit: String,
    value: String,
    is_deleted: bool,
}

fn joined(rows: impl Iterator<Item = Row>, names: Names, has_header: bool) -> Read {
    let mut taken = Taken::default();
    let mut halves = Halves::default();
    for (line, row) in (1 + u32::from(has_header)..).zip(rows) {
        let (key, is_denominator) = match row.data_element.rsplit_once('.') {
            Some((key, "denominator")) => (key, true),
            Some((key, "numerator")) => (key, false),
            _ => (row.data_element.as_str(), false),
        };
        let Some((measure, found)) = names.measure(key) else {
            taken.fault(line, "dataElement", format!("There is no measure “{key}” in force here."));
            continue;
        };
        let Some(site) = names.site(&row.org_unit) else {
            taken.fault(line, "orgUnit", format!("“{}” is no site of this cluster.", row.org_unit));
            continue;
        };
        let kind = found.definition.period;
        let Some(period) = kind.read(&row.period) else {
            taken.fault(
                line,
                "period",
                format!("“{}” is no period of this measure, which is counted {}.", row.period, kind.how_often()),
            );
            continue;
        };
        let half = halves.of(measure, site, period, line);
        if row.is_deleted {
            half.is_removed = true;
            continue;
        }
        let Some(value) = number(&row.value) else {
            taken.fault(line, "value", format!("“{}” is no number.", row.value));
            continue;
        };
        let place = if is_denominator { &mut half.denominator } else { &mut half.numerator };
        if place.replace(value).is_some() {
            taken.fault(line, "value", "This value came twice. Send it once.");
        }
    }
    halves.join(&names, &mut taken);
    taken.read(names)
}

/// How an import is meant.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Options {
    dry_run: bool,
    /// `CREATE_AND_UPDATE` (the usual) or `DELETE`.
    import_strategy: Option<String>,
    /// Take values outside the limits of their series too.
    force: bool,
    first_row_is_header: Option<bool>,
    /// Why figures change.
    reason: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ImportAnswer {
    status: &'static str,
    description: String,
    import_count: ImportCount,
    conflicts: Vec<Conflict>,
    import_options: ImportOptions,
    #[serde(skip_serializing_if = "Option::is_none")]
    entry: Option<i64>,
}

#[derive(Serialize, Default)]
struct ImportCount {
    imported: usize,
    updated: usize,
    ignored: usize,
    deleted: usize,
}

/// Everything of one kind that stood against an import, with its rows.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Conflict {
    object: String,
    value: String,
    error_code: &'static str,
    /// Rows counted from 1.
    rows: Vec<u64>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ImportOptions {
    dry_run: bool,
    import_strategy: &'static str,
}

pub async fn import(
    measures: Loaded<Measures>,
    Query(options): Query<Options>,
    headers: http::HeaderMap,
    body: Bytes,
) -> Answer {
    let strategy = match options.import_strategy.as_deref() {
        None | Some("CREATE_AND_UPDATE") => "CREATE_AND_UPDATE",
        Some("DELETE") => "DELETE",
        Some(other) => {
            return Err(Problem::invalid(
                format!("The import strategy {other} is not known here"),
                "Use CREATE_AND_UPDATE or DELETE.",
            )
            .into());
        }
    };
    let names = Names::of(&measures.cluster, &measures.all);
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let is_csv = kind.starts_with("application/csv") || kind.starts_with("text/csv");
    let mut read = match is_csv {
        true => read_csv(&body, names, options.first_row_is_header.unwrap_or(true))?,
        false => read_json(&body, names)?,
    };
    if strategy == "DELETE" {
        for value in &mut read.batch.values {
            value.is_removed = true;
        }
    }
    let count = read.batch.values.len() + read.faults.len();
    let mut unit = measures.begin().await?;
    let entry = store::next_entry(&unit, measures.cluster.id).await?;
    let mut plan = entering::plan(&unit, std::mem::take(&mut read.batch), today(&measures)).await?;
    plan.faults.append(&mut read.faults);
    plan.faults.sort();
    let import_options = ImportOptions { dry_run: options.dry_run, import_strategy: strategy };
    let conflicts = conflicts(&plan, options.force);
    let is_refused = !plan.faults.is_empty() || (!plan.jumps.is_empty() && !options.force);
    if is_refused || options.dry_run {
        drop(unit);
        let import_count = match is_refused {
            true => ImportCount { ignored: count, ..ImportCount::default() },
            false => counted(&plan),
        };
        let (status, description) = match is_refused {
            true => ("ERROR", "Nothing was imported: every conflict has to be mended first."),
            false => ("SUCCESS", "A dry run: nothing was changed."),
        };
        let answer = ImportAnswer {
            status,
            description: description.into(),
            import_count,
            conflicts,
            import_options,
            entry: None,
        };
        return answered(if is_refused { StatusCode::CONFLICT } else { StatusCode::OK }, &answer);
    }
    let reason = if options.reason.trim().is_empty() {
        "Sent anew by a program".to_owned()
    } else {
        options.reason.trim().chars().take(2_000).collect()
    };
    let coming = Coming {
        kind: "program",
        source: "Data value set".into(),
        sha256: Some(Fingerprint::of_bytes(&body).to_string()),
        reason,
        is_confirmed: options.force,
    };
    let import_count = counted(&plan);
    let entered = entering::carry_out(&mut unit, measures.cluster.id, entry, plan, coming).await?;
    unit.commit().await?;
    let answer = ImportAnswer {
        status: if conflicts.is_empty() { "SUCCESS" } else { "WARNING" },
        description: "Import process completed".into(),
        import_count,
        conflicts,
        import_options,
        entry: Some(entered.entry),
    };
    answered(StatusCode::OK, &answer)
}

fn counted(plan: &Plan) -> ImportCount {
    ImportCount { imported: plan.added, updated: plan.changed, ignored: plan.unchanged, deleted: plan.removed }
}

/// Conflicts of one kind together, each with its rows.
fn conflicts(plan: &Plan, is_forced: bool) -> Vec<Conflict> {
    let mut together: BTreeMap<(String, String, &'static str), Vec<u64>> = BTreeMap::new();
    for fault in &plan.faults {
        let object = fault.column.clone().unwrap_or_else(|| "row".into());
        let code = match object.as_str() {
            "dataElement" | "measure" => "E7610",
            "orgUnit" | "site" => "E7612",
            "period" => "E7611",
            "row" => "E7650",
            _ => "E7619",
        };
        together.entry((object, fault.message.clone(), code)).or_default().push(fault.line);
    }
    let code = if is_forced { "CONFIRMED" } else { "UNUSUAL" };
    for jump in &plan.jumps {
        together.entry(("value".into(), jump.words.clone(), code)).or_default().push(u64::from(jump.line));
    }
    together
        .into_iter()
        .map(|((object, value, error_code), rows)| Conflict { object, value, error_code, rows })
        .collect()
}

fn answered(status: StatusCode, answer: &ImportAnswer) -> Answer {
    let bytes = serde_json::to_vec_pretty(answer).map_err(Problem::internal)?;
    Ok((status, [(CONTENT_TYPE, "application/json")], bytes).into_response().into())
}

/// All figures the viewer may see, as a data value set.
pub async fn export(measures: Loaded<Measures>) -> Answer {
    let mut set = DataValueSet::default();
    for at in each(&measures) {
        let kind = at.definition().period;
        for (seat, figures) in seen_by_site(&measures.database(), &at).await? {
            let partner = at.cluster.partner(seat.site).filter(|_| seat.sight.shows_name());
            let site = partner.map_or_else(
                || seat.called.clone(),
                |partner| partner.organisation.ods_code.clone().unwrap_or_else(|| partner.organisation.id.to_string()),
            );
            let mut push = |element: String, period: &str, value: f64| {
                set.data_values.push(DataValue {
                    data_element: element,
                    period: Some(period.to_owned()),
                    org_unit: Some(site.clone()),
                    value: value.to_string().into(),
                    deleted: false,
                });
            };
            for (period, figure) in figures {
                let Some((numerator, denominator)) = figure else { continue };
                let period = kind.dhis2(period);
                let key = &at.measure.key;
                match denominator {
                    None => push(key.clone(), &period, numerator),
                    Some(denominator) => {
                        push(format!("{key}.numerator"), &period, numerator);
                        push(format!("{key}.denominator"), &period, denominator);
                    }
                }
            }
        }
    }
    Ok(Reply::json(&set)?)
}
