//! Awards as other capabilities may ask of them: what was announced, and who signed for the bid.

use async_trait::async_trait;
use hiec_contracts::{Award, Awards};
use hiec_kernel::BidId;
use hiec_store::database::StoreError;
use hiec_store::{Database, organisations};

use crate::announcement::store as announcements;
use crate::calls::store as calls;
use crate::partnerships::commitments::PartnerState;
use crate::partnerships::store as partners;

/// Answers from the announcements.
#[derive(Clone, Copy, Debug)]
pub struct AnnouncedAwards;

#[async_trait]
impl Awards for AnnouncedAwards {
    async fn of_bid(&self, database: &Database, bid: BidId) -> Result<Option<Award>, StoreError> {
        Ok(self.all(database).await?.into_iter().find(|award| award.bid == bid))
    }

    async fn all(&self, database: &Database) -> Result<Vec<Award>, StoreError> {
        let regions = organisations::regions(database).await?;
        let mut awards = Vec::new();
        for announcement in announcements::all(database).await? {
            let Some(call) = calls::by_key(database, &announcement.call, announcement.announced_at).await? else {
                continue;
            };
            for award in &announcement.awards {
                let signed = partners::of_bid(database, award.bid).await?;
                let mut members = vec![award.principal_partner_id];
                members.extend(
                    signed
                        .iter()
                        .filter(|partner| matches!(partner.state, PartnerState::Signed(_)))
                        .map(|partner| partner.organisation.id),
                );
                members.sort_unstable();
                members.dedup();
                awards.push(Award {
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
                });
            }
        }
        Ok(awards)
    }
}
