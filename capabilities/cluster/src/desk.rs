//! What the pages of a cluster's governance share: the desk they are done at, the fields of their forms, lists to take away. It decides nothing.

use std::collections::BTreeMap;

use hiec_access::{grants, people};
use hiec_contracts::{PartnerSeen, ProjectSeen, WorkPort};
use hiec_files::table::Table;
use hiec_kernel::people::Person;
use hiec_kernel::{Money, OrganisationId, PersonId, Problem, Role, Scope, Timestamp};
use hiec_store::{Database, Reads, StoreError};
use hiec_web::components::own::IllustrativeTag;
use hiec_web::components::{ContentsItem, ContentsList, Input as TextInput};
pub(crate) use hiec_web::filling::{
    changed_meanwhile as overtaken, choice, day, day_field, line_field, mistakes as summary,
};
use hiec_web::{Errors, Loaded, Page, Reply};
use maud::{Markup, html};
use uuid::Uuid;

use crate::clusters::store::Cluster;

/// Declares a part of a cluster's governance: a kind of its own for the policies, loaded by the cluster in the path.
macro_rules! desk {
    ($(#[$meta:meta])* $name:ident, $kind:literal) => {
        $(#[$meta])*
        #[derive(Clone, Debug)]
        pub struct $name {
            pub cluster: $crate::clusters::store::Cluster,
        }

        impl ::hiec_web::Resource for $name {
            const KIND: &'static str = $kind;

            async fn load(
                loading: &::hiec_web::Loading<'_>,
            ) -> Result<Option<(Self, ::hiec_access::policy::Target)>, ::hiec_kernel::Problem> {
                let Some(key) = loading.text("cluster") else {
                    return Ok(None);
                };
                let Some(cluster) = $crate::clusters::store::by_key(&loading.database, key).await? else {
                    return Ok(None);
                };
                let target = cluster.target(Self::KIND);
                Ok(Some((Self { cluster }, target)))
            }
        }

        impl $crate::desk::AtDesk for $name {
            fn cluster(&self) -> &$crate::clusters::store::Cluster {
                &self.cluster
            }
        }
    };
}
pub(crate) use desk;

/// Anything done at the desk of one cluster.
pub(crate) trait AtDesk {
    fn cluster(&self) -> &Cluster;
}

/// A page below a cluster's home, with the way back to it.
pub(crate) fn page_of(cluster: &Cluster, title: impl Into<String>, view: Markup) -> Page {
    Page::new(title, view).under("/clusters", "Clusters").under(cluster.path(), cluster.short_name.clone())
}

/// A heading with the cluster above it; in a demonstration it says what is made up.
pub(crate) fn heading<D: AtDesk>(desk: &Loaded<D>, title: &str) -> Markup {
    html! {
        h1 { span.nhsuk-caption-xl { (desk.thing.cluster().short_name) } (title) }
        @if desk.app.site().is_demo {
            p.app-source { (IllustrativeTag) " People, words and figures on this page are made up, except where a published source is named." }
        }
    }
}

/// Words that may be left empty; what cannot be taken is noted.
pub(crate) fn words_if_any(errors: &mut Errors, field: &str, what: &str, typed: &str, most: usize) -> String {
    if typed.trim().is_empty() { String::new() } else { errors.text(field, what, typed, most).unwrap_or_default() }
}

/// An amount above nought.
pub(crate) fn amount(errors: &mut Errors, field: &str, typed: &str) -> Option<Money> {
    let amount = errors.take(field, Money::parse(typed))?;
    if amount.0 <= 0 {
        errors.add(field, "Enter an amount above nought");
        return None;
    }
    Some(amount)
}

/// A field for an amount of money.
pub(crate) fn money_field(name: &str, label: &str, typed: &str, errors: &Errors) -> TextInput {
    TextInput::new(name, label).money().value(typed).error_message(errors.of(name).unwrap_or_default())
}

/// The parts of a long page, each a link to its heading: `(id, words)`.
pub(crate) fn on_this_page(parts: impl IntoIterator<Item = (String, String)>) -> ContentsList {
    let items = parts.into_iter().map(|(id, words)| ContentsItem::new(words, format!("#{id}")));
    ContentsList::new(items).aria_label("On this page").visually_hidden_text("On this page")
}

/// A list as CSV to take away.
pub(crate) fn csv(file: &str, table: &Table) -> Reply {
    Reply::csv(file, table)
}

/// Lists as one workbook to take away.
pub(crate) fn xlsx(file: &str, tables: &[&Table], made: Timestamp) -> Result<Reply, Problem> {
    Reply::xlsx(file, tables, made)
}

/// Somebody with a role in a cluster.
#[derive(Clone, Debug)]
pub(crate) struct Colleague {
    pub person: Person,
    pub roles: Vec<Role>,
}

/// Everybody who holds a role in the cluster itself, by name.
pub(crate) async fn colleagues(reads: &impl Reads, cluster: &Cluster) -> Result<Vec<Colleague>, StoreError> {
    let mut held: BTreeMap<PersonId, Vec<Role>> = BTreeMap::new();
    for (person, role) in grants::in_scope(reads, Scope::Cluster(cluster.id.0)).await? {
        held.entry(person).or_default().push(role);
    }
    let mut colleagues = Vec::new();
    for (person, roles) in held {
        if let Some(person) = people::by_id(reads, person).await? {
            colleagues.push(Colleague { person, roles });
        }
    }
    colleagues.sort_by(|one, other| (&one.person.name, one.person.id).cmp(&(&other.person.name, other.person.id)));
    Ok(colleagues)
}

/// The names of people, for pages that show who did something; who has no account any more is called so.
pub(crate) async fn names(reads: &impl Reads, wanted: Vec<PersonId>) -> Result<BTreeMap<PersonId, String>, StoreError> {
    let mut names = BTreeMap::new();
    for person in wanted {
        if let std::collections::btree_map::Entry::Vacant(place) = names.entry(person) {
            let name =
                people::by_id(reads, person).await?.map_or("Somebody without an account".to_owned(), |one| one.name);
            place.insert(name);
        }
    }
    Ok(names)
}

/// The choice of an organisation among a cluster's partners.
pub(crate) fn partner_items(partners: &[PartnerSeen]) -> Vec<(String, String)> {
    let mut items: Vec<(String, String)> = Vec::new();
    for partner in partners {
        let id = partner.organisation.id.to_string();
        if !items.iter().any(|(known, _)| *known == id) {
            items.push((id, partner.organisation.name.clone()));
        }
    }
    items
}

/// The partner a form names.
pub(crate) fn partner_of(
    errors: &mut Errors,
    field: &str,
    typed: &str,
    partners: &[PartnerSeen],
) -> Option<OrganisationId> {
    let found = partners.iter().map(|one| one.organisation.id).find(|id| id.to_string() == typed.trim());
    if found.is_none() {
        errors.add(field, "Choose one of the partners");
    }
    found
}

/// The cluster's projects, by pathway and name; none where this installation keeps no projects.
pub(crate) async fn projects<D: AtDesk>(desk: &Loaded<D>) -> Result<Vec<ProjectSeen>, StoreError> {
    match desk.app.optional::<WorkPort>() {
        Some(port) => port.0.projects(&desk.database(), desk.thing.cluster().id).await,
        None => Ok(Vec::new()),
    }
}

/// A project that a figure belongs to, by its name as it stood.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, serde::Serialize, serde::Deserialize)]
pub(crate) struct ProjectNamed {
    pub id: Uuid,
    pub name: String,
}

/// The project a form names; none where it names none.
pub(crate) fn project_of(
    errors: &mut Errors,
    field: &str,
    typed: &str,
    projects: &[ProjectSeen],
) -> Option<ProjectNamed> {
    if typed.trim().is_empty() {
        return None;
    }
    let found = projects.iter().find(|one| one.id.to_string() == typed.trim());
    if found.is_none() {
        errors.add(field, "Choose one of the cluster’s projects, or none");
    }
    found.map(|one| ProjectNamed { id: one.id, name: one.name.clone() })
}

pub(crate) fn project_items(projects: &[ProjectSeen]) -> Vec<(String, String)> {
    projects.iter().map(|one| (one.id.to_string(), format!("{}: {}", one.pathway, one.name))).collect()
}

/// A person's id in a form.
pub(crate) fn person_of(
    errors: &mut Errors,
    field: &str,
    what: &str,
    typed: &str,
    colleagues: &[Colleague],
) -> Option<PersonId> {
    let found = colleagues.iter().map(|one| one.person.id).find(|id| id.to_string() == typed.trim());
    if found.is_none() {
        errors.add(field, format!("Choose {what}"));
    }
    found
}

pub(crate) fn colleague_items(colleagues: &[Colleague]) -> Vec<(String, String)> {
    colleagues
        .iter()
        .map(|one| {
            let roles: Vec<&str> = one.roles.iter().map(|role| role.label()).collect();
            (one.person.id.to_string(), format!("{} ({})", one.person.name, roles.join(", ")))
        })
        .collect()
}

/// The partners of a cluster, for whoever has the database only.
pub(crate) async fn partners(database: &Database, cluster: &Cluster) -> Result<Vec<PartnerSeen>, StoreError> {
    crate::clusters::store::partners(database, cluster.id).await
}
