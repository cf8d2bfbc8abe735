//! Rounds to publish: the one of 2009 with made-up amounts that say so, and arbitrary ones with the worst texts people type.

use chrono::{DateTime, NaiveDate};
use hiec_competition::open_data::*;
use hiec_kernel::{Money, Timestamp, clock};
use proptest::prelude::*;

const AWARDS: &str = include_str!("../../data/awards.csv");
const REGIONS: &str = include_str!("../../data/regions.csv");

fn at(london: &str) -> Timestamp {
    clock::from_london(london).unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn lines(csv: &str) -> Vec<Vec<String>> {
    let sheet = hiec_files::table::read("t.csv", csv.as_bytes(), &hiec_files::table::Limits::default()).unwrap();
    sheet.rows().iter().map(|row| row.cells.clone()).collect()
}

fn organisation(identifier: PublicIdentifier, name: &str) -> PublicOrganisation {
    PublicOrganisation { identifier, name: name.into(), postcode: None }
}

/// The round as announced: 17 awards in nine of ten regions.
pub fn of_2009() -> PublicRound {
    let regions = lines(REGIONS);
    let code_of = |name: &str| regions.iter().find(|region| region[1] == name).unwrap()[0].clone();
    let note = "The amount and the dates were made up for demonstration.";
    let awards = lines(AWARDS)
        .iter()
        .enumerate()
        .map(|(place, line)| PublicAward {
            reference: format!("AWARD-{:02}", place + 1),
            title: line[1].clone(),
            region: code_of(&line[0]),
            principal_partner: organisation(PublicIdentifier::Own(format!("partner-{}", place + 1)), &line[2]),
            work_programme: line[3].split("; ").map(str::to_owned).collect(),
            amount: Money(60_000_000 + place as i64 * 1_050),
            applied_for: Some(Money::pounds(700_000)),
            announced: at("2009-12-01 09:00"),
            starts: Some(day("2010-04-01")),
            ends: Some(day("2012-03-31")),
            scores: vec![CriterionScore {
                criterion: "vision".into(),
                bids: 1,
                mean: Score(7150),
                median: Score(7150),
            }],
            total: Some(Score(7150)),
            illustrative: Some(note.into()),
        })
        .collect();
    PublicRound {
        publisher: Publisher::unregistered("HIEC demonstration", WebAddress::new("https://hiec.example").unwrap()),
        programme_code: "HIEC".into(),
        programme: "Health Innovation and Education Clusters".into(),
        call: PublicCall {
            reference: "HIEC-2009".into(),
            title: "2009 national competition".into(),
            description: "To create Health Innovation and Education Clusters across England.".into(),
            prospectus: at("2009-05-07 09:00"),
            advert: at("2009-07-01 09:00"),
            dialogue_closes: Some(at("2009-09-01 17:00")),
            bids_due: at("2009-10-19 17:00"),
            budget: Some(Money::pounds(10_000_000)),
        },
        funder: organisation(PublicIdentifier::registered(Register::Gor, "D12"), "Department of Health"),
        milestones: vec![
            PublicMilestone {
                code: "bids".into(),
                title: "Detailed bids due".into(),
                due: Some(at("2009-10-19 17:00")),
                said: Some("2009-10-19".into()),
                met: Some(at("2009-10-19 17:00")),
                source: Some("prospectus".into()),
            },
            PublicMilestone {
                code: "announced".into(),
                title: "First wave announced".into(),
                due: None,
                said: Some("2009-12 (early)".into()),
                met: None,
                source: None,
            },
        ],
        criteria: vec![PublicCriterion {
            code: "vision".into(),
            title: "Clearly articulated vision".into(),
            weight: Some(1),
        }],
        principles: vec![PublicPrinciple {
            code: "split".into(),
            title: "Commissioner/provider split".into(),
            test: "No member commissions education.".into(),
        }],
        budget: vec![
            BudgetFact {
                what: "Set-up funding".into(),
                amount: Some(Money::pounds(10_000_000)),
                said: "£10 million".into(),
                source: "prospectus".into(),
            },
            BudgetFact {
                what: "Awarded, year 1".into(),
                amount: None,
                said: "over £11 million across 17 clusters".into(),
                source: "announcement".into(),
            },
        ],
        regions: regions
            .iter()
            .map(|region| PublicRegion {
                code: region[0].clone(),
                name: region[1].clone(),
                geo_code: None,
                no_award_reason: (region[0] == "SEC").then(|| "No bid reached the floor.".into()),
                illustrative: (region[0] == "SEC").then(|| "The reason was made up for demonstration.".into()),
            })
            .collect(),
        shortlist: Some(Shortlist { published: at("2009-09-21 12:00"), leads: Vec::new() }),
        awards,
        statistics: Statistics {
            questionnaires: Some(48),
            shortlisted: Some(40),
            bids: Some(38),
            score_distribution: vec![
                ScoreBand { from: Score(5000), to: Score(7500), bids: 30 },
                ScoreBand { from: Score(7500), to: Score(10_000), bids: 8 },
            ],
            lowest_funded: Some(Score(6225)),
            criteria: vec![CriterionScore {
                criterion: "vision".into(),
                bids: 38,
                mean: Score(6611),
                median: Score(6650),
            }],
            illustrative: Some("Bids and scores were made up for demonstration.".into()),
        },
        amendments: vec![PublicAmendment {
            number: 1,
            published: at("2009-07-15 10:00"),
            reason: "To give bidders more time.".into(),
            changes: vec![("bids due".into(), "12 October".into(), "19 October".into())],
            bids_due: Some(at("2009-10-19 17:00")),
            illustrative: Some("The amendment was made up.".into()),
        }],
        questions: vec![PublicQuestion {
            number: 1,
            question: "May a charity lead?".into(),
            answer: "Yes.".into(),
            answered: at("2009-07-20 10:00"),
            illustrative: Some("Question and answer were made up.".into()),
        }],
        modified: at("2009-12-01 09:00"),
    }
}

/// Quotes, formulas, control characters, other scripts, white space, nothing at all.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        ".{0,24}",
        "[=+@'\"\\\\,;\r\n\t -]{0,6}.{0,4}",
        Just("شبكة 東京 🏥\u{202e}\u{0}".to_owned()),
        Just(String::new()),
        Just(" <script>\"a\",b ".to_owned())
    ]
}

fn moment() -> impl Strategy<Value = Timestamp> {
    (631_152_000_000i64..4_102_444_800_000).prop_map(|millis| DateTime::from_timestamp_millis(millis).unwrap())
}

fn any_day() -> impl Strategy<Value = Option<NaiveDate>> {
    proptest::option::of(moment().prop_map(|moment| moment.date_naive()))
}

fn money() -> impl Strategy<Value = Money> {
    (-1_000_000i64..100_000_000_000_000).prop_map(Money)
}

fn identifier() -> impl Strategy<Value = PublicIdentifier> {
    prop_oneof![
        text().prop_map(PublicIdentifier::Own),
        "[A-Z0-9 ]{0,5}".prop_map(|code| PublicIdentifier::nhs(&code)),
        text().prop_map(|code| PublicIdentifier::registered(Register::Ukprn, code))
    ]
}

fn any_organisation() -> impl Strategy<Value = PublicOrganisation> {
    (identifier(), text(), proptest::option::of(text())).prop_map(|(identifier, name, postcode)| PublicOrganisation {
        identifier,
        name,
        postcode,
    })
}

fn award() -> impl Strategy<Value = PublicAward> {
    let facts =
        (text(), any_organisation(), proptest::collection::vec(text(), 0..3), money(), proptest::option::of(money()));
    let dates = (0usize..3, any_day(), any_day(), proptest::option::of(text()));
    (facts, dates).prop_map(
        |((title, principal_partner, work_programme, amount, applied_for), (region, starts, ends, illustrative))| {
            PublicAward {
                reference: String::new(),
                title,
                // One of three, of which the round has two.
                region: format!("R{region}"),
                principal_partner,
                work_programme,
                amount,
                applied_for,
                announced: at("2009-12-01 09:00"),
                starts,
                ends,
                scores: vec![CriterionScore { criterion: "c".into(), bids: 1, mean: Score(1), median: Score(1) }],
                total: None,
                illustrative,
            }
        },
    )
}

/// Any round at all, with references that differ as the round promises.
pub fn any_round() -> impl Strategy<Value = PublicRound> {
    let texts = (text(), text(), text(), text(), text());
    let lists = (
        proptest::collection::vec(award(), 0..5),
        proptest::collection::vec(any_organisation(), 0..4),
        proptest::collection::vec((text(), moment()), 0..4),
    );
    let times = (moment(), moment(), moment(), moment());
    (texts, lists, times, any_organisation(), proptest::option::of(money())).prop_map(
        |(
            (reference, title, description, worst, name),
            (mut awards, leads, said),
            (one, two, three, four),
            funder,
            budget,
        )| {
            for (place, award) in awards.iter_mut().enumerate() {
                award.reference = format!("{worst}{place}");
                award.announced = if place % 2 == 0 { three } else { four };
            }
            let numbered = |place: usize| place as u32 + 1;
            PublicRound {
                publisher: Publisher::unregistered(name, WebAddress::new("http://127.0.0.1:8080").unwrap()),
                programme_code: worst.clone(),
                programme: worst.clone(),
                call: PublicCall {
                    reference,
                    title,
                    description,
                    prospectus: one,
                    advert: two,
                    dialogue_closes: Some(three),
                    bids_due: four,
                    budget,
                },
                funder,
                milestones: said
                    .iter()
                    .map(|(text, due)| PublicMilestone {
                        code: text.clone(),
                        title: text.clone(),
                        due: Some(*due),
                        said: None,
                        met: Some(*due),
                        source: None,
                    })
                    .collect(),
                criteria: vec![PublicCriterion { code: worst.clone(), title: worst.clone(), weight: None }],
                principles: vec![PublicPrinciple { code: worst.clone(), title: worst.clone(), test: worst.clone() }],
                budget: vec![BudgetFact {
                    what: worst.clone(),
                    amount: budget,
                    said: worst.clone(),
                    source: worst.clone(),
                }],
                regions: ["R0", "R1"]
                    .map(|code| PublicRegion {
                        code: code.into(),
                        name: worst.clone(),
                        geo_code: Some(GeoCode { code: worst.clone(), kind: "RGN".into() }),
                        no_award_reason: None,
                        illustrative: None,
                    })
                    .into(),
                shortlist: Some(Shortlist { published: three, leads }),
                awards,
                statistics: Statistics::default(),
                amendments: said
                    .iter()
                    .enumerate()
                    .map(|(place, (text, at))| PublicAmendment {
                        number: numbered(place),
                        published: *at,
                        reason: text.clone(),
                        changes: vec![(text.clone(), text.clone(), text.clone())],
                        bids_due: Some(*at),
                        illustrative: None,
                    })
                    .collect(),
                questions: said
                    .iter()
                    .enumerate()
                    .map(|(place, (text, at))| PublicQuestion {
                        number: numbered(place),
                        question: text.clone(),
                        answer: text.clone(),
                        answered: *at,
                        illustrative: Some(text.clone()),
                    })
                    .collect(),
                modified: four,
            }
        },
    )
}
