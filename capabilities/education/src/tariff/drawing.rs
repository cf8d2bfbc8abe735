//! A statement drawn up: a cluster's placements of a financial year at the prices in force, as known now or on a day. It changes nothing.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use hiec_access::policy::Target;
use hiec_contracts::ClusterSeen;
use hiec_kernel::{Money, OrganisationId, Problem, Scope};
use hiec_store::Reads;
use hiec_tariff::{
    Adjustment, Decimal, Difference, Line, Outcome, Pence, Period, Placement, Statement, Volume, differences,
};
use hiec_web::Loaded;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::lists::Lists;
use super::store::{self, Paid};

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

/// A cluster's statement over some days.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Drawing {
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub known_on: Option<NaiveDate>,
    pub lines: Vec<Drawn>,
    /// Against what is known now; only where a day was named.
    pub changes: Vec<Changed>,
    #[serde(skip)]
    pub adjustments: Vec<Adjustment>,
}

impl Drawing {
    pub fn total(&self) -> Money {
        self.lines.iter().filter_map(|line| line.amount).sum()
    }

    pub fn not_loaded(&self) -> Vec<String> {
        let mut words: Vec<String> = Vec::new();
        for line in self.lines.iter().filter(|line| line.amount.is_none()) {
            if !words.contains(&line.working) {
                words.push(line.working.clone());
            }
        }
        words
    }

    /// Keeps the lines of hosts for which this holds.
    pub fn retain(&mut self, hosts: impl Fn(OrganisationId) -> bool, names: &BTreeMap<OrganisationId, String>) {
        self.lines.retain(|line| hosts(line.host));
        let kept = |name: &str| names.iter().any(|(id, known)| known == name && hosts(*id));
        self.changes.retain(|change| kept(&change.host_name));
        self.adjustments.retain(|adjusted| kept(&adjusted.host));
    }
}

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

/// Draws up what follows trainees between two days, both counted. What is paid at once in two ways is paid once.
pub(crate) async fn draw(
    reads: &impl Reads,
    cluster: &ClusterSeen,
    period: Period,
    known_on: Option<NaiveDate>,
) -> Result<Drawing, Problem> {
    let lists =
        Lists::of(&store::entries(reads, cluster.id).await?).map_err(|words| Problem::internal(words.join("; ")))?;
    let names: BTreeMap<OrganisationId, String> =
        store::hosts(reads, cluster.id).await?.into_iter().map(|(id, name, _)| (id, name)).collect();
    let paid = store::paid(reads, cluster.id, period.from(), period.to()).await?;
    let (placements, origins) = placements(&lists, &paid, period);
    let statement = lists.book.statement(&placements, known_on);
    let changes = match known_on {
        Some(_) => differences(&statement, &lists.book.statement(&placements, None)),
        None => Vec::new(),
    };
    let name = |id: &str| id.parse().ok().and_then(|id| names.get(&OrganisationId(id))).cloned();
    let line = |line: &Line| drawn(line, origin(&placements, &origins, line)?, &lists, &names);
    let adjustments = adjustments(&lists, &statement, period, &name);
    Ok(Drawing {
        from: period.from(),
        to: period.to(),
        known_on,
        lines: statement.lines.iter().filter_map(line).collect(),
        changes: changes.into_iter().map(|change| changed(change, &name)).collect(),
        adjustments,
    })
}

fn placements<'a>(lists: &Lists, paid: &'a [Paid], period: Period) -> (Vec<Placement>, Vec<&'a Paid>) {
    let (mut placements, mut origins) = (Vec::new(), Vec::new());
    let mut last: Option<(Uuid, NaiveDate)> = None;
    for one in paid {
        let mut from = one.starts_on.max(one.paid_from).max(period.from());
        let to = one.paid_to.unwrap_or(one.ends_on).min(one.ends_on).min(period.to());
        // A second source of money for days that are paid for already adds nothing.
        if let Some((_, end)) = last.filter(|(id, _)| *id == one.id) {
            from = end.succ_opt().map_or(from, |next| from.max(next));
        }
        let Some(days) = Period::new(from, to) else { continue };
        last = Some((one.id, to));
        for part in days.cut(&lists.salary_turns(&one.grade, days)) {
            placements.push(Placement {
                reference: placements.len().to_string(),
                trainee: format!("{}, {}", one.trainee_name, one.trainee_number),
                host: OrganisationId(one.host_id).to_string(),
                team: team(one),
                tariff: tariff_of(&one.profession, &one.level, &one.setting).to_owned(),
                period: part,
                students: 1,
                volume: Volume::Working(Decimal(one.wte.saturating_mul(10_000))),
                basic_salary: lists.salary(&one.grade, part.from()),
                cost: None,
            });
            origins.push(one);
        }
    }
    (placements, origins)
}

fn team(one: &Paid) -> String {
    if one.site.is_empty() { one.specialty.clone() } else { format!("{}, {}", one.specialty, one.site) }
}

/// A placement's reference is its place in the list.
fn origin<'a>(placements: &[Placement], origins: &[&'a Paid], line: &Line) -> Option<&'a Paid> {
    let place = line.reference.parse::<usize>().ok().filter(|place| *place < placements.len())?;
    origins.get(place).copied()
}

fn drawn(line: &Line, of: &Paid, lists: &Lists, names: &BTreeMap<OrganisationId, String>) -> Option<Drawn> {
    let host = OrganisationId(of.host_id);
    let host_name = names.get(&host).cloned().unwrap_or_else(|| "A former host".to_owned());
    let (is_at_least, working) = match &line.outcome {
        Outcome::Amount { is_at_least, working, .. } => (*is_at_least, working.clone()),
        Outcome::NotLoaded(words) => (false, words.replace(&line.host, &host_name)),
    };
    let cost = lists
        .cost(host, &line.tariff, line.period.from())
        .zip(line.fte)
        .and_then(|(cost, fte)| cost.fraction().times(fte)?.rounded().map(Money));
    Some(Drawn {
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
        cost,
        is_illustrative: of.is_illustrative,
    })
}

fn changed(change: Difference, name: &impl Fn(&str) -> Option<String>) -> Changed {
    Changed {
        host_name: name(&change.host).unwrap_or_default(),
        trainee: change.trainee,
        then: change.before.map(|amount| Money(amount.0)),
        now: change.after.map(|amount| Money(amount.0)),
    }
}

/// What each host's year becomes under the limits, where its income is reported and all of it could be priced.
fn adjustments(
    lists: &Lists,
    statement: &Statement,
    period: Period,
    name: &impl Fn(&str) -> Option<String>,
) -> Vec<Adjustment> {
    let of_year = lists.incomes.iter().filter(|income| income.year == period);
    let adjusted = of_year.filter_map(|income| {
        let lines = statement.lines.iter().filter(|line| line.host == income.host);
        let by_tariff = lines.map(|line| line.outcome.amount()).sum::<Option<Pence>>()?;
        let adjusted = income.adjust(by_tariff, &lists.limits);
        Some(Adjustment { host: name(&adjusted.host).unwrap_or_default(), ..adjusted })
    });
    adjusted.collect()
}

/// Whether the reader may see what a host gets: each host sees its own, those who plan and pay see all.
pub(crate) fn may_read<R>(door: &Loaded<R>, cluster: &ClusterSeen, host: OrganisationId) -> bool {
    let target = Target::new("tariff", cluster.id.0)
        .scopes(cluster.scopes())
        .scopes([Scope::Organisation(host.0)])
        .within(cluster.id.0);
    door.may_with("tariff.read", &target)
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
        }
    }
}
