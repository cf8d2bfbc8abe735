//! What people do with questionnaires: judge, decide, propose, confirm or challenge, answer, make final. One unit each; a member's judgement is never changed by another.

use std::fmt::Write as _;

use hiec_access::{grants, people};
use hiec_kernel::people::Person;
use hiec_kernel::{BidId, PersonId, Problem, Role, Scope};
use hiec_store::{AuditEvent, Mail, Unit, audit_event};
use serde::Serialize;

use super::rules::{Judgement, Judging, Mark, Outcome, PqqRefusal, PqqState, TestDecision};
use super::shortlist::{Notice, Proposed};
use super::store::{self, Questionnaire};
use crate::bids::store::{self as bids, Bid};
use crate::calls::design::MilestoneKey;
use crate::calls::stages::{Deadline, closing, pqq_deadline};
use crate::calls::store::{self as calls, Act, Call};

/// A member judged a test.
#[derive(Serialize)]
struct TestJudged {
    test: String,
    mark: Mark,
    reason: String,
}
audit_event!(TestJudged, "pqq.judged", reason);

/// The group decided a test.
#[derive(Serialize)]
struct TestDecided {
    test: String,
    mark: Mark,
    reason: String,
    departs_from_majority: bool,
}
audit_event!(TestDecided, "pqq.decided", reason);

/// The outcome was put before the regions.
#[derive(Serialize)]
struct OutcomeProposed {
    outcome: Outcome,
}
audit_event!(OutcomeProposed, "pqq.proposed");

/// A questionnaire was not in at the deadline.
#[derive(Serialize)]
struct NotIn {}
audit_event!(NotIn, "pqq.not_submitted");

/// A region spoke.
#[derive(Serialize)]
struct RegionSpoke {
    region: String,
    grounds: Option<String>,
}

impl AuditEvent for RegionSpoke {
    const KIND: &'static str = "pqq.region_spoke";

    fn reason(&self) -> Option<&str> {
        self.grounds.as_deref()
    }
}

/// The group answered a challenge.
#[derive(Serialize)]
struct ChallengeAnswered {
    region: String,
    upheld: bool,
    reason: String,
}
audit_event!(ChallengeAnswered, "pqq.challenge_answered", reason);

/// An outcome became final.
#[derive(Serialize)]
struct OutcomeFinal {
    outcome: Outcome,
    silent_regions: Vec<String>,
}
audit_event!(OutcomeFinal, "pqq.final");

/// The shortlist became final.
#[derive(Serialize)]
struct ShortlistFinal {
    shortlisted: usize,
    not_shortlisted: usize,
}
audit_event!(ShortlistFinal, "call.shortlist_final");

/// A member of the steering group judges one test of one questionnaire.
pub(crate) async fn judge(
    unit: &mut Unit,
    bid: BidId,
    by: &Person,
    test: &str,
    mark: Mark,
    reason: &str,
) -> Result<(), Problem> {
    let held = store::hold(unit, bid).await?;
    let member = held.member(unit, by.id).await?;
    let judgement =
        Judgement { test: test.to_owned(), member: by.id, mark, reason: reason.trim().to_owned(), at: unit.now() };
    let judging = judging(unit, &held)?.judge(&held.bid.call.design().pqq_tests, judgement, member).map_err(refused)?;
    bids::save_pqq_state(unit, &held.bid, &PqqState::Judging(judging)).await?;
    let event = TestJudged { test: test.to_owned(), mark, reason: reason.trim().to_owned() };
    unit.audit(held.bid.call.stream(), held.bid.subject(), &event)?;
    Ok(())
}

/// Writes down what the group decided on one test.
pub(crate) async fn decide(
    unit: &mut Unit,
    bid: BidId,
    by: &Person,
    test: &str,
    mark: Mark,
    reason: &str,
) -> Result<(), Problem> {
    let held = store::hold(unit, bid).await?;
    let member = held.member(unit, by.id).await?;
    let decision =
        TestDecision { test: test.to_owned(), mark, reason: reason.trim().to_owned(), by: by.id, at: unit.now() };
    let judging = judging(unit, &held)?.decide(&held.bid.call.design().pqq_tests, decision, member).map_err(refused)?;
    let event = TestDecided {
        test: test.to_owned(),
        mark,
        reason: reason.trim().to_owned(),
        departs_from_majority: judging.departs_from_majority(test),
    };
    bids::save_pqq_state(unit, &held.bid, &PqqState::Judging(judging)).await?;
    unit.audit(held.bid.call.stream(), held.bid.subject(), &event)?;
    Ok(())
}

/// The questionnaire as one that is judged; a submitted one becomes so once its deadline has passed.
fn judging(unit: &Unit, held: &Questionnaire) -> Result<Judging, Problem> {
    match held.state.clone() {
        PqqState::Judging(judging) => Ok(judging),
        PqqState::Submitted(submitted) => {
            submitted.begin_judging(deadline(&held.bid.call)?, unit.now()).map_err(refused)
        }
        PqqState::Writing(_) | PqqState::NotSubmitted(_) => {
            Err(Problem::conflict("This questionnaire was not submitted", "There is nothing to judge."))
        }
        PqqState::Proposed(_) | PqqState::Final(_) => Err(Problem::conflict(
            "The outcome of this questionnaire was put before the regions already",
            "Judgements stay as they are; a challenge by a region can still change the outcome.",
        )),
    }
}

fn deadline(call: &Call) -> Result<Deadline, Problem> {
    pqq_deadline(call.design()).ok_or_else(|| {
        Problem::conflict("This call has no pre-qualification questionnaire", "Every registered partnership may bid.")
    })
}

/// Puts the outcomes of all questionnaires before the regions at once: all tests of all must be decided.
pub(crate) async fn propose_shortlist(unit: &mut Unit, call: &Call) -> Result<(), Problem> {
    let deadline = deadline(call)?;
    let mut lacking = Vec::new();
    let mut proposed = 0;
    for line in store::of_call(unit, call.id).await? {
        let held = store::hold(unit, line.bid).await?;
        let state = match held.state.clone() {
            PqqState::Writing(writing) => {
                let closed = writing.close(deadline, unit.now()).map_err(refused)?;
                unit.audit(call.stream(), held.bid.subject(), &NotIn {})?;
                PqqState::NotSubmitted(closed)
            }
            PqqState::Submitted(_) | PqqState::Judging(_) => {
                match judging(unit, &held)?.propose(&call.design().pqq_tests, unit.now()) {
                    Ok(outcome) => {
                        proposed += 1;
                        let event = OutcomeProposed { outcome: outcome.outcome };
                        unit.audit(call.stream(), held.bid.subject(), &event)?;
                        PqqState::Proposed(outcome)
                    }
                    Err(open) => {
                        lacking.extend(open.iter().map(|one| format!("{}: {one}", line.title)));
                        continue;
                    }
                }
            }
            PqqState::NotSubmitted(_) | PqqState::Proposed(_) | PqqState::Final(_) => continue,
        };
        bids::save_pqq_state(unit, &held.bid, &state).await?;
    }
    if !lacking.is_empty() {
        return Err(Problem::conflict(
            format!("{} decisions are missing: {}", lacking.len(), lacking.join("; ")),
            "Decide these tests, then propose the shortlist.",
        ));
    }
    if proposed == 0 {
        return Err(Problem::conflict(
            "There is no questionnaire to propose",
            "The shortlist was proposed already, or nobody submitted a questionnaire.",
        ));
    }
    tell_regions(unit, call).await
}

async fn tell_regions(unit: &Unit, call: &Call) -> Result<(), Problem> {
    let until = closing(call.design(), MilestoneKey::ShortlistChallenge)
        .map(|deadline| format!(" {}.", deadline.countdown(unit.now())))
        .unwrap_or_default();
    for region in call.regions.iter() {
        for (person, role) in grants::in_scope(unit, Scope::Region(region.id)).await? {
            if role == Role::RegionOfficer {
                let body = format!(
                    "The steering group proposes the shortlist of \"{}\".\n\nConfirm or challenge each outcome in your region, with grounds.{until}\n\n{}/pqqs\n",
                    call.title,
                    call.path()
                );
                mail(unit, call, person, "The shortlist is before you", body).await?;
            }
        }
    }
    Ok(())
}

/// A region confirms an outcome (`challenge` is `None`) or challenges it with grounds.
pub(crate) async fn respond(
    unit: &mut Unit,
    bid: BidId,
    by: &Person,
    region: &str,
    challenge: Option<&str>,
) -> Result<(), Problem> {
    let held = store::hold(unit, bid).await?;
    let proposed = proposed(&held)?;
    let closes = closing(held.bid.call.design(), MilestoneKey::ShortlistChallenge);
    let regions = held.regions();
    let proposed = match challenge {
        None => proposed.confirm(region, &regions, by.id, closes, unit.now()),
        Some(grounds) => proposed.challenge(region, &regions, by.id, grounds, closes, unit.now()),
    }
    .map_err(refused)?;
    bids::save_pqq_state(unit, &held.bid, &PqqState::Proposed(proposed)).await?;
    let event = RegionSpoke { region: region.to_owned(), grounds: challenge.map(|grounds| grounds.trim().to_owned()) };
    unit.audit(held.bid.call.stream(), held.bid.subject(), &event)?;
    Ok(())
}

fn proposed(held: &Questionnaire) -> Result<Proposed, Problem> {
    match held.state.clone() {
        PqqState::Proposed(proposed) => Ok(proposed),
        PqqState::Final(_) => Err(Problem::conflict(
            "The outcome of this questionnaire is final",
            "What regions said and what the group answered stays on the record.",
        )),
        _ => Err(Problem::conflict(
            "The outcome of this questionnaire is not before the regions yet",
            "Wait until the steering group has proposed the shortlist.",
        )),
    }
}

/// The group answers a region's challenge; upholding it changes the outcome.
pub(crate) async fn answer_challenge(
    unit: &mut Unit,
    bid: BidId,
    by: &Person,
    region: &str,
    upheld: bool,
    reason: &str,
) -> Result<(), Problem> {
    let held = store::hold(unit, bid).await?;
    let member = held.member(unit, by.id).await?;
    let answered = proposed(&held)?.answer(region, upheld, reason, member, unit.now()).map_err(refused)?;
    bids::save_pqq_state(unit, &held.bid, &PqqState::Proposed(answered)).await?;
    let event = ChallengeAnswered { region: region.to_owned(), upheld, reason: reason.trim().to_owned() };
    unit.audit(held.bid.call.stream(), held.bid.subject(), &event)?;
    Ok(())
}

/// Makes the shortlist final: every region has spoken or let its time pass, every challenge is answered; each bidder is told
/// the outcome with reasons.
pub(crate) async fn finalise_shortlist(unit: &mut Unit, call: &Call) -> Result<(), Problem> {
    let closes = closing(call.design(), MilestoneKey::ShortlistChallenge);
    let (mut lacking, mut open, mut shortlisted, mut not_shortlisted) = (vec![], 0, 0, 0);
    for line in store::of_call(unit, call.id).await? {
        let held = store::hold(unit, line.bid).await?;
        let PqqState::Proposed(proposed) = held.state.clone() else {
            if matches!(held.state, PqqState::Submitted(_) | PqqState::Judging(_)) {
                open += 1;
            }
            continue;
        };
        let outcome = match proposed.finalise(&held.regions(), closes, unit.now()) {
            Ok(outcome) => outcome,
            Err(refusals) => {
                lacking.extend(refusals.iter().map(|one| format!("{}: {one}", line.title)));
                continue;
            }
        };
        match outcome.outcome {
            Outcome::Shortlisted => shortlisted += 1,
            Outcome::NotShortlisted => not_shortlisted += 1,
        }
        let event = OutcomeFinal { outcome: outcome.outcome, silent_regions: outcome.silent.clone() };
        unit.audit(call.stream(), held.bid.subject(), &event)?;
        let notice = outcome.notice(&call.design().pqq_tests);
        bids::save_pqq_state(unit, &held.bid, &PqqState::Final(outcome)).await?;
        tell_bidders(unit, &held.bid, &notice).await?;
    }
    if !lacking.is_empty() {
        return Err(Problem::conflict(lacking.join("; "), "Settle these, then make the shortlist final."));
    }
    if open > 0 || shortlisted + not_shortlisted == 0 {
        return Err(Problem::conflict(
            "The shortlist is not before the regions",
            "Propose it first; it becomes final once the regions have had their word.",
        ));
    }
    calls::record(unit, call.id, Act::ShortlistFinal).await?;
    let event = ShortlistFinal { shortlisted, not_shortlisted };
    unit.audit(call.stream(), format!("call:{}", call.id), &event)?;
    Ok(())
}

async fn tell_bidders(unit: &Unit, bid: &Bid, notice: &Notice) -> Result<(), Problem> {
    let body = notice_in_words(bid, notice);
    let subject = format!("{}: {}", notice.outcome.label(), bid.title);
    for (person, role) in grants::in_scope(unit, Scope::Bid(bid.id.0)).await? {
        if role == Role::BidLead {
            mail(unit, &bid.call, person, &subject, body.clone()).await?;
        }
    }
    Ok(())
}

/// What a bidder reads: the outcome, each test with the group's reason, challenges with their answers.
pub(crate) fn notice_in_words(bid: &Bid, notice: &Notice) -> String {
    let mut text = format!("\"{}\" in \"{}\": {}.\n", bid.title, bid.call.title, notice.outcome.label().to_lowercase());
    for test in &notice.tests {
        let _ = write!(text, "\n{}: {}\n{}\n", test.name, test.mark.label().to_lowercase(), test.reason);
    }
    for challenge in &notice.challenges {
        let verdict = if challenge.upheld { "upheld" } else { "not upheld" };
        let _ = write!(
            text,
            "\nThe region {} challenged the outcome:\n{}\nThe challenge was {verdict}:\n{}\n",
            challenge.region, challenge.grounds, challenge.answer
        );
    }
    text.push_str(match notice.outcome {
        Outcome::Shortlisted => "\nYou may now submit your bid.\n",
        Outcome::NotShortlisted => "\nYour region’s office will talk with you about these reasons if you wish.\n",
    });
    text
}

/// A letter about a call to one person.
pub(crate) async fn mail(
    unit: &Unit,
    call: &Call,
    person: PersonId,
    subject: &str,
    body: String,
) -> Result<(), Problem> {
    let Some(to) = people::by_id(unit, person).await? else {
        return Ok(());
    };
    unit.mail(Mail {
        to: to.email,
        person: Some(person),
        subject: subject.to_owned(),
        body,
        about: Some(format!("call:{}", call.id)),
    })
    .await?;
    Ok(())
}

fn refused(refusal: PqqRefusal) -> Problem {
    Problem::conflict(refusal.to_string(), "Go back: what you wrote is still in the form.")
}
