//! Files of a bid: uploaded as a stream, judged by their content, served to those who may read the bid; a name or type that was sent is never believed.

use std::collections::{BTreeMap, HashMap};

use axum::body::Body;
use axum::extract::Path;
use hiec_files::{FileKey, FileStore, attachment};
use hiec_forms::{Answer as Given, Answers, Kind, Question, Section};
use hiec_kernel::Problem;
use hiec_kernel::people::Person;
use hiec_store::Unit;
use hiec_store::files::{self, FileRow};
use hiec_web::components::Button;
use hiec_web::uploads::{self, broken};
use hiec_web::{Answer, Done, Loaded, Upload};
use http::header::{CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE};
use maud::{Markup, html};
use uuid::Uuid;

use super::answers::{Outcome, Stored, Typed, save_answers};
use super::completeness;
use super::papers::Paper;
use super::states::BidState;
use super::store::Bid;
use super::writers::Reach;

/// More than any question allows, with the wrapping of a form.
pub(super) const LARGEST: usize = 64 * 1024 * 1024;

pub async fn post_bid(bid: Loaded<Bid>, Path(path): Path<HashMap<String, String>>, form: Upload) -> Answer {
    post(bid, Paper::Bid, &path, form).await
}

pub async fn post_pqq(bid: Loaded<Bid>, Path(path): Path<HashMap<String, String>>, form: Upload) -> Answer {
    post(bid, Paper::Pqq, &path, form).await
}

async fn post(bid: Loaded<Bid>, paper: Paper, path: &HashMap<String, String>, Upload(mut form): Upload) -> Answer {
    let person = bid.person()?.clone();
    let section = path
        .get("section")
        .and_then(|key| paper.questions(bid.call.design()).section(key))
        .ok_or_else(Problem::not_found)?
        .clone();
    let mut question: Option<Question> = None;
    let mut seen = None;
    while let Some(field) = form.next_field().await.map_err(broken)? {
        match field.name().unwrap_or_default() {
            "question" => {
                let key = field.text().await.map_err(broken)?;
                question = section.questions.iter().find(|q| q.key == key).cloned();
            }
            "seen" => seen = field.text().await.map_err(broken)?.parse().ok(),
            "file" => {
                let Some((question, most)) = question.as_ref().and_then(|q| match &q.kind {
                    Kind::File { max_bytes, .. } => Some((q, *max_bytes)),
                    _ => None,
                }) else {
                    return Err(Problem::invalid(
                        "No question asks for this file",
                        "Upload it from the section's page.",
                    )
                    .into());
                };
                Reach::of(bid.may("bid.edit"), bid.may("bid.write")).check(question)?;
                let name = field.file_name().unwrap_or_default().to_owned();
                if name.is_empty() {
                    return Err(Problem::invalid("No file was chosen", "Go back, choose a file and upload it.").into());
                }
                let store = bid.app.service::<FileStore>()?;
                // Only for the id: nothing is held while the file streams in.
                let key = FileKey(bid.begin().await?.new_id());
                let stored = store.put(key, &name, field, most).await.map_err(Problem::from)?;
                let file = uploads::row(stored);
                if let Some(problem) = not_accepted(&bid, paper, question, &file) {
                    store.delete(key).await.map_err(Problem::from)?;
                    return Err(problem.into());
                }
                let mut unit = bid.begin().await?;
                let outcome = attach(&mut unit, &bid, &person, paper, &question.key, &file, seen).await?;
                unit.commit().await?;
                let to = paper.section_path(&bid, &section.key);
                return match outcome {
                    Outcome::Late => Err(Problem::conflict(
                        format!("This file came after the deadline. {}", paper.countdown(&bid, bid.now())),
                        "It is kept in the history, but it does not count.",
                    )
                    .into()),
                    Outcome::Conflict => Err(Problem::conflict(
                        "Somebody else attached another file meanwhile",
                        "Open the section again: theirs stands, yours is in the history.",
                    )
                    .into()),
                    Outcome::Kept | Outcome::Unchanged => {
                        Ok(Done::to(to).saying(format!("{} is attached.", file.name)).into())
                    }
                };
            }
            _ => {}
        }
    }
    Err(Problem::invalid("No file was sent", "Go back, choose a file and upload it.").into())
}

/// What the question says against the file, by the same rule that judges the submission.
fn not_accepted(bid: &Bid, paper: Paper, question: &Question, file: &FileRow) -> Option<Problem> {
    let mut answers = Answers::new();
    answers.set(question.key.clone(), Some(Given::File(file.id)));
    let mut alone = paper.questions(bid.call.design()).clone();
    for section in &mut alone.sections {
        section.questions.retain(|q| q.key == question.key);
        for question in &mut section.questions {
            question.show_when = None;
        }
    }
    hiec_forms::shortfalls(&alone, &answers, &completeness::index(std::slice::from_ref(file)))
        .into_iter()
        .next()
        .map(|shortfall| Problem::invalid(shortfall.message, format!("{}. Nothing was kept.", shortfall.how_to_mend)))
}

/// Records a stored file and makes it the answer. The file before stays in the history and the store.
pub(crate) async fn attach(
    unit: &mut Unit,
    bid: &Bid,
    by: &Person,
    paper: Paper,
    question: &str,
    file: &FileRow,
    seen: Option<i64>,
) -> Result<Outcome, Problem> {
    files::add(unit, file, &bid.subject(), by.id).await?;
    let typed = Typed { seen, ..Typed::new(question, Given::File(file.id)) };
    let outcomes = save_answers(unit, bid, by, paper, vec![typed]).await?;
    Ok(outcomes.get(question).copied().unwrap_or(Outcome::Unchanged))
}

/// `/bids/{bid}/files/{file}`: to save, never to show in the page.
pub async fn get(bid: Loaded<Bid>, Path(path): Path<HashMap<String, String>>) -> Answer {
    let id: Uuid = path.get("file").and_then(|id| id.parse().ok()).ok_or_else(Problem::not_found)?;
    let reads = bid.database();
    let file = completeness::files(&reads, bid.id)
        .await?
        .into_iter()
        .find(|file| file.id == id)
        .ok_or_else(Problem::not_found)?;
    // Those outside the partnership get what was submitted, not what was tried and replaced.
    if !bid.may("bid.draft.view") && !is_submitted(&bid, id).await? {
        return Err(Problem::not_found().into());
    }
    let (length, stream) = bid.app.service::<FileStore>()?.get(FileKey(id)).await.map_err(Problem::from)?;
    let response = http::Response::builder()
        .header(CONTENT_TYPE, &file.content_type)
        .header(CONTENT_LENGTH, length)
        .header(CONTENT_DISPOSITION, attachment(&file.name))
        .body(Body::from_stream(stream))
        .map_err(Problem::internal)?;
    Ok(response.into())
}

async fn is_submitted(bid: &Loaded<Bid>, file: Uuid) -> Result<bool, Problem> {
    if !matches!(bid.state, BidState::Opened(_)) {
        return Ok(false);
    }
    let sealed = super::sealed::latest(&bid.database(), bid.id, Paper::Bid).await?;
    Ok(sealed.is_some_and(|sealed| sealed.content.files.contains_key(&file)))
}

/// The upload forms of a section, one for each question that asks for a file.
pub(super) fn uploads(
    bid: &Bid,
    paper: Paper,
    section: &Section,
    answers: &Answers,
    stored: &BTreeMap<String, Stored>,
    reach: Reach,
) -> Markup {
    html! {
        @for question in &section.questions {
            @if let Kind::File { accept, max_bytes } = &question.kind {
                h2 id={ "upload-" (question.key) } { (question.label) }
                @if let Some(Given::File(id)) = answers.get(&question.key) {
                    p { a href={ (bid.path()) "/files/" (id) } { "Save the attached file" } }
                }
                @if reach.covers(question) {
                    form method="post" enctype="multipart/form-data" action={ (paper.section_path(bid, &section.key)) "/files" } {
                        input type="hidden" name="question" value=(question.key);
                        input type="hidden" name="seen" value=(stored.get(&question.key).map_or(0, |stored| stored.version));
                        div.nhsuk-form-group {
                            label.nhsuk-label for={ "file-" (question.key) } { "Choose a file for “" (question.label) "”" }
                            div.nhsuk-hint id={ "file-hint-" (question.key) } {
                                "At most " (hiec_files::object::size_in_words(*max_bytes)) "."
                                @if !accept.is_empty() { " Accepted: " (accept.join(", ")) "." }
                            }
                            input.nhsuk-input type="file" name="file" id={ "file-" (question.key) } aria-describedby={ "file-hint-" (question.key) } accept=[(!accept.is_empty()).then(|| accept.join(","))];
                        }
                        (Button::new("Upload").secondary())
                    }
                }
            }
        }
    }
}
