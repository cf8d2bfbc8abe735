//! The audit trail: typed entries, hash-chained per stream, written only by a unit at commit and never changed afterwards.

use std::collections::BTreeMap;

use hiec_kernel::audit::{AuditDraft, AuditRecord, ChainHead, GENESIS};
use sea_orm::FromQueryResult;
use serde::Serialize;
use uuid::Uuid;

use crate::database::StoreError;
use crate::query::Reads;
use crate::unit::Unit;
use crate::values;

/// What happened, as a typed fact. The fields become the entry's body.
pub trait AuditEvent: Serialize {
    /// Stable name: `bid.submitted`.
    const KIND: &'static str;

    /// Why, where the rules ask for a reason.
    fn reason(&self) -> Option<&str> {
        None
    }
}

/// A chain of entries: one per call, one for the installation.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Stream(String);

impl Stream {
    pub fn installation() -> Self {
        Self("installation".into())
    }

    pub fn call(call: hiec_kernel::CallId) -> Self {
        Self(format!("call:{call}"))
    }

    pub fn cluster(cluster: hiec_kernel::ClusterId) -> Self {
        Self(format!("cluster:{cluster}"))
    }

    pub fn named(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An entry waiting for commit.
pub(crate) struct Pending {
    stream: Stream,
    kind: &'static str,
    subject: String,
    reason: Option<String>,
    body: serde_json::Value,
}

impl Pending {
    pub(crate) fn of<E: AuditEvent>(stream: Stream, subject: String, event: &E) -> Result<Self, StoreError> {
        Ok(Self {
            stream,
            kind: E::KIND,
            subject,
            reason: event.reason().map(str::to_owned),
            body: serde_json::to_value(event)?,
        })
    }
}

#[derive(FromQueryResult)]
struct Head {
    seq: i64,
    hash: String,
}

/// Links the entries to their chains. Streams are locked in one order, so that two units never wait for each other.
pub(crate) async fn seal(unit: &Unit, entries: Vec<Pending>) -> Result<(), StoreError> {
    let mut by_stream: BTreeMap<Stream, Vec<Pending>> = BTreeMap::new();
    for entry in entries {
        by_stream.entry(entry.stream.clone()).or_default().push(entry);
    }
    for (stream, entries) in by_stream {
        unit.execute(
            "INSERT INTO base_audit_head (stream, seq, hash) VALUES ($1, 0, $2) ON CONFLICT (stream) DO NOTHING",
            values![stream.as_str(), GENESIS],
        )
        .await?;
        let sql = format!("SELECT seq, hash FROM base_audit_head WHERE stream = $1{}", unit.dialect().for_update());
        let head =
            unit.one::<Head>(&sql, values![stream.as_str()]).await?.unwrap_or(Head { seq: 0, hash: GENESIS.into() });
        let mut head = ChainHead { stream: stream.as_str().to_owned(), seq: head.seq, hash: head.hash };
        for entry in entries {
            head = append(unit, &stream, &head, entry).await?;
        }
        unit.execute(
            "UPDATE base_audit_head SET seq = $2, hash = $3 WHERE stream = $1",
            values![stream.as_str(), head.seq, head.hash],
        )
        .await?;
    }
    Ok(())
}

async fn append(unit: &Unit, stream: &Stream, head: &ChainHead, entry: Pending) -> Result<ChainHead, StoreError> {
    let draft = AuditDraft {
        stream: stream.as_str().to_owned(),
        at: unit.now(),
        actor: unit.actor().key(),
        kind: entry.kind.to_owned(),
        subject: entry.subject,
        reason: entry.reason,
        body: entry.body,
    };
    let record = AuditRecord::seal(draft, (head.seq > 0).then_some(head));
    let next = record.head();
    unit.execute(
        "INSERT INTO base_audit (stream, seq, at, actor, kind, subject, reason, body, prev, hash) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        values![
            record.stream,
            record.seq,
            record.at,
            record.actor,
            record.kind,
            record.subject,
            record.reason,
            hiec_kernel::fingerprint::canonical_json(&record.body),
            record.prev,
            record.hash
        ],
    )
    .await?;
    Ok(next)
}

/// An entry as stored: the body is the canonical text that was hashed.
#[derive(Clone, Debug, FromQueryResult)]
struct Row {
    stream: String,
    seq: i64,
    at: String,
    actor: String,
    kind: String,
    subject: String,
    reason: Option<String>,
    body: String,
    prev: String,
    hash: String,
}

impl TryFrom<Row> for AuditRecord {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let body = serde_json::from_str(&row.body)?;
        Ok(row.with_body(body))
    }
}

impl Row {
    fn into_found(self) -> AuditRecord {
        let body = serde_json::from_str(&self.body).unwrap_or_else(|_| serde_json::Value::String(self.body.clone()));
        self.with_body(body)
    }

    fn with_body(self, body: serde_json::Value) -> AuditRecord {
        AuditRecord {
            body,
            stream: self.stream,
            seq: self.seq,
            at: self.at,
            actor: self.actor,
            kind: self.kind,
            subject: self.subject,
            reason: self.reason,
            prev: self.prev,
            hash: self.hash,
        }
    }
}

const COLUMNS: &str = "stream, seq, at, actor, kind, subject, reason, body, prev, hash";

/// A part of a stream in order, after `after` (0 for the start).
pub async fn entries(
    reads: &impl Reads,
    stream: &Stream,
    after: i64,
    limit: i64,
) -> Result<Vec<AuditRecord>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM base_audit WHERE stream = $1 AND seq > $2 ORDER BY seq LIMIT $3");
    let rows: Vec<Row> = reads.all(&sql, values![stream.as_str(), after, limit]).await?;
    rows.into_iter().map(AuditRecord::try_from).collect()
}

/// The same for checking a chain: a body that is no JSON any more is kept as the text it is, so that the check can name it.
pub async fn entries_to_check(
    reads: &impl Reads,
    stream: &Stream,
    after: i64,
    limit: i64,
) -> Result<Vec<AuditRecord>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM base_audit WHERE stream = $1 AND seq > $2 ORDER BY seq LIMIT $3");
    let rows: Vec<Row> = reads.all(&sql, values![stream.as_str(), after, limit]).await?;
    Ok(rows.into_iter().map(Row::into_found).collect())
}

/// The names of all streams that have entries or a head, in order.
pub async fn streams(reads: &impl Reads) -> Result<Vec<Stream>, StoreError> {
    #[derive(FromQueryResult)]
    struct Named {
        stream: String,
    }
    let rows: Vec<Named> = reads
        .all("SELECT stream FROM base_audit UNION SELECT stream FROM base_audit_head ORDER BY 1", values![])
        .await?;
    Ok(rows.into_iter().map(|row| Stream(row.stream)).collect())
}

/// Everything said of one subject (`bid:…`), oldest first.
pub async fn of_subject(reads: &impl Reads, stream: &Stream, subject: &str) -> Result<Vec<AuditRecord>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM base_audit WHERE stream = $1 AND subject = $2 ORDER BY seq");
    let rows: Vec<Row> = reads.all(&sql, values![stream.as_str(), subject]).await?;
    rows.into_iter().map(AuditRecord::try_from).collect()
}

/// The names of all streams with the head each should end in: `(stream, seq, hash)`.
pub async fn heads(reads: &impl Reads) -> Result<Vec<(Stream, i64, String)>, StoreError> {
    #[derive(FromQueryResult)]
    struct Named {
        stream: String,
        seq: i64,
        hash: String,
    }
    let rows: Vec<Named> =
        reads.all("SELECT stream, seq, hash FROM base_audit_head ORDER BY stream", values![]).await?;
    Ok(rows.into_iter().map(|row| (Stream(row.stream), row.seq, row.hash)).collect())
}

/// A subject's spelling: `bid:0190…`.
pub fn subject(kind: &str, id: Uuid) -> String {
    format!("{kind}:{id}")
}
