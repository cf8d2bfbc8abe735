//! What people do with a ranking: compute it, respond for a region, answer a challenge, make it final. Nothing here can touch a score.

use std::collections::BTreeMap;
use std::sync::Arc;

use hiec_access::{grants, people};
use hiec_kernel::clock::on_page;
use hiec_kernel::people::Person;
use hiec_kernel::{BidId, PersonId, Problem, Role, Scope};
use hiec_store::{AuditEvent, Mail, Reads, Unit};
use serde::{Deserialize, Serialize};

use super::design::{criteria_of, ranking_rule_of};
use super::rules::{Ranking, Standing, rank};

use super::states::{Answerer, Ground, Outcome, RegionResponse, Remedy};
use super::store::{self, StoredRanking, StoredResponse};
use super::totals::BidScores;
use crate::assessment::scores::scores_of_call;
use crate::award::store as award;
use crate::calls::design::MilestoneKey;
use crate::calls::stages::{Deadline, Stage, closing};
use crate::calls::store::{self as calls, Act, Call};

/// A ranking was computed. The fingerprint is of the scores and the ranking together.
#[derive(Serialize, Deserialize)]
pub(crate) struct RankingComputed {
    pub number: i64,
    pub fingerprint: String,
    pub bids: usize,
}

impl AuditEvent for RankingComputed {
    const KIND: &'static str = "ranking.computed";
}

/// A region responded to a ranking.
#[derive(Serialize)]
struct RankingResponse {
    number: i64,
    region: String,
    response: RegionResponse,
    grounds: Option<String>,
}

impl AuditEvent for RankingResponse {
    const KIND: &'static str = "ranking.response";

    fn reason(&self) -> Option<&str> {
        self.grounds.as_deref()
    }
}

/// The ranking was made final.
#[derive(Serialize)]
struct RankingFinal {
    number: i64,
    fingerprint: String,
    /// Regions that let the time pass.
    lapsed: Vec<String>,
}

impl AuditEvent for RankingFinal {
    const KIND: &'static str = "ranking.final";
}

/// What a region says.
#[derive(Clone, Debug)]
pub(crate) enum Word {
    Confirm,
    Challenge {
        /// `None` for the ranking as a whole.
        bid: Option<BidId>,
        ground: Ground,
        detail: String,
    },
    TakeBack {
        reason: String,
    },
}

/// The call as it stands inside this unit, so that two people who act at once do not overlook each other.
pub(crate) async fn current(unit: &Unit, call: &Call) -> Result<Call, Problem> {
    calls::by_id(unit, call.id, unit.now()).await?.ok_or_else(Problem::not_found)
}

/// Computes the ranking from the scores as they stand and lays it before every region. The same ranking is not made twice.
pub(crate) async fn compute_ranking(unit: &mut Unit, call: &Call, by: &Person) -> Result<StoredRanking, Problem> {
    let call = current(unit, call).await?;
    if call.stage() != Stage::Assessment {
        return Err(Problem::conflict(
            format!("A ranking cannot be computed now: the round stands at “{}”", call.stage().label()),
            "Bids are ranked after the deadline and until the ranking is final.",
        ));
    }
    let (scores, ranking) = computed(unit, &call).await?;
    if ranking.bids.iter().all(|line| line.total.is_none()) {
        return Err(Problem::conflict(
            "No bid is fully scored yet",
            "Wait until the assessors have submitted, then compute the ranking.",
        ));
    }
    let before = store::latest(unit, call.id).await?;
    let print = store::fingerprint(&scores, &ranking).map_err(Problem::internal)?;
    if let Some(before) = &before
        && before.fingerprint == print.to_string()
    {
        return Err(Problem::conflict(
            format!("Nothing has changed since ranking {}", before.number),
            "That ranking stands. A new one is made when a score or a bid has changed.",
        ));
    }
    let number = before.map_or(1, |before| before.number + 1);
    let stored = store::insert(unit, call.id, by.id, number, scores, ranking).await?;
    unit.audit(
        call.stream(),
        format!("call:{}", call.id),
        &RankingComputed { number, fingerprint: stored.fingerprint.clone(), bids: stored.ranking.bids.len() },
    )?;
    for region in call.regions.iter() {
        store::await_response(unit, stored.id, &region.code).await?;
        for (officer, role) in grants::in_scope(unit, Scope::Region(region.id)).await? {
            if role == Role::RegionOfficer {
                tell_region(unit, &call, officer, number).await?;
            }
        }
    }
    Ok(stored)
}

/// The ranking from the scores as they stand now.
pub(crate) async fn computed(
    reads: &impl Reads,
    call: &Call,
) -> Result<(BTreeMap<BidId, BidScores>, Ranking), Problem> {
    let design = call.design();
    let criteria = criteria_of(&design.criteria);
    let rule = ranking_rule_of(&design.criteria, &design.award);
    let contents = store::sealed_contents(reads, call.id).await?;
    let mut given = scores_of_call(reads, call.id).await?;
    let mut scores = BTreeMap::new();
    for bid in store::opened_bids(reads, call.id).await? {
        let mut own = given.remove(&bid.id).unwrap_or_default();
        own.asks = contents.get(&bid.id).and_then(store::sum_asked);
        scores.insert(bid.id, own);
    }
    let ranking = rank(&rule, &criteria, &scores).map_err(|errors| {
        let first = errors.first().map(ToString::to_string).unwrap_or_default();
        Problem::conflict(
            "The scores cannot be ranked",
            "A score does not fit the call’s criteria. Give the reference below to the operator.",
        )
        .with_detail(first)
    })?;
    Ok((scores, ranking))
}

async fn tell_region(unit: &Unit, call: &Call, officer: PersonId, number: i64) -> Result<(), Problem> {
    let Some(person) = people::by_id(unit, officer).await? else {
        return Ok(());
    };
    let until = response_deadline(unit, call)
        .await?
        .map(|deadline| format!(" until {}", on_page(deadline.0)))
        .unwrap_or_default();
    unit.mail(Mail {
        to: person.email,
        person: Some(officer),
        subject: format!("Ranking {number} lies before your region: {}", call.title),
        body: format!(
            "The steering group has ranked the bids of \"{}\" (ranking {number}). You can confirm or challenge it{until}. \
             A challenge states its grounds; it cannot change a score.\n\n{}/ranking\n",
            call.title,
            call.path()
        ),
        about: Some(format!("call:{}", call.id)),
    })
    .await?;
    Ok(())
}

/// Responds for a region to the ranking that counts. `by` must be an officer of that region.
pub(crate) async fn respond_to_ranking(
    unit: &mut Unit,
    call: &Call,
    by: &Person,
    region: &str,
    word: Word,
) -> Result<(), Problem> {
    let call = current(unit, call).await?;
    open_for_responses(unit, &call).await?;
    let (stored, response) = response_of(unit, &call, region).await?;
    if !officer_of(unit, &call, by.id, region).await? {
        return Err(Problem::forbidden(
            "You do not act for this region",
            "Only an officer of the region responds for it.",
        ));
    }
    let grounds = match &word {
        Word::Confirm => None,
        Word::Challenge { detail, .. } => Some(detail.clone()),
        Word::TakeBack { reason } => Some(reason.clone()),
    };
    let state = match word {
        Word::Confirm => response.state.clone().confirm(by.id)?,
        Word::Challenge { bid, ground, detail } => {
            let regional: Vec<BidId> = store::opened_bids(unit, call.id)
                .await?
                .into_iter()
                .filter(|bid| bid.regions().iter().any(|code| code == region))
                .map(|bid| bid.id)
                .collect();
            response.state.clone().challenge(by.id, bid, ground, &detail, &regional)?
        }
        Word::TakeBack { reason } => response.state.clone().take_back(&reason)?,
    };
    changed(unit, &call, &stored, &response, state, grounds).await
}

/// The steering group's answer to a region's challenge.
pub(crate) async fn answer_challenge(
    unit: &mut Unit,
    call: &Call,
    by: &Person,
    region: &str,
    outcome: Outcome,
    reason: &str,
) -> Result<(), Problem> {
    let call = current(unit, call).await?;
    if call.acts.ranking_final.is_some() {
        return Err(already_final());
    }
    let (stored, response) = response_of(unit, &call, region).await?;
    let bid = match &response.state {
        RegionResponse::Challenged(challenge) => challenge.bid,
        _ => None,
    };
    let is_conflicted = match bid {
        Some(bid) => store::conflicted(unit, bid).await?.contains(&by.id),
        None => false,
    };
    let is_for_a_region = grants::of_person(unit, by.id).await?.iter().any(|held| held.role == Role::RegionOfficer);
    let answerer = Answerer { person: by.id, is_for_a_region, is_conflicted };
    let state = response.state.clone().answer(answerer, outcome, reason)?;
    changed(unit, &call, &stored, &response, state, Some(reason.to_owned())).await
}

/// Makes the ranking final: every region has had its word or let its time pass, and no score has changed since.
pub(crate) async fn finalise_ranking(unit: &mut Unit, call: &Call, _by: &Person) -> Result<(), Problem> {
    let call = current(unit, call).await?;
    let Some(stored) = store::latest(unit, call.id).await? else {
        return Err(Problem::conflict("There is no ranking yet", "Compute the ranking first."));
    };
    if call.acts.ranking_final.is_some() {
        return Err(already_final());
    }
    let (scores, ranking) = computed(unit, &call).await?;
    let print = store::fingerprint(&scores, &ranking).map_err(Problem::internal)?;
    if print.to_string() != stored.fingerprint {
        return Err(Problem::conflict(
            format!("Scores have changed since ranking {} was made", stored.number),
            "Compute the ranking again; the regions are asked again.",
        ));
    }
    let unscored = ranking.bids.iter().filter(|line| matches!(line.standing, Standing::Incomplete { .. })).count();
    if unscored > 0 {
        return Err(Problem::conflict(
            format!("{unscored} bids are not fully scored"),
            "Have the missing scores given, compute the ranking again, then make it final.",
        ));
    }
    let lapsed = settle(unit, &call, &stored).await?;
    calls::record(unit, call.id, Act::RankingFinal).await?;
    unit.audit(
        call.stream(),
        format!("call:{}", call.id),
        &RankingFinal { number: stored.number, fingerprint: stored.fingerprint.clone(), lapsed },
    )?;
    Ok(())
}

/// Closes the responses, or says which regions are still awaited and which challenges still bind. Answers who lapsed.
async fn settle(unit: &mut Unit, call: &Call, stored: &StoredRanking) -> Result<Vec<String>, Problem> {
    let is_over = response_deadline(unit, call).await?.is_some_and(|deadline| !deadline.admits(unit.now()));
    let (mut lapsed, mut waiting, mut binding) = (Vec::new(), Vec::new(), Vec::new());
    for response in store::responses(unit, stored.id).await? {
        match &response.state {
            RegionResponse::Awaited if is_over => {
                let state = response.state.clone().lapse()?;
                lapsed.push(response.region.clone());
                changed(unit, call, stored, &response, state, None).await?;
            }
            RegionResponse::Awaited | RegionResponse::Challenged(_) => {
                waiting.push(response.region);
            }
            RegionResponse::Answered { outcome: Outcome::Upheld { remedy }, .. } if *remedy != Remedy::TellThePanel => {
                binding.push(response.region)
            }
            _ => {}
        }
    }
    if !waiting.is_empty() {
        return Err(Problem::conflict(
            format!("These regions are still to confirm or to be answered: {}", waiting.join(", ")),
            "Wait for their word, answer their challenge, or wait until their time has passed.",
        ));
    }
    if !binding.is_empty() {
        return Err(Problem::conflict(
            format!("Upheld challenges still bind: {}", binding.join(", ")),
            "Reopen the reviews or moderate again as decided, then compute the ranking anew.",
        ));
    }
    Ok(lapsed)
}

async fn changed(
    unit: &mut Unit,
    call: &Call,
    stored: &StoredRanking,
    response: &StoredResponse,
    state: RegionResponse,
    grounds: Option<String>,
) -> Result<(), Problem> {
    store::save_response(unit, response, &state).await?;
    unit.audit(
        call.stream(),
        format!("region:{}", response.region),
        &RankingResponse { number: stored.number, region: response.region.clone(), response: state, grounds },
    )?;
    Ok(())
}

async fn response_of(unit: &Unit, call: &Call, region: &str) -> Result<(Arc<StoredRanking>, StoredResponse), Problem> {
    let stored = store::latest(unit, call.id).await?.ok_or_else(Problem::not_found)?;
    let response = store::responses(unit, stored.id)
        .await?
        .into_iter()
        .find(|response| response.region == region)
        .ok_or_else(Problem::not_found)?;
    Ok((stored, response))
}

/// Whether a person is an officer of a region.
pub(crate) async fn officer_of(
    reads: &impl Reads,
    call: &Call,
    person: PersonId,
    region: &str,
) -> Result<bool, Problem> {
    let Some(region) = call.regions.iter().find(|one| one.code == region) else {
        return Ok(false);
    };
    Ok(grants::of_person(reads, person)
        .await?
        .iter()
        .any(|held| held.role == Role::RegionOfficer && held.scope == Scope::Region(region.id)))
}

/// Until when regions may respond: as the call says, or as was said when a ranking was set aside.
pub(crate) async fn response_deadline(reads: &impl Reads, call: &Call) -> Result<Option<Deadline>, Problem> {
    let later = award::settings_aside(reads, call.id).await?.into_iter().rev().find_map(|one| one.regions_until);
    Ok(later.map(Deadline).or_else(|| closing(call.design(), MilestoneKey::RankingChallenge)))
}

async fn open_for_responses(unit: &Unit, call: &Call) -> Result<(), Problem> {
    if call.acts.ranking_final.is_some() {
        return Err(already_final());
    }
    match response_deadline(unit, call).await? {
        Some(deadline) if !deadline.admits(call.now) => Err(Problem::conflict(
            format!("The time to respond has passed. {}", deadline.countdown(call.now)),
            "Tell the programme office if you could not respond in time; the panel can be told.",
        )),
        _ => Ok(()),
    }
}

fn already_final() -> Problem {
    Problem::conflict("The ranking is final", "What follows is the panel’s to decide.")
}
