//! Enumerations of connections.

use crate::model::open_enum;

open_enum! {
    /// Identity provider of a connection.
    pub enum ConnectionProvider {
        /// Okta.
        Okta = "OKTA",
        /// Google.
        Google = "GOOGLE",
        /// Microsoft Entra ID, formerly Azure AD.
        MicrosoftAd = "MICROSOFT_AD",
        /// Auth0.
        Auth0 = "AUTH0",
        /// OneLogin.
        OneLogin = "ONELOGIN",
        /// Ping Identity.
        PingIdentity = "PING_IDENTITY",
        /// JumpCloud.
        JumpCloud = "JUMPCLOUD",
        /// Any other identity provider.
        Custom = "CUSTOM",
        /// GitHub.
        GitHub = "GITHUB",
        /// GitLab.
        GitLab = "GITLAB",
        /// LinkedIn.
        LinkedIn = "LINKEDIN",
        /// Salesforce.
        Salesforce = "SALESFORCE",
        /// Microsoft accounts.
        Microsoft = "MICROSOFT",
        /// Scalekit's identity provider simulator, for tests.
        IdpSimulator = "IDP_SIMULATOR",
        /// Scalekit.
        Scalekit = "SCALEKIT",
        /// Active Directory Federation Services.
        Adfs = "ADFS",
    }

    /// Authentication method of a connection.
    pub enum ConnectionType {
        /// Unknown to the service.
        Invalid = "INVALID",
        /// OpenID Connect.
        Oidc = "OIDC",
        /// SAML 2.0.
        Saml = "SAML",
        /// Password.
        Password = "PASSWORD",
        /// OAuth 2.0.
        OAuth = "OAUTH",
        /// Code or link by email.
        Passwordless = "PASSWORDLESS",
        /// HTTP Basic authentication.
        Basic = "BASIC",
        /// Bearer token.
        Bearer = "BEARER",
        /// API key.
        ApiKey = "API_KEY",
        /// Passkeys.
        WebAuthn = "WEBAUTHN",
        /// Machine-to-machine OAuth 2.0.
        OAuthM2m = "OAUTH_M2M",
        /// OAuth 1, as used by Trello.
        TrelloOAuth1 = "TRELLO_OAUTH1",
        /// Google domain-wide delegation.
        GoogleDwd = "GOOGLE_DWD",
        /// Trusted identity provider.
        TrustedIdp = "TRUSTED_IDP",
        /// SMART on FHIR.
        SmartFhir = "SMART_FHIR",
        /// No authentication.
        NoAuth = "NO_AUTH",
    }

    /// Configuration status of a connection.
    pub enum ConnectionStatus {
        /// Configuration has just started.
        Draft = "DRAFT",
        /// Configuration is in progress.
        InProgress = "IN_PROGRESS",
        /// Configuration is complete; the connection can be enabled.
        Completed = "COMPLETED",
    }

    /// Source of a connection's endpoints.
    pub enum ConfigurationType {
        /// The provider's metadata.
        Discovery = "DISCOVERY",
        /// Manual configuration.
        Manual = "MANUAL",
    }

    /// Characters of a passwordless code.
    pub enum CodeChallengeType {
        /// Digits.
        Numeric = "NUMERIC",
        /// Letters and digits.
        Alphanumeric = "ALPHANUMERIC",
    }
}
