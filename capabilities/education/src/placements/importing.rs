//! Reading a list of placements: trainees and posts by number, supervisors by address; each line is judged by the rules as if it had been entered.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use hiec_access::people;
use hiec_contracts::ClusterSeen;
use hiec_files::import::{ImportPlan, Importable};
use hiec_files::table::{self, Limits, Record, RowError};
use hiec_kernel::{PersonId, Problem};
use hiec_store::Unit;
use hiec_web::uploads::ListError;
use serde::Serialize;
use uuid::Uuid;

use super::actions::{self, NewPlacement, NotPlaced};
use super::store::{self, Placement, PlacementKind, PlacementState};
use crate::lists::{Incoming, has_column, lines};
use crate::posts::importing::{day_in, line_in};
use crate::posts::store as posts;
use crate::trainees::store as trainees;
use crate::words::Wte;

/// A line of the list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct Listed {
    trainee: String,
    kind: PlacementKind,
    /// Empty while out of programme.
    post: String,
    starts_on: NaiveDate,
    ends_on: NaiveDate,
    wte: Wte,
    counted: bool,
    supervisor: String,
    #[serde(skip)]
    supervisor_id: Option<PersonId>,
    state: PlacementState,
}

impl Importable for Listed {
    /// A trainee is in a post, or out of programme in some way, from a day on once.
    fn key(&self) -> String {
        let what = if self.post.is_empty() { self.kind.key() } else { self.post.as_str() };
        format!("{}, {what}, from {}", self.trainee, self.starts_on)
    }

    fn fields(&self) -> Vec<(&'static str, String)> {
        vec![
            ("kind", self.kind.key().to_owned()),
            ("ends_on", self.ends_on.to_string()),
            ("wte", self.wte.to_string()),
            ("counted", self.counted.to_string()),
            ("supervisor", self.supervisor.to_lowercase()),
            ("state", self.state.key().to_owned()),
        ]
    }
}

struct Known {
    trainees: BTreeMap<String, Uuid>,
    posts: BTreeMap<String, Uuid>,
    supervisors: BTreeMap<String, PersonId>,
}

fn listed(record: Record<'_>, known: &Known) -> Result<Listed, RowError> {
    let trainee = line_in(record, "trainee")?;
    if !known.trainees.contains_key(&trainee) {
        return Err(record.error("trainee", "No trainee here has this number. Enrol them first, or correct it."));
    }
    let kinds = || PlacementKind::ALL.iter().map(|one| one.key()).collect::<Vec<_>>().join(", ");
    let kind = PlacementKind::from_key(record.get("kind").unwrap_or("in_post"))
        .ok_or_else(|| record.error("kind", format!("This is not known. Use one of: {}.", kinds())))?;
    let post = record.get("post").unwrap_or_default().to_owned();
    if !post.is_empty() && !known.posts.contains_key(&post) {
        return Err(record.error("post", "No post here has this number. Add it first, or correct it."));
    }
    let wte = Wte::read(record.require("wte")?).filter(|wte| (Wte(1)..=Wte::FULL).contains(wte)).ok_or_else(|| {
        record.error("wte", "This is no share of whole-time. Write a number above 0 and up to 1, such as 0.6.")
    })?;
    let counted = match record.get("counted").map(str::to_lowercase).as_deref() {
        None | Some("no" | "false") => false,
        Some("yes" | "true") => true,
        Some(_) => return Err(record.error("counted", "Write yes or no.")),
    };
    let supervisor = record.get("supervisor").unwrap_or_default().to_owned();
    let supervisor_id = known.supervisors.get(&supervisor.to_lowercase()).copied();
    if !supervisor.is_empty() && supervisor_id.is_none() {
        return Err(record.error(
            "supervisor",
            "Nobody has an account under this address. Leave it empty, or have them invited first.",
        ));
    }
    let state = PlacementState::from_key(record.get("state").unwrap_or("planned"))
        .filter(|state| *state != PlacementState::Cancelled)
        .ok_or_else(|| record.error("state", "Write planned or approved."))?;
    Ok(Listed {
        trainee,
        kind,
        post,
        starts_on: day_in(record, "starts_on")?,
        ends_on: day_in(record, "ends_on")?,
        wte,
        counted,
        supervisor,
        supervisor_id,
        state,
    })
}

/// Lists of placements.
pub(crate) struct Placements;

impl Incoming for Placements {
    type Record = Listed;

    const NAME: &'static str = "placements";
    const TITLE: &'static str = "Import placements";
    const NEEDED: &'static [&'static str] = &["trainee", "post", "starts_on", "ends_on", "wte"];
    const KNOWN: &'static [&'static str] = &["kind", "counted", "supervisor", "state"];
    const ABOUT: &'static str = "A line with the trainee, post and first day of a placement that is there changes it. Leave the post empty for time out of \
                                 programme and say its kind. Without a kind a line is in post, without a standing it is planned; a column that is left out changes nothing of placements that are there.";

    async fn read(
        unit: &Unit,
        cluster: &ClusterSeen,
        name: &str,
        bytes: &[u8],
    ) -> Result<ImportPlan<Listed>, ListError> {
        let sheet = table::read(name, bytes, &Limits::default())?;
        sheet.expect_columns(Self::NEEDED, Self::KNOWN)?;
        let addresses: Vec<String> =
            sheet.records().filter_map(|record| record.get("supervisor").map(people::address)).collect();
        let supervisors = people::by_addresses(unit, &addresses).await?;
        let trainees = trainees::of_cluster(unit, cluster.id).await?;
        let posts = posts::of_cluster(unit, cluster.id).await?;
        let known = Known {
            trainees: trainees.iter().map(|one| (one.number.clone(), one.id)).collect(),
            posts: posts.iter().map(|one| (one.number.clone(), one.id)).collect(),
            supervisors: supervisors.into_iter().map(|(person, _)| (person.email.to_lowercase(), person.id)).collect(),
        };
        let mut parsed = lines(&sheet, |record| listed(record, &known));
        let numbers: BTreeMap<Uuid, &str> = trainees.iter().map(|one| (one.id, one.number.as_str())).collect();
        let names: BTreeMap<Uuid, &str> = posts.iter().map(|one| (one.id, one.number.as_str())).collect();
        let mut stored: BTreeMap<String, Listed> = BTreeMap::new();
        for one in store::of_cluster(unit, cluster.id).await?.iter().filter(|one| !one.is_cancelled()) {
            let mut listed = as_listed(one, &numbers, &names);
            // Only those the list names count, so only theirs are looked up.
            if let Some(id) = one.supervisor
                && parsed.rows.iter().any(|row| row.record.key() == listed.key())
            {
                listed.supervisor = people::by_id(unit, id).await?.map(|person| person.email).unwrap_or_default();
            }
            stored.insert(listed.key(), listed);
        }
        // A column the list does not have leaves what it is about as it is.
        let has = |column: &str| has_column(&sheet, column);
        for row in &mut parsed.rows {
            let Some(there) = stored.get(&row.record.key()) else { continue };
            if !has("kind") {
                row.record.kind = there.kind;
            }
            if !has("counted") {
                row.record.counted = there.counted;
            }
            if !has("supervisor") {
                row.record.supervisor.clone_from(&there.supervisor);
                row.record.supervisor_id = there.supervisor_id;
            }
            if !has("state") {
                row.record.state = there.state;
            }
        }
        Ok(ImportPlan::new(parsed, &stored))
    }

    async fn write(
        unit: &mut Unit,
        cluster: &ClusterSeen,
        plan: &ImportPlan<Listed>,
    ) -> Result<Vec<RowError>, Problem> {
        let trainees: BTreeMap<String, Uuid> =
            trainees::of_cluster(unit, cluster.id).await?.into_iter().map(|one| (one.number, one.id)).collect();
        let posts: BTreeMap<String, Uuid> =
            posts::of_cluster(unit, cluster.id).await?.into_iter().map(|one| (one.number, one.id)).collect();
        let mut refused = Vec::new();
        // What is changed first makes room for what is new.
        for row in &plan.changed {
            let one = &row.record;
            let Some(trainee) = trainees.get(&one.trainee).copied() else { continue };
            let post = posts.get(&one.post).copied();
            let theirs = store::of_trainee(unit, trainee).await?;
            let is_meant = |it: &&Placement| {
                !it.is_cancelled()
                    && it.starts_on == one.starts_on
                    && it.post == post
                    && (post.is_some() || it.kind == one.kind)
            };
            let Some(stored) = theirs.iter().find(is_meant) else { continue };
            let changed = Placement {
                kind: one.kind,
                ends_on: one.ends_on,
                wte: one.wte,
                is_counted: one.counted && !one.kind.is_in_post(),
                supervisor: one.supervisor_id,
                state: one.state,
                source: "import".to_owned(),
                reason: "An imported list".to_owned(),
                ..stored.clone()
            };
            said(&mut refused, row.line, actions::change(unit, &changed).await)?;
        }
        for row in &plan.new {
            let one = &row.record;
            let Some(trainee) = trainees.get(&one.trainee).copied() else { continue };
            let new = NewPlacement {
                trainee,
                post: posts.get(&one.post).copied(),
                kind: one.kind,
                starts_on: one.starts_on,
                ends_on: one.ends_on,
                wte: one.wte,
                supervisor: one.supervisor_id,
                is_counted: one.counted,
                state: one.state,
                source: "import".to_owned(),
                is_illustrative: false,
            };
            said(&mut refused, row.line, actions::plan(unit, cluster.id, new).await.map(|_| ()))?;
        }
        refused.sort();
        Ok(refused)
    }
}

/// Notes what the rules refuse beside the line.
fn said(refused: &mut Vec<RowError>, line: u64, outcome: Result<(), NotPlaced>) -> Result<(), Problem> {
    match outcome {
        Ok(()) => Ok(()),
        Err(NotPlaced::Refused(refusals)) => {
            refused.extend(refusals.iter().map(|one| RowError::new(line, Some(one.field), one.to_string())));
            Ok(())
        }
        Err(NotPlaced::Problem(problem)) => Err(problem),
    }
}

fn as_listed(one: &Placement, numbers: &BTreeMap<Uuid, &str>, names: &BTreeMap<Uuid, &str>) -> Listed {
    Listed {
        trainee: numbers.get(&one.trainee).copied().unwrap_or_default().to_owned(),
        kind: one.kind,
        post: one.post.and_then(|post| names.get(&post).copied()).unwrap_or_default().to_owned(),
        starts_on: one.starts_on,
        ends_on: one.ends_on,
        wte: one.wte,
        counted: one.is_counted,
        supervisor: String::new(),
        supervisor_id: one.supervisor,
        state: one.state,
    }
}
