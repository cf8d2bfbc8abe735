//! What the commands say to rows they cannot use, and what they print at the edges of what they can; no known answers here.
#![expect(clippy::unwrap_used, reason = "every step here is a step of a test")]

use std::fmt::Display;

use hiec_compare::command::{funnel_lines, funnel_summary, funnel_units, rate, wilson};

type Answer = Result<String, String>;

fn run<E: Display>(command: impl FnOnce(&mut Vec<u8>) -> Result<(), E>) -> Answer {
    let mut output = Vec::new();
    command(&mut output).map_err(|problem| problem.to_string())?;
    Ok(String::from_utf8(output).unwrap())
}

fn wilson_of(table: &str) -> Answer {
    run(|output| wilson(table.as_bytes(), output))
}

fn rate_of(table: &str) -> Answer {
    run(|output| rate(table.as_bytes(), output))
}

fn units_of(rows: &str) -> Answer {
    run(|output| funnel_units(format!("dataset,sr_method,unit,numerator,denominator\n{rows}").as_bytes(), output))
}

#[test]
fn a_bad_row_is_refused_with_line_and_column() {
    let refused = |table: &str| wilson_of(&format!("x,n,confidence\n1,2,0.95\n{table}\n")).unwrap_err();
    assert_eq!(refused("3,2,0.95"), "line 3, column x: 3 is more than the 2 of column n");
    assert_eq!(refused("-1,2,0.95"), "line 3, column x: -1 is below 0");
    assert_eq!(
        refused("1,2,95"),
        "line 3, column confidence: 95 is no confidence: write a share above 0 and below 1, such as 0.95"
    );
    assert_eq!(refused("one,2,0.95"), "line 3, column x: “one” is not a number");
    assert_eq!(refused("1,,0.95"), "line 3, column n: this must not be empty");
    assert_eq!(
        rate_of("x,n,confidence,multiplier\n1,2,0.95,0\n").unwrap_err(),
        "line 2, column multiplier: a rate per 0 is none: write 1, 1000 or 100000"
    );
    assert_eq!(
        units_of("d,HSMR,U1,1,2\n").unwrap_err(),
        "line 2, column sr_method: write SHMI or CQC for a standardised ratio, or leave this empty for a proportion"
    );
    assert_eq!(units_of("d,,U1,3,2\n").unwrap_err(), "line 2, column numerator: 3 is more than the denominator, 2");
    assert_eq!(
        wilson_of("x,count,confidence\n1,2,0.95\n").unwrap_err(),
        "line 1: column is missing: n. The first line names: x, count, confidence"
    );
}

#[test]
fn a_refused_table_prints_no_half_of_an_answer() {
    let mut output = Vec::new();
    assert!(wilson(&b"x,n,confidence\n1,2,0.95\n3,2,0.95\n"[..], &mut output).is_err());
    assert!(rate(&b"x,n,confidence,multiplier\n1,2,0.95,1\n1,2,0.95,0\n"[..], &mut output).is_err());
    let units = &b"dataset,sr_method,unit,numerator,denominator\np,,U1,1,4\n"[..];
    assert!(funnel_lines(units, &b"dataset,x_axis\np,1\nq,1\n"[..], &mut output).is_err());
    assert_eq!(output, b"");
}

#[test]
fn what_does_not_exist_is_empty() {
    assert_eq!(wilson_of("x,n,confidence\n0,0,0.95\n").unwrap(), "x,n,confidence,value,lower,upper\n0,0,0.95,,,\n");
    let rates = rate_of("x,n,confidence,multiplier\n0,0,0.95,1000\n").unwrap();
    assert_eq!(rates.lines().nth(1), Some("0,0,0.95,1000,,,,Exact"));
    let units = units_of("d,,U1,0,0\nd,,U2,1,2\n").unwrap();
    assert_eq!(units.lines().nth(1), Some("d,,U1,0,0,,,,,,,,,,,,,"));
    assert!(units.lines().nth(2).unwrap().starts_with("d,,U2,1,2,0.5,0,0,"));
}

#[test]
fn groups_keep_the_order_of_the_input_however_they_are_mixed() {
    let apart = units_of("a,,U1,1,4\na,,U2,3,4\nb,SHMI,U1,5,4\nb,SHMI,U2,4,4\n").unwrap();
    let mixed = units_of("b,SHMI,U1,5,4\na,,U1,1,4\nb,SHMI,U2,4,4\na,,U2,3,4\n").unwrap();
    let sorted = |table: &str| {
        let mut lines: Vec<String> = table.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    assert_eq!(sorted(&apart), sorted(&mixed));
    assert!(mixed.lines().nth(1).unwrap().starts_with("b,SHMI,U1,"));
}

#[test]
fn a_group_with_nothing_in_it_has_a_row_with_nothing_in_it() {
    let table = "dataset,sr_method,unit,numerator,denominator\nd,,U1,0,0\n";
    let found = run(|output| funnel_summary(table.as_bytes(), output)).unwrap();
    assert_eq!(found.lines().nth(1), Some("d,PR,,1,0,,,"));
}

#[test]
fn an_axis_must_be_of_a_dataset_with_units_and_may_begin_at_nought() {
    let units = "dataset,sr_method,unit,numerator,denominator\np,,U1,1,4\nr,CQC,U1,5,4\n";
    let lines = |axis: &str| run(|output| funnel_lines(units.as_bytes(), axis.as_bytes(), output));
    assert_eq!(
        lines("dataset,x_axis\np,1\nq,1\n").unwrap_err(),
        "the axis: line 3, column dataset: no unit is of this dataset; the names must be the same in both tables"
    );
    let found = lines("dataset,x_axis\np,0\nr,0\n").unwrap();
    assert_eq!(found.lines().skip(1).collect::<Vec<_>>(), ["p,0,,,,,Wilson", "r,0,0,,0,,Poisson"]);
}
