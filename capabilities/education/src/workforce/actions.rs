//! What people do with workforce models: begin one, change its inputs, run it. Versions and runs are only ever added.

use hiec_contracts::ClusterSeen;
use hiec_kernel::Problem;
use hiec_store::{AuditEvent, Unit};
use hiec_workforce::Change;
use hiec_workforce::command::{answer, model as read_model, sha256};
use serde::Serialize;
use serde_json::Value;

use super::store::{self, ModelRow, Run};
use crate::ground;

/// A workforce model was begun.
#[derive(Serialize)]
struct WorkforceBegun<'a> {
    name: &'a str,
}

impl AuditEvent for WorkforceBegun<'_> {
    const KIND: &'static str = "education.workforce.begun";
}

/// Its inputs are others now.
#[derive(Serialize)]
struct WorkforceVersion<'a> {
    number: i64,
    inputs_sha256: &'a str,
    why: &'a str,
}

impl AuditEvent for WorkforceVersion<'_> {
    const KIND: &'static str = "education.workforce.version";

    fn reason(&self) -> Option<&str> {
        Some(self.why)
    }
}

/// It was run.
#[derive(Serialize)]
struct WorkforceRun<'a> {
    number: i64,
    version: i64,
    inputs_sha256: &'a str,
    engine: &'a str,
}

impl AuditEvent for WorkforceRun<'_> {
    const KIND: &'static str = "education.workforce.run";
}

/// The most draws a page waits for.
pub(crate) const MOST_DRAWS: u32 = 1_000;

/// Understands a model's text.
///
/// # Errors
/// All that is wrong with it.
pub(crate) fn understood(text: &str) -> Result<hiec_workforce::Model, Vec<String>> {
    let model = read_model(text)?;
    if model.draws > MOST_DRAWS {
        return Err(vec![format!("draws: at most {MOST_DRAWS} here; `hiec workforce run` takes more")]);
    }
    Ok(model)
}

/// Begins a model with its first version.
pub(crate) async fn begin(
    unit: &mut Unit,
    cluster: &ClusterSeen,
    (text, model): (&str, &hiec_workforce::Model),
    why: &str,
    is_illustrative: bool,
) -> Result<ModelRow, Problem> {
    let taken: Vec<String> = store::of_cluster(unit, cluster.id).await?.into_iter().map(|model| model.key).collect();
    let row = ModelRow {
        id: unit.new_id(),
        cluster_id: cluster.id.0,
        key: ground::key_of(&model.name, &taken),
        name: model.name.clone(),
        is_illustrative,
    };
    store::insert(unit, &row).await?;
    unit.audit(ground::stream(cluster.id), row.subject(), &WorkforceBegun { name: &row.name })?;
    add_version(unit, cluster, &row, (text, model), why).await?;
    Ok(row)
}

/// Keeps other inputs as the next version.
pub(crate) async fn add_version(
    unit: &mut Unit,
    cluster: &ClusterSeen,
    row: &ModelRow,
    (text, model): (&str, &hiec_workforce::Model),
    why: &str,
) -> Result<i64, Problem> {
    let number = store::versions(unit, row.id).await?.first().map_or(0, |version| version.number) + 1;
    store::add_version(unit, row.id, number, text, why).await?;
    let inputs_sha256 = sha256(model);
    let event = WorkforceVersion { number, inputs_sha256: &inputs_sha256, why };
    unit.audit(ground::stream(cluster.id), row.subject(), &event)?;
    Ok(number)
}

/// What a run gave, before it is kept.
pub(crate) struct Answered {
    version: i64,
    inputs_sha256: String,
    model: String,
    answer: Value,
}

/// Runs a version of a model, with these what-ifs in the place of its own where there are any.
///
/// # Errors
/// All that is wrong with model and what-ifs.
pub(crate) fn run(version: &store::Version, what_if: &[Change]) -> Result<Answered, Vec<String>> {
    let mut model = understood(&version.model)?;
    let mut text: Value = serde_json::from_str(&version.model).map_err(|error| vec![error.to_string()])?;
    if !what_if.is_empty() {
        model.what_if = what_if.to_vec();
        text["what_if"] = what_if.iter().map(written).collect();
    }
    let found = model.run()?;
    let answer = serde_json::from_str(&answer(&model, &found)).map_err(|error| vec![error.to_string()])?;
    let model_text = serde_json::to_string_pretty(&text).map_err(|error| vec![error.to_string()])?;
    Ok(Answered { version: version.number, inputs_sha256: sha256(&model), model: model_text, answer })
}

/// Keeps a run.
pub(crate) async fn keep(
    unit: &mut Unit,
    cluster: &ClusterSeen,
    row: &ModelRow,
    answered: Answered,
) -> Result<Run, Problem> {
    let number = store::runs(unit, row.id).await?.first().map_or(0, |run| run.number) + 1;
    let run = Run {
        id: unit.new_id(),
        number,
        version: answered.version,
        inputs_sha256: answered.inputs_sha256,
        engine: hiec_workforce::VERSION.to_owned(),
        model: answered.model,
        answer: answered.answer,
        ran_at: unit.now(),
    };
    store::add_run(unit, row.id, &run).await?;
    let event = WorkforceRun { number, version: run.version, inputs_sha256: &run.inputs_sha256, engine: &run.engine };
    unit.audit(ground::stream(cluster.id), row.subject(), &event)?;
    Ok(run)
}

fn written(change: &Change) -> Value {
    let whole = |posts: i64| Value::from(posts as f64 / hiec_workforce::MILLION as f64);
    match change {
        Change::Move { posts, from, to, year } => {
            serde_json::json!({"move": whole(*posts), "from": from.0, "to": to.0, "year": year})
        }
        Change::Add { posts, to, year } => serde_json::json!({"add": whole(*posts), "to": to.0, "year": year}),
    }
}
