//! Answers as stored, with every text ever typed; a save never overwrites what the writer has not seen.

use std::collections::BTreeMap;

use hiec_forms::{Answer, Answers};
use hiec_kernel::people::Person;
use hiec_kernel::{BidId, Problem, Timestamp};
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, Unit, values};
use serde::Serialize;

use super::papers::Paper;
use super::store::{self, Bid};
use crate::calls::design::PrincipleRule;

/// An answer as it stands. `answer` is empty when it was cleared.
#[derive(Clone, Debug)]
pub(crate) struct Stored {
    pub answer: Option<Answer>,
    /// Counts the changes; what a writer has seen.
    pub version: i64,
    pub at: Timestamp,
    pub by_name: String,
}

#[derive(FromQueryResult)]
struct Row {
    question: String,
    answer: serde_json::Value,
    version: i64,
    answered_at: Timestamp,
    name: Option<String>,
}

/// The answers of a paper by question key, with their versions.
pub(crate) async fn stored(
    reads: &impl Reads,
    bid: BidId,
    paper: Paper,
) -> Result<BTreeMap<String, Stored>, StoreError> {
    let rows: Vec<Row> = reads
        .all(
            "SELECT a.question, a.answer, a.version, a.answered_at, p.name FROM competition_answer a \
             LEFT JOIN base_person p ON p.id = a.answered_by WHERE a.bid_id = $1 AND a.form = $2 ORDER BY a.question",
            values![bid.0, paper.key()],
        )
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let stored = Stored {
                answer: read(row.answer),
                version: row.version,
                at: row.answered_at,
                by_name: row.name.unwrap_or_default(),
            };
            (row.question, stored)
        })
        .collect())
}

/// The answers alone.
pub(crate) async fn of(reads: &impl Reads, bid: BidId, paper: Paper) -> Result<Answers, StoreError> {
    Ok(only(&stored(reads, bid, paper).await?))
}

pub(crate) fn only(stored: &BTreeMap<String, Stored>) -> Answers {
    stored.iter().filter_map(|(key, stored)| Some((key.clone(), stored.answer.clone()?))).collect()
}

/// A cleared answer is stored as `{}`, which is no answer.
fn read(value: serde_json::Value) -> Option<Answer> {
    serde_json::from_value(value).ok()
}

fn written(answer: Option<&Answer>) -> Result<serde_json::Value, StoreError> {
    Ok(match answer {
        Some(answer) => serde_json::to_value(answer)?,
        None => serde_json::json!({}),
    })
}

/// One answer on its way in.
#[derive(Clone, Debug)]
pub(crate) struct Typed {
    pub question: String,
    pub answer: Option<Answer>,
    /// The version the writer had before them; `None` writes over whatever is there (it stays in the history).
    pub seen: Option<i64>,
}

impl Typed {
    pub(crate) fn new(question: impl Into<String>, answer: Answer) -> Self {
        Self { question: question.into(), answer: Some(answer), seen: None }
    }
}

/// What became of a typed answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Outcome {
    Kept,
    /// It says what was there already.
    Unchanged,
    /// Somebody else was faster: theirs stands, this text waits in the history.
    Conflict,
    /// Too late: it is in the history and counts for nothing.
    Late,
}

impl Outcome {
    fn key(self) -> &'static str {
        match self {
            Self::Kept | Self::Unchanged => "kept",
            Self::Conflict => "conflict",
            Self::Late => "late",
        }
    }
}

/// Saves typed answers, each by itself; answers what became of each. Only questions of the paper are taken.
pub(crate) async fn save_answers(
    unit: &mut Unit,
    bid: &Bid,
    by: &Person,
    paper: Paper,
    typed: Vec<Typed>,
) -> Result<BTreeMap<String, Outcome>, Problem> {
    let bid = store::hold(unit, bid.id).await?;
    let set = paper.questions(bid.call.design());
    let is_open = paper.is_open(&bid, unit.now());
    let known = stored(unit, bid.id, paper).await?;
    let mut outcomes = BTreeMap::new();
    for one in typed {
        if set.question(&one.question).is_none() {
            return Err(Problem::invalid(
                format!("There is no question '{}'", one.question),
                "Open the section again: the call may have been amended.",
            ));
        }
        let there = known.get(&one.question);
        let outcome = judged(&one, there, is_open);
        if outcome != Outcome::Unchanged {
            remember(unit, &bid, paper, &one.question, one.answer.as_ref(), outcome.key(), by).await?;
        }
        if outcome == Outcome::Kept {
            let version = there.map_or(0, |stored| stored.version) + 1;
            put(unit, &bid, paper, &one, version, by).await?;
            follow_legal_form(unit, &bid, paper, &one).await?;
        }
        outcomes.insert(one.question, outcome);
    }
    Ok(outcomes)
}

fn judged(typed: &Typed, there: Option<&Stored>, is_open: bool) -> Outcome {
    let standing = there.and_then(|stored| stored.answer.as_ref());
    if standing == typed.answer.as_ref() {
        return Outcome::Unchanged;
    }
    if !is_open {
        return Outcome::Late;
    }
    let version = there.map_or(0, |stored| stored.version);
    match typed.seen {
        Some(seen) if seen != version => Outcome::Conflict,
        _ => Outcome::Kept,
    }
}

async fn put(unit: &Unit, bid: &Bid, paper: Paper, typed: &Typed, version: i64, by: &Person) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO competition_answer (bid_id, form, question, answer, version, answered_at, answered_by) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (bid_id, form, question) DO UPDATE SET \
         answer = excluded.answer, version = excluded.version, answered_at = excluded.answered_at, \
         answered_by = excluded.answered_by",
        values![
            bid.id.0,
            paper.key(),
            typed.question.clone(),
            written(typed.answer.as_ref())?,
            version,
            unit.now(),
            by.id.0
        ],
    )
    .await?;
    Ok(())
}

/// Keeps a text in the history. `outcome`: see the table.
pub(crate) async fn remember(
    unit: &Unit,
    bid: &Bid,
    paper: Paper,
    question: &str,
    answer: Option<&Answer>,
    outcome: &str,
    by: &Person,
) -> Result<(), StoreError> {
    unit.execute(
        "INSERT INTO competition_answer_history (id, bid_id, form, question, answer, outcome, changed_at, changed_by) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        values![unit.new_id(), bid.id.0, paper.key(), question, written(answer)?, outcome, unit.now(), by.id.0],
    )
    .await?;
    Ok(())
}

/// The legal form stands with the bid too, for lists; the answer leads.
async fn follow_legal_form(unit: &Unit, bid: &Bid, paper: Paper, typed: &Typed) -> Result<(), StoreError> {
    let is_form = paper == Paper::Bid && legal_form_question(bid.call.design()) == Some(typed.question.as_str());
    if !is_form {
        return Ok(());
    }
    let form = match &typed.answer {
        Some(Answer::Choice(key)) => Some(key.clone()),
        _ => None,
    };
    unit.execute("UPDATE competition_bid SET legal_form = $2 WHERE id = $1", values![bid.id.0, form]).await?;
    Ok(())
}

/// The question that asks for the legal form, where the call has one.
pub(crate) fn legal_form_question(design: &crate::calls::design::CallDesign) -> Option<&str> {
    design.principles.iter().find_map(|principle| match &principle.rule {
        PrincipleRule::Accountability { legal_form, .. } => Some(legal_form.as_str()),
        _ => None,
    })
}

/// A text of the history.
#[derive(Clone, Debug)]
pub(crate) struct Earlier {
    pub answer: Option<Answer>,
    pub outcome: String,
    pub at: Timestamp,
    pub by_name: String,
}

/// Every text typed for a question, newest first.
pub(crate) async fn history(
    reads: &impl Reads,
    bid: BidId,
    paper: Paper,
    question: &str,
) -> Result<Vec<Earlier>, StoreError> {
    #[derive(FromQueryResult)]
    struct HistoryRow {
        answer: serde_json::Value,
        outcome: String,
        changed_at: Timestamp,
        name: Option<String>,
    }
    let rows: Vec<HistoryRow> = reads
        .all(
            "SELECT h.answer, h.outcome, h.changed_at, p.name FROM competition_answer_history h \
             LEFT JOIN base_person p ON p.id = h.changed_by WHERE h.bid_id = $1 AND h.form = $2 AND h.question = $3 \
             ORDER BY h.changed_at DESC, h.id DESC LIMIT 500",
            values![bid.0, paper.key(), question],
        )
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| Earlier {
            answer: read(row.answer),
            outcome: row.outcome,
            at: row.changed_at,
            by_name: row.name.unwrap_or_default(),
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use hiec_kernel::clock::from_london;

    use super::*;

    fn stored(text: &str, version: i64) -> Stored {
        Stored {
            answer: Some(Answer::Text(text.into())),
            version,
            at: from_london("2009-10-01 10:00").unwrap(),
            by_name: "Ada Example".into(),
        }
    }

    fn typed(text: &str, seen: Option<i64>) -> Typed {
        Typed { seen, ..Typed::new("vision", Answer::Text(text.into())) }
    }

    #[test]
    fn nothing_unseen_is_overwritten_and_nothing_late_counts() {
        let there = stored("theirs", 3);
        let judge = |typed: Typed, is_open| judged(&typed, Some(&there), is_open);
        assert_eq!(judge(typed("mine", Some(3)), true), Outcome::Kept);
        assert_eq!(judge(typed("mine", Some(2)), true), Outcome::Conflict);
        assert_eq!(judge(typed("mine", None), true), Outcome::Kept);
        assert_eq!(judge(typed("theirs", Some(1)), true), Outcome::Unchanged);
        assert_eq!(judge(typed("mine", Some(3)), false), Outcome::Late);
        assert_eq!(judge(typed("theirs", Some(3)), false), Outcome::Unchanged);
        assert_eq!(judged(&typed("first", Some(0)), None, true), Outcome::Kept);
        assert_eq!(judged(&typed("first", Some(1)), None, true), Outcome::Conflict);
    }

    #[test]
    fn a_cleared_answer_reads_as_none() {
        assert_eq!(read(written(None).unwrap()), None);
        let text = Answer::Text("x".into());
        assert_eq!(read(written(Some(&text)).unwrap()), Some(text));
    }
}
