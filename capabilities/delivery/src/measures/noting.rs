//! `…/events`: something that happened is put on the charts of a measure. It explains nothing by itself.

use hiec_kernel::OrganisationId;
use hiec_web::components::{Button, DateInput, Input as Text};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::access::AtAllSites;
use super::events::{self, Event};
use super::pieces::summary;

/// An event as typed.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct EventForm {
    #[serde(rename = "on-day")]
    day: String,
    #[serde(rename = "on-month")]
    month: String,
    #[serde(rename = "on-year")]
    year: String,
    label: String,
    /// The id of a site, where it happened at one alone.
    site: String,
}

pub async fn add(at: Loaded<AtAllSites>, Input(form): Input<EventForm>) -> Answer {
    let mut errors = Errors::none();
    let number = |typed: &str| typed.trim().parse::<u32>().ok();
    let on = number(&form.year)
        .zip(number(&form.month))
        .zip(number(&form.day))
        .and_then(|((year, month), day)| chrono::NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day))
        .filter(|day| (1990..=2100).contains(&chrono::Datelike::year(day)));
    if on.is_none() {
        errors.add("on", "Enter the day it happened, such as 14 6 2010");
    }
    let label = errors.text("label", "what happened, in a few words", &form.label, 80);
    let site = match form.site.trim() {
        "" => None,
        id => {
            let site = id.parse::<OrganisationId>().ok().filter(|id| at.cluster.partner(*id).is_some());
            if site.is_none() {
                errors.add("site", "Choose a site of this cluster, or none");
            }
            site
        }
    };
    let (Some(on), Some(label), true) = (on, label, errors.is_empty()) else {
        let view = html! { (summary(&errors)) h1 { "Note an event" } (self::form(&format!("{}/events", at.path()), &form, &errors)) };
        let page = Page::new("Note an event", view).data(&json!({ "form": form, "errors": errors }))?;
        return Ok(page.under(at.path(), at.measure.title.clone()).with_errors(&errors).into());
    };
    let mut unit = at.begin().await?;
    let event = Event { cluster: at.cluster.id, site, measure: Some(at.measure.id), on, label, link: None };
    events::add(&mut unit, &event).await?;
    unit.commit().await?;
    Ok(Done::to(at.path()).saying("The event stands on the charts.").into())
}

pub(crate) fn form(action: &str, form: &EventForm, errors: &Errors) -> Markup {
    html! {
        form method="post" action=(action) novalidate {
            (DateInput::new("on", "When it happened").typed(form.day.as_str(), form.month.as_str(), form.year.as_str()).error_message(errors.of("on")))
            (Text::new("label", "What happened").hint("A few words, such as: daily case review begins").value(form.label.as_str()).error_message(errors.of("label")))
            (Button::new("Put it on the charts").secondary())
        }
    }
}
