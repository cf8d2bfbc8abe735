//! `/clusters/{cluster}/trials/new`: what a company asks is passed on to the sites.

use hiec_contracts::ClusterSeen;
use hiec_kernel::Problem;
use hiec_kernel::clock::london_date;
use hiec_web::components::Button;
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::html;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::actions::{self, NewTrial};
use super::letters;
use super::store::Trials;
use crate::ground::{self, LINE, LINES};

#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct Form {
    title: String,
    company: String,
    question: String,
    /// Patients wanted in all.
    wanted: String,
    /// As `2011-04-01`.
    answer_by: String,
}

pub async fn get(door: Loaded<Trials>) -> Answer {
    Ok(page(&door.cluster, &Form::default(), &Errors::none())?.into())
}

fn page(cluster: &ClusterSeen, form: &Form, errors: &Errors) -> Result<Page, Problem> {
    let view = html! {
        (ground::mistakes(errors))
        h1 { span.nhsuk-caption-xl { (cluster.short_name) } "Pass on a question" }
        form method="post" novalidate {
            (ground::line_field("title", "The trial", &form.title, errors))
            (ground::line_field("company", "Who asks", &form.company, errors))
            (ground::lines_field("question", "What they ask of sites", &form.question, errors))
            (ground::line_field("wanted", "Patients wanted in all", &form.wanted, errors).inputmode("numeric").width(5_u8))
            (ground::day_field("answer_by", "Answers by", &form.answer_by, errors))
            (Button::new("Pass it on"))
        }
    };
    Ok(ground::under(Page::new("Pass on a question", view).data(form)?, cluster)
        .under(format!("{}/trials", cluster.path()), "Trials"))
}

pub async fn post(door: Loaded<Trials>, Input(form): Input<Form>) -> Answer {
    let mut errors = Errors::none();
    let title = errors.text("title", "the trial", &form.title, LINE);
    let company = errors.text("company", "who asks", &form.company, LINE);
    let question = errors.text("question", "what they ask", &form.question, LINES);
    let wanted = form.wanted.trim().parse::<i64>().ok().filter(|wanted| (1..=1_000_000).contains(wanted));
    if wanted.is_none() {
        errors.add("wanted", "Enter how many patients are wanted, as a whole number");
    }
    let answer_by = ground::day(&mut errors, "answer_by", "by when answers are due", &form.answer_by);
    if answer_by.is_some_and(|day| day < london_date(door.now())) {
        errors.add("answer_by", "Enter a day that is still to come: sites are asked to answer by it");
    }
    let (Some(title), Some(company), Some(question), Some(wanted), Some(answer_by), true) =
        (title, company, question, wanted, answer_by, errors.is_empty())
    else {
        return Ok(page(&door.cluster, &form, &errors)?.with_errors(&errors).into());
    };
    let mut unit = door.begin().await?;
    let asked_on = london_date(unit.now());
    let new = NewTrial { title, company, question, wanted, asked_on, answer_by, is_illustrative: false };
    let trial = actions::ask(&mut unit, door.cluster.id, new).await?;
    let written = letters::tell_sites(&unit, door.app.site(), &door.cluster, &trial).await?;
    unit.commit().await?;
    let word = match written {
        0 => "Sites can answer now. No site has a lead to write to yet: tell them yourself.".to_owned(),
        1 => "Sites can answer now. One site lead was written to.".to_owned(),
        many => format!("Sites can answer now. {many} site leads were written to."),
    };
    Ok(Done::made(trial.path(&door.cluster)).saying(word).into())
}
