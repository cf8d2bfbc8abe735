//! `/calls/{call}/design…`: the design part by part, entry by entry, with what keeps it from being published on top.

use axum::extract::Path;
use hiec_kernel::Problem;
use hiec_web::components::{
    Button, CheckboxItem, Checkboxes, ErrorItem, ErrorSummary, Input as TextInput, Select, SelectItem, Textarea,
};
use hiec_web::{Answer, Done, Errors, Fields, Loaded, Page};
use maud::{Markup, html};
use serde_json::{Value, json};

use super::fields::{FieldSpec, Shape, put};
use super::parts::{self, Part};
use super::store;
use crate::calls::design::CallDesign;
use crate::calls::problems::{Severity, design_problems};
use crate::calls::store::Call;

pub async fn overview(call: Loaded<Call>) -> Answer {
    let design = store::working(&call.database(), &call).await?;
    let value = whole(&design)?;
    let problems = design_problems(&design);
    let path = call.path();
    let view = html! {
        h1 { span.nhsuk-caption-xl { (call.title) } "Design the call" }
        @if call.is_published() {
            div.nhsuk-inset-text { p { "This call is published. Changes here are a proposal; they count once you make them an " a href={ (path) "/amendments/new" } { "amendment" } "." } }
        }
        ul {
            @for part in parts::all() {
                li {
                    a href={ (path) "/design/" (part.key) } { (part.title) }
                    @if part.is_list { " (" (entries(&value, &part).len()) ")" }
                }
            }
        }
        h2 { "What to look at" }
        @if problems.is_empty() { p { "Nothing: every question serves a criterion, every criterion has its questions, and the dates are in order." } }
        @for (severity, heading) in [(Severity::Blocks, "Keeps the call from being published"), (Severity::Warns, "Worth a second look")] {
            @let some: Vec<_> = problems.iter().filter(|problem| problem.severity == severity).collect();
            @if !some.is_empty() {
                h3 { (heading) }
                ul { @for problem in some { li { strong { (problem.part) } ": " (problem.message) } } }
            }
        }
        @if !call.is_published() && call.may("call.publish") {
            form method="post" action={ (path) "/publication" } { (Button::new("Publish the call").confirm("Once published, the call changes only by numbered amendments. Publish now?")) }
        }
    };
    Ok(Page::new("Design the call", view)
        .data(&design)?
        .under("/calls", "Calls")
        .under(path, call.title.clone())
        .into())
}

pub async fn part(call: Loaded<Call>, Path((_, key)): Path<(String, String)>) -> Answer {
    let part = parts::find(&key).ok_or_else(Problem::not_found)?;
    let value = whole(&store::working(&call.database(), &call).await?)?;
    if !part.is_list {
        let entry = value.pointer(&part.place).cloned().unwrap_or_default();
        return Ok(form_page(&call, &part, "only", &typed(&part, &entry), &Errors::none()).into());
    }
    let entries = entries(&value, &part);
    let base = format!("{}/design/{}", call.path(), part.key);
    let view = html! {
        h1 { span.nhsuk-caption-xl { (call.title) } (part.title) }
        @if entries.is_empty() { p { "There is none yet." } }
        ol {
            @for (index, entry) in entries.iter().enumerate() {
                li {
                    a href={ (base) "/" (index) } { (name_of(entry)) }
                    @if part.entry == "section" {
                        " (" a href={ (call.path()) "/design/" (part.key) "." (index) } {
                            (entry.get("questions").and_then(Value::as_array).map_or(0, Vec::len)) " questions"
                            span.nhsuk-u-visually-hidden { " of " (name_of(entry)) }
                        } ")"
                    }
                }
            }
        }
        (Button::link(format!("Add a {}", part.entry), format!("{base}/new")))
    };
    Ok(Page::new(part.title.clone(), view)
        .data(&entries)?
        .under("/calls", "Calls")
        .under(call.path(), call.title.clone())
        .under(format!("{}/design", call.path()), "Design")
        .into())
}

pub async fn entry(call: Loaded<Call>, Path((_, key, index)): Path<(String, String, String)>) -> Answer {
    let part = parts::find(&key).ok_or_else(Problem::not_found)?;
    let value = whole(&store::working(&call.database(), &call).await?)?;
    let entry = match index.as_str() {
        "new" => Value::Null,
        index => entries(&value, &part)
            .get(index.parse::<usize>().map_err(|_| Problem::not_found())?)
            .cloned()
            .ok_or_else(Problem::not_found)?,
    };
    Ok(form_page(&call, &part, &index, &typed(&part, &entry), &Errors::none()).into())
}

/// Saves, moves up, or removes one entry.
pub async fn save(call: Loaded<Call>, Path((_, key, index)): Path<(String, String, String)>, fields: Fields) -> Answer {
    let part = parts::find(&key).ok_or_else(Problem::not_found)?;
    let mut value = whole(&store::working(&call.database(), &call).await?)?;
    let mut errors = Errors::none();
    let typed: Vec<(FieldSpec, String)> =
        part.fields.iter().map(|spec| (*spec, fields.get(&spec.name()).unwrap_or_default().to_owned())).collect();
    let changed = change(&mut value, &part, &index, fields.get("action").unwrap_or("save"), &typed, &mut errors)?;
    let design = changed.then(|| serde_json::from_value::<CallDesign>(value));
    match design {
        Some(Ok(design)) => {
            let mut unit = call.begin().await?;
            store::save(&mut unit, &call, design, &part.key).await?;
            unit.commit().await?;
            let back = if part.is_list {
                format!("{}/design/{}", call.path(), part.key)
            } else {
                format!("{}/design", call.path())
            };
            Ok(Done::to(back).saying("Saved.").into())
        }
        Some(Err(error)) => {
            let (field, message) = in_words(&typed, &error.to_string());
            errors.add(field, message);
            Ok(form_page(&call, &part, &index, &typed, &errors).with_errors(&errors).into())
        }
        None => Ok(form_page(&call, &part, &index, &typed, &errors).with_errors(&errors).into()),
    }
}

/// What the design lacks, by the field it is typed into. `error` names the place in the design between backquotes.
fn in_words(typed: &[(FieldSpec, String)], error: &str) -> (String, String) {
    let place = error.split('`').nth(1).unwrap_or_default();
    match typed.iter().find(|(spec, _)| spec.place.rsplit('/').next() == Some(place)) {
        Some((spec, text)) if text.trim().is_empty() => {
            (spec.name(), format!("Fill in “{}”: a call needs it", spec.label))
        }
        Some((spec, _)) => {
            (spec.name(), format!("“{}” is not of the kind asked for: see the hint beside it", spec.label))
        }
        None => (
            "form".to_owned(),
            "A field that a call needs is empty or of the wrong kind: check each against its hint".to_owned(),
        ),
    }
}

fn change(
    design: &mut Value,
    part: &Part,
    index: &str,
    action: &str,
    typed: &[(FieldSpec, String)],
    errors: &mut Errors,
) -> Result<bool, Problem> {
    if !part.is_list {
        let entry = design.pointer_mut(&part.place).ok_or_else(Problem::not_found)?;
        return Ok(fill(entry, typed, errors));
    }
    let entries = design.pointer_mut(&part.place).and_then(Value::as_array_mut).ok_or_else(Problem::not_found)?;
    if index == "new" {
        let mut entry = json!({});
        if part.entry == "section" {
            put(&mut entry, "questions", Some(json!([])));
        }
        let good = fill(&mut entry, typed, errors);
        entries.push(entry);
        return Ok(good);
    }
    let position: usize = index.parse().map_err(|_| Problem::not_found())?;
    if position >= entries.len() {
        return Err(Problem::not_found());
    }
    match action {
        "remove" => {
            entries.remove(position);
            Ok(true)
        }
        "up" => {
            entries.swap(position, position.saturating_sub(1));
            Ok(true)
        }
        _ => Ok(entries.get_mut(position).is_some_and(|entry| fill(entry, typed, errors))),
    }
}

/// Puts what was typed into the entry; of a question's kind only what belongs to its type stays.
fn fill(entry: &mut Value, typed: &[(FieldSpec, String)], errors: &mut Errors) -> bool {
    for (spec, text) in typed {
        match spec.read(text) {
            Ok(value) => put(entry, spec.place, value),
            Err(message) => errors.add(spec.name(), message),
        }
    }
    let kind_type = entry.pointer("/kind/type").and_then(Value::as_str).map(str::to_owned);
    if let (Some(kind_type), Some(kind)) = (kind_type, entry.get_mut("kind").and_then(Value::as_object_mut)) {
        kind.retain(|key, _| parts::kind_fields(&kind_type).contains(&key.as_str()));
        if kind_type == "money" {
            for key in ["min", "max"] {
                if let Some(pence) = kind.get(key).and_then(Value::as_str).and_then(|text| text.parse::<i64>().ok()) {
                    kind.insert(key.to_owned(), json!(pence));
                }
            }
        }
        if kind_type == "text" && !kind.contains_key("lines") {
            kind.insert("lines".to_owned(), json!(1));
        }
    }
    errors.is_empty()
}

fn whole(design: &CallDesign) -> Result<Value, Problem> {
    serde_json::to_value(design).map_err(Problem::internal)
}

fn entries(design: &Value, part: &Part) -> Vec<Value> {
    design.pointer(&part.place).and_then(Value::as_array).cloned().unwrap_or_default()
}

fn name_of(entry: &Value) -> String {
    ["name", "title", "label", "key"]
        .iter()
        .find_map(|key| entry.get(key).and_then(Value::as_str))
        .unwrap_or("(no name)")
        .to_owned()
}

fn typed(part: &Part, entry: &Value) -> Vec<(FieldSpec, String)> {
    part.fields.iter().map(|spec| (*spec, spec.typed(entry))).collect()
}

fn form_page(call: &Loaded<Call>, part: &Part, index: &str, typed: &[(FieldSpec, String)], errors: &Errors) -> Page {
    let action = format!("{}/design/{}/{index}", call.path(), part.key);
    let title = if part.is_list { format!("{}: {}", part.title, part.entry) } else { part.title.clone() };
    let view = html! {
        @if !errors.is_empty() {
            (ErrorSummary::new(errors.0.iter().map(|error| ErrorItem::for_field(&error.field, error.message.as_str()))))
        }
        h1 { span.nhsuk-caption-xl { (call.title) } (title) }
        form #form method="post" action=(action) novalidate {
            @for (spec, text) in typed { (input(spec, text, errors)) }
            div.nhsuk-button-group {
                (Button::new("Save"))
                @if part.is_list && index != "new" {
                    button.nhsuk-button.nhsuk-button--secondary type="submit" name="action" value="up" { "Move up" }
                    button.nhsuk-button.nhsuk-button--warning type="submit" name="action" value="remove" { "Remove" }
                }
            }
        }
    };
    Page::new(title, view)
        .under("/calls", "Calls")
        .under(call.path(), call.title.clone())
        .under(format!("{}/design", call.path()), "Design")
}

fn input(spec: &FieldSpec, text: &str, errors: &Errors) -> Markup {
    let name = spec.name();
    let error = errors.of(&name).unwrap_or_default();
    match spec.shape {
        Shape::Text | Shape::Lines(_) | Shape::Json => {
            let rows = u16::try_from(text.lines().count().clamp(3, 16)).unwrap_or(3);
            html! { (Textarea::new(name, spec.label).hint(spec.hint).rows(rows).value(text).error_message(error)) }
        }
        Shape::Flag => html! {
            (Checkboxes::new(name.as_str(), html! { span.nhsuk-u-visually-hidden { (spec.label) } })
                .items([CheckboxItem::new("yes", spec.label).checked(text == "yes")]))
        },
        Shape::Pick(choices) => html! {
            (Select::new(name, spec.label)
                .hint(spec.hint)
                .items(choices.iter().map(|(key, label)| SelectItem::new(*key, *label)))
                .value(text)
                .error_message(error))
        },
        Shape::Line | Shape::Whole | Shape::Pounds | Shape::Moment | Shape::Keys => {
            html! { (TextInput::new(name, spec.label).hint(spec.hint).value(text).error_message(error)) }
        }
    }
}
