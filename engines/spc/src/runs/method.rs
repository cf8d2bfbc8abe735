//! The ways to judge runs; best box and cut box are experiments of their authors, never the default.

/// How runs and crossings are judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Method {
    /// Longest run and crossings, each by itself.
    #[default]
    Anhoej,
    /// Both bounds chosen together, so that they find most shifts without more false alarms. For 10 to 100 useful
    /// points; elsewhere as [`Method::Anhoej`].
    BestBox,
    /// The best box without the corner where both are nearly out of bounds.
    CutBox,
}

impl Method {
    /// Every method.
    pub const ALL: [Self; 3] = [Self::Anhoej, Self::BestBox, Self::CutBox];

    /// The code in tables.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Anhoej => "anhoej",
            Self::BestBox => "bestbox",
            Self::CutBox => "cutbox",
        }
    }

    /// The method a code of a table names.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.code() == code)
    }
}
