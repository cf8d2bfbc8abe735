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

/// Content that comes from a Nunjucks call block, which the fixture does not record.
const CALL_BLOCK: &str = "its content is not in the fixture";
/// An option of older versions; ours has the new one only.
const DEPRECATED: &str = "deprecated";
/// Texts for scripts in other languages; ours speaks English.
const TRANSLATED: &str = "translated";
/// Nunjucks puts markup after the words of a heading; ours has the one or the other.
const WORDS_AND_MARKUP: &str = "words and markup";

/// Nunjucks counts gaps between items when it numbers them; a list of ours has no gaps.
const GAPS: &str = "gaps";

macro_rules! held {
    ($($test:ident: $component:ty, $folder:literal, [$(($name:literal, $why:expr)),* $(,)?];)*) => {$(
        #[test]
        fn $test() {
            hold::<$component>($folder, &[$(($name, $why)),*], |_, _| {}, |html| html);
        }
    )*};
}

held! {
    action_link: ActionLink, "action-link", [("with HTML via call block", CALL_BLOCK)];
    back_link: BackLink, "back-link", [("with HTML via call block", CALL_BLOCK)];
    breadcrumb: Breadcrumb, "breadcrumb", [];
    button: Button, "button", [];
    caption_and_heading: Heading, "heading", [];
    character_count: CharacterCount, "character-count", [("with translations", TRANSLATED)];
    checkboxes: Checkboxes, "checkboxes", [
        ("with \"none\" option, deprecated", DEPRECATED),
        ("with \"none\" option (named group)", DEPRECATED),
        ("with \"none\" option (named group, unique)", DEPRECATED),
    ];
    contents_list: ContentsList, "contents-list", [];
    date_input: DateInput, "date-input", [];
    details: Details, "details", [
        ("expander with HTML via call block", CALL_BLOCK),
        ("with HTML via call block", CALL_BLOCK),
    ];
    do_dont_list: DoDontList, "do-dont-list", [];
    error_message: ErrorMessage, "error-message", [("with HTML via call block", CALL_BLOCK)];
    error_summary: ErrorSummary, "error-summary", [("with description via call block", CALL_BLOCK)];
    fieldset: Fieldset, "fieldset", [("with HTML via call block", CALL_BLOCK)];
    file_upload: FileUpload, "file-upload", [
        ("with translations", TRANSLATED),
    ];
    hint: Hint, "hint", [("with HTML via call block", CALL_BLOCK)];
    image: Image, "images", [
        ("with custom HTML", CALL_BLOCK),
    ];
    input: Input, "input", [];
    inset_text: InsetText, "inset-text", [
        ("with HTML via call block", CALL_BLOCK),
    ];
    label: Label, "label", [
        ("with deprecated page heading", DEPRECATED),
        ("with deprecated page heading overriding heading", DEPRECATED),
        ("with HTML via call block", CALL_BLOCK),
        ("with HTML via call block, without heading", CALL_BLOCK),
    ];
    legend: Legend, "legend", [
        ("with deprecated page heading", DEPRECATED),
        ("with deprecated page heading overriding heading", DEPRECATED),
        ("with HTML via call block", CALL_BLOCK),
        ("with HTML via call block, without heading", CALL_BLOCK),
    ];
    notification_banner: NotificationBanner, "notification-banner", [
        ("success with HTML via call block", CALL_BLOCK),
        ("with HTML via call block", CALL_BLOCK),
    ];
    pagination: Pagination, "pagination", [
        ("with deprecated options", DEPRECATED),
    ];
    panel: Panel, "panel", [
        ("with HTML via call block", CALL_BLOCK),
    ];
    password_input: PasswordInput, "password-input", [
        ("with translations", TRANSLATED),
    ];
    radios: Radios, "radios", [];
    search_input: SearchInput, "search-input", [];
    select: Select, "select", [];
    skip_link: SkipLink, "skip-link", [];
    summary_list: SummaryList, "summary-list", [];
    table: Table, "tables", [("as a card (feature) with deprecated options", DEPRECATED)];
    tabs: Tabs, "tabs", [];
    tag: Tag, "tag", [("with HTML via call block", CALL_BLOCK)];
    task_list: TaskList, "task-list", [
        ("with empty items", GAPS),
    ];
    textarea: Textarea, "textarea", [];
    warning_callout: WarningCallout, "warning-callout", [
        ("with HTML via call block", CALL_BLOCK),
    ];
}

/// Most cards get their content from a call block: it is taken from the page, so that the card around it is compared.
#[test]
fn card() {
    let with_content = |context: &mut Map<String, Value>, html: &str| {
        let page = Html::parse_fragment(html);
        let content = scraper::Selector::parse(".nhsuk-card__content").unwrap();
        let content = page.select(&content).next().unwrap();
        let is_ours = |node: &scraper::ElementRef<'_>| {
            let classes = node.value().attr("class").unwrap_or_default();
            !classes.contains("nhsuk-card__heading") && !classes.contains("nhsuk-icon--chevron")
        };
        let block: String = content.child_elements().filter(is_ours).map(|node| node.html()).collect();
        if !context.contains_key("description") && !block.is_empty() {
            context.insert("description".to_owned(), json!({ "html": block }));
        }
    };
    let left_out = [("with image and custom HTML", WORDS_AND_MARKUP)];
    hold::<Card>("card", &left_out, with_content, |html| html);
}

/// The design system names itself as holder of the copyright where nobody says otherwise; we do not.
#[test]
fn footer() {
    let claim = |context: &mut Map<String, Value>, _: &str| {
        context.entry("copyright").or_insert(json!("© NHS England"));
        if let Some(group @ Value::Object(_)) = context.get("navigation").cloned() {
            context.insert("navigation".to_owned(), json!([group]));
        }
    };
    let left_out = [("with meta HTML via call block", CALL_BLOCK)];
    hold::<Footer>("footer", &left_out, claim, |html| html);
}

/// The NHS logo is not ours to ship, so it is taken out of what is expected, with its name and with links it leaves empty.
#[test]
fn header() {
    let with_search = |context: &mut Map<String, Value>, _: &str| {
        if let Some(search) = context.get("search").cloned() {
            let option = |path: &str| search.pointer(path).and_then(Value::as_str).map(str::to_owned);
            let search = json!({
                "action": "https://www.nhs.uk/search/",
                "placeholder": option("/input/placeholder").unwrap_or_default(),
                "visuallyHiddenLabel":
                    option("/label/visuallyHiddenText").unwrap_or_else(|| "Search the NHS website".to_owned()),
            });
            context.insert("search".to_owned(), search);
        }
    };
    let without_logo = |html: String| {
        let mut html = html.replace("aria-label=\"NHS ", "aria-label=\"");
        cut(&mut html, "<svg class=\"nhsuk-header__logo\"", "</svg>", |_| true);
        cut(&mut html, "<a class=\"nhsuk-header__service-logo\"", "</a>", |link| tree(link).lines().count() == 1);
        html
    };
    hold::<Header>("header", &[], with_search, without_logo);
}

/// Cuts every part that begins and ends so and meets the condition.
fn cut(html: &mut String, begin: &str, end: &str, condition: impl Fn(&str) -> bool) {
    let mut from = 0;
    while let Some(start) = html[from..].find(begin).map(|start| start + from) {
        let stop = html[start..].find(end).unwrap() + start + end.len();
        if condition(&html[start..stop]) {
            html.replace_range(start..stop, "");
            from = start;
        } else {
            from = stop;
        }
    }
}

/// Draws every fixture of a component and compares.
fn hold<C: DeserializeOwned + Render>(
    folder: &str,
    left_out: &[(&str, &str)],
    adapt_context: impl Fn(&mut Map<String, Value>, &str),
    adapt_html: impl Fn(String) -> String,
) {
    let path = format!(
        "{}/../../web/node_modules/nhsuk-frontend/dist/nhsuk/components/{folder}/fixtures.json",
        env!("CARGO_MANIFEST_DIR")
    );
    let file = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{path}: {error}. Run `make web` (or `npm ci` in web/) first."));
    let file: FixtureFile = serde_json::from_str(&file).unwrap();
    let mut differing = Vec::new();
    let mut needless: Vec<&str> = left_out.iter().map(|(name, _)| *name).collect();
    for fixture in &file.fixtures {
        let mut context = fixture.context.clone();
        adapt_context(&mut context, &fixture.html);
        let expected = tree(&adapt_html(fixture.html.clone()));
        let actual = serde_json::from_value::<C>(in_our_shape("", Value::Object(context)))
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
    assert!(needless.is_empty(), "{folder}: no need to leave out {needless:?}");
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
fn in_our_shape(name: &str, value: Value) -> Value {
    match value {
        Value::String(text) if WORDS_OR_OBJECT.contains(&name) => json!({ "text": text }),
        Value::Bool(true) if ["errorMessage", "heading", "card"].contains(&name) => json!({}),
        // A tag may be drawn in no colour of its own, and a column may be sortable but not sorted.
        Value::Bool(flag) if ["colour", "sort"].contains(&name) => json!(flag.to_string()),
        Value::Object(mut actions) if name == "actions" && actions.contains_key("items") => {
            in_our_shape("", actions.remove("items").unwrap_or_default())
        }
        Value::Object(object) => {
            let is_row = object.contains_key("key");
            let mut shaped: Map<String, Value> = object
                .into_iter()
                .filter(|(_, value)| !value.is_null())
                .map(|(name, value)| match (name.as_str(), &value) {
                    ("day" | "month" | "year", Value::Bool(false)) => (name, json!({ "leftOut": true })),
                    ("button", Value::Bool(false)) => ("hideButton".to_owned(), json!(true)),
                    ("icon", Value::Bool(false)) => ("hideIcon".to_owned(), json!(true)),
                    _ => (name, value),
                })
                .map(|(name, value)| {
                    let kind = if is_row && name == "value" { "key" } else { &name };
                    let value = in_our_shape(kind, value);
                    (name, value)
                })
                .collect();
            if let Some(html) = shaped.remove("html") {
                shaped.insert("text".to_owned(), json!({ "html": html }));
            }
            Value::Object(shaped)
        }
        Value::Array(items) => Value::Array(
            items
                .into_iter()
                .filter(|item| !matches!(item, Value::Null | Value::Bool(false)))
                .map(|item| in_our_shape(name, item))
                .collect(),
        ),
        other => other,
    }
}

impl<'de> Deserialize<'de> for Content {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Value::deserialize(deserializer)? {
            Value::String(text) => Self::Text(text),
            Value::Object(mut object) => {
                match (object.remove("html"), object.remove("text").or_else(|| object.remove("item"))) {
                    (Some(Value::String(html)), _) => Self::Html(PreEscaped(html)),
                    (_, Some(text)) => serde_json::from_value(text).map_err(serde::de::Error::custom)?,
                    _ => Self::default(),
                }
            }
            other => return Err(serde::de::Error::custom(format!("{other} is no content"))),
        })
    }
}

impl<'de> Deserialize<'de> for Attributes {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let object = Map::<String, Value>::deserialize(deserializer)?;
        Ok(object.into_iter().fold(Self::new(), |attributes, (name, value)| {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
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
                    lines.push(format!("{indent}<{}{}>", element.name(), attributes.concat()));
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
    assert_eq!(tree("<p  class=' b  a'>x\n y</p>"), tree("<p class=\"b a\"> x y </p>"));
    assert_ne!(tree("<p class=\"a\">x</p>"), tree("<p>x</p>"));
    assert_ne!(tree("<p>x y</p>"), tree("<p>xy</p>"));
    assert_ne!(tree("<p><b>x</b></p>"), tree("<p>x</p>"));
}
