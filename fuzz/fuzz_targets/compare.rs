//! Feeds any bytes to the comparing commands, and any small tables to suppression; it must never accept a panic, or a release without proof.
#![no_main]

use hiec_compare::command::{funnel_lines, funnel_summary, funnel_units, rate, wilson};
use hiec_compare::suppression::{Draft, Rule, Table, Totals};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let _ = wilson(input, std::io::sink());
    let _ = rate(input, std::io::sink());
    let _ = funnel_units(input, std::io::sink());
    let _ = funnel_summary(input, std::io::sink());
    if let Some(at) = input.iter().position(|&byte| byte == 0) {
        let (units, axis) = input.split_at(at);
        let _ = funnel_lines(units, &axis[1..], std::io::sink());
    }
    suppress(input);
});

/// The first bytes say the shape and the rule, the rest are counts.
fn suppress(input: &[u8]) {
    let [shape, rule, counts @ ..] = input else { return };
    let columns = usize::from(shape % 5) + 1;
    let counts: Vec<Vec<u64>> =
        counts.chunks_exact(columns).take(6).map(|row| row.iter().map(|&count| count.into()).collect()).collect();
    let rule = match rule % 4 {
        0 => Rule::HOSPITAL,
        1 => Rule::SURVEY,
        2 => Rule::SURVEY_OF_FEW,
        _ => Rule { round_to: 0, ..Rule::HOSPITAL },
    };
    let totals = [Totals::Neither, Totals::OfRows, Totals::OfColumns, Totals::Both][usize::from(shape / 64)];
    let mut draft = Draft::new(rule);
    let table = Table {
        name: "table".to_owned(),
        rows: vec![String::new(); counts.len()],
        columns: vec![String::new(); columns],
        counts,
        totals,
    };
    if draft.table(table).is_ok() {
        match draft.release() {
            Ok(release) => assert!(draft.proves(&release)),
            Err(refused) => panic!("nothing was published before, yet {refused}"),
        }
    }
}
