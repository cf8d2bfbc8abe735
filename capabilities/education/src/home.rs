//! `/education`, and `/clusters/{cluster}/education`: where a cluster's education begins, with a way to each of its rooms that the reader may enter.

use hiec_access::Subject;
use hiec_access::policy::Target;
use hiec_contracts::{ClusterSeen, ClustersPort};
use hiec_kernel::Problem;
use hiec_kernel::clock::london_date;
use hiec_store::{FromQueryResult, Reads, values};
use hiec_web::components::own::EmptyState;
use hiec_web::components::{Card, Cell, Column, Heading, Size, Table};
use hiec_web::{Answer, Loaded, Loading, Nav, Page, Resource, Route};
use maud::{Markup, html};
use serde::Serialize;
use serde_json::json;

use crate::access::{self, Education, kind_of};
use crate::ground;

/// A room of a cluster's education: its name, its address below `/education/`, what happens there, and the action that opens it.
pub(crate) struct Room {
    pub name: &'static str,
    pub path: &'static str,
    pub about: &'static str,
    /// Asked of a target of its kind with the roles that count in the cluster's education.
    pub action: &'static str,
}

/// In groups, in the order of the page. Every noun adds its rooms here.
const ROOMS: &[(&str, &[Room])] = &[
    (
        "Plan",
        &[
            Room {
                name: "Programmes",
                path: "programmes",
                about: "Who learns what, by whose curriculum",
                action: "curriculum.list",
            },
            Room {
                name: "Pathway map",
                path: "map",
                about: "What is taught where, and what nobody teaches",
                action: "curriculum.list",
            },
            Room {
                name: "Posts",
                path: "posts",
                about: "Training jobs at hosts: capacity, money, settings",
                action: "training_post.list",
            },
            Room {
                name: "Hosts",
                path: "hosts",
                about: "Where people train: room today, who is there, how quality stands",
                action: "host.list",
            },
            Room {
                name: "Trainees",
                path: "trainees",
                about: "Who learns here, and when they are expected to finish",
                action: "trainee.list",
            },
            Room {
                name: "Placements",
                path: "placements",
                about: "Who is where and when, with files and calendars",
                action: "placement.list",
            },
            Room {
                name: "Rotation grid",
                path: "grid",
                about: "Everybody over the months, to plan by dragging or by keyboard",
                action: "placement.list",
            },
            Room {
                name: "Placement rounds",
                path: "rounds",
                about: "Hosts offer, trainees rank, one rule places them with reasons",
                action: "round.list",
            },
        ],
    ),
    (
        "Money and quality",
        &[
            Room {
                name: "Quality",
                path: "quality",
                about: "How hosts judge themselves, what the region found and asks for, and what weighs on money",
                action: "quality.list",
            },
            Room {
                name: "Trainee surveys",
                path: "quality/surveys",
                about: "How trainees found their placements, without a name",
                action: "trainee_survey.view",
            },
            Room {
                name: "Tariff",
                path: "tariff",
                about: "What follows trainees to hosts, with its working",
                action: "tariff.view",
            },
            Room { name: "Claims", path: "claims", about: "What hosts claim, and what was paid", action: "claim.list" },
            Room {
                name: "Workforce",
                path: "workforce",
                about: "Who will be there in years to come, and when a change made now first shows",
                action: "workforce.list",
            },
        ],
    ),
    (
        "Learn",
        &[
            Room {
                name: "Courses",
                path: "courses",
                about: "Simulation, teaching and partners' material: places, waiting lists, attendance",
                action: "course.list",
            },
            Room {
                name: "Skills",
                path: "skills",
                about: "One standard for every profession, and who assesses it",
                action: "skill.list",
            },
            Room {
                name: "Claims to skills",
                path: "skill-claims",
                about: "Evidence, findings and badges that are yours to see",
                action: "skill_claim.list",
            },
        ],
    ),
];

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/education", "education.list", "Clusters and their education", everywhere),
        Route::get("/clusters/{cluster}/education", "education.view", "A cluster's education", get),
    ]
}

/// The way there, for those who have a part in education.
pub(crate) fn navigation(subject: &Subject) -> Vec<Nav> {
    match subject.held.iter().any(|held| held.role.is_education()) {
        true => vec![Nav { href: "/education".into(), label: "Education" }],
        false => vec![],
    }
}

/// The door to the education of all clusters.
pub(crate) struct Everywhere;

impl Resource for Everywhere {
    const KIND: &'static str = "education";

    async fn load(_: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        Ok(Some((Self, Target::new("education", uuid::Uuid::nil()))))
    }
}

#[derive(Serialize)]
struct Line {
    cluster: String,
    path: String,
    programmes: i64,
    posts: i64,
}

pub async fn everywhere(door: Loaded<Everywhere>) -> Answer {
    #[derive(FromQueryResult)]
    struct Row {
        cluster_id: uuid::Uuid,
        n: i64,
    }
    let database = door.database();
    let port = door.app.service::<ClustersPort>()?;
    let counted = async |table: &str| -> Result<std::collections::BTreeMap<uuid::Uuid, i64>, Problem> {
        let sql = format!("SELECT cluster_id, COUNT(*) AS n FROM {table} GROUP BY cluster_id ORDER BY cluster_id");
        let rows: Vec<Row> = database.all(&sql, values![]).await?;
        Ok(rows.into_iter().map(|row| (row.cluster_id, row.n)).collect())
    };
    let programmes = counted("education_programme").await?;
    let posts = counted("education_post").await?;
    let lines: Vec<Line> = port
        .0
        .all(&database)
        .await?
        .into_iter()
        .filter(|cluster| programmes.contains_key(&cluster.id.0))
        .map(|cluster| Line {
            path: access::path(&cluster),
            programmes: programmes.get(&cluster.id.0).copied().unwrap_or_default(),
            posts: posts.get(&cluster.id.0).copied().unwrap_or_default(),
            cluster: cluster.name,
        })
        .collect();
    let view = html! {
        h1 { "Education in clusters" }
        p { "A cluster co-ordinates training along clinical pathways. The region commissions it, regulators assure it, and colleges set the curricula." }
        @if lines.is_empty() {
            (EmptyState::new("No cluster has a programme yet. A cluster's education begins on its own page.").action("Clusters", "/clusters"))
        } @else {
            (Table::new("Clusters with programmes")
                .head([Column::new("Cluster"), Column::numeric("Programmes"), Column::numeric("Posts")])
                .first_cell_is_header(true)
                .rows(lines.iter().map(|line| vec![
                    Cell::link(line.cluster.as_str(), line.path.as_str()),
                    Cell::numeric(line.programmes),
                    Cell::numeric(line.posts),
                ])))
        }
    };
    Ok(Page::new("Education in clusters", view).data(&json!({ "clusters": lines }))?.into())
}

/// Whether a room is open to the reader.
fn is_open(door: &Loaded<Education>, room: &Room) -> bool {
    door.may_with(room.action, &Target { kind: kind_of(room.action), ..door.target.clone() })
}

pub async fn get(door: Loaded<Education>) -> Answer {
    let own = own_record(&door).await?;
    let figures = figures(&door).await?;
    let rooms: Vec<_> = ROOMS
        .iter()
        .map(|(group, rooms)| (*group, rooms.iter().filter(|room| is_open(&door, room)).collect::<Vec<_>>()))
        .filter(|(_, rooms)| !rooms.is_empty())
        .collect();
    let view = html! {
        h1 { span.nhsuk-caption-xl { (door.cluster.short_name) } "Education" }
        p { "The cluster co-ordinates provision and looks after the quality of its own delivery. The region commissions, regulators assure, and colleges set the curricula." }
        @if !own.is_empty() {
            h2 { "Your own training" }
            ul { @for (path, words) in &own { li { a href=(path) { (words) } } } }
        }
        (counts(&figures))
        @for (group, rooms) in &rooms {
            h2 { (group) }
            ul.nhsuk-grid-row.nhsuk-card-group {
                @for room in rooms {
                    li.nhsuk-grid-column-one-third.nhsuk-card-group__item {
                        (Card::new(Heading::from(room.name).level(3_u8).size(Size::S)).href(format!("{}/{}", door.path(), room.path)).description(room.about).clickable(true))
                    }
                }
            }
        }
    };
    let open: Vec<_> = rooms
        .iter()
        .flat_map(|(_, rooms)| rooms)
        .map(|room| json!({ "name": room.name, "path": format!("{}/{}", door.path(), room.path) }))
        .collect();
    let data = json!({ "cluster": door.cluster.key, "figures": figures, "rooms": open });
    Ok(ground::under(Page::new("Education", view).data(&data)?, &door.cluster).into())
}

/// The reader's own records as a trainee.
async fn own_record(door: &Loaded<Education>) -> Result<Vec<(String, String)>, Problem> {
    let Some(person) = &door.subject.person else { return Ok(Vec::new()) };
    let records = crate::trainees::store::of_person(&door.database(), door.cluster.id, person.id).await?;
    Ok(records
        .into_iter()
        .map(|record| (record.path(&door.cluster), format!("{}, {}", record.name, record.number)))
        .collect())
}

#[derive(Serialize)]
struct Figures {
    programmes: i64,
    posts: i64,
    hosts: i64,
    trainees: i64,
    /// In a post or out of programme today.
    placements: i64,
}

async fn figures(door: &Loaded<Education>) -> Result<Figures, Problem> {
    let database = door.database();
    let cluster = door.cluster.id.0;
    let today = london_date(door.now());
    let count = async |what: &str, condition: &str, values| {
        database.count(&format!("SELECT COUNT({what}) AS n FROM {condition}"), values).await
    };
    Ok(Figures {
        programmes: count("*", "education_programme WHERE cluster_id = $1", values![cluster]).await?,
        posts: count("*", "education_post WHERE cluster_id = $1", values![cluster]).await?,
        hosts: count("DISTINCT host_id", "education_post WHERE cluster_id = $1", values![cluster]).await?,
        trainees: count(
            "*",
            "education_trainee WHERE cluster_id = $1 AND starts_on <= $2 AND ends_on >= $2",
            values![cluster, today],
        )
        .await?,
        placements: count(
            "*",
            "education_placement WHERE cluster_id = $1 AND starts_on <= $2 AND ends_on >= $2 AND state <> 'cancelled'",
            values![cluster, today],
        )
        .await?,
    })
}

fn counts(figures: &Figures) -> Markup {
    let words = |count: i64, one: &str, many: &str| format!("{count} {}", if count == 1 { one } else { many });
    html! {
        @if figures.programmes == 0 {
            p { "This cluster has no programme yet." }
        } @else {
            p {
                (words(figures.programmes, "programme", "programmes")) ", "
                (words(figures.posts, "post", "posts")) " at "
                (words(figures.hosts, "host", "hosts")) ", "
                (words(figures.trainees, "trainee", "trainees")) " today, "
                (words(figures.placements, "placement", "placements")) " running."
            }
        }
    }
}

/// Puts the way back to a cluster's education above a page.
pub(crate) fn under(page: Page, cluster: &ClusterSeen) -> Page {
    ground::under(page, cluster).under(access::path(cluster), "Education")
}
