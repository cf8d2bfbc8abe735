//! A device with a passkey, made of a key and a counter: answers a page's questions as a browser would hand them on (WebAuthn level 3). It can also do what no honest device does.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{DerSignature, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// User present, user verified, attested data follows.
const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const ATTESTED: u8 = 0x40;

/// A device with one passkey.
pub struct Authenticator {
    key: SigningKey,
    credential: Vec<u8>,
    /// What the site called the person.
    pub user: Vec<u8>,
    pub counter: u32,
    /// Where the browser says it is.
    pub origin: String,
    /// Whether it asks for a finger, a face or a code.
    pub asks_its_holder: bool,
}

impl Authenticator {
    /// A device whose key and credential id are made from `seed`.
    pub fn new(seed: u8, origin: &str) -> Self {
        Self {
            key: SigningKey::from_slice(&[seed; 32]).expect("a key"),
            credential: vec![seed; 16],
            user: Vec::new(),
            counter: 1,
            origin: origin.to_owned(),
            asks_its_holder: true,
        }
    }

    /// Makes its passkey for a site: what `navigator.credentials.create()` gives.
    pub fn create(&mut self, options: &Value) -> Value {
        let options = &options["publicKey"];
        self.user = bytes(&options["user"]["id"]);
        let point = self.key.verifying_key().to_sec1_point(false);
        let mut data = self.data(options["rp"]["id"].as_str().expect("a site"), ATTESTED);
        data.extend([0_u8; 16]);
        data.extend(u16::try_from(self.credential.len()).expect("short").to_be_bytes());
        data.extend(&self.credential);
        // COSE: a P-256 key for ES256 (RFC 9053), in CBOR.
        data.extend([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]);
        data.extend(point.x().expect("a point").as_slice());
        data.extend([0x22, 0x58, 0x20]);
        data.extend(point.y().expect("a point").as_slice());
        let mut object = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x59".to_vec();
        object.extend(u16::try_from(data.len()).expect("short").to_be_bytes());
        object.extend(data);
        self.credential(json!({
            "attestationObject": text(&object),
            "clientDataJSON": text(&self.client_data("webauthn.create", options)),
            "transports": ["internal"],
        }))
    }

    /// Answers with its passkey: what `navigator.credentials.get()` gives.
    pub fn get(&mut self, options: &Value) -> Value {
        let options = &options["publicKey"];
        self.counter += 1;
        let data = self.data(options["rpId"].as_str().expect("a site"), 0);
        let client = self.client_data("webauthn.get", options);
        let mut signed = data.clone();
        signed.extend(Sha256::digest(&client));
        let signature: DerSignature = self.key.sign(&signed);
        self.credential(json!({
            "authenticatorData": text(&data),
            "clientDataJSON": text(&client),
            "signature": text(signature.as_bytes()),
            "userHandle": text(&self.user),
        }))
    }

    fn credential(&self, response: Value) -> Value {
        let id = text(&self.credential);
        json!({ "id": id, "rawId": id, "type": "public-key", "extensions": {}, "response": response })
    }

    fn data(&self, site: &str, flags: u8) -> Vec<u8> {
        let verified = if self.asks_its_holder { VERIFIED } else { 0 };
        let mut data = Sha256::digest(site.as_bytes()).to_vec();
        data.push(PRESENT | verified | flags);
        data.extend(self.counter.to_be_bytes());
        data
    }

    fn client_data(&self, kind: &str, options: &Value) -> Vec<u8> {
        let challenge = &options["challenge"];
        json!({ "type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": false })
            .to_string()
            .into_bytes()
    }
}

fn text(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn bytes(value: &Value) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(value.as_str().expect("bytes as text")).expect("base64url")
}
