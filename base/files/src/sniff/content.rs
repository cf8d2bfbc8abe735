//! Watches a file's bytes go by and says at the end what it is; it keeps the two ends of the file, never the whole.

use super::{Charset, FileKind, Refusal, Sniffed, archive};

/// How much of the beginning is kept: enough for every signature and an OpenDocument's first entry.
const HEAD: usize = 4 * 1024;
/// How much of the end is kept: room for a ZIP directory of some thousand entries.
const TAIL: usize = 128 * 1024;
/// Browsers look for markup only at the start; we look a little further, for viewers that guess.
const MARKUP_WINDOW: usize = 1024;

/// What a whole file in memory is. See [`Sniffer`] for one that streams.
pub fn sniff(name: &str, bytes: &[u8]) -> Result<Sniffed, Refusal> {
    let mut sniffer = Sniffer::new();
    sniffer.update(bytes);
    sniffer.finish(name)
}

/// Feed it the file in pieces, in order, then ask.
#[derive(Clone, Debug)]
pub struct Sniffer {
    head: Vec<u8>,
    tail: Vec<u8>,
    text: TextWatch,
}

impl Default for Sniffer {
    fn default() -> Self {
        Self::new()
    }
}

impl Sniffer {
    pub fn new() -> Self {
        Self { head: Vec::new(), tail: Vec::new(), text: TextWatch::default() }
    }

    pub fn update(&mut self, chunk: &[u8]) {
        let room = HEAD.saturating_sub(self.head.len()).min(chunk.len());
        self.head.extend_from_slice(chunk.get(..room).unwrap_or_default());
        let kept = chunk.get(chunk.len().saturating_sub(TAIL)..).unwrap_or_default();
        self.tail.extend_from_slice(kept);
        // Cut only when twice too long, so that many small pieces do not move the same bytes again and again.
        if self.tail.len() > 2 * TAIL {
            self.tail.drain(..self.tail.len().saturating_sub(TAIL));
        }
        self.text.update(chunk);
    }

    /// The kind, once the last piece has gone by. `name` is the file's name as sent: its ending must agree with the content.
    pub fn finish(self, name: &str) -> Result<Sniffed, Refusal> {
        let found = self.content()?;
        let kind = match (found, FileKind::from_name(name)) {
            // A table and a note look alike inside; only here the name decides.
            (Found::Text(_), Some(claimed @ (FileKind::Csv | FileKind::Text))) => claimed,
            (Found::Text(_), _) => FileKind::Text,
            (Found::Kind(kind), _) => kind,
        };
        let charset = match found {
            Found::Text(charset) => Some(charset),
            Found::Kind(_) => None,
        };
        match (FileKind::from_name(name), name.rsplit_once('.')) {
            (Some(claimed), _) if claimed == kind => Ok(Sniffed { kind, charset }),
            (_, Some((stem, ending))) if !stem.is_empty() => Err(Refusal::Mismatch {
                claimed: ending.chars().filter(|c| c.is_alphanumeric()).take(12).collect(),
                found: kind.in_words(),
                extension: kind.extension(),
            }),
            _ => Err(Refusal::NoExtension { found: kind.in_words(), extension: kind.extension() }),
        }
    }

    fn content(&self) -> Result<Found, Refusal> {
        let head = self.head.as_slice();
        if head.is_empty() {
            return Err(Refusal::Empty);
        }
        if let Some(refusal) = refused_signature(head) {
            return Err(refusal);
        }
        if head.starts_with(b"%PDF-") {
            return Ok(Found::Kind(FileKind::Pdf));
        }
        if head.starts_with(b"\x89PNG\r\n\x1a\n") {
            return match head.get(12..16) {
                Some(b"IHDR") => Ok(Found::Kind(FileKind::Png)),
                _ => Err(Refusal::Damaged { what: "it begins like a PNG picture but holds none" }),
            };
        }
        if head.starts_with(b"\xff\xd8\xff") {
            return Ok(Found::Kind(FileKind::Jpeg));
        }
        if head.starts_with(b"PK\x03\x04") {
            return archive::kind(head, &self.tail).map(Found::Kind);
        }
        if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") {
            return Err(Refusal::NotAccepted {
                what: "text in the UTF-16 encoding",
                advice: "Save it as “CSV UTF-8” or as UTF-8 text and upload that.",
            });
        }
        if is_markup(head) {
            return Err(Refusal::Markup);
        }
        self.text.charset().map(Found::Text).ok_or(Refusal::Unknown)
    }
}

#[derive(Clone, Copy)]
enum Found {
    Kind(FileKind),
    Text(Charset),
}

/// Kinds we know and do not take, each with what to do instead.
fn refused_signature(head: &[u8]) -> Option<Refusal> {
    const PROGRAM: &str = "a program or a script";
    const PROGRAM_ADVICE: &str = "Upload documents, tables and pictures only.";
    const ARCHIVE: &str = "an archive";
    const ARCHIVE_ADVICE: &str = "Upload the documents in it one by one.";
    const PICTURE: &str = "a picture of another kind";
    const PICTURE_ADVICE: &str = "Save it as PNG or JPEG and upload that.";
    let signatures: [(&[u8], &'static str, &'static str); 18] = [
        (b"MZ", PROGRAM, PROGRAM_ADVICE),
        (b"\x7fELF", PROGRAM, PROGRAM_ADVICE),
        (b"\xfe\xed\xfa\xce", PROGRAM, PROGRAM_ADVICE),
        (b"\xfe\xed\xfa\xcf", PROGRAM, PROGRAM_ADVICE),
        (b"\xce\xfa\xed\xfe", PROGRAM, PROGRAM_ADVICE),
        (b"\xcf\xfa\xed\xfe", PROGRAM, PROGRAM_ADVICE),
        (b"\xca\xfe\xba\xbe", PROGRAM, PROGRAM_ADVICE),
        (b"\0asm", PROGRAM, PROGRAM_ADVICE),
        (b"#!", PROGRAM, PROGRAM_ADVICE),
        (b"\x1f\x8b", ARCHIVE, ARCHIVE_ADVICE),
        (b"7z\xbc\xaf\x27\x1c", ARCHIVE, ARCHIVE_ADVICE),
        (b"Rar!\x1a\x07", ARCHIVE, ARCHIVE_ADVICE),
        (b"PK\x05\x06", ARCHIVE, ARCHIVE_ADVICE),
        (b"GIF8", PICTURE, PICTURE_ADVICE),
        (b"II*\0", PICTURE, PICTURE_ADVICE),
        (b"MM\0*", PICTURE, PICTURE_ADVICE),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            "a document in an old Office format, or one with a password",
            "Open it, remove any password, save it as .docx, .xlsx or PDF and upload that.",
        ),
        (b"{\\rtf", "a rich text (RTF) document", "Save it as .docx or PDF and upload that."),
    ];
    signatures
        .iter()
        .find(|(signature, ..)| head.starts_with(signature) && !is_plain_word(head, signature))
        .map(|&(_, what, advice)| Refusal::NotAccepted { what, advice })
}

/// `MZ` also begins honest text ("MZ-twin study"); a program has bytes text never has.
fn is_plain_word(head: &[u8], signature: &[u8]) -> bool {
    signature == b"MZ" && !head.iter().any(|byte| is_control(*byte))
}

fn is_markup(head: &[u8]) -> bool {
    let window = head.get(..MARKUP_WINDOW.min(head.len())).unwrap_or_default();
    let lower = window.to_ascii_lowercase();
    let trimmed = lower.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&lower);
    let start = trimmed.trim_ascii_start();
    let opens_a_tag =
        matches!(start, [b'<', next, ..] if next.is_ascii_alphabetic() || matches!(next, b'!' | b'?' | b'/'));
    const TAGS: [&[u8]; 5] = [b"<!doctype", b"<html", b"<script", b"<svg", b"<iframe"];
    opens_a_tag || TAGS.iter().any(|tag| lower.windows(tag.len()).any(|found| found == *tag))
}

/// A byte that no honest text holds: control characters but tab, line feed, form feed and carriage return.
fn is_control(byte: u8) -> bool {
    (byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\x0c' | b'\r')) || byte == 0x7f
}

/// Follows the whole file for what text may not hold, with a memory of three bytes.
#[derive(Clone, Debug)]
struct TextWatch {
    is_clean: bool,
    is_utf8: bool,
    /// The beginning of a character cut in two by the pieces.
    pending: Vec<u8>,
}

impl Default for TextWatch {
    fn default() -> Self {
        Self { is_clean: true, is_utf8: true, pending: Vec::new() }
    }
}

impl TextWatch {
    fn update(&mut self, chunk: &[u8]) {
        if !self.is_clean {
            return;
        }
        // 81, 8D, 8F, 90 and 9D stand for nothing in Windows-1252, but may be part of a UTF-8 character.
        self.is_clean = !chunk.iter().any(|byte| is_control(*byte));
        if !self.is_utf8 {
            return;
        }
        let joined: Vec<u8>;
        let bytes = if self.pending.is_empty() {
            chunk
        } else {
            joined = [self.pending.as_slice(), chunk].concat();
            &joined
        };
        match std::str::from_utf8(bytes) {
            Ok(_) => self.pending = Vec::new(),
            Err(error) if error.error_len().is_none() => {
                self.pending = bytes.get(error.valid_up_to()..).unwrap_or_default().to_vec();
            }
            Err(_) => self.is_utf8 = false,
        }
    }

    fn charset(&self) -> Option<Charset> {
        match (self.is_clean, self.is_utf8 && self.pending.is_empty()) {
            (false, _) => None,
            (true, true) => Some(Charset::Utf8),
            (true, false) => Some(Charset::Windows1252),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use proptest::prelude::*;

    use super::*;

    fn zipped(entries: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for (name, content) in entries {
            let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
            writer.start_file(*name, options).unwrap();
            writer.write_all(content).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn docx() -> Vec<u8> {
        zipped(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<w/>")])
    }

    fn odt() -> Vec<u8> {
        zipped(&[("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", b"<office/>")])
    }

    fn xlsx() -> Vec<u8> {
        let mut book = rust_xlsxwriter::Workbook::new();
        book.add_worksheet().write_string(0, 0, "name").unwrap();
        book.save_to_buffer().unwrap()
    }

    #[test]
    fn each_accepted_kind_is_known_by_its_content() {
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x01";
        let cases: [(&str, Vec<u8>, FileKind); 8] = [
            ("plan.pdf", b"%PDF-1.7\n%\xe2\xe3\n1 0 obj".to_vec(), FileKind::Pdf),
            ("plan.DOCX", docx(), FileKind::Docx),
            ("budget.xlsx", xlsx(), FileKind::Xlsx),
            ("plan.odt", odt(), FileKind::Odt),
            ("map.png", png.to_vec(), FileKind::Png),
            ("photo.jpeg", b"\xff\xd8\xff\xe0\0\x10JFIF".to_vec(), FileKind::Jpeg),
            ("partners.csv", b"ods_code,name\nR1H,Barts".to_vec(), FileKind::Csv),
            ("notes.txt", "“quotes” and £".into(), FileKind::Text),
        ];
        for (name, bytes, kind) in cases {
            assert_eq!(sniff(name, &bytes).map(|found| found.kind), Ok(kind), "{name}");
        }
    }

    #[test]
    fn dangerous_and_foreign_kinds_are_refused_whatever_their_name() {
        let macros = zipped(&[("[Content_Types].xml", b""), ("word/document.xml", b""), ("word/vbaProject.bin", b"")]);
        let archive = zipped(&[("a.txt", b"a")]);
        let cases: [(&str, &[u8], &str); 14] = [
            ("bid.pdf", b"MZ\x90\0\x03\0\0\0", "program"),
            ("bid.pdf", b"\x7fELF\x02\x01", "program"),
            ("bid.txt", b"#!/bin/sh\nrm -rf /", "program"),
            ("bid.txt", b"<!DOCTYPE html><p>hello", "web page"),
            ("bid.csv", b"\xef\xbb\xbf \n<HTML>", "web page"),
            ("bid.txt", b"hello <script>alert(1)</script>", "web page"),
            ("map.png", b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>", "web page"),
            ("map.png", b"<?xml version=\"1.0\"?><svg/>", "web page"),
            ("bid.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "old Office"),
            ("bid.docx", &macros, "macros"),
            ("bid.docx", &archive, "ZIP archive"),
            ("a.csv", b"\xff\xfen\0a\0", "UTF-16"),
            ("a.png", b"GIF89a", "picture of another kind"),
            ("a.txt", b"a\0b", "cannot tell"),
        ];
        for (name, bytes, what) in cases {
            let refusal = sniff(name, bytes).unwrap_err().to_string();
            assert!(refusal.contains(what), "{name} {bytes:?}: {refusal}");
        }
        assert_eq!(sniff("a.txt", b""), Err(Refusal::Empty));
    }

    #[test]
    fn the_name_must_agree_with_the_content() {
        let refusal = sniff("budget.pdf", &xlsx()).unwrap_err().to_string();
        assert_eq!(
            refusal,
            "The file's name ends in .pdf, but what is in it is an Excel workbook. Save it again with the right ending (.xlsx), then upload it."
        );
        assert!(matches!(sniff("budget", b"%PDF-1.4"), Err(Refusal::NoExtension { .. })));
        assert!(matches!(sniff(".pdf", b"%PDF-1.4"), Err(Refusal::NoExtension { .. })));
        assert!(matches!(sniff("a.docm", &docx()), Err(Refusal::Mismatch { .. })));
    }

    #[test]
    fn a_cut_document_is_damaged_not_accepted() {
        let whole = docx();
        let cut = &whole[..whole.len() - 30];
        assert!(matches!(sniff("a.docx", cut), Err(Refusal::Damaged { .. })));
    }

    #[test]
    fn old_windows_text_is_text_and_says_so() {
        let found = sniff("a.csv", b"name\nCaf\xe9 \x93Example\x94").unwrap();
        assert_eq!(found.content_type(), "text/csv; charset=windows-1252");
        assert_eq!(sniff("a.txt", "né".as_bytes()).unwrap().content_type(), "text/plain; charset=utf-8");
        assert_eq!(sniff("a.txt", b"MZ twins").unwrap().kind, FileKind::Text);
    }

    proptest! {
        #[test]
        fn never_panics_and_pieces_do_not_matter(bytes in proptest::collection::vec(any::<u8>(), 0..600), prefix in 0usize..6, cut in 0usize..600) {
            let starts: [&[u8]; 6] = [b"", b"PK\x03\x04", b"%PDF-", b"PK\x05\x06", b"\xef\xbb\xbf", b"MZ"];
            let bytes = [starts[prefix], &bytes].concat();
            let (first, second) = bytes.split_at(cut.min(bytes.len()));
            let mut sniffer = Sniffer::new();
            sniffer.update(first);
            sniffer.update(second);
            prop_assert_eq!(sniffer.finish("a.csv"), sniff("a.csv", &bytes));
        }

        #[test]
        fn damaged_archives_never_panic(at in 0usize..300, byte in any::<u8>(), cut in 0usize..300) {
            let mut bytes = docx();
            let length = bytes.len();
            bytes[at % length] = byte;
            bytes.truncate(length - cut % length);
            let _outcome = sniff("a.docx", &bytes);
        }

        #[test]
        fn any_text_of_letters_is_text(text in "[a-zA-Zéü£“ ,\n]{1,200}") {
            prop_assert_eq!(sniff("a.csv", text.as_bytes()).map(|found| found.kind), Ok(FileKind::Csv));
        }
    }
}
