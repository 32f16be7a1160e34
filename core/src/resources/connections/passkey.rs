//! Passkey configuration of a connection.

use crate::model::responses;

responses! {
    /// Passkey (WebAuthn) configuration of a connection.
    pub struct PasskeyConfig {
        /// Attestation that authenticators must provide.
        attestation: Option<PasskeyAttestation>,
        /// Authenticators that are requested.
        authenticator_selection: Option<PasskeyAuthenticatorSelection>,
        /// Authenticators that are accepted.
        authenticators: Option<PasskeyAuthenticators>,
        /// Whether users are offered a passkey after another sign-in.
        enable_auto_registration: bool,
        /// Whether browsers offer passkeys in the form (conditional mediation).
        enable_conditional_login: bool,
        /// Relying party.
        rp: Option<PasskeyRelyingParty>,
        /// Whether a passkey button is shown.
        show_passkey_button: bool,
        /// Timeouts for users.
        timeout: Option<PasskeyTimeouts>,
    }

    /// Attestation that authenticators must provide.
    pub struct PasskeyAttestation {
        /// Attestation conveyance preference.
        conveyance_preference: Option<String>,
        /// IDs for which enterprise attestation is requested.
        enterprise_approved_ids: Vec<String>,
    }

    /// Authenticators that are requested.
    pub struct PasskeyAuthenticatorSelection {
        /// Authenticator attachment: part of the device, or separate.
        authenticator_attachment: Option<String>,
        /// Whether the authenticator must verify the user.
        user_verification: Option<String>,
    }

    /// Authenticators that are accepted.
    pub struct PasskeyAuthenticators {
        /// Required certification statuses.
        desired_authenticator_status: Vec<String>,
        /// Rejected certification statuses.
        undesired_authenticator_status: Vec<String>,
        /// Whether the trust chain is verified.
        validate_anchors: bool,
        /// Whether the attestation type is verified.
        validate_attestation_type: bool,
        /// Whether the authenticator must be listed in the metadata service.
        validate_entry: bool,
        /// Whether authenticators without a model ID (AAGUID) are accepted nonetheless.
        validate_entry_permit_zero_aaguid: bool,
        /// Whether the certification status is verified.
        validate_status: bool,
    }

    /// The relying party of a passkey.
    pub struct PasskeyRelyingParty {
        /// Domains that a passkey can be bound to.
        ids: Vec<String>,
        /// Origins that can request a passkey.
        origins: Vec<String>,
    }

    /// Timeouts for users, each as a number of seconds followed by `s`, such as `300s`.
    pub struct PasskeyTimeouts {
        /// Sign-in.
        login: Option<String>,
        /// Sign-in with user verification.
        login_uvd: Option<String>,
        /// Registration.
        registration: Option<String>,
        /// Registration with user verification.
        registration_uvd: Option<String>,
    }
}
