//! IdP-initiated logins: the identity provider's portal sends the user to the application with a token.

use serde::Deserialize;
use serde_json::{Value, json};

use super::callback::with_query;
use crate::clock::Instant;
use crate::environment::Environment;
use crate::error::ControlError;
use crate::login_state::Forgery;

const LIFETIME_SECONDS: i64 = 5 * 60;

/// Control-plane parameters of an IdP-initiated login.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Draft {
    /// Default: the first active connection.
    connection_id: Option<String>,
    login_hint: Option<String>,
    relay_state: Option<String>,
    /// The application's initiate-login URL.
    login_uri: Option<String>,
    token: Forgery,
}

impl Draft {
    pub(crate) fn run(self, env: &Environment) -> Result<Value, ControlError> {
        let claims = self.claims(env)?;
        let token = self.token.sign(claims, &env.keys, env.clock.now());
        let mut response = json!({"idp_initiated_login": token});
        if let Some(uri) = &self.login_uri {
            response["location"] = json!(with_query(uri, &[("idp_initiated_login", Some(&token))]));
        }
        Ok(response)
    }

    fn claims(&self, env: &Environment) -> Result<Value, ControlError> {
        let mut connections = env.store.connections.iter();
        let connection = match &self.connection_id {
            Some(id) => env.store.connections.get(id),
            None => connections.find(|connection| connection.is_active()),
        };
        let connection = connection.ok_or_else(|| {
            ControlError::new("initiate: connection_id is unknown, or no connection is active")
        })?;
        let hint = self.login_hint.as_deref().unwrap_or("ada@example.com");
        let mut claims = claims(env, &connection.id, &connection.organization_id, hint, env.clock.now());
        if let Some(relay_state) = &self.relay_state {
            claims["relay_state"] = json!(relay_state);
        }
        Ok(claims)
    }
}

/// Returns the claims of the token, without `relay_state`.
pub(crate) fn claims(
    env: &Environment,
    connection_id: &str,
    organization_id: &str,
    login_hint: &str,
    now: Instant,
) -> Value {
    let issued_at = now.unix_seconds();
    json!({
        "iss": env.store.environment_url,
        "organization_id": organization_id,
        "connection_id": connection_id,
        "login_hint": login_hint,
        "iat": issued_at,
        "nbf": issued_at,
        "exp": issued_at + LIFETIME_SECONDS,
    })
}
