//! Skills as stored, as a tree, and who may assess them; each reaches a handler only through its extractor, which authorises.

use std::collections::BTreeSet;

use hiec_access::policy::Target;
use hiec_contracts::ClusterSeen;
use hiec_kernel::{ClusterId, PersonId, Problem, Timestamp};
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, Unit, values};
use hiec_web::{Loading, Resource};
use serde::Serialize;
use uuid::Uuid;

use crate::ground;
use crate::words::Profession;

/// Groups may stand so deep in each other.
pub(crate) const DEEPEST: usize = 5;

#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct Skill {
    pub id: Uuid,
    #[serde(skip)]
    pub cluster: ClusterId,
    pub parent: Option<Uuid>,
    pub key: String,
    pub name: String,
    pub description: String,
    /// Empty for a group.
    pub criteria: String,
    pub is_group: bool,
    /// How long an award is good for.
    pub months: Option<i64>,
    /// Who may be awarded it; none, everybody.
    pub professions: Vec<String>,
    pub is_illustrative: bool,
}

impl Skill {
    pub fn path(&self, cluster: &ClusterSeen) -> String {
        format!("{}/{}", skills_path(cluster), self.key)
    }

    pub fn is_open_to(&self, profession: &str) -> bool {
        let same = |one: &String| one.to_lowercase() == profession.trim().to_lowercase();
        self.professions.is_empty() || self.professions.iter().any(same)
    }

    /// Its professions in words.
    pub fn open_to(&self) -> String {
        if self.professions.is_empty() { "Every profession".to_owned() } else { self.professions.join(", ") }
    }
}

pub(crate) fn skills_path(cluster: &ClusterSeen) -> String {
    format!("{}/education/skills", cluster.path())
}

/// The door to a cluster's framework.
pub(crate) struct Skills {
    pub cluster: ClusterSeen,
}

/// `/clusters/{cluster}/education/skills`
impl Resource for Skills {
    const KIND: &'static str = "skill";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let Some(cluster) = ground::cluster_of(loading).await? else { return Ok(None) };
        let target = ground::target(&cluster, "skill", cluster.id.0, loading.now);
        Ok(Some((Self { cluster }, target)))
    }
}

/// A skill with its cluster.
pub(crate) struct SkillHere {
    pub cluster: ClusterSeen,
    pub skill: Skill,
}

/// `/clusters/{cluster}/education/skills/{skill}…`
impl Resource for SkillHere {
    const KIND: &'static str = "skill";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let (Some(cluster), Some(key)) = (ground::cluster_of(loading).await?, loading.text("skill")) else {
            return Ok(None);
        };
        let skill = of_cluster(&loading.database, cluster.id).await?.into_iter().find(|skill| skill.key == key);
        Ok(skill.map(|skill| {
            let target = ground::target(&cluster, "skill", skill.id, loading.now);
            (Self { cluster, skill }, target)
        }))
    }
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    cluster_id: Uuid,
    parent_id: Option<Uuid>,
    key: String,
    name: String,
    description: String,
    criteria: String,
    is_group: bool,
    months: Option<i64>,
    is_illustrative: bool,
}

/// A cluster's skills by name.
pub(crate) async fn of_cluster(reads: &impl Reads, cluster: ClusterId) -> Result<Vec<Skill>, StoreError> {
    #[derive(FromQueryResult)]
    struct Open {
        skill_id: Uuid,
        profession: String,
    }
    let rows: Vec<Row> = reads
        .all(
            "SELECT id, cluster_id, parent_id, key, name, description, criteria, is_group, months, is_illustrative \
             FROM education_skill WHERE cluster_id = $1 ORDER BY name, id",
            values![cluster.0],
        )
        .await?;
    let open: Vec<Open> = reads
        .all(
            "SELECT p.skill_id, p.profession FROM education_skill_profession p \
             JOIN education_skill s ON s.id = p.skill_id WHERE s.cluster_id = $1 ORDER BY p.profession",
            values![cluster.0],
        )
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| Skill {
            professions: open.iter().filter(|one| one.skill_id == row.id).map(|one| one.profession.clone()).collect(),
            id: row.id,
            cluster: ClusterId(row.cluster_id),
            parent: row.parent_id,
            key: row.key,
            name: row.name,
            description: row.description,
            criteria: row.criteria,
            is_group: row.is_group,
            months: row.months,
            is_illustrative: row.is_illustrative,
        })
        .collect())
}

/// The skills in the order of the tree, each with its depth. A group whose parents ran in a ring would stand nowhere, so none is lost:
/// what is not reached from the top stands at the top.
pub(crate) fn in_order(skills: &[Skill]) -> Vec<(usize, &Skill)> {
    fn under<'a>(
        skills: &'a [Skill],
        parent: Option<Uuid>,
        depth: usize,
        seen: &mut BTreeSet<Uuid>,
        out: &mut Vec<(usize, &'a Skill)>,
    ) {
        for skill in skills.iter().filter(|skill| skill.parent == parent) {
            if depth <= DEEPEST && seen.insert(skill.id) {
                out.push((depth, skill));
                under(skills, Some(skill.id), depth + 1, seen, out);
            }
        }
    }
    let (mut seen, mut out) = (BTreeSet::new(), Vec::new());
    under(skills, None, 0, &mut seen, &mut out);
    out.extend(skills.iter().filter(|skill| !seen.contains(&skill.id)).map(|skill| (0, skill)));
    out
}

/// The professions that are known: those anybody is trained in here, and those a skill of the framework names besides.
pub(crate) fn known_professions(skills: &[Skill]) -> Vec<String> {
    let mut known: Vec<String> = Profession::ALL.iter().map(|one| one.label().to_owned()).collect();
    let besides: BTreeSet<&String> = skills.iter().flat_map(|skill| &skill.professions).collect();
    for one in besides {
        if !known.iter().any(|own| own.to_lowercase() == one.to_lowercase()) {
            known.push(one.clone());
        }
    }
    known
}

pub(crate) async fn insert(unit: &Unit, skill: &Skill) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO education_skill (id, cluster_id, parent_id, key, name, description, criteria, is_group, months, added_at, is_illustrative) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        values![
            skill.id,
            skill.cluster.0,
            skill.parent,
            skill.key.as_str(),
            skill.name.as_str(),
            skill.description.as_str(),
            skill.criteria.as_str(),
            skill.is_group,
            skill.months,
            unit.now(),
            skill.is_illustrative
        ],
    )
    .await?;
    for profession in &skill.professions {
        unit.execute(
            "INSERT INTO education_skill_profession (skill_id, profession) VALUES ($1, $2)",
            values![skill.id, profession.as_str()],
        )
        .await?;
    }
    Ok(())
}

/// Somebody who may assess a skill.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct Assessor {
    pub person: PersonId,
    pub name: String,
    pub named_at: Timestamp,
}

/// Who may assess a skill now, by name.
pub(crate) async fn assessors(reads: &impl Reads, skill: Uuid) -> Result<Vec<Assessor>, StoreError> {
    #[derive(FromQueryResult)]
    struct Named {
        person_id: Uuid,
        name: String,
        named_at: Timestamp,
    }
    let rows: Vec<Named> = reads
        .all(
            "SELECT a.person_id, p.name, a.named_at FROM education_skill_assessor a JOIN base_person p ON p.id = a.person_id \
             WHERE a.skill_id = $1 AND a.ended_at IS NULL ORDER BY p.name, a.person_id",
            values![skill],
        )
        .await?;
    let named = |row: Named| Assessor { person: PersonId(row.person_id), name: row.name, named_at: row.named_at };
    Ok(rows.into_iter().map(named).collect())
}

pub(crate) async fn is_named(reads: &impl Reads, skill: Uuid, person: PersonId) -> Result<bool, StoreError> {
    let sql = "SELECT COUNT(*) AS n FROM education_skill_assessor WHERE skill_id = $1 AND person_id = $2 AND ended_at IS NULL";
    Ok(reads.count(sql, values![skill, person.0]).await? > 0)
}

pub(crate) async fn name_assessor(unit: &Unit, skill: Uuid, person: PersonId) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO education_skill_assessor (id, skill_id, person_id, named_at) VALUES ($1, $2, $3, $4)",
        values![unit.new_id(), skill, person.0, unit.now()],
    )
    .await?;
    Ok(())
}

/// How many it was: none where they were not named.
pub(crate) async fn end_assessor(unit: &Unit, skill: Uuid, person: PersonId) -> Result<u64, StoreError> {
    let sql =
        "UPDATE education_skill_assessor SET ended_at = $3 WHERE skill_id = $1 AND person_id = $2 AND ended_at IS NULL";
    unit.execute(sql, values![skill, person.0, unit.now()]).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn skill(id: u128, parent: Option<u128>) -> Skill {
        Skill {
            id: Uuid::from_u128(id),
            cluster: ClusterId(Uuid::nil()),
            parent: parent.map(Uuid::from_u128),
            key: id.to_string(),
            name: id.to_string(),
            description: String::new(),
            criteria: String::new(),
            is_group: false,
            months: None,
            professions: vec!["Nursing".into()],
            is_illustrative: false,
        }
    }

    #[test]
    fn the_tree_is_read_in_order_and_loses_nothing_even_in_a_ring() {
        let skills = [
            skill(1, None),
            skill(2, Some(1)),
            skill(3, None),
            skill(4, Some(5)),
            skill(5, Some(4)),
            skill(6, Some(2)),
        ];
        let order: Vec<(usize, u128)> =
            in_order(&skills).iter().map(|(depth, skill)| (*depth, skill.id.as_u128())).collect();
        assert_eq!(order, [(0, 1), (1, 2), (2, 6), (0, 3), (0, 4), (0, 5)]);
    }

    #[test]
    fn a_skill_is_open_to_its_professions() {
        assert!(skill(1, None).is_open_to(" nursing ") && !skill(1, None).is_open_to("Medicine"));
    }
}
