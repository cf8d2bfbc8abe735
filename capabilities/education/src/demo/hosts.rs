//! Real trusts and practices come into the register, as the list of the NHS names them; where they lie is roughly so, for distances alone.

use std::collections::BTreeSet;

use hiec_contracts::demonstration::{self, Period};
use hiec_files::ods::{self, OdsOrganisation};
use hiec_files::table::Limits;
use hiec_kernel::organisations::{Function, Organisation, Sector};
use hiec_kernel::{OrganisationId, Problem};
use hiec_store::{AuditEvent, Reads, Stream, organisations};
use serde::Serialize;

use super::{Stage, day};
use crate::words::Place;

const TRUSTS: &[u8] = include_bytes!("../../data/ods-trusts.csv");
const PRACTICES: &[u8] = include_bytes!("../../data/ods-gp-practices.csv");

/// The made-up owners of curricula: name, what kind of body, what it does.
pub(super) const OWNERS: [(&str, Sector, Function); 4] = [
    (PHYSICIANS, Sector::ThirdSector, Function::SetsStandards),
    (GENERAL_PRACTICE, Sector::ThirdSector, Function::SetsStandards),
    (EYES, Sector::ThirdSector, Function::SetsStandards),
    (UNIVERSITY, Sector::HigherEducation, Function::ProvidesEducation),
];
pub(super) const PHYSICIANS: &str = "Illustrative College of Physicians";
pub(super) const GENERAL_PRACTICE: &str = "Illustrative College of General Practice";
pub(super) const EYES: &str = "Illustrative College of Ophthalmology";
pub(super) const UNIVERSITY: &str = "Illustrative University of Health";

/// Code, site, and where it lies in millionths of a degree north and east, roughly.
const SITES: [(&str, &str, i64, i64); 16] = [
    ("R1H", "Whitechapel", 51_518_000, -59_000),
    ("RQX", "Homerton", 51_550_000, -44_000),
    ("RF4", "Romford", 51_569_000, 179_000),
    ("RKE", "Archway", 51_566_000, -139_000),
    ("RRV", "Euston Road", 51_525_000, -136_000),
    ("RAL", "Hampstead", 51_553_000, -165_000),
    ("RAP", "Edmonton", 51_613_000, -74_000),
    ("RP6", "City Road", 51_527_000, -89_000),
    ("RP4", "Bloomsbury", 51_522_000, -120_000),
    ("RAJ", "Southend", 51_554_000, 688_000),
    ("RDE", "Colchester", 51_910_000, 899_000),
    ("RQW", "Harlow", 51_771_000, 87_000),
    ("RWK", "Mile End", 51_524_000, -42_000),
    ("RAT", "Goodmayes", 51_563_000, 113_000),
    ("RRP", "Tottenham", 51_584_000, -82_000),
    ("RYX", "Marylebone", 51_521_000, -166_000),
];

/// The district of a postcode and its middle, roughly.
const DISTRICTS: [(&str, i64, i64); 14] = [
    ("E1", 51_517_000, -58_000),
    ("E7", 51_546_000, 27_000),
    ("E13", 51_528_000, 25_000),
    ("E14", 51_507_000, -21_000),
    ("E17", 51_585_000, -20_000),
    ("N1", 51_538_000, -99_000),
    ("N7", 51_555_000, -119_000),
    ("N15", 51_583_000, -80_000),
    ("N16", 51_562_000, -76_000),
    ("IG11", 51_536_000, 82_000),
    ("RM3", 51_605_000, 221_000),
    ("SS7", 51_557_000, 578_000),
    ("CM1", 51_738_000, 466_000),
    ("CO15", 51_790_000, 1_150_000),
];

/// The lists of organisations were read into the register.
#[derive(Serialize)]
struct ListsRead {
    added: usize,
    source: &'static str,
}

impl AuditEvent for ListsRead {
    const KIND: &'static str = "organisations.imported";
}

/// Where a host is: the organisation, what its site is called, where it lies.
#[derive(Clone, Debug)]
pub(super) struct Host {
    pub id: OrganisationId,
    pub site: String,
    pub place: Option<Place>,
}

pub(super) async fn live_until(stage: &Stage<'_>, period: Period) -> Result<(), Problem> {
    if period != Period::Founding {
        return Ok(());
    }
    let mut unit = stage.begin("demonstration", day("2010-01-28")).await?;
    let listed = listed()?;
    let codes: Vec<String> = listed.iter().map(|one| one.ods_code.clone()).collect();
    let known: BTreeSet<String> =
        organisations::by_ods_codes(&unit, &codes).await?.into_iter().filter_map(|one| one.ods_code).collect();
    let mut added = 0;
    for one in listed.into_iter().filter(|one| !known.contains(&one.ods_code)) {
        let id = OrganisationId(unit.new_id());
        organisations::add(&unit, &one.into_organisation(id)).await?;
        added += 1;
    }
    for (name, sector, function) in OWNERS {
        let owner = Organisation {
            id: OrganisationId(unit.new_id()),
            ods_code: None,
            name: name.to_owned(),
            sector,
            settings: Vec::new(),
            functions: vec![function],
            region: Some("LON".to_owned()),
            postcode: None,
            is_illustrative: true,
        };
        organisations::add(&unit, &owner).await?;
    }
    let event = ListsRead { added, source: ods::CREDIT };
    unit.audit(Stream::installation(), "register:organisations", &event)?;
    unit.commit().await?;
    Ok(())
}

fn listed() -> Result<Vec<OdsOrganisation>, Problem> {
    let mut all = Vec::new();
    for (name, bytes) in [("ods-trusts.csv", TRUSTS), ("ods-gp-practices.csv", PRACTICES)] {
        let parsed = ods::read(name, bytes, &Limits::default())?;
        all.extend(parsed.rows.into_iter().map(|row| row.record));
    }
    Ok(all)
}

/// A host, or a made-up hospital by its number (`H3`): nothing where the cluster has none, as in tests.
pub(super) async fn host_or_made_up(reads: &impl Reads, named: &str) -> Result<Option<Host>, Problem> {
    let Some(nth) = named.strip_prefix('H').and_then(|nth| nth.parse().ok()) else {
        return Ok(Some(host(reads, named).await?));
    };
    let found = organisations::by_names(reads, &[demonstration::hospital(nth)]).await?;
    Ok(found.into_iter().next().map(|one| Host { id: one.id, site: "Main site".to_owned(), place: None }))
}

/// A trust by its code (`R1H`), or the practice of the lowest code in a district (`E17`).
pub(super) async fn host(reads: &impl Reads, named: &str) -> Result<Host, Problem> {
    let at = |latitude, longitude| Some(Place { latitude, longitude });
    let unknown = || Problem::internal(format!("no host {named} in the demonstration"));
    let (code, site, place) = match SITES.iter().find(|(code, ..)| *code == named) {
        Some((code, site, latitude, longitude)) => ((*code).to_owned(), Some(*site), at(*latitude, *longitude)),
        None => {
            let (_, latitude, longitude) =
                DISTRICTS.iter().find(|(district, ..)| *district == named).ok_or_else(unknown)?;
            (practice_of(named)?.ok_or_else(unknown)?, None, at(*latitude, *longitude))
        }
    };
    let organisation = organisations::by_ods_code(reads, &code).await?.ok_or_else(unknown)?;
    let site = site.map_or_else(|| organisation.name.clone(), str::to_owned);
    Ok(Host { id: organisation.id, site, place })
}

fn practice_of(district: &str) -> Result<Option<String>, Problem> {
    let lies_there = |one: &OdsOrganisation| {
        one.ods_code.len() == 6
            && one.postcode.as_deref().and_then(|postcode| postcode.split(' ').next()) == Some(district)
    };
    Ok(listed()?.into_iter().filter(lies_there).map(|one| one.ods_code).min())
}
