//! `/organisations/{organisation}`: what the register says of one, and every change with who made it and why.

use hiec_kernel::Problem;
use hiec_kernel::audit::AuditRecord;
use hiec_kernel::clock::on_page;
use hiec_store::organisations::{self, Region};
use hiec_store::{Stream, audit};
use hiec_web::components::own::{DescriptionTimeline, TimelineEntry};
use hiec_web::components::{Button, SummaryList, SummaryRow};
use hiec_web::{Answer, Loaded, Page};
use maud::{Markup, html};
use serde_json::json;

use super::Registered;
use super::fields::FieldChange;
use super::list::region_name;
use crate::names::Names;
use crate::pieces::illustrative;

pub async fn get(registered: Loaded<Registered>) -> Answer {
    let database = registered.database();
    let regions = organisations::regions(&database).await?;
    let changes = audit::of_subject(&database, &Stream::installation(), &registered.subject()).await?;
    // Who changed the register is for those who keep it.
    let history =
        if registered.may("organisation.change") { history(&registered, &changes).await? } else { Vec::new() };
    let view = view(&registered, &regions, history);
    let data = json!({ "organisation": registered.0, "changes": changes.len() });
    let page = Page::new(registered.0.name.clone(), view).data(&data)?;
    Ok(page.under("/organisations", "Organisations").into())
}

async fn history(registered: &Loaded<Registered>, changes: &[AuditRecord]) -> Result<Vec<TimelineEntry>, Problem> {
    let actors: Vec<&str> = changes.iter().map(|entry| entry.actor.as_str()).collect();
    let names = Names::of(&registered.database(), &actors).await?;
    Ok(changes.iter().rev().map(|entry| entry_words(entry, &names)).collect())
}

fn entry_words(entry: &AuditRecord, names: &Names) -> TimelineEntry {
    let fields: Vec<FieldChange> =
        entry.body.get("fields").and_then(|fields| serde_json::from_value(fields.clone()).ok()).unwrap_or_default();
    let what = html! {
        @if fields.is_empty() { p.app-history__what { "Added" } }
        @for change in &fields { p.app-history__what { (change.in_words()) } }
    };
    let when = entry.at.parse().map_or_else(|_| entry.at.clone(), on_page);
    TimelineEntry::new(when, what)
        .datetime(entry.at.as_str())
        .by(names.get(&entry.actor))
        .because(entry.reason.as_deref().unwrap_or_default())
}

fn view(registered: &Loaded<Registered>, regions: &[Region], history: Vec<TimelineEntry>) -> Markup {
    let one = &registered.0;
    let listed = |labels: Vec<&str>, none: &str| if labels.is_empty() { none.to_owned() } else { labels.join(", ") };
    html! {
        h1 { (one.name) (illustrative(one.is_illustrative)) }
        (SummaryList::new([
            SummaryRow::new("ODS code", one.ods_code.as_deref().unwrap_or("None")),
            SummaryRow::new("Sector", one.sector.label()),
            SummaryRow::new("Settings of care", listed(one.settings.iter().map(|one| one.label()).collect(), "None")),
            SummaryRow::new("Functions", listed(one.functions.iter().map(|one| one.label()).collect(), "None stated")),
            SummaryRow::new("Region", region_name(regions, one.region.as_deref())),
            SummaryRow::new("Postcode", one.postcode.as_deref().unwrap_or("Not known")),
        ]))
        @if one.commissions_education() {
            p.nhsuk-inset-text { "It commissions education, so it cannot be a partner of a cluster, and nobody acts for it and for a bidder in the same competition." }
        }
        @if registered.may("organisation.change") {
            (Button::link("Change", format!("{}/edit", registered.path())).secondary())
            h2 { "Changes" }
            @if history.is_empty() { p { "None since it came into the register by an import or at the beginning." } }
            @else { (DescriptionTimeline::new(history)) }
        }
    }
}
