//! The sums of breadth: which settings and pathway steps a trainee's experience covers, and which their programme offers and they still miss.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use hiec_kernel::organisations::Setting;
use hiec_store::database::StoreError;
use hiec_store::{Database, FromQueryResult, Reads, values};
use serde::Serialize;
use uuid::Uuid;

use super::{Experience, Gathering};
use crate::trainees::store::Trainee;

#[derive(FromQueryResult)]
struct PlacedRow {
    id: Uuid,
    number: String,
    host_id: Uuid,
    setting: String,
    starts_on: NaiveDate,
    ends_on: NaiveDate,
}

#[derive(FromQueryResult)]
struct TaughtRow {
    host_id: Uuid,
    step_id: Uuid,
}

/// Placements in posts: the setting of the post, and the steps at which its host teaches outcomes of the trainee's programme.
pub(crate) fn from_placements<'a>(database: &'a Database, trainee: &'a Trainee) -> Gathering<'a> {
    Box::pin(async move {
        let placed: Vec<PlacedRow> = database
            .all(
                "SELECT x.id, p.number, p.host_id, p.setting, x.starts_on, x.ends_on FROM education_placement x \
                 JOIN education_post p ON p.id = x.post_id \
                 WHERE x.trainee_id = $1 AND x.state <> 'cancelled' ORDER BY x.starts_on, x.id",
                values![trainee.id],
            )
            .await?;
        let taught: Vec<TaughtRow> = database
            .all(
                "SELECT DISTINCT t.host_id, t.step_id FROM education_teaching t JOIN education_outcome o ON o.id = t.outcome_id \
                 WHERE o.programme_id = $1 ORDER BY t.host_id, t.step_id",
                values![trainee.programme],
            )
            .await?;
        let mut steps: BTreeMap<Uuid, Vec<Uuid>> = BTreeMap::new();
        for row in taught {
            steps.entry(row.host_id).or_default().push(row.step_id);
        }
        Ok(placed
            .into_iter()
            .map(|row| Experience {
                words: format!("Placement in {}", row.number),
                path: format!("education/placements/{}", row.id),
                from: row.starts_on,
                to: row.ends_on,
                setting: Setting::from_key(&row.setting),
                steps: steps.get(&row.host_id).cloned().unwrap_or_default(),
            })
            .collect())
    })
}

/// How far something is met.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Extent {
    Missing,
    Planned,
    Met,
}

impl Extent {
    pub fn label(self) -> &'static str {
        match self {
            Self::Missing => "Missing",
            Self::Planned => "Planned",
            Self::Met => "Met",
        }
    }
}

/// Days spent and how far a thing is met, for each of what the programme offers.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct Covered<T> {
    pub what: T,
    pub met: Extent,
    /// Days up to today, where experiences overlap counted once.
    pub days: i64,
}

/// What these experiences cover of what is offered, as of a day: met where one began by then, planned where one is to come.
pub(crate) fn covered<T: Copy + Ord>(
    offered: impl IntoIterator<Item = T>,
    experiences: &[Experience],
    of: impl Fn(&Experience) -> Vec<T>,
    today: NaiveDate,
) -> Vec<Covered<T>> {
    let offered: BTreeSet<T> = offered.into_iter().collect();
    offered
        .into_iter()
        .map(|what| {
            let here: Vec<&Experience> = experiences.iter().filter(|one| of(one).contains(&what)).collect();
            let met = match here.iter().any(|one| one.from <= today) {
                true => Extent::Met,
                false if here.is_empty() => Extent::Missing,
                false => Extent::Planned,
            };
            Covered { what, met, days: days_until(&here, today) }
        })
        .collect()
}

/// Days covered by at least one of these up to a day.
fn days_until(here: &[&Experience], today: NaiveDate) -> i64 {
    let mut spans: Vec<(NaiveDate, NaiveDate)> =
        here.iter().filter(|one| one.from <= today).map(|one| (one.from, one.to.min(today))).collect();
    spans.sort_unstable();
    let mut days = 0;
    let mut reached: Option<NaiveDate> = None;
    for (from, to) in spans {
        let begin = match reached {
            Some(last) if last >= from => last.succ_opt().unwrap_or(last),
            _ => from,
        };
        days += (to.signed_duration_since(begin).num_days() + 1).max(0);
        reached = reached.max(Some(to));
    }
    days
}

/// The settings a programme's posts offer.
pub(crate) async fn settings_offered(reads: &impl Reads, programme: Uuid) -> Result<BTreeSet<Setting>, StoreError> {
    #[derive(FromQueryResult)]
    struct Offered {
        setting: String,
    }
    let rows: Vec<Offered> = reads
        .all(
            "SELECT DISTINCT p.setting FROM education_post p WHERE p.id IN \
             (SELECT post_id FROM education_post_programme WHERE programme_id = $1) ORDER BY p.setting",
            values![programme],
        )
        .await?;
    Ok(rows.iter().filter_map(|row| Setting::from_key(&row.setting)).collect())
}

/// The settings a trainee's programme offers and no placement of theirs, past or planned, has brought or will bring: what weighs in where
/// breadth does (see the rounds of placements).
pub(crate) async fn missing_settings(reads: &impl Reads, trainee: &Trainee) -> Result<BTreeSet<Setting>, StoreError> {
    #[derive(FromQueryResult)]
    struct Had {
        setting: String,
    }
    let had: Vec<Had> = reads
        .all(
            "SELECT DISTINCT p.setting FROM education_placement x JOIN education_post p ON p.id = x.post_id \
             WHERE x.trainee_id = $1 AND x.state <> 'cancelled' ORDER BY p.setting",
            values![trainee.id],
        )
        .await?;
    let had: BTreeSet<Setting> = had.iter().filter_map(|row| Setting::from_key(&row.setting)).collect();
    Ok(settings_offered(reads, trainee.programme).await?.difference(&had).copied().collect())
}

/// The same of all trainees of a cluster who miss any, in two statements.
pub(crate) async fn all_missing_settings(
    reads: &impl Reads,
    cluster: hiec_kernel::ClusterId,
) -> Result<BTreeMap<Uuid, BTreeSet<Setting>>, StoreError> {
    #[derive(FromQueryResult)]
    struct Pair {
        id: Uuid,
        setting: String,
    }
    let offered: Vec<Pair> = reads
        .all(
            "SELECT DISTINCT t.id, p.setting FROM education_trainee t \
             JOIN education_post_programme f ON f.programme_id = t.programme_id JOIN education_post p ON p.id = f.post_id \
             WHERE t.cluster_id = $1 ORDER BY t.id, p.setting",
            values![cluster.0],
        )
        .await?;
    let had: Vec<Pair> = reads
        .all(
            "SELECT DISTINCT x.trainee_id AS id, p.setting FROM education_placement x JOIN education_post p ON p.id = x.post_id \
             WHERE x.cluster_id = $1 AND x.state <> 'cancelled' ORDER BY 1, 2",
            values![cluster.0],
        )
        .await?;
    let had: BTreeSet<(Uuid, String)> = had.into_iter().map(|pair| (pair.id, pair.setting)).collect();
    let mut missing: BTreeMap<Uuid, BTreeSet<Setting>> = BTreeMap::new();
    for pair in offered {
        let setting = Setting::from_key(&pair.setting);
        if let Some(setting) = setting.filter(|_| !had.contains(&(pair.id, pair.setting.clone()))) {
            missing.entry(pair.id).or_default().insert(setting);
        }
    }
    Ok(missing)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(nth: i64) -> NaiveDate {
        NaiveDate::from_ymd_opt(2010, 8, 1).unwrap() + chrono::Duration::days(nth)
    }

    fn stay(setting: Setting, from: i64, to: i64) -> Experience {
        Experience {
            words: "Placement".into(),
            path: String::new(),
            from: day(from),
            to: day(to),
            setting: Some(setting),
            steps: vec![],
        }
    }

    #[test]
    fn what_began_is_met_what_is_to_come_is_planned_and_the_rest_is_missing() {
        let all = [
            stay(Setting::Primary, 0, 9),
            stay(Setting::Primary, 5, 14),
            stay(Setting::Secondary, 15, 40),
            stay(Setting::Community, 41, 60),
        ];
        let offered = [Setting::Primary, Setting::Secondary, Setting::Community, Setting::MentalHealth];
        let told = covered(offered, &all, |one| one.setting.into_iter().collect(), day(20));
        let of = |setting| told.iter().find(|one| one.what == setting).map(|one| (one.met, one.days)).unwrap();
        assert_eq!(of(Setting::Primary), (Extent::Met, 15));
        assert_eq!(of(Setting::Secondary), (Extent::Met, 6));
        assert_eq!(of(Setting::Community), (Extent::Planned, 0));
        assert_eq!(of(Setting::MentalHealth), (Extent::Missing, 0));
    }
}
