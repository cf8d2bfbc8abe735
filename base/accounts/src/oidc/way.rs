//! The way to the sign-in service and back: one secret in the browser's cookie, from which everything else that must not be guessed is made; the server keeps its hash alone, so what is stored opens nothing.

use hiec_access::sessions::{hashed, secret};
use hiec_web::AppState;
use hiec_web::who::cookie;
use http::HeaderMap;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What a way leads to; kept with the hash of its secret.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "towards", rename_all = "snake_case")]
pub(super) enum Towards {
    SignIn {
        /// A path of this site.
        next: String,
    },
    /// Linking the account of the person who began.
    Link,
    /// Answering an invitation: the service has said who came, and that the invitation's address is theirs.
    Joining { subject: String, invitation: Uuid },
}

/// A way somebody is on, in one browser.
pub(super) struct Way(String);

impl Way {
    pub(super) fn new() -> Self {
        Self(secret())
    }

    /// The one the browser is on, whether or not it is still good.
    pub(super) fn of(headers: &HeaderMap, app: &AppState) -> Option<Self> {
        cookie(headers, cookie_name(app)).filter(|secret| !secret.is_empty()).map(Self)
    }

    /// What is kept by its hash.
    pub(super) fn secret(&self) -> &str {
        &self.0
    }

    /// Goes through the service and back, and shows that the browser that comes back is the one that went.
    pub(super) fn state(&self) -> String {
        self.made("state")
    }

    /// Stands in what the service signs, and shows that it was signed for this way.
    pub(super) fn nonce(&self) -> String {
        self.made("nonce")
    }

    /// Shows the service that who asks for the answer is who sent the person (RFC 7636).
    pub(super) fn verifier(&self) -> String {
        self.made("verifier")
    }

    /// From one of these nobody finds another, nor the secret.
    fn made(&self, what: &str) -> String {
        hashed(&format!("{what} {}", self.0))
    }

    /// For ten minutes, as the server keeps it; `Lax`, for the browser comes back by a link of the service.
    pub(super) fn cookie(&self, app: &AppState) -> String {
        let secure = if app.site().is_secure() { "; Secure" } else { "" };
        format!("{}={}; Path=/; HttpOnly; SameSite=Lax; Max-Age=600{secure}", cookie_name(app), self.0)
    }
}

fn cookie_name(app: &AppState) -> &'static str {
    if app.site().is_secure() { "__Host-hiec_way" } else { "hiec_way" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_of_a_secret_differs_and_fits_its_place() {
        let (way, other) = (Way::new(), Way::new());
        let made = [way.state(), way.nonce(), way.verifier(), other.state(), other.nonce(), other.verifier()];
        for (n, one) in made.iter().enumerate() {
            assert!((43..=128).contains(&one.len()), "RFC 7636 wants 43 to 128 letters");
            assert!(one.bytes().all(|byte| byte.is_ascii_alphanumeric()));
            assert!(!made[n + 1..].contains(one));
            assert!(!one.contains(way.secret()));
        }
        assert_eq!(way.state(), Way(way.secret().to_owned()).state());
    }
}
