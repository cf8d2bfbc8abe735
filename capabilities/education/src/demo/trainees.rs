//! A hundred and twenty made-up trainees, twenty a programme; the first twelve have an account.

use chrono::{Months, NaiveDate};
use hiec_contracts::demonstration::Period;
use hiec_kernel::Problem;

use super::people::{self, WITH_ACCOUNT};
use super::programmes::LINES;
use super::{Stage, day};
use crate::programmes::store as programmes;
use crate::trainees::actions::{self, NewTrainee};
use crate::words::Wte;

const FIRST: [&str; 20] = [
    "Ada", "Ben", "Cleo", "Dev", "Ella", "Femi", "Gus", "Hana", "Idris", "Juno", "Kofi", "Lena", "Milo", "Nia", "Omar",
    "Pia", "Quin", "Rosa", "Sol", "Tess",
];
/// One a programme.
const LAST: [&str; 6] = ["Traineley", "Learnwell", "Rotaford", "Studyham", "Wardley", "Placewell"];

/// How many there are in each programme.
pub(super) const EACH: usize = FIRST.len();

/// The name of one of them, counted from nought; their programme is the sixth they fall into.
pub(super) fn name(nth: usize) -> String {
    let first = FIRST.get(nth / LAST.len()).copied().unwrap_or("Zoe");
    let last = LAST.get(nth % LAST.len()).copied().unwrap_or("Learnwell");
    format!("{first} {last}")
}

/// `NECLES-0001`
pub(super) fn number(nth: usize) -> String {
    format!("NECLES-{:04}", nth + 1)
}

/// Half of whole-time for two in general practice, who share a post; four days of five for a few others.
fn wte(nth: usize) -> Wte {
    match (nth % LAST.len(), nth / LAST.len()) {
        (1, 18 | 19) => Wte(50),
        (3, 11) | (5, 12) => Wte(80),
        _ => Wte::FULL,
    }
}

/// The year somebody began: a third of them each year.
fn begun(nth: usize) -> NaiveDate {
    match (nth / LAST.len()) % 3 {
        0 => day("2009-08-05"),
        _ => day("2010-08-04"),
    }
}

pub(super) async fn live_until(stage: &Stage<'_>, period: Period) -> Result<(), Problem> {
    if period != Period::FirstYear {
        return Ok(());
    }
    let mut unit = stage.begin("education-lead", day("2010-07-01")).await?;
    let programmes = programmes::of_cluster(&unit, stage.cluster.id).await?;
    for nth in 0..EACH * LINES.len() {
        let Some(line) = LINES.get(nth % LINES.len()) else { continue };
        let Some(programme) = programmes.iter().find(|one| one.key == line.key) else {
            return Err(Problem::internal(format!("no programme {}", line.key)));
        };
        let person = match nth < WITH_ACCOUNT {
            true => stage.person(&people::slug(nth + 1)).await?.map(|person| person.id),
            false => None,
        };
        let starts_on = begun(nth);
        let months = u32::try_from(line.months).unwrap_or(36);
        let ends_on = starts_on.checked_add_months(Months::new(months)).and_then(|day| day.pred_opt());
        let new = NewTrainee {
            programme: programme.id,
            person,
            number: number(nth),
            name: name(nth),
            grade: line.grade.to_owned(),
            wte: wte(nth),
            starts_on,
            ends_on: ends_on.unwrap_or(starts_on),
            is_illustrative: true,
        };
        actions::enrol(&mut unit, stage.cluster.id, new).await?;
    }
    unit.commit().await?;
    Ok(())
}
