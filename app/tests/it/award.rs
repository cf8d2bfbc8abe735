//! Ranking, panel, letters, standstill, complaints, awards, announcement and open data, as each person meets them. It decides nothing by calling the rules directly.

use hiec_competition::Stage;
use hiec_kernel::clock::from_london;
use hiec_testkit::for_each_database;
use serde_json::Value;

use crate::product::Product;

const CALL: &str = "/calls/hiec-2009";

fn at(product: &Product, local: &str) {
    product.clock.set(from_london(local).expect("a time"));
}

fn lines<'a>(value: &'a Value, field: &str) -> &'a [Value] {
    value.get(field).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value.get(field).and_then(Value::as_str).unwrap_or_default()
}

#[tokio::test]
async fn the_ranking_is_for_those_who_judge_and_is_made_final_once() {
    for_each_database(|url| async move {
        let product = Product::at(&url, Stage::Panel).await;
        for slug in ["office", "steering", "region-lon", "chair", "auditor"] {
            let mut browser = product.browser_as(slug).await;
            browser.get(&format!("{CALL}/ranking")).await.expect_status(200).expect_text("How bids are ranked");
        }
        for slug in ["lead", "assessor"] {
            let mut browser = product.browser_as(slug).await;
            browser.get(&format!("{CALL}/ranking")).await.expect_status(404);
        }
        let mut steering = product.browser_as("steering").await;
        let (status, ranking) = steering.get_json(&format!("{CALL}/ranking")).await;
        assert_eq!(status, 200);
        assert_eq!(ranking.get("is_final"), Some(&Value::Bool(true)));
        assert!(!lines(&ranking, "lines").is_empty());
        let form: [(&str, &str); 0] = [];
        for door in ["ranking", "final-ranking"] {
            steering.post(&format!("{CALL}/{door}"), &form).await.expect_status(409);
        }
        let mut region = product.browser_as("region-lon").await;
        region.post(&format!("{CALL}/final-ranking"), &form).await.expect_status(403);
        let late = [("region", "LON"), ("response", "confirm")];
        region.post(&format!("{CALL}/ranking-responses"), &late).await.expect_status(409);
        steering.get(&format!("{CALL}/ranking.csv")).await.expect_status(200);
        assert!(steering.text().contains("total_percent"));
    })
    .await;
}

#[tokio::test]
async fn the_panel_decides_with_reasons_and_signs_its_minutes() {
    for_each_database(|url| async move {
        let product = Product::at(&url, Stage::Panel).await;
        let mut chair = product.browser_as("chair").await;
        let (_, panel) = chair.get_json(&format!("{CALL}/panel")).await;
        let items = lines(&panel, "items");
        let first = text(items.first().expect("an agenda"), "bid").to_owned();
        let last_ranked = items
            .iter()
            .rev()
            .find(|item| item.get("rank").is_some_and(Value::is_u64))
            .map(|item| text(item, "bid").to_owned())
            .expect("a ranked bid");
        let decisions = format!("{CALL}/panel/decisions");
        chair
            .post(&decisions, &[("bid", &first), ("verdict", "fund"), ("amount", "250000")])
            .await
            .expect_status(422)
            .expect_text("Enter the reason");
        // Out of the order of the ranking, a short reason is not enough.
        let early =
            [("bid", last_ranked.as_str()), ("verdict", "fund"), ("amount", "250000"), ("reason", "we like it")];
        chair.post(&decisions, &early).await.expect_status(422).expect_text("above rank");
        let fund =
            [("bid", first.as_str()), ("verdict", "fund"), ("amount", "250,000"), ("reason", "the best of all bids")];
        let mut member = product.browser_as("panel-2").await;
        member.post(&decisions, &fund).await.expect_status(403);
        let mut office = product.browser_as("office").await;
        office.post(&decisions, &fund).await.expect_status(403);
        chair.post(&decisions, &fund).await.expect_status(200);
        chair.get(&format!("{CALL}/panel")).await.expect_text("£250,000");
        let form: [(&str, &str); 0] = [];
        chair.post(&format!("{CALL}/panel/closing"), &form).await.expect_status(409);
        chair.get(&format!("{CALL}/panel/minutes")).await.expect_status(200).expect_text("the best of all bids");
        chair.get(&format!("{CALL}/panel/minutes.txt")).await.expect_status(200);
        let mut lead = product.browser_as("lead").await;
        lead.get(&format!("{CALL}/panel")).await.expect_status(404);
    })
    .await;
}

#[tokio::test]
async fn no_award_in_the_standstill_nor_over_an_open_complaint() {
    for_each_database(|url| async move {
        let product = Product::at(&url, Stage::Standstill).await;
        let form: [(&str, &str); 0] = [];
        let mut office = product.browser_as("office").await;
        office.get(&format!("{CALL}/awards")).await.expect_status(200).expect_text("Standstill ends");
        office.post(&format!("{CALL}/awards"), &form).await.expect_status(409).expect_text("standstill runs until");
        office.post(&format!("{CALL}/announcement"), &form).await.expect_status(409);
        product.browser().get("/announcements/hiec-2009").await.expect_status(404);

        let (_, awards) = office.get_json(&format!("{CALL}/awards")).await;
        let mut lead = product.browser_as("lead").await;
        let mut own = None;
        for line in lines(&awards, "lines") {
            let bid = text(line, "bid").to_owned();
            let (status, letter) = lead.get_json(&format!("/bids/{bid}/letter")).await;
            if status == 200 {
                assert!(!text(&letter, "fingerprint").is_empty());
                assert!(own.replace(bid).is_none(), "a letter on somebody else’s bid");
            } else {
                assert_eq!(status, 404);
            }
        }
        let own = own.expect("the lead’s own letter");
        lead.post(&format!("/bids/{own}/complaints"), &[("text", "")]).await.expect_status(422);
        let complaint = [("text", "the plan for the separation was misread")];
        lead.post(&format!("/bids/{own}/complaints"), &complaint).await.expect_status(200);

        at(&product, "2009-12-01 10:00");
        let mut office = product.browser_as("office").await;
        office.post(&format!("{CALL}/awards"), &form).await.expect_status(409).expect_text("complaint");
        let (_, log) = office.get_json(&format!("{CALL}/complaints")).await;
        let id = log
            .as_array()
            .and_then(|all| all.last())
            .map(|one| text(one, "id").to_owned())
            .expect("the complaint in the log");
        let answer = [
            ("complaint", id.as_str()),
            ("outcome", "not_upheld"),
            ("answer", "we read the plan again and it says what the letter says"),
        ];
        office.post(&format!("{CALL}/complaint-answers"), &answer).await.expect_status(200);
        office.post(&format!("{CALL}/awards"), &form).await.expect_status(200);
        // Every region without an award needs its reason.
        office
            .post(&format!("{CALL}/announcement"), &form)
            .await
            .expect_status(409)
            .expect_text("why these regions have no award");
    })
    .await;
}

#[tokio::test]
async fn the_announcement_and_its_data_are_for_everybody() {
    for_each_database(|url| async move {
        let product = Product::at(&url, Stage::Announced).await;
        let mut public = product.browser();
        public.get("/").await.expect_status(200).expect_text("See what was awarded");
        public
            .get("/announcements/hiec-2009")
            .await
            .expect_status(200)
            .expect_text("South East Coast has no cluster")
            .expect_text("Lowest total of a funded bid");
        let (_, announced) = public.get_json("/announcements/hiec-2009").await;
        let announcement = announced.get("announcement").expect("the announcement");
        assert_eq!(lines(announcement, "awards").len(), 17);
        let empty: Vec<&str> = lines(announcement, "regions")
            .iter()
            .filter(|region| region.get("awards") == Some(&Value::from(0)))
            .map(|region| text(region, "code"))
            .collect();
        assert_eq!(empty, ["SEC"]);
        let (status, grants) = public.get_json("/open-data/360giving.json").await;
        assert_eq!(status, 200);
        assert_eq!(lines(&grants, "grants").len(), 17);
        let (status, releases) = public.get_json("/open-data/ocds.json").await;
        assert_eq!(status, 200);
        assert!(!lines(&releases, "releases").is_empty());
        for address in ["/open-data", "/open-data/", "/open-data/360giving.json/", "/announcements/hiec-2009/"] {
            public.get(address).await.expect_status(200);
        }
        public.get("/open-data/round.xlsx").await.expect_status(200);
        public.get("/open-data/no-such-file.csv").await.expect_status(404);
    })
    .await;
}

#[tokio::test]
async fn nothing_secret_is_public_before_the_announcement() {
    for_each_database(|url| async move {
        let product = Product::at(&url, Stage::Bidding).await;
        let mut public = product.browser();
        public.get("/open-data").await.expect_status(200);
        public.get("/open-data/ocds.json").await.expect_status(200);
        public.get("/open-data/360giving.json").await.expect_status(404).expect_text("no grants to publish yet");
        public.get("/announcements").await.expect_status(200).expect_text("Nothing has been announced yet");
    })
    .await;
}
