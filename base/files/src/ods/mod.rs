//! The NHS's own lists of its organisations (Organisation Data Service), read into records; what a list does not say is guessed openly, never silently relied on.

mod layout;
mod naming;
mod region;
mod setting;

use chrono::NaiveDate;
use hiec_kernel::OrganisationId;
use hiec_kernel::organisations::{Function, Organisation, Sector, Setting};
use serde::Serialize;

pub use layout::read;
pub use naming::title_case;
pub use region::{Hints, region_guess};

use crate::import::Importable;
use crate::table::{Cell, Table};

/// The words the licence of the lists asks for wherever they are shown.
pub const CREDIT: &str = "Contains public sector information licensed under the Open Government Licence v3.0.";

/// What kind of body the code belongs to, by its shape.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OdsKind {
    /// Three characters beginning with R or T.
    Trust,
    /// A letter and five figures.
    GpPractice,
    Other,
}

impl OdsKind {
    pub const ALL: [Self; 3] = [Self::Trust, Self::GpPractice, Self::Other];

    pub fn key(self) -> &'static str {
        match self {
            Self::Trust => "trust",
            Self::GpPractice => "gp_practice",
            Self::Other => "other",
        }
    }

    pub fn from_code(code: &str) -> Self {
        let figures = code.get(1..).unwrap_or_default();
        let is_gp = code.len() == 6
            && code.starts_with(|c: char| c.is_ascii_uppercase())
            && figures.chars().all(|c| c.is_ascii_digit());
        let is_trust = code.len() == 3 && code.starts_with(['R', 'T']);
        match (is_trust, is_gp) {
            (true, _) => Self::Trust,
            (_, true) => Self::GpPractice,
            _ => Self::Other,
        }
    }
}

/// An organisation as the lists give it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct OdsOrganisation {
    pub ods_code: String,
    /// In ordinary letters; the lists write capitals throughout.
    pub name: String,
    pub kind: OdsKind,
    /// Guessed from kind and name, since the lists have none; empty where no guess is sound (ambulance services).
    pub settings: Vec<Setting>,
    /// The code of the 2009 region (`LON`), guessed (see [`region_guess`]); nothing outside England.
    pub region: Option<String>,
    pub town: Option<String>,
    pub postcode: Option<String>,
    pub opened: Option<NaiveDate>,
    pub closed: Option<NaiveDate>,
}

impl OdsOrganisation {
    /// Open on this day, as far as the list says.
    pub fn is_open_on(&self, day: NaiveDate) -> bool {
        self.opened.is_none_or(|opened| opened <= day) && self.closed.is_none_or(|closed| day <= closed)
    }

    /// As every capability knows organisations.
    pub fn into_organisation(self, id: OrganisationId) -> Organisation {
        let functions = match self.kind {
            OdsKind::Trust | OdsKind::GpPractice => vec![Function::ProvidesCare],
            OdsKind::Other => Vec::new(),
        };
        Organisation {
            id,
            ods_code: Some(self.ods_code),
            name: self.name,
            sector: Sector::Nhs,
            settings: self.settings,
            functions,
            region: self.region,
            postcode: self.postcode,
            is_illustrative: false,
        }
    }
}

impl Importable for OdsOrganisation {
    fn key(&self) -> String {
        self.ods_code.clone()
    }

    fn fields(&self) -> Vec<(&'static str, String)> {
        let day = |day: Option<NaiveDate>| Cell::from(day).plain();
        vec![
            ("name", self.name.clone()),
            ("kind", self.kind.key().to_owned()),
            ("settings", setting::keys(&self.settings)),
            ("region", self.region.clone().unwrap_or_default()),
            ("town", self.town.clone().unwrap_or_default()),
            ("postcode", self.postcode.clone().unwrap_or_default()),
            ("open_date", day(self.opened)),
            ("close_date", day(self.closed)),
        ]
    }
}

/// A table that [`read`] gives back as the same records.
pub fn to_table(organisations: &[OdsOrganisation]) -> Table {
    let mut table = Table::with_columns(
        "organisations",
        [
            ("ods_code", "The code the Organisation Data Service gives"),
            ("name", "Name, in ordinary letters"),
            ("kind", "trust, gp_practice or other, by the shape of the code"),
            ("settings", "Settings of care, separated by semicolons; a guess unless edited"),
            ("region", "Code of the 2009 region; a guess unless edited"),
            ("town", "Town of the address"),
            ("postcode", "Postcode of the address"),
            ("open_date", "First day, YYYY-MM-DD"),
            ("close_date", "Last day, YYYY-MM-DD; empty while open"),
        ],
    );
    for organisation in organisations {
        table.push([
            Cell::from(organisation.ods_code.as_str()),
            Cell::from(organisation.name.as_str()),
            Cell::from(organisation.kind.key()),
            Cell::from(setting::keys(&organisation.settings)),
            Cell::from(organisation.region.clone()),
            Cell::from(organisation.town.clone()),
            Cell::from(organisation.postcode.clone()),
            Cell::from(organisation.opened),
            Cell::from(organisation.closed),
        ]);
    }
    table
}
