//! Courses and sessions: shares and waiting lists, codes, feedback, hours that count; launches by LTI 1.3 and statements by xAPI.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hiec_contracts::ClusterSeen;
use hiec_kernel::Role;
use hiec_kernel::people::Person;
use hiec_store::{Reads, values};
use hiec_testkit::{Browser, for_each_database};
use hiec_teststand::Stand;
use http::Method;
use serde_json::{Value, json};

use crate::clusters::{organisation, somebody, stand};

const EDUCATION: &str = "/clusters/necles/education";

fn set(stand: &Stand, now: &str) {
    stand.clock.set(hiec_kernel::clock::from_london(now).unwrap());
}

/// Who plans education, with a course of one part.
async fn course(stand: &Stand, cluster: &ClusterSeen) -> (Browser, Person) {
    let (mut lena, lead) = somebody(stand, cluster, "Lena Leadson", Role::EducationLead, 0).await;
    lena.get(&format!("{EDUCATION}/courses"))
        .await
        .expect_text("There is no course yet")
        .click("Make the first one")
        .await;
    lena.submit("Make the course").await.expect_status(422);
    lena.fill("Name", "Airway skills")
        .fill("What it teaches, and whom", "Simulation for all")
        .submit("Make the course")
        .await;
    lena.fill("What it is", "A session to come to").fill("Title", "Simulation").fill("Minutes", "x");
    lena.submit("Add the part").await.expect_status(422).expect_text("Enter how many minutes");
    lena.fill("Minutes", "180").tick("Its hours count for the tariff").submit("Add the part").await.expect_status(200);
    (lena, lead)
}

/// Opens a session of so many places, of which the second hospital has one until a day; answers its address.
async fn session(lena: &mut Browser, capacity: &str, kept: &str) -> String {
    lena.get(&format!("{EDUCATION}/courses/airway-skills/sessions/new")).await.expect_status(200);
    lena.submit("Open the session").await.expect_status(422);
    lena.fill("Part of the course", "Simulation").fill("Where", "Simulation centre").fill("Day", "2010-10-20");
    lena.fill("From", "09:00").fill("To", "08:00").fill("Places in all", capacity).fill("Hospital 02", "99");
    lena.fill("Day from which kept places are open to all", "2010-10-15");
    lena.submit("Open the session").await.expect_status(422).expect_text("an end after the beginning");
    lena.expect_text("99 places are kept for partners");
    lena.fill("To", "12:00").fill("Hospital 02", kept).submit("Open the session").await.expect_status(200);
    lena.address().to_owned()
}

#[tokio::test]
async fn places_are_kept_for_partners_and_the_list_moves_up_in_order() {
    for_each_database(|url| async move {
        let (stand, cluster) = stand(&url, "2010-10-04 10:00").await;
        let (mut lena, lead) = course(&stand, &cluster).await;
        let page = session(&mut lena, "2", "1").await;
        let mut people = Vec::new();
        for nth in 1..=3 {
            people.push(somebody(&stand, &cluster, &format!("Tess Trainee {nth}"), Role::Trainee, 0).await);
        }
        let mut public = stand.browser();
        public.get(&page).await.expect_status(200).expect_text("2 in all, 0 taken, 1 open to everybody");
        public.expect_no_text("Book a place").expect_no_text("Code to show");
        people[0].0.get(&page).await.submit("Book a place").await.expect_status(200).expect_text("You have a place");
        people[1].0.get(&page).await.submit("Book a place").await.expect_text("number 1 on the list");
        people[2].0.get(&page).await.submit("Book a place").await.expect_text("number 2 on the list");
        people[2].0.post(&format!("{page}/booking"), &[]).await.expect_status(409);
        // The second hospital's own person finds the kept place.
        let (mut edda, _) = somebody(&stand, &cluster, "Edda Educatorson", Role::HostEducator, 2).await;
        let employed = "UPDATE base_person SET employer_id = $1 WHERE name = $2";
        let unit = stand.state.begin(hiec_kernel::people::Actor::System("test".into())).await.unwrap();
        unit.execute(employed, values![organisation(2).id.0, "Edda Educatorson"]).await.unwrap();
        unit.commit().await.unwrap();
        edda.get(&page).await.submit("Book a place").await.expect_text("You have a place");
        // Who gives back a place lets the first of the list in, with a letter.
        people[0].0.get(&page).await.submit("Give the place back").await.expect_text("Whoever waits moves up");
        people[1].0.get(&page).await.expect_text("You have a place");
        assert!(stand.letter_to(&people[1].1.email).await.body.contains("A place has come free and is yours"));
        people[2].0.get(&page).await.expect_text("number 1 on the list");
        // The kept place is given back: nobody without a share gets it before the release.
        edda.get(&page).await.submit("Give the place back").await;
        people[2].0.get(&page).await.expect_text("number 1 on the list");
        set(&stand, "2010-10-15 00:30");
        stand.do_jobs().await;
        assert!(stand.letter_to(&people[2].1.email).await.subject.contains("You have a place"));
        // Three days before, those with a place are reminded, once.
        for now in ["2010-10-17 07:30", "2010-10-17 12:00"] {
            set(&stand, now);
            stand.do_jobs().await;
        }
        assert_eq!(stand.letters_to(&people[2].1.email).await, 2);
        assert_eq!(stand.letters_to(&people[0].1.email).await, 0);

        let mut lena = stand.browser_of(lead.id).await;
        lena.get(&page).await.expect_text("Tess Trainee 2").expect_text("Code to show in the room");
        lena.get(&format!("{page}/calendar.ics")).await.expect_status(200);
        assert!(lena.html().contains("SUMMARY:Airway skills: Simulation"), "{}", lena.html());
        lena.get(&page).await;
        lena.submit("Call it off").await.expect_status(422);
        lena.fill("Why", "No tutor").submit("Call it off").await.expect_status(200).expect_text("Called off");
        assert!(stand.letter_to(&people[1].1.email).await.subject.starts_with("Called off"));
        let mut tess = stand.browser_of(people[0].1.id).await;
        tess.post(&format!("{page}/booking"), &[]).await.expect_status(409);
        let mut second = stand.browser_of(people[1].1.id).await;
        second.get(&page).await.expect_text("You had a place").expect_no_text("You have a place");
        let trail = stand.trail(&hiec_store::Stream::named(format!("education:{}", cluster.id))).await;
        for kind in [
            "session.opened",
            "session.place_asked",
            "session.moved_up",
            "session.booking_cancelled",
            "session.called_off",
        ] {
            assert!(trail.contains(kind), "{kind} is not on the record");
        }
    })
    .await;
}

#[tokio::test]
async fn a_code_marks_who_came_and_cannot_be_guessed() {
    for_each_database(|url| async move {
        let (stand, cluster) = stand(&url, "2010-10-04 10:00").await;
        let (mut lena, lead) = course(&stand, &cluster).await;
        let page = session(&mut lena, "9", "0").await;
        lena.get(&page).await;
        let text = lena.text();
        let code = text.split("Code to show in the room: ").nth(1).unwrap()[..6].to_owned();
        let mut people = Vec::new();
        for nth in 1..=4 {
            let (mut browser, person) =
                somebody(&stand, &cluster, &format!("Tess Trainee {nth}"), Role::Trainee, 0).await;
            browser.get(&page).await.submit("Book a place").await.expect_status(200);
            browser.expect_no_text(&code);
            people.push(person);
        }
        let mut first = stand.browser_of(people[0].id).await;
        first
            .post(&format!("{page}/attendance"), &[("code", &code)])
            .await
            .expect_status(409)
            .expect_text("takes no codes now");
        set(&stand, "2010-10-20 08:45");
        for (nth, person) in people.iter().enumerate() {
            let mut browser = stand.browser_of(person.id).await;
            browser.get(&page).await.expect_status(200);
            if nth == 3 {
                for left in ["4 more times", "3 more times", "2 more times", "once more", "Too many codes"] {
                    browser
                        .fill("Code of this session", "WRONG1")
                        .submit("I am here")
                        .await
                        .expect_status(422)
                        .expect_text(left);
                }
                browser
                    .fill("Code of this session", &code)
                    .submit("I am here")
                    .await
                    .expect_status(422)
                    .expect_text("Too many codes");
                // Giving the place back and asking again brings no more guesses.
                browser.get(&page).await.submit("Give the place back").await.expect_status(200);
                browser.get(&page).await.submit("Book a place").await.expect_status(200);
                browser.fill("Code of this session", &code).submit("I am here").await.expect_text("Too many codes");
            } else {
                browser.submit("I am here").await.expect_status(422).expect_text("Enter the code that is shown");
                let typed = format!(" {} {}", code[..3].to_lowercase(), &code[3..]);
                browser
                    .fill("Code of this session", &typed)
                    .submit("I am here")
                    .await
                    .expect_status(200)
                    .expect_text("You were there");
                browser.post(&format!("{page}/cancellation"), &[]).await.expect_status(409);
                browser.expect_text("You are marked as having come");
            }
        }
        // Whoever runs it marks the one who could not type.
        set(&stand, "2010-10-20 12:30");
        let mut lena = stand.browser_of(lead.id).await;
        lena.get(&page).await.expect_text("Tess Trainee 1, No organisation (by code)");
        lena.tick("Tess Trainee 4, No organisation").untick("Tess Trainee 3, No organisation (by code)");
        lena.submit("Save the register")
            .await
            .expect_status(200)
            .expect_text("Tess Trainee 4, No organisation (marked)");
        lena.get(&format!("{EDUCATION}/attendance.csv")).await.expect_status(200);
        let csv = lena.html();
        assert_eq!(csv.matches(",yes,code,180,180,").count(), 2, "{csv}");
        assert_eq!(csv.matches(",yes,register,180,180,").count(), 1, "{csv}");
        assert_eq!(csv.matches(",no,,0,0,").count(), 1, "{csv}");

        for (nth, score) in [(0, "5"), (1, "4"), (3, "3")] {
            lena.get(&page).await.expect_text("Fewer than 3 gave any");
            let mut browser = stand.browser_of(people[nth].id).await;
            browser.get(&page).await.submit("Send the feedback").await.expect_status(422);
            browser
                .post(&format!("{page}/feedback"), &[("score", score), ("words", "More time")])
                .await
                .expect_status(200);
            browser.post(&format!("{page}/feedback"), &[("score", score)]).await.expect_status(409);
        }
        lena.get(&page).await.expect_text("3 gave feedback: 4.0 of 5 on average");
        let mut third = stand.browser_of(people[2].id).await;
        third.post(&format!("{page}/feedback"), &[("score", "5")]).await.expect_status(409);
        let mut done = stand.browser_of(people[0].id).await;
        done.get(&format!("{EDUCATION}/courses/airway-skills"))
            .await
            .expect_text("1 of 1 parts: 3 hours of 3 hours")
            .expect_text("Completed");
    })
    .await;
}

/// What a form of the page sends.
fn hidden(html: &str, name: &str) -> String {
    let start = format!("name=\"{name}\" value=\"");
    assert!(html.contains(&start), "no {name} in {html}");
    let value = html.split(&start).nth(1).unwrap_or_default();
    value.split('"').next().unwrap().replace("&amp;", "&")
}

#[tokio::test]
async fn a_tool_is_launched_once_by_whoever_began_it_and_learns_no_name() {
    for_each_database(|url| async move {
        let (stand, cluster) = stand(&url, "2010-10-04 10:00").await;
        let (mut lena, _) = course(&stand, &cluster).await;
        lena.get(&format!("{EDUCATION}/learning-tools")).await.expect_text("No tool is registered");
        lena.fill("Name of the tool", "Made-up material")
            .fill("Where its login begins (OpenID Connect)", "tool.example");
        lena.submit("Register the tool").await.expect_status(422).expect_text("Enter the whole address");
        lena.fill("Where its login begins (OpenID Connect)", "https://tool.example/login");
        lena.fill("Where tokens may go: an address a line", "https://tool.example/launch")
            .submit("Register the tool")
            .await;
        lena.expect_status(200).expect_text("The tool is registered");
        let (_, tools) = lena.get_json(&format!("{EDUCATION}/learning-tools")).await;
        let client = tools["tools"][0]["client_id"].as_str().unwrap().to_owned();
        lena.get(&format!("{EDUCATION}/courses/airway-skills")).await;
        lena.fill("What it is", "Material of a partner, opened by LTI 1.3")
            .fill("Title", "Reading")
            .fill("Minutes", "30");
        lena.submit("Add the part").await.expect_status(422).expect_text("Choose a learning tool");
        lena.fill("For material: the learning tool", "Made-up material")
            .fill("For material: its address at the tool", "https://tool.example/reading");
        lena.fill("For material and reports: the id of the activity", "https://tool.example/reading")
            .submit("Add the part")
            .await
            .expect_status(200);

        let (mut tess, trainee) = somebody(&stand, &cluster, "Tess Trainee", Role::Trainee, 0).await;
        let (mut other, _) = somebody(&stand, &cluster, "Otto Other", Role::Trainee, 0).await;
        let (_, seen) = tess.get_json(&format!("{EDUCATION}/courses/airway-skills")).await;
        let part = seen["parts"][1]["id"].as_str().unwrap().to_owned();
        let launch = format!("{EDUCATION}/courses/airway-skills/parts/{part}/launch");
        let (_, begun) = tess.post_json(&launch, &json!({})).await;
        let login = url::Url::parse(begun["login"].as_str().unwrap()).unwrap();
        let given: std::collections::BTreeMap<String, String> = login.query_pairs().into_owned().collect();
        assert_eq!((given["iss"].as_str(), given["client_id"].as_str()), ("http://hiec.example", client.as_str()));
        let ask = |hint: &str, redirect: &str, client: &str| {
            let query: String = url::form_urlencoded::Serializer::new(String::new())
                .extend_pairs([
                    ("scope", "openid"),
                    ("response_type", "id_token"),
                    ("response_mode", "form_post"),
                    ("prompt", "none"),
                    ("client_id", client),
                    ("redirect_uri", redirect),
                    ("login_hint", hint),
                    ("nonce", "n-1"),
                    ("state", "s-1"),
                ])
                .finish();
            format!("/lti/authorize?{query}")
        };
        let hint = given["login_hint"].clone();
        other
            .get(&ask(&hint, "https://tool.example/launch", &client))
            .await
            .expect_status(422)
            .expect_text("This launch is over");
        tess.get(&ask(&hint, "https://evil.example/launch", &client))
            .await
            .expect_status(422)
            .expect_text("not registered here");
        tess.get(&ask(&hint, "https://tool.example/launch", "another")).await.expect_status(422);
        tess.get(&ask("guessed", "https://tool.example/launch", &client)).await.expect_status(422);
        tess.get("/lti/authorize?scope=profile").await.expect_status(422).expect_text("its scope is not openid");
        tess.get(&ask(&hint, "https://tool.example/launch", &client)).await.expect_status(200);
        let policy = tess.headers()["content-security-policy"].to_str().unwrap().to_owned();
        assert!(policy.contains("form-action https://tool.example ") && policy.contains("'sha256-"), "{policy}");
        let html = tess.html();
        assert!(html.contains("action=\"https://tool.example/launch\"") && hidden(&html, "state") == "s-1");
        let token = hidden(&html, "id_token");
        let claims: Value =
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap()).unwrap();
        assert_eq!(claims["nonce"], "n-1");
        assert_eq!(claims["sub"], trainee.id.to_string());
        assert!(!claims.to_string().contains("Tess"), "{claims}");
        let head: Value =
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap()).unwrap()).unwrap();
        let (_, keys) = stand.browser().get_json("/lti/jwks").await;
        assert_eq!(keys["keys"][0]["kid"], head["kid"]);
        assert!(keys.to_string().find("private").is_none() && keys["keys"][0].get("d").is_none());
        // Once, and soon.
        tess.get(&ask(&hint, "https://tool.example/launch", &client))
            .await
            .expect_status(422)
            .expect_text("This launch is over");
        let (_, begun) = tess.post_json(&launch, &json!({})).await;
        let login = url::Url::parse(begun["login"].as_str().unwrap()).unwrap();
        let late = login.query_pairs().find(|(name, _)| name == "login_hint").unwrap().1.into_owned();
        set(&stand, "2010-10-04 10:06");
        tess.get(&ask(&late, "https://tool.example/launch", &client))
            .await
            .expect_status(422)
            .expect_text("This launch is over");
    })
    .await;
}

/// A provider's requests.
struct Reporting<'a> {
    browser: Browser,
    basic: String,
    stand: &'a Stand,
}

impl Reporting<'_> {
    async fn send(&mut self, method: Method, path: &str, body: &Value) -> (u16, Value) {
        let headers = [
            ("authorization", self.basic.as_str()),
            ("x-experience-api-version", "1.0.3"),
            ("content-type", "application/json"),
        ];
        let bytes = if body.is_null() { vec![] } else { body.to_string().into_bytes() };
        let status = self.browser.send(method, path, &headers, bytes).await;
        (status.as_u16(), serde_json::from_slice(self.browser.bytes()).unwrap_or(Value::Null))
    }

    async fn kept(&self) -> i64 {
        self.stand.database().count("SELECT COUNT(*) AS n FROM education_xapi_statement", values![]).await.unwrap()
    }
}

#[tokio::test]
async fn statements_are_kept_as_sent_and_voids_count_even_when_they_come_first() {
    for_each_database(|url| async move {
        let (stand, cluster) = stand(&url, "2010-10-04 10:00").await;
        let (mut lena, _) = course(&stand, &cluster).await;
        let activity = "https://tool.example/hand-hygiene";
        let add = [("kind", "reported"), ("title", "Hand hygiene"), ("minutes", "20"), ("activity", activity)];
        lena.post(&format!("{EDUCATION}/courses/airway-skills/parts"), &add).await.expect_status(200);
        let mut secrets = Vec::new();
        for name in ["Made-up system", "Another system"] {
            let (status, made) =
                lena.post_json(&format!("{EDUCATION}/learning-tools/providers"), &json!({"provider_name": name})).await;
            assert_eq!(status, 201);
            secrets.push((made["key"].as_str().unwrap().to_owned(), made["secret"].as_str().unwrap().to_owned()));
        }
        let basic = |nth: usize| format!("Basic {}", STANDARD.encode(format!("{}:{}", secrets[nth].0, secrets[nth].1)));
        let mut one = Reporting { browser: stand.browser(), basic: basic(0), stand: &stand };
        let mut two = Reporting { browser: stand.browser(), basic: basic(1), stand: &stand };
        let (mut tess, trainee) = somebody(&stand, &cluster, "Tess Trainee", Role::Trainee, 0).await;

        let id = |nth: u128| uuid::Uuid::from_u128(nth).to_string();
        let statement = |nth: u128, verb: &str| {
            json!({
                "id": id(nth),
                "actor": {"account": {"homePage": "http://hiec.example", "name": trainee.id.to_string()}},
                "verb": {"id": format!("http://adlnet.gov/expapi/verbs/{verb}")},
                "object": {"id": activity},
            })
        };
        let void = |nth: u128, target: u128| {
            json!({
                "id": id(nth),
                "actor": {"mbox": "mailto:admin@tool.example"},
                "verb": {"id": "http://adlnet.gov/expapi/verbs/voided"},
                "object": {"objectType": "StatementRef", "id": id(target)},
            })
        };
        let all = "/xapi/statements";
        // Who may, and in which version.
        let status = one.browser.send(Method::GET, all, &[("x-experience-api-version", "1.0.3")], vec![]).await;
        assert_eq!(status, 401);
        let status = one.browser.send(Method::GET, all, &[("authorization", &basic(0))], vec![]).await;
        assert_eq!(status, 400);

        assert_eq!(one.send(Method::POST, all, &statement(1, "completed")).await, (200, json!([id(1)])));
        assert_eq!(one.send(Method::POST, all, &statement(1, "completed")).await.0, 200, "the same may come twice");
        let (status, why) =
            one.send(Method::POST, all, &json!([statement(2, "completed"), statement(1, "failed")])).await;
        assert_eq!(status, 409, "{why}");
        assert_eq!(one.kept().await, 1, "all of a request or none of it");
        let (status, why) = one.send(Method::POST, all, &json!([statement(3, "completed"), {"actor": {}}])).await;
        assert_eq!((status, one.kept().await), (400, 1));
        assert!(why["error"].as_str().unwrap().starts_with("Statement 2: actor does not say who"), "{why}");
        assert_eq!(two.send(Method::POST, all, &statement(1, "completed")).await.0, 409, "an id is one provider's");
        let page = format!("{EDUCATION}/courses/airway-skills");
        tess.get(&page).await.expect_text("1 of 2 parts: 20 minutes");

        // Another provider's void is not ours; our own counts, and takes the completion back.
        assert_eq!(two.send(Method::POST, all, &void(20, 1)).await.0, 200);
        tess.get(&page).await.expect_text("1 of 2 parts");
        assert_eq!(one.send(Method::PUT, &format!("{all}?statementId={}", id(10)), &void(10, 1)).await.0, 204);
        tess.get(&page).await.expect_text("0 of 2 parts");
        assert_eq!(one.send(Method::GET, &format!("{all}?statementId={}", id(1)), &Value::Null).await.0, 404);
        let (status, voided) = one.send(Method::GET, &format!("{all}?voidedStatementId={}", id(1)), &Value::Null).await;
        assert_eq!((status, voided["id"].as_str().unwrap().to_owned()), (200, id(1)));
        // A void that comes before its target counts too.
        assert_eq!(one.send(Method::POST, all, &void(11, 4)).await.0, 200);
        assert_eq!(one.send(Method::POST, all, &statement(4, "completed")).await.0, 200);
        tess.get(&page).await.expect_text("0 of 2 parts");
        // What voids cannot be voided, so the first stays taken back.
        assert_eq!(one.send(Method::POST, all, &void(12, 10)).await.0, 200);
        tess.get(&page).await.expect_text("0 of 2 parts");
        assert_eq!(one.send(Method::POST, all, &statement(5, "passed")).await.0, 200);
        tess.get(&page).await.expect_text("1 of 2 parts");

        let (_, listed) =
            one.send(Method::GET, &format!("{all}?activity={activity}&ascending=true"), &Value::Null).await;
        let ids: Vec<&str> =
            listed["statements"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect();
        assert_eq!(ids, [id(5)], "{listed}");
        let (_, first) = one.send(Method::GET, &format!("{all}?limit=2"), &Value::Null).await;
        assert_eq!(first["statements"].as_array().unwrap().len(), 2);
        let more = first["more"].as_str().unwrap().to_owned();
        let (_, rest) = one.send(Method::GET, &more, &Value::Null).await;
        assert_eq!(rest["statements"].as_array().unwrap().len(), 2, "three voids and one statement stand: {rest}");
        for bad in ["?colour=red", "?since=yesterday", "?agent=x", "?limit=-1", "?statementId=x"] {
            assert_eq!(one.send(Method::GET, &format!("{all}{bad}"), &Value::Null).await.0, 400, "{bad}");
        }
        let stored = stand.database();
        let refused = stored.begin(hiec_kernel::people::Actor::System("test".into()), &stand.clock).await.unwrap();
        assert!(
            refused.execute("DELETE FROM education_xapi_statement", values![]).await.is_err(),
            "statements are only added"
        );
        drop(refused);
        // An ended provider reports no more.
        lena.post(&format!("{EDUCATION}/learning-tools/providers/{}/retirement", secrets[0].0), &[])
            .await
            .expect_status(200);
        assert_eq!(one.send(Method::POST, all, &statement(6, "completed")).await.0, 401);
    })
    .await;
}
