//! Writes answers in the shapes fixed for outside cases; it must never add to them except where the instance asked for more.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::by_host;
use crate::compare::{Figures, Share};
use crate::couples::CouplesAnswer;
use crate::deferred::count_stable;
use crate::informed::WhyBroken;
use crate::json::{LIST, OBJECT, write_all, write_key, write_text};
use crate::market::{Market, NONE};
use crate::question::Question;
use crate::run::Run;

pub(super) fn deferred(question: &Question, run: &Run, by_hosts: &Run) -> String {
    let mut out = String::from("{");
    write_key(&mut out, "resident_optimal");
    write_matching(&mut out, question, run);
    write_key(&mut out, "hospital_optimal");
    write_matching(&mut out, question, by_hosts);
    write_unplaced_and_ranks(&mut out, question, run);
    let is_plain = run.market.couples.is_empty() && question.reserves.is_empty();
    let count = if is_plain { count_stable(&run.market) } else { None };
    write_key(&mut out, "stable_matchings_count");
    match count {
        Some(count) => {
            let _ = write!(out, "{count}");
        }
        None => out.push_str("null"),
    }
    write_what_was_done(&mut out, question, run);
    out.push_str("}\n");
    out
}

pub(super) fn least_cost(question: &Question, run: &Run) -> String {
    let mut out = String::from("{");
    write_key(&mut out, "least_cost");
    write_matching(&mut out, question, run);
    let places = run.held.iter().filter(|choice| **choice != NONE);
    let sum: u64 = places.map(|choice| u64::from(run.market.choice(*choice).place) + 1).sum();
    write_key(&mut out, "sum_of_choice_numbers");
    let _ = write!(out, "{sum}");
    write_unplaced_and_ranks(&mut out, question, run);
    write_what_was_done(&mut out, question, run);
    out.push_str("}\n");
    out
}

pub(super) fn informed(question: &Question, run: &Run) -> String {
    let mut out = String::from("{");
    write_key(&mut out, "allocation");
    write_by_applicant(&mut out, question, run);
    write_key(&mut out, "links_broken");
    write_broken(&mut out, question, run);
    let first = run.held.iter().filter(|choice| **choice != NONE && run.market.choice(**choice).place == 0).count();
    write_key(&mut out, "first_preference");
    let _ = write!(out, "{first}");
    write_key(&mut out, "interpretation");
    let is_read = run.broken.iter().any(|broken| broken.why == WhyBroken::NoTwoPlaces);
    out.push_str(if is_read { "true" } else { "false" });
    if !run.closed.is_empty() {
        write_closed(&mut out, question, run);
    }
    out.push_str("}\n");
    out
}

pub(super) fn couples(question: &Question, market: &Market, solved: &CouplesAnswer) -> String {
    let mut out = String::from("{");
    let matchings: &[Vec<u32>] = match solved {
        CouplesAnswer::All(all) => all,
        CouplesAnswer::Found(held) => std::slice::from_ref(held),
        CouplesAnswer::GaveUp => &[],
    };
    write_key(&mut out, "stable_matchings");
    if *solved == CouplesAnswer::GaveUp {
        out.push_str("null");
    } else {
        write_all(&mut out, LIST, matchings, |out, held| {
            write_all(out, OBJECT, question.applicants.iter().zip(held), |out, (name, choice)| {
                write_text(out, name);
                out.push(':');
                write_host(
                    out,
                    question,
                    (*choice != NONE).then(|| market.parts[market.choice(*choice).part as usize].host),
                );
            });
        });
    }
    write_key(&mut out, "count");
    let remark = match solved {
        CouplesAnswer::All(all) => {
            let _ = write!(out, "{}", all.len());
            None
        }
        CouplesAnswer::Found(_) => Some("one was found by a search and checked; whether there are others is not known"),
        CouplesAnswer::GaveUp => Some(
            "gave up: not proven. There are too many possibilities to try, and the search found no stable matching; there may be one",
        ),
    };
    if let Some(remark) = remark {
        out.push_str("null");
        write_key(&mut out, "remark");
        write_text(&mut out, remark);
    }
    out.push_str("}\n");
    out
}

fn write_matching(out: &mut String, question: &Question, run: &Run) {
    out.push('{');
    write_key(out, "by_hospital");
    write_all(out, OBJECT, question.hosts.iter().zip(by_host(question, run)), |out, (host, members)| {
        write_text(out, host);
        out.push(':');
        write_all(out, LIST, members, |out, applicant| write_text(out, &question.applicants[applicant as usize]));
    });
    write_key(out, "by_resident");
    write_by_applicant(out, question, run);
    out.push('}');
}

fn write_by_applicant(out: &mut String, question: &Question, run: &Run) {
    write_all(out, OBJECT, (0_u32..).zip(&question.applicants), |out, (applicant, name)| {
        write_text(out, name);
        out.push(':');
        write_host(out, question, run.host_of(applicant));
    });
}

fn write_host(out: &mut String, question: &Question, host: Option<u32>) {
    match host {
        Some(host) => write_text(out, &question.hosts[host as usize]),
        None => out.push_str("null"),
    }
}

fn write_unplaced_and_ranks(out: &mut String, question: &Question, run: &Run) {
    let mut unplaced = Vec::new();
    let mut histogram: BTreeMap<String, u32> = BTreeMap::new();
    for (name, choice) in question.applicants.iter().zip(&run.held) {
        let key = if *choice == NONE {
            unplaced.push(name.as_str());
            "unplaced".to_owned()
        } else {
            (run.market.choice(*choice).place + 1).to_string()
        };
        *histogram.entry(key).or_default() += 1;
    }
    unplaced.sort_unstable();
    write_key(out, "unplaced");
    write_all(out, LIST, unplaced, write_text);
    write_key(out, "resident_rank_histogram");
    write_all(out, OBJECT, histogram, |out, (place, count)| {
        write_text(out, &place);
        let _ = write!(out, ":{count}");
    });
}

/// What links and least fill came to, where the instance asked for them.
fn write_what_was_done(out: &mut String, question: &Question, run: &Run) {
    if !question.links.is_empty() {
        write_key(out, "links_broken");
        write_broken(out, question, run);
    }
    if question.minimum.iter().any(|least| *least > 0) {
        write_closed(out, question, run);
    }
}

fn write_closed(out: &mut String, question: &Question, run: &Run) {
    write_key(out, "closed_below_minimum");
    write_all(out, LIST, &run.closed, |out, host| write_text(out, &question.hosts[*host as usize]));
}

fn write_broken(out: &mut String, question: &Question, run: &Run) {
    write_all(out, LIST, &run.broken, |out, broken| {
        let mut names = broken.link.map(|member| question.applicants[member as usize].as_str());
        if broken.why == WhyBroken::NoTwoPlaces {
            names.sort_unstable();
        }
        out.push('{');
        write_key(out, "link");
        write_all(out, LIST, names, write_text);
        write_key(out, "broken");
        write_text(out, broken.why.words());
        out.push('}');
    });
}

pub(super) fn comparison(rules: &[(Run, Figures)]) -> String {
    let mut out = String::from("{");
    write_key(&mut out, "rules");
    write_all(&mut out, LIST, rules, |out, (_, figures)| {
        out.push('{');
        write_key(out, "rule");
        write_text(out, figures.rule.code());
        write_key(out, "name");
        write_text(out, figures.rule.words());
        write_key(out, "safe_to_answer_truthfully");
        out.push_str(if figures.is_safe { "true" } else { "false" });
        write_share(out, &figures.all);
        write_key(out, "by_choice");
        write_all(out, LIST, &figures.by_choice, |out, count| {
            let _ = write!(out, "{count}");
        });
        for (key, count) in [
            ("blocking_pairs", figures.blocking as u64),
            ("unfilled_places", u64::from(figures.unfilled)),
            ("closed_hosts", u64::from(figures.closed)),
            ("links_broken", u64::from(figures.broken_links)),
        ] {
            write_key(out, key);
            let _ = write!(out, "{count}");
        }
        write_key(out, "groups");
        write_all(out, OBJECT, &figures.groups, |out, (group, share)| {
            write_text(out, group);
            out.push_str(":{");
            write_share(out, share);
            out.push('}');
        });
        out.push('}');
    });
    out.push_str("}\n");
    out
}

fn write_share(out: &mut String, share: &Share) {
    for (key, count) in [("applicants", share.applicants), ("placed", share.placed), ("first_choice", share.first)] {
        write_key(out, key);
        let _ = write!(out, "{count}");
    }
    for (key, ratio) in [("first_choice_share", share.first_share()), ("mean_choice", share.mean_choice())] {
        write_key(out, key);
        match ratio {
            Some(ratio) => {
                let _ = write!(out, "{}", (ratio * 1e4).round() / 1e4);
            }
            None => out.push_str("null"),
        }
    }
}
