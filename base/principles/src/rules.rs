//! What a partnership must be, as data: principles with the rule each is checked by, and the legal forms it may take; nothing here judges.

use hiec_kernel::organisations::{Sector, Setting};
use serde::{Deserialize, Serialize};

/// Where a rule is written.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Citation {
    /// "Prospectus, 7 May 2009".
    pub source: String,
    /// "Principles: span settings".
    pub section: String,
}

/// Something a partnership must be.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Principle {
    pub key: String,
    pub name: String,
    /// What is looked for, in a sentence.
    pub test: String,
    pub citation: Citation,
    pub rule: PrincipleRule,
}

/// How a principle is checked. Texts name questions by key.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "check", rename_all = "snake_case", deny_unknown_fields)]
pub enum PrincipleRule {
    /// Members give care in every setting that eligibility requires.
    Settings,
    /// Members come from every sector that eligibility requires; with a statement on research, where one is asked.
    Sectors {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        statement: Option<String>,
    },
    /// Two professions or more, or a plan.
    Professions { list: String, plan: String },
    /// Written, and says how it is measured.
    Measured { questions: Vec<String> },
    /// No member commissions education, and a plan.
    Split { plan: String },
    /// Legal form, governance, links, quality control.
    Accountability {
        /// A choice among the legal forms of eligibility.
        legal_form: String,
        /// A choice of `yes` and `no`: whether the region wants legally binding contracts.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        binding_contracts: Option<String>,
        governance: String,
        links: String,
        quality_control: String,
    },
    /// All these are answered.
    Answered { questions: Vec<String> },
}

/// A form a partnership may take.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LegalForm {
    pub key: String,
    pub name: String,
    /// Whether it can enter into contracts as a body of its own.
    pub standing: LegalStanding,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LegalStanding {
    Corporate,
    NotCorporate,
    /// Some are and some are not: a charity may or may not be incorporated.
    Depends,
}

/// Everything a partnership is checked by.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Rules {
    pub principles: Vec<Principle>,
    pub required_settings: Vec<Setting>,
    pub required_sectors: Vec<Sector>,
    pub legal_forms: Vec<LegalForm>,
}

impl PrincipleRule {
    /// Keys of the questions whose answers the check reads.
    pub fn questions(&self) -> Vec<&str> {
        match self {
            Self::Settings => Vec::new(),
            Self::Sectors { statement } => statement.iter().map(String::as_str).collect(),
            Self::Professions { list, plan } => vec![list, plan],
            Self::Split { plan } => vec![plan],
            Self::Accountability { legal_form, binding_contracts, governance, links, quality_control } => {
                let mut keys = vec![legal_form.as_str()];
                keys.extend(binding_contracts.as_deref());
                keys.extend([governance.as_str(), links, quality_control]);
                keys
            }
            Self::Measured { questions } | Self::Answered { questions } => {
                questions.iter().map(String::as_str).collect()
            }
        }
    }

    /// Those among them that are answered in words; the legal form and whether contracts bind are choices.
    pub fn statements(&self) -> Vec<&str> {
        match self {
            Self::Accountability { governance, links, quality_control, .. } => vec![governance, links, quality_control],
            _ => self.questions(),
        }
    }
}

impl Rules {
    pub fn legal_form(&self, key: &str) -> Option<&LegalForm> {
        self.legal_forms.iter().find(|form| form.key == key)
    }
}

impl LegalStanding {
    /// Whether the region can have a legally binding contract with it, as people read it.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Corporate => "A body of its own: it can enter into legally binding contracts with the region",
            Self::NotCorporate => {
                "No body of its own: the region agrees with its partners, and no contract binds the cluster itself"
            }
            Self::Depends => "It can enter into legally binding contracts only where it is incorporated",
        }
    }
}
