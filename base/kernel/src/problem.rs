//! Problems: what went wrong, in the user's words, with what to do next; never an SQL text or a stack.

use std::fmt;

use serde::Serialize;

/// What kind of problem, which decides the HTTP status and how the page looks.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemKind {
    /// Not there, or not yours to see: the two look the same on purpose.
    NotFound,
    /// Signed in is needed first.
    SignIn,
    /// Seen, but this may not be done by this person.
    Forbidden,
    /// What was sent cannot be understood or breaks a rule of the form.
    Invalid,
    /// The state of things does not allow it now (too late, already decided, somebody else was faster).
    Conflict,
    TooLarge,
    TooMany,
    /// A part of the installation is not available (mail, PDF, object store).
    Unavailable,
    /// Our fault.
    Internal,
}

/// A problem for a person. `detail` is for the log only.
#[derive(Clone, Debug, Serialize)]
pub struct Problem {
    pub kind: ProblemKind,
    /// What happened, one sentence.
    pub title: String,
    /// What to do next.
    pub next: String,
    /// For the operator's log; not shown, no personal data.
    #[serde(skip)]
    pub detail: Option<String>,
    /// After how many seconds it may be tried again, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u32>,
}

impl Problem {
    pub fn new(kind: ProblemKind, title: impl Into<String>, next: impl Into<String>) -> Self {
        Self { kind, title: title.into(), next: next.into(), detail: None, retry_after: None }
    }

    pub fn not_found() -> Self {
        Self::new(
            ProblemKind::NotFound,
            "This page is not here",
            "Check the address, or start again from the home page. If you should have access, ask the programme office.",
        )
    }

    pub fn sign_in() -> Self {
        Self::new(ProblemKind::SignIn, "You need to sign in first", "Sign in, and we bring you back here.")
    }

    pub fn forbidden(title: impl Into<String>, next: impl Into<String>) -> Self {
        Self::new(ProblemKind::Forbidden, title, next)
    }

    pub fn invalid(title: impl Into<String>, next: impl Into<String>) -> Self {
        Self::new(ProblemKind::Invalid, title, next)
    }

    pub fn conflict(title: impl Into<String>, next: impl Into<String>) -> Self {
        Self::new(ProblemKind::Conflict, title, next)
    }

    /// Our fault: the cause goes to the log, the person gets a reference.
    pub fn internal(cause: impl fmt::Display) -> Self {
        Self {
            kind: ProblemKind::Internal,
            title: "Something went wrong on our side".into(),
            next: "Nothing you did caused this, and nothing was changed. Try again in a minute; if it happens again, give the reference below to the operator.".into(),
            detail: Some(cause.to_string()),
            retry_after: None,
        }
    }

    /// Too often: `what` happened, and when it may be tried again.
    pub fn too_many(what: impl Into<String>, wait: chrono::Duration) -> Self {
        let seconds = u32::try_from(wait.num_seconds()).unwrap_or(0) + 1;
        let span = match seconds {
            ..=90 => "a minute and a half".to_owned(),
            seconds => format!("{} minutes", seconds.div_ceil(60)),
        };
        let next = format!("Wait {span} and try again. Nothing was done this time.");
        Self { retry_after: Some(seconds), ..Self::new(ProblemKind::TooMany, what, next) }
    }

    pub fn with_detail(mut self, detail: impl fmt::Display) -> Self {
        self.detail = Some(detail.to_string());
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.detail {
            // `{:#}` is for the operator's terminal.
            Some(detail) if f.alternate() => write!(f, "{}: {detail}", self.title),
            _ => write!(f, "{}. {}", self.title, self.next),
        }
    }
}

impl std::error::Error for Problem {}
