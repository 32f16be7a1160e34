//! What the token endpoint hands out.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use serde_json::{Map, Value};

use crate::error::{Result, ScalekitError};
use crate::op::HttpMethod;
use crate::types::SecretText;
use crate::wire::{Body, LONGEST_GRANT, Wire};

/// An answer of the token endpoint.
#[derive(Debug, Clone)]
pub(crate) struct Grant {
    pub access_token: Arc<SecretText>,
    pub id_token: Option<Arc<SecretText>>,
    pub refresh_token: Option<Arc<SecretText>>,
    pub scopes: Vec<String>,
    pub lifetime: Duration,
    /// When the request left: the tokens' life began no earlier.
    pub asked_at: SystemTime,
}

impl Grant {
    pub(crate) fn expires_at(&self) -> SystemTime {
        self.asked_at + self.lifetime
    }

    fn read(operation: &str, answer: &[u8], asked_at: SystemTime) -> Result<Self> {
        let object: Map<String, Value> = serde_json::from_slice(answer)
            .map_err(|_| ScalekitError::decode(operation, "of the token endpoint is not a JSON object"))?;
        let text = |name| object.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        let secret = |name| text(name).map(|text| Arc::new(SecretText::new(text)));
        let access_token = secret("access_token")
            .ok_or_else(|| ScalekitError::decode(operation, "of the token endpoint holds no access token"))?;
        // RFC 6749, section 7.1. Where it is absent, it is what all of this service's are.
        if text("token_type").is_some_and(|kind| !kind.eq_ignore_ascii_case("bearer")) {
            let why = "of the token endpoint holds tokens that are not bearer tokens";
            return Err(ScalekitError::decode(operation, why));
        }
        Ok(Self {
            lifetime: crate::token::lifetime(object.get("expires_in"), access_token.expose()),
            access_token,
            id_token: secret("id_token"),
            refresh_token: secret("refresh_token"),
            scopes: text("scope").unwrap_or_default().split_ascii_whitespace().map(str::to_owned).collect(),
            asked_at,
        })
    }
}

/// Asks the token endpoint with the credentials of the client, or with no secret where it has none. `secrets` must not
/// come back out of an error.
pub(crate) async fn ask(
    wire: &Wire,
    operation: &'static str,
    pairs: &[(&str, &str)],
    secrets: Vec<Arc<SecretText>>,
) -> Result<Grant> {
    let mut form = pairs.to_vec();
    form.push(("client_id", wire.client_id()));
    form.extend(wire.client_secret().map(|secret| ("client_secret", secret)));
    exchange(wire, operation, &form, secrets, false).await
}

/// The request itself. `repeatable` where a second grant does no harm.
pub(crate) async fn exchange(
    wire: &Wire,
    operation: &'static str,
    form: &[(&str, &str)],
    secrets: Vec<Arc<SecretText>>,
    repeatable: bool,
) -> Result<Grant> {
    let asked_at = wire.wall_now();
    let request = wire.request(operation, HttpMethod::Post, "/oauth/token", &[], Some(Body::form(form)))?;
    let request = request.unsigned().secrets(secrets).at_most(LONGEST_GRANT);
    let answer = wire.execute(if repeatable { request.idempotent() } else { request }).await?;
    Grant::read(operation, &answer.body, asked_at)
}
