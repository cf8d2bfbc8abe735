//! The difference between two designs as lines people can read: where, what stood there, what stands there now; it does not say whether a change is fair.

use std::collections::BTreeMap;

use hiec_forms::QuestionSet;
use hiec_kernel::clock::on_page;
use serde::{Deserialize, Serialize};

use super::design::{
    AwardRules, CallDesign, Criterion, Eligibility, LegalStanding, Milestone, PqqTest, Principle, RankingAim, Rounding,
    ScoreStep, SourcedFact, StandstillCount,
};

/// One change.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Difference {
    /// The path in words: "Criterion “Clear vision”: weight".
    pub place: String,
    /// Absent when something was added.
    pub before: Option<String>,
    /// Absent when something was taken out.
    pub after: Option<String>,
}

/// All changes from `old` to `new`. Empty only when the two are equal.
pub fn differences(old: &CallDesign, new: &CallDesign) -> Vec<Difference> {
    let mut lines = between(&described(old), &described(new));
    lines.extend(of_questions("PQQ", &old.pqq_questions, &new.pqq_questions));
    lines.extend(of_questions("Bid", &old.bid_questions, &new.bid_questions));
    if lines.is_empty() && old != new {
        // A design whose keys are not unique can differ where names cannot tell; publishing refuses such a design.
        lines.push(Difference {
            place: "The design".into(),
            before: Some("as before".into()),
            after: Some("changed in parts that share a name".into()),
        });
    }
    lines
}

impl Difference {
    /// One line: "Award rules: budget: £10,000,000 becomes £11,000,000".
    pub fn in_words(&self) -> String {
        match (&self.before, &self.after) {
            (Some(before), Some(after)) => format!("{}: {before} becomes {after}", self.place),
            (None, Some(after)) => format!("{}: added: {after}", self.place),
            (Some(before), None) => format!("{}: taken out: {before}", self.place),
            (None, None) => self.place.clone(),
        }
    }
}

/// A design as places and what stands there, in the order of the design.
#[derive(Default)]
struct Description {
    places: Vec<(String, String)>,
}

fn between(old: &Description, new: &Description) -> Vec<Difference> {
    let before: BTreeMap<&str, &str> = old.index();
    let after: BTreeMap<&str, &str> = new.index();
    let changed_or_added = new.places.iter().filter_map(|(place, now)| {
        let was = before.get(place.as_str()).copied();
        (was != Some(now)).then(|| Difference {
            place: place.clone(),
            before: was.map(str::to_owned),
            after: Some(now.clone()),
        })
    });
    let taken_out = old
        .places
        .iter()
        .filter(|(place, _)| !after.contains_key(place.as_str()))
        .map(|(place, was)| Difference { place: place.clone(), before: Some(was.clone()), after: None });
    changed_or_added.chain(taken_out).collect()
}

fn of_questions<'a>(set: &'a str, old: &QuestionSet, new: &QuestionSet) -> impl Iterator<Item = Difference> + use<'a> {
    hiec_forms::differences(old, new).into_iter().map(move |change| Difference {
        place: format!("{set} questions: {}", change.summary),
        before: change.old,
        after: change.new,
    })
}

fn described(design: &CallDesign) -> Description {
    let mut text = Description::default();
    for (place, value) in [
        ("Key", &design.key),
        ("Programme", &design.programme),
        ("Title", &design.title),
        ("Summary", &design.summary),
        ("Funder", &design.funder),
    ] {
        text.say(place, value);
    }
    let mut notices: BTreeMap<String, usize> = BTreeMap::new();
    for milestone in &design.milestones {
        text.milestone(milestone, &mut notices);
    }
    text.order("Order of the milestones", design.milestones.iter().map(|m| m.name.as_str()));
    for principle in &design.principles {
        text.principle(principle);
    }
    text.order("Order of the principles", design.principles.iter().map(|p| p.name.as_str()));
    for criterion in &design.criteria {
        text.criterion(criterion);
    }
    text.order("Order of the criteria", design.criteria.iter().map(|c| c.name.as_str()));
    for test in &design.pqq_tests {
        text.pqq_test(test);
    }
    text.order("Order of the PQQ tests", design.pqq_tests.iter().map(|t| t.name.as_str()));
    text.award(&design.award, design);
    text.eligibility(&design.eligibility);
    text
}

impl Description {
    fn index(&self) -> BTreeMap<&str, &str> {
        self.places.iter().map(|(place, value)| (place.as_str(), value.as_str())).collect()
    }

    fn say(&mut self, place: impl Into<String>, value: impl Into<String>) {
        self.places.push((place.into(), value.into()));
    }

    /// An order is worth a line only when there is more than one thing in it.
    fn order<'a>(&mut self, place: &str, names: impl Iterator<Item = &'a str>) {
        let names: Vec<&str> = names.collect();
        if names.len() > 1 {
            self.say(place, names.join(" · "));
        }
    }

    fn facts(&mut self, place: &str, facts: &[SourcedFact<String>]) {
        for (number, fact) in facts.iter().enumerate() {
            self.say(format!("{place} {}", number + 1), fact_in_words(fact));
        }
    }

    fn milestone(&mut self, milestone: &Milestone, notices: &mut BTreeMap<String, usize>) {
        // The key tells milestones apart, so that a renamed one shows as renamed; notices share a key and are counted.
        let label = milestone.key.label();
        let number = notices.entry(label.to_owned()).or_default();
        *number += 1;
        let place =
            if *number == 1 { format!("Milestone “{label}”") } else { format!("Milestone “{label}” {number}") };
        self.say(format!("{place}: name"), &milestone.name);
        for (what, at) in [("opens", milestone.opens), ("closes", milestone.closes)] {
            if let Some(at) = at {
                self.say(format!("{place}: {what}"), exact(at));
            }
        }
        self.facts(&format!("{place}: published date"), &milestone.published);
        if let Some(note) = &milestone.note {
            self.say(format!("{place}: note"), note);
        }
    }

    fn principle(&mut self, principle: &Principle) {
        let place = format!("Principle ‘{}’", principle.key);
        self.say(format!("{place}: name"), &principle.name);
        self.say(format!("{place}: test"), &principle.test);
        self.say(
            format!("{place}: where it is written"),
            format!("{}, {}", principle.citation.source, principle.citation.section),
        );
        self.say(format!("{place}: how it is checked"), as_json(&principle.rule));
    }

    fn criterion(&mut self, criterion: &Criterion) {
        let place = format!("Criterion ‘{}’", criterion.key);
        self.say(format!("{place}: name"), &criterion.name);
        self.say(format!("{place}: description"), &criterion.description);
        self.say(format!("{place}: weight"), format!("{} per cent", criterion.weight));
        self.say(format!("{place}: highest score"), criterion.max_score.to_string());
        if let Some(floor) = criterion.floor {
            self.say(format!("{place}: floor"), floor.to_string());
        }
        for descriptor in &criterion.descriptors {
            self.say(format!("{place}: what a score of {} means", descriptor.score), &descriptor.meaning);
        }
        self.say(format!("{place}: source"), fact_in_words(&criterion.source));
    }

    fn pqq_test(&mut self, test: &PqqTest) {
        let place = format!("PQQ test ‘{}’", test.key);
        self.say(format!("{place}: name"), &test.name);
        self.say(format!("{place}: what passes"), &test.test);
        self.say(format!("{place}: source"), fact_in_words(&test.source));
    }

    fn award(&mut self, rules: &AwardRules, design: &CallDesign) {
        let place = |what: &str| format!("Award rules: {what}");
        self.say(place("budget"), rules.budget.to_string());
        self.facts(&place("source of the budget"), &rules.budget_sources);
        self.say(place("floor of the total"), format!("{} per cent", rules.floor_total));
        self.say(
            place("what the ranking aims at"),
            match rules.ranking_aim {
                RankingAim::HighestTotals => "the highest totals",
                RankingAim::WidestGeography => "the widest geography",
            },
        );
        self.say(place("the aim in words"), &rules.ranking_aim_in_words);
        self.say(place("reviews for each bid"), rules.reviews_per_bid.to_string());
        self.say(place("highest load of an assessor"), rules.max_load.to_string());
        self.say(
            place("scores given"),
            match rules.score_step {
                ScoreStep::Whole => "whole numbers",
                ScoreStep::Half => "whole numbers and halves",
            },
        );
        self.say(
            place("rounding"),
            match rules.rounding {
                Rounding::HalfUpTwoDecimals => "half up, two decimals",
            },
        );
        let ladder: Vec<String> = rules.tie_ladder.iter().map(|step| step.in_words(design)).collect();
        self.say(place("how a tie is broken"), ladder.join("; then "));
        self.say(
            place("standstill"),
            format!(
                "{} working days, counted {}",
                rules.standstill.working_days,
                match rules.standstill.counted {
                    StandstillCount::BeginningWithTheDay => "from the day of the letters",
                    StandstillCount::FromTheDayAfter => "from the day after the letters",
                }
            ),
        );
        self.say(place("source of the standstill"), fact_in_words(&rules.standstill.source));
        self.say(place("quorum"), rules.quorum.to_string());
    }

    fn eligibility(&mut self, rules: &Eligibility) {
        let place = |what: &str| format!("Eligibility: {what}");
        let labels = |labels: Vec<&str>| labels.join(", ");
        self.say(place("settings of care"), labels(rules.required_settings.iter().map(|s| s.label()).collect()));
        self.say(place("sectors"), labels(rules.required_sectors.iter().map(|s| s.label()).collect()));
        self.say(
            place("functions no member may have"),
            labels(rules.excluded_functions.iter().map(|f| f.label()).collect()),
        );
        for form in &rules.legal_forms {
            let standing = match form.standing {
                LegalStanding::Corporate => "a body of its own",
                LegalStanding::NotCorporate => "not a body of its own",
                LegalStanding::Depends => "may be a body of its own",
            };
            self.say(format!("{} ‘{}’", place("legal form"), form.key), format!("{}: {standing}", form.name));
        }
        self.order(&place("order of the legal forms"), rules.legal_forms.iter().map(|f| f.name.as_str()));
        self.say(place("partners at least"), rules.min_partners.to_string());
    }
}

/// To the minute as people read it; with seconds where there are any, so that no change hides.
fn exact(at: hiec_kernel::Timestamp) -> String {
    if at.timestamp_millis() % 60_000 == 0 {
        on_page(at)
    } else {
        format!("{} (exactly {})", on_page(at), hiec_kernel::clock::iso(at))
    }
}

fn fact_in_words(fact: &SourcedFact<String>) -> String {
    let note = fact.note.as_ref().map(|note| format!("; {note}")).unwrap_or_default();
    format!("{} ({}{note})", fact.value, fact.source)
}

/// For the one part that is a rule for the program rather than words for people.
fn as_json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

#[cfg(test)]
mod tests;
