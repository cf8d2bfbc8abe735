//! Numbers that look drawn and are the same every time for one seed; they must never come from anywhere else.

/// SplitMix64 (Steele, Lea and Flood 2014).
#[derive(Debug, Clone)]
pub struct Random(pub u64);

impl Random {
    /// The next 64 bits.
    pub fn next_bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `bound`, each as likely: draws that would favour some are thrown away.
    pub fn below(&mut self, bound: u64) -> u64 {
        let bound = bound.max(1);
        let favoured = u64::MAX - (u64::MAX % bound + 1) % bound;
        loop {
            let drawn = self.next_bits();
            if drawn <= favoured {
                return drawn % bound;
            }
        }
    }

    /// Every order as likely as the generator allows.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let other = self.below(last as u64 + 1) as usize;
            items.swap(last, other);
        }
    }
}

/// The one order in which applicants stand, from a seed: the position of each, from 1.
///
/// Anybody who knows the seed and the order of names the round published can draw it again.
pub fn order_from_seed(seed: u64, applicants: usize) -> Vec<u32> {
    let mut drawn: Vec<u32> = (0..applicants as u32).collect();
    Random(seed).shuffle(&mut drawn);
    let mut position = vec![0; applicants];
    for (place, applicant) in (1_u32..).zip(drawn) {
        position[applicant as usize] = place;
    }
    position
}
