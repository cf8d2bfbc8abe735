//! `/calls/{call}/registration`: who wants to hear of amendments and answers, and for which organisation; it gives no right beyond asking.

use hiec_kernel::organisations::Organisation;
use hiec_kernel::people::Person;
use hiec_kernel::{CallId, Problem};
use hiec_store::database::StoreError;
use hiec_store::{AuditEvent, FromQueryResult, Reads, Unit, organisations, values};
use hiec_web::components::{Button, ErrorItem, ErrorSummary, Input as TextInput};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::store::Call;

/// Somebody registered for a call.
#[derive(Serialize)]
struct Registered {
    organisation: Uuid,
}

impl AuditEvent for Registered {
    const KIND: &'static str = "call.registered";
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct Form {
    /// Name or ODS code of the organisation, as the register has it.
    #[serde(default)]
    organisation: String,
}

pub async fn get(call: Loaded<Call>) -> Answer {
    let known = of_person(&call.database(), call.id, call.person()?.id.0).await?;
    let typed = known.map(|organisation| organisation.name).unwrap_or_default();
    Ok(page(&call, &typed, &Errors::none()).into())
}

pub async fn post(call: Loaded<Call>, Input(form): Input<Form>) -> Answer {
    let mut errors = Errors::none();
    let database = call.database();
    let found = match errors.text("organisation", "your organisation", &form.organisation, 200) {
        Some(text) => named(&database, &text).await?,
        None => None,
    };
    let Some(organisation) = found else {
        if errors.is_empty() {
            errors.add("organisation", "No organisation in the register has this name or ODS code. Check the spelling, or ask the programme office to add it");
        }
        return Ok(page(&call, &form.organisation, &errors).with_errors(&errors).into());
    };
    let person = call.person()?.clone();
    let mut unit = call.begin().await?;
    register(&mut unit, &call, &person, &organisation).await?;
    unit.commit().await?;
    Ok(Done::to(format!("{}/questions", call.path()))
        .saying("You are registered: amendments and answers to all reach you by e-mail.")
        .into())
}

/// Registers a person for an organisation; again with another organisation changes it.
pub(crate) async fn register(
    unit: &mut Unit,
    call: &Call,
    person: &Person,
    organisation: &Organisation,
) -> Result<(), Problem> {
    unit.execute(
        "INSERT INTO competition_registration (call_id, person_id, organisation_id, registered_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (call_id, person_id) DO UPDATE SET organisation_id = excluded.organisation_id",
        values![call.id.0, person.id.0, organisation.id.0, unit.now()],
    )
    .await?;
    let event = Registered { organisation: organisation.id.0 };
    unit.audit(call.stream(), format!("person:{}", person.id), &event)?;
    Ok(())
}

/// The organisation of this exact name (in any case) or ODS code.
pub(crate) async fn named(reads: &impl Reads, text: &str) -> Result<Option<Organisation>, StoreError> {
    let found = organisations::search(reads, text, 50).await?;
    let same = |name: &str| name.to_lowercase() == text.trim().to_lowercase();
    Ok(found.into_iter().find(|one| same(&one.name) || one.ods_code.as_deref().is_some_and(same)))
}

/// The organisation a person is registered for.
pub(crate) async fn of_person(
    reads: &impl Reads,
    call: CallId,
    person: Uuid,
) -> Result<Option<Organisation>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        organisation_id: Uuid,
    }
    let row: Option<Row> = reads
        .one(
            "SELECT organisation_id FROM competition_registration WHERE call_id = $1 AND person_id = $2",
            values![call.0, person],
        )
        .await?;
    match row {
        Some(row) => organisations::by_id(reads, row.organisation_id.into()).await,
        None => Ok(None),
    }
}

/// Somebody to be told.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct Listener {
    pub id: Uuid,
    pub email: String,
}

/// Everyone registered, by name: who hears of amendments and answers.
pub(crate) async fn listeners(reads: &impl Reads, call: CallId) -> Result<Vec<Listener>, StoreError> {
    reads
        .all(
            "SELECT p.id, p.email FROM competition_registration r JOIN base_person p ON p.id = r.person_id \
             WHERE r.call_id = $1 AND NOT p.is_disabled ORDER BY p.name, p.id",
            values![call.0],
        )
        .await
}

fn page(call: &Loaded<Call>, typed: &str, errors: &Errors) -> Page {
    Page::new("Register for this call", view(typed, errors))
        .under("/calls", "Calls")
        .under(call.path(), call.title.clone())
}

fn view(typed: &str, errors: &Errors) -> Markup {
    html! {
        (summary(errors))
        h1 { "Register for this call" }
        p { "Registered people can ask questions, and hear of every amendment and every answer to all. It binds you to nothing." }
        form method="post" novalidate {
            (TextInput::new("organisation", "Your organisation")
                .hint("Its name as the register has it, or its ODS code")
                .value(typed)
                .error_message(errors.of("organisation").unwrap_or_default()))
            (Button::new("Register"))
        }
    }
}

/// The list of mistakes on top of a form, each leading to its field.
pub(crate) fn summary(errors: &Errors) -> Markup {
    html! {
        @if !errors.is_empty() {
            (ErrorSummary::new(errors.0.iter().map(|error| ErrorItem::for_field(&error.field, error.message.as_str()))))
        }
    }
}
