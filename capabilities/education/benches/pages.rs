//! How long the pages of a big cluster's education take: the grid of 2,000 placements, statements, badges among 100,000, a workforce run. It judges nothing; it prints each beside its target.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a bench stops at the first surprise and tells on the terminal"
)]

use std::time::{Duration, Instant};

use hiec_kernel::people::Actor;
use hiec_kernel::{Role, Scope};
use hiec_store::{FromQueryResult, Reads, Value, values};
use hiec_testkit::Browser;
use hiec_teststand::Stand;
use http::Method;
use uuid::Uuid;

#[path = "../tests/it/clusters.rs"]
mod clusters;
#[path = "../tests/it/many.rs"]
mod many;

use clusters::{organisation, somebody};

const EDUCATION: &str = "/clusters/necles/education";
const HOSPITALS: u128 = 40;
const BADGES: usize = 100_000;
const MODEL: &str = include_str!("../data/workforce-necles.json");

/// Asks once for what is kept in memory, then fifteen times, or as often as HIEC_BENCH_ROUNDS says; prints the median beside its target.
async fn measure(browser: &mut Browser, what: &str, target: Duration, path: &str) {
    let mut times = Vec::new();
    let rounds = std::env::var("HIEC_BENCH_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(15);
    for round in 0..=rounds {
        let start = Instant::now();
        let status = browser.send(Method::GET, path, &[], vec![]).await;
        let took = start.elapsed();
        assert_eq!(status, 200, "{path}");
        match round {
            0 => println!("  {what}, the first time: {took:.1?}"),
            _ => times.push(took),
        }
    }
    times.sort();
    let median = times.get(times.len() / 2).copied().unwrap_or_default();
    let ratio = median.as_secs_f64() / target.as_secs_f64();
    let size = browser.bytes().len() / 1024;
    println!("  {what}: {median:.2?}, {ratio:.2} of the target of {target:?} ({size} kB)");
}

async fn load(region: &mut Browser, list: &str, text: &str) {
    region.get(&format!("{EDUCATION}/tariff/{list}/imports/new")).await.expect_status(200);
    region.attach("The list", "list.csv", "text/csv", text.as_bytes());
    region.submit("Upload and preview").await.expect_status(200);
    region.submit("Load all of it").await.expect_status(200);
}

/// Placements with prices.
async fn placements(url: &str) {
    let (stand, cluster) = clusters::stand(url, "2010-09-01 10:00").await;
    for nth in (4..=HOSPITALS).filter(|nth| *nth != 20 && *nth != 21) {
        stand.add_organisation(&organisation(nth)).await;
    }
    many::filled(&stand, HOSPITALS).await;
    let (mut region, _) = somebody(&stand, &cluster, "Reggie Regionson", Role::RegionOfficer, 1).await;
    load(
        &mut region,
        "lists/prices",
        "tariff,price,effective_from,effective_to,published_on,salary_share\n\
         postgraduate_medical,12400,2010-04-01,2012-03-31,2010-03-01,0.5\n",
    )
    .await;
    let mut factors = "host,factor,effective_from\n".to_owned();
    for nth in 1..=HOSPITALS {
        factors += &format!("{},1.{nth:02},2010-04-01\n", organisation(nth).name);
    }
    load(&mut region, "lists/factors", &factors).await;
    load(&mut region, "lists/salaries", "grade,basic_salary,effective_from\nST3,30000,2009-04-01\n").await;
    let (mut lead, _) = somebody(&stand, &cluster, "Edith Educatson", Role::EducationLead, 1).await;
    let target = Duration::from_millis(50);
    measure(&mut lead, "grid of 2,000 placements by trainee", target, &format!("{EDUCATION}/grid")).await;
    measure(&mut lead, "grid of 2,000 placements by post", target, &format!("{EDUCATION}/grid?by=posts")).await;
    let year = format!("{EDUCATION}/tariff?year=2010/11");
    let of_host = format!("{year}&host={}", organisation(1).id);
    measure(&mut lead, "statement of one host, 38 lines", target, &of_host).await;
    measure(&mut lead, "statement of one trainee", target, &format!("{year}&trainee=T-0001")).await;
    measure(&mut lead, "sums of all 40 hosts", target, &year).await;
    let every = Duration::from_secs(1);
    measure(&mut lead, "all lines as CSV", every, &format!("{EDUCATION}/tariff.csv?year=2010/11")).await;
    workforce(&mut lead, target).await;
}

async fn workforce(lead: &mut Browser, target: Duration) {
    lead.get(&format!("{EDUCATION}/workforce/new")).await.fill("The model", MODEL);
    lead.fill("Where the inputs come from", "Made up").submit("Keep it").await.expect_status(200);
    let model = lead.address().split('?').next().unwrap_or_default().to_owned();
    lead.submit("Run it as it is").await.expect_status(200);
    measure(lead, "workforce run", target, &format!("{model}/runs/1")).await;
}

/// One badge as people come by one, and so many rows like it beside.
async fn badges(url: &str) {
    let (stand, cluster) = clusters::signing_stand(url, "2010-06-01 10:00").await;
    let (mut lead, _) = somebody(&stand, &cluster, "Edith Educatson", Role::EducationLead, 1).await;
    let within = [(Role::Supervisor, Scope::Cluster(cluster.id.0), Some(cluster.id.0))];
    let suri = stand.add_person("Suri Supervison", &within).await;
    let within = [(Role::Trainee, Scope::Cluster(cluster.id.0), Some(cluster.id.0))];
    let ada = stand.add_person("Ada Traineley", &within).await;
    let (mut suri, mut ada) = (stand.browser_of(suri.id).await, stand.browser_of(ada.id).await);
    lead.get(&format!("{EDUCATION}/skills/new")).await.fill("Name", "Spirometry");
    lead.fill("What it is, in a sentence or two", "Measuring breath");
    lead.fill("If a skill: what has to be done for it", "Ten tests, each judged sound");
    lead.submit("Add it").await.expect_status(200);
    lead.fill("E-mail address of somebody who may assess it", "suri.supervison@example.org");
    lead.submit("Name them").await.expect_status(200);
    ada.get(&format!("{EDUCATION}/skills/spirometry")).await.fill("Your profession", "Nurses");
    ada.submit("Begin to gather evidence").await.expect_status(200);
    let claim = ada.address().to_owned();
    ada.fill("What it shows", "Log book").submit("Give it").await.expect_status(200);
    ada.fill("Who shall assess it", "Suri Supervison").submit("Ask them").await.expect_status(200);
    suri.get(&claim).await.fill("By what has to be done for it, the skill is", "Shown");
    suri.fill("What you saw, and what is missing if it is not yet", "All ten")
        .submit("Say so")
        .await
        .expect_status(200);
    lead.get(&claim).await.submit("Award the badge").await.expect_status(200);
    let badge = lead.address().split('?').next().unwrap_or_default().to_owned();
    ada.get(&badge).await.submit("Publish this page").await.expect_status(200);
    let start = Instant::now();
    rows(&stand).await;
    let there = stand.database().count("SELECT COUNT(*) AS n FROM education_credential", values![]).await.unwrap();
    println!("  {there} badges are stored ({:.1?})", start.elapsed());
    let mut anybody = stand.browser();
    let quick = Duration::from_millis(5);
    let list = "/credentials/status/1-revocation";
    measure(&mut anybody, "status list of 100,000 badges from memory", quick, list).await;
    measure(&mut anybody, "public page of a badge", Duration::from_millis(20), &badge).await;
}

/// Rows beside the one that was awarded: its like, each with a claim and a place in the list of its own; every hundredth is revoked.
async fn rows(stand: &Stand) {
    #[derive(FromQueryResult)]
    struct One {
        skill_id: Uuid,
        person_id: Uuid,
        cluster_id: Uuid,
        key_id: Uuid,
        list_id: Uuid,
        list_index: i64,
        token: String,
        signed: String,
    }
    let sql = "SELECT c.skill_id, c.person_id, b.cluster_id, b.key_id, b.list_id, b.list_index, b.token, b.signed \
               FROM education_credential b JOIN education_skill_claim c ON c.id = b.claim_id";
    let one: One = stand.database().one(sql, values![]).await.unwrap().unwrap();
    let unit = stand.state.begin(Actor::System("bench".into())).await.unwrap();
    let standing = serde_json::json!({});
    let now = unit.now();
    let places: Vec<i64> = (0..).filter(|place| *place != one.list_index).take(BADGES - 1).collect();
    for (nth, part) in places.chunks(200).enumerate() {
        let id = |kind: u128, at: usize| Uuid::from_u128((kind << 100) + (nth * 200 + at) as u128);
        let (mut claims, mut badges): (Vec<Value>, Vec<Value>) = (Vec::new(), Vec::new());
        for (at, place) in part.iter().enumerate() {
            claims.extend(values![
                id(1, at),
                one.cluster_id,
                one.skill_id,
                one.person_id,
                "Nursing",
                standing.clone(),
                "awarded",
                now,
                1,
                true
            ]);
            let is_revoked = if place % 100 == 0 { "revoked" } else { "good" };
            badges.extend(values![
                id(2, at),
                id(1, at),
                one.cluster_id,
                one.key_id,
                one.list_id,
                *place,
                one.token.as_str(),
                one.signed.as_str(),
                now,
                is_revoked,
                false,
                true
            ]);
        }
        let into = "INSERT INTO education_skill_claim (id, cluster_id, skill_id, person_id, profession, standing, state, begun_at, version, \
                    is_illustrative) VALUES ";
        unit.execute(&(into.to_owned() + &tuples(part.len(), 10)), claims).await.unwrap();
        let into = "INSERT INTO education_credential (id, claim_id, cluster_id, key_id, list_id, list_index, token, signed, valid_from, \
                    standing, is_published, is_illustrative) VALUES ";
        unit.execute(&(into.to_owned() + &tuples(part.len(), 12)), badges).await.unwrap();
    }
    unit.execute("UPDATE education_status_list SET changes = changes + 1", values![]).await.unwrap();
    unit.commit().await.unwrap();
}

/// `($1, $2), ($3, $4)`
fn tuples(rows: usize, columns: usize) -> String {
    let tuple = |row: usize| {
        let cells: Vec<String> = (1..=columns).map(|column| format!("${}", row * columns + column)).collect();
        format!("({})", cells.join(", "))
    };
    (0..rows).map(tuple).collect::<Vec<_>>().join(", ")
}

#[tokio::main]
async fn main() {
    // What `cargo test --benches` runs must end soon.
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    for database in hiec_testkit::databases().await {
        println!("{}", database.kind);
        placements(&database.url).await;
    }
    for database in hiec_testkit::databases().await {
        println!("{}", database.kind);
        badges(&database.url).await;
    }
}
