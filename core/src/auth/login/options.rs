//! Options of logins and logouts.

use std::collections::HashMap;
use std::sync::Arc;

use super::redirect::{local_path, parse_redirect_uri};
use crate::error::{Result, ScalekitError};
use crate::model::{builders, open_enum, setters};
use crate::types::SecretText;

/// Scopes that are requested by default.
const DEFAULT_SCOPES: [&str; 3] = ["openid", "profile", "email"];

/// Parameters that the library sets itself.
const RESERVED_PARAMETERS: [&str; 15] = [
    "client_id",
    "client_secret",
    "code_challenge",
    "code_challenge_method",
    "connection_id",
    "domain",
    "domain_hint",
    "login_hint",
    "nonce",
    "organization_id",
    "prompt",
    "provider",
    "redirect_uri",
    "response_type",
    "scope",
];

/// Maximum length of a parameter, in bytes, so that the URL is not too long for servers.
const LONGEST_PARAMETER: usize = 2048;

open_enum! {
    /// Social provider of a login.
    pub enum LoginProvider {
        /// Google.
        Google = "google",
        /// Microsoft.
        Microsoft = "microsoft",
        /// GitHub.
        GitHub = "github",
        /// GitLab.
        GitLab = "gitlab",
        /// LinkedIn.
        LinkedIn = "linkedin",
        /// Salesforce.
        Salesforce = "salesforce",
    }

    /// Prompt of a login.
    pub enum LoginPrompt {
        /// The user signs in, even if already signed in.
        Login = "login",
        /// The user signs up.
        Create = "create",
        /// The user selects an account. With an organization, the user switches to it.
        SelectAccount = "select_account",
        /// The user gives consent.
        Consent = "consent",
        /// No prompt. If one is required, the login fails with `LoginRequired`.
        Nothing = "none",
    }
}

/// Options of a login.
///
/// If several fields determine how the user signs in, the service uses the first of: provider, connection,
/// organization, domain, login hint.
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "ffi", derive(uniffi::Record))]
pub struct LoginOptions {
    /// Redirect URI. Must equal one of the client's registered redirect URIs, character by character. `https`, a custom
    /// scheme of your app, or `http` with a loopback address.
    pub redirect_uri: String,
    /// Requested scopes. `openid` is required; add `offline_access` to the default scopes to get a refresh token.
    /// Default: `openid`, `profile`, `email`.
    #[cfg_attr(feature = "ffi", uniffi(default))]
    pub scopes: Vec<String>,
    /// ID of the organization to sign in to, such as `org_123`.
    #[cfg_attr(feature = "ffi", uniffi(default))]
    pub organization_id: Option<String>,
    /// ID of the connection to sign in with, such as `conn_123`.
    #[cfg_attr(feature = "ffi", uniffi(default))]
    pub connection_id: Option<String>,
    /// Domain of the user's email address, which determines the connection.
    #[cfg_attr(feature = "ffi", uniffi(default))]
    pub domain: Option<String>,
    /// Login hint: the user's email address.
    #[cfg_attr(feature = "ffi", uniffi(default))]
    pub login_hint: Option<String>,
    /// Social provider to sign in with.
    #[cfg_attr(feature = "ffi", uniffi(default))]
    pub provider: Option<LoginProvider>,
    /// Prompt.
    #[cfg_attr(feature = "ffi", uniffi(default))]
    pub prompt: Option<LoginPrompt>,
    /// Path on your own site to redirect to after the login, such as `/settings`. Returned in the outcome of the login.
    /// A path that leads to another site is rejected.
    #[cfg_attr(feature = "ffi", uniffi(default))]
    pub return_to: Option<String>,
    /// Additional parameters of the authorization URL. Parameters that the library sets itself are rejected.
    #[cfg_attr(feature = "ffi", uniffi(default))]
    pub extra_parameters: HashMap<String, String>,
}

impl LoginOptions {
    pub(crate) fn check(&self) -> Result<()> {
        parse_redirect_uri("redirect_uri", &self.redirect_uri)?;
        if self.scopes.iter().any(|scope| scope.is_empty() || scope.contains(char::is_whitespace)) {
            return Err(ScalekitError::argument("scopes", "must contain one scope per item, without spaces"));
        }
        if !self.scopes.is_empty() && !self.scopes.iter().any(|scope| scope == "openid") {
            return Err(ScalekitError::argument(
                "scopes",
                "must include `openid`; otherwise the login does not identify the user",
            ));
        }
        for (name, value) in self.optional_parameters() {
            if value.is_some_and(|value| value.len() > LONGEST_PARAMETER) {
                return Err(ScalekitError::argument(name, "must have at most 2048 bytes"));
            }
        }
        if self.return_to.as_deref().is_some_and(|path| local_path(path).is_none()) {
            return Err(ScalekitError::argument(
                "return_to",
                "must be a path on your own site, such as /settings",
            ));
        }
        let is_reserved = |name: &String| {
            RESERVED_PARAMETERS.contains(&name.as_str()) || name == "state" || name.is_empty()
        };
        match self.extra_parameters.keys().find(|name| is_reserved(name)) {
            Some(name) => {
                Err(ScalekitError::argument("extra_parameters", format_args!("must not contain `{name}`")))
            }
            None => Ok(()),
        }
    }

    fn optional_parameters(&self) -> [(&'static str, Option<&str>); 7] {
        [
            ("organization_id", self.organization_id.as_deref()),
            ("connection_id", self.connection_id.as_deref()),
            ("domain", self.domain.as_deref()),
            // The service has two names for this parameter.
            ("domain_hint", self.domain.as_deref()),
            ("login_hint", self.login_hint.as_deref()),
            ("provider", self.provider.as_ref().map(LoginProvider::as_str)),
            ("prompt", self.prompt.as_ref().map(LoginPrompt::as_str)),
        ]
    }

    /// The parameters of the authorization URL that depend on the options. Empty ones are omitted.
    pub(crate) fn parameters(&self) -> Vec<(&str, String)> {
        let scope = if self.scopes.is_empty() { DEFAULT_SCOPES.join(" ") } else { self.scopes.join(" ") };
        let mut parameters = vec![("redirect_uri", self.redirect_uri.clone()), ("scope", scope)];
        for (name, value) in self.optional_parameters() {
            parameters.extend(value.filter(|value| !value.is_empty()).map(|value| (name, value.to_owned())));
        }
        let mut extra: Vec<_> =
            self.extra_parameters.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
        extra.sort();
        parameters.extend(extra);
        parameters
    }
}

/// An authorization request with your own state, nonce and PKCE code challenge, for `login.authorization_url`. Prefer
/// `login.start`, which generates them.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "ffi", derive(uniffi::Record))]
pub struct AuthorizationRequest {
    /// Options of the login. `return_to` is not used; store it yourself.
    pub options: LoginOptions,
    /// State. The callback returns it, and you must compare it.
    pub state: Arc<SecretText>,
    /// Nonce. The ID token contains it.
    #[cfg_attr(feature = "ffi", uniffi(default))]
    pub nonce: Option<Arc<SecretText>>,
    /// PKCE code challenge, from `generate_pkce`. Required if the client has no secret. Omit it only if you send a
    /// nonce: without both, an attacker can inject the authorization code of another user.
    #[cfg_attr(feature = "ffi", uniffi(default))]
    pub code_challenge: Option<String>,
}

/// An authorization code to exchange, for `login.exchange_code`. Prefer `login.finish`, which verifies the callback as
/// well.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "ffi", derive(uniffi::Record))]
pub struct CodeExchange {
    /// Authorization code from the callback.
    pub code: Arc<SecretText>,
    /// Redirect URI of the authorization URL.
    pub redirect_uri: String,
    /// PKCE code verifier, if the authorization URL had a code challenge. Required if the client has no secret. Without
    /// both verifier and nonce, the code is not bound to the browser that started the login.
    #[cfg_attr(feature = "ffi", uniffi(default))]
    pub code_verifier: Option<Arc<SecretText>>,
    /// Nonce, if the authorization URL had one.
    #[cfg_attr(feature = "ffi", uniffi(default))]
    pub nonce: Option<Arc<SecretText>>,
}

/// Options of a logout URL.
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "ffi", derive(uniffi::Record))]
pub struct LogoutOptions {
    /// ID token of the session, which identifies the session to the service: `session.id_token()`.
    #[cfg_attr(feature = "ffi", uniffi(default))]
    pub id_token_hint: Option<Arc<SecretText>>,
    /// URI to redirect to after the logout: one of the client's registered post-logout redirect URIs.
    #[cfg_attr(feature = "ffi", uniffi(default))]
    pub post_logout_redirect_uri: Option<String>,
    /// State, returned with the redirect.
    #[cfg_attr(feature = "ffi", uniffi(default))]
    pub state: Option<String>,
}

builders!(LoginOptions { redirect_uri: String } {
    organization_id: String,
    connection_id: String,
    domain: String,
    login_hint: String,
    provider: LoginProvider,
    prompt: LoginPrompt,
    return_to: String,
});
setters!(@values LoginOptions { scopes: Vec<String>, extra_parameters: HashMap<String, String> });

builders!(LogoutOptions {} { id_token_hint: Arc<SecretText>, post_logout_redirect_uri: String, state: String });
