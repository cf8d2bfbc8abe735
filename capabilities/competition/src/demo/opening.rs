//! Before the first day: the register of organisations, the cast with its roles, and the call as published.

use std::collections::BTreeMap;

use hiec_access::{grants, people};
use hiec_kernel::organisations::{Function, Organisation, Sector, Setting};
use hiec_kernel::people::{Actor, Person};
use hiec_kernel::{OrganisationId, PersonId, Problem, Scope};
use hiec_store::{Unit, organisations};
use uuid::Uuid;

use super::Play;
use super::cast::{CAST, Seat, email};
use crate::calls::amendments::{CallState, Draft};
use crate::calls::design::CallDesign;
use crate::calls::facts;
use crate::calls::store as calls;
use crate::programmes::store as programmes;

/// Fills the empty database and publishes the call on 7 May 2009.
pub(super) async fn prepare(play: &Play, design: &CallDesign) -> Result<(), Problem> {
    let mut unit = play.database.begin(Actor::System("demonstration".into()), &play.clock).await?;
    let round = facts::round_2009().map_err(Problem::internal)?;
    let programme = programmes::insert(&unit, &design.programme, &design.funder).await?;
    let mut regions = BTreeMap::new();
    for fact in &round.regions {
        let commissioner = commissioner(&unit, &fact.code, &fact.name);
        organisations::add(&unit, &commissioner).await?;
        let region = organisations::Region {
            id: unit.new_id(),
            code: fact.code.clone(),
            name: fact.name.clone(),
            website: Some(fact.website.clone()),
            organisation_id: Some(commissioner.id.0),
        };
        organisations::add_region(&unit, &region).await?;
        regions.insert(fact.code.clone(), region.id);
        for provider in providers(&unit, &fact.code, &fact.name) {
            organisations::add(&unit, &provider).await?;
        }
    }
    for winner in &round.winners {
        let principal = principal(&unit, &winner.principal_partner, &winner.region);
        if organisations::search(&unit, &principal.name, 1).await?.iter().all(|known| known.name != principal.name) {
            organisations::add(&unit, &principal).await?;
        }
    }
    let call = calls::insert(&unit, programme, &CallState::Draft(Draft { design: design.clone() })).await?;
    seat_the_cast(&mut unit, programme, call.0, &regions).await?;
    unit.commit().await?;
    publish(play).await
}

async fn publish(play: &Play) -> Result<(), Problem> {
    play.at("2009-05-07 09:00")?;
    let call = play.call().await?;
    let (mut unit, officer) = play.by("office").await?;
    crate::calls::publication::publish(&mut unit, &call, &officer).await?;
    unit.commit().await?;
    Ok(())
}

async fn seat_the_cast(
    unit: &mut Unit,
    programme: Uuid,
    call: Uuid,
    regions: &BTreeMap<String, Uuid>,
) -> Result<(), Problem> {
    for member in CAST {
        let employer = match member.employer {
            Some(name) => organisations::search(unit, name, 1).await?.first().map(|found| found.id),
            None => None,
        };
        let person = Person {
            id: PersonId(unit.new_id()),
            name: member.name.to_owned(),
            email: email(member.slug),
            employer,
            is_illustrative: true,
        };
        people::add(unit, &person, None).await?;
        let (scope, within) = match member.seat {
            Seat::Installation => (Scope::Installation, None),
            Seat::Programme => (Scope::Programme(programme), None),
            Seat::Call => (Scope::Call(call), Some(call)),
            Seat::Region(code) => match regions.get(code) {
                Some(region) => (Scope::Region(*region), None),
                None => continue,
            },
            // Bidders get their roles when they form a partnership or join one.
            Seat::Organisation => continue,
        };
        grants::give(unit, person.id, member.role, scope, within).await?;
    }
    Ok(())
}

/// The strategic health authority: a real body of the time, which commissions education.
fn commissioner(unit: &Unit, code: &str, name: &str) -> Organisation {
    Organisation {
        id: OrganisationId(unit.new_id()),
        ods_code: None,
        name: name.to_owned(),
        sector: Sector::Nhs,
        settings: vec![],
        functions: vec![Function::CommissionsEducation],
        region: Some(code.to_owned()),
        postcode: None,
        is_illustrative: false,
    }
}

/// A principal partner as the announcement names it: university or NHS body by its name, which is all the sources give.
fn principal(unit: &Unit, name: &str, region: &str) -> Organisation {
    let is_university = name.contains("University") && !name.contains("NHS") || name.contains("College");
    let is_care = name.contains("NHS") || name.contains("PCT");
    let (sector, settings, functions) = if is_university {
        (Sector::HigherEducation, vec![], vec![Function::ProvidesEducation])
    } else if is_care {
        let setting = if name.contains("Mental Health") {
            Setting::MentalHealth
        } else if name.contains("PCT") {
            Setting::Primary
        } else {
            Setting::Secondary
        };
        (Sector::Nhs, vec![setting], vec![Function::ProvidesCare, Function::ProvidesEducation])
    } else {
        (Sector::OtherPublic, vec![], vec![])
    };
    Organisation {
        id: OrganisationId(unit.new_id()),
        ods_code: None,
        name: name.to_owned(),
        sector,
        settings,
        functions,
        region: Some(region.to_owned()),
        postcode: None,
        is_illustrative: false,
    }
}

/// Made-up partners of each kind for one region, so that partnerships can be complete.
fn providers(unit: &Unit, code: &str, region: &str) -> Vec<Organisation> {
    let place = region.trim_start_matches("NHS ");
    let care = |name: &str, settings: &[Setting]| {
        let functions = vec![Function::ProvidesCare, Function::ProvidesEducation];
        (format!("Illustrative {name} ({place})"), Sector::Nhs, settings.to_vec(), functions)
    };
    let other = |name: &str, sector: Sector, functions: Vec<Function>| {
        (format!("Illustrative {name} ({place})"), sector, vec![], functions)
    };
    let deanery = other("Postgraduate Deanery", Sector::Nhs, vec![Function::CommissionsEducation]);
    [
        care("Acute Hospitals NHS Trust", &[Setting::Secondary]),
        care("Specialist Hospital NHS Foundation Trust", &[Setting::Secondary, Setting::Tertiary]),
        care("Primary Care Alliance", &[Setting::Primary]),
        care("Community Health NHS Trust", &[Setting::Community]),
        care("Mental Health NHS Trust", &[Setting::MentalHealth]),
        other("University", Sector::HigherEducation, vec![Function::ProvidesEducation]),
        other("Devices Ltd", Sector::Industry, vec![]),
        other("Patients' Voice", Sector::ThirdSector, vec![]),
        deanery,
    ]
    .into_iter()
    .map(|(name, sector, settings, functions)| Organisation {
        id: OrganisationId(unit.new_id()),
        ods_code: None,
        name,
        sector,
        settings,
        functions,
        region: Some(code.to_owned()),
        postcode: None,
        is_illustrative: true,
    })
    .collect()
}
