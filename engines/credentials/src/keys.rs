//! Ed25519 keys as Multikey and JWK; it must never print or write a secret but where the key file is made.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::{Unusable, dates};

/// The multicodec of an Ed25519 public key, and of a secret one, as they stand before the bytes.
const PUBLIC_CODEC: [u8; 2] = [0xed, 0x01];
const SECRET_CODEC: [u8; 2] = [0x80, 0x26];

/// A public key that checks signatures.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PublicKey(VerifyingKey);

impl PublicKey {
    /// # Errors
    /// Bytes that are no point on the curve, or a weak one.
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, Unusable> {
        match VerifyingKey::from_bytes(bytes) {
            Ok(key) if !key.is_weak() => Ok(Self(key)),
            _ => Err(Unusable::new("the key is no usable Ed25519 public key")),
        }
    }

    /// Reads `z6Mk…`, the form `did:key` and `publicKeyMultibase` use.
    ///
    /// # Errors
    /// Text of another kind of key, or of none.
    pub fn from_multikey(text: &str) -> Result<Self, Unusable> {
        let bytes = decode_multikey(text, PUBLIC_CODEC).ok_or_else(|| {
            Unusable(format!("{} is no Ed25519 public key in Multikey form (it begins with z6Mk)", crate::quoted(text)))
        })?;
        Self::from_bytes(&bytes)
    }

    /// Reads a JSON Web Key of the kind OKP, Ed25519.
    ///
    /// # Errors
    /// A key of another kind, or a secret one.
    pub fn from_jwk(jwk: &Value) -> Result<Self, Unusable> {
        if jwk.get("d").is_some() {
            return Err(Unusable::new(
                "the key holds its secret part (d); whoever published it must make a new one, and nothing signed with it can be trusted",
            ));
        }
        if jwk.get("kty") != Some(&json!("OKP")) || jwk.get("crv") != Some(&json!("Ed25519")) {
            return Err(Unusable::new(
                "the key is no Ed25519 key (kty OKP, crv Ed25519); other kinds are not read here",
            ));
        }
        let bytes = jwk.get("x").and_then(Value::as_str).and_then(|x| URL_SAFE_NO_PAD.decode(x).ok());
        let bytes = bytes.and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
        Self::from_bytes(&bytes.ok_or_else(|| Unusable::new("the key's x is not 32 bytes of base64url"))?)
    }

    #[must_use]
    pub fn to_multikey(self) -> String {
        encode_multikey(self.0.as_bytes(), PUBLIC_CODEC)
    }

    #[must_use]
    pub fn to_jwk(self) -> Value {
        json!({ "kty": "OKP", "crv": "Ed25519", "x": URL_SAFE_NO_PAD.encode(self.0.as_bytes()) })
    }

    /// The identifier that is the key itself: `did:key:z6Mk…`.
    #[must_use]
    pub fn to_did(self) -> String {
        format!("did:key:{}", self.to_multikey())
    }

    pub(crate) fn has_signed(self, message: &[u8], signature: &[u8]) -> bool {
        Signature::from_slice(signature).is_ok_and(|signature| self.0.verify_strict(message, &signature).is_ok())
    }
}

/// A key that signs: whose it is, its name among theirs, and since when.
#[derive(Clone)]
pub struct IssuingKey {
    /// The issuer the key speaks for: `did:key:…`, `did:web:…` or an `https` address.
    pub issuer: String,
    /// The key's own name, the verification method: `did:web:hiec.example#key-1`.
    pub id: String,
    pub created: DateTime<Utc>,
    secret: SigningKey,
}

impl std::fmt::Debug for IssuingKey {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("IssuingKey").field("issuer", &self.issuer).field("id", &self.id).finish_non_exhaustive()
    }
}

impl IssuingKey {
    /// A key from 32 random bytes, its own issuer: `did:key`.
    #[must_use]
    pub fn for_itself(seed: &[u8; 32], created: DateTime<Utc>) -> Self {
        let secret = SigningKey::from_bytes(seed);
        let public = PublicKey(secret.verifying_key());
        let issuer = public.to_did();
        let id = format!("{issuer}#{}", public.to_multikey());
        Self { issuer, id, created, secret }
    }

    /// A key from 32 random bytes for an issuer that publishes its keys: `name` is the part after `#`.
    #[must_use]
    pub fn for_issuer(seed: &[u8; 32], issuer: &str, name: &str, created: DateTime<Utc>) -> Self {
        Self {
            issuer: issuer.to_owned(),
            id: format!("{issuer}#{name}"),
            created,
            secret: SigningKey::from_bytes(seed),
        }
    }

    #[must_use]
    pub fn public(&self) -> PublicKey {
        PublicKey(self.secret.verifying_key())
    }

    pub(crate) fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.secret.sign(message).to_bytes()
    }

    /// The key file, secret included.
    #[must_use]
    pub fn to_file(&self) -> Value {
        json!({
            "id": self.id,
            "type": "Multikey",
            "controller": self.issuer,
            "created": dates::write(self.created),
            "publicKeyMultibase": self.public().to_multikey(),
            "secretKeyMultibase": encode_multikey(self.secret.as_bytes(), SECRET_CODEC),
        })
    }

    /// Reads a key file.
    ///
    /// # Errors
    /// A file that is none, or whose parts do not belong together.
    pub fn from_file(file: &Value) -> Result<Self, Unusable> {
        let text = |name: &str| {
            file.get(name)
                .and_then(Value::as_str)
                .ok_or_else(|| Unusable(format!("the key file has no {name}; make one with `hiec credential key new`")))
        };
        let seed = decode_multikey(text("secretKeyMultibase")?, SECRET_CODEC).ok_or_else(|| {
            Unusable::new("the key file's secretKeyMultibase is no Ed25519 secret key in Multikey form")
        })?;
        let key = Self {
            issuer: text("controller")?.to_owned(),
            id: text("id")?.to_owned(),
            created: dates::read(text("created")?)
                .ok_or_else(|| Unusable::new("the key file's created is no moment such as 2026-01-01T00:00:00Z"))?,
            secret: SigningKey::from_bytes(&seed),
        };
        if text("publicKeyMultibase")? != key.public().to_multikey() {
            return Err(Unusable::new("the key file's public and secret parts do not belong together"));
        }
        if !key.id.starts_with(&format!("{}#", key.issuer)) {
            return Err(Unusable::new("the key file's id must be its controller, # and a name"));
        }
        if key.issuer.starts_with("did:key:") && key.issuer != key.public().to_did() {
            return Err(Unusable::new("the key file's controller is a did:key of another key"));
        }
        Ok(key)
    }
}

/// The seed of a key that is never stored: from the installation's secret and the key's label. Another secret or label gives
/// another key, and none of them tells anything of the secret.
#[must_use]
pub fn seed_from(secret: &[u8], label: &[u8]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(b"hiec issuing key 1\0");
    // Hashed first, so that no end of a secret can pass for the beginning of a label.
    hasher.update(Sha256::digest(secret));
    hasher.update(label);
    hasher.finalize().into()
}

fn encode_multikey(bytes: &[u8], codec: [u8; 2]) -> String {
    let mut whole = codec.to_vec();
    whole.extend_from_slice(bytes);
    format!("z{}", bs58::encode(whole).into_string())
}

fn decode_multikey(text: &str, codec: [u8; 2]) -> Option<[u8; 32]> {
    let bytes = decode_base58(text, 34)?;
    bytes.strip_prefix(&codec).and_then(|key| key.try_into().ok())
}

/// Multibase base58btc of exactly so many bytes; its cost grows with the square of the length, so long text is not tried.
pub fn decode_base58(text: &str, length: usize) -> Option<Vec<u8>> {
    let digits = text.strip_prefix('z').filter(|digits| digits.len() <= length * 2)?;
    bs58::decode(digits).into_vec().ok().filter(|bytes| bytes.len() == length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seed() -> [u8; 32] {
        std::array::from_fn(|place| u8::try_from(place).unwrap())
    }

    #[test]
    fn the_public_test_key_has_the_name_others_give_it() {
        let key = IssuingKey::for_itself(&seed(), DateTime::UNIX_EPOCH);
        assert_eq!(key.issuer, "did:key:z6MkehRgf7yJbgaGfYsdoAsKdBPE3dj2CYhowQdcjqSJgvVd");
        assert_eq!(PublicKey::from_multikey(&key.public().to_multikey()), Ok(key.public()));
        assert_eq!(PublicKey::from_jwk(&key.public().to_jwk()), Ok(key.public()));
        assert!(!format!("{key:?}").contains("secret"));
    }

    #[test]
    fn a_key_file_is_read_as_it_was_written_and_a_mended_one_is_refused() {
        let key = IssuingKey::for_issuer(&seed(), "did:web:hiec.example", "key-1", DateTime::UNIX_EPOCH);
        let file = key.to_file();
        let again = IssuingKey::from_file(&file).unwrap();
        assert_eq!((again.id, again.issuer, again.created), (key.id, key.issuer, key.created));
        for (member, value) in [
            ("publicKeyMultibase", json!("z6MkehRgf7yJbgaGfYsdoAsKdBPE3dj2CYhowQdcjqSJgvVe")),
            ("secretKeyMultibase", json!("z")),
            ("id", json!("did:web:other.example#key-1")),
            ("created", json!("today")),
            ("controller", json!(7)),
        ] {
            let mut wrong = file.clone();
            wrong[member] = value;
            assert!(IssuingKey::from_file(&wrong).is_err(), "{member}");
        }
    }

    #[test]
    fn seeds_differ_by_secret_and_label() {
        let seeds = [seed_from(b"a", b"b"), seed_from(b"a", b"c"), seed_from(b"ab", b""), seed_from(b"", b"ab")];
        assert!((0..4).all(|one| (0..one).all(|other| seeds[one] != seeds[other])));
        assert_eq!(seed_from(b"a", b"b"), seeds[0]);
    }

    #[test]
    fn keys_of_other_kinds_are_refused() {
        assert!(PublicKey::from_multikey("zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme").is_err());
        assert!(PublicKey::from_multikey(&"z".repeat(100_000)).is_err());
        assert!(PublicKey::from_jwk(&json!({"kty": "EC", "crv": "P-256", "x": "", "y": ""})).is_err());
        assert!(PublicKey::from_bytes(&[0; 32]).is_err(), "a weak key");
        let mut secret = IssuingKey::for_itself(&seed(), DateTime::UNIX_EPOCH).public().to_jwk();
        secret["d"] = json!("AAEC");
        assert!(PublicKey::from_jwk(&secret).is_err());
    }
}
