//! Documents of the demonstration: one plain page each, made here, that says it is illustrative.

use hiec_files::{FileKey, FileStore};
use hiec_forms::{Answer, Kind, QuestionSet};
use hiec_kernel::Problem;
use hiec_kernel::people::Person;
use hiec_store::{Unit, files};
use hiec_web::uploads;

use crate::bids::answers::Typed;
use crate::bids::store::Bid;

/// Stores a document for every question of the set that must have one, and answers them with it.
pub(super) async fn attach(
    unit: &Unit,
    store: &FileStore,
    bid: &Bid,
    by: &Person,
    set: &QuestionSet,
) -> Result<Vec<Typed>, Problem> {
    let mut typed = Vec::new();
    for (_, question) in set.questions() {
        if !question.required || !matches!(question.kind, Kind::File { .. }) {
            continue;
        }
        let id = unit.new_id();
        let name = format!("illustrative-{}.pdf", question.key.replace('_', "-"));
        let content = page(&format!("Illustrative document of {}: {}", bid.title, question.label));
        let stored = store.put_bytes(FileKey(id), &name, content.into(), 1_000_000).await?;
        files::add(unit, &uploads::row(stored), &bid.subject(), by.id).await?;
        typed.push(Typed::new(question.key.clone(), Answer::File(id)));
    }
    Ok(typed)
}

/// A one-page PDF with a line of text, after ISO 32000-1: header, four objects, cross-reference table, trailer.
fn page(text: &str) -> Vec<u8> {
    let shown: String = text.chars().filter(|c| c.is_ascii() && !matches!(c, '(' | ')' | '\\')).take(90).collect();
    let content = format!("BT /F1 12 Tf 56 770 Td ({shown}) Tj ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 << /Type /Font \
         /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()),
    ];
    let mut pdf = String::from("%PDF-1.4\n");
    let mut places = Vec::new();
    for (nth, object) in objects.iter().enumerate() {
        places.push(pdf.len());
        pdf.push_str(&format!("{} 0 obj\n{object}\nendobj\n", nth + 1));
    }
    let table = pdf.len();
    pdf.push_str(&format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1));
    for place in places {
        pdf.push_str(&format!("{place:010} 00000 n \n"));
    }
    pdf.push_str(&format!("trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n", objects.len() + 1));
    pdf.into_bytes()
}
