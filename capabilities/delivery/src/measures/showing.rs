//! Series as a viewer sees them: what `sight` leaves of the figures, ready to be drawn.

use std::collections::BTreeMap;

use hiec_compare::funnel::{Funnel, Judged as Standing, Measure as Scale, Unit};
use hiec_kernel::OrganisationId;
use hiec_store::{Reads, StoreError};

use super::access::{AtAllSites, AtOneSite};
use super::packed::Observation;
use super::reading::{Point, Series, Site};
use super::rules::{Definition, MeasureKind};
use super::series::{self, Brief};
use super::sight::{Level, Sight, figures, periods_that_tell, total_is_safe};
use super::store::{self, Measure};
use super::{events, rebasing};

/// What a sight leaves of a site's figures: points, and the periods hidden for being small.
pub(crate) fn seen(sight: Sight, definition: &Definition, observations: &[Observation], site: Option<Site>) -> Series {
    let mut series = Series { site, ..Series::default() };
    if !sight.shows_figures() {
        return series;
    }
    for one in observations {
        match figures(sight, definition, one.numerator, one.denominator) {
            None => series.hidden.push(one.period),
            Some(shown) => {
                let (numerator, denominator) = (shown.numerator, shown.denominator);
                series.points.extend(shown.value.map(|value| Point {
                    period: one.period,
                    numerator,
                    denominator,
                    value,
                }));
            }
        }
    }
    series
}

/// One series as the viewer of its page sees it, with new limits and events.
pub(crate) async fn of_one(reads: &impl Reads, at: &AtOneSite) -> Result<Series, StoreError> {
    let measure = &at.measure;
    let mut shown = match &at.site {
        Some(site) => {
            let stored = series::one(reads, measure.id, site.id).await?;
            let observations = stored.map(|one| one.observations).unwrap_or_default();
            seen(at.sight, &measure.definition, &observations, at.site.clone())
        }
        None => total_seen(reads, measure, &at.viewer).await?,
    };
    let site = at.site.as_ref().map(|site| site.id);
    shown.rebases = rebasing::accepted(reads, measure.id, site).await?;
    shown.events = events::of(reads, measure.cluster, measure.id, site).await?;
    Ok(shown)
}

/// A site of a measure as a viewer sees it, with what its chart says.
pub(crate) struct Seat {
    pub site: OrganisationId,
    pub sight: Sight,
    /// Its name, or its code.
    pub called: String,
    pub judgement: Brief,
}

/// The sites of a measure, by what they are called. Those the viewer sees nothing of are left out.
pub(crate) async fn seats(reads: &impl Reads, at: &AtAllSites) -> Result<Vec<Seat>, StoreError> {
    let sharing = store::sharing(reads, at.measure.id).await?;
    let definition = at.definition();
    let partners = at.cluster.partners.iter();
    let names: BTreeMap<OrganisationId, &str> =
        partners.map(|partner| (partner.organisation.id, partner.organisation.name.as_str())).collect();
    let mut seats: Vec<Seat> = series::briefs(reads, at.measure.id)
        .await?
        .into_iter()
        .map(|judgement| {
            let level = sharing.get(&judgement.site).copied().unwrap_or(definition.sharing);
            let sight = at.viewer.sight(judgement.site, level, definition.is_public);
            let called = match names.get(&judgement.site).filter(|_| sight.shows_name()) {
                Some(name) => (*name).to_owned(),
                None => super::sight::code(judgement.series),
            };
            Seat { site: judgement.site, sight, called, judgement }
        })
        .filter(|seat| seat.sight != Sight::Nothing)
        .collect();
    seats.sort_by(|one, other| (one.called.as_str(), one.site).cmp(&(other.called.as_str(), other.site)));
    Ok(seats)
}

/// Whether the figures of all sites together may be shown to somebody.
pub(crate) async fn shows_total(
    reads: &impl Reads,
    measure: &Measure,
    viewer: &super::sight::Viewer,
) -> Result<bool, StoreError> {
    if viewer.is_team {
        return Ok(true);
    }
    let sharing: BTreeMap<OrganisationId, Level> = store::sharing(reads, measure.id).await?;
    let definition = &measure.definition;
    let sights = series::briefs(reads, measure.id).await?.into_iter().map(|one| {
        viewer.sight(one.site, sharing.get(&one.site).copied().unwrap_or(definition.sharing), definition.is_public)
    });
    Ok(total_is_safe(sights))
}

/// The figures of all sites together as a viewer sees them: without the periods that would give one site away.
pub(crate) async fn total_seen(
    reads: &impl Reads,
    measure: &Measure,
    viewer: &super::sight::Viewer,
) -> Result<Series, StoreError> {
    let definition = &measure.definition;
    let observations = series::total(reads, measure.id).await?;
    let sight = viewer.sight_of_all(definition.is_public);
    if viewer.is_team {
        return Ok(seen(sight, definition, &observations, None));
    }
    let sharing: BTreeMap<OrganisationId, Level> = store::sharing(reads, measure.id).await?;
    let sight_of = |site: OrganisationId| {
        viewer.sight(site, sharing.get(&site).copied().unwrap_or(definition.sharing), definition.is_public)
    };
    let sites: Vec<OrganisationId> =
        series::briefs(reads, measure.id).await?.into_iter().map(|brief| brief.site).collect();
    // Of counts only those who hide everything matter; an average may be of few cases anywhere.
    let hiding = |site: &OrganisationId| definition.kind == MeasureKind::Average || !sight_of(*site).shows_figures();
    let hiding: Vec<OrganisationId> = sites.into_iter().filter(hiding).collect();
    let stored = series::of_sites(reads, measure.id, &hiding).await?;
    let telling =
        periods_that_tell(definition, stored.iter().map(|one| (sight_of(one.site), one.observations.as_slice())));
    let (hidden, shown): (Vec<Observation>, Vec<Observation>) =
        observations.into_iter().partition(|one| telling.contains(&one.period));
    let mut total = seen(sight, definition, &shown, None);
    total.hidden.extend(hidden.iter().map(|one| one.period));
    total.hidden.sort_unstable();
    Ok(total)
}

/// The sums of a site's last year, if it ends with this period.
pub(crate) fn recent(judgement: &Brief, period: chrono::NaiveDate) -> Option<Observation> {
    judgement.recent.filter(|_| judgement.last.is_some_and(|last| last.period == period))
}

/// How sites stand to each other in the year that ends with the period most of them have reported last, in the order given; nothing
/// where that cannot be told.
pub(crate) struct Standings {
    pub period: chrono::NaiveDate,
    pub sites: Vec<Option<Standing>>,
    pub average: f64,
}

/// The funnel of a proportion: sites are held against what chance and the usual differences between sites explain. It is computed of
/// the figures as entered, so that a site's band does not depend on who looks.
pub(crate) fn standings(definition: &Definition, seats: &[Seat]) -> Option<Standings> {
    if definition.kind != MeasureKind::Proportion {
        return None;
    }
    let mut periods: BTreeMap<chrono::NaiveDate, usize> = BTreeMap::new();
    for last in seats.iter().filter_map(|seat| seat.judgement.last) {
        *periods.entry(last.period).or_default() += 1;
    }
    let (period, _) = periods.into_iter().max_by_key(|(period, sites)| (*sites, *period))?;
    let units: Vec<Unit> = seats
        .iter()
        .map(|seat| match recent(&seat.judgement, period) {
            Some(year) => Unit { numerator: year.numerator, denominator: year.denominator.unwrap_or(0.0) },
            None => Unit { numerator: 0.0, denominator: 0.0 },
        })
        .collect();
    let funnel = Funnel::of(Scale::Proportion, &units, Scale::Proportion.usual_trim());
    Some(Standings { period, average: funnel.target?, sites: funnel.units })
}

/// Where a site lies, in words.
pub(crate) fn band(standing: &Standing) -> &'static str {
    let limits = standing.adjusted.p998;
    match standing.value {
        value if value < limits.lower => "below what chance explains",
        value if value > limits.upper => "above what chance explains",
        _ => "within what chance explains",
    }
}
