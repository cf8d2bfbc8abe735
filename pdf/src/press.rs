//! From an order to the bytes of a PDF: sets the text, lays it out, and holds it to the standards.
//! The same order always gives the same bytes.

use typst::diag::SourceDiagnostic;
use typst::foundations::{Datetime, Smart};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use crate::Fault;
use crate::fonts::{self, Shown};
use crate::glyphs::settable;
use crate::order::Order;
use crate::world::ClosedWorld;

/// A finished document.
pub struct Print {
    pub pdf: Vec<u8>,
    /// For the operator: what the document lacks though it was drawn.
    pub warning: Option<String>,
}

/// Draws the document as PDF/UA-1 (accessible) and PDF/A-2a (for keeping).
///
/// Some scripts cannot meet these standards (Arabic letters join into shapes that have no code of
/// their own). A person is better served by a tagged PDF that claims no standard than by none, so that
/// is what they get, with a warning for the operator.
///
/// # Errors
/// [`Fault`] in words when the data does not fit the template or the document cannot be drawn.
pub fn draw(order: &Order) -> Result<Print, Fault> {
    let fonts = fonts::all();
    let mut data = order.data.clone();
    settable(&mut data, &Shown::by(&fonts));
    let document = lay_out(order, data.to_string(), fonts)?;
    let timestamp = timestamp(order)?;
    let ident = format!("{:?} {} {}", order.template, order.lang, order.data);

    let options = |standards| PdfOptions {
        ident: Smart::Custom(ident.clone()),
        creator: Smart::Custom(Some("hiec".into())),
        timestamp: Some(timestamp),
        standards,
        ..PdfOptions::default()
    };
    let strict = PdfStandards::new(&[PdfStandard::Ua_1, PdfStandard::A_2a])
        .map_err(|why| Fault::Press(format!("The standards do not go together: {}", why.message())))?;
    match typst_pdf::pdf(&document, &options(strict)) {
        Ok(pdf) => Ok(Print { pdf, warning: None }),
        Err(shortfalls) => {
            let pdf = typst_pdf::pdf(&document, &options(PdfStandards::default()))
                .map_err(|why| Fault::Press(in_words("The PDF could not be written", &why)))?;
            Ok(Print { pdf, warning: Some(in_words("Tagged, but not to PDF/UA-1 and PDF/A-2a", &shortfalls)) })
        }
    }
}

fn lay_out(order: &Order, data: String, fonts: Vec<typst::text::Font>) -> Result<PagedDocument, Fault> {
    let world = ClosedWorld::for_order(order, data, fonts)?;
    typst::compile::<PagedDocument>(&world)
        .output
        .map_err(|why| Fault::Press(in_words("The document does not fit its template", &why)))
}

fn timestamp(order: &Order) -> Result<Timestamp, Fault> {
    let day = order.date()?;
    Datetime::from_ymd_hms(day.year, day.month, day.day, 0, 0, 0)
        .map(Timestamp::new_utc)
        .ok_or_else(|| Fault::Order("The document's date is not a day of the calendar.".into()))
}

fn in_words(what: &str, why: &[SourceDiagnostic]) -> String {
    let reasons: Vec<&str> = why.iter().take(5).map(|diagnostic| diagnostic.message.as_str()).collect();
    format!("{what}: {}.", reasons.join("; "))
}
