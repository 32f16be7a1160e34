//! Work that is done once for all who wait for it, and goes on when the one who began it gives up.

use std::future::Future;

use tokio::sync::watch;

use crate::error::Result;

/// Where the result will be. Clones wait for the same.
pub(crate) type Arrival<T> = watch::Receiver<Option<Result<T>>>;

/// Begins the work. `settle` sees the result before anybody else does, and may change it.
pub(crate) fn depart<T: Clone + Send + Sync + 'static>(
    operation: &'static str,
    work: impl Future<Output = Result<T>> + Send + 'static,
    settle: impl FnOnce(Result<T>) -> Result<T> + Send + 'static,
) -> Arrival<T> {
    let (announce, arrival) = watch::channel(None);
    crate::runtime::spawn_shared(async move {
        let result = crate::panic::caught(operation, work).await;
        announce.send_replace(Some(settle(result)));
    });
    arrival
}

/// The result; `None` where the work ended with its runtime before it was done.
pub(crate) async fn arrive<T: Clone>(arrival: &mut Arrival<T>) -> Option<Result<T>> {
    arrival.wait_for(Option::is_some).await.ok().and_then(|result| result.clone())
}
