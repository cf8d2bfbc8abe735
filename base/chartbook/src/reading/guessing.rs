//! Which column is what, where nobody said: by what its cells hold, and then by its name. Two that could be it are a
//! question for the person, never a toss.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use super::dates::date;
use super::numbers::{is_none, number};
use super::refusal::Refusal;
use super::table::Table;
use crate::order::Order;

/// The columns to draw by, as places in the table.
#[derive(Clone, Debug)]
pub(crate) struct Columns {
    /// Taken together they name a series.
    pub by: Vec<usize>,
    /// Columns that always say the same for the same series, such as an organisation's name beside its code.
    pub labels: Vec<usize>,
    pub date: usize,
    pub measure: Measure,
    /// What was guessed, as a person would say it.
    pub guesses: Vec<String>,
}

/// Where the values come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Measure {
    Value(usize),
    Quotient { numerator: usize, denominator: usize },
}

/// What a column's cells hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Holds {
    Dates,
    Numbers,
    /// Digits that could be either: 2019, 201904.
    DatesOrNumbers,
    Words,
    Nothing,
}

/// Names that columns of dates, values and row numbers usually have.
const DATES: [&str; 10] = ["date", "period", "month", "week", "quarter", "year", "day", "time", "reporting", "when"];
const VALUES: [&str; 10] =
    ["value", "measure value", "rate", "percentage", "percent", "performance", "result", "score", "y", "observation"];
const NUMBERS_OF_ROWS: [&str; 9] = ["row", "id", "index", "idx", "idx0", "line", "no", "number", "sequence"];

/// Finds the columns: those that were named, and the others by guessing.
///
/// # Errors
/// A name no column has; no column that fits; more than one that fits equally well.
pub(crate) fn choose(table: &Table, order: &Order) -> Result<Columns, Refusal> {
    let holds: Vec<Holds> = (0..table.columns.len()).map(|at| what_it_holds(table, at)).collect();
    let named: HashSet<usize> = order.named().map(|name| table.place(name)).collect::<Result<_, _>>()?;
    let mut guesses = Vec::new();
    let date = match &order.date {
        Some(name) => table.place(name)?,
        None => {
            let at = guess_date(table, &holds, &named)?;
            guesses.push(format!("dates from the column “{}” (--date)", table.columns[at]));
            at
        }
    };
    let measure = choose_measure(table, order, &holds, &named, date, &mut guesses)?;
    let taken: HashSet<usize> = match measure {
        Measure::Value(value) => [date, value].into(),
        Measure::Quotient { numerator, denominator } => [date, numerator, denominator].into(),
    };
    let words: Vec<usize> = (0..holds.len())
        .filter(|at| !taken.contains(at) && (holds[*at] == Holds::Words || is_code(table, *at, &holds)))
        .collect();
    let by = match order.by.is_empty() {
        false => order.by.iter().map(|name| table.place(name)).collect::<Result<Vec<_>, _>>()?,
        true => guess_by(table, &words, date, order.is_sum, &mut guesses),
    };
    let labels = labels(table, &words, &by);
    Ok(Columns { by, labels, date, measure, guesses })
}

/// Cells looked at to find out what a column holds.
const SAMPLE: usize = 5_000;

fn what_it_holds(table: &Table, column: usize) -> Holds {
    let (mut dates, mut numbers, mut digits, mut filled) = (0_usize, 0_usize, 0_usize, 0_usize);
    for cell in table.cells(column).take(SAMPLE).filter(|cell| !is_none(cell)) {
        filled += 1;
        dates += usize::from(date(cell).is_some());
        numbers += usize::from(number(cell, table.has_decimal_comma).is_some());
        digits += usize::from(cell.bytes().all(|byte| byte.is_ascii_digit()));
    }
    // A few bad cells do not make a column another kind of column; they are reported row by row.
    let mostly = |count: usize| filled > 0 && count * 10 >= filled * 8;
    match (mostly(dates), mostly(numbers)) {
        _ if filled == 0 => Holds::Nothing,
        (true, true) if mostly(digits) => Holds::DatesOrNumbers,
        (true, false) => Holds::Dates,
        (_, true) => Holds::Numbers,
        (false, false) => Holds::Words,
    }
}

fn lower(table: &Table, column: usize) -> String {
    table.columns[column].to_lowercase().replace('_', " ")
}

fn guess_date(table: &Table, holds: &[Holds], named: &HashSet<usize>) -> Result<usize, Refusal> {
    let is_hinted = |at: &usize| {
        let name = lower(table, *at);
        DATES.iter().any(|hint| name.split(|letter: char| !letter.is_alphanumeric()).any(|word| word == *hint))
    };
    let fits = |at: &usize| match holds[*at] {
        Holds::Dates => true,
        Holds::DatesOrNumbers => is_hinted(at),
        Holds::Numbers | Holds::Words | Holds::Nothing => false,
    };
    let candidates: Vec<usize> = (0..holds.len()).filter(|at| !named.contains(at)).filter(fits).collect();
    let hinted: Vec<usize> = candidates.iter().copied().filter(is_hinted).collect();
    let exact: Vec<usize> = hinted.iter().copied().filter(|at| lower(table, *at) == "date").collect();
    for best in [&candidates, &hinted, &exact] {
        if let [one] = best.as_slice() {
            return Ok(*one);
        }
    }
    match candidates.is_empty() {
        true => Err(Refusal::NoDate { found: table.columns.clone() }),
        false => Err(ambiguous(table, "the date", &candidates, "--date COLUMN")),
    }
}

fn choose_measure(
    table: &Table,
    order: &Order,
    holds: &[Holds],
    named: &HashSet<usize>,
    date: usize,
    guesses: &mut Vec<String>,
) -> Result<Measure, Refusal> {
    let quotient = |numerator: &str, denominator: &str| {
        Ok(Measure::Quotient { numerator: table.place(numerator)?, denominator: table.place(denominator)? })
    };
    match (&order.value, &order.numerator, &order.denominator) {
        (Some(_), Some(_), _) | (Some(_), _, Some(_)) => Err(Refusal::ValueTwice),
        (None, Some(numerator), Some(denominator)) => quotient(numerator, denominator),
        (None, Some(_), None) => Err(Refusal::Half("--denominator")),
        (None, None, Some(_)) => Err(Refusal::Half("--numerator")),
        (_, None, None) if order.value.is_some() && (order.is_complement || order.per.is_some()) => {
            Err(Refusal::NothingToDivide)
        }
        (Some(name), None, None) => Ok(Measure::Value(table.place(name)?)),
        (None, None, None) => {
            if table.place("numerator").is_ok() && table.place("denominator").is_ok() {
                guesses.push("“numerator” over “denominator” (--numerator, --denominator)".to_owned());
                return quotient("numerator", "denominator");
            }
            if order.is_complement || order.per.is_some() {
                return Err(Refusal::NothingToDivide);
            }
            let at = guess_value(table, holds, named, date)?;
            guesses.push(format!("values from the column “{}” (--value)", table.columns[at]));
            Ok(Measure::Value(at))
        }
    }
}

fn guess_value(table: &Table, holds: &[Holds], named: &HashSet<usize>, date: usize) -> Result<usize, Refusal> {
    let is_number = |at: &usize| matches!(holds[*at], Holds::Numbers | Holds::DatesOrNumbers);
    let counts_rows = |at: &usize| NUMBERS_OF_ROWS.contains(&lower(table, *at).as_str());
    let numbers: Vec<usize> =
        (0..holds.len()).filter(|at| *at != date && !named.contains(at)).filter(is_number).collect();
    let candidates: Vec<usize> = numbers.iter().copied().filter(|at| !counts_rows(at)).collect();
    let hinted: Vec<usize> =
        candidates.iter().copied().filter(|at| VALUES.contains(&lower(table, *at).as_str())).collect();
    for best in [&candidates, &hinted] {
        if let [one] = best.as_slice() {
            return Ok(*one);
        }
    }
    let flag = "--value COLUMN, or --numerator COLUMN --denominator COLUMN";
    match candidates.is_empty() {
        true => Err(Refusal::NoValue { found: table.columns.clone() }),
        false => Err(ambiguous(table, "the value", &candidates, flag)),
    }
}

fn ambiguous(table: &Table, what: &'static str, candidates: &[usize], flag: &str) -> Refusal {
    let candidates = candidates.iter().map(|at| table.columns[*at].clone()).collect();
    Refusal::Ambiguous { what, candidates, flag: flag.to_owned() }
}

/// Whether a column of numbers is one of codes, by its name and how few there are.
fn is_code(table: &Table, column: usize, holds: &[Holds]) -> bool {
    const CODES: [&str; 9] = ["code", "type", "site", "ward", "org", "trust", "practice", "series", "measure"];
    let is_number = matches!(holds[column], Holds::Numbers | Holds::DatesOrNumbers);
    let name = lower(table, column);
    is_number && CODES.iter().any(|hint| name.split(' ').any(|word| word == *hint))
}

/// The fewest columns of words that tell apart the rows of one date: one where one will do, else all that vary.
fn guess_by(table: &Table, words: &[usize], date: usize, is_sum: bool, guesses: &mut Vec<String>) -> Vec<usize> {
    let rows = table.rows.len();
    let mut varying: Vec<(usize, usize)> = words
        .iter()
        .map(|at| (table.cells(*at).collect::<HashSet<_>>().len(), *at))
        // A column that is different on nearly every row holds remarks, not names.
        .filter(|(different, _)| *different > 1 && (rows < 20 || different * 2 <= rows))
        .collect();
    varying.sort_unstable();
    let all: Vec<usize> = words.iter().copied().filter(|at| varying.iter().any(|(_, known)| known == at)).collect();
    let tells = |by: &[usize]| is_unique(table, by, date);
    let most_names = || varying.iter().max_by_key(|(different, at)| (*different, Reverse(*at))).map(|(_, at)| *at);
    let by = if tells(&[]) {
        Vec::new()
    } else if is_sum {
        // Whoever adds up wants few series: by the column with most names, the leftmost of several.
        most_names().into_iter().collect()
    } else if let Some((_, one)) = varying.iter().find(|(_, at)| tells(&[*at])) {
        vec![*one]
    } else {
        all
    };
    let names: Vec<String> = by.iter().map(|at| format!("“{}”", table.columns[*at])).collect();
    guesses.push(match names.as_slice() {
        [] => "all rows are one series (--by)".to_owned(),
        names => format!("one series for each {} (--by)", names.join(" and ")),
    });
    by
}

/// Whether no two rows share these cells and the date.
fn is_unique(table: &Table, by: &[usize], date: usize) -> bool {
    let mut seen = HashSet::with_capacity(table.rows.len());
    table.rows.iter().all(|row| {
        let key: Vec<&str> = by.iter().chain([&date]).map(|at| row.cell(*at)).collect();
        seen.insert(key)
    })
}

/// Columns of words that say the same on all rows of a series, and not the same for all series.
fn labels(table: &Table, words: &[usize], by: &[usize]) -> Vec<usize> {
    if by.is_empty() {
        return Vec::new();
    }
    let says_the_same = |at: &usize| {
        let mut said: HashMap<Vec<&str>, &str> = HashMap::new();
        let mut all = HashSet::new();
        let is_steady = table.rows.iter().all(|row| {
            all.insert(row.cell(*at));
            let key = by.iter().map(|column| row.cell(*column)).collect();
            *said.entry(key).or_insert_with(|| row.cell(*at)) == row.cell(*at)
        });
        is_steady && all.len() > 1
    };
    words.iter().copied().filter(|at| !by.contains(at)).filter(says_the_same).collect()
}

/// Which columns would tell apart rows that share series and date, for a hint.
pub(crate) fn what_differs(table: &Table, columns: &Columns, rows: &[usize]) -> Vec<String> {
    let taken = match columns.measure {
        Measure::Value(value) => vec![value],
        Measure::Quotient { numerator, denominator } => vec![numerator, denominator],
    };
    (0..table.columns.len())
        .filter(|at| !taken.contains(at) && !columns.by.contains(at) && *at != columns.date)
        .filter(|at| what_it_holds(table, *at) == Holds::Words)
        .filter(|at| {
            rows.iter().filter_map(|row| table.rows.get(*row)).map(|row| row.cell(*at)).collect::<HashSet<_>>().len()
                > 1
        })
        .map(|at| table.columns[at].clone())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(text: &str, order: &Order) -> Result<(Vec<String>, String, Measure), String> {
        let table = Table::read(text.as_bytes()).unwrap();
        let columns = choose(&table, order).map_err(|refusal| refusal.to_string())?;
        let by = columns.by.iter().map(|at| table.columns[*at].clone()).collect();
        Ok((by, table.columns[columns.date].clone(), columns.measure))
    }

    const ATTENDANCES: &str = "period,org_code,type,attendances,breaches,admissions\n\
        2016-04-01,RQM,1,100,5,20\n2016-04-01,RQM,other,50,0,0\n2016-05-01,RQM,1,90,6,10\n2016-04-01,RN5,1,70,3,3\n";

    #[test]
    fn the_plain_case_needs_no_flag() {
        let (by, date, measure) = chosen("month,value\nApr 2019,1\nMay 2019,2\n", &Order::default()).unwrap();
        assert_eq!((by, date.as_str(), measure), (vec![], "month", Measure::Value(1)));
        let gold = "series_id,row,date,value\nS-1,1,2019-01-01,9\nS-1,2,2019-02-01,8\nS-2,1,2019-01-01,7\n";
        let (by, date, measure) = chosen(gold, &Order::default()).unwrap();
        assert_eq!((by, date.as_str(), measure), (vec!["series_id".to_owned()], "date", Measure::Value(3)));
    }

    #[test]
    fn several_numbers_are_a_question_with_names_and_flag() {
        assert_eq!(
            chosen(ATTENDANCES, &Order::default()).unwrap_err(),
            "3 columns could be the value: attendances, breaches, admissions. Say which: --value COLUMN, or --numerator \
             COLUMN --denominator COLUMN"
        );
    }

    #[test]
    fn as_many_columns_name_a_series_as_are_needed() {
        let order = Order { value: Some("Attendances".into()), ..Order::default() };
        assert_eq!(chosen(ATTENDANCES, &order).unwrap().0, ["org_code", "type"]);
        let order = Order { is_sum: true, ..order };
        assert_eq!(chosen(ATTENDANCES, &order).unwrap().0, ["org_code"]);
    }

    #[test]
    fn years_are_values_unless_their_name_says_otherwise() {
        let table = "year,beds\n2015,2010\n2016,2020\n2017,2030\n";
        let (_, date, measure) = chosen(table, &Order::default()).unwrap();
        assert_eq!((date.as_str(), measure), ("year", Measure::Value(1)));
    }

    #[test]
    fn a_name_beside_a_code_becomes_a_label_and_a_remark_does_not() {
        let mut text = "code,name,date,value,remark\n".to_owned();
        for month in 1..=12 {
            for (code, name) in [("A", "Ashford"), ("B", "Barnet")] {
                text += &format!("{code},{name},2019-{month:02}-01,{month},said in {code} of {month}\n");
            }
        }
        let table = Table::read(text.as_bytes()).unwrap();
        let columns = choose(&table, &Order::default()).unwrap();
        assert_eq!((columns.by, columns.labels), (vec![0], vec![1]));
    }

    #[test]
    fn refusals_say_what_to_do() {
        let refused = |text, order: Order| chosen(text, &order).unwrap_err();
        assert_eq!(
            refused("a,b\nx,1\ny,2\n", Order::default()),
            "no column holds dates. Name the one that does with --date COLUMN; the first line names: a, b"
        );
        assert_eq!(
            refused("date,b\n2019-01-01,x\n2019-02-01,y\n", Order::default()),
            "no column holds numbers to draw. Name it with --value COLUMN; the first line names: date, b"
        );
        assert_eq!(
            refused("start,end,v\n2019-01-01,2019-02-01,3\n", Order::default()),
            "2 columns could be the date: start, end. Say which: --date COLUMN"
        );
        let order = Order { by: vec!["Trust".into()], ..Order::default() };
        assert_eq!(
            refused(ATTENDANCES, order),
            "there is no column “Trust”. The first line names: period, org_code, type, attendances, breaches, admissions"
        );
        let order = Order { numerator: Some("breaches".into()), ..Order::default() };
        assert_eq!(refused(ATTENDANCES, order), "--numerator and --denominator go together: --denominator is missing");
    }
}
