//! How an innovation spreads over sites: stages, curves and their fits; it must never read a file, a clock or a network.
