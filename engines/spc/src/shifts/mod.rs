//! Proposals where new limits might begin, by the Stable Shift Algorithm; they never change a chart by themselves.
