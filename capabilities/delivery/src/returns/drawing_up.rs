//! A return as its figures fill it: indicators in force, money, projects, risks and breaches of a quarter, with what people wrote. It stores nothing.

use hiec_contracts::{ClusterSeen, ClustersPort};
use hiec_kernel::clock::london_date;
use hiec_kernel::{Fingerprint, Problem};
use hiec_store::Database;
use hiec_web::AppState;
use serde::Serialize;
use uuid::Uuid;

use super::content::{BreachLine, Content, KpiLine, MoneyLines, RiskLine, Sums};
use super::quarter::Quarter;
use super::rules::published;
use super::sources;
use super::states::ReturnState;
use super::store::{self, Narratives, Return};
use crate::kpis::store as kpis;

/// Draws a return up from everything as it stands now.
pub(crate) async fn draw_up(
    app: &AppState,
    cluster: &ClusterSeen,
    quarter: Quarter,
    narratives: &Narratives,
) -> Result<Content, Problem> {
    let database = app.database();
    let (from, to) = (quarter.first_day(), quarter.last_day());
    let mut is_illustrative = cluster.is_illustrative;
    let mut lines = Vec::new();
    let agreed = kpis::of_cluster(&database, cluster.id).await?;
    for kpi in agreed.iter().filter(|kpi| kpi.is_agreed() && kpi.force.touches(from, to)) {
        let words = narratives.kpis.get(&kpi.id).map_or("", String::as_str);
        let (line, is_made_up) = sources::kpi_line(&database, cluster, kpi, quarter, words).await?;
        is_illustrative |= is_made_up;
        lines.push(line);
    }
    lines.sort_by(|one, other| other.weight.cmp(&one.weight).then_with(|| one.name.cmp(&other.name)));
    let (projects, is_made_up) = sources::projects(&database, cluster, quarter).await?;
    is_illustrative |= is_made_up;
    let standing = app.service::<ClustersPort>()?.0.standing(&database, cluster.id, from, to).await?;
    let mut risks: Vec<RiskLine> = standing
        .risks
        .into_iter()
        .map(|risk| RiskLine {
            title: risk.title,
            before: risk.before,
            after: risk.after,
            owner: risk.owner,
            path: risk.path,
        })
        .collect();
    risks.sort_by(|one, other| {
        (other.after, other.before).cmp(&(one.after, one.before)).then_with(|| one.title.cmp(&other.title))
    });
    Ok(Content {
        cluster_key: cluster.key.clone(),
        cluster: cluster.name.clone(),
        cluster_short: cluster.short_name.clone(),
        quarter,
        from,
        to,
        is_illustrative,
        summary: narratives.summary.clone(),
        kpis: lines,
        money: MoneyLines {
            quarter: Some(standing.money.into()),
            term: Some(standing.term.into()),
            path: format!("{}/money", cluster.path()),
        },
        projects,
        risks,
        breaches: standing
            .breaches
            .into_iter()
            .map(|breach| BreachLine { principle: breach.principle, why: breach.why })
            .collect(),
    })
}

/// What a return shows to somebody, and what stands behind it.
#[derive(Clone, Debug)]
pub(crate) struct Shown {
    pub content: Content,
    /// Of the content as signed, or as it would be signed now.
    pub fingerprint: Fingerprint,
    /// The figures fill themselves still.
    pub is_live: bool,
    pub signings: Vec<store::Signed>,
    /// Figures that were corrected after the return was signed: shown beside, never in place.
    pub corrections: Vec<Correction>,
}

/// A figure that reads otherwise now than when it was signed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct Correction {
    pub line: String,
    pub name: String,
    pub signed: String,
    pub now: String,
    /// Nothing that was signed reads otherwise: figures came in that were not there yet.
    pub is_late_figure: bool,
    pub path: String,
}

/// What to show: the live draft to whoever writes it, to all others what was signed last.
pub(crate) async fn shown(app: &AppState, one: &Return, may_write: bool) -> Result<Shown, Problem> {
    let state = one.state();
    let signings = match &one.stored {
        Some(stored) => store::signings(&app.database(), stored.id).await?,
        None => Vec::new(),
    };
    let live = draw_up(app, &one.cluster, one.quarter, &one.narratives()).await?;
    let last = signings.last().filter(|_| !(state.is_open() && may_write));
    let Some(last) = last else {
        let fingerprint = Fingerprint::of(&live).map_err(Problem::internal)?;
        return Ok(Shown { content: live, fingerprint, is_live: true, signings, corrections: Vec::new() });
    };
    let (signed, fingerprint) = (last.content.clone(), last.fingerprint.clone());
    let corrections = corrections(&signed, &live);
    let content = if state.is_accepted() { published(signed) } else { signed };
    Ok(Shown { content, fingerprint, is_live: false, signings, corrections })
}

fn corrections(signed: &Content, live: &Content) -> Vec<Correction> {
    let mut found = Vec::new();
    for was in &signed.kpis {
        let Some(is) = live.kpis.iter().find(|line| line.kpi == was.kpi) else {
            continue;
        };
        if was.value != is.value {
            let said = |shown: &str| if shown.is_empty() { "no figure".to_owned() } else { shown.to_owned() };
            found.push(Correction {
                line: was.kpi.to_string(),
                name: was.name.clone(),
                signed: said(&was.shown),
                now: said(&is.shown),
                is_late_figure: holds_still(was, is),
                path: is.path.clone(),
            });
        }
    }
    let money = [
        ("Budget of the quarter", (|sums| sums.budget) as fn(Sums) -> hiec_kernel::Money),
        ("Actual of the quarter", |sums| sums.actual),
    ];
    for (name, of) in money {
        if let (Some(was), Some(is)) = (signed.money.quarter, live.money.quarter)
            && of(was) != of(is)
        {
            found.push(Correction {
                line: "money".into(),
                name: name.into(),
                signed: of(was).to_string(),
                now: of(is).to_string(),
                is_late_figure: false,
                path: live.money.path.clone(),
            });
        }
    }
    found
}

impl Correction {
    /// What happened since it was signed.
    pub(crate) fn happened(&self) -> &'static str {
        if self.is_late_figure { "Figures came in after it was signed" } else { "Corrected since it was signed" }
    }
}

/// Whether every point that was signed reads as it did.
fn holds_still(was: &KpiLine, is: &KpiLine) -> bool {
    let told = was.points.iter().filter(|point| point.value.is_some());
    told.clone().all(|then| is.points.iter().any(|now| now.day == then.day && now.value == then.value))
        && is.points.iter().filter(|point| point.value.is_some()).count() > told.count()
}

/// What people call a line: for letters and pages.
pub(crate) fn line_name(content: &Content, line: &str) -> Option<String> {
    let fixed = match line {
        "summary" => "The quarter in words",
        "money" => "Money",
        "projects" => "Projects and milestones",
        "risks" => "Risks and principles",
        _ => "",
    };
    if !fixed.is_empty() {
        return Some(fixed.to_owned());
    }
    let id = line.parse::<Uuid>().ok()?;
    content.kpis.iter().find(|kpi| kpi.kpi == id).map(|kpi| kpi.name.clone())
}

/// Whether a return can be signed now, and if not, why: for the page, which says so before anybody tries.
pub(crate) fn signing_waits(state: &ReturnState, quarter: Quarter, today: chrono::NaiveDate) -> Option<String> {
    match state {
        ReturnState::Draft | ReturnState::SentBack { .. } if today <= quarter.last_day() => Some(format!(
            "The quarter ends on {}. The return is signed from the day after on.",
            hiec_kernel::clock::day_on_page(quarter.last_day())
        )),
        _ => None,
    }
}

/// The day at the clock of the program.
pub(crate) fn today(app: &AppState) -> chrono::NaiveDate {
    london_date(app.now())
}

/// The name of the region a cluster reports to.
pub(crate) async fn region_name(database: &Database, cluster: &ClusterSeen) -> Result<Option<String>, Problem> {
    let regions = hiec_store::organisations::regions(database).await?;
    Ok(regions.into_iter().find(|region| Some(region.id) == cluster.region).map(|region| region.name))
}

#[cfg(test)]
mod tests {
    use super::super::content::tests::sample;
    use super::*;

    #[test]
    fn corrections_stand_beside_what_was_signed() {
        let signed = sample();
        let mut live = sample();
        live.kpis[1].value = Some(64.0);
        live.kpis[1].shown = "64%".into();
        live.kpis[2].value = None;
        live.kpis[2].shown = String::new();
        live.money.quarter =
            live.money.quarter.map(|sums| Sums { actual: hiec_kernel::Money::pounds(131_300), ..sums });
        live.summary = "Other words".into();
        let found = corrections(&signed, &live);
        let said: Vec<_> = found.iter().map(|one| (one.name.as_str(), one.signed.as_str(), one.now.as_str())).collect();
        assert_eq!(
            said,
            [
                ("Country of birth recorded", "66.5%", "64%"),
                ("Reviewed every day", "52.8%", "no figure"),
                ("Actual of the quarter", "£131,250", "£131,300"),
            ]
        );
        assert!(corrections(&signed, &signed).is_empty());
    }

    #[test]
    fn every_line_has_a_name() {
        let content = sample();
        assert_eq!(line_name(&content, "money").as_deref(), Some("Money"));
        assert_eq!(line_name(&content, &content.kpis[0].kpi.to_string()), Some(content.kpis[0].name.clone()));
        assert_eq!(line_name(&content, &Uuid::from_u128(99).to_string()), None);
        assert_eq!(line_name(&content, "rubbish"), None);
    }
}
