//! Impact plans: frozen before the start, never changed after, no result before it; and a result that says when it cannot be told.

use std::fmt::Write as _;

use hiec_kernel::Role;
use hiec_store::{Stream, Unit};
use hiec_testkit::{Browser, for_each_database};

use crate::clusters::{set, somebody, stand};

const PLAN: &str = "/clusters/necles/impact/shared-figures";

async fn written(fay: &mut Browser) {
    fay.get("/clusters/necles/impact").await.expect_text("No plan is frozen yet").click("Write the first plan").await;
    fay.submit("Save the draft").await.expect_status(422);
    fay.fill("Title", "Shared figures").fill("What is to be done, and to whom", "Sites see each other's figures");
    fay.fill("What is measured, as within a sentence", "the share seen within three hours");
    fay.fill("How it is to be found out", "Sites against others, before and after (difference in differences)");
    fay.fill("Sites where it is done", "A\nB\nC\nD\nE\nF").fill("Sites to compare with", "G\nH\nI\nJ\nK\nL");
    fay.fill("The day it begins", "2011-01-01").submit("Save the draft").await.expect_status(200);
}

/// A year before and after; from A to F it rises by so much.
fn figures(rise: f64) -> String {
    let mut table = String::from("unit,period,value\n");
    for (unit, name) in (0_u32..).zip('A'..='L') {
        for month in 0..24_u32 {
            let after = if month >= 12 && unit < 6 { rise } else { 0.0 };
            let value = 50.0 + f64::from((month * 7 + unit * 5) % 6) * 0.2 + after;
            writeln!(table, "{name},{}-{:02}-01,{value}", 2010 + month / 12, month % 12 + 1).unwrap();
        }
    }
    table
}

#[tokio::test]
async fn a_plan_is_frozen_before_the_start_and_its_result_is_held_against_it() {
    for_each_database(|url| async move {
        let (stand, cluster) = stand(&url, 2, "2010-11-10 10:00").await;
        let (mut fay, person) = somebody(&stand, &cluster, "Fay Facilitson", Role::Facilitator).await;
        let mut public = stand.browser();
        written(&mut fay).await;
        public.get("/clusters/necles/impact").await.expect_status(200).expect_no_text("Shared figures");
        assert!(public.get(PLAN).await.address().starts_with("/sign-in"), "a draft is not public");

        fay.post(&format!("{PLAN}/results"), &[("figures", &figures(6.0))]).await.expect_status(409);
        fay.expect_text("This plan is a draft still");
        fay.get(PLAN).await.submit("Freeze the plan").await.expect_status(200).expect_text("Fingerprint");
        public.get(PLAN).await.expect_status(200).expect_text("There is no result before that day");
        fay.post(&format!("{PLAN}/results"), &[("figures", &figures(6.0))]).await.expect_status(409);
        fay.expect_text("It begins on 1 January 2011: there is no result before that day");
        let changed = [("title", "Other"), ("what", "x"), ("outcome", "y"), ("design", "series"), ("treated", "A"), ("start", "2010-01-01")];
        fay.post(&format!("{PLAN}/draft"), &changed).await.expect_status(409).expect_text("does not change any more");
        fay.post(&format!("{PLAN}/freezing"), &[]).await.expect_status(409);

        fay.get(PLAN).await.fill("What is added", "Site F leaves").submit("Amend the plan").await;
        assert_eq!(fay.errors(), ["Enter why"]);
        fay.fill("Why", "It merged").submit("Amend the plan").await.expect_text("Site F leaves Reason: It merged");

        set(&stand, "2012-01-10 10:00");
        let mut fay = stand.browser_of(person.id).await;
        fay.get(PLAN).await.fill("Figures", "unit,period,value\nA,soon,1").submit("Find the result").await;
        assert_eq!(fay.errors().len(), 1);
        fay.fill("Figures", &figures(6.0)).submit("Find the result").await.expect_status(200);
        fay.expect_text("It can be told. The share seen within three hours rose by").expect_text("The analysis follows the plan in everything.");
        set(&stand, "2012-01-10 10:05");
        fay.fill("Figures", &figures(0.0)).submit("Find the result").await;
        fay.expect_text("It cannot be told. This design cannot tell what would have happened to the share seen within three hours anyway.");
        fay.expect_text("Earlier results");
        public.get("/clusters/necles/impact.csv").await.expect_text("This design cannot tell");
        let (_, twin) = public.get_json(PLAN).await;
        assert_eq!(twin["results"].as_array().map(Vec::len), Some(2));
        let trail = stand.trail(&Stream::named(format!("delivery:{}", cluster.id))).await;
        for (kind, times) in [("impact_plan.frozen", 1), ("impact_plan.amended", 1), ("impact_plan.result", 2)] {
            assert_eq!(trail.matches(kind).count(), times, "{kind}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_was_frozen_cannot_be_changed_even_in_the_database() {
    for_each_database(|url| async move {
        let (stand, cluster) = stand(&url, 1, "2010-11-10 10:00").await;
        let (mut fay, person) = somebody(&stand, &cluster, "Fay Facilitson", Role::Facilitator).await;
        written(&mut fay).await;
        fay.get(PLAN).await.submit("Freeze the plan").await.expect_status(200);
        let unit: Unit = stand.state.begin(hiec_kernel::people::Actor::Person(person.id)).await.unwrap();
        assert!(unit.execute("UPDATE delivery_impact_frozen SET fingerprint = 'x'", vec![]).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn worth_is_worked_out_with_its_range_and_a_late_plan_says_that_it_is_late() {
    for_each_database(|url| async move {
        let (stand, cluster) = stand(&url, 1, "2011-02-10 10:00").await;
        let (mut fay, _) = somebody(&stand, &cluster, "Fay Facilitson", Role::Facilitator).await;
        written(&mut fay).await;
        fay.get(PLAN).await.submit("Freeze the plan").await.expect_text("Frozen after the start");
        fay.fill("What was put in", "Facilitator | a lot | public").submit("Work it out").await.expect_status(422);
        assert_eq!(fay.errors(), ["Costs, line 1: write a number, or low/middle/high such as 20/40/60"]);
        fay.fill("What was put in", "Facilitator | 10000 | public");
        fay.fill("What came of it", "Fewer bed days | 100 | 300 | 20/40/60 | 0 | 1 | judged");
        fay.fill("What only came sooner", "Earlier | 1000 | 2/4/6 | judged")
            .submit("Work it out")
            .await
            .expect_status(200);
        fay.expect_text("For every £1 put in, £2.1").expect_text("Fewer bed days: deadweight");
        let (mut board, _) = somebody(&stand, &cluster, "Bruno Boardley", Role::BoardMember).await;
        board.get(PLAN).await.expect_status(200).expect_no_text("Work it out");
        board.post(&format!("{PLAN}/worth"), &[("costs", "a | 1 | public")]).await.expect_status(403);
    })
    .await;
}
