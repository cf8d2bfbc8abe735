//! How quality weighs on money on any day, as known now or on a day: the rule in force, and how a host stood when it looked. It pays nobody.

use chrono::NaiveDate;
use hiec_kernel::clock::london_date;
use hiec_kernel::{ClusterId, OrganisationId, Timestamp};
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, Value, values};
use uuid::Uuid;

use super::funding::{HostStanding, Outcome, Rule};
use super::standing::{Escalation, Step};

/// Everything a rule looks at, with the days on which it came about.
#[derive(Clone, Debug, Default)]
pub(crate) struct History {
    /// Published ones, the newest first.
    rules: Vec<Published>,
    /// Finished ones, the newest year first.
    assessments: Vec<Assessed>,
    /// By host, the last first.
    levels: Vec<Level>,
    /// Immediate requirements.
    immediate: Vec<Immediate>,
}

#[derive(Clone, Debug)]
struct Published {
    version: i64,
    rule: Rule,
    published_on: NaiveDate,
    from: NaiveDate,
    is_illustrative: bool,
}

#[derive(Clone, Debug)]
struct Assessed {
    id: Uuid,
    host: OrganisationId,
    period: String,
    on: NaiveDate,
    score: Option<i64>,
    is_illustrative: bool,
}

#[derive(Clone, Debug)]
struct Level {
    host: OrganisationId,
    level: Escalation,
    on: NaiveDate,
}

#[derive(Clone, Debug)]
struct Immediate {
    host: OrganisationId,
    set_on: NaiveDate,
    /// From this day on it is open no more.
    closed_on: Option<NaiveDate>,
}

/// What the rule in force says of a host on a day.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct OnDay {
    pub version: i64,
    /// The self-assessment it looked at, and the academic year that is about.
    pub assessment: Option<(Uuid, String)>,
    pub outcome: Outcome,
    pub is_illustrative: bool,
}

impl History {
    /// Of one host, or of all.
    pub async fn load(
        reads: &impl Reads,
        cluster: ClusterId,
        host: Option<OrganisationId>,
    ) -> Result<Self, StoreError> {
        let rules = published(reads, cluster).await?;
        if rules.is_empty() {
            // Without a rule nothing weighs, so nothing is looked at.
            return Ok(Self::default());
        }
        Ok(Self {
            rules,
            assessments: assessments(reads, cluster, host).await?,
            levels: levels(reads, cluster, host).await?,
            immediate: immediate(reads, cluster, host).await?,
        })
    }

    pub fn has_rules(&self) -> bool {
        !self.rules.is_empty()
    }

    /// The days on which what is said of a host may become something else.
    pub fn turns(&self, host: OrganisationId) -> Vec<NaiveDate> {
        let assessed = self.assessments.iter().filter(|one| one.host == host).map(|one| one.on);
        let levels = self.levels.iter().filter(|one| one.host == host).map(|one| one.on);
        let immediate = self.immediate.iter().filter(|one| one.host == host);
        let immediate = immediate.flat_map(|one| [Some(one.set_on), one.closed_on]).flatten();
        let rules = self.rules.iter().map(|one| one.from);
        rules.chain(assessed).chain(levels).chain(immediate).collect()
    }

    /// What the rule in force on this day says of a host as it stood that day; nothing where no rule was in force. With `known_on`,
    /// what came about later does not count.
    pub fn on(&self, host: OrganisationId, day: NaiveDate, known_on: Option<NaiveDate>) -> Option<OnDay> {
        // Nothing that is recorded on a day counts before it.
        let until = known_on.map_or(day, |known| known.min(day));
        let is_known = |on: NaiveDate| known_on.is_none_or(|known| on <= known);
        let rule = self.rules.iter().find(|rule| is_known(rule.published_on) && rule.from <= day)?;
        let assessed = self.assessments.iter().find(|one| one.host == host && one.on <= until);
        let level = self.levels.iter().find(|one| one.host == host && one.on <= until);
        let is_open = |one: &&Immediate| {
            one.host == host && one.set_on <= until && one.closed_on.is_none_or(|closed| until < closed)
        };
        let standing = HostStanding {
            host: host.0,
            name: String::new(),
            score: assessed.and_then(|one| one.score),
            escalation: level.map_or(Escalation::Usual, |one| one.level),
            immediate_open: self.immediate.iter().filter(is_open).count(),
        };
        Some(OnDay {
            version: rule.version,
            assessment: assessed.map(|one| (one.id, one.period.clone())),
            outcome: rule.rule.outcome(&standing),
            is_illustrative: rule.is_illustrative || assessed.is_some_and(|one| one.is_illustrative),
        })
    }
}

/// A condition on the host, where one is asked for; its value follows the cluster's.
fn of_host(cluster: ClusterId, host: Option<OrganisationId>) -> (&'static str, Vec<Value>) {
    match host {
        Some(host) => (" AND host_id = $2", values![cluster.0, host.0]),
        None => ("", values![cluster.0]),
    }
}

async fn published(reads: &impl Reads, cluster: ClusterId) -> Result<Vec<Published>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        version: i64,
        rule: serde_json::Value,
        published_at: Timestamp,
        from_day: NaiveDate,
        is_illustrative: bool,
    }
    let sql = "SELECT version, rule, published_at, from_day, is_illustrative FROM education_quality_rule \
               WHERE cluster_id = $1 AND published_at IS NOT NULL AND from_day IS NOT NULL ORDER BY version DESC";
    let rows: Vec<Row> = reads.all(sql, values![cluster.0]).await?;
    let rule = |row: Row| {
        Ok(Published {
            version: row.version,
            rule: serde_json::from_value(row.rule)?,
            published_on: london_date(row.published_at),
            from: row.from_day,
            is_illustrative: row.is_illustrative,
        })
    };
    rows.into_iter().map(rule).collect()
}

async fn assessments(
    reads: &impl Reads,
    cluster: ClusterId,
    host: Option<OrganisationId>,
) -> Result<Vec<Assessed>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
        host_id: Uuid,
        period: String,
        submitted_at: Timestamp,
        score: Option<i64>,
        is_illustrative: bool,
    }
    let (of, values) = of_host(cluster, host);
    let sql = format!(
        "SELECT id, host_id, period, submitted_at, score, is_illustrative FROM education_assessment \
         WHERE cluster_id = $1{of} AND submitted_at IS NOT NULL ORDER BY period DESC, id"
    );
    let rows: Vec<Row> = reads.all(&sql, values).await?;
    let assessed = |row: Row| Assessed {
        id: row.id,
        host: OrganisationId(row.host_id),
        period: row.period,
        on: london_date(row.submitted_at),
        score: row.score,
        is_illustrative: row.is_illustrative,
    };
    Ok(rows.into_iter().map(assessed).collect())
}

async fn levels(
    reads: &impl Reads,
    cluster: ClusterId,
    host: Option<OrganisationId>,
) -> Result<Vec<Level>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        host_id: Uuid,
        level: String,
        decided_at: Timestamp,
    }
    let (of, values) = of_host(cluster, host);
    let sql = format!(
        "SELECT host_id, level, decided_at FROM education_escalation WHERE cluster_id = $1{of} ORDER BY host_id, nth DESC"
    );
    let rows: Vec<Row> = reads.all(&sql, values).await?;
    let level = |row: Row| {
        let level = Escalation::from_key(&row.level)?;
        Some(Level { host: OrganisationId(row.host_id), level, on: london_date(row.decided_at) })
    };
    Ok(rows.into_iter().filter_map(level).collect())
}

async fn immediate(
    reads: &impl Reads,
    cluster: ClusterId,
    host: Option<OrganisationId>,
) -> Result<Vec<Immediate>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        host_id: Uuid,
        set_on: NaiveDate,
        step: Option<serde_json::Value>,
        said_at: Option<Timestamp>,
    }
    // Nobody takes a step after the one that closes it, so the last says whether it is closed.
    let (of, values) = of_host(cluster, host);
    let sql = format!(
        "SELECT r.host_id, r.set_on, s.step, s.said_at FROM education_requirement r \
         LEFT JOIN education_requirement_step s ON s.requirement_id = r.id AND s.nth = \
         (SELECT MAX(nth) FROM education_requirement_step WHERE requirement_id = r.id) \
         WHERE r.cluster_id = $1{of} AND r.kind = 'immediate' ORDER BY r.set_on, r.id"
    );
    let rows: Vec<Row> = reads.all(&sql, values).await?;
    let one = |row: Row| {
        let step: Option<Step> = row.step.map(serde_json::from_value).transpose()?;
        let closed = matches!(step, Some(Step::Closed { .. })).then_some(row.said_at).flatten();
        let host = OrganisationId(row.host_id);
        Ok(Immediate { host, set_on: row.set_on, closed_on: closed.map(london_date) })
    };
    rows.into_iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOST: OrganisationId = OrganisationId(Uuid::from_u128(1));

    fn day(written: &str) -> NaiveDate {
        written.parse().unwrap()
    }

    fn rule(version: i64, published_on: &str, from: &str, premium: i64) -> Published {
        let rule = Rule {
            premium_from: 7_500,
            premium,
            hold_below: 4_000,
            hold_from: Escalation::Major,
            immediate_holds: true,
        };
        Published { version, rule, published_on: day(published_on), from: day(from), is_illustrative: false }
    }

    fn history() -> History {
        let assessed = |nth, period: &str, on: &str, score| Assessed {
            id: Uuid::from_u128(nth),
            host: HOST,
            period: period.into(),
            on: day(on),
            score: Some(score),
            is_illustrative: false,
        };
        History {
            rules: vec![rule(2, "2011-06-01", "2011-07-01", 300), rule(1, "2011-02-28", "2011-04-01", 200)],
            assessments: vec![assessed(2, "2011/12", "2011-09-20", 9_000), assessed(1, "2010/11", "2010-09-20", 8_000)],
            levels: vec![Level { host: HOST, level: Escalation::Major, on: day("2011-10-01") }],
            immediate: vec![Immediate { host: HOST, set_on: day("2011-05-01"), closed_on: Some(day("2011-05-08")) }],
        }
    }

    #[test]
    fn every_day_has_the_rule_and_the_standing_of_that_day() {
        let on = |written: &str| {
            history().on(HOST, day(written), None).map(|on| (on.version, on.outcome.premium, on.outcome.score))
        };
        assert_eq!(on("2011-03-31"), None);
        assert_eq!(on("2011-04-01"), Some((1, 200, Some(8_000))));
        assert_eq!(on("2011-05-01"), Some((1, 0, Some(8_000))));
        assert_eq!(on("2011-05-08"), Some((1, 200, Some(8_000))));
        assert_eq!(on("2011-07-01"), Some((2, 300, Some(8_000))));
        assert_eq!(on("2011-09-20"), Some((2, 300, Some(9_000))));
        assert_eq!(on("2011-10-01"), Some((2, 0, Some(9_000))));
        assert_eq!(
            history().on(OrganisationId(Uuid::from_u128(9)), day("2011-08-01"), None).unwrap().outcome.premium,
            0
        );
    }

    #[test]
    fn as_known_on_a_day_nothing_later_counts() {
        let on = |known: &str| {
            let on = history().on(HOST, day("2011-11-01"), Some(day(known)));
            on.map(|on| (on.version, on.outcome.premium, on.assessment.map(|(_, period)| period)))
        };
        assert_eq!(on("2011-02-27"), None);
        assert_eq!(on("2011-03-01"), Some((1, 200, Some("2010/11".into()))));
        // Closed on the eighth: on the fifth it was open, and nobody knew for how long.
        assert_eq!(on("2011-05-05"), Some((1, 0, Some("2010/11".into()))));
        assert_eq!(on("2011-06-01"), Some((2, 300, Some("2010/11".into()))));
        assert_eq!(on("2011-10-01"), Some((2, 0, Some("2011/12".into()))));
    }
}
