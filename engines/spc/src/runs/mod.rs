//! Run charts with the Anhøj rules; a run chart never has control limits.
