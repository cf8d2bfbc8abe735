//! Made-up prices, factors, salaries, costs and limits of NECLES's first years, a revision, and a hospital's claims. No tariff was published for those years, and every price says so.

use std::fmt::Write as _;

use hiec_contracts::demonstration::Period as Time;
use hiec_kernel::{Money, Problem};
use hiec_tariff::Period;

use super::hosts;
use super::people::HOSPITAL;
use super::programmes::LINES;
use super::{Stage, day};
use crate::tariff::claims::actions::{self, Move};
use crate::tariff::claims::store::{self as claims, Claim};
use crate::tariff::lists::List;
use crate::tariff::{loading, store};
use crate::words::{Level, Profession};

const SOURCE: &str = "Made up for the demonstration: no tariff was published for this year";

pub(super) async fn live_until(stage: &Stage<'_>, period: Time) -> Result<(), Problem> {
    match period {
        Time::FirstYear => first_prices(stage).await,
        Time::AnnualMeeting => {
            revision(stage).await?;
            limits(stage).await?;
            first_claim(stage).await
        }
        Time::SecondYear => second_claim(stage).await,
        _ => Ok(()),
    }
}

async fn load(stage: &Stage<'_>, who: &str, on: &str, list: List, text: &str) -> Result<(), Problem> {
    let mut unit = stage.begin(who, day(on)).await?;
    let preview = loading::preview(&unit, stage.cluster.id, list, "list.csv", text.as_bytes()).await?;
    loading::carry_out(&mut unit, stage.cluster.id, list, preview, None, true).await?;
    Ok(unit.commit().await?)
}

/// Prices of both years but for doctors' second: what nobody loaded is to be seen somewhere.
async fn first_prices(stage: &Stage<'_>) -> Result<(), Problem> {
    let prices = format!(
        "tariff,price,effective_from,effective_to,published_on,weeks_in_year,salary_share,source\n\
         clinical,3000,2010-04-01,2011-03-31,2010-03-15,40.8,,{SOURCE}\n\
         postgraduate_medical,12000,2010-04-01,2011-03-31,2010-03-15,,0.5,{SOURCE}\n\
         clinical,3100,2011-04-01,2012-03-31,2010-03-15,40.8,,{SOURCE}\n"
    );
    load(stage, "region-lon", "2010-08-02", List::Prices, &prices).await?;
    let mut factors = "host,factor,effective_from,effective_to,source\n".to_owned();
    let mut costs = "host,tariff,cost_of_a_year,effective_from,source\n".to_owned();
    for (nth, (_, name, _)) in store::hosts(&stage.state.database(), stage.cluster.id).await?.iter().enumerate() {
        // Writing to a string cannot fail.
        let _ = writeln!(
            factors,
            "\"{name}\",1.{:02},2010-04-01,2012-03-31,Made up for the demonstration",
            4 + nth * 7 % 23
        );
        if nth % 3 == 0 {
            for (tariff, cost) in [("clinical", 3_400 + nth * 90), ("postgraduate_medical", 27_000 + nth * 400)] {
                let _ = writeln!(costs, "\"{name}\",{tariff},{cost},2010-04-01,Made up for the demonstration");
            }
        }
    }
    load(stage, "region-lon", "2010-08-02", List::Factors, &factors).await?;
    load(stage, "education-lead", "2010-09-20", List::Costs, &costs).await?;
    let mut salaries = "grade,basic_salary,effective_from,source\n".to_owned();
    let doctors =
        LINES.iter().filter(|line| line.profession == Profession::Medical && line.level == Level::Postgraduate);
    for (nth, line) in doctors.enumerate() {
        let salary = 31_000 + nth * 2_500;
        let _ = writeln!(salaries, "{},{salary},2010-04-01,Made up for the demonstration", line.grade);
    }
    load(stage, "region-lon", "2010-08-02", List::Salaries, &salaries).await
}

/// A price revised in the year and backdated, as happens.
async fn revision(stage: &Stage<'_>) -> Result<(), Problem> {
    let prices = format!(
        "tariff,price,effective_from,effective_to,published_on,weeks_in_year,source\n\
         clinical,3090,2010-04-01,2011-03-31,2010-12-10,40.8,{SOURCE}\n"
    );
    load(stage, "region-lon", "2010-12-13", List::Prices, &prices).await
}

/// Limits to losses and gains, and two hosts they change: one that had more before, one that had less.
async fn limits(stage: &Stage<'_>) -> Result<(), Problem> {
    let limits = format!(
        "effective_from,effective_to,published_on,loss_share,loss_most,gain_most,source\n\
         2010-04-01,2011-03-31,2010-03-15,0.25%,2000000,10000,{SOURCE}\n"
    );
    load(stage, "region-lon", "2010-12-14", List::Limits, &limits).await?;
    let hosts = store::hosts(&stage.state.database(), stage.cluster.id).await?;
    let mut incomes = "host,year,income,before\n".to_owned();
    for (code, before) in [("RQX", 150_000), ("RF4", 100_000)] {
        if let Some((_, name, _)) = hosts.iter().find(|(_, _, known)| known.as_deref() == Some(code)) {
            let _ = writeln!(incomes, "\"{name}\",2010/11,4000000,{before}");
        }
    }
    load(stage, "education-lead", "2010-12-15", List::Incomes, &incomes).await
}

async fn draw(stage: &Stage<'_>, on: &str, from: &str, to: &str) -> Result<Option<Claim>, Problem> {
    let mut unit = stage.begin("host-hospital", day(on)).await?;
    let host = hosts::host(&unit, HOSPITAL).await?.id;
    let Some(days) = Period::new(day(from), day(to)) else { return Ok(None) };
    let claim = actions::draw(&mut unit, stage.cluster, host, days, true).await?;
    let claim = actions::carry_out(&mut unit, &claim, Move::Submit).await?;
    unit.commit().await?;
    Ok(Some(claim))
}

async fn step(stage: &Stage<'_>, on: &str, claim: &Claim, step: Move) -> Result<(), Problem> {
    let mut unit = stage.begin("region-lon", day(on)).await?;
    actions::carry_out(&mut unit, claim, step).await?;
    Ok(unit.commit().await?)
}

async fn first_claim(stage: &Stage<'_>) -> Result<(), Problem> {
    let Some(claim) = draw(stage, "2011-01-10", "2010-08-04", "2010-12-31").await? else { return Ok(()) };
    step(stage, "2011-01-18", &claim, Move::Approve).await?;
    step(stage, "2011-02-01", &claim, Move::Pay).await
}

/// The next quarter waits for the region; the first was sampled, and a second person has still to say whether money comes back.
async fn second_claim(stage: &Stage<'_>) -> Result<(), Problem> {
    draw(stage, "2011-04-11", "2011-01-01", "2011-03-31").await?;
    let all = claims::of_cluster(&stage.state.database(), stage.cluster.id).await?;
    let Some(paid) = all.iter().find(|claim| claim.state.is_paid()) else { return Ok(()) };
    let question = "Rotas of the wards for September".to_owned();
    step(stage, "2011-05-16", paid, Move::Sample { question }).await?;
    let reason = "One student was at another trust for two weeks".to_owned();
    let amount = Money(paid.amount.0.min(15_000));
    step(stage, "2011-06-20", paid, Move::RequestClawback { amount, reason }).await
}
