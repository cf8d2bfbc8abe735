//! An exported audit trail as text: one entry a line, then one line for each chain's head. It reads and writes lines, never a disk, and judges no chain.

use serde::{Deserialize, Serialize};

use crate::audit::{AuditRecord, ChainHead};

/// The line at the end of an export that says where a stream ends.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct HeadLine {
    head: ChainHead,
}

/// What a file holds.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct AuditFile {
    pub records: Vec<AuditRecord>,
    pub heads: Vec<ChainHead>,
    /// What is wrong with lines that are neither, in words, with the line's number.
    pub unread: Vec<String>,
}

impl AuditFile {
    /// Reads every line; empty ones count for nothing.
    pub fn read(bytes: &[u8]) -> Self {
        let mut file = Self::default();
        for (place, line) in
            bytes.split(|byte| *byte == b'\n').enumerate().map(|(nth, line)| (nth.saturating_add(1), line))
        {
            let Ok(line) = std::str::from_utf8(line) else {
                file.unread.push(format!("line {place} is not UTF-8"));
                continue;
            };
            if line.trim().is_empty() {
                continue;
            }
            if let Ok(HeadLine { head }) = serde_json::from_str(line) {
                file.heads.push(head);
                continue;
            }
            match serde_json::from_str::<AuditRecord>(line) {
                Ok(record) => file.records.push(record),
                Err(error) => file.unread.push(format!("line {place} is no audit entry: {error}")),
            }
        }
        file
    }
}

/// The line of an entry, without its end.
pub fn entry_line(record: &AuditRecord) -> Result<String, serde_json::Error> {
    serde_json::to_string(record)
}

/// The line of a head, without its end.
pub fn head_line(head: ChainHead) -> Result<String, serde_json::Error> {
    serde_json::to_string(&HeadLine { head })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::audit::{AuditDraft, verify_streams};
    use crate::clock::Timestamp;

    fn sealed() -> (AuditRecord, ChainHead) {
        let draft = AuditDraft {
            stream: "call:1".into(),
            at: Timestamp::UNIX_EPOCH,
            actor: "system:test".into(),
            kind: "bid.submitted".into(),
            subject: "bid:1".into(),
            reason: Some("on two\nlines".into()),
            body: json!({ "receipt": "hiec-2009-0001" }),
        };
        let record = AuditRecord::seal(draft, None);
        let head = record.head();
        (record, head)
    }

    #[test]
    fn what_is_written_is_read_again() {
        let (record, head) = sealed();
        let text = format!("{}\n\n{}\r\n", entry_line(&record).unwrap(), head_line(head.clone()).unwrap());
        let file = AuditFile::read(text.as_bytes());
        assert_eq!(file, AuditFile { records: vec![record], heads: vec![head], unread: vec![] });
        assert!(verify_streams(file.records, &file.heads).is_ok());
    }

    #[test]
    fn a_line_that_is_neither_is_named() {
        let file = AuditFile::read(b"{}\n\xff\n[1]\n");
        let starts: Vec<&str> = file.unread.iter().map(|fault| fault.split(": ").next().unwrap()).collect();
        assert_eq!(starts, ["line 1 is no audit entry", "line 2 is not UTF-8", "line 3 is no audit entry"]);
    }

    proptest::proptest! {
        /// Any bytes: every line counts as one of the three.
        #[test]
        fn nothing_is_lost_without_a_word(bytes in "(\\{\"head\":\\{|\\{\"stream\":|[ -~]|\n|\u{e9}){0,60}", cut in 0_usize..60) {
            let bytes = bytes.as_bytes();
            let bytes = &bytes[..cut.min(bytes.len())];
            let file = AuditFile::read(bytes);
            let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty()).count();
            proptest::prop_assert_eq!(file.records.len() + file.heads.len() + file.unread.len(), lines);
        }
    }
}
