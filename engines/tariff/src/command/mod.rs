//! `hiec tariff statement`: tables in, the statement as JSON or CSV out; it must never price a table it has not understood whole.

mod tables;
mod writing;

use chrono::NaiveDate;

pub use tables::{factors, incomes, placements, prices, transitions, weights};
pub use writing::CSV_COLUMNS;

use crate::quality::Weighed;
use crate::{
    Adjustment, BUILT_IN_PRICES, BUILT_IN_TRANSITION, Book, Dated, Income, Line, Pence, Period, Statement, Transition,
    differences,
};

/// The tables a statement is made of, as text. Those left out are the ones that come with the program, or none.
#[derive(Debug, Clone, Copy, Default)]
pub struct Tables<'a> {
    pub placements: &'a [u8],
    pub prices: Option<&'a [u8]>,
    pub factors: Option<&'a [u8]>,
    pub incomes: Option<&'a [u8]>,
    pub transition: Option<&'a [u8]>,
    /// What quality adds to hosts' lines, and on which days.
    pub quality: Option<&'a [u8]>,
}

/// How the statement is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Json,
    Csv,
}

/// Makes the statement, as things are known now or as they were known on a day.
///
/// # Errors
/// Every problem in words, with table and line.
pub fn statement(given: Tables<'_>, known_on: Option<NaiveDate>, form: Form) -> Result<String, Vec<String>> {
    let mut problems = Vec::new();
    let mut notes = Vec::new();
    let mut keep = |name: &str, found: &mut Vec<String>| {
        problems.extend(found.drain(..).map(|problem| format!("{name}, {problem}")));
    };
    let mut placements = tables::placements(given.placements);
    keep("placements", &mut placements.problems);
    let mut prices = tables::prices(given.prices.unwrap_or(BUILT_IN_PRICES.as_bytes()));
    keep("prices", &mut prices.problems);
    let mut factors = given.factors.map(tables::factors).unwrap_or_default();
    keep("factors", &mut factors.problems);
    let mut incomes = given.incomes.map(tables::incomes).unwrap_or_default();
    keep("incomes", &mut incomes.problems);
    let mut limits = tables::transitions(given.transition.unwrap_or(BUILT_IN_TRANSITION.as_bytes()));
    keep("transition", &mut limits.problems);
    let mut weights = given.quality.map(tables::weights).unwrap_or_default();
    keep("quality", &mut weights.problems);
    for (name, ignored) in [
        ("placements", placements.ignored),
        ("prices", prices.ignored),
        ("factors", factors.ignored),
        ("incomes", incomes.ignored),
        ("transition", limits.ignored),
        ("quality", weights.ignored),
    ] {
        if !ignored.is_empty() {
            notes.push(format!("{name}: columns not used: {}", ignored.join(", ")));
        }
    }
    let book = match Book::new(prices.rows, factors.rows) {
        Ok(book) => book,
        Err(clashes) => {
            problems.extend(clashes);
            Book::default()
        }
    };
    if !problems.is_empty() {
        return Err(problems);
    }
    let now = book.statement(&placements.rows, None);
    let then = known_on.map(|_| book.statement(&placements.rows, known_on));
    let changes = then.as_ref().map(|then| differences(then, &now));
    let shown = then.as_ref().unwrap_or(&now);
    let beside = Beside {
        adjustments: incomes.rows.iter().map(|income| (income, adjusted(shown, income, &limits.rows))).collect(),
        weighed: weights.rows.iter().filter_map(|weight| weight.weigh(shown)).collect(),
    };
    Ok(match form {
        Form::Json => {
            let changed = changes.as_deref().map(|changes| (changes, &now));
            writing::json(shown, changed, &beside, &notes)
        }
        Form::Csv => writing::csv(shown, &beside),
    })
}

/// What counts beside the lines.
pub(super) struct Beside<'a> {
    /// The years whose income is given; nothing where a line of the year has no amount.
    adjustments: Vec<(&'a Income, Option<Adjustment>)>,
    weighed: Vec<Weighed>,
}

impl Beside<'_> {
    fn by_limits(&self) -> Pence {
        let adjusted = self.adjustments.iter().filter_map(|(_, adjusted)| adjusted.as_ref());
        adjusted.map(|adjusted| Pence(adjusted.paid.0.saturating_sub(adjusted.by_tariff.0))).sum()
    }

    fn by_quality(&self) -> Pence {
        self.weighed.iter().filter_map(|line| line.amount).sum()
    }
}

fn adjusted(statement: &Statement, income: &Income, limits: &[Dated<Transition>]) -> Option<Adjustment> {
    let of_year = |line: &&Line| line.host == income.host && Period::year_of(line.period.from()) == Some(income.year);
    let lines = statement.lines.iter().filter(of_year);
    let by_tariff = lines.map(|line| line.outcome.amount()).sum::<Option<Pence>>()?;
    Some(income.adjust(by_tariff, limits))
}
