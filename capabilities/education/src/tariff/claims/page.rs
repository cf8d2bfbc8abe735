//! `/clusters/{cluster}/education/claims/{claim}`: a claim with its lines, what was done with it, and the next step for whoever may take it.

use hiec_kernel::clock::{date_on_page, day_on_page, london_date};
use hiec_kernel::{Money, Problem};
use hiec_reports::{Block, Report, Reports};
use hiec_store::Reads;
use hiec_tariff::Period;
use hiec_web::components::{Button, SummaryList, SummaryRow, Tag};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page, Reply};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::actions::{self, Move};
use super::states::{Act, ClaimState};
use super::store::{self, Claim, ClaimHere, Content, Step};
use crate::ground::{self, LINES};
use crate::home;
use crate::tariff::asked::name;
use crate::tariff::drawing::{self, Known, Of};
use crate::tariff::{files, lines, report, store as tariff};

#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct Words {
    words: String,
}

#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct Clawing {
    /// Pounds.
    amount: String,
    words: String,
}

pub async fn get(door: Loaded<ClaimHere>) -> Answer {
    Ok(page(&door, &Clawing::default(), &Errors::none()).await?.into())
}

async fn host_name(door: &Loaded<ClaimHere>) -> Result<String, Problem> {
    let hosts = tariff::hosts(&door.database(), door.cluster.id).await?;
    let host = hosts.into_iter().find(|(id, _, _)| *id == door.claim.host);
    Ok(host.map_or_else(|| "A former host".to_owned(), |(_, name, _)| name))
}

/// What the same days are worth by what is loaded now, limits apart; nothing where the two agree.
async fn worth_now(door: &Loaded<ClaimHere>) -> Result<Option<(Money, Money)>, Problem> {
    let claim = &door.claim;
    let Some(period) = Period::new(claim.from, claim.to) else { return Ok(None) };
    let known = Known::today(london_date(door.now()));
    let drawing = drawing::draw(&door.database(), &door.cluster, period, known, &Of::host(claim.host)).await?;
    let (now, then) = (drawing.by_tariff() + drawing.by_quality(), claim.by_tariff() + claim.by_quality);
    Ok((now != then).then_some((now, then)))
}

async fn page(door: &Loaded<ClaimHere>, form: &Clawing, errors: &Errors) -> Result<Page, Problem> {
    let claim = &door.claim;
    let host = host_name(door).await?;
    let worth_now = worth_now(door).await?;
    let content = store::content(&door.database(), claim.id).await?;
    let done = done(&door.database(), claim).await?;
    let path = claim.path(&door.cluster);
    let education = crate::access::path(&door.cluster);
    let year = Period::year_of(claim.from).map(name).unwrap_or_default().replace('/', "%2F");
    let of_trainee = |number: &str| {
        let number: String = url::form_urlencoded::byte_serialize(number.as_bytes()).collect();
        format!("year={year}&trainee={number}")
    };
    let rows = vec![
        SummaryRow::new("Host", host.as_str()),
        SummaryRow::new("Days", format!("{} to {}", day_on_page(claim.from), day_on_page(claim.to))),
        SummaryRow::new("Amount", claim.amount.to_string()),
        SummaryRow::new("State", claim.state.label()),
        SummaryRow::new("Drawn up", date_on_page(claim.drawn_at)),
        SummaryRow::new("Fingerprint of its lines", claim.fingerprint.to_string()),
    ];
    let view = html! {
        (ground::mistakes(errors))
        h1 { span.nhsuk-caption-xl { (host) } "Claim " (claim.number) " " (Tag::new(claim.state.label())) (ground::made_up(claim.is_illustrative)) }
        (SummaryList::new(rows))
        @if let Some((now, then)) = worth_now {
            p { "By what is known today the same days are worth " strong { (now) } ", which is " (now - then) " from what was claimed: a price, a factor, a placement or what quality adds has changed since." }
        }
        @if !done.is_empty() {
            h2 { "What was done" }
            ol { @for (what, words) in &done { li { (what) @if !words.is_empty() { ": " (words) } } } }
        }
        (next(door, &path, form, errors))
        (lines::sum(parts(claim), claim.amount))
        (lines::weighed(&content.weighed, &format!("{education}/quality/funding")))
        @if let Some(limited) = &content.limited {
            h2 { "Under the limits to losses and gains" }
            p { (limited.working) ": " strong { (limited.amount) } }
        }
        h2 { "Lines" }
        (lines::table(&content.lines, |number| format!("{education}/tariff?{}", of_trainee(number))))
        (hiec_web::components::own::Downloads::new([
            ("The lines as CSV", format!("{path}/lines.csv")),
            ("The claim as PDF", format!("{path}/claim.pdf")),
        ]))
    };
    let data = Whole {
        claim: Both { claim, content: &content },
        done: &done,
        host: &host,
        worth_now: worth_now.map(|(now, _)| now),
    };
    Ok(home::under(Page::new(format!("Claim {}", claim.number), view).data(&data)?, &door.cluster)
        .under(format!("{}/claims", crate::access::path(&door.cluster)), "Claims")
        .wide())
}

/// A claim and its lines, as programs get them.
#[derive(Serialize)]
struct Whole<'a> {
    claim: Both<'a>,
    /// What was done with it: who and when, and what they said.
    done: &'a [(String, String)],
    host: &'a str,
    worth_now: Option<Money>,
}

#[derive(Serialize)]
struct Both<'a> {
    #[serde(flatten)]
    claim: &'a Claim,
    #[serde(flatten)]
    content: &'a Content,
}

/// What the amount is made of, where it is more than the tariff.
fn parts(claim: &Claim) -> Vec<(&'static str, Money)> {
    let beside = [("By the limits to losses and gains", claim.by_limits), ("By quality", claim.by_quality)];
    let beside = beside.into_iter().filter(|(_, amount)| *amount != Money::ZERO);
    std::iter::once(("By tariff", claim.by_tariff())).chain(beside).collect()
}

/// What was done, oldest first, with who did it, what was asked back and the words given.
async fn done(reads: &impl Reads, claim: &Claim) -> Result<Vec<(String, String)>, Problem> {
    let steps = store::steps(reads, claim.id).await?;
    if steps.is_empty() {
        return done_by_state(reads, &claim.state).await;
    }
    let told = |step: Step| {
        let amount = step.amount.map(|amount| amount.to_string());
        let words: Vec<String> = amount.into_iter().chain(Some(step.words).filter(|words| !words.is_empty())).collect();
        (format!("{} by {} on {}", Move::told(&step.act), step.by, date_on_page(step.at)), words.join(", "))
    };
    Ok(steps.into_iter().map(told).collect())
}

/// Of a claim whose steps were not kept yet when it was moved: what its state remembers.
async fn done_by_state(reads: &impl Reads, state: &ClaimState) -> Result<Vec<(String, String)>, Problem> {
    let mut acts: Vec<(&str, Act, String)> = Vec::new();
    if let Some(paid) = state.payment() {
        acts.push(("Submitted", paid.submitted, String::new()));
        acts.push(("Approved", paid.approved, String::new()));
        acts.push(("Paid", paid.paid, String::new()));
    }
    let claw = |clawback: &super::states::Clawback| {
        ("Clawback requested", clawback.requested, format!("{}, {}", clawback.amount, clawback.reason))
    };
    match state {
        ClaimState::Draft | ClaimState::Paid { .. } => {}
        ClaimState::Withdrawn { withdrawn } => acts.push(("Withdrawn", *withdrawn, String::new())),
        ClaimState::Submitted { submitted } => acts.push(("Submitted", *submitted, String::new())),
        ClaimState::SentBack { submitted, sent_back, reason } => {
            acts.push(("Submitted", *submitted, String::new()));
            acts.push(("Sent back", *sent_back, reason.clone()));
        }
        ClaimState::Approved { submitted, approved } => {
            acts.push(("Submitted", *submitted, String::new()));
            acts.push(("Approved", *approved, String::new()));
        }
        ClaimState::Sampled { sampled, question, .. } => acts.push(("Sampled", *sampled, question.clone())),
        ClaimState::Confirmed { confirmed, finding, .. } => acts.push(("Confirmed", *confirmed, finding.clone())),
        ClaimState::ClawbackRequested { clawback, .. } => acts.push(claw(clawback)),
        ClaimState::ClawbackRefused { clawback, refused, reason, .. } => {
            acts.push(claw(clawback));
            acts.push(("Clawback refused", *refused, reason.clone()));
        }
        ClaimState::ClawedBack { clawback, approved, .. } => {
            acts.push(claw(clawback));
            acts.push(("Clawback approved", *approved, String::new()));
        }
    }
    let mut done = Vec::new();
    for (what, act, words) in acts {
        let person = hiec_access::people::by_id(reads, act.by).await?;
        let name = person.map_or_else(|| "somebody".to_owned(), |person| person.name);
        done.push((format!("{what} by {name} on {}", date_on_page(act.at)), words));
    }
    Ok(done)
}

/// The next step, for whoever may take it.
fn next(door: &Loaded<ClaimHere>, path: &str, form: &Clawing, errors: &Errors) -> Markup {
    let button = |to: &str, words: &str| {
        html! { form method="post" action={ (path) "/" (to) } { (Button::new(words)) } }
    };
    let asking = |to: &str, label: &str, words: &str| {
        html! {
            form method="post" action={ (path) "/" (to) } novalidate {
                (ground::lines_field("words", label, &form.words, errors))
                (Button::new(words).secondary())
            }
        }
    };
    let is_mine = |action: &str| door.may(action);
    html! {
        @match &door.claim.state {
            ClaimState::Draft | ClaimState::SentBack { .. } if is_mine("claim.submit") => {
                (button("submission", "Submit it to the region"))
                form method="post" action={ (path) "/withdrawal" } { (Button::new("Withdraw it").secondary()) }
            }
            ClaimState::Submitted { .. } if is_mine("claim.judge") => {
                (button("approval", "Approve it"))
                (asking("rejection", "Why it goes back", "Send it back"))
            }
            ClaimState::Approved { .. } if is_mine("claim.pay") => { (button("payment", "It has been paid")) }
            ClaimState::Paid { .. } if is_mine("claim.sample") => { (asking("sample", "What evidence is asked for", "Sample it")) }
            ClaimState::Sampled { .. } if is_mine("claim.sample") => {
                (asking("finding", "What the evidence shows", "Confirm the claim"))
                (clawing(path, form, errors))
            }
            ClaimState::ClawbackRefused { .. } if is_mine("claim.claw_back") => { (clawing(path, form, errors)) }
            ClaimState::ClawbackRequested { clawback, .. } if is_mine("claim.claw_back") => {
                @if door.subject.person.as_ref().is_some_and(|person| person.id == clawback.requested.by) {
                    p { "You requested this clawback. A second person of the region approves or refuses it." }
                } @else {
                    (button("clawback/approval", "Approve the clawback"))
                    (asking("clawback/refusal", "Why the money stays", "Refuse the clawback"))
                }
            }
            _ => {}
        }
    }
}

fn clawing(path: &str, form: &Clawing, errors: &Errors) -> Markup {
    html! {
        form method="post" action={ (path) "/clawback" } novalidate {
            h3 { "Or take money back" }
            (ground::line_field("amount", "How much, in pounds", &form.amount, errors).inputmode("decimal").width(10_u8))
            (ground::lines_field("words", "What was not borne out", &form.words, errors).id("clawback-words"))
            (Button::new("Request the clawback").secondary())
        }
    }
}

async fn moved(door: &Loaded<ClaimHere>, step: Move, word: &str) -> Answer {
    let mut unit = door.begin().await?;
    actions::carry_out(&mut unit, &door.claim, step).await?;
    unit.commit().await?;
    Ok(Done::to(door.claim.path(&door.cluster)).saying(word).into())
}

/// A step that needs words; without them the page again.
async fn told(door: Loaded<ClaimHere>, form: Words, what: &str, step: impl Fn(String) -> Move, word: &str) -> Answer {
    let mut errors = Errors::none();
    match errors.text("words", what, &form.words, LINES) {
        Some(words) => moved(&door, step(words), word).await,
        None => {
            let form = Clawing { words: form.words, ..Clawing::default() };
            Ok(page(&door, &form, &errors).await?.with_errors(&errors).into())
        }
    }
}

pub async fn submission(door: Loaded<ClaimHere>) -> Answer {
    moved(&door, Move::Submit, "Submitted. The region approves it or sends it back.").await
}

pub async fn withdrawal(door: Loaded<ClaimHere>) -> Answer {
    moved(&door, Move::Withdraw, "Withdrawn. Its days can be claimed again.").await
}

pub async fn approval(door: Loaded<ClaimHere>) -> Answer {
    moved(&door, Move::Approve, "Approved. Say here when it has been paid.").await
}

pub async fn rejection(door: Loaded<ClaimHere>, Input(form): Input<Words>) -> Answer {
    told(door, form, "why it goes back", |reason| Move::SendBack { reason }, "Sent back with your reason.").await
}

pub async fn payment(door: Loaded<ClaimHere>) -> Answer {
    moved(&door, Move::Pay, "Marked as paid.").await
}

pub async fn sample(door: Loaded<ClaimHere>, Input(form): Input<Words>) -> Answer {
    told(door, form, "what evidence is asked for", |question| Move::Sample { question }, "Sampled.").await
}

pub async fn finding(door: Loaded<ClaimHere>, Input(form): Input<Words>) -> Answer {
    told(door, form, "what the evidence shows", |finding| Move::Confirm { finding }, "Confirmed.").await
}

pub async fn clawback(door: Loaded<ClaimHere>, Input(form): Input<Clawing>) -> Answer {
    let mut errors = Errors::none();
    let amount = match Money::parse(&form.amount) {
        Ok(amount) if amount > Money::ZERO && amount <= door.claim.amount => Some(amount),
        Ok(_) => {
            errors.add("amount", format!("Enter more than nothing and at most {}", door.claim.amount));
            None
        }
        Err(error) => {
            errors.add("amount", error.to_string());
            None
        }
    };
    let reason = errors.text("words", "what was not borne out", &form.words, LINES);
    match amount.zip(reason) {
        Some((amount, reason)) => {
            moved(&door, Move::RequestClawback { amount, reason }, "Requested. A second person approves or refuses it.")
                .await
        }
        None => Ok(page(&door, &form, &errors).await?.with_errors(&errors).into()),
    }
}

pub async fn clawback_approval(door: Loaded<ClaimHere>) -> Answer {
    moved(&door, Move::ApproveClawback, "The money comes back.").await
}

pub async fn clawback_refusal(door: Loaded<ClaimHere>, Input(form): Input<Words>) -> Answer {
    told(door, form, "why the money stays", |reason| Move::RefuseClawback { reason }, "Refused. The money stays.").await
}

pub async fn csv(door: Loaded<ClaimHere>) -> Answer {
    let name = format!("claim-{}", door.claim.number.to_lowercase());
    let content = store::content(&door.database(), door.claim.id).await?;
    let limited: Vec<_> = content.limited.into_iter().collect();
    Ok(ground::csv(&door.cluster, &files::table(&name, &content.lines, &content.weighed, &limited)))
}

pub async fn pdf(door: Loaded<ClaimHere>) -> Answer {
    let claim = &door.claim;
    let host = host_name(&door).await?;
    let done = done(&door.database(), claim).await?;
    let content = store::content(&door.database(), claim.id).await?;
    let beside = |amount: Money| (amount != Money::ZERO).then(|| amount.to_string());
    let mut body = vec![Block::facts([
        ("Host", Some(host)),
        ("Days", Some(format!("{} to {}", day_on_page(claim.from), day_on_page(claim.to)))),
        ("Amount", Some(claim.amount.to_string())),
        ("Of it by quality", beside(claim.by_quality)),
        ("Of it by limits", beside(claim.by_limits)),
        ("State", Some(claim.state.label().to_owned())),
    ])];
    if !done.is_empty() {
        body.push(Block::list(
            done.into_iter().map(|(what, words)| if words.is_empty() { what } else { format!("{what}: {words}") }),
        ));
    }
    body.extend(report::weighed(&content.weighed));
    body.extend(report::limits(content.limited.as_slice()));
    body.extend(report::lines("Line by line", &content.lines));
    let report = Report {
        eyebrow: Some("Claim under the education tariff".to_owned()),
        title: format!("{}: claim {}", door.cluster.short_name, claim.number),
        subtitle: None,
        author: door.cluster.name.clone(),
        dated: london_date(claim.drawn_at),
        body,
        illustrative: claim.is_illustrative,
        fingerprint: Some(claim.fingerprint.clone()),
    };
    let bytes = door.app.service::<Reports>()?.pdf(&report).await.map_err(Problem::from)?;
    Ok(Reply::download(&format!("claim-{}.pdf", claim.number), "application/pdf", bytes))
}
