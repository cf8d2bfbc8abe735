//! The organisation's sign-in service as OpenID Connect knows it: where to send people, and what it says of who came back, believed only where its signature holds. It decides nobody's account.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::Duration;
use hiec_kernel::{Problem, ProblemKind, Timestamp};
use openidconnect::core::{
    CoreAuthPrompt, CoreAuthenticationFlow, CoreClient, CoreClientAuthMethod, CoreErrorResponseType, CoreGenderClaim,
    CoreIdToken, CoreIdTokenClaims, CoreProviderMetadata, CoreTokenResponse,
};
use openidconnect::{
    AccessToken, AccessTokenHash, AuthType, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret,
    CsrfToken, DiscoveryError, EmptyAdditionalClaims, EndpointMaybeSet, EndpointNotSet, EndpointSet, IssuerUrl, Nonce,
    OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RequestTokenError, Scope,
    SignatureVerificationError, StandardErrorResponse, SubjectIdentifier, TokenResponse, UserInfoClaims,
};
use url::Url;

use super::RETURN;
use super::rules::Address;
use super::transport::{Transport, TransportError, network};
use super::way::Way;

/// How long what the service says of itself is believed before it is asked again.
const KEPT: Duration = Duration::hours(1);

/// What an installation says of its service.
#[derive(Clone)]
pub struct OidcSettings {
    /// Its address, spelt as the service spells it.
    pub issuer: String,
    pub client_id: String,
    pub client_secret: String,
    /// What people know it by.
    pub name: String,
}

/// The service; put among the services of the program where an installation has one.
#[derive(Clone)]
pub struct SignInService(Arc<Inner>);

struct Inner {
    name: String,
    issuer: IssuerUrl,
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect: RedirectUrl,
    transport: Transport,
    /// What it last said of itself, its keys among it, and when.
    said: Mutex<Option<(Timestamp, CoreProviderMetadata)>>,
}

/// The client of the library, for a service that is known.
type Client =
    CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

/// Who came, as the service signed it.
pub(super) struct Proved {
    pub(super) subject: String,
    /// The address and whether the service vouches for it, where the signed answer says so.
    stated: Option<Address>,
    access: AccessToken,
}

impl SignInService {
    /// A service asked over the network. `base` is the address people use for us.
    pub fn new(settings: OidcSettings, base: &Url) -> Result<Self, String> {
        Self::over(settings, base, network().map_err(|error| format!("no connection can be made by TLS: {error}"))?)
    }

    /// A service asked by other means.
    pub fn over(settings: OidcSettings, base: &Url, transport: Transport) -> Result<Self, String> {
        let issuer = IssuerUrl::new(settings.issuer).map_err(|_| "the setting oidc_issuer is no address".to_owned())?;
        let redirect = base.join(RETURN).map_err(|error| format!("{base} is no address people can use: {error}"))?;
        Ok(Self(Arc::new(Inner {
            name: settings.name,
            issuer,
            client_id: ClientId::new(settings.client_id),
            client_secret: ClientSecret::new(settings.client_secret),
            redirect: RedirectUrl::from_url(redirect),
            transport,
            said: Mutex::default(),
        })))
    }

    /// What people know it by.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    pub fn issuer(&self) -> &str {
        self.0.issuer.as_str()
    }

    /// Where to send somebody. `asks_anew`: also whoever the service thinks is there already.
    pub(super) async fn address_for(&self, way: &Way, asks_anew: bool, now: Timestamp) -> Result<Url, Problem> {
        let client = self.client(self.known(now).await?);
        let (state, nonce) = (way.state(), way.nonce());
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(way.verifier()));
        let mut request = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                move || CsrfToken::new(state),
                move || Nonce::new(nonce),
            )
            .add_scope(Scope::new("email".into()))
            .set_pkce_challenge(challenge);
        if asks_anew {
            request = request.add_prompt(CoreAuthPrompt::Login);
        }
        Ok(request.url().0)
    }

    /// Asks the service who came back with this code, and holds the answer against its keys, this way and the time.
    pub(super) async fn proved(&self, way: &Way, code: &str, now: Timestamp) -> Result<Proved, Problem> {
        let known = self.known(now).await?;
        let client = self.client(known);
        let answer = client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(|_| self.untrue("it names no address for tokens"))?
            .set_pkce_verifier(PkceCodeVerifier::new(way.verifier()))
            .request_async(&self.0.transport)
            .await
            .map_err(|error| self.no_token(&error))?;
        let token = answer.id_token().ok_or_else(|| self.untrue("its answer holds no ID token"))?;
        let claims = match verified(&client, token, &answer, way, now) {
            // Its keys have changed since we asked for them.
            Err(Untrue::Key) => {
                let client = self.client(self.discovered(now).await?);
                verified(&client, token, &answer, way, now)
            }
            other => other,
        }
        .map_err(|error| self.untrue(&error.words()))?;
        let stated = claims.email().map(|email| address(email.as_str(), claims.email_verified()));
        let access = answer.access_token().clone();
        Ok(Proved { subject: claims.subject().as_str().to_owned(), stated, access })
    }

    /// The address of who came: as signed, or as the service says when it is asked for it.
    pub(super) async fn address(&self, proved: &Proved, now: Timestamp) -> Result<Address, Problem> {
        if let Some(stated) = &proved.stated {
            return Ok(stated.clone());
        }
        let client = self.client(self.known(now).await?);
        let subject = SubjectIdentifier::new(proved.subject.clone());
        let Ok(request) = client.user_info(proved.access.clone(), Some(subject)) else {
            return Ok(Address::Unverified);
        };
        let claims: UserInfoClaims<EmptyAdditionalClaims, CoreGenderClaim> =
            request.request_async(&self.0.transport).await.map_err(|_| self.unreachable("it does not say who came"))?;
        Ok(claims.email().map_or(Address::Unverified, |email| address(email.as_str(), claims.email_verified())))
    }

    /// What the service says of itself: what it said lately, or now.
    async fn known(&self, now: Timestamp) -> Result<CoreProviderMetadata, Problem> {
        let said = self.0.said.lock().unwrap_or_else(PoisonError::into_inner).clone();
        match said {
            Some((at, metadata)) if now - at < KEPT => Ok(metadata),
            _ => self.discovered(now).await,
        }
    }

    async fn discovered(&self, now: Timestamp) -> Result<CoreProviderMetadata, Problem> {
        let metadata =
            CoreProviderMetadata::discover_async(self.0.issuer.clone(), &self.0.transport).await.map_err(|error| {
                match error {
                    DiscoveryError::Request(cause) => self.unreachable(&cause.to_string()),
                    other => self.unreachable(&other.to_string()),
                }
            })?;
        *self.0.said.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, metadata.clone()));
        Ok(metadata)
    }

    fn client(&self, metadata: CoreProviderMetadata) -> Client {
        let methods = metadata.token_endpoint_auth_methods_supported();
        let takes_basic = methods.is_none_or(|methods| methods.contains(&CoreClientAuthMethod::ClientSecretBasic));
        let (id, secret) = (self.0.client_id.clone(), self.0.client_secret.clone());
        let client = CoreClient::from_provider_metadata(metadata, id, Some(secret));
        let client = client.set_redirect_uri(self.0.redirect.clone());
        if takes_basic { client } else { client.set_auth_type(AuthType::RequestBody) }
    }

    /// No answer, or none that can be read. The cause is for the operator.
    fn unreachable(&self, cause: &str) -> Problem {
        Problem::new(
            ProblemKind::Unavailable,
            format!("{} does not answer", self.name()),
            "Nothing was changed. Try again in a few minutes, or sign in another way.",
        )
        .with_detail(format!("the sign-in service: {cause}"))
    }

    /// An answer that cannot be believed.
    pub(super) fn untrue(&self, cause: &str) -> Problem {
        Problem::new(
            ProblemKind::Unavailable,
            format!("What {} answered cannot be trusted, so nobody was signed in", self.name()),
            "Begin again. If it happens again, sign in another way, and tell the operator with the reference below.",
        )
        .with_detail(format!("the sign-in service: {cause}"))
    }

    /// The service gave no token. Of what it says only its code is kept: its words may be about a person.
    fn no_token(
        &self,
        error: &RequestTokenError<TransportError, StandardErrorResponse<CoreErrorResponseType>>,
    ) -> Problem {
        match error {
            RequestTokenError::ServerResponse(said) if *said.error() == CoreErrorResponseType::InvalidGrant => {
                too_late()
            }
            RequestTokenError::ServerResponse(said) => self.untrue(&format!("no token: {}", said.error().as_ref())),
            RequestTokenError::Request(cause) => self.unreachable(&cause.to_string()),
            RequestTokenError::Parse(..) => self.untrue("its answer is no token"),
            RequestTokenError::Other(_) => self.untrue("its answer is neither a token nor an error"),
        }
    }
}

/// The way back was not begun here, is over or was gone already.
pub(super) fn too_late() -> Problem {
    Problem::conflict(
        "This sign-in was not begun in this browser, or took longer than ten minutes",
        "Nothing was changed. Begin again from the sign-in page.",
    )
}

fn address(email: &str, is_verified: Option<bool>) -> Address {
    let email = hiec_access::people::address(email);
    match is_verified {
        Some(true) if email.contains('@') => Address::Verified(email),
        _ => Address::Unverified,
    }
}

/// Why an ID token is not believed.
enum Untrue {
    /// None of the keys we know fits.
    Key,
    Claims(ClaimsVerificationError),
    Access,
}

impl Untrue {
    /// For the operator; what may name a person is left out.
    fn words(&self) -> String {
        match self {
            Self::Key => "its ID token is signed with a key it does not publish".into(),
            Self::Access => "its two tokens do not belong together".into(),
            Self::Claims(ClaimsVerificationError::InvalidSubject(_)) => "its ID token is about somebody else".into(),
            Self::Claims(ClaimsVerificationError::SignatureVerification(cause)) => format!("its ID token: {cause}"),
            Self::Claims(cause) => format!("its ID token: {cause}"),
        }
    }
}

/// The claims of an ID token whose signature, issuer, audience, time and nonce hold.
fn verified<'t>(
    client: &Client,
    token: &'t CoreIdToken,
    answer: &CoreTokenResponse,
    way: &Way,
    now: Timestamp,
) -> Result<&'t CoreIdTokenClaims, Untrue> {
    let verifier = client.id_token_verifier().set_time_fn(move || now);
    let claims = token.claims(&verifier, &Nonce::new(way.nonce())).map_err(|error| match error {
        ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey) => Untrue::Key,
        other => Untrue::Claims(other),
    })?;
    if let Some(expected) = claims.access_token_hash() {
        let fault = |error| Untrue::Claims(ClaimsVerificationError::SignatureVerification(error));
        let algorithm = token.signing_alg().map_err(fault)?;
        let key = token.signing_key(&verifier).map_err(fault)?;
        let actual = AccessTokenHash::from_token(answer.access_token(), algorithm, key).map_err(|_| Untrue::Access)?;
        if actual != *expected {
            return Err(Untrue::Access);
        }
    }
    Ok(claims)
}
