//! The user of a login, as the identity provider describes them.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Used if neither the person nor the login hint has an email address.
const DEFAULT_EMAIL: &str = "ada@example.com";

/// The user profile from the identity provider, and additional claims for the tokens.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Person {
    /// Default: the login hint, or else `ada@example.com`.
    pub(crate) email: Option<String>,
    given_name: Option<String>,
    family_name: Option<String>,
    /// The `sub` claim. Default: a `usr_` ID that belongs to the email address.
    pub(crate) subject: Option<String>,
    pub(crate) external_id: Option<String>,
    /// The organization of the session. Default: the organization of the connection.
    pub(crate) organization_id: Option<String>,
    pub(crate) roles: Vec<String>,
    pub(crate) permissions: Vec<String>,
    /// Merged into the claims of the ID token.
    pub(crate) claims: Map<String, Value>,
    /// Merged into the claims of the access token.
    pub(crate) access_claims: Map<String, Value>,
}

impl Person {
    pub(crate) fn with_email(email: &str) -> Person {
        Person { email: Some(email.into()), ..Person::default() }
    }

    /// Uses the login hint as the email address if the person has none and the hint is an address.
    pub(crate) fn with_login_hint(mut self, login_hint: Option<&str>) -> Person {
        self.email = self.email.or_else(|| login_hint.filter(|hint| hint.contains('@')).map(Into::into));
        self
    }

    pub(crate) fn email(&self) -> &str {
        self.email.as_deref().unwrap_or(DEFAULT_EMAIL)
    }

    /// Returns the given and family name, derived from the email address if they are not set.
    pub(crate) fn names(&self) -> (String, String) {
        let local = self.email().split('@').next().unwrap_or_default();
        let (first, last) = local.split_once('.').unwrap_or((local, "Example"));
        let capitalize = |word: &str| {
            let mut letters = word.chars();
            letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
        };
        let given = self.given_name.clone().unwrap_or_else(|| capitalize(first));
        (given, self.family_name.clone().unwrap_or_else(|| capitalize(last)))
    }
}
