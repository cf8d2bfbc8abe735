//! Risks and responsibilities: judged, judged again, closed; and no task without exactly one accountable.

use hiec_cluster::ClusterPort;
use hiec_contracts::Clusters;
use hiec_kernel::Role;
use hiec_testkit::for_each_database;

use crate::ground::{PATH, day, ground};

#[tokio::test]
async fn a_risk_keeps_every_judgement() {
    for_each_database(|url| async move {
        let ground = ground(&url).await;
        let director = ground.person("Dora Director", Role::ClusterDirector).await;
        let owner = director.id.to_string();
        let mut browser = ground.stand.browser_of(director.id).await;
        let mut fields = vec![
            ("cause", "Two years from a standing start"),
            ("event", "sites join late"),
            ("effect", "no pathway shows a change"),
            ("before_likelihood", "4"),
            ("before_impact", "4"),
            ("after_likelihood", "3"),
            ("after_impact", "4"),
            ("owner", owner.as_str()),
            ("look_again_on", "2010-05-01"),
        ];
        // A lower score without anything done about it is not believed.
        browser
            .post(&format!("{PATH}/risks"), &fields)
            .await
            .expect_status(422)
            .expect_text("Say what is done about it");
        assert_eq!(browser.value_of("What may happen").as_deref(), Some("sites join late"));
        fields.push(("done", "Three pathways in the first year, three in the second"));
        browser.post(&format!("{PATH}/risks"), &fields).await.expect_text("16, extreme (likely × major)");
        browser
            .post(
                &format!("{PATH}/risks/1/judgements"),
                &[
                    ("before_likelihood", "4"),
                    ("before_impact", "4"),
                    ("after_likelihood", "2"),
                    ("after_impact", "3"),
                    ("done", "Sites have signed"),
                    ("owner", owner.as_str()),
                    ("look_again_on", "2010-08-01"),
                ],
            )
            .await
            .expect_text("6, moderate (unlikely × moderate)")
            .expect_text("12, high (possible × major)");

        let standing = ClusterPort
            .standing(&ground.stand.database(), ground.cluster, day("2010-01-01"), day("2010-03-31"))
            .await
            .unwrap();
        let seen: Vec<(u8, u8)> = standing.risks.iter().map(|risk| (risk.before, risk.after)).collect();
        assert_eq!(seen, [(16, 6)]);
        assert_eq!(standing.risks[0].path, format!("{PATH}/risks/1"));

        browser.get(&format!("{PATH}/risks.csv")).await.expect_status(200);
        assert!(browser.text().contains("sites join late"));
        browser.post(&format!("{PATH}/risks/1/closure"), &[("reason", "")]).await.expect_status(422);
        browser.post(&format!("{PATH}/risks/1/closure"), &[("reason", "All have joined")]).await.expect_text("Closed");
        browser.get(&format!("{PATH}/risks")).await.expect_text("No risk is open");
        let trail = ground.trail().await;
        assert!(["risk.opened", "risk.judged", "risk.closed"].iter().all(|kind| trail.contains(kind)));
    })
    .await;
}

#[tokio::test]
async fn a_task_has_exactly_one_accountable() {
    for_each_database(|url| async move {
        let ground = ground(&url).await;
        let mut chair = ground.browser("Clara Chair", Role::ClusterChair).await;
        let path = format!("{PATH}/responsibilities");
        let two = [("what", "Sign the return"), ("chair", "A"), ("director", "AR")];
        chair.post(&path, &two).await.expect_status(422).expect_text("now it is Chair and Managing director");
        let none = [("what", "Sign the return"), ("director", "R")];
        chair.post(&path, &none).await.expect_status(422).expect_text("Choose who is accountable");
        let one = [("what", "Sign the return"), ("chair", "A"), ("director", "R"), ("region", "I")];
        chair.post(&path, &one).await.expect_status(200).expect_text("Sign the return");
        chair.post(&path, &one).await.expect_status(409);
        chair.get(&path).await.click("Sign the return").await;
        chair
            .fill("Managing director", "C")
            .submit("Change it")
            .await
            .expect_status(422)
            .expect_text("nobody is responsible");
        chair.fill("Chair", "AR").submit("Change it").await.expect_text("The parts were changed");
        let mut member = ground.browser("Bo Member", Role::BoardMember).await;
        member.get(&path).await.expect_status(200);
        member.post(&path, &one).await.expect_status(403);
        member.get(&format!("{path}.csv")).await.expect_status(200);
        assert!(member.text().contains("Sign the return,,AR,C"), "{}", member.text());
    })
    .await;
}
