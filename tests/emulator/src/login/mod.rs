//! The login: the authorization endpoint, a scripted identity provider, codes, tokens, refreshing, and logout.
//!
//! `authorize` takes the request in, `selector` finds the connection, `script` says what the person does, `grant`
//! keeps codes and refresh tokens, `exchange` turns them into tokens. `commands` is this module's part of the control
//! plane, `forge` makes tokens wrong on request.

mod app;
mod arrive;
mod authorize;
mod claims;
mod commands;
mod exchange;
mod forge;
mod grant;
mod initiate;
mod logout;
mod page;
mod parameters;
mod person;
mod script;
mod selector;
mod session;
mod settings;

pub(crate) use app::{App, Apps};
pub(crate) use authorize::authorize;
pub(crate) use commands::{answer, initiate, register, script, settings, token};
pub(crate) use exchange::{authorization_code, refresh_token};
pub(crate) use logout::logout;
pub(crate) use page::{decide, show};
pub(crate) use session::{revoke_sessions, tell};

use grant::Grants;
use page::Pages;
use script::Script;
use session::Sessions;
use settings::LoginSettings;

/// What the login remembers.
#[derive(Debug)]
pub(crate) struct Login {
    pub(crate) apps: Apps,
    /// Where people log in whom no connection of an organization claims.
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

    /// Sessions, codes and refresh tokens end; clients that a test registered are forgotten. People keep their ids.
    pub(crate) fn reset(&mut self) {
        self.apps.reset();
        self.settings = LoginSettings::default();
        self.script = Script::default();
        self.pages = Pages::default();
        self.sessions.end_all();
        self.grants = Grants::default();
    }
}
