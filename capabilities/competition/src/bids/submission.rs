//! `/bids/{bid}/submission`: the check before submitting, submitting, and taking back; and `/bids/{bid}/receipts/{number}`. The clock is judged where the change is made, not here.

use std::collections::HashMap;

use axum::extract::{Path, Query};
use hiec_kernel::Problem;
use hiec_kernel::clock::{iso, on_page};
use hiec_web::components::{Button, SummaryList, SummaryRow, Table, Textarea};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use http::StatusCode;
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::completeness::{Standing, standing};
use super::papers::{Paper, pqq_state};
use super::pieces::error_summary;
use super::sealed;
use super::shortfalls::Shortfall;
use super::states::BidState;
use super::store::Bid;
use super::submitting::{NotTaken, submit_bid, submit_pqq, withdraw_bid};
use crate::calls::stages::DEADLINE_RULE;
use crate::pqq::rules::PqqState;

#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Form {
    /// `bid`, or `pqq` for the questionnaire.
    #[serde(default)]
    pub paper: String,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Withdrawal {
    #[serde(default)]
    pub reason: String,
}

impl Form {
    fn paper(&self) -> Paper {
        Paper::from_key(&self.paper).unwrap_or(Paper::Bid)
    }
}

pub async fn get(bid: Loaded<Bid>, Query(form): Query<Form>) -> Answer {
    let standing = standing(&bid.database(), &bid, form.paper()).await?;
    let lacking = standing.lacking();
    Ok(page(&bid, &standing, &lacking, &Errors::none())?.into())
}

pub async fn post(bid: Loaded<Bid>, Input(form): Input<Form>) -> Answer {
    let person = bid.person()?.clone();
    if !form.paper.is_empty() && Paper::from_key(&form.paper).is_none() {
        return Err(Problem::invalid("There is no such form to submit", "Submit ‘bid’ or ‘pqq’.").into());
    }
    let paper = form.paper();
    let mut unit = bid.begin().await?;
    let taken = match paper {
        Paper::Bid => submit_bid(&mut unit, &bid, &person).await,
        Paper::Pqq => submit_pqq(&mut unit, &bid, &person).await,
    };
    match taken {
        Ok(receipt) => {
            unit.commit().await?;
            Ok(Done::made(format!("{}/receipts/{}", bid.path(), receipt.number))
                .saying(format!("Submitted. Your receipt is {}.", receipt.number))
                .into())
        }
        Err(NotTaken::Problem(problem)) => Err(problem.into()),
        Err(NotTaken::Lacking(lacking)) => {
            drop(unit);
            let standing = standing(&bid.database(), &bid, paper).await?;
            let is_late = lacking.iter().any(|one| matches!(one, Shortfall::Late { .. }));
            let mut errors = Errors::none();
            for one in &lacking {
                errors.add("lacking", one.what());
            }
            let page = page(&bid, &standing, &lacking, &errors)?;
            // Too late is a state of things, the rest can be mended.
            let status = if is_late { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
            Ok(page.with_status(status).into())
        }
    }
}

/// `POST /bids/{bid}/withdrawal`
pub async fn withdraw(bid: Loaded<Bid>, Input(form): Input<Withdrawal>) -> Answer {
    let person = bid.person()?.clone();
    let mut unit = bid.begin().await?;
    withdraw_bid(&mut unit, &bid, &person, &form.reason).await?;
    unit.commit().await?;
    Ok(Done::to(bid.path()).saying("The bid is withdrawn. You can submit it again until the deadline.").into())
}

fn page(bid: &Loaded<Bid>, standing: &Standing, lacking: &[Shortfall], errors: &Errors) -> Result<Page, Problem> {
    let data = serde_json::json!({
        "paper": standing.paper, "title": bid.title,
        "is_open": standing.paper.is_open(bid, bid.now()),
        "missing": lacking.iter().map(|s| serde_json::json!({"what": s.what(), "mend": s.mend()})).collect::<Vec<_>>(),
        "sign_offs": standing.sign_offs.iter().map(|s| serde_json::json!({"partner": s.partner, "sign_off": s.sign_off.in_words(), "counts": s.sign_off.allows_submission()})).collect::<Vec<_>>(),
    });
    let title = format!("Submit {}", standing.paper.in_words());
    Page::new(title, view(bid, standing, lacking, errors))
        .under("/bids", "My bids")
        .under(bid.path(), bid.title.clone())
        .data(&data)
}

fn view(bid: &Loaded<Bid>, standing: &Standing, lacking: &[Shortfall], errors: &Errors) -> Markup {
    let paper = standing.paper;
    let now = bid.now();
    html! {
        (error_summary(errors))
        span.nhsuk-caption-l { (bid.title) }
        h1 { "Submit " (paper.in_words()) }
        p { strong { (paper.countdown(bid, now)) "." } " " (DEADLINE_RULE) }
        (already(bid, paper))
        h2 id="lacking" { "What is missing" }
        @if lacking.is_empty() { p { "Nothing is missing." } }
        @else {
            (Table::new("Before it can be submitted").head(["What", "How to mend it"]).rows(lacking.iter().map(|one| [
                html! { (what(bid, paper, one)) }, html! { (one.mend()) },
            ])))
        }
        @if paper == Paper::Bid {
            h2 { "Sign-off by partners" }
            (Table::new("Sign-offs").head(["Partner", "Sign-off"]).rows(standing.sign_offs.iter().map(|one| [
                html! { (one.partner) }, html! { (one.sign_off.in_words()) },
            ])))
        }
        @if bid.may("bid.submit") {
            form method="post" action={ (bid.path()) "/submission" } {
                input type="hidden" name="paper" value=(paper.key());
                p { "When you submit, everything is sealed as it is now, and everyone in the bid gets the receipt." }
                (Button::new(format!("Submit {}", paper.in_words())))
            }
        }
        @if paper == Paper::Bid && matches!(bid.state, BidState::Submitted(_)) && paper.is_open(bid, now) && bid.may("bid.withdraw") {
            h2 { "Withdraw the bid" }
            form method="post" action={ (bid.path()) "/withdrawal" } {
                (Textarea::new("reason", "Reason").rows(2).hint("At least three words. It is kept on the record."))
                (Button::new("Withdraw the bid").warning())
            }
        }
    }
}

/// A shortfall of an answer leads to its section.
fn what(bid: &Bid, paper: Paper, shortfall: &Shortfall) -> Markup {
    match shortfall {
        Shortfall::Answer(answer) => html! {
            a href={ (paper.section_path(bid, &answer.section)) "#" (answer.field) } { (shortfall.what()) }
        },
        _ => html! { (shortfall.what()) },
    }
}

fn already(bid: &Bid, paper: Paper) -> Markup {
    let number = match paper {
        Paper::Bid => bid.state.submission().map(|submission| submission.receipt.number.clone()),
        Paper::Pqq => match pqq_state(bid) {
            Ok(PqqState::Submitted(submitted)) => Some(submitted.receipt.number),
            _ => None,
        },
    };
    html! {
        @if let Some(number) = number {
            p.nhsuk-inset-text { "It is submitted (receipt " a href={ (bid.path()) "/receipts/" (number) } { (number) } "). Submitting again puts what is written now in its place; until that succeeds, what is submitted stands." }
        }
    }
}

/// `/bids/{bid}/receipts/{number}`
pub async fn receipt(bid: Loaded<Bid>, Path(path): Path<HashMap<String, String>>) -> Answer {
    let number = path.get("number").ok_or_else(Problem::not_found)?;
    let sealed = sealed::by_receipt(&bid.database(), bid.id, number).await?.ok_or_else(Problem::not_found)?;
    let receipt = &sealed.receipt;
    let holds = receipt.verify(&receipt.parts).is_ok();
    let parts = Table::new("What we received").head(["Kind", "Part", "Bytes", "SHA-256"]).rows(
        receipt.parts.iter().map(|part| {
            [
                html! { (part.kind.label()) },
                html! { (part.name) },
                html! { (part.bytes) },
                html! { span.app-fingerprint { (part.sha256) } },
            ]
        }),
    );
    let content = html! {
        h1 { "Receipt " (receipt.number) }
        (SummaryList::new([
            SummaryRow::new("For", format!("{}: {}", sealed.paper.label(), sealed.content.title)),
            SummaryRow::new("Received", format!("{} ({})", on_page(receipt.received_at), iso(receipt.received_at))),
            SummaryRow::new("Overall SHA-256", html! { span.app-fingerprint { (receipt.overall) } }),
            SummaryRow::new("Checked now", if holds { "The receipt is whole: its overall figure fits what it lists." } else { "The receipt does not fit its overall figure. Tell the programme office." }),
        ]))
        (super::show::late(&bid))
        (parts)
        p { "The figures are SHA-256 over the canonical JSON of the answers of a section or of a commitment, or over the bytes of a file. The same receipt went by mail to everyone in the bid." }
        button.nhsuk-button.nhsuk-button--secondary type="button" data-print hidden { "Print" }
    };
    Ok(Page::new(format!("Receipt {}", receipt.number), content)
        .under("/bids", "My bids")
        .under(bid.path(), bid.title.clone())
        .data(receipt)?
        .into())
}
