//! The money of NECLES: £1.1m over two years and the Shine grant hosted by NHS Redbridge as published; how it was divided, spent and promised is illustrative.

use hiec_contracts::demonstration::{Period, hospital};
use hiec_kernel::organisations::{Function, Organisation, Sector};
use hiec_kernel::{Fingerprint, Money, OrganisationId, Problem};
use hiec_store::organisations;

use super::{REVIEW, Stage, day};
use crate::funding::actions as bidding;
use crate::funding::states::Move;
use crate::funding::store::{self as bids, NewBid};
use crate::money::quarters::Quarter;
use crate::money::rules::{BudgetLine, CommitmentKind, RUNNING};
use crate::money::store::{Forecast, NewCommitment};
use crate::money::{budget, commitments, forecast, importing, store, tranches};

pub(super) async fn live_until(stage: &Stage<'_>, period: Period) -> Result<(), Problem> {
    match period {
        Period::Founding => founded(stage).await,
        Period::FirstYear => {
            book(stage, "2010-01-01", "2010-09-30", "2010-10-08 09:00").await?;
            film(stage).await?;
            tranche_came(stage, 2, "2010-07-09").await?;
            expect(
                stage,
                "2010-10-01",
                118_000,
                "Illustrative: the film and two workshops fall into this quarter",
                "2010-10-11 09:30",
            )
            .await
        }
        Period::AnnualMeeting => {
            book(stage, "2010-10-01", "2010-12-31", "2011-01-10 09:00").await?;
            shine_begins(stage).await
        }
        Period::SecondYear => {
            tranche_came(stage, 3, "2011-01-14").await?;
            book(stage, "2011-01-01", "2011-06-30", "2011-07-08 09:00").await?;
            shine_is_won(stage).await?;
            expect(
                stage,
                "2011-07-01",
                151_000,
                "Illustrative: the asthma app is built in this quarter",
                "2011-07-08 10:00",
            )
            .await
        }
        Period::Closing => {
            tranche_came(stage, 4, "2011-07-15").await?;
            book(stage, "2011-07-01", "2011-10-31", "2011-11-07 09:00").await?;
            shine_is_hosted(stage).await
        }
        Period::Emergency => Ok(()),
    }
}

/// Year, pathway, pounds: in all £1,100,000 as published, divided as we think plausible.
const BUDGET: &[(i64, &str, i64)] = &[
    (1, "COPD", 128_000),
    (1, "Maternity", 112_000),
    (1, "Migrant health", 84_000),
    (1, RUNNING, 226_000),
    (2, "Asthma in children and young people", 78_000),
    (2, "COPD", 76_000),
    (2, "Cardiovascular disease", 58_000),
    (2, "Eyes and vision", 52_000),
    (2, "Maternity", 64_000),
    (2, "Migrant health", 44_000),
    (2, RUNNING, 178_000),
];

async fn founded(stage: &Stage<'_>) -> Result<(), Problem> {
    let cluster = &stage.cluster;
    let mut unit = stage.begin("director", "2010-01-20 10:00").await?;
    for (year, pathway, pounds) in BUDGET {
        let line = BudgetLine {
            year: *year,
            pathway: (*pathway).to_owned(),
            amount: Money::pounds(*pounds),
            source: format!("£1.1m over two years: {REVIEW}. How it is divided is illustrative"),
        };
        budget::set(&mut unit, cluster, &line).await?;
    }
    let partners = stage.partners().await?;
    let lead = cluster.lead;
    let promised = [
        (lead, CommitmentKind::InKind, "Rooms, finance and personnel of the lead (illustrative)", 64_000),
        (lead, CommitmentKind::Cash, "Towards the evaluation (illustrative)", 20_000),
    ];
    for (organisation, kind, what, pounds) in promised {
        promise(stage, &mut unit, organisation, kind, what, pounds).await?;
    }
    for nth in 1..=3 {
        let name = hospital(nth);
        if let Some(partner) = partners.iter().find(|one| one.organisation.name == name) {
            let what = "Time of a consultant and a specialist nurse (illustrative)";
            promise(stage, &mut unit, partner.organisation.id, CommitmentKind::InKind, what, 18_000).await?;
        }
    }
    unit.commit().await?;

    let mut unit = stage.begin("region-lon", "2010-01-22 11:00").await?;
    for (pounds, due, hangs_on) in [
        (275_000, "2010-02-15", "Agreement signed by the founding partners (illustrative)"),
        (275_000, "2010-07-15", "Return of the first quarter of 2010/11 accepted (illustrative)"),
        (275_000, "2011-01-14", "Three pathways at work, three ready to start (illustrative)"),
        (275_000, "2011-07-15", "Return of the first quarter of 2011/12 accepted (illustrative)"),
    ] {
        tranches::plan(&mut unit, cluster, Money::pounds(pounds), day(due)?, hangs_on).await?;
    }
    unit.commit().await?;
    tranche_came(stage, 1, "2010-01-29").await
}

async fn promise(
    stage: &Stage<'_>,
    unit: &mut hiec_store::Unit,
    organisation: OrganisationId,
    kind: CommitmentKind,
    what: &str,
    pounds: i64,
) -> Result<(), Problem> {
    let new = NewCommitment {
        organisation,
        kind,
        what: what.to_owned(),
        amount: Money::pounds(pounds),
        from: stage.cluster.starts_on,
        until: stage.cluster.ends_on,
        project: None,
    };
    commitments::note(unit, &stage.cluster, &new).await?;
    Ok(())
}

/// A tranche comes on its day, in full.
async fn tranche_came(stage: &Stage<'_>, number: i64, on: &str) -> Result<(), Problem> {
    let mut unit = stage.begin("director", &format!("{on} 15:00")).await?;
    let planned = store::tranches(&unit, stage.cluster.id).await?;
    if let Some(tranche) = planned.iter().find(|one| one.number == number && one.paid_on.is_none()) {
        tranches::received(&mut unit, &stage.cluster, tranche, Money(tranche.amount), day(on)?).await?;
    }
    Ok(unit.commit().await?)
}

/// The film project: money of the Department matched by the sector, as published; the amounts are illustrative.
async fn film(stage: &Stage<'_>) -> Result<(), Problem> {
    let mut unit = stage.begin("director", "2010-10-04 10:00").await?;
    let new = NewCommitment {
        organisation: stage.cluster.lead,
        kind: CommitmentKind::Matched,
        what: format!(
            "Outer North East London Sector matches the Department’s funding of the film ({REVIEW}); the amount is illustrative"
        ),
        amount: Money::pounds(25_000),
        from: day("2010-10-01")?,
        until: day("2011-09-30")?,
        project: stage.project("Year in the Life of COPD").await?,
    };
    commitments::note(&mut unit, &stage.cluster, &new).await?;
    let noted = store::commitments(&unit, stage.cluster.id).await?;
    if let Some(rooms) =
        noted.iter().find(|one| one.kind == CommitmentKind::InKind && one.organisation == stage.cluster.lead)
    {
        let note = "First half of the term (illustrative)";
        commitments::received(&mut unit, &stage.cluster, rooms.id, Money::pounds(24_000), day("2010-09-30")?, note)
            .await?;
    }
    Ok(unit.commit().await?)
}

async fn expect(stage: &Stage<'_>, quarter: &str, pounds: i64, reason: &str, at: &str) -> Result<(), Problem> {
    let mut unit = stage.begin("director", at).await?;
    let forecast =
        Forecast { quarter: Quarter::of(day(quarter)?), amount: Money::pounds(pounds), reason: reason.to_owned() };
    forecast::set(&mut unit, &stage.cluster, &forecast).await?;
    Ok(unit.commit().await?)
}

/// How far a month lies above or below its even share, in hundredths: a slow start, and busy months before holidays.
const SHAPE: [i64; 24] =
    [38, 61, 82, 74, 93, 108, 88, 71, 117, 121, 126, 98, 84, 96, 113, 92, 104, 119, 97, 76, 122, 128, 111, 102];

/// A share of the spending of a pathway belongs to one of its projects, where that has begun.
const OF_PROJECT: &[(&str, &str)] = &[
    ("COPD", "Lung Improvement Pilots"),
    ("Maternity", "Maternity Community of Practice"),
    ("Migrant health", "Country of Birth"),
    ("Asthma in children and young people", "Asthma self-management app"),
];

/// Books some months from a list, as the ledger of the lead would give it.
async fn book(stage: &Stage<'_>, from: &str, to: &str, at: &str) -> Result<(), Problem> {
    let (from, to) = (day(from)?, day(to)?);
    let projects = stage.projects().await?;
    let mut list = String::from("reference,date,what,amount,pathway,project\n");
    let mut month = from;
    let mut nth = 0_i64;
    while month <= to {
        let next =
            month.checked_add_months(chrono::Months::new(1)).ok_or_else(|| Problem::internal("no next month"))?;
        let booked_on = next - chrono::Days::new(1);
        let place = usize::try_from(months_between(stage.cluster.starts_on, month)).unwrap_or(0);
        let year = if place < 12 { 1 } else { 2 };
        let shape = SHAPE.get(place).copied().unwrap_or(100);
        for (_, pathway, pounds) in BUDGET.iter().filter(|line| line.0 == year) {
            nth += 1;
            // Some pathways run a little ahead of others.
            let pence = pounds * 100 / 12 * (shape + nth % 7 - 3) / 100;
            let project = OF_PROJECT
                .iter()
                .filter(|(of, _)| of == pathway)
                .map(|(_, project)| *project)
                .find(|project| projects.iter().any(|one| one.name == *project))
                .unwrap_or_default();
            let what = if *pathway == RUNNING { "Team and rooms" } else { "Facilitation and events" };
            list.push_str(&format!(
                "QM-{}-{nth:03},{booked_on},{what} (illustrative),{},{pathway},{project}\n",
                month.format("%Y%m"),
                Money(pence).plain()
            ));
        }
        month = next;
    }
    let mut unit = stage.begin("director", at).await?;
    let preview = importing::preview(&unit, &stage.cluster, &projects, "ledger.csv", list.as_bytes())
        .await
        .map_err(Problem::internal)?;
    let seen: Fingerprint = preview.plan.fingerprint();
    importing::carry_out(&mut unit, &stage.cluster, preview, Some(&seen)).await?;
    Ok(unit.commit().await?)
}

fn months_between(from: chrono::NaiveDate, to: chrono::NaiveDate) -> i64 {
    use chrono::Datelike;
    i64::from(to.year() - from.year()) * 12 + i64::from(to.month()) - i64::from(from.month())
}

const SHINE: &str = "Shine scorecards";

async fn shine_begins(stage: &Stage<'_>) -> Result<(), Problem> {
    let cluster = &stage.cluster;
    let mut unit = stage.begin("director", "2010-11-08 10:00").await?;
    let partners = stage.partners().await?;
    let mut consortium = vec![cluster.lead];
    consortium.extend(
        partners
            .iter()
            .filter(|one| ["UCL Partners", "NHS Redbridge"].contains(&one.organisation.name.as_str()))
            .map(|one| one.organisation.id),
    );
    let new = NewBid {
        title: SHINE.to_owned(),
        funder: "Health Foundation".to_owned(),
        asked: Money::pounds(75_000),
        project: stage.project(SHINE).await?,
        consortium,
        source: format!("{REVIEW}; the amount and the days are illustrative"),
    };
    let note = "Scorecards for patients and their general practitioners, with UCLPartners and NHS Redbridge";
    let id = bidding::open(&mut unit, cluster, &new, note).await?;
    unit.commit().await?;
    for (at, step, note) in [
        ("2010-11-22 10:00", Move::Write, "Illustrative: UCLPartners writes the evaluation"),
        ("2011-01-28 15:00", Move::Submit, "Illustrative: sent in the afternoon of the last day but three"),
    ] {
        let mut unit = stage.begin("director", at).await?;
        let bid = bids::by_id(&unit, cluster.id, id).await?.ok_or_else(Problem::not_found)?;
        bidding::go(&mut unit, cluster, &bid, &step, note).await?;
        unit.commit().await?;
    }
    // Not every idea is won.
    let mut unit = stage.begin("facilitator", "2011-02-07 10:00").await?;
    let idea = NewBid {
        title: "Home monitoring after discharge with COPD (illustrative)".to_owned(),
        funder: "Illustrative Technology Fund".to_owned(),
        asked: Money::pounds(40_000),
        project: None,
        consortium: vec![cluster.lead],
        source: String::new(),
    };
    bidding::open(&mut unit, cluster, &idea, "").await?;
    Ok(unit.commit().await?)
}

async fn shine_is_won(stage: &Stage<'_>) -> Result<(), Problem> {
    let cluster = &stage.cluster;
    let mut unit = stage.begin("director", "2011-05-03 10:00").await?;
    let all = bids::of_cluster(&unit, cluster.id).await?;
    if let Some(bid) = all.iter().find(|bid| bid.title == SHINE) {
        let note = format!("A successful Shine bid to the Health Foundation: {REVIEW}");
        bidding::go(&mut unit, cluster, bid, &Move::Win(Money::pounds(75_000)), &note).await?;
    }
    if let Some(bid) = all.iter().find(|bid| bid.title != SHINE && !bid.state.is_decided()) {
        let note = "Illustrative: the funder wanted a partner from industry; ask one before the next attempt";
        bidding::go(&mut unit, cluster, bid, &Move::Withdraw, note).await?;
    }
    Ok(unit.commit().await?)
}

/// NHS Redbridge holds the grant when the cluster has ended, as published.
async fn shine_is_hosted(stage: &Stage<'_>) -> Result<(), Problem> {
    let cluster = &stage.cluster;
    let mut unit = stage.begin("director", "2011-11-14 11:00").await?;
    let found = organisations::search(&unit, "NHS Redbridge", 20).await?;
    let host = match found.into_iter().find(|one| one.name == "NHS Redbridge") {
        Some(known) => known.id,
        None => {
            let redbridge = Organisation {
                id: OrganisationId(unit.new_id()),
                ods_code: None,
                name: "NHS Redbridge".to_owned(),
                sector: Sector::Nhs,
                settings: vec![],
                functions: Vec::<Function>::new(),
                region: Some("LON".to_owned()),
                postcode: None,
                is_illustrative: false,
            };
            organisations::add(&unit, &redbridge).await?;
            redbridge.id
        }
    };
    let all = bids::of_cluster(&unit, cluster.id).await?;
    if let Some(bid) = all.iter().find(|bid| bid.title == SHINE && bid.state.won().is_some()) {
        bidding::host(&mut unit, cluster, bid, host, day("2012-08-31")?).await?;
    }
    Ok(unit.commit().await?)
}
