//! Which questions a person may write: all of them, or those the call marks for partners. It knows no web and no SQL.

use hiec_forms::{Question, Section};
use hiec_kernel::Problem;

/// How much of a paper somebody writes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Reach {
    Everything,
    /// Only questions marked for partners.
    Marked,
    Nothing,
}

impl Reach {
    /// From what the policies let a person do: `bid.edit` and `bid.write`.
    pub(super) fn of(may_edit: bool, may_write: bool) -> Self {
        match (may_edit, may_write) {
            (true, _) => Self::Everything,
            (false, true) => Self::Marked,
            (false, false) => Self::Nothing,
        }
    }

    pub(super) fn covers(self, question: &Question) -> bool {
        match self {
            Self::Everything => true,
            Self::Marked => question.partner_editable,
            Self::Nothing => false,
        }
    }

    /// Whether there is anything to write in this section.
    pub(super) fn reaches(self, section: &Section) -> bool {
        section.questions.iter().any(|question| self.covers(question))
    }

    /// Refuses a question out of reach; nothing of what was sent is saved then.
    pub(super) fn check(self, question: &Question) -> Result<(), Problem> {
        if self.covers(question) {
            return Ok(());
        }
        Err(Problem::forbidden(
            format!("“{}” is written by the lead and the editors of the bid", question.label),
            "Partners write the questions that are marked for them. Put your proposal into a comment.",
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calls::facts::call_2009;

    #[test]
    fn partners_write_what_is_marked_for_them_and_nothing_else() {
        let set = &call_2009().unwrap().bid_questions;
        let marked: Vec<&str> = set
            .questions()
            .filter(|(_, question)| Reach::of(false, true).covers(question))
            .map(|(_, question)| question.key.as_str())
            .collect();
        assert_eq!(marked, ["pathways", "research_network", "impact", "impact_measures", "quality"]);
        let vision = set.question("vision").unwrap();
        assert!(Reach::Marked.check(vision).is_err() && Reach::Everything.check(vision).is_ok());
        assert!(Reach::Nothing.check(set.question("impact").unwrap()).is_err());
        assert!(!Reach::Marked.reaches(set.section("money").unwrap()));
        assert!(Reach::Marked.reaches(set.section("principles").unwrap()));
    }
}
