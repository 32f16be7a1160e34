//! Passwordless email: sign-in attempts and their limits.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::clock::Instant;
use crate::error::ApiError;
use crate::ids::{Ids, random_digits, random_hex};
use crate::table::{Entity, Table};

const MAIL_WINDOW: TimeDelta = TimeDelta::minutes(1);
const MAX_MAILS: usize = 2;
const TRY_WINDOW: TimeDelta = TimeDelta::minutes(10);
const MAX_TRIES: usize = 5;

/// The settings, the attempts, and the recent emails for the rate limit.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Passwordless {
    pub(crate) settings: Settings,
    pub(crate) attempts: Table<Attempt>,
    mails: Vec<(String, Instant)>,
}

/// The settings of the dashboard, named as in a passwordless connection.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Settings {
    pub(crate) kind: Kind,
    pub(crate) enforce_same_browser_origin: bool,
    pub(crate) regenerate_on_resend: bool,
    pub(crate) validity_seconds: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Kind {
    Otp,
    Link,
    LinkOtp,
}

/// A sign-in attempt, with a code, a link, or both.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Attempt {
    pub(crate) id: String,
    pub(crate) email: String,
    pub(crate) template: String,
    pub(crate) state: String,
    pub(crate) link_uri: String,
    pub(crate) variables: BTreeMap<String, String>,
    pub(crate) lifetime_seconds: i64,
    pub(crate) kind: Kind,
    pub(crate) code: String,
    pub(crate) link_token: String,
    pub(crate) expires_at: Instant,
    used: bool,
    tries: Vec<Instant>,
}

/// The `passwordless` object in a seed: settings, and attempts with a fixed code or link.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Draft {
    r#type: Option<Kind>,
    enforce_same_browser_origin: Option<bool>,
    regenerate_passwordless_credentials_on_resend: Option<bool>,
    validity: Option<u32>,
    pub(crate) attempts: Vec<AttemptDraft>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AttemptDraft {
    pub(crate) auth_request_id: Option<String>,
    email: String,
    template: Option<String>,
    #[serde(default)]
    state: String,
    #[serde(default)]
    magiclink_auth_uri: String,
    code: Option<String>,
    link_token: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            kind: Kind::Otp,
            enforce_same_browser_origin: false,
            regenerate_on_resend: false,
            validity_seconds: 300,
        }
    }
}

impl Kind {
    pub(crate) fn has_code(self) -> bool {
        self != Kind::Link
    }

    pub(crate) fn has_link(self) -> bool {
        self != Kind::Otp
    }

    pub(crate) fn text(self) -> &'static str {
        match self {
            Kind::Otp => "OTP",
            Kind::Link => "LINK",
            Kind::LinkOtp => "LINK_OTP",
        }
    }
}

impl Passwordless {
    pub(crate) fn set(&mut self, draft: &Draft) {
        let settings = &mut self.settings;
        settings.kind = draft.r#type.unwrap_or(settings.kind);
        settings.enforce_same_browser_origin =
            draft.enforce_same_browser_origin.unwrap_or(settings.enforce_same_browser_origin);
        settings.regenerate_on_resend =
            draft.regenerate_passwordless_credentials_on_resend.unwrap_or(settings.regenerate_on_resend);
        settings.validity_seconds = draft.validity.map_or(settings.validity_seconds, i64::from);
    }

    /// Counts an email to an address. Rejects it if the address received too many in the last minute.
    pub(crate) fn count_mail(&mut self, email: &str, now: Instant) -> Result<(), ApiError> {
        let address = email.to_lowercase();
        self.mails.retain(|(_, sent)| now < sent.plus(MAIL_WINDOW));
        if self.mails.iter().filter(|(to, _)| *to == address).count() >= MAX_MAILS {
            return Err(ApiError::new(
                429,
                format!("at most {MAX_MAILS} emails per minute can be sent to an address"),
            ));
        }
        self.mails.push((address, now));
        Ok(())
    }
}

impl Attempt {
    /// Creates an attempt without ID, code and link. `issue` generates them.
    pub(crate) fn new(email: &str, settings: &Settings, now: Instant) -> Attempt {
        Attempt {
            id: String::new(),
            email: email.into(),
            template: "SIGNIN".into(),
            state: String::new(),
            link_uri: String::new(),
            variables: BTreeMap::new(),
            lifetime_seconds: settings.validity_seconds,
            kind: settings.kind,
            code: String::new(),
            link_token: String::new(),
            expires_at: now,
            used: false,
            tries: Vec::new(),
        }
    }

    pub(crate) fn from_draft(draft: &AttemptDraft, settings: &Settings, ids: &Ids, now: Instant) -> Attempt {
        let mut attempt = Attempt::new(&draft.email, settings, now);
        attempt.issue(ids, now);
        attempt.id = draft.auth_request_id.clone().unwrap_or(attempt.id);
        attempt.template = draft.template.clone().unwrap_or(attempt.template);
        attempt.code = draft.code.clone().unwrap_or(attempt.code);
        attempt.link_token = draft.link_token.clone().unwrap_or(attempt.link_token);
        attempt.state.clone_from(&draft.state);
        attempt.link_uri.clone_from(&draft.magiclink_auth_uri);
        attempt
    }

    /// Generates a new ID, code and link.
    pub(crate) fn issue(&mut self, ids: &Ids, now: Instant) {
        self.id = ids.next("ar");
        self.code = if self.kind.has_code() { random_digits(6) } else { String::new() };
        self.link_token = if self.kind.has_link() { random_hex::<24>() } else { String::new() };
        self.tries.clear();
        self.restart(now);
    }

    /// Restarts the validity period.
    pub(crate) fn restart(&mut self, now: Instant) {
        self.expires_at = now.plus(TimeDelta::seconds(self.lifetime_seconds));
    }

    /// Counts a verification of a code. Rejects it after too many in the last ten minutes.
    pub(crate) fn count_try(&mut self, now: Instant) -> Result<(), ApiError> {
        self.tries.retain(|tried| now < tried.plus(TRY_WINDOW));
        if self.tries.len() >= MAX_TRIES {
            return Err(ApiError::new(
                429,
                format!("at most {MAX_TRIES} codes can be verified in ten minutes"),
            ));
        }
        self.tries.push(now);
        Ok(())
    }

    /// Consumes the attempt. Fails if it was already used or has expired.
    pub(crate) fn redeem(&mut self, now: Instant) -> Result<(), ApiError> {
        self.check_open(now)?;
        self.used = true;
        Ok(())
    }

    pub(crate) fn check_open(&self, now: Instant) -> Result<(), ApiError> {
        if self.used {
            return Err(ApiError::failed_precondition("the code or link was already used"));
        }
        if now >= self.expires_at {
            return Err(ApiError::failed_precondition("the code or link has expired"));
        }
        Ok(())
    }

    pub(crate) fn is_used(&self) -> bool {
        self.used
    }

    /// The body of the response to the sender, without code and link.
    pub(crate) fn response(&self) -> Value {
        json!({
            "auth_request_id": self.id,
            "expires_at": self.expires_at.unix_seconds().to_string(),
            "expires_in": self.lifetime_seconds,
            "passwordless_type": self.kind.text(),
        })
    }

    /// The email for the outbox.
    pub(crate) fn mail(&self, now: Instant) -> Value {
        let link = self.kind.has_link().then(|| {
            let separator = if self.link_uri.contains('?') { '&' } else { '?' };
            format!("{}{separator}link_token={}", self.link_uri, self.link_token)
        });
        json!({
            "kind": "passwordless",
            "to": self.email,
            "template": self.template,
            "template_variables": self.variables,
            "auth_request_id": self.id,
            "code": self.kind.has_code().then_some(&self.code),
            "link": link,
            "sent_at": now,
            "expires_at": self.expires_at,
        })
    }
}

impl Entity for Attempt {
    fn id(&self) -> &str {
        &self.id
    }
}
