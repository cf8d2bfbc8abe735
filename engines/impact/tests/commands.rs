//! The commands over tables, against answers computed elsewhere with R and on tables no one would wish for; it must never open a file of the machine.
#![expect(clippy::unwrap_used, reason = "every step here is a step of a test")]

use hiec_impact::command::{Notes, its, panel, starts, weights};
use hiec_tables::Problem;

const ITS: &str = include_str!("gold/its_input.csv");
const PANEL: &str = include_str!("gold/panel_input.csv");

type Command = fn(&[u8], &mut Vec<u8>) -> Result<Notes, Problem>;

const RUN_ITS: Command = |input, output| its(input, output);
const RUN_PANEL: Command = |input, output| panel(input, output);
const RUN_STARTS: Command = |input, output| starts(input, output);
const RUN_WEIGHTS: Command = |input, output| weights(input, output);

fn run(command: Command, input: &str) -> (String, Vec<String>) {
    let mut output = Vec::new();
    let notes = command(input.as_bytes(), &mut output).unwrap();
    (String::from_utf8(output).unwrap(), notes.lines().to_vec())
}

/// Why a table is refused; nothing of an answer may be printed then.
fn refusal(command: Command, input: &str) -> String {
    let mut output = Vec::new();
    let problem = command(input.as_bytes(), &mut output).unwrap_err();
    assert!(output.is_empty());
    problem.to_string()
}

/// Compares cell by cell: text as it is, numbers within the tolerance of their column.
fn assert_table(ours: &str, gold: &str, relative: f64, absolute: f64) {
    let (ours, gold): (Vec<&str>, Vec<&str>) = (ours.lines().collect(), gold.lines().collect());
    assert_eq!(ours.len(), gold.len());
    assert_eq!(ours[0], gold[0]);
    for (ours, gold) in ours.iter().zip(&gold).skip(1) {
        assert_eq!(ours.split(',').count(), gold.split(',').count());
        for ((ours, gold), column) in ours.split(',').zip(gold.split(',')).zip(0..) {
            let near = match (ours.parse::<f64>(), gold.parse::<f64>()) {
                (Ok(a), Ok(b)) => (a - b).abs() <= relative * b.abs() + absolute,
                _ => ours == gold,
            };
            assert!(near, "column {column}: {ours}, not {gold}");
        }
    }
}

/// The rows in another order, the same for every run.
fn shuffled(table: &str) -> String {
    let mut lines: Vec<&str> = table.lines().collect();
    // Series keep the order of their first rows, so that the answers keep theirs.
    let id = |line: &str| line.split(',').next().unwrap_or_default().to_owned();
    let key = |line: &str| line.bytes().fold(7_u64, |hash, byte| hash.wrapping_mul(31).wrapping_add(u64::from(byte)));
    lines[1..].sort_by_key(|line| (id(line), key(line)));
    lines.join("\n")
}

#[test]
fn tables_agree_with_r_in_any_order_of_rows() {
    for input in [ITS.to_owned(), shuffled(ITS)] {
        assert_table(&run(RUN_ITS, &input).0, include_str!("gold/its_fits.csv"), 1e-7, 0.0);
    }
    for input in [PANEL.to_owned(), shuffled(PANEL)] {
        assert_table(&run(RUN_PANEL, &input).0, include_str!("gold/panel_fits.csv"), 1e-7, 0.0);
    }
    assert_table(&run(RUN_WEIGHTS, PANEL).0, include_str!("gold/panel_sc_weights.csv"), 0.0, 1e-6);
}

#[test]
fn a_series_that_cannot_be_fitted_keeps_its_row_and_says_why() {
    let (table, notes) = run(
        RUN_ITS,
        "series_id,t,y,post\nshort,1,1,0\nshort,2,2,0\nshort,3,,0\nnever,1,1,0\nnever,2,2,0\nnever,3,4,0\n\"a,b\",1,1,1\n",
    );
    let lines: Vec<&str> = table.lines().skip(1).collect();
    assert_eq!(lines[0], "short,ols,2,,,,,,,,,,,,,,,,,");
    assert_eq!(lines[1], "never,ols,3,,,,,,,,,,,,,,,,,");
    assert_eq!(lines[2], "\"a,b\",ols,1,1,,,,,,,,,,,,,,,,");
    assert_eq!(notes[0], "short: 1 of 3 rows have no value: left out");
    assert_eq!(notes[1], "short: not fitted: 0 points from the start on: a new level and slope need two at least");
    assert_eq!(notes[3], "a,b: not fitted: 0 points before the start: a trend needs two at least");
}

#[test]
fn a_series_table_that_breaks_a_rule_is_refused_with_line_and_column() {
    let head = "series_id,t,y,denominator,post,time_since\n";
    for (rows, told) in [
        ("a,1,1o,,0,0\n", "line 2, column y: “1o” is not a number"),
        ("a,1,1,,0,0\na,,1,,0,0\n", "line 3, column t: this must not be empty"),
        ("a,1,1,,2,0\n", "line 2, column post: “2” is neither 1 nor 0"),
        (",1,1,,0,0\n", "line 2, column series_id: this must not be empty"),
        ("a,1,1,,0,0\na,1,2,,0,0\n", "line 3, column t: 1 stands twice in this series: see line 2"),
        ("a,2,1,,1,0\na,3,2,,0,0\n", "line 3, column post: 0 after the start at 2: once after, a series stays after"),
        ("a,2,1,,1,0\na,3,2,,1,2\n", "line 3, column time_since: 2, where the columns t and post say 1"),
        ("a,1,-1,5,0,0\n", "line 2, column y: a count cannot be negative"),
        ("a,1,1,-5,0,0\n", "line 2, column denominator: a denominator cannot be negative"),
        ("a,1,1,0,0,0\n", "line 2, column denominator: 1 events among none"),
    ] {
        assert_eq!(refusal(RUN_ITS, &format!("{head}{rows}")), told);
        // A sound series before it makes no difference but to the line.
        let later = refusal(RUN_ITS, &format!("{head}z,1,1,,0,0\n{rows}"));
        assert!(
            later
                .split_once(", column")
                .is_some_and(|(_, rest)| told.contains(rest.split(": see").next().unwrap_or(rest))),
            "{later}"
        );
    }
    assert!(refusal(RUN_ITS, "series_id,t,post\n").starts_with("line 1: column is missing: y."));
}

#[test]
fn a_panel_gives_what_it_can_and_says_why_not_the_rest() {
    let head = "series_id,unit,t,y,treated,post\n";
    // No donors; no time after the start; nothing at all.
    let (table, notes) =
        run(RUN_PANEL, &format!("{head}a,u,1,1,1,0\na,u,2,5,1,1\nb,u,1,1,1,0\nb,v,1,1,0,0\nb,w,1,2,0,0\nc,u,1,,1,0\n"));
    let lines: Vec<&str> = table.lines().skip(1).collect();
    assert_eq!(lines[0], "a,1,1,2,2,,,,,,,");
    assert!(lines[1].starts_with("b,3,1,1,,,,,") && lines[1].split(',').nth(9) == Some(""), "{}", lines[1]);
    assert_eq!(lines[2], "c,1,1,1,,,,,,,,");
    for note in [
        "a, a synthetic control: This design cannot tell what would have happened to the measure anyway. No comparator has an outcome at every time the treated have.",
        "b: no two-way effect: treated units or comparators have no outcome from the start on",
        "c: no two-way effect: no treated unit has an outcome",
    ] {
        assert!(notes.iter().any(|said| said == note), "{note}: {notes:#?}");
    }

    let (table, notes) = run(RUN_WEIGHTS, &format!("{head}a,u,1,1,1,0\na,v,1,1,0,0\na,w,1,,0,0\n"));
    assert_eq!(table, "series_id,unit,weight\na,v,1\na,w,\n");
    assert!(notes.contains(&"a: the synthetic control leaves out comparators with gaps: w".to_owned()));
}

#[test]
fn a_panel_that_breaks_a_rule_is_refused_with_line_and_column() {
    let head = "series_id,unit,t,y,treated,post\n";
    for (rows, told) in [
        ("a,u,1,1,1,0\na,u,1,2,1,0\n", "line 3, column t: u already has a row for 1"),
        ("a,u,1,1,1,0\na,u,2,2,0,0\n", "line 3, column treated: u is treated in one row and not in another"),
        (
            "a,u,1,1,1,1\na,u,2,2,1,0\n",
            "line 3, column post: u is before the start again at 2: once after, a unit stays after",
        ),
        ("a,,1,1,1,1\n", "line 2, column unit: this must not be empty"),
        ("a,u,1,1,yes,1\n", "line 2, column treated: “yes” is not a number"),
    ] {
        assert_eq!(refusal(RUN_PANEL, &format!("{head}{rows}")), told);
        assert_eq!(refusal(RUN_WEIGHTS, &format!("{head}{rows}")), told);
    }
}

#[test]
fn what_each_design_lets_one_say_is_said() {
    let (_, notes) = run(RUN_ITS, ITS);
    assert_eq!(
        notes[3],
        "S-its-4: This design cannot tell what would have happened to the measure anyway. One series without comparators: whatever else happened then looks the same. No effect at all fits too: it lies between -7.14 and 15.3. The change is smaller than what is uncertain: a share of it means nothing."
    );
    let (_, notes) = run(RUN_PANEL, PANEL);
    assert_eq!(
        notes[0],
        "S-panel-1, a difference in differences: The measure fell by 0.123 on average; otherwise it would have been 5.39 higher (3.45 to 7.29 with 95% confidence). 4 treated units and 8 others are few: the interval is itself unsure. The change is smaller than what is uncertain: a share of it means nothing."
    );
}

#[test]
fn starts_that_differ_are_kept_apart() {
    let mut table = "series_id,unit,t,y,treated,post\n".to_owned();
    for line in include_str!("known-answers/staggered.csv").lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let after = cells[3].parse::<u32>().is_ok_and(|start| cells[1].parse::<u32>().unwrap() >= start);
        let treated = u8::from(!cells[3].is_empty());
        table.push_str(&format!("a,{},{},{},{treated},{}\n", cells[0], cells[1], cells[2], u8::from(after)));
    }
    let (effects, notes) = run(RUN_STARTS, &table);
    assert!(notes.is_empty());
    let lines: Vec<&str> = effects.lines().collect();
    assert!(lines[1].starts_with("a,,,,3.6171229829"), "{}", lines[1]);
    assert!(lines[2].starts_with("a,4,,,4.3561"), "{}", lines[2]);
    // All, three starts, five times, nine events, and seven times of each start.
    assert_eq!(lines.len(), 1 + 1 + 3 + 5 + 9 + 21);
    let (fits, notes) = run(RUN_PANEL, &table);
    assert!(fits.lines().nth(1).unwrap().ends_with(",,,,"), "no one control for several starts: {fits}");
    assert!(
        notes
            .iter()
            .any(|note| note.starts_with("a, a difference in differences with several starts: The measure rose by"))
    );
    assert!(notes.iter().any(|note| note.contains("see --by-start")));
}
