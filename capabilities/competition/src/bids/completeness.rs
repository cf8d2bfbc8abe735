//! How a paper stands: its answers, files, partners, and everything that keeps it from being submitted; it judges nothing a person judges.

use hiec_forms::{Answers, FileFacts, FileIndex, QuestionSet, Visibilities};
use hiec_kernel::organisations::Organisation;
use hiec_kernel::{BidId, Fingerprint, Problem};
use hiec_store::Reads;
use hiec_store::database::StoreError;
use hiec_store::files::{self, FileRow};
use uuid::Uuid;

use super::answers;
use super::papers::{Paper, pqq_state};
use super::receipts::Part;
use super::sealed::{SealedContent, SealedPartner};
use super::shortfalls::{PartnerSignOff, Shortfall, of_members, of_sign_offs};
use super::store::Bid;
use crate::calls::design::MilestoneKey;
use crate::partnerships::principles::{self, Finding};
use crate::partnerships::store::{self as partners, Partner};

/// Everything a submission is made of and judged by, read at one moment.
#[derive(Clone, Debug)]
pub(crate) struct Standing {
    pub paper: Paper,
    pub answers: Answers,
    pub files: Vec<FileRow>,
    pub partners: Vec<Partner>,
    pub sign_offs: Vec<PartnerSignOff>,
    /// What lies in the answers, the membership and the shortlist; sign-offs and the clock are judged with the submission.
    pub shortfalls: Vec<Shortfall>,
}

/// How a paper of a bid stands now.
pub(crate) async fn standing(reads: &impl Reads, bid: &Bid, paper: Paper) -> Result<Standing, Problem> {
    let design = bid.call.design();
    let given = answers::of(reads, bid.id, paper).await?;
    let files = files(reads, bid.id).await?;
    let partners = partners::of_bid(reads, bid.id).await?;
    let mut sign_offs = Vec::new();
    for partner in partners.iter().filter(|_| paper == Paper::Bid) {
        let version = partner.version(&design.bid_questions, &given).map_err(Problem::internal)?;
        sign_offs.push(PartnerSignOff {
            partner: partner.organisation.name.clone(),
            sign_off: partner.state.sign_off(&version),
        });
    }
    let mut shortfalls = Vec::new();
    if paper == Paper::Bid {
        let has_pqq = design.milestone(MilestoneKey::Pqq).is_some();
        if has_pqq && !pqq_state(bid)?.may_bid() {
            shortfalls.push(Shortfall::NotShortlisted);
        }
        shortfalls.extend(of_members(design, &members(&partners)));
    }
    let set = paper.questions(design);
    shortfalls.extend(hiec_forms::shortfalls(set, &given, &index(&files)).into_iter().map(Shortfall::from));
    Ok(Standing { paper, answers: given, files, partners, sign_offs, shortfalls })
}

fn members(partners: &[Partner]) -> Vec<&Organisation> {
    partners.iter().filter(|partner| partner.state.is_member()).map(|partner| &partner.organisation).collect()
}

/// The files of a bid that were not removed.
pub(crate) async fn files(reads: &impl Reads, bid: BidId) -> Result<Vec<FileRow>, StoreError> {
    files::of_owner(reads, &format!("bid:{bid}")).await
}

/// The files as the forms know them.
pub(crate) fn index(files: &[FileRow]) -> FileIndex {
    files
        .iter()
        .map(|file| {
            let facts = FileFacts {
                name: file.name.clone(),
                media_type: file.content_type.clone(),
                bytes: u64::try_from(file.bytes).unwrap_or(0),
            };
            (file.id, facts)
        })
        .collect()
}

impl Standing {
    /// Everything that is missing but time, as one list.
    pub(crate) fn lacking(&self) -> Vec<Shortfall> {
        let mut all = self.shortfalls.clone();
        if self.paper == Paper::Bid {
            all.extend(of_sign_offs(&self.sign_offs));
        }
        all
    }

    /// The principle check on the bid's answers.
    pub(crate) fn findings(&self, bid: &Bid) -> Vec<Finding> {
        findings(bid, &self.partners, &self.answers)
    }

    /// The files these answers name.
    fn named_files(&self, answers: &Answers) -> FileIndex {
        let is_named = |file: &&FileRow| answers.iter().any(|(_, answer)| *answer == hiec_forms::Answer::File(file.id));
        index(&self.files.iter().filter(is_named).cloned().collect::<Vec<_>>())
    }

    /// What the receipt lists: each section's answers, each file, each commitment.
    pub(crate) fn parts(&self, bid: &Bid) -> Result<Vec<Part>, Problem> {
        let sha256 =
            |id: Uuid| self.files.iter().find(|file| file.id == id).map(|file| Fingerprint::from(file.sha256.clone()));
        self.content(bid).parts(self.paper, bid.call.design(), sha256).map_err(Problem::internal)
    }

    /// What is sealed: everything the assessors will read.
    pub(crate) fn content(&self, bid: &Bid) -> SealedContent {
        // What a condition hides was not asked, and is no part of the paper.
        let answers = asked(self.paper.questions(bid.call.design()), &self.answers);
        SealedContent {
            title: bid.title.clone(),
            region: bid.region_code.clone(),
            other_regions: bid.other_regions.clone(),
            lead_organisation: bid.lead_organisation_id,
            legal_form: bid.legal_form.clone(),
            files: self.named_files(&answers),
            answers,
            partners: self
                .partners
                .iter()
                .filter(|partner| partner.state.is_member())
                .map(|partner| SealedPartner {
                    organisation: partner.organisation.clone(),
                    part: partner.part,
                    commitment: partner.commitment.clone(),
                })
                .collect(),
        }
    }
}

/// The answers to the questions that are asked.
fn asked(set: &QuestionSet, answers: &Answers) -> Answers {
    let visibilities = Visibilities::of(set, answers);
    let mut asked = Answers::new();
    for (key, answer) in answers.iter().filter(|(key, _)| visibilities.is_visible(key)) {
        asked.set(key, Some(answer.clone()));
    }
    asked
}

/// The principle check of a partnership with these answers.
pub(crate) fn findings(bid: &Bid, partners: &[Partner], answers: &Answers) -> Vec<Finding> {
    let design = bid.call.design();
    let partners = partners.iter().map(Partner::for_check).collect();
    principles::check(design, &principles::snapshot_of(design, partners, answers))
}
