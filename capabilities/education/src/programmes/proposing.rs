//! A change proposed to a curriculum: proposed by those who teach, decided on by its owner alone.

use axum::extract::Path;
use hiec_access::people;
use hiec_kernel::clock::on_page;
use hiec_kernel::{Problem, ProblemKind};
use hiec_web::components::{Button, RadioItem, Radios, Select, SelectItem, SummaryList, SummaryRow};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::changing;
use super::curriculum::{self, Proposed};
use super::outcomes::{OutcomeForm, read, years};
use super::page::{below, tag};
use super::states::Act;
use crate::access::ProgrammeHere;
use crate::ground::{self, LINES, made_up};

#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct Form {
    /// `write` to add or reword, `remove` to take out.
    act: String,
    /// The code of the outcome meant; empty for a new one.
    outcome: String,
    code: String,
    name: String,
    year: String,
    why: String,
}

#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct ActForm {
    /// `accept`, `refuse`, `question`; or `answer`, `withdraw`.
    act: String,
    /// The reason, the question or the answer.
    words: String,
}

pub async fn new(here: Loaded<ProgrammeHere>) -> Answer {
    Ok(new_page(&here, &Form::default(), &Errors::none()).await?.into())
}

async fn new_page(here: &Loaded<ProgrammeHere>, form: &Form, errors: &Errors) -> Result<Page, Problem> {
    let outcomes = curriculum::of_programme(&here.database(), here.programme.id).await?;
    let choose = std::iter::once(SelectItem::new("", "A new outcome"))
        .chain(outcomes.iter().map(|one| SelectItem::new(one.code.clone(), format!("{} {}", one.code, one.name))));
    let act = if form.act.is_empty() { "write" } else { form.act.as_str() };
    let view = html! {
        (ground::mistakes(errors))
        h1 { span.nhsuk-caption-xl { (here.programme.name) } "Propose a change" }
        p { "It goes to " strong { (here.owner_name()) } ", who owns the curriculum and decides." }
        form method="post" novalidate {
            (Radios::new("act", "What is proposed").items([
                RadioItem::new("write", "Add an outcome, or let one say something else"),
                RadioItem::new("remove", "Take an outcome out"),
            ]).value(act))
            (Select::new("outcome", "Outcome").items(choose.collect::<Vec<_>>()).value(form.outcome.as_str()).error_message(errors.of("outcome").unwrap_or_default()))
            (ground::line_field("code", "Code of a new outcome", &form.code, errors).width(10_u8))
            (ground::lines_field("name", "What is to be learnt", &form.name, errors).hint("Leave it empty where an outcome is to be taken out"))
            (ground::line_field("year", "Year of the programme", &form.year, errors).width(2_u8))
            (ground::lines_field("why", "Why", &form.why, errors))
            (Button::new("Send the proposal"))
        }
    };
    Ok(below(Page::new("Propose a change", view).data(form)?, here))
}

pub async fn post(here: Loaded<ProgrammeHere>, Input(form): Input<Form>) -> Answer {
    let mut errors = Errors::none();
    let typed = OutcomeForm {
        act: form.act.clone(),
        outcome: form.outcome.clone(),
        remove: form.outcome.clone(),
        code: form.code.clone(),
        name: form.name.clone(),
        year: form.year.clone(),
    };
    let change = read(&mut errors, &typed, years(&here));
    for error in errors.0.iter_mut().filter(|error| error.field == "remove") {
        "outcome".clone_into(&mut error.field);
        "Choose the outcome to take out".clone_into(&mut error.message);
    }
    let why = errors.text("why", "why", &form.why, LINES);
    if let (true, Some(change), Some(why)) = (errors.is_empty(), change, why) {
        let mut unit = here.begin().await?;
        match changing::propose(&mut unit, here.cluster.id, &here.programme, change, why, false).await {
            Ok(proposed) => {
                unit.commit().await?;
                let path = format!("{}/proposals/{}", here.path(), proposed.number);
                return Ok(Done::made(path).saying("The proposal was sent to the owner of the curriculum.").into());
            }
            Err(problem) if problem.kind == ProblemKind::Conflict => {
                errors.add("outcome", format!("{}. {}", problem.title, problem.next));
            }
            Err(problem) => return Err(problem.into()),
        }
    }
    Ok(new_page(&here, &form, &errors).await?.with_errors(&errors).into())
}

type Numbered = Path<(String, String, String)>;

async fn find(here: &Loaded<ProgrammeHere>, number: &str) -> Result<Proposed, Problem> {
    let number = number.parse().map_err(|_| Problem::not_found())?;
    curriculum::proposal(&here.database(), here.programme.id, number).await?.ok_or_else(Problem::not_found)
}

pub async fn get(here: Loaded<ProgrammeHere>, Path((_, _, number)): Numbered) -> Answer {
    let proposed = find(&here, &number).await?;
    Ok(page(&here, &proposed, &ActForm::default(), &Errors::none()).await?.into())
}

async fn page(
    here: &Loaded<ProgrammeHere>,
    proposed: &Proposed,
    form: &ActForm,
    errors: &Errors,
) -> Result<Page, Problem> {
    let by = match proposed.proposed_by {
        Some(person) => people::by_id(&here.database(), person).await?.map(|one| one.name),
        None => None,
    };
    let outcomes = curriculum::of_programme(&here.database(), proposed.programme).await?;
    let now = outcomes.iter().find(|one| one.code.eq_ignore_ascii_case(proposed.change.code()));
    let title = format!("Proposal {}", proposed.number);
    let path = format!("{}/proposals/{}", here.path(), proposed.number);
    let view = html! {
        (ground::mistakes(errors))
        h1 { span.nhsuk-caption-xl { (here.programme.name) } (title) (made_up(proposed.is_illustrative)) }
        p { (tag(&proposed.state)) }
        (SummaryList::new([
            SummaryRow::new("Change", proposed.change.words()),
            SummaryRow::new("The curriculum says now", now.map_or_else(|| "Nothing under this code".to_owned(), |one| format!("{} (year {})", one.name, one.year))),
            SummaryRow::new("Why", proposed.why.as_str()),
            SummaryRow::new("Proposed by", by.unwrap_or_else(|| "The program".to_owned())),
            SummaryRow::new("Proposed", on_page(proposed.proposed_at)),
            SummaryRow::new("Who decides", here.owner_name()),
        ]))
        @if !proposed.state.words().is_empty() {
            h2 { (proposed.state.label()) }
            p { (proposed.state.words()) }
        }
        @if here.may("curriculum.decide") { (acting(&format!("{path}/decision"), "Decide as the owner", proposed, true, form, errors)) }
        @if here.may("curriculum.propose") { (acting(&format!("{path}/answer"), "Answer or withdraw", proposed, false, form, errors)) }
    };
    Ok(below(Page::new(title, view).data(&json!({ "proposal": proposed, "owner": here.owner }))?, here))
}

fn acting(path: &str, title: &str, proposed: &Proposed, owners: bool, form: &ActForm, errors: &Errors) -> Markup {
    let acts: Vec<Act> = proposed.state.acts().filter(|act| act.is_owners() == owners).collect();
    html! {
        @if !acts.is_empty() {
            h2 { (title) }
            form method="post" action=(path) novalidate {
                (Radios::new("act", "What now").items(acts.iter().map(|act| RadioItem::new(act.key(), act.label())).collect::<Vec<_>>()).value(form.act.as_str()).error_message(errors.of("act").unwrap_or_default()))
                (ground::lines_field("words", "Reason, question or answer", &form.words, errors))
                (Button::new("Send"))
            }
        }
    }
}

pub async fn decide(
    here: Loaded<ProgrammeHere>,
    Path((_, _, number)): Numbered,
    Input(form): Input<ActForm>,
) -> Answer {
    take(here, &number, form, true).await
}

pub async fn answer(
    here: Loaded<ProgrammeHere>,
    Path((_, _, number)): Numbered,
    Input(form): Input<ActForm>,
) -> Answer {
    take(here, &number, form, false).await
}

async fn take(here: Loaded<ProgrammeHere>, number: &str, form: ActForm, owners: bool) -> Answer {
    let proposed = find(&here, number).await?;
    let mut errors = Errors::none();
    let act = Act::from_key(&form.act).filter(|act| act.is_owners() == owners);
    let act = ground::one_of(&mut errors, "act", "what to do", act);
    let words = errors.text("words", "the reason, question or answer", &form.words, LINES);
    let (Some(act), Some(words)) = (act, words) else {
        return Ok(page(&here, &proposed, &form, &errors).await?.with_errors(&errors).into());
    };
    let mut unit = here.begin().await?;
    match changing::act(&mut unit, here.cluster.id, &here.programme, &proposed, act, words).await {
        Ok(()) => {}
        Err(problem) if problem.kind == ProblemKind::Conflict => {
            errors.add("act", format!("{}. {}", problem.title, problem.next));
            return Ok(page(&here, &proposed, &form, &errors).await?.conflict(&errors).into());
        }
        Err(problem) => return Err(problem.into()),
    }
    unit.commit().await?;
    Ok(Done::to(format!("{}/proposals/{}", here.path(), proposed.number)).saying("Sent.").into())
}
