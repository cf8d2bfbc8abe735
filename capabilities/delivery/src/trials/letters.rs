//! The letter that goes to every site when industry asks; each person is written to once, however many sites they answer for.

use std::collections::BTreeSet;

use hiec_access::{grants, people};
use hiec_contracts::ClusterSeen;
use hiec_kernel::clock::{day_on_page, london_date};
use hiec_kernel::{PersonId, Problem, Role, Scope};
use hiec_store::{Mail, Unit};
use hiec_web::Site;

use super::store::Trial;

/// Writes to the site leads of all partners of the day; answers how many letters went out.
pub(crate) async fn tell_sites(
    unit: &Unit,
    site: &Site,
    cluster: &ClusterSeen,
    trial: &Trial,
) -> Result<usize, Problem> {
    let mut leads: BTreeSet<PersonId> = BTreeSet::new();
    for partner in cluster.partners_on(london_date(unit.now())) {
        let held = grants::in_scope(unit, Scope::Organisation(partner.organisation.id.0)).await?;
        leads.extend(held.into_iter().filter(|(_, role)| *role == Role::SiteLead).map(|(person, _)| person));
    }
    let mut written = 0;
    for lead in leads {
        let Some(lead) = people::open_by_id(unit, lead).await? else { continue };
        let body = format!(
            "Dear {},\n\n{} asks the sites of {}: {}\n\n{}\n\n{} patients are wanted in all. \
             Please answer for your site by {}, whether it could take part or not:\n\n{}\n",
            lead.name,
            trial.company,
            cluster.name,
            trial.title,
            trial.question,
            trial.wanted,
            day_on_page(trial.answer_by),
            site.link(&trial.path(cluster)),
        );
        let letter = Mail {
            to: lead.email,
            person: Some(lead.id),
            subject: format!("Could your site take part? {}", trial.title),
            body,
            about: Some(format!("cluster:{}", cluster.id)),
        };
        unit.mail(letter).await?;
        written += 1;
    }
    Ok(written)
}
