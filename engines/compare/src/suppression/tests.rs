//! Small tables whose answers can be checked by hand; the attacks on larger ones stand in `tests/attack.rs`.

use super::*;

fn table(counts: &[&[u64]], totals: Totals) -> Table {
    let columns = counts.first().map_or(0, |row| row.len());
    Table {
        name: "admissions".to_owned(),
        rows: (1..=counts.len()).map(|row| format!("site {row}")).collect(),
        columns: (1..=columns).map(|column| format!("month {column}")).collect(),
        counts: counts.iter().map(|row| row.to_vec()).collect(),
        totals,
    }
}

fn shown(release: &Release, table: usize) -> Vec<String> {
    let text = |line: &Vec<ReleasedCell>| line.iter().map(|cell| cell.shown.to_string()).collect::<Vec<_>>().join(" ");
    release.tables()[table].lines.iter().map(text).collect()
}

fn exact(hide_below: u64) -> Rule {
    Rule { hide_below, hide_rows_below: 0, round_to: 0, values_left: None }
}

#[test]
fn without_small_counts_nothing_is_hidden() {
    let mut draft = Draft::new(exact(8));
    draft.table(table(&[&[10, 20], &[30, 0]], Totals::Both)).unwrap();
    let release = draft.release().unwrap();
    assert_eq!(shown(&release, 0), ["10 20 30", "30 0 30", "40 20 60"]);
    assert!(draft.proves(&release));
}

#[test]
fn one_small_count_takes_three_others_with_it() {
    let mut draft = Draft::new(exact(8));
    let id = draft.table(table(&[&[3, 20, 30], &[40, 50, 60], &[70, 80, 90]], Totals::Both)).unwrap();
    let release = draft.release().unwrap();
    // A rectangle with the small count in a corner, of the cheapest cells: inner ones, not totals.
    assert_eq!(shown(&release, 0), ["* * 30 53", "* * 60 150", "70 80 90 240", "113 150 180 443"]);
    assert!(draft.proves(&release));
    assert_eq!(release.reason(&draft, id.cell(0, 0)).unwrap(), "hidden: a small count");
    assert_eq!(
        release.reason(&draft, id.cell(1, 1)).unwrap(),
        "hidden so that admissions: site 1, month 1 cannot be worked out"
    );
    assert_eq!(release.reason(&draft, id.grand_total()).unwrap(), "shown");
}

#[test]
fn a_count_alone_in_its_row_takes_the_total() {
    let mut draft = Draft::new(exact(8));
    draft.table(table(&[&[3, 0, 0]], Totals::OfRows)).unwrap();
    assert_eq!(shown(&draft.release().unwrap(), 0), ["* 0 0 *"]);
}

#[test]
fn two_hidden_counts_that_come_to_little_are_not_enough() {
    // 1 and 2 come to 3: whoever knows the total would know that each is 1 or 2.
    let mut draft = Draft::new(exact(8));
    draft.table(table(&[&[1, 2, 50, 60]], Totals::OfRows)).unwrap();
    assert_eq!(shown(&draft.release().unwrap(), 0), ["* * * 60 113"]);
}

#[test]
fn what_the_marks_tell_is_said() {
    let mut draft = Draft::new(exact(8));
    let id = draft.table(table(&[&[1, 2, 0]], Totals::OfRows)).unwrap();
    let release = draft.release().unwrap();
    assert_eq!(shown(&release, 0), ["* * 0 *"]);
    assert!(draft.proves(&release));
    let narrowed: Vec<_> = release.narrowed().collect();
    assert_eq!(narrowed, [(Protected::Cell(id.row_total(0)), (2, 7))]);
}

#[test]
fn hospital_counts_are_rounded_and_still_protected() {
    let mut draft = Draft::new(Rule::HOSPITAL);
    draft.table(table(&[&[3, 20], &[41, 52]], Totals::Both)).unwrap();
    let release = draft.release().unwrap();
    assert!(draft.proves(&release));
    assert_eq!(shown(&release, 0)[0].split(' ').next(), Some("*"));
}

#[test]
fn a_row_of_too_few_answers_is_hidden_whole_even_where_it_is_nought() {
    let mut draft = Draft::new(Rule::SURVEY);
    let id = draft.table(table(&[&[4, 0, 5], &[20, 30, 40], &[25, 35, 45], &[0, 0, 0]], Totals::OfRows)).unwrap();
    let release = draft.release().unwrap();
    assert_eq!(shown(&release, 0), ["* * * *", "20 30 40 90", "25 35 45 105", "0 0 0 0"]);
    assert_eq!(release.cell(id.cell(0, 1)).unwrap().why, Why::FewInRow);
    assert!(draft.proves(&release));
}

#[test]
fn a_rows_sum_that_is_not_printed_decides_too() {
    let mut draft = Draft::new(Rule::SURVEY);
    draft.table(table(&[&[4, 0, 5], &[20, 30, 40]], Totals::Neither)).unwrap();
    let release = draft.release().unwrap();
    assert_eq!(shown(&release, 0), ["* * *", "20 30 40"]);
    assert!(draft.proves(&release));
}

#[test]
fn a_weaker_wish_hides_less() {
    let counts: &[&[u64]] = &[&[3, 4, 50, 60]];
    let hidden = |values_left| {
        let mut draft = Draft::new(Rule { values_left, ..exact(8) });
        draft.table(table(counts, Totals::OfRows)).unwrap();
        let release = draft.release().unwrap();
        assert!(draft.proves(&release));
        release.tables()[0].cells().filter(|cell| cell.shown == Shown::Hidden).count()
    };
    // 3 and 4 come to 7: each is any of 1 to 6, not 7.
    assert_eq!((hidden(None), hidden(Some(6))), (3, 2));
}

#[test]
fn a_later_table_does_not_tell_what_an_earlier_one_hid() {
    let before: &[&[u64]] = &[&[3, 20, 30], &[40, 50, 60]];
    let mut first = Draft::new(exact(8));
    first.table(table(before, Totals::OfRows)).unwrap();
    let published: Vec<Vec<Shown>> = first.release().unwrap().tables()[0]
        .lines
        .iter()
        .map(|line| line.iter().map(|cell| cell.shown).collect())
        .collect();
    assert_eq!(published[0][1], Shown::Hidden);
    // The same counts by the other margin: shown as they are, column 2 would give away site 1's second count, and with it
    // the first.
    let mut second = Draft::new(exact(8));
    let old = second.published(table(before, Totals::OfRows), &published).unwrap();
    let new = second.table(table(before, Totals::OfColumns)).unwrap();
    for (row, column) in [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2)] {
        second.same(old.cell(row, column), new.cell(row, column)).unwrap();
    }
    let release = second.release().unwrap();
    assert!(second.proves(&release));
    assert_eq!(release.cell(new.cell(0, 1)).unwrap().shown, Shown::Hidden);
    assert_eq!(release.cell(old.cell(1, 1)).unwrap().shown, Shown::Count(50));
    // The total that would have told is hidden.
    assert_eq!(release.cell(new.column_total(0)).unwrap().shown, Shown::Hidden);
}

#[test]
fn what_was_given_away_before_is_said_and_nothing_is_published() {
    // Somebody published everything but the small count itself.
    let counts: &[&[u64]] = &[&[3, 20, 30]];
    let published = [vec![Shown::Hidden, Shown::Count(20), Shown::Count(30), Shown::Count(53)]];
    let mut draft = Draft::new(exact(8));
    let id = draft.published(table(counts, Totals::OfRows), &published).unwrap();
    let refusal = draft.release().unwrap_err();
    assert_eq!(refusal.exposed, [Protected::Cell(id.cell(0, 0))]);
    assert_eq!(
        refusal.to_string(),
        "1 small count(s) could be worked out from what was published before, whatever is hidden now"
    );
}

#[test]
fn a_difference_of_one_person_is_not_told() {
    // Last week 20, this week 21: shown both, they say that somebody came.
    let mut draft = Draft::new(exact(8));
    let old =
        draft.published(table(&[&[20, 30]], Totals::Neither), &[vec![Shown::Count(20), Shown::Count(30)]]).unwrap();
    let new = draft.table(table(&[&[21, 30]], Totals::Neither)).unwrap();
    draft.nested_tables(new, old).unwrap();
    let release = draft.release().unwrap();
    assert_eq!(shown(&release, 1), ["* 30"]);
    assert!(draft.proves(&release));
    assert_eq!(
        release.reason(&draft, new.cell(0, 0)).unwrap(),
        "hidden so that admissions: site 1, month 1 less admissions: site 1, month 1 cannot be worked out"
    );
}

#[test]
fn months_and_their_year_hang_together() {
    let mut draft = Draft::new(exact(8));
    let parts: Vec<TableId> =
        [3, 40, 50].map(|count| draft.table(table(&[&[count, 100]], Totals::OfRows)).unwrap()).into();
    let year = draft.table(table(&[&[93, 300]], Totals::OfRows)).unwrap();
    draft.sum_of_tables(year, &parts).unwrap();
    let release = draft.release().unwrap();
    assert!(draft.proves(&release));
    // In its own table the small count hides its neighbour, and both hide one of another month's or the year's.
    assert_eq!(shown(&release, 0)[0], "* * 103");
    let elsewhere = (1..4).map(|at| shown(&release, at).concat().matches('*').count()).sum::<usize>();
    assert_eq!(elsewhere, 2);
}

#[test]
fn a_tampered_release_proves_nothing() {
    let mut draft = Draft::new(exact(8));
    draft.table(table(&[&[3, 20, 30], &[40, 50, 60]], Totals::Both)).unwrap();
    let release = draft.release().unwrap();
    assert!(draft.proves(&release));
    let other = {
        let mut other = Draft::new(exact(8));
        other.table(table(&[&[9, 20, 30], &[40, 50, 60]], Totals::Both)).unwrap();
        other.release().unwrap()
    };
    assert!(!draft.proves(&other));
}

#[test]
fn what_does_not_fit_is_refused_in_words() {
    let mut draft = Draft::new(exact(8));
    let mut ragged = table(&[&[1, 2]], Totals::Neither);
    ragged.rows.clear();
    let said = |problem: NotATable| problem.to_string();
    assert_eq!(
        said(draft.table(ragged).unwrap_err()),
        "admissions: every row needs one count for each column, and a name"
    );
    let id = draft.table(table(&[&[1, 2]], Totals::OfRows)).unwrap();
    assert_eq!(
        said(draft.same(id.cell(0, 0), id.cell(0, 1)).unwrap_err()),
        "the counts at table 1, row 1, column 1 and table 1, row 1, column 2 are not the same"
    );
    assert_eq!(
        said(draft.same(id.cell(0, 0), id.column_total(0)).unwrap_err()),
        "there is no cell at table 1, row total, column 1"
    );
    assert_eq!(
        said(draft.sum(id.row_total(0), &[id.cell(0, 0)]).unwrap_err()),
        "the count at table 1, row 1, column total is not the sum of its parts"
    );
    assert_eq!(
        said(draft.nested(id.cell(0, 0), id.cell(0, 1)).unwrap_err()),
        "the count at table 1, row 1, column 2 is more than that at table 1, row 1, column 1"
    );
    let large = table(&[&[u64::MAX, 2]], Totals::OfRows);
    assert_eq!(said(draft.table(large).unwrap_err()), "admissions: the counts are too large to be summed");
    let not_so = [vec![Shown::Count(1), Shown::Count(3), Shown::Count(3)]];
    assert_eq!(
        said(draft.published(table(&[&[1, 2]], Totals::OfRows), &not_so).unwrap_err()),
        "what is said to have been published at table 2, row 1, column 2 is not what its count shows"
    );
    let other = draft.table(table(&[&[1, 2], &[3, 4]], Totals::OfRows)).unwrap();
    assert_eq!(
        said(draft.nested_tables(other, id).unwrap_err()),
        "admissions and admissions must have the same rows, columns and totals to go together"
    );
}
