//! Small parts that several of these pages show; they decide nothing.

use hiec_access::people;
use hiec_web::Errors;
use hiec_web::components::{ErrorSummary, PasswordInput};
use maud::{Markup, html};

/// The summary on top of a form with mistakes, each leading to its field.
pub(crate) fn error_summary(errors: &Errors) -> Markup {
    html! {
        @if !errors.is_empty() {
            (ErrorSummary::new(errors.0.iter().map(|error| (error.field.as_str(), error.message.as_str()))))
        }
    }
}

/// The field in which a new password is chosen.
pub(crate) fn new_password(name: &str, label: &str, errors: &Errors) -> PasswordInput {
    PasswordInput::new(name, label.to_owned())
        .autocomplete("new-password")
        .hint("At least 12 characters: three random words do well")
        .error_message(errors.of(name))
}

/// Says that somebody or something is made up.
pub(crate) fn illustrative(holds: bool) -> Markup {
    html! { @if holds { " " span.app-illustrative { "illustrative" } } }
}

/// "1 person", "2 people".
pub(crate) fn count(number: i64, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// An e-mail address as far as its shape goes: whether it is anybody's, only a letter shows.
pub(crate) fn email_address(errors: &mut Errors, field: &str, what: &str, typed: &str) -> Option<String> {
    let text = errors.text(field, what, typed, 254)?;
    if people::has_shape(&text) {
        return Some(people::address(&text));
    }
    errors.add(field, "Enter an e-mail address in the shape name@example.org");
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_the_shape_of_one() {
        let judge = |typed: &str| email_address(&mut Errors::none(), "email", "the e-mail address", typed);
        assert_eq!(judge(" Ada@Example.ORG ").as_deref(), Some("ada@example.org"));
        assert_eq!(judge("ada@example"), None);
    }
}
