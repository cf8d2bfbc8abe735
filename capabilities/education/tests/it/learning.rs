//! What a learning tool does by itself: a token for what it signed, scores that complete a part, members by number.

use hiec_kernel::people::Actor;
use hiec_store::{Reads, values};
use hiec_testkit::for_each_database;
use http::Method;
use serde_json::{Value, json};

use crate::tool::*;

#[tokio::test]
async fn a_score_completes_the_part_and_is_shown_to_the_learner_alone() {
    for_each_database(|url| async move {
        let scene = scene(&url).await;
        let (mut tess, person) = trainee(&scene, "Tess Trainee").await;
        let (_, stranger) = trainee(&scene, "Otto Other").await;
        let told = scene.launch(&mut tess).await;
        let endpoint = &told["https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"];
        let line = endpoint["lineitem"].as_str().unwrap().to_owned();
        assert_eq!(line, format!("http://hiec.example{}/{}", scene.lines(), scene.part));
        assert!(told.get("name").is_none(), "{told}");
        let token = scene.token(&format!("{AGS}/score {AGS}/result.readonly")).await;
        let score = |given: f64, activity: &str, grading: &str, at: &str| {
            json!({"userId": person.id.to_string(), "scoreGiven": given, "scoreMaximum": 10, "comment": "Well read",
                "timestamp": at, "activityProgress": activity, "gradingProgress": grading})
        };
        let send = async |body: Value| scene.serve(&token, Method::POST, &format!("{line}/scores"), SCORE, &body).await;
        assert_eq!(send(score(2.0, "InProgress", "Pending", "2010-10-04T09:00:00.100Z")).await.0, 204);
        tess.get(COURSE).await.expect_text("0 of 1 parts").expect_text("The tool says: Under way, not marked yet");
        assert_eq!(send(score(8.0, "Completed", "FullyGraded", "2010-10-04T09:00:00.200Z")).await.0, 204);
        tess.get(COURSE)
            .await
            .expect_text("1 of 1 parts: 30 minutes")
            .expect_text("Completed, score 80 of 100")
            .expect_text("Well read");
        // What is late by the tool's clock does not overtake; the same moment again does.
        let (status, why) = send(score(1.0, "Started", "NotReady", "2010-10-04T09:00:00.150Z")).await;
        assert_eq!((status, why["error"].as_str()), (409, Some("conflict")));
        assert_eq!(send(score(9.0, "Completed", "FullyGraded", "2010-10-04T09:00:00.200Z")).await.0, 204);
        let (status, results) = scene.serve(&token, Method::GET, &format!("{line}/results"), "", &Value::Null).await;
        assert_eq!((status, results.as_array().unwrap().len()), (200, 1));
        assert_eq!((&results[0]["resultScore"], &results[0]["userId"]), (&json!(90.0), &json!(person.id.to_string())));
        let (_, none) = scene.serve(&token, Method::GET, &format!("{line}/results?user_id=x"), "", &Value::Null).await;
        assert_eq!(none, json!([]));
        // A later score may take the completion back, as a void does.
        assert_eq!(send(score(0.0, "Started", "NotReady", "2010-10-04T09:30:00Z")).await.0, 204);
        tess.get(COURSE).await.expect_text("0 of 1 parts");
        let mut nobody = score(1.0, "Completed", "FullyGraded", "2010-10-04T10:00:00Z");
        nobody["userId"] = json!(stranger.id.to_string());
        let (status, why) = send(nobody).await;
        assert_eq!(status, 400, "who never opened it is no number the tool may score");
        assert!(why["error_description"].as_str().unwrap().contains("nobody in this course"), "{why}");
        let mut otto = scene.stand.browser_of(stranger.id).await;
        otto.get(COURSE).await.expect_no_text("Well read");
        let database = scene.stand.database();
        assert_eq!(database.count("SELECT COUNT(*) AS n FROM education_lti_score", values![]).await.unwrap(), 4);
        let unit = scene.stand.state.begin(Actor::System("test".into())).await.unwrap();
        assert!(
            unit.execute("UPDATE education_lti_score SET given = '10'", values![]).await.is_err(),
            "scores stay as they came"
        );
    })
    .await;
}

#[tokio::test]
async fn tokens_are_for_what_the_tool_signed_once_and_open_its_own_courses_alone() {
    for_each_database(|url| async move {
        let mut scene = scene(&url).await;
        let all = format!("{AGS}/lineitem {AGS}/score openid");
        let good = scene.assertion("one");
        let (status, answer) = scene.ask_token(&scene.keys.sign(&good), &all).await;
        assert_eq!((status, &answer["expires_in"], &answer["token_type"]), (200, &json!(3600), &json!("Bearer")));
        assert_eq!(answer["scope"], format!("{AGS}/lineitem {AGS}/score"), "unknown scopes are left out");
        let (status, again) = scene.ask_token(&scene.keys.sign(&good), &all).await;
        assert_eq!((status, again["error"].as_str()), (401, Some("invalid_client")), "an assertion is good once");
        let (status, none) = scene.ask_token(&scene.keys.sign(&scene.assertion("two")), "openid").await;
        assert_eq!((status, none["error"].as_str()), (400, Some("invalid_scope")));
        for (name, value) in [
            ("iss", json!("another")),
            ("sub", json!("hiec-unknown")),
            ("aud", json!("https://other.example/token")),
            ("exp", json!(scene.seconds() - 3600)),
            ("iat", json!(scene.seconds() + 3600)),
            ("jti", Value::Null),
        ] {
            let mut bad = scene.assertion("three");
            bad[name] = value;
            let (status, why) = scene.ask_token(&scene.keys.sign(&bad), &all).await;
            assert_eq!((status, why["error"].as_str()), (401, Some("invalid_client")), "{bad}");
        }
        let forged = forged(&scene.keys.sign(&scene.assertion("four")));
        assert_eq!(scene.ask_token(&forged, &all).await.0, 401, "nobody's signature");
        assert_eq!(scene.ask_token("rubbish", &all).await.0, 401);

        let token = answer["access_token"].as_str().unwrap().to_owned();
        let lines = scene.lines();
        let get = async |token: &str, path: &str| scene.serve(token, Method::GET, path, "", &Value::Null).await;
        let (status, listed) = get(&token, &lines).await;
        assert_eq!((status, listed[0]["resourceLinkId"].as_str()), (200, Some(scene.part.as_str())));
        assert_eq!(get("door_guessed", &lines).await.0, 401);
        assert_eq!(get("hiec_guessed", &lines).await.0, 401, "a person's token is no tool's");
        assert_eq!(get(&token, &format!("/lti/courses/{}/members", scene.course)).await.0, 403, "another scope");
        assert_eq!(get(&token, &format!("/lti/courses/{}/line-items", uuid::Uuid::nil())).await.0, 404);
        assert_eq!(get(&token, &format!("{lines}/{}", uuid::Uuid::nil())).await.0, 404);
        // A tool's token signs nobody in.
        let mut browser = scene.stand.browser();
        let bearer = format!("Bearer {token}");
        let status = browser.send(Method::GET, TOOLS, &[("authorization", &bearer)], vec![]).await;
        assert_eq!(status, 401);

        // Lines of its own: made, found, changed, removed; a part's own line stays.
        let line = json!({"label": "Quiz", "scoreMaximum": 12.5, "tag": "quiz", "resourceId": "r", "resourceLinkId": scene.part});
        let (status, made) = scene.serve(&token, Method::POST, &lines, LINE, &line).await;
        assert_eq!((status, &made["scoreMaximum"]), (201, &json!(12.5)), "{made}");
        for bad in [json!([]), json!({"label": "x"}), json!({"label": "x", "scoreMaximum": -1}), json!({"label": "x", "scoreMaximum": 1, "resourceLinkId": "x"})] {
            assert_eq!(scene.serve(&token, Method::POST, &lines, LINE, &bad).await.0, 400, "{bad}");
        }
        assert_eq!(get(&token, &format!("{lines}?tag=quiz")).await.1.as_array().unwrap().len(), 1);
        assert_eq!(get(&token, &format!("{lines}?limit=1")).await.1.as_array().unwrap().len(), 1);
        let own = made["id"].as_str().unwrap().to_owned();
        let changed = json!({"label": "Quiz 2", "scoreMaximum": 20});
        let (status, now) = scene.serve(&token, Method::PUT, &own, LINE, &changed).await;
        assert_eq!((status, now["label"].as_str(), now.get("tag")), (200, Some("Quiz 2"), None));
        // With two lines for the part no launch names one of them.
        let (mut tess, _) = trainee(&scene, "Tess Trainee").await;
        let told = scene.launch(&mut tess).await;
        assert!(told["https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"].get("lineitem").is_none());
        assert_eq!(scene.serve(&token, Method::DELETE, &own, "", &Value::Null).await.0, 204);
        assert_eq!(get(&token, &own).await.0, 404);
        assert_eq!(scene.serve(&token, Method::DELETE, &format!("{lines}/{}", scene.part), "", &Value::Null).await.0, 403);
        // After an hour, or when the tool is ended, it is over.
        scene.stand.clock.set(hiec_kernel::clock::from_london("2010-10-04 11:01").unwrap());
        assert_eq!(get(&token, &lines).await.0, 401);
        let token = scene.token(&all).await;
        scene.lena.post(&format!("{TOOLS}/{}/retirement", scene.tool), &[]).await.expect_status(200);
        assert_eq!(scene.serve(&token, Method::GET, &scene.lines(), "", &Value::Null).await.0, 401);
    })
    .await;
}

#[tokio::test]
async fn members_are_numbers_until_the_cluster_agreed_to_names() {
    for_each_database(|url| async move {
        let scene = scene(&url).await;
        let (mut tess, person) = trainee(&scene, "Tess Trainee").await;
        trainee(&scene, "Otto Other").await;
        scene.launch(&mut tess).await;
        let mut lena = scene.stand.browser_of(scene.lead.id).await;
        scene.launch(&mut lena).await;
        let members = format!("/lti/courses/{}/members", scene.course);
        let token = scene.token(MEMBERS).await;
        let get = async |path: &str| scene.serve(&token, Method::GET, path, "", &Value::Null).await;
        let (status, seen) = get(&members).await;
        assert_eq!(
            (status, seen["members"].as_array().unwrap().len()),
            (200, 2),
            "who opened nothing is not told of: {seen}"
        );
        assert!(!seen.to_string().contains("Tess") && !seen.to_string().contains('@'), "{seen}");
        let (_, learners) = get(&format!("{members}?role=Learner")).await;
        assert_eq!(learners["members"][0]["user_id"], person.id.to_string());
        let instructor = "http%3A%2F%2Fpurl.imsglobal.org%2Fvocab%2Flis%2Fv2%2Fmembership%23Instructor";
        let (_, instructors) = get(&format!("{members}?role={instructor}&rlid={}", scene.part)).await;
        assert_eq!(instructors["members"].as_array().unwrap().len(), 1);
        assert!(instructors["members"][0]["message"].is_array());
        assert_eq!(get(&format!("{members}?rlid=x")).await.0, 404);
        assert_eq!(get(&format!("{members}?limit=1")).await.1["members"].as_array().unwrap().len(), 1);
        lena.get(TOOLS).await;
        lena.tick("It is told the names of those who learn")
            .submit("Save what Made-up material may do")
            .await
            .expect_status(200);
        let (_, seen) = get(&members).await;
        assert!(seen.to_string().contains("Tess Trainee") && !seen.to_string().contains('@'), "{seen}");
        assert_eq!(scene.launch(&mut tess).await["name"], "Tess Trainee");
        let (_, begun) = tess.post_json(&format!("{COURSE}/parts/{}/launch", scene.part), &json!({})).await;
        assert!(begun["login"].is_string());
        tess.post(&format!("{COURSE}/parts/{}/launch", scene.part), &[])
            .await
            .expect_text("told your name and a number");
    })
    .await;
}
