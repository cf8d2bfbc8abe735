//! A question set with one question of every kind, for this crate's tests only; illustrative.

use chrono::NaiveDate;
use hiec_kernel::Money;

use crate::decimal::Decimal;
use crate::question_set::{Column, Kind, Question, QuestionSet, Section};

pub fn bid() -> QuestionSet {
    QuestionSet {
        key: "bid".into(),
        title: "Bid (illustrative)".into(),
        sections: vec![
            Section {
                key: "about".into(),
                title: "About the cluster".into(),
                guidance: "Say what it is.".into(),
                questions: vec![
                    Question::new("vision", "Vision", Kind::text(5, 8)).required().serving("vision").open_to_partners(),
                    Question::new(
                        "settings",
                        "Settings",
                        Kind::choices([
                            ("primary", "Primary care"),
                            ("secondary", "Secondary care"),
                            ("tertiary", "Tertiary care"),
                        ]),
                    )
                    .required()
                    .serving("principles")
                    .on_principle("settings"),
                    Question::new(
                        "legal_form",
                        "Legal form",
                        Kind::choice([("charity", "Charity"), ("cic", "Community interest company")]),
                    )
                    .required(),
                ],
            },
            Section {
                key: "money".into(),
                title: "Money".into(),
                guidance: String::new(),
                questions: vec![
                    Question::new(
                        "amount",
                        "Amount asked for",
                        Kind::Money { min: Some(Money::pounds(1)), max: Some(Money::pounds(1_100_000)) },
                    )
                    .required()
                    .serving("principles"),
                    Question::new("match_reason", "Why so much", Kind::text(20, 4))
                        .required()
                        .serving("money")
                        .shown_when(r#"settings has "primary" and amount > 500000 and not (legal_form = "charity")"#),
                    Question::new(
                        "starts",
                        "Start",
                        Kind::Date {
                            earliest: NaiveDate::from_ymd_opt(2009, 12, 1),
                            latest: NaiveDate::from_ymd_opt(2010, 12, 31),
                        },
                    ),
                    Question::new("partners", "Partners", partners()).shown_when("answered(amount)"),
                    Question::new(
                        "accounts",
                        "Accounts",
                        Kind::File {
                            accept: vec!["application/pdf".into(), ".csv".into(), "image/*".into()],
                            max_bytes: 5_000_000,
                        },
                    ),
                    Question::new(
                        "share",
                        "Share of time",
                        Kind::Number {
                            min: Some(Decimal::ZERO),
                            max: Some(Decimal::whole(100)),
                            unit: Some("%".into()),
                            decimals: 1,
                        },
                    ),
                ],
            },
        ],
    }
}

fn partners() -> Kind {
    Kind::Table {
        columns: vec![
            Column::new("name", "Name", Kind::Text { word_limit: Some(6), lines: 1 }).required(),
            Column::new("cash", "Cash", Kind::Money { min: None, max: None }),
            Column::new("joined", "Joined", Kind::Date { earliest: None, latest: None }),
        ],
        min_rows: Some(2),
        max_rows: Some(3),
    }
}
