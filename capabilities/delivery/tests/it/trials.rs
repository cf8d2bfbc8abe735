//! Trials: industry asks, sites answer for themselves, the cluster says where each was opened; the public sees none of it.

use hiec_kernel::Role;
use hiec_testkit::for_each_database;

use crate::clusters::{hospital, site_lead, somebody, stand};

#[tokio::test]
async fn a_site_answers_for_itself_and_is_opened_only_where_it_could() {
    for_each_database(|url| async move {
        let (stand, cluster) = stand(&url, 2, "2011-03-10 10:00").await;
        let (mut fay, _) = somebody(&stand, &cluster, "Fay Facilitson", Role::Facilitator).await;
        let mut sita = site_lead(&stand, &cluster, "Sita Siteley", 2).await;
        fay.get("/clusters/necles/trials")
            .await
            .expect_text("Nobody has asked yet")
            .click("Pass on the first question")
            .await;
        fay.submit("Pass it on").await.expect_status(422);
        fay.fill("The trial", "Inhaler study")
            .fill("Who asks", "A made-up company")
            .fill("What they ask of sites", "Who could recruit?");
        fay.fill("Patients wanted in all", "60")
            .fill("Answers by", "2011-04-30")
            .submit("Pass it on")
            .await
            .expect_status(200);
        fay.expect_text("One site lead was written to")
            .expect_text("0 of 60 wanted could be recruited")
            .expect_text("2 sites have not answered.");

        let page = "/clusters/necles/trials/inhaler-study";
        let letter = stand.letter_to("sita.siteley@example.org").await;
        assert!(letter.body.contains("Who could recruit?") && letter.body.contains(page), "{}", letter.body);
        assert!(letter.body.contains("by 30 April 2011"), "{}", letter.body);
        sita.get(page).await.expect_status(200).expect_no_text("Answer for Hospital 01");
        sita.fill("Could this site take part?", "Yes").submit("Answer for Hospital 02").await.expect_status(422);
        assert_eq!(sita.errors(), ["Enter how many patients it could recruit: at least one", "Enter from when"]);
        sita.fill("If yes: patients it could recruit", "12").fill("If yes: from when", "2011-06-01");
        sita.submit("Answer for Hospital 02").await.expect_status(200).expect_text("12 of 60 wanted");
        let other = format!("{page}/sites/{}/answer", hospital(1).id);
        sita.post(&other, &[("could", "no"), ("note", "x")]).await.expect_status(403);
        fay.post(&other, &[("could", "no"), ("note", "No research nurse")]).await.expect_status(200);

        let opened = |site: u128| {
            vec![
                ("site", hospital(site).id.to_string()),
                ("decision", "opened".into()),
                ("on", "2011-03-10".into()),
                ("reason", "Contract".into()),
            ]
        };
        for (site, status) in [(1, 422), (2, 200), (2, 422)] {
            let fields = opened(site);
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            fay.post(&format!("{page}/decisions"), &fields).await.expect_status(status);
        }
        fay.expect_text("It is decided at this site already").expect_text("Opened, 10 March 2011: Contract");
        fay.get("/clusters/necles/trials.csv").await.expect_status(200).expect_text("Could not");

        assert!(stand.browser().get("/clusters/necles/trials").await.address().starts_with("/sign-in"));
        let (mut patient, _) = somebody(&stand, &cluster, "Patsy Patientson", Role::PatientMember).await;
        patient.get(page).await.expect_status(200).expect_text("No research nurse");
    })
    .await;
}
