//! Organisations: what kind of body one is and what it does; whether it may join a partnership is a rule elsewhere.

use serde::{Deserialize, Serialize};

use crate::closed_list;
use crate::ids::OrganisationId;

closed_list! {
    /// The part of society an organisation belongs to.
    Sector {
        Nhs = "nhs", "NHS";
        HigherEducation = "higher_education", "Higher education";
        Industry = "industry", "Industry";
        ThirdSector = "third_sector", "Third sector";
        LocalGovernment = "local_government", "Local government";
        OtherPublic = "other_public", "Other public body";
    }
}

closed_list! {
    /// Where a provider gives care.
    Setting {
        Primary = "primary", "Primary care";
        Community = "community", "Community care";
        Secondary = "secondary", "Secondary care";
        Tertiary = "tertiary", "Tertiary care";
        MentalHealth = "mental_health", "Mental health care";
    }
}

closed_list! {
    /// What an organisation does, as far as the rules care.
    Function {
        ProvidesCare = "provides_care", "Provides care";
        ProvidesEducation = "provides_education", "Provides education";
        CommissionsEducation = "commissions_education", "Commissions education";
        Regulates = "regulates", "Regulates";
        SetsStandards = "sets_standards", "Sets standards";
    }
}

/// An organisation as every capability sees it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Organisation {
    pub id: OrganisationId,
    /// The NHS's own code, where it gives one.
    pub ods_code: Option<String>,
    pub name: String,
    pub sector: Sector,
    /// Settings of care; empty for bodies that give none.
    pub settings: Vec<Setting>,
    pub functions: Vec<Function>,
    /// The code of the region it lies in (`LON`), where known.
    pub region: Option<String>,
    pub postcode: Option<String>,
    /// Made up for a demonstration, and to be marked so wherever it shows.
    pub is_illustrative: bool,
}

impl Organisation {
    pub fn commissions_education(&self) -> bool {
        self.functions.contains(&Function::CommissionsEducation)
    }
}
