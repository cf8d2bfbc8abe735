//! How long a year's worth of a big cluster takes: 1,000 sites × 20 measures × 48 months imported with validation, the pages people come back to, the nightly look, and the memory of it all. It judges nothing; it prints.
#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench stops at the first surprise and tells on the terminal"
)]

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use chrono::{Months, NaiveDate};
use hiec_contracts::{ClusterSeen, Clusters, ClustersPort, PartnerSeen, Standing};
use hiec_delivery::measures::importing;
use hiec_kernel::clock::{FixedClock, from_london};
use hiec_kernel::organisations::{Function, Organisation, Sector, Setting};
use hiec_kernel::people::Actor;
use hiec_kernel::{ClusterId, OrganisationId, Role, Scope};
use hiec_store::database::StoreError;
use hiec_store::{Database, organisations};
use hiec_testkit::Browser;
use hiec_teststand::Stand;
use uuid::Uuid;

/// Answers with one cluster.
struct One(ClusterSeen);

#[async_trait]
impl Clusters for One {
    async fn by_key(&self, _: &Database, key: &str) -> Result<Option<ClusterSeen>, StoreError> {
        Ok((self.0.key == key).then(|| self.0.clone()))
    }

    async fn by_id(&self, _: &Database, id: ClusterId) -> Result<Option<ClusterSeen>, StoreError> {
        Ok((self.0.id == id).then(|| self.0.clone()))
    }

    async fn all(&self, _: &Database) -> Result<Vec<ClusterSeen>, StoreError> {
        Ok(vec![self.0.clone()])
    }

    async fn of_organisation(&self, _: &Database, _: OrganisationId) -> Result<Vec<ClusterSeen>, StoreError> {
        Ok(vec![self.0.clone()])
    }

    async fn standing(&self, _: &Database, _: ClusterId, _: NaiveDate, _: NaiveDate) -> Result<Standing, StoreError> {
        Ok(Standing::default())
    }
}

/// How much is loaded.
#[derive(Clone, Copy)]
struct Size {
    sites: usize,
    measures: usize,
    months: usize,
}

fn size() -> Size {
    let asked = |name: &str, usual: usize| std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual);
    Size {
        sites: asked("HIEC_BENCH_SITES", 1_000),
        measures: asked("HIEC_BENCH_MEASURES", 20),
        months: asked("HIEC_BENCH_MONTHS", 48),
    }
}

fn cluster(size: Size) -> ClusterSeen {
    let starts_on = NaiveDate::from_ymd_opt(2010, 1, 1).expect("a day");
    let partners = (1..=size.sites).map(|nth| PartnerSeen {
        organisation: Organisation {
            id: OrganisationId(Uuid::from_u128(1_000 + nth as u128)),
            ods_code: Some(format!("X{nth:04}")),
            name: format!("Site {nth:04}"),
            sector: Sector::Nhs,
            settings: vec![Setting::Secondary],
            functions: vec![Function::ProvidesCare],
            region: None,
            postcode: None,
            is_illustrative: true,
        },
        role: "Member",
        since: starts_on,
        until: None,
    });
    ClusterSeen {
        id: ClusterId(Uuid::from_u128(7)),
        key: "big".into(),
        name: "A big cluster".into(),
        short_name: "Big".into(),
        region: None,
        programme: None,
        lead: OrganisationId(Uuid::from_u128(1_001)),
        starts_on,
        ends_on: NaiveDate::from_ymd_opt(2020, 1, 1).expect("a day"),
        is_illustrative: true,
        partners: partners.collect(),
    }
}

/// The table to import: parts of a whole that vary, and now and then shift.
fn table(size: Size) -> String {
    let first = NaiveDate::from_ymd_opt(2011, 1, 1).expect("a day");
    let mut text = String::with_capacity(size.sites * size.measures * size.months * 40);
    text.push_str("measure,site,period,numerator,denominator\n");
    let mut state: u32 = 12_345;
    for site in 1..=size.sites {
        for measure in 1..=size.measures {
            for month in 0..size.months {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let shift = if site % 17 == 0 && month > size.months / 2 { 12 } else { 0 };
                let numerator = 40 + (state >> 24) % 21 + shift;
                let period = first + Months::new(u32::try_from(month).expect("few months"));
                let _ = writeln!(text, "measure-{measure:02},X{site:04},{period},{numerator},100");
            }
        }
    }
    text
}

async fn define(browser: &mut Browser, decider: &mut Browser, measure: usize) {
    let (key, title) = (format!("measure-{measure:02}"), format!("Measure {measure:02}"));
    let form = [
        ("key", key.as_str()),
        ("title", title.as_str()),
        ("numerator", "Those who"),
        ("denominator", "All"),
        ("kind", "proportion"),
        ("aim", "up"),
        ("target", "60"),
        ("period", "month"),
        ("chart", "xmr"),
        ("owner", "The bench"),
        ("source", "Made up"),
        ("small_numbers", "none"),
        ("sharing_terms", "All see all"),
        ("sharing", "named"),
        ("review-day", "1"),
        ("review-month", "1"),
        ("review-year", "2016"),
        ("due_days", "30"),
        ("why", "To measure"),
    ];
    browser.post("/clusters/big/measures", &form).await.expect_status(200);
    let path = format!("/clusters/big/measures/{key}/versions/1/decision");
    decider.post(&path, &[("decision", "in_force")]).await.expect_status(200);
}

/// The most memory this process has held since the last call, in megabytes; and from here on anew.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default();
    let kilobytes: u64 = line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).unwrap_or(0);
    let _ = std::fs::write("/proc/self/clear_refs", "5");
    kilobytes / 1024
}

async fn median(browser: &mut Browser, path: &str) -> Duration {
    let mut times = Vec::new();
    for _ in 0..15 {
        let start = Instant::now();
        browser.get(path).await.expect_status(200);
        times.push(start.elapsed());
    }
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

async fn run(url: &str, size: Size, file: &std::path::Path) {
    let cluster = cluster(size);
    let mut services = http::Extensions::new();
    services.insert(ClustersPort(Arc::new(One(cluster.clone()))));
    let clock = FixedClock::at(from_london("2015-02-10 10:00").expect("a moment"));
    let stand = Stand::over(url, clock, || vec![hiec_delivery::capability()], services).await;
    let unit = stand.state.begin(Actor::System("bench".into())).await.expect("a unit");
    for partner in &cluster.partners {
        organisations::add(&unit, &partner.organisation).await.expect("an organisation");
    }
    unit.commit().await.expect("stored");
    let scope = Scope::Cluster(cluster.id.0);
    let one = stand.add_person("Fay Facilitson", &[(Role::Facilitator, scope, Some(cluster.id.0))]).await;
    let other = stand.add_person("Dora Directson", &[(Role::ClusterDirector, scope, Some(cluster.id.0))]).await;
    let (mut facilitator, mut director) = (stand.browser_of(one.id).await, stand.browser_of(other.id).await);
    for measure in 1..=size.measures {
        define(&mut facilitator, &mut director, measure).await;
    }
    peak();
    let start = Instant::now();
    let bytes = std::fs::read(file).expect("the table");
    let mut unit = stand.state.begin(Actor::Person(one.id)).await.expect("a unit");
    let entry = importing::begin(&unit, &cluster).await.expect("an entry");
    let today = NaiveDate::from_ymd_opt(2015, 2, 10).expect("a day");
    let preview = importing::preview(&unit, &cluster, "figures.csv", &bytes, today).await.expect("a preview");
    let validated = start.elapsed();
    let imported = importing::carry_out(&mut unit, &cluster, entry, preview, "", true).await.expect("an import");
    unit.commit().await.expect("stored");
    println!(
        "  import of {} values: {:.2?}, of it reading and checking {validated:.2?}; memory at most {} MB",
        imported.added,
        start.elapsed(),
        peak()
    );
    drop(bytes);
    let icons = median(&mut facilitator, "/clusters/big/measures").await;
    let measure = median(&mut facilitator, "/clusters/big/measures/measure-01").await;
    let chart = median(&mut facilitator, &format!("/clusters/big/measures/measure-01/sites/{}", cluster.lead)).await;
    println!(
        "  icon table {icons:.1?}, one measure {measure:.1?}, one chart {chart:.1?} (median of 15); memory at most {} MB",
        peak()
    );
    stand.clock.advance(chrono::Duration::days(1));
    let start = Instant::now();
    let jobs = stand.do_jobs().await;
    println!("  nightly look: {:.2?} ({jobs} job); memory at most {} MB", start.elapsed(), peak());
}

#[tokio::main]
async fn main() {
    // What `cargo test --benches` runs must end soon.
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let size = size();
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("figures.csv");
    std::fs::write(&file, table(size)).expect("a table");
    println!("{} sites, {} measures, {} months", size.sites, size.measures, size.months);
    for database in hiec_testkit::databases().await {
        println!("{}", database.kind);
        run(&database.url, size, &file).await;
    }
}
