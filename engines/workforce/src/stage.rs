//! A stage of training as a row of years; it must never let anybody through sooner than their working time allows.

use crate::amount::{MILLION, part};

/// Those in a stage, by calendar year since they began. Part-time working stretches the row: it is as long as the years of
/// training divided by the mean whole-time equivalent, and where that is no whole number some finish a year before the
/// rest, so that the mean is exact.
#[derive(Debug, Clone)]
pub struct Training {
    row: Vec<i64>,
    /// After how many years the first finish.
    whole: usize,
    /// The share of those who finish then.
    sooner: i64,
}

/// What a year does to a stage.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Passed {
    pub lost: i64,
    pub finished: i64,
}

impl Training {
    pub fn new(years: u32, wte: i64, in_training: &[i64]) -> Self {
        let wte = wte.max(1);
        let took = i64::from(years) * MILLION * MILLION / wte;
        let (whole, over) = (usize::try_from(took / MILLION).unwrap_or(1).max(1), took % MILLION);
        let mut row = vec![0; whole + usize::from(over > 0)];
        for (year, people) in (0_i64..).zip(in_training) {
            let since = usize::try_from(year * MILLION / wte).unwrap_or(0).min(row.len() - 1);
            if let Some(there) = row.get_mut(since) {
                *there += people;
            }
        }
        Self { row, whole, sooner: MILLION - over }
    }

    pub fn start(&mut self, people: i64) {
        if let Some(first) = self.row.first_mut() {
            *first += people;
        }
    }

    pub fn people(&self) -> i64 {
        self.row.iter().sum()
    }

    pub fn pass(&mut self, attrition: i64) -> Passed {
        let mut passed = Passed::default();
        let last = self.row.len() - 1;
        let mut coming = 0;
        for (at, there) in self.row.iter_mut().enumerate() {
            let lost = part(*there, attrition);
            let stay = *there - lost;
            passed.lost += lost;
            let done = match at {
                at if at == last => stay,
                at if at + 1 == self.whole => part(stay, self.sooner),
                _ => 0,
            };
            passed.finished += done;
            *there = coming;
            coming = stay - done;
        }
        passed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finishing(years: u32, wte: i64) -> Vec<i64> {
        let mut training = Training::new(years, wte, &[]);
        training.start(100 * MILLION);
        (0..12).map(|_| training.pass(0).finished).collect()
    }

    #[test]
    fn full_time_takes_its_years_and_no_other() {
        let finished = finishing(3, MILLION);
        assert_eq!(finished.iter().position(|done| *done > 0), Some(2));
        assert_eq!(finished[2], 100 * MILLION);
    }

    #[test]
    fn part_time_takes_its_years_divided_by_working_time() {
        // 3 / 0.8 = 3.75: a quarter after three years, the rest after four.
        let finished = finishing(3, 800_000);
        assert_eq!(&finished[..5], [0, 0, 25 * MILLION, 75 * MILLION, 0]);
        assert_eq!(finishing(3, 500_000)[5], 100 * MILLION);
    }

    #[test]
    fn those_in_training_stand_where_their_working_time_put_them() {
        let mut training = Training::new(3, 500_000, &[0, 10, 20]);
        assert_eq!(training.row, [0, 0, 10, 0, 20, 0]);
        assert_eq!((0..4).map(|_| training.pass(0).finished).collect::<Vec<_>>(), [0, 20, 0, 10]);
    }
}
