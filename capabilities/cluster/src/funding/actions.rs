//! What is done to a bid to an outside funder, each in one unit with its entry in the trail; it judges nothing but through the states.

use chrono::NaiveDate;
use hiec_kernel::{Money, OrganisationId, Problem};
use hiec_store::{AuditEvent, Unit};
use serde::Serialize;
use uuid::Uuid;

use super::states::{FundingState, Move};
use super::store::{self, FundingBid, NewBid};
use crate::clusters::store::Cluster;

/// An idea for a bid was noted.
#[derive(Serialize)]
struct FundingBidOpened {
    title: String,
    funder: String,
    asked: Money,
    consortium: Vec<OrganisationId>,
}

impl AuditEvent for FundingBidOpened {
    const KIND: &'static str = "funding.opened";
}

/// A bid moved on.
#[derive(Serialize)]
struct FundingBidMoved {
    to: &'static str,
    won: Option<Money>,
    note: String,
}

impl AuditEvent for FundingBidMoved {
    const KIND: &'static str = "funding.moved";

    fn reason(&self) -> Option<&str> {
        Some(self.note.as_str()).filter(|note| !note.is_empty())
    }
}

/// It was said who holds a grant when the cluster has ended.
#[derive(Serialize)]
struct GrantHosted {
    before: Option<OrganisationId>,
    host: OrganisationId,
    ends_on: NaiveDate,
}

impl AuditEvent for GrantHosted {
    const KIND: &'static str = "funding.hosted";
}

pub(crate) async fn open(unit: &mut Unit, cluster: &Cluster, new: &NewBid, note: &str) -> Result<Uuid, Problem> {
    let state = FundingState::idea(unit.actor().person(), unit.now(), note);
    let id = store::insert(unit, cluster.id, new, &state).await?;
    let event = FundingBidOpened {
        title: new.title.clone(),
        funder: new.funder.clone(),
        asked: new.asked,
        consortium: new.consortium.clone(),
    };
    unit.audit(cluster.stream(), format!("funding:{id}"), &event)?;
    Ok(id)
}

pub(crate) async fn go(
    unit: &mut Unit,
    cluster: &Cluster,
    bid: &FundingBid,
    step: &Move,
    note: &str,
) -> Result<(), Problem> {
    let state =
        bid.state.clone().go(step, unit.actor().person(), unit.now(), note).map_err(|refused| {
            Problem::conflict(refused.to_string(), "Open the bid again and look where it stands.")
        })?;
    store::save(unit, bid, &state).await?;
    let event = FundingBidMoved { to: state.stage.name(), won: state.won(), note: note.trim().to_owned() };
    unit.audit(cluster.stream(), format!("funding:{}", bid.id), &event)?;
    Ok(())
}

pub(crate) async fn host(
    unit: &mut Unit,
    cluster: &Cluster,
    bid: &FundingBid,
    host: OrganisationId,
    ends_on: NaiveDate,
) -> Result<(), Problem> {
    if bid.state.won().is_none() {
        return Err(Problem::conflict("Only a grant that was won has a host", "Note first that the bid was won."));
    }
    store::set_host(unit, bid, host, ends_on).await?;
    unit.audit(cluster.stream(), format!("funding:{}", bid.id), &GrantHosted { before: bid.host, host, ends_on })?;
    Ok(())
}
