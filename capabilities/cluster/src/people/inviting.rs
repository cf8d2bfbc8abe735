//! Inviting somebody without an account into a post: the letter's link holds the post, and a job brings them in when they say yes. Nobody is in post before.

use axum::extract::Path;
use chrono::NaiveDate;
use hiec_access::invitations::{self, Follows, Invited, SaidYes, Words};
use hiec_access::limits::Counted;
use hiec_access::links::{self, Purpose};
use hiec_access::people;
use hiec_kernel::clock::on_page;
use hiec_kernel::people::{Actor, Person};
use hiec_kernel::{ClusterId, Money, Problem, ProblemKind, Role, Scope, Timestamp};
use hiec_store::Unit;
use hiec_web::capability::{JobHandler, JobWork};
use hiec_web::components::{Button, Cell, Column, Table};
use hiec_web::{Answer, AppState, Done, Loaded};
use maud::{Markup, html};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::actions::take;
use super::rules::{Basis, PostKind};
use super::store::{self, Post};
use crate::clusters::circle;
use crate::clusters::store::{self as clusters, Cluster};

/// Brings whoever said yes into the post they were invited to.
pub(crate) const JOB: JobHandler = JobHandler { kind: KIND, run: bring };

const KIND: &str = "cluster.post_accepted";

/// Open invitations looked through for those of a cluster.
const MOST: i64 = 1_000;

/// A post without the person in it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct Terms {
    pub kind: PostKind,
    pub basis: Basis,
    pub employer: String,
    pub pathway: String,
    pub since: NaiveDate,
    pub until: NaiveDate,
    pub half_days: i64,
    pub cost: Money,
}

impl Terms {
    /// The post with somebody in it.
    pub(crate) fn held_by(self, id: Uuid, person: &Person) -> Post {
        Post {
            id,
            person: person.id,
            person_name: person.name.clone(),
            is_illustrative: person.is_illustrative,
            kind: self.kind,
            basis: self.basis,
            employer: self.employer,
            pathway: self.pathway,
            since: self.since,
            until: self.until,
            half_days: self.half_days,
            cost: self.cost,
            successor: String::new(),
            handover: String::new(),
            ended_on: None,
            ended_reason: None,
            induction: std::collections::BTreeMap::new(),
        }
    }
}

/// What a letter's link holds besides the role.
#[derive(Serialize, Deserialize)]
struct Offer {
    cluster: ClusterId,
    terms: Terms,
}

/// An invitation that waits for an answer.
#[derive(Serialize)]
pub(crate) struct Waiting {
    pub id: Uuid,
    pub name: String,
    pub email: String,
    pub post: &'static str,
    pub since: NaiveDate,
    pub open_until: Timestamp,
    #[serde(skip)]
    invited: Invited,
}

/// Sends the letter. The post must carry `role`, and be free.
pub(crate) async fn invite(
    cluster: &Loaded<Cluster>,
    unit: &mut Unit,
    (name, email): (String, &str),
    role: Role,
    terms: Terms,
) -> Result<(), Problem> {
    let inviter = cluster.person()?;
    let limits = cluster.app.limits();
    limits
        .take(Counted::Invitation, &inviter.id.to_string(), cluster.now())
        .map_err(|wait| Problem::too_many("You have sent many invitations in a short time", wait))?;
    let what = format!("{} of {}", terms.kind.label().to_lowercase(), cluster.name);
    let offer = Offer { cluster: cluster.id, terms };
    let invited = Invited {
        name,
        role,
        scope: Scope::Cluster(cluster.id.0),
        within: Some(cluster.id.0),
        by: inviter.id,
        follows: Some(Follows {
            action: "cluster.appoint".into(),
            job: KIND.into(),
            payload: serde_json::to_value(offer).map_err(Problem::internal)?,
        }),
    };
    let site = cluster.app.site();
    let words = Words { inviter: &inviter.name, what: &what, installation: &site.name, link: &|path| site.link(path) };
    invitations::send(unit, &invited, email, &words).await
}

/// The invitations into posts of a cluster that wait for an answer, the newest first.
pub(crate) async fn waiting(cluster: &Loaded<Cluster>) -> Result<Vec<Waiting>, Problem> {
    let open = links::open(&cluster.database(), Purpose::Invitation, cluster.now(), MOST).await?;
    let of_link = |link: links::Link| {
        let invited: Invited = serde_json::from_value(link.payload).ok()?;
        let follows = invited.follows.as_ref().filter(|one| one.job == KIND)?;
        let offer: Offer = serde_json::from_value(follows.payload.clone()).ok()?;
        (offer.cluster == cluster.id).then(|| Waiting {
            id: link.id,
            name: invited.name.clone(),
            email: link.email,
            post: offer.terms.kind.label(),
            since: offer.terms.since,
            open_until: link.ends_at,
            invited,
        })
    };
    Ok(open.into_iter().filter_map(of_link).collect())
}

pub(crate) fn waiting_table(cluster: &Cluster, waiting: &[Waiting]) -> Markup {
    html! {
        @if !waiting.is_empty() {
            (Table::new("Invited, and not answered yet")
                .head([Column::new("Name"), Column::new("Post"), Column::new("E-mail address"), Column::new("Open until"), Column::new("Change")])
                .rows(waiting.iter().map(|one| vec![
                    Cell::new(one.name.as_str()),
                    Cell::new(one.post),
                    Cell::new(one.email.as_str()),
                    Cell::new(on_page(one.open_until)),
                    Cell::new(html! {
                        form method="post" action={ (cluster.path()) "/people/invitations/" (one.id) "/withdrawal" } {
                            (Button::new(html! { "Withdraw" span.nhsuk-u-visually-hidden { " the invitation to " (one.name) } }).secondary().small(true))
                        }
                    }),
                ])))
        }
    }
}

pub async fn withdraw(cluster: Loaded<Cluster>, Path((_, invitation)): Path<(String, Uuid)>) -> Answer {
    let Some(one) = waiting(&cluster).await?.into_iter().find(|one| one.id == invitation) else {
        return Err(gone().into());
    };
    let mut unit = cluster.begin().await?;
    if !invitations::withdraw(&mut unit, one.id, &one.invited).await? {
        return Err(gone().into());
    }
    unit.commit().await?;
    Ok(Done::to(format!("{}/people", cluster.path()))
        .saying("The invitation is withdrawn: its link leads nowhere.")
        .into())
}

fn gone() -> Problem {
    Problem::conflict(
        "This invitation is no longer open",
        "It was answered, withdrawn, or its time is over. Open the list of people again.",
    )
}

fn bring(state: AppState, payload: serde_json::Value) -> JobWork {
    Box::pin(async move {
        let said: SaidYes = serde_json::from_value(payload).map_err(Problem::internal)?;
        let Offer { cluster, terms } = serde_json::from_value(said.payload.clone()).map_err(Problem::internal)?;
        let database = state.database();
        let cluster = clusters::by_id(&database, cluster).await?;
        let person = people::open_by_id(&database, said.person).await?;
        let (Some(cluster), Some(person)) = (cluster, person) else { return Ok(()) };
        let mut unit = state.begin(Actor::Person(person.id)).await?;
        let is_there = |one: &Post| one.person == person.id && one.kind == terms.kind && one.since == terms.since;
        // A job may be done twice.
        if store::of_cluster(&unit, cluster.id).await?.iter().any(is_there) {
            return Ok(());
        }
        let inviter = people::open_by_id(&unit, said.by).await?;
        let label = terms.kind.label().to_lowercase();
        let post = terms.held_by(unit.new_id(), &person);
        let taken = take(&mut unit, state.site(), &cluster, &person, &post, &Actor::Person(said.by)).await;
        let (unit, to, subject, body) = match taken {
            Ok(()) => {
                let place = state.site().link(&format!("{}/people/{}", cluster.path(), post.id));
                let body =
                    format!("{} said yes and is in post as {label} of {}.\n\n{place}\n", person.name, cluster.name);
                (unit, inviter.into_iter().collect(), format!("{} said yes", person.name), body)
            }
            Err(problem) if problem.kind == ProblemKind::Conflict => {
                // What the refused attempt wrote is not kept; the letters are.
                drop(unit);
                let body = format!(
                    "{} said yes to be {label} of {}, and could not be brought into post: {}. {}\n\n{}\n",
                    person.name,
                    cluster.name,
                    problem.title,
                    problem.next,
                    state.site().link(&format!("{}/people", cluster.path()))
                );
                let to: Vec<Person> = inviter.into_iter().chain([person.clone()]).collect();
                (state.begin(Actor::Person(person.id)).await?, to, "A post could not be taken up".to_owned(), body)
            }
            Err(problem) => return Err(problem),
        };
        circle::write(&unit, &cluster, &to, &subject, &body).await?;
        Ok(unit.commit().await?)
    })
}
