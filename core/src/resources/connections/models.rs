//! Connections as the service lists and shows them.

use std::collections::HashMap;
use std::sync::Arc;

use super::*;
use crate::model::{answers, requests};
use crate::resources::domains::Domain;
use crate::resources::passwordless::PasswordlessType;
use crate::types::{SecretJson, SecretText};

requests! {
    /// Which connections to list.
    pub struct ListConnections {
        optional {
            /// Those of this organization.
            organization_id: Option<String>,
            /// Those for this e-mail domain, at most 32 characters.
            domain: Option<String> => crate::check::length(1..=32),
            /// `all` for those too that are not enabled or not set up. Default: only those that work.
            include: Option<String>,
        }
    }
}

answers! {
    /// A connection, as it stands in a list.
    pub struct ConnectionSummary {
        /// The id, such as `conn_1234`.
        id: String,
        /// The organization it belongs to.
        organization_id: Option<String>,
        /// The organization's name.
        organization_name: Option<String>,
        /// The identity provider behind it.
        provider: Option<ConnectionProvider>,
        /// The key of a custom provider.
        provider_key: Option<String>,
        /// How it authenticates.
        r#type: Option<ConnectionType>,
        /// How far it is set up.
        status: Option<ConnectionStatus>,
        /// Whether people can sign in through it.
        enabled: bool,
        /// The e-mail domains that lead to it.
        domains: Vec<String>,
        /// Its name in calls of agents' tools.
        key_id: Option<String>,
        /// The URL of its MCP server, for agents.
        mcp_server_url: Option<String>,
    }

    /// A connection with its whole configuration. Of the `..._config` fields, the one for its type is there.
    pub struct Connection {
        /// The id, such as `conn_1234`.
        id: String,
        /// The organization it belongs to.
        organization_id: Option<String>,
        /// The identity provider behind it.
        provider: Option<ConnectionProvider>,
        /// The key of a custom provider.
        provider_key: Option<String>,
        /// How it authenticates.
        r#type: Option<ConnectionType>,
        /// How far it is set up.
        status: Option<ConnectionStatus>,
        /// Whether people can sign in through it.
        enabled: bool,
        /// Whether the service logs its sign-ins in detail.
        debug_enabled: bool,
        /// Where its endpoints come from.
        configuration_type: Option<ConfigurationType>,
        /// The e-mail domains that lead to it.
        domains: Vec<Domain>,
        /// Which of the provider's attributes fill which of ours.
        attribute_mapping: HashMap<String, String>,
        /// Where an administrator can try it out.
        test_connection_uri: Option<String>,
        /// Its name in calls of agents' tools.
        key_id: Option<String>,
        /// The URL of its MCP server, for agents.
        mcp_server_url: Option<String>,
        /// For OpenID Connect.
        oidc_config: Option<OidcConnectionConfig>,
        /// For SAML.
        saml_config: Option<SamlConnectionConfig>,
        /// For OAuth.
        oauth_config: Option<OAuthConnectionConfig>,
        /// For codes and links by e-mail.
        passwordless_config: Option<PasswordlessConfig>,
        /// For passkeys.
        webauthn_config: Option<PasskeyConfig>,
        /// For fixed credentials.
        static_config: Option<StaticAuthConfig>,
        /// For Google's domain-wide delegation.
        google_dwd_config: Option<GoogleDwdConfig>,
    }

    /// A connection after it was switched on or off.
    pub struct ConnectionToggle {
        /// Whether people can sign in through it now.
        enabled: bool,
        /// Deprecated by the service, which reports failures as errors.
        error_message: Option<String>,
    }

    /// A connection with fixed credentials.
    pub struct StaticAuthConfig {
        /// The credentials, in a shape that depends on the provider.
        static_config: Option<Arc<SecretJson>>,
    }

    /// A connection by Google's domain-wide delegation.
    pub struct GoogleDwdConfig {
        /// The scopes to ask for.
        scopes: Vec<String>,
        /// The key of the service account, as Google gives it.
        service_account_json: Option<Arc<SecretText>>,
        /// Where tokens come from.
        token_uri: Option<String>,
    }

    /// A connection by codes or links in e-mails.
    pub struct PasswordlessConfig {
        /// What the e-mail holds.
        r#type: Option<PasswordlessType>,
        /// How many characters a code has.
        code_challenge_length: Option<i64>,
        /// Which characters a code has.
        code_challenge_type: Option<CodeChallengeType>,
        /// Whether a link works only in the browser that asked for it.
        enforce_same_browser_origin: bool,
        /// How many e-mails may be sent in a while.
        frequency: Option<i64>,
        /// Whether sending again makes a new code or link.
        regenerate_passwordless_credentials_on_resend: bool,
        /// How long a code or link is good, in seconds.
        validity: Option<i64>,
    }
}
