//! Measures the pictures of charts of every kind: no words touch, nothing leaves the picture, every picture is XML.

use chrono::{Days, NaiveDate};
use proptest::prelude::*;

use super::*;
use crate::scene::{Scene, Thing};
use crate::{Look, Unit};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Monthly values with a mean of 50 and limits of 30 and 70.
fn chart(values: &[Option<f64>]) -> ControlChart {
    let first = day("2019-01-01");
    let point = |(at, value): (u32, &Option<f64>)| Point {
        centre: Some(50.0),
        lower: Some(30.0),
        upper: Some(70.0),
        ..Point::new(When::Day(first.checked_add_months(chrono::Months::new(at)).unwrap()), *value)
    };
    ControlChart {
        id: "c".into(),
        title: "Four-hour performance".into(),
        summary: "In words.".into(),
        points: (0..).zip(values).map(point).collect(),
        ..ControlChart::default()
    }
}

/// Fails where words touch words, or anything leaves the picture.
fn assert_tidy(chart: &ControlChart, size: Size) {
    for has_head in [true, false] {
        assert_tidy_scene(&chart.scene(size, has_head), size);
    }
}

fn assert_tidy_scene(scene: &Scene, size: Size) {
    scene.assert_tidy(&format!("{size:?}"));
    for layer in &scene.layers {
        for thing in &layer.things {
            let places = match thing {
                Thing::Line(places) => places.clone(),
                Thing::Box { corner, width, height, .. } => vec![*corner, (corner.0 + width, corner.1 + height)],
                Thing::Sign { at, size, .. } => vec![(at.0 - size, at.1 - size), (at.0 + size, at.1 + size)],
                Thing::Words(words) => vec![words.at],
            };
            for (x, y) in places {
                let inside = (-0.01..=scene.width + 0.01).contains(&x) && (-0.01..=scene.height + 0.01).contains(&y);
                assert!(inside, "{size:?}: {thing:?} of {:?} leaves {} × {}", layer.ink, scene.width, scene.height);
            }
        }
    }
}

fn assert_xml(svg: &str) {
    let document = roxmltree::Document::parse(svg).unwrap_or_else(|why| panic!("{why}: {svg}"));
    let root = document.root_element();
    assert_eq!(root.attribute("role"), Some("img"));
    let ids: Vec<&str> = document.descendants().filter_map(|node| node.attribute("id")).collect();
    for id in root.attribute("aria-labelledby").unwrap().split(' ') {
        assert_eq!(ids.iter().filter(|known| **known == id).count(), 1, "{id}");
    }
    let allowed = ["svg", "title", "desc", "style", "g", "path", "rect", "circle", "text"];
    for node in document.descendants().filter(roxmltree::Node::is_element) {
        assert!(allowed.contains(&node.tag_name().name()), "{}", node.tag_name().name());
        for attribute in node.attributes() {
            let value = attribute.value();
            assert!(!value.contains("NaN") && !value.contains("inf"), "{}={value}", attribute.name());
            assert!(!attribute.name().starts_with("on") && !value.contains("url("), "{}={value}", attribute.name());
        }
    }
}

#[test]
fn the_structure_of_a_chart() {
    let mut chart = chart(&[Some(52.0), Some(48.0), None, Some(75.0), Some(41.0), Some(28.5)]);
    chart.points[3].kind = Kind::ImprovementHigh;
    chart.points[3].why = "above the upper process limit (70)".into();
    chart.points[5].kind = Kind::ConcernLow;
    chart.target = Some(60.0);
    chart.unit = Unit::Percent;
    chart.variation = Some(hiec_spc::xmr::Variation::ConcernLow);
    chart.assurance = Some(hiec_spc::xmr::Assurance::Inconsistent);
    chart.subtitle = "Each month, January to June 2019".into();
    chart.reading = "The last point is below the lower process limit.".into();
    chart.source = "Illustrative".into();
    chart.events =
        vec![Event { when: When::Day(day("2019-04-01")), words: "Second triage nurse".into(), is_rebase: false }];
    insta::assert_snapshot!("wide", chart.svg(Size::Wide, Look::on_page()).replace("><", ">\n<"));
    insta::assert_snapshot!("table", chart.table().0.replace("><", ">\n<"));
}

#[test]
fn a_gap_breaks_the_line_and_is_told() {
    let svg = chart(&[Some(52.0), None, Some(48.0), Some(51.0)]).svg(Size::Wide, Look::alone());
    assert!(svg.contains("<title>Feb 2019: no value</title>"));
    assert!(svg.contains("hc-gap"));
    assert!(svg.contains(">No value</text>"));
}

#[test]
fn limits_step_where_they_begin_anew_and_never_slope() {
    let mut chart = chart(&[Some(50.0); 10]);
    for point in &mut chart.points[5..] {
        (point.part, point.centre, point.lower, point.upper) = (1, Some(80.0), Some(75.0), Some(85.0));
    }
    let scene = chart.scene(Size::Wide, true);
    let means: Vec<_> = scene
        .layers
        .iter()
        .filter(|layer| layer.ink == crate::theme::Ink::Mean)
        .flat_map(|layer| &layer.things)
        .collect();
    assert_eq!(means.len(), 2);
    for mean in means {
        let Thing::Line(places) = mean else { panic!("{mean:?}") };
        assert_eq!(places.len(), 2);
        assert!((places[0].1 - places[1].1).abs() < 1e-9);
    }
}

#[test]
fn limits_that_vary_are_steps() {
    let mut chart = chart(&[Some(50.0); 4]);
    for (point, upper) in chart.points.iter_mut().zip([70.0, 72.0, 72.0, 69.0]) {
        point.upper = Some(upper);
    }
    let scene = chart.scene(Size::Wide, true);
    let longest =
        scene.layers.iter().filter(|layer| layer.ink == crate::theme::Ink::Limit).flat_map(|layer| &layer.things);
    let steps = longest.filter_map(|thing| match thing {
        Thing::Line(places) => Some(places.len()),
        _ => None,
    });
    assert_eq!(steps.max(), Some(6));
}

#[test]
fn from_no_point_to_two_thousand() {
    for count in [0_u32, 1, 2, 3, 12, 48, 120, 500, 2000] {
        let values: Vec<Option<f64>> = (0..count).map(|at| Some(50.0 + f64::from(at * 7919 % 23) - 11.0)).collect();
        let mut monthly = chart(&values);
        monthly.events.push(Event { when: When::Day(day("2019-03-01")), words: "Something".into(), is_rebase: true });
        for size in [Size::Wide, Size::Paper, Size::Low, Size::Narrow] {
            assert_tidy(&monthly, size);
            assert_xml(&monthly.svg(size, Look::alone()));
        }
    }
}

#[test]
fn a_long_series_is_no_heavy_picture() {
    let values: Vec<Option<f64>> = (0..2000).map(|at| Some(f64::from(at * 7919 % 23))).collect();
    assert!(chart(&values).svg(Size::Wide, Look::alone()).len() < 60_000);
}

#[test]
fn many_events_become_numbers_with_notes() {
    let mut chart = chart(&[Some(50.0); 36]);
    for month in 1..=12 {
        chart.events.push(Event {
            when: When::Day(NaiveDate::from_ymd_opt(2019, month, 1).unwrap()),
            words: format!("Change {month}: a long story of what the team did on the ward and why they did it then"),
            is_rebase: month % 2 == 0,
        });
    }
    let svg = chart.svg(Size::Wide, Look::alone());
    assert!(svg.contains("12. Dec 2019: Change 12"), "{svg}");
    for size in [Size::Wide, Size::Paper, Size::Low, Size::Narrow] {
        assert_tidy(&chart, size);
    }
}

#[test]
fn rows_without_dates_have_numbers() {
    let mut chart = chart(&[Some(50.0); 30]);
    for (row, point) in (1..).zip(&mut chart.points) {
        point.when = When::Row(row);
    }
    let scene = chart.scene(Size::Wide, true);
    assert!(scene.all_words().any(|words| words.text == "30"));
    assert_tidy(&chart, Size::Narrow);
}

#[test]
fn several_charts_on_a_page_share_no_id() {
    let (mut one, mut other) = (chart(&[Some(1.0)]), chart(&[Some(1.0)]));
    (one.id, other.id) = ("a".into(), "b".into());
    let page = format!("<div>{}{}</div>", one.svg(Size::Wide, Look::alone()), other.svg(Size::Wide, Look::alone()));
    let document = roxmltree::Document::parse(&page).unwrap();
    let mut ids: Vec<&str> = document.descendants().filter_map(|node| node.attribute("id")).collect();
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count);
}

fn any_kind() -> impl Strategy<Value = Kind> {
    prop_oneof![
        Just(Kind::Common),
        Just(Kind::ImprovementHigh),
        Just(Kind::ImprovementLow),
        Just(Kind::ConcernHigh),
        Just(Kind::NeutralLow),
        Just(Kind::Excluded)
    ]
}

fn any_unit() -> impl Strategy<Value = Unit> {
    prop_oneof![
        Just(Unit::Plain),
        Just(Unit::Percent),
        Just(Unit::Share),
        Just(Unit::Pounds),
        "\\PC{0,60}".prop_map(Unit::Of)
    ]
}

/// Values of every size, mostly of the sizes that occur.
fn any_value() -> impl Strategy<Value = f64> {
    prop_oneof![4 => -100.0..1000.0_f64, 2 => -1e9..1e9_f64, 1 => any::<f64>(), 1 => Just(0.0)]
}

prop_compose! {
    fn any_chart()(
        rows in prop::collection::vec((1_u64..60, prop::option::weighted(0.9, any_value()), any_kind(), 0_usize..2), 0..70),
        lines in prop::option::of((any_value(), any_value(), any_value())),
        target in prop::option::of(any_value()),
        events in prop::collection::vec((0_u64..1500, "\\PC{0,80}", any::<bool>()), 0..9),
        unit in any_unit(),
        words in ("\\PC{0,150}", "\\PC{0,150}", "[a-z <&]{0,500}", "\\PC{0,200}"),
        icons in any::<bool>(),
    ) -> ControlChart {
        let mut when = NaiveDate::from_ymd_opt(2015, 1, 1).unwrap();
        let mut part = 0;
        let points = rows.into_iter().map(|(gap, value, kind, new)| {
            when = when + Days::new(gap);
            part += new;
            Point {
                kind,
                part,
                centre: lines.map(|(centre, _, _)| centre),
                lower: lines.map(|(_, lower, _)| lower),
                upper: lines.map(|(_, _, upper)| upper),
                ..Point::new(When::Day(when), value)
            }
        }).collect();
        let mut events: Vec<Event> = events.into_iter().map(|(after, words, is_rebase)| {
            Event { when: When::Day(NaiveDate::from_ymd_opt(2015, 1, 1).unwrap() + Days::new(after)), words, is_rebase }
        }).collect();
        events.sort_by_key(|event| match event.when { When::Day(day) => day, When::Row(_) => NaiveDate::MIN });
        let (title, subtitle, reading, source) = words;
        ControlChart {
            id: "any".into(),
            title, subtitle, reading, source, unit, points, target, events,
            variation: icons.then_some(hiec_spc::xmr::Variation::ImprovementLow),
            assurance: icons.then_some(hiec_spc::xmr::Assurance::Pass),
            ..ControlChart::default()
        }
    }
}

proptest! {
    // Each case is six pictures, every pair of words of which is compared.
    #![proptest_config(ProptestConfig { cases: ProptestConfig::default().cases / 4, ..ProptestConfig::default() })]

    #[test]
    fn no_words_touch_in_any_chart(chart in any_chart()) {
        for size in [Size::Wide, Size::Paper, Size::Low, Size::Narrow] {
            assert_tidy(&chart, size);
            assert_xml(&chart.svg(size, Look::alone()));
        }
        roxmltree::Document::parse(&chart.table().0).unwrap();
    }
}

#[test]
fn a_sparkline_is_silent_and_tiny() {
    let svg = chart(&[Some(52.0), None, Some(48.0), Some(75.0)]).sparkline(Look::on_page());
    let document = roxmltree::Document::parse(&svg).unwrap();
    assert_eq!(document.root_element().attribute("aria-hidden"), Some("true"));
    assert!(svg.len() < 1_500, "{}", svg.len());
}
