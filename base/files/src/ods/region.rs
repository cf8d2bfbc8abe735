//! Guesses the region of 2009 (ten strategic health authorities) of an organisation in today's lists; a guess to be shown and corrected, never a fact.

/// What a list says about where an organisation is. Any may be absent.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Hints<'a> {
    /// The government office region's letter, column 24 of `etr.csv`.
    pub government_office: Option<&'a str>,
    /// NHS England's region, `Y56`.
    pub nhs_region: Option<&'a str>,
    /// The integrated care board or its forerunner, `QMF`.
    pub care_board: Option<&'a str>,
    pub postcode: Option<&'a str>,
}

/// The 2009 region's code, by the first hint that settles it: care boards that lay wholly in one region where today's regions were
/// drawn anew, then the government office, then NHS England's region, then the postcode's area.
pub fn region_guess(hints: Hints<'_>) -> Option<&'static str> {
    if hints.government_office == Some("W") || hints.nhs_region == Some("W00") {
        return None;
    }
    hints
        .care_board
        .and_then(by_care_board)
        .or_else(|| hints.postcode.and_then(by_split_postcode))
        .or_else(|| hints.government_office.and_then(by_government_office))
        .or_else(|| hints.nhs_region.and_then(by_nhs_region))
        .or_else(|| hints.postcode.and_then(by_postcode))
}

/// The South East was two regions: South Central and South East Coast.
fn by_care_board(code: &str) -> Option<&'static str> {
    match code {
        "QRL" | "QU9" => Some("SC"),
        "QKS" | "QNX" | "QXU" => Some("SEC"),
        "QMF" | "QMJ" | "QKK" | "QWE" | "QRV" => Some("LON"),
        "QH8" | "QJG" | "QM7" | "QMM" | "QUE" => Some("EoE"),
        _ => None,
    }
}

/// Frimley's care board and Milton Keynes' lay across the old boundaries.
fn by_split_postcode(postcode: &str) -> Option<&'static str> {
    let (area, district) = outward(postcode)?;
    match (area, district) {
        ("MK", 1..=19 | 46) | ("RG" | "SL", _) => Some("SC"),
        ("GU", 11..=14 | 30..=35 | 46 | 51 | 52) => Some("SC"),
        ("GU", _) => Some("SEC"),
        _ => None,
    }
}

fn by_government_office(letter: &str) -> Option<&'static str> {
    Some(match letter {
        "A" => "NE",
        "B" => "NW",
        "D" => "YH",
        "E" => "EM",
        "F" => "WM",
        "G" => "EoE",
        "H" => "LON",
        "K" => "SW",
        _ => return None,
    })
}

/// Only those of today's seven that were one region then.
fn by_nhs_region(code: &str) -> Option<&'static str> {
    match code {
        "Y56" => Some("LON"),
        "Y58" => Some("SW"),
        "Y61" => Some("EoE"),
        "Y62" => Some("NW"),
        _ => None,
    }
}

/// Where most of the postcode area lay.
fn by_postcode(postcode: &str) -> Option<&'static str> {
    Some(match outward(postcode)?.0 {
        "E" | "EC" | "N" | "NW" | "SE" | "SW" | "W" | "WC" | "BR" | "CR" | "EN" | "HA" | "IG" | "KT" | "RM" | "SM"
        | "TW" | "UB" => "LON",
        "AL" | "CB" | "CM" | "CO" | "HP" | "IP" | "LU" | "MK" | "NR" | "PE" | "SG" | "SS" | "WD" => "EoE",
        "DE" | "LE" | "LN" | "NG" | "NN" => "EM",
        "B" | "CV" | "DY" | "HR" | "ST" | "SY" | "TF" | "WR" | "WS" | "WV" => "WM",
        "DH" | "DL" | "NE" | "SR" | "TS" => "NE",
        "BB" | "BL" | "CA" | "CH" | "CW" | "FY" | "L" | "LA" | "M" | "OL" | "PR" | "SK" | "WA" | "WN" => "NW",
        "BD" | "DN" | "HD" | "HG" | "HU" | "HX" | "LS" | "S" | "WF" | "YO" => "YH",
        "OX" | "PO" | "RG" | "SL" | "SO" => "SC",
        "BN" | "CT" | "DA" | "GU" | "ME" | "RH" | "TN" => "SEC",
        "BA" | "BH" | "BS" | "DT" | "EX" | "GL" | "PL" | "SN" | "SP" | "TA" | "TQ" | "TR" => "SW",
        _ => return None,
    })
}

/// `MK46 5AB` → `("MK", 46)`.
fn outward(postcode: &str) -> Option<(&str, u32)> {
    let first = postcode.split_whitespace().next()?;
    let at = first.find(|c: char| c.is_ascii_digit())?;
    let (area, rest) = first.split_at_checked(at)?;
    let figures = rest.split(|c: char| !c.is_ascii_digit()).next()?;
    Some((area, figures.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_hint_settles_what_it_can() {
        let guess = |government_office, nhs_region, care_board, postcode| {
            region_guess(Hints { government_office, nhs_region, care_board, postcode })
        };
        assert_eq!(guess(Some("H"), Some("Y56"), Some("QKK"), Some("DA2 7WG")), Some("LON"));
        assert_eq!(guess(Some("J"), Some("Y59"), Some("QRL"), Some("SO16 6YD")), Some("SC"));
        assert_eq!(guess(Some("J"), Some("Y59"), Some("QNQ"), Some("GU16 7UJ")), Some("SEC"));
        assert_eq!(guess(Some("J"), Some("Y59"), Some("QNQ"), Some("RG12 1BQ")), Some("SC"));
        assert_eq!(guess(Some("G"), Some("Y61"), Some("QHG"), Some("MK6 5LD")), Some("SC"));
        assert_eq!(guess(Some("D"), Some("Y63"), Some("QF7"), None), Some("YH"));
        assert_eq!(guess(None, Some("Y63"), None, Some("NE7 7DN")), Some("NE"));
        assert_eq!(guess(None, None, None, Some("B15 2GW")), Some("WM"));
        assert_eq!(guess(Some("W"), Some("W00"), Some("Q99"), Some("CF15 7QZ")), None);
        assert_eq!(guess(None, None, None, Some("rubbish")), None);
    }
}
