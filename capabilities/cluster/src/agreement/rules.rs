//! What an agreement says, clause by clause, and whose signatures it has; pure. A signature is for one version and is never carried over to another.
//!
//! The eight headings are those of the model collaborative agreement between the NHS and industry (ABPI and the Academic Health
//! Science Networks), in our words; benefits are asked for each side. The terms after them are those partners miss first in a dispute.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// One thing an agreement says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Clause {
    pub key: &'static str,
    /// The heading it stands under.
    pub heading: &'static str,
    pub label: &'static str,
    pub hint: &'static str,
    pub is_required: bool,
}

const fn clause(key: &'static str, heading: &'static str, label: &'static str, hint: &'static str) -> Clause {
    Clause { key, heading, label, hint, is_required: true }
}

const fn term(key: &'static str, label: &'static str, hint: &'static str) -> Clause {
    Clause { key, heading: "Further terms", label, hint, is_required: false }
}

/// Every clause, in order.
pub const CLAUSES: &[Clause] = &[
    clause(
        "goals",
        "1 Goals",
        "Goals",
        "What the cluster is for, what it will leave behind, and how far that could grow",
    ),
    clause("duration", "2 Duration", "Duration", "First and last day, and what happens in between"),
    clause("benefits_patients", "3 Benefits", "Benefits for patients", "What patients and carers gain"),
    clause("benefits_nhs", "3 Benefits", "Benefits for the NHS", "What providers and staff gain"),
    clause("benefits_industry", "3 Benefits", "Benefits for industry", "What companies gain, said openly"),
    clause("method", "4 Method", "Method", "How the partners work together, and who does what"),
    clause("cost", "5 Cost", "Cost", "Who pays what, in cash and in kind"),
    clause("governance", "6 Governance", "Governance", "Who decides, who answers to whom, who is liable for education"),
    clause(
        "success",
        "7 Success criteria",
        "Success criteria",
        "What will be counted, from which baseline to which target",
    ),
    clause("evaluation", "8 Evaluation", "Evaluation", "Who looks at the result, when, and what is published"),
    term("host", "Host", "Which partner employs, banks and insures for the cluster"),
    term("records", "Records and data", "Who keeps them, and for how long after the last day"),
    term("property", "Intellectual property", "Who owns what is made, and on which licence others use it"),
    term("exit", "Leaving", "How a partner leaves, and what it still owes"),
    term("dispute", "Disputes", "How partners settle what they disagree on"),
];

/// The texts of a version, by key of the clause.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Clauses(pub BTreeMap<String, String>);

/// A clause with its text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Said<'a> {
    pub clause: &'static Clause,
    /// The heading, where this is the first clause under it.
    pub heading: Option<&'static str>,
    pub text: &'a str,
}

impl Said<'_> {
    /// The clause's own label, where more than one stands under its heading.
    pub fn label(&self) -> Option<&'static str> {
        let siblings = CLAUSES.iter().filter(|one| one.heading == self.clause.heading).count();
        (siblings > 1).then_some(self.clause.label)
    }
}

impl Clauses {
    pub fn of(&self, key: &str) -> &str {
        self.0.get(key).map(String::as_str).unwrap_or_default()
    }

    /// What is said, in order, each with its heading where that is a new one.
    pub fn said(&self) -> impl Iterator<Item = Said<'_>> {
        let mut last = "";
        CLAUSES.iter().filter(|clause| !self.of(clause.key).is_empty()).map(move |clause| {
            let heading = (last != clause.heading).then_some(clause.heading);
            last = clause.heading;
            Said { clause, heading, text: self.of(clause.key) }
        })
    }

    /// The whole as lines, for comparing two versions.
    pub fn in_lines(&self) -> String {
        let mut lines = Vec::new();
        for clause in CLAUSES.iter().filter(|clause| !self.of(clause.key).is_empty()) {
            lines.push(format!("{}: {}", clause.heading, clause.label));
            lines.push(self.of(clause.key).to_owned());
            lines.push(String::new());
        }
        lines.join("\n")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn there_are_eight_headings_and_benefits_are_split_in_three() {
        let headings: BTreeSet<&str> = CLAUSES.iter().filter(|one| one.is_required).map(|one| one.heading).collect();
        assert_eq!(headings.len(), 8);
        assert_eq!(CLAUSES.iter().filter(|one| one.heading == "3 Benefits").count(), 3);
        let keys: BTreeSet<&str> = CLAUSES.iter().map(|one| one.key).collect();
        assert_eq!(keys.len(), CLAUSES.len());
    }

    #[test]
    fn a_version_in_lines_leaves_out_what_is_not_said() {
        let clauses = Clauses(BTreeMap::from([("goals".to_owned(), "Better care".to_owned())]));
        assert_eq!(clauses.in_lines(), "1 Goals: Goals\nBetter care\n");
    }

    #[test]
    fn a_heading_stands_once_over_its_clauses() {
        let said = |keys: &[&str]| Clauses(keys.iter().map(|key| ((*key).to_owned(), "x".to_owned())).collect());
        let under = said(&["benefits_industry", "benefits_nhs", "goals", "exit"]);
        let found: Vec<(&str, Option<&str>)> = under.said().map(|one| (one.clause.key, one.heading)).collect();
        assert_eq!(
            found,
            [
                ("goals", Some("1 Goals")),
                ("benefits_nhs", Some("3 Benefits")),
                ("benefits_industry", None),
                ("exit", Some("Further terms"))
            ]
        );
    }
}
