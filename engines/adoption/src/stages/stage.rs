//! The stages and the ways between them; it must never know a site.

use core::fmt;

/// How far a site is with an innovation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// It knows of it.
    Aware,
    /// It tries it, in one place or for a time.
    Trial,
    /// It does it as a matter of course.
    Adopted,
    /// It still does, long after.
    Sustained,
    /// It tried or did it, and no longer does.
    Abandoned,
}

impl Stage {
    pub const ALL: [Self; 5] = [Self::Aware, Self::Trial, Self::Adopted, Self::Sustained, Self::Abandoned];

    /// Where a history may begin: what a site did before it was asked is often known no further back.
    pub const FIRST: [Self; 3] = [Self::Aware, Self::Trial, Self::Adopted];

    /// Where a site may go from here.
    pub fn next(self) -> &'static [Self] {
        match self {
            Self::Aware => &[Self::Trial, Self::Adopted],
            Self::Trial => &[Self::Adopted, Self::Abandoned],
            Self::Adopted => &[Self::Sustained, Self::Abandoned],
            Self::Sustained => &[Self::Abandoned],
            // Some come back.
            Self::Abandoned => &[Self::Trial, Self::Adopted],
        }
    }

    /// Whether the site does it as a matter of course.
    pub fn is_in_use(self) -> bool {
        matches!(self, Self::Adopted | Self::Sustained)
    }

    /// As it is written in tables and addresses.
    pub fn key(self) -> &'static str {
        match self {
            Self::Aware => "aware",
            Self::Trial => "trial",
            Self::Adopted => "adopted",
            Self::Sustained => "sustained",
            Self::Abandoned => "abandoned",
        }
    }

    /// The stage of that key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.key() == key)
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

#[cfg(test)]
mod tests {
    use alloc::format;
    use alloc::string::String;

    use super::*;

    #[test]
    fn the_readme_draws_these_ways_and_no_others() {
        let mut drawn = String::from("```mermaid\nstateDiagram-v2\n");
        Stage::FIRST.iter().for_each(|first| drawn.push_str(&format!("    [*] --> {first}\n")));
        for from in Stage::ALL {
            from.next().iter().for_each(|to| drawn.push_str(&format!("    {from} --> {to}\n")));
        }
        drawn.push_str("```\n");
        assert!(include_str!("../../README.md").contains(&drawn), "the README should have:\n{drawn}");
    }

    #[test]
    fn keys_lead_back() {
        assert!(Stage::ALL.into_iter().all(|stage| Stage::from_key(stage.key()) == Some(stage)));
        assert_eq!(Stage::from_key("Adopted"), None);
    }
}
