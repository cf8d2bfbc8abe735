//! `/jobs`: counts of both queues, and one list at a time: what failed, what waits, what was done in the last week.

use axum::extract::Query;
use chrono::Duration;
use hiec_kernel::clock::{iso, on_page};
use hiec_kernel::{Problem, Timestamp};
use hiec_store::Database;
use hiec_store::queue::{self, Entry, Queue, Standing};
use hiec_web::components::own::EmptyState;
use hiec_web::components::{Button, Cell, Column, Pagination, Table, Tag, TagColour};
use hiec_web::{Answer, Loaded, Page};
use maud::{Markup, html};
use serde::{Deserialize, Serialize};

use super::{Installation, key_of, queue_of, words};
use crate::pieces::count;

/// Entries on one page.
const PAGE: i64 = 50;
/// What "lately" means, in days.
const DAYS: i64 = 7;

#[derive(Clone, Debug, Default, Deserialize)]
pub struct Asked {
    /// `jobs` or `letters`.
    #[serde(default)]
    queue: String,
    /// `failed`, `waiting` or `done`.
    #[serde(default)]
    show: String,
    #[serde(default)]
    page: String,
}

/// Which list is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Show {
    Failed,
    Waiting,
    Done,
}

impl Show {
    const ALL: [Self; 3] = [Self::Waiting, Self::Failed, Self::Done];

    fn key(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::Waiting => "waiting",
            Self::Done => "done",
        }
    }

    fn standing(self, now: Timestamp) -> Standing {
        match self {
            Self::Failed => Standing::Failed,
            Self::Waiting => Standing::Waiting,
            Self::Done => Standing::DoneSince(now - Duration::days(DAYS)),
        }
    }

    /// "Letters that failed".
    fn title(self, queue: Queue) -> &'static str {
        match (queue, self) {
            (Queue::Jobs, Self::Failed) => "Jobs that failed",
            (Queue::Jobs, Self::Waiting) => "Jobs that wait",
            (Queue::Jobs, Self::Done) => "Jobs done in the last seven days",
            (Queue::Letters, Self::Failed) => "Letters that did not leave",
            (Queue::Letters, Self::Waiting) => "Letters that wait",
            (Queue::Letters, Self::Done) => "Letters sent in the last seven days",
        }
    }
}

#[derive(Serialize)]
struct Counts {
    waiting: i64,
    failed: i64,
    done: i64,
}

#[derive(Serialize)]
struct Shown {
    jobs: Counts,
    letters: Counts,
    queue: &'static str,
    show: &'static str,
    total: i64,
    page: i64,
    pages: i64,
    entries: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    id: String,
    what: String,
    since: String,
    attempts: i64,
    /// When it is tried next; nothing where it is done or was given up.
    next_at: Option<String>,
    done_at: Option<String>,
    error: Option<String>,
    is_given_up: bool,
}

pub async fn get(installation: Loaded<Installation>, Query(asked): Query<Asked>) -> Answer {
    let (database, now) = (installation.database(), installation.now());
    let jobs = counts(&database, Queue::Jobs, now).await?;
    let letters = counts(&database, Queue::Letters, now).await?;
    // Unless asked otherwise, what somebody must look at.
    let queue = queue_of(&asked.queue).unwrap_or(match (jobs.failed, letters.failed) {
        (0, 1..) => Queue::Letters,
        _ => Queue::Jobs,
    });
    let show = Show::ALL.into_iter().find(|show| show.key() == asked.show).unwrap_or(Show::Failed);
    let total = number(if queue == Queue::Jobs { &jobs } else { &letters }, show);
    let pages = total.div_euclid(PAGE) + i64::from(total.rem_euclid(PAGE) > 0);
    let page = asked.page.parse().unwrap_or(1).clamp(1, pages.max(1));
    let found = queue::page(&database, queue, show.standing(now), (page - 1) * PAGE, PAGE).await?;
    let entries = found.into_iter().map(|entry| line(queue, show, entry)).collect();
    let shown = Shown { jobs, letters, queue: key_of(queue), show: show.key(), total, page, pages, entries };
    Ok(Page::new("Jobs and letters", view(&shown, queue, show)).data(&shown)?.wide().into())
}

async fn counts(database: &Database, queue: Queue, now: Timestamp) -> Result<Counts, Problem> {
    Ok(Counts {
        waiting: queue::count(database, queue, Show::Waiting.standing(now)).await?,
        failed: queue::count(database, queue, Show::Failed.standing(now)).await?,
        done: queue::count(database, queue, Show::Done.standing(now)).await?,
    })
}

fn number(counts: &Counts, show: Show) -> i64 {
    match show {
        Show::Failed => counts.failed,
        Show::Waiting => counts.waiting,
        Show::Done => counts.done,
    }
}

fn line(queue: Queue, show: Show, entry: Entry) -> Line {
    let is_given_up = entry.is_given_up(queue);
    let what = match queue {
        Queue::Jobs => words::kind(&entry.what),
        // Whom a letter is for matters only where something must be done about it.
        Queue::Letters if show == Show::Failed => entry.what,
        Queue::Letters => "A letter".to_owned(),
    };
    Line {
        id: entry.id.to_string(),
        what,
        since: iso(entry.created_at),
        attempts: entry.attempts,
        next_at: (entry.done_at.is_none() && !is_given_up).then(|| iso(entry.not_before)),
        done_at: entry.done_at.map(iso),
        error: (show == Show::Failed).then(|| words::why(queue, entry.last_error.as_deref())),
        is_given_up,
    }
}

fn view(shown: &Shown, queue: Queue, show: Show) -> Markup {
    html! {
        h1 { "Jobs and letters" }
        p { "What follows a change is done by the program by itself, and tried again where it fails: a job eight times, a letter twelve times." }
        (overview(shown))
        h2 { (show.title(queue)) }
        @if shown.entries.is_empty() {
            (EmptyState::new(match show {
                Show::Failed => "Nothing failed: there is nothing to do here.",
                Show::Waiting => "Nothing waits.",
                Show::Done => "Nothing was done in the last seven days.",
            }))
        } @else {
            p role="status" {
                @match queue {
                    Queue::Jobs => (count(shown.total, "job", "jobs")),
                    Queue::Letters => (count(shown.total, "letter", "letters")),
                }
                @if shown.pages > 1 { ", page " (shown.page) " of " (shown.pages) }
                "."
            }
            @if show == Show::Failed { (again_all(queue, shown.total)) }
            (table(shown, queue, show))
            @if shown.pages > 1 { (pagination(shown)) }
        }
    }
}

/// How many of each, each leading to its list.
fn overview(shown: &Shown) -> Table {
    let row = |label: &str, queue: Queue, counts: &Counts| {
        let mut cells = vec![Cell::new(label.to_owned())];
        cells.extend(Show::ALL.into_iter().map(|show| {
            let href = format!("/jobs?queue={}&show={}", key_of(queue), show.key());
            Cell::new(html! { a href=(href) aria-label={ (show.title(queue)) ": " (number(counts, show)) } { (number(counts, show)) } })
        }));
        cells
    };
    Table::new("How many there are")
        .head(["Queue", "Waiting", "Failed", "Done in seven days"])
        .first_cell_is_header(true)
        .rows([row("Jobs", Queue::Jobs, &shown.jobs), row("Letters", Queue::Letters, &shown.letters)])
}

fn table(shown: &Shown, queue: Queue, show: Show) -> Table {
    let when = |moment: &str| moment.parse().map_or_else(|_| moment.to_owned(), on_page);
    let mut head = vec![
        Column::new(if queue == Queue::Letters && show == Show::Failed { "To" } else { "What" }),
        Column::new("Since"),
        Column::numeric("Attempts"),
    ];
    head.extend(match show {
        Show::Failed => vec![Column::new("What went wrong"), Column::new("Next attempt"), Column::new("Change")],
        Show::Waiting => vec![Column::new("Not before")],
        Show::Done => vec![Column::new("Done")],
    });
    let rows = shown.entries.iter().map(|line| {
        let mut cells = vec![Cell::new(line.what.as_str()), Cell::new(when(&line.since)), Cell::numeric(line.attempts)];
        match show {
            Show::Failed => {
                cells.push(Cell::new(line.error.clone().unwrap_or_default()));
                cells.push(Cell::new(match &line.next_at {
                    Some(next) => html! { (when(next)) },
                    None => html! { (Tag::new("Given up").colour(TagColour::Red)) },
                }));
                cells.push(Cell::new(again(line, queue, &when(&line.since))));
            }
            Show::Waiting => cells.push(Cell::new(line.next_at.as_deref().map(when).unwrap_or_default())),
            Show::Done => cells.push(Cell::new(line.done_at.as_deref().map(when).unwrap_or_default())),
        }
        cells
    });
    Table::new(show.title(queue)).head(head).responsive(true).rows(rows)
}

fn again(line: &Line, queue: Queue, since: &str) -> Markup {
    html! {
        form method="post" action={ "/jobs/" (line.id) "/attempts" } {
            input type="hidden" name="queue" value=(key_of(queue));
            (Button::new(html! { "Try again" span.nhsuk-u-visually-hidden { " " (line.what) ", since " (since) } }).secondary().small(true))
        }
    }
}

fn again_all(queue: Queue, total: i64) -> Markup {
    html! {
        @if total > 1 {
            form method="post" action="/jobs/attempts" {
                input type="hidden" name="queue" value=(key_of(queue));
                (Button::new(format!("Try all {total} again")).secondary())
            }
        }
    }
}

fn pagination(shown: &Shown) -> Pagination {
    let whole = |number: i64| usize::try_from(number).unwrap_or(1);
    Pagination::numbered(whole(shown.page), whole(shown.pages), |page| {
        format!("/jobs?queue={}&show={}&page={page}", shown.queue, shown.show)
    })
}
