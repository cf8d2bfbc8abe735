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

/// An upheld complaint: the outcome is set aside, the bid decided anew by a show of hands, told and awarded anew.
#[tokio::test]
async fn an_upheld_complaint_sets_the_outcome_aside_and_the_panel_decides_anew() {
    for_each_database(|url| async move {
        let product = Product::at(&url, Stage::Standstill).await;
        let nothing: [(&str, &str); 0] = [];
        let mut office = product.browser_as("office").await;
        let (_, awards) = office.get_json(&format!("{CALL}/awards")).await;
        // Who complains is below a floor: what is decided anew is the sum of another bid.
        let loser = bid_called(&awards, "Illustrative Peak and Trent HIEC");
        let rival = bid_called(&awards, "Illustrative Coast and Downs HIEC");
        let bid = lines(&awards, "lines")
            .iter()
            .find(|line| line.get("award").is_some_and(|award| !award.is_null()))
            .map(|line| text(line, "bid").to_owned())
            .expect("a bid to be funded");
        let mut bidder = product.browser_of(lead_of(&product, &loser).await).await;
        let complaint = [("text", "the sum granted to another bid goes beyond what the call allows")];
        bidder.post(&format!("/bids/{loser}/complaints"), &complaint).await.expect_status(200);

        let (_, log) = office.get_json(&format!("{CALL}/complaints")).await;
        let id = text(&log[0], "id").to_owned();
        let reason = "the sum of one grant was decided without the words of the call on what a grant may be";
        let answer = |outcome, bids, reason| {
            [
                ("complaint", id.clone()),
                ("outcome", String::from(outcome)),
                ("answer", "we read the minutes again with somebody who had not been there".to_owned()),
                ("follows", "panel".to_owned()),
                ("bids", String::from(bids)),
                ("reason", String::from(reason)),
            ]
        };
        let door = format!("{CALL}/complaint-answers");
        office
            .post(&door, &borrowed(&answer("not_upheld", bid.as_str(), reason)))
            .await
            .expect_status(409)
            .expect_text("not upheld sets nothing aside")
            .expect_text("we read the minutes again");
        office.post(&door, &borrowed(&answer("upheld", "", reason))).await.expect_status(409);
        office.post(&door, &borrowed(&answer("upheld", bid.as_str(), "wrong"))).await.expect_status(409);
        let mut chair = product.browser_as("chair").await;
        chair.post(&door, &borrowed(&answer("upheld", bid.as_str(), reason))).await.expect_status(403);
        office.post(&door, &borrowed(&answer("upheld", bid.as_str(), reason))).await.expect_status(200);
        office.get(&format!("{CALL}/complaints")).await.expect_text("The outcome was set aside");

        // No award any more, whatever the calendar says; every bidder sees it, also those it does not concern.
        at(&product, "2009-11-30 10:00");
        let mut office = product.browser_as("office").await;
        office.post(&format!("{CALL}/awards"), &nothing).await.expect_status(409);
        let mut other = product.browser_of(lead_of(&product, &rival).await).await;
        other.get(&format!("/bids/{rival}/letter")).await.expect_status(200).expect_text("This outcome was set aside");
        assert_eq!(differences(&product).await, Vec::<String>::new());

        decide_anew(&product, &bid, "2009-12-02").await;
        let mut office = product.browser_as("office").await;
        office.post(&format!("{CALL}/letters"), &nothing).await.expect_status(200);
        let (_, letter) = office.get_json(&format!("/bids/{bid}/letter")).await;
        assert_eq!(letter.get("number"), Some(&Value::from(2)));
        let mut bidder = product.browser_of(lead_of(&product, &bid).await).await;
        bidder
            .get(&format!("/bids/{bid}/letter"))
            .await
            .expect_status(200)
            .expect_text("takes the place of the one of 13 November 2009")
            .expect_text("We intend to fund your bid");
        office.post(&format!("{CALL}/awards"), &nothing).await.expect_status(409).expect_text("standstill runs until");
        at(&product, "2009-12-21 10:00");
        let mut office = product.browser_as("office").await;
        office.post(&format!("{CALL}/awards"), &nothing).await.expect_status(200);
        let (_, awards) = office.get_json(&format!("{CALL}/awards")).await;
        let made = lines(&awards, "lines")
            .iter()
            .filter(|line| line.get("award").is_some_and(|award| text(award, "state") == "awarded"));
        let sums: Vec<&Value> =
            made.filter_map(|line| line.get("amount").filter(|_| text(line, "bid") == bid)).collect();
        assert_eq!(sums, [&Value::from(50_000_000)]);
        let (_, log) = office.get_json(&format!("{CALL}/complaints")).await;
        assert_eq!(log[0]["set_aside"]["number"], 1);
        assert_eq!(differences(&product).await, Vec::<String>::new());
    })
    .await;
}

/// An upheld complaint about a score: it is settled anew, ranked anew, the regions have their word, then the panel decides.
#[tokio::test]
async fn an_outcome_set_aside_to_the_assessment_is_scored_and_ranked_anew() {
    for_each_database(|url| async move {
        let product = Product::at(&url, Stage::Standstill).await;
        let nothing: [(&str, &str); 0] = [];
        let mut office = product.browser_as("office").await;
        let (_, awards) = office.get_json(&format!("{CALL}/awards")).await;
        let bid = bid_called(&awards, "Illustrative Peak and Trent HIEC");
        let mut bidder = product.browser_of(lead_of(&product, &bid).await).await;
        let complaint = [("text", "one reviewer scored a section that another bidder wrote")];
        bidder.post(&format!("/bids/{bid}/complaints"), &complaint).await.expect_status(200);
        let (_, log) = office.get_json(&format!("{CALL}/complaints")).await;
        let id = text(&log[0], "id").to_owned();
        let answer = |until: &str| {
            [
                ("complaint", id.clone()),
                ("outcome", "upheld".to_owned()),
                ("answer", "the score was given for pages of another bid; it is settled anew".to_owned()),
                ("follows", "assessment".to_owned()),
                ("bids", bid.clone()),
                ("reason", "a score of one bid was given for pages that were not its own".to_owned()),
                ("regions_until", until.to_owned()),
            ]
        };
        let door = format!("{CALL}/complaint-answers");
        office.post(&door, &borrowed(&answer(""))).await.expect_status(409).expect_text("until when the regions");
        office.post(&door, &borrowed(&answer("2009-11-01 17:00"))).await.expect_status(409).expect_text("time still to come");
        office.post(&door, &borrowed(&answer("soon"))).await.expect_status(422);
        office.post(&door, &borrowed(&answer("2009-12-04 17:00"))).await.expect_status(200);
        assert_eq!(differences(&product).await, Vec::<String>::new());

        // Back at the assessment: no meeting, no letters, no award; scores are settled, the ranking is computed and made final.
        for closed in ["letters", "awards"] {
            office.post(&format!("{CALL}/{closed}"), &nothing).await.expect_status(409);
        }
        let (_, ranking) = office.get_json(&format!("{CALL}/ranking")).await;
        assert_eq!((&ranking["number"], &ranking["is_final"]), (&Value::from(1), &Value::Bool(false)));
        let mut chair = product.browser_as("chair").await;
        let me = product.person("chair").await.id.to_string();
        let criteria = office.get_json(CALL).await.1["design"]["criteria"].clone();
        for criterion in criteria.as_array().into_iter().flatten() {
            let settle = [
                ("criterion", text(criterion, "key")),
                ("score", "5"),
                ("reason", "the pages of this bid were read again by the chair and two assessors who had not scored it before, and they agree"),
                ("present", me.as_str()),
                ("spoke", me.as_str()),
            ];
            chair.post(&format!("/bids/{bid}/moderation"), &settle).await.expect_status(200);
        }
        office.post(&format!("{CALL}/final-ranking"), &nothing).await.expect_status(409).expect_text("Scores have changed");
        let mut steering = product.browser_as("steering").await;
        steering.post(&format!("{CALL}/ranking"), &nothing).await.expect_status(200);
        let (_, ranking) = steering.get_json(&format!("{CALL}/ranking")).await;
        assert_eq!(ranking["number"], 2);
        let line = lines(&ranking, "lines").iter().find(|line| text(line, "bid") == bid).expect("its line");
        assert!(line["rank"].is_u64(), "above every floor by now: {line}");
        let mut region = product.browser_as("region-lon").await;
        let confirm = [("region", "LON"), ("response", "confirm")];
        region.post(&format!("{CALL}/ranking-responses"), &confirm).await.expect_status(200);
        steering.post(&format!("{CALL}/final-ranking"), &nothing).await.expect_status(409).expect_text("still to confirm");
        at(&product, "2009-12-07 10:00");
        let mut steering = product.browser_as("steering").await;
        steering.post(&format!("{CALL}/final-ranking"), &nothing).await.expect_status(200);
        assert_eq!(differences(&product).await, Vec::<String>::new());

        decide_anew(&product, &bid, "2009-12-09").await;
        let mut office = product.browser_as("office").await;
        office.post(&format!("{CALL}/letters"), &nothing).await.expect_status(200);
        let mut bidder = product.browser_of(lead_of(&product, &bid).await).await;
        bidder.get(&format!("/bids/{bid}/letter")).await.expect_text("We intend to fund your bid");
        at(&product, "2010-01-11 10:00");
        let mut office = product.browser_as("office").await;
        office.post(&format!("{CALL}/awards"), &nothing).await.expect_status(200);
        assert_eq!(differences(&product).await, Vec::<String>::new());
    })
    .await;
}

/// A second meeting with one item: the bidder is called to present, hands are shown, the minutes are signed.
async fn decide_anew(product: &Product, bid: &str, day: &str) {
    let mut office = product.browser_as("office").await;
    let mut people = Vec::new();
    for slug in ["chair", "panel", "panel-2", "panel-3", "panel-4", "panel-5"] {
        people.push(product.person(slug).await.id.to_string());
    }
    let time = |clock: &str| format!("{day} {clock}");
    let (opens, early, slot) = (time("10:00"), time("09:00"), time("10:30"));
    let mut plan = vec![
        ("title", "Second meeting of the panel"),
        ("place", "London (illustrative)"),
        ("planned_for", opens.as_str()),
        ("chair", people[0].as_str()),
        ("deputy", people[1].as_str()),
    ];
    plan.extend(people.iter().skip(2).map(|person| ("members", person.as_str())));
    office.post(&format!("{CALL}/panel"), &plan).await.expect_status(200);
    let (_, panel) = office.get_json(&format!("{CALL}/panel")).await;
    assert_eq!(lines(&panel, "items").len(), 1, "what was not set aside stays decided");
    let early = [("bid", bid), ("at", early.as_str()), ("minutes", "20"), ("presenters", "Ada Example")];
    office.post(&format!("{CALL}/panel/slots"), &early).await.expect_status(409).expect_text("meeting begins only");
    let slot = [("bid", bid), ("at", slot.as_str()), ("minutes", "20"), ("presenters", "Ada Example")];
    office.post(&format!("{CALL}/panel/slots"), &slot).await.expect_status(200);
    office.get(&format!("{CALL}/panel")).await.expect_text("December 2009 at 10:30am, 20 minutes");

    at(product, &opens);
    let mut chair = product.browser_as("chair").await;
    let present: Vec<(&str, &str)> = people.iter().map(|person| ("present", person.as_str())).collect();
    chair.post(&format!("{CALL}/panel/opening"), &present).await.expect_status(200);
    let hands = |how: [&str; 6]| -> Vec<String> {
        people.iter().zip(how).filter(|(_, how)| !how.is_empty()).map(|(who, how)| format!("{who}:{how}")).collect()
    };
    let decide = |votes: &[String]| -> Vec<(&'static str, String)> {
        let mut fields = vec![
            ("bid", bid.to_owned()),
            ("verdict", "fund".to_owned()),
            ("amount", "500000".to_owned()),
            (
                "reason",
                "the sum is what the call allows for a partnership of this size, as the department reads its own words, and \
                 it still goes beyond the sum first announced, which the department has agreed"
                    .to_owned(),
            ),
        ];
        fields.extend(votes.iter().map(|vote| ("votes", vote.clone())));
        fields
    };
    let door = format!("{CALL}/panel/decisions");
    let lost = decide(&hands(["for", "against", "against", "against", "abstained", "for"]));
    chair
        .post(&door, &borrowed(&lost))
        .await
        .expect_status(422)
        .expect_text("does not carry this decision: 2 for, 3 against");
    let short = decide(&hands(["for", "for", "", "", "", ""]));
    chair.post(&door, &borrowed(&short)).await.expect_status(422).expect_text("lacks the votes of 4 members");
    let carried = decide(&hands(["for", "for", "for", "against", "abstained", "for"]));
    chair.post(&door, &borrowed(&carried)).await.expect_status(200);
    chair
        .get(&format!("{CALL}/panel/items/{bid}"))
        .await
        .expect_text("Show of hands: for:")
        .expect_text("December 2009 at 10:30am");
    chair.get(&format!("{CALL}/panel/minutes")).await.expect_text("4 for, 1 against, 1 abstained");
    let nothing: [(&str, &str); 0] = [];
    chair.post(&format!("{CALL}/panel/closing"), &nothing).await.expect_status(200);
}

fn borrowed<'a>(fields: &'a [(&'a str, String)]) -> Vec<(&'a str, &'a str)> {
    fields.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

fn bid_called(awards: &Value, title: &str) -> String {
    lines(awards, "lines")
        .iter()
        .find(|line| text(line, "title") == title)
        .map(|line| text(line, "bid").to_owned())
        .unwrap_or_else(|| panic!("no bid is called {title}"))
}

async fn lead_of(product: &Product, bid: &str) -> hiec_kernel::PersonId {
    let scope = hiec_kernel::Scope::Bid(bid.parse().expect("an id"));
    hiec_access::grants::in_scope(&product.state.database(), scope)
        .await
        .expect("roles are read")
        .into_iter()
        .find(|(_, role)| *role == hiec_kernel::Role::BidLead)
        .map(|(person, _)| person)
        .expect("somebody leads the bid")
}

async fn differences(product: &Product) -> Vec<String> {
    hiec::commands::audit::record_differences(&product.state.database())
        .await
        .expect("the rounds are read")
        .into_iter()
        .map(|(_, difference)| difference.to_string())
        .collect()
}
