//! `/calls/{call}/assignment`: the best assignment as proposed, or why there is none; confirmed as one act, undone as one, changed by hand.

use axum::extract::Path;
use hiec_kernel::clock::on_page;
use hiec_kernel::{BidId, PersonId, Problem, ProblemKind};
use hiec_web::components::{Button, Cell, Column, Input as TextInput, Select, SelectItem, Table};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::assigning::{self, AssigningAct, Plan, Proposal};
use super::matching;
use super::pool::{self, PoolMember, PoolState};
use crate::calls::registration::summary;
use crate::calls::store::Call;
use crate::interests::{actions as interests, detection};

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct ConfirmForm {
    /// The fingerprint of the proposal that was looked at.
    #[serde(default)]
    fingerprint: String,
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct UndoForm {
    #[serde(default)]
    reason: String,
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct AddForm {
    /// Id of the bid.
    #[serde(default)]
    bid: String,
    /// Id of the assessor.
    #[serde(default)]
    assessor: String,
}

#[derive(Serialize)]
struct Shown<'a> {
    proposal: &'a Proposal,
    acts: &'a [AssigningAct],
}

pub async fn get(call: Loaded<Call>) -> Answer {
    Ok(page(&call, &AddForm::default(), &Errors::none()).await?.into())
}

async fn page(call: &Loaded<Call>, typed: &AddForm, errors: &Errors) -> Result<Page, Problem> {
    let database = call.database();
    let proposal = assigning::propose_assignment(&database, call).await?;
    let acts = assigning::acts(&database, call.id).await?;
    let members = pool::of_call(&database, call.id).await?;
    let titles = detection::titles(&database, call.id).await?;
    let content = html! {
        (summary(errors))
        h1 { span.nhsuk-caption-xl { (call.title) } "Assignment" }
        p { (matching::STATEMENT) }
        @match &proposal.plan {
            Some(plan) => (plan_view(call, plan, &proposal)),
            None => {
                h2 { "There is no assignment that keeps all the rules" }
                div.nhsuk-inset-text { @for reason in &proposal.impossible { p { (reason) } } }
                p { "Invite more assessors, ask some to take more, or dismiss soft conflicts with a reason." }
            }
        }
        @if !proposal.left_out.is_empty() {
            h2 { "Cannot be given bids yet" }
            ul { @for (name, why) in &proposal.left_out { li { (name) ": " (why) } } }
        }
        @if call.may("call.assignment.make") { (by_hand(call, &members, &titles, typed, errors)) }
        h2 { "What was assigned" }
        @if acts.is_empty() { p { "Nothing yet." } }
        @for act in &acts { (act_view(call, act)) }
    };
    Ok(Page::new("Assignment", content)
        .data(&Shown { proposal: &proposal, acts: &acts })?
        .under("/calls", "Calls")
        .under(call.path(), call.title.clone())
        .under(format!("{}/assessors", call.path()), "Assessors")
        .wide())
}

fn plan_view(call: &Loaded<Call>, plan: &Plan, proposal: &Proposal) -> Markup {
    let new = plan.pairs.iter().filter(|given| !given.is_kept).count();
    let mut bids: Vec<(BidId, &str, Vec<String>)> = Vec::new();
    for given in &plan.pairs {
        let who = format!(
            "{} ({}{})",
            given.assessor_name,
            given.weight,
            if given.is_kept { ", assigned before" } else { "" }
        );
        match bids.last_mut() {
            Some((bid, _, list)) if *bid == given.bid => list.push(who),
            _ => bids.push((given.bid, &given.bid_title, vec![who])),
        }
    }
    html! {
        h2 { "Proposal" }
        @if new == 0 {
            p { "Every bid has its reviews: there is nothing to assign." }
        } @else {
            p { (new) @if new == 1 { " review" } @else { " reviews" } " to assign. The weights add up to " (plan.total_weight) "; no assignment that keeps the rules has a greater sum." }
            (Table::new("By bid, with the weight of each pair")
                .head([Column::new("Bid"), Column::new("Assessors")])
                .first_cell_is_header(true)
                .rows(bids.iter().map(|(_, title, list)| vec![Cell::new(*title), Cell::new(list.join(", "))])))
            (Table::new("Bids each assessor would have")
                .head([Column::new("Assessor"), Column::numeric("Bids"), Column::numeric("At most")])
                .rows(plan.loads.iter().map(|load| vec![Cell::new(load.assessor_name.as_str()), Cell::numeric(load.reviews), Cell::numeric(load.most)])))
            @if call.may("call.assignment.make") {
                form method="post" action={ (call.path()) "/assignment" } {
                    input type="hidden" name="fingerprint" value=(proposal.fingerprint);
                    p { "Conflicts are looked for once more before anything is stored. Every assessor is told by e-mail." }
                    (Button::new("Assign as proposed"))
                }
            }
        }
    }
}

fn by_hand(
    call: &Loaded<Call>,
    members: &[PoolMember],
    titles: &std::collections::BTreeMap<BidId, String>,
    typed: &AddForm,
    errors: &Errors,
) -> Markup {
    let mut bids: Vec<(&BidId, &String)> = titles.iter().collect();
    bids.sort_by_key(|(id, title)| (title.as_str(), **id));
    html! {
        h2 { "Add a review by hand" }
        form method="post" action={ (call.path()) "/assignment-additions" } novalidate {
            (Select::new("bid", "Bid")
                .items(std::iter::once(SelectItem::new("", "Choose a bid")).chain(bids.into_iter().map(|(id, title)| SelectItem::new(id.to_string(), title.as_str()))))
                .value(typed.bid.as_str())
                .error_message(errors.of("bid").unwrap_or_default()))
            (Select::new("assessor", "Assessor")
                .items(std::iter::once(SelectItem::new("", "Choose an assessor")).chain(
                    members.iter().filter(|member| member.state == PoolState::Joined).map(|member| SelectItem::new(member.person.to_string(), member.name.as_str()))))
                .value(typed.assessor.as_str())
                .error_message(errors.of("assessor").unwrap_or_default()))
            (Button::new("Add").secondary())
        }
        p { "A single review is taken off on the page of " a href={ (call.path()) "/reviews" } { "all reviews" } "." }
    }
}

fn act_view(call: &Loaded<Call>, act: &AssigningAct) -> Markup {
    let by = if act.kind == "engine" { "as proposed" } else { "by hand" };
    html! {
        h3.nhsuk-heading-s { (act.pairs.len()) " reviews " (by) ", " (on_page(act.made_at)) ", " (act.made_by) }
        @match (&act.undone_at, &act.undone_reason) {
            (Some(at), reason) => { p { "Undone " (on_page(*at)) ": " (reason.as_deref().unwrap_or_default()) } }
            _ => {
                @if call.may("call.assignment.undo") {
                    form method="post" action={ (call.path()) "/assignments/" (act.id) "/undoing" } novalidate {
                        (TextInput::new("reason", "Reason for taking all of it back").id(format!("reason-{}", act.id)))
                        (Button::new("Undo").secondary().small(true))
                    }
                }
            }
        }
    }
}

pub async fn make(call: Loaded<Call>, Input(form): Input<ConfirmForm>) -> Answer {
    // New conflicts are kept even when they make the proposal void, so that the next one knows them.
    let mut unit = call.begin().await?;
    interests::detect_conflicts(&mut unit, &call).await?;
    unit.commit().await?;
    let shown = (!form.fingerprint.is_empty()).then_some(form.fingerprint.as_str());
    let mut unit = call.begin().await?;
    assigning::assign(&mut unit, &call, shown).await?;
    unit.commit().await?;
    Ok(Done::made(format!("{}/assignment", call.path())).saying("Assigned. Every assessor was told by e-mail.").into())
}

pub async fn undo(call: Loaded<Call>, Path((_, id)): Path<(String, Uuid)>, Input(form): Input<UndoForm>) -> Answer {
    let person = call.person()?.clone();
    let mut unit = call.begin().await?;
    assigning::undo_assignment(&mut unit, &call, id, &person, &form.reason).await?;
    unit.commit().await?;
    Ok(Done::to(format!("{}/assignment", call.path())).saying("Undone. The reason is on the record.").into())
}

pub async fn add(call: Loaded<Call>, Input(form): Input<AddForm>) -> Answer {
    let mut errors = Errors::none();
    let bid = errors.take("bid", form.bid.trim().parse::<Uuid>().map_err(|_| "Choose a bid"));
    let assessor = errors.take("assessor", form.assessor.trim().parse::<Uuid>().map_err(|_| "Choose an assessor"));
    let (Some(bid), Some(assessor)) = (bid, assessor) else {
        return Ok(page(&call, &form, &errors).await?.with_errors(&errors).into());
    };
    let mut unit = call.begin().await?;
    match assigning::add_review(&mut unit, &call, BidId(bid), PersonId(assessor)).await {
        Ok(_) => unit.commit().await?,
        Err(problem) if problem.kind == ProblemKind::Conflict => {
            drop(unit);
            errors.add("assessor", problem.title);
            return Ok(page(&call, &form, &errors).await?.conflict(&errors).into());
        }
        Err(problem) => return Err(problem.into()),
    }
    Ok(Done::made(format!("{}/assignment", call.path())).saying("Added. The assessor was told by e-mail.").into())
}
