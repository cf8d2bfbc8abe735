//! Names of applicants and hosts as they are shown in a sentence; it must never change the name itself.

/// How many characters of one name are shown.
const LONGEST: usize = 100;

/// A name fit for one line: control characters and those that turn the writing direction escaped, cut after 100 characters.
pub(crate) fn shown(name: &str) -> String {
    let mut line = String::new();
    for (position, character) in name.chars().enumerate() {
        if position == LONGEST {
            line.push('…');
            break;
        }
        let turns = matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        if character.is_control() || turns {
            line.extend(character.escape_unicode());
        } else {
            line.push(character);
        }
    }
    line
}
