//! The rows a chart is drawn from, and why some cannot be; it never repairs a value.

use alloc::vec::Vec;
use core::fmt;

use super::Kind;
use super::average::{deviation, mean};
use crate::xmr::LARGEST;

/// The rows of a series in order of time: values, ratios, or subgroups of several measurements.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    pub(crate) rows: Vec<Row>,
    pub(crate) has_sizes: bool,
}

/// One row, made ready for every kind of chart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Row {
    /// What is plotted: the value, the ratio or the mean. Nothing for a gap.
    pub value: Option<f64>,
    /// Nought for a gap.
    pub numerator: f64,
    /// The denominator or the number of measurements; 1 where there is none, nought for a gap with one.
    pub size: f64,
    /// The standard deviation of a subgroup of two measurements and more.
    pub deviation: Option<f64>,
}

impl Series {
    /// A series of single values. Nothing is a gap.
    ///
    /// # Errors
    /// A value that is infinite, not a number, or larger than [`LARGEST`].
    pub fn of_values(values: impl IntoIterator<Item = Option<f64>>) -> Result<Self, Refusal> {
        let rows = values.into_iter().enumerate().map(|(row, value)| {
            let value = drawable(row, value)?;
            Ok(Row {
                value,
                numerator: value.unwrap_or_default(),
                size: f64::from(u8::from(value.is_some())),
                deviation: None,
            })
        });
        Ok(Self { rows: rows.collect::<Result<_, _>>()?, has_sizes: false })
    }

    /// A series of numerators and denominators. Where either is missing, or the denominator is nought, there is a gap.
    ///
    /// # Errors
    /// A number that is infinite, not a number, or larger than [`LARGEST`]; a negative denominator.
    pub fn of_ratios(ratios: impl IntoIterator<Item = (Option<f64>, Option<f64>)>) -> Result<Self, Refusal> {
        let rows = ratios.into_iter().enumerate().map(|(row, (numerator, denominator))| {
            match (drawable(row, numerator)?, drawable(row, denominator)?) {
                (_, Some(size)) if size < 0.0 => Err(Refusal::NegativeSize { row }),
                (Some(numerator), Some(size)) if size > 0.0 => {
                    let value = drawable(row, Some(numerator / size))?;
                    Ok(Row { value, numerator, size, deviation: None })
                }
                _ => Ok(Row { value: None, numerator: 0.0, size: 0.0, deviation: None }),
            }
        });
        Ok(Self { rows: rows.collect::<Result<_, _>>()?, has_sizes: true })
    }

    /// A series of subgroups, each with its measurements. A subgroup without any is a gap.
    ///
    /// # Errors
    /// A measurement that is infinite, not a number, or larger than [`LARGEST`].
    pub fn of_subgroups<'a>(subgroups: impl IntoIterator<Item = &'a [f64]>) -> Result<Self, Refusal> {
        let rows = subgroups.into_iter().enumerate().map(|(row, measurements)| {
            for &measurement in measurements {
                drawable(row, Some(measurement))?;
            }
            #[expect(clippy::cast_precision_loss, reason = "no subgroup has 2^53 measurements")]
            let size = measurements.len() as f64;
            let value = mean(measurements.iter().copied());
            Ok(Row {
                value,
                numerator: value.unwrap_or_default() * size,
                size,
                deviation: deviation(measurements.iter().copied()),
            })
        });
        Ok(Self { rows: rows.collect::<Result<_, _>>()?, has_sizes: true })
    }

    /// How many rows there are, gaps too.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// No rows at all.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// How many rows have no value.
    pub fn gaps(&self) -> usize {
        self.rows.iter().filter(|row| row.value.is_none()).count()
    }

    /// Whether a kind of chart can mean anything for these rows.
    pub(crate) fn check(&self, kind: Kind) -> Result<(), Refusal> {
        for (row, each) in self.rows.iter().enumerate() {
            if kind.counts() && each.numerator < 0.0 {
                return Err(Refusal::Negative { row, kind });
            }
            if kind.is_part_of_whole() && each.numerator > each.size {
                return Err(Refusal::MoreThanAll { row });
            }
        }
        Ok(())
    }
}

fn drawable(row: usize, number: Option<f64>) -> Result<Option<f64>, Refusal> {
    match number {
        // A number that is none compares with nothing.
        Some(number) if number.abs() <= LARGEST => Ok(Some(number)),
        Some(_) => Err(Refusal::Value { row }),
        None => Ok(None),
    }
}

/// Why a series cannot be drawn. Rows count from nought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// A number that is infinite, not a number, or larger than [`LARGEST`].
    Value { row: usize },
    /// A denominator below nought.
    NegativeSize { row: usize },
    /// A count or a time below nought.
    Negative { row: usize, kind: Kind },
    /// A part greater than its whole.
    MoreThanAll { row: usize },
    /// A chart that follows another one, where shifts are looked for.
    Follows { kind: Kind },
    /// A given centre line that is infinite, not a number, or larger than [`LARGEST`].
    Centre,
    /// A given centre line that no value of such a chart can lie on.
    CentreOutside { kind: Kind },
    /// A number to multiply by that is not above nought, or larger than [`LARGEST`].
    Multiply,
}

impl Refusal {
    /// The row that is at fault, counted from nought; nothing where a choice of the chart is.
    pub const fn row(&self) -> Option<usize> {
        match *self {
            Self::Value { row }
            | Self::NegativeSize { row }
            | Self::Negative { row, .. }
            | Self::MoreThanAll { row } => Some(row),
            Self::Follows { .. } | Self::Centre | Self::CentreOutside { .. } | Self::Multiply => None,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value { .. } => f.write_str("this is not a number a chart can show (at most 1e150 in size)"),
            Self::NegativeSize { .. } => f.write_str("a denominator cannot be negative"),
            Self::Negative { kind, .. } => {
                write!(f, "a negative number cannot stand in a {}: it shows counts or times", kind.name())
            }
            Self::MoreThanAll { .. } => {
                f.write_str("the numerator is greater than the denominator, so it is no part of it")
            }
            Self::Follows { kind } => {
                write!(f, "a {} follows another chart; shifts are looked for in that one", kind.name())
            }
            Self::Centre => f.write_str("the centre line is not a number a chart can show (at most 1e150 in size)"),
            Self::CentreOutside { kind } if kind.is_part_of_whole() => {
                write!(f, "the centre line of a {} lies between 0 and 1, before multiplying", kind.name())
            }
            Self::CentreOutside { kind } => write!(f, "the centre line of a {} is not negative", kind.name()),
            Self::Multiply => f.write_str("the number to multiply by must be above nought"),
        }
    }
}

impl core::error::Error for Refusal {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_without_either_part_or_by_nought_is_a_gap() {
        let series = Series::of_ratios([
            (Some(1.0), Some(4.0)),
            (None, Some(4.0)),
            (Some(1.0), None),
            (Some(0.0), Some(0.0)),
            (Some(3.0), Some(0.0)),
        ])
        .unwrap();
        let values: Vec<Option<f64>> = series.rows.iter().map(|row| row.value).collect();
        assert_eq!(values, [Some(0.25), None, None, None, None]);
        assert!(series.rows.iter().skip(1).all(|row| row.size == 0.0 && row.numerator == 0.0));
    }

    #[test]
    fn what_no_chart_can_show_is_refused_with_its_row() {
        let refused = |values: &[f64]| Series::of_values(values.iter().copied().map(Some)).unwrap_err();
        assert_eq!(refused(&[1.0, f64::NAN]), Refusal::Value { row: 1 });
        assert_eq!(refused(&[f64::INFINITY]), Refusal::Value { row: 0 });
        assert_eq!(refused(&[1.0, 2.0, -1e151]), Refusal::Value { row: 2 });
        assert_eq!(Series::of_ratios([(Some(1.0), Some(-1.0))]).unwrap_err(), Refusal::NegativeSize { row: 0 });
        // The parts are fine, their ratio is not.
        assert_eq!(Series::of_ratios([(Some(1e100), Some(1e-100))]).unwrap_err(), Refusal::Value { row: 0 });
    }

    #[test]
    fn counts_are_not_negative_and_parts_not_more_than_all() {
        let series = Series::of_values([Some(1.0), Some(-1.0)]).unwrap();
        assert_eq!(series.check(Kind::Counts), Err(Refusal::Negative { row: 1, kind: Kind::Counts }));
        assert_eq!(series.check(Kind::Individuals), Ok(()));
        let series = Series::of_ratios([(Some(3.0), Some(2.0))]).unwrap();
        assert_eq!(series.check(Kind::Proportions), Err(Refusal::MoreThanAll { row: 0 }));
        assert_eq!(series.check(Kind::Rates), Ok(()));
    }

    #[test]
    fn a_subgroup_has_a_mean_a_size_and_from_two_measurements_on_a_deviation() {
        let subgroups: [&[f64]; 3] = [&[1.0, 3.0], &[5.0], &[]];
        let series = Series::of_subgroups(subgroups).unwrap();
        let [two, one, none] = series.rows.as_slice() else { unreachable!() };
        assert_eq!((two.value, two.size, two.deviation), (Some(2.0), 2.0, Some(2.0_f64.sqrt())));
        assert_eq!((one.value, one.size, one.deviation), (Some(5.0), 1.0, None));
        assert_eq!((none.value, none.size, none.deviation), (None, 0.0, None));
    }
}
