//! Files of figures: CSV, workbooks and DHIS2's forms, read into one shape with every line that cannot be taken told. It stores nothing.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use hiec_contracts::ClusterSeen;
use hiec_files::table::{Limits, RowError, read};
use hiec_kernel::{OrganisationId, Problem};

use super::entering::{Batch, Incoming};
use super::entry::number;
use super::store::Measure;

/// The largest file of figures taken.
pub const LARGEST: usize = 96 * 1024 * 1024;

/// More faults than this are not told line by line.
pub(crate) const MOST_FAULTS: usize = 1_000;

/// What a file held.
#[derive(Debug, Default)]
pub(crate) struct Read {
    pub batch: Batch,
    /// At most [`MOST_FAULTS`].
    pub faults: Vec<RowError>,
}

/// How measures and sites are named in files.
pub(crate) struct Names {
    measures: Vec<Measure>,
    measure_by_key: HashMap<String, u32>,
    sites: Vec<OrganisationId>,
    site_by_name: HashMap<String, u32>,
}

impl Names {
    /// The measures in force and the partners of a cluster; sites go by code of the NHS register, name, or our id.
    pub(crate) fn of(cluster: &ClusterSeen, measures: &[Measure]) -> Self {
        let measures: Vec<Measure> = measures.iter().filter(|measure| measure.is_in_force()).cloned().collect();
        let measure_by_key = (0_u32..).zip(&measures).map(|(place, measure)| (measure.key.clone(), place)).collect();
        let mut site_by_name = HashMap::new();
        let mut sites = Vec::with_capacity(cluster.partners.len());
        for (place, partner) in (0_u32..).zip(&cluster.partners) {
            let organisation = &partner.organisation;
            site_by_name.insert(organisation.id.to_string(), place);
            site_by_name.insert(organisation.name.to_lowercase(), place);
            if let Some(code) = &organisation.ods_code {
                site_by_name.insert(code.to_lowercase(), place);
            }
            sites.push(organisation.id);
        }
        Self { measures, measure_by_key, sites, site_by_name }
    }

    pub(crate) fn measure(&self, key: &str) -> Option<(u32, &Measure)> {
        let place = self.measure_by_key.get(key).or_else(|| self.measure_by_key.get(&key.to_lowercase()))?;
        Some((*place, self.measures.get(usize::try_from(*place).ok()?)?))
    }

    pub(crate) fn site(&self, name: &str) -> Option<u32> {
        self.site_by_name.get(name).or_else(|| self.site_by_name.get(&name.to_lowercase())).copied()
    }

    pub(crate) fn batch(self, values: Vec<Incoming>) -> Batch {
        Batch { measures: self.measures, sites: self.sites, values }
    }
}

/// The columns of a file; measure, site, period and numerator must be there.
const COLUMNS: [&str; 5] = ["measure", "site", "period", "numerator", "denominator"];

/// Reads a file of figures.
///
/// # Errors
/// In words, where the file as a whole cannot be read.
pub(crate) fn read_file(name: &str, bytes: &[u8], names: Names) -> Result<Read, Problem> {
    if bytes.len() > LARGEST {
        return Err(Problem::new(
            hiec_kernel::ProblemKind::TooLarge,
            "The file is larger than 96 megabytes",
            "Divide it into several files, and send one after the other.",
        ));
    }
    let is_json = bytes.trim_ascii_start().starts_with(b"{");
    match (bytes.starts_with(b"PK"), is_json) {
        (true, _) => read_workbook(name, bytes, names),
        (false, true) => super::dhis2::read_json(bytes, names),
        (false, false) => read_csv(bytes, names),
    }
}

fn read_workbook(name: &str, bytes: &[u8], names: Names) -> Result<Read, Problem> {
    let sheet = read(name, bytes, &Limits { bytes: LARGEST, ..Limits::default() })?;
    let mut taken = Taken::default();
    let places = places(sheet.header().iter().map(String::as_str))?;
    for row in sheet.rows() {
        let cell = |place: Option<usize>| place.and_then(|place| row.cells.get(place)).map_or("", |cell| cell.trim());
        taken.take(&names, u32::try_from(row.line).unwrap_or(u32::MAX), places.map(cell));
    }
    Ok(taken.read(names))
}

/// Reads line by line: a file may have a million.
fn read_csv(bytes: &[u8], names: Names) -> Result<Read, Problem> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let first = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let count = |sign: u8| first.iter().filter(|byte| **byte == sign).count();
    let delimiter = [b',', b';', b'\t'].into_iter().max_by_key(|sign| (count(*sign), *sign == b',')).unwrap_or(b',');
    let mut lines = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).has_headers(false).from_reader(bytes);
    let mut record = csv::ByteRecord::new();
    let mut taken = Taken::default();
    let mut header: Option<[Option<usize>; 5]> = None;
    loop {
        match lines.read_byte_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => {
                let line = error.position().map_or(1, csv::Position::line);
                return Err(Problem::invalid(
                    format!("Line {line} cannot be read"),
                    "Check that every quotation mark is closed, and send the file again.",
                ));
            }
        }
        let line = u32::try_from(record.position().map_or(1, csv::Position::line)).unwrap_or(u32::MAX);
        let text = |place: usize| record.get(place).and_then(|cell| std::str::from_utf8(cell).ok()).map(str::trim);
        if record.iter().any(|cell| std::str::from_utf8(cell).is_err()) {
            return Err(Problem::invalid(
                format!("Line {line} is not in UTF-8"),
                "Save the table as CSV UTF-8 or as a workbook, and send it again.",
            ));
        }
        match &header {
            None => header = Some(places((0..record.len()).map(|place| text(place).unwrap_or_default()))?),
            Some(places) => {
                let cells = places.map(|place| place.and_then(text).unwrap_or_default());
                if record.iter().all(<[u8]>::is_empty) {
                    continue;
                }
                taken.take(&names, line, cells);
            }
        }
    }
    if header.is_none() {
        return Err(Problem::invalid("The file is empty", "Send a table with a heading and at least one line."));
    }
    Ok(taken.read(names))
}

/// Where each column stands.
fn places<'a>(header: impl Iterator<Item = &'a str>) -> Result<[Option<usize>; 5], Problem> {
    let header: Vec<String> = header.map(|name| name.trim().to_lowercase()).collect();
    let places = COLUMNS.map(|column| header.iter().position(|name| name == column));
    let missing: Vec<&str> = COLUMNS
        .iter()
        .zip(&places)
        .filter(|(column, place)| place.is_none() && **column != "denominator")
        .map(|(column, _)| *column)
        .collect();
    if missing.is_empty() {
        return Ok(places);
    }
    Err(Problem::invalid(
        format!("The heading lacks {}", missing.join(", ")),
        format!("The first line names the columns: {}. Here it is: {}.", COLUMNS.join(", "), header.join(", ")),
    ))
}

/// Lines taken so far.
#[derive(Default)]
pub(crate) struct Taken {
    values: Vec<Incoming>,
    faults: Vec<RowError>,
}

impl Taken {
    pub(crate) fn fault(&mut self, line: u32, column: &str, words: impl Into<String>) {
        if self.faults.len() < MOST_FAULTS {
            self.faults.push(RowError::new(u64::from(line), Some(column), words));
        }
    }

    pub(crate) fn push(&mut self, value: Incoming) {
        self.values.push(value);
    }

    fn take(&mut self, names: &Names, line: u32, cells: [&str; 5]) {
        let [measure, site, period, numerator, denominator] = cells;
        let Some((measure_place, found)) = names.measure(measure) else {
            return self.fault(
                line,
                "measure",
                format!("There is no measure “{measure}” in force here. Use its short name."),
            );
        };
        let Some(site) = names.site(site) else {
            return self.fault(
                line,
                "site",
                format!("“{site}” is no site of this cluster. Use its code in the NHS register, or its whole name."),
            );
        };
        let kind = found.definition.period;
        let Some(period) = kind.read(period) else {
            return self.fault(
                line,
                "period",
                format!("“{period}” is no period of this measure. Write it such as {}.", kind.example()),
            );
        };
        // A figure hidden as a small number comes back empty from our own files: it says nothing.
        if numerator.is_empty() && denominator.is_empty() {
            return self.fault(line, "numerator", "This is empty. Fill it in, or leave the line out.");
        }
        let Some(numerator) = figure(numerator) else {
            return self.fault(line, "numerator", format!("“{numerator}” is no number."));
        };
        let denominator = match denominator {
            "" => None,
            typed => match figure(typed) {
                Some(figure) => Some(figure),
                None => return self.fault(line, "denominator", format!("“{typed}” is no number.")),
            },
        };
        self.values.push(Incoming {
            measure: measure_place,
            site,
            period,
            numerator,
            denominator,
            is_removed: false,
            line,
        });
    }

    pub(crate) fn read(self, names: Names) -> Read {
        Read { batch: names.batch(self.values), faults: self.faults }
    }
}

/// A number, quickly where it is plain.
fn figure(typed: &str) -> Option<f64> {
    match typed.parse::<f64>() {
        Ok(number) if number.is_finite() && typed.bytes().any(|byte| byte.is_ascii_digit()) => Some(number),
        _ => number(typed),
    }
}

/// Values by measure, site and period: DHIS2 sends numerator and denominator apart.
#[derive(Default)]
pub(crate) struct Halves(BTreeMap<(u32, u32, NaiveDate), Half>);

/// What has come of one figure.
#[derive(Clone, Copy, Default)]
pub(crate) struct Half {
    pub numerator: Option<f64>,
    pub denominator: Option<f64>,
    pub is_removed: bool,
    /// The row of its first part.
    pub line: u32,
}

impl Halves {
    pub(crate) fn of(&mut self, measure: u32, site: u32, period: NaiveDate, line: u32) -> &mut Half {
        self.0.entry((measure, site, period)).or_insert(Half { line, ..Half::default() })
    }

    /// Puts the halves together; what lacks one is a fault.
    pub(crate) fn join(self, names: &Names, taken: &mut Taken) {
        for ((measure, site, period), half) in self.0 {
            let has_denominator = usize::try_from(measure)
                .ok()
                .and_then(|place| names.measures.get(place))
                .is_some_and(|measure| measure.definition.has_denominator());
            let numerator = match (half.is_removed, half.numerator) {
                (true, _) => 0.0,
                (false, Some(numerator)) => numerator,
                (false, None) => {
                    taken.fault(half.line, "value", "The denominator came without its numerator. Send both together.");
                    continue;
                }
            };
            if has_denominator && half.denominator.is_none() && !half.is_removed {
                taken.fault(half.line, "value", "The numerator came without its denominator. Send both together.");
                continue;
            }
            taken.push(Incoming {
                measure,
                site,
                period,
                numerator,
                denominator: half.denominator,
                is_removed: half.is_removed,
                line: half.line,
            });
        }
    }
}
