//! The measures of the clusters and their figures in the demonstration, through the same actions as the pages; what is made up is marked illustrative.

use std::collections::BTreeMap;

use chrono::{Months, NaiveDate};
use hiec_access::people;
use hiec_contracts::demonstration::{EMERGENCY, HOSPITALS, NECLES, PRACTICES, Period, hospital, practice};
use hiec_contracts::{ClusterSeen, ClustersPort};
use hiec_kernel::clock::{FixedClock, Timestamp, from_london, london_date};
use hiec_kernel::people::Actor;
use hiec_kernel::{OrganisationId, Problem};
use hiec_web::AppState;

use super::made_up::{self, Figure};
use crate::measures::defining;
use crate::measures::entering::{self, Batch, Coming, Incoming};
use crate::measures::events::{self, Event};
use crate::measures::periods::PeriodKind;
use crate::measures::rules::{Aim, ChartKind, Definition, MeasureKind, SmallNumbers};
use crate::measures::sight::Level;
use crate::measures::states::Decision;
use crate::measures::store::{self, Measure};

/// Lives what happens between the period before and this one.
pub(super) async fn live_until(state: &AppState, clock: &FixedClock, period: Period) -> Result<(), Problem> {
    match period {
        Period::Founding => Ok(()),
        Period::FirstYear => {
            define_necles(state, clock).await?;
            send_necles(state, clock, "2010-10-12 09:00", true).await
        }
        Period::AnnualMeeting => {
            note_case_review(state, clock).await?;
            send_necles(state, clock, "2011-02-24 09:00", false).await
        }
        Period::SecondYear => send_necles(state, clock, "2011-07-08 09:00", false).await,
        Period::Closing => send_necles(state, clock, "2011-12-01 09:00", false).await,
        Period::Emergency => emergency(state, clock).await,
    }
}

fn moment(typed: &str) -> Result<Timestamp, Problem> {
    from_london(typed).map_err(Problem::internal)
}

fn day(year: i32, month: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, 1).unwrap_or_default()
}

/// A cluster by its key; nothing where the demonstration has not founded it.
async fn cluster(state: &AppState, key: &str) -> Result<Option<ClusterSeen>, Problem> {
    Ok(state.service::<ClustersPort>()?.0.by_key(&state.database(), key).await?)
}

/// One of the demonstration's people; the program itself where they are absent.
async fn actor(state: &AppState, slug: &str) -> Result<Actor, Problem> {
    let person = people::by_email(&state.database(), &format!("{slug}@demo.example")).await?;
    Ok(person.map_or_else(|| Actor::System(format!("demonstration: {slug}")), |person| Actor::Person(person.id)))
}

/// A definition with what most of the demonstration's share.
fn definition(title: &str, kind: MeasureKind, aim: Aim) -> Definition {
    Definition {
        title: title.into(),
        numerator: String::new(),
        denominator: String::new(),
        kind,
        per: 1,
        unit: String::new(),
        aim,
        chart: ChartKind::Control,
        target: None,
        period: PeriodKind::Month,
        owner: String::new(),
        source: String::new(),
        small_numbers: SmallNumbers::Hospital,
        sharing_terms: String::new(),
        sharing: Level::Named,
        is_public: false,
        review_on: day(2011, 4),
        due_days: 45,
        last_period: None,
    }
}

const AUDIT: &str = "Audit of non-invasive ventilation at seven hospitals. The totals are as published (138 patients, 48% within three \
     hours, 101 minutes to medical review, 49 from decision to mask); months and hospitals are made up to fit them: illustrative.";

fn niv_definitions() -> [(&'static str, Definition); 3] {
    let sharing = "The seven hospitals of the audit see each other's figures by name.";
    [
        (
            "niv-three-hours",
            Definition {
                numerator: "Patients on non-invasive ventilation within three hours of arrival".into(),
                denominator: "Patients treated with non-invasive ventilation for COPD".into(),
                owner: "COPD pathway".into(),
                last_period: Some(day(2011, 3)),
                source: AUDIT.into(),
                sharing_terms: sharing.into(),
                ..definition("On non-invasive ventilation within three hours", MeasureKind::Proportion, Aim::Up)
            },
        ),
        (
            "niv-medical-review",
            Definition {
                numerator: "Minutes lost waiting for medical review, over all patients".into(),
                denominator: "Patients treated with non-invasive ventilation for COPD".into(),
                unit: "minutes".into(),
                owner: "COPD pathway".into(),
                last_period: Some(day(2011, 3)),
                source: AUDIT.into(),
                sharing_terms: sharing.into(),
                ..definition("Minutes lost to medical review", MeasureKind::Average, Aim::Down)
            },
        ),
        (
            "niv-decision-to-mask",
            Definition {
                numerator: "Minutes from the decision to ventilate to the mask, over all patients".into(),
                denominator: "Patients treated with non-invasive ventilation for COPD".into(),
                unit: "minutes".into(),
                owner: "COPD pathway".into(),
                last_period: Some(day(2011, 3)),
                source: AUDIT.into(),
                sharing_terms: sharing.into(),
                ..definition("Minutes from decision to mask", MeasureKind::Average, Aim::Down)
            },
        ),
    ]
}

fn other_definitions() -> [(&'static str, Definition); 2] {
    [
        (
            "c-sections",
            Definition {
                numerator: "Births by caesarean section".into(),
                denominator: "Births".into(),
                owner: "Maternity community of practice".into(),
                source: "Maternity units of the community of practice, first six and then twelve; that one of them came down by a \
                         tenth is published, all figures are made up: illustrative."
                    .into(),
                sharing_terms: "Each unit chooses. Most show their name; nobody is ranked.".into(),
                sharing: Level::Named,
                ..definition("Births by caesarean section", MeasureKind::Proportion, Aim::Down)
            },
        ),
        (
            "country-of-birth",
            Definition {
                numerator: "Newly registered patients whose country of birth is recorded".into(),
                denominator: "Newly registered patients".into(),
                owner: "Migrant health pathway".into(),
                source: "80 general practices, as many as came to the first workshop; all figures are made up: illustrative.".into(),
                sharing_terms: "Practices see each other under codes.".into(),
                sharing: Level::Coded,
                target: Some(80.0),
                ..definition("Country of birth recorded", MeasureKind::Proportion, Aim::Up)
            },
        ),
    ]
}

async fn define_necles(state: &AppState, clock: &FixedClock) -> Result<(), Problem> {
    let Some(necles) = cluster(state, NECLES).await? else { return Ok(()) };
    clock.set(moment("2010-04-12 10:00")?);
    for (key, definition) in niv_definitions() {
        put_in_force(state, clock, &necles, ("facilitator", "director"), key, definition, true).await?;
    }
    clock.set(moment("2010-06-14 10:00")?);
    for (key, definition) in other_definitions() {
        put_in_force(state, clock, &necles, ("facilitator-two", "director"), key, definition, true).await?;
    }
    Ok(())
}

/// One proposes, another decides the day after.
async fn put_in_force(
    state: &AppState,
    clock: &FixedClock,
    cluster: &ClusterSeen,
    (by, decider): (&str, &str),
    key: &str,
    definition: Definition,
    is_illustrative: bool,
) -> Result<(), Problem> {
    let proposed_at = hiec_kernel::Clock::now(clock);
    let mut unit = state.begin(actor(state, by).await?).await?;
    let why = "Agreed by the pathway's group";
    let measure = defining::propose_new(&mut unit, cluster, key, definition, why, is_illustrative).await?;
    unit.commit().await?;
    clock.set(proposed_at + chrono::Duration::hours(23));
    let mut unit = state.begin(actor(state, decider).await?).await?;
    defining::decide(&mut unit, &measure, 1, Decision::PutInForce, "").await?;
    unit.commit().await?;
    clock.set(proposed_at);
    Ok(())
}

/// The hospital of the maternity community whose rate came down, and since when it looked at each case every day.
const REVIEWING: usize = 3;

async fn note_case_review(state: &AppState, clock: &FixedClock) -> Result<(), Problem> {
    let Some(necles) = cluster(state, NECLES).await? else { return Ok(()) };
    let Some(measure) = store::by_key(&state.database(), necles.id, "c-sections").await? else { return Ok(()) };
    let sites = sites(&necles, (1..=HOSPITALS).map(hospital));
    clock.set(moment("2010-11-08 10:00")?);
    let mut unit = state.begin(actor(state, "facilitator-two").await?).await?;
    let event = Event {
        cluster: necles.id,
        site: sites.get(REVIEWING - 1).copied(),
        measure: Some(measure.id),
        on: day(2010, 11),
        label: "Daily case review begins".into(),
        link: None,
    };
    events::add(&mut unit, &event).await?;
    unit.commit().await?;
    Ok(())
}

/// Sites by name, in the order of the names; what is no partner is left out.
fn sites(cluster: &ClusterSeen, names: impl Iterator<Item = String>) -> Vec<OrganisationId> {
    let by_name: BTreeMap<&str, OrganisationId> =
        cluster.partners.iter().map(|partner| (partner.organisation.name.as_str(), partner.organisation.id)).collect();
    names.filter_map(|name| by_name.get(name.as_str()).copied()).collect()
}

/// Everything of NECLES that has come by this moment. What was sent before is sent again and changes nothing, but for one figure that
/// was wrong at first.
async fn send_necles(state: &AppState, clock: &FixedClock, when: &str, is_first: bool) -> Result<(), Problem> {
    let Some(necles) = cluster(state, NECLES).await? else { return Ok(()) };
    clock.set(moment(when)?);
    let today = london_date(hiec_kernel::Clock::now(clock));
    let hospitals = sites(&necles, (1..=HOSPITALS).map(hospital));
    let practices = sites(&necles, (1..=PRACTICES).map(practice));
    let all = [
        ("niv-three-hours", "niv-audit.csv", &hospitals, made_up::niv_within_three_hours()),
        ("niv-medical-review", "niv-audit.csv", &hospitals, made_up::niv_medical_review()),
        ("niv-decision-to-mask", "niv-audit.csv", &hospitals, made_up::niv_decision_to_mask()),
        ("c-sections", "maternity.xlsx", &hospitals, made_up::caesareans(REVIEWING, is_first)),
        ("country-of-birth", "country-of-birth.csv", &practices, made_up::country_of_birth()),
    ];
    for (key, source, sites, figures) in all {
        let slug = if key.starts_with("niv") { "facilitator" } else { "facilitator-two" };
        let Some(measure) = store::by_key(&state.database(), necles.id, key).await? else { continue };
        let reason = "Hospital 05 had left out the births of its birth centre";
        let by = actor(state, slug).await?;
        send(state, &necles, by, &measure, sites.clone(), &figures, (source, reason), today).await?;
    }
    Ok(())
}

#[expect(clippy::too_many_arguments, reason = "one sending, spelled out")]
async fn send(
    state: &AppState,
    cluster: &ClusterSeen,
    by: Actor,
    measure: &Measure,
    sites: Vec<OrganisationId>,
    figures: &[Figure],
    (source, reason): (&str, &str),
    today: NaiveDate,
) -> Result<(), Problem> {
    let period = measure.definition.period;
    let values = (1_u32..)
        .zip(figures)
        .filter(|(_, figure)| usize::try_from(figure.site).is_ok_and(|site| site < sites.len()))
        // What has come by now: a fortnight after the end of the period.
        .filter(|(_, figure)| period.next(figure.period) + chrono::Days::new(14) <= today)
        .map(|(line, figure)| Incoming {
            measure: 0,
            site: figure.site,
            period: figure.period,
            numerator: figure.numerator,
            denominator: figure.denominator,
            is_removed: false,
            line,
        })
        .collect();
    let batch = Batch { measures: vec![measure.clone()], sites, values };
    let mut unit = state.begin(by).await?;
    let entry = store::next_entry(&unit, cluster.id).await?;
    let plan = entering::plan(&unit, batch, today).await?;
    let coming =
        Coming { kind: "file", source: source.into(), sha256: None, reason: reason.into(), is_confirmed: true };
    entering::carry_out(&mut unit, cluster.id, entry, plan, coming).await?;
    unit.commit().await?;
    Ok(())
}

/// The published attendances at emergency departments, April 2016 to March 2019.
const ATTENDANCES: &str = include_str!("../../data/ae_attendances.csv");

const OPEN_DATA: &str = "NHS England, statistical work areas: A&E attendances, April 2016 to March 2019. Contains public sector \
     information licensed under the Open Government Licence v3.0.";

async fn emergency(state: &AppState, clock: &FixedClock) -> Result<(), Problem> {
    let Some(departments) = cluster(state, EMERGENCY).await? else { return Ok(()) };
    clock.set(moment("2019-04-12 10:00")?);
    let published = |definition: Definition| Definition {
        owner: "NHS England".into(),
        source: OPEN_DATA.into(),
        small_numbers: SmallNumbers::Unsuppressed,
        sharing_terms: "Published by NHS England: everybody sees every trust by name.".into(),
        is_public: true,
        review_on: day(2020, 4),
        ..definition
    };
    let four_hours = published(Definition {
        numerator: "Attendances that ended within four hours".into(),
        denominator: "Attendances of all types".into(),
        target: Some(95.0),
        ..definition("Four-hour performance", MeasureKind::Proportion, Aim::Up)
    });
    let attendances = published(Definition {
        numerator: "Attendances of all types".into(),
        unit: "attendances".into(),
        ..definition("A&E attendances", MeasureKind::Count, Aim::Neither)
    });
    let by = ("published figures", "ed-director");
    put_in_force(state, clock, &departments, by, "four-hour-performance", four_hours, false).await?;
    put_in_force(state, clock, &departments, by, "attendances", attendances, false).await?;
    clock.set(moment("2019-04-14 10:00")?);
    let (codes, months) = read_attendances();
    let by_code: BTreeMap<&str, OrganisationId> = departments
        .partners
        .iter()
        .filter_map(|partner| Some((partner.organisation.ods_code.as_deref()?, partner.organisation.id)))
        .collect();
    let known: Vec<(u32, OrganisationId)> =
        (0_u32..).zip(&codes).filter_map(|(place, code)| Some((place, *by_code.get(code.as_str())?))).collect();
    let places: BTreeMap<u32, u32> = (0_u32..).zip(&known).map(|(new, (old, _))| (*old, new)).collect();
    let sites: Vec<OrganisationId> = known.iter().map(|(_, site)| *site).collect();
    let figures = |of: fn(&Month) -> (f64, Option<f64>)| -> Vec<Figure> {
        months
            .iter()
            .filter_map(|month| {
                let (numerator, denominator) = of(month);
                Some(Figure { site: *places.get(&month.site)?, period: month.period, numerator, denominator })
            })
            .collect()
    };
    let within = figures(|month| (month.attendances - month.breaches, Some(month.attendances)));
    let counts = figures(|month| (month.attendances, None));
    let today = day(2019, 4) + chrono::Days::new(13) + Months::new(1);
    for (key, figures) in [("four-hour-performance", within), ("attendances", counts)] {
        let Some(measure) = store::by_key(&state.database(), departments.id, key).await? else { continue };
        let by = actor(state, "ed-director").await?;
        let from = ("ae_attendances.csv", "");
        send(state, &departments, by, &measure, sites.clone(), &figures, from, today).await?;
    }
    Ok(())
}

/// A trust's month, all types of department together.
struct Month {
    site: u32,
    period: NaiveDate,
    attendances: f64,
    breaches: f64,
}

/// The trusts' codes, and their months.
fn read_attendances() -> (Vec<String>, Vec<Month>) {
    let mut sums: BTreeMap<(String, NaiveDate), (f64, f64)> = BTreeMap::new();
    let mut lines = csv::Reader::from_reader(ATTENDANCES.as_bytes());
    for record in lines.records().filter_map(Result::ok) {
        let cell = |place: usize| record.get(place).unwrap_or_default();
        let Ok(period) = cell(0).parse::<NaiveDate>() else { continue };
        let number = |place: usize| cell(place).parse::<f64>().unwrap_or(0.0);
        let sum = sums.entry((cell(1).to_owned(), period)).or_default();
        sum.0 += number(3);
        sum.1 += number(4);
    }
    let mut codes: Vec<String> = Vec::new();
    let mut months = Vec::with_capacity(sums.len());
    for ((code, period), (attendances, breaches)) in sums {
        if codes.last() != Some(&code) {
            codes.push(code);
        }
        let site = u32::try_from(codes.len()).unwrap_or(1) - 1;
        months.push(Month { site, period, attendances, breaches });
    }
    (codes, months)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_attendances_are_read_whole() {
        let (codes, months) = read_attendances();
        assert_eq!(codes.len(), 274);
        assert_eq!(codes.iter().collect::<std::collections::BTreeSet<_>>().len(), codes.len());
        let attendances: f64 = months.iter().map(|month| month.attendances).sum();
        assert!(attendances > 50_000_000.0, "{attendances}");
        assert!(months.iter().all(|month| month.breaches <= month.attendances));
    }
}
