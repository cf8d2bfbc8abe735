//! Feeds any bytes to the check of an exported audit trail, and breaks sound trails; it must never accept a panic, a fault without words, or a broken trail.
#![no_main]

use hiec_kernel::Timestamp;
use hiec_kernel::audit::{AuditDraft, AuditRecord, ChainHead, verify_streams};
use hiec_kernel::audit_file::{AuditFile, entry_line, head_line};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let file = AuditFile::read(input);
    let mut text = String::new();
    for line in file.records.iter().map(entry_line).chain(file.heads.iter().cloned().map(head_line)) {
        text.push_str(&line.unwrap());
        text.push('\n');
    }
    let again = AuditFile::read(text.as_bytes());
    assert_eq!((&again.records, &again.heads, again.unread.len()), (&file.records, &file.heads, 0));
    if let Err(faults) = verify_streams(file.records, &file.heads) {
        assert!(!faults.is_empty() && faults.iter().all(|fault| !fault.to_string().is_empty()));
    }
    broken(input);
});

/// A sound trail of up to eight entries, of which one byte of the export is changed: where it is still read, it no longer verifies.
fn broken(input: &[u8]) {
    let [entries, place, change, rest @ ..] = input else { return };
    let (mut records, mut head): (Vec<AuditRecord>, Option<ChainHead>) = (Vec::new(), None);
    for number in 0..=(entries % 8) {
        let said = rest.get(usize::from(number)..).unwrap_or_default();
        let draft = AuditDraft {
            stream: "call:1".into(),
            at: Timestamp::UNIX_EPOCH,
            actor: "system:fuzz".into(),
            kind: "bid.submitted".into(),
            subject: format!("bid:{number}"),
            reason: None,
            body: serde_json::json!({ "said": String::from_utf8_lossy(&said[..said.len().min(16)]) }),
        };
        let record = AuditRecord::seal(draft, head.as_ref());
        head = Some(record.head());
        records.push(record);
    }
    let heads: Vec<ChainHead> = head.into_iter().collect();
    assert!(verify_streams(records.clone(), &heads).is_ok());
    if *change == 0 {
        return;
    }
    let chosen = usize::from(*place) % records.len();
    let mut line = entry_line(&records[chosen]).unwrap().into_bytes();
    let at = usize::from(*change).wrapping_mul(usize::from(*place) + 1) % line.len();
    line[at] ^= change;
    let Ok(changed) = serde_json::from_slice::<AuditRecord>(&line) else { return };
    if changed != records[chosen] {
        records[chosen] = changed;
        assert!(verify_streams(records, &heads).is_err());
    }
}
