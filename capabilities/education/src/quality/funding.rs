//! Quality-weighted funding: from a host's standing to a premium, nothing or a hold, by a rule that is simulated, published and only then used. Pure; it pays nobody.

use hiec_kernel::{Money, closed_list};
use hiec_tariff::quality::share_of;
use hiec_tariff::{Decimal, Pence};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::standing::Escalation;

/// What decides. Shares are hundredths of a percent.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct Rule {
    /// A self-assessment of this score or more earns the premium.
    pub premium_from: i64,
    /// What the premium adds to the tariff.
    pub premium: i64,
    /// A score below this holds the quality part back.
    pub hold_below: i64,
    /// From this level of escalation on it is held, whatever the score.
    pub hold_from: Escalation,
    /// Whether an open immediate requirement holds it.
    pub immediate_holds: bool,
}

const WHOLE: i64 = 10_000;

impl Rule {
    /// What makes it unusable, by field.
    pub fn faults(&self) -> Vec<(&'static str, &'static str)> {
        let mut faults = Vec::new();
        if !(0..=WHOLE).contains(&self.premium_from) {
            faults.push(("premium_from", "Enter a score from 0 to 100"));
        }
        if !(0..=WHOLE).contains(&self.hold_below) {
            faults.push(("hold_below", "Enter a score from 0 to 100"));
        }
        if self.hold_below > self.premium_from {
            faults.push((
                "hold_below",
                "Enter a score not above that of the premium: else a host would earn it and have it held",
            ));
        }
        if !(1..=2_000).contains(&self.premium) {
            faults.push(("premium", "Enter a premium from 0.01 to 20 percent"));
        }
        if self.hold_from == Escalation::Usual {
            faults.push(("hold_from", "Choose a level above the usual one: else every host would be held"));
        }
        faults
    }

    /// What a host gets, with every reason.
    pub fn outcome(&self, host: &HostStanding) -> Outcome {
        let mut holds = Vec::new();
        if host.escalation >= self.hold_from {
            holds.push(format!("stands at escalation {}", host.escalation.label()));
        }
        if self.immediate_holds && host.immediate_open > 0 {
            holds.push("has an immediate mandatory requirement open".to_owned());
        }
        if let Some(score) = host.score.filter(|score| *score < self.hold_below) {
            holds.push(format!("scores {}, below {}", percent(score), percent(self.hold_below)));
        }
        let (result, reason) = match host.score {
            _ if !holds.is_empty() => (Verdict::Hold, holds.join("; ")),
            None => (Verdict::Nothing, "has no finished self-assessment".to_owned()),
            Some(score) if score >= self.premium_from => {
                (Verdict::Premium, format!("scores {}, from {} on", percent(score), percent(self.premium_from)))
            }
            Some(score) => {
                (Verdict::Nothing, format!("scores {}, under {}", percent(score), percent(self.premium_from)))
            }
        };
        let premium = if result == Verdict::Premium { self.premium } else { 0 };
        Outcome {
            host: host.host,
            name: host.name.clone(),
            score: host.score,
            result,
            premium,
            reason,
            base: None,
            amount: None,
        }
    }

    /// In a sentence.
    pub fn words(&self) -> String {
        let immediate = if self.immediate_holds { ", an open immediate requirement" } else { "" };
        format!(
            "A self-assessment of {} or more adds {} to the tariff. The quality part is held at a score below {}{immediate}, or from escalation {} on.",
            percent(self.premium_from),
            percent(self.premium),
            percent(self.hold_below),
            self.hold_from.label()
        )
    }
}

closed_list! {
    /// What the rule says of a host.
    Verdict {
        Premium = "premium", "Premium";
        Nothing = "nothing", "No change";
        Hold = "hold", "Hold";
    }
}

/// How a host stands when the rule looks at it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct HostStanding {
    pub host: Uuid,
    pub name: String,
    /// Of its last finished self-assessment.
    pub score: Option<i64>,
    pub escalation: Escalation,
    pub immediate_open: usize,
}

/// What the rule says of a host, and why.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct Outcome {
    pub host: Uuid,
    pub name: String,
    pub score: Option<i64>,
    pub result: Verdict,
    /// Added to the tariff, in hundredths of a percent.
    pub premium: i64,
    pub reason: String,
    /// Of a simulation: what follows trainees to the host by tariff in the present financial year, and what the rule would add to it.
    /// Nothing where some of it is not loaded.
    #[serde(default)]
    pub base: Option<Money>,
    #[serde(default)]
    pub amount: Option<Money>,
}

impl Outcome {
    /// What it would come to in money. Nought of nought where nothing follows a trainee there.
    pub fn on(self, base: Option<Money>) -> Self {
        let share = Decimal(self.premium.saturating_mul(100));
        let amount = base.and_then(|base| share_of(Pence(base.0), share)).map(|amount| Money(amount.0));
        Self { base, amount, ..self }
    }
}

/// `66.67%`, `70%`.
pub(crate) fn percent(hundredths: i64) -> String {
    let (whole, part) = (hundredths / 100, hundredths % 100);
    match part {
        0 => format!("{whole}%"),
        part if part % 10 == 0 => format!("{whole}.{}%", part / 10),
        part => format!("{whole}.{part:02}%"),
    }
}

/// A percentage as typed, in hundredths of a percent: `70`, `2.5`, `66.67%`.
pub(crate) fn typed_percent(typed: &str) -> Option<i64> {
    let typed = typed.trim().trim_end_matches('%').trim();
    let (whole, part) = typed.split_once('.').unwrap_or((typed, ""));
    if part.len() > 2 || !part.bytes().chain(whole.bytes()).all(|byte| byte.is_ascii_digit()) || whole.len() > 5 {
        return None;
    }
    let part: i64 = if part.is_empty() { 0 } else { format!("{part:0<2}").parse().ok()? };
    Some(whole.parse::<i64>().ok()? * 100 + part)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rule() -> Rule {
        Rule {
            premium_from: 7_500,
            premium: 200,
            hold_below: 4_000,
            hold_from: Escalation::Major,
            immediate_holds: true,
        }
    }

    fn host(score: Option<i64>, escalation: Escalation, immediate_open: usize) -> HostStanding {
        HostStanding { host: Uuid::nil(), name: "Host".into(), score, escalation, immediate_open }
    }

    #[test]
    fn score_and_standing_decide() {
        let result = |score, escalation, open| rule().outcome(&host(score, escalation, open)).result;
        assert_eq!(result(Some(7_500), Escalation::Usual, 0), Verdict::Premium);
        assert_eq!(result(Some(7_499), Escalation::Usual, 0), Verdict::Nothing);
        assert_eq!(result(Some(3_999), Escalation::Usual, 0), Verdict::Hold);
        assert_eq!(result(Some(9_000), Escalation::Major, 0), Verdict::Hold);
        assert_eq!(result(Some(9_000), Escalation::Minor, 1), Verdict::Hold);
        assert_eq!(result(None, Escalation::Usual, 0), Verdict::Nothing);
        assert_eq!(result(None, Escalation::Suspended, 0), Verdict::Hold);
    }

    #[test]
    fn a_simulation_says_pounds() {
        let outcome = rule().outcome(&host(Some(8_000), Escalation::Usual, 0)).on(Some(Money(1_234_567)));
        assert_eq!(outcome.amount, Some(Money(24_691)));
        let nothing = rule().outcome(&host(None, Escalation::Usual, 0)).on(Some(Money(1_234_567)));
        assert_eq!(nothing.amount, Some(Money::ZERO));
        assert_eq!(rule().outcome(&host(Some(8_000), Escalation::Usual, 0)).on(None).amount, None);
    }

    #[test]
    fn percentages_are_read_as_written() {
        for (typed, read) in [
            ("70", Some(7_000)),
            ("2.5", Some(250)),
            ("66.67%", Some(6_667)),
            ("1.234", None),
            ("-1", None),
            ("", None),
        ] {
            assert_eq!(typed_percent(typed), read, "{typed}");
        }
        assert_eq!(rule().faults(), []);
        assert_eq!(Rule { hold_below: 8_000, ..rule() }.faults().len(), 1);
        assert_eq!(Rule { hold_from: Escalation::Usual, premium: 0, ..rule() }.faults().len(), 2);
    }

    proptest! {
        #[test]
        fn a_better_score_is_never_worse(low in 0_i64..=10_000, more in 0_i64..=10_000, level in 0_usize..5, open in 0_usize..2) {
            let high = (low + more).min(10_000);
            let rank = |score| match rule().outcome(&host(Some(score), Escalation::ALL[level], open)).result {
                Verdict::Hold => 0,
                Verdict::Nothing => 1,
                Verdict::Premium => 2,
            };
            prop_assert!(rank(low) <= rank(high));
        }

        #[test]
        fn percentages_come_back(hundredths in 0_i64..100_000) {
            prop_assert_eq!(typed_percent(&percent(hundredths)), Some(hundredths));
        }
    }
}
