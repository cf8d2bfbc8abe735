//! Letters composed from the record: each bidder's scores, reasons, and what a better bid had, checked for others' secrets before anything is sent.

use std::collections::{BTreeMap, BTreeSet};

use hiec_forms::Answer;
use hiec_kernel::calendar::WorkingCalendar;
use hiec_kernel::clock::date_on_page;
use hiec_kernel::{BidId, Problem, Timestamp};
use hiec_store::{FromQueryResult, Reads, values};
use uuid::Uuid;

use super::letters::{CriterionOutcome, Letter, OutcomeFacts, write_letter};
use super::secrets::{BidSecrets, SecretFound};
use super::standstill::{Standstill, StandstillRule};
use super::store;
use crate::bids::sealed::SealedContent;
use crate::calls::design::{Criterion, TieStep};
use crate::calls::store::Call;
use crate::panel::actions::final_ranking;
use crate::panel::decisions::Verdict;
use crate::panel::store::{self as panel, Held};
use crate::ranking::design::{criteria_of, ranking_rule_of};
use crate::ranking::exact::Exact;
use crate::ranking::rules::{Ranking, Standing};
use crate::ranking::scores::reasons_of_call;
use crate::ranking::store::{self as rankings, BidLine};

/// A letter on its way: written, or kept back because something of another bid stands in it.
#[derive(Clone, Debug)]
pub(crate) struct Composed {
    pub bid: BidLine,
    pub verdict: Verdict,
    pub letter: Result<Letter, Vec<SecretFound>>,
}

/// The standstill that begins with letters sent at a moment.
pub(crate) fn standstill_from(call: &Call, told: Timestamp) -> Result<Standstill, Problem> {
    let rule = StandstillRule::from(&call.design().award.standstill);
    Ok(Standstill::begin(rule, told, &WorkingCalendar::default())?)
}

/// All letters of a call as they would go out at `told`. `better` holds the office's general words on what a better bid
/// had, by criterion.
pub(crate) async fn compose(
    reads: &impl Reads,
    call: &Call,
    told: Timestamp,
    better: &BTreeMap<String, String>,
) -> Result<Vec<Composed>, Problem> {
    let stored = final_ranking(reads, call).await?;
    let decided = panel::decisions(reads, call.id).await?;
    let bids = rankings::opened_bids(reads, call.id).await?;
    let undecided = bids.iter().filter(|bid| !decided.contains_key(&bid.id)).count();
    if undecided > 0 {
        return Err(Problem::conflict(
            format!("The panel has not decided on {undecided} bids"),
            "Every bid is decided before any bidder is told.",
        ));
    }
    let standstill = standstill_from(call, told)?;
    let reasons = reasons_of_call(reads, call).await?;
    let secrets = secrets_of(reads, call, &bids).await?;
    let replaces = store::settings_aside(reads, call.id).await?.last().map(|one| {
        format!(
            "This letter takes the place of the one of {}. That outcome was set aside on {} after a complaint, and the decisions concerned were taken anew: {}",
            date_on_page(one.told_at),
            date_on_page(one.at),
            one.reason
        )
    });
    let published = serde_json::to_string(call.design()).map_err(Problem::internal)?;
    let mut letters = Vec::with_capacity(bids.len());
    for bid in bids {
        let Some(held) = decided.get(&bid.id) else {
            continue;
        };
        let facts = OutcomeFacts {
            call: call.title.clone(),
            bid_title: bid.title.clone(),
            partnership: bid.lead.clone(),
            verdict: held.decision.verdict,
            amount: held.decision.amount,
            criteria: criteria(call, &stored.ranking, &decided, &bid, &reasons, better),
            total: total_of(&stored.ranking, bid.id),
            lowest_funded_total: lowest_funded(&stored.ranking, &decided),
            rank: stored.ranking.rank(bid.id),
            ranked_bids: stored.ranking.bids.iter().filter(|line| line.rank().is_some()).count(),
            below_floor: match stored.ranking.of(bid.id).map(|line| &line.standing) {
                Some(Standing::BelowFloor { breaches }) => breaches.clone(),
                _ => Vec::new(),
            },
            ties: ties(call, &stored.ranking, bid.id),
            reason: held.decision.reason.to_string(),
            ranking_rules: ranking_rule_of(&call.design().criteria, &call.design().award)
                .statement(&criteria_of(&call.design().criteria)),
            standstill,
            standstill_rule: StandstillRule::from(&call.design().award.standstill),
            complaints_address: "the programme office, from the page of your bid".into(),
            replaces: replaces.clone(),
        };
        let others: Vec<BidSecrets> =
            secrets.iter().filter(|(other, _)| **other != bid.id).map(|(_, secrets)| secrets.clone()).collect();
        let mut allowed = vec![published.clone()];
        if let Some(own) = secrets.get(&bid.id) {
            allowed.extend(own.partners.iter().cloned());
            allowed.extend(own.answers.iter().cloned());
        }
        letters.push(Composed { verdict: held.decision.verdict, letter: write_letter(&facts, &others, &allowed), bid });
    }
    Ok(letters)
}

fn total_of(ranking: &Ranking, bid: BidId) -> Option<String> {
    Some(ranking.of(bid)?.total.as_ref()?.percent.to_string())
}

/// The lowest published total among bids the panel funds.
pub(crate) fn lowest_funded(ranking: &Ranking, decided: &BTreeMap<BidId, Held>) -> Option<String> {
    ranking
        .bids
        .iter()
        .filter(|line| is_funded(decided, line.bid))
        .filter_map(|line| line.total.as_ref())
        .map(|total| total.percent)
        .min()
        .map(|percent| percent.to_string())
}

pub(crate) fn is_funded(decided: &BTreeMap<BidId, Held>, bid: BidId) -> bool {
    decided.get(&bid).is_some_and(|held| held.decision.verdict == Verdict::Fund)
}

fn criteria(
    call: &Call,
    ranking: &Ranking,
    decided: &BTreeMap<BidId, Held>,
    bid: &BidLine,
    reasons: &BTreeMap<BidId, BTreeMap<String, Vec<String>>>,
    better: &BTreeMap<String, String>,
) -> Vec<CriterionOutcome> {
    call.design()
        .criteria
        .iter()
        .map(|criterion| {
            let score = score_of(ranking, bid.id, &criterion.key);
            let funded: Vec<Exact> = ranking
                .bids
                .iter()
                .filter(|line| is_funded(decided, line.bid))
                .filter_map(|line| score_of(ranking, line.bid, &criterion.key))
                .collect();
            CriterionOutcome {
                name: criterion.name.clone(),
                weight: Exact::whole(i64::from(criterion.weight)),
                max: Exact::whole(i64::from(criterion.max_score)),
                score,
                descriptor: score.map(|score| descriptor(criterion, score)).unwrap_or_default(),
                explanation: reasons.get(&bid.id).and_then(|own| own.get(&criterion.key)).cloned().unwrap_or_default(),
                better: better
                    .get(&criterion.key)
                    .map(|words| words.trim().to_owned())
                    .filter(|words| !words.is_empty()),
                funded_scores: funded.iter().min().copied().zip(funded.iter().max().copied()),
            }
        })
        .collect()
}

/// A bid's score on a criterion, as the ranking used it.
pub(crate) fn score_of(ranking: &Ranking, bid: BidId, criterion: &str) -> Option<Exact> {
    ranking.of(bid)?.total.as_ref()?.criteria.iter().find(|one| one.key == criterion)?.score
}

/// What the call publishes for a score of this height: the descriptor of the whole score it reaches.
fn descriptor(criterion: &Criterion, score: Exact) -> String {
    criterion
        .descriptors
        .iter()
        .filter(|one| Exact::whole(i64::from(one.score)) <= score)
        .max_by_key(|one| one.score)
        .map(|one| one.meaning.clone())
        .unwrap_or_default()
}

/// How ties with this bid were broken. Sums asked for are another bidder's secret, so that step is told without figures.
fn ties(call: &Call, ranking: &Ranking, bid: BidId) -> Vec<String> {
    let names_sums = call.design().award.tie_ladder.iter().any(|step| matches!(step, TieStep::SmallerSum));
    let told: BTreeSet<String> = ranking
        .breaks_of(bid)
        .into_iter()
        .map(|one| {
            let place = if one.ahead.contains(&bid) { "ahead" } else { "behind" };
            if names_sums && one.step == "smaller sum asked for" {
                format!("tied at {}; {} decided, and your bid stands {place}", one.total, one.step)
            } else {
                one.explanation()
            }
        })
        .collect();
    told.into_iter().collect()
}

/// What must stay out of other bidders' letters.
async fn secrets_of(reads: &impl Reads, call: &Call, bids: &[BidLine]) -> Result<BTreeMap<BidId, BidSecrets>, Problem> {
    #[derive(FromQueryResult)]
    struct Named {
        bid_id: Uuid,
        name: String,
    }
    let named: Vec<Named> = reads
        .all(
            "SELECT g.scope_id AS bid_id, p.name FROM base_grant g JOIN base_person p ON p.id = g.person_id \
             WHERE g.scope_kind = 'bid' AND g.within_id = $1 AND g.role IN ('bid_lead', 'bid_editor', 'bid_reader', 'partner_signatory') \
             ORDER BY g.scope_id, p.name, p.id",
            values![call.id.0],
        )
        .await?;
    let contents = rankings::sealed_contents(reads, call.id).await?;
    let mut secrets: BTreeMap<BidId, BidSecrets> =
        bids.iter().map(|bid| (bid.id, of_bid(bid, contents.get(&bid.id)))).collect();
    for person in named {
        if let Some(own) = secrets.get_mut(&BidId(person.bid_id)) {
            own.people.push(person.name);
        }
    }
    Ok(secrets)
}

fn of_bid(bid: &BidLine, content: Option<&SealedContent>) -> BidSecrets {
    let mut secrets = BidSecrets {
        bid: bid.id,
        title: bid.title.clone(),
        partnership: bid.lead.clone(),
        partners: Vec::new(),
        people: Vec::new(),
        asks: content.and_then(rankings::sum_asked),
        answers: Vec::new(),
    };
    for partner in content.iter().flat_map(|content| &content.partners) {
        secrets.partners.push(partner.organisation.name.clone());
    }
    for (_, answer) in content.iter().flat_map(|content| content.answers.iter()) {
        if let Answer::Text(text) = answer {
            secrets.answers.push(text.clone());
        }
    }
    secrets
}
