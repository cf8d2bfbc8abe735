//! The design being worked on: a draft call's own, or the proposal beside a published one; what is published is never touched here.

use hiec_kernel::Problem;
use hiec_store::database::StoreError;
use hiec_store::{AuditEvent, FromQueryResult, Reads, Unit, values};
use serde::Serialize;

use crate::calls::amendments::{CallState, Draft};
use crate::calls::design::CallDesign;
use crate::calls::store::{self, Call};

/// A part of the design was changed.
#[derive(Serialize)]
struct DesignChanged {
    part: String,
}

impl AuditEvent for DesignChanged {
    const KIND: &'static str = "call.design_changed";
}

#[derive(FromQueryResult)]
struct Row {
    design: serde_json::Value,
}

/// The design as it is being worked on.
pub(crate) async fn working(reads: &impl Reads, call: &Call) -> Result<CallDesign, StoreError> {
    if matches!(call.state.as_ref(), CallState::Draft(_)) {
        return Ok(call.design().clone());
    }
    let row: Option<Row> =
        reads.one("SELECT design FROM competition_proposal WHERE call_id = $1", values![call.id.0]).await?;
    match row {
        Some(row) => Ok(serde_json::from_value(row.design)?),
        None => Ok(call.design().clone()),
    }
}

/// Stores a changed design where it is worked on.
pub(crate) async fn save(unit: &mut Unit, call: &Call, design: CallDesign, part: &str) -> Result<(), Problem> {
    if matches!(call.state.as_ref(), CallState::Draft(_)) {
        store::save(unit, call, &CallState::Draft(Draft { design })).await?;
    } else {
        let by = unit.actor().person().map(|person| person.0).unwrap_or_default();
        unit.execute(
            "INSERT INTO competition_proposal (call_id, design, changed_at, changed_by, version) VALUES ($1, $2, $3, $4, 1) \
             ON CONFLICT (call_id) DO UPDATE SET design = excluded.design, changed_at = excluded.changed_at, \
             changed_by = excluded.changed_by, version = competition_proposal.version + 1",
            values![call.id.0, serde_json::to_value(&design).map_err(Problem::internal)?, unit.now(), by],
        )
        .await?;
    }
    unit.audit(call.stream(), format!("call:{}", call.id), &DesignChanged { part: part.to_owned() })?;
    Ok(())
}

/// The proposal is done with: it was made an amendment, or given up.
pub(crate) async fn clear(unit: &Unit, call: &Call) -> Result<(), StoreError> {
    unit.execute("DELETE FROM competition_proposal WHERE call_id = $1", values![call.id.0]).await?;
    Ok(())
}
