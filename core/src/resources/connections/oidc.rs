//! OpenID Connect configuration of a connection.

use std::sync::Arc;

use crate::model::{open_enum, responses};
use crate::types::SecretText;

open_enum! {
    /// A scope requested by an OpenID Connect connection.
    pub enum OidcScope {
        /// User identifier.
        OpenId = "openid",
        /// Name and picture.
        Profile = "profile",
        /// Email address.
        Email = "email",
        /// Postal address.
        Address = "address",
        /// Phone number.
        Phone = "phone",
    }

    /// Client authentication method of the token endpoint.
    pub enum TokenAuthType {
        /// Request parameters.
        UrlParams = "URL_PARAMS",
        /// HTTP Basic authentication.
        BasicAuth = "BASIC_AUTH",
    }
}

responses! {
    /// OpenID Connect configuration of a connection.
    pub struct OidcConnectionConfig {
        /// Issuer of the provider.
        issuer: Option<String>,
        /// URL of the discovery document.
        discovery_endpoint: Option<String>,
        /// URL of the authorization endpoint.
        authorize_uri: Option<String>,
        /// URL of the token endpoint.
        token_uri: Option<String>,
        /// URL of the user info endpoint.
        user_info_uri: Option<String>,
        /// URL of the provider's signing keys.
        jwks_uri: Option<String>,
        /// Client ID registered at the provider.
        client_id: Option<String>,
        /// Client secret registered at the provider.
        client_secret: Option<Arc<SecretText>>,
        /// Scopes to request.
        scopes: Vec<OidcScope>,
        /// Client authentication method of the token endpoint.
        token_auth_type: Option<TokenAuthType>,
        /// Redirect URI.
        redirect_uri: Option<String>,
        /// URL to which the provider redirects users after logout.
        post_logout_redirect_uri: Option<String>,
        /// URL at which the provider reports logouts.
        backchannel_logout_redirect_uri: Option<String>,
        /// Whether logout also ends the session at the provider.
        idp_logout_required: bool,
        /// Whether PKCE is used.
        pkce_enabled: bool,
        /// Whether users are created at their first sign-in (just-in-time provisioning).
        jit_provisioning_with_sso_enabled: bool,
        /// Whether each sign-in updates the user profile.
        sync_user_profile_on_login: bool,
    }
}
