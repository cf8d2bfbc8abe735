//! `/calls/{call}/questions`: answers to all for everyone, one's own questions for the asker, all of them for those who answer.

use hiec_kernel::clock::on_page;
use hiec_kernel::{Problem, Role};
use hiec_store::organisations;
use hiec_web::components::{Button, Input as TextInput, Tag, Textarea};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::actions;
use super::rules::{DialogueNote, MAX_LENGTH, PublicQuestion, QuestionState, tells_the_asker};
use super::store::{self, Dialogue, Question};
use crate::calls::registration::{self, summary};
use crate::calls::stages;

#[derive(Serialize)]
struct Shown {
    answered_to_all: Vec<PublicQuestion>,
    /// The reader's own questions, with their state.
    own: Vec<QuestionState>,
    /// For those who answer: everything, with ids.
    all: Vec<(Uuid, QuestionState)>,
}

pub async fn get(dialogue: Loaded<Dialogue>) -> Answer {
    Ok(list(&dialogue, "", &Errors::none()).await?.into())
}

async fn list(dialogue: &Loaded<Dialogue>, typed: &str, errors: &Errors) -> Result<Page, Problem> {
    let call = &dialogue.call;
    let questions = store::questions(&dialogue.database(), call.id).await?;
    let person = dialogue.subject.person.as_ref().map(|person| person.id.0);
    let mine: Vec<&Question> = questions.iter().filter(|question| Some(question.asker) == person).collect();
    let answers = dialogue.may("dialogue.answer") || dialogue.may("dialogue.read");
    let shown = Shown {
        answered_to_all: questions.iter().filter_map(|question| question.state.public()).collect(),
        own: mine.iter().map(|question| question.state.clone()).collect(),
        all: if answers { questions.iter().map(|q| (q.id, q.state.clone())).collect() } else { vec![] },
    };
    let notes = if dialogue.may("dialogue.read") {
        let regions: Option<Vec<String>> = (!dialogue.subject.holds(Role::ProgrammeOfficer)
            && !dialogue.subject.holds(Role::Auditor))
        .then(|| own_regions(dialogue));
        store::notes(&dialogue.database(), call.id, regions.as_deref()).await?
    } else {
        vec![]
    };
    let view = html! {
        (summary(errors))
        h1 { span.nhsuk-caption-xl { (call.title) } "Questions and answers" }
        p {
            @match stages::questions_deadline(call.design()) {
                Some(deadline) => { "Written questions: " (deadline.countdown(call.now)) "." }
                None => { "This call takes no written questions." }
            }
        }
        (ask_form(dialogue, typed, errors))
        @if !mine.is_empty() { (own(&mine)) }
        h2 { "Answers to all" }
        @if shown.answered_to_all.is_empty() { p { "No question has been answered to all yet. Answers appear here and go to everyone registered." } }
        @for question in &shown.answered_to_all { (public(question)) }
        @if answers { (to_answer(call, &questions)) }
        @if dialogue.may("dialogue.note") || !notes.is_empty() { (informal(dialogue, &notes)) }
    };
    Page::new("Questions and answers", view)
        .data(&shown)
        .map(|page| page.under("/calls", "Calls").under(call.path(), call.title.clone()))
}

fn own_regions(dialogue: &Loaded<Dialogue>) -> Vec<String> {
    let scopes: Vec<Uuid> = dialogue.subject.scopes_of(Role::RegionOfficer).map(hiec_kernel::Scope::id).collect();
    dialogue
        .call
        .regions
        .iter()
        .filter(|region| scopes.contains(&region.id))
        .map(|region| region.code.clone())
        .collect()
}

fn ask_form(dialogue: &Loaded<Dialogue>, typed: &str, errors: &Errors) -> Markup {
    let call = &dialogue.call;
    html! {
        @if !stages::are_questions_open(call.design(), &call.acts, call.now) {
        } @else if dialogue.may("dialogue.ask") {
            h2 { "Ask a question" }
            form method="post" novalidate {
                (Textarea::new("text", "Your question")
                    .hint("The answer goes to every bidder unless it has to stay in confidence. Nobody is told who asked.")
                    .value(typed)
                    .error_message(errors.of("text").unwrap_or_default()))
                (Button::new("Ask"))
            }
        } @else if dialogue.subject.is_signed_in() && !dialogue.may("dialogue.answer") {
            p { a href={ (call.path()) "/registration" } { "Register for this call" } " to ask a question and to hear of answers." }
        } @else if !dialogue.subject.is_signed_in() {
            p { a href="/sign-in" { "Sign in" } " and register to ask a question." }
        }
    }
}

fn own(mine: &[&Question]) -> Markup {
    html! {
        h2 { "Your questions" }
        @for question in mine {
            div.nhsuk-inset-text {
                p { (question.state.asked().text) }
                @match &question.state {
                    QuestionState::Asked(asked) => p { "Asked " (on_page(asked.at)) ", not answered yet." },
                    QuestionState::AnsweredToAll(_) => p { "Answered to all: see below." },
                    QuestionState::AnsweredInConfidence(state) => {
                        @for answer in &state.answers { p { strong { "Answer in confidence, " (on_page(answer.at)) ": " } (answer.text) } }
                    }
                    QuestionState::Withdrawn(_) => p { "You took this question back." },
                }
            }
        }
    }
}

fn public(question: &PublicQuestion) -> Markup {
    html! {
        div.nhsuk-inset-text {
            h3.nhsuk-heading-s { (question.text) }
            @for answer in &question.answers { p { (answer.text) } p.app-source { "Answered " (on_page(answer.at)) } }
        }
    }
}

fn to_answer(call: &crate::calls::store::Call, questions: &[Question]) -> Markup {
    html! {
        h2 { "All questions, for those who answer" }
        @if questions.is_empty() { p { "Nobody has asked yet." } }
        ul {
            @for question in questions {
                li {
                    a href={ (call.path()) "/questions/" (question.id) } { (shortened(&question.state.asked().text)) }
                    " "
                    (Tag::new(match question.state {
                        QuestionState::Asked(_) => "to answer",
                        QuestionState::AnsweredToAll(_) => "answered to all",
                        QuestionState::AnsweredInConfidence(_) => "in confidence",
                        QuestionState::Withdrawn(_) => "taken back",
                    }))
                }
            }
        }
    }
}

fn informal(dialogue: &Loaded<Dialogue>, notes: &[DialogueNote]) -> Markup {
    let call = &dialogue.call;
    let is_open = stages::is_dialogue_open(call.design(), &call.acts, call.now);
    html! {
        h2 { "Informal dialogue" }
        @for note in notes {
            div.nhsuk-inset-text {
                p { (note.text) }
                @if let Some(led_to) = &note.led_to { p { strong { "It led to: " } (led_to) } }
                p.app-source { (region_name(call, &note.region)) ", " (on_page(note.at)) ", with " (note.present) }
            }
        }
        @if notes.is_empty() { p { "No informal dialogue has been noted." } }
        @if dialogue.may("dialogue.note") && is_open {
            h3 { "Note a conversation" }
            form method="post" action={ (call.path()) "/dialogue-notes" } novalidate {
                (TextInput::new("present", "Who was there"))
                (Textarea::new("text", "What was talked about"))
                (TextInput::new("led_to", "What it changed in the call, if it did"))
                (Button::new("Note it"))
            }
        }
    }
}

fn region_name<'a>(call: &'a crate::calls::store::Call, code: &'a str) -> &'a str {
    call.regions.iter().find(|region| region.code == code).map_or(code, |region| region.name.as_str())
}

fn shortened(text: &str) -> String {
    if text.chars().count() <= 100 {
        text.to_owned()
    } else {
        format!("{}…", text.chars().take(99).collect::<String>())
    }
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct AskForm {
    #[serde(default)]
    text: String,
}

pub async fn ask(dialogue: Loaded<Dialogue>, Input(form): Input<AskForm>) -> Answer {
    let mut errors = Errors::none();
    let Some(text) = errors.text("text", "your question", &form.text, MAX_LENGTH) else {
        return Ok(list(&dialogue, &form.text, &errors).await?.with_errors(&errors).into());
    };
    let person = dialogue.person()?.clone();
    let organisation = registration::of_person(&dialogue.database(), dialogue.call.id, person.id.0)
        .await?
        .ok_or_else(|| Problem::conflict("Register for the call first", "Then ask your question."))?;
    let mut unit = dialogue.begin().await?;
    actions::ask(&mut unit, &dialogue.call, &person, organisation.id, &text).await?;
    unit.commit().await?;
    Ok(Done::made(format!("{}/questions", dialogue.call.path())).saying("Your question was sent.").into())
}

pub async fn show(
    dialogue: Loaded<Dialogue>,
    axum::extract::Path((_, id)): axum::extract::Path<(String, Uuid)>,
) -> Answer {
    let question = find(&dialogue, id).await?;
    Ok(answer_page(&dialogue, &question, &AnswerForm::default(), &Errors::none()).await?.into())
}

async fn find(dialogue: &Loaded<Dialogue>, id: Uuid) -> Result<Question, Problem> {
    store::question(&dialogue.database(), dialogue.call.id, id).await?.ok_or_else(Problem::not_found)
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct AnswerForm {
    /// The question as everyone will read it.
    #[serde(default)]
    public_text: String,
    #[serde(default)]
    answer: String,
    /// Only for an answer in confidence: why the others are not told.
    #[serde(default)]
    confidence_reason: String,
}

async fn answer_page(
    dialogue: &Loaded<Dialogue>,
    question: &Question,
    form: &AnswerForm,
    errors: &Errors,
) -> Result<Page, Problem> {
    let call = &dialogue.call;
    let asked = question.state.asked();
    let organisation = organisations::by_id(&dialogue.database(), asked.organisation).await?;
    let public_text = if form.public_text.is_empty() { asked.text.as_str() } else { form.public_text.as_str() };
    let telling =
        organisation.as_ref().map(|one| tells_the_asker(&[public_text, &form.answer], &[one])).unwrap_or_default();
    let view = html! {
        (summary(errors))
        h1 { span.nhsuk-caption-xl { (call.title) } "Answer a question" }
        div.nhsuk-inset-text { p { (asked.text) } p.app-source { "Asked " (on_page(asked.at)) } }
        @if !telling.is_empty() {
            p { strong { "Before you publish: " } "these words may tell others who asked: " (telling.join(", ")) "." }
        }
        @if dialogue.may("dialogue.answer") {
            form method="post" novalidate {
                (Textarea::new("public_text", "The question as everyone will read it")
                    .hint("Reword it where it would tell others who asked")
                    .value(public_text)
                    .error_message(errors.of("public_text").unwrap_or_default()))
                (Textarea::new("answer", "Answer").value(form.answer.as_str()).error_message(errors.of("answer").unwrap_or_default()))
                (Textarea::new("confidence_reason", "Only for an answer in confidence: why the others are not told")
                    .hint("Leave empty to answer to all: that is the rule, confidence the exception")
                    .value(form.confidence_reason.as_str())
                    .rows(2_u16))
                (Button::new("Send the answer"))
            }
        }
    };
    Ok(Page::new("Answer a question", view)
        .data(&question.state)?
        .under("/calls", "Calls")
        .under(call.path(), call.title.clone())
        .under(format!("{}/questions", call.path()), "Questions and answers"))
}

pub async fn answer(
    dialogue: Loaded<Dialogue>,
    axum::extract::Path((_, id)): axum::extract::Path<(String, Uuid)>,
    Input(form): Input<AnswerForm>,
) -> Answer {
    let question = find(&dialogue, id).await?;
    let mut errors = Errors::none();
    let confidence = form.confidence_reason.trim();
    let text = errors.text("answer", "the answer", &form.answer, MAX_LENGTH);
    let public_text = if confidence.is_empty() {
        errors.text("public_text", "the question as everyone will read it", &form.public_text, MAX_LENGTH)
    } else {
        Some(String::new())
    };
    let (Some(text), Some(public_text)) = (text, public_text) else {
        return Ok(answer_page(&dialogue, &question, &form, &errors).await?.with_errors(&errors).into());
    };
    let person = dialogue.person()?.clone();
    let reason = (!confidence.is_empty()).then_some(confidence);
    let mut unit = dialogue.begin().await?;
    actions::answer(&mut unit, &dialogue.call, &question, &person, &public_text, &text, reason).await?;
    unit.commit().await?;
    let word = if reason.is_some() { "The asker was told in confidence." } else { "Everyone registered was told." };
    Ok(Done::to(format!("{}/questions", dialogue.call.path())).saying(word).into())
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct NoteForm {
    #[serde(default)]
    present: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    led_to: String,
}

pub async fn note(dialogue: Loaded<Dialogue>, Input(form): Input<NoteForm>) -> Answer {
    let region = own_regions(&dialogue).into_iter().next().ok_or_else(Problem::not_found)?;
    let person = dialogue.person()?.clone();
    let mut unit = dialogue.begin().await?;
    let note = DialogueNote {
        region,
        by: person.id,
        at: unit.now(),
        present: form.present,
        text: form.text,
        led_to: Some(form.led_to),
    };
    actions::note(&mut unit, &dialogue.call, note).await?;
    unit.commit().await?;
    Ok(Done::made(format!("{}/questions", dialogue.call.path())).saying("The dialogue was noted.").into())
}
