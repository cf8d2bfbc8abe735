//! A calendar by its secret address, as iCalendar (RFC 5545): a placement is an event of whole days with the same UID for life, so that a changed one replaces it.

use std::collections::BTreeMap;

use axum::response::IntoResponse;
use hiec_access::policy::Target;
use hiec_contracts::ClusterSeen;
use hiec_kernel::{OrganisationId, Problem};
use hiec_web::{Answer, Loaded, Loading, Resource};
use icalendar::{Calendar, Component, Event, EventLike, EventStatus};
use uuid::Uuid;

use super::store::{self, CalendarOf, Feed};
use crate::access;
use crate::ground;
use crate::placements::scene::host_names;
use crate::placements::store::{self as placements, Placement, PlacementState};
use crate::posts::store::{self as posts, Post};
use crate::trainees::store as trainees;

/// A calendar that a secret opened.
#[derive(Clone, Debug)]
pub(crate) struct Opened {
    cluster: ClusterSeen,
    feed: Feed,
}

/// `/clusters/{cluster}/education/feeds/{secret}`: a secret that opens nothing is not found.
impl Resource for Opened {
    const KIND: &'static str = "calendar";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let (Some(cluster), Some(secret)) = (ground::cluster_of(loading).await?, loading.text("secret")) else {
            return Ok(None);
        };
        let secret = secret.strip_suffix(".ics").unwrap_or(secret);
        let Some(feed) = store::opened(&loading.database, cluster.id, secret).await? else {
            return Ok(None);
        };
        let target = Target::new("calendar", feed.subject).fact("is_public", true);
        Ok(Some((Self { cluster, feed }, target)))
    }
}

pub async fn get(opened: Loaded<Opened>) -> Answer {
    let database = opened.database();
    let cluster = &opened.cluster;
    let subject = opened.feed.subject;
    let (name, placed) = match opened.feed.kind {
        CalendarOf::Trainee => {
            let trainee = trainees::by_id(&database, subject).await?.ok_or_else(Problem::not_found)?;
            (trainee.name, placements::of_trainee(&database, subject).await?)
        }
        CalendarOf::Post => {
            let post = posts::by_id(&database, subject).await?.ok_or_else(Problem::not_found)?;
            (format!("Post {}", post.number), placements::of_post(&database, subject).await?)
        }
        CalendarOf::Host => {
            let host = OrganisationId(subject);
            let name = hiec_store::organisations::by_id(&database, host).await?.map(|one| one.name).unwrap_or_default();
            (name, placements::of_host(&database, cluster.id, host).await?)
        }
    };
    let posts = posts::of_cluster(&database, cluster.id).await?;
    let hosts = host_names(&database, &posts).await?;
    let posts: BTreeMap<Uuid, Post> = posts.into_iter().map(|post| (post.id, post)).collect();
    // Who it is stands in a calendar of a post or host alone; a trainee knows that of their own.
    let people: BTreeMap<Uuid, String> = match opened.feed.kind {
        CalendarOf::Trainee => BTreeMap::new(),
        _ => trainees::of_cluster(&database, cluster.id).await?.into_iter().map(|one| (one.id, one.name)).collect(),
    };
    let mut calendar = Calendar::new();
    calendar.name(&format!("{name} ({})", cluster.short_name));
    for one in &placed {
        let post = one.post.and_then(|id| posts.get(&id));
        let host = post.and_then(|post| hosts.get(&post.host)).map_or("", String::as_str);
        let what = post.map_or_else(|| one.kind.label().to_owned(), |post| format!("{}, {host}", post.number));
        let summary = match people.get(&one.trainee) {
            Some(who) => format!("{who}: {what}"),
            None => what,
        };
        let link = opened.app.site().link(&format!("{}/placements/{}", access::path(cluster), one.id));
        calendar.push(event(one, &summary, post.map_or("", |post| post.site.as_str()), link.as_str(), opened.now()));
    }
    let headers = [
        (axum::http::header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
        (axum::http::header::CACHE_CONTROL, "private, max-age=900"),
    ];
    Ok((headers, calendar.done().to_string()).into_response().into())
}

fn event(one: &Placement, summary: &str, site: &str, link: &str, now: hiec_kernel::Timestamp) -> Event {
    let status = match one.state {
        PlacementState::Planned => EventStatus::Tentative,
        PlacementState::Approved => EventStatus::Confirmed,
        PlacementState::Cancelled => EventStatus::Cancelled,
    };
    Event::new()
        .uid(&format!("{}@hiec", one.id))
        .timestamp(now)
        .sequence(u32::try_from(one.version).unwrap_or(0))
        .summary(summary)
        .description(&format!("{} at {} of whole-time. {link}", one.kind.label(), one.wte))
        .location(site)
        .url(link)
        .status(status)
        .starts(one.starts_on)
        // Whole days: the end is the first day that is not of it any more.
        .ends(one.ends_on.succ_opt().unwrap_or(one.ends_on))
        .done()
}
