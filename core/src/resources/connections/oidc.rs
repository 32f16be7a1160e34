//! What is set up for a connection by OpenID Connect.

use std::sync::Arc;

use crate::model::{answers, open_enum};
use crate::types::SecretText;

open_enum! {
    /// A scope that a connection by OpenID Connect asks for.
    pub enum OidcScope {
        /// Who it is:
        OpenId = "openid",
        /// Name and picture:
        Profile = "profile",
        /// The e-mail address:
        Email = "email",
        /// The postal address:
        Address = "address",
        /// The telephone number:
        Phone = "phone",
    }

    /// How the provider wants to see the client's credentials.
    pub enum TokenAuthType {
        /// As parameters:
        UrlParams = "URL_PARAMS",
        /// As HTTP Basic:
        BasicAuth = "BASIC_AUTH",
    }
}

answers! {
    /// A connection by OpenID Connect.
    pub struct OidcConnectionConfig {
        /// The provider's issuer.
        issuer: Option<String>,
        /// Where the provider publishes its endpoints.
        discovery_endpoint: Option<String>,
        /// Where people sign in.
        authorize_uri: Option<String>,
        /// Where codes become tokens.
        token_uri: Option<String>,
        /// Where the provider says who it was.
        user_info_uri: Option<String>,
        /// Where the provider publishes its keys.
        jwks_uri: Option<String>,
        /// Our client id at the provider.
        client_id: Option<String>,
        /// Our client secret at the provider.
        client_secret: Option<Arc<SecretText>>,
        /// The scopes to ask for.
        scopes: Vec<OidcScope>,
        /// How the provider wants to see our credentials.
        token_auth_type: Option<TokenAuthType>,
        /// Where the provider sends people back to.
        redirect_uri: Option<String>,
        /// Where the provider sends people after they signed out.
        post_logout_redirect_uri: Option<String>,
        /// Where the provider reports that somebody signed out.
        backchannel_logout_redirect_uri: Option<String>,
        /// Whether signing out here signs out at the provider too.
        idp_logout_required: bool,
        /// Whether PKCE is used.
        pkce_enabled: bool,
        /// Whether people are created when they first sign in.
        jit_provisioning_with_sso_enabled: bool,
        /// Whether each sign-in brings the profile up to date.
        sync_user_profile_on_login: bool,
    }
}
