//! `…/hosts/{host}/assessment/{standard}`: one standard judged by the host's own educator, with evidence as words, link and file.

use std::collections::BTreeMap;

use axum::extract::Path;
use hiec_files::{FileKey, FileStore};
use hiec_kernel::Problem;
use hiec_store::files;
use hiec_web::components::{Button, RadioItem, Radios};
use hiec_web::uploads::{self, Sent, Upload};
use hiec_web::{Answer, Done, Errors, Loaded, Page};
use maud::{Markup, html};
use serde::Serialize;

use super::FILE;
use super::actions;
use super::assessment::{owner, under, under_way};
use super::doors::QualityHost;
use super::standing::Level;
use super::store::{Assessment, Framework, Said};
use crate::ground::{self, LINE, LINES};

#[derive(Clone, Debug, Default, Serialize)]
struct Form {
    level: String,
    evidence: String,
    link: String,
}

/// The assessment under way and the standard an address names.
async fn standard(
    door: &Loaded<QualityHost>,
    parts: &BTreeMap<String, String>,
) -> Result<(Assessment, Framework, BTreeMap<String, Said>, String), Problem> {
    let key = parts.get("standard").cloned().unwrap_or_default();
    let (assessment, framework, said) = under_way(door).await?.ok_or_else(|| {
        Problem::conflict("No self-assessment is under way", "Begin the one of this year on the host's page first.")
    })?;
    if framework.content.standard(&key).is_none() {
        return Err(Problem::not_found());
    }
    Ok((assessment, framework, said, key))
}

pub async fn get(door: Loaded<QualityHost>, Path(parts): Path<BTreeMap<String, String>>) -> Answer {
    let (_, framework, said, key) = standard(&door, &parts).await?;
    let form = said.get(&key).map_or_else(Form::default, |said| Form {
        level: said.level.key().to_owned(),
        evidence: said.evidence.clone(),
        link: said.link.clone(),
    });
    Ok(page(&door, &framework, &key, &form, &Errors::none())?.into())
}

fn page(
    door: &Loaded<QualityHost>,
    framework: &Framework,
    key: &str,
    form: &Form,
    errors: &Errors,
) -> Result<Page, Problem> {
    let (domain, words) = framework.content.standard(key).ok_or_else(Problem::not_found)?;
    let view = html! {
        (ground::mistakes(errors))
        h1 { span.nhsuk-caption-xl { (door.host.name) ": " (domain.title) } (key) " " (words) }
        form method="post" enctype="multipart/form-data" novalidate {
            (Radios::new("level", "How far is it met?")
                .items(Level::ALL.iter().map(|level| RadioItem::new(level.key(), level.label())))
                .value(form.level.as_str())
                .error_message(errors.of("level").unwrap_or_default()))
            (ground::lines_field("evidence", "What shows it", &form.evidence, errors).rows(6_u16))
            (ground::line_field("link", "A link to more, if there is one", &form.link, errors).kind("url"))
            (file_field(errors))
            (Button::new("Save the judgement"))
        }
    };
    Ok(under(Page::new(format!("Standard {key}"), view).data(form)?, door)
        .under(format!("{}/assessment", door.path()), "Self-assessment"))
}

/// The browser's own field: the design system's script puts a button in its place whose name is not what it shows.
fn file_field(errors: &Errors) -> Markup {
    let error = errors.of("file");
    let described = if error.is_some() { "file-hint file-error" } else { "file-hint" };
    html! {
        div class=(if error.is_some() { "nhsuk-form-group nhsuk-form-group--error" } else { "nhsuk-form-group" }) {
            label.nhsuk-label for="file" { "A file, if there is one" }
            div.nhsuk-hint id="file-hint" { "Up to 10 MB. One that is sent again takes the place of the one before." }
            @if let Some(error) = error {
                span.nhsuk-error-message id="file-error" { span.nhsuk-u-visually-hidden { "Error: " } (error) }
            }
            input.nhsuk-input id="file" name="file" type="file" aria-describedby=(described);
        }
    }
}

/// The fields and the file, as they come.
async fn read(upload: Upload) -> Result<(Form, Option<Sent>), Problem> {
    let (mut form, mut sent) = (Form::default(), None);
    let Upload(mut parts) = upload;
    while let Some(part) = parts.next_field().await.map_err(uploads::broken)? {
        let name = part.name().unwrap_or_default().to_owned();
        if name == "file" {
            let name = part.file_name().unwrap_or_default().to_owned();
            let bytes = part.bytes().await.map_err(uploads::broken)?;
            sent = (!bytes.is_empty()).then_some(Sent { name, bytes });
            continue;
        }
        let text = part.text().await.map_err(uploads::broken)?;
        match name.as_str() {
            "level" => form.level = text,
            "evidence" => form.evidence = text,
            "link" => form.link = text,
            _ => {}
        }
    }
    Ok((form, sent))
}

pub async fn post(door: Loaded<QualityHost>, Path(parts): Path<BTreeMap<String, String>>, upload: Upload) -> Answer {
    let (assessment, framework, said, key) = standard(&door, &parts).await?;
    let (form, sent) = read(upload).await?;
    let mut errors = Errors::none();
    let level = ground::one_of(&mut errors, "level", "how far it is met", Level::from_key(&form.level));
    let evidence = errors.text("evidence", "what shows it", &form.evidence, LINES);
    let link = link(&mut errors, &form.link);
    let (Some(level), Some(evidence), Some(link)) = (level, evidence, link) else {
        return Ok(page(&door, &framework, &key, &form, &errors)?.with_errors(&errors).into());
    };
    let mut file = said.get(&key).and_then(|said| said.file);
    let mut stored = None;
    if let Some(sent) = sent {
        // Only for the id: nothing is held while the file is stored.
        let id = FileKey(door.begin().await?.new_id());
        let store = door.app.service::<FileStore>()?;
        match store.put_bytes(id, &sent.name, sent.bytes, FILE).await {
            Ok(kept) => stored = Some(kept),
            Err(error @ (hiec_files::FileStoreError::TooLarge { .. } | hiec_files::FileStoreError::Refused(_))) => {
                errors.add("file", error.to_string());
                return Ok(page(&door, &framework, &key, &form, &errors)?.with_errors(&errors).into());
            }
            Err(error) => return Err(Problem::from(error).into()),
        }
        file = Some(id.0);
    }
    let mut unit = door.begin().await?;
    if let Some(stored) = stored {
        files::add(&unit, &uploads::row(stored), &owner(&door), door.person()?.id).await?;
    }
    let said = Said { level, evidence, link, file };
    actions::judge_standard(&mut unit, &door.cluster, &assessment, &key, &said).await?;
    unit.commit().await?;
    Ok(Done::to(format!("{}/assessment", door.path())).saying(format!("Standard {key} is judged.")).into())
}

/// An address on the web, or nothing.
pub(super) fn link(errors: &mut Errors, typed: &str) -> Option<String> {
    let link = ground::optional(errors, "link", "the link", typed, LINE)?;
    if link.is_empty() || link.starts_with("https://") || link.starts_with("http://") {
        return Some(link);
    }
    errors.add("link", "Enter a whole address that begins with https://");
    None
}
