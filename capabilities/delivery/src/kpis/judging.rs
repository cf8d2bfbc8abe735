//! `POST /clusters/{cluster}/kpis/{kpi}/agreement` and `/refusal`: the region agrees an indicator or declines it with a reason.

use hiec_web::{Answer, Done, Errors, Input, Loaded};
use schemars::JsonSchema;
use serde::Deserialize;

use super::actions;
use super::list;
use super::store::KpiOf;

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct Form {
    /// Why the region declines.
    #[serde(default)]
    pub(super) reason: String,
}

pub async fn agree(door: Loaded<KpiOf>) -> Answer {
    let by = door.person()?.id;
    let mut unit = door.begin().await?;
    actions::agree(&mut unit, &door.cluster, door.kpi.id, by).await?;
    unit.commit().await?;
    Ok(Done::to(format!("{}/kpis", door.cluster.path())).saying(format!("“{}” is agreed.", door.kpi.name)).into())
}

pub async fn decline(door: Loaded<KpiOf>, Input(form): Input<Form>) -> Answer {
    let mut errors = Errors::none();
    let field = list::reason_field(&door.kpi);
    let Some(reason) = errors.text(&field, "the reason", &form.reason, 2_000) else {
        let page = list::page(&door.app, &door.subject, &door.cluster, Some((door.kpi.id, &form)), &errors).await?;
        return Ok(page.with_errors(&errors).into());
    };
    let by = door.person()?.id;
    let mut unit = door.begin().await?;
    actions::decline(&mut unit, &door.cluster, door.kpi.id, by, &reason).await?;
    unit.commit().await?;
    Ok(Done::to(format!("{}/kpis", door.cluster.path())).saying(format!("“{}” is declined.", door.kpi.name)).into())
}
