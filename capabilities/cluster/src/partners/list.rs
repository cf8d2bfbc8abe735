//! `/clusters/{cluster}/partners`: who belongs and who belonged, for everyone, to read and to take away; the team takes organisations in here.

use axum::extract::Query;
use hiec_files::{Cell as FileCell, Table as FileTable};
use hiec_kernel::clock::{day_on_page, london_date};
use hiec_kernel::organisations::Organisation;
use hiec_kernel::{Problem, ProblemKind};
use hiec_principles::may_join;
use hiec_store::organisations;
use hiec_web::components::own::Downloads;
use hiec_web::components::{Button, Cell, Column, Input as TextInput, RadioItem, Radios, Table, Textarea};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::joining::{Newcomer, join};
use super::store::{self, Membership};
use crate::agreement::store as agreements;
use crate::clusters::pieces::{count, csv, day, day_field, head, illustrative, optional, room, summary, xlsx};
use crate::clusters::store::{Cluster, PartnerRole};
use crate::principles::watch;

/// Found organisations shown at most.
const MOST: i64 = 25;

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct Form {
    /// The id of the organisation in the register.
    #[serde(default)]
    organisation: String,
    /// `founding`, `member` or `associate`.
    #[serde(default)]
    role: String,
    #[serde(default)]
    since: String,
    /// One profession a line.
    #[serde(default)]
    professions: String,
    /// What was searched for; takes nobody in.
    #[serde(default)]
    find: String,
}

#[derive(Serialize)]
struct Shown<'a> {
    partners: &'a [Membership],
    found: &'a [Organisation],
    errors: &'a Errors,
}

pub async fn get(cluster: Loaded<Cluster>, Query(typed): Query<Form>) -> Answer {
    Ok(page(&cluster, &typed, &Errors::none()).await?.into())
}

async fn page(cluster: &Loaded<Cluster>, typed: &Form, errors: &Errors) -> Result<Page, Problem> {
    let reads = cluster.database();
    let partners = store::of_cluster(&reads, cluster.id).await?;
    let signed = match cluster.may("cluster.read") {
        true => agreements::latest(&reads, cluster.id).await?,
        false => None,
    };
    let words = typed.find.trim();
    let found = if (2..=200).contains(&words.chars().count()) {
        organisations::search(&reads, words, MOST).await?
    } else {
        Vec::new()
    };
    let today = london_date(cluster.now());
    let (here, gone): (Vec<&Membership>, Vec<&Membership>) = partners.iter().partition(|one| one.is_partner_on(today));
    let has_signed = |one: &Membership| match &signed {
        Some(agreement) if agreement.is_signed_by(one.organisation.id) => "Signed",
        Some(_) if one.role.signs() => "Not signed",
        _ => "",
    };
    let content = html! {
        (summary(errors))
        (head(cluster, "Partners"))
        p { (count(here.len(), "organisation belongs", "organisations belong")) " to the cluster today." }
        (Downloads::new([("Partners as CSV", format!("{}/partners.csv", cluster.path())), ("Partners as XLSX", format!("{}/partners.xlsx", cluster.path()))]))
        (Table::new("Partners today")
            .head([Column::new("Organisation"), Column::new("Part"), Column::new("Sector and settings"), Column::new("Professions"), Column::new("Since"), Column::new("Agreement")])
            .rows(here.iter().map(|one| vec![
                Cell::new(html! { a href={ (cluster.path()) "/partners/" (one.id) } { (one.organisation.name) } (illustrative(one.organisation.is_illustrative)) }),
                Cell::new(one.role.label()),
                Cell::new(kind(&one.organisation)),
                Cell::new(one.professions.join(", ")),
                Cell::new(day_on_page(one.since)),
                Cell::new(has_signed(one)),
            ])))
        @if !gone.is_empty() {
            (Table::new("Former partners, and those still to come")
                .head([Column::new("Organisation"), Column::new("Part"), Column::new("From and until"), Column::new("Why it left")])
                .rows(gone.iter().map(|one| vec![
                    Cell::new(html! { a href={ (cluster.path()) "/partners/" (one.id) } { (one.organisation.name) } (illustrative(one.organisation.is_illustrative)) }),
                    Cell::new(one.role.label()),
                    Cell::new(match one.until {
                        Some(until) => format!("{} to {}", day_on_page(one.since), day_on_page(until)),
                        None => format!("from {}", day_on_page(one.since)),
                    }),
                    Cell::new(one.left_reason.clone().unwrap_or_default()),
                ])))
        }
        @if cluster.may("cluster.admit") { (admission(cluster, typed, &found, errors)) }
    };
    room(Page::new("Partners", content), cluster).wide().data(&Shown { partners: &partners, found: &found, errors })
}

fn admission(cluster: &Loaded<Cluster>, typed: &Form, found: &[Organisation], errors: &Errors) -> Markup {
    let action = format!("{}/partners", cluster.path());
    let (free, barred): (Vec<&Organisation>, Vec<&Organisation>) =
        found.iter().partition(|organisation| may_join(organisation).is_ok());
    let parts = [PartnerRole::Founding, PartnerRole::Member, PartnerRole::Associate];
    html! {
        h2 { "Take an organisation in" }
        form method="get" action=(action) role="search" aria-label="Find an organisation" {
            (TextInput::new("find", "Find an organisation").hint("By name or ODS code").value(typed.find.as_str()).error_message(errors.of("find")))
            (Button::new("Search").secondary())
        }
        @if !typed.find.trim().is_empty() {
            @if found.is_empty() { p { "No organisation of that name or code is in the register. Try fewer words, or ask an administrator to add it." } }
            @for organisation in &barred {
                p.nhsuk-inset-text { (organisation.name) " cannot be a partner: it commissions education, and no member of a cluster does. Work with it as your commissioner." }
            }
            @if !free.is_empty() {
                form method="post" action=(action) novalidate {
                    input type="hidden" name="find" value=(typed.find);
                    (Radios::new("organisation", "Organisation")
                        .items(free.iter().map(|one| RadioItem::new(one.id.to_string(), html! { (one.name) (illustrative(one.is_illustrative)) }).hint(kind(one))))
                        .value(typed.organisation.as_str()).error_message(errors.of("organisation")))
                    (Radios::new("role", "What it will be")
                        .items(parts.map(|part| RadioItem::new(part.key(), part.label()).hint(part.about())))
                        .value(typed.role.as_str()).error_message(errors.of("role")))
                    (day_field("since", "From which day", &typed.since, errors))
                    (Textarea::new("professions", "Professions of its people that take part").hint("One a line: doctors, nurses, midwives").rows(4_u16)
                        .value(typed.professions.as_str()).error_message(errors.of("professions")))
                    (Button::new("Take it in"))
                }
            }
        }
    }
}

/// Sector and settings in words.
pub(crate) fn kind(organisation: &Organisation) -> String {
    let mut words = vec![organisation.sector.label().to_owned()];
    words.extend(organisation.settings.iter().map(|setting| setting.label().to_lowercase()));
    words.join(", ")
}

/// The lines of a text, each once.
pub(crate) fn lines(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if !lines.iter().any(|known| known == line) {
            lines.push(line.to_owned());
        }
    }
    lines
}

pub async fn post(cluster: Loaded<Cluster>, Input(typed): Input<Form>) -> Answer {
    let mut errors = Errors::none();
    let chosen = match typed.organisation.parse() {
        Ok(id) => organisations::by_id(&cluster.database(), hiec_kernel::OrganisationId(id)).await?,
        Err(_) => None,
    };
    if chosen.is_none() {
        errors.add("organisation", "Find the organisation and choose it");
    }
    let role = errors.take("role", PartnerRole::from_key(&typed.role).ok_or("Choose what it will be"));
    let since = day(&mut errors, "since", "the day from which it belongs", &typed.since);
    let professions = optional(&mut errors, "professions", "the professions", &typed.professions, 2_000);
    let (Some(chosen), Some(role), Some(since), Some(professions)) = (chosen, role, since, professions) else {
        return Ok(page(&cluster, &typed, &errors).await?.with_errors(&errors).into());
    };
    let mut unit = cluster.begin().await?;
    let newcomer = Newcomer { organisation: chosen.clone(), role, professions: lines(&professions) };
    match join(&mut unit, &cluster, since, std::slice::from_ref(&newcomer)).await {
        Ok(()) => {
            watch::look(&mut unit, cluster.app.site(), &cluster, &format!("{} joined", chosen.name)).await?;
            unit.commit().await?;
            Ok(Done::made(format!("{}/partners", cluster.path()))
                .saying(format!("{} belongs to the cluster.", chosen.name))
                .into())
        }
        Err(problem) if problem.kind == ProblemKind::Conflict => {
            drop(unit);
            errors.add("find", format!("{}. {}", problem.title, problem.next));
            Ok(page(&cluster, &typed, &errors).await?.with_errors(&errors).into())
        }
        Err(problem) => Err(problem.into()),
    }
}

/// The list to take away, as CSV.
pub async fn download(cluster: Loaded<Cluster>) -> Answer {
    Ok(csv(&format!("{}-partners.csv", cluster.key), &file(&cluster).await?)?)
}

/// The list to take away, as a workbook.
pub async fn workbook(cluster: Loaded<Cluster>) -> Answer {
    Ok(xlsx(&format!("{}-partners.xlsx", cluster.key), &file(&cluster).await?, cluster.now())?)
}

async fn file(cluster: &Loaded<Cluster>) -> Result<FileTable, Problem> {
    let mut table = FileTable::with_columns(
        "partners",
        [
            ("cluster", "The cluster's short address"),
            ("organisation", "Name of the partner"),
            ("ods_code", "The NHS's code for it, where there is one"),
            ("role", "What it is in the cluster"),
            ("sector", "The part of society it belongs to"),
            ("settings", "Where it gives care"),
            ("professions", "Professions that take part"),
            ("since", "The first day it belongs"),
            ("until", "The first day it no longer belongs"),
            ("left_reason", "Why it left"),
            ("is_illustrative", "Whether it is made up"),
        ],
    );
    for one in store::of_cluster(&cluster.database(), cluster.id).await? {
        let settings: Vec<&str> = one.organisation.settings.iter().map(|setting| setting.label()).collect();
        table.push([
            FileCell::text(cluster.key.clone()),
            FileCell::text(one.organisation.name.clone()),
            one.organisation.ods_code.clone().into(),
            FileCell::text(one.role.label()),
            FileCell::text(one.organisation.sector.label()),
            FileCell::text(settings.join("; ")),
            FileCell::text(one.professions.join("; ")),
            one.since.into(),
            one.until.into(),
            one.left_reason.clone().into(),
            one.organisation.is_illustrative.into(),
        ]);
    }
    Ok(table)
}
