//! `/clusters/{cluster}/education/skill-claims/{claim}`: evidence, the assessor's finding, the award; each step by whoever may take it.

use axum::body::Body;
use axum::extract::Path;
use hiec_files::{FileKey, FileStore, attachment};
use hiec_kernel::clock::{day_on_page, on_page};
use hiec_kernel::{PersonId, Problem};
use hiec_store::files;
use hiec_web::components::{
    Button, Cell, Checkboxes, Column, InsetText, RadioItem, Radios, SummaryList, SummaryRow, Table,
};
use hiec_web::uploads::{self, Sent, broken};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page, Upload};
use http::header::{CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::actions::{self, Given};
use super::skills;
use super::states::Standing;
use super::store::{self, Assessment, Badge, ClaimHere, Evidence, claims_path};
use crate::ground::{self, LINE, LINES, made_up};

/// The largest file taken as evidence, in bytes.
const LARGEST: u64 = 10 * 1024 * 1024;
/// The same with the wrapping of a form.
pub(super) const LARGEST_FORM: usize = 11 * 1024 * 1024;
/// The most pieces of evidence in one claim.
const MOST: usize = 50;

#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct AskForm {
    /// The id of a named assessor.
    assessor: String,
    /// `yes` puts the holder's name into the badge.
    shows_name: String,
}

#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct AssessForm {
    /// `shown` or `not_yet`.
    finding: String,
    /// What was seen, and what is missing.
    words: String,
}

#[derive(Default)]
struct Typed {
    words: String,
    address: String,
    ask: AskForm,
    assess: AssessForm,
    errors: Errors,
}

pub async fn get(here: Loaded<ClaimHere>) -> Answer {
    Ok(page(&here, &Typed { errors: Errors::none(), ..Typed::default() }).await?.into())
}

async fn page(here: &Loaded<ClaimHere>, typed: &Typed) -> Result<Page, Problem> {
    let (cluster, skill, claim) = (&here.cluster, &here.skill, &here.claim);
    let database = here.database();
    let evidence = store::evidence(&database, claim.id).await?;
    let assessments = store::assessments(&database, claim.id).await?;
    let badge = store::badge_of(&database, claim.id).await?;
    let assessors = skills::assessors(&database, skill.id).await?;
    let reader = here.person()?.id;
    let gathers = claim.standing == Standing::Gathering;
    let choices: Vec<(String, String)> = assessors
        .iter()
        .filter(|one| one.person != claim.person)
        .map(|one| (one.person.to_string(), one.name.clone()))
        .collect();
    let is_asked = matches!(&claim.standing, Standing::Asked { assessor, .. } if *assessor == reader);
    let view = html! {
        (ground::mistakes(&typed.errors))
        h1 { span.nhsuk-caption-xl { (claim.name) } (skill.name) (made_up(claim.is_illustrative)) }
        (SummaryList::new([
            SummaryRow::new("Stands", stands(&claim.standing, &assessors)),
            SummaryRow::new("Profession", claim.profession.as_str()),
            SummaryRow::new("What has to be done", skill.criteria.as_str()),
        ]))
        @if let Some(badge) = &badge { p { a.nhsuk-link href=(badge.path()) { "The badge" } } }
        h2 { "Evidence" }
        (evidence_table(here, &evidence))
        @if gathers && here.may("skill_claim.evidence") { (evidence_form(here, typed)) }
        @if !assessments.is_empty() { h2 { "What assessors found" } (assessment_table(&assessments)) }
        @if gathers && !evidence.is_empty() && here.may("skill_claim.ask") { (ask_form(here, choices, typed)) }
        @if is_asked && here.may("skill_claim.assess") { (assess_form(here, typed)) }
        @if matches!(claim.standing, Standing::Met { .. }) && here.may("skill_claim.award") { (award_form(here)) }
    };
    let data = json!({
        "claim": claim, "skill": skill, "evidence": evidence, "assessments": assessments,
        "badge": badge.as_ref().map(Badge::path),
    });
    Ok(ground::under(Page::new(skill.name.clone(), view).data(&data)?, cluster)
        .under(claims_path(cluster), "Claims to skills"))
}

fn stands(standing: &Standing, assessors: &[skills::Assessor]) -> String {
    let name = |person: &PersonId| {
        assessors.iter().find(|one| one.person == *person).map_or("an assessor", |one| one.name.as_str())
    };
    match standing {
        Standing::Gathering => "Evidence is gathered".to_owned(),
        Standing::Asked { assessor, on, .. } => format!("With {} since {}", name(assessor), day_on_page(*on)),
        Standing::Met { assessor, on, .. } => {
            format!("{} found the skill shown on {}; it is to be awarded", name(assessor), day_on_page(*on))
        }
        Standing::Awarded { on } => format!("Awarded, {}", day_on_page(*on)),
        Standing::Suspended { on, reason } => format!("Suspended, {}: {reason}", day_on_page(*on)),
        Standing::Revoked { on, reason } => format!("Revoked, {}: {reason}", day_on_page(*on)),
    }
}

fn evidence_table(here: &Loaded<ClaimHere>, evidence: &[Evidence]) -> Markup {
    let rows = evidence.iter().map(|one| {
        let what = html! {
            (one.words)
            @if one.kind == "link" { " " a.nhsuk-link href=(one.address) rel="noopener noreferrer nofollow" { (one.address) } }
            @if let Some(file) = one.file_id { " " a.nhsuk-link href={ (here.path()) "/evidence/" (file) } { "Save the file" } }
        };
        let kind = match one.kind.as_str() {
            "link" => "Link",
            "file" => "File",
            _ => "Text",
        };
        vec![Cell::new(what), Cell::new(kind), Cell::new(on_page(one.given_at))]
    });
    html! {
        @if evidence.is_empty() { p { "There is none yet." } } @else {
            (Table::new("Evidence given").head([Column::new("What"), Column::new("Kind"), Column::new("Given")]).rows(rows))
        }
    }
}

fn assessment_table(assessments: &[Assessment]) -> Markup {
    let rows = assessments.iter().map(|one| {
        let finding = if one.is_met { "Shown" } else { "Not yet" };
        vec![
            Cell::new(one.name.as_str()),
            Cell::new(finding),
            Cell::new(one.words.as_str()),
            Cell::new(on_page(one.said_at)),
        ]
    });
    html! {
        (Table::new("Findings").head([Column::new("Assessor"), Column::new("Found"), Column::new("In words"), Column::new("When")]).rows(rows))
    }
}

fn evidence_form(here: &Loaded<ClaimHere>, typed: &Typed) -> Markup {
    html! {
        h3 { "Give evidence" }
        p { "Describe it in words. Add a link or a file where there is one. Leave out whatever could tell who a patient is." }
        form method="post" enctype="multipart/form-data" action={ (here.path()) "/evidence" } novalidate {
            (ground::lines_field("words", "What it shows", &typed.words, &typed.errors))
            (ground::line_field("address", "Link, if any", &typed.address, &typed.errors))
            div.nhsuk-form-group {
                label.nhsuk-label for="file" { "File, if any" }
                div.nhsuk-hint id="file-hint" { "At most " (hiec_files::object::size_in_words(LARGEST)) "." }
                input.nhsuk-input type="file" name="file" id="file" aria-describedby="file-hint";
            }
            (Button::new("Give it").secondary())
        }
    }
}

fn ask_form(here: &Loaded<ClaimHere>, choices: Vec<(String, String)>, typed: &Typed) -> Markup {
    html! {
        h2 { "Ask an assessor" }
        @if choices.is_empty() {
            (InsetText::new("Nobody but you is named to assess this skill. Ask the education lead to name somebody."))
        } @else {
            form method="post" action={ (here.path()) "/request" } novalidate {
                (ground::choice("assessor", "Who shall assess it", choices, &typed.ask.assessor, &typed.errors))
                (Checkboxes::single("shows_name", "yes", "Put my name into the badge. Without it, the badge names me by a hash of my e-mail address only")
                    .values(Some(typed.ask.shows_name.clone())))
                (Button::new("Ask them"))
            }
        }
    }
}

fn assess_form(here: &Loaded<ClaimHere>, typed: &Typed) -> Markup {
    html! {
        h2 { "What did you find?" }
        form method="post" action={ (here.path()) "/assessment" } novalidate {
            (Radios::new("finding", "By what has to be done for it, the skill is")
                .items([RadioItem::new("shown", "Shown"), RadioItem::new("not_yet", "Not shown yet")])
                .value(typed.assess.finding.as_str())
                .error_message(typed.errors.of("finding").unwrap_or_default()))
            (ground::lines_field("words", "What you saw, and what is missing if it is not yet", &typed.assess.words, &typed.errors))
            (Button::new("Say so"))
        }
    }
}

fn award_form(here: &Loaded<ClaimHere>) -> Markup {
    html! {
        h2 { "Award it" }
        @if super::keys::is_ready(&here.app) {
            p { "A badge is signed in the name of this installation and given to " (here.claim.name) "." }
            form method="post" action={ (here.path()) "/award" } { (Button::new("Award the badge")) }
        } @else {
            (InsetText::new("This installation cannot sign badges yet: ask the operator to set credential_secret."))
        }
    }
}

/// A form of evidence as it came.
#[derive(Default)]
struct Came {
    words: String,
    address: String,
    file: Option<Sent>,
}

async fn came(Upload(mut form): Upload) -> Result<Came, Problem> {
    let mut came = Came::default();
    while let Some(field) = form.next_field().await.map_err(broken)? {
        match field.name().unwrap_or_default() {
            "words" => came.words = field.text().await.map_err(broken)?,
            "address" => came.address = field.text().await.map_err(broken)?,
            "file" => {
                let name = field.file_name().unwrap_or_default().to_owned();
                let bytes = field.bytes().await.map_err(broken)?;
                came.file = (!bytes.is_empty()).then_some(Sent { name, bytes });
            }
            _ => {}
        }
    }
    Ok(came)
}

pub async fn evidence(here: Loaded<ClaimHere>, form: Upload) -> Answer {
    let came = came(form).await?;
    let mut errors = Errors::none();
    let words = errors.text("words", "what it shows", &came.words, LINES);
    let address = address_of(&mut errors, &came.address);
    if address.is_some() && came.file.is_some() {
        errors.add("address", "Give the link and the file one after the other, each with its words");
    }
    if store::evidence(&here.database(), here.claim.id).await?.len() >= MOST {
        errors.add("words", format!("There are {MOST} pieces of evidence already: ask an assessor with these"));
    }
    let (Some(words), true) = (words, errors.is_empty()) else {
        let typed = Typed { words: came.words, address: came.address, errors: errors.clone(), ..Typed::default() };
        return Ok(page(&here, &typed).await?.with_errors(&errors).into());
    };
    let given = match (came.file, address) {
        (Some(sent), _) => {
            let store = here.app.service::<FileStore>()?;
            // Only for the id: nothing is held while the file is stored.
            let key = FileKey(here.begin().await?.new_id());
            let stored = store.put_bytes(key, &sent.name, sent.bytes, LARGEST).await.map_err(Problem::from)?;
            Given::File { words, file: uploads::row(stored) }
        }
        (None, Some(address)) => Given::Link { words, address },
        (None, None) => Given::Text { words },
    };
    let mut unit = here.begin().await?;
    actions::give_evidence(&mut unit, &here.claim, given).await?;
    unit.commit().await?;
    Ok(Done::made(here.path()).saying("The evidence is in.").into())
}

/// A link somebody may be led to: nothing but http and https.
fn address_of(errors: &mut Errors, typed: &str) -> Option<String> {
    let typed = typed.trim();
    if typed.is_empty() {
        return None;
    }
    let is_web = typed.starts_with("https://") || typed.starts_with("http://");
    if !is_web || typed.chars().any(char::is_whitespace) || typed.chars().count() > LINE * 5 {
        errors.add("address", "Enter a link that begins with https:// and has no spaces in it");
        return None;
    }
    Some(typed.to_owned())
}

/// To save, never to show in the page.
pub async fn file(here: Loaded<ClaimHere>, Path((_, _, id)): Path<(String, String, Uuid)>) -> Answer {
    let owner = format!("skill_claim:{}", here.claim.id);
    let files = files::of_owner(&here.database(), &owner).await?;
    let file = files.into_iter().find(|file| file.id == id).ok_or_else(Problem::not_found)?;
    let (length, stream) = here.app.service::<FileStore>()?.get(FileKey(id)).await.map_err(Problem::from)?;
    let response = http::Response::builder()
        .header(CONTENT_TYPE, &file.content_type)
        .header(CONTENT_LENGTH, length)
        .header(CONTENT_DISPOSITION, attachment(&file.name))
        .body(Body::from_stream(stream))
        .map_err(Problem::internal)?;
    Ok(response.into())
}

pub async fn ask(here: Loaded<ClaimHere>, Input(form): Input<AskForm>) -> Answer {
    let mut errors = Errors::none();
    let assessors = skills::assessors(&here.database(), here.skill.id).await?;
    let chosen = assessors.iter().find(|one| one.person.to_string() == form.assessor).map(|one| one.person);
    let assessor = ground::one_of(&mut errors, "assessor", "somebody who is named to assess this skill", chosen);
    if assessor == Some(here.claim.person) {
        errors.add("assessor", "Nobody assesses their own skill: choose another assessor");
    }
    let (Some(assessor), true) = (assessor, errors.is_empty()) else {
        let typed = Typed { ask: form, errors: errors.clone(), ..Typed::default() };
        return Ok(page(&here, &typed).await?.with_errors(&errors).into());
    };
    let mut unit = here.begin().await?;
    actions::ask(&mut unit, &here.cluster, &here.skill, &here.claim, assessor, form.shows_name == "yes").await?;
    unit.commit().await?;
    Ok(Done::to(here.path()).saying("They were asked, and have a letter.").into())
}

pub async fn assess(here: Loaded<ClaimHere>, Input(form): Input<AssessForm>) -> Answer {
    let mut errors = Errors::none();
    let finding = match form.finding.as_str() {
        "shown" => Some(true),
        "not_yet" => Some(false),
        _ => None,
    };
    let is_met = ground::one_of(&mut errors, "finding", "what you found", finding);
    let words = errors.text("words", "what you saw", &form.words, LINES);
    let (Some(is_met), Some(words)) = (is_met, words) else {
        let typed = Typed { assess: form, errors: errors.clone(), ..Typed::default() };
        return Ok(page(&here, &typed).await?.with_errors(&errors).into());
    };
    let by = here.person()?.id;
    let mut unit = here.begin().await?;
    actions::assess(&mut unit, &here.cluster, &here.skill, &here.claim, by, (is_met, &words)).await?;
    unit.commit().await?;
    Ok(Done::to(here.path()).saying("Your finding is on the record.").into())
}

pub async fn award(here: Loaded<ClaimHere>) -> Answer {
    let by = here.person()?.id;
    let mut unit = here.begin().await?;
    let badge = actions::award(&here.app, &mut unit, &here.cluster, &here.skill, &here.claim, by).await?;
    unit.commit().await?;
    Ok(Done::made(badge.path()).saying(format!("The badge was awarded to {}.", here.claim.name)).into())
}
