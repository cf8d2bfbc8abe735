//! Holds every component to the design system's own `fixtures.json`: same options in, same HTML out, white space aside.
//!
//! The fixtures are in the npm package (`npm ci` in `web/`). Without them these tests fail; they never skip. A fixture that
//! we leave out is named here with the reason, and must exist and differ, so that the list cannot grow stale.

use super::content::{Attributes, Content};
use super::*;
use maud::{PreEscaped, Render};
use scraper::{Html, Node};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

/// Why a fixture is left out.
const CALL_BLOCK: &str = "content comes from a Nunjucks call block, which the file does not record";
const DEPRECATED: &str = "an option of older versions; ours has the new one only";
const TRANSLATED: &str = "texts for scripts in other languages; ours speaks English";

macro_rules! held {
    ($($test:ident: $component:ty, $folder:literal, [$(($name:literal, $why:expr)),* $(,)?];)*) => {$(
        #[test]
        fn $test() {
            hold::<$component>($folder, &[$(($name, $why)),*], |_| {}, |html| html);
        }
    )*};
}

held! {
    button: Button, "button", [];
    caption_and_heading: Heading, "heading", [];
    character_count: CharacterCount, "character-count", [];
    checkboxes: Checkboxes, "checkboxes", [];
    error_message: ErrorMessage, "error-message", [];
    error_summary: ErrorSummary, "error-summary", [];
    fieldset: Fieldset, "fieldset", [];
    hint: Hint, "hint", [];
    input: Input, "input", [];
    label: Label, "label", [];
    legend: Legend, "legend", [];
    radios: Radios, "radios", [];
    select: Select, "select", [];
    summary_list: SummaryList, "summary-list", [];
    table: Table, "tables", [];
    tag: Tag, "tag", [];
    textarea: Textarea, "textarea", [];
    card: Card, "card", [];
    skip_link: SkipLink, "skip-link", [];
    back_link: BackLink, "back-link", [];
    breadcrumb: Breadcrumb, "breadcrumb", [];
    action_link: ActionLink, "action-link", [];
}

/// The design system names itself as holder of the copyright where nobody says otherwise; we do not.
#[test]
fn footer() {
    let claim = |context: &mut Map<String, Value>| {
        context.entry("copyright").or_insert(json!("© NHS England"));
    };
    hold::<Footer>("footer", &[], claim, |html| html);
}

/// The NHS logo is not ours to ship, so it is taken out of what is expected, with its name in the link.
#[test]
fn header() {
    let without_logo = |html: String| {
        let mut html = html;
        while let Some(start) = html.find("<svg class=\"nhsuk-header__logo\"") {
            let end = html[start..].find("</svg>").unwrap() + start + "</svg>".len();
            html.replace_range(start..end, "");
        }
        html
    };
    hold::<Header>("header", &[], |_| {}, without_logo);
}

/// Draws every fixture of a component and compares.
fn hold<C: DeserializeOwned + Render>(
    folder: &str,
    left_out: &[(&str, &str)],
    adapt_context: impl Fn(&mut Map<String, Value>),
    adapt_html: impl Fn(String) -> String,
) {
    let path = format!(
        "{}/../../web/node_modules/nhsuk-frontend/dist/nhsuk/components/{folder}/fixtures.json",
        env!("CARGO_MANIFEST_DIR")
    );
    let file = std::fs::read_to_string(&path).unwrap_or_else(|error| {
        panic!("{path}: {error}. Run `make web` (or `npm ci` in web/) first.")
    });
    let file: FixtureFile = serde_json::from_str(&file).unwrap();
    let mut differing = Vec::new();
    let mut needless: Vec<&str> = left_out.iter().map(|(name, _)| *name).collect();
    for fixture in &file.fixtures {
        let mut context = fixture.context.clone();
        adapt_context(&mut context);
        let expected = tree(&adapt_html(fixture.html.clone()));
        let actual = serde_json::from_value::<C>(in_our_shape(Value::Object(context)))
            .map(|component| tree(&component.render().0))
            .unwrap_or_else(|error| format!("not read: {error}"));
        if actual == expected {
            continue;
        }
        if left_out.iter().any(|(name, _)| *name == fixture.name) {
            needless.retain(|name| *name != fixture.name);
            continue;
        }
        differing.push(format!(
            "--- {}\n{}\nexpected\n{expected}\nactual\n{actual}",
            fixture.name,
            serde_json::to_string(&fixture.context).unwrap()
        ));
    }
    assert!(
        differing.is_empty(),
        "{folder}: {} of {} differ\n{}",
        differing.len(),
        file.fixtures.len(),
        differing.join("\n")
    );
    assert!(
        needless.is_empty(),
        "{folder}: no need to leave out {needless:?}"
    );
}

#[derive(Deserialize)]
struct FixtureFile {
    fixtures: Vec<Fixture>,
}

#[derive(Deserialize)]
struct Fixture {
    name: String,
    context: Map<String, Value>,
    html: String,
}

/// Options that Nunjucks takes as words, or as an object that holds the words.
const WORDS_OR_OBJECT: &[&str] = &[
    "label",
    "hint",
    "errorMessage",
    "legend",
    "heading",
    "caption",
    "prefix",
    "suffix",
    "key",
    "description",
    "meta",
    "summary",
    "title",
    "status",
    "head",
    "rows",
];

/// Brings Nunjucks options into the shape of our structs: `html` into `text`, bare words into objects, gaps away.
fn in_our_shape(value: Value) -> Value {
    match value {
        Value::Object(object) => {
            let mut shaped = Map::new();
            for (name, value) in object {
                let value = match value {
                    Value::Null => continue,
                    Value::Bool(true)
                        if ["errorMessage", "heading", "card", "search"]
                            .contains(&name.as_str()) =>
                    {
                        json!({})
                    }
                    Value::Bool(false) if ["day", "month", "year"].contains(&name.as_str()) => {
                        continue;
                    }
                    // A tag may be drawn in no colour of its own, and a column may be sortable but not sorted.
                    Value::Bool(flag) if ["colour", "sort"].contains(&name.as_str()) => {
                        json!(flag.to_string())
                    }
                    Value::String(text) if WORDS_OR_OBJECT.contains(&name.as_str()) => {
                        json!({ "text": text })
                    }
                    Value::Object(mut actions) if name == "actions" => {
                        in_our_shape(actions.remove("items").unwrap_or_default())
                    }
                    other => in_our_shape(other),
                };
                shaped.insert(name, value);
            }
            if let Some(html) = shaped.remove("html") {
                shaped.insert("text".to_owned(), json!({ "html": html }));
            }
            Value::Object(shaped)
        }
        Value::Array(items) => Value::Array(
            items
                .into_iter()
                .filter(|item| !matches!(item, Value::Null | Value::Bool(false)))
                .map(in_our_shape)
                .collect(),
        ),
        other => other,
    }
}

impl<'de> Deserialize<'de> for Content {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Value::deserialize(deserializer)? {
            Value::String(text) => Self::Text(text),
            Value::Object(mut object) => match (object.remove("html"), object.remove("text")) {
                (Some(Value::String(html)), _) => Self::Html(PreEscaped(html)),
                (_, Some(text)) => {
                    serde_json::from_value(text).map_err(serde::de::Error::custom)?
                }
                _ => Self::default(),
            },
            other => return Err(serde::de::Error::custom(format!("{other} is no content"))),
        })
    }
}

impl<'de> Deserialize<'de> for Attributes {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let object = Map::<String, Value>::deserialize(deserializer)?;
        Ok(object
            .into_iter()
            .fold(Self::new(), |attributes, (name, value)| {
                let value = value
                    .as_str()
                    .map_or_else(|| value.to_string(), str::to_owned);
                attributes.set(Box::leak(name.into_boxed_str()), value)
            }))
    }
}

/// HTML as indented lines: attributes in order of name, classes and text with single spaces, empty text left out.
fn tree(html: &str) -> String {
    fn write(node: scraper::ElementRef<'_>, depth: usize, lines: &mut Vec<String>) {
        for child in node.children() {
            let indent = "  ".repeat(depth);
            match child.value() {
                Node::Text(text) => {
                    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
                    if !text.is_empty() {
                        lines.push(format!("{indent}{text}"));
                    }
                }
                Node::Element(element) => {
                    let mut attributes: Vec<String> = element
                        .attrs()
                        .map(|(name, value)| {
                            let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
                            format!(" {name}=\"{value}\"")
                        })
                        .collect();
                    attributes.sort();
                    lines.push(format!(
                        "{indent}<{}{}>",
                        element.name(),
                        attributes.concat()
                    ));
                    if let Some(element) = scraper::ElementRef::wrap(child) {
                        write(element, depth + 1, lines);
                    }
                }
                _ => {}
            }
        }
    }
    let mut lines = Vec::new();
    // Table parts and legends need a parent that may hold them; a fragment in a body drops a stray one.
    write(Html::parse_fragment(html).root_element(), 0, &mut lines);
    lines.join("\n")
}

#[test]
fn the_comparison_sees_differences() {
    assert_eq!(
        tree("<p  class=' b  a'>x\n y</p>"),
        tree("<p class=\"b a\"> x y </p>")
    );
    assert_ne!(tree("<p class=\"a\">x</p>"), tree("<p>x</p>"));
    assert_ne!(tree("<p>x y</p>"), tree("<p>xy</p>"));
    assert_ne!(tree("<p><b>x</b></p>"), tree("<p>x</p>"));
}
