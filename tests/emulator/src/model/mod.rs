//! The stored objects and their JSON.

mod auth_log;
mod connected_account;
mod connection;
mod connection_config;
mod directory;
mod directory_people;
mod domain;
mod m2m_client;
mod mcp_config;
mod membership;
mod organization;
mod passkey;
mod passwordless;
mod permission;
mod portal_link;
mod provider;
mod role;
mod session;
mod session_policy;
mod user;

pub(crate) use auth_log::AuthLog;
pub(crate) use connected_account::{ConnectedAccount, Draft as ConnectedAccountDraft, MagicLink, Owner};
pub(crate) use connection::Connection;
pub(crate) use connection::Draft as ConnectionDraft;
pub(crate) use directory::{AttributeMappings, Directory, DirectorySecret, RoleAssignments};
pub(crate) use directory_people::{DirectoryGroup, DirectoryUser};
pub(crate) use domain::{Domain, Draft as DomainDraft, SIGN_IN_DOMAIN};
pub(crate) use m2m_client::{CustomClaim, M2mClient};
pub(crate) use mcp_config::{McpConfig, ToolMapping};
pub(crate) use membership::{Change as MembershipChange, Draft as MembershipDraft, Membership};
pub(crate) use organization::{Draft as OrganizationDraft, Feature, Organization};
pub(crate) use passkey::Passkey;
pub(crate) use passwordless::{
    Attempt, AttemptDraft, Draft as PasswordlessDraft, Passwordless, Settings as PasswordlessSettings,
};
pub(crate) use permission::{Draft as PermissionDraft, Permission};
pub(crate) use portal_link::PortalLink;
pub(crate) use provider::{Connector, CustomProvider};
pub(crate) use role::{Change as RoleChange, Draft as RoleDraft, ENVIRONMENT, Role};
pub(crate) use session::Session;
pub(crate) use session_policy::SessionPolicy;
pub(crate) use user::{Change as UserChange, Draft as UserDraft, User};
