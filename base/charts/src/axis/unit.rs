//! What the values are counted in, and how a value is written; it must never round away what tells two ticks apart.

/// What the values are counted in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Unit {
    /// Just numbers.
    #[default]
    Plain,
    /// Out of a hundred: 92.4 is written 92.4%.
    Percent,
    /// Out of one: 0.924 is written 92.4%.
    Share,
    /// Pounds sterling.
    Pounds,
    /// Something with a name, such as minutes: written once above the axis, not at each number.
    Of(String),
}

/// Most decimals anything is written with.
const MOST_DECIMALS: usize = 6;
/// Most digits anything is written with.
const MOST_DIGITS: u32 = 12;

impl Unit {
    /// The value in words, with this many decimals.
    #[must_use]
    pub fn figure(&self, value: f64, decimals: usize) -> String {
        match self {
            Self::Plain | Self::Of(_) => number(value, decimals),
            Self::Percent => format!("{}%", number(value, decimals)),
            Self::Share => format!("{}%", number(value * 100.0, decimals)),
            Self::Pounds => match number(value, decimals).strip_prefix('−') {
                Some(rest) => format!("−£{rest}"),
                None => format!("£{}", number(value, decimals)),
            },
        }
    }

    /// The value with its unit, for a sentence.
    #[must_use]
    pub fn words(&self, value: f64, decimals: usize) -> String {
        match self {
            Self::Of(name) => format!("{} {name}", self.figure(value, decimals)),
            _ => self.figure(value, decimals),
        }
    }

    /// What stands above the axis.
    pub(crate) fn axis_title(&self) -> &str {
        match self {
            Self::Of(name) => name,
            _ => "",
        }
    }

    /// Decimals that tell apart values this far from each other.
    pub(crate) fn decimals(&self, step: f64) -> usize {
        let step = if *self == Self::Share { step * 100.0 } else { step };
        if !step.is_finite() || step <= 0.0 {
            return 0;
        }
        // A step of 2.5 needs one decimal, one of 0.25 two: try until nothing is lost.
        (0..MOST_DECIMALS)
            .find(|decimals| {
                let scaled = step * 10_f64.powi(i32::try_from(*decimals).unwrap_or(0));
                (scaled - scaled.round()).abs() < 1e-6 * scaled.max(1e-9) && scaled >= 0.5
            })
            .unwrap_or(MOST_DECIMALS)
    }

    /// Decimals that tell apart some thirty steps between the lowest and the highest of these values, and one at least for
    /// per cent.
    pub(crate) fn steps_apart(&self, values: impl Iterator<Item = f64>) -> usize {
        let (low, high) = values
            .filter(|value| value.is_finite())
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
        let span = if *self == Self::Share { (high - low) * 100.0 } else { high - low };
        let least = usize::from(matches!(self, Self::Percent | Self::Share));
        if !span.is_finite() {
            return least;
        }
        if span == 0.0 {
            return self.exact(low);
        }
        (0..6_i32)
            .find(|decimals| span * 10_f64.powi(*decimals) >= 30.0)
            .and_then(|decimals| usize::try_from(decimals).ok())
            .unwrap_or(MOST_DECIMALS)
            .max(least)
    }

    /// Decimals a value was given with, as far as they are written at all.
    pub(crate) fn exact(&self, value: f64) -> usize {
        let value = if *self == Self::Share { value * 100.0 } else { value };
        let is_whole = |scaled: f64| (scaled - scaled.round()).abs() <= 1e-9 * scaled.abs().max(1e-9);
        (0..4)
            .find(|decimals| is_whole(value * 10_f64.powi(*decimals)))
            .map_or(4, |decimals| usize::try_from(decimals).unwrap_or(4))
    }

    /// What no value can pass, where the unit has such an end: no tick is written beyond it.
    pub(crate) fn ends(&self) -> Option<(f64, f64)> {
        match self {
            Self::Percent => Some((0.0, 100.0)),
            Self::Share => Some((0.0, 1.0)),
            Self::Plain | Self::Pounds | Self::Of(_) => None,
        }
    }
}

/// A number with thousands set apart and a true minus; billions and powers of ten where it would be too long to read.
pub(crate) fn number(value: f64, decimals: usize) -> String {
    if !value.is_finite() {
        return "no number".to_owned();
    }
    if value.abs() >= 1e12 {
        return format!("{value:.2e}").replace('-', "−");
    }
    if value.abs() >= 1e9 {
        let billions = format!("{:.3}", value / 1e9);
        return format!("{}bn", billions.trim_end_matches('0').trim_end_matches('.')).replace('-', "−");
    }
    let digits = value.abs().max(1.0).log10().floor();
    // More digits than this tell a reader nothing, and a double hardly more.
    let room =
        (1..=MOST_DIGITS).rev().find(|digit| f64::from(*digit) + digits <= f64::from(MOST_DIGITS)).unwrap_or(1) - 1;
    let decimals = decimals.min(MOST_DECIMALS).min(usize::try_from(room).unwrap_or(0));
    let text = format!("{:.*}", decimals, value.abs());
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    let is_nought = text.bytes().all(|byte| matches!(byte, b'0' | b'.'));
    let mut out = String::with_capacity(text.len() + 4);
    if value < 0.0 && !is_nought {
        out.push('−');
    }
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_as_people_write_them() {
        assert_eq!(Unit::Plain.figure(1_234_567.0, 0), "1,234,567");
        assert_eq!(Unit::Plain.figure(-999.96, 1), "−1,000.0");
        assert_eq!(Unit::Plain.figure(-0.004, 2), "0.00");
        assert_eq!(Unit::Percent.figure(92.44, 1), "92.4%");
        assert_eq!(Unit::Share.figure(0.9244, 1), "92.4%");
        assert_eq!(Unit::Pounds.figure(-12_000.0, 0), "−£12,000");
        assert_eq!(Unit::Of("minutes".into()).words(12.5, 1), "12.5 minutes");
        assert_eq!(Unit::Pounds.figure(-1_250_000_000.0, 0), "−£1.25bn");
        assert_eq!(Unit::Plain.figure(1.5e300, 0), "1.50e300");
    }

    #[test]
    fn decimals_tell_ticks_apart() {
        for (step, decimals) in [(5.0, 0), (2.5, 1), (0.25, 2), (0.1, 1), (1000.0, 0), (0.0, 0)] {
            assert_eq!(Unit::Plain.decimals(step), decimals, "{step}");
        }
        assert_eq!((Unit::Plain.exact(95.0), Unit::Plain.exact(0.95), Unit::Share.exact(0.955)), (0, 2, 1));
        assert_eq!(Unit::Share.decimals(0.05), 0);
        assert_eq!(Unit::Share.decimals(0.005), 1);
    }
}
