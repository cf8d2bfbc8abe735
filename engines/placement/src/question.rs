//! A placement question as asked, by positions of applicants and hosts, and its preparation; it must never solve anything.
//!
//! Travel limits, places given before, reserved places, breadth and closed hosts are all settled here, so that every
//! rule solves the same market.

use crate::market::{Bar, Choice, Couple, Market, NONE, Part};

/// Lists of positions, one for each owner, in one piece.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lists {
    from: Vec<u32>,
    items: Vec<u32>,
}

impl Default for Lists {
    fn default() -> Self {
        Self { from: vec![0], items: Vec::new() }
    }
}

impl Lists {
    /// Adds the next owner's list.
    pub fn push(&mut self, list: impl IntoIterator<Item = u32>) {
        self.items.extend(list);
        self.from.push(self.items.len() as u32);
    }

    /// One owner's list.
    pub fn of(&self, owner: u32) -> &[u32] {
        &self.items[self.from[owner as usize] as usize..self.from[owner as usize + 1] as usize]
    }

    /// How many lists there are.
    pub fn len(&self) -> usize {
        self.from.len() - 1
    }

    /// Whether there is no list.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Who comes first at a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Priority {
    /// Each host's own list of applicants, best first; who is not on it is not acceptable.
    ByHost(Lists),
    /// One order for all: each applicant's position in it, the least first, different for everyone.
    Order(Vec<u32>),
}

/// Where an applicant's record lacks the setting a host offers, they stand so many positions further ahead there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Breadth {
    /// Positions ahead in the one order.
    pub weight: u32,
    /// Applicant and host pairs in which the host offers what the applicant's record lacks.
    pub lacking: Vec<(u32, u32)>,
}

/// Places of a host kept for some.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reserve {
    /// At which host.
    pub host: u32,
    /// How many of its places.
    pub places: u32,
    /// For whom. They take these places first and the host's other places after.
    pub members: Vec<u32>,
    /// Whether others may have what the members leave.
    pub is_released: bool,
    /// What its members have in common, as the ledger tells it: "less than full time"; empty where they are named ones.
    pub label: String,
}

/// A placement question.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Question {
    /// Names of applicants.
    pub applicants: Vec<String>,
    /// Names of hosts.
    pub hosts: Vec<String>,
    /// Places by host.
    pub capacity: Vec<u32>,
    /// Hosts by applicant, best first, none twice. For a member of a couple: every host their pairs name.
    pub choices: Lists,
    /// Who comes first.
    pub priority: Priority,
    /// Weight of what a record lacks; only with one order for all.
    pub breadth: Breadth,
    /// Applicant and host pairs further apart than the applicant's limit, sorted.
    pub too_far: Vec<(u32, u32)>,
    /// Applicant and host pairs in which no post of the host is for somebody like the applicant, sorted.
    pub unfit: Vec<(u32, u32)>,
    /// Places kept for some.
    pub reserves: Vec<Reserve>,
    /// Applicant and host, decided before the run.
    pub given: Vec<(u32, u32)>,
    /// The least number of applicants by host worth opening for; 0 for any.
    pub minimum: Vec<u32>,
    /// Applicants who want to be at one host.
    pub links: Vec<[u32; 2]>,
    /// Couples with a list of pairs of hosts; [`NONE`] is that member unplaced.
    pub couples: Vec<JointList>,
    /// A word by applicant by which rules are compared for fairness; empty for none.
    pub groups: Vec<String>,
}

impl Default for Priority {
    fn default() -> Self {
        Self::Order(Vec::new())
    }
}

/// A couple as asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JointList {
    /// Who.
    pub members: [u32; 2],
    /// Pairs of hosts, best first.
    pub pairs: Vec<[u32; 2]>,
}

impl Question {
    /// How many applicants ask.
    pub fn len(&self) -> usize {
        self.applicants.len()
    }

    /// Whether nobody asks.
    pub fn is_empty(&self) -> bool {
        self.applicants.is_empty()
    }

    /// The market in which the hosts in `closed` take nobody and the pairs in `together` go to one host or nowhere.
    pub fn prepare(&self, closed: &[u32], together: &[[u32; 2]]) -> Market {
        let ranks = self.ranks();
        let (mut parts, parts_of) = self.parts();
        let mut from = Vec::with_capacity(self.len() + 1);
        from.push(0);
        let mut choices = Vec::with_capacity(self.choices.items.len());
        for applicant in 0..self.len() as u32 {
            let list = self.choices.of(applicant);
            let listed_from = self.choices.from[applicant as usize];
            for (place, host) in (0_u32..).zip(list) {
                let rank = ranks[(listed_from + place) as usize];
                let bar = if rank == NONE {
                    Bar::NotAcceptable
                } else if self.unfit.binary_search(&(applicant, *host)).is_ok() {
                    Bar::Unfit
                } else if self.too_far.binary_search(&(applicant, *host)).is_ok() {
                    Bar::TooFar
                } else if closed.contains(host) {
                    Bar::Closed
                } else {
                    Bar::Open
                };
                let line = |part: u32, rank: u32, bar: Bar| Choice { owner: applicant, part, rank, place, bar };
                match &parts_of[*host as usize][..] {
                    [only] => choices.push(line(*only, rank, bar)),
                    all => self.lines_at_parts(&parts, all, applicant, rank, bar, &mut choices, line),
                }
            }
            from.push(choices.len() as u32);
        }
        let mut given = vec![NONE; self.len()];
        for (applicant, host) in &self.given {
            let range = from[*applicant as usize]..from[*applicant as usize + 1];
            let mut at_host = range.filter(|choice| parts[choices[*choice as usize].part as usize].host == *host);
            let first = at_host.clone().next();
            let with_room = at_host.find(|choice| parts[choices[*choice as usize].part as usize].capacity > 0);
            if let Some(choice) = with_room.or(first) {
                given[*applicant as usize] = choice;
                let part = &mut parts[choices[choice as usize].part as usize];
                part.capacity = part.capacity.saturating_sub(1);
            }
        }
        let mut market = Market { parts, from, choices, given, couples: Vec::new() };
        market.couples = self.couples_in(&market, together);
        market
    }

    /// Parts of a host with reserved places: members go to the reserved ones first, others to the open ones.
    #[expect(clippy::too_many_arguments, reason = "the one place in which parts, ranks and bars meet")]
    fn lines_at_parts(
        &self,
        parts: &[Part],
        all: &[u32],
        applicant: u32,
        rank: u32,
        bar: Bar,
        choices: &mut Vec<Choice>,
        line: impl Fn(u32, u32, Bar) -> Choice,
    ) {
        let reserve = |part: u32| parts[part as usize].reserved.map(|reserve| &self.reserves[reserve as usize]);
        let is_member = |part: u32| reserve(part).is_some_and(|reserve| reserve.members.contains(&applicant));
        choices.extend(all.iter().filter(|part| is_member(**part)).map(|part| line(*part, rank, bar)));
        choices.extend(all.iter().filter(|part| reserve(**part).is_none()).map(|part| line(*part, rank, bar)));
        // Others stand behind every member, and only where what is left is released.
        let behind = rank.saturating_add(self.len() as u32);
        for part in all.iter().filter(|part| reserve(**part).is_some_and(|r| r.is_released) && !is_member(**part)) {
            choices.push(line(*part, if rank == NONE { NONE } else { behind }, bar));
        }
    }

    fn parts(&self) -> (Vec<Part>, Vec<Vec<u32>>) {
        let mut parts = Vec::with_capacity(self.hosts.len() + self.reserves.len());
        let mut parts_of = vec![Vec::new(); self.hosts.len()];
        for (host, capacity) in (0_u32..).zip(&self.capacity) {
            let mut open = *capacity;
            for (position, reserve) in (0_u32..).zip(&self.reserves).filter(|(_, reserve)| reserve.host == host) {
                let places = reserve.places.min(open);
                open -= places;
                parts_of[host as usize].push(parts.len() as u32);
                parts.push(Part { host, capacity: places, reserved: Some(position) });
            }
            parts_of[host as usize].push(parts.len() as u32);
            parts.push(Part { host, capacity: open, reserved: None });
        }
        (parts, parts_of)
    }

    /// The rank at the host of every item of the choices, [`NONE`] where the host did not rank the applicant.
    fn ranks(&self) -> Vec<u32> {
        match &self.priority {
            Priority::ByHost(lists) => self.ranks_by_host(lists),
            Priority::Order(order) => self.ranks_by_order(order),
        }
    }

    fn ranks_by_host(&self, lists: &Lists) -> Vec<u32> {
        // Turned round once: for each applicant, which hosts ranked them and where. No pair is looked up.
        let mut from = vec![0_u32; self.len() + 1];
        for applicant in &lists.items {
            from[*applicant as usize + 1] += 1;
        }
        for owner in 1..from.len() {
            from[owner] += from[owner - 1];
        }
        let mut next = from.clone();
        let mut ranked = vec![(0_u32, 0_u32); lists.items.len()];
        for host in 0..lists.len() as u32 {
            for (rank, applicant) in (0_u32..).zip(lists.of(host)) {
                let slot = &mut next[*applicant as usize];
                ranked[*slot as usize] = (host, rank);
                *slot += 1;
            }
        }
        let mut at_host = vec![NONE; self.hosts.len()];
        let mut ranks = Vec::with_capacity(self.choices.items.len());
        for applicant in 0..self.len() {
            let mine = &ranked[from[applicant] as usize..from[applicant + 1] as usize];
            for (host, rank) in mine {
                at_host[*host as usize] = *rank;
            }
            ranks.extend(self.choices.of(applicant as u32).iter().map(|host| at_host[*host as usize]));
            for (host, _) in mine {
                at_host[*host as usize] = NONE;
            }
        }
        ranks
    }

    /// Ranks count everybody, whether they list the host or not: so a rank that is published tells nothing of who listed it.
    fn ranks_by_order(&self, order: &[u32]) -> Vec<u32> {
        let mut queue: Vec<u32> = (0..self.len() as u32).collect();
        queue.sort_unstable_by_key(|applicant| order[*applicant as usize]);
        let place_in = |queue: &[u32]| {
            let mut places = vec![0_u32; queue.len()];
            for (place, applicant) in (0_u32..).zip(queue) {
                places[*applicant as usize] = place;
            }
            places
        };
        let plain = place_in(&queue);
        let mut lacking = self.breadth.lacking.clone();
        if self.breadth.weight == 0 {
            lacking.clear();
        }
        lacking.sort_unstable_by_key(|(applicant, host)| (*host, *applicant));
        // Only where somebody stands ahead does a host have an order of its own.
        let mut own: Vec<Option<Vec<u32>>> = vec![None; self.hosts.len()];
        for ahead in lacking.chunk_by(|one, next| one.1 == next.1) {
            let Some((_, host)) = ahead.first() else { continue };
            let mut keys: Vec<(i64, u32)> = plain.iter().map(|place| (i64::from(*place), *place)).collect();
            for (applicant, _) in ahead {
                let place = plain[*applicant as usize];
                keys[*applicant as usize].0 = i64::from(place) - i64::from(self.breadth.weight);
            }
            let mut queue: Vec<u32> = (0..self.len() as u32).collect();
            queue.sort_unstable_by_key(|applicant| keys[*applicant as usize]);
            own[*host as usize] = Some(place_in(&queue));
        }
        let rank = |applicant: u32, host: u32| own[host as usize].as_ref().unwrap_or(&plain)[applicant as usize];
        (0..self.len() as u32)
            .flat_map(|applicant| self.choices.of(applicant).iter().map(move |host| (applicant, *host)))
            .map(|(applicant, host)| rank(applicant, host))
            .collect()
    }

    fn couples_in(&self, market: &Market, together: &[[u32; 2]]) -> Vec<Couple> {
        let at = |applicant: u32, host: u32| -> Vec<u32> {
            let is_there = |choice: &u32| market.parts[market.choice(*choice).part as usize].host == host;
            if host == NONE { vec![NONE] } else { market.range(applicant).filter(is_there).collect() }
        };
        let asked = self.couples.iter().map(|couple| (couple.members, couple.pairs.clone()));
        let linked = together
            .iter()
            .map(|members| (*members, self.choices.of(members[0]).iter().map(|host| [*host, *host]).collect()));
        let options = |members: [u32; 2], pairs: Vec<[u32; 2]>| {
            let mut options = Vec::new();
            for [first, second] in pairs.into_iter().take_while(|pair| *pair != [NONE, NONE]) {
                for one in at(members[0], first) {
                    options.extend(at(members[1], second).into_iter().map(|other| [one, other]));
                }
            }
            options
        };
        asked.chain(linked).map(|(members, pairs)| Couple { members, options: options(members, pairs) }).collect()
    }
}
