//! The kinds of chart there are, with the codes of the tables and the names people know; it never says which one fits.

/// What is plotted, and what the limits are taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// No limits: the median, and the runs about it.
    Run,
    /// One measured value a point.
    Individuals,
    /// How far each value lies from the one before it.
    MovingRange,
    /// So many of so many.
    Proportions,
    /// Proportions that vary more (or less) than counting alone would make them.
    ProportionsPrime,
    /// Events by exposure: falls for each thousand days in bed.
    Rates,
    /// Rates that vary more (or less) than counting alone would make them.
    RatesPrime,
    /// Events, the exposure always being the same.
    Counts,
    /// Cases between two rare events.
    CasesBetween,
    /// Time between two rare events.
    TimeBetween,
    /// One measured value a point, with a size by which it is the more or the less certain.
    IndividualsPrime,
    /// The mean of several measurements a point.
    Means,
    /// The standard deviation of several measurements a point.
    Deviations,
}

impl Kind {
    /// Every kind, in the order people meet them.
    pub const ALL: [Self; 13] = [
        Self::Run,
        Self::Individuals,
        Self::MovingRange,
        Self::Proportions,
        Self::ProportionsPrime,
        Self::Rates,
        Self::RatesPrime,
        Self::Counts,
        Self::CasesBetween,
        Self::TimeBetween,
        Self::IndividualsPrime,
        Self::Means,
        Self::Deviations,
    ];

    /// The code in tables: `pp` for a P′ chart.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Run => "run",
            Self::Individuals => "i",
            Self::MovingRange => "mr",
            Self::Proportions => "p",
            Self::ProportionsPrime => "pp",
            Self::Rates => "u",
            Self::RatesPrime => "up",
            Self::Counts => "c",
            Self::CasesBetween => "g",
            Self::TimeBetween => "t",
            Self::IndividualsPrime => "ip",
            Self::Means => "xbar",
            Self::Deviations => "s",
        }
    }

    /// The kind a code of a table names.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// What the books call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Run => "run chart",
            Self::Individuals => "I chart",
            Self::MovingRange => "MR chart",
            Self::Proportions => "P chart",
            Self::ProportionsPrime => "P′ chart",
            Self::Rates => "U chart",
            Self::RatesPrime => "U′ chart",
            Self::Counts => "C chart",
            Self::CasesBetween => "G chart",
            Self::TimeBetween => "T chart",
            Self::IndividualsPrime => "I′ chart",
            Self::Means => "Xbar chart",
            Self::Deviations => "S chart",
        }
    }

    /// Counts and times cannot be negative; measured values can.
    pub(crate) const fn counts(self) -> bool {
        matches!(
            self,
            Self::Proportions
                | Self::ProportionsPrime
                | Self::Rates
                | Self::RatesPrime
                | Self::Counts
                | Self::CasesBetween
                | Self::TimeBetween
        )
    }

    /// Whether such a chart can have a value there.
    pub(crate) fn can_be(self, value: f64) -> bool {
        let never_negative = self.counts() || matches!(self, Self::MovingRange | Self::Deviations);
        !(never_negative && value < 0.0 || self.is_part_of_whole() && value > 1.0)
    }

    /// Some of all: the part is never more than the whole.
    pub(crate) const fn is_part_of_whole(self) -> bool {
        matches!(self, Self::Proportions | Self::ProportionsPrime)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_names_its_kind_and_no_other() {
        for kind in Kind::ALL {
            assert_eq!(Kind::of_code(kind.code()), Some(kind));
        }
        assert_eq!(Kind::of_code("r"), None);
    }
}
