//! What a statement is asked for: the year, a host, a trainee, the day it is known on; of hosts no other than the reader may see.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use hiec_kernel::clock::london_date;
use hiec_kernel::{OrganisationId, Problem};
use hiec_tariff::Period;
use hiec_web::{Errors, Loaded};
use serde::Deserialize;

use super::drawing::{self, Drawing, Known, Of};
use super::store;
use super::totals::{self, Totals};
use crate::access::Education;
use crate::ground;

#[derive(Clone, Debug, Default, Deserialize)]
pub struct Asked {
    /// `2010/11`; the present year unless given.
    #[serde(default)]
    year: String,
    /// A host's id; all hosts unless given.
    #[serde(default)]
    host: String,
    /// The number of a trainee; all trainees unless given.
    #[serde(default)]
    trainee: String,
    /// As things were known on this day; now unless given.
    #[serde(default)]
    known_on: String,
    #[serde(default)]
    pub page: Option<usize>,
}

impl Asked {
    /// The year, and the day as of which it is known; what cannot be read is noted, and this year shown.
    pub(super) fn when(&self, today: NaiveDate, errors: &mut Errors) -> Result<(Period, Option<NaiveDate>), Problem> {
        let this_year = Period::year_of(today).ok_or_else(|| Problem::internal("a day without a year"))?;
        let year = match self.year.trim() {
            "" => this_year,
            typed => Period::parse_year(typed).unwrap_or_else(|| {
                errors.add("year", "Enter a financial year, such as 2010/11");
                this_year
            }),
        };
        let known_on = match self.known_on.trim() {
            "" => None,
            typed => ground::day(errors, "known_on", "the day", typed),
        };
        Ok((year, known_on))
    }
}

/// A statement as it was asked for.
pub(super) struct Shown {
    pub year: Period,
    pub host: Option<OrganisationId>,
    pub trainee: Option<String>,
    pub known_on: Option<NaiveDate>,
    pub today: NaiveDate,
    /// Hosts the reader may see, by name.
    pub hosts: Vec<(OrganisationId, String)>,
    pub errors: Errors,
}

pub(super) fn name(year: Period) -> String {
    year.year_name().unwrap_or_else(|| year.to_string())
}

pub(super) async fn shown(door: &Loaded<Education>, asked: &Asked) -> Result<Shown, Problem> {
    let today = london_date(door.now());
    let mut errors = Errors::none();
    let (year, known_on) = asked.when(today, &mut errors)?;
    let sight = drawing::sight(door, &door.cluster);
    let hosts = store::host_names(&door.database(), door.cluster.id, None).await?.into_iter();
    let hosts: Vec<(OrganisationId, String)> = hosts.filter(|(id, _)| sight.sees(*id)).collect();
    let host = match asked.host.trim() {
        // Whoever sees one host alone need not choose it.
        "" => hosts.first().filter(|_| hosts.len() == 1).map(|(id, _)| *id),
        typed => {
            let found = hosts.iter().find(|(id, _)| id.to_string() == typed).map(|(id, _)| *id);
            if found.is_none() {
                errors.add("host", "Choose one of the hosts");
            }
            found
        }
    };
    let trainee = Some(asked.trainee.trim().to_owned()).filter(|number| !number.is_empty());
    Ok(Shown { year, host, trainee, known_on, today, hosts, errors })
}

impl Shown {
    /// Of neither one host nor one trainee: shown as sums.
    pub fn is_whole(&self) -> bool {
        self.host.is_none() && self.trainee.is_none()
    }

    pub fn host_name(&self) -> Option<&str> {
        self.hosts.iter().find(|(id, _)| Some(*id) == self.host).map(|(_, name)| name.as_str())
    }

    /// The words an address says it with.
    pub fn query(&self) -> String {
        let mut query = format!("year={}", name(self.year).replace('/', "%2F"));
        if let Some(host) = self.host {
            query += &format!("&host={host}");
        }
        if let Some(trainee) = &self.trainee {
            query +=
                &format!("&trainee={}", url::form_urlencoded::byte_serialize(trainee.as_bytes()).collect::<String>());
        }
        if let Some(day) = self.known_on {
            query += &format!("&known_on={day}");
        }
        query
    }

    /// The same statement of another host.
    pub fn of_host(&self, host: OrganisationId) -> String {
        Self { host: Some(host), trainee: None, hosts: Vec::new(), errors: Errors::none(), ..*self }.query()
    }

    /// The same statement of one trainee, wherever the reader may see them.
    pub fn of_trainee(&self, number: &str) -> String {
        let trainee = Some(number.to_owned());
        Self { host: None, trainee, hosts: Vec::new(), errors: Errors::none(), ..*self }.query()
    }

    fn known(&self) -> Known {
        Known { on: self.known_on, today: self.today }
    }

    fn sees(&self, host: OrganisationId) -> bool {
        self.hosts.iter().any(|(id, _)| *id == host)
    }

    /// Line by line.
    pub async fn drawing(&self, door: &Loaded<Education>) -> Result<Drawing, Problem> {
        let of = Of { host: self.host, trainee: self.trainee.clone() };
        let mut drawing = drawing::draw(&door.database(), &door.cluster, self.year, self.known(), &of).await?;
        let names: BTreeMap<OrganisationId, String> = self.hosts.iter().cloned().collect();
        drawing.retain(|id| names.contains_key(&id), &names);
        Ok(drawing)
    }

    /// As sums by host.
    pub async fn totals(&self, door: &Loaded<Education>) -> Result<Totals, Problem> {
        let is_seen = |host| self.sees(host) && self.host.is_none_or(|only| only == host);
        totals::total(&door.database(), &door.cluster, self.year, self.known(), is_seen).await
    }
}
