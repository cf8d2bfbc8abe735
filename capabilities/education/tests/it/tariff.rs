//! The tariff as people use it: the region loads prices, every line shows its working, a revision is told, and money goes and comes back by the rules.

use hiec_kernel::Role;
use hiec_store::Stream;
use hiec_testkit::{Browser, for_each_database};

use crate::clusters::{self, organisation, somebody};
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
        region.get(&page).await.expect_text("0.8 × 119 days ÷ 7 ÷ 40.8 × £5,000 × 1.03 = £1,716.67");
        // The salary rose on 1 October: two lines, each with the one in force.
        region.expect_text("1 × 58 ÷ 365 days × £12,400 × 1.1 + 1 × 58 ÷ 365 days × £30,000 × 0.5 = £4,551.01");
        region.expect_text("1 × 182 ÷ 365 days × £12,400 × 1.1 + 1 × 182 ÷ 365 days × £33,000 × 0.5 = £15,028.71");
        region.expect_text("In all £21,296.39 in 3 lines");
        // Next year has no price.
        region.get(&format!("{TARIFF}?year=2011/12")).await.expect_text("the price of postgraduate_medical for");
        let (status, data) = region.get_json(&page).await;
        assert_eq!((status.as_u16(), data["total"].as_i64()), (200, Some(2_129_639)));
        region.get(&format!("{TARIFF}.csv?year=2010/11")).await.expect_status(200).expect_text("1716.67");
        region.get(&format!("{TARIFF}.xlsx?year=2010/11")).await.expect_status(200);
        region
            .get(&format!("{TARIFF}/trail?year=2010/11"))
            .await
            .expect_text("Midwifery, Main site")
            .expect_text("NHS Region");

        // A host sees its own lines and no other's; the public sees none.
        let (mut host, _) = somebody(&stand, &cluster, "Horace Hostley", Role::HostEducator, 1).await;
        host.get(&page).await.expect_text("£1,716.67").expect_no_text("Ben Doctorley").expect_text("In all £1,716.67");
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
        load(&mut lead, "accounts/costs", "host,tariff,cost_of_a_year,effective_from\nHospital 01,clinical,6000,2010-04-01\n").await;
        // A third of a year costs £2,000.
        lead.get(&format!("{TARIFF}?year=2010/11")).await.expect_text("£231.83");
        let incomes = "host,year,income,before\nHospital 01,2010/11,100000000,400000\n";
        load(&mut lead, "accounts/incomes", incomes).await;
        load(&mut region, "lists/limits", "effective_from,loss_share,loss_most\n2010-04-01,0.25%,2000000\n").await;
        region.get(&format!("{TARIFF}?year=2010/11")).await.expect_text("it may lose no more than £250,000, so £150,000");
        let trail = stand.trail(&Stream::named(format!("education:{}", cluster.id))).await;
        assert!(trail.contains("education.tariff.loaded") && trail.contains("tariff:limits"), "{trail}");
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
        other.get(&claim).await.submit("Approve the clawback").await.expect_status(200).expect_text("Clawed back");
        region.get(&format!("{TARIFF}/trail?year=2010/11")).await.expect_text("£200");
        region.get(&format!("{CLAIMS}.csv")).await.expect_text("Clawed back").expect_text("Withdrawn");
        region.get(&format!("{claim}/lines.csv")).await.expect_text("1716.67");

        // Another host's educator does not find it.
        let (mut else_where, _) = somebody(&stand, &cluster, "Hope Hostwell", Role::HostEducator, 2).await;
        else_where.get(&claim).await.expect_status(404);
        else_where.get(CLAIMS).await.expect_no_text("C0002");
        let trail = stand.trail(&Stream::named(format!("education:{}", cluster.id))).await;
        assert!(trail.contains("education.claim.drawn") && trail.contains("Two weeks were missed"), "{trail}");
    })
    .await;
}
