//! The ways to choose some of several, all of them or a seeded sample; it must never pass a sample off as all.

use alloc::vec::Vec;

use super::Seeded;

/// Ways to choose `k` of `n`, each in rising order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subsets {
    pub sets: Vec<Vec<usize>>,
    /// Whether these are all ways there are; otherwise each was drawn from all alike.
    pub all: bool,
}

/// All ways to choose `k` of `n` where there are no more than `most`, otherwise `most` of them drawn by the seed.
pub fn subsets(n: usize, k: usize, most: usize, seed: u64) -> Subsets {
    match ways(n, k, most) {
        Some(count) => Subsets { sets: every(n, k, count), all: true },
        None => {
            let mut seeded = Seeded::new(seed);
            Subsets { sets: (0..most).map(|_| drawn(n, k, &mut seeded)).collect(), all: false }
        }
    }
}

/// How many ways there are, where no more than `most`.
fn ways(n: usize, k: usize, most: usize) -> Option<usize> {
    if k > n {
        return Some(0);
    }
    let mut count: usize = 1;
    for taken in 0..k.min(n - k) {
        // The product of so many consecutive numbers is divisible by so many.
        count = count.checked_mul(n - taken)? / (taken + 1);
        if count > most {
            return None;
        }
    }
    (count <= most).then_some(count)
}

fn every(n: usize, k: usize, count: usize) -> Vec<Vec<usize>> {
    let mut sets = Vec::with_capacity(count);
    let mut set: Vec<usize> = (0..k).collect();
    for _ in 0..count {
        sets.push(set.clone());
        // The last place that can move on does, and those after it follow closely.
        if let Some(place) = (0..k).rev().find(|&place| set[place] + k < n + place) {
            let first = set[place] + 1;
            set.iter_mut().skip(place).zip(first..).for_each(|(member, next)| *member = next);
        }
    }
    sets
}

/// Floyd's way to draw a set without repeats: Bentley and Floyd, CACM 1987.
fn drawn(n: usize, k: usize, seeded: &mut Seeded) -> Vec<usize> {
    let mut set: Vec<usize> = Vec::with_capacity(k);
    for last in n - k..n {
        let member = seeded.below(last + 1);
        set.push(if set.contains(&member) { last } else { member });
    }
    set.sort_unstable();
    set
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;

    #[test]
    fn all_ways_by_hand() {
        let two_of_four = subsets(4, 2, 100, 0);
        assert_eq!(two_of_four.sets, [[0, 1], [0, 2], [0, 3], [1, 2], [1, 3], [2, 3]]);
        assert!(two_of_four.all);
        assert_eq!(subsets(3, 0, 9, 0).sets, [Vec::new()]);
        assert_eq!(subsets(3, 3, 9, 0).sets, [vec![0, 1, 2]]);
        assert_eq!(subsets(2, 3, 9, 0).sets, Vec::<Vec<usize>>::new());
    }

    #[test]
    fn a_sample_says_so_and_follows_from_its_seed() {
        let sample = subsets(30, 10, 500, 3);
        assert!(!sample.all);
        assert_eq!(sample.sets.len(), 500);
        assert!(sample.sets.iter().all(|set| set.len() == 10 && set.windows(2).all(|pair| pair[0] < pair[1])));
        assert_eq!(sample, subsets(30, 10, 500, 3));
        assert_ne!(sample, subsets(30, 10, 500, 4));
        let mut counts = vec![0_u32; 30];
        sample.sets.iter().flatten().for_each(|&member| counts[member] += 1);
        assert!(counts.iter().all(|count| (110..230).contains(count)), "{counts:?}");
    }

    #[test]
    fn very_many_ways_are_a_sample() {
        assert!(!subsets(10_000, 5_000, 3, 0).all);
    }
}
