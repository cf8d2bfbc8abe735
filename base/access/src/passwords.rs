//! Passwords: Argon2id, checked off the async threads; a password itself is never stored or logged.

use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use rand::RngCore;

/// The shortest password accepted; length is what protects (NCSC and NIST SP 800-63B).
pub const SHORTEST: usize = 12;
/// Longer input is refused before hashing, so that nobody can keep the server busy with it.
pub const LONGEST: usize = 256;

#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum PasswordError {
    #[error("Choose a password of at least {SHORTEST} characters: three random words do well")]
    TooShort,
    #[error("Choose a password of at most {LONGEST} characters")]
    TooLong,
    #[error("This password is among the first that are guessed: choose another, three random words do well")]
    TooCommon,
    #[error("The password could not be stored: try again")]
    Failed,
}

/// What everybody guesses first, at the length we accept.
const COMMON: &[&str] =
    &["password1234", "123456789012", "qwertyuiop12", "letmein12345", "administrator", "passwordpassword"];

/// Argon2id with the parameters OWASP gives for 19 MiB: m = 19456 KiB, t = 2, p = 1.
fn hasher() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::default())
}

/// Checks a new password and hashes it (PHC string).
pub async fn hash(password: String) -> Result<String, PasswordError> {
    check(&password)?;
    let mut salt_bytes = [0_u8; 16];
    rand::rng().fill_bytes(&mut salt_bytes);
    tokio::task::spawn_blocking(move || {
        let salt = SaltString::encode_b64(&salt_bytes).map_err(|_| PasswordError::Failed)?;
        hasher()
            .hash_password(password.as_bytes(), &salt)
            .map(|hash| hash.to_string())
            .map_err(|_| PasswordError::Failed)
    })
    .await
    .map_err(|_| PasswordError::Failed)?
}

/// Whether the password is the one hashed. Takes as long when there is no hash, so that nobody learns who has an account.
pub async fn verify(password: String, hash: Option<String>) -> bool {
    if password.len() > LONGEST {
        return false;
    }
    tokio::task::spawn_blocking(move || {
        let stored = hash.as_deref().unwrap_or(NOBODY);
        let matches = PasswordHash::new(stored)
            .is_ok_and(|parsed| hasher().verify_password(password.as_bytes(), &parsed).is_ok());
        matches && hash.is_some()
    })
    .await
    .unwrap_or(false)
}

/// A hash of a random secret, to spend the same time on an unknown address.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$mBc7JkmGkZoQ2B7dVbGUYGXRJsAR2d1h9pQ2R0Rk4mE";

fn check(password: &str) -> Result<(), PasswordError> {
    if password.chars().count() < SHORTEST {
        return Err(PasswordError::TooShort);
    }
    if password.len() > LONGEST {
        return Err(PasswordError::TooLong);
    }
    if COMMON.contains(&password.to_lowercase().as_str()) {
        return Err(PasswordError::TooCommon);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_right_password_opens_and_others_do_not() {
        let stored = hash("correct horse battery".into()).await.unwrap();
        assert!(stored.starts_with("$argon2id$"));
        assert!(verify("correct horse battery".into(), Some(stored.clone())).await);
        assert!(!verify("correct horse batterz".into(), Some(stored)).await);
        assert!(!verify("anything at all".into(), None).await);
    }

    #[tokio::test]
    async fn short_long_and_common_ones_are_refused() {
        assert_eq!(hash("short".into()).await, Err(PasswordError::TooShort));
        assert_eq!(hash("x".repeat(300)).await, Err(PasswordError::TooLong));
        assert_eq!(hash("Password1234".into()).await, Err(PasswordError::TooCommon));
    }
}
