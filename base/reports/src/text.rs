//! A sheet as plain text, wrapped at 76 characters, for mail and for people who read without a browser.
//! It never leaves out a word that the page and the PDF have.

use textwrap::core::display_width;
use textwrap::{Options, WordSplitter, WrapAlgorithm};

use crate::block::{Block, ColumnKind, Fact, Level, Table, Tile};
use crate::sheet::{LetterFrame, Sheet};

/// Leaves room for two quotations (`> > `) in an 80-column mail reader.
const WIDTH: usize = 76;
/// A longer name of a fact stands on its own line.
const WIDEST_NAME: usize = 20;

/// The whole sheet. Ends with a line end.
pub fn of(sheet: &Sheet) -> String {
    let mut parts = Vec::new();
    parts.extend(sheet.marks.iter().map(|mark| wrapped(&format!("[{}] {}", mark.label, mark.text))));
    if let Some(letter) = &sheet.letter {
        parts.extend(letterhead(letter));
    }
    parts.push(title(sheet));
    parts.extend(sheet.blocks.iter().map(block).filter(|part| !part.is_empty()));
    if let Some(fingerprint) = &sheet.fingerprint {
        parts.push(format!("SHA-256 of the record:\n{fingerprint}"));
    }
    let mut text = parts.join("\n\n");
    text.push('\n');
    text
}

fn letterhead(letter: &LetterFrame) -> Vec<String> {
    let mut sender = vec![letter.sender.clone()];
    sender.extend(letter.sender_lines.iter().cloned());
    let mut dated = vec![letter.date.clone()];
    dated.extend(letter.reference.iter().map(|reference| format!("Reference: {reference}")));
    [sender, letter.addressee.clone(), dated]
        .iter()
        .filter(|lines| !lines.is_empty())
        .map(|lines| wrapped(&lines.join("\n")))
        .collect()
}

fn title(sheet: &Sheet) -> String {
    let mut lines: Vec<String> = sheet.eyebrow.iter().map(|line| wrapped(line)).collect();
    lines.push(underlined(&sheet.title, '='));
    lines.extend(sheet.subtitle.iter().map(|line| wrapped(line)));
    lines.join("\n")
}

fn block(block: &Block) -> String {
    match block {
        Block::Heading { level: Level::One, text } => underlined(text, '-'),
        Block::Heading { text, .. } | Block::Paragraph { text } => wrapped(text),
        Block::List { items } => {
            let items: Vec<String> = items.iter().map(|item| hanging("- ", item)).collect();
            items.join("\n")
        }
        Block::Facts { rows } => facts(rows),
        Block::Table(table) => format!("{}\n\n{}", wrapped(table.caption()), rows(table)),
        Block::Note { label, text } => hanging("| ", &format!("{label}: {text}")).replace("\n  ", "\n| "),
        Block::Lines { lines } => wrapped(&lines.join("\n")),
        Block::Tiles { tiles } => facts(&tiles.iter().map(fact).collect::<Vec<_>>()),
        Block::Board(board) => {
            let table = board.in_words();
            format!("{}\n\n{}", wrapped(table.caption()), rows(&table))
        }
        Block::NewPage => String::new(),
        // The words of a chart say what it shows; a caption that says nothing more is left out.
        Block::Chart { alt, caption, .. } => {
            let parts: Vec<&str> =
                [alt.as_str(), caption.as_str()].into_iter().filter(|part| !part.is_empty()).collect();
            hanging("[Chart] ", &parts.join(" "))
        }
    }
}

fn fact(tile: &Tile) -> Fact {
    let Tile { figure, label, note } = tile;
    let value = if note.is_empty() { figure.clone() } else { format!("{figure} ({note})") };
    Fact { name: label.clone(), value }
}

fn facts(rows: &[Fact]) -> String {
    let widest = rows.iter().map(|fact| display_width(&fact.name)).filter(|width| *width <= WIDEST_NAME).max();
    let width = widest.unwrap_or(0) + 2;
    let lines: Vec<String> = rows
        .iter()
        .map(|Fact { name, value }| {
            if display_width(name) <= WIDEST_NAME {
                hanging(&padded(&format!("{name}:"), width, false), value)
            } else {
                format!("{}\n{}", wrapped(&format!("{name}:")), hanging(&" ".repeat(width), value))
            }
        })
        .collect();
    lines.join("\n")
}

/// Side by side where the table fits, else row by row with the headings as names.
fn rows(table: &Table) -> String {
    if table.rows().is_empty() {
        return "(no rows)".into();
    }
    side_by_side(table).unwrap_or_else(|| row_by_row(table))
}

fn side_by_side(table: &Table) -> Option<String> {
    let widths: Vec<usize> = table
        .columns()
        .iter()
        .enumerate()
        .map(|(at, column)| {
            let cells = table.rows().iter().filter_map(|row| row.get(at));
            cells.map(|cell| display_width(cell)).chain([display_width(&column.heading)]).max().unwrap_or(0)
        })
        .collect();
    let full = widths.iter().sum::<usize>() + 2 * widths.len().saturating_sub(1);
    let one_line = table.rows().iter().flatten().all(|cell| !cell.contains('\n'));
    if full > WIDTH || !one_line {
        return None;
    }
    let line = |cells: Vec<&str>| {
        let cells: Vec<String> = cells
            .iter()
            .zip(&widths)
            .zip(table.columns())
            .map(|((cell, width), column)| padded(cell, *width, column.kind == ColumnKind::Figure))
            .collect();
        cells.join("  ").trim_end().to_owned()
    };
    let rule: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
    let mut lines = vec![line(table.columns().iter().map(|column| column.heading.as_str()).collect()), rule.join("  ")];
    lines.extend(table.rows().iter().map(|row| line(row.iter().map(String::as_str).collect())));
    Some(lines.join("\n"))
}

fn row_by_row(table: &Table) -> String {
    let stanzas: Vec<String> = table
        .rows()
        .iter()
        .map(|row| {
            let named: Vec<Fact> = table
                .columns()
                .iter()
                .zip(row)
                .filter(|(_, cell)| !cell.is_empty())
                .map(|(column, cell)| Fact { name: column.heading.clone(), value: cell.clone() })
                .collect();
            facts(&named)
        })
        .collect();
    stanzas.join("\n\n")
}

fn underlined(text: &str, with: char) -> String {
    let text = wrapped(text);
    let width = text.lines().map(display_width).max().unwrap_or(0);
    format!("{text}\n{}", with.to_string().repeat(width))
}

fn padded(text: &str, width: usize, to_the_right: bool) -> String {
    let gap = " ".repeat(width.saturating_sub(display_width(text)));
    if to_the_right { format!("{gap}{text}") } else { format!("{text}{gap}") }
}

fn wrapped(text: &str) -> String {
    hanging("", text)
}

/// Wraps with `first` before the first line and as much space before the others.
fn hanging(first: &str, text: &str) -> String {
    let rest = " ".repeat(display_width(first));
    let mut lines = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let options = Options::new(WIDTH)
            .initial_indent(if number == 0 { first } else { &rest })
            .subsequent_indent(&rest)
            .word_splitter(WordSplitter::NoHyphenation)
            .wrap_algorithm(WrapAlgorithm::FirstFit)
            // A broken address leads nowhere; any other long word may break.
            .break_words(!line.contains("://"));
        lines.extend(textwrap::wrap(line, options).into_iter().map(|line| line.trim_end().to_owned()));
    }
    if lines.is_empty() {
        return first.trim_end().to_owned();
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::block::{Board, BoardCell, Column};

    #[test]
    fn a_narrow_table_stands_side_by_side_and_a_wide_one_row_by_row() {
        let narrow = Table::of(
            "Scores",
            [Column::words("Criterion"), Column::figure("Score")],
            [["Impact".to_owned(), "3".to_owned()], ["Zoë’s".to_owned(), "12".to_owned()]],
        );
        assert_eq!(
            block(&narrow.into()),
            "Scores\n\nCriterion  Score\n---------  -----\nImpact         3\nZoë’s         12"
        );
        let wide = Table::of(
            "Scores",
            [Column::words("Criterion"), Column::words("Reasons")],
            [["Impact".to_owned(), "many words ".repeat(9).trim().to_owned()]],
        );
        assert_eq!(
            block(&wide.into()),
            "Scores\n\nCriterion: Impact\nReasons:   many words many words many words many words many words many words\n           \
             many words many words many words"
        );
    }

    #[test]
    fn tiles_and_boards_say_in_words_what_they_show() {
        let tiles = Block::Tiles { tiles: vec![Tile::new("3 of 4", "Indicators met", "one more than before")] };
        assert_eq!(block(&tiles), "Indicators met: 3 of 4 (one more than before)");
        let board = Board::of(
            "Icons",
            [Column::words("Measure"), Column::picture("Variation")],
            [[BoardCell::words("Falls"), BoardCell::picture("<svg/>", "No change")]],
        );
        assert_eq!(block(&board.into()), "Icons\n\nMeasure  Variation\n-------  ---------\nFalls    No change");
        assert_eq!(block(&Block::NewPage), "");
    }

    #[test]
    fn no_line_is_longer_than_76_but_an_address_stays_whole() {
        let long = "x".repeat(200);
        let text = block(&Block::paragraph(format!("{long} {}", "word ".repeat(40))));
        assert!(text.lines().all(|line| display_width(line) <= WIDTH), "{text}");
        assert_eq!(text.replace('\n', "").matches('x').count(), 200);
        let address = format!("https://example.org/{long}");
        assert!(block(&Block::paragraph(format!("See {address} there"))).lines().any(|line| line == address));
    }

    #[test]
    fn a_note_is_barred_on_every_line() {
        let text = block(&Block::note("Departure", "word ".repeat(30)));
        assert!(text.lines().count() > 1 && text.lines().all(|line| line.starts_with("| ")), "{text}");
    }
}
