//! A form as a browser sends it: the fields as the page had them, changed by what was typed. It never sends by itself.

use std::collections::BTreeMap;

use scraper::ElementRef;
use url::form_urlencoded;

use super::document::{selector, words};

/// What [`super::Browser::tick`] types: no person types a control character.
pub(super) const TICKED: &str = "\u{1}ticked";
pub(super) const UNTICKED: &str = "\u{1}unticked";

const BOUNDARY: &str = "----hiec-testkit-boundary";

#[derive(Debug)]
pub(super) struct Form {
    pub action: Option<String>,
    pub is_get: bool,
    pub is_multipart: bool,
    pub controls: Vec<Control>,
}

/// One control of a form.
#[derive(Clone, Debug)]
pub(super) struct Control {
    name: String,
    value: String,
    kind: Kind,
    /// Its label, or a button's words.
    label: String,
    /// The legends around it, innermost first.
    legends: Vec<String>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Kind {
    Text,
    File,
    /// A box or one answer of a group.
    Tick {
        is_on: bool,
        is_radio: bool,
    },
    Select {
        options: Vec<(String, String)>,
    },
    Button,
}

/// A file chosen and not sent yet.
#[derive(Debug)]
pub(super) struct Attachment {
    pub label: String,
    pub name: String,
    pub kind: String,
    pub content: Vec<u8>,
}

impl Control {
    pub(super) fn read(element: ElementRef<'_>, labels: &BTreeMap<String, String>) -> Self {
        let attribute = |name: &str| element.attr(name).unwrap_or_default().to_owned();
        let tag = element.value().name();
        let kind = match (tag, attribute("type").as_str()) {
            ("select", _) => Kind::Select { options: options(element) },
            ("button", "button" | "reset") => Kind::File,
            ("button", _) | ("input", "submit") => Kind::Button,
            ("input", kind @ ("checkbox" | "radio")) => {
                Kind::Tick { is_on: element.attr("checked").is_some(), is_radio: kind == "radio" }
            }
            ("input", "file") => Kind::File,
            _ => Kind::Text,
        };
        let value = match tag {
            "textarea" => element.text().collect(),
            "select" => chosen(element),
            _ if matches!(kind, Kind::Tick { .. }) => element.attr("value").unwrap_or("on").to_owned(),
            _ => attribute("value"),
        };
        let label = match tag {
            "button" => words(element),
            _ if kind == Kind::Button => value.clone(),
            _ => labels
                .get(&attribute("id"))
                .cloned()
                .or_else(|| element.attr("aria-label").map(str::to_owned))
                .or_else(|| around(element, "label").first().map(|label| words(*label)))
                .unwrap_or_default(),
        };
        let legends = around(element, "fieldset")
            .into_iter()
            .filter_map(|fieldset| fieldset.select(&selector("legend")).next().map(words))
            .collect();
        Self { name: attribute("name"), value, kind, label, legends }
    }

    /// As an outline shows it.
    pub(super) fn title(&self) -> String {
        match (&self.kind, self.legends.first()) {
            (Kind::Tick { .. }, Some(legend)) => format!("{legend}: {}", self.label),
            _ if self.label.is_empty() => format!("[{}]", self.name),
            _ => self.label.clone(),
        }
    }

    fn answers_to(&self, label: &str) -> bool {
        if self.kind == Kind::Button {
            return false;
        }
        let by_group = matches!(self.kind, Kind::Tick { .. }) && self.legends.iter().any(|legend| legend == label);
        self.label == label || self.name == label || by_group
    }

    /// Takes what was typed for `label`.
    fn take(&mut self, label: &str, typed: &str) {
        let by_own_label = self.label == label;
        match &mut self.kind {
            Kind::Tick { is_on, is_radio } => {
                let is_meant = self.value == typed || self.label == typed;
                *is_on = match typed {
                    TICKED if by_own_label => true,
                    UNTICKED if by_own_label => false,
                    TICKED | UNTICKED => *is_on,
                    _ if *is_radio => is_meant,
                    _ => *is_on || is_meant,
                };
            }
            Kind::Select { options } => {
                let meant = options.iter().find(|(value, text)| text == typed || value == typed);
                let Some((value, _)) = meant else {
                    panic!("“{label}” offers no “{typed}”, only {options:?}");
                };
                self.value.clone_from(value);
            }
            Kind::Text | Kind::File => typed.clone_into(&mut self.value),
            Kind::Button => {}
        }
    }

    fn is_sent(&self, button: &str) -> bool {
        !self.name.is_empty()
            && match &self.kind {
                Kind::Text | Kind::Select { .. } => true,
                Kind::Tick { is_on, .. } => *is_on,
                Kind::Button => self.label == button,
                Kind::File => false,
            }
    }
}

fn around<'a>(element: ElementRef<'a>, tag: &str) -> Vec<ElementRef<'a>> {
    element.ancestors().filter_map(ElementRef::wrap).filter(|ancestor| ancestor.value().name() == tag).collect()
}

fn options(select: ElementRef<'_>) -> Vec<(String, String)> {
    select.select(&selector("option")).map(|option| (option_value(option), words(option))).collect()
}

fn option_value(option: ElementRef<'_>) -> String {
    option.attr("value").map_or_else(|| words(option), str::to_owned)
}

/// The value a browser would send: the one marked as selected, else the first.
fn chosen(select: ElementRef<'_>) -> String {
    select
        .select(&selector("option[selected]"))
        .next()
        .or_else(|| select.select(&selector("option")).next())
        .map(option_value)
        .unwrap_or_default()
}

/// What a form sends.
pub(super) struct Sent {
    pub action: Option<String>,
    pub is_get: bool,
    pub fields: Vec<(String, String)>,
    files: Vec<(String, String, String, Vec<u8>)>,
    is_multipart: bool,
}

impl Form {
    pub(super) fn has_button(&self, text: &str) -> bool {
        self.controls.iter().any(|control| control.kind == Kind::Button && control.label == text)
    }

    pub(super) fn has_field(&self, label: &str) -> bool {
        self.controls.iter().any(|control| control.answers_to(label))
    }

    pub(super) fn value_of(&self, label: &str) -> Option<String> {
        self.controls
            .iter()
            .filter(|control| control.answers_to(label))
            .find(|control| !matches!(control.kind, Kind::Tick { is_on: false, .. }))
            .map(|control| control.value.clone())
    }

    /// The form with what was typed, as the button sends it.
    pub(super) fn send(&self, button: &str, typed: &[(String, String)], attached: &[Attachment]) -> Sent {
        let mut controls = self.controls.clone();
        for (label, value) in typed {
            self.type_into(&mut controls, label, value);
        }
        let mut pressed = false;
        let mut fields = Vec::new();
        for control in controls.iter().filter(|control| control.is_sent(button)) {
            // Of two buttons with the same words the first is pressed.
            if control.kind == Kind::Button && std::mem::replace(&mut pressed, true) {
                continue;
            }
            fields.push((control.name.clone(), control.value.clone()));
        }
        let files = attached
            .iter()
            .map(|file| {
                let field =
                    self.controls.iter().find(|control| control.kind == Kind::File && control.answers_to(&file.label));
                let Some(field) = field else {
                    panic!("no field for files is called “{}”", file.label);
                };
                (field.name.clone(), file.name.clone(), file.kind.clone(), file.content.clone())
            })
            .collect();
        Sent { action: self.action.clone(), is_get: self.is_get, fields, files, is_multipart: self.is_multipart }
    }

    fn type_into(&self, controls: &mut [Control], label: &str, value: &str) {
        // Choosing one answer of a group takes it from the others.
        let ticked_group = controls
            .iter()
            .find(|control| {
                value == TICKED && control.label == label && matches!(control.kind, Kind::Tick { is_radio: true, .. })
            })
            .map(|control| control.name.clone());
        let mut found = false;
        for control in controls.iter_mut() {
            if let (Some(group), Kind::Tick { is_on, .. }) = (&ticked_group, &mut control.kind)
                && control.name == *group
            {
                *is_on = false;
            }
            let is_text = matches!(control.kind, Kind::Text | Kind::Select { .. });
            if control.answers_to(label) && !(is_text && found) {
                control.take(label, value);
                found = true;
            }
        }
    }
}

impl Sent {
    /// `Content-Type` and body.
    pub(super) fn body(self) -> (String, Vec<u8>) {
        if !self.is_multipart {
            let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.fields).finish();
            let kind = "application/x-www-form-urlencoded".to_owned();
            return (kind, body.into_bytes());
        }
        let mut body = Vec::new();
        for (name, value) in &self.fields {
            let head = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(head.as_bytes());
        }
        for (field, name, kind, content) in &self.files {
            let head = format!(
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\nContent-Type: {kind}\r\n\r\n"
            );
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(content);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
        (format!("multipart/form-data; boundary={BOUNDARY}"), body)
    }
}
