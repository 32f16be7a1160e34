//! Custom providers: services for which Scalekit has no connector, made available to your agents.

use std::collections::HashMap;

use crate::check;
use crate::model::{requests, responses, updates};
use crate::op::{pagers, resource};
use crate::types::Json;

responses! {
    /// A provider: a service at which users have accounts that agents can use.
    pub struct Provider {
        /// Provider ID.
        id: String,
        /// Identifier, used to update or delete the provider.
        identifier: String,
        /// Display name.
        display_name: String,
        /// Description.
        description: Option<String>,
        /// URL of the icon.
        icon_src: Option<String>,
        /// Categories that the provider is listed under.
        categories: Vec<String>,
        /// Supported authentication methods, each with its type and the fields that accounts require.
        auth_patterns: Vec<Json>,
        /// Whether requests to the provider's API can be sent through Scalekit's proxy.
        proxy_enabled: bool,
        /// URL to which the proxy forwards requests.
        proxy_url: Option<String>,
        /// Custom key-value pairs.
        metadata: HashMap<String, String>,
        /// Position in lists.
        display_priority: Option<i64>,
        /// Whether the provider is announced but not available yet.
        coming_soon: bool,
        /// Whether this is a custom provider.
        is_custom: bool,
        /// Whether this is a custom MCP server.
        is_custom_mcp: bool,
    }
}

requests! {
    /// A new custom provider.
    pub struct CreateCustomProvider {
        required {
            /// Display name.
            display_name: String => check::filled,
        }
        optional {
            /// Description.
            description: Option<String>,
            /// Supported authentication methods: objects with a `type`, such as `OAUTH` or `API_KEY`, and the fields
            /// that accounts require.
            auth_patterns: Option<Vec<Json>>,
            /// URL of the icon.
            icon_src: Option<String>,
            /// Whether requests to the provider's API can be sent through Scalekit's proxy.
            proxy_enabled: Option<bool>,
            /// URL to which the proxy forwards requests.
            proxy_url: Option<String>,
            /// Custom key-value pairs. At most 20; keys of 3–25 characters, values of 1–256 characters.
            metadata: Option<HashMap<String, String>> => check::metadata(20),
        }
    }

    /// Changes to a custom provider. Omitted fields are unchanged. Strings cannot be cleared.
    pub struct UpdateCustomProvider {
        optional {
            /// Display name.
            display_name: Option<String> => check::filled,
            /// Description.
            description: Option<String> => check::filled,
            /// Supported authentication methods. Replaces the existing methods.
            auth_patterns: Option<Vec<Json>>,
            /// URL of the icon.
            icon_src: Option<String> => check::filled,
            /// Whether requests to the provider's API can be sent through Scalekit's proxy.
            proxy_enabled: Option<bool>,
            /// URL to which the proxy forwards requests.
            proxy_url: Option<String> => check::filled,
            /// Custom key-value pairs. Replaces the existing pairs. At most 20; keys of 3–25 characters, values of
            /// 1–256 characters.
            metadata: Option<HashMap<String, String>> => check::metadata(20),
        }
    }
}

updates! {
    Provider => UpdateCustomProvider {
        display_name, description, auth_patterns, icon_src, proxy_enabled, proxy_url, metadata,
    }
}

resource! {
    /// Custom providers: services for which Scalekit has no connector, made available to your agents.
    custom_providers: CustomProviders / AsyncCustomProviders, table CUSTOM_PROVIDERS;

    /// Creates a custom provider and returns it with the identifier that the service generated.
    "POST /api/v1/custom-providers" in "provider"
    fn create(provider: CreateCustomProvider) -> Provider { body(provider) }

    /// Updates a custom provider and returns it. Omitted fields are unchanged.
    ///
    /// # Errors
    ///
    /// `NotFound` if no custom provider has this identifier.
    "PUT /api/v1/custom-providers/{identifier}" in "provider"
    fn update(identifier: &str, provider: UpdateCustomProvider) -> Provider { path(identifier), body(provider) }

    /// Deletes a custom provider.
    ///
    /// Deletion is permanent.
    ///
    /// # Errors
    ///
    /// `NotFound` if no custom provider has this identifier.
    "DELETE /api/v1/custom-providers/{identifier}"
    fn delete(identifier: &str) -> () { path(identifier) }
}

pagers! {}
