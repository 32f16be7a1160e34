//! What is set up for a connection by SAML.

use crate::model::{answers, open_enum};
use crate::types::Timestamp;

open_enum! {
    /// How a SAML provider names people.
    pub enum NameIdFormat {
        /// It says not how:
        Unspecified = "UNSPECIFIED",
        /// By e-mail address:
        Email = "EMAIL",
        /// By a name for one session:
        Transient = "TRANSIENT",
        /// By a name that stays:
        Persistent = "PERSISTENT",
    }

    /// How a SAML request travels.
    pub enum RequestBinding {
        /// In a form:
        HttpPost = "HTTP_POST",
        /// In the URL:
        HttpRedirect = "HTTP_REDIRECT",
    }

    /// What a SAML provider must sign.
    pub enum SamlSigningOption {
        /// Nothing:
        NoSigning = "NO_SIGNING",
        /// The response:
        ResponseOnly = "SAML_ONLY_RESPONSE_SIGNING",
        /// The assertion:
        AssertionOnly = "SAML_ONLY_ASSERTION_SIGNING",
        /// Both:
        ResponseAndAssertion = "SAML_RESPONSE_ASSERTION_SIGNING",
        /// One of the two:
        ResponseOrAssertion = "SAML_RESPONSE_OR_ASSERTION_SIGNING",
    }
}

answers! {
    /// A connection by SAML.
    pub struct SamlConnectionConfig {
        /// The provider's entity id.
        idp_entity_id: Option<String>,
        /// Where the provider publishes its metadata.
        idp_metadata_url: Option<String>,
        /// Where people sign in.
        idp_sso_url: Option<String>,
        /// How a request to sign in travels.
        idp_sso_request_binding: Option<RequestBinding>,
        /// Where people sign out.
        idp_slo_url: Option<String>,
        /// How a request to sign out travels.
        idp_slo_request_binding: Option<RequestBinding>,
        /// Whether signing out here signs out at the provider too.
        idp_slo_required: bool,
        /// How the provider names people.
        idp_name_id_format: Option<NameIdFormat>,
        /// The certificates that the provider signs with.
        idp_certificates: Vec<IdpCertificate>,
        /// Our entity id.
        sp_entity_id: Option<String>,
        /// Where the provider sends its assertions.
        sp_assertion_url: Option<String>,
        /// Where we publish our metadata.
        sp_metadata_url: Option<String>,
        /// Where the provider reports that somebody signed out.
        sp_slo_url: Option<String>,
        /// The certificate that we sign and decrypt with.
        certificate_id: Option<String>,
        /// What the provider must sign.
        saml_signing_option: Option<SamlSigningOption>,
        /// Whether we sign our requests.
        want_request_signed: bool,
        /// Whether the provider encrypts its assertions.
        assertion_encrypted: bool,
        /// Whether people must sign in anew each time.
        force_authn: bool,
        /// Whether people may begin at the provider.
        allow_idp_initiated_login: bool,
        /// Where people who began at the provider are sent.
        default_redirect_uri: Option<String>,
        /// What the button says.
        ui_button_title: Option<String>,
        /// Whether people are created when they first sign in.
        jit_provisioning_with_sso_enabled: bool,
        /// Whether each sign-in brings the profile up to date.
        sync_user_profile_on_login: bool,
    }

    /// A certificate that a SAML provider signs with.
    pub struct IdpCertificate {
        /// The id, such as `cert_1234`.
        id: String,
        /// The certificate, in PEM.
        certificate: Option<String>,
        /// Who issued it.
        issuer: Option<String>,
        /// When it was added.
        create_time: Option<Timestamp>,
        /// Until when it is good.
        expiry_time: Option<Timestamp>,
    }
}
