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
}
