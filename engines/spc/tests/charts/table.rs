//! Tables of answers, compared cell by cell; a number may differ in its tenth digit, nothing else may.

use std::collections::{BTreeMap, BTreeSet};

/// Rows by series, each row its cells by column.
pub struct Table<'a>(pub BTreeMap<&'a str, Vec<BTreeMap<&'a str, &'a str>>>);

impl<'a> Table<'a> {
    pub fn of(text: &'a str) -> Self {
        let mut lines = text.lines();
        let names: Vec<&str> = lines.next().unwrap().split(',').collect();
        let mut table: BTreeMap<&str, Vec<BTreeMap<&str, &str>>> = BTreeMap::new();
        for line in lines {
            // No cell of the answers is quoted.
            let cells: Vec<&str> = line.split(',').collect();
            assert_eq!(cells.len(), names.len(), "{line}");
            table.entry(cells[0]).or_default().push(names.iter().copied().zip(cells).collect());
        }
        Self(table)
    }

    /// Cells of one column of a series.
    pub fn column(&self, series: &str, name: &str) -> Vec<&'a str> {
        self.0[series].iter().map(|row| row[name]).collect()
    }
}

/// Compares every cell of two answers, those excepted that the answers differ in on purpose.
pub fn assert_same(ours: &str, gold: &str, numbers: &[&str], differs_on_purpose: impl Fn(&str, &str, &str) -> bool) {
    assert_eq!(ours.lines().next(), gold.lines().next(), "the columns");
    let (ours, gold) = (Table::of(ours), Table::of(gold));
    let series = |table: &Table<'_>| table.0.keys().map(ToString::to_string).collect::<BTreeSet<_>>();
    assert_eq!(series(&ours), series(&gold), "the series");
    let mut compared = 0;
    for (series, rows) in &gold.0 {
        assert_eq!(ours.0[series].len(), rows.len(), "rows of {series}");
        for (row, (ours, gold)) in ours.0[series].iter().zip(rows).enumerate() {
            for (name, gold) in gold {
                if differs_on_purpose(series, &row.to_string(), name) {
                    continue;
                }
                compared += 1;
                let is_same = match (numbers.contains(name), ours[name].parse::<f64>(), gold.parse::<f64>()) {
                    (true, Ok(ours), Ok(gold)) if gold.is_finite() => (ours - gold).abs() <= 1e-9 * gold.abs(),
                    _ => ours[name] == *gold,
                };
                assert!(is_same, "{series}, row {row}, {name}: ours {}, gold {gold}", ours[name]);
            }
        }
    }
    assert!(compared > 1000, "only {compared} cells were compared");
}
