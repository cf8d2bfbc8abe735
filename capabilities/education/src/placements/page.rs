//! `/clusters/{cluster}/education/placements/{placement}`: one placement; it can be changed, or cancelled with a reason.

use hiec_access::people;
use hiec_kernel::Problem;
use hiec_kernel::clock::day_on_page;
use hiec_web::components::{Button, Details, SummaryList, SummaryRow};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::html;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::actions;
use crate::access::PlacementHere;
use crate::ground::{self, LINES, made_up};
use crate::home;

#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct CancelForm {
    reason: String,
}

pub async fn get(here: Loaded<PlacementHere>) -> Answer {
    Ok(page(&here, &CancelForm::default(), &Errors::none()).await?.into())
}

async fn page(here: &Loaded<PlacementHere>, form: &CancelForm, errors: &Errors) -> Result<Page, Problem> {
    let placement = &here.placement;
    let supervisor = match placement.supervisor {
        Some(id) => people::by_id(&here.database(), id).await?.map(|one| one.name),
        None => None,
    };
    let host = here.host.as_ref().map_or("None", |host| host.name.as_str());
    let view = html! {
        (ground::mistakes(errors))
        h1 {
            span.nhsuk-caption-xl { (here.trainee.name) }
            @match &here.post { Some(post) => { "Placement in " (post.number) } None => { (placement.kind.label()) } }
            (made_up(placement.is_illustrative))
        }
        (SummaryList::new([
            SummaryRow::new("Trainee", html! { a href=(here.trainee.path(&here.cluster)) { (here.trainee.name) } ", " (here.programme.name) }),
            SummaryRow::new("What they do", placement.kind.label()),
            SummaryRow::new("Post", html! { @match &here.post { Some(post) => a href=(post.path(&here.cluster)) { (post.number) }, None => { "None: out of programme" } } }),
            SummaryRow::new("Host", host),
            SummaryRow::new("First day", day_on_page(placement.starts_on)),
            SummaryRow::new("Last day", day_on_page(placement.ends_on)),
            SummaryRow::new("Share of whole-time", placement.wte.to_string()),
            SummaryRow::new("Supervisor", supervisor.unwrap_or_else(|| "Not named yet".to_owned())),
            SummaryRow::new("Counts towards the end", if placement.kind.is_in_post() { "Yes, by its share" } else if placement.is_counted { "Yes, by approval" } else { "No" }),
            SummaryRow::new("Standing", placement.state.label()),
            SummaryRow::new("Made by", match placement.source.as_str() { "entry" => "Entry by hand", "import" => "An imported list", other => other }),
        ]))
        @if !placement.reason.is_empty() { p { "Last changed because: " (placement.reason) } }
        @if !placement.is_cancelled() {
            @if here.may("placement.change") { p { (Button::link("Change it", format!("{}/change", here.path()))) } }
            @if here.may("placement.cancel") {
                (Details::new("Cancel this placement", html! {
                    form method="post" action={ (here.path()) "/cancellation" } novalidate {
                        (ground::lines_field("reason", "Why it is cancelled", &form.reason, errors))
                        (Button::new("Cancel the placement").warning())
                    }
                }).open(!errors.is_empty()))
            }
        }
    };
    let data = json!({ "placement": placement, "trainee": here.trainee, "post": here.post, "host": here.host });
    Ok(home::under(Page::new("Placement", view).data(&data)?, &here.cluster)
        .under(here.trainee.path(&here.cluster), here.trainee.name.clone()))
}

pub async fn cancel(here: Loaded<PlacementHere>, Input(form): Input<CancelForm>) -> Answer {
    let mut errors = Errors::none();
    let Some(reason) = errors.text("reason", "why it is cancelled", &form.reason, LINES) else {
        return Ok(page(&here, &form, &errors).await?.with_errors(&errors).into());
    };
    let mut unit = here.begin().await?;
    actions::cancel(&mut unit, &here.placement, reason).await?;
    unit.commit().await?;
    Ok(Done::to(here.path()).saying("The placement was cancelled; its days are free again.").into())
}
