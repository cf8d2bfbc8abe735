//! What begins at the tool: a launch asked for by a foreign form, material that is picked; and the key launches are signed with.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hiec_kernel::Role;
use hiec_kernel::people::Actor;
use hiec_store::{FromQueryResult, Reads, values};
use hiec_testkit::for_each_database;
use hiec_teststand::Stand;
use http::Method;
use ring::signature::RsaKeyPair;
use serde_json::{Value, json};

use crate::clusters::{somebody, stand_with};
use crate::tool::*;

#[tokio::test]
async fn a_foreign_form_asks_for_a_launch_as_nobody_and_only_there() {
    for_each_database(|url| async move {
        let scene = scene(&url).await;
        let (mut tess, _) = trainee(&scene, "Tess Trainee").await;
        let (_, begun) = tess.post_json(&format!("{COURSE}/parts/{}/launch", scene.part), &json!({})).await;
        let hint = pairs(begun["login"].as_str().unwrap())["login_hint"].clone();
        let foreign = [
            ("content-type", "application/x-www-form-urlencoded"),
            ("origin", "https://tool.example"),
            ("sec-fetch-site", "cross-site"),
        ];
        let body = form(&asked(&hint, &scene.client)).into_bytes();
        let status = tess.send(Method::POST, "/lti/authorize", &foreign, body.clone()).await;
        assert_eq!(status, 303);
        let to = tess.headers()["location"].to_str().unwrap().to_owned();
        assert!(
            to.starts_with("/lti/authorize?") && !tess.html().contains("id_token"),
            "nothing is told to nobody: {to}"
        );
        assert!(!tess.headers().contains_key("set-cookie"));
        // The address may be followed by whoever began it, once.
        let (mut other, _) = trainee(&scene, "Otto Other").await;
        other.get(&to).await.expect_status(422);
        assert_eq!(scene.stand.browser().get_json(&to).await.0, 401);
        tess.get(&to).await.expect_status(200);
        assert!(tess.html().contains("value=\"s &amp; 1\""), "the state comes back as it was");
        let status = tess.send(Method::POST, "/lti/authorize", &foreign, b"scope=profile".to_vec()).await;
        assert_eq!(status, 422);
        // No other address, method or spelling is open.
        for (method, path) in [
            (Method::POST, format!("{COURSE}/parts/{}/launch", scene.part)),
            (Method::POST, TOOLS.to_owned()),
            (Method::POST, "/lti/token".to_owned()),
            (Method::POST, "/lti/authorize/".to_owned()),
            (Method::POST, "/LTI/authorize".to_owned()),
            (Method::PUT, "/lti/authorize".to_owned()),
            (Method::POST, "/xapi/statements".to_owned()),
        ] {
            let status = tess.send(method, &path, &foreign, body.clone()).await;
            assert_eq!(status, 403, "{path}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_picked_in_a_tool_becomes_parts_when_whoever_picked_says_so() {
    for_each_database(|url| async move {
        let mut scene = scene(&url).await;
        let mut lena = scene.stand.browser_of(scene.lead.id).await;
        lena.get(COURSE).await.expect_text("Pick material in Made-up material");
        let (_, begun) = lena.post_json(&format!("{COURSE}/choices"), &json!({"tool": scene.tool})).await;
        let login = pairs(begun["login"].as_str().unwrap());
        assert_eq!(login["target_link_uri"], "https://tool.example/pick");
        let (mut tess, _) = trainee(&scene, "Tess Trainee").await;
        let address = format!("/lti/authorize?{}", form(&asked(&login["login_hint"], &scene.client)));
        tess.get(&address).await.expect_status(422);
        lena.get(&address).await.expect_status(200);
        let told = claims(&lena.html());
        let settings = told["https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings"].clone();
        assert_eq!(told["https://purl.imsglobal.org/spec/lti/claim/message_type"], "LtiDeepLinkingRequest");
        assert_eq!(settings["deep_link_return_url"], "http://hiec.example/lti/choices");
        let answer = |items: Value| {
            let of_lti = |name: &str| format!("https://purl.imsglobal.org/spec/lti/claim/{name}");
            let of_picking = |name: &str| format!("https://purl.imsglobal.org/spec/lti-dl/claim/{name}");
            let mut claims = json!({"iss": scene.client, "aud": ["http://hiec.example"], "nonce": "n-2",
                "iat": scene.seconds(), "exp": scene.seconds() + 60});
            for (name, value) in [
                (of_lti("message_type"), json!("LtiDeepLinkingResponse")),
                (of_lti("version"), json!("1.3.0")),
                (of_lti("deployment_id"), json!("1")),
                (of_picking("data"), settings["data"].clone()),
                (of_picking("content_items"), items),
                (of_picking("msg"), json!("Two chapters")),
            ] {
                claims[name.as_str()] = value;
            }
            claims
        };
        let item = |title: &str, chapter: &str| {
            json!({"type": "ltiResourceLink", "title": title, "url": format!("https://tool.example/{chapter}"),
                "custom": {"chapter": chapter}, "lineItem": {"scoreMaximum": 20, "label": "Points", "tag": chapter}})
        };
        let good = answer(json!([item("Chapter one", "1"), item("Chapter two", "2")]));
        let foreign = [("content-type", "application/x-www-form-urlencoded"), ("origin", "https://tool.example")];
        let bring = async |token: String| {
            let mut browser = scene.stand.browser();
            let body = form(&[("JWT", token)]).into_bytes();
            let status = browser.send(Method::POST, "/lti/choices", &foreign, body).await;
            let to = browser.headers().get("location").map(|to| to.to_str().unwrap().to_owned());
            (status.as_u16(), to)
        };
        for (name, value) in [
            ("aud", json!("https://other.example")),
            ("exp", json!(scene.seconds() - 3600)),
            ("nonce", Value::Null),
            ("iss", json!("another")),
            ("https://purl.imsglobal.org/spec/lti/claim/message_type", json!("LtiResourceLinkRequest")),
            ("https://purl.imsglobal.org/spec/lti/claim/deployment_id", json!("2")),
            ("https://purl.imsglobal.org/spec/lti-dl/claim/data", json!("guessed")),
            ("https://purl.imsglobal.org/spec/lti-dl/claim/content_items", json!([{"type": "html", "html": "<b>"}])),
        ] {
            let mut bad = good.clone();
            bad[name] = value;
            assert_eq!(bring(scene.keys.sign(&bad)).await.0, 422, "{name}");
        }
        assert_eq!(bring(forged(&scene.keys.sign(&good))).await.0, 422, "nobody's signature");
        assert_eq!(bring("rubbish".to_owned()).await.0, 422);
        let (status, to) = bring(scene.keys.sign(&good)).await;
        assert_eq!(status, 303);
        assert_eq!(bring(scene.keys.sign(&good)).await.0, 422, "the word is good once");
        let to = to.unwrap();
        let (_, seen) = lena.get_json(COURSE).await;
        assert_eq!(seen["parts"].as_array().unwrap().len(), 1, "nothing is in the course by the tool's answer alone");
        assert_eq!(scene.stand.browser().get_json(&to).await.0, 401);
        let (mut other, _) = somebody(&scene.stand, &scene.cluster, "Lea Leadson", Role::EducationLead, 0).await;
        other.get(&to).await.expect_status(404);
        lena.get(&to).await.expect_text("Two chapters").expect_text("Chapter two");
        lena.submit("Add to the course").await.expect_status(422).expect_text("Enter how many minutes");
        let typed = [
            ("wanted-0", "yes"),
            ("wanted-0", "eligible"),
            ("title-0", "Chapter one"),
            ("minutes-0", "15"),
            ("title-1", "Chapter two"),
        ];
        lena.post(&to, &typed).await.expect_status(200).expect_text("What you picked is part of the course");
        lena.post(&to, &typed).await.expect_status(409);
        lena.get(&to).await.expect_text("This was added to the course");
        let (_, seen) = lena.get_json(COURSE).await;
        let parts = seen["parts"].as_array().unwrap();
        assert_eq!(
            (parts.len(), parts[1]["title"].as_str(), parts[1]["is_eligible"].as_bool()),
            (2, Some("Chapter one"), Some(true))
        );
        // It is opened with what the tool wanted to be told again, and scored on the line it asked for.
        scene.part = parts[1]["id"].as_str().unwrap().to_owned();
        let told = scene.launch(&mut tess).await;
        assert_eq!(told["https://purl.imsglobal.org/spec/lti/claim/custom"], json!({"chapter": "1"}));
        assert_eq!(told["https://purl.imsglobal.org/spec/lti/claim/target_link_uri"], "https://tool.example/1");
        let token = scene.token(&format!("{AGS}/lineitem.readonly")).await;
        let (_, lines) = scene.serve(&token, Method::GET, &format!("{}?tag=1", scene.lines()), "", &Value::Null).await;
        assert_eq!((&lines[0]["scoreMaximum"], &lines[0]["label"]), (&json!(20), &json!("Points")), "{lines}");
        let (status, _) =
            scene.serve(&token, Method::POST, &scene.lines(), LINE, &json!({"label": "x", "scoreMaximum": 1})).await;
        assert_eq!(status, 403, "reading is not writing");
    })
    .await;
}

#[derive(FromQueryResult)]
struct KeyRow {
    private_key: Vec<u8>,
}

#[tokio::test]
async fn the_key_of_launches_is_sealed_and_a_plain_one_is_sealed_by_the_way() {
    for_each_database(|url| async move {
        let scene = scene(&url).await;
        let (mut tess, _) = trainee(&scene, "Tess Trainee").await;
        scene.launch(&mut tess).await;
        let stored = async |stand: &Stand| -> Vec<Vec<u8>> {
            let sql = "SELECT private_key FROM education_lti_key ORDER BY made_at, id";
            let rows: Vec<KeyRow> = stand.database().all(sql, values![]).await.unwrap();
            rows.into_iter().map(|row| row.private_key).collect()
        };
        let sealed = stored(&scene.stand).await;
        assert!(sealed.len() == 1 && RsaKeyPair::from_pkcs8(&sealed[0]).is_err(), "no key lies in the clear");
        // One that lay in the clear, as installations before had it.
        let unit = scene.stand.state.begin(Actor::System("test".into())).await.unwrap();
        let plain = &scene.keys;
        unit.execute(
            "UPDATE education_lti_key SET private_key = $1, public_jwk = $2",
            values![plain.private.clone(), plain.public["keys"][0].clone()],
        )
        .await
        .unwrap();
        unit.commit().await.unwrap();
        for _ in 0..2 {
            let (_, begun) = tess.post_json(&format!("{COURSE}/parts/{}/launch", scene.part), &json!({})).await;
            let hint = pairs(begun["login"].as_str().unwrap())["login_hint"].clone();
            tess.get(&format!("/lti/authorize?{}", form(&asked(&hint, &scene.client)))).await.expect_status(200);
            let token =
                tess.html().split("name=\"id_token\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
            let (said, signature) = token.rsplit_once('.').unwrap();
            let figures = |name: &str| URL_SAFE_NO_PAD.decode(plain.public["keys"][0][name].as_str().unwrap()).unwrap();
            let key = ring::signature::RsaPublicKeyComponents { n: figures("n"), e: figures("e") };
            let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
            key.verify(&ring::signature::RSA_PKCS1_2048_8192_SHA256, said.as_bytes(), &signature).unwrap();
            let now = stored(&scene.stand).await;
            assert!(now.len() == 1 && now[0] != plain.private && RsaKeyPair::from_pkcs8(&now[0]).is_err());
        }
    })
    .await;
}

#[tokio::test]
async fn without_the_secret_nothing_is_signed_and_nothing_is_made() {
    for_each_database(|url| async move {
        let (stand, cluster) = stand_with(&url, "2010-10-04 10:00", None).await;
        let (mut lena, _) = somebody(&stand, &cluster, "Lena Leadson", Role::EducationLead, 0).await;
        lena.post("/clusters/necles/education/courses/new", &[("name", "Airway skills"), ("about", "x")]).await;
        let tool = [
            ("name", "T"),
            ("login_url", "https://tool.example/login"),
            ("redirect_urls", "https://tool.example/launch"),
        ];
        lena.post(TOOLS, &tool).await.expect_status(200);
        let (_, seen) = lena.get_json(TOOLS).await;
        let (tool, client) =
            (seen["tools"][0]["id"].as_str().unwrap(), seen["tools"][0]["client_id"].as_str().unwrap());
        let part = [
            ("kind", "material"),
            ("title", "R"),
            ("minutes", "3"),
            ("tool", tool),
            ("target_url", "https://tool.example/r"),
        ];
        lena.post(&format!("{COURSE}/parts"), &part).await.expect_status(200);
        let (_, seen) = lena.get_json(COURSE).await;
        let part = seen["parts"][0]["id"].as_str().unwrap();
        let (_, begun) = lena.post_json(&format!("{COURSE}/parts/{part}/launch"), &json!({})).await;
        let hint = pairs(begun["login"].as_str().unwrap())["login_hint"].clone();
        let address = format!("/lti/authorize?{}", form(&asked(&hint, client)));
        lena.get(&address).await.expect_status(503).expect_text("credential_secret");
        assert_eq!(stand.database().count("SELECT COUNT(*) AS n FROM education_lti_key", values![]).await.unwrap(), 0);
    })
    .await;
}
