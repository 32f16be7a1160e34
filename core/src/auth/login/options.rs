//! What a login can be asked to do.

use std::collections::HashMap;
use std::sync::Arc;

use super::place::{local_path, redirect_uri};
use crate::error::{Result, ScalekitError};
use crate::model::open_enum;
use crate::types::SecretText;

/// What is asked for unless the caller says otherwise.
const DEFAULT_SCOPES: [&str; 3] = ["openid", "profile", "email"];

/// Parameters that this library writes itself.
const OWN_PARAMETERS: [&str; 15] = [
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

/// A parameter longer than this does not fit a URL that every server takes.
const LONGEST_PARAMETER: usize = 2048;

open_enum! {
    /// A social provider to sign in with.
    pub enum LoginProvider {
        /// Google:
        Google = "google",
        /// Microsoft:
        Microsoft = "microsoft",
        /// GitHub:
        GitHub = "github",
        /// GitLab:
        GitLab = "gitlab",
        /// LinkedIn:
        LinkedIn = "linkedin",
        /// Salesforce:
        Salesforce = "salesforce",
    }

    /// What the person is asked.
    pub enum LoginPrompt {
        /// To sign in, even where they are signed in already:
        Login = "login",
        /// To sign up:
        Create = "create",
        /// To choose an account; with an organization, to switch to it:
        SelectAccount = "select_account",
        /// To agree:
        Consent = "consent",
        /// Nothing. Where the person would have to be asked, the login ends with `LoginRequired`:
        Nothing = "none",
    }
}

/// What a login is to do. Of several ways to say who signs in, the service takes the first of: provider, connection,
/// organization, domain, login hint.
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "ffi", derive(uniffi::Record))]
pub struct LoginOptions {
    /// Where the person comes back to: one of the redirect URIs that the client is registered with, character for
    /// character. `https`, a scheme of your app's own, or `http` on a loopback address.
    pub redirect_uri: String,
    /// What the tokens are to be used for. Default: `openid`, `profile`, `email`. Add `offline_access` to these three
    /// for a refresh token. `openid` is needed.
    #[cfg_attr(feature = "ffi", uniffi(default))]
    pub scopes: Vec<String>,
    /// The organization to sign in to, such as `org_123`.
    #[cfg_attr(feature = "ffi", uniffi(default))]
    pub organization_id: Option<String>,
    /// The connection to sign in through, such as `conn_123`.
    #[cfg_attr(feature = "ffi", uniffi(default))]
    pub connection_id: Option<String>,
    /// The domain of the person's e-mail address, by which the connection is found.
    #[cfg_attr(feature = "ffi", uniffi(default))]
    pub domain: Option<String>,
    /// The person's e-mail address.
    #[cfg_attr(feature = "ffi", uniffi(default))]
    pub login_hint: Option<String>,
    /// The social provider to sign in with.
    #[cfg_attr(feature = "ffi", uniffi(default))]
    pub provider: Option<LoginProvider>,
    /// What the person is asked.
    #[cfg_attr(feature = "ffi", uniffi(default))]
    pub prompt: Option<LoginPrompt>,
    /// Where your own site goes on after the login: a path such as `/settings`, which comes back with the outcome. A
    /// path that leaves your site is refused.
    #[cfg_attr(feature = "ffi", uniffi(default))]
    pub return_to: Option<String>,
    /// Further parameters for the authorization URL. Those that this library writes itself are refused.
    #[cfg_attr(feature = "ffi", uniffi(default))]
    pub extra_parameters: HashMap<String, String>,
}

impl LoginOptions {
    pub(crate) fn check(&self) -> Result<()> {
        redirect_uri("redirect_uri", &self.redirect_uri)?;
        if self.scopes.iter().any(|scope| scope.is_empty() || scope.contains(char::is_whitespace)) {
            return Err(ScalekitError::argument("scopes", "must hold one scope each, without spaces"));
        }
        if !self.scopes.is_empty() && !self.scopes.iter().any(|scope| scope == "openid") {
            return Err(ScalekitError::argument(
                "scopes",
                "must hold `openid`, or the login says nothing about the person",
            ));
        }
        for (name, value) in self.selectors() {
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
        let own =
            |name: &String| OWN_PARAMETERS.contains(&name.as_str()) || name == "state" || name.is_empty();
        match self.extra_parameters.keys().find(|name| own(name)) {
            Some(name) => {
                Err(ScalekitError::argument("extra_parameters", format_args!("must not hold `{name}`")))
            }
            None => Ok(()),
        }
    }

    fn selectors(&self) -> [(&'static str, Option<&str>); 7] {
        [
            ("organization_id", self.organization_id.as_deref()),
            ("connection_id", self.connection_id.as_deref()),
            ("domain", self.domain.as_deref()),
            // The service has two names for the same.
            ("domain_hint", self.domain.as_deref()),
            ("login_hint", self.login_hint.as_deref()),
            ("provider", self.provider.as_ref().map(LoginProvider::as_str)),
            ("prompt", self.prompt.as_ref().map(LoginPrompt::as_str)),
        ]
    }

    /// The parameters that say what the login is to do; empty ones are left out.
    pub(crate) fn parameters(&self) -> Vec<(&str, String)> {
        let scope = if self.scopes.is_empty() { DEFAULT_SCOPES.join(" ") } else { self.scopes.join(" ") };
        let mut parameters = vec![("redirect_uri", self.redirect_uri.clone()), ("scope", scope)];
        for (name, value) in self.selectors() {
            parameters.extend(value.filter(|value| !value.is_empty()).map(|value| (name, value.to_owned())));
        }
        let mut extra: Vec<_> =
            self.extra_parameters.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
        extra.sort();
        parameters.extend(extra);
        parameters
    }
}

/// A login with values of your own, for `authorization_url`. `login.start` makes them for you, and is what you want.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "ffi", derive(uniffi::Record))]
pub struct AuthorizationRequest {
    /// What the login is to do. `return_to` is yours to keep.
    pub options: LoginOptions,
    /// The state: comes back with the callback, where you must compare it.
    pub state: Arc<SecretText>,
    /// The nonce: comes back in the ID token.
    #[cfg_attr(feature = "ffi", uniffi(default))]
    pub nonce: Option<Arc<SecretText>>,
    /// The challenge of PKCE, as `generate_pkce` makes it. Leave it out only where a nonce is sent: without both,
    /// somebody else's code can be slipped in.
    #[cfg_attr(feature = "ffi", uniffi(default))]
    pub code_challenge: Option<String>,
}

/// A code to exchange, for `exchange_code`. `login.finish` fills it in for you, and is what you want.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "ffi", derive(uniffi::Record))]
pub struct CodeExchange {
    /// The code from the callback.
    pub code: Arc<SecretText>,
    /// The redirect URI of the authorization URL.
    pub redirect_uri: String,
    /// The verifier of PKCE, where the authorization URL had a challenge. A client without a secret needs it; with
    /// neither this nor a nonce, nothing shows that the code belongs to the person who brings it.
    #[cfg_attr(feature = "ffi", uniffi(default))]
    pub code_verifier: Option<Arc<SecretText>>,
    /// The nonce, where the authorization URL had one.
    #[cfg_attr(feature = "ffi", uniffi(default))]
    pub nonce: Option<Arc<SecretText>>,
}

/// Where a person is sent to log out.
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "ffi", derive(uniffi::Record))]
pub struct LogoutOptions {
    /// The ID token of the session, by which the service finds it: `session.id_token()`.
    #[cfg_attr(feature = "ffi", uniffi(default))]
    pub id_token_hint: Option<Arc<SecretText>>,
    /// Where the person comes back to: one of the URIs that the client is registered with for this.
    #[cfg_attr(feature = "ffi", uniffi(default))]
    pub post_logout_redirect_uri: Option<String>,
    /// Comes back with the person.
    #[cfg_attr(feature = "ffi", uniffi(default))]
    pub state: Option<String>,
}
