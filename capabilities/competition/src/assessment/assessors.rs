//! `/calls/{call}/assessors` and the invitation as the assessor answers it; a candidate is checked against every bid before anybody is asked.

use axum::extract::Query;
use hiec_access::people;
use hiec_kernel::{PersonId, Problem, ProblemKind};
use hiec_web::components::own::Paging;
use hiec_web::components::{
    Button, Cell, Checkboxes, Column, Input as TextInput, RadioItem, Radios, Table, Tag, TagColour, Textarea,
};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page, WantsData};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::pool::{self, MOST_SUBJECTS, PoolMember, PoolState};
use super::pool_list::LONGEST_SUBJECT;
use super::store as reviews;
use crate::calls::registration::summary;
use crate::calls::store::Call;
use crate::interests::actions::{UNDERTAKING, readiness, readiness_of_all, undertake};
use crate::interests::{detection, store as interests};

#[derive(Clone, Debug, Default, Deserialize)]
pub struct Candidate {
    /// E-mail address of somebody to check.
    #[serde(default)]
    candidate: String,
    page: Option<usize>,
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct InviteForm {
    #[serde(default)]
    email: String,
    /// For somebody without an account.
    #[serde(default)]
    name: String,
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct JoinForm {
    /// `join` or `decline`.
    #[serde(default)]
    answer: String,
    /// Subjects, with commas or one a line.
    #[serde(default)]
    expertise: String,
    #[serde(default)]
    max_load: String,
    /// `yes`: the undertaking is given.
    #[serde(default)]
    undertaking: String,
    /// Why not, when declining.
    #[serde(default)]
    reason: String,
}

#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    member: PoolMember,
    reviews: usize,
    missing: Vec<String>,
}

pub async fn get(call: Loaded<Call>, Query(asked): Query<Candidate>, wants: WantsData) -> Answer {
    let form = InviteForm { email: asked.candidate.clone(), ..InviteForm::default() };
    Ok(page(&call, wants, &asked, &form, &Errors::none()).await?.into())
}

async fn page(
    call: &Loaded<Call>,
    WantsData(is_whole): WantsData,
    asked: &Candidate,
    typed: &InviteForm,
    errors: &Errors,
) -> Result<Page, Problem> {
    let database = call.database();
    let candidate = asked.candidate.as_str();
    let members = pool::of_call(&database, call.id).await?;
    let paging = if is_whole { Paging::whole(members.len()) } else { Paging::of(asked.page, members.len()) };
    let members = paging.part(&members);
    let given = reviews::live_by_assessor(&database, call.id).await?;
    let people: Vec<PersonId> = members.iter().map(|member| member.person).collect();
    let shown: Vec<Shown> = members
        .iter()
        .zip(readiness_of_all(&database, call, &people).await?)
        .map(|(member, readiness)| Shown {
            reviews: given.get(&member.person).copied().unwrap_or(0),
            missing: readiness.err().unwrap_or_default().into_iter().map(|one| one.title).collect(),
            member: member.clone(),
        })
        .collect();
    let check = candidate_check(call, candidate).await?;
    let rows = shown.iter().map(|line| {
        vec![
            Cell::new(html! { (line.member.name) @if line.member.is_illustrative { " " (Tag::new("illustrative").colour(TagColour::Grey)) } }),
            Cell::new(line.member.state.label()),
            Cell::new(line.member.expertise.join(", ")),
            Cell::new(format!("{} of {}", line.reviews, line.member.max_load)),
            Cell::new(match (line.member.state, line.missing.is_empty()) {
                (PoolState::Declined, _) => line.member.note.clone(),
                (_, true) => "Ready".to_owned(),
                (_, false) => line.missing.join("; "),
            }),
        ]
    });
    let content = html! {
        (summary(errors))
        h1 { span.nhsuk-caption-xl { (call.title) } "Assessors" }
        p { "Each bid gets " (call.design().award.reviews_per_bid) " reviews; nobody reads more than " (call.design().award.max_load) " bids." }
        p { a href={ (call.path()) "/interests" } { "Conflicts of interest" } " · " a href={ (call.path()) "/assignment" } { "Assignment" } " · " a href={ (call.path()) "/reviews" } { "Reviews" } }
        @if shown.is_empty() {
            p { "Nobody is in the pool yet. Check a candidate and invite them below." }
        } @else {
            (Table::new("The pool")
                .head([Column::new("Assessor"), Column::new("State"), Column::new("Subjects"), Column::new("Bids"), Column::new("Ready, or what is missing")])
                .first_cell_is_header(true)
                .rows(rows))
            (paging.links(&format!("{}/assessors", call.path())))
        }
        @if call.may("call.assessors.invite") {
            h2 { "Check a candidate" }
            form method="get" action={ (call.path()) "/assessors" } {
                (TextInput::new("candidate", "E-mail address").value(candidate))
                (Button::new("Check").secondary())
            }
            (check)
            h2 { "Invite assessors" }
            @if call.may("call.assessors.import") {
                p { "Many at once: " a href={ (call.path()) "/assessors/imports/new" } { "import a list" } "." }
            }
            form method="post" action={ (call.path()) "/assessors" } novalidate {
                (TextInput::new("email", "E-mail address").value(typed.email.as_str()).error_message(errors.of("email").unwrap_or_default()))
                (TextInput::new("name", "Name").hint("Only for somebody who has no account here yet.")
                    .value(typed.name.as_str()).error_message(errors.of("name").unwrap_or_default()))
                (Button::new("Invite"))
            }
        }
    };
    let page = Page::new("Assessors", content);
    let page = if is_whole { page.data(&shown)? } else { page };
    Ok(page.under("/calls", "Calls").under(call.path(), call.title.clone()).wide())
}

async fn candidate_check(call: &Loaded<Call>, candidate: &str) -> Result<Markup, Problem> {
    if candidate.trim().is_empty() || !call.may("call.assessors.invite") {
        return Ok(html! {});
    }
    let database = call.database();
    let Some(person) = people::by_email(&database, candidate).await? else {
        return Ok(
            html! { div.nhsuk-inset-text { p { "Nobody with the address " (candidate) " has an account here, so nothing is known to compare. After joining they declare their interests, and conflicts are looked for then." } } },
        );
    };
    let check = detection::candidate(&database, call, person.id).await?;
    let titles = detection::titles(&database, call.id).await?;
    Ok(html! {
        div.nhsuk-inset-text {
            p { strong { (person.name) ". " } (check.summary()) }
            @if !check.conflicts.is_empty() {
                ul { @for conflict in &check.conflicts {
                    li { (titles.get(&conflict.bid).map_or("A bid", String::as_str)) ": " (conflict.why) }
                } }
            }
        }
    })
}

pub async fn invite(call: Loaded<Call>, wants: WantsData, Input(form): Input<InviteForm>) -> Answer {
    let nobody = Candidate::default();
    let mut errors = Errors::none();
    let Some(email) = errors.text("email", "an e-mail address", &form.email, 254) else {
        return Ok(page(&call, wants, &nobody, &form, &errors).await?.with_errors(&errors).into());
    };
    if !people::has_shape(&email) {
        errors.add("email", "Enter an e-mail address in the shape name@example.org");
    }
    let known = people::by_email(&call.database(), &email).await?;
    let name = match &known {
        Some(_) => None,
        None => errors.text("name", "the name: nobody with this address has an account", &form.name, 200),
    };
    if !errors.is_empty() {
        return Ok(page(&call, wants, &nobody, &form, &errors).await?.with_errors(&errors).into());
    }
    let mut unit = call.begin().await?;
    let person = match (known, name) {
        (Some(person), _) => person.id,
        (None, name) => pool::add_person(&mut unit, &name.unwrap_or_default(), &email).await?,
    };
    match pool::invite_assessor(&mut unit, &call, person).await {
        Ok(()) => unit.commit().await?,
        Err(problem) if problem.kind == ProblemKind::Conflict => {
            drop(unit);
            errors.add("email", problem.title);
            return Ok(page(&call, wants, &nobody, &form, &errors).await?.conflict(&errors).into());
        }
        Err(problem) => return Err(problem.into()),
    }
    Ok(Done::to(format!("{}/assessors", call.path())).saying("Invited. They got a letter.").into())
}

pub async fn invitation(call: Loaded<Call>) -> Answer {
    let person = call.person()?.id;
    let member = pool::member(&call.database(), call.id, person).await?;
    let form = member.as_ref().map_or_else(JoinForm::default, |member| JoinForm {
        answer: match member.state {
            PoolState::Joined => "join".into(),
            _ => String::new(),
        },
        expertise: member.expertise.join(", "),
        max_load: member.max_load.to_string(),
        ..JoinForm::default()
    });
    Ok(join_page(&call, &form, &Errors::none()).await?.into())
}

async fn join_page(call: &Loaded<Call>, typed: &JoinForm, errors: &Errors) -> Result<Page, Problem> {
    let database = call.database();
    let person = call.person()?.id;
    let member = pool::member(&database, call.id, person).await?;
    let undertaking = interests::undertaking(&database, call.id, person).await?;
    let missing = match readiness(&database, call, person).await? {
        Ok(()) => vec![],
        Err(missing) => missing,
    };
    let content = html! {
        (summary(errors))
        h1 { span.nhsuk-caption-xl { (call.title) } "Your part as an assessor" }
        @if member.as_ref().is_some_and(|member| member.state == PoolState::Joined) {
            p { "You are in the pool. You can change your subjects and your time." }
            @if missing.is_empty() { p { "Nothing is missing. Bids you are given appear under " a href="/reviews" { "your reviews" } "." } }
        }
        @for one in &missing { div.nhsuk-inset-text { p { strong { (one.title) "." } " " (one.next) } } }
        p { a href="/interests" { "Your declaration of interests" } }
        form method="post" action={ (call.path()) "/assessor-invitation" } novalidate {
            (Radios::new("answer", "Will you assess bids of this call?")
                .items([RadioItem::new("join", "Yes"), RadioItem::new("decline", "No")])
                .value(typed.answer.as_str())
                .error_message(errors.of("answer").unwrap_or_default()))
            (Textarea::new("expertise", "Your subjects")
                .hint("With commas between them, in words that a bid would use: “stroke, workforce planning”. Bids are matched by these words.")
                .value(typed.expertise.as_str())
                .error_message(errors.of("expertise").unwrap_or_default()))
            (TextInput::new("max_load", "The most bids you have time for").number().width(2)
                .hint(format!("At most {}.", call.design().award.max_load))
                .value(typed.max_load.as_str())
                .error_message(errors.of("max_load").unwrap_or_default()))
            @match &undertaking {
                Some(given) => { p { "You gave the undertaking on " (hiec_kernel::clock::on_page(given.given_at)) "." } }
                None => {
                    p { (UNDERTAKING) }
                    (Checkboxes::single("undertaking", "yes", "I give this undertaking for this round")
                        .values((typed.undertaking == "yes").then_some("yes"))
                        .error_message(errors.of("undertaking").unwrap_or_default()))
                }
            }
            (TextInput::new("reason", "Why not (only if you decline)")
                .value(typed.reason.as_str())
                .error_message(errors.of("reason").unwrap_or_default()))
            (Button::new("Send"))
        }
    };
    Ok(Page::new("Your part as an assessor", content)
        .data(&member)?
        .under("/calls", "Calls")
        .under(call.path(), call.title.clone()))
}

pub async fn join(call: Loaded<Call>, Input(form): Input<JoinForm>) -> Answer {
    let person = call.person()?.clone();
    let mut errors = Errors::none();
    let is_given = interests::undertaking(&call.database(), call.id, person.id).await?.is_some();
    match form.answer.as_str() {
        "join" => {
            let expertise = pool::subjects(&form.expertise);
            if expertise.is_empty() || expertise.len() > MOST_SUBJECTS {
                errors.add("expertise", format!("Enter between 1 and {MOST_SUBJECTS} subjects"));
            }
            if expertise.iter().any(|subject| subject.chars().count() > LONGEST_SUBJECT) {
                errors.add("expertise", format!("Shorten each subject to at most {LONGEST_SUBJECT} characters"));
            }
            let most = call.design().award.max_load;
            let max_load = form.max_load.trim().parse::<u32>().ok().filter(|load| (1..=most).contains(load));
            if max_load.is_none() {
                errors.add("max_load", format!("Enter a number between 1 and {most}"));
            }
            if !is_given && form.undertaking != "yes" {
                errors.add("undertaking", "Read the undertaking and tick the box: nobody assesses without it");
            }
            let (true, Some(max_load)) = (errors.is_empty(), max_load) else {
                return Ok(join_page(&call, &form, &errors).await?.with_errors(&errors).into());
            };
            let mut unit = call.begin().await?;
            pool::join_pool(&mut unit, &call, &person, expertise, max_load).await?;
            undertake(&mut unit, &call, &person).await?;
            unit.commit().await?;
            Ok(Done::to(format!("{}/assessor-invitation", call.path())).saying("You are in the pool.").into())
        }
        "decline" => {
            let Some(reason) = errors.text("reason", "why not, in a few words", &form.reason, 1_000) else {
                return Ok(join_page(&call, &form, &errors).await?.with_errors(&errors).into());
            };
            let mut unit = call.begin().await?;
            match pool::decline_pool(&mut unit, &call, &person, &reason).await {
                Ok(()) => unit.commit().await?,
                Err(problem) if problem.kind == ProblemKind::Conflict => {
                    drop(unit);
                    errors.add("reason", problem.title);
                    return Ok(join_page(&call, &form, &errors).await?.with_errors(&errors).into());
                }
                Err(problem) => return Err(problem.into()),
            }
            Ok(Done::to(call.path()).saying("You declined. Thank you for telling us.").into())
        }
        _ => {
            errors.add("answer", "Choose yes or no");
            Ok(join_page(&call, &form, &errors).await?.with_errors(&errors).into())
        }
    }
}
