//! The constitution of a cluster as stored: the rules it is held to, what it says of itself, its terms. It judges nothing.

use hiec_contracts::Statement;
use hiec_kernel::{ClusterId, Problem};
use hiec_principles::Rules;
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, Unit, values};
use serde::{Deserialize, Serialize};

use super::rules::Terms;

/// What a cluster is by law and by its own words.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Constitution {
    pub rules: Rules,
    /// What the cluster says where a principle asks, in the order of the questions.
    pub statements: Vec<Statement>,
    #[serde(default)]
    pub terms: Terms,
}

/// The principles of 2009 with their questions, for a cluster founded without a call.
const USUAL: &str = include_str!("../../data/principles.json");

/// The constitution a cluster founded afresh begins with: the usual rules, nothing said yet.
pub fn usual() -> Result<Constitution, serde_json::Error> {
    serde_json::from_str(USUAL)
}

#[derive(FromQueryResult)]
struct Row {
    rules: serde_json::Value,
    statements: serde_json::Value,
    terms: serde_json::Value,
}

/// A cluster always has one; where none is stored, the usual one stands.
pub(crate) async fn of(reads: &impl Reads, cluster: ClusterId) -> Result<Constitution, StoreError> {
    let sql = "SELECT rules, statements, terms FROM cluster_constitution WHERE cluster_id = $1";
    match reads.one::<Row>(sql, values![cluster.0]).await? {
        Some(row) => Ok(Constitution {
            rules: serde_json::from_value(row.rules)?,
            statements: serde_json::from_value(row.statements)?,
            terms: serde_json::from_value(row.terms)?,
        }),
        None => Ok(usual()?),
    }
}

pub(crate) async fn put(unit: &Unit, cluster: ClusterId, constitution: &Constitution) -> Result<(), Problem> {
    unit.execute(
        "INSERT INTO cluster_constitution (cluster_id, rules, statements, terms, changed_at, version) VALUES ($1, $2, $3, $4, $5, 1) \
         ON CONFLICT (cluster_id) DO UPDATE SET rules = excluded.rules, statements = excluded.statements, \
         terms = excluded.terms, changed_at = excluded.changed_at, version = cluster_constitution.version + 1",
        values![
            cluster.0,
            serde_json::to_value(&constitution.rules).map_err(Problem::internal)?,
            serde_json::to_value(&constitution.statements).map_err(Problem::internal)?,
            serde_json::to_value(&constitution.terms).map_err(Problem::internal)?,
            unit.now()
        ],
    )
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_rules_ask_only_what_has_a_question() {
        let usual = usual().unwrap();
        assert_eq!(usual.rules.principles.len(), 7);
        for principle in &usual.rules.principles {
            for key in principle.rule.statements() {
                assert!(usual.statements.iter().any(|statement| statement.key == key), "{key}");
            }
        }
    }
}
