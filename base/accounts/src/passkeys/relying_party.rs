//! Who we are to a passkey: the host name people use. A passkey belongs to that name for ever, so it is taken from the settings and from nothing a request says.

use hiec_kernel::{Problem, ProblemKind};
use hiec_web::Site;
use url::{Host, Url};
use webauthn_rs::{Webauthn, WebauthnBuilder};

/// The name passkeys belong to, and the one address at which they work.
pub(crate) struct RelyingParty {
    /// `https://hiec.example.org`
    pub origin: Url,
    webauthn: Webauthn,
}

impl RelyingParty {
    /// Ours; nothing where people reach this installation by a number, which no passkey can belong to.
    ///
    /// On one machine `127.0.0.1` has a name: `localhost`, which browsers trust without TLS.
    pub fn of(site: &Site) -> Option<Self> {
        let mut origin = site.base.clone();
        origin.set_path("");
        let is_loopback = match origin.host()? {
            Host::Domain(_) => false,
            Host::Ipv4(address) if address.is_loopback() => true,
            Host::Ipv6(address) if address.is_loopback() => true,
            Host::Ipv4(_) | Host::Ipv6(_) => return None,
        };
        if is_loopback {
            origin.set_host(Some("localhost")).ok()?;
        }
        let name = origin.host_str()?.to_owned();
        let webauthn = WebauthnBuilder::new(&name, &origin).ok()?.rp_name(&site.name).build().ok()?;
        Some(Self { origin, webauthn })
    }

    /// Ours, or why there are no passkeys here.
    pub fn needed(site: &Site) -> Result<Self, Problem> {
        Self::of(site).ok_or_else(|| {
            Problem::new(
                ProblemKind::Unavailable,
                "This installation has no passkeys",
                "It is reached by a number, and passkeys belong to a name. Sign in with your password.",
            )
        })
    }

    pub fn webauthn(&self) -> &Webauthn {
        &self.webauthn
    }

    /// The address at which passkeys work, as the browser spells it.
    pub fn origin(&self) -> String {
        self.origin.origin().ascii_serialization()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(base: &str) -> Option<String> {
        let site = Site { name: "hiec".into(), base: base.parse().unwrap(), is_demo: false };
        RelyingParty::of(&site).map(|party| party.origin())
    }

    #[test]
    fn passkeys_belong_to_the_name_people_use() {
        assert_eq!(origin("https://hiec.example.org/"), Some("https://hiec.example.org".into()));
        assert_eq!(origin("https://hiec.example.org:8443/x/"), Some("https://hiec.example.org:8443".into()));
        assert_eq!(origin("http://127.0.0.1:8080/"), Some("http://localhost:8080".into()));
        assert_eq!(origin("http://[::1]:8080/"), Some("http://localhost:8080".into()));
        assert_eq!(origin("https://192.0.2.1/"), None);
        assert_eq!(origin("https://[2001:db8::1]/"), None);
    }
}
