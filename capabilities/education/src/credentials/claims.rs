//! `/clusters/{cluster}/education/skill-claims`: the claims a reader may see: their own, those of skills they assess, or all for who awards.

use hiec_access::policy::Target;
use hiec_kernel::Role;
use hiec_kernel::clock::on_page;
use hiec_web::components::own::EmptyState;
use hiec_web::components::{Cell, Column, Table};
use hiec_web::{Answer, Loaded, Page};
use maud::html;
use serde::Serialize;
use serde_json::json;

use super::skills::{self, skills_path};
use super::store::{self, Claims};
use crate::ground::{self, made_up};

#[derive(Serialize)]
struct Line {
    path: String,
    skill: String,
    name: String,
    profession: String,
    state: &'static str,
    begun_at: String,
    is_illustrative: bool,
}

pub async fn get(door: Loaded<Claims>) -> Answer {
    let cluster = &door.cluster;
    let reader = door.person()?.id;
    // Whoever may award sees all of them; what one may see of each is decided there again.
    let sees_all = door.may_with("skill_claim.view", &Target { kind: "skill_claim", ..door.target.clone() });
    let of = (!sees_all).then_some(reader);
    let database = door.database();
    let names = skills::of_cluster(&database, cluster.id).await?;
    let lines: Vec<Line> = store::claims(&database, cluster.id, of)
        .await?
        .into_iter()
        .map(|claim| Line {
            path: claim.path(cluster),
            skill: names
                .iter()
                .find(|skill| skill.id == claim.skill)
                .map(|skill| skill.name.clone())
                .unwrap_or_default(),
            state: claim.standing.label(),
            begun_at: on_page(claim.begun_at),
            name: claim.name,
            profession: claim.profession,
            is_illustrative: claim.is_illustrative,
        })
        .collect();
    let rows = lines.iter().map(|line| {
        vec![
            Cell::new(html! { a.nhsuk-link href=(line.path) { (line.skill) } (made_up(line.is_illustrative)) }),
            Cell::new(line.name.as_str()),
            Cell::new(line.profession.as_str()),
            Cell::new(line.state),
            Cell::new(line.begun_at.as_str()),
        ]
    });
    let learns = door.subject.holds(Role::Trainee);
    let view = html! {
        h1 { span.nhsuk-caption-xl { (cluster.short_name) } "Claims to skills" }
        p { "What people gather evidence for, what waits for an assessor, and what was awarded. You see your own, those of skills you assess, and, if you award, all." }
        @if lines.is_empty() {
            (EmptyState::new("There is nothing here for you yet.").action(if learns { "Choose a skill to show" } else { "The framework of skills" }, skills_path(cluster)))
        } @else {
            (Table::new("Claims")
                .head([Column::new("Skill"), Column::new("Who"), Column::new("Profession"), Column::new("Stands"), Column::new("Begun")])
                .first_cell_is_header(true)
                .responsive(true)
                .rows(rows))
        }
    };
    Ok(ground::under(Page::new("Claims to skills", view).data(&json!({ "claims": lines }))?, cluster)
        .under(skills_path(cluster), "Skills")
        .into())
}
