//! What must be settled before a cluster ends, so that nothing it made is lost; pure.

use hiec_kernel::closed_list;

closed_list! {
    /// What can outlive a cluster.
    LegacyKind {
        Product = "product", "Product";
        Service = "service", "Service";
        Partnership = "partnership", "Partnership";
    }
}

/// What is still to be settled: owner, funding, licence, record, in this order.
pub fn lacking(owner: &str, funding: &str, licence: &str, record: &str) -> Vec<&'static str> {
    [("an owner", owner), ("funding", funding), ("a licence", licence), ("a record", record)]
        .into_iter()
        .filter(|(_, said)| said.trim().is_empty())
        .map(|(what, _)| what)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_unsaid_is_lacking() {
        assert_eq!(lacking("", " ", "", ""), ["an owner", "funding", "a licence", "a record"]);
        assert_eq!(lacking("NHS Redbridge", "", "Open", "Library"), ["funding"]);
        assert!(lacking("a", "b", "c", "d").is_empty());
    }
}
