//! Quantiles and probabilities of the distributions our engines stand on; it must never allocate, panic or loop without end.
