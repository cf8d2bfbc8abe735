//! Adding an organisation and changing one, by those who keep the register; every change says why and stands in the trail with what was there before.

use hiec_kernel::OrganisationId;
use hiec_kernel::Problem;
use hiec_kernel::organisations::{Function, Organisation, Sector, Setting};
use hiec_store::organisations::{self, Region};
use hiec_store::{AuditEvent, Stream};
use hiec_web::components::{
    Button, CheckboxItem, Checkboxes, Input as TextInput, RadioItem, Radios, Select, SelectItem, Textarea,
};
use hiec_web::{Answer, AppState, Done, Errors, Input, Loaded, Page};
use maud::{Markup, html};
use serde::Serialize;
use serde_json::json;

use super::fields::{FieldChange, Typed, differences};
use super::{Register, Registered, path, subject};
use crate::pieces::error_summary;

pub use super::fields::Typed as Form;

/// An organisation came into the register by hand.
#[derive(Serialize)]
struct OrganisationAdded<'a> {
    organisation: OrganisationId,
    reason: &'a str,
}

impl AuditEvent for OrganisationAdded<'_> {
    const KIND: &'static str = "organisation.added";

    fn reason(&self) -> Option<&str> {
        Some(self.reason)
    }
}

/// An organisation was changed by hand.
#[derive(Serialize)]
struct OrganisationChanged<'a> {
    organisation: OrganisationId,
    fields: Vec<FieldChange>,
    reason: &'a str,
}

impl AuditEvent for OrganisationChanged<'_> {
    const KIND: &'static str = "organisation.changed";

    fn reason(&self) -> Option<&str> {
        Some(self.reason)
    }
}

pub async fn new(register: Loaded<Register>) -> Answer {
    Ok(new_page(&register.app, &Typed::default(), &Errors::none()).await?.into())
}

pub async fn add(register: Loaded<Register>, Input(form): Input<Form>) -> Answer {
    let mut errors = Errors::none();
    let mut unit = register.begin().await?;
    let blank = Organisation {
        id: OrganisationId(unit.new_id()),
        ods_code: None,
        name: String::new(),
        sector: Sector::OtherPublic,
        settings: vec![],
        functions: vec![],
        region: None,
        postcode: None,
        is_illustrative: false,
    };
    let codes = codes(&organisations::regions(&unit).await?);
    let Some((added, reason)) = form.read(blank, &codes, &mut errors) else {
        drop(unit);
        return Ok(new_page(&register.app, &form, &errors).await?.with_errors(&errors).into());
    };
    match organisations::add(&unit, &added).await {
        Ok(()) => {}
        Err(error) if error.is_duplicate() => {
            drop(unit);
            errors.add("ods_code", taken());
            return Ok(new_page(&register.app, &form, &errors).await?.with_errors(&errors).into());
        }
        Err(error) => return Err(error.into()),
    }
    let event = OrganisationAdded { organisation: added.id, reason: &reason };
    unit.audit(Stream::installation(), subject(added.id), &event)?;
    unit.commit().await?;
    Ok(Done::made(path(added.id)).saying(format!("{} is in the register.", added.name)).into())
}

pub async fn get(registered: Loaded<Registered>) -> Answer {
    Ok(edit_page(&registered, &Typed::from(&registered.0), &Errors::none()).await?.into())
}

pub async fn change(registered: Loaded<Registered>, Input(form): Input<Form>) -> Answer {
    let mut errors = Errors::none();
    let mut unit = registered.begin().await?;
    let codes = codes(&organisations::regions(&unit).await?);
    // Read again inside the unit: an import may have passed meanwhile.
    let before = organisations::by_id(&unit, registered.0.id).await?.ok_or_else(Problem::not_found)?;
    let Some((after, reason)) = form.read(before.clone(), &codes, &mut errors) else {
        drop(unit);
        return Ok(edit_page(&registered, &form, &errors).await?.with_errors(&errors).into());
    };
    let fields = differences(&before, &after);
    if fields.is_empty() {
        return Ok(Done::to(registered.path()).saying("Nothing was changed.").into());
    }
    match organisations::change(&unit, &after).await {
        Ok(()) => {}
        Err(error) if error.is_duplicate() => {
            drop(unit);
            errors.add("ods_code", taken());
            return Ok(edit_page(&registered, &form, &errors).await?.with_errors(&errors).into());
        }
        Err(error) => return Err(error.into()),
    }
    let event = OrganisationChanged { organisation: after.id, fields, reason: &reason };
    unit.audit(Stream::installation(), subject(after.id), &event)?;
    unit.commit().await?;
    Ok(Done::to(registered.path()).saying("The register is changed.").into())
}

fn taken() -> &'static str {
    "Another organisation in the register has this code"
}

fn codes(regions: &[Region]) -> Vec<String> {
    regions.iter().map(|region| region.code.clone()).collect()
}

async fn new_page(app: &AppState, typed: &Typed, errors: &Errors) -> Result<Page, Problem> {
    let regions = organisations::regions(&app.database()).await?;
    let view = html! {
        (error_summary(errors))
        h1 { "Add an organisation" }
        p { "Trusts and practices come by an " a href="/organisations/imports/new" { "import" } " with their ODS codes. Add by hand what has no list." }
        (form("/organisations", typed, &regions, errors, "Add the organisation"))
    };
    let page = Page::new("Add an organisation", view).data(&json!({ "errors": errors }))?;
    Ok(page.under("/organisations", "Organisations"))
}

async fn edit_page(registered: &Loaded<Registered>, typed: &Typed, errors: &Errors) -> Result<Page, Problem> {
    let regions = organisations::regions(&registered.database()).await?;
    let view = html! {
        (error_summary(errors))
        h1 { span.nhsuk-caption-xl { (registered.0.name) } "Change" }
        p { "What it does decides where it may take part: if it is a partner somewhere, the principle check of that bid follows at once." }
        (form(&registered.path(), typed, &regions, errors, "Save the change"))
    };
    let page =
        Page::new("Change an organisation", view).data(&json!({ "organisation": registered.0, "errors": errors }))?;
    Ok(page.under("/organisations", "Organisations").under(registered.path(), registered.0.name.clone()))
}

fn form(action: &str, typed: &Typed, regions: &[Region], errors: &Errors, button: &str) -> Markup {
    let nowhere = [SelectItem::new("", "Not known, or none")].into_iter();
    let regions = regions.iter().map(|region| SelectItem::new(region.code.as_str(), region.name.as_str()));
    html! {
        form method="post" action=(action) novalidate data-unsaved {
            (TextInput::new("name", "Name").value(typed.name.as_str()).error_message(errors.of("name")))
            (TextInput::new("ods_code", "ODS code").width(10).hint("The NHS's own, such as R1H; empty where there is none").value(typed.ods_code.as_str()).error_message(errors.of("ods_code")))
            (Radios::new("sector", "Sector").items(Sector::ALL.iter().map(|one| RadioItem::new(one.key(), one.label()))).value(typed.sector.as_str()).error_message(errors.of("sector")))
            (Checkboxes::new("functions", "What it does").items(Function::ALL.iter().map(|one| CheckboxItem::new(one.key(), one.label()))).values(typed.functions.iter().cloned()).error_message(errors.of("functions")))
            (Checkboxes::new("settings", "Where it gives care").hint("None for a body that gives none").items(Setting::ALL.iter().map(|one| CheckboxItem::new(one.key(), one.label()))).values(typed.settings.iter().cloned()).error_message(errors.of("settings")))
            (Select::new("region", "Region").items(nowhere.chain(regions)).value(typed.region.as_str()).error_message(errors.of("region")))
            (TextInput::new("postcode", "Postcode").width(10).value(typed.postcode.as_str()).error_message(errors.of("postcode")))
            (Textarea::new("reason", "Why").rows(2).hint("Where you know it from. It is kept for good").value(typed.reason.as_str()).error_message(errors.of("reason")))
            (Button::new(button.to_owned()))
        }
    }
}
