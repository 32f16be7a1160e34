//! The login: authorization endpoint, scripted identity provider, codes, tokens, refresh, and logout.
//!
//! `authorize` handles the authorization request, `selector` selects the connection, `script` holds the decisions of
//! the identity provider, `sign_in` completes an approved login, `callback` returns its result to the application, `codes`
//! and `refresh_tokens` store what it grants, `exchange` issues tokens for them, and `sweep` removes what has ended.
//! `inspect` answers questions of other endpoints, `commands` contains the control-plane commands, and `forge` makes
//! invalid tokens on request.

mod app;
mod authorize;
mod callback;
mod claims;
mod codes;
mod commands;
mod exchange;
mod forge;
mod idp_initiated;
mod inspect;
mod logout;
mod page;
mod parameters;
mod person;
mod refresh_tokens;
mod script;
mod selector;
mod session;
mod settings;
mod sign_in;
mod stored;
mod sweep;

pub(crate) use app::{App, Apps, is_loopback_host};
pub(crate) use authorize::authorize;
pub(crate) use commands::{answer, initiate, register, script, settings, token};
pub(crate) use exchange::{authorization_code, refresh_token};
pub(crate) use inspect::{refresh_token_info, revoke_refresh_token, user_claims};
pub(crate) use logout::logout;
pub(crate) use page::{decide, show};
pub(crate) use session::{emit_session_event, has_active_session, revoke_sessions};
pub(crate) use settings::LoginSettings;
pub(crate) use stored::StoredLogin;
pub(crate) use sweep::sweep;

use codes::Codes;
use page::Pages;
use refresh_tokens::RefreshTokens;
use script::Script;
use session::Sessions;

/// The state of the login.
#[derive(Debug)]
pub(crate) struct Login {
    pub(crate) apps: Apps,
    /// ID of the environment's own connection, for logins without a connection of an organization.
    hosted_connection: String,
    pub(crate) settings: LoginSettings,
    initial_settings: LoginSettings,
    script: Script,
    pages: Pages,
    sessions: Sessions,
    codes: Codes,
    refresh_tokens: RefreshTokens,
    /// Number of sessions, codes and the like at which ended ones are removed.
    sweep_at: usize,
}

impl Login {
    pub(crate) fn new(apps: Apps, hosted_connection: String, settings: LoginSettings) -> Login {
        Login {
            apps,
            hosted_connection,
            settings: settings.clone(),
            initial_settings: settings,
            script: Script::default(),
            pages: Pages::default(),
            sessions: Sessions::default(),
            codes: Codes::default(),
            refresh_tokens: RefreshTokens::default(),
            sweep_at: 0,
        }
    }

    /// Number of scripted decisions that no login has used yet.
    pub(crate) fn pending_scripts(&self) -> usize {
        self.script.pending()
    }

    /// Removes sessions, codes, refresh tokens, settings, scripted decisions and registered clients. User IDs stay
    /// assigned to their email addresses.
    pub(crate) fn reset(&mut self) {
        self.apps.reset();
        self.settings = self.initial_settings.clone();
        self.script = Script::default();
        self.pages = Pages::default();
        self.sessions.end_all();
        self.codes = Codes::default();
        self.refresh_tokens = RefreshTokens::default();
    }
}
