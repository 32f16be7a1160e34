//! Passkeys: WebAuthn credentials registered by users.

use crate::check;
use crate::model::{ToUpdate, requests, responses, updates};
use crate::op::{pagers, resource};
use crate::types::Timestamp;

responses! {
    /// A passkey: a WebAuthn credential of a user.
    pub struct Passkey {
        /// Passkey ID, such as `cred_1234`.
        id: String,
        /// WebAuthn credential ID, used by authenticators and browsers.
        credential_id: Option<String>,
        /// User ID.
        user_id: Option<String>,
        /// Display name.
        display_name: Option<String>,
        /// Attestation type at registration.
        attestation_type: Option<String>,
        /// Authenticator that stores the passkey.
        authenticator: Option<PasskeyHolder>,
        /// Flags reported by the authenticator.
        authenticator_flags: Option<PasskeyFlags>,
        /// Transports through which browsers reach the authenticator, such as `internal` or `usb`.
        transports: Vec<String>,
        /// Client location at registration.
        client_info: Option<PasskeyClientInfo>,
        /// Browser at registration.
        user_agent: Option<PasskeyUserAgent>,
        /// Registration time.
        created_at: Option<Timestamp>,
        /// Time of the last update.
        updated_at: Option<Timestamp>,
    }

    /// The authenticator that stores a passkey.
    pub struct PasskeyHolder {
        /// Model ID (AAGUID).
        aaguid: Option<String>,
        /// Attachment: `platform` for a part of the device, or `cross-platform`.
        attachment: Option<String>,
        /// Model name.
        name: Option<String>,
        /// Icon for dark backgrounds.
        icon_dark: Option<String>,
        /// Icon for light backgrounds.
        icon_light: Option<String>,
    }

    /// Flags that an authenticator reports for a passkey.
    pub struct PasskeyFlags {
        /// Whether the passkey can be copied to other devices.
        backup_eligible: bool,
        /// Whether the passkey has been copied to other devices.
        backup_state: bool,
        /// Whether the user was present.
        user_present: bool,
        /// Whether the authenticator verified the user.
        user_verified: bool,
    }

    /// Client location at the registration of a passkey.
    pub struct PasskeyClientInfo {
        /// IP address.
        ip: Option<String>,
        /// City, derived from the IP address.
        city: Option<String>,
        /// Country.
        region: Option<String>,
        /// Subdivision of the country.
        region_subdivision: Option<String>,
    }

    /// The browser in which a passkey was registered.
    pub struct PasskeyUserAgent {
        /// User agent string.
        raw: Option<String>,
        /// Browser.
        browser: Option<String>,
        /// Browser version.
        browser_version: Option<String>,
        /// Operating system.
        os: Option<String>,
        /// Operating system version.
        os_version: Option<String>,
        /// Device type, such as `desktop`.
        device_type: Option<String>,
        /// Device model.
        device_model: Option<String>,
        /// URL with information about the browser.
        url: Option<String>,
    }

    /// The passkeys of a user.
    pub struct PasskeyList {
        /// Passkeys.
        credentials: Vec<Passkey>,
        /// Argument for `PublicKeyCredential.signalAllAcceptedCredentials` in the user's browser, which then removes
        /// deleted passkeys.
        all_accepted_credentials_options: Option<AllAcceptedCredentials>,
    }

    /// A user's valid passkeys, as expected by the WebAuthn browser API.
    pub struct AllAcceptedCredentials {
        /// Relying party ID: the domain that the passkeys are bound to.
        rp_id: Option<String>,
        /// WebAuthn user ID, used by browsers.
        user_id: Option<String>,
        /// WebAuthn credential IDs of the passkeys.
        all_accepted_credential_ids: Vec<String>,
    }

    /// Result of deleting a passkey.
    pub struct PasskeyDeletion {
        /// Whether the passkey was deleted.
        success: bool,
        /// Argument for `PublicKeyCredential.signalUnknownCredential` in the user's browser, which then removes the
        /// passkey.
        unknown_credential_options: Option<UnknownCredential>,
    }

    /// A deleted passkey, as expected by the WebAuthn browser API.
    pub struct UnknownCredential {
        /// Relying party ID: the domain that the passkey was bound to.
        rp_id: Option<String>,
        /// WebAuthn credential ID.
        credential_id: Option<String>,
    }
}

requests! {
    /// Parameters for listing passkeys.
    pub struct ListPasskeys {
        optional {
            /// User ID.
            user_id: Option<String>,
        }
    }

    /// Changes to a passkey.
    pub struct UpdatePasskey {
        required {
            /// Display name. Cannot be cleared.
            display_name: String => check::filled,
        }
    }
}

updates! {
    Passkey => UpdatePasskey { display_name }
}

/// The name is required in an update, so it must be set if the passkey has none.
impl ToUpdate<String> for Option<String> {
    fn to_update_value(&self) -> String {
        self.clone().unwrap_or_default()
    }
}

resource! {
    /// Passkeys: WebAuthn credentials registered by users.
    passkeys: Passkeys / AsyncPasskeys, table PASSKEYS;

    /// Lists the passkeys of a user, without pagination.
    "GET /api/v1/webauthn/credentials"
    fn list(params: ListPasskeys) -> PasskeyList where optional(params) { query(params.user_id) }

    /// Renames a passkey and returns it.
    ///
    /// # Errors
    ///
    /// `NotFound` if no passkey has this ID.
    "PATCH /api/v1/webauthn/credentials/{credential_id}" in "credential"
    fn update(credential_id: &str, passkey: UpdatePasskey) -> Passkey { path(credential_id), body(passkey) }

    /// Deletes a passkey.
    ///
    /// The passkey can no longer be used to sign in. Deletion is permanent.
    ///
    /// # Errors
    ///
    /// `NotFound` if no passkey has this ID.
    "DELETE /api/v1/webauthn/credentials/{credential_id}"
    fn delete(credential_id: &str) -> PasskeyDeletion { path(credential_id) }
}

pagers! {}
