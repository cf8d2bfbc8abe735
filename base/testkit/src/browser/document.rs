//! A page as a person meets it: words, headings, fields, links, tables; it never judges classes or layout.

use std::collections::{BTreeMap, BTreeSet};

use scraper::{ElementRef, Html, Selector};

use super::form::{Control, Form};

/// A parsed page.
pub(super) struct Document {
    html: Html,
}

/// The words of an element with single spaces.
pub(super) fn words(element: ElementRef<'_>) -> String {
    let text: String = element.text().collect::<Vec<_>>().join(" ");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

pub(super) fn selector(text: &str) -> Selector {
    Selector::parse(text).expect("a selector of ours")
}

impl Document {
    pub(super) fn read(text: &str) -> Self {
        Self { html: Html::parse_document(text) }
    }

    fn main(&self) -> ElementRef<'_> {
        self.html.select(&selector("main")).next().unwrap_or_else(|| self.html.root_element())
    }

    pub(super) fn main_text(&self) -> String {
        words(self.main())
    }

    /// The address of the first link with these words, in the main part first.
    pub(super) fn link(&self, text: &str) -> Option<String> {
        let links = selector("a[href]");
        let main = self.main();
        let found = main.select(&links).chain(self.html.select(&links)).find(|link| words(*link) == text)?;
        found.attr("href").map(str::to_owned)
    }

    pub(super) fn links(&self) -> Vec<String> {
        let mut seen = BTreeSet::new();
        self.html
            .select(&selector("a[href]"))
            .filter_map(|link| link.attr("href"))
            .filter(|href| seen.insert((*href).to_owned()))
            .map(str::to_owned)
            .collect()
    }

    pub(super) fn errors(&self) -> Vec<String> {
        let mut seen = BTreeSet::new();
        self.html
            .select(&selector(".nhsuk-error-summary__list li, .nhsuk-error-message"))
            .map(|element| words(element).trim_start_matches("Error: ").to_owned())
            .map(|text| text.trim_start_matches("Error : ").to_owned())
            .filter(|text| !text.is_empty() && seen.insert(text.clone()))
            .collect()
    }

    /// The label's words by the id of the field it is for.
    fn labels(&self) -> BTreeMap<String, String> {
        self.html
            .select(&selector("label[for]"))
            .filter_map(|label| Some((label.attr("for")?.to_owned(), words(label))))
            .collect()
    }

    /// Every form of the page, the main part's first.
    pub(super) fn forms(&self) -> Vec<Form> {
        let labels = self.labels();
        let main = self.main().id();
        let (mut inside, mut outside) = (Vec::new(), Vec::new());
        for element in self.html.select(&selector("form")) {
            let form = self.form(element, &labels);
            if element.ancestors().any(|ancestor| ancestor.id() == main) {
                inside.push(form);
            } else {
                outside.push(form);
            }
        }
        inside.append(&mut outside);
        inside
    }

    fn form(&self, form: ElementRef<'_>, labels: &BTreeMap<String, String>) -> Form {
        let controls = selector("input, select, textarea, button");
        let own = form.select(&controls).filter(|control| control.attr("form").is_none());
        // A control elsewhere on the page may say by id that it belongs to this form.
        let from_elsewhere = self
            .html
            .select(&controls)
            .filter(|control| control.attr("form").is_some() && control.attr("form") == form.attr("id"));
        Form {
            action: form.attr("action").map(str::to_owned),
            is_get: !form.attr("method").is_some_and(|method| method.eq_ignore_ascii_case("post")),
            is_multipart: form.attr("enctype") == Some("multipart/form-data"),
            controls: own
                .chain(from_elsewhere)
                .filter(|control| control.attr("disabled").is_none())
                .map(|control| Control::read(control, labels))
                .collect(),
        }
    }

    pub(super) fn outline(&self) -> String {
        let parts = selector(
            "h1, h2, h3, h4, h5, h6, input, select, textarea, button, a[href], caption, th, .nhsuk-error-message",
        );
        let labels = self.labels();
        let lines: Vec<String> = self.main().select(&parts).filter_map(|element| line(element, &labels)).collect();
        lines.join("\n")
    }
}

fn line(element: ElementRef<'_>, labels: &BTreeMap<String, String>) -> Option<String> {
    let said = words(element);
    Some(match element.value().name() {
        heading @ ("h1" | "h2" | "h3" | "h4" | "h5" | "h6") => {
            let depth = heading.trim_start_matches('h').parse().unwrap_or(1);
            format!("{} {said}", "#".repeat(depth))
        }
        "a" => format!("link: {said} -> {}", element.attr("href")?),
        "button" => format!("button: {said}"),
        "caption" => format!("table: {said}"),
        "th" => format!("header: {said}"),
        "span" | "p" | "div" => format!("error: {said}"),
        _ if element.attr("type") == Some("hidden") => return None,
        _ => format!("field: {}", Control::read(element, labels).title()),
    })
}
