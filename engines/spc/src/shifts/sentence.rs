//! What a person needs to decide about a proposal, in plain sentences; the decision is never in them.

use alloc::format;
use alloc::string::String;
use core::fmt::{Display, Write};

use super::{Proposal, Refused, Waiting};

impl Proposal {
    /// What happened, from when, and what was considered. Rows and numbers are said as their chart says them.
    pub fn sentence<D: Display, N: Display>(&self, name: impl Fn(usize) -> D, number: impl Fn(f64) -> N) -> String {
        let mut text = format!(
            "From {} on the level may have moved from {} to {}: {} in a row lie {} the old centre line, and among the {} \
             that new limits are taken from no shift back begins.",
            name(self.row),
            number(self.before),
            number(self.after),
            points(self.run),
            self.side.word(),
            points(self.minimum),
        );
        if !self.excluded.is_empty() {
            text.push_str(" Left out of the new limits, as they lie outside them: ");
            for (at, &row) in self.excluded.iter().enumerate() {
                let comma = if at == 0 { "" } else { ", " };
                // Writing to a text cannot fail.
                let _ = write!(text, "{comma}{}", name(row));
            }
            text.push('.');
        }
        for refused in &self.refused {
            text.push(' ');
            text.push_str(&refused.sentence(&name));
        }
        text.push_str(" Is there a known cause? A person decides.");
        text
    }
}

impl Refused {
    /// Why new limits do not begin here.
    pub fn sentence<D: Display>(&self, name: impl Fn(usize) -> D) -> String {
        let (row, back, points) = (name(self.row), name(self.back), points(self.points));
        match self.is_undecided {
            false => format!("New limits from {row} on were refused: {points} in a row go back from {back} on."),
            true => format!(
                "New limits from {row} on have to wait: the last {points}, from {back} on, may be the beginning of a shift \
                 back."
            ),
        }
    }
}

impl Waiting {
    /// What is to be seen, and what new limits still need.
    pub fn sentence<D: Display>(&self, name: impl Fn(usize) -> D) -> String {
        format!(
            "From {} on {} in a row lie {} the centre line. New limits would need {}; there are {} since then.",
            name(self.row),
            points(self.run),
            self.side.word(),
            points(self.minimum),
            self.points,
        )
    }
}

fn points(count: usize) -> String {
    format!("{count} point{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::super::{Options, Study};
    use super::*;
    use crate::limits::{Kind, Series};

    /// So many points about each level, a little above and below it in turn.
    fn study(levels: &[(f64, usize)]) -> Study {
        let values = levels.iter().flat_map(|&(level, count)| {
            (0..count).map(move |at| Some(if at % 2 == 0 { level - 1.0 } else { level + 1.0 }))
        });
        Study::of(Kind::Individuals, &Series::of_values(values).unwrap(), Options::default()).unwrap()
    }

    #[test]
    fn a_proposal_says_what_a_person_needs() {
        let study = study(&[(10.0, 23), (20.0, 22)]);
        let [proposal] = study.proposals.as_slice() else { panic!("{study:?}") };
        assert_eq!(
            proposal.sentence(|row| row + 1, |number| format!("{number:.0}")),
            "From 24 on the level may have moved from 10 to 20: 22 points in a row lie above the old centre line, and \
             among the 21 points that new limits are taken from no shift back begins. Is there a known cause? A person \
             decides."
        );
    }

    #[test]
    fn a_refusal_says_where_the_level_goes_back() {
        let study = study(&[(10.0, 23), (20.0, 10), (10.0, 30)]);
        let first = study.refused.first().or_else(|| study.proposals.first().and_then(|one| one.refused.first()));
        assert_eq!(
            first.unwrap().sentence(|row| row + 1),
            "New limits from 24 on were refused: 30 points in a row go back from 34 on."
        );
    }

    #[test]
    fn a_young_shift_says_what_it_waits_for() {
        let study = study(&[(10.0, 23), (20.0, 12)]);
        assert_eq!(
            study.waiting.unwrap().sentence(|row| row + 1),
            "From 24 on 12 points in a row lie above the centre line. New limits would need 21 points; there are 12 since \
             then."
        );
    }
}
