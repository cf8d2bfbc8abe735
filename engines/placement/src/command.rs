//! `hiec placement`: instances and certificates in JSON in, answers in JSON out; it must never answer an instance it has not understood whole.

mod answer;

use std::fmt::Write;

use crate::certificate::{self, Checked, Sealed};
use crate::couples::{self, CouplesAnswer};
use crate::market::{Bar, NONE};
use crate::question::{Priority, Question};
use crate::reading::{Kind, instance};
use crate::run::{Rule, Run};

/// The rule asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// Deferred acceptance.
    Da,
    /// Preference-informed allocation.
    Pia,
    /// Stable matchings with couples.
    Couples,
    /// The most placed at the least sum of choice numbers.
    LeastCost,
}

/// An instance solved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Solved {
    /// The answer, as JSON.
    pub answer: String,
    /// What was noted about the instance, a line each.
    pub notes: Vec<String>,
    /// The whole certificate, where a secret was given and there is a matching.
    pub certificate: Option<String>,
}

/// Solves an instance under a rule; without one, the rule of its kind.
///
/// # Errors
/// Everything wrong with the instance, in words.
pub fn solve(input: &[u8], asked: Option<Asked>, secret: Option<&[u8; 32]>) -> Result<Solved, Vec<String>> {
    let read = instance(input)?;
    let question = &read.question;
    let mut notes = read.notes;
    let asked = asked.unwrap_or(match read.kind {
        Kind::Residents => Asked::Da,
        Kind::Couples => Asked::Couples,
        Kind::Informed => Asked::Pia,
    });
    let certificate = |run: &Run| secret.map(|secret| Sealed::new(question, run, secret).whole());
    let run = |rule: Rule| question.run(rule).map_err(|cannot| vec![cannot.to_string()]);
    let (answer, certificate) = match asked {
        Asked::Couples => {
            if read.kind != Kind::Couples {
                return Err(vec!["--rule couples is for instances with \"couples\"; use --rule da".to_owned()]);
            }
            let market = question.prepare(&[], &[]);
            let solved = couples::solve(&market);
            let first = match &solved {
                CouplesAnswer::All(all) => all.first(),
                CouplesAnswer::Found(held) => Some(held),
                CouplesAnswer::GaveUp => None,
            };
            let run = first.map(|held| Run {
                rule: Rule::Deferred,
                market: market.clone(),
                held: held.clone(),
                closed: Vec::new(),
                broken: Vec::new(),
                together: question.couples.iter().map(|couple| couple.members).collect(),
            });
            (answer::couples(question, &market, &solved), run.as_ref().and_then(certificate))
        }
        Asked::Da => {
            let by_applicants = run(Rule::Deferred)?;
            note_one_sided(question, &by_applicants, &mut notes);
            let by_hosts = run(Rule::DeferredByHosts)?;
            (answer::deferred(question, &by_applicants, &by_hosts), certificate(&by_applicants))
        }
        Asked::Pia => {
            let informed = run(Rule::Informed)?;
            (answer::informed(question, &informed), certificate(&informed))
        }
        Asked::LeastCost => {
            let least = run(Rule::LeastCost)?;
            (answer::least_cost(question, &least), certificate(&least))
        }
    };
    Ok(Solved { answer, notes, certificate })
}

/// Pairs listed by one side alone are no fault: who is not listed is not acceptable. But it may be a slip.
fn note_one_sided(question: &Question, run: &Run, notes: &mut Vec<String>) {
    let Priority::ByHost(lists) = &question.priority else { return };
    let choices = &run.market.choices;
    let refused = choices.iter().filter(|line| line.bar == Bar::NotAcceptable).count();
    if refused > 0 {
        notes.push(format!(
            "note: {refused} choices are of hospitals that did not rank the resident, and cannot be had"
        ));
    }
    // A host with reserved places has a line for each part; then the numbers do not tell.
    let ranked: usize = (0..lists.len() as u32).map(|host| lists.of(host).len()).sum();
    let both = choices.len() - refused;
    if question.reserves.is_empty() && ranked > both {
        notes.push(format!("note: {} ranked residents did not ask for the hospital", ranked - both));
    }
}

/// The same instance under every rule that fits it.
///
/// # Errors
/// Everything wrong with the instance, in words.
pub fn compare(input: &[u8]) -> Result<String, Vec<String>> {
    let read = instance(input)?;
    let rules = read.question.compare().map_err(|cannot| vec![cannot.to_string()])?;
    Ok(answer::comparison(&rules))
}

/// What a check says, a line each, and whether the certificate holds.
///
/// # Errors
/// Where the text is no certificate, in words.
pub fn check(input: &[u8]) -> Result<(bool, String), Vec<String>> {
    let checked = certificate::check(input).map_err(|problem| vec![problem])?;
    let Checked { proven, false_claims, left_open } = &checked;
    let mut text = String::new();
    for (sign, lines) in [("proven", proven), ("FALSE", false_claims), ("left open", left_open)] {
        for line in lines {
            let _ = writeln!(text, "{sign}: {line}");
        }
    }
    let holds = if checked.holds() { "The certificate holds." } else { "The certificate does NOT hold." };
    let _ = writeln!(text, "{holds}");
    Ok((checked.holds(), text))
}

/// The hosts with who goes there, in the host's order.
fn by_host(question: &Question, run: &Run) -> Vec<Vec<u32>> {
    let market = &run.market;
    let mut by_host: Vec<Vec<(bool, u32, u32)>> = vec![Vec::new(); question.hosts.len()];
    for (applicant, choice) in (0_u32..).zip(&run.held).filter(|(_, choice)| **choice != NONE) {
        let line = market.choice(*choice);
        // Behind the reserved part's own order stands the host's: a member's rank is the same in both.
        let rank = market.of(applicant).iter().filter(|other| other.place == line.place).map(|other| other.rank).min();
        by_host[market.parts[line.part as usize].host as usize].push((
            market.given[applicant as usize] == NONE,
            rank.unwrap_or(line.rank),
            applicant,
        ));
    }
    by_host
        .into_iter()
        .map(|mut members| {
            members.sort_unstable();
            members.into_iter().map(|(_, _, applicant)| applicant).collect()
        })
        .collect()
}
