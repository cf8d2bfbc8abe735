//! What would have happened anyway: designs that answer it, and when they cannot; it must never read a file, a clock or a network.
