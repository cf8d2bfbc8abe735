//! Looks through a letter for what belongs to other bidders: names, titles, partners, sums, passages of their answers. It never changes the letter; it says what it found.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use hiec_kernel::{BidId, Money};
use serde::{Deserialize, Serialize};

/// So many words in a row shared with another bid's answer count as a passage of it.
pub const PASSAGE_WORDS: usize = 8;

/// What must not appear of another bid.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BidSecrets {
    pub bid: BidId,
    pub title: String,
    /// The partnership, its partners, and the people it names.
    pub partnership: String,
    pub partners: Vec<String>,
    pub people: Vec<String>,
    pub asks: Option<Money>,
    pub answers: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecretKind {
    Title,
    Partnership,
    Partner,
    Person,
    Sum,
    Passage,
}

/// Something of another bid in a letter.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SecretFound {
    pub bid: BidId,
    pub kind: SecretKind,
    /// The words as they stand in the letter, in small letters.
    pub phrase: String,
}

/// Everything of other bids that stands in the letter. `allowed` is what the reader knows anyway: their own bid's names and
/// answers, and the published call. Upper and lower case, punctuation, accents' invisible joiners and line breaks make no
/// difference; a partner is also found by its name without its legal form ("NHS Trust", "Limited").
pub fn secrets_found(letter: &str, others: &[BidSecrets], allowed: &[String]) -> Vec<SecretFound> {
    let letter = words(letter);
    let allowed: Vec<Vec<String>> = allowed.iter().map(|text| words(text)).collect();
    // Most answers share no run with the letter; a set of numbers tells that at once.
    let letter_runs: HashSet<u64> = runs(&letter).collect();
    let mut found = Vec::new();
    for other in others {
        for (kind, phrase) in phrases(other) {
            // A name the reader's own bid or the call contains gives nothing away.
            if contains(&letter, &phrase) && !allowed.iter().any(|text| contains(text, &phrase)) {
                found.push(SecretFound { bid: other.bid, kind, phrase: phrase.join(" ") });
            }
        }
        for answer in &other.answers {
            let answer = words(answer);
            if !runs(&answer).any(|run| letter_runs.contains(&run)) {
                continue;
            }
            found.extend(passages(&letter, &answer, &allowed).map(|phrase| SecretFound {
                bid: other.bid,
                kind: SecretKind::Passage,
                phrase,
            }));
        }
    }
    found.sort_by(|one, two| (one.bid, one.kind, &one.phrase).cmp(&(two.bid, two.kind, &two.phrase)));
    found.dedup();
    found
}

/// The words to look for as a whole.
fn phrases(other: &BidSecrets) -> Vec<(SecretKind, Vec<String>)> {
    let mut phrases =
        vec![(SecretKind::Title, words(&other.title)), (SecretKind::Partnership, words(&other.partnership))];
    for partner in &other.partners {
        let whole = words(partner);
        let short = without_legal_form(&whole);
        if short.len() < whole.len() && is_telling(short) {
            phrases.push((SecretKind::Partner, short.to_vec()));
        } else {
            phrases.push((SecretKind::Partner, whole));
        }
    }
    for person in &other.people {
        phrases.push((SecretKind::Person, words(person)));
    }
    // Sums below a thousand pounds are too likely to be something else.
    if let Some(asks) = other.asks.filter(|asks| *asks >= Money(100_000)) {
        phrases.push((SecretKind::Sum, words(&asks.to_string())));
    }
    phrases.retain(|(_, phrase)| !phrase.is_empty());
    phrases
}

/// A number for each run of [`PASSAGE_WORDS`] words. Equal runs have equal numbers; unequal ones may, so that a match is looked at.
fn runs(words: &[String]) -> impl Iterator<Item = u64> {
    let hashes: Vec<u64> = words
        .iter()
        .map(|word| {
            let mut hasher = DefaultHasher::new();
            word.hash(&mut hasher);
            hasher.finish()
        })
        .collect();
    let last = hashes.len().saturating_sub(PASSAGE_WORDS - 1);
    (0..last).map(move |start| {
        hashes.iter().skip(start).take(PASSAGE_WORDS).fold(0_u64, |run, hash| run.wrapping_mul(31).wrapping_add(*hash))
    })
}

/// Runs of [`PASSAGE_WORDS`] words or more that letter and answer share and the reader does not have already, each as long
/// as it goes.
fn passages<'a>(
    letter: &'a [String],
    answer: &'a [String],
    allowed: &'a [Vec<String>],
) -> impl Iterator<Item = String> + 'a {
    let mut next = 0;
    letter.windows(PASSAGE_WORDS).enumerate().filter_map(move |(start, run)| {
        if start < next || !contains(answer, run) || allowed.iter().any(|text| contains(text, run)) {
            return None;
        }
        let longest = (start + PASSAGE_WORDS..=letter.len())
            .take_while(|end| letter.get(start..*end).is_some_and(|longer| contains(answer, longer)))
            .last()
            .unwrap_or(start + PASSAGE_WORDS);
        next = longest;
        letter.get(start..longest).map(|run| run.join(" "))
    })
}

fn contains(text: &[String], phrase: &[String]) -> bool {
    !phrase.is_empty() && text.windows(phrase.len()).any(|run| run == phrase)
}

/// Words in small letters; apostrophes and invisible joiners belong to the word they stand in, thousands' commas to the
/// number, `&` is "and".
fn words(text: &str) -> Vec<String> {
    let characters: Vec<char> = text.chars().collect();
    let mut words = Vec::new();
    let mut word = String::new();
    for (place, character) in characters.iter().enumerate() {
        let between_figures = || {
            let figure = |at: Option<usize>| at.and_then(|at| characters.get(at)).is_some_and(char::is_ascii_digit);
            figure(place.checked_sub(1)) && figure(place.checked_add(1))
        };
        match character {
            c if c.is_alphanumeric() => word.extend(c.to_lowercase()),
            '\'' | '’' | '‘' | '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' => {}
            ',' if between_figures() => {}
            '&' => {
                finish(&mut words, &mut word);
                words.push("and".to_owned());
            }
            _ => finish(&mut words, &mut word),
        }
    }
    finish(&mut words, &mut word);
    words
}

fn finish(words: &mut Vec<String>, word: &mut String) {
    if !word.is_empty() {
        words.push(std::mem::take(word));
    }
}

const LEGAL_FORMS: &[&[&str]] = &[
    &["nhs", "foundation", "trust"],
    &["nhs", "trust"],
    &["primary", "care", "trust"],
    &["pct"],
    &["limited"],
    &["ltd"],
    &["plc"],
    &["llp"],
    &["cic"],
    &["community", "interest", "company"],
];

fn without_legal_form(name: &[String]) -> &[String] {
    LEGAL_FORMS
        .iter()
        .find_map(|form| {
            let kept = name.len().checked_sub(form.len())?;
            let (rest, end) = name.split_at_checked(kept)?;
            end.iter().eq(form.iter()).then_some(rest)
        })
        .unwrap_or(name)
}

/// Two words, or one that is long enough not to be an everyday one.
fn is_telling(phrase: &[String]) -> bool {
    phrase.len() > 1 || phrase.iter().any(|word| word.chars().count() > 6)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn other() -> BidSecrets {
        BidSecrets {
            bid: BidId(Uuid::from_u128(2)),
            title: "Breathing Easy in the Fens".into(),
            partnership: "Fenland HIEC".into(),
            partners: vec![
                "St Example’s & Fenland Hospitals NHS Foundation Trust".into(),
                "Example Devices Ltd".into(),
            ],
            people: vec!["Ada Example".into()],
            asks: Some(Money(125_000_000)),
            answers: vec!["We will place one respiratory nurse in each of forty practices by the end of March and measure admissions weekly.".into()],
        }
    }

    fn kinds(letter: &str, allowed: &[&str]) -> Vec<SecretKind> {
        let allowed: Vec<String> = allowed.iter().map(|text| (*text).to_owned()).collect();
        secrets_found(letter, &[other()], &allowed).into_iter().map(|found| found.kind).collect()
    }

    #[test]
    fn each_kind_is_found_in_whatever_dress() {
        for (letter, kind) in [
            ("the bid BREATHING  EASY in\nthe Fens did better", SecretKind::Title),
            ("as Fenland-HIEC showed", SecretKind::Partnership),
            ("St Examples and Fenland Hospitals have shown it", SecretKind::Partner),
            ("with St Exam\u{ad}ple's & Fenland Hospitals NHS Foundation Trust", SecretKind::Partner),
            ("made by Example Devices", SecretKind::Partner),
            ("said ada example,", SecretKind::Person),
            ("it asked for £1,250,000.", SecretKind::Sum),
            ("it asked for 1250000 pounds", SecretKind::Sum),
            ("The better bid would place one respiratory nurse in each of forty practices soon.", SecretKind::Passage),
        ] {
            assert_eq!(kinds(letter, &[]), [kind], "{letter}");
        }
    }

    #[test]
    fn ordinary_advice_gives_nothing_away() {
        let letter = "Your bid scored 3 of 5 for vision. A better bid named each site, its lead and dates, and said how it would measure admissions. It breathes easy.";
        assert!(kinds(letter, &[]).is_empty());
        assert!(kinds("", &[]).is_empty());
    }

    #[test]
    fn what_the_reader_knows_anyway_is_no_secret() {
        let letter = "Your partner Example Devices Ltd is welcome.";
        assert_eq!(kinds(letter, &[]), [SecretKind::Partner]);
        assert!(kinds(letter, &["Example Devices Limited", "Example Devices Ltd"]).is_empty());
        let copied = "place one respiratory nurse in each of forty practices";
        assert!(kinds(copied, &["The call: place one respiratory nurse in each of forty practices."]).is_empty());
    }

    #[test]
    fn a_passage_is_told_once_and_whole() {
        let found = secrets_found(
            "It says: we will place one respiratory nurse in each of forty practices by the end of March. Good.",
            &[other()],
            &[],
        );
        assert_eq!(found.len(), 1);
        assert_eq!(
            found[0].phrase,
            "we will place one respiratory nurse in each of forty practices by the end of march"
        );
    }

    proptest! {
        /// Put anywhere among any words, a rival's title is found; and no text makes it stumble.
        #[test]
        fn a_title_never_slips_through(before in "\\PC{0,40}", after in "\\PC{0,40}") {
            let letter = format!("{before} — Breathing Easy in the Fens — {after}");
            prop_assert!(secrets_found(&letter, &[other()], &[]).iter().any(|found| found.kind == SecretKind::Title));
        }
    }
}
