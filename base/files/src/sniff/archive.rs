//! Reads the names in a ZIP file's directory to tell a Word document from a workbook; it unpacks nothing.

use super::{FileKind, Refusal};

const CENTRAL_ENTRY: &[u8] = b"PK\x01\x02";
const END_OF_DIRECTORY: &[u8] = b"PK\x05\x06";
/// Bytes of a central directory entry before its name (PKWARE APPNOTE 4.3.12).
const CENTRAL_FIXED: usize = 46;

/// The kind of a ZIP-based document, from the first and the last bytes of the file.
pub(super) fn kind(head: &[u8], tail: &[u8]) -> Result<FileKind, Refusal> {
    let names =
        directory_names(tail).ok_or(Refusal::Damaged { what: "it is cut short, or it is not a whole document" })?;
    let has = |wanted: &str| names.contains(&wanted.as_bytes());
    let has_macros = names.iter().any(|name| {
        let lower = name.to_ascii_lowercase();
        lower.ends_with(b"vbaproject.bin") || lower.starts_with(b"basic/")
    });
    if has_macros {
        return Err(Refusal::NotAccepted {
            what: "a document with macros",
            advice: "Save it without macros (as .docx or .xlsx) and upload that.",
        });
    }
    if has("[Content_Types].xml") && has("word/document.xml") {
        return Ok(FileKind::Docx);
    }
    if has("[Content_Types].xml") && has("xl/workbook.xml") {
        return Ok(FileKind::Xlsx);
    }
    if declared_media_type(head) == Some(b"application/vnd.oasis.opendocument.text") && has("content.xml") {
        return Ok(FileKind::Odt);
    }
    Err(Refusal::NotAccepted {
        what: "a ZIP archive, or a document of a kind we do not know",
        advice: "Upload the documents in it one by one, as PDF, Word (.docx), Excel (.xlsx) or OpenDocument text (.odt).",
    })
}

/// The names in the central directory, or nothing when the end of the directory is missing or does not agree with it.
fn directory_names(tail: &[u8]) -> Option<Vec<&[u8]>> {
    let end = tail.windows(END_OF_DIRECTORY.len()).rposition(|window| window == END_OF_DIRECTORY)?;
    let entries = usize::from(number16(tail, end.checked_add(10)?)?);
    let size = usize::try_from(number32(tail, end.checked_add(12)?)?).ok()?;
    let mut at = end.checked_sub(size)?;
    let mut names = Vec::new();
    for _ in 0..entries {
        if tail.get(at..at.checked_add(4)?)? != CENTRAL_ENTRY {
            return None;
        }
        let [name, extra, comment] = [28, 30, 32].map(|offset| number16(tail, at + offset));
        let start = at.checked_add(CENTRAL_FIXED)?;
        let name_end = start.checked_add(usize::from(name?))?;
        names.push(tail.get(start..name_end)?);
        at = name_end.checked_add(usize::from(extra?))?.checked_add(usize::from(comment?))?;
    }
    Some(names)
}

/// An OpenDocument file says its media type in a first, unpacked entry named `mimetype` (OpenDocument 1.2, part 3, 3.3).
fn declared_media_type(head: &[u8]) -> Option<&[u8]> {
    let name_length = usize::from(number16(head, 26)?);
    let extra_length = usize::from(number16(head, 28)?);
    let size = usize::try_from(number32(head, 18)?).ok()?;
    let is_unpacked = number16(head, 8)? == 0;
    let name_end = 30usize.checked_add(name_length)?;
    if !is_unpacked || head.get(30..name_end)? != b"mimetype" {
        return None;
    }
    let start = name_end.checked_add(extra_length)?;
    head.get(start..start.checked_add(size)?)
}

fn number16(bytes: &[u8], at: usize) -> Option<u16> {
    let pair: [u8; 2] = bytes.get(at..at.checked_add(2)?)?.try_into().ok()?;
    Some(u16::from_le_bytes(pair))
}

fn number32(bytes: &[u8], at: usize) -> Option<u32> {
    let four: [u8; 4] = bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
    Some(u32::from_le_bytes(four))
}
