//! A person at a browser, without the browser: opens pages of a router in-process, keeps cookies, follows redirects, fills forms by label. It never reaches a network.

mod document;
mod form;

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, COOKIE, HOST, LOCATION, SET_COOKIE};
use http::{HeaderMap, Method, Request, StatusCode};
use serde_json::Value;
use tower::ServiceExt;
use url::form_urlencoded;

use document::Document;
use form::{Attachment, Form};

/// More redirects than this are a loop.
const MOST_REDIRECTS: usize = 10;
const LARGEST_BODY: usize = 64 << 20;

/// One person's browser: its cookies, the page it shows, and what was typed into that page and not sent yet.
#[derive(Debug)]
pub struct Browser {
    router: Router,
    cookies: BTreeMap<String, String>,
    bearer: Option<String>,
    /// Where the connection comes from; nothing for none.
    from: Option<SocketAddr>,
    /// Path and query of the page shown.
    address: String,
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
    typed: Vec<(String, String)>,
    attached: Vec<Attachment>,
}

impl Browser {
    /// A browser nobody is signed in with.
    pub fn new(router: Router) -> Self {
        Self {
            router,
            cookies: BTreeMap::new(),
            bearer: None,
            from: None,
            address: "/".to_owned(),
            status: StatusCode::OK,
            headers: HeaderMap::new(),
            body: Vec::new(),
            typed: Vec::new(),
            attached: Vec::new(),
        }
    }

    /// Puts a cookie, for instance a session's.
    pub fn set_cookie(&mut self, name: &str, value: &str) {
        self.cookies.insert(name.to_owned(), value.to_owned());
    }

    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.get(name).map(String::as_str)
    }

    /// From now on a program with this token, not a person with cookies.
    pub fn use_bearer(&mut self, token: &str) {
        self.bearer = Some(token.to_owned());
    }

    /// From now on its requests come by a connection from this network address.
    ///
    /// # Panics
    /// When it is no network address.
    pub fn come_from(&mut self, address: &str) {
        let address: IpAddr = address.parse().expect("a network address");
        self.from = Some(SocketAddr::new(address, 50_000));
    }

    /// Opens an address, following redirects.
    pub async fn get(&mut self, path: &str) -> &mut Self {
        self.visit(Method::GET, path, None).await;
        self
    }

    /// Sends form fields to an address, whatever page is shown, and follows the redirect.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> &mut Self {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let kind = "application/x-www-form-urlencoded".to_owned();
        self.visit(Method::POST, path, Some((kind, body.into_bytes()))).await;
        self
    }

    /// Sends a body as it is, for rubbish and forged requests; follows no redirect.
    pub async fn send(&mut self, method: Method, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> StatusCode {
        self.request(method, path, headers, body).await;
        self.status
    }

    /// Opens an address as a program does: status and JSON (`Null` where the body is none).
    pub async fn get_json(&mut self, path: &str) -> (StatusCode, Value) {
        let accept = [(ACCEPT.as_str(), "application/json")];
        self.request(Method::GET, path, &accept, Vec::new()).await;
        (self.status, self.json())
    }

    /// Sends JSON as a program does.
    pub async fn post_json(&mut self, path: &str, body: &Value) -> (StatusCode, Value) {
        let headers = [(ACCEPT.as_str(), "application/json"), (CONTENT_TYPE.as_str(), "application/json")];
        self.request(Method::POST, path, &headers, body.to_string().into_bytes()).await;
        (self.status, self.json())
    }

    /// Follows the link with this text; where several have it, the first.
    pub async fn click(&mut self, text: &str) -> &mut Self {
        let Some(href) = self.document().link(text) else {
            panic!("no link says “{text}”.\n{}", self.outline());
        };
        let path = self.resolve(&href);
        self.get(&path).await
    }

    /// Types into the field with this label (or name); for a choice, the option's text or value. Sent by [`Self::submit`].
    pub fn fill(&mut self, label: &str, value: &str) -> &mut Self {
        assert!(
            self.document().forms().iter().any(|form| form.has_field(label)),
            "no field is called “{label}”.\n{}",
            self.outline()
        );
        self.typed.push((label.to_owned(), value.to_owned()));
        self
    }

    /// Ticks the box or chooses the answer with this label (or the group's legend or name and the answer, by [`Self::fill`]).
    pub fn tick(&mut self, label: &str) -> &mut Self {
        self.fill(label, form::TICKED)
    }

    /// Takes the tick away again.
    pub fn untick(&mut self, label: &str) -> &mut Self {
        self.fill(label, form::UNTICKED)
    }

    /// Chooses a file for the field with this label (or name).
    pub fn attach(&mut self, label: &str, name: &str, kind: &str, content: &[u8]) -> &mut Self {
        self.attached.push(Attachment {
            label: label.to_owned(),
            name: name.to_owned(),
            kind: kind.to_owned(),
            content: content.to_vec(),
        });
        self
    }

    /// Presses the button with this text: sends its form with what was typed, and follows the redirect.
    pub async fn submit(&mut self, button: &str) -> &mut Self {
        let typed = std::mem::take(&mut self.typed);
        let attached = std::mem::take(&mut self.attached);
        let forms = self.document().forms();
        let fits = |form: &&Form| form.has_button(button) && typed.iter().all(|(label, _)| form.has_field(label));
        let Some(form) = forms.iter().find(fits) else {
            panic!("no form has the button “{button}” and the fields typed into ({typed:?}).\n{}", self.outline());
        };
        let sent = form.send(button, &typed, &attached);
        let action = match &sent.action {
            Some(action) if !action.is_empty() => self.resolve(action),
            _ => self.address.clone(),
        };
        if sent.is_get {
            let path = action.split('?').next().unwrap_or_default().to_owned();
            let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(&sent.fields).finish();
            self.visit(Method::GET, &format!("{path}?{query}"), None).await;
        } else {
            let body = sent.body();
            self.visit(Method::POST, &action, Some(body)).await;
        }
        self
    }

    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Path and query of the page shown, after redirects.
    pub fn address(&self) -> &str {
        &self.address
    }

    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    pub fn bytes(&self) -> &[u8] {
        &self.body
    }

    /// The body as text.
    pub fn html(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// What a person reads in the main part, with single spaces.
    pub fn text(&self) -> String {
        self.document().main_text()
    }

    /// Headings, fields, errors, links, buttons and tables of the main part, one a line: what page tests compare.
    pub fn outline(&self) -> String {
        self.document().outline()
    }

    /// The messages of the error summary and the fields, each once.
    pub fn errors(&self) -> Vec<String> {
        self.document().errors()
    }

    /// The value a field shows now, by label or name.
    pub fn value_of(&self, label: &str) -> Option<String> {
        self.document().forms().iter().find_map(|form| form.value_of(label))
    }

    /// Where every link of the page leads, in order, each once.
    pub fn links(&self) -> Vec<String> {
        self.document().links()
    }

    /// # Panics
    /// When the page was answered with another status.
    pub fn expect_status(&mut self, status: u16) -> &mut Self {
        assert_eq!(self.status.as_u16(), status, "at {}:\n{}", self.address, self.outline_or_body());
        self
    }

    /// # Panics
    /// When the main part does not say this.
    pub fn expect_text(&mut self, text: &str) -> &mut Self {
        assert!(self.text().contains(text), "{} does not say “{text}”:\n{}", self.address, self.text());
        self
    }

    /// # Panics
    /// When the page says this anywhere, also where nobody sees it.
    pub fn expect_no_text(&mut self, text: &str) -> &mut Self {
        assert!(!self.html().contains(text), "{} says “{text}” and must not", self.address);
        self
    }

    fn outline_or_body(&self) -> String {
        let outline = self.outline();
        if outline.trim().is_empty() { self.html().chars().take(2_000).collect() } else { outline }
    }

    fn document(&self) -> Document {
        Document::read(&self.html())
    }

    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    /// An address on this page, as a path of the site.
    fn resolve(&self, href: &str) -> String {
        let base = url::Url::parse(&format!("http://site.example{}", self.address)).expect("the page's own address");
        let url = base.join(href).expect("a link's address");
        assert!(
            matches!(url.host_str(), Some("site.example" | "hiec.example" | "127.0.0.1")),
            "{href} leads to another site"
        );
        match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        }
    }

    async fn visit(&mut self, method: Method, path: &str, body: Option<(String, Vec<u8>)>) {
        let mut path = path.to_owned();
        match body {
            Some((kind, body)) => {
                let headers = [(ACCEPT.as_str(), "text/html"), (CONTENT_TYPE.as_str(), kind.as_str())];
                self.request(method, &path, &headers, body).await;
            }
            None => {
                let accept = [(ACCEPT.as_str(), "text/html")];
                self.request(method, &path, &accept, Vec::new()).await;
            }
        }
        for _ in 0..MOST_REDIRECTS {
            self.address.clone_from(&path);
            self.typed.clear();
            self.attached.clear();
            if !self.status.is_redirection() {
                return;
            }
            let to = self.headers.get(LOCATION).and_then(|value| value.to_str().ok()).map(str::to_owned);
            let Some(to) = to else {
                return;
            };
            path = self.resolve(&to);
            self.request(Method::GET, &path, &[(ACCEPT.as_str(), "text/html")], Vec::new()).await;
        }
        panic!("{path} redirects for ever");
    }

    async fn request(&mut self, method: Method, path: &str, headers: &[(&str, &str)], body: Vec<u8>) {
        let mut request = Request::builder().method(method).uri(path).header(HOST, "site.example");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        match &self.bearer {
            Some(token) => request = request.header(AUTHORIZATION, format!("Bearer {token}")),
            None if !self.cookies.is_empty() => {
                let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
                request = request.header(COOKIE, cookies.join("; "));
            }
            None => {}
        }
        let mut request =
            request.body(Body::from(body)).unwrap_or_else(|error| panic!("{path} is no address: {error}"));
        if let Some(from) = self.from {
            request.extensions_mut().insert(ConnectInfo(from));
        }
        let response = self.router.clone().oneshot(request).await.unwrap_or_else(|never| match never {});
        let (parts, body) = response.into_parts();
        self.status = parts.status;
        self.headers = parts.headers;
        self.body = axum::body::to_bytes(body, LARGEST_BODY).await.expect("the body can be read to its end").to_vec();
        self.keep_cookies();
    }

    fn keep_cookies(&mut self) {
        let set: Vec<String> = self
            .headers
            .get_all(SET_COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok().map(str::to_owned))
            .collect();
        for cookie in set {
            let mut parts = cookie.split(';');
            let Some((name, value)) = parts.next().and_then(|pair| pair.split_once('=')) else {
                continue;
            };
            let ended = parts.any(|part| part.trim().eq_ignore_ascii_case("max-age=0"));
            if ended {
                self.cookies.remove(name.trim());
            } else {
                self.cookies.insert(name.trim().to_owned(), value.to_owned());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::extract::{Query, RawForm};
    use axum::response::{AppendHeaders, Html, Redirect};
    use axum::routing::get;

    use super::*;

    const PAGE: &str = r#"<main><h1>A form</h1><form method="post" action="/echo">
        <input type="hidden" name="token" value="t1">
        <label for="name">Your name</label><input id="name" name="name" value="old">
        <fieldset><legend>Colour</legend>
          <input type="radio" name="colour" id="c1" value="r"><label for="c1">Red</label>
          <input type="radio" name="colour" id="c2" value="g" checked><label for="c2">Green</label></fieldset>
        <input type="checkbox" name="sure" id="sure" value="yes"><label for="sure">I am sure</label>
        <label for="size">Size</label><select id="size" name="size"><option value="s">Small</option><option value="l">Large</option></select>
        <button name="do" value="save">Save</button><button name="do" value="send">Send</button></form>
        <a href="/else?x=1">Somewhere <b>else</b></a></main>"#;

    fn site() -> Router {
        Router::new()
            .route("/form", get(|| async { (AppendHeaders([("set-cookie", "seen=yes; Path=/")]), Html(PAGE)) }))
            .route(
                "/echo",
                axum::routing::post(|RawForm(body): RawForm| async move {
                    Redirect::to(&format!("/told?{}", String::from_utf8_lossy(&body)))
                }),
            )
            .route(
                "/told",
                get(|Query(pairs): Query<Vec<(String, String)>>, headers: HeaderMap| async move {
                    format!("{pairs:?} {:?}", headers.get("cookie"))
                }),
            )
            .route("/else", get(|| async { "elsewhere" }))
    }

    #[tokio::test]
    async fn a_form_is_filled_by_label_and_sent_by_its_button() {
        let mut browser = Browser::new(site());
        browser.get("/form").await.expect_status(200);
        browser.fill("Your name", "Ada Example").fill("Colour", "Red").tick("I am sure").fill("Size", "Large");
        browser.submit("Send").await.expect_status(200);
        assert_eq!(
            browser.html(),
            r#"[("token", "t1"), ("name", "Ada Example"), ("colour", "r"), ("sure", "yes"), ("size", "l"), ("do", "send")] Some("seen=yes")"#
        );
        assert!(browser.address().starts_with("/told?token=t1&"));
    }

    #[tokio::test]
    async fn what_is_not_touched_is_sent_as_the_page_had_it() {
        let mut browser = Browser::new(site());
        browser.get("/form").await;
        assert_eq!(browser.value_of("Your name").as_deref(), Some("old"));
        browser.submit("Save").await;
        assert!(
            browser
                .html()
                .starts_with(r#"[("token", "t1"), ("name", "old"), ("colour", "g"), ("size", "s"), ("do", "save")]"#)
        );
    }

    #[tokio::test]
    async fn links_are_found_by_their_words_and_pages_have_an_outline() {
        let mut browser = Browser::new(site());
        browser.get("/form").await;
        assert_eq!(
            browser.outline(),
            "# A form\nfield: Your name\nfield: Colour: Red\nfield: Colour: Green\nfield: I am sure\nfield: Size\nbutton: Save\nbutton: Send\nlink: Somewhere else -> /else?x=1"
        );
        browser.click("Somewhere else").await;
        assert_eq!(browser.html(), "elsewhere");
    }
}
