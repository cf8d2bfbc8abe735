//! Attacks on published tables with nothing but what is published: elimination, bounds, and trying every possibility; it must never look at a reason or a count.
//!
//! The attacker has the tables as printed, every sum a reader can see, every link between tables and dates, and the rule.
//! Nothing of the engine's own arithmetic is used.
#![expect(clippy::unwrap_used, reason = "every step here is a step of a test")]

use std::collections::HashMap;

use hiec_compare::suppression::{At, Draft, Line, Release, Rule, Shown, Table, TableId, Totals};
use proptest::prelude::*;

/// What an attacker knows: numbers between bounds, and sums (coefficients) that are nought.
#[derive(Clone, Default)]
struct Known {
    places: HashMap<At, usize>,
    bounds: Vec<(i64, i64)>,
    sums: Vec<Vec<(usize, i64)>>,
    /// Numbers of earlier tables.
    earlier: Vec<usize>,
    /// Numbers that stand in no table.
    unprinted: Vec<usize>,
}

/// No table here has counts above this.
const ENDLESS: i64 = 100_000;

impl Known {
    fn of(release: &Release, ids: &[TableId], rule: &Rule) -> Self {
        // A row of too few answers hides its noughts too.
        let least = i64::from(rule.hide_rows_below == 0);
        let mut known = Self::default();
        for &id in ids {
            let table = &release.tables()[known.table_index(id, ids)];
            let (rows, columns) = (table.rows.len(), table.columns.len());
            let at = |row: usize, column: usize| At {
                table: id,
                row: if table.rows[row] == "total" { Line::Total } else { Line::At(row) },
                column: if table.columns[column] == "total" { Line::Total } else { Line::At(column) },
            };
            for row in 0..rows {
                for column in 0..columns {
                    known.places.insert(at(row, column), known.bounds.len());
                    known.bounds.push(behind(table.lines[row][column].shown, rule, least));
                }
            }
            if table.columns.last().is_some_and(|name| name == "total") {
                for row in 0..rows {
                    known.add_sum(at(row, columns - 1), (0..columns - 1).map(|column| at(row, column)));
                }
            }
            if table.rows.last().is_some_and(|name| name == "total") {
                for column in 0..columns {
                    known.add_sum(at(rows - 1, column), (0..rows - 1).map(|row| at(row, column)));
                }
            }
        }
        known
    }

    fn table_index(&self, id: TableId, ids: &[TableId]) -> usize {
        ids.iter().position(|&other| other == id).unwrap()
    }

    fn add_sum(&mut self, whole: At, parts: impl Iterator<Item = At>) {
        let mut sum = vec![(self.places[&whole], -1)];
        sum.extend(parts.map(|part| (self.places[&part], 1)));
        self.sums.push(sum);
    }

    fn same(&mut self, one: At, other: At) {
        self.sums.push(vec![(self.places[&one], 1), (self.places[&other], -1)]);
    }

    /// A number nobody prints: outer less inner. Its place.
    fn difference(&mut self, outer: At, inner: At) -> usize {
        let place = self.bounds.len();
        self.bounds.push((0, ENDLESS));
        self.unprinted.push(place);
        self.sums.push(vec![(self.places[&outer], 1), (self.places[&inner], -1), (place, -1)]);
        place
    }

    /// What the attacker would know if only the marks were published, and what was published before.
    fn marks(&self) -> Self {
        let is_open = |at: usize| self.bounds[at] != (0, 0) && !self.earlier.contains(&at);
        let bounds = (0..self.bounds.len())
            .map(|at| if is_open(at) { (i64::from(!self.unprinted.contains(&at)), ENDLESS) } else { self.bounds[at] });
        Self { bounds: bounds.collect(), ..self.clone() }
    }

    fn published_before(&mut self, id: TableId) {
        self.earlier.extend(self.places.iter().filter(|(at, _)| at.table == id).map(|(_, &place)| place));
    }

    /// The same with one number known to lie between bounds.
    fn with(&self, bounds: &[(i64, i64)], place: usize, within: (i64, i64)) -> Self {
        let mut bounds = bounds.to_vec();
        bounds[place] = within;
        Self { bounds, ..self.clone() }
    }

    /// Tightens every bound by every sum until nothing changes.
    fn narrowed(&self) -> Vec<(i64, i64)> {
        let mut bounds = self.bounds.clone();
        loop {
            let mut has_changed = false;
            for sum in &self.sums {
                for &(place, sign) in sum {
                    let (mut low, mut high) = (0, 0);
                    for &(other, sign) in sum.iter().filter(|entry| entry.0 != place) {
                        let (from, to) = bounds[other];
                        low += if sign > 0 { from } else { -to };
                        high += if sign > 0 { to } else { -from };
                    }
                    // sign·x = −(the rest)
                    let (low, high) = if sign > 0 { (-high, -low) } else { (low, high) };
                    let narrowed = (bounds[place].0.max(low), bounds[place].1.min(high));
                    has_changed |= narrowed != bounds[place];
                    bounds[place] = narrowed;
                    if narrowed.0 > narrowed.1 {
                        return bounds;
                    }
                }
            }
            if !has_changed {
                return bounds;
            }
        }
    }

    /// Gauss's elimination in whole numbers: places whose value follows from the sums alone.
    fn eliminated(&self) -> Vec<Option<i64>> {
        let width = self.bounds.len();
        let mut rows: Vec<Vec<i128>> = self
            .sums
            .iter()
            .map(|sum| {
                let mut row = vec![0_i128; width + 1];
                for &(place, sign) in sum {
                    let (low, high) = self.bounds[place];
                    if low == high {
                        row[width] -= i128::from(sign * low);
                    } else {
                        row[place] += i128::from(sign);
                    }
                }
                row
            })
            .collect();
        let mut done = 0;
        for column in 0..width {
            let Some(pivot) = (done..rows.len()).find(|&row| rows[row][column] != 0) else { continue };
            rows.swap(done, pivot);
            for row in (0..rows.len()).filter(|&row| row != done) {
                let (by, with) = (rows[row][column], rows[done][column]);
                if by != 0 {
                    let line: Vec<i128> = rows[row].iter().zip(&rows[done]).map(|(a, b)| a * with - b * by).collect();
                    let shared = line.iter().fold(0_i128, |shared, entry| gcd(shared, entry.abs())).max(1);
                    rows[row] = line.into_iter().map(|entry| entry / shared).collect();
                }
            }
            done += 1;
        }
        let mut found = vec![None; width];
        for row in &rows {
            let open: Vec<usize> = (0..width).filter(|&place| row[place] != 0).collect();
            if let [place] = open[..] {
                found[place] = Some(i64::try_from(row[width] / row[place]).unwrap());
            }
        }
        found
    }

    /// Whether a place can have a value, by trying; none where that takes too long.
    fn can_be(&self, place: usize, value: i64) -> Option<bool> {
        self.with(&self.narrowed(), place, (value, value)).has_solution(&mut 3_000)
    }

    fn has_solution(&self, steps: &mut u32) -> Option<bool> {
        *steps = steps.checked_sub(1)?;
        let bounds = self.narrowed();
        if bounds.iter().any(|(low, high)| low > high) {
            return Some(false);
        }
        let open = (0..bounds.len()).filter(|&place| bounds[place].0 < bounds[place].1);
        let Some(place) = open.min_by_key(|&place| bounds[place].1 - bounds[place].0) else { return Some(true) };
        for value in bounds[place].0..=bounds[place].1 {
            if self.with(&bounds, place, (value, value)).has_solution(steps)? {
                return Some(true);
            }
        }
        Some(false)
    }
}

fn gcd(a: i128, b: i128) -> i128 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// The rule as it is written down, read by somebody else.
fn behind(shown: Shown, rule: &Rule, least: i64) -> (i64, i64) {
    let number = |count: u64| i64::try_from(count).unwrap();
    match shown {
        Shown::Count(count) => (number(count), number(count)),
        Shown::Rounded(0) => (0, 0),
        Shown::Rounded(rounded) => {
            let half = number(rule.round_to) / 2;
            ((number(rounded) - half).max(number(rule.hide_below)), number(rounded) + number(rule.round_to) - half - 1)
        }
        Shown::Hidden => (least, ENDLESS),
    }
}

fn table(name: &str, counts: &[Vec<u64>], totals: Totals) -> Table {
    Table {
        name: name.to_owned(),
        rows: (0..counts.len()).map(|row| format!("site {row}")).collect(),
        columns: (0..counts[0].len()).map(|column| format!("group {column}")).collect(),
        counts: counts.to_vec(),
        totals,
    }
}

/// Counts as they come: many small, some nought, some large.
fn counts(rows: usize, columns: usize) -> impl Strategy<Value = Vec<Vec<u64>>> {
    let count = prop_oneof![2 => Just(0_u64), 4 => 1_u64..8, 3 => 8_u64..40, 2 => 40_u64..900];
    proptest::collection::vec(proptest::collection::vec(count, columns), rows)
}

fn totals() -> impl Strategy<Value = Totals> {
    prop_oneof![Just(Totals::OfRows), Just(Totals::OfColumns), Just(Totals::Both)]
}

fn rules() -> impl Strategy<Value = Rule> {
    prop_oneof![
        Just(Rule::HOSPITAL),
        Just(Rule { round_to: 0, ..Rule::HOSPITAL }),
        Just(Rule { hide_below: 5, hide_rows_below: 0, round_to: 0, values_left: None }),
    ]
}

/// What the attacks make of the small counts.
#[derive(Debug, PartialEq)]
enum Told {
    /// No attack tells more of any than the marks alone do.
    Nothing,
    /// Some attack rules out a value the marks allow.
    More(String),
    /// Trying everything would have taken too long for some; no attack told more of the others.
    Undecided,
}

fn attack(known: &Known, small: &[usize], rule: &Rule) -> Told {
    let most = i64::try_from(rule.hide_below).unwrap() - 1;
    let marks = known.marks();
    let (bounds, eliminated, marked) = (known.narrowed(), known.eliminated(), marks.narrowed());
    let mut told = Told::Nothing;
    for &place in small {
        let (low, high) = (marked[place].0.max(1), marked[place].1.min(most));
        if low >= high {
            return Told::More(format!("the marks alone tell {low}"));
        }
        if eliminated[place].is_some() || bounds[place].0 > low || bounds[place].1 < high {
            return Told::More(format!("between {:?}, not {:?}; {:?}", bounds[place], (low, high), eliminated[place]));
        }
        for value in low..=high {
            match (marks.can_be(place, value), known.can_be(place, value)) {
                (Some(true), Some(false)) => return Told::More(format!("not {value}")),
                (None, _) | (_, None) => told = Told::Undecided,
                _ => {}
            }
        }
    }
    told
}

/// No attack may tell more of a small count than the marks alone do, and none may tell it.
fn assert_safe(known: &Known, small: &[usize], rule: &Rule) -> Result<(), TestCaseError> {
    let told = attack(known, small, rule);
    prop_assert!(!matches!(told, Told::More(_)), "{:?}", told);
    Ok(())
}

/// Places of small counts, which the attacker is after and does not know of.
fn small(known: &Known, id: TableId, counts: &[Vec<u64>], totals: Totals, rule: &Rule) -> Vec<usize> {
    let is_small = |count: u64| count > 0 && count < rule.hide_below;
    let mut found = Vec::new();
    for (row, line) in counts.iter().enumerate() {
        found.extend((0..line.len()).filter(|&column| is_small(line[column])).map(|column| id.cell(row, column)));
        if is_small(line.iter().sum()) && matches!(totals, Totals::OfRows | Totals::Both) {
            found.push(id.row_total(row));
        }
    }
    if matches!(totals, Totals::OfColumns | Totals::Both) {
        let sums: Vec<u64> = (0..counts[0].len()).map(|column| counts.iter().map(|line| line[column]).sum()).collect();
        found.extend((0..sums.len()).filter(|&column| is_small(sums[column])).map(|column| id.column_total(column)));
        if is_small(sums.iter().sum()) && totals == Totals::Both {
            found.push(id.grand_total());
        }
    }
    found.into_iter().map(|at| known.places[&at]).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn one_table_keeps_its_small_counts(counts in counts(3, 3), totals in totals(), rule in rules()) {
        let mut draft = Draft::new(rule);
        let id = draft.table(table("one", &counts, totals)).unwrap();
        let release = draft.release().unwrap();
        prop_assert!(draft.proves(&release));
        let known = Known::of(&release, &[id], &rule);
        assert_safe(&known, &small(&known, id, &counts, totals, &rule), &rule)?;
    }

    #[test]
    fn larger_tables_too(counts in counts(7, 6), totals in totals(), rule in rules()) {
        let mut draft = Draft::new(rule);
        let id = draft.table(table("large", &counts, totals)).unwrap();
        let release = draft.release().unwrap();
        prop_assert!(draft.proves(&release));
        let known = Known::of(&release, &[id], &rule);
        assert_safe(&known, &small(&known, id, &counts, totals, &rule), &rule)?;
    }

    /// The same people by another division, published later: the sites' totals are the same in both.
    #[test]
    fn a_second_table_published_later_does_not_help(
        first in counts(3, 2), moves in proptest::collection::vec(0.0..1.0_f64, 3), rule in rules(),
    ) {
        let mut draft = Draft::new(rule);
        draft.table(table("first", &first, Totals::Both)).unwrap();
        let published: Vec<Vec<Shown>> = draft.release().unwrap().tables()[0]
            .lines
            .iter()
            .map(|line| line.iter().map(|cell| cell.shown).collect())
            .collect();
        let second: Vec<Vec<u64>> = first
            .iter()
            .zip(&moves)
            .map(|(line, part)| {
                let sum: u64 = line.iter().sum();
                let one = (sum as f64 * part) as u64;
                vec![one, sum - one]
            })
            .collect();
        let mut later = Draft::new(rule);
        let old = later.published(table("first", &first, Totals::Both), &published).unwrap();
        let new = later.table(table("second", &second, Totals::Both)).unwrap();
        for row in 0..3 {
            later.same(old.row_total(row), new.row_total(row)).unwrap();
        }
        later.same(old.grand_total(), new.grand_total()).unwrap();
        let release = later.release().unwrap();
        prop_assert!(later.proves(&release));
        // What was shown stays as it was.
        for (line, before) in release.tables()[0].lines.iter().zip(&published) {
            for (cell, before) in line.iter().zip(before) {
                prop_assert_eq!(cell.shown, *before);
            }
        }
        let mut known = Known::of(&release, &[old, new], &rule);
        for row in 0..3 {
            known.same(old.row_total(row), new.row_total(row));
        }
        known.same(old.grand_total(), new.grand_total());
        known.published_before(old);
        let mut targets = small(&known, old, &first, Totals::Both, &rule);
        targets.extend(small(&known, new, &second, Totals::Both, &rule));
        assert_safe(&known, &targets, &rule)?;
    }

    /// The same table a week later, with a few people more: the difference is somebody.
    #[test]
    fn a_later_date_does_not_tell_who_came(first in counts(2, 3), more in counts(2, 3), rule in rules()) {
        let second: Vec<Vec<u64>> = first
            .iter()
            .zip(&more)
            .map(|(line, more)| line.iter().zip(more).map(|(count, more)| count + more).collect())
            .collect();
        let mut draft = Draft::new(rule);
        draft.table(table("first", &first, Totals::Both)).unwrap();
        let published: Vec<Vec<Shown>> = draft.release().unwrap().tables()[0]
            .lines
            .iter()
            .map(|line| line.iter().map(|cell| cell.shown).collect())
            .collect();
        let mut later = Draft::new(rule);
        let old = later.published(table("first", &first, Totals::Both), &published).unwrap();
        let new = later.table(table("second", &second, Totals::Both)).unwrap();
        later.nested_tables(new, old).unwrap();
        let release = later.release().unwrap();
        prop_assert!(later.proves(&release));
        let mut known = Known::of(&release, &[old, new], &rule);
        known.published_before(old);
        let mut targets = small(&known, old, &first, Totals::Both, &rule);
        targets.extend(small(&known, new, &second, Totals::Both, &rule));
        for (row, line) in more.iter().enumerate() {
            for (column, &count) in line.iter().enumerate() {
                let place = known.difference(new.cell(row, column), old.cell(row, column));
                if count > 0 && count < rule.hide_below {
                    targets.push(place);
                }
            }
        }
        assert_safe(&known, &targets, &rule)?;
    }

    /// Months and their year: sums over tables as well as within them.
    #[test]
    fn months_and_their_year_do_not_help(months in proptest::collection::vec(counts(2, 2), 2), rule in rules()) {
        let mut draft = Draft::new(rule);
        let parts: Vec<TableId> =
            months.iter().map(|month| draft.table(table("month", month, Totals::OfRows)).unwrap()).collect();
        let year: Vec<Vec<u64>> = (0..2)
            .map(|row| (0..2).map(|column| months.iter().map(|month| month[row][column]).sum()).collect())
            .collect();
        let whole = draft.table(table("year", &year, Totals::OfRows)).unwrap();
        draft.sum_of_tables(whole, &parts).unwrap();
        let release = draft.release().unwrap();
        prop_assert!(draft.proves(&release));
        let ids = [parts[0], parts[1], whole];
        let mut known = Known::of(&release, &ids, &rule);
        for row in 0..2 {
            for column in 0..2 {
                known.add_sum(whole.cell(row, column), parts.iter().map(|part| part.cell(row, column)));
            }
            known.add_sum(whole.row_total(row), parts.iter().map(|part| part.row_total(row)));
        }
        let mut targets = small(&known, whole, &year, Totals::OfRows, &rule);
        for (&part, month) in parts.iter().zip(&months) {
            targets.extend(small(&known, part, month, Totals::OfRows, &rule));
        }
        assert_safe(&known, &targets, &rule)?;
    }

    /// Rows of too few answers: nobody can tell how few, nor what any of them was.
    #[test]
    fn a_survey_keeps_its_small_rows(counts in proptest::collection::vec(proptest::collection::vec(0_u64..9, 3), 3), totals in totals()) {
        let rule = Rule::SURVEY;
        let mut draft = Draft::new(rule);
        let id = draft.table(table("survey", &counts, totals)).unwrap();
        let release = draft.release().unwrap();
        prop_assert!(draft.proves(&release));
        let known = Known::of(&release, &[id], &rule);
        let (bounds, eliminated) = (known.narrowed(), known.eliminated());
        for (row, line) in counts.iter().enumerate() {
            let sum: u64 = line.iter().sum();
            if sum == 0 || sum >= rule.hide_rows_below {
                continue;
            }
            // Nought is about nobody: it is hidden with its row, and may be guessed.
            for column in (0..3).filter(|&column| line[column] > 0) {
                let place = known.places[&id.cell(row, column)];
                prop_assert!(eliminated[place].is_none() && bounds[place].0 <= 1 && bounds[place].1 >= 9, "{:?}", bounds[place]);
            }
            if let Some(&place) = known.places.get(&id.row_total(row)) {
                prop_assert!(eliminated[place].is_none() && bounds[place].0 <= 1 && bounds[place].1 >= 9, "{:?}", bounds[place]);
            }
        }
    }

    /// Every cell hidden for another's sake is needed: shown instead, some attack tells more.
    #[test]
    fn nothing_is_hidden_in_vain(counts in counts(3, 3)) {
        let rule = Rule { round_to: 0, ..Rule::HOSPITAL };
        let mut draft = Draft::new(rule);
        let id = draft.table(table("one", &counts, Totals::Both)).unwrap();
        let release = draft.release().unwrap();
        let known = Known::of(&release, &[id], &rule);
        let small = small(&known, id, &counts, Totals::Both, &rule);
        for (row, line) in counts.iter().enumerate() {
            for (column, &count) in line.iter().enumerate() {
                let place = known.places[&id.cell(row, column)];
                if known.bounds[place] == (1, ENDLESS) && count >= rule.hide_below {
                    let count = i64::try_from(count).unwrap();
                    let more = known.with(&known.bounds, place, (count, count));
                    prop_assert!(attack(&more, &small, &rule) != Told::Nothing, "row {} column {} could be shown", row, column);
                }
            }
        }
    }
}

/// The attacks themselves: without secondary suppression each of them tells a small count.
#[test]
fn the_attacks_work_where_nothing_else_is_hidden() {
    let rule = Rule { round_to: 0, ..Rule::HOSPITAL };
    let mut draft = Draft::new(rule);
    let id = draft.table(table("naive", &[vec![3, 20], vec![40, 50]], Totals::Both)).unwrap();
    let release = draft.release().unwrap();
    let mut known = Known::of(&release, &[id], &rule);
    let place = known.places[&id.cell(0, 0)];
    for (at, count) in
        [(id.cell(0, 1), 20), (id.cell(1, 0), 40), (id.cell(1, 1), 50), (id.row_total(0), 23), (id.grand_total(), 113)]
    {
        let place = known.places[&at];
        known.bounds[place] = (count, count);
    }
    assert_eq!(known.eliminated()[place], Some(3));
    assert_eq!(known.narrowed()[place], (3, 3));
    assert_eq!([2, 3, 4].map(|value| known.can_be(place, value)), [Some(false), Some(true), Some(false)]);
}
