//! Settings of the login.

use serde::Deserialize;

use super::person::Person;

/// How a login without a scripted decision is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Mode {
    /// Approved immediately, so that a program only has to follow redirects.
    Auto,
    /// By the user in the browser, on a page with two buttons.
    Page,
}

#[derive(Debug, Clone)]
pub(crate) struct LoginSettings {
    pub(crate) mode: Mode,
    /// The user of logins without a scripted decision.
    pub(crate) person: Person,
    pub(crate) access_token_lifetime_seconds: u32,
    pub(crate) id_token_lifetime_seconds: u32,
    pub(crate) refresh_token_lifetime_seconds: u32,
}

impl Default for LoginSettings {
    fn default() -> Self {
        LoginSettings {
            mode: Mode::Auto,
            person: Person::default(),
            access_token_lifetime_seconds: 300,
            id_token_lifetime_seconds: 3600,
            refresh_token_lifetime_seconds: 7 * 24 * 3600,
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
}

impl LoginSettings {
    pub(crate) fn apply(&mut self, change: Change) {
        self.mode = change.mode.unwrap_or(self.mode);
        if let Some(person) = change.person {
            self.person = person;
        }
        let lifetimes = [
            (&mut self.access_token_lifetime_seconds, change.access_token_lifetime_seconds),
            (&mut self.id_token_lifetime_seconds, change.id_token_lifetime_seconds),
            (&mut self.refresh_token_lifetime_seconds, change.refresh_token_lifetime_seconds),
        ];
        for (current, new) in lifetimes {
            *current = new.unwrap_or(*current);
        }
    }
}
