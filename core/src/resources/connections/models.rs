//! Data models and request parameters of connections.

use std::collections::HashMap;
use std::sync::Arc;

use super::*;
use crate::model::{requests, responses};
use crate::resources::domains::Domain;
use crate::resources::passwordless::PasswordlessType;
use crate::types::{SecretJson, SecretText};

requests! {
    /// Parameters for listing connections.
    pub struct ListConnections {
        optional {
            /// Organization ID to filter by.
            organization_id: Option<String>,
            /// Email domain to filter by. 1–32 characters.
            domain: Option<String> => crate::check::length(1..=32),
            /// `all` to include connections that are disabled or not fully configured. Default: only usable
            /// connections.
            include: Option<String>,
        }
    }
}

responses! {
    /// A connection in a list.
    pub struct ConnectionSummary {
        /// Connection ID, such as `conn_1234`.
        id: String,
        /// Organization ID.
        organization_id: Option<String>,
        /// Name of the organization.
        organization_name: Option<String>,
        /// Identity provider.
        provider: Option<ConnectionProvider>,
        /// Key of the custom provider.
        provider_key: Option<String>,
        /// Authentication method.
        r#type: Option<ConnectionType>,
        /// Configuration status.
        status: Option<ConnectionStatus>,
        /// Whether users can sign in through the connection.
        enabled: bool,
        /// Email domains whose users are sent to the connection.
        domains: Vec<String>,
        /// Name of the connection in calls to agent tools.
        key_id: Option<String>,
        /// URL of the connection's MCP server, for agents.
        mcp_server_url: Option<String>,
    }

    /// A connection with its complete configuration.
    ///
    /// Of the `..._config` fields, only the one for its type is present.
    pub struct Connection {
        /// Connection ID, such as `conn_1234`.
        id: String,
        /// Organization ID.
        organization_id: Option<String>,
        /// Identity provider.
        provider: Option<ConnectionProvider>,
        /// Key of the custom provider.
        provider_key: Option<String>,
        /// Authentication method.
        r#type: Option<ConnectionType>,
        /// Configuration status.
        status: Option<ConnectionStatus>,
        /// Whether users can sign in through the connection.
        enabled: bool,
        /// Whether the service logs sign-ins in detail.
        debug_enabled: bool,
        /// Source of the endpoints.
        configuration_type: Option<ConfigurationType>,
        /// Email domains whose users are sent to the connection.
        domains: Vec<Domain>,
        /// Mapping between attributes of the provider and attributes of Scalekit.
        attribute_mapping: HashMap<String, String>,
        /// URL at which an administrator can test the connection.
        test_connection_uri: Option<String>,
        /// Name of the connection in calls to agent tools.
        key_id: Option<String>,
        /// URL of the connection's MCP server, for agents.
        mcp_server_url: Option<String>,
        /// OpenID Connect configuration.
        oidc_config: Option<OidcConnectionConfig>,
        /// SAML configuration.
        saml_config: Option<SamlConnectionConfig>,
        /// OAuth configuration.
        oauth_config: Option<OAuthConnectionConfig>,
        /// Configuration of codes and links by email.
        passwordless_config: Option<PasswordlessConfig>,
        /// Passkey configuration.
        webauthn_config: Option<PasskeyConfig>,
        /// Configuration of static credentials.
        static_config: Option<StaticAuthConfig>,
        /// Configuration of Google domain-wide delegation.
        google_dwd_config: Option<GoogleDwdConfig>,
    }

    /// State of a connection after it was enabled or disabled.
    pub struct ConnectionToggle {
        /// Whether users can sign in through the connection.
        enabled: bool,
        /// Deprecated by the service: failures are reported as errors.
        error_message: Option<String>,
    }

    /// Static credentials of a connection.
    pub struct StaticAuthConfig {
        /// Credentials. The structure depends on the provider.
        static_config: Option<Arc<SecretJson>>,
    }

    /// Configuration of a connection for Google domain-wide delegation.
    pub struct GoogleDwdConfig {
        /// Scopes to request.
        scopes: Vec<String>,
        /// Service account key, as issued by Google.
        service_account_json: Option<Arc<SecretText>>,
        /// URL of the token endpoint.
        token_uri: Option<String>,
    }

    /// Configuration of a passwordless connection.
    pub struct PasswordlessConfig {
        /// Content of the email.
        r#type: Option<PasswordlessType>,
        /// Number of characters of a code.
        code_challenge_length: Option<i64>,
        /// Characters of a code.
        code_challenge_type: Option<CodeChallengeType>,
        /// Whether a link works only in the browser that requested it.
        enforce_same_browser_origin: bool,
        /// Maximum number of emails in a period.
        frequency: Option<i64>,
        /// Whether a resent email contains a new code or link.
        regenerate_passwordless_credentials_on_resend: bool,
        /// Lifetime of a code or link, in seconds.
        validity: Option<i64>,
    }
}
