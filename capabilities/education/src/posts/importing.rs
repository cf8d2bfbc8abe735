//! Reading a list of posts: hosts by NHS code or whole name, programmes by key; a line that cannot be read is never guessed.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use hiec_contracts::ClusterSeen;
use hiec_files::import::{ImportPlan, Importable, Parsed};
use hiec_files::table::{self, Limits, Record, RowError};
use hiec_kernel::organisations::Setting;
use hiec_kernel::{OrganisationId, Problem, ProblemKind};
use hiec_store::{Unit, organisations};
use hiec_web::uploads::ListError;
use serde::Serialize;
use uuid::Uuid;

use super::actions;
use super::correcting::{NotChanged, correct};
use super::list::codes;
use super::new::MOST;
use super::store::{self, CapacityStep, Funding, FundingKind, Post};
use crate::lists::{Incoming, has_column, lines};
use crate::programmes::new::may_host;
use crate::programmes::store as programmes;
use crate::trainees::new::is_number;
use crate::words::{Place, Profession, Wte};

/// A line of the list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct Listed {
    number: String,
    /// As the list names it.
    host: String,
    #[serde(skip)]
    host_id: OrganisationId,
    site: String,
    profession: Profession,
    specialty: String,
    grade: String,
    setting: Setting,
    starts_on: NaiveDate,
    ends_on: Option<NaiveDate>,
    capacity: Wte,
    programmes: Vec<String>,
    place: Option<Place>,
    /// Who pays for a new post, and how.
    #[serde(skip)]
    funding: Option<(FundingKind, String)>,
}

impl Importable for Listed {
    fn key(&self) -> String {
        self.number.clone()
    }

    fn fields(&self) -> Vec<(&'static str, String)> {
        vec![
            ("host", self.host.clone()),
            ("site", self.site.clone()),
            ("profession", self.profession.key().to_owned()),
            ("specialty", self.specialty.clone()),
            ("grade", self.grade.clone()),
            ("setting", self.setting.key().to_owned()),
            ("starts_on", self.starts_on.to_string()),
            ("ends_on", self.ends_on.map(|day| day.to_string()).unwrap_or_default()),
            ("capacity", self.capacity.to_string()),
            ("programmes", self.programmes.join(";")),
            ("place", self.place.map(in_degrees).unwrap_or_default()),
        ]
    }
}

/// A day as a list writes it.
pub(crate) fn read_day(typed: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(typed, "%Y-%m-%d").or_else(|_| NaiveDate::parse_from_str(typed, "%d/%m/%Y")).ok()
}

/// The cell's day; an error that says how to write it.
pub(crate) fn day_in(record: Record<'_>, column: &str) -> Result<NaiveDate, RowError> {
    let typed = record.require(column)?;
    read_day(typed).ok_or_else(|| record.error(column, "This is no day. Write it as 2010-09-30 or 30/09/2010."))
}

/// The cell's text, not longer than a line.
pub(crate) fn line_in(record: Record<'_>, column: &str) -> Result<String, RowError> {
    let typed = record.require(column)?;
    match typed.chars().count() <= crate::ground::LINE {
        true => Ok(typed.to_owned()),
        false => Err(record.error(column, "This is longer than 200 characters. Shorten it.")),
    }
}

/// The pole's latitude in millionths of a degree; twice as much is as far east or west as one can be.
pub(super) const POLE: i64 = 90_000_000;

/// A place as somebody would write it: `51.518, -0.059`.
fn in_degrees(place: Place) -> String {
    let degrees = |millionths: i64| {
        let sign = if millionths < 0 { "-" } else { "" };
        let part = format!("{:06}", millionths.abs() % (POLE / 90));
        let part = part.trim_end_matches('0');
        let point = if part.is_empty() { "" } else { "." };
        format!("{sign}{}{point}{part}", millionths.abs() / (POLE / 90))
    };
    format!("{}, {}", degrees(place.latitude), degrees(place.longitude))
}

/// Degrees to millionths, without a float.
pub(super) fn millionths(typed: &str) -> Option<i64> {
    let (sign, digits) = typed.strip_prefix('-').map_or((1, typed), |rest| (-1, rest));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let are_figures = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    if !(1..=3).contains(&whole.len()) || !are_figures(whole) || !are_figures(part) {
        return None;
    }
    let part: String = part.chars().chain(std::iter::repeat('0')).take(6).collect();
    let value = whole.parse::<i64>().ok()? * 1_000_000 + part.parse::<i64>().ok()?;
    (value <= 2 * POLE).then_some(sign * value)
}

struct Known {
    hosts: BTreeMap<String, OrganisationId>,
    programmes: Vec<String>,
}

fn listed(record: Record<'_>, known: &Known) -> Result<Listed, RowError> {
    let number = line_in(record, "number")?;
    if !is_number(&number) {
        return Err(record.error("number", "Write it with letters, figures and hyphens alone, at most 40."));
    }
    let host = line_in(record, "host")?;
    let host_id = *known.hosts.get(&host.to_lowercase()).ok_or_else(|| {
        record.error("host", "No organisation of the register that provides care or education is called so. Write the NHS code or the whole name.")
    })?;
    let one_of = |column: &str, keys: Vec<&str>| {
        record.error(column, format!("This is not known. Use one of: {}.", keys.join(", ")))
    };
    let profession = Profession::from_key(record.require("profession")?)
        .ok_or_else(|| one_of("profession", Profession::ALL.iter().map(|one| one.key()).collect()))?;
    let setting = Setting::from_key(record.require("setting")?)
        .ok_or_else(|| one_of("setting", Setting::ALL.iter().map(|one| one.key()).collect()))?;
    let capacity = Wte::read(record.require("capacity")?)
        .filter(|wte| *wte <= MOST)
        .ok_or_else(|| record.error("capacity", "This is no share of whole-time. Write a number such as 1 or 0.6."))?;
    let starts_on = day_in(record, "starts_on")?;
    let ends_on = match record.get("ends_on") {
        None => None,
        Some(_) => Some(day_in(record, "ends_on")?),
    };
    if ends_on.is_some_and(|last| last < starts_on) {
        return Err(record.error("ends_on", "This comes before the first day."));
    }
    let programmes: Vec<String> = record
        .get("programmes")
        .unwrap_or_default()
        .split(';')
        .map(str::trim)
        .filter(|key| !key.is_empty())
        .map(str::to_owned)
        .collect();
    if let Some(unknown) = programmes.iter().find(|key| !known.programmes.contains(key)) {
        let message = format!("“{unknown}” is no programme here. Known are: {}.", known.programmes.join(", "));
        return Err(record.error("programmes", message));
    }
    let degrees = |column: &str, most: i64| {
        record
            .get(column)
            .map(|typed| {
                millionths(typed)
                    .filter(|degrees| degrees.abs() <= most)
                    .ok_or_else(|| record.error(column, "Write degrees with a point, such as 51.518 or -0.059."))
            })
            .transpose()
    };
    let place = match (degrees("latitude", POLE)?, degrees("longitude", 2 * POLE)?) {
        (Some(latitude), Some(longitude)) => Some(Place { latitude, longitude }),
        (None, None) => None,
        _ => return Err(record.error("latitude", "Fill in both latitude and longitude, or neither.")),
    };
    let funding = match (record.get("funding"), record.get("payer")) {
        (None, None) => None,
        (Some(kind), Some(_)) => {
            let kind = FundingKind::from_key(kind)
                .ok_or_else(|| one_of("funding", FundingKind::ALL.iter().map(|one| one.key()).collect()))?;
            Some((kind, line_in(record, "payer")?))
        }
        (Some(_), None) => return Err(record.error("payer", "Write who pays, or leave the funding empty too.")),
        (None, Some(_)) => {
            return Err(record.error("funding", "Write the kind of funding, or leave the payer empty too."));
        }
    };
    Ok(Listed {
        number,
        host,
        host_id,
        site: line_in(record, "site")?,
        profession,
        specialty: line_in(record, "specialty")?,
        grade: line_in(record, "grade")?,
        setting,
        starts_on,
        ends_on,
        capacity,
        programmes,
        place,
        funding,
    })
}

/// Lists of posts.
pub(crate) struct Posts;

impl Incoming for Posts {
    type Record = Listed;

    const NAME: &'static str = "posts";
    const TITLE: &'static str = "Import posts";
    const NEEDED: &'static [&'static str] =
        &["number", "host", "site", "profession", "specialty", "grade", "setting", "starts_on", "capacity"];
    const KNOWN: &'static [&'static str] = &["ends_on", "programmes", "latitude", "longitude", "funding", "payer"];
    const ABOUT: &'static str = "A line whose number is known changes the site, specialty, grade, setting, last day and place of that post. Its host, \
                                 profession, first day, programmes and first capacity stay: these are changed on the post's own page, with the reason. A column that is left out changes nothing; funding and payer are those of new posts.";

    async fn read(
        unit: &Unit,
        cluster: &ClusterSeen,
        name: &str,
        bytes: &[u8],
    ) -> Result<ImportPlan<Listed>, ListError> {
        let sheet = table::read(name, bytes, &Limits::default())?;
        sheet.expect_columns(Self::NEEDED, Self::KNOWN)?;
        let named: Vec<String> = sheet.records().filter_map(|record| record.get("host").map(str::to_owned)).collect();
        let codes_wanted: Vec<String> = named.iter().map(|one| one.to_uppercase()).collect();
        let mut hosts: BTreeMap<String, OrganisationId> = BTreeMap::new();
        // Nobody is placed at a college or a commissioner.
        let named = organisations::by_names(unit, &named).await?;
        for one in named.into_iter().filter(may_host) {
            hosts.insert(one.name.to_lowercase(), one.id);
        }
        let coded = organisations::by_ods_codes(unit, &codes_wanted).await?;
        for one in coded.into_iter().filter(may_host) {
            if let Some(code) = &one.ods_code {
                hosts.insert(code.to_lowercase(), one.id);
            }
        }
        let programmes = programmes::of_cluster(unit, cluster.id).await?;
        let known = Known { hosts, programmes: programmes.iter().map(|one| one.key.clone()).collect() };
        let mut parsed = lines(&sheet, |record| listed(record, &known));
        let posts = store::of_cluster(unit, cluster.id).await?;
        let keys: BTreeMap<Uuid, String> = programmes.into_iter().map(|one| (one.id, one.key)).collect();
        // A column the list does not have leaves what it is about as it is.
        let has = |column: &str| has_column(&sheet, column);
        let by_number: BTreeMap<&str, &Post> = posts.iter().map(|post| (post.number.as_str(), post)).collect();
        for row in &mut parsed.rows {
            let Some(post) = by_number.get(row.record.number.as_str()) else { continue };
            if !has("ends_on") {
                row.record.ends_on = post.ends_on;
            }
            if !has("programmes") {
                row.record.programmes = post.programmes.iter().filter_map(|id| keys.get(id).cloned()).collect();
            }
            if !has("latitude") {
                row.record.place = post.place;
            }
        }
        let names = codes(unit, &posts).await?;
        let stored =
            posts.into_iter().map(|post| (post.number.clone(), as_listed(&post, &names, &keys, &parsed))).collect();
        Ok(ImportPlan::new(parsed, &stored))
    }

    async fn write(
        unit: &mut Unit,
        cluster: &ClusterSeen,
        plan: &ImportPlan<Listed>,
    ) -> Result<Vec<RowError>, Problem> {
        let programmes = programmes::of_cluster(unit, cluster.id).await?;
        let mut refused = Vec::new();
        for row in &plan.new {
            let one = row.record.clone();
            let funding = one.funding.map(|(kind, body)| Funding {
                id: unit.new_id(),
                kind,
                body,
                from: one.starts_on,
                to: None,
                is_illustrative: false,
            });
            let post = Post {
                id: Uuid::nil(),
                cluster: cluster.id,
                number: one.number,
                host: one.host_id,
                site: one.site,
                place: one.place,
                profession: one.profession,
                specialty: one.specialty,
                grade: one.grade,
                setting: one.setting,
                starts_on: one.starts_on,
                ends_on: one.ends_on,
                capacity: vec![CapacityStep { from: one.starts_on, wte: one.capacity }],
                programmes: programmes.iter().filter(|it| one.programmes.contains(&it.key)).map(|it| it.id).collect(),
                funding: funding.into_iter().collect(),
                follows: None,
                is_illustrative: false,
            };
            conflicts(&mut refused, row.line, actions::add(unit, post).await)?;
        }
        for row in &plan.changed {
            let one = row.record.clone();
            let Some(post) = store::by_number(unit, cluster.id, &one.number).await? else { continue };
            let fixed = ["host", "profession", "starts_on", "capacity", "programmes"];
            if let Some(field) = row.fields.iter().find(|change| fixed.contains(&change.field)) {
                let message = format!(
                    "The post is there with “{}”. Leave it so and change it on the post's own page, or give the new post another number.",
                    field.before
                );
                refused.push(RowError::new(row.line, Some(field.field), message));
                continue;
            }
            let changed = Post {
                site: one.site,
                specialty: one.specialty,
                grade: one.grade,
                setting: one.setting,
                ends_on: one.ends_on,
                place: one.place,
                ..post.clone()
            };
            match correct(unit, &post, &changed, "An imported list").await {
                Ok(()) => {}
                Err(NotChanged::Wrong(wrong)) => {
                    let said = wrong.into_iter();
                    refused.extend(said.map(|(field, what)| RowError::new(row.line, Some(field), format!("{what}."))));
                }
                Err(NotChanged::Problem(problem)) => return Err(problem),
            }
        }
        Ok(refused)
    }
}

/// Notes beside its line that a number is taken.
pub(crate) fn conflicts<T>(refused: &mut Vec<RowError>, line: u64, outcome: Result<T, Problem>) -> Result<(), Problem> {
    match outcome {
        Ok(_) => Ok(()),
        Err(problem) if problem.kind == ProblemKind::Conflict => {
            refused.push(RowError::new(line, Some("number"), format!("{}. {}", problem.title, problem.next)));
            Ok(())
        }
        Err(problem) => Err(problem),
    }
}

/// The stored post as the list would give it; a host the list names otherwise counts as the same where it is.
fn as_listed(
    post: &Post,
    names: &BTreeMap<OrganisationId, String>,
    keys: &BTreeMap<Uuid, String>,
    parsed: &Parsed<Listed>,
) -> Listed {
    let line = parsed.rows.iter().find(|row| row.record.number == post.number).map(|row| &row.record);
    let host = match line {
        Some(line) if line.host_id == post.host => line.host.clone(),
        _ => names.get(&post.host).cloned().unwrap_or_default(),
    };
    let mut programmes: Vec<String> = post.programmes.iter().filter_map(|id| keys.get(id).cloned()).collect();
    if let Some(line) = line {
        // The same programmes in another order are the same.
        let same =
            line.programmes.len() == programmes.len() && line.programmes.iter().all(|key| programmes.contains(key));
        if same {
            programmes.clone_from(&line.programmes);
        }
    }
    Listed {
        number: post.number.clone(),
        host,
        host_id: post.host,
        site: post.site.clone(),
        profession: post.profession,
        specialty: post.specialty.clone(),
        grade: post.grade.clone(),
        setting: post.setting,
        starts_on: post.starts_on,
        ends_on: post.ends_on,
        capacity: post.capacity.first().map_or(Wte::NONE, |step| step.wte),
        programmes,
        place: post.place,
        funding: line.and_then(|line| line.funding.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn degrees_are_read_exactly() {
        assert_eq!(millionths("51.518"), Some(51_518_000));
        assert_eq!(millionths("-0.059"), Some(-59_000));
        assert_eq!(millionths("0.0000019"), Some(1));
        let place = Place { latitude: 51_518_000, longitude: -59_000 };
        assert_eq!(in_degrees(place), "51.518, -0.059");
        assert_eq!(in_degrees(Place { latitude: 52_000_000, longitude: 0 }), "52, 0");
        for typed in ["", "-", "abc", "181", "1.2.3", "51,5"] {
            assert_eq!(millionths(typed), None, "{typed}");
        }
    }
}
