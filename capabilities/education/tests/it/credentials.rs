//! Skills from the framework to the badge: a named assessor, another who awards, a holder who publishes; keys, lists and the check of any badge.

use std::time::Instant;

use hiec_contracts::ClusterSeen;
use hiec_contracts::demonstration::Period;
use hiec_credentials::{KeyDocument, Options, verify};
use hiec_kernel::{Role, Scope};
use hiec_store::{Reads, values};
use hiec_testkit::{Browser, for_each_database};
use hiec_teststand::Stand;
use serde_json::Value;

use crate::clusters::{self, somebody};

fn set(stand: &Stand, now: &str) {
    stand.clock.set(hiec_kernel::clock::from_london(now).unwrap());
}

/// A stand that can sign, with a skill two people may assess.
async fn framework(url: &str) -> (Stand, ClusterSeen, Browser) {
    let (stand, cluster) = clusters::signing_stand(url, "2010-06-01 10:00").await;
    let lead = framework_in(&stand, &cluster).await;
    (stand, cluster, lead)
}

async fn framework_in(stand: &Stand, cluster: &ClusterSeen) -> Browser {
    let (mut lead, _) = somebody(stand, cluster, "Edith Educatson", Role::EducationLead, 1).await;
    lead.get("/clusters/necles/education/skills")
        .await
        .expect_text("no skill in this framework")
        .click("Add the first")
        .await;
    lead.fill("What is it?", "A group of skills")
        .fill("Name", "Respiratory care")
        .fill("What it is, in a sentence or two", "Skills of the pathway");
    lead.submit("Add it").await.expect_status(200);
    lead.get("/clusters/necles/education/skills/new").await.submit("Add it").await.expect_status(422);
    lead.expect_text("Enter the name").expect_text("Enter what has to be done for it");
    lead.fill("Name", "Spirometry").fill("What it is, in a sentence or two", "Measuring breath");
    lead.fill("If a skill: what has to be done for it", "Ten tests, each judged sound");
    lead.fill("Group it belongs to, if any", "Respiratory care");
    lead.tick("Nurses").fill("Professions that are missing above: one a line", "Medicine\nnurses\nMEDICINE");
    lead.fill("If a skill: months an award is good for; empty, no end", "36").submit("Add it").await.expect_status(200);
    lead.expect_text("Medicine, Nurses").expect_text("Nobody is named to assess this skill yet");
    lead.fill("E-mail address of somebody who may assess it", "nobody@example.org")
        .submit("Name them")
        .await
        .expect_status(422);
    for name in ["Suri Supervison", "Ada Traineley"] {
        let role = if name.starts_with("Ada") { Role::Trainee } else { Role::Supervisor };
        stand.add_person(name, &[(role, Scope::Cluster(cluster.id.0), Some(cluster.id.0))]).await;
        let email = format!("{}@example.org", name.to_lowercase().replace(' ', "."));
        lead.get("/clusters/necles/education/skills/spirometry").await;
        lead.fill("E-mail address of somebody who may assess it", &email).submit("Name them").await.expect_status(200);
    }
    lead
}

async fn browser(stand: &Stand, email: &str) -> Browser {
    let person = hiec_access::people::by_email(&stand.database(), email).await.unwrap().unwrap();
    stand.browser_of(person.id).await
}

/// Ada's claim as far as the award; answers her browser and the badge's address.
async fn awarded(stand: &Stand, lead: &mut Browser) -> (Browser, String) {
    let mut ada = browser(stand, "ada.traineley@example.org").await;
    ada.get("/clusters/necles/education/skills/spirometry").await;
    ada.submit("Begin to gather evidence")
        .await
        .expect_status(422)
        .expect_text("Choose your profession from the list: Medicine, Nurses");
    ada.fill("Your profession", "Nurses").submit("Begin to gather evidence").await.expect_status(200);
    let claim = ada.address().to_owned();
    ada.submit("Give it").await.expect_status(422).expect_text("Enter what it shows");
    ada.fill("What it shows", "Log book").attach("File, if any", "log.txt", "text/plain", b"Ten tests\n");
    ada.submit("Give it").await.expect_status(200).expect_text("The evidence is in.");
    ada.fill("What it shows", "A talk")
        .fill("Link, if any", "javascript:alert(1)")
        .submit("Give it")
        .await
        .expect_status(422);
    ada.fill("Link, if any", "https://example.org/talk").submit("Give it").await.expect_status(200);
    // She is named to assess the skill herself, and still nobody offers her to herself.
    ada.expect_no_text("What did you find?")
        .post(&format!("{claim}/request"), &[("assessor", "")])
        .await
        .expect_status(422);
    ada.get(&claim)
        .await
        .fill("Who shall assess it", "Suri Supervison")
        .tick("Put my name into the badge. Without it, the badge names me by a hash of my e-mail address only");
    ada.submit("Ask them").await.expect_status(200).expect_text("With Suri Supervison since 1 June 2010");
    ada.post(&format!("{claim}/assessment"), &[("finding", "shown"), ("words", "Me")]).await.expect_status(403);
    lead.post(&format!("{claim}/assessment"), &[("finding", "shown"), ("words", "x")]).await.expect_status(403);
    lead.post(&format!("{claim}/award"), &[]).await.expect_status(409);

    let mut suri = browser(stand, "suri.supervison@example.org").await;
    assert_eq!(stand.letters_to("suri.supervison@example.org").await, 1);
    suri.get("/clusters/necles/education/skill-claims").await.expect_text("Ada Traineley").click("Spirometry").await;
    suri.expect_status(200).click("Save the file").await.expect_status(200).expect_text("Ten tests");
    suri.get(&claim)
        .await
        .fill("By what has to be done for it, the skill is", "Not shown yet")
        .fill("What you saw, and what is missing if it is not yet", "Two tests more");
    suri.submit("Say so").await.expect_status(200).expect_text("Evidence is gathered");
    ada.get(&claim).await.expect_text("Two tests more").fill("Who shall assess it", "Suri Supervison");
    ada.tick("Put my name into the badge. Without it, the badge names me by a hash of my e-mail address only")
        .submit("Ask them")
        .await
        .expect_status(200);
    suri.get(&claim)
        .await
        .fill("By what has to be done for it, the skill is", "Shown")
        .fill("What you saw, and what is missing if it is not yet", "All ten");
    suri.submit("Say so").await.expect_status(200).expect_text("it is to be awarded").expect_no_text("Award the badge");
    lead.get(&claim)
        .await
        .submit("Award the badge")
        .await
        .expect_status(200)
        .expect_text("This badge is genuine and good.");
    let badge = lead.address().to_owned();
    lead.post(&format!("{claim}/award"), &[]).await.expect_status(409);
    (ada, badge)
}

#[tokio::test]
async fn a_skill_is_shown_assessed_awarded_published_and_taken_back() {
    for_each_database(|url| async move {
        let (stand, _, mut lead) = framework(&url).await;
        let (mut ada, badge) = awarded(&stand, &mut lead).await;
        assert!(stand.browser().get(&badge).await.address().starts_with("/sign-in"), "it is hers to publish");
        ada.get(&badge).await.expect_text("Ada Traineley").expect_text("Good until").expect_text("1 June 2013");
        ada.submit("Publish this page").await.expect_status(200);
        let mut anybody = stand.browser();
        anybody
            .get(&badge)
            .await
            .expect_status(200)
            .expect_text("Spirometry")
            .expect_text("neither revoked nor suspended");
        anybody.expect_no_text("Yours to keep").expect_no_text("Log book");
        anybody.get(&format!("{badge}/badge.jwt")).await;
        assert!(anybody.address().starts_with("/sign-in"));

        ada.get(&format!("{badge}/badge.svg")).await.expect_status(200);
        let picture = ada.bytes().to_vec();
        ada.get(&badge).await;
        // Only where the program that draws is there.
        if ada.links().iter().any(|link| link.contains("certificate.pdf")) {
            ada.get(&format!("{badge}/badge.png")).await.expect_status(200);
            let png = ada.bytes().to_vec();
            let token = hiec_credentials::unbake(&png).unwrap();
            assert_eq!(token, hiec_credentials::unbake(&picture).unwrap());
            ada.get(&format!("{badge}/certificate.pdf")).await.expect_status(200);
            assert!(ada.bytes().starts_with(b"%PDF-"));
        }
        for (form, kind) in [("badge.jwt", "application/jwt"), ("badge.json", "application/ld+json")] {
            ada.get(&format!("{badge}/{form}")).await.expect_status(200);
            assert_eq!(ada.headers()["content-type"], kind);
            assert!(!String::from_utf8_lossy(ada.bytes()).contains("ada.traineley"), "no address in the clear");
        }
        // The badge names its lists and its key; all of them are public, so anybody's verifier can judge it.
        let signed: Value = serde_json::from_slice(ada.bytes()).unwrap();
        assert_eq!(signed["issuer"]["id"], "did:web:hiec.example");
        anybody.get("/.well-known/did.json").await.expect_status(200);
        let documents = [KeyDocument::read(&serde_json::from_slice(anybody.bytes()).unwrap()).unwrap()];
        let judged = async |anybody: &mut Browser| {
            let mut lists = Vec::new();
            for entry in signed["credentialStatus"].as_array().unwrap() {
                let path = entry["statusListCredential"].as_str().unwrap().replace("https://hiec.example", "");
                anybody.get(&path).await.expect_status(200);
                lists.push(anybody.bytes().to_vec());
            }
            let options = Options { key_documents: &documents, status_lists: &lists, ..Options::at(stand.state.now()) };
            verify(&picture, &options).unwrap()
        };
        assert_eq!(judged(&mut anybody).await.sentence, "Accepted: the badge is genuine and good at that moment.");

        set(&stand, "2010-06-01 10:30");
        ada.post(&format!("{badge}/standing"), &[("change", "revoke"), ("reason", "x")]).await.expect_status(403);
        lead.get(&badge).await.submit("Do it").await.expect_status(422).expect_text("Enter why");
        for (change, status, sentence) in [
            ("reinstate", 409, "Accepted: the badge is genuine and good at that moment."),
            ("suspend", 200, "Refused. Its issuer has suspended it for now."),
            ("reinstate", 200, "Accepted: the badge is genuine and good at that moment."),
            ("revoke", 200, "Refused. Its issuer has revoked it."),
            ("reinstate", 409, "Refused. Its issuer has revoked it."),
        ] {
            lead.post(&format!("{badge}/standing"), &[("change", change), ("reason", "A complaint")])
                .await
                .expect_status(status);
            assert_eq!(judged(&mut anybody).await.sentence, sentence, "{change}");
        }
        anybody.get(&badge).await.expect_text("does not count now").expect_no_text("A complaint");
        assert!(stand.letter_to("ada.traineley@example.org").await.body.contains("A complaint"));
        // A revoked skill is claimed anew, an open claim only once.
        ada.get("/clusters/necles/education/skills/spirometry").await.fill("Your profession", "Medicine");
        ada.submit("Begin to gather evidence").await.expect_status(200);
        ada.get("/clusters/necles/education/skills/spirometry").await.fill("Your profession", "Medicine");
        ada.submit("Begin to gather evidence").await.expect_status(409);
    })
    .await;
}

#[tokio::test]
async fn keys_change_hands_and_old_badges_stay_good_unless_the_key_is_disowned() {
    for_each_database(|url| async move {
        let (stand, _, mut lead) = framework(&url).await;
        let (mut ada, badge) = awarded(&stand, &mut lead).await;
        let admin = stand.add_person("Admin Adminson", &[(Role::Administrator, Scope::Installation, None)]).await;
        let mut admin = stand.browser_of(admin.id).await;
        assert_eq!(lead.get("/credentials/keys").await.status().as_u16(), 404);
        set(&stand, "2010-06-01 10:20");
        admin
            .get("/credentials/keys")
            .await
            .expect_text("did:web:hiec.example#key-1")
            .submit("Make a new key")
            .await
            .expect_status(422);
        admin
            .fill("And the one before?", "Retire it: what it signed stays good")
            .submit("Make a new key")
            .await
            .expect_status(200);
        admin.expect_text("what it signed before stays good").expect_text("did:web:hiec.example#key-2");
        ada.get(&badge).await.expect_text("This badge is genuine and good.");
        set(&stand, "2010-06-01 10:25");
        // The status list is signed by the new key from now on, for the old badges too.
        lead.post(&format!("{badge}/standing"), &[("change", "suspend"), ("reason", "A question")])
            .await
            .expect_status(200);
        ada.get(&badge).await.expect_text("has suspended it for now");
        lead.post(&format!("{badge}/standing"), &[("change", "reinstate"), ("reason", "Answered")])
            .await
            .expect_status(200);
        ada.get(&badge).await.expect_text("This badge is genuine and good.");
        admin.get("/credentials/keys").await;
        admin.fill(
            "And the one before?",
            "Disown it, because somebody else may have it: no file it signed counts any more, and its badges are signed anew",
        );
        admin
            .submit("Make a new key")
            .await
            .expect_status(200)
            .expect_text("Disowned")
            .expect_no_text("0123456789abcdef");
        ada.get(&badge).await.expect_text("This badge is genuine and good.");
        assert!(stand.trail(&hiec_store::Stream::named("education:keys")).await.contains("issuing_key.retired"));
    })
    .await;
}

/// A badge whose key is disowned after it was signed.
async fn disowned(stand: &Stand, mut lead: Browser) {
    let (mut ada, badge) = awarded(stand, &mut lead).await;
    lead.get("/clusters/necles/education/skill-claims").await.expect_text("The badges among them as CSV");
    let csv = async |browser: &mut Browser, list: &str| {
        browser.get(&format!("/clusters/necles/education/{list}.csv")).await.expect_status(200);
        browser.html()
    };
    assert!(csv(&mut lead, "skill-claims").await.contains(",Spirometry,Ada Traineley,Nurses,Awarded,"));
    let listed = csv(&mut lead, "badges").await;
    assert!(listed.contains(&badge) && listed.contains(",Spirometry,Ada Traineley,Nurses,good,"), "{listed}");
    assert!(csv(&mut ada, "badges").await.contains("Ada Traineley"), "her own");
    let mut suri = browser(stand, "suri.supervison@example.org").await;
    assert!(csv(&mut suri, "skill-claims").await.contains("Ada Traineley"), "she assesses the skill");
    assert!(!csv(&mut suri, "badges").await.contains("Ada Traineley"), "the badge is its holder's to show");
    let stranger = stand.add_person("Otto Other", &[]).await;
    let mut otto = stand.browser_of(stranger.id).await;
    assert!(!csv(&mut otto, "skill-claims").await.contains("Ada Traineley"));
    lead.get("/clusters/necles/education/badges.xlsx").await.expect_status(200);

    ada.get(&format!("{badge}/badge.jwt")).await;
    let before = ada.bytes().to_vec();
    set(stand, "2010-06-01 11:00");
    let admin = stand.add_person("Admin Adminson", &[(Role::Administrator, Scope::Installation, None)]).await;
    let mut admin = stand.browser_of(admin.id).await;
    admin.post("/credentials/keys", &[("before", "disown")]).await.expect_status(200);
    admin.expect_text("0 of 1 badges were signed anew so far");
    let letters = stand.letters_to("ada.traineley@example.org").await;
    stand.do_jobs().await;
    admin.get("/credentials/keys").await.expect_text("All 1 badges were signed anew");
    assert_eq!(stand.letters_to("ada.traineley@example.org").await, letters + 1);
    assert!(stand.letter_to("ada.traineley@example.org").await.body.contains("was signed anew"));
    // The same page has another file now; the former one counts no more.
    ada.get(&badge).await.expect_text("This badge is genuine and good.");
    ada.get(&format!("{badge}/badge.jwt")).await;
    let after = ada.bytes().to_vec();
    assert_ne!(before, after);
    for (file, words) in [(before, "Do not rely on this badge"), (after, "Accepted")] {
        let mut anybody = stand.browser();
        anybody.get("/credentials/check").await.fill("Or paste it here", &String::from_utf8(file).unwrap());
        anybody.submit("Check it").await.expect_status(200).expect_text(words);
    }
    lead.post(&format!("{badge}/standing"), &[("change", "suspend"), ("reason", "A question")]).await;
    ada.get(&badge).await.expect_text("has suspended it for now");
    let database = stand.database();
    let former = "SELECT COUNT(*) AS n FROM education_credential_former";
    assert_eq!(database.count(former, values![]).await.unwrap(), 1);
    stand.do_jobs().await;
    assert_eq!(database.count(former, values![]).await.unwrap(), 1, "done twice it changes nothing");
    let unit = stand.state.begin(hiec_kernel::people::Actor::System("test".into())).await.unwrap();
    assert!(unit.execute("DELETE FROM education_credential_former", values![]).await.is_err());
}

#[tokio::test]
async fn what_a_disowned_key_signed_is_signed_anew_under_the_same_address() {
    for_each_database(|url| async move {
        let (stand, _, lead) = framework(&url).await;
        disowned(&stand, lead).await;
    })
    .await;
}

#[tokio::test]
async fn the_same_where_each_key_is_an_issuer_of_its_own() {
    for_each_database(|url| async move {
        let (stand, cluster) = clusters::stand(&url, "2010-06-01 10:00").await;
        let lead = framework_in(&stand, &cluster).await;
        disowned(&stand, lead).await;
    })
    .await;
}

#[tokio::test]
async fn a_clock_that_was_put_back_makes_no_badge_unbelievable() {
    for_each_database(|url| async move {
        let (stand, _, mut lead) = framework(&url).await;
        let (mut ada, badge) = awarded(&stand, &mut lead).await;
        set(&stand, "2010-06-01 10:40");
        ada.get(&badge).await.expect_text("This badge is genuine and good.");
        lead.post(&format!("{badge}/standing"), &[("change", "suspend"), ("reason", "A question")]).await;
        lead.post(&format!("{badge}/standing"), &[("change", "reinstate"), ("reason", "Answered")]).await;
        ada.get(&badge).await.expect_text("This badge is genuine and good.");
        set(&stand, "2010-06-01 10:20");
        ada.get(&badge).await.expect_text("This badge is genuine and good.");
    })
    .await;
}

#[tokio::test]
async fn anybody_checks_any_badge_and_is_told_what_is_wrong() {
    for_each_database(|url| async move {
        let (stand, _, mut lead) = framework(&url).await;
        let (mut ada, badge) = awarded(&stand, &mut lead).await;
        ada.get(&format!("{badge}/badge.json")).await;
        let signed = ada.bytes().to_vec();
        let mut anybody = stand.browser();
        anybody.get("/credentials/check").await.expect_text("At most 5 MB").submit("Check it").await.expect_status(422);
        assert_eq!(anybody.errors(), ["Choose a file or paste a badge"]);
        anybody.attach("Choose the badge's file", "badge.json", "application/json", &signed).submit("Check it").await;
        anybody.expect_status(200).expect_text("Accepted: the badge is genuine and good at that moment.");
        let forged = String::from_utf8(signed).unwrap().replace("Spirometry", "Surgery");
        anybody
            .get("/credentials/check")
            .await
            .fill("Or paste it here", &forged)
            .submit("Check it")
            .await
            .expect_status(200);
        anybody.expect_text("Do not rely on this badge").expect_text("was changed after it was signed");
        for (file, words) in [
            (vec![b'x'; 5_000_001], "at most 5000000 are read"),
            (b"hello".to_vec(), "neither JSON"),
            (b"\x89PNG\r\n\x1a\n".to_vec(), "damaged"),
        ] {
            anybody.get("/credentials/check").await.attach("Choose the badge's file", "badge", "image/png", &file);
            anybody.submit("Check it").await.expect_status(422).expect_text(words);
        }
        anybody.get("/credentials/check").await.attach(
            "Choose the badge's file",
            "badge",
            "image/png",
            &vec![b'x'; 9_000_000],
        );
        anybody.submit("Check it").await.expect_status(413);
        // Another issuer's, from the known ten: a sound one, and one signed by somebody else.
        let data = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../engines/credentials/tests/data");
        for (file, words) in [("01_valid.json", "Accepted"), ("08_wrong_issuer_key.json", "somebody else signed it")] {
            let text = std::fs::read_to_string(data.join(file)).unwrap();
            anybody
                .get("/credentials/check")
                .await
                .fill("Or paste it here", &text)
                .fill("Judge it as of", "2026-02-01")
                .submit("Check it")
                .await
                .expect_status(200)
                .expect_text(words)
                .expect_text("Judged as of 1 February 2026");
        }
        // Whatever this installation's clock says, another's badge is judged as of the day asked for.
        let text = std::fs::read_to_string(data.join("01_valid.json")).unwrap();
        anybody.get("/credentials/check").await.fill("Or paste it here", &text).fill("Judge it as of", "2025-12-31");
        anybody.submit("Check it").await.expect_text("Do not rely on this badge").expect_text("good only from");
        anybody.get("/credentials/check").await.fill("Or paste it here", &text).fill("Judge it as of", "someday");
        anybody.submit("Check it").await.expect_status(422).expect_text("as a date");
    })
    .await;
}

#[tokio::test]
async fn a_status_list_comes_from_memory() {
    for_each_database(|url| async move {
        let (stand, _, mut lead) = framework(&url).await;
        awarded(&stand, &mut lead).await;
        let mut anybody = stand.browser();
        anybody.get("/credentials/status/1-revocation").await.expect_status(200);
        let first = anybody.bytes().to_vec();
        let begun = Instant::now();
        for _ in 0..100 {
            anybody.get("/credentials/status/1-revocation").await.expect_status(200);
        }
        println!("a list of 131,072 from memory: {:.3} ms", begun.elapsed().as_secs_f64() * 10.0);
        assert_eq!(anybody.bytes(), first);
        for missing in ["2-revocation", "1-curiosity", "1", "x-revocation"] {
            assert_eq!(
                anybody.get(&format!("/credentials/status/{missing}")).await.status().as_u16(),
                404,
                "{missing}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn an_installation_without_the_secret_says_so() {
    for_each_database(|url| async move {
        let (stand, cluster) = clusters::stand_with(&url, "2010-06-01 10:00", None).await;
        let admin = stand.add_person("Admin Adminson", &[(Role::Administrator, Scope::Installation, None)]).await;
        let mut admin = stand.browser_of(admin.id).await;
        admin.get("/credentials/keys").await.expect_status(200).expect_text("credential_secret is not set");
        admin.post("/credentials/keys", &[("before", "retire")]).await.expect_status(503);
        assert_eq!(stand.browser().get("/.well-known/did.json").await.status().as_u16(), 404);
        stand.browser().get("/credentials/check").await.expect_status(200);
        let (mut facilitator, _) = somebody(&stand, &cluster, "Fay Facilitson", Role::Facilitator, 1).await;
        facilitator.get("/clusters/necles/education/skills/new").await.expect_status(403);
    })
    .await;
}

#[tokio::test]
async fn the_demonstration_has_a_badge_to_check_one_suspended_and_claims_under_way() {
    for_each_database(|url| async move {
        let (stand, _) = clusters::signing_stand(&url, "2010-02-01 10:00").await;
        // Other capabilities bring the people of the region; here it is one who has no role.
        stand.add_person_at("region-lon@demo.example", "Rita Regionson", &[]).await;
        for period in [Period::Founding, Period::FirstYear, Period::AnnualMeeting, Period::SecondYear] {
            hiec_education::demo::live_until(&stand.state, &stand.clock, period).await.unwrap();
            stand.clock.set(period.moment());
        }
        let mut lead = browser(&stand, "education-lead@demo.example").await;
        lead.get("/clusters/necles/education/skill-claims")
            .await
            .expect_text("Suspended")
            .expect_text("Gathering evidence");
        // The skill counts for a step of the pathway, and what a trainee has of it shows in their record.
        let steps = "/clusters/necles/education/steps";
        lead.get(steps).await.expect_text("Also learnt in").expect_text("Skill: Spirometry");
        lead.post(&format!("{steps}/lessons"), &[("lesson", "skill:x"), ("what", "add")]).await.expect_status(422);
        assert_eq!(lead.errors(), ["Choose a step", "Choose a course or a skill"]);
        lead.fill("At this step", "COPD: Rehabilitation").fill("Course or skill", "Skill: Spirometry");
        lead.submit("Name it for the step").await.expect_status(200).expect_text("It counts for the step.");
        lead.fill("At this step", "COPD: Rehabilitation").fill("Course or skill", "Skill: Spirometry");
        lead.submit("Name it for the step").await.expect_status(422).expect_text("is named for this step already");
        lead.submit("Take it away").await.expect_status(200).expect_text("It no longer counts for the step.");
        let mut trainee = browser(&stand, "trainee-1@demo.example").await;
        trainee.get("/clusters/necles/education/trainees/NECLES-0001").await.expect_text("Badge: Spirometry");
        trainee.get("/clusters/necles/education/skill-claims").await.click("Spirometry").await.click("The badge").await;
        let badge = trainee.address().to_owned();
        let mut anybody = stand.browser();
        anybody
            .get(&badge)
            .await
            .expect_status(200)
            .expect_text("Ada Traineley")
            .expect_text("This badge is genuine and good.");
        // Whose profession is on record says no other of themselves.
        let spirometry = "/clusters/necles/education/skills/spirometry";
        let mut midwife = browser(&stand, "trainee-3@demo.example").await;
        midwife.get(spirometry).await.expect_text("By your record you learn with: Midwives");
        midwife.expect_text("This skill is open to others: Doctors").expect_no_text("Begin to gather evidence");
        for profession in ["Nurses", "Wizard"] {
            midwife.post(&format!("{spirometry}/claims"), &[("profession", profession)]).await.expect_status(422);
            midwife.expect_text("Choose the profession of your record: Midwives");
        }
        midwife.post(&format!("{spirometry}/claims"), &[("profession", "Midwives")]).await.expect_status(422);
    })
    .await;
}
