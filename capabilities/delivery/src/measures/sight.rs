//! What somebody sees of a site's figures: by its own choice, its measure's rule for small numbers, and who looks. This is the one place that decides it, for pages, files and programs alike.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use hiec_compare::suppression::{Rule, Shown};
use hiec_kernel::{OrganisationId, closed_list};
use serde::Serialize;

use super::packed::Observation;
use super::rules::{Definition, MeasureKind};

closed_list! {
    /// What a site lets its peers see.
    Level {
        Named = "named", "Name and figures";
        Coded = "coded", "Figures under a code, without the name";
        Band = "band", "Only whether it lies within, above or below what chance explains";
    }
}

/// Who looks.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Viewer {
    /// Of the cluster's team: looks after the figures, and so sees them.
    pub is_team: bool,
    /// Belongs to the cluster, or watches over it.
    pub is_peer: bool,
    /// The sites they answer for.
    pub sites: BTreeSet<OrganisationId>,
}

/// How a site shows to a viewer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sight {
    /// Name and figures as entered.
    Full,
    /// Name, and figures as far as they are not small.
    Named,
    Coded,
    Band,
    Nothing,
}

impl Viewer {
    /// Whether they see anything of a measure at all.
    pub fn sees(&self, is_public: bool) -> bool {
        self.is_team || self.is_peer || is_public
    }

    /// How a site that chose this level shows to them.
    pub fn sight(&self, site: OrganisationId, level: Level, is_public: bool) -> Sight {
        if self.is_team || self.sites.contains(&site) {
            return Sight::Full;
        }
        if !self.sees(is_public) {
            return Sight::Nothing;
        }
        match level {
            Level::Named => Sight::Named,
            Level::Coded => Sight::Coded,
            Level::Band => Sight::Band,
        }
    }

    /// How the sites together show: their team sees all, others what the rule leaves.
    pub fn sight_of_all(&self, is_public: bool) -> Sight {
        match (self.is_team, self.sees(is_public)) {
            (true, _) => Sight::Full,
            (false, true) => Sight::Named,
            (false, false) => Sight::Nothing,
        }
    }
}

impl Sight {
    pub fn shows_name(self) -> bool {
        matches!(self, Self::Full | Self::Named)
    }

    pub fn shows_figures(self) -> bool {
        matches!(self, Self::Full | Self::Named | Self::Coded)
    }
}

/// Figures as somebody sees them.
#[derive(Clone, Copy, PartialEq, Debug, Serialize)]
pub struct Seen {
    pub numerator: f64,
    pub denominator: Option<f64>,
    /// Nothing where there was no case.
    pub value: Option<f64>,
}

/// Figures as a sight shows them; nothing where it hides them, for themselves or because they are small.
pub fn figures(sight: Sight, definition: &Definition, numerator: f64, denominator: Option<f64>) -> Option<Seen> {
    let as_entered = Seen { numerator, denominator, value: definition.value(numerator, denominator) };
    match sight {
        Sight::Full => Some(as_entered),
        Sight::Band | Sight::Nothing => None,
        Sight::Named | Sight::Coded => {
            let rule = definition.small_numbers.rule();
            if rule == super::rules::SmallNumbers::Unsuppressed.rule() {
                return Some(as_entered);
            }
            unsuppressed(definition, &rule, numerator, denominator)
        }
    }
}

/// What a rule for small numbers leaves. Of a part of a whole, the rest is a count of people too. An average is of its cases: they
/// must be many enough, and it then stands as it is.
fn unsuppressed(definition: &Definition, rule: &Rule, numerator: f64, denominator: Option<f64>) -> Option<Seen> {
    let shown = |figure: f64| rule.shown(count(figure)).number().map(|number| number as f64);
    match definition.kind {
        MeasureKind::Count | MeasureKind::Rate => {
            let (numerator, denominator) = (shown(numerator)?, denominator);
            Some(Seen { numerator, denominator, value: definition.value(numerator, denominator) })
        }
        MeasureKind::Average => {
            let cases = denominator?;
            let few = rule.shown(count(cases)) == Shown::Hidden;
            (!few).then(|| Seen { numerator, denominator, value: definition.value(numerator, denominator) })
        }
        MeasureKind::Proportion => {
            let whole = denominator?;
            let rest = whole - numerator;
            let (part, all) = (shown(numerator)?, shown(whole)?);
            shown(rest)?;
            // Rounded apart, a part could come out larger than its whole.
            let part = part.min(all);
            Some(Seen { numerator: part, denominator: Some(all), value: definition.value(part, Some(all)) })
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "figures are neither negative nor beyond 1e12"
)]
fn count(figure: f64) -> u64 {
    figure.round().max(0.0) as u64
}

/// Whether the total of the sites may be shown to somebody: not where exactly one of them hides its figures from them, for it could
/// be worked out from the total and the others.
pub fn total_is_safe(sights: impl IntoIterator<Item = Sight>) -> bool {
    sights.into_iter().filter(|sight| !sight.shows_figures()).count() != 1
}

/// The periods of a total in which exactly one site hides its figure: it could be worked out from the total and the others, so the total
/// is not shown for them. Of counts that are rounded, a small one stays hidden among the roundings of the others; of averages nothing
/// is rounded, so a site with few cases counts as one that hides.
pub fn periods_that_tell<'a>(
    definition: &Definition,
    sites: impl IntoIterator<Item = (Sight, &'a [Observation])>,
) -> BTreeSet<NaiveDate> {
    let is_exact = definition.kind == MeasureKind::Average;
    let mut hidden: BTreeMap<NaiveDate, usize> = BTreeMap::new();
    for (sight, observations) in sites {
        for one in observations {
            let hides = match sight.shows_figures() {
                true => is_exact && figures(sight, definition, one.numerator, one.denominator).is_none(),
                false => true,
            };
            *hidden.entry(one.period).or_default() += usize::from(hides);
        }
    }
    hidden.into_iter().filter(|(_, sites)| *sites == 1).map(|(period, _)| period).collect()
}

/// The code a site goes by in one measure: told by the series' own random part, which says nothing of the site.
pub fn code(series: uuid::Uuid) -> String {
    let bytes = series.as_bytes();
    let part = bytes.iter().skip(10).fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
    const LETTERS: &[u8] = b"BCDFGHJKLMNPQRSTVWXZ";
    let mut rest = part;
    let mut letters = String::from("Site ");
    for _ in 0..4 {
        let place = usize::try_from(rest % 20).unwrap_or(0);
        letters.push(char::from(LETTERS.get(place).copied().unwrap_or(b'X')));
        rest /= 20;
    }
    letters
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::measures::rules::SmallNumbers;
    use crate::measures::rules::tests::proportion;

    fn levels() -> impl Strategy<Value = Level> {
        prop::sample::select(Level::ALL)
    }

    fn kinds() -> impl Strategy<Value = MeasureKind> {
        prop::sample::select(MeasureKind::ALL)
    }

    proptest! {
        #[test]
        fn peers_never_see_more_than_a_site_chose(
            level in levels(), kind in kinds(), is_public: bool, is_peer: bool, own in 0_u128..3, site in 0_u128..3,
            numerator in 0_u32..60, more in 0_u32..60,
        ) {
            let (site, own) = (OrganisationId(Uuid::from_u128(site)), OrganisationId(Uuid::from_u128(own)));
            let viewer = Viewer { is_team: false, is_peer, sites: BTreeSet::from([own]) };
            let sight = viewer.sight(site, level, is_public);
            let definition = Definition { kind, ..proportion() };
            let seen = figures(sight, &definition, f64::from(numerator), Some(f64::from(numerator + more)));
            if site == own {
                prop_assert_eq!(sight, Sight::Full);
            } else {
                prop_assert_ne!(sight, Sight::Full);
                prop_assert_eq!(sight.shows_name(), level == Level::Named && (is_peer || is_public));
                if level == Level::Band || !(is_peer || is_public) {
                    prop_assert_eq!(seen, None);
                }
            }
        }

        #[test]
        fn no_small_count_of_people_is_shown(kind in kinds(), numerator in 0_u32..40, more in 0_u32..40) {
            let definition = Definition { kind, small_numbers: SmallNumbers::Hospital, ..proportion() };
            let (part, whole) = (f64::from(numerator), f64::from(numerator + more));
            for sight in [Sight::Named, Sight::Coded] {
                let Some(seen) = figures(sight, &definition, part, Some(whole)) else { continue };
                let is_small = |people: u32| (1..8).contains(&people);
                match kind {
                    MeasureKind::Proportion => {
                        prop_assert!(!is_small(numerator) && !is_small(more) && !is_small(numerator + more));
                        prop_assert_eq!(seen.numerator % 5.0, 0.0);
                        prop_assert_eq!(seen.value.is_some(), seen.denominator != Some(0.0));
                    }
                    MeasureKind::Average => prop_assert!(!is_small(numerator + more)),
                    MeasureKind::Rate | MeasureKind::Count => {
                        prop_assert!(!is_small(numerator));
                        prop_assert_eq!(seen.numerator % 5.0, 0.0);
                    }
                }
            }
            prop_assert!(figures(Sight::Full, &definition, part, Some(whole)).is_some());
        }

        #[test]
        fn a_total_never_gives_one_hidden_site_away(hidden in 0_usize..5, shown in 0_usize..5) {
            let sights = std::iter::repeat_n(Sight::Band, hidden).chain(std::iter::repeat_n(Sight::Coded, shown));
            prop_assert_eq!(total_is_safe(sights), hidden != 1);
        }
    }

    /// A site of the attack below: how it shows, and its figure in each of four periods, if any.
    type Attacked = (Sight, Vec<Option<(u32, u32)>>);

    fn sites() -> impl Strategy<Value = Vec<Attacked>> {
        let sight = prop::sample::select(vec![Sight::Full, Sight::Named, Sight::Coded, Sight::Band]);
        let figure = prop::option::weighted(0.8, (0_u32..40, 0_u32..40));
        prop::collection::vec((sight, prop::collection::vec(figure, 4)), 1..7)
    }

    fn month(nth: usize) -> NaiveDate {
        NaiveDate::from_ymd_opt(2010, 1 + u32::try_from(nth).unwrap(), 1).unwrap()
    }

    proptest! {
        /// Somebody takes what is shown of sites and total, period by period, and subtracts. Sites come and go, so that a period may have
        /// one hidden site where the measure has several.
        #[test]
        fn no_hidden_figure_is_worked_out_from_the_totals(
            sites in sites(), kind in kinds(), small_numbers in prop::sample::select(SmallNumbers::ALL),
        ) {
            let definition = Definition { kind, small_numbers, ..proportion() };
            let packed: Vec<(Sight, Vec<Observation>)> = sites
                .iter()
                .map(|(sight, figures)| {
                    let told = figures.iter().enumerate().filter_map(|(nth, figure)| {
                        let (part, more) = (*figure)?;
                        let denominator = (kind != MeasureKind::Count).then(|| f64::from(part + more));
                        Some(Observation { period: month(nth), numerator: f64::from(part), denominator, entry: 1, is_confirmed: false })
                    });
                    (*sight, told.collect())
                })
                .collect();
            let telling = periods_that_tell(&definition, packed.iter().map(|(sight, all)| (*sight, all.as_slice())));
            for nth in 0..4 {
                let here: Vec<(Sight, Observation)> = packed
                    .iter()
                    .filter_map(|(sight, all)| Some((*sight, *all.iter().find(|one| one.period == month(nth))?)))
                    .collect();
                let sum = |of: fn(&Observation) -> f64| here.iter().map(|(_, one)| of(one)).sum::<f64>();
                let (whole, cases) = (sum(|one| one.numerator), sum(|one| one.denominator.unwrap_or(0.0)));
                let total = figures(Sight::Named, &definition, whole, (kind != MeasureKind::Count).then_some(cases));
                let Some(total) = total.filter(|_| !telling.contains(&month(nth))) else { continue };
                let unknown: Vec<&Observation> = here
                    .iter()
                    .filter(|(sight, one)| figures(*sight, &definition, one.numerator, one.denominator).is_none())
                    .map(|(_, one)| one)
                    .collect();
                let [hidden] = unknown.as_slice() else { continue };
                // The others as they are shown: of rounded counts anything within the rounding.
                let rounds = small_numbers == SmallNumbers::Hospital && kind != MeasureKind::Average;
                prop_assert!(rounds, "{hidden:?} is the total less the others");
                let others: Vec<(u32, u32)> = here
                    .iter()
                    .filter_map(|(sight, one)| Some((*sight, figures(*sight, &definition, one.numerator, one.denominator)?)))
                    .map(|(sight, seen)| within(sight, seen.numerator))
                    .collect();
                let (low, high): (u32, u32) = others.iter().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
                let all = within(Sight::Named, total.numerator);
                // What is hidden is a small count, or its whole or rest is: what it could be, by all that is shown.
                let could = (0..=60_u32).filter(|x| x + high >= all.0 && x + low <= all.1).count();
                prop_assert!(could > 1, "{hidden:?} of {here:?} is told by {total:?}");
            }
        }
    }

    /// Which counts a shown one may stand for: nearest 5, and counts from 1 to 7 are not shown.
    fn within(sight: Sight, shown: f64) -> (u32, u32) {
        let shown = u32::try_from(count(shown)).unwrap();
        match (sight, shown) {
            (Sight::Full, shown) => (shown, shown),
            (_, 0) => (0, 0),
            (_, shown) => ((shown - 2).max(8), shown + 2),
        }
    }

    #[test]
    fn a_period_in_which_one_site_alone_hides_is_told_apart() {
        let figure = |month: u32, numerator: f64, cases: f64| Observation {
            period: NaiveDate::from_ymd_opt(2010, month, 1).unwrap(),
            numerator,
            denominator: Some(cases),
            entry: 1,
            is_confirmed: false,
        };
        let here = |definition: &Definition, sites: &[(Sight, Vec<Observation>)]| -> Vec<u32> {
            let sites = sites.iter().map(|(sight, all)| (*sight, all.as_slice()));
            periods_that_tell(definition, sites).iter().map(chrono::Datelike::month).collect()
        };
        // Two sites hide, and in March one of them has no figure.
        let sites = [
            (Sight::Band, vec![figure(1, 10.0, 20.0), figure(2, 10.0, 20.0), figure(3, 10.0, 20.0)]),
            (Sight::Band, vec![figure(1, 10.0, 20.0), figure(2, 10.0, 20.0)]),
            (Sight::Named, vec![figure(1, 10.0, 20.0), figure(3, 10.0, 20.0), figure(4, 10.0, 20.0)]),
        ];
        assert_eq!(here(&proportion(), &sites), [3]);
        // An average of few cases is hidden and its sums are not rounded.
        let minutes = Definition { kind: MeasureKind::Average, ..proportion() };
        let sites = [
            (Sight::Named, vec![figure(1, 300.0, 3.0), figure(2, 900.0, 9.0)]),
            (Sight::Named, vec![figure(1, 900.0, 9.0), figure(2, 900.0, 9.0)]),
        ];
        assert_eq!(here(&minutes, &sites), [1]);
    }

    #[test]
    fn whoever_does_not_belong_sees_public_measures_alone() {
        let stranger = Viewer::default();
        let site = OrganisationId(Uuid::from_u128(1));
        assert_eq!(stranger.sight(site, Level::Named, false), Sight::Nothing);
        assert_eq!(stranger.sight(site, Level::Named, true), Sight::Named);
        assert_eq!(stranger.sight_of_all(false), Sight::Nothing);
        let team = Viewer { is_team: true, ..Viewer::default() };
        assert_eq!(team.sight(site, Level::Band, false), Sight::Full);
    }
}
