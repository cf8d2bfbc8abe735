//! Calendars of a trainee, a post or a host that other calendars read: whoever holds the secret address reads it, for calendars cannot sign in.

mod feed;
mod make;
mod store;

use hiec_contracts::ClusterSeen;
use hiec_web::Route;
use hiec_web::components::Button;
use maud::{Markup, html};
use uuid::Uuid;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::post(
            "/clusters/{cluster}/education/calendars/{kind}/{subject}",
            "calendar.make",
            "Make a secret address of a calendar; the one before ends",
            make::post,
        ),
        Route::get(
            "/clusters/{cluster}/education/feeds/{secret}",
            "calendar.view",
            "A calendar by its secret address (iCalendar)",
            feed::get,
        ),
    ]
}

/// The way to an address of one's own, on the page of what it is a calendar of.
pub(crate) fn making(kind: &str, subject: Uuid, cluster: &ClusterSeen) -> Markup {
    html! {
        h2 { "In your own calendar" }
        p { "Your calendar can read these placements from a secret address. Whoever has the address can read them too, so give it to nobody." }
        form method="post" action={ (cluster.path()) "/education/calendars/" (kind) "/" (subject) } {
            (Button::new("Make an address for my calendar").secondary())
        }
    }
}
