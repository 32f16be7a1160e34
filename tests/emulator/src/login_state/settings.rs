//! Settings of the login.

use serde::{Deserialize, Serialize};

use super::person::Person;

/// How a login without a scripted decision is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Mode {
    /// Approved immediately, so that a program only has to follow redirects.
    Auto,
    /// By the user in the browser, on a page with two buttons.
    Page,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct LoginSettings {
    pub(crate) mode: Mode,
    /// The user of logins without a scripted decision.
    pub(crate) person: Person,
    pub(crate) access_token_lifetime_seconds: u32,
    pub(crate) id_token_lifetime_seconds: u32,
    pub(crate) refresh_token_lifetime_seconds: u32,
    /// Time in which a used refresh token can be used again.
    pub(crate) refresh_token_grace_seconds: u32,
    /// Whether a refresh returns an ID token.
    pub(crate) id_token_on_refresh: bool,
    /// Whether clients can authenticate with HTTP Basic.
    pub(crate) basic_auth: bool,
}

const REFRESH_TOKEN_GRACE_SECONDS: u32 = 30;

impl LoginSettings {
    /// The initial settings. In strict mode a refresh token can be used only once.
    pub(crate) fn new(strict: bool) -> Self {
        LoginSettings {
            mode: Mode::Auto,
            person: Person::default(),
            access_token_lifetime_seconds: 300,
            id_token_lifetime_seconds: 3600,
            refresh_token_lifetime_seconds: 7 * 24 * 3600,
            refresh_token_grace_seconds: if strict { 0 } else { REFRESH_TOKEN_GRACE_SECONDS },
            id_token_on_refresh: true,
            basic_auth: true,
        }
    }
}

/// Control-plane parameters of the settings. Omitted fields are unchanged.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Change {
    mode: Option<Mode>,
    person: Option<Person>,
    access_token_lifetime_seconds: Option<u32>,
    id_token_lifetime_seconds: Option<u32>,
    refresh_token_lifetime_seconds: Option<u32>,
    refresh_token_grace_seconds: Option<u32>,
    id_token_on_refresh: Option<bool>,
    basic_auth: Option<bool>,
}

impl LoginSettings {
    pub(crate) fn shows_page(&self) -> bool {
        self.mode == Mode::Page
    }

    pub(crate) fn apply(&mut self, change: Change) {
        self.mode = change.mode.unwrap_or(self.mode);
        if let Some(person) = change.person {
            self.person = person;
        }
        self.id_token_on_refresh = change.id_token_on_refresh.unwrap_or(self.id_token_on_refresh);
        self.basic_auth = change.basic_auth.unwrap_or(self.basic_auth);
        let lifetimes = [
            (&mut self.access_token_lifetime_seconds, change.access_token_lifetime_seconds),
            (&mut self.id_token_lifetime_seconds, change.id_token_lifetime_seconds),
            (&mut self.refresh_token_lifetime_seconds, change.refresh_token_lifetime_seconds),
            (&mut self.refresh_token_grace_seconds, change.refresh_token_grace_seconds),
        ];
        for (current, new) in lifetimes {
            *current = new.unwrap_or(*current);
        }
    }
}
