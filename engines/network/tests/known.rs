//! The figures against a known answer, worked examples and what must hold of every network.

use hiec_network::{Network, Views};
use proptest::prelude::*;

fn near(found: f64, wanted: f64) -> bool {
    (found - wanted).abs() < 5e-5
}

/// Queen Mary 0, UCLPartners 1, Anglia Ruskin 2, Redbridge 3, Basildon 4, Novartis 5; figures by networkx.
fn six() -> Network {
    Network::of_ties(6, &[(0, 1), (0, 2), (0, 3), (0, 4), (1, 3), (2, 4), (5, 0)])
}

#[test]
fn the_known_answer() {
    let network = six();
    assert!(near(network.density().unwrap().known, 0.4667));
    assert!(near(network.centralisation().unwrap(), 0.8));
    assert!(near(network.transitivity().unwrap(), 0.4286));
    let betweenness = network.betweenness();
    assert!(near(betweenness[0], 0.8), "{betweenness:?}");
    assert!(betweenness[1..].iter().all(|other| near(*other, 0.0)), "{betweenness:?}");
    assert_eq!(network.ties(), [(0, 1), (0, 2), (0, 3), (0, 4), (0, 5), (1, 3), (2, 4)]);
}

#[test]
fn shortest_ways_are_shared() {
    // A square: each corner lies on one of the two ways between its neighbours.
    let square = Network::of_ties(4, &[(0, 1), (1, 2), (2, 3), (3, 0)]);
    assert!(square.betweenness().iter().all(|one| near(*one, 1.0 / 6.0)));
    assert!(near(square.centralisation().unwrap(), 0.0));
    assert_eq!(square.transitivity(), Some(0.0));
    // A line of four: the inner two pass two pairs of three each.
    let line = Network::of_ties(4, &[(0, 1), (1, 2), (2, 3)]);
    let betweenness = line.betweenness();
    assert!(near(betweenness[1], 2.0 / 3.0) && near(betweenness[0], 0.0), "{betweenness:?}");
}

#[test]
fn what_nobody_said_is_unknown_and_not_nought() {
    let mut views = Views::silent(3);
    assert!(views.network(2).density().is_none());
    assert!(views.say(0, 1, 4));
    assert!(views.say(1, 0, 3));
    assert!(views.say(0, 2, 0));
    let network = views.network(2);
    // Of the two known pairs one is tied; the third is unknown.
    let density = network.density().unwrap();
    assert!(near(density.known, 0.5) && near(density.least, 1.0 / 3.0) && near(density.most, 2.0 / 3.0));
    assert_eq!(network.tie(1, 2), None);
    assert_eq!(network.tie(0, 2), Some(false));
    assert_eq!(network.unknown_pairs(), 1);
    assert_eq!(views.answered(), (3, 6));
    assert_eq!(views.doubled(0, 1), Some(7));
    assert_eq!(views.doubled(0, 2), Some(0));
    assert_eq!(views.doubled(1, 2), None);
}

#[test]
fn reciprocity_asks_only_pairs_in_which_both_spoke() {
    let mut views = Views::silent(3);
    assert_eq!(views.reciprocity(2), None);
    views.say(0, 1, 3);
    views.say(1, 0, 1);
    views.say(0, 2, 4);
    views.say(2, 0, 4);
    views.say(1, 2, 5);
    assert_eq!(views.reciprocity(2), Some(0.5));
}

#[test]
fn nobody_speaks_of_themselves_or_above_the_scale() {
    let mut views = Views::silent(2);
    assert!(!views.say(0, 0, 3));
    assert!(!views.say(0, 2, 3));
    assert!(!views.say(0, 1, 6));
    assert_eq!(views, Views::silent(2));
}

#[test]
fn too_few_partners_have_no_figures() {
    for partners in 0..2 {
        let network = Network::of_ties(partners, &[(0, 1)]);
        assert_eq!(network.density(), None);
        assert_eq!(network.centralisation(), None);
        assert_eq!(network.transitivity(), None);
        assert_eq!(network.betweenness(), vec![0.0; partners]);
    }
}

fn any_views() -> impl Strategy<Value = Views> {
    (0_usize..9).prop_flat_map(|n| {
        prop::collection::vec(prop::option::of(0_u8..=5), n * n).prop_map(move |said| {
            let mut views = Views::silent(n);
            for (place, level) in said.into_iter().enumerate() {
                if let Some(level) = level {
                    views.say(place / n, place % n, level);
                }
            }
            views
        })
    })
}

proptest! {
    #[test]
    fn figures_stay_within_their_bounds(views in any_views(), at_least in 0_u8..=5) {
        let network = views.network(at_least);
        if let Some(density) = network.density() {
            prop_assert!(0.0 <= density.least && density.least <= density.known + 1e-12);
            prop_assert!(density.known <= density.most + 1e-12 && density.most <= 1.0);
        }
        for figure in [network.centralisation(), network.transitivity(), views.reciprocity(at_least)].into_iter().flatten() {
            prop_assert!((0.0..=1.0).contains(&figure), "{figure}");
        }
        for figure in network.betweenness() {
            prop_assert!((0.0..=1.0 + 1e-12).contains(&figure), "{figure}");
        }
    }

    #[test]
    fn the_order_of_partners_does_not_matter(views in any_views(), at_least in 0_u8..=5) {
        let n = views.partners();
        let mut turned = Views::silent(n);
        for from in 0..n {
            for about in 0..n {
                if let Some(level) = views.said(from, about) {
                    turned.say(n - 1 - from, n - 1 - about, level);
                }
            }
        }
        let (one, other) = (views.network(at_least), turned.network(at_least));
        prop_assert_eq!(one.density(), other.density());
        prop_assert_eq!(one.centralisation(), other.centralisation());
        prop_assert_eq!(one.transitivity(), other.transitivity());
        let mut back = other.betweenness();
        back.reverse();
        for (a, b) in one.betweenness().into_iter().zip(back) {
            prop_assert!((a - b).abs() < 1e-9);
        }
    }

    #[test]
    fn silence_never_makes_or_breaks_a_tie(views in any_views(), at_least in 0_u8..=5) {
        let network = views.network(at_least);
        let n = views.partners();
        for one in 0..n {
            for other in one + 1..n {
                let is_silent = views.said(one, other).is_none() && views.said(other, one).is_none();
                prop_assert_eq!(network.tie(one, other).is_none(), is_silent);
            }
        }
    }

    #[test]
    fn a_ring_is_alike_all_round(n in 4_usize..9) {
        let ties: Vec<(usize, usize)> = (0..n).map(|at| (at, (at + 1) % n)).collect();
        let ring = Network::of_ties(n, &ties);
        prop_assert_eq!(ring.centralisation(), Some(0.0));
        let betweenness = ring.betweenness();
        prop_assert!(betweenness.iter().all(|one| (one - betweenness[0]).abs() < 1e-9));
    }
}
