//! The nightly look: every chart judged anew, new special causes told to the facilitators first, and once a quarter a digest to every site. Nothing is told twice.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};
use hiec_access::{grants, people};
use hiec_contracts::{ClusterSeen, ClustersPort};
use hiec_kernel::clock::{london_date, start_of_day};
use hiec_kernel::people::{Actor, Person};
use hiec_kernel::{ClusterId, OrganisationId, Problem, Role, Scope, Timestamp};
use hiec_spc::xmr::Variation;
use hiec_store::{FromQueryResult, Mail, Reads, StoreError, Unit, values};
use hiec_web::AppState;
use hiec_web::capability::{JobHandler, JobWork};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::entering;
use super::judging::variation_of;
use super::periods::PeriodKind;
use super::reading::names;
use super::series::{self, Judgement};
use super::store::{self, Measure, insert_rows};

/// The job that looks at a cluster's charts each night.
pub(crate) const JOB: JobHandler = JobHandler { kind: KIND, run: look_tonight };

const KIND: &str = "delivery.signals";

#[derive(Serialize, Deserialize)]
struct Watch {
    cluster: ClusterId,
}

/// Begins to watch over a cluster's charts, with its first measure. A second time changes nothing.
pub(crate) async fn watch(unit: &Unit, cluster: ClusterId) -> Result<(), Problem> {
    let quarter = PeriodKind::Quarter.start(london_date(unit.now())).to_string();
    unit.execute(
        "INSERT INTO delivery_figures (cluster_id, entries) VALUES ($1, 0) ON CONFLICT (cluster_id) DO NOTHING",
        values![cluster.0],
    )
    .await?;
    let is_new = unit
        .execute(
            "UPDATE delivery_figures SET digest_quarter = $2 WHERE cluster_id = $1 AND digest_quarter IS NULL",
            values![cluster.0, quarter],
        )
        .await?;
    if is_new == 1 {
        unit.job(KIND, &Watch { cluster }, tonight(unit.now())).await?;
    }
    Ok(())
}

/// The next morning at two, before anybody looks.
fn tonight(now: Timestamp) -> Timestamp {
    let tomorrow = london_date(now) + Days::new(1);
    start_of_day(tomorrow).map_or(now + chrono::Duration::days(1), |midnight| midnight + chrono::Duration::hours(2))
}

fn look_tonight(state: AppState, payload: serde_json::Value) -> JobWork {
    Box::pin(async move {
        let Watch { cluster } = serde_json::from_value(payload).map_err(Problem::internal)?;
        let port = state.service::<ClustersPort>()?.clone();
        let Some(cluster) = port.0.by_id(&state.database(), cluster).await? else { return Ok(()) };
        let unit = state.begin(Actor::System("watching the charts".into())).await?;
        let told = look(&unit, &cluster).await?;
        // What is watched ends a year after the cluster: figures may still come in for its last periods.
        if london_date(unit.now()) < cluster.ends_on + Days::new(366) {
            unit.job(KIND, &Watch { cluster: cluster.id }, tonight(unit.now())).await?;
        }
        unit.commit().await?;
        tracing::info!(cluster = cluster.key, told, "looked at the charts");
        Ok(())
    })
}

/// A special cause nobody was told of.
struct Signal<'a> {
    measure: &'a Measure,
    judgement: Judgement,
    icon: Variation,
    period: NaiveDate,
}

/// Judges all charts of a cluster anew and tells what is new; safe to run at any time and often. Answers how many signals were told.
pub(crate) async fn look(unit: &Unit, cluster: &ClusterSeen) -> Result<usize, Problem> {
    let measures: Vec<Measure> =
        store::of_cluster(unit, cluster.id).await?.into_iter().filter(Measure::is_in_force).collect();
    let mut new: Vec<Signal<'_>> = Vec::new();
    for measure in &measures {
        entering::judge_anew(unit, measure).await?;
        let known = told(unit, measure.id).await?;
        for judgement in series::judgements(unit, measure.id).await? {
            let icon = judgement.variation.as_deref().and_then(variation_of);
            let Some((icon, last)) = icon.filter(|icon| *icon != Variation::CommonCause).zip(judgement.last) else {
                continue;
            };
            if !known.contains(&(judgement.series, last.period)) {
                new.push(Signal { measure, judgement, icon, period: last.period });
            }
        }
    }
    note(unit, &new).await?;
    if !new.is_empty() {
        tell_facilitators(unit, cluster, &new).await?;
    }
    digest(unit, cluster, &measures).await?;
    Ok(new.len())
}

async fn told(reads: &impl Reads, measure: Uuid) -> Result<BTreeSet<(Uuid, NaiveDate)>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        series_id: Uuid,
        period: NaiveDate,
    }
    let rows: Vec<Row> = reads
        .all(
            "SELECT g.series_id, g.period FROM delivery_signal g JOIN delivery_series s ON s.id = g.series_id \
             WHERE s.measure_id = $1 ORDER BY g.series_id, g.period",
            values![measure],
        )
        .await?;
    Ok(rows.into_iter().map(|row| (row.series_id, row.period)).collect())
}

async fn note(unit: &Unit, signals: &[Signal<'_>]) -> Result<(), StoreError> {
    let rows = signals
        .iter()
        .map(|one| values![unit.new_id(), one.judgement.series, one.period, one.icon.key(), unit.now()])
        .collect();
    insert_rows(unit, "delivery_signal", &["id", "series_id", "period", "variation", "found_at"], rows, "").await
}

/// Lines of a letter beyond which the page is the better place.
const MOST_LINES: usize = 40;

async fn tell_facilitators(unit: &Unit, cluster: &ClusterSeen, new: &[Signal<'_>]) -> Result<(), Problem> {
    let names = names(unit, new.iter().map(|one| one.judgement.site).collect::<BTreeSet<_>>()).await?;
    let mut body = format!(
        "{} of the charts of {} show a special cause that was not there before. You are told first: look at each before the site \
         and its peers ask. Some are false alarms; the page of measures says how many to expect.\n\n",
        new.len(),
        cluster.short_name
    );
    for one in new.iter().take(MOST_LINES) {
        body.push_str(&format!(
            "- {}, {}, {}: {}\n  {}/sites/{}\n",
            one.measure.title,
            names.get(&one.judgement.site).map_or("a site", String::as_str),
            one.measure.definition.period.name(one.period),
            one.judgement.why,
            one.measure.path(&cluster.path()),
            one.judgement.site
        ));
    }
    if new.len() > MOST_LINES {
        body.push_str(&format!("\nAnd {} more: {}/measures\n", new.len() - MOST_LINES, cluster.path()));
    }
    let subject = match new.len() {
        1 => format!("1 new signal in {}", cluster.short_name),
        several => format!("{several} new signals in {}", cluster.short_name),
    };
    for person in holding(unit, Scope::Cluster(cluster.id.0), Role::Facilitator).await? {
        unit.mail(letter(cluster, &person, subject.clone(), &body)).await?;
    }
    Ok(())
}

/// Those who hold a role in a scope and still have an account.
async fn holding(reads: &impl Reads, scope: Scope, role: Role) -> Result<Vec<Person>, StoreError> {
    let mut found = Vec::new();
    for (person, held) in grants::in_scope(reads, scope).await? {
        if held == role
            && let Some(person) = people::open_by_id(reads, person).await?
        {
            found.push(person);
        }
    }
    Ok(found)
}

fn letter(cluster: &ClusterSeen, person: &Person, subject: String, body: &str) -> Mail {
    Mail {
        to: person.email.clone(),
        person: Some(person.id),
        subject,
        body: format!("Dear {},\n\n{body}", person.name),
        about: Some(format!("cluster:{}", cluster.id)),
    }
}

/// Once a quarter, what a site's own charts say; nothing of anybody else's.
async fn digest(unit: &Unit, cluster: &ClusterSeen, measures: &[Measure]) -> Result<(), Problem> {
    let quarter = PeriodKind::Quarter.start(london_date(unit.now()));
    let is_due = unit
        .execute(
            "UPDATE delivery_figures SET digest_quarter = $2 WHERE cluster_id = $1 AND digest_quarter < $2",
            values![cluster.id.0, quarter.to_string()],
        )
        .await?;
    if is_due == 0 {
        return Ok(());
    }
    let titles: BTreeMap<Uuid, &Measure> = measures.iter().map(|measure| (measure.id, measure)).collect();
    let sites: Vec<OrganisationId> =
        cluster.partners_on(london_date(unit.now())).map(|partner| partner.organisation.id).collect();
    let judgements = series::judgements_of_sites(unit, &sites).await?;
    for site in sites {
        let own: Vec<(&Measure, &Judgement)> = judgements
            .range((site, Uuid::nil())..=(site, Uuid::max()))
            .filter_map(|((_, measure), judgement)| Some((*titles.get(measure)?, judgement)))
            .collect();
        let leads = holding(unit, Scope::Organisation(site.0), Role::SiteLead).await?;
        if own.is_empty() || leads.is_empty() {
            continue;
        }
        let mut body = "What the charts of your site say at the end of the quarter:\n\n".to_owned();
        for (measure, judgement) in own {
            body.push_str(&format!("- {}\n", digest_line(measure, judgement)));
        }
        body.push_str(&format!("\nThe charts: {}/sites/{site}/measures\n", cluster.path()));
        let subject = format!(
            "Your figures in {}, {}",
            cluster.short_name,
            PeriodKind::Quarter.name(PeriodKind::Quarter.before(quarter))
        );
        for person in leads {
            unit.mail(letter(cluster, &person, subject.clone(), &body)).await?;
        }
    }
    Ok(())
}

fn digest_line(measure: &Measure, judgement: &Judgement) -> String {
    let definition = &measure.definition;
    let last = judgement.last.as_ref().map_or_else(
        || "no figure yet".to_owned(),
        |last| {
            let value = definition.value_of(last).map_or_else(|| "no case".to_owned(), |value| definition.words(value));
            format!("{value} in {}", definition.period.name(last.period))
        },
    );
    let says = match judgement.variation.as_deref().and_then(variation_of) {
        Some(icon) => hiec_charts::variation_words(icon).to_owned(),
        None => format!("{} values so far, too few for limits.", judgement.points),
    };
    format!("{}: {last}. {says}", measure.title)
}
