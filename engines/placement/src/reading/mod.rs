//! Reads instances from JSON, everything wrong with one said at once; it must never guess what was meant.

mod constraints;
mod informed;
mod joint;
mod residents;

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, Hasher, RandomState};

use crate::json::{self, Value};
use crate::names::shown;
use crate::question::Question;

/// No instance of a real round is near these.
const MOST_NAMES: usize = 2_000_000;
/// Places at one host.
const MOST_PLACES: u32 = 1_000_000;
/// How many problems are told; the rest are counted.
const MOST_TOLD: usize = 40;

/// Which kind of instance was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Residents,
    Couples,
    Informed,
}

/// An instance as read.
pub(crate) struct Instance {
    pub kind: Kind,
    pub question: Question,
    /// What was noted but is no fault.
    pub notes: Vec<String>,
}

/// Reads an instance of any kind.
///
/// # Errors
/// Everything wrong with it, in words.
pub(crate) fn instance(input: &[u8]) -> Result<Instance, Vec<String>> {
    let value = json::read(input).map_err(|problem| vec![problem])?;
    if value.object().is_none() {
        return Err(vec![format!("the instance should be one JSON object, but it is {}", value.shown())]);
    }
    let mut problems = Problems::default();
    let kind = kind(&value, &mut problems);
    each_once(&value, || "the instance".to_owned(), &mut problems);
    let mut notes = Vec::new();
    let question = kind.map(|kind| {
        let question = match kind {
            Kind::Residents => residents::read(&value, &mut problems),
            Kind::Couples => joint::read(&value, &mut problems, &mut notes),
            Kind::Informed => informed::read(&value, &mut problems),
        };
        (kind, question)
    });
    match question {
        Some((kind, question)) if problems.count == 0 => Ok(Instance { kind, question, notes }),
        _ => Err(problems.told()),
    }
}

fn kind(value: &Value<'_>, problems: &mut Problems) -> Option<Kind> {
    match value.field("kind") {
        Some(kind) => match kind.text() {
            Some("hospital-residents") => Some(Kind::Residents),
            Some("hospital-residents-with-couples") => Some(Kind::Couples),
            Some("preference-informed-allocation") => Some(Kind::Informed),
            _ => {
                let found = kind.shown();
                problems.add(format!(
                    "\"kind\" is {found}: it should be \"hospital-residents\", \"hospital-residents-with-couples\" or \"preference-informed-allocation\""
                ));
                None
            }
        },
        None if value.field("schools").is_some() => Some(Kind::Informed),
        None if value.field("couples").is_some() => Some(Kind::Couples),
        None if value.field("residents").is_some() => Some(Kind::Residents),
        None => {
            problems.add(
                "the instance has no \"kind\", and neither \"residents\" nor \"couples\" nor \"schools\" to tell it by"
                    .to_owned(),
            );
            None
        }
    }
}

/// What is wrong, in the order found.
#[derive(Default)]
pub(crate) struct Problems {
    told: Vec<String>,
    count: usize,
}

impl Problems {
    pub(crate) fn add(&mut self, problem: String) {
        self.count += 1;
        if self.told.len() < MOST_TOLD {
            self.told.push(problem);
        }
    }

    fn told(mut self) -> Vec<String> {
        if self.count > self.told.len() {
            let more = self.count - self.told.len();
            self.told.push(format!("and {more} more; mend these first"));
        }
        self.told
    }
}

/// Hashes names quickly. An instance of 20,000 looks up 400,000; the standard hasher would take a fifth of the whole time.
/// Seeded anew for each table, so that nobody can write names that all fall together.
#[derive(Clone, Copy)]
struct Seeded(u64);

impl Seeded {
    fn drawn() -> Self {
        Self(RandomState::new().hash_one(0_u8) | 1)
    }
}

impl BuildHasher for Seeded {
    type Hasher = Folding;

    fn build_hasher(&self) -> Folding {
        Folding { state: self.0, seed: self.0 }
    }
}

/// Folded multiplication of eight bytes at a time.
struct Folding {
    state: u64,
    seed: u64,
}

impl Folding {
    fn fold(&mut self, word: u64) {
        let wide = u128::from(self.state ^ word) * u128::from(self.seed ^ 0x9E37_79B9_7F4A_7C15);
        self.state = (wide as u64) ^ ((wide >> 64) as u64);
    }
}

impl Hasher for Folding {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0_u8; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.fold(u64::from_le_bytes(word));
        }
        self.fold(bytes.len() as u64);
    }

    fn write_u8(&mut self, byte: u8) {
        self.fold(u64::from(byte));
    }

    fn write_u64(&mut self, word: u64) {
        self.fold(word);
    }

    fn finish(&self) -> u64 {
        self.state
    }
}

/// A name of up to seven bytes as a number: the bytes, and how many. Most names are no longer, and then they need no look at
/// where they stand in the input.
fn as_number(name: &str) -> Option<u64> {
    let mut bytes = [0_u8; 8];
    bytes[7] = u8::try_from(name.len()).ok().filter(|length| *length < 8)?;
    bytes[..name.len()].copy_from_slice(name.as_bytes());
    Some(u64::from_le_bytes(bytes))
}

/// Names of one side and their positions.
pub(crate) struct Names<'v> {
    /// What one of them is called: resident, hospital.
    pub one: &'static str,
    pub list: Vec<&'v str>,
    short: HashMap<u64, u32, Seeded>,
    long: HashMap<&'v str, u32, Seeded>,
}

impl<'v> Names<'v> {
    pub(crate) fn new(one: &'static str) -> Self {
        let seeded = Seeded::drawn();
        Self { one, list: Vec::new(), short: HashMap::with_hasher(seeded), long: HashMap::with_hasher(seeded) }
    }

    pub(crate) fn add(&mut self, name: &'v str, problems: &mut Problems) -> Option<u32> {
        let position = self.list.len() as u32;
        if name.is_empty() {
            problems.add(format!("a {} has an empty name", self.one));
            return None;
        }
        if self.position(name).is_some() {
            problems.add(format!("{} {} stands twice; every name once", self.one, shown(name)));
            return None;
        }
        match as_number(name) {
            Some(number) => self.short.insert(number, position),
            None => self.long.insert(name, position),
        };
        self.list.push(name);
        Some(position)
    }

    pub(crate) fn position(&self, name: &str) -> Option<u32> {
        match as_number(name) {
            Some(number) => self.short.get(&number),
            None => self.long.get(name),
        }
        .copied()
    }

    pub(crate) fn owned(&self) -> Vec<String> {
        self.list.iter().map(|name| (*name).to_owned()).collect()
    }

    /// The position a value names, or what is wrong with it.
    pub(crate) fn find(&self, value: &Value<'_>, place: impl Fn() -> String, problems: &mut Problems) -> Option<u32> {
        match value.text() {
            Some(name) => {
                let position = self.position(name);
                if position.is_none() {
                    problems.add(format!("{} is {}, which is no {} of this instance", place(), shown(name), self.one));
                }
                position
            }
            None => {
                problems.add(format!(
                    "{} is {}: it should be the name of a {}, as text",
                    place(),
                    value.shown(),
                    self.one
                ));
                None
            }
        }
    }
}

/// A list of names of the other side, best first, none twice.
pub(crate) struct ListReader {
    /// By position of the other side: the last list it was seen in.
    seen: Vec<u32>,
    lists: u32,
}

impl ListReader {
    pub(crate) fn new(others: usize) -> Self {
        Self { seen: vec![0; others], lists: 0 }
    }

    pub(crate) fn read(
        &mut self,
        owner: impl Fn() -> String,
        value: &Value<'_>,
        others: &Names<'_>,
        problems: &mut Problems,
    ) -> Vec<u32> {
        let Some(items) = value.list() else {
            problems.add(format!(
                "{}: the list is {}; it should be a list of {}s, best first",
                owner(),
                value.shown(),
                others.one
            ));
            return Vec::new();
        };
        self.lists += 1;
        let mut list = Vec::with_capacity(items.len());
        for (place, item) in (1..).zip(items) {
            let Some(position) = others.find(item, || format!("{}: choice {place}", owner()), problems) else {
                continue;
            };
            let seen = &mut self.seen[position as usize];
            if *seen == self.lists {
                problems.add(format!(
                    "{} lists {} twice; list each once",
                    owner(),
                    shown(others.list[position as usize])
                ));
                continue;
            }
            *seen = self.lists;
            list.push(position);
        }
        list
    }
}

/// Says which fields stand twice in an object: JSON leaves open which of them counts.
pub(crate) fn each_once(value: &Value<'_>, place: impl Fn() -> String, problems: &mut Problems) {
    let fields = value.object().unwrap_or_default();
    let mut seen = HashSet::with_capacity(fields.len());
    for (name, _) in fields.iter().filter(|(name, _)| !seen.insert(name.as_ref())) {
        problems.add(format!("\"{}\" stands twice in {}; keep one of them", shown(name), place()));
    }
}

/// The fields of an object under this name, or what is wrong.
pub(crate) fn members<'v, 'a>(
    value: &'v Value<'a>,
    field: &str,
    usage: &str,
    problems: &mut Problems,
) -> &'v [(std::borrow::Cow<'a, str>, Value<'a>)] {
    match value.field(field) {
        None => {
            problems.add(format!("\"{field}\" is missing: {usage}"));
            &[]
        }
        Some(found) => match found.object() {
            None => {
                problems.add(format!("\"{field}\" is {}: {usage}", found.shown()));
                &[]
            }
            Some(fields) if fields.len() > MOST_NAMES => {
                problems.add(format!("\"{field}\" has more than {MOST_NAMES} names"));
                &[]
            }
            Some(fields) => fields,
        },
    }
}

/// A number of places, or what is wrong with it.
pub(crate) fn places(value: Option<&Value<'_>>, field: &str, owner: &str, problems: &mut Problems) -> u32 {
    let found = match value {
        Some(Value::Number(digits)) => match digits.parse::<u32>() {
            Ok(places) if places <= MOST_PLACES => return places,
            Ok(_) => format!("\"{field}\" is {digits}; more than {MOST_PLACES} is surely a slip"),
            Err(_) if digits.starts_with('-') => format!("\"{field}\" is {}: it cannot be negative", shown(digits)),
            Err(_) => format!("\"{field}\" is {}: it should be a whole number", shown(digits)),
        },
        Some(other) => format!("\"{field}\" is {}: it should be a whole number such as 3", other.shown()),
        None => format!("\"{field}\" is missing: a whole number such as 3, or 0 for none"),
    };
    problems.add(format!("{owner}: {found}"));
    0
}
