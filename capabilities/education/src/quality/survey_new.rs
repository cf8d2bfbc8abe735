//! `/clusters/{cluster}/education/quality/surveys`: the surveys of trainees' experience, and opening one.

use chrono::NaiveDate;
use hiec_access::policy::Target;
use hiec_contracts::ClusterSeen;
use hiec_kernel::Problem;
use hiec_kernel::clock::{day_on_page, london_date};
use hiec_store::{Unit, audit_event};
use hiec_web::components::own::EmptyState;
use hiec_web::components::{Button, Cell, Column, Table};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::html;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::doors::{self, Surveys};
use super::survey_questions;
use super::survey_store::{self, Survey};
use crate::ground::{self, LINE, made_up};

/// A survey was opened. Answers are not audited: an entry would say who answered when.
#[derive(Serialize)]
struct SurveyOpened {
    title: String,
    opens_on: NaiveDate,
    closes_on: NaiveDate,
}
audit_event!(SurveyOpened, "quality.survey_opened");

#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct Form {
    title: String,
    /// As `2011-03-01`.
    opens_on: String,
    /// The last day, counted.
    closes_on: String,
}

/// A survey to be opened.
#[derive(Clone, Debug)]
pub(crate) struct NewSurvey {
    pub title: String,
    pub opens_on: NaiveDate,
    pub closes_on: NaiveDate,
    pub is_illustrative: bool,
}

pub(crate) async fn open(unit: &mut Unit, cluster: &ClusterSeen, new: NewSurvey) -> Result<Survey, Problem> {
    let taken: Vec<String> =
        survey_store::of_cluster(unit, cluster.id).await?.into_iter().map(|survey| survey.key).collect();
    let survey = Survey {
        id: unit.new_id(),
        key: ground::key_of(&new.title, &taken),
        title: new.title,
        questions: survey_questions::usual(),
        opens_on: new.opens_on,
        closes_on: new.closes_on,
        is_illustrative: new.is_illustrative,
    };
    survey_store::add(unit, cluster.id, &survey).await?;
    let event = SurveyOpened { title: survey.title.clone(), opens_on: survey.opens_on, closes_on: survey.closes_on };
    unit.audit(ground::stream(cluster.id), format!("trainee_survey:{}", survey.id), &event)?;
    Ok(survey)
}

pub async fn list(door: Loaded<Surveys>) -> Answer {
    let (cluster, today) = (&door.cluster, london_date(door.now()));
    let surveys = survey_store::of_cluster(&door.database(), cluster.id).await?;
    let new = format!("{}/surveys/new", doors::path(cluster));
    let may = door.may("trainee_survey.run");
    let rows = surveys.iter().map(|survey| {
        let state = match (survey.is_closed(today), survey.is_open(today)) {
            (true, _) => "Closed: results",
            (false, true) => "Open",
            (false, false) => "Not open yet",
        };
        vec![
            Cell::new(
                html! { a.nhsuk-link href=(survey.path(cluster)) { (survey.title) } (made_up(survey.is_illustrative)) },
            ),
            Cell::new(day_on_page(survey.opens_on)),
            Cell::new(day_on_page(survey.closes_on)),
            Cell::new(state),
        ]
    });
    let view = html! {
        h1 { span.nhsuk-caption-xl { (cluster.short_name) ": quality" } "Trainee surveys" }
        p { "Trainees of every profession say how their placement was, without a name. Who answered is kept apart from what was answered." }
        @if surveys.is_empty() {
            @let empty = EmptyState::new("No survey was opened yet.");
            @if may { (empty.action("Open the first one", new.clone())) } @else { (empty) }
        } @else {
            (Table::new("Surveys")
                .head([Column::new("Survey"), Column::new("Opens"), Column::new("Last day"), Column::new("State")])
                .first_cell_is_header(true)
                .rows(rows))
            @if may { p { (Button::link("Open a survey", new.clone())) } }
        }
    };
    Ok(under_for(Page::new("Trainee surveys", view).data(&surveys)?, &door, cluster).into())
}

pub(super) fn under(page: Page, cluster: &ClusterSeen) -> Page {
    super::doors::within(page, cluster).under(doors::path(cluster), "Quality")
}

/// The same for whoever asks: a trainee answers a survey, and sees nothing else of quality.
pub(super) fn under_for<R>(page: Page, door: &Loaded<R>, cluster: &ClusterSeen) -> Page {
    match door.may_with("quality.list", &Target { kind: "quality", ..door.target.clone() }) {
        true => under(page, cluster),
        false => super::doors::within(page, cluster),
    }
}

pub async fn get(door: Loaded<Surveys>) -> Answer {
    Ok(page(&door.cluster, &Form::default(), &Errors::none())?.into())
}

fn page(cluster: &ClusterSeen, form: &Form, errors: &Errors) -> Result<Page, Problem> {
    let view = html! {
        (ground::mistakes(errors))
        h1 { span.nhsuk-caption-xl { (cluster.short_name) ": quality" } "Open a survey" }
        p { "It asks about induction, supervision, facilities, learning and teamwork on five-point scales. Results show after the last day." }
        form method="post" novalidate {
            (ground::line_field("title", "Title", &form.title, errors))
            (ground::day_field("opens_on", "First day", &form.opens_on, errors))
            (ground::day_field("closes_on", "Last day", &form.closes_on, errors))
            (Button::new("Open the survey"))
        }
    };
    Ok(under(Page::new("Open a survey", view).data(form)?, cluster)
        .under(format!("{}/surveys", doors::path(cluster)), "Trainee surveys"))
}

pub async fn post(door: Loaded<Surveys>, Input(form): Input<Form>) -> Answer {
    let mut errors = Errors::none();
    let title = errors.text("title", "a title", &form.title, LINE);
    let opens_on = ground::day(&mut errors, "opens_on", "the first day", &form.opens_on);
    let closes_on = ground::day(&mut errors, "closes_on", "the last day", &form.closes_on);
    if closes_on.zip(opens_on).is_some_and(|(closes, opens)| closes < opens) {
        errors.add("closes_on", "Enter a last day that is not before the first");
    } else if closes_on.is_some_and(|closes| closes < london_date(door.now())) {
        errors.add("closes_on", "Enter a last day that is not over: nobody could answer the survey any more");
    }
    let (Some(title), Some(opens_on), Some(closes_on), true) = (title, opens_on, closes_on, errors.is_empty()) else {
        return Ok(page(&door.cluster, &form, &errors)?.with_errors(&errors).into());
    };
    let mut unit = door.begin().await?;
    let new = NewSurvey { title, opens_on, closes_on, is_illustrative: false };
    let survey = open(&mut unit, &door.cluster, new).await?;
    unit.commit().await?;
    Ok(Done::made(survey.path(&door.cluster)).saying("The survey is set up.").into())
}
