//! `/sign-in/oidc/invitation`: the answer to an invitation by somebody for whose address the sign-in service vouches; as with a letter, nothing is made before they say yes.

use hiec_access::identities::{self, LinkedBy};
use hiec_access::limits::Counted;
use hiec_access::links::{self, Purpose};
use hiec_kernel::Problem;
use hiec_web::accounts::Everyone;
use hiec_web::components::{Button, Input as TextInput};
use hiec_web::{Answer, AppState, Client, Done, Errors, Input, Loaded, Page};
use http::HeaderMap;
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::SignInService;
use super::returning::link_to;
use super::service::too_late;
use super::way::{Towards, Way};
use crate::entering::{self, Method};
use crate::pieces::error_summary;
use crate::welcome::{self, Welcome};

pub(super) const PATH: &str = "/sign-in/oidc/invitation";

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct Form {
    /// `accept` or `decline`.
    #[serde(default)]
    answer: String,
    /// What the new account is to be called.
    #[serde(default)]
    name: String,
}

/// An invitation, and the identity of who is about to answer it.
struct Joining {
    way: Way,
    subject: String,
    welcome: Welcome,
}

impl Joining {
    /// The one this browser is on.
    async fn find(app: &AppState, headers: &HeaderMap) -> Result<Self, Problem> {
        let way = Way::of(headers, app).ok_or_else(too_late)?;
        let link = links::find(&app.database(), Purpose::ProviderSignIn, way.secret()).await?;
        let link = link.filter(|link| link.is_open(app.now())).ok_or_else(too_late)?;
        let Towards::Joining { subject, invitation } =
            serde_json::from_value(link.payload).map_err(Problem::internal)?
        else {
            return Err(too_late());
        };
        let welcome = Welcome::by_id(app, invitation).await?.ok_or_else(welcome::over)?;
        Ok(Self { way, subject, welcome })
    }
}

pub async fn get(door: Loaded<Everyone>, headers: HeaderMap) -> Answer {
    let service = door.app.optional::<SignInService>().ok_or_else(Problem::not_found)?;
    let joining = Joining::find(&door.app, &headers).await?;
    Ok(page(&door.app, service, &joining, &Form::default(), &Errors::none())?.into())
}

pub async fn post(door: Loaded<Everyone>, client: Client, headers: HeaderMap, Input(form): Input<Form>) -> Answer {
    let service = door.app.optional::<SignInService>().ok_or_else(Problem::not_found)?;
    client.take(&door.app, Counted::Letter, "Too many links were tried from where you are")?;
    let joining = Joining::find(&door.app, &headers).await?;
    let mut errors = Errors::none();
    match form.answer.as_str() {
        "accept" => {}
        "decline" => return Ok(welcome::declined(&door.app, &joining.welcome).await?.into()),
        _ => errors.add("answer", "Say yes or no"),
    }
    let name = errors.text("name", "your name", &form.name, 200);
    if !errors.is_empty() {
        return Ok(page(&door.app, service, &joining, &form, &errors)?.with_errors(&errors).into());
    }
    let (mut unit, person) = welcome::accepted(&door.app, &joining.welcome, name, None).await?;
    // Two answers at once: one gets it.
    links::use_up(&unit, Purpose::ProviderSignIn, joining.way.secret()).await?.ok_or_else(too_late)?;
    link_to(&mut unit, service, &joining.subject, person, LinkedBy::Invitation).await?;
    identities::note_use(&unit, service.issuer(), &joining.subject).await?;
    let begun = entering::begin(&mut unit, &door.app, person, Method::Oidc, &client).await?;
    unit.commit().await?;
    Ok(begun.going_on(Done::to("/").saying("Welcome. Your role has begun.")))
}

fn page(
    app: &AppState,
    service: &SignInService,
    joining: &Joining,
    form: &Form,
    errors: &Errors,
) -> Result<Page, Problem> {
    let data = json!({ "invitation": joining.welcome.data(), "errors": errors });
    Page::new("Invitation", view(app, service, joining, form, errors)).data(&data)
}

fn view(app: &AppState, service: &SignInService, joining: &Joining, form: &Form, errors: &Errors) -> Markup {
    let name = if form.name.is_empty() { joining.welcome.invited_name() } else { form.name.as_str() };
    html! {
        (error_summary(errors))
        h1 { span.nhsuk-caption-xl { (app.site().name) } "Invitation" }
        p { "You have no account here yet, but an invitation. If you say yes, you sign in with " (service.name()) " from now on." }
        (joining.welcome.summary())
        form method="post" action=(PATH) novalidate {
            (TextInput::new("name", "Your name").autocomplete("name").value(name).error_message(errors.of("name")))
            div.nhsuk-button-group {
                (Button::new("Say yes").name("answer").id("answer").value("accept".to_owned()))
                " "
                (Button::new("Say no").name("answer").value("decline".to_owned()).secondary())
            }
        }
    }
}
