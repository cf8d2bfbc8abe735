//! Awards as other capabilities may ask of them: what was announced, who signed for the bid, and what it promised. It never shows a bid that was not awarded.

use async_trait::async_trait;
use hiec_contracts::{Award, Awards, Statement};
use hiec_kernel::BidId;
use hiec_principles::{PrincipleRule, Snapshot};
use hiec_store::database::StoreError;
use hiec_store::organisations::Region;
use hiec_store::{Database, organisations};

use crate::announcement::record::AnnouncedAward;
use crate::announcement::store as announcements;
use crate::bids::papers::Paper;
use crate::bids::sealed;
use crate::calls::design::CallDesign;
use crate::calls::store::{self as calls, Call};
use crate::partnerships::commitments::PartnerState;
use crate::partnerships::principles::{rules, snapshot_of};
use crate::partnerships::store as partners;

/// Answers from the announcements.
#[derive(Clone, Copy, Debug)]
pub struct AnnouncedAwards;

#[async_trait]
impl Awards for AnnouncedAwards {
    async fn of_bid(&self, database: &Database, bid: BidId) -> Result<Option<Award>, StoreError> {
        Ok(announced(database, Some(bid)).await?.pop())
    }

    async fn all(&self, database: &Database) -> Result<Vec<Award>, StoreError> {
        announced(database, None).await
    }
}

/// The announced awards, or only the one on a bid.
async fn announced(database: &Database, only: Option<BidId>) -> Result<Vec<Award>, StoreError> {
    let regions = organisations::regions(database).await?;
    let mut awards = Vec::new();
    for announcement in announcements::all(database).await? {
        let wanted: Vec<_> =
            announcement.awards.iter().filter(|award| only.is_none_or(|bid| award.bid == bid)).collect();
        if wanted.is_empty() {
            continue;
        }
        let Some(call) = calls::by_key(database, &announcement.call, announcement.announced_at).await? else {
            continue;
        };
        for award in wanted {
            awards.push(of(database, &call, &regions, award).await?);
        }
    }
    Ok(awards)
}

async fn of(database: &Database, call: &Call, regions: &[Region], award: &AnnouncedAward) -> Result<Award, StoreError> {
    let signed: Vec<_> = partners::of_bid(database, award.bid)
        .await?
        .into_iter()
        .filter(|partner| matches!(partner.state, PartnerState::Signed(_)))
        .collect();
    let mut members = vec![award.principal_partner_id];
    members.extend(signed.iter().map(|partner| partner.organisation.id));
    members.sort_unstable();
    members.dedup();
    let design = call.design();
    let said = match sealed::latest(database, award.bid, Paper::Bid).await? {
        Some(submission) => snapshot_of(design, Vec::new(), &submission.content.answers),
        None => Snapshot::default(),
    };
    Ok(Award {
        bid: award.bid,
        call: call.id,
        call_title: call.title.clone(),
        programme: call.programme_id,
        name: award.cluster.clone(),
        lead: award.principal_partner_id,
        region: regions
            .iter()
            .find(|region| region.name == award.region || region.code == award.region)
            .map(|region| region.id),
        amount: award.amount,
        work_programme: award.work_programme.clone(),
        partners: members,
        rules: rules(design),
        statements: statements(design, &said),
        legal_form: said.legal_form,
        wants_binding_contracts: said.region_wants_binding_contracts,
    })
}

/// Every question a principle asks, with what the bid says; a question nobody answered stands empty, so that it can be answered later.
fn statements(design: &CallDesign, said: &Snapshot) -> Vec<Statement> {
    let rules: Vec<&PrincipleRule> = design.principles.iter().map(|principle| &principle.rule).collect();
    let is_asked = |key: &str| rules.iter().any(|rule| rule.statements().contains(&key));
    design
        .bid_questions
        .questions()
        .filter(|(_, question)| is_asked(&question.key))
        .map(|(_, question)| Statement {
            key: question.key.clone(),
            label: question.label.clone(),
            text: said.answers.get(&question.key).cloned().unwrap_or_default(),
        })
        .collect()
}
