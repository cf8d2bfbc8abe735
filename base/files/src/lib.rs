//! Files in and out: uploads, the object store, tables (CSV, XLSX), imports with a preview; it knows no page, no SQL and no bid.

pub mod import;
pub mod names;
pub mod object;
pub mod ods;
pub mod sniff;
pub mod table;

pub use names::{attachment, safe_name};
pub use object::{FileKey, FileStore, FileStoreError, StoredFile};
pub use sniff::{FileKind, Refusal, Sniffed, Sniffer};
pub use table::{Cell, Column, Table};
