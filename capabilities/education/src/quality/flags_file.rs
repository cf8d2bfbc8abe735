//! `hiec survey flags`: a table with a line an answer in, a table with a line a host and indicator out; the rule is that of `flags`.

use super::flags::{Score, flags};

/// Columns a table of answers must have.
pub const COLUMNS: [&str; 4] = ["host", "kind", "indicator", "score"];

/// Reads answers and writes the lines; every fault is named with its line.
///
/// # Errors
/// What is wrong with the table, a sentence each.
pub fn run(input: &[u8]) -> Result<String, Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(input);
    let heads: Vec<String> = match reader.headers() {
        Ok(heads) => heads.iter().map(|head| head.trim_start_matches('\u{feff}').to_lowercase()).collect(),
        Err(error) => return Err(vec![format!("The first line cannot be read: {error}")]),
    };
    let place = |name: &str| heads.iter().position(|head| head == name);
    let missing: Vec<&str> = COLUMNS.iter().copied().filter(|name| place(name).is_none()).collect();
    if !missing.is_empty() {
        return Err(vec![format!(
            "The first line names no column {}: it needs {}",
            missing.join(", "),
            COLUMNS.join(", ")
        )]);
    }
    let places = COLUMNS.map(place);
    let (mut scores, mut faults) = (Vec::new(), Vec::new());
    for (nth, record) in (2_usize..).zip(reader.records()) {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                faults.push(format!("Line {nth} cannot be read: {error}"));
                continue;
            }
        };
        let cell =
            |column: usize| places.get(column).copied().flatten().and_then(|at| record.get(at)).unwrap_or_default();
        let (host, kind, indicator, typed) = (cell(0), cell(1), cell(2), cell(3));
        if host.is_empty() || indicator.is_empty() {
            faults.push(format!("Line {nth} has no host or no indicator"));
            continue;
        }
        match typed.parse::<f64>() {
            Ok(score) if (0.0..=100.0).contains(&score) => scores.push(Score {
                host: host.to_owned(),
                kind: kind.to_owned(),
                indicator: indicator.to_owned(),
                score,
            }),
            _ => faults.push(format!("Line {nth}, column score: '{typed}' is no number from 0 to 100")),
        }
    }
    if scores.is_empty() && faults.is_empty() {
        faults.push("The table holds no answer".to_owned());
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    written(&scores).map_err(|error| vec![error])
}

fn written(scores: &[Score]) -> Result<String, String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut write = |cells: &[String]| writer.write_record(cells).map_err(|error| error.to_string());
    let heads = [
        "kind",
        "indicator",
        "host",
        "n",
        "mean",
        "lower",
        "upper",
        "benchmark_n",
        "benchmark_mean",
        "benchmark_lower",
        "benchmark_upper",
        "q1",
        "q3",
        "flag",
    ];
    write(&heads.map(str::to_owned))?;
    for line in flags(scores) {
        let figure = |figure: f64| format!("{figure:.4}");
        let mut cells = vec![line.kind, line.indicator, line.host];
        match (line.estimate, line.benchmark) {
            (Some(one), Some(all)) => {
                cells.push(one.n.to_string());
                cells.extend([one.mean, one.lower, one.upper].map(figure));
                cells.push(all.estimate.n.to_string());
                cells.extend([all.estimate.mean, all.estimate.lower, all.estimate.upper, all.q1, all.q3].map(figure));
            }
            _ => cells.extend(std::iter::repeat_n(String::new(), 10)),
        }
        cells.push(line.flag.key().to_owned());
        write(&cells)?;
    }
    let bytes = writer.into_inner().map_err(|error| error.to_string())?;
    String::from_utf8(bytes).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_of_answers_becomes_a_table_of_flags() {
        let table = "host,kind,indicator,score\nA,acute,Induction,50\nA,acute,Induction,60\nA,acute,Induction,70\nB,acute,Induction,10\n";
        let answer = run(table.as_bytes()).unwrap();
        let lines: Vec<&str> = answer.lines().collect();
        assert!(lines[1].starts_with("acute,Induction,A,3,60.0000,48.6841,71.3159,3,60.0000,"), "{answer}");
        assert_eq!(lines[2], "acute,Induction,B,,,,,,,,,,,grey");
    }

    #[test]
    fn faults_name_their_line() {
        assert!(run(b"").unwrap_err()[0].contains("names no column host"));
        assert!(run(b"host,kind,indicator,score\n").unwrap_err()[0].contains("no answer"));
        let faults = run("host,kind,indicator,score\nA,k,i,101\n,k,i,5\nA,k,i,x\n".as_bytes()).unwrap_err();
        assert_eq!(faults.len(), 3);
        assert!(faults[0].starts_with("Line 2, column score: '101'"), "{faults:?}");
    }
}
