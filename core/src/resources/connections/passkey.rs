//! What is set up for a connection by passkeys.

use crate::model::answers;

answers! {
    /// A connection by passkeys (WebAuthn).
    pub struct PasskeyConfig {
        /// What authenticators must prove about themselves.
        attestation: Option<PasskeyAttestation>,
        /// Which authenticators are asked for.
        authenticator_selection: Option<PasskeyAuthenticatorSelection>,
        /// Which authenticators are taken.
        authenticators: Option<PasskeyAuthenticators>,
        /// Whether a passkey is offered after another sign-in.
        enable_auto_registration: bool,
        /// Whether browsers offer passkeys in the form.
        enable_conditional_login: bool,
        /// Who asks for the passkey.
        rp: Option<PasskeyRelyingParty>,
        /// Whether there is a button for passkeys.
        show_passkey_button: bool,
        /// How long people may take.
        timeout: Option<PasskeyTimeouts>,
    }

    /// What authenticators must prove about themselves.
    pub struct PasskeyAttestation {
        /// How the proof is conveyed.
        conveyance_preference: Option<String>,
        /// Ids for which an enterprise proof is asked.
        enterprise_approved_ids: Vec<String>,
    }

    /// Which authenticators are asked for.
    pub struct PasskeyAuthenticatorSelection {
        /// Whether it is part of the device.
        authenticator_attachment: Option<String>,
        /// Whether it must check who holds it.
        user_verification: Option<String>,
    }

    /// Which authenticators are taken.
    pub struct PasskeyAuthenticators {
        /// States of certification that are asked for.
        desired_authenticator_status: Vec<String>,
        /// States of certification that are refused.
        undesired_authenticator_status: Vec<String>,
        /// Whether its chain of trust is checked.
        validate_anchors: bool,
        /// Whether its kind of proof is checked.
        validate_attestation_type: bool,
        /// Whether it must be in the metadata service.
        validate_entry: bool,
        /// Whether one without a model id is taken all the same.
        validate_entry_permit_zero_aaguid: bool,
        /// Whether its state of certification is checked.
        validate_status: bool,
    }

    /// Who asks for the passkey.
    pub struct PasskeyRelyingParty {
        /// The domains that a passkey may be bound to.
        ids: Vec<String>,
        /// The origins that may ask.
        origins: Vec<String>,
    }

    /// How long people may take, each as a number of seconds with an `s`, such as `300s`.
    pub struct PasskeyTimeouts {
        /// To sign in.
        login: Option<String>,
        /// To sign in with a check of who holds the authenticator.
        login_uvd: Option<String>,
        /// To register.
        registration: Option<String>,
        /// To register with a check of who holds the authenticator.
        registration_uvd: Option<String>,
    }
}
