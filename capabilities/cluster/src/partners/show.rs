//! `/clusters/{cluster}/partners/{partner}`: one partner, its part and professions, its signature, and how it leaves.

use hiec_kernel::clock::{day_on_page, london_date, on_page};
use hiec_kernel::{Problem, ProblemKind};
use hiec_web::components::{Button, Details, RadioItem, Radios, SummaryList, SummaryRow, Textarea};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::joining::{change, leave};
use super::list::{kind, lines};
use super::store::{Membership, Partnership};
use crate::agreement::store as agreements;
use crate::clusters::pieces::{day, day_field, head, illustrative, optional, room, summary};
use crate::clusters::store::PartnerRole;
use crate::principles::watch;

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct Form {
    /// `lead`, `founding`, `member` or `associate`.
    #[serde(default)]
    role: String,
    /// One profession a line.
    #[serde(default)]
    professions: String,
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct LeavingForm {
    #[serde(default)]
    until: String,
    #[serde(default)]
    reason: String,
}

#[derive(Serialize)]
struct Shown<'a> {
    partner: &'a Membership,
    /// The version of the agreement it signed last, where the reader may know.
    signed_version: Option<i64>,
}

pub async fn get(partner: Loaded<Partnership>) -> Answer {
    let typed =
        Form { role: partner.membership.role.key().to_owned(), professions: partner.membership.professions.join("\n") };
    Ok(page(&partner, &typed, &LeavingForm::default(), &Errors::none()).await?.into())
}

async fn page(
    partner: &Loaded<Partnership>,
    typed: &Form,
    leaving: &LeavingForm,
    errors: &Errors,
) -> Result<Page, Problem> {
    let Partnership { cluster, membership } = &partner.thing;
    let organisation = &membership.organisation;
    let signatures = match partner.may("partnership.read") {
        true => agreements::of_organisation(&partner.database(), cluster.id, organisation.id).await?,
        false => Vec::new(),
    };
    let shown = Shown { partner: membership, signed_version: signatures.first().map(|one| one.number) };
    let mut rows = vec![
        SummaryRow::new("Part in the cluster", membership.role.label()),
        SummaryRow::new("Sector and settings", kind(organisation)),
        SummaryRow::new("Professions that take part", membership.professions.join(", ")),
        SummaryRow::new("Since", day_on_page(membership.since)),
    ];
    if let Some(until) = membership.until {
        rows.push(SummaryRow::new("Until", day_on_page(until)));
        rows.push(SummaryRow::new("Why it left", membership.left_reason.clone().unwrap_or_default()));
    }
    if let Some(code) = &organisation.ods_code {
        rows.push(SummaryRow::new("ODS code", code.as_str()));
    }
    if let Some(newest) = signatures.first() {
        rows.push(SummaryRow::new("Signed", format!("Version {} on {}", newest.number, on_page(newest.signed_at))));
    }
    let content = html! {
        (summary(errors))
        (head(cluster, &organisation.name))
        @if organisation.is_illustrative { p { (illustrative(true)) } }
        (SummaryList::new(rows))
        @if partner.may("partnership.sign") {
            p { a href={ (cluster.path()) "/agreement" } { "Read and sign the agreement for " (organisation.name) } }
        }
        @if partner.may("partnership.change") { (changing(partner, typed, errors)) }
        @if partner.may("partnership.end") && membership.role != PartnerRole::Lead { (leaving_form(partner, leaving, errors)) }
    };
    let page = room(Page::new(organisation.name.clone(), content), cluster);
    page.under(format!("{}/partners", cluster.path()), "Partners").data(&shown)
}

fn changing(partner: &Loaded<Partnership>, typed: &Form, errors: &Errors) -> Markup {
    let is_lead = partner.membership.role == PartnerRole::Lead;
    let parts = PartnerRole::ALL.iter().filter(|part| (**part == PartnerRole::Lead) == is_lead);
    html! {
        h2 { "Its part" }
        form method="post" action=(partner.path()) novalidate {
            (Radios::new("role", "What it is in the cluster")
                .items(parts.map(|part| RadioItem::new(part.key(), part.label()).hint(part.about())))
                .value(typed.role.as_str()).error_message(errors.of("role")))
            (Textarea::new("professions", "Professions of its people that take part").hint("One a line").rows(4_u16)
                .value(typed.professions.as_str()).error_message(errors.of("professions")))
            (Button::new("Save"))
        }
    }
}

fn leaving_form(partner: &Loaded<Partnership>, typed: &LeavingForm, errors: &Errors) -> Markup {
    let has_errors = errors.of("until").or(errors.of("reason")).is_some();
    let form = html! {
        p { "It stays on the record with its dates. Where a principle breaks for it, everyone of the cluster and its region gets a letter." }
        form method="post" action={ (partner.path()) "/leaving" } novalidate {
            (day_field("until", "First day it no longer belongs", &typed.until, errors))
            (Textarea::new("reason", "Reason").rows(2_u16).value(typed.reason.as_str()).error_message(errors.of("reason")))
            (Button::new("It leaves the cluster").warning())
        }
    };
    html! { (Details::new("This partner leaves", form).open(has_errors)) }
}

pub async fn post(partner: Loaded<Partnership>, Input(typed): Input<Form>) -> Answer {
    let mut errors = Errors::none();
    let role = errors.take("role", PartnerRole::from_key(&typed.role).ok_or("Choose what it is in the cluster"));
    let professions = optional(&mut errors, "professions", "the professions", &typed.professions, 2_000);
    let (Some(role), Some(professions)) = (role, professions) else {
        return Ok(page(&partner, &typed, &LeavingForm::default(), &errors).await?.with_errors(&errors).into());
    };
    let Partnership { cluster, membership } = &partner.thing;
    let mut unit = partner.begin().await?;
    change(&mut unit, cluster, membership, role, &lines(&professions)).await?;
    let cause = format!("The part of {} changed", membership.organisation.name);
    watch::look(&mut unit, partner.app.site(), cluster, &cause).await?;
    unit.commit().await?;
    Ok(Done::to(partner.path()).saying("Its part is saved.").into())
}

pub async fn leaving(partner: Loaded<Partnership>, Input(typed): Input<LeavingForm>) -> Answer {
    let mut errors = Errors::none();
    let until = day(&mut errors, "until", "the first day it no longer belongs", &typed.until);
    let reason = errors.text("reason", "why it leaves", &typed.reason, 1_000);
    let shown =
        Form { role: partner.membership.role.key().to_owned(), professions: partner.membership.professions.join("\n") };
    let (Some(until), Some(reason)) = (until, reason) else {
        return Ok(page(&partner, &shown, &typed, &errors).await?.with_errors(&errors).into());
    };
    let Partnership { cluster, membership } = &partner.thing;
    let mut unit = partner.begin().await?;
    match leave(&mut unit, cluster, membership, until, &reason).await {
        Ok(()) => {}
        Err(problem) if problem.kind == ProblemKind::Conflict => {
            drop(unit);
            errors.add("until", format!("{}. {}", problem.title, problem.next));
            return Ok(page(&partner, &shown, &typed, &errors).await?.with_errors(&errors).into());
        }
        Err(problem) => return Err(problem.into()),
    }
    let name = &membership.organisation.name;
    let today = london_date(unit.now());
    let cause =
        if until <= today { format!("{name} left") } else { format!("{name} leaves on {}", day_on_page(until)) };
    watch::look(&mut unit, partner.app.site(), cluster, &cause).await?;
    unit.commit().await?;
    Ok(Done::to(format!("{}/partners", cluster.path())).saying(format!("{cause}. It stays on the record.")).into())
}
