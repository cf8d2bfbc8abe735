//! `/calls/{call}/bids/new`: the page on which a partnership is formed; the lead organisation is found in the register, never typed in.

use axum::extract::Query;
use hiec_kernel::organisations::Organisation;
use hiec_kernel::{OrganisationId, ProblemKind};
use hiec_store::organisations;
use hiec_web::components::{
    Button, CheckboxItem, Checkboxes, Input as TextInput, RadioItem, Radios, Select, SelectItem,
};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::forming::form_partnership;
use super::organisation_search::{self, Found};
use crate::bids::pieces::error_summary;
use crate::bids::store::NewBid;
use crate::calls::store::Call;

/// What was typed.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Form {
    #[serde(default)]
    pub title: String,
    /// Code of the region the partnership mainly lies in.
    #[serde(default)]
    pub region: String,
    /// Codes of further regions.
    #[serde(default)]
    pub other_regions: Vec<String>,
    /// Id of the lead organisation in the register.
    #[serde(default)]
    pub lead_organisation: String,
    /// Key of one of the call's legal forms; empty when not decided yet.
    #[serde(default)]
    pub legal_form: String,
    /// The words the lead organisation was searched by.
    #[serde(default)]
    pub find: String,
}

pub async fn get(call: Loaded<Call>, Query(form): Query<Form>) -> Answer {
    let found = organisation_search::find(&call.database(), &form.find).await?;
    page(&call, &form, &found, &Errors::none())
}

pub async fn post(call: Loaded<Call>, Input(form): Input<Form>) -> Answer {
    let person = call.person()?.clone();
    let mut errors = Errors::none();
    let title = errors.text("title", "a name for the partnership", &form.title, 200);
    if form.region.is_empty() {
        errors.add("region", "Choose the region the partnership lies in");
    }
    let lead = form.lead_organisation.parse::<OrganisationId>().ok();
    if lead.is_none() {
        errors.add("find", "Find the lead organisation by name or ODS code, and choose it");
    }
    let found = organisation_search::find(&call.database(), &form.find).await?;
    let (Some(title), Some(lead), true) = (title, lead, errors.is_empty()) else {
        return page(&call, &form, &found, &errors);
    };
    let other_regions = form.other_regions.iter().filter(|code| **code != form.region).cloned().collect();
    let new = NewBid {
        title,
        region_code: form.region.clone(),
        other_regions,
        lead_organisation_id: lead,
        legal_form: Some(form.legal_form.clone()).filter(|form| !form.is_empty()),
        is_illustrative: person.is_illustrative,
    };
    let mut unit = call.begin().await?;
    match form_partnership(&mut unit, &call, &person, new).await {
        Ok(bid) => {
            unit.commit().await?;
            Ok(Done::made(format!("/bids/{bid}"))
                .saying("Your partnership is formed. Invite partners, and write the sections.")
                .into())
        }
        Err(problem) if matches!(problem.kind, ProblemKind::Conflict | ProblemKind::Invalid) => {
            errors.add("find", format!("{}. {}", problem.title.trim_end_matches('.'), problem.next));
            page(&call, &form, &found, &errors)
        }
        Err(problem) => Err(problem.into()),
    }
}

fn page(call: &Loaded<Call>, form: &Form, found: &Found, errors: &Errors) -> Answer {
    let data = serde_json::json!({
        "form": form, "errors": errors,
        "organisations": found.organisations,
        "regions": call.regions.iter().map(|r| (&r.code, &r.name)).collect::<Vec<_>>(),
        "legal_forms": call.design().eligibility.legal_forms,
    });
    let page = Page::new("Form a partnership", view(call, form, found, errors))
        .under("/calls", "Calls")
        .under(call.path(), call.title.clone())
        .data(&data)?;
    Ok(if errors.is_empty() { page.into() } else { page.with_errors(errors).into() })
}

fn view(call: &Call, form: &Form, found: &Found, errors: &Errors) -> Markup {
    let regions = || call.regions.iter();
    html! {
        (error_summary(errors))
        h1 { "Form a partnership" }
        p { "For " (call.title) ". You will lead the bid. Partners join and sign later; nothing here is final until the bid is submitted." }
        (organisation_search::box_for(&format!("{}/bids/new", call.path()), "Find the lead organisation", &form.find, errors.of("find"), &[
            ("title", &form.title), ("region", &form.region), ("legal_form", &form.legal_form),
        ]))
        form method="post" action={ (call.path()) "/bids" } {
            input type="hidden" name="find" value=(form.find);
            (organisation_choice(form, found, &call_design_citation(call)))
            (TextInput::new("title", "Name of the partnership").hint("What the bid will be known by. You can change it later.").value(form.title.as_str()).error_message(errors.of("title")))
            (Select::new("region", "Region").hint("The region that commissions education where the cluster will mainly be.").items(
                std::iter::once(SelectItem::new("", "Choose a region")).chain(regions().map(|r| SelectItem::new(r.code.as_str(), r.name.as_str())))
            ).value(form.region.as_str()).error_message(errors.of("region")))
            (Checkboxes::new("other_regions", "Other regions it spans").hint("Leave empty when it lies in one region.").items(
                regions().map(|r| CheckboxItem::new(r.code.as_str(), r.name.as_str()))
            ).values(form.other_regions.clone()))
            (Radios::new("legal_form", "Legal form").hint("You can decide later; the bid must name one.").items(
                call.design().eligibility.legal_forms.iter().map(|f| RadioItem::new(f.key.as_str(), f.name.as_str()))
            ).value(form.legal_form.as_str()))
            (Button::new("Form the partnership"))
        }
    }
}

fn call_design_citation(call: &Call) -> String {
    super::forming::citation(call.design())
}

fn organisation_choice(form: &Form, found: &Found, citation: &str) -> Markup {
    html! {
        @if form.find.trim().is_empty() {
            p { "Search for the lead organisation first, then choose it here." }
        } @else {
            (organisation_search::choice("lead_organisation", "Lead organisation", &form.lead_organisation, found, citation))
        }
    }
}

/// An organisation by its id, for pages that name one.
pub(super) async fn organisation(
    reads: &impl hiec_store::Reads,
    id: &str,
) -> Result<Option<Organisation>, hiec_kernel::Problem> {
    match id.parse::<OrganisationId>() {
        Ok(id) => Ok(organisations::by_id(reads, id).await?),
        Err(_) => Ok(None),
    }
}
