//! `/clusters/{cluster}/education/skill-claims`: the claims a reader may see: their own, those of skills they assess, or all for who awards.

use hiec_access::policy::Target;
use hiec_kernel::clock::on_page;
use hiec_kernel::{Problem, Role};
use hiec_web::components::own::{Downloads, EmptyState};
use hiec_web::components::{Cell, Column, Table};
use hiec_web::{Answer, Loaded, Page};
use maud::html;
use serde::Serialize;
use serde_json::json;

use super::skills::{self, skills_path};
use super::store::{self, Claim, Claims};
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

/// Whoever may award sees all of them; what one may see of each is decided there again.
pub(super) fn sees_all(door: &Loaded<Claims>) -> bool {
    door.may_with("skill_claim.view", &Target { kind: "skill_claim", ..door.target.clone() })
}

/// The claims of the cluster that this reader may see.
pub(super) async fn visible(door: &Loaded<Claims>) -> Result<Vec<Claim>, Problem> {
    let reader = door.person()?.id;
    let of = (!sees_all(door)).then_some(reader);
    Ok(store::claims(&door.database(), door.cluster.id, of).await?)
}

pub async fn get(door: Loaded<Claims>) -> Answer {
    let cluster = &door.cluster;
    let names = skills::of_cluster(&door.database(), cluster.id).await?;
    let lines: Vec<Line> = visible(&door)
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
            (Downloads::new([
                ("These claims as CSV".to_owned(), format!("{}.csv", store::claims_path(cluster))),
                ("These claims as a workbook".to_owned(), format!("{}.xlsx", store::claims_path(cluster))),
                ("The badges among them as CSV".to_owned(), format!("{}/education/badges.csv", cluster.path())),
                ("The badges among them as a workbook".to_owned(), format!("{}/education/badges.xlsx", cluster.path())),
            ]))
        }
    };
    Ok(ground::under(Page::new("Claims to skills", view).data(&json!({ "claims": lines }))?, cluster)
        .under(skills_path(cluster), "Skills")
        .into())
}
