//! The people of one bid: lead, editor, reader and partners, as each meets its pages. It knows no rule of its own.

use hiec_competition::Stage;
use hiec_kernel::{Role, Scope};
use hiec_testkit::for_each_database;
use serde_json::Value;

use crate::product::Product;

async fn bid_of(product: &Product, slug: &str) -> String {
    let person = product.person(slug).await;
    hiec_access::grants::of_person(&product.state.database(), person.id)
        .await
        .expect("roles are read")
        .into_iter()
        .find_map(|held| match held.scope {
            Scope::Bid(bid) => Some(bid.to_string()),
            _ => None,
        })
        .unwrap_or_else(|| panic!("{slug} has no part in a bid"))
}

fn outcome<'a>(saved: &'a Value, question: &str) -> &'a str {
    saved["outcomes"][question].as_str().unwrap_or_default()
}

#[tokio::test]
async fn partners_write_what_is_marked_for_them_and_readers_nothing() {
    for_each_database(|url| async move {
        let product = Product::at(&url, Stage::Bidding).await;
        let bid = bid_of(&product, "lead").await;
        assert_eq!(bid, bid_of(&product, "editor").await);
        let principles = format!("/bids/{bid}/sections/principles");
        let cluster = format!("/bids/{bid}/sections/cluster");

        let mut partner = product.browser_as("partner").await;
        let section = partner.get(&principles).await.expect_status(200);
        section.expect_text("You write the questions marked for partners");
        let typed = serde_json::json!({"impact": "Illustrative: what our trust sees change for its patients."});
        let (status, saved) = partner.post_json(&principles, &typed).await;
        assert_eq!((status.as_u16(), outcome(&saved, "impact")), (200, "kept"), "{saved}");
        // A question of the lead's, alone or among others: nothing of it is saved.
        let forged = serde_json::json!({"quality": "Illustrative: ours.", "professions_plan": "Illustrative: forged."});
        let (status, _) = partner.post_json(&principles, &forged).await;
        assert_eq!(status.as_u16(), 403);
        let (status, _) = partner.post_json(&cluster, &serde_json::json!({"vision": "Illustrative: forged."})).await;
        assert_eq!(status.as_u16(), 403);
        let (_, now) = partner.get_json(&principles).await;
        assert_ne!(now["answers"]["quality"]["text"], "Illustrative: ours.");

        let mut reader = product.browser_as("reader").await;
        reader.get(&cluster).await.expect_status(200);
        let (status, _) = reader.post_json(&cluster, &serde_json::json!({"vision": "Illustrative: no."})).await;
        assert_eq!(status.as_u16(), 403);
        reader.post(&format!("{cluster}/comments"), &[("comment", "Well said.")]).await.expect_status(200);

        let mut editor = product.browser_as("editor").await;
        let (status, saved) = editor.post_json(&cluster, &serde_json::json!({"vision": "Illustrative: better."})).await;
        assert_eq!((status.as_u16(), outcome(&saved, "vision")), (200, "kept"));
        editor.get(&format!("{principles}/history/impact")).await.expect_status(200).expect_text("Petra Partnerly");
    })
    .await;
}

#[tokio::test]
async fn the_lead_gives_and_ends_parts_and_a_bid_keeps_a_lead() {
    for_each_database(|url| async move {
        let product = Product::at(&url, Stage::Bidding).await;
        let bid = bid_of(&product, "lead").await;
        let team = format!("/bids/{bid}/team");
        let id = async |slug: &str| product.person(slug).await.id.to_string();
        let (lead, editor, reader) = (id("lead").await, id("editor").await, id("reader").await);

        let mut writer = product.browser_as("editor").await;
        writer.get(&team).await.expect_status(200).expect_text("Rania Readman");
        let give = |person: &str, role: &str| [("person", person.to_owned()), ("role", role.to_owned())];
        let door = format!("{team}/seats");
        writer.post(&door, &pairs(&give(&editor, "bid_lead"))).await.expect_status(403);

        let mut first = product.browser_as("lead").await;
        first.post(&door, &pairs(&give(&lead, "bid_editor"))).await.expect_status(422).expect_text("at least one lead");
        first.post(&door, &pairs(&give(&lead, "auditor"))).await.expect_status(422);
        let stranger = product.add_person("Nobody Example", &[]).await;
        first.post(&door, &pairs(&give(&stranger.id.to_string(), "bid_lead"))).await.expect_status(422);
        first.post(&door, &pairs(&give(&reader, "bid_editor"))).await.expect_status(200).expect_text("Bid editor");
        first.post(&door, &pairs(&give(&editor, "bid_lead"))).await.expect_status(200);

        let mut second = product.browser_as("editor").await;
        let end = |person: &str, reason: &str| [("person", person.to_owned()), ("reason", reason.to_owned())];
        let endings = format!("{team}/endings");
        second.post(&endings, &pairs(&end(&lead, ""))).await.expect_status(422);
        second.post(&endings, &pairs(&end(&lead, "moved to another post"))).await.expect_status(200);
        first.get(&format!("/bids/{bid}")).await.expect_status(404);
        second
            .post(&endings, &pairs(&end(&editor, "nobody is left")))
            .await
            .expect_status(422)
            .expect_text("at least one lead");

        // By letter, as a reader; somebody who judges the round is refused when they answer.
        second.post(&team, &[("email", "ada@example.org"), ("role", "bid_reader")]).await.expect_status(200);
        second.post(&team, &[("email", "ada@example.org"), ("role", "auditor")]).await.expect_status(422);
        let call = product.state.database();
        let held = hiec_access::grants::in_scope(&call, Scope::Bid(bid.parse().expect("an id"))).await.expect("roles");
        assert!(held.iter().any(|(person, role)| person.to_string() == reader && *role == Role::BidEditor));
        assert!(held.iter().all(|(person, _)| person.to_string() != lead));
    })
    .await;
}

fn pairs<'a>(fields: &'a [(&'a str, String); 2]) -> [(&'a str, &'a str); 2] {
    [(fields[0].0, fields[0].1.as_str()), (fields[1].0, fields[1].1.as_str())]
}
