//! The fields of an organisation as an administrator types them, read with errors that name the field, and compared with what was there; it knows no page and no database.

use hiec_kernel::organisations::{Function, Organisation, Sector, Setting};
use hiec_web::Errors;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What was typed.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct Typed {
    #[serde(default)]
    pub name: String,
    /// Empty where the NHS gives none.
    #[serde(default)]
    pub ods_code: String,
    /// `nhs`, `higher_education`, `industry`, `third_sector`, `local_government`, `other_public`.
    #[serde(default)]
    pub sector: String,
    /// `primary`, `community`, `secondary`, `tertiary`, `mental_health`.
    #[serde(default)]
    pub settings: Vec<String>,
    /// `provides_care`, `provides_education`, `commissions_education`, `regulates`, `sets_standards`.
    #[serde(default)]
    pub functions: Vec<String>,
    /// The code of a region, or empty.
    #[serde(default)]
    pub region: String,
    #[serde(default)]
    pub postcode: String,
    /// Why; it is kept for good.
    #[serde(default)]
    pub reason: String,
}

impl From<&Organisation> for Typed {
    fn from(one: &Organisation) -> Self {
        Self {
            name: one.name.clone(),
            ods_code: one.ods_code.clone().unwrap_or_default(),
            sector: one.sector.key().to_owned(),
            settings: one.settings.iter().map(|setting| setting.key().to_owned()).collect(),
            functions: one.functions.iter().map(|function| function.key().to_owned()).collect(),
            region: one.region.clone().unwrap_or_default(),
            postcode: one.postcode.clone().unwrap_or_default(),
            reason: String::new(),
        }
    }
}

impl Typed {
    /// The organisation these fields describe, on top of `before`, and the reason; errors by field otherwise.
    pub fn read(
        &self,
        before: Organisation,
        regions: &[String],
        errors: &mut Errors,
    ) -> Option<(Organisation, String)> {
        let name = errors.text("name", "the name", &self.name, 300);
        let ods_code = self.code(errors);
        let sector = Sector::from_key(&self.sector);
        if sector.is_none() {
            errors.add("sector", "Choose the sector");
        }
        let settings = chosen(&self.settings, Setting::ALL, Setting::key);
        let functions = chosen(&self.functions, Function::ALL, Function::key);
        if settings.len() != self.settings.len() {
            errors.add("settings", "Choose settings from the list");
        }
        if functions.len() != self.functions.len() {
            errors.add("functions", "Choose functions from the list");
        }
        if !settings.is_empty() && !functions.contains(&Function::ProvidesCare) {
            errors.add("functions", "What has settings of care provides care: choose that too, or no setting");
        }
        let region = Some(self.region.trim().to_owned()).filter(|code| !code.is_empty());
        if region.as_ref().is_some_and(|code| !regions.contains(code)) {
            errors.add("region", "Choose a region from the list");
        }
        let postcode = Some(self.postcode.trim().to_uppercase()).filter(|code| !code.is_empty());
        if postcode
            .as_ref()
            .is_some_and(|code| code.len() > 10 || !code.chars().all(|c| c.is_ascii_alphanumeric() || c == ' '))
        {
            errors.add("postcode", "Enter a postcode such as E1 4NS, or leave it empty");
        }
        let reason = errors.text("reason", "why", &self.reason, 1000);
        let (Some(name), Some(sector), Some(reason), true) = (name, sector, reason, errors.is_empty()) else {
            return None;
        };
        let after = Organisation { name, ods_code, sector, settings, functions, region, postcode, ..before };
        Some((after, reason))
    }

    /// Codes of the Organisation Data Service are three to ten letters and figures.
    fn code(&self, errors: &mut Errors) -> Option<String> {
        let code = Some(self.ods_code.trim().to_uppercase()).filter(|code| !code.is_empty())?;
        if (3..=10).contains(&code.len()) && code.chars().all(|c| c.is_ascii_alphanumeric()) {
            return Some(code);
        }
        errors.add("ods_code", "Enter an ODS code such as R1H, or leave it empty where there is none");
        None
    }
}

/// Those of the list that were chosen, in the list's order.
fn chosen<T: Copy>(typed: &[String], all: &[T], key: impl Fn(T) -> &'static str) -> Vec<T> {
    all.iter().copied().filter(|one| typed.iter().any(|typed| typed == key(*one))).collect()
}

/// A field that was changed, as the trail keeps it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FieldChange {
    pub field: String,
    pub before: String,
    pub after: String,
}

impl FieldChange {
    pub fn in_words(&self) -> String {
        let said = |text: &str| if text.is_empty() { "nothing".to_owned() } else { format!("“{text}”") };
        format!("{}: {} became {}", self.field.replace('_', " "), said(&self.before), said(&self.after))
    }
}

/// What differs, in the order of the form.
pub fn differences(before: &Organisation, after: &Organisation) -> Vec<FieldChange> {
    let sides = as_fields(before).into_iter().zip(as_fields(after));
    sides
        .filter(|((_, before), (_, after))| before != after)
        .map(|((field, before), (_, after))| FieldChange { field: field.to_owned(), before, after })
        .collect()
}

fn as_fields(one: &Organisation) -> [(&'static str, String); 7] {
    let keys = |keys: Vec<&str>| keys.join(", ");
    [
        ("name", one.name.clone()),
        ("ods_code", one.ods_code.clone().unwrap_or_default()),
        ("sector", one.sector.key().to_owned()),
        ("settings", keys(one.settings.iter().map(|setting| setting.key()).collect())),
        ("functions", keys(one.functions.iter().map(|function| function.key()).collect())),
        ("region", one.region.clone().unwrap_or_default()),
        ("postcode", one.postcode.clone().unwrap_or_default()),
    ]
}

#[cfg(test)]
mod tests {
    use hiec_kernel::OrganisationId;
    use uuid::Uuid;

    use super::*;

    fn trust() -> Organisation {
        Organisation {
            id: OrganisationId(Uuid::nil()),
            ods_code: Some("R1H".into()),
            name: "Example Trust".into(),
            sector: Sector::Nhs,
            settings: vec![Setting::Secondary],
            functions: vec![Function::ProvidesCare],
            region: Some("LON".into()),
            postcode: None,
            is_illustrative: true,
        }
    }

    fn read(typed: &Typed) -> Result<(Organisation, String), Vec<String>> {
        let mut errors = Errors::none();
        let read = typed.read(trust(), &["LON".to_owned()], &mut errors);
        read.ok_or_else(|| errors.0.into_iter().map(|error| error.field).collect())
    }

    #[test]
    fn what_was_there_reads_back_as_itself() {
        let typed = Typed { reason: "none".into(), ..Typed::from(&trust()) };
        let (same, _) = read(&typed).unwrap();
        assert_eq!(same, trust());
        assert!(differences(&trust(), &same).is_empty());
    }

    #[test]
    fn a_change_is_told_field_by_field() {
        let functions = vec!["commissions_education".to_owned()];
        let typed = Typed {
            functions,
            settings: vec![],
            postcode: "e1 4ns".into(),
            reason: "Told us".into(),
            ..Typed::from(&trust())
        };
        let (after, reason) = read(&typed).unwrap();
        assert_eq!((after.postcode.as_deref(), reason.as_str()), (Some("E1 4NS"), "Told us"));
        let words: Vec<String> = differences(&trust(), &after).iter().map(FieldChange::in_words).collect();
        assert_eq!(
            words,
            [
                "settings: “secondary” became nothing",
                "functions: “provides_care” became “commissions_education”",
                "postcode: nothing became “E1 4NS”"
            ]
        );
    }

    #[test]
    fn every_wrong_field_is_named() {
        let typed = Typed {
            ods_code: "R!".into(),
            sector: "army".into(),
            settings: vec!["primary".into(), "x".into()],
            functions: vec!["y".into()],
            region: "ZZ".into(),
            postcode: "<script>".into(),
            ..Typed::default()
        };
        let fields = read(&typed).unwrap_err();
        assert_eq!(
            fields,
            ["name", "ods_code", "sector", "settings", "functions", "functions", "region", "postcode", "reason"]
        );
    }
}
