//! Rank files: one person's order of bids as lines of text, in the form peer review programs exchange. It never guesses at a line it cannot read.

use std::collections::BTreeMap;

/// The ranks a file gives, in the order of its lines, and the bids it names without a rank.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct RankFile {
    pub ranked: Vec<(String, u32)>,
    pub unranked: Vec<String>,
}

impl RankFile {
    pub fn rank_of(&self, bid: &str) -> Option<u32> {
        self.ranked.iter().find(|(key, _)| key == bid).map(|(_, rank)| *rank)
    }
}

/// A line that cannot be read.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("line {line}: {what}")]
pub struct RankFileError {
    /// Counted from 1.
    pub line: usize,
    pub what: String,
}

/// Reads a rank file (the form HotCRP documents for ranking off line).
///
/// One bid a line, the best first: its key, then optionally its title, which is not read. A mark before the key says how
/// it stands to the line above: none or `>` one rank lower, `=` the same rank, `>>` two lower (a gap of one), `>>>` three,
/// a number in its place sets the rank; `X` leaves the bid without one. Empty lines, lines that begin with `#` or `%`, and
/// `Tag:` lines are passed over.
pub fn parse_rank_file(text: &str) -> Result<RankFile, Vec<RankFileError>> {
    let mut file = RankFile::default();
    let mut errors = Vec::new();
    let mut first_seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut rank = 0_u32;
    for (line, content) in (1_usize..).zip(text.lines()) {
        let content = content.trim_start_matches('\u{feff}');
        if is_passed_over(content) {
            continue;
        }
        let (place, bid) = match read_line(content) {
            Ok(read) => read,
            Err(what) => {
                errors.push(RankFileError { line, what });
                continue;
            }
        };
        if let Some(earlier) = first_seen.insert(bid.clone(), line) {
            errors.push(RankFileError { line, what: format!("“{bid}” already stands on line {earlier}") });
            continue;
        }
        match place {
            Place::Unranked => file.unranked.push(bid),
            Place::Same if rank == 0 => {
                errors.push(RankFileError { line, what: "“=” needs a bid above it".into() })
            }
            Place::Same => file.ranked.push((bid, rank)),
            Place::Lower(by) => match rank.checked_add(by) {
                Some(lower) => {
                    rank = lower;
                    file.ranked.push((bid, rank));
                }
                None => errors.push(RankFileError { line, what: "the rank is too large".into() }),
            },
            Place::At(at) => {
                rank = at;
                file.ranked.push((bid, rank));
            }
        }
    }
    if errors.is_empty() { Ok(file) } else { Err(errors) }
}

enum Place {
    Lower(u32),
    Same,
    At(u32),
    Unranked,
}

fn is_passed_over(line: &str) -> bool {
    let line = line.trim();
    line.is_empty() || line.starts_with(['#', '%']) || line.to_lowercase().starts_with("tag:")
}

fn read_line(line: &str) -> Result<(Place, String), String> {
    // A mark stands in the first column; a line that begins with white space has none. With one word only, it is the key.
    let starts_blank = line.starts_with(char::is_whitespace);
    let mut words = line.split_whitespace();
    let first = words.next().unwrap_or_default();
    let signs = first.len() - first.trim_start_matches('>').len();
    if !starts_blank || first == "=" || signs > 0 {
        let (mark, glued) = if signs > 0 {
            first.split_at(signs)
        } else if let Some(rest) = first.strip_prefix('=') {
            ("=", rest)
        } else {
            (first, "")
        };
        let place = match mark {
            "=" => Some(Place::Same),
            "X" | "x" => Some(Place::Unranked),
            _ if signs > 0 => u32::try_from(signs).ok().map(Place::Lower),
            number => number.parse().ok().filter(|at| *at > 0).map(Place::At),
        };
        let bid = if glued.is_empty() { words.next() } else { Some(glued) };
        match (place, bid) {
            (Some(place), Some(bid)) => {
                // `8 Rooter` is bid 8 with a title; `8 5` and `8 5 Title` put bid 5 on rank 8.
                let sets_rank = matches!(place, Place::At(_));
                if !sets_rank || bid.chars().all(|c| c.is_ascii_digit()) {
                    return Ok((place, bid.to_owned()));
                }
            }
            (Some(Place::At(_)), None) | (None, _) => {}
            (Some(_), None) => return Err(format!("“{mark}” stands alone: which bid?")),
        }
    }
    if first.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c)) {
        Ok((Place::Lower(1), first.to_owned()))
    } else {
        Err(format!("“{first}” is neither a mark nor a bid’s key"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_documented_example() {
        let spaced = "# The first line has the highest rank.\n\nTag: ~rank\n\n        8       Rooter: A Methodology\n        5       The Effect\n=       1       Write-Back Caches\n        2       Deconstructing\n>>      4       Deploying\n\nX       6       The Influence\nX       10      Decoupling\nX       11      Analyzing\n";
        let bare = "8\n5\n= 1\n2\n>> 4\nX 6\nX 10\nX 11";
        for text in [spaced, bare] {
            let file = parse_rank_file(text).unwrap();
            let ranks: Vec<(&str, u32)> = file.ranked.iter().map(|(bid, rank)| (bid.as_str(), *rank)).collect();
            assert_eq!(ranks, [("8", 1), ("5", 2), ("1", 2), ("2", 3), ("4", 5)]);
            assert_eq!(file.unranked, ["6", "10", "11"]);
            assert_eq!(file.rank_of("6"), None);
            assert_eq!(file.rank_of("4"), Some(5));
        }
    }

    #[test]
    fn marks_may_touch_the_key_and_set_a_rank() {
        let file = parse_rank_file("> a-1\n=b\n>>>c\n9 12 A title\n13").unwrap();
        let ranks: Vec<u32> = file.ranked.iter().map(|(_, rank)| *rank).collect();
        assert_eq!(ranks, [1, 1, 4, 9, 10]);
        // One line, one bid: a number and a title are the bid and its name.
        assert_eq!(parse_rank_file("8 Rooter").unwrap().ranked, [("8".into(), 1)]);
    }

    #[test]
    fn unreadable_lines_are_named() {
        let errors = parse_rank_file("= 1\n2\n>>\n2\n?? 7\n").unwrap_err();
        let said: Vec<String> = errors.iter().map(ToString::to_string).collect();
        assert_eq!(
            said,
            [
                "line 1: “=” needs a bid above it",
                "line 3: “>>” stands alone: which bid?",
                "line 4: “2” already stands on line 2",
                "line 5: “??” is neither a mark nor a bid’s key",
            ]
        );
        assert_eq!(parse_rank_file(""), Ok(RankFile::default()));
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,20}(\n[ =>xX0-9a-z]{0,8}){0,8}") {
            if let Ok(file) = parse_rank_file(&text) {
                prop_assert!(file.ranked.iter().all(|(_, rank)| *rank > 0));
            }
        }

        #[test]
        fn a_plain_list_counts_up(count in 1_u32..50) {
            let text: String = (1..=count).map(|bid| format!("{}\n", bid + 100)).collect();
            let ranks: Vec<u32> = parse_rank_file(&text).unwrap().ranked.into_iter().map(|(_, rank)| rank).collect();
            prop_assert_eq!(ranks, (1..=count).collect::<Vec<_>>());
        }
    }
}
