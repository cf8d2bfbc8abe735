//! `/open-data` and the files under it: everything public of a round, to take away without signing in.

use axum::extract::Path;
use axum::response::IntoResponse;
use hiec_kernel::Problem;
use hiec_web::accounts::Everyone;
use hiec_web::components::{Cell, Column, Table};
use hiec_web::{Answer, Loaded, Page};
use maud::html;
use serde::Serialize;

use super::filling::public_round;
use super::{LICENCE, LICENCE_NAME, OpenDataFile, bundle};
use crate::calls::store::{self as calls, Call};

#[derive(Serialize)]
struct Shown {
    call: String,
    title: String,
    files: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    path: String,
    media_type: &'static str,
    about: String,
    bytes: usize,
}

/// Published calls; the one whose files stand directly under `/open-data/` first: the newest announced, else the newest.
async fn rounds(door: &Loaded<Everyone>) -> Result<Vec<Call>, Problem> {
    let mut all = calls::all(&door.database(), door.now()).await?;
    all.retain(Call::is_published);
    all.sort_by_key(|call| std::cmp::Reverse(call.acts.announced.is_some()));
    Ok(all)
}

async fn files(door: &Loaded<Everyone>, call: &Call) -> Result<Vec<OpenDataFile>, Problem> {
    let round = public_round(&door.database(), call, door.app.site()).await?.ok_or_else(Problem::not_found)?;
    bundle(&round).map_err(Problem::internal)
}

pub async fn get(door: Loaded<Everyone>) -> Answer {
    let mut shown = Vec::new();
    for (place, call) in rounds(&door).await?.iter().enumerate() {
        let under = if place == 0 { "/open-data".to_owned() } else { format!("/open-data/{}", call.key) };
        shown.push(Shown {
            call: call.key.clone(),
            title: call.title.clone(),
            files: files(&door, call)
                .await?
                .into_iter()
                .map(|file| Line {
                    path: format!("{under}/{}", file.path),
                    media_type: file.media_type,
                    about: file.about,
                    bytes: file.content.len(),
                })
                .collect(),
        });
    }
    let view = html! {
        h1 { "Open data" }
        p { "Everything public of each round, to take away and use under the " a href=(LICENCE) { (LICENCE_NAME) } ". Where something was made up for a demonstration, the file says so." }
        @if shown.is_empty() { p { "No call has been published yet." } }
        @for round in &shown {
            h2 { (round.title) }
            @if round.files.iter().all(|file| !file.path.ends_with("/360giving.json")) {
                p { "The 360Giving files come with the first award." }
            }
            (Table::new(format!("Files of {}", round.title))
                .head([Column::new("File"), Column::new("What it is"), Column::numeric("Bytes")])
                .rows(round.files.iter().map(|file| vec![
                    Cell::link(file.path.rsplit('/').next().unwrap_or_default(), file.path.clone()),
                    Cell::new(file.about.clone()),
                    Cell::numeric(file.bytes),
                ])))
        }
    };
    Ok(Page::new("Open data", view).data(&shown)?.into())
}

pub async fn newest(door: Loaded<Everyone>, Path(file): Path<String>) -> Answer {
    let all = rounds(&door).await?;
    let call = all.first().ok_or_else(Problem::not_found)?;
    served(&door, call, &file).await
}

pub async fn of_call(door: Loaded<Everyone>, Path((key, file)): Path<(String, String)>) -> Answer {
    let all = rounds(&door).await?;
    let call = all.iter().find(|call| call.key == key).ok_or_else(Problem::not_found)?;
    served(&door, call, &file).await
}

async fn served(door: &Loaded<Everyone>, call: &Call, name: &str) -> Answer {
    let file = files(door, call).await?.into_iter().find(|file| file.path == name).ok_or_else(|| {
        if name.starts_with("360giving") {
            Problem::new(
                hiec_kernel::ProblemKind::NotFound,
                "There are no grants to publish yet",
                "The 360Giving files come with the announcement; until then the round’s releases are in ocds.json.",
            )
        } else {
            Problem::not_found()
        }
    })?;
    let headers =
        [(axum::http::header::CONTENT_TYPE, file.media_type), (axum::http::header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")];
    Ok((headers, file.content).into_response().into())
}
