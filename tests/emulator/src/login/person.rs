//! Somebody who logs in, as the identity provider describes them.

use serde::Deserialize;
use serde_json::{Map, Value};

/// Who logs in when nobody says otherwise.
const DEFAULT_EMAIL: &str = "ada@example.com";

/// A person, and what their tokens are to say beyond the usual.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Person {
    /// The login hint, or else a default, where this is absent.
    pub(crate) email: Option<String>,
    given_name: Option<String>,
    family_name: Option<String>,
    /// The `sub` of their tokens; a `usr_` id that goes with the e-mail where this is absent.
    pub(crate) subject: Option<String>,
    pub(crate) external_id: Option<String>,
    /// The organization they log in to, where the connection does not say.
    pub(crate) organization_id: Option<String>,
    pub(crate) roles: Vec<String>,
    pub(crate) permissions: Vec<String>,
    /// Laid over the claims of the ID token.
    pub(crate) claims: Map<String, Value>,
    /// Laid over the claims of the access token.
    pub(crate) access_claims: Map<String, Value>,
}

impl Person {
    pub(crate) fn with_email(email: &str) -> Person {
        Person { email: Some(email.into()), ..Person::default() }
    }

    /// The same person, with the e-mail settled.
    pub(crate) fn hinted(mut self, login_hint: Option<&str>) -> Person {
        self.email = self.email.or_else(|| login_hint.filter(|hint| hint.contains('@')).map(Into::into));
        self
    }

    pub(crate) fn email(&self) -> &str {
        self.email.as_deref().unwrap_or(DEFAULT_EMAIL)
    }

    /// Names that were not given come from the e-mail.
    pub(crate) fn names(&self) -> (String, String) {
        let local = self.email().split('@').next().unwrap_or_default();
        let (first, last) = local.split_once('.').unwrap_or((local, "Example"));
        let capital = |word: &str| {
            let mut letters = word.chars();
            letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
        };
        let given = self.given_name.clone().unwrap_or_else(|| capital(first));
        (given, self.family_name.clone().unwrap_or_else(|| capital(last)))
    }
}
