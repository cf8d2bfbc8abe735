//! `/clusters/{cluster}`: the home of a cluster: what it is, what needs somebody, and the way into every room. It shows nothing that the rooms would not.

use hiec_access::policy::Target;
use hiec_contracts::PartnerSeen;
use hiec_kernel::Problem;
use hiec_kernel::clock::{day_on_page, london_date};
use hiec_principles::Verdict;
use hiec_store::organisations;
use hiec_web::components::{Card, Heading, InsetText, Size, SummaryList, SummaryRow};
use hiec_web::{Answer, Loaded, Page};
use maud::{Markup, html};
use serde::Serialize;

use super::pieces::{count, illustrative};
use super::store::{self, Cluster, ClusterFacts};
use crate::agreement::store as agreements;
use crate::constitution::rules::Contract;
use crate::constitution::store as constitutions;
use crate::people::store as posts;
use crate::principles::watch;
use crate::succession::store as legacies;

#[derive(Serialize)]
struct Shown<'a> {
    key: &'a str,
    name: &'a str,
    region: Option<&'a str>,
    legal_form: Option<&'a str>,
    starts_on: chrono::NaiveDate,
    ends_on: chrono::NaiveDate,
    amount_pence: Option<i64>,
    facts: &'a ClusterFacts,
    partners: &'a [PartnerSeen],
    needs: &'a [Need],
    is_illustrative: bool,
}

/// Something that waits for somebody.
#[derive(Serialize)]
struct Need {
    what: String,
    path: String,
}

pub async fn get(cluster: Loaded<Cluster>) -> Answer {
    let reads = cluster.database();
    let partners = store::partners(&reads, cluster.id).await?;
    let regions = organisations::regions(&reads).await?;
    let region = regions.iter().find(|one| Some(one.id) == cluster.region).map(|one| one.name.as_str());
    let constitution = constitutions::of(&reads, cluster.id).await?;
    let form = constitution.rules.legal_form(&cluster.legal_form).map(|form| form.name.as_str());
    let needs = needs(&cluster, &partners).await?;
    let shown = Shown {
        key: &cluster.key,
        name: &cluster.name,
        region,
        legal_form: form,
        starts_on: cluster.starts_on,
        ends_on: cluster.ends_on,
        amount_pence: cluster.award_amount.map(|amount| amount.0),
        facts: &cluster.facts,
        partners: &partners,
        needs: &needs,
        is_illustrative: cluster.is_illustrative,
    };
    let content = html! {
        h1 { @if let Some(region) = region { span.nhsuk-caption-xl { (region) } } (cluster.name) (illustrative(cluster.is_illustrative)) }
        (at_a_glance(&cluster, &partners, form, constitution.terms.contract))
        (waiting(&cluster, &needs))
        (rooms(&cluster))
        (what_it_is(&cluster))
    };
    Ok(Page::new(cluster.name.clone(), content).data(&shown)?.under("/clusters", "Clusters").into())
}

/// What needs somebody, for those who may read the rooms; what outlives the cluster is everybody's matter.
async fn needs(cluster: &Loaded<Cluster>, partners: &[PartnerSeen]) -> Result<Vec<Need>, Problem> {
    let reads = cluster.database();
    let today = london_date(cluster.now());
    let mut needs = Vec::new();
    let mut need = |what: String, room: &str| needs.push(Need { what, path: format!("{}/{room}", cluster.path()) });
    if cluster.may("cluster.read") {
        for finding in watch::findings(&reads, cluster, today).await? {
            if finding.verdict == Verdict::NotMet {
                need(format!("Principle not met: {}. {}", finding.name, finding.why), "principles");
            }
        }
        match agreements::latest(&reads, cluster.id).await? {
            None => need("The partners have no agreement yet.".to_owned(), "agreement"),
            Some(latest) => {
                let open = partners
                    .iter()
                    .filter(|one| one.is_partner_on(today) && one.role != store::PartnerRole::Associate.label())
                    .filter(|one| !latest.is_signed_by(one.organisation.id))
                    .count();
                if open > 0 {
                    let who = count(open, "partner has", "partners have");
                    need(format!("{who} not signed version {} of the agreement.", latest.number), "agreement");
                }
            }
        }
        let posts = posts::of_cluster(&reads, cluster.id).await?;
        let held: Vec<_> = posts.iter().filter(|post| post.is_held_on(today)).collect();
        let inducting = held.iter().filter(|post| post.to_do().next().is_some()).count();
        if inducting > 0 {
            need(format!("{} not through the induction.", count(inducting, "person is", "people are")), "people");
        }
        let leaving = held.iter().filter(|post| post.lacks_successor(today)).count();
        if leaving > 0 {
            need(format!("{} soon, and nobody takes over.", count(leaving, "post ends", "posts end")), "people");
        }
    }
    let planned = legacies::of_cluster(&reads, cluster.id).await?;
    let unplanned = legacies::unplanned(&cluster.app, cluster.id, &planned).await?.len();
    let open = planned.iter().filter(|one| !one.lacking().is_empty()).count() + unplanned;
    if open > 0 {
        let what = count(open, "thing has", "things have");
        need(format!("{what} no owner, funding, licence or record after the last day."), "succession");
    }
    Ok(needs)
}

fn at_a_glance(cluster: &Cluster, partners: &[PartnerSeen], form: Option<&str>, contract: Option<Contract>) -> Markup {
    let lead = partners.iter().find(|one| one.organisation.id == cluster.lead);
    let mut rows = vec![SummaryRow::new(
        "Term",
        format!("{} to {}", day_on_page(cluster.starts_on), day_on_page(cluster.ends_on)),
    )];
    if let Some(lead) = lead {
        rows.push(SummaryRow::new(
            "Lead",
            html! { (lead.organisation.name) (illustrative(lead.organisation.is_illustrative)) },
        ));
    }
    let founding: Vec<&PartnerSeen> =
        partners.iter().filter(|one| one.role == store::PartnerRole::Founding.label() && one.until.is_none()).collect();
    if !founding.is_empty() && founding.len() <= 8 {
        rows.push(SummaryRow::new(
            "Founding partners",
            html! {
                ul.nhsuk-list { @for one in &founding { li { (one.organisation.name) (illustrative(one.organisation.is_illustrative)) } } }
            },
        ));
    }
    if let Some(amount) = cluster.facts.budget.or(cluster.award_amount) {
        rows.push(SummaryRow::new("Budget over the term", amount.to_string()));
    }
    if let Some(people) = cluster.facts.population {
        rows.push(SummaryRow::new("People it serves", grouped(people)));
    }
    if let Some(form) = form {
        rows.push(SummaryRow::new("Legal form", form));
    }
    if let Some(contract) = contract {
        rows.push(SummaryRow::new("Bound to the region by", contract.label()));
    }
    html! { (SummaryList::new(rows)) }
}

/// `5,800,000`
fn grouped(number: u32) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

fn waiting(cluster: &Loaded<Cluster>, needs: &[Need]) -> Markup {
    html! {
        @if !needs.is_empty() {
            (InsetText::new(html! {
                h2.nhsuk-heading-m { "What needs somebody" }
                ul { @for need in needs { li { a href=(need.path) { (need.what) } } } }
            }))
        } @else if cluster.may("cluster.read") {
            p { "Nothing waits: principles, agreement, people and succession are in order." }
        }
    }
}

/// A room of a cluster: its name, its address under the cluster's, what is there, and the action by which one comes in.
struct Room {
    name: &'static str,
    path: &'static str,
    about: &'static str,
    kind: &'static str,
    action: &'static str,
}

const fn at(
    name: &'static str,
    path: &'static str,
    about: &'static str,
    kind: &'static str,
    action: &'static str,
) -> Room {
    Room { name, path, about, kind, action }
}

/// Rooms in groups. Those of other capabilities are known by address and action alone; where nothing answers there, no policy lets
/// anybody in, and the room is not shown.
const ROOMS: &[(&str, &[Room])] = &[
    (
        "Work",
        &[
            at(
                "Measures",
                "measures",
                "How sites do, on charts that tell change from chance",
                "measure",
                "measure.list",
            ),
            at("Projects", "projects", "Pathways, projects and their milestones", "project", "project.list"),
            at(
                "Innovations",
                "innovations",
                "What is to be adopted, and how far it has spread",
                "innovation",
                "innovation.list",
            ),
            at("Practices", "practices", "What some do better, for others to copy", "practice", "practice.list"),
            at("Impact", "impact", "What would have happened anyway", "impact_plan", "impact_plan.list"),
            at(
                "Education",
                "education",
                "Programmes, posts and placements along the pathways",
                "education",
                "education.view",
            ),
            at(
                "Quarterly returns",
                "returns",
                "What was promised to the region, and what was done",
                "return",
                "return.list",
            ),
        ],
    ),
    (
        "Governance",
        &[
            at("Board", "board", "Meetings, papers, minutes, decisions and actions", "board", "board.view"),
            at("Money", "money", "Budget, commitments and spending", "money", "money.view"),
            at(
                "Funding bids",
                "funding",
                "Bids to outside funders, from idea to won or lost",
                "funding",
                "funding.view",
            ),
            at("Risks", "risks", "What may go wrong, and what is done about it", "risk", "risk.view"),
            at(
                "Responsibilities",
                "responsibilities",
                "Who does, answers, advises and is told",
                "responsibility",
                "responsibility.view",
            ),
            at("Partnership health", "health", "Who works with whom, trust and value", "health", "health.view"),
        ],
    ),
    (
        "The partnership",
        &[
            at("Partners", "partners", "Who belongs, in which part, since when", "cluster", "cluster.view"),
            at("People", "people", "Chair, director, facilitators and fellows", "cluster", "cluster.read"),
            at("Agreement", "agreement", "What the partners agreed, and who signed", "cluster", "cluster.read"),
            at(
                "Constitution",
                "constitution",
                "Legal form, contract, financing, statements",
                "cluster",
                "cluster.read",
            ),
            at("Principles", "principles", "Whether the cluster still is what it must be", "cluster", "cluster.read"),
            at("Links", "links", "Research and innovation bodies around it", "cluster", "cluster.view"),
            at("Succession", "succession", "What becomes of everything after the last day", "cluster", "cluster.view"),
        ],
    ),
];

fn rooms(cluster: &Loaded<Cluster>) -> Markup {
    let is_open = |room: &&Room| {
        let target = Target { kind: room.kind, ..cluster.target.clone() };
        cluster.may_with(room.action, &target)
    };
    html! {
        @for (group, rooms) in ROOMS {
            @let open: Vec<&Room> = rooms.iter().filter(is_open).collect();
            @if !open.is_empty() {
                h2 { (group) }
                ul.nhsuk-grid-row.nhsuk-card-group {
                    @for room in open {
                        li.nhsuk-grid-column-one-third.nhsuk-card-group__item {
                            (Card::new(Heading::from(room.name).level(3_u8).size(Size::S)).href(format!("{}/{}", cluster.path(), room.path)).description(room.about).clickable(true))
                        }
                    }
                }
            }
        }
    }
}

fn what_it_is(cluster: &Cluster) -> Markup {
    let facts = &cluster.facts;
    html! {
        @if !facts.work_programme.is_empty() {
            h2 { "What it works on" }
            ul { @for theme in &facts.work_programme { li { (theme) } } }
        }
        @if !facts.approach.is_empty() {
            h2 { "How it works" }
            ul { @for line in &facts.approach { li { (line) } } }
        }
        @if !facts.source.is_empty() { p.app-source { "Source: " (facts.source) ". What is marked illustrative is made up." } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_counted_in_thousands() {
        assert_eq!(grouped(5_800_000), "5,800,000");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1_000), "1,000");
    }
}
