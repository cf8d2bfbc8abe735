//! A statement drawn up: placements of a host, of a trainee or of all at the prices in force, and what quality adds, as known now or on a day. It changes nothing.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use hiec_contracts::ClusterSeen;
use hiec_kernel::{Money, OrganisationId, Problem};
use hiec_store::Reads;
use hiec_tariff::quality::Part;
use hiec_tariff::{
    Adjustment, Decimal, Difference, Income, Line, Outcome, Pence, Period, Placement, Statement, Volume, differences,
};
use hiec_web::Loaded;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::limited::{self, Limited};
use super::lists::Lists;
use super::store::{self, Paid};
use super::weighing::{Item, Weighed, weigh};
use crate::access::{self, Sight};
use crate::quality::history::History;

/// A line of a statement, as pages, files and claims show it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct Drawn {
    /// Of the placement.
    pub placement: Uuid,
    pub trainee: String,
    pub trainee_number: String,
    pub host: OrganisationId,
    pub host_name: String,
    /// Site and specialty: those who teach.
    pub team: String,
    pub payer: String,
    pub tariff: String,
    pub from: NaiveDate,
    /// The last day, counted.
    pub to: NaiveDate,
    /// To six places.
    pub fte: Option<String>,
    pub price: Option<Money>,
    pub price_source: Option<String>,
    pub factor: Option<String>,
    /// Nothing where something is not loaded; `working` says what.
    pub amount: Option<Money>,
    /// The price is a floor.
    pub is_at_least: bool,
    pub working: String,
    /// What it costs the host, where that is reported.
    pub cost: Option<Money>,
    pub is_illustrative: bool,
}

impl Drawn {
    /// What it costs beyond what follows the trainee.
    pub fn gap(&self) -> Option<Money> {
        Some(self.cost? - self.amount?)
    }
}

/// A placement whose amount was different as known on a day.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct Changed {
    pub trainee: String,
    pub host_name: String,
    pub then: Option<Money>,
    pub now: Option<Money>,
}

/// Whose statement is drawn up.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Of {
    /// One host; all of them unless named.
    pub host: Option<OrganisationId>,
    /// The number of one trainee; all of them unless named.
    pub trainee: Option<String>,
}

impl Of {
    pub fn host(host: OrganisationId) -> Self {
        Self { host: Some(host), trainee: None }
    }
}

/// As what things are known: on a day, else today.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Known {
    pub on: Option<NaiveDate>,
    pub today: NaiveDate,
}

impl Known {
    pub fn today(today: NaiveDate) -> Self {
        Self { on: None, today }
    }
}

/// A statement over some days, line by line.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Drawing {
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub known_on: Option<NaiveDate>,
    pub lines: Vec<Drawn>,
    /// What quality adds or holds, beside the lines; a trainee's statement has none, for it is the host's.
    pub weighed: Vec<Weighed>,
    /// Against what is known now; only where a day was named.
    pub changes: Vec<Changed>,
    #[serde(skip)]
    pub adjustments: Vec<Adjustment>,
}

impl Drawing {
    /// What follows the trainees by tariff.
    pub fn by_tariff(&self) -> Money {
        self.lines.iter().filter_map(|line| line.amount).sum()
    }

    pub fn by_quality(&self) -> Money {
        self.weighed.iter().filter_map(|line| line.amount).sum()
    }

    /// What the limits add to it, or take from it.
    pub fn by_limits(&self) -> Money {
        self.adjustments.iter().map(limited::by_limit).sum()
    }

    /// The same as lines.
    pub fn limited(&self) -> Vec<Limited> {
        self.adjustments.iter().map(Limited::of_year).collect()
    }

    /// Tariff, limits and quality together.
    pub fn total(&self) -> Money {
        self.by_tariff() + self.by_limits() + self.by_quality()
    }

    pub fn not_loaded(&self) -> Vec<String> {
        let mut words: Vec<String> = Vec::new();
        let lines = self.lines.iter().filter(|line| line.amount.is_none()).map(|line| &line.working);
        for line in lines.chain(self.weighed.iter().filter(|line| line.amount.is_none()).map(|line| &line.working)) {
            if !words.contains(line) {
                words.push(line.clone());
            }
        }
        words
    }

    /// Keeps what is of hosts for which this holds.
    pub fn retain(&mut self, hosts: impl Fn(OrganisationId) -> bool, names: &BTreeMap<OrganisationId, String>) {
        self.lines.retain(|line| hosts(line.host));
        self.weighed.retain(|line| hosts(line.host));
        let kept = |name: &str| names.iter().any(|(id, known)| known == name && hosts(*id));
        self.changes.retain(|change| kept(&change.host_name));
        self.adjustments.retain(|adjusted| kept(&adjusted.host));
    }
}

/// All of [`tariff_of`].
pub(crate) const TARIFFS: [&str; 6] = [
    "clinical",
    "undergraduate_medical",
    "undergraduate_medical_primary_care",
    "postgraduate_medical",
    "undergraduate_dental",
    "postgraduate_dental",
];

/// The tariff that pays for a trainee, by profession, level and setting.
pub(crate) fn tariff_of(profession: &str, level: &str, setting: &str) -> &'static str {
    match (profession, level, setting) {
        ("medical", "undergraduate", "primary") => "undergraduate_medical_primary_care",
        ("medical", "undergraduate", _) => "undergraduate_medical",
        ("medical", _, _) => "postgraduate_medical",
        ("dental", "undergraduate", _) => "undergraduate_dental",
        ("dental", _, _) => "postgraduate_dental",
        _ => "clinical",
    }
}

/// What statements of a host, or of all, are drawn up from.
pub(super) struct Sources {
    pub lists: Lists,
    pub names: BTreeMap<OrganisationId, String>,
    pub history: History,
}

impl Sources {
    /// Without what is not published yet: who loads a price may do so before its day.
    pub async fn load(
        reads: &impl Reads,
        cluster: &ClusterSeen,
        host: Option<OrganisationId>,
        today: NaiveDate,
    ) -> Result<Self, Problem> {
        let mut entries = store::entries(reads, cluster.id, host).await?;
        entries.retain(|entry| !entry.is_ahead(today));
        Ok(Self {
            lists: Lists::of(&entries).map_err(|words| Problem::internal(words.join("; ")))?,
            names: store::host_names(reads, cluster.id, host).await?.into_iter().collect(),
            history: History::load(reads, cluster.id, host).await?,
        })
    }

    pub fn name(&self, host: OrganisationId) -> String {
        self.names.get(&host).cloned().unwrap_or_else(|| "A former host".to_owned())
    }
}

/// Draws up what follows trainees between two days, both counted. What is paid at once in two ways is paid once.
pub(crate) async fn draw(
    reads: &impl Reads,
    cluster: &ClusterSeen,
    period: Period,
    known: Known,
    of: &Of,
) -> Result<Drawing, Problem> {
    let known_on = known.on;
    let sources = Sources::load(reads, cluster, of.host, known.today).await?;
    let paid = store::paid(reads, cluster.id, (period.from(), period.to()), of).await?;
    let (placements, origins) = placements(&sources.lists, &paid, period);
    let statement = sources.lists.book.statement(&placements, known_on);
    let drawn = |statement: &Statement| -> Vec<Drawn> {
        let line = |line: &Line| Some(drawn(line, origins.get(line.reference.parse::<usize>().ok()?)?, &sources));
        statement.lines.iter().filter_map(line).collect()
    };
    let weighed = |lines: &[Drawn], known_on| match of.trainee {
        Some(_) => Vec::new(),
        None => weigh(&sources.history, lines.iter().filter_map(item), |host| sources.name(host), period, known_on),
    };
    let lines = drawn(&statement);
    let weighed_then = weighed(&lines, known_on);
    let mut changes = Vec::new();
    if known_on.is_some() {
        let now = sources.lists.book.statement(&placements, None);
        let host = |id: &str| id.parse().ok().map(|id| sources.name(OrganisationId(id))).unwrap_or_default();
        changes.extend(differences(&statement, &now).into_iter().map(|change| changed(change, &host)));
        changes.extend(changed_by_quality(&weighed_then, &weighed(&drawn(&now), None)));
    }
    let adjustments = match of.trainee {
        Some(_) => Vec::new(),
        None => adjustments(&sources, &statement, period),
    };
    Ok(Drawing { from: period.from(), to: period.to(), known_on, lines, weighed: weighed_then, changes, adjustments })
}

/// A line as the rule on quality sees it.
fn item(line: &Drawn) -> Option<Item<'_>> {
    let days = Period::new(line.from, line.to)?;
    let part = Part { days, amount: line.amount.map(|amount| Pence(amount.0)), times: 1 };
    Some(Item { host: line.host, payer: &line.payer, part, is_illustrative: line.is_illustrative })
}

/// What is priced of a placement: whose it is does not matter.
#[derive(Clone, Debug)]
pub(super) struct Terms<'a> {
    /// Of the placement, where several sources of money may pay for it.
    pub id: Option<Uuid>,
    pub days: (NaiveDate, NaiveDate),
    pub paid: (NaiveDate, Option<NaiveDate>),
    /// Hundredths.
    pub wte: i64,
    pub host: OrganisationId,
    pub trainee: String,
    pub team: String,
    pub grade: &'a str,
    pub tariff: &'static str,
}

/// Placements as the engine prices them, each with what it is of. A reference is its place in the list.
pub(super) fn priced<'a, T>(
    lists: &Lists,
    all: &'a [T],
    terms: impl Fn(&'a T) -> Terms<'a>,
    period: Period,
) -> (Vec<Placement>, Vec<&'a T>) {
    let (mut placements, mut origins) = (Vec::new(), Vec::new());
    let mut last: Option<(Uuid, NaiveDate)> = None;
    for one in all {
        let terms = terms(one);
        let mut from = terms.days.0.max(terms.paid.0).max(period.from());
        let to = terms.paid.1.unwrap_or(terms.days.1).min(terms.days.1).min(period.to());
        // A second source of money for days that are paid for already adds nothing.
        if let Some((_, end)) = last.filter(|(id, _)| Some(*id) == terms.id) {
            from = end.succ_opt().map_or(from, |next| from.max(next));
        }
        let Some(days) = Period::new(from, to) else { continue };
        last = terms.id.map(|id| (id, to));
        for part in days.cut(&lists.salary_turns(terms.grade, days)) {
            placements.push(Placement {
                reference: placements.len().to_string(),
                trainee: terms.trainee.clone(),
                host: terms.host.to_string(),
                team: terms.team.clone(),
                tariff: terms.tariff.to_owned(),
                period: part,
                students: 1,
                volume: Volume::Working(Decimal(terms.wte.saturating_mul(10_000))),
                basic_salary: lists.salary(terms.grade, part.from()),
                cost: None,
            });
            origins.push(one);
        }
    }
    (placements, origins)
}

fn placements<'a>(lists: &Lists, paid: &'a [Paid], period: Period) -> (Vec<Placement>, Vec<&'a Paid>) {
    let terms = |one: &'a Paid| Terms {
        id: Some(one.id),
        days: (one.starts_on, one.ends_on),
        paid: (one.paid_from, one.paid_to),
        wte: one.wte,
        host: OrganisationId(one.host_id),
        trainee: format!("{}, {}", one.trainee_name, one.trainee_number),
        team: team(one),
        grade: &one.grade,
        tariff: tariff_of(&one.profession, &one.level, &one.setting),
    };
    priced(lists, paid, terms, period)
}

fn team(one: &Paid) -> String {
    if one.site.is_empty() { one.specialty.clone() } else { format!("{}, {}", one.specialty, one.site) }
}

/// What it costs the host on the days of a line, where that is reported.
pub(super) fn cost(lists: &Lists, host: OrganisationId, line: &Line) -> Option<Money> {
    let (cost, fte) = lists.cost(host, &line.tariff, line.period.from()).zip(line.fte)?;
    cost.fraction().times(fte)?.rounded().map(Money)
}

fn drawn(line: &Line, of: &Paid, sources: &Sources) -> Drawn {
    let host = OrganisationId(of.host_id);
    let host_name = sources.name(host);
    let (is_at_least, working) = match &line.outcome {
        Outcome::Amount { is_at_least, working, .. } => (*is_at_least, working.clone()),
        Outcome::NotLoaded(words) => (false, words.replace(&line.host, &host_name)),
    };
    Drawn {
        placement: of.id,
        trainee: of.trainee_name.clone(),
        trainee_number: of.trainee_number.clone(),
        host,
        host_name,
        team: line.team.clone(),
        payer: of.body.clone(),
        tariff: line.tariff.clone(),
        from: line.period.from(),
        to: line.period.to(),
        fte: line.fte.map(|fte| fte.to_string()),
        price: line.price.as_ref().map(|price| Money(price.it.price.0)),
        price_source: line.price.as_ref().map(|price| price.source.clone()),
        factor: line.factor.as_ref().map(|factor| factor.it.factor.to_string()),
        amount: line.outcome.amount().map(|amount| Money(amount.0)),
        is_at_least,
        working,
        cost: cost(&sources.lists, host, line),
        is_illustrative: of.is_illustrative,
    }
}

fn changed(change: Difference, name: &impl Fn(&str) -> String) -> Changed {
    Changed {
        host_name: name(&change.host),
        trainee: change.trainee,
        then: change.before.map(|amount| Money(amount.0)),
        now: change.after.map(|amount| Money(amount.0)),
    }
}

/// Hosts for which quality adds another amount now.
fn changed_by_quality(then: &[Weighed], now: &[Weighed]) -> Vec<Changed> {
    let mut hosts: BTreeMap<(&str, OrganisationId), [Vec<Option<Money>>; 2]> = BTreeMap::new();
    for (at, lines) in [then, now].into_iter().enumerate() {
        for line in lines {
            let sums = hosts.entry((line.host_name.as_str(), line.host)).or_default();
            if let Some(amounts) = sums.get_mut(at) {
                amounts.push(line.amount);
            }
        }
    }
    let sums = hosts.into_iter().map(|((name, _), amounts)| {
        let [then, now] = amounts.map(|amounts| amounts.into_iter().sum::<Option<Money>>());
        Changed { trainee: "Weighed by quality".to_owned(), host_name: name.to_owned(), then, now }
    });
    sums.filter(|change| change.then != change.now).collect()
}

/// What each host's year becomes under the limits, where its income is reported and all of it could be priced.
fn adjustments(sources: &Sources, statement: &Statement, period: Period) -> Vec<Adjustment> {
    let of_year = sources.lists.incomes.iter().filter(|income| income.year == period);
    let adjusted = of_year.filter_map(|income| {
        let lines = statement.lines.iter().filter(|line| line.host == income.host);
        let by_tariff = lines.map(|line| line.outcome.amount()).sum::<Option<Pence>>()?;
        Some(adjusted(sources, income, by_tariff))
    });
    adjusted.collect()
}

/// The year of a host under the limits in force, the host by its name.
pub(super) fn adjusted(sources: &Sources, income: &Income, by_tariff: Pence) -> Adjustment {
    let adjusted = income.adjust(by_tariff, &sources.lists.limits);
    let host = income.host.parse().ok().map(|id| sources.name(OrganisationId(id))).unwrap_or_default();
    Adjustment { host, ..adjusted }
}

/// The hosts whose lines the reader may see: each host sees its own, those who plan and pay see all.
pub(crate) fn sight<R>(door: &Loaded<R>, cluster: &ClusterSeen) -> Sight {
    access::sight_of(door, cluster, "tariff", "tariff.read")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_trainee_has_one_tariff() {
        for (profession, level, setting, tariff) in [
            ("medical", "undergraduate", "primary", "undergraduate_medical_primary_care"),
            ("medical", "undergraduate", "secondary", "undergraduate_medical"),
            ("medical", "postgraduate", "primary", "postgraduate_medical"),
            ("dental", "undergraduate", "primary", "undergraduate_dental"),
            ("midwifery", "undergraduate", "secondary", "clinical"),
            ("pharmacy", "postgraduate", "primary", "clinical"),
        ] {
            assert_eq!(tariff_of(profession, level, setting), tariff);
            assert!(TARIFFS.contains(&tariff));
        }
    }
}
