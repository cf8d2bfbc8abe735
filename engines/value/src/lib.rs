//! Value for money with its working shown; it must never read a file, a clock or a network.
