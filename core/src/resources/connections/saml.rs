//! SAML configuration of a connection.

use crate::model::{open_enum, responses};
use crate::types::Timestamp;

open_enum! {
    /// Name ID format of a SAML provider.
    pub enum NameIdFormat {
        /// Unspecified.
        Unspecified = "UNSPECIFIED",
        /// Email address.
        Email = "EMAIL",
        /// Identifier for a single session.
        Transient = "TRANSIENT",
        /// Permanent identifier.
        Persistent = "PERSISTENT",
    }

    /// Binding of SAML requests.
    pub enum RequestBinding {
        /// Form (HTTP POST).
        HttpPost = "HTTP_POST",
        /// URL (HTTP redirect).
        HttpRedirect = "HTTP_REDIRECT",
    }

    /// Messages that a SAML provider must sign.
    pub enum SamlSigningOption {
        /// None.
        NoSigning = "NO_SIGNING",
        /// The response.
        ResponseOnly = "SAML_ONLY_RESPONSE_SIGNING",
        /// The assertion.
        AssertionOnly = "SAML_ONLY_ASSERTION_SIGNING",
        /// Both the response and the assertion.
        ResponseAndAssertion = "SAML_RESPONSE_ASSERTION_SIGNING",
        /// Either the response or the assertion.
        ResponseOrAssertion = "SAML_RESPONSE_OR_ASSERTION_SIGNING",
    }
}

responses! {
    /// SAML configuration of a connection.
    pub struct SamlConnectionConfig {
        /// Entity ID of the identity provider.
        idp_entity_id: Option<String>,
        /// URL of the identity provider's metadata.
        idp_metadata_url: Option<String>,
        /// Single sign-on URL of the identity provider.
        idp_sso_url: Option<String>,
        /// Binding of single sign-on requests.
        idp_sso_request_binding: Option<RequestBinding>,
        /// Single logout URL of the identity provider.
        idp_slo_url: Option<String>,
        /// Binding of single logout requests.
        idp_slo_request_binding: Option<RequestBinding>,
        /// Whether logout also ends the session at the identity provider.
        idp_slo_required: bool,
        /// Name ID format of the identity provider.
        idp_name_id_format: Option<NameIdFormat>,
        /// Signing certificates of the identity provider.
        idp_certificates: Vec<IdpCertificate>,
        /// Entity ID of Scalekit, the service provider.
        sp_entity_id: Option<String>,
        /// URL to which the identity provider sends assertions.
        sp_assertion_url: Option<String>,
        /// URL of Scalekit's metadata.
        sp_metadata_url: Option<String>,
        /// URL at which the identity provider reports logouts.
        sp_slo_url: Option<String>,
        /// ID of the certificate with which Scalekit signs and decrypts.
        certificate_id: Option<String>,
        /// Messages that the identity provider must sign.
        saml_signing_option: Option<SamlSigningOption>,
        /// Whether Scalekit signs its requests.
        want_request_signed: bool,
        /// Whether the identity provider encrypts its assertions.
        assertion_encrypted: bool,
        /// Whether users must reauthenticate each time.
        force_authn: bool,
        /// Whether IdP-initiated login is allowed.
        allow_idp_initiated_login: bool,
        /// URL to which users are redirected after an IdP-initiated login.
        default_redirect_uri: Option<String>,
        /// Label of the sign-in button.
        ui_button_title: Option<String>,
        /// Whether users are created at their first sign-in (just-in-time provisioning).
        jit_provisioning_with_sso_enabled: bool,
        /// Whether each sign-in updates the user profile.
        sync_user_profile_on_login: bool,
    }

    /// A signing certificate of a SAML identity provider.
    pub struct IdpCertificate {
        /// Certificate ID, such as `cert_1234`.
        id: String,
        /// Certificate, in PEM format.
        certificate: Option<String>,
        /// Issuer of the certificate.
        issuer: Option<String>,
        /// Creation time.
        create_time: Option<Timestamp>,
        /// Expiration time.
        expiry_time: Option<Timestamp>,
    }
}
