//! What somebody typed into a form that was refused with a page of its own: shown there again, so that nothing typed is lost. Secrets are never shown.

use axum::body::{Body, Bytes, to_bytes};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, REFERER};
use http::request::Parts;
use http::{HeaderMap, Method};
use maud::{Markup, html};
use url::{Url, form_urlencoded};

/// Larger forms are not kept: nobody typed them.
const LARGEST: usize = 1 << 20;

/// The fields of a form as sent, and the page it stood on.
#[derive(Clone, Debug)]
pub(crate) struct Typed {
    form: Bytes,
    /// Path and query of the page, where the browser names it.
    pub page: Option<String>,
}

/// Reads the body of a form sent by a browser and gives it back for the handler. Anything else passes unread.
pub(crate) async fn keep(parts: &Parts, body: Body) -> (Body, Option<Typed>) {
    let length = number(&parts.headers);
    if parts.method != Method::POST || !is_form(&parts.headers) || length.is_none_or(|length| length > LARGEST) {
        return (body, None);
    }
    match to_bytes(body, LARGEST).await {
        Ok(form) => (Body::from(form.clone()), Some(Typed { form, page: page(&parts.headers) })),
        // It broke off, or holds more than it said: the handler finds nothing and says so.
        Err(_) => (Body::empty(), None),
    }
}

fn number(headers: &HeaderMap) -> Option<usize> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

fn is_form(headers: &HeaderMap) -> bool {
    headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|kind| kind.trim_start().to_ascii_lowercase().starts_with("application/x-www-form-urlencoded"))
}

fn page(headers: &HeaderMap) -> Option<String> {
    let from = Url::parse(headers.get(REFERER)?.to_str().ok()?).ok()?;
    Some(from.query().map_or_else(|| from.path().to_owned(), |query| format!("{}?{query}", from.path())))
}

impl Typed {
    /// What is worth keeping: words a person wrote, and no secret.
    fn fields(&self) -> Vec<(String, String)> {
        form_urlencoded::parse(&self.form)
            .into_owned()
            .filter(|(name, text)| text.chars().any(char::is_whitespace) && text.len() > 8 && !is_secret(name))
            .collect()
    }

    pub(crate) fn view(&self) -> Markup {
        let fields = self.fields();
        html! {
            @if !fields.is_empty() {
                h2 { "What you wrote" }
                p { "It was not saved. Copy it from here before you go on." }
                @for (place, (name, text)) in fields.iter().enumerate() {
                    div.nhsuk-form-group {
                        label.nhsuk-label for={ "typed-" (place) } { (in_words(name)) }
                        textarea.nhsuk-textarea id={ "typed-" (place) } rows="4" readonly { (text) }
                    }
                }
            }
        }
    }
}

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["password", "secret", "token", "credential", "passkey", "code"].iter().any(|word| name.contains(word))
}

/// `public_text` as people read it: `Public text`.
fn in_words(name: &str) -> String {
    let words = name.replace(['_', '-', '.'], " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_kept_and_secrets_are_not() {
        let form =
            "reason=Because+of+%3Cb%3Ethis%3C%2Fb%3E&new_password=three+random+words&id=0190-1&public_text=as+we+said";
        let typed = Typed { form: Bytes::from_static(form.as_bytes()), page: None };
        let shown = typed.view().into_string();
        assert!(shown.contains("Because of &lt;b&gt;this"), "{shown}");
        assert!(
            shown.contains("Public text") && !shown.contains("random words") && !shown.contains("0190-1"),
            "{shown}"
        );
        assert!(Typed { form: Bytes::new(), page: None }.view().into_string().is_empty());
    }
}
