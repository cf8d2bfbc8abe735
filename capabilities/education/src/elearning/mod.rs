//! E-learning: partners' material launched by LTI 1.3, of which we are the platform, and xAPI statements of what was learnt. It keeps no material.

mod assertion;
mod choices;
mod choosing;
mod grades;
mod line_items;
mod lti;
mod members;
mod scores;
mod sealed;
mod service;
mod signing;
mod statement;
mod store;
mod token;
mod tools_page;
mod xapi;

pub(crate) use grades::{Score, of_learner};
pub(crate) use store::Tool;

use hiec_contracts::ClusterSeen;
use hiec_kernel::ClusterId;
use hiec_kernel::people::Person;
use hiec_store::database::StoreError;
use hiec_store::{Reads, Unit};
use hiec_web::Route;
use url::Url;
use uuid::Uuid;

use crate::sessions::store::Part;
use xapi::documents::{self, activity_profile, agent_profile};
use xapi::statements;

/// What the demonstration plays.
pub(crate) mod played {
    pub(crate) use super::tools_page::{make_provider, register_tool};
    pub(crate) use super::xapi::statements::report;
    pub(crate) use super::xapi::store::providers;
}

/// Which activities of a cluster somebody completed, as its providers report.
pub(crate) async fn completed(
    reads: &impl Reads,
    cluster: &ClusterSeen,
    person: &Person,
    site: &str,
) -> Result<Vec<String>, StoreError> {
    xapi::store::completed(reads, cluster, &xapi::store::agents(person, site)).await
}

/// The parts of a cluster's courses that somebody completed, as the tools that have their material scored them.
pub(crate) async fn scored(
    reads: &impl Reads,
    cluster: &ClusterSeen,
    person: &Person,
) -> Result<Vec<Uuid>, StoreError> {
    grades::completed(reads, cluster.id.0, person.id).await
}

/// Gives a part with material the line its tool scores it by.
pub(crate) async fn begin_line(unit: &Unit, part: &Part) -> Result<(), StoreError> {
    let Some(tool_id) = part.tool else {
        return Ok(());
    };
    let line = grades::LineItem {
        id: part.id,
        course_id: part.course,
        tool_id,
        part_id: Some(part.id),
        label: part.title.clone(),
        resource_id: String::new(),
        tag: String::new(),
        maximum: "100".to_owned(),
        starts_at: None,
        ends_at: None,
        made_at: unit.now(),
    };
    grades::add_line_item(unit, &line).await
}

/// Shapes the line of a part that was picked in its tool as the tool wants it, and keeps what the tool wants to be told again.
async fn shape_line(unit: &Unit, part: &Part, item: &choices::Item) -> Result<(), StoreError> {
    let Some(tool) = part.tool else {
        return Ok(());
    };
    let lines = grades::line_items(unit, part.course, tool).await?;
    if let Some(line) = lines.into_iter().find(|line| line.id == part.id) {
        let label = if item.label.is_empty() { line.label.clone() } else { item.label.clone() };
        let shaped = grades::LineItem {
            label,
            resource_id: item.resource_id.clone(),
            tag: item.tag.clone(),
            maximum: item.maximum.clone(),
            ..line
        };
        grades::change_line_item(unit, &shaped).await?;
    }
    match &item.custom {
        Some(custom) => choices::add_custom(unit, part.id, custom).await,
        None => Ok(()),
    }
}

/// The tools of a cluster that can be launched.
pub(crate) async fn usable(reads: &impl Reads, cluster: ClusterId) -> Result<Vec<Tool>, StoreError> {
    Ok(store::tools(reads, cluster).await?.into_iter().filter(|tool| !tool.is_retired).collect())
}

/// Whether a text is a whole address on the web, without a name or a secret in it.
pub(crate) fn is_web_address(text: &str) -> bool {
    text.len() <= 2_000
        && Url::parse(text).is_ok_and(|url| {
            matches!(url.scheme(), "https" | "http")
                && url.has_host()
                && url.username().is_empty()
                && url.password().is_none()
                && url.fragment().is_none()
        })
}

pub(crate) fn routes() -> Vec<Route> {
    [lti_routes(), service_routes(), tool_routes(), xapi_routes()].into_iter().flatten().collect()
}

fn lti_routes() -> Vec<Route> {
    vec![
        Route::post(
            "/clusters/{cluster}/education/courses/{course}/parts/{part}/launch",
            "course.learn",
            "Open a partner's material in its own window",
            lti::launch,
        ),
        Route::post(
            "/clusters/{cluster}/education/courses/{course}/choices",
            "course.run",
            "Go to a tool to pick material there",
            choosing::begin,
        )
        .takes::<choosing::BeginForm>(),
        Route::get(
            "/clusters/{cluster}/education/courses/{course}/choices/{choice}",
            "course.run",
            "What somebody picked in a tool, for themselves",
            choosing::get,
        ),
        Route::post(
            "/clusters/{cluster}/education/courses/{course}/choices/{choice}",
            "course.run",
            "Make what was picked parts of the course",
            choosing::post,
        ),
        Route::get("/lti/authorize", "lti.launch", "LTI 1.3: where a tool comes back with a launch", lti::authorize),
        Route::post("/lti/authorize", "lti.launch", "LTI 1.3: the same, sent by a form", lti::authorize_by_form)
            .from_other_sites(),
        Route::post("/lti/choices", "lti.launch", "Deep Linking 2.0: a tool's answer", choosing::answered)
            .from_other_sites(),
        Route::get("/lti/jwks", "lti.view", "LTI 1.3: the keys launches are signed with", lti::jwks),
    ]
}

fn service_routes() -> Vec<Route> {
    vec![
        Route::post("/lti/token", "lti.serve", "LTI 1.3: a token for a tool that signs for itself", service::token),
        Route::get("/lti/courses/{course}/line-items", "lti.serve", "A tool's lines in a course", line_items::list),
        Route::post("/lti/courses/{course}/line-items", "lti.serve", "A line more", line_items::add),
        Route::get("/lti/courses/{course}/line-items/{line}", "lti.serve", "One line", line_items::one),
        Route::put("/lti/courses/{course}/line-items/{line}", "lti.serve", "Change a line", line_items::change),
        Route::delete("/lti/courses/{course}/line-items/{line}", "lti.serve", "Remove a line", line_items::remove),
        Route::post("/lti/courses/{course}/line-items/{line}/scores", "lti.serve", "Score somebody", scores::post),
        Route::get("/lti/courses/{course}/line-items/{line}/results", "lti.serve", "What counts", scores::results),
        Route::get("/lti/courses/{course}/members", "lti.serve", "Who is in a course, by number", members::get),
    ]
}

fn tool_routes() -> Vec<Route> {
    vec![
        Route::get(
            "/clusters/{cluster}/education/learning-tools",
            "learning_tool.list",
            "Learning tools and providers of statements",
            tools_page::get,
        ),
        Route::post(
            "/clusters/{cluster}/education/learning-tools",
            "learning_tool.run",
            "Register a learning tool",
            tools_page::tool,
        )
        .takes::<tools_page::ToolForm>(),
        Route::post(
            "/clusters/{cluster}/education/learning-tools/{tool}/agreement",
            "learning_tool.run",
            "Say what a tool may do and know",
            tools_page::agreement,
        )
        .takes::<tools_page::AgreementForm>(),
        Route::post(
            "/clusters/{cluster}/education/learning-tools/{tool}/retirement",
            "learning_tool.run",
            "End a learning tool",
            tools_page::retire_tool,
        ),
        Route::post(
            "/clusters/{cluster}/education/learning-tools/providers",
            "learning_tool.run",
            "Let another system report statements",
            tools_page::provider,
        )
        .takes::<tools_page::ProviderForm>(),
        Route::post(
            "/clusters/{cluster}/education/learning-tools/providers/{provider}/retirement",
            "learning_tool.run",
            "End a provider of statements",
            tools_page::retire_provider,
        ),
    ]
}

fn xapi_routes() -> Vec<Route> {
    vec![
        Route::get("/xapi/about", "xapi.read", "xAPI: which versions are spoken", xapi::about),
        Route::get("/xapi/statements", "xapi.read", "xAPI: a provider's own statements", statements::get),
        Route::post("/xapi/statements", "xapi.record", "xAPI: take statements", statements::post)
            .up_to(xapi::attachments::LARGEST_REQUEST),
        Route::put("/xapi/statements", "xapi.record", "xAPI: take one statement under its id", statements::put)
            .up_to(xapi::attachments::LARGEST_REQUEST),
        Route::get("/xapi/agents", "xapi.read", "xAPI: what is known of somebody", xapi::agents),
        Route::get("/xapi/activities", "xapi.read", "xAPI: what is known of an activity", xapi::activities),
        Route::get("/xapi/activities/state", "xapi.read", "xAPI: where somebody stands", documents::state::get),
        Route::put("/xapi/activities/state", "xapi.record", "xAPI: keep where somebody stands", documents::state::put),
        Route::post(
            "/xapi/activities/state",
            "xapi.record",
            "xAPI: add to where somebody stands",
            documents::state::post,
        ),
        Route::delete("/xapi/activities/state", "xapi.record", "xAPI: forget it", documents::state::delete),
        Route::get("/xapi/activities/profile", "xapi.read", "xAPI: what is kept of an activity", activity_profile::get),
        Route::put("/xapi/activities/profile", "xapi.record", "xAPI: keep it", activity_profile::put),
        Route::post("/xapi/activities/profile", "xapi.record", "xAPI: add to it", activity_profile::post),
        Route::delete("/xapi/activities/profile", "xapi.record", "xAPI: forget it", activity_profile::delete),
        Route::get("/xapi/agents/profile", "xapi.read", "xAPI: what is kept of somebody", agent_profile::get),
        Route::put("/xapi/agents/profile", "xapi.record", "xAPI: keep it", agent_profile::put),
        Route::post("/xapi/agents/profile", "xapi.record", "xAPI: add to it", agent_profile::post),
        Route::delete("/xapi/agents/profile", "xapi.record", "xAPI: forget it", agent_profile::delete),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn web_addresses_are_whole_and_hold_no_secret() {
        for good in ["https://tool.example/start", "http://127.0.0.1:9000/launch?x=1"] {
            assert!(is_web_address(good), "{good}");
        }
        for bad in [
            "",
            "tool.example",
            "javascript:alert(1)",
            "https://",
            "https://a:b@tool.example",
            "https://t.example/#x",
            "ftp://t.example",
        ] {
            assert!(!is_web_address(bad), "{bad}");
        }
    }
}
