//! `/clusters/{cluster}/risks`: the register with its matrix, and one risk with every judgement of it.

use axum::extract::Path;
use hiec_files::table::{self, Table as Sheet};
use hiec_kernel::clock::{day_on_page, iso, london_date, on_page};
use hiec_kernel::{PersonId, Problem};
use hiec_web::components::own::{DescriptionTimeline, Downloads, EmptyState, TimelineEntry};
use hiec_web::components::{Button, Cell, Column, SummaryList, SummaryRow, Table, Tag, TagColour, Textarea};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::Deserialize;

use super::RiskDesk;
use super::actions;
use super::picture::matrix;
use super::rules::{self, Grade, IMPACTS, LIKELIHOODS, Score, Scores};
use super::store::{self, NewJudgement, NewRisk, Risk};
use crate::desk::{
    self, Colleague, choice, colleague_items, colleagues, day, day_field, heading, line_field, names, page_of,
    person_of, summary, words_if_any,
};

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct Form {
    #[serde(default)]
    cause: String,
    #[serde(default)]
    event: String,
    #[serde(default)]
    effect: String,
    #[serde(flatten)]
    judgement: JudgementForm,
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct JudgementForm {
    /// 1 to 5, before anything is done.
    #[serde(default)]
    before_likelihood: String,
    #[serde(default)]
    before_impact: String,
    /// 1 to 5, with what is done.
    #[serde(default)]
    after_likelihood: String,
    #[serde(default)]
    after_impact: String,
    #[serde(default)]
    done: String,
    /// A person with a role in the cluster.
    #[serde(default)]
    owner: String,
    #[serde(default)]
    look_again_on: String,
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct ClosureForm {
    #[serde(default)]
    reason: String,
}

pub async fn list(desk: Loaded<RiskDesk>) -> Answer {
    Ok(register(&desk, &Form::default(), &Errors::none()).await?.into())
}

async fn register(desk: &Loaded<RiskDesk>, typed: &Form, errors: &Errors) -> Result<Page, Problem> {
    let database = desk.database();
    let risks = store::of_cluster(&database, desk.cluster.id).await?;
    let people = if desk.may("risk.change") { colleagues(&database, &desk.cluster).await? } else { vec![] };
    let (open, closed): (Vec<Risk>, Vec<Risk>) = risks.iter().cloned().partition(|risk| risk.closed_at.is_none());
    let path = format!("{}/risks", desk.cluster.path());
    let view = html! {
        (summary(errors))
        (heading(desk, "Risks"))
        p { a href={ (desk.cluster.path()) "/responsibilities" } { "Who does what" } }
        @if open.is_empty() {
            (EmptyState::new("No risk is open. Write down what could go wrong: because of what, what happens, and what follows."))
        } @else {
            (matrix(&open))
            h2 { "Open risks" }
            (table(desk, &open))
        }
        @if !closed.is_empty() {
            h2 { "Closed" }
            (table(desk, &closed))
        }
        @if !risks.is_empty() { (Downloads::new([("Risks as CSV", format!("{path}.csv")), ("Risks as XLSX", format!("{path}.xlsx"))])) }
        @if desk.may("risk.change") {
            h2 { "Add a risk" }
            form method="post" novalidate {
                (line_field("cause", "Because of what", &typed.cause, errors).hint("For example: Two years from a standing start"))
                (line_field("event", "What may happen", &typed.event, errors).hint("For example: sites join late"))
                (line_field("effect", "So that", &typed.effect, errors).hint("For example: no pathway shows a change before the money ends"))
                (judgement_fields(&people, &typed.judgement, errors))
                (Button::new("Add it"))
            }
        }
    };
    Ok(page_of(&desk.cluster, "Risks", view).data(&risks)?.wide())
}

fn grade_tag(score: Score) -> Tag {
    let colour = match score.grade() {
        Grade::Low => TagColour::Green,
        Grade::Moderate => TagColour::Yellow,
        Grade::High => TagColour::Orange,
        Grade::Extreme => TagColour::Red,
    };
    Tag::new(format!("{} {}", score.rating(), score.grade().label().to_lowercase())).colour(colour)
}

fn table(desk: &Loaded<RiskDesk>, risks: &[Risk]) -> Table {
    let today = london_date(desk.now());
    Table::new("Risks")
        .head([
            Column::numeric("No."),
            Column::new("Risk"),
            Column::new("Before"),
            Column::new("With what is done"),
            Column::new("Owner"),
            Column::new("Look again"),
        ])
        .responsive(true)
        .rows(risks.iter().map(|risk| {
            vec![
                Cell::numeric(risk.number),
                Cell::link(risk.sentence(), risk.path(&desk.cluster)),
                Cell::new(html! { (grade_tag(risk.scores.before)) }),
                Cell::new(html! { (grade_tag(risk.scores.after)) }),
                Cell::new(risk.owner_name.as_str()),
                Cell::new(html! {
                    (day_on_page(risk.look_again_on))
                    @if risk.closed_at.is_none() && risk.look_again_on < today { " " (Tag::new("overdue").colour(TagColour::Red)) }
                }),
            ]
        }))
}

fn scale(words: [&'static str; 5]) -> Vec<(String, String)> {
    words.iter().zip(1..).map(|(word, nth): (_, u8)| (nth.to_string(), format!("{nth}: {word}"))).collect()
}

fn judgement_fields(people: &[Colleague], typed: &JudgementForm, errors: &Errors) -> Markup {
    html! {
        (choice("before_likelihood", "Likelihood before anything is done", scale(LIKELIHOODS), &typed.before_likelihood, errors))
        (choice("before_impact", "Impact before anything is done", scale(IMPACTS), &typed.before_impact, errors))
        (Textarea::new("done", "What is done about it").rows(3_u16).value(typed.done.as_str()).error_message(errors.of("done").unwrap_or_default()))
        (choice("after_likelihood", "Likelihood with what is done", scale(LIKELIHOODS), &typed.after_likelihood, errors))
        (choice("after_impact", "Impact with what is done", scale(IMPACTS), &typed.after_impact, errors))
        (choice("owner", "Owner", colleague_items(people), &typed.owner, errors))
        (day_field("look_again_on", "Look at it again on", &typed.look_again_on, errors))
    }
}

fn read(typed: &JudgementForm, people: &[Colleague], errors: &mut Errors) -> Option<NewJudgement> {
    let mut part = |field: &str, what: &str, typed: &str| {
        let part = typed.trim().parse::<u8>().ok().filter(|part| (1..=5).contains(part));
        if part.is_none() {
            errors.add(field, format!("Choose {what}, 1 to 5"));
        }
        part.unwrap_or_default()
    };
    let before = Score::new(
        part("before_likelihood", "the likelihood before anything is done", &typed.before_likelihood),
        part("before_impact", "the impact before anything is done", &typed.before_impact),
    );
    let after = Score::new(
        part("after_likelihood", "the likelihood with what is done", &typed.after_likelihood),
        part("after_impact", "the impact with what is done", &typed.after_impact),
    );
    let done = words_if_any(errors, "done", "what is done about it", &typed.done, 1000);
    let owner = person_of(errors, "owner", "an owner with a role in the cluster", &typed.owner, people);
    let look_again_on = day(errors, "look_again_on", "the day to look at it again", &typed.look_again_on);
    let scores = before.zip(after).map(|(before, after)| Scores { before, after });
    if let Some(Err(refused)) = scores.map(|scores| rules::judged(scores, &done)) {
        let field = if refused == rules::Refused::NothingDone { "done" } else { "after_likelihood" };
        errors.add(field, refused.to_string());
    }
    Some(NewJudgement { scores: scores?, done, owner: owner?, look_again_on: look_again_on? })
        .filter(|_| errors.is_empty())
}

pub async fn post(desk: Loaded<RiskDesk>, Input(typed): Input<Form>) -> Answer {
    let people = colleagues(&desk.database(), &desk.cluster).await?;
    let mut errors = Errors::none();
    let cause = errors.text("cause", "because of what", &typed.cause, 200);
    let event = errors.text("event", "what may happen", &typed.event, 200);
    let effect = errors.text("effect", "what follows", &typed.effect, 200);
    let judgement = read(&typed.judgement, &people, &mut errors);
    let (Some(cause), Some(event), Some(effect), Some(judgement)) = (cause, event, effect, judgement) else {
        return Ok(register(&desk, &typed, &errors).await?.with_errors(&errors).into());
    };
    let mut unit = desk.begin().await?;
    let number = actions::open(&mut unit, &desk.cluster, &NewRisk { cause, event, effect }, &judgement).await?;
    unit.commit().await?;
    Ok(Done::made(format!("{}/risks/{number}", desk.cluster.path())).saying("The risk was added.").into())
}

async fn find(desk: &Loaded<RiskDesk>, number: i64) -> Result<Risk, Problem> {
    store::by_number(&desk.database(), desk.cluster.id, number).await?.ok_or_else(Problem::not_found)
}

pub async fn show(desk: Loaded<RiskDesk>, Path((_, number)): Path<(String, i64)>) -> Answer {
    let risk = find(&desk, number).await?;
    Ok(page(&desk, &risk, &as_stands(&risk), "", &Errors::none()).await?.into())
}

/// The form begins with what is judged now.
fn as_stands(risk: &Risk) -> JudgementForm {
    JudgementForm {
        before_likelihood: risk.scores.before.likelihood().to_string(),
        before_impact: risk.scores.before.impact().to_string(),
        after_likelihood: risk.scores.after.likelihood().to_string(),
        after_impact: risk.scores.after.impact().to_string(),
        done: risk.done.clone(),
        owner: risk.owner.to_string(),
        look_again_on: String::new(),
    }
}

async fn page(
    desk: &Loaded<RiskDesk>,
    risk: &Risk,
    typed: &JudgementForm,
    reason: &str,
    errors: &Errors,
) -> Result<Page, Problem> {
    let database = desk.database();
    let history = store::judgements(&database, risk.id).await?;
    let wanted: Vec<PersonId> = history.iter().flat_map(|one| [Some(one.owner), one.by]).flatten().collect();
    let people = names(&database, wanted).await?;
    let name = |person: PersonId| people.get(&person).cloned().unwrap_or_default();
    let entries = history.iter().map(|one| {
        let words = format!(
            "Before: {}. With what is done: {}. Owner: {}.",
            one.scores.before.words(),
            one.scores.after.words(),
            name(one.owner)
        );
        let entry = TimelineEntry::new(on_page(one.at), words).datetime(iso(one.at)).because(one.done.clone());
        match one.by {
            Some(by) => entry.by(name(by)),
            None => entry,
        }
    });
    let is_open = risk.closed_at.is_none();
    let may = is_open && desk.may("risk.change");
    let colleagues = if may { colleagues(&database, &desk.cluster).await? } else { vec![] };
    let path = risk.path(&desk.cluster);
    let view = html! {
        (summary(errors))
        (heading(desk, &format!("Risk {}", risk.number)))
        p.nhsuk-lede-text { (risk.sentence()) }
        (SummaryList::new([
            SummaryRow::new("Before anything is done", risk.scores.before.words()),
            SummaryRow::new("With what is done", risk.scores.after.words()),
            SummaryRow::new("What is done", if risk.done.is_empty() { "Nothing yet".to_owned() } else { risk.done.clone() }),
            SummaryRow::new("Owner", risk.owner_name.clone()),
            SummaryRow::new("Look at it again on", day_on_page(risk.look_again_on)),
            SummaryRow::new("Stands", match (risk.closed_at, &risk.closed_reason) {
                (Some(at), reason) => format!("Closed {}: {}", on_page(at), reason.as_deref().unwrap_or("no reason given")),
                _ => "Open".to_owned(),
            }),
        ]))
        @if may {
            h2 { "Judge it again" }
            form method="post" action={ (path) "/judgements" } novalidate {
                (judgement_fields(&colleagues, typed, errors))
                (Button::new("Judge it"))
            }
            h2 { "Close it" }
            form method="post" action={ (path) "/closure" } novalidate {
                (line_field("reason", "Why it is over", reason, errors))
                (Button::new("Close it").secondary())
            }
        }
        h2 { "Every judgement" }
        (DescriptionTimeline::new(entries))
    };
    let title = format!("Risk {}", risk.number);
    page_of(&desk.cluster, title, view).under(format!("{}/risks", desk.cluster.path()), "Risks").data(&(risk, &history))
}

pub async fn judge(
    desk: Loaded<RiskDesk>,
    Path((_, number)): Path<(String, i64)>,
    Input(typed): Input<JudgementForm>,
) -> Answer {
    let risk = find(&desk, number).await?;
    let people = colleagues(&desk.database(), &desk.cluster).await?;
    let mut errors = Errors::none();
    let Some(judgement) = read(&typed, &people, &mut errors) else {
        return Ok(page(&desk, &risk, &typed, "", &errors).await?.with_errors(&errors).into());
    };
    let mut unit = desk.begin().await?;
    actions::judge(&mut unit, &desk.cluster, &risk, &judgement).await?;
    unit.commit().await?;
    Ok(Done::to(risk.path(&desk.cluster)).saying("The risk was judged again.").into())
}

pub async fn close(
    desk: Loaded<RiskDesk>,
    Path((_, number)): Path<(String, i64)>,
    Input(typed): Input<ClosureForm>,
) -> Answer {
    let risk = find(&desk, number).await?;
    let mut errors = Errors::none();
    let Some(reason) = errors.text("reason", "why it is over", &typed.reason, 500) else {
        return Ok(page(&desk, &risk, &as_stands(&risk), &typed.reason, &errors).await?.with_errors(&errors).into());
    };
    let mut unit = desk.begin().await?;
    actions::close(&mut unit, &desk.cluster, &risk, &reason).await?;
    unit.commit().await?;
    Ok(Done::to(risk.path(&desk.cluster)).saying("The risk was closed.").into())
}

pub async fn csv(desk: Loaded<RiskDesk>) -> Answer {
    Ok(desk::csv(&format!("{}-risks", desk.cluster.key), &listed(&desk).await?))
}

pub async fn xlsx(desk: Loaded<RiskDesk>) -> Answer {
    Ok(desk::xlsx(&format!("{}-risks", desk.cluster.key), &[&listed(&desk).await?], desk.now())?)
}

/// The list to take away.
async fn listed(desk: &Loaded<RiskDesk>) -> Result<Sheet, Problem> {
    let risks = store::of_cluster(&desk.database(), desk.cluster.id).await?;
    let mut sheet = Sheet::with_columns(
        "risks",
        [
            ("number", "Its number in the cluster"),
            ("cause", "Because of what"),
            ("event", "What may happen"),
            ("effect", "What follows"),
            ("before", "Likelihood × impact before anything is done, 1 to 25"),
            ("after", "Likelihood × impact with what is done, 1 to 25"),
            ("done", "What is done about it"),
            ("owner", "Who looks after it"),
            ("look_again_on", "When it is looked at again"),
            ("closed", "Whether it is closed"),
        ],
    );
    for risk in risks {
        sheet.push([
            table::Cell::from(risk.number),
            risk.cause.into(),
            risk.event.into(),
            risk.effect.into(),
            i64::from(risk.scores.before.rating()).into(),
            i64::from(risk.scores.after.rating()).into(),
            risk.done.into(),
            risk.owner_name.into(),
            risk.look_again_on.into(),
            risk.closed_at.is_some().into(),
        ]);
    }
    Ok(sheet)
}
