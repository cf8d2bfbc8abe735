//! Partners speak of each other: each for itself, both sides of a tie, and what nobody said stays unknown.

use hiec_kernel::Role;
use hiec_testkit::{Browser, for_each_database};

use crate::ground::{Ground, PATH, ground};

/// One partner says ties of others, by their places in the list.
async fn say(ground: &Ground, browser: &mut Browser, from: usize, ties: &[(usize, &str)]) {
    let mut fields = vec![("quarter".to_owned(), "2010-01-01".to_owned())];
    for (about, level) in ties {
        fields.push((format!("tie-{}", ground.partners[*about]), (*level).to_owned()));
        fields.push((format!("openness-{}", ground.partners[*about]), "4".to_owned()));
    }
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    browser.post(&format!("{PATH}/health/{}", ground.partners[from]), &fields).await;
}

#[tokio::test]
async fn both_sides_are_asked_and_silence_is_unknown() {
    for_each_database(|url| async move {
        let ground = ground(&url).await;
        let mut leads = Vec::new();
        for (partner, name) in ["Ann Alder", "Bea Beech", "Cy Cedar", "Di Dogwood"].iter().enumerate() {
            leads.push(ground.site_lead(name, partner).await);
        }
        leads[0].get(&format!("{PATH}/health")).await.expect_text("No partner has spoken");
        say(&ground, &mut leads[0], 0, &[(1, "4"), (2, "3")]).await;
        leads[0].expect_text("It was noted");
        say(&ground, &mut leads[1], 1, &[(0, "2"), (2, "0")]).await;
        say(&ground, &mut leads[2], 2, &[(0, "1"), (1, "0")]).await;

        // Only those who have not spoken are written to, and not by just anybody.
        let ask = [("quarter", "2010-01-01")];
        leads[0].post(&format!("{PATH}/health/questions"), &ask).await.expect_status(403);
        let mut director = ground.browser("Dora Director", Role::ClusterDirector).await;
        director.post(&format!("{PATH}/health/questions"), &ask).await.expect_text("One site lead was written to");
        assert_eq!(ground.stand.letters_to("di.dogwood@example.org").await, 1);
        assert_eq!(ground.stand.letters_to("ann.alder@example.org").await, 0);

        let (_, shown) = leads[3].get_json(&format!("{PATH}/health")).await;
        let figures = &shown["figures"];
        // 0–1 (4 and 2) is a tie, 0–2 (3 and 1) is one, 1–2 (0 and 0) is none; of the pairs with the fourth nobody spoke.
        assert_eq!((figures["ties"].as_u64(), figures["unknown_pairs"].as_u64()), (Some(2), Some(3)));
        assert_eq!(figures["given"], 6);
        assert!((figures["density"].as_f64().unwrap_or_default() - 2.0 / 3.0).abs() < 1e-9);
        // Three have spoken of the first only twice: too few for a mean.
        assert!(shown["standing"][0]["trust"].is_null());
        leads[3].get(&format!("{PATH}/health")).await.expect_text("Too few voices");
        say(&ground, &mut leads[3], 3, &[(0, "5")]).await;
        leads[3].get(&format!("{PATH}/health")).await.expect_text("4.0");
        leads[3].get(&format!("{PATH}/health.csv")).await.expect_status(200);
        assert!(leads[3].text().contains("2010-01-01,Beech Hospital,Cedar Practice,0"), "{}", leads[3].text());
    })
    .await;
}

#[tokio::test]
async fn nobody_speaks_for_another_unnamed() {
    for_each_database(|url| async move {
        let ground = ground(&url).await;
        let mut lead = ground.site_lead("Bea Beech", 1).await;
        lead.get(&format!("{PATH}/health/{}", ground.partners[0])).await.expect_status(404);
        say(&ground, &mut lead, 0, &[(1, "5")]).await;
        lead.expect_status(404);

        let mut director = ground.browser("Dora Director", Role::ClusterDirector).await;
        say(&ground, &mut director, 0, &[(1, "5")]).await;
        director.expect_status(422).expect_text("Enter who at the partner said so");
        director
            .fill("Who at the partner said so", "The dean, by telephone")
            .submit("Say it")
            .await
            .expect_text("It was noted");
        let trail = ground.trail().await;
        assert!(trail.contains("health.view_told") && trail.contains("The dean, by telephone"));

        // What stands already leaves no second entry, and nothing outside the scale is taken.
        let entries = trail.matches("health.view_told").count();
        director.get(&format!("{PATH}/health/{}", ground.partners[0])).await;
        director.fill("Who at the partner said so", "The dean").submit("Say it").await.expect_status(200);
        assert_eq!(ground.trail().await.matches("health.view_told").count(), entries);
        say(&ground, &mut lead, 1, &[(0, "6")]).await;
        lead.expect_status(422).expect_text("Choose 0 to 5");
        lead.post(&format!("{PATH}/health/{}", ground.partners[1]), &[("quarter", "2019-01-01")])
            .await
            .expect_status(422);
    })
    .await;
}

#[tokio::test]
async fn silent_partners_are_written_to_by_time_and_no_more_than_twice() {
    for_each_database(|url| async move {
        let ground = ground(&url).await;
        let mut speaks = ground.site_lead("Ann Alder", 0).await;
        let _silent = ground.site_lead("Bea Beech", 1).await;
        say(&ground, &mut speaks, 0, &[(1, "4")]).await;
        let mut letters = Vec::new();
        for moment in [
            "2010-03-31 10:00",
            "2010-04-01 10:00",
            "2010-04-02 10:00",
            "2010-04-14 10:00",
            "2010-04-15 10:00",
            "2010-04-16 10:00",
            "2010-05-20 10:00",
        ] {
            ground.at(moment);
            ground.stand.do_jobs().await;
            letters.push(ground.stand.letters_to("bea.beech@example.org").await);
        }
        assert_eq!(letters, [0, 1, 1, 1, 2, 2, 2]);
        assert_eq!(ground.stand.letters_to("ann.alder@example.org").await, 0, "who has spoken is left in peace");
        let body = ground.stand.letter_to("bea.beech@example.org").await.body;
        assert!(body.contains("January to March 2010") && body.contains("/health/"), "{body}");
    })
    .await;
}
