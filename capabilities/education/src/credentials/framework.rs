//! `/clusters/{cluster}/education/skills`: the framework as a tree, to take away, and a skill or a group more.

use hiec_files::table::{Cell as FileCell, Table as FileTable};
use hiec_kernel::Problem;
use hiec_web::components::own::{Downloads, EmptyState};
use hiec_web::components::{Button, Cell, CheckboxItem, Checkboxes, Column, RadioItem, Radios, Table};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::html;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::actions::{self, NewSkill};
use super::skills::{self, DEEPEST, Skill, Skills, skills_path};
use super::store::claims_path;
use crate::ground::{self, LINE, LINES, made_up};

/// The longest anybody's award is good for, in months.
const LONGEST: i64 = 240;

pub async fn get(door: Loaded<Skills>) -> Answer {
    let cluster = &door.cluster;
    let all = skills::of_cluster(&door.database(), cluster.id).await?;
    let order = skills::in_order(&all);
    let path = skills_path(cluster);
    let rows = order.iter().map(|(depth, skill)| {
        let name = html! {
            // The dashes are read out; the place in the tree is not in the looks alone.
            @for _ in 0..*depth { "– " }
            a.nhsuk-link href=(skill.path(cluster)) { (skill.name) } (made_up(skill.is_illustrative))
        };
        let months = skill.months.map_or_else(|| "No end".to_owned(), |months| format!("{months} months"));
        let (open, months) =
            if skill.is_group { ("Group".to_owned(), String::new()) } else { (skill.open_to(), months) };
        vec![Cell::new(name), Cell::new(open), Cell::new(months)]
    });
    let view = html! {
        h1 { span.nhsuk-caption-xl { (cluster.short_name) } "Skills" }
        p { "One skill, one standard, whatever somebody's profession. A named assessor says whether it was shown; somebody else awards it." }
        @if all.is_empty() {
            @let empty = EmptyState::new("There is no skill in this framework yet.");
            @if door.may("skill.add") { (empty.action("Add the first", format!("{path}/new"))) } @else { (empty) }
        } @else {
            (Table::new("Skills and groups")
                .head([Column::new("Skill"), Column::new("Open to"), Column::new("Good for")])
                .first_cell_is_header(true)
                .responsive(true)
                .rows(rows))
            (Downloads::new([
                ("The framework as CSV".to_owned(), format!("{path}.csv")),
                ("The framework as a workbook".to_owned(), format!("{path}.xlsx")),
            ]))
            @if door.may("skill.add") { p { (Button::link("Add a skill or a group", format!("{path}/new"))) } }
        }
        p { a.nhsuk-link href="/credentials/check" { "Check a badge" } }
        @if door.subject.is_signed_in() { p { a.nhsuk-link href=(claims_path(cluster)) { "Claims to skills" } } }
    };
    Ok(ground::under(Page::new("Skills", view).data(&json!({ "skills": all }))?, cluster).into())
}

async fn table(door: &Loaded<Skills>) -> Result<FileTable, Problem> {
    let all = skills::of_cluster(&door.database(), door.cluster.id).await?;
    let mut table = FileTable::with_columns(
        "skills",
        [
            ("key", "As addresses name it"),
            ("group", "Key of the group it belongs to"),
            ("name", "Name of the skill or group"),
            ("is_group", "Whether it is a group, which nobody is awarded"),
            ("professions", "Who may be awarded it; empty: everybody"),
            ("months", "How long an award is good for; empty: no end"),
            ("criteria", "What has to be done"),
            ("illustrative", "Whether it was made up"),
        ],
    );
    for (_, skill) in skills::in_order(&all) {
        let group = all.iter().find(|one| Some(one.id) == skill.parent).map(|one| one.key.as_str());
        table.push([
            FileCell::from(skill.key.as_str()),
            FileCell::from(group.unwrap_or_default()),
            FileCell::from(skill.name.as_str()),
            FileCell::from(skill.is_group),
            FileCell::from(skill.professions.join("; ")),
            FileCell::from(skill.months),
            FileCell::from(skill.criteria.as_str()),
            FileCell::from(skill.is_illustrative),
        ]);
    }
    Ok(table)
}

pub async fn csv(door: Loaded<Skills>) -> Answer {
    Ok(ground::csv(&door.cluster, &table(&door).await?))
}

pub async fn xlsx(door: Loaded<Skills>) -> Answer {
    Ok(ground::xlsx(&door.cluster, &table(&door).await?, door.now())?)
}

#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct Form {
    /// `skill` or `group`.
    kind: String,
    name: String,
    description: String,
    /// What has to be done; for a skill.
    criteria: String,
    /// The id of the group it belongs to; empty: none.
    group: String,
    /// Those of the known list it is open to; none: every profession.
    professions: Vec<String>,
    /// Professions that are not in the list, one a line.
    other_professions: String,
    /// How many months an award is good for; empty: no end.
    months: String,
}

pub async fn new(door: Loaded<Skills>) -> Answer {
    Ok(page(&door, &Form { kind: "skill".into(), ..Form::default() }, &Errors::none()).await?.into())
}

async fn page(door: &Loaded<Skills>, form: &Form, errors: &Errors) -> Result<Page, Problem> {
    let cluster = &door.cluster;
    let all = skills::of_cluster(&door.database(), cluster.id).await?;
    let groups = skills::in_order(&all)
        .into_iter()
        .filter(|(_, skill)| skill.is_group)
        .map(|(depth, skill)| (skill.id.to_string(), format!("{}{}", "– ".repeat(depth), skill.name)))
        .collect::<Vec<_>>();
    let view = html! {
        (ground::mistakes(errors))
        h1 { span.nhsuk-caption-xl { (cluster.short_name) } "Add a skill or a group" }
        form method="post" novalidate {
            (Radios::new("kind", "What is it?")
                .items([RadioItem::new("skill", "A skill that is awarded"), RadioItem::new("group", "A group of skills")])
                .value(form.kind.as_str())
                .error_message(errors.of("kind").unwrap_or_default()))
            (ground::line_field("name", "Name", &form.name, errors))
            (ground::lines_field("description", "What it is, in a sentence or two", &form.description, errors))
            (ground::lines_field("criteria", "If a skill: what has to be done for it", &form.criteria, errors))
            @if !groups.is_empty() { (ground::choice("group", "Group it belongs to, if any", groups, &form.group, errors)) }
            (Checkboxes::new("professions", "If a skill: professions it is open to")
                .hint("None ticked and none added below: every profession.")
                .items(skills::known_professions(&all).into_iter().map(|one| {
                    let is_ticked = form.professions.contains(&one);
                    CheckboxItem::new(one.clone(), one).checked(Some(is_ticked))
                })))
            (ground::lines_field("other_professions", "Professions that are missing above: one a line", &form.other_professions, errors)
                .hint("They are added to the list of this framework."))
            (ground::line_field("months", "If a skill: months an award is good for; empty, no end", &form.months, errors).inputmode("numeric").width(5_u8))
            (Button::new("Add it"))
        }
    };
    Ok(ground::under(Page::new("Add a skill or a group", view).data(form)?, cluster)
        .under(skills_path(cluster), "Skills"))
}

pub async fn post(door: Loaded<Skills>, Input(form): Input<Form>) -> Answer {
    let all = skills::of_cluster(&door.database(), door.cluster.id).await?;
    let mut errors = Errors::none();
    let is_group = match form.kind.as_str() {
        "skill" => Some(false),
        "group" => Some(true),
        _ => {
            errors.add("kind", "Choose whether it is a skill or a group");
            None
        }
    };
    let name = errors.text("name", "the name", &form.name, LINE);
    let description = errors.text("description", "what it is", &form.description, LINES);
    let criteria = match is_group {
        Some(false) => errors.text("criteria", "what has to be done for it", &form.criteria, LINES),
        _ => Some(String::new()),
    };
    let parent = group_of(&mut errors, &all, &form.group);
    let professions = professions_of(&mut errors, &all, &form);
    let months = months_of(&mut errors, &form.months);
    let checked = (is_group, name, description, criteria);
    let ((Some(is_group), Some(name), Some(description), Some(criteria)), true) = (checked, errors.is_empty()) else {
        return Ok(page(&door, &form, &errors).await?.with_errors(&errors).into());
    };
    let mut unit = door.begin().await?;
    let (months, professions) = if is_group { (None, Vec::new()) } else { (months, professions) };
    let new = NewSkill { parent, name, description, criteria, is_group, months, professions, is_illustrative: false };
    let skill = actions::add_skill(&mut unit, door.cluster.id, new).await?;
    unit.commit().await?;
    Ok(Done::made(skill.path(&door.cluster)).saying(format!("{} is in the framework.", skill.name)).into())
}

fn group_of(errors: &mut Errors, all: &[Skill], typed: &str) -> Option<Uuid> {
    if typed.trim().is_empty() {
        return None;
    }
    let found =
        skills::in_order(all).into_iter().find(|(_, skill)| skill.is_group && skill.id.to_string() == typed.trim());
    match found {
        Some((depth, skill)) if depth < DEEPEST => Some(skill.id),
        Some(_) => {
            errors.add("group", format!("Choose a group further up: groups stand at most {DEEPEST} deep"));
            None
        }
        None => {
            errors.add("group", "Choose a group of this framework, or none");
            None
        }
    }
}

/// Those ticked and those added, each once and in the spelling that is known.
fn professions_of(errors: &mut Errors, all: &[Skill], form: &Form) -> Vec<String> {
    let known = skills::known_professions(all);
    let same = |one: &str, other: &str| one.to_lowercase() == other.to_lowercase();
    let mut professions: Vec<String> = Vec::new();
    for ticked in &form.professions {
        match known.iter().find(|known| same(known, ticked)) {
            Some(one) if !professions.contains(one) => professions.push(one.clone()),
            Some(_) => {}
            None => errors.add(
                "professions",
                format!("'{ticked}' is not in the list: tick those of the list, and add others below it"),
            ),
        }
    }
    for line in form.other_professions.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if line.chars().count() > 100 {
            errors.add("other_professions", "Shorten the professions to at most 100 characters each");
            break;
        }
        let spelt = known.iter().find(|known| same(known, line)).map_or(line, String::as_str);
        if !professions.iter().any(|one| same(one, spelt)) {
            professions.push(spelt.to_owned());
        }
    }
    if professions.len() > 50 {
        errors.add("other_professions", "Name at most 50 professions; none at all means every profession");
    }
    professions
}

fn months_of(errors: &mut Errors, typed: &str) -> Option<i64> {
    if typed.trim().is_empty() {
        return None;
    }
    let months = typed.trim().parse::<i64>().ok().filter(|months| (1..=LONGEST).contains(months));
    if months.is_none() {
        errors.add("months", format!("Enter the months as a whole number from 1 to {LONGEST}, or leave it empty"));
    }
    months
}
