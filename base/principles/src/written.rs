//! What a piece of writing shows at a glance: that it says something, that it names a measure; it never judges whether what it says is good.
//!
//! This is a prompt to the writer, not a reader: it looks for numbers with a meaning and for the words people use when they
//! measure. An assessor decides what the measure is worth.

use hiec_kernel::calendar::MONTHS;

/// Whether a text shows how something is measured.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Measured {
    /// No text, or a stand-in such as "to follow".
    Nothing,
    /// Text without a measure.
    Not,
    /// The passage that shows it, shortened for the page.
    By(String),
}

/// Stand-ins people type to get past an empty box.
const STAND_INS: &[&str] = &[
    "tbc",
    "tba",
    "tbd",
    "n/a",
    "na",
    "none",
    "nil",
    "to follow",
    "to be confirmed",
    "to be added",
    "to be decided",
    "to be determined",
    "not applicable",
    "not yet",
    "later",
    "draft",
    "todo",
    "xxx",
    "lorem ipsum",
];

/// Beginnings of words that show measuring.
const MEASURING: &[&str] = &[
    "measur",
    "baseline",
    "indicator",
    "metric",
    "audit",
    "benchmark",
    "kpi",
    "quantif",
    "per cent",
    "percent",
    "run chart",
    "control chart",
    "readmission rate",
    "mortality rate",
    "response rate",
    "survey score",
];

/// Words that turn a measure into its opposite when they stand before it in the same sentence.
const DENIALS: &[&str] =
    &["not", "no", "without", "cannot", "can't", "won't", "don't", "never", "nor", "neither", "unable", "impossible"];

/// Whether there is anything but a stand-in.
pub fn says_something(text: &str) -> bool {
    let plain = text.trim().trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    !plain.is_empty() && !STAND_INS.contains(&plain.as_str())
}

/// Looks for a measure, sentence by sentence. A year or a date alone is not one, nor is a measure that is denied.
pub fn measured(text: &str) -> Measured {
    if !says_something(text) {
        return Measured::Nothing;
    }
    sentences(text)
        .find(|sentence| names_a_measure(sentence) || has_a_quantity(sentence))
        .map_or(Measured::Not, |sentence| Measured::By(shortened(sentence)))
}

/// Splits where a sentence ends: a full stop inside a figure ("12.5") ends none.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split(['\n', '!', '?', ';'])
        .flat_map(|line| line.split(". "))
        .map(str::trim)
        .filter(|sentence| !sentence.is_empty())
}

fn names_a_measure(sentence: &str) -> bool {
    let lower = sentence.to_lowercase();
    MEASURING.iter().any(|measuring| {
        lower.match_indices(measuring).any(|(at, _)| {
            let before = lower.get(..at).unwrap_or_default();
            let starts_a_word = !before.ends_with(char::is_alphanumeric);
            starts_a_word && !is_denied(before)
        })
    })
}

fn is_denied(before: &str) -> bool {
    before
        .split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’')
        .any(|word| DENIALS.contains(&word.replace('’', "'").as_str()))
}

/// A number that is neither a year nor part of a name such as "GP2" or "Band 6".
fn has_a_quantity(sentence: &str) -> bool {
    let words: Vec<&str> = sentence.split_whitespace().collect();
    words.iter().enumerate().any(|(place, word)| {
        let figure = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '%' && c != '£');
        if figure.ends_with('%') && figure.starts_with(|c: char| c.is_ascii_digit()) {
            return true;
        }
        let Ok(number) = figure.replace(',', "").parse::<f64>() else {
            return false;
        };
        let is_year = (1900.0..2100.0).contains(&number) && !figure.contains([',', '.']);
        let next = words.get(place + 1).copied().unwrap_or_default();
        let before = place.checked_sub(1).and_then(|p| words.get(p)).copied().unwrap_or_default();
        !is_year && !is_month(next) && !is_month(before) && !is_label(before)
    })
}

fn is_month(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    MONTHS.contains(&word.as_str())
}

fn is_label(word: &str) -> bool {
    const LABELS: &[&str] = &[
        "section",
        "band",
        "phase",
        "stage",
        "year",
        "part",
        "chapter",
        "appendix",
        "page",
        "no",
        "number",
        "theme",
        "objective",
        "goal",
    ];
    let word = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    LABELS.contains(&word.as_str())
}

fn shortened(sentence: &str) -> String {
    const LONGEST: usize = 120;
    if sentence.chars().count() <= LONGEST {
        return sentence.to_owned();
    }
    let mut short: String = sentence.chars().take(LONGEST).collect();
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stand_ins_say_nothing() {
        for text in ["", "  \n", "TBC", "n/a", "To follow.", "- none -", "..."] {
            assert!(!says_something(text), "{text:?}");
            assert_eq!(measured(text), Measured::Nothing, "{text:?}");
        }
        assert!(says_something("None of the partners commissions education."));
    }

    #[test]
    fn numbers_and_measuring_words_show_a_measure() {
        for text in [
            "We cut caesarean sections by 10 per cent.",
            "Readmissions fall from 14% to 11%.",
            "Uptake is audited each quarter",
            "Good care. We compare each site with its own baseline.",
            "80 practices take part",
            "stays fall by 1.5 days",
        ] {
            assert!(matches!(measured(text), Measured::By(_)), "{text:?}");
        }
    }

    #[test]
    fn good_intentions_years_labels_and_denials_do_not() {
        for text in [
            "We will improve quality and spread innovation.",
            "We start in 2010 and finish in March 2012.",
            "From 1 April we work together",
            "See section 3",
            "We will not measure this.",
            "There is no baseline and there are no indicators",
            "An immeasurable gain",
        ] {
            assert_eq!(measured(text), Measured::Not, "{text:?}");
        }
    }

    #[test]
    fn the_passage_shown_is_the_one_that_measures() {
        assert_eq!(
            measured("We care. Infections fall by 20%! Then more."),
            Measured::By("Infections fall by 20%".into())
        );
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_without_harm(text in "\\PC{0,200}") {
            if let Measured::By(passage) = measured(&text) {
                proptest::prop_assert!(says_something(&text));
                proptest::prop_assert!(passage.chars().count() <= 121);
            }
        }
    }
}
