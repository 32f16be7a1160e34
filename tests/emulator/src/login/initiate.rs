//! Logins that begin at the identity provider: its portal sends the person to the application with a token.

use serde::Deserialize;
use serde_json::{Value, json};

use super::authorize::callback;
use super::forge::Forgery;
use crate::clock::Instant;
use crate::error::ControlError;
use crate::world::World;

const LIFE_SECONDS: i64 = 5 * 60;

/// A click in the portal, as the control plane describes it.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Draft {
    /// The first connection that is enabled, where this is absent.
    connection_id: Option<String>,
    login_hint: Option<String>,
    relay_state: Option<String>,
    /// The application's initiate-login address.
    login_uri: Option<String>,
    token: Forgery,
}

impl Draft {
    pub(crate) fn run(self, world: &World) -> Result<Value, ControlError> {
        let claims = self.claims(world)?;
        let token = self.token.sign(claims, &world.keys, world.clock.now());
        let mut answer = json!({"idp_initiated_login": token});
        if let Some(uri) = &self.login_uri {
            answer["location"] = json!(callback(uri, &[("idp_initiated_login", Some(&token))]));
        }
        Ok(answer)
    }

    fn claims(&self, world: &World) -> Result<Value, ControlError> {
        let mut connections = world.store.connections.iter();
        let connection = match &self.connection_id {
            Some(id) => world.store.connections.get(id),
            None => connections.find(|connection| connection.is_active()),
        };
        let connection = connection.ok_or_else(|| {
            ControlError::new("initiate: there is no such connection, or none that is enabled")
        })?;
        let hint = self.login_hint.as_deref().unwrap_or("ada@example.com");
        let mut claims = claims(world, &connection.id, &connection.organization_id, hint, world.clock.now());
        if let Some(relay_state) = &self.relay_state {
            claims["relay_state"] = json!(relay_state);
        }
        Ok(claims)
    }
}

/// The claims of the token, all but `relay_state`.
pub(crate) fn claims(
    world: &World,
    connection_id: &str,
    organization_id: &str,
    login_hint: &str,
    now: Instant,
) -> Value {
    let issued_at = now.unix_seconds();
    json!({
        "iss": world.environment_url,
        "organization_id": organization_id,
        "connection_id": connection_id,
        "login_hint": login_hint,
        "iat": issued_at,
        "nbf": issued_at,
        "exp": issued_at + LIFE_SECONDS,
    })
}
