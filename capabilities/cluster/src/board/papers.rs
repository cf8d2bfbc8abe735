//! The papers of a meeting: put together from the figures of the day and frozen as they stood, with one fingerprint. They are never made again.

use hiec_contracts::{Figure, MoneyStanding, ProjectSeen, RiskSeen, WorkPort};
use hiec_kernel::clock::london_date;
use hiec_kernel::{Fingerprint, PersonId, Problem, Timestamp};
use hiec_store::Reads;
use hiec_web::AppState;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::records;
use super::rules::{Interested, Sitting, interested};
use super::store::{self, Item, Meeting};
use crate::clusters::store::Cluster;
use crate::desk::names;
use crate::money::rules::Span;
use crate::risks;

/// Everything the members get, as it stood.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct Papers {
    pub title: String,
    pub starts_at: Timestamp,
    pub place: String,
    /// For everybody, and first of all for patient members.
    pub plain_summary: String,
    pub items: Vec<PaperItem>,
    pub figures: Vec<Figure>,
    pub projects: Vec<ProjectSeen>,
    /// From the first day of the term to the day the papers were made.
    pub money_to_date: MoneyStanding,
    pub money_of_term: MoneyStanding,
    pub risks: Vec<RiskSeen>,
    pub actions: Vec<ActionLine>,
    pub made_at: Timestamp,
}

/// An item as the papers have it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct PaperItem {
    pub id: Uuid,
    pub place: i64,
    pub kind: String,
    pub title: String,
    pub presenter: String,
    pub paper: String,
    /// Who has an interest in it, and why.
    pub interests: Vec<NamedInterest>,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct NamedInterest {
    pub person: PersonId,
    pub name: String,
    pub because: Vec<String>,
}

/// An open action as the papers have it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct ActionLine {
    pub number: i64,
    pub what: String,
    pub owner: String,
    pub due: String,
    pub is_overdue: bool,
}

impl Papers {
    pub fn fingerprint(&self) -> Result<Fingerprint, Problem> {
        Fingerprint::of(self).map_err(Problem::internal)
    }
}

/// The interests in each item of a meeting, by those who sit in its body on the meeting's day.
pub(crate) async fn interests(
    reads: &impl Reads,
    cluster: &Cluster,
    meeting: &Meeting,
    items: &[Item],
) -> Result<Vec<(Uuid, Vec<Interested>)>, Problem> {
    let members = store::sitting(reads, meeting.body.id, london_date(meeting.starts_at)).await?;
    let mut sitting: Vec<Sitting> =
        members.iter().map(|one| Sitting { person: one.person, employer: one.employer }).collect();
    sitting.dedup();
    let declared = records::standing_interests(reads, cluster.id).await?;
    Ok(items.iter().map(|item| (item.id, interested(&sitting, &declared, &item.touches))).collect())
}

/// Puts the papers together from what stands at this moment.
pub(crate) async fn assemble(
    state: &AppState,
    reads: &impl Reads,
    cluster: &Cluster,
    meeting: &Meeting,
    now: Timestamp,
) -> Result<Papers, Problem> {
    let database = state.database();
    let today = london_date(now);
    let items = store::items(reads, meeting.id).await?;
    let pulled = interests(reads, cluster, meeting, &items).await?;
    let wanted: Vec<PersonId> = pulled.iter().flat_map(|(_, list)| list.iter().map(|one| one.person)).collect();
    let names = names(reads, wanted).await?;
    let (figures, projects) = match state.optional::<WorkPort>() {
        Some(port) => {
            (port.0.figures(&database, cluster.id, today).await?, port.0.projects(&database, cluster.id).await?)
        }
        None => (Vec::new(), Vec::new()),
    };
    let books = crate::money::store::books(reads, cluster).await?;
    let until = today.clamp(cluster.starts_on, cluster.ends_on);
    let deeds = records::deeds(reads, cluster.id).await?;
    let papers = Papers {
        title: meeting.title(),
        starts_at: meeting.starts_at,
        place: meeting.place.clone(),
        plain_summary: meeting.plain_summary.clone(),
        items: items
            .into_iter()
            .map(|item| PaperItem {
                interests: pulled
                    .iter()
                    .filter(|(id, _)| *id == item.id)
                    .flat_map(|(_, list)| list)
                    .map(|one| NamedInterest {
                        person: one.person,
                        name: names.get(&one.person).cloned().unwrap_or_default(),
                        because: one.because.clone(),
                    })
                    .collect(),
                id: item.id,
                place: item.place,
                kind: item.kind.label().to_owned(),
                title: item.title,
                presenter: item.presenter,
                paper: item.paper,
            })
            .collect(),
        figures,
        projects,
        money_to_date: books.standing(Span::new(cluster.starts_on, until)),
        money_of_term: books.standing(books.term),
        risks: risks::store::seen(reads, cluster).await?,
        actions: deeds
            .into_iter()
            .filter(|deed| deed.done_at.is_none())
            .map(|deed| ActionLine {
                is_overdue: deed.is_overdue(today),
                number: deed.number,
                what: deed.what,
                owner: deed.owner,
                due: hiec_kernel::clock::day_on_page(deed.due_on),
            })
            .collect(),
        made_at: now,
    };
    Ok(papers)
}
