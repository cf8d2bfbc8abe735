//! `/clusters/{cluster}/figures/late`: which sites owe which figures. Only sites that have begun to report a measure can be late with it.

use chrono::{Days, NaiveDate};
use hiec_kernel::clock::day_on_page;
use hiec_web::components::own::EmptyState;
use hiec_web::components::{Cell, Column, Table};
use hiec_web::{Answer, Loaded, Page};
use maud::html;
use serde::Serialize;

use super::access::{Measures, today};
use super::rules::Definition;
use super::series;
use super::sight::Sight;
use super::store;

/// A figure that is owed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct Due {
    /// The first period that lacks its figure.
    pub period: NaiveDate,
    /// The day it was due.
    pub on: NaiveDate,
    /// How many periods are owed.
    pub periods: usize,
}

/// What is owed of a series whose last figure is of this period; nothing while all is in good time.
pub(crate) fn due(definition: &Definition, last: Option<NaiveDate>, today: NaiveDate) -> Option<Due> {
    let first = definition.period.next(last?);
    let day = |period: NaiveDate| definition.period.next(period) + Days::new(u64::from(definition.due_days));
    let owed = std::iter::successors(Some(first), |period| Some(definition.period.next(*period)))
        .take_while(|period| day(*period) < today && definition.last_period.is_none_or(|last| *period <= last))
        .take(1_000)
        .count();
    (owed > 0).then(|| Due { period: first, on: day(first), periods: owed })
}

#[derive(Serialize)]
struct Line {
    site: hiec_kernel::OrganisationId,
    name: String,
    measure: String,
    title: String,
    #[serde(flatten)]
    due: Due,
    #[serde(skip)]
    words: String,
    path: String,
}

pub async fn get(measures: Loaded<Measures>) -> Answer {
    let database = measures.database();
    let today = today(&measures);
    let sharing = store::sharing_of_cluster(&database, measures.cluster.id).await?;
    let mut lines = Vec::new();
    for measure in measures.all.iter().filter(|measure| measure.is_in_force()) {
        let definition = &measure.definition;
        for judgement in series::judgements(&database, measure.id).await? {
            let level = sharing.get(&(measure.id, judgement.site)).copied().unwrap_or(definition.sharing);
            let sight = measures.viewer.sight(judgement.site, level, definition.is_public);
            let partner = measures.cluster.partner(judgement.site).filter(|partner| partner.is_partner_on(today));
            let due = due(definition, judgement.last.map(|last| last.period), today);
            let (true, Some(partner), Some(due)) = (matches!(sight, Sight::Full | Sight::Named), partner, due) else {
                continue;
            };
            lines.push(Line {
                site: judgement.site,
                name: partner.organisation.name.clone(),
                measure: measure.key.clone(),
                title: measure.title.clone(),
                words: definition.period.name(due.period),
                due,
                path: format!("{}/sites/{}", measure.path(&measures.cluster.path()), judgement.site),
            });
        }
    }
    lines.sort_by(|one, other| (one.due.on, &one.name, &one.measure).cmp(&(other.due.on, &other.name, &other.measure)));
    let rows = lines.iter().map(|line| {
        vec![
            Cell::link(line.name.as_str(), line.path.as_str()),
            Cell::new(line.title.as_str()),
            Cell::new(line.words.as_str()),
            Cell::new(day_on_page(line.due.on)),
            Cell::numeric(line.due.periods),
        ]
    });
    let view = html! {
        h1 { span.nhsuk-caption-xl { (measures.cluster.short_name) } "Who is late" }
        @if lines.is_empty() {
            (EmptyState::new("Nobody is late: every site that reports a measure has sent what was due.").action("All measures", measures.path()))
        } @else {
            (Table::new("Figures that are owed, the oldest first")
                .head([Column::new("Site"), Column::new("Measure"), Column::new("First period owed"), Column::new("Was due on"), Column::numeric("Periods owed")])
                .rows(rows)
                .first_cell_is_header(true))
        }
    };
    Ok(Page::new("Who is late", view)
        .data(&lines)?
        .under("/clusters", "Clusters")
        .under(measures.cluster.path(), measures.cluster.short_name.clone())
        .under(measures.path(), "Measures")
        .into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::rules::tests::proportion;

    #[test]
    fn a_figure_is_late_the_day_after_it_was_due() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let monthly = proportion();
        let last = Some(day("2010-06-01"));
        assert_eq!(due(&monthly, last, day("2010-08-31")), None, "July is due by 31 August");
        let owed = due(&monthly, last, day("2010-09-01")).unwrap();
        assert_eq!((owed.period, owed.on, owed.periods), (day("2010-07-01"), day("2010-08-31"), 1));
        assert_eq!(due(&monthly, last, day("2010-12-01")).unwrap().periods, 3);
        assert_eq!(due(&monthly, None, day("2010-12-01")), None, "it never began");
        let ended = Definition { last_period: last, ..monthly };
        assert_eq!(due(&ended, last, day("2010-12-01")), None, "an audit that is over owes nothing");
    }
}
