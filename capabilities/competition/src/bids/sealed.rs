//! What was submitted, as it was sealed: stored with its receipt and never changed; it is shown to nobody outside the partnership before the opening.

use hiec_forms::{Answers, FileIndex, QuestionSet, Visibilities, display_with_files};
use hiec_kernel::organisations::Organisation;
use hiec_kernel::{BidId, Fingerprint, OrganisationId, PersonId, Timestamp};
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, Unit, values};
use hiec_web::components::{Content, SummaryList, SummaryRow};
use maud::{Markup, html};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::papers::Paper;
use super::receipts::{Part as ReceiptPart, Receipt};
use super::store::Bid;
use crate::calls::design::CallDesign;
use crate::partnerships::commitments::Commitment;
use crate::partnerships::principles::{self, Finding};
use crate::partnerships::store::Part;

/// The whole of a submission.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(crate) struct SealedContent {
    pub title: String,
    pub region: String,
    pub other_regions: Vec<String>,
    pub lead_organisation: OrganisationId,
    pub legal_form: Option<String>,
    pub answers: Answers,
    pub files: FileIndex,
    pub partners: Vec<SealedPartner>,
}

/// A partner as it was at submission.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(crate) struct SealedPartner {
    pub organisation: Organisation,
    pub part: Part,
    pub commitment: Option<Commitment>,
}

impl SealedContent {
    /// What a receipt for this content lists: each section's answers, each file, each commitment, and the rest. `sha256` answers what a
    /// file's bytes give; a file nobody has is left out, so that a receipt that lists it says so.
    pub(crate) fn parts(
        &self,
        paper: Paper,
        design: &CallDesign,
        sha256: impl Fn(Uuid) -> Option<Fingerprint>,
    ) -> Result<Vec<ReceiptPart>, serde_json::Error> {
        if self.answers.is_empty() {
            return Ok(Vec::new());
        }
        let mut parts = ReceiptPart::answers(paper.questions(design), &self.answers)?;
        for (id, file) in &self.files {
            if let Some(sha256) = sha256(*id) {
                // Two files may have one name; a receipt's names are unique.
                parts.push(ReceiptPart::file(format!("{} ({})", file.name, id.simple()), file.bytes, sha256));
            }
        }
        // Partners sign the bid, not the questionnaire.
        for partner in self.partners.iter().filter(|_| paper == Paper::Bid) {
            if let Some(commitment) = &partner.commitment {
                parts.push(ReceiptPart::commitment(partner.organisation.name.clone(), commitment)?);
            }
        }
        parts.push(ReceiptPart::particulars(&self.particulars()?));
        Ok(parts)
    }

    /// Everything but the answers and the commitments, which are parts of their own.
    fn particulars(&self) -> Result<serde_json::Value, serde_json::Error> {
        let bare = Self {
            answers: Answers::new(),
            partners: self
                .partners
                .iter()
                .map(|partner| SealedPartner { commitment: None, ..partner.clone() })
                .collect(),
            ..self.clone()
        };
        serde_json::to_value(bare)
    }

    /// The principle check on what was submitted.
    pub(crate) fn findings(&self, design: &CallDesign) -> Vec<Finding> {
        let partners = self
            .partners
            .iter()
            .map(|partner| principles::Partner {
                organisation: partner.organisation.clone(),
                presence: principles::Presence::Member,
            })
            .collect();
        principles::check(design, &principles::snapshot_of(design, partners, &self.answers))
    }
}

/// A submission as stored.
#[derive(Clone, Debug)]
pub(crate) struct Sealed {
    pub paper: Paper,
    pub receipt: Receipt,
    pub content: SealedContent,
    pub submitted_at: Timestamp,
}

#[derive(FromQueryResult)]
struct Row {
    form: String,
    receipt: serde_json::Value,
    content: serde_json::Value,
    submitted_at: Timestamp,
}

impl TryFrom<Row> for Sealed {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            paper: Paper::from_key(&row.form).unwrap_or(Paper::Bid),
            receipt: serde_json::from_value(row.receipt)?,
            content: serde_json::from_value(row.content)?,
            submitted_at: row.submitted_at,
        })
    }
}

const COLUMNS: &str = "form, receipt, content, submitted_at";

/// The submission that counts: the last one of this paper.
pub(crate) async fn latest(reads: &impl Reads, bid: BidId, paper: Paper) -> Result<Option<Sealed>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM competition_submission WHERE bid_id = $1 AND form = $2 \
         ORDER BY submitted_at DESC, receipt_number DESC LIMIT 1"
    );
    reads.one::<Row>(&sql, values![bid.0, paper.key()]).await?.map(Sealed::try_from).transpose()
}

/// Every submission of a bid, oldest first.
pub(crate) async fn of_bid(reads: &impl Reads, bid: BidId) -> Result<Vec<Sealed>, StoreError> {
    let sql =
        format!("SELECT {COLUMNS} FROM competition_submission WHERE bid_id = $1 ORDER BY submitted_at, receipt_number");
    let rows: Vec<Row> = reads.all(&sql, values![bid.0]).await?;
    rows.into_iter().map(Sealed::try_from).collect()
}

/// The submission with this receipt number.
pub(crate) async fn by_receipt(reads: &impl Reads, bid: BidId, number: &str) -> Result<Option<Sealed>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM competition_submission WHERE bid_id = $1 AND receipt_number = $2");
    reads.one::<Row>(&sql, values![bid.0, number]).await?.map(Sealed::try_from).transpose()
}

/// Stores a submission with its receipt, for good.
pub(crate) async fn seal(
    unit: &Unit,
    bid: &Bid,
    paper: Paper,
    by: PersonId,
    receipt: &Receipt,
    content: &SealedContent,
) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO competition_submission (id, bid_id, call_id, form, receipt_number, receipt, content, fingerprint, \
         submitted_at, submitted_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        values![
            unit.new_id(),
            bid.id.0,
            bid.call.id.0,
            paper.key(),
            receipt.number.clone(),
            serde_json::to_value(receipt)?,
            serde_json::to_value(content)?,
            receipt.overall.to_string(),
            receipt.received_at,
            by.0
        ],
    )
    .await?;
    Ok(())
}

/// The answers of a submission as its readers see them, section by section; `heading` is the level of the sections' headings.
pub(crate) fn view(set: &QuestionSet, content: &SealedContent) -> Markup {
    let visibilities = Visibilities::of(set, &content.answers);
    html! {
        @for section in &set.sections {
            h2 id=(section.key) { (section.title) }
            (SummaryList::new(section.questions.iter().filter(|question| visibilities.is_visible(&question.key)).map(|question| {
                let value: Content = match content.answers.get(&question.key) {
                    Some(answer) => lines(&display_with_files(question, answer, &content.files)).into(),
                    None => html! { span.nhsuk-u-secondary-text-colour { "Not answered" } }.into(),
                };
                SummaryRow::new(question.label.as_str(), value)
            })))
        }
    }
}

/// Text with its line breaks.
pub(crate) fn lines(text: &str) -> Markup {
    html! { @for (number, line) in text.lines().enumerate() { @if number > 0 { br; } (line) } }
}
