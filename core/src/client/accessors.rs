//! From a client to its areas: one accessor each, and the list of all operations.

use std::sync::Arc;

use super::{AsyncPublicScalekitClient, AsyncScalekitClient};
#[cfg(feature = "blocking")]
use super::{PublicScalekitClient, ScalekitClient};
use crate::auth::{AsyncLogin, AsyncMachineTokens, AsyncTokens};
#[cfg(feature = "blocking")]
use crate::auth::{Login, MachineTokens, Tokens};
use crate::op::OperationInfo;
use crate::resources;
use crate::twins::twins;

/// Declares the accessor of each resource, and the list of all operations.
macro_rules! areas {
    ($( $(#[$m:meta])* $area:ident: $Blocking:ident / $Async:ident, table $TABLE:ident; )*) => {
        $(
            #[cfg(feature = "blocking")]
            use resources::$area::$Blocking;
            use resources::$area::$Async;
        )*

        /// Lists the operations that this version supports, by area.
        #[cfg_attr(feature = "ffi", uniffi::export)]
        #[must_use]
        pub fn operations() -> Vec<OperationInfo> {
            [$( resources::$area::$TABLE ),*].into_iter().flatten().map(OperationInfo::from).collect()
        }

        /// Finds an operation by its name.
        #[cfg(feature = "dispatch")]
        pub(crate) fn named_call(name: &str) -> Option<&'static crate::op::NamedCall> {
            let (area, _) = name.split_once('.')?;
            let calls = match area {
                $( stringify!($area) => resources::$area::NAMED, )*
                _ => return None,
            };
            calls.iter().find(|call| call.id == name)
        }

        /// Finds a pager by its name, such as `organizations.list_all`.
        #[cfg(feature = "dispatch")]
        pub(crate) fn named_pager(name: &str) -> Option<&'static crate::op::NamedPager> {
            let (area, method) = name.split_once('.')?;
            let pagers = match area {
                $( stringify!($area) => resources::$area::PAGERS, )*
                _ => return None,
            };
            pagers.iter().find(|pager| pager.method == method)
        }

        /// The names of all pagers.
        #[cfg(all(test, feature = "dispatch"))]
        pub(crate) fn pager_names() -> Vec<String> {
            let of = |area: &str, pagers: &[crate::op::NamedPager]| -> Vec<String> {
                pagers.iter().map(|pager| format!("{area}.{}", pager.method)).collect()
            };
            [$( of(stringify!($area), resources::$area::PAGERS) ),*].concat()
        }

        /// What the tests compare with the service's API description.
        #[cfg(test)]
        pub(crate) fn probes() -> Vec<crate::op::Probe> {
            [$( resources::$area::probes() ),*].into_iter().flatten().collect()
        }

        twins! { impl ScalekitClient / AsyncScalekitClient { $(
            $(#[$m])*
            fn $area(&self) -> $Blocking / $Async { Arc::clone(&self.wire) }
        )* } }
    };
}

areas! {
    /// Organizations, the tenants of your application.
    organizations: Organizations / AsyncOrganizations, table ORGANIZATIONS;
    /// SSO connections of organizations.
    connections: Connections / AsyncConnections, table CONNECTIONS;
    /// SCIM directories: the users and groups that an organization provisions.
    directories: Directories / AsyncDirectories, table DIRECTORIES;
    /// Email domains of organizations.
    domains: Domains / AsyncDomains, table DOMAINS;
    /// Users of your application.
    users: Users / AsyncUsers, table USERS;
    /// Memberships of users in organizations, with their roles and invitations.
    memberships: Memberships / AsyncMemberships, table MEMBERSHIPS;
    /// Roles of the environment: sets of permissions that are assigned to members.
    roles: Roles / AsyncRoles, table ROLES;
    /// Roles of a single organization, in addition to those of the environment.
    organization_roles: OrganizationRoles / AsyncOrganizationRoles, table ORGANIZATION_ROLES;
    /// Permissions, which roles consist of.
    permissions: Permissions / AsyncPermissions, table PERMISSIONS;
    /// User sessions.
    sessions: Sessions / AsyncSessions, table SESSIONS;
    /// Passkeys: the WebAuthn credentials of users.
    passkeys: Passkeys / AsyncPasskeys, table PASSKEYS;
    /// Passwordless login: one-time codes and magic links by email.
    passwordless: Passwordless / AsyncPasswordless, table PASSWORDLESS;
    /// Machine clients (M2M) of organizations, which authenticate to your API with OAuth client credentials.
    clients: Clients / AsyncClients, table CLIENTS;
    /// Authentication logs: sign-in attempts and their outcome.
    auth_logs: AuthLogs / AsyncAuthLogs, table AUTH_LOGS;
    /// Connected accounts: third-party accounts that your agents use on behalf of users and organizations.
    connected_accounts: ConnectedAccounts / AsyncConnectedAccounts, table CONNECTED_ACCOUNTS;
    /// Tools that agents run at providers through connected accounts.
    tools: Tools / AsyncTools, table TOOLS;
    /// MCP configurations: the tools that an MCP server exposes, and the users it serves.
    mcp_configs: McpConfigs / AsyncMcpConfigs, table MCP_CONFIGS;
    /// Custom providers: third-party services for which Scalekit has no connector.
    custom_providers: CustomProviders / AsyncCustomProviders, table CUSTOM_PROVIDERS;
}

/// Declares the accessors of every client, with or without a secret.
macro_rules! authentication {
    ($($Blocking:ident / $Async:ident),*) => { $(
        twins! { impl $Blocking / $Async {
            /// Logins: authorization URLs, callbacks, session refresh and logout.
            fn login(&self) -> Login / AsyncLogin { Arc::clone(&self.wire) }
            /// Token validation: access tokens and ID tokens.
            fn tokens(&self) -> Tokens / AsyncTokens { Arc::clone(&self.wire) }
            /// Access tokens of machine clients, for calls between services.
            fn machine_tokens(&self) -> MachineTokens / AsyncMachineTokens { Arc::clone(&self.wire) }
        } }
    )* };
}

authentication! { ScalekitClient / AsyncScalekitClient, PublicScalekitClient / AsyncPublicScalekitClient }
