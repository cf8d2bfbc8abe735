//! What the commands accept and how they refuse: rows anywhere, columns by name, and line and column of what is wrong.

use hiec_spc::command::{Failure, Notes, cusum, proposals, qic, shifts};

type Command = fn(&[u8], &[u8], &mut Vec<u8>) -> Result<Notes, Failure>;

const QIC: Command = |input, series, output| qic(input, series, output);
const SHIFTS: Command = |input, series, output| shifts(input, series, output);
const CUSUM: Command = |input, series, output| cusum(input, series, output);

fn answer(command: Command, input: &str, series: &str) -> Vec<String> {
    let mut output = Vec::new();
    command(input.as_bytes(), series.as_bytes(), &mut output).unwrap();
    String::from_utf8(output).unwrap().lines().skip(1).map(str::to_owned).collect()
}

fn refusal(command: Command, input: &str, series: &str) -> String {
    command(input.as_bytes(), series.as_bytes(), &mut Vec::new()).unwrap_err().to_string()
}

/// Some columns of each row.
fn cells(rows: &[String], columns: &[usize]) -> Vec<String> {
    rows.iter()
        .map(|row| row.split(',').collect::<Vec<_>>())
        .map(|cells| columns.iter().map(|&column| cells[column]).collect::<Vec<_>>().join(","))
        .collect()
}

#[test]
fn rows_stand_anywhere_and_are_put_in_order_of_date() {
    let input = "y,series_id,date\n3,b,2020-03-01\n1,a,2020-01-01\n1,b,2020-01-01\n2,b,2020-02-01\n";
    let rows = answer(QIC, input, "chart,series_id\nrun,a\nrun,b\n");
    assert_eq!(
        cells(&rows, &[0, 1, 2, 6]),
        ["b,1,2020-01-01,1", "b,2,2020-02-01,2", "b,3,2020-03-01,3", "a,1,2020-01-01,1"]
    );
}

#[test]
fn rows_without_dates_stay_as_they_stand() {
    let rows = answer(QIC, "series_id,y,date\na,3,2020-03-01\na,1,\na,2,2020-02-01\n", "series_id,chart\na,run\n");
    assert_eq!(cells(&rows, &[1, 2, 6]), ["1,2020-03-01,3", "2,,1", "3,2020-02-01,2"]);
}

#[test]
fn the_rows_of_a_date_are_one_point_of_subgroups_only() {
    let input = "series_id,date,y\na,2020-01-01,1\na,2020-02-01,2\na,2020-01-01,3\na,2020-02-01,6\na,2020-03-01,\n";
    let rows = answer(QIC, input, "series_id,chart\na,xbar\n");
    assert_eq!(cells(&rows, &[1, 2, 6, 7]), ["1,2020-01-01,2,2", "2,2020-02-01,4,2", "3,2020-03-01,NaN,0"]);
    assert_eq!(answer(QIC, input, "series_id,chart\na,run\n").len(), 5);
}

#[test]
fn parts_and_exclusions_are_lists() {
    let input = "series_id,y\na,3\na,1\na,1\na,2\na,9\na,8\n";
    for list in ["2;4", "\"2, 4\"", "2 4"] {
        let rows = answer(QIC, input, &format!("series_id,chart,part,exclude\na,i,{list},{list}\n"));
        assert_eq!(cells(&rows, &[3, 5]), ["1,1", "1,0", "2,1", "2,0", "3,1", "3,1"]);
    }
}

#[test]
fn a_gap_is_told_apart_from_a_first_range() {
    let rows = answer(QIC, "series_id,y\na,3\na,\na,1\na,2\n", "series_id,chart,part\na,mr,\n");
    assert_eq!(cells(&rows, &[6, 7, 9]), [",,0", "NaN,,0", "NaN,,0", "1,,0"]);
}

#[test]
fn refusals_say_table_line_and_column() {
    let one = "series_id,chart\na,p\n";
    assert_eq!(
        refusal(QIC, "series_id,y,n\na,1,2\na,3,2\n", one),
        "the input: line 3, column y: the numerator is greater than the denominator, so it is no part of it"
    );
    assert_eq!(
        refusal(QIC, "series_id,y,n\na,1,-2\n", one),
        "the input: line 2, column n: a denominator cannot be negative"
    );
    assert_eq!(
        refusal(QIC, "series_id,y\na,-1\n", "series_id,chart\na,c\n"),
        "the input: line 2, column y: a negative number cannot stand in a C chart: it shows counts or times"
    );
    // The line is that of the row, wherever its date has put it.
    assert_eq!(
        refusal(QIC, "series_id,date,y\na,2020-02-01,-1\na,2020-01-01,1\n", "series_id,chart\na,g\n"),
        "the input: line 2, column y: a negative number cannot stand in a G chart: it shows counts or times"
    );
    assert_eq!(
        refusal(QIC, "series_id,y\nb,1\n", one),
        "the input: line 2, column series_id: “b” is not in the table of series (--series)"
    );
    assert_eq!(
        refusal(QIC, "series_id,y\na,1\n", "series_id,chart\na,pie\n"),
        "the table of series: line 2, column chart: “pie” is not one of run, i, mr, p, pp, u, up, c, g, t, ip, xbar, s"
    );
    assert_eq!(
        refusal(QIC, "series_id,y\na,1\n", "series_id,chart,multiply\na,i,0\n"),
        "the table of series: line 2, column multiply: the number to multiply by must be above nought"
    );
    assert_eq!(
        refusal(QIC, "series_id,y\na,1\n", "series_id,chart,part\na,i,2;x\n"),
        "the table of series: line 2, column part: “x” is not a whole number"
    );
    assert_eq!(
        refusal(SHIFTS, "series_id,y\na,1\n", "series_id,period_min\na,1\n"),
        "the table of series: line 2, column period_min: “1” is not 2 or more"
    );
    assert_eq!(
        refusal(SHIFTS, "series_id,y\na,1\n", "series_id,no_regrets,overhanging_reversions\na,1,0\n"),
        "the table of series: line 2, column overhanging_reversions: without overhanging reversions limits may be \
         regretted: set no_regrets to 0 as well"
    );
    assert_eq!(
        refusal(CUSUM, "series_id,value\na,1e200\n", "series_id\na\n"),
        "the input: line 2, column value: “1e200” is not a percentile"
    );
    assert_eq!(
        refusal(CUSUM, "series_id,value\na,1\n", "series_id\na\na\n"),
        "the table of series: line 3, column series_id: “a” stands in line 2 already"
    );
}

#[test]
fn notes_say_what_no_column_does() {
    let mut output = Vec::new();
    let notes =
        qic(&b"series_id,y\na,1\na,\na,3\n"[..], &b"series_id,chart,freeze,part\na,i,2,1\nb,i,,\n"[..], &mut output)
            .unwrap();
    assert_eq!(
        notes.to_string(),
        "series a: freeze has no effect where there are parts\n\
         1 row has no value: it is a gap, and breaks no run.\n\
         1 series of the table of series has no row.\n"
    );
    let notes = cusum(&b"series_id,value\na,1\n"[..], &b"series_id,n\na,36\n"[..], &mut Vec::new()).unwrap();
    assert_eq!(notes.to_string(), "series a: n says 36 rows, the input has 1\n");
}

/// 23 points about 10, then some about 20, then some about 10 again.
fn steps(up: usize, back: usize) -> String {
    let level =
        |level: f64, count: usize| (0..count).map(move |at| if at % 2 == 0 { level - 1.0 } else { level + 1.0 });
    let values = level(10.0, 23).chain(level(20.0, up)).chain(level(10.0, back));
    std::iter::once("series_id,y\n".to_owned()).chain(values.map(|value| format!("a,{value}\n"))).collect()
}

#[test]
fn proposals_are_rows_with_their_reasons() {
    let table = |input: &str| {
        let mut output = Vec::new();
        proposals(input.as_bytes(), &b"series_id\na\n"[..], &mut output).unwrap();
        String::from_utf8(output).unwrap()
    };
    let proposed = table(&steps(22, 0));
    let line = proposed.lines().nth(1).unwrap();
    assert!(line.starts_with("a,24,,proposed,above,22,9.952380952380"), "{line}");
    assert!(line.contains("\"From row 24 on the level may have moved from 9.952 to 19.95: "), "{line}");
    let refused = table(&steps(10, 30));
    let line = refused.lines().nth(1).unwrap();
    assert!(line.starts_with("a,24,,refused,,,,,,,,,New limits from row 24 on were refused: 30 points"), "{line}");
    let waiting = table(&steps(12, 0));
    assert!(waiting.lines().nth(1).unwrap().starts_with("a,24,,waiting,above,12,,,,,,,From row 24 on 12 points"));
}

#[test]
fn a_gap_is_no_point_of_a_study() {
    let with_gap = steps(22, 0).replacen("a,11\n", "a,11\na,\n", 1);
    let rows = answer(SHIFTS, &with_gap, "series_id\na\n");
    // Everything stands one row later, and the first limits reach one row further.
    assert_eq!(rows[2], format!("a,3,,,{},calculation,1,0,0,,", cells(&rows, &[4, 5, 6])[1]));
    let breaks: Vec<String> = rows.iter().filter(|row| row.split(',').nth(9) == Some("1")).cloned().collect();
    assert_eq!(cells(&breaks, &[1, 7, 8]), ["25,calculation,25"]);
    assert_eq!(cells(&rows, &[7])[20..23], ["calculation", "calculation", "display"]);
}

#[test]
fn sums_are_put_in_order_of_their_places() {
    let rows = answer(CUSUM, "series_id,idx0,value\na,7,2\na,5,1\na,6,\n", "series_id,window_size\na,2\n");
    assert_eq!(cells(&rows, &[1, 2, 5]), ["5,1,1", "6,,1", "7,2,1"]);
}
