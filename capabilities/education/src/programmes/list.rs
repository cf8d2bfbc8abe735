//! `/clusters/{cluster}/education/programmes`: what is taught in the cluster, for whom and by whose curriculum; and the same as a table.

use std::collections::BTreeMap;

use hiec_files::table::{Cell as FileCell, Table as FileTable};
use hiec_kernel::{OrganisationId, Problem};
use hiec_store::{FromQueryResult, Reads, organisations, values};
use hiec_web::components::own::{Downloads, EmptyState};
use hiec_web::components::{Button, Cell, Column, Table};
use hiec_web::{Answer, Loaded, Page};
use maud::html;
use serde::Serialize;
use uuid::Uuid;

use super::store::{self, Programme};
use crate::access::Education;
use crate::ground::{self, made_up};
use crate::home;

#[derive(Serialize)]
struct Line {
    #[serde(flatten)]
    programme: Programme,
    owner: Option<String>,
    outcomes: i64,
    posts: i64,
    trainees: i64,
}

async fn lines(door: &Loaded<Education>) -> Result<Vec<Line>, Problem> {
    #[derive(FromQueryResult)]
    struct Count {
        programme_id: Uuid,
        n: i64,
    }
    let database = door.database();
    let programmes = store::of_cluster(&database, door.cluster.id).await?;
    let owners: Vec<OrganisationId> = programmes.iter().filter_map(|one| one.curriculum_owner).collect();
    let owners: BTreeMap<OrganisationId, String> =
        organisations::by_ids(&database, &owners).await?.into_iter().map(|one| (one.id, one.name)).collect();
    let counted = async |table: &str| -> Result<BTreeMap<Uuid, i64>, Problem> {
        let sql = format!(
            "SELECT x.programme_id, COUNT(*) AS n FROM {table} x JOIN education_programme p ON p.id = x.programme_id \
             WHERE p.cluster_id = $1 GROUP BY x.programme_id ORDER BY x.programme_id"
        );
        let rows: Vec<Count> = database.all(&sql, values![door.cluster.id.0]).await?;
        Ok(rows.into_iter().map(|row| (row.programme_id, row.n)).collect())
    };
    let outcomes = counted("education_outcome").await?;
    let posts = counted("education_post_programme").await?;
    let trainees = counted("education_trainee").await?;
    let of = |counts: &BTreeMap<Uuid, i64>, id: Uuid| counts.get(&id).copied().unwrap_or_default();
    Ok(programmes
        .into_iter()
        .map(|programme| Line {
            owner: programme.curriculum_owner.and_then(|owner| owners.get(&owner).cloned()),
            outcomes: of(&outcomes, programme.id),
            posts: of(&posts, programme.id),
            trainees: of(&trainees, programme.id),
            programme,
        })
        .collect())
}

pub async fn get(door: Loaded<Education>) -> Answer {
    let lines = lines(&door).await?;
    let path = format!("{}/programmes", door.path());
    let may_plan = door.may("curriculum.plan");
    let view = html! {
        h1 { span.nhsuk-caption-xl { (door.cluster.short_name) } "Programmes" }
        @if lines.is_empty() {
            @let empty = EmptyState::new("No programme has begun here yet.");
            @if may_plan { (empty.action("Begin the first programme", format!("{path}/new"))) } @else { (empty) }
        } @else {
            p { "Who learns what. A curriculum is its owner's: the cluster proposes changes and never makes them." }
            (Downloads::new([
                ("Programmes as CSV".to_owned(), format!("{path}.csv")),
                ("Programmes as XLSX".to_owned(), format!("{path}.xlsx")),
            ]))
            (Table::new("Programmes")
                .head([Column::new("Programme"), Column::new("Profession"), Column::new("Owner of the curriculum"), Column::numeric("Months"), Column::numeric("Outcomes"), Column::numeric("Posts"), Column::numeric("Trainees")])
                .first_cell_is_header(true)
                .rows(lines.iter().map(|line| vec![
                    Cell::new(html! { a.nhsuk-link href=(line.programme.path(&door.cluster)) { (line.programme.name) } (made_up(line.programme.is_illustrative)) }),
                    Cell::new(line.programme.profession.label()),
                    Cell::new(line.owner.as_deref().unwrap_or("Nobody yet")),
                    Cell::numeric(line.programme.months),
                    Cell::numeric(line.outcomes),
                    Cell::numeric(line.posts),
                    Cell::numeric(line.trainees),
                ])))
            @if may_plan { p { (Button::link("Begin a programme", format!("{path}/new"))) } }
        }
        p { a href={ (door.path()) "/map" } { "Pathway map: what is taught where, and what nobody teaches" } }
    };
    Ok(home::under(Page::new("Programmes", view).data(&serde_json::json!({ "programmes": lines }))?, &door.cluster)
        .into())
}

pub async fn csv(door: Loaded<Education>) -> Answer {
    Ok(ground::csv(&door.cluster, &table(&lines(&door).await?)))
}

pub async fn xlsx(door: Loaded<Education>) -> Answer {
    Ok(ground::xlsx(&door.cluster, &table(&lines(&door).await?), door.now())?)
}

fn table(lines: &[Line]) -> FileTable {
    let mut table = FileTable::with_columns(
        "programmes",
        [
            ("programme", "What addresses know it by"),
            ("name", "Its name"),
            ("profession", "Who is trained"),
            ("level", "Before or after qualification"),
            ("specialty", "As posts name theirs"),
            ("owner", "Who owns the curriculum"),
            ("months", "Whole-time months"),
            ("starts_on", "First day"),
            ("outcomes", "Outcomes of the curriculum"),
            ("posts", "Posts that train for it"),
            ("trainees", "Trainees, former ones too"),
            ("illustrative", "Whether it was made up"),
        ],
    );
    for line in lines {
        let programme = &line.programme;
        table.push([
            FileCell::from(programme.key.as_str()),
            FileCell::from(programme.name.as_str()),
            FileCell::from(programme.profession.label()),
            FileCell::from(programme.level.label()),
            FileCell::from(programme.specialty.as_str()),
            FileCell::from(line.owner.clone()),
            FileCell::from(programme.months),
            FileCell::from(programme.starts_on),
            FileCell::from(line.outcomes),
            FileCell::from(line.posts),
            FileCell::from(line.trainees),
            FileCell::from(programme.is_illustrative),
        ]);
    }
    table
}
