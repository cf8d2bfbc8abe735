//! `/bids/{bid}/letter`: the outcome letter as its bidder reads it, as page, text and PDF, and the way to complain. It shows one bid's letter and no other's.

use axum::response::IntoResponse;
use hiec_kernel::clock::{day_on_page, london_date, on_page};
use hiec_kernel::{Fingerprint, Problem, ProblemKind};
use hiec_reports::{Block, Document, Letter as Printed, Level, ScoreLine as PrintedLine, ScoreSheet, SignOff};
use hiec_web::components::{Button, Cell, Column, Table, Textarea};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page, Reply};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::complaints::ComplaintState;
use super::letters::Letter;
use super::setting_aside::SettingAside;
use super::store::{self, SentLetter, StoredComplaint};
use super::{actions, complaining};
use crate::bids::store::Bid;
use crate::panel::minutes_page::reports;
use crate::ranking::page::illustrative;

/// A bidder's complaint.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct ComplaintForm {
    #[serde(default)]
    text: String,
}

/// A complaint taken back by who made it.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct TakeBackForm {
    #[serde(default)]
    complaint: String,
}

#[derive(Serialize)]
struct Shown<'a> {
    number: u32,
    letter: &'a Letter,
    sent_at: hiec_kernel::Timestamp,
    fingerprint: &'a str,
    /// Where the outcome this letter told is set aside.
    set_aside: Option<&'a SettingAside>,
    /// Letters this one takes the place of, the last first.
    earlier: Vec<&'a Letter>,
}

/// The letters on this bid, the last one first; there is at least one.
async fn sent(bid: &Loaded<Bid>) -> Result<(SentLetter, Vec<SentLetter>), Problem> {
    let mut letters = store::letters_of(&bid.database(), bid.id).await?.into_iter();
    let last = letters.next().ok_or_else(Problem::not_found)?;
    Ok((last, letters.collect()))
}

pub async fn get(bid: Loaded<Bid>) -> Answer {
    Ok(page(&bid, &ComplaintForm::default(), &Errors::none()).await?.into())
}

async fn page(bid: &Loaded<Bid>, form: &ComplaintForm, errors: &Errors) -> Result<Page, Problem> {
    let (sent, earlier) = sent(bid).await?;
    let set_aside =
        store::settings_aside(&bid.database(), bid.call.id).await?.into_iter().find(|one| one.told_at == sent.sent_at);
    let own: Vec<StoredComplaint> = store::complaints(&bid.database(), bid.call.id)
        .await?
        .into_iter()
        .filter(|one| one.complaint.from == bid.id)
        .collect();
    let shown = Shown {
        number: sent.number,
        letter: &sent.letter,
        sent_at: sent.sent_at,
        fingerprint: &sent.fingerprint,
        set_aside: set_aside.as_ref(),
        earlier: earlier.iter().map(|one| &one.letter).collect(),
    };
    let path = bid.path();
    let view = html! {
        (crate::calls::registration::summary(errors))
        h1 { (sent.letter.subject) (illustrative(bid.is_illustrative)) }
        @if let Some(one) = &set_aside {
            div.nhsuk-inset-text {
                p { strong { "This outcome was set aside" } " on " (on_page(one.at)) " after a complaint. You will get a new letter when the panel has decided anew." }
                p { (one.reason) }
            }
        }
        p { "Sent " (on_page(sent.sent_at)) "." }
        div.nhsuk-button-group {
            @if reports(&bid.app).is_available() { (Button::link("The letter as PDF", format!("{path}/letter.pdf")).secondary()) }
            (Button::link("The letter as text", format!("{path}/letter.txt")).secondary())
        }
        (letter_view(&sent.letter))
        p.app-source { "Fingerprint of this letter: " span.app-fingerprint { (sent.fingerprint) } }
        @for one in &earlier {
            details.nhsuk-details {
                summary.nhsuk-details__summary { span.nhsuk-details__summary-text { "The letter of " (on_page(one.sent_at)) ", which this one takes the place of" } }
                div.nhsuk-details__text { @for line in one.letter.plain().lines() { p { (line) } } }
            }
        }
        (complaints(bid, &own, form, errors)?)
    };
    Ok(Page::new(sent.letter.subject.clone(), view).data(&shown)?.under(path, bid.title.clone()))
}

fn letter_view(letter: &Letter) -> Markup {
    let rows = letter.scores.iter().map(|line| {
        vec![
            Cell::new(line.criterion.clone()),
            Cell::numeric(&line.weight),
            Cell::new(line.score.clone()),
            Cell::new(line.means.clone()),
        ]
    });
    html! {
        @for paragraph in &letter.opening { p { (paragraph) } }
        h2 { "Scores" }
        (Table::new("Your bid’s scores by criterion")
            .head([Column::new("Criterion"), Column::numeric("Weight"), Column::new("Score"), Column::new("What the score means")])
            .rows(rows))
        @for section in &letter.sections {
            h2 { (section.heading) }
            @for paragraph in &section.paragraphs { p { (paragraph) } }
        }
    }
}

fn complaints(
    bid: &Loaded<Bid>,
    own: &[StoredComplaint],
    form: &ComplaintForm,
    errors: &Errors,
) -> Result<Markup, Problem> {
    let standstill = actions::standstill_of(&bid.call)?;
    let me = bid.subject.person.as_ref().map(|person| person.id);
    Ok(html! {
        h2 { "Complaints" }
        @for one in own {
            div.nhsuk-inset-text {
                p { strong { "Received " (on_page(one.complaint.received)) ": " } (one.complaint.text) }
                @match &one.complaint.state {
                    ComplaintState::Answered { outcome, answer, .. } => p { strong { (outcome.label()) ": " } (answer) },
                    ComplaintState::TakenBack => p { "Taken back." },
                    ComplaintState::Received | ComplaintState::InReview { .. } => {
                        p { "Being looked into." }
                        @if me == Some(one.made_by) && bid.may("bid.complain") {
                            form method="post" action={ (bid.path()) "/complaint-withdrawals" } {
                                input type="hidden" name="complaint" value=(one.id);
                                (Button::new("Take the complaint back").secondary())
                            }
                        }
                    }
                }
            }
        }
        @if bid.may("bid.complain") && standstill.is_some() {
            @if let Some(standstill) = &standstill {
                p { "A complaint that comes in by midnight at the end of " (day_on_page(standstill.last_day)) " holds up every award of this call until it is answered." }
            }
            form method="post" action={ (bid.path()) "/complaints" } novalidate {
                (Textarea::new("text", "Your complaint").value(form.text.as_str()).error_message(errors.of("text").unwrap_or_default()))
                (Button::new("Send the complaint").secondary())
            }
        }
    })
}

pub async fn text(bid: Loaded<Bid>) -> Answer {
    let (sent, _) = sent(&bid).await?;
    let text = printed(&bid, &sent).to_text();
    let headers = [(axum::http::header::CONTENT_TYPE, "text/plain; charset=utf-8")];
    Ok((headers, text).into_response().into())
}

pub async fn pdf(bid: Loaded<Bid>) -> Answer {
    let (sent, _) = sent(&bid).await?;
    let bytes = reports(&bid.app).pdf(&printed(&bid, &sent)).await.map_err(Problem::from)?;
    Ok(Reply::download(&format!("{}-letter.pdf", bid.call.key), "application/pdf", bytes))
}

/// The letter as the press takes it.
fn printed(bid: &Loaded<Bid>, sent: &SentLetter) -> Printed {
    let design = bid.call.design();
    let mut body = Vec::new();
    for section in &sent.letter.sections {
        body.push(Block::heading(Level::Two, section.heading.clone()));
        body.extend(section.paragraphs.iter().map(Block::paragraph));
    }
    Printed {
        sender: design.funder.clone(),
        sender_lines: vec![design.programme.clone()],
        addressee: vec![bid.title.clone()],
        reference: Some(format!("{} / {}", bid.call.key, bid.id)),
        dated: london_date(sent.sent_at),
        subject: sent.letter.subject.clone(),
        salutation: "Dear colleagues".into(),
        opening: sent.letter.opening.clone(),
        scores: Some(ScoreSheet {
            lines: sent
                .letter
                .scores
                .iter()
                .map(|line| {
                    let (score, maximum) = line.score.split_once(" of ").unwrap_or((line.score.as_str(), ""));
                    PrintedLine {
                        criterion: line.criterion.clone(),
                        score: score.to_owned(),
                        maximum: maximum.to_owned(),
                        weight: line.weight.clone(),
                        reasons: line.means.clone(),
                    }
                })
                .collect(),
            total: None,
            rule: None,
        }),
        body,
        sign_off: SignOff {
            valediction: "Yours faithfully".into(),
            name: "The programme office".into(),
            role: design.funder.clone(),
        },
        illustrative: bid.is_illustrative,
        fingerprint: Fingerprint::of(&sent.letter).ok(),
    }
}

pub async fn complain(bid: Loaded<Bid>, Input(form): Input<ComplaintForm>) -> Answer {
    let mut errors = Errors::none();
    let Some(text) = errors.text("text", "the complaint", &form.text, 10_000) else {
        return Ok(page(&bid, &form, &errors).await?.with_errors(&errors).into());
    };
    let person = bid.person()?.clone();
    let mut unit = bid.begin().await?;
    match complaining::complain(&mut unit, &bid.call, bid.id, &person, &text).await {
        Ok(_) => unit.commit().await?,
        // What was typed stays on the page beside what stands in the way.
        Err(problem) if problem.kind == ProblemKind::Conflict => {
            drop(unit);
            errors.add("text", problem.to_string());
            return Ok(page(&bid, &form, &errors).await?.conflict(&errors).into());
        }
        Err(problem) => return Err(problem.into()),
    }
    Ok(Done::made(format!("{}/letter", bid.path()))
        .saying("Your complaint is entered in the log. You hear the answer by mail and here.")
        .into())
}

pub async fn take_back(bid: Loaded<Bid>, Input(form): Input<TakeBackForm>) -> Answer {
    let complaint = Uuid::parse_str(form.complaint.trim()).map_err(|_| Problem::not_found())?;
    let person = bid.person()?.id;
    let mut unit = bid.begin().await?;
    complaining::take_complaint_back(&mut unit, &bid.call, complaint, person).await?;
    unit.commit().await?;
    Ok(Done::to(format!("{}/letter", bid.path())).saying("Your complaint is taken back.").into())
}
