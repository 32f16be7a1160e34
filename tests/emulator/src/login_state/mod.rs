//! The state of the login: clients, settings, scripted decisions, browser sessions, codes and refresh tokens.
//!
//! `script` holds the decisions of the identity provider, `codes` and `refresh_tokens` what a login grants, and `forge`
//! makes invalid tokens on request.

mod app;
mod authorization;
mod codes;
mod forge;
mod pages;
mod person;
mod refresh_tokens;
mod script;
mod sessions;
mod settings;
mod stored;

pub(crate) use app::{App, Apps, Draft as ClientDraft, is_loopback_host};
pub(crate) use authorization::{
    AuthorizationParameters, Callback, Denial, Prompt, ResponseMode, Selection, denial,
};
pub(crate) use codes::{Code, CodeError, Grant};
pub(crate) use forge::Forgery;
pub(crate) use pages::PendingLogin;
pub(crate) use person::Person;
pub(crate) use script::{Approval, Decision, Draft as ScriptDraft};
pub(crate) use sessions::{BrowserSession, Sessions};
pub(crate) use settings::{Change as SettingsChange, LoginSettings, Mode};
pub(crate) use stored::StoredLogin;

use codes::Codes;
use pages::Pages;
use refresh_tokens::RefreshTokens;
use script::Script;

/// The state of the login.
#[derive(Debug)]
pub(crate) struct Login {
    pub(crate) apps: Apps,
    /// ID of the environment's own connection, for logins without a connection of an organization.
    pub(crate) hosted_connection: String,
    pub(crate) settings: LoginSettings,
    initial_settings: LoginSettings,
    pub(crate) script: Script,
    pub(crate) pages: Pages,
    pub(crate) sessions: Sessions,
    pub(crate) codes: Codes,
    pub(crate) refresh_tokens: RefreshTokens,
    /// Number of sessions, codes and the like at which ended ones are removed.
    pub(crate) sweep_at: usize,
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
