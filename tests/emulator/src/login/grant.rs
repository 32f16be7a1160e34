//! Authorization codes and refresh tokens.

use std::collections::HashMap;

use chrono::TimeDelta;

use super::forge::Forgery;
use super::parameters::Parameters;
use super::script::Approval;
use crate::clock::Instant;
use crate::ids::random_hex;

const CODE_LIFETIME: TimeDelta = TimeDelta::minutes(10);

/// The login that an authorization code stands for.
#[derive(Debug, Clone)]
pub(crate) struct Code {
    pub(crate) app_id: String,
    pub(crate) redirect_uri: String,
    pub(crate) challenge: Option<String>,
    pub(crate) nonce: Option<String>,
    pub(crate) scope: String,
    pub(crate) session_id: String,
    pub(crate) id_token: Forgery,
    pub(crate) access_token: Forgery,
    expires_at: Instant,
}

#[derive(Debug)]
struct StoredCode {
    code: Code,
    /// `Some` once the code was used, with the family of the refresh tokens issued for it, if any.
    used: Option<Option<u64>>,
}

/// All refresh tokens of one login. Only the latest is valid.
#[derive(Debug, Clone)]
pub(crate) struct TokenFamily {
    pub(crate) app_id: String,
    pub(crate) session_id: String,
    pub(crate) scope: String,
    revoked: bool,
}

#[derive(Debug)]
struct RefreshToken {
    family: u64,
    is_used: bool,
    expires_at: Instant,
}

/// Why a code or refresh token is rejected: the `error_description`.
pub(crate) type Rejection = &'static str;

#[derive(Debug, Default)]
pub(crate) struct Grants {
    codes: HashMap<String, StoredCode>,
    refresh_tokens: HashMap<String, RefreshToken>,
    families: HashMap<u64, TokenFamily>,
    last_family: u64,
}

impl Grants {
    /// Issues a code, valid for 10 minutes.
    pub(crate) fn add_code(
        &mut self,
        parameters: Parameters,
        session_id: String,
        approval: Approval,
        now: Instant,
    ) -> String {
        let code = Code {
            app_id: parameters.app_id,
            redirect_uri: parameters.redirect_uri,
            challenge: parameters.challenge,
            nonce: parameters.nonce,
            scope: parameters.scope,
            session_id,
            id_token: approval.id_token,
            access_token: approval.access_token,
            expires_at: now.plus(CODE_LIFETIME),
        };
        let text = format!("code_{}", random_hex::<24>());
        self.codes.insert(text.clone(), StoredCode { code, used: None });
        text
    }

    /// Redeems a code. It counts as used even if the exchange then fails. A second use revokes the refresh tokens of the
    /// first.
    pub(crate) fn redeem_code(&mut self, text: &str, app_id: &str, now: Instant) -> Result<Code, Rejection> {
        let stored = self.codes.get_mut(text).filter(|stored| stored.code.app_id == app_id);
        let stored = stored.ok_or("the code is unknown")?;
        if let Some(family) = stored.used.replace(None) {
            self.revoke(family);
            return Err("the code was already used");
        }
        if stored.code.expires_at <= now {
            return Err("the code has expired");
        }
        Ok(stored.code.clone())
    }

    /// Issues the first refresh token of a login.
    pub(crate) fn start_family(&mut self, text: &str, code: &Code, expires_at: Instant) -> String {
        self.last_family += 1;
        let family = self.last_family;
        let (app_id, session_id) = (code.app_id.clone(), code.session_id.clone());
        self.families
            .insert(family, TokenFamily { app_id, session_id, scope: code.scope.clone(), revoked: false });
        if let Some(stored) = self.codes.get_mut(text) {
            stored.used = Some(Some(family));
        }
        self.issue(family, expires_at)
    }

    /// Returns the family of a valid refresh token. Reuse of a rotated token revokes its whole family: a second party
    /// has the token, and the server cannot tell which one is legitimate.
    pub(crate) fn family(
        &mut self,
        text: &str,
        app_id: &str,
        now: Instant,
    ) -> Result<TokenFamily, Rejection> {
        let unknown = "the refresh token is unknown";
        let token = self.refresh_tokens.get(text).ok_or(unknown)?;
        let (id, is_used, is_expired) = (token.family, token.is_used, token.expires_at <= now);
        let family = self.families.get(&id).filter(|family| family.app_id == app_id).ok_or(unknown)?.clone();
        if is_used {
            self.revoke(Some(id));
            return Err("the refresh token was already used; its successors are revoked");
        }
        if family.revoked {
            return Err("the refresh token was revoked");
        }
        if is_expired {
            return Err("the refresh token has expired");
        }
        Ok(family)
    }

    /// Replaces a refresh token with a new one of the same family.
    pub(crate) fn rotate(&mut self, text: &str, expires_at: Instant) -> Option<String> {
        let token = self.refresh_tokens.get_mut(text)?;
        token.is_used = true;
        let family = token.family;
        Some(self.issue(family, expires_at))
    }

    fn issue(&mut self, family: u64, expires_at: Instant) -> String {
        let text = format!("rt_{}", random_hex::<32>());
        self.refresh_tokens.insert(text.clone(), RefreshToken { family, is_used: false, expires_at });
        text
    }

    fn revoke(&mut self, family: Option<u64>) {
        if let Some(family) = family.and_then(|family| self.families.get_mut(&family)) {
            family.revoked = true;
        }
    }
}
