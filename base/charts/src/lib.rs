//! Draws charts as accessible SVG, the same on page, print and PDF; it must never compute a statistic itself.
