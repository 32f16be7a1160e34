//! Custom providers: services that Scalekit has no connector for, made known to your agents.

use std::collections::HashMap;

use crate::check;
use crate::model::{answers, requests, write_back};
use crate::op::resource;
use crate::types::Json;

answers! {
    /// A provider: a service at which people have accounts that agents may use.
    pub struct Provider {
        /// The id.
        id: String,
        /// Its name in calls: the one to change or delete it by.
        identifier: String,
        /// The name that people see.
        display_name: String,
        /// What it is.
        description: Option<String>,
        /// Its picture, a URL.
        icon_src: Option<String>,
        /// The kinds of service that it is listed under.
        categories: Vec<String>,
        /// The ways to authenticate that it knows: each with its type and the fields that its accounts need.
        auth_patterns: Vec<Json>,
        /// Whether calls of its API may go through Scalekit's proxy.
        proxy_enabled: bool,
        /// Where the proxy sends them.
        proxy_url: Option<String>,
        /// Your own key-value pairs.
        metadata: HashMap<String, String>,
        /// Its place in lists.
        display_priority: Option<i64>,
        /// Whether it is only announced.
        coming_soon: bool,
        /// Whether it is one of your own.
        is_custom: bool,
        /// Whether it is an MCP server of your own.
        is_custom_mcp: bool,
    }
}

requests! {
    /// A new provider of your own.
    pub struct CreateCustomProvider {
        required {
            /// The name that people see.
            display_name: String => check::filled,
        }
        optional {
            /// What it is.
            description: Option<String>,
            /// The ways to authenticate that it knows: each an object with its `type`, such as `OAUTH` or `API_KEY`, and
            /// the fields that its accounts need.
            auth_patterns: Option<Vec<Json>>,
            /// Its picture, a URL.
            icon_src: Option<String>,
            /// Whether calls of its API may go through Scalekit's proxy.
            proxy_enabled: Option<bool>,
            /// Where the proxy sends them.
            proxy_url: Option<String>,
            /// Your own key-value pairs: at most 20, keys of 3 to 25 and values of 1 to 256 characters.
            metadata: Option<HashMap<String, String>> => check::metadata(20),
        }
    }

    /// Changes to a provider of your own. What is left out stays as it is, and a text cannot be cleared.
    pub struct UpdateCustomProvider {
        optional {
            /// The name that people see.
            display_name: Option<String> => check::filled,
            /// What it is.
            description: Option<String> => check::filled,
            /// The ways to authenticate that it knows, in place of the old ones.
            auth_patterns: Option<Vec<Json>>,
            /// Its picture, a URL.
            icon_src: Option<String> => check::filled,
            /// Whether calls of its API may go through Scalekit's proxy.
            proxy_enabled: Option<bool>,
            /// Where the proxy sends them.
            proxy_url: Option<String> => check::filled,
            /// Your own key-value pairs, in place of the old ones: at most 20, keys of 3 to 25 and values of 1 to 256
            /// characters.
            metadata: Option<HashMap<String, String>> => check::metadata(20),
        }
    }
}

write_back! {
    Provider => UpdateCustomProvider {
        display_name, description, auth_patterns, icon_src, proxy_enabled, proxy_url, metadata,
    }
}

resource! {
    /// Custom providers: services that Scalekit has no connector for, made known to your agents.
    custom_providers: CustomProviders / AsyncCustomProviders, table CUSTOM_PROVIDERS;

    /// Creates a provider of your own, and gives it back with the identifier that the service made for it.
    "POST /api/v1/custom-providers" in "provider"
    fn create(provider: CreateCustomProvider) -> Provider { body(provider) }

    /// Changes a provider of your own, and gives it back as it is then. What is left out stays as it is.
    ///
    /// Fails with `NotFound` when none of your own has this identifier.
    "PUT /api/v1/custom-providers/{identifier}" in "provider"
    fn update(identifier: &str, provider: UpdateCustomProvider) -> Provider { path(identifier), body(provider) }

    /// Deletes a provider of your own. There is no way back. Fails with `NotFound`
    /// when none of your own has this identifier.
    "DELETE /api/v1/custom-providers/{identifier}"
    fn delete(identifier: &str) -> () { path(identifier) }
}
