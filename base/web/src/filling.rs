//! What pages read and show the fields of their forms with: days, choices, texts of a length, the list of mistakes on top. It knows no page.

use chrono::NaiveDate;
use hiec_kernel::Problem;
use maud::{Markup, html};

use crate::components::own::IllustrativeTag;
use crate::components::{ErrorItem, ErrorSummary, Input as TextInput, Select, SelectItem, Textarea};
use crate::fields::Errors;

/// The longest text of a few lines.
pub const LINES: usize = 2_000;
/// The longest name or title.
pub const LINE: usize = 200;

/// What addresses name something by: letters and figures of its name, and a number where another has it.
pub fn key_of(name: &str, taken: &[String]) -> String {
    let words: Vec<String> = name
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    let plain: String = words.join("-").chars().take(60).collect();
    let plain = match plain.trim_matches('-') {
        "" | "new" | "found" => "one".to_owned(),
        plain => plain.to_owned(),
    };
    let is_free = |key: &String| !taken.contains(key);
    let numbered = (2..).map(|nth| format!("{plain}-{nth}"));
    std::iter::once(plain.clone()).chain(numbered).find(is_free).unwrap_or(plain)
}

/// The list of mistakes on top of a form, each leading to its field.
pub fn mistakes(errors: &Errors) -> Markup {
    html! {
        @if !errors.is_empty() {
            (ErrorSummary::new(errors.0.iter().map(|error| ErrorItem::for_field(&error.field, error.message.as_str()))))
        }
    }
}

/// The mark of what was made up.
pub fn made_up(is_illustrative: bool) -> Markup {
    html! { @if is_illustrative { " " (IllustrativeTag) } }
}

/// A day as a form sends it.
pub fn day(errors: &mut Errors, field: &str, what: &str, typed: &str) -> Option<NaiveDate> {
    let typed = typed.trim();
    let read = NaiveDate::parse_from_str(typed, "%Y-%m-%d").or_else(|_| NaiveDate::parse_from_str(typed, "%d/%m/%Y"));
    match read {
        Ok(day) if (1900..2200).contains(&chrono::Datelike::year(&day)) => Some(day),
        _ if typed.is_empty() => {
            errors.add(field, format!("Enter {what}"));
            None
        }
        _ => {
            errors.add(field, format!("Enter {what} as a date, such as 2010-03-31"));
            None
        }
    }
}

/// A day that has come already.
pub fn past_day(errors: &mut Errors, field: &str, what: &str, typed: &str, today: NaiveDate) -> Option<NaiveDate> {
    let day = day(errors, field, what, typed)?;
    if day > today {
        errors.add(field, format!("Enter {what} that has come: this lies in the future"));
        return None;
    }
    Some(day)
}

/// A text that may be left out.
pub fn optional(errors: &mut Errors, field: &str, what: &str, typed: &str, most: usize) -> Option<String> {
    if typed.trim().is_empty() { Some(String::new()) } else { errors.text(field, what, typed, most) }
}

/// One of a list by its key.
pub fn one_of<T>(errors: &mut Errors, field: &str, what: &str, found: Option<T>) -> Option<T> {
    if found.is_none() {
        errors.add(field, format!("Choose {what}"));
    }
    found
}

/// A field for a day.
pub fn day_field(name: &str, label: &str, value: &str, errors: &Errors) -> TextInput {
    TextInput::new(name, label)
        .kind("date")
        .width(10_u8)
        .value(value)
        .error_message(errors.of(name).unwrap_or_default())
}

/// A field of one line.
pub fn line_field(name: &str, label: &str, value: &str, errors: &Errors) -> TextInput {
    TextInput::new(name, label).value(value).error_message(errors.of(name).unwrap_or_default())
}

/// A field of a few lines.
pub fn lines_field(name: &str, label: &str, value: &str, errors: &Errors) -> Textarea {
    Textarea::new(name, label).rows(3_u16).value(value).error_message(errors.of(name).unwrap_or_default())
}

/// A choice of one of a list, with nothing chosen at first.
pub fn choice(
    name: &str,
    label: &str,
    options: impl IntoIterator<Item = (String, String)>,
    chosen: &str,
    errors: &Errors,
) -> Select {
    let empty = SelectItem::new("", "Choose");
    let items = std::iter::once(empty).chain(options.into_iter().map(|(key, words)| SelectItem::new(key, words)));
    Select::new(name, label)
        .items(items.collect::<Vec<_>>())
        .value(chosen)
        .error_message(errors.of(name).unwrap_or_default())
}

/// What two people changed at once.
pub fn changed_meanwhile(what: &str) -> Problem {
    Problem::conflict(
        format!("Somebody else changed {what} while you were writing"),
        "Open the page again: it shows their change. Yours was not saved.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_free_and_never_a_word_of_an_address() {
        assert_eq!(key_of("Year in the Life of COPD", &[]), "year-in-the-life-of-copd");
        assert_eq!(key_of("COPD", &["copd".into(), "copd-2".into()]), "copd-3");
        assert_eq!(key_of("New", &[]), "one");
        assert_eq!(key_of("…", &["one".into()]), "one-2");
    }

    #[test]
    fn days_are_read_as_forms_send_them() {
        let mut errors = Errors::none();
        let march = NaiveDate::from_ymd_opt(2010, 3, 1);
        assert_eq!(day(&mut errors, "on", "the day", "2010-03-01"), march);
        assert_eq!(day(&mut errors, "on", "the day", "01/03/2010"), march);
        assert!(errors.is_empty());
        assert_eq!(day(&mut errors, "on", "the day", "yesterday"), None);
        assert_eq!(past_day(&mut errors, "by", "a day", "2010-03-02", march.unwrap_or_default()), None);
        assert_eq!(errors.0.len(), 2);
    }
}
