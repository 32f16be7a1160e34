//! The token endpoint's response.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use serde_json::Value;

use crate::error::{Result, ScalekitError};
use crate::types::{SecretText, parse_value};

/// Longer than the lifetime of any token; the service has been seen to state absurd ones.
pub(crate) const LONGEST_LIFETIME: Duration = Duration::from_secs(366 * 24 * 3600);

/// A response of the token endpoint (RFC 6749, section 5.1).
#[derive(Debug, Clone)]
pub(crate) struct Grant {
    pub access_token: Arc<SecretText>,
    pub id_token: Option<Arc<SecretText>>,
    pub refresh_token: Option<Arc<SecretText>>,
    pub scopes: Vec<String>,
    pub lifetime: Duration,
    /// The time at which the request was sent: the lifetime began no earlier.
    pub requested_at: SystemTime,
}

impl Grant {
    pub(crate) fn expires_at(&self) -> SystemTime {
        self.requested_at + self.lifetime
    }

    pub(crate) fn read(operation: &str, answer: &[u8], requested_at: SystemTime) -> Result<Self> {
        let Ok(Value::Object(object)) = parse_value(answer) else {
            return Err(ScalekitError::decode(operation, "of the token endpoint is not a JSON object"));
        };
        let text = |name| object.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        let secret = |name| text(name).map(|text| Arc::new(SecretText::new(text)));
        let access_token = secret("access_token").ok_or_else(|| {
            ScalekitError::decode(operation, "of the token endpoint contains no access token")
        })?;
        // RFC 6749, section 7.1. Bearer is the only type of this service, and the default.
        if text("token_type").is_some_and(|kind| !kind.eq_ignore_ascii_case("bearer")) {
            let why = "of the token endpoint contains tokens that are not bearer tokens";
            return Err(ScalekitError::decode(operation, why));
        }
        Ok(Self {
            lifetime: lifetime(object.get("expires_in"), access_token.expose()),
            access_token,
            id_token: secret("id_token"),
            refresh_token: secret("refresh_token"),
            scopes: text("scope").unwrap_or_default().split_ascii_whitespace().map(str::to_owned).collect(),
            requested_at,
        })
    }
}

/// The lifetime of an access token: `expires_in`, in seconds, as a number or a string. If it is missing or absurd, the
/// lifetime of the JWT, or 300 s for an opaque token.
fn lifetime(stated: Option<&serde_json::Value>, token: &str) -> Duration {
    use serde_json::Value;
    let seconds = match stated {
        Some(Value::Number(number)) => number.as_f64(),
        Some(Value::String(text)) => text.trim().parse().ok(),
        _ => None,
    };
    let plausible = seconds.filter(|seconds| (1.0..=LONGEST_LIFETIME.as_secs_f64()).contains(seconds));
    plausible
        .map(Duration::from_secs_f64)
        .or_else(|| lifetime_of_jwt(token))
        .unwrap_or(Duration::from_secs(300))
}

/// `exp - iat` of a JWT. Not verified: it only decides when to request the next token.
fn lifetime_of_jwt(token: &str) -> Option<Duration> {
    use base64::Engine as _;
    let payload = token.split('.').nth(1)?;
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(payload).ok()?;
    let claims = parse_value(&bytes).ok()?;
    let life = claims.get("exp")?.as_f64()? - claims.get("iat")?.as_f64()?;
    (life >= 1.0).then(|| Duration::try_from_secs_f64(life).ok())?.map(|life| life.min(LONGEST_LIFETIME))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn implausible_lifetimes_fall_back_to_the_jwt_or_a_default() {
        use base64::Engine as _;
        let claims = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(r#"{"iat":1000,"exp":1600}"#);
        let jwt = format!("x.{claims}.y");
        let read = |stated: serde_json::Value| lifetime(Some(&stated), &jwt).as_secs();
        assert_eq!(read(json!(86399)), 86399);
        assert_eq!(read(json!("3600")), 3600);
        for odd in [json!(18_446_744_064_486_179_580_u64), json!(0), json!(-5), json!("soon"), json!(null)] {
            assert_eq!(read(odd.clone()), 600, "{odd}");
        }
        assert_eq!(lifetime(None, "opaque").as_secs(), 300);
    }
}
