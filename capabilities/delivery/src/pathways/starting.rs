//! `/clusters/{cluster}/pathways/new`: a pathway begins.

use chrono::NaiveDate;
use hiec_contracts::ClusterSeen;
use hiec_kernel::{ClusterId, Problem};
use hiec_store::{AuditEvent, Unit};
use hiec_web::components::{Button, RadioItem, Radios};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::html;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::store::{self, Category, Pathway};
use crate::ground::{self, LINE};
use crate::projects::store::Projects;

/// A pathway began.
#[derive(Serialize)]
struct PathwayStarted {
    name: String,
    category: Category,
    lead: String,
    starts_on: NaiveDate,
}

impl AuditEvent for PathwayStarted {
    const KIND: &'static str = "pathway.started";
}

/// What is said of a pathway that begins.
#[derive(Clone, Debug)]
pub(crate) struct NewPathway {
    pub name: String,
    pub category: Category,
    pub lead: String,
    pub starts_on: NaiveDate,
    pub source: String,
    pub is_illustrative: bool,
}

/// Begins a pathway. Two of one name have keys of their own.
pub(crate) async fn start(unit: &mut Unit, cluster: ClusterId, new: NewPathway) -> Result<Uuid, Problem> {
    let taken: Vec<String> = store::of_cluster(unit, cluster).await?.into_iter().map(|pathway| pathway.key).collect();
    let pathway = Pathway {
        id: unit.new_id(),
        key: ground::key_of(&new.name, &taken),
        name: new.name,
        category: new.category,
        lead: new.lead,
        starts_on: new.starts_on,
        source: new.source,
        is_illustrative: new.is_illustrative,
    };
    store::insert(unit, cluster, &pathway).await?;
    let event = PathwayStarted {
        name: pathway.name.clone(),
        category: pathway.category,
        lead: pathway.lead.clone(),
        starts_on: pathway.starts_on,
    };
    unit.audit(ground::stream(cluster), format!("pathway:{}", pathway.id), &event)?;
    Ok(pathway.id)
}

#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct Form {
    name: String,
    /// `prevention`, `acute` or `long_term`.
    category: String,
    lead: String,
    /// As `2010-04-01`.
    starts_on: String,
    source: String,
}

pub async fn get(door: Loaded<Projects>) -> Answer {
    Ok(page(&door.cluster, &Form::default(), &Errors::none())?.into())
}

fn page(cluster: &ClusterSeen, form: &Form, errors: &Errors) -> Result<Page, Problem> {
    let categories = Category::ALL.iter().map(|one| RadioItem::new(one.key(), one.label()));
    let view = html! {
        (ground::mistakes(errors))
        h1 { span.nhsuk-caption-xl { (cluster.short_name) } "Start a pathway" }
        form method="post" novalidate {
            (ground::line_field("name", "Name", &form.name, errors))
            (Radios::new("category", "Category")
                .items(categories.collect::<Vec<_>>())
                .value(form.category.as_str())
                .error_message(errors.of("category").unwrap_or_default()))
            (ground::line_field("lead", "Clinical lead (optional)", &form.lead, errors)
                .hint("Name and post, as it may be published"))
            (ground::day_field("starts_on", "First day", &form.starts_on, errors))
            (ground::line_field("source", "Where this is published (optional)", &form.source, errors))
            (Button::new("Start the pathway"))
        }
    };
    Ok(ground::under(Page::new("Start a pathway", view).data(form)?, cluster)
        .under(format!("{}/projects", cluster.path()), "Projects"))
}

pub async fn post(door: Loaded<Projects>, Input(form): Input<Form>) -> Answer {
    let cluster = &door.cluster;
    let mut errors = Errors::none();
    let name = errors.text("name", "the name of the pathway", &form.name, LINE);
    let category = ground::one_of(&mut errors, "category", "a category", Category::from_key(&form.category));
    let lead = ground::optional(&mut errors, "lead", "the clinical lead", &form.lead, LINE);
    let starts_on = ground::day(&mut errors, "starts_on", "the first day", &form.starts_on);
    let source = ground::optional(&mut errors, "source", "the source", &form.source, LINE);
    let (Some(name), Some(category), Some(lead), Some(starts_on), Some(source)) =
        (name, category, lead, starts_on, source)
    else {
        return Ok(page(cluster, &form, &errors)?.with_errors(&errors).into());
    };
    let mut unit = door.begin().await?;
    let new = NewPathway { name, category, lead, starts_on, source, is_illustrative: false };
    start(&mut unit, cluster.id, new).await?;
    unit.commit().await?;
    Ok(Done::made(format!("{}/projects", cluster.path())).saying("The pathway was started.").into())
}
