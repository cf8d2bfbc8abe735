//! `/organisations/regions`: the regions of the installation, each the body that commissions education there; administrators add them. A region is never taken away: calls and clusters stand on it.

use hiec_kernel::OrganisationId;
use hiec_kernel::organisations::{Function, Organisation, Sector};
use hiec_store::organisations::{self, Region};
use hiec_store::{AuditEvent, Stream};
use hiec_web::components::own::EmptyState;
use hiec_web::components::{Button, Cell, Input as TextInput, Table};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::{Register, path};
use crate::pieces::error_summary;

/// A region came into the register, with the body that commissions education there.
#[derive(Serialize)]
struct RegionAdded<'a> {
    region: Uuid,
    code: &'a str,
    name: &'a str,
    commissioner: OrganisationId,
}

impl AuditEvent for RegionAdded<'_> {
    const KIND: &'static str = "region.added";
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct Form {
    /// Short and stable: `LON`.
    #[serde(default)]
    code: String,
    /// The body's name: `NHS London`.
    #[serde(default)]
    name: String,
    /// Its web site; may be empty.
    #[serde(default)]
    website: String,
    /// Its ODS code; may be empty. Where the register has the organisation, it becomes the region's commissioner.
    #[serde(default)]
    ods_code: String,
}

pub async fn get(register: Loaded<Register>) -> Answer {
    Ok(page(&register, &Form::default(), &Errors::none()).await?.into())
}

pub async fn add(register: Loaded<Register>, Input(form): Input<Form>) -> Answer {
    let mut errors = Errors::none();
    let code = errors.text("code", "a short code, such as LON", &form.code, 12);
    if code.as_deref().is_some_and(|code| !code.chars().all(|c| c.is_ascii_alphanumeric())) {
        errors.add("code", "Use letters and figures only, such as LON");
    }
    let name = errors.text("name", "the name of the body", &form.name, 200);
    let website = form.website.trim();
    if website.chars().count() > 300 {
        errors.add("website", "Shorten the address of the web site");
    }
    let mut unit = register.begin().await?;
    let regions = organisations::regions(&unit).await?;
    if code.as_deref().is_some_and(|code| regions.iter().any(|region| region.code.eq_ignore_ascii_case(code))) {
        errors.add("code", "A region has this code already");
    }
    let ods_code = form.ods_code.trim().to_uppercase();
    let known = if ods_code.is_empty() { None } else { organisations::by_ods_code(&unit, &ods_code).await? };
    if known.as_ref().is_some_and(|known| !known.commissions_education()) {
        errors.add(
            "ods_code",
            "The organisation with this code does not commission education: say so in the register first",
        );
    }
    let (Some(code), Some(name), true) = (code, name, errors.is_empty()) else {
        drop(unit);
        return Ok(page(&register, &form, &errors).await?.with_errors(&errors).into());
    };
    let commissioner = match known {
        Some(known) => known,
        None => {
            let made = Organisation {
                id: OrganisationId(unit.new_id()),
                ods_code: (!ods_code.is_empty()).then_some(ods_code),
                name: name.clone(),
                sector: Sector::Nhs,
                settings: vec![],
                functions: vec![Function::CommissionsEducation],
                region: Some(code.clone()),
                postcode: None,
                is_illustrative: false,
            };
            organisations::add(&unit, &made).await?;
            made
        }
    };
    let region = Region {
        id: unit.new_id(),
        code,
        name,
        website: (!website.is_empty()).then(|| website.to_owned()),
        organisation_id: Some(commissioner.id.0),
    };
    organisations::add_region(&unit, &region).await?;
    let event =
        RegionAdded { region: region.id, code: &region.code, name: &region.name, commissioner: commissioner.id };
    unit.audit(Stream::installation(), format!("region:{}", region.id), &event)?;
    unit.commit().await?;
    Ok(Done::made("/organisations/regions").saying(format!("{} is a region now.", region.name)).into())
}

async fn page(register: &Loaded<Register>, typed: &Form, errors: &Errors) -> Result<Page, hiec_kernel::Problem> {
    let regions = organisations::regions(&register.database()).await?;
    let view = html! {
        (error_summary(errors))
        h1 { "Regions" }
        p { "A region is the body that commissions education there and contracts with its clusters. Calls are open to all regions." }
        @if regions.is_empty() {
            (EmptyState::new("There is no region yet. A call needs at least one before anybody can bid."))
        } @else {
            (table(&regions))
        }
        @if register.may("organisation.change") { (form(typed, errors)) }
    };
    let data = json!({
        "regions": regions.iter().map(|one| json!({"code": one.code, "name": one.name, "website": one.website})).collect::<Vec<_>>(),
        "errors": errors
    });
    Ok(Page::new("Regions", view).data(&data)?.under("/organisations", "Organisations"))
}

fn table(regions: &[Region]) -> Table {
    Table::new("Regions").head(["Code", "Name", "Web site", "Commissioner"]).responsive(true).rows(regions.iter().map(
        |region| {
            vec![
                Cell::new(region.code.as_str()),
                Cell::new(region.name.as_str()),
                Cell::new(region.website.as_deref().unwrap_or("None stated")),
                Cell::new(match region.organisation_id {
                    Some(id) => html! { a href=(path(OrganisationId(id))) { "Its organisation" span.nhsuk-u-visually-hidden { ": " (region.name) } } },
                    None => html! { "None stated" },
                }),
            ]
        },
    ))
}

fn form(typed: &Form, errors: &Errors) -> Markup {
    let field = |name: &'static str, label: &'static str, value: &str| {
        TextInput::new(name, label).value(value).error_message(errors.of(name).unwrap_or_default())
    };
    html! {
        h2 { "Add a region" }
        form method="post" action="/organisations/regions" novalidate {
            (field("code", "Short code", &typed.code).hint("For example LON. It stays."))
            (field("name", "Name of the body that commissions education there", &typed.name))
            (field("website", "Web site, if it has one", &typed.website))
            (field("ods_code", "ODS code of the body, if it has one", &typed.ods_code)
                .hint("Where the register has no such organisation, it is added."))
            (Button::new("Add the region"))
        }
    }
}
