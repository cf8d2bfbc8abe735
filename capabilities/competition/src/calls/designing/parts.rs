//! The parts of a design, each a list of entries or one entry, with the fields people fill; what is right is judged by the design's own rules.

use super::fields::{FieldSpec, Shape, field, hinted};

/// One part of a design.
#[derive(Clone, Debug)]
pub struct Part {
    /// In the address: `criteria`, `bid_questions.2`.
    pub key: String,
    pub title: String,
    /// What one entry is called.
    pub entry: &'static str,
    /// Where it stands in the design.
    pub place: String,
    pub fields: &'static [FieldSpec],
    /// A part of one entry has no list.
    pub is_list: bool,
}

const SOURCE: &[&str] = &["value", "source", "note"];

const BASICS: &[FieldSpec] = &[
    field("programme", "Programme", Shape::Line),
    field("title", "Title of the call", Shape::Line),
    field("summary", "Summary", Shape::Text),
    field("funder", "Funder", Shape::Line),
];

const MILESTONE: &[FieldSpec] = &[
    field(
        "key",
        "What the program does by it",
        Shape::Pick(&[
            ("notice", "Nothing: told only"),
            ("dialogue", "Informal dialogue"),
            ("questions", "Written questions"),
            ("pqq", "Questionnaires"),
            ("shortlist_challenge", "Regions answer the shortlist"),
            ("bidding", "Bids"),
            ("assessment", "Assessment"),
            ("ranking_challenge", "Regions answer the ranking"),
            ("panel", "Panel"),
            ("announcement", "Announcement"),
        ]),
    ),
    field("name", "Name", Shape::Line),
    hinted("opens", "Opens", Shape::Moment, "Time in England, for example 2009-10-19 17:00"),
    hinted("closes", "Closes", Shape::Moment, "For questionnaires and bids this is the deadline"),
    hinted("published", "What sources say", Shape::Lines(SOURCE), "One per line: what it says | source | note"),
    field("note", "Note", Shape::Text),
];

const PRINCIPLE: &[FieldSpec] = &[
    field("key", "Key", Shape::Line),
    field("name", "Name", Shape::Line),
    field("test", "What is looked for", Shape::Text),
    field("citation/source", "Source", Shape::Line),
    field("citation/section", "Section of the source", Shape::Line),
    hinted(
        "rule",
        "How it is checked",
        Shape::Json,
        "For example {\"check\": \"answered\", \"questions\": [\"impact\"]}",
    ),
];

const CRITERION: &[FieldSpec] = &[
    field("key", "Key", Shape::Line),
    field("name", "Name", Shape::Line),
    field("description", "What is looked for", Shape::Text),
    hinted("weight", "Weight in per cent", Shape::Whole, "All criteria together make 100"),
    field("max_score", "Highest score", Shape::Whole),
    hinted("floor", "Lowest score that can be funded", Shape::Whole, "Leave empty for none"),
    hinted(
        "descriptors",
        "What each score means",
        Shape::Lines(&["score#", "meaning"]),
        "One per line: score | meaning",
    ),
    field("source/value", "What the source says", Shape::Line),
    field("source/source", "Source", Shape::Line),
    field("source/note", "Note on the source", Shape::Line),
];

const TEST: &[FieldSpec] = &[
    field("key", "Key", Shape::Line),
    field("name", "Name", Shape::Line),
    field("test", "What passes", Shape::Text),
    field("source/value", "What the source says", Shape::Line),
    field("source/source", "Source", Shape::Line),
    field("source/note", "Note on the source", Shape::Line),
];

const AWARD: &[FieldSpec] = &[
    field("budget", "Budget in pounds", Shape::Pounds),
    hinted(
        "budget_sources",
        "What sources say of the money",
        Shape::Lines(SOURCE),
        "One per line: what it says | source | note",
    ),
    field("floor_total", "Lowest total that can be funded, in per cent", Shape::Whole),
    field(
        "ranking_aim",
        "What the ranking aims at",
        Shape::Pick(&[
            ("highest_totals", "The best totals"),
            ("widest_geography", "As many regions as the standard allows"),
        ]),
    ),
    field("ranking_aim_in_words", "The aim as bidders are told it", Shape::Text),
    field("reviews_per_bid", "Reviews of each bid", Shape::Whole),
    field("max_load", "Most bids for one assessor", Shape::Whole),
    field("score_step", "Scores in steps of", Shape::Pick(&[("whole", "One"), ("half", "A half")])),
    field("rounding", "Rounding of totals", Shape::Pick(&[("half up, two decimals", "Half up, two decimals")])),
    hinted(
        "tie_ladder",
        "How ties are broken",
        Shape::Lines(&["by", "key"]),
        "One step per line: criterion | its key, smaller_sum, panel",
    ),
    field("standstill/working_days", "Standstill in working days", Shape::Whole),
    field(
        "standstill/counted",
        "The first day of the standstill",
        Shape::Pick(&[
            ("beginning_with_the_day", "The day of the letters"),
            ("from_the_day_after", "The working day after the letters"),
        ]),
    ),
    field("standstill/source/value", "What the source says of the standstill", Shape::Line),
    field("standstill/source/source", "Source of the standstill", Shape::Line),
    field("quorum", "Panel members needed for each decision", Shape::Whole),
];

const ELIGIBILITY: &[FieldSpec] = &[
    hinted(
        "required_settings",
        "Settings of care that must be there",
        Shape::Keys,
        "primary, community, secondary, tertiary, mental_health",
    ),
    hinted(
        "required_sectors",
        "Sectors that must be there",
        Shape::Keys,
        "nhs, higher_education, industry, third_sector, local_government, other_public",
    ),
    hinted("excluded_functions", "No member may", Shape::Keys, "commissions_education stays among them"),
    hinted(
        "legal_forms",
        "Legal forms",
        Shape::Lines(&["key", "name", "standing"]),
        "One per line: key | name | corporate, not_corporate or depends",
    ),
    field("min_partners", "Fewest partners", Shape::Whole),
];

const SECTION: &[FieldSpec] = &[
    field("key", "Key", Shape::Line),
    field("title", "Title", Shape::Line),
    field("guidance", "Guidance", Shape::Text),
];

const QUESTION: &[FieldSpec] = &[
    field("key", "Key", Shape::Line),
    field("label", "Question", Shape::Line),
    field("guidance", "Guidance", Shape::Text),
    field(
        "kind/type",
        "Kind of answer",
        Shape::Pick(&[
            ("text", "Text"),
            ("number", "Number"),
            ("money", "Money"),
            ("date", "Date"),
            ("choice", "Choice"),
            ("table", "Table"),
            ("file", "File"),
        ]),
    ),
    field("required", "Must be answered", Shape::Flag),
    hinted(
        "serves",
        "Criteria it serves",
        Shape::Keys,
        "Keys of criteria, or of tests in the questionnaire, separated by commas",
    ),
    field("principle", "Principle it gives evidence on", Shape::Line),
    hinted(
        "show_when",
        "Asked only when",
        Shape::Line,
        "For example legal_form = \"charity\" and not answered(vision)",
    ),
    field("partner_editable", "Partners may write it", Shape::Flag),
    field("kind/word_limit", "Text: most words", Shape::Whole),
    field("kind/lines", "Text: lines shown", Shape::Whole),
    field("kind/min", "Number or money in pence: smallest", Shape::Line),
    field("kind/max", "Number or money in pence: largest", Shape::Line),
    field("kind/unit", "Number: unit", Shape::Line),
    field("kind/earliest", "Date: earliest", Shape::Line),
    field("kind/latest", "Date: latest", Shape::Line),
    hinted("kind/options", "Choice: options", Shape::Lines(&["key", "label"]), "One per line: key | label"),
    field("kind/many", "Choice: several may be chosen", Shape::Flag),
    field("kind/columns", "Table: columns", Shape::Json),
    field("kind/min_rows", "Table: fewest rows", Shape::Whole),
    field("kind/max_rows", "Table: most rows", Shape::Whole),
    hinted("kind/accept", "File: accepted types", Shape::Keys, "For example application/pdf"),
    field("kind/max_bytes", "File: largest size in bytes", Shape::Whole),
];

/// Which fields of a kind belong to which type of question.
pub fn kind_fields(kind: &str) -> &'static [&'static str] {
    match kind {
        "text" => &["type", "word_limit", "lines"],
        "number" => &["type", "min", "max", "unit"],
        "money" => &["type", "min", "max"],
        "date" => &["type", "earliest", "latest"],
        "choice" => &["type", "options", "many"],
        "table" => &["type", "columns", "min_rows", "max_rows"],
        "file" => &["type", "accept", "max_bytes"],
        _ => &["type"],
    }
}

fn part(key: &str, title: &str, entry: &'static str, fields: &'static [FieldSpec], is_list: bool) -> Part {
    let place = match key {
        "basics" => String::new(),
        "pqq_questions" | "bid_questions" => format!("/{key}/sections"),
        other => format!("/{other}"),
    };
    Part { key: key.to_owned(), title: title.to_owned(), entry, place, fields, is_list }
}

/// The parts in the order of the overview.
pub fn all() -> Vec<Part> {
    vec![
        part("basics", "Title, summary, funder", "call", BASICS, false),
        part("milestones", "Stages and dates", "milestone", MILESTONE, true),
        part("principles", "Principles", "principle", PRINCIPLE, true),
        part("criteria", "Award criteria", "criterion", CRITERION, true),
        part("pqq_tests", "Tests of the questionnaire", "test", TEST, true),
        part("pqq_questions", "Questions of the questionnaire", "section", SECTION, true),
        part("bid_questions", "Questions of the bid", "section", SECTION, true),
        part("award", "Money and award rules", "award rules", AWARD, false),
        part("eligibility", "Who may bid", "eligibility rules", ELIGIBILITY, false),
    ]
}

/// A part by its key; `bid_questions.2` is the third section's questions.
pub fn find(key: &str) -> Option<Part> {
    if let Some((set, section)) = key.split_once('.') {
        let section: usize = section.parse().ok()?;
        let title = match set {
            "pqq_questions" => "Questions of one section of the questionnaire",
            "bid_questions" => "Questions of one section of the bid",
            _ => return None,
        };
        return Some(Part {
            key: key.to_owned(),
            title: title.to_owned(),
            entry: "question",
            place: format!("/{set}/sections/{section}/questions"),
            fields: QUESTION,
            is_list: true,
        });
    }
    all().into_iter().find(|part| part.key == key)
}
