//! Where a request comes from: the connection's address, or what a proxy says that the installation names; what anybody else writes into a header is never believed.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use hiec_access::limits::Counted;
use hiec_access::sessions::Device;
use hiec_kernel::Problem;
use http::header::{HeaderName, USER_AGENT};
use http::request::Parts;

use crate::state::AppState;

/// The header in which the installation's reverse proxy says where a request came from; put among the services. Without it
/// the connection counts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ProxyHeader(pub HeaderName);

/// Where a request comes from.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Client {
    /// Nothing where the request came by no connection (tests in-process).
    pub address: Option<IpAddr>,
    /// `Firefox on Windows`; empty where the browser did not say.
    pub browser: String,
}

impl Client {
    pub fn of(parts: &Parts, state: &AppState) -> Self {
        let browser = parts.headers.get(USER_AGENT).and_then(|value| value.to_str().ok()).map(browser_words);
        Self { address: address(parts, state.optional::<ProxyHeader>()), browser: browser.unwrap_or_default() }
    }

    /// What is counted by: the address; of IPv6 the first 64 bits, which is what one household or ward has.
    pub fn key(&self) -> Option<String> {
        self.address.map(|address| match address.to_canonical() {
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(address) => {
                let [a, b, c, d, ..] = address.segments();
                Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).to_string()
            }
        })
    }

    /// Counts one, or answers with what to wait for. `what` says in the user's words what there were too many of.
    pub fn take(&self, state: &AppState, counted: Counted, what: &str) -> Result<(), Problem> {
        match self.key() {
            Some(key) => state.limits().take(counted, &key, state.now()).map_err(|wait| Problem::too_many(what, wait)),
            None => Ok(()),
        }
    }

    /// For the person's list of where they are signed in.
    pub fn device(&self) -> Device {
        Device {
            browser: self.browser.clone(),
            client: self.address.map(|address| address.to_canonical().to_string()).unwrap_or_default(),
        }
    }
}

impl FromRequestParts<AppState> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        Ok(Self::of(parts, state))
    }
}

/// The connection's address; or, where a proxy's header is named, the last address in it: the one our proxy wrote itself.
/// What stands before it came from the other side and may be anything.
fn address(parts: &Parts, header: Option<&ProxyHeader>) -> Option<IpAddr> {
    let connection = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let Some(ProxyHeader(name)) = header else {
        return connection;
    };
    let last = parts.headers.get_all(name).iter().next_back()?.to_str().ok()?.rsplit(',').next()?.trim();
    parsed(last).or(connection)
}

/// `192.0.2.1`, `192.0.2.1:443`, `[2001:db8::1]:443`, `2001:db8::1`.
fn parsed(text: &str) -> Option<IpAddr> {
    text.parse()
        .ok()
        .or_else(|| text.parse::<SocketAddr>().ok().map(|address| address.ip()))
        .or_else(|| text.strip_prefix('[')?.strip_suffix(']')?.parse().ok())
}

/// Browser and system in words, from what the browser says of itself; for recognising one's own, never for deciding anything.
fn browser_words(agent: &str) -> String {
    // Each claims to be those after it too.
    const BROWSERS: [(&str, &str); 8] = [
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser/", "Samsung Internet"),
        ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"),
        ("CriOS/", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    const SYSTEMS: [(&str, &str); 7] = [
        ("Windows", "Windows"),
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Mac OS X", "Mac"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ];
    let among =
        |list: &[(&str, &'static str)]| list.iter().find(|(sign, _)| agent.contains(sign)).map(|(_, word)| *word);
    match (among(&BROWSERS), among(&SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(word), None) | (None, Some(word)) => word.to_owned(),
        (None, None) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(connection: &str, headers: &[(&'static str, &'static str)]) -> Parts {
        let mut request = http::Request::builder();
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (mut parts, ()) = request.body(()).unwrap().into_parts();
        parts.extensions.insert(ConnectInfo::<SocketAddr>(connection.parse().unwrap()));
        parts
    }

    fn key(address: &str) -> String {
        Client { address: address.parse().ok(), browser: String::new() }.key().unwrap()
    }

    #[test]
    fn a_header_counts_only_where_the_installation_names_it() {
        let forged = parts("198.51.100.7:9", &[("x-forwarded-for", "203.0.113.1")]);
        assert_eq!(address(&forged, None), "198.51.100.7".parse().ok());
        let proxy = ProxyHeader(HeaderName::from_static("x-forwarded-for"));
        assert_eq!(address(&forged, Some(&proxy)), "203.0.113.1".parse().ok());
        let chain = parts(
            "10.0.0.1:9",
            &[("x-forwarded-for", "127.0.0.1, 192.0.2.4"), ("x-forwarded-for", "1.2.3.4, 203.0.113.9")],
        );
        assert_eq!(address(&chain, Some(&proxy)), "203.0.113.9".parse().ok(), "the last is the proxy's own word");
        let port = parts("10.0.0.1:9", &[("x-forwarded-for", "[2001:db8::7]:4711")]);
        assert_eq!(address(&port, Some(&proxy)), "2001:db8::7".parse().ok());
        let rubbish = parts("10.0.0.1:9", &[("x-forwarded-for", "unknown")]);
        assert_eq!(address(&rubbish, Some(&proxy)), "10.0.0.1".parse().ok());
    }

    #[test]
    fn one_household_is_one_client() {
        assert_eq!(key("2001:db8:1:2:aaaa::1"), key("2001:db8:1:2:bbbb::2"));
        assert_ne!(key("2001:db8:1:2::1"), key("2001:db8:1:3::1"));
        assert_eq!(key("::ffff:192.0.2.1"), "192.0.2.1");
    }

    #[test]
    fn browsers_are_told_apart_by_what_they_say_last() {
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36 Edg/120.0";
        assert_eq!(browser_words(edge), "Edge on Windows");
        let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604.1";
        assert_eq!(browser_words(phone), "Safari on iPhone");
        assert_eq!(
            browser_words("Mozilla/5.0 (X11; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0"),
            "Firefox on Linux"
        );
        assert_eq!(browser_words("curl/8.0"), "");
    }
}
