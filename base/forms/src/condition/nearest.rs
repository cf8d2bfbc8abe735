//! The nearest known word to a mistyped one; it suggests and never corrects.

/// A sentence offering the closest candidate, with a space before it; empty when none is close.
pub(super) fn did_you_mean<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let typed = typed.to_lowercase();
    let furthest = (typed.chars().count() / 3).max(1);
    known
        .into_iter()
        .map(|word| {
            let distance = strsim::osa_distance(&typed, &word.to_lowercase());
            (distance, word)
        })
        .filter(|(distance, _)| *distance <= furthest)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, word)| format!(" Did you mean '{word}'?"))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offers_the_closest_or_nothing() {
        let known = ["amount", "vision", "match_funding"];
        assert_eq!(did_you_mean("amont", known), " Did you mean 'amount'?");
        assert_eq!(did_you_mean("Amount", known), " Did you mean 'amount'?");
        assert_eq!(did_you_mean("matchfunding", known), " Did you mean 'match_funding'?");
        assert_eq!(did_you_mean("legal_form", known), "");
    }
}
