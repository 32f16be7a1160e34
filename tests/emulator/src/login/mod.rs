//! The login: authorization endpoint, scripted identity provider, codes, tokens, refresh, and logout.
//!
//! `authorize` handles the authorization request, `selector` selects the connection, `script` holds the decisions of
//! the identity provider, `sign_in` completes an approved login, `grant` stores codes and refresh tokens, and
//! `exchange` issues tokens for them. `commands` contains the control-plane commands, `forge` makes invalid tokens on
//! request.

mod app;
mod authorize;
mod claims;
mod commands;
mod exchange;
mod forge;
mod grant;
mod idp_initiated;
mod logout;
mod page;
mod parameters;
mod person;
mod script;
mod selector;
mod session;
mod settings;
mod sign_in;

pub(crate) use app::{App, Apps};
pub(crate) use authorize::authorize;
pub(crate) use commands::{answer, initiate, register, script, settings, token};
pub(crate) use exchange::{authorization_code, refresh_token};
pub(crate) use logout::logout;
pub(crate) use page::{decide, show};
pub(crate) use session::{emit_session_event, revoke_sessions};

use grant::Grants;
use page::Pages;
use script::Script;
use session::Sessions;
use settings::LoginSettings;

/// The state of the login.
#[derive(Debug)]
pub(crate) struct Login {
    pub(crate) apps: Apps,
    /// ID of the environment's own connection, for logins without a connection of an organization.
    hosted_connection: String,
    settings: LoginSettings,
    script: Script,
    pages: Pages,
    sessions: Sessions,
    grants: Grants,
}

impl Login {
    pub(crate) fn new(apps: Apps, hosted_connection: String) -> Login {
        Login {
            apps,
            hosted_connection,
            settings: LoginSettings::default(),
            script: Script::default(),
            pages: Pages::default(),
            sessions: Sessions::default(),
            grants: Grants::default(),
        }
    }

    /// Removes sessions, codes, refresh tokens, settings, scripted decisions and registered clients. User IDs stay
    /// assigned to their email addresses.
    pub(crate) fn reset(&mut self) {
        self.apps.reset();
        self.settings = LoginSettings::default();
        self.script = Script::default();
        self.pages = Pages::default();
        self.sessions.end_all();
        self.grants = Grants::default();
    }
}
