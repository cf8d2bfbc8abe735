//! `/clusters/{cluster}/constitution`: legal form with what each allows, contract, financing, names and statements, on one page. What a form does not allow is said, never silently dropped.

use hiec_contracts::Statement;
use hiec_kernel::clock::{day_on_page, london_date};
use hiec_kernel::{OrganisationId, Problem, ProblemKind};
use hiec_principles::LegalForm;
use hiec_web::components::{
    Button, CheckboxItem, Checkboxes, Details, Input as TextInput, RadioItem, Radios, Select, SelectItem, SummaryList,
    SummaryRow, Textarea,
};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::rules::{Contract, Financing, Terms, financing_of, problems};
use super::store::{self, Constitution};
use super::writing::{Change, constitute};
use crate::clusters::founding::key_problem;
use crate::clusters::pieces::{day, day_field, head, optional, paragraphs, room, summary};
use crate::clusters::store::{self as clusters, Cluster};
use crate::principles::watch;

/// The longest statement, in characters.
const LONGEST: usize = 10_000;

#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Form {
    /// The name people say.
    #[serde(default)]
    short_name: String,
    /// What addresses name it by; for the programme office.
    #[serde(default)]
    key: String,
    /// The id of the partner that leads.
    #[serde(default)]
    lead: String,
    /// A key of the legal forms.
    #[serde(default)]
    legal_form: String,
    /// `yes` where a form that may be incorporated is.
    #[serde(default)]
    is_incorporated: String,
    /// `cluster`, `lead` or `memorandum`.
    #[serde(default)]
    contract: String,
    /// `yes` where the region wants legally binding contracts; for the programme office.
    #[serde(default)]
    wants_binding_contracts: String,
    /// `award`, `contributions`, `grants`, `donations`, `trading`, `loans`, `shares`.
    #[serde(default)]
    financing: Vec<String>,
    /// First and last day of the term; for the programme office.
    #[serde(default)]
    starts_on: String,
    #[serde(default)]
    ends_on: String,
    /// People in the area it serves.
    #[serde(default)]
    population: String,
    /// How it works, one thing a line.
    #[serde(default)]
    approach: String,
    /// One text for each question, in their order.
    #[serde(default)]
    statement: Vec<String>,
    /// The version that was read.
    #[serde(default)]
    version: String,
}

#[derive(Serialize)]
struct Shown<'a> {
    key: &'a str,
    short_name: &'a str,
    lead: OrganisationId,
    legal_form: &'a str,
    starts_on: chrono::NaiveDate,
    ends_on: chrono::NaiveDate,
    constitution: &'a Constitution,
    errors: &'a Errors,
}

pub async fn get(cluster: Loaded<Cluster>) -> Answer {
    let constitution = store::of(&cluster.database(), cluster.id).await?;
    let typed = as_typed(&cluster, &constitution);
    Ok(page(&cluster, &constitution, &typed, &Errors::none()).await?.into())
}

fn as_typed(cluster: &Cluster, constitution: &Constitution) -> Form {
    let terms = &constitution.terms;
    let yes = |holds: bool| if holds { "yes".to_owned() } else { String::new() };
    Form {
        short_name: cluster.short_name.clone(),
        key: cluster.key.clone(),
        lead: cluster.lead.to_string(),
        legal_form: cluster.legal_form.clone(),
        is_incorporated: yes(terms.is_incorporated),
        contract: terms.contract.map_or("", Contract::key).to_owned(),
        wants_binding_contracts: yes(terms.wants_binding_contracts),
        financing: terms.financing.iter().map(|way| way.key().to_owned()).collect(),
        starts_on: cluster.starts_on.to_string(),
        ends_on: cluster.ends_on.to_string(),
        population: cluster.facts.population.map(|people| people.to_string()).unwrap_or_default(),
        approach: cluster.facts.approach.join("\n"),
        statement: constitution.statements.iter().map(|one| one.text.clone()).collect(),
        version: cluster.version.to_string(),
    }
}

async fn page(
    cluster: &Loaded<Cluster>,
    constitution: &Constitution,
    typed: &Form,
    errors: &Errors,
) -> Result<Page, Problem> {
    let shown = Shown {
        key: &cluster.key,
        short_name: &cluster.short_name,
        lead: cluster.lead,
        legal_form: &cluster.legal_form,
        starts_on: cluster.starts_on,
        ends_on: cluster.ends_on,
        constitution,
        errors,
    };
    let today = london_date(cluster.now());
    let partners: Vec<SelectItem> = clusters::partners(&cluster.database(), cluster.id)
        .await?
        .into_iter()
        .filter(|partner| partner.is_partner_on(today) && !partner.organisation.commissions_education())
        .map(|partner| SelectItem::new(partner.organisation.id.to_string(), partner.organisation.name))
        .collect();
    let content = html! {
        (summary(errors))
        (head(cluster, "Constitution"))
        p { "What the cluster is by law and by its own words. The principles it is held to are checked against this page for its whole life; "
            a href={ (cluster.path()) "/principles" } { "see how it stands" } "." }
        @if cluster.may("cluster.constitute") { (form(cluster, constitution, typed, errors, partners)) }
        @else { (reading(cluster, constitution)) }
        (what_each_allows(&constitution.rules.legal_forms))
    };
    room(Page::new("Constitution", content), cluster).data(&shown)
}

fn reading(cluster: &Loaded<Cluster>, constitution: &Constitution) -> Markup {
    let terms = &constitution.terms;
    let form = constitution.rules.legal_form(&cluster.legal_form);
    let financing: Vec<&str> = terms.financing.iter().map(|way| way.label()).collect();
    html! {
        (SummaryList::new([
            SummaryRow::new("Legal form", form.map_or("Not chosen yet", |form| form.name.as_str())),
            SummaryRow::new("Contract with the region", terms.contract.map_or("Not settled yet", Contract::label)),
            SummaryRow::new("Financed by", if financing.is_empty() { "Not said yet".to_owned() } else { financing.join("; ") }),
            SummaryRow::new("Term", format!("{} to {}", day_on_page(cluster.starts_on), day_on_page(cluster.ends_on))),
        ]))
        @for statement in &constitution.statements {
            h2.nhsuk-heading-s { (statement.label) }
            @if statement.text.is_empty() { p { "Nothing is written yet." } } @else { (paragraphs(&statement.text)) }
        }
    }
}

fn form(
    cluster: &Loaded<Cluster>,
    constitution: &Constitution,
    typed: &Form,
    errors: &Errors,
    partners: Vec<SelectItem>,
) -> Markup {
    let is_office = cluster.may("cluster.rename");
    let forms = constitution.rules.legal_forms.iter().map(|form| {
        RadioItem::new(form.key.clone(), form.name.clone()).hint(format!(
            "{}. {}.",
            form.standing.in_words(),
            ways(form)
        ))
    });
    html! {
        form method="post" action={ (cluster.path()) "/constitution" } novalidate data-unsaved {
            input type="hidden" name="version" value=(typed.version);
            h2 { "Name and term" }
            (TextInput::new("short_name", "Short name").hint("The name people say").width(20_u8).value(typed.short_name.as_str()).error_message(errors.of("short_name")))
            @if is_office {
                (TextInput::new("key", "Short address").hint("Small letters, figures and hyphens, as in /clusters/necles. Old links stop working when it changes").width(20_u8).value(typed.key.as_str()).error_message(errors.of("key")))
                (day_field("starts_on", "First day of the term", &typed.starts_on, errors))
                (day_field("ends_on", "Last day of the term", &typed.ends_on, errors))
            } @else {
                p { "Term: " (day_on_page(cluster.starts_on)) " to " (day_on_page(cluster.ends_on)) ". The programme office sets it, and the short address." }
            }
            (Select::new("lead", "Lead").items(partners).value(typed.lead.as_str()).error_message(errors.of("lead")))
            (TextInput::new("population", "People in the area it serves").number().width(10_u8).value(typed.population.as_str()).error_message(errors.of("population")))
            h2 { "Legal form" }
            (Radios::new("legal_form", "Which form does the cluster take?").items(forms).value(typed.legal_form.as_str()).error_message(errors.of("legal_form")))
            (Checkboxes::single("is_incorporated", "yes", "It is incorporated").values([typed.is_incorporated.clone()])
                .hint("Only for a form that may or may not be a body of its own"))
            h2 { "Contract with the region" }
            @if is_office {
                (Checkboxes::single("wants_binding_contracts", "yes", "The region wants legally binding contracts").values([typed.wants_binding_contracts.clone()])
                    .hint("Then the cluster must be a corporate body, not an informal consortium"))
            } @else if constitution.terms.wants_binding_contracts {
                p { "The region wants legally binding contracts with the cluster." }
            }
            (Radios::new("contract", "How are the region and the cluster bound to each other?")
                .items(Contract::ALL.iter().map(|one| RadioItem::new(one.key(), one.label())))
                .value(typed.contract.as_str())
                .error_message(errors.of("contract")))
            h2 { "Financing" }
            (Checkboxes::new("financing", "Where does the money come from?")
                .items(Financing::ALL.iter().map(|one| CheckboxItem::new(one.key(), one.label())))
                .values(typed.financing.clone())
                .hint("What your legal form leaves open stands beside each form above")
                .error_message(errors.of("financing")))
            h2 { "How it works" }
            (Textarea::new("approach", "Approach").hint("One thing a line").rows(4_u16).value(typed.approach.as_str()).error_message(errors.of("approach")))
            h2 { "What the principles ask" }
            @for (place, statement) in constitution.statements.iter().enumerate() {
                @let id = format!("statement-{}", statement.key);
                (Textarea::new("statement", statement.label.as_str()).id(id.clone()).rows(5_u16)
                    .value(typed.statement.get(place).map(String::as_str).unwrap_or_default())
                    .error_message(errors.of(&id)))
            }
            (Button::new("Save the constitution"))
        }
    }
}

fn ways(form: &LegalForm) -> String {
    let ways: Vec<String> = financing_of(form).iter().map(|way| way.label().to_lowercase()).collect();
    format!("It may be financed by {}", ways.join(", "))
}

fn what_each_allows(forms: &[LegalForm]) -> Markup {
    let words = html! {
            (SummaryList::new(forms.iter().map(|form| {
                SummaryRow::new(form.name.as_str(), format!("{}. {}.", form.standing.in_words(), ways(form)))
            })))
            p { "If the region wants legally binding contracts, the cluster must be a corporate legal body, not an informal consortium; and who is liable for education must be explicit." }
            p.app-source { "Forms and the rule on contracts: prospectus of 7 May 2009 and review of 2011. Ways of financing: general law, as a guide and no legal advice." }
    };
    html! { (Details::new("What each legal form allows", words)) }
}

pub async fn post(cluster: Loaded<Cluster>, Input(typed): Input<Form>) -> Answer {
    let constitution = store::of(&cluster.database(), cluster.id).await?;
    let mut errors = Errors::none();
    let read = read(&cluster, &constitution, &typed, &mut errors);
    let Some(change) = read.filter(|_| errors.is_empty()) else {
        return Ok(page(&cluster, &constitution, &typed, &errors).await?.with_errors(&errors).into());
    };
    let before = Cluster { version: typed.version.parse().unwrap_or(cluster.version), ..cluster.thing.clone() };
    let mut unit = cluster.begin().await?;
    match constitute(&mut unit, &before, &change).await {
        Ok(after) => {
            watch::look(&mut unit, cluster.app.site(), &after, "The constitution was changed").await?;
            unit.commit().await?;
            Ok(Done::to(format!("{}/constitution", after.path())).saying("The constitution is saved.").into())
        }
        Err(problem) if matches!(problem.kind, ProblemKind::Conflict | ProblemKind::Invalid) => {
            drop(unit);
            let field = if problem.title.contains("address") { "key" } else { "short_name" };
            errors.add(field, format!("{}. {}", problem.title, problem.next));
            Ok(page(&cluster, &constitution, &typed, &errors).await?.with_errors(&errors).into())
        }
        Err(problem) => Err(problem.into()),
    }
}

/// What was typed as a change; nothing where it is incomplete, with the errors noted.
fn read(cluster: &Loaded<Cluster>, constitution: &Constitution, typed: &Form, errors: &mut Errors) -> Option<Change> {
    let mut change = Change::nothing(cluster, constitution);
    change.short_name = errors.text("short_name", "the short name", &typed.short_name, 60).unwrap_or_default();
    if cluster.may("cluster.rename") {
        change.key = typed.key.trim().to_lowercase();
        if let Some(problem) = key_problem(&change.key) {
            errors.add("key", problem);
        }
        change.starts_on = day(errors, "starts_on", "the first day", &typed.starts_on)?;
        change.ends_on = day(errors, "ends_on", "the last day", &typed.ends_on)?;
        if change.ends_on < change.starts_on {
            errors.add("ends_on", "Enter a last day that is not before the first");
        }
        change.terms.wants_binding_contracts = typed.wants_binding_contracts == "yes";
    }
    match typed.lead.parse() {
        Ok(lead) => change.lead = OrganisationId(lead),
        Err(_) => errors.add("lead", "Choose the partner that leads"),
    }
    change.facts.population = match typed.population.trim().replace([',', ' '], "").as_str() {
        "" => None,
        number => errors
            .take("population", number.parse().map_err(|_| "Enter a whole number of people, for example 5,800,000")),
    };
    let approach = optional(errors, "approach", "the approach", &typed.approach, LONGEST).unwrap_or_default();
    change.facts.approach =
        approach.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    change.legal_form.clone_from(&typed.legal_form);
    change.terms = Terms {
        contract: Contract::from_key(&typed.contract),
        financing: Financing::ALL
            .iter()
            .copied()
            .filter(|way| typed.financing.iter().any(|key| key == way.key()))
            .collect(),
        is_incorporated: typed.is_incorporated == "yes",
        ..change.terms
    };
    for (field, why) in problems(&constitution.rules, &change.legal_form, &change.terms) {
        errors.add(field, why);
    }
    change.statements = constitution
        .statements
        .iter()
        .enumerate()
        .map(|(place, asked)| {
            let text = typed.statement.get(place).map(String::as_str).unwrap_or_default();
            let id = format!("statement-{}", asked.key);
            let text = optional(errors, &id, "this text", text, LONGEST).unwrap_or_default();
            Statement { text, ..asked.clone() }
        })
        .collect();
    Some(change)
}
