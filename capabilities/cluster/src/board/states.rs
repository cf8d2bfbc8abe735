//! A meeting from planned to signed minutes: each move consumes the state and returns the next one, or all the reasons why not. No web, no SQL.

use hiec_kernel::{Fingerprint, PersonId, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Where a meeting stands.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "snake_case")]
pub enum MeetingState {
    Planned(Planned),
    PapersOut(PapersOut),
    Held(Held),
    Signed(Signed),
    Cancelled(Cancelled),
}

/// The agenda is being made.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Planned {}

/// The papers are frozen and everybody has been told.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PapersOut {
    pub sent_by: Option<PersonId>,
    pub sent_at: Timestamp,
    /// Of the papers as they stood.
    pub papers: Fingerprint,
}

/// It took place.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Held {
    pub papers_out: PapersOut,
    pub noted_by: Option<PersonId>,
    pub noted_at: Timestamp,
    pub present: Vec<PersonId>,
    pub apologies: Vec<PersonId>,
    pub is_quorate: bool,
    /// Who stood aside for which item, and why.
    pub aside: Vec<Aside>,
}

/// The chair has signed the minutes: nothing in them changes any more.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Signed {
    pub held: Held,
    pub signed_by: Option<PersonId>,
    pub signed_at: Timestamp,
    /// Of the minutes as signed.
    pub minutes: Fingerprint,
}

/// It will not take place.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Cancelled {
    pub by: Option<PersonId>,
    pub at: Timestamp,
    pub reason: String,
}

/// Somebody with an interest leaves for an item.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Aside {
    pub item: Uuid,
    pub person: PersonId,
    pub because: String,
}

/// What still keeps a meeting from its next state.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Lacking {
    #[error("Put at least one item on the agenda")]
    NoItem,
    #[error("Write the summary in plain words: patient members get it before anything else")]
    NoPlainSummary,
    #[error("The meeting has begun: papers go out before")]
    Begun,
    #[error("Add members to the body: there is nobody to send papers to")]
    NobodyToTell,
    #[error("The meeting has not begun yet")]
    NotBegun,
    #[error("Note who was there: nobody is yet")]
    NobodyPresent,
    #[error("{0} stands both among those present and those who sent apologies")]
    Both(String),
    #[error("Write minutes for “{0}”")]
    NoMinutes(String),
    #[error("Say why it is cancelled")]
    NoReason,
}

/// What is known of a meeting when papers are to go out.
#[derive(Clone, Copy, Debug)]
pub struct Prepared<'a> {
    pub items: usize,
    pub members: usize,
    pub plain_summary: &'a str,
    pub starts_at: Timestamp,
}

/// Who came.
#[derive(Clone, Debug)]
pub struct Attendance {
    pub present: Vec<PersonId>,
    pub apologies: Vec<PersonId>,
    pub quorum: usize,
    pub aside: Vec<Aside>,
}

impl Planned {
    /// What still keeps the papers in.
    pub fn lacking(self, prepared: Prepared<'_>, now: Timestamp) -> Vec<Lacking> {
        let mut lacking = Vec::new();
        if prepared.items == 0 {
            lacking.push(Lacking::NoItem);
        }
        if prepared.plain_summary.trim().is_empty() {
            lacking.push(Lacking::NoPlainSummary);
        }
        if prepared.members == 0 {
            lacking.push(Lacking::NobodyToTell);
        }
        if now >= prepared.starts_at {
            lacking.push(Lacking::Begun);
        }
        lacking
    }

    /// Freezes the papers and sends them.
    pub fn send_papers(
        self,
        prepared: Prepared<'_>,
        papers: Fingerprint,
        sent_by: Option<PersonId>,
        sent_at: Timestamp,
    ) -> Result<PapersOut, Vec<Lacking>> {
        let lacking = self.lacking(prepared, sent_at);
        if lacking.is_empty() { Ok(PapersOut { sent_by, sent_at, papers }) } else { Err(lacking) }
    }

    pub fn cancel(self, reason: &str, by: Option<PersonId>, at: Timestamp) -> Result<Cancelled, Vec<Lacking>> {
        cancelled(reason, by, at)
    }
}

impl PapersOut {
    /// Notes that it took place. One without a quorum took place too, and says so.
    pub fn hold(
        self,
        came: Attendance,
        starts_at: Timestamp,
        name: impl Fn(PersonId) -> String,
        noted_by: Option<PersonId>,
        noted_at: Timestamp,
    ) -> Result<Held, Vec<Lacking>> {
        let mut lacking = Vec::new();
        if noted_at < starts_at {
            lacking.push(Lacking::NotBegun);
        }
        if came.present.is_empty() {
            lacking.push(Lacking::NobodyPresent);
        }
        let both = came.present.iter().filter(|person| came.apologies.contains(person));
        lacking.extend(both.map(|person| Lacking::Both(name(*person))));
        if !lacking.is_empty() {
            return Err(lacking);
        }
        Ok(Held {
            papers_out: self,
            noted_by,
            noted_at,
            is_quorate: came.present.len() >= came.quorum,
            present: came.present,
            apologies: came.apologies,
            aside: came.aside,
        })
    }

    pub fn cancel(self, reason: &str, by: Option<PersonId>, at: Timestamp) -> Result<Cancelled, Vec<Lacking>> {
        cancelled(reason, by, at)
    }
}

fn cancelled(reason: &str, by: Option<PersonId>, at: Timestamp) -> Result<Cancelled, Vec<Lacking>> {
    let reason = reason.trim();
    if reason.is_empty() { Err(vec![Lacking::NoReason]) } else { Ok(Cancelled { by, at, reason: reason.to_owned() }) }
}

impl Held {
    /// The items without minutes.
    pub fn lacking(&self, without_minutes: &[String]) -> Vec<Lacking> {
        without_minutes.iter().cloned().map(Lacking::NoMinutes).collect()
    }

    /// Signs the minutes as they stand. `without_minutes` names the items of which nothing was written.
    pub fn sign(
        self,
        without_minutes: &[String],
        minutes: Fingerprint,
        signed_by: Option<PersonId>,
        signed_at: Timestamp,
    ) -> Result<Signed, Vec<Lacking>> {
        let lacking = self.lacking(without_minutes);
        if lacking.is_empty() { Ok(Signed { held: self, signed_by, signed_at, minutes }) } else { Err(lacking) }
    }
}

impl MeetingState {
    pub fn name(&self) -> &'static str {
        match self {
            Self::Planned(_) => "planned",
            Self::PapersOut(_) => "papers_out",
            Self::Held(_) => "held",
            Self::Signed(_) => "signed",
            Self::Cancelled(_) => "cancelled",
        }
    }

    pub fn label(&self) -> &'static str {
        match self {
            Self::Planned(_) => "Planned",
            Self::PapersOut(_) => "Papers out",
            Self::Held(_) => "Held",
            Self::Signed(_) => "Minutes signed",
            Self::Cancelled(_) => "Cancelled",
        }
    }

    /// Once out, the papers stay as they stood.
    pub fn papers(&self) -> Option<&PapersOut> {
        match self {
            Self::PapersOut(out) => Some(out),
            Self::Held(held) => Some(&held.papers_out),
            Self::Signed(signed) => Some(&signed.held.papers_out),
            Self::Planned(_) | Self::Cancelled(_) => None,
        }
    }

    pub fn held(&self) -> Option<&Held> {
        match self {
            Self::Held(held) => Some(held),
            Self::Signed(signed) => Some(&signed.held),
            _ => None,
        }
    }

    /// Whether people are still asked to come.
    pub fn is_ahead(&self) -> bool {
        matches!(self, Self::Planned(_) | Self::PapersOut(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        hiec_kernel::clock::from_london(text).unwrap()
    }

    fn person(number: u128) -> PersonId {
        PersonId(Uuid::from_u128(number))
    }

    fn print() -> Fingerprint {
        Fingerprint::of_bytes(b"papers")
    }

    fn prepared(summary: &str) -> Prepared<'_> {
        Prepared { items: 2, members: 3, plain_summary: summary, starts_at: at("2011-03-01 14:00") }
    }

    fn out() -> PapersOut {
        Planned {}.send_papers(prepared("In plain words"), print(), None, at("2011-02-22 09:00")).unwrap()
    }

    fn came(present: &[u128], apologies: &[u128]) -> Attendance {
        let people = |list: &[u128]| list.iter().map(|one| person(*one)).collect();
        Attendance { present: people(present), apologies: people(apologies), quorum: 2, aside: vec![] }
    }

    fn hold(attendance: Attendance, when: &str) -> Result<Held, Vec<Lacking>> {
        out().hold(attendance, at("2011-03-01 14:00"), |_| "Pat".into(), None, at(when))
    }

    #[test]
    fn no_papers_go_out_without_plain_words() {
        let refused = Planned {}.send_papers(prepared("  "), print(), None, at("2011-02-22 09:00"));
        assert_eq!(refused, Err(vec![Lacking::NoPlainSummary]));
        let late = Planned {}.send_papers(prepared("Plain"), print(), None, at("2011-03-01 14:00"));
        assert_eq!(late, Err(vec![Lacking::Begun]));
        let empty = Prepared { items: 0, members: 0, ..prepared("") };
        assert_eq!(Planned {}.lacking(empty, at("2011-02-22 09:00")).len(), 3);
    }

    #[test]
    fn a_meeting_is_held_after_it_began_by_those_who_came() {
        assert_eq!(hold(came(&[1, 2], &[]), "2011-03-01 13:59"), Err(vec![Lacking::NotBegun]));
        assert_eq!(hold(came(&[], &[1]), "2011-03-01 15:00"), Err(vec![Lacking::NobodyPresent]));
        assert_eq!(hold(came(&[1], &[1]), "2011-03-01 15:00"), Err(vec![Lacking::Both("Pat".into())]));
        assert!(hold(came(&[1, 2], &[3]), "2011-03-01 15:00").unwrap().is_quorate);
        assert!(!hold(came(&[1], &[2, 3]), "2011-03-01 15:00").unwrap().is_quorate);
    }

    #[test]
    fn minutes_are_signed_once_every_item_has_some() {
        let held = hold(came(&[1, 2], &[]), "2011-03-01 15:00").unwrap();
        let missing = vec!["Money".to_owned()];
        let refused = held.clone().sign(&missing, print(), None, at("2011-03-08 09:00"));
        assert_eq!(refused, Err(vec![Lacking::NoMinutes("Money".into())]));
        let signed = held.sign(&[], print(), Some(person(1)), at("2011-03-08 09:00")).unwrap();
        let state = MeetingState::Signed(signed);
        assert_eq!(state.name(), "signed");
        assert_eq!(state.papers().map(|out| &out.papers), Some(&print()));
        assert!(!state.is_ahead());
    }

    #[test]
    fn a_meeting_is_cancelled_with_a_reason() {
        assert_eq!(out().cancel(" ", None, at("2011-02-23 09:00")), Err(vec![Lacking::NoReason]));
        assert_eq!(Planned {}.cancel("Snow", None, at("2011-02-23 09:00")).unwrap().reason, "Snow");
    }

    #[test]
    fn every_state_survives_storage() {
        let held = hold(came(&[1, 2], &[]), "2011-03-01 15:00").unwrap();
        let signed = held.clone().sign(&[], print(), None, at("2011-03-08 09:00")).unwrap();
        for state in [
            MeetingState::Planned(Planned {}),
            MeetingState::PapersOut(out()),
            MeetingState::Held(held),
            MeetingState::Signed(signed),
            MeetingState::Cancelled(Planned {}.cancel("Snow", None, at("2011-02-23 09:00")).unwrap()),
        ] {
            let json = serde_json::to_value(&state).unwrap();
            assert_eq!(json["name"], state.name());
            assert_eq!(serde_json::from_value::<MeetingState>(json).unwrap(), state);
        }
    }

    /// Every state, and what each act makes of it; nothing where it refuses or does not fit.
    fn moves(state: MeetingState) -> [(Option<MeetingState>, &'static str); 4] {
        let when = at("2011-03-01 15:00");
        let early = at("2011-02-22 09:00");
        let (send, hold, sign, cancel) = match state {
            MeetingState::Planned(planned) => (
                planned.send_papers(prepared("Plain"), print(), None, early).ok().map(MeetingState::PapersOut),
                None,
                None,
                planned.cancel("Snow", None, early).ok().map(MeetingState::Cancelled),
            ),
            MeetingState::PapersOut(out) => (
                None,
                out.clone()
                    .hold(came(&[1, 2], &[]), at("2011-03-01 14:00"), |_| String::new(), None, when)
                    .ok()
                    .map(MeetingState::Held),
                None,
                out.cancel("Snow", None, early).ok().map(MeetingState::Cancelled),
            ),
            MeetingState::Held(held) => {
                (None, None, held.sign(&[], print(), None, when).ok().map(MeetingState::Signed), None)
            }
            MeetingState::Signed(_) | MeetingState::Cancelled(_) => (None, None, None, None),
        };
        [(send, "send papers"), (hold, "hold"), (sign, "sign"), (cancel, "cancel")]
    }

    #[test]
    fn the_drawing_is_the_code() {
        let mut drawn = String::from("stateDiagram-v2\n    [*] --> planned\n");
        let mut ends = String::new();
        let held = hold(came(&[1, 2], &[]), "2011-03-01 15:00").unwrap();
        let signed = held.clone().sign(&[], print(), None, at("2011-03-08 09:00")).unwrap();
        for state in [
            MeetingState::Planned(Planned {}),
            MeetingState::PapersOut(out()),
            MeetingState::Held(held),
            MeetingState::Signed(signed),
            MeetingState::Cancelled(Planned {}.cancel("Snow", None, at("2011-02-23 09:00")).unwrap()),
        ] {
            let from = state.name();
            let made: Vec<(&str, &str)> =
                moves(state).iter().filter_map(|(next, act)| Some((next.as_ref()?.name(), *act))).collect();
            for (to, act) in &made {
                drawn.push_str(&format!("    {from} --> {to}: {act}\n"));
            }
            if made.is_empty() {
                ends.push_str(&format!("    {from} --> [*]\n"));
            }
        }
        let page = include_str!("../../../../docs/states.md");
        assert!(page.contains("## Meeting of a cluster's body\n"));
        assert!(page.contains(&format!("```mermaid\n{drawn}{ends}```")), "docs/states.md should say:\n{drawn}{ends}");
    }
}
