//! Measures as a cluster's people use them: defined by two, entered by sites, seen as each site chose.

use hiec_contracts::ClusterSeen;
use hiec_kernel::{Role, Scope};
use hiec_store::Stream;
use hiec_testkit::{Browser, for_each_database};
use hiec_teststand::Stand;
use http::Method;
use serde_json::json;

use crate::clusters::{hospital, set, site_lead, somebody, stand};

const NIV: &[(&str, &str)] = &[
    ("key", "niv-three-hours"),
    ("title", "On NIV within three hours"),
    ("numerator", "Patients on NIV within three hours of arrival"),
    ("denominator", "Patients treated with NIV"),
    ("kind", "proportion"),
    ("aim", "up"),
    ("target", "80"),
    ("period", "month"),
    ("chart", "xmr"),
    ("owner", "COPD pathway"),
    ("source", "Audit forms"),
    ("small_numbers", "none"),
    ("sharing_terms", "Seven hospitals see each other"),
    ("sharing", "named"),
    ("review-day", "31"),
    ("review-month", "3"),
    ("review-year", "2011"),
    ("due_days", "30"),
    ("why", "Agreed by the group"),
];

fn changed<'a>(form: &[(&'a str, &'a str)], field: &str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    form.iter().map(|(name, old)| (*name, if *name == field { value } else { old })).collect()
}

/// A cluster whose facilitator proposed a measure that its director put in force.
struct Team {
    stand: Stand,
    cluster: ClusterSeen,
    facilitator: Browser,
    director: Browser,
}

async fn team(url: &str, hospitals: u128, form: &[(&str, &str)]) -> Team {
    let (stand, cluster) = stand(url, hospitals, "2010-10-15 10:00").await;
    let (mut facilitator, _) = somebody(&stand, &cluster, "Fay Facilitson", Role::Facilitator).await;
    let (mut director, _) = somebody(&stand, &cluster, "Dora Directson", Role::ClusterDirector).await;
    facilitator
        .post("/clusters/necles/measures", form)
        .await
        .expect_status(200)
        .expect_text("Proposed by Fay Facilitson");
    director
        .post("/clusters/necles/measures/niv-three-hours/versions/1/decision", &[("decision", "in_force")])
        .await
        .expect_status(200)
        .expect_text("Put in force by Dora Directson");
    Team { stand, cluster, facilitator, director }
}

/// Two years of months at so many hospitals as a table; the value is level, but for what `last` makes of the last month.
fn table(hospitals: u128, last: u32) -> String {
    let mut text = String::from("measure,site,period,numerator,denominator\n");
    for site in 1..=hospitals {
        for month in 0..24_u32 {
            let (year, of_year) = (2008 + (month + 8) / 12, (month + 8) % 12 + 1);
            let count = if month == 23 && site == 1 { last } else { 48 + (month * 7 + 3) % 5 };
            text.push_str(&format!("niv-three-hours,Hospital {site:02},{year}-{of_year:02},{count},100\n"));
        }
    }
    text
}

async fn import(browser: &mut Browser, name: &str, table: &str) {
    browser.get("/clusters/necles/figures/new").await.expect_status(200);
    browser
        .attach("The file", name, "text/csv", table.as_bytes())
        .submit("Upload and preview")
        .await
        .expect_status(200);
}

#[tokio::test]
async fn a_definition_is_proposed_by_one_and_put_in_force_by_another() {
    for_each_database(|url| async move {
        let (stand, cluster) = stand(&url, 7, "2010-10-15 10:00").await;
        let (mut facilitator, _) = somebody(&stand, &cluster, "Fay Facilitson", Role::Facilitator).await;
        let (mut director, _) = somebody(&stand, &cluster, "Dora Directson", Role::ClusterDirector).await;
        let (mut region, _) = somebody(&stand, &cluster, "Rita Regionson", Role::RegionOfficer).await;
        facilitator.get("/clusters/necles/measures").await.expect_status(200).expect_text("No measure is defined yet");
        facilitator.post("/clusters/necles/measures", &[("title", "NIV")]).await.expect_status(422);
        assert!(facilitator.errors().iter().any(|error| error.contains("Choose how a value is made")));
        assert_eq!(facilitator.value_of("Title").as_deref(), Some("NIV"));
        region.post("/clusters/necles/measures", NIV).await.expect_status(403);

        facilitator.post("/clusters/necles/measures", NIV).await.expect_status(200);
        facilitator.post("/clusters/necles/measures", NIV).await.expect_status(422).expect_text("already");
        let decision = "/clusters/necles/measures/niv-three-hours/versions/1/decision";
        facilitator.post(decision, &[("decision", "in_force")]).await.expect_status(422).expect_text("somebody else");
        director.post(decision, &[("decision", "refuse")]).await.expect_status(422).expect_text("needs a reason");
        director.post(decision, &[("decision", "in_force")]).await.expect_status(200);
        director.post(decision, &[("decision", "in_force")]).await.expect_status(422).expect_text("already");

        let next = changed(NIV, "target", "90");
        let versions = "/clusters/necles/measures/niv-three-hours/versions";
        director.post(versions, &next).await.expect_status(200).expect_text("Target: 90%").expect_text("Target: 80%");
        facilitator.post(versions, &next).await.expect_status(422).expect_text("waits for a decision");
        facilitator
            .post("/clusters/necles/measures/niv-three-hours/versions/2/decision", &[("decision", "in_force")])
            .await
            .expect_status(200);
        let (_, data) = region.get_json("/clusters/necles/measures/niv-three-hours").await;
        assert_eq!(data["definition"]["target"], 90.0);
        let trail = stand.trail(&Stream::named(format!("delivery:{}", cluster.id))).await;
        assert_eq!(trail.matches("measure.decided").count(), 2);
        let mut nobody = stand.browser();
        nobody.get("/clusters/necles/measures").await;
        assert!(nobody.address().starts_with("/sign-in"), "{}", nobody.address());
    })
    .await;
}

#[tokio::test]
async fn a_site_enters_its_own_figures_and_corrections_keep_what_was() {
    for_each_database(|url| async move {
        let Team { stand, cluster, mut facilitator, .. } = team(&url, 7, NIV).await;
        let mut lead = site_lead(&stand, &cluster, "Sita Siteley", 2).await;
        let own = format!("/clusters/necles/sites/{}/entry", hospital(2).id);
        let others = format!("/clusters/necles/sites/{}/entry", hospital(3).id);
        let figure = |period: &'static str, numerator: &'static str, denominator: &'static str| {
            [
                ("period", period),
                ("figures-niv-three-hours-numerator", numerator),
                ("figures-niv-three-hours-denominator", denominator),
            ]
        };
        lead.get(&own).await.expect_status(200).expect_text("September 2010");
        lead.post(&others, &figure("2010-09-01", "5", "9")).await.expect_status(403);
        lead.post(&own, &figure("2010-09-01", "10", "9"))
            .await
            .expect_status(422)
            .expect_text("more than the denominator");
        lead.post(&own, &figure("2010-09-01", "some", "9")).await.expect_status(422).expect_text("enter a number");
        lead.post(&own, &figure("2010-09-01", "5", "9")).await.expect_status(200).expect_text("1 new figure");
        lead.post(&own, &figure("2010-09-01", "6", "9")).await.expect_status(422).expect_text("Say why figures change");
        let mut correction = figure("2010-09-01", "6", "9").to_vec();
        correction.push(("reason", "A patient was left out"));
        lead.post(&own, &correction).await.expect_status(200).expect_text("1 changed figure");
        let evidence =
            format!("/clusters/necles/measures/niv-three-hours/sites/{}/observations/2010-09", hospital(2).id);
        lead.get(&evidence)
            .await
            .expect_text("5 of 9 became 6 of 9")
            .expect_text("A patient was left out")
            .expect_text("Sita Siteley");
        facilitator.get(&evidence).await.expect_status(200);
        let (_, series) =
            facilitator.get_json(&format!("/clusters/necles/measures/niv-three-hours/sites/{}", hospital(2).id)).await;
        assert_eq!(series["series"]["points"][0]["numerator"], 6.0);
        assert_eq!(series["is_short"], true);
        // A program sends the same as JSON.
        let sent =
            json!({ "period": "2010-08-01", "figures": { "niv-three-hours": { "numerator": 4, "denominator": 8 } } });
        let (status, _) = lead.post_json(&own, &sent).await;
        assert!(status.is_success(), "{status}");
    })
    .await;
}

#[tokio::test]
async fn a_file_is_taken_whole_or_not_at_all() {
    for_each_database(|url| async move {
        let Team { stand, cluster, mut facilitator, mut director } = team(&url, 7, NIV).await;
        let wrong = "measure,site,period,numerator,denominator\nniv-three-hours,Hospital 01,2010-09,5,9\n\
                     niv-three-hours,Hospital 99,2010-09,5,9\nniv-three-hours,Hospital 02,2010-09,10,9\n\
                     niv-three-hours,Hospital 01,2010-09,6,9\nniv-three-hours,Hospital 03,2010-11,5,9\n";
        import(&mut facilitator, "wrong.csv", wrong).await;
        facilitator.expect_text("Line 3").expect_text("no site of this cluster");
        facilitator.expect_text("Line 4").expect_text("Line 5").expect_text("stand on line 2 already");
        facilitator.expect_text("Line 6").expect_text("has not ended yet").expect_text("Nothing can be imported");
        let (_, before) = director.get_json("/clusters/necles/measures").await;
        assert_eq!(before["measures"][0]["sites"], 0);

        import(&mut facilitator, "figures.csv", &table(7, 50)).await;
        facilitator
            .expect_text("168 figures new")
            .submit("Import all of it")
            .await
            .expect_status(200)
            .expect_text("168 new");
        let (_, after) = director.get_json("/clusters/necles/measures").await;
        assert_eq!(after["measures"][0]["common_cause"], 7, "{after}");
        assert_eq!(after["sites"].as_array().unwrap().len(), 7);
        let (_, total) = director.get_json("/clusters/necles/measures/niv-three-hours").await;
        assert_eq!(total["total"]["points"].as_array().unwrap().len(), 24);
        assert_eq!(total["total"]["points"][0]["denominator"], 700.0);

        // The same again changes nothing; what lies outside the limits is asked about; a change needs a reason.
        import(&mut facilitator, "figures.csv", &table(7, 95)).await;
        facilitator.expect_text("1 figure changed").expect_text("1 value unusual").expect_text("95% is unusual here");
        facilitator.submit("Import all of it").await.expect_status(422);
        assert_eq!(facilitator.errors().len(), 2, "{:?}", facilitator.errors());
        facilitator
            .fill("Why figures change that are stored already", "A new rota")
            .tick("I have looked at the unusual values, and they hold")
            .submit("Import all of it")
            .await
            .expect_status(200)
            .expect_text("1 changed");
        let chart = format!("/clusters/necles/measures/niv-three-hours/sites/{}", hospital(1).id);
        facilitator.get(&chart).await.expect_text("special cause improvement").expect_text("By which rule");
        for name in ["chart.svg", "figures.csv", "figures.xlsx"] {
            facilitator.get(&format!("{chart}/files/{name}")).await.expect_status(200);
        }
        facilitator.get("/clusters/necles/measures/files/icons.csv").await.expect_status(200);

        // In the night the facilitators hear of it, once.
        set(&stand, "2010-10-17 10:00");
        stand.do_jobs().await;
        let letter = stand.letter_to("fay.facilitson@example.org").await;
        assert_eq!(letter.subject, "1 new signal in NECLES");
        assert!(letter.body.contains("Hospital 01"), "{}", letter.body);
        set(&stand, "2010-10-19 10:00");
        stand.do_jobs().await;
        assert_eq!(stand.letters_to("fay.facilitson@example.org").await, 1);
        let _ = cluster;
    })
    .await;
}

#[tokio::test]
async fn peers_see_what_a_site_chose_on_pages_in_files_and_by_program() {
    for_each_database(|url| async move {
        let Team { stand, cluster, mut facilitator, .. } = team(&url, 7, NIV).await;
        import(&mut facilitator, "figures.csv", &table(7, 50)).await;
        facilitator.submit("Import all of it").await.expect_status(200);
        let mut lead = site_lead(&stand, &cluster, "Sita Siteley", 2).await;
        let mut peer = site_lead(&stand, &cluster, "Sol Siteson", 3).await;
        let chart = format!("/clusters/necles/measures/niv-three-hours/sites/{}", hospital(2).id);
        peer.get(&chart).await.expect_status(200);
        peer.post(&format!("{chart}/sharing"), &[("level", "band")]).await.expect_status(403);
        facilitator.post(&format!("{chart}/sharing"), &[("level", "band")]).await.expect_status(403);

        lead.post(&format!("{chart}/sharing"), &[("level", "coded")]).await.expect_status(200);
        lead.get(&chart).await.expect_status(200);
        facilitator.get(&chart).await.expect_status(200);
        let id = hospital(2).id.to_string();
        let files = [
            "/clusters/necles/measures/files/figures.csv",
            "/clusters/necles/measures/files/icons.csv",
            "/clusters/necles/measures/niv-three-hours/files/figures.csv",
            "/clusters/necles/data-value-sets",
        ];
        peer.get(&chart).await.expect_status(404);
        peer.get(&format!("/clusters/necles/sites/{id}/measures")).await.expect_status(404);
        peer.get("/clusters/necles/measures/niv-three-hours")
            .await
            .expect_status(200)
            .expect_no_text("Hospital 02")
            .expect_no_text(&id);
        for file in files {
            peer.get(file).await.expect_status(200).expect_no_text("Hospital 02").expect_no_text(&id);
        }
        let (_, data) = peer.get_json("/clusters/necles/measures/niv-three-hours").await;
        assert!(!data.to_string().contains(&id), "{data}");
        assert_eq!(data["sites"].as_array().unwrap().iter().filter(|site| site["site"].is_null()).count(), 1);

        // Only its band: no figures anywhere, and no total that would give them away.
        lead.post(&format!("{chart}/sharing"), &[("level", "band")]).await.expect_status(200);
        peer.get("/clusters/necles/measures/niv-three-hours").await.expect_text("The total is not shown");
        peer.get("/clusters/necles/measures/niv-three-hours/sites/all").await.expect_status(403);
        let (_, data) = peer.get_json("/clusters/necles/measures/niv-three-hours").await;
        assert!(data["total"].is_null());
        peer.get("/clusters/necles/measures/niv-three-hours/files/figures.csv").await;
        assert_eq!(peer.html().lines().count(), 1 + 6 * 24, "the site is left out");
        facilitator.get("/clusters/necles/measures/niv-three-hours/sites/all").await.expect_status(200);
    })
    .await;
}

#[tokio::test]
async fn small_numbers_are_hidden_from_peers_and_not_from_their_own_site() {
    for_each_database(|url| async move {
        let form = changed(NIV, "small_numbers", "hospital");
        let Team { stand, cluster, mut facilitator, .. } = team(&url, 7, &form).await;
        let small = "measure,site,period,numerator,denominator\nniv-three-hours,Hospital 02,2010-08,3,40\nniv-three-hours,Hospital 02,2010-09,13,41\n";
        import(&mut facilitator, "figures.csv", small).await;
        facilitator.submit("Import all of it").await.expect_status(200);
        let mut lead = site_lead(&stand, &cluster, "Sita Siteley", 2).await;
        let mut peer = site_lead(&stand, &cluster, "Sol Siteson", 3).await;
        let chart = format!("/clusters/necles/measures/niv-three-hours/sites/{}", hospital(2).id);
        let (_, own) = lead.get_json(&chart).await;
        assert_eq!(own["series"]["points"].as_array().unwrap().len(), 2);
        let (_, seen) = peer.get_json(&chart).await;
        assert_eq!(seen["series"]["hidden"], json!(["2010-08-01"]));
        assert_eq!(seen["series"]["points"][0]["numerator"], 15.0, "rounded: {seen}");
        peer.get(&format!("{chart}/observations/2010-08")).await.expect_text("Hidden, for it is a small number");
        peer.get(&format!("{chart}/files/figures.csv")).await.expect_no_text(",3,40");
    })
    .await;
}

#[tokio::test]
async fn a_program_sends_data_value_sets() {
    for_each_database(|url| async move {
        let Team { mut facilitator, .. } = team(&url, 7, NIV).await;
        let path = "/clusters/necles/data-value-sets";
        let value = |element: &str, site: &str, value: &str| {
            json!({ "dataElement": element, "period": "201009", "orgUnit": site, "value": value, "storedBy": "somebody", "followUp": false })
        };
        let good = json!({ "dataValues": [
            value("niv-three-hours.numerator", "Hospital 01", "5"), value("niv-three-hours.denominator", "Hospital 01", "9"),
        ], "unknown": 1 });
        let (status, answer) = facilitator.post_json(&format!("{path}?dryRun=true"), &good).await;
        assert_eq!((status.as_u16(), &answer["importCount"]["imported"]), (200, &json!(1)), "{answer}");
        let (status, answer) = facilitator.post_json(path, &good).await;
        assert_eq!((status.as_u16(), &answer["importCount"]["imported"], &answer["status"]), (200, &json!(1), &json!("SUCCESS")));
        let (_, answer) = facilitator.post_json(path, &good).await;
        assert_eq!(answer["importCount"]["ignored"], 1, "unchanged values are ignored");
        let bad = json!({ "dataValues": [
            value("niv-three-hours.numerator", "Hospital 02", "5"), value("niv-three-hours.denominator", "Hospital 02", "9"),
            value("niv-three-hours.numerator", "Nowhere", "5"), value("niv-three-hours.denominator", "Nowhere", "9"),
        ] });
        let (status, answer) = facilitator.post_json(path, &bad).await;
        assert_eq!(status.as_u16(), 409);
        assert_eq!(answer["conflicts"][0]["rows"], json!([3, 4]), "{answer}");
        assert_eq!(answer["importCount"]["imported"], 0);
        let csv = "dataelement,period,orgunit,catoptcombo,attroptcombo,value\nniv-three-hours.numerator,201008,Hospital 01,,,6\n\
                   niv-three-hours.denominator,201008,Hospital 01,,,8\n";
        let status = facilitator.send(Method::POST, path, &[("content-type", "application/csv")], csv.as_bytes().to_vec()).await;
        assert_eq!(status.as_u16(), 200, "{}", facilitator.html());
        let (_, all) = facilitator.get_json(path).await;
        assert_eq!(all["dataValues"].as_array().unwrap().len(), 4, "{all}");
        let (status, answer) = facilitator.post_json(&format!("{path}?importStrategy=DELETE&reason=Sent%20twice"), &good).await;
        assert_eq!((status.as_u16(), &answer["importCount"]["deleted"]), (200, &json!(1)), "{answer}");
        let (_, all) = facilitator.get_json(path).await;
        assert_eq!(all["dataValues"].as_array().unwrap().len(), 2);
    })
    .await;
}

#[tokio::test]
async fn new_limits_are_proposed_by_a_rule_and_decided_by_a_person() {
    for_each_database(|url| async move {
        let Team { stand, cluster, mut facilitator, .. } = team(&url, 1, NIV).await;
        let mut table = String::from("measure,site,period,numerator,denominator\n");
        for month in 0..60_u32 {
            let (year, of_year) = (2005 + month / 12, month % 12 + 1);
            let level = if month < 24 { 40 } else { 60 };
            table.push_str(&format!(
                "niv-three-hours,Hospital 01,{year}-{of_year:02},{},100\n",
                level + (month * 7 + 4) % 5
            ));
        }
        import(&mut facilitator, "figures.csv", &table).await;
        facilitator.submit("Import all of it").await.expect_status(200);
        let chart = format!("/clusters/necles/measures/niv-three-hours/sites/{}", hospital(1).id);
        let (mut board, _) = somebody(&stand, &cluster, "Bruno Boardley", Role::BoardMember).await;
        facilitator.get(&chart).await.expect_text("From January 2007 on the level may have moved");
        board
            .post(&format!("{chart}/rebases"), &[("starts_on", "2007-01"), ("decision", "accept"), ("reason", "x")])
            .await
            .expect_status(403);
        facilitator
            .post(&format!("{chart}/rebases"), &[("starts_on", "2007-01"), ("decision", "accept")])
            .await
            .expect_status(422);
        facilitator
            .post(
                &format!("{chart}/rebases"),
                &[("starts_on", "2007-01"), ("decision", "accept"), ("reason", "A second nurse on nights")],
            )
            .await
            .expect_status(200)
            .expect_text("A second nurse on nights");
        let (_, data) = facilitator.get_json(&chart).await;
        assert_eq!(data["variation"], "common_cause", "{}", data["reading"]);
        assert_eq!(data["new_limits"]["proposals"], json!([]));
        facilitator
            .post(&format!("{chart}/rebases"), &[("starts_on", "2007-01"), ("decision", "refuse"), ("reason", "y")])
            .await
            .expect_status(409);
        let trail = stand.trail(&Stream::named(format!("delivery:{}", cluster.id))).await;
        assert!(trail.contains("rebase.decided") && trail.contains("A second nurse on nights"));
    })
    .await;
}

#[tokio::test]
async fn who_is_late_is_seen_and_a_digest_goes_out_each_quarter() {
    for_each_database(|url| async move {
        let Team { stand, cluster, mut facilitator, .. } = team(&url, 7, NIV).await;
        import(&mut facilitator, "figures.csv", &table(7, 50)).await;
        facilitator.submit("Import all of it").await.expect_status(200);
        let scope = Scope::Organisation(hospital(2).id.0);
        stand.add_person("Sita Siteley", &[(Role::SiteLead, scope, Some(cluster.id.0))]).await;
        facilitator.get("/clusters/necles/figures/late").await.expect_text("Nobody is late");
        set(&stand, "2010-11-01 10:00");
        let (mut facilitator, _) = somebody(&stand, &cluster, "Finn Facilman", Role::Facilitator).await;
        facilitator.get("/clusters/necles/figures/late").await.expect_text("Hospital 01").expect_text("September 2010");
        set(&stand, "2011-01-02 10:00");
        stand.do_jobs().await;
        let letter = stand.letter_to("sita.siteley@example.org").await;
        assert_eq!(letter.subject, "Your figures in NECLES, October to December 2010");
        assert!(
            letter.body.contains("On NIV within three hours") && !letter.body.contains("Hospital 01"),
            "{}",
            letter.body
        );
    })
    .await;
}

#[tokio::test]
async fn a_p_chart_is_drawn_where_the_definition_says_so_and_the_kind_of_value_fits() {
    for_each_database(|url| async move {
        let Team { mut facilitator, .. } = team(&url, 2, &changed(NIV, "chart", "p")).await;
        let wrong = changed(&changed(NIV, "chart", "u"), "key", "other");
        facilitator.post("/clusters/necles/measures", &wrong).await.expect_status(422);
        facilitator.expect_text("This chart is not drawn of values of this kind (Part of a whole, in per cent)");
        import(&mut facilitator, "figures.csv", &table(2, 20)).await;
        facilitator.submit("Import all of it").await.expect_status(200);
        let (_, site) = facilitator.get_json("/clusters/necles/measures/niv-three-hours").await;
        assert_eq!(site["sites"][0]["variation"], "concern_low", "{site}");
        assert_eq!(site["sites"][1]["variation"], "common_cause");
        let path = format!("/clusters/necles/measures/niv-three-hours/sites/{}", hospital(1).id);
        facilitator.get(&path).await.expect_status(200).expect_text("20% is below the limit of");
        facilitator.expect_text("P chart, September 2008 to August 2010: the middle line is");
        let csv = facilitator.get(&format!("{path}/files/figures.csv")).await.text();
        assert!(csv.contains("lower_limit") && csv.contains("Concern, low"), "{csv}");
    })
    .await;
}
