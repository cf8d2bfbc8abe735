//! Numbers the model is made of, in whole millionths; it must never pass one through floating point.

/// One person, or the whole of a share.
pub const MILLION: i64 = 1_000_000;

/// A part of so many people, rounded down; what is left stays where it was.
pub(crate) fn part(people: i64, share: i64) -> i64 {
    people * share / MILLION
}

/// A number that may be in doubt: it lies between `low` and `high`, most likely at `central`. In millionths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uncertain {
    pub low: i64,
    pub central: i64,
    pub high: i64,
    /// Where it comes from.
    pub why: Option<String>,
}

impl Uncertain {
    /// A number without doubt.
    pub fn certain(central: i64) -> Self {
        Self { low: central, central, high: central, why: None }
    }

    pub fn is_certain(&self) -> bool {
        self.low == self.high
    }

    /// The value that a share `point` / 2³² of a triangular distribution lies below, rounded towards the nearer end.
    pub(crate) fn at(&self, point: u32) -> i64 {
        let (low, central, high) = (i128::from(self.low), i128::from(self.central), i128::from(self.high));
        let (width, rise, fall) = (high - low, central - low, high - central);
        if width <= 0 {
            return self.central;
        }
        let point = i128::from(point);
        let value = if point * width < (rise << 32) {
            low + root((point * width * rise) >> 32)
        } else {
            high - root((((1 << 32) - point) * width * fall) >> 32)
        };
        i64::try_from(value.clamp(low, high)).unwrap_or(self.central)
    }
}

fn root(square: i128) -> i128 {
    u128::try_from(square).map_or(0, |square| i128::try_from(square.isqrt()).unwrap_or(i128::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draw_follows_the_triangle() {
        let even = Uncertain { low: 0, central: 500_000, high: MILLION, why: None };
        assert_eq!(even.at(0), 0);
        assert_eq!(even.at(1 << 31), 500_000);
        // A quarter of the way up one side: the square root of an eighth.
        assert_eq!(even.at(1 << 30), 353_553);
        assert_eq!(even.at(3 << 30), MILLION - 353_553);
        assert_eq!(Uncertain::certain(7).at(12_345), 7);
    }

    proptest::proptest! {
        #[test]
        fn a_draw_lies_between_the_ends_and_rises(
            ends in proptest::array::uniform3(-9_000_000_000_000_i64..9_000_000_000_000), one: u32, other: u32,
        ) {
            let mut ends = ends;
            ends.sort_unstable();
            let number = Uncertain { low: ends[0], central: ends[1], high: ends[2], why: None };
            let (less, more) = (number.at(one.min(other)), number.at(one.max(other)));
            proptest::prop_assert!(less <= more && number.low <= less && more <= number.high);
        }
    }
}
