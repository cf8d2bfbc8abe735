//! What an innovation's page sends: evidence, eligible sites, a plan. Each answers with the page again where something is wrong.

use chrono::NaiveDate;
use hiec_kernel::OrganisationId;
use hiec_web::{Answer, Done, Errors, Input, Loaded};
use schemars::JsonSchema;
use serde::Deserialize;

use super::actions;
use super::curve::Planned;
use super::page::{self, Typed};
use super::store::{self, Evidence, InnovationHere};
use crate::ground::{self, LINES};
use crate::projects::web_address;

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct EvidenceForm {
    pub words: String,
    pub link: String,
}

async fn again(here: &Loaded<InnovationHere>, typed: Typed) -> Answer {
    Ok(page::page(here, &typed).await?.with_errors(&typed.errors).into())
}

pub async fn evidence(here: Loaded<InnovationHere>, Input(form): Input<EvidenceForm>) -> Answer {
    let mut errors = Errors::none();
    let words = errors.text("words", "what it shows", &form.words, LINES);
    let link = web_address(&mut errors, "link", &form.link);
    let (Some(words), Some(link)) = (words, link) else {
        return again(&here, Typed { evidence: form, errors, ..Typed::default() }).await;
    };
    let mut unit = here.begin().await?;
    let evidence = Evidence { words, link, is_illustrative: false };
    actions::add_evidence(&mut unit, &here.innovation, &evidence).await?;
    unit.commit().await?;
    Ok(Done::made(here.path()).saying("The evidence was added.").into())
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct SitesForm {
    /// Ids of sites.
    pub site: Vec<String>,
    /// As `2010-04-01`.
    pub since: String,
}

pub async fn sites(here: Loaded<InnovationHere>, Input(form): Input<SitesForm>) -> Answer {
    let mut errors = Errors::none();
    let since = ground::day(&mut errors, "since", "since when", &form.since);
    let known = |typed: &String| {
        let partners = here.cluster.partners.iter();
        partners.map(|partner| partner.organisation.id).find(|id| id.to_string() == *typed)
    };
    let sites: Option<Vec<OrganisationId>> = form.site.iter().map(known).collect();
    let sites = sites.filter(|sites| !sites.is_empty());
    if sites.is_none() {
        errors.add("site", "Choose at least one site of this cluster");
    }
    let (Some(sites), Some(since)) = (sites, since) else {
        return again(&here, Typed { sites: form, errors, ..Typed::default() }).await;
    };
    let mut unit = here.begin().await?;
    let added = actions::make_eligible(&mut unit, &here.innovation, &sites, since).await?;
    unit.commit().await?;
    let word = match added {
        1 => "1 site was made eligible.".to_owned(),
        added => format!("{added} sites were made eligible."),
    };
    Ok(Done::made(here.path()).saying(word).into())
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct PlanForm {
    /// One line each: a day and a number of sites.
    pub targets: String,
    /// Why it replaces the plan before.
    pub plan_reason: String,
}

/// Days and numbers of sites, one line each, both rising.
fn read_targets(typed: &str) -> Result<Vec<Planned>, String> {
    let mut targets: Vec<Planned> = Vec::new();
    for (nth, line) in typed.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let words: Vec<&str> =
            line.split(|sign: char| sign.is_whitespace() || sign == ',').filter(|word| !word.is_empty()).collect();
        let read = match words.as_slice() {
            [day, sites] => NaiveDate::parse_from_str(day, "%Y-%m-%d").ok().zip(sites.parse::<u32>().ok()),
            _ => None,
        };
        let Some((by, sites)) = read else {
            return Err(format!("Write line {} as a day and a number, such as 2011-03-31 6", nth + 1));
        };
        if targets.last().is_some_and(|last| last.by >= by || last.sites > sites) {
            return Err(format!("Put line {} later and at least as high as the line before", nth + 1));
        }
        targets.push(Planned { by, sites });
    }
    if targets.is_empty() { Err("Enter at least one day with a number of sites".into()) } else { Ok(targets) }
}

pub async fn plan(here: Loaded<InnovationHere>, Input(form): Input<PlanForm>) -> Answer {
    let mut errors = Errors::none();
    let targets = errors.take("targets", read_targets(&form.targets));
    let has_plan = !store::plans(&here.database(), here.innovation.id).await?.is_empty();
    let reason = if has_plan {
        errors.text("plan_reason", "why the plan changes", &form.plan_reason, LINES)
    } else {
        Some(String::new())
    };
    let (Some(targets), Some(reason)) = (targets, reason) else {
        return again(&here, Typed { plan: form, errors, ..Typed::default() }).await;
    };
    let mut unit = here.begin().await?;
    actions::plan(&mut unit, &here.innovation, &targets, &reason, false).await?;
    unit.commit().await?;
    Ok(Done::made(here.path()).saying("This is now the plan; the curve is held against it.").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_is_read_line_by_line_and_rises() {
        let read = read_targets("2011-03-31 6\n\n2011-12-31, 12\n").unwrap();
        assert_eq!(read.iter().map(|one| one.sites).collect::<Vec<_>>(), [6, 12]);
        assert_eq!(read_targets("").unwrap_err(), "Enter at least one day with a number of sites");
        assert!(read_targets("six by spring").unwrap_err().starts_with("Write line 1 as"));
        assert!(read_targets("2011-12-31 12\n2011-03-31 6").unwrap_err().starts_with("Put line 2 later"));
    }
}
