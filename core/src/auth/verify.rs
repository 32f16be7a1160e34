//! From a token's text to its claims: the key, the signature, then what each kind of token must meet.

use std::sync::Arc;

use serde_json::Value;

use super::claims::{AccessTokenClaims, IdTokenClaims, IdpInitiatedClaims, MachineTokenClaims};
use super::expect::{Checked, TokenExpectations, is_meant};
use super::keys;
use crate::cache::Source;
use crate::error::Result;
use crate::jwt::{Payload, Reason, Rules, Unverified, Verdict, half_hash, refuse, same, shown};
use crate::wire::Wire;

/// Types that an access token may state, and other tokens must not.
const ACCESS_TYPES: [&str; 2] = ["at+jwt", "application/at+jwt"];

/// Claims that only an ID token has.
const ID_TOKEN_CLAIMS: [&str; 3] = ["nonce", "at_hash", "c_hash"];

/// Claims that only an access token has.
const ACCESS_TOKEN_CLAIMS: [&str; 2] = ["scope", "scopes"];

/// How the ids of machines' clients begin.
const MACHINES: [&str; 3] = ["m2m", "skc_", "prd_skc_"];

/// How the names of security events begin (RFC 8417): they are URIs.
const EVENTS: [&str; 3] = ["https://", "http://", "urn:"];

/// A token whose signature holds, if its key is at hand: this waits for nothing, and needs no runtime.
pub(crate) fn at_hand(wire: &Wire, operation: &'static str, token: &str) -> Result<Option<Payload>> {
    let token = Unverified::parse(token).map_err(|refusal| refusal.of(operation))?;
    let Some(key) = keys::ready(wire, operation, token.key_id())? else { return Ok(None) };
    let verified = token.verify(&key).map(Payload::from);
    verified.map(Some).map_err(|refusal| refusal.of(operation))
}

/// A token whose signature holds. Its key is waited for where it is not at hand.
pub(crate) async fn payload(
    wire: &Arc<Wire>,
    operation: &'static str,
    token: &str,
    source: Source,
) -> Result<Payload> {
    if let Some(payload) = at_hand(wire, operation, token)? {
        return Ok(payload);
    }
    let token = Unverified::parse(token).map_err(|refusal| refusal.of(operation))?;
    let key = keys::find(wire, operation, token.key_id(), source).await?;
    let verified = match key {
        Some(key) => token.verify(&key),
        None => refuse(Reason::UnknownKey, "the token names a key that the environment does not have"),
    };
    verified.map(Payload::from).map_err(|refusal| refusal.of(operation))
}

/// What an ID token is held against.
#[derive(Debug, Default)]
pub(crate) struct Login<'a> {
    pub nonce: Option<&'a str>,
    pub access_token: Option<&'a str>,
    pub code: Option<&'a str>,
    pub subject: Option<&'a str>,
    /// Whether nothing is known of the login, so that the token has to show by itself that it is an ID token.
    pub alone: bool,
}

/// The checks, for one client at one moment.
pub(crate) struct Checks<'a> {
    wire: &'a Wire,
    rules: Rules<'a>,
}

impl<'a> Checks<'a> {
    pub(crate) fn new(wire: &'a Wire, checked: &'a Checked) -> Self {
        let rules = Rules { issuers: &checked.issuers, leeway: checked.leeway, now: wire.wall_now() };
        Self { wire, rules }
    }

    pub(crate) fn access(
        &self,
        payload: Payload,
        expected: &TokenExpectations,
    ) -> Verdict<AccessTokenClaims> {
        self.check_access(&payload, expected)?;
        Ok(AccessTokenClaims::read(payload))
    }

    pub(crate) fn machine(
        &self,
        payload: Payload,
        expected: &TokenExpectations,
    ) -> Verdict<MachineTokenClaims> {
        let subject = payload.needed("sub")?;
        let machine = match payload.text("client_id")? {
            Some(client) => client == subject,
            None => MACHINES.iter().any(|start| subject.starts_with(start)),
        };
        if !machine || payload.has("sid") {
            return refuse(Reason::WrongTokenType, "the token belongs to a person, not to a machine");
        }
        self.check_access(&payload, expected)?;
        Ok(MachineTokenClaims::read(payload))
    }

    fn check_access(&self, payload: &Payload, expected: &TokenExpectations) -> Verdict {
        check_type(payload, &ACCESS_TYPES)?;
        payload.check_issuer(&self.rules)?;
        payload.needed("sub")?;
        if ID_TOKEN_CLAIMS.iter().any(|name| payload.has(name)) {
            return refuse(Reason::WrongTokenType, "the token is an ID token, not an access token");
        }
        let audience = payload.audience()?;
        if !expected.audience.is_among(&audience) {
            return wrong_audience(&audience);
        }
        payload.check_times(&self.rules)?;
        payload.check_scopes(&expected.required_scopes)
    }

    /// The checks of OpenID Connect Core, section 3.1.3.7.
    pub(crate) fn id(&self, payload: Payload, login: &Login<'_>) -> Verdict<IdTokenClaims> {
        check_type(&payload, &[])?;
        payload.check_issuer(&self.rules)?;
        let subject = payload.needed("sub")?;
        self.check_party(&payload)?;
        if login.alone {
            check_not_access(&payload)?;
        }
        if login.subject.is_some_and(|expected| expected != subject) {
            return refuse(Reason::WrongSubject, "the token is about somebody else");
        }
        check_nonce(&payload, login.nonce)?;
        let (access, code) = (login.access_token, login.code);
        check_hash(&payload, "at_hash", access, Reason::WrongAccessTokenHash)?;
        check_hash(&payload, "c_hash", code, Reason::WrongCodeHash)?;
        if !payload.has("iat") {
            return refuse(Reason::MissingClaim, "the token has no `iat`");
        }
        payload.check_times(&self.rules)?;
        Ok(IdTokenClaims::read(payload))
    }

    fn check_party(&self, payload: &Payload) -> Verdict {
        let audience = payload.audience()?;
        if !audience.iter().any(|one| self.is_this_client(one)) {
            return wrong_audience(&audience);
        }
        match payload.text("azp")? {
            Some(party) if self.is_this_client(party) => Ok(()),
            None if audience.len() == 1 => Ok(()),
            _ => refuse(Reason::WrongAuthorizedParty, "the token was issued to another client"),
        }
    }

    pub(crate) fn idp_initiated(&self, payload: Payload) -> Verdict<IdpInitiatedClaims> {
        check_type(&payload, &[])?;
        payload.check_issuer(&self.rules)?;
        let audience = payload.audience()?;
        if !audience.is_empty() && !audience.iter().any(|one| self.is_this_client(one)) {
            return wrong_audience(&audience);
        }
        payload.needed("organization_id")?;
        payload.needed("connection_id")?;
        payload.check_times(&self.rules)?;
        Ok(IdpInitiatedClaims::read(payload))
    }

    fn is_this_client(&self, named: &str) -> bool {
        is_meant(named, self.wire.client_id())
    }
}

/// What a token is, as its header states it; and what it is without saying so. A logout token (or another security
/// event) is signed like all others, meant for the client, and about a person: it must let nobody in.
fn check_type(payload: &Payload, allowed: &[&str]) -> Verdict {
    if let Some(Value::Object(events)) = payload.get("events")
        && events.keys().any(|name| EVENTS.iter().any(|start| name.starts_with(start)))
    {
        return refuse(Reason::WrongTokenType, "the token tells of an event, and lets nobody in");
    }
    match payload.token_type.as_deref() {
        None | Some("jwt" | "application/jwt") => Ok(()),
        Some(stated) if allowed.contains(&stated) => Ok(()),
        Some(stated) => refuse(Reason::WrongTokenType, format!("the token is of the type {}", shown(stated))),
    }
}

/// An access token may be meant for the same client, and is shown to every API: none of them may sign in with it.
fn check_not_access(payload: &Payload) -> Verdict {
    let has = |names: &[&str]| names.iter().any(|name| payload.has(name));
    if has(&ACCESS_TOKEN_CLAIMS) && !has(&ID_TOKEN_CLAIMS) {
        return refuse(Reason::WrongTokenType, "the token is an access token, not an ID token");
    }
    Ok(())
}

fn wrong_audience<T>(audience: &[&str]) -> Verdict<T> {
    let named: Vec<_> = audience.iter().take(5).map(|one| shown(one)).collect();
    let whom = if named.is_empty() { "nobody".to_owned() } else { named.join(", ") };
    refuse(Reason::WrongAudience, format!("the token is meant for {whom}"))
}

fn check_nonce(payload: &Payload, expected: Option<&str>) -> Verdict {
    match (payload.text("nonce")?, expected) {
        (None, None) => Ok(()),
        (Some(held), Some(expected)) if same(held, expected) => Ok(()),
        _ => refuse(Reason::WrongNonce, "the token belongs to another login"),
    }
}

/// A hash need not be there; where it is, it must be that of what came along.
fn check_hash(payload: &Payload, name: &str, of: Option<&str>, reason: Reason) -> Verdict {
    match (payload.text(name)?, of) {
        (Some(hash), Some(text)) if !same(hash, &half_hash(text)) => {
            refuse(reason, format!("`{name}` is not that of what came with the token"))
        }
        _ => Ok(()),
    }
}
