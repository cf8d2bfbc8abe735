//! The six pathways and nine projects of NECLES as published; days, leads and milestones are made up and marked illustrative.

use hiec_contracts::demonstration::Period;
use hiec_kernel::Problem;

use super::{REVIEW, Stage, day};
use crate::pathways::starting::{self, NewPathway};
use crate::pathways::store::{self as pathways, Category};
use crate::projects::actions::{self, NewCycle, NewProject, StepWords};
use crate::projects::cycles::Decision;
use crate::projects::standing::Status;
use crate::projects::store::{self, Product, Project};

/// Name, category, made-up clinical lead, first day.
type PathwayLine = (&'static str, Category, &'static str, &'static str);

const IN_2010: [PathwayLine; 3] = [
    ("Maternity", Category::Acute, "Mina Midwifely, consultant midwife (illustrative)", "2010-04-01"),
    ("COPD", Category::LongTerm, "Corin Copdley, chest physician (illustrative)", "2010-04-01"),
    ("Migrant health", Category::Prevention, "Moira Migrantson, general practitioner (illustrative)", "2010-06-01"),
];

const IN_2011: [PathwayLine; 3] = [
    (
        "Asthma in children and young people",
        Category::LongTerm,
        "Asa Asthmason, paediatrician (illustrative)",
        "2011-01-10",
    ),
    ("Cardiovascular disease", Category::Prevention, "Carla Cardioley, cardiologist (illustrative)", "2011-01-10"),
    ("Eyes and vision", Category::Acute, "Ivo Irisley, ophthalmologist (illustrative)", "2011-02-01"),
];

/// Pathway, name, what it does, partners, first day.
type ProjectLine = (&'static str, &'static str, &'static str, &'static [&'static str], &'static str);

const FIRST: [ProjectLine; 4] = [
    (
        "COPD",
        "Lung Improvement Pilots",
        "Use of non-invasive ventilation tracked and shared between seven acute sites.",
        &["Seven acute sites of North London and Essex"],
        "2010-04-12",
    ),
    (
        "COPD",
        "COPD PREMs",
        "Patient-reported experience measures for patients with COPD and their carers, developed and then tested.",
        &["Picker Institute Europe", "City University", "British Lung Foundation", "Royal College of Physicians"],
        "2010-05-04",
    ),
    (
        "Maternity",
        "Maternity Community of Practice",
        "Web based, with quarterly meetings, on the c-section reduction package.",
        &["Maternity units of the cluster", "NHS Institute for Innovation and Improvement"],
        "2010-04-19",
    ),
    (
        "Migrant health",
        "Country of Birth",
        "Records country of birth to re-stratify primary-care populations and speed diagnosis. 80 general-practice sites came to the first workshop, across five Olympic boroughs.",
        &["General practices of five Olympic boroughs"],
        "2010-06-14",
    ),
];

const SECOND: [ProjectLine; 3] = [
    (
        "COPD",
        "Year in the Life of COPD",
        "A film and learning project, paid by the Department of Health and matched by the sector.",
        &[
            "UCL",
            "Outer North East London Sector",
            "Anglia Ruskin University",
            "University of East London",
            "UCLPartners",
        ],
        "2010-11-01",
    ),
    (
        "COPD",
        "Finding the Missing Millions with COPD",
        "An event with Novartis on people who have COPD and do not know it.",
        &["Novartis"],
        "2010-11-15",
    ),
    (
        "Maternity",
        "Patient Relationship System",
        "A web solution for pregnant women at low risk: they take control of their pregnancy, book appointments and find educational material; it links general practice and maternity systems.",
        &["UCLPartners", "Microsoft"],
        "2011-01-17",
    ),
];

const THIRD: [ProjectLine; 2] = [
    (
        "Asthma in children and young people",
        "Asthma self-management app",
        "An app for children and young people with asthma, to be launched in November 2011.",
        &["Asthma UK", "Solar System", "NHS London"],
        "2011-03-14",
    ),
    (
        "COPD",
        "Shine scorecards",
        "Across long-term conditions: care-management scorecards for patients and their general practitioners; a bid to the Health Foundation with UCLPartners and NHS Redbridge.",
        &["UCLPartners", "NHS Redbridge", "Health Foundation"],
        "2011-05-09",
    ),
];

pub(super) async fn live_until(stage: &Stage<'_>, period: Period) -> Result<(), Problem> {
    match period {
        Period::Founding | Period::Emergency => Ok(()),
        Period::FirstYear => first_year(stage).await,
        Period::AnnualMeeting => annual_meeting(stage).await,
        Period::SecondYear => second_year(stage).await,
        Period::Closing => closing(stage).await,
    }
}

async fn start_pathways(stage: &Stage<'_>, lines: &[PathwayLine]) -> Result<(), Problem> {
    for (name, category, lead, starts_on) in lines {
        let mut unit = stage.begin("director", day(starts_on)).await?;
        let new = NewPathway {
            name: (*name).into(),
            category: *category,
            lead: (*lead).into(),
            starts_on: day(starts_on),
            source: format!(
                "{REVIEW}; three pathways began in 2010 and three in 2011, which began when is illustrative"
            ),
            is_illustrative: false,
        };
        starting::start(&mut unit, stage.cluster.id, new).await?;
        unit.commit().await?;
    }
    Ok(())
}

async fn start_projects(stage: &Stage<'_>, lines: &[ProjectLine]) -> Result<(), Problem> {
    for (pathway, name, what, partners, starts_on) in lines {
        let mut unit = stage.begin("facilitator", day(starts_on)).await?;
        let known = pathways::of_cluster(&unit, stage.cluster.id).await?;
        let pathway = known.iter().find(|one| one.name == *pathway).ok_or_else(Problem::not_found)?;
        let new = NewProject {
            pathway: pathway.id,
            name: (*name).into(),
            what: (*what).into(),
            partners: partners.iter().map(|partner| (*partner).to_owned()).collect(),
            starts_on: day(starts_on),
            source: format!("{REVIEW}; days are illustrative"),
            is_illustrative: false,
        };
        actions::start(&mut unit, stage.cluster.id, new).await?;
        unit.commit().await?;
    }
    Ok(())
}

async fn project(stage: &Stage<'_>, name: &str) -> Result<Project, Problem> {
    let all = store::of_cluster(&stage.state.database(), stage.cluster.id).await?;
    all.into_iter().find(|project| project.name == name).ok_or_else(Problem::not_found)
}

/// How a project stands; the reason is made up.
async fn stands(stage: &Stage<'_>, name: &str, status: Status, reason: &str, on: &str) -> Result<(), Problem> {
    say(stage, name, (status, reason, true), on).await
}

/// How a project stands, for a published reason; the day is made up.
async fn stands_as_published(
    stage: &Stage<'_>,
    name: &str,
    status: Status,
    reason: &str,
    on: &str,
) -> Result<(), Problem> {
    say(stage, name, (status, reason, false), on).await
}

async fn say(
    stage: &Stage<'_>,
    name: &str,
    (status, reason, is_illustrative): (Status, &str, bool),
    on: &str,
) -> Result<(), Problem> {
    let project = project(stage, name).await?;
    let mut unit = stage.begin("facilitator", day(on)).await?;
    actions::say_standing(&mut unit, &project, status, reason, day(on), is_illustrative).await?;
    Ok(unit.commit().await?)
}

/// Title and day, set on a day; all illustrative.
async fn milestones(stage: &Stage<'_>, name: &str, set_on: &str, lines: &[(&str, &str)]) -> Result<(), Problem> {
    let project = project(stage, name).await?;
    let mut unit = stage.begin("facilitator", day(set_on)).await?;
    for (title, due_on) in lines {
        actions::add_milestone(&mut unit, &project, title, day(due_on), true).await?;
    }
    Ok(unit.commit().await?)
}

async fn reached(stage: &Stage<'_>, name: &str, title: &str, on: &str) -> Result<(), Problem> {
    let project = project(stage, name).await?;
    let mut unit = stage.begin("facilitator", day(on)).await?;
    let all = store::milestones(&unit, project.id).await?;
    let milestone = all.iter().find(|one| one.title == title).ok_or_else(Problem::not_found)?;
    actions::reach_milestone(&mut unit, &project, milestone.id, day(on)).await?;
    Ok(unit.commit().await?)
}

async fn product(stage: &Stage<'_>, name: &str, product: [&str; 3], on: &str) -> Result<(), Problem> {
    let [title, owner, licence] = product;
    let project = project(stage, name).await?;
    let mut unit = stage.begin("facilitator", day(on)).await?;
    let product = Product {
        id: unit.new_id(),
        name: title.into(),
        owner: owner.into(),
        licence: licence.into(),
        link: String::new(),
        is_illustrative: true,
    };
    actions::name_product(&mut unit, &project, product).await?;
    Ok(unit.commit().await?)
}

async fn first_year(stage: &Stage<'_>) -> Result<(), Problem> {
    start_pathways(stage, &IN_2010).await?;
    start_projects(stage, &FIRST).await?;
    let pilots = [
        ("Proforma with five times agreed by seven sites", "2010-06-30"),
        ("First figures of all sites shared", "2010-11-30"),
        ("Audit closed and published to the sites", "2011-10-31"),
    ];
    milestones(stage, "Lung Improvement Pilots", "2010-04-20", &pilots).await?;
    let community = [
        ("Web site open to six units", "2010-07-01"),
        ("Second quarterly meeting", "2010-10-06"),
        ("Twelve units take part", "2011-06-30"),
    ];
    milestones(stage, "Maternity Community of Practice", "2010-04-26", &community).await?;
    milestones(
        stage,
        "Country of Birth",
        "2010-06-21",
        &[("First workshop", "2010-09-30"), ("Half of the practices record it", "2011-09-30")],
    )
    .await?;
    milestones(
        stage,
        "COPD PREMs",
        "2010-05-10",
        &[("Items drawn from interviews", "2010-12-31"), ("Tested with patients and carers", "2011-11-30")],
    )
    .await?;
    reached(stage, "Lung Improvement Pilots", pilots[0].0, "2010-06-25").await?;
    reached(stage, "Maternity Community of Practice", community[0].0, "2010-07-01").await?;
    cycle(stage).await?;
    reached(stage, "Country of Birth", "First workshop", "2010-09-22").await?;
    stands(stage, "COPD PREMs", Status::AtRisk, "Ethical review takes longer than planned.", "2010-09-27").await?;
    reached(stage, "Maternity Community of Practice", community[1].0, "2010-10-06").await
}

/// The daily review that others later copied, as a small test first.
async fn cycle(stage: &Stage<'_>) -> Result<(), Problem> {
    let community = project(stage, "Maternity Community of Practice").await?;
    let site = stage.sites(hiec_contracts::demonstration::hospital, 1).first().copied();
    let mut unit = stage.begin("facilitator-two", day("2010-07-05")).await?;
    let new = NewCycle {
        title: "Review every c-section the next morning".into(),
        measure: None,
        site,
        plan: "For two weeks each c-section of the day before is discussed at handover. Expected: nine of ten are discussed, in ten minutes.".into(),
        on: day("2010-07-05"),
        is_illustrative: true,
    };
    let cycle = actions::plan_cycle(&mut unit, &community, new).await?;
    unit.commit().await?;
    for (words, on, decision) in [
        ("Discussed on ten weekdays by the consultant on call.", "2010-07-12", None),
        ("31 of 34 were discussed; the median took eight minutes. Weekends had nobody to lead it.", "2010-07-26", None),
        ("Kept on weekdays; a rota for weekends is planned.", "2010-08-02", Some(Decision::Adopt)),
    ] {
        step(stage, &community, cycle, StepWords { words, on: day(on), decision }).await?;
    }
    Ok(())
}

async fn step(stage: &Stage<'_>, project: &Project, cycle: uuid::Uuid, step: StepWords<'_>) -> Result<(), Problem> {
    let mut unit = stage.begin("facilitator-two", step.on).await?;
    let link = format!("{}/cycles/{cycle}", project.path(stage.cluster));
    actions::step_cycle(&mut unit, project, cycle, step, link).await?;
    Ok(unit.commit().await?)
}

/// A second small test, of the gap the first one found; it shows on the chart of its hospital.
async fn weekend_cycle(stage: &Stage<'_>) -> Result<(), Problem> {
    let community = project(stage, "Maternity Community of Practice").await?;
    let site = stage.sites(hiec_contracts::demonstration::hospital, 1).first().copied();
    let mut unit = stage.begin("facilitator-two", day("2011-03-21")).await?;
    let measures = crate::measures::reading::measures_of(&unit, stage.cluster.id).await?;
    let new = NewCycle {
        title: "Daily review at weekends too".into(),
        measure: measures.iter().find(|measure| measure.key == "c-sections").map(|measure| measure.id),
        site,
        plan: "A rota of three consultants leads the review on Saturdays and Sundays for eight weeks.".into(),
        on: day("2011-03-21"),
        is_illustrative: true,
    };
    let cycle = actions::plan_cycle(&mut unit, &community, new).await?;
    unit.commit().await?;
    let words = "Begun with the first weekend of April.";
    step(stage, &community, cycle, StepWords { words, on: day("2011-04-04"), decision: None }).await?;
    let words = "13 of 16 weekend days were covered; the chart of the unit shows no more than chance.";
    step(stage, &community, cycle, StepWords { words, on: day("2011-06-13"), decision: None }).await
}

async fn annual_meeting(stage: &Stage<'_>) -> Result<(), Problem> {
    start_projects(stage, &SECOND[..2]).await?;
    reached(stage, "Lung Improvement Pilots", "First figures of all sites shared", "2010-12-14").await?;
    start_pathways(stage, &IN_2011).await?;
    start_projects(stage, &SECOND[2..]).await?;
    stands(stage, "COPD PREMs", Status::OnTrack, "Ethical review is done.", "2011-01-20").await?;
    reached(stage, "COPD PREMs", "Items drawn from interviews", "2011-01-31").await?;
    milestones(
        stage,
        "Year in the Life of COPD",
        "2011-01-31",
        &[("Film shown to the first clinical teams", "2011-09-30")],
    )
    .await?;
    stands_as_published(
        stage,
        "Finding the Missing Millions with COPD",
        Status::Ended,
        "The event was held; a major foundation trust screens heart-failure patients for COPD.",
        "2011-02-15",
    )
    .await
}

async fn second_year(stage: &Stage<'_>) -> Result<(), Problem> {
    start_projects(stage, &THIRD).await?;
    milestones(
        stage,
        "Asthma self-management app",
        "2011-03-21",
        &[("Tried by young people", "2011-08-31"), ("Launched", "2011-11-30")],
    )
    .await?;
    milestones(stage, "Patient Relationship System", "2011-03-28", &[("Booking tried in one unit", "2011-09-30")])
        .await?;
    weekend_cycle(stage).await?;
    reached(stage, "Maternity Community of Practice", "Twelve units take part", "2011-06-22").await?;
    let grown = "Its reach grew from 6 maternity sites to 12 for the same cost.";
    stands_as_published(stage, "Maternity Community of Practice", Status::OnTrack, grown, "2011-06-22").await?;
    stands(
        stage,
        "Patient Relationship System",
        Status::Late,
        "The link between general practice and maternity systems is not agreed.",
        "2011-07-04",
    )
    .await
}

async fn closing(stage: &Stage<'_>) -> Result<(), Problem> {
    reached(stage, "Asthma self-management app", "Tried by young people", "2011-08-26").await?;
    reached(stage, "Year in the Life of COPD", "Film shown to the first clinical teams", "2011-09-29").await?;
    product(stage, "Year in the Life of COPD", ["The film", "UCLPartners", "On request, for teaching"], "2011-10-03")
        .await?;
    product(stage, "COPD PREMs", ["Questionnaire for patients and carers", "", "Not decided"], "2011-10-04").await?;
    reached(stage, "Country of Birth", "Half of the practices record it", "2011-10-10").await?;
    reached(stage, "Lung Improvement Pilots", "Audit closed and published to the sites", "2011-10-31").await?;
    stands_as_published(
        stage,
        "Lung Improvement Pilots",
        Status::Ended,
        "138 patients were audited at seven sites: 48% were on ventilation within three hours, and the figures did not improve over the study.",
        "2011-11-07",
    )
    .await?;
    let won = "The bid was won; NHS Redbridge hosts the grant after the cluster ends.";
    stands_as_published(stage, "Shine scorecards", Status::OnTrack, won, "2011-11-08").await?;
    product(
        stage,
        "Maternity Community of Practice",
        ["C-section reduction package, with notes of twelve units", "", "OGL"],
        "2011-11-14",
    )
    .await?;
    reached(stage, "COPD PREMs", "Tested with patients and carers", "2011-11-21").await?;
    reached(stage, "Asthma self-management app", "Launched", "2011-11-28").await?;
    product(stage, "Asthma self-management app", ["The app", "Asthma UK", "Free to use"], "2011-11-28").await
}
