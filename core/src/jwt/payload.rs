//! The claims of a verified token, and the checks that all kinds of tokens pass.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value};

use super::jws::Verified;
use super::refusal::{Reason, Verdict, refuse, shown};
use crate::types::Json;

/// The latest second that counts as a date: a double holds each integer up to it.
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

    /// A NumericDate (RFC 7519, section 2): a finite number of seconds since 1970, possibly with a fraction. `round`
    /// decides the second that it stands for. A number in a string is rejected.
    fn numeric_date(&self, name: &str, round: fn(f64) -> f64) -> Verdict<Option<i64>> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let seconds = value.as_i64().or_else(|| whole(round(value.as_f64()?)));
        match seconds.filter(|seconds| (0..=LATEST).contains(seconds)) {
            Some(seconds) => Ok(Some(seconds)),
            None => refuse(Reason::InvalidClaim, format!("`{name}` is not a number of seconds")),
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
        // A fraction never prolongs the validity: it ends at the full second before, and begins at the one after.
        let expires = self.numeric_date("exp", f64::floor)?;
        let begins = self.numeric_date("nbf", f64::ceil)?;
        let issued = self.numeric_date("iat", f64::ceil)?;
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

/// A whole number as an integer, up to `LATEST`.
fn whole(number: f64) -> Option<i64> {
    const LIMIT: f64 = LATEST as f64;
    #[allow(clippy::cast_possible_truncation, reason = "whole and in range, checked here")]
    (0.0..=LIMIT).contains(&number).then_some(number as i64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const NOW: i64 = 1_795_930_721;

    fn check(claims: Value) -> Verdict {
        let Value::Object(claims) = claims else { panic!("claims are an object") };
        let payload = Payload { token_type: None, claims };
        let now = UNIX_EPOCH + Duration::from_secs(NOW.unsigned_abs());
        payload.check_times(&Rules { issuers: &[], leeway: Duration::ZERO, now })
    }

    fn reason(verdict: Verdict) -> Option<Reason> {
        verdict.err().map(|refusal| refusal.reason)
    }

    #[test]
    fn numeric_dates_may_have_a_fraction_or_an_exponent() {
        for later in [json!(NOW + 1), json!(1_795_930_722.0), json!(1_795_930_722.5), json!(1.9e9)] {
            assert_eq!(check(json!({ "exp": later })), Ok(()), "exp {later}");
        }
        for earlier in [json!(NOW), json!(1_795_930_721.0), json!(1_795_930_720.5), json!(1.7e9)] {
            let claims = json!({"exp": 1.9e9, "nbf": earlier, "iat": earlier});
            assert_eq!(check(claims), Ok(()), "nbf and iat {earlier}");
        }
    }

    #[test]
    fn fraction_of_a_numeric_date_never_prolongs_validity() {
        assert_eq!(reason(check(json!({"exp": 1_795_930_721.9}))), Some(Reason::Expired));
        let nbf = json!({"exp": 1.9e9, "nbf": 1_795_930_721.1});
        assert_eq!(reason(check(nbf)), Some(Reason::NotYetValid));
        let iat = json!({"exp": 1.9e9, "iat": 1_795_930_721.1});
        assert_eq!(reason(check(iat)), Some(Reason::IssuedInFuture));
    }

    #[test]
    fn numeric_dates_of_another_type_or_range_are_rejected() {
        for odd in [json!("1900000000"), json!(-1), json!(-0.5), json!(1e300), json!(true), json!([1])] {
            assert_eq!(reason(check(json!({ "exp": odd }))), Some(Reason::InvalidClaim), "{odd}");
        }
    }
}
