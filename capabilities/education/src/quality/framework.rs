//! The framework education is judged by: domains with standards, as editable data in versions; it names nothing itself and judges nobody.

use serde::{Deserialize, Serialize};

/// The six multi-professional domains of the 2021 edition of the national framework. Their names are from memory and to be confirmed
/// against print; the standards under them are our own words.
pub(crate) const NATIONAL_2021: &str = include_str!("../../data/quality-framework-2021.txt");

/// What stands beside the built-in text wherever it is taken over.
pub(crate) const TO_BE_CONFIRMED: &str = "Six domains of the national framework, 2021 edition: names to be confirmed against print. The standards are our own words.";

/// Domains in their order.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct Content {
    pub domains: Vec<Domain>,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct Domain {
    pub title: String,
    pub standards: Vec<String>,
}

const MOST_DOMAINS: usize = 20;
const MOST_STANDARDS: usize = 100;
const LONGEST: usize = 300;

impl Content {
    /// Reads a text with a line a domain (`# …`) and, under it, a line a standard (`- …`). Errors name the line.
    pub fn read(text: &str) -> Result<Self, String> {
        let mut domains: Vec<Domain> = Vec::new();
        for (nth, line) in (1..).zip(text.lines()) {
            let line = line.trim();
            if line.is_empty() {
                continue;
            }
            if line.chars().count() > LONGEST {
                return Err(format!("Line {nth} is longer than {LONGEST} characters: shorten it"));
            }
            match (line.strip_prefix('#').map(str::trim), line.strip_prefix('-').map(str::trim)) {
                (Some(title), _) if !title.is_empty() => {
                    if domains.iter().any(|domain| domain.title == title) {
                        return Err(format!(
                            "Line {nth} names the domain '{title}' a second time: give it another name"
                        ));
                    }
                    domains.push(Domain { title: title.to_owned(), standards: Vec::new() });
                }
                (None, Some(standard)) if !standard.is_empty() => match domains.last_mut() {
                    Some(domain) => domain.standards.push(standard.to_owned()),
                    None => {
                        return Err(format!(
                            "Line {nth} is a standard before any domain: begin with a line '# Domain'"
                        ));
                    }
                },
                _ => {
                    return Err(format!(
                        "Line {nth} begins neither with '# ' for a domain nor with '- ' for a standard"
                    ));
                }
            }
        }
        if domains.is_empty() {
            return Err("Enter at least one domain, as a line that begins with '# '".to_owned());
        }
        if let Some(empty) = domains.iter().find(|domain| domain.standards.is_empty()) {
            return Err(format!("'{}' has no standard: add a line that begins with '- ' under it", empty.title));
        }
        let standards: usize = domains.iter().map(|domain| domain.standards.len()).sum();
        if domains.len() > MOST_DOMAINS || standards > MOST_STANDARDS {
            return Err(format!("Keep to {MOST_DOMAINS} domains and {MOST_STANDARDS} standards"));
        }
        Ok(Self { domains })
    }

    /// The text it is read from.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for domain in &self.domains {
            text.push_str(&format!("# {}\n", domain.title));
            for standard in &domain.standards {
                text.push_str(&format!("- {standard}\n"));
            }
        }
        text
    }

    /// Every standard with its key (`2.1`: the first of the second domain), its domain and its words.
    pub fn standards(&self) -> impl Iterator<Item = (String, &Domain, &str)> {
        (1..).zip(&self.domains).flat_map(|(nth, domain): (usize, &Domain)| {
            (1..)
                .zip(&domain.standards)
                .map(move |(place, words): (usize, &String)| (format!("{nth}.{place}"), domain, words.as_str()))
        })
    }

    pub fn standard(&self, key: &str) -> Option<(&Domain, &str)> {
        self.standards().find(|(one, _, _)| one == key).map(|(_, domain, words)| (domain, words))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_built_in_text_has_six_domains() {
        let content = Content::read(NATIONAL_2021).unwrap();
        assert_eq!((content.domains.len(), content.standards().count()), (6, 12));
        assert_eq!(content.standard("6.2").unwrap().1, "Learners find their way to a first post");
        assert_eq!(Content::read(&content.text()).unwrap(), content);
    }

    #[test]
    fn mistakes_name_their_line() {
        for (text, says) in [
            ("", "at least one domain"),
            ("- a", "Line 1 is a standard before any domain"),
            ("# A\n\n# A", "Line 3 names the domain 'A' a second time"),
            ("# A\nplain", "Line 2 begins neither"),
            ("# A\n#", "Line 2 begins neither"),
            ("# A\n- x\n# B", "'B' has no standard"),
        ] {
            let error = Content::read(text).unwrap_err();
            assert!(error.contains(says), "{text:?}: {error}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "([#-] ?[a-c]{0,3}\n|.{0,8}\n){0,12}") {
            if let Ok(content) = Content::read(&text) {
                prop_assert_eq!(Content::read(&content.text()).unwrap(), content);
            }
        }
    }
}
