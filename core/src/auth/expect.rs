//! What a caller expects of a token.

use std::sync::Arc;
use std::time::Duration;

use crate::error::{Result, ScalekitError};
use crate::types::SecretText;
use crate::wire::Wire;

/// Clocks differ by so much without anybody noticing.
pub(crate) const LEEWAY: Duration = Duration::from_secs(30);

/// More would let tokens live on rather than bridge clocks.
const MOST_LEEWAY: f64 = 300.0;

/// Who a token must be meant for. There is no default: a token for another application is not one for yours.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "ffi", derive(uniffi::Object), uniffi::export(Debug, Eq))]
pub struct ExpectedAudience(Option<Vec<String>>);

#[cfg_attr(feature = "ffi", uniffi::export)]
impl ExpectedAudience {
    /// One of these must be among the token's audiences: your client's id, the id of your resource (`res_123`), or the
    /// URL of your API, whichever your tokens carry. An empty list is refused when a token is checked. A client's id
    /// (`skc_123`) is met in production's own spelling too (`prd_skc_123`).
    #[cfg_attr(feature = "ffi", uniffi::constructor)]
    #[must_use]
    pub fn one_of(audiences: Vec<String>) -> Self {
        Self(Some(audiences))
    }

    /// Whoever the token is meant for. Every token of the environment is then taken, those for other applications
    /// included: only for a service to which that makes no difference.
    #[cfg_attr(feature = "ffi", uniffi::constructor)]
    #[must_use]
    pub fn unchecked() -> Self {
        Self(None)
    }
}

impl ExpectedAudience {
    pub(crate) fn is_among(&self, audiences: &[&str]) -> bool {
        let meant = |own: &String| audiences.iter().any(|named| is_meant(named, own));
        self.0.as_ref().is_none_or(|wanted| wanted.iter().any(meant))
    }
}

/// Whether a token that names this audience is meant for `own`. In production the service writes `prd_skc_1` where the
/// client is `skc_1`.
pub(crate) fn is_meant(named: &str, own: &str) -> bool {
    named == own || (own.starts_with("skc_") && named.strip_prefix("prd_") == Some(own))
}

/// What an access token must meet, besides being signed by the environment and not being over.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "ffi", derive(uniffi::Record))]
pub struct TokenExpectations {
    /// Who it must be meant for.
    pub audience: Arc<ExpectedAudience>,
    /// Scopes that it must hold, all of them.
    #[cfg_attr(feature = "ffi", uniffi(default))]
    pub required_scopes: Vec<String>,
    /// Who may have issued it. Default: what the client has, which is the environment.
    #[cfg_attr(feature = "ffi", uniffi(default))]
    pub issuers: Vec<String>,
    /// Resources, such as `res_123`, for which the environment may have issued it under the resource's own name, that
    /// is `{environment}/resources/{id}`. Default: none.
    #[cfg_attr(feature = "ffi", uniffi(default))]
    pub resource_ids: Vec<String>,
    /// How far clocks may differ, in seconds, 0 to 300. Default 30.
    #[cfg_attr(feature = "ffi", uniffi(default))]
    pub leeway_seconds: Option<f64>,
}

impl TokenExpectations {
    /// Expects this audience, and the defaults.
    #[must_use]
    pub fn for_audience(audience: impl Into<String>) -> Self {
        Self::new(ExpectedAudience::one_of(vec![audience.into()]))
    }

    /// Expects the defaults, and asks not who the token is meant for: see `ExpectedAudience.unchecked`.
    #[must_use]
    pub fn for_any_audience() -> Self {
        Self::new(ExpectedAudience::unchecked())
    }

    fn new(audience: ExpectedAudience) -> Self {
        let (required_scopes, issuers, resource_ids) = (Vec::new(), Vec::new(), Vec::new());
        let audience = Arc::new(audience);
        Self { audience, required_scopes, issuers, resource_ids, leeway_seconds: None }
    }

    /// The expectations, checked; the issuers are those that are to be expected with this client.
    pub(crate) fn check(&self, wire: &Wire) -> Result<Checked> {
        if let Some(audiences) = &self.audience.0 {
            if audiences.is_empty() {
                return Err(ScalekitError::argument("expectations.audience", "must name at least one"));
            }
            filled("expectations.audience", audiences)?;
        }
        filled("expectations.required_scopes", &self.required_scopes)?;
        filled("expectations.issuers", &self.issuers)?;
        filled("expectations.resource_ids", &self.resource_ids)?;
        let mut issuers = issuers_or_default(&self.issuers, wire);
        let origin = wire.origin().as_str().trim_end_matches('/');
        issuers.extend(self.resource_ids.iter().map(|id| format!("{origin}/resources/{id}")));
        Ok(Checked { issuers, leeway: leeway("expectations.leeway_seconds", self.leeway_seconds)? })
    }
}

/// What an ID token must meet, besides being signed by the environment, meant for this client, and not being over.
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "ffi", derive(uniffi::Record))]
pub struct IdTokenExpectations {
    /// The nonce that was sent with the login. When it is absent here, the token must not have one either.
    #[cfg_attr(feature = "ffi", uniffi(default))]
    pub nonce: Option<Arc<SecretText>>,
    /// The access token that came with it, whose hash the ID token may hold.
    #[cfg_attr(feature = "ffi", uniffi(default))]
    pub access_token: Option<Arc<SecretText>>,
    /// Who may have issued it. Default: what the client has, which is the environment.
    #[cfg_attr(feature = "ffi", uniffi(default))]
    pub issuers: Vec<String>,
    /// How far clocks may differ, in seconds, 0 to 300. Default 30.
    #[cfg_attr(feature = "ffi", uniffi(default))]
    pub leeway_seconds: Option<f64>,
}

impl IdTokenExpectations {
    pub(crate) fn check(&self, wire: &Wire) -> Result<Checked> {
        filled("expectations.issuers", &self.issuers)?;
        let leeway = leeway("expectations.leeway_seconds", self.leeway_seconds)?;
        Ok(Checked { issuers: issuers_or_default(&self.issuers, wire), leeway })
    }
}

/// What holds for every kind of token.
#[derive(Debug)]
pub(crate) struct Checked {
    pub issuers: Vec<String>,
    pub leeway: Duration,
}

impl Checked {
    pub(crate) fn defaults(wire: &Wire) -> Self {
        Self { issuers: wire.issuers().to_vec(), leeway: LEEWAY }
    }
}

fn issuers_or_default(given: &[String], wire: &Wire) -> Vec<String> {
    if given.is_empty() { wire.issuers().to_vec() } else { given.to_vec() }
}

fn filled(name: &str, values: &[String]) -> Result<()> {
    if values.iter().any(|value| value.trim().is_empty()) {
        return Err(ScalekitError::argument(name, "must not hold an empty text"));
    }
    Ok(())
}

fn leeway(name: &str, seconds: Option<f64>) -> Result<Duration> {
    match seconds {
        None => Ok(LEEWAY),
        Some(seconds) if (0.0..=MOST_LEEWAY).contains(&seconds) => Ok(Duration::from_secs_f64(seconds)),
        Some(seconds) => {
            let why = format_args!("must be 0 to 300 seconds; it is {seconds}");
            Err(ScalekitError::argument(name, why))
        }
    }
}
