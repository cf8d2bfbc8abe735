//! What is done with a return: written, signed, received, queried, answered, accepted, sent back. Each act is one unit with its entry and its letters; no act of the region touches a figure.

use hiec_contracts::ClusterSeen;
use hiec_kernel::{Fingerprint, PersonId, Problem};
use hiec_store::{AuditEvent, Unit};
use serde::Serialize;
use uuid::Uuid;

use super::content::Content;
use super::letters::{Side, tell};
use super::quarter::Quarter;
use super::states::Signature;
use super::store::{self, Narratives, StoredReturn, path};
use crate::kpis::rules::Act;
use crate::kpis::store::stream;

#[derive(Serialize)]
struct ReturnWritten {
    quarter: Quarter,
}

impl AuditEvent for ReturnWritten {
    const KIND: &'static str = "return.written";
}

#[derive(Serialize)]
struct ReturnSigned<'a> {
    quarter: Quarter,
    number: u32,
    fingerprint: &'a Fingerprint,
}

impl AuditEvent for ReturnSigned<'_> {
    const KIND: &'static str = "return.signed";
}

#[derive(Serialize)]
struct ReturnReceived<'a> {
    quarter: Quarter,
    fingerprint: &'a Fingerprint,
}

impl AuditEvent for ReturnReceived<'_> {
    const KIND: &'static str = "return.received";
}

#[derive(Serialize)]
struct LineQueried<'a> {
    quarter: Quarter,
    query: Uuid,
    line: &'a str,
    question: &'a str,
}

impl AuditEvent for LineQueried<'_> {
    const KIND: &'static str = "return.queried";
}

#[derive(Serialize)]
struct QueryAnswered<'a> {
    quarter: Quarter,
    query: Uuid,
    answer: &'a str,
}

impl AuditEvent for QueryAnswered<'_> {
    const KIND: &'static str = "return.answered";
}

#[derive(Serialize)]
struct ReturnAccepted<'a> {
    quarter: Quarter,
    fingerprint: &'a Fingerprint,
}

impl AuditEvent for ReturnAccepted<'_> {
    const KIND: &'static str = "return.accepted";
}

#[derive(Serialize)]
struct ReturnSentBack<'a> {
    quarter: Quarter,
    #[serde(skip)]
    why: &'a str,
}

impl AuditEvent for ReturnSentBack<'_> {
    const KIND: &'static str = "return.sent_back";

    fn reason(&self) -> Option<&str> {
        Some(self.why)
    }
}

fn subject(one: &StoredReturn) -> String {
    format!("return:{}", one.id)
}

/// Keeps what the cluster wrote. Refused once it is signed.
pub async fn write(
    unit: &mut Unit,
    cluster: &ClusterSeen,
    quarter: Quarter,
    narratives: Narratives,
) -> Result<(), Problem> {
    let mut one = store::begun(unit, cluster, quarter).await?;
    if !one.state.is_open() {
        return Err(Problem::conflict(
            "This return is signed, and its words stay as they were signed",
            "What has to be said now is said in an answer to a question, or in the next return.",
        ));
    }
    if one.narratives == narratives {
        return Ok(());
    }
    one.narratives = narratives;
    store::save(unit, &one).await?;
    unit.audit(stream(cluster.id), subject(&one), &ReturnWritten { quarter })?;
    Ok(())
}

/// The chair signs what was drawn up. The content is kept for good with its fingerprint.
pub async fn sign(unit: &mut Unit, cluster: &ClusterSeen, content: &Content, by: PersonId) -> Result<(), Problem> {
    let quarter = content.quarter;
    let mut one = store::begun(unit, cluster, quarter).await?;
    if hiec_kernel::clock::london_date(unit.now()) <= quarter.last_day() {
        return Err(Problem::conflict(
            "The quarter is not over",
            "The return is signed from the day after its last day on; until then the figures fill themselves.",
        ));
    }
    let number = one.state.last_signature().map_or(1, |last| last.number + 1);
    let fingerprint = Fingerprint::of(content).map_err(Problem::internal)?;
    let act = Act { by, at: unit.now() };
    one.state = one.state.sign(Signature { act, number, fingerprint: fingerprint.clone() })?;
    store::insert_signed(unit, one.id, number, content, &fingerprint, by).await?;
    store::save(unit, &one).await?;
    unit.audit(stream(cluster.id), subject(&one), &ReturnSigned { quarter, number, fingerprint: &fingerprint })?;
    let body = format!(
        "{} has signed its return for {}.\n\nReceive and read it under {}.\n",
        cluster.name,
        quarter.full(),
        path(cluster, quarter)
    );
    tell(unit, cluster, Side::Region, &format!("Signed: {} for {}", cluster.short_name, quarter.label()), &body).await
}

/// The region takes it in.
pub async fn receive(unit: &mut Unit, cluster: &ClusterSeen, quarter: Quarter, by: PersonId) -> Result<(), Problem> {
    let mut one = held(unit, cluster, quarter).await?;
    let act = Act { by, at: unit.now() };
    one.state = one.state.receive(act)?;
    store::save(unit, &one).await?;
    let fingerprint = &signature(&one)?.fingerprint;
    unit.audit(stream(cluster.id), subject(&one), &ReturnReceived { quarter, fingerprint })?;
    let body = format!(
        "The region has received the return for {}. Its fingerprint (SHA-256) is {fingerprint}.\n",
        quarter.full()
    );
    tell(unit, cluster, Side::Cluster, &format!("Received: return for {}", quarter.label()), &body).await
}

/// The region asks about a line. `name` is what people call the line.
pub async fn query(
    unit: &mut Unit,
    cluster: &ClusterSeen,
    quarter: Quarter,
    line: (&str, &str),
    question: &str,
    by: PersonId,
) -> Result<Uuid, Problem> {
    let (line, name) = line;
    let mut one = held(unit, cluster, quarter).await?;
    one.state = one.state.query(by)?;
    let number = signature(&one)?.number;
    let id = store::insert_query(unit, one.id, number, line, question, by).await?;
    store::save(unit, &one).await?;
    unit.audit(stream(cluster.id), subject(&one), &LineQueried { quarter, query: id, line, question })?;
    let body = format!(
        "The region asks about {name} in the return for {}:\n\n{question}\n\nAnswer under {}.\n",
        quarter.full(),
        path(cluster, quarter)
    );
    tell(unit, cluster, Side::Cluster, &format!("A question to your return for {}", quarter.label()), &body).await?;
    Ok(id)
}

/// The cluster answers. The figures stay as they were signed.
pub async fn answer(
    unit: &mut Unit,
    cluster: &ClusterSeen,
    quarter: Quarter,
    id: Uuid,
    answer: &str,
    by: PersonId,
) -> Result<(), Problem> {
    let mut one = held(unit, cluster, quarter).await?;
    let queries = store::queries(unit, one.id).await?;
    if !queries.iter().any(|query| query.id == id) {
        return Err(Problem::not_found());
    }
    let number = i64::from(one.state.last_signature().map_or(0, |signature| signature.number));
    let still_open = queries.iter().filter(|query| query.id != id && is_open(query, number)).count();
    one.state = one.state.answered(still_open)?;
    if !store::answer_query(unit, id, answer, by).await? {
        return Err(Problem::conflict(
            "This question was answered already",
            "Reload the page. An answer stays as it was given; the region can ask again.",
        ));
    }
    store::save(unit, &one).await?;
    unit.audit(stream(cluster.id), subject(&one), &QueryAnswered { quarter, query: id, answer })?;
    let rest = match still_open {
        0 => "All questions are answered.".to_owned(),
        1 => "One question is open still.".to_owned(),
        more => format!("{more} questions are open still."),
    };
    let body = format!(
        "{} has answered a question to its return for {}. {rest}\n\nRead it under {}.\n",
        cluster.name,
        quarter.full(),
        path(cluster, quarter)
    );
    tell(unit, cluster, Side::Region, &format!("Answered: {} for {}", cluster.short_name, quarter.label()), &body).await
}

/// Whether a question to this signing waits for an answer.
pub(crate) fn is_open(query: &store::Query, number: i64) -> bool {
    query.number == number && query.answer.is_none()
}

/// The region accepts: frozen and published from now on.
pub async fn accept(unit: &mut Unit, cluster: &ClusterSeen, quarter: Quarter, by: PersonId) -> Result<(), Problem> {
    let mut one = held(unit, cluster, quarter).await?;
    let act = Act { by, at: unit.now() };
    one.state = one.state.accept(act)?;
    store::save(unit, &one).await?;
    let fingerprint = &signature(&one)?.fingerprint;
    unit.audit(stream(cluster.id), subject(&one), &ReturnAccepted { quarter, fingerprint })?;
    let body = format!(
        "The region has accepted the return for {}. It is published under {}, and stays as it is.\n",
        quarter.full(),
        path(cluster, quarter)
    );
    tell(unit, cluster, Side::Cluster, &format!("Accepted: return for {}", quarter.label()), &body).await
}

/// The region sends it back with the reasons; the cluster writes and signs again.
pub async fn send_back(
    unit: &mut Unit,
    cluster: &ClusterSeen,
    quarter: Quarter,
    reason: &str,
    by: PersonId,
) -> Result<(), Problem> {
    let mut one = held(unit, cluster, quarter).await?;
    let act = Act { by, at: unit.now() };
    one.state = one.state.send_back(act, reason.to_owned())?;
    store::save(unit, &one).await?;
    unit.audit(stream(cluster.id), subject(&one), &ReturnSentBack { quarter, why: reason })?;
    let body = format!(
        "The region has sent the return for {} back:\n\n{reason}\n\nThe figures fill themselves again. Write, and have it signed, under {}.\n",
        quarter.full(),
        path(cluster, quarter)
    );
    tell(unit, cluster, Side::Cluster, &format!("Sent back: return for {}", quarter.label()), &body).await
}

async fn held(unit: &Unit, cluster: &ClusterSeen, quarter: Quarter) -> Result<StoredReturn, Problem> {
    store::of_quarter(unit, cluster.id, quarter).await?.ok_or_else(Problem::not_found)
}

fn signature(one: &StoredReturn) -> Result<&Signature, Problem> {
    one.state.last_signature().ok_or_else(|| Problem::internal("a return past its draft has no signature"))
}
