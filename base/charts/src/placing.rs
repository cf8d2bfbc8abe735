//! Where labels stand so that none touches another: those beside the ends of lines, and those above the plot for what
//! happened when. It moves labels and never drops one.

/// Places for labels of equal height beside a plot, each as near to its wanted place as the others allow. Gives the
/// middles in the order of `wanted`.
///
/// Labels that would overlap are pushed apart as one block about the mean of what its members want, which keeps the sum
/// of the squared moves least (pool adjacent violators; the sites of isotonic regression). When there is not enough
/// room they are laid as close as it goes.
pub(crate) fn apart(wanted: &[f64], height: f64, top: f64, bottom: f64) -> Vec<f64> {
    let how_many = u32::try_from(wanted.len()).map_or(1.0, f64::from);
    let height = if how_many * height > bottom - top { (bottom - top) / how_many } else { height };
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|one, other| wanted[*one].total_cmp(&wanted[*other]).then(one.cmp(other)));

    // Each block: its first label's middle, and its members in order.
    let mut blocks: Vec<Block> = Vec::new();
    for at in order {
        let wish = wanted[at].clamp(top + height / 2.0, (bottom - height / 2.0).max(top + height / 2.0));
        let mut block = Block { members: vec![at], wishes: vec![wish] };
        while let Some(above) =
            blocks.pop_if(|above| above.last(height, top, bottom) + height > block.first(height, top, bottom))
        {
            block = above.joined(block);
        }
        blocks.push(block);
    }
    let mut places = vec![0.0; wanted.len()];
    for block in &blocks {
        let mut middle = block.first(height, top, bottom);
        for member in &block.members {
            places[*member] = middle;
            middle += height;
        }
    }
    places
}

struct Block {
    members: Vec<usize>,
    wishes: Vec<f64>,
}

impl Block {
    /// The middle of the first label, all the block inside the plot.
    fn first(&self, height: f64, top: f64, bottom: f64) -> f64 {
        let mut steps = 0.0;
        let mut sum = 0.0;
        for wish in &self.wishes {
            sum += wish - steps * height;
            steps += 1.0;
        }
        let (least, most) = (top + height / 2.0, bottom - height / 2.0 - (steps - 1.0) * height);
        (sum / steps).min(most).max(least)
    }

    fn last(&self, height: f64, top: f64, bottom: f64) -> f64 {
        let steps = u32::try_from(self.wishes.len()).map_or(0.0, f64::from) - 1.0;
        self.first(height, top, bottom) + steps * height
    }

    fn joined(mut self, mut below: Self) -> Self {
        self.members.append(&mut below.members);
        self.wishes.append(&mut below.wishes);
        self
    }
}

/// A label above the plot and the line that falls from it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Flag {
    /// Where the line falls.
    pub x: f64,
    /// Where the label begins and ends.
    pub from: f64,
    pub to: f64,
}

/// The row of each flag, 0 the lowest, so that no label overlaps another and no line runs through a label; nothing
/// where that takes more than `most` rows or cannot be.
///
/// A flag whose label spans another's line must hang above it. Flags are taken from right to left: labels grow to the
/// right of their lines, so that what a flag must stay above is mostly settled when its turn comes.
pub(crate) fn rows(flags: &[Flag], most: usize) -> Option<Vec<usize>> {
    let mut rows = vec![0_usize; flags.len()];
    let must_be_above = |one: &Flag, other: &Flag| other.x > one.from - AIR && other.x < one.to + AIR;
    let overlap = |one: &Flag, other: &Flag| one.from < other.to + AIR && other.from < one.to + AIR;
    // Raising until nothing changes; each round settles at least one row, so there are at most as many as flags.
    for _ in 0..=flags.len() {
        let mut is_settled = true;
        for one in (0..flags.len()).rev() {
            for other in (0..flags.len()).rev().filter(|other| *other != one) {
                let (a, b) = (&flags[one], &flags[other]);
                let (above, beside) = (must_be_above(a, b), overlap(a, b));
                if above && must_be_above(b, a) {
                    return None;
                }
                let clashes = (above && rows[one] <= rows[other])
                    || (beside && rows[one] == rows[other] && !must_be_above(b, a) && one < other);
                if clashes {
                    rows[one] = rows[other] + 1;
                    is_settled = false;
                }
            }
        }
        if rows.iter().any(|row| *row >= most) {
            return None;
        }
        if is_settled {
            return Some(rows);
        }
    }
    None
}

/// Least air between labels of a row, and between a label and a line that passes.
const AIR: f64 = 5.0;

/// Numbers gathered where they would overlap: groups of neighbours, each with its middle. `xs` stand in order.
pub(crate) fn gathered(xs: &[f64], width: f64) -> Vec<(f64, std::ops::Range<usize>)> {
    let mut groups: Vec<(f64, std::ops::Range<usize>)> = Vec::new();
    for (at, x) in xs.iter().enumerate() {
        let mut group = (*x, at..at + 1);
        while let Some((_, before)) = groups.pop_if(|(middle, _)| group.0 - *middle < width) {
            let range = before.start..group.1.end;
            let (first, last) = (xs[range.start], xs[range.end - 1]);
            group = (f64::midpoint(first, last), range);
        }
        groups.push(group);
    }
    groups
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn labels_with_room_stand_where_they_want() {
        assert_eq!(apart(&[50.0, 150.0, 100.0], 18.0, 0.0, 300.0), [50.0, 150.0, 100.0]);
    }

    #[test]
    fn labels_that_want_one_place_stand_about_it() {
        assert_eq!(apart(&[100.0, 100.0, 100.0], 20.0, 0.0, 300.0), [80.0, 100.0, 120.0]);
        assert_eq!(apart(&[0.0, 0.0], 20.0, 0.0, 300.0), [10.0, 30.0]);
    }

    #[test]
    fn a_later_flag_hangs_below_the_label_it_would_cut() {
        let flags = [Flag { x: 10.0, from: 14.0, to: 120.0 }, Flag { x: 60.0, from: 64.0, to: 100.0 }];
        assert_eq!(rows(&flags, 3), Some(vec![1, 0]));
    }

    #[test]
    fn flags_that_cannot_be_sorted_out_say_so() {
        let flags = [Flag { x: 50.0, from: 0.0, to: 100.0 }, Flag { x: 60.0, from: 0.0, to: 100.0 }];
        assert_eq!(rows(&flags, 9), None);
    }

    #[test]
    fn numbers_near_each_other_are_gathered() {
        let groups = gathered(&[10.0, 15.0, 100.0], 20.0);
        assert_eq!(groups, [(12.5, 0..2), (100.0, 2..3)]);
    }

    proptest! {
        #[test]
        fn labels_never_overlap(wanted in prop::collection::vec(-50.0..400.0_f64, 0..12)) {
            let mut places = apart(&wanted, 18.0, 0.0, 300.0);
            prop_assert!(places.iter().all(|middle| (9.0 - 1e-9..=291.0 + 1e-9).contains(middle)));
            places.sort_by(f64::total_cmp);
            for pair in places.windows(2) {
                prop_assert!(pair[1] - pair[0] >= 18.0 - 1e-9, "{pair:?}");
            }
        }

        #[test]
        fn flags_keep_clear_of_each_other(starts in prop::collection::vec((0.0..700.0_f64, 20.0..200.0_f64), 0..8)) {
            let mut flags: Vec<Flag> =
                starts.iter().map(|(x, width)| Flag { x: *x, from: x + 4.0, to: x + 4.0 + width }).collect();
            flags.sort_by(|one, other| one.x.total_cmp(&other.x));
            if let Some(rows) = rows(&flags, 20) {
                for (one, a) in flags.iter().enumerate() {
                    for (other, b) in flags.iter().enumerate().filter(|(other, _)| *other != one) {
                        let overlap = a.from < b.to && b.from < a.to;
                        prop_assert!(!(overlap && rows[one] == rows[other]), "labels {a:?} {b:?} {rows:?}");
                        let cuts = b.x > a.from && b.x < a.to && rows[other] >= rows[one];
                        prop_assert!(!cuts, "the line of {b:?} runs through {a:?} {rows:?}");
                    }
                }
            }
        }

        #[test]
        fn gathered_numbers_keep_apart(mut xs in prop::collection::vec(0.0..700.0_f64, 0..30)) {
            xs.sort_by(f64::total_cmp);
            let groups = gathered(&xs, 20.0);
            for pair in groups.windows(2) {
                prop_assert!(pair[1].0 - pair[0].0 >= 20.0);
                prop_assert_eq!(pair[0].1.end, pair[1].1.start);
            }
            prop_assert_eq!(groups.iter().map(|(_, range)| range.len()).sum::<usize>(), xs.len());
        }
    }
}
