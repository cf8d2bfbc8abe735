//! A question made ready to solve: parts of hosts, choices in order with ranks; it must never know a name.
//!
//! Positions are made here, never by the user, so plain indexing cannot leave the arrays. A host with reserved places
//! has several *parts*; every part has a capacity and a strict order of those it may take.

/// No choice, no part.
pub const NONE: u32 = u32::MAX;

/// Why a choice cannot be had by anybody's turn or rank.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bar {
    /// It can be had.
    Open,
    /// The host did not rank the applicant.
    NotAcceptable,
    /// It lies beyond the applicant's travel limit.
    TooFar,
    /// None of the host's posts is for somebody like the applicant.
    Unfit,
    /// The host was closed: too few would have gone there.
    Closed,
}

/// One line of an applicant's list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// Whose.
    pub owner: u32,
    /// At which part.
    pub part: u32,
    /// The applicant's rank there, less is better; different for everyone at one part.
    pub rank: u32,
    /// Its place in the list the applicant gave, from 0.
    pub place: u32,
    /// Whether it can be had at all.
    pub bar: Bar,
}

/// Places of one kind at one host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// The host they are at.
    pub host: u32,
    /// How many can be given; places given before the run are not among them.
    pub capacity: u32,
    /// Which of the host's reservations this is, or none.
    pub reserved: Option<u32>,
}

/// Two applicants with one list of pairs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Couple {
    /// Who.
    pub members: [u32; 2],
    /// Pairs of choices, best first; [`NONE`] is that member unplaced.
    pub options: Vec<[u32; 2]>,
}

/// A question ready to solve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Market {
    /// Parts of hosts.
    pub parts: Vec<Part>,
    /// Where each applicant's choices begin; one more than applicants.
    pub from: Vec<u32>,
    /// Choices, best first, applicant by applicant.
    pub choices: Vec<Choice>,
    /// The choice an applicant was given before the run, or [`NONE`].
    pub given: Vec<u32>,
    /// Applicants who go together.
    pub couples: Vec<Couple>,
}

impl Market {
    /// How many applicants there are.
    pub fn applicants(&self) -> usize {
        self.from.len() - 1
    }

    /// The choices of one applicant, as a range of positions.
    pub fn range(&self, applicant: u32) -> std::ops::Range<u32> {
        self.from[applicant as usize]..self.from[applicant as usize + 1]
    }

    /// The choices of one applicant.
    pub fn of(&self, applicant: u32) -> &[Choice] {
        let range = self.range(applicant);
        &self.choices[range.start as usize..range.end as usize]
    }

    pub(crate) fn choice(&self, choice: u32) -> Choice {
        self.choices[choice as usize]
    }

    pub(crate) fn is_open(&self, choice: u32) -> bool {
        self.choices[choice as usize].bar == Bar::Open
    }

    pub(crate) fn capacities(&self) -> Vec<u32> {
        self.parts.iter().map(|part| part.capacity).collect()
    }

    /// Applicants without a partner and without a place given before.
    pub fn singles(&self) -> Vec<u32> {
        let mut is_single: Vec<bool> = self.given.iter().map(|given| *given == NONE).collect();
        for member in self.couples.iter().flat_map(|couple| couple.members) {
            is_single[member as usize] = false;
        }
        (0..self.applicants() as u32).filter(|applicant| is_single[*applicant as usize]).collect()
    }

    /// For each part, the open choices at it of these applicants, the best rank first.
    pub(crate) fn by_part(&self, who: &[u32]) -> ByPart {
        let open = || who.iter().flat_map(|applicant| self.range(*applicant)).filter(|choice| self.is_open(*choice));
        let mut from = vec![0_u32; self.parts.len() + 1];
        for choice in open() {
            from[self.choice(choice).part as usize + 1] += 1;
        }
        for part in 1..from.len() {
            from[part] += from[part - 1];
        }
        let mut next = from.clone();
        let mut choices = vec![0_u32; from.last().map_or(0, |last| *last as usize)];
        for choice in open() {
            let slot = &mut next[self.choice(choice).part as usize];
            choices[*slot as usize] = choice;
            *slot += 1;
        }
        let mut slots = Vec::new();
        for part in 0..self.parts.len() {
            self.sort_by_rank(&mut choices[from[part] as usize..from[part + 1] as usize], &mut slots);
        }
        ByPart { from, choices }
    }

    /// Ranks are nearly the numbers from 0 on, so they are their own places; where they are not, an ordinary sort.
    fn sort_by_rank(&self, choices: &mut [u32], slots: &mut Vec<u32>) {
        let highest = choices.iter().map(|choice| self.choice(*choice).rank as usize).max().unwrap_or(0);
        if highest > choices.len() * 8 + 64 {
            choices.sort_unstable_by_key(|choice| self.choice(*choice).rank);
            return;
        }
        slots.clear();
        slots.resize(highest + 1, NONE);
        for choice in &*choices {
            slots[self.choice(*choice).rank as usize] = *choice;
        }
        for (place, choice) in choices.iter_mut().zip(slots.iter().filter(|choice| **choice != NONE)) {
            *place = *choice;
        }
    }

    /// For each part, how many it holds and the worst rank among them.
    pub fn holdings(&self, held: &[u32]) -> Vec<Holding> {
        let mut holdings = vec![Holding::default(); self.parts.len()];
        for (applicant, choice) in held.iter().enumerate() {
            if *choice != NONE && self.given[applicant] == NONE {
                let choice = self.choice(*choice);
                let holding = &mut holdings[choice.part as usize];
                holding.filled += 1;
                holding.worst = holding.worst.max(choice.rank);
            }
        }
        holdings
    }
}

/// What a part holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Holding {
    /// Places taken.
    pub filled: u32,
    /// The worst rank among those who took them; 0 where nobody did.
    pub worst: u32,
}

/// Choices by part, best rank first.
pub(crate) struct ByPart {
    from: Vec<u32>,
    choices: Vec<u32>,
}

impl ByPart {
    pub(crate) fn at(&self, part: u32) -> &[u32] {
        &self.choices[self.from[part as usize] as usize..self.from[part as usize + 1] as usize]
    }
}
