//! Partners join, change and leave; when a principle breaks for it, everyone and the region hear of it, once.

use hiec_contracts::Clusters;
use hiec_kernel::Role;
use hiec_kernel::organisations::{Function, Sector, Setting};
use hiec_kernel::people::Actor;
use hiec_store::organisations;
use hiec_testkit::for_each_database;

use crate::house::{PATH, house, organisation, partner};

#[tokio::test]
async fn a_commissioner_never_joins_and_others_do_with_their_days() {
    for_each_database(|url| async move {
        let house = house(&url).await;
        let mut director = house.browser("Dora Directson", Role::ClusterDirector).await;
        director.get(&format!("{PATH}/partners?find=Deanery")).await;
        director.expect_text("Example Deanery cannot be a partner");
        let deanery = organisation(200, "", Sector::Nhs, &[], &[]).id.to_string();
        let surgery = organisation(201, "", Sector::Nhs, &[], &[]).id.to_string();
        director
            .post(
                &format!("{PATH}/partners"),
                &[("organisation", &deanery), ("role", "member"), ("since", "2010-02-01")],
            )
            .await
            .expect_status(422)
            .expect_text("commissions education");
        director.get(&format!("{PATH}/partners?find=Second")).await;
        director.fill("Organisation", &surgery).fill("What it will be", "member").fill("From which day", "2010-02-30");
        director.submit("Take it in").await;
        director.expect_status(422).expect_text("Enter a date");
        director
            .fill("Organisation", &surgery)
            .fill("What it will be", "member")
            .fill("From which day", "2010-02-01")
            .fill("Professions of its people that take part", "Nurses\nNurses");
        director.submit("Take it in").await;
        director.expect_status(200).expect_text("Second Surgery belongs to the cluster");
        // The same again on a day it belongs already.
        director
            .post(
                &format!("{PATH}/partners"),
                &[("organisation", &surgery), ("role", "member"), ("since", "2010-03-01")],
            )
            .await
            .expect_status(422)
            .expect_text("belongs to the cluster on that day already");
        let mut public = house.stand.browser();
        let csv = public.get(&format!("{PATH}/partners.csv")).await.text();
        assert_eq!(csv.lines().filter(|line| line.contains("Second Surgery")).count(), 1, "{csv}");
        assert!(csv.contains("Nurses") && csv.contains("2010-02-01"), "{csv}");
        // A facilitator takes nobody in, and the public sees no form.
        let mut facilitator = house.browser("Fay Facilitson", Role::Facilitator).await;
        facilitator.post(&format!("{PATH}/partners"), &[("organisation", &surgery)]).await.expect_status(403);
        public.get(&format!("{PATH}/partners")).await.expect_status(200).expect_no_text("Take an organisation in");
        public.post(&format!("{PATH}/partners"), &[]).await.expect_status(401);
    })
    .await;
}

#[tokio::test]
async fn a_partner_that_leaves_breaks_a_principle_and_everyone_is_told_once() {
    for_each_database(|url| async move {
        let house = house(&url).await;
        let director = house.person("Dora Directson", Role::ClusterDirector).await;
        let patient = house.person("Patsy Patientson", Role::PatientMember).await;
        let site = house.site_lead("Sita Siteley", 1).await;
        let region = house.region_officer().await;
        let outsider = house.stand.add_person("Otto Outside", &[]).await;
        let mut browser = house.stand.browser_of(director.id).await;
        browser.get(&format!("{PATH}/principles")).await.expect_text("7 of 7 principles are met today");

        browser.get(&format!("{PATH}/partners")).await;
        browser.click("Example Devices Ltd").await;
        browser.submit("It leaves the cluster").await;
        browser.expect_status(422).expect_text("Enter why it leaves");
        browser.fill("First day it no longer belongs", "2010-01-04").fill("Reason", "It moved away");
        browser.submit("It leaves the cluster").await;
        browser.expect_status(200).expect_text("Example Devices Ltd left").expect_text("It moved away");

        for person in [&director, &patient, &site, &region] {
            let letter = house.stand.letter_to(&person.email).await;
            assert!(letter.subject.contains("no longer meets a principle"), "{}", letter.subject);
            assert!(
                letter.body.contains("Span sectors") && letter.body.contains("Missing: Industry"),
                "{}",
                letter.body
            );
            assert!(letter.body.contains("http://hiec.example/clusters/north-example/principles"), "{}", letter.body);
            assert_eq!(house.stand.letters_to(&person.email).await, 1);
        }
        assert_eq!(house.stand.letters_to(&outsider.email).await, 0);
        browser.get(PATH).await.expect_text("Principle not met: Span sectors");
        browser
            .get(&format!("{PATH}/principles"))
            .await
            .expect_text("6 of 7")
            .expect_text("Bring in a partner from this sector: industry");
        // Others learn of it through the port; the daily look tells nobody twice.
        let day = "2010-03-31".parse().unwrap();
        let standing =
            hiec_cluster::ClusterPort.standing(&house.stand.database(), house.cluster, day, day).await.unwrap();
        assert_eq!(standing.breaches.len(), 1);
        assert_eq!(standing.breaches[0].principle, "Span sectors");
        house.stand.clock.advance(chrono::Duration::days(2));
        assert_eq!(house.stand.do_jobs().await, 1);
        assert_eq!(house.stand.letters_to(&region.email).await, 1);
        assert!(house.trail().await.contains("principle.moved"));
    })
    .await;
}

#[tokio::test]
async fn what_changes_in_the_register_is_seen_within_a_day() {
    for_each_database(|url| async move {
        let house = house(&url).await;
        let region = house.region_officer().await;
        let functions = [Function::ProvidesCare, Function::CommissionsEducation];
        let changed = organisation(103, "Example Surgery", Sector::Nhs, &[Setting::Primary], &functions);
        let unit = house.stand.state.begin(Actor::System("test".into())).await.unwrap();
        organisations::change(&unit, &changed).await.unwrap();
        unit.commit().await.unwrap();
        assert_eq!(house.stand.letters_to(&region.email).await, 0);
        house.stand.clock.advance(chrono::Duration::hours(25));
        assert_eq!(house.stand.do_jobs().await, 1);
        let letter = house.stand.letter_to(&region.email).await;
        assert!(letter.body.contains("Example Surgery commissions education"), "{}", letter.body);
        // After the last day nobody looks any more.
        house.stand.clock.advance(chrono::Duration::days(800));
        assert_eq!(house.stand.do_jobs().await, 1);
        house.stand.clock.advance(chrono::Duration::days(2));
        assert_eq!(house.stand.do_jobs().await, 0);
    })
    .await;
}

#[tokio::test]
async fn the_lead_stays_and_a_site_lead_of_a_former_partner_reads_no_more() {
    for_each_database(|url| async move {
        let house = house(&url).await;
        let mut director = house.browser("Dora Directson", Role::ClusterDirector).await;
        let (_, data) = director.get_json(&format!("{PATH}/partners")).await;
        let membership = |name: &str| {
            let all = data["partners"].as_array().unwrap();
            let one = all.iter().find(|one| one["organisation"]["name"] == name).unwrap();
            one["id"].as_str().unwrap().to_owned()
        };
        let leaving = |id: &str| format!("{PATH}/partners/{id}/leaving");
        let typed = [("until", "2010-01-05"), ("reason", "Why not")];
        director
            .post(&leaving(&membership("Example University")), &typed)
            .await
            .expect_status(422)
            .expect_text("Name another lead");

        let lead = house.site_lead("Silas Surgeryman", 3).await;
        let mut site = house.stand.browser_of(lead.id).await;
        site.get(&format!("{PATH}/principles")).await.expect_status(200);
        // Not another's, but one's own.
        site.post(&leaving(&membership("Example Devices Ltd")), &typed).await.expect_status(403);
        site.post(&leaving(&membership("Example Surgery")), &typed).await.expect_status(200);
        house.stand.clock.advance(chrono::Duration::days(2));
        let mut site = house.stand.browser_of(lead.id).await;
        site.get(&format!("{PATH}/principles")).await.expect_status(403);
        assert_eq!(partner(3).0.as_u128(), 103);
    })
    .await;
}
