//! A cluster on real figures: emergency departments of England, 2016 to 2019, each organisation known by its ODS code alone. The network itself and who runs it are made up.

use std::collections::BTreeMap;

use hiec_access::grants;
use hiec_contracts::demonstration::EMERGENCY;
use hiec_kernel::organisations::{Function, Organisation, Sector, Setting};
use hiec_kernel::{OrganisationId, Problem, Role, Scope};
use hiec_principles::Rules;
use hiec_store::organisations;

use super::founding::Play;
use crate::clusters::founding::{Afresh, afresh};
use crate::clusters::store::{ClusterFacts, PartnerRole};
use crate::constitution::store::{self as constitutions, Constitution};
use crate::partners::joining::{Newcomer, join};

/// Every organisation that reported attendances, by ODS code.
const CODES: &str = include_str!("../../data/ae-organisations.csv");

const SOURCE: &str = "NHS England, A&E attendances and emergency admissions, April 2016 to March 2019, as collected in NHSRdatasets \
                      0.3.3. Contains public sector information licensed under the Open Government Licence v3.0. \
                      Organisations are named by their code; the network and its people are illustrative";

/// Founds it with every organisation of the figures.
pub(super) async fn found(play: &Play<'_>) -> Result<(), Problem> {
    play.at("2016-04-01 09:00")?;
    let mut unit = play.by("office").await?;
    let lead = Organisation {
        ods_code: None,
        name: "Illustrative Network of Emergency Departments".to_owned(),
        sector: Sector::OtherPublic,
        settings: Vec::new(),
        is_illustrative: true,
        ..by_code(OrganisationId(unit.new_id()), "")
    };
    organisations::add(&unit, &lead).await?;
    let day = |text: &str| text.parse().map_err(Problem::internal);
    let new = Afresh {
        key: EMERGENCY.to_owned(),
        name: "Emergency departments (real figures)".to_owned(),
        short_name: "Emergency departments".to_owned(),
        region: None,
        programme: None,
        amount: None,
        lead,
        legal_form: String::new(),
        starts_on: day("2016-04-01")?,
        ends_on: day("2019-12-31")?,
        facts: ClusterFacts {
            work_programme: vec!["Patients seen within four hours".to_owned()],
            source: SOURCE.to_owned(),
            ..ClusterFacts::default()
        },
        is_illustrative: false,
    };
    let cluster = afresh(&mut unit, &new).await?;
    // A network for comparison: no call holds it to principles.
    let free = Constitution { rules: Rules::default(), ..constitutions::usual().map_err(Problem::internal)? };
    constitutions::put(&unit, cluster.id, &Constitution { statements: Vec::new(), ..free }).await?;

    let codes: Vec<String> = CODES.lines().skip(1).map(str::to_owned).collect();
    let mut known: BTreeMap<String, Organisation> = organisations::by_ods_codes(&unit, &codes)
        .await?
        .into_iter()
        .filter_map(|one| Some((one.ods_code.clone()?, one)))
        .collect();
    let mut newcomers = Vec::with_capacity(codes.len());
    for code in codes {
        let organisation = match known.remove(&code) {
            Some(organisation) => organisation,
            None => {
                let organisation = by_code(OrganisationId(unit.new_id()), &code);
                organisations::add(&unit, &organisation).await?;
                organisation
            }
        };
        if !organisation.commissions_education() {
            newcomers.push(Newcomer { organisation, role: PartnerRole::Member, professions: Vec::new() });
        }
    }
    join(&mut unit, &cluster, cluster.starts_on, &newcomers).await?;
    unit.commit().await?;

    let director = play.person("ed-director").await?;
    let mut unit = play.by("office").await?;
    let here = Scope::Cluster(cluster.id.0);
    grants::give(&mut unit, director.id, Role::ClusterDirector, here, Some(cluster.id.0)).await?;
    Ok(unit.commit().await?)
}

/// What the figures say of an organisation: its code. Codes of NHS trusts begin with R; of the others no setting is asserted.
fn by_code(id: OrganisationId, code: &str) -> Organisation {
    let settings = if code.starts_with('R') { vec![Setting::Secondary] } else { Vec::new() };
    Organisation {
        id,
        ods_code: Some(code.to_owned()),
        name: format!("Organisation {code} (by its ODS code)"),
        sector: Sector::Nhs,
        settings,
        functions: vec![Function::ProvidesCare],
        region: None,
        postcode: None,
        is_illustrative: false,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_code_of_the_figures_is_there_once() {
        let codes: Vec<&str> = CODES.lines().skip(1).collect();
        assert_eq!(codes.len(), 274);
        assert_eq!(codes.iter().collect::<BTreeSet<_>>().len(), 274);
        assert!(codes.contains(&"RQM") && codes.iter().all(|code| (3..=6).contains(&code.len())));
    }
}
