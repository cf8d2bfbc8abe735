//! The public facts of a round, read from the record: only what is published already; figures and awards only once announced.

use std::collections::BTreeMap;

use hiec_kernel::{Money, Problem, Timestamp};
use hiec_store::Reads;
use hiec_web::Site;

use super::{
    BudgetFact, CriterionScore, PublicAmendment, PublicAward, PublicCall, PublicCriterion, PublicIdentifier,
    PublicMilestone, PublicOrganisation, PublicPrinciple, PublicQuestion, PublicRegion, PublicRound, Publisher, Score,
    ScoreBand, Shortlist, Statistics, WebAddress,
};
use crate::announcement::record::{AnnouncedAward, Announcement, Figures};
use crate::announcement::store as announcements;
use crate::calls::amendments::CallState;
use crate::calls::design::{CallDesign, Milestone, MilestoneKey};
use crate::calls::stages::bid_deadline;
use crate::calls::store::Call;
use crate::dialogue::store as dialogue;

const AWARD_NOTE: &str = "The sums, the scores and the rank are illustrative.";
const ROUND_NOTE: &str = "Unsuccessful bids, scores and counts are illustrative.";

/// The public facts of one call. `None` while it is in preparation.
pub(crate) async fn public_round(reads: &impl Reads, call: &Call, site: &Site) -> Result<Option<PublicRound>, Problem> {
    let Some(published) = call.acts.published.filter(|_| call.is_published()) else {
        return Ok(None);
    };
    let first = match call.state.as_ref() {
        CallState::Draft(_) => return Ok(None),
        CallState::Published(published) => &published.design,
        CallState::Amended(amended) => &amended.published.design,
    };
    let design = call.design();
    let announcement = announcements::of_call(reads, call.id).await?.map(|(announcement, _)| announcement);
    let questions = questions(reads, call).await?;
    let address = WebAddress::new(site.base.as_str().trim_end_matches('/'))
        .ok_or_else(|| Problem::internal("the site's address cannot stand in open data"))?;
    let mut acts = vec![Some(published), call.acts.shortlist_final, call.acts.announced];
    acts.extend(call.state.amendments().iter().map(|one| Some(one.at)));
    acts.extend(questions.iter().map(|one| Some(one.answered)));
    Ok(Some(PublicRound {
        publisher: Publisher::unregistered(site.name.clone(), address),
        programme_code: "HIEC".into(),
        programme: design.programme.clone(),
        call: public_call(call, first, published),
        funder: PublicOrganisation {
            identifier: PublicIdentifier::Own(format!("funder-{}", call.programme_id)),
            name: design.funder.clone(),
            postcode: None,
        },
        milestones: milestones(design, call),
        criteria: design
            .criteria
            .iter()
            .map(|one| PublicCriterion { code: one.key.clone(), title: one.name.clone(), weight: Some(one.weight) })
            .collect(),
        principles: design
            .principles
            .iter()
            .map(|one| PublicPrinciple { code: one.key.clone(), title: one.name.clone(), test: one.test.clone() })
            .collect(),
        budget: budget(design),
        regions: regions(call, announcement.as_ref()),
        shortlist: call.acts.shortlist_final.map(|published| Shortlist { published, leads: Vec::new() }),
        awards: announcement.as_ref().map(awards).unwrap_or_default(),
        statistics: announcement.as_ref().map(|announcement| statistics(&announcement.figures)).unwrap_or_default(),
        amendments: amendments(call, first),
        modified: acts.into_iter().flatten().max().unwrap_or(published),
        questions,
    }))
}

fn public_call(call: &Call, first: &CallDesign, published: Timestamp) -> PublicCall {
    let opens = |key| first.milestone(key).and_then(|milestone| milestone.opens);
    let closes = |key| first.milestone(key).and_then(|milestone| milestone.closes);
    let advert = opens(MilestoneKey::Pqq).or_else(|| opens(MilestoneKey::Bidding)).unwrap_or(published);
    PublicCall {
        reference: call.key.to_uppercase(),
        title: first.title.clone(),
        description: first.summary.clone(),
        prospectus: published,
        advert: advert.max(published),
        dialogue_closes: closes(MilestoneKey::Dialogue),
        bids_due: bid_deadline(first).map_or(published, |deadline| deadline.0),
        budget: Some(first.award.budget),
    }
}

/// A milestone's key stands once but for notices, which are counted.
fn milestones(design: &CallDesign, call: &Call) -> Vec<PublicMilestone> {
    let mut notices = 0_u32;
    design
        .milestones
        .iter()
        .map(|milestone| {
            let code = match milestone.key {
                MilestoneKey::Notice => {
                    notices += 1;
                    format!("notice-{notices}")
                }
                other => slug(other),
            };
            public_milestone(milestone, code, call)
        })
        .collect()
}

fn slug(key: MilestoneKey) -> String {
    serde_json::to_value(key)
        .ok()
        .and_then(|value| value.as_str().map(|text| text.replace('_', "-")))
        .unwrap_or_default()
}

fn public_milestone(milestone: &Milestone, code: String, call: &Call) -> PublicMilestone {
    let met = match milestone.key {
        MilestoneKey::ShortlistChallenge => call.acts.shortlist_final,
        MilestoneKey::RankingChallenge => call.acts.ranking_final,
        MilestoneKey::Panel => call.acts.decisions_told,
        MilestoneKey::Announcement => call.acts.announced,
        _ => milestone.closes.or(milestone.opens),
    };
    let said: Vec<String> = milestone.published.iter().map(|fact| fact.value.clone()).collect();
    let sources: Vec<String> = milestone.published.iter().map(|fact| fact.source.clone()).collect();
    PublicMilestone {
        code,
        title: milestone.name.clone(),
        due: milestone.closes.or(milestone.opens),
        said: (!said.is_empty()).then(|| said.join("; ")),
        met: met.filter(|at| *at <= call.now),
        source: (!sources.is_empty()).then(|| sources.join("; ")),
    }
}

/// What was said of the money, each with its source; the call's own sum first.
fn budget(design: &CallDesign) -> Vec<BudgetFact> {
    let mut facts = vec![BudgetFact {
        what: "Budget of the call".into(),
        amount: Some(design.award.budget),
        said: design.award.budget.to_string(),
        source: "The call".into(),
    }];
    facts.extend(design.award.budget_sources.iter().map(|fact| BudgetFact {
        what: "What a source says of the money".into(),
        amount: None,
        said: fact.value.clone(),
        source: fact.source.clone(),
    }));
    facts
}

fn regions(call: &Call, announcement: Option<&Announcement>) -> Vec<PublicRegion> {
    call.regions
        .iter()
        .map(|region| {
            let announced = announcement.and_then(|one| one.regions.iter().find(|other| other.code == region.code));
            PublicRegion {
                code: region.code.clone(),
                name: region.name.clone(),
                geo_code: None,
                no_award_reason: announced.and_then(|one| one.reason.clone()),
                illustrative: announced
                    .filter(|one| one.reason.is_some())
                    .filter(|_| announcement.is_some_and(|one| one.figures.is_illustrative))
                    .map(|_| "The reason is illustrative.".into()),
            }
        })
        .collect()
}

fn awards(announcement: &Announcement) -> Vec<PublicAward> {
    let is_illustrative = announcement.figures.is_illustrative;
    announcement
        .awards
        .iter()
        .map(|award| PublicAward {
            reference: award.bid.to_string(),
            title: award.cluster.clone(),
            region: award.region.clone(),
            principal_partner: partner(award),
            work_programme: award.work_programme.clone(),
            amount: award.amount,
            applied_for: award.applied_for,
            announced: announcement.announced_at,
            starts: None,
            ends: None,
            scores: scores(award),
            total: award.total.as_deref().and_then(score),
            illustrative: (award.is_illustrative || is_illustrative).then(|| AWARD_NOTE.into()),
        })
        .collect()
}

fn partner(award: &AnnouncedAward) -> PublicOrganisation {
    PublicOrganisation {
        identifier: match &award.ods_code {
            Some(code) => PublicIdentifier::nhs(code),
            None => PublicIdentifier::own(award.principal_partner_id),
        },
        name: award.principal_partner.clone(),
        postcode: award.postcode.clone(),
    }
}

fn scores(award: &AnnouncedAward) -> Vec<CriterionScore> {
    award
        .scores
        .iter()
        .filter_map(|(criterion, text)| {
            let own = score(text)?;
            Some(CriterionScore { criterion: criterion.clone(), bids: 1, mean: own, median: own })
        })
        .collect()
}

/// `67.69` in hundredths.
fn score(text: &str) -> Option<Score> {
    // A score and a sum of money are both hundredths with at most two decimals.
    Money::parse(text).ok().map(|hundredths| Score(hundredths.0))
}

fn statistics(figures: &Figures) -> Statistics {
    let count = |number: i64| u32::try_from(number).ok();
    let hundredths = |percent: u32| Score(i64::from(percent) * 100);
    Statistics {
        questionnaires: count(figures.questionnaires),
        shortlisted: count(figures.shortlisted),
        bids: count(figures.bids),
        score_distribution: figures
            .distribution
            .iter()
            .map(|band| ScoreBand { from: hundredths(band.from), to: hundredths(band.to), bids: band.bids })
            .collect(),
        lowest_funded: figures.lowest_funded.as_deref().and_then(score),
        criteria: figures
            .criteria
            .iter()
            .filter_map(|one| {
                Some(CriterionScore {
                    criterion: one.key.clone(),
                    bids: one.bids,
                    mean: score(&one.mean)?,
                    median: score(&one.median)?,
                })
            })
            .collect(),
        illustrative: figures.is_illustrative.then(|| ROUND_NOTE.into()),
    }
}

fn amendments(call: &Call, first: &CallDesign) -> Vec<PublicAmendment> {
    let mut due = bid_deadline(first);
    call.state
        .amendments()
        .iter()
        .map(|one| {
            let now_due = bid_deadline(&one.design);
            let moved = (now_due != due).then_some(now_due).flatten();
            due = now_due;
            PublicAmendment {
                number: one.number,
                published: one.at,
                reason: one.reason.clone(),
                changes: one
                    .differences
                    .iter()
                    .map(|change| {
                        (
                            change.place.clone(),
                            change.before.clone().unwrap_or_default(),
                            change.after.clone().unwrap_or_default(),
                        )
                    })
                    .collect(),
                bids_due: moved.map(|deadline| deadline.0),
                illustrative: None,
            }
        })
        .collect()
}

/// Questions answered to all, in the order they were asked.
async fn questions(reads: &impl Reads, call: &Call) -> Result<Vec<PublicQuestion>, Problem> {
    let mut found: BTreeMap<u32, PublicQuestion> = BTreeMap::new();
    let all = dialogue::questions(reads, call.id).await?;
    for (number, public) in (1_u32..).zip(all.iter().filter_map(|one| one.state.public())) {
        let Some(last) = public.answers.last() else {
            continue;
        };
        let answers: Vec<&str> = public.answers.iter().map(|one| one.text.as_str()).collect();
        found.insert(
            number,
            PublicQuestion {
                number,
                question: public.text.clone(),
                answer: answers.join("\n\n"),
                answered: last.at,
                illustrative: None,
            },
        );
    }
    Ok(found.into_values().collect())
}
