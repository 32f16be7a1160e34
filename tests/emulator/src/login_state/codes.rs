//! Authorization codes.

use serde::{Deserialize, Serialize};
use std::collections::HashMap;

use chrono::TimeDelta;

use super::authorization::AuthorizationParameters;
use super::forge::Forgery;
use super::script::Approval;
use super::sessions::BrowserSession;
use crate::clock::Instant;
use crate::ids::random_hex;

const LIFETIME: TimeDelta = TimeDelta::minutes(10);

/// The login that an authorization code stands for.
#[derive(Debug, Clone)]
pub(crate) struct Code {
    pub(crate) redirect_uri: String,
    pub(crate) challenge: Option<String>,
    pub(crate) nonce: Option<String>,
    pub(crate) grant: Grant,
    pub(crate) id_token: Forgery,
    pub(crate) access_token: Forgery,
}

/// What a login grants to a client: the basis of its tokens, of the first ones and after a refresh.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Grant {
    pub(crate) app_id: String,
    pub(crate) session_id: String,
    pub(crate) scope: String,
    /// The audience of access tokens. Empty: the client.
    pub(crate) resources: Vec<String>,
    /// The time of the authentication, in Unix seconds, if ID tokens must contain it.
    pub(crate) auth_time: Option<i64>,
}

#[derive(Debug)]
struct StoredCode {
    app_id: String,
    session_id: String,
    expires_at: Instant,
    state: CodeState,
}

#[derive(Debug)]
enum CodeState {
    Unused(Box<Code>),
    /// With the family of the refresh tokens issued for it, if any.
    Used(Option<u64>),
}

/// Why a code or refresh token is rejected: the `error_description`.
pub(crate) type Rejection = &'static str;

/// Why a code cannot be redeemed.
#[derive(Debug)]
pub(crate) enum CodeError {
    Invalid(Rejection),
    /// The code was already used. The refresh tokens of the first use must be revoked.
    Reused {
        family: Option<u64>,
    },
}

#[derive(Debug, Default)]
pub(crate) struct Codes {
    stored: HashMap<String, StoredCode>,
}

impl Codes {
    /// Issues a code, valid for 10 minutes.
    pub(crate) fn add(
        &mut self,
        parameters: AuthorizationParameters,
        session: &BrowserSession,
        approval: Approval,
        now: Instant,
    ) -> String {
        let grant = Grant {
            app_id: parameters.app_id,
            session_id: session.id.clone(),
            scope: parameters.scope,
            resources: parameters.resources,
            auth_time: parameters.max_age.map(|_| session.auth_time.unix_seconds()),
        };
        let stored = StoredCode {
            app_id: grant.app_id.clone(),
            session_id: session.id.clone(),
            expires_at: now.plus(LIFETIME),
            state: CodeState::Unused(Box::new(Code {
                redirect_uri: parameters.callback.redirect_uri,
                challenge: parameters.challenge,
                nonce: parameters.nonce,
                grant,
                id_token: approval.id_token,
                access_token: approval.access_token,
            })),
        };
        let text = format!("code_{}", random_hex::<24>());
        self.stored.insert(text.clone(), stored);
        text
    }

    /// Redeems a code. It counts as used even if the exchange then fails.
    pub(crate) fn redeem(&mut self, text: &str, app_id: &str, now: Instant) -> Result<Code, CodeError> {
        let stored = self.stored.get_mut(text).filter(|stored| stored.app_id == app_id);
        let stored = stored.ok_or(CodeError::Invalid("the code is unknown"))?;
        match std::mem::replace(&mut stored.state, CodeState::Used(None)) {
            CodeState::Used(family) => Err(CodeError::Reused { family }),
            CodeState::Unused(_) if stored.expires_at <= now => {
                Err(CodeError::Invalid("the code has expired"))
            }
            CodeState::Unused(code) => Ok(*code),
        }
    }

    /// Remembers the refresh tokens that were issued for a code.
    pub(crate) fn set_family(&mut self, text: &str, family: u64) {
        if let Some(stored) = self.stored.get_mut(text) {
            stored.state = CodeState::Used(Some(family));
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.stored.len()
    }

    /// Removes expired codes and those of ended sessions.
    pub(crate) fn sweep(&mut self, now: Instant, is_active: impl Fn(&str) -> bool) {
        self.stored.retain(|_, stored| stored.expires_at > now && is_active(&stored.session_id));
        self.stored.shrink_to_fit();
    }
}
