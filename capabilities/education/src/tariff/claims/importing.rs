//! A list of claims to draw up, as hosts' own books have them: each line is drawn up from the statement like any other claim. It never takes an amount the statement does not bear out.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use hiec_contracts::ClusterSeen;
use hiec_files::import::{ImportPlan, Importable, Parsed, Placed};
use hiec_files::table::{self, Limits, Record, RowError};
use hiec_kernel::clock::london_date;
use hiec_kernel::{Money, OrganisationId, Problem};
use hiec_store::Unit;
use hiec_tariff::Period;
use hiec_web::uploads::ListError;
use serde::Serialize;

use super::actions;
use super::store::{self, Claim};
use crate::lists::Incoming;
use crate::posts::importing::day_in;
use crate::tariff::store as tariff;

/// Each line is a statement of its own: more would keep whoever uploads them waiting.
const MOST: usize = 100;

/// A line of the list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct Listed {
    /// As the list names it.
    host: String,
    #[serde(skip)]
    host_id: OrganisationId,
    from: NaiveDate,
    to: NaiveDate,
    /// What the host's books say it comes to.
    amount: Option<Money>,
}

impl Importable for Listed {
    fn key(&self) -> String {
        format!("{}, {} to {}", self.host, self.from, self.to)
    }

    fn fields(&self) -> Vec<(&'static str, String)> {
        vec![("amount", self.amount.map(Money::plain).unwrap_or_default())]
    }
}

type Host = (OrganisationId, String, Option<String>);

fn listed(record: Record<'_>, hosts: &[Host], today: NaiveDate) -> Result<Listed, RowError> {
    let named = record.require("host")?;
    let is_meant = |(_, name, code): &&Host| {
        name.eq_ignore_ascii_case(named) || code.as_ref().is_some_and(|code| code.eq_ignore_ascii_case(named))
    };
    let (host_id, host, _) = hosts.iter().find(is_meant).ok_or_else(|| {
        record.error(
            "host",
            "No post of this cluster has this host. Write its name or NHS code as the list of posts does.",
        )
    })?;
    let (from, to) = (day_in(record, "from")?, day_in(record, "to")?);
    if to < from {
        return Err(record.error("to", "This comes before the first day."));
    }
    if to > today {
        return Err(record.error("to", "This day has not come: what has not happened cannot be claimed."));
    }
    if Period::year_of(from) != Period::year_of(to) {
        return Err(record.error("to", "Both days must lie in one financial year, 1 April to 31 March."));
    }
    let amount = record.get("amount").map(Money::parse).transpose();
    let amount = amount.map_err(|error| record.error("amount", format!("{error}.")))?;
    Ok(Listed { host: host.clone(), host_id: *host_id, from, to, amount })
}

/// Lists of claims.
pub(crate) struct Claims;

impl Incoming for Claims {
    type Record = Listed;

    const NAME: &'static str = "claims";
    const TITLE: &'static str = "Import claims";
    const NEEDED: &'static [&'static str] = &["host", "from", "to"];
    const KNOWN: &'static [&'static str] =
        &["amount", "claim", "by_quality", "by_limits", "state", "clawed_back", "illustrative"];
    const ABOUT: &'static str = "Each line is a host and the days to claim, both counted; at most 100 lines. The claim is drawn up from the statement, \
                                 so no line brings an amount of its own: where amount is filled in, it is held against the statement, and a line that \
                                 differs is refused with both. Lines of claims that are withdrawn are left out.";

    async fn read(
        unit: &Unit,
        cluster: &ClusterSeen,
        name: &str,
        bytes: &[u8],
    ) -> Result<ImportPlan<Listed>, ListError> {
        let sheet = table::read(name, bytes, &Limits::default())?;
        sheet.expect_columns(Self::NEEDED, Self::KNOWN)?;
        let hosts = tariff::hosts(unit, cluster.id).await?;
        let claims = store::of_cluster(unit, cluster.id).await?;
        let today = london_date(unit.now());
        let mut parsed = Parsed { rows: Vec::new(), errors: Vec::new() };
        let mut stored = BTreeMap::new();
        let standing =
            |record: &Record<'_>| !record.get("state").is_some_and(|state| state.eq_ignore_ascii_case("withdrawn"));
        for (nth, record) in sheet.records().filter(standing).enumerate() {
            if nth == MOST {
                parsed
                    .errors
                    .push(record.error("host", format!("A list takes {MOST} claims at most. Split it in two.")));
                break;
            }
            match listed(record, &hosts, today).and_then(|one| there(record, &claims, one)) {
                Ok((one, is_there)) => {
                    if is_there {
                        stored.insert(one.key(), one.clone());
                    }
                    parsed.rows.push(Placed { line: record.line(), record: one });
                }
                Err(error) => parsed.errors.push(error),
            }
        }
        Ok(ImportPlan::new(parsed, &stored))
    }

    async fn write(
        unit: &mut Unit,
        cluster: &ClusterSeen,
        plan: &ImportPlan<Listed>,
    ) -> Result<Vec<RowError>, Problem> {
        let mut refused = Vec::new();
        for row in &plan.new {
            let one = &row.record;
            let Some(days) = Period::new(one.from, one.to) else { continue };
            match actions::draw(unit, cluster, one.host_id, days, false).await {
                Ok(claim) => refused.extend(other_amount(row.line, one, claim.amount, "the statement says")),
                Err(problem) => {
                    refused.push(RowError::new(row.line, None, format!("{}. {}", problem.title, problem.next)));
                }
            }
        }
        Ok(refused)
    }
}

/// Whether these days are claimed already, by the same claim. Where its amount is another, the line is refused.
fn there(record: Record<'_>, claims: &[Claim], one: Listed) -> Result<(Listed, bool), RowError> {
    let same = |claim: &&Claim| {
        claim.host == one.host_id && claim.from == one.from && claim.to == one.to && !claim.state.is_void()
    };
    let Some(claim) = claims.iter().find(same) else { return Ok((one, false)) };
    match other_amount(record.line(), &one, claim.amount, &format!("claim {} of these days says", claim.number)) {
        Some(error) => Err(error),
        None => Ok((one, true)),
    }
}

fn other_amount(line: u64, one: &Listed, amount: Money, who: &str) -> Option<RowError> {
    let typed = one.amount.filter(|typed| *typed != amount)?;
    let words = format!("The list says {typed} and {who} {amount}. Find out which is right, or leave the amount out.");
    Some(RowError::new(line, Some("amount"), words))
}
