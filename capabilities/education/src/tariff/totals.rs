//! What follows trainees to each host of a cluster: sums without lines, of placements that are priced alike at once. It names no trainee.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use hiec_contracts::ClusterSeen;
use hiec_kernel::{Money, OrganisationId, Problem};
use hiec_store::Reads;
use hiec_tariff::quality::Part;
use hiec_tariff::{Adjustment, Outcome, Pence, Period, Statement};
use serde::Serialize;

use super::drawing::{Known, Sources, Terms, adjusted, cost, priced, tariff_of};
use super::limited::by_limit;
use super::store::{self, Alike, Paid};
use super::weighing::{Item, Weighed, weigh};

/// A host's sums.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct HostTotal {
    pub host: OrganisationId,
    pub name: String,
    /// Of the tariff.
    pub lines: i64,
    /// Lines of the tariff without an amount.
    pub missing: i64,
    /// Lines of quality, and how many of them have no amount.
    pub weighed: i64,
    pub weighed_missing: i64,
    pub by_tariff: Money,
    pub by_quality: Money,
    pub by_limits: Money,
    /// What the lines cost the host of which that is reported, and how many they are.
    pub cost: Money,
    pub costed: i64,
    /// What lines cost beyond the tariff of which both is known, and how many they are.
    pub gap: Money,
    pub compared: i64,
    pub is_illustrative: bool,
}

impl HostTotal {
    /// Tariff, limits and quality together.
    pub fn total(&self) -> Money {
        self.by_tariff + self.by_limits + self.by_quality
    }

    /// Nothing priced is not nought.
    pub fn is_unknown(&self) -> bool {
        self.missing >= self.lines
    }

    fn known(&self) -> Option<Money> {
        (self.missing == 0 && self.weighed_missing == 0).then(|| self.total())
    }
}

/// What one payer pays to all hosts.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub(crate) struct PayerTotal {
    pub by_tariff: Money,
    pub by_quality: Money,
}

/// A host whose sum is another as known now.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct HostChanged {
    pub host_name: String,
    pub then: Option<Money>,
    pub now: Option<Money>,
}

/// A cluster's sums over some days.
#[derive(Clone, Debug, Default)]
pub(crate) struct Totals {
    /// By name.
    pub hosts: Vec<HostTotal>,
    pub payers: BTreeMap<String, PayerTotal>,
    pub not_loaded: BTreeSet<String>,
    pub changes: Vec<HostChanged>,
    pub adjustments: Vec<Adjustment>,
}

impl Totals {
    pub fn lines(&self) -> i64 {
        self.hosts.iter().map(|host| host.lines + host.weighed).sum()
    }

    pub fn total(&self) -> Money {
        self.hosts.iter().map(HostTotal::total).sum()
    }
}

/// Placements that are priced alike: those of posts that one line of funding pays for come counted.
enum Group {
    Alike(Alike),
    Paid(Paid),
}

impl Group {
    fn n(&self) -> i64 {
        match self {
            Self::Alike(alike) => alike.n,
            Self::Paid(_) => 1,
        }
    }

    fn host(&self) -> OrganisationId {
        OrganisationId(match self {
            Self::Alike(alike) => alike.host_id,
            Self::Paid(paid) => paid.host_id,
        })
    }

    fn payer(&self) -> &str {
        match self {
            Self::Alike(alike) => &alike.body,
            Self::Paid(paid) => &paid.body,
        }
    }

    fn is_illustrative(&self) -> bool {
        match self {
            Self::Alike(alike) => alike.is_illustrative,
            Self::Paid(paid) => paid.is_illustrative,
        }
    }

    fn terms(&self) -> Terms<'_> {
        match self {
            Self::Alike(one) => Terms {
                id: None,
                days: (one.starts_on, one.ends_on),
                paid: (one.paid_from, one.paid_to),
                wte: one.wte,
                host: OrganisationId(one.host_id),
                trainee: one.grade.clone(),
                team: String::new(),
                grade: &one.grade,
                tariff: tariff_of(&one.profession, &one.level, &one.setting),
            },
            Self::Paid(one) => Terms {
                id: Some(one.id),
                days: (one.starts_on, one.ends_on),
                paid: (one.paid_from, one.paid_to),
                wte: one.wte,
                host: OrganisationId(one.host_id),
                trainee: one.grade.clone(),
                team: String::new(),
                grade: &one.grade,
                tariff: tariff_of(&one.profession, &one.level, &one.setting),
            },
        }
    }
}

/// Sums up what follows trainees to the hosts for which `is_seen` holds.
pub(crate) async fn total(
    reads: &impl Reads,
    cluster: &ClusterSeen,
    period: Period,
    known: Known,
    is_seen: impl Fn(OrganisationId) -> bool,
) -> Result<Totals, Problem> {
    let known_on = known.on;
    let sources = Sources::load(reads, cluster, None, known.today).await?;
    let days = (period.from(), period.to());
    let alike = store::alike(reads, cluster.id, days).await?.into_iter().map(Group::Alike);
    let paid = store::paid_twice(reads, cluster.id, days).await?.into_iter().map(Group::Paid);
    let groups: Vec<Group> = alike.chain(paid).filter(|group| is_seen(group.host())).collect();
    let (placements, origins) = priced(&sources.lists, &groups, Group::terms, period);
    let statement = sources.lists.book.statement(&placements, known_on);
    let mut totals = summed(&sources, &statement, &origins, period, known_on);
    if known_on.is_some() {
        let now = summed(&sources, &sources.lists.book.statement(&placements, None), &origins, period, None);
        totals.changes = changes(&totals.hosts, &now.hosts);
    }
    Ok(totals)
}

fn summed(
    sources: &Sources,
    statement: &Statement,
    origins: &[&Group],
    period: Period,
    known_on: Option<NaiveDate>,
) -> Totals {
    let mut totals = Totals::default();
    let mut hosts: BTreeMap<OrganisationId, HostTotal> = BTreeMap::new();
    let mut items: Vec<Item<'_>> = Vec::with_capacity(statement.lines.len());
    for line in &statement.lines {
        let Some(group) = line.reference.parse::<usize>().ok().and_then(|place| origins.get(place)) else { continue };
        let (host, n) = (group.host(), group.n());
        let times = |amount: Money| Money(amount.0.saturating_mul(n));
        let sum = hosts.entry(host).or_insert_with(|| empty(host, sources.name(host)));
        sum.lines += n;
        sum.is_illustrative |= group.is_illustrative();
        let amount = line.outcome.amount().map(|amount| Money(amount.0));
        let cost = cost(&sources.lists, host, line).map(times);
        if let Some(cost) = cost {
            sum.cost = sum.cost + cost;
            sum.costed += n;
            if let Some(amount) = amount.map(times) {
                sum.gap = sum.gap + cost - amount;
                sum.compared += n;
            }
        }
        match amount.map(times) {
            Some(amount) => {
                sum.by_tariff = sum.by_tariff + amount;
                let payer = totals.payers.entry(group.payer().to_owned()).or_default();
                payer.by_tariff = payer.by_tariff + amount;
            }
            None => {
                sum.missing += n;
                if let Outcome::NotLoaded(words) = &line.outcome {
                    totals.not_loaded.insert(words.replace(&line.host, &sum.name));
                }
            }
        }
        let part = Part { days: line.period, amount: amount.map(|amount| Pence(amount.0)), times: n };
        items.push(Item { host, payer: group.payer(), part, is_illustrative: group.is_illustrative() });
    }
    for line in weigh(&sources.history, items.into_iter(), |host| sources.name(host), period, known_on) {
        add(&mut totals, &mut hosts, &line);
    }
    for income in sources.lists.incomes.iter().filter(|income| income.year == period) {
        let host = income.host.parse().ok().map(OrganisationId).and_then(|id| hosts.get_mut(&id));
        if let Some(host) = host.filter(|host| host.missing == 0) {
            let adjusted = adjusted(sources, income, Pence(host.by_tariff.0));
            host.by_limits = by_limit(&adjusted);
            totals.adjustments.push(adjusted);
        }
    }
    totals.hosts = hosts.into_values().collect();
    totals.hosts.sort_by(|one, other| (&one.name, one.host).cmp(&(&other.name, other.host)));
    totals
}

fn empty(host: OrganisationId, name: String) -> HostTotal {
    HostTotal {
        host,
        name,
        lines: 0,
        missing: 0,
        weighed: 0,
        weighed_missing: 0,
        by_tariff: Money::ZERO,
        by_quality: Money::ZERO,
        by_limits: Money::ZERO,
        cost: Money::ZERO,
        costed: 0,
        gap: Money::ZERO,
        compared: 0,
        is_illustrative: false,
    }
}

fn add(totals: &mut Totals, hosts: &mut BTreeMap<OrganisationId, HostTotal>, line: &Weighed) {
    let Some(host) = hosts.get_mut(&line.host) else { return };
    host.weighed += 1;
    host.is_illustrative |= line.is_illustrative;
    match line.amount {
        Some(amount) => {
            host.by_quality = host.by_quality + amount;
            let payer = totals.payers.entry(line.payer.clone()).or_default();
            payer.by_quality = payer.by_quality + amount;
        }
        None => {
            host.weighed_missing += 1;
            totals.not_loaded.insert(line.working.clone());
        }
    }
}

/// Both are of the same placements, so of the same hosts.
fn changes(then: &[HostTotal], now: &[HostTotal]) -> Vec<HostChanged> {
    let pairs = then.iter().zip(now).filter(|(then, now)| (then.known(), then.total()) != (now.known(), now.total()));
    let changed = |(then, now): (&HostTotal, &HostTotal)| HostChanged {
        host_name: now.name.clone(),
        then: then.known(),
        now: now.known(),
    };
    pairs.map(changed).collect()
}
