//! Authorization codes and refresh tokens.

use std::collections::HashMap;

use chrono::TimeDelta;

use super::forge::Forgery;
use super::parameters::Parameters;
use super::script::Approval;
use crate::clock::Instant;
use crate::ids::random_hex;

const CODE_LIFE: TimeDelta = TimeDelta::minutes(10);

/// What a code stands for.
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
struct Kept {
    code: Code,
    /// Once it was presented: the refresh tokens that came of it, if any.
    spent: Option<Option<u64>>,
}

/// All refresh tokens that came of one login. Only the last one counts.
#[derive(Debug, Clone)]
pub(crate) struct Family {
    pub(crate) app_id: String,
    pub(crate) session_id: String,
    pub(crate) scope: String,
    revoked: bool,
}

#[derive(Debug)]
struct RefreshToken {
    family: u64,
    spent: bool,
    expires_at: Instant,
}

/// Why a code or refresh token does not count, in words for the error.
pub(crate) type Refused = &'static str;

#[derive(Debug, Default)]
pub(crate) struct Grants {
    codes: HashMap<String, Kept>,
    refresh_tokens: HashMap<String, RefreshToken>,
    families: HashMap<u64, Family>,
    last_family: u64,
}

impl Grants {
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
            expires_at: now.plus(CODE_LIFE),
        };
        let text = format!("code_{}", random_hex::<24>());
        self.codes.insert(text.clone(), Kept { code, spent: None });
        text
    }

    /// Spends a code, whatever becomes of the exchange. A second use ends what came of the first.
    pub(crate) fn spend_code(&mut self, text: &str, app_id: &str, now: Instant) -> Result<Code, Refused> {
        let kept = self.codes.get_mut(text).filter(|kept| kept.code.app_id == app_id);
        let kept = kept.ok_or("the code is unknown")?;
        if let Some(family) = kept.spent.replace(None) {
            self.revoke(family);
            return Err("the code was used before");
        }
        if kept.code.expires_at <= now {
            return Err("the code has expired");
        }
        Ok(kept.code.clone())
    }

    /// The first refresh token of a login.
    pub(crate) fn start_family(&mut self, text: &str, code: &Code, expires_at: Instant) -> String {
        self.last_family += 1;
        let family = self.last_family;
        let (app_id, session_id) = (code.app_id.clone(), code.session_id.clone());
        self.families
            .insert(family, Family { app_id, session_id, scope: code.scope.clone(), revoked: false });
        if let Some(kept) = self.codes.get_mut(text) {
            kept.spent = Some(Some(family));
        }
        self.hand_out(family, expires_at)
    }

    /// The family of a refresh token that counts. One that was traded before ends its whole family: somebody else has
    /// it, and nobody can tell who is who.
    pub(crate) fn family(&mut self, text: &str, app_id: &str, now: Instant) -> Result<Family, Refused> {
        let unknown = "the refresh token is unknown";
        let token = self.refresh_tokens.get(text).ok_or(unknown)?;
        let (id, spent, over) = (token.family, token.spent, token.expires_at <= now);
        let family = self.families.get(&id).filter(|family| family.app_id == app_id).ok_or(unknown)?.clone();
        if spent {
            self.revoke(Some(id));
            return Err("the refresh token was used before; its successors are revoked");
        }
        if family.revoked {
            return Err("the refresh token was revoked");
        }
        if over {
            return Err("the refresh token has expired");
        }
        Ok(family)
    }

    /// Trades a refresh token for the next one.
    pub(crate) fn rotate(&mut self, text: &str, expires_at: Instant) -> Option<String> {
        let token = self.refresh_tokens.get_mut(text)?;
        token.spent = true;
        let family = token.family;
        Some(self.hand_out(family, expires_at))
    }

    fn hand_out(&mut self, family: u64, expires_at: Instant) -> String {
        let text = format!("rt_{}", random_hex::<32>());
        self.refresh_tokens.insert(text.clone(), RefreshToken { family, spent: false, expires_at });
        text
    }

    fn revoke(&mut self, family: Option<u64>) {
        if let Some(family) = family.and_then(|family| self.families.get_mut(&family)) {
            family.revoked = true;
        }
    }
}
