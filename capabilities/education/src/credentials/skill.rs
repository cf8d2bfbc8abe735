//! `/clusters/{cluster}/education/skills/{skill}`: what a skill asks, who assesses it, and where one begins to gather evidence.

use axum::extract::Path;
use hiec_access::people;
use hiec_kernel::clock::{london_date, on_page};
use hiec_kernel::{PersonId, Problem};
use hiec_web::components::{Button, Cell, Column, SummaryList, SummaryRow, Table};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::actions;
use super::skills::{self, Assessor, SkillHere, skills_path};
use crate::ground::{self, LINE, made_up};
use crate::programmes::store as programmes;
use crate::trainees::store as trainees;

#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct NameForm {
    /// The e-mail address of their account.
    email: String,
}

#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct ClaimForm {
    profession: String,
}

#[derive(Default)]
struct Typed {
    name: NameForm,
    claim: ClaimForm,
    errors: Errors,
}

pub async fn get(here: Loaded<SkillHere>) -> Answer {
    Ok(page(&here, &Typed { errors: Errors::none(), ..Typed::default() }).await?.into())
}

/// The professions among which somebody may show a skill as theirs.
enum Theirs {
    /// Those of the record of who learns here: nobody says another of themselves.
    OnRecord(Vec<String>),
    /// For who has no record: those the skill is open to, or all that are known.
    FromList(Vec<String>),
}

impl Theirs {
    fn all(&self) -> &[String] {
        match self {
            Self::OnRecord(all) | Self::FromList(all) => all,
        }
    }
}

async fn professions(here: &Loaded<SkillHere>) -> Result<Theirs, Problem> {
    let database = here.database();
    let today = london_date(here.now());
    let records = match &here.subject.person {
        Some(person) => trainees::of_person(&database, here.cluster.id, person.id).await?,
        None => Vec::new(),
    };
    let mut on_record: Vec<String> = Vec::new();
    for record in records.iter().filter(|record| record.starts_on <= today) {
        let programme = programmes::by_id(&database, record.programme).await?;
        let label = programme.map(|programme| programme.profession.label().to_owned());
        on_record.extend(label.filter(|label| !on_record.contains(label)));
    }
    if !on_record.is_empty() {
        return Ok(Theirs::OnRecord(on_record));
    }
    let all = match here.skill.professions.is_empty() {
        false => here.skill.professions.clone(),
        true => skills::known_professions(&skills::of_cluster(&database, here.cluster.id).await?),
    };
    Ok(Theirs::FromList(all))
}

async fn page(here: &Loaded<SkillHere>, typed: &Typed) -> Result<Page, Problem> {
    let (cluster, skill) = (&here.cluster, &here.skill);
    let theirs = professions(here).await?;
    let open: Vec<&String> = theirs.all().iter().filter(|one| skill.is_open_to(one)).collect();
    let assessors = match here.subject.is_signed_in() {
        true => skills::assessors(&here.database(), skill.id).await?,
        false => Vec::new(),
    };
    let path = skill.path(cluster);
    let months = skill.months.map_or_else(|| "without an end".to_owned(), |months| format!("{months} months"));
    let view = html! {
        (ground::mistakes(&typed.errors))
        h1 { span.nhsuk-caption-xl { (cluster.short_name) ": skill" } (skill.name) (made_up(skill.is_illustrative)) }
        p.nhsuk-lede-text { (skill.description) }
        @if !skill.is_group {
            (SummaryList::new([
                SummaryRow::new("What has to be done", skill.criteria.as_str()),
                SummaryRow::new("Open to", skill.open_to()),
                SummaryRow::new("An award is good for", months),
            ]))
            @if here.subject.is_signed_in() { (named(here, &assessors, typed)) }
            @if here.may("skill.claim") {
                h2 { "Show this skill" }
                @if let Theirs::OnRecord(own) = &theirs {
                    p { "By your record you learn with: " (own.join(", ")) "." }
                }
                @if open.is_empty() {
                    p { "This skill is open to others: " (skill.open_to()) ". If your record is wrong, ask the education lead of the cluster." }
                } @else {
                    form method="post" action={ (path) "/claims" } novalidate {
                        (ground::choice("profession", "Your profession", open.iter().map(|one| ((*one).clone(), (*one).clone())), &typed.claim.profession, &typed.errors))
                        (Button::new("Begin to gather evidence"))
                    }
                }
            }
        }
    };
    let data = json!({ "skill": skill, "assessors": assessors });
    Ok(ground::under(Page::new(skill.name.clone(), view).data(&data)?, cluster).under(skills_path(cluster), "Skills"))
}

fn named(here: &Loaded<SkillHere>, assessors: &[Assessor], typed: &Typed) -> Markup {
    let may_name = here.may("skill.name_assessor");
    let path = here.skill.path(&here.cluster);
    let rows = assessors.iter().map(|one| {
        let mut cells = vec![Cell::new(one.name.as_str()), Cell::new(on_page(one.named_at))];
        if may_name {
            cells.push(Cell::new(html! {
                form method="post" action={ (path) "/assessors/" (one.person) "/end" } { (Button::new(format!("End for {}", one.name)).secondary().small(true)) }
            }));
        }
        cells
    });
    let mut head = vec![Column::new("Assessor"), Column::new("Named")];
    if may_name {
        head.push(Column::new("Change"));
    }
    html! {
        h2 { "Who assesses it" }
        @if assessors.is_empty() { p { "Nobody is named to assess this skill yet, so nobody can be awarded it." } } @else {
            (Table::new("Named assessors").head(head).first_cell_is_header(true).rows(rows))
        }
        @if may_name {
            form method="post" action={ (path) "/assessors" } novalidate {
                (ground::line_field("email", "E-mail address of somebody who may assess it", &typed.name.email, &typed.errors).kind("email"))
                (Button::new("Name them").secondary())
            }
        }
    }
}

pub async fn name(here: Loaded<SkillHere>, Input(form): Input<NameForm>) -> Answer {
    let mut errors = Errors::none();
    if here.skill.is_group {
        return Err(Problem::invalid("Nobody assesses a group", "Name assessors for the skills in it.").into());
    }
    let email = errors.text("email", "their e-mail address", &form.email, LINE);
    let person = match &email {
        Some(email) => {
            let person = people::by_email(&here.database(), email).await?;
            if person.is_none() {
                errors.add("email", "Nobody here has this address: ask an administrator to invite them first");
            }
            person
        }
        None => None,
    };
    let Some(person) = person else {
        let typed = Typed { name: form, errors: errors.clone(), ..Typed::default() };
        return Ok(page(&here, &typed).await?.with_errors(&errors).into());
    };
    let mut unit = here.begin().await?;
    let is_news = actions::name_assessor(&mut unit, &here.skill, person.id).await?;
    unit.commit().await?;
    let word = if is_news { "may assess this skill now." } else { "was named already." };
    Ok(Done::to(here.skill.path(&here.cluster)).saying(format!("{} {word}", person.name)).into())
}

pub async fn end(here: Loaded<SkillHere>, Path((_, _, person)): Path<(String, String, Uuid)>) -> Answer {
    let mut unit = here.begin().await?;
    if !actions::end_assessor(&mut unit, &here.skill, PersonId(person)).await? {
        return Err(Problem::conflict("They are not named to assess this skill", "Open the skill again.").into());
    }
    unit.commit().await?;
    Ok(Done::to(here.skill.path(&here.cluster))
        .saying("They no longer assess this skill. What they found before stays.")
        .into())
}

pub async fn claim(here: Loaded<SkillHere>, Input(form): Input<ClaimForm>) -> Answer {
    let mut errors = Errors::none();
    if here.skill.is_group {
        return Err(Problem::invalid("A group is not awarded", "Choose a skill in it.").into());
    }
    let theirs = professions(&here).await?;
    let is_typed = |one: &&String| one.to_lowercase() == form.profession.trim().to_lowercase();
    let profession = theirs.all().iter().find(is_typed).cloned();
    match (&profession, &theirs) {
        (Some(profession), _) if here.skill.is_open_to(profession) => {}
        (Some(_), _) => errors.add(
            "profession",
            format!("Choose one of the professions this skill is open to: {}", here.skill.open_to()),
        ),
        (None, Theirs::OnRecord(own)) => {
            errors.add("profession", format!("Choose the profession of your record: {}", own.join(", ")));
        }
        (None, Theirs::FromList(all)) => {
            errors.add("profession", format!("Choose your profession from the list: {}", all.join(", ")));
        }
    }
    let (Some(profession), true) = (profession, errors.is_empty()) else {
        let typed = Typed { claim: form, errors: errors.clone(), ..Typed::default() };
        return Ok(page(&here, &typed).await?.with_errors(&errors).into());
    };
    let person = here.person()?.clone();
    let mut unit = here.begin().await?;
    let claim = actions::begin(&mut unit, &here.skill, &person, &profession, false).await?;
    unit.commit().await?;
    Ok(Done::made(claim.path(&here.cluster)).saying("Give evidence here, then ask an assessor.").into())
}
