//! The enumerations of connections.

use crate::model::open_enum;

open_enum! {
    /// The identity provider behind a connection.
    pub enum ConnectionProvider {
        /// Okta:
        Okta = "OKTA",
        /// Google:
        Google = "GOOGLE",
        /// Microsoft Entra ID, once Azure AD:
        MicrosoftAd = "MICROSOFT_AD",
        /// Auth0:
        Auth0 = "AUTH0",
        /// OneLogin:
        OneLogin = "ONELOGIN",
        /// Ping Identity:
        PingIdentity = "PING_IDENTITY",
        /// JumpCloud:
        JumpCloud = "JUMPCLOUD",
        /// Any other:
        Custom = "CUSTOM",
        /// GitHub:
        GitHub = "GITHUB",
        /// GitLab:
        GitLab = "GITLAB",
        /// LinkedIn:
        LinkedIn = "LINKEDIN",
        /// Salesforce:
        Salesforce = "SALESFORCE",
        /// Microsoft accounts:
        Microsoft = "MICROSOFT",
        /// Scalekit's simulator, for tests:
        IdpSimulator = "IDP_SIMULATOR",
        /// Scalekit itself:
        Scalekit = "SCALEKIT",
        /// Active Directory Federation Services:
        Adfs = "ADFS",
    }

    /// How a connection authenticates.
    pub enum ConnectionType {
        /// Not known to the service:
        Invalid = "INVALID",
        /// OpenID Connect:
        Oidc = "OIDC",
        /// SAML 2.0:
        Saml = "SAML",
        /// A password:
        Password = "PASSWORD",
        /// OAuth 2.0:
        OAuth = "OAUTH",
        /// A code or link by e-mail:
        Passwordless = "PASSWORDLESS",
        /// HTTP Basic:
        Basic = "BASIC",
        /// A bearer token:
        Bearer = "BEARER",
        /// An API key:
        ApiKey = "API_KEY",
        /// Passkeys:
        WebAuthn = "WEBAUTHN",
        /// OAuth 2.0 between machines:
        OAuthM2m = "OAUTH_M2M",
        /// Trello's OAuth 1:
        TrelloOAuth1 = "TRELLO_OAUTH1",
        /// Google's domain-wide delegation:
        GoogleDwd = "GOOGLE_DWD",
        /// A trusted identity provider:
        TrustedIdp = "TRUSTED_IDP",
        /// SMART on FHIR:
        SmartFhir = "SMART_FHIR",
        /// None:
        NoAuth = "NO_AUTH",
    }

    /// How far a connection is set up.
    pub enum ConnectionStatus {
        /// Just begun:
        Draft = "DRAFT",
        /// On the way:
        InProgress = "IN_PROGRESS",
        /// Done; it can be enabled:
        Completed = "COMPLETED",
    }

    /// Where a connection's endpoints come from.
    pub enum ConfigurationType {
        /// From the provider's metadata:
        Discovery = "DISCOVERY",
        /// Typed in:
        Manual = "MANUAL",
    }

    /// The characters of a passwordless code.
    pub enum CodeChallengeType {
        /// Digits:
        Numeric = "NUMERIC",
        /// Letters and digits:
        Alphanumeric = "ALPHANUMERIC",
    }
}
