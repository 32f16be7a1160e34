//! A valid authorization request, and what it leads to.

use serde::Deserialize;

/// The `prompt` parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Prompt {
    None,
    Login,
    Create,
    SelectAccount,
    Consent,
}

/// A valid authorization request, with a registered redirect URI.
#[derive(Debug, Clone)]
pub(crate) struct AuthorizationParameters {
    pub(crate) app_id: String,
    pub(crate) callback: Callback,
    pub(crate) scope: String,
    pub(crate) nonce: Option<String>,
    pub(crate) login_hint: Option<String>,
    pub(crate) domain: Option<String>,
    pub(crate) connection_id: Option<String>,
    pub(crate) organization_id: Option<String>,
    pub(crate) provider: Option<String>,
    pub(crate) prompt: Option<Prompt>,
    pub(crate) challenge: Option<String>,
    /// Maximum time since the authentication, in seconds.
    pub(crate) max_age: Option<i64>,
    /// The audience of access tokens. Empty: the client.
    pub(crate) resources: Vec<String>,
    /// The `user-agent` header of the browser.
    pub(crate) user_agent: String,
}

/// How the application receives the parameters (OAuth 2.0 Multiple Response Types, Form Post Response Mode).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ResponseMode {
    Query,
    FormPost,
}

/// Where the application receives the response.
#[derive(Debug, Clone)]
pub(crate) struct Callback {
    pub(crate) redirect_uri: String,
    pub(crate) state: Option<String>,
    pub(crate) response_mode: ResponseMode,
}

/// The selected connection, and the organization of the login.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Selection {
    pub(crate) connection_id: String,
    pub(crate) organization_id: Option<String>,
}

/// The error that the callback receives.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Denial {
    pub(crate) error: String,
    #[serde(default = "Denial::default_description")]
    pub(crate) error_description: String,
}

impl Denial {
    fn default_description() -> String {
        "The identity provider denied the login.".into()
    }

    /// The denial from the login page.
    pub(crate) fn by_user() -> Denial {
        Denial { error: "access_denied".into(), error_description: "The user denied the login.".into() }
    }
}

pub(crate) fn denial(error: &str, description: impl Into<String>) -> Denial {
    Denial { error: error.into(), error_description: description.into() }
}
