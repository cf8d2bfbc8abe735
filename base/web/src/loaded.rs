//! Loading is authorising: a thing reaches a handler only when the policies let this person do this route's action with it.

use std::future::Future;
use std::ops::Deref;
use std::str::FromStr;

use axum::extract::{FromRequestParts, RawPathParams};
use hiec_access::Subject;
use hiec_access::policy::Target;
use hiec_kernel::people::{Actor, Person};
use hiec_kernel::{Problem, Timestamp};
use hiec_store::Database;
use http::request::Parts;
use uuid::Uuid;

use crate::capability::RouteAction;
use crate::refusal::Refusal;
use crate::state::AppState;
use crate::who::Who;

/// Something a route is about.
pub trait Resource: Sized + Send + Sync + 'static {
    /// `bid`: the first part of the actions it takes.
    const KIND: &'static str;

    /// Finds the thing named by the path, with what the policies need to know of it. `None` when it is not there.
    fn load(loading: &Loading<'_>) -> impl Future<Output = Result<Option<(Self, Target)>, Problem>> + Send;
}

/// What loading can use.
pub struct Loading<'a> {
    pub state: &'a AppState,
    pub database: Database,
    pub subject: &'a Subject,
    pub now: Timestamp,
    /// The action of the route.
    pub action: &'static str,
    params: Vec<(String, String)>,
}

impl Loading<'_> {
    /// A part of the path, by name.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.params.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// An id in the path; `None` when absent or no id.
    pub fn id(&self, name: &str) -> Option<Uuid> {
        Uuid::from_str(self.text(name)?).ok()
    }
}

/// A thing, authorised for this route's action and this person, with the state at hand.
pub struct Loaded<R> {
    pub thing: R,
    pub subject: Subject,
    pub target: Target,
    /// The program's shared state; called `app` because things often have a state of their own.
    pub app: AppState,
}

impl<R> Deref for Loaded<R> {
    type Target = R;

    fn deref(&self) -> &R {
        &self.thing
    }
}

impl<R> Loaded<R> {
    /// The signed-in person.
    pub fn person(&self) -> Result<&Person, Problem> {
        self.subject.person.as_ref().ok_or_else(Problem::sign_in)
    }

    /// Whether the person could also do this other action here: for showing or hiding a button. The route decides again.
    pub fn may(&self, action: &str) -> bool {
        self.may_with(action, &self.target)
    }

    /// Whether the person could do this to another thing, of which the page only shows the door.
    pub fn may_with(&self, action: &str, target: &Target) -> bool {
        self.app.engine().decide(&self.subject, action, target).allowed
    }

    pub fn database(&self) -> Database {
        self.app.database()
    }

    pub fn now(&self) -> Timestamp {
        self.app.now()
    }

    /// A unit of work by this person.
    pub async fn begin(&self) -> Result<hiec_store::Unit, Problem> {
        let actor: Actor = self.subject.actor()?;
        Ok(self.app.begin(actor).await?)
    }
}

impl<R: Resource> FromRequestParts<AppState> for Loaded<R> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Refusal> {
        let action = parts
            .extensions
            .get::<RouteAction>()
            .map(|action| action.0)
            .ok_or_else(|| Problem::internal("a route without an action"))?;
        let who = <Who as FromRequestParts<AppState>>::from_request_parts(parts, state).await?;
        let params = RawPathParams::from_request_parts(parts, state)
            .await
            .map_err(|_| Problem::not_found())?
            .iter()
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .collect();
        let loading = Loading { state, database: state.database(), subject: &who.0, now: state.now(), action, params };
        let (thing, target) = R::load(&loading).await?.ok_or_else(Problem::not_found)?;
        let decision = state.engine().decide(&who.0, action, &target);
        if decision.allowed {
            return Ok(Self { thing, subject: who.0, target, app: state.clone() });
        }
        tracing::debug!(action, because = ?decision.because, "not allowed");
        Err(refusal(state, &who.0, action, &target).into())
    }
}

/// Not signed in: sign in first. May look but not touch: said plainly. Otherwise it is not there.
fn refusal(state: &AppState, subject: &Subject, action: &str, target: &Target) -> Problem {
    if !subject.is_signed_in() {
        return Problem::sign_in();
    }
    let view = format!("{}.view", target.kind);
    if action != view && state.engine().decide(subject, &view, target).allowed {
        return Problem::forbidden(
            "You can see this, but your role does not allow this step",
            "Go back to the page before. If you think you should be able to, ask the programme office or the lead of the bid.",
        );
    }
    Problem::not_found()
}
