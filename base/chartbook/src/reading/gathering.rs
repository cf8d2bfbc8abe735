//! From rows to series: each cell read once, each row that cannot be used reported, rows of one date added up where that
//! was asked for. It never chooses between two rows of one date.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;

use super::dates::date;
use super::guessing::{Columns, Measure, what_differs};
use super::numbers::{is_hidden, is_none, number};
use super::refusal::{Fault, Refusal};
use super::table::{Row, Table};
use crate::order::Order;

/// The rows of a table, sorted into series.
#[derive(Clone, Debug, Default)]
pub(crate) struct Gathered {
    /// In the order in which the table first names them.
    pub series: Vec<Rows>,
    pub faults: Vec<Fault>,
    pub tally: Tally,
}

/// What was met on the way, for people.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tally {
    /// Rows that are in some chart, as a point or a gap.
    pub used: usize,
    pub percent: usize,
    pub pounds: usize,
    pub plain: usize,
    /// Cells that say there is no value, and those that say it is suppressed.
    pub empty: usize,
    pub hidden: usize,
    pub nothing_to_divide_by: usize,
    pub more_than_all: usize,
    pub added: usize,
}

/// One series: its name, and what was measured when.
#[derive(Clone, Debug)]
pub(crate) struct Rows {
    pub key: Vec<String>,
    pub labels: Vec<String>,
    pub amounts: BTreeMap<NaiveDate, Amount>,
}

/// What was measured on one date.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Amount {
    /// Nothing for a gap.
    pub value: Option<f64>,
    pub numerator: Option<f64>,
    pub denominator: Option<f64>,
}

/// Sorts the rows.
///
/// # Errors
/// Several rows of one date in one series, where adding up was not asked for; no row that could be read.
pub(crate) fn gather(table: &Table, columns: &Columns, order: &Order) -> Result<Gathered, Refusal> {
    let mut gathered = Gathered { faults: table.faults.clone(), ..Gathered::default() };
    let mut places: HashMap<Vec<&str>, usize> = HashMap::new();
    let mut met: HashMap<(usize, NaiveDate), Vec<usize>> = HashMap::new();
    let mut parts: Vec<BTreeMap<NaiveDate, [Option<f64>; 2]>> = Vec::new();
    for (at, row) in table.rows.iter().enumerate() {
        let (day, part) = match read(table, columns, row, &mut gathered.tally) {
            Ok(read) => read,
            Err(fault) => {
                gathered.faults.push(fault);
                continue;
            }
        };
        let key: Vec<&str> = columns.by.iter().map(|column| row.cell(*column)).collect();
        let place = *places.entry(key).or_insert_with_key(|key| {
            gathered.series.push(Rows {
                key: key.iter().map(|part| (*part).to_owned()).collect(),
                labels: columns.labels.iter().map(|column| row.cell(*column).to_owned()).collect(),
                amounts: BTreeMap::new(),
            });
            parts.push(BTreeMap::new());
            parts.len() - 1
        });
        met.entry((place, day)).or_default().push(at);
        gathered.tally.used += 1;
        if let Some(days) = parts.get_mut(place) {
            days.entry(day).and_modify(|sum| *sum = added(*sum, part)).or_insert(part);
        }
    }
    let doubled: usize = met.values().filter(|rows| rows.len() > 1).map(Vec::len).sum();
    if doubled > 0 {
        if !order.is_sum {
            return Err(same_date(table, columns, &gathered.series, &met, doubled));
        }
        gathered.tally.added = doubled;
    }
    if gathered.series.is_empty() {
        return Err(gathered.faults.first().map_or(Refusal::Empty, |first| Refusal::NoRow(first.clone())));
    }
    let tally = &mut gathered.tally;
    for (rows, days) in gathered.series.iter_mut().zip(parts) {
        rows.amounts = days.into_iter().map(|(day, part)| (day, amount(part, columns.measure, order, tally))).collect();
    }
    Ok(gathered)
}

/// A row's date, and its value or numerator and denominator.
fn read(
    table: &Table,
    columns: &Columns,
    row: &Row,
    tally: &mut Tally,
) -> Result<(NaiveDate, [Option<f64>; 2]), Fault> {
    let fault = |column: usize, reason: String| Fault { line: row.line, column: table.columns[column].clone(), reason };
    let text = row.cell(columns.date);
    let day = match date(text) {
        Some(day) => day,
        None if text.is_empty() => return Err(fault(columns.date, "there is no date".to_owned())),
        None => {
            let wanted = "is not a date such as 31/01/2019 (day first), 2019-01-31 or Jan 2019";
            return Err(fault(columns.date, format!("“{}” {wanted}", shortened(text))));
        }
    };
    let mut cell = |column: usize| -> Result<Option<f64>, Fault> {
        let text = row.cell(column);
        if is_none(text) {
            match is_hidden(text) {
                true => tally.hidden += 1,
                false => tally.empty += 1,
            }
            return Ok(None);
        }
        let read = number(text, table.has_decimal_comma)
            .ok_or_else(|| fault(column, format!("“{}” is not a number", shortened(text))))?;
        match (read.is_percent, read.is_pounds) {
            (true, _) => tally.percent += 1,
            (_, true) => tally.pounds += 1,
            (false, false) => tally.plain += 1,
        }
        Ok(Some(read.value))
    };
    let part = match columns.measure {
        Measure::Value(value) => [cell(value)?, None],
        Measure::Quotient { numerator, denominator } => [cell(numerator)?, cell(denominator)?],
    };
    Ok((day, part))
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// A sum is only known where all its parts are.
fn added(one: [Option<f64>; 2], other: [Option<f64>; 2]) -> [Option<f64>; 2] {
    let sum = |at: usize| Some(one[at]? + other[at]?);
    [sum(0), sum(1)]
}

fn amount(part: [Option<f64>; 2], measure: Measure, order: &Order, tally: &mut Tally) -> Amount {
    let [first, second] = part;
    if let Measure::Value(_) = measure {
        return Amount { value: first, ..Amount::default() };
    }
    let value = match (first, second) {
        (Some(_), Some(0.0)) => {
            tally.nothing_to_divide_by += 1;
            None
        }
        (Some(numerator), Some(denominator)) => {
            let share = numerator / denominator;
            tally.more_than_all += usize::from(order.per.is_none() && share > 1.0);
            let share = if order.is_complement { 1.0 - share } else { share };
            Some(share * order.per.unwrap_or(100.0)).filter(|value| value.is_finite())
        }
        _ => None,
    };
    Amount { value, numerator: first, denominator: second }
}

fn same_date(
    table: &Table,
    columns: &Columns,
    series: &[Rows],
    met: &HashMap<(usize, NaiveDate), Vec<usize>>,
    doubled: usize,
) -> Refusal {
    let first = met.iter().filter(|(_, rows)| rows.len() > 1).min_by_key(|(_, rows)| rows.first().copied());
    let Some(((place, day), rows)) = first else { return Refusal::Empty };
    let line = |at: usize| rows.get(at).and_then(|row| table.rows.get(*row)).map_or(0, |row| row.line);
    let name = series.get(*place).map(|rows| rows.key.join(" · ")).filter(|name| !name.is_empty());
    let hint = match what_differs(table, columns, rows).as_slice() {
        [] => "Take out what is twice, or add them up with --sum.".to_owned(),
        names => format!(
            "They differ in {}: tell them apart with --by {}{}, or add them up with --sum.",
            names.join(", "),
            columns.by.iter().map(|at| format!("{} --by ", table.columns[*at])).collect::<String>(),
            names.join(" --by ")
        ),
    };
    Refusal::SameDate {
        rows: doubled,
        lines: (line(0), line(1)),
        series: name.map_or_else(|| day.to_string(), |name| format!("{name}, {day}")),
        hint,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading::choose;

    fn gathered(text: &str, order: &Order) -> Result<Gathered, String> {
        let table = Table::read(text.as_bytes()).unwrap();
        let columns = choose(&table, order).unwrap();
        gather(&table, &columns, order).map_err(|refusal| refusal.to_string())
    }

    fn quotient() -> Order {
        Order { numerator: Some("breaches".into()), denominator: Some("attendances".into()), ..Order::default() }
    }

    const TWO_TYPES: &str = "period,org,type,attendances,breaches\n2016-04-01,RQM,1,100,10\n2016-04-01,RQM,other,300,10\n\
         2016-05-01,RQM,1,0,0\n2016-05-01,RN5,other,10,*\n";

    #[test]
    fn the_complement_of_breaches_is_performance() {
        let order = Order { is_complement: true, is_sum: true, ..quotient() };
        let gathered = gathered(TWO_TYPES, &order).unwrap();
        let values: Vec<Vec<Option<f64>>> =
            gathered.series.iter().map(|rows| rows.amounts.values().map(|amount| amount.value).collect()).collect();
        // 20 breaches of 400 attendances; nothing attended; suppressed.
        assert_eq!(values, [vec![Some(95.0), None], vec![None]]);
        assert_eq!((gathered.tally.nothing_to_divide_by, gathered.tally.hidden, gathered.tally.added), (1, 1, 2));
        assert_eq!(gathered.tally.used, 4);
    }

    #[test]
    fn rows_of_one_date_are_a_question() {
        let order = Order { by: vec!["org".into()], ..quotient() };
        assert_eq!(
            gathered(TWO_TYPES, &order).unwrap_err(),
            "2 rows share one date in one series, for instance lines 2 and 3 (RQM, 2016-04-01). They differ in type: tell \
             them apart with --by org --by type, or add them up with --sum."
        );
    }

    #[test]
    fn bad_rows_are_reported_by_line_and_column() {
        let text = "date,value\n2019-01-01,1\n31/31/2019,2\n2019-03-01,two\n,4\n2019-05-01,NA\n2019-06-01,5\n2019-07-01,5\n\
                    2019-08-01,5\n2019-09-01,5\n2019-10-01,5\n2019-11-01,5\n2019-12-01,5\n2020-01-01,5\n2020-02-01,5\n2020-03-01,5\n2020-04-01,5\n";
        let gathered = gathered(text, &Order::default()).unwrap();
        let told: Vec<String> = gathered.faults.iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "line 3, column date: “31/31/2019” is not a date such as 31/01/2019 (day first), 2019-01-31 or Jan 2019",
                "line 4, column value: “two” is not a number",
                "line 5, column date: there is no date"
            ]
        );
        assert_eq!((gathered.tally.used, gathered.tally.empty), (13, 1));
    }
}
