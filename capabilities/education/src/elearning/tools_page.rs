//! `…/education/learning-tools`: the tools a cluster launches and the systems that report to it; registering and ending them. A secret is shown once.

use std::collections::BTreeMap;

use axum::extract::Path;
use hiec_access::policy::Target;
use hiec_access::sessions::secret;
use hiec_contracts::ClusterSeen;
use hiec_kernel::Problem;
use hiec_kernel::clock::date_on_page;
use hiec_store::{Unit, audit_event};
use hiec_web::components::{
    Button, Cell, CheckboxItem, Checkboxes, Column, Details, Input as TextInput, SummaryList, SummaryRow, Table,
    Textarea, WarningCallout,
};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Loading, Page, Resource};
use http::StatusCode;
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::store::{self, Tool};
use super::xapi::store::{self as reporting, Provider};
use super::{assertion, is_web_address, lti};
use crate::access;
use crate::ground::{self, LINE, made_up};

/// The door to a cluster's learning tools.
#[derive(Clone, Debug)]
pub(crate) struct LearningTools {
    cluster: ClusterSeen,
}

impl LearningTools {
    fn path(&self) -> String {
        format!("{}/education/learning-tools", self.cluster.path())
    }
}

impl Resource for LearningTools {
    const KIND: &'static str = "learning_tool";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let Some(cluster) = ground::cluster_of(loading).await? else {
            return Ok(None);
        };
        let target = access::whole(loading, &cluster, "learning_tool").await?;
        Ok(Some((Self { cluster }, target)))
    }
}

#[derive(Serialize)]
struct ToolRegistered<'a> {
    tool: &'a Tool,
}
impl hiec_store::AuditEvent for ToolRegistered<'_> {
    const KIND: &'static str = "learning_tool.registered";
}

/// What the cluster agreed with whoever keeps a tool.
#[derive(Serialize)]
struct ToolAgreed<'a> {
    tool: Uuid,
    has_keys: bool,
    choosing_url: &'a str,
    tells_names: bool,
}
impl hiec_store::AuditEvent for ToolAgreed<'_> {
    const KIND: &'static str = "learning_tool.agreed";
}

#[derive(Serialize)]
struct ToolEnded {
    tool: Uuid,
}
audit_event!(ToolEnded, "learning_tool.ended");

#[derive(Serialize)]
struct ProviderMade<'a> {
    name: &'a str,
}
impl hiec_store::AuditEvent for ProviderMade<'_> {
    const KIND: &'static str = "learning_tool.provider_made";
}

#[derive(Serialize)]
struct ProviderEnded {
    provider: Uuid,
}
audit_event!(ProviderEnded, "learning_tool.provider_ended");

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ToolForm {
    name: String,
    /// Where its login begins.
    login_url: String,
    /// Where tokens may go: a line each.
    redirect_urls: String,
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct AgreementForm {
    /// The tool's JSON web key set, public keys alone; empty: it signs nothing.
    keys: String,
    /// Where it lets material be picked; empty: it does not.
    choosing_url: String,
    /// `yes` where the agreement lets it know names.
    tells_names: String,
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ProviderForm {
    provider_name: String,
}

pub(crate) async fn register_tool(
    unit: &mut Unit,
    cluster: &ClusterSeen,
    (name, login_url, redirect_urls): (&str, &str, Vec<String>),
    is_illustrative: bool,
) -> Result<Tool, Problem> {
    let tool = Tool {
        id: unit.new_id(),
        cluster: cluster.id,
        name: name.to_owned(),
        client_id: format!(
            "hiec-{}",
            secret().chars().filter(char::is_ascii_alphanumeric).take(16).collect::<String>()
        ),
        deployment_id: "1".to_owned(),
        login_url: login_url.to_owned(),
        redirect_urls,
        key_set: None,
        choosing_url: String::new(),
        tells_names: false,
        is_retired: false,
        is_illustrative,
    };
    store::add_tool(unit, &tool).await?;
    unit.audit(ground::stream(cluster.id), format!("learning_tool:{}", tool.id), &ToolRegistered { tool: &tool })?;
    Ok(tool)
}

/// Answers the key and the secret.
pub(crate) async fn make_provider(
    unit: &mut Unit,
    cluster: &ClusterSeen,
    name: &str,
    is_illustrative: bool,
) -> Result<(Uuid, String), Problem> {
    let (id, secret) = reporting::add_provider(unit, cluster.id, name, is_illustrative).await?;
    unit.audit(ground::stream(cluster.id), format!("xapi_provider:{id}"), &ProviderMade { name })?;
    Ok((id, secret))
}

#[derive(Serialize)]
struct Shown<'a> {
    issuer: String,
    tools: &'a [Tool],
    providers: &'a [Provider],
}

/// What was typed into the forms of the page.
#[derive(Default)]
struct Typed {
    tool: ToolForm,
    agreement: Option<(Uuid, AgreementForm)>,
    provider: ProviderForm,
}

pub async fn get(door: Loaded<LearningTools>) -> Answer {
    Ok(page(&door, &Typed::default(), &Errors::none()).await?.into())
}

async fn page(door: &Loaded<LearningTools>, typed: &Typed, errors: &Errors) -> Result<Page, Problem> {
    let cluster = &door.cluster;
    let tools = store::tools(&door.database(), cluster.id).await?;
    let providers = reporting::providers(&door.database(), cluster.id).await?;
    let link = |path: &str| door.app.site().link(path);
    let may = door.may("learning_tool.run");
    let view = html! {
        (ground::mistakes(errors))
        h1 { span.nhsuk-caption-xl { (cluster.short_name) ": education" } "Learning tools" }
        h2 { "Tools we open (LTI 1.3)" }
        p { "Whoever looks after a tool enters this there:" }
        (SummaryList::new([
            SummaryRow::new("Issuer", lti::issuer(&door.app)),
            SummaryRow::new("Authorization address", link("/lti/authorize")),
            SummaryRow::new("Keys (JWKS)", link("/lti/jwks")),
            SummaryRow::new("Tokens for its services", link("/lti/token")),
        ]))
        @if tools.is_empty() { p { "No tool is registered." } }
        @for tool in &tools {
            (tool_view(&door.path(), tool, may))
            @if may && !tool.is_retired { (agreement_view(&door.path(), tool, typed, errors)) }
        }
        @if may { (tool_form(&door.path(), &typed.tool, errors)) }
        h2 { "Systems that report (xAPI)" }
        p { "They send statements to " code { (link("/xapi/statements")) } " with a key and a secret of their own (HTTP Basic)." }
        @if providers.is_empty() { p { "None reports yet." } } @else {
            (Table::new("Systems that report")
                .head([Column::new("Name"), Column::new("Key"), Column::new("Since"), Column::new("State")])
                .first_cell_is_header(true)
                .rows(providers.iter().map(|one| vec![
                    Cell::new(html! { (one.name) (made_up(one.is_illustrative)) }),
                    Cell::new(html! { code { (one.id) } }),
                    Cell::new(date_on_page(one.made_at)),
                    Cell::new(html! {
                        @if one.retired_at.is_some() { "Ended" } @else if may {
                            form method="post" action={ (door.path()) "/providers/" (one.id) "/retirement" } {
                                (Button::new(html! { "End" span.nhsuk-u-visually-hidden { " " (one.name) } }).secondary().confirm("Its statements stay. It can report no more. End it?"))
                            }
                        } @else { "Reports" }
                    }),
                ])))
        }
        @if may { (provider_form(&door.path(), &typed.provider, errors)) }
    };
    let shown = Shown { issuer: lti::issuer(&door.app), tools: &tools, providers: &providers };
    Ok(under(Page::new("Learning tools", view).data(&shown)?, cluster))
}

fn under(page: Page, cluster: &ClusterSeen) -> Page {
    ground::under(page, cluster)
        .under(access::path(cluster), "Education")
        .under(format!("{}/education/courses", cluster.path()), "Courses")
}

fn tool_view(path: &str, tool: &Tool, may: bool) -> Markup {
    html! {
        h3 { (tool.name) @if tool.is_retired { " (ended)" } (made_up(tool.is_illustrative)) }
        (SummaryList::new([
            SummaryRow::new("Client id", tool.client_id.as_str()),
            SummaryRow::new("Deployment id", tool.deployment_id.as_str()),
            SummaryRow::new("Login begins at", tool.login_url.as_str()),
            SummaryRow::new("Tokens go to", tool.redirect_urls.join(" ")),
            SummaryRow::new("What it may do", if tool.key_set.is_some() { "Be opened, score, list who is in its courses" } else { "Be opened" }),
            SummaryRow::new("Material is picked at", if tool.choosing_url.is_empty() { "It does not let material be picked" } else { tool.choosing_url.as_str() }),
            SummaryRow::new("What it knows of people", if tool.tells_names { "A number and the name, as agreed" } else { "A number" }),
        ]))
        @if may && !tool.is_retired {
            form method="post" action={ (path) "/" (tool.id) "/retirement" } {
                (Button::new(format!("End {}", tool.name)).secondary().confirm("Its material can be opened no more. End it?"))
            }
        }
    }
}

fn agreement_view(path: &str, tool: &Tool, typed: &Typed, errors: &Errors) -> Markup {
    let sent = typed.agreement.as_ref().filter(|(id, _)| *id == tool.id).map(|(_, form)| form);
    let stored = AgreementForm {
        keys: tool.key_set.as_ref().map(|keys| format!("{keys:#}")).unwrap_or_default(),
        choosing_url: tool.choosing_url.clone(),
        tells_names: if tool.tells_names { "yes".to_owned() } else { String::new() },
    };
    let (form, none) = (sent.unwrap_or(&stored), Errors::none());
    let errors = if sent.is_some() { errors } else { &none };
    // Several tools have such a form on one page, so the elements' ids carry the tool's.
    let (keys, url, names) =
        (format!("keys-{}", tool.id), format!("choosing-{}", tool.id), format!("names-{}", tool.id));
    let inner = html! {
        form method="post" action={ (path) "/" (tool.id) "/agreement" } novalidate {
            (Textarea::new("keys", "Its public keys (JSON web key set)").id(keys.as_str()).rows(6_u16).value(form.keys.as_str())
                .hint("What its address for keys answers. With them it can score and list who is in its courses; without, it can only be opened.")
                .error_message(errors.of("keys").unwrap_or_default()))
            (TextInput::new("choosing_url", "Where it lets material be picked (Deep Linking)").id(url.as_str()).kind("url").value(form.choosing_url.as_str())
                .error_message(errors.of("choosing_url").unwrap_or_default()))
            (Checkboxes::new("tells_names", "Names").id_prefix(names.as_str())
                .hint("Tick it only where your agreement with whoever keeps the tool says so. Without it, the tool knows a number.")
                .items([CheckboxItem::new("yes", "It is told the names of those who learn").checked(Some(form.tells_names == "yes"))]))
            (Button::new(format!("Save what {} may do", tool.name)).secondary())
        }
    };
    html! { (Details::new(format!("What {} may do and know", tool.name), inner).open(sent.is_some())) }
}

fn tool_form(path: &str, form: &ToolForm, errors: &Errors) -> Markup {
    let is_sent = ["name", "login_url", "redirect_urls"].iter().any(|field| errors.of(field).is_some());
    let inner = html! {
        form method="post" action=(path) novalidate {
            (ground::line_field("name", "Name of the tool", &form.name, errors))
            (ground::line_field("login_url", "Where its login begins (OpenID Connect)", &form.login_url, errors).kind("url"))
            (ground::lines_field("redirect_urls", "Where tokens may go: an address a line", &form.redirect_urls, errors))
            (Button::new("Register the tool"))
        }
    };
    html! { (Details::new("Register a tool", inner).open(is_sent)) }
}

fn provider_form(path: &str, form: &ProviderForm, errors: &Errors) -> Markup {
    let inner = html! {
        form method="post" action={ (path) "/providers" } novalidate {
            (ground::line_field("provider_name", "Name of the system", &form.provider_name, errors))
            (Button::new("Make a key"))
        }
    };
    html! { (Details::new("Let another system report", inner).open(errors.of("provider_name").is_some())) }
}

pub async fn tool(door: Loaded<LearningTools>, Input(form): Input<ToolForm>) -> Answer {
    let mut errors = Errors::none();
    let name = errors.text("name", "a name", &form.name, LINE);
    let login_url = form.login_url.trim().to_owned();
    if !is_web_address(&login_url) {
        errors.add(
            "login_url",
            "Enter the whole address at which its login begins, such as https://tool.example.org/login",
        );
    }
    let redirects: Vec<String> =
        form.redirect_urls.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    if redirects.is_empty() || redirects.len() > 20 {
        errors.add("redirect_urls", "Enter from 1 to 20 addresses, a line each");
    }
    if let Some(bad) = redirects.iter().find(|address| !is_web_address(address)) {
        errors.add("redirect_urls", format!("'{bad}' is no whole address, such as https://tool.example.org/launch"));
    }
    let (Some(name), true) = (name, errors.is_empty()) else {
        let typed = Typed { tool: form, ..Typed::default() };
        return Ok(page(&door, &typed, &errors).await?.with_errors(&errors).into());
    };
    let mut unit = door.begin().await?;
    register_tool(&mut unit, &door.cluster, (&name, &login_url, redirects), false).await?;
    unit.commit().await?;
    Ok(Done::made(door.path()).saying("The tool is registered. Its client id is shown below.").into())
}

/// The id of a tool or a provider in the address, where it is this cluster's.
fn named(parts: &BTreeMap<String, String>, name: &str) -> Result<Uuid, Problem> {
    parts.get(name).and_then(|id| id.parse().ok()).ok_or_else(Problem::not_found)
}

pub async fn agreement(
    door: Loaded<LearningTools>,
    Path(parts): Path<BTreeMap<String, String>>,
    Input(form): Input<AgreementForm>,
) -> Answer {
    let id = named(&parts, "tool")?;
    let tools = store::tools(&door.database(), door.cluster.id).await?;
    let tool = tools.into_iter().find(|tool| tool.id == id && !tool.is_retired).ok_or_else(Problem::not_found)?;
    let mut errors = Errors::none();
    let key_set = match form.keys.trim() {
        "" => None,
        keys => errors.take("keys", assertion::key_set(keys)),
    };
    let choosing_url = form.choosing_url.trim().to_owned();
    if !choosing_url.is_empty() && !is_web_address(&choosing_url) {
        errors.add(
            "choosing_url",
            "Enter the whole address at which material is picked, such as https://tool.example.org/pick",
        );
    }
    if !choosing_url.is_empty() && form.keys.trim().is_empty() {
        errors.add("keys", "Enter the tool's public keys: what is picked is signed with them");
    }
    if !errors.is_empty() {
        let typed = Typed { agreement: Some((id, form)), ..Typed::default() };
        return Ok(page(&door, &typed, &errors).await?.with_errors(&errors).into());
    }
    let tells_names = form.tells_names == "yes";
    let mut unit = door.begin().await?;
    let event = ToolAgreed { tool: id, has_keys: key_set.is_some(), choosing_url: &choosing_url, tells_names };
    store::agree(&unit, id, key_set, &choosing_url, tells_names).await?;
    unit.audit(ground::stream(door.cluster.id), format!("learning_tool:{id}"), &event)?;
    unit.commit().await?;
    Ok(Done::to(door.path()).saying(format!("What {} may do is saved.", tool.name)).into())
}

pub async fn retire_tool(door: Loaded<LearningTools>, Path(parts): Path<BTreeMap<String, String>>) -> Answer {
    let id = named(&parts, "tool")?;
    if !store::tools(&door.database(), door.cluster.id).await?.iter().any(|tool| tool.id == id) {
        return Err(Problem::not_found().into());
    }
    let mut unit = door.begin().await?;
    if store::retire_tool(&unit, id).await? {
        unit.audit(ground::stream(door.cluster.id), format!("learning_tool:{id}"), &ToolEnded { tool: id })?;
    }
    unit.commit().await?;
    Ok(Done::to(door.path()).saying("The tool is ended.").into())
}

pub async fn provider(door: Loaded<LearningTools>, Input(form): Input<ProviderForm>) -> Answer {
    let mut errors = Errors::none();
    let Some(name) = errors.text("provider_name", "a name", &form.provider_name, LINE) else {
        let typed = Typed { provider: form, ..Typed::default() };
        return Ok(page(&door, &typed, &errors).await?.with_errors(&errors).into());
    };
    let mut unit = door.begin().await?;
    let (key, secret) = make_provider(&mut unit, &door.cluster, &name, false).await?;
    unit.commit().await?;
    let view = html! {
        h1 { "A key for " (name) }
        (WarningCallout::new("Shown once", html! { p { "Copy the secret now: it is not kept here, and cannot be shown again." } }))
        (SummaryList::new([
            SummaryRow::new("Key", html! { code { (key) } }),
            SummaryRow::new("Secret", html! { code { (secret) } }),
        ]))
        p { a.nhsuk-link href=(door.path()) { "Back to the learning tools" } }
    };
    let page = Page::new(format!("A key for {name}"), view).data(&json!({ "key": key, "secret": secret }))?;
    Ok(under(page, &door.cluster).with_status(StatusCode::CREATED).into())
}

pub async fn retire_provider(door: Loaded<LearningTools>, Path(parts): Path<BTreeMap<String, String>>) -> Answer {
    let id = named(&parts, "provider")?;
    if !reporting::providers(&door.database(), door.cluster.id).await?.iter().any(|one| one.id == id) {
        return Err(Problem::not_found().into());
    }
    let mut unit = door.begin().await?;
    if reporting::retire_provider(&unit, id).await? {
        unit.audit(ground::stream(door.cluster.id), format!("xapi_provider:{id}"), &ProviderEnded { provider: id })?;
    }
    unit.commit().await?;
    Ok(Done::to(door.path()).saying("It can report no more. Its statements stay.").into())
}
