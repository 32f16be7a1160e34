//! Token verification: key, signature, and the checks of each kind of token.

use std::sync::Arc;

use serde_json::Value;

use super::claims::{AccessTokenClaims, IdTokenClaims, IdpInitiatedClaims, MachineTokenClaims};
use super::expect::{CommonExpectations, TokenExpectations, audience_matches};
use super::keys;
use crate::cache::Source;
use crate::error::Result;
use crate::jwt::{
    Payload, Reason, Rules, TokenResult, Unverified, constant_time_eq, half_hash, quoted, reject,
};
use crate::types::Timestamp;
use crate::wire::Wire;

/// Header types of access tokens.
const ACCESS_TYPES: [&str; 2] = ["at+jwt", "application/at+jwt"];

/// Claims that only an ID token has.
const ID_TOKEN_CLAIMS: [&str; 3] = ["nonce", "at_hash", "c_hash"];

/// Claims that only an access token has.
const ACCESS_TOKEN_CLAIMS: [&str; 2] = ["scope", "scopes"];

/// Prefixes of the IDs of machine clients.
const MACHINE_ID_PREFIXES: [&str; 3] = ["m2m", "skc_", "prd_skc_"];

/// Prefixes of the names of security events (RFC 8417), which are URIs.
const EVENT_URI_PREFIXES: [&str; 3] = ["https://", "http://", "urn:"];

/// Verifies the signature of a token without waiting. Returns `None` if the key has to be fetched.
pub(crate) fn payload_if_ready(wire: &Wire, operation: &'static str, token: &str) -> Result<Option<Payload>> {
    let token = Unverified::parse(token).map_err(|rejection| rejection.into_error(operation))?;
    let Some(key) = keys::ready(wire, operation, token.key_id())? else { return Ok(None) };
    let verified = token.verify(&key).map(Payload::from);
    verified.map(Some).map_err(|rejection| rejection.into_error(operation))
}

/// Verifies the signature of a token. Fetches its key if it is not cached.
pub(crate) async fn payload(
    wire: &Arc<Wire>,
    operation: &'static str,
    token: &str,
    source: Source,
) -> Result<Payload> {
    if let Some(payload) = payload_if_ready(wire, operation, token)? {
        return Ok(payload);
    }
    let token = Unverified::parse(token).map_err(|rejection| rejection.into_error(operation))?;
    let key = keys::find(wire, operation, token.key_id(), source).await?;
    let verified = match key {
        Some(key) => token.verify(&key),
        None => reject(Reason::UnknownKey, "the environment has no key with the key ID of the token"),
    };
    verified.map(Payload::from).map_err(|rejection| rejection.into_error(operation))
}

/// The login that an ID token must belong to.
#[derive(Debug, Default)]
pub(crate) struct IdTokenContext<'a> {
    pub nonce: Option<&'a str>,
    pub access_token: Option<&'a str>,
    pub code: Option<&'a str>,
    pub subject: Option<&'a str>,
    /// Whether the login is unknown, so that the token itself must show that it is an ID token.
    pub standalone: bool,
}

/// The checks of one client, at one point in time.
pub(crate) struct Checks<'a> {
    wire: &'a Wire,
    rules: Rules<'a>,
}

impl<'a> Checks<'a> {
    pub(crate) fn new(wire: &'a Wire, expectations: &'a CommonExpectations) -> Self {
        let CommonExpectations { issuers, leeway } = expectations;
        let rules = Rules { issuers, leeway: *leeway, now: wire.wall_now() };
        Self { wire, rules }
    }

    /// Checks the token at another time than the client's.
    pub(crate) fn at(mut self, at: Option<Timestamp>) -> Self {
        self.rules.now = at.map_or(self.rules.now, Timestamp::to_system_time);
        self
    }

    pub(crate) fn access(
        &self,
        payload: Payload,
        expected: &TokenExpectations,
    ) -> TokenResult<AccessTokenClaims> {
        self.check_access(&payload, expected)?;
        Ok(AccessTokenClaims::read(payload))
    }

    pub(crate) fn machine(
        &self,
        payload: Payload,
        expected: &TokenExpectations,
    ) -> TokenResult<MachineTokenClaims> {
        let subject = payload.required("sub")?;
        let is_machine = match payload.text("client_id")? {
            Some(client) => client == subject,
            None => MACHINE_ID_PREFIXES.iter().any(|prefix| subject.starts_with(prefix)),
        };
        if !is_machine || payload.has("sid") {
            return reject(Reason::WrongTokenType, "the token belongs to a user, not to a machine client");
        }
        self.check_access(&payload, expected)?;
        Ok(MachineTokenClaims::read(payload))
    }

    fn check_access(&self, payload: &Payload, expected: &TokenExpectations) -> TokenResult {
        check_type(payload, &ACCESS_TYPES)?;
        payload.check_issuer(&self.rules)?;
        payload.required("sub")?;
        if ID_TOKEN_CLAIMS.iter().any(|name| payload.has(name)) {
            return reject(Reason::WrongTokenType, "the token is an ID token, not an access token");
        }
        let audience = payload.audience()?;
        if !expected.audience.accepts(&audience) {
            return wrong_audience(&audience);
        }
        payload.check_times(&self.rules)?;
        payload.check_scopes(&expected.required_scopes)
    }

    /// The checks of OpenID Connect Core, section 3.1.3.7.
    pub(crate) fn id(&self, payload: Payload, context: &IdTokenContext<'_>) -> TokenResult<IdTokenClaims> {
        check_type(&payload, &[])?;
        payload.check_issuer(&self.rules)?;
        let subject = payload.required("sub")?;
        self.check_audience_and_azp(&payload)?;
        if context.standalone {
            check_not_access(&payload)?;
        }
        if context.subject.is_some_and(|expected| expected != subject) {
            return reject(Reason::WrongSubject, "the token has another subject");
        }
        check_nonce(&payload, context.nonce)?;
        let (access, code) = (context.access_token, context.code);
        check_hash(&payload, "at_hash", access, Reason::WrongAccessTokenHash)?;
        check_hash(&payload, "c_hash", code, Reason::WrongCodeHash)?;
        if !payload.has("iat") {
            return reject(Reason::MissingClaim, "the token has no `iat`");
        }
        payload.check_times(&self.rules)?;
        Ok(IdTokenClaims::read(payload))
    }

    fn check_audience_and_azp(&self, payload: &Payload) -> TokenResult {
        let audience = payload.audience()?;
        if !audience.iter().any(|one| self.is_this_client(one)) {
            return wrong_audience(&audience);
        }
        match payload.text("azp")? {
            Some(party) if self.is_this_client(party) => Ok(()),
            None if audience.len() == 1 => Ok(()),
            _ => reject(Reason::WrongAuthorizedParty, "the authorized party of the token is not this client"),
        }
    }

    pub(crate) fn idp_initiated(&self, payload: Payload) -> TokenResult<IdpInitiatedClaims> {
        check_type(&payload, &[])?;
        payload.check_issuer(&self.rules)?;
        let audience = payload.audience()?;
        if !audience.is_empty() && !audience.iter().any(|one| self.is_this_client(one)) {
            return wrong_audience(&audience);
        }
        payload.required("organization_id")?;
        payload.required("connection_id")?;
        payload.check_times(&self.rules)?;
        Ok(IdpInitiatedClaims::read(payload))
    }

    fn is_this_client(&self, id: &str) -> bool {
        audience_matches(id, self.wire.client_id())
    }
}

/// Checks the header type, and rejects logout tokens and other security events even if they have no type. Such a token
/// has the same signing key, audience and subject as an ID token, and must not sign a user in.
fn check_type(payload: &Payload, allowed: &[&str]) -> TokenResult {
    if let Some(Value::Object(events)) = payload.get("events")
        && events.keys().any(|name| EVENT_URI_PREFIXES.iter().any(|prefix| name.starts_with(prefix)))
    {
        return reject(Reason::WrongTokenType, "the token is a security event, such as a logout token");
    }
    match payload.token_type.as_deref() {
        None | Some("jwt" | "application/jwt") => Ok(()),
        Some(stated) if allowed.contains(&stated) => Ok(()),
        Some(stated) => reject(Reason::WrongTokenType, format!("the token has the type {}", quoted(stated))),
    }
}

/// Rejects access tokens. One may have the same audience, and every API that receives it could sign in with it.
fn check_not_access(payload: &Payload) -> TokenResult {
    let has = |names: &[&str]| names.iter().any(|name| payload.has(name));
    if has(&ACCESS_TOKEN_CLAIMS) && !has(&ID_TOKEN_CLAIMS) {
        return reject(Reason::WrongTokenType, "the token is an access token, not an ID token");
    }
    Ok(())
}

fn wrong_audience<T>(audience: &[&str]) -> TokenResult<T> {
    let listed: Vec<_> = audience.iter().take(5).map(|one| quoted(one)).collect();
    if listed.is_empty() {
        return reject(Reason::WrongAudience, "the token has no audience");
    }
    reject(Reason::WrongAudience, format!("audience {} is not accepted", listed.join(", ")))
}

fn check_nonce(payload: &Payload, expected: Option<&str>) -> TokenResult {
    match (payload.text("nonce")?, expected) {
        (None, None) => Ok(()),
        (Some(nonce), Some(expected)) if constant_time_eq(nonce, expected) => Ok(()),
        _ => reject(Reason::WrongNonce, "the nonce does not match that of the login"),
    }
}

/// Checks `at_hash` or `c_hash`. The claim is optional.
fn check_hash(payload: &Payload, name: &str, of: Option<&str>, reason: Reason) -> TokenResult {
    match (payload.text(name)?, of) {
        (Some(hash), Some(text)) if !constant_time_eq(hash, &half_hash(text)) => {
            reject(reason, format!("the hash `{name}` does not match"))
        }
        _ => Ok(()),
    }
}
