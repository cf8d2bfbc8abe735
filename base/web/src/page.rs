//! What handlers answer: a page with its machine twin, or a redirect with a word; how it looks is the layout's matter.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Response};
use hiec_files::table::{Table, workbook};
use hiec_kernel::{Problem, Timestamp};
use http::request::Parts;
use http::{HeaderValue, StatusCode};
use maud::Markup;
use serde::Serialize;
use serde_json::Value;
use url::Url;

use crate::fields::Errors;
use crate::layout::wants_json;
use crate::refusal::Refusal;

/// What a handler returns.
pub type Answer = Result<Reply, Refusal>;

/// A page, a redirect, or anything else (a file).
#[derive(Debug)]
pub enum Reply {
    Page(Box<Page>),
    Done(Done),
    Raw(Response),
}

/// A page's content, to be put into the layout, or its data when a program asks.
#[derive(Clone, Debug)]
pub struct Page {
    pub title: String,
    pub status: StatusCode,
    pub content: Markup,
    pub data: Option<Value>,
    /// What stood in the way of a change: shown in the content, and told to programs in place of the data.
    pub errors: Errors,
    /// Links back, outermost first: address and label.
    pub trail: Vec<(String, String)>,
    /// Wide pages (tables with many columns) use the whole width.
    pub is_wide: bool,
    /// Where the page leads on to by itself, at once; a link on it leads there too.
    pub onward: Option<Url>,
}

impl Page {
    pub fn new(title: impl Into<String>, content: Markup) -> Self {
        Self {
            title: title.into(),
            status: StatusCode::OK,
            content,
            data: None,
            errors: Errors::none(),
            trail: Vec::new(),
            is_wide: false,
            onward: None,
        }
    }

    /// The machine twin: what a program gets with `Accept: application/json`.
    pub fn data(mut self, data: &impl Serialize) -> Result<Self, Problem> {
        self.data = Some(serde_json::to_value(data).map_err(Problem::internal)?);
        Ok(self)
    }

    /// A link of the breadcrumb, outermost first.
    pub fn under(mut self, href: impl Into<String>, label: impl Into<String>) -> Self {
        self.trail.push((href.into(), label.into()));
        self
    }

    pub fn wide(mut self) -> Self {
        self.is_wide = true;
        self
    }

    /// Leads on to another site without a redirect, which a form's answer may not be.
    pub fn leading_on(mut self, to: Url) -> Self {
        self.onward = Some(to);
        self
    }

    /// A form shown again: 422. What stood in the way is told to programs by [`Self::with_errors`].
    pub fn invalid(self) -> Self {
        self.with_status(StatusCode::UNPROCESSABLE_ENTITY)
    }

    /// A form shown again with its errors: 422, each error with its field for programs.
    pub fn with_errors(mut self, errors: &Errors) -> Self {
        self.errors = errors.clone();
        self.invalid()
    }

    /// A form shown again because the state of things does not allow it now: 409.
    pub fn conflict(self, errors: &Errors) -> Self {
        self.with_errors(errors).with_status(StatusCode::CONFLICT)
    }

    pub fn with_status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }
}

/// Whether a program asks: then it gets the data, and otherwise only the page is looked at. For lists too long to make both each time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct WantsData(pub bool);

impl<S: Sync> FromRequestParts<S> for WantsData {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(wants_json(&parts.headers)))
    }
}

/// A change was made; the browser goes on to a page and shows the word there.
#[derive(Clone, Debug)]
pub struct Done {
    pub to: String,
    pub word: Option<String>,
    pub status: StatusCode,
}

impl Done {
    pub fn to(path: impl Into<String>) -> Self {
        Self { to: path.into(), word: None, status: StatusCode::OK }
    }

    /// Something new was made: programs get 201.
    pub fn made(path: impl Into<String>) -> Self {
        Self { status: StatusCode::CREATED, ..Self::to(path) }
    }

    /// What to tell the person on the next page.
    pub fn saying(mut self, word: impl Into<String>) -> Self {
        self.word = Some(word.into());
        self
    }
}

impl From<Page> for Reply {
    fn from(page: Page) -> Self {
        Self::Page(Box::new(page))
    }
}

impl From<Done> for Reply {
    fn from(done: Done) -> Self {
        Self::Done(done)
    }
}

impl From<Response> for Reply {
    fn from(response: Response) -> Self {
        Self::Raw(response)
    }
}

impl Reply {
    /// A table as CSV to save; `name` without its ending.
    pub fn csv(name: &str, table: &Table) -> Self {
        Self::download(&format!("{name}.csv"), "text/csv; charset=utf-8", table.to_csv_for_excel().into_bytes())
    }

    /// Tables as one workbook to save, a sheet each; `name` without its ending.
    pub fn xlsx(name: &str, tables: &[&Table], now: Timestamp) -> Result<Self, Problem> {
        let bytes = workbook(tables, now).map_err(Problem::internal)?;
        let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
        Ok(Self::download(&format!("{name}.xlsx"), kind, bytes))
    }

    /// A file to save. `name` is shown to the person; letters outside ASCII are carried the RFC 6266 way.
    pub fn download(name: &str, content_type: &str, bytes: Vec<u8>) -> Self {
        let plain: String = name
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '-' })
            .collect();
        let encoded = percent_encoding::utf8_percent_encode(name, percent_encoding::NON_ALPHANUMERIC);
        let disposition = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}");
        let mut response = bytes.into_response();
        let headers = response.headers_mut();
        for (key, value) in
            [(http::header::CONTENT_TYPE, content_type), (http::header::CONTENT_DISPOSITION, disposition.as_str())]
        {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(key, value);
            }
        }
        Self::Raw(response)
    }

    /// JSON for programs only.
    pub fn json(value: &impl Serialize) -> Result<Self, Problem> {
        let bytes = serde_json::to_vec_pretty(value).map_err(Problem::internal)?;
        let mut response = bytes.into_response();
        response.headers_mut().insert(http::header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        Ok(Self::Raw(response))
    }
}

impl IntoResponse for Reply {
    /// The layout middleware turns the parts put beside the response into HTML or JSON.
    fn into_response(self) -> Response {
        match self {
            Self::Page(page) => {
                let mut response = page.status.into_response();
                response.extensions_mut().insert(*page);
                response
            }
            Self::Done(done) => {
                let mut response = StatusCode::SEE_OTHER.into_response();
                response.extensions_mut().insert(done);
                response
            }
            Self::Raw(response) => response,
        }
    }
}
