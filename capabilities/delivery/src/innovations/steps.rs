//! The steps of a site with an innovation: which of those said stand, and whether another or a corrected one may. It knows no web and no SQL.

use chrono::NaiveDate;
use hiec_adoption::stages::{History, Rules, Stage, Step};
use hiec_kernel::{OrganisationId, Timestamp};
use serde::Serialize;
use uuid::Uuid;

/// A step as it was said. A correction replaces an earlier one, and without a stage it takes it back.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct StepSaid {
    pub id: Uuid,
    pub site: OrganisationId,
    /// The key of a stage; empty where a step is taken back.
    pub stage: String,
    pub on: NaiveDate,
    pub evidence: String,
    pub replaces: Option<Uuid>,
    /// Why it was corrected.
    pub reason: String,
    pub at: Timestamp,
    pub is_illustrative: bool,
}

impl StepSaid {
    pub fn stage(&self) -> Option<Stage> {
        Stage::from_key(&self.stage)
    }
}

/// What a stage is called on a page.
pub fn stage_label(stage: Stage) -> &'static str {
    match stage {
        Stage::Aware => "Aware",
        Stage::Trial => "Trial",
        Stage::Adopted => "Adopted",
        Stage::Sustained => "Sustained",
        Stage::Abandoned => "Abandoned",
    }
}

/// The steps that stand: neither replaced nor taken back, in order of their days.
pub fn standing<'a>(said: impl IntoIterator<Item = &'a StepSaid>) -> Vec<&'a StepSaid> {
    let said: Vec<&StepSaid> = said.into_iter().collect();
    let replaced: Vec<Uuid> = said.iter().filter_map(|step| step.replaces).collect();
    let mut standing: Vec<&StepSaid> =
        said.into_iter().filter(|step| step.stage().is_some() && !replaced.contains(&step.id)).collect();
    standing.sort_by_key(|step| (step.on, step.at, step.id));
    standing
}

/// The history these steps make; none without a step; the reasons where they make none.
pub fn history(steps: &[&StepSaid], rules: Rules) -> Result<Option<History>, Vec<String>> {
    let mut history: Option<History> = None;
    for said in steps {
        let Some(stage) = said.stage() else { continue };
        let step = Step { stage, on: said.on, evidence: said.evidence.clone() };
        let next = match history {
            None => History::begin(step),
            Some(history) => history.step(step, rules),
        };
        history = Some(next.map_err(|refused| refused.reasons.iter().map(sentence).collect::<Vec<_>>())?);
    }
    Ok(history)
}

fn sentence(reason: &hiec_adoption::stages::Reason) -> String {
    let words = reason.to_string();
    let mut letters = words.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

/// Whether what was said and one more makes a history: a new step, or a correction.
pub fn with(said: &[StepSaid], new: &StepSaid, rules: Rules) -> Result<Option<History>, Vec<String>> {
    history(&standing(said.iter().chain([new])), rules)
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    fn day(month: u32, nth: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2010, month, nth).unwrap()
    }

    fn said(id: u128, stage: &str, on: NaiveDate) -> StepSaid {
        StepSaid {
            id: Uuid::from_u128(id),
            site: OrganisationId(Uuid::nil()),
            stage: stage.into(),
            on,
            evidence: "A note of a visit".into(),
            replaces: None,
            reason: String::new(),
            at: DateTime::from_timestamp(i64::try_from(id).unwrap(), 0).unwrap(),
            is_illustrative: false,
        }
    }

    #[test]
    fn steps_stand_in_order_of_days_and_a_correction_keeps_the_old_one() {
        let rules = Rules { sustained_after_days: 90 };
        let mut all = vec![said(1, "aware", day(1, 5)), said(2, "adopted", day(3, 1))];
        let correction = StepSaid { replaces: Some(Uuid::from_u128(2)), ..said(3, "trial", day(3, 1)) };
        let history = with(&all, &correction, rules).unwrap().unwrap();
        assert_eq!(history.stage(), Stage::Trial);
        all.push(correction);
        assert_eq!(all.len(), 3, "what was said first is still there");
        assert_eq!(standing(&all).len(), 2);
    }

    #[test]
    fn a_correction_that_leaves_no_way_is_refused_with_why() {
        let rules = Rules { sustained_after_days: 90 };
        let all = vec![said(1, "trial", day(1, 5)), said(2, "adopted", day(3, 1)), said(3, "sustained", day(8, 1))];
        let taken_back = StepSaid { replaces: Some(Uuid::from_u128(2)), ..said(4, "", day(9, 1)) };
        let reasons = with(&all, &taken_back, rules).unwrap_err();
        assert_eq!(reasons, ["A site does not go from trial to sustained"]);
        let later = StepSaid { replaces: Some(Uuid::from_u128(2)), ..said(4, "adopted", day(7, 1)) };
        assert_eq!(
            with(&all, &later, rules).unwrap_err(),
            ["It has been done for 31 days: 90 are needed to call it sustained"]
        );
    }
}
