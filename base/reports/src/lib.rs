//! Minutes, letters, receipts and reports: written once as blocks, shown as page, plain text or accessible PDF.
//! It never decides or reckons anything: scores, ranks and times come in as the record has them.

mod block;
mod letter;
mod minutes;
mod press;
mod receipt;
mod report;
mod sheet;
mod text;

pub use block::{Block, Board, BoardCell, Column, ColumnKind, Fact, Level, ShapeError, Table, Tile};
pub use letter::{Letter, ScoreLine, ScoreSheet, ScoreTotal, SignOff};
pub use minutes::{Action, Approval, Attendee, Decision, MinuteItem, Minutes, Quorum, Rank, Recusal};
pub use press::{ReportError, Reports};
pub use receipt::{Receipt, ReceiptPart};
pub use report::Report;
pub use sheet::{Document, LetterFrame, Mark, Sheet, Template};
