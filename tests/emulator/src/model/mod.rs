//! What the emulator remembers about each kind of object, and how it writes it out.

mod auth_log;
mod connected_account;
mod connection;
mod connection_config;
mod mcp_config;
mod organization;
mod passkey;
mod provider;
mod session;

pub(crate) use auth_log::AuthLog;
pub(crate) use connected_account::{ConnectedAccount, Draft as ConnectedAccountDraft, MagicLink, Owner};
pub(crate) use connection::Connection;
pub(crate) use connection::Draft as ConnectionDraft;
pub(crate) use mcp_config::{McpConfig, ToolMapping};
pub(crate) use organization::{Draft as OrganizationDraft, Feature, Organization};
pub(crate) use passkey::Passkey;
pub(crate) use provider::{Connector, CustomProvider};
pub(crate) use session::Session;
