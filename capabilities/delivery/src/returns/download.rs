//! `…/figures.csv`, `…/figures.xlsx` and `…/return.json`: a return's figures to take away, each with the address it is followed back by.

use hiec_files::table::{Cell, Table, workbook};
use hiec_kernel::Problem;
use hiec_web::{Answer, Loaded, Reply, Site};
use serde::Serialize;

use super::content::Content;
use super::drawing_up::{self, Correction, Shown};
use super::store::{self, Query, Return};

pub async fn csv(door: Loaded<Return>) -> Answer {
    let shown = drawing_up::shown(&door.app, &door.thing, door.may("return.write")).await?;
    let table = figures(&shown.content, &shown.corrections, door.app.site());
    Ok(Reply::download(&name(&door, "figures.csv"), "text/csv; charset=utf-8", table.to_csv_for_excel().into_bytes()))
}

pub async fn xlsx(door: Loaded<Return>) -> Answer {
    let shown = drawing_up::shown(&door.app, &door.thing, door.may("return.write")).await?;
    let site = door.app.site();
    let content = &shown.content;
    let about = about(&door, &shown);
    let sheets = [
        about,
        figures(content, &shown.corrections, site),
        points(content),
        projects(content, site),
        risks(content, site),
    ];
    let sheets: Vec<&Table> = sheets.iter().collect();
    let bytes = workbook(&sheets, door.now()).map_err(Problem::internal)?;
    Ok(Reply::download(
        &name(&door, "return.xlsx"),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        bytes,
    ))
}

#[derive(Serialize)]
struct Whole<'a> {
    state: &'a str,
    fingerprint: &'a str,
    is_live: bool,
    content: &'a Content,
    corrections: &'a [Correction],
    queries: Vec<Query>,
}

pub async fn json(door: Loaded<Return>) -> Answer {
    let shown = drawing_up::shown(&door.app, &door.thing, door.may("return.write")).await?;
    let queries = match &door.stored {
        Some(stored) => store::queries(&door.database(), stored.id).await?,
        None => Vec::new(),
    };
    let whole = Whole {
        state: door.state().key(),
        fingerprint: shown.fingerprint.as_str(),
        is_live: shown.is_live,
        content: &shown.content,
        corrections: &shown.corrections,
        queries,
    };
    Ok(Reply::json(&whole)?)
}

pub(super) fn name(door: &Return, what: &str) -> String {
    format!("{}-{}-{what}", door.cluster.key, door.quarter)
}

/// Every number of a return, one a row, with what it is measured by and where it comes from.
fn figures(content: &Content, corrections: &[Correction], site: &Site) -> Table {
    let mut table = Table::with_columns(
        "figures",
        [
            ("section", "Indicators or money"),
            ("line", "The indicator, or what the money is"),
            ("value", "The figure as the return has it; empty where there is none"),
            ("unit", "What it is counted in"),
            ("period", "What it covers"),
            ("baseline", "Where it stood before"),
            ("target", "What is to be reached"),
            ("better", "Which way is better"),
            ("weight", "Its share of 100"),
            ("stands", "The colour the rule gives it"),
            ("chart_says", "What the chart says of the last point"),
            ("corrected_to", "What it reads now, where it was corrected after signing"),
            ("words", "What the cluster says to it"),
            ("evidence", "The page it is followed back from"),
        ],
    );
    for kpi in &content.kpis {
        let corrected = corrections.iter().find(|one| one.line == kpi.kpi.to_string());
        table.push([
            Cell::from("indicators"),
            Cell::from(kpi.name.as_str()),
            decimal(kpi.value),
            Cell::from(kpi.unit.as_str()),
            Cell::from(kpi.period.as_str()),
            decimal(kpi.baseline),
            decimal(Some(kpi.target)),
            Cell::from(kpi.better.key()),
            Cell::from(kpi.weight),
            Cell::from(kpi.rag.key()),
            Cell::from(kpi.trend.as_str()),
            Cell::from(corrected.map(|one| one.now.as_str())),
            Cell::from(kpi.narrative.as_str()),
            Cell::from(link(site, &kpi.path)),
        ]);
    }
    for (period, sums) in [("the quarter", content.money.quarter), ("the whole term", content.money.term)] {
        let Some(sums) = sums else {
            continue;
        };
        for (name, sum) in sums.named() {
            let mut row = vec![Cell::Empty; 14];
            for (place, cell) in [
                (0, Cell::from("money")),
                (1, Cell::from(name)),
                (2, Cell::from(sum)),
                (3, Cell::from("pounds")),
                (4, Cell::from(period)),
                (13, Cell::from(link(site, &content.money.path))),
            ] {
                if let Some(place) = row.get_mut(place) {
                    *place = cell;
                }
            }
            table.push(row);
        }
    }
    table
}

fn points(content: &Content) -> Table {
    let mut table = Table::with_columns(
        "points",
        [
            ("indicator", "What the contract calls it"),
            ("period", "The first day of the period"),
            ("value", "Empty for a gap"),
            ("mean", "The middle line there"),
            ("lower_limit", "Where the chart has limits"),
            ("upper_limit", "Where the chart has limits"),
            ("says", "What the rules say of the point"),
            ("why", "Why it is flagged"),
        ],
    );
    for kpi in &content.kpis {
        for point in &kpi.points {
            table.push([
                Cell::from(kpi.name.as_str()),
                Cell::from(point.day),
                decimal(point.value),
                decimal(point.centre),
                decimal(point.lower),
                decimal(point.upper),
                Cell::from(point.kind.label()),
                Cell::from(point.why.as_str()),
            ]);
        }
    }
    table
}

fn projects(content: &Content, site: &Site) -> Table {
    let mut table = Table::with_columns(
        "projects",
        [
            ("project", "Its name"),
            ("pathway", "What it belongs to"),
            ("stands", "How it stands"),
            ("reason", "Why"),
            ("milestone", "One row each; empty where none was due"),
            ("due", "By when"),
            ("milestone_stands", "What became of it"),
            ("evidence", "The project's page"),
        ],
    );
    for project in &content.projects {
        let head = || {
            vec![
                Cell::from(project.name.as_str()),
                Cell::from(project.pathway.as_str()),
                Cell::from(project.status.as_str()),
                Cell::from(project.reason.as_str()),
            ]
        };
        let end = || Cell::from(link(site, &project.path));
        if project.milestones.is_empty() {
            table.push(head().into_iter().chain([Cell::Empty, Cell::Empty, Cell::Empty, end()]));
        }
        for one in &project.milestones {
            let own = [Cell::from(one.name.as_str()), Cell::from(one.due), Cell::from(one.stands.as_str()), end()];
            table.push(head().into_iter().chain(own));
        }
    }
    table
}

fn risks(content: &Content, site: &Site) -> Table {
    let mut table = Table::with_columns(
        "risks",
        [
            ("risk", "What may happen, or the principle that is not met"),
            ("before", "Likelihood × impact, 1 to 25, before anything is done"),
            ("after", "The same with what is done"),
            ("owner", "Who looks after it"),
            ("why", "For a principle: why it is not met"),
            ("evidence", "Where it is followed back from"),
        ],
    );
    for risk in &content.risks {
        table.push([
            Cell::from(risk.title.as_str()),
            Cell::from(i64::from(risk.before)),
            Cell::from(i64::from(risk.after)),
            Cell::from(risk.owner.as_str()),
            Cell::Empty,
            Cell::from(link(site, &risk.path)),
        ]);
    }
    for breach in &content.breaches {
        table.push([
            Cell::from(format!("Principle not met: {}", breach.principle)),
            Cell::Empty,
            Cell::Empty,
            Cell::Empty,
            Cell::from(breach.why.as_str()),
            Cell::from(link(site, &format!("/clusters/{}", content.cluster_key))),
        ]);
    }
    table
}

fn about(door: &Loaded<Return>, shown: &Shown) -> Table {
    let content = &shown.content;
    let mut table = Table::with_columns("about", [("what", "What is said"), ("says", "What it says")]);
    let mut say = |what: &str, says: String| table.push([Cell::from(what), Cell::from(says)]);
    say("Cluster", content.cluster.clone());
    say("Quarter", content.quarter.full());
    say("Stands", door.state().label().to_owned());
    say("Fingerprint (SHA-256)", shown.fingerprint.to_string());
    say("Illustrative", if content.is_illustrative { "Some figures are made up" } else { "No" }.to_owned());
    say("Address", door.app.site().link(&door.path()));
    say("The quarter in words", content.summary.clone());
    table
}

fn link(site: &Site, path: &str) -> Option<String> {
    (!path.is_empty()).then(|| site.link(path))
}

/// A figure with at most four decimals, exact as written.
fn decimal(value: Option<f64>) -> Cell {
    let Some(value) = value.filter(|value| value.is_finite()) else {
        return Cell::Empty;
    };
    let text = format!("{value:.4}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    let places = text.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    match (text.replace('.', "").parse::<i64>(), u8::try_from(places)) {
        (Ok(units), Ok(places)) => Cell::Decimal { units, places },
        _ => Cell::from(text),
    }
}

#[cfg(test)]
mod tests {
    use super::super::content::tests::sample;
    use super::super::rules::published;
    use super::*;

    fn site() -> Site {
        Site { name: "hiec".into(), base: "https://hiec.example/".parse().unwrap(), is_demo: false }
    }

    #[test]
    fn every_number_of_the_table_has_its_link() {
        let table = figures(&published(sample()), &[], &site());
        assert_eq!(table.rows().len(), 3 + 8);
        for row in table.rows() {
            assert!(row[2] == Cell::Empty || row[13] != Cell::Empty, "{row:?}");
        }
        let csv = table.to_csv();
        assert!(csv.contains("indicators,On NIV within three hours,48.3,percent,"), "{csv}");
        assert!(csv.contains("https://hiec.example/clusters/necles/measures/1"), "{csv}");
        assert!(csv.contains("money,Actual,131250,pounds,the quarter"), "{csv}");
    }

    #[test]
    fn a_number_without_a_link_is_in_no_table() {
        let mut content = sample();
        content.kpis[0].path = String::new();
        content.money.path = String::new();
        let csv = figures(&published(content), &[], &site()).to_csv();
        assert!(!csv.contains("48.3") && !csv.contains("131250"), "{csv}");
    }

    #[test]
    fn decimals_are_written_as_they_are() {
        let spelled = |value| decimal(Some(value)).plain();
        assert_eq!([spelled(48.3), spelled(-0.5), spelled(60.0), spelled(1.0 / 3.0)], ["48.3", "-0.5", "60", "0.3333"]);
        assert_eq!(decimal(Some(f64::NAN)), Cell::Empty);
    }
}
