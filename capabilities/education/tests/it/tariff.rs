//! The tariff as people use it: the region loads prices, every line shows its working, a revision is told, and money goes and comes back by the rules.

use hiec_contracts::ClusterSeen;
use hiec_kernel::Role;
use hiec_kernel::clock::from_london;
use hiec_kernel::people::Actor;
use hiec_store::{Stream, values};
use hiec_testkit::{Browser, for_each_database};
use hiec_teststand::Stand;
use serde_json::json;
use uuid::Uuid;

use crate::clusters::{self, day, organisation, somebody};
use crate::in_posts::{InPost, put};

const TARIFF: &str = "/clusters/necles/education/tariff";
const CLAIMS: &str = "/clusters/necles/education/claims";

const PRICES: &str = "tariff,price,effective_from,effective_to,published_on,weeks_in_year,salary_share,source\n\
    clinical,5000,2010-04-01,2011-03-31,2010-03-01,40.8,,Made up for a test\n\
    postgraduate_medical,12400,2010-04-01,2011-03-31,2010-03-01,,0.5,Made up for a test\n";

async fn load(region: &mut Browser, list: &str, text: &str) {
    region.get(&format!("{TARIFF}/{list}/imports/new")).await.expect_status(200);
    region.attach("The list", "list.csv", "text/csv", text.as_bytes());
    region.submit("Upload and preview").await.expect_status(200).expect_text("0 faults to correct");
    region.submit("Load all of it").await.expect_status(200).expect_text("Loaded:");
}

async fn load_all(region: &mut Browser) {
    load(region, "lists/prices", PRICES).await;
    load(
        region,
        "lists/factors",
        "host,factor,effective_from\nHospital 01,1.03,2010-04-01\nHospital 02,1.1,2010-04-01\n",
    )
    .await;
    load(region, "lists/salaries", "grade,basic_salary,effective_from\nST3,30000,2009-04-01\nST3,33000,2010-10-01\n")
        .await;
}

fn people() -> [InPost; 3] {
    [
        InPost::default(),
        InPost {
            nth: 2,
            name: "Ben Doctorley",
            hospital: 2,
            profession: "medical",
            level: "postgraduate",
            specialty: "Cardiology",
            grade: "ST3",
            from: "2010-08-04",
            to: "2011-08-02",
            wte: 100,
            ..InPost::default()
        },
        InPost { nth: 3, name: "Cal Hostpaid", funding: "host", ..InPost::default() },
    ]
}

#[tokio::test]
async fn every_line_shows_its_working_and_says_what_is_not_loaded() {
    for_each_database(|url| async move {
        let (stand, cluster) = clusters::stand(&url, "2011-03-01 10:00").await;
        put(&stand, &cluster, &people()).await;
        let (mut region, _) = somebody(&stand, &cluster, "Reggie Regionson", Role::RegionOfficer, 1).await;
        let page = format!("{TARIFF}?year=2010/11");
        region
            .get(&page)
            .await
            .expect_status(200)
            .expect_text("the price of clinical for")
            .expect_text("In all £0 in 2 lines");
        region.expect_no_text("Cal Hostpaid");
        load_all(&mut region).await;
        // All hosts are sums; each leads to its lines.
        region.get(&page).await.expect_text("In all £21,296.39 in 3 lines").expect_no_text("Ada Traineley");
        region.expect_text("No rule");
        region.click("Hospital 01").await.expect_text("0.8 × 119 days ÷ 7 ÷ 40.8 × £5,000 × 1.03 = £1,716.67");
        region.expect_text("In all £1,716.67 in 1 line").expect_no_text("Ben Doctorley");
        // The salary rose on 1 October: two lines, each with the one in force.
        region
            .get(&format!("{page}&trainee=T002"))
            .await
            .expect_text("What follows Ben Doctorley")
            .expect_no_text("Ada");
        region.expect_text("1 × 58 ÷ 365 days × £12,400 × 1.1 + 1 × 58 ÷ 365 days × £30,000 × 0.5 = £4,551.01");
        region.expect_text("1 × 182 ÷ 365 days × £12,400 × 1.1 + 1 × 182 ÷ 365 days × £33,000 × 0.5 = £15,028.71");
        region.expect_text("In all £19,579.72 in 2 lines");
        // Next year has no price.
        region.get(&format!("{TARIFF}?year=2011/12")).await.expect_text("the price of postgraduate medical for");
        let (status, data) = region.get_json(&page).await;
        assert_eq!((status.as_u16(), data["total"].as_i64()), (200, Some(2_129_639)));
        region.get(&format!("{TARIFF}.csv?year=2010/11")).await.expect_status(200).expect_text("1716.67");
        region.get(&format!("{TARIFF}.xlsx?year=2010/11")).await.expect_status(200);
        // A trainee sees what follows them, and nothing of anybody else.
        let trainee = "/clusters/necles/education/trainees";
        let (mut ben, person) = somebody(&stand, &cluster, "Ben Doctorley", Role::Trainee, 1).await;
        let unit = stand.state.begin(Actor::System("test".into())).await.unwrap();
        let sql = "UPDATE education_trainee SET person_id = $1 WHERE number = 'T002'";
        unit.execute(sql, values![person.id.0]).await.unwrap();
        unit.commit().await.unwrap();
        ben.get(&format!("{trainee}/T002/tariff?year=2010/11"))
            .await
            .expect_status(200)
            .expect_text("In all £19,579.72");
        ben.get(&format!("{trainee}/T002/tariff.csv?year=2010/11")).await.expect_text("15028.71");
        ben.get(&format!("{trainee}/T002/tariff?year=x")).await.expect_status(422);
        ben.get(&format!("{trainee}/T001/tariff")).await.expect_status(404);
        ben.get(&page).await.expect_status(404);
        region.get(&format!("{trainee}/T001/tariff?year=2010/11")).await.expect_text("In all £1,716.67");
        let (_, data) = region.get_json(&format!("{page}&host={}", organisation(1).id)).await;
        assert_eq!(data["lines"][0]["amount"].as_i64(), Some(171_667));
        region.get(&format!("{TARIFF}/trail?year=2010/11")).await.expect_text("NHS Region").expect_text("£21,296.39");
        region.click("Hospital 01").await.expect_text("Midwifery, Main site").expect_no_text("Cardiology");
        region.get(&format!("{TARIFF}/trail.csv?year=2010/11")).await.expect_text("Cardiology, Main site");

        // A host sees its own lines and no other's; the public sees none.
        let (mut host, _) = somebody(&stand, &cluster, "Horace Hostley", Role::HostEducator, 1).await;
        host.get(&page).await.expect_text("£1,716.67").expect_no_text("Ben Doctorley").expect_text("In all £1,716.67");
        host.get(&format!("{page}&trainee=T002"))
            .await
            .expect_text("No approved placement")
            .expect_no_text("£4,551.01");
        host.get(&format!("{TARIFF}.csv?year=2010/11")).await.expect_no_text("Ben Doctorley");
        host.get(&format!("{TARIFF}?year=2010/11&host={}", organisation(2).id)).await.expect_status(422);
        host.get(&format!("{TARIFF}?year=2010")).await.expect_status(422).expect_text("such as 2010/11");
        assert!(stand.browser().get(&page).await.address().starts_with("/sign-in"));
    })
    .await;
}

#[tokio::test]
async fn a_revision_is_told_with_what_it_changes_and_overlaps_are_refused() {
    for_each_database(|url| async move {
        let (stand, cluster) = clusters::stand(&url, "2011-03-01 10:00").await;
        put(&stand, &cluster, &people()).await;
        let (mut region, _) = somebody(&stand, &cluster, "Reggie Regionson", Role::RegionOfficer, 1).await;
        load_all(&mut region).await;
        let new = format!("{TARIFF}/lists/prices/imports/new");
        region.get(&new).await.attach("The list", "x.csv", "text/csv", b"tariff,price,effective_from\nclinical,5100,2010-09-01\n");
        region.submit("Upload and preview").await.expect_text("Two hold at once").expect_text("Nothing can be loaded");
        region.get(&new).await.attach("The list", "x.csv", "text/csv", b"tariff,price\nclinical,5100\n");
        region.submit("Upload and preview").await.expect_status(422);
        let revised = "tariff,price,effective_from,effective_to,published_on,weeks_in_year\nclinical,5150,2010-04-01,2011-03-31,2010-10-17,40.8\n";
        load(&mut region, "lists/prices", revised).await;
        region.get(&format!("{TARIFF}?year=2010/11&known_on=2010-10-01")).await.expect_text("£1,716.67");
        region.expect_text("Since 1 October 2010").expect_text("£1,768.17").expect_text("£51.50");
        region.get(&format!("{TARIFF}?year=2010/11&known_on=2010-12-01")).await.expect_text("changes no amount");

        // The cluster prices nothing; the region reports no cost.
        let (mut lead, _) = somebody(&stand, &cluster, "Edith Educatson", Role::EducationLead, 1).await;
        lead.get(&new).await.expect_status(403);
        lead.get(&format!("{TARIFF}/lists/costs/imports/new")).await.expect_status(403);
        region.get(&format!("{TARIFF}/accounts/costs/imports/new")).await.expect_status(403);
        region.get(&format!("{TARIFF}/accounts/prices/imports/new")).await.expect_status(403);
        let nonsense = b"host,tariff,cost_of_a_year,effective_from\nHospital 01,nonsense,6000,2010-04-01\n";
        lead.get(&format!("{TARIFF}/accounts/costs/imports/new")).await.attach("The list", "x.csv", "text/csv", nonsense);
        lead.submit("Upload and preview").await.expect_text("is no tariff that pays for trainees here");
        load(&mut lead, "accounts/costs", "host,tariff,cost_of_a_year,effective_from\nHospital 01,clinical,6000,2010-04-01\n").await;
        // A third of a year costs £2,000.
        lead.get(&format!("{TARIFF}?year=2010/11")).await.expect_text("£231.83");
        region.get(&format!("{TARIFF}?year=2010/11&host={}&known_on=2010-10-01", organisation(1).id)).await.expect_text("Ada Traineley, T001");
        let incomes = "host,year,income,before\nHospital 01,2010/11,100000000,400000\n";
        load(&mut lead, "accounts/incomes", incomes).await;
        load(&mut region, "lists/limits", "effective_from,loss_share,loss_most\n2010-04-01,0.25%,2000000\n").await;
        region.get(&format!("{TARIFF}?year=2010/11")).await.expect_text("it may lose no more than £250,000, so £150,000");
        let trail = stand.trail(&Stream::named(format!("education:{}", cluster.id))).await;
        assert!(trail.contains("education.tariff.loaded") && trail.contains("tariff:limits"), "{trail}");
        // What is published later counts from then on, and loading it says so.
        let ahead = "tariff,price,effective_from,effective_to,published_on,weeks_in_year\nclinical,9000,2010-04-01,2011-03-31,2011-03-20,40.8\n";
        region.get(&new).await.attach("The list", "x.csv", "text/csv", ahead.as_bytes());
        region.submit("Upload and preview").await.expect_text("1 line says it is published on a day to come");
        region.submit("Load all of it").await.expect_status(200);
        region.get(&format!("{TARIFF}?year=2010/11")).await.expect_text("£1,768.17");
        stand.clock.advance(chrono::Duration::days(20));
        let (mut later, _) = somebody(&stand, &cluster, "Rhea Regionley", Role::RegionOfficer, 1).await;
        later.get(&format!("{TARIFF}?year=2010/11")).await.expect_text("£3,090");
    })
    .await;
}

#[tokio::test]
async fn a_claim_goes_from_draft_to_paid_and_comes_back_by_two_people() {
    for_each_database(|url| async move {
        let (stand, cluster) = clusters::stand(&url, "2011-03-01 10:00").await;
        put(&stand, &cluster, &people()).await;
        let (mut region, _) = somebody(&stand, &cluster, "Reggie Regionson", Role::RegionOfficer, 1).await;
        let (mut other, _) = somebody(&stand, &cluster, "Rhea Regionley", Role::RegionOfficer, 1).await;
        let (mut host, _) = somebody(&stand, &cluster, "Horace Hostley", Role::HostEducator, 1).await;
        // What is not priced is not sent.
        let draw =
            [("host", organisation(1).id.to_string()), ("from", "2010-04-01".into()), ("to", "2010-12-31".into())];
        let draw: Vec<(&str, &str)> = draw.iter().map(|(name, value)| (*name, value.as_str())).collect();
        host.post(CLAIMS, &draw).await.expect_status(200).expect_text("Claim C0001");
        host.submit("Submit it to the region").await.expect_status(409).expect_text("could not be priced");
        host.get(&format!("{CLAIMS}/C0001"))
            .await
            .submit("Withdraw it")
            .await
            .expect_text("Its days can be claimed again");
        load_all(&mut region).await;

        host.get(CLAIMS).await.fill("First day", "2010-04-01").fill("Last day, counted", "2011-04-30");
        host.submit("Draw up the claim").await.expect_status(422);
        assert_eq!(host.errors().len(), 2);
        host.post(CLAIMS, &draw).await.expect_status(200).expect_text("Claim C0002").expect_text("£1,716.67");
        host.post(CLAIMS, &draw).await.expect_status(409).expect_text("holds some of these days already");
        // Nobody claims for another host.
        let theirs =
            [("host", organisation(2).id.to_string()), ("from", "2010-04-01".into()), ("to", "2010-12-31".into())];
        let theirs: Vec<(&str, &str)> = theirs.iter().map(|(name, value)| (*name, value.as_str())).collect();
        host.post(CLAIMS, &theirs).await.expect_status(422);

        let claim = format!("{CLAIMS}/C0002");
        region.post(&format!("{claim}/approval"), &[]).await.expect_status(409);
        region.post(&format!("{claim}/submission"), &[]).await.expect_status(403);
        host.get(&claim)
            .await
            .submit("Submit it to the region")
            .await
            .expect_status(200)
            .expect_text("Submitted by Horace Hostley");
        host.post(&format!("{claim}/approval"), &[]).await.expect_status(403);
        region.get(&claim).await.submit("Send it back").await.expect_status(422);
        region.fill("Why it goes back", "Name the ward").submit("Send it back").await.expect_status(200);
        host.get(&claim).await.expect_text("Name the ward").submit("Submit it to the region").await.expect_status(200);
        region.get(&claim).await.submit("Approve it").await.expect_status(200);
        region.submit("It has been paid").await.expect_status(200).expect_text("Paid by Reggie Regionson");
        // The post it counts was never another host's.
        let (mut lead, _) = somebody(&stand, &cluster, "Edith Educatson", Role::EducationLead, 1).await;
        lead.get("/clusters/necles/education/posts/P001/change").await.fill("Host", "Hospital 02");
        lead.fill("Since when", "It was put down wrongly: correct it from the beginning");
        lead.fill("How much of whole-time it holds at first", "1").fill("Why it is changed", "Tried out");
        lead.submit("Save the change").await.expect_status(422);
        lead.expect_text("The claim C0002 counts placements in this post for its present host");
        region.fill("What evidence is asked for", "The rota").submit("Sample it").await.expect_status(200);
        region.fill("How much, in pounds", "5000").fill("What was not borne out", "Two weeks were missed");
        region.submit("Request the clawback").await.expect_status(422).expect_text("at most £1,716.67");
        region.fill("How much, in pounds", "200").submit("Request the clawback").await.expect_status(200);
        region.expect_text("A second person of the region");
        region
            .post(&format!("{claim}/clawback/approval"), &[])
            .await
            .expect_status(409)
            .expect_text("You requested this clawback");
        host.post(&format!("{claim}/clawback/approval"), &[]).await.expect_status(403);
        other
            .get(&claim)
            .await
            .fill("Why the money stays", "The rota was found")
            .submit("Refuse the clawback")
            .await
            .expect_status(200);
        // What was asked first and refused stays beside what is asked now.
        region
            .get(&claim)
            .await
            .fill("How much, in pounds", "150")
            .fill("What was not borne out", "One week was missed");
        region.submit("Request the clawback").await.expect_status(200);
        other.get(&claim).await.submit("Approve the clawback").await.expect_status(200).expect_text("Clawed back");
        other.expect_text("Sent back by Reggie Regionson on 1 March 2011: Name the ward");
        other.expect_text("Sampled by Reggie Regionson on 1 March 2011: The rota");
        other.expect_text("Clawback requested by Reggie Regionson on 1 March 2011: £200, Two weeks were missed");
        other.expect_text("Clawback refused by Rhea Regionley on 1 March 2011: £200, The rota was found");
        other.expect_text("Clawback requested by Reggie Regionson on 1 March 2011: £150, One week was missed");
        region.get(&format!("{TARIFF}/trail?year=2010/11")).await.expect_text("£150");
        region.get(&format!("{CLAIMS}.csv")).await.expect_text("Clawed back").expect_text("Withdrawn");
        region.get(&format!("{claim}/lines.csv")).await.expect_text("1716.67");

        // Another host's educator does not find it.
        let (mut else_where, _) = somebody(&stand, &cluster, "Hope Hostwell", Role::HostEducator, 2).await;
        else_where.get(&claim).await.expect_status(404);
        else_where.get(CLAIMS).await.expect_no_text("C0002");
        let trail = stand.trail(&Stream::named(format!("education:{}", cluster.id))).await;
        assert!(trail.contains("education.claim.drawn") && trail.contains("Two weeks were missed"), "{trail}");
        assert!(trail.contains("20000") && trail.contains("15000"), "the audit says what was asked: {trail}");
    })
    .await;
}

/// A framework, a finished self-assessment of the first hospital, an immediate requirement that was open for ten days, and a rule
/// published in August that holds from October.
async fn weigh(stand: &Stand, cluster: &ClusterSeen) {
    let unit = stand.state.begin(Actor::System("test".into())).await.unwrap();
    let (framework, requirement) = (Uuid::from_u128(70), Uuid::from_u128(71));
    let at = |written: &str| from_london(written).unwrap();
    unit.execute(
        "INSERT INTO education_framework (id, cluster_id, version, name, note, content, reason, made_at, is_illustrative) \
         VALUES ($1, $2, 1, 'Framework', '', $3, 'For a test', $4, FALSE)",
        values![framework, cluster.id.0, json!({}), at("2010-08-01 10:00")],
    )
    .await
    .unwrap();
    unit.execute(
        "INSERT INTO education_assessment (id, cluster_id, host_id, framework_id, period, begun_at, submitted_at, score, is_illustrative) \
         VALUES ($1, $2, $3, $4, '2010/11', $5, $5, 8000, FALSE)",
        values![Uuid::from_u128(72), cluster.id.0, organisation(1).id.0, framework, at("2010-09-20 10:00")],
    )
    .await
    .unwrap();
    unit.execute(
        "INSERT INTO education_requirement (id, cluster_id, host_id, kind, words, owner, set_on, due_on, is_illustrative) \
         VALUES ($1, $2, $3, 'immediate', 'Nights', 'Somebody', $4, $4, FALSE)",
        values![requirement, cluster.id.0, organisation(1).id.0, day("2010-11-01")],
    )
    .await
    .unwrap();
    for (nth, step, said_at) in [
        (0, json!({ "kind": "answered", "words": "A rota", "link": "" }), "2010-11-03 10:00"),
        (1, json!({ "kind": "closed", "why": "Seen" }), "2010-11-11 10:00"),
    ] {
        unit.execute(
            "INSERT INTO education_requirement_step (requirement_id, nth, step, said_at) VALUES ($1, $2, $3, $4)",
            values![requirement, nth, step, at(said_at)],
        )
        .await
        .unwrap();
    }
    let rule = json!({ "premium_from": 7500, "premium": 200, "hold_below": 4000, "hold_from": "major", "immediate_holds": true });
    unit.execute(
        "INSERT INTO education_quality_rule (id, cluster_id, version, rule, reason, made_at, simulated_at, published_at, from_day, is_illustrative) \
         VALUES ($1, $2, 1, $3, 'For a test', $4, $4, $4, $5, FALSE)",
        values![Uuid::from_u128(73), cluster.id.0, rule, at("2010-08-15 10:00"), day("2010-10-01")],
    )
    .await
    .unwrap();
    unit.commit().await.unwrap();
}

/// The worked example. £1,716.67 follow one trainee on 119 days from 1 September; of the first 30, 61, 71 and all days that are £432.77,
/// £879.97, £1,024.23 and £1,716.67. The rule adds 2% from 1 October, and nothing while a requirement is open from 1 to 10 November:
/// 2% of £447.20 are £8.94, 2% of £692.44 are £13.85.
#[tokio::test]
async fn the_published_rule_weighs_the_money_in_lines_of_its_own() {
    for_each_database(|url| async move {
        let (stand, cluster) = clusters::stand(&url, "2011-03-01 10:00").await;
        put(&stand, &cluster, &people()).await;
        let (mut region, _) = somebody(&stand, &cluster, "Reggie Regionson", Role::RegionOfficer, 1).await;
        load_all(&mut region).await;
        weigh(&stand, &cluster).await;
        let page = format!("{TARIFF}?year=2010/11");
        region.get(&page).await.expect_text("In all £21,319.18 in 7 lines").expect_text("£1,739.46");
        let first = format!("{page}&host={}", organisation(1).id);
        region.get(&first).await.expect_text("In all £1,739.46 in 4 lines").expect_text("0.8 × 119 days ÷ 7 ÷ 40.8 × £5,000 × 1.03 = £1,716.67");
        let scored = "premium by version 1 of the rule: scores 80%, from 75% on (self-assessment of 2010/11)";
        region.expect_text("1 October 2010 to 31 October 2010").expect_text(&format!("{scored}; £447.20 × 2% = £8.94"));
        region.expect_text("1 November 2010 to 10 November 2010");
        region.expect_text("held by version 1 of the rule: has an immediate mandatory requirement open (self-assessment of 2010/11); £144.26 × 0% = £0");
        region.expect_text("11 November 2010 to 31 March 2011").expect_text(&format!("{scored}; £692.44 × 2% = £13.85"));
        // A host that has not judged itself gets what the rule says of it: nothing more, and it is said.
        region.get(&format!("{page}&host={}", organisation(2).id)).await;
        region.expect_text("no change by version 1 of the rule: has no finished self-assessment").expect_text("In all £19,579.72 in 3 lines");
        // A trainee's statement has the tariff's lines alone.
        region.get(&format!("{page}&trainee=T001")).await.expect_text("In all £1,716.67").expect_text("belongs to a host as a whole");

        // Under either date: in October nobody knew of the requirement, and in the first half of August of no rule.
        region.get(&format!("{first}&known_on=2010-10-15")).await.expect_text("£1,283.90 × 2% = £25.68");
        region.expect_text("Weighed by quality").expect_text("£22.79");
        region.get(&format!("{first}&known_on=2010-08-10")).await.expect_text("In all £1,716.67 in 1 line");
        let (_, data) = region.get_json(&first).await;
        assert_eq!((data["by_quality"].as_i64(), data["weighed"][0]["rule_version"].as_i64()), (Some(2_279), Some(1)));
        assert_eq!(data["weighed"][0]["assessment"].as_str(), Some(Uuid::from_u128(72).to_string().as_str()));
        region.get(&format!("{TARIFF}.csv?year=2010/11")).await.expect_text("447.20,0.0200,8.94").expect_text(",quality,1");
        region.get(&format!("{TARIFF}.xlsx?year=2010/11")).await.expect_status(200);
        region.get(&format!("{TARIFF}/trail?year=2010/11&host={}", organisation(1).id)).await;
        region.expect_text("The host as a whole: weighed by quality").expect_text("£22.79").expect_text("£1,739.46");
        region.get(&format!("{TARIFF}/trail.csv?year=2010/11")).await.expect_text("weighed by quality,0,22.79");

        // What is claimed has the same lines, and keeps them.
        let (mut host, _) = somebody(&stand, &cluster, "Horace Hostley", Role::HostEducator, 1).await;
        let id = organisation(1).id.to_string();
        host.post(CLAIMS, &[("host", &id), ("from", "2010-04-01"), ("to", "2010-12-31")]).await.expect_status(200);
        host.expect_text("£1,739.46").expect_text("By quality").expect_text("£692.44 × 2% = £13.85");
        host.submit("Submit it to the region").await.expect_status(200);
        host.get(&format!("{CLAIMS}/C0001/lines.csv")).await.expect_text(",quality,1");
        host.get(&format!("{CLAIMS}.csv")).await.expect_text("1739.46,22.79,0,Submitted");
    })
    .await;
}

/// The year is £1,716.67 by tariff and capped at £1,500. September and October are £879.97 of it, so £768.90 are due by then; November and
/// December are £836.69, so £1,499.99 are due in all: a penny of rounding is never paid twice.
#[tokio::test]
async fn claims_never_come_to_more_than_the_year_under_its_limits() {
    for_each_database(|url| async move {
        let (stand, cluster) = clusters::stand(&url, "2011-03-01 10:00").await;
        put(&stand, &cluster, &people()).await;
        let (mut region, _) = somebody(&stand, &cluster, "Reggie Regionson", Role::RegionOfficer, 1).await;
        let (mut lead, _) = somebody(&stand, &cluster, "Edith Educatson", Role::EducationLead, 1).await;
        load_all(&mut region).await;
        load(&mut region, "lists/limits", "effective_from,gain_most\n2010-04-01,500\n").await;
        load(&mut lead, "accounts/incomes", "host,year,income,before\nHospital 01,2010/11,100000,1000\n").await;
        let statement = format!("{TARIFF}?year=2010/11&host={}", organisation(1).id);
        lead.get(&statement)
            .await
            .expect_text("it may gain no more than £500, so £1,500")
            .expect_text("In all £1,500 in 1 line");
        let id = organisation(1).id.to_string();
        lead.post(CLAIMS, &[("host", &id), ("from", "2010-09-01"), ("to", "2010-10-31")]).await.expect_status(200);
        lead.expect_text("£768.90").expect_text("-£111.07").expect_text("£879.97 of its £1,716.67 by tariff");
        lead.post(CLAIMS, &[("host", &id), ("from", "2010-11-01"), ("to", "2010-12-31")]).await.expect_status(200);
        lead.expect_text("£731.09").expect_text("-£105.60");
        let (_, data) = lead.get_json(CLAIMS).await;
        let sum: i64 = data["claims"].as_array().unwrap().iter().filter_map(|claim| claim["amount"].as_i64()).sum();
        assert_eq!(sum, 149_999);
        lead.get(&format!("{TARIFF}.csv?year=2010/11")).await.expect_text(",limits,");
    })
    .await;
}

#[tokio::test]
async fn claims_come_as_a_list_and_only_for_what_the_statement_says() {
    for_each_database(|url| async move {
        let (stand, cluster) = clusters::stand(&url, "2011-03-01 10:00").await;
        put(&stand, &cluster, &people()).await;
        let (mut region, _) = somebody(&stand, &cluster, "Reggie Regionson", Role::RegionOfficer, 1).await;
        let (mut lead, _) = somebody(&stand, &cluster, "Edith Educatson", Role::EducationLead, 1).await;
        let (mut host, _) = somebody(&stand, &cluster, "Horace Hostley", Role::HostEducator, 1).await;
        load_all(&mut region).await;
        for browser in [&mut region, &mut host] {
            browser.get(&format!("{CLAIMS}/imports")).await.expect_status(403);
        }
        lead.get(CLAIMS).await.click("Draw up many claims from a list").await.expect_status(200);
        let wrong = "host,from,to,amount\nHospital 01,2010-04-01,2010-12-31,1700\nHospital 02,2010-08-01,2011-04-30,\nHospital 09,2010-08-01,2010-09-30,\n";
        lead.attach("The list", "claims.csv", "text/csv", wrong.as_bytes()).submit("Upload and preview").await;
        lead.expect_text("2 faults to correct").expect_text("has not come").expect_text("No post of this cluster has this host");
        let other = "host,from,to,amount\nHospital 01,2010-04-01,2010-12-31,1700\nHospital 02,2011-02-27,2011-02-28,\n";
        lead.get(&format!("{CLAIMS}/imports")).await.attach("The list", "claims.csv", "text/csv", other.as_bytes());
        lead.submit("Upload and preview").await.expect_text("The list says £1,700 and the statement says £1,716.67");
        let right = "host,from,to,amount\nHospital 01,2010-04-01,2010-12-31,1716.67\nHospital 02,2010-10-01,2010-12-31,\n";
        lead.get(&format!("{CLAIMS}/imports")).await.attach("The list", "claims.csv", "text/csv", right.as_bytes());
        lead.submit("Upload and preview").await.expect_text("2 new").submit("Import all of it").await.expect_status(200);
        lead.expect_text("C0001").expect_text("C0002").expect_text("£1,716.67");
        // What was taken away comes back as it is.
        lead.get(&format!("{CLAIMS}.csv")).await;
        let again = lead.bytes().to_vec();
        lead.get(&format!("{CLAIMS}/imports")).await.attach("The list", "claims.csv", "text/csv", &again);
        lead.submit("Upload and preview").await.expect_text("2 as they are").expect_text("0 new");
        let trail = stand.trail(&Stream::named(format!("education:{}", cluster.id))).await;
        assert!(trail.contains("education.list.imported") && trail.contains("C0002"), "{trail}");
    })
    .await;
}
