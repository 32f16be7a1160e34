//! `client.machine_tokens()`: access tokens of machine clients, for services that call each other.

use std::sync::Arc;

use super::grant;
use crate::cache::{Fetch, Token};
use crate::error::{Result, ScalekitError};
use crate::jwt::sha256;
use crate::model::setters;
use crate::twins::twins;
use crate::types::{SecretText, Timestamp};
use crate::wire::Wire;
use crate::work::Call;

const OPERATION: &str = "machine_tokens.get";

/// Credentials of a machine client, with the scopes and audience of the access token.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "ffi", derive(uniffi::Record))]
pub struct MachineClient {
    /// Client ID, such as `m2morg_123`.
    pub client_id: String,
    /// Client secret.
    pub client_secret: Arc<SecretText>,
    /// Requested scopes. Default: the scopes of the client.
    #[cfg_attr(feature = "ffi", uniffi(default))]
    pub scopes: Vec<String>,
    /// Requested audience. Default: the audience of the client.
    #[cfg_attr(feature = "ffi", uniffi(default))]
    pub audience: Option<String>,
}

setters!(MachineClient { audience: String });
setters!(@values MachineClient { scopes: Vec<String> });

impl MachineClient {
    /// Creates a machine client with its default scopes and audience.
    #[must_use]
    pub fn new(client_id: impl Into<String>, client_secret: impl Into<SecretText>) -> Self {
        let client_secret = Arc::new(client_secret.into());
        Self { client_id: client_id.into(), client_secret, scopes: Vec::new(), audience: None }
    }

    fn check(&self) -> Result<()> {
        for (name, value) in [
            ("client_id", self.client_id.as_str()),
            ("client_secret", self.client_secret.expose()),
            ("audience", self.audience.as_deref().unwrap_or("-")),
        ] {
            if value.trim().is_empty() {
                return Err(ScalekitError::argument(name, "must not be empty"));
            }
        }
        if self.scopes.iter().any(|scope| scope.is_empty() || scope.contains(char::is_whitespace)) {
            return Err(ScalekitError::argument("scopes", "must contain one scope per item, without spaces"));
        }
        Ok(())
    }

    /// The scopes, sorted and without duplicates, so that equal requests share a token.
    fn scope(&self) -> String {
        let mut scopes: Vec<&str> = self.scopes.iter().map(String::as_str).collect();
        scopes.sort_unstable();
        scopes.dedup();
        scopes.join(" ")
    }

    /// The cache key: a hash, so that the secret is not stored. Each part is preceded by its length, so that different
    /// requests never have the same key.
    fn key(&self) -> Key {
        let (scope, audience) = (self.scope(), self.audience.as_deref().unwrap_or_default());
        let parts = [self.client_id.trim(), self.client_secret.expose().trim(), &scope, audience];
        sha256(&parts.map(|part| format!("{}:{part}", part.len())).concat())
    }
}

/// An access token of a machine client.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "ffi", derive(uniffi::Record))]
#[non_exhaustive]
pub struct MachineToken {
    /// Access token, to be sent as `authorization: Bearer …`.
    pub access_token: Arc<SecretText>,
    /// Expiration time. `get` renews the token one minute before.
    pub expires_at: Timestamp,
}

type Key = [u8; 32];

async fn get(wire: Arc<Wire>, client: MachineClient) -> Result<MachineToken> {
    client.check()?;
    let cache = wire.memory(OPERATION)?.machine_tokens.of(client.key(), wire.now());
    let fetch = || Fetch::new(OPERATION, fetch(wire.original(), client.clone()));
    let token = wire.within(OPERATION, "the service", cache.get(wire.now(), fetch)).await?;
    let left = token.expires_at().saturating_duration_since(wire.now());
    Ok(MachineToken { access_token: token.value(), expires_at: (wire.wall_now() + left).into() })
}

async fn fetch(wire: Arc<Wire>, client: MachineClient) -> Result<Token> {
    let (scope, secret) = (client.scope(), client.client_secret.expose().trim());
    let mut form = vec![
        ("grant_type", "client_credentials"),
        ("client_id", client.client_id.trim()),
        ("client_secret", secret),
    ];
    form.extend(Some(("scope", scope.as_str())).filter(|(_, scope)| !scope.is_empty()));
    form.extend(client.audience.as_deref().map(|audience| ("audience", audience)));
    let secrets = vec![Arc::new(SecretText::new(secret))];
    let requested_at = wire.now();
    let grant = grant::exchange(&wire, OPERATION, &form, secrets, true).await?;
    Ok(Token::new(grant.access_token.expose(), grant.lifetime, requested_at))
}

fn forget(wire: &Wire, client: &MachineClient) -> Result<()> {
    wire.memory("machine_tokens.forget")?.machine_tokens.remove(&client.key());
    Ok(())
}

fn clear(wire: &Wire) -> Result<()> {
    wire.memory("machine_tokens.clear")?.machine_tokens.clear();
    Ok(())
}

twins! {
    /// Access tokens of machine clients (OAuth client credentials).
    ///
    /// One token is cached for each machine client, set of scopes and audience. It is requested once for all concurrent
    /// callers, and renewed one minute before it expires. Closing the Scalekit client drops all tokens.
    pub struct MachineTokens / AsyncMachineTokens;
    blocking "`get` blocks its thread if it has to request a token.";
    async "`get` is asynchronous.";
}

twins! { impl MachineTokens / AsyncMachineTokens {
    /// Returns a valid access token of a machine client. Call it before each request; the token is cached.
    ///
    /// Calls POST /oauth/token if no token is cached.
    ///
    /// # Errors
    ///
    /// `Unauthenticated` if the service rejects the client ID or secret.
    /// `InvalidArgument` if the client ID, secret or audience is empty, or a scope is empty or contains white space.
    async fn get(&self, client: MachineClient) -> Result<MachineToken> {
        Call::new(OPERATION, get(Arc::clone(&self.wire), client))
    }

    /// Drops the cached token, so that the next `get` requests a new one. Call it if a service rejected the token.
    fn forget(&self, client: MachineClient) -> Result<()> {
        forget(&self.wire, &client)
    }

    /// Drops all cached tokens.
    fn clear(&self) -> Result<()> {
        clear(&self.wire)
    }
} }

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn different_requests_have_different_cache_keys() {
        let client = |scopes: &[&str], audience: Option<&str>| MachineClient {
            scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
            audience: audience.map(str::to_owned),
            ..MachineClient::new("m2m_1", "secret")
        };
        let clients = [
            client(&[], None),
            client(&["a"], Some("b\0")),
            client(&["a\0b"], None),
            client(&["a"], Some("b")),
            client(&["ab"], None),
            MachineClient::new("m2m_1\0secret", "secret"),
            MachineClient::new("m2m_1", "secret\0secret"),
            MachineClient::new("m2m_1s", "ecret"),
        ];
        let keys: std::collections::HashSet<Key> = clients.iter().map(MachineClient::key).collect();
        assert_eq!(keys.len(), clients.len());
        assert_eq!(client(&["b", "a", "a"], None).key(), client(&["a", "b"], None).key());
    }
}
