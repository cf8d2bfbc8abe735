//! What stands between a bid and its submission, in the user's words; it lets nothing through for being nearly complete.

use hiec_kernel::clock::on_page;
use hiec_kernel::organisations::{Function, Organisation};

use crate::calls::design::CallDesign;
use crate::calls::stages::Deadline;
use crate::partnerships::commitments::SignOff;

/// One reason why a bid cannot be submitted as it is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Shortfall {
    /// By the server's clock.
    Late {
        deadline: Deadline,
    },
    /// The partnership is not on the final shortlist.
    NotShortlisted,
    /// A question left open, or answered beyond its limits.
    Answer(hiec_forms::Shortfall),
    NoPartner,
    TooFewPartners {
        members: usize,
        least: u32,
    },
    /// A member does what no member may.
    Excluded {
        organisation: String,
        function: Function,
    },
    SignOff {
        partner: String,
        sign_off: SignOff,
    },
    /// There is nothing to give a receipt for.
    Empty,
}

/// How one partner's sign-off stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PartnerSignOff {
    pub partner: String,
    pub sign_off: SignOff,
}

impl Shortfall {
    /// What is wrong: a sentence.
    pub fn what(&self) -> String {
        match self {
            Self::Late { deadline } => format!("The deadline was {}.", on_page(deadline.0)),
            Self::NotShortlisted => "This partnership is not on the final shortlist.".into(),
            Self::Answer(answer) => format!("{}.", answer.message),
            Self::NoPartner => "No partner has joined.".into(),
            Self::TooFewPartners { members, least } => {
                format!("The call asks for {least} members at least; the partnership has {members}.")
            }
            Self::Excluded { organisation, function } => {
                format!("{organisation} may not be a member: {}.", in_words(*function))
            }
            Self::SignOff { partner, sign_off } => format!("{partner} {}.", sign_off.in_words()),
            Self::Empty => "The bid holds nothing yet.".into(),
        }
    }

    /// What to do about it: a sentence.
    pub fn mend(&self) -> String {
        match self {
            Self::Late { .. } => {
                "Nothing was lost: what you wrote is kept. If something beyond your control held you up, write to the programme office at once; two officers may admit a late bid for a stated reason.".into()
            }
            Self::NotShortlisted => "See the reasons you were sent, or ask the programme office.".into(),
            Self::Answer(answer) => format!("{}.", answer.how_to_mend),
            Self::NoPartner | Self::TooFewPartners { .. } => {
                "Invite organisations and have them accept and sign.".into()
            }
            Self::Excluded { organisation, .. } => {
                format!("Take {organisation} out of the partnership.")
            }
            Self::SignOff { partner, sign_off } => match sign_off {
                SignOff::NotAnswered => format!("Ask {partner} to accept and sign, or take the invitation back."),
                _ => format!("Ask {partner} to sign before the deadline: a bid not signed by every partner is not submitted."),
            },
            Self::Empty => "Answer the questions first.".into(),
        }
    }
}

fn in_words(function: Function) -> String {
    // Only the capital of the label changes inside a sentence.
    format!("it {}", function.label().to_lowercase())
}

impl From<hiec_forms::Shortfall> for Shortfall {
    fn from(answer: hiec_forms::Shortfall) -> Self {
        Self::Answer(answer)
    }
}

/// Every sign-off that is missing; a bid without any partner lacks them all.
pub fn of_sign_offs(sign_offs: &[PartnerSignOff]) -> Vec<Shortfall> {
    let mut needed = sign_offs.iter().filter(|s| s.sign_off != SignOff::NotNeeded).peekable();
    if needed.peek().is_none() {
        return vec![Shortfall::NoPartner];
    }
    needed
        .filter(|one| !one.sign_off.allows_submission())
        .map(|one| Shortfall::SignOff { partner: one.partner.clone(), sign_off: one.sign_off.clone() })
        .collect()
}

/// What eligibility forbids outright. Settings, sectors and the other principles are advice until assessors judge them.
pub fn of_members(design: &CallDesign, members: &[&Organisation]) -> Vec<Shortfall> {
    let rules = &design.eligibility;
    let mut found = Vec::new();
    if members.len() < usize::try_from(rules.min_partners).unwrap_or(usize::MAX) {
        found.push(Shortfall::TooFewPartners { members: members.len(), least: rules.min_partners });
    }
    for organisation in members {
        // Commissioning education excludes whatever a design says: the rule never bends.
        let excluded = organisation.functions.iter().find(|function| {
            **function == Function::CommissionsEducation || rules.excluded_functions.contains(function)
        });
        if let Some(function) = excluded {
            found.push(Shortfall::Excluded { organisation: organisation.name.clone(), function: *function });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use hiec_kernel::organisations::Sector;

    use super::*;
    use crate::calls::facts::call_2009;
    use crate::partnerships::principles::tests::organisation;

    #[test]
    fn members_are_counted_and_commissioners_named_whatever_the_design_says() {
        let mut design = call_2009().unwrap().clone();
        design.eligibility.excluded_functions.clear();
        let deanery = organisation("Example Deanery", Sector::Nhs, &[], &[Function::CommissionsEducation]);
        let found = of_members(&design, &[&deanery]);
        let said: Vec<String> = found.iter().map(Shortfall::what).collect();
        assert_eq!(
            said,
            [
                "The call asks for 3 members at least; the partnership has 1.",
                "Example Deanery may not be a member: it commissions education."
            ]
        );
        assert!(found.iter().all(|shortfall| !shortfall.mend().is_empty()));
    }

    #[test]
    fn partners_who_left_are_not_waited_for_and_silence_is() {
        let sign_off = |partner: &str, sign_off| PartnerSignOff { partner: partner.into(), sign_off };
        assert_eq!(of_sign_offs(&[sign_off("A", SignOff::NotNeeded)]), [Shortfall::NoPartner]);
        let found = of_sign_offs(&[
            sign_off("A", SignOff::NotNeeded),
            sign_off("B", SignOff::Stands),
            sign_off("C", SignOff::NotSigned),
            sign_off("D", SignOff::NotAnswered),
        ]);
        let said: Vec<String> = found.iter().map(Shortfall::what).collect();
        assert_eq!(said, ["C has accepted but not signed.", "D has not answered the invitation."]);
    }
}
