//! Every text ever typed for one question, newest first, also those that lost to another's or came too late; nothing is ever taken out.

use std::collections::HashMap;

use axum::extract::Path;
use hiec_forms::display_with_files;
use hiec_kernel::Problem;
use hiec_kernel::clock::on_page;
use hiec_web::{Answer, Loaded, Page};
use maud::html;

use super::answers;
use super::completeness;
use super::papers::Paper;
use super::sealed::lines;
use super::store::Bid;

pub async fn get_bid(bid: Loaded<Bid>, Path(path): Path<HashMap<String, String>>) -> Answer {
    get(bid, Paper::Bid, &path).await
}

pub async fn get_pqq(bid: Loaded<Bid>, Path(path): Path<HashMap<String, String>>) -> Answer {
    get(bid, Paper::Pqq, &path).await
}

async fn get(bid: Loaded<Bid>, paper: Paper, path: &HashMap<String, String>) -> Answer {
    let set = paper.questions(bid.call.design());
    let (section, question) = set
        .questions()
        .find(|(section, question)| {
            path.get("section") == Some(&section.key) && path.get("question") == Some(&question.key)
        })
        .ok_or_else(Problem::not_found)?;
    let reads = bid.database();
    let files = completeness::index(&completeness::files(&reads, bid.id).await?);
    let earlier = answers::history(&reads, bid.id, paper, &question.key).await?;
    let words = |answer: &Option<hiec_forms::Answer>| match answer {
        Some(answer) => display_with_files(question, answer, &files),
        None => "(cleared)".to_owned(),
    };
    let data: Vec<_> = earlier
        .iter()
        .map(|one| serde_json::json!({ "at": one.at, "by": one.by_name, "outcome": one.outcome, "answer": one.answer }))
        .collect();
    let content = html! {
        h1 { "History: " (question.label) }
        @if earlier.is_empty() { p { "Nothing was typed yet." } }
        ul.app-history { @for one in &earlier {
            li {
                strong { (one.by_name) } ", " (on_page(one.at))
                @match one.outcome.as_str() {
                    "conflict" => ". Not in force: somebody else was faster.",
                    "late" => ". Not in force: it came after the deadline.",
                    "unreadable" => ". Not in force: it could not be read as an answer.",
                    _ => ".",
                }
                p { (lines(&words(&one.answer))) }
            }
        } }
    };
    Ok(Page::new("History", content)
        .under("/bids", "My bids")
        .under(bid.path(), bid.title.clone())
        .under(paper.section_path(&bid, &section.key), section.title.clone())
        .data(&data)?
        .into())
}
