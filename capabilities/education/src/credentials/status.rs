//! `/credentials/status/{list}`: a status list, signed, for anybody's verifier. It says nothing of whom a bit is about.

use axum::response::IntoResponse;
use hiec_access::policy::Target;
use hiec_credentials::Purpose;
use hiec_kernel::Problem;
use hiec_web::{Answer, Loaded, Loading, Resource};
use http::HeaderMap;
use http::header::{ACCEPT, ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_TYPE};
use uuid::Uuid;

use super::lists::{self, Form};

/// A list by its public name, such as `1-revocation`.
pub(crate) struct Listed {
    number: i64,
    purpose: Purpose,
}

impl Resource for Listed {
    const KIND: &'static str = "public";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let named = loading.text("list").and_then(|name| name.split_once('-')).and_then(|(number, purpose)| {
            let purpose = [Purpose::Revocation, Purpose::Suspension].into_iter().find(|one| one.as_str() == purpose)?;
            Some(Self { number: number.parse().ok()?, purpose })
        });
        Ok(named.map(|listed| (listed, Target::new("public", Uuid::nil()))))
    }
}

pub async fn get(listed: Loaded<Listed>, headers: HeaderMap) -> Answer {
    let accepts = headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let wants_token = accepts.contains("jwt") || !accepts.contains("json");
    let (form, kind) = match wants_token {
        true => (Form::Token, "application/jwt"),
        false => (Form::Proof, "application/ld+json"),
    };
    let signed =
        lists::signed(&listed.app, listed.number, listed.purpose, form).await?.ok_or_else(Problem::not_found)?;
    let headers = [(CONTENT_TYPE, kind), (CACHE_CONTROL, "public, max-age=60"), (ACCESS_CONTROL_ALLOW_ORIGIN, "*")];
    Ok((headers, signed).into_response().into())
}
