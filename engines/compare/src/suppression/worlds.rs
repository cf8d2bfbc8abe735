//! The worlds found so far, and which values they give which counts; it must never count a world that no longer looks right.

use alloc::collections::BTreeMap;
use alloc::vec;
use alloc::vec::Vec;

use super::proof::World;

/// Worlds, each alive or dead, and what the living ones show.
pub(super) struct Worlds {
    worlds: Vec<World>,
    is_alive: Vec<bool>,
    /// For each place the worlds in which its count is another.
    changing: Vec<Vec<usize>>,
    /// How many living worlds give a place a value.
    support: BTreeMap<(usize, u64), usize>,
}

impl Worlds {
    pub fn new(places: usize) -> Self {
        Self { worlds: Vec::new(), is_alive: Vec::new(), changing: vec![Vec::new(); places], support: BTreeMap::new() }
    }

    /// Whether some living world gives a place this value.
    pub fn reach(&self, place: usize, value: u64) -> bool {
        self.support.get(&(place, value)).is_some_and(|&worlds| worlds > 0)
    }

    /// Takes a world up; where it now stands.
    pub fn add(&mut self, world: World) -> usize {
        let at = self.worlds.len();
        for &(place, value) in &world.changes {
            if let Some(changing) = self.changing.get_mut(place) {
                changing.push(at);
            }
            *self.support.entry((place, value)).or_default() += 1;
        }
        self.worlds.push(world);
        self.is_alive.push(true);
        at
    }

    /// The living worlds in which a place has another count than the true one, and that count.
    pub fn changing(&self, place: usize) -> Vec<(usize, u64)> {
        let alive = self
            .changing
            .get(place)
            .into_iter()
            .flatten()
            .filter(|&&at| self.is_alive.get(at).copied().unwrap_or(false));
        alive.filter_map(|&at| Some((at, self.value(at, place)?))).collect()
    }

    /// Puts a world to death, or back to life. What it gave: place and value.
    pub fn set_alive(&mut self, at: usize, is_alive: bool) -> &[(usize, u64)] {
        let (Some(world), Some(alive)) = (self.worlds.get(at), self.is_alive.get_mut(at)) else { return &[] };
        if *alive != is_alive {
            *alive = is_alive;
            for &given in &world.changes {
                let worlds = self.support.entry(given).or_default();
                *worlds = if is_alive { *worlds + 1 } else { worlds.saturating_sub(1) };
            }
        }
        &world.changes
    }

    /// The living ones.
    pub fn into_living(self) -> Vec<World> {
        self.worlds.into_iter().zip(self.is_alive).filter(|(_, is_alive)| *is_alive).map(|(world, _)| world).collect()
    }

    fn value(&self, at: usize, place: usize) -> Option<u64> {
        let changes = &self.worlds.get(at)?.changes;
        let found = changes.binary_search_by_key(&place, |change| change.0).ok()?;
        changes.get(found).map(|change| change.1)
    }
}
