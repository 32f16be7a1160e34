//! Requests to the token endpoint.

use std::sync::Arc;

use crate::error::Result;
use crate::session::Grant;
use crate::types::SecretText;
use crate::wire::{Body, HttpMethod, LONGEST_GRANT, Wire};

/// Sends a grant with the credentials of the client; a public client has no secret. `secrets` are redacted in errors.
pub(crate) async fn request(
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

/// Sends a grant. `repeatable` if it can be retried safely.
pub(crate) async fn exchange(
    wire: &Wire,
    operation: &'static str,
    form: &[(&str, &str)],
    secrets: Vec<Arc<SecretText>>,
    repeatable: bool,
) -> Result<Grant> {
    let requested_at = wire.wall_now();
    let request = wire.request(operation, HttpMethod::Post, "/oauth/token", &[], Some(Body::form(form)))?;
    let request = request.unsigned().secrets(secrets).at_most(LONGEST_GRANT);
    let response = wire.execute(if repeatable { request.idempotent() } else { request }).await?;
    Grant::read(operation, &response.body, requested_at).map_err(|error| response.undecodable(error))
}
