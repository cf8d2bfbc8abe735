//! `/clusters/{cluster}`: what a cluster is and who belongs to it.

use hiec_contracts::PartnerSeen;
use hiec_kernel::clock::{day_on_page, london_date};
use hiec_web::{Answer, Loaded, Page};
use maud::{Markup, html};
use serde::Serialize;

use super::store::{self, Cluster, ClusterFacts};

#[derive(Serialize)]
struct Shown<'a> {
    key: &'a str,
    name: &'a str,
    starts_on: String,
    ends_on: String,
    facts: &'a ClusterFacts,
    partners: &'a [PartnerSeen],
}

pub async fn get(cluster: Loaded<Cluster>) -> Answer {
    let partners = store::partners(&cluster.database(), cluster.id).await?;
    let shown = Shown {
        key: &cluster.key,
        name: &cluster.name,
        starts_on: day_on_page(cluster.starts_on),
        ends_on: day_on_page(cluster.ends_on),
        facts: &cluster.facts,
        partners: &partners,
    };
    let view = view(&cluster, &partners);
    Ok(Page::new(cluster.name.clone(), view).data(&shown)?.under("/clusters", "Clusters").into())
}

fn view(cluster: &Loaded<Cluster>, partners: &[PartnerSeen]) -> Markup {
    let today = london_date(cluster.now());
    html! {
        h1 { (cluster.name) }
        p { (day_on_page(cluster.starts_on)) " to " (day_on_page(cluster.ends_on)) }
        @if !cluster.facts.work_programme.is_empty() {
            h2 { "What it works on" }
            ul { @for theme in &cluster.facts.work_programme { li { (theme) } } }
        }
        h2 { "Partners" }
        ul {
            @for partner in partners.iter().filter(|partner| partner.is_partner_on(today)) {
                li { (partner.organisation.name) " (" (partner.role) ")" }
            }
        }
        @if !cluster.facts.source.is_empty() { p.app-source { "Source: " (cluster.facts.source) } }
    }
}
