//! Funnel plots: sites by size and value, with the limits an engine computed for their size. It names the sites outside
//! them where there is room, and below the plot where there is none; it never ranks.

use maud::{Markup, html};

use crate::axis::unit::Unit;
use crate::axis::values::{Scale, Span};
use crate::control::{Kind, Size, ink, shape};
use crate::head::{Measures, begun, draw_source, ended};
use crate::lettering::{width, wrapped};
use crate::placing::apart;
use crate::scene::{Anchor, Place, Scene, Thing, Words};
use crate::svg::{Cover, Look, written};
use crate::theme::Ink;

/// A funnel plot, ready to be drawn.
#[derive(Clone, Debug, Default)]
pub struct FunnelPlot {
    /// Begins the ids in the picture; unique on a page.
    pub id: String,
    pub title: String,
    pub subtitle: String,
    /// What to make of it; under the title, and for those who do not see the picture.
    pub reading: String,
    pub unit: Unit,
    /// What the size of a site is counted in, such as attendances: under the axis.
    pub size_name: String,
    pub sites: Vec<FunnelSite>,
    /// In order of size.
    pub limits: Vec<FunnelLimits>,
    /// The line in the middle.
    pub average: f64,
    /// What the limits are called: `("95%", "99.8%")`.
    pub names: (String, String),
    pub source: String,
}

/// One site.
#[derive(Clone, Debug, PartialEq)]
pub struct FunnelSite {
    pub name: String,
    /// Its denominator.
    pub size: f64,
    pub value: f64,
    /// Anything but common cause is outside the outer limits.
    pub kind: Kind,
}

/// Limits for sites of one size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FunnelLimits {
    pub size: f64,
    /// Lower and upper.
    pub inner: (f64, f64),
    pub outer: (f64, f64),
}

/// The size of a site's sign.
const SIGN: f64 = 4.2;

impl FunnelPlot {
    /// The plot as one `svg` element.
    #[must_use]
    pub fn svg(&self, size: Size, look: Look) -> String {
        let cover = Cover { id: &self.id, title: &self.title, description: &self.reading, look };
        written(&self.scene(size, look.has_head), cover)
    }

    /// The sites in a table, those outside the limits first, else by name.
    #[must_use]
    pub fn table(&self) -> Markup {
        let (decimals, sizes) = (self.decimals(), Unit::Plain);
        let mut sites: Vec<&FunnelSite> = self.sites.iter().collect();
        sites.sort_by(|one, other| {
            (one.kind == Kind::Common, &one.name).cmp(&(other.kind == Kind::Common, &other.name))
        });
        html! {
            table class="hc-table" {
                caption { "Figures: " (self.title) }
                thead { tr {
                    th scope="col" { "Site" }
                    th scope="col" class="hc-number" { (self.size_name) }
                    th scope="col" class="hc-number" { "Value" }
                    th scope="col" { "What it says" }
                } }
                tbody { @for site in sites { tr {
                    th scope="row" { (site.name) }
                    td class="hc-number" { (sizes.figure(site.size, sizes.exact(site.size))) }
                    td class="hc-number" { (self.unit.figure(site.value, decimals)) }
                    td { (says(site.kind)) }
                } } }
            }
        }
    }

    fn decimals(&self) -> usize {
        let values = self.sites.iter().map(|site| site.value);
        self.unit.steps_apart(values.chain(self.limits.iter().flat_map(|limits| [limits.outer.0, limits.outer.1])))
    }

    pub(crate) fn scene(&self, size: Size, has_head: bool) -> Scene {
        let (mut scene, measures, top) = begun(size, has_head, [&self.title, &self.subtitle, &self.reading]);
        let top = top + 14.0;
        let labels = self.end_labels();
        let gutter = labels.iter().map(|(words, _, _)| width(words, measures.small, false)).fold(0.0, f64::max) + 22.0;
        let plot = Plot::new(self, &measures, top, gutter);
        plot.draw_axes(&mut scene, self, &measures);
        self.draw_limits(&mut scene, &plot);
        plot.draw_end_labels(&mut scene, &labels, &measures);
        let unnamed = self.draw_sites(&mut scene, &plot, &measures);
        let mut y = plot.bottom + measures.small * 3.6 + 14.0;
        y = draw_key(&mut scene, self, y, &measures);
        if !unnamed.is_empty() {
            let words = format!("Also outside the outer limits: {}.", unnamed.join(", "));
            let lines = wrapped(&words, measures.width - 2.0 * measures.margin, measures.small, false, 12);
            y = scene.paragraph(Ink::Words, &lines, (measures.margin, y), measures.small, false) + 4.0;
        }
        y = draw_source(&mut scene, &self.source, y + 2.0, &measures);
        ended(scene, y)
    }

    fn draw_limits(&self, scene: &mut Scene, plot: &Plot) {
        let line = |of: fn(&FunnelLimits) -> f64| -> Vec<Place> {
            self.limits
                .iter()
                .filter(|limits| limits.size.is_finite() && of(limits).is_finite())
                .map(|limits| (plot.across.at(limits.size), plot.up.at(of(limits))))
                .collect()
        };
        scene.line(Ink::Inner, line(|limits| limits.inner.0));
        scene.line(Ink::Inner, line(|limits| limits.inner.1));
        scene.line(Ink::Limit, line(|limits| limits.outer.0));
        scene.line(Ink::Limit, line(|limits| limits.outer.1));
        let middle = plot.up.at(self.average);
        scene.line(Ink::Mean, [(plot.left, middle), (plot.right, middle)]);
    }

    /// What stands beside the right ends of the lines.
    fn end_labels(&self) -> Vec<(String, f64, Ink)> {
        let decimals = self.decimals();
        let mut labels =
            vec![(format!("Average {}", self.unit.figure(self.average, decimals)), self.average, Ink::Words)];
        if let Some(last) = self.limits.last() {
            labels.push((format!("{} limit", self.names.1), last.outer.1, Ink::Quiet));
            labels.push((format!("{} limit", self.names.0), last.inner.1, Ink::Quiet));
            labels.push((format!("{} limit", self.names.0), last.inner.0, Ink::Quiet));
            labels.push((format!("{} limit", self.names.1), last.outer.0, Ink::Quiet));
        }
        labels.retain(|(_, value, _)| value.is_finite());
        labels
    }

    /// Small boxes along the curves and the average, for names to keep clear of.
    fn along_the_limits(&self, plot: &Plot) -> Vec<[f64; 4]> {
        const STEP: f64 = 6.0;
        let curves: [fn(&FunnelLimits) -> f64; 4] =
            [|limits| limits.inner.0, |limits| limits.inner.1, |limits| limits.outer.0, |limits| limits.outer.1];
        let place =
            |limits: &FunnelLimits, of: fn(&FunnelLimits) -> f64| (plot.across.at(limits.size), plot.up.at(of(limits)));
        let mut boxes = vec![[plot.left, plot.up.at(self.average) - 1.0, plot.right, plot.up.at(self.average) + 1.0]];
        for (pair, of) in self.limits.windows(2).flat_map(|pair| curves.map(|of| (pair, of))) {
            let [before, after] = pair else { continue };
            let ((from, above), (to, below)) = (place(before, of), place(after, of));
            let steps = ((to - from).abs() / STEP).ceil().clamp(1.0, 400.0);
            let mut at = 0.0;
            while at < steps {
                let (x, y) = (from + (to - from) * at / steps, above + (below - above) * at / steps);
                boxes.push([x - 1.0, y - 1.5, x + STEP, y + 1.5]);
                at += 1.0;
            }
        }
        boxes
    }

    /// The sites, and names of those outside. Gives the names for which there was no room.
    fn draw_sites(&self, scene: &mut Scene, plot: &Plot, measures: &Measures) -> Vec<String> {
        let decimals = self.decimals();
        let place = |site: &FunnelSite| (plot.across.at(site.size), plot.up.at(site.value));
        let drawable = |site: &&FunnelSite| site.size.is_finite() && site.value.is_finite();
        let (plain, special): (Vec<&FunnelSite>, Vec<&FunnelSite>) =
            self.sites.iter().filter(drawable).partition(|site| site.kind == Kind::Common);
        for site in plain.iter().chain(&special) {
            let hint = format!("{}: {}", site.name, self.unit.words(site.value, decimals));
            let size = if site.kind == Kind::Common { SIGN * 0.85 } else { SIGN };
            scene.add(ink(site.kind), Thing::Sign { shape: shape(site.kind), at: place(site), size, hint });
        }
        let mut taken: Vec<[f64; 4]> = self.sites.iter().filter(drawable).map(|site| around(place(site))).collect();
        let curves = self.along_the_limits(plot);
        let mut unnamed = Vec::new();
        for site in special {
            // Best clear of the curves too; across one rather than nowhere.
            let clear: Vec<[f64; 4]> = taken.iter().chain(&curves).copied().collect();
            let found = free_place(plot, place(site), &site.name, measures.small, &clear)
                .or_else(|| free_place(plot, place(site), &site.name, measures.small, &taken));
            match found {
                Some(words) => {
                    taken.push(words.room());
                    scene.words(Ink::Words, words);
                }
                None => unnamed.push(site.name.clone()),
            }
        }
        unnamed
    }
}

/// The room a sign takes.
fn around((x, y): Place) -> [f64; 4] {
    [x - SIGN * 1.4, y - SIGN * 1.4, x + SIGN * 1.4, y + SIGN * 1.4]
}

/// A name beside its sign where neither a sign nor another name stands: right, left, above or below it.
fn free_place(plot: &Plot, (x, y): Place, name: &str, size: f64, taken: &[[f64; 4]]) -> Option<Words> {
    let candidates = [
        ((x + 8.0, y + size * 0.34), Anchor::Start),
        ((x - 8.0, y + size * 0.34), Anchor::End),
        ((x, y - 9.0), Anchor::Middle),
        ((x, y + 9.0 + size * 0.8), Anchor::Middle),
        ((x + 7.0, y - 7.0), Anchor::Start),
        ((x + 7.0, y + 7.0 + size * 0.7), Anchor::Start),
        ((x - 7.0, y - 7.0), Anchor::End),
        ((x - 7.0, y + 7.0 + size * 0.7), Anchor::End),
    ];
    candidates.into_iter().map(|(at, anchor)| Words::new(name, at, size).anchored(anchor)).find(|words| {
        let [left, top, right, bottom] = words.room();
        let is_inside = left >= plot.left && right <= plot.right && top >= plot.top && bottom <= plot.bottom;
        let is_free =
            |[from, above, to, below]: &[f64; 4]| left >= *to || *from >= right || top >= *below || *above >= bottom;
        is_inside && taken.iter().all(is_free)
    })
}

fn says(kind: Kind) -> &'static str {
    match kind {
        Kind::Common => "Within the limits",
        Kind::Excluded => "Left out",
        Kind::ImprovementHigh | Kind::ConcernHigh | Kind::NeutralHigh => "Above the outer limits",
        Kind::ImprovementLow | Kind::ConcernLow | Kind::NeutralLow => "Below the outer limits",
    }
}

fn draw_key(scene: &mut Scene, funnel: &FunnelPlot, top: f64, measures: &Measures) -> f64 {
    let (mut x, mut y) = (measures.margin, top);
    let entries = [
        (&[Kind::Common][..], "Within the limits"),
        (&[Kind::ImprovementHigh, Kind::ImprovementLow], "Outside, on the better side"),
        (&[Kind::ConcernHigh, Kind::ConcernLow], "Outside, on the worse side"),
        (&[Kind::NeutralHigh, Kind::NeutralLow], "Outside"),
    ];
    for (kinds, words) in entries {
        let Some(kind) = kinds.iter().find(|kind| funnel.sites.iter().any(|site| site.kind == **kind)) else {
            continue;
        };
        let entry = 16.0 + width(words, measures.small, false);
        if x > measures.margin && x + entry > measures.width - measures.margin {
            (x, y) = (measures.margin, y + measures.small * 1.6);
        }
        let at = (x + SIGN + 1.0, y - measures.small * 0.34);
        scene.add(ink(*kind), Thing::Sign { shape: shape(*kind), at, size: SIGN, hint: String::new() });
        scene.words(Ink::Quiet, Words::new(words, (x + 14.0, y), measures.small));
        x += entry + 22.0;
    }
    y + measures.small * 1.6
}

/// The plot's box and its two axes.
struct Plot {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    up: Scale,
    across: Span,
    values: Vec<(f64, String)>,
}

impl Plot {
    fn new(funnel: &FunnelPlot, measures: &Measures, top: f64, gutter: f64) -> Self {
        let bottom = top + measures.plot_height;
        let values = funnel.sites.iter().map(|site| site.value);
        let limits = funnel.limits.iter().flat_map(|limits| [limits.outer.0, limits.outer.1]);
        let up = Scale::holding(values.chain(limits).chain([funnel.average]), top, bottom);
        let (ticks, step) = up.ticks(&funnel.unit, 6);
        let decimals = funnel.unit.decimals(step);
        let values: Vec<(f64, String)> =
            ticks.iter().map(|tick| (up.at(*tick), funnel.unit.figure(*tick, decimals))).collect();
        let widest = values.iter().map(|(_, words)| width(words, measures.small, false)).fold(0.0, f64::max);
        let left = measures.margin + widest.min(measures.width * 0.35) + 9.0;
        let right = (measures.width - measures.margin - gutter).max(left + measures.width * 0.15);
        let largest = funnel.sites.iter().map(|site| site.size).chain(funnel.limits.iter().map(|limits| limits.size));
        Self { left, right, top, bottom, up, across: Span::to(largest, left, right - 8.0), values }
    }

    fn draw_axes(&self, scene: &mut Scene, funnel: &FunnelPlot, measures: &Measures) {
        let size = measures.small;
        for (y, words) in &self.values {
            scene.line(Ink::Grid, [(self.left, *y), (self.right, *y)]);
            let at = (self.left - 8.0, y + size * 0.34);
            scene.words(Ink::Quiet, Words::new(words.as_str(), at, size).anchored(Anchor::End));
        }
        scene.line(Ink::Axis, [(self.left, self.bottom), (self.right, self.bottom)]);
        for (x, words) in self.across.ticks(size) {
            scene.line(Ink::Axis, [(x, self.bottom), (x, self.bottom + 5.0)]);
            let at = (x, self.bottom + 10.0 + size * 0.8);
            scene.words(Ink::Quiet, Words::new(words, at, size).anchored(Anchor::Middle));
        }
        let room = self.right - self.left;
        if let Some(name) = wrapped(&funnel.size_name, room, size, false, 1).into_iter().next() {
            let at = (f64::midpoint(self.left, self.right), self.bottom + 12.0 + size * 2.1);
            scene.words(Ink::Quiet, Words::new(name, at, size).anchored(Anchor::Middle));
        }
    }

    fn draw_end_labels(&self, scene: &mut Scene, labels: &[(String, f64, Ink)], measures: &Measures) {
        let size = measures.small;
        let wanted: Vec<f64> = labels.iter().map(|(_, value, _)| self.up.at(*value)).collect();
        let places = apart(&wanted, size * 1.3, self.top, self.bottom);
        for (((words, _, ink), wish), place) in labels.iter().zip(&wanted).zip(&places) {
            if (wish - place).abs() > 1.5 {
                scene.line(
                    Ink::Leader,
                    [(self.right + 3.0, *wish), (self.right + 6.0, *wish), (self.right + 11.0, *place)],
                );
            }
            scene.words(*ink, Words::new(words.as_str(), (self.right + 16.0, place + size * 0.34), size));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn funnel(sites: Vec<FunnelSite>) -> FunnelPlot {
        let limits = (1..=20)
            .map(|step| {
                let size = f64::from(step) * 500.0;
                let spread = 20.0 / size.sqrt();
                FunnelLimits {
                    size,
                    inner: (0.9 - spread, 0.9 + spread),
                    outer: (0.9 - spread * 1.6, 0.9 + spread * 1.6),
                }
            })
            .collect();
        FunnelPlot {
            id: "f".into(),
            title: "Seen within four hours".into(),
            unit: Unit::Share,
            size_name: "Attendances".into(),
            sites,
            limits,
            average: 0.9,
            names: ("95%".into(), "99.8%".into()),
            source: "Illustrative".into(),
            ..FunnelPlot::default()
        }
    }

    fn site(name: &str, size: f64, value: f64, kind: Kind) -> FunnelSite {
        FunnelSite { name: name.into(), size, value, kind }
    }

    fn assert_tidy(funnel: &FunnelPlot) {
        for size in [Size::Wide, Size::Paper, Size::Low, Size::Narrow] {
            let scene = funnel.scene(size, true);
            scene.assert_tidy(&format!("{size:?}"));
            roxmltree::Document::parse(&funnel.svg(size, Look::alone())).unwrap();
        }
    }

    #[test]
    fn sites_outside_are_named_and_the_others_are_not() {
        let funnel =
            funnel(vec![site("Ashford", 4000.0, 0.70, Kind::ConcernLow), site("Barnet", 6000.0, 0.91, Kind::Common)]);
        let svg = funnel.svg(Size::Wide, Look::alone());
        assert!(svg.contains(">Ashford</text>") && !svg.contains(">Barnet</text>"));
        assert!(svg.contains("<title>Barnet: 91"));
        assert_tidy(&funnel);
        let table = funnel.table().0;
        assert!(table.find("Ashford") < table.find("Barnet"));
    }

    #[test]
    fn names_without_room_stand_below() {
        let crowd = (0..60).map(|at| {
            let value = 0.6 + f64::from(at % 5) * 0.001;
            site(&format!("Trust number {at}"), 5000.0 + f64::from(at), value, Kind::ConcernLow)
        });
        let funnel = funnel(crowd.collect());
        assert!(funnel.svg(Size::Wide, Look::alone()).contains("Also outside the outer limits:"));
        assert_tidy(&funnel);
    }

    proptest! {
        #[test]
        fn any_funnel_is_tidy(
            sites in prop::collection::vec(("\\PC{0,30}", any::<f64>(), any::<f64>(), any::<bool>()), 0..40),
            near in prop::collection::vec(("[A-Z]{3}", 0.0..10_000.0_f64, 0.6..1.1_f64, any::<bool>()), 0..40),
        ) {
            let sites = sites.into_iter().chain(near).map(|(name, size, value, is_out)| {
                site(&name, size, value, if is_out { Kind::ConcernHigh } else { Kind::Common })
            });
            assert_tidy(&funnel(sites.collect()));
        }
    }
}
