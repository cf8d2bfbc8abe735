//! What people do in dialogue: ask, answer, note. One unit each; answers to all go to everyone registered and name nobody.

use hiec_kernel::people::Person;
use hiec_kernel::{OrganisationId, PersonId, Problem};
use hiec_store::{AuditEvent, Mail, Unit};
use serde::Serialize;
use uuid::Uuid;

use super::rules::{self, Answerer, DialogueNote, DialogueRefusal, QuestionState};
use super::store::{self, Question};
use crate::calls::design::MilestoneKey;
use crate::calls::registration;
use crate::calls::stages::{closing, questions_deadline};
use crate::calls::store::Call;

/// A question was asked. The asker stands in the entry's actor, which bidders never see.
#[derive(Serialize)]
struct QuestionAsked {
    question: Uuid,
}

impl AuditEvent for QuestionAsked {
    const KIND: &'static str = "question.asked";
}

/// A question was answered.
#[derive(Serialize)]
struct QuestionAnswered {
    question: Uuid,
    in_confidence: bool,
    reason: Option<String>,
}

impl AuditEvent for QuestionAnswered {
    const KIND: &'static str = "question.answered";

    fn reason(&self) -> Option<&str> {
        self.reason.as_deref()
    }
}

/// Informal dialogue was noted.
#[derive(Serialize)]
struct DialogueNoted {
    region: String,
    led_to: Option<String>,
}

impl AuditEvent for DialogueNoted {
    const KIND: &'static str = "dialogue.noted";
}

pub(crate) async fn ask(
    unit: &mut Unit,
    call: &Call,
    asker: &Person,
    organisation: OrganisationId,
    text: &str,
) -> Result<Uuid, Problem> {
    let Some(deadline) = questions_deadline(call.design()) else {
        return Err(Problem::conflict("This call takes no written questions", "Talk to your region instead."));
    };
    let asked = rules::ask(text, asker.id, organisation, deadline, unit.now()).map_err(refused)?;
    let id = store::insert(unit, call.id, asker.id.0, &QuestionState::Asked(asked)).await?;
    unit.audit(call.stream(), format!("question:{id}"), &QuestionAsked { question: id })?;
    Ok(id)
}

/// Answers, or adds to an answer. With a reason it is in confidence; without, it is to all under the reworded question.
pub(crate) async fn answer(
    unit: &mut Unit,
    call: &Call,
    question: &Question,
    by: &Person,
    public_text: &str,
    text: &str,
    confidence: Option<&str>,
) -> Result<(), Problem> {
    let answerer = Answerer { person: by.id, employer: by.employer };
    let now = unit.now();
    let state = match (question.state.clone(), confidence) {
        (QuestionState::Asked(asked), None) => {
            asked.answer_to_all(public_text, text, answerer, now).map(QuestionState::AnsweredToAll)
        }
        (QuestionState::Asked(asked), Some(reason)) => {
            asked.answer_in_confidence(reason, text, answerer, now).map(QuestionState::AnsweredInConfidence)
        }
        (QuestionState::AnsweredToAll(state), _) => state.add(text, answerer, now).map(QuestionState::AnsweredToAll),
        (QuestionState::AnsweredInConfidence(state), Some(_)) => {
            state.add(text, answerer, now).map(QuestionState::AnsweredInConfidence)
        }
        (QuestionState::AnsweredInConfidence(state), None) => {
            state.open_to_all(public_text, text, answerer, now).map(QuestionState::AnsweredToAll)
        }
        (QuestionState::Withdrawn(_), _) => {
            return Err(Problem::conflict("The asker took this question back", "There is nothing to answer."));
        }
    }
    .map_err(refused)?;
    store::save(unit, question, &state).await?;
    let event = QuestionAnswered {
        question: question.id,
        in_confidence: state.public().is_none(),
        reason: confidence.map(str::to_owned),
    };
    unit.audit(call.stream(), format!("question:{}", question.id), &event)?;
    tell(unit, call, question, &state, text).await
}

async fn tell(unit: &Unit, call: &Call, question: &Question, state: &QuestionState, text: &str) -> Result<(), Problem> {
    let about = Some(format!("call:{}", call.id));
    if let Some(public) = state.public() {
        let body = format!(
            "A question about \"{}\" was answered to all.\n\nQuestion:\n{}\n\nAnswer:\n{text}\n\nAll answers: {}/questions\n",
            call.title,
            public.text,
            call.path()
        );
        for listener in registration::listeners(unit, call.id).await? {
            let subject = format!("Answer to all: {}", call.title);
            let person = Some(PersonId(listener.id));
            unit.mail(Mail { to: listener.email, person, subject, body: body.clone(), about: about.clone() }).await?;
        }
        return Ok(());
    }
    if let Some(asker) = hiec_access::people::by_id(unit, PersonId(question.asker)).await? {
        let body = format!(
            "Your question about \"{}\" was answered in confidence.\n\nYour question:\n{}\n\nAnswer:\n{text}\n",
            call.title,
            state.asked().text
        );
        let subject = format!("Answer in confidence: {}", call.title);
        unit.mail(Mail { to: asker.email, person: Some(asker.id), subject, body, about }).await?;
    }
    Ok(())
}

/// Notes informal dialogue between a region and a forming partnership.
pub(crate) async fn note(unit: &mut Unit, call: &Call, note: DialogueNote) -> Result<(), Problem> {
    let Some(deadline) = closing(call.design(), MilestoneKey::Dialogue) else {
        return Err(Problem::conflict("This call has no informal dialogue", "Answer written questions instead."));
    };
    let note = rules::note_dialogue(note, deadline).map_err(refused)?;
    store::insert_note(unit, call.id, &note, unit.now()).await?;
    let event = DialogueNoted { region: note.region.clone(), led_to: note.led_to.clone() };
    unit.audit(call.stream(), format!("region:{}", note.region), &event)?;
    Ok(())
}

fn refused(refusal: DialogueRefusal) -> Problem {
    Problem::conflict(refusal.to_string(), "What you wrote is still in the form if you go back.")
}
