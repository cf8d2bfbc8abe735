//! `/clusters`: all clusters, for everyone.

use hiec_kernel::clock::day_on_page;
use hiec_web::{Answer, Loaded, Page};
use maud::{Markup, html};
use serde::Serialize;

use super::store::{self, AllClusters};

#[derive(Serialize)]
struct Line {
    key: String,
    name: String,
    short_name: String,
    term: String,
    work_programme: Vec<String>,
}

pub async fn get(door: Loaded<AllClusters>) -> Answer {
    let lines: Vec<Line> = store::all(&door.database())
        .await?
        .into_iter()
        .map(|cluster| Line {
            term: format!("{} to {}", day_on_page(cluster.starts_on), day_on_page(cluster.ends_on)),
            key: cluster.key,
            name: cluster.name,
            short_name: cluster.short_name,
            work_programme: cluster.facts.work_programme,
        })
        .collect();
    Ok(Page::new("Clusters", view(&lines)).data(&lines)?.into())
}

fn view(lines: &[Line]) -> Markup {
    html! {
        h1 { "Clusters" }
        @if lines.is_empty() { p { "There is no cluster yet. One is founded when an award is made." } }
        @for line in lines {
            h2.nhsuk-heading-m { a href={ "/clusters/" (line.key) } { (line.name) } }
            p { (line.term) @if !line.work_programme.is_empty() { ". Works on: " (line.work_programme.join(", ")) } "." }
        }
    }
}
