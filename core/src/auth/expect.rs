//! Expectations of a token.

use std::sync::Arc;
use std::time::Duration;

use crate::error::{Result, ScalekitError};
use crate::model::{builders, setters};
use crate::types::SecretText;
use crate::wire::Wire;

/// Default leeway: an unnoticed difference between clocks.
pub(crate) const LEEWAY: Duration = Duration::from_secs(30);

/// Maximum leeway, in seconds. A larger one would extend the lifetime of tokens rather than compensate for clocks.
const MAX_LEEWAY: f64 = 300.0;

/// The expected audience of a token. There is no default: a token that was issued for another application must not be
/// accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "ffi", derive(uniffi::Object), uniffi::export(Debug, Eq))]
pub struct ExpectedAudience(Option<Vec<String>>);

#[cfg_attr(feature = "ffi", uniffi::export)]
impl ExpectedAudience {
    /// Accepts tokens with at least one of these audiences: your client ID, the ID of your resource (`res_123`), or the
    /// URL of your API, as in your tokens.
    ///
    /// A client ID (`skc_123`) also matches its form in production (`prd_skc_123`). If the list is empty, every
    /// validation fails with `InvalidArgument`.
    #[cfg_attr(feature = "ffi", uniffi::constructor)]
    #[must_use]
    pub fn one_of(audiences: Vec<String>) -> Self {
        Self(Some(audiences))
    }

    /// Accepts any audience. Tokens that were issued for other applications of the environment are accepted as
    /// well: use it only for a service to which that makes no difference.
    #[cfg_attr(feature = "ffi", uniffi::constructor)]
    #[must_use]
    pub fn unchecked() -> Self {
        Self(None)
    }
}

impl ExpectedAudience {
    pub(crate) fn accepts(&self, audiences: &[&str]) -> bool {
        let matches =
            |expected: &String| audiences.iter().any(|audience| audience_matches(audience, expected));
        self.0.as_ref().is_none_or(|expected| expected.iter().any(matches))
    }
}

/// Whether an audience or authorized party of a token is the expected one. In production, the service writes
/// `prd_skc_1` for the client `skc_1`.
pub(crate) fn audience_matches(audience: &str, expected: &str) -> bool {
    audience == expected || (expected.starts_with("skc_") && audience.strip_prefix("prd_") == Some(expected))
}

/// Expectations of an access token, in addition to a valid signature and lifetime.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "ffi", derive(uniffi::Record))]
pub struct TokenExpectations {
    /// Expected audience.
    pub audience: Arc<ExpectedAudience>,
    /// Required scopes; the token must have all of them. Default: none.
    #[cfg_attr(feature = "ffi", uniffi(default))]
    pub required_scopes: Vec<String>,
    /// Accepted issuers. Default: the client's `issuers`, which default to the environment URL.
    #[cfg_attr(feature = "ffi", uniffi(default))]
    pub issuers: Vec<String>,
    /// IDs of resources, such as `res_123`, whose own issuer, `{environment}/resources/{id}`, is accepted as well.
    /// Default: none.
    #[cfg_attr(feature = "ffi", uniffi(default))]
    pub resource_ids: Vec<String>,
    /// Leeway for the difference between clocks, in seconds. 0 to 300. Default: 30.
    #[cfg_attr(feature = "ffi", uniffi(default))]
    pub leeway_seconds: Option<f64>,
}

impl TokenExpectations {
    /// Expects this audience, with the default values.
    #[must_use]
    pub fn for_audience(audience: impl Into<String>) -> Self {
        Self::new(ExpectedAudience::one_of(vec![audience.into()]))
    }

    /// Accepts any audience, with the default values: see `ExpectedAudience.unchecked`.
    #[must_use]
    pub fn for_any_audience() -> Self {
        Self::new(ExpectedAudience::unchecked())
    }

    fn new(audience: ExpectedAudience) -> Self {
        let (required_scopes, issuers, resource_ids) = (Vec::new(), Vec::new(), Vec::new());
        let audience = Arc::new(audience);
        Self { audience, required_scopes, issuers, resource_ids, leeway_seconds: None }
    }

    /// Checks the expectations and resolves the issuers for this client.
    pub(crate) fn resolve(&self, wire: &Wire) -> Result<CommonExpectations> {
        if let Some(audiences) = &self.audience.0 {
            if audiences.is_empty() {
                return Err(ScalekitError::argument(
                    "expectations.audience",
                    "must contain at least one audience",
                ));
            }
            check_not_blank("expectations.audience", audiences)?;
        }
        check_not_blank("expectations.required_scopes", &self.required_scopes)?;
        check_not_blank("expectations.issuers", &self.issuers)?;
        check_not_blank("expectations.resource_ids", &self.resource_ids)?;
        let mut issuers = issuers_or_default(&self.issuers, wire);
        let origin = wire.origin().as_str().trim_end_matches('/');
        issuers.extend(self.resource_ids.iter().map(|id| format!("{origin}/resources/{id}")));
        Ok(CommonExpectations {
            issuers,
            leeway: leeway("expectations.leeway_seconds", self.leeway_seconds)?,
        })
    }
}

/// Expectations of an ID token, in addition to a valid signature and lifetime, and this client as the audience.
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "ffi", derive(uniffi::Record))]
pub struct IdTokenExpectations {
    /// Nonce of the authorization request. If absent, the token must not have a nonce.
    #[cfg_attr(feature = "ffi", uniffi(default))]
    pub nonce: Option<Arc<SecretText>>,
    /// Access token from the same response. If the ID token has an `at_hash`, it must match this token.
    #[cfg_attr(feature = "ffi", uniffi(default))]
    pub access_token: Option<Arc<SecretText>>,
    /// Accepted issuers. Default: the client's `issuers`, which default to the environment URL.
    #[cfg_attr(feature = "ffi", uniffi(default))]
    pub issuers: Vec<String>,
    /// Leeway for the difference between clocks, in seconds. 0 to 300. Default: 30.
    #[cfg_attr(feature = "ffi", uniffi(default))]
    pub leeway_seconds: Option<f64>,
}

impl IdTokenExpectations {
    pub(crate) fn resolve(&self, wire: &Wire) -> Result<CommonExpectations> {
        check_not_blank("expectations.issuers", &self.issuers)?;
        let leeway = leeway("expectations.leeway_seconds", self.leeway_seconds)?;
        Ok(CommonExpectations { issuers: issuers_or_default(&self.issuers, wire), leeway })
    }
}

/// Checked expectations that all kinds of tokens share.
#[derive(Debug)]
pub(crate) struct CommonExpectations {
    pub issuers: Vec<String>,
    pub leeway: Duration,
}

impl CommonExpectations {
    pub(crate) fn defaults(wire: &Wire) -> Self {
        Self { issuers: wire.issuers().to_vec(), leeway: LEEWAY }
    }
}

fn issuers_or_default(issuers: &[String], wire: &Wire) -> Vec<String> {
    if issuers.is_empty() { wire.issuers().to_vec() } else { issuers.to_vec() }
}

fn check_not_blank(name: &str, values: &[String]) -> Result<()> {
    if values.iter().any(|value| value.trim().is_empty()) {
        return Err(ScalekitError::argument(name, "must not contain an empty string"));
    }
    Ok(())
}

fn leeway(name: &str, seconds: Option<f64>) -> Result<Duration> {
    match seconds {
        None => Ok(LEEWAY),
        Some(seconds) if (0.0..=MAX_LEEWAY).contains(&seconds) => Ok(Duration::from_secs_f64(seconds)),
        Some(seconds) => {
            let why = format_args!("must be 0 to 300 seconds; it is {seconds}");
            Err(ScalekitError::argument(name, why))
        }
    }
}

builders!(IdTokenExpectations {} { nonce: Arc<SecretText>, access_token: Arc<SecretText>, leeway_seconds: f64 });
setters!(@values IdTokenExpectations { issuers: Vec<String> });

setters!(TokenExpectations { leeway_seconds: f64 });
setters!(@values TokenExpectations {
    required_scopes: Vec<String>,
    issuers: Vec<String>,
    resource_ids: Vec<String>,
});
