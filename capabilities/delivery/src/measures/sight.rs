//! What somebody sees of a site's figures: by its own choice, its measure's rule for small numbers, and who looks. This is the one place that decides it, for pages, files and programs alike.

use std::collections::BTreeSet;

use hiec_compare::suppression::{Rule, Shown};
use hiec_kernel::{OrganisationId, closed_list};
use serde::Serialize;

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
