//! Who is responsible, accountable, consulted and informed: every task has exactly one that is accountable. No web, no SQL.

use std::collections::BTreeMap;

use hiec_kernel::closed_list;
use serde::{Deserialize, Serialize};

closed_list! {
    /// What somebody is in a task.
    Part {
        Accountable = "A", "Accountable";
        AccountableAndResponsible = "AR", "Accountable and responsible";
        Responsible = "R", "Responsible";
        Consulted = "C", "Consulted";
        Informed = "I", "Informed";
    }
}

impl Part {
    pub fn is_accountable(self) -> bool {
        matches!(self, Self::Accountable | Self::AccountableAndResponsible)
    }

    pub fn is_responsible(self) -> bool {
        matches!(self, Self::Responsible | Self::AccountableAndResponsible)
    }
}

closed_list! {
    /// Who has a part: the bodies and roles of a cluster, in the order of the columns.
    Party {
        Board = "board", "Board";
        Chair = "chair", "Chair";
        Director = "director", "Managing director";
        Facilitators = "facilitators", "Facilitators and fellows";
        ClinicalLead = "clinical_lead", "Clinical lead of the pathway";
        Sites = "sites", "Partner sites";
        Patients = "patients", "Patient members";
        Lead = "lead", "Lead organisation";
        Region = "region", "Region";
    }
}

/// The parts in one task. There is no way to hold one without exactly one accountable.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(try_from = "BTreeMap<Party, Part>", into = "BTreeMap<Party, Part>")]
pub struct Parts(BTreeMap<Party, Part>);

/// Why parts cannot stand.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Fault {
    #[error("Choose who is accountable: nobody is yet")]
    NobodyAccountable,
    #[error("Exactly one is accountable: now it is {}", .0.iter().map(|party| party.label()).collect::<Vec<_>>().join(" and "))]
    SeveralAccountable(Vec<Party>),
    #[error("Choose who does it: nobody is responsible yet")]
    NobodyResponsible,
}

impl Parts {
    /// Exactly one accountable, and somebody who does it.
    pub fn new(parts: BTreeMap<Party, Part>) -> Result<Self, Fault> {
        let accountable: Vec<Party> =
            parts.iter().filter(|(_, part)| part.is_accountable()).map(|(party, _)| *party).collect();
        match accountable.len() {
            0 => return Err(Fault::NobodyAccountable),
            1 => {}
            _ => return Err(Fault::SeveralAccountable(accountable)),
        }
        if !parts.values().any(|part| part.is_responsible()) {
            return Err(Fault::NobodyResponsible);
        }
        Ok(Self(parts))
    }

    pub fn of(&self, party: Party) -> Option<Part> {
        self.0.get(&party).copied()
    }

    pub fn accountable(&self) -> Option<Party> {
        self.0.iter().find(|(_, part)| part.is_accountable()).map(|(party, _)| *party)
    }
}

impl TryFrom<BTreeMap<Party, Part>> for Parts {
    type Error = Fault;

    fn try_from(parts: BTreeMap<Party, Part>) -> Result<Self, Fault> {
        Self::new(parts)
    }
}

impl From<Parts> for BTreeMap<Party, Part> {
    fn from(parts: Parts) -> Self {
        parts.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_parts() -> impl Strategy<Value = BTreeMap<Party, Part>> {
        prop::collection::btree_map(
            prop::sample::select(Party::ALL.to_vec()),
            prop::sample::select(Part::ALL.to_vec()),
            0..Party::ALL.len(),
        )
    }

    proptest! {
        #[test]
        fn what_stands_has_exactly_one_accountable(parts in any_parts()) {
            let accountable = parts.values().filter(|part| part.is_accountable()).count();
            let responsible = parts.values().filter(|part| part.is_responsible()).count();
            match Parts::new(parts.clone()) {
                Ok(kept) => {
                    prop_assert_eq!(accountable, 1);
                    prop_assert!(responsible > 0);
                    // Storage refuses what the rule refuses, and keeps what it keeps.
                    let json = serde_json::to_value(&kept).unwrap();
                    prop_assert_eq!(serde_json::from_value::<Parts>(json).unwrap(), kept);
                }
                Err(Fault::NobodyAccountable) => prop_assert_eq!(accountable, 0),
                Err(Fault::SeveralAccountable(which)) => prop_assert_eq!(which.len(), accountable),
                Err(Fault::NobodyResponsible) => prop_assert!(accountable == 1 && responsible == 0),
            }
        }
    }

    #[test]
    fn two_accountable_are_named() {
        let parts =
            BTreeMap::from([(Party::Chair, Part::Accountable), (Party::Director, Part::AccountableAndResponsible)]);
        assert_eq!(
            Parts::new(parts).unwrap_err().to_string(),
            "Exactly one is accountable: now it is Chair and Managing director"
        );
        assert!(serde_json::from_str::<Parts>(r#"{"chair":"A","director":"A"}"#).is_err());
    }
}
