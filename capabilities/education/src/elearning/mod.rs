//! E-learning: partners' material launched by LTI 1.3, of which we are the platform, and xAPI statements of what was learnt. It keeps no material.

mod lti;
mod statement;
mod store;
mod token;
mod tools_page;
mod xapi;

pub(crate) use store::Tool;

use hiec_contracts::ClusterSeen;
use hiec_kernel::ClusterId;
use hiec_kernel::people::Person;
use hiec_store::Reads;
use hiec_store::database::StoreError;
use hiec_web::Route;
use url::Url;

/// What the demonstration plays.
pub(crate) mod played {
    pub(crate) use super::tools_page::register_tool;
}

/// Which activities of a cluster somebody completed, as its providers report.
pub(crate) async fn completed(
    reads: &impl Reads,
    cluster: &ClusterSeen,
    person: &Person,
    site: &str,
) -> Result<Vec<String>, StoreError> {
    store::completed(reads, cluster, &store::agents(person, site)).await
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
    vec![
        Route::post(
            "/clusters/{cluster}/education/courses/{course}/parts/{part}/launch",
            "course.learn",
            "Open a partner's material in its own window",
            lti::launch,
        ),
        Route::get("/lti/authorize", "lti.launch", "LTI 1.3: where a tool comes back with a launch", lti::authorize),
        Route::get("/lti/jwks", "lti.view", "LTI 1.3: the keys launches are signed with", lti::jwks),
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
        Route::get("/xapi/statements", "xapi.read", "xAPI: a provider's own statements", xapi::get),
        Route::post("/xapi/statements", "xapi.record", "xAPI: take statements", xapi::post),
        Route::put("/xapi/statements", "xapi.record", "xAPI: take one statement under its id", xapi::put),
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
