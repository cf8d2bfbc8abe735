//! What is wrong with a call's design, and whether it keeps the call from being published; it mends nothing.

use std::collections::BTreeSet;

use hiec_forms::{Kind, QuestionPlace, QuestionSet, coverage};
use hiec_kernel::Money;
use hiec_kernel::organisations::Function;
use serde::Serialize;

use super::design::{CallDesign, Criterion, MilestoneKey, PrincipleRule, TieStep};

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The call cannot be published like this.
    Blocks,
    /// It can, when the office means it so.
    Warns,
}

/// One thing to look at before publishing.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct DesignProblem {
    pub severity: Severity,
    /// The part of the design, in words: "Criteria", "Milestones", "Bid questions".
    pub part: &'static str,
    /// What is wrong and what to do, in whole sentences.
    pub message: String,
}

/// Everything found, in the order of the design; what blocks is not sorted first, so that a page can show each at its part.
pub fn design_problems(design: &CallDesign) -> Vec<DesignProblem> {
    let mut report = Report::default();
    report.names(design);
    report.milestones(design);
    report.principles(design);
    report.criteria(design);
    report.pqq(design);
    report.bid_questions(design);
    report.award(design);
    report.eligibility(design);
    report.problems
}

/// Only what keeps the call from being published.
pub fn blocking(problems: &[DesignProblem]) -> Vec<DesignProblem> {
    problems.iter().filter(|problem| problem.severity == Severity::Blocks).cloned().collect()
}

#[derive(Default)]
struct Report {
    problems: Vec<DesignProblem>,
}

impl Report {
    fn add(&mut self, severity: Severity, part: &'static str, message: impl Into<String>) {
        self.problems.push(DesignProblem { severity, part, message: message.into() });
    }

    fn blocks(&mut self, part: &'static str, message: impl Into<String>) {
        self.add(Severity::Blocks, part, message);
    }

    fn warns(&mut self, part: &'static str, message: impl Into<String>) {
        self.add(Severity::Warns, part, message);
    }

    fn names(&mut self, design: &CallDesign) {
        const PART: &str = "About the call";
        for (what, text) in [
            ("key", &design.key),
            ("programme", &design.programme),
            ("title", &design.title),
            ("funder", &design.funder),
        ] {
            if text.trim().is_empty() {
                self.blocks(PART, format!("The {what} is empty. Enter it."));
            }
        }
        if design.summary.trim().is_empty() {
            self.warns(PART, "There is no summary. Bidders see it first: say in a few sentences what the call is for.");
        }
    }

    fn milestones(&mut self, design: &CallDesign) {
        const PART: &str = "Milestones";
        for milestone in &design.milestones {
            if let (Some(opens), Some(closes)) = (milestone.opens, milestone.closes)
                && closes <= opens
            {
                self.blocks(PART, format!("“{}” closes before it opens. Correct one of its times.", milestone.name));
            }
        }
        for key in MilestoneKey::ALL {
            let times = design.milestones.iter().filter(|m| m.key == *key).count();
            if times > 1 && *key != MilestoneKey::Notice {
                self.blocks(PART, format!("“{}” stands {times} times. Keep one.", key.label()));
            }
        }
        if closes(design, MilestoneKey::Bidding).is_none() {
            self.blocks(PART, "There is no deadline for bids. Enter when bids close.");
        }
        for (earlier, later) in ORDER {
            let (Some(ends), Some(next)) = (closes(design, *earlier), closes(design, *later)) else {
                continue;
            };
            if next < ends {
                self.blocks(
                    PART,
                    format!("“{}” ends after “{}”. Put the milestones in order.", earlier.label(), later.label()),
                );
            }
        }
    }

    fn principles(&mut self, design: &CallDesign) {
        const PART: &str = "Principles";
        self.unique(PART, "principle", design.principles.iter().map(|p| p.key.as_str()));
        for principle in &design.principles {
            for question in principle.rule.questions() {
                if design.bid_questions.question(question).is_none() {
                    self.blocks(
                        PART,
                        format!(
                            "“{}” is checked on the bid question ‘{question}’, which there is not. Add the question or correct the check.",
                            principle.name
                        ),
                    );
                }
            }
            if let PrincipleRule::Accountability { legal_form, .. } = &principle.rule {
                self.legal_forms_offered(PART, design, legal_form);
            }
            if principle.citation.source.trim().is_empty() {
                self.warns(PART, format!("“{}” cites no source. Say where the rule is written.", principle.name));
            }
        }
    }

    /// The forms a bidder can choose and the forms that are allowed are two lists; they must be one.
    fn legal_forms_offered(&mut self, part: &'static str, design: &CallDesign, question: &str) {
        let Some(Kind::Choice { options, .. }) = design.bid_questions.question(question).map(|q| &q.kind) else {
            return;
        };
        for option in options {
            if design.legal_form(&option.key).is_none() {
                self.blocks(
                    part,
                    format!(
                        "Bidders could choose the legal form “{}”, which eligibility does not allow.",
                        option.label
                    ),
                );
            }
        }
        for form in &design.eligibility.legal_forms {
            if !options.iter().any(|option| option.key == form.key) {
                self.warns(part, format!("The legal form “{}” is allowed but cannot be chosen.", form.name));
            }
        }
    }

    fn criteria(&mut self, design: &CallDesign) {
        const PART: &str = "Criteria";
        if design.criteria.is_empty() {
            self.blocks(PART, "There is no award criterion. Add at least one.");
            return;
        }
        self.unique(PART, "criterion", design.criteria.iter().map(|c| c.key.as_str()));
        let total: u64 = design.criteria.iter().map(|c| u64::from(c.weight)).sum();
        if total != 100 {
            self.blocks(PART, format!("The weights make {total} per cent. They must make 100 together."));
        }
        for criterion in &design.criteria {
            self.criterion(PART, criterion);
        }
    }

    fn criterion(&mut self, part: &'static str, criterion: &Criterion) {
        let name = &criterion.name;
        if criterion.weight == 0 {
            self.warns(
                part,
                format!("“{name}” weighs nothing: it is scored and does not count. Give it a weight or leave it out."),
            );
        }
        if criterion.max_score == 0 {
            self.blocks(part, format!("“{name}” has no score above 0. Enter its highest score."));
            return;
        }
        if criterion.floor.is_some_and(|floor| floor > criterion.max_score) {
            self.blocks(
                part,
                format!(
                    "The floor of “{name}” is above its highest score, {}: no bid could be funded. Lower the floor.",
                    criterion.max_score
                ),
            );
        }
        let described: BTreeSet<u32> = criterion.descriptors.iter().map(|d| d.score).collect();
        // A scale is short; the limit only keeps a slip of the keyboard from filling the page.
        let missing: Vec<String> = (0..=criterion.max_score.min(100))
            .filter(|score| !described.contains(score))
            .map(|score| score.to_string())
            .collect();
        if !missing.is_empty() {
            self.warns(part, format!("“{name}” does not say what these scores mean: {}.", missing.join(", ")));
        }
        if described.iter().any(|score| *score > criterion.max_score) {
            self.blocks(part, format!("“{name}” describes a score above its highest, {}.", criterion.max_score));
        }
        if described.len() < criterion.descriptors.len() {
            self.blocks(part, format!("“{name}” describes one score twice."));
        }
    }

    fn pqq(&mut self, design: &CallDesign) {
        const PART: &str = "PQQ questions";
        let has_stage = closes(design, MilestoneKey::Pqq).is_some();
        if !has_stage && design.pqq_tests.is_empty() {
            return;
        }
        if !has_stage {
            self.blocks("Milestones", "There are PQQ tests but no PQQ deadline. Enter when PQQs close.");
        }
        if design.pqq_tests.is_empty() {
            self.blocks(PART, "There is a PQQ but no test it is judged by. Add a test.");
        }
        self.unique(PART, "test", design.pqq_tests.iter().map(|t| t.key.as_str()));
        let tests: Vec<(&str, &str)> =
            design.pqq_tests.iter().map(|test| (test.key.as_str(), test.name.as_str())).collect();
        self.questions(PART, &design.pqq_questions, "test", &tests);
    }

    fn bid_questions(&mut self, design: &CallDesign) {
        const PART: &str = "Bid questions";
        let criteria: Vec<(&str, &str)> =
            design.criteria.iter().map(|criterion| (criterion.key.as_str(), criterion.name.as_str())).collect();
        self.questions(PART, &design.bid_questions, "criterion", &criteria);
        for (_, question) in design.bid_questions.questions() {
            if let Some(key) = &question.principle
                && !design.principles.iter().any(|p| p.key == *key)
            {
                self.blocks(
                    PART,
                    format!("‘{}’ belongs to the principle ‘{key}’, which there is not.", question.label),
                );
            }
        }
    }

    /// What is wrong in a set by itself, and where it and what it is judged by do not meet.
    fn questions(&mut self, part: &'static str, set: &QuestionSet, judged_by: &str, named: &[(&str, &str)]) {
        for problem in hiec_forms::design_problems(set) {
            self.blocks(part, problem.message);
        }
        let keys: Vec<&str> = named.iter().map(|(key, _)| *key).collect();
        let found = coverage(&[set], &keys);
        for key in &found.criteria_without_question {
            let name = named.iter().find(|(k, _)| k == key).map_or(key.as_str(), |(_, name)| name);
            self.blocks(
                part,
                format!("No question serves the {judged_by} “{name}”: nobody could be judged on it. Add a question or leave the {judged_by} out."),
            );
        }
        for (QuestionPlace { label, .. }, key) in &found.unknown_criteria {
            self.blocks(part, format!("‘{label}’ serves the {judged_by} ‘{key}’, which there is not."));
        }
        for QuestionPlace { label, .. } in &found.questions_without_criterion {
            self.warns(
                part,
                format!("‘{label}’ serves no {judged_by}: it costs bidders work and counts for nothing. Keep it only if it is needed to know."),
            );
        }
    }

    fn award(&mut self, design: &CallDesign) {
        const PART: &str = "Award rules";
        let rules = &design.award;
        if rules.budget <= Money::ZERO {
            self.blocks(PART, "There is no budget. Enter what may be awarded in all.");
        }
        if rules.floor_total > 100 {
            self.blocks(PART, "The floor of the total is above 100 per cent. Lower it.");
        }
        if rules.ranking_aim_in_words.trim().is_empty() {
            self.warns(PART, "It is not said in words what the ranking aims at.");
        }
        match rules.reviews_per_bid {
            0 => self.blocks(PART, "No bid would be reviewed. Enter how many reviews each bid gets."),
            1 | 2 => {
                self.warns(PART, "Fewer than three reviews for each bid: one unusual score would decide too much.")
            }
            _ => {}
        }
        if rules.max_load == 0 {
            self.blocks(PART, "No assessor could be given a bid. Enter the highest load.");
        }
        if rules.quorum == 0 {
            self.blocks(PART, "The panel would decide with nobody there. Enter the quorum.");
        }
        if rules.standstill.working_days == 0 {
            self.warns(PART, "There is no standstill: nobody could complain before the award.");
        }
        if rules.tie_ladder.is_empty() {
            self.warns(PART, "Nothing is said about ties. Add the steps that break one.");
        }
        for step in &rules.tie_ladder {
            if let TieStep::Criterion { key } = step
                && design.criterion(key).is_none()
            {
                self.blocks(PART, format!("A tie is broken by the criterion ‘{key}’, which there is not."));
            }
        }
    }

    fn eligibility(&mut self, design: &CallDesign) {
        const PART: &str = "Eligibility";
        let rules = &design.eligibility;
        if !rules.excluded_functions.contains(&Function::CommissionsEducation) {
            self.blocks(
                PART,
                "Bodies that commission education are not excluded. They always are: who commissions education may not provide it.",
            );
        }
        if rules.legal_forms.is_empty() {
            self.warns(PART, "No legal form is named, so none can be chosen.");
        }
        self.unique(PART, "legal form", rules.legal_forms.iter().map(|f| f.key.as_str()));
        if rules.min_partners < 2 {
            self.warns(PART, "One partner alone could bid; a cluster is a partnership.");
        }
    }

    fn unique<'a>(&mut self, part: &'static str, what: &str, keys: impl Iterator<Item = &'a str>) {
        let mut seen = BTreeSet::new();
        for key in keys {
            if key.trim().is_empty() {
                self.blocks(part, format!("A {what} has no key. Enter a short one."));
            } else if !seen.insert(key) {
                self.blocks(part, format!("Two have the key ‘{key}’. Give each {what} a key of its own."));
            }
        }
    }
}

/// Which closing may not come after which.
const ORDER: &[(MilestoneKey, MilestoneKey)] = &[
    (MilestoneKey::Dialogue, MilestoneKey::Bidding),
    (MilestoneKey::Questions, MilestoneKey::Bidding),
    (MilestoneKey::Pqq, MilestoneKey::ShortlistChallenge),
    (MilestoneKey::Pqq, MilestoneKey::Bidding),
    (MilestoneKey::ShortlistChallenge, MilestoneKey::Bidding),
    (MilestoneKey::Bidding, MilestoneKey::Assessment),
    (MilestoneKey::Assessment, MilestoneKey::RankingChallenge),
    (MilestoneKey::Bidding, MilestoneKey::Panel),
    (MilestoneKey::RankingChallenge, MilestoneKey::Panel),
    (MilestoneKey::Panel, MilestoneKey::Announcement),
];

/// When it is over: its closing, or its moment where it has only one.
fn closes(design: &CallDesign, key: MilestoneKey) -> Option<hiec_kernel::Timestamp> {
    let milestone = design.milestone(key)?;
    if key.is_deadline() { milestone.closes } else { milestone.closes.or(milestone.opens) }
}

#[cfg(test)]
mod tests;
