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
    /// Organizations: the tenants of your application.
    organizations: Organizations / AsyncOrganizations, table ORGANIZATIONS;
    /// Connections: how the people of an organization sign in.
    connections: Connections / AsyncConnections, table CONNECTIONS;
    /// Directories: the people and groups that an organization's own directory sends (SCIM).
    directories: Directories / AsyncDirectories, table DIRECTORIES;
    /// Domains: the e-mail domains of an organization.
    domains: Domains / AsyncDomains, table DOMAINS;
    /// Users: the people who sign in to your application.
    users: Users / AsyncUsers, table USERS;
    /// Memberships: which users belong to which organizations, with which roles, and who is invited.
    memberships: Memberships / AsyncMemberships, table MEMBERSHIPS;
    /// Roles: sets of permissions that people are given in an organization.
    roles: Roles / AsyncRoles, table ROLES;
    /// The roles of one organization, beside those of the environment.
    organization_roles: OrganizationRoles / AsyncOrganizationRoles, table ORGANIZATION_ROLES;
    /// Permissions: the single things that a person may be allowed to do. Roles are made of them.
    permissions: Permissions / AsyncPermissions, table PERMISSIONS;
    /// Sessions: where users are signed in.
    sessions: Sessions / AsyncSessions, table SESSIONS;
    /// Passkeys: the WebAuthn credentials that users have registered.
    passkeys: Passkeys / AsyncPasskeys, table PASSKEYS;
    /// Passwordless: codes and links by e-mail.
    passwordless: Passwordless / AsyncPasswordless, table PASSWORDLESS;
    /// Clients: the programs of an organization that sign in to your API with OAuth client credentials.
    clients: Clients / AsyncClients, table CLIENTS;
    /// Authentication logs: who tried to sign in, how, and what came of it.
    auth_logs: AuthLogs / AsyncAuthLogs, table AUTH_LOGS;
    /// Connected accounts: the accounts at other providers that your agents may use on behalf of people and
    /// organizations.
    connected_accounts: ConnectedAccounts / AsyncConnectedAccounts, table CONNECTED_ACCOUNTS;
    /// Tools: what agents can do at providers, through connected accounts.
    tools: Tools / AsyncTools, table TOOLS;
    /// MCP configurations: which tools an agent sees as one MCP server, and who may use them.
    mcp_configs: McpConfigs / AsyncMcpConfigs, table MCP_CONFIGS;
    /// Custom providers: services that Scalekit has no connector for, made known to your agents.
    custom_providers: CustomProviders / AsyncCustomProviders, table CUSTOM_PROVIDERS;
}

/// Declares the accessors of every client, with or without a secret.
macro_rules! authentication {
    ($($Blocking:ident / $Async:ident),*) => { $(
        twins! { impl $Blocking / $Async {
            /// Logins: sending people to log in, and taking them back.
            fn login(&self) -> Login / AsyncLogin { Arc::clone(&self.wire) }
            /// Tokens: whether to believe them, and what they say.
            fn tokens(&self) -> Tokens / AsyncTokens { Arc::clone(&self.wire) }
            /// Access tokens for machines' clients, to call other services with.
            fn machine_tokens(&self) -> MachineTokens / AsyncMachineTokens { Arc::clone(&self.wire) }
        } }
    )* };
}

authentication! { ScalekitClient / AsyncScalekitClient, PublicScalekitClient / AsyncPublicScalekitClient }
