//! Money as the director keeps it: budget, list of what was spent, forecast, commitments, tranches, bids to funders, and what others may not do.

use hiec_cluster::ClusterPort;
use hiec_contracts::Clusters;
use hiec_kernel::{Money, Role};
use hiec_testkit::for_each_database;

use crate::ground::{Ground, PATH, day, ground, project};

async fn budgeted(ground: &Ground) -> hiec_testkit::Browser {
    let mut director = ground.browser("Dora Director", Role::ClusterDirector).await;
    for (year, pathway, amount) in [("1", "COPD", "365000"), ("2", "COPD", "365000"), ("1", "", "370,000")] {
        director
            .post(
                &format!("{PATH}/money/budget"),
                &[("year", year), ("pathway", pathway), ("amount", amount), ("source", "Board plan of 2010")],
            )
            .await
            .expect_status(200);
    }
    director
}

#[tokio::test]
async fn a_budget_is_set_corrected_and_kept_in_the_trail() {
    for_each_database(|url| async move {
        let ground = ground(&url).await;
        let mut director = budgeted(&ground).await;
        director.get(&format!("{PATH}/money/budget")).await.expect_text("as awarded");
        director
            .post(
                &format!("{PATH}/money/budget"),
                &[("year", "2"), ("pathway", "COPD"), ("amount", "300000"), ("source", "Fewer audits")],
            )
            .await
            .expect_text("so £65,000 is not planned yet");
        let trail = ground.trail().await;
        assert!(trail.contains("money.budget_set") && trail.contains("36500000") && trail.contains("Fewer audits"));

        // What was typed stays, and every fault is said.
        director
            .post(&format!("{PATH}/money/budget"), &[("year", "9"), ("amount", "lots"), ("pathway", "Asthma")])
            .await
            .expect_status(422)
            .expect_text("Choose a year of the term")
            .expect_text("Enter an amount in pounds");
        assert_eq!(director.value_of("Pathway").as_deref(), Some("Asthma"));
    })
    .await;
}

#[tokio::test]
async fn a_list_of_what_was_spent_is_previewed_and_taken_whole() {
    for_each_database(|url| async move {
        let ground = ground(&url).await;
        let mut director = budgeted(&ground).await;
        let upload = format!("{PATH}/money/imports/new");
        let bad = "reference,date,what,amount,project\nA1,2010-03-01,Audit,1000,Lung Improvement Pilots\nA2,2010-03-02,Film,x,\n";
        director.get(&upload).await.attach("The list", "march.csv", "text/csv", bad.as_bytes());
        director.submit("Upload and preview").await.expect_text("Line 3, amount").expect_text("Nothing can be imported");
        director.get(&format!("{PATH}/money/actuals")).await.expect_text("Nothing has been booked yet");

        let good = bad.replace(",x,", ",250.50,");
        director.get(&upload).await.attach("The list", "march.csv", "text/csv", good.as_bytes());
        director.submit("Upload and preview").await.expect_text("2 new");
        director.submit("Import all of it").await.expect_text("2 new, 0 corrected").expect_text("£1,250.50");

        // The same list once more changes nothing; a corrected line says what stood before.
        let corrected = good.replace("250.50", "300");
        director.get(&upload).await.attach("The list", "march.csv", "text/csv", corrected.as_bytes());
        director.submit("Upload and preview").await.expect_text("1 corrected").expect_text("£250.50");
        director.submit("Import all of it").await.expect_text("0 new, 1 corrected");
        assert!(ground.trail().await.contains("£250.50"));

        director.get(&format!("{PATH}/money")).await.expect_text("£1,300").expect_text("Lung Improvement Pilots");
        director.get(&format!("{PATH}/money/actuals.csv")).await.expect_status(200);
        assert!(director.text().contains("A2,2010-03-02,Film,300"), "{}", director.text());
        director.get(&format!("{PATH}/money.csv")).await.expect_status(200);
        director.get(&format!("{PATH}/money.xlsx")).await.expect_status(200);

        // What others ask of the cluster says the same.
        let standing = ClusterPort
            .standing(&ground.stand.database(), ground.cluster, day("2010-01-01"), day("2010-03-31"))
            .await
            .unwrap();
        assert_eq!(standing.money.actual, Money::pounds(1_300));
        assert_eq!(standing.term.budget, Money::pounds(1_100_000));
        // From 1 February: 59 of 365 days of £735,000.
        assert_eq!(standing.money.budget, Money(73_500_000 * 59 / 365));
    })
    .await;
}

#[tokio::test]
async fn an_import_gone_stale_is_not_carried_out() {
    for_each_database(|url| async move {
        let ground = ground(&url).await;
        let mut one = budgeted(&ground).await;
        let mut other = ground.browser("Dana Director", Role::ClusterDirector).await;
        let upload = format!("{PATH}/money/imports/new");
        for (browser, amount) in [(&mut one, "10"), (&mut other, "20")] {
            let list = format!("reference,date,what,amount\nA1,2010-03-01,Audit,{amount}\n");
            browser.get(&upload).await.attach("The list", "a.csv", "text/csv", list.as_bytes());
            browser.submit("Upload and preview").await.expect_text("1 new");
        }
        other.submit("Import all of it").await.expect_text("1 new, 0 corrected");
        one.submit("Import all of it").await.expect_status(409).expect_text("has changed since the preview");
        one.get(&format!("{PATH}/money/actuals")).await.expect_text("£20");
    })
    .await;
}

#[tokio::test]
async fn forecasts_commitments_and_tranches_show_on_the_page() {
    for_each_database(|url| async move {
        let ground = ground(&url).await;
        let mut director = budgeted(&ground).await;
        director
            .post(
                &format!("{PATH}/money/forecast"),
                &[("quarter", "2010-04-01"), ("amount", "150000"), ("reason", "Film is late")],
            )
            .await
            .expect_text("Film is late")
            .expect_text("£150,000");
        let partner = ground.partners[1].to_string();
        director
            .post(
                &format!("{PATH}/money/commitments"),
                &[
                    ("organisation", &partner),
                    ("kind", "in_kind"),
                    ("what", "A respiratory physician, one day a week"),
                    ("amount", "40000"),
                    ("from", "2010-02-01"),
                    ("until", "2011-01-31"),
                    ("project", &project()),
                ],
            )
            .await
            .expect_text("Beech Hospital");
        director.fill("Amount", "10000").submit("Note it").await.expect_status(200).expect_text("£10,000");
        director.get(&format!("{PATH}/money")).await.expect_text("£40,000");

        let mut office = ground.office().await;
        office
            .post(
                &format!("{PATH}/money/tranches"),
                &[("amount", "550000"), ("due_on", "2010-04-01"), ("hangs_on", "Agreement signed")],
            )
            .await
            .expect_text("Planned");
        ground.at("2010-04-10 10:00");
        let mut director = ground.browser("Dia Director", Role::ClusterDirector).await;
        director.get(&format!("{PATH}/money/tranches")).await.expect_text("Overdue");
        director.submit("Note it").await.expect_text("Come");
        // Paid is paid.
        director.get(&format!("{PATH}/money")).await.expect_text("£550,000");
    })
    .await;
}

#[tokio::test]
async fn a_bid_to_a_funder_is_won_and_hosted_after_the_cluster() {
    for_each_database(|url| async move {
        let ground = ground(&url).await;
        let mut director = budgeted(&ground).await;
        let partner = ground.partners[0].to_string();
        director
            .post(
                &format!("{PATH}/funding"),
                &[
                    ("title", "Shine scorecards"),
                    ("funder", "Health Foundation"),
                    ("amount", "75000"),
                    ("project", &project()),
                    ("consortium", &partner),
                ],
            )
            .await
            .expect_text("The idea was noted");
        director.submit("Start writing").await.expect_text("Being written");
        director.submit("It was submitted").await.expect_text("The funder’s answer");
        director.submit("Note the answer").await.expect_status(422).expect_text("Choose won or lost");
        let address = director.address().trim_end_matches("/outcome").to_owned();
        director
            .post(
                &format!("{address}/outcome"),
                &[("outcome", "won"), ("amount", "70000"), ("note", "Strong on patients")],
            )
            .await
            .expect_text("Nobody holds this grant after the cluster")
            .expect_text("Strong on patients");
        director.get(&format!("{PATH}/money")).await.expect_text("£70,000");
        director
            .post(&format!("{address}/host"), &[("host", &ground.partners[2].to_string()), ("ends_on", "2013-03-31")])
            .await
            .expect_text("Cedar Practice")
            .expect_no_text("Nobody holds this grant");
        // Decided is decided.
        director.post(&format!("{address}/withdrawal"), &[("note", "No")]).await.expect_status(409);
        assert!(ground.trail().await.contains("funding.hosted"));
    })
    .await;
}

#[tokio::test]
async fn others_look_but_do_not_touch_and_strangers_see_nothing() {
    for_each_database(|url| async move {
        let ground = ground(&url).await;
        budgeted(&ground).await;
        let mut member = ground.browser("Bo Member", Role::BoardMember).await;
        member.get(&format!("{PATH}/money")).await.expect_status(200);
        let set = [("year", "1"), ("pathway", "COPD"), ("amount", "1"), ("source", "Me")];
        member.post(&format!("{PATH}/money/budget"), &set).await.expect_status(403);
        member.get(&format!("{PATH}/money/imports/new")).await.expect_status(403);
        let mut director = ground.browser("Dee Director", Role::ClusterDirector).await;
        let plan = [("amount", "5"), ("due_on", "2010-04-01"), ("hangs_on", "Nothing")];
        director.post(&format!("{PATH}/money/tranches"), &plan).await.expect_status(403);
        let stranger = ground.stand.add_person("Sam Stranger", &[]).await;
        let mut stranger = ground.stand.browser_of(stranger.id).await;
        stranger.get(&format!("{PATH}/money")).await.expect_status(404);
        stranger.get(&format!("{PATH}/funding")).await.expect_status(404);
    })
    .await;
}
