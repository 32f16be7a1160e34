//! Passkeys: the WebAuthn credentials that users have registered.

use crate::check;
use crate::model::{Kept, answers, requests, write_back};
use crate::op::resource;
use crate::types::Timestamp;

answers! {
    /// A passkey: a WebAuthn credential of a user.
    pub struct Passkey {
        /// The id, such as `cred_1234`.
        id: String,
        /// Its id among authenticators and browsers.
        credential_id: Option<String>,
        /// The user it signs in.
        user_id: Option<String>,
        /// The name that the user sees.
        display_name: Option<String>,
        /// What the authenticator proved about itself when it was registered.
        attestation_type: Option<String>,
        /// The authenticator that holds it.
        authenticator: Option<PasskeyHolder>,
        /// What the authenticator said of it.
        authenticator_flags: Option<PasskeyFlags>,
        /// How browsers reach the authenticator, such as `internal` or `usb`.
        transports: Vec<String>,
        /// From where it was registered.
        client_info: Option<PasskeyClientInfo>,
        /// The browser in which it was registered.
        user_agent: Option<PasskeyUserAgent>,
        /// When it was registered.
        created_at: Option<Timestamp>,
        /// When it was last changed.
        updated_at: Option<Timestamp>,
    }

    /// The authenticator that holds a passkey.
    pub struct PasskeyHolder {
        /// The id of its model.
        aaguid: Option<String>,
        /// Whether it is part of the device: `platform` or `cross-platform`.
        attachment: Option<String>,
        /// The name of its model.
        name: Option<String>,
        /// Its picture for dark backgrounds.
        icon_dark: Option<String>,
        /// Its picture for light backgrounds.
        icon_light: Option<String>,
    }

    /// What an authenticator said of a passkey.
    pub struct PasskeyFlags {
        /// Whether it may be copied to other devices.
        backup_eligible: bool,
        /// Whether it has been.
        backup_state: bool,
        /// Whether somebody was there.
        user_present: bool,
        /// Whether the authenticator checked who it was.
        user_verified: bool,
    }

    /// From where a passkey was registered.
    pub struct PasskeyClientInfo {
        /// The address on the Internet.
        ip: Option<String>,
        /// The city, as far as the address tells.
        city: Option<String>,
        /// The country.
        region: Option<String>,
        /// The part of the country.
        region_subdivision: Option<String>,
    }

    /// The browser in which a passkey was registered.
    pub struct PasskeyUserAgent {
        /// What the browser says about itself.
        raw: Option<String>,
        /// The browser.
        browser: Option<String>,
        /// Its version.
        browser_version: Option<String>,
        /// The operating system.
        os: Option<String>,
        /// Its version.
        os_version: Option<String>,
        /// The kind of device, such as `desktop`.
        device_type: Option<String>,
        /// The model of the device.
        device_model: Option<String>,
        /// Where more is said about the browser.
        url: Option<String>,
    }

    /// The passkeys of a user.
    pub struct PasskeyList {
        /// The passkeys.
        credentials: Vec<Passkey>,
        /// What to hand to `PublicKeyCredential.signalAllAcceptedCredentials` in the user's browser, so that it
        /// forgets the passkeys that are gone.
        all_accepted_credentials_options: Option<AllAcceptedCredentials>,
    }

    /// The passkeys of a user that still work, in the words of the browsers' interface.
    pub struct AllAcceptedCredentials {
        /// The domain that they are bound to.
        rp_id: Option<String>,
        /// The user, as browsers know them.
        user_id: Option<String>,
        /// The ids of the passkeys among browsers.
        all_accepted_credential_ids: Vec<String>,
    }

    /// What came of deleting a passkey.
    pub struct PasskeyDeletion {
        /// Whether it is gone.
        success: bool,
        /// What to hand to `PublicKeyCredential.signalUnknownCredential` in the user's browser, so that it forgets the
        /// passkey.
        unknown_credential_options: Option<UnknownCredential>,
    }

    /// A passkey that works no more, in the words of the browsers' interface.
    pub struct UnknownCredential {
        /// The domain that it was bound to.
        rp_id: Option<String>,
        /// Its id among browsers.
        credential_id: Option<String>,
    }
}

requests! {
    /// Whose passkeys to list.
    pub struct ListPasskeys {
        optional {
            /// The user.
            user_id: Option<String>,
        }
    }

    /// Changes to a passkey.
    pub struct UpdatePasskey {
        required {
            /// The name that the user sees. It cannot be cleared.
            display_name: String => check::filled,
        }
    }
}

write_back! {
    Passkey => UpdatePasskey { display_name }
}

/// A passkey without a name must get one to be changed.
impl Kept<String> for Option<String> {
    fn kept(&self) -> String {
        self.clone().unwrap_or_default()
    }
}

resource! {
    /// Passkeys: the WebAuthn credentials that users have registered.
    passkeys: Passkeys / AsyncPasskeys, table PASSKEYS;

    /// The passkeys of a user, all in one answer.
    "GET /api/v1/webauthn/credentials"
    fn list(params: ListPasskeys) -> PasskeyList where optional(params) { query(params.user_id) }

    /// Gives a passkey another name, and gives it back. Fails with `NotFound` when there is none.
    "PATCH /api/v1/webauthn/credentials/{credential_id}" in "credential"
    fn update(credential_id: &str, passkey: UpdatePasskey) -> Passkey { path(credential_id), body(passkey) }

    /// Deletes a passkey: nobody can sign in with it any more. There is no way back. Fails with `NotFound` when there
    /// is none.
    "DELETE /api/v1/webauthn/credentials/{credential_id}"
    fn delete(credential_id: &str) -> PasskeyDeletion { path(credential_id) }
}
