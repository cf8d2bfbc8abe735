//! The frame around every page: header, navigation, banner, breadcrumb, footer; or, when a program asks, the page's data alone.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use hiec_access::Subject;
use hiec_access::limits::Counted;
use hiec_kernel::{Problem, ProblemKind};
use http::header::{ACCEPT, CONTENT_TYPE, LOCATION, REFRESH, RETRY_AFTER, SET_COOKIE};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use maud::{DOCTYPE, Markup, Render, html};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde_json::json;

use crate::assets;
use crate::client::Client;
use crate::components::{AccountItem, Breadcrumb, Footer, Header, NavigationItem, SkipLink};
use crate::fields::Errors;
use crate::page::{Done, Page};
use crate::refusal::Shown;
use crate::state::AppState;
use crate::typed::{self, Typed};
use crate::who::{Who, cookie};

/// Something shown above every page (the demo's stages); put among the services as an `Arc<dyn Banner>`.
pub trait Banner: Send + Sync {
    fn render(&self, subject: &Subject, path: &str) -> Markup;
}

/// The cookie that carries a word to the next page. Over https only this host can set it, so that no neighbour puts words into our mouth.
fn flash_name(state: &AppState) -> &'static str {
    if state.site().is_secure() { "__Host-hiec_word" } else { "hiec_word" }
}

fn flash_cookie(state: &AppState, word: &str, seconds: u32) -> String {
    let secure = if state.site().is_secure() { "; Secure" } else { "" };
    format!("{}={word}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}", flash_name(state))
}

/// Changes are counted by person, so that many behind one address do not stand in each other's way; by client where nobody is signed in.
fn may_write(state: &AppState, parts: &Parts, subject: &Subject) -> Result<(), Problem> {
    if matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return Ok(());
    }
    let who = match &subject.person {
        Some(person) => Some(person.id.to_string()),
        None => Client::of(parts, state).key(),
    };
    let Some(who) = who else {
        return Ok(());
    };
    state
        .limits()
        .take(Counted::Write, &who, state.now())
        .map_err(|wait| Problem::too_many("Too many changes were sent in a short time", wait))
}

/// Turns what handlers answered into what the reader asked for.
pub async fn frame(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let wants_json = wants_json(request.headers());
    let path = request.uri().path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string);
    let is_get = request.method() == Method::GET;
    let word = cookie(request.headers(), flash_name(&state));
    // No text of ours holds a NUL, and PostgreSQL takes none: an address with one leads nowhere.
    if path.contains("%00") {
        let nowhere = crate::refusal::Refusal(Problem::not_found()).into_response();
        return finish_problem(&state, &Subject::anonymous(), &path, is_get, wants_json, nowhere);
    }
    let (mut parts, body) = request.into_parts();
    // Found before the handler runs, so that even its problems are shown to the right person. A bad token is the handler's matter.
    let subject = match <Who as FromRequestParts<AppState>>::from_request_parts(&mut parts, &state).await {
        Ok(who) => who.0,
        Err(refusal) => {
            return finish_problem(&state, &Subject::anonymous(), &path, is_get, wants_json, refusal.into_response());
        }
    };
    if let Err(problem) = may_write(&state, &parts, &subject) {
        let refused = crate::refusal::Refusal(problem).into_response();
        return finish_problem(&state, &subject, &path, is_get, wants_json, refused);
    }
    let (body, typed) = typed::keep(&parts, body).await;
    let mut response = next.run(Request::from_parts(parts, body)).await;
    if let Some(typed) = typed {
        response.extensions_mut().insert(typed);
    }
    if let Some(done) = response.extensions_mut().remove::<Done>() {
        return finish_done(&state, done, wants_json, response);
    }
    if let Some(page) = response.extensions_mut().remove::<Page>() {
        return finish_page(&state, &subject, &path, word.as_deref(), wants_json, page, response);
    }
    if response.extensions().get::<Shown>().is_none() {
        let problem = match response.status() {
            StatusCode::NOT_FOUND if is_plain(&response) => Some(Problem::not_found()),
            StatusCode::METHOD_NOT_ALLOWED => Some(Problem::new(
                ProblemKind::NotFound,
                "This address does not take that",
                "Open the page first and use its form.",
            )),
            StatusCode::PAYLOAD_TOO_LARGE => Some(Problem::new(
                ProblemKind::TooLarge,
                "What was sent is too large",
                "Send a smaller file; the limit stands beside the upload.",
            )),
            StatusCode::BAD_REQUEST if is_plain(&response) => Some(Problem::invalid(
                "The request cannot be read",
                "Check the address and the fields, and send it again.",
            )),
            _ => None,
        };
        if let Some(problem) = problem {
            let status = response.status();
            let mut shown = crate::refusal::Refusal(problem).into_response();
            *shown.status_mut() = status;
            response = shown;
        }
    }
    finish_problem(&state, &subject, &path, is_get, wants_json, response)
}

fn is_plain(response: &Response) -> bool {
    response
        .headers()
        .get(CONTENT_TYPE)
        .is_none_or(|value| value.to_str().is_ok_and(|value| value.starts_with("text/plain")))
}

/// Programs say `Accept: application/json`; browsers name HTML first.
pub(crate) fn wants_json(headers: &HeaderMap) -> bool {
    let accept = headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let bearer = headers.contains_key(http::header::AUTHORIZATION);
    (accept.contains("application/json") || (bearer && !accept.contains("text/html")))
        && !accept.starts_with("text/html")
}

fn finish_done(state: &AppState, done: Done, wants_json: bool, mut response: Response) -> Response {
    if wants_json {
        let body = json!({ "location": done.to, "message": done.word });
        let mut reply = json_response(done.status, &body, "application/json");
        copy_cookies(&response, &mut reply);
        if let Ok(value) = HeaderValue::from_str(&done.to) {
            reply.headers_mut().insert(LOCATION, value);
        }
        return reply;
    }
    if let Ok(value) = HeaderValue::from_str(&done.to) {
        response.headers_mut().insert(LOCATION, value);
    }
    if let Some(word) = done.word {
        let encoded = utf8_percent_encode(&word, NON_ALPHANUMERIC);
        if let Ok(value) = HeaderValue::from_str(&flash_cookie(state, &encoded.to_string(), 60)) {
            response.headers_mut().append(SET_COOKIE, value);
        }
    }
    response
}

fn finish_page(
    state: &AppState,
    subject: &Subject,
    path: &str,
    word: Option<&str>,
    wants_json: bool,
    page: Page,
    original: Response,
) -> Response {
    if wants_json {
        let mut reply = match &page.data {
            _ if !page.errors.is_empty() => {
                json_response(page.status, &refused(page.status, &page.errors), "application/problem+json")
            }
            Some(data) => json_response(page.status, data, "application/json"),
            None => json_response(
                StatusCode::NOT_ACCEPTABLE,
                &json!({ "title": "This page has no JSON form", "detail": "The addresses with data are listed in /openapi.json." }),
                "application/problem+json",
            ),
        };
        copy_cookies(&original, &mut reply);
        return reply;
    }
    let word = word.map(|word| percent_decode_str(word).decode_utf8_lossy().into_owned());
    let html = document(state, subject, path, word.as_deref(), &page);
    let mut response = (page.status, html).into_response();
    copy_cookies(&original, &mut response);
    if let Some(Ok(value)) = page.onward.as_ref().map(|to| HeaderValue::from_str(&format!("0; url={to}"))) {
        response.headers_mut().insert(REFRESH, value);
    }
    if word.is_some()
        && let Ok(value) = HeaderValue::from_str(&flash_cookie(state, "", 0))
    {
        response.headers_mut().append(SET_COOKIE, value);
    }
    response
}

/// What programs are told where people see the form again: every error, with its field.
fn refused(status: StatusCode, errors: &Errors) -> serde_json::Value {
    let messages: Vec<&str> = errors.0.iter().map(|error| error.message.as_str()).collect();
    let kind = if status == StatusCode::CONFLICT { ProblemKind::Conflict } else { ProblemKind::Invalid };
    json!({
        "type": "about:blank",
        "title": "Nothing was changed: something needs correcting first",
        "detail": messages.join(". "),
        "status": status.as_u16(),
        "kind": kind,
        "errors": errors,
    })
}

fn finish_problem(
    state: &AppState,
    subject: &Subject,
    path: &str,
    is_get: bool,
    wants_json: bool,
    mut response: Response,
) -> Response {
    let Some(shown) = response.extensions_mut().remove::<Shown>() else {
        return response;
    };
    let Shown { problem, reference } = shown;
    let typed = response.extensions_mut().remove::<Typed>();
    let retry = response.headers_mut().remove(RETRY_AFTER);
    let with_retry = |mut response: Response| {
        if let Some(retry) = retry {
            response.headers_mut().insert(RETRY_AFTER, retry);
        }
        response
    };
    if wants_json {
        let body = json!({
            "type": "about:blank",
            "title": problem.title,
            "detail": problem.next,
            "status": response.status().as_u16(),
            "kind": problem.kind,
            "reference": reference,
        });
        return with_retry(json_response(response.status(), &body, "application/problem+json"));
    }
    if problem.kind == ProblemKind::SignIn && is_get {
        let mut redirect = StatusCode::SEE_OTHER.into_response();
        if let Ok(value) = HeaderValue::from_str(&sign_in(Some(path))) {
            redirect.headers_mut().insert(LOCATION, value);
        }
        return redirect;
    }
    let content = html! {
        h1 { (problem.title) }
        p { (problem.next) }
        @if problem.kind == ProblemKind::SignIn {
            p { a href=(sign_in(typed.as_ref().and_then(|typed| typed.page.as_deref()))) { "Sign in" } }
        }
        @if let Some(typed) = &typed { (typed.view()) }
        p.nhsuk-u-secondary-text-colour { "Reference: " (reference) }
    };
    let page = Page::new(problem.title.clone(), content).with_status(response.status());
    let html = document(state, subject, path, None, &page);
    with_retry((response.status(), html).into_response())
}

/// The way to sign in and back to a page.
fn sign_in(back: Option<&str>) -> String {
    back.map_or_else(
        || "/sign-in".to_owned(),
        |page| format!("/sign-in?next={}", utf8_percent_encode(page, NON_ALPHANUMERIC)),
    )
}

fn copy_cookies(from: &Response, to: &mut Response) {
    for value in from.headers().get_all(SET_COOKIE) {
        to.headers_mut().append(SET_COOKIE, value.clone());
    }
}

fn json_response(status: StatusCode, body: &serde_json::Value, kind: &'static str) -> Response {
    let mut response = (status, body.to_string()).into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}

/// The whole HTML document.
fn document(state: &AppState, subject: &Subject, path: &str, word: Option<&str>, page: &Page) -> Markup {
    let site = state.site();
    let banner = state.optional::<Arc<dyn Banner>>().map(|banner| banner.render(subject, path));
    html! {
        (DOCTYPE)
        html.nhsuk-template lang="en-GB" {
            head {
                meta charset="utf-8";
                title { (page.title) " - " (site.name) }
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="theme-color" content="#005eb8";
                link rel="icon" type="image/svg+xml" href=(assets::href("images/mark.svg"));
                link rel="stylesheet" href=(assets::href("hiec.css"));
                script type="module" src=(assets::href("hiec.js")) {}
            }
            body.nhsuk-template__body.app-page-wide[page.is_wide] {
                (SkipLink::default())
                (header(state, subject, path))
                @if let Some(banner) = banner { (banner) }
                @if !page.trail.is_empty() {
                    div.nhsuk-width-container {
                        (Breadcrumb::new(page.trail.iter().map(|(href, label)| (label.clone(), href.clone()))))
                    }
                }
                div.nhsuk-width-container {
                    main.nhsuk-main-wrapper #maincontent tabindex="-1" {
                        @if let Some(word) = word {
                            div.nhsuk-inset-text.app-word role="status" { p { (word) } }
                        }
                        (page.content)
                    }
                }
                (footer())
            }
        }
    }
}

fn header(state: &AppState, subject: &Subject, path: &str) -> Markup {
    let here = path.split('?').next().unwrap_or(path);
    let links = state.navigation(subject).into_iter().map(|link| {
        let current = here == link.href;
        NavigationItem { current, ..NavigationItem::from((link.label.to_owned(), link.href)) }
    });
    let account = match &subject.person {
        Some(person) => {
            vec![AccountItem::link(person.name.as_str(), "/account"), AccountItem::form("Sign out", "/sign-out", "")]
        }
        None => vec![AccountItem::link("Sign in", "/sign-in")],
    };
    Header::new(state.site().name.as_str(), "/").navigation(links).account(account).render()
}

fn footer() -> Markup {
    Footer::new([
        ("Announcements", "/announcements"),
        ("Open data", "/open-data"),
        ("Policies", "/policies"),
        ("API", "/openapi.json"),
    ])
    .render()
}
