//! Sites counted by stage at the end of every period; it must never lose a site that left.

use alloc::vec::Vec;

use chrono::NaiveDate;

use crate::curves::{NoCurve, Period, Spread};
use crate::stages::{History, Stage};

/// Sites at the end of one period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// The last day of the period.
    pub end: NaiveDate,
    /// Sites at each stage, in the order of [`Stage::ALL`].
    pub at: [u32; 5],
    /// Sites that adopted for the first time in this period.
    pub new_adopters: u32,
    /// Sites that ever adopted, whether they kept it or not.
    pub ever_adopted: u32,
    /// Sites that stopped doing it as a matter of course in this period, and had not taken it up again by its end.
    pub de_adopters: u32,
}

impl Tally {
    /// Sites at a stage.
    pub fn at(&self, stage: Stage) -> u32 {
        Stage::ALL.iter().position(|other| *other == stage).map_or(0, |place| self.at[place])
    }

    /// Sites that do it as a matter of course: the ones that adopted less the ones that stopped.
    pub fn in_use(&self) -> u32 {
        self.at(Stage::Adopted) + self.at(Stage::Sustained)
    }
}

/// One tally a period, whose last days are given in rising order. What came before the first counts as new in it.
pub fn tallies(histories: &[History], ends: &[NaiveDate]) -> Vec<Tally> {
    let mut before: Option<NaiveDate> = None;
    ends.iter()
        .map(|&end| {
            let mut tally = Tally { end, at: [0; 5], new_adopters: 0, ever_adopted: 0, de_adopters: 0 };
            for history in histories {
                let stage = history.stage_on(end);
                if let Some(place) = Stage::ALL.iter().position(|other| Some(*other) == stage) {
                    tally.at[place] += 1;
                }
                if let Some(first) = history.first_adopted_on().filter(|first| *first <= end) {
                    tally.ever_adopted += 1;
                    tally.new_adopters += u32::from(before.is_none_or(|before| first > before));
                }
                let was_in_use = before.and_then(|before| history.stage_on(before)).is_some_and(Stage::is_in_use);
                tally.de_adopters += u32::from(was_in_use && !stage.is_some_and(Stage::is_in_use));
            }
            before = Some(end);
            tally
        })
        .collect()
}

/// The counts of first adoptions by period, for a curve; the first period is number 1.
///
/// # Errors
/// More sites than are eligible.
pub fn spread(tallies: &[Tally], eligible: Option<u32>) -> Result<Spread, NoCurve> {
    let period =
        |(t, tally): (u32, &Tally)| Period { t, new: Some(tally.new_adopters), cumulative: Some(tally.ever_adopted) };
    Spread::new((1..).zip(tallies).map(period).collect(), eligible)
}

#[cfg(test)]
mod tests {
    use alloc::borrow::ToOwned;

    use super::*;
    use crate::stages::{Rules, Step};

    fn on(month: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2010, month, 15).unwrap()
    }

    fn history(steps: &[(Stage, u32)]) -> History {
        let mut steps = steps.iter().map(|&(stage, month)| Step { stage, on: on(month), evidence: "seen".to_owned() });
        let first = History::begin(steps.next().unwrap()).unwrap();
        steps.fold(first, |history, step| history.step(step, Rules { sustained_after_days: 30 }).unwrap())
    }

    #[test]
    fn sites_are_counted_once_wherever_they_went() {
        let histories = [
            history(&[(Stage::Aware, 1), (Stage::Adopted, 3), (Stage::Sustained, 6)]),
            history(&[(Stage::Trial, 2), (Stage::Adopted, 5), (Stage::Abandoned, 8), (Stage::Adopted, 11)]),
            history(&[(Stage::Aware, 5)]),
        ];
        let ends = [3, 6, 9, 12].map(|month| NaiveDate::from_ymd_opt(2010, month, 30).unwrap());
        let tallies = tallies(&histories, &ends);
        let column = |of: fn(&Tally) -> u32| tallies.iter().map(of).collect::<Vec<_>>();
        assert_eq!(column(|tally| tally.new_adopters), [1, 1, 0, 0]);
        assert_eq!(column(|tally| tally.ever_adopted), [1, 2, 2, 2]);
        assert_eq!(column(Tally::in_use), [1, 2, 1, 2]);
        assert_eq!(column(|tally| tally.de_adopters), [0, 0, 1, 0]);
        assert_eq!(column(|tally| tally.at(Stage::Aware)), [0, 1, 1, 1]);
        assert_eq!(column(|tally| tally.at(Stage::Trial)), [1, 0, 0, 0]);
        let spread = spread(&tallies, Some(7)).unwrap();
        assert_eq!(spread.adopters(), 2);
        assert_eq!(spread.periods().len(), 4);
    }
}
