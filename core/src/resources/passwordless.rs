//! Passwordless: codes and links by e-mail.

use std::collections::HashMap;
use std::sync::Arc;

use crate::check::{self, Verdict};
use crate::model::{answers, open_enum, requests};
use crate::op::resource;
use crate::types::SecretText;

open_enum! {
    /// What a passwordless e-mail holds. The environment's settings decide, not the call.
    pub enum PasswordlessType {
        /// A link:
        Link = "LINK",
        /// A code:
        Otp = "OTP",
        /// Both:
        LinkOtp = "LINK_OTP",
    }

    /// What a passwordless e-mail is written for.
    pub enum PasswordlessTemplate {
        /// The service's default:
        Unspecified = "UNSPECIFIED",
        /// To sign in:
        SignIn = "SIGNIN",
        /// To sign up:
        SignUp = "SIGNUP",
    }
}

answers! {
    /// An e-mail with a code or link that was sent.
    pub struct PasswordlessEmail requires auth_request_id {
        /// The id of this attempt to sign in. Keep it: a code can be verified only together with it.
        auth_request_id: String,
        /// When code and link end, in seconds since 1970.
        expires_at: Option<i64>,
        /// How long code and link are good, in seconds.
        expires_in: Option<i64>,
        /// What the e-mail holds.
        passwordless_type: Option<PasswordlessType>,
    }

    /// A code or link that was right. There is no token in it: your application begins its own session.
    pub struct PasswordlessVerification requires email {
        /// The address that received the code or link, which thereby is shown to be the caller's.
        email: String,
        /// What you gave as `state` when the e-mail was sent.
        state: Option<String>,
        /// What the e-mail was written for.
        template: Option<PasswordlessTemplate>,
        /// What the e-mail held.
        passwordless_type: Option<PasswordlessType>,
    }
}

requests! {
    /// An e-mail with a code, a link, or both.
    pub struct SendPasswordlessEmail {
        required {
            /// The address to send it to, at most 320 characters.
            email: String => check::length(1..=320),
        }
        optional {
            /// What it is written for. Default: signing in.
            template: Option<PasswordlessTemplate>,
            /// The page of yours that the link leads to, at most 1000 characters; `link_token` is added to its query.
            /// Needed where the environment sends links.
            magiclink_auth_uri: Option<String> => check::length(1..=1000),
            /// A text of yours that comes back when code or link is verified, at most 1000 characters.
            state: Option<String> => check::length(1..=1000),
            /// How long code and link are good, in seconds. Default: as the environment is set up, which is 300 unless
            /// somebody changed it.
            expires_in: Option<i64>,
            /// What your own e-mail template fills in: at most 30 pairs, keys of 2 to 25 and values of at most 256
            /// characters. The service fills in `otp`, `link`, `expire_time`, `expiry_time` and
            /// `expiry_time_relative` itself.
            template_variables: Option<HashMap<String, String>> => template_variables,
        }
    }

    /// What somebody brought back from an e-mail: a code with the id of the attempt, or the token of a link.
    pub struct VerifyPasswordlessEmail {
        optional {
            /// The code, at most 20 characters. Needs `auth_request_id`.
            code: Option<Arc<SecretText>> => check::length(1..=20),
            /// The `link_token` that the link brought to your page, at most 100 characters.
            link_token: Option<Arc<SecretText>> => check::length(1..=100),
            /// The id that sending the e-mail gave. With a link, it is needed where the environment takes links only
            /// from the browser that asked for them.
            auth_request_id: Option<String> => check::length(1..=100),
        }
    }
}

/// What the service fills in itself.
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
    /// Passwordless: codes and links by e-mail, for an application that shows its own sign-in page.
    passwordless: Passwordless / AsyncPasswordless, table PASSWORDLESS;

    /// Sends somebody an e-mail with a code, a link, or both, as the environment is set up.
    ///
    /// Fails with `RateLimited` when the address got two within a minute, with `InvalidRequest` when the environment
    /// sends links and there is no `magiclink_auth_uri`.
    "POST /api/v1/passwordless/email/send"
    fn send(email: SendPasswordlessEmail) -> PasswordlessEmail { body(email) }

    /// Sends the e-mail again. It may hold a new code and link, under a new id, in place of the old ones: go on with
    /// the id that comes back.
    ///
    /// Fails with `RateLimited` when the address got two within a minute, with `NotFound` when there is no such
    /// attempt.
    "POST /api/v1/passwordless/email/resend"
    fn resend(auth_request_id: &str) -> PasswordlessEmail { body(auth_request_id as "auth_request_id") }

    /// Says whether a code or link is right, once: then it is used up.
    ///
    /// Fails with `InvalidRequest` when it is wrong, used or out of time, with `RateLimited` after five codes within
    /// ten minutes.
    "POST /api/v1/passwordless/email/verify"
    fn verify(answer: VerifyPasswordlessEmail) -> PasswordlessVerification { body(answer) }
}
