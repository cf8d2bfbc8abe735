//! Guesses where a body gives care from its kind and name, since the lists do not say; a guess to be shown and corrected.

use hiec_kernel::organisations::Setting;

use super::OdsKind;

/// Trusts whose main work was mental health in the lists of early 2022 and whose names do not say so.
const MENTAL_HEALTH: &[&str] = &[
    "R1L", "RAT", "RGD", "RHA", "RJ8", "RKL", "RLY", "RMY", "RNK", "RNU", "RP1", "RP7", "RPG", "RRE", "RT1", "RT2",
    "RT5", "RTV", "RV3", "RV5", "RV9", "RW1", "RW4", "RW5", "RWK", "RWR", "RWV", "RWX", "RX2", "RX3", "RX4", "RXA",
    "RXE", "RXG", "RXM", "RXX", "RXY", "RYG", "TAD", "TAF", "TAH", "TAJ",
];

/// Specialist hospitals: patients come by referral from other hospitals.
const SPECIALIST: &[&str] = &[
    "RAN", "RBQ", "RBS", "RBV", "RCU", "REN", "REP", "RET", "RGM", "RL1", "RP4", "RP6", "RPC", "RPY", "RQ3", "RRJ",
    "RT3",
];

/// `name` as the list gives it, in capitals.
pub(super) fn guess(code: &str, kind: OdsKind, name: &str) -> Vec<Setting> {
    let says = |word: &str| name.to_uppercase().contains(word);
    match kind {
        OdsKind::GpPractice => vec![Setting::Primary],
        OdsKind::Other => Vec::new(),
        // Neither a hospital nor a practice: the list of settings has no place for them.
        OdsKind::Trust if says("AMBULANCE") || says("PUBLIC HEALTH") => Vec::new(),
        OdsKind::Trust if says("MENTAL HEALTH") || MENTAL_HEALTH.contains(&code) => {
            vec![Setting::MentalHealth]
        }
        OdsKind::Trust if says("COMMUNITY") => vec![Setting::Community],
        OdsKind::Trust if SPECIALIST.contains(&code) => vec![Setting::Secondary, Setting::Tertiary],
        OdsKind::Trust => vec![Setting::Secondary],
    }
}

/// `secondary;tertiary`.
pub(super) fn keys(settings: &[Setting]) -> String {
    settings.iter().map(|setting| setting.key()).collect::<Vec<_>>().join(";")
}

/// The other way; the error names what is not a setting.
pub(super) fn from_keys(keys: &str) -> Result<Vec<Setting>, String> {
    keys.split(';')
        .map(str::trim)
        .filter(|key| !key.is_empty())
        .map(|key| {
            Setting::from_key(key).ok_or_else(|| {
                let known: Vec<&str> = Setting::ALL.iter().map(|setting| setting.key()).collect();
                format!("“{key}” is no setting. Use {}, separated by semicolons.", known.join(", "))
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_follow_kind_and_name() {
        let trust = |code, name| guess(code, OdsKind::Trust, name);
        assert_eq!(trust("R1H", "BARTS HEALTH NHS TRUST"), [Setting::Secondary]);
        assert_eq!(trust("RRP", "BARNET, ENFIELD AND HARINGEY MENTAL HEALTH NHS TRUST"), [Setting::MentalHealth]);
        assert_eq!(trust("RWK", "EAST LONDON NHS FOUNDATION TRUST"), [Setting::MentalHealth]);
        assert_eq!(trust("RY4", "HERTFORDSHIRE COMMUNITY NHS TRUST"), [Setting::Community]);
        assert_eq!(trust("RRU", "LONDON AMBULANCE SERVICE NHS TRUST"), []);
        assert_eq!(guess("D81047", OdsKind::GpPractice, "ASHWELL SURGERY"), [Setting::Primary]);
        assert_eq!(from_keys("primary; community"), Ok(vec![Setting::Primary, Setting::Community]));
        assert!(from_keys("hospital").unwrap_err().contains("“hospital”"));
    }
}
