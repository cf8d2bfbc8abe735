//! Places kept for groups, and what an upheld appeal changes: the placement, the letters, the public certificate and the second round.

use hiec_contracts::ClusterSeen;
use hiec_kernel::people::{Actor, Person};
use hiec_kernel::{Role, Scope};
use hiec_store::{FromQueryResult, Reads, values};
use hiec_testkit::Browser;
use hiec_teststand::Stand;
use uuid::Uuid;

use crate::clusters::{self, day, organisation, somebody};
use crate::rounds::{ROUND, ROUNDS, count, ground, trainee};

/// A round that has asked its hosts.
pub(crate) async fn asking(lead: &mut Browser) {
    lead.post(
        &format!("{ROUNDS}/new"),
        &[
            ("name", "Cardiology 2011"),
            ("programme", "cardiology"),
            ("starts_on", "2011-08-03"),
            ("ends_on", "2012-08-01"),
            ("ranks_by", "2011-06-30"),
            ("breadth", "0"),
        ],
    )
    .await
    .expect_status(200);
    lead.get(ROUND).await.submit("Ask hosts").await;
}

/// Hospitals say that they take so many each, by educators of their own.
pub(crate) async fn offer(stand: &Stand, takes: &[(u128, &str)]) -> Vec<(Browser, Person)> {
    let mut educators = Vec::new();
    for (nth, places) in takes {
        let person = stand
            .add_person(
                &format!("Host {nth}"),
                &[(Role::HostEducator, Scope::Organisation(organisation(*nth).id.0), Some(clusters::cluster().id.0))],
            )
            .await;
        let mut browser = stand.browser_of(person.id).await;
        let path = format!("{ROUND}/hosts/{}/appetite", organisation(*nth).id);
        browser.post(&path, &[("places", places), ("reason", "So it is")]).await.expect_status(200);
        educators.push((browser, person));
    }
    educators
}

pub(crate) async fn rank(browser: &mut Browser, order: &[u128]) {
    let fields: Vec<(String, String)> = order
        .iter()
        .enumerate()
        .map(|(place, nth)| (format!("number-{}", organisation(*nth).id), (place + 1).to_string()))
        .collect();
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    browser.post(&format!("{ROUND}/ranking"), &fields).await.expect_status(200);
}

async fn publish(stand: &Stand, lead: &mut Browser) {
    lead.get(ROUND)
        .await
        .fill("Why ranking closes before its last day", "All have ranked")
        .submit("Close ranking")
        .await;
    lead.expect_status(200);
    lead.submit("Try the rules out").await;
    stand.do_jobs().await;
    lead.post(&format!("{ROUND}/publication"), &[("rule", "da")]).await.expect_status(200);
}

/// A third hospital's post with room for one.
pub(crate) async fn third_post(stand: &Stand, cluster: &ClusterSeen) {
    let unit = stand.state.begin(Actor::System("test".into())).await.unwrap();
    unit.execute(
        "INSERT INTO education_post (id, cluster_id, number, host_id, site, profession, specialty, grade, setting, starts_on, is_illustrative) \
         VALUES ($1, $2, 'CARD-3', $3, 'Main site', 'medical', 'Cardiology', 'ST3', 'secondary', $4, $5)",
        values![Uuid::from_u128(83), cluster.id.0, organisation(3).id.0, day("2009-08-01"), true],
    )
    .await
    .unwrap();
    unit.execute(
        "INSERT INTO education_post_capacity (post_id, from_day, wte) VALUES ($1, $2, 100)",
        values![Uuid::from_u128(83), day("2009-08-01")],
    )
    .await
    .unwrap();
    unit.commit().await.unwrap();
}

/// The page on which is said what the one appeal there is changes.
async fn place_of(stand: &Stand) -> String {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
    }
    let sql = "SELECT id FROM education_round_appeal ORDER BY made_at DESC, id DESC LIMIT 1";
    let row: Option<Row> = stand.database().one(sql, values![]).await.unwrap();
    format!("{ROUND}/appeals/{}/place", row.unwrap().id)
}

struct Published {
    stand: Stand,
    lead: Browser,
    other: Browser,
    hosts: Vec<(Browser, Person)>,
    /// Who got no place, and who got one.
    left: (Browser, Person),
    placed: (Browser, Person),
}

/// Three for two places; the third hospital has a post, and takes one whom nobody asked it for.
async fn published(url: &str) -> Published {
    let (stand, cluster) = clusters::stand(url, "2011-06-01 10:00").await;
    let (mut lead, _) = somebody(&stand, &cluster, "Edith Educatson", Role::EducationLead, 1).await;
    let (other, _) = somebody(&stand, &cluster, "Edna Educatson", Role::EducationLead, 1).await;
    let mut people = Vec::new();
    for name in ["Ada Traineley", "Bea Traineley", "Cleo Traineley"] {
        people.push(trainee(&stand, &cluster, name).await);
    }
    let names: Vec<(&str, Option<&Person>)> =
        people.iter().map(|(_, person)| (person.name.as_str(), Some(person))).collect();
    ground(&stand, &cluster, &names).await;
    third_post(&stand, &cluster).await;
    let takes = [(1, "1"), (2, "1"), (3, "1")];
    asking(&mut lead).await;
    let hosts = offer(&stand, &takes).await;
    lead.get(ROUND).await.submit("Open ranking").await.expect_status(200);
    for (browser, _) in &mut people {
        rank(browser, &[1, 2]).await;
    }
    stand.clock.advance(chrono::Duration::minutes(1));
    publish(&stand, &mut lead).await;
    let (mut left, mut placed) = (Vec::new(), Vec::new());
    for (mut browser, person) in people {
        browser.get(&format!("{ROUND}/result")).await;
        let is_left = browser.text().contains("No place in this round");
        if is_left { left.push((browser, person)) } else { placed.push((browser, person)) }
    }
    Published { stand, lead, other, hosts, left: left.pop().unwrap(), placed: placed.pop().unwrap() }
}

/// Appeals, and has it upheld; the one who decides stands before what it changes.
async fn uphold(stand: &Stand, trainee: &mut Browser, other: &mut Browser) {
    trainee.get(&format!("{ROUND}/result")).await.fill("What is wrong", "A place was promised in writing");
    trainee.submit("Appeal").await.expect_status(200);
    stand.clock.advance(chrono::Duration::minutes(1));
    let decision = place_of(stand).await.replace("/place", "/decision");
    other.post(&decision, &[("decision", "upheld"), ("reason", "The letter is on file")]).await.expect_status(200);
    other.expect_text("Say now what changes").expect_text("The letter is on file");
}

#[tokio::test]
async fn an_upheld_appeal_is_given_a_place_and_the_second_round_sees_it() {
    hiec_testkit::for_each_database(|url| async move {
        let Published { stand, mut lead, mut other, hosts, left: (mut left, left_person), .. } = published(&url).await;
        let second = format!("{ROUNDS}/cardiology-2011-second-round");
        lead.post(&format!("{ROUND}/second-round"), &[("ranks_by", "2011-07-15")]).await.expect_status(200);
        lead.expect_text("1 trainee for 1 place");
        uphold(&stand, &mut left, &mut other).await;
        lead.get(ROUND).await.submit("Settle the round").await.expect_status(409);
        lead.expect_text("An appeal was upheld, and nobody has said yet what changes");
        // Who published does not say what it changes.
        let place = place_of(&stand).await;
        lead.post(&place, &[("post", "CARD-3")]).await.expect_status(404);
        other.get(&format!("{ROUND}/appeals")).await.expect_text("it is not said yet what changes");
        other.get(&place).await.submit("Put it down").await.expect_status(422);
        assert_eq!(other.errors(), ["Choose where they go instead, or that nothing changes"]);
        other.post(&place, &[("post", "NONE-1")]).await.expect_status(422);
        let (_, told) = other.get_json(&place).await;
        let roomy: Vec<_> = told["offers"].as_array().unwrap().iter().filter(|one| one["has_room"] == true).collect();
        assert_eq!((roomy.len(), &roomy[0]["post"]), (1, &"CARD-3".into()), "{told}");
        stand.clock.advance(chrono::Duration::minutes(1));
        other.get(&place).await.fill("Where they go instead", "Hospital 03: CARD-3, Main site").submit("Put it down").await;
        other.expect_status(200).expect_text("The placement is changed").expect_text("Upheld: the placement was changed");

        let made = "SELECT COUNT(*) AS n FROM education_placement x JOIN education_post p ON p.id = x.post_id WHERE p.number = 'CARD-3' \
                    AND x.source = 'round:cardiology-2011' AND x.reason = 'Appeal upheld: The letter is on file'";
        assert_eq!(count(&stand, made).await, 1);
        let letter = stand.letter_to(&left_person.email).await.body;
        assert!(letter.contains("your placement was changed for that reason") && !letter.contains("Hospital"), "{letter}");
        assert!(stand.letter_to(&hosts[2].1.email).await.body.contains("changed because of it"));
        left.get(&format!("{ROUND}/result")).await.expect_text("the run gave no place, and it is Hospital 03 now").expect_text("Checked");
        lead.get(ROUND).await.expect_text("3 of 3 have a place").expect_text("1 outcome changed on appeal");
        lead.expect_text("Changed on appeal").expect_text("there is nothing left for a second round");
        other.post(&place, &[("post", "CARD-3")]).await.expect_status(422);

        // The certificates say that one outcome was changed, without a name, and hold.
        lead.get(&format!("{ROUND}/certificate.json")).await.expect_status(200);
        let public = String::from_utf8(lead.bytes().to_vec()).unwrap();
        let checked = hiec_placement::check(public.as_bytes()).unwrap();
        assert!(checked.holds() && checked.left_open.iter().any(|line| line.contains("1 outcome was changed on appeal")), "{checked:?}");
        assert!(!public.contains("Traineley") && !public.contains("T-0") && !public.contains("CARD-3"));
        let forged = public.replace("\"outcomes\":1", "\"outcomes\":2");
        assert!(!hiec_placement::check(forged.as_bytes()).unwrap().holds());
        left.get(&format!("{ROUND}/result/certificate.json")).await.expect_status(200);
        assert!(hiec_placement::check(left.bytes()).unwrap().holds());
        stand.browser().get(&format!("{ROUND}/certificate")).await.expect_status(200).expect_text("1 outcome was changed on appeal");

        // The second round goes on without them, and what is left is less.
        lead.get(&second).await.expect_text("0 trainees for 0 places");
        lead.get(ROUND).await.submit("Settle the round").await.expect_status(200);
    })
    .await;
}

#[tokio::test]
async fn a_place_without_room_needs_a_stated_exception() {
    hiec_testkit::for_each_database(|url| async move {
        let Published { stand, mut other, placed: (mut placed, _), .. } = published(&url).await;
        placed.get(&format!("{ROUND}/result")).await;
        let (from, to, post) = match placed.text().contains("Hospital 01 : T-") || placed.text().contains("Hospital 01: T-") {
            true => (1, 2, "CARD-2"),
            false => (2, 1, "CARD-1"),
        };
        // A post in which the round placed somebody was never another host's.
        other.get(&format!("/clusters/necles/education/posts/CARD-{from}/change")).await.fill("Host", "Hospital 03");
        other.fill("Since when", "It was put down wrongly: correct it from the beginning").fill("Why it is changed", "Tried out");
        other.submit("Save the change").await.expect_status(422);
        other.expect_text("The round “Cardiology 2011” placed somebody at its present host in this post");
        uphold(&stand, &mut placed, &mut other).await;
        let place = place_of(&stand).await;
        let choice = format!("Hospital 0{to}: {post}, Main site");
        other.get(&place).await.expect_text("Only by an exception: the post lacks 1 of whole-time on some days, and the host would take more");
        other.fill("Where they go instead", &choice).submit("Put it down").await.expect_status(422);
        assert_eq!(other.errors(), ["Enter why an exception is made"]);
        other.fill("Why an exception is made", "The ward agreed to a second trainee").submit("Put it down").await;
        other.expect_status(200).expect_text("by an exception: The ward agreed to a second trainee");
        let mut public = stand.browser();
        let (_, told) = public.get_json(&format!("/clusters/necles/education/posts/{post}")).await;
        let steps: Vec<_> = told["post"]["capacity"].as_array().unwrap().iter().map(|step| (&step["from"], &step["wte"])).collect();
        assert_eq!(
            steps,
            [(&"2009-08-01".into(), &100.into()), (&"2011-08-03".into(), &200.into()), (&"2012-08-02".into(), &100.into())]
        );
        let there = format!(
            "SELECT COUNT(*) AS n FROM education_placement x JOIN education_post p ON p.id = x.post_id WHERE p.number = '{post}' AND x.state = 'planned'"
        );
        assert_eq!(count(&stand, &there).await, 2);
        let nobody = there.replace(post, &format!("CARD-{from}"));
        assert_eq!(count(&stand, &nobody).await, 0);

        // Another appeal may be upheld and change nothing; that is put down with its reason too.
        uphold(&stand, &mut placed, &mut other).await;
        let place = place_of(&stand).await;
        other.get(&place).await.fill("Where they go instead", "Nothing changes about where they go");
        other.submit("Put it down").await.expect_status(422);
        assert_eq!(other.errors(), ["Enter why nothing changes"]);
        other.fill("Why nothing changes", "The travel cost is paid instead").submit("Put it down").await;
        other.expect_status(200).expect_text("nothing changes about where they go. The travel cost is paid instead");
        placed.get(&format!("{ROUND}/result")).await.expect_text(&format!("the run gave Hospital 0{from}, and it is Hospital 0{to} now"));
    })
    .await;
}

#[tokio::test]
async fn places_are_kept_for_a_group_and_rules_compared_by_groups_large_enough() {
    hiec_testkit::for_each_database(|url| async move {
        let (stand, cluster) = clusters::stand(&url, "2011-06-01 10:00").await;
        let (mut lead, _) = somebody(&stand, &cluster, "Edith Educatson", Role::EducationLead, 1).await;
        let (mut ada, ada_person) = trainee(&stand, &cluster, "Ada Traineley").await;
        let (mut bea, bea_person) = trainee(&stand, &cluster, "Bea Traineley").await;
        let mut people: Vec<(&str, Option<&Person>)> =
            vec![("Ada Traineley", Some(&ada_person)), ("Bea Traineley", Some(&bea_person))];
        people.extend(["Cleo", "Dev", "Eve", "Fay", "Gil", "Hal", "Ida", "Joe", "Kit", "Lou"].map(|name| (name, None)));
        ground(&stand, &cluster, &people).await;
        let unit = stand.state.begin(Actor::System("test".into())).await.unwrap();
        // Ada and every second one after her work less than full time.
        unit.execute(
            "UPDATE education_trainee SET wte = 60 WHERE number IN ('T-0', 'T-2', 'T-4', 'T-6', 'T-8', 'T-10')",
            values![],
        )
        .await
        .unwrap();
        unit.commit().await.unwrap();
        asking(&mut lead).await;
        offer(&stand, &[(1, "1")]).await;
        lead.get(ROUND).await.submit("Open ranking").await.expect_status(200);

        let constraints = format!("{ROUND}/constraints");
        lead.get(&constraints).await.submit("Keep the places").await.expect_status(422);
        assert_eq!(
            lead.errors(),
            [
                "Choose a host that said what it takes",
                "Choose for whom the places are kept",
                "Enter how many places are kept, as a whole number above 0",
                "Choose what becomes of what the group leaves",
                "Enter why they are kept"
            ]
        );
        let keep = |lead: &mut Browser, places: &str| {
            lead.fill("Host that keeps them", "Hospital 01")
                .fill("For whom", "Working pattern: Less than full time (6 take part)");
            lead.fill("How many places", places).fill("What the group leaves", "Others may have it, behind the group");
            lead.fill("Why they are kept", "Half-time rotas were never offered");
        };
        keep(&mut lead, "2");
        lead.submit("Keep the places")
            .await
            .expect_status(422)
            .expect_text("The host takes 1, of which 1 are not kept or given yet");
        keep(&mut lead, "1");
        lead.submit("Keep the places").await.expect_status(200).expect_text("Half-time rotas were never offered");
        keep(&mut lead, "1");
        lead.submit("Keep the places").await.expect_status(422).expect_text("keeps places for them already");
        let first = organisation(1).id.to_string();
        lead.post(&constraints, &[("kind", "given"), ("trainee", "T-1"), ("host", &first), ("reason", "Carer")])
            .await
            .expect_status(422);
        // Everybody who sees the round sees it; hosts do not settle it.
        bea.get(ROUND)
            .await
            .expect_text("Working pattern: Less than full time")
            .expect_text("Half-time rotas were never offered");
        bea.post(&format!("{ROUND}/reserves"), &[("kept", "1")]).await.expect_status(403);
        // Taken back, and kept again.
        lead.get(&constraints).await.submit("Take back").await.expect_text("kept no longer");
        keep(&mut lead, "1");
        lead.submit("Keep the places").await.expect_status(200);

        for browser in [&mut ada, &mut bea] {
            rank(browser, &[1]).await;
        }
        stand.clock.advance(chrono::Duration::minutes(1));
        lead.get(ROUND)
            .await
            .fill("Why ranking closes before its last day", "All have ranked")
            .submit("Close ranking")
            .await;
        lead.submit("Try the rules out").await;
        let run = lead.address().to_owned();
        stand.do_jobs().await;
        lead.get(&run).await.expect_text("By working pattern").expect_text("Less than full time").expect_text("1 of 6");
        lead.expect_text("By profession")
            .expect_text("All are of one: Doctors")
            .expect_text("All are of one: Cardiology");
        lead.expect_text("All are of one: Began in 2009");
        lead.get(&format!("{run}/rules.csv")).await.expect_text("da,pattern,Less than full time,6,1,1,1.0000");

        // Whatever was drawn, the place goes to Ada, and Bea reads why.
        lead.post(&format!("{ROUND}/publication"), &[("rule", "da")]).await.expect_status(200);
        ada.get(&format!("{ROUND}/result"))
            .await
            .expect_text("Hospital 01")
            .expect_text("the run gave you your first choice");
        bea.get(&format!("{ROUND}/result")).await.expect_text("No place in this round").expect_text("Checked");
        bea.expect_text(
            "Hospital 01 (places kept for: Less than full time): its one place went to somebody ranked above",
        );
        bea.expect_text("Hospital 01 kept 1 place for: Less than full time; others could have what they left");
        lead.get(&format!("{ROUND}/certificate"))
            .await
            .expect_text("Kept for: Less than full time")
            .expect_text("The certificate holds.");
        lead.post(
            &format!("{ROUND}/reserves"),
            &[("kept_at", &first), ("kept_for", "pattern:part_time"), ("kept", "1")],
        )
        .await
        .expect_status(422);
    })
    .await;
}
