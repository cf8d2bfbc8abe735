//! How a placement round goes on, step by step, and why a step cannot be taken; it knows no web and no SQL.

use std::fmt;

use hiec_kernel::closed_list;

closed_list! {
    /// How far a round is.
    RoundState {
        Draft = "draft", "Draft";
        AskingHosts = "asking_hosts", "Hosts say what they take";
        Ranking = "ranking", "Trainees rank";
        Closed = "closed", "Rankings closed";
        Tried = "tried", "Tried out";
        Published = "published", "Published";
        Settled = "settled", "Settled";
    }
}

closed_list! {
    /// What takes a round from one state to the next.
    Act {
        AskHosts = "ask_hosts", "ask hosts";
        OpenRanking = "open_ranking", "open ranking";
        CloseRanking = "close_ranking", "close ranking";
        Reopen = "reopen", "open ranking again";
        TryOut = "try_out", "try out";
        Change = "change", "change what is settled";
        Publish = "publish", "publish";
        Settle = "settle", "settle";
    }
}

/// What a step looks at.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Facts {
    /// Places hosts offer in all.
    pub places: i64,
    /// Trainees who ranked at least one host, or have a place already.
    pub ranked: usize,
    /// Appeals nobody has decided.
    pub open_appeals: usize,
    /// Appeals that were upheld, and nobody has said what changes.
    pub unplaced_appeals: usize,
}

/// Why a step cannot be taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum NoStep {
    NotFrom(RoundState, Act),
    NoPlaces,
    NobodyRanked,
    OpenAppeals(usize),
    UnplacedAppeals(usize),
}

impl fmt::Display for NoStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFrom(state, act) => {
                write!(f, "The round stands at \"{}\": it cannot {} from there", state.label(), act.label())
            }
            Self::NoPlaces => write!(f, "No host offers a place yet: wait for one, or ask again"),
            Self::NobodyRanked => write!(f, "Nobody has ranked a host yet, so there is nothing to place"),
            Self::OpenAppeals(1) => write!(f, "An appeal is not decided yet"),
            Self::UnplacedAppeals(1) => write!(f, "An appeal was upheld, and nobody has said yet what changes"),
            Self::UnplacedAppeals(many) => {
                write!(f, "{many} appeals were upheld, and nobody has said yet what changes")
            }
            Self::OpenAppeals(many) => write!(f, "{many} appeals are not decided yet"),
        }
    }
}

impl RoundState {
    /// The state after an act, or why not.
    pub fn take(self, act: Act, facts: Facts) -> Result<Self, NoStep> {
        match act {
            Act::AskHosts => self.ask_hosts(),
            Act::OpenRanking => self.open_ranking(facts.places),
            Act::CloseRanking => self.close_ranking(facts.ranked),
            Act::Reopen => self.reopen(),
            Act::TryOut => self.try_out(),
            Act::Change => self.change(),
            Act::Publish => self.publish(),
            Act::Settle => self.settle(facts.open_appeals, facts.unplaced_appeals),
        }
    }

    fn ask_hosts(self) -> Result<Self, NoStep> {
        match self {
            Self::Draft => Ok(Self::AskingHosts),
            other => Err(NoStep::NotFrom(other, Act::AskHosts)),
        }
    }

    fn open_ranking(self, places: i64) -> Result<Self, NoStep> {
        match self {
            Self::AskingHosts if places > 0 => Ok(Self::Ranking),
            Self::AskingHosts => Err(NoStep::NoPlaces),
            other => Err(NoStep::NotFrom(other, Act::OpenRanking)),
        }
    }

    fn close_ranking(self, ranked: usize) -> Result<Self, NoStep> {
        match self {
            Self::Ranking if ranked > 0 => Ok(Self::Closed),
            Self::Ranking => Err(NoStep::NobodyRanked),
            other => Err(NoStep::NotFrom(other, Act::CloseRanking)),
        }
    }

    fn reopen(self) -> Result<Self, NoStep> {
        match self {
            Self::Closed | Self::Tried => Ok(Self::Ranking),
            other => Err(NoStep::NotFrom(other, Act::Reopen)),
        }
    }

    fn try_out(self) -> Result<Self, NoStep> {
        match self {
            Self::Closed | Self::Tried => Ok(Self::Tried),
            other => Err(NoStep::NotFrom(other, Act::TryOut)),
        }
    }

    /// What was tried out is no longer what would be published.
    fn change(self) -> Result<Self, NoStep> {
        match self {
            Self::Tried => Ok(Self::Closed),
            other => Err(NoStep::NotFrom(other, Act::Change)),
        }
    }

    fn publish(self) -> Result<Self, NoStep> {
        match self {
            Self::Tried => Ok(Self::Published),
            other => Err(NoStep::NotFrom(other, Act::Publish)),
        }
    }

    fn settle(self, open_appeals: usize, unplaced_appeals: usize) -> Result<Self, NoStep> {
        match self {
            Self::Published if open_appeals > 0 => Err(NoStep::OpenAppeals(open_appeals)),
            Self::Published if unplaced_appeals > 0 => Err(NoStep::UnplacedAppeals(unplaced_appeals)),
            Self::Published => Ok(Self::Settled),
            other => Err(NoStep::NotFrom(other, Act::Settle)),
        }
    }

    /// Whether what is settled before a rule runs can still be changed.
    pub fn is_being_made(self) -> bool {
        !matches!(self, Self::Published | Self::Settled)
    }

    pub fn is_published(self) -> bool {
        !self.is_being_made()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `AskingHosts` for its key.
    fn name(state: RoundState) -> String {
        format!("{state:?}")
    }

    fn drawn() -> String {
        let facts = Facts { places: 1, ranked: 1, open_appeals: 0, unplaced_appeals: 0 };
        let mut text = "stateDiagram-v2\n    [*] --> Draft\n".to_owned();
        for state in RoundState::ALL {
            for act in Act::ALL {
                if let Ok(next) = state.take(*act, facts) {
                    text.push_str(&format!("    {} --> {}: {}\n", name(*state), name(next), act.label()));
                }
            }
        }
        text + "    Settled --> [*]\n"
    }

    #[test]
    fn the_readme_draws_what_the_code_does() {
        let readme = include_str!("../../README.md");
        assert!(readme.contains(&drawn()), "capabilities/education/README.md lacks this drawing:\n{}", drawn());
    }

    #[test]
    fn what_is_not_ready_does_not_go_on() {
        let none = Facts { places: 0, ranked: 0, open_appeals: 2, unplaced_appeals: 1 };
        assert_eq!(RoundState::AskingHosts.take(Act::OpenRanking, none), Err(NoStep::NoPlaces));
        assert_eq!(RoundState::Ranking.take(Act::CloseRanking, none), Err(NoStep::NobodyRanked));
        assert_eq!(RoundState::Published.take(Act::Settle, none), Err(NoStep::OpenAppeals(2)));
        let unplaced = Facts { open_appeals: 0, ..none };
        assert_eq!(RoundState::Published.take(Act::Settle, unplaced), Err(NoStep::UnplacedAppeals(1)));
        assert_eq!(RoundState::Draft.take(Act::Publish, none), Err(NoStep::NotFrom(RoundState::Draft, Act::Publish)));
        assert!(RoundState::Closed.take(Act::Publish, none).is_err(), "nothing is published untried");
    }
}
