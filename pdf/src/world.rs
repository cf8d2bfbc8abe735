//! The closed world the templates live in: themselves, one data file, four fonts.
//! It never reaches a disk, a network, a package or a clock.

use std::collections::HashMap;

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Dict, Duration, IntoValue};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Feature, Library, LibraryExt, World};

use crate::Fault;
use crate::order::{Order, Template};

/// Name and text of every template, and of what they share.
const TEMPLATES: [(&str, &str); 5] = [
    ("house.typ", include_str!("../templates/house.typ")),
    ("minutes.typ", include_str!("../templates/minutes.typ")),
    ("letter.typ", include_str!("../templates/letter.typ")),
    ("receipt.typ", include_str!("../templates/receipt.typ")),
    ("report.typ", include_str!("../templates/report.typ")),
];

pub struct ClosedWorld {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    main: FileId,
    sources: HashMap<FileId, Source>,
    data: (FileId, Bytes),
}

impl ClosedWorld {
    /// A world with the order's template as its main file and `data` (JSON) as `/data.json`.
    ///
    /// # Errors
    /// [`Fault::Order`] when the language is not one.
    pub fn for_order(order: &Order, data: String, fonts: Vec<Font>) -> Result<Self, Fault> {
        let (lang, region) = order.language()?;
        let mut inputs = Dict::new();
        inputs.insert("lang".into(), lang.into_value());
        inputs.insert("region".into(), region.unwrap_or_default().into_value());
        // Row headings of tables need the accessibility extras; Cargo.lock pins what they do.
        let library =
            Library::builder().with_inputs(inputs).with_features([Feature::A11yExtras].into_iter().collect()).build();
        let mut sources = HashMap::new();
        for (name, text) in TEMPLATES {
            let id = file(name)?;
            sources.insert(id, Source::new(id, text.to_owned()));
        }
        Ok(Self {
            library: LazyHash::new(library),
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            fonts,
            main: file(main_file(order.template))?,
            sources,
            data: (file("data.json")?, Bytes::from_string(data)),
        })
    }
}

fn main_file(template: Template) -> &'static str {
    match template {
        Template::Minutes => "minutes.typ",
        Template::Letter => "letter.typ",
        Template::Receipt => "receipt.typ",
        Template::Report => "report.typ",
    }
}

fn file(name: &str) -> Result<FileId, Fault> {
    let path = VirtualPath::new(name).map_err(|_| Fault::Press(format!("“{name}” is not a name for a template.")))?;
    Ok(FileId::new(RootedPath::new(VirtualRoot::Project, path)))
}

impl World for ClosedWorld {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        self.sources.get(&id).cloned().ok_or(FileError::AccessDenied)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.data.0 { Ok(self.data.1.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.get(index).cloned()
    }

    /// There is no today: the date is in the data, so that the same data gives the same bytes.
    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}
