//! Forming a partnership: a lead organisation, a title, the regions, a legal form; with it the bid begins. No commissioner of education leads one.

use hiec_access::grants;
use hiec_kernel::people::Person;
use hiec_kernel::{BidId, Fingerprint, OrganisationId, Problem, Role, Scope};
use hiec_store::{AuditEvent, Reads, Unit, organisations, values};
use serde::Serialize;

use super::commitments::{Accepted, PartnerState};
use super::principles::may_join;
use super::store::{self, Part};
use crate::bids::answers::{self, Typed};
use crate::bids::papers::Paper;
use crate::bids::reminders;
use crate::bids::store::{self as bids, NewBid};
use crate::calls::design::{CallDesign, PrincipleRule};
use crate::calls::stages::bid_deadline;
use crate::calls::store::Call;

/// A partnership was formed, and with it a bid begun.
#[derive(Serialize)]
struct PartnershipFormed {
    bid: BidId,
    lead_organisation: OrganisationId,
    regions: Vec<String>,
    legal_form: Option<String>,
    /// Of the title: the trail shows whether it was changed, not what it says.
    title: Fingerprint,
}

impl AuditEvent for PartnershipFormed {
    const KIND: &'static str = "partnership.formed";
}

/// Forms a partnership in a published call, before the bids' deadline. The person becomes the bid's lead and signs for the lead
/// organisation; they are registered for the call, so that amendments and answers reach them.
///
/// Refused for an organisation that commissions education (with the call's own words), an unknown region or legal form.
pub(crate) async fn form_partnership(unit: &mut Unit, call: &Call, by: &Person, new: NewBid) -> Result<BidId, Problem> {
    let design = call.design();
    let in_time = bid_deadline(design).is_some_and(|deadline| deadline.admits(unit.now()));
    if !call.is_published() || !in_time {
        return Err(Problem::conflict("This call takes no new partnerships now", "Look at the calls that are open."));
    }
    let lead = organisations::by_id(unit, new.lead_organisation_id).await?.ok_or_else(|| {
        Problem::invalid(
            "The lead organisation is not in the register",
            "Search for it by name or ODS code and choose it from the list.",
        )
    })?;
    may_join(&lead).map_err(|refusal| split_problem(design, &refusal))?;
    let all_regions: Vec<String> =
        std::iter::once(new.region_code.clone()).chain(new.other_regions.iter().cloned()).collect();
    for code in &all_regions {
        if !call.regions.iter().any(|region| region.code == *code) {
            return Err(Problem::invalid(format!("There is no region '{code}'"), "Choose from the list of regions."));
        }
    }
    if let Some(form) = &new.legal_form
        && design.legal_form(form).is_none()
    {
        return Err(Problem::invalid(
            "The call does not allow this legal form",
            "Choose from the list of legal forms.",
        ));
    }
    let id = bids::insert(unit, call.id, by.id.0, &new).await?;
    grants::give(unit, by.id, Role::BidLead, Scope::Bid(id.0), Some(call.id.0)).await?;
    let accepted = PartnerState::Accepted(Accepted { by: by.id, at: unit.now() });
    store::insert(unit, id, lead.id, Part::Lead, &accepted, Some(&by.email), Some(by.id)).await?;
    unit.execute(
        "INSERT INTO competition_registration (call_id, person_id, organisation_id, registered_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (call_id, person_id) DO NOTHING",
        values![call.id.0, by.id.0, lead.id.0, unit.now()],
    )
    .await?;
    unit.audit(
        call.stream(),
        format!("bid:{id}"),
        &PartnershipFormed {
            bid: id,
            lead_organisation: lead.id,
            regions: all_regions,
            legal_form: new.legal_form.clone(),
            title: Fingerprint::of_bytes(new.title.as_bytes()),
        },
    )?;
    write_legal_form(unit, call, by, id, new.legal_form).await?;
    // The call's first bid starts the watch over its deadlines, which then keeps itself going.
    let formed = unit.count("SELECT COUNT(*) AS n FROM competition_bid WHERE call_id = $1", values![call.id.0]).await?;
    if formed == 1 {
        reminders::watch(unit, call).await?;
    }
    Ok(id)
}

/// The legal form chosen here is the first answer of the bid.
async fn write_legal_form(
    unit: &mut Unit,
    call: &Call,
    by: &Person,
    bid: BidId,
    form: Option<String>,
) -> Result<(), Problem> {
    let question = answers::legal_form_question(call.design());
    let (Some(form), Some(question)) = (form, question) else {
        return Ok(());
    };
    let bid = bids::hold(unit, bid).await?;
    let typed = Typed::new(question, hiec_forms::Answer::Choice(form));
    answers::save_answers(unit, &bid, by, Paper::Bid, vec![typed]).await?;
    Ok(())
}

/// The refusal of a commissioner, citing the call's principle where it has one.
pub(crate) fn split_problem(design: &CallDesign, refusal: &super::principles::Refusal) -> Problem {
    let title = refusal.to_string().trim_end_matches(refusal.next.as_str()).trim().to_owned();
    Problem::conflict(title, format!("{}{}", refusal.next, citation(design)))
}

/// Where the call says that commissioners stay out: " (Prospectus, 7 May 2009: …)".
pub(crate) fn citation(design: &CallDesign) -> String {
    design
        .principles
        .iter()
        .find(|principle| matches!(principle.rule, PrincipleRule::Split { .. }))
        .map(|principle| format!(" The rule: {}, {}.", principle.citation.source, principle.citation.section))
        .unwrap_or_default()
}
