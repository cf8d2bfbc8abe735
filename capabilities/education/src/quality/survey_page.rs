//! `…/quality/surveys/{survey}`: what is asked, answering it without a name, and the results after its last day.

use chrono::Duration;
use hiec_forms::{Answers, FormFields, Kind, Question, parse_answer};
use hiec_kernel::clock::{day_on_page, london_date};
use hiec_kernel::{OrganisationId, Problem};
use hiec_web::components::{Button, InsetText, RadioItem, Radios};
use hiec_web::{Answer, Done, Errors, Fields, Loaded, Page};
use maud::{Markup, html};
use serde::Serialize;

use super::doors::{self, SurveyHere};
use super::store;
use super::survey_new::under_for;
use super::survey_results;
use super::survey_store::{self, Anonymous};
use crate::ground::{self, made_up};

/// Professions a trainee may be of: wide groups, so that none names a person.
const PROFESSIONS: [(&str, &str); 6] = [
    ("medicine", "Medicine"),
    ("nursing_midwifery", "Nursing or midwifery"),
    ("allied_health", "Allied health"),
    ("dentistry", "Dentistry"),
    ("pharmacy_science", "Pharmacy or healthcare science"),
    ("other", "Another profession"),
];

#[derive(Serialize)]
struct Asked<'a> {
    survey: &'a survey_store::Survey,
    has_answered: bool,
}

pub async fn get(door: Loaded<SurveyHere>) -> Answer {
    let (cluster, survey, today) = (&door.cluster, &door.survey, london_date(door.now()));
    if survey.is_closed(today) {
        return survey_results::page(&door).await;
    }
    let person = door.person()?.id;
    let has_answered = survey_store::has_answered(&door.database(), survey.id, person).await?;
    let may = door.may("trainee_survey.answer");
    let view = html! {
        h1 { span.nhsuk-caption-xl { (cluster.short_name) ": trainee survey" } (survey.title) (made_up(survey.is_illustrative)) }
        p { "Open from " (day_on_page(survey.opens_on)) " to " (day_on_page(survey.closes_on)) ". Results show here after the last day." }
        @if may && survey.is_open(today) {
            @if has_answered { (InsetText::new("You answered this survey. Thank you.")) }
            @else { p { (Button::link("Answer the survey", format!("{}/answer", door.path()))) } }
        }
        h2 { "What it asks" }
        @for section in &survey.questions.sections {
            h3 { (section.title) }
            ul.nhsuk-list.nhsuk-list--bullet { @for question in &section.questions { li { (question.label) } } }
        }
    };
    let page = Page::new(survey.title.clone(), view).data(&Asked { survey, has_answered })?;
    Ok(under_for(page, &door, cluster).under(format!("{}/surveys", doors::path(cluster)), "Trainee surveys").into())
}

/// Only while it is open, and only once.
async fn answerable(door: &Loaded<SurveyHere>) -> Result<(), Problem> {
    if !door.survey.is_open(london_date(door.now())) {
        return Err(Problem::conflict(
            "This survey is not open",
            format!(
                "It takes answers from {} to {}.",
                day_on_page(door.survey.opens_on),
                day_on_page(door.survey.closes_on)
            ),
        ));
    }
    if survey_store::has_answered(&door.database(), door.survey.id, door.person()?.id).await? {
        return Err(answered());
    }
    Ok(())
}

fn answered() -> Problem {
    Problem::conflict(
        "You answered this survey already",
        "An answer has no name on it, so nobody can find yours to change it. Thank you for giving it.",
    )
}

pub async fn answer(door: Loaded<SurveyHere>) -> Answer {
    answerable(&door).await?;
    Ok(form(&door, &FormFields::default(), &Errors::none()).await?.into())
}

/// Where they may say they learnt: where their placements of the last year were; where none is on record, any host.
async fn places(door: &Loaded<SurveyHere>) -> Result<Vec<store::Host>, Problem> {
    let today = london_date(door.now());
    let database = door.database();
    let hosts = store::hosts(&database, &door.cluster, today).await?;
    let year = (today - Duration::days(365), today);
    let theirs = survey_store::places_of(&database, door.cluster.id, door.person()?.id, year).await?;
    Ok(hosts.into_iter().filter(|host| theirs.is_empty() || theirs.contains(&host.id)).collect())
}

async fn form(door: &Loaded<SurveyHere>, typed: &FormFields, errors: &Errors) -> Result<Page, Problem> {
    let (cluster, survey) = (&door.cluster, &door.survey);
    let hosts = places(door).await?.into_iter().map(|host| (host.id.to_string(), host.name));
    let professions = PROFESSIONS.iter().map(|(key, label)| ((*key).to_owned(), (*label).to_owned()));
    let view = html! {
        (ground::mistakes(errors))
        h1 { span.nhsuk-caption-xl { (survey.title) } "Your placement" }
        p { "Your answers are kept without your name, your account or the time. Results of fewer than three people are never shown." }
        form method="post" novalidate {
            (ground::choice("_host", "Where you learnt", hosts, typed.first("_host"), errors))
            (ground::choice("_profession", "Your profession", professions, typed.first("_profession"), errors))
            @for section in &survey.questions.sections {
                h2 { (section.title) }
                @for question in &section.questions { (field(question, typed, errors)) }
            }
            (Button::new("Send my answers"))
        }
    };
    Ok(under_for(Page::new("Answer the survey", view).data(&survey.questions)?, door, cluster)
        .under(door.path(), survey.title.clone()))
}

fn field(question: &Question, typed: &FormFields, errors: &Errors) -> Markup {
    let Kind::Choice { options, .. } = &question.kind else {
        return html! {};
    };
    html! {
        (Radios::new(question.key.clone(), question.label.as_str())
            .items(options.iter().map(|option| RadioItem::new(option.key.clone(), option.label.as_str())))
            .value(typed.first(&question.key))
            .error_message(errors.of(&question.key).unwrap_or_default()))
    }
}

pub async fn post(door: Loaded<SurveyHere>, fields: Fields) -> Answer {
    answerable(&door).await?;
    let typed = FormFields::from(fields.0);
    let mut errors = Errors::none();
    let hosts = places(&door).await?;
    let host = hosts.iter().map(|host| host.id).find(|id| id.to_string() == typed.first("_host"));
    let host: Option<OrganisationId> = ground::one_of(&mut errors, "_host", "where you learnt", host);
    let profession = PROFESSIONS.iter().map(|(key, _)| *key).find(|key| *key == typed.first("_profession"));
    let profession = ground::one_of(&mut errors, "_profession", "your profession", profession);
    let mut answers = Answers::new();
    for (_, question) in door.survey.questions.questions() {
        match parse_answer(question, &typed) {
            Ok(Some(answer)) => {
                answers.set(question.key.clone(), Some(answer));
            }
            Ok(None) if question.required => {
                errors.add(question.key.clone(), format!("Choose an answer: {}", question.label));
            }
            Ok(None) => {}
            Err(problem) => errors.add(question.key.clone(), problem.to_string()),
        }
    }
    let (Some(host), Some(profession), true) = (host, profession, errors.is_empty()) else {
        return Ok(form(&door, &typed, &errors).await?.with_errors(&errors).into());
    };
    let unit = door.begin().await?;
    if !survey_store::note_answered(&unit, door.survey.id, door.person()?.id).await? {
        return Err(answered().into());
    }
    let answer = Anonymous { host, profession: profession.to_owned(), answers };
    survey_store::add_answer(&unit, door.survey.id, &answer).await?;
    unit.commit().await?;
    Ok(Done::made(door.path()).saying("Thank you. Your answers are kept without your name.").into())
}
