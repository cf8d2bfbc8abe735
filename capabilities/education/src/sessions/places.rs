//! Who gets a place of a session: shares kept for partners, a pool for everybody, a waiting list in its order. Pure, and it never gives a place twice.

use std::collections::BTreeMap;

use uuid::Uuid;

/// The places of a session.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Places {
    pub capacity: u32,
    /// Places kept for partners until the release.
    pub shares: BTreeMap<Uuid, u32>,
    /// Whether places kept for partners are open to all now.
    pub is_released: bool,
}

/// Somebody who has or wants a place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Asker {
    pub booking: Uuid,
    pub organisation: Option<Uuid>,
}

impl Places {
    /// What is wrong with them, in words.
    pub fn fault(&self) -> Option<String> {
        let kept: u32 = self.shares.values().sum();
        if self.capacity == 0 {
            return Some("Enter at least one place".to_owned());
        }
        (kept > self.capacity).then(|| {
            format!(
                "{kept} places are kept for partners, but there are {} in all: keep fewer or make more",
                self.capacity
            )
        })
    }

    /// Whether somebody of this organisation finds a place beside those who have one.
    pub fn has_room(&self, booked: &[Option<Uuid>], organisation: Option<Uuid>) -> bool {
        let taken = u32::try_from(booked.len()).unwrap_or(u32::MAX);
        if taken >= self.capacity {
            return false;
        }
        if self.is_released {
            return true;
        }
        let mut of: BTreeMap<Option<Uuid>, u32> = BTreeMap::new();
        for one in booked {
            *of.entry(*one).or_default() += 1;
        }
        let share = |organisation: Option<Uuid>| {
            organisation.and_then(|one| self.shares.get(&one)).copied().unwrap_or_default()
        };
        // Who has a share fills it first; only what goes beyond it comes out of the pool.
        if of.get(&organisation).copied().unwrap_or_default() < share(organisation) {
            return true;
        }
        let kept: u32 = self.shares.values().sum();
        let pool = self.capacity.saturating_sub(kept);
        let beyond: u32 = of.iter().map(|(organisation, count)| count.saturating_sub(share(*organisation))).sum();
        beyond < pool
    }

    /// Those of the waiting list who move up now, in its order: the first who fits, until nobody does.
    pub fn moving_up(&self, booked: &[Option<Uuid>], waiting: &[Asker]) -> Vec<Asker> {
        let mut booked = booked.to_vec();
        let mut moving = Vec::new();
        for asker in waiting {
            if self.has_room(&booked, asker.organisation) {
                booked.push(asker.organisation);
                moving.push(*asker);
            }
        }
        moving
    }

    /// How many places are still to be had by somebody without a share.
    pub fn open_to_all(&self, booked: &[Option<Uuid>]) -> u32 {
        let mut booked = booked.to_vec();
        let mut open = 0;
        while self.has_room(&booked, None) {
            booked.push(None);
            open += 1;
        }
        open
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn id(nth: u128) -> Uuid {
        Uuid::from_u128(nth)
    }

    fn places(capacity: u32, shares: &[(u128, u32)], is_released: bool) -> Places {
        Places { capacity, shares: shares.iter().map(|(nth, places)| (id(*nth), *places)).collect(), is_released }
    }

    #[test]
    fn shares_are_kept_until_the_release() {
        let kept = places(4, &[(1, 2)], false);
        let booked = [None, Some(id(2))];
        assert!(!kept.has_room(&booked, None), "the pool of two is used");
        assert!(kept.has_room(&booked, Some(id(1))));
        assert_eq!(kept.open_to_all(&[None]), 1);
        let released = Places { is_released: true, ..kept.clone() };
        assert!(released.has_room(&booked, None));
        // Who uses up a share goes on in the pool.
        assert!(kept.has_room(&[Some(id(1)), Some(id(1))], Some(id(1))));
        assert!(!kept.has_room(&[Some(id(1)); 4], Some(id(1))));
    }

    #[test]
    fn the_first_who_fits_moves_up() {
        let kept = places(3, &[(1, 1)], false);
        let waiting = [
            Asker { booking: id(11), organisation: Some(id(2)) },
            Asker { booking: id(12), organisation: Some(id(1)) },
            Asker { booking: id(13), organisation: None },
        ];
        let moved = |booked: &[Option<Uuid>]| -> Vec<Uuid> {
            kept.moving_up(booked, &waiting).into_iter().map(|one| one.booking).collect()
        };
        assert_eq!(moved(&[None, None]), [id(12)]);
        assert_eq!(moved(&[None]), [id(11), id(12)]);
        assert_eq!(moved(&[]), [id(11), id(12), id(13)]);
    }

    #[test]
    fn faults_are_told() {
        assert!(places(0, &[], false).fault().is_some());
        assert!(places(3, &[(1, 2), (2, 2)], false).fault().unwrap().contains("4 places are kept"));
        assert!(places(4, &[(1, 2), (2, 2)], false).fault().is_none());
    }

    proptest! {
        #[test]
        fn no_place_is_given_twice_and_no_share_is_taken(
            capacity in 1_u32..12,
            shares in proptest::collection::btree_map(1_u128..4, 0_u32..4, 0..3),
            asking in proptest::collection::vec(0_u128..5, 0..30),
            is_released: bool,
        ) {
            let shares: Vec<(u128, u32)> = shares.into_iter().collect();
            let places = places(capacity, &shares, is_released);
            prop_assume!(places.fault().is_none());
            let organisation = |nth: u128| (nth > 0).then(|| id(nth));
            let waiting: Vec<Asker> = (100_u128..)
                .zip(&asking)
                .map(|(booking, nth)| Asker { booking: id(booking), organisation: organisation(*nth) })
                .collect();
            let moved = places.moving_up(&[], &waiting);
            prop_assert!(u32::try_from(moved.len()).unwrap() <= capacity);
            if !is_released {
                // However many others came first, whoever has a share still finds it.
                for (nth, share) in &shares {
                    let booked: Vec<Option<Uuid>> = moved.iter().map(|one| one.organisation).collect();
                    let of = u32::try_from(booked.iter().filter(|one| **one == Some(id(*nth))).count()).unwrap();
                    prop_assert!(of >= *share || places.has_room(&booked, Some(id(*nth))));
                }
            }
            // Of one organisation nobody is overtaken.
            for nth in 0..5 {
                let in_order = |askers: &[Asker]| -> Vec<Uuid> {
                    askers.iter().filter(|one| one.organisation == organisation(nth)).map(|one| one.booking).collect()
                };
                let (all, some) = (in_order(&waiting), in_order(&moved));
                prop_assert!(all.starts_with(&some));
            }
            // Nobody is left waiting beside a place they could have.
            let booked: Vec<Option<Uuid>> = moved.iter().map(|one| one.organisation).collect();
            prop_assert_eq!(places.moving_up(&booked, &waiting.iter().filter(|one| !moved.contains(one)).copied().collect::<Vec<_>>()), []);
        }
    }
}
