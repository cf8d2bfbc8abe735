//! Turns names in capitals into names people write; names with small letters in them are left as they are.

/// Small words within a name.
const SMALL: &[&str] =
    &["AND", "AT", "BY", "DE", "FOR", "IN", "LA", "LE", "NEXT", "OF", "ON", "THE", "TO", "UNDER", "UPON", "WITH"];

/// Written in capitals, though they have vowels or more letters than an initialism usually has.
const CAPITALS: &[&str] = &[
    "A&E", "ABC", "APMS", "CCG", "CIC", "GMS", "GP", "GPS", "ICB", "ICS", "II", "III", "IV", "NEL", "NHS", "PCN",
    "PCT", "PMS", "SMA", "STP", "UCL", "UK", "XX",
];

/// Shortened words, which look like initialisms for want of vowels.
const SHORTENED: &[&str] = &[
    "BLVD", "CTR", "DR", "DRS", "GT", "HTH", "JNR", "JO", "LTD", "MR", "MRS", "MS", "MT", "PTNR", "RD", "SNR", "ST",
    "WLK",
];

/// `BARKING, HAVERING AND REDBRIDGE UNIVERSITY HOSPITALS NHS TRUST` → `Barking, Havering and Redbridge University Hospitals NHS Trust`.
pub fn title_case(name: &str) -> String {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.chars().any(char::is_lowercase) {
        return name;
    }
    let mut out = String::with_capacity(name.len());
    let mut word = String::new();
    let mut is_first = true;
    let end = std::iter::once(None);
    for next in name.chars().map(Some).chain(end) {
        if let Some(c) = next.filter(|c| c.is_alphanumeric() || matches!(c, '\'' | '’')) {
            word.push(c);
            continue;
        }
        if !word.is_empty() {
            out.push_str(&cased(&word, is_first));
            is_first = false;
            word.clear();
        }
        if let Some(c) = next {
            // A bracket or a full comma opens a new phrase: `(The Surgery)`.
            is_first = is_first || matches!(c, '(' | ',');
            if c == ' ' && out.ends_with(|last: char| last.is_alphanumeric()) {
                is_first = false;
            }
            out.push(c);
        }
    }
    out
}

fn cased(word: &str, is_first: bool) -> String {
    if CAPITALS.contains(&word) {
        return word.to_owned();
    }
    if SMALL.contains(&word) && !is_first {
        return word.to_lowercase();
    }
    if SHORTENED.contains(&word) || SMALL.contains(&word) {
        return capitalised(word);
    }
    if is_initials(word) {
        return word.to_owned();
    }
    // O'BRIEN and D'ARCY have a name after the apostrophe, KING'S has an ending.
    match word.split_once(['\'', '’']) {
        Some((before @ ("O" | "D"), after)) if after.chars().count() > 1 => {
            format!("{before}'{}", capitalised(after))
        }
        _ => match word.strip_prefix("MC") {
            Some(rest) if rest.chars().count() > 2 => format!("Mc{}", capitalised(rest)),
            _ => capitalised(word),
        },
    }
}

/// Initials and codes: no vowel, at most two letters, or a figure within (`E17`), except ordinals (`4TH`).
fn is_initials(word: &str) -> bool {
    let has_figure = word.chars().any(|c| c.is_ascii_digit());
    let is_ordinal = has_figure && ["ST", "ND", "RD", "TH"].iter().any(|ending| word.ends_with(ending));
    let has_vowel = word.contains(['A', 'E', 'I', 'O', 'U', 'Y']) || !word.is_ascii();
    let length = word.chars().count();
    match (has_figure, is_ordinal) {
        (true, ordinal) => !ordinal,
        (false, _) => length <= 2 || !has_vowel,
    }
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    match letters.next() {
        Some(first) => first.to_string() + &letters.as_str().to_lowercase(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_read_as_people_write_them() {
        let cases = [
            (
                "BARKING, HAVERING AND REDBRIDGE UNIVERSITY HOSPITALS NHS TRUST",
                "Barking, Havering and Redbridge University Hospitals NHS Trust",
            ),
            (
                "THE QUEEN ELIZABETH HOSPITAL, KING'S LYNN, NHS FOUNDATION TRUST",
                "The Queen Elizabeth Hospital, King's Lynn, NHS Foundation Trust",
            ),
            ("GUY'S AND ST THOMAS' NHS FOUNDATION TRUST", "Guy's and St Thomas' NHS Foundation Trust"),
            ("ROYAL BROMPTON & HAREFIELD NHS FOUNDATION TRUST", "Royal Brompton & Harefield NHS Foundation Trust"),
            ("HORNDON-ON-THE-HILL SURGERY", "Horndon-on-the-Hill Surgery"),
            ("DR AA MCDONALD & PTNR", "Dr AA McDonald & Ptnr"),
            ("THE  E12 HEALTH CTR. (THE GROUP)", "The E12 Health Ctr. (The Group)"),
            ("O'BRIEN GP SURGERY 4TH FLOOR", "O'Brien GP Surgery 4th Floor"),
            ("NHS Ipswich and East Suffolk CCG", "NHS Ipswich and East Suffolk CCG"),
        ];
        for (given, wanted) in cases {
            assert_eq!(title_case(given), wanted);
        }
    }

    proptest! {
        #[test]
        fn twice_is_the_same_as_once_and_no_letter_is_lost(name in "[A-Z'&(), .0-9É-]{0,40}") {
            let once = title_case(&name);
            prop_assert_eq!(title_case(&once), once.clone());
            let letters = |text: &str| text.to_uppercase().chars().filter(|c| !c.is_whitespace()).collect::<String>();
            prop_assert_eq!(letters(&once), letters(&name));
        }
    }
}
