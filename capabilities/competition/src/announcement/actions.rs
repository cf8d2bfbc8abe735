//! Announcing: once, when every award is made, with a reason for each region that has none. What is announced is worked out from the record.

use std::collections::{BTreeMap, BTreeSet};

use hiec_contracts::awards::{AWARD_MADE, AwardMade};
use hiec_forms::Answer;
use hiec_kernel::people::Person;
use hiec_kernel::{BidId, Money, Problem};
use hiec_store::{AuditEvent, FromQueryResult, Mail, Reads, Unit, organisations, values};
use serde::Serialize;

use super::record::{
    AnnouncedAward, AnnouncedRegion, Announcement, CriterionFigures, Departure, Figures, distribution,
};
use super::store;
use crate::award::composition::{is_funded, lowest_funded, score_of};
use crate::award::states::AwardState;
use crate::award::store as awards;
use crate::bids::sealed::SealedContent;
use crate::calls::registration;
use crate::calls::stages::Stage;
use crate::calls::store::{self as calls, Act, Call};
use crate::panel::actions::final_ranking;
use crate::panel::decisions::all_departures;
use crate::panel::store::{self as panel, Held};
use crate::pqq::rules::PqqState;
use crate::ranking::actions::current;
use crate::ranking::exact::Exact;
use crate::ranking::rules::Ranking;
use crate::ranking::store::{self as rankings, BidLine};
use crate::refusal::Reason;

/// The round was announced. The fingerprint is of the announcement as stored.
#[derive(Serialize)]
struct AwardsAnnounced {
    awards: usize,
    granted: Money,
    announcement: String,
}

impl AuditEvent for AwardsAnnounced {
    const KIND: &'static str = "award.announced";
}

/// Announces the awards of a call and tells everyone registered. `reasons` says for each region without an award, by code,
/// why it has none.
pub(crate) async fn announce(
    unit: &mut Unit,
    call: &Call,
    by: &Person,
    reasons: &BTreeMap<String, String>,
) -> Result<(), Problem> {
    let call = current(unit, call).await?;
    if call.stage() != Stage::Standstill {
        return Err(Problem::conflict(
            format!("Nothing can be announced now: the round stands at “{}”", call.stage().label()),
            "A round is announced once, when its awards are made.",
        ));
    }
    let made = awards::awards(unit, call.id).await?;
    let open = made
        .iter()
        .filter(|award| !matches!(award.state, AwardState::Awarded { .. } | AwardState::Withdrawn { .. }))
        .count();
    if open > 0 {
        return Err(Problem::conflict(
            format!("{open} awards are not made yet"),
            "Make them when the standstill is over and every complaint is answered.",
        ));
    }
    let announcement = written(unit, &call, reasons).await?;
    let unexplained: Vec<&str> = announcement
        .regions
        .iter()
        .filter(|region| {
            region.awards == 0 && region.reason.as_deref().is_none_or(|reason| Reason::parse(reason).is_err())
        })
        .map(|region| region.name.as_str())
        .collect();
    if !unexplained.is_empty() {
        return Err(Problem::conflict(
            format!("It is not said why these regions have no award: {}", unexplained.join(", ")),
            "Give a reason of a few words for each; it is published.",
        ));
    }
    let print = store::insert(unit, call.id, by.id, &announcement).await?;
    calls::record(unit, call.id, Act::Announced).await?;
    let event = AwardsAnnounced {
        awards: announcement.awards.len(),
        granted: announcement.granted,
        announcement: print.to_string(),
    };
    unit.audit(call.stream(), format!("call:{}", call.id), &event)?;
    for award in &announcement.awards {
        unit.job(AWARD_MADE, &AwardMade { bid: award.bid }, unit.now()).await?;
    }
    for listener in registration::listeners(unit, call.id).await? {
        unit.mail(Mail {
            to: listener.email,
            person: Some(hiec_kernel::PersonId(listener.id)),
            subject: format!("Announced: {}", call.title),
            body: format!(
                "{} bids are funded with {} in all. What was funded, and the figures of the round: /announcements/{}\n",
                announcement.awards.len(),
                announcement.granted,
                call.key
            ),
            about: Some(format!("call:{}", call.id)),
        })
        .await?;
    }
    Ok(())
}

/// The announcement as the record has it now.
pub(crate) async fn written(
    reads: &impl Reads,
    call: &Call,
    reasons: &BTreeMap<String, String>,
) -> Result<Announcement, Problem> {
    let stored = final_ranking(reads, call).await?;
    let ranking = &stored.ranking;
    let decided = panel::decisions(reads, call.id).await?;
    let bids = rankings::opened_bids(reads, call.id).await?;
    let contents = rankings::sealed_contents(reads, call.id).await?;
    let made: BTreeMap<BidId, Money> = awards::awards(reads, call.id)
        .await?
        .into_iter()
        .filter(|award| matches!(award.state, AwardState::Awarded { .. }))
        .map(|award| (award.bid, award.amount))
        .collect();
    let mut announced = Vec::new();
    for bid in bids.iter().filter(|bid| made.contains_key(&bid.id)) {
        let lead = organisations::by_id(reads, bid.lead_id).await?;
        let content = contents.get(&bid.id);
        announced.push(AnnouncedAward {
            bid: bid.id,
            region: bid.region.clone(),
            cluster: cluster_name(bid, content),
            principal_partner: bid.lead.clone(),
            principal_partner_id: bid.lead_id,
            ods_code: lead.as_ref().and_then(|one| one.ods_code.clone()),
            postcode: lead.and_then(|one| one.postcode),
            work_programme: content.map(work_programme).unwrap_or_default(),
            amount: made.get(&bid.id).copied().unwrap_or_default(),
            applied_for: content.and_then(rankings::sum_asked),
            rank: ranking.rank(bid.id),
            total: ranking.of(bid.id).and_then(|line| line.total.as_ref()).map(|total| total.percent.to_string()),
            scores: scores(call, ranking, bid.id),
            is_illustrative: bid.is_illustrative,
        });
    }
    announced.sort_by(|one, two| (&one.region, &one.cluster).cmp(&(&two.region, &two.cluster)));
    let regions = call
        .regions
        .iter()
        .map(|region| {
            let awards = announced.iter().filter(|one| one.region == region.code).count();
            AnnouncedRegion {
                code: region.code.clone(),
                name: region.name.clone(),
                bids: bids.iter().filter(|bid| bid.region == region.code).count(),
                awards,
                reason: reasons
                    .get(&region.code)
                    .map(|reason| reason.trim().to_owned())
                    .filter(|reason| awards == 0 && !reason.is_empty()),
            }
        })
        .collect();
    Ok(Announcement {
        call: call.key.clone(),
        title: call.title.clone(),
        programme: call.design().programme.clone(),
        funder: call.design().funder.clone(),
        announced_at: call.now,
        granted: announced.iter().map(|award| award.amount).sum(),
        budget: call.design().award.budget,
        regions,
        figures: figures(reads, call, ranking, &decided, &bids).await?,
        departures: departures(ranking, &decided, &bids, &contents),
        awards: announced,
    })
}

/// The cluster's name as the bid gave it, else the bid's title.
fn cluster_name(bid: &BidLine, content: Option<&SealedContent>) -> String {
    match content.and_then(|content| content.answers.get("cluster_name")) {
        Some(Answer::Text(name)) if !name.trim().is_empty() => name.trim().to_owned(),
        _ => bid.title.clone(),
    }
}

/// The pathways a bid starts with, each once, in its order.
fn work_programme(content: &SealedContent) -> Vec<String> {
    let Some(Answer::Table(rows)) = content.answers.get("pathways") else {
        return Vec::new();
    };
    let mut seen = BTreeSet::new();
    rows.iter()
        .filter_map(|row| match row.get("pathway") {
            Some(Answer::Text(text)) => Some(text.trim().to_owned()),
            _ => None,
        })
        .filter(|text| !text.is_empty() && seen.insert(text.clone()))
        .collect()
}

fn scores(call: &Call, ranking: &Ranking, bid: BidId) -> BTreeMap<String, String> {
    call.design()
        .criteria
        .iter()
        .filter_map(|criterion| {
            let score = score_of(ranking, bid, &criterion.key)?.half_up(2).ok()?;
            Some((criterion.key.clone(), score.to_string()))
        })
        .collect()
}

fn departures(
    ranking: &Ranking,
    decided: &BTreeMap<BidId, Held>,
    bids: &[BidLine],
    contents: &BTreeMap<BidId, SealedContent>,
) -> Vec<Departure> {
    all_departures(ranking, &panel::verdicts(decided))
        .into_iter()
        .filter_map(|(bid, what)| {
            let line = bids.iter().find(|line| line.id == bid)?;
            Some(Departure {
                cluster: cluster_name(line, contents.get(&bid)),
                what,
                reason: decided.get(&bid)?.decision.reason.to_string(),
            })
        })
        .collect()
}

async fn figures(
    reads: &impl Reads,
    call: &Call,
    ranking: &Ranking,
    decided: &BTreeMap<BidId, Held>,
    bids: &[BidLine],
) -> Result<Figures, Problem> {
    #[derive(FromQueryResult)]
    struct Row {
        pqq_state: serde_json::Value,
    }
    let questionnaires = reads
        .count(
            "SELECT COUNT(DISTINCT bid_id) AS n FROM competition_submission WHERE call_id = $1 AND form = 'pqq'",
            values![call.id.0],
        )
        .await?;
    let rows: Vec<Row> = reads
        .all(
            "SELECT pqq_state FROM competition_bid WHERE call_id = $1 AND pqq_state_name = 'Final' ORDER BY id",
            values![call.id.0],
        )
        .await?;
    let shortlisted = rows
        .into_iter()
        .filter_map(|row| serde_json::from_value::<PqqState>(row.pqq_state).ok())
        .filter(PqqState::may_bid)
        .count();
    let totals: Vec<(Exact, bool)> = ranking
        .bids
        .iter()
        .filter_map(|line| {
            let percent = line.total.as_ref()?.percent.exact().ok()?;
            Some((percent, is_funded(decided, line.bid)))
        })
        .collect();
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    Ok(Figures {
        questionnaires,
        shortlisted: count(shortlisted),
        bids: count(bids.len()),
        ranked: count(ranking.bids.iter().filter(|line| line.rank().is_some()).count()),
        distribution: distribution(&totals),
        lowest_funded: lowest_funded(ranking, decided),
        criteria: criteria(call, ranking),
        is_illustrative: bids.iter().any(|bid| bid.is_illustrative),
    })
}

fn criteria(call: &Call, ranking: &Ranking) -> Vec<CriterionFigures> {
    call.design()
        .criteria
        .iter()
        .filter_map(|criterion| {
            let scores: Vec<Exact> =
                ranking.bids.iter().filter_map(|line| score_of(ranking, line.bid, &criterion.key)).collect();
            let mean = Exact::mean(&scores).and_then(|mean| mean.half_up(2)).ok()?;
            let median = Exact::median(&scores).and_then(|median| median.half_up(2)).ok()?;
            Some(CriterionFigures {
                key: criterion.key.clone(),
                name: criterion.name.clone(),
                max: criterion.max_score,
                bids: u32::try_from(scores.len()).unwrap_or(u32::MAX),
                mean: mean.to_string(),
                median: median.to_string(),
            })
        })
        .collect()
}
