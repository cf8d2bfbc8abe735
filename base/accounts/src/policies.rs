//! `/policies`: who may do what, as the text the program itself reads; there is no other place where it is decided.

use maud::html;
use serde_json::json;

use hiec_web::accounts::Everyone;
use hiec_web::loaded::Loaded;
use hiec_web::page::{Answer, Page};

pub async fn get(door: Loaded<Everyone>) -> Answer {
    let texts = door.app.engine().texts();
    let data: Vec<_> = texts.iter().map(|text| json!({ "name": text.name, "text": text.text })).collect();
    let view = html! {
        h1 { "Who may do what" }
        p.nhsuk-lede-text { "The program decides every request by these policies and by nothing else. They are written in Cedar." }
        @for text in texts {
            h2 { (text.name) }
            pre.app-policy tabindex="0" role="region" aria-label={ "Policies: " (text.name) } { code { (text.text) } }
        }
    };
    Ok(Page::new("Who may do what", view).data(&data)?.wide().into())
}
