//! The commands as a person meets them: layouts, defaults, gaps, notes, and refusals with line and column.

use hiec_spc::command::{Failure, Layout, Notes, points, summary};

const SERIES: &str = "series_id,target\na,\nb,7\nc,\n";

fn run(input: &str, series: &str, layout: Layout, with_gaps: bool) -> Result<(String, Notes), Failure> {
    let mut output = Vec::new();
    let notes = points(input.as_bytes(), series.as_bytes(), &mut output, layout, with_gaps)?;
    Ok((String::from_utf8(output).unwrap(), notes))
}

fn refusal(input: &str) -> String {
    run(input, SERIES, Layout::Together, false).unwrap_err().to_string()
}

#[test]
fn columns_stand_in_any_order_and_more_may_be_there() {
    let (output, notes) =
        run("more,value,date,series_id\nx,1.5,2019-01-01,a\ny,2.5,2019-02-01,a\n", SERIES, Layout::Together, false)
            .unwrap();
    let rows: Vec<&str> = output.lines().skip(1).collect();
    assert_eq!(
        rows,
        [
            "a,1,2019-01-01,1.5,0,1,2,-0.66,4.66,-1,0,0,0,0,0,0,Common Cause,0,common_cause,,1",
            "a,2,2019-02-01,2.5,0,1,2,-0.66,4.66,1,0,0,0,0,0,0,Common Cause,0,common_cause,,1"
        ]
    );
    assert_eq!(notes.to_string(), "2 series of the table of series have no rows.\n");
}

#[test]
fn gaps_are_counted_and_printed_on_request() {
    let input = "series_id,date,value\na,2019-01-01,1\na,2019-02-01,\na,2019-03-01,3\nb,2019-01-01,\n";
    let (output, notes) = run(input, SERIES, Layout::Together, false).unwrap();
    assert_eq!(output.lines().count(), 3);
    assert_eq!(notes.gaps, 2);
    assert!(notes.to_string().starts_with("2 rows have no value: they are gaps, and break no run.\n"), "{notes}");
    let (output, _) = run(input, SERIES, Layout::Together, true).unwrap();
    let rows: Vec<&str> = output.lines().skip(1).collect();
    assert_eq!(rows[1], "a,,2019-02-01,,0,,2,-3.32,7.32,,,,,,,,,,,,1");
    assert_eq!(rows[3], "b,,2019-01-01,,,,,,,,,,,,,,,,,7,");
}

#[test]
fn scattered_rows_are_gathered_and_printed_by_series_as_they_first_appear() {
    let scattered = "series_id,date,value\nb,2019-01-01,1\na,2019-01-01,2\nb,2019-02-01,3\na,2019-02-01,4\n";
    let together = "series_id,date,value\nb,2019-01-01,1\nb,2019-02-01,3\na,2019-01-01,2\na,2019-02-01,4\n";
    let (gathered, asked) = run(scattered, SERIES, Layout::Scattered, false).unwrap();
    let (streamed, _) = run(together, SERIES, Layout::Together, false).unwrap();
    let (unasked, notes) = run(scattered, SERIES, Layout::Together, false).unwrap();
    assert_eq!((&gathered, &unasked), (&streamed, &streamed));
    assert_eq!((asked.gathered_at, notes.gathered_at), (None, Some(4)));
    assert!(
        notes.to_string().starts_with("line 4: a series comes back after another, so all rows were kept in memory.\n")
    );
}

/// What has been printed cannot be taken back.
#[test]
fn a_series_that_comes_back_after_rows_were_printed_is_refused() {
    let mut input = "series_id,date,value\n".to_owned();
    for (series, rows) in [("a", 30_000), ("b", 30_000), ("c", 10), ("a", 1)] {
        (0..rows).for_each(|day| input.push_str(&format!("{series},{},{}\n", day_after(day), day % 7)));
    }
    assert_eq!(
        refusal(&input),
        "the input: line 60012, column series_id: “a” has rows further up, and other series between: sort the table by \
         series_id, or add --scattered, which keeps it all in memory"
    );
    let gathered = run(&input, SERIES, Layout::Scattered, false).unwrap_err().to_string();
    assert_eq!(
        gathered,
        "the input: line 60012, column date: line 2 has this date already; a series has one row a date"
    );
}

fn day_after(days: u64) -> chrono::NaiveDate {
    chrono::NaiveDate::default() + chrono::Days::new(days)
}

#[test]
fn refusals_say_line_and_column() {
    let table = |rows: &str| format!("series_id,date,value\n{rows}");
    assert_eq!(
        refusal(&table("a,2019-01-01,1\nd,2019-01-01,1\n")),
        "the input: line 3, column series_id: “d” is not in the table of series (--series)"
    );
    assert_eq!(refusal(&table(",2019-01-01,1\n")), "the input: line 2, column series_id: this must not be empty");
    assert_eq!(refusal(&table("a,,1\n")), "the input: line 2, column date: this must not be empty");
    assert_eq!(
        refusal(&table("a,01/02/2019,1\n")),
        "the input: line 2, column date: “01/02/2019” is not a date such as 2019-01-31"
    );
    assert_eq!(
        refusal(&table("a,2019-01-01,NA\n")),
        "the input: line 2, column value: “NA” is not a number; leave the cell empty where there is no value"
    );
    assert_eq!(
        refusal(&table("a,2019-01-01,1e200\n")),
        "the input: line 2, column value: this number is too large for a chart"
    );
    assert_eq!(
        refusal(&table("a,2019-01-01,1\na,2019-02-01,1\na,2019-01-01,2\n")),
        "the input: line 4, column date: line 2 has this date already; a series has one row a date"
    );
    assert_eq!(
        refusal("series,date,value\n"),
        "the input: line 1: column is missing: series_id. The first line names: series, date, value"
    );
    let failure = run("series_id,date,value\n", "id\n", Layout::Together, false).unwrap_err();
    assert!(failure.to_string().starts_with("the table of series: line 1: column is missing: series_id"), "{failure}");
}

#[test]
fn nothing_is_printed_when_the_first_rows_are_refused() {
    let mut output = Vec::new();
    let input = &b"series_id,date,value\na,2019-01-01,1\na,2019-02-01,x\n"[..];
    assert!(points(input, SERIES.as_bytes(), &mut output, Layout::Together, false).is_err());
    assert!(output.is_empty());
    assert!(points(&b"series_id,date,value\n"[..], SERIES.as_bytes(), &mut output, Layout::Together, false).is_ok());
    assert_eq!(String::from_utf8(output).unwrap().lines().count(), 1);
}

#[test]
fn a_rebase_that_had_to_move_is_noted() {
    let series = "series_id,rebase_dates\na,2019-02-15\n";
    let input = "series_id,date,value\na,2019-01-01,1\na,2019-02-01,2\na,2019-03-01,3\na,2019-04-01,4\n";
    let (output, notes) = run(input, series, Layout::Together, false).unwrap();
    assert_eq!(
        output.lines().map(|line| line.split(',').nth(4).unwrap()).collect::<Vec<_>>(),
        ["rebase_group", "0", "0", "1", "1"]
    );
    assert_eq!(
        notes.to_string(),
        "series a: No value has the date 15 February 2019: that rebase applies from 1 March 2019.\n"
    );
}

#[test]
fn a_summary_leaves_no_series_out() {
    let mut output = Vec::new();
    let notes =
        summary(&b"series_id,date,value\nb,2019-01-01,8\n"[..], SERIES.as_bytes(), &mut output, Layout::Together);
    assert_eq!(notes.unwrap().without_rows, 2);
    let output = String::from_utf8(output).unwrap();
    let rows: Vec<&str> = output.lines().skip(1).collect();
    assert_eq!(rows, ["b,1,1,8,,,1,0,0,0,0,,,,,1", "a,0,0,,,,0,0,0,0,0,,,,,0", "c,0,0,,,,0,0,0,0,0,,,,,0"]);
}

/// More series than one batch holds: none is lost, and their order stays.
#[test]
fn many_series_keep_their_order() {
    let (mut input, mut series) = ("series_id,date,value\n".to_owned(), "series_id\n".to_owned());
    for id in 0..5000 {
        series.push_str(&format!("s{}\n", (id * 7) % 5000));
        for month in 1..=10 {
            input.push_str(&format!("s{id},2019-{month:02}-01,{}\n", (id + month) % 13));
        }
    }
    let (output, _) = run(&input, &series, Layout::Together, false).unwrap();
    let keys: Vec<&str> = output.lines().skip(1).map(|line| line.split(',').next().unwrap()).collect();
    let wanted: Vec<String> = (0..5000).flat_map(|id| std::iter::repeat_n(format!("s{id}"), 10)).collect();
    assert_eq!(keys, wanted);
}
