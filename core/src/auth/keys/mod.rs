//! The public keys that the environment signs its tokens with.

mod cache;
mod preloaded;
mod set;

pub(crate) use cache::{KeyCache, Source, Wanted};
pub(crate) use preloaded::{Brought, Preloaded};
pub(crate) use set::{Key, KeySet, LONGEST_KEY_ID};

use std::sync::Arc;

use crate::error::{Result, ScalekitError};
use crate::op::HttpMethod;
use crate::wire::Wire;

const OPERATION: &str = "oauth.keys";

/// The key with this id. `None` where the environment has none.
pub(crate) async fn find(
    wire: &Arc<Wire>,
    operation: &'static str,
    id: &str,
    source: Source,
) -> Result<Option<Arc<Key>>> {
    let cache = Arc::clone(&wire.memory(operation)?.keys);
    let fetch = || -> cache::Fetch { Box::pin(fetch(wire.original())) };
    let found = cache.find(Wanted { id, source }, || wire.now(), wire.preloaded(), fetch);
    wire.within(operation, "the keys", found).await
}

/// The key with this id, if it is at hand.
pub(crate) fn ready(wire: &Wire, operation: &'static str, id: &str) -> Result<Option<Arc<Key>>> {
    Ok(wire.memory(operation)?.keys.ready(id, wire.now(), wire.preloaded()))
}

async fn fetch(wire: Arc<Wire>) -> Result<Arc<KeySet>> {
    let request = wire.request(OPERATION, HttpMethod::Get, "/keys", &[], None)?;
    let answer = wire.execute(request.unsigned().at_most(KeySet::LONGEST)).await?;
    let keys = KeySet::read(&answer.body);
    keys.map(Arc::new).map_err(|why| ScalekitError::decode(OPERATION, why))
}
