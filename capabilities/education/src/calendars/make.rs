//! Making a secret address of a calendar; it is shown once, on the page that answers.

use hiec_access::policy::Target;
use hiec_access::sessions;
use hiec_contracts::ClusterSeen;
use hiec_kernel::{OrganisationId, Problem, Scope};
use hiec_store::AuditEvent;
use hiec_web::components::own::CopyLink;
use hiec_web::components::{InsetText, WarningCallout};
use hiec_web::{Answer, Loaded, Loading, Page, Resource};
use maud::html;
use serde::Serialize;
use serde_json::json;

use super::store::{self, CalendarOf, Feed};
use crate::access::of_trainee;
use crate::ground;
use crate::home;
use crate::posts::store as posts;
use crate::programmes::store as programmes;
use crate::trainees::store as trainees;

/// The calendar an address is made of.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    cluster: ClusterSeen,
    feed: Feed,
    /// Whose or which.
    name: String,
}

/// `/clusters/{cluster}/education/calendars/{kind}/{subject}`: the roles that count are those of the trainee, post or host itself.
impl Resource for Wanted {
    const KIND: &'static str = "calendar";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let kind = loading.text("kind").and_then(CalendarOf::from_key);
        let (Some(cluster), Some(kind), Some(subject)) =
            (ground::cluster_of(loading).await?, kind, loading.id("subject"))
        else {
            return Ok(None);
        };
        let reads = &loading.database;
        let at_host = |host: OrganisationId| {
            Target::new("calendar", subject)
                .scopes(cluster.scopes())
                .scope(Scope::Organisation(host.0))
                .within(cluster.id.0)
        };
        let (name, target) = match kind {
            CalendarOf::Trainee => {
                let Some(trainee) = trainees::by_id(reads, subject).await?.filter(|one| one.cluster == cluster.id)
                else {
                    return Ok(None);
                };
                let Some(programme) = programmes::by_id(reads, trainee.programme).await? else { return Ok(None) };
                let target = of_trainee(loading, &cluster, "calendar", &trainee, &programme).await?;
                (trainee.name, target)
            }
            CalendarOf::Post => {
                let Some(post) = posts::by_id(reads, subject).await?.filter(|one| one.cluster == cluster.id) else {
                    return Ok(None);
                };
                let target = at_host(post.host);
                (format!("Post {}", post.number), target)
            }
            CalendarOf::Host => {
                let host = OrganisationId(subject);
                if !posts::hosts(reads, cluster.id).await?.contains(&host) {
                    return Ok(None);
                }
                let name = hiec_store::organisations::by_id(reads, host).await?.map(|one| one.name);
                (name.unwrap_or_default(), at_host(host))
            }
        };
        Ok(Some((Self { cluster, feed: Feed { kind, subject }, name }, target)))
    }
}

/// An address of a calendar was made. The secret stands nowhere.
#[derive(Serialize)]
struct FeedMade {
    kind: CalendarOf,
    subject: uuid::Uuid,
}

impl AuditEvent for FeedMade {
    const KIND: &'static str = "education.calendar.made";
}

pub async fn post(wanted: Loaded<Wanted>) -> Answer {
    let secret = sessions::secret();
    let feed = wanted.feed;
    let mut unit = wanted.begin().await?;
    store::make(&unit, wanted.cluster.id, feed, &secret).await?;
    let event = FeedMade { kind: feed.kind, subject: feed.subject };
    unit.audit(ground::stream(wanted.cluster.id), format!("calendar:{}", feed.subject), &event)?;
    unit.commit().await?;
    let address = wanted.app.site().link(&format!("{}/education/feeds/{secret}", wanted.cluster.path()));
    let view = html! {
        h1 { span.nhsuk-caption-xl { (wanted.name) } "The address for your calendar" }
        (WarningCallout::new("Shown once", html! { p { "Copy it now: it is shown once and kept nowhere. A new one ends this one." } }))
        (InsetText::new(html! { p.app-wrap { (address) } }))
        (CopyLink::new(address.to_string()))
        p { "In your calendar, choose to subscribe to a calendar by its address, and paste it there." }
    };
    let data = json!({ "address": address.to_string(), "calendar": feed.kind.key(), "of": wanted.name });
    Ok(home::under(Page::new("The address for your calendar", view).data(&data)?, &wanted.cluster).into())
}
