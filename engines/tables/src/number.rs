//! Numbers from text and back: exact where a short decimal allows it quickly, else by the standard library; it must never be off by a digit.

/// Powers of ten that doubles hold exactly.
const TENS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
];

/// The largest whole number below which every whole number is a double.
const EXACT: u64 = 1 << 53;

/// A finite number, if the bytes are one.
pub fn parse(text: &[u8]) -> Option<f64> {
    short_decimal(text).or_else(|| {
        let text = std::str::from_utf8(text).ok()?;
        text.parse().ok().filter(|number: &f64| number.is_finite())
    })
}

/// A decimal without exponent whose digits fit a double: the quotient of two exact doubles is rounded once, correctly
/// (Clinger, *How to read floating point numbers accurately*, 1990).
fn short_decimal(text: &[u8]) -> Option<f64> {
    let (is_negative, digits) = match text.split_first()? {
        (b'-', digits) => (true, digits),
        _ => (false, text),
    };
    if digits.len() > 17 || !digits.first()?.is_ascii_digit() {
        return None;
    }
    let (mut whole, mut point) = (0_u64, None);
    for (place, &byte) in digits.iter().enumerate() {
        match byte {
            b'0'..=b'9' => whole = whole * 10 + u64::from(byte - b'0'),
            b'.' if point.is_none() => point = Some(place + 1),
            _ => return None,
        }
    }
    if whole > EXACT {
        return None;
    }
    let decimals = point.map_or(0, |place| digits.len() - place);
    #[expect(clippy::cast_precision_loss, reason = "at most 2^53")]
    let number = whole as f64 / TENS.get(decimals)?;
    Some(if is_negative { -number } else { number })
}

/// A whole number and how many of its last digits are decimals, if the number has at most 15 significant digits and six decimals.
///
/// The quotient read back is the number, and of all decimals with 15 digits only one reads back to it.
fn as_short_decimal(size: f64) -> Option<(u64, usize)> {
    const LARGEST: f64 = 1e15;
    const SMALLEST: f64 = 1e-4;
    if size < SMALLEST && size > 0.0 {
        return None;
    }
    for (decimals, ten) in TENS.iter().enumerate().take(7) {
        let scaled = size * ten;
        if scaled >= LARGEST {
            return None;
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 10^15")]
        let whole = (scaled + 0.5) as u64;
        #[expect(clippy::cast_precision_loss, reason = "at most 10^15")]
        if whole as f64 / ten == size {
            return Some((whole, decimals));
        }
    }
    None
}

/// Writes a number with at most 15 significant digits and no trailing noughts, as `%.15g` does; `NaN`, `Inf`, `-Inf`.
pub fn write(to: &mut Vec<u8>, number: f64) {
    if number.is_nan() {
        return to.extend_from_slice(b"NaN");
    }
    // Minus nought is nought to a reader.
    if number < 0.0 {
        to.push(b'-');
    }
    let size = number.abs();
    if size.is_infinite() {
        return to.extend_from_slice(b"Inf");
    }
    match as_short_decimal(size) {
        Some((whole, decimals)) => write_decimal(to, whole, decimals),
        None => write_rounded(to, size),
    }
}

/// Writes a whole number.
pub fn write_whole(to: &mut Vec<u8>, number: i64) {
    if number < 0 {
        to.push(b'-');
    }
    write_decimal(to, number.unsigned_abs(), 0);
}

/// Writes a whole number, its last digits as decimals.
fn write_decimal(to: &mut Vec<u8>, whole: u64, decimals: usize) {
    let mut digits = [b'0'; 22];
    let (mut rest, mut count) = (whole, 0);
    for (place, digit) in digits.iter_mut().rev().enumerate() {
        if place == decimals && decimals > 0 {
            *digit = b'.';
            count += 1;
            continue;
        }
        if rest == 0 && count > 0 && (decimals == 0 || place > decimals + 1) {
            break;
        }
        *digit = b'0' + u8::try_from(rest % 10).unwrap_or_default();
        rest /= 10;
        count += 1;
    }
    to.extend_from_slice(digits.get(digits.len() - count..).unwrap_or_default());
}

/// The standard library's digits, rounded correctly, put as a reader expects them.
fn write_rounded(to: &mut Vec<u8>, size: f64) {
    let scientific = format!("{size:.14e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let digits: Vec<u8> = mantissa.bytes().filter(u8::is_ascii_digit).collect();
    let significant = digits.iter().rposition(|&digit| digit != b'0').map_or(1, |last| last + 1);
    let digits = digits.get(..significant).unwrap_or_default();
    let exponent: i32 = exponent.parse().unwrap_or_default();
    match usize::try_from(exponent) {
        Ok(exponent) if exponent < 15 => {
            let whole = (exponent + 1).min(significant);
            to.extend_from_slice(digits.get(..whole).unwrap_or_default());
            to.extend(std::iter::repeat_n(b'0', exponent + 1 - whole));
            point(to, digits.get(whole..).unwrap_or_default());
        }
        Err(_) if exponent >= -4 => {
            to.extend_from_slice(b"0.");
            to.extend(std::iter::repeat_n(b'0', usize::try_from(-1 - exponent).unwrap_or_default()));
            to.extend_from_slice(digits);
        }
        _ => {
            to.extend_from_slice(digits.get(..1).unwrap_or_default());
            point(to, digits.get(1..).unwrap_or_default());
            to.extend_from_slice(if exponent < 0 { b"e-" } else { b"e+" });
            to.extend_from_slice(format!("{:02}", exponent.unsigned_abs()).as_bytes());
        }
    }
}

fn point(to: &mut Vec<u8>, decimals: &[u8]) {
    if !decimals.is_empty() {
        to.push(b'.');
        to.extend_from_slice(decimals);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(number: f64) -> String {
        let mut text = Vec::new();
        write(&mut text, number);
        String::from_utf8(text).unwrap()
    }

    /// The number that is printed, by the standard library's rounding.
    fn peer(number: f64) -> f64 {
        format!("{number:.14e}").parse().unwrap()
    }

    #[test]
    fn numbers_have_fifteen_significant_digits() {
        assert_eq!(shown(0.1 + 0.2), "0.3");
        assert_eq!(shown(1.0 / 3.0), "0.333333333333333");
        assert_eq!(shown(2.0 / 3.0 * 1000.0), "666.666666666667");
        assert_eq!(shown(200.0 / 3.0 / 1e5), "0.000666666666666667");
        assert_eq!(shown(200.0 / 3.0 / 1e6), "6.66666666666667e-05");
        assert_eq!(shown(0.00025), "0.00025");
        assert_eq!(shown(0.000025), "2.5e-05");
        assert_eq!(shown(1e15 / 3.0), "333333333333333");
        assert_eq!(shown(0.05), "0.05");
        assert_eq!(shown(-12.5), "-12.5");
        assert_eq!(shown(100.0), "100");
        assert_eq!(shown(0.0), "0");
        assert_eq!(shown(-0.0), "0");
        assert_eq!(shown(123_456_789_012_345.0), "123456789012345");
        assert_eq!(shown(1e15), "1e+15");
        assert_eq!(shown(1e23 - 3e7), "1e+23");
        assert_eq!(shown(1.759_918_361_84e-16), "1.75991836184e-16");
        assert_eq!(shown(f64::NAN), "NaN");
        assert_eq!(shown(f64::NEG_INFINITY), "-Inf");
    }

    #[test]
    fn whole_numbers_are_whole() {
        for number in [0, 7, -40, i64::MAX, i64::MIN] {
            let mut text = Vec::new();
            write_whole(&mut text, number);
            assert_eq!(String::from_utf8(text).unwrap(), number.to_string());
        }
    }

    #[test]
    fn what_is_no_number_is_none() {
        for text in ["", "-", ".", "1.2.3", "1o5", "inf", "NaN", "1e999", "1,2", "--1", " 1"] {
            assert_eq!(parse(text.as_bytes()), None, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_number_reads_back_to_fifteen_digits(number in proptest::num::f64::ANY) {
            if number.is_finite() {
                proptest::prop_assert_eq!(parse(shown(number).as_bytes()), Some(peer(number)));
            }
        }

        #[test]
        fn decimals_read_as_the_standard_library_reads_them(whole in 0_i64..1_000_000_000_000, decimals in 0_usize..20) {
            let digits = format!("{whole:0>width$}", width = decimals + 1);
            let (before, after) = digits.split_at(digits.len() - decimals);
            for text in [format!("{before}.{after}"), format!("-{before}.{after}"), format!("{before}{after}e-3")] {
                proptest::prop_assert_eq!(parse(text.as_bytes()), text.parse().ok(), "{}", text);
            }
        }

        #[test]
        fn a_decimal_of_fifteen_digits_survives(whole in 0_u64..1_000_000_000_000_000, decimals in 0_usize..15) {
            let digits = format!("{whole:0>width$}", width = decimals + 1);
            let (before, after) = digits.split_at(digits.len() - decimals);
            let number: f64 = format!("{before}.{after}").parse().unwrap();
            let trimmed = after.trim_end_matches('0');
            let wanted = if trimmed.is_empty() { before.to_owned() } else { format!("{before}.{trimmed}") };
            if number == 0.0 || number >= 1e-4 {
                proptest::prop_assert_eq!(shown(number), wanted);
            }
        }
    }
}
