//! `/clusters/{cluster}/education/trainees/{trainee}/tariff`: what follows one trainee to their hosts, for themselves and for those who see the tariff of those hosts.

use axum::extract::Query;
use hiec_kernel::Problem;
use hiec_kernel::clock::london_date;
use hiec_tariff::Period;
use hiec_web::components::own::{Downloads, EmptyState, Filter};
use hiec_web::components::{Select, SelectItem};
use hiec_web::{Answer, Errors, Loaded, Page};
use maud::html;
use serde_json::json;

use super::asked::{Asked, name};
use super::drawing::{self, Drawing, Known, Of};
use super::{files, lines};
use crate::access::TraineeHere;
use crate::{ground, home};

/// The trainee sees every line of theirs; others those of hosts whose tariff they see.
async fn drawn(here: &Loaded<TraineeHere>, asked: &Asked, errors: &mut Errors) -> Result<(Period, Drawing), Problem> {
    let today = london_date(here.now());
    let (year, on) = asked.when(today, errors)?;
    let of = Of { host: None, trainee: Some(here.trainee.number.clone()) };
    let mut drawing = drawing::draw(&here.database(), &here.cluster, year, Known { on, today }, &of).await?;
    let person = here.subject.person.as_ref().map(|person| person.id);
    if person.is_none() || here.trainee.person != person {
        let sight = drawing::sight(here, &here.cluster);
        drawing.lines.retain(|line| sight.sees(line.host));
        let shown: Vec<String> = drawing.lines.iter().map(|line| line.host_name.clone()).collect();
        drawing.changes.retain(|change| shown.contains(&change.host_name));
    }
    Ok((year, drawing))
}

pub async fn get(here: Loaded<TraineeHere>, Query(asked): Query<Asked>) -> Answer {
    let mut errors = Errors::none();
    let (year, drawing) = drawn(&here, &asked, &mut errors).await?;
    let trainee = here.trainee.path(&here.cluster);
    let path = format!("{trainee}/tariff");
    let days = Period::year_of(here.trainee.starts_on).into_iter().chain(Period::year_of(here.trainee.ends_on));
    let (first, last) = (days.clone().min(), days.max());
    let mut years: Vec<String> = Vec::new();
    let mut next = first;
    while let Some(one) = next.filter(|one| last.is_some_and(|last| *one <= last) && years.len() < 40) {
        years.push(name(one));
        next = one.to().succ_opt().and_then(Period::year_of);
    }
    if !years.contains(&name(year)) {
        years.push(name(year));
    }
    let title = format!("What follows {}", here.trainee.name);
    let query = format!("year={}", name(year).replace('/', "%2F"));
    let view = html! {
        (ground::mistakes(&errors))
        h1 { span.nhsuk-caption-xl { (here.programme.name) } (title) (ground::made_up(here.trainee.is_illustrative)) }
        p { "The money that follows " (here.trainee.name) " to their hosts by the education tariff, line by line. What quality adds and what limits change belongs to a host as a whole and is not here." }
        (Filter::new(path.clone()).field(Select::new("year", "Financial year")
            .items(years.into_iter().map(|year| SelectItem::new(year.clone(), year)).collect::<Vec<_>>())
            .value(name(year))
            .error_message(errors.of("year").unwrap_or_default())))
        @if drawing.lines.is_empty() {
            (EmptyState::new("Nothing follows them in this year: no approved placement in a post paid by tariff falls in it.").action("The trainee", trainee.clone()))
        } @else {
            p { "In all " strong { (drawing.by_tariff()) } "." }
            (lines::changes(&drawing))
            (lines::table(&drawing.lines, |_| trainee.clone()))
            (Downloads::new([("The lines as CSV", format!("{path}.csv?{query}"))]))
        }
    };
    let data =
        json!({ "year": name(year), "total": drawing.by_tariff(), "lines": drawing.lines, "changes": drawing.changes });
    let page = home::under(Page::new(title, view).data(&data)?, &here.cluster);
    let page = page.under(trainee, here.trainee.name.clone()).wide();
    Ok(if errors.is_empty() { page.into() } else { page.with_errors(&errors).into() })
}

pub async fn csv(here: Loaded<TraineeHere>, Query(asked): Query<Asked>) -> Answer {
    let (_, drawing) = drawn(&here, &asked, &mut Errors::none()).await?;
    let name = format!("tariff-{}", here.trainee.number.to_lowercase());
    Ok(ground::csv(&here.cluster, &files::table(&name, &drawing.lines, &[], &[])))
}
