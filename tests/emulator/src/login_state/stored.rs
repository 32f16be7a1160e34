//! The part of the login in a state file.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::Login;
use super::app::App;
use super::refresh_tokens::RefreshTokens;
use super::sessions::Sessions;
use super::settings::LoginSettings;

/// What survives a restart: all but scripted decisions and logins in progress, which last minutes.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct StoredLogin<'a> {
    apps: Cow<'a, [App]>,
    hosted_connection: Cow<'a, str>,
    settings: Cow<'a, LoginSettings>,
    sessions: Cow<'a, Sessions>,
    refresh_tokens: Cow<'a, RefreshTokens>,
}

impl Login {
    pub(crate) fn stored(&self) -> StoredLogin<'_> {
        StoredLogin {
            apps: Cow::Borrowed(self.apps.all()),
            hosted_connection: Cow::Borrowed(&self.hosted_connection),
            settings: Cow::Borrowed(&self.settings),
            sessions: Cow::Borrowed(&self.sessions),
            refresh_tokens: Cow::Borrowed(&self.refresh_tokens),
        }
    }

    pub(crate) fn restore(&mut self, stored: StoredLogin<'_>) {
        self.apps.restore(stored.apps.into_owned());
        self.hosted_connection = stored.hosted_connection.into_owned();
        self.settings = stored.settings.into_owned();
        self.sessions = stored.sessions.into_owned();
        self.refresh_tokens = stored.refresh_tokens.into_owned();
    }
}
