//! Dry runs: the rules one after the other over what is stored, done by the queue, with how far it is on the record. Nothing is placed.

use hiec_contracts::ClustersPort;
use hiec_kernel::Problem;
use hiec_kernel::people::Actor;
use hiec_placement::{Figures, Rule, Share};
use hiec_store::Unit;
use hiec_web::AppState;
use hiec_web::capability::{JobHandler, JobWork};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::actions;
use super::groups::{Attribute, ByAttribute};
use super::states::Act;
use super::store;
use crate::programmes::store as programmes;

/// The job that tries a round's rules out.
pub(crate) const JOB: JobHandler = JobHandler { kind: KIND, run: try_out };

const KIND: &str = "education.dry_run";

/// In the order they are shown.
pub(super) const RULES: [Rule; 3] = [Rule::Deferred, Rule::Informed, Rule::LeastCost];

#[derive(Serialize, Deserialize)]
struct Wanted {
    round: Uuid,
    run: Uuid,
}

pub(super) async fn ask(unit: &Unit, round: Uuid, run: Uuid) -> Result<(), Problem> {
    unit.job(KIND, &Wanted { round, run }, unit.now()).await?;
    Ok(())
}

/// What one rule comes to, as kept with the run.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(crate) struct RuleFigures {
    pub rule: String,
    pub name: String,
    pub is_safe: bool,
    pub all: GroupFigures,
    /// By working pattern alone: runs from before there were more attributes have it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    groups: Vec<(String, GroupFigures)>,
    #[serde(default)]
    by: Vec<ByAttribute>,
    pub by_choice: Vec<u32>,
    pub blocking: usize,
    pub unfilled: u32,
    pub closed: u32,
    pub broken_links: u32,
}

#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub(crate) struct GroupFigures {
    pub trainees: u32,
    pub placed: u32,
    pub first: u32,
    pub mean_choice: Option<f64>,
}

impl From<&Share> for GroupFigures {
    fn from(share: &Share) -> Self {
        Self { trainees: share.applicants, placed: share.placed, first: share.first, mean_choice: share.mean_choice() }
    }
}

impl RuleFigures {
    fn new(figures: Figures, by: Vec<ByAttribute>) -> Self {
        Self {
            rule: figures.rule.code().to_owned(),
            name: figures.rule.words().to_owned(),
            is_safe: figures.is_safe,
            all: GroupFigures::from(&figures.all),
            groups: Vec::new(),
            by,
            by_choice: figures.by_choice,
            blocking: figures.blocking,
            unfilled: figures.unfilled,
            closed: figures.closed,
            broken_links: figures.broken_links,
        }
    }

    /// How groups fared by each attribute; what is too small is left out of old runs too.
    pub fn by_attribute(&self) -> Vec<ByAttribute> {
        match self.by.is_empty() && !self.groups.is_empty() {
            true => vec![ByAttribute::of(Attribute::Pattern, self.groups.clone())],
            false => self.by.clone(),
        }
    }
}

fn try_out(state: AppState, payload: serde_json::Value) -> JobWork {
    Box::pin(async move {
        let Wanted { round, run } = serde_json::from_value(payload).map_err(Problem::internal)?;
        try_out_now(&state, round, run).await
    })
}

/// Tries the rules out for a run that is asked for; a second time changes nothing.
pub(crate) async fn try_out_now(state: &AppState, round: Uuid, run_id: Uuid) -> Result<(), Problem> {
    let database = state.database();
    let Some(round) = store::by_id(&database, round).await? else { return Ok(()) };
    let Some(programme) = programmes::by_id(&database, round.programme).await? else { return Ok(()) };
    let port = state.service::<ClustersPort>()?.clone();
    let Some(cluster) = port.0.by_id(&database, round.cluster).await? else { return Ok(()) };
    let is_done =
        store::runs(&database, round.id).await?.iter().any(|run| run.id == run_id && run.finished_at.is_some());
    if is_done {
        return Ok(());
    }
    tell(state, run_id, 0, "Reading what hosts offer and trainees ask").await?;
    let asked = actions::asked(&database, &round, &programme).await?;
    let mut figures: Vec<RuleFigures> = Vec::new();
    for (done, rule) in (1_i64..).zip(RULES) {
        tell(state, run_id, done, &format!("Placing by {}", rule.words())).await?;
        let run = asked.question.run(rule).map_err(|cannot| Problem::internal(cannot.to_string()))?;
        let by = asked.attributes.iter().map(|(attribute, words)| {
            let groups = run.by_group(words).into_iter().map(|(group, share)| (group, GroupFigures::from(&share)));
            ByAttribute::of(*attribute, groups.collect())
        });
        figures.push(RuleFigures::new(asked.question.figures(&run), by.collect()));
    }
    let mut unit = state.begin(Actor::System("trying a placement round out".into())).await?;
    store::finish(&unit, run_id, serde_json::to_value(&figures).map_err(Problem::internal)?).await?;
    // Reopened or published meanwhile: the figures are kept, and the round stays where it is.
    let now = store::by_id(&unit, round.id).await?.ok_or_else(Problem::not_found)?;
    if now.state.take(Act::TryOut, Default::default()).is_ok() {
        actions::step(&mut unit, &cluster, &now, &programme, (Act::TryOut, "")).await?;
    }
    unit.commit().await?;
    Ok(())
}

async fn tell(state: &AppState, run: Uuid, done: i64, step: &str) -> Result<(), Problem> {
    let unit = state.begin(Actor::System("trying a placement round out".into())).await?;
    store::progress(&unit, run, done, step).await?;
    unit.commit().await?;
    Ok(())
}
