//! Made-up answers for the demonstration's bids: whole enough to be assessed, and every text says that it is illustrative.

use chrono::NaiveDate;
use hiec_forms::{Answer, Column, Decimal, Kind, Question, QuestionSet, Row};
use hiec_kernel::Money;

use super::bidders::Bidder;
use crate::bids::answers::Typed;

/// Answers to every question of the set that does not need a document.
pub(super) fn answers(set: &QuestionSet, bidder: &Bidder, nth: usize) -> Vec<Typed> {
    set.questions()
        .filter_map(|(_, question)| Some(Typed::new(question.key.clone(), answer(question, bidder, nth)?)))
        .collect()
}

fn answer(question: &Question, bidder: &Bidder, nth: usize) -> Option<Answer> {
    match question.key.as_str() {
        "cluster_name" => return Some(Answer::Text(bidder.title.clone())),
        "regions" => return Some(Answer::Choices(bidder.region_codes())),
        "binding_contracts" => return Some(Answer::Choice("no".into())),
        "pathways" => return Some(Answer::Table(pathways(&question.kind, bidder, nth))),
        _ => {}
    }
    of_kind(&question.kind, &question.label, bidder, nth)
}

/// One row for each theme the bidder sets out with: of a winner, the work programme as it was announced.
fn pathways(kind: &Kind, bidder: &Bidder, nth: usize) -> Vec<Row> {
    let Kind::Table { columns, .. } = kind else { return Vec::new() };
    let themes = bidder.themes.split([';', ',']).map(str::trim).filter(|theme| !theme.is_empty());
    let row = |theme: &str| {
        let mut row = table_row(columns, bidder, nth);
        row.insert("pathway".into(), Answer::Text(theme.to_owned()));
        row
    };
    themes.map(row).collect()
}

fn of_kind(kind: &Kind, label: &str, bidder: &Bidder, nth: usize) -> Option<Answer> {
    Some(match kind {
        Kind::Text { lines: 1, word_limit } => {
            let words = word_limit.unwrap_or(12).min(8) as usize;
            let text = format!("Illustrative: {}", bidder.themes);
            Answer::Text(text.split_whitespace().take(words.max(2)).collect::<Vec<_>>().join(" "))
        }
        Kind::Text { word_limit, .. } => Answer::Text(prose(label, bidder, nth, word_limit.unwrap_or(300) as usize)),
        Kind::Number { min, max, .. } => {
            let low = min.as_ref().and_then(whole).unwrap_or(0);
            let high = max.as_ref().and_then(whole).unwrap_or(5_000_000);
            let wanted = 1_400_000 + 137_000 * i64::try_from(nth).unwrap_or(0);
            Answer::Number(Decimal::whole(wanted.clamp(low, high)))
        }
        Kind::Money { min, max } => {
            let low = min.map_or(0, |money| money.0);
            let high = max.map_or(i64::MAX, |money| money.0);
            Answer::Money(Money(bidder.asks.0.clamp(low, high)))
        }
        Kind::Date { earliest, latest } => {
            let day = NaiveDate::from_ymd_opt(2010, 4, 1)?;
            let day = earliest.map_or(day, |earliest| day.max(earliest));
            Answer::Date(latest.map_or(day, |latest| day.min(latest)))
        }
        Kind::Choice { options, many: true } => {
            Answer::Choices(options.iter().take(5).map(|option| option.key.clone()).collect())
        }
        Kind::Choice { options, .. } => {
            let yes = options.iter().find(|option| option.key == "yes" || option.key.starts_with("cic"));
            Answer::Choice(yes.or(options.first())?.key.clone())
        }
        Kind::Table { columns, min_rows, .. } => {
            let rows = min_rows.unwrap_or(1).max(2);
            Answer::Table((0..rows).map(|row| table_row(columns, bidder, nth + row as usize)).collect())
        }
        Kind::File { .. } => return None,
    })
}

fn table_row(columns: &[Column], bidder: &Bidder, nth: usize) -> Row {
    columns
        .iter()
        .filter_map(|column| Some((column.key.clone(), of_kind(&column.kind, &column.label, bidder, nth)?)))
        .collect()
}

fn whole(decimal: &Decimal) -> Option<i64> {
    decimal.to_string().split('.').next()?.replace(',', "").parse().ok()
}

/// A few sentences on the question, with a measure in it, within the limit.
fn prose(label: &str, bidder: &Bidder, nth: usize, limit: usize) -> String {
    let first = 12 + nth % 9;
    let text = format!(
        "Illustrative answer of {name} to \u{201c}{label}\u{201d}. We begin with {themes}. Clinicians of every setting work \
         in one team along the pathway, from general practice to the specialist hospital, and the university follows what \
         changes. We measure it every quarter: the share of patients treated as agreed rises by {first} per cent in the \
         first year, the time from referral to treatment falls by {weeks} days, and trainees rate each placement. Each \
         partner has named who answers for its part, and the region sees the same figures as we do. What we learn stays \
         with the partners when the money ends, because each measure belongs to a service and not to the project.",
        name = bidder.title,
        themes = bidder.themes,
        weeks = 4 + nth % 6,
    );
    text.split_whitespace().take(limit.max(1)).collect::<Vec<_>>().join(" ")
}
