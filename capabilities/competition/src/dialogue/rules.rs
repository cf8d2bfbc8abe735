//! A bidder's question and its answer: states and rules; what is published never says who asked.

use hiec_kernel::organisations::Organisation;
use hiec_kernel::{OrganisationId, PersonId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::calls::stages::Deadline;
use crate::diagrams::{Diagram, Move};

/// Longest question or answer, in characters: about three pages.
pub const MAX_LENGTH: usize = 10_000;

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum QuestionState {
    Asked(Asked),
    AnsweredToAll(AnsweredToAll),
    AnsweredInConfidence(AnsweredInConfidence),
    Withdrawn(Withdrawn),
}

/// As the bidder typed it; seen by the asker, the office and the regions.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Asked {
    pub text: String,
    pub asker: PersonId,
    pub organisation: OrganisationId,
    pub at: Timestamp,
}

/// Published to everyone registered.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AnsweredToAll {
    pub asked: Asked,
    /// The question as everyone reads it: the asker's words, or reworded so that they tell nobody apart.
    pub public_text: String,
    /// The first answer and later ones, oldest first; none replaces another.
    pub answers: Vec<Answer>,
}

/// Told to the asker alone.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AnsweredInConfidence {
    pub asked: Asked,
    /// Why the others are not told.
    pub reason: String,
    pub answers: Vec<Answer>,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Withdrawn {
    pub asked: Asked,
    pub at: Timestamp,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Answer {
    pub text: String,
    pub by: PersonId,
    pub at: Timestamp,
}

/// A question as every bidder sees it. It has no place for the asker.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct PublicQuestion {
    pub text: String,
    pub answers: Vec<PublicAnswer>,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct PublicAnswer {
    pub text: String,
    pub at: Timestamp,
}

/// A note of informal dialogue between a region and a forming partnership.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DialogueNote {
    /// Code of the region.
    pub region: String,
    pub by: PersonId,
    pub at: Timestamp,
    /// Who was there, as written down.
    pub present: String,
    pub text: String,
    /// What it changed in the call, where it did: the dialogue feeds the criteria.
    pub led_to: Option<String>,
}

#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum DialogueRefusal {
    #[error("Write the question first")]
    NoQuestion,
    #[error("Write the answer first")]
    NoAnswer,
    #[error("Shorten it to {MAX_LENGTH} characters: it has {length}")]
    TooLong { length: usize },
    #[error("Say why the other bidders are not told: an answer in confidence is the exception")]
    NoReason,
    #[error("Questions are closed. {countdown}. Answers already given stay on the page")]
    QuestionsClosed { countdown: String },
    #[error("Informal dialogue is closed. {countdown}. Put a written question instead, while those are open")]
    DialogueClosed { countdown: String },
    #[error("Nobody may answer a question asked by their own organisation")]
    OwnQuestion,
    #[error("Write down what was talked about")]
    NoNote,
    #[error("Write down who was there")]
    NobodyPresent,
}

pub const DIAGRAM: Diagram = Diagram {
    machine: "Question",
    start: "Asked",
    moves: &[
        Move("Asked", "answer to all", "AnsweredToAll"),
        Move("Asked", "answer in confidence", "AnsweredInConfidence"),
        Move("Asked", "withdraw", "Withdrawn"),
        Move("AnsweredToAll", "add to the answer", "AnsweredToAll"),
        Move("AnsweredInConfidence", "add to the answer", "AnsweredInConfidence"),
        Move("AnsweredInConfidence", "open to all", "AnsweredToAll"),
    ],
};

/// Asks, while questions are open by the server's clock.
pub fn ask(
    text: &str,
    asker: PersonId,
    organisation: OrganisationId,
    closes: Deadline,
    now: Timestamp,
) -> Result<Asked, DialogueRefusal> {
    if !closes.admits(now) {
        return Err(DialogueRefusal::QuestionsClosed { countdown: closes.countdown(now) });
    }
    Ok(Asked { text: written(text, DialogueRefusal::NoQuestion)?, asker, organisation, at: now })
}

/// Who answers, for the rule that nobody answers their own side.
#[derive(Clone, Copy, Debug)]
pub struct Answerer {
    pub person: PersonId,
    pub employer: Option<OrganisationId>,
}

impl Asked {
    /// Answers to everyone. There is no deadline for answers: a question asked in time is answered.
    pub fn answer_to_all(
        self,
        public_text: &str,
        answer: &str,
        by: Answerer,
        now: Timestamp,
    ) -> Result<AnsweredToAll, DialogueRefusal> {
        let public_text = written(public_text, DialogueRefusal::NoQuestion)?;
        let answer = self.answer(answer, by, now)?;
        Ok(AnsweredToAll { asked: self, public_text, answers: vec![answer] })
    }

    pub fn answer_in_confidence(
        self,
        reason: &str,
        answer: &str,
        by: Answerer,
        now: Timestamp,
    ) -> Result<AnsweredInConfidence, DialogueRefusal> {
        let reason = written(reason, DialogueRefusal::NoReason)?;
        let answer = self.answer(answer, by, now)?;
        Ok(AnsweredInConfidence { asked: self, reason, answers: vec![answer] })
    }

    /// The asker takes it back before it is answered.
    pub fn withdraw(self, now: Timestamp) -> Withdrawn {
        Withdrawn { asked: self, at: now }
    }

    fn answer(&self, text: &str, by: Answerer, now: Timestamp) -> Result<Answer, DialogueRefusal> {
        if by.person == self.asker || by.employer == Some(self.organisation) {
            return Err(DialogueRefusal::OwnQuestion);
        }
        Ok(Answer { text: written(text, DialogueRefusal::NoAnswer)?, by: by.person, at: now })
    }
}

impl AnsweredToAll {
    /// Adds to what was said; what was said stays.
    pub fn add(mut self, text: &str, by: Answerer, now: Timestamp) -> Result<Self, DialogueRefusal> {
        let answer = self.asked.answer(text, by, now)?;
        self.answers.push(answer);
        Ok(self)
    }

    /// What every bidder reads.
    pub fn public(&self) -> PublicQuestion {
        PublicQuestion {
            text: self.public_text.clone(),
            answers: self
                .answers
                .iter()
                .map(|answer| PublicAnswer { text: answer.text.clone(), at: answer.at })
                .collect(),
        }
    }
}

impl AnsweredInConfidence {
    pub fn add(mut self, text: &str, by: Answerer, now: Timestamp) -> Result<Self, DialogueRefusal> {
        let answer = self.asked.answer(text, by, now)?;
        self.answers.push(answer);
        Ok(self)
    }

    /// The reason for confidence is gone, and everyone is told. The answer is written anew, for the one in confidence may tell the asker apart.
    pub fn open_to_all(
        self,
        public_text: &str,
        answer: &str,
        by: Answerer,
        now: Timestamp,
    ) -> Result<AnsweredToAll, DialogueRefusal> {
        self.asked.answer_to_all(public_text, answer, by, now)
    }
}

impl QuestionState {
    pub fn name(&self) -> &'static str {
        match self {
            Self::Asked(_) => "Asked",
            Self::AnsweredToAll(_) => "AnsweredToAll",
            Self::AnsweredInConfidence(_) => "AnsweredInConfidence",
            Self::Withdrawn(_) => "Withdrawn",
        }
    }

    pub fn asked(&self) -> &Asked {
        match self {
            Self::Asked(asked) => asked,
            Self::AnsweredToAll(state) => &state.asked,
            Self::AnsweredInConfidence(state) => &state.asked,
            Self::Withdrawn(state) => &state.asked,
        }
    }

    /// What every bidder reads; nothing but an answer to all is for every bidder.
    pub fn public(&self) -> Option<PublicQuestion> {
        match self {
            Self::AnsweredToAll(state) => Some(state.public()),
            Self::Asked(_) | Self::AnsweredInConfidence(_) | Self::Withdrawn(_) => None,
        }
    }
}

/// Notes informal dialogue, while it is open.
pub fn note_dialogue(note: DialogueNote, closes: Deadline) -> Result<DialogueNote, DialogueRefusal> {
    if !closes.admits(note.at) {
        return Err(DialogueRefusal::DialogueClosed { countdown: closes.countdown(note.at) });
    }
    Ok(DialogueNote {
        text: written(&note.text, DialogueRefusal::NoNote)?,
        present: written(&note.present, DialogueRefusal::NobodyPresent)?,
        led_to: note.led_to.filter(|text| !text.trim().is_empty()),
        ..note
    })
}

fn written(text: &str, empty: DialogueRefusal) -> Result<String, DialogueRefusal> {
    let text = text.trim();
    let length = text.chars().count();
    if text.is_empty() {
        Err(empty)
    } else if length > MAX_LENGTH {
        Err(DialogueRefusal::TooLong { length })
    } else {
        Ok(text.to_owned())
    }
}

/// What in these texts would tell readers who asked: the name of one of these organisations, its name without the usual
/// endings, its initials, or its ODS code. Empty: nothing found, which is no proof. A warning to whoever publishes.
pub fn tells_the_asker(texts: &[&str], askers: &[&Organisation]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for text in texts {
        let readable = spaced(text);
        let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).collect();
        for organisation in askers {
            let by_name = names(organisation).into_iter().find(|name| readable.contains(&format!(" {name} ")));
            // Initials and codes count only as they are written, in capitals: "it" is no organisation.
            let by_code = codes(organisation).into_iter().find(|code| words.contains(&code.as_str()));
            for name in by_name.into_iter().chain(by_code) {
                if !found.contains(&name) {
                    found.push(name);
                }
            }
        }
    }
    found
}

/// Lower-case words with one space around each, so that a name is found whole and across line breaks.
fn spaced(text: &str) -> String {
    let words: Vec<String> = text
        .replace(['’', '\''], "")
        .split(|c: char| !c.is_alphanumeric() && c != '&')
        .filter(|word| !word.is_empty())
        .map(|word| if word == "&" { "and".to_owned() } else { word.to_lowercase() })
        .collect();
    format!(" {} ", words.join(" "))
}

/// Longest first, so that the warning names as much as the text does.
fn names(organisation: &Organisation) -> Vec<String> {
    const ENDINGS: &[&str] =
        &[" nhs foundation trust", " nhs trust", " foundation trust", " trust", " pct", " limited", " ltd", " plc"];
    let full = spaced(&organisation.name).trim().to_owned();
    let without_the = full.strip_prefix("the ").unwrap_or(&full).to_owned();
    let mut names = vec![full.clone()];
    if without_the != full {
        names.push(without_the.clone());
    }
    if let Some(short) = ENDINGS.iter().find_map(|ending| without_the.strip_suffix(ending)) {
        names.push(short.to_owned());
    }
    // A name of one short word would be found everywhere.
    names.retain(|name| name.chars().count() >= 4);
    names
}

fn codes(organisation: &Organisation) -> Vec<String> {
    const SMALL: &[&str] = &["of", "the", "and", "for", "in", "on", "at", "&"];
    let initials: String = organisation
        .name
        .split_whitespace()
        .filter(|word| !SMALL.contains(&word.to_lowercase().as_str()))
        .filter_map(|word| word.chars().next())
        .filter(|c| c.is_uppercase())
        .collect();
    let mut codes: Vec<String> = organisation.ods_code.iter().cloned().collect();
    if initials.chars().count() >= 3 {
        codes.push(initials);
    }
    codes
}

#[cfg(test)]
mod tests;
