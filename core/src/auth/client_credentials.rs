//! The client's own access token, by OAuth client credentials (RFC 6749, section 4.4).

use crate::cache::{Fetch, Token};
use crate::error::{Result, ScalekitError};
use crate::wire::Wire;

const OPERATION: &str = "oauth.token";

/// Requests an access token with the credentials of the client.
pub(crate) fn authenticate(wire: Wire) -> Fetch<Token> {
    Fetch::new(OPERATION, fetch(wire))
}

async fn fetch(wire: Wire) -> Result<Token> {
    let secret = wire.client_secret().ok_or_else(|| {
        ScalekitError::argument("client_secret", "is needed for this call, and this client has none")
    })?;
    let form =
        [("grant_type", "client_credentials"), ("client_id", wire.client_id()), ("client_secret", secret)];
    let requested_at = wire.now();
    let grant = super::grant::exchange(&wire, OPERATION, &form, Vec::new(), true).await?;
    Ok(Token::new(grant.access_token.expose(), grant.lifetime, requested_at))
}
