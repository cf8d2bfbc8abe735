//! Chance from a seed: the same on every machine; it must never depend on the order in which inputs are asked.

/// The points of one draw. Draw 0 is no draw: every input stands at its central value.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Draw {
    seed: u64,
    number: u32,
}

impl Draw {
    pub fn central() -> Self {
        Self { seed: 0, number: 0 }
    }

    pub fn numbered(seed: u64, number: u32) -> Self {
        Self { seed, number }
    }

    /// Where the input of this name stands in this draw, as a share of 2³². By name, so that two models which share an input
    /// share its chances, and their difference is not blurred by them.
    pub fn point(&self, name: &[&str]) -> Option<u32> {
        if self.number == 0 {
            return None;
        }
        // FNV-1a over the names, then the finisher of SplitMix64 (Steele, Lea, Flood 2014).
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        for byte in name.iter().flat_map(|part| part.bytes().chain([0xff])) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        let mixed = mix(hash ^ mix(self.seed)).wrapping_add(u64::from(self.number).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        u32::try_from(mix(mixed) >> 32).ok()
    }
}

fn mix(mut word: u64) -> u64 {
    word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_known_even_and_apart() {
        let points: Vec<u32> = (1..=20_000).filter_map(|number| Draw::numbered(7, number).point(&["a", "b"])).collect();
        let mean = points.iter().map(|point| f64::from(*point)).sum::<f64>() / 20_000.0 / f64::from(u32::MAX);
        assert!((mean - 0.5).abs() < 0.01, "{mean}");
        let below = points.iter().filter(|point| **point < 1 << 30).count();
        assert!((4_800..5_200).contains(&below), "{below}");
        assert_ne!(Draw::numbered(7, 1).point(&["a", "b"]), Draw::numbered(7, 1).point(&["ab"]));
        assert_ne!(Draw::numbered(7, 1).point(&["a"]), Draw::numbered(8, 1).point(&["a"]));
        assert_eq!(Draw::central().point(&["a"]), None);
    }
}
