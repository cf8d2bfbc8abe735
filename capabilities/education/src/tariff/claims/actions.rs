//! What is done with a claim: drawn up, submitted, judged, paid, sampled, taken back. One unit and one audit entry each.

use chrono::NaiveDate;
use hiec_contracts::ClusterSeen;
use hiec_kernel::clock::london_date;
use hiec_kernel::{Fingerprint, Money, OrganisationId, Problem};
use hiec_store::{AuditEvent, Reads, Unit};
use hiec_tariff::Period;
use serde::Serialize;

use super::states::{Act, ClaimState, Clawback};
use super::store::{self, Claim, Content};
use crate::ground;
use crate::tariff::drawing::{self, Known, Of};
use crate::tariff::limited::{Claimed, Limited};

/// A claim was drawn up from the statement.
#[derive(Serialize)]
struct ClaimDrawn<'a> {
    number: &'a str,
    host: OrganisationId,
    amount: Money,
    by_quality: Money,
    by_limits: Money,
    lines: usize,
    fingerprint: &'a Fingerprint,
}

impl AuditEvent for ClaimDrawn<'_> {
    const KIND: &'static str = "education.claim.drawn";
}

/// A claim moved on.
#[derive(Serialize)]
struct ClaimMoved<'a> {
    number: &'a str,
    before: &'static str,
    after: &'static str,
    amount: Money,
    reason: &'a str,
}

impl AuditEvent for ClaimMoved<'_> {
    const KIND: &'static str = "education.claim.moved";

    fn reason(&self) -> Option<&str> {
        (!self.reason.is_empty()).then_some(self.reason)
    }
}

/// Draws up a host's claim over some days, both counted. Days that another claim of the host holds are refused.
pub(crate) async fn draw(
    unit: &mut Unit,
    cluster: &ClusterSeen,
    host: OrganisationId,
    period: Period,
    is_illustrative: bool,
) -> Result<Claim, Problem> {
    let claims = store::of_cluster(unit, cluster.id).await?;
    let holds = |claim: &&Claim| {
        claim.host == host && !claim.state.is_void() && claim.from <= period.to() && period.from() <= claim.to
    };
    if let Some(other) = claims.iter().find(holds) {
        return Err(Problem::conflict(
            format!("Claim {} of this host holds some of these days already", other.number),
            "Choose other days, or withdraw that claim while it is a draft.",
        ));
    }
    let drawing = drawing::draw(unit, cluster, period, Known::today(london_date(unit.now())), &Of::host(host)).await?;
    let (by_tariff, by_quality) = (drawing.by_tariff(), drawing.by_quality());
    let limited = limited(unit, cluster, (host, period, by_tariff), &claims, london_date(unit.now())).await?;
    let by_limits = limited.as_ref().map_or(Money::ZERO, |limited| limited.amount);
    let content = Content { lines: drawing.lines, weighed: drawing.weighed, limited };
    if content.lines.is_empty() {
        return Err(Problem::invalid(
            "Nothing follows a trainee to this host on these days",
            "A claim needs approved placements in posts that a tariff pays for.",
        ));
    }
    let bytes = serde_json::to_vec(&content).map_err(Problem::internal)?;
    let claim = Claim {
        id: unit.new_id(),
        cluster: cluster.id,
        number: format!("C{:04}", claims.len() + 1),
        host,
        from: period.from(),
        to: period.to(),
        amount: by_tariff + by_quality + by_limits,
        by_quality,
        by_limits,
        fingerprint: Fingerprint::of_bytes(&bytes),
        drawn_at: unit.now(),
        state: ClaimState::Draft,
        is_illustrative,
        version: 1,
    };
    store::insert(unit, &claim, &content).await?;
    let event = ClaimDrawn {
        number: &claim.number,
        host,
        amount: claim.amount,
        by_quality,
        by_limits,
        lines: content.lines.len(),
        fingerprint: &claim.fingerprint,
    };
    unit.audit(ground::stream(cluster.id), claim.subject(), &event)?;
    Ok(claim)
}

/// What the limits change of these days: by the host's statement of the whole year, and what its earlier claims of that year had.
async fn limited(
    reads: &impl Reads,
    cluster: &ClusterSeen,
    (host, days, by_tariff): (OrganisationId, Period, Money),
    claims: &[Claim],
    today: NaiveDate,
) -> Result<Option<Limited>, Problem> {
    let Some(year) = Period::year_of(days.from()) else { return Ok(None) };
    let of_year = drawing::draw(reads, cluster, year, Known::today(today), &Of::host(host)).await?;
    let Some(adjusted) = of_year.adjustments.first() else { return Ok(None) };
    let theirs =
        claims.iter().filter(|claim| claim.host == host && year.contains(claim.from) && !claim.state.is_void());
    let earlier = theirs.fold(Claimed::default(), |sum, claim| Claimed {
        by_tariff: sum.by_tariff + claim.by_tariff(),
        by_limits: sum.by_limits + claim.by_limits,
    });
    Ok(Limited::of_claim(adjusted, days, by_tariff, earlier))
}

/// What can be done with a claim.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Move {
    Submit,
    Withdraw,
    Approve,
    SendBack { reason: String },
    Pay,
    Sample { question: String },
    Confirm { finding: String },
    RequestClawback { amount: Money, reason: String },
    ApproveClawback,
    RefuseClawback { reason: String },
}

impl Move {
    /// How the step is kept.
    fn key(&self) -> &'static str {
        match self {
            Self::Submit => "submit",
            Self::Withdraw => "withdraw",
            Self::Approve => "approve",
            Self::SendBack { .. } => "send_back",
            Self::Pay => "pay",
            Self::Sample { .. } => "sample",
            Self::Confirm { .. } => "confirm",
            Self::RequestClawback { .. } => "request_clawback",
            Self::ApproveClawback => "approve_clawback",
            Self::RefuseClawback { .. } => "refuse_clawback",
        }
    }

    /// A step that was kept, in words.
    pub fn told(key: &str) -> &str {
        match key {
            "submit" => "Submitted",
            "withdraw" => "Withdrawn",
            "approve" => "Approved",
            "send_back" => "Sent back",
            "pay" => "Paid",
            "sample" => "Sampled",
            "confirm" => "Confirmed",
            "request_clawback" => "Clawback requested",
            "approve_clawback" => "Clawback approved",
            "refuse_clawback" => "Clawback refused",
            other => other,
        }
    }

    fn words(&self) -> &str {
        match self {
            Self::SendBack { reason } | Self::RequestClawback { reason, .. } | Self::RefuseClawback { reason } => {
                reason
            }
            Self::Sample { question } => question,
            Self::Confirm { finding } => finding,
            _ => "",
        }
    }
}

/// Moves a claim on, by the person of the unit.
pub(crate) async fn carry_out(unit: &mut Unit, claim: &Claim, step: Move) -> Result<Claim, Problem> {
    let by = unit.actor().person().ok_or_else(Problem::sign_in)?;
    let act = Act { by, at: unit.now() };
    // Read again inside the unit: the page may be old.
    let mut claim = store::by_number(unit, claim.cluster, &claim.number).await?.ok_or_else(Problem::not_found)?;
    let before = claim.state.key();
    let (act_key, words) = (step.key(), step.words().to_owned());
    let state = claim.state.clone();
    // What is asked back, given back or kept: a decision is about the request it decides on.
    let mut asked = state.asked_back();
    claim.state = match step {
        Move::Submit => {
            whole(&store::content(unit, claim.id).await?)?;
            state.submit(act)
        }
        Move::Withdraw => state.withdraw(act),
        Move::Approve => state.approve(act),
        Move::SendBack { reason } => state.send_back(act, reason),
        Move::Pay => state.pay(act),
        Move::Sample { question } => state.sample(act, question),
        Move::Confirm { finding } => state.confirm(act, finding),
        Move::RequestClawback { amount, reason } => {
            asked = Some(amount);
            state.request_clawback(Clawback { amount, reason, requested: act }, claim.amount)
        }
        Move::ApproveClawback => state.approve_clawback(act),
        Move::RefuseClawback { reason } => state.refuse_clawback(act, reason),
    }?;
    store::save_state(unit, &claim).await?;
    let asked = asked.filter(|_| act_key.ends_with("clawback"));
    store::add_step(unit, claim.id, (act_key, &words, asked), by).await?;
    let event = ClaimMoved {
        number: &claim.number,
        before,
        after: claim.state.key(),
        amount: asked.unwrap_or(claim.amount),
        reason: &words,
    };
    unit.audit(ground::stream(claim.cluster), claim.subject(), &event)?;
    Ok(claim)
}

/// A claim with a line that could not be priced is not sent: what is missing would be lost.
fn whole(content: &Content) -> Result<(), Problem> {
    let line = content.lines.iter().find(|line| line.amount.is_none());
    let line = line.map(|line| (line.trainee.as_str(), line.working.as_str()));
    let weighed = content.weighed.iter().find(|line| line.amount.is_none());
    let weighed = weighed.map(|line| (line.host_name.as_str(), line.working.as_str()));
    match line.or(weighed) {
        Some((of, working)) => Err(Problem::conflict(
            format!("A line of {of} could not be priced: {working}"),
            "Withdraw this claim, have the region load what is missing, and draw it up again.",
        )),
        None => Ok(()),
    }
}
