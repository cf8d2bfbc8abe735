//! Counts of sites that took something up, period by period, and curves through them; it must never draw a curve where there is none.

mod advice;
mod bass;
mod estimate;
mod forecast;
mod logistic;
mod search;
mod spread;

pub use advice::{Advice, Doubt, advised, doubts};
pub use bass::{Bass, bass, bass_with_ceiling};
pub use estimate::Estimate;
pub use forecast::{Forecast, NoForecast, Outlook, Target, forecast, outlook};
pub use logistic::{Logistic, logistic};
pub use spread::{NoCurve, Period, Spread};
