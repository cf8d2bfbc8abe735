//! Models, versions and runs as stored; one reaches a handler only through its extractor, which authorises.

use hiec_access::policy::Target;
use hiec_contracts::ClusterSeen;
use hiec_kernel::{ClusterId, PersonId, Problem, Timestamp};
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, Unit, values};
use hiec_web::{Loading, Resource};
use serde::Serialize;
use uuid::Uuid;

use crate::access;
use crate::ground;

#[derive(Clone, PartialEq, Eq, Debug, Serialize, FromQueryResult)]
pub(crate) struct ModelRow {
    pub id: Uuid,
    #[serde(skip)]
    pub cluster_id: Uuid,
    pub key: String,
    pub name: String,
    pub is_illustrative: bool,
}

impl ModelRow {
    pub fn path(&self, cluster: &ClusterSeen) -> String {
        format!("{}/workforce/{}", access::path(cluster), self.key)
    }

    pub fn subject(&self) -> String {
        format!("workforce:{}", self.id)
    }
}

/// A version as it was kept.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, FromQueryResult)]
pub(crate) struct Version {
    pub number: i64,
    #[serde(skip)]
    pub model: String,
    pub why: String,
    pub made_at: Timestamp,
    pub made_by: Option<Uuid>,
}

/// A run as it was made.
#[derive(Clone, PartialEq, Debug, FromQueryResult)]
pub(crate) struct Run {
    pub id: Uuid,
    pub number: i64,
    pub version: i64,
    pub inputs_sha256: String,
    pub engine: String,
    pub model: String,
    pub answer: serde_json::Value,
    pub ran_at: Timestamp,
}

impl Run {
    pub fn sentence(&self) -> &str {
        self.answer["sentence"].as_str().unwrap_or_default()
    }

    /// What it says of one specialty.
    pub fn sentence_of(&self, specialty: &str) -> &str {
        let sentences = self.answer["sentences"].as_array().into_iter().flatten().filter_map(serde_json::Value::as_str);
        let begins_with_it =
            |sentence: &&str| sentence.strip_prefix(specialty).is_some_and(|rest| rest.starts_with(": "));
        sentences.into_iter().find(begins_with_it).unwrap_or_default()
    }

    /// The sentences most asked for: of each specialty its change shows in; of a run without one, of where most is missing in
    /// the end.
    pub fn in_short(&self) -> Vec<&str> {
        let specialties =
            |of: &'static str| self.answer.pointer(of).and_then(|all| all.as_array()).into_iter().flatten();
        let name = |specialty: &'_ serde_json::Value| specialty["name"].as_str().unwrap_or_default().to_owned();
        if !self.what_if().is_empty() {
            let shown = specialties("/what_if/specialties").filter(|specialty| !specialty["shows_in"].is_null());
            return shown.map(|specialty| self.sentence_of(&name(specialty))).collect();
        }
        let missing = |specialty: &serde_json::Value| {
            let demand = &specialty["years"].as_array()?.last()?["demand"][0];
            let share = demand["gap"].as_f64()? / demand["fte"].as_f64().filter(|asked| *asked > 0.0)?;
            (share > 0.0).then_some(share)
        };
        let most = specialties("/specialties").filter_map(|specialty| Some((missing(specialty)?, specialty)));
        let most = most.max_by(|one, other| one.0.total_cmp(&other.0));
        most.map(|(_, specialty)| self.sentence_of(&name(specialty))).into_iter().collect()
    }

    /// The what-ifs in words; empty for a run of the model as it is.
    pub fn what_if(&self) -> String {
        let Some(changes) = self.answer["what_if"]["changes"].as_array() else { return String::new() };
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        let words = changes.iter().map(|change| match change.get("move") {
            Some(posts) => {
                format!(
                    "{posts} posts from {} to {} from {}",
                    text(&change["from"]),
                    text(&change["to"]),
                    change["year"]
                )
            }
            None => format!("{} posts more in {} from {}", change["add"], text(&change["to"]), change["year"]),
        });
        words.collect::<Vec<_>>().join("; ")
    }
}

/// A model with its cluster.
#[derive(Clone, Debug)]
pub(crate) struct ModelHere {
    pub cluster: ClusterSeen,
    pub model: ModelRow,
}

impl ModelHere {
    pub fn path(&self) -> String {
        self.model.path(&self.cluster)
    }
}

async fn model_of(loading: &Loading<'_>) -> Result<Option<(ModelHere, Target)>, Problem> {
    let (Some(cluster), Some(key)) = (ground::cluster_of(loading).await?, loading.text("model")) else {
        return Ok(None);
    };
    let Some(model) = by_key(&loading.database, cluster.id, key).await? else { return Ok(None) };
    let target = Target { id: model.id, ..access::whole(loading, &cluster, "workforce").await? };
    Ok(Some((ModelHere { cluster, model }, target)))
}

/// `/clusters/{cluster}/education/workforce/{model}…`
impl Resource for ModelHere {
    const KIND: &'static str = "workforce";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        model_of(loading).await
    }
}

/// A run with its model.
#[derive(Clone, Debug)]
pub(crate) struct RunHere {
    pub here: ModelHere,
    pub run: Run,
}

/// `…/workforce/{model}/runs/{run}…`
impl Resource for RunHere {
    const KIND: &'static str = "workforce";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let number = loading.text("run").and_then(|run| run.parse().ok());
        let (Some((here, target)), Some(number)) = (model_of(loading).await?, number) else { return Ok(None) };
        let run = run(&loading.database, here.model.id, number).await?;
        Ok(run.map(|run| (Self { here, run }, target)))
    }
}

/// A cluster's models, by name.
pub(crate) async fn of_cluster(reads: &impl Reads, cluster: ClusterId) -> Result<Vec<ModelRow>, StoreError> {
    let sql = "SELECT id, cluster_id, key, name, is_illustrative FROM education_workforce_model \
               WHERE cluster_id = $1 ORDER BY name, id";
    reads.all(sql, values![cluster.0]).await
}

pub(crate) async fn by_key(reads: &impl Reads, cluster: ClusterId, key: &str) -> Result<Option<ModelRow>, StoreError> {
    let sql = "SELECT id, cluster_id, key, name, is_illustrative FROM education_workforce_model \
               WHERE cluster_id = $1 AND key = $2";
    reads.one(sql, values![cluster.0, key]).await
}

pub(crate) async fn insert(unit: &Unit, model: &ModelRow) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO education_workforce_model (id, cluster_id, key, name, is_illustrative) VALUES ($1, $2, $3, $4, $5)",
        values![model.id, model.cluster_id, model.key.as_str(), model.name.as_str(), model.is_illustrative],
    )
    .await?;
    Ok(())
}

/// A model's versions, the latest first.
pub(crate) async fn versions(reads: &impl Reads, model: Uuid) -> Result<Vec<Version>, StoreError> {
    let sql = "SELECT number, model, why, made_at, made_by FROM education_workforce_version \
               WHERE model_id = $1 ORDER BY number DESC";
    reads.all(sql, values![model]).await
}

pub(crate) async fn add_version(
    unit: &Unit,
    model: Uuid,
    number: i64,
    text: &str,
    why: &str,
) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO education_workforce_version (model_id, number, model, why, made_at, made_by) VALUES ($1, $2, $3, $4, $5, $6)",
        values![model, number, text, why, unit.now(), unit.actor().person().map(|person| person.0)],
    )
    .await?;
    Ok(())
}

const RUN: &str = "id, number, version, inputs_sha256, engine, model, answer, ran_at";

/// A model's runs, the latest first.
pub(crate) async fn runs(reads: &impl Reads, model: Uuid) -> Result<Vec<Run>, StoreError> {
    let sql = format!("SELECT {RUN} FROM education_workforce_run WHERE model_id = $1 ORDER BY number DESC");
    reads.all(&sql, values![model]).await
}

pub(crate) async fn run(reads: &impl Reads, model: Uuid, number: i64) -> Result<Option<Run>, StoreError> {
    let sql = format!("SELECT {RUN} FROM education_workforce_run WHERE model_id = $1 AND number = $2");
    reads.one(&sql, values![model, number]).await
}

pub(crate) async fn add_run(unit: &Unit, model: Uuid, run: &Run) -> Result<(), StoreError> {
    let by: Option<PersonId> = unit.actor().person();
    unit.execute(
        "INSERT INTO education_workforce_run (id, model_id, number, version, inputs_sha256, engine, model, answer, ran_at, ran_by) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        values![
            run.id,
            model,
            run.number,
            run.version,
            run.inputs_sha256.as_str(),
            run.engine.as_str(),
            run.model.as_str(),
            run.answer.clone(),
            run.ran_at,
            by.map(|person| person.0)
        ],
    )
    .await?;
    Ok(())
}
