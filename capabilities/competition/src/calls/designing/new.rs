//! `/calls/new`: a new call in preparation, begun from another call's design; nobody outside the office sees it until it is published.

use hiec_access::policy::Target;
use hiec_kernel::{Problem, Scope};
use hiec_store::{AuditEvent, FromQueryResult, Reads, Stream, values};
use hiec_web::components::{Button, Input as TextInput, Select, SelectItem};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Loading, Page, Resource};
use maud::html;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::calls::amendments::{CallState, Draft};
use crate::calls::facts;
use crate::calls::registration::summary;
use crate::calls::store;

/// The programme a person's office runs.
#[derive(Clone, Debug)]
pub struct Programme {
    pub id: Uuid,
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
}

impl Resource for Programme {
    const KIND: &'static str = "programme";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let rows: Vec<Row> =
            loading.database.all("SELECT id FROM competition_programme ORDER BY created_at, id", values![]).await?;
        let own = rows
            .iter()
            .find(|row| loading.subject.holds_in(hiec_kernel::Role::ProgrammeOfficer, Scope::Programme(row.id)))
            .or(rows.first());
        if own.is_none() && loading.subject.holds(hiec_kernel::Role::ProgrammeOfficer) {
            return Err(Problem::conflict(
                "There is no programme yet that a call could belong to",
                "An administrator founds it under Programmes; then prepare the call.",
            ));
        }
        Ok(own.map(|row| (Self { id: row.id }, Target::new("programme", row.id).scope(Scope::Programme(row.id)))))
    }
}

/// A call was begun.
#[derive(Serialize)]
struct CallBegun {
    key: String,
}

impl AuditEvent for CallBegun {
    const KIND: &'static str = "call.begun";
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct Form {
    /// Short and stable, for addresses: small letters, figures and hyphens.
    #[serde(default)]
    key: String,
    #[serde(default)]
    title: String,
    /// The key of the call to begin from; empty for the 2009 call.
    #[serde(default)]
    from: String,
}

pub async fn get(programme: Loaded<Programme>) -> Answer {
    Ok(page(&programme, &Form::default(), &Errors::none()).await?.into())
}

pub async fn post(programme: Loaded<Programme>, Input(form): Input<Form>) -> Answer {
    let mut errors = Errors::none();
    let title = errors.text("title", "the title of the call", &form.title, 200);
    let key = errors.text("key", "a short name for addresses", &form.key, 60);
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if key.as_deref().is_some_and(|key| !key.chars().all(is_plain) || key == "new") {
        errors.add("key", "Use small letters, figures and hyphens only, for example hiec-2027");
    }
    let database = programme.database();
    if let Some(key) = &key
        && store::by_key(&database, key, programme.now()).await?.is_some()
    {
        errors.add("key", "There is a call with this short name already");
    }
    let (Some(title), Some(key), true) = (title, key, errors.is_empty()) else {
        return Ok(page(&programme, &form, &errors).await?.with_errors(&errors).into());
    };
    let mut design = match store::by_key(&database, &form.from, programme.now()).await? {
        Some(call) => call.design().clone(),
        None => facts::call_2009().map_err(Problem::internal)?.clone(),
    };
    design.key.clone_from(&key);
    design.title = title;
    let mut unit = programme.begin().await?;
    let id = store::insert(&unit, programme.id, &CallState::Draft(Draft { design })).await?;
    unit.audit(Stream::call(id), format!("call:{id}"), &CallBegun { key: key.clone() })?;
    unit.commit().await?;
    Ok(Done::made(format!("/calls/{key}/design"))
        .saying("The call is in preparation. Nobody outside the office sees it yet.")
        .into())
}

async fn page(programme: &Loaded<Programme>, form: &Form, errors: &Errors) -> Result<Page, Problem> {
    let calls = store::all(&programme.database(), programme.now()).await?;
    let view = html! {
        (summary(errors))
        h1 { "Prepare a call" }
        form method="post" novalidate {
            (TextInput::new("title", "Title of the call").value(form.title.as_str()).error_message(errors.of("title").unwrap_or_default()))
            (TextInput::new("key", "Short name for addresses")
                .hint("For example hiec-2027. It stays.")
                .value(form.key.as_str())
                .error_message(errors.of("key").unwrap_or_default()))
            (Select::new("from", "Begin from")
                .items(calls.iter().map(|call| SelectItem::new(call.key.as_str(), call.title.as_str())))
                .value(form.from.as_str()))
            (Button::new("Prepare the call"))
        }
    };
    Ok(Page::new("Prepare a call", view).under("/calls", "Calls"))
}
