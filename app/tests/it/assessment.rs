//! Questionnaires, interests, assignment, reviews and moderation, as each person meets them. It decides nothing by calling the rules directly.

use hiec_competition::Stage;
use hiec_competition::demo::cast::CAST;
use hiec_kernel::clock::from_london;
use hiec_testkit::{Browser, for_each_database};
use serde_json::{Map, Value, json};

use crate::product::Product;

const CALL: &str = "/calls/hiec-2009";

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value.get(field).and_then(Value::as_str).unwrap_or_default()
}

fn list<'a>(value: &'a Value, field: &str) -> &'a [Value] {
    value.get(field).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn rows(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

async fn json_of(browser: &mut Browser, path: &str) -> Value {
    let (status, value) = browser.get_json(path).await;
    assert_eq!(status, 200, "{path}: {value}");
    value
}

#[tokio::test]
async fn regions_confirm_or_challenge_and_the_group_answers() {
    for_each_database(|url| async move {
        let product = Product::at(&url, Stage::Shortlist).await;
        let mut lead = product.browser_as("lead").await;
        lead.get(&format!("{CALL}/pqqs")).await.expect_status(403);
        let mut steering = product.browser_as("steering").await;
        let all = json_of(&mut steering, &format!("{CALL}/pqqs")).await;
        let mut region = product.browser_as("region-lon").await;
        let own = json_of(&mut region, &format!("{CALL}/pqqs")).await;
        assert!(!rows(&own).is_empty() && rows(&own).len() < rows(&all).len());
        assert!(rows(&own).iter().all(|line| list(line, "regions").contains(&json!("LON"))));
        region.get(&format!("{CALL}/pqqs")).await.expect_status(200).expect_text("Before the regions");

        let bid = format!("/bids/{}", text(&rows(&own)[0], "bid"));
        let elsewhere = rows(&all)
            .iter()
            .find(|line| !list(line, "regions").contains(&json!("LON")))
            .expect("a partnership elsewhere");
        region.get(&format!("/bids/{}/pqq-judgement", text(elsewhere, "bid"))).await.expect_status(404);
        region.get(&format!("{bid}/pqq-judgement")).await.expect_status(200).expect_no_text("Stella Steerwell");
        steering.get(&format!("{bid}/pqq-judgement")).await.expect_status(200).expect_text("Stella Steerwell");
        steering
            .post(
                &format!("{bid}/pqq-judgement"),
                &[("test", "financial"), ("mark", "fail"), ("reason", "too late to say so")],
            )
            .await
            .expect_status(409)
            .expect_text("before the regions already");

        let response = format!("{bid}/shortlist-response");
        region.post(&response, &[("region", "LON"), ("word", "challenge"), ("grounds", " ")]).await.expect_status(422);
        region.post(&response, &[("region", "NW"), ("word", "confirm")]).await.expect_status(403);
        steering.post(&response, &[("region", "LON"), ("word", "confirm")]).await.expect_status(403);
        let grounds = "The hospital named in it merges next spring";
        region
            .get(&response)
            .await
            .fill("word", "challenge")
            .fill("grounds", grounds)
            .submit("Send")
            .await
            .expect_status(200)
            .expect_text(grounds);
        region.post(&response, &[("region", "LON"), ("word", "confirm")]).await.expect_status(409);

        let mut office = product.browser_as("office").await;
        let nothing: [(&str, &str); 0] = [];
        office.post(&format!("{CALL}/shortlist"), &nothing).await.expect_status(409).expect_text("not answered yet");
        let answer = format!("{bid}/challenge-answer");
        region.post(&answer, &[("region", "LON"), ("upheld", "yes"), ("reason", "we say so")]).await.expect_status(403);
        office
            .post(
                &answer,
                &[("region", "LON"), ("upheld", "no"), ("reason", "The merger keeps the ward and its staff")],
            )
            .await
            .expect_status(200)
            .expect_text("not upheld");

        // Once the regions' time is over, those who said nothing no longer hold it up.
        product.clock.set(from_london("2009-09-30 10:00").expect("a time"));
        let mut office = product.browser_as("office").await;
        let mut region = product.browser_as("region-lon").await;
        office.post(&format!("{CALL}/shortlist"), &nothing).await.expect_status(200).expect_text("became final");
        region.post(&response, &[("region", "LON"), ("word", "confirm")]).await.expect_status(409);
    })
    .await;
}

#[tokio::test]
async fn a_questionnaire_is_sealed_until_its_deadline() {
    for_each_database(|url| async move {
        let product = Product::at(&url, Stage::Pqq).await;
        let mut steering = product.browser_as("steering").await;
        let lines = json_of(&mut steering, &format!("{CALL}/pqqs")).await;
        let first = rows(&lines).first().expect("a questionnaire");
        // Sealed until the deadline: only that it exists is known.
        steering.get(&format!("/bids/{}/pqq-judgement", text(first, "bid"))).await.expect_status(404);
    })
    .await;
}

/// Every criterion scored and justified.
fn complete(review: &Value, score: &str, why: &str) -> Value {
    let mut fields = Map::new();
    for criterion in list(review, "criteria") {
        let key = text(criterion, "key");
        fields.insert(format!("score-{key}"), json!(score));
        fields.insert(format!("why-{key}"), json!(why));
    }
    Value::Object(fields)
}

const WHY: &str = "The plan names who does what by when, and how they will know that it worked.";

fn slug_of(name: &str) -> &'static str {
    CAST.iter().find(|member| member.name == name).map(|member| member.slug).expect("one of the cast")
}

#[tokio::test]
async fn an_assessor_scores_alone_and_nothing_typed_is_lost() {
    for_each_database(|url| async move {
        let product = Product::at(&url, Stage::Assessment).await;
        let mut assessor = product.browser_as("assessor").await;
        let mine = json_of(&mut assessor, "/reviews").await;
        let open = rows(&mine).iter().find(|line| text(line, "state") != "Submitted").expect("a review to write");
        let path = format!("/reviews/{}", text(open, "id"));
        let mut other = product.browser_as("assessor-2").await;
        other.get(&path).await.expect_status(404);
        let mut office = product.browser_as("office").await;
        office.get(&path).await.expect_status(404);

        assessor
            .get(&path)
            .await
            .expect_status(200)
            .expect_no_text("What the others submitted")
            .expect_text("Justification");
        let review = json_of(&mut assessor, &path).await;
        assert_eq!(review.get("others"), Some(&Value::Null));
        let key = text(&list(&review, "criteria")[0], "key").to_owned();

        // Incomplete: refused, kept, shown again.
        let half = [(format!("score-{key}"), "3"), (format!("why-{key}"), "too short")];
        let half: Vec<(&str, &str)> = half.iter().map(|(name, value)| (name.as_str(), *value)).collect();
        assessor
            .post(&format!("{path}/submission"), &half)
            .await
            .expect_status(422)
            .expect_text("in at least 10 words (2 so far)");
        assert_eq!(assessor.value_of(&format!("why-{key}")).as_deref(), Some("too short"));
        assessor.get(&path).await.expect_status(200);
        assert_eq!(assessor.value_of(&format!("why-{key}")).as_deref(), Some("too short"));
        // Off the scale, and a stale form.
        let (status, _) = assessor.post_json(&format!("{path}/submission"), &complete(&review, "9", WHY)).await;
        assert_eq!(status, 422);
        let mut stale = complete(&review, "4", WHY);
        stale["version"] = json!("1");
        let (status, _) = assessor.post_json(&format!("{path}/draft"), &stale).await;
        assert_eq!(status, 409);

        let (status, _) = assessor.post_json(&format!("{path}/submission"), &complete(&review, "4", WHY)).await;
        assert_eq!(status, 200);
        assessor.get(&path).await.expect_text("Scores, edition 1").expect_text("What the others submitted");
        let (status, _) = assessor.post_json(&format!("{path}/submission"), &complete(&review, "5", WHY)).await;
        assert_eq!(status, 409);

        // The office asks for another edition; the first stays.
        assessor.post(&format!("{path}/reopening"), &[("reason", "I changed my mind on it")]).await.expect_status(403);
        office.post(&format!("{path}/reopening"), &[("reason", "")]).await.expect_status(422);
        office
            .post(&format!("{path}/reopening"), &[("reason", "The annex was missing from the first copy")])
            .await
            .expect_status(200);
        assessor.get(&path).await.expect_text("The annex was missing").expect_no_text("What the others submitted");
        let (status, _) = assessor.post_json(&format!("{path}/submission"), &complete(&review, "5", WHY)).await;
        assert_eq!(status, 200);
        assessor.get(&path).await.expect_text("Scores, edition 2").expect_text("Scores, edition 1");

        // Too late is too late, and the text is kept.
        let late = rows(&mine)
            .iter()
            .filter(|line| text(line, "state") != "Submitted")
            .nth(1)
            .expect("another review to write");
        let path = format!("/reviews/{}", text(late, "id"));
        product.clock.set(from_london("2009-12-20 10:00").expect("a time"));
        // Weeks later nobody is still signed in.
        let mut assessor = product.browser_as("assessor").await;
        let (status, refused) = assessor.post_json(&format!("{path}/submission"), &complete(&review, "4", WHY)).await;
        assert_eq!(status, 409, "{refused}");
        assessor.get(&path).await;
        assert_eq!(assessor.value_of(&format!("why-{key}")).as_deref(), Some(WHY));
    })
    .await;
}

#[tokio::test]
async fn scores_are_settled_beside_the_originals_when_all_reviews_are_in() {
    for_each_database(|url| async move {
        let product = Product::at(&url, Stage::Assessment).await;
        let mut office = product.browser_as("office").await;
        let progress = json_of(&mut office, &format!("{CALL}/reviews")).await;
        let line = rows(&progress).first().expect("a bid with reviews");
        let page = format!("/bids/{}/moderation", text(line, "bid"));
        let office_id = product.person("office").await.id.to_string();
        let good = [
            ("criterion", "vision"),
            ("score", "3"),
            ("reason", "Two had overlooked the list of pathways on page nine of the plan."),
            ("present", office_id.as_str()),
            ("spoke", office_id.as_str()),
        ];
        let awaited: Vec<(String, &str)> = list(line, "reviews")
            .iter()
            .filter(|one| one.get("is_live") == Some(&json!(true)) && text(one, "state") != "Submitted")
            .map(|one| (format!("/reviews/{}", text(one, "id")), slug_of(text(one, "assessor"))))
            .collect();
        if !awaited.is_empty() {
            office.post(&page, &good).await.expect_status(422);
        }
        for (path, slug) in &awaited {
            let mut assessor = product.browser_as(slug).await;
            assessor.get(&page).await.expect_status(404);
            let review = json_of(&mut assessor, path).await;
            let (status, answer) =
                assessor.post_json(&format!("{path}/submission"), &complete(&review, "4", WHY)).await;
            assert_eq!(status, 200, "{answer}");
        }
        let before = json_of(&mut office, &page).await;
        let mut short = good;
        short[2] = ("reason", "as agreed");
        office.post(&page, &short).await.expect_status(422).expect_text("of at least 10 words");
        let mut off = good;
        off[1] = ("score", "7");
        office.post(&page, &off).await.expect_status(422);
        office.post(&page, &good).await.expect_status(200).expect_text("Two had overlooked the list");
        let mut again = good;
        again[1] = ("score", "4");
        office.post(&page, &again).await.expect_status(200).expect_text("settled again, 2");
        let after = json_of(&mut office, &page).await;
        let given = |value: &Value| value.pointer("/scores/given").cloned();
        assert_eq!(given(&before), given(&after));
        assert_eq!(list(&after, "settled").len(), 2);
        let mut auditor = product.browser_as("auditor").await;
        auditor.get(&page).await.expect_status(200);
        auditor.post(&page, &good).await.expect_status(403);
        let mut lead = product.browser_as("lead").await;
        lead.get(&page).await.expect_status(404);
    })
    .await;
}

#[tokio::test]
async fn conflicts_are_found_keep_people_away_and_are_dismissed_by_somebody_else() {
    for_each_database(|url| async move {
        let product = Product::at(&url, Stage::Assessment).await;
        let mut office = product.browser_as("office").await;
        let progress = json_of(&mut office, &format!("{CALL}/reviews")).await;
        let line = rows(&progress).first().expect("a bid with reviews");
        let review = &list(line, "reviews")[0];
        let slug = slug_of(text(review, "assessor"));
        let path = format!("/reviews/{}", text(review, "id"));
        let mut assessor = product.browser_as(slug).await;
        assessor.get(&path).await.expect_status(200);
        // The bid's lead organisation, as the questionnaires list it.
        let lines = json_of(&mut office, &format!("{CALL}/pqqs")).await;
        let lead = rows(&lines)
            .iter()
            .find(|one| one.get("bid") == line.get("bid"))
            .map(|one| text(one, "lead").to_owned())
            .expect("the bid's lead");

        assessor
            .post("/interests", &[("kind", "shareholding"), ("organisation", "Nowhere at all")])
            .await
            .expect_status(422)
            .expect_text("No organisation in the register");
        assessor.post("/interests", &[("none", "")]).await.expect_status(422);
        assessor
            .post("/interests", &[("kind", "shareholding"), ("organisation", lead.as_str()), ("note", "")])
            .await
            .expect_status(200);
        assessor.post(&format!("{CALL}/conflict-search"), &[]).await.expect_status(403);
        office
            .post(&format!("{CALL}/conflict-search"), &[])
            .await
            .expect_status(200)
            .expect_text("has a financial interest in a partner");
        assessor.get(&path).await.expect_status(404);
        assessor.get("/reviews").await.expect_no_text(text(line, "title"));
        office.get(&format!("{CALL}/reviews")).await.expect_text("conflict stands");

        let found = json_of(&mut office, &format!("{CALL}/interests")).await;
        let conflict = rows(&found).iter().find(|one| text(one, "bid") == text(line, "title")).expect("the conflict");
        let decision = format!("{CALL}/conflicts/{}/decision", text(conflict, "id"));
        office
            .post(&decision, &[("decision", "dismiss_remote"), ("reason", "It is only a small share")])
            .await
            .expect_status(409)
            .expect_text("never too remote");
        office
            .post(&decision, &[("decision", "dismiss_wrong"), ("reason", "The shares were sold two years ago")])
            .await
            .expect_status(200)
            .expect_text("The shares were sold two years ago");
        assessor.get(&path).await.expect_status(200);
        // Looking again does not bring a dismissed one back.
        office.post(&format!("{CALL}/conflict-search"), &[]).await.expect_text("No new conflict was found");

        // Saying so of oneself stands at once.
        let bid = format!("/bids/{}", text(line, "bid"));
        assessor
            .post(&format!("{bid}/interest"), &[("reason", "My sister leads its education plan")])
            .await
            .expect_status(200);
        assessor.get(&path).await.expect_status(404);
    })
    .await;
}

#[tokio::test]
async fn an_assignment_is_one_act_that_is_confirmed_as_shown_and_undone() {
    for_each_database(|url| async move {
        let product = Product::at(&url, Stage::Assessment).await;
        let mut office = product.browser_as("office").await;
        let page = format!("{CALL}/assignment");
        let mut assessor = product.browser_as("assessor").await;
        assessor.get(&page).await.expect_status(403);
        let full = json_of(&mut office, &page).await;
        let act = text(&list(&full, "acts")[0], "id").to_owned();
        office
            .post(&format!("{CALL}/assignments/{act}/undoing"), &[("reason", "we want to begin anew")])
            .await
            .expect_status(409)
            .expect_text("being written or submitted");
        office.post(&page, &[]).await.expect_status(409).expect_text("Every bid has its reviews already");

        let progress = json_of(&mut office, &format!("{CALL}/reviews")).await;
        let review = rows(&progress)
            .iter()
            .flat_map(|line| list(line, "reviews"))
            .find(|one| text(one, "state") == "To write")
            .expect("a review nobody has begun");
        let removal = format!("/reviews/{}/removal", text(review, "id"));
        assessor.post(&removal, &[("reason", "not for me to do this")]).await;
        assert_ne!(assessor.status(), 200);
        office.post(&removal, &[("reason", "The assessor is away until December")]).await.expect_status(200);
        let proposed = json_of(&mut office, &page).await;
        let pairs = proposed.pointer("/proposal/plan/pairs").and_then(Value::as_array).expect("a plan");
        let new: Vec<&Value> = pairs.iter().filter(|pair| pair.get("is_kept") == Some(&json!(false))).collect();
        assert_eq!(new.len(), 1);
        // Not to the one it was taken from.
        assert_ne!(text(new[0], "assessor_name"), text(review, "assessor"));
        office.post(&page, &[("fingerprint", "of another proposal")]).await.expect_status(409);
        office.get(&page).await.expect_text("1 review to assign").submit("Assign as proposed").await.expect_status(200);
        let done = json_of(&mut office, &page).await;
        let act = &list(&done, "acts")[0];
        assert_eq!(list(act, "pairs").len(), 1);
        let undoing = format!("{CALL}/assignments/{}/undoing", text(act, "id"));
        office
            .post(&undoing, &[("reason", "The first assessor is back after all")])
            .await
            .expect_status(200)
            .expect_text("The first assessor is back after all");
        office.post(&undoing, &[("reason", "The first assessor is back after all")]).await.expect_status(409);

        // By hand, to somebody who has the bid already.
        let kept = pairs.iter().find(|pair| pair.get("is_kept") == Some(&json!(true))).expect("a pair that is kept");
        office
            .post(
                &format!("{CALL}/assignment-additions"),
                &[("bid", text(kept, "bid")), ("assessor", text(kept, "assessor"))],
            )
            .await
            .expect_status(409);
        office
            .post(&format!("{CALL}/assignment-additions"), &[("bid", "rubbish"), ("assessor", "")])
            .await
            .expect_status(422);
    })
    .await;
}
