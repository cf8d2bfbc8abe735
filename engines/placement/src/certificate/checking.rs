//! Checks a certificate from its text alone; it must never call anything true that it has not worked out itself.

use std::collections::{HashMap, HashSet};

use super::reading::{Document, Shows, document};
use super::{Ledger, LedgerPart, Record, Together, appeals, identity};
use crate::couples::{Block, count_blocks, first_block};
use crate::deferred::{applicants_propose, hosts_propose};
use crate::informed::{Broken, WhyBroken, allocate};
use crate::least_cost::{is_proven, prices};
use crate::market::{Bar, Choice, Couple, Market, NONE, Part};
use crate::reasons::Reason;
use crate::run::{Rule, Run};

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// What is proven, a sentence each.
    pub proven: Vec<String>,
    /// What is not true, a sentence each; the certificate holds when there is none.
    pub false_claims: Vec<String>,
    /// What a certificate of this kind cannot prove, and who can tell.
    pub left_open: Vec<String>,
}

impl Checked {
    /// Whether nothing in the certificate was found untrue.
    pub fn holds(&self) -> bool {
        self.false_claims.is_empty()
    }

    fn hold(&mut self, is_true: bool, claim: impl Into<String>, lie: impl FnOnce() -> String) -> bool {
        if is_true {
            self.proven.push(claim.into())
        } else {
            self.false_claims.push(lie())
        }
        is_true
    }
}

/// Checks a certificate of any kind.
///
/// # Errors
/// Where the text is no certificate, in words.
pub fn check(input: &[u8]) -> Result<Checked, String> {
    let Document { ledger, root, amended, shows } = document(input)?;
    let mut checked = Checked { proven: Vec::new(), false_claims: Vec::new(), left_open: Vec::new() };
    checked.hold(
        ledger.root() == root,
        format!("hosts, admitted ranks and {} commitments are those of the run named {root}", ledger.commitments.len()),
        || "the root is not that of these hosts and commitments: something in them was changed".to_owned(),
    );
    ledger.check(&mut checked);
    if let Some((outcomes, after)) = amended {
        let is_named = outcomes >= 1
            && outcomes as usize <= ledger.commitments.len()
            && appeals::root_after(&ledger.root(), outcomes) == after;
        let changed = if outcomes == 1 { "1 outcome was".to_owned() } else { format!("{outcomes} outcomes were") };
        checked.hold(is_named, format!("that {changed} changed on appeal is named {after}"), || {
            "the root after appeals is not that of this run and this number of changed outcomes".to_owned()
        });
        checked.left_open.push(format!(
            "which: {changed} changed on appeal after the run was sealed; what stands here is the run as it was sealed"
        ));
    }
    match shows {
        Shows::Ledger => checked.left_open.push(
            "whether each applicant's reasons are true: every applicant can check their own certificate against this root".to_owned(),
        ),
        Shows::Whole(records) => check_whole(&ledger, &records, &mut checked),
        Shows::Mine { record, salt, name, name_salt } => {
            let is_theirs = identity(&name_salt, &name) == record.identity;
            checked.hold(is_theirs, format!("the record of token {} is that of {}", record.token, crate::names::shown(&name)), || {
                "the name and its salt do not give the record's identity".to_owned()
            });
            check_mine(&ledger, &record, &salt, &mut checked);
        }
    }
    Ok(checked)
}

impl Ledger {
    fn check(&self, checked: &mut Checked) {
        let tokens: HashSet<&str> = self.commitments.iter().map(|(token, _)| token.as_str()).collect();
        let is_once = tokens.len() == self.commitments.len();
        checked.hold(is_once, "every token stands once", || "a token stands twice".to_owned());
        let over = self.parts.iter().find(|part| part.admitted.len() > part.capacity as usize);
        checked.hold(over.is_none(), "no host admitted more than it has places", || {
            over.map(|part| format!("{} admitted more than its {} places", part.named(), part.capacity))
                .unwrap_or_default()
        });
        let twice = self.parts.iter().find(|part| !part.admitted.is_sorted_by(|one, next| one < next));
        checked.hold(twice.is_none(), "no rank was admitted twice", || {
            twice
                .map(|part| format!("{}: admitted ranks repeat or stand out of order", part.named()))
                .unwrap_or_default()
        });
    }
}

impl LedgerPart {
    fn named(&self) -> String {
        let host = crate::names::shown(&self.host);
        match (self.is_reserved, self.reserved_for.is_empty()) {
            (true, true) => format!("{host} (reserved places)"),
            (true, false) => format!("{host} (places kept for: {})", crate::names::shown(&self.reserved_for)),
            (false, _) => host,
        }
    }

    fn is_full(&self) -> bool {
        self.admitted.len() >= self.capacity as usize
    }
}

/// One's own record against the ledger.
fn check_mine(ledger: &Ledger, record: &Record, salt: &str, checked: &mut Checked) {
    let stated = ledger.commitments.iter().find(|(token, _)| *token == record.token);
    let is_committed = stated.is_some_and(|(_, commitment)| *commitment == record.commitment(salt));
    checked.hold(is_committed, "the record is the one committed to when the run was published", || {
        "the record is not the one committed to: it was changed, or the salt is another's".to_owned()
    });
    if let Some(held) = record.held.and_then(|held| record.choices.get(held as usize))
        && !record.is_given
    {
        let part = &ledger.parts[held.part as usize];
        let is_admitted = held.rank.is_some_and(|rank| part.admitted.binary_search(&rank).is_ok());
        checked.hold(is_admitted, format!("{} admitted this applicant's rank", part.named()), || {
            format!("{} did not admit this applicant's rank", part.named())
        });
    }
    let better = record.choices.iter().take(record.held.map_or(record.choices.len(), |held| held as usize));
    for choice in better {
        let part = &ledger.parts[choice.part as usize];
        let mut words = choice.reason.words(part.capacity);
        // A host takes those given a place before the run too: without them its number would seem wrong.
        if part.given > 0 && matches!(choice.reason, Reason::RankedAbove) {
            words.push_str(&format!(", besides {} given before the run", part.given));
        }
        let is_true = match choice.reason {
            Reason::RankedAbove => part.capacity > 0 && part.is_full() && part.admitted.last().copied() < choice.rank,
            Reason::TakenBefore | Reason::CostsOthers(_) | Reason::LeavesAnother => part.capacity > 0 && part.is_full(),
            Reason::Closed => part.is_closed && part.admitted.is_empty(),
            Reason::NoPlaces => part.capacity == 0,
            Reason::GivenBefore => record.is_given,
            Reason::NotPreferred => false,
            Reason::Partner => record.together.is_some(),
            Reason::NotAcceptable | Reason::TooFar | Reason::Unfit => {
                let who = match choice.reason {
                    Reason::TooFar => "you know how far it is",
                    Reason::Unfit => "the host's posts can be looked up",
                    _ => "the host can be asked",
                };
                checked.left_open.push(format!("choice {}, {}: {words}; {who}", choice.place + 1, part.named()));
                continue;
            }
        };
        let claim = format!("choice {}, {}: {words}", choice.place + 1, part.named());
        checked.hold(is_true, claim, || {
            format!("choice {}, {}: it is not so that {words}", choice.place + 1, part.named())
        });
        if matches!(choice.reason, Reason::CostsOthers(_) | Reason::Partner) {
            checked.left_open.push(format!(
                "choice {}: how much, or for which of the two, only the whole certificate proves",
                choice.place + 1
            ));
        }
    }
}

fn check_whole(ledger: &Ledger, records: &[(Record, String)], checked: &mut Checked) {
    let is_everybody = records.len() == ledger.commitments.len();
    let opened = records
        .iter()
        .zip(&ledger.commitments)
        .find(|((record, salt), (token, commitment))| record.token != *token || record.commitment(salt) != *commitment);
    let is_opened = checked.hold(
        is_everybody && opened.is_none(),
        format!("all {} records are those committed to", records.len()),
        || match opened {
            Some(((record, _), _)) => {
                format!("the record of {} is not the one committed to", crate::names::shown(&record.token))
            }
            None => "there are more or fewer records than commitments".to_owned(),
        },
    );
    let run = match as_run(ledger, records) {
        Ok(run) => run,
        Err(problem) => {
            checked.false_claims.push(problem);
            return;
        }
    };
    if !is_opened | !is_feasible(ledger, &run, checked) {
        return;
    }
    check_rule(records, &run, checked);
    check_reasons(records, &run, checked);
}

/// The market and the matching the records state.
fn as_run(ledger: &Ledger, records: &[(Record, String)]) -> Result<Run, String> {
    let parts: Vec<Part> = (0_u32..)
        .zip(&ledger.parts)
        .map(|(host, part)| Part { host, capacity: part.capacity, reserved: part.is_reserved.then_some(0) })
        .collect();
    let (mut from, mut choices, mut held, mut given) = (vec![0_u32], Vec::new(), Vec::new(), Vec::new());
    for (owner, (record, _)) in (0_u32..).zip(records) {
        let start = choices.len() as u32;
        choices.extend(record.choices.iter().map(|line| Choice {
            owner,
            part: line.part,
            rank: line.rank.map_or(NONE, |rank| rank - 1),
            place: line.place,
            bar: line.bar,
        }));
        let holds = record.held.map_or(NONE, |held| start + held);
        held.push(holds);
        if record.is_given && holds == NONE {
            return Err(format!("{} is said to have had a place before the run, but holds none", record.token));
        }
        given.push(if record.is_given { holds } else { NONE });
        from.push(choices.len() as u32);
    }
    let mut seen = HashSet::new();
    for line in choices.iter().filter(|line| line.rank != NONE && given[line.owner as usize] == NONE) {
        if !seen.insert((line.part, line.rank)) {
            return Err(format!(
                "{}: two applicants have rank {}",
                ledger.parts[line.part as usize].named(),
                line.rank + 1
            ));
        }
    }
    let mut run = Run {
        rule: ledger.rule,
        market: Market { parts, from, choices, given, couples: Vec::new() },
        held,
        closed: Vec::new(),
        broken: Vec::new(),
        together: Vec::new(),
    };
    pair_up(records, &mut run)?;
    Ok(run)
}

fn pair_up(records: &[(Record, String)], run: &mut Run) -> Result<(), String> {
    let by_token: HashMap<&str, u32> =
        (0_u32..).zip(records).map(|(position, (record, _))| (record.token.as_str(), position)).collect();
    for (applicant, (record, _)) in (0_u32..).zip(records) {
        let Some(together) = &record.together else { continue };
        let wrong = || format!("{} and its partner do not say the same", crate::names::shown(&record.token));
        let other = *by_token.get(together.partner.as_str()).ok_or_else(wrong)?;
        let theirs = records[other as usize].0.together.as_ref().ok_or_else(wrong)?;
        let mirrored = Together { partner: record.token.clone(), is_first: !together.is_first, ..together.clone() };
        if other == applicant || *theirs != mirrored || run.market.given[applicant as usize] != NONE {
            return Err(wrong());
        }
        if !together.is_first {
            continue;
        }
        let members = [applicant, other];
        match (together.is_by_turn, together.is_whole) {
            (true, true) => run.together.push(members),
            (true, false) => {
                let mut link = members;
                link.sort_unstable();
                run.broken.push(Broken { link, why: WhyBroken::NoTwoPlaces });
            }
            (false, _) => {
                let at = |member: u32, choice: Option<u32>| match choice {
                    None => Some(NONE),
                    Some(choice) => {
                        let range = run.market.range(member);
                        range.start.checked_add(choice).filter(|choice| range.contains(choice))
                    }
                };
                let options =
                    together.options.iter().map(|(option, _)| Some([at(applicant, option[0])?, at(other, option[1])?]));
                let options = options.collect::<Option<_>>().ok_or_else(wrong)?;
                run.market.couples.push(Couple { members, options });
                run.together.push(members);
            }
        }
    }
    Ok(())
}

fn is_feasible(ledger: &Ledger, run: &Run, checked: &mut Checked) -> bool {
    let mut admitted: Vec<Vec<u32>> = vec![Vec::new(); ledger.parts.len()];
    let mut given = vec![0_u32; ledger.parts.len()];
    let mut barred = None;
    for (applicant, choice) in run.held.iter().enumerate().filter(|(_, choice)| **choice != NONE) {
        let line = run.market.choice(*choice);
        if run.market.given[applicant] != NONE {
            given[line.part as usize] += 1;
            continue;
        }
        if line.bar != Bar::Open {
            barred = Some(line);
        }
        admitted[line.part as usize].push(line.rank.saturating_add(1));
    }
    admitted.iter_mut().for_each(|ranks| ranks.sort_unstable());
    let is_same = admitted
        .iter()
        .zip(&given)
        .zip(&ledger.parts)
        .all(|((ranks, given), part)| *ranks == part.admitted && *given == part.given);
    let is_same = checked.hold(is_same, "what applicants hold is what hosts admitted", || {
        "what applicants hold is not what hosts admitted".to_owned()
    });
    let is_open = checked.hold(barred.is_none(), "nobody holds a choice that could not be had", || {
        let part = barred.map_or(0, |line| line.part as usize);
        format!("somebody holds a place at {} that was barred to them", ledger.parts[part].named())
    });
    let is_couple_sound = run.market.couples.iter().all(|couple| {
        let now = couple.members.map(|member| run.held[member as usize]);
        now == [NONE, NONE] || couple.options.contains(&now)
    });
    checked.hold(is_couple_sound, "every pair holds one of its pairs of choices, or nothing", || {
        "a pair holds what is none of its pairs of choices".to_owned()
    }) & is_same
        & is_open
        & ledger.parts.iter().all(|part| part.admitted.len() <= part.capacity as usize)
}

fn check_rule(records: &[(Record, String)], run: &Run, checked: &mut Checked) {
    let market = &run.market;
    let token = |choice: u32| crate::names::shown(&records[market.choice(choice).owner as usize].0.token);
    match run.rule {
        Rule::Deferred | Rule::DeferredByHosts => {
            let block = first_block(market, &run.held);
            checked.hold(block.is_none(), "stable: no applicant and host would both rather have each other", || {
                match block {
                    Some(Block::Single(choice)) => {
                        let line = market.choice(choice);
                        format!(
                            "not stable: {} and host {} would both rather have each other",
                            token(choice),
                            line.part + 1
                        )
                    }
                    Some(Block::Couple(position, option)) => {
                        format!(
                            "not stable: pair {} and the hosts of its choice {} would all rather",
                            position + 1,
                            option + 1
                        )
                    }
                    Some(Block::TooMany) | None => "a host holds more than it has places".to_owned(),
                }
            });
            if !market.couples.is_empty() {
                checked.left_open.push(
                    "whether another stable matching is better for applicants: with pairs there need not be a best one"
                        .to_owned(),
                );
            } else if run.rule == Rule::Deferred {
                checked.hold(
                    applicants_propose(market) == run.held,
                    "every applicant has the best place any stable matching gives them",
                    || "another stable matching is better for applicants".to_owned(),
                );
            } else {
                checked.hold(
                    hosts_propose(market) == run.held,
                    "every host has the best any stable matching gives it",
                    || "another stable matching is better for hosts".to_owned(),
                );
            }
        }
        Rule::Informed => {
            let positions: Option<Vec<u32>> = records.iter().map(|(record, _)| record.position).collect();
            let distinct: HashSet<u32> = positions.iter().flatten().copied().collect();
            let links: Vec<[u32; 2]> =
                run.together.iter().copied().chain(run.broken.iter().map(|broken| broken.link)).collect();
            let is_replayed = positions.filter(|_| distinct.len() == records.len()).is_some_and(|order| {
                let (held, broken) = allocate(market, &order, &links);
                held == run.held
                    && broken.len() == run.broken.len()
                    && broken.iter().all(|one| run.broken.contains(one))
            });
            checked.hold(is_replayed, "the two passes in the order stated give exactly this allocation", || {
                "the two passes in the order stated give another allocation".to_owned()
            });
            let blocking = count_blocks(market, &run.held);
            checked.left_open.push(format!("nothing: but mind that this rule need not be stable; {blocking} choices here would suit both applicant and host better"));
        }
        Rule::LeastCost => {
            let prices = prices(market, &run.held);
            checked.hold(
                is_proven(market, &run.held, &prices),
                "no other way places more, or as many at a lesser sum of choice numbers (proven by prices)",
                || "it is not the least sum of choice numbers".to_owned(),
            );
        }
    }
}

fn check_reasons(records: &[(Record, String)], run: &Run, checked: &mut Checked) {
    let stated = records.iter().flat_map(|(record, _)| record.choices.iter().map(|choice| choice.reason));
    let reasons = run.reasons();
    let wrong = stated.zip(&reasons).position(|(stated, found)| stated != *found);
    let given = reasons.iter().filter(|reason| **reason != Reason::NotPreferred).count();
    checked.hold(wrong.is_none(), format!("all {given} reasons why a better choice went elsewhere are true"), || {
        let choice = wrong.unwrap_or_default() as u32;
        let line = run.market.choice(choice);
        let token = crate::names::shown(&records[line.owner as usize].0.token);
        format!("the reason given to {token} for choice {} is not true", line.place + 1)
    });
    let is_refused = run.market.couples.iter().enumerate().all(|(position, couple)| {
        let stated = records[couple.members[0] as usize].0.together.as_ref();
        let stated =
            stated.map(|together| together.options.iter().map_while(|(_, refused)| *refused).collect::<Vec<_>>());
        stated.unwrap_or_default() == run.couple_refusals(position)
    });
    if !run.market.couples.is_empty() {
        checked.hold(
            is_refused,
            "for every better pair of choices it is stated rightly which of the two was refused",
            || "which of a pair was refused is stated wrongly".to_owned(),
        );
    }
    let barred = |bar: Bar| run.market.choices.iter().filter(|line| line.bar == bar).count();
    for (count, words, who) in [
        (barred(Bar::TooFar), "beyond a travel limit", "each applicant can check theirs"),
        (barred(Bar::Unfit), "at hosts with no post for the applicant", "the hosts' posts can be looked up"),
        (barred(Bar::NotAcceptable), "not ranked by the host", "the hosts can be asked"),
    ] {
        if count > 0 {
            checked.left_open.push(format!("{count} choices are said to be {words}: {who}"));
        }
    }
}
