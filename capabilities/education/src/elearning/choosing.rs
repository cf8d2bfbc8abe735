//! Deep Linking 2.0: a planner goes to a tool and picks material there; what the tool answers waits for the planner, who makes it parts of the
//! course. The tool's answer comes from another site's page, so it rests on the tool's signature and a word that is good once, and changes no course by itself.

use std::collections::BTreeMap;

use axum::extract::Path;
use hiec_kernel::Problem;
use hiec_store::audit_event;
use hiec_web::components::{Button, CheckboxItem, Checkboxes, Input as TextInput, InsetText};
use hiec_web::{Answer, Done, Errors, Fields, Input, Loaded, Page};
use maud::html;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use url::Url;
use uuid::Uuid;

use super::assertion;
use super::choices::{self, Choice, Item};
use super::lti::{Lti, issuer};
use super::service::course_of;
use super::store::{self, Tool};
use crate::ground;
use crate::sessions::doors::CourseHere;
use crate::sessions::played::{NewPart, PartKind, add_part};

#[derive(Serialize)]
struct MaterialPicked {
    tool: Uuid,
    items: usize,
}
audit_event!(MaterialPicked, "learning_tool.material_picked");

/// The longest title of a part.
const LONGEST: usize = ground::LINE;

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct BeginForm {
    /// The id of the tool to pick in.
    tool: String,
}

/// Goes to a tool to pick material there.
pub async fn begin(door: Loaded<CourseHere>, Input(form): Input<BeginForm>) -> Answer {
    let tools = super::usable(&door.database(), door.cluster.id).await?;
    let found = tools.into_iter().find(|tool| tool.id.to_string() == form.tool && tool.lets_pick());
    let Some(tool) = found else {
        return Err(Problem::invalid(
            "No material can be picked in this tool",
            "Choose a tool that has keys and an address for picking: they are entered under Learning tools.",
        )
        .into());
    };
    let unit = door.begin().await?;
    let hint = choices::begin(&unit, door.course.id, tool.id, door.person()?.id).await?;
    unit.commit().await?;
    let mut to = Url::parse(&tool.login_url).map_err(Problem::internal)?;
    to.query_pairs_mut()
        .append_pair("iss", &issuer(&door.app))
        .append_pair("login_hint", &hint)
        .append_pair("target_link_uri", &tool.choosing_url)
        .append_pair("client_id", &tool.client_id)
        .append_pair("lti_deployment_id", &tool.deployment_id);
    let view = html! {
        h1 { "Picking material in " (tool.name) }
        p { "You come back here when you have picked." }
        p { a.nhsuk-link href=(to) { "Go on to " (tool.name) } }
    };
    let page = Page::new("Picking material", view).data(&json!({ "login": to.as_str() }))?;
    Ok(page.leading_on(to).into())
}

impl Tool {
    /// Whether material can be picked in it: its answer must be signed with a key we know.
    pub(crate) fn lets_pick(&self) -> bool {
        self.key_set.is_some() && !self.choosing_url.is_empty()
    }
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Answered {
    /// What the tool signed; named so by the specification.
    #[serde(rename = "JWT", alias = "jwt")]
    token: String,
}

/// Takes a tool's answer, whoever's browser brings it, and sends the browser on to the page of whoever picked.
pub async fn answered(door: Loaded<Lti>, Input(form): Input<Answered>) -> Answer {
    let refused = |why: &str| {
        Problem::invalid(
            "The learning tool's answer cannot be taken",
            format!(
                "{why}. Pick the material again from the course; if it happens again, tell the education lead of the cluster."
            ),
        )
    };
    let database = door.database();
    let said = assertion::unverified(&form.token).ok_or_else(|| refused("It is no JSON web token"))?;
    let client = said.get("iss").and_then(Value::as_str).unwrap_or_default();
    let tool = store::tool_of_client(&database, client).await?;
    let Some((tool, key_set)) = tool.and_then(|tool| tool.key_set.clone().map(|keys| (tool, keys))) else {
        return Err(refused("Its iss is no tool whose keys are known here").into());
    };
    let claims = assertion::verified(&form.token, &key_set).map_err(refused)?;
    let own = issuer(&door.app);
    assertion::holds(&claims, &[&own], door.now()).map_err(refused)?;
    let claim =
        |name: &str| claims.get(&format!("https://purl.imsglobal.org/spec/lti/claim/{name}")).and_then(Value::as_str);
    let of_picking = |name: &str| claims.get(&format!("https://purl.imsglobal.org/spec/lti-dl/claim/{name}"));
    if claim("message_type") != Some("LtiDeepLinkingResponse") || claim("version") != Some("1.3.0") {
        return Err(refused("It is no answer of Deep Linking 2.0").into());
    }
    if claim("deployment_id") != Some(&tool.deployment_id) {
        return Err(refused("Its deployment_id is another").into());
    }
    if claims.get("nonce").and_then(Value::as_str).is_none_or(str::is_empty) {
        return Err(refused("It has no nonce").into());
    }
    let word = of_picking("data").and_then(Value::as_str).unwrap_or_default();
    let choice = choices::opened(&database, word, door.now()).await?.filter(|choice| choice.tool_id == tool.id);
    let choice = choice.ok_or_else(|| refused("This picking is over: it is good for two hours, and once"))?;
    let items = choices::items(of_picking("content_items")).map_err(|why| refused(&format!("In it, {why}")))?;
    let message = ["errormsg", "msg"].into_iter().find_map(|name| of_picking(name).and_then(Value::as_str));
    let message: String = message.unwrap_or_default().replace('\0', "").chars().take(500).collect();
    let (cluster, course, _) = course_of(&door.app, choice.course_id).await?.ok_or_else(Problem::not_found)?;
    let unit = door.app.begin(tool.actor()).await?;
    if !choices::answer(&unit, choice.id, &items, &message).await? {
        return Err(refused("It was answered before").into());
    }
    unit.commit().await?;
    Ok(Done::to(format!("{}/choices/{}", course.path(&cluster), choice.id)).into())
}

/// A choice as whoever made it sees it. Nobody else's is there.
async fn own(door: &Loaded<CourseHere>, path: &BTreeMap<String, String>) -> Result<(Choice, Tool), Problem> {
    let id = path.get("choice").and_then(|id| id.parse::<Uuid>().ok()).ok_or_else(Problem::not_found)?;
    let person = door.person()?.id;
    let choice = choices::choice(&door.database(), id).await?;
    let is_own = |choice: &Choice| {
        choice.course_id == door.course.id && choice.person_id == person.0 && choice.answered_at.is_some()
    };
    let choice = choice.filter(is_own).ok_or_else(Problem::not_found)?;
    let tool = store::tool(&door.database(), choice.tool_id).await?.ok_or_else(Problem::not_found)?;
    Ok((choice, tool))
}

pub async fn get(door: Loaded<CourseHere>, Path(path): Path<BTreeMap<String, String>>) -> Answer {
    let (choice, tool) = own(&door, &path).await?;
    Ok(page(&door, &choice, &tool, &Fields::default(), &Errors::none())?.into())
}

fn page(
    door: &Loaded<CourseHere>,
    choice: &Choice,
    tool: &Tool,
    typed: &Fields,
    errors: &Errors,
) -> Result<Page, Problem> {
    let items = choice.items();
    let view = html! {
        (ground::mistakes(errors))
        h1 { span.nhsuk-caption-xl { (door.course.name) } "Picked in " (tool.name) }
        @if !choice.message.is_empty() { (InsetText::new(html! { p { (tool.name) " says: " (choice.message) } })) }
        @if choice.taken_at.is_some() { p { "This was added to the course." } }
        @else if items.is_empty() { p { "Nothing was picked." } }
        @else {
            p { "It is not in the course yet. Say how long each takes, and leave out what you do not want." }
            form method="post" novalidate {
                @for (nth, item) in items.iter().enumerate() { (fields_of(nth, item, typed, errors)) }
                (Button::new("Add to the course"))
            }
        }
        p { a.nhsuk-link href=(door.path()) { "Back to the course" } }
    };
    let page = Page::new("Material that was picked", view).data(&json!({
        "tool": tool.name, "items": items, "message": choice.message, "is_taken": choice.taken_at.is_some(),
    }))?;
    Ok(ground::under(page, &door.cluster)
        .under(crate::access::path(&door.cluster), "Education")
        .under(door.path(), door.course.name.clone()))
}

fn fields_of(nth: usize, item: &Item, typed: &Fields, errors: &Errors) -> maud::Markup {
    let (title, minutes, wanted) = (format!("title-{nth}"), format!("minutes-{nth}"), format!("wanted-{nth}"));
    let is_sent = !typed.0.is_empty();
    let was = |name: &str, first: &str| typed.get(name).map_or_else(|| first.to_owned(), str::to_owned);
    let is_wanted = !is_sent || typed.all(&wanted).any(|one| one == "yes");
    let counts = typed.all(&wanted).any(|one| one == "eligible");
    html! {
        h2 { @if item.title.is_empty() { "Item " (nth + 1) } @else { (item.title) } }
        @if !item.text.is_empty() { p { (item.text) } }
        (ground::line_field(&title, "Title in the course", &was(&title, &item.title), errors))
        (TextInput::new(minutes.as_str(), "Minutes").inputmode("numeric").width(5_u8).value(was(&minutes, "").as_str()).error_message(errors.of(&minutes).unwrap_or_default()))
        (Checkboxes::new(wanted.as_str(), "In the course").items([
            CheckboxItem::new("yes", "Add it").checked(Some(is_wanted)),
            CheckboxItem::new("eligible", "Its hours count for the tariff").checked(Some(counts)),
        ]))
    }
}

pub async fn post(door: Loaded<CourseHere>, Path(path): Path<BTreeMap<String, String>>, typed: Fields) -> Answer {
    let (choice, tool) = own(&door, &path).await?;
    if tool.is_retired {
        return Err(Problem::conflict(
            "This tool was ended meanwhile, so nothing was added",
            "Pick the material in another tool.",
        )
        .into());
    }
    let items = choice.items();
    let mut errors = Errors::none();
    let mut new = Vec::new();
    for (nth, item) in items.iter().enumerate() {
        let name = format!("wanted-{nth}");
        let wanted: Vec<&str> = typed.all(&name).collect();
        if !wanted.contains(&"yes") {
            continue;
        }
        let title = errors.text(
            &format!("title-{nth}"),
            "a title",
            typed.get(&format!("title-{nth}")).unwrap_or_default(),
            LONGEST,
        );
        let minutes = typed.get(&format!("minutes-{nth}")).and_then(|text| text.trim().parse::<i64>().ok());
        let minutes = minutes.filter(|minutes| (1..=10_000).contains(minutes));
        if minutes.is_none() {
            errors.add(format!("minutes-{nth}"), "Enter how many minutes it takes, as a whole number");
        }
        if let (Some(title), Some(minutes)) = (title, minutes) {
            new.push((item, title, minutes, wanted.contains(&"eligible")));
        }
    }
    if new.is_empty() && errors.is_empty() {
        errors.add("wanted-0", "Choose at least one, or go back to the course");
    }
    if !errors.is_empty() {
        return Ok(page(&door, &choice, &tool, &typed, &errors)?.with_errors(&errors).into());
    }
    let mut unit = door.begin().await?;
    if !choices::take(&unit, choice.id).await? {
        return Err(Problem::conflict("This was added already", "Open the course: it shows its parts.").into());
    }
    let many = new.len();
    for (item, title, minutes, is_eligible) in new {
        let target_url = if item.url.is_empty() { tool.choosing_url.clone() } else { item.url.clone() };
        let activity = target_url.chars().take(400).collect();
        let part = NewPart {
            kind: PartKind::Material,
            title,
            minutes,
            is_eligible,
            tool: Some(tool.id),
            target_url,
            activity,
        };
        let part = add_part(&mut unit, &door.cluster, &door.course, part).await?;
        super::shape_line(&unit, &part, item).await?;
    }
    let event = MaterialPicked { tool: tool.id, items: many };
    unit.audit(ground::stream(door.cluster.id), format!("course:{}", door.course.id), &event)?;
    unit.commit().await?;
    Ok(Done::made(door.path()).saying("What you picked is part of the course.").into())
}
