//! Comments on a section, by the people who write it together; they are no part of the bid and are never submitted.

use std::collections::HashMap;

use axum::extract::Path;
use hiec_kernel::clock::on_page;
use hiec_kernel::{BidId, Problem, Timestamp};
use hiec_store::{FromQueryResult, Reads, values};
use hiec_web::components::{Button, Textarea};
use hiec_web::{Answer, Done, Errors, Input, Loaded};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::papers::Paper;
use super::sealed::lines;
use super::store::Bid;

/// A comment as shown.
#[derive(Clone, Debug, Serialize, FromQueryResult)]
pub(super) struct Comment {
    pub body: String,
    pub written_at: Timestamp,
    pub name: String,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Form {
    #[serde(default)]
    pub comment: String,
}

pub async fn post_bid(bid: Loaded<Bid>, Path(path): Path<HashMap<String, String>>, Input(form): Input<Form>) -> Answer {
    post(bid, Paper::Bid, &path, &form).await
}

pub async fn post_pqq(bid: Loaded<Bid>, Path(path): Path<HashMap<String, String>>, Input(form): Input<Form>) -> Answer {
    post(bid, Paper::Pqq, &path, &form).await
}

async fn post(bid: Loaded<Bid>, paper: Paper, path: &HashMap<String, String>, form: &Form) -> Answer {
    let person = bid.person()?.clone();
    let section = path
        .get("section")
        .and_then(|key| paper.questions(bid.call.design()).section(key))
        .ok_or_else(Problem::not_found)?;
    let mut errors = Errors::none();
    let Some(body) = errors.text("comment", "a comment", &form.comment, 5_000) else {
        let why = errors.of("comment").unwrap_or("Enter a comment").to_owned();
        return Err(Problem::invalid(why, "Go back and write it again.").into());
    };
    let unit = bid.begin().await?;
    unit.execute(
        "INSERT INTO competition_comment (id, bid_id, form, section, body, written_at, written_by) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        values![unit.new_id(), bid.id.0, paper.key(), section.key.clone(), body, unit.now(), person.id.0],
    )
    .await?;
    unit.commit().await?;
    Ok(Done::to(format!("{}#comments", paper.section_path(&bid, &section.key))).saying("Your comment is there.").into())
}

/// The comments of a section, oldest first.
pub(super) async fn of_section(
    reads: &impl Reads,
    bid: BidId,
    paper: Paper,
    section: &str,
) -> Result<Vec<Comment>, Problem> {
    Ok(reads
        .all(
            "SELECT c.body, c.written_at, p.name FROM competition_comment c JOIN base_person p ON p.id = c.written_by \
             WHERE c.bid_id = $1 AND c.form = $2 AND c.section = $3 ORDER BY c.written_at, c.id LIMIT 500",
            values![bid.0, paper.key(), section],
        )
        .await?)
}

pub(super) fn view(bid: &Loaded<Bid>, paper: Paper, section: &str, comments: &[Comment]) -> Markup {
    html! {
        h2 id="comments" { "Comments" }
        @if comments.is_empty() { p { "Nobody has commented. Comments are seen by the partnership only and are not submitted." } }
        ul.app-history { @for comment in comments {
            li { strong { (comment.name) } ", " (on_page(comment.written_at)) p { (lines(&comment.body)) } }
        } }
        @if bid.may("bid.comment") {
            form method="post" action={ (paper.section_path(bid, section)) "/comments" } {
                (Textarea::new("comment", "Your comment").rows(3))
                (Button::new("Add the comment").secondary())
            }
        }
    }
}
