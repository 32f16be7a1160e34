//! The environment's signing keys, from `GET /keys`.

use std::sync::Arc;

use crate::cache::{Fetch, Lookup, Source};
use crate::error::{Result, ScalekitError};
use crate::jwt::{Key, KeySet};
use crate::wire::{HttpMethod, Wire};

const OPERATION: &str = "oauth.keys";

/// Returns the key with this ID, or `None` if the environment has none. `operation` is the caller's.
pub(crate) async fn find(
    wire: &Arc<Wire>,
    operation: &'static str,
    id: &str,
    source: Source,
) -> Result<Option<Arc<Key>>> {
    let cache = Arc::clone(&wire.memory(operation)?.keys);
    let fetch = || Fetch::new(OPERATION, fetch(wire.original()));
    let found = cache.find(Lookup { id, source }, || wire.now(), wire.preloaded(), fetch);
    wire.within(operation, "the signing keys", found).await
}

/// Returns the key with this ID if it can be used without waiting.
pub(crate) fn ready(wire: &Wire, operation: &'static str, id: &str) -> Result<Option<Arc<Key>>> {
    Ok(wire.memory(operation)?.keys.ready(id, wire.now(), wire.preloaded()))
}

async fn fetch(wire: Arc<Wire>) -> Result<Arc<KeySet>> {
    let request = wire.request(OPERATION, HttpMethod::Get, "/keys", &[], None)?;
    let response = wire.execute(request.unsigned().at_most(KeySet::LONGEST)).await?;
    let keys = KeySet::read(&response.body);
    keys.map(Arc::new).map_err(|error| response.undecodable(ScalekitError::decode(OPERATION, error)))
}
