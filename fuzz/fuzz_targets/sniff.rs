//! Feeds any bytes under any name to the sniffing of uploads, whole and in pieces; it must never accept a panic, two answers for one file, or a kind its name does not say.
#![no_main]

use hiec_files::sniff::{FileKind, Sniffer, sniff};
use hiec_files::{attachment, safe_name};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    // The name ends at the first NUL; the first byte after it says how large the pieces are.
    let split = input.iter().position(|&byte| byte == 0).unwrap_or(input.len());
    let (name, rest) = input.split_at(split);
    let name = String::from_utf8_lossy(name);
    let size = usize::from(rest.get(1).copied().unwrap_or(1)).max(1);
    let content = rest.get(2..).unwrap_or_default();

    let whole = sniff(&name, content);
    let mut sniffer = Sniffer::new();
    content.chunks(size).for_each(|piece| sniffer.update(piece));
    assert_eq!(sniffer.finish(&name), whole);
    match whole {
        Ok(found) => {
            assert_eq!(FileKind::from_name(&name), Some(found.kind));
            assert!(found.content_type().starts_with(found.kind.media_type()));
            let safe = safe_name(&name, found.kind);
            assert!(!safe.is_empty() && !safe.contains(['/', '\\', '\0', '\r', '\n']), "{safe:?}");
            assert_eq!(safe_name(&safe, found.kind), safe, "a safe name stays as it is");
            assert_eq!(FileKind::from_name(&safe), Some(found.kind), "{safe:?}");
        }
        Err(refusal) => assert!(!refusal.to_string().is_empty()),
    }
    let header = attachment(&name);
    assert!(header.bytes().all(|byte| (32..127).contains(&byte)), "{header}");
});
