//! `/calls/{call}/record`: the audit trail of a round, every entry with its hash. Who acted, why and what about is shown to the office and the auditor alone, and of a bid they have an interest in to neither; everybody else sees that something happened.

use std::collections::BTreeSet;

use axum::extract::Query;
use hiec_kernel::audit::AuditRecord;
use hiec_kernel::{BidId, Problem};
use hiec_store::audit;
use hiec_web::components::{Cell, Column, Table};
use hiec_web::{Answer, Loaded, Page};
use maud::html;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::store::Call;
use crate::ranking::store as rankings;

/// Entries on one page.
const PAGE: i64 = 200;

#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub struct From {
    /// Show entries after this number.
    #[serde(default)]
    after: i64,
}

/// An entry as this person may see it.
#[derive(Serialize)]
struct Shown {
    seq: i64,
    at: String,
    kind: String,
    /// What it is of: named only where the rest is shown.
    subject: String,
    actor: Option<String>,
    reason: Option<String>,
    body: Option<Value>,
    prev: String,
    hash: String,
}

pub async fn get(call: Loaded<Call>, Query(from): Query<From>) -> Answer {
    let after = from.after.max(0);
    let entries = audit::entries(&call.database(), &call.stream(), after, PAGE).await?;
    let next = entries.last().filter(|_| entries.len() as i64 == PAGE).map(|entry| entry.seq);
    let interests = interests(&call).await?;
    let shown: Vec<Shown> = entries.into_iter().map(|entry| shown(entry, interests.as_ref())).collect();
    let rows = shown.iter().map(|entry| {
        vec![
            Cell::numeric(entry.seq),
            Cell::new(entry.at.replace('T', " ").replace(".000Z", " UTC")),
            Cell::new(entry.kind.as_str()),
            Cell::new(html! { span.app-fingerprint { (entry.subject) } }),
            Cell::new(html! { span.app-fingerprint { (entry.actor.as_deref().unwrap_or_default()) } }),
            Cell::new(entry.reason.clone().unwrap_or_default()),
            Cell::new(html! { span.app-fingerprint { (entry.hash.get(..12).unwrap_or_default()) } }),
        ]
    });
    let view = html! {
        h1 { span.nhsuk-caption-xl { (call.title) } "Record of the round" }
        p {
            "Each entry carries the fingerprint of the one before, so that a change, a gap or another order shows. \
             The whole chain can be taken away and checked without this program's database."
        }
        @if interests.is_none() {
            p { "You see that something happened and when. Who did it, why and with what figures is for the programme office and the auditor." }
        }
        @if shown.is_empty() {
            p { "There is no entry after number " (after) "." }
        } @else {
            (Table::new("Entries, oldest first")
                .head([
                    Column::numeric("Number"), Column::new("When"), Column::new("What"), Column::new("Of"),
                    Column::new("By"), Column::new("Reason"), Column::new("Fingerprint"),
                ])
                .responsive(true)
                .rows(rows))
        }
        @if let Some(next) = next { p { a href={ (call.path()) "/record?after=" (next) } { "Later entries" } } }
    };
    Ok(Page::new("Record of the round", view)
        .data(&shown)?
        .under("/calls", "Calls")
        .under(call.path(), call.title.clone())
        .wide()
        .into())
}

/// The bids whose entries are kept from this person; `None` where every entry's content is.
async fn interests(call: &Loaded<Call>) -> Result<Option<BTreeSet<BidId>>, Problem> {
    if !call.may("call.record.read") {
        return Ok(None);
    }
    Ok(Some(rankings::interests_of(&call.database(), call.id, call.person()?.id).await?))
}

fn shown(entry: AuditRecord, interests: Option<&BTreeSet<BidId>>) -> Shown {
    let is_open = interests.is_some_and(|interests| !interests.iter().any(|bid| is_about(&entry, *bid)));
    let AuditRecord { seq, at, actor, kind, subject, reason, body, prev, hash, .. } = entry;
    let subject = if is_open { subject } else { subject.split(':').next().unwrap_or_default().to_owned() };
    Shown {
        seq,
        at,
        kind,
        subject,
        actor: is_open.then_some(actor),
        reason: reason.filter(|_| is_open),
        body: is_open.then_some(body),
        prev,
        hash,
    }
}

/// Whether an entry names a bid anywhere: as its subject, or in what it tells.
fn is_about(entry: &AuditRecord, bid: BidId) -> bool {
    let id = bid.to_string();
    entry.subject.contains(&id) || entry.body.to_string().contains(&id)
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use uuid::Uuid;

    use super::*;

    fn entry() -> AuditRecord {
        AuditRecord {
            stream: "call:1".into(),
            seq: 7,
            at: "2009-11-01T09:00:00.000Z".into(),
            actor: "person:1".into(),
            kind: "review.moved".into(),
            subject: "review:5".into(),
            reason: Some("because".into()),
            body: json!({"bid": Uuid::from_u128(1), "submitted": {"scores": [{"value": "4"}]}}),
            prev: "0".into(),
            hash: "1".into(),
        }
    }

    #[test]
    fn content_is_for_those_who_may_read_it_and_have_no_interest() {
        let bid = |number| BidId(Uuid::from_u128(number));
        let whole = shown(entry(), Some(&[bid(2)].into()));
        assert_eq!((whole.subject.as_str(), whole.reason.as_deref()), ("review:5", Some("because")));
        assert!(whole.body.is_some());
        for kept in [shown(entry(), None), shown(entry(), Some(&[bid(1)].into()))] {
            assert_eq!((kept.kind.as_str(), kept.subject.as_str()), ("review.moved", "review"));
            assert!(kept.body.is_none() && kept.actor.is_none() && kept.reason.is_none());
        }
    }
}
