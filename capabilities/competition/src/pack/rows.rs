//! The rows of a pack against what its audit trail recorded: each must have its entry, each entry its row. It recomputes no sum.

use std::collections::{BTreeMap, BTreeSet};

use hiec_kernel::{BidId, Fingerprint};
use uuid::Uuid;

use super::contents::{
    AUDIT, AWARDS, BIDS, DECISIONS, DESIGN, LETTERS, MODERATION, Pack, PackAward, PackModeration, PackSubmission,
    SCORES, SUBMISSIONS, ScoreLine,
};
use super::replay::Recorded;
use super::verify::{Difference, difference};
use crate::assessment::rules::ReadyScore;
use crate::bids::papers::Paper;
use crate::calls::design::CallDesign;
use crate::panel::decisions::Verdict;
use crate::ranking::store::sum_asked;

/// Every difference. `files` are the fingerprints of the uploads at hand, by id.
pub(super) fn row_differences(
    pack: &Pack,
    recorded: &Recorded,
    files: &BTreeMap<Uuid, Fingerprint>,
) -> Vec<Difference> {
    let mut found = Vec::new();
    designs(pack, recorded, &mut found);
    submissions(pack, recorded, files, &mut found);
    bids(pack, &mut found);
    scores(pack, recorded, &mut found);
    compare_rows(MODERATION, &pack.moderation, &recorded.moderation, &mut found, |row: &PackModeration| {
        format!("bid {}, {}, edition {}: {}", row.bid, row.part.criterion, row.edition, row.value)
    });
    decisions(pack, recorded, &mut found);
    letters(pack, recorded, &mut found);
    awards(pack, recorded, &mut found);
    found
}

/// Each design must be the one published or amended under its number.
fn designs(pack: &Pack, recorded: &Recorded, found: &mut Vec<Difference>) {
    if recorded.designs.is_empty() && !pack.designs.is_empty() {
        found.push(difference(AUDIT, "the publication of the call is not recorded"));
    }
    for (nth, wanted) in recorded.designs.iter().enumerate() {
        let named =
            if nth == 0 { "the call as published".to_owned() } else { format!("the call after amendment {nth}") };
        match pack.designs.get(nth) {
            None => found.push(difference(DESIGN, format!("{named} was recorded and is missing"))),
            Some(design)
                if usize::try_from(design.number) != Ok(nth)
                    || Fingerprint::of(&design.design).ok().as_ref() != Some(wanted) =>
            {
                found.push(difference(DESIGN, format!("{named} is not the design that was published")));
            }
            Some(_) => {}
        }
    }
    if pack.designs.len() > recorded.designs.len() {
        found.push(difference(DESIGN, "has a design that was never published"));
    }
}

/// Each submission must be recorded and whole: what is in it, the files it names, and its receipt.
fn submissions(pack: &Pack, recorded: &Recorded, files: &BTreeMap<Uuid, Fingerprint>, found: &mut Vec<Difference>) {
    let key = |number: &str, bid: BidId, overall: &Fingerprint| (number.to_owned(), bid, overall.clone());
    let wanted: Vec<_> = recorded.submissions.iter().map(|one| key(&one.receipt, one.bid, &one.overall)).collect();
    let given: Vec<_> =
        pack.submissions.iter().map(|one| key(&one.receipt.number, one.bid, &one.receipt.overall)).collect();
    compare_rows(SUBMISSIONS, &given, &wanted, found, |(number, bid, _): &(String, BidId, Fingerprint)| {
        format!("receipt {number} of bid {bid}")
    });
    for submission in &pack.submissions {
        found.extend(
            mismatches(pack, submission, files)
                .into_iter()
                .map(|what| difference(SUBMISSIONS, format!("receipt {}: {what}", submission.receipt.number))),
        );
    }
}

fn mismatches(pack: &Pack, submission: &PackSubmission, files: &BTreeMap<Uuid, Fingerprint>) -> Vec<String> {
    let receipt = &submission.receipt;
    let Some(content) = &submission.content else {
        return receipt.verify(&receipt.parts).err().into_iter().flatten().map(|one| one.to_string()).collect();
    };
    // The questions are those of the design in force when it was received.
    let design = pack.designs.iter().rev().find(|design| design.at <= receipt.received_at);
    let Some(design) = design.and_then(|one| serde_json::from_value::<CallDesign>(one.design.clone()).ok()) else {
        return vec!["no design was in force when it was received".into()];
    };
    match content.parts(submission.paper, &design, |file| files.get(&file).cloned()) {
        Ok(parts) => receipt.verify(&parts).err().into_iter().flatten().map(|one| one.to_string()).collect(),
        Err(error) => vec![error.to_string()],
    }
}

/// Titles and sums asked for must be what was submitted last.
fn bids(pack: &Pack, found: &mut Vec<Difference>) {
    let known: BTreeSet<BidId> = pack.bids.iter().map(|bid| bid.bid).collect();
    if known.len() != pack.bids.len() {
        found.push(difference(BIDS, "a bid is listed twice"));
    }
    for bid in &pack.bids {
        let latest = pack
            .submissions
            .iter()
            .filter(|one| one.bid == bid.bid && one.paper == Paper::Bid)
            .max_by_key(|one| (one.receipt.received_at, one.receipt.number.clone()))
            .and_then(|one| one.content.as_ref());
        match latest {
            Some(content) if content.title != bid.title => {
                found.push(difference(BIDS, format!("bid {}: the title is not the one submitted", bid.bid)));
            }
            Some(content) if sum_asked(content) != bid.asks => {
                found.push(difference(BIDS, format!("bid {}: the sum asked for is not the one submitted", bid.bid)));
            }
            None if bid.is_ranked => {
                found.push(difference(BIDS, format!("bid {} is ranked and was not submitted", bid.bid)));
            }
            Some(_) | None => {}
        }
    }
    let of_rows = pack.scores.iter().map(|row| ("scores", row.line.bid));
    let of_rows = of_rows.chain(pack.decisions.iter().map(|row| ("a decision", row.bid)));
    let of_rows = of_rows.chain(pack.submissions.iter().map(|row| ("a submission", row.bid)));
    let stray: BTreeSet<(&str, BidId)> = of_rows.filter(|(_, bid)| !known.contains(bid)).collect();
    for (what, bid) in stray {
        found.push(difference(BIDS, format!("bid {bid} has {what} and is not listed")));
    }
}

fn scores(pack: &Pack, recorded: &Recorded, found: &mut Vec<Difference>) {
    let lines: Vec<ScoreLine> = pack.scores.iter().map(|row| row.line.clone()).collect();
    compare_rows(SCORES, &lines, &recorded.scores, found, |row: &ScoreLine| {
        let part = match &row.part.sub {
            Some(sub) => format!("{}/{sub}", row.part.criterion),
            None => row.part.criterion.clone(),
        };
        let counts = if row.counts { "" } else { " (not counting)" };
        format!("bid {}, assessor {}, edition {}, {part}: {}{counts}", row.bid, row.assessor, row.edition, row.value)
    });
    let mut editions: BTreeMap<(Uuid, u32), Vec<ReadyScore>> = BTreeMap::new();
    for row in &pack.scores {
        editions.entry((row.line.review, row.line.edition)).or_default().push(ReadyScore {
            part: row.line.part.clone(),
            value: row.line.value,
            justification: row.justification.clone(),
        });
    }
    for ((review, edition), scores) in editions {
        let Some(wanted) = recorded.editions.get(&(review, edition)) else {
            continue;
        };
        if Fingerprint::of(&scores).ok().as_ref() != Some(wanted) {
            found.push(difference(
                SCORES,
                format!("review {review}, edition {edition}: its scores, justifications or their order were changed"),
            ));
        }
    }
}

fn decisions(pack: &Pack, recorded: &Recorded, found: &mut Vec<Difference>) {
    let key = |bid: BidId, meeting: Uuid, number: u32| (bid, meeting, number);
    let given: BTreeMap<_, _> = pack.decisions.iter().map(|one| (key(one.bid, one.meeting, one.number), one)).collect();
    if given.len() != pack.decisions.len() {
        found.push(difference(DECISIONS, "a decision is listed twice"));
    }
    let wanted: BTreeMap<_, _> =
        recorded.decisions.iter().map(|one| (key(one.bid, one.meeting, one.number), one)).collect();
    for (key, wanted) in &wanted {
        match given.get(key) {
            None => found.push(difference(DECISIONS, format!("{} was recorded and is missing", wanted.in_words()))),
            Some(row) if row != wanted => found.push(difference(
                DECISIONS,
                format!("{} is not what was recorded: {}", row.in_words(), wanted.in_words()),
            )),
            Some(_) => {}
        }
    }
    for (key, row) in &given {
        if !wanted.contains_key(key) {
            found.push(difference(DECISIONS, format!("{} was never recorded", row.in_words())));
        }
    }
}

fn letters(pack: &Pack, recorded: &Recorded, found: &mut Vec<Difference>) {
    let mut given = Vec::new();
    for row in &pack.letters {
        match Fingerprint::of(&row.letter) {
            Ok(print) => given.push((row.bid, row.number, print)),
            Err(error) => found.push(difference(LETTERS, error)),
        }
    }
    compare_rows(LETTERS, &given, &recorded.letters, found, |(bid, number, _): &(BidId, u32, Fingerprint)| {
        format!("letter {number} to bid {bid}")
    });
}

/// Each award must be recorded, and be what the panel's decision that holds says.
fn awards(pack: &Pack, recorded: &Recorded, found: &mut Vec<Difference>) {
    compare_rows(AWARDS, &pack.awards, &recorded.awards, found, |row: &PackAward| {
        format!("bid {}: {}", row.bid, row.amount)
    });
    for award in &pack.awards {
        let decided = pack.decisions.iter().find(|one| one.bid == award.bid && one.holds);
        if !decided.is_some_and(|one| one.verdict == Verdict::Fund && one.amount == award.amount) {
            found
                .push(difference(AWARDS, format!("bid {}: {} is not what the panel decided", award.bid, award.amount)));
        }
    }
}

fn compare_rows<T: Ord + Clone>(
    file: &str,
    rows: &[T],
    recorded: &[T],
    found: &mut Vec<Difference>,
    named: impl Fn(&T) -> String,
) {
    let mut rows = rows.to_vec();
    let mut recorded = recorded.to_vec();
    rows.sort();
    recorded.sort();
    for pair in rows.windows(2) {
        if let [one, two] = pair
            && one == two
        {
            found.push(difference(file, format!("{} is there twice", named(one))));
        }
    }
    for row in &rows {
        if recorded.binary_search(row).is_err() {
            found.push(difference(file, format!("{} is not what was recorded", named(row))));
        }
    }
    for row in &recorded {
        if rows.binary_search(row).is_err() {
            found.push(difference(file, format!("{} was recorded and is missing", named(row))));
        }
    }
}
