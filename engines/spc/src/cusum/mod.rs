//! Cumulative sums on percentiles among peers; an alarm never says why.
