//! Splits bytes into lines and cells as RFC 4180 has it, quoted cells and all; it must never lose or invent a byte.

use std::io::{ErrorKind, Read};
use std::ops::Range;

/// How much is asked of the input at once.
const CHUNK: usize = 1 << 17;

/// Lines of comma-separated cells, read as a stream. Empty lines are passed over.
///
/// A line ends with `\n`, `\r\n` or `\r`. A cell that begins with a quote ends at the next quote that is not doubled, and
/// may hold commas and ends of lines. A quote anywhere else is an ordinary character, as most programs have it.
pub struct Lines<R> {
    input: R,
    text: Text,
}

impl<R: Read> Lines<R> {
    pub fn new(input: R) -> Self {
        Self { input, text: Text { line: 1, ..Text::default() } }
    }

    /// The next line that is not empty, or nothing at the end.
    ///
    /// # Errors
    /// An input that breaks off.
    pub fn next_line(&mut self) -> std::io::Result<Option<Cells<'_>>> {
        loop {
            match self.text.split() {
                Step::Line { line } => return Ok(Some(self.text.cells(line))),
                Step::Short => self.text.fill(&mut self.input)?,
                Step::End => return Ok(None),
            }
        }
    }
}

/// What has been read and not yet split. It knows no input, so that it is compiled once, here, and as fast as this crate is.
#[derive(Default)]
struct Text {
    buffer: Vec<u8>,
    /// What of the buffer is still to be split.
    rest: Range<usize>,
    is_at_end: bool,
    /// The line the next cell begins on.
    line: u64,
    /// Cells with quotes, without them.
    unquoted: Vec<u8>,
    /// Where each cell of the present line stands, in `unquoted` or in the buffer.
    cells: Vec<Range<usize>>,
    is_unquoted: bool,
}

/// How far splitting came.
enum Step {
    /// A line was split, which begins on this one.
    Line {
        line: u64,
    },
    /// The buffer ended before the line did.
    Short,
    End,
}

impl Text {
    /// Splits the next line that is not empty.
    fn split(&mut self) -> Step {
        loop {
            let rest = self.buffer.get(self.rest.clone()).unwrap_or_default();
            match rest.first() {
                None if self.is_at_end => return Step::End,
                None => return Step::Short,
                Some(b'\r') if rest.len() == 1 && !self.is_at_end => return Step::Short,
                Some(b'\n' | b'\r') => {
                    self.rest.start += if rest.starts_with(b"\r\n") { 2 } else { 1 };
                    self.line += 1;
                }
                Some(_) => return self.split_line(),
            }
        }
    }

    fn split_line(&mut self) -> Step {
        let rest = self.buffer.get(self.rest.clone()).unwrap_or_default();
        let base = self.rest.start;
        self.is_unquoted = false;
        self.cells.clear();
        let mut start = base;
        let mut found = None;
        for (at, &byte) in rest.iter().enumerate() {
            match byte {
                b',' => {
                    self.cells.push(start..base + at);
                    start = base + at + 1;
                }
                b'\n' => {
                    found = Some((at, 1));
                    break;
                }
                b'\r' if rest.get(at + 1) == Some(&b'\n') => {
                    found = Some((at, 2));
                    break;
                }
                b'\r' | b'"' => return self.split_slowly(),
                _ => {}
            }
        }
        let (length, end) = match found {
            Some(found) => found,
            None if self.is_at_end => (rest.len(), 0),
            None => return Step::Short,
        };
        self.cells.push(start..base + length);
        self.rest.start += length + end;
        self.line += 1;
        Step::Line { line: self.line - 1 }
    }

    fn split_slowly(&mut self) -> Step {
        let rest = self.buffer.get(self.rest.clone()).unwrap_or_default();
        let line = self.line;
        self.is_unquoted = true;
        match unquote(rest, self.is_at_end, &mut self.unquoted, &mut self.cells) {
            Some((length, lines)) => {
                self.rest.start += length;
                self.line += lines;
                Step::Line { line }
            }
            None => Step::Short,
        }
    }

    fn cells(&self, line: u64) -> Cells<'_> {
        Cells { bytes: if self.is_unquoted { &self.unquoted } else { &self.buffer }, cells: &self.cells, line }
    }

    /// Reads on, keeping what is still to be split. Whatever is kept grows by half at least before it is looked at again,
    /// so that one endless line costs no more than its length.
    fn fill(&mut self, input: &mut impl Read) -> std::io::Result<()> {
        self.buffer.copy_within(self.rest.clone(), 0);
        let kept = self.rest.len();
        self.rest = 0..kept;
        let wanted = kept + CHUNK.max(kept / 2);
        if self.buffer.len() < wanted {
            self.buffer.resize(wanted, 0);
        }
        while self.rest.end < wanted {
            match input.read(self.buffer.get_mut(self.rest.end..wanted).unwrap_or_default()) {
                Ok(0) => {
                    self.is_at_end = true;
                    break;
                }
                Ok(count) => {
                    self.rest.end = (self.rest.end + count).min(wanted);
                    // A person who types lines wants each answered; a long line wants the whole chunk.
                    if kept < CHUNK {
                        break;
                    }
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

/// The cells of one line.
#[derive(Clone, Copy)]
pub struct Cells<'a> {
    bytes: &'a [u8],
    cells: &'a [Range<usize>],
    line: u64,
}

impl<'a> Cells<'a> {
    /// The line they begin on, the first being 1.
    pub fn line(&self) -> u64 {
        self.line
    }

    pub fn len(&self) -> usize {
        self.cells.len()
    }

    pub fn get(&self, place: usize) -> Option<&'a [u8]> {
        self.cells.get(place).and_then(|cell| self.bytes.get(cell.clone()))
    }

    pub fn iter(self) -> impl Iterator<Item = &'a [u8]> {
        self.cells.iter().filter_map(move |cell| self.bytes.get(cell.clone()))
    }
}

/// Splits the line at the start of some bytes: its length with its end, and how many ends of lines it holds. Nothing when the
/// bytes may end within it.
fn unquote(
    bytes: &[u8],
    is_whole: bool,
    unquoted: &mut Vec<u8>,
    cells: &mut Vec<Range<usize>>,
) -> Option<(usize, u64)> {
    unquoted.clear();
    cells.clear();
    let (mut lines, mut start, mut is_quoted) = (1, 0, false);
    let mut at = 0;
    let mut is_fresh = true;
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        let next = bytes.get(at).copied();
        if next.is_none() && !is_whole && (byte == b'"' || byte == b'\r') {
            return None;
        }
        match byte {
            b'"' if is_quoted && next == Some(b'"') => {
                unquoted.push(b'"');
                at += 1;
            }
            b'"' if is_quoted => is_quoted = false,
            b'"' if is_fresh => is_quoted = true,
            _ if is_quoted => {
                lines += u64::from(byte == b'\n' || byte == b'\r' && next != Some(b'\n'));
                unquoted.push(byte);
            }
            b',' => {
                cells.push(start..unquoted.len());
                start = unquoted.len();
                is_fresh = true;
                continue;
            }
            b'\n' | b'\r' => {
                at += usize::from(byte == b'\r' && next == Some(b'\n'));
                cells.push(start..unquoted.len());
                return Some((at, lines));
            }
            _ => unquoted.push(byte),
        }
        is_fresh = false;
    }
    if !is_whole {
        return None;
    }
    cells.push(start..unquoted.len());
    Some((at, lines))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An input that comes in pieces of a few bytes.
    struct Dripping<'a>(&'a [u8], usize);

    impl Read for Dripping<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            let count = self.1.min(self.0.len()).min(buffer.len());
            let (now, later) = self.0.split_at(count);
            buffer[..count].copy_from_slice(now);
            self.0 = later;
            Ok(count)
        }
    }

    fn split(bytes: &[u8], at_once: usize) -> Vec<(u64, Vec<Vec<u8>>)> {
        let mut lines = Lines::new(Dripping(bytes, at_once));
        let mut all = Vec::new();
        while let Some(cells) = lines.next_line().unwrap() {
            assert_eq!(cells.len(), cells.iter().count());
            all.push((cells.line(), cells.iter().map(<[u8]>::to_vec).collect()));
        }
        all
    }

    /// What the crate `csv` makes of the same bytes.
    fn peer(bytes: &[u8]) -> Vec<Vec<Vec<u8>>> {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
        reader.byte_records().map(|record| record.unwrap().iter().map(<[u8]>::to_vec).collect()).collect()
    }

    #[test]
    fn cells_may_be_quoted_and_hold_commas_quotes_and_ends_of_lines() {
        let lines = split(b"a,\"b,\"\"c\nd\",e\r\n\n,\r\"f\"g,h\"i\"", 3);
        let text: Vec<(u64, String)> = lines
            .into_iter()
            .map(|(line, cells)| {
                (line, cells.iter().map(|cell| String::from_utf8_lossy(cell)).collect::<Vec<_>>().join("|"))
            })
            .collect();
        assert_eq!(text, [(1, "a|b,\"c\nd|e".to_owned()), (4, "|".to_owned()), (5, "fg|h\"i\"".to_owned())]);
    }

    #[test]
    fn a_line_longer_than_the_buffer_is_whole() {
        let long = vec![b'x'; CHUNK * 3];
        assert_eq!(split(&long, 5000), [(1, vec![long.clone()])]);
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_split_as_the_peer_splits_them(
            bytes in proptest::collection::vec(proptest::sample::select(b"ab,\"\n\r ".to_vec()), 0..40),
            at_once in 1_usize..9,
        ) {
            let ours: Vec<Vec<Vec<u8>>> = split(&bytes, at_once).into_iter().map(|(_, cells)| cells).collect();
            proptest::prop_assert_eq!(ours, peer(&bytes));
        }
    }
}
