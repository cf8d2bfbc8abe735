//! What tests of posts and placements stand on: a programme, trainees and posts, made through the pages.

use hiec_contracts::ClusterSeen;
use hiec_kernel::Role;
use hiec_testkit::Browser;
use hiec_teststand::Stand;

use crate::clusters::{self, somebody};

pub(crate) const EDUCATION: &str = "/clusters/necles/education";

pub(crate) struct Ground {
    pub stand: Stand,
    pub cluster: ClusterSeen,
    pub lead: Browser,
}

pub(crate) async fn begin_programme(lead: &mut Browser) {
    lead.get("/clusters/necles/education/programmes/new").await;
    lead.fill("Name", "Cardiology training").fill("Profession", "Doctors").fill("Level", "After qualification");
    lead.fill("Specialty", "Cardiology").fill("Who owns the curriculum (optional)", "College 20");
    lead.fill("Whole-time months", "24").fill("First day", "2010-08-04");
    lead.submit("Begin the programme").await.expect_text("The programme began.");
}

pub(crate) async fn enrol(lead: &mut Browser, number: &str, name: &str, wte: &str) {
    lead.get("/clusters/necles/education/trainees/new").await;
    lead.fill("Programme", "Cardiology training").fill("Number", number).fill("Name", name).fill("Grade", "ST3");
    lead.fill("Share of whole-time", wte).fill("First day", "2010-08-04");
    lead.fill("Last day, as it would be at whole-time", "2012-08-03");
    lead.submit("Enrol the trainee").await.expect_text("The trainee was enrolled.");
}

pub(crate) async fn add_post(lead: &mut Browser, number: &str, host: &str) {
    lead.get("/clusters/necles/education/posts/new").await;
    lead.fill("Number", number).fill("Host", host).fill("Site", "Main site").fill("Profession", "Doctors");
    lead.fill("Specialty", "Cardiology").fill("Grade", "ST3").fill("Setting it gives experience of", "Secondary care");
    lead.fill("First day", "2010-08-04").fill("How much of whole-time it holds", "1").tick("Cardiology training");
    lead.fill("Funding", "Funded by tariff").fill("Who pays", "NHS London");
    lead.submit("Add the post").await.expect_text("The post was added.");
}

pub(crate) async fn place(lead: &mut Browser, trainee: &str, post: &str, from: &str, to: &str, wte: &str) {
    lead.get(&format!("/clusters/necles/education/placements/new?trainee={trainee}&post={post}")).await;
    lead.fill("First day", from).fill("Last day", to).fill("Share of whole-time", wte);
    lead.submit("Plan the placement").await;
}

/// A programme with an owner, two trainees and two posts: one at a partner, one at a host that is none.
pub(crate) async fn ground(url: &str) -> Ground {
    let (stand, cluster) = clusters::stand(url, "2010-09-01 10:00").await;
    let (mut lead, _) = somebody(&stand, &cluster, "Edith Educatson", Role::EducationLead, 1).await;
    begin_programme(&mut lead).await;
    add_post(&mut lead, "H1-CARD-001", "Hospital 01").await;
    add_post(&mut lead, "H3-CARD-001", "Hospital 03").await;
    enrol(&mut lead, "T-1", "Ada Learnwell", "1").await;
    enrol(&mut lead, "T-2", "Ben Learnwell", "0.5").await;
    enrol(&mut lead, "T-3", "Cleo Learnwell", "0.5").await;
    Ground { stand, cluster, lead }
//! Trainees in posts that are there already, for tests of what is reckoned from them.

use chrono::NaiveDate;
use hiec_contracts::ClusterSeen;
use hiec_kernel::people::Actor;
use hiec_store::values;
use hiec_teststand::Stand;
use uuid::Uuid;

use crate::clusters::{day, organisation};

/// Somebody in a post of a hospital (counted from 1).
pub(crate) struct InPost {
    pub nth: u128,
    pub name: &'static str,
    pub hospital: u128,
    pub profession: &'static str,
    pub level: &'static str,
    pub specialty: &'static str,
    pub grade: &'static str,
    pub from: &'static str,
    pub to: &'static str,
    /// Hundredths.
    pub wte: i64,
    /// tariff, host, …
    pub funding: &'static str,
}

impl Default for InPost {
    fn default() -> Self {
        Self {
            nth: 1,
            name: "Ada Traineley",
            hospital: 1,
            profession: "midwifery",
            level: "undergraduate",
            specialty: "Midwifery",
            grade: "Year 1",
            from: "2010-09-01",
            to: "2010-12-28",
            wte: 80,
            funding: "tariff",
        }
    }
}

/// Puts everybody where they are, each in a programme and a post of their own.
pub(crate) async fn put(stand: &Stand, cluster: &ClusterSeen, people: &[InPost]) {
    let unit = stand.state.begin(Actor::System("test".into())).await.unwrap();
    for one in people {
        let id = |kind: u128| Uuid::from_u128(kind * 1_000_000 + one.nth);
        let (programme, trainee, post, placement) = (id(1), id(2), id(3), id(4));
        let key = format!("programme-{}", one.nth);
        let starts: NaiveDate = day("2009-08-01");
        let ends: NaiveDate = day("2013-07-31");
        unit.execute(
            "INSERT INTO education_programme (id, cluster_id, key, name, profession, level, specialty, months, starts_on, is_illustrative) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, 36, $8, $9)",
            values![programme, cluster.id.0, key.as_str(), one.specialty, one.profession, one.level, one.specialty, starts, true],
        )
        .await
        .unwrap();
        unit.execute(
            "INSERT INTO education_trainee (id, cluster_id, programme_id, number, name, grade, wte, starts_on, ends_on, is_illustrative) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            values![trainee, cluster.id.0, programme, format!("T{:03}", one.nth), one.name, one.grade, one.wte, starts, ends, true],
        )
        .await
        .unwrap();
        unit.execute(
            "INSERT INTO education_post (id, cluster_id, number, host_id, site, profession, specialty, grade, setting, starts_on, is_illustrative) \
             VALUES ($1, $2, $3, $4, 'Main site', $5, $6, $7, 'secondary', $8, $9)",
            values![post, cluster.id.0, format!("P{:03}", one.nth), organisation(one.hospital).id.0, one.profession, one.specialty, one.grade, starts, true],
        )
        .await
        .unwrap();
        unit.execute(
            "INSERT INTO education_post_funding (id, post_id, kind, body, from_day, is_illustrative) VALUES ($1, $2, $3, 'NHS Region', $4, $5)",
            values![id(5), post, one.funding, starts, true],
        )
        .await
        .unwrap();
        unit.execute(
            "INSERT INTO education_placement (id, cluster_id, trainee_id, post_id, kind, starts_on, ends_on, wte, is_counted, state, source, reason, is_illustrative, version) \
             VALUES ($1, $2, $3, $4, 'in_post', $5, $6, $7, $8, 'approved', 'entry', '', $8, 1)",
            values![placement, cluster.id.0, trainee, post, day(one.from), day(one.to), one.wte, true],
        )
        .await
        .unwrap();
    }
    unit.commit().await.unwrap();
}
