//! Access tokens for other clients than the environment's: services that call each other.

use std::sync::Arc;

use super::grant;
use crate::cache::{Fetch, Token};
use crate::error::{Result, ScalekitError};
use crate::jwt::sha256;
use crate::twins::twins;
use crate::types::{SecretText, Timestamp};
use crate::wire::Wire;
use crate::work::Call;

const OPERATION: &str = "machine_tokens.get";

/// A machine's client, and what its token is for.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "ffi", derive(uniffi::Record))]
pub struct MachineClient {
    /// The client's id, such as `m2morg_123`.
    pub client_id: String,
    /// The client's secret.
    pub client_secret: Arc<SecretText>,
    /// What the token is to be used for. Default: what the client has.
    #[cfg_attr(feature = "ffi", uniffi(default))]
    pub scopes: Vec<String>,
    /// Who the token is meant for. Default: what the client has.
    #[cfg_attr(feature = "ffi", uniffi(default))]
    pub audience: Option<String>,
}

impl MachineClient {
    /// A client with the scopes and the audience that it has by itself.
    #[must_use]
    pub fn new(client_id: impl Into<String>, client_secret: &str) -> Self {
        let client_secret = Arc::new(SecretText::new(client_secret));
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
            return Err(ScalekitError::argument("scopes", "must hold one scope each, without spaces"));
        }
        Ok(())
    }

    /// Each scope once and in order, so that the same wish finds the same token.
    fn scope(&self) -> String {
        let mut scopes: Vec<&str> = self.scopes.iter().map(String::as_str).collect();
        scopes.sort_unstable();
        scopes.dedup();
        scopes.join(" ")
    }

    /// A hash: the secret is not kept for longer than a request needs it. Each part goes in with its length, so that
    /// no two wishes are written alike.
    fn key(&self) -> Key {
        let (scope, audience) = (self.scope(), self.audience.as_deref().unwrap_or_default());
        let parts = [self.client_id.trim(), self.client_secret.expose().trim(), &scope, audience];
        sha256(&parts.map(|part| format!("{}:{part}", part.len())).concat())
    }
}

/// A machine's access token.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "ffi", derive(uniffi::Record))]
#[non_exhaustive]
pub struct MachineToken {
    /// The token, to be sent as `authorization: Bearer …`.
    pub access_token: Arc<SecretText>,
    /// When it ends. It is renewed before, when it is asked for again.
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
    /// Access tokens for machines' clients.
    ///
    /// One token is kept for each client, set of scopes and audience, fetched once for all who wait, and renewed a
    /// minute before it ends. Closing the client that this belongs to forgets them all.
    pub struct MachineTokens / AsyncMachineTokens;
    blocking "Each call blocks its thread, if a token has to be fetched.";
    async "Each call is asynchronous.";
}

twins! { impl MachineTokens / AsyncMachineTokens {
    /// A token of this client that is good for a while. Fails with `Unauthenticated` when the service does not
    /// know the client or its secret.
    ///
    /// Calls POST /oauth/token when there is none yet.
    async fn get(&self, client: MachineClient) -> Result<MachineToken> {
        Call::new(OPERATION, get(Arc::clone(&self.wire), client))
    }

    /// Forgets the token of this client, so that the next `get` fetches a new one: for when a service did not
    /// take it.
    fn forget(&self, client: MachineClient) -> Result<()> {
        forget(&self.wire, &client)
    }

    /// Forgets all tokens.
    fn clear(&self) -> Result<()> {
        clear(&self.wire)
    }
} }

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_wishes_share_a_token() {
        let wish = |scopes: &[&str], audience: Option<&str>| MachineClient {
            scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
            audience: audience.map(str::to_owned),
            ..MachineClient::new("m2m_1", "secret")
        };
        let wishes = [
            wish(&[], None),
            wish(&["a"], Some("b\0")),
            wish(&["a\0b"], None),
            wish(&["a"], Some("b")),
            wish(&["ab"], None),
            MachineClient::new("m2m_1\0secret", "secret"),
            MachineClient::new("m2m_1", "secret\0secret"),
            MachineClient::new("m2m_1s", "ecret"),
        ];
        let keys: std::collections::HashSet<Key> = wishes.iter().map(MachineClient::key).collect();
        assert_eq!(keys.len(), wishes.len());
        assert_eq!(wish(&["b", "a", "a"], None).key(), wish(&["a", "b"], None).key());
    }
}
