//! What is set up for a connection by OAuth.

use std::collections::HashMap;
use std::sync::Arc;

use crate::model::answers;
use crate::types::SecretText;

answers! {
    /// A connection by OAuth.
    pub struct OAuthConnectionConfig {
        /// Our client id at the provider.
        client_id: Option<String>,
        /// Our client secret at the provider.
        client_secret: Option<Arc<SecretText>>,
        /// Where people give their consent.
        authorize_uri: Option<String>,
        /// Where codes become tokens.
        token_uri: Option<String>,
        /// Where the provider says who it was.
        user_info_uri: Option<String>,
        /// Where the provider sends people back to.
        redirect_uri: Option<String>,
        /// The scopes to ask for.
        scopes: Vec<String>,
        /// Scopes that people may leave out.
        optional_scopes: Option<OptionalScopes>,
        /// What the provider calls its scopes, if not `scope`.
        custom_scope_name: Option<String>,
        /// The kind of access to ask for, such as `offline`.
        access_type: Option<String>,
        /// The same, for providers that ask for it with the token.
        token_access_type: Option<String>,
        /// How the token endpoint wants to see our credentials.
        token_endpoint_auth_method: Option<String>,
        /// Whether the provider asks for consent each time.
        prompt: Option<String>,
        /// The name that the provider shows for us.
        app_name: Option<String>,
        /// The tenant at the provider.
        tenant_id: Option<String>,
        /// Our developer token for Google Ads.
        googleads_developer_token: Option<Arc<SecretText>>,
        /// Whether our client id is the URL of a metadata document.
        is_cimd: bool,
        /// Whether PKCE is used.
        pkce_enabled: bool,
        /// Whether each sign-in brings the profile up to date.
        sync_user_profile_on_login: bool,
        /// Whether Scalekit's own client at the provider is used.
        use_platform_creds: bool,
        /// What only some providers need.
        extensions: Option<OAuthExtensions>,
    }

    /// Scopes that people may leave out.
    pub struct OptionalScopes {
        /// What the provider calls them.
        field_name: Option<String>,
        /// The scopes.
        scopes: Vec<String>,
    }

    /// What only some OAuth providers need.
    pub struct OAuthExtensions {
        /// More parameters for the page of consent.
        extra_authorize_params: HashMap<String, String>,
        /// For SMART on FHIR.
        smart: Option<SmartConfig>,
    }

    /// What SMART on FHIR needs.
    pub struct SmartConfig {
        /// The audience to ask for.
        aud: Option<String>,
        /// The provider's domain.
        domain: Option<String>,
    }
}
