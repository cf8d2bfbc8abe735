//! What a capability offers to the program: routes, migrations, policies, navigation; from this one registry come the router, the permission table and the OpenAPI document.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use axum::Router;
use axum::handler::Handler;
use axum::routing::{MethodRouter, on};
use hiec_access::policy::{PolicyText, Target};
use hiec_access::{Engine, Subject};
use hiec_kernel::Problem;
use hiec_store::Migration;
use http::Method;
use schemars::{JsonSchema, Schema, SchemaGenerator};

use crate::state::AppState;

/// One capability, as the program's list names it.
pub struct Capability {
    /// `competition`.
    pub name: &'static str,
    pub routes: Vec<Route>,
    pub migrations: &'static [Migration],
    pub policies: &'static [PolicyText],
    /// Links for the header, for this subject.
    pub navigation: fn(&Subject) -> Vec<Nav>,
    /// A typical target of each kind, for the permission table: roles count in its scopes.
    pub samples: fn() -> Vec<Target>,
    /// Who does the work that follows changes, by kind (see `Unit::job`).
    pub jobs: Vec<JobHandler>,
}

/// The work of one kind of job.
pub type JobWork = Pin<Box<dyn Future<Output = Result<(), Problem>> + Send>>;

/// Does the jobs of one kind. A job may be run twice, so doing it again must change nothing.
#[derive(Clone, Copy)]
pub struct JobHandler {
    /// The name `Unit::job` was given.
    pub kind: &'static str,
    pub run: fn(AppState, serde_json::Value) -> JobWork,
}

/// A link of the navigation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nav {
    pub href: String,
    pub label: &'static str,
}

/// The action a route stands for (`bid.edit`), put beside the request so that loading can authorise.
#[derive(Clone, Copy, Debug)]
pub struct RouteAction(pub &'static str);

/// One route: method, path, the action it stands for, and what it is in one line.
pub struct Route {
    pub method: Method,
    pub path: &'static str,
    pub action: &'static str,
    pub summary: &'static str,
    /// The JSON Schema of what it takes, where it takes a body.
    pub input: Option<fn(&mut SchemaGenerator) -> Schema>,
    /// Whether what it takes is a file, in the field `file` of a form.
    pub takes_file: bool,
    /// Whether a page of another site may send a form here; what comes so is nobody's.
    pub takes_foreign_forms: bool,
    router: MethodRouter<AppState>,
}

impl Route {
    pub fn get<H, T>(path: &'static str, action: &'static str, summary: &'static str, handler: H) -> Self
    where
        H: Handler<T, AppState>,
        T: 'static,
    {
        Self::new(Method::GET, path, action, summary, axum::routing::get(handler))
    }

    pub fn post<H, T>(path: &'static str, action: &'static str, summary: &'static str, handler: H) -> Self
    where
        H: Handler<T, AppState>,
        T: 'static,
    {
        Self::new(Method::POST, path, action, summary, on(axum::routing::MethodFilter::POST, handler))
    }

    /// For what programs put under an id of their own.
    pub fn put<H, T>(path: &'static str, action: &'static str, summary: &'static str, handler: H) -> Self
    where
        H: Handler<T, AppState>,
        T: 'static,
    {
        Self::new(Method::PUT, path, action, summary, on(axum::routing::MethodFilter::PUT, handler))
    }

    /// For what programs take away again.
    pub fn delete<H, T>(path: &'static str, action: &'static str, summary: &'static str, handler: H) -> Self
    where
        H: Handler<T, AppState>,
        T: 'static,
    {
        Self::new(Method::DELETE, path, action, summary, on(axum::routing::MethodFilter::DELETE, handler))
    }

    fn new(
        method: Method,
        path: &'static str,
        action: &'static str,
        summary: &'static str,
        router: MethodRouter<AppState>,
    ) -> Self {
        Self { method, path, action, summary, input: None, takes_file: false, takes_foreign_forms: false, router }
    }

    /// Names the form the route takes, for the OpenAPI document.
    pub fn takes<F: JsonSchema>(mut self) -> Self {
        self.input = Some(|generator| generator.subschema_for::<F>());
        self
    }

    /// Lets a page of another site send a form to exactly this address, which has no part that changes. The handler finds nobody signed in,
    /// whoever sent it, so it must rest on nothing but what the form proves by itself.
    pub fn from_other_sites(mut self) -> Self {
        self.takes_foreign_forms = true;
        self
    }

    /// Lets this route take a file of up to `bytes`, in the field `file` of a form.
    pub fn takes_file(mut self, bytes: usize) -> Self {
        self.takes_file = true;
        self.up_to(bytes)
    }

    /// Lets this route take bodies up to `bytes` (uploads); all others take 2 MiB.
    pub fn up_to(mut self, bytes: usize) -> Self {
        self.router = self.router.layer(axum::extract::DefaultBodyLimit::max(bytes));
        self
    }

    /// The first part of the action: the kind of thing it is about.
    pub fn kind(&self) -> &'static str {
        self.action.split('.').next().unwrap_or(self.action)
    }
}

/// The router of all capabilities. Each route carries its action, which the extractors read.
pub fn router(capabilities: &mut [Capability]) -> Router<AppState> {
    let mut router = Router::new();
    for capability in capabilities {
        for route in &mut capability.routes {
            let methods = std::mem::take(&mut route.router);
            router = router.route(route.path, methods.layer(axum::Extension(RouteAction(route.action))));
        }
    }
    router
}

/// The pages of all capabilities, framed by the layout and safe from other sites. `extra` adds doors of this start (the demo's).
pub fn framed(state: &AppState, capabilities: &mut [Capability], extra: Router<AppState>) -> Router<AppState> {
    let open: Arc<[&'static str]> = capabilities
        .iter()
        .flat_map(|capability| &capability.routes)
        .filter(|route| route.takes_foreign_forms)
        .map(|route| route.path)
        .collect();
    let guard = crate::security::Guard { state: state.clone(), open };
    router(capabilities)
        .merge(extra)
        .merge(crate::assets::router())
        // Named, so that the page for unknown addresses is framed too when other doors join.
        .fallback(|| async { http::StatusCode::NOT_FOUND })
        .layer(tower_http::catch_panic::CatchPanicLayer::new())
        .layer(axum::middleware::from_fn_with_state(guard, crate::security::same_origin))
        .layer(axum::middleware::from_fn_with_state(state.clone(), crate::layout::frame))
}

/// One line per route with the roles that may use it: what `permissions.snap` holds.
pub fn permission_table(capabilities: &[Capability], engine: &Engine) -> String {
    use std::fmt::Write as _;
    let mut lines = Vec::new();
    let every: Vec<Target> = capabilities.iter().flat_map(|capability| (capability.samples)()).collect();
    for capability in capabilities {
        // A kind two capabilities know (one's own account) is as good from either; its own comes first.
        let own = (capability.samples)();
        for route in &capability.routes {
            let target = own.iter().chain(&every).find(|target| target.kind == route.kind());
            let allowed = match target {
                Some(target) => crate::who::roles_allowed(engine, route.action, target),
                None => vec![],
            };
            let mut line = String::new();
            let allowed = if allowed.is_empty() { "nobody by role alone".into() } else { allowed.join(", ") };
            if write!(line, "{:<5} {} [{}] {}", route.method.as_str(), route.path, route.action, allowed).is_ok() {
                lines.push(line);
            }
        }
    }
    lines.sort();
    lines.join("\n")
}
