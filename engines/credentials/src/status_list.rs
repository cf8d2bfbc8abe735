//! Bitstring Status Lists: one bit for each credential, compressed and signed; it must never be so short that a bit tells who is meant.

use std::io::{Read, Write};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::contexts::CREDENTIALS;
use crate::{Unusable, dates, quoted};

/// The fewest bits a list has, so that one entry hides among many (W3C Bitstring Status List).
pub const SMALLEST_LIST: usize = 131_072;
/// The most bits that are read.
pub const LARGEST_LIST: usize = 32 * 1024 * 1024;

/// What a set bit means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Purpose {
    /// For good.
    Revocation,
    /// For now.
    Suspension,
}

impl Purpose {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Revocation => "revocation",
            Self::Suspension => "suspension",
        }
    }
}

/// A list of bits. The first is the highest of the first byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusList {
    pub purpose: Purpose,
    bits: Vec<u8>,
}

impl StatusList {
    /// A list of at least so many bits, none set.
    #[must_use]
    pub fn new(purpose: Purpose, length: usize) -> Self {
        let length = length.clamp(SMALLEST_LIST, LARGEST_LIST);
        Self { purpose, bits: vec![0; length.div_ceil(8)] }
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.bits.len() * 8
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bits.is_empty()
    }

    /// Whether a bit is set; `None` beyond the end.
    #[must_use]
    pub fn is_set(&self, index: usize) -> Option<bool> {
        self.bits.get(index / 8).map(|byte| byte & mask(index) != 0)
    }

    /// Sets a bit, or takes it back.
    ///
    /// # Errors
    /// An index beyond the end.
    pub fn set(&mut self, index: usize, is_set: bool) -> Result<(), Unusable> {
        let length = self.len();
        let byte = self.bits.get_mut(index / 8);
        let byte =
            byte.ok_or_else(|| Unusable(format!("the status list has {length} entries, so none numbered {index}")))?;
        if is_set {
            *byte |= mask(index);
        } else {
            *byte &= !mask(index);
        }
        Ok(())
    }

    /// The list as an unsigned credential at its address.
    ///
    /// # Errors
    /// None in practice: only where memory cannot be had.
    pub fn document(
        &self,
        address: &str,
        issuer: &str,
        valid_from: DateTime<Utc>,
        valid_until: Option<DateTime<Utc>>,
    ) -> Result<Value, Unusable> {
        let mut credential = json!({
            "@context": [CREDENTIALS],
            "id": address,
            "type": ["VerifiableCredential", "BitstringStatusListCredential"],
            "issuer": issuer,
            "validFrom": dates::write(valid_from),
            "credentialSubject": {
                "id": format!("{address}#list"),
                "type": "BitstringStatusList",
                "statusPurpose": self.purpose,
                "encodedList": self.encode()?,
            },
        });
        if let Some(until) = valid_until {
            credential["validUntil"] = json!(dates::write(until));
        }
        Ok(credential)
    }

    /// Reads the list out of a credential, its signature aside.
    ///
    /// # Errors
    /// A subject that is no list, of another purpose than is known, or too short, too long or damaged.
    pub fn read(credential: &Value) -> Result<Self, Unusable> {
        let subject = credential.get("credentialSubject").unwrap_or(&Value::Null);
        if subject.get("type") != Some(&json!("BitstringStatusList")) {
            return Err(Unusable::new("its subject is no BitstringStatusList"));
        }
        if subject.get("statusSize").is_some_and(|size| size != &json!(1)) {
            return Err(Unusable::new("its entries have more than one bit, which is not read here"));
        }
        let purpose = match subject.get("statusPurpose").and_then(Value::as_str) {
            Some("revocation") => Purpose::Revocation,
            Some("suspension") => Purpose::Suspension,
            other => {
                return Err(Unusable(format!("its purpose {} is not known here", quoted(other.unwrap_or("(none)")))));
            }
        };
        let encoded = subject.get("encodedList").and_then(Value::as_str);
        let encoded = encoded.ok_or_else(|| Unusable::new("it holds no encodedList"))?;
        Ok(Self { purpose, bits: decode(encoded)? })
    }

    fn encode(&self) -> Result<String, Unusable> {
        // The same bits give the same text whenever they are written: no time of day goes in.
        let mut gzip = GzEncoder::new(Vec::new(), Compression::new(6));
        let packed =
            gzip.write_all(&self.bits).and_then(|()| gzip.finish()).map_err(|error| Unusable(error.to_string()))?;
        Ok(format!("u{}", URL_SAFE_NO_PAD.encode(packed)))
    }
}

fn mask(index: usize) -> u8 {
    0x80 >> (index % 8)
}

fn decode(encoded: &str) -> Result<Vec<u8>, Unusable> {
    let damaged = || Unusable::new("its encodedList is not base64url (u…) of a GZIP");
    // Some issuers leave the u out: older drafts did.
    let digits = encoded.strip_prefix('u').filter(|digits| digits.starts_with("H4s")).unwrap_or(encoded);
    let packed = URL_SAFE_NO_PAD.decode(digits.trim_end_matches('=')).map_err(|_| damaged())?;
    let most = LARGEST_LIST / 8;
    let mut bits = Vec::new();
    let room = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    GzDecoder::new(&*packed).take(room).read_to_end(&mut bits).map_err(|_| damaged())?;
    if bits.len() > most {
        return Err(Unusable(format!("it has more than {LARGEST_LIST} entries, the most that are read")));
    }
    if bits.len() * 8 < SMALLEST_LIST {
        return Err(Unusable(format!(
            "it has {} entries; the standard wants at least {SMALLEST_LIST}, so that one entry hides among many",
            bits.len() * 8
        )));
    }
    Ok(bits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn credential(list: &StatusList) -> Value {
        list.document("https://hiec.example/status/1", "did:web:hiec.example", DateTime::UNIX_EPOCH, None).unwrap()
    }

    #[test]
    fn the_first_bit_is_the_highest_of_the_first_byte() {
        let mut list = StatusList::new(Purpose::Revocation, 0);
        list.set(0, true).unwrap();
        list.set(9, true).unwrap();
        assert_eq!(list.len(), SMALLEST_LIST);
        assert_eq!(list.bits[..2], [0b1000_0000, 0b0100_0000]);
        assert!(list.set(SMALLEST_LIST, true).is_err());
        assert_eq!(list.is_set(SMALLEST_LIST), None);
    }

    #[test]
    fn bad_lists_are_refused() {
        let good = credential(&StatusList::new(Purpose::Suspension, 0));
        for (member, value) in [
            ("encodedList", json!("u!!")),
            ("encodedList", json!("uH4sI")),
            ("encodedList", json!(7)),
            ("statusPurpose", json!("curiosity")),
            ("statusSize", json!(2)),
            ("type", json!("List")),
        ] {
            let mut bad = good.clone();
            bad["credentialSubject"][member] = value;
            assert!(StatusList::read(&bad).is_err(), "{member}");
        }
        let mut short = GzEncoder::new(Vec::new(), Compression::new(1));
        short.write_all(&[0; 100]).unwrap();
        let mut bad = good.clone();
        bad["credentialSubject"]["encodedList"] =
            json!(format!("u{}", URL_SAFE_NO_PAD.encode(short.finish().unwrap())));
        assert!(StatusList::read(&bad).unwrap_err().0.contains("hides among many"));
        let mut bomb = GzEncoder::new(Vec::new(), Compression::new(9));
        bomb.write_all(&vec![0; LARGEST_LIST / 8 + 1]).unwrap();
        bad["credentialSubject"]["encodedList"] = json!(format!("u{}", URL_SAFE_NO_PAD.encode(bomb.finish().unwrap())));
        assert!(StatusList::read(&bad).unwrap_err().0.contains("more than"));
    }

    proptest! {
        #[test]
        fn a_list_is_read_as_it_was_written(places in proptest::collection::btree_set(0..SMALLEST_LIST, 0..50)) {
            let mut list = StatusList::new(Purpose::Revocation, SMALLEST_LIST);
            for place in &places {
                list.set(*place, true).unwrap();
            }
            let again = StatusList::read(&credential(&list)).unwrap();
            prop_assert_eq!(&again, &list);
            prop_assert!((0..SMALLEST_LIST).all(|place| again.is_set(place) == Some(places.contains(&place))));
        }
    }
}
