//! Data Integrity proofs of the suite `eddsa-rdfc-2022`; it must never sign what it would not itself accept.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::keys::decode_base58;
use crate::{IssuingKey, PublicKey, Unusable, canonical, dates, form, quoted};

const SUITE: &str = "eddsa-rdfc-2022";
const SIGNATURE_LENGTH: usize = 64;

/// Signs a credential: the same, with a `proof`. The proof stands in a list, as the published schema wants it.
///
/// # Errors
/// A document that is signed already, or that no verifier could read whole.
pub fn sign_data_integrity(document: &Value, key: &IssuingKey, created: DateTime<Utc>) -> Result<Value, Unusable> {
    if document.get("proof").is_some() {
        return Err(Unusable::new("the credential is signed already"));
    }
    form::contexts(document).map_err(Unusable)?;
    form::check(document).map_err(Unusable)?;
    let mut proof = json!({
        "type": "DataIntegrityProof",
        "cryptosuite": SUITE,
        "created": dates::write(created),
        "verificationMethod": key.id,
        "proofPurpose": "assertionMethod",
    });
    let message = message(document, &proof).map_err(Unusable)?;
    proof["proofValue"] = json!(format!("z{}", bs58::encode(key.sign(&message)).into_string()));
    let mut signed = document.clone();
    signed["proof"] = json!([proof]);
    Ok(signed)
}

/// The one proof of this suite that a document carries.
pub fn proof(document: &Value) -> Result<&Value, String> {
    let proofs: Vec<&Value> = match document.get("proof") {
        Some(Value::Array(proofs)) => proofs.iter().collect(),
        Some(Value::Null) | None => Vec::new(),
        Some(one) => vec![one],
    };
    let is_ours = |proof: &&Value| {
        proof.get("type") == Some(&json!("DataIntegrityProof")) && proof.get("cryptosuite") == Some(&json!(SUITE))
    };
    let mut ours = proofs.iter().copied().filter(is_ours);
    match (ours.next(), ours.next()) {
        (Some(proof), None) => Ok(proof),
        (Some(_), Some(_)) => {
            Err("It carries two proofs of the same kind, and nothing says which one speaks for it.".to_owned())
        }
        (None, _) if proofs.is_empty() => Err("It carries no signature at all.".to_owned()),
        (None, _) => {
            let kind = |proof: &Value| {
                let name = proof.get("cryptosuite").or_else(|| proof.get("type")).and_then(Value::as_str);
                quoted(name.unwrap_or("unnamed"))
            };
            Err(format!("Its signature is of the kind {}; {SUITE} is read here.", kind(proofs[0])))
        }
    }
}

/// A moment a proof states: when it was made (`created`), until when it is good (`expires`).
pub fn moment(proof: &Value, name: &str) -> Result<Option<DateTime<Utc>>, String> {
    let Some(value) = proof.get(name) else { return Ok(None) };
    let moment = value.as_str().and_then(dates::read);
    moment.map(Some).ok_or_else(|| format!("The proof's {name} is no moment with a time zone."))
}

/// Why a proof does not hold.
pub enum Flaw {
    /// What is read is not what could have been signed.
    Form(String),
    Signature(String),
}

/// Whether the proof over the document is this key's. Form and contexts must have been checked.
pub fn check(document: &Value, proof: &Value, key: PublicKey) -> Result<(), Flaw> {
    if proof.get("proofPurpose") != Some(&json!("assertionMethod")) {
        let words = "The proof was not made to assert something (proofPurpose), so it signs no credential.";
        return Err(Flaw::Signature(words.to_owned()));
    }
    form::check(proof).map_err(|problem| Flaw::Form(format!("In the proof: {problem}")))?;
    let value = proof.get("proofValue").and_then(Value::as_str);
    let signature = value.and_then(|value| decode_base58(value, SIGNATURE_LENGTH));
    let no_signature = || Flaw::Signature("The proof's proofValue is no Ed25519 signature (z and base58).".to_owned());
    let signature = signature.ok_or_else(no_signature)?;
    let mut unsigned = document.clone();
    let mut options = proof.clone();
    if let (Some(document), Some(options)) = (unsigned.as_object_mut(), options.as_object_mut()) {
        document.remove("proof");
        options.remove("proofValue");
    }
    let message = message(&unsigned, &options).map_err(Flaw::Form)?;
    if key.has_signed(&message, &signature) {
        Ok(())
    } else {
        let words = "The signature does not fit: something in the credential was changed after it was signed.";
        Err(Flaw::Signature(words.to_owned()))
    }
}

/// What is signed: the hash of the proof's options, then that of the document.
fn message(unsigned: &Value, options: &Value) -> Result<Vec<u8>, String> {
    let mut options = options.clone();
    // The options are read with the document's meanings.
    options["@context"] = unsigned.get("@context").cloned().unwrap_or_default();
    let mut message = Sha256::digest(canonical::statements(&options)?).to_vec();
    message.extend_from_slice(&Sha256::digest(canonical::statements(unsigned)?));
    Ok(message)
}
