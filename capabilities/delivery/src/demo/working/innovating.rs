//! How three innovations spread over the sites of NECLES. That six units became twelve, that one cut c-sections by ten per cent and that 80 practices came is published; which site did what when is illustrative.

use chrono::{Days, NaiveDate};
use hiec_contracts::demonstration::{HOSPITALS, PRACTICES, Period, hospital, practice};
use hiec_kernel::{OrganisationId, Problem};

use super::{REVIEW, Stage, day};
use crate::innovations::actions::{self, NewInnovation, NewPractice, NewStep};
use crate::innovations::barriers::{Domain, Level};
use crate::innovations::curve::Planned;
use crate::innovations::practices_store::{self, Copy};
use crate::innovations::store::{self, Evidence, Innovation};
use crate::projects::store as projects;

const PACKAGE: &str = "C-section reduction package";
const COUNTRY: &str = "Recording country of birth";
const TRACKING: &str = "Shared tracking of non-invasive ventilation";
const REVIEW_DAILY: &str = "Daily review of c-sections";

pub(super) async fn live_until(stage: &Stage<'_>, period: Period) -> Result<(), Problem> {
    let (from, to) = match period {
        Period::Founding | Period::Emergency => return Ok(()),
        Period::FirstYear => {
            begin(stage).await?;
            ("2010-02-02", "2010-10-14")
        }
        Period::AnnualMeeting => ("2010-10-15", "2011-02-28"),
        Period::SecondYear => ("2011-03-01", "2011-07-11"),
        Period::Closing => ("2011-07-12", "2011-12-04"),
    };
    steps_between(stage, day(from), day(to)).await?;
    match period {
        Period::FirstYear => barriers(stage).await,
        Period::AnnualMeeting => daily_review(stage).await,
        Period::SecondYear => more_units(stage).await,
        Period::Closing => {
            copies(stage, &[(7, "2011-08-15"), (9, "2011-10-03")]).await?;
            audit_published(stage).await
        }
        Period::Founding | Period::Emergency => Ok(()),
    }
}

async fn innovation(stage: &Stage<'_>, name: &str) -> Result<Innovation, Problem> {
    let all = store::of_cluster(&stage.state.database(), stage.cluster.id).await?;
    all.into_iter().find(|one| one.name == name).ok_or_else(Problem::not_found)
}

/// Names an innovation with its evidence, sites and plan.
struct Begun<'a> {
    name: &'a str,
    project: &'a str,
    what: &'a str,
    source: &'a str,
    sustained_after_days: i64,
    on: &'a str,
    evidence: &'a [&'a str],
    sites: Vec<OrganisationId>,
    plan: &'a [(&'a str, u32)],
}

async fn begin(stage: &Stage<'_>) -> Result<(), Problem> {
    let hospitals = stage.sites(hospital, HOSPITALS);
    let first_units: Vec<OrganisationId> = hospitals.iter().copied().take(6).collect();
    let audited: Vec<OrganisationId> = hospitals.iter().copied().take(7).collect();
    let all = [
        Begun {
            name: PACKAGE,
            project: "Maternity Community of Practice",
            what: "What maternity units do to avoid c-sections that are not needed, shared on the web and at quarterly meetings.",
            source: REVIEW,
            sustained_after_days: 180,
            on: "2010-05-10",
            evidence: &["The NHS Institute for Innovation and Improvement funds the work the package comes from"],
            sites: first_units,
            plan: &[("2010-12-31", 6)],
        },
        Begun {
            name: TRACKING,
            project: "Lung Improvement Pilots",
            what: "Each patient with COPD who is put on non-invasive ventilation is noted with five times, and the seven sites see each other's figures.",
            source: REVIEW,
            sustained_after_days: 365,
            on: "2010-06-28",
            evidence: &[],
            sites: audited,
            plan: &[("2010-12-31", 7)],
        },
        Begun {
            name: COUNTRY,
            project: "Country of Birth",
            what: "General practices record where a patient was born, so that diseases common there are thought of and found sooner.",
            source: REVIEW,
            sustained_after_days: 365,
            on: "2010-09-22",
            evidence: &[],
            sites: stage.sites(practice, PRACTICES),
            plan: &[("2010-12-31", 10), ("2011-06-30", 40), ("2012-01-31", 80)],
        },
    ];
    for one in all {
        begin_one(stage, one).await?;
    }
    Ok(())
}

async fn begin_one(stage: &Stage<'_>, begun: Begun<'_>) -> Result<(), Problem> {
    let projects = projects::of_cluster(&stage.state.database(), stage.cluster.id).await?;
    let mut unit = stage.begin("facilitator", day(begun.on)).await?;
    let new = NewInnovation {
        project: projects.iter().find(|project| project.name == begun.project).map(|project| project.id),
        name: begun.name.into(),
        what: begun.what.into(),
        source: begun.source.into(),
        sustained_after_days: begun.sustained_after_days,
        began_on: day(begun.on),
        is_illustrative: false,
    };
    let innovation = actions::name(&mut unit, stage.cluster.id, new).await?;
    for words in begun.evidence {
        let evidence = Evidence { words: (*words).into(), link: String::new(), is_illustrative: false };
        actions::add_evidence(&mut unit, &innovation, &evidence).await?;
    }
    actions::make_eligible(&mut unit, &innovation, &begun.sites, day(begun.on)).await?;
    let targets: Vec<Planned> = begun.plan.iter().map(|(by, sites)| Planned { by: day(by), sites: *sites }).collect();
    actions::plan(&mut unit, &innovation, &targets, "", true).await?;
    Ok(unit.commit().await?)
}

/// One made-up step.
struct Step {
    on: NaiveDate,
    innovation: &'static str,
    site: OrganisationId,
    stage: &'static str,
    evidence: &'static str,
}

/// All steps that are made up, in no order.
fn all_steps(stage: &Stage<'_>) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut say = |innovation, site: OrganisationId, stage, on: NaiveDate, evidence| {
        steps.push(Step { on, innovation, site, stage, evidence });
    };
    let hospitals = stage.sites(hospital, HOSPITALS);
    // The first six units from 2010 on, the other six from 2011.
    let package = [
        ("2010-05-12", "2010-06-21"),
        ("2010-05-12", "2010-07-12"),
        ("2010-06-02", "2010-09-06"),
        ("2010-06-02", "2010-10-04"),
        ("2010-07-07", "2010-11-15"),
        ("2010-07-07", "2010-12-06"),
        ("2011-04-04", "2011-05-16"),
        ("2011-04-04", "2011-06-06"),
        ("2011-04-11", "2011-06-20"),
        ("2011-04-11", "2011-08-01"),
        ("2011-05-03", "2011-09-12"),
        ("2011-05-03", ""),
    ];
    for (nth, (site, (trial, adopted))) in hospitals.iter().zip(package).enumerate() {
        say(PACKAGE, *site, "trial", day(trial), "Notes of the quarterly meeting");
        if !adopted.is_empty() {
            say(PACKAGE, *site, "adopted", day(adopted), "The unit's guideline names the package");
        }
        if nth < 4 {
            say(PACKAGE, *site, "sustained", day(adopted) + Days::new(200), "Visit of the facilitator: still done");
        }
    }
    if let Some(site) = hospitals.get(5) {
        say(
            PACKAGE,
            *site,
            "abandoned",
            day("2011-06-27"),
            "The lead midwife left; the unit told the meeting that it stopped",
        );
    }
    for (site, adopted) in hospitals.iter().zip([
        "2010-07-05",
        "2010-07-05",
        "2010-07-19",
        "2010-08-02",
        "2010-08-16",
        "2010-09-06",
        "2010-10-11",
    ]) {
        say(TRACKING, *site, "adopted", day(adopted), "First proformas came in");
    }
    // Practices as they came, more each month until most had it, by a Bass curve with p = 0.03 and q = 0.45 a month over 72 practices.
    let began = day("2010-09-22");
    for (nth, site) in (0_u32..72).zip(stage.sites(practice, PRACTICES)) {
        let share = (f64::from(nth) + 0.5) / 72.0;
        let months = ((1.0 + 15.0 * share) / (1.0 - share)).ln() / 0.48;
        // Whole days; nobody measures sooner.
        let days = Days::new(f64_days(months * 30.4));
        say(
            COUNTRY,
            site,
            "aware",
            began + Days::new(u64::from(nth % 5)),
            "Came to the first workshop, or asked for its papers",
        );
        say(
            COUNTRY,
            site,
            "adopted",
            began + Days::new(7) + days,
            "The template of the practice's records asks for it",
        );
    }
    steps
}

/// A number of days as whole days, at most ten years.
fn f64_days(days: f64) -> u64 {
    (0..3650_u64).take_while(|whole| f64_of(*whole) < days).last().unwrap_or(0)
}

fn f64_of(whole: u64) -> f64 {
    u32::try_from(whole).map_or(f64::MAX, f64::from)
}

/// Says the made-up steps of these days, each on its day, both days counted.
async fn steps_between(stage: &Stage<'_>, from: NaiveDate, to: NaiveDate) -> Result<(), Problem> {
    let mut steps: Vec<Step> = all_steps(stage).into_iter().filter(|step| from <= step.on && step.on <= to).collect();
    steps.sort_by_key(|step| step.on);
    if steps.iter().any(|step| step.innovation == PACKAGE && step.on >= day("2011-04-01")) {
        more_units_eligible(stage).await?;
    }
    for of_day in steps.chunk_by(|one, other| one.on == other.on) {
        let Some(first) = of_day.first() else { continue };
        let mut unit = stage.begin("facilitator", first.on).await?;
        for step in of_day {
            let innovations = store::of_cluster(&unit, stage.cluster.id).await?;
            let innovation =
                innovations.iter().find(|one| one.name == step.innovation).ok_or_else(Problem::not_found)?;
            let new = NewStep {
                stage: step.stage.into(),
                on: step.on,
                evidence: step.evidence.into(),
                replaces: None,
                is_illustrative: true,
            };
            actions::say_step(&mut unit, innovation, step.site, new).await.map_err(actions::NotSaid::problem)?;
        }
        unit.commit().await?;
    }
    Ok(())
}

/// From April 2011 the other six units are eligible too.
async fn more_units_eligible(stage: &Stage<'_>) -> Result<(), Problem> {
    let package = innovation(stage, PACKAGE).await?;
    let on = day("2011-04-01");
    if store::sites(&stage.state.database(), package.id).await?.len() >= HOSPITALS {
        return Ok(());
    }
    let mut unit = stage.begin("facilitator-two", on).await?;
    actions::make_eligible(&mut unit, &package, &stage.sites(hospital, HOSPITALS), on).await?;
    Ok(unit.commit().await?)
}

/// What the audit of the seven sites found, as published.
async fn audit_published(stage: &Stage<'_>) -> Result<(), Problem> {
    let tracking = innovation(stage, TRACKING).await?;
    let mut unit = stage.begin("facilitator", day("2011-11-07")).await?;
    let evidence = Evidence {
        words: "Audit of 138 patients at seven sites: 48% were on ventilation within three hours; 101 minutes were lost waiting for medical review, 49 from decision to mask; no improvement over the study".into(),
        link: String::new(),
        is_illustrative: false,
    };
    actions::add_evidence(&mut unit, &tracking, &evidence).await?;
    Ok(unit.commit().await?)
}

async fn more_units(stage: &Stage<'_>) -> Result<(), Problem> {
    let package = innovation(stage, PACKAGE).await?;
    let mut unit = stage.begin("facilitator-two", day("2011-07-05")).await?;
    let targets = [Planned { by: day("2011-09-30"), sites: 10 }, Planned { by: day("2012-01-31"), sites: 12 }];
    actions::plan(&mut unit, &package, &targets, "Six more units joined for the same cost.", true).await?;
    unit.commit().await?;
    copies(stage, &[(2, "2011-05-09"), (4, "2011-06-13")]).await
}

/// How hard a domain is, and a note.
type Said = (Domain, Level, &'static str);

async fn barriers(stage: &Stage<'_>) -> Result<(), Problem> {
    let package = innovation(stage, PACKAGE).await?;
    let said: [(usize, &str, &[Said]); 3] = [
        (
            1,
            "2010-09-13",
            &[
                (Domain::Technology, Level::Simple, "A sheet of paper is enough"),
                (Domain::Organisation, Level::Complicated, "Handover is short of time"),
            ],
        ),
        (
            3,
            "2010-09-20",
            &[
                (Domain::Adopters, Level::Complex, "Consultants do not agree on when a c-section is needed"),
                (Domain::Wider, Level::Complicated, "The tariff pays more for a c-section"),
            ],
        ),
        (
            5,
            "2010-10-11",
            &[
                (Domain::Organisation, Level::Complex, "Nobody leads it at weekends"),
                (Domain::Time, Level::Complicated, "It rests on one midwife"),
            ],
        ),
    ];
    let hospitals = stage.sites(hospital, HOSPITALS);
    for (nth, on, lines) in said {
        let Some(site) = hospitals.get(nth) else { continue };
        let mut unit = stage.begin("facilitator-two", day(on)).await?;
        let lines: Vec<(Domain, Level, String)> =
            lines.iter().map(|(domain, level, note)| (*domain, *level, (*note).to_owned())).collect();
        actions::say_barriers(&mut unit, &package, *site, &lines, true).await?;
        unit.commit().await?;
    }
    Ok(())
}

/// The practice the review tells of; how a morning runs there is not published.
async fn daily_review(stage: &Stage<'_>) -> Result<(), Problem> {
    let package = innovation(stage, PACKAGE).await?;
    let mut unit = stage.begin("facilitator-two", day("2011-02-21")).await?;
    let new = NewPractice {
        innovation: Some(package.id),
        title: REVIEW_DAILY.into(),
        where_found: "Basildon and Thurrock".into(),
        what: "The team reviews its c-sections every day, case by case.".into(),
        how: "The review names the practice and not how a morning runs; ask the unit. The community's own small test, on the project's page, took ten minutes at handover.".into(),
        result: "C-sections fell by 10 per cent. Other teams have copied it since.".into(),
        source: REVIEW.into(),
        ..NewPractice::default()
    };
    actions::write_practice(&mut unit, stage.cluster.id, new).await?;
    Ok(unit.commit().await?)
}

/// Hospitals that copied the daily review, counted from 1, and since when; illustrative.
async fn copies(stage: &Stage<'_>, sites: &[(usize, &str)]) -> Result<(), Problem> {
    const TOLD: [(&str, &str); 4] = [
        (
            "Weekdays only, led by the consultant on call",
            "Fewer c-sections at first, back where they were after three months",
        ),
        ("At noon, with the community midwives on the telephone", "Too early to say"),
        ("Twice a week, for the unit is small", "No change that the chart calls more than chance"),
        ("Every day, with notes that parents may read", "The run of months below the mean goes on"),
    ];
    let hospitals = stage.sites(hospital, HOSPITALS);
    for (nth, tried_on) in sites {
        let practices = practices_store::of_cluster(&stage.state.database(), stage.cluster.id).await?;
        let practice = practices.iter().find(|one| one.title == REVIEW_DAILY).ok_or_else(Problem::not_found)?;
        let Some(site) = nth.checked_sub(1).and_then(|at| hospitals.get(at)) else { continue };
        let (adapted, result) = TOLD.get(nth % TOLD.len()).copied().unwrap_or_default();
        let mut unit = stage.begin("facilitator-two", day(tried_on) + Days::new(14)).await?;
        let copy = Copy {
            practice: practice.id,
            site: *site,
            tried_on: day(tried_on),
            adapted: adapted.into(),
            result: result.into(),
            is_illustrative: true,
        };
        actions::copy_practice(&mut unit, stage.cluster.id, &copy).await?;
        unit.commit().await?;
    }
    Ok(())
}
