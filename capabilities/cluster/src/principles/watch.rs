//! The principle check for the whole life of a cluster: looked at with every change and once a day; who breaks one hears of it, and so does everyone. It advises, and ends nothing by itself.

use std::collections::BTreeMap;

use chrono::{Duration, NaiveDate};
use hiec_contracts::Breach;
use hiec_kernel::clock::london_date;
use hiec_kernel::people::Actor;
use hiec_kernel::{ClusterId, Problem};
use hiec_principles::{Finding, Partner, Presence, PrincipleRule, Snapshot, Verdict, check, says_something};
use hiec_store::database::StoreError;
use hiec_store::{AuditEvent, FromQueryResult, Reads, Unit, values};
use hiec_web::capability::{JobHandler, JobWork};
use hiec_web::{AppState, Site};
use serde::{Deserialize, Serialize};

use crate::clusters::circle;
use crate::clusters::store::{self as clusters, Cluster};
use crate::constitution::store::{self as constitutions, Constitution};
use crate::health::asking;
use crate::links::store as links;
use crate::partners::store::{self as partners, Membership};

/// The job that looks once a day, for changes made elsewhere: an organisation's functions in the register, a day that came.
pub(crate) const JOB: JobHandler = JobHandler { kind: KIND, run: every_day };

const KIND: &str = "cluster.principles";

#[derive(Serialize, Deserialize)]
struct Watch {
    cluster: ClusterId,
}

/// The verdict on a principle changed.
#[derive(Serialize)]
struct PrincipleMoved<'a> {
    principle: &'a str,
    from: &'a str,
    to: &'a str,
    why: &'a str,
    cause: &'a str,
}

impl AuditEvent for PrincipleMoved<'_> {
    const KIND: &'static str = "principle.moved";

    fn reason(&self) -> Option<&str> {
        Some(self.cause)
    }
}

/// How a cluster stands with its principles on a day.
pub(crate) async fn findings(
    reads: &impl Reads,
    cluster: &Cluster,
    day: NaiveDate,
) -> Result<Vec<Finding>, StoreError> {
    let constitution = constitutions::of(reads, cluster.id).await?;
    let members = partners::of_cluster(reads, cluster.id).await?;
    let links = links::in_words(reads, cluster.id, day).await?;
    Ok(check(&constitution.rules, &snapshot(cluster, &constitution, &members, &links, day)))
}

/// The principles it does not meet on a day, for others.
pub(crate) async fn breaches(reads: &impl Reads, cluster: &Cluster, day: NaiveDate) -> Result<Vec<Breach>, StoreError> {
    let findings = findings(reads, cluster, day).await?;
    let broken = findings.into_iter().filter(|finding| finding.verdict == Verdict::NotMet);
    Ok(broken.map(|finding| Breach { principle: finding.name, why: finding.why }).collect())
}

/// What is checked: who belongs on the day, what is written, and what the cluster shows in its own records (professions of partners,
/// links with a purpose and an owner), which count with what is written of them.
fn snapshot(
    cluster: &Cluster,
    constitution: &Constitution,
    members: &[Membership],
    links: &str,
    day: NaiveDate,
) -> Snapshot {
    let here: Vec<&Membership> = members.iter().filter(|one| one.is_partner_on(day)).collect();
    let mut answers: BTreeMap<String, String> =
        constitution.statements.iter().map(|said| (said.key.clone(), said.text.clone())).collect();
    let mut add = |key: &str, text: &str| {
        let said = answers.entry(key.to_owned()).or_default();
        if says_something(text) {
            *said = if said.is_empty() { text.to_owned() } else { format!("{said}\n{text}") };
        }
    };
    for principle in &constitution.rules.principles {
        match &principle.rule {
            PrincipleRule::Professions { list, .. } => {
                here.iter().flat_map(|one| &one.professions).for_each(|profession| add(list, profession));
            }
            PrincipleRule::Accountability { links: key, .. } => add(key, links),
            _ => {}
        }
    }
    let legal_form = (!cluster.legal_form.is_empty()).then(|| cluster.legal_form.clone());
    Snapshot {
        partners: here
            .into_iter()
            .map(|one| Partner { organisation: one.organisation.clone(), presence: Presence::Member })
            .collect(),
        legal_form,
        // A contract with the lead binds in law without a body of the cluster's own.
        region_wants_binding_contracts: constitution.terms.wants_binding_contracts
            && constitution.terms.contract != Some(crate::constitution::rules::Contract::Lead),
        answers,
    }
}

#[derive(FromQueryResult)]
struct Row {
    principle: String,
    verdict: String,
}

async fn last_seen(reads: &impl Reads, cluster: ClusterId) -> Result<BTreeMap<String, String>, StoreError> {
    let rows: Vec<Row> = reads
        .all(
            "SELECT principle, verdict FROM cluster_principle WHERE cluster_id = $1 ORDER BY principle",
            values![cluster.0],
        )
        .await?;
    Ok(rows.into_iter().map(|row| (row.principle, row.verdict)).collect())
}

/// Notes how a new cluster stands, without telling anybody, and begins to look every day.
pub(crate) async fn begin(unit: &mut Unit, cluster: &Cluster) -> Result<(), Problem> {
    let day = london_date(unit.now());
    for finding in findings(unit, cluster, day).await? {
        note(unit, cluster.id, &finding).await?;
    }
    unit.job(KIND, &Watch { cluster: cluster.id }, unit.now() + Duration::days(1)).await?;
    Ok(())
}

async fn note(unit: &Unit, cluster: ClusterId, finding: &Finding) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO cluster_principle (cluster_id, principle, verdict, why, since) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (cluster_id, principle) DO UPDATE SET verdict = excluded.verdict, why = excluded.why, since = excluded.since",
        values![
            cluster.0,
            finding.principle.clone(),
            finding.verdict.label(),
            finding.why.clone(),
            unit.now()
        ],
    )
    .await?;
    Ok(())
}

/// Looks, keeps what changed on the record, and tells everyone of what broke; answers how many principles broke.
/// `cause` says what happened: "Example Surgery left".
pub(crate) async fn look(unit: &mut Unit, site: &Site, cluster: &Cluster, cause: &str) -> Result<usize, Problem> {
    let before = last_seen(unit, cluster.id).await?;
    let mut broken = Vec::new();
    for finding in findings(unit, cluster, london_date(unit.now())).await? {
        let from = before.get(&finding.principle).map_or("", String::as_str);
        let to = finding.verdict.label();
        if from == to {
            continue;
        }
        note(unit, cluster.id, &finding).await?;
        let event = PrincipleMoved { principle: &finding.principle, from, to, why: &finding.why, cause };
        unit.audit(cluster.stream(), format!("cluster:{}", cluster.id), &event)?;
        if finding.verdict == Verdict::NotMet {
            broken.push(finding);
        }
    }
    if !broken.is_empty() {
        tell(unit, site, cluster, cause, &broken).await?;
    }
    Ok(broken.len())
}

async fn tell(unit: &Unit, site: &Site, cluster: &Cluster, cause: &str, broken: &[Finding]) -> Result<(), Problem> {
    use std::fmt::Write as _;
    let mut body = format!("{cause}. Since then {} does not meet:\n", cluster.short_name);
    for finding in broken {
        let written = write!(body, "\n{}\n{}\n", finding.name, finding.why);
        written.map_err(Problem::internal)?;
        for mend in &finding.mend {
            writeln!(body, "What would mend it: {mend}").map_err(Problem::internal)?;
        }
    }
    write!(
        body,
        "\nEveryone of the cluster and its region gets this letter. How it stands with all its principles:\n{}\n",
        site.link(&format!("{}/principles", cluster.path()))
    )
    .map_err(Problem::internal)?;
    let subject = format!("{} no longer meets a principle", cluster.short_name);
    let to = circle::everyone(unit, cluster).await?;
    circle::write(unit, cluster, &to, &subject, &body).await
}

/// Looks at a cluster, writes to partners that have not spoken of the last quarter, and asks for the next look while its term lasts.
fn every_day(state: AppState, payload: serde_json::Value) -> JobWork {
    Box::pin(async move {
        let watch: Watch = serde_json::from_value(payload).map_err(Problem::internal)?;
        let mut unit = state.begin(Actor::System("watching the principles".into())).await?;
        let Some(cluster) = clusters::by_id(&unit, watch.cluster).await? else {
            return Ok(());
        };
        let today = london_date(unit.now());
        if today <= cluster.ends_on {
            look(&mut unit, state.site(), &cluster, "Something changed in the register, or a day came").await?;
        }
        asking::ask_by_time(state.site(), &mut unit, &cluster).await?;
        // Partners speak of the last quarter when it is over.
        if today < cluster.ends_on + Duration::days(31) {
            unit.job(KIND, &watch, unit.now() + Duration::days(1)).await?;
        }
        Ok(unit.commit().await?)
    })
}
