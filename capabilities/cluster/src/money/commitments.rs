//! `/clusters/{cluster}/money/commitments`: what partners promised in cash, in kind or matched, and what of it has come; a promise is never taken for money received.

use axum::extract::Path;
use chrono::NaiveDate;
use hiec_contracts::{PartnerSeen, ProjectSeen};
use hiec_kernel::clock::{day_on_page, london_date};
use hiec_kernel::{Money, OrganisationId, Problem};
use hiec_store::{AuditEvent, Unit};
use hiec_web::components::own::EmptyState;
use hiec_web::components::{Button, Cell, Column, Details, Input as TextInput, Table};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::MoneyDesk;
use super::rules::CommitmentKind;
use super::store::{self, Commitment, NewCommitment};
use crate::clusters::store::Cluster;
use crate::desk::{
    self, ProjectNamed, amount, choice, day, day_field, heading, line_field, money_field, page_of, partner_items,
    partner_of, project_items, project_of, summary, words_if_any,
};

/// A partner committed something.
#[derive(Serialize)]
struct CommitmentNoted {
    organisation: OrganisationId,
    kind: CommitmentKind,
    amount: Money,
    what: String,
    from: NaiveDate,
    until: NaiveDate,
    project: Option<ProjectNamed>,
}

impl AuditEvent for CommitmentNoted {
    const KIND: &'static str = "money.commitment_noted";
}

/// Something of a commitment came.
#[derive(Serialize)]
struct CommitmentReceived {
    commitment: Uuid,
    amount: Money,
    on: NaiveDate,
    note: String,
}

impl AuditEvent for CommitmentReceived {
    const KIND: &'static str = "money.commitment_received";
}

/// Notes what a partner committed.
pub(crate) async fn note(unit: &mut Unit, cluster: &Cluster, new: &NewCommitment) -> Result<Uuid, Problem> {
    let id = store::insert_commitment(unit, cluster.id, new).await?;
    let event = CommitmentNoted {
        organisation: new.organisation,
        kind: new.kind,
        amount: new.amount,
        what: new.what.clone(),
        from: new.from,
        until: new.until,
        project: new.project.clone(),
    };
    unit.audit(cluster.stream(), format!("commitment:{id}"), &event)?;
    Ok(id)
}

/// Notes what came of a commitment.
pub(crate) async fn received(
    unit: &mut Unit,
    cluster: &Cluster,
    commitment: Uuid,
    amount: Money,
    on: NaiveDate,
    note: &str,
) -> Result<(), Problem> {
    store::insert_receipt(unit, commitment, amount, on, note).await?;
    let event = CommitmentReceived { commitment, amount, on, note: note.to_owned() };
    unit.audit(cluster.stream(), format!("commitment:{commitment}"), &event)?;
    Ok(())
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct Form {
    #[serde(default)]
    organisation: String,
    /// `cash`, `in_kind` or `matched`.
    #[serde(default)]
    kind: String,
    #[serde(default)]
    what: String,
    #[serde(default)]
    amount: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    until: String,
    /// The project it is for; empty for the cluster as a whole.
    #[serde(default)]
    project: String,
}

pub async fn get(desk: Loaded<MoneyDesk>) -> Answer {
    let typed =
        Form { from: desk.cluster.starts_on.to_string(), until: desk.cluster.ends_on.to_string(), ..Form::default() };
    Ok(page(&desk, &typed, None, &Errors::none()).await?.into())
}

/// What was typed of a commitment's receipt.
type Typing<'a> = Option<(Uuid, &'a ReceiptForm)>;

async fn page(desk: &Loaded<MoneyDesk>, typed: &Form, receipt: Typing<'_>, errors: &Errors) -> Result<Page, Problem> {
    let commitments = store::commitments(&desk.database(), desk.cluster.id).await?;
    let may = desk.may("money.change");
    let (partners, projects) = if may {
        (desk::partners(&desk.database(), &desk.cluster).await?, desk::projects(desk).await?)
    } else {
        (vec![], vec![])
    };
    let view = html! {
        (summary(errors))
        (heading(desk, "What partners committed"))
        (table(desk, &commitments, may, receipt, errors))
        @if may { (form(&partners, &projects, typed, errors)) }
    };
    Ok(page_of(&desk.cluster, "What partners committed", view)
        .under(format!("{}/money", desk.cluster.path()), "Money")
        .data(&commitments)?
        .wide())
}

fn table(
    desk: &Loaded<MoneyDesk>,
    commitments: &[Commitment],
    may: bool,
    receipt: Typing<'_>,
    errors: &Errors,
) -> Markup {
    let today = london_date(desk.now()).to_string();
    let path = desk.cluster.path();
    let received = |one: &Commitment| {
        let is_typed = receipt.is_some_and(|(id, _)| id == one.id);
        let typed = match receipt {
            Some((id, typed)) if id == one.id => typed.clone(),
            _ => ReceiptForm { amount: (one.amount - one.received).plain(), on: today.clone(), note: String::new() },
        };
        let field = |name: &str, label: &str, value: &str| {
            let id = format!("{name}-{}", one.id);
            let error = errors.of(&id).unwrap_or_default().to_owned();
            TextInput::new(name, label).value(value).error_message(error).id(id)
        };
        html! {
            (one.received)
            @if may && one.received < one.amount {
                (Details::new("Note what came", html! {
                    form method="post" action={ (path) "/money/commitments/" (one.id) "/receipts" } novalidate {
                        (field("amount", "Amount", &typed.amount).money())
                        (field("on", "Day", &typed.on).kind("date").width(10))
                        (field("note", "Note (optional)", &typed.note))
                        (Button::new("Note it").secondary())
                    }
                }).open(is_typed))
            }
        }
    };
    html! {
        @if commitments.is_empty() {
            (EmptyState::new("No partner has committed anything yet. Note what each promised when it signed: cash, people’s time, rooms, matched funding."))
        } @else {
            (Table::new("Commitments")
                .head([Column::new("Partner"), Column::new("Kind"), Column::new("What"), Column::numeric("Committed"), Column::new("Come so far"), Column::new("For")])
                .responsive(true)
                .rows(commitments.iter().map(|one| vec![
                    Cell::new(one.partner.as_str()),
                    Cell::new(one.kind.label()),
                    Cell::new(format!("{} ({} to {})", one.what, day_on_page(one.from), day_on_page(one.until))),
                    Cell::numeric(one.amount),
                    Cell::new(received(one)),
                    Cell::new(one.project.as_ref().map_or("The cluster", |project| project.name.as_str())),
                ])))
        }
    }
}

fn form(partners: &[PartnerSeen], projects: &[ProjectSeen], typed: &Form, errors: &Errors) -> Markup {
    let kinds = CommitmentKind::ALL.iter().map(|kind| (kind.key().to_owned(), kind.label().to_owned()));
    html! {
        h2 { "Note a commitment" }
        form method="post" novalidate {
            (choice("organisation", "Partner", partner_items(partners), &typed.organisation, errors))
            (choice("kind", "Kind", kinds, &typed.kind, errors))
            (line_field("what", "What is committed", &typed.what, errors))
            (money_field("amount", "Worth", &typed.amount, errors).hint("What it would cost to buy, where it is given in kind"))
            (day_field("from", "From", &typed.from, errors))
            (day_field("until", "Until", &typed.until, errors))
            @if !projects.is_empty() {
                (choice("project", "Project (optional)", project_items(projects), &typed.project, errors).hint("Leave open where it is for the cluster as a whole"))
            }
            (Button::new("Note it"))
        }
    }
}

pub async fn post(desk: Loaded<MoneyDesk>, Input(typed): Input<Form>) -> Answer {
    let partners = desk::partners(&desk.database(), &desk.cluster).await?;
    let projects = desk::projects(&desk).await?;
    let new = match read(&typed, &partners, &projects) {
        Ok(new) => new,
        Err(errors) => return Ok(page(&desk, &typed, None, &errors).await?.with_errors(&errors).into()),
    };
    let mut unit = desk.begin().await?;
    note(&mut unit, &desk.cluster, &new).await?;
    unit.commit().await?;
    Ok(Done::made(format!("{}/money/commitments", desk.cluster.path())).saying("The commitment was noted.").into())
}

fn read(typed: &Form, partners: &[PartnerSeen], projects: &[ProjectSeen]) -> Result<NewCommitment, Errors> {
    let mut errors = Errors::none();
    let organisation = partner_of(&mut errors, "organisation", &typed.organisation, partners);
    let kind = CommitmentKind::from_key(typed.kind.trim());
    if kind.is_none() {
        errors.add("kind", "Choose cash, in kind or matched funding");
    }
    let what = errors.text("what", "what is committed", &typed.what, 200);
    let amount = amount(&mut errors, "amount", &typed.amount);
    let from = day(&mut errors, "from", "the first day", &typed.from);
    let until = day(&mut errors, "until", "the last day", &typed.until);
    if let (Some(from), Some(until)) = (from, until)
        && until < from
    {
        errors.add("until", "Enter a last day that is not before the first");
    }
    let project = project_of(&mut errors, "project", &typed.project, projects);
    match (organisation, kind, what, amount, from, until) {
        (Some(organisation), Some(kind), Some(what), Some(amount), Some(from), Some(until)) if errors.is_empty() => {
            Ok(NewCommitment { organisation, kind, what, amount, from, until, project })
        }
        _ => Err(errors),
    }
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct ReceiptForm {
    #[serde(default)]
    amount: String,
    #[serde(default)]
    on: String,
    #[serde(default)]
    note: String,
}

pub async fn receive(
    desk: Loaded<MoneyDesk>,
    Path((_, commitment)): Path<(String, Uuid)>,
    Input(typed): Input<ReceiptForm>,
) -> Answer {
    let commitments = store::commitments(&desk.database(), desk.cluster.id).await?;
    let commitment = commitments.iter().find(|one| one.id == commitment).ok_or_else(Problem::not_found)?;
    let mut errors = Errors::none();
    let [amount_field, on_field, note_field] = ["amount", "on", "note"].map(|name| format!("{name}-{}", commitment.id));
    let amount = amount(&mut errors, &amount_field, &typed.amount);
    let on = day(&mut errors, &on_field, "the day it came", &typed.on);
    if on.is_some_and(|on| on > london_date(desk.now())) {
        errors.add(on_field, "Enter a day that is not to come: what is still to come is no receipt");
    }
    let note = words_if_any(&mut errors, &note_field, "the note", &typed.note, 200);
    let (Some(amount), Some(on), true) = (amount, on, errors.is_empty()) else {
        let page = page(&desk, &Form::default(), Some((commitment.id, &typed)), &errors).await?;
        return Ok(page.with_errors(&errors).into());
    };
    let mut unit = desk.begin().await?;
    received(&mut unit, &desk.cluster, commitment.id, amount, on, &note).await?;
    unit.commit().await?;
    Ok(Done::to(format!("{}/money/commitments", desk.cluster.path())).saying("What came was noted.").into())
}
