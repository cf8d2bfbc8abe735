//! The years of NECLES after its founding: inductions, hospitals that join, a company that leaves, a second agreement, and what is handed on. What the sources do not say is made up and marked so.

use hiec_contracts::demonstration::{HOSPITALS, hospital, practice};
use hiec_kernel::Problem;
use hiec_kernel::organisations::{Function, Sector, Setting};

use super::founding::{Play, add_person, registered};
use super::necles::{COMPANY, FIRST_HOSPITALS, cluster, day, first_agreement, signatory, signing, site_lead};
use crate::agreement::actions as agreements;
use crate::clusters::store::PartnerRole;
use crate::partners::joining::{Newcomer, join, leave};
use crate::partners::store as partners;
use crate::people::actions as posts;
use crate::people::rules::{PostKind, Step};
use crate::principles::watch;
use crate::succession::page as legacies;
use crate::succession::rules::LegacyKind;
use crate::succession::store::{self as legacy_store, Legacy};

const OTHER_COMPANY: &str = "Illustrative Diagnostics Ltd (NECLES)";

/// The induction goes on; not every step is done, as the review says.
pub(super) async fn first_year(play: &Play<'_>) -> Result<(), Problem> {
    play.at("2010-03-15 11:00")?;
    let necles = cluster(&play.state.database()).await?;
    let mut unit = play.by("director").await?;
    let by = play.person("director").await?.id;
    for post in crate::people::store::of_cluster(&unit, necles.id).await? {
        posts::induct(&mut unit, &necles, &post, &[Step::Partners, Step::Measures], by).await?;
    }
    Ok(unit.commit().await?)
}

/// Five more hospitals come to the maternity community; the company leaves, which breaks a principle until another comes.
pub(super) async fn second_year(play: &Play<'_>) -> Result<(), Problem> {
    let site = play.state.site();
    let necles = cluster(&play.state.database()).await?;
    play.at("2011-04-04 10:00")?;
    let mut unit = play.by("director").await?;
    let mut newcomers = Vec::new();
    for nth in FIRST_HOSPITALS + 1..=HOSPITALS {
        let cares = [Function::ProvidesCare];
        let organisation = registered(&unit, &hospital(nth), Sector::Nhs, &[Setting::Secondary], &cares, true).await?;
        let professions = vec!["Doctors".to_owned(), "Midwives".to_owned()];
        newcomers.push(Newcomer { organisation, role: PartnerRole::Member, professions });
    }
    let since = day("2011-04-04")?;
    join(&mut unit, &necles, since, &newcomers).await?;
    watch::look(&mut unit, site, &necles, "Five hospitals joined for maternity").await?;
    for (place, one) in signing(&unit, &necles).await?.iter().filter(|one| one.since == since).enumerate() {
        let slug = format!("maternity-lead-{:02}", place + 1);
        let lead = add_person(
            &mut unit,
            &slug,
            &format!("Maternity Lead {:02} Example", place + 1),
            Some(one.organisation.id),
        )
        .await?;
        site_lead(&mut unit, &necles, one, &lead).await?;
    }
    unit.commit().await?;

    play.at("2011-05-02 10:00")?;
    let mut unit = play.by("director").await?;
    for one in partners::of_cluster(&unit, necles.id).await? {
        if one.organisation.name == COMPANY {
            let reason = "Illustrative: it closed its London office";
            leave(&mut unit, &necles, &one, day("2011-05-02")?, reason).await?;
        }
    }
    watch::look(&mut unit, site, &necles, &format!("{COMPANY} left")).await?;
    unit.commit().await?;

    play.at("2011-06-13 10:00")?;
    let mut unit = play.by("director").await?;
    let organisation = registered(&unit, OTHER_COMPANY, Sector::Industry, &[], &[], true).await?;
    let newcomer = Newcomer { organisation, role: PartnerRole::Member, professions: Vec::new() };
    join(&mut unit, &necles, day("2011-06-13")?, std::slice::from_ref(&newcomer)).await?;
    watch::look(&mut unit, site, &necles, &format!("{OTHER_COMPANY} joined")).await?;
    let chair = play.person("cluster-chair").await?;
    let mut clauses = first_agreement();
    clauses.0.insert(
        "success".to_owned(),
        "Illustrative text. Ventilation within three hours measured at seven sites from a baseline audit; caesarean sections measured at twelve maternity units; country of birth recorded in 80 practices.".to_owned(),
    );
    clauses.0.insert(
        "records".to_owned(),
        "Illustrative text. Each product has an owner named before the last day; figures go to the national archive."
            .to_owned(),
    );
    let reason = "Twelve maternity units instead of six, and what becomes of the records";
    agreements::put(&mut unit, site, &necles, chair.id, &clauses, reason).await?;
    unit.commit().await?;

    play.at("2011-06-29 10:00")?;
    let hospitals = [hospital(1), practice(1)];
    for one in signing(&play.state.database(), &necles).await? {
        if hospitals.contains(&one.organisation.name) {
            let slug = signatory(play, &one).await?;
            let person = play.person(&slug).await?;
            let mut unit = play.by(&slug).await?;
            agreements::sign(&mut unit, &necles, &one, &person, 2, "Site lead").await?;
            unit.commit().await?;
        }
    }
    Ok(())
}

/// What the sources say of what was handed on, and what nobody took.
pub(super) async fn closing(play: &Play<'_>) -> Result<(), Problem> {
    play.at("2011-11-14 10:00")?;
    let necles = cluster(&play.state.database()).await?;
    let mut unit = play.by("director").await?;
    let scorecards = Legacy {
        id: unit.new_id(),
        kind: LegacyKind::Product,
        name: "Shine scorecards".to_owned(),
        project: None,
        owner: "NHS Redbridge".to_owned(),
        funding: "Health Foundation, Shine award".to_owned(),
        licence: String::new(),
        record: "Review of 2011: NHS Redbridge manages the grant and the programme after the cluster".to_owned(),
        is_illustrative: false,
        version: 1,
    };
    legacies::add(&mut unit, &necles, &scorecards).await?;
    for one in legacy_store::of_cluster(&unit, necles.id).await? {
        if one.name == "Maternity community of practice" {
            let settled = Legacy {
                owner: "Illustrative Hospital 01 (NECLES)".to_owned(),
                funding: "Illustrative: the hospitals in turn".to_owned(),
                is_illustrative: true,
                ..one
            };
            legacies::change(&mut unit, &necles, &settled).await?;
        }
    }
    for post in crate::people::store::of_cluster(&unit, necles.id).await? {
        if post.kind == PostKind::Fellow {
            let handover = "Illustrative: the community's contacts and the review package, on the shared site";
            posts::say_succession(&mut unit, &necles, &post, "Illustrative Hospital 02 (NECLES)", handover).await?;
        }
    }
    Ok(unit.commit().await?)
}
