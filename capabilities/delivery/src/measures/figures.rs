//! The newest figures of a cluster's measures over all its sites, as board papers and other pages quote them.

use chrono::NaiveDate;
use hiec_charts::{Look, Size, Theme};
use hiec_contracts::Figure;
use hiec_kernel::ClusterId;
use hiec_store::{Reads, StoreError};

use super::judging::judge;
use super::reading::{Series, points};
use super::{events, rebasing, series, store};

/// Charts for paper: their titles stand beside them.
const ON_PAPER: Look = Look { theme: Theme::Light, has_style: false, has_head: false };

/// One figure for each measure in force that has any, by title.
pub(crate) async fn newest(
    reads: &impl Reads,
    cluster: ClusterId,
    until: NaiveDate,
) -> Result<Vec<Figure>, StoreError> {
    let mut figures = Vec::new();
    for measure in store::of_cluster(reads, cluster).await?.into_iter().filter(store::Measure::is_in_force) {
        let total = series::total(reads, measure.id).await?;
        let series = Series {
            points: points(&measure.definition, &total, until),
            rebases: rebasing::accepted(reads, measure.id, None).await?,
            events: events::of(reads, cluster, measure.id, None).await?,
            ..Series::default()
        };
        let mut judged = judge(&series, &measure.definition);
        let Some(last) = judged.last else { continue };
        judged.chart.id = format!("measure-{}", measure.key);
        figures.push(Figure {
            what: measure.title.clone(),
            value: measure.definition.words(last.value),
            period: measure.definition.period.name(last.period),
            verdict: judged.words,
            path: format!("/measures/{}/sites/all", measure.key),
            chart: judged.chart.svg(Size::Low, ON_PAPER),
            reading: judged.chart.reading,
        });
    }
    Ok(figures)
}
