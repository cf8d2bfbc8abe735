//! `/clusters/{cluster}/education/hosts/{host}/teaching`: a host says which outcomes it can teach at which pathway steps.

use std::collections::{BTreeMap, BTreeSet};

use hiec_kernel::Problem;
use hiec_web::components::{Button, CheckboxItem, Checkboxes};
use hiec_web::{Answer, Done, Fields, Loaded, Page};
use maud::html;
use serde_json::json;

use crate::access::HostHere;
use crate::home;
use crate::pathways::actions;
use crate::pathways::store::{self as pathways, Learnt, Step};
use crate::posts::store as posts;
use crate::programmes::curriculum::{self, Outcome};
use crate::programmes::store::{self as programmes, Programme};

/// The places of the map a host is asked about: those of the programmes its posts train for, and of all where it has no post yet.
struct Asked {
    programmes: Vec<Programme>,
    outcomes: Vec<Outcome>,
    steps: BTreeMap<uuid::Uuid, Step>,
    places: Vec<Learnt>,
    teaches: BTreeSet<Learnt>,
}

async fn asked(here: &Loaded<HostHere>) -> Result<Asked, Problem> {
    let database = here.database();
    let cluster = here.cluster.id;
    let posts = posts::of_host(&database, cluster, here.host.id).await?;
    let named: BTreeSet<uuid::Uuid> = posts.iter().flat_map(|post| post.programmes.iter().copied()).collect();
    let mut programmes = programmes::of_cluster(&database, cluster).await?;
    if !named.is_empty() {
        programmes.retain(|one| named.contains(&one.id));
    }
    let ids: BTreeSet<uuid::Uuid> = programmes.iter().map(|one| one.id).collect();
    let mut outcomes = curriculum::of_cluster(&database, cluster).await?;
    outcomes.retain(|one| ids.contains(&one.programme));
    let known: BTreeSet<uuid::Uuid> = outcomes.iter().map(|one| one.id).collect();
    let learnt = pathways::learnt(&database, cluster).await?;
    let places: Vec<Learnt> = learnt.into_iter().filter(|at| known.contains(&at.outcome_id)).collect();
    let teaches = pathways::teaching(&database, cluster)
        .await?
        .into_iter()
        .filter(|one| one.host == here.host.id)
        .map(|one| one.at)
        .collect();
    let steps = pathways::of_cluster(&database, cluster).await?.all.into_iter().map(|step| (step.id, step)).collect();
    Ok(Asked { programmes, outcomes, steps, places, teaches })
}

/// A place as a form names it.
fn named(at: Learnt) -> String {
    format!("{}.{}", at.outcome_id, at.step_id)
}

pub async fn get(here: Loaded<HostHere>) -> Answer {
    let asked = asked(&here).await?;
    let view = html! {
        h1 { span.nhsuk-caption-xl { (here.host.name) } "What it can teach" }
        @if asked.places.is_empty() {
            p { "No outcome is placed on a pathway yet, so there is nothing to say." }
        } @else {
            form method="post" novalidate {
                @for programme in &asked.programmes {
                    @let boxes: Vec<CheckboxItem> = asked.outcomes.iter().filter(|one| one.programme == programme.id).flat_map(|outcome| {
                        asked.places.iter().filter(move |at| at.outcome_id == outcome.id).map(|at| {
                            let step = asked.steps.get(&at.step_id).map_or("a step", |step| step.name.as_str());
                            CheckboxItem::new(named(*at), format!("{} {} — at {step}", outcome.code, outcome.name)).checked(Some(asked.teaches.contains(at)))
                        })
                    }).collect();
                    @if !boxes.is_empty() {
                        (Checkboxes::new("teaches", programme.name.clone()).id_prefix(programme.key.clone()).items(boxes))
                    }
                }
                (Button::new("Save"))
            }
        }
    };
    let data = json!({ "places": asked.places, "teaches": asked.teaches });
    Ok(home::under(Page::new("What it can teach", view).data(&data)?, &here.cluster)
        .under(here.path(), here.host.name.clone())
        .into())
}

/// The whole page is sent: what is not ticked is not taught.
pub async fn post(here: Loaded<HostHere>, fields: Fields) -> Answer {
    let asked = asked(&here).await?;
    let by_name: BTreeMap<String, Learnt> = asked.places.iter().map(|at| (named(*at), *at)).collect();
    let ticked: Option<BTreeSet<Learnt>> = fields
        .all("teaches")
        .map(str::to_owned)
        .collect::<Vec<_>>()
        .iter()
        .map(|one| by_name.get(one).copied())
        .collect();
    let Some(ticked) = ticked else {
        return Err(Problem::invalid(
            "One of the ticked places is not on the map any more",
            "Open the page again and tick the places that are there.",
        )
        .into());
    };
    let mut unit = here.begin().await?;
    actions::teach(&mut unit, here.cluster.id, here.host.id, &asked.places, &ticked, false).await?;
    unit.commit().await?;
    Ok(Done::to(here.path()).saying("Saved what this host can teach.").into())
}
