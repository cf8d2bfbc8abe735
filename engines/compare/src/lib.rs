//! Comparing sites fairly: intervals, funnels, rankings and suppression; it must never read a file, a clock or a network.
