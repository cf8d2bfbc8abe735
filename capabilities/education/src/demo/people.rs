//! The made-up people of NECLES's education and their roles; those who are in the list of people to look as, and a few more trainees.

use hiec_access::{grants, people};
use hiec_contracts::demonstration::{self, Actor as CastMember, Period};
use hiec_kernel::people::Person;
use hiec_kernel::{OrganisationId, PersonId, Problem, Role, Scope};
use hiec_store::{Reads, organisations};

use super::hosts::{self, PHYSICIANS, UNIVERSITY};
use super::{Stage, day, member};

/// In the order of the list.
pub const CAST: &[CastMember] = &[
    member("education-lead", "Edith Educatson", "Education lead of NECLES"),
    member("host-hospital", "Horace Hostley", "Host's educator: a hospital trust"),
    member("host-practice", "Hope Hostwell", "Host's educator: a general practice"),
    member("host-quality", "Hattie Hostbury", "Host's educator: a made-up hospital"),
    member("supervisor", "Suri Supervison", "Supervisor at a hospital trust"),
    member("college", "Colette Collegeham", "Curriculum owner: a college"),
    member("university", "Uma Universon", "Curriculum owner: a university"),
    member("regulator", "Reggie Regulatson", "Regulator"),
    member("region-second", "Rowena Regionford", "Region: NHS London, second officer"),
    member("trainee-1", "Ada Traineley", "Trainee: cardiology"),
    member("trainee-2", "Ada Learnwell", "Trainee: general practice"),
    member("trainee-3", "Ada Rotaford", "Trainee: midwifery"),
    member("trainee-4", "Ada Studyham", "Trainee: ophthalmology"),
];

/// The hosts that have people of their own here: a trust, and the practice of a district.
pub(super) const HOSPITAL: &str = "R1H";
pub(super) const PRACTICE: &str = "E1";

/// How many trainees have an account: `trainee-1` and on.
pub(super) const WITH_ACCOUNT: usize = 12;

pub(super) async fn live_until(stage: &Stage<'_>, period: Period) -> Result<(), Problem> {
    if period != Period::Founding {
        return Ok(());
    }
    let cluster = stage.cluster.id.0;
    let mut unit = stage.begin("office", day("2010-01-28")).await?;
    let hospital = hosts::host(&unit, HOSPITAL).await?.id;
    let practice = hosts::host(&unit, PRACTICE).await?.id;
    let made_up = stage.cluster.partners.iter().find(|one| one.organisation.name == demonstration::hospital(1));
    let made_up = made_up.map_or(hospital, |one| one.organisation.id);
    let college = owner(&unit, PHYSICIANS).await?;
    let university = owner(&unit, UNIVERSITY).await?;
    let of = |body: OrganisationId| Scope::Organisation(body.0);
    let region = stage.cluster.region.map_or(Scope::Installation, Scope::Region);
    let parts = [
        ("education-lead", Role::EducationLead, Scope::Cluster(cluster), Some(cluster), None),
        ("host-hospital", Role::HostEducator, of(hospital), Some(cluster), Some(hospital)),
        ("host-practice", Role::HostEducator, of(practice), Some(cluster), Some(practice)),
        ("host-quality", Role::HostEducator, of(made_up), Some(cluster), Some(made_up)),
        ("supervisor", Role::Supervisor, of(hospital), Some(cluster), Some(hospital)),
        ("college", Role::CurriculumOwner, of(college), None, Some(college)),
        ("university", Role::CurriculumOwner, of(university), None, Some(university)),
        ("regulator", Role::Regulator, region, None, None),
        // Money comes back by two people of the region.
        ("region-second", Role::RegionOfficer, region, None, None),
    ];
    for (slug, role, scope, within, employer) in parts {
        let name = CAST.iter().find(|one| one.slug == slug).map_or(slug, |one| one.name);
        let person = add(&mut unit, slug, name, employer).await?;
        grants::give(&mut unit, person, role, scope, within).await?;
    }
    for nth in 1..=WITH_ACCOUNT {
        let person = add(&mut unit, &slug(nth), &super::trainees::name(nth - 1), None).await?;
        grants::give(&mut unit, person, Role::Trainee, Scope::Cluster(cluster), Some(cluster)).await?;
    }
    unit.commit().await?;
    Ok(())
}

/// `trainee-1`
pub(super) fn slug(nth: usize) -> String {
    format!("trainee-{nth}")
}

async fn add(
    unit: &mut hiec_store::Unit,
    slug: &str,
    name: &str,
    employer: Option<OrganisationId>,
) -> Result<PersonId, Problem> {
    let person = Person {
        id: PersonId(unit.new_id()),
        name: name.to_owned(),
        email: format!("{slug}@demo.example"),
        employer,
        is_illustrative: true,
    };
    people::add(unit, &person, None).await?;
    Ok(person.id)
}

/// An owner of curricula by its name.
pub(super) async fn owner(reads: &impl Reads, name: &str) -> Result<OrganisationId, Problem> {
    let found = organisations::by_names(reads, &[name.to_owned()]).await?;
    found.first().map(|one| one.id).ok_or_else(|| Problem::internal(format!("{name} is not registered")))
}
