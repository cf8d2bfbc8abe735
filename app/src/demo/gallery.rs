//! `/dev/gallery`: a sample of every component, so that a change to one is seen at once. It exists in no real installation, and its samples do nothing.

use axum::response::{IntoResponse, Response};
use hiec_web::components::{ContentsItem, ContentsList, gallery};
use hiec_web::{Page, Refusal, Reply};
use maud::{Markup, html};

pub async fn get() -> Result<Response, Refusal> {
    let samples = gallery();
    let names: Vec<&str> = samples.iter().map(|(name, _)| *name).collect();
    let page = Page::new("Components", view(&samples)).data(&names)?.wide();
    Ok(Reply::from(page).into_response())
}

fn view(samples: &[(&str, Markup)]) -> Markup {
    html! {
        h1 { "Components" }
        p { "Everything a page here is made of. The names and figures are illustrative." }
        (ContentsList::new(samples.iter().map(|(name, _)| ContentsItem::new(*name, format!("#{}", anchor(name))))))
        @for (name, markup) in samples {
            section.nhsuk-u-margin-bottom-7 aria-labelledby=(anchor(name)) {
                h2 id=(anchor(name)) { (name) }
                (markup)
            }
        }
    }
}

/// No sample has an id that begins like this.
fn anchor(name: &str) -> String {
    let plain: String = name.chars().map(|c| if c.is_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect();
    format!("component-{plain}")
}
