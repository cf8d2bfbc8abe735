//! One document of every kind, made up and marked so; they must stay the same, as snapshots hang on them.

use chrono::{NaiveDate, NaiveTime};
use hiec_kernel::clock::from_london;
use hiec_kernel::{Fingerprint, Timestamp};
use hiec_reports::*;

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn moment(text: &str) -> Timestamp {
    from_london(text).unwrap()
}

fn time(text: &str) -> NaiveTime {
    text.parse().unwrap()
}

fn fingerprint(of: &str) -> Option<Fingerprint> {
    Some(Fingerprint::of_bytes(of.as_bytes()))
}

fn person(name: &str, capacity: &str) -> Attendee {
    Attendee { name: name.into(), capacity: capacity.into() }
}

pub fn minutes() -> Minutes {
    Minutes {
        meeting: "Award panel, 24 November 2009".into(),
        programme: "Health Innovation and Education Clusters".into(),
        call: "HIEC 2009, first wave".into(),
        reference: Some("PANEL-2009-02".into()),
        held_on: day("2009-11-24"),
        began: Some(time("09:30:00")),
        ended: Some(time("16:05:00")),
        place: "Room 12, Example House, London".into(),
        chair: "Dame Edith Example".into(),
        present: vec![
            person("Dame Edith Example", "Chair"),
            person("Ada Example", "Member"),
            person("Bertram Sample", "Member"),
            person("Carys Specimen", "Lay member"),
        ],
        in_attendance: vec![person("Desmond Pattern", "Secretary")],
        apologies: vec!["Erin Template".into()],
        items: vec![
            MinuteItem {
                subject: "Minutes of the last meeting".into(),
                recusals: vec![],
                quorum: None,
                presentation: None,
                discussion: vec!["The minutes were taken as read.".into()],
                decision: None,
                actions: vec![],
            },
            MinuteItem {
                subject: "Bid 7: Northern Example Cluster".into(),
                recusals: vec![],
                quorum: Some(Quorum { present: 4, needed: 3 }),
                presentation: Some(
                    "the lead and two partners showed how simulation training would reach every practice.".into(),
                ),
                discussion: vec![
                    "Members asked how education would follow the pathway for long-term conditions.".into(),
                ],
                decision: Some(Decision {
                    outcome: "Fund".into(),
                    rank: Some(Rank { place: 1, of: 3 }),
                    reason: "Strongest on impact, with signed commitments from every partner.".into(),
                    departure: None,
                }),
                actions: vec![Action {
                    what: "Ask the lead for a dated plan of its first year".into(),
                    who: "Desmond Pattern".into(),
                    due: Some(day("2009-12-08")),
                }],
            },
            MinuteItem {
                subject: "Bid 12: Coastal Example Cluster".into(),
                recusals: vec![Recusal {
                    name: "Ada Example".into(),
                    reason: "employed by a partner; left the room".into(),
                }],
                quorum: Some(Quorum { present: 3, needed: 3 }),
                presentation: None,
                discussion: vec![],
                decision: Some(Decision {
                    outcome: "Do not fund".into(),
                    rank: Some(Rank { place: 2, of: 3 }),
                    reason: "No signed commitment from primary care.".into(),
                    departure: Some(
                        "Ranked above a bid that is funded: the call asks for primary care among the partners, and \
                         the shortfall came to light only in the presentation."
                            .into(),
                    ),
                }),
                actions: vec![],
            },
        ],
        approval: None,
        illustrative: true,
        fingerprint: fingerprint("minutes"),
    }
}

fn score(criterion: &str, score: &str, weight: &str, reasons: &str) -> ScoreLine {
    ScoreLine {
        criterion: criterion.into(),
        score: score.into(),
        maximum: "5".into(),
        weight: weight.into(),
        reasons: reasons.into(),
    }
}

pub fn letter() -> Letter {
    Letter {
        sender: "Programme office, Health Innovation and Education Clusters".into(),
        sender_lines: vec!["Example House, 1 Example Street, London".into(), "office@example.org".into()],
        addressee: vec![
            "Ada Example".into(),
            "Coastal Example NHS Trust".into(),
            "2 Pattern Road".into(),
            "Sampleton".into(),
        ],
        reference: Some("HIEC-2009-12".into()),
        dated: day("2009-12-01"),
        subject: "Your bid for the Coastal Example Cluster".into(),
        salutation: "Dear Ada Example".into(),
        opening: vec![
            "Thank you for your bid. The panel met on 24 November 2009 and decided not to fund it in this wave.".into(),
            "Below are your scores with the assessors’ reasons, word for word.".into(),
        ],
        scores: Some(ScoreSheet {
            lines: vec![
                score("Impact on patients", "4", "40%", "A clear pathway with a measured start and dated targets."),
                score("Partnership", "2", "35%", "Primary care is named as a partner but has signed nothing."),
                score("Value for money", "3", "25%", "Costs are reasonable; the match funding is not yet secured."),
            ],
            total: Some(ScoreTotal { score: "3.05".into(), maximum: "5.00".into() }),
            rule: Some("Total: the sum of score times weight, rounded half up to two decimals.".into()),
        }),
        body: vec![
            Block::heading(Level::One, "What a better bid had"),
            Block::list(["signed commitments from every setting", "match funding with a named source"]),
            Block::heading(Level::One, "What happens next"),
            Block::paragraph("No award is made before the standstill ends on 15 December 2009."),
            Block::note("To complain", "Write to the office before that day; the call says how complaints are heard."),
        ],
        sign_off: SignOff {
            valediction: "Yours sincerely".into(),
            name: "Desmond Pattern".into(),
            role: "Secretary to the panel".into(),
        },
        illustrative: true,
        fingerprint: fingerprint("letter"),
    }
}

pub fn receipt() -> Receipt {
    let part = |name: &str, bytes: u64| ReceiptPart {
        name: name.into(),
        bytes,
        sha256: Fingerprint::of_bytes(name.as_bytes()),
    };
    Receipt {
        reference: "R-2009-0012".into(),
        programme: "Health Innovation and Education Clusters".into(),
        call: "HIEC 2009, first wave".into(),
        subject: "Bid 12: Coastal Example Cluster".into(),
        submitted_by: "Ada Example".into(),
        on_behalf_of: "Coastal Example NHS Trust".into(),
        received_at: moment("2009-10-19T16:58:07"),
        deadline: Some(moment("2009-10-19T17:00")),
        replaces: Some("R-2009-0009".into()),
        parts: vec![
            part("1. Answers", 48_213),
            part("2. Budget (budget-final-version.xlsx)", 1_204_118),
            part("3. Commitments signed by partners", 9_871),
        ],
        illustrative: true,
        fingerprint: fingerprint("receipt"),
    }
}

pub fn report() -> Report {
    Report {
        eyebrow: Some("Health Innovation and Education Clusters".into()),
        title: "The first wave in figures".into(),
        subtitle: Some("Bids, scores and awards of the 2009 round".into()),
        author: "Programme office".into(),
        dated: day("2009-12-16"),
        body: vec![
            Block::heading(Level::One, "Bids"),
            Block::paragraph("Every region but one has a cluster.\nThe map shows the empty one."),
            Table::of(
                "Bids and awards by region",
                [Column::words("Region"), Column::figure("Bids"), Column::figure("Awards")],
                [["North East", "3", "1"], ["South East Coast", "2", "0"]].map(|row| row.map(str::to_owned)),
            )
            .into(),
            Block::heading(Level::Two, "How to read this"),
            Block::list(["Bids are those received by the deadline.", "Awards are those announced."]),
        ],
        illustrative: false,
        fingerprint: None,
    }
}
