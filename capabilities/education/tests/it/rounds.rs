//! A placement round from its beginning to its second round: who may do what, who never sees what, and a certificate that holds without us.

use hiec_contracts::ClusterSeen;
use hiec_kernel::people::{Actor, Person};
use hiec_kernel::{Role, Scope};
use hiec_store::{FromQueryResult, Reads, Stream, values};
use hiec_testkit::Browser;
use hiec_teststand::Stand;
use uuid::Uuid;

use crate::clusters::{self, day, organisation, somebody};

pub(crate) const ROUNDS: &str = "/clusters/necles/education/rounds";
pub(crate) const ROUND: &str = "/clusters/necles/education/rounds/cardiology-2011";

/// A programme with posts at hospitals 1 (one place) and 2 (one place), and a trainee for each of these people and names.
pub(crate) async fn ground(stand: &Stand, cluster: &ClusterSeen, trainees: &[(&str, Option<&Person>)]) {
    let unit = stand.state.begin(Actor::System("test".into())).await.unwrap();
    let programme = Uuid::from_u128(70);
    unit.execute(
        "INSERT INTO education_programme (id, cluster_id, key, name, profession, level, specialty, months, starts_on, is_illustrative) \
         VALUES ($1, $2, 'cardiology', 'Cardiology', 'medical', 'postgraduate', 'Cardiology', 60, $3, $4)",
        values![programme, cluster.id.0, day("2009-08-01"), true],
    )
    .await
    .unwrap();
    for nth in 1..=2_u128 {
        let post = Uuid::from_u128(80 + nth);
        unit.execute(
            "INSERT INTO education_post (id, cluster_id, number, host_id, site, latitude, longitude, profession, specialty, grade, setting, \
             starts_on, is_illustrative) VALUES ($1, $2, $3, $4, 'Main site', $5, 0, 'medical', 'Cardiology', 'ST3', 'secondary', $6, $7)",
            values![post, cluster.id.0, format!("CARD-{nth}"), organisation(nth).id.0, 50_000_000_i64 + i64::try_from(nth).unwrap() * 1_000_000, day("2009-08-01"), true],
        )
        .await
        .unwrap();
        unit.execute(
            "INSERT INTO education_post_capacity (post_id, from_day, wte) VALUES ($1, $2, 100)",
            values![post, day("2009-08-01")],
        )
        .await
        .unwrap();
    }
    for (nth, (name, person)) in trainees.iter().enumerate() {
        unit.execute(
            "INSERT INTO education_trainee (id, cluster_id, programme_id, person_id, number, name, grade, wte, starts_on, ends_on, is_illustrative) \
             VALUES ($1, $2, $3, $4, $5, $6, 'ST3', 100, $7, $8, $9)",
            values![Uuid::from_u128(90 + nth as u128), cluster.id.0, programme, person.map(|person| person.id.0), format!("T-{nth}"), *name, day("2009-08-05"), day("2014-08-04"), true],
        )
        .await
        .unwrap();
    }
    unit.commit().await.unwrap();
}

pub(crate) async fn trainee(stand: &Stand, cluster: &ClusterSeen, name: &str) -> (Browser, Person) {
    somebody(stand, cluster, name, Role::Trainee, 1).await
}

pub(crate) async fn count(stand: &Stand, sql: &str) -> i64 {
    stand.database().count(sql, values![]).await.unwrap()
}

async fn begun(lead: &mut Browser) {
    lead.get(&format!("{ROUNDS}/new")).await.submit("Begin the round").await.expect_status(422);
    assert_eq!(
        lead.errors(),
        [
            "Enter a name of the round",
            "Choose a programme",
            "Enter the first day of the placements",
            "Enter the last day of the placements",
            "Enter the last day to rank"
        ]
    );
    lead.fill("Name of the round", "Cardiology 2011").fill("Programme", "Cardiology");
    lead.fill("First day of the placements", "2011-08-03").fill("Last day of the placements", "2012-08-01");
    lead.fill("Last day to rank", "2011-06-30").fill("Breadth: positions ahead", "0");
    lead.submit("Begin the round").await.expect_status(200).expect_text("3 trainees for 0 places");
}

#[tokio::test]
async fn a_round_from_its_beginning_to_its_second_round() {
    hiec_testkit::for_each_database(|url| async move {
        let (stand, cluster) = clusters::stand(&url, "2011-06-01 10:00").await;
        let (mut lead, _) = somebody(&stand, &cluster, "Edith Educatson", Role::EducationLead, 1).await;
        let (mut other_lead, _) = somebody(&stand, &cluster, "Edna Educatson", Role::EducationLead, 1).await;
        let (mut host, horace) = somebody(&stand, &cluster, "Horace Hostley", Role::HostEducator, 1).await;
        let (mut ada, ada_person) = trainee(&stand, &cluster, "Ada Traineley").await;
        let (mut bea, bea_person) = trainee(&stand, &cluster, "Bea Traineley").await;
        let (mut cleo, cleo_person) = trainee(&stand, &cluster, "Cleo Traineley").await;
        let people = [("Ada Traineley", Some(&ada_person)), ("Bea Traineley", Some(&bea_person)), ("Cleo Traineley", Some(&cleo_person))];
        ground(&stand, &cluster, &people).await;

        // Nobody but the lead begins one; the public sees none.
        ada.get(&format!("{ROUNDS}/new")).await.expect_status(403);
        assert!(stand.browser().get(ROUNDS).await.address().starts_with("/sign-in"));
        begun(&mut lead).await;

        // Hosts are asked, and each answers for itself alone.
        lead.submit("Ask hosts").await.expect_status(200).expect_text("Hosts say what they take");
        assert!(stand.letter_to(&horace.email).await.body.contains("why not more"));
        lead.submit("Open ranking").await.expect_status(409).expect_text("No host offers a place yet");
        let appetite = |nth: u128| format!("{ROUND}/hosts/{}/appetite", organisation(nth).id);
        host.get(&appetite(1)).await.fill("Trainees you take", "two").submit("Say so").await.expect_status(422);
        host.fill("Trainees you take", "1").fill("Why not more", "One consultant is away");
        host.submit("Say so").await.expect_status(200).expect_text("Hospital 01 takes 1.");
        host.post(&appetite(2), &[("places", "9")]).await.expect_status(404);
        let (mut second_host, _) = somebody(&stand, &cluster, "Hope Hostwell", Role::HostEducator, 2).await;
        second_host.post(&appetite(2), &[("places", "1")]).await.expect_status(200);

        // Trainees rank, each for themselves.
        stand.clock.advance(chrono::Duration::minutes(1));
        lead.get(ROUND).await.submit("Open ranking").await.expect_status(200).expect_text("0 of 3 have ranked");
        assert!(stand.letter_to(&ada_person.email).await.body.contains("Nobody but you sees your ranking"));
        ada.get(&format!("{ROUND}/ranking")).await.fill("Number for Hospital 01", "1").fill("Number for Hospital 02", "1");
        ada.submit("Save the ranking").await.expect_status(422);
        assert_eq!(ada.errors(), ["Hospital 01 and Hospital 02 both have number 1: give each its own"]);
        for (browser, first, second) in [(&mut ada, "1", "2"), (&mut bea, "1", "2"), (&mut cleo, "2", "1")] {
            browser.get(&format!("{ROUND}/ranking")).await;
            browser.fill("Number for Hospital 01", first).fill("Number for Hospital 02", second);
            browser.submit("Save the ranking").await.expect_status(200).expect_text("Your ranking of 2 hosts is saved.");
        }
        // Without a script and by keyboard: a button moves a host up.
        let number = format!("number-{}", organisation(1).id);
        let other = format!("number-{}", organisation(2).id);
        let up = format!("up:{}", organisation(1).id);
        cleo.post(&format!("{ROUND}/ranking"), &[(&number, "2"), (&other, "1"), ("move", &up)]).await.expect_status(200);
        assert_eq!(cleo.value_of("Number for Hospital 01").as_deref(), Some("1"));
        for browser in [&mut lead, &mut host] {
            let status = browser.get(&format!("{ROUND}/ranking")).await.status().as_u16();
            assert!(matches!(status, 403 | 404), "{status}");
        }
        let (_, seen) = lead.get_json(ROUND).await;
        assert!(!seen.to_string().contains("choice"), "{seen}");

        // Closed, tried out by the queue, published.
        stand.clock.advance(chrono::Duration::minutes(1));
        lead.get(ROUND).await.submit("Close ranking").await.expect_status(422).expect_text("Enter why ranking closes before its last day");
        lead.fill("Why ranking closes before its last day", "All have ranked").submit("Close ranking").await.expect_text("Rankings closed");
        bea.get(&format!("{ROUND}/ranking")).await.expect_text("Rankings are not taken at the moment");
        bea.post(&format!("{ROUND}/ranking"), &[(&number, "2")]).await.expect_status(409);
        lead.submit("Try the rules out").await.expect_status(200).expect_text("Waiting for its turn: 0 of 4 parts done");
        let run = lead.address().to_owned();
        assert_eq!(stand.do_jobs().await, 1);
        lead.get(&run).await.expect_text("deferred acceptance, applicants proposing").expect_text("2 of 3");
        lead.get(&format!("{run}/rules.csv")).await.expect_status(200).expect_text("least-cost");
        let status = host.get(&run).await.status().as_u16();
        assert!(matches!(status, 403 | 404), "{status}");
        lead.get(ROUND).await.expect_text("as trainees were told. To publish by another");
        lead.post(&format!("{ROUND}/publication"), &[("rule", "least-cost")]).await.expect_status(422);
        lead.expect_text("Trainees were told that places are given by deferred acceptance");
        lead.get(ROUND).await.submit("Publish").await.expect_status(200).expect_text("2 of 3 have a place");
        let placements = "SELECT COUNT(*) AS n FROM education_placement WHERE source = 'round:cardiology-2011' AND state = 'planned'";
        assert_eq!(count(&stand, placements).await, 2);
        assert!(stand.letter_to(&cleo_person.email).await.body.contains("is published"));

        // Everybody's own certificate holds, and the ledger tells no choice.
        let mut left = Vec::new();
        for browser in [&mut ada, &mut bea, &mut cleo] {
            browser.get(&format!("{ROUND}/result")).await.expect_status(200).expect_text("Checked");
            if browser.text().contains("No place in this round") {
                browser.expect_text("its one place went to somebody ranked above");
                left.push(browser.text());
            }
            browser.get(&format!("{ROUND}/result/certificate.json")).await.expect_status(200);
            let checked = hiec_placement::check(browser.bytes()).unwrap();
            assert!(checked.holds(), "{checked:?}");
        }
        assert_eq!(left.len(), 1);
        host.get(&format!("{ROUND}/certificate.json")).await.expect_status(200);
        let ledger = String::from_utf8(host.bytes().to_vec()).unwrap();
        assert!(hiec_placement::check(ledger.as_bytes()).unwrap().holds());
        assert!(!ledger.contains("choices") && !ledger.contains("T-0") && !ledger.contains("Traineley"));
        let status = host.get(&format!("{ROUND}/result")).await.status().as_u16();
        assert!(matches!(status, 403 | 404), "{status}");
        // Its page has the line to type, and whatever is changed in the file is found out.
        host.get(&format!("{ROUND}/certificate")).await.expect_status(200);
        host.expect_text("hiec placement check necles-cardiology-2011-ledger.json").expect_text("The certificate holds.");
        host.click("The public certificate (JSON)").await;
        assert_eq!(host.bytes(), ledger.as_bytes());
        assert!(host.headers()["content-disposition"].to_str().unwrap().contains("necles-cardiology-2011-ledger.json"));
        #[derive(FromQueryResult)]
        struct Sealed {
            secret: String,
        }
        let sealed: Option<Sealed> = stand.database().one("SELECT secret FROM education_round_seal", values![]).await.unwrap();
        let secret = sealed.unwrap().secret;
        assert!(!secret.is_empty() && !ledger.contains(&secret));
        for (what, instead) in [("\"capacity\":1", "\"capacity\":2"), ("Hospital 01", "Hospital 03"), ("\"admitted_ranks\":[", "\"admitted_ranks\":[9,")] {
            let changed = ledger.replacen(what, instead, 1);
            assert_ne!(changed, ledger);
            assert!(!hiec_placement::check(changed.as_bytes()).unwrap().holds(), "{what} can be changed");
        }
        ada.get(&format!("{ROUND}/result")).await.expect_text("hiec placement check necles-cardiology-2011-certificate.json");
        if ada.links().iter().any(|link| link.contains("certificate.pdf")) {
            ada.get(&format!("{ROUND}/result/certificate.pdf")).await.expect_status(200);
            assert!(ada.bytes().starts_with(b"%PDF-"));
        }
        let status = lead.get(&format!("{ROUND}/result/certificate.pdf")).await.status().as_u16();
        assert!(matches!(status, 403 | 404), "{status}");

        // An appeal is decided by somebody else than who published.
        ada.get(&format!("{ROUND}/result")).await.submit("Appeal").await.expect_status(422);
        ada.fill("What is wrong", "I care for my mother").submit("Appeal").await.expect_status(200);
        lead.get(ROUND).await.submit("Settle the round").await.expect_status(409).expect_text("An appeal is not decided yet");
        lead.get(&format!("{ROUND}/appeals")).await.expect_text("You published this round").expect_no_text("Decide the appeal");
        #[derive(FromQueryResult)]
        struct Row {
            id: Uuid,
        }
        let row: Option<Row> = stand.database().one("SELECT id FROM education_round_appeal", values![]).await.unwrap();
        let decision = format!("{ROUND}/appeals/{}/decision", row.unwrap().id);
        lead.post(&decision, &[("decision", "dismissed"), ("reason", "No")]).await.expect_status(404);
        stand.clock.advance(chrono::Duration::minutes(1));
        other_lead.get(&format!("{ROUND}/appeals")).await.submit("Decide the appeal of T-0").await.expect_status(422);
        other_lead.fill("Decision on the appeal of T-0", "Dismissed").fill("Why", "Carers could say so before the run");
        other_lead.submit("Decide the appeal of T-0").await.expect_status(200).expect_text("Dismissed");
        assert!(stand.letter_to(&ada_person.email).await.body.contains("Your appeal is decided"));
        lead.get(ROUND).await.submit("Settle the round").await.expect_status(200).expect_text("Settled");
        lead.fill("Second round: last day to rank", "2011-07-15").submit("Begin a second round for 1").await;
        lead.expect_status(200).expect_text("1 trainee for 0 places");

        let again = lead.post(&format!("{ROUND}/second-round"), &[("ranks_by", "2011-07-15")]).await;
        again.expect_status(409).expect_text("There is a second round already");

        // The chain keeps that somebody ranked, never what.
        let trail = stand.trail(&Stream::named(format!("education:{}", cluster.id))).await;
        let trail: Vec<serde_json::Value> = serde_json::from_str(&trail).unwrap();
        let of_kind = |kind: &str| trail.iter().filter(|entry| entry["kind"] == kind).collect::<Vec<_>>();
        assert_eq!((of_kind("education.round.ranked").len(), of_kind("education.round.published").len()), (4, 1));
        for entry in of_kind("education.round.ranked") {
            assert_eq!(entry["body"], serde_json::json!({ "hosts": 2 }));
        }
    })
    .await;
}

#[tokio::test]
async fn places_are_given_kept_and_limited_by_travel_before_a_rule_runs() {
    hiec_testkit::for_each_database(|url| async move {
        let (stand, cluster) = clusters::stand(&url, "2011-06-01 10:00").await;
        let (mut lead, _) = somebody(&stand, &cluster, "Edith Educatson", Role::EducationLead, 1).await;
        let (mut ada, ada_person) = trainee(&stand, &cluster, "Ada Traineley").await;
        let people = [("Ada Traineley", Some(&ada_person)), ("Ben Traineley", None), ("Cleo Traineley", None)];
        ground(&stand, &cluster, &people).await;
        begun(&mut lead).await;
        lead.submit("Ask hosts").await;
        for nth in 1..=2 {
            let (mut host, _) = somebody(&stand, &cluster, &format!("Host {nth}"), Role::HostEducator, nth).await;
            host.post(&format!("{ROUND}/hosts/{}/appetite", organisation(nth).id), &[("places", "1")]).await.expect_status(200);
        }
        lead.get(ROUND).await.submit("Open ranking").await.expect_status(200);

        let constraints = format!("{ROUND}/constraints");
        let (first, second) = (organisation(1).id.to_string(), organisation(2).id.to_string());
        lead.post(&constraints, &[("kind", "given"), ("trainee", "T-9")]).await.expect_status(422);
        lead.post(&constraints, &[("kind", "given"), ("trainee", "T-1"), ("host", &first), ("reason", "Carer")]).await.expect_status(200);
        lead.post(&constraints, &[("kind", "given"), ("trainee", "T-2"), ("host", &first), ("reason", "Carer")]).await.expect_status(422);
        lead.expect_text("This host has no place left to give");
        lead.get(&constraints).await.expect_text("A place given before the run").expect_text("Carer");

        // The hospitals lie a degree of latitude apart, 111 km: Ada lives near the first and cannot go to the second.
        let (one, two) = (format!("number-{first}"), format!("number-{second}"));
        let ranking = format!("{ROUND}/ranking");
        ada.post(&ranking, &[(&one, "1"), (&two, "2"), ("near", &first)]).await.expect_status(422);
        assert_eq!(ada.errors(), ["Enter how many kilometres you can travel, or choose no host above"]);
        ada.post(&ranking, &[(&one, "1"), (&two, "2"), ("near", &first), ("limit", "100")]).await.expect_status(200);

        lead.get(ROUND).await.fill("Why ranking closes before its last day", "All have ranked").submit("Close ranking").await.expect_status(200);
        lead.submit("Try the rules out").await;
        stand.do_jobs().await;
        lead.post(&format!("{ROUND}/publication"), &[("rule", "moon")]).await.expect_status(422);
        lead.post(&format!("{ROUND}/publication"), &[("rule", "da")]).await.expect_status(200);
        lead.post(&constraints, &[("kind", "given"), ("trainee", "T-2"), ("host", &second), ("reason", "x")]).await.expect_status(409);
        ada.get(&format!("{ROUND}/result")).await.expect_text("No place in this round");
        ada.expect_text("it had no place to give").expect_text("beyond the applicant's travel limit");
        let given = "SELECT COUNT(*) AS n FROM education_round_outcome o JOIN education_trainee t ON t.id = o.trainee_id \
                     WHERE t.number = 'T-1' AND o.placement_id IS NOT NULL";
        assert_eq!(count(&stand, given).await, 1);
    })
    .await;
}

/// Regulators read a round and change nothing of it; a region sees it; patients and the public do not.
#[tokio::test]
async fn those_without_a_part_see_nothing_and_assurers_change_nothing() {
    hiec_testkit::for_each_database(|url| async move {
        let (stand, cluster) = clusters::stand(&url, "2011-06-01 10:00").await;
        let (mut lead, _) = somebody(&stand, &cluster, "Edith Educatson", Role::EducationLead, 1).await;
        ground(&stand, &cluster, &[("Ada Traineley", None), ("Ben Traineley", None), ("Cleo Traineley", None)]).await;
        begun(&mut lead).await;
        let (mut regulator, _) = somebody(&stand, &cluster, "Reggie Regulatson", Role::Regulator, 1).await;
        regulator.get(ROUND).await.expect_status(200).expect_no_text("Ask hosts");
        regulator.post(&format!("{ROUND}/steps"), &[("act", "ask_hosts")]).await.expect_status(403);
        regulator.get(&format!("{ROUND}/constraints")).await.expect_status(200);
        let (mut region, _) = somebody(&stand, &cluster, "Reg Regionson", Role::RegionOfficer, 1).await;
        region.get(ROUND).await.expect_status(200);
        let patient =
            stand.add_person("Patsy Patientson", &[(Role::PatientMember, Scope::Cluster(cluster.id.0), None)]).await;
        let mut patient = stand.browser_of(patient.id).await;
        let status = patient.get(ROUND).await.status().as_u16();
        assert!(matches!(status, 403 | 404), "{status}");
        lead.post(&format!("{ROUND}/steps"), &[("act", "publish")]).await.expect_status(422);
        lead.post(&format!("{ROUND}/steps"), &[("act", "settle")]).await.expect_status(409);
    })
    .await;
}
