//! `…/sharing`: a site chooses what its peers see of one measure. Nobody chooses for it.

use hiec_store::AuditEvent;
use hiec_web::components::{Button, RadioItem, Radios};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::access::AtOneSite;
use super::events::stream;
use super::pieces::summary;
use super::sight::Level;
use super::store;

/// What a site chose.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct SharingForm {
    /// `named`, `coded` or `band`.
    level: String,
}

/// A site chose what its peers see.
#[derive(Serialize)]
struct SharingChosen {
    measure: uuid::Uuid,
    site: hiec_kernel::OrganisationId,
    level: Level,
}

impl AuditEvent for SharingChosen {
    const KIND: &'static str = "sharing.chosen";
}

pub(crate) fn form(action: &str, level: Level, errors: &Errors) -> Markup {
    html! {
        h2 id="sharing" { "What your peers see" }
        p { "You see all of your own figures, and so does the cluster's team. In the total of all sites they always count." }
        form method="post" action=(action) novalidate {
            (Radios::new("level", "Other sites, the board and the region see")
                .items(Level::ALL.iter().map(|level| RadioItem::new(level.key(), level.label())))
                .value(level.key())
                .error_message(errors.of("level")))
            (Button::new("Choose").secondary())
        }
    }
}

pub async fn choose(at: Loaded<AtOneSite>, Input(form): Input<SharingForm>) -> Answer {
    let mut errors = Errors::none();
    let (Some(level), Some(site)) = (Level::from_key(&form.level), at.site.as_ref()) else {
        errors.add("level", "Choose what your peers see");
        let view = html! { (summary(&errors)) h1 { (at.measure.title) } (self::form(&format!("{}/sharing", at.path()), at.level, &errors)) };
        let page = Page::new("What your peers see", view).data(&json!({ "form": form, "errors": errors }))?;
        return Ok(page.under(at.path(), at.name().to_owned()).with_errors(&errors).into());
    };
    let mut unit = at.begin().await?;
    store::set_sharing(&unit, at.measure.id, site.id, level).await?;
    let event = SharingChosen { measure: at.measure.id, site: site.id, level };
    unit.audit(stream(at.cluster.id), format!("measure:{}", at.measure.id), &event)?;
    unit.commit().await?;
    Ok(Done::to(at.path()).saying("Your peers see what you chose, from now on.").into())
}
