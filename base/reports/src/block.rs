//! The blocks every document is made of, free of any page's markup.
//! A block holds plain words only: nothing in it is ever read as markup, by a page or by the PDF.

use serde::{Deserialize, Serialize};

/// One piece of a document, in reading order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Block {
    /// A heading below the document's title.
    Heading { level: Level, text: String },
    /// A paragraph; a line end in it is kept.
    Paragraph { text: String },
    /// A list in no particular order.
    List { items: Vec<String> },
    /// Names and values, one pair a row.
    Facts { rows: Vec<Fact> },
    /// A table with a caption and a header row.
    Table(Table),
    /// Something that must not be overlooked.
    Note { label: String, text: String },
    /// Short lines that belong together: an address, a sign-off.
    Lines { lines: Vec<String> },
    /// A chart as SVG, with words that say the same for whoever does not see it. The caption may be empty.
    Chart { svg: String, alt: String, caption: String },
    /// Big figures side by side, each with a word: what a reader should take away. At most four stand in a row.
    Tiles { tiles: Vec<Tile> },
    /// A table with small pictures in some of its cells.
    Board(Board),
    /// What follows begins on a new page, where there are pages.
    NewPage,
}

impl Block {
    pub fn heading(level: Level, text: impl Into<String>) -> Self {
        Self::Heading { level, text: text.into() }
    }

    pub fn paragraph(text: impl Into<String>) -> Self {
        Self::Paragraph { text: text.into() }
    }

    pub fn list<T: Into<String>>(items: impl IntoIterator<Item = T>) -> Self {
        Self::List { items: items.into_iter().map(Into::into).collect() }
    }

    /// Facts from pairs; a pair without a value is left out.
    pub fn facts<const N: usize>(pairs: [(&str, Option<String>); N]) -> Self {
        let rows = pairs
            .into_iter()
            .filter_map(|(name, value)| value.map(|value| Fact { name: name.into(), value }))
            .collect();
        Self::Facts { rows }
    }

    pub fn note(label: impl Into<String>, text: impl Into<String>) -> Self {
        Self::Note { label: label.into(), text: text.into() }
    }

    pub fn chart(svg: impl Into<String>, alt: impl Into<String>, caption: impl Into<String>) -> Self {
        Self::Chart { svg: svg.into(), alt: alt.into(), caption: caption.into() }
    }

    pub fn lines<T: Into<String>>(lines: impl IntoIterator<Item = T>) -> Self {
        Self::Lines { lines: lines.into_iter().map(Into::into).collect() }
    }
}

/// A big figure with what it is: `3 of 4`, `indicators met`, and a note that may be empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tile {
    pub figure: String,
    pub label: String,
    pub note: String,
}

impl Tile {
    pub fn new(figure: impl Into<String>, label: impl Into<String>, note: impl Into<String>) -> Self {
        Self { figure: figure.into(), label: label.into(), note: note.into() }
    }
}

/// How deep a heading stands; the document's title is above them all. In JSON a number, 1 to 3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "u8", try_from = "u8")]
pub enum Level {
    One,
    Two,
    Three,
}

impl From<Level> for u8 {
    fn from(level: Level) -> Self {
        match level {
            Level::One => 1,
            Level::Two => 2,
            Level::Three => 3,
        }
    }
}

impl TryFrom<u8> for Level {
    type Error = ShapeError;

    fn try_from(level: u8) -> Result<Self, ShapeError> {
        match level {
            1 => Ok(Self::One),
            2 => Ok(Self::Two),
            3 => Ok(Self::Three),
            _ => Err(ShapeError::NoSuchLevel),
        }
    }
}

/// A name and its value: `Place`, `Richmond House`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    pub name: String,
    pub value: String,
}

/// What a column holds, which decides its width and side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnKind {
    /// Words, which wrap.
    #[default]
    Words,
    /// Figures, set to the right.
    Figure,
    /// Fingerprints and codes, in a face of even width and never broken.
    Code,
    /// Small pictures, in the middle.
    Picture,
}

/// A column of a [`Table`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    pub heading: String,
    pub kind: ColumnKind,
    /// For words: how much of the free width it takes beside its neighbours (1 is usual).
    pub share: u8,
}

impl Column {
    pub fn words(heading: &str) -> Self {
        Self { heading: heading.into(), kind: ColumnKind::Words, share: 1 }
    }

    /// A column of words `share` times as wide as a usual one.
    pub fn wide(heading: &str, share: u8) -> Self {
        Self { share: share.max(1), ..Self::words(heading) }
    }

    pub fn figure(heading: &str) -> Self {
        Self { kind: ColumnKind::Figure, ..Self::words(heading) }
    }

    pub fn code(heading: &str) -> Self {
        Self { kind: ColumnKind::Code, ..Self::words(heading) }
    }

    pub fn picture(heading: &str) -> Self {
        Self { kind: ColumnKind::Picture, ..Self::words(heading) }
    }
}

/// A table whose every row has as many cells as there are columns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "TableParts")]
pub struct Table {
    caption: String,
    columns: Vec<Column>,
    rows: Vec<Vec<String>>,
    /// Whether the first cell of a row names the row, for screen readers.
    row_headings: bool,
}

/// Why parts do not make a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ShapeError {
    #[error("a table needs at least one column")]
    NoColumns,
    #[error("every row of a table needs as many cells as the table has columns")]
    UnevenRow,
    #[error("a heading's level is 1, 2 or 3")]
    NoSuchLevel,
}

impl Table {
    /// A table of known shape: the compiler holds every row to its columns.
    pub fn of<const N: usize>(
        caption: &str,
        columns: [Column; N],
        rows: impl IntoIterator<Item = [String; N]>,
    ) -> Self {
        const { assert!(N > 0, "a table needs at least one column") };
        Self {
            caption: caption.into(),
            columns: columns.into(),
            rows: rows.into_iter().map(Vec::from).collect(),
            row_headings: true,
        }
    }

    /// A table whose columns are known only when it runs.
    ///
    /// # Errors
    /// [`ShapeError`] when there is no column, or a row has more or fewer cells than there are columns.
    pub fn try_new(caption: &str, columns: Vec<Column>, rows: Vec<Vec<String>>) -> Result<Self, ShapeError> {
        Self::try_from(TableParts { caption: caption.into(), columns, rows, row_headings: true })
    }

    /// The same table where the first cell of a row does not name it.
    pub fn without_row_headings(self) -> Self {
        Self { row_headings: false, ..self }
    }

    pub fn caption(&self) -> &str {
        &self.caption
    }

    /// At least one.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Each row as long as [`Table::columns`].
    pub fn rows(&self) -> &[Vec<String>] {
        &self.rows
    }

    pub fn has_row_headings(&self) -> bool {
        self.row_headings
    }
}

impl From<Table> for Block {
    fn from(table: Table) -> Self {
        Self::Table(table)
    }
}

/// A cell of a [`Board`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum BoardCell {
    Words {
        text: String,
    },
    /// A small SVG, with words that say the same.
    Picture {
        svg: String,
        alt: String,
    },
}

impl BoardCell {
    pub fn words(text: impl Into<String>) -> Self {
        Self::Words { text: text.into() }
    }

    pub fn picture(svg: impl Into<String>, alt: impl Into<String>) -> Self {
        Self::Picture { svg: svg.into(), alt: alt.into() }
    }

    /// What it says, seen or not.
    pub fn says(&self) -> &str {
        match self {
            Self::Words { text } => text,
            Self::Picture { alt, .. } => alt,
        }
    }
}

/// A table whose every row has as many cells as there are columns, words or small pictures. The first cell names its row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "BoardParts")]
pub struct Board {
    caption: String,
    columns: Vec<Column>,
    rows: Vec<Vec<BoardCell>>,
}

impl Board {
    /// A board of known shape: the compiler holds every row to its columns.
    pub fn of<const N: usize>(
        caption: &str,
        columns: [Column; N],
        rows: impl IntoIterator<Item = [BoardCell; N]>,
    ) -> Self {
        const { assert!(N > 0, "a board needs at least one column") };
        Self { caption: caption.into(), columns: columns.into(), rows: rows.into_iter().map(Vec::from).collect() }
    }

    pub fn caption(&self) -> &str {
        &self.caption
    }

    /// At least one.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Each row as long as [`Board::columns`].
    pub fn rows(&self) -> &[Vec<BoardCell>] {
        &self.rows
    }

    /// The same in words alone.
    pub(crate) fn in_words(&self) -> Table {
        let rows = self.rows.iter().map(|row| row.iter().map(|cell| cell.says().to_owned()).collect());
        Table { caption: self.caption.clone(), columns: self.columns.clone(), rows: rows.collect(), row_headings: true }
    }
}

impl From<Board> for Block {
    fn from(board: Board) -> Self {
        Self::Board(board)
    }
}

#[derive(Deserialize)]
struct BoardParts {
    caption: String,
    columns: Vec<Column>,
    rows: Vec<Vec<BoardCell>>,
}

impl TryFrom<BoardParts> for Board {
    type Error = ShapeError;

    fn try_from(parts: BoardParts) -> Result<Self, ShapeError> {
        let BoardParts { caption, columns, rows } = parts;
        if columns.is_empty() {
            return Err(ShapeError::NoColumns);
        }
        if rows.iter().any(|row| row.len() != columns.len()) {
            return Err(ShapeError::UnevenRow);
        }
        Ok(Self { caption, columns, rows })
    }
}

#[derive(Deserialize)]
struct TableParts {
    caption: String,
    columns: Vec<Column>,
    rows: Vec<Vec<String>>,
    row_headings: bool,
}

impl TryFrom<TableParts> for Table {
    type Error = ShapeError;

    fn try_from(parts: TableParts) -> Result<Self, ShapeError> {
        let TableParts { caption, columns, rows, row_headings } = parts;
        if columns.is_empty() {
            return Err(ShapeError::NoColumns);
        }
        if rows.iter().any(|row| row.len() != columns.len()) {
            return Err(ShapeError::UnevenRow);
        }
        Ok(Self { caption, columns, rows, row_headings })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_keeps_its_shape_even_from_json() {
        let table = Table::of("T", [Column::words("A"), Column::figure("B")], [["x".to_owned(), "1".to_owned()]]);
        let json = serde_json::to_value(Block::from(table.clone())).unwrap();
        assert_eq!(json["kind"], "table");
        assert_eq!(serde_json::from_value::<Block>(json.clone()).unwrap(), Block::Table(table));

        let mut uneven = json;
        uneven["rows"][0] = serde_json::json!(["x"]);
        let refusal = serde_json::from_value::<Block>(uneven).unwrap_err().to_string();
        assert!(refusal.contains("as many cells"), "{refusal}");
        assert_eq!(Table::try_new("T", vec![], vec![]), Err(ShapeError::NoColumns));
    }

    #[test]
    fn a_board_keeps_its_shape_even_from_json() {
        let row = [BoardCell::words("Falls"), BoardCell::picture("<svg/>", "No change")];
        let board = Board::of("B", [Column::words("What"), Column::picture("Says")], [row]);
        let json = serde_json::to_value(Block::from(board.clone())).unwrap();
        assert_eq!((&json["kind"], &json["rows"][0][1]["kind"]), (&"board".into(), &"picture".into()));
        assert_eq!(serde_json::from_value::<Block>(json.clone()).unwrap(), Block::Board(board));

        let mut uneven = json;
        uneven["rows"][0] = serde_json::json!([]);
        assert!(serde_json::from_value::<Block>(uneven).unwrap_err().to_string().contains("as many cells"));
    }

    #[test]
    fn a_fact_without_a_value_is_left_out() {
        let Block::Facts { rows } = Block::facts([("Place", Some("Leeds".into())), ("Reference", None)]) else {
            panic!("facts")
        };
        assert_eq!(rows, [Fact { name: "Place".into(), value: "Leeds".into() }]);
    }

    #[test]
    fn a_level_is_one_to_three() {
        assert_eq!(serde_json::from_str::<Level>("3").unwrap(), Level::Three);
        assert!(serde_json::from_str::<Level>("4").is_err());
    }
}
