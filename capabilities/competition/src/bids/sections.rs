//! One section of bid or questionnaire: read, written and saved answer by answer; nothing typed is lost, on conflict, time-out or deadline.

use std::collections::{BTreeMap, HashMap};

use axum::extract::Path;
use hiec_forms::{
    Answer as Given, Answers, FileIndex, FormFields, Question, Section, Visibilities, display_with_files, parse_answer,
};
use hiec_kernel::clock::on_page;
use hiec_kernel::{Problem, Timestamp};
use hiec_web::components::{Button, SummaryList, SummaryRow};
use hiec_web::{Answer, Done, Errors, Fields, Loaded, Page, Reply};
use http::HeaderMap;
use http::header::ACCEPT;
use maud::{Markup, html};
use serde::Serialize;

use super::answers::{self, Outcome, Stored, Typed, save_answers};
use super::comments::{self, Comment};
use super::completeness;
use super::locks::{self, Lock};
use super::papers::Paper;
use super::pieces::{error_summary, principle_summary};
use super::questions;
use super::sealed::lines;
use super::store::Bid;
use super::writers::Reach;
use crate::partnerships::store as partners;

/// The name of the hidden field that says which version of an answer the writer saw. A full stop is in no question's key.
fn seen_field(question: &str) -> String {
    format!("seen.{question}")
}

pub async fn get_bid(bid: Loaded<Bid>, Path(path): Path<HashMap<String, String>>) -> Answer {
    get(bid, Paper::Bid, &path).await
}

pub async fn get_pqq(bid: Loaded<Bid>, Path(path): Path<HashMap<String, String>>) -> Answer {
    get(bid, Paper::Pqq, &path).await
}

pub async fn post_bid(
    bid: Loaded<Bid>,
    Path(path): Path<HashMap<String, String>>,
    headers: HeaderMap,
    fields: Fields,
) -> Answer {
    post(bid, Paper::Bid, &path, &headers, fields).await
}

pub async fn post_pqq(
    bid: Loaded<Bid>,
    Path(path): Path<HashMap<String, String>>,
    headers: HeaderMap,
    fields: Fields,
) -> Answer {
    post(bid, Paper::Pqq, &path, &headers, fields).await
}

async fn get(bid: Loaded<Bid>, paper: Paper, path: &HashMap<String, String>) -> Answer {
    let section = section(&bid, paper, path)?.clone();
    let mut desk = Desk::of(&bid, paper, &section).await?;
    if paper.is_open(&bid, bid.now()) && reach(&bid).reaches(&section) {
        let person = bid.person()?.clone();
        // Written only when it changes something: looking twice in a minute takes no writer's place.
        if desk
            .lock
            .as_ref()
            .is_none_or(|lock| lock.person != person.id || (bid.now() - lock.seen_at).num_seconds() >= 60)
        {
            let unit = bid.begin().await?;
            desk.held_by_other = locks::take(&unit, &bid, paper, &section.key, &person).await?;
            unit.commit().await?;
        }
    }
    desk.page(&bid, &Errors::none())
}

fn reach(bid: &Loaded<Bid>) -> Reach {
    Reach::of(bid.may("bid.edit"), bid.may("bid.write"))
}

/// What a program (and the page's own script) is told after a save.
#[derive(Serialize)]
struct Saved {
    saved_at: Timestamp,
    outcomes: BTreeMap<String, Outcome>,
    versions: BTreeMap<String, i64>,
    errors: Errors,
}

async fn post(
    bid: Loaded<Bid>,
    paper: Paper,
    path: &HashMap<String, String>,
    headers: &HeaderMap,
    fields: Fields,
) -> Answer {
    let person = bid.person()?.clone();
    let section = section(&bid, paper, path)?.clone();
    let typed: FormFields = fields.0.into_iter().collect();
    for question in section.questions.iter().filter(|question| is_sent(question, &typed)) {
        reach(&bid).check(question)?;
    }
    let (taken, unread, mut errors) = read(&section, &typed);
    let mut unit = bid.begin().await?;
    let now = unit.now();
    let outcomes = save_answers(&mut unit, &bid, &person, paper, taken).await?;
    for (question, text) in &unread {
        let text = Given::Text(text.clone());
        answers::remember(&unit, &bid, paper, question, Some(&text), "unreadable", &person).await?;
    }
    if paper.is_open(&bid, now) {
        locks::take(&unit, &bid, paper, &section.key, &person).await?;
    }
    unit.commit().await?;
    for (question, outcome) in &outcomes {
        match outcome {
            Outcome::Conflict => errors.add(question, "Somebody else changed this answer while you were writing. Theirs is shown below; yours is in the field, and both are in the history. Save again to put yours in its place"),
            Outcome::Late => errors.add(question, format!("This came after the deadline. {} What you typed is kept in the history, but it does not count", paper.countdown(&bid, now))),
            Outcome::Kept | Outcome::Unchanged => {}
        }
    }
    let mut desk = Desk::of(&bid, paper, &section).await?;
    let wants_json = headers
        .get(ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|accept| accept.starts_with("application/json"));
    if wants_json {
        let saved = Saved {
            saved_at: now,
            outcomes,
            versions: desk.stored.iter().map(|(key, stored)| (key.clone(), stored.version)).collect(),
            errors,
        };
        return Ok(Reply::json(&saved)?);
    }
    if errors.is_empty() {
        return Ok(Done::to(paper.section_path(&bid, &section.key))
            .saying(format!("Saved at {}.", on_page(now)))
            .into());
    }
    desk.conflicts =
        outcomes.iter().filter(|(_, outcome)| **outcome == Outcome::Conflict).map(|(key, _)| key.clone()).collect();
    desk.typed = typed;
    desk.page(&bid, &errors)
}

/// What was typed, sorted into answers, what could not be read as one, and what to mend. An answer over a limit is kept, and said.
fn read(section: &Section, typed: &FormFields) -> (Vec<Typed>, Vec<(String, String)>, Errors) {
    let (mut taken, mut unread, mut errors) = (Vec::new(), Vec::new(), Errors::none());
    for question in &section.questions {
        if !is_sent(question, typed) {
            continue;
        }
        let seen = typed.first(&seen_field(&question.key)).parse().ok();
        let keep = |answer: Option<Given>| Typed { question: question.key.clone(), answer, seen };
        match parse_answer(question, typed) {
            Ok(answer) => taken.push(keep(answer)),
            Err(problem) => {
                for fault in problem.faults() {
                    errors.add(fault.field.clone(), fault.to_string());
                }
                match problem.kept() {
                    Some(answer) => taken.push(keep(Some(answer.clone()))),
                    None => unread.push((question.key.clone(), as_typed(question, typed))),
                }
            }
        }
    }
    (taken, unread, errors)
}

/// Whether the form held the question at all: the page says so with the version it showed; a program by sending its field.
fn is_sent(question: &Question, typed: &FormFields) -> bool {
    !typed.all(&seen_field(&question.key)).is_empty()
        || !typed.all(&question.key).is_empty()
        || !typed.rows(&question.key).is_empty()
        || ["day", "month", "year"].iter().any(|part| !typed.all(&format!("{}-{part}", question.key)).is_empty())
}

/// The fields of one question as one text, for the history.
fn as_typed(question: &Question, typed: &FormFields) -> String {
    let prefix = format!("{}-", question.key);
    let all: Vec<(String, String)> = typed.clone().into();
    let text: Vec<String> = all
        .into_iter()
        .filter(|(name, value)| (*name == question.key || name.starts_with(&prefix)) && !value.is_empty())
        .map(|(_, value)| value)
        .collect();
    text.join("\n").replace('\0', "")
}

fn section<'a>(bid: &'a Bid, paper: Paper, path: &HashMap<String, String>) -> Result<&'a Section, Problem> {
    path.get("section").and_then(|key| paper.questions(bid.call.design()).section(key)).ok_or_else(Problem::not_found)
}

/// Everything the page of one section shows.
struct Desk {
    paper: Paper,
    section: Section,
    stored: BTreeMap<String, Stored>,
    answers: Answers,
    typed: FormFields,
    files: FileIndex,
    lock: Option<Lock>,
    held_by_other: Option<Lock>,
    comments: Vec<Comment>,
    conflicts: Vec<String>,
    findings: Vec<crate::partnerships::principles::Finding>,
}

impl Desk {
    async fn of(bid: &Loaded<Bid>, paper: Paper, section: &Section) -> Result<Self, Problem> {
        let reads = bid.database();
        let stored = answers::stored(&reads, bid.id, paper).await?;
        let answers = answers::only(&stored);
        let files = completeness::index(&completeness::files(&reads, bid.id).await?);
        let lock = locks::held(&reads, bid, paper, &section.key).await?;
        let me = bid.subject.person.as_ref().map(|person| person.id);
        let held_by_other = lock.clone().filter(|lock| Some(lock.person) != me && !lock.is_idle(bid.now()));
        let findings = match paper {
            Paper::Pqq => Vec::new(),
            Paper::Bid => completeness::findings(bid, &partners::of_bid(&reads, bid.id).await?, &answers),
        };
        let typed = section
            .questions
            .iter()
            .filter_map(|question| Some(questions::fields_of(question, answers.get(&question.key)?)))
            .flatten()
            .collect();
        Ok(Self {
            paper,
            section: section.clone(),
            comments: comments::of_section(&reads, bid.id, paper, &section.key).await?,
            stored,
            answers,
            typed,
            files,
            lock,
            held_by_other,
            conflicts: Vec::new(),
            findings,
        })
    }

    fn page(&self, bid: &Loaded<Bid>, errors: &Errors) -> Answer {
        let data = serde_json::json!({
            "section": self.section,
            "answers": self.answers,
            "versions": self.stored.iter().map(|(key, stored)| (key.clone(), stored.version)).collect::<BTreeMap<_, _>>(),
            "is_open": self.paper.is_open(bid, bid.now()),
            "held_by": self.held_by_other.as_ref().map(|lock| &lock.name),
            "principles": self.findings,
            "errors": errors,
        });
        let page = Page::new(self.section.title.clone(), self.view(bid, errors))
            .under("/bids", "My bids")
            .under(bid.path(), bid.title.clone())
            .data(&data)?;
        Ok(if errors.is_empty() { page.into() } else { page.with_errors(errors).into() })
    }

    fn view(&self, bid: &Loaded<Bid>, errors: &Errors) -> Markup {
        let is_open = self.paper.is_open(bid, bid.now());
        let may_write = is_open && reach(bid).reaches(&self.section) && self.held_by_other.is_none();
        // After a save that came too late or met another's, what was typed is shown in its fields all the same.
        let shows_fields = may_write || !errors.is_empty();
        html! {
            (error_summary(errors))
            span.nhsuk-caption-l { (self.paper.label()) }
            h1 { (self.section.title) }
            p { (self.paper.countdown(bid, bid.now())) "." }
            @if !self.section.guidance.is_empty() { p.app-guidance { (self.section.guidance) } }
            @if let Some(lock) = &self.held_by_other {
                div.nhsuk-inset-text {
                    p { (lock.name) " has been writing this section since " (on_page(lock.taken_at)) ". You can read it now, and take it over from " (on_page(lock.free_at())) " if they stop." }
                }
            }
            @if !is_open { p.nhsuk-inset-text { "This is closed for writing. What stood at the deadline stands." } }
            div.nhsuk-grid-row {
                div.nhsuk-grid-column-two-thirds {
                    @if shows_fields { (self.form(bid, errors)) } @else { (self.read_only(bid)) }
                    (super::files::uploads(bid, self.paper, &self.section, &self.answers, &self.stored, if may_write { reach(bid) } else { Reach::Nothing }))
                    (comments::view(bid, self.paper, &self.section.key, &self.comments))
                }
                @if !self.findings.is_empty() { div.nhsuk-grid-column-one-third { (principle_summary(bid, &self.findings)) } }
            }
            (self.neighbours(bid))
        }
    }

    fn form(&self, bid: &Loaded<Bid>, errors: &Errors) -> Markup {
        let reach = reach(bid);
        let design = bid.call.design();
        let visibilities = Visibilities::of(self.paper.questions(design), &self.answers);
        let shown = self.section.questions.iter().filter(|question| visibilities.is_visible(&question.key));
        html! {
            form method="post" action=(self.paper.section_path(bid, &self.section.key)) data-autosave {
                @if reach == Reach::Marked { p { "You write the questions marked for partners; the others are shown as they stand." } }
                @for question in shown {
                  @if !reach.covers(question) {
                    h2.nhsuk-heading-s { (question.label) }
                    p { (self.words(question)) }
                  } @else {
                    (self.theirs(question))
                    input type="hidden" name=(seen_field(&question.key)) value=(self.stored.get(&question.key).map_or(0, |stored| stored.version));
                    (questions::field(question, &self.typed, errors, &self.files))
                    p.app-source {
                        @if question.partner_editable && reach == Reach::Everything { "Partners may write this too. " }
                        @if let Some(serves) = questions::serves(question, design) { (serves) ". " }
                        @if let Some(stored) = self.stored.get(&question.key) {
                            "Last changed by " (stored.by_name) ", " (on_page(stored.at)) ". "
                            a href={ (self.paper.section_path(bid, &self.section.key)) "/history/" (question.key) } { "History" span.nhsuk-u-visually-hidden { " of " (question.label) } }
                        }
                    }
                  }
                }
                p { "More questions may appear once you save, where your answers ask for them." }
                p role="status" data-autosave-status {}
                (Button::new("Save"))
            }
        }
    }

    /// The other's text, where two wrote at once.
    fn theirs(&self, question: &Question) -> Markup {
        let stored = self.stored.get(&question.key).filter(|_| self.conflicts.contains(&question.key));
        html! {
            @if let Some(stored) = stored {
                div.nhsuk-inset-text {
                    p { strong { (stored.by_name) " wrote, " (on_page(stored.at)) ":" } }
                    p { (self.words(question)) }
                }
            }
        }
    }

    fn words(&self, question: &Question) -> Markup {
        match self.answers.get(&question.key) {
            Some(answer) => lines(&display_with_files(question, answer, &self.files)),
            None => html! { span.nhsuk-u-secondary-text-colour { "Not answered" } },
        }
    }

    fn read_only(&self, bid: &Bid) -> Markup {
        let visibilities = Visibilities::of(self.paper.questions(bid.call.design()), &self.answers);
        html! {
            (SummaryList::new(self.section.questions.iter().filter(|q| visibilities.is_visible(&q.key)).map(|question| {
                SummaryRow::new(question.label.as_str(), self.words(question))
                    .action("History", format!("{}/history/{}", self.paper.section_path(bid, &self.section.key), question.key), question.label.clone())
            })))
        }
    }

    fn neighbours(&self, bid: &Bid) -> Markup {
        let sections = &self.paper.questions(bid.call.design()).sections;
        let place = sections.iter().position(|section| section.key == self.section.key);
        let next = place.and_then(|place| sections.get(place + 1));
        html! {
            p {
                @if let Some(next) = next { a href=(self.paper.section_path(bid, &next.key)) { "Next: " (next.title) } br; }
                a href=(bid.path()) { "Back to the overview" }
            }
        }
    }
}
