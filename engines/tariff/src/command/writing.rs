//! Writes a statement as JSON or CSV, pence and working beside each line; it must never write a total as whole that is not.

use serde_json::{Value, json};

use super::Beside;
use crate::decimal::Pence;
use crate::period::Period;
use crate::quality::Weighed;
use crate::statement::{Difference, Line, Outcome, Statement};
use crate::transition::{Adjustment, Income};

pub(super) fn json(
    statement: &Statement,
    changed: Option<(&[Difference], &Statement)>,
    beside: &Beside<'_>,
    notes: &[String],
) -> String {
    let hosts = statement.totals(|line| line.host.as_str());
    let trainees = statement.totals(|line| line.trainee.as_str());
    let sum = |(name, (amount, missing)): (&str, (Pence, usize))| json!({"name": name, "amount_pence": amount.0, "lines_not_loaded": missing});
    let placement = |total: &crate::PlacementTotal| {
        json!({
            "reference": total.reference,
            "trainee": total.trainee,
            "host": total.host,
            "amount_pence": total.amount.map(|amount| amount.0),
            "cost_pence": total.cost.map(|cost| cost.0),
            "gap_pence": total.gap.map(|gap| gap.0),
        })
    };
    let mut text = json!({
        "sentence": sentence(statement, beside),
        "as_known_on": statement.known_on.map(|day| day.to_string()),
        "total_pence": statement.total().0,
        "is_whole": statement.is_whole(),
        "not_loaded": statement.not_loaded(),
        "lines": statement.lines.iter().map(line).collect::<Vec<_>>(),
        "hosts": hosts.into_iter().map(sum).collect::<Vec<_>>(),
        "trainees": trainees.into_iter().map(sum).collect::<Vec<_>>(),
        "placements": statement.placements.iter().map(placement).collect::<Vec<_>>(),
        "adjustments": beside.adjustments.iter().map(|(income, adjusted)| adjustment(income, adjusted.as_ref())).collect::<Vec<_>>(),
        "quality": beside.weighed.iter().map(quality).collect::<Vec<_>>(),
        "by_limits_pence": beside.by_limits().0,
        "by_quality_pence": beside.by_quality().0,
        "due_pence": due(statement, beside).0,
        "notes": notes,
    });
    if let Some((changes, now)) = changed {
        let change = |each: &Difference| {
            json!({
                "reference": each.reference,
                "trainee": each.trainee,
                "host": each.host,
                "as_known_on_pence": each.before.map(|amount| amount.0),
                "as_effective_pence": each.after.map(|amount| amount.0),
                "difference_pence": each.before.zip(each.after).map(|(before, after)| after.0 - before.0),
            })
        };
        text["as_effective"] = json!({
            "total_pence": now.total().0,
            "is_whole": now.is_whole(),
            "difference_pence": now.total().0 - statement.total().0,
            "differences": changes.iter().map(change).collect::<Vec<_>>(),
        });
    }
    serde_json::to_string_pretty(&text).map(|text| text + "\n").unwrap_or_default()
}

/// What the lines, the limits and quality come to together.
fn due(statement: &Statement, beside: &Beside<'_>) -> Pence {
    [statement.total(), beside.by_limits(), beside.by_quality()].into_iter().sum()
}

fn sentence(statement: &Statement, beside: &Beside<'_>) -> String {
    let missing = statement.lines.iter().filter(|line| line.outcome.amount().is_none()).count();
    let lines = |count: usize| if count == 1 { "1 line".to_owned() } else { format!("{count} lines") };
    let mut text = format!("{} follow the trainees, in {}", statement.total(), lines(statement.lines.len()));
    if missing > 0 {
        text += &format!("; {} could not be priced, because something is not loaded", lines(missing));
    }
    let limits = (!beside.adjustments.is_empty()).then(|| format!("{} by the limits", beside.by_limits()));
    let quality = (!beside.weighed.is_empty()).then(|| format!("{} by quality", beside.by_quality()));
    let parts: Vec<String> = limits.into_iter().chain(quality).collect();
    if !parts.is_empty() {
        text += &format!("; with {}, {} are due", parts.join(" and "), due(statement, beside));
    }
    text + "."
}

fn quality(line: &Weighed) -> Value {
    json!({
        "host": line.host,
        "from": line.days.from().to_string(),
        "to": line.days.to().to_string(),
        "share": line.share.to_string(),
        "base_pence": line.base.map(|base| base.0),
        "amount_pence": line.amount.map(|amount| amount.0),
        "working": line.working,
    })
}

fn line(line: &Line) -> Value {
    let (working, is_at_least) = match &line.outcome {
        Outcome::Amount { working, is_at_least, .. } => (working, *is_at_least),
        Outcome::NotLoaded(words) => (words, false),
    };
    json!({
        "reference": line.reference,
        "trainee": line.trainee,
        "host": line.host,
        "team": line.team,
        "tariff": line.tariff,
        "from": line.period.from().to_string(),
        "to": line.period.to().to_string(),
        "fte": line.fte.map(|fte| fte.to_string()),
        "price_pence": line.price.as_ref().map(|price| price.it.price.0),
        "price_effective_from": line.price.as_ref().map(|price| price.in_force.from().to_string()),
        "price_published_on": line.price.as_ref().and_then(|price| price.published_on).map(|day| day.to_string()),
        "price_source": line.price.as_ref().map(|price| &price.source),
        "factor": line.factor.as_ref().map(|factor| factor.it.factor.to_string()),
        "factor_source": line.factor.as_ref().map(|factor| &factor.source),
        "amount_pence": line.outcome.amount().map(|amount| amount.0),
        "is_at_least": is_at_least,
        "working": working,
    })
}

fn adjustment(income: &Income, adjusted: Option<&Adjustment>) -> Value {
    let Some(adjusted) = adjusted else {
        let words = "not loaded: a line of this year could not be priced";
        return json!({"host": income.host, "year": income.year.to_string(), "paid_pence": null, "working": words});
    };
    json!({
        "host": adjusted.host,
        "year": adjusted.year.to_string(),
        "by_tariff_pence": adjusted.by_tariff.0,
        "floor_pence": adjusted.floor.map(|floor| floor.0),
        "cap_pence": adjusted.cap.map(|cap| cap.0),
        "paid_pence": adjusted.paid.0,
        "working": adjusted.working,
    })
}

/// The columns of a statement as CSV. What limits and quality change stands below the lines, as the tariffs `limits` and `quality`.
pub const CSV_COLUMNS: [&str; 16] = [
    "reference",
    "trainee",
    "host",
    "team",
    "tariff",
    "from",
    "to",
    "fte",
    "price",
    "price_published_on",
    "factor",
    "amount",
    "is_at_least",
    "working",
    "price_source",
    "factor_source",
];

pub(super) fn csv(statement: &Statement, beside: &Beside<'_>) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Writing to a vector cannot fail, and every row has the columns' number of cells.
    let _ = writer.write_record(CSV_COLUMNS);
    for line in &statement.lines {
        let (working, is_at_least) = match &line.outcome {
            Outcome::Amount { working, is_at_least, .. } => (working.as_str(), *is_at_least),
            Outcome::NotLoaded(words) => (words.as_str(), false),
        };
        let price = line.price.as_ref();
        let _ = writer.write_record([
            safe(&line.reference),
            safe(&line.trainee),
            safe(&line.host),
            safe(&line.team),
            safe(&line.tariff),
            line.period.from().to_string(),
            line.period.to().to_string(),
            line.fte.map(|fte| fte.to_string()).unwrap_or_default(),
            price.map(|price| price.it.price.plain()).unwrap_or_default(),
            price.and_then(|price| price.published_on).map(|day| day.to_string()).unwrap_or_default(),
            line.factor.as_ref().map(|factor| factor.it.factor.to_string()).unwrap_or_default(),
            line.outcome.amount().map(Pence::plain).unwrap_or_default(),
            if is_at_least { "yes" } else { "no" }.to_owned(),
            working.to_owned(),
            price.map(|price| safe(&price.source)).unwrap_or_default(),
            line.factor.as_ref().map(|factor| safe(&factor.source)).unwrap_or_default(),
        ]);
    }
    let mut below = |host: &str, tariff: &str, days: Period, [price, share, amount, working]: [String; 4]| {
        let none = String::new;
        let _ = writer.write_record([
            none(),
            none(),
            safe(host),
            none(),
            tariff.to_owned(),
            days.from().to_string(),
            days.to().to_string(),
            none(),
            price,
            none(),
            share,
            amount,
            "no".to_owned(),
            safe(&working),
            none(),
            none(),
        ]);
    };
    for (_, adjusted) in &beside.adjustments {
        if let Some(one) = adjusted {
            let changes = Pence(one.paid.0.saturating_sub(one.by_tariff.0)).plain();
            below(&one.host, "limits", one.year, [String::new(), String::new(), changes, one.working.clone()]);
        }
    }
    for one in &beside.weighed {
        let plain = |amount: Option<Pence>| amount.map(Pence::plain).unwrap_or_default();
        below(
            &one.host,
            "quality",
            one.days,
            [plain(one.base), one.share.to_string(), plain(one.amount), one.working.clone()],
        );
    }
    writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

/// A text that a spreadsheet would take for a formula is told to be text.
fn safe(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@']) { format!("'{text}") } else { text.to_owned() }
}
