//! `POST …/narratives` and `…/signature`: the cluster writes what the figures mean, and the chair signs the whole as they read it.

use std::collections::BTreeMap;

use hiec_kernel::Problem;
use hiec_web::components::{Button, Textarea};
use hiec_web::{Answer, Done, Errors, Fields, Input, Loaded};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::Deserialize;

use super::actions;
use super::content::Content;
use super::drawing_up::{self, Shown};
use super::page::{Typed, page};
use super::store::{Narratives, Return};

/// The longest text to one indicator; in all it may be twice as long.
const LONGEST: usize = 3_000;

/// The fields of the words: `summary`, and `kpi-` with the id of each indicator.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct Words {
    /// The quarter in a few sentences.
    #[serde(default)]
    #[expect(dead_code, reason = "says in the OpenAPI document what is taken; the fields are read one by one")]
    summary: String,
    #[serde(flatten)]
    #[expect(dead_code, reason = "says in the OpenAPI document what is taken; the fields are read one by one")]
    others: BTreeMap<String, String>,
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct Signing {
    /// The fingerprint of what was read, as the page shows it: figures that changed since then are not signed unread.
    #[serde(default)]
    seen: String,
}

pub(super) fn words_form(
    door: &Loaded<Return>,
    content: &Content,
    typed: Option<&Narratives>,
    errors: &Errors,
) -> Markup {
    let stored = door.narratives();
    let words = typed.unwrap_or(&stored);
    html! {
        h2 id="words" { "Write the words" }
        form method="post" action={ (door.path()) "/narratives" } novalidate data-unsaved {
            (Textarea::new("summary", "The quarter in a few sentences")
                .hint("For a board member who reads nothing else: what was reached, what was not, what is asked of the region.")
                .rows(6)
                .value(words.summary.as_str())
                .error_message(errors.of("summary")))
            @for kpi in &content.kpis {
                @let name = format!("kpi-{}", kpi.kpi);
                (Textarea::new(name.as_str(), format!("On {}", kpi.name))
                    .hint(format!("{}. {}", if kpi.shown.is_empty() { "No figure" } else { kpi.shown.as_str() }, kpi.trend))
                    .rows(3)
                    .value(words.kpis.get(&kpi.kpi).map_or("", String::as_str))
                    .error_message(errors.of(&name)))
            }
            (Button::new("Save the words").secondary())
        }
    }
}

pub(super) fn signature_form(door: &Loaded<Return>, shown: &Shown, waits: Option<String>) -> Markup {
    html! {
        h2 id="signature" { "Sign" }
        @match waits {
            Some(why) => p { (why) },
            None => {
                form method="post" action={ (door.path()) "/signature" } data-confirm="Sign this return? It goes to the region and stays as it is." {
                    p { "With your signature the figures and words above are kept as they stand, and the region has a letter." }
                    input type="hidden" name="seen" value=(shown.fingerprint);
                    (Button::new("Sign this return"))
                }
            }
        }
    }
}

pub async fn narratives(door: Loaded<Return>, fields: Fields) -> Answer {
    let stored = door.narratives();
    let mut words = Narratives { summary: tidy(fields.get("summary").unwrap_or(&stored.summary)), ..stored.clone() };
    let live = drawing_up::draw_up(&door.app, &door.cluster, door.quarter, &stored).await?;
    let mut errors = Errors::none();
    check(&mut errors, "summary", &words.summary, 2 * LONGEST);
    for kpi in &live.kpis {
        let name = format!("kpi-{}", kpi.kpi);
        if let Some(text) = fields.get(&name).map(tidy) {
            check(&mut errors, &name, &text, LONGEST);
            words.kpis.insert(kpi.kpi, text);
        }
    }
    if !errors.is_empty() {
        let typed = Typed { narratives: Some(words), ..Typed::default() };
        return Ok(page(&door, &typed, &errors).await?.with_errors(&errors).into());
    }
    words.kpis.retain(|_, text| !text.is_empty());
    let mut unit = door.begin().await?;
    actions::write(&mut unit, &door.cluster, door.quarter, words).await?;
    unit.commit().await?;
    Ok(Done::to(door.path()).saying("The words are saved.").into())
}

fn tidy(typed: &str) -> String {
    typed.replace("\r\n", "\n").trim().to_owned()
}

fn check(errors: &mut Errors, field: &str, text: &str, most: usize) {
    if !text.is_empty() {
        // Only what is wrong with it matters here: an empty text is fine, a draft may wait for its words.
        let _ = errors.text(field, "the text", text, most);
    }
}

pub async fn signature(door: Loaded<Return>, Input(form): Input<Signing>) -> Answer {
    let content = drawing_up::draw_up(&door.app, &door.cluster, door.quarter, &door.narratives()).await?;
    let fingerprint = hiec_kernel::Fingerprint::of(&content).map_err(Problem::internal)?;
    if door.state().is_open() && form.seen.trim() != fingerprint.as_str() {
        return Err(Problem::conflict(
            "Figures or words changed since you opened this return",
            "Open it again and read what you sign. Nothing was signed.",
        )
        .into());
    }
    if content.summary.is_empty() && door.state().is_open() {
        let mut errors = Errors::none();
        errors.add("summary", "Write the quarter in a few sentences before it is signed");
        return Ok(page(&door, &Typed::default(), &errors).await?.with_errors(&errors).into());
    }
    let by = door.person()?.id;
    let mut unit = door.begin().await?;
    actions::sign(&mut unit, &door.cluster, &content, by).await?;
    unit.commit().await?;
    Ok(Done::to(door.path()).saying("The return is signed. The region has a letter.").into())
}
