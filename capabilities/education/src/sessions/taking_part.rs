//! What is done with a session: booking, giving back, coming, judging; and marking, changing the code and calling off by whoever runs it.

use hiec_kernel::Problem;
use hiec_kernel::clock::london_date;
use hiec_web::{Answer, Done, Errors, Fields, Input, Loaded};
use schemars::JsonSchema;
use serde::Deserialize;
use uuid::Uuid;

use super::actions::{self, Typed as Code};
use super::bookings::{self, Feedback};
use super::doors::SessionHere;
use super::session_page::{Typed, page};
use crate::ground::{self, LINES};

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct CodeForm {
    code: String,
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct FeedbackForm {
    /// From 1 to 5.
    score: String,
    words: String,
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct CallingOffForm {
    reason: String,
}

/// Whose share of the places somebody has: their employer's, where it has one of this session's or is a partner; else that of the host they are placed at.
async fn organisation(door: &Loaded<SessionHere>) -> Result<Option<Uuid>, Problem> {
    let person = door.person()?;
    let employer = person.employer.map(|employer| employer.0);
    let has_share = |id: &Uuid| door.session.shares.contains_key(id);
    if let Some(employer) = employer.filter(|id| has_share(id)) {
        return Ok(Some(employer));
    }
    let placed = bookings::placed_at(&door.database(), person.id, london_date(door.now())).await?;
    Ok(placed.or(employer))
}

pub async fn booking(door: Loaded<SessionHere>) -> Answer {
    let organisation = organisation(&door).await?;
    let person = door.person()?.id;
    let mut unit = door.begin().await?;
    let is_booked = actions::ask(&mut unit, &door.cluster, door.session.id, person, organisation).await?;
    unit.commit().await?;
    let word = if is_booked {
        "You have a place."
    } else {
        "You are on the waiting list, and have a letter when a place is yours."
    };
    Ok(Done::made(door.path()).saying(word).into())
}

pub async fn cancellation(door: Loaded<SessionHere>) -> Answer {
    let person = door.person()?.id;
    let mut unit = door.begin().await?;
    actions::cancel(&mut unit, &door.cluster, door.session.id, person).await?;
    unit.commit().await?;
    Ok(Done::to(door.path()).saying("The place is given back. Whoever waits moves up.").into())
}

pub async fn attendance(door: Loaded<SessionHere>, Input(form): Input<CodeForm>) -> Answer {
    let person = door.person()?.id;
    // An empty field is a slip of the hand, and no guess.
    if form.code.trim().is_empty() {
        let mut errors = Errors::none();
        errors.add("code", "Enter the code that is shown in the room");
        let typed = Typed { errors: errors.clone(), ..Typed::default() };
        return Ok(page(&door, &typed).await?.with_errors(&errors).into());
    }
    let mut unit = door.begin().await?;
    let typed = actions::type_code(&mut unit, &door.cluster, door.session.id, person, &form.code).await?;
    unit.commit().await?;
    let mistake = match typed {
        Code::Right => return Ok(Done::to(door.path()).saying("You are marked as here.").into()),
        Code::Wrong { left: 1 } => "This is not the code of this session. You can try once more".to_owned(),
        Code::Wrong { left } => format!("This is not the code of this session. You can try {left} more times"),
        Code::TooMany => "Too many codes were wrong. Ask whoever runs the session to mark you".to_owned(),
    };
    let mut errors = Errors::none();
    errors.add("code", mistake);
    let typed = Typed { code: form.code, errors: errors.clone(), ..Typed::default() };
    Ok(page(&door, &typed).await?.with_errors(&errors).into())
}

pub async fn feedback(door: Loaded<SessionHere>, Input(form): Input<FeedbackForm>) -> Answer {
    let mut errors = Errors::none();
    let score = form.score.parse::<i64>().ok().filter(|score| (1..=5).contains(score));
    let score = ground::one_of(&mut errors, "score", "how much it helped", score);
    let words = ground::optional(&mut errors, "words", "what should change", &form.words, LINES);
    let (Some(score), Some(words)) = (score, words) else {
        let typed = Typed { score: form.score, words: form.words, errors: errors.clone(), ..Typed::default() };
        return Ok(page(&door, &typed).await?.with_errors(&errors).into());
    };
    let person = door.person()?.id;
    let unit = door.begin().await?;
    actions::give_feedback(&unit, door.session.id, person, &Feedback { score, words }).await?;
    unit.commit().await?;
    Ok(Done::made(door.path()).saying("Thank you. It is kept without your name.").into())
}

pub async fn register(door: Loaded<SessionHere>, fields: Fields) -> Answer {
    let came: Vec<Uuid> = fields.all("came").filter_map(|id| id.parse().ok()).collect();
    let mut unit = door.begin().await?;
    actions::register(&mut unit, &door.cluster, door.session.id, &came).await?;
    unit.commit().await?;
    Ok(Done::to(door.path()).saying("The register is saved.").into())
}

pub async fn code(door: Loaded<SessionHere>) -> Answer {
    let mut unit = door.begin().await?;
    actions::change_code(&mut unit, &door.cluster, door.session.id).await?;
    unit.commit().await?;
    Ok(Done::to(door.path()).saying("The session has a new code.").into())
}

pub async fn calling_off(door: Loaded<SessionHere>, Input(form): Input<CallingOffForm>) -> Answer {
    let mut errors = Errors::none();
    let Some(reason) = errors.text("reason", "why", &form.reason, LINES) else {
        let typed = Typed { reason: form.reason, errors: errors.clone(), ..Typed::default() };
        return Ok(page(&door, &typed).await?.with_errors(&errors).into());
    };
    let mut unit = door.begin().await?;
    actions::call_off(&mut unit, &door.cluster, door.session.id, &reason).await?;
    unit.commit().await?;
    Ok(Done::to(door.path()).saying("The session is called off, and everybody has a letter.").into())
}
