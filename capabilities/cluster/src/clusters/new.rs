//! `/clusters/new`: founding a cluster without an award, for a programme office; the lead is its first partner, and never one that commissions education.

use hiec_access::places::AllPlaces;
use hiec_contracts::demonstration;
use hiec_kernel::{Money, Problem, ProblemKind, Role, Scope};
use hiec_principles::may_join;
use hiec_store::organisations::{self, Region};
use hiec_web::components::{Button, Input as TextInput, RadioItem, Radios, Select, SelectItem, Textarea};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::html;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::founding::{Afresh, afresh, key_problem};
use super::pieces::{day, day_field, optional, organisation_named, summary};
use super::store::{AllClusters, ClusterFacts};
use crate::constitution::store::usual;

#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Form {
    #[serde(default)]
    name: String,
    /// The name people say.
    #[serde(default)]
    short_name: String,
    /// What addresses name it by.
    #[serde(default)]
    key: String,
    /// The id of the programme that pays.
    #[serde(default)]
    programme: String,
    /// The code of the region that contracts with it; empty where none does.
    #[serde(default)]
    region: String,
    /// The lead, by name or ODS code.
    #[serde(default)]
    lead: String,
    /// A key of the legal forms; may be left for later.
    #[serde(default)]
    legal_form: String,
    #[serde(default)]
    starts_on: String,
    #[serde(default)]
    ends_on: String,
    /// What it is given, in pounds.
    #[serde(default)]
    amount: String,
    /// What it works on, one theme a line.
    #[serde(default)]
    themes: String,
}

#[derive(Serialize)]
struct Shown<'a> {
    typed: &'a Form,
    errors: &'a Errors,
}

pub async fn get(door: Loaded<AllClusters>) -> Answer {
    Ok(page(&door, &Form::default(), &Errors::none()).await?.into())
}

/// The programmes the asker may found in, by name.
async fn programmes(door: &Loaded<AllClusters>) -> Result<Vec<(Scope, String)>, Problem> {
    let places = door.app.optional::<AllPlaces>().cloned().unwrap_or_default();
    if door.subject.holds_in(Role::ProgrammeOfficer, Scope::Installation) {
        let all = places.find(&door.database(), &["programme"], "", 200).await?;
        return Ok(all.into_iter().map(|place| (place.scope, place.label)).collect());
    }
    let mut own = Vec::new();
    for scope in door.subject.scopes_of(Role::ProgrammeOfficer) {
        if let Some(place) = places.named(&door.database(), scope).await? {
            own.push((scope, place.label));
        }
    }
    own.sort_by(|a, b| (&a.1, a.0).cmp(&(&b.1, b.0)));
    Ok(own)
}

async fn page(door: &Loaded<AllClusters>, typed: &Form, errors: &Errors) -> Result<Page, Problem> {
    let programmes = programmes(door).await?;
    let regions = organisations::regions(&door.database()).await?;
    let forms = usual().map_err(Problem::internal)?.rules.legal_forms;
    let content = html! {
        (summary(errors))
        h1 { "Found a cluster" }
        p { "A cluster is founded by itself when an award is made. Found one here where no call of this installation paid for it. Its partners, agreement and people come afterwards." }
        form method="post" action="/clusters" novalidate data-unsaved {
            (TextInput::new("name", "Name").hint("In full, as it is published").value(typed.name.as_str()).error_message(errors.of("name")))
            (TextInput::new("short_name", "Short name").hint("The name people say").width(20_u8).value(typed.short_name.as_str()).error_message(errors.of("short_name")))
            (TextInput::new("key", "Short address").hint(format!("Small letters, figures and hyphens, as in /clusters/{}", demonstration::NECLES)).width(20_u8).value(typed.key.as_str()).error_message(errors.of("key")))
            @if programmes.len() > 1 {
                (Select::new("programme", "Programme").items(programmes.iter().map(|(scope, label)| SelectItem::new(scope.id().to_string(), label.clone())))
                    .value(typed.programme.as_str()).error_message(errors.of("programme")))
            }
            (Select::new("region", "Region that contracts with it")
                .items(std::iter::once(SelectItem::new("", "No region")).chain(regions.iter().map(|region| SelectItem::new(region.code.clone(), region.name.clone()))))
                .value(typed.region.as_str()).error_message(errors.of("region")))
            (TextInput::new("lead", "Lead").hint("Its name as the register has it, or its ODS code").value(typed.lead.as_str()).error_message(errors.of("lead")))
            (Radios::new("legal_form", "Legal form")
                .items(forms.iter().map(|form| RadioItem::new(form.key.clone(), form.name.clone()).hint(form.standing.in_words())))
                .value(typed.legal_form.as_str()).error_message(errors.of("legal_form")))
            (day_field("starts_on", "First day of the term", &typed.starts_on, errors))
            (day_field("ends_on", "Last day of the term", &typed.ends_on, errors))
            (TextInput::new("amount", "What it is given").hint("Over the whole term; leave empty where nothing is given").money().value(typed.amount.as_str()).error_message(errors.of("amount")))
            (Textarea::new("themes", "What it works on").hint("One theme a line").rows(4_u16).value(typed.themes.as_str()).error_message(errors.of("themes")))
            (Button::new("Found the cluster"))
        }
    };
    Page::new("Found a cluster", content).under("/clusters", "Clusters").data(&Shown { typed, errors })
}

pub async fn post(door: Loaded<AllClusters>, Input(typed): Input<Form>) -> Answer {
    let reads = door.database();
    let mut errors = Errors::none();
    let name = errors.text("name", "the name", &typed.name, 200);
    let short_name = errors.text("short_name", "the short name", &typed.short_name, 60);
    let key = typed.key.trim().to_lowercase();
    if let Some(problem) = key_problem(&key) {
        errors.add("key", problem);
    }
    let programmes = programmes(&door).await?;
    let programme = match (programmes.as_slice(), typed.programme.is_empty()) {
        ([(only, _)], true) => Some(only.id()),
        ([], true) => None,
        (several, _) => {
            let chosen = several.iter().find(|(scope, _)| scope.id().to_string() == typed.programme);
            if chosen.is_none() {
                errors.add("programme", "Choose the programme");
            }
            chosen.map(|(scope, _)| scope.id())
        }
    };
    let regions: Vec<Region> = organisations::regions(&reads).await?;
    let region = regions.iter().find(|one| one.code == typed.region).map(|one| one.id);
    if region.is_none() && !typed.region.is_empty() {
        errors.add("region", "Choose a region of the list");
    }
    let lead = organisation_named(&reads, &typed.lead).await?;
    match &lead {
        None => errors.add("lead", "No organisation of this name or ODS code is in the register. Check the spelling, or ask an administrator to add it"),
        Some(lead) => {
            if let Err(refusal) = may_join(lead) {
                errors.add("lead", format!("{} commissions education, so it can be no partner and no lead", refusal.organisation));
            }
        }
    }
    let starts_on = day(&mut errors, "starts_on", "the first day", &typed.starts_on);
    let ends_on = day(&mut errors, "ends_on", "the last day", &typed.ends_on);
    if let (Some(first), Some(last)) = (starts_on, ends_on)
        && last < first
    {
        errors.add("ends_on", "Enter a last day that is not before the first");
    }
    let amount = match typed.amount.trim() {
        "" => None,
        amount => errors.take("amount", Money::parse(amount)),
    };
    if amount.is_some_and(|amount| amount < Money::ZERO) {
        errors.add("amount", "Enter an amount of £0 or more");
    }
    let themes = optional(&mut errors, "themes", "the themes", &typed.themes, 2_000);
    let forms = usual().map_err(Problem::internal)?.rules;
    if !typed.legal_form.is_empty() && forms.legal_form(&typed.legal_form).is_none() {
        errors.add("legal_form", "Choose one of the legal forms");
    }
    let (true, Some(name), Some(short_name), Some(lead), Some(starts_on), Some(ends_on), Some(themes)) =
        (errors.is_empty(), name, short_name, lead, starts_on, ends_on, themes)
    else {
        return Ok(page(&door, &typed, &errors).await?.with_errors(&errors).into());
    };
    let new = Afresh {
        key,
        name,
        short_name,
        region,
        programme,
        amount,
        is_illustrative: lead.is_illustrative,
        lead,
        legal_form: typed.legal_form.clone(),
        starts_on,
        ends_on,
        facts: ClusterFacts {
            work_programme: themes.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect(),
            ..ClusterFacts::default()
        },
    };
    let mut unit = door.begin().await?;
    match afresh(&mut unit, &new).await {
        Ok(cluster) => {
            unit.commit().await?;
            Ok(Done::made(cluster.path())
                .saying(format!("{} is founded. Write its constitution next.", cluster.short_name))
                .into())
        }
        Err(problem) if problem.kind == ProblemKind::Conflict => {
            drop(unit);
            errors.add("key", format!("{}. {}", problem.title, problem.next));
            Ok(page(&door, &typed, &errors).await?.with_errors(&errors).into())
        }
        Err(problem) => Err(problem.into()),
    }
}
