//! The stages of the demonstration after the round: the life of clusters, which several capabilities play together. It plays nothing itself.

use hiec_kernel::clock::{Timestamp, from_london};
use hiec_kernel::closed_list;

closed_list! {
    /// Where the demonstration stands in the life of clusters. What happened before it has been lived when it stands there.
    Period {
        Founding = "founding", "Clusters founded";
        FirstYear = "first-year", "First year";
        AnnualMeeting = "annual-meeting", "First annual meeting";
        SecondYear = "second-year", "Second year";
        Closing = "closing", "Last month";
        Emergency = "emergency", "Emergency departments, 2019";
    }
}

impl Period {
    /// The moment the demonstration shows.
    pub fn moment(self) -> Timestamp {
        let local = match self {
            Self::Founding => "2010-02-01 10:00",
            Self::FirstYear => "2010-10-15 10:00",
            Self::AnnualMeeting => "2011-03-01 09:00",
            Self::SecondYear => "2011-07-12 10:00",
            Self::Closing => "2011-12-05 10:00",
            Self::Emergency => "2019-04-15 10:00",
        };
        from_london(local).unwrap_or_default()
    }
}

/// One of the made-up people of the demonstration: what `look-as` takes, and who they are in a line of its list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Actor {
    pub slug: &'static str,
    pub name: &'static str,
    pub part: &'static str,
}

impl Actor {
    /// The address by which the demonstration knows them.
    pub fn email(&self) -> String {
        format!("{}@demo.example", self.slug)
    }
}

/// How many hospitals of NECLES the demonstration makes up. The first seven share the audit of non-invasive ventilation; all twelve
/// come to the maternity community, the first six from its start.
pub const HOSPITALS: usize = 12;

/// How many general practices of NECLES the demonstration makes up: as many as came to the first workshop on country of birth.
pub const PRACTICES: usize = 80;

/// The name of a made-up hospital of NECLES, counted from 1.
pub fn hospital(nth: usize) -> String {
    format!("Illustrative Hospital {nth:02} (NECLES)")
}

/// The name of a made-up general practice of NECLES, counted from 1.
pub fn practice(nth: usize) -> String {
    format!("Illustrative Practice {nth:02} (NECLES)")
}

/// The key of NECLES, as addresses name it.
pub const NECLES: &str = "necles";

/// The key of the cluster of emergency departments with real figures.
pub const EMERGENCY: &str = "emergency-departments";
