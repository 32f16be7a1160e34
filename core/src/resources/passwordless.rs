//! Passwordless authentication: codes and links by email.

use std::collections::HashMap;
use std::sync::Arc;

use crate::check::{self, Verdict};
use crate::model::{open_enum, requests, responses};
use crate::op::{pagers, resource};
use crate::types::SecretText;

open_enum! {
    /// Content of a passwordless email. Set by the environment, not by the call.
    pub enum PasswordlessType {
        /// A link.
        Link = "LINK",
        /// A code.
        Otp = "OTP",
        /// A link and a code.
        LinkOtp = "LINK_OTP",
    }

    /// Purpose of a passwordless email.
    pub enum PasswordlessTemplate {
        /// The service's default.
        Unspecified = "UNSPECIFIED",
        /// Sign-in.
        SignIn = "SIGNIN",
        /// Sign-up.
        SignUp = "SIGNUP",
    }
}

responses! {
    /// A sent email with a code, a link, or both.
    pub struct PasswordlessEmail requires auth_request_id {
        /// Authentication request ID. Store it: it is required to verify a code.
        auth_request_id: String,
        /// Expiration time of the code and link, as a Unix timestamp, in seconds.
        expires_at: Option<i64>,
        /// Lifetime of the code and link, in seconds.
        expires_in: Option<i64>,
        /// Content of the email.
        passwordless_type: Option<PasswordlessType>,
    }

    /// Result of a successful verification.
    ///
    /// Contains no tokens: your application creates its own session.
    pub struct PasswordlessVerification requires email {
        /// Email address that received the code or link, and that the user is thereby proven to control.
        email: String,
        /// The `state` that was set when the email was sent.
        state: Option<String>,
        /// Purpose of the email.
        template: Option<PasswordlessTemplate>,
        /// Content of the email.
        passwordless_type: Option<PasswordlessType>,
    }
}

requests! {
    /// An email with a code, a link, or both.
    pub struct SendPasswordlessEmail {
        required {
            /// Email address of the recipient. 1–320 characters.
            email: String => check::length(1..=320),
        }
        optional {
            /// Purpose of the email. Default: sign-in.
            template: Option<PasswordlessTemplate>,
            /// URL of your page that the link opens; `link_token` is added to its query. Required if the environment
            /// sends links. 1–1000 characters.
            magiclink_auth_uri: Option<String> => check::length(1..=1000),
            /// Opaque value that is returned on verification. 1–1000 characters.
            state: Option<String> => check::length(1..=1000),
            /// Lifetime of the code and link, in seconds. Default: the environment's setting, initially 300.
            expires_in: Option<i64>,
            /// Variables of your own email template. At most 30; keys of 2–25 characters, values of at most 256
            /// characters. `otp`, `link`, `expire_time`, `expiry_time` and `expiry_time_relative` are reserved for the
            /// service.
            template_variables: Option<HashMap<String, String>> => template_variables,
        }
    }

    /// A code and its authentication request ID, or the token of a link.
    pub struct VerifyPasswordlessEmail {
        optional {
            /// Code. Requires `auth_request_id`. 1–20 characters.
            code: Option<Arc<SecretText>> => check::length(1..=20),
            /// The `link_token` from the query of your page. 1–100 characters.
            link_token: Option<Arc<SecretText>> => check::length(1..=100),
            /// Authentication request ID, returned when the email was sent. Required for a code, and for a link if the
            /// environment accepts links only from the browser that requested them. 1–100 characters.
            auth_request_id: Option<String> => check::length(1..=100),
        }
    }
}

/// Variables that the service sets.
const RESERVED_VARIABLES: &[&str] = &["otp", "link", "expire_time", "expiry_time", "expiry_time_relative"];

fn template_variables(value: &Option<HashMap<String, String>>) -> Verdict {
    check::pairs(30, 2..=25, 0..=256)(value)?;
    let reserved = |name: &&&str| value.as_ref().is_some_and(|pairs| pairs.contains_key(**name));
    match RESERVED_VARIABLES.iter().find(reserved) {
        Some(name) => Err(format!("must not have `{name}`, which the service fills in").into()),
        None => Ok(()),
    }
}

resource! {
    /// Passwordless authentication: codes and links by email, for applications with their own sign-in page.
    passwordless: Passwordless / AsyncPasswordless, table PASSWORDLESS;

    /// Sends an email with a code, a link, or both.
    ///
    /// The environment's settings determine which.
    ///
    /// # Errors
    ///
    /// `RateLimited` if the address has received two emails within one minute.
    /// `InvalidRequest` if the environment sends links and `magiclink_auth_uri` is omitted.
    "POST /api/v1/passwordless/email/send"
    fn send(email: SendPasswordlessEmail) -> PasswordlessEmail { body(email) }

    /// Resends an email.
    ///
    /// The new email can contain a new code and link, which replace the previous ones, and have a new ID. Use the
    /// returned ID.
    ///
    /// # Errors
    ///
    /// `RateLimited` if the address has received two emails within one minute.
    /// `NotFound` if no authentication request has this ID.
    "POST /api/v1/passwordless/email/resend"
    fn resend(auth_request_id: &str) -> PasswordlessEmail { body(auth_request_id as "auth_request_id") }

    /// Verifies a code or link.
    ///
    /// A code or link can be verified only once.
    ///
    /// # Errors
    ///
    /// `InvalidRequest` if the code or link is wrong, used or expired.
    /// `RateLimited` after five codes within ten minutes.
    "POST /api/v1/passwordless/email/verify"
    fn verify(answer: VerifyPasswordlessEmail) -> PasswordlessVerification { body(answer) }
}

pagers! {}
