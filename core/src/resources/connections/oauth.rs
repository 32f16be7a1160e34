//! OAuth configuration of a connection.

use std::collections::HashMap;
use std::sync::Arc;

use crate::model::responses;
use crate::types::SecretText;

responses! {
    /// OAuth configuration of a connection.
    pub struct OAuthConnectionConfig {
        /// Client ID registered at the provider.
        client_id: Option<String>,
        /// Client secret registered at the provider.
        client_secret: Option<Arc<SecretText>>,
        /// URL of the authorization endpoint.
        authorize_uri: Option<String>,
        /// URL of the token endpoint.
        token_uri: Option<String>,
        /// URL of the user info endpoint.
        user_info_uri: Option<String>,
        /// Redirect URI.
        redirect_uri: Option<String>,
        /// Scopes to request.
        scopes: Vec<String>,
        /// Scopes that users can decline.
        optional_scopes: Option<OptionalScopes>,
        /// The provider's name for the scope parameter, if not `scope`.
        custom_scope_name: Option<String>,
        /// Access type to request, such as `offline`.
        access_type: Option<String>,
        /// Access type to request, for providers that expect it in the token request.
        token_access_type: Option<String>,
        /// Client authentication method of the token endpoint.
        token_endpoint_auth_method: Option<String>,
        /// Whether the provider asks for consent each time.
        prompt: Option<String>,
        /// Application name that the provider displays.
        app_name: Option<String>,
        /// Tenant ID at the provider.
        tenant_id: Option<String>,
        /// Developer token for Google Ads.
        googleads_developer_token: Option<Arc<SecretText>>,
        /// Whether the client ID is the URL of a client ID metadata document.
        is_cimd: bool,
        /// Whether PKCE is used.
        pkce_enabled: bool,
        /// Whether each sign-in updates the user profile.
        sync_user_profile_on_login: bool,
        /// Whether Scalekit's own client at the provider is used.
        use_platform_creds: bool,
        /// Provider-specific settings.
        extensions: Option<OAuthExtensions>,
    }

    /// Scopes that users can decline.
    pub struct OptionalScopes {
        /// The provider's name for the optional scopes.
        field_name: Option<String>,
        /// Scopes.
        scopes: Vec<String>,
    }

    /// Provider-specific OAuth settings.
    pub struct OAuthExtensions {
        /// Additional parameters of the authorization URL.
        extra_authorize_params: HashMap<String, String>,
        /// SMART on FHIR settings.
        smart: Option<SmartConfig>,
    }

    /// SMART on FHIR settings.
    pub struct SmartConfig {
        /// Audience to request.
        aud: Option<String>,
        /// Domain of the provider.
        domain: Option<String>,
    }
}
