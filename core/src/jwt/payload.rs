//! The claims of a verified token, and the checks that all kinds of tokens pass.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value};

use super::jws::Verified;
use super::refusal::{Reason, Verdict, refuse, shown};
use crate::types::Json;

/// Larger numbers are no times, and cannot be told apart as JSON numbers everywhere.
const LATEST: i64 = 1 << 53;

/// What a token is held against.
#[derive(Debug)]
pub(crate) struct Rules<'a> {
    pub issuers: &'a [String],
    pub leeway: Duration,
    pub now: SystemTime,
}

/// The claims, asked for by name. What decides is read strictly: a claim of the wrong type is refused, not taken for an
/// absent one.
#[derive(Debug)]
pub(crate) struct Payload {
    pub token_type: Option<String>,
    claims: Map<String, Value>,
}

impl From<Verified> for Payload {
    fn from(verified: Verified) -> Self {
        Self { token_type: verified.token_type, claims: verified.claims }
    }
}

impl Payload {
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.claims.get(name).filter(|value| !value.is_null())
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.claims.remove(name);
        self
    }

    pub(crate) fn into_json(self) -> Json {
        Json::from(Value::Object(self.claims))
    }

    pub(crate) fn text(&self, name: &str) -> Verdict<Option<&str>> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => refuse(Reason::InvalidClaim, format!("`{name}` is not a text")),
        }
    }

    /// A text that must be there, and not be empty.
    pub(crate) fn needed(&self, name: &str) -> Verdict<&str> {
        match self.text(name)? {
            Some(text) if !text.is_empty() => Ok(text),
            _ => refuse(Reason::MissingClaim, format!("the token has no `{name}`")),
        }
    }

    /// `aud`: one text or several.
    pub(crate) fn audience(&self) -> Verdict<Vec<&str>> {
        let bad = || refuse(Reason::InvalidClaim, "`aud` is neither a text nor a list of texts");
        match self.get("aud") {
            None => Ok(Vec::new()),
            Some(Value::String(one)) => Ok(vec![one]),
            Some(Value::Array(several)) => {
                let texts: Option<Vec<_>> = several.iter().map(Value::as_str).collect();
                texts.map_or_else(bad, Ok)
            }
            Some(_) => bad(),
        }
    }

    /// Seconds since 1970: a whole number. A fraction, or a number in a text, is not how the service writes a time that
    /// decides, so that it is refused.
    fn moment(&self, name: &str) -> Verdict<Option<i64>> {
        let Some(value) = self.get(name) else { return Ok(None) };
        match value.as_i64().filter(|moment| (0..=LATEST).contains(moment)) {
            Some(moment) => Ok(Some(moment)),
            None => refuse(Reason::InvalidClaim, format!("`{name}` is not a whole number of seconds")),
        }
    }

    pub(crate) fn check_issuer(&self, rules: &Rules<'_>) -> Verdict {
        let issuer = self.needed("iss")?;
        if rules.issuers.iter().any(|allowed| allowed == issuer) {
            return Ok(());
        }
        let expected = rules.issuers.iter().map(|issuer| shown(issuer)).collect::<Vec<_>>().join(" or ");
        refuse(Reason::WrongIssuer, format!("the token is from {}, not from {expected}", shown(issuer)))
    }

    /// The times come after everything else: a token that is over is only called so where it would be good otherwise.
    pub(crate) fn check_times(&self, rules: &Rules<'_>) -> Verdict {
        let now = rules.now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let now = i64::try_from(now).unwrap_or(LATEST);
        let leeway = i64::try_from(rules.leeway.as_secs()).unwrap_or(0);
        let (expires, begins, issued) = (self.moment("exp")?, self.moment("nbf")?, self.moment("iat")?);
        let Some(expires) = expires else {
            return refuse(Reason::MissingClaim, "the token has no `exp`");
        };
        if let Some(ahead) = issued.map(|at| at - now).filter(|ahead| *ahead > leeway) {
            return refuse(Reason::IssuedInFuture, format!("the token was issued {ahead} s in the future"));
        }
        if let Some(ahead) = begins.map(|at| at - now).filter(|ahead| *ahead > leeway) {
            return refuse(Reason::NotYetValid, format!("the token is good in {ahead} s only"));
        }
        if now - expires >= leeway {
            return refuse(Reason::Expired, format!("the token expired {} s ago", now - expires));
        }
        Ok(())
    }

    /// What the token may be used for: the union of both spellings.
    pub(crate) fn scopes(&self) -> Vec<String> {
        let mut scopes: Vec<String> = Vec::new();
        for name in ["scope", "scopes"] {
            let found: Vec<&str> = match self.get(name) {
                Some(Value::String(text)) => text.split_ascii_whitespace().collect(),
                Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
                _ => Vec::new(),
            };
            for scope in found {
                if !scope.is_empty() && !scopes.iter().any(|held| held == scope) {
                    scopes.push(scope.to_owned());
                }
            }
        }
        scopes
    }

    pub(crate) fn check_scopes(&self, required: &[String]) -> Verdict {
        let held = self.scopes();
        let missing: Vec<_> =
            required.iter().filter(|scope| !held.contains(scope)).map(|s| shown(s)).collect();
        if missing.is_empty() {
            return Ok(());
        }
        refuse(Reason::MissingScope, format!("the token does not hold {}", missing.join(", ")))
    }
}
