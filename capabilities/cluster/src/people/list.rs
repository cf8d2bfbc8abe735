//! `/clusters/{cluster}/people`: who works for a cluster, on what terms, how far their induction is, and whose post nobody takes over; cost is for those who run the cluster and those who pay.

use hiec_access::people;
use hiec_files::{Cell as FileCell, Table as FileTable};
use hiec_kernel::clock::{day_on_page, london_date};
use hiec_kernel::people::Person;
use hiec_kernel::{Money, Problem, ProblemKind, Role};
use hiec_web::components::own::{Downloads, EmptyState};
use hiec_web::components::{
    Button, Cell, Column, Input as TextInput, RadioItem, Radios, Select, SelectItem, Table, Tag, TagColour,
};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::actions::{check_free, take};
use super::inviting::{self, Terms};
use super::rules::{Basis, PostKind, Step, days_in_words, half_days};
use super::store::{self, Post};
use crate::clusters::pieces::{csv, day, day_field, head, illustrative, optional, room, summary, xlsx};
use crate::clusters::store::Cluster;

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct Form {
    /// The address the person signs in with.
    #[serde(default)]
    email: String,
    /// Where nobody signs in with the address yet: who is invited.
    #[serde(default)]
    name: String,
    /// `chair`, `director`, `facilitator`, `fellow` or `support`.
    #[serde(default)]
    post: String,
    /// `secondment`, `contract` or `unpaid`.
    #[serde(default)]
    basis: String,
    #[serde(default)]
    employer: String,
    #[serde(default)]
    pathway: String,
    #[serde(default)]
    since: String,
    #[serde(default)]
    until: String,
    /// Days a week, in half days.
    #[serde(default)]
    days: String,
    /// Of the whole term, in pounds.
    #[serde(default)]
    cost: String,
}

#[derive(Serialize)]
struct Line<'a> {
    path: String,
    #[serde(flatten)]
    post: &'a Post,
    induction_to_do: usize,
    lacks_successor: bool,
}

pub async fn get(cluster: Loaded<Cluster>) -> Answer {
    let typed = Form { since: cluster.starts_on.to_string(), until: cluster.ends_on.to_string(), ..Form::default() };
    Ok(page(&cluster, &typed, &Errors::none()).await?.into())
}

async fn page(cluster: &Loaded<Cluster>, typed: &Form, errors: &Errors) -> Result<Page, Problem> {
    let mut posts = store::of_cluster(&cluster.database(), cluster.id).await?;
    let sees_cost = cluster.may("cluster.cost.read");
    if !sees_cost {
        posts.iter_mut().for_each(|post| post.cost = Money::ZERO);
    }
    let waiting = if cluster.may("cluster.appoint") { inviting::waiting(cluster).await? } else { Vec::new() };
    let today = london_date(cluster.now());
    let (here, gone): (Vec<&Post>, Vec<&Post>) =
        posts.iter().partition(|post| post.ended_on.is_none_or(|on| on >= today));
    let content = html! {
        (summary(errors))
        (head(cluster, "People"))
        @if here.is_empty() {
            (EmptyState::new("Nobody is in a post yet. A cluster needs a chair and a managing director first, then facilitators for its pathways."))
        } @else {
            (Downloads::new([("People as CSV", format!("{}/people.csv", cluster.path())), ("People as XLSX", format!("{}/people.xlsx", cluster.path()))]))
            (in_office(cluster, &here, sees_cost, today))
        }
        (inviting::waiting_table(cluster, &waiting))
        @if !gone.is_empty() {
            (Table::new("Former people")
                .head([Column::new("Name"), Column::new("Post"), Column::new("From and until"), Column::new("Why it ended"), Column::new("Who took over")])
                .rows(gone.iter().map(|post| vec![
                    Cell::new(html! { a href={ (cluster.path()) "/people/" (post.id) } { (post.person_name) } (illustrative(post.is_illustrative)) }),
                    Cell::new(post.kind.label()),
                    Cell::new(format!("{} to {}", day_on_page(post.since), day_on_page(post.last_day()))),
                    Cell::new(post.ended_reason.clone().unwrap_or_default()),
                    Cell::new(post.successor.as_str()),
                ])))
        }
        @if cluster.may("cluster.appoint") { (form(cluster, typed, errors)) }
    };
    let lines: Vec<Line<'_>> = posts
        .iter()
        .map(|post| Line {
            path: format!("{}/people/{}", cluster.path(), post.id),
            induction_to_do: post.to_do().count(),
            lacks_successor: post.lacks_successor(today),
            post,
        })
        .collect();
    room(Page::new("People", content), cluster).wide().data(&lines)
}

fn in_office(cluster: &Cluster, here: &[&Post], sees_cost: bool, today: chrono::NaiveDate) -> Markup {
    let mut columns = vec![
        Column::new("Name"),
        Column::new("Post"),
        Column::new("Pathway"),
        Column::new("Terms"),
        Column::new("Term"),
        Column::new("Induction"),
        Column::new("Succession"),
    ];
    if sees_cost {
        columns.push(Column::numeric("Cost"));
    }
    let rows = here.iter().map(|post| {
        let done = Step::ALL.len() - post.to_do().count();
        let terms = match post.employer.as_str() {
            "" => post.basis.label().to_owned(),
            employer => format!("{}: {employer}", post.basis.label()),
        };
        let mut row = vec![
            Cell::new(html! { a href={ (cluster.path()) "/people/" (post.id) } { (post.person_name) } (illustrative(post.is_illustrative)) }),
            Cell::new(post.kind.label()),
            Cell::new(post.pathway.as_str()),
            Cell::new(format!("{terms}, {}", days_in_words(post.half_days))),
            Cell::new(format!("{} to {}", day_on_page(post.since), day_on_page(post.last_day()))),
            Cell::new(format!("{done} of {} steps", Step::ALL.len())),
            Cell::new(match (post.lacks_successor(today), post.successor.as_str()) {
                (true, _) => html! { (Tag::new("Nobody yet").colour(TagColour::Red)) },
                (false, "") => html! { "Not needed yet" },
                (false, name) => html! { (name) },
            }),
        ];
        if sees_cost {
            row.push(Cell::numeric(post.cost).classes("app-money"));
        }
        row
    });
    html! { (Table::new("People in post").head(columns).rows(rows)) }
}

fn form(cluster: &Loaded<Cluster>, typed: &Form, errors: &Errors) -> Markup {
    let kinds = std::iter::once(SelectItem::new("", "Choose a post"))
        .chain(PostKind::ALL.iter().map(|kind| SelectItem::new(kind.key(), kind.label())));
    html! {
        h2 { "Bring somebody into a post" }
        p { "Nobody may act for a commissioner of education and for a cluster. Whoever holds a role in a region is refused here." }
        form method="post" action={ (cluster.path()) "/people" } novalidate {
            (TextInput::new("email", "E-mail address").hint("The address they sign in with").kind("email").autocomplete("off").spellcheck(false)
                .value(typed.email.as_str()).error_message(errors.of("email")))
            (TextInput::new("name", "Name").hint("Only for somebody without an account: they are invited by a letter, and are in post when they say yes")
                .autocomplete("off").value(typed.name.as_str()).error_message(errors.of("name")))
            (Select::new("post", "Post").items(kinds).value(typed.post.as_str()).error_message(errors.of("post")))
            (Radios::new("basis", "On what basis").items(Basis::ALL.iter().map(|one| RadioItem::new(one.key(), one.label())))
                .value(typed.basis.as_str()).error_message(errors.of("basis")))
            (TextInput::new("employer", "Employer").hint("Leave empty where nobody employs them").value(typed.employer.as_str()).error_message(errors.of("employer")))
            (TextInput::new("pathway", "Pathway").hint("For a facilitator or fellow, for example COPD").value(typed.pathway.as_str()).error_message(errors.of("pathway")))
            (day_field("since", "First day", &typed.since, errors))
            (day_field("until", "Last day", &typed.until, errors))
            (TextInput::new("days", "Days a week").hint("In half days, for example 2.5").width(5_u8).inputmode("decimal").value(typed.days.as_str()).error_message(errors.of("days")))
            (TextInput::new("cost", "Cost to the cluster over the whole term").money().value(typed.cost.as_str()).error_message(errors.of("cost")))
            (Button::new("Bring into post"))
        }
    }
}

/// The list to take away; what people cost only for those who see it on the page.
pub async fn download(cluster: Loaded<Cluster>) -> Answer {
    Ok(csv(&format!("{}-people.csv", cluster.key), &listed(&cluster).await?)?)
}

/// The same as a workbook.
pub async fn workbook(cluster: Loaded<Cluster>) -> Answer {
    Ok(xlsx(&format!("{}-people.xlsx", cluster.key), &listed(&cluster).await?, cluster.now())?)
}

async fn listed(cluster: &Loaded<Cluster>) -> Result<FileTable, Problem> {
    let mut table = FileTable::with_columns(
        "people",
        [
            ("cluster", "The cluster's short address"),
            ("name", "Who is in the post"),
            ("post", "The post"),
            ("basis", "On what basis"),
            ("employer", "Who employs them"),
            ("pathway", "The pathway they look after"),
            ("since", "First day"),
            ("until", "Last day"),
            ("days_a_week", "Days of work a week"),
            ("cost", "Cost over the whole term, in pounds"),
            ("induction_to_do", "Steps of the induction still to do"),
            ("successor", "Who takes over"),
            ("is_illustrative", "Whether they are made up"),
        ],
    );
    let sees_cost = cluster.may("cluster.cost.read");
    for post in store::of_cluster(&cluster.database(), cluster.id).await? {
        table.push([
            FileCell::text(cluster.key.clone()),
            FileCell::text(post.person_name.clone()),
            FileCell::text(post.kind.label()),
            FileCell::text(post.basis.label()),
            FileCell::text(post.employer.clone()),
            FileCell::text(post.pathway.clone()),
            post.since.into(),
            post.last_day().into(),
            FileCell::Decimal { units: post.half_days * 5, places: 1 },
            sees_cost.then_some(post.cost).into(),
            FileCell::count(post.to_do().count()),
            FileCell::text(post.successor.clone()),
            post.is_illustrative.into(),
        ]);
    }
    Ok(table)
}

pub async fn post(cluster: Loaded<Cluster>, Input(typed): Input<Form>) -> Answer {
    let mut errors = Errors::none();
    let kind = errors.take("post", PostKind::from_key(&typed.post).ok_or("Choose the post"));
    let coming = coming(&cluster, &typed, kind, &mut errors).await?;
    let basis = errors.take("basis", Basis::from_key(&typed.basis).ok_or("Choose on what basis"));
    let employer = if basis == Some(Basis::Secondment) {
        errors.text("employer", "who employs them: a secondment has an employer", &typed.employer, 200)
    } else {
        optional(&mut errors, "employer", "the employer", &typed.employer, 200)
    };
    let pathway = optional(&mut errors, "pathway", "the pathway", &typed.pathway, 200);
    let since = day(&mut errors, "since", "the first day", &typed.since);
    let until = day(&mut errors, "until", "the last day", &typed.until);
    if let (Some(since), Some(until)) = (since, until)
        && until < since
    {
        errors.add("until", "Enter a last day that is not before the first");
    }
    let days = errors.take("days", half_days(&typed.days));
    let cost = errors.take("cost", Money::parse(if typed.cost.trim().is_empty() { "0" } else { &typed.cost }));
    let typed_all = (coming, kind, basis, employer, pathway, since, until, days, cost);
    let (
        Some(coming),
        Some(kind),
        Some(basis),
        Some(employer),
        Some(pathway),
        Some(since),
        Some(until),
        Some(half_days),
        Some(cost),
    ) = typed_all
    else {
        return Ok(page(&cluster, &typed, &errors).await?.with_errors(&errors).into());
    };
    if cost < Money::ZERO {
        errors.add("cost", "Enter a cost of £0 or more");
    }
    if !errors.is_empty() {
        return Ok(page(&cluster, &typed, &errors).await?.with_errors(&errors).into());
    }
    let terms = Terms { kind, basis, employer, pathway, since, until, half_days, cost };
    let answer = match coming {
        Coming::Known(person) => bring(&cluster, &person, terms).await,
        Coming::New { name, email, role } => invite(&cluster, (name, &email), role, terms).await,
    };
    match answer {
        Ok(done) => Ok(done.into()),
        Err(problem) if problem.kind == ProblemKind::Conflict => {
            errors.add("email", format!("{}. {}", problem.title, problem.next));
            Ok(page(&cluster, &typed, &errors).await?.with_errors(&errors).into())
        }
        Err(problem) => Err(problem.into()),
    }
}

/// Who is to come into a post.
enum Coming {
    Known(Person),
    /// Has no account: is invited by a letter.
    New {
        name: String,
        email: String,
        role: Role,
    },
}

async fn coming(
    cluster: &Loaded<Cluster>,
    typed: &Form,
    kind: Option<PostKind>,
    errors: &mut Errors,
) -> Result<Option<Coming>, Problem> {
    let database = cluster.database();
    if let Some(person) = people::by_email(&database, &typed.email).await? {
        return Ok(Some(Coming::Known(person)));
    }
    let email = people::address(&typed.email);
    let role = kind.and_then(PostKind::role);
    if !people::has_shape(&email) {
        errors.add("email", "Enter an e-mail address in the shape name@example.org");
    } else if people::is_taken(&database, &email).await? {
        errors.add("email", "The account with this address is closed. An administrator can open it again");
    } else if kind.is_some() && role.is_none() {
        errors.add("email", "Nobody signs in with this address, and this post carries no role to invite them to. Ask an administrator to give them an account, then come back");
    } else if typed.name.trim().is_empty() {
        errors.add(
            "name",
            "Nobody signs in with this address yet. Enter the person’s name, and they are invited by a letter",
        );
    } else if let (Some(name), Some(role)) = (errors.text("name", "the person’s name", &typed.name, 200), role) {
        return Ok(Some(Coming::New { name, email, role }));
    }
    Ok(None)
}

async fn bring(cluster: &Loaded<Cluster>, person: &Person, terms: Terms) -> Result<Done, Problem> {
    let mut unit = cluster.begin().await?;
    let held = terms.held_by(unit.new_id(), person);
    let giver = unit.actor().clone();
    take(&mut unit, cluster.app.site(), cluster, person, &held, &giver).await?;
    unit.commit().await?;
    Ok(Done::made(format!("{}/people/{}", cluster.path(), held.id))
        .saying(format!("{} is in post. The induction went to them in a letter.", person.name)))
}

async fn invite(cluster: &Loaded<Cluster>, who: (String, &str), role: Role, terms: Terms) -> Result<Done, Problem> {
    let mut unit = cluster.begin().await?;
    check_free(&unit, cluster, terms.kind, (terms.since, terms.until), None).await?;
    let word = format!("A letter to {} is on its way. The post begins when it is answered.", who.1);
    inviting::invite(cluster, &mut unit, who, role, terms).await?;
    unit.commit().await?;
    Ok(Done::made(format!("{}/people", cluster.path())).saying(word))
}
