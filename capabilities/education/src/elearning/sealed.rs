//! Secrets as the database holds them: sealed under the installation's setting, so that a copy of the database opens none. Pure; it stores nothing.

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::rand::{SecureRandom, SystemRandom};

/// The first byte of what is sealed. A key in the clear (PKCS #8) begins with 0x30.
const SEALED: u8 = 1;

/// Why something cannot be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Closed {
    /// It was sealed under another key, or was changed.
    OtherKey,
    /// It was never sealed.
    Plain,
}

/// Whether it was sealed, whatever under.
pub(crate) fn is_sealed(stored: &[u8]) -> bool {
    stored.first() == Some(&SEALED)
}

/// Seals by AES-256-GCM with a fresh nonce: version, nonce, sealed bytes with their tag. `about` must be said again to open it, so that
/// nothing sealed can be put in another's place.
pub(crate) fn seal(key: &[u8; 32], about: &[u8], plain: &[u8]) -> Option<Vec<u8>> {
    let mut nonce = [0; NONCE_LEN];
    SystemRandom::new().fill(&mut nonce).ok()?;
    let mut sealed = plain.to_vec();
    cipher(key)?.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(about), &mut sealed).ok()?;
    let mut stored = Vec::with_capacity(1 + NONCE_LEN + sealed.len());
    stored.push(SEALED);
    stored.extend_from_slice(&nonce);
    stored.append(&mut sealed);
    Some(stored)
}

pub(crate) fn open(key: &[u8; 32], about: &[u8], stored: &[u8]) -> Result<Vec<u8>, Closed> {
    let Some((&SEALED, rest)) = stored.split_first() else {
        return Err(Closed::Plain);
    };
    let (nonce, sealed) = rest.split_at_checked(NONCE_LEN).ok_or(Closed::OtherKey)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| Closed::OtherKey)?;
    let mut sealed = sealed.to_vec();
    let cipher = cipher(key).ok_or(Closed::OtherKey)?;
    let plain = cipher.open_in_place(nonce, Aad::from(about), &mut sealed).map_err(|_| Closed::OtherKey)?;
    Ok(plain.to_vec())
}

fn cipher(key: &[u8; 32]) -> Option<LessSafeKey> {
    UnboundKey::new(&AES_256_GCM, key).ok().map(LessSafeKey::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_with_its_own_key_and_place_alone() {
        let (key, other) = ([7; 32], [8; 32]);
        let stored = seal(&key, b"one", b"a private key").unwrap();
        assert!(is_sealed(&stored) && !stored.windows(7).any(|part| part == b"private"));
        assert_eq!(open(&key, b"one", &stored).unwrap(), b"a private key");
        assert_eq!(open(&other, b"one", &stored), Err(Closed::OtherKey));
        assert_eq!(open(&key, b"two", &stored), Err(Closed::OtherKey), "it was put in another's place");
        assert_ne!(seal(&key, b"one", b"a private key").unwrap(), stored, "each time another nonce");
        for (place, _) in stored.iter().enumerate().skip(1) {
            let mut changed = stored.clone();
            changed[place] ^= 1;
            assert_eq!(open(&key, b"one", &changed), Err(Closed::OtherKey), "byte {place}");
        }
        for short in 1..stored.len() {
            assert_eq!(open(&key, b"one", &stored[..short]), Err(Closed::OtherKey));
        }
        assert_eq!(open(&key, b"one", &[0x30, 0x82]), Err(Closed::Plain));
        assert_eq!(open(&key, b"one", &[]), Err(Closed::Plain));
    }
}
