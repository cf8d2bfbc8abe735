//! Amounts in whole pence; it must never hold a fraction of one.

use core::fmt;

/// An amount of money in pence, below nought where money is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Pence(pub i64);

impl Pence {
    /// The nearest penny, halves away from nought; the furthest amount where there is none so large; nought for no number.
    pub fn nearest(pence: f64) -> Self {
        // A float that is no such integer becomes the nearest that is.
        Self(libm::round(pence) as i64)
    }
}

impl fmt::Display for Pence {
    /// Pounds and pence with thousands apart: −£2,168.49.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (pounds, pence) = (self.0.unsigned_abs() / 100, self.0.unsigned_abs() % 100);
        f.write_str(if self.0 < 0 { "−£" } else { "£" })?;
        let mut groups = [0; 7];
        let (mut rest, mut count) = (pounds, 0);
        for group in &mut groups {
            *group = rest % 1000;
            rest /= 1000;
            count += 1;
            if rest == 0 {
                break;
            }
        }
        for (at, group) in groups.iter().take(count).rev().enumerate() {
            if at == 0 { write!(f, "{group}")? } else { write!(f, ",{group:03}")? }
        }
        write!(f, ".{pence:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_rounded_once_and_written_in_pounds() {
        let shown = |pence: f64| Pence::nearest(pence).to_string();
        assert_eq!(shown(-216_849.4), "−£2,168.49");
        assert_eq!((shown(0.5), shown(-0.5), shown(0.49)), ("£0.01".into(), "−£0.01".into(), "£0.00".into()));
        assert_eq!(shown(123_456_789_012.0), "£1,234,567,890.12");
        assert_eq!(shown(100_000_500.0), "£1,000,005.00");
        assert_eq!(shown(f64::NAN), "£0.00");
        assert_eq!(Pence(i64::MIN).to_string(), "−£92,233,720,368,547,758.08");
    }
}
