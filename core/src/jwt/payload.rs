//! Claims of a token with a valid signature, and the checks that all kinds of tokens share.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value};

use super::jws::Verified;
use super::rejection::{Reason, TokenResult, quoted, reject};
use crate::types::Json;

/// Maximum NumericDate: a double represents every integer up to it.
const MAX_NUMERIC_DATE: i64 = 1 << 53;

/// Parameters of the checks that all kinds of tokens share.
#[derive(Debug)]
pub(crate) struct Rules<'a> {
    pub issuers: &'a [String],
    pub leeway: Duration,
    pub now: SystemTime,
}

/// The claims, by name. Claims that affect the decision are read strictly: one of the wrong type is rejected, not
/// treated as absent.
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

    pub(crate) fn text(&self, name: &str) -> TokenResult<Option<&str>> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => reject(Reason::InvalidClaim, format!("`{name}` is not a string")),
        }
    }

    /// Returns a string that must be present and not empty.
    pub(crate) fn required(&self, name: &str) -> TokenResult<&str> {
        match self.text(name)? {
            Some(text) if !text.is_empty() => Ok(text),
            _ => reject(Reason::MissingClaim, format!("the token has no `{name}`")),
        }
    }

    /// `aud`: a string or a list of strings.
    pub(crate) fn audience(&self) -> TokenResult<Vec<&str>> {
        let bad = || reject(Reason::InvalidClaim, "`aud` is neither a string nor a list of strings");
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
    /// decides the second that it represents. A number in a string is rejected.
    fn numeric_date(&self, name: &str, round: fn(f64) -> f64) -> TokenResult<Option<i64>> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let seconds = value.as_i64().or_else(|| to_integer(round(value.as_f64()?)));
        match seconds.filter(|seconds| (0..=MAX_NUMERIC_DATE).contains(seconds)) {
            Some(seconds) => Ok(Some(seconds)),
            None => reject(Reason::InvalidClaim, format!("`{name}` is not a number of seconds")),
        }
    }

    pub(crate) fn check_issuer(&self, rules: &Rules<'_>) -> TokenResult {
        let issuer = self.required("iss")?;
        if rules.issuers.iter().any(|allowed| allowed == issuer) {
            return Ok(());
        }
        let expected = rules.issuers.iter().map(|issuer| quoted(issuer)).collect::<Vec<_>>().join(" or ");
        let issuer = quoted(issuer);
        reject(Reason::WrongIssuer, format!("issuer {issuer} is not accepted; expected {expected}"))
    }

    /// Checks the timestamps. Called last, so that a token is reported as expired only if it is valid otherwise.
    pub(crate) fn check_times(&self, rules: &Rules<'_>) -> TokenResult {
        let now = rules.now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let now = i64::try_from(now).unwrap_or(MAX_NUMERIC_DATE);
        let leeway = i64::try_from(rules.leeway.as_secs()).unwrap_or(0);
        // A fraction never prolongs the validity: it ends at the full second before, and begins at the one after.
        let expires = self.numeric_date("exp", f64::floor)?;
        let begins = self.numeric_date("nbf", f64::ceil)?;
        let issued = self.numeric_date("iat", f64::ceil)?;
        let Some(expires) = expires else {
            return reject(Reason::MissingClaim, "the token has no `exp`");
        };
        if let Some(ahead) = issued.map(|at| at - now).filter(|ahead| *ahead > leeway) {
            return reject(Reason::IssuedInFuture, format!("the token was issued {ahead} s in the future"));
        }
        if let Some(ahead) = begins.map(|at| at - now).filter(|ahead| *ahead > leeway) {
            return reject(Reason::NotYetValid, format!("the token is not valid for another {ahead} s"));
        }
        if now - expires >= leeway {
            return reject(Reason::Expired, format!("the token expired {} s ago", now - expires));
        }
        Ok(())
    }

    /// The scopes of the token: `scope` and `scopes` together.
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

    pub(crate) fn check_scopes(&self, required: &[String]) -> TokenResult {
        let held = self.scopes();
        let missing: Vec<_> =
            required.iter().filter(|scope| !held.contains(scope)).map(|s| quoted(s)).collect();
        if missing.is_empty() {
            return Ok(());
        }
        reject(Reason::MissingScope, format!("required scopes are missing: {}", missing.join(", ")))
    }
}

/// Converts a whole number from 0 to `MAX_NUMERIC_DATE`.
fn to_integer(number: f64) -> Option<i64> {
    const LIMIT: f64 = MAX_NUMERIC_DATE as f64;
    #[allow(clippy::cast_possible_truncation, reason = "whole and in range, checked here")]
    (0.0..=LIMIT).contains(&number).then_some(number as i64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const NOW: i64 = 1_795_930_721;

    fn check(claims: Value) -> TokenResult {
        let Value::Object(claims) = claims else { panic!("claims are an object") };
        let payload = Payload { token_type: None, claims };
        let now = UNIX_EPOCH + Duration::from_secs(NOW.unsigned_abs());
        payload.check_times(&Rules { issuers: &[], leeway: Duration::ZERO, now })
    }

    fn reason(result: TokenResult) -> Option<Reason> {
        result.err().map(|rejection| rejection.reason)
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
        for invalid in [json!("1900000000"), json!(-1), json!(-0.5), json!(1e300), json!(true), json!([1])] {
            assert_eq!(reason(check(json!({ "exp": invalid }))), Some(Reason::InvalidClaim), "{invalid}");
        }
    }
}
