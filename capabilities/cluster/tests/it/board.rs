//! A meeting from planned to signed, as those who sit there live it: papers frozen, interests pulled, decisions, actions, patients answered.

use hiec_kernel::people::Person;
use hiec_kernel::{OrganisationId, Role};
use hiec_store::{Reads, values};
use hiec_testkit::{Browser, for_each_database};
use uuid::Uuid;

use crate::ground::{Ground, PATH, ground};

/// A chair, a director and a patient member with their seats on a board with a quorum of two, and a meeting three weeks ahead.
struct Boardroom {
    ground: Ground,
    chair: Person,
    director: Person,
    patient: Person,
    /// Its address.
    meeting: String,
}

async fn boardroom(url: &str) -> Boardroom {
    let ground = ground(url).await;
    let chair = ground.person("Clara Chair", Role::ClusterChair).await;
    let director = ground.person("Dora Director", Role::ClusterDirector).await;
    let patient = ground.person("Patsy Patient", Role::PatientMember).await;
    let mut browser = ground.stand.browser_of(director.id).await;
    let body = [("kind", "board"), ("name", "Board"), ("terms", "Steers the cluster."), ("quorum", "2")];
    browser.post(&format!("{PATH}/board/bodies"), &body).await.expect_text("The body was set up");
    let (_, data) = browser.get_json(&format!("{PATH}/board")).await;
    let body = data["bodies"][0][0]["id"].as_str().unwrap_or_default().to_owned();
    for (person, capacity) in [(&chair, "chair"), (&director, "member"), (&patient, "patient")] {
        let id = person.id.to_string();
        let seat = [("person", id.as_str()), ("capacity", capacity), ("since", "2010-02-01")];
        browser.post(&format!("{PATH}/board/bodies/{body}/seats"), &seat).await.expect_status(200);
    }
    let plan =
        [("body", body.as_str()), ("day", "2010-02-23"), ("begins", "14:00"), ("ends", "16:00"), ("place", "Room 1")];
    browser.post(&format!("{PATH}/board/meetings"), &plan).await.expect_text("Now make its agenda");
    let meeting = browser.address().to_owned();
    Boardroom { ground, chair, director, patient, meeting }
}

impl Boardroom {
    async fn browser(&self, person: &Person) -> Browser {
        self.ground.stand.browser_of(person.id).await
    }

    /// Puts an item on the agenda that touches the second partner.
    async fn item(&self, browser: &mut Browser) {
        let touched = self.ground.partners[1].to_string();
        let item = [
            ("title", "Which pathways to start"),
            ("kind", "decision"),
            ("presenter", "Dora Director"),
            ("paper", "Six pathways wait. The team can carry three."),
            ("organisations", touched.as_str()),
        ];
        browser.post(&format!("{}/items", self.meeting), &item).await.expect_text("Six pathways wait");
    }

    async fn send(&self, browser: &mut Browser) {
        let words = [("plain_summary", "We choose what to work on first.")];
        browser.post(&format!("{}/summary", self.meeting), &words).await.expect_status(200);
        browser.submit("Freeze and send the papers").await.expect_text("The papers are frozen");
    }
}

#[tokio::test]
async fn papers_need_plain_words_and_stay_as_they_stood() {
    for_each_database(|url| async move {
        let room = boardroom(&url).await;
        let mut director = room.browser(&room.director).await;
        room.item(&mut director).await;
        director.expect_text("Write the summary in plain words");
        director.post(&format!("{}/papers", room.meeting), &[]).await.expect_status(409).expect_text("in plain words");
        room.send(&mut director).await;
        director
            .expect_text("48%")
            .expect_text("Lung Improvement Pilots")
            .expect_text("We choose what to work on first");

        // The patient member reads the plain words before anything else; the others find them further down.
        let letter = room.ground.stand.letter_to(&room.patient.email).await;
        assert!(letter.body.starts_with("In plain words:\nWe choose"), "{}", letter.body);
        assert!(!room.ground.stand.letter_to(&room.chair.email).await.body.starts_with("In plain words"));
        assert!(letter.body.contains("invitation.ics"));

        // What happens afterwards does not reach the papers, and nobody can put something in.
        let budget = [("year", "1"), ("pathway", "COPD"), ("amount", "365000"), ("source", "Plan")];
        director.post(&format!("{PATH}/money/budget"), &budget).await.expect_status(200);
        director.get(&format!("{}/papers", room.meeting)).await.expect_text("£0");
        let item = [("title", "Late"), ("kind", "information"), ("paper", "Late")];
        director.post(&format!("{}/items", room.meeting), &item).await.expect_status(409);

        director.get(&format!("{}/pack.txt", room.meeting)).await.expect_status(200);
        assert!(director.text().contains("48%") && director.text().contains("Six pathways wait"));
        director.get(&format!("{}/invitation.ics", room.meeting)).await.expect_status(200);
        let calendar = director.html();
        assert!(calendar.contains("DTSTART:20100223T140000Z") && calendar.contains("LOCATION:Room 1"), "{calendar}");
        let (_, shown) = director.get_json(&format!("{}/papers", room.meeting)).await;
        assert_eq!(shown["figures"][0]["value"], "48%");
        assert_eq!(shown["money_of_term"]["budget"], 0);
    })
    .await;
}

#[tokio::test]
async fn interests_are_pulled_per_item_and_those_who_have_one_stand_aside() {
    for_each_database(|url| async move {
        let room = boardroom(&url).await;
        let mut chair = room.browser(&room.chair).await;
        let organisation = room.ground.partners[1].to_string();
        let interest = [("organisation", organisation.as_str()), ("what", "Holds shares in it")];
        chair.post(&format!("{PATH}/board/interests"), &interest).await.expect_text("Holds shares in it");
        chair.post(&format!("{PATH}/board/interests"), &[("what", "Nothing")]).await.expect_status(422);

        let mut director = room.browser(&room.director).await;
        room.item(&mut director).await;
        director.expect_text("Clara Chair: Holds shares in it");
        room.send(&mut director).await;
        let letter = room.ground.stand.letter_to(&room.chair.email).await;
        assert!(letter.body.contains("stand aside for"), "{}", letter.body);
        assert!(!room.ground.stand.letter_to(&room.patient.email).await.body.contains("stand aside"));

        room.ground.at("2010-02-23 16:30");
        let mut director = room.browser(&room.director).await;
        let (chair_id, director_id) = (room.chair.id.to_string(), room.director.id.to_string());
        let came = [("present", chair_id.as_str()), ("present", director_id.as_str())];
        director.post(&format!("{}/holding", room.meeting), &came).await.expect_text("noted as held");
        director
            .get(&format!("{}/minutes", room.meeting))
            .await
            .expect_text("Clara Chair stood aside: Holds shares in it");

        // Only one's own interest can be ended.
        let mut chair = room.browser(&room.chair).await;
        chair.get(&format!("{PATH}/board/interests")).await.submit("It has ended").await.expect_text("Ended");
        director.get(&format!("{PATH}/board/interests.csv")).await.expect_status(200);
    })
    .await;
}

#[tokio::test]
async fn a_meeting_is_held_decides_gives_and_is_signed_by_the_chair() {
    for_each_database(|url| async move {
        let room = boardroom(&url).await;
        let mut director = room.browser(&room.director).await;
        room.item(&mut director).await;
        room.send(&mut director).await;
        let (chair_id, director_id) = (room.chair.id.to_string(), room.director.id.to_string());
        let came = [("present", chair_id.as_str()), ("present", director_id.as_str())];
        director
            .post(&format!("{}/holding", room.meeting), &came)
            .await
            .expect_status(409)
            .expect_text("has not begun");

        room.ground.at("2010-02-23 16:30");
        let mut director = room.browser(&room.director).await;
        director.post(&format!("{}/holding", room.meeting), &[]).await.expect_status(422);
        director.post(&format!("{}/holding", room.meeting), &came).await.expect_text("noted as held");

        let (_, shown) = director.get_json(&room.meeting).await;
        let item = shown["items"][0]["id"].as_str().unwrap_or_default().to_owned();
        let decisions = format!("{}/decisions", room.meeting);
        let mut decision = vec![
            ("item", item.as_str()),
            ("title", "Pathways of the first year"),
            ("options", "Start all six\nStart three in 2010 and three in 2011"),
            ("chosen", "Start two"),
            ("reason", "The team can carry three"),
            ("evidence", "0"),
            ("dissent", "Patsy Patient: asthma should come first"),
            ("review_on", "2010-12-01"),
        ];
        director.post(&decisions, &decision).await.expect_status(422).expect_text("as it stands in the list");
        decision[3].1 = "Start three in 2010 and three in 2011";
        director.post(&decisions, &decision).await.expect_text("It is decision 1");
        director
            .get(&format!("{PATH}/board/decisions/1"))
            .await
            .expect_text("48%")
            .expect_text("asthma should come first");

        let action = [("what", "Write to the seven sites"), ("owner", director_id.as_str()), ("due_on", "2010-03-10")];
        director.post(&format!("{}/actions", room.meeting), &action).await.expect_text("Write to the seven sites");
        assert!(room.ground.stand.letter_to(&room.director.email).await.body.contains("Write to the seven sites"));

        // Nobody but the chair signs, and not before every item has minutes.
        director.post(&format!("{}/signature", room.meeting), &[]).await.expect_status(403);
        let mut chair = room.browser(&room.chair).await;
        chair
            .post(&format!("{}/signature", room.meeting), &[])
            .await
            .expect_status(409)
            .expect_text("Which pathways to start");
        let minutes = [("item", item.as_str()), ("minutes", "The team’s strength was weighed against the need.")];
        director.post(&format!("{}/minutes", room.meeting), &minutes).await.expect_status(200);
        chair.get(&room.meeting).await.submit("Sign the minutes").await.expect_text("The minutes are signed");
        director.post(&format!("{}/minutes", room.meeting), &minutes).await.expect_status(409);
        director.post(&decisions, &decision).await.expect_status(409);
        chair.get(&format!("{}/minutes.txt", room.meeting)).await.expect_status(200);
        let printed = chair.text();
        assert!(
            printed.contains("Signed as a true record by Clara Chair") && printed.contains("Decision 1"),
            "{printed}"
        );

        // An action is overdue in sight of all until its owner says it is done.
        room.ground.at("2010-04-01 09:00");
        let mut patient = room.browser(&room.patient).await;
        patient.get(&format!("{PATH}/board/actions")).await.expect_text("Overdue");
        patient.post(&format!("{PATH}/board/actions/1/completion"), &[("note", "I")]).await.expect_status(404);
        let mut director = room.browser(&room.director).await;
        director.post(&format!("{PATH}/board/actions/1/completion"), &[("note", "Sent")]).await.expect_text("Done");
        assert!(room.ground.trail().await.contains("board.decision_taken"));

        room.ground.at("2010-12-02 09:00");
        let mut director = room.browser(&room.director).await;
        director.get(&format!("{PATH}/board")).await.expect_text("1 to be looked at again");
        director
            .post(&format!("{PATH}/board/decisions/1/review"), &[("found", "Three were enough")])
            .await
            .expect_text("Three were enough");
        director.get(&format!("{PATH}/board/decisions.csv")).await.expect_status(200);
    })
    .await;
}

#[tokio::test]
async fn without_a_quorum_nothing_is_decided() {
    for_each_database(|url| async move {
        let room = boardroom(&url).await;
        let mut director = room.browser(&room.director).await;
        room.item(&mut director).await;
        room.send(&mut director).await;
        room.ground.at("2010-02-23 16:30");
        let mut director = room.browser(&room.director).await;
        let id = room.director.id.to_string();
        director
            .post(&format!("{}/holding", room.meeting), &[("present", id.as_str())])
            .await
            .expect_text("There was no quorum");
        let (_, shown) = director.get_json(&room.meeting).await;
        let item = shown["items"][0]["id"].as_str().unwrap_or_default().to_owned();
        let decision = [
            ("item", item.as_str()),
            ("title", "Pathways"),
            ("options", "One\nTwo"),
            ("chosen", "One"),
            ("reason", "Because"),
            ("review_on", "2010-12-01"),
        ];
        director.post(&format!("{}/decisions", room.meeting), &decision).await.expect_status(409);
    })
    .await;
}

#[tokio::test]
async fn everybody_is_reminded_once_and_not_of_what_was_cancelled() {
    for_each_database(|url| async move {
        let room = boardroom(&url).await;
        let mut director = room.browser(&room.director).await;
        room.item(&mut director).await;
        room.send(&mut director).await;
        let before = room.ground.stand.letters_to(&room.patient.email).await;
        room.ground.at("2010-02-16 14:00");
        room.ground.stand.do_jobs().await;
        assert_eq!(room.ground.stand.letters_to(&room.patient.email).await, before + 1);
        let letter = room.ground.stand.letter_to(&room.patient.email).await;
        assert!(letter.subject.starts_with("In 7 days"), "{}", letter.subject);
        // Run twice, it says nothing twice.
        let jobs: i64 = room
            .ground
            .stand
            .database()
            .count("SELECT COUNT(*) AS n FROM cluster_meeting_reminder", values![])
            .await
            .unwrap_or_default();
        assert_eq!(jobs, 1);

        room.ground.at("2010-02-16 15:00");
        let mut director = room.browser(&room.director).await;
        director.post(&format!("{}/cancellation", room.meeting), &[("reason", "")]).await.expect_status(422);
        director.post(&format!("{}/cancellation", room.meeting), &[("reason", "Snow")]).await.expect_text("Snow");
        assert!(room.ground.stand.letter_to(&room.patient.email).await.subject.starts_with("Cancelled"));
        let told = room.ground.stand.letters_to(&room.patient.email).await;
        room.ground.at("2010-02-22 14:00");
        room.ground.stand.do_jobs().await;
        assert_eq!(room.ground.stand.letters_to(&room.patient.email).await, told);
        let mut director = room.browser(&room.director).await;
        director.get(&format!("{}/invitation.ics", room.meeting)).await;
        assert!(director.html().contains("STATUS:CANCELLED"));
    })
    .await;
}

#[tokio::test]
async fn patients_speak_and_are_answered() {
    for_each_database(|url| async move {
        let room = boardroom(&url).await;
        let mut patient = room.browser(&room.patient).await;
        let said = format!("{PATH}/board/said");
        patient.post(&said, &[("said", "Letters are too hard to read")]).await.expect_text("Waits for an answer");
        let mut director = room.browser(&room.director).await;
        director.post(&said, &[("said", "I speak for them")]).await.expect_status(403);
        director.get(&said).await;
        director
            .fill("What we did", "All letters are written anew")
            .fill("Number of the decision it led to (optional)", "9");
        director.submit("Answer").await.expect_status(422).expect_text("one of the cluster’s decisions");
        director.fill("Number of the decision it led to (optional)", "").submit("Answer").await.expect_text("We did:");
        let letter = room.ground.stand.letter_to(&room.patient.email).await;
        assert!(letter.body.contains("All letters are written anew"), "{}", letter.body);
    })
    .await;
}

#[tokio::test]
async fn only_those_of_the_cluster_come_in() {
    for_each_database(|url| async move {
        let room = boardroom(&url).await;
        let stranger = room.ground.stand.add_person("Sam Stranger", &[]).await;
        let mut stranger = room.ground.stand.browser_of(stranger.id).await;
        for path in ["board", "board/decisions", "board/actions", "board/interests", "board/said"] {
            stranger.get(&format!("{PATH}/{path}")).await.expect_status(404);
        }
        stranger.get(&room.meeting).await.expect_status(404);
        let mut office = room.ground.office().await;
        office.get(&room.meeting).await.expect_status(404);
        let mut patient = room.browser(&room.patient).await;
        patient.get(&room.meeting).await.expect_status(200);
        patient.post(&format!("{}/papers", room.meeting), &[]).await.expect_status(403);
        // An id of nothing is nothing.
        let nowhere = OrganisationId(Uuid::from_u128(5));
        patient.get(&format!("{PATH}/board/meetings/{nowhere}")).await.expect_status(404);
    })
    .await;
}
