//! Identifiers as the standards want them: registers from org-id.guide where an organisation stands in one, our own documented scheme where not; two different things never share one.

use hiec_kernel::OrganisationId;

/// A register of organisations, by its code at org-id.guide.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Register {
    /// NHS organisations by ODS code.
    Nhs,
    /// Learning providers, universities among them.
    Ukprn,
    /// Government organisations.
    Gor,
    /// Companies House.
    Coh,
    /// The Charity Commission.
    Chc,
}

impl Register {
    pub fn code(self) -> &'static str {
        match self {
            Self::Nhs => "GB-NHS",
            Self::Ukprn => "GB-UKPRN",
            Self::Gor => "GB-GOR",
            Self::Coh => "GB-COH",
            Self::Chc => "GB-CHC",
        }
    }
}

/// Who an organisation is, for the public.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum PublicIdentifier {
    Registered {
        register: Register,
        code: String,
    },
    /// In no register we know of: our own key. Spelled `{publisher's 360Giving prefix}-ORG:{key}`, which 360Giving allows for
    /// organisations without a registered identifier.
    Own(String),
}

impl PublicIdentifier {
    pub fn registered(register: Register, code: impl Into<String>) -> Self {
        Self::Registered { register, code: code.into() }
    }

    pub fn nhs(ods_code: &str) -> Self {
        Self::registered(Register::Nhs, ods_code)
    }

    pub fn own(id: OrganisationId) -> Self {
        Self::Own(id.to_string())
    }

    /// `GB-UKPRN-10007775`, or `360G-hiec-ORG:…`.
    pub(super) fn spelled(&self, own_prefix: &str) -> String {
        match self {
            Self::Registered { register, code } => format!("{}-{}", register.code(), escaped(code)),
            Self::Own(key) => format!("{own_prefix}-ORG:{}", escaped(key)),
        }
    }
}

/// Letters, figures, `-` and `.` stay; every other byte becomes `_` and two hexadecimal figures. Different texts stay different, and
/// an empty one becomes a lone `_`.
pub(super) fn escaped(text: &str) -> String {
    if text.is_empty() {
        return "_".to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("_{byte:02x}"));
        }
    }
    out
}

/// An `http` or `https` address made only of characters every validator takes (RFC 3986), without a slash at the end.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WebAddress(String);

impl WebAddress {
    /// Nothing when the text is no such address.
    pub fn new(text: &str) -> Option<Self> {
        let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
        let host = rest.split('/').next().unwrap_or_default();
        let (name, port) = host.split_once(':').unwrap_or((host, "80"));
        let is_host = !name.is_empty()
            && name
                .split('.')
                .all(|label| !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'));
        let is_port = (1..=5).contains(&port.len()) && port.chars().all(|c| c.is_ascii_digit());
        let is_path = rest.chars().all(|c| c.is_ascii_alphanumeric() || "-._~/:".contains(c));
        (is_host && is_port && is_path).then(|| Self(text.trim_end_matches('/').to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The address of something below this one.
    pub(super) fn below(&self, path: &str) -> String {
        format!("{}/{path}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn registered_and_own_identifiers() {
        assert_eq!(PublicIdentifier::nhs("R1H").spelled("360G-hiec"), "GB-NHS-R1H");
        let university = PublicIdentifier::registered(Register::Ukprn, "10007775");
        assert_eq!(university.spelled("360G-hiec"), "GB-UKPRN-10007775");
        assert_eq!(
            PublicIdentifier::Own("one north/east".into()).spelled("360G-hiec"),
            "360G-hiec-ORG:one_20north_2feast"
        );
    }

    #[test]
    fn addresses_are_http_and_plain() {
        assert_eq!(
            WebAddress::new("http://127.0.0.1:8080/").unwrap().below("open-data/"),
            "http://127.0.0.1:8080/open-data/"
        );
        for bad in [
            "",
            "hiec.example",
            "ftp://hiec.example",
            "https://",
            "https://a b",
            "https://a..b",
            "https://a/|",
            "https://a:x",
            "javascript:1",
        ] {
            assert_eq!(WebAddress::new(bad), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn different_texts_stay_different(one in ".{0,12}", two in ".{0,12}") {
            prop_assert_eq!(escaped(&one) == escaped(&two), one == two);
            prop_assert!(!escaped(&one).is_empty());
        }
    }
}
