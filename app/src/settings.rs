//! What an installation is told: a TOML file, then `HIEC_…` in the environment, then flags, the later over the earlier; an unknown key is refused, never ignored.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use hiec_access::limits::{Allowance, Allowances};
use hiec_accounts::oidc::OidcSettings;
use hiec_education::SigningSecret;
use hiec_web::client::ProxyHeader;
use url::{Host, Url};

/// Every setting: its key in the file (`HIEC_` and capitals in the environment), and what it is.
pub const KEYS: &[(&str, &str)] = &[
    ("database", "sqlite:///path/to/hiec.db or postgres://user@host/name"),
    ("listen", "address and port to answer on"),
    ("base", "the address people use, https://…, for links in letters and for cookies"),
    ("name", "what the service is called on its pages"),
    ("files", "the folder for uploaded files"),
    ("s3_bucket", "keep files in this bucket instead"),
    ("s3_endpoint", "address of the S3-compatible store; empty for Amazon's"),
    ("s3_region", "its region"),
    ("s3_access_key_id", "key for it"),
    ("s3_secret_access_key", "secret for it"),
    ("s3_http", "true allows plain HTTP to it"),
    ("smtp", "smtps://user:password@host:465, or smtp://host:25 within one machine"),
    ("mail_from", "the sender of letters: Programme office <office@example.org>"),
    ("oidc_issuer", "the address of your organisation's sign-in service (OpenID Connect), as the service spells it"),
    ("oidc_client_id", "what the service calls us"),
    ("oidc_client_secret", "the secret it gave us"),
    ("oidc_name", "what people know the service by: NHS Mail"),
    ("metrics_token", "serve /metrics to whoever sends this bearer token"),
    ("metrics_listen", "serve /metrics on an address of its own"),
    ("otlp_endpoint", "send traces to this OpenTelemetry collector, by OTLP over HTTP: http://127.0.0.1:4318"),
    ("pdf", "path of the program hiec-pdf, where it does not stand beside hiec"),
    ("credential_secret", "the secret badges are signed with: at least 32 random characters, kept for good"),
    ("client_header", "the header in which your reverse proxy says where a request came from: x-forwarded-for"),
    ("limit_sign_in", "attempts to sign in from one address, in ten minutes; 0: no limit"),
    ("limit_letters", "letters with links asked for, and links tried, from one address, in an hour; 0: no limit"),
    ("limit_invitations", "invitations one person sends, in an hour; 0: no limit"),
    ("limit_tokens", "unknown tokens from one address, in ten minutes; 0: no limit"),
    ("limit_writes", "changes by one person, or from one address where nobody is signed in, in a minute; 0: no limit"),
];

/// Names that begin with `HIEC_` and are not settings of an installation.
const OTHERS: &[&str] = &["config", "log", "binary", "chromium", "postgres_durable"];

/// Key and value as given, with the place they came from for messages.
#[derive(Clone, Debug, Default)]
pub struct Given {
    values: BTreeMap<&'static str, (String, String)>,
}

/// Why the settings cannot be used, for the operator.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    #[error("{place} sets “{key}”, which is no setting{}", nearest_words(.nearest))]
    Unknown { place: String, key: String, nearest: Option<&'static str> },
    #[error("{place} cannot be read: {cause}")]
    File { place: String, cause: String },
    #[error("{place} sets {key} to “{value}”, which is not {wanted}")]
    Value { place: String, key: &'static str, value: String, wanted: &'static str },
    #[error("{set} is set and {} not: signing in by another service takes oidc_issuer, oidc_client_id and oidc_client_secret together", missing_words(.missing))]
    Partial { set: &'static str, missing: Vec<&'static str> },
    #[error("{key} is not set. Give it in the file, as HIEC_{} or as --{}: {what}", .key.to_uppercase(), .key.replace('_', "-"))]
    Missing { key: &'static str, what: &'static str },
}

fn nearest_words(nearest: &Option<&'static str>) -> String {
    nearest.map_or_else(|| format!(". The settings are {}", names()), |nearest| format!("; did you mean “{nearest}”?"))
}

fn missing_words(missing: &[&str]) -> String {
    format!("{} {}", missing.join(" and "), if missing.len() == 1 { "is" } else { "are" })
}

fn names() -> String {
    KEYS.iter().map(|(key, _)| *key).collect::<Vec<_>>().join(", ")
}

impl Given {
    /// Reads the file (where one is named), then the environment.
    pub fn read(
        file: Option<&Path>,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, SettingsError> {
        let mut given = Self::default();
        if let Some(file) = file {
            let place = file.display().to_string();
            let unreadable = |cause: String| SettingsError::File { place: place.clone(), cause };
            let text = std::fs::read_to_string(file).map_err(|e| unreadable(e.to_string()))?;
            let table: toml::Table = text.parse().map_err(|e: toml::de::Error| unreadable(e.to_string()))?;
            for (key, value) in table {
                let text = match value {
                    toml::Value::String(text) => text,
                    other => other.to_string(),
                };
                given.set(&key, text, &place)?;
            }
        }
        for (name, value) in environment {
            let Some(key) = name.strip_prefix("HIEC_").map(str::to_lowercase) else {
                continue;
            };
            let is_other = OTHERS.contains(&key.as_str()) || key.starts_with("test_") || key.starts_with("require_");
            if !is_other && !value.is_empty() {
                given.set(&key, value, &format!("The environment ({name})"))?;
            }
        }
        Ok(given)
    }

    /// A flag of the command line: it wins over what was set before.
    pub fn flag(&mut self, key: &'static str, value: Option<impl ToString>) {
        if let Some(value) = value {
            let place = format!("--{}", key.replace('_', "-"));
            self.values.insert(key, (value.to_string(), place));
        }
    }

    fn set(&mut self, key: &str, value: String, place: &str) -> Result<(), SettingsError> {
        let known = KEYS.iter().map(|(known, _)| *known);
        match known.clone().find(|known| *known == key) {
            Some(known) => {
                self.values.insert(known, (value, place.to_owned()));
                Ok(())
            }
            None => Err(SettingsError::Unknown {
                place: place.to_owned(),
                key: key.to_owned(),
                nearest: known
                    .map(|known| (strsim::jaro_winkler(known, key), known))
                    .filter(|(likeness, _)| *likeness > 0.75)
                    .max_by(|a, b| a.0.total_cmp(&b.0))
                    .map(|(_, known)| known),
            }),
        }
    }

    /// The text of a setting, where it is set.
    pub fn text(&self, key: &'static str) -> Option<String> {
        self.values.get(key).map(|(value, _)| value.clone())
    }

    /// The database's address, which nearly every command needs.
    pub fn database(&self) -> Result<String, SettingsError> {
        self.needed("database")
    }

    fn needed(&self, key: &'static str) -> Result<String, SettingsError> {
        self.text(key).ok_or(SettingsError::Missing {
            key,
            what: KEYS.iter().find(|(known, _)| *known == key).map_or("", |(_, what)| what),
        })
    }

    fn parsed<T: std::str::FromStr>(
        &self,
        key: &'static str,
        wanted: &'static str,
    ) -> Result<Option<T>, SettingsError> {
        self.values
            .get(key)
            .map(|(value, place)| {
                value.parse().map_err(|_| SettingsError::Value {
                    place: place.clone(),
                    key,
                    // A secret never stands in a message: only addresses and switches are parsed.
                    value: value.clone(),
                    wanted,
                })
            })
            .transpose()
    }

    /// Everything `hiec serve` needs, checked.
    pub fn settings(&self) -> Result<Settings, SettingsError> {
        let s3 = self
            .text("s3_bucket")
            .map(|bucket| -> Result<hiec_files::object::S3Settings, SettingsError> {
                Ok(hiec_files::object::S3Settings {
                    endpoint: self.text("s3_endpoint").unwrap_or_default(),
                    region: self.text("s3_region").unwrap_or_else(|| "eu-west-2".into()),
                    bucket,
                    access_key_id: self.needed("s3_access_key_id")?,
                    secret_access_key: self.needed("s3_secret_access_key")?,
                    is_http_allowed: self.parsed("s3_http", "true or false")?.unwrap_or(false),
                })
            })
            .transpose()?;
        Ok(Settings {
            database: self.database()?,
            listen: self
                .parsed("listen", "an address and port such as 127.0.0.1:8080")?
                .unwrap_or(SocketAddr::from(([127, 0, 0, 1], 8080))),
            base: self.parsed("base", "an address such as https://hiec.example.org/")?,
            name: self.text("name").unwrap_or_else(|| "hiec".into()),
            files: self.text("files").map_or_else(|| PathBuf::from("hiec-files"), PathBuf::from),
            s3,
            smtp: self.text("smtp"),
            mail_from: self.text("mail_from"),
            oidc: self.oidc()?,
            metrics_token: self.text("metrics_token"),
            metrics_listen: self.parsed("metrics_listen", "an address and port such as 127.0.0.1:9100")?,
            otlp_endpoint: self.collector()?,
            pdf: self.text("pdf").map(PathBuf::from),
            credential_secret: self.credential_secret()?,
            client_header: self
                .parsed("client_header", "the name of a header such as x-forwarded-for")?
                .map(ProxyHeader),
            allowances: self.allowances()?,
        })
    }

    /// The secret of badges. It never stands in a message.
    fn credential_secret(&self) -> Result<Option<SigningSecret>, SettingsError> {
        let Some((value, place)) = self.values.get("credential_secret") else {
            return Ok(None);
        };
        SigningSecret::new(value).map(Some).ok_or_else(|| SettingsError::Value {
            place: place.clone(),
            key: "credential_secret",
            value: "…".to_owned(),
            wanted: "at least 32 characters long; `openssl rand -hex 32` makes a good one",
        })
    }

    /// The collector of traces.
    fn collector(&self) -> Result<Option<Url>, SettingsError> {
        const WANTED: &str = "an address such as http://127.0.0.1:4318";
        let Some(url) = self.parsed::<Url>("otlp_endpoint", WANTED)? else {
            return Ok(None);
        };
        if matches!(url.scheme(), "http" | "https") {
            return Ok(Some(url));
        }
        let (value, place) = self.values.get("otlp_endpoint").cloned().unwrap_or_default();
        Err(SettingsError::Value { place, key: "otlp_endpoint", value, wanted: WANTED })
    }

    /// The organisation's sign-in service: all of it, or none.
    fn oidc(&self) -> Result<Option<OidcSettings>, SettingsError> {
        const KEYS: [&str; 4] = ["oidc_issuer", "oidc_client_id", "oidc_client_secret", "oidc_name"];
        let Some(set) = KEYS.into_iter().find(|key| self.values.contains_key(key)) else {
            return Ok(None);
        };
        let [issuer, client_id, client_secret, name] = KEYS.map(|key| self.text(key));
        let (Some(issuer), Some(client_id), Some(client_secret)) = (issuer, client_id, client_secret) else {
            let missing = KEYS[..3].iter().copied().filter(|key| !self.values.contains_key(key)).collect();
            return Err(SettingsError::Partial { set, missing });
        };
        let is_safe = |url: &Url| url.scheme() == "https" || (url.scheme() == "http" && is_this_machine(url));
        if !self.parsed::<Url>("oidc_issuer", ISSUER)?.is_some_and(|url| is_safe(&url)) {
            let place = self.values.get("oidc_issuer").map(|(_, place)| place.clone()).unwrap_or_default();
            return Err(SettingsError::Value { place, key: "oidc_issuer", value: issuer, wanted: ISSUER });
        }
        let name = name.unwrap_or_else(|| "your organisation's account".into());
        Ok(Some(OidcSettings { issuer, client_id, client_secret, name }))
    }

    /// How often things may be tried: the usual, or what the installation says.
    fn allowances(&self) -> Result<Allowances, SettingsError> {
        let usual = Allowances::default();
        let most = |key, usual: Allowance| -> Result<Allowance, SettingsError> {
            let most = self.parsed(key, "a whole number, 0 or more")?;
            Ok(Allowance { most: most.unwrap_or(usual.most), ..usual })
        };
        Ok(Allowances {
            sign_in: most("limit_sign_in", usual.sign_in)?,
            wrong_password: usual.wrong_password,
            letter: most("limit_letters", usual.letter)?,
            invitation: most("limit_invitations", usual.invitation)?,
            wrong_token: most("limit_tokens", usual.wrong_token)?,
            write: most("limit_writes", usual.write)?,
        })
    }
}

const ISSUER: &str = "an address such as https://login.example.org/ (http:// only on this machine)";

/// Whether an address leads no further than this machine, where nobody listens on the way.
fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// The settings of an installation.
#[derive(Clone)]
pub struct Settings {
    pub database: String,
    pub listen: SocketAddr,
    /// `None`: the address listened on.
    pub base: Option<Url>,
    pub name: String,
    pub files: PathBuf,
    pub s3: Option<hiec_files::object::S3Settings>,
    pub smtp: Option<String>,
    pub mail_from: Option<String>,
    pub oidc: Option<OidcSettings>,
    pub metrics_token: Option<String>,
    pub metrics_listen: Option<SocketAddr>,
    /// `None`: no traces.
    pub otlp_endpoint: Option<Url>,
    pub pdf: Option<PathBuf>,
    /// `None`: no badge is signed here.
    pub credential_secret: Option<SigningSecret>,
    /// Believed only because the installation names it.
    pub client_header: Option<ProxyHeader>,
    pub allowances: Allowances,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(file: &str, environment: &[(&str, &str)]) -> Result<Given, SettingsError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("hiec.toml");
        std::fs::write(&path, file).unwrap();
        let environment = environment.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        Given::read(Some(&path), environment)
    }

    #[test]
    fn later_places_win_over_earlier_ones() {
        let mut given = given(
            "database = \"sqlite:///a.db\"\nlisten = \"127.0.0.1:1\"\nname = \"From file\"",
            &[("HIEC_LISTEN", "127.0.0.1:2"), ("HIEC_NAME", "From environment"), ("PATH", "/bin")],
        )
        .unwrap();
        given.flag("name", Some("From flag"));
        let settings = given.settings().unwrap();
        assert_eq!(settings.database, "sqlite:///a.db");
        assert_eq!(settings.listen.port(), 2);
        assert_eq!(settings.name, "From flag");
    }

    #[test]
    fn a_secret_of_badges_is_long_and_never_said() {
        let error = given("database = \"x\"\ncredential_secret = \"too short\"", &[]).unwrap();
        let error = error.settings().err().unwrap().to_string();
        assert!(error.contains("at least 32 characters") && !error.contains("too short"), "{error}");
        let fine = given("database = \"x\"\ncredential_secret = \"0123456789abcdef0123456789abcdef\"", &[]).unwrap();
        let secret = fine.settings().unwrap().credential_secret;
        assert_eq!(format!("{secret:?}"), "Some(SigningSecret)");
    }

    #[test]
    fn an_unknown_key_is_refused_with_the_nearest_known_one() {
        let error = given("databse = \"x\"", &[]).unwrap_err().to_string();
        assert!(error.ends_with("sets “databse”, which is no setting; did you mean “database”?"), "{error}");
        let error = given("", &[("HIEC_METRICS_TOKN", "x")]).unwrap_err().to_string();
        assert!(error.contains("did you mean “metrics_token”?"), "{error}");
        let error = given("colour = \"x\"", &[]).unwrap_err().to_string();
        assert!(error.contains("The settings are database, listen,"), "{error}");
    }

    #[test]
    fn a_wrong_or_missing_value_says_what_is_wanted() {
        let error = |file: &str| given(file, &[]).unwrap().settings().err().unwrap().to_string();
        assert!(error("").starts_with("database is not set. Give it in the file, as HIEC_DATABASE or as --database"));
        assert!(
            error("database = \"sqlite:x\"\nlisten = \"here\"")
                .contains("sets listen to “here”, which is not an address and port")
        );
        assert!(error("database = \"sqlite:x\"\ns3_bucket = \"b\"").starts_with("s3_access_key_id is not set"));
        assert!(error("database = \"sqlite:x\"\nlimit_writes = \"many\"").contains("is not a whole number"));
        assert!(error("database = \"sqlite:x\"\nclient_header = \"x y\"").contains("is not the name of a header"));
        let grpc = error("database = \"sqlite:x\"\notlp_endpoint = \"grpc://collector:4317\"");
        assert!(
            grpc.contains("sets otlp_endpoint to “grpc://collector:4317”, which is not an address such as"),
            "{grpc}"
        );
        assert!(given("not toml", &[]).is_err());
    }

    #[test]
    fn a_sign_in_service_is_set_whole_and_safe_or_not_at_all() {
        let read = |lines: &str| given(&format!("database = \"sqlite:x\"\n{lines}"), &[]).unwrap().settings();
        let error = |lines: &str| read(lines).err().unwrap().to_string();
        assert!(read("").unwrap().oidc.is_none());
        let rest = "oidc_client_id = \"hiec\"\noidc_client_secret = \"s\"";
        assert!(
            error("oidc_name = \"NHS Mail\"")
                .starts_with("oidc_name is set and oidc_issuer and oidc_client_id and oidc_client_secret are not")
        );
        assert!(error(rest).starts_with("oidc_client_id is set and oidc_issuer is not"));
        for unsafe_one in ["http://login.example.org/", "login.example.org", "ftp://login.example.org"] {
            let words = error(&format!("oidc_issuer = \"{unsafe_one}\"\n{rest}"));
            assert!(words.contains("is not an address such as https://login.example.org/"), "{words}");
        }
        for safe in ["https://login.example.org/realm", "http://127.0.0.1:4000", "http://localhost:4000"] {
            let oidc = read(&format!("oidc_issuer = \"{safe}\"\n{rest}")).unwrap().oidc.unwrap();
            assert_eq!((oidc.issuer.as_str(), oidc.name.as_str()), (safe, "your organisation's account"));
        }
    }

    #[test]
    fn limits_are_the_usual_unless_said_otherwise() {
        let settings = given("database = \"sqlite:x\"\nlimit_writes = 7\nclient_header = \"X-Real-IP\"", &[]).unwrap();
        let settings = settings.settings().unwrap();
        assert_eq!(settings.allowances.write.most, 7);
        assert_eq!(settings.allowances.sign_in, Allowances::default().sign_in);
        assert_eq!(settings.client_header.unwrap().0.as_str(), "x-real-ip");
    }
}
