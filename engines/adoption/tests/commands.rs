//! The command over tables no one would wish for; it must never open a file of the machine.
#![expect(clippy::unwrap_used, reason = "every step here is a step of a test")]

use hiec_adoption::command::fit;

const HEAD: &str = "series_id,t,new_adopters,cum_adopters,eligible\n";

fn run(input: &str) -> (String, Vec<String>) {
    let mut output = Vec::new();
    let notes = fit(input.as_bytes(), &mut output).unwrap();
    (String::from_utf8(output).unwrap(), notes.lines().to_vec())
}

/// Why a table is refused; nothing of an answer may be printed then.
fn refusal(rows: &str) -> String {
    let mut output = Vec::new();
    let problem = fit(format!("{HEAD}{rows}").as_bytes(), &mut output).unwrap_err();
    assert!(output.is_empty());
    problem.to_string()
}

#[test]
fn rows_may_come_in_any_order() {
    let gold = include_str!("gold/input.csv");
    let mut lines: Vec<&str> = gold.lines().skip(1).collect();
    lines.reverse();
    lines.sort_by_key(|line| line.split(',').next());
    assert_eq!(run(&format!("{HEAD}{}\n", lines.join("\n"))).0, run(gold).0);
}

#[test]
fn counts_that_follow_from_others_may_be_missing() {
    let full = "a,1,3,3,20\na,2,5,8,20\na,3,4,12,20\na,4,2,14,20\na,5,1,15,20\n";
    let sparse = "a,1,3,,20\na,2,,8,\na,3,4,,20\na,4,2,14,\na,5,,15,20\n";
    assert_eq!(run(&format!("{HEAD}{full}")).0, run(&format!("{HEAD}{sparse}")).0);
}

#[test]
fn a_series_without_a_curve_keeps_its_row_and_says_why() {
    let (table, notes) =
        run(&format!("{HEAD}a,1,0,0,7\na,2,0,0,7\na,3,0,0,7\nb,1,1,1,7\nb,2,2,3,7\nc,1,1,,\nc,2,4,,\nc,3,2,,\n"));
    let lines: Vec<&str> = table.lines().skip(1).collect();
    assert_eq!(lines[0], "a,7,3,,,,,,,,,,,,,,,,,");
    assert!(lines[1].starts_with("b,7,2,,,,,,,,,,,0."), "{}", lines[1]);
    assert!(lines[2].starts_with("c,,3,,,0."), "{}", lines[2]);
    assert!(notes.contains(&"a: no Bass curve: no site took it up".to_owned()));
    assert!(notes.contains(&"b: no logistic curve: 2 periods with a count: the curve needs 3".to_owned()));
    assert!(
        notes.iter().any(|note| note.starts_with("c: no Bass curve that ends at the eligible sites: it is not known"))
    );
}

#[test]
fn a_table_that_breaks_a_rule_is_refused_with_line_and_column() {
    for (rows, told) in [
        ("a,1,x,1,7\n", "line 2, column new_adopters: “x” is not a whole number"),
        ("a,1,-1,1,7\n", "line 2, column new_adopters: “-1” is not a whole number"),
        ("a,,1,1,7\n", "line 2, column t: this must not be empty"),
        ("a,1,1,1,7\na,1,1,1,7\n", "line 3, column t: period 1 stands twice"),
        (
            "a,1,1,1,7\na,2,1,3,7\n",
            "line 3, column cum_adopters: the cumulative count of period 2 does not follow from what is new",
        ),
        ("a,1,8,8,7\n", "line 2, column cum_adopters: by period 1 more sites took it up than could"),
        ("a,1,1,1,7\na,2,1,2,8\n", "line 3, column eligible: 8, where earlier rows of the series say 7"),
        ("a,1,5000000000,5000000000,7\n", "line 2, column new_adopters: this is too large"),
    ] {
        assert_eq!(refusal(rows), told);
    }
}
